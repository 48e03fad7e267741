"""Control charts: shapes and words for every kind of point, limits, phases, gaps."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.analysis import control
from goldenthread.catalogue import catalogue
from goldenthread.charts import template, xmr

RATE = catalogue()["household-recycling-rate"]
WORDS = {"title": "Hull’s rate rose", "alt": "Hull’s rate rose.", "source": "Defra"}
#: Fourteen ordinary points, then one far above the upper limit.
JUMP = [40.0, 41.0, 40.0, 42.0, 41.0, 40.0, 41.0, 42.0, 40.0, 41.0, 40.0, 41.0, 42.0, 40.0, 55.0]


def _draw(values, name="Hull", measure=RATE, target=math.nan, times=None, **options):
    chart = control.xmr(values, target=None if math.isnan(target) else target, **options)
    return xmr(
        measure,
        chart,
        periods=[f"{2008 + place}/{9 + place:02d}" for place in range(len(values))],
        times=[2009.25 + place for place in range(len(values))] if times is None else times,
        name=name,
        target=target,
        **WORDS,
    )


def _marks(chart):
    """The points by the part they play: symbol, and figures."""
    return {
        trace.meta: (trace.marker.symbol, list(trace.y))
        for trace in chart.figure.data
        if trace.mode == "markers"
    }


def _notes(chart, name):
    return [n.text.replace("<br>", " ") for n in chart.figure.layout.annotations if n.name == name]


@pytest.mark.parametrize(
    ("improvement", "part", "symbol", "word"),
    [
        ("increase", "improving", "triangle-up", "improving"),
        ("decrease", "concerning", "triangle-down", "getting worse"),
        (None, "neutral", "diamond", "changed"),
    ],
)
def test_a_signal_has_its_own_shape_and_a_word_beside_it(improvement, part, symbol, word):
    chart = _draw(JUMP, improvement=improvement)
    marks = _marks(chart)
    assert marks[part] == (symbol, [55.0])
    assert marks["council"] == ("circle", JUMP[:-1])
    assert _notes(chart, "ink") == [word]
    assert chart.table["What it shows"].iloc[-1] == f"{word}: outside the limits"
    assert chart.table["What it shows"].iloc[0] == "no more than the usual variation"


def test_every_kind_of_point_is_told_by_its_shape_alone():
    symbols = [symbol for symbol, _ in _marks(_draw(JUMP)).values()]
    assert len(symbols) == len(set(symbols)) == 4


def test_the_lines_are_the_charts_and_say_so_at_their_ends():
    found = control.xmr(JUMP)
    chart = _draw(JUMP)
    levels = [t.y[0] for t in chart.figure.data if t.meta == "limit"]
    np.testing.assert_allclose(levels, [found.upper, found.lower, found.centre])
    assert _notes(chart, "limit") == [
        f"Upper limit {found.upper:.1f}%",
        f"Average {found.centre:.1f}%",
        f"Lower limit {found.lower:.1f}%",
    ]
    dashes = [t.line.dash for t in chart.figure.data if t.meta == "limit"]
    assert dashes[0] == dashes[1] != dashes[2]


def test_a_gap_is_a_gap_and_a_zero_a_point():
    values = [3.0, math.nan, 0.0, 4.0, 2.0]
    chart = _draw(values)
    line = next(t for t in chart.figure.data if t.meta == "council" and t.mode == "lines")
    assert list(line.y) == [3.0, None, 0.0, 4.0, 2.0]
    assert line.connectgaps is False
    assert chart.table["Hull"].tolist() == ["3.0%", "no figure", "0.0%", "4.0%", "2.0%"]
    assert chart.table["What it shows"].iloc[1] == ""


def test_new_limits_begin_with_words_and_old_ones_end_there():
    values = [40.0, 41, 40, 42, 41, 30, 31, 30, 32, 31]
    chart = _draw(values, rebase_at=[5])
    (cut,) = chart.figure.layout.shapes
    assert cut.name == "break"
    assert cut.x0 == cut.x1 == 2009.25 + 4.5
    assert _notes(chart, "break") == ["New limits from 2013/14"]
    average = [t for t in chart.figure.data if t.meta == "limit"][-1]
    assert list(average.y) == [40.8, 40.8, None, 30.8, 30.8, None]
    assert average.x[1] == average.x[3] == cut.x0


def test_a_limit_where_no_figure_can_be_is_not_drawn_but_is_in_the_table():
    values = [1.0, 9.0, 1.0, 8.0, 0.0, 9.0]
    chart = _draw(values)
    assert control.xmr(values).lower < 0
    assert not any("Lower" in text for text in _notes(chart, "limit"))
    assert "lower limit would be below 0" in chart.subtitle
    assert chart.table["Lower limit"].iloc[0].startswith("−")
    lower = [t for t in chart.figure.data if t.meta == "limit"][1]
    assert not lower.y


def test_a_figure_that_may_be_negative_keeps_its_negative_limit():
    measure = RATE.model_copy(update={"minimum": -100.0})
    chart = _draw([1.0, 9.0, 1.0, 8.0, 0.0, 9.0], measure=measure)
    assert any("Lower" in text for text in _notes(chart, "limit"))


def test_few_points_make_trial_limits_and_one_makes_none():
    assert "Only 5 figures set them" in _draw(JUMP[:5]).subtitle
    assert "figures set them" not in _draw(JUMP).subtitle
    alone = _draw([40.0])
    assert "too few figures for limits" in alone.subtitle
    assert _notes(alone, "limit") == ["Average 40.0%"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (10.0, "can be expected to meet"),
        (90.0, "can be expected to miss"),
        (41.5, "may meet or miss"),
    ],
)
def test_a_target_is_a_dashed_line_with_what_the_limits_say_of_it(target, said):
    chart = _draw(JUMP[:-1], target=target, improvement="increase")
    (line,) = (t for t in chart.figure.data if t.meta == "target")
    assert set(line.y) == {target}
    assert line.line.dash == "longdash"
    assert f"it {said} the target" in chart.subtitle
    assert f"Target {target:.1f}%" in _notes(chart, "limit")
    assert not any(t.meta == "target" for t in _draw(JUMP).figure.data)


def test_labels_do_not_stand_on_each_other():
    chart = _draw([40.0, 40.1, 40.0, 40.1], target=40.05)
    low, high = chart.figure.layout.yaxis.range
    notes = [n for n in chart.figure.layout.annotations if n.name == "limit"]
    boxes = sorted((n.y, 0.085 * (high - low) * (n.text.count("<br>") + 1)) for n in notes)
    for (one, tall), (two, wide) in itertools.pairwise(boxes):
        assert two - one >= (tall + wide) / 2 - 1e-9


def test_a_series_and_its_periods_have_to_fit():
    chart = control.xmr(JUMP)
    with pytest.raises(ValueError, match="expected 15 of each"):
        xmr(RATE, chart, periods=["2010"], times=[2010.0], name="Hull", **WORDS)
    with pytest.raises(ValueError, match="later than the one before"):
        _draw(JUMP, times=[2000.0] * len(JUMP))


def test_a_hostile_name_is_text():
    html = _draw(JUMP, name="<img src=x onerror=alert(1)>").html_with_table()
    assert "<img" not in html


@given(
    st.lists(
        st.one_of(st.none(), st.floats(0, 1e6).map(lambda v: round(v, 3))), min_size=1, max_size=30
    ).filter(lambda values: any(value is not None for value in values))
)
def test_every_figure_is_drawn_once_in_one_shape(values):
    held = [math.nan if value is None else value for value in values]
    chart = _draw(held, measure=catalogue()["fly-tipping-incidents"], improvement="decrease")
    drawn = sorted(y for _, ys in _marks(chart).values() for y in ys)
    assert drawn == sorted(value for value in held if value == value)
    low, high = chart.figure.layout.yaxis.range
    slack = (high - low) * 1e-6
    assert all(low - slack <= y <= high + slack for y in drawn)
    assert chart.html()


def test_all_colours_have_a_part():
    for trace in _draw(JUMP, improvement="increase", target=45.0).figure.data:
        assert (trace.marker.color or trace.line.color) == template.ROLES[trace.meta]
