"""England by council: every council one shape on a map of hexagons, in fifths, one of them marked."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from goldenthread import areas, writing
from goldenthread.analysis.comparison import quantile_group
from goldenthread.catalogue import Measure
from goldenthread.charts import template
from goldenthread.charts.axis import NO_FIGURE, broken, label, literal, short, tick_texts
from goldenthread.charts.chart import Chart

Cell = tuple[int, int]
Points = npt.NDArray[np.float64]

FIFTHS: Final = (
    "lowest fifth",
    "second lowest fifth",
    "middle fifth",
    "second highest fifth",
    "highest fifth",
)
#: How strongly each step is coloured. One hue, and more of it for more: so the steps keep their
#: order on a light page, on a dark one, in grey print and for every kind of colour vision.
STRENGTHS: Final = (0.17, 0.36, 0.56, 0.78, 1.0)

HEIGHT: Final = 400
#: The edges of the drawing, and where the fields of the key stand, in widths of a hexagon.
ACROSS: Final = (-6.7, 17.7)
UP: Final = (-9.2, 18.1)
KEY: Final = -4.7
#: How far a council's shape keeps from its neighbours.
GAP: Final = 0.045
#: How many letters of a name fit in the sea off Cumbria on a phone, and how high such a line is.
WIDTH: Final = 14
LINE: Final = 1.4
#: How many letters of a judgement fit under a field of the key, and how large they are there; from
#: where on amounts are written in thousands or millions, with so many figures.
KEY_WIDTH: Final = 12
KEY_SIZE: Final = 13
LARGE: Final = 10_000
FIGURES: Final = 3

_ROW: Final = math.sqrt(3) / 2
#: The corners of a hexagon anticlockwise, in half widths and half radii.
_CORNERS: Final = ((1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1))


def hexmap(
    measure: Measure,
    values: pd.Series,
    *,
    chosen: str | None,
    period: str,
    title: str,
    alt: str,
    source: str,
) -> Chart:
    """Draw every council of England in the fifth that its value belongs to.

    A county's shape is the union of its districts' hexagons: of an upper-tier measure that is the
    area its one figure is for, and there is no second layout that could fall behind.

    Parameters
    ----------
    measure : Measure
        Its tier decides whether a shape is a district or a county. Judgements are shown as what
        they are instead of in fifths.
    values : pandas.Series of float
        By GSS code of today's councils; NaN, or no entry, where there is no figure. Codes of
        councils without a shape of their own are passed over: districts on a map of counties,
        counties on a map of districts.
    chosen : str or None
        The GSS code of the council to mark. A county on a map of districts is marked as a whole, a
        district on a map of counties by its county.
    period : str
    title, alt, source : str

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        When a code comes twice, or fewer than five councils have a figure, of which there are no
        fifths.
    areas.AreaError
        When `chosen` is the code of no council of today.
    """
    if not values.index.is_unique:
        raise ValueError(f"values: {values.index[values.index.duplicated()][0]!r} comes twice")
    shapes = councils("upper" if measure.tier == "upper" else "lower")
    held = values.astype(float).reindex(list(shapes))
    present, missing = int(held.notna().sum()), int(held.isna().sum())
    steps = _steps(measure, held)
    texts = {code: _text(measure, held[code], steps[code]) for code in shapes}
    key = _key(measure, held, steps)
    fields = {step: _field(place, len(key)) for place, step in enumerate(key)}
    name = [] if chosen is None else _name(chosen, shapes, texts)
    figure = go.Figure(
        data=[
            *(
                _fill(step, [shapes[code] for code in held.index[steps == step]], fields[step])
                for step in key
            ),
            _crossed([shapes[code] for code in held.index[held.isna()]]),
            *_mark(_cells(chosen, shapes), name),
            _names(shapes, texts),
        ],
        layout={
            "template": template.template(),
            "height": HEIGHT,
            "hovermode": "closest",
            "margin": {"l": 0, "r": 0, "t": 4, "b": 4},
            "xaxis": {"range": list(ACROSS), "visible": False, "constrain": "domain"},
            "yaxis": {
                "range": list(UP),
                "visible": False,
                "scaleanchor": "x",
                "constrain": "domain",
            },
            "annotations": [*name, *_key_words(measure, key, fields)],
        },
    )
    return Chart(
        kind="hexmap",
        figure=figure,
        title=title,
        subtitle=_subtitle(measure, period, present, missing),
        alt=alt,
        source=source,
        table=_table(measure, held, steps),
    )


# --- where councils are --------------------------------------------------------------------------


@cache
def layout() -> Mapping[str, Cell]:
    """Get the column and row of each district and single-tier council's hexagon.

    Returns
    -------
    mapping of str to tuple of int
        By GSS code, as `data/register/hexes.csv` has them; rows count northwards, and odd rows
        stand half a column further right.

    Examples
    --------
    >>> len(layout()), layout()["E06000010"]
    (296, (10, 15))
    """
    with (areas.FOLDER / "hexes.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["code"]: (int(row["q"]), int(row["r"])) for row in rows}


def councils(tier: Literal["upper", "lower"]) -> dict[str, list[Cell]]:
    """Give the hexagons of every council that does the work of a tier.

    Parameters
    ----------
    tier : {"upper", "lower"}

    Returns
    -------
    dict of str to list of tuple of int
        By GSS code; a county has those of all its districts.

    Examples
    --------
    >>> len(councils("upper")), len(councils("lower")), len(councils("upper")["E10000016"])
    (153, 296, 12)
    """
    found: dict[str, list[Cell]] = {}
    for code, cell in layout().items():
        county = areas.register()[code].county if tier == "upper" else None
        found.setdefault(county or code, []).append(cell)
    return found


def _shape(chosen: str, shapes: Mapping[str, list[Cell]]) -> str:
    """Give the code of the shape that a council is in: its own or its county's."""
    county = areas.register()[chosen].county or chosen
    return county if county in shapes and chosen not in shapes else chosen


