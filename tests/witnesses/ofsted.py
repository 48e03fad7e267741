"""Ofsted's lists of judgements, read from the sheets' own XML."""

from __future__ import annotations

import csv
import zipfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

LISTS = {
    "2025-03-31": (
        "ofsted/LA_Inspection_Outcomes_as_at_31_March_2025.ods",
        "Inspections_as_at_31_March",
    ),
    "2023-03-31": (
        "ofsted/Childrens_social_care_in_England_2023_underlying_data.ods",
        "LA_level_at_31_Mar_2023",
    ),
    "2022-08-31": (
        "dfe/send/Area_SEND_inspection_data_01_May_2016_to_31_August_2022.ods",
        "Area_SEND_up_to_31_Aug_2022",
    ),
}
#: The column of a judgement (A is 0) by the day of the list.
COLUMNS = {
    "ofsted-overall": {"2025-03-31": 6, "2023-03-31": 4},
    "ofsted-leaders": {"2025-03-31": 7, "2023-03-31": 5},
    "ofsted-help-and-protection": {"2025-03-31": 8, "2023-03-31": 6},
    "ofsted-children-in-care": {"2025-03-31": 9, "2023-03-31": 7},
    "ofsted-care-leavers": {"2025-03-31": 10, "2023-03-31": 8},
    "area-send-inspection": {"2022-08-31": 6},
}
MEASURES = frozenset(COLUMNS)
WORDS = {
    "Outstanding": 4.0,
    "Good": 3.0,
    "Requires improvement to be good": 2.0,
    "Inadequate": 1.0,
    "No": 1.0,
    "Yes": 0.0,
}
#: Names in the list of 2023 that the education department spells otherwise.
SPELT = {
    "Herefordshire, County of": "Herefordshire",
    "County Durham": "Durham",
    "Kingston upon Hull, City of": "Kingston upon Hull",
    "Bristol, City of": "Bristol",
}


@cache
def rows(path: Path, sheet: str) -> list[list[str]]:
    """The first dozen cells of every row of a sheet, as text."""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    table = next(t for t in root.iter(f"{TABLE}table") if t.get(f"{TABLE}name") == sheet)
    found = []
    for row in table.iter(f"{TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            said = " ".join("".join(p.itertext()) for p in cell.iter(f"{TEXT}p")).strip()
            repeats = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            cells += [said] * min(repeats, 12 - len(cells))
        found.append(cells)
    return found


@cache
def names(folder: Path) -> dict[str, str]:
    """The councils' names of 2023, as the education department writes them, by code."""
    path = folder / "dfe/childrens-social-care/b1_children_in_need_2013_to_2025.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {line[8]: line[9] for line in csv.reader(file) if line[0] == "2023"}


def plain(name: str) -> str:
    """A name without what the two publishers write differently."""
    name = SPELT.get(name, name).lower().replace("&", "and").replace(".", "").replace("-", " ")
    return name.removesuffix(" borough")


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> float | None:
    """The worth of the word, or None where there is none."""
    file, sheet = LISTS[period_end]
    by_name = period_end == "2023-03-31"
    wanted = plain(names(folder)[area]) if by_name else area
    (row,) = [
        row
        for row in rows(folder / file, sheet)
        if len(row) > 1 and (plain(row[1]) if by_name else row[1]) == wanted
    ]
    column = COLUMNS[measure_id][period_end]
    word = row[column] if column < len(row) else ""
    return WORDS[word] if word else None
