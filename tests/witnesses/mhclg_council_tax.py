"""Council tax, looked up by sheet, column and row in the publisher's own files."""

from __future__ import annotations

import functools
import warnings
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import openpyxl

#: Columns of the Data sheet, from 0: previous year, current year. In the workbook of 2018-19, in
#: those of 2021-22 and 2022-23, and in Data_Billing of Table 9.
BILLING = {
    "council-band-d": ((22, 23), (24, 25), (26, 27)),
    "council-band-d-with-parishes": ((20, 21), (22, 23), (24, 25)),
    "area-band-d": ((None, 33), (None, 35), (None, 37)),
    "band-d-increase": ((22, 23), (24, 25), (26, 27)),
    "council-tax-requirement": ((8, 9), (10, 11), (12, 13)),
    "council-tax-base": ((18, 19), (20, 21), (22, 23)),
    "parish-precepts": ((6, 7), (8, 9), (10, 11)),
    "adult-social-care-precept": ((None, 24), (None, 26), (None, 28)),
    "assumed-collection-rate": ((14, 15), (16, 17), (18, 19)),
    "fire-band-d": ((22, 23), (24, 25), (26, 27)),
}
#: The same for counties and fire authorities, where they differ.
PRECEPTING = {
    "council-band-d": ((22, 23), (22, 23), (12, 13)),
    "band-d-increase": ((22, 23), (22, 23), (12, 13)),
    "fire-band-d": ((22, 23), (22, 23), (12, 13)),
    "council-tax-requirement": ((8, 9), (4, 5), (6, 7)),
    "adult-social-care-precept": ((None, 24), (None, 26), (None, 14)),
}
#: Where England's average for the whole area stands: line 8.
ENGLAND_AREA = (21, 23, 25)
NEVER_NOUGHT = {
    "council-band-d",
    "council-band-d-with-parishes",
    "band-d-increase",
    "fire-band-d",
}
SUPPORT = {
    "working-age-support-claimants": "Table_3",
    "pension-age-support-claimants": "Table_2",
}
MEASURES = frozenset({*BILLING, *SUPPORT, "council-tax-receipts"})

FOLDER = Path("mhclg") / "council-tax"
RECEIPTS = "CT_Receipts_Live_Table_Q4_2022-23.xlsx"
CLAIMANTS = "Local_Council_Tax_Support_Claimants_Live_Table_Q3_2022-23_v2.ods"
#: The editions that hold a year, the one that stands first: edition, layout, 1 for the current.
EDITIONS = {
    "2017-04-01": (("1819", 0, 0),),
    "2018-04-01": (("1819", 0, 1),),
    "2020-04-01": (("2122", 1, 0),),
    "2021-04-01": (("2223", 1, 0), ("2122", 1, 1)),
    "2022-04-01": (("table 9", 2, 0), ("2223", 1, 1)),
    "2023-04-01": (("table 9", 2, 1),),
}
REGIONS = {
    "E12000001": "North East England",
    "E12000002": "North West England",
    "E12000003": "Yorkshire and the Humber",
    "E12000004": "East Midlands",
    "E12000005": "West Midlands",
    "E12000006": "East of England",
    "E12000007": "London",
    "E12000008": "South East England",
    "E12000009": "South West England",
    "E92000001": "England",
}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
Rows = dict[str, list[object]]


def _sheet_of_xlsx(path: Path, sheet: str) -> list[list[object]]:
    with warnings.catch_warnings():
        # Print areas and data validations that openpyxl does not keep.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


@functools.cache
def _sheets_of_ods(path: Path, wanted: tuple[str, ...]) -> dict[str, list[list[object]]]:
    sheets = {}
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        for _, element in ET.iterparse(content, events=("end",)):
            if element.tag != _TABLE + "table":
                continue
            if (name := str(element.get(_TABLE + "name"))) in wanted:
                sheets[name] = [_cells(row) for row in element.iter(_TABLE + "table-row")]
            element.clear()
    return sheets


def _cells(row: ET.Element) -> list[object]:
    cells: list[object] = []
    for cell in row:
        if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            number = cell.get(_OFFICE + "value")
            value: object = "".join(cell.itertext()) if number is None else float(number)
            times = int(cell.get(_TABLE + "number-columns-repeated", "1"))
            cells += [value] * min(times, 200)
    return cells


