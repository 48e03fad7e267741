"""Defra's fly-tipping tables: real figures, and tables that must be refused."""

from __future__ import annotations

import pandas as pd
import pytest

from goldenthread.sources.error import SourceError
from tests.sources.specimen import cell, read, read_real, workbook

SOURCE = "defra-flytipping"
INCIDENTS = [
    "Total Incidents",
    "Highway Incidents",
    "Black Bags - Household Incidents",
    "Other Household Waste Incidents",
    "Single Black Bag Incidents",
    "Single Item Incidents",
    "Car Boot or Less Incidents",
    "Small Van Load Incidents",
    "Transit Van Load Incidents",
    "Tipper Lorry Load Incidents",
    "Significant / Multi Loads Incidents",
    "Mid population estimates ",
    "Incidents per 1,000 people",
    "Reporting basis",
]
ACTIONS = [
    "Total Actions",
    "Investigation Actions",
    "Warning Letter Actions",
    "Total Fixed Penalty Notice Actions",
    "Prosecution Actions",
]
WHO = ["Year", "ONS Code", "LA Name", "Region"]


def _tables() -> dict[str, list[list]]:
    """Small tables as Defra lays them out, right in every respect."""
    england = ["2018-19", "*Total", "*Total"]
    sizes = [1, 2, 3, 4, 5, 6, 4]
    return {
        "LA_incidents": [
            ["Fly-tipping incidents"],
            ["", "", "", "", "TOTAL"],
            [*WHO, *INCIDENTS],
            [*england, "*Total England (original)", 900, *[1] * 10, ":", ":", ":"],
            [*england, "*Total England (comparable with 2019/20)", 800, *[1] * 10, ":", ":", ":"],
            ["2018-19", "E06000010", "Hull", "Y", 100, 50, 10, 20, *sizes, ":", ":", ":"],
            ["2019-20", "*Total", "*Total", "East", 50, 5, 1, 1, *sizes, 5000, 10.0, ":"],
            ["2019-20", "E06000010", "Hull", "Y", 120, 60, 0, 0, *sizes, 4000, 30, "All incidents"],
            [
                "2019-20",
                "E06000053",
                "Scilly",
                "SW",
                0,
                0,
                0,
                0,
                *[0] * 7,
                2000,
                0,
                "All incidents",
            ],
            ["2019-20", "E06000011", "East Riding", "Y", ":", ":", *":::::::::", 4, ":", ":"],
        ],
        "LA_actions": [
            ["Fly-tipping actions"],
            ["", "", "", "", "TOTAL"],
            [*WHO, *ACTIONS],
            [*england, "*Total England", 9, 8, 7, 6, 5],
            ["2018-19", "E06000010", "Hull", "Y", 40, 30, 5, 4, 0],
            ["2019-20", "E06000010", "Hull", "Y", 60, 30, 5, 4, 1],
            ["2019-20", "E06000053", "Scilly", "SW", 0, 0, 0, 0, 0],
            ["2019-20", "E06000011", "East Riding", "Y", 12, 1, 1, 1, 1],
        ],
    }


def _read(tables: dict[str, list[list]], query: dict | None = None) -> pd.DataFrame:
    return read(SOURCE, workbook(tables), "fly.xlsx", query=query)


@pytest.fixture(scope="module")
def real(publisher_files) -> pd.DataFrame:
    return read_real(SOURCE, publisher_files)


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("measure", "area", "year", "expected"),
    [
        ("fly-tipping-incidents", "E92000001", "2012/13", 714637),
        ("fly-tipping-incidents", "E92000001", "2018/19", 957157),
        ("fly-tipping-incidents", "E12000004", "2012/13", 40059),
        ("fly-tipping-incidents", "E09000009", "2022/23", 12922),
        ("fly-tipping-highway-share", "E12000007", "2012/13", 100 * 150896 / 231894),
        ("fly-tipping-fixed-penalties", "E09000009", "2022/23", 3785),
        ("fly-tipping-actions", "E07000219", "2022/23", 561),
        ("fly-tipping-prosecutions", "E08000021", "2022/23", 100),
        ("fly-tipping-incidents-per-1000", "E12000006", "2019/20", None),
    ],
)
def test_figures_are_the_publishers(real, measure, area, year, expected):
    row = cell(real, measure, area, year)
    if expected is None:
        expected = 1000 * row["numerator"] / row["denominator"]
    assert row["value"] == pytest.approx(expected)


