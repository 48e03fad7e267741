"""The picture of a chart that needs no plotly.js: drawn at build from the very same figure.

Lines and areas are an SVG stretched to the page, marks are placed in a second one that is not
stretched, and the words are text beside them, so that all keep their thickness, shape and size on a
phone. Colours come from the page's stylesheet, by the names that traces carry.
`goldenthread/site/static/picture.js` redraws trends and strips by the same rules.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any, Final, TypeVar

from goldenthread.charts import template

Point = tuple[float, float]
_Item = TypeVar("_Item")

_TYPES: Final = {
    **{"f8": "d", "f4": "f", "i4": "i", "i2": "h", "i1": "b"},
    **{"u1": "B", "u2": "H", "u4": "I"},
}

#: Plotly's dashes, in widths of the line.
_DASHES: Final = {
    "dot": (1, 1),
    "dash": (3, 3),
    "longdash": (5, 5),
    "dashdot": (3, 1, 1, 1),
    "longdashdot": (5, 2, 1, 2),
}
#: Plotly draws the dashes of a thin line as if it were this thick.
_THINNEST: Final = 3
#: Plotly's upright stroke is longer than its size.
_STROKE: Final = 1.4
#: How much wider than its line a dot is.
DOT: Final = 2.4

# With their unit: a browser refuses a sum with a bare nought, and then moves nothing at all.
_ACROSS: Final = {"left": "0%", "center": "-50%", "right": "-100%"}
_DOWN: Final = {"top": "0%", "middle": "-50%", "bottom": "-100%"}


def plot(kind: str, figure: Mapping[str, Any], alt: str) -> str:
    """Draw a figure as HTML that carries the figure with it.

    Parameters
    ----------
    kind : str
    figure : mapping
        `data` and `layout` of a plotly figure of scatter and bar traces, with ranges on both axes.
    alt : str

    Returns
    -------
    str
        A `div` with the picture, and the figure as a block of data.
    """
    clean = plain(figure)
    return (
        f'<div class="plot plot-{kind}" style="{_size(clean["layout"])}" role="img" '
        f'aria-label="{escape(alt)}">'
        f'<div class="picture" aria-hidden="true">{draw(clean)}</div></div>'
        f'<script type="application/json">{block(clean)}</script>'
    )


def grid(kind: str, figures: Iterable[Mapping[str, Any]], alt: str) -> str:
    """Draw several figures in rows that turn with the width of the page.

    Parameters
    ----------
    kind : str
    figures : iterable of mapping
        As of `plot`.
    alt : str
        What all of them show together.

    Returns
    -------
    str
        One `div` with the pictures alone: what is small is not drawn a second time by plotly.
    """
    cells = "".join(
        f'<div class="plot plot-{kind}" style="{_size(clean["layout"])}">'
        f'<div class="picture">{draw(clean)}</div></div>'
        for clean in map(plain, figures)
    )
    return (
        f'<div class="panes" role="img" aria-label="{escape(alt)}">'
        f'<div class="panes-inner" aria-hidden="true">{cells}</div></div>'
    )


def panes(figure: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Take a figure with several pairs of axes apart, into figures with one pair.

    Parameters
    ----------
    figure : mapping
        `data` and `layout`. What stands on the axes x2 and y2 names them, as plotly has it. The
        height and margin of each small figure are in `layout["meta"]["pane"]`.

    Returns
    -------
    list of dict
        The figure itself, where it has only one pair.
    """
    layout = figure["layout"]
    numbers = [key.removeprefix("xaxis") for key in layout if key.startswith("xaxis")]
    if len(numbers) < 2:
        return [dict(figure)]

    def on(part: Mapping[str, Any], key: str, number: str) -> bool:
        return str(part.get(key, "x")).split(" ")[0] == f"x{number}"

    def notes(number: str) -> list[dict[str, Any]]:
        """Choose what is written on an axis; on its own figure the axis has no number."""
        own = [note for note in layout.get("annotations", ()) if on(note, "xref", number)]
        refs = [
            {ref: str(note[ref]).replace(number, "", 1) for ref in ("xref", "yref") if ref in note}
            for note in own
        ]
        return [{**note, **ref} for note, ref in zip(own, refs, strict=True)]

    return [
        {
            "data": [trace for trace in figure["data"] if on(trace, "xaxis", number)],
            "layout": {
                **layout["meta"]["pane"],
                "xaxis": layout[f"xaxis{number}"],
                "yaxis": layout[f"yaxis{number}"],
                "annotations": notes(number),
            },
        }
        for number in numbers
    ]


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
    """Draw the traces, shapes, ticks and labels of a plain figure.

    Parameters
    ----------
    figure : mapping
        Scatter traces of lines, of marks (circle, square, diamond, triangle-up, triangle-down,
        each also "-open"; and the stroke line-ns), or filled "tonexty" or "toself"; bar traces;
        shapes of the types line, rect and path (polygons); annotations; ticks with texts. The words
        of a trace's `meta` and of a shape's or an annotation's `name` are its classes on the page.

    Returns
    -------
    str
        HTML for a box of the size of the plot's inside. Where one axis is scaled to the other, as on
        a map, the drawing keeps its proportions in the middle of the box.
    """
    layout = figure["layout"]
    frame = _Frame.of(layout)
    under: list[str] = []
    over: list[str] = []
    for shape in layout.get("shapes", ()):
        (under if shape.get("layer") == "below" else over).append(_shape(shape, frame))
    stretched = [*_grid(layout, frame), *under]
    marks = []
    below: list[Point | None] = []
    for trace in figure["data"]:
        if trace.get("type") == "bar":
            stretched.append(_bars(trace, frame))
            continue
        points = frame.points(trace["x"], trace["y"])
        stretched += _scatter(trace, points, below, frame)
        if "markers" in trace.get("mode", ""):
            marks.append(_marks(trace, points))
        below = points
    words = [_label(note, frame) for note in layout.get("annotations", ()) if _visible(note)]
    inside = (
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none">'
        f"{''.join([*stretched, *over])}</svg>"
    )
    if any(marks):
        inside += f"<svg>{''.join(marks)}</svg>"
    inside += "".join([*_ticks(layout, frame), *(text for text, paper in words if not paper)])
    if "scaleanchor" in layout["yaxis"]:
        inside = f'<div class="even" style="--ratio:{frame.ratio:.4f}">{inside}</div>'
    return inside + "".join(text for text, paper in words if paper)


