"""The Ministry of Justice's table of appeals to the SEND Tribunal, council by council."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import pandas as pd

from goldenthread import areas
from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, each, parse_periods, query
from goldenthread.sources.workbook import Table, Workbook, is_blank

#: The header has the years above and the three figures of each year below them.
_YEAR: Final = re.compile(r"(20\d\d) \| (.+)")
_FOOTNOTE: Final = re.compile(r"\d+$")
_LEGEND: Final = {"..": "not available"}


class AppealQuery(Query):
    """Which of the figures of a year is wanted.

    Attributes
    ----------
    column : str
        Pattern of the lower header.
    fraction : bool
        The publisher prints per cents as fractions of one.
    numerator, denominator : str, optional
        Patterns of other lower headers of the same year.
    """

    column: str
    fraction: bool = False
    numerator: str | None = None
    denominator: str | None = None


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read appeals to the SEND Tribunal; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    asked = [(measure, query(measure, AppealQuery)) for measure in measures]
    sheet = Workbook(document).sheet(r"send_2")
    table = sheet.table("local authority", *(rf"20\d\d \| {ask.column}" for _, ask in asked))
    names = _names(table)
    years = sorted({found[1] for header in table.headers if (found := _YEAR.fullmatch(header))})
    return pd.concat(
        [_year(table, names, year, *pair) for pair in asked for year in years], ignore_index=True
    )


def _names(table: Table) -> pd.Series:
    """Give the names of the councils and of England, without footnote digits, by row."""
    sheet = table.sheet
    names = table.cells(table.index("local authority")).astype(str).str.strip()
    names = names.str.replace(_FOOTNOTE, "", regex=True)
    last = names[names.str.fullmatch("England( Total)?")]
    if last.empty:
        raise sheet.document.error(
            "the table has no last row", sheet=sheet.name, expected="England Total"
        )
    # Sources, notes and the legend stand below the row of England.
    names = names.loc[: last.index[0]].str.replace(" Total", "")
    # Headings of regions stand between the councils, with nothing beside them.
    figures = [row for row in names.index if not is_blank(sheet.rows[row - 1][1:])]
    return names.loc[figures]


def _year(
    table: Table, names: pd.Series, year: str, measure: Measure, ask: AppealQuery
) -> pd.DataFrame:
    document, sheet = table.sheet.document, table.sheet.name
    patterns = {"value": ask.column, "numerator": ask.numerator, "denominator": ask.denominator}
    read_ = {
        name: _numbers(table, names, rf"{year} \| {pattern}")
        for name, pattern in patterns.items()
        if pattern
    }
    present = pd.concat([values for values, _ in read_.values()], axis=1).notna().any(axis=1)
    area = _areas(table, names, int(year), present)
    # Before it was made and after it was abolished a council has a row, but no figures.
    rows = area.index[area.notna()]
    value, status = read_["value"]
    return assemble(
        measure,
        area=area[rows],
        period=parse_periods(
            pd.Series(year, rows), document, measure.years, sheet=sheet, column=ask.column
        ),
        value=value[rows] * (100 if ask.fraction else 1),
        # The table says of itself that all its figures are provisional and may be revised.
        status=status[rows].where(value[rows].isna(), "provisional"),
        numerator=read_["numerator"][0][rows] if ask.numerator else None,
        denominator=read_["denominator"][0][rows] if ask.denominator else None,
    )


def _numbers(table: Table, names: pd.Series, header: str) -> tuple[pd.Series, pd.Series]:
    column = table.cells(table.index(header)).loc[names.index]
    # The table's own legend: a dash is a zero, two dots are not available.
    column = column.mask(column.astype(str).str.strip() == "-", 0)
    return cells.numbers(
        column, table.sheet.document, marks=_LEGEND, sheet=table.sheet.name, column=header
    )


def _areas(table: Table, names: pd.Series, year: int, present: pd.Series) -> pd.Series:
    """Give the code that each council had at the end of a year, or at its beginning."""
    kinds = (*areas.COUNCIL_KINDS, "country")
    end, start = (
        pd.Series(areas.codes_for(names, kinds=kinds, on=on), names.index, dtype=object)
        for on in (date(year, 12, 31), date(year, 1, 1))
    )
    codes = end.fillna(start)
    strange = names[codes.isna() & present]
    if len(strange):
        raise table.sheet.document.error(
            f"figures of {year} for a council that was not there",
            sheet=table.sheet.name,
            row=int(strange.index[0]),
            found=str(strange.iloc[0]),
        )
    return codes
