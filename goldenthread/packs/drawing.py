"""A chart as a PNG picture, drawn from the very figure that the site and notebooks draw.

One drawing serves all forms, so that they cannot differ. Word takes no SVG without a picture beside it
and has no charts that python-docx could make; a browser to draw them is not on an officer's laptop.
PowerPoint's own charts would lose the shapes of the points. So lines, bands, points and words are drawn
with Pillow, which comes with python-pptx.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from html import unescape
from itertools import pairwise
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

from goldenthread.charts import Chart, picture, template
from goldenthread.packs.content import Picture

#: The picture's width in the pixels that charts reckon in, and how many real ones each has.
WIDTH: Final = 680
SCALE: Final = 2
#: Drawn so much larger and then made smaller, for smooth lines.
_FINER: Final = 2
_BY: Final = SCALE * _FINER
#: Shared by all officers' machines in turn: Windows, Linux, macOS.
_FONTS: Final = ("segoeui.ttf", "arial.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf",
                 "Arial.ttf", "Helvetica.ttc")  # fmt: skip
#: How the font that comes with Pillow, the last resort, writes what it lacks.
_PLAIN: Final = {
    "£": "GBP ",
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "x",
    "≥": "at least ",
    "≤": "at most ",
}
_DASHES: Final = {"dot": (1, 1.4), "dash": (4, 3), "longdash": (6, 4), "dashdot": (4, 2, 1, 2)}
#: What a palette makes of white.
_NEARLY: Final = 252
Point = tuple[float, float]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw(chart: Chart) -> Picture:
    """Draw a trend or a control chart.

    Parameters
    ----------
    chart : Chart
        Of lines, points, bands, upright and level lines, and words.

    Returns
    -------
    Picture
        With the chart's title, subtitle and alternative text.

    Examples
    --------
    >>> from goldenthread import workbench
    >>> draw(workbench.trend("household-recycling-rate", "Hull")).size
    (1360, 600)
    """
    figure = picture.plain(chart.data)
    size, png = _png(figure)
    return Picture(png, size, chart.title, chart.subtitle, chart.alt)


def _png(figure: Mapping[str, Any]) -> tuple[tuple[int, int], bytes]:
    paper = _Paper(figure["layout"])
    paper.frame()
    for shape in figure["layout"].get("shapes", ()):
        paper.shape(shape)
    below: list[Point | None] = []
    for trace in figure["data"]:
        below = paper.trace(trace, below)
    for note in figure["layout"].get("annotations", ()):
        paper.note(note)
    # A chart has few colours: a palette makes it a third as large.
    packed = paper.image.reduce(_FINER).quantize(64, Image.Quantize.FASTOCTREE)
    # Paper is white, and not nearly so.
    packed.putpalette([255 if part > _NEARLY else part for part in packed.getpalette() or ()])
    held = io.BytesIO()
    packed.save(held, "PNG")
    return packed.size, held.getvalue()


class _Paper:
    """An image, and where figures lie on it."""

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self.layout = layout
        self.margin = {**template.MARGIN, **(layout.get("margin") or {})}
        self.height = float(layout.get("height") or template.HEIGHT)
        size = (WIDTH * _BY, round(self.height * _BY))
        self.image = Image.new("RGB", size, template.PAGE)
        self.pen = ImageDraw.Draw(self.image)
        self.left, self.right = self.margin["l"], WIDTH - self.margin["r"]
        self.top, self.bottom = self.margin["t"], self.height - self.margin["b"]

    def across(self, x: float, ref: str = "x") -> float:
        start, end = (0, 1) if _paper(ref) else self.layout["xaxis"]["range"]
        return float(self.left + (x - start) / (end - start) * (self.right - self.left)) * _BY

    def down(self, y: float, ref: str = "y") -> float:
        start, end = (0, 1) if _paper(ref) else self.layout["yaxis"]["range"]
        return float(self.bottom - (y - start) / (end - start) * (self.bottom - self.top)) * _BY

    def frame(self) -> None:
        font = _font(template.LABEL_SIZE)
        yaxis, xaxis = self.layout["yaxis"], self.layout["xaxis"]
        foot = self.bottom * _BY
        for value, text in zip(yaxis.get("tickvals", ()), yaxis.get("ticktext", ()), strict=True):
            at = self.down(value)
            if yaxis.get("showgrid", True):
                self._line([(self.left * _BY, at), (self.right * _BY, at)], template.LINES, 1)
            self._text((self.left - 8) * _BY, at, text, font, template.TEXT, "rm")
        self._line([(self.left * _BY, foot), (self.right * _BY, foot)], template.MIDDLE, 1)
        for value, text in zip(xaxis.get("tickvals", ()), xaxis.get("ticktext", ()), strict=True):
            at = self.across(value)
            self._line([(at, foot), (at, foot + 5 * _BY)], template.MIDDLE, 1)
            self._text(at, foot + 8 * _BY, text, font, template.TEXT, "mt")

    def shape(self, shape: Mapping[str, Any]) -> None:
        xref, yref = shape.get("xref", "x"), shape.get("yref", "y")
        ends = [
            (self.across(shape[f"x{end}"], xref), self.down(shape[f"y{end}"], yref)) for end in "01"
        ]
        line = shape.get("line") or {}
        if shape["type"] == "line":
            self._dashed(ends, line)
        elif shape["type"] == "rect":
            (x0, y0), (x1, y1) = ends
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            self.pen.rectangle(box, fill=shape.get("fillcolor"))

    def trace(self, trace: Mapping[str, Any], below: Sequence[Point | None]) -> list[Point | None]:
        """Draw a trace above the one before it, and give its points."""
        points: list[Point | None] = [
            None if x is None or y is None else (self.across(x), self.down(y))
            for x, y in zip(trace["x"], trace["y"], strict=True)
        ]
        fill = trace.get("fillcolor", template.BAND)
        if trace.get("fill") == "tonexty":
            for upper, lower in _bands(points, below):
                self.pen.polygon([*upper, *reversed(lower)], fill=fill)
        elif trace.get("fill") == "toself":
            for run in _runs(points):
                if len(run) > 2:
                    self.pen.polygon(run, fill=fill)
        mode, line = trace.get("mode", "lines"), trace.get("line") or {}
        if "lines" in mode and line.get("width", 2):
            for run in _runs(points):
                self._dashed(run, line)
        if "markers" in mode:
            self._marks(points, trace.get("marker") or {})
        return points

    def note(self, note: Mapping[str, Any]) -> None:
        if note.get("visible") is False:
            return
        font_ = note.get("font") or {}
        font = _font(font_.get("size", template.LABEL_SIZE))
        x = self.across(note["x"], note.get("xref", "x")) + note.get("xshift", 0) * _BY
        y = self.down(note["y"], note.get("yref", "y")) - note.get("yshift", 0) * _BY
        text = unescape(str(note["text"]).replace("<br>", "\n"))
        anchor = {"left": "l", "center": "m", "right": "r"}[_side(note)]
        upright = {"top": "a", "middle": "m", "bottom": "d"}[note.get("yanchor") or "middle"]
        colour = font_.get("color", template.TEXT)
        self._text(x, y, text, font, colour, anchor + upright, bold=font_.get("weight", 400) > 500)

    def _text(
        self, x: float, y: float, text: str, font: Font, colour: str, anchor: str, *,
        bold: bool = False,
    ) -> None:  # fmt: skip
        said = _writable(text, font)
        # Several lines have no anchors of their own at top and bottom.
        anchor = anchor.replace("t", "a") if "\n" in said else anchor
        self.pen.multiline_text(
            (x, y), said, fill=colour, font=font, anchor=anchor, spacing=2 * _BY,
            # The bold of a font is another file, which may be missing.
            stroke_width=_FINER / 2 if bold else 0,
        )  # fmt: skip

    def _line(self, points: Sequence[Point], colour: str, width: float) -> None:
        self.pen.line(points, fill=colour, width=max(1, round(width * _BY)), joint="curve")

    def _dashed(self, points: Sequence[Point], line: Mapping[str, Any]) -> None:
        width, colour = float(line.get("width", 2)), line.get("color", template.TEXT)
        dash = line.get("dash") or "solid"
        if len(points) == 1:
            radius = picture.DOT * width / 2 * _BY
            (x, y), = points  # fmt: skip
            self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        elif dash == "solid":
            self._line(points, colour, width)
        else:
            for piece in _pieces(points, [part * _BY for part in _dashes(dash, width)]):
                self._line(piece, colour, width)

    def _marks(self, points: Sequence[Point | None], marker: Mapping[str, Any]) -> None:
        known = [point for point in points if point is not None]
        held = [at for at, point in enumerate(points) if point is not None]
        for at, (x, y) in zip(held, known, strict=True):
            symbol = _one(marker.get("symbol", "circle"), at)
            radius = float(_one(marker.get("size", 6), at)) / 2 * _BY
            colour = _one(marker.get("color", template.COUNCIL), at)
            if not radius:
                continue
            if symbol.startswith("circle"):
                box = (x - radius, y - radius, x + radius, y + radius)
                self.pen.ellipse(box, fill=colour, outline=template.PAGE, width=_FINER)
                continue
            corners = _CORNERS[symbol.removesuffix("-open")]
            shape = [(x + dx * radius, y + dy * radius) for dx, dy in corners]
            self.pen.polygon(shape, fill=colour, outline=template.PAGE)


#: The corners of each mark that is no circle, by plotly's own proportions, for half a size.
_CORNERS: Final[Mapping[str, tuple[Point, ...]]] = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((1.3, 0), (0, 1.3), (-1.3, 0), (0, -1.3)),
    "triangle-up": ((-1.155, 0.5), (1.155, 0.5), (0, -1)),
    "triangle-down": ((-1.155, -0.5), (1.155, -0.5), (0, 1)),
}


def _paper(ref: str) -> bool:
    return ref.startswith("paper") or ref.endswith("domain")


def _side(note: Mapping[str, Any]) -> str:
    side = note.get("xanchor") or "center"
    return "center" if side == "auto" else str(side)


def _one(value: Any, at: int) -> Any:
    return value[at] if isinstance(value, list) else value


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """Give the stretches without a gap."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _bands(
    upper: Sequence[Point | None], lower: Sequence[Point | None]
) -> list[tuple[list[Point], list[Point]]]:
    """Give the stretches in which both edges of a band are known."""
    pairs: list[list[tuple[Point, Point]]] = [[]]
    for above, under in zip(upper, lower):
        if above is not None and under is not None:
            pairs[-1].append((above, under))
        elif pairs[-1]:
            pairs.append([])
    return [([a for a, _ in run], [b for _, b in run]) for run in pairs if len(run) > 1]


