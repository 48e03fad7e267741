"""Forecasts: against the book's formulae worked here, against statsmodels asked directly, and on simulated pasts."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import SimpleExpSmoothing
from statsmodels.tsa.statespace.sarimax import SARIMAX

from goldenthread.analysis.forecast import METHODS, forecast

NAN = math.nan
Z80, Z95 = 1.2815515655446004, 1.959963984540054
LIMITS = ["lower_95", "lower_80", "value", "upper_80", "upper_95"]

#: Twelve quarters of a rate that climbs and has a bad winter; no two alike.
WALK = [41.2, 42.0, 40.9, 43.1, 44.0, 43.2, 45.1, 44.4, 46.0, 47.3, 46.1, 48.0]

series = st.lists(st.floats(0, 100).map(lambda x: round(x, 2)), min_size=4, max_size=9)


def walks(count, n, seed):
    return np.cumsum(np.random.default_rng(seed).normal(size=(count, n)), axis=1)


def test_naive_by_hand():
    """Steps 2, -1, 3: σ² = (4 + 1 + 9)/3 (FPP3 §5.5: T - K - M = 4 - 0 - 1); the error grows by √h."""
    table = forecast([10, 12, 11, 14], 3, method="naive").table
    sigma = math.sqrt(14 / 3)
    for h in (1, 2, 3):
        assert table.loc[h, "value"] == 14
        for z, level in ((Z80, "80"), (Z95, "95")):
            assert table.loc[h, f"upper_{level}"] == pytest.approx(14 + z * sigma * math.sqrt(h))
            assert table.loc[h, f"lower_{level}"] == pytest.approx(14 - z * sigma * math.sqrt(h))


def test_drift_by_hand():
    """Steps 2, -1, 3, their mean 4/3: σ² = (2/3)² + (7/3)² + (5/3)², over 4 - 2; √(h (1 + h/3))."""
    table = forecast([10, 12, 11, 14], 3, method="drift").table
    sigma = math.sqrt((4 + 49 + 25) / 9 / 2)
    for h in (1, 2, 3):
        assert table.loc[h, "value"] == pytest.approx(14 + 4 / 3 * h)
        error = sigma * math.sqrt(h * (1 + h / 3))
        assert table.loc[h, "upper_95"] == pytest.approx(14 + 4 / 3 * h + Z95 * error)
        assert table.loc[h, "lower_80"] == pytest.approx(14 + 4 / 3 * h - Z80 * error)


def test_drift_has_the_error_of_the_regression_of_steps_on_one():
    """The mean step and its standard error, from an independent place: the t test of one sample."""
    steps = np.diff(WALK)
    error = stats.sem(steps)
    found = forecast(WALK, 1, method="drift").distribution.loc[1]
    assert found["mean"] - WALK[-1] == pytest.approx(steps.mean())
    assert found["standard_error"] == pytest.approx(math.hypot(steps.std(ddof=1), error))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("wandering", [True, False])
def test_theta_is_that_of_statsmodels(seed, wandering):
    """Of a walk α is near 1, and of a line with errors round it well below."""
    errors = np.random.default_rng(seed).normal(size=14)
    values = 50 + 0.4 * np.arange(14) + (np.cumsum(errors) if wandering else errors)
    direct = ThetaModel(values, period=1, deseasonalize=False).fit()
    table = forecast(values, 4, method="theta").table
    assert table["value"].to_numpy() == pytest.approx(np.asarray(direct.forecast(4)), abs=2e-3)
    # Its interval grows as that of the model behind it, ARIMA(0,1,1), of the one-step errors below.
    found = forecast(values, 4, method="theta").distribution["standard_error"]
    alpha = direct.params["alpha"]
    model = SARIMAX(values, order=(0, 1, 1)).filter([alpha - 1, 1.0]).get_forecast(4)
    assert (found / found[1]).to_numpy() == pytest.approx(model.se_mean, rel=2e-3)
    past = [
        SimpleExpSmoothing(values[:t], initialization_method="known", initial_level=values[0])
        .fit(smoothing_level=alpha, optimized=False)
        .forecast(1)[0]
        + direct.params["b0"] / 2 * sum((1 - alpha) ** i for i in range(t))
        for t in range(2, 14)
    ]
    # From one figure the level is that figure.
    past = [values[0] + direct.params["b0"] / 2, *past]
    sigma = math.sqrt(np.sum((values[1:] - past) ** 2) / (14 - 3))
    assert found[1] == pytest.approx(sigma, rel=2e-3)


def test_theta_where_nothing_is_learnt_from_the_latest():
    """Errors round the first figure are the least with α nought: the lag (1 - (1 - α)ⁿ)/α is n there."""
    found = forecast([4, 1, 1, 6, 7, 3, 7], 2, method="theta")
    slope = 19 / 28  # least squares: Σ(t - 3)(y - ȳ) = 19, Σ(t - 3)² = 28
    assert found.table["value"].tolist() == pytest.approx(
        [4 + slope / 2 * 7, 4 + slope / 2 * 8], abs=1e-5
    )
    error = found.distribution["standard_error"]
    assert error[2] == pytest.approx(error[1])  # and so the interval does not grow


def test_theta_finds_the_least_errors_where_there_are_two_valleys():
    """With α = 1 the squared errors are 25, with α = 0 they are 43."""
    found = forecast([5, 7, 8, 7, 4, 1, 2], 1, method="theta")
    assert found.table["value"][1] == pytest.approx(2 - 25 / 28 / 2, abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_ets_is_that_of_statsmodels(seed):
    values = pd.Series(walks(1, 16, seed)[0])
    values = (values - values.mean()) / values.std(ddof=0)
    direct = ETSModel(values, error="add", trend="add", damped_trend=True).fit(disp=False)
    found = forecast(values, 5, method="ets")
    assert found.table["value"].to_numpy() == pytest.approx(direct.forecast(5).to_numpy(), abs=1e-4)
    theirs = direct.get_prediction(start=16, end=20).summary_frame(alpha=0.05)
    width = (theirs["pi_upper"] - theirs["pi_lower"]).to_numpy()
    # statsmodels divides by n; here five figures are spent on parameters.
    ours = (found.table["upper_95"] - found.table["lower_95"]).to_numpy()
    assert ours == pytest.approx(width * math.sqrt(16 / (16 - 5)), rel=1e-4)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("unit", [1e-4, 1e6])
def test_ets_is_at_least_as_likely_as_in_the_unit_of_the_figures(seed, unit):
    """Why the figures are brought to the size of one: in pounds or shares the search stops short."""
    values = unit * (50 + walks(1, 12, seed)[0])
    here = values.std() * (forecast(values / values.std(), 1, method="ets").table["value"][1])
    assert forecast(values, 1, method="ets").table["value"][1] == pytest.approx(here, rel=1e-6)
    direct = ETSModel(values, error="add", trend="add", damped_trend=True).fit(
        disp=False, maxiter=5000
    )
    spread = forecast(values, 1, method="ets").distribution["standard_error"][1]
    assert spread**2 * (12 - 5) / 12 <= direct.mse * 1.01


def test_the_trials_by_hand():
    """From 2 and 3 of the figures 1, 2, 4, 7, at most two ahead: naive 2, 5 | 3; drift 1, 3 | 1.5."""
    trials = forecast([1, 2, 4, 7], 2).backtest
    assert trials.loc["naive", "mae"] == pytest.approx((2 + 5 + 3) / 3)
    assert trials.loc["drift", "mae"] == pytest.approx((1 + 3 + 1.5) / 3)
    assert trials.loc["naive", "mase"] == pytest.approx((2 + 5 + 3) / 3 / 2)
    assert trials["trials"].tolist() == [2, 2, 0, 0]
    assert trials.index.tolist() == list(METHODS)


@pytest.mark.parametrize(
    ("n", "tried"),
    [
        *((n, ["naive", "drift"]) for n in (4, 5, 6)),
        *((n, ["naive", "drift", "theta"]) for n in (7, 8, 9)),
        *((n, ["naive", "drift", "theta", "ets"]) for n in (10, 11, 12)),
    ],
)
def test_which_methods_are_tried_with_how_many_figures(n, tried):
    found = forecast(WALK[:n], 2)
    trials = found.backtest
    assert trials.index[trials["reason"] == ""].tolist() == tried
    assert trials.index[trials["mae"].notna()].tolist() == tried
    assert sorted([found.method, *found.others]) == sorted(tried)
    longest = {"naive": 2, "drift": 2, "theta": 4, "ets": 7}[tried[-1]]
    assert (trials.loc[tried, "trials"] == n - longest).all()
    assert found.method == trials["mae"].idxmin()


def test_a_method_that_is_not_tried_says_why():
    reasons = forecast(WALK[:8], 2).backtest["reason"]
    assert reasons["theta"] == ""
    assert reasons["ets"] == "is tried from 10 figures; there are 8"


def test_a_method_that_does_not_settle_falls_out_and_says_so(monkeypatch):
    """statsmodels warns when its search ends without an answer; a search of one step always does."""
    fit = ETSModel.fit
    monkeypatch.setattr(ETSModel, "fit", lambda self, **how: fit(self, maxiter=1, **how))
    found = forecast(WALK, 2)
    assert found.backtest.at["ets", "reason"] == "its fit does not settle"
    assert math.isnan(found.backtest.at["ets", "mae"])
    assert found.method != "ets"
    assert "ets" not in found.others
    with pytest.raises(ValueError, match="ets does not settle"):
        forecast(WALK, 2, method="ets")


def test_a_method_that_does_not_settle_on_some_of_the_past_is_not_compared(monkeypatch):
    fit = ETSModel.fit

    def hurried(self, **how):
        return fit(self, **how, **({"maxiter": 1} if self.nobs < 9 else {}))

    monkeypatch.setattr(ETSModel, "fit", hurried)
    found = forecast(WALK, 2)
    assert found.backtest.at["ets", "reason"] == "its fit does not settle on some of the past"
    assert found.backtest.loc["ets", ["mae", "trials"]].fillna(0).tolist() == [0, 0]
    assert "ets" not in found.others
    assert forecast(WALK, 2, method="ets").method == "ets"  # on all the figures it does settle


def test_equals_go_to_the_simplest():
    assert forecast([5, 5, 5, 5, 5], 2).method == "naive"
    assert forecast(np.arange(12) * 0.1, 2).method == "drift"  # ets follows a straight line as well
    # Naive and drift are both 0.2/3 off; in floating point drift is less so by a rounding.
    errors = forecast([40.2, 40.3, 40.4, 40.4], 2)
    assert errors.backtest.at["naive", "mae"] == pytest.approx(0.2 / 3)
    assert errors.backtest.at["drift", "mae"] == pytest.approx(0.2 / 3)
    assert errors.method == "naive"


@pytest.mark.parametrize("level", [0.0, 50.0])
def test_what_never_changed_is_repeated_by_every_method(level):
    found = forecast([level] * 12, 3)
    for table in (found.table, *found.others.values()):
        assert (table == level).to_numpy().all()
    assert set(found.others) == {"drift", "theta", "ets"}
    assert (found.backtest["mae"] == 0).all()
    assert found.backtest["mase"].isna().all()  # there is no ordinary step to measure by


def test_a_true_zero_is_a_figure_and_a_missing_one_is_not():
    assert forecast([0, 0, 1, 0], 1).table["value"][1] == 0
    with pytest.raises(ValueError, match="needs 4 figures or more; there are 3"):
        forecast([NAN, 0, 1, 0], 1)


def test_missing_at_the_start_changes_nothing():
    pd.testing.assert_frame_equal(forecast([NAN, NAN, *WALK], 3).table, forecast(WALK, 3).table)


def test_missing_at_the_end_is_forecast_over():
    late = forecast([*WALK, NAN, NAN], 2, method="drift").table
    whole = forecast(WALK, 4, method="drift").table
    assert late.to_numpy() == pytest.approx(whole.loc[3:4].to_numpy())
    assert late.index.tolist() == [1, 2]


def test_a_gap_in_a_random_walk_by_maximum_likelihood():
    """Steps of 2 over one period, 4 over two, -1 over one: σ² = (4/1 + 16/2 + 1/1)/3."""
    found = forecast([10, 12, NAN, 16, 15], 1, method="naive")
    assert found.distribution["standard_error"][1] == pytest.approx(math.sqrt(13 / 3))


def test_every_other_year_is_tried_on_the_next_figure_there_is():
    found = forecast([10, NAN, 12, NAN, 11, NAN, 14, NAN, 15], 1)
    # From 10, 12 and so on: naive is 1, 3 and 1 off.
    assert found.backtest.at["naive", "mae"] == pytest.approx(5 / 3)
    assert found.backtest.at["naive", "trials"] == 3


def test_bounds_hold_for_every_limit_and_for_the_trials():
    found = forecast([90, 94, 97, 99], 4, bounds=(0, 100))
    assert (found.table <= 100).to_numpy().all()
    assert all((table <= 100).to_numpy().all() for table in found.others.values())
    assert found.table["upper_95"][4] == 100
    # Drift from 90, 94: 98, 102 → 100; from 90, 94, 97: 100.5 → 100.
    assert found.backtest.at["drift", "mae"] == pytest.approx((1 + 1 + 1) / 3)
    assert (found.distribution["mean"] > 100).any()


def test_a_purely_seasonal_series_goes_on_as_it_was():
    values = np.tile([10.0, 14.0, 12.0, 20.0], 4)
    found = forecast(values, 6, season=4)
    assert found.table["value"].to_numpy() == pytest.approx([10, 14, 12, 20, 10, 14])
    assert found.table["upper_95"].to_numpy() == pytest.approx([10, 14, 12, 20, 10, 14])
    assert found.method == "naive"


def test_a_season_on_a_straight_line_is_taken_apart_exactly():
    cycle = np.array([2.0, -1.0, 0.0, -1.0])
    t = np.arange(20)
    found = forecast(50 + 0.5 * t + cycle[t % 4], 4, season=4)
    then = np.arange(20, 24)
    assert found.table["value"].to_numpy() == pytest.approx(50 + 0.5 * then + cycle[then % 4])
    assert found.method == "drift"


def test_two_cycles_are_enough_for_a_forecast_and_too_few_for_a_trial():
    found = forecast([10, 14, 12, 20, 11, 14, 13, 22], 4, season=4)
    assert found.method == "naive"
    assert found.backtest["mae"].isna().all()
    assert found.backtest.at["naive", "reason"] == "is tried from 10 figures; there are 8"
    # FPP3 §5.5: what is left of eight figures after one step and three of the four quarters.
    residuals = np.diff(forecast_adjusted := adjusted([10, 14, 12, 20, 11, 14, 13, 22]))
    assert forecast_adjusted.size == 8
    assert found.distribution["standard_error"][1] == pytest.approx(
        math.sqrt((residuals**2).sum() / (8 - 1 - 3))
    )


def adjusted(values):
    """Classical decomposition by hand: the middle four, each less its two-by-four moving average."""
    values = np.asarray(values, dtype=float)
    weights = np.array([1, 2, 2, 2, 1]) / 8
    trend = np.array([values[t - 2 : t + 3] @ weights for t in range(2, 6)])
    cycle = np.empty(4)
    cycle[[2, 3, 0, 1]] = values[2:6] - trend
    return values - np.tile(cycle - cycle.mean(), 2)


@given(series, st.integers(1, 4))
def test_no_forecast_without_an_interval_round_it(values, horizon):
    found = forecast(values, horizon)
    assert found.table.index.tolist() == list(range(1, horizon + 1))
    for table in (found.table, *found.others.values()):
        assert np.isfinite(table.to_numpy()).all()
        assert (np.diff(table[LIMITS].to_numpy(), axis=1) >= 0).all()
        width = (table["upper_95"] - table["lower_95"]).to_numpy()
        assert (np.diff(width) >= -1e-9).all()  # further is never surer


@given(series, st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_a_change_of_unit_changes_nothing_but_the_unit(values, scale, shift):
    plain = forecast(values, 3, method="drift").table
    turned = forecast(scale * np.array(values) + shift, 3, method="drift").table
    assert turned.to_numpy() == pytest.approx(scale * plain.to_numpy() + shift, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_a_sign_turned_turns_the_forecast(method):
    plain = forecast(WALK, 3, method=method).table
    turned = forecast(-np.array(WALK), 3, method=method).table
    assert -turned["value"].to_numpy() == pytest.approx(plain["value"].to_numpy(), rel=1e-4)
    assert -turned["lower_95"].to_numpy() == pytest.approx(plain["upper_95"].to_numpy(), rel=1e-3)


def test_the_same_again_is_the_same():
    pd.testing.assert_frame_equal(forecast(WALK, 3).table, forecast(pd.Series(WALK), 3).table)


def test_the_interval_of_a_random_walk_holds_as_much_as_it_says():
    truth = walks(400, 23, seed=5)
    sigma = np.sqrt((np.diff(truth[:, :20]) ** 2).mean(axis=1, keepdims=True))
    error = sigma * np.sqrt([1, 2, 3])
    for walk, own in zip(truth[:8], error):
        found = forecast(walk[:20], 3, method="naive").distribution
        assert found["mean"].to_numpy() == pytest.approx(walk[[19] * 3])
        assert found["standard_error"].to_numpy() == pytest.approx(own)
    off = np.abs(truth[:, 20:] - truth[:, [19]]) / error
    held80, held95 = (off <= Z80).mean(axis=0), (off <= Z95).mean(axis=0)
    assert ((held80 > 0.72) & (held80 < 0.87)).all()
    assert ((held95 > 0.90) & (held95 < 0.99)).all()


@pytest.mark.parametrize(("n", "held"), [(4, 0.86), (10, 0.92), (20, 0.94)])
def test_how_much_the_interval_holds_with_few_figures(n, held):
    """The documented shares: the latest step over σ is Student's t with as many degrees as steps."""
    assert round(2 * stats.t.cdf(Z95, n - 1) - 1, 2) == held
    truth = walks(3000, n + 1, seed=n)
    sigma = np.sqrt((np.diff(truth[:, :n]) ** 2).mean(axis=1))
    for walk, own in zip(truth[:5], sigma):
        error = forecast(walk[:n], 1, method="naive").distribution["standard_error"][1]
        assert error == pytest.approx(own)
    inside = np.abs(np.diff(truth)[:, -1]) <= Z95 * sigma
    assert inside.mean() == pytest.approx(held, abs=0.02)


