"""Charts: what they draw is what they are given, and the picture is drawn from the same figure."""

from __future__ import annotations

import csv
import dataclasses
import io
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
from goldenthread.charts import picture, strip, swarm, template, trend
from goldenthread.charts.axis import apart, axis, broken, decimals, short, tick_texts
from goldenthread.charts.strip import packed

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


def test_ticks_fit_beside_the_axis_and_a_judgement_is_a_word():
    pounds, judgement = catalogue()["council-tax-requirement"], catalogue()["ofsted-overall"]
    assert tick_texts(pounds, [-5000.0, 0.0, 5000.0]) == ["−£5,000", "£0", "£5,000"]
    assert tick_texts(pounds, [0.0, 12_500.0, 25_000.0]) == ["£0", "£12.5k", "£25.0k"]
    assert tick_texts(pounds, [0.0, 1.5e9, 3e9]) == ["£0", "£1.5bn", "£3.0bn"]
    assert tick_texts(judgement, [0.0, 1.0, 2.0, 3.0, 4.0]) == [
        "", "Inadequate", "Requires<br>improvement<br>to be good", "Good", "Outstanding",
    ]  # fmt: skip
    assert short(judgement, 3.0) == "Good"
    assert short(pounds, -5000.0) == "−£5,000"
    assert short(RATE, 0.0) == "0.0%"


def test_the_axis_of_a_judgement_is_its_scale_and_has_room_for_its_words():
    series = SERIES[["time", "period"]].assign(
        value=[3.0, math.nan, 3.0, 2.0], england=math.nan, lower=3.0, median=3.0, upper=4.0
    )
    chart = trend(catalogue()["ofsted-overall"], series, name="Hull", several="councils", **WORDS)
    assert list(chart.figure.layout.yaxis.tickvals) == [1, 2, 3, 4]
    assert chart.figure.layout.margin.l > template.MARGIN["l"]
    assert chart.table["Hull"].iloc[-1] == "Requires improvement to be good"


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


OWN = SERIES.assign(own_lower=[46.0, math.nan, 0.0, 44.1], own_upper=[50.2, math.nan, 0.4, 49.0])


def test_a_trend_draws_the_limits_of_each_figure_and_none_in_a_gap():
    chart = _trend(OWN)
    interval = next(trace for trace in chart.figure.data if trace.meta == "council interval")
    assert list(interval.x) == [
        2019.25,
        2019.25,
        None,
        2021.25,
        2021.25,
        None,
        2022.25,
        2022.25,
        None,
    ]
    assert list(interval.y) == [46.0, 50.2, None, 0.0, 0.4, None, 44.1, 49.0, None]
    assert chart.table["Lower limit"].tolist() == ["46.0%", "–", "0.0%", "44.1%"]
    assert "by chance" in chart.subtitle
    assert chart.figure.layout.yaxis.range[1] >= 50.2
    assert "by chance" not in _trend().subtitle


def test_one_limit_alone_is_refused():
    with pytest.raises(ValueError, match="not own_lower alone"):
        _trend(OWN.drop(columns="own_upper"))


def test_a_target_is_dashed_labelled_and_on_the_axis():
    chart = _trend(SERIES.assign(target=[math.nan, 60.0, 62.0, 65.0]))
    target = next(trace for trace in chart.figure.data if trace.meta == "target")
    assert target.line.dash == "longdash"
    assert list(target.y) == [None, 60.0, 62.0, 65.0]
    notes = {note.name: note for note in chart.figure.layout.annotations}
    assert notes["target"].text == "Target"
    assert chart.figure.layout.yaxis.range[1] >= 65
    assert chart.table["Target"].tolist() == ["–", "60.0%", "62.0%", "65.0%"]
    unset = _trend(SERIES.assign(target=math.nan))
    assert all(trace.meta != "target" for trace in unset.figure.data)


def test_a_break_cuts_every_line_and_is_named():
    whole = SERIES.assign(value=[48.1, 47.0, 30.0, 46.6])
    chart = trend(
        RATE,
        whole,
        name="Hull",
        several="unitary councils",
        breaks=[(2021.0, "Street sweepings are counted from 2021/22")],
        **WORDS,
    )
    band, *lines = chart.figure.data
    for trace in lines:
        at = list(trace.x).index(2020.75)
        assert trace.y[at] is None, trace.meta
        assert trace.connectgaps is False
        assert len(trace.x) == 5
    # Plotly would fill between two lines across the gap: here it has two polygons.
    assert (band.meta, band.fill) == ("band", "toself")
    assert list(band.y) == [49.0, 48.0, 33.0, 34.0, None, 49.5, 48.8, 33.5, 34.5, None]
    assert list(band.x) == [
        2019.25,
        2020.25,
        2020.25,
        2019.25,
        None,
        2021.25,
        2022.25,
        2022.25,
        2021.25,
        None,
    ]
    paths = dict(re.findall(r'class="t-(\w+) (?:line|area)" d="([^"]*)"', chart.html()))
    assert {name: paths[name].count("M") for name in ("band", "median", "value", "break")} == {
        "band": 2,
        "median": 2,
        "value": 2,
        "break": 1,
    }
    (shape,) = chart.figure.layout.shapes
    assert (shape.x0, shape.x1, shape.line.dash) == (2020.75, 2020.75, "dash")
    assert "Street sweepings are<br>counted from 2021/22" in chart.html()
    assert chart.table["Not comparable with before"].tolist() == [
        "", "", "Street sweepings are counted from 2021/22", "",
    ]  # fmt: skip
    inside = (
        chart.figure.layout.height - chart.figure.layout.margin.t - chart.figure.layout.margin.b
    )
    assert inside == template.HEIGHT - template.MARGIN["t"] - template.MARGIN["b"]


