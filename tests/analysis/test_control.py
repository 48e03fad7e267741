"""Control charts: by hand, against statprocon and plain loops over the printed rules, and by property."""

from __future__ import annotations

import math
from itertools import chain, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statprocon import XmR

from goldenthread.analysis import control, rules
from goldenthread.analysis.control import icon, signals, xmr

NAN = math.nan

#: Whole numbers, so that sums, ties and mirror images are exact; few of them, so that ties come up.
FIGURES = st.integers(-9, 9).map(float)
GAPPY = st.lists(FIGURES | st.just(NAN), min_size=1, max_size=40)
#: What raises signals, and hardly ever comes by chance: rises and falls, and stays on one side,
#: among figures that swing enough for wide limits.
SWING = st.lists(st.sampled_from([-9.0, -8.0, 8.0, 9.0]), min_size=4, max_size=14)
RISE = st.lists(FIGURES, min_size=5, max_size=9, unique=True).map(sorted)
STAY = st.lists(st.integers(2, 4).map(float), min_size=3, max_size=9)
JUMP = st.lists(st.sampled_from([20.0, 24.0, 30.0]), min_size=1, max_size=2)
PIECE = SWING | RISE | RISE.map(lambda up: up[::-1]) | STAY | JUMP | st.just([NAN])
PIECES = st.lists(PIECE, min_size=2, max_size=7).map(lambda pieces: list(chain(*pieces)))
SERIES = GAPPY | PIECES | PIECES.map(lambda values: [-value for value in values])
WAYS = st.sampled_from(["increase", "decrease", None])
PRESETS = st.sampled_from(["mdc", "nhsrplotthedots"])

LINES = ["centre", "lower", "upper", "lower_warning", "upper_warning"]


def by_hand(values, screen, between, run_length=7):
    """Apply the printed rules, one point at a time: the five lines, and each point's rule and direction."""
    there = [v for v in values if not math.isnan(v)]
    ranges = [abs(b - a) for a, b in pairwise(values)]
    ranges = [r for r in ranges if not math.isnan(r)]
    if not ranges:
        return None
    if screen and max(ranges) > 0:
        whole = sum(ranges) / len(ranges)
        ranges = [r for r in ranges if r < 3.267 * whole]
    mean = sum(there) / len(there)
    width = 2.66 * sum(ranges) / len(ranges)
    n = len(values)
    # Halves of a millionth are no difference between whole numbers and their means.
    side = [
        0 if math.isnan(v) or abs(v - mean) < 1e-9 else math.copysign(1, v - mean) for v in values
    ]
    size = [0 if math.isnan(v) else abs(v - mean) for v in values]
    out = [s > width + 1e-9 for s in size]
    near = [s > 2 * width / 3 + 1e-9 and not (between and o) for s, o in zip(size, out)]
    found = []
    for i in range(n):
        rule, direction = "", 0
        stretches = [
            range(a, a + run_length) for a in range(n - run_length + 1) if a <= i < a + run_length
        ]
        threes = [range(a, a + 3) for a in range(n - 2) if a <= i < a + 3]
        if out[i]:
            rule, direction = "outside limits", side[i]
        if not rule:
            # The last stretch is the one that goes on from this point.
            for stretch in stretches:
                steps = {np.sign(values[j + 1] - values[j]) for j in stretch[:-1]}
                if steps in ({1.0}, {-1.0}):
                    rule, direction = "trend", steps.pop()
        if not rule and near[i]:
            for three in threes:
                if abs(sum(side[j] for j in three)) == 3 and sum(near[j] for j in three) >= 2:
                    rule, direction = "two of three", side[i]
        if not rule and any({side[j] for j in stretch} in ({1.0}, {-1.0}) for stretch in stretches):
            rule, direction = "shift", side[i]
        found.append((rule, direction))
    third = 2 * width / 3
    return (mean, mean - width, mean + width, mean - third, mean + third), found


