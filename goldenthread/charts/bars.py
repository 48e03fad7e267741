"""A council among those like it: one bar each, in order, with the figure and the place beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from goldenthread import writing
from goldenthread.analysis import comparison
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import NO_FIGURE, broken, label, literal, short, side
from goldenthread.charts.chart import Chart

#: With more councils than this, only the first, the last and those around the council are drawn.
MOST: Final = 20
ENDS: Final = 3
AROUND: Final = 5
#: How many letters of a name fit on a line beside the bars on a phone.
WIDTH: Final = 15
LINE: Final = 16
THICK: Final = 18
#: How many letters of figure and place fit on a line behind them.
FIGURES: Final = 12
#: How wide a letter of a name and a digit are, about, in pixels.
_LETTER: Final = 7.4
_DIGIT: Final = 8.3


@dataclass(frozen=True)
class _Row:
    """One row of the chart: a council, or words on those that are not drawn."""

    name: str
    text: str
    place: str = ""
    value: float = math.nan
    lower: float = math.nan
    upper: float = math.nan

    @property
    def lines(self) -> list[str]:
        return broken(self.name, WIDTH) if self.name else []

    @property
    def figures(self) -> list[str]:
        """What stands behind the bar: the figure and its place, on two lines where one is too long."""
        together = f"{self.text}, {self.place}" if self.place else self.text
        return [together] if len(together) <= FIGURES or not self.place else [self.text, self.place]


def bars(
    measure: Measure,
    values: pd.Series,
    *,
    chosen: str,
    several: str,
    period: str,
    title: str,
    alt: str,
    source: str,
    england: float = math.nan,
    middle: float = math.nan,
    lower: pd.Series | None = None,
    upper: pd.Series | None = None,
) -> Chart:
    """Draw a council and those like it as bars, the best or else the highest at the top.

    Parameters
    ----------
    measure : Measure
        Its polarity decides whether there is a best, and so places ("joint 5th").
    values : pandas.Series of float
        By name, the council's among them; NaN where there is no figure. Values that are equal share
        a place: they should be rounded as they are written.
    chosen : str
        The council's name.
    several : str
        What all the bars are of: "Hull and its 15 similar councils".
    period : str
    title, alt, source : str
    england : float
        England's figure, a dashed line; NaN for none.
    middle : float
        The median of those it is compared with, a dotted line; NaN for none.
    lower, upper : pandas.Series of float, optional
        The limits of each value, by name, drawn as whiskers.

    Returns
    -------
    Chart
        With more than 20 councils, those in the gaps are only in the table, and the gaps say so.

    Raises
    ------
    ValueError
        When the council is not among the names, a name comes twice, or only one limit is given.
    """
    if chosen not in values.index:
        raise ValueError(f"chosen: {chosen!r} is not among the names of values")
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()][0]
        raise ValueError(f"values: {twice!r} comes twice")
    if (lower is None) != (upper is None):
        raise ValueError("expected both lower and upper limits, or neither")
    ordered = _ordered(measure, values, lower, upper)
    rows = list(_rows(measure, ordered, chosen))
    lines = [max(len(row.lines), len(row.figures)) for row in rows]
    heights = np.array(lines, dtype=float) * LINE + 12
    total = float(heights.sum())
    # The axis counts pixels from the foot, so that a name of two lines has a higher row.
    places = [float(place) for place in total - np.cumsum(heights) + heights / 2]
    low, high = _ends([*ordered[["value", "lower", "upper"]].to_numpy().ravel(), england, middle])
    references, labels, above = _references(measure, england, middle, low, high)
    names = max(len(line) for row in rows for line in row.lines)
    figures = max(len(line) for row in rows if row.name for line in row.figures)
    margin = {
        "l": round(names * _LETTER) + 16,
        "r": round(figures * _DIGIT) + 12,
        "t": above + 6,
        "b": 4,
    }
    baseline = _line("leader", 0, {"color": template.LINES, "width": 1.5})
    figure = go.Figure(
        data=_traces(rows, places, chosen),
        layout={
            "template": template.template(),
            "hovermode": "closest",
            "barmode": "overlay",
            "height": round(total) + margin["t"] + margin["b"],
            "margin": margin,
            "xaxis": {"range": [low, high], "visible": False},
            "yaxis": {"range": [0, total], "visible": False},
            "shapes": [baseline, *references],
            "annotations": [*_words(rows, places, chosen), *labels],
        },
    )
    whiskers = " The thin lines show how far off a figure may be by chance."
    return Chart(
        kind="bars",
        figure=figure,
        title=title,
        subtitle=(
            f"{measure.short}, {period}: {several}. "
            f"{'The highest' if measure.polarity is None else 'The best'} figure is at the top."
            f"{'' if lower is None else whiskers}"
        ),
        alt=alt,
        source=source,
        table=_table(measure, ordered),
    )


def _ordered(
    measure: Measure, values: pd.Series, lower: pd.Series | None, upper: pd.Series | None
) -> pd.DataFrame:
    """Put the councils in order, those without a figure last, and give each its place in words."""
    table = pd.DataFrame(
        {
            "value": values.astype(float),
            "lower": math.nan if lower is None else lower.reindex(values.index).astype(float),
            "upper": math.nan if upper is None else upper.reindex(values.index).astype(float),
        }
    )
    ranks = pd.Series(
        comparison.rank(table["value"].to_numpy(), measure.polarity), index=table.index
    )
    shared = ranks.map(ranks.value_counts())
    table["place"] = [
        "" if rank != rank else ("joint " if count > 1 else "") + writing.ordinal(int(rank))
        for rank, count in zip(ranks, shared, strict=True)
    ]
    # Equals stand in the order of their names.
    return table.sort_index(kind="stable").sort_values(
        "value", ascending=measure.polarity == "low", na_position="last", kind="stable"
    )


def _rows(measure: Measure, ordered: pd.DataFrame, chosen: str) -> Iterator[_Row]:
    """Choose what is drawn: everything, or the ends and what is around the council."""
    present = ordered["value"].notna()
    count, missing = int(present.sum()), list(ordered.index[~present])
    places = np.arange(count)
    shown = np.ones(count, dtype=bool)
    if len(ordered) > MOST:
        own = list(ordered.index).index(chosen)
        # A council without a figure has nothing around it: the ends are wider instead.
        ends = ENDS if own < count else ENDS + AROUND
        near = np.abs(places - own) <= AROUND if own < count else np.zeros(count, dtype=bool)
        shown = (places < ends) | (places >= count - ends) | near
        missing = [name for name in missing if name == chosen]
    gap = 0
    for (name, row), drawn in zip(ordered[present].iterrows(), shown, strict=True):
        if not drawn:
            gap += 1
            continue
        if gap:
            yield _Row("", f"{writing.counted(gap, 'council', 'councils')} not drawn")
            gap = 0
        text = short(measure, row["value"])
        yield _Row(str(name), text, row["place"], row["value"], row["lower"], row["upper"])
    for name in missing:
        yield _Row(str(name), NO_FIGURE)
    others = int((~present).sum()) - len(missing)
    if others:
        more = "other council" if missing else "council"
        yield _Row("", f"{writing.counted(others, more, f'{more}s')} without a figure")


def _ends(values: Iterable[float]) -> tuple[float, float]:
    """Give the axis: from zero, or from what is below it, to the longest bar or limit."""
    held = [0.0, *(float(value) for value in values if value == value)]
    low, high = min(held), max(held)
    return (low, high) if high > low else (0.0, 1.0)


def _traces(rows: list[_Row], places: list[float], chosen: str) -> list[go.Bar | go.Scatter]:
    def lying(part: str, colour: str, own: bool) -> go.Bar:
        drawn = [
            (row, place)
            for row, place in zip(rows, places, strict=True)
            if row.name and row.value == row.value and (row.name == chosen) is own
        ]
        return go.Bar(
            x=[row.value for row, _ in drawn],
            y=[place for _, place in drawn],
            width=THICK,
            orientation="h",
            meta=part,
            marker={"color": colour, "line": {"width": 0}},
            text=[literal(f"{row.name}: {', '.join(row.figures)}") for row, _ in drawn],
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
        )

    def whiskers(part: str, colour: str, width: float) -> go.Scatter:
        drawn = [
            (row, place)
            for row, place in zip(rows, places, strict=True)
            if not (math.isnan(row.lower) or math.isnan(row.upper))
        ]
        return go.Scatter(
            x=[end for row, _ in drawn for end in (row.lower, row.upper, None)],
            y=[end for _, place in drawn for end in (place, place, None)],
            mode="lines",
            meta=part,
            line={"color": colour, "width": width},
            hoverinfo="skip",
        )

    traces = [
        lying("other", template.PALE, own=False),
        lying("council", template.COUNCIL, own=True),
    ]
    if any(row.lower == row.lower for row in rows):
        # A light edge keeps the line visible on the council's dark bar.
        traces += [whiskers("none", template.PAGE, 4.5), whiskers("ink", template.TEXT, 1.5)]
    return traces


def _words(rows: list[_Row], places: list[float], chosen: str) -> list[dict[str, Any]]:
    """Write the names before the bars and the figures behind them, in two columns."""
    notes = []
    for row, place in zip(rows, places, strict=True):
        own = row.name == chosen
        shared = {
            "name": "council" if own else "other",
            "y": place,
            "xref": "paper",
            "showarrow": False,
            "font": {
                "size": template.LABEL_SIZE,
                "color": template.COUNCIL if own else template.TEXT,
                "weight": 700 if own else 400,
            },
        }
        if row.name:
            before = {"x": 0, "xanchor": "right", "xshift": -8, "align": "right"}
            notes.append({**shared, **before, "text": label(row.name, WIDTH)})
        behind = {"x": 1, "xshift": 8} if row.name else {"x": 0, "xshift": 0}
        figures = "<br>".join(map(literal, row.figures))
        notes.append({**shared, **behind, "xanchor": "left", "align": "left", "text": figures})
    return notes


def _line(name: str, at: float, line: dict[str, Any], top: float = 1) -> dict[str, Any]:
    ends = {"x0": at, "x1": at, "y0": 0, "y1": top, "yref": "paper"}
    return {"name": name, "type": "line", **ends, "line": line}


def _references(
    measure: Measure, england: float, middle: float, low: float, high: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Draw England and the median as lines through all bars, their words above on rows of their own."""
    wanted = [
        ("median", "Middle council", middle, {"color": template.TEXT, "dash": "dot"}),
        ("nation", "England", england, {"color": template.TEXT, "dash": "dash"}),
    ]
    lines, labels, above = [], [], 0
    for name, text, value, line in wanted:
        if math.isnan(value):
            continue
        lines.append(_line(name, value, {**line, "width": 2}))
        labels.append(
            {
                "name": name,
                "text": f"{text} {short(measure, value)}",
                "x": value,
                "xanchor": side((value - low) / (high - low)),
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "yshift": above + 2,
                "showarrow": False,
                "font": {"size": template.LABEL_SIZE, "color": template.TEXT},
            }
        )
        above += LINE + 4
    return lines, labels, above


def _table(measure: Measure, ordered: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "Council": [str(name) for name in ordered.index],
        measure.short: [_cell(measure, value) for value in ordered["value"]],
    }
    if measure.polarity is not None:
        columns["Place"] = list(ordered["place"])
    if ordered["lower"].notna().any():
        columns["Lower limit"] = [_cell(measure, value) for value in ordered["lower"]]
        columns["Upper limit"] = [_cell(measure, value) for value in ordered["upper"]]
    return pd.DataFrame(columns)


def _cell(measure: Measure, value: float) -> str:
    return NO_FIGURE if math.isnan(value) else writing.figure(value, measure)
