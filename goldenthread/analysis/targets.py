"""Targets: whether a system as it is would reach one, the way there, and met, near or missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from goldenthread.analysis import series
from goldenthread.analysis.control import ControlChart, xmr
from goldenthread.analysis.forecast import FEWEST, Forecast, forecast
from goldenthread.analysis.series import Numbers
from goldenthread.analysis.shewhart import one
from goldenthread.analysis.trends import theil_sen

Direction = Literal["high", "low"]
Shape = Literal["straight", "compound"]

#: What a check may find.
CATEGORIES: Final = (
    "already met",
    "within reach",
    "a stretch",
    "out of reach without change",
    "cannot tell",
)

#: What a control chart says of a target on the far side of its limits.
FAILING: Final = "consistently failing"

#: From an even chance on the forecast itself is at or beyond the target.
EVEN: Final = 0.5

#: Under this chance the target is outside the forecast's 80% interval.
SLIM: Final = 0.1


@dataclass(frozen=True, eq=False)
class TargetCheck:
    """What a series' history says of a target.

    Attributes
    ----------
    category : str
        One of `CATEGORIES`.
    chance : float
        Of being at or beyond the target at `by` if things go on as they did, 0 to 1; NaN where
        there are too few figures for a forecast.
    target : float
    by : int
        In how many periods after the end of the history.
    latest : float
        The latest figure; NaN without any.
    within_limits : bool or None
        Whether the target is inside the natural process limits, or on their worse side, so that
        routine variation alone may bring it; None where limits cannot be set.
    needed : float
        The change per period from the latest figure to the target; 0 where it is met.
    seen : float
        The change per period in the history: the median slope between pairs of figures (Theil-Sen).
    trajectory : pandas.DataFrame
        By `period`, from that of the latest figure (0 for the last of the history) to `by`:
        `needed`, `lower` and `upper`, as `trajectory` gives them.
    chart : ControlChart
        The limits are its `lower` and `upper`; `trial` says whether few figures set them.
    forecast : Forecast or None
    reason : str
        Why it cannot be told; "" otherwise.
    """

    category: str
    chance: float
    target: float
    by: int
    latest: float
    within_limits: bool | None
    needed: float
    seen: float
    trajectory: pd.DataFrame
    chart: ControlChart
    forecast: Forecast | None
    reason: str


def target_check(
    history: npt.ArrayLike,
    target: float,
    by: int,
    *,
    polarity: Direction = "high",
    tolerance: float | None = None,
    bounds: tuple[float, float] | None = None,
    season: int | None = None,
) -> TargetCheck:
    """Say whether a target is within a system's reach, and where its history puts the chance.

    Two views are taken. The natural process limits (mean ± 2.66 mean moving ranges) are what the
    system brings forth without a change; the forecast carries on whatever change it is already
    making. Of a target that the latest figure does not meet:

    - "within reach": the forecast is at or beyond it (an even chance or better);
    - "out of reach without change": it is beyond the limits, and outside the forecast's 80%
      interval (a chance under one in ten);
    - "a stretch": anything between;
    - "cannot tell": fewer than four figures, or no two next to each other to set limits by.

    Parameters
    ----------
    history : array_like, shape (n,)
        One series, evenly spaced in time, the latest last; NaN for a missing period.
    target : float
        In the unit of the history.
    by : int
        In how many periods after the end of `history`, from 1.
    polarity : {"high", "low"}
        Whether the target is to be reached from below or from above.
    tolerance : float, optional
        Half the width of the band round the trajectory. Otherwise 2.66 mean moving ranges: a figure
        in the band is off the way by no more than routine variation.
    bounds, season
        As for `forecast`.

    Returns
    -------
    TargetCheck

    Raises
    ------
    ValueError
        For a target that is not a number or outside the bounds, a polarity without a direction,
        a `by` under 1, and what `forecast` refuses, but for fewer than four figures.

    Notes
    -----
    "Already met" is about the latest figure alone: `chance` says whether it is likely to last. The
    chance is of a normal distribution that takes its spread as known: with fewer than ten figures
    it is nearer to 0 or 1 than it ought to be. Where a change has moved the whole process, give the
    history from then on: limits of both times together describe neither.

    References
    ----------
    D. J. Wheeler, *Understanding Variation*, 2nd edition (2000): targets beside natural process
    limits. R. J. Hyndman and G. Athanasopoulos, *Forecasting: Principles and Practice*, 3rd
    edition, §5.5: a forecast as a distribution.

    Examples
    --------
    >>> check = target_check([50, 52, 51, 54, 53, 55, 56], target=60, by=3)
    >>> check.category, round(check.chance, 2), round(check.needed, 2), check.seen
    ('a stretch', 0.15, 1.33, 1.0)
    >>> check.trajectory["needed"].round(1).tolist()
    [56.0, 57.3, 58.7, 60.0]
    """
    if polarity not in get_args(Direction):
        raise ValueError(f"polarity: a target needs 'high' or 'low', not {polarity!r}")
    if by != int(by) or by < 1:
        raise ValueError(f"by: expected a whole number of periods from 1, not {by}")
    if not np.isfinite(target):
        raise ValueError(f"target: expected a number, not {target}")
    if bounds is not None and not bounds[0] <= target <= bounds[1]:
        raise ValueError(f"target: expected it within {bounds}, not {target}")
    figures = one(history, "history")
    known = np.flatnonzero(np.isfinite(figures))
    latest = float(figures[known[-1]]) if known.size else np.nan
    # A history that ends with missing periods: the way begins where the latest figure is.
    late = len(figures) - 1 - int(known[-1]) if known.size else 0

    chart = xmr(
        figures, improvement="increase" if polarity == "high" else "decrease", target=target
    )
    enough = known.size >= FEWEST
    ahead = forecast(figures, by, bounds=bounds, season=season) if enough else None
    chance = np.nan if ahead is None else _chance(ahead, target, by, polarity)
    met = bool(_beyond(latest, target, polarity) >= 0)
    way = trajectory(
        target if met else latest,
        target,
        int(by) + late,
        tolerance=chart.upper - chart.centre if tolerance is None else tolerance,
    )
    way.index = pd.RangeIndex(-late, by + 1, name="period")
    category, reason = _category(met, chance, chart.assurance)
    return TargetCheck(
        category=category,
        chance=chance,
        target=float(target),
        by=by,
        latest=latest,
        within_limits=None if chart.assurance is None else chart.assurance != FAILING,
        needed=(float(way["needed"].iloc[-1]) - float(way["needed"].iloc[0])) / (by + late),
        seen=float(theil_sen(figures).slope),
        trajectory=way,
        chart=chart,
        forecast=ahead,
        reason=reason,
    )


def _beyond(value: npt.ArrayLike, target: npt.ArrayLike, polarity: npt.ArrayLike) -> Numbers:
    """Give how far a value is beyond its target; less than nothing where it falls short."""
    over = np.asarray(value, dtype=np.float64) - np.asarray(target, dtype=np.float64)
    return np.asarray(np.where(np.asarray(polarity) == "high", over, -over))


def _chance(ahead: Forecast, target: float, by: int, polarity: Direction) -> float:
    """Take the share of the forecast's distribution that is at or beyond the target."""
    mean, error = ahead.distribution[["mean", "standard_error"]].to_numpy(dtype=np.float64)[by - 1]
    margin = float(_beyond(mean, target, polarity))
    # What never changed has a forecast without width: it is there, or it is not.
    return float(stats.norm.cdf(margin / error)) if error > 0 else float(margin >= 0)


