"""Revenue outturn, looked up by sheet, column and row in the publisher's own files."""

from __future__ import annotations

import functools
import warnings
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import openpyxl
import xlrd

#: Positions of the net current expenditure of a service in the RSX sheets, from 0.
RSX = {
    "education-spending": 13,
    "highways-and-transport-spending": 20,
    "childrens-social-care-spending": 27,
    "adult-social-care-spending": 34,
    "public-health-spending": 41,
    "housing-services-spending": 48,
    "cultural-services-spending": 55,
    "environmental-services-spending": 62,
    "planning-and-development-spending": 69,
    "fire-and-rescue-spending": 83,
    "central-services-spending": 90,
    "total-service-spending": 104,
}
RO3 = {
    "childrens-centres-spending": 13,
    "children-looked-after-spending": 20,
    "residential-care-spending": 27,
    "fostering-spending": 34,
    "asylum-seeking-children-looked-after-spending": 41,
    "other-looked-after-spending": 48,
    "other-childrens-services-spending": 55,
    "family-support-spending": 62,
    "youth-justice-spending": 69,
    "safeguarding-spending": 76,
    "asylum-seekers-childrens-spending": 83,
    "services-for-young-people-spending": 90,
}
#: Shares: what is above the line, what is below it.
RSX_SHARES = {
    "social-care-share-of-spending": ([27, 34], [27, 34, 20, 41, 48, 55, 62, 69, 90, 97]),
    "fees-and-charges-share": ([101], [100]),
    "employee-share-of-spending": ([98], [100]),
}
RO3_SHARES = {
    "residential-share-of-looked-after-spending": ([27], [20]),
    "agency-share-of-childrens-staffing": ([98], [98, 91]),
}
#: Positions of reserves on the last day: in sheet (2) for 2014-15, in the one sheet for 2017-18.
RESERVES = {
    "schools-reserves": ([69], [74]),
    "public-health-reserves": ([70], [75]),
    "earmarked-reserves": ([71], [76]),
    "unallocated-reserves": ([72], [77]),
    "unallocated-reserves-share": ([72], [77]),
    "usable-reserves-share": ([71, 72], [76, 77]),
}
NET_REVENUE_EXPENDITURE = 58
MEASURES = frozenset({*RSX, *RO3, *RSX_SHARES, *RO3_SHARES, *RESERVES})

#: Councils and mayors that run the fire service of a fire authority's area.
FIRE = {
    "E31000008": "E06000052",
    "E31000016": "E10000013",
    "E31000019": "E10000015",
    "E31000025": "E10000019",
    "E31000026": "E10000020",
    "E31000027": "E47000012",
    "E31000029": "E06000057",
    "E31000031": "E10000025",
    "E31000034": "E10000029",
    "E31000035": "E10000030",
    "E31000036": "E10000031",
    "E31000037": "E10000032",
    "E31000039": "E06000053",
    "E31000040": "E47000001",
    "E31000046": "E12000007",
}
FOLDER = Path("mhclg") / "revenue-outturn"
FILES = {
    ("RSX", "2022-04-01"): ("RSX_2022-23_data_by_LA.ods", "RSX_LA_Data_2022-23", 438),
    ("RSX", "2024-04-01"): ("RSX_LA_Data_2024-25_data_by_LA.ods", "RSX_LA_Data_202425", 418),
    ("RO3", "2022-04-01"): ("RO3_2022-23_data_by_LA.ods", "RO3_LA_Data_2022-23", 439),
    ("RO3", "2024-04-01"): ("RO3_LA_Data_2024-25_data_by_LA.ods", "RO3_LA_Data_202425", 418),
}
RS_2015 = "Revenue_Outturn_Summary__RS__data_2014-15_by_LA_-_02-Feb-2016.xls"
RS_2018 = "RS_2017-18_data_by_LA.xlsx"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def _ods_rows(path: Path, sheet: str, last: int) -> list[list[object]]:
    rows: list[list[object]] = []
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        for _, element in ET.iterparse(content, events=("end",)):
            if element.tag != _TABLE + "table":
                continue
            if element.get(_TABLE + "name") == sheet:
                for row in element.iter(_TABLE + "table-row"):
                    cells: list[object] = []
                    for cell in row:
                        if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                            continue
                        value: object = cell.get(_OFFICE + "value")
                        value = "".join(cell.itertext()) if value is None else float(str(value))
                        cells += [value] * int(cell.get(_TABLE + "number-columns-repeated", "1"))
                    rows += [cells] * int(row.get(_TABLE + "number-rows-repeated", "1"))
                    if len(rows) >= last:
                        return rows[:last]
            element.clear()
    return rows


