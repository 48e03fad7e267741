"""Population pyramids: shares of everybody, two sides, another place's outline."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from goldenthread.charts import template
from goldenthread.charts.pyramid import pyramid

AGES = ["0 to 14", "15 to 64", "65 and over"]
WORDS = {"name": "Oxford", "period": "mid-2023", "title": "Young", "alt": "Young.", "source": "ONS"}
NUMBERS = st.integers(0, 10_000).map(float)


def _draw(female=(10, 50, 20), male=(10, 60, 0), ages=AGES, **more):
    return pyramid(ages, female, male, **{**WORDS, **more})


def _bars(chart):
    """Male and female bars, from the youngest."""
    return [trace for trace in chart.figure.data if trace.type == "bar"]


def _lines(chart):
    return [trace for trace in chart.figure.data if trace.type == "scatter"]


def test_bars_are_shares_of_both_sexes_together():
    male, female = _bars(_draw())
    np.testing.assert_allclose(female.x, [100 / 15, 500 / 15, 200 / 15])
    np.testing.assert_allclose(male.x, [-100 / 15, -600 / 15, 0])
    assert list(female.y) == list(male.y) == [0, 1, 2]
    assert {bar.orientation for bar in (male, female)} == {"h"}


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=91), st.floats(0.001, 1000))
def test_a_place_of_any_size_has_the_same_pyramid(pairs, times):
    female, male = (list(side) for side in zip(*pairs))
    ages = [str(age) for age in range(len(pairs))]
    if not sum(female) + sum(male):
        with pytest.raises(ValueError, match="one group at least"):
            _draw(female, male, ages)
        return
    one = _bars(_draw(female, male, ages))
    other = _bars(_draw([n * times for n in female], [n * times for n in male], ages))
    for left, right in zip(one, other):
        np.testing.assert_allclose(left.x, right.x)
    assert sum(one[1].x) - sum(one[0].x) == pytest.approx(100)


def test_the_axis_is_the_same_to_both_sides_and_has_no_minus():
    axis = _draw().figure.layout.xaxis
    assert axis.range[0] == -axis.range[1]
    assert list(axis.tickvals) == [-tick for tick in reversed(axis.tickvals)]
    assert list(axis.ticktext) == list(reversed(axis.ticktext))
    assert not any("−" in text or "-" in text for text in axis.ticktext)
    assert "0%" in axis.ticktext


def test_each_side_is_named_in_words():
    notes = {n.text: n for n in _draw().figure.layout.annotations}
    assert notes["Male"].x < 0 < notes["Female"].x
    assert notes["Bars: Oxford"].font.weight == 700
    assert not any(text.startswith("Line") for text in notes)


def test_another_place_is_an_outline_of_its_own_shares():
    chart = _draw(beside="England", beside_female=(1, 1, 1), beside_male=(2, 3, 2))
    edge, line = _lines(chart)
    assert (edge.meta, line.meta) == ("none", "ink")
    assert line.line.color == template.TEXT
    assert list(line.x)[:6] == pytest.approx([-20, -20, -30, -30, -20, -20])
    assert list(line.x)[7:13] == pytest.approx([10] * 6)
    assert list(line.y)[:6] == [-0.5, 0.5, 0.5, 1.5, 1.5, 2.5]
    assert "The line is England." in chart.subtitle
    assert any(n.text == "Line: England" for n in chart.figure.layout.annotations)
    assert chart.table["England: female"].tolist() == ["10.0%"] * 3


def test_a_missing_group_has_no_bar_and_a_zero_is_one():
    chart = _draw(female=(math.nan, 50, 20), male=(10, 20, 0))
    male, female = _bars(chart)
    assert list(female.y) == [1, 2]
    np.testing.assert_allclose(male.x, [-10, -20, 0])
    assert chart.table["Female"].tolist() == ["no figure", "50.0%", "20.0%"]
    assert chart.table["Male"].tolist() == ["10.0%", "20.0%", "0.0%"]
    assert "1 group without a figure is left out" in chart.subtitle
    assert "left out" not in _draw().subtitle


def test_a_missing_group_of_the_other_place_is_a_gap():
    chart = _draw(beside="England", beside_female=(1, math.nan, 1), beside_male=(2, 3, 2))
    assert list(_lines(chart)[1].x)[9:11] == [None, None]


def test_single_years_are_named_every_ten_or_so():
    ages = [str(age) for age in range(91)]
    chart = _draw([1.0] * 91, [1.0] * 91, ages)
    assert list(chart.figure.layout.yaxis.ticktext) == [str(age) for age in range(0, 91, 10)]
    assert len(chart.table) == 91
    assert chart.table["Female"].iloc[0] == "0.55%"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"female": (1, 2)}, "female: expected 3 numbers"),
        ({"male": (1, 2, -3)}, "not -3"),
        ({"female": (0, 0, 0), "male": (0, 0, 0)}, "one group at least"),
        ({"ages": [], "female": (), "male": ()}, "one group at least"),
        ({"beside_female": (1, 1, 1)}, "both beside_female and beside_male"),
        ({"beside_female": (1, 1), "beside_male": (1, 1, 1)}, "female: expected 3"),
    ],
)
def test_what_cannot_be_a_pyramid_is_refused(more, said):
    with pytest.raises(ValueError, match=said):
        _draw(**more)


def test_a_hostile_name_is_text():
    hostile = "<img src=x onerror=alert(1)>"
    chart = _draw(
        name=hostile,
        ages=[hostile, "b", "c"],
        beside=hostile,
        beside_female=(1, 1, 1),
        beside_male=(1, 1, 1),
    )
    assert "<img" not in chart.html_with_table()


@pytest.mark.publisher_files
def test_the_real_residents_of_a_place(publisher_files):
    """Oxford in mid-2023 by five-year groups, among those of England, from the published workbook."""
    book = CalamineWorkbook.from_path(publisher_files / "ons/population/mye23tablesew.xlsx")

    def read(sheet):
        rows = book.get_sheet_by_name(sheet).to_python()
        head = next(number for number, row in enumerate(rows) if row[0] == "Code")
        assert rows[head][3:5] == ["All ages", "0"]
        return {row[0]: row[3:] for row in rows[head + 1 :]}

    def grouped(row):
        return [sum(row[age : age + 5]) for age in range(1, 91, 5)] + [row[91]]

    female, male = read("MYE2 - Females"), read("MYE2 - Males")
    ages = [f"{age} to {age + 4}" for age in range(0, 90, 5)] + ["90 and over"]
    oxford, england = "E07000178", "E92000001"
    chart = _draw(
        grouped(female[oxford]),
        grouped(male[oxford]),
        ages,
        beside="England",
        beside_female=grouped(female[england]),
        beside_male=grouped(male[england]),
    )
    left, right = _bars(chart)
    # The groups add up to the workbook's own total of all ages.
    assert sum(grouped(female[oxford])) == female[oxford][0]
    everybody = female[oxford][0] + male[oxford][0]
    assert right.x[4] == pytest.approx(100 * sum(female[oxford][21:26]) / everybody)
    assert max(right.x) == right.x[4], "a university town: the most are 20 to 24"
    assert -min(left.x) == pytest.approx(100 * sum(male[oxford][21:26]) / everybody)
    assert right.x[4] > 2 * _lines(chart)[1].x[len(ages) * 2 + 1 + 8]
