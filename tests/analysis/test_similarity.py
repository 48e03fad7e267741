"""Similarity: by hand, against scipy's distances, and by property."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats
from scipy.spatial import distance

from goldenthread.analysis.similarity import (
    Agreement,
    agreement,
    all_neighbours,
    neighbours,
    stability,
)

NUMBERS = st.integers(-30, 30).map(float)
SHAPES = st.tuples(st.integers(2, 14), st.integers(1, 5))
WHOLE = SHAPES.flatmap(lambda shape: arrays.arrays(float, shape, elements=NUMBERS))
HOLED = SHAPES.flatmap(
    lambda shape: arrays.arrays(float, shape, elements=NUMBERS | st.just(math.nan))
)


def frame(values: np.ndarray) -> pd.DataFrame:
    rows, columns = values.shape
    return pd.DataFrame(
        values,
        index=[f"E{number:02}" for number in range(rows)],
        columns=[f"f{number}" for number in range(columns)],
    )


def lists(found) -> list[list[str]]:
    return [list(found.of(area).index) for area in found.areas]


# --- By hand --------------------------------------------------------------------------------------


def test_four_areas_by_hand():
    # People 1, 3, 5, 7: mean 4, standard deviation sqrt(5). Pay 2, 2, 2, 6: mean 3, sqrt(3).
    features = pd.DataFrame(
        {"people": [1, 3, 5, 7], "pay": [2, 2, 2, 6]}, index=["Ash", "Birch", "Cedar", "Doge"]
    )
    found = neighbours("Cedar", features)
    assert found.index.tolist() == ["Birch", "Ash", "Doge"]
    assert found.index.name == "neighbour"
    expected = [math.sqrt(4 / 5), math.sqrt(16 / 5), math.sqrt(4 / 5 + 16 / 3)]
    np.testing.assert_allclose(found["distance"], expected, rtol=1e-11)
    np.testing.assert_allclose(found["people"], [1, 1, (4 / 5) / (4 / 5 + 16 / 3)])
    np.testing.assert_allclose(found["pay"], [0, 0, (16 / 3) / (4 / 5 + 16 / 3)])


def test_a_missing_figure_is_not_a_difference_and_not_a_likeness():
    # Of a pair that shares one of two features the squared distance is doubled.
    features = pd.DataFrame(
        {"people": [1, 3, 5, 7], "pay": [2, 2, np.nan, 6]}, index=["A", "B", "C", "D"]
    )
    found = neighbours("C", features)
    assert found.index.tolist() == ["B", "D", "A"]
    np.testing.assert_allclose(found["distance"], np.sqrt([2 * 4 / 5, 2 * 4 / 5, 2 * 16 / 5]))
    np.testing.assert_allclose(found["people"], 1)
    assert found["pay"].isna().all()


def test_a_pair_that_shares_too_little_is_not_compared():
    features = pd.DataFrame(
        {"a": [1, 2, 3], "b": [1, 5, np.nan], "c": [4, 1, np.nan]}, index=["A", "B", "C"]
    )
    assert neighbours("C", features).empty
    assert neighbours("A", features).index.tolist() == ["B"]
    assert neighbours("C", features, at_least=1 / 3).index.tolist() == ["B", "A"]
    # By weight: with the first feature three times as heavy, it alone is more than half.
    heavy = neighbours("C", features, weights={"a": 3})
    assert heavy.index.tolist() == ["B", "A"]


def test_equals_stand_in_order_of_their_codes_whatever_their_order_in_the_table():
    values = pd.DataFrame({"x": [0.0, 1.0, -1.0, 1.0, 0.0]}, index=["C", "E", "A", "B", "D"])
    for order in (["C", "E", "A", "B", "D"], ["E", "D", "C", "B", "A"]):
        assert neighbours("C", values.loc[order]).index.tolist() == ["D", "A", "B", "E"]


def test_the_same_area_twice_over_is_at_no_distance_and_that_has_no_parts():
    found = neighbours("A", pd.DataFrame({"x": [1.0, 1.0, 2.0]}, index=["A", "B", "C"]))
    assert found.loc["B", "distance"] == 0
    assert math.isnan(found.loc["B", "x"])
    assert found.loc["C", "x"] == 1


def test_features_that_are_the_same_everywhere_leave_all_alike():
    # 0.1 three times has a mean that is not 0.1: rounding must not make a difference of it.
    same = pd.DataFrame({"x": [0.1, 0.1, 0.1], "y": [7.0, np.nan, 7.0]}, index=["C", "A", "B"])
    found = neighbours("C", same)
    assert found.index.tolist() == ["A", "B"]
    assert (found["distance"] == 0).all()


def test_an_array_has_its_row_numbers_for_areas():
    found = neighbours(0, [[1, 5], [2, 5], [9, 6]], k=1)
    assert found.index.tolist() == [1]
    assert found.columns.tolist() == ["distance", "0", "1"]


def test_units_may_be_as_large_or_small_as_they_like():
    plain = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [3.0, 1.0, 1.0]}, index=["A", "B", "C"])
    for factor in (1e-200, 1e200):
        scaled = plain.assign(x=plain["x"] * factor)
        pd.testing.assert_frame_equal(neighbours("A", scaled), neighbours("A", plain))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"area": "Z"}, "area: 'Z' is not among"),
        ({"k": 0}, "k: expected one neighbour or more, not 0"),
        ({"at_least": 0}, "at_least: .* not 0"),
        ({"at_least": 1.5}, "at_least: .* not 1.5"),
        ({"weights": [1.0]}, "weights: expected 2"),
        ({"weights": [1.0, -2.0]}, "weights: expected 0 or more, not -2"),
        ({"weights": [math.nan, 1.0]}, "weights: expected 0 or more, not nan"),
        ({"weights": {"z": 1.0}}, "weights: there is no feature 'z'"),
        ({"weights": {"x": 0, "y": 0}}, "weights: all are 0"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, words):
    features = pd.DataFrame({"x": [1.0, 2.0], "y": [1.0, 3.0]}, index=["A", "B"])
    with pytest.raises(ValueError, match=words):
        neighbours(**{"area": "A", "features": features, **arguments})


@pytest.mark.parametrize(
    ("features", "words"),
    [
        (pd.DataFrame({"x": [1.0, 2.0]}, index=["A", "A"]), "'A' stands there twice"),
        (pd.DataFrame({"x": [1.0, math.inf]}, index=["A", "B"]), "x of 'B' is not a finite"),
        (pd.DataFrame({"distance": [1.0, 2.0]}, index=["A", "B"]), "a name of its own"),
        (pd.DataFrame([[1, 2]], index=["A"], columns=["x", "x"]), "a name of its own"),
    ],
)
def test_a_table_that_cannot_be_compared_is_refused(features, words):
    with pytest.raises(ValueError, match=words):
        neighbours("A", features)


def test_groups_must_fit_the_areas():
    features = pd.DataFrame({"x": [1.0, 2.0]}, index=["A", "B"])
    with pytest.raises(ValueError, match=r"within: expected 2 groups.* not 3"):
        all_neighbours(features, within=["a", "b", "c"])


def test_an_area_in_no_group_has_no_neighbours():
    features = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]}, index=["A", "B", "C", "D"])
    within = pd.Series({"D": "town", "A": "town", "B": None})
    assert lists(all_neighbours(features, within=within)) == [["D"], [], [], ["A"]]


# --- Against scipy --------------------------------------------------------------------------------


@given(WHOLE)
def test_distances_are_scipys_over_its_z_scores(values):
    assume((values.max(axis=0) > values.min(axis=0)).all())
    expected = distance.cdist(stats.zscore(values), stats.zscore(values))
    found = all_neighbours(values, k=len(values))
    for row in range(len(values)):
        got = found.distances[row, :-1]
        np.testing.assert_allclose(got, expected[row, found.positions[row, :-1]], atol=1e-9)
        assert (np.diff(got) >= 0).all()
        assert sorted(found.positions[row, :-1]) == sorted(set(range(len(values))) - {row})


@given(WHOLE, st.data())
def test_weights_are_scipys_weights(values, data):
    assume((values.max(axis=0) > values.min(axis=0)).all())
    count = values.shape[1]
    weights = data.draw(st.lists(st.floats(0.1, 9), min_size=count, max_size=count))
    scores = stats.zscore(values)
    expected = distance.cdist(scores, scores, "minkowski", p=2, w=weights)
    found = all_neighbours(values, k=len(values) - 1, weights=weights)
    rows = np.arange(len(values))[:, None]
    np.testing.assert_allclose(found.distances, expected[rows, found.positions], atol=1e-9)


# --- By property ----------------------------------------------------------------------------------


@given(HOLED)
def test_shares_sum_to_one_wherever_there_is_a_distance(values):
    found = all_neighbours(frame(values), k=4)
    sums = np.nansum(found.shares, axis=-1)
    apart = found.distances > 0
    np.testing.assert_allclose(sums[apart], 1)
    assert np.isnan(found.shares[~apart]).all()
    assert (found.shares[apart][~np.isnan(found.shares[apart])] >= 0).all()


@settings(max_examples=25)
@given(HOLED, st.randoms(use_true_random=False))
def test_the_order_of_areas_and_of_features_makes_no_difference(values, random):
    table = frame(values)
    mixed = table.loc[
        random.sample(list(table.index), len(table)),
        random.sample(list(table.columns), table.shape[1]),
    ]
    for area in table.index:
        one, other = neighbours(area, table, k=3), neighbours(area, mixed, k=3)
        pd.testing.assert_frame_equal(one, other[one.columns], atol=1e-9)


@given(HOLED, NUMBERS.filter(bool), NUMBERS)
def test_units_make_no_difference(values, factor, start):
    one, other = all_neighbours(values, k=3), all_neighbours(values * factor + start, k=3)
    np.testing.assert_array_equal(one.positions, other.positions)
    np.testing.assert_allclose(one.distances, other.distances, atol=1e-9)


@given(HOLED, NUMBERS)
def test_a_feature_that_is_the_same_everywhere_makes_no_difference(values, constant):
    more = np.column_stack([values, np.full(len(values), constant)])
    one, other = all_neighbours(values, k=3), all_neighbours(more, k=3)
    np.testing.assert_array_equal(one.positions, other.positions)
    np.testing.assert_array_equal(one.distances, other.distances)
    assert (np.nan_to_num(other.shares[..., -1]) == 0).all()


@settings(max_examples=25)
@given(HOLED)
def test_all_at_once_is_one_after_another(values):
    table = frame(values)
    found = all_neighbours(table, k=3)
    for area in table.index:
        pd.testing.assert_frame_equal(found.of(area), neighbours(area, table, k=3))


@settings(max_examples=25)
@given(HOLED, st.data())
def test_a_group_is_compared_as_if_it_were_alone(values, data):
    table = frame(values)
    count = len(table)
    within = np.array(data.draw(st.lists(st.sampled_from("ab"), min_size=count, max_size=count)))
    found = all_neighbours(table, k=3, within=within)
    for area, group in zip(table.index, within, strict=True):
        alone = neighbours(area, table[within == group], k=3)
        pd.testing.assert_frame_equal(found.of(area), alone, atol=1e-9)


# --- Agreement and stability ----------------------------------------------------------------------


def test_lists_agree_in_what_both_name():
    assert agreement(["A", "B"], ["B", "A"]) == Agreement(shared=2, of=2)
    assert agreement(["A", "B", None], ["C", "B", "D"]) == Agreement(shared=1, of=2)
    assert agreement([], ["A"]) == Agreement(shared=0, of=0)
    assert agreement(pd.Series([3, 4, -1]), [4, 5, 6]) == Agreement(shared=1, of=2)


def test_a_list_that_names_one_twice_is_refused():
    with pytest.raises(ValueError, match="list_b: names one neighbour twice"):
        agreement(["A", "B"], ["A", "A"])


@given(st.data())
def test_many_lists_agree_as_sets_do(data):
    row = st.lists(st.integers(0, 9), unique=True, max_size=6)
    one, other = data.draw(st.lists(row, min_size=1)), []
    other = data.draw(st.lists(row, min_size=len(one), max_size=len(one)))
    padded = [np.array([[*r, *[-1] * (6 - len(r))] for r in rows]) for rows in (one, other)]
    found = agreement(*padded)
    assert found.shared.tolist() == [len(set(a) & set(b)) for a, b in zip(one, other)]
    assert found.of.tolist() == [min(len(a), len(b)) for a, b in zip(one, other)]


@settings(max_examples=25)
@given(WHOLE)
def test_stability_is_what_stays_when_a_column_is_taken_away(values):
    assume(values.shape[1] > 1)
    table = frame(values)
    kept = stability(table, k=3)
    whole = all_neighbours(table, k=3)
    for feature in table.columns:
        fewer = all_neighbours(table.drop(columns=feature), k=3)
        for area in table.index:
            names = set(whole.of(area).index)
            expected = len(names & set(fewer.of(area).index)) / len(names)
            assert kept.loc[area, feature] == expected


def test_an_area_without_neighbours_keeps_none():
    features = pd.DataFrame({"x": [1.0, 2.0, 5.0], "y": [2.0, 1.0, 1.0]}, index=["A", "B", "C"])
    kept = stability(features, k=1, within=["town", "town", "shire"])
    assert kept.loc["C"].isna().all()
    assert (kept.loc[["A", "B"]] == 1).all(axis=None)


def test_a_single_feature_cannot_be_left_out():
    with pytest.raises(ValueError, match="features: expected two or more"):
        stability([[1.0], [2.0]])