@functools.cache
def _outturn(folder: Path, form: str, start: str) -> dict[str, list[object]]:
    name, sheet, last = FILES[form, start]
    rows = _ods_rows(folder / FOLDER / name, sheet, last)
    return {str(row[1]): row for row in rows if len(row) > 104 and str(row[1])[:1] == "E"}


@functools.cache
def _summary_2015(folder: Path) -> tuple[dict[str, list[object]], dict[str, list[object]]]:
    book = xlrd.open_workbook(folder / FOLDER / RS_2015)
    pages = []
    for name in ("RS LA Data 2014-15 (1)", "RS LA Data 2014-15 (2)"):
        page = book.sheet_by_name(name)
        rows = {str(page.cell_value(at, 1)): page.row_values(at) for at in range(7, page.nrows)}
        named = [page.row_values(at) for at in range(7, page.nrows)]
        rows["E92000001"] = next(row for row in named if row[2] == "ENGLAND")
        pages.append(rows)
    return pages[0], pages[1]


@functools.cache
def _summary_2018(folder: Path) -> dict[str, list[object]]:
    with warnings.catch_warnings():
        # A print area that openpyxl does not keep.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(folder / FOLDER / RS_2018, read_only=True, data_only=True)
    rows = {}
    for row in book["RS LA Data 2017-18"].iter_rows(min_row=8, max_row=455, values_only=True):
        rows["E92000001" if row[2] == "ENGLAND" else str(row[1])] = list(row)
    # North Yorkshire's code is misprinted in this workbook.
    rows["E10000023"] = next(row for row in rows.values() if row[0] == "E2721")
    return rows


def _add(row: list[object], columns: list[int]) -> float | None:
    cells = [row[at] for at in columns]
    if not all(isinstance(cell, (int, float)) for cell in cells):
        return None
    return sum(float(str(cell)) for cell in cells) * 1000


def _divide(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None or below <= 0 else 100 * above / below


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> float | None:
    """Give the published cell in pounds or per cent; None where there is a mark instead."""
    if measure_id in RESERVES:
        return _reserves(folder, measure_id, area, period_end)
    form = "RSX" if measure_id in {*RSX, *RSX_SHARES} else "RO3"
    rows = _outturn(folder, form, period_start)
    if measure_id == "fire-and-rescue-spending" and area not in rows:
        area = FIRE[area]
    row = rows[area]
    if measure_id in RSX:
        return _add(row, [RSX[measure_id]])
    if measure_id in RO3:
        return _add(row, [RO3[measure_id]])
    above, below = {**RSX_SHARES, **RO3_SHARES}[measure_id]
    return _divide(_add(row, above), _add(row, below))


def _reserves(folder: Path, measure_id: str, area: str, day: str) -> float | None:
    old, new = RESERVES[measure_id]
    if day == "2015-03-31":
        first, second = _summary_2015(folder)
        held, spent = _add(second[area], old), _add(first[area], [NET_REVENUE_EXPENDITURE])
    else:
        row = _summary_2018(folder)[area]
        held, spent = _add(row, new), _add(row, [NET_REVENUE_EXPENDITURE])
    return _divide(held, spent) if measure_id.endswith("-share") else held
