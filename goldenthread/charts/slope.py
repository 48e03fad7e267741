"""Then and now: a council and those like it as lines between two periods."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from goldenthread import writing
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import NO_FIGURE, apart, axis, broken, label, literal, short
from goldenthread.charts.chart import Chart

#: How many letters of figure and name fit on a line beside the plot on a phone.
WIDTH: Final = 20
LINE: Final = 17
LOWEST: Final = 220
#: How far the thin lines to the labels reach, in lengths of the plot.
REACH: Final = 0.14
#: How many letters of a period fit on a line above an end.
_PERIOD: Final = 12
_LETTER: Final = 7.4
_DIGIT: Final = 8.3


def slope(
    measure: Measure,
    before: pd.Series,
    after: pd.Series,
    *,
    chosen: str,
    periods: tuple[str, str],
    several: str,
    title: str,
    alt: str,
    source: str,
) -> Chart:
    """Draw how a council and those like it changed from one period to another.

    Parameters
    ----------
    measure : Measure
    before, after : pandas.Series of float
        The values in both periods, by name; NaN, or no entry, where there is none.
    chosen : str
        The council's name.
    periods : tuple of str
        The two periods.
    several : str
        What all the lines are of: "Hull and its 15 similar councils".
    title, alt, source : str

    Returns
    -------
    Chart
        A council without a figure in one of the periods has no line; the subtitle names it.

    Raises
    ------
    ValueError
        When the council is in neither period, or no council has both figures.
    """
    values = pd.DataFrame({"before": before, "after": after}).astype(float)
    if chosen not in values.index:
        raise ValueError(f"chosen: {chosen!r} is not among the names of the values")
    held = values.dropna().sort_values(["after", "before"], ascending=False, kind="stable")
    if held.empty:
        raise ValueError(f"no council has a figure in both {periods[0]} and {periods[1]}")
    names = [str(name) for name in held.index]
    rights = [f"{short(measure, now)} {name}" for now, name in zip(held["after"], names)]
    lefts = [short(measure, then) for then in held["before"]]
    lines = [len(broken(text, WIDTH)) for text in rights]
    inside = max(sum(lines) * LINE, LOWEST)
    ticks = axis(held.to_numpy().ravel(), zero=False)
    gap = LINE / inside
    left = apart(held["before"].tolist(), ticks, gap=gap)
    right = apart(held["after"].tolist(), ticks, lines, gap)
    margin = {
        "l": round(max(map(len, lefts)) * _DIGIT) + 14,
        "r": round(max(len(part) for text in rights for part in broken(text, WIDTH)) * _LETTER)
        + 14,
        "t": LINE * max(len(broken(period, _PERIOD)) for period in periods) + 16,
        "b": 8,
    }
    own = np.array([name == chosen for name in names])
    texts = [
        literal(f"{name}: {then} in {periods[0]}, {short(measure, now)} in {periods[1]}")
        for name, then, now in zip(names, lefts, held["after"], strict=True)
    ]
    labels = [
        _label(text, place, end, name == chosen)
        for name, *both in zip(names, zip(lefts, left), zip(rights, right), strict=True)
        for end, (text, place) in enumerate(both)
    ]
    figure = go.Figure(
        data=[
            _leaders(held, left, right),
            _lines(held[~own], texts, ~own, "comparator", template.MIDDLE, 1.5),
            _lines(held[own], texts, own, "council", template.COUNCIL, 3.5),
        ],
        layout={
            "template": template.template(),
            "hovermode": "closest",
            "height": inside + margin["t"] + margin["b"],
            "margin": margin,
            "xaxis": {"range": [-REACH, 1 + REACH], "visible": False},
            "yaxis": {"range": [ticks[0], ticks[-1]], "visible": False},
            "annotations": [
                *labels,
                *(_heading(period, end) for end, period in enumerate(periods)),
            ],
        },
    )
    return Chart(
        kind="slope",
        figure=figure,
        title=title,
        subtitle=_subtitle(measure, values, several, periods),
        alt=alt,
        source=source,
        table=_table(
            measure, values.loc[[*held.index, *values.index.difference(held.index)]], periods
        ),
    )


def _subtitle(
    measure: Measure, values: pd.DataFrame, several: str, periods: tuple[str, str]
) -> str:
    said = f"{measure.short}, {periods[0]} and {periods[1]}: {several}."
    missing = [str(name) for name in values.index[values.isna().any(axis=1)]]
    if not missing:
        return said
    return f"{said} Not drawn, as a figure is missing: {writing.listed(missing)}."


def _lines(
    held: pd.DataFrame,
    texts: list[str],
    which: npt.NDArray[np.bool_],
    part: str,
    colour: str,
    width: float,
) -> go.Scatter:
    """Draw councils as one trace, with a gap between one and the next."""
    words = [text for text, shown in zip(texts, which, strict=True) if shown]
    return go.Scatter(
        x=[0, 1, None] * len(held),
        y=[
            end
            for then, now in zip(held["before"].tolist(), held["after"].tolist(), strict=True)
            for end in (then, now, None)
        ],
        mode="lines+markers",
        meta=part,
        text=[part for text in words for part in (text, text, "")],
        hovertemplate="%{text}<extra></extra>",
        line={"color": colour, "width": width},
        marker={"size": width + 4, "color": colour, "line": {"color": template.PAGE, "width": 1}},
    )


def _leaders(held: pd.DataFrame, left: list[float], right: list[float]) -> go.Scatter:
    """Join each end with its label, which may have had to make room."""
    ys = [
        place
        for (then, now), before, after in zip(held.to_numpy().tolist(), left, right, strict=True)
        for place in (before, then, None, now, after, None)
    ]
    return go.Scatter(
        x=[-REACH, 0, None, 1, 1 + REACH, None] * len(held),
        y=ys,
        mode="lines",
        meta="leader",
        line={"color": template.LINES, "width": 1},
        hoverinfo="skip",
    )


def _label(text: str, place: float, end: int, own: bool) -> dict[str, Any]:
    return {
        "name": "council" if own else "comparator",
        "text": label(text, WIDTH),
        "x": (-REACH, 1 + REACH)[end],
        "y": place,
        "xanchor": ("right", "left")[end],
        "xshift": (-4, 4)[end],
        "align": ("right", "left")[end],
        "showarrow": False,
        "font": {
            "size": template.LABEL_SIZE,
            "color": template.COUNCIL if own else template.TEXT,
            "weight": 700 if own else 400,
        },
    }


def _heading(period: str, end: int) -> dict[str, Any]:
    """Name a period above its end of the lines; the later one has the room over the names."""
    return {
        "name": "period",
        "text": label(period, _PERIOD),
        "x": end,
        "xanchor": ("center", "left")[end],
        "xshift": (0, -12)[end],
        "align": ("center", "left")[end],
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "yshift": 10,
        "showarrow": False,
        "font": {"size": template.LABEL_SIZE, "color": template.TEXT, "weight": 700},
    }


def _table(measure: Measure, values: pd.DataFrame, periods: tuple[str, str]) -> pd.DataFrame:
    then, now = (
        [
            NO_FIGURE if value != value else writing.figure(value, measure)
            for value in values[column]
        ]
        for column in ("before", "after")
    )
    return pd.DataFrame(
        {"Council": [str(name) for name in values.index], periods[0]: then, periods[1]: now}
    )
