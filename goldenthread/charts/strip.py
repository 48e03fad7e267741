"""All councils of a kind on one line, each a stroke or a dot, with one of them marked."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from goldenthread import writing
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import NO_FIGURE, axis, label, literal, side, tick_texts
from goldenthread.charts.chart import Chart

HEIGHT: Final = 132
#: How many letters of a name fit on a line above the strip on a phone.
WIDTH: Final = 22
_MARGIN: Final = {**template.MARGIN, "r": 24, "l": 24, "t": 46}

#: How wide the plot's inside is on a phone, in pixels: where dots are apart there, they are apart
#: everywhere.
NARROWEST: Final = 280
#: The sizes of dots, in pixels, from which the largest is taken that keeps a swarm this high.
SIZES: Final = (8.0, 7.0, 6.0, 5.0, 4.0, 3.0)
HIGHEST: Final = 230
#: How far the middles of dots are apart, in sizes of a dot.
_APART: Final = 1.15


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
    written = [writing.figure(number, measure) for number in present]
    figure = go.Figure(
        data=[
            _marks(
                "councils",
                present,
                [0.5] * len(present),
                _hover(present, written),
                {
                    "symbol": "line-ns",
                    "size": 18,
                    "line": {"width": 1.5, "color": template.MIDDLE},
                    "opacity": 0.55,
                },
            ),
            _marks(
                "chosen",
                [value],
                [0.5],
                [literal(f"{chosen}: {_written(value, measure)}")],
                {
                    "symbol": "line-ns",
                    "size": 26,
                    "line": {"width": 4.5, "color": template.COUNCIL},
                },
            ),
        ],
        layout={
            **_layout(measure, ticks, chosen, value),
            "height": HEIGHT,
            "yaxis": {"range": [0, 1], "visible": False},
        },
    )
    return Chart(
        kind="strip",
        figure=figure,
        title=title,
        subtitle=f"{measure.short}, {period}. Each stroke is one of {len(present)} {several}.",
        alt=alt,
        source=source,
        table=_table(measure, present, written),
    )


def swarm(
    measure: Measure,
    values: pd.Series,
    *,
    chosen: str,
    value: float,
    neighbours: Collection[str],
    several: str,
    period: str,
    title: str,
    alt: str,
    source: str,
    ticks: list[float] | None = None,
) -> Chart:
    """Draw every council as a dot of its own, the similar ones in another shape, and mark one.

    Parameters
    ----------
    measure : Measure
    values : pandas.Series of float
        The councils' values, by name; NaN is left out.
    chosen : str
        The name at the mark. Its dot, where it has one, is the mark.
    value : float
        Where the mark stands; NaN for none.
    neighbours : collection of str
        The names of the councils that it is compared with.
    several : str
        What the dots are: "unitary councils".
    period : str
    title, alt, source : str
    ticks : list of float, optional
        The axis, where several charts shall share one.

    Returns
    -------
    Chart
    """
    present = values.dropna().sort_values(kind="stable")
    ticks = axis([*present, value], zero=False) if ticks is None else ticks
    written = [writing.figure(number, measure) for number in present]
    size, rows = _fitted(present.to_numpy(float), (ticks[-1] - ticks[0]) / NARROWEST)
    pitch = size * _APART
    heights = pd.Series(rows * pitch, index=present.index)
    own, alike = present.index == chosen, present.index.isin(list(neighbours))
    top = max(float(np.abs(rows).max(initial=0)) + 1, 2) * pitch
    texts = np.array(_hover(present, written), dtype=object)

    def dots(name: str, which: npt.NDArray[np.bool_], marker: dict[str, Any]) -> go.Scatter:
        return _marks(name, present[which], heights[which], list(texts[which]), marker)

    ring = {"color": template.PAGE}
    place = float(heights.get(chosen, 0.0))
    others, similar = ~own & ~alike, alike & ~own
    figure = go.Figure(
        data=[
            go.Scatter(
                x=[_or_none(value)] * 2,
                y=[place, top],
                mode="lines",
                meta="council leader",
                line={"width": 1.5, "color": template.COUNCIL},
                hoverinfo="skip",
            ),
            dots(
                "comparator",
                others,
                {"size": size, "color": template.PALE, "line": {**ring, "width": 0}},
            ),
            # A diamond is wider than its size.
            dots(
                "ink",
                similar,
                {
                    "symbol": "diamond",
                    "size": size / 1.25,
                    "color": template.TEXT,
                    "line": {**ring, "width": 0},
                },
            ),
            _marks(
                "chosen",
                [value],
                [place],
                [literal(f"{chosen}: {_written(value, measure)}")],
                {"size": size + 5, "color": template.COUNCIL, "line": {**ring, "width": 1.5}},
            ),
        ],
        layout={
            **_layout(measure, ticks, chosen, value, top=top),
            "height": round(2 * top) + _MARGIN["t"] + _MARGIN["b"],
            "yaxis": {"range": [-top, top], "visible": False},
        },
    )
    table = _table(measure, present, written)
    table.insert(1, "Similar council", np.where(similar, "yes", "")[::-1])
    return Chart(
        kind="swarm",
        figure=figure,
        title=title,
        subtitle=(
            f"{measure.short}, {period}. Each dot is one of {len(present)} {several}; "
            f"the dark diamonds are {similar.sum()} similar councils."
        ),
        alt=alt,
        source=source,
        table=table,
    )


def packed(values: npt.ArrayLike, width: float) -> npt.NDArray[np.int_]:
    """Put dots into rows so that none touches another, as near to the middle row as they can be.

    Each row takes, from the left, every dot that is free of the one it took before. The rest is for
    the next row, in turn above and below the middle.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Where the dots are along the axis; in order, the smallest first.
    width : float
        How far apart along the axis two dots of a row must be.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        The row of each dot: 0 is the middle, 1 is above it, -1 is below.

    Examples
    --------
    >>> packed([1.0, 1.0, 1.0, 1.5, 3.0], 1.0).tolist()
    [0, 1, -1, 2, 0]
    """
    places = np.asarray(values, dtype=float)
    rows = np.zeros(len(places), dtype=int)
    left = np.arange(len(places))
    taken = 0
    while left.size:
        row = _spaced(places[left], width)
        rows[left[row]] = (taken + 1) // 2 * (1 if taken % 2 else -1)
        left = left[~row]
        taken += 1
    return rows


def _spaced(places: npt.NDArray[np.float64], width: float) -> npt.NDArray[np.bool_]:
    """Choose, from the left, every place that is at least a width from the one chosen before it."""
    count = len(places)
    # From each place, the next that is free of it; jumps are doubled until they leave the row.
    jump = np.append(np.searchsorted(places, places + width, side="left"), count)
    chosen = np.zeros(count + 1, dtype=bool)
    chosen[0] = True
    for _ in range(count.bit_length()):
        chosen[jump[chosen]] = True
        jump = jump[jump]
    return chosen[:count]


def _fitted(places: npt.NDArray[np.float64], pixel: float) -> tuple[float, npt.NDArray[np.int_]]:
    """Choose the largest dots whose swarm is not too high; the smallest, where none is low enough."""
    for size in SIZES:
        rows = packed(places, size * _APART * pixel)
        if (np.ptp(rows) + 1 if rows.size else 0) * size * _APART <= HIGHEST:
            break
    return size, rows


def _marks(
    name: str,
    places: Sequence[float] | pd.Series,
    heights: Sequence[float] | pd.Series,
    texts: list[str],
    marker: dict[str, Any],
) -> go.Scatter:
    return go.Scatter(
        x=[_or_none(place) for place in places],
        y=[float(height) for height in heights],
        mode="markers",
        meta=name,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        marker=marker,
    )


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _written(value: float, measure: Measure) -> str:
    return NO_FIGURE if math.isnan(value) else writing.figure(value, measure)


def _hover(present: pd.Series, written: list[str]) -> list[str]:
    return [literal(f"{name}: {text}") for name, text in zip(present.index, written, strict=True)]


def _table(measure: Measure, present: pd.Series, written: list[str]) -> pd.DataFrame:
    """List the councils, the highest first."""
    names = [str(name) for name in present.index]
    return pd.DataFrame({"Council": names[::-1], measure.short: written[::-1]})


def _layout(
    measure: Measure, ticks: list[float], chosen: str, value: float, top: float = 1
) -> dict[str, Any]:
    """Lay out what strokes and dots share: one axis, and the name above the mark."""
    return {
        "template": template.template(),
        "hovermode": "closest",
        "margin": _MARGIN,
        "xaxis": {
            "range": [ticks[0], ticks[-1]],
            "tickvals": ticks,
            "ticktext": tick_texts(measure, ticks),
        },
        "annotations": [_name(chosen, value, ticks, top)],
    }


def label_text(name: str) -> str:
    """Write a name as it stands above its stroke."""
    return label(name, WIDTH)


def anchor(value: float, ticks: list[float]) -> str:
    """Choose which side of the mark its name stands, so that it stays on the page.

    Examples
    --------
    >>> [anchor(v, [0, 25, 50, 75, 100]) for v in (5, 50, 95)]
    ['left', 'center', 'right']
    """
    return side((value - ticks[0]) / (ticks[-1] - ticks[0]))


def _name(chosen: str, value: float, ticks: list[float], top: float) -> dict[str, Any]:
    """Name the mark; the name is there but not shown where there is no mark."""
    missing = math.isnan(value)
    return {
        "name": "chosen",
        "text": label_text(chosen),
        "x": ticks[0] if missing else float(value),
        "y": top,
        "xanchor": "center" if missing else anchor(value, ticks),
        "yanchor": "bottom",
        "yshift": 2,
        "showarrow": False,
        "visible": not missing,
        "font": {"size": template.LABEL_SIZE, "color": template.COUNCIL, "weight": 700},
    }
