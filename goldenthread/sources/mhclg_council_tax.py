"""Council tax: what is set (CTR returns), what is received, and who gets support with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from goldenthread import areas, observations
from goldenthread.catalogue import Measure
from goldenthread.sources import cells, ecodes
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query
from goldenthread.sources.workbook import Sheet, Workbook, plain

#: Some cells of the support tables hold four dots.
MARKS: Final = {"....": "not available"}
_YEAR: Final = re.compile(r"20\d\d-\d\d")
_WHICH: Final = re.compile(r"\s*\((previous|current) year\)$")


class RequirementQuery(Query):
    """Where a measure stands in the council tax requirement (CTR) returns.

    Attributes
    ----------
    billing : str
        Pattern of the line, with its number, in the returns of billing authorities.
    precepting : str, optional
        The same in those of counties and fire authorities.
    england : str, optional
        The billing line in which England's figure stands; without it England has none, because
        its row is of another thing (it adds in police and fire precepts, for one).
    change : bool
        The value is the per cent by which the line changed on the year before.
    mixed_share : bool
        A share that some editions print as a fraction and others as a per cent, under one label:
        England's row tells which.
    never_nought : bool
        A nought is a line not filled in, as councils that bring several old rates together leave
        it: nobody's tax is nothing.
    """

    billing: str
    precepting: str | None = None
    england: str | None = None
    change: bool = False
    mixed_share: bool = False
    never_nought: bool = False


class LiveQuery(Query):
    """Where a measure stands in the live tables, which have a column for every period.

    Attributes
    ----------
    sheet : str
        Pattern of the sheet's name.
    column : str
        Pattern of the headers, with a group `period`.
    thousands : bool
        The publisher prints thousands of pounds.
    """

    sheet: str
    column: str
    thousands: bool = False


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the council tax measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    required = [m for m in measures if "billing" in m.origin.query]
    live = [m for m in measures if "billing" not in m.origin.query]
    tables = []
    if required:
        returns = list(_returns(book))
        tables += [_required(returns, m, query(m, RequirementQuery)) for m in required]
    tables += [_live(book, m, query(m, LiveQuery)) for m in live]
    return pd.concat(tables, ignore_index=True)


# --- council tax requirement returns -------------------------------------------------------------


@dataclass
class Returns:
    """A table of returns, with two years side by side.

    Attributes
    ----------
    headings, years : tuple of str
        Of every column: its line, and the year it is for (empty where it has only the current).
    rows : range
        The indices of its rows in the sheet.
    previous, current : str
        The two years.
    """

    sheet: Sheet
    headings: tuple[str, ...]
    years: tuple[str, ...]
    rows: range
    previous: str
    current: str
    _areas: dict[str, pd.Series] = field(default_factory=dict, init=False, repr=False)

    @property
    def is_billing(self) -> bool:
        """Whether it has the returns of billing authorities: only those have parishes."""
        return any(re.fullmatch(r"\d+\. parish precepts", heading) for heading in self.headings)

    def cells(self, at: int) -> pd.Series:
        """Give a column's cells by spreadsheet row number."""
        body = [self.sheet.rows[row] for row in self.rows]
        found = [row[at] if at < len(row) else "" for row in body]
        return pd.Series(found, [row + 1 for row in self.rows], dtype=object)

    def line(self, pattern: str, year: str) -> int | None:
        """Give the column of a line in a year; None where the line has only the current one."""
        named = [at for at, text in enumerate(self.headings) if re.fullmatch(pattern, text)]
        found = [at for at in named if self.years[at] == year]
        found = found or [at for at in named if year == self.current and not self.years[at]]
        if not named or len(found) > 1:
            raise self.sheet.document.error(
                "several columns answer one description" if named else "a line is missing",
                sheet=self.sheet.name,
                row=self.rows.start,
                expected=pattern,
                candidates=list(dict.fromkeys(filter(None, self.headings))),
            )
        return found[0] if found else None

    def areas(self, year: str) -> pd.Series:
        """Give the GSS codes of the rows of authorities and of England at the start of a year.

        A body that was not there yet has none: its "previous year" is a sum over the bodies before
        it, and they have figures of their own.
        """
        if year not in self._areas:
            self._areas[year] = ecodes.codes(
                self._authorities(),
                self.sheet.document,
                date(int(year[:4]), 4, 1),
                sheet=self.sheet.name,
                later=year == self.previous,
            )
        return self._areas[year]

    def _authorities(self) -> pd.DataFrame:
        rows = pd.DataFrame({"ecode": self.cells(0).astype(str).str.strip()})
        if "ons code" in self.headings:
            rows["gss"] = self.cells(self.headings.index("ons code"))
        return rows[ecodes.is_ecode(rows["ecode"])]


