"""The picture of a chart that needs no plotly.js: drawn at build from the very same figure.

The lines are an SVG stretched to the page, the names are text beside it, so that both keep their
thickness and size on a phone. `goldenthread/site/static/picture.js` redraws it by the same rules.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

_TYPES: Final = {"f8": "d", "f4": "f", "i4": "i", "i2": "h", "i1": "b", "u1": "B", "u2": "H"}


def plot(kind: str, figure: Mapping[str, Any], alt: str) -> str:
    """Draw a figure as HTML that carries the figure with it.

    Parameters
    ----------
    kind : str
    figure : mapping
        `data` and `layout` of a plotly figure with scatter traces, with ranges on both axes.
    alt : str

    Returns
    -------
    str
        A `div` with the picture, and the figure as a block of data.
    """
    clean = plain(figure)
    return (
        f'<div class="plot plot-{kind}" role="img" aria-label="{escape(alt)}">'
        f'<div class="picture" aria-hidden="true">{draw(clean)}</div></div>'
        f'<script type="application/json">{block(clean)}</script>'
    )


def block(data: Any) -> str:
    r"""Write data so that it can stand inside a page: nothing in it can end the block.

    Examples
    --------
    >>> block({"name": "</script>"})
    '{"name":"\\u003c/script>"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def plain(value: Any) -> Any:
    """Write arrays as lists: plotly packs them as bytes, which a small script need not unpack."""
    if isinstance(value, Mapping):
        if set(value) >= {"dtype", "bdata"}:
            packed = base64.b64decode(value["bdata"])
            form = _TYPES[value["dtype"]]
            numbers = struct.unpack(f"<{len(packed) // struct.calcsize(form)}{form}", packed)
            return [None if number != number else number for number in numbers]
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and value != value else value


def draw(figure: Mapping[str, Any]) -> str:
    """Draw the traces, ticks and labels of a plain figure."""
    layout = figure["layout"]
    x0, x1 = layout["xaxis"]["range"]
    y0, y1 = layout["yaxis"]["range"]

    def across(x: float) -> float:
        return float((x - x0) / (x1 - x0) * 100)

    def down(y: float) -> float:
        return float((y1 - y) / (y1 - y0) * 100)

    lines = [
        f'<line x1="0" x2="100" y1="{down(y):.2f}" y2="{down(y):.2f}" class="grid"/>'
        for y in layout["yaxis"].get("tickvals", ())
    ]
    shapes = []
    below: list[tuple[float, float]] = []
    for trace in figure["data"]:
        name = trace["meta"]
        points = [
            (across(x), down(y)) if x is not None and y is not None else None
            for x, y in zip(trace["x"], trace["y"], strict=True)
        ]
        present = [point for point in points if point is not None]
        if trace.get("fill") == "tonexty":
            shapes.append(f'<path class="t-{name}" d="{_area(below, present)}"/>')
        elif "lines" in trace["mode"]:
            shapes.append(f'<path class="t-{name}" d="{_line(points)}"/>')
        else:
            shapes.append(f'<path class="t-{name}" d="{_marks(present)}"/>')
        below = present
    marks = [_text("tick-y", down(y), None, text) for y, text in _ticks(layout["yaxis"])]
    marks += [_text("tick-x", None, across(x), text) for x, text in _ticks(layout["xaxis"])]
    marks += [
        _text(
            f"label l-{note['name']} {note['xanchor']}",
            down(note["y"]),
            across(note["x"]),
            note["text"],
        )
        for note in layout.get("annotations", ())
        if note.get("visible", True)
    ]
    return (
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none">'
        f"{''.join(lines)}{''.join(shapes)}</svg>{''.join(marks)}"
    )


def _ticks(axis: Mapping[str, Any]) -> Iterable[tuple[float, str]]:
    return zip(axis.get("tickvals", ()), axis.get("ticktext", ()), strict=True)


def _text(kind: str, top: float | None, left: float | None, text: str) -> str:
    place = "" if top is None else f"top:{top:.2f}%;"
    place += "" if left is None else f"left:{left:.2f}%"
    return (
        f'<span class="{kind}" style="{place}">{escape(text).replace("&lt;br&gt;", "<br>")}</span>'
    )


def _line(points: Sequence[tuple[float, float] | None]) -> str:
    """Draw a line; a gap stays a gap, and a point between gaps stays a dot."""
    path, pen = [], "M"
    for number, point in enumerate(points):
        if point is None:
            pen = "M"
            continue
        path.append(f"{pen}{point[0]:.2f} {point[1]:.2f}")
        alone = pen == "M" and (number + 1 == len(points) or points[number + 1] is None)
        path.append("h0" if alone else "")
        pen = "L"
    return "".join(path)


def _area(lower: Sequence[tuple[float, float]], upper: Sequence[tuple[float, float]]) -> str:
    around = [*upper, *reversed(lower)]
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in around) + "Z" if around else ""


def _marks(points: Sequence[tuple[float, float]]) -> str:
    """Draw an upright stroke for each point."""
    return "".join(f"M{x:.2f} {y - 22:.2f}v44" for x, y in points)
