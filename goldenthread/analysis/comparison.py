"""Where a value stands among others: ranks and groups, with ties kept together."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Polarity = Literal["high", "low"] | None


def _ascending_best(values: npt.ArrayLike, polarity: Polarity) -> pd.Series:
    """Turn values so that the smallest is the best."""
    if polarity not in ("high", "low", None):
        raise ValueError(f"polarity: expected 'high', 'low' or None, not {polarity!r}")
    series = pd.Series(np.asarray(values, dtype=float))
    return -series if polarity == "high" else series


def rank(values: npt.ArrayLike, polarity: Polarity) -> npt.NDArray[np.float64]:
    """Rank values so that the best is 1st and equals share the best place.

    Parameters
    ----------
    values : array_like, shape (n,)
        NaN is not ranked.
    polarity : {"high", "low", None}
        Which direction is better. Without one there is no best, and so no rank.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        1 for the best; NaN where there is no value, and everywhere without a polarity.

    Raises
    ------
    ValueError
        For another polarity.

    Examples
    --------
    >>> rank([30.0, 50.0, 50.0, float("nan")], "high").tolist()
    [3.0, 1.0, 1.0, nan]
    """
    ordered = _ascending_best(values, polarity)
    if polarity is None:
        return np.full(len(ordered), np.nan)
    return np.asarray(ordered.rank(method="min"), dtype=np.float64)


def quantile_group(
    values: npt.ArrayLike, groups: int = 4, polarity: Polarity = None
) -> npt.NDArray[np.float64]:
    """Put values into groups of about equal size; equals are never torn apart.

    The group is floor((g + 1) - ceil((n + 1 - r) / (n / g))), and 1 where that gives 0; r is the
    minimum rank, of the values turned round where high is good. Public systems differ on ties, so
    the rule belongs beside every use.

    Parameters
    ----------
    values : array_like, shape (n,)
        NaN is in no group.
    groups : int
        4 for quarters, 5 for fifths.
    polarity : {"high", "low", None}
        With "high", the highest values are in group 1; otherwise the lowest are.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        1 to `groups`; all NaN when there are fewer values than groups.

    Raises
    ------
    ValueError
        For fewer than two groups, or another polarity.

    Examples
    --------
    >>> quantile_group([1, 2, 3, 4, 5, 6, 7, 8]).tolist()
    [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]
    >>> quantile_group([1, 2, 3, 4], polarity="high").tolist()
    [4.0, 3.0, 2.0, 1.0]
    """
    if groups < 2:
        raise ValueError(f"groups: expected two or more, not {groups}")
    ordered = _ascending_best(values, polarity)
    count = int(ordered.notna().sum())
    if count < groups:
        return np.full(len(ordered), np.nan)
    place = ordered.rank(method="min")
    # (n + 1 - r) / (n / g) in whole numbers, so that no group turns on a rounding error.
    steps = np.ceil((count + 1 - place) * groups / count)
    return np.maximum(np.asarray(groups + 1 - steps, dtype=np.float64), 1.0)
