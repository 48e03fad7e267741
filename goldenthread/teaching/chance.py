"""Chance that comes out the same on every machine, and figures that are calm.

A generator gives numbers between 0 and 1, which NumPy promises not to change; they are turned into
cases, events and quantities here. Each series has a generator of its own, so that a measure more or
less leaves all others as they are.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import stats

from goldenthread.analysis import control, trends

Numbers = npt.NDArray[np.float64]
_Drawn = TypeVar("_Drawn")
#: How often a series is drawn again before its description must be wrong.
_TRIES: Final = 2000
#: A trend of less than this chance is one that somebody would see.
_TREND: Final = 0.1


class Chance:
    """The generator of one series.

    Parameters
    ----------
    seed : int
        The council's.
    name : str
        The series'.

    Examples
    --------
    >>> Chance(1, "bins").events(np.full(3, 40.0)).tolist() == Chance(1, "bins").events(
    ...     np.full(3, 40.0)).tolist()
    True
    """

    def __init__(self, seed: int, name: str) -> None:
        self._draw = np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))

    def even(self, number: int) -> Numbers:
        """Draw numbers between 0 and 1."""
        return self._draw.random(number)

    def events(self, mean: Numbers) -> Numbers:
        """Draw counts of events."""
        return events(self.even(len(mean)), mean)

    def cases(self, of: Numbers, share: Numbers) -> Numbers:
        """Draw how many cases of so many come out so."""
        return cases(self.even(len(of)), of, share)


def events(drawn: Numbers, mean: Numbers) -> Numbers:
    """Turn numbers between 0 and 1 into counts of events.

    Examples
    --------
    >>> events(np.array([0.1, 0.5, 0.9]), np.array([9.0, 9.0, 9.0])).tolist()
    [5.0, 9.0, 13.0]
    """
    return np.asarray(stats.poisson.ppf(drawn, mean), dtype=np.float64)


def cases(drawn: Numbers, of: Numbers, share: Numbers) -> Numbers:
    """Turn numbers between 0 and 1 into how many cases of so many come out so.

    Examples
    --------
    >>> cases(np.array([0.1, 0.5]), np.array([20.0, 20.0]), np.array([0.5, 0.5])).tolist()
    [7.0, 10.0]
    """
    return np.asarray(stats.binom.ppf(drawn, of, share), dtype=np.float64)


def quantities(drawn: Numbers, mean: Numbers, spread: float) -> Numbers:
    """Turn numbers between 0 and 1 into quantities around a mean.

    Examples
    --------
    >>> quantities(np.array([0.5]), np.array([27.0]), 2.0).tolist()
    [27.0]
    """
    return np.asarray(stats.norm.ppf(drawn, mean, spread), dtype=np.float64)


def is_calm(values: npt.ArrayLike) -> bool:
    """Tell whether nobody would see anything in a series: no signal, no shift, no trend.

    Examples
    --------
    >>> is_calm([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 5, 6, 7, 6])
    True
    >>> is_calm([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 5, 6, 7, 12])
    False
    """
    figures = np.asarray(values, dtype=np.float64)
    return (
        not control.xmr(figures).table["rule"].any()
        and not control.run_chart(figures).signal
        and float(trends.mann_kendall(figures).p) > _TREND
    )


def calm(draw: Callable[[], _Drawn], seen: Callable[[_Drawn], list[Numbers]]) -> _Drawn:
    """Draw until nothing is to be seen by chance alone, so that whatever is seen was planted.

    A control chart of five years of months has a signal by chance in about every third series. A
    learner could not tell such a signal from a planted one, and nor could anybody.

    Parameters
    ----------
    draw : callable
        Draws once more.
    seen : callable
        The series that a learner will see of what was drawn.

    Raises
    ------
    ValueError
        When nothing calm comes.
    """
    for _ in range(_TRIES):
        drawn = draw()
        if all(is_calm(one) for one in seen(drawn)):
            return drawn
    raise ValueError(f"no calm series in {_TRIES}")
