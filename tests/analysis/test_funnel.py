"""Funnels: against plain loops over the printed formulae, scipy, and what must hold of any funnel."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from goldenthread.analysis.funnel import (
    STATUSES,
    funnel_proportion,
    funnel_ratio,
    overdispersed,
)
from goldenthread.analysis.intervals import exact_poisson, wilson

Z_95, Z_998 = stats.norm.ppf(0.975), stats.norm.ppf(0.999)

#: Number of areas, each with a denominator and a count no larger.
SHARES = st.lists(
    st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=40,
)
RATIOS = st.lists(st.tuples(st.integers(0, 300), st.floats(0.5, 300)), min_size=1, max_size=40)


def status_of(value, lower_95, upper_95, lower_998, upper_998):
    if value > upper_998:
        return "high 99.8%"
    if value > upper_95:
        return "high 95%"
    if value < lower_998:
        return "low 99.8%"
    if value < lower_95:
        return "low 95%"
    return "within"


# 100 of 400 in all: p̄ = 0.25. For n = 100, √(0.25 × 0.75/100) = 0.0433013; × 1.959964 = 0.0848690;
# × 3.090232 = 0.1338111. For n = 200, half as much again less: 0.0306186 × 1.959964 = 0.0600114.
def test_a_funnel_of_shares_by_hand():
    found = funnel_proportion([8, 34, 58], [100, 100, 200])
    assert found.average == 0.25
    np.testing.assert_allclose(found.value, [0.08, 0.34, 0.29])
    np.testing.assert_allclose(found.lower_95, [0.165131, 0.165131, 0.189989], atol=1e-6)
    np.testing.assert_allclose(found.upper_95, [0.334869, 0.334869, 0.310011], atol=1e-6)
    np.testing.assert_allclose(found.upper_998[0], 0.383811, atol=1e-6)
    assert found.status.tolist() == ["low 99.8%", "high 95%", "within"]


def test_limits_of_shares_stop_at_none_and_all():
    found = funnel_proportion([0, 1, 999, 1], [1, 2, 1000, 1])
    assert found.upper_998.max() == 1
    lines = found.curve([1, 2, 1e9])
    assert lines.upper_998[0] == 1
    assert 0 < lines.lower_998[0] < lines.lower_998[2] < found.average
    assert funnel_proportion([0, 1], [1, 9]).lower_95.tolist() == [0, 0]


@given(SHARES)
def test_an_area_is_outside_exactly_when_the_average_is_outside_its_own_wilson_limits(areas):
    count, size = np.transpose(areas)
    found = funnel_proportion(count, size)
    average = count.sum() / size.sum()
    for level, beyond in [(0.95, {*STATUSES} - {"within"}), (0.998, {"high 99.8%", "low 99.8%"})]:
        lower, upper = wilson(count, size, level)
        # Where the average all but touches a limit, rounding decides.
        clear = (np.abs(lower - average) > 1e-9) & (np.abs(upper - average) > 1e-9)
        outside = (average < lower) | (average > upper)
        np.testing.assert_array_equal(np.isin(found.status, [*beyond])[clear], outside[clear])


@given(SHARES)
def test_counting_the_others_turns_the_funnel_over(areas):
    count, size = np.transpose(areas)
    for funnel in (funnel_proportion, overdispersed):
        found, other = funnel(count, size), funnel(size - count, size)
        np.testing.assert_allclose(found.lower_95, 1 - other.upper_95, atol=1e-9)
        np.testing.assert_allclose(found.upper_998, 1 - other.lower_998, atol=1e-9)


@pytest.mark.parametrize(
    ("observed", "expected", "status"),
    [
        # The exact 95% limits of 5 are 1.62 and 11.67, the 99.8% ones 0.74 and 16.45.
        (5, 1.7, "within"),
        (5, 1.6, "high 95%"),
        (5, 0.7, "high 99.8%"),
        (5, 11.6, "within"),
        (5, 11.7, "low 95%"),
        (5, 16.4, "low 95%"),
        (5, 16.5, "low 99.8%"),
        # None at all: nothing is too low for 0, and the upper limits are 3.69 and 6.91.
        (0, 3.6, "within"),
        (0, 3.7, "low 95%"),
        (0, 7.0, "low 99.8%"),
        # Byar's limits of 10 are 4.787 and 18.391 (the exact ones 4.795 and 18.390).
        (10, 4.79, "within"),
        (10, 4.78, "high 95%"),
        (10, 18.3905, "within"),
        (10, 18.40, "low 95%"),
    ],
)
def test_a_ratio_is_judged_by_its_own_limits(observed, expected, status):
    found = funnel_ratio([observed], [expected])
    assert found.status.tolist() == [status]
    assert found.value.tolist() == [observed / expected]
    assert found.average == 1


@given(st.integers(0, 9), st.floats(0.05, 30))
def test_the_lines_of_ratios_agree_with_the_exact_judgement(observed, expected):
    value, found = observed / expected, funnel_ratio([observed], [expected])
    lines = found.curve(expected)
    # Where the value all but touches a line, rounding decides; but none is below a line at 0.
    assume(all(line == 0 or abs(value - line) > 1e-9 for line in lines))
    assert found.status[0] == status_of(value, *lines)


@given(st.integers(1, 5000))
def test_the_lines_of_ratios_pass_through_the_exact_limits(count):
    for level, below, above in [(0.95, "lower_95", "upper_95"), (0.998, "lower_998", "upper_998")]:
        lower, upper = exact_poisson(count, level)
        assert getattr(funnel_ratio([1], [1]).curve(upper), below) == pytest.approx(count / upper)
        assert getattr(funnel_ratio([1], [1]).curve(lower), above) == pytest.approx(count / lower)


def quantile(values, share):
    """Type 7, by its definition."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def plain_overdispersed(count, size, kind, scale, truncate):
    """Spiegelhalter's adjustment as it is printed, one area at a time."""
    if kind == "proportion":
        middle = math.asin(math.sqrt(sum(count) / sum(size)))
        y = [math.asin(math.sqrt(x / n)) for x, n in zip(count, size)]
        s = [1 / (2 * math.sqrt(n)) for n in size]
    elif scale == "square root":
        middle, y = 1.0, [math.sqrt(x / n) for x, n in zip(count, size)]
        s = [1 / (2 * math.sqrt(n)) for n in size]
    else:
        middle, y = 0.0, [math.log(x / n) for x, n in zip(count, size)]
        s = [1 / math.sqrt(n) for n in size]
    z = [(a - middle) / b for a, b in zip(y, s)]
    if truncate:
        # The SHMI's rule: tenths of the ranks, without the first tenth and the last.
        ranks = stats.rankdata(z)
        tenths = [math.floor(r * 10 / (len(z) + 1)) for r in ranks]
        used = [i for i, tenth in enumerate(tenths) if 0 < tenth < 9]
        z, errors = [z[i] for i in used], [s[i] for i in used]
    else:
        low, high = quantile(z, 0.1), quantile(z, 0.9)
        z, errors = [min(max(one, low), high) for one in z], s
    n = len(z)
    phi = sum(one**2 for one in z) / n
    w = [1 / b**2 for b in errors]
    tau2 = max(0, (n * phi - (n - 1)) / (sum(w) - sum(b**2 for b in w) / sum(w)))

    def back(moved):
        if kind == "proportion":
            return math.sin(min(max(moved, 0), math.pi / 2)) ** 2
        return max(moved, 0) ** 2 if scale == "square root" else math.exp(moved)

    limits = [
        [back(middle + sign * z * math.sqrt(b**2 + tau2)) for b in s]
        for z in (Z_95, Z_998)
        for sign in (-1, 1)
    ]
    status = [status_of(x / n, *four) for x, n, *four in zip(count, size, *limits)]
    return phi, tau2, limits, status


