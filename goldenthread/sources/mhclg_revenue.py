"""Revenue outturn of authorities: service spending (RSX), social care (RO3), reserves (RS)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.sources import cells, ecodes
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError
from goldenthread.sources.reading import Query, assemble, each, parse_periods, query
from goldenthread.sources.workbook import Sheet, Table, Workbook, plain

#: The finance tables' own marks: "[x]" is a return that did not come in time, "[n]" a total for
#: which there is no estimate, and dots stand for a return without a figure.
MARKS: Final = {"[x]": "not provided", "[n]": "not available", "…": "not available"}
#: A reference to a note in place of a figure: the note says why there is none.
_NOTE: Final = re.compile(r"\[note \d+\]", re.IGNORECASE)
#: The rows of a table end where the header is repeated above the totals of classes.
_HEADER: Final = "e-code"


class Cell(Query):
    """A column of a return, known by its line and what it says of it.

    Attributes
    ----------
    line : str
        Pattern of the service or line, as in "education services".
    item : str
        Pattern of the item, as in "net current expenditure"; empty where the line is all there is.
    """

    line: str
    item: str = ""

    @property
    def pattern(self) -> str:
        """The header's pattern, whether an edition puts line and item in two rows or in one."""
        if not self.item:
            return self.line
        return rf"(?:{self.line}) ?[-|] ?(?:{self.item})(?: ?\(c\d[^)]*\))?\d*"

    def __str__(self) -> str:
        return f"{self.line} - {self.item}" if self.item else self.line


class RevenueQuery(Query):
    """Where a measure of revenue outturn stands.

    Attributes
    ----------
    sheet : str
        Pattern of the sheet's name.
    columns : tuple of Cell
        What is added up.
    over_sheet : str, optional
        Pattern of the sheet of `over`, where that is another.
    over : tuple of Cell
        What it is divided by, added up; with it the value is a ratio, without it pounds.
    thousands : bool
        The publisher prints thousands of pounds.
    fire : bool
        A service of fire authorities: a council that runs one reports for it.
    """

    sheet: str
    columns: tuple[Cell, ...]
    over_sheet: str | None = None
    over: tuple[Cell, ...] = ()
    thousands: bool
    fire: bool = False

    def parts(self) -> list[tuple[str, Cell]]:
        """Give all columns with their sheets."""
        return [(self.sheet, cell) for cell in self.columns] + [
            (self.over_sheet or self.sheet, cell) for cell in self.over
        ]


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the measures of revenue outturn; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    asked = [(measure, query(measure, RevenueQuery)) for measure in measures]
    wanted: dict[str, dict[str, Cell]] = {}
    for _, ask in asked:
        for sheet, cell in ask.parts():
            wanted.setdefault(sheet, {})[cell.pattern] = cell
    returns = {name: Returns(book.sheet(name), found) for name, found in wanted.items()}
    return pd.concat([_measure(returns, m, ask) for m, ask in asked], ignore_index=True)