@dataclass(frozen=True)
class _Frame:
    """Where figures are in the picture, in per cent from the left and from the top."""

    x0: float
    x1: float
    y0: float
    y1: float
    height: float

    @classmethod
    def of(cls, layout: Mapping[str, Any]) -> _Frame:
        margin = _margin(layout)
        height = layout.get("height", template.HEIGHT) - margin["t"] - margin["b"]
        (x0, x1), (y0, y1) = layout["xaxis"]["range"], layout["yaxis"]["range"]
        return cls(x0, x1, y0, y1, height)

    @property
    def ratio(self) -> float:
        return abs((self.x1 - self.x0) / (self.y1 - self.y0))

    def across(self, x: float, ref: str = "x") -> float:
        if ref.startswith("paper") or ref.endswith("domain"):
            return float(x * 100)
        return float((x - self.x0) / (self.x1 - self.x0) * 100)

    def down(self, y: float, ref: str = "y") -> float:
        if ref.startswith("paper") or ref.endswith("domain"):
            return float((1 - y) * 100)
        return float((self.y1 - y) / (self.y1 - self.y0) * 100)

    def points(self, xs: Iterable[float | None], ys: Iterable[float | None]) -> list[Point | None]:
        return [
            None if x is None or y is None else (self.across(x), self.down(y))
            for x, y in zip(xs, ys, strict=True)
        ]


def _margin(layout: Mapping[str, Any]) -> dict[str, float]:
    return {**template.MARGIN, **(layout.get("margin") or {})}


