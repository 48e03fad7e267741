"""Trends: whether a series goes up or down by more than chance, how fast, and apart from the seasons."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats
from statsmodels.tsa.seasonal import STL  # type: ignore[import-untyped]

from goldenthread.analysis import series
from goldenthread.analysis.series import Numbers
from goldenthread.analysis.shewhart import index, one

#: What a trend is said to be.
DIRECTIONS: Final = (
    "cannot be calculated",
    "no significant change",
    "increasing",
    "decreasing",
)

#: How many years OHID's recent trend looks at.
RECENT: Final = 5
#: χ² above this is significant at 99.8%, with one degree of freedom: 9.5495.
SIGNIFICANT: Final = float(stats.chi2.ppf(0.998, 1))
#: The width of a 95% confidence interval in standard errors, as OHID rounds it.
WIDTH: Final = 3.92
#: How many slopes between two points are held at once: 16 MB of them.
AT_ONCE: Final = 2_000_000


class RecentTrend(NamedTuple):
    """OHID's recent trend, of one series (plain values) or of many (shape (…)).

    Attributes
    ----------
    direction : str
        One of `DIRECTIONS`.
    chi_squared : float
        NaN where it cannot be calculated.
    slope : float
        By how much the figure changes in a year; NaN where it cannot be calculated.
    """

    direction: str | npt.NDArray[np.str_]
    chi_squared: float | Numbers
    slope: float | Numbers


def recent_trend(values: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> RecentTrend:
    """Test the last five years for a trend, as OHID's Fingertips does.

    A straight line is fitted to the last five valid figures, each weighted by 1/SE², where SE is
    (upper - lower)/3.92. The trend is significant if χ² > 9.5495 (99.8%, one degree of freedom) and
    the slope keeps its sign when each year in turn is left out; a slope of 0 is not the same sign.

    A figure is valid that has both limits. The five must be of five years in a row: with a year
    missing among them the trend cannot be calculated, for missing years are not closed up and
    Fingertips asks for series without breaks (R's PHEindicatormethods: "Missing values"). Years
    still missing after the last figure do no harm. Nor can it be calculated where the limits of
    one of the five are the same number.

    Fingertips tests proportions by their counts, in logits; here, as for all else, by their limits.

    Parameters
    ----------
    values : array_like, shape (n,) or (…, n)
        Annual figures in order of time, of years that do not overlap; NaN where there is none.
    lower, upper : array_like, of a shape that broadcasts with `values`
        Their 95% confidence limits, in the same unit.

    Returns
    -------
    RecentTrend

    Raises
    ------
    ValueError
        For no year at all, an infinite figure, and a lower limit above its upper limit.

    References
    ----------
    OHID, Public health technical guidance: Fingertips trend markers.

    Examples
    --------
    >>> figures = [30.6, 30.2, 28.0, 24.6, 24.67]
    >>> low, high = [28.98, 28.63, 26.44, 23.15, 23.16], [32.25, 31.9, 29.64, 26.19, 26.25]
    >>> found = recent_trend(figures, low, high)
    >>> found.direction, round(found.chi_squared, 2), round(found.slope, 3)
    ('decreasing', 46.77, -1.752)
    """
    figures, low, high = np.broadcast_arrays(
        series.read(values), series.read(lower, "lower"), series.read(upper, "upper")
    )
    if (low > high).any():
        wrong = low[low > high][0], high[low > high][0]
        raise ValueError(f"lower: expected no more than upper, not {wrong[0]:g} above {wrong[1]:g}")
    valid = ~np.isnan(figures + low + high)
    end = series.last(np.where(valid, figures, np.nan))
    years = np.arange(1.0, RECENT + 1)
    position = end[..., None] + np.arange(1 - RECENT, 1)
    place = np.maximum(position, 0)
    error = np.take_along_axis(high - low, place, axis=-1) / WIDTH
    sound = np.take_along_axis(valid, place, axis=-1) & (position >= 0) & (error > 0)
    possible = np.asarray(sound.all(axis=-1))
    # Where it cannot be calculated any figures will do: the results are not shown.
    error = np.where(possible[..., None], error, 1.0)
    figure = np.where(possible[..., None], np.take_along_axis(figures, place, axis=-1), 0.0)
    # Weights as shares of the largest, so that no unit makes them overflow; slopes stay the same.
    least = error.min(axis=-1)
    share = (least[..., None] / error) ** 2
    slope, spread = _slope(years, figure, share)
    chi_squared = (slope / least) ** 2 * spread
    slack = series.slack(figure)[..., 0]
    firm = np.ones(slope.shape, dtype=np.bool_)
    for year in range(RECENT):
        rest = np.arange(RECENT) != year
        without, _ = _slope(years[rest], figure[..., rest], share[..., rest])
        firm &= series.sign(without, slack) == series.sign(slope, slack)
    significant = firm & (chi_squared > SIGNIFICANT)
    code = np.select([~possible, significant & (slope > 0), significant], [0, 2, 3], 1)
    return RecentTrend(
        series.plain(np.array(DIRECTIONS)[code]),
        series.plain(np.where(possible, chi_squared, np.nan)),
        series.plain(np.where(possible, slope, np.nan)),
    )


def _slope(years: Numbers, figure: Numbers, weight: Numbers) -> tuple[Numbers, Numbers]:
    """Fit weighted least squares: the slope, and the weighted squares of the years about their mean.

    Σw(t - t̄)² is (Σw·Σwt² - (Σwt)²)/Σw, without taking a small difference of large numbers.
    """
    total = weight.sum(axis=-1)
    centred = years - (weight * years).sum(axis=-1, keepdims=True) / total[..., None]
    level = (weight * figure).sum(axis=-1, keepdims=True) / total[..., None]
    spread = (weight * centred**2).sum(axis=-1)
    return (weight * centred * (figure - level)).sum(axis=-1) / spread, spread


class TheilSen(NamedTuple):
    """A robust line through one series (plain values) or many (shape (…)).

    Attributes
    ----------
    slope : float
        In units of the figure per unit of time.
    intercept : float
        The line at time 0.
    lower, upper : float
        The 95% confidence interval of the slope.
    """

    slope: float | Numbers
    intercept: float | Numbers
    lower: float | Numbers
    upper: float | Numbers


def theil_sen(values: npt.ArrayLike, times: npt.ArrayLike | None = None) -> TheilSen:
    """Draw the line whose slope is the median of the slopes between all pairs of points.

    One odd year hardly moves it. The intercept is median(values) - slope · median(times), and the
    interval Sen's, from the variance of Kendall's S with ties in either taken into account.

    Parameters
    ----------
    values : array_like, shape (n,) or (…, n)
        NaN where a period has no figure: it is left out, and the others keep their times.
    times : array_like, shape (n,) or (…, n), optional
        In any unit and order; 0, 1, 2, … otherwise.

    Returns
    -------
    TheilSen
        All NaN where fewer than two different times have figures.

    Raises
    ------
    ValueError
        For no period at all, and for an infinite figure or time.

    References
    ----------
    Sen PK (1968) Estimates of the regression coefficient based on Kendall's tau. Journal of the
    American Statistical Association 63: 1379-1389. Conover WJ (1999) Practical nonparametric
    statistics, 3rd edition, for the intercept.

    Examples
    --------
    >>> theil_sen([10, 12, 14, 50, 18], times=[2019, 2020, 2021, 2022, 2023]).slope
    2.0
    """
    figures = series.read(values)
    when = series.read(np.arange(figures.shape[-1]) if times is None else times, "times")
    figures, when = np.broadcast_arrays(figures, when)
    shape = figures.shape[:-1]
    missing = np.isnan(figures + when)
    figures = np.where(missing, np.nan, figures).reshape(-1, figures.shape[-1])
    when = np.where(missing, np.nan, when).reshape(figures.shape)
    pairs = max(figures.shape[-1] * (figures.shape[-1] - 1) // 2, 1)
    step = max(AT_ONCE // pairs, 1)
    parts = [
        _theil_sen(figures[start : start + step], when[start : start + step])
        for start in range(0, max(len(figures), 1), step)
    ]
    columns = (np.concatenate(column).reshape(shape) for column in zip(*parts))
    return TheilSen(*(series.plain(column) for column in columns))


def _theil_sen(figures: Numbers, when: Numbers) -> tuple[Numbers, ...]:
    """Fit as many series as there is room for: slope, intercept, and the slope's interval."""
    early, late = np.triu_indices(figures.shape[-1], 1)
    run = when[:, late] - when[:, early]
    slopes = np.full(run.shape, np.nan)
    np.divide(figures[:, late] - figures[:, early], run, out=slopes, where=run != 0)
    slopes = np.concatenate([slopes, np.full((len(slopes), 1), np.nan)], axis=-1)
    slopes.sort(axis=-1)
    count = (~np.isnan(slopes)).sum(axis=-1)
    slope = series.median(slopes)
    intercept = series.median(figures) - slope * series.median(when)
    n = (~np.isnan(figures)).sum(axis=-1)
    variance = (n * (n - 1) * (2 * n + 5) - _ties(figures) - _ties(when)) / 18
    reach = stats.norm.ppf(0.975) * np.sqrt(np.maximum(variance, 0))
    low = np.maximum(np.round((count - reach) / 2).astype(np.int64) - 1, 0)
    high = np.minimum(np.round((count + reach) / 2).astype(np.int64), np.maximum(count - 1, 0))
    return slope, intercept, series.at(slopes, low), series.at(slopes, high)


def _ties(values: Numbers) -> npt.NDArray[np.int64]:
    """Give what groups of k equals take from the variance of Kendall's S: Σ k(k - 1)(2k + 5)."""
    ordered = np.sort(values, axis=-1)
    # A missing value equals nothing, itself included, and so stands in a group of one.
    size = series.runs(ordered).length
    return np.asarray(((size - 1) * (2 * size + 5)).sum(axis=-1), dtype=np.int64)


class MannKendall(NamedTuple):
    """The Mann-Kendall test of one series (plain values) or of many (shape (…)).

    Attributes
    ----------
    s : float
        Pairs that rise less pairs that fall.
    variance : float
        Of S, were there no trend; ties taken into account.
    z : float
        S in standard deviations, one step nearer to 0.
    p : float
        How often chance alone would give a z as far from 0, either way.
    direction : str
        One of `DIRECTIONS`; "cannot be calculated" where it is not possible.
    possible : bool
        Whether a series of so many figures could be significant at all. Below five it cannot: even
        four that rise one after another have p = 0.089.
    """

    s: float | Numbers
    variance: float | Numbers
    z: float | Numbers
    p: float | Numbers
    direction: str | npt.NDArray[np.str_]
    possible: bool | npt.NDArray[np.bool_]


def mann_kendall(values: npt.ArrayLike) -> MannKendall:
    """Test series for a trend, whatever its shape, by whether later figures tend to be higher.

    Significant is p < 0.05, two-sided, by the normal approximation with tie-corrected variance and
    continuity correction, as in pymannkendall's original test and R's Kendall.

    Parameters
    ----------
    values : array_like, shape (n,) or (…, n)
        In order of time, in any unit. NaN where a period has no figure: it is left out, for the
        test asks only for the order.

    Returns
    -------
    MannKendall
        NaN in numbers where fewer than two periods have figures.

    Raises
    ------
    ValueError
        For no period at all, and for an infinite figure.

    References
    ----------
    Mann HB (1945) Nonparametric tests against trend. Econometrica 13: 245-259.
    Kendall MG (1975) Rank correlation methods, 4th edition.

    Examples
    --------
    >>> found = mann_kendall([4, 5, 5, 6, 8, 9])
    >>> found.s, round(found.p, 4), found.direction
    (14.0, 0.0129, 'increasing')
    >>> mann_kendall([1, 2, 3, 4]).possible
    False
    """
    figures = series.read(values)
    n = (~np.isnan(figures)).sum(axis=-1)
    s = np.zeros(figures.shape[:-1], dtype=np.int64)
    for first in range(figures.shape[-1] - 1):
        earlier, later = figures[..., first, None], figures[..., first + 1 :]
        s += (later > earlier).sum(axis=-1) - (later < earlier).sum(axis=-1)
    whole = n * (n - 1) * (2 * n + 5)
    variance = (whole - _ties(figures)) / 18
    z = _z(s, variance)
    p = special.erfc(np.abs(z) / np.sqrt(2))
    possible = special.erfc(_z(n * (n - 1) // 2, whole / 18) / np.sqrt(2)) < 0.05
    significant = possible & (p < 0.05)
    code = np.select([~possible, significant & (s > 0), significant], [0, 2, 3], 1)

    def told(number: npt.ArrayLike) -> float | Numbers:
        shown: float | Numbers = series.plain(np.where(n > 1, number, np.nan))
        return shown

    return MannKendall(
        told(s),
        told(variance),
        told(z),
        told(p),
        series.plain(np.array(DIRECTIONS)[code]),
        series.plain(np.asarray(possible)),
    )


def _z(s: npt.NDArray[np.int64], variance: Numbers) -> Numbers:
    """Standardise S with the continuity correction; 0 where nothing varies."""
    nearer = np.asarray(s - np.sign(s), dtype=np.float64)
    return np.divide(nearer, np.sqrt(variance), out=np.zeros(nearer.shape), where=variance > 0)


def deseasonalise(values: npt.ArrayLike, period: int) -> pd.DataFrame:
    """Take the seasons out of a series: STL, robust to odd periods.

    What is left, `adjusted`, is the trend and the remainder; a control chart of it has no seasons
    to mistake for signals.

    Parameters
    ----------
    values : array_like, shape (n,)
        One series in order of time, in any unit, without gaps: STL has no rule for them, and a
        figure made up to fill one would be judged as if it had happened.
    period : int
        How many periods make a year: 4 for quarters, 12 for months.

    Returns
    -------
    pandas.DataFrame
        One row per period, with the index of `values` where it is a Series: `value`, `trend`,
        `seasonal`, `remainder`, which add up, and `adjusted`, in the same unit.

    Raises
    ------
    ValueError
        For a gap, fewer than two whole cycles, and a period of fewer than two.

    References
    ----------
    Cleveland RB, Cleveland WS, McRae JE, Terpenning I (1990) STL: a seasonal-trend decomposition
    procedure based on loess. Journal of Official Statistics 6: 3-73.

    Examples
    --------
    >>> deseasonalise([10, 14, 12, 8] * 5, period=4)["adjusted"].round(6).unique().tolist()
    [11.0]
    """
    figures = one(values)
    if period < 2:
        raise ValueError(f"period: expected two or more, not {period}")
    if np.isnan(figures).any():
        gap = int(np.isnan(figures).argmax())
        raise ValueError(
            f"values: expected a figure for every period, but that at {gap} is missing"
        )
    if len(figures) < 2 * period:
        raise ValueError(
            f"values: expected two whole cycles, {2 * period} periods, not {len(figures)}"
        )
    fitted = STL(figures, period=period, robust=True).fit()
    # What is rounding beside the figures would be all there is in a part that ought to be 0.
    slack = series.slack(figures)

    def part(numbers: Numbers) -> Numbers:
        return np.where(np.abs(numbers) > slack, numbers, 0.0)

    columns = {
        "value": figures,
        "trend": part(fitted.trend),
        "seasonal": part(fitted.seasonal),
        "remainder": part(fitted.resid),
        "adjusted": part(figures - fitted.seasonal),
    }
    return pd.DataFrame(columns, index=index(values))
