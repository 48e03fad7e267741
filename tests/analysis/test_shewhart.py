"""Shewhart's charts: by hand, against plain loops over the printed formulae, and by property."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.analysis.control import individuals, p_chart, p_prime, u_chart, xmr

NAN = math.nan

PARTS = st.lists(
    st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=30,
)


def test_individuals_by_hand():
    # Mean 12, moving ranges 2, 1, 4: 3 · (7/3) / 1.128 = 6.2057, where an XmR chart has 6.2067.
    table = individuals([10, 12, 11, 15])
    assert table["upper"].iloc[0] == pytest.approx(18.205_674)
    assert xmr([10, 12, 11, 15]).upper == pytest.approx(18.206_667)
    assert list(table.columns) == ["value", "centre", "lower", "upper", "outside"]
    assert not table["outside"].any()


def test_individuals_reach_across_no_gap():
    table = individuals(pd.Series([5.0, 6.0, NAN, 20.0, 21.0], index=list("abcde")))
    assert table["upper"].iloc[0] == pytest.approx(13 + 3 / 1.128)
    assert table["outside"].tolist() == [True, True, False, True, True]
    assert list(table.index) == list("abcde")


def test_a_motionless_series_is_not_outside_its_own_limits():
    assert not individuals([0.1] * 20)["outside"].any()
    assert not p_chart([3] * 10, 30)["outside"].any()


@given(PARTS)
def test_p_chart_as_printed(parts):
    counts, of = zip(*parts)
    table = p_chart(counts, of)
    centre = sum(counts) / sum(of)
    for (x, n), row in zip(parts, table.itertuples()):
        width = 3 * math.sqrt(centre * (1 - centre) / n)
        assert row.value == x / n
        assert row.centre == pytest.approx(centre)
        assert row.lower == pytest.approx(max(centre - width, 0), abs=1e-12)
        assert row.upper == pytest.approx(min(centre + width, 1))
        assert row.outside == (abs(x / n - centre) > width + 1e-9)


@given(PARTS, st.sampled_from([1, 1000]))
def test_u_chart_as_printed(parts, per):
    counts, of = zip(*parts)
    table = u_chart(counts, of, per=per)
    centre = sum(counts) / sum(of)
    for (x, n), row in zip(parts, table.itertuples()):
        width = 3 * math.sqrt(centre / n)
        assert row.value == pytest.approx(per * x / n)
        assert row.centre == pytest.approx(per * centre)
        assert row.lower == pytest.approx(per * max(centre - width, 0), abs=1e-9)
        assert row.upper == pytest.approx(per * (centre + width))


@given(PARTS)
def test_p_prime_as_laney_prints_it(parts):
    counts, of = zip(*parts)
    table, plain = p_prime(counts, of), p_chart(counts, of)
    centre = sum(counts) / sum(of)
    assert table["value"].equals(plain["value"])
    if centre in (0, 1):
        assert table["upper"].eq(centre).all()
        return
    z = [(x / n - centre) / math.sqrt(centre * (1 - centre) / n) for x, n in parts]
    sigma = sum(abs(b - a) for a, b in pairwise(z)) / (len(z) - 1) / 1.128
    for (_, n), row in zip(parts, table.itertuples()):
        width = 3 * sigma * math.sqrt(centre * (1 - centre) / n)
        assert row.upper == pytest.approx(min(centre + width, 1))
        assert row.lower == pytest.approx(max(centre - width, 0), abs=1e-9)


def test_p_prime_is_wider_where_councils_differ_by_more_than_counting_explains():
    counts = [8_000, 12_000, 9_000, 11_000, 10_000]
    assert p_chart(counts, 100_000)["outside"].sum() == 4
    assert not p_prime(counts, 100_000)["outside"].any()


def test_a_period_without_count_or_denominator_is_missing_and_a_zero_is_not():
    table = p_chart([10, NAN, 30, 0], [100, 100, NAN, 100])
    np.testing.assert_array_equal(table["value"], [0.1, NAN, NAN, 0])
    assert table["centre"].eq(10 / 200).all()
    assert table["upper"].isna().tolist() == [False, True, True, False]
    assert not table["outside"].iloc[1:3].any()
    assert u_chart([0, 0], [10, 20])["upper"].eq(0).all()


@pytest.mark.parametrize(
    ("chart", "arguments", "message"),
    [
        (p_chart, ([-1, 2], 10), "count: .* -1"),
        (p_chart, ([11, 2], 10), "no more than its denominator, not 11"),
        (p_prime, ([11, 2], 10), "no more than its denominator, not 11"),
        (u_chart, ([1, 2], [3, 0]), "denominator: .* not 0"),
        (u_chart, ([1, 2], [3, math.inf]), "denominator: .* not inf"),
        (u_chart, ([1, 2], [3, 4, 5]), r"denominator: expected 2 periods, not shape \(3,\)"),
        (u_chart, ([1, 2], 3, 0), "per: .* not 0"),
        (u_chart, ([-4, 2], 3), "count: .* -4"),
        (individuals, ([[1, 2]],), "one series"),
    ],
)
def test_what_cannot_be_is_named(chart, arguments, message):
    with pytest.raises(ValueError, match=message):
        chart(*arguments)
