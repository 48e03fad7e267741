"""Small multiples: one for each council, all on the same axes, the council behind each."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from goldenthread.catalogue import catalogue
from goldenthread.charts import multiples, picture

RATE = catalogue()["household-recycling-rate"]
WORDS = {"title": "Hull and others", "alt": "Hull’s rate among others.", "source": "Defra"}
TIMES = [2019.25, 2020.25, 2021.25]
LINES = pd.DataFrame(
    {
        "York": [40.0, math.nan, 43.0],
        "Hull": [48.0, 47.0, 46.6],
        "Bournemouth, Christchurch and Poole": [50.0, 51.0, math.nan],
        "Derby": [0.0, 0.0, 0.0],
        "Bath": [60.0, 61.0, 62.0],
    },
    index=["2019/20", "2020/21", "2021/22"],
)


def _multiples(lines=LINES, chosen="Hull", times=TIMES):
    return multiples(RATE, lines, times=times, chosen=chosen, several="Hull and 4 others", **WORDS)


def test_each_council_has_its_own_axes_and_the_council_behind_it():
    chart = _multiples()
    panes = picture.panes(chart.data)
    assert len(panes) == 5
    (own,) = panes[0]["data"]
    assert (own["meta"], own["y"]) == ("council", [48.0, 47.0, 46.6])
    for pane, name in zip(panes[1:], [name for name in LINES if name != "Hull"]):
        behind, line = pane["data"]
        assert behind["y"] == [48.0, 47.0, 46.6]
        assert behind["opacity"] < 1
        assert behind["line"]["width"] > line["line"]["width"], "they differ in grey print, too"
        assert line["y"] == [None if v != v else v for v in LINES[name]]


def test_all_share_one_axis_that_holds_every_figure():
    layout = _multiples().data["layout"]
    axes = [layout[key] for key in layout if key.startswith("yaxis")]
    assert all(axis["range"] == axes[0]["range"] for axis in axes)
    assert axes[0]["range"][0] <= 0
    assert axes[0]["range"][1] >= 62


def test_the_name_and_the_latest_figure_stand_above_each():
    texts = [note.text for note in _multiples().figure.layout.annotations]
    assert texts == [
        "Hull 46.6%",
        "York 43.0%",
        "Bournemouth,<br>Christchurch and<br>Poole: no figure",
        "Derby 0.0%",
        "Bath 62.0%",
    ]


def test_on_a_page_it_is_a_grid_of_pictures_with_one_description():
    html = _multiples().html()
    assert html.startswith('<figure class="many">')
    assert html.count('<div class="picture">') == 5
    assert html.count('role="img"') == html.count(f'aria-label="{WORDS["alt"]}"') == 1
    assert "<script" not in html
    paths = re.findall(r'class="(t-ink line(?: dots)?)" d="([^"]*)"', html)
    lines = [path.count("M") for kind, path in paths if kind == "t-ink line"]
    dots = [path.count("M") for kind, path in paths if kind == "t-ink line dots"]
    assert sum(lines) + sum(dots) == 5, "a gap stays a gap"
    assert sum(dots), "and a point between gaps is seen"


def test_the_places_in_a_notebooks_grid_do_not_overlap():
    layout = _multiples().figure.layout
    boxes = []
    for number in range(1, 6):
        on = "" if number == 1 else number
        boxes.append((*layout[f"xaxis{on}"].domain, *layout[f"yaxis{on}"].domain))
    assert all(0 <= left < right <= 1 and 0 <= foot < top <= 1 for left, right, foot, top in boxes)
    for one in range(5):
        for other in range(one):
            a, b = boxes[one], boxes[other]
            assert a[0] >= b[1] or b[0] >= a[1] or a[2] >= b[3] or b[2] >= a[3]


def test_the_table_tells_zero_from_missing():
    table = _multiples().table.set_index("Period")
    assert table["Derby"].tolist() == ["0.0%"] * 3
    assert table["York"].tolist() == ["40.0%", "no figure", "43.0%"]
    assert table.columns[0] == "Hull"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"chosen": "Atlantis"}, "'Atlantis' is not among"),
        ({"lines": LINES[["Hull"]]}, "'Hull' and others"),
        ({"times": [2019.25]}, "expected 3, one for each period, not 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        _multiples(**change)


def test_a_hostile_name_is_only_words():
    hostile = "</script><img src=x>"
    html = _multiples(LINES.rename(columns={"York": hostile})).html_with_table()
    assert "<img" not in html
    assert "</script>" not in html


def test_one_period_and_no_figure_at_all_can_be_drawn():
    chart = _multiples(LINES.iloc[:1] * math.nan, times=[2019.25])
    assert chart.html().count("no figure") >= 5
