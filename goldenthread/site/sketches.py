"""Charts the size of a word: a line over time, and a strip of those a council is compared with.

They are SVG that a page can hold by the hundred: whole numbers for coordinates, colours and
thickness from the stylesheet. What they show is said in the words beside them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Final

#: How wide and high a drawing's own coordinates are; the page stretches it.
WIDE: Final = 100
HIGH: Final = 30
#: With fewer values than this no line is drawn.
FEWEST: Final = 3
#: Room above and below a line, so that its thickness is not cut off.
_EDGE: Final = 3
_OPEN: Final = (
    '<svg class="{kind}" viewBox="0 0 {wide} {high}" preserveAspectRatio="none" aria-hidden="true">'
)


def spark(values: Sequence[float], breaks: Collection[int] = ()) -> str:
    """Draw a line over time, with its last value marked.

    Parameters
    ----------
    values : sequence of float, length n
        In equal steps of time; NaN is a gap.
    breaks : collection of int
        Positions before which the line is interrupted, because the series is.

    Returns
    -------
    str
        An `svg` element; nothing where there are fewer than three values, since two are no line to read.

    Examples
    --------
    >>> spark([1.0, 2.0, 3.0]).count("path")
    2
    >>> spark([float("nan"), 2.0, 3.0])
    ''
    """
    known = [place for place, value in enumerate(values) if not math.isnan(value)]
    if len(known) < FEWEST:
        return ""
    first, last = known[0], known[-1]
    low, high = min(values[place] for place in known), max(values[place] for place in known)
    across = WIDE / (last - first)
    down = (HIGH - 2 * _EDGE) / (high - low) if high > low else 0.0
    middle = HIGH / 2

    def point(place: int) -> str:
        y = HIGH - _EDGE - (values[place] - low) * down if down else middle
        return f"{round((place - first) * across)} {round(y)}"

    path, before = [], -2
    for place in known:
        joined = place == before + 1 and place not in breaks
        path.append(f"{'L' if joined else 'M'}{point(place)}")
        follows = place + 1 <= last and place + 1 not in breaks and place + 1 in known
        if not joined and not follows:
            path.append("h0")
        before = place
    line = f'<path d="{"".join(path)}"/><path class="now" d="M{point(last)}h0"/>'
    return f"{_OPEN.format(kind='spark', wide=WIDE, high=HIGH)}{line}</svg>"


def strip(others: Sequence[float], own: float) -> str:
    """Draw others as strokes along a line, and one of them as a thicker one.

    Parameters
    ----------
    others : sequence of float
    own : float

    Returns
    -------
    str
        An `svg` element from the lowest to the highest of all.

    Examples
    --------
    >>> strip([10.0, 20.0], 15.0).count("M")
    3
    """
    low, high = min(*others, own), max(*others, own)
    scale = WIDE / (high - low) if high > low else 0.0

    def across(value: float) -> int:
        return round((value - low) * scale) if scale else WIDE // 2

    strokes = "".join(f"M{across(value)} 2v8" for value in sorted(others))
    lines = f'<path d="{strokes}"/><path class="now" d="M{across(own)} 0v12"/>'
    return f"{_OPEN.format(kind='strip', wide=WIDE, high=12)}{lines}</svg>"
