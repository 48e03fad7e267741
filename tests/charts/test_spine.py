"""The spine chart: every measure on a line of its own, the better side always at the right."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import goldenthread as gt
from goldenthread.analysis import comparison
from goldenthread.charts import spine

SAID = {"title": "Hull among similar councils", "alt": "Higher than most.", "source": "Defra"}
NOWHERE = (math.nan,) * 5


def _rows(*more):
    rows = [
        {"measure": "Household recycling rate", "value": "46.6%", "middle": "40.1%",
         "england": "41.7%", "marks": (0.0, 0.3, 0.5, 0.8, 1.0), "position": 0.7, "agreed": True,
         "said": "Higher than most."},
        {"measure": "Band D council tax", "value": "£1,701", "middle": "£1,650", "england": "",
         "marks": (0.2, 0.4, 0.5, 0.6, 1.0), "position": 0.6, "agreed": False, "said": "Higher."},
        {"measure": "A service that the county provides", "value": "", "middle": "", "england": "",
         "marks": NOWHERE, "position": math.nan, "agreed": True, "said": "No figure for Hull."},
    ]  # fmt: skip
    return pd.DataFrame([*rows, *more])


def _draw(rows=None):
    return spine(_rows() if rows is None else rows, name="Hull", several="similar councils", **SAID)


def _traces(chart):
    return {trace.meta: trace for trace in chart.figure.data}


def test_every_measure_has_its_line_its_name_and_its_figure():
    chart = _draw()
    notes = [note.text for note in chart.figure.layout.annotations]
    assert "Household recycling rate" in notes
    assert "46.6%" in notes
    assert "no figure" in notes
    places = list(_traces(chart)["council"].y)
    assert places == sorted(places)
    assert len(set(places)) == 3


def test_what_is_not_compared_is_not_drawn():
    traces = _traces(_draw())
    assert list(traces["council"].x) == [0.7, None, None]
    assert list(traces["neutral"].x) == [None, 0.6, None]
    assert list(traces["band"].x) == [0.0, 1.0, None, 0.2, 1.0, None]
    assert list(traces["median"].x) == [0.5, 0.5, None]


def test_without_an_agreed_direction_no_side_is_better():
    def sides(rows):
        return [n.text for n in _draw(rows).figure.layout.annotations if n.name == "side"]

    rows = _rows()
    assert sides(rows[rows["agreed"]]) == ["worse", "better"]
    assert sides(rows[~rows["agreed"]]) == ["lower", "higher"]
    assert sides(rows) == ["worse, or lower (diamonds)", "better, or higher"]


@pytest.mark.parametrize("polarity", ["high", "low"])
def test_better_is_at_the_right_whatever_the_sign(polarity):
    values = np.array([-12.0, -3.0, 0.0, 4.0, 25.0])
    best = values.max() if polarity == "high" else values.min()
    found = comparison.spine(values, best, polarity)
    rows = _rows(
        {"measure": "Change", "value": "25", "middle": "0", "england": "",
         "marks": tuple(found.marks), "position": float(found.position), "agreed": True, "said": "."}
    )  # fmt: skip
    drawn = _traces(_draw(rows))["council"].x[-1]
    assert drawn == max(tuple(found.marks))
    assert drawn >= 0.5


def test_the_table_has_words_and_no_nought_for_what_is_missing():
    table = _draw().table
    assert table["Hull"].tolist() == ["46.6%", "£1,701", "no figure"]
    assert table["England"].tolist() == ["41.7%", "–", "–"]
    assert table["In words"].tolist()[-1] == "No figure for Hull."


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="marks is missing"):
        _draw(_rows().drop(columns="marks"))


def test_a_hostile_name_is_text():
    rows = _rows()
    rows.loc[0, "measure"] = '<img src=x onerror="alert(1)">'
    assert "<img" not in _draw(rows).html_with_table()


def test_of_a_real_council_all_that_can_be_compared_is_on_the_line():
    chart = gt.spine("Hull", theme="attainment")
    positions = [
        x for part in ("council", "neutral") for x in _traces(chart)[part].x if x is not None
    ]
    assert len(positions) >= 5
    assert all(0 <= x <= 1 for x in positions)
    with pytest.raises(ValueError, match="measures or a theme"):
        gt.spine("Hull")
    with pytest.raises(ValueError, match="totals or judgements"):
        gt.spine("Hull", ["ofsted-overall"])
