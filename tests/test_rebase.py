"""Figures of former areas on the areas of today: carried over, added up, or left alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from goldenthread import areas, observations
from goldenthread.catalogue import catalogue
from goldenthread.rebase import rebase, rebase_all
from goldenthread.snapshot import snapshot

SUM = SimpleNamespace(rebase="sum", per=None)
RATIO = SimpleNamespace(rebase="ratio", per=100)
NEITHER = SimpleNamespace(rebase=None, per=None)

BUCKS_DISTRICTS = ["E07000004", "E07000005", "E07000006", "E07000007"]
CUMBERLAND_PARTS = ["E07000026", "E07000028", "E07000029"]
SOMERSET_2017 = ["E07000187", "E07000188", "E07000189", "E07000190", "E07000191"]


def table(codes: list[str], **columns: Any) -> pd.DataFrame:
    """Observations of one period, by default worth 10 each."""
    given_columns: dict[str, Any] = {
        "area": codes,
        "measure": "a-measure",
        "period_start": pd.Timestamp("2017-04-01"),
        "period_end": pd.Timestamp("2018-03-31"),
        "period_label": "2017/18",
        "value": [10.0] * len(codes),
        "status": "published",
    }
    return observations.validate(observations.frame(given_columns | columns))


def only(result: pd.DataFrame) -> dict[str, Any]:
    """The one row of a result."""
    assert len(result) == 1
    return {str(name): value for name, value in result.iloc[0].items()}


def values(result: pd.DataFrame) -> dict[str, float]:
    """Values by area."""
    return dict(zip(result["area"], result["value"], strict=True))


# --- the cases -----------------------------------------------------------------------------------


def test_rows_of_current_areas_stay_as_they_are() -> None:
    before = table(["E06000010", "E07000223", "E92000001"])
    pd.testing.assert_frame_equal(rebase(before, SUM), before)


@pytest.mark.parametrize("measure", [SUM, RATIO, NEITHER])
@pytest.mark.parametrize(
    ("old", "new"),
    [("E08000016", "E08000038"), ("E07000100", "E07000240"), ("E06000048", "E06000057")],
)
def test_a_recoding_carries_over_whatever_the_measure(
    measure: SimpleNamespace, old: str, new: str
) -> None:
    after = rebase(table([old], lower=[9.0], upper=[11.0], note="by survey"), measure)
    assert after["area"].tolist() == [new]
    assert only(after)["note"] == f"by survey; published under {old}"
    assert [only(after)[name] for name in ("value", "lower", "upper")] == [10, 9, 11]
    assert only(after)["status"] == "published"


def test_a_missing_value_is_carried_over_by_a_recoding_too() -> None:
    after = rebase(table(["E08000019"], value=[np.nan], status="suppressed"), NEITHER)
    assert after[["area", "status", "note"]].to_numpy().tolist() == [
        ["E08000039", "suppressed", "published under E08000019"]
    ]


def test_merged_districts_add_up() -> None:
    after = rebase(table(CUMBERLAND_PARTS, value=[1.0, 2.0, 3.0], lower=0.0, upper=9.0), SUM)
    assert values(after) == {"E06000063": 6}
    assert only(after)["status"] == "rebased"
    assert only(after)["note"] == (
        "sum of Allerdale (E07000026), Carlisle (E07000028) and Copeland (E07000029)"
    )
    assert after[["lower", "upper", "numerator"]].isna().all(axis=None)
    observations.validate(after)


def test_old_unitaries_and_a_district_make_one_new_council() -> None:
    after = rebase(table(["E06000028", "E06000029", "E07000048"]), SUM)
    assert values(after) == {"E06000058": 30}


def test_a_ratio_is_worked_out_again_from_its_parts() -> None:
    before = table(
        ["E07000205", "E07000206"],
        value=[50.0, 10.0],
        numerator=[50.0, 30.0],
        denominator=[100.0, 300.0],
    )
    after = rebase(before, RATIO)
    assert values(after) == {"E07000244": 20}
    assert [only(after)[name] for name in ("numerator", "denominator")] == [80, 400]
    assert only(after)["note"].startswith("combined from Suffolk Coastal (E07000205) and Wav")


def test_a_ratio_without_its_parts_is_left_alone() -> None:
    before = table(["E07000205", "E07000206"], numerator=[50.0, np.nan], denominator=100.0)
    pd.testing.assert_frame_equal(rebase(before, RATIO), before)
    nothing_in_it = table(["E07000205", "E07000206"], numerator=0.0, denominator=0.0)
    pd.testing.assert_frame_equal(rebase(nothing_in_it, RATIO), nothing_in_it)


def test_a_measure_that_cannot_be_combined_is_left_alone() -> None:
    before = table(CUMBERLAND_PARTS)
    pd.testing.assert_frame_equal(rebase(before, NEITHER), before)


def test_numerators_add_up_only_where_all_are_there() -> None:
    before = table(["E07000205", "E07000206"], numerator=[1.0, 2.0], denominator=[3.0, np.nan])
    after = rebase(before, SUM)
    assert only(after)["numerator"] == 3
    assert np.isnan(only(after)["denominator"])


@pytest.mark.parametrize("gone", range(3))
def test_nothing_is_put_together_without_every_part(gone: int) -> None:
    full = table(CUMBERLAND_PARTS)
    dropped = full.drop(index=gone).reset_index(drop=True)
    pd.testing.assert_frame_equal(rebase(dropped, SUM), dropped)
    suppressed = full.copy()
    suppressed.loc[gone, "value"] = np.nan
    suppressed.loc[gone, "status"] = "suppressed"
    pd.testing.assert_frame_equal(rebase(suppressed, SUM), suppressed)


def test_old_rows_that_stay_can_be_left_out() -> None:
    before = table(["E06000010", "E07000026"])
    assert rebase(before, SUM, keep_old=False)["area"].tolist() == ["E06000010"]


def test_what_is_uncertain_in_a_part_is_said_of_the_whole() -> None:
    before = table(CUMBERLAND_PARTS, status=["published", "provisional", "estimated"])
    after = rebase(before, SUM)
    assert only(after)["note"].endswith(
        "; includes provisional figures; includes estimated figures"
    )


def test_the_areas_own_row_wins() -> None:
    before = table(["E06000063", *CUMBERLAND_PARTS], value=[99.0, 1.0, 2.0, 3.0])
    pd.testing.assert_frame_equal(rebase(before, SUM), before)
    both = table(["E08000016", "E08000038"])
    pd.testing.assert_frame_equal(rebase(both, SUM), both)


def test_two_steps_of_merging_are_followed() -> None:
    after = rebase(table(SOMERSET_2017), SUM)
    assert values(after) == {"E06000066": 50}
    assert "Taunton Deane" in only(after)["note"]
    later = rebase(table(["E07000187", "E07000188", "E07000189", "E07000246"]), SUM)
    assert values(later) == {"E06000066": 40}
    halfway = table(["E07000190", "E07000191"])
    pd.testing.assert_frame_equal(rebase(halfway, SUM), halfway)


def test_fire_authorities_merge_too() -> None:
    assert values(rebase(table(["E31000012", "E31000038"]), SUM)) == {"E31000047": 20}


# --- counties and districts ----------------------------------------------------------------------


def test_a_county_of_the_same_area_carries_over() -> None:
    after = rebase(table(["E10000002"]), SUM)
    assert values(after) == {"E06000060": 10}
    assert only(after)["note"] == "published for Buckinghamshire (E10000002), the same area"
    kept = rebase(table(["E10000002"]), NEITHER)
    assert kept["area"].tolist() == ["E10000002"]


@pytest.mark.parametrize("county", ["E10000006", "E10000009", "E10000021"])
def test_a_county_that_was_split_stays_with_itself(county: str) -> None:
    before = table([county])
    pd.testing.assert_frame_equal(rebase(before, SUM), before)


def test_a_place_is_the_same_counted_by_county_or_districts() -> None:
    before = table(["E10000002", *BUCKS_DISTRICTS], value=[100.0, 25.0, 25.0, 25.0, 26.0])
    after = values(rebase(before, SUM))
    assert after["E06000060"] == 100
    assert set(after) == {"E06000060", *BUCKS_DISTRICTS}


def test_spending_of_two_tiers_is_not_mistaken_for_one() -> None:
    spending = table(["E10000002", *BUCKS_DISTRICTS], value=[400.0, 25.0, 25.0, 25.0, 25.0])
    assert values(rebase(spending, SUM)) == values(spending)
    split = table(["E10000006", *CUMBERLAND_PARTS], value=[400.0, 25.0, 25.0, 25.0])
    assert values(rebase(split, SUM)) == values(split)


def test_a_tier_with_no_part_in_the_measure_does_not_stand_in_the_way() -> None:
    silent = table(
        ["E10000002", *BUCKS_DISTRICTS],
        value=[np.nan, 25.0, 25.0, 25.0, 25.0],
        status=["not applicable", *["published"] * 4],
    )
    assert values(rebase(silent, SUM))["E06000060"] == 100
    nothing = table(["E10000002", *BUCKS_DISTRICTS], value=[400.0, 0.0, 0.0, 0.0, 0.0])
    assert values(rebase(nothing, SUM))["E06000060"] == 400


# --- what always holds ---------------------------------------------------------------------------

FORMER = sorted(a.code for a in areas.register().values() if not a.is_current)
CODES = [*FORMER, "E06000063", "E06000060", "E08000038", "E06000010", "E92000001"]


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Any observations: areas of all times, two periods, values present and missing."""
    favourites = [CUMBERLAND_PARTS, BUCKS_DISTRICTS, SOMERSET_2017, ["E10000002"]]
    codes = {
        code for group in draw(st.sets(st.sampled_from(range(4)))) for code in favourites[group]
    }
    codes |= draw(st.sets(st.sampled_from(CODES), max_size=8))
    pairs = [(code, year) for code in sorted(codes) for year in (2016, 2017) if draw(st.booleans())]
    number = st.integers(0, 50).map(float)
    present = [draw(st.integers(0, 9)) > 0 for _ in pairs]
    amounts = [draw(number) if there else np.nan for there in present]
    return observations.validate(
        observations.frame(
            {
                "area": [code for code, _ in pairs],
                "measure": "a-measure",
                "period_start": [pd.Timestamp(year, 4, 1) for _, year in pairs],
                "period_end": [pd.Timestamp(year + 1, 3, 31) for _, year in pairs],
                "period_label": [f"{year}/{year - 1999}" for _, year in pairs],
                "value": amounts,
                "numerator": amounts,
                "denominator": [draw(number) for _ in pairs],
                "status": [
                    draw(st.sampled_from(["published", "provisional", "revised"]))
                    if there
                    else draw(st.sampled_from(["suppressed", "not provided", "not applicable"]))
                    for there in present
                ],
            }
        )
    )


