"""Fuel poverty by administrative area: real figures, and tables that must be refused."""

from __future__ import annotations

import pandas as pd
import pytest

from goldenthread import observations
from goldenthread.sources.error import SourceError
from tests.sources.specimen import read, read_real, workbook

SOURCE = "desnz-fuel-poverty"


def _tables() -> dict[str, list[list]]:
    """Small tables as the publisher lays them out, right in every respect."""
    households = ["Number of households", "Number of households in fuel poverty"]
    share = "Proportion of households fuel poor (%)"
    return {
        "Notes": [["Notes"]],
        "Table 1": [
            ["Table 1: Fuel Poverty by Region [Note A], 2020"],
            [],
            ["Region", *households],
        ],
        "Table 2": [
            ["Table 2: Fuel poor households by administrative area, 2020 [Notes 3 and 4]"],
            [],
            ["Area Codes", "Area names ", "", "", *households, share],
            ["E92000001", "ENGLAND", "", "", 1000, 100, 10],
            ["E11000007", "", "Tyne and Wear (Met County)", "", 200, 30, 15],
            ["E06000010", "", "Hull", "", 100, 12.5, 12.5],
            [],
            ["Back to contents"],
        ],
    }


def _read(tables: dict[str, list[list]]) -> pd.DataFrame:
    return read(SOURCE, workbook(tables), "f.xlsx")


@pytest.fixture(scope="module")
def real(publisher_files) -> pd.DataFrame:
    return read_real(SOURCE, publisher_files)


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("area", "expected", "poor", "households"),
    [
        ("E92000001", 13.231481313511315, 3158206, 23868877),
        ("E12000001", 14.431255975517601, 172828, 1197595),
        ("E10000006", 13.938947988058697, 33151, 237830),
        ("E06000047", 14.73313901742516, 34928, 237071),
    ],
)
def test_figures_are_the_publishers(real, area, expected, poor, households):
    (row,) = real[real["area"] == area].to_dict("records")
    assert row["value"] == pytest.approx(expected)
    assert (row["numerator"], row["denominator"]) == (poor, households)
    assert row["period_label"] == "2020"


@pytest.mark.publisher_files
def test_counties_of_metropolitan_districts_are_not_councils(real):
    assert not real["area"].str.startswith(("E11", "E13")).any()
    assert real["area"].str[:3].value_counts().to_dict() == {
        "E07": 181,
        "E06": 59,
        "E08": 36,
        "E09": 33,
        "E10": 24,
        "E12": 9,
        "E92": 1,
    }


def test_a_small_table_is_read():
    table = _read(_tables())
    assert table.set_index("area")["value"].to_dict() == {"E06000010": 12.5, "E92000001": 10}


def _change(row, column, text):
    def spoil(tables):
        tables["Table 2"][row - 1][column] = text

    return spoil


def _drop(tables):
    del tables["Table 2"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_drop, ["by administrative area", "Fuel Poverty by Region"]),
        (_change(1, 0, "Table 2: Households by administrative area"), ["row 1", "which year"]),
        (_change(1, 0, "Table 2: by administrative area, 20200"), ["row 1", "which year"]),
        (_change(3, 6, "Share"), ["Table 2", "proportion of households fuel poor"]),
        (_change(3, 0, "Code"), ["Table 2", "area codes"]),
        (_change(6, 0, "Hull"), ["Table 2", "row 6", "figures of no area", "Hull"]),
        (_change(6, 0, "E06000999"), ["Table 2", "row 6", "E06000999"]),
        (_change(6, 6, "high"), ["Table 2", "row 6", "high"]),
    ],
)
def test_what_is_not_recognised_is_refused_by_name(spoil, said):
    tables = _tables()
    spoil(tables)
    with pytest.raises(SourceError) as refused:
        _read(tables)
    message = str(refused.value)
    assert [part for part in [SOURCE, "f.xlsx", *said] if part not in message] == []


def test_an_area_twice_is_refused():
    tables = _tables()
    tables["Table 2"].append(tables["Table 2"][5])
    with pytest.raises(observations.ObservationError, match="E06000010"):
        _read(tables)
