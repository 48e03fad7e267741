"""The cells of an OpenDocument workbook's XML: how far they reach, and what they show."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from goldenthread.kpis import archive
from goldenthread.kpis.problems import KpiError

#: How often a cell with something in it may be repeated; an empty one may fill a sheet.
REPEATED: Final = 10_000
_TOKEN: Final = re.compile(
    rb"<table:table\s([^>]*)>|<table:table-row\b([^>]*)>"
    rb"|<table:(?:covered-)?table-cell\b([^>]*)>"
)
_COLUMNS: Final = re.compile(rb'number-columns-repeated\s*=\s*["\'](\d+)')
_ROWS: Final = re.compile(rb'number-rows-repeated\s*=\s*["\'](\d+)')
_NAME: Final = re.compile(rb'table:name\s*=\s*"([^"]*)"')
_SHOWN: Final = re.compile(rb"\s*<text:p>([^<]*)")


class Cell(NamedTuple):
    """A cell with something in it, and how often it is repeated.

    Attributes
    ----------
    sheet : str
    row, column : int
        From 0.
    rows, columns : int
        Over how many it is repeated.
    size : int
        How many bytes it holds.
    mark : str
        "%" for a percentage, "never" for a formula without a result, the error that is shown, or "".
    """

    sheet: str
    row: int
    column: int
    rows: int
    columns: int
    size: int
    mark: str


def cells(part: bytes) -> Iterator[Cell]:
    """Give the cells that have something in them.

    Parameters
    ----------
    part : bytes
        The document's content.

    Yields
    ------
    Cell
    """
    sheet, row, column, rows = "", 0, 0, 0
    for found in _TOKEN.finditer(part):
        table, line, cell = found.groups()
        if table is not None:
            name = _NAME.search(table)
            sheet = html.unescape(name[1].decode("utf-8", "replace")) if name else ""
            row, rows = 0, 0
        elif line is not None:
            row, column, rows = row + rows, 0, _times(_ROWS, line)
        else:
            columns = _times(_COLUMNS, cell)
            if b"value-type" in cell or b"table:formula" in cell or not cell.endswith(b"/"):
                end = found.end()
                size = 0 if cell.endswith(b"/") else part.find(b"</table:", end) - end
                yield Cell(sheet, row, column, rows, columns, size, _mark(cell, part, end))
            column += columns


def _times(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _mark(cell: bytes, part: bytes, end: int) -> str:
    if b'"percentage"' in cell:
        return "%"
    if b'calcext:value-type="error"' in cell:
        shown = _SHOWN.match(part, end)
        return html.unescape(shown[1].decode("utf-8", "replace")) if shown else "#VALUE!"
    if b"table:formula" in cell and b"value-type" not in cell:
        return "never"
    return ""


def extent(part: bytes) -> None:
    """Refuse a document whose sheets would be laid out as more cells than one of KPIs holds.

    Parameters
    ----------
    part : bytes
        The document's content.

    Raises
    ------
    KpiError
    """
    size = 0
    reached: dict[str, tuple[int, int]] = {}
    for cell in cells(part):
        if cell.rows * cell.columns > REPEATED:
            raise KpiError(archive.TOO_MUCH)
        size += max(cell.size, 1) * cell.rows * cell.columns
        last, wide = reached.get(cell.sheet, (0, 0))
        last, wide = max(last, cell.row + cell.rows), max(wide, cell.column + cell.columns)
        reached[cell.sheet] = last, wide
        if last > archive.ROWS or last * wide > archive.CELLS:
            raise KpiError(archive.too_large(cell.sheet))
        if size > archive.TEXT:
            raise KpiError(archive.TOO_MUCH)