def _returns(book: Workbook) -> Iterator[Returns]:
    sheets = list(book.sheets(r"data(_billing|_precepting)?"))
    if not sheets:
        raise book.document.error(
            "there is no such sheet", expected="Data, or Data_Billing", candidates=book.names
        )
    for sheet in sheets:
        headers = [at for at, row in enumerate(sheet.rows) if row and _is_header(row[0])]
        if not headers:
            raise sheet.document.error(
                "no table here has the columns expected", sheet=sheet.name, expected="E-code"
            )
        if sheet.name.casefold() == "data":
            yield from _side_by_side(sheet, headers)
        else:
            yield _labelled(sheet, headers[0])


def _is_header(cell: object) -> bool:
    return plain(cell) in ("ecode", "e-code")


def _side_by_side(sheet: Sheet, headers: list[int]) -> Iterator[Returns]:
    """Find the years in the row below the first header; a table of precepts may stand below."""
    below = [str(cell).strip() for cell in sheet.rows[headers[0] + 1]]
    years = tuple(cell if _YEAR.fullmatch(cell) else "" for cell in below)
    previous, current = _two_years(sheet, headers[0] + 2, sorted(set(years) - {""}))
    ends = [*headers[1:], len(sheet.rows)]
    starts = [bool(plain(cell)) for cell in sheet.rows[headers[0]]]
    for header, end in zip(headers, ends, strict=True):
        headings: list[str] = []
        for cell, start in zip(sheet.rows[header], starts, strict=False):
            # A line's name stands over the first of its columns only; the table below has fewer
            # lines than the first, in the columns of the first.
            before = headings[-1] if headings and not start else ""
            headings.append(plain(cell) or before)
        yield Returns(sheet, tuple(headings), years, range(header + 1, end), previous, current)


def _labelled(sheet: Sheet, header: int) -> Returns:
    """Find the years in the title, and in the headers which of them a column is for."""
    previous, current = _two_years(sheet, 1, sorted(_YEAR.findall(str(sheet.rows[0][0]))))
    texts = [plain(cell) for cell in sheet.rows[header]]
    named = {"previous": previous, "current": current}
    marks = [_WHICH.search(text) for text in texts]
    return Returns(
        sheet,
        tuple(_WHICH.sub("", text) for text in texts),
        tuple(named[mark[1]] if mark else "" for mark in marks),
        range(header + 1, len(sheet.rows)),
        previous,
        current,
    )


def _two_years(sheet: Sheet, row: int, found: list[str]) -> tuple[str, str]:
    if len(found) != 2 or int(found[1][:4]) != int(found[0][:4]) + 1:
        raise sheet.document.error(
            "not two adjoining years side by side",
            sheet=sheet.name,
            row=row,
            expected="two years such as 2021-22 and 2022-23",
            found=", ".join(found),
        )
    return found[0], found[1]


def _required(tables: list[Returns], measure: Measure, ask: RequirementQuery) -> pd.DataFrame:
    found = [observations.empty()]
    for table in tables:
        pattern = ask.billing if table.is_billing else ask.precepting
        if pattern is None:
            continue
        for year in (table.current,) if ask.change else (table.previous, table.current):
            at = table.line(pattern, year)
            if at is not None:
                found.append(_year(table, at, year, measure, ask, pattern))
    return pd.concat(found, ignore_index=True)


