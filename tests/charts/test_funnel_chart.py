"""Funnels: shapes by status, lines as far as there are councils, names where there is room."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.analysis import funnel as analysis
from goldenthread.catalogue import catalogue
from goldenthread.charts import template
from goldenthread.charts.funnel import NAMED, funnel

RATE = catalogue()["household-recycling-rate"]
WORDS = {"period": "2022/23", "title": "Hull is higher", "alt": "A funnel.", "source": "Defra"}
#: Counts out of denominators: York far above, Derby above, Leeds far below, Bath nothing.
COUNTS = pd.DataFrame(
    {
        "count": [400, 262, 250, 640, 1500, math.nan],
        "size": [500, 500, 520, 1600, 3000, 800],
    },
    index=["York", "Derby", "Hull", "Leeds", "Kent", "Bath"],
)


def _figures(counts=COUNTS):
    found = analysis.funnel_proportion(counts["count"], counts["size"])
    areas = pd.DataFrame(
        {"size": counts["size"], "value": found.value * 100, "status": found.status}, counts.index
    )
    sizes = np.linspace(100, 6000, 200)
    lines = {name: line * 100 for name, line in found.curve(sizes)._asdict().items()}
    return areas, pd.DataFrame({"size": sizes, **lines}), float(found.average) * 100


def _draw(areas=None, chosen="Hull", **more):
    own, curve, average = _figures()
    words = {"several": "6 councils", "size": "households", **WORDS, **more}
    return funnel(
        RATE, own if areas is None else areas, curve, average=average, chosen=chosen, **words
    )


def _marks(chart):
    """The symbol of each mark, by its place."""
    return {
        (x, round(y, 3)): (trace.meta, trace.marker.symbol)
        for trace in chart.figure.data
        if trace.mode == "markers"
        for x, y in zip(trace.x, trace.y)
    }


def _notes(chart, *names):
    return {
        note.text.replace("<br>", " "): note
        for note in chart.figure.layout.annotations
        if note.name in names
    }


def test_the_test_figures_hold_every_status():
    areas, _, _ = _figures()
    assert areas["status"].to_dict() == {
        "York": "high 99.8%",
        "Derby": "within",
        "Hull": "within",
        "Leeds": "low 99.8%",
        "Kent": "within",
        "Bath": "not compared",
    }


@pytest.mark.parametrize(
    ("status", "symbol"),
    [
        ("high 99.8%", "triangle-up"),
        ("high 95%", "triangle-up-open"),
        ("within", "circle"),
        ("low 95%", "triangle-down-open"),
        ("low 99.8%", "triangle-down"),
    ],
)
def test_a_status_has_its_own_shape_and_words(status, symbol):
    areas, _, _ = _figures()
    areas.loc["Kent", "status"] = status
    chart = _draw(areas)
    assert _marks(chart)[3000, 50.0][1] == symbol
    said = chart.table.set_index("Council").loc["Kent", "Beside councils of its size"]
    assert said.startswith("as expected") == (status == "within")
    assert ("higher" in said) == status.startswith("high")
    assert ("lower" in said) == status.startswith("low")
    assert said.startswith("far") == status.endswith("99.8%")


def test_the_council_is_marked_and_named_wherever_it_is():
    chart = _draw()
    assert _marks(chart)[520, round(250 / 5.2, 3)][0] == "council"
    (note,) = _notes(chart, "council").values()
    assert (note.text, note.font.weight, note.font.color) == ("Hull", 700, template.COUNCIL)
    assert not _notes(_draw(chosen=None), "council")


def test_those_outside_are_named_and_those_within_are_not():
    assert set(_notes(_draw(), "ink")) == {"York", "Leeds"}


def test_no_more_are_named_than_can_be_read():
    areas = pd.DataFrame(
        {
            "size": np.arange(1, 13) * 250.0,
            "value": np.linspace(51, 99, 12),
            "status": "high 99.8%",
        },
        [f"Council {number}" for number in range(12)],
    )
    named = _notes(_draw(areas, chosen=None), "ink")
    # The furthest out come first.
    assert set(named) == {f"Council {number}" for number in range(12 - NAMED, 12)}


def test_a_name_stands_on_no_mark_and_on_no_other_name():
    areas, _, _ = _figures()
    # A second council in York's very place: there is no room at its right, nor at its left.
    areas = pd.concat([areas, areas.loc[["York"]].rename(index={"York": "Whitby"})])
    areas.loc["Whitby", "size"] = 560
    notes = _notes(_draw(areas), "ink")
    assert not {"York", "Whitby"} <= {
        text for text, note in notes.items() if note.xanchor == "left"
    }


def test_lines_end_where_councils_do_and_are_told_apart_without_colour():
    chart = _draw()
    lines = [trace for trace in chart.figure.data if trace.mode == "lines"]
    assert len(lines) == 5
    for line in lines:
        assert min(line.x) >= 500
        assert max(line.x) <= 3000
    inner, outer, middle = lines[0].line.dash, lines[2].line.dash, lines[4].line.dash
    assert len({inner, outer, middle}) == 3
    texts = [note.text for note in chart.figure.layout.annotations if note.name == "limit"]
    assert sorted(texts) == ["95%", "95%", "99.8%", "99.8%", f"All {_figures()[2]:.1f}%"]


def test_what_the_size_counts_stands_below_the_axis_on_lines_that_fit():
    one = _draw()
    assert list(_notes(one, "size")) == ["Households"]
    two = _draw(size="carers who receive support that is specific to them and no other")
    (note,) = (n for n in two.figure.layout.annotations if n.name == "size")
    assert max(map(len, note.text.split("<br>"))) <= 38
    layouts = [chart.figure.layout for chart in (one, two)]
    inside = [layout.height - layout.margin.t - layout.margin.b for layout in layouts]
    assert inside[0] == inside[1], "the plot stays as high as it was"


def test_the_axis_holds_every_mark_and_every_line():
    chart = _draw()
    low, high = chart.figure.layout.yaxis.range
    held = [y for trace in chart.figure.data for y in trace.y if y is not None]
    assert low <= min(held)
    assert max(held) <= high


def test_the_chart_says_which_funnel_it_is():
    assert "adjusted for over-dispersion" in _draw().subtitle
    plain = _draw(adjusted=False).subtitle
    assert "over-dispersion" not in plain
    assert "what chance alone would explain" in plain


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (["within"] * 5, "None is outside."),
        (["high 99.8%", *["within"] * 4], "1 is beyond the dotted lines, none between"),
        (["low 95%", "high 95%", *["within"] * 3], "None is beyond the dotted lines, 2 between"),
        (
            ["low 99.8%", "high 99.8%", "low 95%", *["within"] * 2],
            "2 are beyond the dotted lines, 1",
        ),
    ],
)
def test_how_many_are_outside_is_said(statuses, said):
    areas, _, _ = _figures()
    areas["status"] = [*statuses, "not compared"]
    assert said in _draw(areas).subtitle


def test_what_has_no_figure_is_in_the_table_alone():
    chart = _draw()
    last = chart.table.iloc[-1]
    assert last["Council"] == "Bath"
    assert last[RATE.short] == "no figure"
    assert last["Beside councils of its size"] == "not compared"
    assert len(_marks(chart)) == 5


def test_a_council_without_a_figure_may_be_chosen():
    assert not _notes(_draw(chosen="Bath"), "council")


def test_a_zero_is_drawn():
    areas, _, _ = _figures()
    areas.loc["Leeds", "value"] = 0.0
    assert (1600, 0.0) in _marks(_draw(areas))


def test_wrong_names_are_refused():
    areas, _, _ = _figures()
    with pytest.raises(ValueError, match="'Bristol' is not among the areas"):
        _draw(chosen="Bristol")
    with pytest.raises(ValueError, match="'York' comes twice"):
        _draw(pd.concat([areas, areas.loc[["York"]]]))
    with pytest.raises(ValueError, match="a value for one at least"):
        _draw(areas.assign(value=math.nan))


def test_a_hostile_name_is_text():
    areas, _, _ = _figures()
    hostile = "<img src=x onerror=alert(1)>"
    html = _draw(areas.rename(index={"York": hostile}), size=hostile).html_with_table()
    assert "<img" not in html


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(500, 50_000)), min_size=1, max_size=20))
def test_any_councils_can_be_drawn(pairs):
    counts = pd.DataFrame(pairs, columns=["count", "size"], dtype=float)
    counts.index = pd.Index([f"Council {number}" for number in counts.index])
    found = analysis.overdispersed(counts["count"], counts["size"])
    areas = pd.DataFrame(
        {"size": counts["size"], "value": found.value * 100, "status": found.status}, counts.index
    )
    sizes = np.linspace(counts["size"].min(), counts["size"].max(), 20)
    curve = pd.DataFrame(
        {"size": sizes, **{n: c * 100 for n, c in found.curve(sizes)._asdict().items()}}
    )
    chart = funnel(
        RATE, areas, curve, average=float(found.average) * 100, chosen="Council 0",
        several="councils", size="households", **WORDS,
    )  # fmt: skip
    drawn = [y for trace in chart.figure.data if trace.mode == "markers" for y in trace.y]
    np.testing.assert_allclose(sorted(drawn), sorted(areas["value"]))
    assert len(_notes(chart, "council")) == 1
    assert chart.html()
