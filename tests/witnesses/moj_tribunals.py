"""The table of appeals to the SEND Tribunal, read from the sheet's own XML."""

from __future__ import annotations

import csv
import zipfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

#: Which of a year's three columns, and what its figure is multiplied by.
FIGURES = {"send-appeals": (0, 1.0), "send-appeal-rate": (2, 100.0)}
MEASURES = frozenset(FIGURES)
#: Names that the two departments write differently.
OTHERS = {
    "E92000001": "England Total",
    "E06000010": "Kingston Upon Hull, City of",
    "E06000019": "Herefordshire",
    "E06000047": "Durham",
}


@cache
def rows(folder: Path) -> dict[str, list[str]]:
    """The cells of every row of the second table by the name in it, footnote digits aside."""
    with zipfile.ZipFile(folder / "dfe/send/send_appeal_rate_table_2022.ods") as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    table = next(t for t in root.iter(f"{TABLE}table") if t.get(f"{TABLE}name") == "SEND_2")
    found: dict[str, list[str]] = {}
    for row in table.iter(f"{TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            said = " ".join("".join(p.itertext()) for p in cell.iter(f"{TEXT}p")).strip()
            exact = cell.get(f"{OFFICE}value", said)
            repeats = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            cells += [exact] * min(repeats, 28 - len(cells))
        if cells and cells[0]:
            found.setdefault(cells[0].rstrip("0123456789"), cells)
    return found


@cache
def names(folder: Path) -> dict[str, str]:
    """The councils' names by code, from the education department's files of the same years."""
    found = dict(OTHERS)
    for name, code, council in (
        ("dfe/send/sen2_mi.csv", 7, 9),
        ("dfe/childrens-social-care/b1_children_in_need_2013_to_2025.csv", 8, 9),
    ):
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            for line in csv.reader(file):
                if line[2] == "Local authority":
                    found.setdefault(line[code], line[council])
    return found


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> float | None:
    """The figure of a calendar year, or None for two dots."""
    figure, times = FIGURES[measure_id]
    cell = rows(folder)[names(folder)[area]][1 + 3 * (int(period_end[:4]) - 2014) + figure]
    return None if cell == ".." else float(cell) * times
