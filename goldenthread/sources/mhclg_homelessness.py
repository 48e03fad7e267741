"""MHCLG's statutory homelessness (H-CLIC): the detailed tables of local authorities, by quarter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd
from pydantic import model_validator

from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    covered,
    each,
    parse_periods,
    query,
    quotient,
    summed,
)
from goldenthread.sources.workbook import Sheet, Table, Workbook

#: What the publisher says these marks mean in these tables.
MARKS: Final = {"..": "not provided", "-": "suppressed"}
ENGLAND: Final = "E92000001"
#: A subtotal beside London's that is of no area in itself.
REST: Final = "rest of england"
_CODE: Final = re.compile(r"[A-Z]\d{8}")
_PERIOD: Final = re.compile(r"\bEngland,\s*(.+?)\s*$")
#: The totals of England and the regions are rounded to ten: parts that give the published rate to
#: within this share of it are its parts.
AGREEMENT: Final = 0.01


class HomelessnessQuery(Query):
    """Where a homelessness measure stands.

    Attributes
    ----------
    sheet : str
        Pattern of the sheet's name, some of which end in an underscore.
    columns : tuple of str
        Patterns of headers, joined from top to bottom; several are added.
    over : tuple of str
        Headers of the denominator, added; without them the measure is a count.
    over_unit : float
        What one of these counts is, such as 1000 for thousands of households.
    published : str, optional
        Header of the rate as published; without it the share is worked out.
    """

    sheet: str
    columns: tuple[str, ...]
    over: tuple[str, ...] = ()
    over_unit: float = 1
    published: str | None = None

    @model_validator(mode="after")
    def _agree(self) -> HomelessnessQuery:
        if self.published and not self.over:
            raise ValueError("expected columns of a denominator: over")
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """All the columns asked for."""
        return (*self.columns, *self.over, *filter(None, [self.published]))


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the homelessness measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    asked = [(measure, query(measure, HomelessnessQuery)) for measure in measures]
    mark = _mark(book)
    tables = []
    for name in sorted({ask.sheet for _, ask in asked}):
        inside = [(measure, ask) for measure, ask in asked if ask.sheet == name]
        sheet = book.sheet(name)
        headers = dict.fromkeys(header for _, ask in inside for header in ask.headers)
        rows = _rows(document, sheet, list(headers), mark)
        tables += [_measure(document, sheet.name, rows, *pair) for pair in inside]
    return pd.concat(tables, ignore_index=True)


def _mark(book: Workbook) -> str:
    """Tell from the contents page whether the figures may still be revised."""
    page = book.sheet("contents")
    said = any("is provisional" in str(cell) for row in page.rows for cell in row)
    return "provisional" if said else "published"


def _rows(document: Document, sheet: Sheet, headers: Sequence[str], mark: str) -> pd.DataFrame:
    """Give the rows of areas with the columns asked for, and their period."""
    first, at = _england(document, sheet)
    table = sheet.table(*headers)
    rows = pd.DataFrame({header: _column(document, table, header, first) for header in headers})
    who = pd.DataFrame(
        [[str(cell).strip() for cell in row[at : at + 2]] for row in sheet.rows[first - 1 :]],
        index=range(first, len(sheet.rows) + 1),
        columns=["area", "name"],
    )
    rows = rows.join(who)
    coded = rows["area"].str.fullmatch(_CODE)
    # Blank lines part the blocks; notes stand below, with text in any column but no numbers.
    numeric = rows[list(headers)].map(lambda cell: isinstance(cell, (int, float)))
    figures = numeric.any(axis=1)
    strange = rows[figures & ~coded & (rows["name"].str.casefold() != REST)]
    if len(strange):
        raise document.error(
            "figures of no area",
            sheet=sheet.name,
            row=int(strange.index[0]),
            expected="a code such as E92000001",
            found=" ".join(strange[["area", "name"]].iloc[0]).strip(),
        )
    # London stands beside the rest of England and again among the regions.
    rows = rows[coded]
    rows = rows[~rows.drop(columns="name").astype(str).duplicated()]
    rows = rows[covered(rows["area"], document, sheet=sheet.name)]
    period = parse_periods(_period(document, sheet), document, "calendar", sheet=sheet.name)
    for name in ("period_start", "period_end", "period_label"):
        rows[name] = period[name].iloc[0]
    return rows.assign(mark=mark)


def _column(document: Document, table: Table, header: str, first: int) -> pd.Series:
    """Give the cells of a column from the first area on.

    A header merged over several columns holds for the blank spacers among them too: the column
    is the one with figures.
    """
    found = {at: table.cells(at).loc[first:] for at in table.indices(header)}
    filled = {at: c for at, c in found.items() if (c.astype(str).str.strip() != "").any()}
    if len(filled) != 1:
        raise document.error(
            "several columns answer one description" if filled else "a column without figures",
            sheet=table.sheet.name,
            row=table.first,
            expected=header,
            found="; ".join(table.headers[at] for at in filled),
        )
    return next(iter(filled.values()))


def _england(document: Document, sheet: Sheet) -> tuple[int, int]:
    """Find the areas by England's code, which comes first: its row, from 1, and its column."""
    for number, row in enumerate(sheet.rows, start=1):
        if ENGLAND in row:
            return number, list(row).index(ENGLAND)
    raise document.error(
        "no row of England, by which the areas are found", sheet=sheet.name, expected=ENGLAND
    )


def _period(document: Document, sheet: Sheet) -> pd.Series:
    """Give the quarter or day that the title ends with."""
    title = " ".join(str(cell) for cell in sheet.rows[0] if cell) if sheet.rows else ""
    found = _PERIOD.search(title)
    if not found:
        raise document.error(
            "the title does not say which period this is",
            sheet=sheet.name,
            row=1,
            expected="England, October to December 2022",
            found=title,
        )
    return pd.Series([found[1]], index=[1])


def _measure(
    document: Document, sheet: str, rows: pd.DataFrame, measure: Measure, ask: HomelessnessQuery
) -> pd.DataFrame:
    def total(columns: Sequence[str]) -> tuple[pd.Series, pd.Series]:
        return summed(
            [
                cells.numbers(rows[column], document, marks=MARKS, sheet=sheet, column=column)
                for column in columns
            ]
        )

    value, status = top, _ = total(ask.columns)
    bottom = None
    if ask.over:
        count, why = total(ask.over)
        bottom = count * ask.over_unit
        value, status = quotient((top, status), (bottom, why), measure.per)
    if ask.published and bottom is not None:
        again = value
        value, status = total([ask.published])
        agree = (again - value).abs() <= AGREEMENT * value
        top, bottom = top.where(agree), bottom.where(agree)
    return assemble(
        measure,
        area=rows["area"],
        period=rows,
        value=value,
        status=status,
        numerator=None if bottom is None else top,
        denominator=bottom,
    )