def _cells(chosen: str | None, shapes: Mapping[str, list[Cell]]) -> list[Cell]:
    if chosen is None:
        return []
    code = _shape(chosen, shapes)
    cells = shapes.get(code) or councils("upper").get(code)
    if cells is None:
        raise areas.AreaError(f"chosen: {chosen} is not the code of a council of today")
    return cells


def middle(cell: Cell) -> tuple[float, float]:
    """Give the middle of a hexagon, in widths of a hexagon.

    Examples
    --------
    >>> middle((3, 0)), middle((3, 1))
    ((3.0, 0.0), (3.5, 0.8660254037844386))
    """
    column, row = cell
    return column + (row % 2) / 2, row * _ROW


def outline(cells: Iterable[Cell], gap: float = 0.0) -> list[Points]:
    """Draw the line around hexagons that belong together.

    Parameters
    ----------
    cells : iterable of tuple of int
        Columns and rows.
    gap : float
        How far the line stays inside, in widths of a hexagon.

    Returns
    -------
    list of numpy.ndarray of float, shape (n, 2)
        One closed line for each part, anticlockwise, and for each hole, clockwise; the first point
        is not repeated.

    Examples
    --------
    >>> [len(line) for line in outline([(0, 0), (1, 0)])]
    [10]
    >>> [len(line) for line in outline([(0, 0), (5, 5)])]
    [6, 6]
    """
    # Corners are counted in half widths and half radii, so that equal ones are equal. Every edge
    # runs anticlockwise around its hexagon: one between two of them runs both ways, and goes. Three
    # hexagons meet at a corner, so that no more than one edge is left to start there.
    edges: set[tuple[Cell, Cell]] = set()
    for column, row in cells:
        corners = [(2 * column + row % 2 + x, 3 * row + y) for x, y in _CORNERS]
        edges |= set(zip(corners, corners[1:] + corners[:1], strict=True))
    after = {start: end for start, end in sorted(edges) if (end, start) not in edges}
    lines = []
    while after:
        line = [next(iter(after))]
        while (corner := after.pop(line[-1])) != line[0]:
            line.append(corner)
        lines.append(_inside(np.array(line) * [0.5, _ROW / 3], gap))
    return lines