# By hand ----------------------------------------------------------------------------------------


def test_lines_are_the_mean_and_its_distance_in_moving_ranges():
    # Mean (10 + 12 + 11 + 15) / 4 = 12; moving ranges 2, 1, 4, mean 7/3; 2.66 · 7/3 = 6.2067.
    chart = xmr([10, 12, 11, 15])
    assert chart.centre == 12
    assert chart.upper == pytest.approx(12 + 6.206_667)
    assert chart.lower == pytest.approx(12 - 6.206_667)
    assert chart.table["upper_warning"].iloc[0] == pytest.approx(12 + 4.137_778)
    assert chart.table["lower_warning"].iloc[0] == pytest.approx(12 - 4.137_778)
    np.testing.assert_array_equal(chart.table["moving_range"], [NAN, 2, 1, 4])


def test_screening_drops_large_moving_ranges_once():
    # 16 moving ranges: fourteen of 1, one of 9 and one of 8; their mean 31/16, times 3.267 is 6.33.
    values = [1, 2, 1, 2, 11, 3, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]
    plain, screened = xmr(values), xmr(values, screen=True)
    mean = sum(values) / 17
    assert plain.upper == pytest.approx(mean + 2.66 * 31 / 16)
    assert screened.upper == pytest.approx(mean + 2.66)
    assert screened.centre == plain.centre
    # The table still shows what was measured.
    assert screened.table["moving_range"].max() == 9


def test_the_presets_differ_where_the_public_tools_do():
    # Mean 10.5, limits 2.66 away and warning lines 1.77: one point beyond the limit, one near it.
    values = [10, 11] * 6 + [10.2, 5.0, 8.3]
    rules_of = {
        preset: xmr(values, baseline=12, preset=preset).table["rule"].iloc[-3:].tolist()
        for preset in control.PRESETS
    }
    assert rules_of["mdc"] == ["", "outside limits", "two of three"]
    assert rules_of["nhsrplotthedots"] == ["", "outside limits", ""]
    # Without a baseline the fall is among the moving ranges, which only one of them screens.
    mdc, dots = xmr(values, preset="mdc"), xmr(values, preset="nhsrplotthedots")
    assert mdc.upper > dots.upper
    assert xmr(values).table.equals(mdc.table)
    # What is said overrides the preset.
    assert xmr(values, preset="nhsrplotthedots", screen=False).upper == mdc.upper
    both = xmr(values, baseline=12, preset="nhsrplotthedots", two_of_three="beyond-2-sigma")
    assert both.rule == "two of three"


@pytest.mark.parametrize("length", [7, 9])
def test_every_point_of_a_trend_is_marked_and_a_tie_breaks_it(length):
    values = [20.0, 4.0, 20.0, 4.0, *range(9, 9 + length), 20.0, 4.0, 20.0, 4.0]
    table = xmr(values, improvement="increase").table
    # The point before the rise is lower than its first, and the point after it higher.
    rise = range(3, 5 + length)
    assert [i for i, rule in enumerate(table["rule"]) if rule == "trend"] == list(rise)
    assert set(table["point_type"].iloc[rise]) == {"improving"}
    values[4] = values[3]
    tied = xmr(values).table["rule"]
    assert tied.iloc[3] == ""
    assert (tied.iloc[4 : 5 + length] == "trend").all()


def test_a_peak_between_two_trends_belongs_to_what_follows():
    marks = rules.trend(np.array([1.0, 2, 3, 4, 3, 2, 1]), 4)
    assert marks.direction.tolist() == [1, 1, 1, -1, -1, -1, -1]
    assert marks.began.tolist() == [0, 0, 0, 3, 3, 3, 3]


