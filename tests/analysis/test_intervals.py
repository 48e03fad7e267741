"""Limits: against scipy and statsmodels, hand-worked tables, and what must hold of any interval."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from goldenthread.analysis.intervals import (
    EUROPEAN_STANDARD_POPULATION_2013,
    byars,
    exact_poisson,
    mean,
    proportion,
    rate,
    standardised_rate,
    wilson,
)

LEVELS = [0.8, 0.95, 0.998]
COUNTS = np.array([0, 1, 2, 3, 5, 9, 10, 11, 50, 100, 1234, 1_000_000])


def plain_byars(x, level):
    """The printed formula, one number at a time."""
    z = stats.norm.ppf(level + (1 - level) / 2)
    lower = x * (1 - 1 / (9 * x) - z / (3 * math.sqrt(x))) ** 3 if x else math.nan
    y = x + 1
    return (
        math.nan if lower < 0 else lower,
        y * (1 - 1 / (9 * y) + z / (3 * math.sqrt(y))) ** 3,
    )


def plain_exact(x, level):
    a = 1 - level
    lower = stats.chi2.ppf(a / 2, 2 * x) / 2 if x else 0.0
    return lower, stats.chi2.ppf(1 - a / 2, 2 * x + 2) / 2


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("ours", "plain"), [(byars, plain_byars), (exact_poisson, plain_exact)])
def test_limits_of_counts_are_the_printed_formulae(ours, plain, level):
    expected = np.array([plain(int(x), level) for x in COUNTS])
    lower, upper = ours(COUNTS, level)
    np.testing.assert_allclose(lower, expected[:, 0], rtol=1e-9)
    np.testing.assert_allclose(upper, expected[:, 1], rtol=1e-9)


# z = 1.959964. x = 10: 1 - 1/90 - 1.959964/(3 × 3.162278) = 0.782288; cubed 0.478741; × 10.
# Upper: 11 × (1 - 1/99 + 1.959964/(3 × 3.316625))³ = 11 × 1.186884³ = 11 × 1.671946.
# x = 100 is printed by the tests of several public packages as 81.362105.
@pytest.mark.parametrize(
    ("count", "lower", "upper"), [(10, 4.78741, 18.3914), (100, 81.36211, 121.62716)]
)
def test_byars_by_hand(count, lower, upper):
    assert byars(count) == pytest.approx((lower, upper), rel=2e-5)


# The exact limits printed in every table of the Poisson distribution since Garwood (1936).
@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (9, 4.115, 17.085)],
)
def test_exact_limits_as_tabulated(count, lower, upper):
    assert exact_poisson(count) == pytest.approx((lower, upper), abs=5e-4)


def test_a_lower_limit_that_would_be_negative_is_none():
    assert math.isnan(byars(0).lower)
    assert math.isnan(byars(1, 0.998).lower)
    assert byars(1, 0.95).lower > 0
    assert byars(0).upper == pytest.approx(plain_byars(0, 0.95)[1])


@given(st.integers(0, 100_000), st.sampled_from(LEVELS))
def test_exact_limits_are_where_the_count_becomes_improbable(count, level):
    lower, upper = exact_poisson(count, level)
    tail = (1 - level) / 2
    assert stats.poisson.cdf(count, upper) == pytest.approx(tail, rel=1e-6)
    if count:
        assert stats.poisson.sf(count - 1, lower) == pytest.approx(tail, rel=1e-6)
    else:
        assert lower == 0


@given(st.integers(10, 1_000_000))
def test_byars_is_close_to_the_exact_limits_from_ten(count):
    np.testing.assert_allclose(byars(count), exact_poisson(count), rtol=3e-3)


def test_a_rate_is_exact_below_ten_events_and_byars_from_ten():
    found = rate([9, 10], 1000, per=1000)
    np.testing.assert_allclose(found.value, [9, 10])
    np.testing.assert_allclose(found.lower, [plain_exact(9, 0.95)[0], plain_byars(10, 0.95)[0]])
    np.testing.assert_allclose(found.upper, [plain_exact(9, 0.95)[1], plain_byars(10, 0.95)[1]])


@pytest.mark.parametrize("level", LEVELS)
def test_wilson_is_that_of_statsmodels(level):
    count = np.array([0, 1, 7, 50, 99, 100])
    expected = proportion_confint(count, 100, alpha=1 - level, method="wilson")
    np.testing.assert_allclose(wilson(count, 100, level), expected, atol=1e-12)


def test_shares_of_none_and_of_all_have_limits_on_the_end_exactly():
    assert wilson(0, 7).lower == 0
    assert wilson(0, 7).upper > 0
    sizes = np.arange(1, 2000)
    assert (wilson(0, sizes).lower == 0).all()
    assert (wilson(sizes, sizes).upper == 1).all()


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_that_is_not_has_the_mirrored_limits(pair):
    count, of = pair
    lower, upper = wilson(count, of)
    other_lower, other_upper = wilson(of - count, of)
    assert (lower, upper) == pytest.approx((1 - other_upper, 1 - other_lower), abs=1e-12)
    assert 0 <= lower <= count / of <= upper <= 1


def test_a_proportion_is_wilsons_per_hundred():
    value, lower, upper = proportion(65, 100)
    assert value == 65
    assert (lower, upper) == pytest.approx([100 * x for x in wilson(65, 100)])
    assert proportion(65, 100, per=1).lower == wilson(65, 100).lower


def plain_standardised(counts, populations, weights, per, level):
    """The printed formulae, one age group at a time."""
    total = sum(counts)
    value = sum(w * o / n for w, o, n in zip(weights, counts, populations)) / sum(weights)
    variance = (
        sum(w**2 * o / n**2 for w, o, n in zip(weights, counts, populations)) / sum(weights) ** 2
    )
    lower, upper = (
        value + math.sqrt(variance / total) * (limit - total) for limit in plain_byars(total, level)
    )
    return value * per, lower * per, upper * per


@pytest.mark.parametrize("level", LEVELS)
def test_a_standardised_rate_is_the_printed_formula(level):
    random = np.random.default_rng(20)
    counts = random.integers(0, 60, (4, 19))
    populations = random.integers(900, 20_000, (4, 19))
    found = np.transpose(standardised_rate(counts, populations, level=level))
    expected = [
        plain_standardised(row, people, EUROPEAN_STANDARD_POPULATION_2013, 100_000, level)
        for row, people in zip(counts.tolist(), populations.tolist())
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


# Two age groups, weights 50 and 50: (50 × 10/1000 + 50 × 90/2000)/100 = 0.0275.
# var = (2500 × 10/1000² + 2500 × 90/2000²)/100² = 8.125e-6; √(var/100) = 2.85044e-4.
# 0.0275 + 2.85044e-4 × (81.36211 - 100) = 0.0221874; with 121.62716: 0.0336648.
def test_a_standardised_rate_by_hand():
    found = standardised_rate([10, 90], [1000, 2000], weights=[50, 50], per=1)
    assert found == pytest.approx((0.0275, 0.0221874, 0.0336648), rel=1e-5)


def test_the_standard_population_is_complete():
    assert len(EUROPEAN_STANDARD_POPULATION_2013) == 19
    assert sum(EUROPEAN_STANDARD_POPULATION_2013) == 100_000


def test_with_one_rate_at_all_ages_standardising_changes_nothing():
    populations = np.arange(1, 20) * 1000.0
    found = standardised_rate(populations * 0.05, populations)
    assert found.value == pytest.approx(5000)


def test_a_standardised_rate_of_fewer_than_ten_events_is_none():
    assert np.isnan(standardised_rate([4, 5], [100, 100], [1, 1])).all()
    assert not np.isnan(standardised_rate([5, 5], [100, 100], [1, 1])).any()
    assert np.isnan(standardised_rate([0, 0], [100, 100], [1, 1])).all()


def test_a_missing_age_group_is_not_taken_for_zero():
    found = standardised_rate([[50, math.nan], [50, 0]], [[100, 100]] * 2, [1, 1])
    np.testing.assert_array_equal(np.isnan(found), [[True, False]] * 3)


@pytest.mark.parametrize("level", LEVELS)
def test_a_mean_is_that_of_statsmodels(level):
    values = np.random.default_rng(3).normal(-5, 20, (3, 8))
    found = mean(values, level)
    np.testing.assert_allclose(found.value, values.mean(axis=1))
    for i, row in enumerate(values):
        expected = DescrStatsW(row).tconfint_mean(alpha=1 - level)
        np.testing.assert_allclose((found.lower[i], found.upper[i]), expected)


def test_means_of_little_or_nothing():
    assert mean([7.0]).value == 7
    assert np.isnan(mean([7.0])[1:]).all()
    assert np.isnan(mean([])).all()
    assert np.isnan(mean([1.0, math.nan, 3.0])).all()
    assert mean([4.0, 4.0, 4.0]) == (4, 4, 4)
    assert mean([-1.0, 0.0, 1.0]).value == 0


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20),
    st.floats(0.01, 100),
    st.floats(-1e6, 1e6),
)
def test_a_mean_follows_scale_shift_and_sign(values, scale, shift):
    found = mean(values)
    moved = mean(np.array(values) * -scale + shift)
    expected = [shift - scale * x for x in (found.value, found.upper, found.lower)]
    np.testing.assert_allclose(moved, expected, rtol=1e-6, atol=1e-3)


@given(st.integers(0, 10_000), st.sampled_from([byars, exact_poisson]))
def test_more_certainty_needs_wider_limits(count, limits):
    narrow, wide = limits(count, 0.95), limits(count, 0.998)
    assert wide.upper > narrow.upper > count
    if count and not math.isnan(wide.lower):
        assert wide.lower < narrow.lower < count


CALLS = {
    "byars": lambda x: byars(x),
    "exact_poisson": lambda x: exact_poisson(x),
    "rate": lambda x: rate(x, 500),
    "wilson": lambda x: wilson(x, 500),
    "proportion": lambda x: proportion(x, 500),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_scalars_lists_series_and_arrays_give_the_same(call):
    one, many = call(12), [12, 0, math.nan]
    assert all(isinstance(part, float) for part in one)
    for given_as in (many, tuple(many), np.array(many), pd.Series(many), np.array([many])):
        found = call(given_as)
        for part, alone in zip(found, one):
            assert np.shape(part) == np.shape(given_as)
            assert np.ravel(part)[0] == alone
            assert math.isnan(np.ravel(part)[2])
    assert all(math.isnan(part) for part in call(math.nan))


def test_shapes_broadcast_and_a_missing_denominator_is_missing():
    found = rate([[1], [2]], [100, math.nan, 300])
    assert found.value.shape == (2, 3)
    np.testing.assert_array_equal(np.isnan(found.lower), [[False, True, False]] * 2)
    assert math.isnan(wilson(1, math.nan).upper)


def test_a_true_zero_has_a_rate():
    assert rate(0, 1000).value == 0
    assert rate(0, 1000).lower == 0
    assert rate(0, 1000, per=1000).upper == pytest.approx(3.689, abs=5e-4)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: byars(-1), "count: expected zero or more, not -1"),
        (lambda: exact_poisson([3, -2.5]), "count: expected zero or more, not -2.5"),
        (lambda: byars(math.inf), "count: expected zero or more, not inf"),
        (lambda: rate(3, 0), "denominator: expected more than zero, not 0"),
        (lambda: rate(3, [5, -4]), "denominator: expected more than zero, not -4"),
        (lambda: rate(3, 4, per=0), "per: expected more than zero, not 0"),
        (lambda: wilson(0, 0), "denominator: expected more than zero, not 0"),
        (lambda: wilson([1, 6], 5), "no more than its denominator, not 6 of 5"),
        (lambda: proportion(6, [7, 5]), "no more than its denominator, not 6 of 5"),
        (lambda: standardised_rate([1, 2], [5, 0], [1, 1]), "populations: expected more than zero"),
        (lambda: standardised_rate([1, 2], [5, 5]), "one for each of 2 age groups, not 19"),
        (lambda: standardised_rate([1, -2], [5, 5], [1, 1]), "counts: expected zero or more"),
        (lambda: standardised_rate([1], [5], [0]), "sum of weights: expected more than zero"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, said):
    with pytest.raises(ValueError, match=said):
        call()


@pytest.mark.parametrize("level", [0, 1, -0.1, 95, math.nan])
@pytest.mark.parametrize(
    "call",
    [
        lambda level: byars(5, level),
        lambda level: exact_poisson(5, level=level),
        lambda level: rate(5, 10, level=level),
        lambda level: wilson(5, 10, level=level),
        lambda level: proportion(5, 10, level=level),
        lambda level: standardised_rate([5, 9], [10, 10], [1, 1], level=level),
        lambda level: mean([1, 2], level),
    ],
)
def test_another_level_is_refused(call, level):
    with pytest.raises(ValueError, match=f"level: expected a number between 0 and 1.*{level}"):
        call(level)