def _inside(line: Points, gap: float) -> Points:
    """Move a closed line to its left."""
    ahead = np.roll(line, -1, axis=0) - line
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    left = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    before = np.roll(left, 1, axis=0)
    meeting = 1 + (left * before).sum(axis=1, keepdims=True)
    return np.asarray(line + gap * (left + before) / meeting, dtype=np.float64)


# --- what is drawn -------------------------------------------------------------------------------


def _steps(measure: Measure, held: pd.Series) -> pd.Series:
    """Give each council the step of its colour: its fifth from the lowest, or its judgement."""
    if measure.unit == "judgement":
        return held
    present = int(held.notna().sum())
    if present < len(FIFTHS):
        raise ValueError(f"values: expected five councils with a figure or more, not {present}")
    return pd.Series(quantile_group(held.to_numpy(), len(FIFTHS)), index=held.index)


def _key(measure: Measure, held: pd.Series, steps: pd.Series) -> dict[int, str]:
    """Say of each step what it holds; a fifth that equals have left empty is not there."""
    if measure.unit == "judgement":
        words = sorted(writing.scale(measure).items())
        return {step: label(word, KEY_WIDTH) for step, word in words}
    parts = {step: held[steps == step] for step in sorted(steps.dropna().unique())}
    return {
        int(step): "<br>to ".join(
            dict.fromkeys(_end(measure, end) for end in (part.min(), part.max()))
        )
        for step, part in parts.items()
    }


def _end(measure: Measure, value: float) -> str:
    """Write an end of a fifth as there is room for it."""
    if abs(value) < LARGE:
        return short(measure, value)
    return tick_texts(measure, [float(f"{value:.{FIGURES}g}")])[0]


def _path(lines: Iterable[Points]) -> dict[str, list[float | None]]:
    """Write lines one after another, with a gap between, as a trace has them."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for line in lines:
        rounded = line.round(2)
        xs += [*rounded[:, 0].tolist(), None]
        ys += [*rounded[:, 1].tolist(), None]
    return {"x": xs[:-1], "y": ys[:-1]}


def _closed(lines: Iterable[Points]) -> list[Points]:
    return [np.vstack([line, line[:1]]) for line in lines]


def _fill(step: int, shapes: Iterable[list[Cell]], field: Points) -> go.Scatter:
    """Fill the shapes of one step, and its field in the key, which so has the very same colour."""
    return go.Scatter(
        **_path([*(line for shape in shapes for line in outline(shape, GAP)), field]),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=template.COUNCIL,
        opacity=STRENGTHS[step - 1],
        meta="council",
        hoverinfo="skip",
    )


def _crossed(shapes: Iterable[list[Cell]]) -> go.Scatter:
    """Draw shapes without a figure as empty ones, each of their hexagons crossed out."""
    cross = np.array([[-0.18, -0.18], [0.18, 0.18]])
    lines = []
    for shape in shapes:
        lines += _closed(outline(shape, 2 * GAP))
        lines += [middle(cell) + cross * [side, 1] for cell in shape for side in (1, -1)]
    return go.Scatter(
        **_path(lines),
        mode="lines",
        line={"width": 1, "color": template.MIDDLE},
        meta="comparator",
        hoverinfo="skip",
    )


def _mark(cells: list[Cell], name: list[dict[str, Any]]) -> list[go.Scatter]:
    """Draw a line around the council, on a light edge, and one from there to its name."""
    if not cells:
        return []
    around = _closed(outline(cells))
    corners = np.vstack(around)
    lines = name[0]["text"].count("<br>") + 1
    start = np.array([ACROSS[0] + 1, UP[1] - LINE * lines - 0.2])
    nearest = corners[np.linalg.norm(corners - start, axis=1).argmin()]
    lines = _path([*around, np.array([start, nearest])])
    return [
        go.Scatter(
            **lines,
            mode="lines",
            line={"width": width, "color": colour},
            meta=part,
            hoverinfo="skip",
        )
        for part, colour, width in (("none", template.PAGE, 6), ("ink", template.TEXT, 2.5))
    ]


def _names(shapes: Mapping[str, list[Cell]], texts: Mapping[str, str]) -> go.Scatter:
    """Name every hexagon where it is touched; nothing of it is seen."""
    named = [
        (*middle(cell), f"{areas.register()[code].name}: {texts[code]}")
        for code, shape in shapes.items()
        for cell in shape
    ]
    return go.Scatter(
        x=[x for x, _, _ in named],
        y=[round(y, 2) for _, y, _ in named],
        text=[literal(text) for _, _, text in named],
        mode="none",
        meta="names",
        hovertemplate="%{text}<extra></extra>",
    )


def _field(place: int, count: int) -> Points:
    """Draw a field of the key, one of so many beside each other."""
    wide = (ACROSS[1] - ACROSS[0]) / count
    left, right = ACROSS[0] + wide * place + 0.15, ACROSS[0] + wide * (place + 1) - 0.15
    return np.array([[left, KEY], [right, KEY], [right, KEY + 0.9], [left, KEY + 0.9]])


# --- what is said --------------------------------------------------------------------------------


def _text(measure: Measure, value: float, step: float) -> str:
    """Say a shape's figure, and its fifth."""
    if math.isnan(value):
        return NO_FIGURE
    figure = writing.figure(value, measure)
    return figure if measure.unit == "judgement" else f"{figure}, {FIFTHS[int(step) - 1]}"


