"""A measure over time: one council's line, the middle half of its kind behind it, England beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from goldenthread import writing
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import apart, axis, broken, label, literal, side, tick_texts, year
from goldenthread.charts.chart import Chart

__all__ = ["label_places", "label_text", "subtitle", "tick_texts", "ticks_for", "trend"]

#: How many letters fit beside the plot.
WIDTH: Final = 14
#: How many letters of what a break is for fit above it, and how high such a line is.
BREAK_WIDTH: Final = 24
BREAK_LINE: Final = 17
#: How much room the words of a judgement need, in pixels.
LEFT_OF_WORDS: Final = 104

Break = tuple[float, str]


def trend(
    measure: Measure,
    series: pd.DataFrame,
    *,
    name: str,
    several: str,
    title: str,
    alt: str,
    source: str,
    breaks: Sequence[Break] = (),
) -> Chart:
    """Draw one council's figures over time among those of its kind.

    Parameters
    ----------
    measure : Measure
    series : pandas.DataFrame
        One row per period, in order of time: `time` (years, as a number), `period` (its label),
        `value`, `england`, `lower`, `median` and `upper`; NaN where there is none. Optional:
        `own_lower` and `own_upper`, the limits of the council's own figure, drawn as upright lines;
        `target`, what is aimed at, period by period.
    name : str
        Whose line it is.
    several : str
        What the band is of: "unitary councils".
    title, alt, source : str
        The finding; the finding and the drawing for those who do not see it; publisher and date.
    breaks : sequence of (float, str)
        When, in the years of `time`, figures stop being comparable with those before, and why. All
        lines are cut there. One that does not lie between two periods has nothing to cut.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        When only one of `own_lower` and `own_upper` is given.
    """
    limits = [column for column in ("own_lower", "own_upper") if column in series]
    if len(limits) == 1:
        raise ValueError(f"series: expected own_lower and own_upper, not {limits[0]} alone")
    target = ["target"] if "target" in series and series["target"].notna().any() else []
    cuts = _cuts(series["time"], breaks)
    drawn = _cut(series, cuts)
    held = ["value", "england", "lower", "upper", *limits, *target]
    ticks = ticks_for(measure, series[held].to_numpy().ravel())
    middle, hover = f"Middle of {several}", _hover(measure)
    traces = [
        *(_cut_band(series, cuts) if cuts else _band(series)),
        _trace(
            "median",
            drawn,
            line={"color": template.MIDDLE, "width": 1.5, "dash": "dot"},
            name=literal(middle),
            **hover,
        ),
        _trace(
            "england",
            drawn,
            line={"color": template.NATION, "width": 2, "dash": "dash"},
            name="England",
            **hover,
        ),
    ]
    if target:
        line = {"color": template.TARGET, "width": 2, "dash": "longdash"}
        traces.append(_trace("target", drawn, line=line, name="Target", **hover))
    if limits:
        traces.append(_intervals(series))
    line = {"color": template.COUNCIL, "width": 3.5}
    traces.append(_trace("value", drawn, line=line, name=literal(name), **hover))
    above, shapes, notes = _drawn_breaks(series, cuts)
    left = LEFT_OF_WORDS if measure.unit == "judgement" else template.MARGIN["l"]
    figure = go.Figure(
        data=traces,
        layout={
            "template": template.template(),
            "height": template.HEIGHT + above,
            "margin": {**template.MARGIN, "l": left, "t": template.MARGIN["t"] + above},
            "shapes": shapes,
            "xaxis": _years(series),
            "yaxis": {
                "range": [ticks[0], ticks[-1]],
                "tickvals": ticks,
                "ticktext": tick_texts(measure, ticks),
            },
            "annotations": [*_labels(series, ticks, name, target), *notes],
        },
    )
    return Chart(
        kind="trend",
        figure=figure,
        title=title,
        subtitle=subtitle(measure, series, several) + (_INTERVALS if limits else ""),
        alt=alt,
        source=source,
        table=_table(measure, series, name, middle, cuts),
    )


_INTERVALS: Final = " The upright lines show how far off a figure may be by chance."


def subtitle(measure: Measure, series: pd.DataFrame, several: str) -> str:
    """Say what is drawn: measure, periods, and what the band is."""
    first, last = series["period"].iloc[0], series["period"].iloc[-1]
    return f"{measure.short}, {first} to {last}. The grey band holds the middle half of {several}."


def ticks_for(measure: Measure, values: Iterable[float]) -> list[float]:
    """Choose the axis that holds all lines of a trend; a judgement's is its own scale."""
    if measure.unit == "judgement":
        return [float(place) for place in sorted(writing.scale(measure))]
    return axis(values, zero=measure.unit not in ("years", "score"))


