"""Yearly pay, dwellings by tenure and private rents, looked up by sheet and column number."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import openpyxl
import xlrd

_PAY = {"median-annual-pay": 3, "annual-pay-of-lowest-fifth": 8}
_PAY_FILES = {
    "2019": "ashe-table-8.7a-annual-pay-gross-2019.xls",
    "2021": "ashe-table-8.7a-annual-pay-gross-2021-provisional.xls",
    "2025": "ashe-table-8.7a-annual-pay-gross-2025-provisional.csv",
}
#: Sheet 2a has ten columns to a year from 2012 on, after four of codes and names.
_TENURES = {
    "homes-owned-outright": 0,
    "homes-owned-with-mortgage": 3,
    "homes-private-rented": 6,
    "homes-social-rented": 9,
}
_RENTS = {
    "private-rent-median": ("Table2.7", 7),
    "private-rent-lower-quartile": ("Table2.7", 6),
    "private-rent-two-bedrooms": ("Table2.4", 7),
}
MEASURES = frozenset(_PAY) | frozenset(_TENURES) | frozenset(_RENTS)


def value(folder: Path, measure_id: str, area: str, period_start: str, period_end: str):
    year = period_end[:4]
    if measure_id in _PAY:
        cell = _pay(folder, year)[area][_PAY[measure_id]]
        if cell in ("x", "", ".."):
            return None
        return float(str(cell).replace(",", ""))
    if measure_id in _TENURES:
        at = 4 + 10 * (int(year) - 2012) + _TENURES[measure_id]
        name = "subnationaldwellingstockbytenure2021.xlsx"
        return _sheet(folder, name, "2a", 2)[area][at]
    sheet, at = _RENTS[measure_id]
    return _sheet(folder, "privaterentalmarketstatistics221214.xlsx", sheet, 2)[area][at]


@cache
def _pay(folder: Path, year: str) -> dict:
    path = folder / "ons" / "earnings" / _PAY_FILES[year]
    if path.suffix == ".csv":
        with path.open(encoding="cp1252", newline="") as lines:
            rows = list(csv.reader(lines))
    else:
        with xlrd.open_workbook(str(path), on_demand=True) as book:
            table = book.sheet_by_name("All")
            rows = [table.row_values(number) for number in range(table.nrows)]
    return {row[1]: row for row in rows[5:] if len(row) > 8 and row[1]}


@cache
def _sheet(folder: Path, name: str, sheet: str, code: int) -> dict:
    book = openpyxl.load_workbook(folder / "ons" / "housing" / name, read_only=True)
    rows = [list(row) for row in book[sheet].iter_rows(values_only=True)]
    book.close()
    return {str(row[code]): row for row in rows if len(row) > code and row[code]}