@pytest.mark.parametrize("truncate", [False, True])
@pytest.mark.parametrize(
    ("kind", "scale"),
    [("proportion", "square root"), ("ratio", "square root"), ("ratio", "log")],
)
@pytest.mark.parametrize("spread", [0.0, 0.05, 0.4])
@pytest.mark.parametrize("areas", [2, 9, 29, 33, 150])
def test_overdispersion_is_the_printed_method(kind, scale, truncate, spread, areas):
    random = np.random.default_rng(areas)
    size = random.integers(50, 5000, areas)
    own = np.clip(0.3 * np.exp(random.normal(0, spread, areas)), 0, 0.9)
    count = np.maximum(random.binomial(size, own), 1)
    size = size if kind == "proportion" else size * 0.3
    found = overdispersed(count, size, kind, scale=scale, truncate=truncate)
    phi, tau2, limits, status = plain_overdispersed(
        count.tolist(), size.tolist(), kind, scale, truncate
    )
    assert found.phi == pytest.approx(phi)
    assert found.tau2 == pytest.approx(tau2, abs=1e-15)
    shown = [found.lower_95, found.upper_95, found.lower_998, found.upper_998]
    np.testing.assert_allclose(shown, limits, rtol=1e-9, atol=1e-12)
    assert found.status.tolist() == status