def test_a_point_on_the_mean_breaks_a_shift():
    usual, high = [4.0, 8.0] * 4, [7.0, 8.0, 7.0, 8.0, 7.0, 8.0, 7.0]
    assert xmr([*usual, *high], baseline=8).rule == "shift"
    on_the_mean = [*usual, *high[:3], 6.0, *high[3:]]
    assert set(xmr(on_the_mean, baseline=8).table["rule"]) == {""}
    # So it does where the mean is 0.1 only but for rounding.
    tenths = [value / 60 for value in on_the_mean]
    assert set(xmr(tenths, baseline=8).table["rule"]) == {""}


def test_a_shift_says_where_it_began_and_whether_it_is_good():
    values = [5, 4, 5, 3, 4, 5, 4, 3, 9, 8, 9, 8, 9, 8, 9, 8]
    chart = xmr(values, improvement="decrease")
    assert (chart.variation, chart.rule, chart.direction, chart.began) == (
        "concerning",
        "shift",
        1,
        8,
    )
    assert xmr(values, improvement="increase").variation == "improving"
    assert xmr(values).variation == "neutral change"
    assert xmr(values[:8]).variation == "common cause"
    assert xmr(values[:8]).began is None


def test_two_of_three_says_which_of_them_was_first():
    side, near = np.ones(4, dtype=int), np.array([0, 1, 0, 1])
    marks = rules.two_of_three(side, near)
    assert marks.direction.tolist() == [0, 1, 0, 1]
    assert marks.began[[1, 3]].tolist() == [1, 1]
    # A point on the other side of the mean, or missing, breaks the three.
    for other in (-1, 0):
        assert not rules.two_of_three(np.array([1, 1, other, 1]), near).direction.any()


def test_a_gap_is_not_closed_up():
    usual, rising = [9.0, 0.0] * 4, [1.0, 2, 3, 4, 5, 6]
    assert (xmr([*usual, *rising]).rule, xmr([*usual, *rising]).began) == ("trend", 7)
    gap = xmr([*usual, *rising[:3], NAN, *rising[3:]])
    assert (gap.rule, gap.variation) == ("", "common cause")
    ranges = gap.table["moving_range"].iloc[-5:]
    np.testing.assert_array_equal(ranges, [1, NAN, NAN, 1, 1])
    assert gap.table["point_type"].isna().tolist() == [False] * 11 + [True] + [False] * 3
    assert gap.table["centre"].notna().all()
    # The verdict is the last figure's, though a period without one follows.
    assert xmr([*usual, *rising, NAN]).variation == "neutral change"


def test_limits_and_rules_do_not_cross_a_rebase():
    values = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert (xmr(values).table["rule"] != "").all()
    split = xmr(values, rebase_at=[5])
    assert (split.table["rule"] == "").all()
    assert split.table["centre"].tolist() == [3.0] * 5 + [8.0] * 5
    assert math.isnan(split.table["moving_range"].iloc[5])
    assert (split.centre, split.points) == (8.0, 5)


def test_a_baseline_sets_the_limits_for_what_follows():
    values = [5, 6, 5, 6, 5, 6, 5, 6, 20, 21]
    chart = xmr(values, baseline=8)
    assert (chart.centre, chart.points) == (5.5, 8)
    assert chart.upper == pytest.approx(5.5 + 2.66)
    assert chart.table["rule"].tolist() == [""] * 8 + ["outside limits"] * 2
    assert chart.began == 8
    assert xmr(values, baseline=slice(0, 8)).table.equals(chart.table)
    assert xmr(values, baseline=slice(-2, None)).centre == 20.5
    # A number holds for each phase.
    phases = xmr([*values, *values], baseline=8, rebase_at=[10])
    assert phases.table["centre"].eq(5.5).all()


