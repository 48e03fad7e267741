"""Sub-regional fuel poverty: one year's estimates by administrative area."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query
from goldenthread.sources.workbook import Sheet, Table, Workbook

CODE: Final = "area codes?"
_YEAR: Final = re.compile(r",\s*(\d{4})\b")


class FuelPovertyQuery(Query):
    """Where a fuel poverty measure stands.

    Attributes
    ----------
    table : str
        Words of the title of the table, by which its sheet is known: sheets are only numbered.
    column, numerator, denominator : str
        Patterns of headers.
    """

    table: str
    column: str
    numerator: str
    denominator: str


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the fuel poverty measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    return pd.concat(
        [_measure(document, book, m, query(m, FuelPovertyQuery)) for m in measures],
        ignore_index=True,
    )


def _measure(
    document: Document, book: Workbook, measure: Measure, ask: FuelPovertyQuery
) -> pd.DataFrame:
    sheet = _sheet(document, book, ask.table)
    table = sheet.table(CODE, ask.column, ask.numerator, ask.denominator)
    names = {"value": ask.column, "numerator": ask.numerator, "denominator": ask.denominator}
    rows = _areas(document, table, table.frame({"area": CODE} | names))
    read_ = {
        name: cells.numbers(rows[name], document, sheet=sheet.name, column=header)
        for name, header in names.items()
    }
    year = pd.Series(_year(document, sheet), rows.index)
    value, status = read_["value"]
    return assemble(
        measure,
        area=rows["area"],
        period=parse_periods(year, document, measure.years, sheet=sheet.name),
        value=value,
        status=status,
        numerator=read_["numerator"][0],
        denominator=read_["denominator"][0],
    )


def _sheet(document: Document, book: Workbook, words: str) -> Sheet:
    titles = {}
    for sheet in book.sheets(r"table \d+"):
        titles[sheet.name] = _title(sheet)
        if words.casefold() in titles[sheet.name].casefold():
            return sheet
    raise document.error(
        "no table has this in its title", expected=words, candidates=titles.values()
    )


def _title(sheet: Sheet) -> str:
    return " ".join(str(cell) for cell in sheet.rows[0] if cell) if sheet.rows else ""


def _year(document: Document, sheet: Sheet) -> str:
    found = _YEAR.search(_title(sheet))
    if not found:
        raise document.error(
            "the title does not say which year this is",
            sheet=sheet.name,
            row=1,
            expected="Fuel poor households by administrative area, 2020",
            found=_title(sheet),
        )
    return found[1]


def _areas(document: Document, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    sheet = table.sheet.name
    rows["area"] = rows["area"].astype(str).str.strip()
    coded = rows["area"].str.fullmatch(r"[A-Z]\d{8}")
    # Text below the areas leads back to the contents; numbers without an area are an error.
    numeric = rows.drop(columns="area").map(lambda cell: isinstance(cell, (int, float)))
    strange = rows[~coded & numeric.any(axis=1)]
    if len(strange):
        raise document.error(
            "figures of no area",
            sheet=sheet,
            column=CODE,
            row=int(strange.index[0]),
            expected="a code such as E92000001",
            found=strange["area"].iloc[0],
        )
    rows = rows[coded]
    return rows[covered(rows["area"], document, sheet=sheet, column=CODE)]