def _category(met: bool, chance: float, assurance: str | None) -> tuple[str, str]:
    """Take both views together; and say why it cannot be told."""
    if met:
        return "already met", ""
    if np.isnan(chance):
        return "cannot tell", f"fewer than {FEWEST} figures"
    if assurance is None:
        return "cannot tell", "no two figures are next to each other"
    if chance >= EVEN:
        return "within reach", ""
    if chance < SLIM and assurance == FAILING:
        return "out of reach without change", ""
    return "a stretch", ""


def trajectory(
    start: float,
    target: float,
    periods: int,
    shape: Shape = "straight",
    *,
    tolerance: float = 0.0,
) -> pd.DataFrame:
    """Lay out the way from a figure to a target, period by period.

    Parameters
    ----------
    start, target : float
        In one unit. From a missing start only the end of the way is known; the rest is NaN.
    periods : int
        How many, from 1.
    shape : {"straight", "compound"}
        The same change, or the same percentage of change, in every period.
    tolerance : float
        How far off the way is still on it, in the same unit.

    Returns
    -------
    pandas.DataFrame
        By `period`, 0 (the start) to `periods` (the target): `needed`, and `lower` and `upper`,
        the band of the tolerance.

    Raises
    ------
    ValueError
        For fewer than one period, an unknown shape, a negative tolerance, an infinite figure, or a
        compound way from, to or through 0.

    References
    ----------
    Arithmetic: start + (target - start) · t/n, or start · (target/start)^(t/n).

    Examples
    --------
    >>> way = trajectory(40, 55, 3, tolerance=2)
    >>> way["needed"].tolist(), way["lower"].tolist()
    ([40.0, 45.0, 50.0, 55.0], [38.0, 43.0, 48.0, 53.0])
    >>> trajectory(100, 81, 2, "compound")["needed"].tolist()
    [100.0, 90.0, 81.0]
    """
    if periods != int(periods) or periods < 1:
        raise ValueError(f"periods: expected a whole number from 1, not {periods}")
    if shape not in get_args(Shape):
        raise ValueError(f"shape: expected 'straight' or 'compound', not {shape!r}")
    if tolerance < 0:
        raise ValueError(f"tolerance: expected 0 or more, not {tolerance}")
    if np.isinf([start, target]).any():
        raise ValueError(f"expected finite figures, not {start} and {target}")
    if shape == "straight":
        needed = np.linspace(start, target, int(periods) + 1)
    elif start * target <= 0:
        raise ValueError(f"shape: no percentage leads from {start} to {target}")
    else:
        needed = start * (target / start) ** np.linspace(0, 1, int(periods) + 1)
        needed[-1] = target
    return pd.DataFrame(
        {"needed": needed, "lower": needed - tolerance, "upper": needed + tolerance},
        index=pd.RangeIndex(int(periods) + 1, name="period"),
    )


