"""Defra's local authority collected waste: rates from Table 3, tonnes from Tables 1 and 2."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query
from goldenthread.sources.workbook import Table, Workbook


class WasteQuery(Query):
    """Where a waste measure stands.

    Attributes
    ----------
    sheet, column : str
        Patterns of the sheet's name and of the column's header.
    authorities : tuple of str
        The kinds of authority that have this figure. Collection, disposal and unitary
        authorities report the same waste twice, so that they are never added together.
    fraction : bool
        The publisher prints per cents as fractions of one.
    numerator, denominator : str, optional
        Columns of the same sheet.
    """

    sheet: str
    column: str
    authorities: tuple[str, ...]
    fraction: bool = False
    numerator: str | None = None
    denominator: str | None = None


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the waste measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    asked = [(measure, query(measure, WasteQuery)) for measure in measures]
    tables = {
        name: book.sheet(name).table("(financial )?year", "ons code", "authority type")
        for name in {ask.sheet for _, ask in asked}
    }
    return pd.concat(
        [_measure(document, tables[ask.sheet], measure, ask) for measure, ask in asked],
        ignore_index=True,
    )


def _measure(document: Document, table: Table, measure: Measure, ask: WasteQuery) -> pd.DataFrame:
    sheet = table.sheet.name
    names = {"year": "(financial )?year", "area": "ons code", "kind": "authority type"}
    names |= {"value": ask.column}
    names |= {"numerator": ask.numerator} if ask.numerator else {}
    names |= {"denominator": ask.denominator} if ask.denominator else {}
    rows = table.frame(names)
    # Footnotes stand below and between the figures: a row without a kind of authority is a note.
    rows = rows[rows["kind"].isin(ask.authorities)]
    # Some neighbours report as one, under both codes: the figure belongs to neither alone.
    rows = rows[~rows["area"].astype(str).str.contains("/", regex=False)]
    rows = rows[covered(rows["area"], document, sheet=sheet, column="ONS code")]
    scale = 100 if ask.fraction else 1
    read_ = {
        name: cells.numbers(rows[name], document, sheet=sheet, column=names[name])
        for name in ("value", "numerator", "denominator")
        if name in rows
    }
    value, status = read_["value"]
    return assemble(
        measure,
        area=rows["area"],
        period=parse_periods(rows["year"], document, measure.years, sheet=sheet, column="Year"),
        value=value * scale,
        status=status,
        numerator=read_["numerator"][0] if ask.numerator else None,
        denominator=read_["denominator"][0] if ask.denominator else None,
    )
