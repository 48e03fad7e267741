"""A measure over time: one council's line, the middle half of its kind behind it, England beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from goldenthread import words
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import apart, axis, broken, decimals
from goldenthread.charts.chart import Chart

#: How many letters fit beside the plot.
WIDTH: Final = 15


def trend(
    measure: Measure,
    series: pd.DataFrame,
    *,
    name: str,
    several: str,
    title: str,
    alt: str,
    source: str,
) -> Chart:
    """Draw one council's figures over time among those of its kind.

    Parameters
    ----------
    measure : Measure
    series : pandas.DataFrame
        One row per period, in order of time: `time` (years, as a number), `period` (its label),
        `value`, `england`, `lower`, `median` and `upper`; NaN where there is none.
    name : str
        Whose line it is.
    several : str
        What the band is of: "unitary councils".
    title, alt, source : str
        The finding; the finding and the drawing for those who do not see it; publisher and date.

    Returns
    -------
    Chart
    """
    ticks = ticks_for(measure, series[["value", "england", "lower", "upper"]].to_numpy().ravel())
    labels = _labels(series, ticks, name, several)
    figure = go.Figure(
        data=[
            _trace("lower", series, line={"width": 0}, hoverinfo="skip"),
            _trace(
                "band",
                series.assign(band=series["upper"]),
                line={"width": 0},
                fill="tonexty",
                fillcolor=template.BAND,
                hoverinfo="skip",
            ),
            _trace(
                "median",
                series,
                line={"color": template.MIDDLE, "width": 1.5, "dash": "dot"},
                name=f"Middle of {several}",
            ),
            _trace(
                "england",
                series,
                line={"color": template.NATION, "width": 2, "dash": "dash"},
                name="England",
            ),
            _trace(
                "value",
                series,
                line={"color": template.COUNCIL, "width": 3.5},
                name=name,
            ),
        ],
        layout={
            "template": template.template(),
            "xaxis": _years(series),
            "yaxis": {
                "range": [ticks[0], ticks[-1]],
                "tickvals": ticks,
                "ticktext": tick_texts(measure, ticks),
            },
            "annotations": labels,
        },
    )
    columns: dict[str, pd.Series | list[str]] = {"Period": series["period"]}
    shown = {"value": name, "median": f"Middle of {several}", "england": "England"}
    for column, heading in shown.items():
        if column == "value" or series[column].notna().any():
            columns[heading] = [_cell(value, measure) for value in series[column]]
    return Chart(
        kind="trend",
        figure=figure,
        title=title,
        subtitle=subtitle(measure, series, several),
        alt=alt,
        source=source,
        table=pd.DataFrame(columns),
    )


def subtitle(measure: Measure, series: pd.DataFrame, several: str) -> str:
    """Say what is drawn: measure, periods, and what the band is."""
    first, last = series["period"].iloc[0], series["period"].iloc[-1]
    return f"{measure.short}, {first} to {last}. The grey band holds the middle half of {several}."


def ticks_for(measure: Measure, values: Iterable[float]) -> list[float]:
    """Choose the axis that holds all lines of a trend."""
    return axis(values, zero=measure.unit not in ("years", "score"))


def tick_texts(measure: Measure, ticks: Sequence[float]) -> list[str]:
    """Write the ticks, short: the unit stands in the subtitle, but for signs."""
    places = decimals(list(ticks))
    texts = [words.number(tick, places) for tick in ticks]
    if measure.unit == "per cent":
        return [f"{text}%" for text in texts]
    return [f"£{text}" for text in texts] if measure.unit == "pounds" else texts


def label_places(lines: Iterable[Iterable[float]], ticks: list[float], name: str) -> list[float]:
    """Place the names at the ends of lines, none on another; NaN for a line without a point."""
    return apart([_last(line) for line in lines], ticks, [len(broken(name, WIDTH)), 1, 1])


def label_text(name: str) -> str:
    """Write a name as it stands at the end of its line."""
    return "<br>".join(broken(name, WIDTH))


def _last(values: Iterable[float]) -> float:
    present = [value for value in values if value == value]
    return float(present[-1]) if present else math.nan


def _labels(
    series: pd.DataFrame, ticks: list[float], name: str, several: str
) -> list[dict[str, Any]]:
    texts = {"value": label_text(name), "median": "Middle council", "england": "England"}
    colours = {
        "value": template.COUNCIL,
        "median": template.TEXT,
        "england": template.TEXT,
    }
    places = label_places((series[column] for column in texts), ticks, name)
    end = float(series["time"].iloc[-1])
    return [
        {
            "name": key,
            "text": texts[key],
            "x": end,
            "y": 0 if math.isnan(place) else place,
            "xanchor": "left",
            "xshift": 8,
            "align": "left",
            "showarrow": False,
            "font": {"size": 14, "color": colours[key], "weight": 700 if key == "value" else 400},
            "visible": not math.isnan(place),
        }
        for key, place in zip(texts, places, strict=True)
    ]


def _trace(column: str, series: pd.DataFrame, **more: Any) -> go.Scatter:
    return go.Scatter(
        x=[float(time) for time in series["time"]],
        y=[None if value != value else float(value) for value in series[column]],
        mode="lines",
        meta=column,
        connectgaps=False,
        **more,
    )


def _years(series: pd.DataFrame) -> dict[str, Any]:
    """Name the first period, the last, and one between if there is room for it."""
    count = len(series)
    chosen = sorted({0, count - 1} | ({(count - 1) // 2} if count > 4 else set()))
    start, end = float(series["time"].iloc[0]), float(series["time"].iloc[-1])
    return {
        "range": [start, end if end > start else start + 1],
        "tickvals": [float(series["time"].iloc[i]) for i in chosen],
        "ticktext": [str(series["period"].iloc[i]) for i in chosen],
    }


def _cell(value: float, measure: Measure) -> str:
    return "–" if value != value else words.figure(value, measure)