def rag(
    value: npt.ArrayLike,
    target: npt.ArrayLike,
    tolerance: npt.ArrayLike,
    polarity: npt.ArrayLike,
) -> str | npt.NDArray[np.str_]:
    """Say whether a target is met, nearly met or missed: what red, amber and green stand for.

    The words come first, and a colour never stands alone. The traps:

    - It is a verdict on one figure. A system that varies round its target is green and red by turns
      while nothing changes: read a control chart before asking anybody why.
    - Whoever sets the tolerance sets the colours. It is to be set before the figures are known.
    - 79.9 is red and 80.0 green, though nobody could tell them apart: look at the interval, and in
      small councils before all.
    - It sees no direction. A red that improves steadily and a red that falls look the same.
    - Many ambers make no green: statuses are not to be counted, averaged or ranked.
    - A figure that decides a colour is soon managed for the colour.

    Parameters
    ----------
    value, target : array_like
        In one unit; they broadcast, as do the others.
    tolerance : array_like
        By how much a target may be missed and still be nearly met, in the same unit; not per cent.
    polarity : array_like of {"high", "low"}
        Whether the target is to be reached from below or from above.

    Returns
    -------
    str or numpy.ndarray of str
        "met" (at the target or beyond), "near", "missed"; "cannot tell" where a number is missing.

    Raises
    ------
    ValueError
        For a negative tolerance, or a polarity without a direction.

    References
    ----------
    D. J. Wheeler, *Understanding Variation*, 2nd edition (2000), on comparing single figures with
    specifications.

    Examples
    --------
    >>> rag(78, 80, 2, "high")
    'near'
    >>> rag([9.5, 10.2, 14, float("nan")], 10, 0.5, "low").tolist()
    ['met', 'near', 'missed', 'cannot tell']
    """
    room = np.asarray(tolerance, dtype=np.float64)
    if (room < 0).any():
        raise ValueError(f"tolerance: expected 0 or more, not {room[room < 0][0]}")
    toward = np.asarray(polarity)
    for given in np.unique(toward.astype(str)).tolist():
        if given not in get_args(Direction):
            raise ValueError(f"polarity: a target needs 'high' or 'low', not {given!r}")
    beyond = _beyond(value, target, toward)
    # 80.3 - 80.2 is a little under 0.1 in floating point, and 0.8 - 0.7 a little over it.
    near = (beyond >= -room) | np.isclose(beyond, -room, rtol=1e-9, atol=0)
    words = np.select(
        [np.isnan(beyond) | np.isnan(room), beyond >= 0, near],
        ["cannot tell", "met", "near"],
        "missed",
    )
    said: str | npt.NDArray[np.str_] = series.plain(words)
    return said
