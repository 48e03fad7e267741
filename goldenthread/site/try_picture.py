"""How a thing to try is drawn: lines, dots and bars that stretch with the page, and words beside them.

A scene's coordinates are per cent from the left and from the top. `static/try-picture.js` draws the
same scenes by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final, Literal

Point = tuple[float, float]
#: A line through all points; the same dashed; an area inside them; a dot at each; a stroke from the
#: first to the second, from the third to the fourth and so on.
Shape = Literal["line", "dashes", "area", "dots", "strokes"]
_HALVES: Final = {"left": "0%", "middle": "-50%", "right": "-100%"}


@dataclass(frozen=True)
class Mark:
    """Something drawn.

    Attributes
    ----------
    shape : Shape
    part : str
        What part it plays, by a name of `charts.template.ROLES`, or "amber".
    points : sequence of Point
    width : float
        Of the line or dot, in pixels.
    """

    shape: Shape
    part: str
    points: Sequence[Point]
    width: float = 2


@dataclass(frozen=True)
class Label:
    """A word in the picture.

    Attributes
    ----------
    x, y : float
        Where it stands; its height is in the middle of `y`.
    text : str
    at : {"left", "middle", "right"}
        Which part of it is at `x`.
    own : bool
        Whether it belongs to what the reader moves.
    """

    x: float
    y: float
    text: str
    at: Literal["left", "middle", "right"] = "left"
    own: bool = False


@dataclass(frozen=True)
class Scene:
    """What is seen at one position of the controls.

    Attributes
    ----------
    marks : list of Mark
    labels : list of Label
    says : str
        Which sentence is read.
    values : dict of str
        What it is filled with.
    rows : list of list of str
        The figures as a table.
    """

    marks: list[Mark] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    says: str = ""
    values: dict[str, str] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)


def draw(scene: Scene) -> str:
    """Draw a scene as HTML.

    Examples
    --------
    >>> draw(Scene(marks=[Mark("dots", "council", [(1, 2)], width=9)], labels=[Label(5, 6, "A & B")]))
    ... # doctest: +NORMALIZE_WHITESPACE
    '<svg viewBox="0 0 100 100" preserveAspectRatio="none"><path class="t-council dots"
     d="M1.00 2.00h0" stroke-width="9"></path></svg><span class="label"
     style="left:5.00%;top:6.00%;transform:translate(0%,-50%)">A &amp; B</span>'
    """
    paths = "".join(
        f'<path class="t-{mark.part} {mark.shape}" d="{_path(mark.shape, mark.points)}" '
        f'stroke-width="{mark.width:g}"></path>'
        for mark in scene.marks
    )
    words = "".join(
        f'<span class="label{" l-council" if label.own else ""}" '
        f'style="left:{label.x:.2f}%;top:{label.y:.2f}%;'
        f'transform:translate({_HALVES[label.at]},-50%)">{escape(label.text)}</span>'
        for label in scene.labels
    )
    return f'<svg viewBox="0 0 100 100" preserveAspectRatio="none">{paths}</svg>{words}'


def _path(shape: Shape, points: Sequence[Point]) -> str:
    if shape == "dots":
        return "".join(f"M{_pair(point)}h0" for point in points)
    if shape == "strokes":
        return "".join(
            _through(points[place : place + 2]) for place in range(0, len(points) - 1, 2)
        )
    return _through(points) + ("Z" if shape == "area" else "")


def _through(points: Iterable[Point]) -> str:
    return "M" + "L".join(_pair(point) for point in points)


def _pair(point: Point) -> str:
    return f"{point[0]:.2f} {point[1]:.2f}"
