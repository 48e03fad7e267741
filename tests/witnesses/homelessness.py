"""Homelessness tables, read cell by cell as a person would look them up."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import openpyxl

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

QUARTER = ("2022-10-01", "2022-12-31")
LAST_DAY = ("2022-12-31", "2022-12-31")
#: Sheet, period, columns (A is 0) that are added, then columns of the denominator and its unit.
DUTIES = {
    "homelessness-assessments": ("A1", QUARTER, (4,)),
    "homelessness-prevention-duty": ("A1", QUARTER, (7,)),
    "homelessness-prevention-duty-rate": ("A1", QUARTER, (14,)),
    "homelessness-relief-duty": ("A1", QUARTER, (9,)),
    "homelessness-relief-duty-rate": ("A1", QUARTER, (15,)),
    "homelessness-prevented": ("P1_", QUARTER, (6,), (4,), 100),
    "homelessness-relieved": ("R1_", QUARTER, (5,), (4,), 100),
    "homelessness-main-duty": ("MD1_", QUARTER, (5,)),
    "homelessness-support-needs": ("A3", QUARTER, (7,), (4, 5, 7), 100),
    "temporary-accommodation": ("TA1_", LAST_DAY, (4,)),
    "temporary-accommodation-rate": ("TA1_", LAST_DAY, (6,)),
    "temporary-accommodation-families": ("TA1_", LAST_DAY, (7,)),
    "temporary-accommodation-families-rate": ("TA1_", LAST_DAY, (7,), (5,), 1),
    "temporary-accommodation-children": ("TA1_", LAST_DAY, (8,)),
    "bed-and-breakfast-households": ("TA1_", LAST_DAY, (10,)),
    "bed-and-breakfast-families-over-6-weeks": ("TA1_", LAST_DAY, (12,)),
}
#: Sheet, first year, its column (from 1), columns from a year to the next.
ROUGH = {
    "rough-sleeping": ("Table 1 Total", 2010, 5, 1),
    "rough-sleeping-rate": ("Table 5 Rates", 2010, 5, 1),
    "rough-sleeping-women": ("Table 2a Gender", 2017, 5, 4),
}
MEASURES = frozenset(DUTIES) | frozenset(ROUGH)


@cache
def tables(path: Path) -> dict[str, dict[str, list[object]]]:
    wanted = {sheet for sheet, *_ in DUTIES.values()}
    found = {}
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        for _, table in ElementTree.iterparse(content):
            if table.tag != TABLE + "table":
                continue
            if table.get(TABLE + "name") in wanted:
                rows = [cells(row) for row in table.iter(TABLE + "table-row")]
                found[table.get(TABLE + "name")] = {str(r[0]): r for r in rows if len(r) > 4}
            table.clear()
    return found


def cells(row: ElementTree.Element) -> list[object]:
    read: list[object] = []
    for cell in row:
        times = int(cell.get(TABLE + "number-columns-repeated", "1"))
        number = cell.get(OFFICE + "value")
        text = "".join("".join(p.itertext()) for p in cell.iter(TEXT + "p"))
        if times < 500:
            read += [float(number) if number is not None else text.strip()] * times
    return read


@cache
def snapshot_sheet(path: Path, name: str) -> dict[str, tuple[object, ...]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book[name].iter_rows(values_only=True)
    return {str(row[3] if row[0] == "---" else row[0]): row for row in rows}


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> str | float | None:
    files = folder / "mhclg" / "homelessness"
    if measure_id in ROUGH:
        name, first, column, step = ROUGH[measure_id]
        year = int(period_start[:4])
        assert (period_start[4:], period_end) == ("-10-01", f"{year}-11-30")
        row = snapshot_sheet(files / "Rough_sleeping.xlsx", name)[area]
        at = column - 1 + (year - first) * step
        if measure_id != "rough-sleeping-women":
            return float(str(row[at]))
        women, everybody = float(str(row[at])), float(str(row[at + 3]))
        return 100 * women / everybody if everybody else None
    name, period, columns, *over = DUTIES[measure_id]
    assert period == (period_start, period_end)
    row = list(tables(files / "Detailed_LA_202212.ods")[name][area])
    if any(row[at] in ("..", "-") for at in columns):
        return None
    top = sum(float(str(row[at])) for at in columns)
    if not over:
        return top
    bottom = sum(float(str(row[at])) for at in over[0])
    return over[1] * top / bottom if bottom else None