@functools.cache
def _codes_of_2018(folder: Path) -> dict[str, str]:
    """E-code to GSS code, as the revenue outturn of the year before prints them side by side."""
    path = folder / "mhclg" / "revenue-outturn" / "RS_2017-18_data_by_LA.xlsx"
    rows = _sheet_of_xlsx(path, "RS LA Data 2017-18")[7:452]
    # North Yorkshire's code is misprinted there, and Manchester's fire authority was just ending.
    more = {"E2721": "E10000023", "E6142": "E31000040", "Eng": "E92000001"}
    return {str(row[0]): str(row[1]) for row in rows} | more


@functools.cache
def _returns(folder: Path, edition: str) -> tuple[Rows, Rows]:
    """The returns of billing authorities and of precepting ones, by GSS code."""
    if edition == "table 9":
        sheets = _sheets_of_ods(
            folder / FOLDER / "CTR_Table_9_2023-24.ods", ("Data_Billing", "Data_Precepting")
        )
        billing = {str(row[1]): row for row in sheets["Data_Billing"][5:] if len(row) > 37}
        billing["E92000001"] = billing["TE"]
        other = {str(row[1]): row for row in sheets["Data_Precepting"][6:] if len(row) > 14}
        return billing, other
    rows = _sheet_of_xlsx(folder / FOLDER / f"ctr_{edition}.xlsx", "Data")
    line = next(at for at, row in enumerate(rows) if row[0] == "Precepting authorities")
    if edition == "1819":
        codes = _codes_of_2018(folder)
        keyed = [codes.get(str(row[0]), "") for row in rows]
    else:
        keyed = ["E92000001" if row[0] == "Eng" else str(row[85]) for row in rows]
    billing = {keyed[at]: rows[at] for at in range(5, line)}
    return billing, {keyed[at]: rows[at] for at in range(line, len(rows))}


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> float | None:
    """Give the published cell in pounds, claimants or per cent; None where there is a mark."""
    if measure_id in SUPPORT:
        return _claimants(folder, SUPPORT[measure_id], area, period_end)
    if measure_id == "council-tax-receipts":
        return _receipts(folder, area, int(period_start[:4]))
    editions = EDITIONS[period_start]
    if BILLING[measure_id][0][0] is None or measure_id == "band-d-increase":
        editions = tuple(e for e in editions if e[2] == 1)
    for edition, layout, which in editions:
        billing, precepting = _returns(folder, edition)
        if area in billing:
            row, columns = billing[area], BILLING[measure_id][layout]
        elif area in precepting:
            row, columns = precepting[area], PRECEPTING[measure_id][layout]
        else:
            continue
        if measure_id == "area-band-d" and area == "E92000001":
            return _number(row[ENGLAND_AREA[layout]])
        return _read(measure_id, row, columns, which, fraction=layout > 0)
    raise LookupError(area)


def _read(
    measure_id: str,
    row: list[object],
    columns: tuple[int | None, int | None],
    which: int,
    *,
    fraction: bool,
) -> float | None:
    at = columns[which]
    found = _number(row[at]) if at is not None else None
    if found == 0 and measure_id in NEVER_NOUGHT:
        return None
    if found is not None and measure_id == "assumed-collection-rate" and fraction:
        return found * 100
    if measure_id == "band-d-increase":
        before = _number(row[columns[0]]) if columns[0] is not None else None
        return None if not before or found is None else (found / before - 1) * 100
    return found


def _number(cell: object) -> float | None:
    if isinstance(cell, (int, float)):
        return float(cell)
    text = str(cell).strip().replace(",", "")
    return float(text) if text.replace(".", "", 1).isdigit() else None


@functools.cache
def _receipts_table(folder: Path) -> Rows:
    rows = _sheet_of_xlsx(folder / FOLDER / RECEIPTS, "Table_5")
    return {str(row[1]): row for row in rows[6:]}


def _receipts(folder: Path, area: str, year: int) -> float | None:
    # From 2010-11 in column J every fifth column is the total of a year.
    found = _number(_receipts_table(folder)[area][9 + 5 * (year - 2010)])
    return None if found is None else found * 1000


@functools.cache
def _claimants_table(folder: Path, sheet: str) -> Rows:
    rows = _sheets_of_ods(folder / FOLDER / CLAIMANTS, ("Table_2", "Table_3"))[sheet]
    named = {name: code for code, name in REGIONS.items()}
    return {named.get(str(row[2]).strip(), str(row[1])): row for row in rows[4:] if len(row) > 35}


def _claimants(folder: Path, sheet: str, area: str, day: str) -> float | None:
    # From 30 June 2015 in column F there is a column for every quarter.
    quarter = {"06-30": 0, "09-30": 1, "12-31": 2, "03-31": -1}[day[5:]]
    return _number(_claimants_table(folder, sheet)[area][5 + 4 * (int(day[:4]) - 2015) + quarter])
