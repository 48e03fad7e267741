"""Defra's waste and fly-tipping tables, read cell by cell as a person would look them up."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

#: Sheet, columns (A is 0) of the value, or of the numerator(s) and denominator(s).
WASTE = {
    "household-recycling-rate": ("Table_3", 7),
    "residual-waste-per-household": ("Table_3", 6),
    "municipal-waste-landfilled": ("Table_3", 8),
    "household-waste-per-person": ("Table_3", 9),
    "waste-to-energy": ("Table_2", (8,), (12,)),
    "household-waste-collected": ("Table_1", 7),
    "waste-collected-total": ("Table_1", 6),
    "dry-recycling-share": ("Table_1", (9,), (7,)),
    "garden-food-recycling-share": ("Table_1", (10,), (7,)),
    "recycling-rejected": ("Table_1", (15,), (8, 15)),
}
PER_CENT_AS_FRACTION = {"household-recycling-rate", "municipal-waste-landfilled"}
#: Column of the code and of the kind of authority.
CODE = {"Table_1": 2, "Table_2": 3, "Table_3": 2}
REGIONS = {
    "E12000001": "*North East",
    "E12000002": "*North West",
    "E12000003": "*Yorkshire and Humber",
    "E12000004": "*East Midlands",
    "E12000005": "*West Midlands",
    "E12000006": "*Eastern",
    "E12000007": "*London",
    "E12000008": "*South East",
    "E12000009": "*South West",
    "E92000001": "Total England",
}
#: Other codes under which the file lists an area in some years.
ALSO = {
    "E10000027": ("E50000009",),
    "E06000060": ("E10000002",),
    "E06000057": ("E06000048",),
    "E07000240": ("E07000100",),
    "E07000241": ("E07000104",),
    "E07000242": ("E07000097",),
    "E07000243": ("E07000101",),
}
#: Sheet, columns of the numerator, then sheet and columns of the denominator.
FLY_TIPPING = {
    "fly-tipping-incidents": ("LA_incidents", (4,)),
    "fly-tipping-incidents-per-1000": ("LA_incidents", (46,)),
    "fly-tipping-large-share": (
        "LA_incidents",
        (40, 42),
        "LA_incidents",
        (30, 32, 34, 36, 38, 40, 42),
    ),
    "fly-tipping-household-share": ("LA_incidents", (25, 27), "LA_incidents", (4,)),
    "fly-tipping-highway-share": ("LA_incidents", (5,), "LA_incidents", (4,)),
    "fly-tipping-actions": ("LA_actions", (4,)),
    "fly-tipping-actions-per-incident": ("LA_actions", (4,), "LA_incidents", (4,)),
    "fly-tipping-investigations": ("LA_actions", (5,)),
    "fly-tipping-warning-letters": ("LA_actions", (7,)),
    "fly-tipping-fixed-penalties": ("LA_actions", (15,)),
    "fly-tipping-prosecutions": ("LA_actions", (25,)),
}
FLY_TIPPING_REGIONS = REGIONS | {
    "E12000003": "Yorkshire and The Humber",
    "E12000006": "East",
    "E92000001": "*Total England",
}
MEASURES = frozenset(WASTE) | frozenset(FLY_TIPPING)


@cache
def sheet(path: Path, wanted: str) -> list[list[object]]:
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        for _, table in ElementTree.iterparse(content):
            if table.tag == TABLE + "table":
                if table.get(TABLE + "name") == wanted:
                    return [cells(row) for row in table.iter(TABLE + "table-row")]
                table.clear()
    raise AssertionError(wanted)


def cells(row: ElementTree.Element) -> list[object]:
    read: list[object] = []
    for cell in row:
        times = int(cell.get(TABLE + "number-columns-repeated", "1"))
        number = cell.get(OFFICE + "value")
        text = "\n".join("".join(p.itertext()) for p in cell.iter(TEXT + "p"))
        if times < 500:
            read += [float(number) if number is not None else text.strip()] * times
    return read


@cache
def waste_rows(folder: Path, name: str) -> dict[tuple[str, str], list[object]]:
    rows = sheet(folder / "defra" / "LA_collection.ods", name)
    return {
        (str(row[0]), str(row[1]) if "Total" in str(row[CODE[name]]) else str(row[CODE[name]])): row
        for row in rows[4:]
        if len(row) > CODE[name] and str(row[CODE[name]])
    }


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> str | float | None:
    first = int(period_start[:4])
    assert (period_start[4:], period_end) == ("-04-01", f"{first + 1}-03-31")
    year = f"{first}-{(first + 1) % 100:02d}"
    known = waste if measure_id in WASTE else fly_tipping
    return known(folder, measure_id, area, year)


def waste(folder: Path, measure: str, area: str, year: str) -> float | None:
    name, *where = WASTE[measure]
    rows = waste_rows(folder, name)
    names = (REGIONS.get(area, area), *ALSO.get(area, ()))
    (row,) = [rows[year, code] for code in names if (year, code) in rows]
    if isinstance(where[0], int):
        cell = row[where[0]]
        if cell in ("-", ":"):
            return None
        return float(cell) * (100 if measure in PER_CENT_AS_FRACTION else 1)
    top, bottom = (sum(float(row[at]) for at in columns) for columns in where)
    return 100 * top / bottom


@cache
def fly_tipping_rows(folder: Path, name: str) -> dict[tuple[str, str], list[object]]:
    rows = sheet(folder / "defra" / "flytipping_la.ods", name)
    return {
        (str(r[0]), str(r[3]) if r[1] == "*Total" else str(r[1])): r for r in rows[3:] if len(r) > 4
    }


def fly_tipping(folder: Path, measure: str, area: str, year: str) -> float | None:
    def total(name: str, columns: tuple[int, ...]) -> float | None:
        region = FLY_TIPPING_REGIONS.get(area, area).removeprefix("*" if area[:3] == "E12" else "")
        if (area, year, name) == ("E92000001", "2018-19", "LA_incidents"):
            region = "*Total England (comparable with 2019/20)"
        row = fly_tipping_rows(folder, name)[year, region]
        found = [row[at] for at in columns]
        return None if any(cell in (":", "") for cell in found) else sum(map(float, found))

    name, columns, *over = FLY_TIPPING[measure]
    top = total(name, columns)
    if not over:
        return top
    bottom = total(over[0], over[1])
    if top is None or not bottom:
        return None
    return (1 if measure == "fly-tipping-actions-per-incident" else 100) * top / bottom
