"""Slopes: both ends where they belong, no label on another, nobody dropped in silence."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.catalogue import catalogue
from goldenthread.charts import slope
from goldenthread.charts.slope import LINE

RATE = catalogue()["household-recycling-rate"]
WORDS = {"title": "Hull fell", "alt": "Hull’s rate fell.", "source": "Defra"}
BEFORE = pd.Series({"Hull": 50.0, "York": 44.0, "Derby": 0.0, "Bath": math.nan})
AFTER = pd.Series({"Hull": 46.6, "York": 44.0, "Derby": 3.0, "Leeds": 41.0})


def _slope(before=BEFORE, after=AFTER, chosen="Hull", periods=("2017/18", "2022/23")):
    return slope(
        RATE,
        before,
        after,
        chosen=chosen,
        periods=periods,
        several="Hull and its similar councils",
        **WORDS,
    )


def _labels(chart, anchor):
    return [
        note
        for note in chart.figure.layout.annotations
        if note.xanchor == anchor and note.name != "period"
    ]


def _texts(chart, anchor):
    return {note.text for note in _labels(chart, anchor)}


def test_each_council_goes_from_then_to_now():
    lines = {trace.meta: trace for trace in _slope().figure.data}
    assert list(lines["council"].x) == [0, 1, None]
    assert list(lines["council"].y) == [50.0, 46.6, None]
    assert list(lines["comparator"].y) == [44.0, 44.0, None, 0.0, 3.0, None]
    assert lines["council"].line.width > lines["comparator"].line.width


def test_both_ends_are_labelled_and_the_council_in_bold():
    chart = _slope()
    assert _texts(chart, "right") == {"50.0%", "44.0%", "0.0%"}
    assert _texts(chart, "left") == {"46.6% Hull", "44.0% York", "3.0% Derby"}
    weights = {note.text: note.font.weight for note in _labels(chart, "left")}
    assert (weights["46.6% Hull"], weights["44.0% York"]) == (700, 400)


def test_who_has_no_figure_in_one_period_is_named_and_in_the_table():
    chart = _slope()
    assert "Not drawn, as a figure is missing: Bath and Leeds." in chart.subtitle
    table = chart.table.set_index("Council")
    assert table.loc["Bath"].tolist() == ["no figure", "no figure"]
    assert table.loc["Leeds"].tolist() == ["no figure", "41.0%"]
    assert table.loc["Derby"].tolist() == ["0.0%", "3.0%"]
    whole = _slope(BEFORE.dropna(), AFTER.drop("Leeds"))
    assert "Not drawn" not in whole.subtitle


def test_the_council_itself_may_be_the_one_without_a_figure():
    chart = _slope(BEFORE.drop("Hull"))
    assert "Hull" in chart.subtitle.partition("Not drawn")[2]
    assert not any("Hull" in text for text in _texts(chart, "left"))


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="'Atlantis' is not among"):
        _slope(chosen="Atlantis")
    with pytest.raises(ValueError, match="no council has a figure in both 2017/18 and 2022/23"):
        _slope(pd.Series({"Hull": math.nan}), pd.Series({"Hull": 1.0}))


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=17))
def test_no_label_stands_on_another(pairs):
    names = ["Hull", *(f"Bournemouth, Christchurch and Poole {n}" for n in range(1, len(pairs)))]
    before, after = (pd.Series([pair[end] for pair in pairs], index=names) for end in (0, 1))
    chart = _slope(before, after)
    layout = chart.figure.layout
    inside = layout.height - layout.margin.t - layout.margin.b
    low, high = layout.yaxis.range
    for anchor in ("left", "right"):
        notes = _labels(chart, anchor)
        boxes = sorted(
            ((note.y - low) / (high - low) * inside, (note.text.count("<br>") + 1) * LINE)
            for note in notes
        )
        assert len(boxes) == len(pairs)
        for (one, tall), (other, taller) in itertools.pairwise(boxes):
            assert other - one >= (tall + taller) / 2 - 0.01
        assert boxes[0][0] >= boxes[0][1] / 2 - 0.01
        assert boxes[-1][0] <= inside - boxes[-1][1] / 2 + 0.01


def test_a_thin_line_leads_from_each_end_to_its_label():
    crowd = pd.Series({"Hull": 50.0, "York": 50.0, "Derby": 50.0})
    chart = _slope(crowd, crowd)
    leader = next(trace for trace in chart.figure.data if trace.meta == "leader")
    ends = [y for x, y in zip(leader.x, leader.y) if x is not None and x > 1]
    places = sorted(note.y for note in _labels(chart, "left"))
    np.testing.assert_allclose(sorted(ends), places)


def test_long_periods_are_broken_so_that_they_do_not_meet():
    chart = _slope(periods=("Year ending March 2018", "Year ending March 2025"))
    headings = [note for note in chart.figure.layout.annotations if note.name == "period"]
    assert [note.text for note in headings] == [
        "Year ending<br>March 2018",
        "Year ending<br>March 2025",
    ]
    assert chart.figure.layout.margin.t > _slope().figure.layout.margin.t
