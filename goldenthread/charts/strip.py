"""All councils of a kind on one line, each a stroke, with one of them marked."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from goldenthread import words
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import axis, broken
from goldenthread.charts.chart import Chart
from goldenthread.charts.trend import tick_texts

HEIGHT: Final = 132
#: How many letters of a name fit on a line above the strip on a phone.
WIDTH: Final = 22


def strip(
    measure: Measure,
    values: pd.Series,
    *,
    chosen: str,
    value: float,
    several: str,
    period: str,
    title: str,
    alt: str,
    source: str,
    ticks: list[float] | None = None,
) -> Chart:
    """Draw every council of a kind as a stroke, and mark one.

    Parameters
    ----------
    measure : Measure
    values : pandas.Series of float
        The councils' values, by name; NaN is left out.
    chosen : str
        The name at the mark.
    value : float
        Where the mark stands; NaN for none.
    several : str
        What the strokes are: "unitary councils".
    period : str
    title, alt, source : str
    ticks : list of float, optional
        The axis, where several strips shall share one.

    Returns
    -------
    Chart
    """
    present = values.dropna().sort_values()
    ticks = axis([*present, value], zero=False) if ticks is None else ticks
    names = [str(name) for name in present.index]
    written = [words.figure(number, measure) for number in present]
    figure = go.Figure(
        data=[
            go.Scatter(
                x=[float(number) for number in present],
                y=[0.5] * len(present),
                mode="markers",
                meta="councils",
                text=[f"{name}: {text}" for name, text in zip(names, written, strict=True)],
                hovertemplate="%{text}<extra></extra>",
                marker={
                    "symbol": "line-ns",
                    "size": 26,
                    "line": {"width": 1.5, "color": template.MIDDLE},
                    "opacity": 0.55,
                },
            ),
            go.Scatter(
                x=[None if math.isnan(value) else float(value)],
                y=[0.5],
                mode="markers",
                meta="chosen",
                text=[f"{chosen}: {_written(value, measure)}"],
                hovertemplate="%{text}<extra></extra>",
                marker={
                    "symbol": "line-ns",
                    "size": 38,
                    "line": {"width": 4.5, "color": template.COUNCIL},
                },
            ),
        ],
        layout={
            "template": template.template(),
            "height": HEIGHT,
            "hovermode": "closest",
            "margin": {**template.MARGIN, "r": 24, "l": 24, "t": 46},
            "xaxis": {
                "range": [ticks[0], ticks[-1]],
                "tickvals": ticks,
                "ticktext": tick_texts(measure, ticks),
            },
            "yaxis": {"range": [0, 1], "visible": False},
            "annotations": label(chosen, value, ticks),
        },
    )
    return Chart(
        kind="strip",
        figure=figure,
        title=title,
        subtitle=f"{measure.short}, {period}. Each stroke is one of {len(present)} {several}.",
        alt=alt,
        source=source,
        table=pd.DataFrame({"Council": names[::-1], measure.short: written[::-1]}),
    )


def _written(value: float, measure: Measure) -> str:
    return "no figure" if math.isnan(value) else words.figure(value, measure)


def label_text(name: str) -> str:
    """Write a name as it stands above its stroke."""
    return "<br>".join(broken(name, WIDTH))


def anchor(value: float, ticks: list[float]) -> str:
    """Choose which side of the mark its name stands, so that it stays on the page.

    Examples
    --------
    >>> [anchor(v, [0, 25, 50, 75, 100]) for v in (5, 50, 95)]
    ['left', 'center', 'right']
    """
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    return "left" if share < 0.35 else "right" if share > 0.65 else "center"


def label(chosen: str, value: float, ticks: list[float]) -> list[dict[str, Any]]:
    """Name the mark; the name is there but not shown where there is no mark."""
    missing = math.isnan(value)
    side = "center" if missing else anchor(value, ticks)
    return [
        {
            "name": "chosen",
            "text": label_text(chosen),
            "x": ticks[0] if missing else float(value),
            "y": 1,
            "xanchor": side,
            "yanchor": "bottom",
            "yshift": 2,
            "showarrow": False,
            "visible": not missing,
            "font": {"size": 14, "color": template.COUNCIL, "weight": 700},
        }
    ]