@pytest.mark.parametrize(
    ("improvement", "target", "expected"),
    [
        ("increase", 9, "consistently failing"),
        ("increase", 2, "consistently passing"),
        ("increase", 5.5, "hit and miss"),
        ("decrease", 9, "consistently passing"),
        ("decrease", 2, "consistently failing"),
        ("decrease", 5.5, "hit and miss"),
        (None, 9, None),
        ("increase", None, None),
        # On the limit is neither above nor below it.
        ("increase", 5.5 + 2.66, "hit and miss"),
        ("decrease", 5.5 - 2.66, "hit and miss"),
    ],
)
def test_assurance_is_what_the_limits_say_about_the_target(improvement, target, expected):
    chart = xmr([5, 6] * 7, improvement=improvement, target=target)
    assert chart.assurance == expected


def test_assurance_is_the_last_phases():
    values = [5, 6] * 7 + [15, 16] * 7
    assert xmr(values, improvement="increase", target=10, rebase_at=[14]).assurance == (
        "consistently passing"
    )


@pytest.mark.parametrize("value", [0.1, 0.0, -7.3, 1e9 / 3])
@pytest.mark.parametrize("preset", ["mdc", "nhsrplotthedots"])
def test_a_series_that_never_moves_raises_no_signal(value, preset):
    chart = xmr([value] * 20, improvement="increase", target=value, preset=preset)
    assert set(chart.table["point_type"]) == {"common cause"}
    assert chart.assurance == "consistently passing"
    assert chart.upper == pytest.approx(value)
    higher = xmr([value] * 20, improvement="increase", target=value + 1, preset=preset)
    assert higher.assurance == "consistently failing"


def test_a_point_that_leaves_a_motionless_baseline_is_outside():
    assert xmr([0.1] * 10 + [0.2], baseline=10).rule == "outside limits"


def test_limits_are_on_trial_under_thirteen_points():
    assert xmr([5, 6] * 6).trial
    assert xmr([5, 6] * 6 + [NAN]).trial
    assert not xmr([5, 6] * 6 + [5]).trial


@pytest.mark.parametrize("values", [[5.0], [5.0, NAN], [5.0, NAN, 6.0]])
def test_without_two_neighbours_there_are_no_limits_and_no_signal(values):
    chart = xmr(values, improvement="increase", target=1)
    assert (chart.variation, chart.assurance) == ("common cause", None)
    assert math.isnan(chart.upper)


def test_nothing_is_said_of_nothing():
    chart = xmr([NAN, NAN], improvement="increase", target=1)
    assert (chart.variation, chart.rule, chart.began, chart.points) == ("", "", None, 0)
    assert chart.table["point_type"].isna().all()
    # Nor of a last phase without figures, whatever was before.
    assert xmr([1, 2, 3, 4, 5, 6, 7, 8, NAN], rebase_at=[8]).variation == ""


def test_the_table_keeps_the_names_of_the_periods():
    named = pd.Series([5, None, 6], index=["2021/22", "2022/23", "2023/24"], dtype="Float64")
    table = xmr(named).table
    assert table.index.equals(named.index)
    assert list(table.columns) == ["value", *LINES, "moving_range", "point_type", "rule"]
    np.testing.assert_array_equal(table["value"], [5, NAN, 6])


def test_every_verdict_has_a_word_and_a_shape_of_its_own():
    icons = [icon(verdict) for verdict in (*control.VARIATION, *control.ASSURANCE)]
    assert len({each.word for each in icons}) == len({each.shape for each in icons}) == 7
    with pytest.raises(ValueError, match="'good'"):
        icon("good")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"preset": "shewhart"}, "'shewhart'"),
        ({"run_length": 1}, "run_length: .* not 1"),
        ({"two_of_three": "beyond"}, "two_of_three: .* 'beyond'"),
        ({"improvement": "up"}, "improvement: .* 'up'"),
        ({"rebase_at": [4]}, "rebase_at: .* 0 to 3, not 4"),
        ({"rebase_at": [-1]}, "rebase_at: .* not -1"),
        ({"baseline": 1}, "baseline: .* not 1"),
        ({"baseline": slice(3, None)}, "baseline: .* not slice"),
        ({"baseline": slice(0, 2), "rebase_at": [2]}, "give a number"),
    ],
)
def test_what_cannot_be_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        xmr([1, 2, 3, 4], **options)