@pytest.mark.publisher_files
def test_the_reporting_basis_is_in_the_note(real):
    incidents = real[real["measure"] == "fly-tipping-incidents"]
    councils = incidents[~incidents["area"].str.startswith(("E12", "E92"))]
    latest = councils[councils["period_label"] == "2022/23"]
    assert latest["note"].str.startswith("Reporting basis: ").all()
    assert (latest["note"] == "Reporting basis: customer/public reported only.").any()
    assert (councils.loc[councils["period_label"] < "2019/20", "note"] == "").all()


@pytest.mark.publisher_files
def test_zero_and_missing_are_kept_apart(real):
    incidents = real[real["measure"] == "fly-tipping-incidents"]
    assert set(incidents.loc[incidents["value"] == 0, "area"]) == {"E06000053"}
    assert incidents["value"].isna().sum() == 20
    share = real[real["measure"] == "fly-tipping-highway-share"]
    scilly = share[share["area"] == "E06000053"]
    assert set(scilly["status"]) == {"not applicable"}


@pytest.mark.publisher_files
def test_the_rate_starts_when_the_publisher_gives_it(real):
    rate = real[real["measure"] == "fly-tipping-incidents-per-1000"]
    assert rate["period_label"].min() == "2019/20"


def test_small_tables_are_read():
    table = _read(_tables())
    england = cell(table, "fly-tipping-incidents", "E92000001", "2018/19")
    assert england["value"] == 800
    assert "2019/20" in england["note"]
    large = cell(table, "fly-tipping-large-share", "E06000010", "2018/19")
    assert (large["numerator"], large["denominator"], large["value"]) == (10, 25, 40)
    ratio = cell(table, "fly-tipping-actions-per-incident", "E06000010", "2019/20")
    assert ratio["value"] == 0.5
    assert ratio["note"] == "Reporting basis: all incidents."
    missing = cell(table, "fly-tipping-actions-per-incident", "E06000011", "2019/20")
    assert (missing["status"], missing["numerator"]) == ("not available", 12)
    assert cell(table, "fly-tipping-incidents-per-1000", "E12000006", "2019/20")["value"] == 10
    assert cell(table, "fly-tipping-prosecutions", "E06000010", "2018/19")["value"] == 0


def _change(sheet, row, column, text):
    def spoil(tables):
        tables[sheet][row - 1][column] = text

    return spoil


def _rename(tables):
    tables["Incidents by LA"] = tables.pop("LA_incidents")


def _repeat(tables):
    tables["LA_incidents"].append(tables["LA_incidents"][5])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_change("LA_incidents", 3, 4, "All Incidents"), ["LA_incidents", "total incidents"]),
        (_change("LA_incidents", 3, 1, "Code"), ["LA_incidents", "row 3", "ons code"]),
        (_change("LA_incidents", 3, 17, "Basis"), ["LA_incidents", "reporting basis"]),
        (_change("LA_incidents", 6, 0, "20018-19"), ["LA_incidents", "row 6", "20018-19"]),
        (_change("LA_incidents", 6, 4, "many"), ["LA_incidents", "row 6", "many"]),
        (_change("LA_incidents", 6, 1, "E06000999"), ["LA_incidents", "row 6", "E06000999"]),
        (_change("LA_incidents", 7, 3, "Mercia"), ["LA_incidents", "row 7", "mercia"]),
        (_rename, ["la_incidents", "Incidents by LA"]),
        (_repeat, ["LA_incidents", "row 11", "E06000010, 2018-19"]),
    ],
)
def test_what_is_not_recognised_is_refused_by_name(spoil, said):
    tables = _tables()
    spoil(tables)
    with pytest.raises(SourceError) as refused:
        _read(tables)
    message = str(refused.value)
    assert [part for part in [SOURCE, "fly.xlsx", *said] if part not in message] == []


def test_a_query_without_denominator_cannot_name_a_published_share():
    with pytest.raises(SourceError, match="denominator"):
        _read(_tables(), {"sheet": "la_actions", "columns": ["x"], "published": "y"})
