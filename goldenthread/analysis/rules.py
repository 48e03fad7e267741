"""The limits and the rules of an XmR chart, for many series at once.

Each rule gives, for every period, the direction it points in (1 up, -1 down, 0 not marked) and the
period its signal began in. A missing period breaks every run, and nothing is joined across it.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from goldenthread.analysis import series
from goldenthread.analysis.series import Numbers, Whole

TwoOfThree = Literal["beyond-2-sigma", "between-2-and-3-sigma"]

#: The rules by their number, in the order in which they claim a point; 0 is no rule.
RULES: Final = ("", "outside limits", "trend", "two of three", "shift")

#: Three standard deviations, in mean moving ranges: 3 / 1.128, as charts for improvement print it.
WIDTH: Final = 2.66
#: The upper limit of a moving range, in mean moving ranges.
RANGE_LIMIT: Final = 3.267


class Limits(NamedTuple):
    """The lines of a chart, one of each per series, with a last axis of length 1."""

    centre: Numbers
    lower: Numbers
    upper: Numbers
    lower_warning: Numbers
    upper_warning: Numbers


class Marks(NamedTuple):
    """What one rule marks, or the first of several.

    Attributes
    ----------
    direction : numpy.ndarray of int, shape (…, n)
        1 for high or rising, -1 for low or falling, 0 where the rule does not mark.
    began : numpy.ndarray of int, shape (…, n)
        The first period of the signal; means nothing where there is no mark.
    """

    direction: Whole
    began: Whole


def moving_ranges(values: Numbers) -> Numbers:
    """Give the distance of each figure from the one before; NaN at the start and beside a gap.

    Examples
    --------
    >>> moving_ranges(np.array([3.0, 5.0, np.nan, 4.0, 1.0])).tolist()
    [nan, 2.0, nan, nan, 3.0]
    """
    start = np.full((*values.shape[:-1], 1), np.nan)
    return np.concatenate([start, np.abs(np.diff(values, axis=-1))], axis=-1)


def limits(values: Numbers, *, screen: bool = False) -> Limits:
    """Set the lines of a chart by the mean and the mean moving range.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (…, n)
        The figures that set the limits, NaN for those that do not.
    screen : bool
        Drop moving ranges of 3.267 times their mean and more, once, before averaging again.

    Returns
    -------
    Limits
        NaN but for the centre where no two neighbours have a figure.

    Examples
    --------
    >>> limits(np.array([10.0, 12.0, 11.0, 13.0])).upper.round(2).tolist()
    [15.93]
    """
    ranges = moving_ranges(values)
    average = series.mean(ranges)[..., None]
    if screen:
        # A process that never moved has nothing to screen: 0 is not 3.267 times 0 and more.
        kept = (ranges < RANGE_LIMIT * average) | (average == 0)
        average = series.mean(np.where(kept, ranges, np.nan))[..., None]
    centre = series.mean(values)[..., None]
    width = WIDTH * average
    warning = width * 2 / 3
    return Limits(centre, centre - width, centre + width, centre - warning, centre + warning)


def beyond(values: Numbers, lower: Numbers, upper: Numbers) -> Whole:
    """Tell figures above the upper line (1) and below the lower (-1) from those on and between (0)."""
    slack = series.slack(values)
    above = values - upper > slack
    below = values - lower < -slack
    return above.astype(np.int64) - below


def outside(beyond_limits: Whole) -> Marks:
    """Mark points outside a limit; a point on it is not outside."""
    return Marks(beyond_limits, series.runs(beyond_limits).first)


def trend(values: Numbers, run_length: int) -> Marks:
    """Mark `run_length` points or more that rise, or fall, each strictly from the one before.

    A point where a rise ends and a fall begins, both long enough, belongs to what follows it.

    Examples
    --------
    >>> trend(np.array([5.0, 4.0, 6.0, 7.0, 7.0]), 3).direction.tolist()
    [0, 1, 1, 1, 0]
    """
    steps = series.sign(np.diff(values, axis=-1), series.slack(values))
    stretch = series.runs(steps)
    marked = np.where(stretch.length >= run_length - 1, steps, 0)
    # The step into each point, and the step out of it.
    into = [(0, 0)] * (values.ndim - 1) + [(1, 0)]
    out_of = [(0, 0)] * (values.ndim - 1) + [(0, 1)]
    after = np.pad(marked, out_of)
    direction = np.where(after != 0, after, np.pad(marked, into))
    began = np.where(after != 0, np.pad(stretch.first, out_of), np.pad(stretch.first, into))
    return Marks(direction, began)


def two_of_three(side: Whole, near: Whole) -> Marks:
    """Mark points near a limit: two of three in a row, all three on that side of the mean.

    Only the two (or three) near the limit are marked, not the one between them that is not.

    Parameters
    ----------
    side : numpy.ndarray of int, shape (…, n)
        1 above the mean, -1 below, 0 on it or missing.
    near : numpy.ndarray of int, shape (…, n)
        1 near the upper limit, -1 near the lower, 0 elsewhere.

    Examples
    --------
    >>> two_of_three(np.array([1, 1, 1, 1]), np.array([1, 0, 1, 0])).direction.tolist()
    [1, 0, 1, 0]
    """
    n = side.shape[-1]
    direction = np.zeros(side.shape, dtype=np.int64)
    began = np.zeros(side.shape, dtype=np.int64)
    if n < 3:
        return Marks(direction, began)
    sides = side[..., :-2] + side[..., 1:-1] + side[..., 2:]
    nears = near[..., :-2] + near[..., 1:-1] + near[..., 2:]
    window = np.where((np.abs(sides) == 3) & (nears * np.sign(sides) >= 2), np.sign(sides), 0)
    first = np.arange(n - 2) + (near[..., :-2] == 0)
    # Latest window first, so that the earliest that holds a point says when its signal began.
    for place in (0, 1, 2):
        held = slice(place, n - 2 + place)
        hit = (window != 0) & (near[..., held] != 0)
        direction[..., held] = np.where(hit, window, direction[..., held])
        began[..., held] = np.where(hit, first, began[..., held])
    return Marks(direction, began)


def shift(side: Whole, run_length: int) -> Marks:
    """Mark `run_length` points or more on one side of the mean; a point on it breaks the run.

    Examples
    --------
    >>> shift(np.array([1, 1, 1, 0, 1]), 3).direction.tolist()
    [1, 1, 1, 0, 0]
    """
    stretch = series.runs(side)
    return Marks(np.where(stretch.length >= run_length, side, 0), stretch.first)


def apply(
    values: Numbers, lines: Limits, *, run_length: int, two_of_three_by: TwoOfThree
) -> tuple[Whole, Marks]:
    """Apply all four rules; the first in their order claims a point.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (…, n)
    lines : Limits
    run_length : int
        How many points make a trend, and a shift.
    two_of_three_by : {"beyond-2-sigma", "between-2-and-3-sigma"}
        Whether a point beyond the limit also counts as one of the two.

    Returns
    -------
    rule : numpy.ndarray of int, shape (…, n)
        Places in `RULES`.
    marks : Marks
        Direction and beginning by that rule.
    """
    side = beyond(values, lines.centre, lines.centre)
    out = beyond(values, lines.lower, lines.upper)
    near = beyond(values, lines.lower_warning, lines.upper_warning)
    if two_of_three_by == "between-2-and-3-sigma":
        near = np.where(out == 0, near, 0)
    found = (
        outside(out),
        trend(values, run_length),
        two_of_three(side, near),
        shift(side, run_length),
    )
    hits: list[npt.NDArray[np.bool_]] = [marks.direction != 0 for marks in found]
    return (
        np.select(hits, list(range(1, len(RULES))), 0),
        Marks(
            np.select(hits, [marks.direction for marks in found], 0),
            np.select(hits, [marks.began for marks in found], -1),
        ),
    )