def label_places(lines: Iterable[Iterable[float]], ticks: list[float], name: str) -> list[float]:
    """Place the names at the ends of lines, none on another; NaN for a line without a point.

    Parameters
    ----------
    lines : iterable of iterable of float
        The first is the council's, whose name may need several lines.
    ticks : list of float
        The axis.
    name : str
        The council's.
    """
    ends = [_last(line) for line in lines]
    return apart(ends, ticks, [len(broken(name, WIDTH)), *[1] * (len(ends) - 1)])


def label_text(name: str) -> str:
    """Write a name as it stands at the end of its line."""
    return label(name, WIDTH)


def _last(values: Iterable[float]) -> float:
    present = [value for value in values if value == value]
    return float(present[-1]) if present else math.nan


def _labels(
    series: pd.DataFrame, ticks: list[float], name: str, target: list[str]
) -> list[dict[str, Any]]:
    texts = {"value": label_text(name), "median": "Middle council", "england": "England"}
    texts |= dict.fromkeys(target, "Target")
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
            "font": {
                "size": template.LABEL_SIZE,
                "color": template.COUNCIL if key == "value" else template.TEXT,
                "weight": 700 if key == "value" else 400,
            },
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
        **({"text": list(series["period"])} if "hovertemplate" in more else {}),
        **more,
    )


def _band(series: pd.DataFrame) -> list[go.Scatter]:
    """Draw the middle half as the area between two lines, whose figures the page's script changes."""
    none = {"line": {"width": 0}, "hoverinfo": "skip"}
    upper = series.assign(band=series["upper"])
    return [
        _trace("lower", series, **none),
        _trace("band", upper, fill="tonexty", fillcolor=template.BAND, **none),
    ]


def _cut_band(series: pd.DataFrame, cuts: list[Break]) -> list[go.Scatter]:
    """Draw the middle half as a polygon from gap to gap: plotly would bridge them between two lines."""
    held = series[["lower", "upper"]].notna().all(axis=1).to_numpy()
    part = np.searchsorted([at for at, _ in cuts], series["time"]) + np.cumsum(~held)
    xs: list[float | None] = []
    ys: list[float | None] = []
    for _, rows in series[held].groupby(part[held]):
        times = rows["time"].astype(float).tolist()
        xs += [*times, *times[::-1], None]
        ys += [*rows["upper"].astype(float), *rows["lower"].astype(float)[::-1], None]
    return [
        go.Scatter(
            x=xs,
            y=ys,
            mode="lines",
            meta="band",
            line={"width": 0},
            fill="toself",
            fillcolor=template.BAND,
            hoverinfo="skip",
        )
    ]


def _hover(measure: Measure) -> dict[str, str]:
    """Say what is said of a point: period and figure, not the number of the year."""
    before, after = {"per cent": ("", "%"), "pounds": ("£", "")}.get(measure.unit, ("", ""))
    return {"hovertemplate": f"%{{text}}: {before}%{{y:,.{measure.decimals}f}}{after}"}


def _intervals(series: pd.DataFrame) -> go.Scatter:
    """Draw the limits of each figure as an upright line: in grey print it is no second band."""
    held = series.dropna(subset=["own_lower", "own_upper"])
    rows = held[["time", "own_lower", "own_upper"]].to_numpy(float).tolist()
    return go.Scatter(
        x=[place for time, _, _ in rows for place in (time, time, None)],
        y=[place for _, low, high in rows for place in (low, high, None)],
        mode="lines",
        meta="council interval",
        line={"color": template.COUNCIL, "width": 1.5},
        hoverinfo="skip",
    )


