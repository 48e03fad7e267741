"""Ranks and groups: by hand, by property, and against plain definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.analysis.comparison import quantile_group, rank

VALUES = st.lists(st.integers(-50, 50).map(float) | st.just(math.nan), min_size=1, max_size=60)


def test_the_best_is_first_and_equals_share_the_best_place():
    values = [30.0, 50.0, 50.0, 20.0, math.nan]
    np.testing.assert_array_equal(rank(values, "high"), [3, 1, 1, 4, np.nan])
    np.testing.assert_array_equal(rank(values, "low"), [2, 3, 3, 1, np.nan])
    assert np.isnan(rank(values, None)).all()


def test_zeros_are_ranked():
    np.testing.assert_array_equal(rank([0.0, 0.0, 1.0], "low"), [1, 1, 3])


@given(VALUES, st.sampled_from(["high", "low"]))
def test_a_rank_is_one_more_than_those_that_are_better(values, polarity):
    ranks = rank(values, polarity)
    for value, place in zip(values, ranks):
        if math.isnan(value):
            assert math.isnan(place)
        else:
            better = sum(v > value if polarity == "high" else v < value for v in values)
            assert place == better + 1


@given(VALUES)
def test_turning_the_sign_turns_the_polarity(values):
    turned = [-v for v in values]
    np.testing.assert_array_equal(rank(values, "high"), rank(turned, "low"))
    np.testing.assert_array_equal(
        quantile_group(values, 4, "high"), quantile_group(turned, 4, "low")
    )


@given(VALUES, st.integers(2, 10))
def test_groups_follow_the_printed_rule_and_keep_equals_together(values, groups):
    found = quantile_group(values, groups)
    present = [v for v in values if not math.isnan(v)]
    if len(present) < groups:
        assert np.isnan(found).all()
        return
    n = len(present)
    for value, group in zip(values, found):
        if math.isnan(value):
            assert math.isnan(group)
            continue
        r = sum(v < value for v in present) + 1
        steps = -((-(n + 1 - r) * groups) // n)
        assert group == max(groups + 1 - steps, 1)
        assert 1 <= group <= groups


def test_all_equal_values_are_in_one_group():
    assert set(quantile_group([5.0] * 8)) == {1.0}


def test_a_permutation_changes_nothing_but_the_order():
    values = np.array([3.0, 1.0, 2.0, 2.0, 9.0, 4.0])
    order = np.random.default_rng(1).permutation(len(values))
    np.testing.assert_array_equal(rank(values, "low")[order], rank(values[order], "low"))
    np.testing.assert_array_equal(
        quantile_group(values, 3)[order], quantile_group(values[order], 3)
    )


@pytest.mark.parametrize("call", [lambda: rank([1], "up"), lambda: quantile_group([1], 4, "up")])
def test_another_polarity_is_refused(call):
    with pytest.raises(ValueError, match="polarity: expected 'high', 'low' or None, not 'up'"):
        call()


def test_one_group_is_refused():
    with pytest.raises(ValueError, match="groups: expected two or more, not 1"):
        quantile_group([1, 2, 3], 1)
