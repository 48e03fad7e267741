"""Ofsted's lists of where every council stands: its last judgements, in words, on one day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal

import pandas as pd
from pydantic import Field

from goldenthread import areas
from goldenthread.catalogue import Measure
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query
from goldenthread.sources.workbook import Sheet, Table, Workbook, is_blank

NAME: Final = "(local authority|area) name"
CODE: Final = "local authority (area )?code"
INSPECTED: Final = "inspection (start )?date"
_DAY: Final = re.compile(r"\b\d{1,2} [A-Z][a-z]+ 20\d\d\b")


class JudgementQuery(Query):
    """Where a judgement stands, and what its words are worth.

    Attributes
    ----------
    sheet, column : str
        Patterns of the sheet's name and of the column's header.
    scale : dict of str to float
        Every word of the judgement and its place in the order, the better the higher.
    said : dict of str to str
        What the note says instead of a word that is not clear by itself, such as "Yes".
    blank : str
        Why a cell is empty, where the publisher says so.
    """

    sheet: str
    column: str
    scale: dict[str, float] = Field(min_length=2)
    said: dict[str, str] = Field(default_factory=dict)
    blank: Literal["not available", "not applicable"] = "not available"


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read inspection judgements; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    asked = [(measure, query(measure, JudgementQuery)) for measure in measures]
    sheets = {name: book.sheet(name) for name in {ask.sheet for _, ask in asked}}
    return pd.concat(
        [_measure(sheets[ask.sheet], measure, ask) for measure, ask in asked], ignore_index=True
    )


def _measure(sheet: Sheet, measure: Measure, ask: JudgementQuery) -> pd.DataFrame:
    document = sheet.document
    table = sheet.table(NAME, INSPECTED, ask.column)
    rows = table.frame({"name": NAME, "inspected": INSPECTED, "word": ask.column})
    rows = rows[~rows["name"].map(lambda name: is_blank([name]))]
    on = _day(sheet)
    area = _areas(table, rows, on)
    kept = covered(area, document, sheet=sheet.name, column="Local authority area code")
    rows, area = rows[kept], area[kept]
    word = rows["word"].astype(str).str.strip()
    value = word.map(ask.scale)
    _refuse_strange(word, value, sheet, ask)
    days = pd.Series(f"{on:%-d %B %Y}", rows.index)
    return assemble(
        measure,
        area=area,
        period=parse_periods(days, document, measure.years, sheet=sheet.name),
        value=value,
        status=pd.Series("published", rows.index).where(value.notna(), ask.blank),
        note=_notes(word.replace(ask.said), rows["inspected"], sheet),
    )


def _day(sheet: Sheet) -> date:
    """Find the day as at which the list was made, which its title gives."""
    title = next((str(cell) for row in sheet.rows[:1] for cell in row if str(cell).strip()), "")
    days = _DAY.findall(title)
    if not days:
        raise sheet.document.error(
            "the title of the list does not say as at which day it is",
            sheet=sheet.name,
            row=1,
            found=title,
        )
    # Where a title gives two days, the first ends the inspections and the second the reports.
    return datetime.strptime(days[0], "%d %B %Y").date()


def _areas(table: Table, rows: pd.DataFrame, on: date) -> pd.Series:
    """Give the code of each row's council: its own, or that of its name on the day."""
    sheet = table.sheet
    if table.indices(CODE):
        return table.cells(table.index(CODE)).loc[rows.index].astype(str).str.strip()
    codes = pd.Series(
        areas.codes_for(rows["name"], kinds=areas.COUNCIL_KINDS, on=on), rows.index, dtype=object
    )
    strange = rows["name"][codes.isna()]
    if len(strange):
        raise sheet.document.error(
            "a council that is not in the register",
            sheet=sheet.name,
            row=int(strange.index[0]),
            found=str(strange.iloc[0]),
        )
    return codes


def _refuse_strange(word: pd.Series, value: pd.Series, sheet: Sheet, ask: JudgementQuery) -> None:
    strange = word[value.isna() & (word != "")]
    if len(strange):
        raise sheet.document.error(
            "a judgement in words that are not on the scale",
            sheet=sheet.name,
            row=int(strange.index[0]),
            column=ask.column,
            expected=" or ".join(ask.scale),
            found=str(strange.iloc[0]),
        )


def _notes(word: pd.Series, inspected: pd.Series, sheet: Sheet) -> pd.Series:
    """Say the judgement in its own words, with the day of the inspection."""
    strange = inspected[~inspected.map(lambda cell: isinstance(cell, (date, datetime)))]
    if len(strange):
        raise sheet.document.error(
            "an inspection without a date",
            sheet=sheet.name,
            row=int(strange.index[0]),
            column=INSPECTED,
            found=str(strange.iloc[0]),
        )
    days = inspected.map(lambda day: f"inspected {day:%-d %B %Y}")
    return (word + "; ").where(word != "", "") + days
