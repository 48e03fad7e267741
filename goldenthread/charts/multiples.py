"""One small trend for each of the councils like a council, its own line behind each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from goldenthread import writing
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import NO_FIGURE, broken, label, literal, short, tick_texts, year
from goldenthread.charts.chart import Chart
from goldenthread.charts.trend import ticks_for

#: How many letters of a name fit above a small plot.
WIDTH: Final = 18
LINE: Final = 17
#: How high the inside of a small plot is, and what is around it, but for the name above.
INSIDE: Final = 84
_MARGIN: Final = {"l": 40, "r": 30, "b": 26}
_DIGIT: Final = 7.4
#: How many small plots stand beside each other in a notebook; on a page, as many as there is room for.
COLUMNS: Final = 4


def multiples(
    measure: Measure,
    lines: pd.DataFrame,
    *,
    times: Sequence[float],
    chosen: str,
    several: str,
    title: str,
    alt: str,
    source: str,
) -> Chart:
    """Draw a council's line behind the line of each council like it, on the same axes.

    Parameters
    ----------
    measure : Measure
    lines : pandas.DataFrame of float
        One row per period, in order of time, by its label; one column per council, by name, the
        most similar first; NaN where there is none.
    times : sequence of float
        When the periods are, in years.
    chosen : str
        The council's name: a column. Its own small trend stands first.
    several : str
        What the small trends are of: "Hull and its 15 similar councils".
    title, alt, source : str

    Returns
    -------
    Chart
        Its figure has a pair of axes for each council; its HTML is a grid that turns with the page.

    Raises
    ------
    ValueError
        When the council is not among the columns, or there is no other, or not a time for each
        period.
    """
    if chosen not in lines.columns:
        raise ValueError(f"chosen: {chosen!r} is not among the columns of lines")
    if lines.shape[1] < 2:
        raise ValueError(f"lines: expected {chosen!r} and others, not it alone")
    if len(times) != len(lines):
        raise ValueError(f"times: expected {len(lines)}, one for each period, not {len(times)}")
    names = [chosen, *(name for name in lines.columns if name != chosen)]
    ticks = ticks_for(measure, lines.to_numpy(float).ravel())
    above = LINE * max(len(broken(_heading(measure, lines, name), WIDTH)) for name in names) + 12
    texts = tick_texts(measure, ticks)[::2]
    left = max(round(max(map(len, texts)) * _DIGIT) + 13, _MARGIN["l"])
    margin = {**_MARGIN, "l": left, "t": above}
    height = INSIDE + above + _MARGIN["b"]
    rows = math.ceil(len(names) / COLUMNS)
    layout: dict[str, Any] = {
        "template": template.template(),
        "hovermode": "closest",
        "meta": {"pane": {"height": height, "margin": margin}},
        "height": rows * height,
        "margin": margin,
        "annotations": [],
    }
    traces = []
    for number, name in enumerate(names):
        on = "" if number == 0 else str(number + 1)
        layout |= _axes(measure, lines, times, ticks, number, rows, height, above)
        layout["annotations"].append(_name(measure, lines, name, on, left, own=name == chosen))
        if name != chosen:
            traces.append(_line(measure, lines, times, chosen, on, "council", opacity=0.4))
        part = "council" if name == chosen else "ink"
        traces.append(_line(measure, lines, times, name, on, part))
    return Chart(
        kind="multiples",
        figure=go.Figure(data=traces, layout=layout),
        title=title,
        subtitle=(
            f"{measure.short}, {lines.index[0]} to {lines.index[-1]}: {several}. "
            f"The pale, broad line is {writing.possessive(chosen)}."
        ),
        alt=alt,
        source=source,
        table=_table(measure, lines[names]),
    )


def _heading(measure: Measure, lines: pd.DataFrame, name: str) -> str:
    last = float(lines[name].iloc[-1])
    return f"{name} {short(measure, last)}" if last == last else f"{name}: {NO_FIGURE}"


def _name(
    measure: Measure, lines: pd.DataFrame, name: str, on: str, left: int, *, own: bool
) -> dict[str, Any]:
    """Write a council's name and latest figure above its small plot."""
    return {
        "name": "council" if own else "comparator",
        "text": label(_heading(measure, lines, name), WIDTH),
        "xref": f"x{on} domain",
        "x": 0,
        "xanchor": "left",
        "xshift": -left,
        "yref": f"y{on} domain",
        "y": 1,
        "yanchor": "bottom",
        "yshift": 10,
        "align": "left",
        "showarrow": False,
        "font": {
            "size": template.LABEL_SIZE,
            "color": template.COUNCIL if own else template.TEXT,
            "weight": 700,
        },
    }


def _line(
    measure: Measure,
    lines: pd.DataFrame,
    times: Sequence[float],
    name: str,
    on: str,
    part: str,
    opacity: float = 1,
) -> go.Scatter:
    """Draw one council's line; the pale one, behind, is broader."""
    behind = opacity < 1
    return go.Scatter(
        x=[float(time) for time in times],
        y=[None if value != value else float(value) for value in lines[name]],
        mode="lines",
        meta=part,
        xaxis=f"x{on}",
        yaxis=f"y{on}",
        opacity=opacity,
        connectgaps=False,
        text=[
            literal(f"{name}, {period}: {short(measure, value)}")
            for period, value in zip(lines.index, lines[name], strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
        line={
            "color": template.TEXT if part == "ink" else template.COUNCIL,
            "width": 4.5 if behind else 2,
        },
    )


def _axes(
    measure: Measure,
    lines: pd.DataFrame,
    times: Sequence[float],
    ticks: list[float],
    number: int,
    rows: int,
    height: float,
    above: float,
) -> dict[str, Any]:
    """Give one council's pair of axes, at its place in a notebook's grid."""
    on = "" if number == 0 else str(number + 1)
    row, column = divmod(number, COLUMNS)
    across = 1 / COLUMNS
    # The space between plots is their margins, as a share of what is inside the figure's own.
    total = rows * height - above - _MARGIN["b"]
    top = 1 - row * height / total
    end = float(times[-1])
    ends = dict.fromkeys((0, len(times) - 1))
    return {
        f"xaxis{on}": {
            "anchor": f"y{on}",
            "domain": [column * across + (0.05 if column else 0), (column + 1) * across - 0.01],
            "range": [float(times[0]), end if end > times[0] else end + 1],
            "tickvals": [float(times[place]) for place in ends],
            "ticktext": [year(str(lines.index[place])) for place in ends],
            "tickfont": {"size": 13},
        },
        f"yaxis{on}": {
            "anchor": f"x{on}",
            "domain": [max(top - INSIDE / total, 0), top],
            "range": [ticks[0], ticks[-1]],
            "tickvals": ticks[::2],
            "ticktext": tick_texts(measure, ticks)[::2],
            "tickfont": {"size": 13},
        },
    }


def _table(measure: Measure, lines: pd.DataFrame) -> pd.DataFrame:
    written = {
        str(name): [NO_FIGURE if v != v else writing.figure(v, measure) for v in lines[name]]
        for name in lines.columns
    }
    return pd.DataFrame({"Period": [str(period) for period in lines.index], **written})
