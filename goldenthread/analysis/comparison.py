"""Where a value stands among others: ranks and groups, against a benchmark, along a spine."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread.analysis.intervals import Array, Figures, finite

Polarity = Literal["high", "low"] | None

#: With fewer areas than this, none is said to be better or worse than the others' figure.
ENOUGH_AREAS: Final = 5

NOT_COMPARED: Final = "not compared"

#: What is said of a figure above its benchmark, and of one below.
_ABOVE_AND_BELOW: Final[dict[Polarity, tuple[str, str]]] = {
    "high": ("better", "worse"),
    "low": ("worse", "better"),
    None: ("higher", "lower"),
}


class Standing(NamedTuple):
    """A place among others, which those with the same value share from its best end to its worst.

    "Joint 59th to 132nd of 132" is `rank` 59, `last` 132, `tied` 73 and `of` 132.
    """

    rank: Figures
    #: The place that the last of those who share it would have: the rank itself when nobody does.
    last: Figures
    #: How many others have the same value: 0 for a place held alone.
    tied: Figures
    #: How many have a value at all.
    of: Figures


class Spine(NamedTuple):
    """What a spine chart draws of one measure, from the worst on the left to the best on the right.

    The five values are in the measure's unit, lowest first. Positions run from 0 on the left to 1
    on the right, with the median in the middle.
    """

    minimum: Figures
    lower_quartile: Figures
    median: Figures
    upper_quartile: Figures
    maximum: Figures
    #: Where the value marked stands.
    position: Figures
    #: Where the five values stand, in their order, on the last axis.
    marks: Array


def _checked(polarity: Polarity) -> Polarity:
    """Refuse another polarity than there is."""
    if polarity not in ("high", "low", None):
        raise ValueError(f"polarity: expected 'high', 'low' or None, not {polarity!r}")
    return polarity


def _ascending_best(values: npt.ArrayLike, polarity: Polarity) -> Array:
    """Turn values so that the smallest is the best."""
    array = np.asarray(values, dtype=np.float64)
    return -array if _checked(polarity) == "high" else array


def places(values: npt.ArrayLike, ties: Literal["min", "max", "average"] = "min") -> Array:
    """Give each value its place from the smallest, 1, upwards, along the last axis.

    Parameters
    ----------
    values : array_like, shape (…, n)
        NaN has no place.
    ties : {"min", "max", "average"}
        Which of their places equals get.

    Returns
    -------
    numpy.ndarray of float, shape (…, n)

    Examples
    --------
    >>> places([[3, 1, 1], [2, float("nan"), 1]]).tolist()
    [[3.0, 1.0, 1.0], [2.0, nan, 1.0]]
    """
    array = np.atleast_1d(np.asarray(values, dtype=np.float64))
    rows = pd.DataFrame(array.reshape(math.prod(array.shape[:-1]), array.shape[-1]))
    ranked = rows.rank(axis=1, method=ties).to_numpy(dtype=np.float64)
    return ranked.reshape(array.shape)


def quantiles(values: npt.ArrayLike, shares: npt.ArrayLike) -> Array:
    """Give the quantiles of the values that are there, along the last axis.

    Between two values it goes in proportion (type 7 of Hyndman and Fan, as Excel's PERCENTILE and
    the defaults of R and numpy do). `numpy.nanquantile` gives the same, but row by row, and with a
    warning for a row without values.

    Parameters
    ----------
    values : array_like, shape (…, n)
        NaN is left out.
    shares : array_like, shape (q,)
        Each from 0 to 1: 0.5 for the median.

    Returns
    -------
    numpy.ndarray of float, shape (…, q)
        NaN where there is no value.

    Raises
    ------
    ValueError
        For a share outside 0 to 1, or an infinite value.

    Examples
    --------
    >>> quantiles([1, 2, float("nan"), 4], [0, 0.5, 1]).tolist()
    [1.0, 2.0, 4.0]
    """
    array = np.atleast_1d(finite(values, "values"))
    asked = np.atleast_1d(np.asarray(shares, dtype=np.float64))
    for bad in asked[~((asked >= 0) & (asked <= 1))]:
        raise ValueError(f"shares: expected from 0 to 1, not {bad:g}")
    if array.shape[-1] == 0:
        return np.full((*array.shape[:-1], len(asked)), np.nan)
    # Sorting puts what is missing last, beyond every place that is looked up.
    ordered = np.sort(array, axis=-1)
    present = _present(ordered)
    place = asked * np.maximum(present - 1, 0)
    below = np.floor(place).astype(np.intp)
    above = np.ceil(place).astype(np.intp)
    low = np.take_along_axis(ordered, below, axis=-1)
    high = np.take_along_axis(ordered, above, axis=-1)
    return np.asarray(low + (high - low) * (place - below), dtype=np.float64)


def rank(values: npt.ArrayLike, polarity: Polarity) -> Array:
    """Rank values so that the best is 1st and equals share the best place.

    Parameters
    ----------
    values : array_like, shape (…, n)
        Ranked along the last axis, each row by itself. NaN is not ranked.
    polarity : {"high", "low", None}
        Which direction is better. Without one there is no best, and so no rank.

    Returns
    -------
    numpy.ndarray of float, shape (…, n)
        1 for the best; NaN where there is no value, and everywhere without a polarity.

    Raises
    ------
    ValueError
        For another polarity.

    See Also
    --------
    standing : With the far end of a shared place, and of how many it is.

    Examples
    --------
    >>> rank([30.0, 50.0, 50.0, float("nan")], "high").tolist()
    [3.0, 1.0, 1.0, nan]
    """
    ordered = np.atleast_1d(_ascending_best(values, polarity))
    if polarity is None:
        return np.full(ordered.shape, np.nan)
    return places(ordered)


def standing(values: npt.ArrayLike, polarity: Polarity) -> Standing:
    """Say where each value stands, so that a shared place can be told as the block it is.

    A rank shared by many is not the place it looks like: a council that collects no food waste is
    not 59th of 132 when 73 others collect none either. "Joint 59th to 132nd" says so.

    Parameters
    ----------
    values : array_like, shape (…, n)
        Ranked along the last axis, each row by itself. NaN is not ranked.
    polarity : {"high", "low", None}
        Which direction is better. Without one there is no best, and so no rank.

    Returns
    -------
    Standing
        Arrays of shape (…, n). `rank`, `last` and `tied` are NaN where there is no value, and
        everywhere without a polarity; `of` is known everywhere.

    Raises
    ------
    ValueError
        For another polarity.

    Examples
    --------
    >>> found = standing([30.0, 50.0, 50.0, float("nan")], "high")
    >>> found.rank.tolist(), found.last.tolist()
    ([3.0, 1.0, 1.0, nan], [3.0, 2.0, 2.0, nan])
    >>> found.tied.tolist(), found.of.tolist()
    ([0.0, 1.0, 1.0, nan], [3.0, 3.0, 3.0, 3.0])
    """
    ordered = np.atleast_1d(_ascending_best(values, polarity))
    of = np.broadcast_to(_present(ordered), ordered.shape).astype(np.float64)
    if polarity is None:
        nothing = np.full(ordered.shape, np.nan)
        return Standing(nothing, nothing, nothing, of)
    first, last = places(ordered, "min"), places(ordered, "max")
    return Standing(first, last, last - first, of)


def rank_among(value: npt.ArrayLike, peers: npt.ArrayLike, polarity: Polarity) -> Standing:
    """Say where each value stands among peers of its own.

    The same as `standing` of the value and its peers together, for a great many values at once that
    each have other peers: every council among its fifteen neighbours.

    Parameters
    ----------
    value : array_like, shape (…)
    peers : array_like, shape (…, k)
        The others, without the value itself. NaN is not counted.
    polarity : {"high", "low", None}
        Which direction is better. Without one there is no best, and so no rank.

    Returns
    -------
    Standing
        Of shape (…). `rank` is one more than the number of peers that are better; `of` counts the
        value itself. `rank`, `last` and `tied` are NaN where the value is, and without a polarity.

    Raises
    ------
    ValueError
        For another polarity.

    Examples
    --------
    >>> found = rank_among([30.0, 50.0], [[50.0, 50.0], [30.0, 50.0]], "high")
    >>> found.rank.tolist(), found.last.tolist()
    ([3.0, 1.0], [3.0, 2.0])
    """
    own = _ascending_best(value, polarity)
    others = _ascending_best(peers, polarity)
    better = (others < own[..., None]).sum(axis=-1)
    equal = (others == own[..., None]).sum(axis=-1)
    of = (_present(others)[..., 0] + ~np.isnan(own)).astype(np.float64)
    known = ~np.isnan(own) & (polarity is not None)
    first, last, tied = (
        np.where(known, n, np.nan) for n in (better + 1, better + 1 + equal, equal)
    )
    return Standing(first[()], last[()], tied[()], of[()])


def _present(values: Array) -> npt.NDArray[np.intp]:
    """Count the values that are there, keeping the axis."""
    return np.asarray(np.sum(~np.isnan(values), axis=-1, keepdims=True))


def quantile_group(values: npt.ArrayLike, groups: int = 4, polarity: Polarity = None) -> Array:
    """Put values into groups of about equal size; equals are never torn apart.

    The group is floor((g + 1) - ceil((n + 1 - r) / (n / g))), and 1 where that gives 0; r is the
    minimum rank, of the values turned round where high is good. Public systems differ on ties, so
    the rule belongs beside every use.

    Parameters
    ----------
    values : array_like, shape (…, n)
        Grouped along the last axis, each row by itself. NaN is in no group.
    groups : int
        4 for quarters, 5 for fifths.
    polarity : {"high", "low", None}
        With "high", the highest values are in group 1; otherwise the lowest are.

    Returns
    -------
    numpy.ndarray of float, shape (…, n)
        1 to `groups`; all NaN when there are fewer values than groups.

    Raises
    ------
    ValueError
        For fewer than two groups, or another polarity.

    Notes
    -----
    OHID's technical guidance, assigning deprivation categories. Its R package PHEindicatormethods
    follows the same rule.

    Examples
    --------
    >>> quantile_group([1, 2, 3, 4, 5, 6, 7, 8]).tolist()
    [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]
    >>> quantile_group([1, 2, 3, 4], polarity="high").tolist()
    [4.0, 3.0, 2.0, 1.0]
    """
    ordered = np.atleast_1d(_ascending_best(values, polarity))
    return group_of_place(places(ordered), _present(ordered), groups)


def quantile_among(
    value: npt.ArrayLike, peers: npt.ArrayLike, groups: int = 4, polarity: Polarity = None
) -> Figures:
    """Put each value into a group among peers of its own.

    The same as `quantile_group` of the value and its peers together.

    Parameters
    ----------
    value : array_like, shape (…)
    peers : array_like, shape (…, k)
        The others, without the value itself. NaN is not counted.
    groups : int
        4 for quarters, 5 for fifths.
    polarity : {"high", "low", None}
        With "high", the highest values are in group 1; otherwise the lowest are.

    Returns
    -------
    float or numpy.ndarray of float, shape (…)
        1 to `groups`; NaN where the value is, or with fewer values than groups.

    Raises
    ------
    ValueError
        For fewer than two groups, or another polarity.

    Examples
    --------
    >>> float(quantile_among(7, [1, 2, 3, 4, 5, 6, 8]))
    4.0
    """
    # Without a polarity the lowest come first, as they do where low is good.
    found = rank_among(value, peers, polarity or "low")
    return group_of_place(np.asarray(found.rank), np.asarray(found.of), groups)[()]


def group_of_place(place: npt.ArrayLike, count: npt.ArrayLike, groups: int = 4) -> Array:
    """Turn a place from the first upwards into a group, by the rule of `quantile_group`.

    Parameters
    ----------
    place : array_like
        1 for the first; NaN gives NaN.
    count : array_like
        How many have a place.
    groups : int
        4 for quarters, 5 for fifths.

    Returns
    -------
    numpy.ndarray of float
        1 to `groups`; NaN with fewer places than groups.

    Raises
    ------
    ValueError
        For fewer than two groups.

    Examples
    --------
    >>> group_of_place([1, 4, 8], 8).tolist()
    [1.0, 2.0, 4.0]
    """
    if groups < 2:
        raise ValueError(f"groups: expected two or more, not {groups}")
    at, of = np.asarray(place, dtype=np.float64), np.asarray(count, dtype=np.float64)
    # (n + 1 - r) / (n / g) in whole numbers, so that no group turns on a rounding error; nor does
    # the best come out as group 0, which the published rule mends afterwards.
    steps = np.ceil((of + 1 - at) * groups / np.maximum(of, 1))
    return np.where(of < groups, np.nan, groups + 1 - steps)


def against_benchmark(
    value: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    benchmark: npt.ArrayLike,
    polarity: Polarity,
    *,
    lower_998: npt.ArrayLike | None = None,
    upper_998: npt.ArrayLike | None = None,
    areas: npt.ArrayLike | None = None,
) -> str | npt.NDArray[np.str_]:
    """Say whether values differ from a benchmark by more than chance would explain.

    Similar if lower ≤ benchmark ≤ upper. The benchmark is taken for certain, which is the habit of
    OHID's Fingertips and a little bold where it is a median or an estimate itself.

    Parameters
    ----------
    value : array_like
        The areas' figures.
    lower, upper : array_like
        Their 95% limits, of shapes that broadcast, as all do that follow.
    benchmark : array_like
        What they are compared with, in the same unit.
    polarity : {"high", "low", None}
        Which direction is better. Without one a figure is higher or lower, but not better or worse.
    lower_998, upper_998 : array_like, optional
        Their 99.8% limits, both or neither. A benchmark beyond them makes the difference "much";
        an area without them is judged by its 95% limits alone.
    areas : array_like, optional
        How many areas have a figure to compare. With fewer than five nothing is said.

    Returns
    -------
    str or numpy.ndarray of str
        "better", "similar" or "worse" with a polarity, "higher", "similar" or "lower" without;
        "much better", "much worse", "much higher" or "much lower" by the 99.8% limits; "not
        compared" with fewer than five areas, and where the value, a limit or the benchmark is
        missing.

    Raises
    ------
    ValueError
        For a lower limit above its upper one, one 99.8% limit without the other, or another
        polarity.

    Notes
    -----
    OHID's technical guidance, comparing with a benchmark by confidence intervals.

    Examples
    --------
    >>> print(against_benchmark(46.6, 45.9, 47.3, 41.7, "high"))
    better
    >>> against_benchmark([10, 30], [5, 25], [15, 35], 12, "low").tolist()
    ['similar', 'worse']
    """
    above, below = _ABOVE_AND_BELOW[_checked(polarity)]
    if (lower_998 is None) != (upper_998 is None):
        raise ValueError("lower_998, upper_998: expected both or neither, not one of them")
    figure, low, high, far_low, far_high, level, count = (
        np.asarray(given, dtype=np.float64)
        for given in (
            value,
            lower,
            upper,
            # No benchmark is beyond a limit that is not there.
            np.nan if lower_998 is None else lower_998,
            np.nan if upper_998 is None else upper_998,
            benchmark,
            ENOUGH_AREAS if areas is None else areas,
        )
    )
    _in_order(low, high, "lower")
    _in_order(far_low, far_high, "lower_998")
    missing = np.isnan(figure) | np.isnan(low) | np.isnan(high) | np.isnan(level)
    found = np.select(
        [
            missing | ~(count >= ENOUGH_AREAS),
            (level < low) & (level < far_low),
            (level > high) & (level > far_high),
            level < low,
            level > high,
        ],
        [NOT_COMPARED, f"much {above}", f"much {below}", above, below],
        default="similar",
    )
    return cast("str | npt.NDArray[np.str_]", found[()])


def _in_order(lower: Array, upper: Array, name: str) -> None:
    """Refuse limits that have changed places."""
    bad = lower > upper
    if bad.any():
        low, high = (np.broadcast_to(a, bad.shape)[bad][0] for a in (lower, upper))
        raise ValueError(f"{name}: expected no more than the upper limit {high:g}, not {low:g}")


def spine(values: npt.ArrayLike, value: npt.ArrayLike, polarity: Polarity) -> Spine:
    """Place a value, and the spread of all, on a line from the worst to the best.

    The median is in the middle. Both halves have the scale of whatever lies furthest from it, so
    that measures with different units and lopsided spreads can be drawn one below the other: one
    end of the line is reached, the other only by a symmetric spread. OHID's Fingertips scales its
    spine charts in this way, but puts England's figure in the middle; here it is the councils'
    median. Values are only ever subtracted, so they may straddle zero or all lie below it.

    Parameters
    ----------
    values : array_like, shape (…, n)
        The figures of all councils compared, along the last axis. NaN is left out.
    value : array_like, shape (…)
        The figure to mark. It need not be among the values: if it lies beyond them all, it sets
        the scale.
    polarity : {"high", "low", None}
        Which direction is better. "low" turns the line round, so that right is always better;
        without one, right is higher.

    Returns
    -------
    Spine
        `minimum`, `lower_quartile`, `median`, `upper_quartile` and `maximum` in the values' unit
        and `position` of shape (…), `marks` of shape (…, 5). All NaN where there are no values;
        `position` also where there is no value to mark. Where nothing differs, everything is in the
        middle.

    Raises
    ------
    ValueError
        For an infinite figure, or another polarity.

    Examples
    --------
    >>> found = spine([-10, 0, 10, 20, 60], 20, "high")
    >>> float(found.median), float(found.position), found.marks.tolist()
    (10.0, 0.6, [0.3, 0.4, 0.5, 0.6, 1.0])
    >>> float(spine([-10, 0, 10, 20, 60], 20, "low").position)
    0.4
    """
    five = quantiles(values, [0, 0.25, 0.5, 0.75, 1])
    marked = finite(value, "value")[..., None]
    offsets = np.concatenate(_alike(five - five[..., 2:3], marked - five[..., 2:3]), axis=-1)
    furthest = np.fmax.reduce(np.abs(offsets), axis=-1, keepdims=True)
    # Where nothing differs there is nothing to divide by, and every offset is 0 already.
    halves = np.divide(offsets, 2 * furthest, out=offsets.copy(), where=furthest > 0)
    positions = 0.5 - halves if _checked(polarity) == "low" else 0.5 + halves
    minimum, lower, median, upper, maximum = np.moveaxis(five, -1, 0)
    return Spine(minimum, lower, median, upper, maximum, positions[..., 5][()], positions[..., :5])


def _alike(*arrays: Array) -> list[Array]:
    """Give arrays the same shape but for the last axis."""
    shape = np.broadcast_shapes(*(array.shape[:-1] for array in arrays))
    return [np.broadcast_to(array, (*shape, array.shape[-1])) for array in arrays]
