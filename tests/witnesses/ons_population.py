"""Mid-year population, looked up by workbook, sheet, column number and code."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import openpyxl
import xlrd

#: The year of each workbook: its name, the sheet of persons, and the column of age nought.
_BOOKS = {
    "2015": ("MYE2_population_by_sex_and_age_for_local_authorities_UK_2015.xls", "Persons UK", 3),
    "2016": ("ukmidyearestimates2016.xls", "MYE2 - All", 3),
    "2018": ("ukmidyearestimates20182019ladcodes.xls", "MYE2-All", 4),
    "2019": ("ukmidyearestimates20192020ladcodes.xls", "MYE2 - Persons", 4),
    "2020": ("ukpopestimatesmid2020on2021geography.xls", "MYE2 - Persons", 4),
    "2023": ("mye23tablesew.xlsx", "MYE2 - Persons", 4),
}
#: Of each workbook with series, newest first: its first year, the names of its sheets of density
#: and of median age, and the column in which the newest median age stands.
_SERIES = [
    ("2023", 2011, "MYE5", "MYE6", 3),
    ("2020", 2001, "MYE 5", "MYE 6", 3),
    ("2019", 2001, "MYE 5", "MYE 6", 3),
    ("2018", 2001, "MYE 5", "MYE 6", 3),
    ("2016", 2001, "MYE5", "MYE6", 2),
]
#: The last age of each span is the one after the last counted; 91 takes in everybody of 90 and over.
_SPANS = {
    "residents-aged-0-to-15": ([(0, 16)], [(0, 91)]),
    "residents-aged-16-to-64": ([(16, 65)], [(0, 91)]),
    "residents-aged-65-and-over": ([(65, 91)], [(0, 91)]),
    "residents-aged-85-and-over": ([(85, 91)], [(0, 91)]),
    "dependency-ratio": ([(0, 16), (65, 91)], [(16, 65)]),
}
#: Columns of MYE3 counted from that of births.
_FLOWS = {"birth-rate": 0, "net-internal-migration": 5, "net-international-migration": 8}
_OTHERS = {
    "population",
    "population-density",
    "median-age",
    "children-aged-0-to-17",
    "residents-from-minority-ethnic-groups",
    "residents-white-british",
    "residents-aged-16-to-24",
}
MEASURES = frozenset(_SPANS) | frozenset(_FLOWS) | frozenset(_OTHERS)


def value(folder: Path, measure_id: str, area: str, period_start: str, period_end: str):
    year = period_end[:4]
    if measure_id in _SPANS:
        name, sheet, first = _BOOKS[year]
        row = _sheet(folder, name, sheet)[area]
        top, bottom = (
            sum(row[first + age] for start, end in spans for age in range(start, end))
            for spans in _SPANS[measure_id]
        )
        return 100 * top / bottom
    if measure_id in _FLOWS:
        row = _sheet(folder, _BOOKS[year][0], "MYE3")[area]
        births = 3 if year == "2016" else 4
        return 1000 * row[births + _FLOWS[measure_id]] / row[births + 10]
    if measure_id == "children-aged-0-to-17":
        return _children(folder)[(area, year)]
    if measure_id == "residents-from-minority-ethnic-groups":
        groups = _groups(folder)[area]
        everybody = sum(groups.values()) - groups["-8"]
        return 100 * (everybody - groups["13"]) / everybody
    if measure_id == "residents-white-british":
        groups = _groups(folder)[area]
        return 100 * groups["13"] / (sum(groups.values()) - groups["-8"])
    if measure_id == "residents-aged-16-to-24":
        ages = _nomis(folder)[area]
        return 100 * ages["250"] / ages["200"]
    return _series(folder, measure_id, area, int(year))


def _series(folder: Path, measure_id: str, area: str, year: int):
    for edition, first, density, age, at in _SERIES:
        back = int(edition) - year
        if back < 0 or year < first:
            continue
        row = _sheet(folder, _BOOKS[edition][0], age if measure_id == "median-age" else density)
        if area not in row:
            continue
        if measure_id == "median-age":
            return row[area][at + back]
        # Pairs of people and density follow the area in square kilometres.
        return row[area][at + 1 + 2 * back + (measure_id == "population-density")]
    raise KeyError((measure_id, area, year))


@cache
def _sheet(folder: Path, name: str, sheet: str) -> dict:
    path = folder / "ons" / "population" / name
    if name.endswith(".xls"):
        with xlrd.open_workbook(str(path), on_demand=True) as book:
            table = book.sheet_by_name(sheet)
            rows = [table.row_values(number) for number in range(table.nrows)]
    else:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = [list(row) for row in book[sheet].iter_rows(values_only=True)]
        book.close()
    return {str(row[0]).strip(): row for row in rows if row and len(str(row[0]).strip()) == 9}


@cache
def _children(folder: Path) -> dict:
    path = folder / "ons" / "population" / "ons_mid-year_population_estimates_2012_to_2024.csv"
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            code = {
                "National": row["country_code"],
                "Regional": row["region_code"],
                "Local authority": row["new_la_code"],
            }[row["geographic_level"]]
            cell = row["population_estimate"]
            found[(code, row["time_period"])] = None if cell == "x" else float(cell)
    return found


@cache
def _groups(folder: Path) -> dict:
    path = folder / "ons" / "population" / "ons-ethnic-population-la.csv"
    found: dict = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for code, _, group, _, count in list(csv.reader(lines))[1:]:
            found.setdefault(code, {})[group] = float(count)
    return found


@cache
def _nomis(folder: Path) -> dict:
    path = folder / "nomis" / "population-NM_2002_1-2021.csv"
    found: dict = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["GEOGRAPHY_CODE"], {})[row["C_AGE"]] = float(row["OBS_VALUE"])
    return found