def _size(layout: Mapping[str, Any]) -> str:
    """Say how high the plot is and where its inside lies; the stylesheet uses both."""
    margin = _margin(layout)
    inset = " ".join(f"{margin[side]}px" for side in "trbl")
    return f"--tall:{layout.get('height', template.HEIGHT)}px;--inset:{inset}"


def _visible(part: Mapping[str, Any]) -> bool:
    return bool(part.get("visible", True))


def _classes(names: str, *more: str) -> str:
    return " ".join([*(f"t-{name}" for name in str(names).split()), *more])


def _number(value: float) -> str:
    return f"{value:.2f}"


def _grid(layout: Mapping[str, Any], frame: _Frame) -> Iterator[str]:
    x, y = layout["xaxis"], layout["yaxis"]
    if _visible(y) and y.get("showgrid", True):
        for tick in y.get("tickvals", ()):
            yield _rule("0", "100", *[_number(frame.down(tick))] * 2)
    if _visible(x) and x.get("showgrid", False):
        for tick in x.get("tickvals", ()):
            place = _number(frame.across(tick))
            yield _rule(place, place, "0", "100")


def _rule(x1: str, x2: str, y1: str, y2: str) -> str:
    return f'<line x1="{x1}" x2="{x2}" y1="{y1}" y2="{y2}" class="grid"/>'


def _ticks(layout: Mapping[str, Any], frame: _Frame) -> Iterator[str]:
    x, y = layout["xaxis"], layout["yaxis"]
    if _visible(y):
        for tick, text in zip(y.get("tickvals", ()), y.get("ticktext", ()), strict=True):
            yield _text("tick-y", f"top:{frame.down(tick):.2f}%{_type(y)}", text)
    if _visible(x):
        for tick, text in zip(x.get("tickvals", ()), x.get("ticktext", ()), strict=True):
            yield _text("tick-x", f"left:{frame.across(tick):.2f}%{_type(x)}", text)


def _type(axis: Mapping[str, Any]) -> str:
    size = axis.get("tickfont", {}).get("size", template.FONT_SIZE)
    return "" if size == template.FONT_SIZE else f";font-size:{size}px"


def _text(kind: str, style: str, text: str) -> str:
    # Plotly's texts have character references in them, and `<br>` for a new line.
    lines = (escape(unescape(line)) for line in str(text).split("<br>"))
    return f'<span class="{kind}" style="{style}">{"<br>".join(lines)}</span>'


def _label(note: Mapping[str, Any], frame: _Frame) -> tuple[str, bool]:
    """Write an annotation; the second answer is whether it belongs to the paper, not to the data."""
    xref, yref = str(note.get("xref", "x")), str(note.get("yref", "y"))
    across = f"{_ACROSS[note.get('xanchor', 'center')]} + {note.get('xshift', 0)}px"
    down = f"{_DOWN[note.get('yanchor', 'middle')]} - {note.get('yshift', 0)}px"
    style = (
        f"top:{frame.down(note['y'], yref):.2f}%;left:{frame.across(note['x'], xref):.2f}%;"
        f"transform:translate(calc({across}),calc({down}))"
    )
    font = note.get("font", {})
    if font.get("size", template.LABEL_SIZE) != template.LABEL_SIZE:
        style += f";font-size:{font['size']}px"
    if font.get("weight", 400) >= 600:
        style += ";font-weight:700"
    if note.get("align", "center") != "center":
        style += f";text-align:{note['align']}"
    names = " ".join(f"l-{name}" for name in str(note.get("name", "")).split())
    return _text(f"label {names}".strip(), style, note["text"]), "paper" in (xref, yref)


def _strokes(line: Mapping[str, Any] | None, opacity: float | None = None) -> str:
    """Write the width and dashes of a line, and how much of what is behind shows through."""
    line = line or {}
    width = line.get("width")
    marks = "" if width is None else f' stroke-width="{width:g}"'
    dash = line.get("dash", "solid")
    if dash in _DASHES:
        unit = max(2 if width is None else width, _THINNEST)
        marks += f' stroke-dasharray="{" ".join(f"{part * unit:g}" for part in _DASHES[dash])}"'
    elif dash != "solid":
        marks += f' stroke-dasharray="{escape(dash.replace(",", " ").replace("px", ""))}"'
    return marks if opacity is None else f'{marks} opacity="{opacity:g}"'


