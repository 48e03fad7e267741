"""MHCLG's detailed homelessness tables: real figures, and tables that must be refused."""

from __future__ import annotations

import pandas as pd
import pytest

from goldenthread import observations
from goldenthread.sources.error import SourceError
from tests.sources.specimen import cell, read, read_real, workbook

SOURCE = "mhclg-homelessness"
RATE = "homelessness-prevention-duty-rate"


def _tables() -> dict[str, list[list]]:
    """Table A1 as the publisher lays it out: a hidden header above the one that is seen."""
    return {
        "Contents": [["Data in each new release is provisional and subject to revision."]],
        "A1": [
            ["Table A1 - Number of households by assessment\nEngland, October to December 2022"],
            ["", "", "", "Grand Total", "", "", "Prevention Duty owed"],
            ["", "", "", "Number of households"],
            [
                *["", "", "", "Total initial assessments1,2", ""],
                *["Assessed as owed a duty", "", "", "", ""],
                "Number of households\nin area5 (000s)",
                "Households assessed as threatened with homelessness\nper (000s)",
                "Households assessed as homeless\nper (000s)",
            ],
            [
                *["", "", "", "", "", "Total owed a prevention or relief duty"],
                "Threatened with homelessness within 56 days - \nPrevention duty owed",
                "Of which:",
                "Homeless - \nRelief duty owed4",
            ],
            ["E92000001", "ENGLAND", "", 900, "", 800, 410, 5, 390, "", 200.04, 2.05, 1.95],
            ["E12000007", "London", "", 300, "", 200, 100, 5, 100, "", 50, 2, 2],
            ["-", "Rest of England", "", 600, "", 600, 310, 5, 290, "", 150, 2, 2],
            [],
            ["E12000007", "London", "", 300, "", 200, 100, 5, 100, "", 50, 2, 2],
            [],
            ["E06000010", "Hull", "", "..", "", "..", "..", "..", "..", "", 100.5, "..", ".."],
            ["E07000223", "Adur", "", 60, "", 56, 28, 0, 28, "", 28, 1, 1],
            ["E06000053", "Scilly", "", 0, "", 0, 0, 0, 0, "", 1, 0, 0],
            ["Notes"],
            [1, "", "", "The outcome of the assessment"],
            ["..", "", "", "incomplete or no data"],
        ],
    }


def _read(tables: dict[str, list[list]], query: dict | None = None) -> pd.DataFrame:
    return read(SOURCE, workbook(tables), "d.xlsx", query=query, only="a1")


@pytest.fixture(scope="module")
def real(publisher_files) -> pd.DataFrame:
    return read_real(SOURCE, publisher_files)


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("measure", "area", "expected"),
    [
        ("homelessness-assessments", "E92000001", 72550),
        ("homelessness-prevention-duty", "E12000001", 2320),
        ("homelessness-relief-duty", "E06000014", 69),
        (RATE, "E06000014", 1.2758153257316),
        ("homelessness-prevented", "E07000239", 100 * 14 / 27),
        ("homelessness-relieved", "E92000001", 100 * 16070 / 44000),
        ("homelessness-main-duty", "E12000007", 2820),
        ("homelessness-support-needs", "E06000014", 100 * 70 / (49 + 62 + 70)),
        ("temporary-accommodation", "E92000001", 101300),
        ("temporary-accommodation-rate", "E06000014", 0.751819745520407),
        ("temporary-accommodation-families-rate", "E06000014", 32 / 87.787),
        ("temporary-accommodation-children", "E06000014", 59),
        ("bed-and-breakfast-families-over-6-weeks", "E92000001", 1630),
    ],
)
def test_figures_are_the_publishers(real, measure, area, expected):
    assert cell(real, measure, area)["value"] == pytest.approx(expected)


@pytest.mark.publisher_files
def test_each_kind_of_missing_is_kept(real):
    hull = cell(real, "homelessness-assessments", "E06000010")
    assert hull["status"] == "not provided"
    families = real[real["measure"] == "bed-and-breakfast-families-over-6-weeks"]
    assert families["status"].value_counts().to_dict() == {
        "provisional": 221,
        "suppressed": 78,
        "not provided": 20,
    }
    assert (families["value"] == 0).sum() == 91


@pytest.mark.publisher_files
def test_flows_are_of_the_quarter_and_stocks_of_its_last_day(real):
    periods = real.groupby("measure")["period_label"].unique().map(list)
    assert periods["homelessness-assessments"] == ["October to December 2022"]
    assert periods["temporary-accommodation"] == ["31 December 2022"]


@pytest.mark.publisher_files
def test_every_district_and_region_has_one_row(real):
    areas = real[real["measure"] == "homelessness-assessments"]["area"]
    assert len(areas) == 319
    assert areas.str[:3].value_counts()["E12"] == 9


def test_a_small_table_is_read():
    table = _read(_tables())
    adur = cell(table, RATE, "E07000223")
    assert (adur["numerator"], adur["denominator"], adur["value"]) == (28, 28000, 1)
    assert adur["status"] == "provisional"
    assert cell(table, RATE, "E92000001")["numerator"] == 410
    assert cell(table, "homelessness-relief-duty", "E06000053")["value"] == 0
    assert cell(table, "homelessness-relief-duty", "E06000010")["status"] == "not provided"


def test_a_rate_that_its_parts_do_not_give_stands_alone():
    tables = _tables()
    tables["A1"][12][11] = 1.5
    adur = cell(_read(tables), RATE, "E07000223")
    assert adur["value"] == 1.5
    assert pd.isna(adur["numerator"])


def test_without_the_word_figures_are_final():
    tables = _tables()
    tables["Contents"] = [["Annual tables"]]
    assert cell(_read(tables), RATE, "E07000223")["status"] == "published"


def _change(row, column, text):
    def spoil(tables):
        tables["A1"][row - 1][column] = text

    return spoil


def _rename(tables):
    tables["A1 new"] = tables.pop("A1")


def _no_england(tables):
    del tables["A1"][5]


def _merged(tables):
    tables["A1"][4][7] = "Threatened with homelessness within 56 days - \nPrevention duty owed"


def _other_london(tables):
    tables["A1"][9][3] = 301


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_rename, ["'a1'", "A1 new"]),
        (_change(4, 3, "Assessments"), ["A1", "total initial assessments"]),
        (_change(4, 10, "Households"), ["A1", "number of households in area"]),
        (_merged, ["A1", "several columns"]),
        (_no_england, ["A1", "no row of England", "E92000001"]),
        (_change(1, 0, "Table A1"), ["A1", "row 1", "which period"]),
        (_change(1, 0, "Table A1\nEngland, last winter"), ["A1", "row 1", "last winter"]),
        (_change(13, 0, "Adur"), ["A1", "row 13", "figures of no area"]),
        (_change(13, 0, "E07000999"), ["A1", "row 13", "E07000999"]),
        (_change(13, 3, "sixty"), ["A1", "row 13", "sixty"]),
    ],
)
def test_what_is_not_recognised_is_refused_by_name(spoil, said):
    tables = _tables()
    spoil(tables)
    with pytest.raises(SourceError) as refused:
        _read(tables)
    message = str(refused.value)
    assert [part for part in [SOURCE, "d.xlsx", *said] if part not in message] == []


def test_two_different_rows_of_one_area_are_refused():
    tables = _tables()
    _other_london(tables)
    with pytest.raises(observations.ObservationError, match="E12000007"):
        _read(tables)


def test_a_published_rate_needs_its_denominator():
    with pytest.raises(SourceError, match="denominator"):
        _read(_tables(), {"sheet": "a1", "columns": ["x"], "published": "y"})