def test_with_large_areas_only_the_widened_funnel_tells_anything():
    random = np.random.default_rng(2)
    size = random.integers(100_000, 600_000, 150)
    count = random.binomial(size, random.normal(0.4, 0.05, 150))
    plain, wide = funnel_proportion(count, size), overdispersed(count, size)
    assert np.mean(plain.status != "within") > 0.9
    assert np.mean(wide.status != "within") < 0.15
    assert math.sqrt(wide.tau2) == pytest.approx(0.05, abs=0.015)


def test_without_overdispersion_the_funnel_is_not_widened():
    random = np.random.default_rng(4)
    size = random.integers(500, 5000, 200)
    count = random.binomial(size, 0.4)
    found = overdispersed(count, size)
    assert found.phi < 1
    assert found.tau2 == 0
    plain = funnel_proportion(count, size)
    np.testing.assert_allclose(found.lower_95, plain.lower_95, atol=1e-3)
    np.testing.assert_allclose(found.upper_998, plain.upper_998, atol=1e-3)


def test_less_trimming_widens_the_funnel_where_one_area_is_far_out():
    count, size = [*range(480, 520), 900], [1000] * 41
    trimmed, whole = overdispersed(count, size), overdispersed(count, size, winsorise=0)
    assert trimmed.status[-1] == "high 99.8%"
    assert whole.tau2 > 5 * trimmed.tau2


def test_limits_are_stopped_where_they_would_turn_round():
    found = overdispersed([0, 0, 60, 100, 30, 5], [100] * 6)
    assert found.lower_998.tolist() == [0] * 6
    ratios = overdispersed([0, 4, 60, 100, 30, 5], [10.0] * 6, "ratio")
    assert ratios.lower_998.tolist() == [0] * 6


FUNNELS = {
    "proportion": funnel_proportion,
    "ratio": funnel_ratio,
    "overdispersed": overdispersed,
    "overdispersed ratio": lambda count, size: overdispersed(count, size, "ratio"),
}


