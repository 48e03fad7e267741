"""Council taxbase: four editions, whose lines were renamed, renumbered and given new columns."""

from __future__ import annotations

import dataclasses
import io

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from goldenthread import observations
from goldenthread.catalogue import catalogue
from goldenthread.sources import document, mhclg_taxbase
from goldenthread.sources.error import SourceError

pytestmark = pytest.mark.publisher_files
SOURCE = "mhclg-taxbase"


@pytest.fixture(scope="module")
def documents(publisher_files):
    return document.in_folder(catalogue().sources[SOURCE], publisher_files / "mhclg")


@pytest.fixture(scope="module")
def table(documents):
    return observations.validate(mhclg_taxbase.read(documents, catalogue().of_source(SOURCE)))


@pytest.fixture(scope="module")
def newest(documents):
    """The rows of the newest edition, to be copied and changed."""
    original = next(d for d in documents if d.name.endswith("2022.ods"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(original.content))
    sheet = book.get_sheet_by_name("Council_Taxbase_Data")
    return original, sheet.to_python(skip_empty_area=False)


def altered(newest, change, name="Council_Taxbase_Data"):
    original, table_rows = newest
    # Forty authorities are enough of them, and the lines that are read.
    rows = [list(row[:170]) for row in table_rows[:47]]
    change(rows)
    copy = openpyxl.Workbook(write_only=True)
    page = copy.create_sheet(name)
    for row in rows:
        page.append(row)
    content = io.BytesIO()
    copy.save(content)
    return dataclasses.replace(original, name="altered.xlsx", content=content.getvalue())


def read_one(changed, measure="long-term-empty-homes"):
    return mhclg_taxbase.read([changed], [catalogue()[measure]])


def cell(table, measure, area, label):
    rows = table.query("measure == @measure and area == @area and period_label == @label")
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    ("measure", "label", "count"),
    [
        # Hartlepool, whose long-term empty homes stand on line 16a in 2013 and 16 later.
        ("dwellings-on-council-tax-list", "Autumn 2013", 42_443),
        ("dwellings-on-council-tax-list", "Autumn 2019", 44_149),
        ("long-term-empty-homes", "Autumn 2013", 879),
        ("long-term-empty-homes", "Autumn 2017", 557),
        ("long-term-empty-homes", "Autumn 2019", 882),
    ],
)
def test_counts_are_those_printed(table, measure, label, count):
    assert cell(table, measure, "E06000001", label)["value"] == count


@pytest.mark.parametrize(
    ("measure", "label", "numerator"),
    [
        ("empty-homes-share", "Autumn 2013", 1_178),
        ("empty-homes-share", "Autumn 2019", 1_552),
        ("empty-homes-premium-share", "Autumn 2013", 317),
        ("empty-homes-premium-share", "Autumn 2017", 195),
        ("second-homes-share", "Autumn 2019", 152),
        ("single-adult-discount-share", "Autumn 2017", 15_934),
    ],
)
def test_shares_keep_both_parts(table, measure, label, numerator):
    row = cell(table, measure, "E06000001", label)
    assert row["numerator"] == numerator
    assert row["value"] == pytest.approx(100 * numerator / row["denominator"])


def test_england_is_kept_and_other_totals_are_not(table):
    for label, count in {"Autumn 2013": 23_311_646, "Autumn 2022": 25_225_481}.items():
        assert cell(table, "dwellings-on-council-tax-list", "E92000001", label)["value"] == count
    assert not table["area"].str.startswith("E12").any()


def test_every_billing_authority_is_there(table):
    counted = table.groupby("period_label")["area"].nunique()
    assert counted.to_dict() == {
        "Autumn 2013": 327,
        "Autumn 2017": 327,
        "Autumn 2019": 318,
        "Autumn 2022": 310,
    }


def test_a_nought_is_a_nought(table):
    nought = table[(table["measure"] == "empty-homes-premium-share") & (table["value"] == 0)]
    assert len(nought)
    assert set(nought["status"]) == {"published"}