@pytest.mark.parametrize(
    ("values", "message"),
    [([], "one period or more"), ([1, math.inf], "inf"), ([[1, 2], [3, 4]], r"shape \(2, 2\)")],
)
def test_what_is_no_series_is_named(values, message):
    with pytest.raises(ValueError, match=message):
        xmr(values)


def test_signals_name_what_cannot_be():
    with pytest.raises(ValueError, match=r"improvement: .* 'up'"):
        signals([[1, 2], [3, 4]], improvement=["increase", "up"])
    with pytest.raises(ValueError, match=r"rebase_at: .* 0 to 1, not 2"):
        signals([[1, 2], [3, 4]], rebase_at=[0, 2])


# Against others ---------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 12), min_size=2, max_size=40))
def test_as_statprocon_has_it(values):
    theirs, ours = XmR(values), xmr(values)
    assert ours.centre == pytest.approx(float(theirs.x_central_line()[0]), abs=1e-3)
    assert ours.upper == pytest.approx(float(theirs.upper_natural_process_limit()[0]), abs=1e-2)
    assert ours.lower == pytest.approx(float(theirs.lower_natural_process_limit()[0]), abs=1e-2)
    assert ours.table["moving_range"].iloc[1:].tolist() == theirs.moving_ranges()[1:]
    outside = theirs.rule_1_x_indices_beyond_limits()
    assert (ours.table["rule"] == "outside limits").tolist() == outside
    # Their run about the central line is of eight.
    side = np.sign(np.array(values, dtype=float) - ours.centre).astype(int)
    shifted = rules.shift(side, 8).direction != 0
    assert shifted.tolist() == theirs.rule_2_runs_about_central_line()


@settings(max_examples=300)
@given(SERIES, PRESETS)
def test_as_a_plain_loop_over_the_printed_rules_has_it(values, preset):
    table = xmr(values, preset=preset, improvement="increase").table
    found = by_hand(values, screen=preset != "mdc", between=preset != "mdc")
    if found is None:
        assert table["upper"].isna().all()
        return
    lines, marks = found
    np.testing.assert_allclose(table[LINES].iloc[0], lines, atol=1e-9)
    for (rule, direction), value, row in zip(marks, values, table.itertuples()):
        assert row.rule == rule
        if not math.isnan(value):
            assert (
                row.point_type == {0: "common cause", 1: "improving", -1: "concerning"}[direction]
            )


@settings(max_examples=200)
@given(st.lists(SERIES, min_size=1, max_size=6), st.data())
def test_signals_say_what_the_chart_of_each_series_says(rows, data):
    n = max(len(row) for row in rows)
    values = np.array([row + [NAN] * (n - len(row)) for row in rows])
    ways = data.draw(st.lists(WAYS, min_size=len(rows), max_size=len(rows)))
    starts = data.draw(st.lists(st.integers(0, n - 1), min_size=len(rows), max_size=len(rows)))
    preset = data.draw(PRESETS)
    found = signals(values, improvement=ways, rebase_at=starts, preset=preset)
    for i, (row, way, start) in enumerate(zip(values, ways, starts)):
        chart = xmr(row, improvement=way, rebase_at=[start], preset=preset)
        alone = signals(row, improvement=way, rebase_at=start, preset=preset)
        assert isinstance(alone.variation, str)
        began = -1 if chart.began is None else chart.began
        told = (chart.variation, chart.rule, chart.direction, began)
        assert tuple(each[i] for each in found[:4]) == alone[:4] == told
        numbers = [chart.centre, chart.lower, chart.upper, chart.points]
        np.testing.assert_array_equal([each[i] for each in found[4:]], numbers)
        np.testing.assert_array_equal(alone[4:], numbers)