class Returns:
    """The rows of one sheet, each an authority's return.

    Parameters
    ----------
    sheet : Sheet
    wanted : mapping of str to Cell
        The columns wanted, by the pattern of their header.
    """

    def __init__(self, sheet: Sheet, wanted: Mapping[str, Cell]) -> None:
        self.sheet = sheet
        self.table = _recognise(sheet, wanted)
        self.year = _year(sheet)
        # Bodies that began or were re-coded during the year send the year's return.
        self.last_day = date(int(self.year[:4]) + 1, 3, 31)
        rows = self.table.frame({"ecode": _HEADER, "gss": "ons code", "name": "local authority"})
        rows = rows.astype(str).apply(lambda texts: texts.str.strip())
        ends = rows.index[rows["ecode"].str.casefold() == _HEADER]
        rows = rows.loc[: ends[0] - 1] if len(ends) else rows
        # The older workbooks give England a name and no code.
        england = (rows["ecode"] == "") & (rows["name"].str.casefold() == "england")
        rows["ecode"] = rows["ecode"].mask(england, "Eng")
        rows = rows[ecodes.is_ecode(rows["ecode"])]
        rows["area"] = ecodes.codes(rows, sheet.document, self.last_day, sheet=sheet.name)
        self.rows = rows
        # England's total is grossed up where a return did not come ("M").
        notes = self.table.indices("notes")
        late = bool(notes) and (self.table.cells(next(iter(notes))).astype(str) == "M").any()
        self.england = "estimated" if late else "published"

    def total(self, columns: Sequence[Cell], thousands: bool) -> tuple[pd.Series, pd.Series]:
        """Give the sum of columns per row, in pounds, with its status: missing if one is."""
        values, statuses = zip(*(self._column(cell) for cell in columns), strict=True)
        total: pd.Series = pd.concat(values, axis=1).sum(axis=1, skipna=False)
        status = statuses[0]
        for other in statuses[1:]:
            status = status.where(status != "published", other)
        return total * (1000 if thousands else 1), status

    def _column(self, cell: Cell) -> tuple[pd.Series, pd.Series]:
        at = self.table.index(cell.pattern)
        found = self.table.cells(at).loc[self.rows.index]
        return cells.numbers(
            found.mask(found.astype(str).str.fullmatch(_NOTE), ""),
            self.sheet.document,
            marks=MARKS,
            sheet=self.sheet.name,
            column=self.table.headers[at],
        )


def _recognise(sheet: Sheet, wanted: Mapping[str, Cell]) -> Table:
    try:
        return sheet.table(_HEADER, "ons code", "local authority", *wanted)
    except SourceError as error:
        if error.expected not in wanted or error.row is None:
            raise
        # A pattern says little to a person: the line and the item do.
        header = [plain(cell) for row in sheet.rows[error.row - 1 : error.row + 1] for cell in row]
        raise sheet.document.error(
            "a column is missing",
            sheet=sheet.name,
            row=error.row,
            expected=str(wanted[error.expected]),
            candidates=[text for text in header if text],
        ) from None


def _year(sheet: Sheet) -> str:
    title = str(next((row[0] for row in sheet.rows if row and row[0]), ""))
    found = re.search(r"\b20\d\d-\d\d\b", title)
    if not found:
        raise sheet.document.error(
            "the title does not say the financial year",
            sheet=sheet.name,
            row=1,
            expected="a year such as 2022-23",
            found=title[:80],
        )
    return found[0]


def _measure(returns: dict[str, Returns], measure: Measure, ask: RevenueQuery) -> pd.DataFrame:
    main = returns[ask.sheet]
    document, sheet = main.sheet.document, main.sheet.name
    value, status = main.total(ask.columns, ask.thousands)
    area = main.rows["area"]
    if ask.fire:
        area = ecodes.fire_services(area, main.last_day)
    over = None
    if ask.over:
        other = returns[ask.over_sheet or ask.sheet]
        if other.year != main.year:
            raise document.error(
                "two sheets of one workbook are of different years",
                sheet=other.sheet.name,
                expected=main.year,
                found=other.year,
            )
        under, kind = other.total(ask.over, ask.thousands)
        by_area = pd.DataFrame({"value": under.to_numpy(), "kind": kind.to_numpy()})
        by_area = by_area.groupby(other.rows["area"].to_numpy()).first().reindex(main.rows["area"])
        over = pd.Series(by_area["value"].to_numpy(), value.index)
        missing = pd.Series(by_area["kind"].to_numpy(), value.index).fillna("not available")
        status = status.where(status != "published", missing)
    keep = ecodes.of_tier(area, measure.tier)
    status = status.mask((area == ecodes.ENGLAND) & (status == "published"), main.england)
    numerator = value if over is not None else None
    if over is not None:
        value = ecodes.share(value, over, measure.per)
        # Where income exceeds cost there is no total to take a share of.
        status = status.mask(over <= 0, "not applicable")
    period = parse_periods(
        pd.Series(main.year, value.index), document, measure.years, sheet=sheet, column="title"
    )
    return assemble(
        measure,
        area=area[keep],
        period=period[keep],
        value=value[keep],
        status=status[keep],
        numerator=None if numerator is None else numerator[keep],
        denominator=None if over is None else over[keep],
    )