def _cuts(times: pd.Series, breaks: Sequence[Break]) -> list[Break]:
    """Put each break midway between the last period before it and the first after it."""
    held = times.to_numpy(float)
    cuts = []
    for at, why in sorted(breaks):
        after = int(np.searchsorted(held, at, side="left"))
        if 0 < after < len(held):
            cuts.append((float(held[after - 1] + held[after]) / 2, why))
    return cuts


def _cut(series: pd.DataFrame, cuts: list[Break]) -> pd.DataFrame:
    """Put an empty row at each break, so that no line is drawn across it."""
    if not cuts:
        return series
    empty = pd.DataFrame({"time": [at for at, _ in cuts], "period": ""})
    joined = pd.concat([series, empty.reindex(columns=series.columns)], ignore_index=True)
    return joined.fillna({"period": ""}).sort_values("time", kind="stable", ignore_index=True)


def _drawn_breaks(
    series: pd.DataFrame, cuts: list[Break]
) -> tuple[float, list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw each break as a dashed line with its words above, one above the other.

    Returns
    -------
    above : float
        How much room the words need, in pixels.
    shapes, annotations : list of dict
    """
    start, end = _range(series)
    inside = template.HEIGHT - template.MARGIN["t"] - template.MARGIN["b"]
    above, shapes, notes = 0, [], []
    # The last break stands lowest, so that no line runs through the words of another.
    for at, why in reversed(cuts):
        shapes.append(
            {
                "name": "break",
                "type": "line",
                "x0": at,
                "x1": at,
                "yref": "paper",
                "y0": 0,
                "y1": 1 + above / inside,
                "line": {"color": template.MIDDLE, "width": 1.5, "dash": "dash"},
            }
        )
        notes.append(
            {
                "name": "break",
                "text": label(why, BREAK_WIDTH),
                "x": at,
                "xanchor": side((at - start) / (end - start)),
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "yshift": above + 2,
                "align": "left",
                "showarrow": False,
                "font": {"size": 13, "color": template.TEXT},
            }
        )
        above += len(broken(why, BREAK_WIDTH)) * BREAK_LINE + 4
    return above, shapes, notes


def _range(series: pd.DataFrame) -> tuple[float, float]:
    start, end = float(series["time"].iloc[0]), float(series["time"].iloc[-1])
    return start, end if end > start else start + 1


def _years(series: pd.DataFrame) -> dict[str, Any]:
    """Name the first period, the last, and one between if there is room for it."""
    count = len(series)
    chosen = sorted({0, count - 1} | ({(count - 1) // 2} if count > 4 else set()))
    return {
        "range": list(_range(series)),
        "tickvals": [float(series["time"].iloc[i]) for i in chosen],
        "ticktext": [year(str(series["period"].iloc[i])) for i in chosen],
    }


def _table(
    measure: Measure, series: pd.DataFrame, name: str, middle: str, cuts: list[Break]
) -> pd.DataFrame:
    """List the figures by period; a column that holds none is left out, but for the council's own."""
    shown = {
        "value": name,
        "own_lower": "Lower limit",
        "own_upper": "Upper limit",
        "median": middle,
        "england": "England",
        "target": "Target",
    }
    columns: dict[str, pd.Series | list[str]] = {"Period": series["period"]}
    for column, heading in shown.items():
        if column == "value" or (column in series and series[column].notna().any()):
            columns[heading] = [_cell(value, measure) for value in series[column]]
    if cuts:
        # A break is told at the first period that is of the new kind.
        first = {int(np.searchsorted(series["time"], at)): why for at, why in cuts}
        columns["Not comparable with before"] = [
            first.get(place, "") for place in range(len(series))
        ]
    return pd.DataFrame(columns)


def _cell(value: float, measure: Measure) -> str:
    return "–" if value != value else writing.figure(value, measure)
