"""The indices of deprivation, looked up by the number of their column."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

# Columns of the 2025 and the 2019 file, counted from nought, and the factor of fractions.
_AT = {
    "deprivation-score": (4, 1, 1),
    "deprivation-most-deprived-neighbourhoods": (6, 2, 100),
    "income-deprivation": (14, 4, 100),
    "employment-deprivation": (22, 6, 100),
    "education-deprivation-score": (30, 8, 1),
    "health-deprivation-score": (36, 10, 1),
    "crime-deprivation-score": (42, 12, 1),
    "living-environment-deprivation-score": (54, 16, 1),
}
MEASURES = frozenset(_AT)


def value(folder: Path, measure_id: str, area: str, period_start: str, period_end: str):
    new, old, factor = _AT[measure_id]
    edition = period_start[:4]
    cell = _rows(folder, edition)[area][new if edition == "2025" else old]
    return None if cell == "" else float(cell) * factor


@cache
def _rows(folder: Path, edition: str) -> dict:
    name = {"2025": "imd2025_england_ltla24.csv", "2019": "imd2019_england_ltla19.csv"}[edition]
    with (folder / "mhclg" / "deprivation" / name).open(encoding="utf-8-sig", newline="") as file:
        return {row[0]: row for row in csv.reader(file)}
