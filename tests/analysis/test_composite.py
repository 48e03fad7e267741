"""Composite scores: by hand, by a plain second computation, and by what must not change them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from goldenthread.analysis.composite import composite

NAN = math.nan

#: Three areas; z of 1, 2, 3 is ∓√1.5 and 0.
Z = math.sqrt(1.5)

#: Whole numbers, some of them missing, so that ties and constants come up.
tables = hnp.arrays(
    np.float64, st.tuples(st.integers(2, 7), st.integers(2, 4)), elements=st.integers(0, 6)
).flatmap(
    lambda values: hnp.arrays(np.bool_, values.shape, elements=st.booleans()).map(
        lambda hidden: np.where(hidden & (values > 3), NAN, values)
    )
)

RANKS = ["rank", "rank_lower", "rank_upper"]


def test_by_hand():
    """z of 1, 2, 3 and of 10, 30, 20 where low is good; weights 3 to 1."""
    found = composite([[1, 10], [2, 30], [3, 20]], ["high", "low"], [3, 1])
    assert found["score"].to_numpy() == pytest.approx(
        [(-3 * Z + Z) / 4, (0 * Z - Z) / 4, (3 * Z + 0) / 4]
    )
    assert found["rank"].tolist() == [3, 2, 1]
    assert found["share"].tolist() == [1, 1, 1]
    assert found["reason"].tolist() == ["", "", ""]


def test_standard_scores_are_those_of_the_population():
    values = np.random.default_rng(1).normal(50, 9, size=(9, 3))
    found = composite(values, "high")
    assert found["score"].to_numpy() == pytest.approx(stats.zscore(values, ddof=0).mean(axis=1))


def test_a_service_that_is_not_provided_gets_no_score_for_it_and_never_the_average():
    values = pd.DataFrame({"one": [1.0, 2, 3, 3], "two": [1.0, 2, 3, 2]})
    provided = pd.DataFrame({"one": [True] * 4, "two": [True, True, True, False]})
    found = composite(values, "high", provided=provided)
    z = stats.zscore([1, 2, 3, 3])
    # The last area's 2 is somebody else's: it is in no mean, and the area is scored by "one" alone.
    assert found.loc[3, "score"] == pytest.approx(z[3])
    assert found.loc[3, "share"] == 1
    assert found.loc[0, "score"] == pytest.approx((z[0] - Z) / 2)
    # With the average (z = 0) it would be half of that.
    assert found.loc[3, "score"] != pytest.approx(z[3] / 2)


def test_missing_is_not_the_same_as_not_provided():
    values = [[1, 1], [2, 2], [3, 3], [3, NAN]]
    missing = composite(values, "high")
    assert missing.loc[3, "share"] == 0.5
    assert math.isnan(missing.loc[3, "score"])
    assert missing.loc[3, RANKS].isna().all()
    assert missing.loc[3, "reason"] == "figures for only 50% of the weight"
    without = composite(values, "high", provided=[[True, True]] * 3 + [[True, False]])
    assert without.loc[3, "share"] == 1
    assert without["rank"].tolist() == [4, 3, 1, 2]
    assert without.loc[3, "reason"] == ""


def test_a_zero_is_a_figure():
    zero = composite([[0, 1], [2, 2], [4, 3]], "high")
    missing = composite([[NAN, 1], [2, 2], [4, 3]], "high")
    assert zero.loc[0, "share"] == 1
    assert missing.loc[0, "share"] == 0.5
    assert zero.loc[1, "score"] != missing.loc[1, "score"]


def test_two_measures_of_three_are_two_thirds():
    found = composite([[1, 1, 1], [2, 2, 2], [3, 3, NAN], [4, NAN, NAN]], "high")
    assert found["reason"].tolist() == ["", "", "", "figures for only 33% of the weight"]
    assert found.loc[2, "score"] == pytest.approx(
        (stats.zscore([1, 2, 3, 4])[2] + stats.zscore([1, 2, 3])[2]) / 2
    )


def test_the_share_is_of_the_weight_and_not_of_the_number():
    values = [[1, 1], [2, 2], [3, NAN]]
    assert composite(values, "high", [3, 1]).loc[2, "share"] == 0.75
    assert composite(values, "high", [1, 3]).loc[2, "share"] == 0.25
    assert composite(values, "high", [1, 3], minimum_share=0.25).loc[2, "reason"] == ""


def test_why_an_area_has_no_score():
    provided = [[True, True], [True, True], [False, False], [False, True]]
    found = composite([[1, 5], [2, 5], [NAN, NAN], [3, 5]], "high", provided=provided)
    assert found["reason"].tolist() == [
        "",
        "",
        "provides none of these services",
        "the same as all others in every measure",
    ]
    assert found["rank"].tolist()[:2] == [2, 1]
    assert found.loc[2:, ["score", *RANKS, "share"]].isna().all().all()


def test_where_nobody_differs_nobody_is_ranked():
    found = composite([[0.1, 0.3], [0.1, 0.3], [0.1, 0.3]], "high")
    assert found["score"].isna().all()
    one = composite([[5, 6]], "high")
    assert one["reason"].tolist() == ["the same as all others in every measure"]


def test_equals_share_the_best_rank():
    found = composite([[1, 3], [3, 1], [0, 0], [2, 2]], "high")
    assert found["rank"].tolist() == [1, 1, 4, 1]


def test_groups_are_scored_each_by_itself():
    values = pd.DataFrame(
        {"one": [1.0, 20, 2, 30, 3, 40], "two": [5.0, 1, 4, 0, 3, 2]}, index=list("abcdef")
    )
    kinds = ["district", "county"] * 3
    found = composite(values, "high", groups=kinds)
    for kind in ("district", "county"):
        rows = [area for area, own in zip("abcdef", kinds) if own == kind]
        pd.testing.assert_frame_equal(found.loc[rows], composite(values.loc[rows], "high"))
    pd.testing.assert_frame_equal(
        found, composite(values, "high", groups=pd.Series(kinds, index=list("abcdef"))[::-1])
    )


def test_what_is_given_by_name_is_taken_by_name():
    values = pd.DataFrame({"one": [1.0, 2, 4], "two": [7.0, 6, 9]}, index=["x", "y", "z"])
    provided = pd.DataFrame(
        {"two": [True, False, True], "one": [True, True, True]}, index=["z", "y", "x"]
    )
    named = composite(
        values, {"two": "low", "one": "high"}, pd.Series({"two": 1, "one": 2}), provided=provided
    )
    ordered = composite(
        values,
        pd.Series(["high", "low"]),
        [2, 1],
        provided=[[True, True], [True, False], [True, True]],
    )
    pd.testing.assert_frame_equal(named, ordered)
    assert named.index.tolist() == ["x", "y", "z"]


@pytest.mark.parametrize(("weight", "upper"), [(0.5, 2), (0.9, 2), (0.99, 1)])
def test_the_interval_of_two_areas_by_the_beta_distribution(weight, upper):
    """One is ahead by the first measure, the other by the second: it is ahead while w₁ > ½."""
    behind = stats.beta.cdf(0.5, 2 * weight, 2 * (1 - weight))
    assert (behind > 0.025) == (upper == 2)
    found = composite([[1, 0], [0, 1]], "high", [weight, 1 - weight], draws=20_000)
    assert found.loc[0, RANKS].tolist() == [1, 1, upper]


def test_the_intervals_by_a_plain_second_computation():
    generator = np.random.default_rng(3)
    values = generator.normal(size=(6, 3))
    values[4, 2] = NAN
    weights = np.array([0.5, 0.3, 0.2])
    found = composite(values, ["high", "low", "high"], weights, draws=400, seed=9)
    z = stats.zscore(values, nan_policy="omit") * [1, -1, 1]
    ranks = []
    for drawn in np.random.default_rng(9).dirichlet(3 * weights, size=400):
        scores = [np.average(row[row == row], weights=drawn[row == row]) for row in z]
        ranks.append([1 + sum(other > own for other in scores) for own in scores])
    ordered = np.sort(ranks, axis=0)
    # Nine of 400 are left out at either end: 0.025 · 399 is 9.975.
    own = found["rank"].to_numpy()
    assert found["rank_lower"].tolist() == np.minimum(ordered[9], own).tolist()
    assert found["rank_upper"].tolist() == np.maximum(ordered[390], own).tolist()


def test_the_interval_holds_the_rank_even_where_hardly_any_weights_give_it():
    """Just ahead where both weigh the same, and second as soon as either weighs a little more."""
    found = composite([[10, 0], [0, 10], [5.001, 5.001]], "high")
    assert found.loc[2, RANKS].tolist() == [1, 1, 2]


def test_an_area_with_a_measure_of_hardly_any_weight_alone_keeps_its_rank():
    """Some of the weights drawn for it are too small for floating point to tell from none."""
    drawn = np.random.default_rng(0).dirichlet(np.array([0.999, 0.001]) * 2, size=1000)
    assert (drawn[:, 1] == 0).any()
    provided = [[True, True], [True, True], [False, True]]
    found = composite([[1, 1], [2, 2], [0, 3]], "high", [0.999, 0.001], provided=provided)
    assert found.loc[2, "score"] == pytest.approx(Z)
    assert found.loc[2, RANKS].notna().all()


@pytest.mark.parametrize("measures", range(2, 16))
def test_a_share_at_the_minimum_is_enough_whatever_floating_point_makes_of_it(measures):
    for known in range(1, measures + 1):
        values = np.arange(3.0)[:, None] + np.zeros(measures)
        values[2, known:] = NAN
        found = composite(values, "high", minimum_share=known / measures, draws=1)
        assert found.loc[2, "reason"] == ""


def test_one_measure_leaves_no_choice_of_weights():
    found = composite([[3.0], [1.0], [2.0]], "high")
    assert found["rank_lower"].tolist() == found["rank_upper"].tolist() == [1, 3, 2]


def test_the_interval_is_wide_where_measures_disagree_and_narrow_where_they_do_not():
    values = np.random.default_rng(0).normal(size=(40, 6))
    agree = values[:, [0]] + 0.01 * values
    width = [
        (found["rank_upper"] - found["rank_lower"]).mean()
        for found in (composite(values, "high"), composite(agree, "high"))
    ]
    assert width[0] > 10 > width[1]


def test_a_seed_repeats_and_another_does_not_move_the_rank():
    values = np.random.default_rng(0).normal(size=(30, 4))
    one, again, other = (composite(values, "high", seed=seed, draws=50) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    pd.testing.assert_series_equal(one["rank"], other["rank"])
    assert not one["rank_upper"].equals(other["rank_upper"])


@given(tables)
def test_a_rank_is_never_without_its_interval(values):
    found = composite(values, "high", draws=50)
    assert (found["rank"].notna() == (found["reason"] == "")).all()
    assert found["score"].notna().tolist() == found["rank"].notna().tolist()
    ranked = found.dropna()
    assert (ranked["rank_lower"] <= ranked["rank"]).all()
    assert (ranked["rank"] <= ranked["rank_upper"]).all()
    assert (ranked["rank_lower"] >= 1).all()
    assert (ranked["rank_upper"] <= len(ranked)).all()


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_areas_changes_nothing(values, random):
    order = random.sample(range(len(values)), len(values))
    plain = composite(values, "high", draws=50)
    turned = composite(values[order], "high", draws=50)
    pd.testing.assert_frame_equal(turned, plain.iloc[order].reset_index(drop=True))


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_measures_changes_no_score_and_no_rank(values, random):
    order = random.sample(range(values.shape[1]), values.shape[1])
    weights = np.arange(1, values.shape[1] + 1)
    plain = composite(values, "high", weights)
    turned = composite(values[:, order], "high", weights[order])
    columns = ["score", "rank", "share", "reason"]
    pd.testing.assert_frame_equal(turned[columns], plain[columns])


@given(tables, st.floats(0.001, 1000), st.floats(-1000, 1000))
def test_the_unit_of_a_measure_changes_nothing(values, scale, shift):
    turned = values.copy()
    turned[:, 0] = scale * turned[:, 0] + shift
    pd.testing.assert_frame_equal(
        composite(turned, "high", draws=50), composite(values, "high", draws=50), atol=1e-6
    )


@given(tables)
def test_every_polarity_turned_turns_the_sign_of_every_score(values):
    high, low = composite(values, "high"), composite(values, "low")
    assert low["score"].to_numpy() == pytest.approx(-high["score"].to_numpy(), nan_ok=True)
    low_turned = composite(-values, "low")
    pd.testing.assert_frame_equal(low_turned, high)


@given(tables)
def test_a_measure_that_is_the_same_for_all_adds_nothing(values):
    more = np.column_stack([values, np.full(len(values), 0.1)])
    columns = ["score", "rank", "share", "reason"]
    pd.testing.assert_frame_equal(
        composite(more, "high")[columns], composite(values, "high")[columns]
    )


@given(tables, st.floats(0.01, 1000))
def test_weights_are_relative_and_one_of_nought_leaves_a_measure_out(values, scale):
    weights = np.array([1.0, 2.0, 3.0, 4.0])[: values.shape[1]]
    pd.testing.assert_frame_equal(
        composite(values, "high", scale * weights), composite(values, "high", weights)
    )
    weights[0] = 0
    pd.testing.assert_frame_equal(
        composite(values, "high", weights), composite(values[:, 1:], "high", weights[1:])
    )


@given(tables)
def test_what_stands_where_nothing_is_provided_is_never_read(values):
    provided = np.isfinite(values)
    for other in (0.0, 1e6):
        filled = np.where(provided, values, other)
        pd.testing.assert_frame_equal(
            composite(filled, "high", provided=provided),
            composite(values, "high", provided=provided),
        )


@pytest.mark.parametrize(
    ("arguments", "more", "said"),
    [
        (([[1, math.inf]], "high"), {}, "finite figures, not inf"),
        (([[]], "high"), {}, r"not shape \(1, 0\)"),
        (([[1, 2], [2, 3]], ["high", None]), {}, "polarity: 1 needs 'high' or 'low'"),
        (([[1, 2], [2, 3]], "up"), {}, "not 'up'"),
        (([[1, 2], [2, 3]], ["high"]), {}, r"polarity: expected 2, not shape \(1,\)"),
        (([[1, 2], [2, 3]], {0: "high"}), {}, "polarity: nothing for 1"),
        (([[1, 2], [2, 3]], "high", [1, -1]), {}, r"weights: expected 0 or more for 1, not -1\.0"),
        (([[1, 2], [2, 3]], "high", [1, NAN]), {}, "not nan"),
        (([[1, 2], [2, 3]], "high", [0, 0]), {}, "all are 0"),
        (([[1, 2], [2, 3]], "high"), {"minimum_share": 0}, "minimum_share"),
        (([[1, 2], [2, 3]], "high"), {"minimum_share": 1.1}, r"1\.1"),
        (([[1, 2], [2, 3]], "high"), {"draws": 0}, "draws"),
        (([[1, 2], [2, 3]], "high"), {"groups": ["a"]}, "groups: expected 2"),
        (([[1, 2], [2, 3]], "high"), {"groups": ["a", None]}, "groups: 1 has none"),
        (([[1, 2], [2, 3]], "high"), {"provided": [[True, False]]}, r"provided: .* \(1, 2\)"),
        (([[1, 2], [2, 3]], "high"), {"provided": [[1, NAN], [1, 1]]}, "true or false"),
        (
            (pd.DataFrame({"a": [1, 2]}), "high"),
            {"provided": pd.DataFrame({"b": [True, True]})},
            "provided: nothing for 'a'",
        ),
    ],
)
def test_what_cannot_be_scored_is_refused_with_a_reason(arguments, more, said):
    with pytest.raises(ValueError, match=said):
        composite(*arguments, **more)