def _dashes(dash: str, width: float) -> tuple[float, ...]:
    if dash in _DASHES:
        # Plotly draws the dashes of a thin line as if it were three thick.
        return tuple(part * max(width, 2) for part in _DASHES[dash])
    return tuple(float(part.removesuffix("px")) for part in dash.split(","))


def _pieces(points: Sequence[Point], dashes: Sequence[float]) -> list[list[Point]]:
    """Cut a line into dashes, along its whole way."""
    pieces: list[list[Point]] = []
    left, at, on = dashes[0], 0, True
    piece: list[Point] = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        gone = 0.0
        while length - gone > left:
            gone += left
            here = (x0 + (x1 - x0) * gone / length, y0 + (y1 - y0) * gone / length)
            if on:
                pieces.append([*piece, here])
            piece, on, at = [here], not on, (at + 1) % len(dashes)
            left = dashes[at]
        left -= length - gone
        piece.append((x1, y1))
    return [*pieces, piece] if on and len(piece) > 1 else pieces


@cache
def _font(size: float) -> Font:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size * _BY)
        except OSError:
            continue
    return ImageFont.load_default(size * _BY)


def _writable(text: str, font: Font) -> str:
    """Write what the last resort of fonts lacks in letters that it has."""
    if isinstance(font, ImageFont.FreeTypeFont) and font.getname()[0] != "Aileron":
        return text
    return "".join(_PLAIN.get(sign, sign) for sign in text)