def _path(classes: str, d: str, more: str = "") -> str:
    return f'<path class="{classes}" d="{d}"{more}/>'


def _scatter(
    trace: Mapping[str, Any],
    points: Sequence[Point | None],
    below: Sequence[Point | None],
    frame: _Frame,
) -> Iterator[str]:
    """Draw what of a trace may be stretched: areas, lines, and upright strokes."""
    names, mode, opacity = trace["meta"], trace.get("mode", "lines"), trace.get("opacity")
    line = trace.get("line") or {}
    if trace.get("fill") == "tonexty":
        yield _path(_classes(names, "area"), _between(below, points), _strokes(None, opacity))
    elif trace.get("fill") == "toself":
        around = "".join(_polygon(run) for run in _runs(points))
        edge = ["line"] if "lines" in mode and line.get("width") != 0 else []
        yield _path(_classes(names, "area", *edge), around, _strokes(line, opacity))
    elif "lines" in mode and line.get("width") != 0:
        yield _path(_classes(names, "line"), _line(points), _strokes(line, opacity))
        if mode == "lines" and (lone := _lone(points)):
            wide = {"width": DOT * line.get("width", 2)}
            yield _path(_classes(names, "line", "dots"), lone, _strokes(wide, opacity))
    marker = trace.get("marker") or {}
    if "markers" in mode and marker.get("symbol") == "line-ns":
        half = marker.get("size", 6) / 2 * _STROKE / frame.height * 100
        upright = "".join(
            f"M{_number(x)} {_number(y - half)}v{_number(2 * half)}"
            for x, y in filter(None, points)
        )
        more = _strokes(marker.get("line"), marker.get("opacity", opacity))
        yield _path(_classes(names, "line"), upright, more)