def _note(name: str, text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    font = {"size": template.LABEL_SIZE, "color": template.TEXT}
    return {"name": name, "text": text, "x": x, "y": y, "showarrow": False, "font": font, **more}


def _name(
    chosen: str, shapes: Mapping[str, list[Cell]], texts: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Name the council in the sea, where there is room for it."""
    code = _shape(chosen, shapes)
    name = areas.register()[code].name
    # A county on a map of districts has as many figures as it has districts.
    said = texts.get(code, "a figure for each district")
    lines = [*broken(name, WIDTH), *(broken(said, WIDTH + 3))]
    font = {"size": template.LABEL_SIZE, "color": template.COUNCIL, "weight": 700}
    place = {"xanchor": "left", "yanchor": "top", "align": "left", "font": font}
    return [_note("chosen", "<br>".join(map(literal, lines)), ACROSS[0], UP[1], **place)]


def _key_words(
    measure: Measure, key: Mapping[int, str], fields: Mapping[int, Points]
) -> list[dict[str, Any]]:
    """Write under each field of the key what it holds, and which end is the lowest."""
    under = {"yanchor": "top", "yshift": -3, "font": {"size": KEY_SIZE, "color": template.TEXT}}
    words = []
    for step, text in key.items():
        # The last stands flush with the edge, where a longer word has no room.
        end = "right" if step == max(key) else "left"
        x = float(fields[step][1 if end == "right" else 0, 0])
        words.append(_note("key", text, x, KEY, xanchor=end, align=end, **under))
    if measure.unit == "judgement":
        return words
    best = {"low": 0, "high": 1}.get(measure.polarity or "")
    for number, (text, anchor) in enumerate((("lowest fifth", "left"), ("highest fifth", "right"))):
        said = f"{text}, the best" if number == best else text
        words.append(_note("key", said, ACROSS[number], UP[0], xanchor=anchor, yanchor="bottom"))
    return words


def _subtitle(measure: Measure, period: str, present: int, missing: int) -> str:
    kind = "county or single-tier council" if measure.tier == "upper" else "council"
    shapes = f"Each shape is one {kind}, near where it lies"
    if measure.unit != "judgement":
        shapes += f": the stronger its colour, the higher its figure among {present}"
    crossed = f" Crossed out: {missing} without a figure." if missing else ""
    return f"{measure.short}, {period}. {shapes}.{crossed}"


def _table(measure: Measure, held: pd.Series, steps: pd.Series) -> pd.DataFrame:
    """List the councils from the highest figure down, those without one last."""
    ordered = held.sort_index(kind="stable").sort_values(
        ascending=False, na_position="last", kind="stable"
    )
    columns = {
        "Council": [areas.register()[code].name for code in ordered.index],
        measure.short: [
            NO_FIGURE if math.isnan(value) else writing.figure(value, measure) for value in ordered
        ],
    }
    if measure.unit != "judgement":
        columns["Group"] = [
            "" if math.isnan(step) else FIFTHS[int(step) - 1] for step in steps[ordered.index]
        ]
    return pd.DataFrame(columns)
