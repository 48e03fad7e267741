"""What a control chart says of a point and of a target, and the word and shape that show it."""

from __future__ import annotations

from typing import Final, NamedTuple

#: The four kinds of a point.
VARIATION: Final = ("common cause", "improving", "concerning", "neutral change")
#: What the limits say about a target.
ASSURANCE: Final = ("consistently passing", "consistently failing", "hit and miss")


class Icon(NamedTuple):
    """How a verdict is shown where colour may be missing: a word first, then a shape.

    Attributes
    ----------
    word : str
    shape : str
        A symbol's name as plotly has it.
    """

    word: str
    shape: str


_ICONS: Final = {
    "common cause": Icon("no more than the usual variation", "circle"),
    "improving": Icon("improving", "triangle-up"),
    "concerning": Icon("getting worse", "triangle-down"),
    "neutral change": Icon("changed", "diamond"),
    "consistently passing": Icon("expected to meet the target", "square"),
    "consistently failing": Icon("expected to miss the target", "x"),
    "hit and miss": Icon("may meet or miss the target", "square-open"),
}


def icon(verdict: str) -> Icon:
    """Give the word and the shape of a verdict.

    The published icons differ by colour, and their colours have less than 3:1 contrast on white.

    Parameters
    ----------
    verdict : str
        One of `VARIATION` or `ASSURANCE`.

    Returns
    -------
    Icon

    Raises
    ------
    ValueError
        For another verdict.

    Examples
    --------
    >>> icon("concerning")
    Icon(word='getting worse', shape='triangle-down')
    """
    if verdict not in _ICONS:
        raise ValueError(f"verdict: expected one of {', '.join(_ICONS)}, not {verdict!r}")
    return _ICONS[verdict]
