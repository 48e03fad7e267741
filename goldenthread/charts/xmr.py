"""A control chart: one series with the limits of its usual variation, and the points that break them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from goldenthread import writing
from goldenthread.analysis.control import VARIATION, ControlChart, icon
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import (
    NO_FIGURE,
    apart,
    axis,
    broken,
    label,
    literal,
    short,
    side,
    tick_texts,
    year,
)
from goldenthread.charts.chart import Chart

#: How many letters fit beside the plot, and above it.
WIDTH: Final = 14
ABOVE_WIDTH: Final = 24
LINE: Final = 17
#: Room above the plot for the word at a point.
WORD: Final = 26
#: Within this share of the axis from its foot a point has its word above it: below are the dates.
NEAR: Final = 0.07
#: With more points than this, each is smaller.
MANY: Final = 40

#: The part each kind of point plays, and its size beside an ordinary one; the shape is `icon`'s.
_PARTS: Final = dict(
    zip(
        VARIATION,
        (("council", 1.0), ("improving", 1.6), ("concerning", 1.6), ("neutral", 1.4)),
        strict=True,
    )
)
#: Why a point is marked, as a reader says it, by the rule that marks it.
_WHY: Final = {
    "outside limits": "outside the limits",
    "trend": "part of a steady rise or fall",
    "two of three": "one of two in three close to a limit",
    "shift": "one of a run on one side of the average",
}
#: What the limits say about a target.
_ASSURED: Final = {
    "consistently passing": "can be expected to meet",
    "consistently failing": "can be expected to miss",
    "hit and miss": "may meet or miss",
}


def xmr(
    measure: Measure,
    chart: ControlChart,
    *,
    periods: Sequence[str],
    times: Sequence[float],
    name: str,
    title: str,
    alt: str,
    source: str,
    target: float = math.nan,
) -> Chart:
    """Draw a series with its average and limits; what is more than usual variation has its own shape.

    Points are circles; where a rule says that something has changed they are triangles that point
    up (improving) or down (getting worse), or diamonds where neither direction is agreed to be
    better. Of each kind, the point furthest from the average has its word.

    Parameters
    ----------
    measure : Measure
    chart : ControlChart
        From `analysis.control.xmr`. A limit that lies where no figure of the measure can be is not
        drawn.
    periods : sequence of str
        The label of each row of the chart's table.
    times : sequence of float
        When each of them is, in years, in order.
    name : str
        Whose figures they are.
    title, alt, source : str
    target : float
        A dashed line; NaN for none.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        When there is not a period and a time for each row, or the times are not in order.
    """
    if not len(periods) == len(times) == len(chart.table):
        raise ValueError(
            f"periods and times: expected {len(chart.table)} of each, one for each row of the chart, "
            f"not {len(periods)} and {len(times)}"
        )
    if not (np.diff(times) > 0).all():
        raise ValueError("times: expected each to be later than the one before")
    rows = chart.table.assign(time=[float(time) for time in times], period=list(periods))
    rows = rows.assign(phase=_phases(rows), **_possible(measure, rows)).reset_index(drop=True)
    ticks = axis(
        [*rows[["value", "centre", "lower", "upper"]].to_numpy().ravel(), target], zero=False
    )
    edge = _half(rows)
    start, end = rows["time"].iloc[0] - edge, rows["time"].iloc[-1] + edge
    above, shapes, notes = _new_limits(rows, edge, start, end)
    figure = go.Figure(
        data=[
            *(_level(column, rows, edge) for column in ("upper", "lower", "centre")),
            *_target(target, start, end),
            go.Scatter(
                x=list(rows["time"]),
                y=_gaps(rows["value"]),
                mode="lines",
                meta="council",
                line={"color": template.COUNCIL, "width": 1.5},
                connectgaps=False,
                hoverinfo="skip",
            ),
            *(_points(kind, rows, measure) for kind in VARIATION),
        ],
        layout={
            "template": template.template(),
            "hovermode": "closest",
            "height": template.HEIGHT + WORD + above,
            "margin": {**template.MARGIN, "t": WORD + above},
            "shapes": shapes,
            "xaxis": {"range": [start, end], **_dates(rows)},
            "yaxis": {
                "range": [ticks[0], ticks[-1]],
                "tickvals": ticks,
                "ticktext": tick_texts(measure, ticks),
                "showgrid": False,
            },
            "annotations": [
                *_levels(measure, rows, target, ticks, end),
                *_words(rows, ticks, start, end),
                *notes,
            ],
        },
    )
    return Chart(
        kind="xmr",
        figure=figure,
        title=title,
        subtitle=_subtitle(measure, chart, rows, name, target),
        alt=alt,
        source=source,
        table=_table(measure, chart, rows, name),
    )


# --- what the table of a control chart says ------------------------------------------------------


def _phases(rows: pd.DataFrame) -> pd.Series:
    """Give each stretch of the same limits a number."""
    lines = rows[["centre", "lower", "upper"]]
    return (lines.ne(lines.shift()) & lines.notna()).any(axis=1).cumsum()


def _bounds(measure: Measure) -> dict[str, float]:
    """Give the ends beyond which no figure can be: below nothing, above all there is."""
    whole = measure.unit == "per cent" and measure.maximum == 100
    return {
        "lower": 0.0 if measure.minimum == 0 else -math.inf,
        "upper": 100.0 if whole else math.inf,
    }


def _possible(measure: Measure, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Leave out limits where no figure can be."""
    low, high = _bounds(measure).values()
    return {
        column: rows[column].where(rows[column].between(low, high)) for column in ("lower", "upper")
    }


