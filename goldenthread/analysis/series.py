"""A series of figures: time along the last axis, NaN where a period has none."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

#: Two figures nearer than this, as a share of the series' largest figure, are the same figure. A mean
#: of twenty times 0.1 is not 0.1 in floating point; a published figure has far fewer digits.
SAME = 1e-12


def read(values: npt.ArrayLike, name: str = "values") -> Numbers:
    """Take one series, or many of one length, as an array.

    Parameters
    ----------
    values : array_like, shape (n,) or (…, n)
        Time along the last axis; NaN, or None in a list, where a period has no figure.
    name : str
        What a message calls it.

    Returns
    -------
    numpy.ndarray of float
        Of the same shape.

    Raises
    ------
    ValueError
        For no period at all, and for an infinite figure.

    Examples
    --------
    >>> read([3, None, 4]).tolist()
    [3.0, nan, 4.0]
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(f"{name}: expected a series of one period or more, not {values!r}")
    if np.isinf(array).any():
        raise ValueError(f"{name}: expected finite figures or NaN, not {_first_infinite(array)}")
    return array


def _first_infinite(array: Numbers) -> float:
    return float(array[np.isinf(array)][0])


def plain(array: npt.NDArray[Any]) -> Any:
    """Give the answer for one series as a plain Python value, for many as their array.

    Examples
    --------
    >>> plain(np.array(2.5)), plain(np.array([2.5]))
    (2.5, array([2.5]))
    """
    return array.item() if array.ndim == 0 else array


def mean(values: Numbers) -> Numbers:
    """Average what there is of each series; NaN where there is nothing.

    Examples
    --------
    >>> mean(read([1, None, 2])).item()
    1.5
    """
    valid = ~np.isnan(values)
    count = valid.sum(axis=-1)
    total = np.where(valid, values, 0.0).sum(axis=-1)
    empty = np.full(np.shape(total), np.nan)
    return np.asarray(np.divide(total, count, out=empty, where=count > 0), dtype=np.float64)


def median(values: Numbers) -> Numbers:
    """Take the middle of what there is of each series; NaN where there is nothing.

    Examples
    --------
    >>> median(read([[4, None, 1, 2], [4, 3, 1, 2]])).tolist()
    [2.0, 2.5]
    """
    ordered = np.sort(values, axis=-1)
    count = (~np.isnan(values)).sum(axis=-1)
    low = at(ordered, np.maximum(count - 1, 0) // 2)
    return np.asarray((low + at(ordered, count // 2)) / 2, dtype=np.float64)


def slack(values: Numbers) -> Numbers:
    """Give the difference under which two figures of a series are the same figure.

    Returns
    -------
    numpy.ndarray of float, shape (…, 1)
        `SAME` of the series' largest figure, its sign left out.
    """
    sizes = np.abs(np.where(np.isnan(values), 0.0, values))
    return np.asarray(SAME * sizes.max(axis=-1, keepdims=True), dtype=np.float64)


def sign(difference: Numbers, slack: Numbers) -> Whole:
    """Tell positive from negative, with 0 for the same and for missing.

    Examples
    --------
    >>> sign(np.array([0.5, -0.5, 1e-15, np.nan]), np.array([1e-12])).tolist()
    [1, -1, 0, 0]
    """
    return (difference > slack).astype(np.int64) - (difference < -slack)


def last(values: Numbers) -> Whole:
    """Find the last period with a figure; -1 where there is none.

    Examples
    --------
    >>> last(read([[3, 4, None], [None, None, None]])).tolist()
    [1, -1]
    """
    positions = np.arange(values.shape[-1])
    return np.asarray(np.where(np.isnan(values), -1, positions).max(axis=-1), dtype=np.int64)


def at(array: npt.NDArray[Any], position: Whole) -> npt.NDArray[Any]:
    """Take one period of each series; for the position -1, whatever stands last."""
    return np.take_along_axis(array, position[..., None], axis=-1)[..., 0]


class Runs(NamedTuple):
    """The unbroken stretch of equals that each period stands in.

    Attributes
    ----------
    first : numpy.ndarray of int, shape (…, n)
        Where the stretch begins.
    length : numpy.ndarray of int, shape (…, n)
        How many periods it has.
    """

    first: Whole
    length: Whole


def runs(marks: npt.NDArray[Any]) -> Runs:
    """Find the stretches of equal neighbours.

    Parameters
    ----------
    marks : numpy.ndarray, shape (…, n)

    Returns
    -------
    Runs

    Examples
    --------
    >>> found = runs(np.array([1, 1, 0, -1, -1, -1]))
    >>> found.first.tolist(), found.length.tolist()
    ([0, 0, 2, 3, 3, 3], [2, 2, 1, 3, 3, 3])
    """
    n = marks.shape[-1]
    positions = np.arange(n)
    same = marks[..., 1:] == marks[..., :-1]
    edge = np.zeros((*marks.shape[:-1], min(n, 1)), dtype=np.bool_)
    follows = np.concatenate([edge, same], axis=-1)
    goes_on = np.concatenate([same, edge], axis=-1)
    first = np.maximum.accumulate(np.where(follows, 0, positions), axis=-1)
    end = np.where(goes_on, n, positions)[..., ::-1]
    final = np.minimum.accumulate(end, axis=-1)[..., ::-1]
    return Runs(first, final - first + 1)
