"""Targets: chances worked by hand, both views against each other, and the words at their edges."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from goldenthread.analysis.control import xmr
from goldenthread.analysis.forecast import forecast
from goldenthread.analysis.targets import CATEGORIES, rag, target_check, trajectory

NAN = math.nan

#: Steps 2, -2, 1, -1, 1, -1: nothing but the usual variation round 50.
STEADY = [50.0, 52.0, 50.0, 51.0, 50.0, 51.0, 50.0]
#: Two a year, with a wobble.
RISING = [40.0, 42.3, 43.8, 46.1, 48.2, 49.7, 52.0]

histories = st.lists(st.integers(0, 400).map(lambda x: x / 4), min_size=4, max_size=6)
numbers = st.integers(0, 400).map(lambda x: x / 4)


def test_the_chance_is_the_share_of_the_forecast_beyond_the_target():
    """Naive on 50, 53, 49, 53: σ² = (9 + 16 + 16)/3; two ahead σ√2."""
    history = [50.0, 53.0, 49.0, 53.0]
    check = target_check(history, 60, by=2)
    assert check.forecast.method == "naive"
    error = math.sqrt(41 / 3 * 2)
    assert check.chance == pytest.approx(0.5 * math.erfc((60 - 53) / error / math.sqrt(2)))
    low = target_check(history, 46, by=2, polarity="low")
    assert low.chance == pytest.approx(check.chance)
    assert low.category == check.category


def test_at_the_limits_of_the_interval_the_chance_is_its_tail():
    table = forecast(RISING, 3).table
    for column, chance in (
        ("upper_80", 0.1),
        ("lower_80", 0.9),
        ("upper_95", 0.025),
        ("value", 0.5),
    ):
        check = target_check(RISING, table.loc[3, column], by=3)
        assert check.chance == pytest.approx(chance)


@pytest.mark.parametrize(
    ("history", "target", "polarity", "category"),
    [
        (RISING, 50, "high", "already met"),
        (RISING, 52, "high", "already met"),  # at the target is met
        (RISING, 55, "high", "within reach"),
        (RISING, 70, "high", "out of reach without change"),
        (STEADY, 51, "high", "a stretch"),  # inside the limits
        (STEADY, 53, "high", "a stretch"),
        (STEADY, 60, "high", "out of reach without change"),
        (STEADY, 40, "low", "out of reach without change"),
        (STEADY, 49, "low", "a stretch"),
        (STEADY, 50, "low", "already met"),
        ([0, 0, 0, 0, 0], 0, "low", "already met"),
        ([0, 0, 0, 0, 0], 1, "high", "out of reach without change"),
        ([1, 2, 3], 10, "high", "cannot tell"),
        ([1, 2, 3], 2, "high", "already met"),
        ([1, NAN, 2, NAN, 3, NAN, 2], 9, "high", "cannot tell"),
        ([NAN, NAN], 9, "high", "cannot tell"),
    ],
)
def test_categories(history, target, polarity, category):
    check = target_check(history, target, by=2, polarity=polarity)
    assert check.category == category
    assert bool(check.reason) == (category == "cannot tell")


def test_why_it_cannot_be_told():
    few = target_check([1, 2, 3], 10, by=2)
    assert few.reason == "fewer than 4 figures"
    assert math.isnan(few.chance)
    assert few.forecast is None
    apart = target_check([1, NAN, 2, NAN, 3, NAN, 2], 9, by=2)
    assert apart.reason == "no two figures are next to each other"
    assert apart.within_limits is None
    assert 0 < apart.chance < 1
    none = target_check([NAN] * 5, 9, by=2)
    assert math.isnan(none.latest)
    assert math.isnan(none.seen)
    assert none.trajectory["needed"].tolist()[-1] == 9
    assert none.trajectory[["lower", "upper"]].isna().all().all()


def test_both_views_are_those_of_the_chart_and_the_forecast():
    """Mean 354/7, mean moving range 8/6: limits at ± 2.66 · 8/6."""
    width = 2.66 * 8 / 6
    centre = sum(STEADY) / 7
    for target, within in ((centre + width - 0.01, True), (centre + width + 0.01, False)):
        assert target_check(STEADY, target, by=1).within_limits is within
    assert target_check(STEADY, 30, by=1).within_limits is True  # on the worse side of both limits
    assert target_check(STEADY, 60, by=1, polarity="low").within_limits is True
    check = target_check(STEADY, 60, by=1)
    assert check.chart.trial
    pd.testing.assert_frame_equal(
        check.chart.table, xmr(STEADY, improvement="increase", target=60).table
    )
    pd.testing.assert_frame_equal(check.forecast.table, forecast(STEADY, 1).table)


def test_a_system_on_its_way_is_not_called_out_of_reach():
    """Beyond the limits of what was, but where the forecast is going: the views do not agree."""
    check = target_check(RISING, 60, by=4)
    assert check.within_limits is False
    assert check.chance > 0.1
    assert check.category == "a stretch" if check.chance < 0.5 else "within reach"


def test_the_way_and_how_far_it_asks_for_more_than_was_seen():
    check = target_check([50, 52, 54, 56], target=65, by=3)
    assert check.trajectory["needed"].tolist() == [56, 59, 62, 65]
    assert check.trajectory.index.tolist() == [0, 1, 2, 3]
    assert (check.needed, check.seen) == (3, 2)
    # The band: 2.66 mean moving ranges of 2.
    assert check.trajectory["upper"].to_numpy() == pytest.approx(
        [56 + 5.32, 59 + 5.32, 62 + 5.32, 65 + 5.32]
    )
    own = target_check([50, 52, 54, 56], target=65, by=3, tolerance=1).trajectory
    assert (own["needed"] - own["lower"]).tolist() == [1, 1, 1, 1]


def test_the_change_seen_is_the_median_slope():
    check = target_check(RISING, 60, by=4)
    assert check.seen == pytest.approx(stats.theilslopes(RISING).slope)


def test_a_late_figure_makes_the_way_begin_earlier():
    check = target_check([50, 52, 54, 56, NAN], target=62, by=2)
    assert check.trajectory.index.tolist() == [-1, 0, 1, 2]
    assert check.trajectory["needed"].tolist() == [56, 58, 60, 62]
    assert check.needed == 2
    assert check.latest == 56


def test_what_is_met_is_to_be_held():
    check = target_check(RISING, 50, by=3)
    assert (check.trajectory["needed"] == 50).all()
    assert check.needed == 0


def test_what_never_changed_is_there_or_is_not():
    assert target_check([5, 5, 5, 5], 5, by=2).chance == 1
    assert target_check([5, 5, 5, 5], 5.1, by=2).chance == 0
    assert target_check([5, 5, 5, 5], 5.1, by=2, polarity="low").chance == 1


def test_bounds_are_those_of_the_forecast():
    history = [90.0, 94.0, 97.0, 99.0]
    check = target_check(history, 100, by=2, bounds=(0, 100))
    assert check.forecast.table["upper_95"].max() == 100
    assert 0 < check.chance <= 1
    with pytest.raises(ValueError, match=r"within \(0, 100\), not 101"):
        target_check(history, 101, by=2, bounds=(0, 100))


@given(histories, numbers, st.integers(1, 3))
def test_a_sign_turned_turns_the_polarity(history, target, by):
    high = target_check(history, target, by)
    low = target_check([-x for x in history], -target, by, polarity="low")
    assert low.category == high.category
    assert low.chance == pytest.approx(high.chance)
    assert low.needed == pytest.approx(-high.needed)
    assert low.within_limits == high.within_limits


@given(histories, numbers, numbers)
def test_a_harder_target_is_never_likelier_nor_in_an_easier_category(history, one, other):
    assume(one != other)
    easy, hard = (target_check(history, target, 2) for target in sorted([one, other]))
    assert hard.chance <= easy.chance
    assert CATEGORIES.index(hard.category) >= CATEGORIES.index(easy.category)


@given(histories, numbers, st.integers(1, 4))
def test_the_way_ends_at_the_target(history, target, by):
    check = target_check(history, target, by)
    assert check.trajectory["needed"].iloc[-1] == target
    assert check.needed * by == pytest.approx(max(target - history[-1], 0))
    assert 0 <= check.chance <= 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"polarity": None}, "not None"),
        ({"polarity": "up"}, "'up'"),
        ({"target": NAN}, "target: expected a number, not nan"),
        ({"by": 0}, "by: expected a whole number of periods from 1, not 0"),
        ({"by": 1.5}, "not 1.5"),
        ({"tolerance": -1}, "tolerance: expected 0 or more, not -1"),
        ({"history": []}, "history"),
        ({"history": [1, 2, math.inf]}, "inf"),
        ({"season": 5}, "season"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(more, said):
    given_ = {"history": STEADY, "target": 60, "by": 2, **more}
    with pytest.raises(ValueError, match=said):
        target_check(**given_)


def test_a_compound_way_changes_by_the_same_percentage():
    way = trajectory(80, 40, 4, "compound")["needed"]
    assert way.iloc[[0, -1]].tolist() == [80, 40]
    assert (way / way.shift()).dropna().to_numpy() == pytest.approx(0.5**0.25)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(1, 40), st.floats(0, 1e3))
def test_a_straight_way_has_equal_steps_and_exact_ends(start, target, periods, tolerance):
    way = trajectory(start, target, periods, tolerance=tolerance)
    assert way["needed"].iloc[0] == start
    assert way["needed"].iloc[-1] == target
    assert np.diff(way["needed"]) == pytest.approx((target - start) / periods, abs=1e-6)
    assert (way["lower"] <= way["needed"]).all()
    assert (way["needed"] <= way["upper"]).all()


@pytest.mark.parametrize("shape", ["straight", "compound"])
def test_of_a_way_from_nowhere_only_the_end_is_known(shape):
    way = trajectory(NAN, 5, 3, shape)["needed"]
    assert way.isna().tolist() == [True, True, True, False]
    assert way.iloc[-1] == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0, 10, 3, "compound"), "no percentage leads from 0 to 10"),
        ((-5, 10, 3, "compound"), "from -5"),
        ((1, 10, 0), "periods"),
        ((1, 10, 2.5), "2.5"),
        ((1, 10, 3, "curved"), "'curved'"),
        ((math.inf, 10, 3), "inf"),
    ],
)
def test_a_way_that_makes_no_sense_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        trajectory(*arguments)


@pytest.mark.parametrize(
    ("value", "target", "tolerance", "polarity", "said"),
    [
        (80, 80, 2, "high", "met"),
        (81, 80, 2, "high", "met"),
        (78, 80, 2, "high", "near"),
        (77.9, 80, 2, "high", "missed"),
        (79.9, 80, 0, "high", "missed"),
        (80, 80, 2, "low", "met"),
        (82, 80, 2, "low", "near"),
        (82.1, 80, 2, "low", "missed"),
        (0, 0, 0, "low", "met"),
        (0, 1, 0.5, "high", "missed"),
        (-1, -2, 0.5, "high", "met"),
        # One tenth off, which in floating point is a little more or less than one tenth.
        (0.7, 0.8, 0.1, "high", "near"),
        (80.2, 80.3, 0.1, "high", "near"),
        (1.1, 1.0, 0.1, "low", "near"),
        (NAN, 80, 2, "high", "cannot tell"),
        (80, NAN, 2, "high", "cannot tell"),
        (80, 80, NAN, "high", "cannot tell"),
    ],
)
def test_met_near_and_missed(value, target, tolerance, polarity, said):
    found = rag(value, target, tolerance, polarity)
    assert found == said
    assert isinstance(found, str)


def test_many_measures_at_once_each_with_its_own_polarity():
    values = pd.DataFrame({"rate": [50.0, 60.0, NAN], "waste": [500.0, 390.0, 410.0]})
    found = rag(values, [55, 400], [5, 10], ["high", "low"])
    assert found.tolist() == [["near", "missed"], ["met", "met"], ["cannot tell", "near"]]
    assert rag([50, 60], 55, 5, polarity="high").tolist() == ["near", "met"]


@given(numbers, numbers, st.integers(0, 40))
def test_turning_everything_round_changes_no_status(value, target, tolerance):
    assert rag(value, target, tolerance, "high") == rag(-value, -target, tolerance, "low")


def test_a_system_steady_round_its_target_is_green_and_red_by_turns():
    """The first trap of the docstring: half of the verdicts on chance alone."""
    values = np.random.default_rng(2).normal(80, 3, size=2000)
    assert (rag(values, 80, 0, "high") == "met").mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("polarity", "named"), [(None, "None"), ("up", "up"), (["high", None], "None")]
)
def test_without_a_direction_there_is_no_status(polarity, named):
    with pytest.raises(ValueError, match=f"a target needs 'high' or 'low', not '{named}'"):
        rag([1, 2], 1, 0, polarity)


def test_a_negative_tolerance_is_refused():
    with pytest.raises(ValueError, match=r"not -0\.5"):
        rag([1, 2], 1, [0.5, -0.5], "high")
