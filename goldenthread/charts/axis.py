"""Axes that keep their lines: always five ticks at equal steps, so that only their numbers change."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from goldenthread import writing
from goldenthread.catalogue import Measure

TICKS: Final = 5
#: What stands where a value would, if there is none.
NO_FIGURE: Final = "no figure"
#: How many letters of a judgement fit on a line at a tick.
WORDS: Final = 12
#: From which size on a tick is written in what, and with which letters; below, its digits fit.
_LARGE: Final = ((1e9, 1e9, "bn"), (1e6, 1e6, "m"), (1e4, 1e3, "k"))
_YEAR: Final = re.compile(r"\d{4}(?:/\d{2})?")
_STEPS: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10)


def axis(values: Iterable[float], *, zero: bool = True) -> list[float]:
    """Choose five ticks that hold all values.

    Parameters
    ----------
    values : iterable of float
        NaN is passed over.
    zero : bool
        Whether zero is on the axis even where all values are far from it.

    Returns
    -------
    list of float
        Five ticks at equal steps; the first and last are the axis' ends.

    Examples
    --------
    >>> axis([12, 57.3])
    [0.0, 15.0, 30.0, 45.0, 60.0]
    >>> axis([81.2, 84.9], zero=False)
    [81.0, 82.0, 83.0, 84.0, 85.0]
    >>> axis([-3, 12])
    [-4.0, 0.0, 4.0, 8.0, 12.0]
    """
    held = [float(value) for value in values if not math.isnan(value)] or [0.0, 1.0]
    low, high = min(held), max(held)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = low - abs(low) / 10, high + (abs(high) / 10 or 1.0)
    raw = (high - low) / (TICKS - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    for scale in (power, power * 10):
        for multiple in _STEPS:
            step = multiple * scale
            start = math.floor(low / step + 1e-9) * step
            if step >= raw * (1 - 1e-9) and start + step * (TICKS - 1) >= high - step * 1e-9:
                return [round(start + step * tick, 10) for tick in range(TICKS)]
    raise AssertionError("ten times the power of ten always holds the values")


def decimals(ticks: list[float]) -> int:
    """Tell how many decimals the ticks need, all alike.

    Examples
    --------
    >>> decimals([0.0, 15.0, 30.0]), decimals([0.0, 0.25, 0.5])
    (0, 2)
    """
    return max(len(f"{tick:.10f}".rstrip("0").partition(".")[2]) for tick in ticks)


def tick_texts(measure: Measure, ticks: Sequence[float]) -> list[str]:
    """Write the ticks so that they fit beside an axis.

    The unit stands in the subtitle, but for its sign. Thousands and millions are written as letters
    where the digits would not fit, and the places of a judgement as its words.

    Parameters
    ----------
    measure : Measure
    ticks : sequence of float

    Returns
    -------
    list of str

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> tick_texts(catalogue()["household-recycling-rate"], [0.0, 2.5])
    ['0.0%', '2.5%']
    >>> tick_texts(catalogue()["council-tax-requirement"], [0.0, 600_000.0, 1_200_000.0])
    ['£0', '£0.6m', '£1.2m']
    """
    if measure.unit == "judgement":
        words = {float(place): word for place, word in writing.scale(measure).items()}
        return [label(words.get(tick, ""), WORDS) for tick in ticks]
    top = max(abs(tick) for tick in ticks)
    scale, letter = next(((by, with_) for least, by, with_ in _LARGE if top >= least), (1.0, ""))
    scaled = [tick / scale for tick in ticks]
    places = decimals(scaled)
    texts = [f"{writing.number(tick, places)}{letter}" for tick in scaled]
    if letter:
        texts = ["0" if tick == 0 else text for tick, text in zip(ticks, texts, strict=True)]
    return [_signed(measure, text) for text in texts]


def short(measure: Measure, value: float) -> str:
    """Write a value as it stands at a bar or a line: with its sign, but without a long unit.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> rate = catalogue()["household-recycling-rate"]
    >>> short(rate, 41.66), short(rate, float("nan"))
    ('41.7%', 'no figure')
    """
    if math.isnan(value):
        return NO_FIGURE
    if measure.unit == "judgement":
        return writing.figure(value, measure)
    return _signed(measure, writing.number(value, measure.decimals))


def _signed(measure: Measure, text: str) -> str:
    if measure.unit == "per cent":
        return f"{text}%"
    if measure.unit != "pounds":
        return text
    return f"−£{text[1:]}" if text.startswith("−") else f"£{text}"


def year(period: str) -> str:
    """Shorten a period to its last year, as a tick has room for; the subtitle has it in full.

    Examples
    --------
    >>> year("2021/22 school year"), year("Year ending March 2025"), year("2022/23"), year("Now")
    ('2021/22', '2025', '2022/23', 'Now')
    """
    years = _YEAR.findall(period)
    return years[-1] if years else period


def apart(
    positions: Sequence[float],
    ticks: Sequence[float],
    lines: Sequence[int] | None = None,
    gap: float = 0.085,
) -> list[float]:
    """Move labels apart that would stand on each other, each as little as possible.

    Parameters
    ----------
    positions : sequence of float
        Where the middles of the labels belong; NaN for one that is not shown.
    ticks : sequence of float
        The axis.
    lines : sequence of int, optional
        How many lines each label has; one, if not given.
    gap : float
        The height of a line, as a share of the axis.

    Returns
    -------
    list of float
        In the same order, inside the axis.

    Examples
    --------
    >>> apart([50.0, 51.0], [0.0, 25.0, 50.0, 75.0, 100.0], gap=0.1)
    [45.5, 55.5]
    """
    low, high = ticks[0], ticks[-1]
    heights = [(high - low) * gap * count for count in lines or [1] * len(positions)]
    shown = [index for index, place in enumerate(positions) if not math.isnan(place)]

    def foot(block: list[int]) -> float:
        tall = sum(heights[index] for index in block)
        middle = sum(positions[index] for index in block) / len(block)
        return max(min(middle - tall / 2, high - tall), low)

    # Labels that touch become one block, and a block stands around the middle of its labels.
    blocks: list[list[int]] = []
    for index in sorted(shown, key=positions.__getitem__):
        blocks.append([index])
        while len(blocks) > 1:
            head = foot(blocks[-2]) + sum(heights[i] for i in blocks[-2])
            if foot(blocks[-1]) >= head - (high - low) * 1e-9:
                break
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    result = list(positions)
    for block in blocks:
        place = foot(block)
        for index in block:
            result[index] = place + heights[index] / 2
            place += heights[index]
    return result


def broken(name: str, width: int) -> list[str]:
    """Break a name into lines of about a width, never inside a word.

    Examples
    --------
    >>> broken("Bournemouth, Christchurch and Poole", 15)
    ['Bournemouth,', 'Christchurch', 'and Poole']
    """
    return textwrap.wrap(name, width, break_long_words=False, break_on_hyphens=False) or [name]


def literal(text: str) -> str:
    """Write words so that plotly takes none of them for its own markup.

    Examples
    --------
    >>> literal("Tyne & Wear <b>")
    'Tyne &amp; Wear &lt;b&gt;'
    """
    return escape(text, quote=False)


def label(name: str, width: int) -> str:
    """Write a name as a label of lines of about a width.

    Examples
    --------
    >>> label("Bath & North East Somerset", 15)
    'Bath &amp; North<br>East Somerset'
    """
    return "<br>".join(map(literal, broken(name, width)))


def side(share: float) -> str:
    """Choose the anchor of a label above a place, so that it stays on the page.

    Parameters
    ----------
    share : float
        How far along the axis the place is, from 0 to 1.

    Examples
    --------
    >>> [side(share) for share in (0.1, 0.5, 0.9)]
    ['left', 'center', 'right']
    """
    return "left" if share < 0.35 else "right" if share > 0.65 else "center"
