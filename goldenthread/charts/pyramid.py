"""Who lives in a place, by age and sex: a bar for each age group, another place's as an outline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from goldenthread import writing
from goldenthread.charts import template
from goldenthread.charts.axis import NO_FIGURE, axis, broken, decimals, label, literal
from goldenthread.charts.chart import Chart

Shares = npt.NDArray[np.float64]

HEIGHT: Final = 400
#: How many age groups are named, at most, and how wide a letter of their names is.
NAMED: Final = 10
LETTER: Final = 8.3
#: How many letters of a place's name fit in a corner above on a phone, and how high a line is.
WIDTH: Final = 17
LINE: Final = 18
_SEXES: Final = ("Male", "Female")


def pyramid(
    ages: Sequence[str],
    female: Sequence[float],
    male: Sequence[float],
    *,
    name: str,
    period: str,
    title: str,
    alt: str,
    source: str,
    beside: str = "",
    beside_female: Sequence[float] | None = None,
    beside_male: Sequence[float] | None = None,
) -> Chart:
    """Draw the age groups of a place's residents, women and girls at the right, men and boys at the left.

    All bars are shares of all residents, of both sexes and every age, so that places of different
    size compare.

    Parameters
    ----------
    ages : sequence of str
        The age groups, the youngest first, all equally wide (the last may be open).
    female, male : sequence of float
        How many residents are in each (or what share of all); NaN where there is no figure.
    name : str
        The place.
    period : str
    title, alt, source : str
    beside : str
        The name of the place whose residents are drawn as an outline.
    beside_female, beside_male : sequence of float, optional
        Its residents, in the same age groups.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        When there is no group, not a number for each group, a number below zero, nobody at all, or
        only one sex of the place beside.
    """
    own = _shares(ages, female, male)
    if (beside_female is None) != (beside_male is None):
        raise ValueError("expected both beside_female and beside_male, or neither")
    other = None
    if beside_female is not None and beside_male is not None:
        other = _shares(ages, beside_female, beside_male)
    ticks = axis(np.concatenate([own.ravel(), [] if other is None else other.ravel()]))[::2]
    sides = [-tick for tick in ticks[:0:-1]] + ticks
    count = len(ages)
    beside = beside if other is not None else ""
    margin = _margin(ages, name, beside)
    figure = go.Figure(
        data=[
            *(_bars(ages, own, sex) for sex in (0, 1)),
            *([] if other is None else _outline(other)),
        ],
        layout={
            "template": template.template(),
            "height": HEIGHT,
            "hovermode": "closest",
            "barmode": "overlay",
            "margin": margin,
            "xaxis": {
                "range": [sides[0], sides[-1]],
                "tickvals": sides,
                "ticktext": [f"{writing.number(abs(side), decimals(sides))}%" for side in sides],
                "zeroline": False,
            },
            "yaxis": {
                "range": [-0.5, count - 0.5],
                **_age_ticks(ages),
                "showgrid": False,
                "zeroline": False,
            },
            "annotations": _words(sides, margin["l"], name, beside),
        },
    )
    missing = int(np.isnan(own).any(axis=0).sum())
    return Chart(
        kind="pyramid",
        figure=figure,
        title=title,
        subtitle=_subtitle(name, period, beside, missing),
        alt=alt,
        source=source,
        table=_table(ages, own, other, beside),
    )


def _shares(ages: Sequence[str], female: Sequence[float], male: Sequence[float]) -> Shares:
    """Give the shares of both sexes in each group, in per cent of all."""
    if not len(ages):
        raise ValueError("ages: expected one group at least")
    for sex, numbers in (("female", female), ("male", male)):
        if len(numbers) != len(ages):
            raise ValueError(
                f"{sex}: expected {len(ages)} numbers, one for each group, not {len(numbers)}"
            )
    held = np.array([male, female], dtype=np.float64)
    if (held < 0).any():
        raise ValueError(f"expected numbers of residents, not {held[held < 0][0]:g}")
    total = float(np.nansum(held))
    if not total:
        raise ValueError("expected residents in one group at least")
    return held / total * 100


def _bars(ages: Sequence[str], shares: Shares, sex: int) -> go.Bar:
    """Draw one sex's groups as lying bars, male ones to the left."""
    held = [
        (place, float(share), age)
        for place, (share, age) in enumerate(zip(shares[sex], ages, strict=True))
        if share == share
    ]
    return go.Bar(
        x=[share if sex else -share for _, share, _ in held],
        y=[place for place, _, _ in held],
        width=0.88,
        orientation="h",
        meta="council",
        marker={"color": template.COUNCIL, "line": {"width": 0}},
        text=[
            literal(f"{_SEXES[sex]}, {age}: {_percent(share, len(ages))}") for _, share, age in held
        ],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
    )


