"""Shewhart's charts: individual figures, proportions and rates, each with limits at three sigma."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread.analysis import rules, series
from goldenthread.analysis.series import Numbers

#: What the mean moving range of two is, in standard deviations: d₂ for n = 2.
D2 = 1.128


def individuals(values: npt.ArrayLike) -> pd.DataFrame:
    """Draw up a Shewhart chart of individual figures: mean ± 3 · mean moving range / 1.128.

    An XmR chart (`xmr`) prints 2.66 for 3 / 1.128, and so differs in the fourth digit.

    Parameters
    ----------
    values : array_like, shape (n,)
        In any unit; NaN where a period has no figure. No moving range reaches across a gap.

    Returns
    -------
    pandas.DataFrame
        One row per period, with the index of `values` where it is a Series: `value`, `centre`,
        `lower`, `upper`, `outside` (a point on a limit is not outside).

    Raises
    ------
    ValueError
        For no period, more than one series, or an infinite figure.

    References
    ----------
    Montgomery DC (2013) Introduction to statistical quality control, 7th edition, section 6.4.

    Examples
    --------
    >>> individuals([10, 12, 11, 19]).round(3)
       value  centre  lower   upper  outside
    0   10.0    13.0  3.248  22.752    False
    1   12.0    13.0  3.248  22.752    False
    2   11.0    13.0  3.248  22.752    False
    3   19.0    13.0  3.248  22.752    False
    """
    figures = one(values)
    centre = series.mean(figures)
    sigma = series.mean(rules.moving_ranges(figures)) / D2
    return _table(figures, centre, 3 * sigma, index=index(values))


def p_chart(count: npt.ArrayLike, denominator: npt.ArrayLike) -> pd.DataFrame:
    """Draw up a chart of proportions: p̄ ± 3√(p̄(1 - p̄)/n), within 0 and 1.

    Parameters
    ----------
    count : array_like, shape (n,)
        How many of the denominator, in each period.
    denominator : array_like, shape (n,), or one number for all periods
        Where this or the count is missing, so is the period.

    Returns
    -------
    pandas.DataFrame
        As `individuals`; the centre is p̄ = Σ count / Σ denominator.

    Raises
    ------
    ValueError
        Naming a negative count, a denominator of zero or less, or a count above its denominator.

    References
    ----------
    Montgomery DC (2013) Introduction to statistical quality control, 7th edition, section 7.2.

    Examples
    --------
    >>> p_chart([8, 12, 40], 100).round(3)
       value  centre  lower  upper  outside
    0   0.08     0.2   0.08   0.32    False
    1   0.12     0.2   0.08   0.32    False
    2   0.40     0.2   0.08   0.32     True
    """
    counts, of = _parts(count, denominator, proportion=True)
    centre = _pooled(counts, of)
    sigma = np.sqrt(centre * (1 - centre) / of)
    return _table(counts / of, centre, 3 * sigma, 0, 1, index=index(count))


def u_chart(count: npt.ArrayLike, denominator: npt.ArrayLike, per: float = 1) -> pd.DataFrame:
    """Draw up a chart of rates: ū ± 3√(ū/n), not below 0, all times `per`.

    Parameters
    ----------
    count : array_like, shape (n,)
        How many events, in each period.
    denominator : array_like, shape (n,), or one number for all periods
        How much there was of what they happen in: people, homes, miles.
    per : float
        1,000 for a rate per thousand.

    Returns
    -------
    pandas.DataFrame
        As `individuals`; the centre is ū = Σ count / Σ denominator.

    Raises
    ------
    ValueError
        Naming a negative count, a denominator of zero or less, or a `per` of zero or less.

    References
    ----------
    Montgomery DC (2013) Introduction to statistical quality control, 7th edition, section 7.3.

    Examples
    --------
    >>> u_chart([9, 16, 11], [1000, 1000, 500], per=1000).round(2)
       value  centre  lower  upper  outside
    0    9.0    14.4   3.02  25.78    False
    1   16.0    14.4   3.02  25.78    False
    2   22.0    14.4   0.00  30.50    False
    """
    if not per > 0:
        raise ValueError(f"per: expected more than 0, not {per}")
    counts, of = _parts(count, denominator)
    centre = _pooled(counts, of)
    sigma = np.sqrt(centre / of)
    return _table(counts / of * per, centre * per, 3 * sigma * per, 0, index=index(count))


def p_prime(count: npt.ArrayLike, denominator: npt.ArrayLike) -> pd.DataFrame:
    """Draw up Laney's p′ chart: proportions that vary by more than counting alone explains.

    With hundreds of thousands of people almost every point is outside a p chart. Here the limits
    are p̄ ± 3σ·√(p̄(1 - p̄)/n), where σ is the mean moving range of the standardised proportions
    over 1.128: 1 where counting explains everything, more where it does not.

    Parameters
    ----------
    count, denominator : array_like, shape (n,)
        As for `p_chart`.

    Returns
    -------
    pandas.DataFrame
        As `p_chart`.

    Raises
    ------
    ValueError
        As `p_chart`.

    References
    ----------
    Laney DB (2002) Improved control charts for attributes. Quality Engineering 14: 531-537.

    Examples
    --------
    >>> p_prime([8_000, 12_000, 10_000, 9_000], 100_000).round(3)
       value  centre  lower  upper  outside
    0   0.08   0.098  0.035   0.16    False
    1   0.12   0.098  0.035   0.16    False
    2   0.10   0.098  0.035   0.16    False
    3   0.09   0.098  0.035   0.16    False
    """
    counts, of = _parts(count, denominator, proportion=True)
    centre = _pooled(counts, of)
    sigma = np.sqrt(centre * (1 - centre) / of)
    # Where all or none are counted nothing varies, and nothing can be standardised.
    standard = np.divide(counts / of - centre, sigma, out=0 * sigma, where=sigma > 0)
    spread = series.mean(rules.moving_ranges(standard)) / D2
    return _table(counts / of, centre, 3 * sigma * spread, 0, 1, index=index(count))


def one(values: npt.ArrayLike, name: str = "values") -> Numbers:
    """Take one series, and no more.

    Raises
    ------
    ValueError
        For several series; and as `series.read`.
    """
    figures = series.read(values, name)
    if figures.ndim != 1:
        raise ValueError(f"{name}: expected one series, not an array of shape {figures.shape}")
    return figures


def index(values: npt.ArrayLike) -> pd.Index | None:
    """Give the periods' names where the figures bring them."""
    return values.index if isinstance(values, pd.Series) else None


