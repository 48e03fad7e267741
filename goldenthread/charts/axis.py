"""Axes that keep their lines: always five ticks at equal steps, so that only their numbers change."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

TICKS: Final = 5
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
