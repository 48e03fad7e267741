"""Revenue outturn: real editions in four layouts, and the ways in which a next one may differ."""

from __future__ import annotations

import dataclasses
import io
import math

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from goldenthread import observations
from goldenthread.catalogue import catalogue
from goldenthread.sources import document, mhclg_revenue
from goldenthread.sources.error import SourceError

pytestmark = pytest.mark.publisher_files
SOURCE = "mhclg-revenue"


@pytest.fixture(scope="module")
def documents(publisher_files):
    return document.in_folder(catalogue().sources[SOURCE], publisher_files / "mhclg")


@pytest.fixture(scope="module")
def table(documents):
    return observations.validate(mhclg_revenue.read(documents, catalogue().of_source(SOURCE)))


def cell(table, measure, area, label):
    rows = table.query("measure == @measure and area == @area and period_label == @label")
    assert len(rows) == 1
    return rows.iloc[0]


def altered(original, sheet, change):
    """The document as xlsx with one sheet alone, changed: `change` gets its rows as lists.

    A text that `change` returns becomes the sheet's name.
    """
    book = CalamineWorkbook.from_filelike(io.BytesIO(original.content))
    rows = [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
    name = change(rows) or sheet
    copy = openpyxl.Workbook(write_only=True)
    page = copy.create_sheet(name)
    for row in rows:
        page.append(row)
    content = io.BytesIO()
    copy.save(content)
    return dataclasses.replace(original, name="altered.xlsx", content=content.getvalue())


def edition(documents, name):
    return next(d for d in documents if d.name.startswith(name))


def read_one(altered_document, measure):
    return mhclg_revenue.read([altered_document], [catalogue()[measure]])


RSX = ("RSX_LA_Data_2024", "RSX_LA_Data_202425")


def test_every_edition_is_read(documents, table):
    assert len(documents) == 6
    labels = table.groupby("measure")["period_label"].unique()
    assert set(labels["education-spending"]) == {"2022/23", "2024/25"}
    assert set(labels["fostering-spending"]) == {"2022/23", "2024/25"}
    assert set(labels["earmarked-reserves"]) == {"31 March 2015", "31 March 2018"}


@pytest.mark.parametrize(
    ("measure", "area", "label", "pounds"),
    [
        ("education-spending", "E08000016", "2024/25", 144_227_000),
        ("environmental-services-spending", "E08000016", "2024/25", 26_347_000),
        ("highways-and-transport-spending", "E09000002", "2024/25", 3_586_000),
        ("total-service-spending", "E10000020", "2022/23", 1_240_599_000),
        ("fire-and-rescue-spending", "E31000001", "2022/23", 50_690_000),
        ("children-looked-after-spending", "E10000003", "2022/23", 35_612_000),
        ("residential-care-spending", "E10000003", "2022/23", 23_595_000),
        ("childrens-centres-spending", "E10000003", "2024/25", 7_374_000),
        ("unallocated-reserves", "E06000022", "31 March 2015", 8_900_000),
        ("earmarked-reserves", "E06000022", "31 March 2015", 48_479_000),
        ("unallocated-reserves", "E08000006", "31 March 2018", 13_243_000),
        ("schools-reserves", "E08000006", "31 March 2018", 8_405_000),
    ],
)
def test_thousands_become_pounds(table, measure, area, label, pounds):
    assert cell(table, measure, area, label)["value"] == pytest.approx(pounds)


def test_shares_keep_both_parts_and_come_from_two_sheets(table):
    row = cell(table, "unallocated-reserves-share", "E06000022", "31 March 2015")
    assert (row["numerator"], row["denominator"]) == (8_900_000, 120_647_000)
    assert row["value"] == pytest.approx(100 * 8_900 / 120_647)
    row = cell(table, "agency-share-of-childrens-staffing", "E10000003", "2022/23")
    assert row["value"] == pytest.approx(100 * 5_782 / (5_782 + 38_550))


def test_a_return_that_did_not_come_is_missing_and_a_nought_is_a_nought(table):
    row = cell(table, "total-service-spending", "E07000223", "2022/23")
    assert math.isnan(row["value"])
    assert row["status"] == "not provided"
    row = cell(table, "residential-care-spending", "E08000037", "2024/25")
    assert (math.isnan(row["value"]), row["status"]) == (True, "not available")
    nought = table[(table["measure"] == "residential-care-spending") & (table["value"] == 0)]
    assert len(nought)
    assert set(nought["status"]) == {"published"}


def test_england_is_estimated_where_returns_are_missing(table):
    row = cell(table, "education-spending", "E92000001", "2024/25")
    assert (row["value"], row["status"]) == (pytest.approx(44_390_881_206.32), "estimated")
    row = cell(table, "unallocated-reserves", "E92000001", "31 March 2018")
    assert row["status"] == "published"


def test_each_tier_has_its_own_rows(table):
    counted = table[table["period_label"] == "2024/25"].groupby("measure")["area"].nunique()
    assert counted["education-spending"] == 153 + 1
    assert counted["housing-services-spending"] == 296 + 1
    assert counted["total-service-spending"] == 317 + 1
    # The Greater London Authority's row bears the region's code: it is not London's figure.
    assert not table["area"].str.startswith("E12").any()


def test_a_council_that_runs_its_fire_service_reports_for_the_fire_authority(table):
    fire = table[table["measure"] == "fire-and-rescue-spending"]
    assert cell(fire, "fire-and-rescue-spending", "E31000026", "2022/23")["value"] == 33_604_000
    assert cell(fire, "fire-and-rescue-spending", "E31000040", "2022/23")["value"] == 124_086_000
    assert set(fire["area"].str[:3]) == {"E31", "E92"}


def test_a_code_of_another_county_is_not_believed(documents, table):
    # In 2017/18 North Yorkshire's row bears E10000022, a code that is nobody's.
    assert cell(table, "unallocated-reserves", "E10000023", "31 March 2018")["value"] > 0


def test_a_moved_header_is_found(documents, table):
    def move(rows):
        for _ in range(9):
            rows.insert(2, [""] * len(rows[0]))

    moved = altered(edition(documents, RSX[0]), RSX[1], move)
    found = read_one(moved, "education-spending")
    same = table[(table["measure"] == "education-spending") & (table["period_label"] == "2024/25")]
    assert found["value"].sum() == same["value"].sum()


def test_a_renamed_column_is_refused_with_the_nearest(documents):
    def rename(rows):
        header = next(row for row in rows if row[0] == "E-code")
        header[13] = "Education services - Net Expenditure (C7 = C3 - C6)"

    with pytest.raises(SourceError, match="a column is missing") as caught:
        read_one(altered(edition(documents, RSX[0]), RSX[1], rename), "education-spending")
    assert caught.value.sheet == RSX[1]
    assert caught.value.expected == "education services - net current expenditure"
    assert caught.value.nearest.startswith("education services - net expenditure")


def test_a_missing_sheet_is_refused(documents):
    with pytest.raises(SourceError, match="no such sheet") as caught:
        read_one(
            altered(edition(documents, RSX[0]), RSX[1], lambda rows: "Figures"),
            "education-spending",
        )
    assert caught.value.expected == "rsx_la_data_.*"


def test_a_title_without_a_year_is_refused(documents):
    def untitle(rows):
        rows[0][0] = "Revenue outturn, latest year"

    with pytest.raises(SourceError, match="does not say the financial year"):
        read_one(altered(edition(documents, RSX[0]), RSX[1], untitle), "education-spending")


def test_an_unknown_mark_is_refused_with_its_row(documents):
    def mark(rows):
        rows[15][13] = "(see text)"

    with pytest.raises(SourceError, match=r"row 16.*\(see text\)"):
        read_one(altered(edition(documents, RSX[0]), RSX[1], mark), "education-spending")


def test_an_unknown_authority_is_refused(documents):
    def invent(rows):
        rows[15][0], rows[15][1] = "E0199", "E06000999"

    with pytest.raises(SourceError, match=r"row 16.*E-code.*E0199"):
        read_one(altered(edition(documents, RSX[0]), RSX[1], invent), "education-spending")


def test_a_repeated_row_is_refused(documents):
    def repeat(rows):
        rows.insert(16, list(rows[15]))

    twice = read_one(altered(edition(documents, RSX[0]), RSX[1], repeat), "education-spending")
    with pytest.raises(observations.ObservationError, match="repeat"):
        observations.validate(twice)


def test_reserves_at_the_start_of_the_year_are_not_taken_for_those_at_its_end(documents):
    def first_of_april(rows):
        rows[4] = [str(c).replace("31 March 2018", "1 April 2018") for c in rows[4]]

    summary = edition(documents, "RS_2017-18")
    with pytest.raises(SourceError, match="unallocated financial reserves level"):
        read_one(altered(summary, "RS LA Data 2017-18", first_of_april), "unallocated-reserves")


def test_a_truncated_file_is_refused(documents):
    whole = edition(documents, RSX[0])
    with pytest.raises(SourceError, match="cut short"):
        dataclasses.replace(whole, content=whole.content[:5000]).check()


def test_a_query_with_an_unknown_field_is_refused(documents):
    measure = catalogue()["education-spending"]
    origin = measure.origin.model_copy(update={"query": {**measure.origin.query, "colums": []}})
    with pytest.raises(SourceError, match="education-spending: colums"):
        mhclg_revenue.read(documents, [measure.model_copy(update={"origin": origin})])
