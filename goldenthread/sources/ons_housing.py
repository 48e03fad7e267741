"""ONS housing workbooks: dwellings by tenure (years side by side) and private rents (one year)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    covered,
    each,
    parse_periods,
    query_by_table,
)
from goldenthread.sources.workbook import Sheet, Table, Workbook

_CODE: Final = "local authority code"
#: Above this coefficient of variation, says the publisher, an estimate is unreliable in practice.
_UNRELIABLE: Final = 20.0
_UNSURE: Final = "The publisher calls this estimate unreliable for practical purposes."


class TenureQuery(Query):
    """Which tenure's share of dwellings is wanted.

    Attributes
    ----------
    tenure : str
        As the headers write it, without the year.
    modelled : bool
        Whether it is estimated, with limits, or counted.
    """

    table: Literal["tenure"]
    tenure: str
    modelled: bool = True


class RentsQuery(Query):
    """Which rents are wanted.

    Attributes
    ----------
    kind : str
        The kind of home, as it stands above the columns.
    column : str
        "median", "lower quartile", …
    """

    table: Literal["rents"]
    kind: str
    column: str


_KINDS: Final[dict[str, type[TenureQuery | RentsQuery]]] = {
    "tenure": TenureQuery,
    "rents": RentsQuery,
}


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the measures of tenure and rents; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    asked = [(measure, query_by_table(measure, _KINDS)) for measure in measures]
    tables = []
    if any(isinstance(ask, TenureQuery) for _, ask in asked):
        shares, counts = (book.sheet(name).table(_CODE, depth=1) for name in ("2a", "1a"))
        tables += [
            _tenure(measure, ask, shares, counts)
            for measure, ask in asked
            if isinstance(ask, TenureQuery)
        ]
    tables += [_rents(measure, ask, book) for measure, ask in asked if isinstance(ask, RentsQuery)]
    return pd.concat(tables, ignore_index=True)


def _codes(table: Table, pattern: str) -> pd.Series:
    sheet = table.sheet
    codes = table.cells(table.index(pattern)).astype(str).str.strip()
    # Below the figures stand notes, which have no code.
    codes = codes[codes != ""]
    return codes[covered(codes, sheet.document, sheet=sheet.name, column=pattern)]


def _column(table: Table, header: str, at: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read a column's cells in the rows of `at`."""
    return cells.numbers(
        table.cells(table.index(header))[at.index],
        table.sheet.document,
        sheet=table.sheet.name,
        column=header,
    )


def _tenure(measure: Measure, ask: TenureQuery, shares: Table, counts: Table) -> pd.DataFrame:
    document = shares.sheet.document
    codes, beside = _codes(shares, _CODE), _codes(counts, _CODE)
    if codes.tolist() != beside.tolist():
        raise document.error(
            "the shares and the counts are not of the same areas in the same order",
            sheet=counts.sheet.name,
            expected=next((c for c in codes if c not in set(beside)), ""),
        )
    # Every year of which the dwellings are counted has its share: a column that is renamed in one
    # year only must not drop that year.
    years = [h.split()[0] for h in counts.indices(r"\d{4} total dwellings").values()]
    if not years:
        raise document.error(
            "a column is missing",
            sheet=counts.sheet.name,
            row=counts.first,
            expected="2021 total dwellings",
            candidates=[header for header in counts.headers if header],
        )
    return pd.concat(
        [_tenure_year(measure, ask, shares, counts, codes, beside, year) for year in years],
        ignore_index=True,
    )


def _tenure_year(
    measure: Measure,
    ask: TenureQuery,
    shares: Table,
    counts: Table,
    codes: pd.Series,
    beside: pd.Series,
    year: str,
) -> pd.DataFrame:
    name = f"{year} {re.escape(ask.tenure)}"
    value, status = _column(shares, rf"{name} \(%\)", codes)
    number, _ = _column(counts, name, beside)
    whole, _ = _column(counts, f"{year} total dwellings", beside)
    lower = upper = None
    note: pd.Series | str = ""
    if ask.modelled:
        # The limits are worked out from those of the counts: the ones printed as per cents for
        # homes owned outright in 2014 are not of the row's own area.
        below, _ = _column(counts, f"{name} lci", beside)
        above, _ = _column(counts, f"{name} uci", beside)
        lower = (100 * below / whole).set_axis(codes.index)
        upper = (100 * above / whole).set_axis(codes.index)
        variation, _ = _column(counts, rf"{name} cv \(%\)", beside)
        unsure = (variation > _UNRELIABLE).set_axis(codes.index)
        note = pd.Series("", codes.index).mask(unsure, _UNSURE)
    return assemble(
        measure,
        area=codes,
        period=parse_periods(
            pd.Series(year, codes.index), shares.sheet.document, measure.years, column=name
        ),
        value=value,
        status=status,
        lower=lower,
        upper=upper,
        numerator=number.set_axis(codes.index),
        denominator=whole.set_axis(codes.index),
        note=note,
    )


def _rents(measure: Measure, ask: RentsQuery, book: Workbook) -> pd.DataFrame:
    document = book.document
    sheet, title = _rents_sheet(book, ask.kind)
    table = sheet.table(r"area code\d?", "count of rents", ask.column, depth=1)
    codes = _codes(table, r"area code\d?")
    value, status = _column(table, ask.column, codes)
    span = re.search(r"recorded between 1 (\w+ \d{4}) to \d+ (\w+ \d{4})", title)
    if not span:
        raise document.error(
            "the title does not say between which days rents were recorded",
            sheet=sheet.name,
            expected="recorded between 1 October 2021 to 30 September 2022",
            found=title,
        )
    texts = pd.Series(f"{span[1]} to {span[2]}", codes.index)
    return assemble(
        measure,
        area=codes,
        period=parse_periods(texts, document, measure.years, sheet=sheet.name, column="title"),
        value=value,
        status=status,
    )


def _rents_sheet(book: Workbook, kind: str) -> tuple[Sheet, str]:
    """Find the sheet of councils for a kind of home by what it says of itself."""
    found: list[tuple[Sheet, str]] = []
    kinds: list[str] = []
    for sheet in book.sheets(r"table ?2\.\d+"):
        texts = [str(cell).strip() for row in sheet.rows[:8] for cell in row if str(cell).strip()]
        title = next((t for t in texts if t.startswith("Table")), "")
        kinds += texts
        if kind in texts and "by admin" in title:
            found.append((sheet, title))
    if len(found) != 1:
        raise book.document.error(
            "no sheet is of this kind of home" if not found else "several sheets are of one kind",
            expected=kind,
            candidates=kinds,
        )
    return found[0]