def test_a_gap_in_the_band_of_a_broken_series_is_no_bridge_either():
    gap = SERIES.assign(lower=[34.0, math.nan, 34.5, 33.5])
    chart = trend(RATE, gap, name="Hull", several="councils", breaks=[(2022.0, "Anew")], **WORDS)
    band = chart.figure.data[0]
    assert [x for x in band.x if x is not None] == [2019.25] * 2 + [2021.25] * 2 + [2022.25] * 2


@pytest.mark.parametrize("at", [2019.25, 2000.0, 2022.3])
def test_a_break_outside_the_periods_has_nothing_to_cut(at):
    chart = trend(
        RATE, SERIES, name="Hull", several="councils", breaks=[(at, "Counted anew")], **WORDS
    )
    assert not chart.figure.layout.shapes
    assert "Counted anew" not in chart.html_with_table()


def test_the_words_of_two_breaks_stand_one_above_the_other():
    chart = trend(
        RATE,
        SERIES,
        name="Hull",
        several="councils",
        breaks=[(2020.0, "First"), (2022.0, "Second")],
        **WORDS,
    )
    notes = {note.text: note for note in chart.figure.layout.annotations}
    assert notes["First"].yshift - notes["Second"].yshift >= 17
    by_place = {shape.x0: shape.y1 for shape in chart.figure.layout.shapes}
    assert by_place[2019.75] > by_place[2021.75] == 1


def test_what_is_said_of_a_point_names_the_period():
    value = next(trace for trace in _trend().figure.data if trace.meta == "value")
    assert list(value.text) == SERIES["period"].tolist()
    assert value.hovertemplate == "%{text}: %{y:,.1f}%"


@given(
    st.lists(st.floats(0, 100).map(lambda v: round(v, 1)), max_size=120),
    st.floats(0.1, 20),
)
def test_packed_dots_do_not_touch_and_fill_the_middle_first(values, width):
    values = sorted(values)
    rows = packed(values, width)
    for row in np.unique(rows):
        assert (np.diff(np.array(values)[rows == row]) >= width * (1 - 1e-9)).all()
    # Every dot away from the middle was kept out of each row nearer to it.
    order = {row: place for place, row in enumerate([0, 1, -1, 2, -2, 3, -3, *range(4, 200)])}
    for value, row in zip(values, rows):
        if row in (1, -1, 2):
            for nearer in [r for r in (0, 1, -1) if order[r] < order[int(row)]]:
                there = np.array(values)[rows == nearer]
                assert (np.abs(there - value) < width * (1 + 1e-9)).any()


def test_the_middle_row_is_what_choosing_one_by_one_gives():
    rng = np.random.default_rng(3)
    values = np.sort(rng.normal(50, 10, 300))
    chosen = []
    for value in values:
        if not chosen or value >= chosen[-1] + 1.5:
            chosen.append(value)
    assert values[packed(values, 1.5) == 0].tolist() == chosen


def _swarm(values, value=46.6, name="Hull", neighbours=("York",)):
    return swarm(
        RATE,
        values,
        chosen=name,
        value=value,
        neighbours=neighbours,
        several="unitary councils",
        period="2022/23",
        **WORDS,
    )


def test_a_swarm_draws_every_council_once_and_its_neighbours_in_another_shape():
    values = pd.Series({"Hull": 46.6, "York": 0.0, "Bath": math.nan, "Derby": 60.0, "Leeds": 0.0})
    chart = _swarm(values)
    dots = {trace.meta: trace for trace in chart.figure.data}
    assert sorted(dots["comparator"].x) == [0.0, 60.0]
    assert list(dots["ink"].x) == [0.0]
    assert dots["ink"].marker.symbol == "diamond"
    assert list(dots["chosen"].x) == [46.6]
    assert dots["ink"].y[0] != dots["comparator"].y[0], "two zeros stand one above the other"
    assert dict(zip(chart.table["Council"], chart.table["Similar council"])) == {
        "Derby": "", "Hull": "", "York": "yes", "Leeds": "",
    }  # fmt: skip
    assert "one of 4 unitary councils; the dark diamonds are 1" in chart.subtitle
    assert chart.html().count("<circle") == 3