def _outline(shares: Shares) -> list[go.Scatter]:
    """Draw the ends of the other place's bars as steps, on a light edge that keeps them visible."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for side, part in zip((-1, 1), shares, strict=True):
        for place, share in enumerate(part.tolist()):
            end = None if share != share else side * share
            xs += [end, end]
            ys += [place - 0.5, place + 0.5]
        xs.append(None)
        ys.append(None)
    return [
        go.Scatter(
            x=xs,
            y=ys,
            mode="lines",
            meta=part_of,
            line={"width": width, "color": colour},
            connectgaps=False,
            hoverinfo="skip",
        )
        for part_of, colour, width in (("none", template.PAGE, 4.5), ("ink", template.TEXT, 1.75))
    ]


def _age_ticks(ages: Sequence[str]) -> dict[str, Any]:
    """Name the youngest group and as many above it as there is room for, at equal steps."""
    chosen = range(0, len(ages), math.ceil(len(ages) / NAMED))
    return {"tickvals": list(chosen), "ticktext": [literal(ages[place]) for place in chosen]}


def _margin(ages: Sequence[str], name: str, beside: str) -> dict[str, float]:
    longest = max(len(text) for text in _age_ticks(ages)["ticktext"])
    above = 1 + max(len(broken(text, WIDTH)) for text in _places(name, beside))
    return {"l": longest * LETTER + 14, "r": 24, "t": above * LINE + 10, "b": 34}


def _places(name: str, beside: str) -> tuple[str, str]:
    """Say what is of which place."""
    return f"Bars: {name}", f"Line: {beside}" if beside else ""


def _words(sides: list[float], left: float, name: str, beside: str) -> list[dict[str, Any]]:
    """Write above each side whose it is; above that, what bars and line are."""
    notes = []
    for place, (sex, of) in enumerate(zip(_SEXES, _places(name, beside), strict=True)):
        end = ("left", "right")[place]
        at = {
            **{"x": sides[-place], "xanchor": end, "align": end, "showarrow": False},
            **{"yref": "paper", "y": 1, "yanchor": "bottom"},
        }
        font = {"size": template.LABEL_SIZE, "color": template.TEXT}
        notes.append({**at, "name": "sex", "text": sex, "yshift": 4, "font": font})
        if of:
            own = {} if place else {"color": template.COUNCIL, "weight": 700}
            above = {"yshift": LINE + 6, "xshift": 0 if place else -left, "font": {**font, **own}}
            text = label(of, WIDTH)
            notes.append({**at, "name": "ink" if place else "council", "text": text, **above})
    return notes


def _subtitle(name: str, period: str, beside: str, missing: int) -> str:
    line = f" The line is {beside}." if beside else ""
    gaps = ""
    if missing:
        gaps = (
            f" {writing.counted(missing, 'group', 'groups')} without a figure "
            f"{'is' if missing == 1 else 'are'} left out of the total."
        )
    return f"{name}, {period}: each age group’s share of all residents.{line}{gaps}"


def _percent(share: float, count: int) -> str:
    # Single years of age are about one per cent each: they need a second decimal.
    return f"{writing.number(share, 1 if count <= 30 else 2)}%"


def _table(ages: Sequence[str], own: Shares, other: Shares | None, beside: str) -> pd.DataFrame:
    def cells(shares: Shares) -> list[str]:
        return [
            NO_FIGURE if share != share else _percent(share, len(ages)) for share in shares.tolist()
        ]

    columns = {"Age": list(ages), _SEXES[1]: cells(own[1]), _SEXES[0]: cells(own[0])}
    if other is not None:
        for sex in (1, 0):
            columns[f"{beside}: {writing.inside(_SEXES[sex])}"] = cells(other[sex])
    return pd.DataFrame(columns)