MEASURES = st.sampled_from([SUM, RATIO, NEITHER])


@settings(deadline=None, max_examples=25)
@given(tables())
def test_sums_are_conserved(before: pd.DataFrame) -> None:
    after = rebase(before, SUM)
    by_period = ["period_start", "period_label"]
    pd.testing.assert_series_equal(
        before.groupby(by_period)["value"].sum(), after.groupby(by_period)["value"].sum()
    )


@settings(deadline=None, max_examples=25)
@given(tables(), MEASURES)
def test_it_keeps_the_rules_of_observations(before: pd.DataFrame, measure: SimpleNamespace) -> None:
    after = observations.validate(rebase(before, measure))
    assert after.dtypes.equals(before.dtypes)


@settings(deadline=None, max_examples=25)
@given(tables(), MEASURES)
def test_it_changes_nothing_the_second_time(before: pd.DataFrame, measure: SimpleNamespace) -> None:
    once = rebase(before, measure)
    pd.testing.assert_frame_equal(rebase(once, measure), once)


@settings(deadline=None, max_examples=25)
@given(tables(), MEASURES, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(
    before: pd.DataFrame, measure: SimpleNamespace, random: Any
) -> None:
    order = list(range(len(before)))
    random.shuffle(order)
    shuffled = before.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(rebase(shuffled, measure), rebase(before, measure))


@settings(deadline=None, max_examples=25)
@given(tables(), MEASURES)
def test_a_new_row_needs_every_part(before: pd.DataFrame, measure: SimpleNamespace) -> None:
    after = rebase(before, measure)
    there = before[before["value"].notna()].groupby("period_start")["area"].agg(set).to_dict()
    for row in after[after["status"] == "rebased"].to_dict("records"):
        parts = [code for code in FORMER if f"({code})" in row["note"]]
        assert parts
        assert set(parts) <= there[row["period_start"]]
        assert not areas.register()[row["area"]].end


@settings(deadline=None, max_examples=25)
@given(tables(), MEASURES)
def test_published_rows_of_current_areas_are_untouched(
    before: pd.DataFrame, measure: SimpleNamespace
) -> None:
    after = rebase(before, measure)
    mine = before[~before["area"].isin(FORMER)]
    found = mine.merge(after, on=["area", "period_start"], suffixes=("", "_after"))
    assert len(found) == len(mine)
    assert found["value"].equals(found["value_after"])
    assert (found["status"] == found["status_after"]).all()


# --- wrong arguments -----------------------------------------------------------------------------


def test_an_unknown_way_to_rebase_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 'sum', 'ratio' or None, not 'mean'"):
        rebase(observations.empty(), SimpleNamespace(rebase="mean", per=None))
    with pytest.raises(ValueError, match="multiplier"):
        rebase(observations.empty(), SimpleNamespace(rebase="ratio", per=None))


def test_an_empty_table_stays_empty() -> None:
    pd.testing.assert_frame_equal(rebase(observations.empty(), SUM), observations.empty())


# --- against figures the publisher has put on later areas itself ---------------------------------


def population(path: Path, sheet: str, column: str) -> dict[str, float]:
    """Population by code, from the sheet of a workbook of mid-year estimates."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    header = next(row for row in rows if row[0] == "Code")
    position = [" ".join(str(name).split()) for name in header].index(column)
    return {
        str(row[0]): float(str(row[position]))
        for row in rows
        if areas.is_known(str(row[0])) and isinstance(row[position], int | float)
    }


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("file", "sheet", "later_sheet", "year", "count", "slack"),
    [
        ("ukmidyearestimates2016.xls", "MYE2 - All", "MYE 5", 2016, 5, 0.02),
        ("ukmidyearestimates20192020ladcodes.xls", "MYE2 - Persons", "MYE3", 2019, 2, 0),
    ],
)
def test_populations_agree_with_those_published_for_the_later_areas(
    publisher_files: Path,
    file: str,
    sheet: str,
    later_sheet: str,
    year: int,
    count: int,
    slack: float,
) -> None:
    # The figures of 2016 were revised before the councils of 2019 and 2020 came into being.
    folder = publisher_files / "ons" / "population"
    earlier = population(folder / file, sheet, "All ages")
    later = folder / "ukpopestimatesmid2020on2021geography.xls"
    expected = population(later, later_sheet, f"Estimated Population mid-{year}")
    after = rebase(table(list(earlier), value=list(earlier.values())), SUM)
    made = values(after[after["status"] == "rebased"])
    comparable = {code: value for code, value in made.items() if code in expected}
    assert len(comparable) == count
    for code, value in comparable.items():
        assert value == pytest.approx(expected[code], rel=slack)


def test_many_measures_at_once_are_what_each_is_by_itself():
    held = snapshot()
    chosen = [
        "household-recycling-rate",
        "fly-tipping-incidents-per-1000",
        "fly-tipping-actions",
        "council-tax-requirement",
        "homelessness-relief-duty-rate",
    ]
    published = pd.concat([held.measure(name) for name in chosen], ignore_index=True)
    together = rebase_all(published, {name: catalogue()[name] for name in chosen})
    apart = pd.concat([held.measure(name, areas="current") for name in sorted(chosen)])
    pd.testing.assert_frame_equal(together, apart.reset_index(drop=True))