@pytest.mark.parametrize(
    ("values", "horizon", "more", "said"),
    [
        ([1, 2, 3], 1, {}, "needs 4 figures or more; there are 3"),
        ([], 1, {}, "expected a series of one period"),
        ([NAN] * 6, 1, {}, "there are 0"),
        (WALK[:5], 1, {"method": "ets"}, "needs 7 figures or more; there are 5"),
        (WALK, 0, {}, "horizon: expected a whole number from 1, not 0"),
        (WALK, 1.5, {}, "not 1.5"),
        (WALK, 1, {"method": "arima"}, "'arima'"),
        (WALK, 1, {"bounds": (100, 0)}, r"\(100, 0\)"),
        (WALK, 1, {"bounds": (0, 45)}, "45.1 is outside the bounds"),
        ([1, 2, math.inf, 3, 4], 1, {}, "finite figures or NaN, not inf"),
        ([WALK, WALK], 1, {}, r"\(2, 12\)"),
        (WALK, 1, {"season": 1}, "not 1 in 12"),
        (WALK, 1, {"season": 7}, "not 7 in 12"),
        (
            [1, NAN, NAN, 2, 3, NAN, NAN, 4],
            1,
            {"season": 4},
            "needs 8 figures or more; there are 4",
        ),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_a_reason(values, horizon, more, said):
    with pytest.raises(ValueError, match=said):
        forecast(values, horizon, **more)