def _year(
    table: Returns, at: int, year: str, measure: Measure, ask: RequirementQuery, pattern: str
) -> pd.DataFrame:
    document, sheet = table.sheet.document, table.sheet.name
    area = table.areas(year)
    value, status = _numbers(table, at)
    if ask.never_nought:
        value, status = value.mask(value == 0), status.mask(value == 0, "not available")
    if table.is_billing and ask.england:
        england = table.line(ask.england, year)
        if england is not None and england != at:
            other, kind = _numbers(table, england)
            here = area == ecodes.ENGLAND
            value, status = value.mask(here, other), status.mask(here, kind)
    keep = ecodes.of_tier(area, measure.tier)
    if not ask.england:
        keep &= area != ecodes.ENGLAND
    if ask.mixed_share and (value[area == ecodes.ENGLAND] <= 1).any():
        value = value * 100
    if ask.change:
        before = table.line(pattern, table.previous)
        if before is None:
            raise document.error("the year before is missing", sheet=sheet, expected=pattern)
        value, status = _change(table, before, value, status)
    period = parse_periods(
        pd.Series(year, value.index), document, measure.years, sheet=sheet, column="year"
    )
    return assemble(
        measure, area=area[keep], period=period[keep], value=value[keep], status=status[keep]
    )


def _change(
    table: Returns, before: int, value: pd.Series, status: pd.Series
) -> tuple[pd.Series, pd.Series]:
    # For a new council's first year the publisher gives an average of the rates before it.
    base, kind = _numbers(table, before)
    status = status.where(status != "published", kind.mask(base == 0, "not applicable"))
    return (value / base.replace(0, np.nan) - 1) * 100, status


def _numbers(table: Returns, at: int) -> tuple[pd.Series, pd.Series]:
    return cells.numbers(
        table.cells(at).loc[table.areas(table.current).index],
        table.sheet.document,
        sheet=table.sheet.name,
        column=table.headings[at],
    )


# --- live tables ---------------------------------------------------------------------------------


def _live(book: Workbook, measure: Measure, ask: LiveQuery) -> pd.DataFrame:
    sheet = book.sheet(ask.sheet)
    document = sheet.document
    table = sheet.table("e-code", "ons code", "local authority", ask.column)
    rows = table.frame({"gss": "ons code", "name": "local authority"}).astype(str)
    rows = rows.apply(lambda texts: texts.str.strip())
    # The East Midlands bear the North East's code in the support tables: regions go by name.
    regions = rows.index[rows["gss"].str.startswith("E12")]
    named = areas.codes_for(rows.loc[regions, "name"], kinds="region")
    rows.loc[regions, "gss"] = [code or "" for code in named]
    known = covered(rows["gss"], document, sheet=sheet.name, column="ONS Code")
    keep = known & ecodes.of_tier(rows["gss"], measure.tier)
    rows = rows[keep]
    kinds = [areas.register()[code] for code in rows["gss"]]
    columns = []
    for at, header in table.indices(ask.column).items():
        matched = re.fullmatch(ask.column, header)
        text = pd.Series(matched["period"] if matched else "", rows.index)
        period = parse_periods(text, document, measure.years, sheet=sheet.name, column=header)
        found = table.cells(at).loc[rows.index]
        value, status = cells.numbers(found, document, marks=MARKS, sheet=sheet.name, column=header)
        # The tables go back further than some councils, and on after others: there is nothing to
        # observe of a council that was not there.
        day = period["period_end"].iloc[0].date()
        there = np.array([area.existed(day) for area in kinds])
        there |= (found.astype(str).str.strip() != "[z]").to_numpy()
        column = period.assign(area=rows["gss"], value=value, status=status)
        columns.append(column[there])
    every = pd.concat(columns, ignore_index=True)
    return assemble(
        measure,
        area=every["area"],
        period=every,
        value=every["value"] * (1000 if ask.thousands else 1),
        status=every["status"],
    )
