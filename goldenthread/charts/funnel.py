"""A funnel: every council by its size, among the limits within which councils of that size lie."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from goldenthread import writing
from goldenthread.analysis.funnel import STATUSES
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
    tick_texts,
)
from goldenthread.charts.chart import Chart

HEIGHT: Final = 380
MARGIN: Final = {**template.MARGIN, "r": 84, "b": 52}
#: The inside of the plot on a phone, in pixels: names that fit there fit everywhere.
INSIDE: Final = (184, HEIGHT - MARGIN["t"] - MARGIN["b"])
#: How many councils outside the lines are named, the furthest out first.
NAMED: Final = 6
#: How many letters of a name fit on a line, and of what the size counts below the axis; how wide a
#: letter is and how high a line.
WIDTH: Final = 14
SIZE_WIDTH: Final = 38
LETTER: Final = 7.2
LINE: Final = 16

#: The shape of an area, by its status: pointing where it lies, and filled where it lies far out.
_SHAPES: Final = dict(
    zip(
        STATUSES,
        ("triangle-up", "triangle-up-open", "circle", "triangle-down-open", "triangle-down"),
        strict=True,
    )
)
_SAID: Final = dict(
    zip(
        STATUSES,
        (
            "far higher than expected (outside 99.8%)",
            "higher than expected (outside 95%)",
            "as expected",
            "lower than expected (outside 95%)",
            "far lower than expected (outside 99.8%)",
        ),
        strict=True,
    )
)
_LINES: Final = {"95": "6px,4px", "998": "2px,4px"}


def funnel(
    measure: Measure,
    areas: pd.DataFrame,
    curve: pd.DataFrame,
    *,
    average: float,
    chosen: str | None,
    several: str,
    size: str,
    period: str,
    title: str,
    alt: str,
    source: str,
    adjusted: bool = True,
) -> Chart:
    """Draw councils by their size, and the limits for every size.

    Parameters
    ----------
    measure : Measure
    areas : pandas.DataFrame
        One row per council, by name: `size` (the denominator), `value` (in the measure's unit) and
        `status` (one of `analysis.funnel.STATUSES`; another, such as "not compared", where there is
        no value).
    curve : pandas.DataFrame
        The lines in order of `size`: `lower_95`, `upper_95`, `lower_998` and `upper_998`, in the
        measure's unit. What lies beyond the smallest and the largest council is not drawn.
    average : float
        The middle of the funnel: the figure of all areas together.
    chosen : str or None
        The name of the council to mark.
    several : str
        What the marks are: "59 unitary councils".
    size : str
        What the denominator counts: "households".
    period : str
    title, alt, source : str
    adjusted : bool
        Whether the limits are widened for over-dispersion (`analysis.funnel.overdispersed`). The
        subtitle says which they are.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        When the council is not among the areas, a name comes twice, or no area has a value.
    """
    if chosen is not None and chosen not in areas.index:
        raise ValueError(f"chosen: {chosen!r} is not among the areas")
    if not areas.index.is_unique:
        raise ValueError(f"areas: {areas.index[areas.index.duplicated()][0]!r} comes twice")
    held = areas[areas["value"].notna() & areas["status"].isin(STATUSES)]
    if held.empty:
        raise ValueError("areas: expected a value for one at least, not for none")
    lines = curve[curve["size"].between(held["size"].min(), held["size"].max())]
    limits = lines.drop(columns="size").to_numpy(float).ravel()
    across = axis(held["size"])
    up = axis([*held["value"], *limits, average], zero=False)
    ends = _ends(measure, lines, average, up)
    more = (len(broken(size, SIZE_WIDTH)) - 1) * LINE
    figure = go.Figure(
        data=[
            *(
                _line(lines, f"{end}_{level}", dash)
                for level, dash in _LINES.items()
                for end in ("lower", "upper")
            ),
            _average(lines, average),
            *_marks(measure, held.drop(index=chosen or [], errors="ignore"), size, own=False),
            *_marks(measure, held[held.index == chosen], size, own=True),
        ],
        layout={
            "template": template.template(),
            "height": HEIGHT + more,
            "hovermode": "closest",
            "margin": {**MARGIN, "b": MARGIN["b"] + more},
            "xaxis": {
                "range": [across[0], across[-1]],
                "zeroline": False,
                "tickvals": across[::2],
                # Sizes are counts, whatever the measure's unit is.
                "ticktext": tick_texts(measure.model_copy(update={"unit": "count"}), across[::2]),
            },
            "yaxis": {
                "range": [up[0], up[-1]],
                "tickvals": up,
                "ticktext": tick_texts(measure, up),
                "showgrid": False,
            },
            "annotations": [
                *ends,
                _note(
                    "size",
                    label(_heading(size), SIZE_WIDTH),
                    across[0],
                    0,
                    **{"yref": "paper", "yanchor": "top", "yshift": -30, "align": "left"},
                    **{"xanchor": "left", "xshift": 8 - MARGIN["l"]},
                ),
                *_names(held, average, chosen, across, up, ends),
            ],
        },
    )
    return Chart(
        kind="funnel",
        figure=figure,
        title=title,
        subtitle=_subtitle(measure, held, several, period, adjusted),
        alt=alt,
        source=source,
        table=_table(measure, areas, size),
    )


def _heading(size: str) -> str:
    return f"{size[:1].upper()}{size[1:]}"


def _line(lines: pd.DataFrame, column: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=list(lines["size"]),
        y=[None if place != place else float(place) for place in lines[column]],
        mode="lines",
        meta="limit",
        line={"color": template.MIDDLE, "width": 1.5, "dash": dash},
        hoverinfo="skip",
    )


def _average(lines: pd.DataFrame, average: float) -> go.Scatter:
    return go.Scatter(
        x=list(lines["size"].iloc[[0, -1]]) if len(lines) else [],
        y=[average, average] if len(lines) else [],
        mode="lines",
        meta="limit",
        line={"color": template.MIDDLE, "width": 1.5},
        hoverinfo="skip",
    )


def _marks(measure: Measure, held: pd.DataFrame, size: str, *, own: bool) -> list[go.Scatter]:
    """Draw the councils of each status in their shape; those that are as expected stand behind."""
    traces = []
    for status in sorted(STATUSES, key=lambda status: status != "within"):
        part = held[held["status"] == status]
        if part.empty:
            continue
        role = "council" if own else "other" if status == "within" else "ink"
        big = 8 if status == "within" else 11
        traces.append(
            go.Scatter(
                x=[float(place) for place in part["size"]],
                y=[float(place) for place in part["value"]],
                mode="markers",
                meta=role,
                marker={
                    "symbol": _SHAPES[status],
                    "size": big * 1.5 if own else big,
                    "color": template.ROLES[role],
                    "line": {
                        "width": 1.8 if _SHAPES[status].endswith("-open") else 1,
                        "color": template.PAGE,
                    },
                },
                text=[
                    literal(
                        f"{name}: {writing.figure(row['value'], measure)}, {_SAID[status]}; "
                        f"{writing.number(row['size'], 0)} {size}"
                    )
                    for name, row in part.iterrows()
                ],
                hovertemplate="%{text}<extra></extra>",
                cliponaxis=False,
            )
        )
    return traces


# --- what is said --------------------------------------------------------------------------------


def _note(name: str, text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    font = {"size": template.LABEL_SIZE, "color": template.TEXT}
    return {
        **{"name": name, "text": text, "x": x, "y": y, "showarrow": False, "font": font},
        **more,
    }


def _ends(
    measure: Measure, lines: pd.DataFrame, average: float, up: list[float]
) -> list[dict[str, Any]]:
    """Name the lines where they end, at the largest council."""
    if lines.empty:
        return []
    last = lines.iloc[-1]
    # From below, so that lines that meet keep their order.
    named = [
        ("99.8%", float(last["lower_998"])),
        ("95%", float(last["lower_95"])),
        (f"All {short(measure, average)}", average),
        ("95%", float(last["upper_95"])),
        ("99.8%", float(last["upper_998"])),
    ]
    beside = {"xanchor": "left", "xshift": 6, "align": "left"}
    return [
        _note("limit", literal(text), float(last["size"]), place, **beside)
        for (text, _), place in zip(
            named, apart([place for _, place in named], up, gap=0.06), strict=True
        )
        if place == place
    ]


class _Box(NamedTuple):
    """Where something stands on a phone, in pixels from the left and from the foot."""

    left: float
    right: float
    foot: float
    top: float

    def holds(self, other: _Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.foot <= other.foot
            and other.top <= self.top
        )

    def touches(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.foot < other.top
            and other.foot < self.top
        )


class _Spot(NamedTuple):
    """A place for a name, and how an annotation comes there."""

    box: _Box
    anchors: dict[str, Any]


#: Where a name may stand: also half a line above and below the plot.
_INSIDE: Final = _Box(0, INSIDE[0], -LINE / 2, INSIDE[1] + LINE / 2)


def _names(
    held: pd.DataFrame,
    average: float,
    chosen: str | None,
    across: list[float],
    up: list[float],
    ends: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Name the council and those furthest out, each where nothing else is written or marked."""
    placed = held.assign(
        x=(held["size"] - across[0]) / (across[-1] - across[0]) * INSIDE[0],
        y=(held["value"] - up[0]) / (up[-1] - up[0]) * INSIDE[1],
        own=held.index == chosen,
        far=held["status"].str.endswith("99.8%"),
        away=(held["value"] - average).abs(),
    )
    taken = [_Box(x - 4, x + 4, y - 4, y + 4) for x, y in placed[["x", "y"]].to_numpy(float)]
    for end in ends:
        x = (end["x"] - across[0]) / (across[-1] - across[0]) * INSIDE[0]
        y = (end["y"] - up[0]) / (up[-1] - up[0]) * INSIDE[1]
        taken.append(_Box(x, x + MARGIN["r"], y - LINE / 2, y + LINE / 2))
    wanted = placed[placed["own"] | (placed["status"] != "within")].sort_values(
        ["own", "far", "away"], ascending=False, kind="stable"
    )
    notes: list[dict[str, Any]] = []
    for name, row in wanted.iterrows():
        spots = _spots(str(name), row["x"], row["y"])
        fitting = [spot for spot in spots if _INSIDE.holds(spot.box)]
        free = [spot for spot in fitting if not any(map(spot.box.touches, taken))]
        if row["own"]:
            # The council is named in any case, where it hides least.
            spot = min(fitting or spots, key=lambda found: sum(map(found.box.touches, taken)))
        elif free and len(notes) < NAMED:
            spot = free[0]
        else:
            continue
        taken.append(spot.box)
        colour, weight = (template.COUNCIL, 700) if row["own"] else (template.TEXT, 400)
        notes.append(
            _note(
                "council" if row["own"] else "ink",
                label(str(name), WIDTH),
                float(row["size"]),
                float(row["value"]),
                **spot.anchors,
                font={"size": template.LABEL_SIZE, "color": colour, "weight": weight},
            )
        )
    return notes


def _spots(name: str, x: float, y: float) -> list[_Spot]:
    """List where a name may stand beside its mark, the best first."""
    lines = broken(name, WIDTH)
    wide, tall = max(map(len, lines)) * LETTER, len(lines) * LINE
    level = {"yanchor": "middle", "align": "left"}
    over = {"xanchor": "center"}
    return [
        _Spot(
            _Box(x + 8, x + 8 + wide, y - tall / 2, y + tall / 2),
            {**level, "xanchor": "left", "xshift": 8},
        ),
        _Spot(
            _Box(x - 8 - wide, x - 8, y - tall / 2, y + tall / 2),
            {**level, "xanchor": "right", "xshift": -8, "align": "right"},
        ),
        _Spot(
            _Box(x - wide / 2, x + wide / 2, y + 8, y + 8 + tall),
            {**over, "yanchor": "bottom", "yshift": 8},
        ),
        _Spot(
            _Box(x - wide / 2, x + wide / 2, y - 8 - tall, y - 8),
            {**over, "yanchor": "top", "yshift": -8},
        ),
    ]


def _subtitle(
    measure: Measure, held: pd.DataFrame, several: str, period: str, adjusted: bool
) -> str:
    far = int(held["status"].str.endswith("99.8%").sum())
    near = int(held["status"].str.endswith(" 95%").sum())
    widened = (
        "The lines are widened by as much as councils differ anyway (adjusted for over-dispersion)"
        if adjusted
        else "The lines show what chance alone would explain"
    )
    return (
        f"{measure.short}, {period}: {several}, the larger the further right. {widened}: 95 in 100 are "
        f"expected inside the dashed ones, 998 in 1,000 inside the dotted ones. {_outside(far, near)}"
    )


def _outside(far: int, near: int) -> str:
    """Say how many are outside the lines."""
    if not far + near:
        return "None is outside."
    return (
        f"{far or 'None'} {'is' if far <= 1 else 'are'} beyond the dotted lines, {near or 'none'} "
        "between dashed and dotted."
    )


def _table(measure: Measure, areas: pd.DataFrame, size: str) -> pd.DataFrame:
    """List the areas from the highest figure down, those without one last."""
    ordered = areas.sort_index(kind="stable").sort_values(
        "value", ascending=False, na_position="last", kind="stable"
    )
    return pd.DataFrame(
        {
            "Council": [str(name) for name in ordered.index],
            _heading(size): [
                NO_FIGURE if math.isnan(number) else writing.number(number, 0)
                for number in ordered["size"]
            ],
            measure.short: [
                NO_FIGURE if math.isnan(value) else writing.figure(value, measure)
                for value in ordered["value"]
            ],
            "Beside councils of its size": [
                _SAID.get(status, "not compared") for status in ordered["status"]
            ],
        }
    )
