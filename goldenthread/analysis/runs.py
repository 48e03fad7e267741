"""Run charts: whether a series crosses its median as often as chance would have it."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
from scipy import stats

from goldenthread.analysis import series
from goldenthread.analysis.series import Numbers


class RunChart(NamedTuple):
    """A run chart's test, for one series (plain values) or for many (arrays of shape (…)).

    Attributes
    ----------
    median : float
    useful : int
        How many points are not on the median.
    longest_run : float
        The most points in a row on one side of the median; NaN where no point is useful.
    longest_run_limit : float
        The longest that chance explains.
    crossings : float
        How often the series goes from one side of the median to the other.
    crossings_limit : float
        The fewest that chance explains.
    signal : bool
        Whether the run is longer, or the crossings fewer, than that.
    """

    median: float | Numbers
    useful: int | npt.NDArray[np.int64]
    longest_run: float | Numbers
    longest_run_limit: float | Numbers
    crossings: float | Numbers
    crossings_limit: float | Numbers
    signal: bool | npt.NDArray[np.bool_]


def run_chart(values: npt.ArrayLike) -> RunChart:
    """Test series for shifts with a run chart, by Anhøj's two rules.

    Of the n points that are not on the median, a run on one side longer than round(log₂ n) + 3, or
    fewer crossings of the median than the 5th percentile of a binomial distribution with n - 1
    trials and chance ½, is a signal. Points on the median, and missing ones, are left out and the
    rest closed up, as in R's qicharts2; a control chart's runs, here, are broken by both.

    Parameters
    ----------
    values : array_like, shape (n,) or (…, n)
        Time along the last axis, in any unit; NaN where a period has no figure.

    Returns
    -------
    RunChart

    Raises
    ------
    ValueError
        For no period at all, and for an infinite figure.

    References
    ----------
    Anhøj J, Olesen AV (2014) Run charts revisited. PLoS ONE 9(11): e113825.
    Schilling MF (2012) The surprising predictability of long runs. Mathematics Magazine 85: 141-149.

    Examples
    --------
    >>> found = run_chart([1, 2, 1, 3, 2, 1, 2, 7, 8, 9, 7, 8, 9, 8])
    >>> found.longest_run, found.longest_run_limit, found.crossings, found.crossings_limit
    (7.0, 7.0, 1.0, 4.0)
    >>> found.signal
    True
    """
    figures = series.read(values)
    median = series.median(figures)
    side = series.sign(figures - median[..., None], series.slack(figures))
    useful = (side != 0).sum(axis=-1)
    # A stable sort by usefulness closes up what is left, in the order of time.
    order = np.argsort(side == 0, axis=-1, kind="stable")
    side = np.take_along_axis(side, order, axis=-1)
    longest = np.where(side != 0, series.runs(side).length, 0).max(axis=-1)
    crossings = (side[..., 1:] * side[..., :-1] < 0).sum(axis=-1)
    longest_limit = np.round(np.log2(np.maximum(useful, 1))) + 3
    crossings_limit = stats.binom.ppf(0.05, np.maximum(useful - 1, 0), 0.5)
    signal = (useful > 0) & ((longest > longest_limit) | (crossings < crossings_limit))

    def told(number: npt.NDArray[np.generic]) -> float | Numbers:
        return cast(float | Numbers, series.plain(np.where(useful > 0, number, np.nan)))

    return RunChart(
        median=series.plain(median),
        useful=series.plain(useful),
        longest_run=told(longest),
        longest_run_limit=told(longest_limit),
        crossings=told(crossings),
        crossings_limit=told(crossings_limit),
        signal=series.plain(signal),
    )
