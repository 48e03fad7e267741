"""Comparison: by hand, by property, and against plain definitions and other libraries."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from goldenthread.analysis.comparison import (
    against_benchmark,
    quantile_among,
    quantile_group,
    quantiles,
    rank,
    rank_among,
    spine,
    standing,
)

VALUES = st.lists(st.integers(-50, 50).map(float) | st.just(math.nan), min_size=1, max_size=60)
TABLES = arrays.arrays(
    float,
    arrays.array_shapes(min_dims=2, max_dims=3, max_side=12),
    elements=st.integers(-9, 9).map(float) | st.just(math.nan),
)


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


@given(TABLES, st.sampled_from(["high", "low", None]))
def test_each_row_of_a_table_stands_by_itself(table, polarity):
    for found in (
        lambda values: rank(values, polarity),
        lambda values: quantile_group(values, 4, polarity),
        lambda values: standing(values, polarity).last,
        lambda values: standing(values, polarity).of,
    ):
        rows = table.reshape(-1, table.shape[-1])
        expected = np.array([found(row) for row in rows]).reshape(table.shape)
        np.testing.assert_array_equal(found(table), expected)


@given(VALUES)
def test_a_rank_is_that_of_scipy(values):
    expected = stats.rankdata(values, method="min", nan_policy="omit")
    np.testing.assert_array_equal(rank(values, "low"), expected)


def test_a_shared_place_is_a_block():
    # 58 councils collect food waste, 74 collect none: joint 59th to 132nd of 132.
    values = [*range(1, 59), *[0] * 74, math.nan]
    found = standing(values, "high")
    assert (found.rank[-2], found.last[-2], found.tied[-2], found.of[-2]) == (59, 132, 73, 132)
    assert (found.rank[0], found.last[0], found.tied[0]) == (58, 58, 0)
    assert np.isnan([found.rank[-1], found.last[-1], found.tied[-1]]).all()
    assert found.of[-1] == 132


@given(VALUES, st.sampled_from(["high", "low"]))
def test_a_block_ends_where_the_worse_begin(values, polarity):
    found = standing(values, polarity)
    turned = standing([-v for v in values], polarity)
    np.testing.assert_array_equal(found.rank, rank(values, polarity))
    np.testing.assert_array_equal(found.last, found.of + 1 - turned.rank)
    np.testing.assert_array_equal(found.tied, found.last - found.rank)


def test_without_a_polarity_nothing_has_a_standing():
    found = standing([1, 2], None)
    assert np.isnan(found[:3]).all()
    assert found.of.tolist() == [2, 2]
    among = rank_among(1, [2, 3], None)
    assert np.isnan(among[:3]).all()
    assert among.of == 3


@given(VALUES, st.sampled_from(["high", "low", None]), st.integers(2, 6))
def test_among_peers_is_among_all_of_them_together(values, polarity, groups):
    # Each value, with all the others as its peers.
    others = np.array([[*values[:i], *values[i + 1 :]] for i in range(len(values))])
    np.testing.assert_array_equal(
        np.stack(rank_among(values, others, polarity)), np.stack(standing(values, polarity))
    )
    np.testing.assert_array_equal(
        quantile_among(values, others, groups, polarity), quantile_group(values, groups, polarity)
    )


def test_one_value_among_its_peers_is_one_number():
    found = rank_among(5.0, [5, 7, math.nan, 9], "high")
    assert found == (3, 4, 1, 4)
    assert all(isinstance(part, float) for part in found)
    assert isinstance(quantile_among(5.0, [1, 2, 3]), float)
    assert rank_among(5.0, [], "high") == (1, 1, 0, 1)
    assert math.isnan(quantile_among(5.0, [math.nan] * 9))


def test_a_council_without_a_value_has_no_place_among_its_peers():
    found = rank_among([math.nan, 1], [[1, 2], [math.nan, math.nan]], "low")
    np.testing.assert_array_equal(found.rank, [np.nan, 1])
    np.testing.assert_array_equal(found.of, [2, 1])


def test_many_councils_may_share_their_peers():
    found = rank_among([[1, 4], [9, 2]], [1, 3, 5], "low")
    assert found.rank.tolist() == [[1, 3], [4, 2]]
    assert found.tied.tolist() == [[1, 0], [0, 0]]


@given(TABLES, st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_quantiles_are_those_of_numpy(table, shares):
    rows = table.reshape(-1, table.shape[-1])
    expected = [
        np.nanquantile(row, shares) if not np.isnan(row).all() else [np.nan] * len(shares)
        for row in rows
    ]
    found = quantiles(table, shares)
    assert found.shape == (*table.shape[:-1], len(shares))
    np.testing.assert_allclose(found.reshape(-1, len(shares)), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 4)])
def test_nothing_has_no_places(shape):
    nothing = np.zeros(shape)
    assert rank(nothing, "high").shape == shape
    assert quantile_group(nothing).shape == shape
    assert standing(nothing, "low").last.shape == shape


def test_quantiles_of_nothing():
    assert np.isnan(quantiles([], [0.5])).all()
    with pytest.raises(ValueError, match=r"shares: expected from 0 to 1, not 1\.5"):
        quantiles([1], [0.5, 1.5])


BENCHMARKS = [
    # value, lower, upper, benchmark; with a high, a low and no polarity
    (50, 45, 55, 40, "better", "worse", "higher"),
    (50, 45, 55, 60, "worse", "better", "lower"),
    (50, 45, 55, 50, "similar", "similar", "similar"),
    (50, 45, 55, 45, "similar", "similar", "similar"),
    (50, 45, 55, 55, "similar", "similar", "similar"),
    (0, 0, 3, 5, "worse", "better", "lower"),
    (-2, -3, -1, 0, "worse", "better", "lower"),
    (1, -1, 3, 0, "similar", "similar", "similar"),
    (math.nan, 45, 55, 40, *["not compared"] * 3),
    (50, math.nan, 55, 40, *["not compared"] * 3),
    (50, 45, math.nan, 40, *["not compared"] * 3),
    (50, 45, 55, math.nan, *["not compared"] * 3),
]


@pytest.mark.parametrize("case", BENCHMARKS, ids=str)
def test_against_a_benchmark(case):
    *figures, high, low, neither = case
    assert against_benchmark(*figures, "high") == high
    assert against_benchmark(*figures, "low") == low
    assert against_benchmark(*figures, None) == neither
    assert isinstance(against_benchmark(*figures, "high"), str)


@pytest.mark.parametrize(
    ("benchmark", "high", "neither"),
    [
        (39, "much better", "much higher"),
        (40, "better", "higher"),
        (44, "better", "higher"),
        (50, "similar", "similar"),
        (58, "worse", "lower"),
        (61, "much worse", "much lower"),
    ],
)
def test_beyond_the_wider_limits_it_is_much(benchmark, high, neither):
    wide = {"lower_998": 40, "upper_998": 60}
    assert against_benchmark(50, 45, 55, benchmark, "high", **wide) == high
    assert against_benchmark(50, 45, 55, benchmark, None, **wide) == neither
    # Without the wider limits of an area, the narrower still tell.
    unknown = {"lower_998": math.nan, "upper_998": math.nan}
    assert against_benchmark(50, 45, 55, benchmark, "high", **unknown) == high.removeprefix("much ")


@pytest.mark.parametrize(
    ("areas", "said"),
    [(4, "not compared"), (5, "better"), (0, "not compared"), (math.nan, "not compared")],
)
def test_fewer_than_five_areas_are_not_compared(areas, said):
    assert against_benchmark(50, 45, 55, 40, "high", areas=areas) == said


def test_benchmarks_of_tables():
    values = pd.Series([50.0, 10.0, math.nan])
    found = against_benchmark(values, values - 5, values + 5, [[30], [12]], "low", areas=[[9], [4]])
    assert found.tolist() == [["worse", "better", "not compared"], ["not compared"] * 3]


@given(
    st.lists(st.integers(-50, 50), min_size=5, max_size=5).map(sorted),
    st.integers(-60, 60),
)
def test_turning_signs_turns_the_judgement_back(limits, benchmark):
    far_low, low, value, high, far_high = limits
    found = against_benchmark(
        value, low, high, benchmark, "high", lower_998=far_low, upper_998=far_high
    )
    turned = against_benchmark(
        -value, -high, -low, -benchmark, "low", lower_998=-far_high, upper_998=-far_low
    )
    assert found == turned


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: against_benchmark(5, 6, 4, 5, "high"),
            "lower: expected no more than the upper limit 4, not 6",
        ),
        (
            lambda: against_benchmark(5, 4, 6, 5, "high", lower_998=7, upper_998=6),
            "lower_998: expected no more than the upper limit 6, not 7",
        ),
        (lambda: against_benchmark(5, 4, 6, 5, "high", lower_998=3), "expected both or neither"),
    ],
)
def test_limits_that_cannot_be_are_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_a_spine_by_hand():
    # Median 10; 60 lies furthest from it, by 50, so half the line is 50 long.
    found = spine([-10, 0, 10, 20, 60], -10, "high")
    assert found[:5] == (-10, 0, 10, 20, 60)
    assert found.position == pytest.approx(0.3)
    np.testing.assert_allclose(found.marks, [0.3, 0.4, 0.5, 0.6, 1.0])
    turned = spine([-10, 0, 10, 20, 60], -10, "low")
    assert turned[:5] == (-10, 0, 10, 20, 60)
    assert turned.position == pytest.approx(0.7)
    np.testing.assert_allclose(turned.marks, [0.7, 0.6, 0.5, 0.4, 0.0])
    np.testing.assert_array_equal(
        spine([1, 2, 9], 2, None).marks, spine([1, 2, 9], 2, "high").marks
    )


def test_a_value_beyond_all_others_sets_the_scale():
    found = spine([1, 2, 3], 12, "high")
    assert found.position == 1
    np.testing.assert_allclose(found.marks, [0.45, 0.475, 0.5, 0.525, 0.55])


def test_a_spine_of_little_or_nothing():
    assert spine([7, 7, 7], 7, "low").position == 0.5
    assert spine([7], 7, "high").marks.tolist() == [0.5] * 5
    assert spine([7, 7], 8, "low").position == 0
    nothing = spine([math.nan, math.nan], 3, "high")
    assert np.isnan(nothing.median)
    assert np.isnan(nothing.position)
    assert np.isnan(nothing.marks).all()
    assert np.isnan(spine([], 3, "high").position)
    unmarked = spine([1, math.nan, 3], math.nan, "high")
    assert unmarked.median == 2
    assert np.isnan(unmarked.position)
    np.testing.assert_allclose(unmarked.marks, [0, 0.25, 0.5, 0.75, 1])


SPINES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=40)


@given(SPINES, st.sampled_from(["high", "low", None]), st.floats(0.01, 100), st.floats(-1e4, 1e4))
def test_a_spine_knows_neither_unit_nor_origin(values, polarity, scale, shift):
    found = spine(values, values[0], polarity)
    moved = [v * scale + shift for v in values]
    other = spine(moved, moved[0], polarity)
    if found.maximum - found.minimum > 1:
        assert other.position == pytest.approx(found.position, abs=1e-6)
    assert 0 <= found.position <= 1
    assert found.marks.min() >= 0
    assert found.marks.max() <= 1
    assert found.marks[2] == 0.5
    if found.maximum > found.minimum:
        assert 0 in found.marks or 1 in found.marks


@given(SPINES)
def test_right_is_always_better(values):
    turned = [-v for v in values]
    high, low = spine(values, values[0], "high"), spine(turned, turned[0], "low")
    assert high.position == pytest.approx(low.position, abs=1e-12)
    np.testing.assert_allclose(high.marks, low.marks[::-1], atol=1e-12)
    if values[0] > high.median + 1e-6:
        assert high.position > 0.5


def test_spines_of_a_table():
    table = [[1.0, 2, 3, math.nan], [-5, -5, -5, -5], [math.nan] * 4]
    found = spine(table, [3, -5, 1], "high")
    np.testing.assert_array_equal(found.median, [2, -5, np.nan])
    np.testing.assert_array_equal(found.position, [1, 0.5, np.nan])
    assert found.marks.shape == (3, 5)
    # One row of values, many councils to mark in it.
    np.testing.assert_allclose(spine([1, 2, 3], [1, 2, 3], "low").position, [1, 0.5, 0])


@pytest.mark.parametrize(
    "call",
    [
        lambda: rank([1], "up"),
        lambda: quantile_group([1], 4, "up"),
        lambda: standing([1], "up"),
        lambda: rank_among(1, [1], "up"),
        lambda: quantile_among(1, [1], 4, "up"),
        lambda: against_benchmark(1, 1, 1, 1, "up"),
        lambda: spine([1], 1, "up"),
    ],
)
def test_another_polarity_is_refused(call):
    with pytest.raises(ValueError, match="polarity: expected 'high', 'low' or None, not 'up'"):
        call()


def test_one_group_is_refused():
    with pytest.raises(ValueError, match="groups: expected two or more, not 1"):
        quantile_group([1, 2, 3], 1)