@pytest.mark.parametrize("funnel", FUNNELS.values(), ids=FUNNELS)
class TestEveryFunnel:
    @given(SHARES)
    def test_what_is_shown_is_what_is_said(self, funnel, areas):
        count, size = np.transpose(areas)
        found = funnel(count, size)
        limits = found.lower_95, found.upper_95, found.lower_998, found.upper_998
        if funnel is not funnel_ratio:
            said = [status_of(*one) for one in zip(found.value, *limits)]
            assert found.status.tolist() == said
            np.testing.assert_array_equal(found.curve(size), limits)
        assert (found.lower_998 <= found.lower_95).all()
        assert (found.upper_95 <= found.upper_998).all()
        assert (found.lower_998 >= 0).all()
        assert not {*found.status.tolist()} - {*STATUSES}

    @given(SHARES, st.randoms(use_true_random=False))
    def test_a_permutation_changes_nothing_but_the_order(self, funnel, areas, random):
        order = list(range(len(areas)))
        random.shuffle(order)
        count, size = np.transpose(areas)
        found, other = funnel(count, size), funnel(count[order], size[order])
        np.testing.assert_allclose(found.lower_95[order], other.lower_95, rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose(found.upper_998[order], other.upper_998, rtol=1e-7)

    def test_a_missing_area_is_not_compared_and_changes_nothing_for_others(self, funnel):
        count, size = [3.0, 30, 9, 50, 12, 80], [90.0, 90, 90, 100, 100, 80]
        whole = funnel(count, size)
        found = funnel([*count, math.nan, 7, math.nan], [*size, 60, math.nan, math.nan])
        assert found.status.tolist() == [*whole.status, *["not compared"] * 3]
        np.testing.assert_array_equal(found.value, [*whole.value, *[np.nan] * 3])
        np.testing.assert_array_equal(found.upper_95, [*whole.upper_95, *[np.nan] * 3])
        assert found.average == whole.average

    def test_each_row_of_a_table_is_a_funnel_by_itself(self, funnel):
        count = np.array([[3.0, 30, 9, 5], [0, 4, np.nan, 80], [np.nan] * 4])
        size = np.array([90.0, 90, 95, 100])
        found = funnel(count, size)
        lines = found.curve([10, 100])
        for row in range(2):
            one = funnel(count[row], size)
            np.testing.assert_array_equal(found.status[row], one.status)
            np.testing.assert_allclose(found.lower_998[row], one.lower_998)
            np.testing.assert_allclose(
                np.broadcast_to(lines.upper_95, (3, 2))[row], one.curve([10, 100]).upper_95
            )
        assert found.status[2].tolist() == ["not compared"] * 4

    def test_nothing_at_all(self, funnel):
        found = funnel([math.nan] * 3, [math.nan] * 3)
        assert found.status.tolist() == ["not compared"] * 3
        assert np.isnan(found.upper_95).all()
        assert funnel([], []).status.tolist() == []

    def test_areas_that_are_all_alike_are_within(self, funnel):
        found = funnel([50] * 7, [100 if funnel in (funnel_proportion, overdispersed) else 50] * 7)
        assert {*found.status.tolist()} == {"within"}

    def test_one_area_alone(self, funnel):
        found = funnel([7], [7])
        assert found.status.tolist() == ["within"]
        assert found.average == 1

    def test_the_funnel_narrows(self, funnel):
        found = funnel([3, 30, 9, 50], [90, 90, 90, 100])
        lines = found.curve(np.array([1, 10, 100, 10_000, 1e6]))
        for line in lines:
            distances = np.abs(line - found.average)
            assert (np.diff(distances) <= 1e-12).all()
        alone = found.curve(100)
        assert isinstance(alone.upper_95, float)
        assert alone.upper_95 == lines.upper_95[2]

    def test_series_lists_and_arrays_give_the_same(self, funnel):
        count, size = [3, 30, 9, 0], [90, 90, 90, 100]
        expected = funnel(count, size)
        for given_as in (np.array, pd.Series, tuple):
            found = funnel(given_as(count), given_as(size))
            np.testing.assert_array_equal(found.lower_95, expected.lower_95)
            np.testing.assert_array_equal(found.status, expected.status)

    @pytest.mark.parametrize(
        ("count", "size", "said"),
        [
            ([3, -1], [5, 5], "expected zero or more, not -1"),
            ([3, 1], [5, 0], "expected more than zero, not 0"),
            ([3, 1], [5, -2], "expected more than zero, not -2"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(self, funnel, count, size, said):
        with pytest.raises(ValueError, match=said):
            funnel(count, size)

    def test_a_curve_of_no_size_is_refused(self, funnel):
        with pytest.raises(ValueError, match="denominators: expected more than zero, not 0"):
            funnel([3], [5]).curve([10, 0])


@given(RATIOS)
def test_a_true_zero_is_judged(areas):
    observed, expected = np.transpose([*areas, (0, 500.0)])
    assert funnel_ratio(observed, expected).status[-1] == "low 99.8%"
    found = overdispersed(observed, expected, "ratio")
    assert found.value[-1] == 0
    assert found.status[-1] != "not compared"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: funnel_proportion([6], [5]), "no more than its denominator, not 6 of 5"),
        (lambda: overdispersed([6], [5]), "no more than its denominator, not 6 of 5"),
        (lambda: overdispersed([1], [5], "rate"), "kind: expected .* not 'rate'"),
        (lambda: overdispersed([1], [5], scale="cube"), "scale: expected .* not 'cube'"),
        (lambda: overdispersed([1], [5], winsorise=0.5), r"winsorise: expected .* not 0\.5"),
        (lambda: overdispersed([1], [5], winsorise=-0.1), r"winsorise: expected .* not -0\.1"),
        (
            lambda: overdispersed([0, 1], [5, 5], "ratio", scale="log"),
            "count: expected more than zero on the log scale, not 0",
        ),
        (lambda: funnel_ratio([-1], [5]), "observed: expected zero or more"),
        (lambda: funnel_ratio([1], [0]), "expected: expected more than zero"),
    ],
)
def test_what_a_method_cannot_take_is_refused_by_name(call, said):
    with pytest.raises(ValueError, match=said):
        call()
