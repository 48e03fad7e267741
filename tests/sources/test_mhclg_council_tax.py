"""Council tax: four editions of returns in three layouts, receipts and support."""

from __future__ import annotations

import dataclasses
import io
import math

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from goldenthread import observations
from goldenthread.catalogue import catalogue
from goldenthread.sources import document, mhclg_council_tax
from goldenthread.sources.error import SourceError

pytestmark = pytest.mark.publisher_files
SOURCE = "mhclg-council-tax"


@pytest.fixture(scope="module")
def documents(publisher_files):
    return document.in_folder(catalogue().sources[SOURCE], publisher_files / "mhclg")


@pytest.fixture(scope="module")
def table(documents):
    return observations.validate(mhclg_council_tax.read(documents, catalogue().of_source(SOURCE)))


def cell(table, measure, area, label):
    rows = table.query("measure == @measure and area == @area and period_label == @label")
    assert len(rows) == 1
    return rows.iloc[0]


def altered(documents, name, sheet, change):
    """An edition as xlsx with one sheet alone, changed: `change` gets its rows as lists.

    A text that `change` returns becomes the sheet's name.
    """
    original = next(d for d in documents if d.name.startswith(name))
    book = CalamineWorkbook.from_filelike(io.BytesIO(original.content))
    rows = [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
    title = change(rows) or sheet
    copy = openpyxl.Workbook(write_only=True)
    page = copy.create_sheet(title)
    for row in rows:
        page.append(row)
    content = io.BytesIO()
    copy.save(content)
    return dataclasses.replace(original, name="altered.xlsx", content=content.getvalue())


def read_one(changed, measure):
    return mhclg_council_tax.read([changed], [catalogue()[measure]])


def test_two_years_of_every_edition_are_read(documents, table):
    assert len(documents) == 6
    labels = table[table["measure"] == "council-band-d"]["period_label"].unique()
    assert sorted(labels) == ["2017/18", "2018/19", "2020/21", "2021/22", "2022/23", "2023/24"]
    # Where only the current year is printed there is only that.
    labels = table[table["measure"] == "area-band-d"]["period_label"].unique()
    assert sorted(labels) == ["2018/19", "2021/22", "2022/23", "2023/24"]


@pytest.mark.parametrize(
    ("measure", "area", "label", "value"),
    [
        ("council-band-d", "E07000223", "2017/18", 282.42),
        ("council-band-d", "E07000223", "2022/23", 317.61),
        ("council-band-d", "E10000003", "2018/19", 1249.83),
        ("council-band-d", "E10000003", "2023/24", 1542.87),
        ("council-band-d-with-parishes", "E07000223", "2018/19", 310.14),
        ("area-band-d", "E07000223", "2022/23", 2118.55),
        ("area-band-d", "E92000001", "2023/24", 2065.06),
        ("council-tax-requirement", "E07000223", "2018/19", 6_084_260),
        ("council-tax-requirement", "E10000003", "2022/23", 346_551_526),
        ("council-tax-base", "E07000223", "2022/23", 21_699.7),
        ("parish-precepts", "E07000026", "2018/19", 2_024_055),
        ("adult-social-care-precept", "E10000007", "2023/24", 4_650_142),
        ("fire-band-d", "E31000001", "2021/22", 76.43),
        ("council-tax-receipts", "E06000014", "2022/23", 127_834_000),
        ("working-age-support-claimants", "E06000014", "30 June 2015", 5_127),
    ],
)
def test_values_are_those_printed(table, measure, area, label, value):
    assert cell(table, measure, area, label)["value"] == pytest.approx(value, abs=0.005)


def test_fractions_and_per_cents_under_one_label_are_all_per_cents(table):
    assert cell(table, "assumed-collection-rate", "E07000223", "2018/19")["value"] == 97
    assert cell(table, "assumed-collection-rate", "E07000223", "2022/23")["value"] == 97
    rates = table[table["measure"] == "assumed-collection-rate"]["value"]
    assert rates.between(90, 100).all()


def test_the_increase_is_on_the_publishers_own_year_before(table):
    row = cell(table, "band-d-increase", "E07000223", "2022/23")
    assert row["value"] == pytest.approx(100 * (317.61 / 311.40 - 1))
    # Somerset began in 2023: the edition gives the average of the rates before it.
    assert 0 < cell(table, "band-d-increase", "E06000066", "2023/24")["value"] < 5


def test_a_new_council_has_no_year_before_its_first(table):
    somerset = table[(table["area"] == "E06000066") & (table["measure"] == "council-tax-base")]
    assert list(somerset["period_label"]) == ["2023/24"]
    # And the districts before it keep their last year.
    assert cell(table, "council-tax-base", "E07000026", "2022/23")["value"] == 31_031.8


def test_a_line_not_filled_in_is_not_a_tax_of_nothing(table):
    row = cell(table, "council-band-d", "E07000245", "2021/22")
    assert (math.isnan(row["value"]), row["status"]) == (True, "not available")
    bills = table[table["measure"].isin(["council-band-d", "council-band-d-with-parishes"])]
    assert not (bills["value"] == 0).any()
    # But parishes that ask for nothing are a true nought.
    assert cell(table, "parish-precepts", "E09000002", "2023/24")["value"] == 0


def test_receipts_are_pounds_and_regions_are_kept(table):
    assert cell(table, "council-tax-receipts", "E92000001", "2010/11")["value"] == pytest.approx(
        22_306_237_290
    )
    regions = table[
        (table["measure"] == "council-tax-receipts") & table["area"].str.startswith("E12")
    ]
    assert regions["area"].nunique() == 9


def test_the_east_midlands_are_not_the_north_east(table):
    # Both bear E12000001 in the support tables.
    support = "pension-age-support-claimants"
    assert cell(table, support, "E12000004", "31 December 2015")["value"] == 158_465
    assert cell(table, support, "E12000001", "31 December 2015")["value"] == 132_946


def test_support_has_no_rows_for_councils_that_were_not_there(table):
    wycombe = table[
        (table["measure"] == "working-age-support-claimants") & (table["area"] == "E07000007")
    ]
    assert wycombe["period_end"].max().year == 2020
    assert cell(table, "pension-age-support-claimants", "E92000001", "30 June 2015")["status"] == (
        "not available"
    )


def test_each_tier_has_its_own_rows(table):
    counted = table[table["period_label"] == "2023/24"].groupby("measure")["area"].nunique()
    assert counted["council-band-d"] == 317
    assert counted["council-tax-base"] == 296 + 1
    assert counted["adult-social-care-precept"] == 153
    assert counted["fire-band-d"] == 30


def test_a_moved_header_is_found(documents, table):
    def move(rows):
        for _ in range(5):
            rows.insert(0, [""] * len(rows[0]))

    found = read_one(altered(documents, "ctr_2223", "Data", move), "council-tax-base")
    latest = found[(found["period_label"] == "2022/23") & (found["area"] == "E07000223")]
    assert latest["value"].item() == 21_699.7


def test_a_renamed_line_is_refused_with_the_nearest(documents):
    def rename(rows):
        rows[3] = [str(cell).replace("7. Council tax base", "7. Taxbase") for cell in rows[3]]

    with pytest.raises(SourceError, match="a line is missing") as caught:
        read_one(altered(documents, "ctr_2223", "Data", rename), "council-tax-base")
    assert caught.value.nearest == "7. taxbase for council tax setting purposes"


def test_years_that_do_not_adjoin_are_refused(documents):
    def skip(rows):
        rows[4] = [str(cell).replace("2021-22", "2019-20") for cell in rows[4]]

    with pytest.raises(SourceError, match=r"not two adjoining years.*2019-20, 2022-23"):
        read_one(altered(documents, "ctr_2223", "Data", skip), "council-tax-base")


def test_a_missing_sheet_is_refused(documents):
    with pytest.raises(SourceError, match="no such sheet"):
        read_one(altered(documents, "ctr_2223", "Data", lambda rows: "Figures"), "council-tax-base")


def test_an_unknown_mark_is_refused_with_its_row(documents):
    def mark(rows):
        rows[7][21] = "to follow"

    with pytest.raises(SourceError, match=r"row 8.*to follow"):
        read_one(altered(documents, "ctr_2223", "Data", mark), "council-tax-base")


def test_an_unknown_authority_is_refused(documents):
    def invent(rows):
        rows[7][0], rows[7][85] = "E3899", "E07000999"

    with pytest.raises(SourceError, match=r"row 8.*E3899"):
        read_one(altered(documents, "ctr_2223", "Data", invent), "council-tax-base")


def test_a_repeated_row_is_refused(documents):
    def repeat(rows):
        rows.insert(8, list(rows[7]))

    twice = read_one(altered(documents, "ctr_2223", "Data", repeat), "council-tax-base")
    with pytest.raises(observations.ObservationError, match="repeat"):
        observations.validate(twice)


def test_an_unknown_way_to_write_a_quarter_is_refused(documents):
    def rename(rows):
        rows[3] = [str(cell).replace("As at 30 June", "Snapshot of June") for cell in rows[3]]
        for at, cell_ in enumerate(rows[3]):
            if cell_.startswith("As at"):
                rows[3][at] = "Q" + cell_

    with pytest.raises(SourceError, match="no table here"):
        read_one(
            altered(documents, "Local_Council", "Table_3", rename), "working-age-support-claimants"
        )


def test_a_day_that_is_none_is_refused(documents):
    def misdate(rows):
        rows[3] = [
            str(cell).replace("As at 30 June 2015", "As at 31 June 2015") for cell in rows[3]
        ]

    with pytest.raises(SourceError, match="31 june 2015"):
        read_one(
            altered(documents, "Local_Council", "Table_3", misdate),
            "working-age-support-claimants",
        )


def test_an_unknown_region_is_refused(documents):
    def rename(rows):
        rows[5][2] = "East of Engeland"

    with pytest.raises(SourceError, match=r"row 6.*not in the register"):
        read_one(
            altered(documents, "Local_Council", "Table_3", rename), "working-age-support-claimants"
        )
