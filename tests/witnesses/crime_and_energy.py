"""Recorded crime and fuel poverty, read cell by cell as a person would look them up."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import openpyxl

#: Offence to column (A is 0).
CRIME = {
    "recorded-crime": 6,
    "violence-against-the-person": 7,
    "sexual-offences": 13,
    "robbery": 14,
    "theft-offences": 15,
    "residential-burglary": 17,
    "vehicle-offences": 19,
    "shoplifting": 22,
    "criminal-damage-and-arson": 24,
    "public-order-offences": 27,
}
#: Councils that are the sum of several partnerships.
SUMS = {
    "E06000060": ("E22000303", "E22000306", "E22000311", "E22000318"),
    "E06000061": ("E22000233", "E22000235", "E22000236", "E22000239"),
    "E06000062": ("E22000237", "E22000357"),
    "E06000063": ("E22000031", "E22000033", "E22000034"),
    "E06000064": ("E22000032", "E22000035", "E22000036"),
    "E07000244": ("E22000274", "E22000278"),
}
MEASURES = frozenset(CRIME) | {"fuel-poverty"}


@cache
def crimes(folder: Path) -> dict[str, list[str]]:
    name = "police-recorded-crime-by-csp-table-c2-year-ending-june-2025.csv"
    with (folder / "home-office" / name).open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))[8:]
    by_council = {row[4].strip(): row for row in rows if row[4].strip().startswith("E")}
    by_partnership = {row[2].strip(): row for row in rows if row[2].strip()}
    return by_council | by_partnership


@cache
def fuel(folder: Path) -> dict[str, tuple[object, ...]]:
    path = folder / "desnz" / "sub-regional-fuel-poverty-2022-tables.xlsx"
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return {str(row[0]).strip(): row for row in book["Table 2"].iter_rows(values_only=True)}


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> str | float | None:
    if measure_id == "fuel-poverty":
        assert (period_start, period_end) == ("2020-01-01", "2020-12-31")
        return float(str(fuel(folder)[area][6]))
    assert (period_start, period_end) == ("2024-07-01", "2025-06-30")
    rows = [crimes(folder)[code] for code in SUMS.get(area, (area,))]
    return sum(float(row[CRIME[measure_id]].strip().replace(",", "")) for row in rows)
