"""Council taxbase, looked up by sheet, column and row in the publisher's own files."""

from __future__ import annotations

import functools
import warnings
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import openpyxl
import xlrd

#: The "Total" column of each line, from 0, in the forms of 2013, of 2017 and 2019, and of 2022.
TOTALS = {
    "dwellings-on-council-tax-list": (12, 12, 13),
    "single-adult-discount-share": (78, 78, 86),
    "second-homes-share": (107, 107, 118),
    "empty-homes-premium-share": (143, 134, 148),
    "empty-homes-share": (152, 143, 158),
    "long-term-empty-homes": (161, 152, 168),
    "long-term-empty-share": (161, 152, 168),
}
MEASURES = frozenset(TOTALS)

FOLDER = Path("mhclg") / "council-taxbase"
#: The file of a year, and the rows of its first table.
FILES = {
    2013: ("Council_Taxbase_local_authority_level_data_2013.xlsx", 6, 345),
    2017: ("LA_Drop_down_2017_web__rev_.xlsx", 6, 345),
    2019: ("Local_Authorities_Council_Taxbase_2019_Drop_down.xlsx", 6, 334),
}
LAYOUT = {2013: 0, 2017: 1, 2019: 1, 2022: 2}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def _xlsx(path: Path, sheet: str, first: int, last: int) -> list[list[object]]:
    with warnings.catch_warnings():
        # Print areas and data validations that openpyxl does not keep.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book[sheet].iter_rows(min_row=first, max_row=last, values_only=True)
    return [list(row) for row in rows]


def _codes(folder: Path, year: int) -> dict[str, str]:
    """E-code to GSS code, from a revenue outturn of about the year, which prints both."""
    outturn = folder / "mhclg" / "revenue-outturn"
    if year == 2013:
        name = "Revenue_Outturn_Summary__RS__data_2014-15_by_LA_-_02-Feb-2016.xls"
        page = xlrd.open_workbook(outturn / name).sheet_by_index(2)
        return {
            str(page.cell_value(at, 0)): str(page.cell_value(at, 1)) for at in range(page.nrows)
        }
    rows = _xlsx(outturn / "RS_2017-18_data_by_LA.xlsx", "RS LA Data 2017-18", 8, 452)
    return {str(row[0]): str(row[1]) for row in rows}


@functools.cache
def _form(folder: Path, year: int) -> dict[str, list[object]]:
    if year == 2022:
        path = folder / FOLDER / "Council_Taxbase_local_authority_level_data_2022.ods"
        return {
            str(row[1]): row for row in _ods(path, "Council_Taxbase_Data")[6:] if len(row) > 168
        }
    name, first, last = FILES[year]
    rows = _xlsx(folder / FOLDER / name, "Data", first, last)
    if year == 2019:
        found = {str(row[1]): row for row in rows}
    else:
        codes = _codes(folder, year)
        found = {codes.get(str(row[0]), ""): row for row in rows}
    found["E92000001"] = next(row for row in rows if row[3] == "England")
    return found


def _ods(path: Path, sheet: str) -> list[list[object]]:
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        for _, element in ET.iterparse(content, events=("end",)):
            if element.tag != _TABLE + "table":
                continue
            if element.get(_TABLE + "name") == sheet:
                return [_cells(row) for row in element.iter(_TABLE + "table-row")]
            element.clear()
    raise LookupError(sheet)


def _cells(row: ET.Element) -> list[object]:
    cells: list[object] = []
    for cell in row:
        if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            number = cell.get(_OFFICE + "value")
            value: object = "".join(cell.itertext()) if number is None else float(number)
            times = int(cell.get(_TABLE + "number-columns-repeated", "1"))
            cells += [value] * min(times, 400)
    return cells


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> float | None:
    """Give the published count, or the per cent of the dwellings on the list that it is."""
    year = int(period_start[:4])
    row = _form(folder, year)[area]
    count = row[TOTALS[measure_id][LAYOUT[year]]]
    dwellings = row[TOTALS["dwellings-on-council-tax-list"][LAYOUT[year]]]
    if not isinstance(count, (int, float)) or not isinstance(dwellings, (int, float)):
        return None
    return 100 * count / dwellings if measure_id.endswith("-share") else float(count)
