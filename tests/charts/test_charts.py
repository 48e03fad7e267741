"""Charts: what they draw is what they are given, and the picture is drawn from the same figure."""

from __future__ import annotations

import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.catalogue import catalogue
from goldenthread.charts import picture, strip, template, trend
from goldenthread.charts.axis import apart, axis, broken, decimals

RATE = catalogue()["household-recycling-rate"]
WORDS = {"title": "Hull: 46.6%", "alt": "Hull’s rate was 46.6%.", "source": "Defra"}
SERIES = pd.DataFrame(
    {
        "time": [2019.25, 2020.25, 2021.25, 2022.25],
        "period": ["2019/20", "2020/21", "2021/22", "2022/23"],
        "value": [48.1, math.nan, 0.0, 46.6],
        "england": [43.0, 42.0, 42.5, 41.7],
        "lower": [34.0, 33.0, 34.5, 33.5],
        "median": [41.0, 40.0, 41.0, 40.1],
        "upper": [49.0, 48.0, 49.5, 48.8],
    }
)
NUMBERS = st.floats(-1e6, 1e6).map(lambda v: round(v, 3))


def _trend(series=SERIES, name="Hull"):
    return trend(RATE, series, name=name, several="unitary councils", **WORDS)


def _strip(values, value=46.6, name="Hull"):
    return strip(
        RATE,
        values,
        chosen=name,
        value=value,
        several="unitary councils",
        period="2022/23",
        **WORDS,
    )


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.booleans())
def test_an_axis_has_five_equal_steps_and_holds_every_value(values, zero):
    ticks = axis(values, zero=zero)
    assert len(ticks) == 5
    np.testing.assert_allclose(np.diff(ticks), ticks[1] - ticks[0], rtol=1e-6)
    slack = (ticks[-1] - ticks[0]) * 1e-6
    assert ticks[0] - slack <= min(values)
    assert max(values) <= ticks[-1] + slack
    if zero:
        assert ticks[0] - slack <= 0 <= ticks[-1] + slack


def test_an_axis_of_nothing_and_of_one_value_can_be_drawn():
    assert axis([math.nan]) == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert axis([0.0])[-1] > 0
    assert axis([7.0], zero=False)[0] < 7 < axis([7.0], zero=False)[-1]
    assert decimals(axis([0.013])) >= 3


@given(st.lists(st.floats(0, 100), min_size=1, max_size=4), st.integers(1, 3))
def test_labels_do_not_stand_on_each_other_and_stay_inside(positions, lines):
    heights = [lines] + [1] * (len(positions) - 1)
    places = apart(positions, [0, 25, 50, 75, 100], heights, gap=0.08)
    boxes = sorted((p - h * 4, p + h * 4) for p, h in zip(places, heights))
    assert boxes[0][0] >= -1e-6
    assert boxes[-1][1] <= 100 + 1e-6
    for (_, top), (foot, _) in itertools.pairwise(boxes):
        assert foot >= top - 1e-6


def test_labels_that_are_far_apart_stay_where_they_belong():
    assert apart([20.0, math.nan, 80.0], [0, 50, 100])[::2] == [20.0, 80.0]
    assert math.isnan(apart([20.0, math.nan], [0, 100])[1])


def test_long_names_are_broken_between_words():
    assert broken("Hull", 15) == ["Hull"]
    assert all(len(line) <= 22 for line in broken("Bournemouth, Christchurch and Poole", 22))


def test_a_trend_draws_what_it_is_given_and_leaves_gaps():
    chart = _trend()
    lines = {trace.meta: trace for trace in chart.figure.data}
    assert list(lines) == ["lower", "band", "median", "england", "value"]
    assert list(lines["value"].y) == [48.1, None, 0.0, 46.6]
    assert lines["value"].connectgaps is False
    assert lines["band"].fill == "tonexty"
    assert list(lines["band"].y) == SERIES["upper"].tolist()
    assert chart.figure.layout.yaxis.range[0] == 0


def test_a_trend_labels_its_lines_directly_and_has_no_legend():
    chart = _trend()
    notes = {note.name: note for note in chart.figure.layout.annotations}
    assert {name: note.text for name, note in notes.items()} == {
        "value": "Hull",
        "median": "Middle council",
        "england": "England",
    }
    assert chart.figure.layout.template.layout.showlegend is False


def test_the_table_of_a_trend_holds_zero_and_missing_apart():
    table = _trend().table
    assert table["Hull"].tolist() == ["48.1%", "–", "0.0%", "46.6%"]
    assert table.columns.tolist() == ["Period", "Hull", "Middle of unitary councils", "England"]


