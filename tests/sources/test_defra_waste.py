"""Defra's waste tables: real figures, and tables that must be refused."""

from __future__ import annotations

import io
from datetime import date

import pandas as pd
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from goldenthread import catalogue
from goldenthread.sources import defra_waste
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError
from tests.sources.specimen import cell, read, read_real

SOURCE = "defra-waste"
T1_HEADER = [
    "Financial Year",
    "Region",
    "ONS Code",
    "JPP order",
    "Local Authority",
    "Authority type",
    "Total local authority collected waste (tonnes)",
    "Household - total waste (tonnes)",
    "Household - waste sent for recycling-composting-reuse (tonnes)",
    "Household dry recycling-reuse (tonnes)",
    "Household green recycling-reuse (tonnes)",
    'Household - estimated rejects (tonnes) - See "Notes" sheet for detail on rejects calculation.',
]
T2_HEADER = [
    "Year",
    "Region",
    "Geographical Code",
    "ONS Code",
    "Jpp Order",
    "Authority",
    "Authority Type",
    "Incineration with EfW",
    "Total2",
]
T3_HEADER = [
    "Year",
    "Region",
    "ONS code",
    "Jpp Order",
    "Authority",
    "Authority type",
    "Residual household waste per household (kg/household) (Ex NI191)",
    "Percentage of household waste sent for reuse, recycling or composting (Ex NI192)",
    "Percentage of municipal waste sent to landfill (Ex NI193)",
    "Collected household waste per person (kg) (Ex BVPI 84a)",
]


def _tables() -> dict[str, list[list]]:
    """Small tables as Defra lays them out, right in every respect."""
    hull = ["2021-22", "Yorkshire and Humber", "E06000010", 1, "Hull", "Unitary"]
    adur = ["2021-22", "South East", "E07000223", 2, "Adur", "Collection"]
    return {
        "Table_1": [
            ["Table 1"],
            [],
            list(T1_HEADER),
            [*hull, 1200, 1000, 400, 250, 150, 20],
            [*adur, 600, 500, 200, 120, 0, -5],
            ["Notes:"],
        ],
        "Table_2": [
            list(T2_HEADER),
            ["2021-22", "Yorkshire and Humber", 1, "E06000010", 1, "Hull", "Unitary", 600, 1200],
            ["2021-22", "Total England", "*Total", "*Total", "*Total", "Total", "*Total", 6, 10],
        ],
        "Table_3": [
            ["Table 3"],
            [],
            ["", "", "figures revised"],
            list(T3_HEADER),
            [*hull, 500.5, 0.4, 0.0, 400],
            [*adur, 450, 0.41, "-", ":"],
            ["2021-22", "*Eastern", "Total", "Total", "Total", "Total", 500, 0.45, 0.1, 400],
            [],
            ["Notes:"],
        ],
    }


def _ods(tables: dict[str, list[list]]) -> bytes:
    book = OpenDocumentSpreadsheet()
    for name, rows in tables.items():
        sheet = Table(name=name)
        for row in rows:
            line = TableRow()
            for given in row or [""]:
                if isinstance(given, str):
                    made = TableCell(valuetype="string")
                    made.addElement(P(text=given))
                else:
                    made = TableCell(valuetype="float", value=given)
                line.addElement(made)
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def _read(tables: dict[str, list[list]]) -> pd.DataFrame:
    return read(SOURCE, _ods(tables), "LA_collection.ods")


@pytest.fixture(scope="module")
def real(publisher_files) -> pd.DataFrame:
    return read_real(SOURCE, publisher_files)


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("measure", "area", "year", "expected"),
    [
        ("household-recycling-rate", "E07000223", "2010/11", 36.7),
        ("household-recycling-rate", "E92000001", "2022/23", 41.7),
        ("household-recycling-rate", "E12000009", "2022/23", 48.2),
        ("residual-waste-per-household", "E07000223", "2010/11", 454.3),
        ("household-waste-per-person", "E07000026", "2010/11", 480.0),
        ("municipal-waste-landfilled", "E12000007", "2022/23", 0.1),
        ("household-waste-collected", "E07000223", "2014/15", 21555),
        ("dry-recycling-share", "E07000223", "2014/15", 100 * 5039 / 21555),
        ("recycling-rejected", "E07000223", "2014/15", 100 * 442 / (6892 + 442)),
        ("waste-to-energy", "E06000015", "2014/15", 100 * 35480 / 114800),
        ("waste-to-energy", "E92000001", "2022/23", 100 * 11963158 / 24547661),
    ],
)
def test_figures_are_the_publishers(real, measure, area, year, expected):
    assert cell(real, measure, area, year)["value"] == pytest.approx(expected)


@pytest.mark.publisher_files
def test_a_true_zero_stays_and_a_missing_value_is_not_one(real):
    landfill = real[real["measure"] == "municipal-waste-landfilled"]
    assert (landfill["value"] == 0).sum() == 61
    person = real[real["measure"] == "household-waste-per-person"]
    assert person.loc[person["value"].isna(), "status"].unique().tolist() == ["not available"]