def test_many_equal_councils_shrink_or_raise_a_swarm_but_never_overlap():
    values = pd.Series(0.0, index=[f"Council {n}" for n in range(120)])
    chart = _swarm(values, value=0.0, name="Council 0", neighbours=())
    dots = next(trace for trace in chart.figure.data if trace.meta == "comparator")
    heights = np.sort(dots.y)
    assert (np.diff(heights) >= dots.marker.size).all()
    inside = (
        chart.figure.layout.height - chart.figure.layout.margin.t - chart.figure.layout.margin.b
    )
    low, high = chart.figure.layout.yaxis.range
    assert high - low == pytest.approx(inside, abs=1), "a step of the axis is a pixel"


def test_a_swarm_without_a_mark_or_without_councils_can_be_drawn():
    assert "l-chosen" not in _swarm(pd.Series({"York": 1.0}), value=math.nan).html()
    assert _swarm(pd.Series({"York": math.nan}), value=math.nan).table.empty


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
    # One figure, a gap, and two: a dot and a line.
    path = "".join(re.findall(r'class="t-value line(?: dots)?" d="([^"]*)"', html)[::-1])
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
    assert "<table" in bundle["text/html"]
    assert f'aria-label="{WORDS["alt"]}"' in bundle["text/html"]
    assert "Defra" in bundle["text/html"]


def test_in_a_notebook_title_subtitle_and_source_are_in_the_picture_and_have_room():
    short, long = _trend(), _trend(name="Hull")
    title = "Hull recycles more of its household waste than most unitary councils, and it is rising"
    long = dataclasses.replace(long, title=title)
    figures = [chart.notebook_figure() for chart in (short, long)]
    for chart, figure in zip((short, long), figures):
        written = figure.layout.title.text
        words = re.sub(r"<[^>]+>", " ", written)
        assert words.split() == f"{chart.title} {chart.subtitle}".split()
        assert all(len(re.sub("<[^>]+>", "", line)) <= 84 for line in written.split("<br>"))
        assert figure.layout.annotations[-1].text == "Defra"
    first, second = (figure.layout.title.text.partition("<br><span")[0] for figure in figures)
    assert "<br>" not in first
    assert "<br>" in second, "a title of more than sixty letters takes a second line"
    assert figures[1].layout.margin.t > figures[0].layout.margin.t > template.MARGIN["t"]
    inside = [f.layout.height - f.layout.margin.t - f.layout.margin.b for f in figures]
    assert inside == [template.HEIGHT - template.MARGIN["t"] - template.MARGIN["b"]] * 2
    assert short.figure.layout.title.text is None, "the figure itself stays as it is"


def test_the_table_is_a_file_for_a_spreadsheet():
    chart = _trend(name='Hull, "the city"')
    rows = list(csv.reader(io.StringIO(chart.csv(), newline="")))
    assert rows[0] == ["Period", 'Hull, "the city"', "Middle of unitary councils", "England"]
    assert [row[1] for row in rows[1:]] == ["48.1%", "–", "0.0%", "46.6%"]
    assert chart.csv().count("\r\n") == len(rows)


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


@pytest.mark.parametrize("twin", [lambda c: c, template.DARK.get])
def test_the_council_stands_out_from_the_others_in_grey_too(twin):
    # Contrast is of lightness alone: what it is in colour, it is in grey print.
    for other in (template.PALE, template.BAND):
        assert _contrast(twin(template.COUNCIL), twin(other)) >= 2


def test_every_part_that_is_drawn_has_a_colour_on_the_page():
    values = pd.Series({"Hull": 46.6, "York": 0.0, "Derby": 60.0})
    broken_trend = trend(
        RATE,
        OWN.assign(target=50.0),
        name="Hull",
        several="councils",
        breaks=[(2021, "Anew")],
        **WORDS,
    )
    for chart in (_trend(), broken_trend, _strip(values), _swarm(values)):
        for part in re.findall(r'class="t-(\w+)', chart.html()):
            assert part in template.ROLES, (chart.kind, part)


def test_a_point_between_gaps_is_a_dot_in_jupyterlab_too():
    lone = [value if at == 0 else None for at, value in enumerate(SERIES["value"])]
    shown = _trend(SERIES.assign(value=lone, median=1.0)).notebook_figure()
    value = next(trace for trace in shown.data if trace.meta == "value")
    assert value.mode == "lines+markers"
    assert [size > 0 for size in value.marker.size] == [at == 0 for at in range(len(SERIES))]
    whole = next(trace for trace in shown.data if trace.meta == "median")
    assert whole.mode == "lines"