def test_englands_own_trend_names_england_once():
    chart = _trend(SERIES.assign(england=math.nan), name="England")
    assert chart.table.columns.tolist() == ["Period", "England", "Middle of unitary councils"]
    visible = [note.name for note in chart.figure.layout.annotations if note.visible]
    assert visible == ["value", "median"]


def test_a_trend_without_any_own_figure_still_shows_the_others():
    chart = _trend(SERIES.assign(value=math.nan))
    assert [note.visible for note in chart.figure.layout.annotations] == [False, True, True]
    assert 'class="t-median line" d="M' in chart.html()


def test_a_strip_holds_every_council_and_marks_one():
    values = pd.Series({"Hull": 46.6, "York": 0.0, "Bath": math.nan, "Derby": 60.0})
    chart = _strip(values)
    councils, chosen = chart.figure.data
    assert sorted(councils.x) == [0.0, 46.6, 60.0]
    assert list(chosen.x) == [46.6]
    assert "York: 0.0%" in councils.text
    assert len(chart.table) == 3
    strokes = re.findall(r'class="t-(councils|chosen) line" d="([^"]*)"', chart.html())
    assert [(name, path.count("M")) for name, path in strokes] == [("councils", 3), ("chosen", 1)]


def test_a_strip_without_a_mark_names_nobody():
    chart = _strip(pd.Series({"York": 1.0, "Derby": 2.0}), value=math.nan)
    assert chart.figure.layout.annotations[0].visible is False
    assert "l-chosen" not in chart.html()


def test_the_picture_is_drawn_from_the_figure_on_the_page():
    html = _trend().html()
    figure = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    value = next(trace for trace in figure["data"] if trace["meta"] == "value")
    low, high = figure["layout"]["yaxis"]["range"]
    path = re.search(r'class="t-value line" d="([^"]*)"', html)[1]
    heights = [
        float(step.split(" ")[1].removesuffix("h0")) for step in re.split("[ML]", path) if step
    ]
    expected = [(high - y) / (high - low) * 100 for y in value["y"] if y is not None]
    np.testing.assert_allclose(heights, expected, atol=0.01)
    assert path.count("M") == 2, "the gap stays a gap"


def test_a_name_cannot_break_out_of_the_page():
    hostile = '</script><img src=x onerror="alert(1)">'
    chart = trend(
        RATE, SERIES, name=hostile, several="councils", title=hostile, alt=hostile, source=hostile
    )
    html = chart.html_with_table()
    assert "<img" not in html
    assert html.count("</script>") == 1


def test_plain_reads_the_arrays_that_plotly_packs():
    figure = go.Figure(go.Scatter(x=np.array([1.5, 2.5]), y=np.array([3, np.nan]))).to_dict()
    packed = json.loads(go.Figure(figure).to_json())
    trace = picture.plain(packed)["data"][0]
    assert trace["x"] == [1.5, 2.5]
    assert trace["y"] == [3.0, None]


def test_a_chart_shows_itself_in_jupyterlab_and_in_the_book():
    bundle = _trend()._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.plotly.v1+json", "text/html"}
    assert bundle["application/vnd.plotly.v1+json"]["layout"]["title"]["text"] == WORDS["title"]
    assert "<table" in bundle["text/html"]
    assert "Defra" in bundle["text/html"]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("page", "twin"),
    [(template.PAGE, lambda c: c), (template.DARK[template.PAGE], template.DARK.get)],
)
def test_colours_stand_out_from_the_page_light_and_dark(page, twin):
    background = {template.BAND, template.LINES, template.PAGE}
    for colour in set(template.ROLES.values()) - background:
        assert _contrast(twin(colour), page) >= 3, colour
    for colour in (template.TEXT, template.COUNCIL):
        assert _contrast(twin(colour), page) >= 4.5


STYLE = (Path(template.__file__).parent.parent / "site/static/site.css").read_text("utf-8")


def _properties(text: str) -> dict[str, str]:
    return dict(re.findall(r"(--[a-z]+): (#[0-9a-f]{3,6})", text))


def test_the_stylesheet_gives_every_part_the_colour_that_plotly_gives_it():
    root, dark = re.findall(r":root \{(.*?)\n *\}", STYLE, flags=re.DOTALL)[:2]
    light = _properties(root)
    night = {**light, **_properties(dark)}
    part = {}
    for selectors, name in re.findall(
        r"^(\.t-[^{]*) \{ --part: var\((--\w+)\); \}", STYLE, re.MULTILINE
    ):
        part |= dict.fromkeys(re.findall(r"\.t-(\w+)", selectors), name)
    assert set(part) == set(template.ROLES)
    for role, colour in template.ROLES.items():
        assert _whole(light[part[role]]) == colour.lower(), role
        assert _whole(night[part[role]]) == template.DARK[colour].lower(), role


def _whole(colour: str) -> str:
    """Write #fff as #ffffff."""
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