def _line(points: Sequence[Point | None]) -> str:
    """Draw a line; a gap stays a gap."""
    runs = (run for run in _runs(points) if len(run) > 1)
    return "".join("M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in run) for run in runs)


def _lone(points: Sequence[Point | None]) -> str:
    """Draw a dot for each point between gaps, which no line leads to."""
    alone = (run[0] for run in _runs(points) if len(run) == 1)
    return "".join(f"M{_number(x)} {_number(y)}h0" for x, y in alone)


def _runs(points: Iterable[_Item | None]) -> Iterator[list[_Item]]:
    """Give what stands between gaps."""
    run: list[_Item] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []


def _polygon(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points) + "Z"


def _between(lower: Sequence[Point | None], upper: Sequence[Point | None]) -> str:
    """Draw the area between two lines over the same points; a gap in either is a gap."""
    pairs = (
        None if low is None or high is None else (low, high)
        for low, high in zip(lower, upper, strict=True)
    )
    return "".join(
        _polygon([high for _, high in run] + [low for low, _ in reversed(run)])
        for run in _runs(pairs)
    )


def _bars(trace: Mapping[str, Any], frame: _Frame) -> str:
    """Draw bars as one path: all bars of a trace share its colour."""
    lying = trace.get("orientation") == "h"
    ends, places = (trace["x"], trace["y"]) if lying else (trace["y"], trace["x"])
    path = []
    for end, place, width, base in zip(
        ends,
        places,
        _each(trace.get("width", 0.8), len(ends)),
        _each(trace.get("base", 0), len(ends)),
        strict=True,
    ):
        if end is None or place is None:
            continue
        along, side = (base, base + end), (place - width / 2, place + width / 2)
        xs, ys = (along, side) if lying else (side, along)
        left, right = sorted(map(frame.across, xs))
        top, foot = sorted(map(frame.down, ys))
        path.append(f"M{_number(left)} {_number(top)}H{_number(right)}V{_number(foot)}")
        path.append(f"H{_number(left)}Z")
    marker = trace.get("marker") or {}
    more = _strokes(marker.get("line"), marker.get("opacity", trace.get("opacity")))
    return _path(_classes(trace["meta"], "area"), "".join(path), more)


def _shape(shape: Mapping[str, Any], frame: _Frame) -> str:
    """Draw a shape of the layout, between two places or along a polygon."""
    xref, yref = str(shape.get("xref", "x")), str(shape.get("yref", "y"))
    if shape["type"] == "path":
        d = _along(shape["path"], lambda x: frame.across(x, xref), lambda y: frame.down(y, yref))
    else:
        left, right = (_number(frame.across(shape[end], xref)) for end in ("x0", "x1"))
        start, end = (_number(frame.down(shape[end], yref)) for end in ("y0", "y1"))
        line = shape["type"] == "line"
        d = f"M{left} {start}" + (f"L{right} {end}" if line else f"H{right}V{end}H{left}Z")
    kinds = ["area"] if shape["type"] != "line" and "fillcolor" in shape else []
    kinds += ["line"] if (shape.get("line") or {}).get("width") != 0 else []
    more = _strokes(shape.get("line"), shape.get("opacity"))
    return _path(_classes(shape.get("name", ""), *kinds), d, more)


def _along(path: str, across: Callable[[float], float], down: Callable[[float], float]) -> str:
    """Write a polygon's path (M, L and Z, with a comma in each point) in per cent."""
    steps = []
    for step in path.replace("M", " M ").replace("L", " L ").replace("Z", " Z ").split():
        x, comma, y = step.partition(",")
        steps.append(f"{_number(across(float(x)))} {_number(down(float(y)))}" if comma else step)
    return "".join(steps)


def _each(value: Any, count: int) -> list[Any]:
    """Give one for each: plotly takes one for all, or a list."""
    return list(value) if isinstance(value, list | tuple) else [value] * count


def _marks(trace: Mapping[str, Any], points: Sequence[Point | None]) -> str:
    """Draw marks where they belong, unstretched, one group for each symbol of the trace."""
    marker = trace.get("marker") or {}
    symbols = _each(marker.get("symbol", "circle"), len(points))
    sizes = _each(marker.get("size", 6), len(points))
    groups: dict[str, list[str]] = {}
    for point, symbol, size in zip(points, symbols, sizes, strict=True):
        if point is not None and symbol != "line-ns":
            groups.setdefault(symbol, []).append(_mark(symbol.removesuffix("-open"), point, size))
    more = _strokes(marker.get("line"), marker.get("opacity", trace.get("opacity")))
    return "".join(
        f'<g class="{_classes(trace["meta"], _hollow(symbol))}"{more}>{"".join(drawn)}</g>'
        for symbol, drawn in groups.items()
    )


def _hollow(symbol: str) -> str:
    return "open" if symbol.endswith("-open") else "mark"


def _mark(symbol: str, point: Point, size: float) -> str:
    x, y, r = _number(point[0]), _number(point[1]), size / 2
    if symbol == "circle":
        return f'<circle cx="{x}%" cy="{y}%" r="{r:g}"/>'
    return f'<svg x="{x}%" y="{y}%"><path d="{_SYMBOLS[symbol](r)}"/></svg>'


def _triangle(r: float, up: int) -> str:
    side = 2 * r / 3**0.5
    return f"M{-side:.2f} {up * r / 2:.2f}H{side:.2f}L0 {-up * r:.2f}Z"


#: The symbols that are not circles, by plotly's own proportions, for half a size.
_SYMBOLS: Final[Mapping[str, Callable[[float], str]]] = {
    "square": lambda r: f"M{-r:.2f} {-r:.2f}H{r:.2f}V{r:.2f}H{-r:.2f}Z",
    "diamond": lambda r: f"M{1.3 * r:.2f} 0L0 {1.3 * r:.2f}L{-1.3 * r:.2f} 0L0 {-1.3 * r:.2f}Z",
    "triangle-up": lambda r: _triangle(r, 1),
    "triangle-down": lambda r: _triangle(r, -1),
}