def _half(rows: pd.DataFrame) -> float:
    """Give half the shortest step between periods: so far a phase reaches beyond its last point."""
    return float(np.diff(rows["time"]).min()) / 2 if len(rows) > 1 else 0.5


def _gaps(values: pd.Series) -> list[float | None]:
    return [None if value != value else float(value) for value in values]


# --- what is drawn -------------------------------------------------------------------------------


def _level(column: str, rows: pd.DataFrame, edge: float) -> go.Scatter:
    """Draw the average, or a limit, phase by phase."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for _, phase in rows.groupby("phase"):
        level = float(phase[column].iloc[0])
        if level == level:
            xs += [float(phase["time"].iloc[0]) - edge, float(phase["time"].iloc[-1]) + edge, None]
            ys += [level, level, None]
    dash = "solid" if column == "centre" else "6px,4px"
    return go.Scatter(
        x=xs,
        y=ys,
        mode="lines",
        meta="limit",
        line={"color": template.MIDDLE, "width": 1.5, "dash": dash},
        hoverinfo="skip",
    )


def _target(target: float, start: float, end: float) -> list[go.Scatter]:
    if math.isnan(target):
        return []
    return [
        go.Scatter(
            x=[start, end],
            y=[target, target],
            mode="lines",
            meta="target",
            line={"color": template.TARGET, "width": 2, "dash": "longdash"},
            hoverinfo="skip",
        )
    ]


def _points(kind: str, rows: pd.DataFrame, measure: Measure) -> go.Scatter:
    """Draw the points of one kind in their shape."""
    part, times = _PARTS[kind]
    word, shape = icon(kind)
    held = rows[(rows["point_type"] == kind) & rows["value"].notna()]
    return go.Scatter(
        x=list(held["time"]),
        y=list(held["value"]),
        mode="markers",
        meta=part,
        marker={
            "symbol": shape,
            "size": (5 if len(rows) > MANY else 8) * times,
            "color": template.ROLES[part],
            "line": {"width": 1, "color": template.PAGE},
        },
        text=[
            literal(f"{period}: {writing.figure(value, measure)}, {word}")
            for period, value in zip(held["period"], held["value"], strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )


def _new_limits(
    rows: pd.DataFrame, edge: float, start: float, end: float
) -> tuple[float, list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw where new limits begin as a dashed line with words above, one above the other.

    Returns
    -------
    above : float
        How much room the words need, in pixels.
    shapes, annotations : list of dict
    """
    inside = template.HEIGHT - template.MARGIN["b"]
    above, shapes, notes = 0.0, [], []
    firsts = rows[rows["phase"].ne(rows["phase"].shift()) & (rows.index > 0)]
    # The last stands lowest, so that no line runs through the words of another.
    for time, period in zip(firsts["time"][::-1], firsts["period"][::-1], strict=True):
        at, words = float(time) - edge, f"New limits from {period}"
        ends = {"x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1 + (WORD + above) / inside}
        line = {"color": template.MIDDLE, "width": 1.5, "dash": "dash"}
        shapes.append({"name": "break", "type": "line", **ends, "line": line})
        notes.append(
            _note(
                "break",
                label(words, ABOVE_WIDTH),
                at,
                1,
                yref="paper",
                yanchor="bottom",
                yshift=WORD + above,
                xanchor=side((at - start) / (end - start)),
                align="left",
            )
        )
        above += len(broken(words, ABOVE_WIDTH)) * LINE + 4
    return above, shapes, notes


# --- what is said --------------------------------------------------------------------------------


def _note(name: str, text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    font = {"size": template.LABEL_SIZE, "color": template.TEXT}
    return {"name": name, "text": text, "x": x, "y": y, "showarrow": False, "font": font, **more}


def _levels(
    measure: Measure, rows: pd.DataFrame, target: float, ticks: list[float], end: float
) -> list[dict[str, Any]]:
    """Name the lines at their ends."""
    last = rows.iloc[-1]
    places = {
        "Upper limit": float(last["upper"]),
        "Average": float(last["centre"]),
        "Lower limit": float(last["lower"]),
        "Target": target,
    }
    texts = [label(f"{word} {short(measure, place)}", WIDTH) for word, place in places.items()]
    lines = [text.count("<br>") + 1 for text in texts]
    beside = {"xanchor": "left", "xshift": 8, "align": "left"}
    return [
        _note("limit", text, end, place, **beside)
        for text, place in zip(texts, apart(list(places.values()), ticks, lines), strict=True)
        if place == place
    ]


def _words(
    rows: pd.DataFrame, ticks: list[float], start: float, end: float
) -> list[dict[str, Any]]:
    """Write at the furthest point of each kind what its shape means, on the side where nothing is."""
    notes = []
    for kind in VARIATION[1:]:
        held = rows[rows["point_type"] == kind]
        if held.empty:
            continue
        point = held.iloc[int((held["value"] - held["centre"]).abs().argmax())]
        low = (point["value"] - ticks[0]) / (ticks[-1] - ticks[0]) < NEAR
        up = low or point["value"] >= point["centre"]
        notes.append(
            _note(
                "ink",
                icon(kind).word,
                float(point["time"]),
                float(point["value"]),
                xanchor=side((point["time"] - start) / (end - start)),
                yanchor="bottom" if up else "top",
                yshift=8 if up else -8,
            )
        )
    return notes


def _dates(rows: pd.DataFrame) -> dict[str, Any]:
    """Name the first period, the last, and one between if there is room for it."""
    count = len(rows)
    chosen = sorted({0, count - 1} | ({(count - 1) // 2} if count > 4 else set()))
    return {
        "tickvals": [float(rows["time"].iloc[place]) for place in chosen],
        "ticktext": [literal(year(rows["period"].iloc[place])) for place in chosen],
    }


def _subtitle(
    measure: Measure, chart: ControlChart, rows: pd.DataFrame, name: str, target: float
) -> str:
    said = [
        f"{measure.short}, {name}, {rows['period'].iloc[0]} to {rows['period'].iloc[-1]}.",
        "The limits show how far figures usually vary: 2.66 times the average step from one period "
        "to the next, on both sides of the average.",
    ]
    if math.isnan(chart.upper):
        said[1] = "There are too few figures for limits."
    elif chart.trial:
        said.append(f"Only {chart.points} figures set them, so that the next ones may move them.")
    for column, end in _bounds(measure).items():
        if not math.isnan(chart.table[column].iloc[-1]) and math.isnan(rows[column].iloc[-1]):
            where = "below" if column == "lower" else "above"
            said.append(
                f"The {column} limit would be {where} {end:.0f}, where no figure can be, and is not drawn."
            )
    if chart.assurance is not None and not math.isnan(target):
        said.append(f"On these limits it {_ASSURED[chart.assurance]} the target.")
    return " ".join(said)


def _table(measure: Measure, chart: ControlChart, rows: pd.DataFrame, name: str) -> pd.DataFrame:
    def cells(values: pd.Series, empty: str) -> list[str]:
        return [empty if value != value else writing.figure(value, measure) for value in values]

    return pd.DataFrame(
        {
            "Period": list(rows["period"]),
            name: cells(rows["value"], NO_FIGURE),
            "Average": cells(chart.table["centre"], "–"),
            "Lower limit": cells(chart.table["lower"], "–"),
            "Upper limit": cells(chart.table["upper"], "–"),
            "What it shows": [
                _shows(kind, rule)
                for kind, rule in zip(rows["point_type"], rows["rule"], strict=True)
            ],
        }
    )


def _shows(kind: Any, rule: str) -> str:
    """Say what a point shows, and why it is marked."""
    if kind not in VARIATION:
        return ""
    return f"{icon(kind).word}: {_WHY[rule]}" if rule else icon(kind).word
