"""Ranked bars: the order, the places, what is missing, and what is left out."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.catalogue import catalogue
from goldenthread.charts import bars, template

RATE = catalogue()["household-recycling-rate"]
WASTE = next(measure for measure in catalogue().values() if measure.polarity == "low")
PLAIN = next(measure for measure in catalogue().values() if measure.polarity is None)
WORDS = {"title": "Hull: 46.6%", "alt": "Hull’s rate was 46.6%.", "source": "Defra"}
VALUES = pd.Series({"York": 40.0, "Hull": 46.6, "Derby": 0.0, "Leeds": 46.6, "Bath": math.nan})


def _bars(values=VALUES, measure=RATE, chosen="Hull", **more):
    return bars(
        measure,
        values,
        chosen=chosen,
        several="Hull and its 4 similar councils",
        period="2022/23",
        **WORDS,
        **more,
    )


def _traces(chart):
    return {trace.meta: trace for trace in chart.figure.data}


def _names(chart):
    """The names beside the bars, from the top."""
    notes = [
        note
        for note in chart.figure.layout.annotations
        if note.xanchor == "right" and note.xref == "paper"
    ]
    return [note.text.replace("<br>", " ") for note in sorted(notes, key=lambda note: -note.y)]


def _figures(chart):
    notes = [
        note
        for note in chart.figure.layout.annotations
        if note.xanchor == "left" and note.xref == "paper"
    ]
    ordered = sorted(notes, key=lambda note: -note.y)
    return [note.text.replace("<br>", ", ") for note in ordered]


def test_the_best_is_at_the_top_equals_share_a_place_and_the_missing_are_last():
    chart = _bars()
    assert _names(chart) == ["Hull", "Leeds", "York", "Derby", "Bath"]
    assert _figures(chart) == [
        "46.6%, joint 1st",
        "46.6%, joint 1st",
        "40.0%, 3rd",
        "0.0%, 4th",
        "no figure",
    ]
    assert chart.table["Council"].tolist() == ["Hull", "Leeds", "York", "Derby", "Bath"]
    assert chart.table["Place"].tolist() == ["joint 1st", "joint 1st", "3rd", "4th", ""]
    assert chart.table[RATE.short].tolist() == ["46.6%", "46.6%", "40.0%", "0.0%", "no figure"]


def test_where_low_is_good_the_lowest_is_at_the_top():
    assert _names(_bars(measure=WASTE))[:2] == ["Derby", "York"]
    assert "The best figure is at the top" in _bars(measure=WASTE).subtitle


def test_without_an_agreed_direction_there_is_no_place():
    chart = _bars(measure=PLAIN)
    assert "Place" not in chart.table
    assert not any("1st" in text for text in _figures(chart))
    assert "The highest figure is at the top" in chart.subtitle


def test_a_zero_has_a_bar_and_a_missing_value_has_none():
    drawn = _traces(_bars())
    assert sorted(drawn["other"].x) == [0.0, 40.0, 46.6]
    assert list(drawn["council"].x) == [46.6]


def test_the_council_is_marked_by_weight_as_well_as_by_colour():
    chart = _bars()
    bold = [note.text for note in chart.figure.layout.annotations if note.font.weight == 700]
    assert bold == ["Hull", "46.6%<br>joint 1st"]
    html = chart.html()
    assert "t-council area" in html
    assert re.search(r'<span class="label l-council"[^>]*font-weight:700[^>]*>Hull</span>', html)


def test_a_bar_stands_beside_its_name():
    chart = _bars()
    places = {
        note.text: note.y
        for note in chart.figure.layout.annotations
        if note.xanchor == "right" and note.xref == "paper"
    }
    drawn = _traces(chart)
    assert drawn["council"].y[0] == places["Hull"]
    by_value = dict(zip(drawn["other"].x, drawn["other"].y))
    assert by_value[40.0] == places["York"]
    assert by_value[0.0] == places["Derby"]


def test_england_and_the_median_are_lines_with_words():
    chart = _bars(england=41.7, middle=43.3)
    shapes = {shape.name: shape for shape in chart.figure.layout.shapes}
    assert shapes["nation"].x0 == shapes["nation"].x1 == 41.7
    assert shapes["nation"].line.dash != shapes["median"].line.dash
    notes = {note.name: note for note in chart.figure.layout.annotations}
    assert notes["nation"].text == "England 41.7%"
    assert notes["median"].text == "Middle council 43.3%"
    assert abs(notes["nation"].yshift - notes["median"].yshift) >= 16
    assert [shape.name for shape in _bars().figure.layout.shapes] == ["leader"]


def test_limits_are_whiskers_over_the_bars():
    lower = pd.Series({"Hull": 44.0, "York": 38.0})
    upper = pd.Series({"Hull": 49.0, "York": 42.5})
    chart = _bars(lower=lower, upper=upper)
    drawn = _traces(chart)
    assert list(drawn["ink"].x) == [44.0, 49.0, None, 38.0, 42.5, None]
    assert drawn["ink"].y[0] == drawn["council"].y[0]
    assert chart.figure.layout.xaxis.range[1] == 49.0
    assert chart.table["Lower limit"].tolist() == [
        "44.0%",
        "no figure",
        "38.0%",
        "no figure",
        "no figure",
    ]
    assert "ink" not in _traces(_bars())
    with pytest.raises(ValueError, match="both lower and upper"):
        _bars(lower=lower)


def _many(count, missing=0):
    values = {f"Council {n:03d}": float(count - n) for n in range(count)}
    return pd.Series({**values, **{f"Silent {n}": math.nan for n in range(missing)}})


def test_of_many_councils_the_ends_and_the_surroundings_are_drawn_and_the_gaps_say_how_many():
    chart = _bars(_many(100), chosen="Council 050")
    assert _names(chart) == [
        *(f"Council {n:03d}" for n in range(3)),
        *(f"Council {n:03d}" for n in range(45, 56)),
        *(f"Council {n:03d}" for n in range(97, 100)),
    ]
    said = [text for text in _figures(chart) if "not drawn" in text]
    assert said == ["42 councils not drawn", "41 councils not drawn"]
    assert len(chart.table) == 100
    assert "51st" in _figures(chart)[9]


@given(st.integers(21, 60), st.integers(0, 59), st.integers(0, 30))
def test_every_council_is_drawn_or_counted_in_a_gap(count, own, missing):
    values = _many(count, missing)
    chosen = values.index[min(own, len(values) - 1)]
    chart = _bars(values, chosen=chosen)
    counted = sum(
        int(text.split(" ")[0])
        for text in _figures(chart)
        if "not drawn" in text or "without a figure" in text
    )
    assert chosen in _names(chart)
    assert len(_names(chart)) + counted == len(values) == len(chart.table)
    assert len(_names(chart)) <= 20


def test_a_council_without_a_figure_among_many_is_there_and_says_so():
    chart = _bars(_many(40, missing=5), chosen="Silent 3")
    assert _names(chart)[-1] == "Silent 3"
    assert _figures(chart)[-2:] == ["no figure", "4 other councils without a figure"]


def test_bars_below_zero_go_to_the_left_of_the_line_of_zero():
    values = pd.Series({"Hull": -5.0, "York": 2.0})
    chart = _bars(values)
    assert list(chart.figure.layout.xaxis.range) == [-5.0, 2.0]
    paths = dict(re.findall(r'<path class="t-(\w+) area" d="M([\d.]+) ', chart.html()))
    assert float(paths["council"]) == 0.0
    np.testing.assert_allclose(float(paths["other"]), 500 / 7, atol=0.01)


@pytest.mark.parametrize(
    "values", [pd.Series({"Hull": math.nan, "York": math.nan}), pd.Series({"Hull": 0.0})]
)
def test_nothing_but_missing_values_or_zeros_can_be_drawn(values):
    chart = _bars(values)
    assert chart.figure.layout.xaxis.range[1] > chart.figure.layout.xaxis.range[0]
    assert "Hull" in chart.html()


def test_wrong_names_are_refused_by_name():
    with pytest.raises(ValueError, match="'Atlantis' is not among"):
        _bars(chosen="Atlantis")
    twice = pd.Series([1.0, 2.0, 3.0], index=["Hull", "York", "York"])
    with pytest.raises(ValueError, match="'York' comes twice"):
        _bars(twice)


def test_a_hostile_name_is_only_words():
    hostile = '<a href="https://evil.example">Hull</a></script><img src=x>'
    chart = _bars(pd.Series({hostile: 1.0, "York": 2.0}), chosen=hostile)
    html = chart.html_with_table()
    assert "<a " not in html
    assert "<img" not in html
    assert html.count("</script>") == 1
    texts = [note.text for note in chart.figure.layout.annotations]
    texts += [text for trace in chart.figure.data for text in trace.text or ()]
    assert not any("<a" in text or "<img" in text for text in texts)


def test_bars_are_as_high_as_their_names_and_never_wider_than_a_phone():
    values = pd.Series({"Hull": 1234.0, "Bournemouth, Christchurch and Poole": 1100.0})
    chart = _bars(values)
    margin = chart.figure.layout.margin
    assert 328 - margin.l - margin.r >= 80, "a phone has room for bars"
    one, two = sorted(trace_y for trace in chart.figure.data for trace_y in trace.y)
    assert two - one >= 32, "a name of three lines has a higher row"
    assert chart.figure.layout.template.layout.font.size == template.FONT_SIZE