@pytest.mark.publisher_files
def test_tonnes_stand_behind_a_rate_only_where_they_give_it(real):
    rate = real[real["measure"] == "household-recycling-rate"]
    held = rate.dropna(subset=["numerator"])
    again = 100 * held["numerator"] / held["denominator"]
    assert (again - held["value"]).abs().max() <= 0.06
    bromley = cell(rate, "household-recycling-rate", "E09000006", "2016/17")
    assert pd.isna(bromley["numerator"])
    assert bromley["value"] == pytest.approx(48.6)


@pytest.mark.publisher_files
def test_joint_reports_belong_to_no_single_district(real):
    assert not (real["area"] == "E07000203").any(), "Mid Suffolk reports with Babergh"
    assert (
        not real["area"]
        .isin(["E07000150", "E07000153"])
        .loc[real["period_label"].isin(["2019/20", "2020/21"])]
        .any()
    )
    wycombe = real[real["area"] == "E07000007"]
    assert wycombe["period_label"].max() == "2014/15", "then it reports with Chiltern"


@pytest.mark.publisher_files
def test_an_outdated_code_gives_way_to_the_area_that_followed(real):
    rate = real[real["measure"] == "household-recycling-rate"]
    assert "E10000002" not in set(rate.loc[rate["period_label"] == "2022/23", "area"])
    buckinghamshire = cell(rate, "household-recycling-rate", "E06000060", "2022/23")
    assert "E10000002" in buckinghamshire["note"]
    somerset = cell(rate, "household-recycling-rate", "E10000027", "2022/23")
    assert "partnership" in somerset["note"]


def test_small_tables_are_read():
    table = _read(_tables())
    assert cell(table, "household-recycling-rate", "E06000010", "2021/22")["numerator"] == 400
    adur = cell(table, "household-recycling-rate", "E07000223", "2021/22")
    assert adur["value"] == 41
    assert pd.isna(adur["numerator"]), "200 of 500 tonnes are not 41 per cent"
    assert cell(table, "household-recycling-rate", "E12000006", "2021/22")["value"] == 45
    assert cell(table, "municipal-waste-landfilled", "E06000010", "2021/22")["value"] == 0
    assert cell(table, "garden-food-recycling-share", "E07000223", "2021/22")["value"] == 0
    assert cell(table, "waste-to-energy", "E92000001", "2021/22")["value"] == 60
    assert not (
        (table["measure"] == "municipal-waste-landfilled") & (table["area"] == "E07000223")
    ).any()


def _spoil_header(tables):
    tables["Table_3"][3][8] = "Share sent to landfill"


def _spoil_code_header(tables):
    tables["Table_3"][3][2] = "Area code"


def _spoil_sheet(tables):
    tables["Table_4"] = tables.pop("Table_1")


def _spoil_year(tables):
    tables["Table_3"][4][0] = "the year after last"


def _spoil_mark(tables):
    tables["Table_3"][5][9] = "see note"


def _spoil_kind(tables):
    tables["Table_1"][3][5] = "Joint"


def _spoil_region(tables):
    tables["Table_3"][6][1] = "*Wessex"


def _spoil_area(tables):
    tables["Table_3"][4][2] = "E06999999"


def _spoil_twice(tables):
    tables["Table_1"].append(tables["Table_1"][3])


def _spoil_ended(tables):
    tables["Table_3"][4][2] = "E10000009"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_spoil_header, ["Table_3", "row 4", "municipal waste sent to landfill"]),
        (_spoil_code_header, ["Table_3", "row 4", "ons code"]),
        (_spoil_sheet, ["table_1", "Table_2"]),
        (_spoil_year, ["Table_3", "row 5", "'Year'", "the year after last"]),
        (_spoil_mark, ["Table_3", "row 6", "see note"]),
        (_spoil_kind, ["Table_1", "row 4", "'Joint'", "Collection"]),
        (_spoil_region, ["Table_3", "row 7", "Wessex"]),
        (_spoil_area, ["Table_3", "row 5", "E06999999"]),
        (_spoil_twice, ["Table_1", "row 7", "E06000010, 2021-22"]),
        (_spoil_ended, ["Table_3", "row 5", "E10000009"]),
    ],
)
def test_what_is_not_recognised_is_refused_by_name(spoil, said):
    tables = _tables()
    spoil(tables)
    with pytest.raises(SourceError) as refused:
        _read(tables)
    message = str(refused.value)
    assert [part for part in [SOURCE, "LA_collection.ods", *said] if part not in message] == []


@pytest.mark.publisher_files
def test_a_truncated_file_is_refused(publisher_files):
    content = (publisher_files / "defra" / "LA_collection.ods").read_bytes()[:100_000]
    with pytest.raises(SourceError, match="cut short"):
        Document(SOURCE, "local-authority-tables", "x.ods", content, date(2026, 1, 1)).check()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sheet": "t", "authorities": ["Unitary"]}, "a column, or a numerator"),
        ({"sheet": "t", "authorities": ["Unitary"], "numerator": ["a"]}, "together"),
        ({"sheet": "t", "column": "a", "authorities": ["Parish"]}, "authorities"),
    ],
)
def test_a_wrong_query_is_refused(query, said):
    measure = catalogue.catalogue()["household-recycling-rate"]
    origin = measure.origin.model_copy(update={"query": query})
    document = Document(SOURCE, "local-authority-tables", "a.ods", _ods(_tables()), date.today())
    with pytest.raises(SourceError, match=said):
        defra_waste.read([document], [measure.model_copy(update={"origin": origin})])
