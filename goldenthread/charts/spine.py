"""Many measures of one council, a line each: how others are spread, and where it stands among them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, cast

import pandas as pd
import plotly.graph_objects as go

from goldenthread.charts import template
from goldenthread.charts.axis import NO_FIGURE, broken, label, literal
from goldenthread.charts.chart import Chart

#: The columns of the rows that are drawn.
COLUMNS: Final = ("measure", "value", "middle", "england", "marks", "position", "agreed", "said")
#: How many letters of a measure's name fit above its line on a phone, with the value beside it.
WIDTH: Final = 28
#: How high a line of words and a line of marks are.
LINE: Final = 18
MARKS: Final = 34
_HEAD: Final = 30


def spine(
    rows: pd.DataFrame, *, name: str, several: str, title: str, alt: str, source: str
) -> Chart:
    """Draw where a council stands in each of several measures, the better side always at the right.

    Every line is as long as the spread of those compared, and its middle is theirs, so that
    measures in pounds, per cent and days stand below each other. They cannot be added up.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per measure, in order, with the `COLUMNS`: `measure` (its name), `value`, `middle`
        and `england` (written with their units; "" for none), `marks` (the five places of minimum,
        quartiles and maximum on the line, from 0 to 1, as `analysis.comparison.spine` gives them),
        `position` (the council's place; NaN where it is not compared), `agreed` (whether one
        direction is better) and `said` (where it stands, in words).
    name : str
        The council.
    several : str
        What the spread is of: "similar councils".
    title, alt, source : str

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        For a column that is missing.
    """
    missing = [column for column in COLUMNS if column not in rows.columns]
    if missing:
        raise ValueError(
            f"rows: expected the columns {', '.join(COLUMNS)}; {missing[0]} is missing"
        )
    drawn = cast(list[dict[str, Any]], rows.to_dict("records"))
    heads = [len(broken(row["measure"], WIDTH)) for row in drawn]
    feet = _feet(heads)
    height = feet[-1] if feet else 0
    # Heights are counted downwards in pixels, so that text and lines keep their distance.
    places = [foot - MARKS / 2 for foot in feet]
    figure = go.Figure(
        data=[
            _spans(drawn, places, (0, 4), "band", template.BAND),
            _spans(drawn, places, (1, 3), "other", template.PALE),
            _points(drawn, places, "median", [_middle(row) for row in drawn], "line-ns", 22),
            *(
                _points(
                    drawn,
                    places,
                    part,
                    [row["position"] if row["agreed"] == agreed else math.nan for row in drawn],
                    symbol,
                    15,
                )
                for part, agreed, symbol in (
                    ("council", True, "circle"),
                    ("neutral", False, "diamond"),
                )
            ),
        ],
        layout={
            "template": template.template(),
            "hovermode": "closest",
            "height": height + _HEAD + 8,
            "margin": {"l": 8, "r": 8, "t": _HEAD, "b": 8, "pad": 0},
            "xaxis": {"range": [0, 1], "visible": False},
            "yaxis": {"range": [max(height, 1), 0], "visible": False},
            "annotations": [
                *(
                    note
                    for row, foot, lines in zip(drawn, feet, heads, strict=True)
                    for note in _words(row, foot - MARKS - lines * LINE)
                ),
                *_sides(drawn),
            ],
        },
    )
    return Chart(
        kind="spine",
        figure=figure,
        title=title,
        subtitle=_subtitle(drawn, name, several),
        alt=alt,
        source=source,
        table=pd.DataFrame(
            {
                "Measure": [row["measure"] for row in drawn],
                name: [row["value"] or NO_FIGURE for row in drawn],
                f"Middle of {several}": [row["middle"] or "–" for row in drawn],
                "England": [row["england"] or "–" for row in drawn],
                "In words": [row["said"] for row in drawn],
            }
        ),
    )


def _feet(heads: Sequence[int]) -> list[int]:
    """Give the lower end of each row, below all rows before it."""
    feet, at = [], 0
    for lines in heads:
        at += lines * LINE + MARKS
        feet.append(at)
    return feet


def _middle(row: dict[str, Any]) -> float:
    return float(row["marks"][2])


def _spans(
    drawn: Sequence[dict[str, Any]],
    places: Sequence[float],
    ends: tuple[int, int],
    part: str,
    colour: str,
) -> go.Scatter:
    """Draw from one mark to another on each line, as one trace with gaps."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row, place in zip(drawn, places, strict=True):
        first, last = (float(row["marks"][end]) for end in ends)
        if not (math.isnan(first) or math.isnan(last)):
            xs += [*sorted((first, last)), None]
            ys += [place, place, None]
    return go.Scatter(
        x=xs,
        y=ys,
        mode="lines",
        meta=part,
        hoverinfo="skip",
        line={"width": 12, "color": colour},
    )


def _points(
    drawn: Sequence[dict[str, Any]],
    places: Sequence[float],
    part: str,
    positions: Sequence[float],
    symbol: str,
    size: int,
) -> go.Scatter:
    """Mark a place on each line."""
    colour = template.ROLES[part]
    thin = symbol == "line-ns"
    return go.Scatter(
        x=[None if math.isnan(position) else float(position) for position in positions],
        y=list(places),
        mode="markers",
        meta=part,
        text=[literal(f"{row['measure']}: {row['value'] or NO_FIGURE}") for row in drawn],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "symbol": symbol,
            "size": size,
            "color": colour,
            "line": {"width": 2.5 if thin else 1, "color": colour if thin else template.PAGE},
        },
    )


def _words(row: dict[str, Any], top: float) -> list[dict[str, Any]]:
    """Write a measure's name at the left above its line, and the council's figure at the right."""
    common = {"y": top, "yanchor": "top", "showarrow": False}
    font = {"size": template.LABEL_SIZE}
    known = bool(row["value"])
    return [
        {
            **common,
            "name": "measure",
            "text": label(row["measure"], WIDTH),
            "x": 0,
            "xanchor": "left",
            "align": "left",
            "font": {**font, "color": template.TEXT},
        },
        {
            **common,
            "name": "council" if known else "none-held",
            "text": literal(row["value"] or NO_FIGURE),
            "x": 1,
            "xanchor": "right",
            "align": "right",
            "font": {
                **font,
                "color": template.COUNCIL if known else template.TEXT,
                "weight": 700 if known else 400,
            },
        },
    ]


def _sides(drawn: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say which side is which; both where the measures do not agree on it."""
    agreed = {bool(row["agreed"]) for row in drawn}
    texts = {
        frozenset({True}): ("worse", "better"),
        frozenset({False}): ("lower", "higher"),
    }.get(frozenset(agreed), ("worse, or lower (diamonds)", "better, or higher"))
    return [
        {
            "name": "side",
            "text": text,
            "x": x,
            "xanchor": anchor,
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "yshift": 8,
            "showarrow": False,
            "font": {"size": template.LABEL_SIZE, "color": template.TEXT},
        }
        for text, x, anchor in zip(texts, (0, 1), ("left", "right"), strict=True)
    ]


def _subtitle(drawn: Sequence[dict[str, Any]], name: str, several: str) -> str:
    diamonds = any(not row["agreed"] for row in drawn)
    return (
        f"Of {several}, the pale line holds all, its grey part the middle half, and the stroke is the "
        f"middle one. The {'mark' if diamonds else 'dot'} is {name}."
        + (" A diamond: neither direction is better in itself." if diamonds else "")
    )
