"""Run charts: by hand, against a plain loop over the rules in whole numbers, and by property."""

from __future__ import annotations

import math
from itertools import groupby, pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.analysis.control import run_chart

NAN = math.nan
GAPPY = st.lists(st.integers(-5, 5).map(float) | st.just(NAN), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("points", "longest", "fewest"),
    # For 10 points log₂ is 3.32, and of 2⁹ = 512 ways 1 + 9 have fewer than two crossings, 1 + 9 + 36
    # have two at the most: more than 5% of 512. For 12: 1 + 11 + 55 of 2048 are fewer, + 165 more.
    [(10, 6, 2), (12, 7, 3), (24, 8, 8)],
)
def test_limits_by_hand(points, longest, fewest):
    found = run_chart([1, 2] * (points // 2))
    assert (found.useful, found.longest_run_limit, found.crossings_limit) == (
        points,
        longest,
        fewest,
    )
    assert not found.signal


def test_a_long_run_and_few_crossings_are_signals():
    found = run_chart([1, 2] * 6 + [1] * 6 + [2] * 6)
    assert (found.longest_run, found.crossings, found.signal) == (6, 13, False)
    assert run_chart([1] * 5 + [2] * 5 + [1] * 5 + [2] * 5).signal
    assert run_chart([1, 2] * 7 + [1] * 3 + [2] * 9 + [1] * 6).signal


def test_points_on_the_median_and_missing_ones_are_closed_up():
    found = run_chart([1, 1, 2, 1, NAN, 3, 3, 3, 2])
    assert (found.median, found.useful, found.longest_run, found.crossings) == (2, 6, 3, 1)


def test_without_useful_points_nothing_is_said():
    for values in ([2.0, 2.0], [NAN, NAN], [0.1] * 20):
        found = run_chart(values)
        assert found.useful == 0
        assert math.isnan(found.longest_run)
        assert not found.signal


def _binomial(share, n):
    """The smallest k with that share of chances or less at or below it, in whole numbers."""
    total, k = 1, 0
    while total < share * 2**n:
        k += 1
        total += math.comb(n, k)
    return k


@given(GAPPY)
def test_as_a_plain_loop_has_it(values):
    there = [v for v in values if not math.isnan(v)]
    found = run_chart(values)
    if not there:
        assert math.isnan(found.median)
        return
    middle = median(there)
    sides = [v > middle for v in there if v != middle]
    assert (found.median, found.useful) == (middle, len(sides))
    if sides:
        longest = max(len(list(run)) for _, run in groupby(sides))
        crossings = sum(a != b for a, b in pairwise(sides))
        assert (found.longest_run, found.crossings) == (longest, crossings)
        upper, lower = round(math.log2(len(sides))) + 3, _binomial(0.05, len(sides) - 1)
        assert (found.longest_run_limit, found.crossings_limit) == (upper, lower)
        assert found.signal == (longest > upper or crossings < lower)


@given(
    st.lists(st.lists(st.integers(0, 4).map(float), min_size=9, max_size=9), min_size=1, max_size=5)
)
def test_many_at_once_are_each_as_alone_and_the_sign_does_not_matter(rows):
    together, turned = run_chart([rows, rows]), run_chart([[-v for v in row] for row in rows])
    for i, row in enumerate(rows):
        np.testing.assert_array_equal([each[1, i] for each in together], run_chart(row))
        np.testing.assert_array_equal([each[i] for each in turned[1:]], run_chart(row)[1:])