def test_revised_returns_say_so(table):
    assert cell(table, "long-term-empty-homes", "E07000224", "Autumn 2019")["note"]
    assert cell(table, "long-term-empty-homes", "E07000223", "Autumn 2019")["note"] == ""


def test_an_e_code_means_the_code_of_the_day(table):
    # Gateshead was re-coded in April 2013; Barnsley only in 2025.
    areas = set(table[table["period_label"] == "Autumn 2013"]["area"])
    assert {"E08000037", "E08000016"} <= areas
    assert not {"E08000020", "E08000038"} & areas


def test_moved_headers_and_new_lines_are_found(newest, table):
    def move(rows):
        for row in rows:
            row.insert(5, "")
        rows.insert(0, [""] * len(rows[0]))

    found = read_one(altered(newest, move))
    was = cell(table, "long-term-empty-homes", "E07000223", "Autumn 2022")["value"]
    assert cell(found, "long-term-empty-homes", "E07000223", "Autumn 2022")["value"] == was


def test_a_renamed_line_is_refused_with_the_nearest(newest):
    def rename(rows):
        rows[4] = [
            str(c).replace("classed as second homes", "classed as holiday homes") for c in rows[4]
        ]

    changed = altered(newest, rename)
    with pytest.raises(SourceError, match="no table here has the lines expected"):
        read_one(changed, "second-homes-share")
    both = [catalogue()["second-homes-share"], catalogue()["long-term-empty-homes"]]
    with pytest.raises(SourceError, match="a line is missing") as caught:
        mhclg_taxbase.read([changed], both)
    assert caught.value.nearest == "number of dwellings in line 7 classed as holiday homes"


def test_a_line_that_stands_twice_is_refused(newest):
    def repeat(rows):
        rows[4][120] = rows[4][160]

    with pytest.raises(SourceError, match="several lines answer"):
        read_one(altered(newest, repeat))


def test_a_line_without_a_total_is_refused(newest):
    def untotal(rows):
        rows[5][168] = "Band I"

    with pytest.raises(SourceError, match="no total of all bands"):
        read_one(altered(newest, untotal))


def test_a_form_without_a_year_is_refused(newest):
    def undate(rows):
        rows[4] = [str(c).replace("exempt on 3 October 2022", "exempt") for c in rows[4]]

    with pytest.raises(SourceError, match="does not say its year"):
        read_one(altered(newest, undate))


def test_a_form_of_two_years_is_refused(newest):
    def contradict(rows):
        rows[0][3] = "Source:- CTB (2021)"

    with pytest.raises(SourceError, match=r"several years.*2021, 2022"):
        read_one(altered(newest, contradict))


def test_an_unknown_mark_is_refused_with_its_row(newest):
    def mark(rows):
        rows[7][168] = "late"

    with pytest.raises(SourceError, match=r"row 8.*late"):
        read_one(altered(newest, mark))


def test_an_unknown_authority_is_refused(newest):
    def invent(rows):
        rows[7][0] = "E0199"

    with pytest.raises(SourceError, match=r"row 8.*E0199"):
        read_one(altered(newest, invent))


def test_a_repeated_row_is_refused(newest):
    def repeat(rows):
        rows.insert(8, list(rows[7]))

    with pytest.raises(observations.ObservationError, match="repeat"):
        observations.validate(read_one(altered(newest, repeat)))


def test_a_missing_sheet_is_refused(newest):
    with pytest.raises(SourceError, match="no such sheet"):
        read_one(altered(newest, lambda rows: None, name="Table"))


def test_a_count_above_the_homes_there_are_is_out_of_range(newest):
    def inflate(rows):
        rows[7][168] = 10_000_000

    found = read_one(altered(newest, inflate), "long-term-empty-share")
    maximum = catalogue()["long-term-empty-share"].maximum
    assert (found["value"] > maximum).sum() == 1
