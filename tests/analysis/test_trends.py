"""Trends: against statsmodels, scipy and pymannkendall, by hand, and by property."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pymannkendall
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.api import WLS

from goldenthread.analysis import trends
from goldenthread.analysis.control import xmr
from goldenthread.analysis.trends import deseasonalise, mann_kendall, recent_trend, theil_sen

NAN = math.nan
FIGURES = st.integers(-20, 20).map(float)
GAPPY = st.lists(FIGURES | st.just(NAN), min_size=1, max_size=30)
#: Five years, each with a figure and half the width of its interval.
YEARS = st.lists(st.tuples(FIGURES, st.integers(1, 8)), min_size=5, max_size=5)


def _recent(years):
    figures, half = (np.array(column, dtype=float) for column in zip(*years))
    return recent_trend(figures, figures - half, figures + half)


# The recent trend -------------------------------------------------------------------------------


def test_recent_trend_by_hand():
    # Equal weights 1/SE² with SE = 3.92/3.92 = 1: b = 20/10, χ² = 2² · (5 · 55 - 15²)/5 = 40.
    figures = np.array([10.0, 12, 14, 16, 18])
    found = recent_trend(figures, figures - 1.96, figures + 1.96)
    assert found.direction == "increasing"
    assert (found.chi_squared, found.slope) == (pytest.approx(40), pytest.approx(2))


@given(YEARS)
def test_recent_trend_is_the_weighted_line_of_statsmodels(years):
    found = _recent(years)
    figures, half = (np.array(column, dtype=float) for column in zip(*years))
    error = 2 * half / 3.92
    design = np.column_stack([np.ones(5), np.arange(1, 6)])
    fits = [
        WLS(figures[keep], design[keep], weights=error[keep] ** -2).fit()
        for keep in [np.arange(5), *(np.delete(np.arange(5), year) for year in range(5))]
    ]
    slopes = np.round([fit.params[1] for fit in fits], 9)
    # The errors are known, not estimated: the variance of the slope is that of scale 1.
    chi_squared = fits[0].params[1] ** 2 / fits[0].normalized_cov_params[1, 1]
    assert found.slope == pytest.approx(fits[0].params[1], abs=1e-9)
    assert found.chi_squared == pytest.approx(chi_squared, abs=1e-9)
    firm = len(set(np.sign(slopes))) == 1
    if firm and chi_squared > stats.chi2.ppf(0.998, 1):
        assert found.direction == ("increasing" if slopes[0] > 0 else "decreasing")
    else:
        assert found.direction == "no significant change"


def test_one_odd_year_is_no_trend():
    # χ² is far beyond 9.55, but without the last year the slope is 0: not the same sign.
    found = _recent([(10, 1), (10, 1), (10, 1), (10, 1), (30, 1)])
    assert found.chi_squared > 100
    assert found.direction == "no significant change"


def test_only_the_last_five_years_count():
    years = [(5, 1), (6, 1), (7, 1), (8, 1), (9, 1)]
    assert _recent([(90, 1), (80, 1), *years]) == _recent(years)


@pytest.mark.parametrize("lost", range(5))
@pytest.mark.parametrize("column", range(3))
def test_missing_years_are_not_closed_up(lost, column):
    columns = np.add.outer([0, -1, 1], [4.0, 5, 6, 7, 8, 9, 10])
    assert recent_trend(*columns).direction == "increasing"
    columns[column, 6 - lost] = NAN
    found = recent_trend(*columns)
    if lost == 0:
        # The last year is not there yet: the five before it are in a row.
        assert found.direction == "increasing"
    else:
        assert found.direction == "cannot be calculated"
        assert math.isnan(found.slope)
        assert math.isnan(found.chi_squared)


def test_an_older_gap_does_no_harm():
    columns = np.add.outer([0, -1, 1], [4.0, NAN, 6, 7, 8, 9, 10])
    assert recent_trend(*columns).direction == "increasing"


@pytest.mark.parametrize("years", [1, 4])
def test_fewer_than_five_years_cannot_be_calculated(years):
    assert _recent([(year, 1) for year in range(years)]).direction == "cannot be calculated"


def test_a_certain_figure_has_no_weight():
    years = [(5, 1), (6, 1), (7, 0), (8, 1), (9, 1)]
    found = _recent(years)
    assert found.direction == "cannot be calculated"
    assert np.isnan([found.chi_squared, found.slope]).all()
    # It matters only among the last five.
    assert _recent([(4, 0), *[(year, 1) for year in range(5, 10)]]).direction == "increasing"


@given(YEARS, st.sampled_from([1e-6, 1e6]))
def test_recent_trend_turns_with_the_sign_and_keeps_with_the_unit(years, unit):
    figures, half = (np.array(column, dtype=float) for column in zip(*years))
    one = _recent(years)
    turned = recent_trend(-figures, -figures - half, -figures + half)
    swap = {"increasing": "decreasing", "decreasing": "increasing"}
    assert turned.direction == swap.get(one.direction, one.direction)
    assert turned.slope == pytest.approx(-one.slope)
    other = recent_trend(unit * figures, unit * (figures - half), unit * (figures + half))
    assert other.direction == one.direction
    assert other.chi_squared == pytest.approx(one.chi_squared)


@given(st.lists(YEARS, min_size=1, max_size=5))
def test_recent_trends_of_many_are_each_as_alone(rows):
    figures, half = np.moveaxis(np.array(rows, dtype=float), -1, 0)
    figures, half = np.stack([figures, -figures]), np.stack([half, half])
    found = recent_trend(figures, figures - half, figures + half)
    for i, row in enumerate(rows):
        alone = _recent(row)
        assert tuple(each[0, i] for each in found) == tuple(alone)
        assert found.slope[1, i] == -alone.slope


def test_limits_the_wrong_way_round_are_named():
    with pytest.raises(ValueError, match=r"lower: .* not 3 above 2"):
        recent_trend([1, 2], [0, 3], [2, 2])


# Theil and Sen ----------------------------------------------------------------------------------


@given(st.lists(FIGURES, min_size=2, max_size=25), st.data())
def test_theil_sen_is_scipys(values, data):
    n = len(values)
    whole = st.lists(st.integers(0, 30), min_size=n, max_size=n).filter(lambda t: len(set(t)) > 1)
    times = data.draw(st.none() | whole)
    ours, theirs = theil_sen(values, times), stats.theilslopes(values, times)
    expected = (theirs.slope, theirs.intercept, theirs.low_slope, theirs.high_slope)
    np.testing.assert_allclose(ours, expected, atol=1e-12)


@given(st.lists(GAPPY, min_size=1, max_size=5))
def test_theil_sen_of_many_leaves_gaps_out_and_keeps_the_times(rows):
    n = max(len(row) for row in rows)
    values = np.array([row + [NAN] * (n - len(row)) for row in rows])
    together = theil_sen(np.stack([values, -values]), times=2000 + np.arange(n))
    for i, row in enumerate(values):
        there = ~np.isnan(row)
        if there.sum() < 2:
            assert np.isnan([each[0, i] for each in together]).all()
            continue
        theirs = stats.theilslopes(row[there], 2000 + np.flatnonzero(there))
        expected = (theirs.slope, theirs.intercept, theirs.low_slope, theirs.high_slope)
        np.testing.assert_allclose([each[0, i] for each in together], expected, atol=1e-9)
        np.testing.assert_allclose(together.slope[1, i], -theirs.slope, atol=1e-12)


def test_theil_sen_in_parts_is_as_in_one(monkeypatch):
    values = np.random.default_rng(7).normal(size=(11, 9))
    whole = theil_sen(values)
    monkeypatch.setattr(trends, "AT_ONCE", 3 * 36)
    np.testing.assert_array_equal(theil_sen(values), whole)


def test_theil_sen_needs_two_times():
    assert np.isnan(theil_sen([1, 2, 3], times=[5, 5, 5])[0])
    with pytest.raises(ValueError, match=r"times: .* inf"):
        theil_sen([1, 2], times=[1, math.inf])


# Mann and Kendall -------------------------------------------------------------------------------


@given(st.lists(FIGURES, min_size=5, max_size=30))
def test_mann_kendall_is_pymannkendalls(values):
    ours, theirs = mann_kendall(values), pymannkendall.original_test(values)
    assert ours.s == theirs.s
    assert ours.variance == pytest.approx(theirs.var_s)
    assert ours.z == pytest.approx(theirs.z)
    assert ours.p == pytest.approx(theirs.p, abs=1e-12)
    said = {"no trend": "no significant change"}.get(theirs.trend, theirs.trend)
    assert ours.direction == said


@given(st.lists(st.integers(-1000, 1000), min_size=5, max_size=20, unique=True))
def test_mann_kendall_is_kendalls_tau_against_time(values):
    tau = stats.kendalltau(np.arange(len(values)), values).statistic
    pairs = len(values) * (len(values) - 1) / 2
    assert mann_kendall(values).s == pytest.approx(tau * pairs)


@given(st.lists(GAPPY, min_size=1, max_size=5))
def test_mann_kendall_of_many_leaves_gaps_out(rows):
    n = max(len(row) for row in rows)
    values = np.array([row + [NAN] * (n - len(row)) for row in rows])
    together = mann_kendall(np.stack([values, -values]))
    for i, row in enumerate(values):
        there = row[~np.isnan(row)]
        if len(there) < 2:
            assert np.isnan(together.s[0, i])
            continue
        np.testing.assert_array_equal(
            [str(each[0, i]) for each in together], [str(each) for each in mann_kendall(there)]
        )
        assert together.s[0, i] == sum(np.sign(b - a) for a, b in combinations(there, 2))
        assert together.z[1, i] == -together.z[0, i]
        assert together.p[1, i] == together.p[0, i]


@pytest.mark.parametrize(
    ("n", "possible"), [(2, False), (3, False), (4, False), (5, True), (6, True)]
)
def test_it_says_when_no_series_so_short_could_be_significant(n, possible):
    found = mann_kendall(np.arange(n))
    assert (found.possible, found.p < 0.05) == (possible, possible)
    assert found.direction == ("increasing" if possible else "cannot be calculated")


def test_four_points_by_hand():
    # S = 6 pairs, variance 4 · 3 · 13/18, z = 5/√8.667 = 1.698, p = 0.0894.
    found = mann_kendall([1, 2, 3, 4])
    assert (found.s, found.variance) == (6, pytest.approx(8.6667, abs=1e-4))
    assert (found.z, found.p) == (pytest.approx(1.6984, abs=1e-4), pytest.approx(0.0894, abs=1e-4))


def test_what_never_moves_has_no_trend():
    found = mann_kendall([0.0] * 10)
    assert (found.s, found.z, found.p, found.direction) == (0, 0, 1, "no significant change")
    assert found.possible


# Seasons ----------------------------------------------------------------------------------------


@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=12),
    st.integers(2, 6),
    st.sampled_from([0.0, 100.0, 0.1]),
)
def test_a_purely_seasonal_series_raises_no_signal(pattern, cycles, level):
    values = level + np.array(pattern * cycles, dtype=float)
    adjusted = deseasonalise(values, period=len(pattern))["adjusted"]
    for preset in ("mdc", "nhsrplotthedots"):
        chart = xmr(adjusted, preset=preset)
        assert set(chart.table["point_type"]) == {"common cause"}
    np.testing.assert_allclose(adjusted, values.mean(), atol=1e-9)


def test_seasons_around_zero_leave_nothing():
    values = 3 * np.sin(2 * np.pi * np.arange(48) / 12)
    assert deseasonalise(values, period=12)["adjusted"].abs().max() < 1e-12
    assert xmr(deseasonalise(values, period=12)["adjusted"]).variation == "common cause"


def test_a_change_beneath_the_seasons_is_seen():
    seasons = np.array([10.0, 30, 20, 0] * 8)
    values = pd.Series(seasons + np.repeat([0.0, 8.0], 16), index=pd.RangeIndex(2000, 2032))
    table = deseasonalise(values, period=4)
    assert table.index.equals(values.index)
    parts = table["trend"] + table["seasonal"] + table["remainder"]
    np.testing.assert_allclose(parts, values, atol=1e-9)
    np.testing.assert_allclose(table["value"] - table["seasonal"], table["adjusted"], atol=1e-9)
    # The seasons hide it: alone they are as wide as the limits.
    assert xmr(values).variation == "common cause"
    assert xmr(table["adjusted"], improvement="increase").variation == "improving"


@pytest.mark.parametrize(
    ("values", "period", "message"),
    [
        ([1.0] * 7, 4, "two whole cycles, 8 periods, not 7"),
        ([1.0, NAN] * 8, 4, "that at 1 is missing"),
        ([1.0] * 8, 1, "period: .* not 1"),
        ([[1.0] * 8] * 2, 4, "one series"),
    ],
)
def test_what_has_no_seasons_to_find_is_named(values, period, message):
    with pytest.raises(ValueError, match=message):
        deseasonalise(values, period)