def _parts(
    count: npt.ArrayLike, denominator: npt.ArrayLike, *, proportion: bool = False
) -> tuple[Numbers, Numbers]:
    """Check a count and its denominator, and leave out periods that lack either."""
    counts = one(count, "count")
    of = np.asarray(denominator, dtype=np.float64)
    if of.shape not in ((), counts.shape):
        raise ValueError(f"denominator: expected {len(counts)} periods, not shape {of.shape}")
    of = np.broadcast_to(of, counts.shape)
    faults = [("count", "0 or more", counts, counts < 0)]
    faults += [("denominator", "more than 0", of, (of <= 0) | np.isinf(of))]
    if proportion:
        faults += [("count", "no more than its denominator", counts, counts > of)]
    for name, expected, numbers, wrong in faults:
        if wrong.any():
            raise ValueError(f"{name}: expected {expected}, not {numbers[wrong][0]:g}")
    missing = np.isnan(counts) | np.isnan(of)
    return np.where(missing, np.nan, counts), np.where(missing, np.nan, of)


def _pooled(counts: Numbers, of: Numbers) -> Numbers:
    """Divide all that was counted by all that it was counted in."""
    return series.mean(counts) / series.mean(of)


def _table(
    values: Numbers,
    centre: Numbers,
    width: Numbers,
    floor: float = -np.inf,
    ceiling: float = np.inf,
    *,
    index: pd.Index | None,
) -> pd.DataFrame:
    lower = np.broadcast_to(np.maximum(centre - width, floor), values.shape)
    upper = np.broadcast_to(np.minimum(centre + width, ceiling), values.shape)
    columns = {
        "value": values,
        "centre": np.broadcast_to(centre, values.shape),
        "lower": lower,
        "upper": upper,
        "outside": rules.beyond(values, lower, upper) != 0,
    }
    return pd.DataFrame(columns, index=index)
