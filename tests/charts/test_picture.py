"""The picture of a figure: every kind of trace, where plotly would draw it."""

from __future__ import annotations

import re

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.charts import picture

AXES = {
    "height": 200,
    "margin": {"l": 0, "r": 0, "t": 50, "b": 50},
    "xaxis": {"range": [0, 10]},
    "yaxis": {"range": [0, 100]},
}


def _draw(*traces, **layout):
    figure = go.Figure(data=list(traces), layout={**AXES, **layout})
    made = picture.plain(figure.to_plotly_json())
    made["layout"].pop("template", None)
    return picture.draw(made)


def _paths(html: str) -> dict[str, str]:
    return dict(re.findall(r'<path class="([^"]*)" d="([^"]*)"', html))


def _places(path: str) -> list[tuple[float, float]]:
    return [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def test_a_line_keeps_its_gaps_its_width_and_its_dashes():
    html = _draw(
        go.Scatter(
            x=[0, 5, 10, 10],
            y=[0, None, 50, 100],
            mode="lines",
            meta="limit upper",
            line={"width": 4, "dash": "dash"},
        )
    )
    assert _paths(html) == {
        "t-limit t-upper line": "M100.00 50.00L100.00 0.00",
        "t-limit t-upper line dots": "M0.00 100.00h0",
    }
    assert 'stroke-width="4" stroke-dasharray="12 12"' in html
    assert 'stroke-width="9.6"' in html


def test_thin_dashes_are_as_long_as_plotlys():
    html = _draw(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", meta="limit", line={"width": 1, "dash": "dot"})
    )
    assert 'stroke-dasharray="3 3"' in html
    own = {"width": 1, "dash": "6px,2px"}
    html = _draw(go.Scatter(x=[0, 1], y=[0, 1], mode="lines", meta="limit", line=own))
    assert 'stroke-dasharray="6 2"' in html


def test_a_line_without_width_is_not_drawn():
    assert "<path" not in _draw(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", meta="none", line={"width": 0})
    )


def test_an_area_between_two_lines_has_their_gaps():
    x = [0, 2, 4, 6, 8]
    lower = go.Scatter(x=x, y=[10, 10, 10, None, 10], mode="lines", meta="none", line={"width": 0})
    upper = go.Scatter(x=x, y=[20, None, 20, 20, 20], mode="lines", meta="band", fill="tonexty")
    path = _paths(_draw(lower, upper))["t-band area"]
    assert path == ("M0.00 80.00L0.00 90.00ZM40.00 80.00L40.00 90.00ZM80.00 80.00L80.00 90.00Z")


def test_a_polygon_closes_at_every_gap():
    html = _draw(
        go.Scatter(
            x=[0, 1, 0, None, 5, 6, 5],
            y=[0, 0, 10, None, 0, 0, 10],
            mode="lines",
            fill="toself",
            meta="comparator",
            opacity=0.5,
            line={"width": 1},
        )
    )
    assert _paths(html)["t-comparator area line"].count("Z") == 2, "with its edge"
    assert 'opacity="0.5"' in html


@pytest.mark.parametrize(
    ("symbol", "tag", "kind"),
    [
        ("circle", "circle", "mark"),
        ("circle-open", "circle", "open"),
        ("square", "svg", "mark"),
        ("diamond-open", "svg", "open"),
        ("triangle-up", "svg", "mark"),
        ("triangle-down", "svg", "mark"),
    ],
)
def test_marks_stand_at_their_place_and_are_not_stretched(symbol, tag, kind):
    marker = {"symbol": symbol, "size": 10}
    html = _draw(go.Scatter(x=[5], y=[25], mode="markers", meta="improving", marker=marker))
    stretched, unstretched = html.split("</svg><svg>")
    assert 'preserveAspectRatio="none"' in stretched
    assert "improving" not in stretched
    assert f'<g class="t-improving {kind}"' in unstretched
    assert re.search(rf'<{tag} c?x="50.00%" c?y="75.00%"', unstretched)


def test_triangles_point_up_and_down():
    heights = {}
    for symbol in ("triangle-up", "triangle-down"):
        html = _draw(
            go.Scatter(
                x=[5], y=[25], mode="markers", meta="a", marker={"symbol": symbol, "size": 12}
            )
        )
        heights[symbol] = float(re.search(r'd="[^"]*L0 (-?[\d.]+)Z"', html)[1])
    assert heights == {"triangle-up": -6.0, "triangle-down": 6.0}


def test_each_point_may_have_its_own_symbol_and_size():
    html = _draw(
        go.Scatter(
            x=[1, 2, 3],
            y=[1, None, 3],
            mode="lines+markers",
            meta="value",
            marker={"symbol": ["circle", "circle", "square"], "size": [4, 5, 6]},
        )
    )
    assert 'r="2"' in html
    assert 'r="2.5"' not in html, "a gap has no mark"
    assert "M-3.00 -3.00H3.00" in html
    assert "t-value line" in html


def test_a_stroke_is_as_long_as_plotlys():
    marker = {"symbol": "line-ns", "size": 10, "line": {"width": 2}}
    html = _draw(go.Scatter(x=[5], y=[50], mode="markers", meta="councils", marker=marker))
    # Plotly draws it 1.4 times its size: 14 of the 100 pixels inside.
    assert _paths(html)["t-councils line"] == "M50.00 43.00v14.00"


def test_bars_stand_and_lie_from_their_base():
    upright = go.Bar(x=[2, 4], y=[50, -10], width=1, meta="other")
    assert _paths(_draw(upright, yaxis={"range": [-50, 50]}))["t-other area"] == (
        "M15.00 0.00H25.00V50.00H15.00ZM35.00 50.00H45.00V60.00H35.00Z"
    )
    lying = go.Bar(x=[4, None], y=[50, 70], base=[2, 0], width=20, orientation="h", meta="council")
    assert _paths(_draw(lying))["t-council area"] == "M20.00 40.00H60.00V60.00H20.00Z"


def test_shapes_are_drawn_between_places_of_the_axes_or_of_the_paper():
    shapes = [
        {"type": "line", "x0": 5, "x1": 5, "yref": "paper", "y0": 0, "y1": 1, "name": "break", "line": {"dash": "dash", "width": 1}},
        {"type": "rect", "x0": 0, "x1": 5, "y0": 0, "y1": 50, "name": "band", "fillcolor": "#DFE3E6", "line": {"width": 0}, "layer": "below"},
        {"type": "path", "path": "M 0,0 L 10,0 L 10,100 Z", "name": "limit"},
    ]  # fmt: skip
    html = _draw(go.Scatter(x=[0, 1], y=[0, 1], mode="lines", meta="value"), shapes=shapes)
    assert _paths(html) == {
        "t-band area": "M0.00 100.00H50.00V50.00H0.00Z",
        "t-value line": "M0.00 100.00L10.00 99.00",
        "t-break line": "M50.00 100.00L50.00 0.00",
        "t-limit line": "M0.00 100.00L100.00 100.00L100.00 0.00Z",
    }
    order = [html.index(name) for name in ("t-band", "t-value", "t-break")]
    assert order == sorted(order), "what is below the traces is drawn before them"


def test_labels_stand_at_their_anchors_and_their_words_are_only_words():
    note = {
        "name": "target", "text": "Tyne &amp; Wear &lt;b&gt;<br>5", "x": 0.5, "xref": "paper", "y": 25,
        "xanchor": "right", "yanchor": "bottom", "xshift": -4, "yshift": 3, "align": "right",
        "showarrow": False, "font": {"size": 12, "weight": 700},
    }  # fmt: skip
    html = _draw(annotations=[note, {**note, "visible": False}])
    assert html.count("<span") == 1
    assert ">Tyne &amp; Wear &lt;b&gt;<br>5</span>" in html
    assert "top:75.00%;left:50.00%" in html
    assert "transform:translate(calc(-100% + -4px),calc(-100% - 3px))" in html
    assert "font-size:12px;font-weight:700;text-align:right" in html
    assert 'class="label l-target"' in html


def test_ticks_and_rules_of_an_axis_that_is_not_shown_are_not_drawn():
    axis = {"range": [0, 10], "tickvals": [0, 5, 10], "ticktext": ["a", "b", "c"]}
    shown = _draw(xaxis={**axis, "showgrid": True}, yaxis=axis)
    assert shown.count('class="grid"') == 6
    assert shown.count("tick-x") == shown.count("tick-y") == 3
    assert "font-size" not in shown
    assert "left:50.00%;font-size:13px" in _draw(xaxis={**axis, "tickfont": {"size": 13}})
    hidden = _draw(xaxis={**axis, "visible": False}, yaxis={**axis, "visible": False})
    assert "grid" not in hidden
    assert "tick" not in hidden


def test_a_map_keeps_its_proportions_and_what_is_on_the_paper_does_not_move_with_it():
    notes = [
        {"text": "on the map", "x": 5, "y": 50, "name": "a"},
        {"text": "on the paper", "x": 0, "y": 0, "xref": "paper", "yref": "paper", "name": "b"},
    ]
    html = _draw(yaxis={"range": [0, 20], "scaleanchor": "x"}, annotations=notes)
    inside, outside = html.split("</div>")
    assert '<div class="even" style="--ratio:0.5000">' in inside
    assert "on the map" in inside
    assert "on the paper" in outside


def test_a_figure_of_several_axes_is_taken_apart():
    figure = go.Figure(
        data=[
            go.Scatter(x=[0], y=[1], meta="value"),
            go.Scatter(x=[0], y=[2], meta="value", xaxis="x2", yaxis="y2"),
        ],
        layout={
            "meta": {"pane": {"height": 90, "margin": {"t": 1}}},
            "xaxis": {"range": [0, 1]},
            "yaxis": {"range": [0, 1]},
            "xaxis2": {"range": [0, 2]},
            "yaxis2": {"range": [0, 2]},
            "annotations": [
                {"text": "one", "x": 0, "y": 0},
                {"text": "two", "xref": "x2 domain", "yref": "y2", "x": 0, "y": 0},
            ],
        },
    ).to_plotly_json()
    first, second = picture.panes(figure)
    assert [list(trace["y"]) for trace in second["data"]] == [[2]]
    assert second["layout"]["xaxis"]["range"] == [0, 2]
    assert [note["text"] for note in first["layout"]["annotations"]] == ["one"]
    assert second["layout"]["annotations"][0]["xref"] == "x domain"
    assert second["layout"]["height"] == 90


def test_a_figure_of_one_pair_of_axes_stays_whole():
    figure = {"data": [], "layout": {"xaxis": {}, "yaxis": {}}}
    assert picture.panes(figure) == [figure]


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e3, 1e3)), min_size=1, max_size=30),
    st.floats(-1e3, 0),
    st.floats(1, 1e3),
)
def test_every_figure_of_a_line_is_where_its_axis_says(ys, low, high):
    html = _draw(
        go.Scatter(x=list(range(len(ys))), y=ys, mode="lines", meta="value"),
        xaxis={"range": [0, 30]},
        yaxis={"range": [low, high]},
    )
    paths = _paths(html)
    # A line, and a dot for each point that no line leads to.
    drawn = sorted(_places(paths["t-value line"]) + _places(paths.get("t-value line dots", "")))
    expected = [
        (x / 30 * 100, (high - y) / (high - low) * 100) for x, y in enumerate(ys) if y is not None
    ]
    assert len(drawn) == len(expected)
    if expected:
        np.testing.assert_allclose(drawn, expected, atol=0.0051)


def test_the_size_of_the_plot_is_on_the_page():
    html = picture.plot("bars", {"data": [], "layout": AXES}, "Hull’s <rate>")
    assert 'style="--tall:200px;--inset:50px 0px 50px 0px"' in html
    assert 'aria-label="Hull’s &lt;rate&gt;"' in html


def test_labels_are_moved_by_sums_that_a_browser_takes():
    # A bare 0 in a sum makes the whole movement invalid: the label then stays where it began.
    figure = {
        "data": [],
        "layout": {
            "xaxis": {"range": [0, 1]},
            "yaxis": {"range": [0, 1]},
            "annotations": [
                {"name": "value", "text": "Hull", "x": 1, "y": 1, "xanchor": x, "yanchor": y}
                for x in ("left", "center", "right")
                for y in ("top", "middle", "bottom")
            ],
        },
    }
    sums = re.findall(r"calc\(([^)]*)\)", picture.draw(figure))
    assert len(sums) == 18
    assert all(re.match(r"-?\d+(%|px) ", one) for one in sums)