def test_signals_take_any_shape_and_polarities_as_numbers():
    rise = np.arange(8.0)
    values = np.array([[rise, -rise], [rise, -rise]])
    found = signals(values, improvement=[[1, 1], [-1, 0]])
    assert found.variation.tolist() == [
        ["improving", "concerning"],
        ["concerning", "neutral change"],
    ]
    assert found.direction.tolist() == [[1, -1], [1, -1]]
    assert signals(values, improvement="increase").upper.shape == (2, 2)


# Properties -------------------------------------------------------------------------------------


def _same(one, other):
    pd.testing.assert_frame_equal(
        one.table[["point_type", "rule"]], other.table[["point_type", "rule"]]
    )


@given(SERIES, WAYS, PRESETS)
def test_turning_the_sign_turns_high_and_low_and_good_and_bad(values, way, preset):
    one = xmr(values, improvement=way, preset=preset)
    turned = xmr([-v for v in values], improvement=way, preset=preset)
    swap = {"improving": "concerning", "concerning": "improving"}
    assert one.table["point_type"].replace(swap).equals(turned.table["point_type"])
    assert one.table["rule"].equals(turned.table["rule"])
    assert (one.direction, one.began) == (-turned.direction, turned.began)
    np.testing.assert_allclose(one.upper, -turned.lower)


@given(SERIES, st.sampled_from([-1000.0, 0.1, 1e6]), st.sampled_from([1e-3, 0.7, 1e5]), PRESETS)
def test_the_unit_and_the_zero_of_a_figure_do_not_matter(values, zero, unit, preset):
    one = xmr(values, improvement="increase", preset=preset)
    other = xmr([zero + unit * v for v in values], improvement="increase", preset=preset)
    _same(one, other)
    np.testing.assert_allclose(other.upper, zero + unit * one.upper)


@given(st.lists(st.lists(FIGURES, min_size=12, max_size=12), min_size=2, max_size=5), st.randoms())
def test_each_series_is_judged_by_itself(rows, chance):
    order = list(range(len(rows)))
    chance.shuffle(order)
    found, shuffled = signals(rows), signals([rows[i] for i in order])
    for each, other in zip(found, shuffled):
        np.testing.assert_array_equal(each[order], other)


@given(SERIES)
def test_backwards_a_rise_is_a_fall_and_all_else_the_same(values):
    figures = np.array(values)
    back = figures[::-1]
    lines = rules.limits(figures)
    np.testing.assert_allclose(np.ravel(lines), np.ravel(rules.limits(back)))

    def marks(series):
        side = rules.beyond(series, lines.centre, lines.centre)
        near = rules.beyond(series, lines.lower_warning, lines.upper_warning)
        out = rules.beyond(series, lines.lower, lines.upper)
        found = (rules.outside(out), rules.two_of_three(side, near), rules.shift(side, 7))
        return np.array([each.direction for each in found])

    np.testing.assert_array_equal(marks(figures), marks(back)[:, ::-1])
    # A peak belongs to what follows it, whichever way one looks: marked it is either way.
    rise, fall = rules.trend(figures, 7).direction, rules.trend(back, 7).direction[::-1]
    np.testing.assert_array_equal(rise != 0, fall != 0)


@given(st.lists(SERIES, min_size=1, max_size=4), WAYS, PRESETS)
def test_a_phase_is_judged_as_if_it_stood_alone(phases, way, preset):
    whole = [v for phase in phases for v in phase]
    starts = np.cumsum([0] + [len(phase) for phase in phases[:-1]]).tolist()
    chart = xmr(whole, rebase_at=starts, improvement=way, preset=preset)
    alone = [xmr(phase, improvement=way, preset=preset) for phase in phases]
    expected = pd.concat([each.table for each in alone], ignore_index=True)
    pd.testing.assert_frame_equal(chart.table, expected)
    assert chart.variation == alone[-1].variation
    assert chart.points == alone[-1].points
