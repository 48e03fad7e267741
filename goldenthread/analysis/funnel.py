"""Funnels: which areas differ from the average by more than areas of their size do by chance.

With councils of a hundred thousand people and more, chance alone explains so little that almost
every council lies outside a plain funnel: what shows is that councils differ, which nobody doubted.
`overdispersed` widens the funnel by as much as councils differ anyway, and is the one to draw;
the chart has to say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from goldenthread.analysis.comparison import NOT_COMPARED, places, quantiles
from goldenthread.analysis.intervals import (
    Array,
    Figures,
    count_limits,
    no_more_than,
    non_negative,
    positive,
    z_score,
)

Kind: TypeAlias = Literal["proportion", "ratio"]
Scale: TypeAlias = Literal["square root", "log"]

#: What is said of an area that can be compared, from the highest to the lowest.
STATUSES: Final = ("high 99.8%", "high 95%", "within", "low 95%", "low 99.8%")

#: The funnel's lines for areas of given sizes: lower and upper at 95%, lower and upper at 99.8%.
_Lines: TypeAlias = tuple[Array, Array, Array, Array]

_Truths: TypeAlias = npt.NDArray[np.bool_]

_Z_95, _Z_998 = z_score(0.95), z_score(0.998)


class FunnelLimits(NamedTuple):
    """The lines of a funnel."""

    lower_95: Figures
    upper_95: Figures
    lower_998: Figures
    upper_998: Figures


@dataclass(frozen=True, eq=False)
class Funnel:
    """Areas in a funnel.

    Attributes
    ----------
    value : numpy.ndarray of float, shape (…, n)
        Each area's share of 1, or ratio; NaN where either of its numbers is missing.
    average : float or numpy.ndarray of float, shape (…)
        The middle of the funnel: the share of all areas together, or a ratio of 1.
    lower_95, upper_95, lower_998, upper_998 : numpy.ndarray of float, shape (…, n)
        Each area's limits; the function that made the funnel says what they are limits of.
    status : numpy.ndarray of str, shape (…, n)
        One of `STATUSES`; "not compared" where there is no value.
    """

    value: Array
    average: Figures
    lower_95: Array
    upper_95: Array
    lower_998: Array
    upper_998: Array
    status: npt.NDArray[np.str_]
    _lines: Callable[[Array], _Lines] = field(repr=False)

    def curve(self, denominators: npt.ArrayLike) -> FunnelLimits:
        """Give the lines of the funnel, at any size of area.

        Parameters
        ----------
        denominators : array_like, shape (m,)
            Denominators or expected counts, more than zero.

        Returns
        -------
        FunnelLimits
            `lower_95`, `upper_95`, `lower_998` and `upper_998`, in the unit of `value`; of shape
            (…, m), or (…) for one size.

        Raises
        ------
        ValueError
            For a denominator of zero or less.

        Examples
        --------
        >>> lines = funnel_proportion([30, 20], [100, 100]).curve([25, 100])
        >>> lines.upper_95.round(3).tolist()
        [0.42, 0.335]
        """
        sizes = positive(denominators, "denominators")
        lines = self._lines(np.atleast_1d(sizes))
        return FunnelLimits(*(line if sizes.ndim else line[..., 0][()] for line in lines))


@dataclass(frozen=True, eq=False)
class OverdispersedFunnel(Funnel):
    """Areas in a funnel that is widened by as much as they differ anyway.

    Attributes
    ----------
    phi : float or numpy.ndarray of float, shape (…)
        How much further areas are from the average than chance would take them: φ, the mean of
        their squared z-scores, about 1 where chance explains everything.
    tau2 : float or numpy.ndarray of float, shape (…)
        The variance between areas, on the scale of the z-scores; 0 leaves the funnel as it was.
    """

    phi: Figures
    tau2: Figures


def funnel_proportion(count: npt.ArrayLike, denominator: npt.ArrayLike) -> Funnel:
    """Put shares into a funnel around the share of all areas together.

    Limits are p̄ ± z√(p̄(1 - p̄)/n), kept within 0 and 1, where p̄ = Σx/Σn. A value on a limit is
    within it. An area is outside the limits exactly when the average is outside the area's own
    Wilson limits.

    Parameters
    ----------
    count : array_like, shape (…, n)
        How many, in each area; areas are on the last axis.
    denominator : array_like, shape (…, n)
        Of how many; more than zero, and no less than the count.

    Returns
    -------
    Funnel
        Its limits are those of the average, for areas of each one's size.

    Raises
    ------
    ValueError
        For a negative count, a denominator of zero or less, or a count above its denominator.

    Notes
    -----
    Spiegelhalter, *Statistics in Medicine* 24 (2005), and OHID's technical guidance.

    Examples
    --------
    >>> found = funnel_proportion([8, 30, 62], [100, 100, 200])
    >>> float(found.average), found.status.tolist()
    (0.25, ['low 99.8%', 'within', 'within'])
    """
    part, whole = _pairs(count, denominator, "count", "denominator")
    no_more_than(part, whole)
    average = _average(part, whole)
    value, lines = part / whole, partial(_proportion_lines, average)
    limits = lines(whole)
    return Funnel(
        value, average[..., 0][()], *limits, _status(value, *_beyond(value, limits)), lines
    )


def funnel_ratio(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Funnel:
    """Put ratios of observed to expected counts into a funnel around 1.

    An area is high when 1 lies below the limits of its own ratio, and low when 1 lies above them:
    exact limits below ten events, Byar's from ten. The lines of the funnel are exact: the count at
    which an area's exact limit would just touch what is expected, divided by what is expected. So
    an area of fewer than ten events is outside the lines exactly when its status says so (unless it
    expects less than 0.03 events, where one event is on the line and yet high); from ten on,
    by an approximation that is good to the third digit.

    Parameters
    ----------
    observed : array_like, shape (…, n)
        Events in each area; areas are on the last axis.
    expected : array_like, shape (…, n)
        Events expected in each area, more than zero.

    Returns
    -------
    Funnel
        Its limits are those of each area's own ratio; the funnel's are given by `curve`.

    Raises
    ------
    ValueError
        For a negative observed count, or an expected one of zero or less.

    Notes
    -----
    OHID's technical guidance; the R package PHEindicatormethods draws and judges in the same way.
    FunnelPlotR draws plain limits from the exact limits of the expected count instead, which are a
    little wider above and narrower below.

    Examples
    --------
    >>> found = funnel_ratio([0, 5, 40], [4.0, 5.0, 20.0])
    >>> found.status.tolist()
    ['low 95%', 'within', 'high 99.8%']
    """
    events, hoped = _pairs(observed, expected, "observed", "expected")
    lower_95, upper_95 = (limit / hoped for limit in count_limits(events, 0.95))
    lower_998, upper_998 = (limit / hoped for limit in count_limits(events, 0.998))
    value = events / hoped
    status = _status(value, lower_998 > 1, lower_95 > 1, upper_95 < 1, upper_998 < 1)
    return Funnel(value, 1.0, lower_95, upper_95, lower_998, upper_998, status, _ratio_lines)


def overdispersed(
    count: npt.ArrayLike,
    denominator: npt.ArrayLike,
    kind: Kind = "proportion",
    *,
    scale: Scale = "square root",
    winsorise: float = 0.1,
    truncate: bool = False,
) -> OverdispersedFunnel:
    """Put areas into a funnel that is widened by as much as they differ anyway.

    Each area's distance from the middle becomes a z-score on a scale where its standard error s
    depends on its size alone. Their extremes are pulled in, so that the very areas one is looking
    for do not hide themselves by widening the funnel. Then φ = Σz²/n and
    τ² = max(0, (nφ - (n - 1))/(Σw - Σw²/Σw)) with w = 1/s², and the limits are ± z√(s² + τ²), turned
    back into shares or ratios.

    Parameters
    ----------
    count : array_like, shape (…, n)
        How many, or the observed events, in each area; areas are on the last axis.
    denominator : array_like, shape (…, n)
        Of how many, or the expected events; more than zero.
    kind : {"proportion", "ratio"}
        Shares lie around the share of all areas together, ratios around 1.
    scale : {"square root", "log"}
        Of ratios: the square root with s = 1/(2√E), as Spiegelhalter and the Care Quality
        Commission have it, or the logarithm with s = 1/√E, as NHS England's SHMI has it, which knows
        no zero. Shares are always on the arcsine scale: arcsin√p with s = 1/(2√n).
    winsorise : float
        The part of z-scores in either tail that is pulled in to the quantile there.
    truncate : bool
        Leave the tails out, as the SHMI does, instead of pulling them in. FunnelPlotR, an R package,
        does so by default, together with the logarithm.

    Returns
    -------
    OverdispersedFunnel
        Its limits are those of the middle, for areas of each one's size; `phi` and `tau2` say how
        much it had to be widened.

    Raises
    ------
    ValueError
        For a negative count, a denominator of zero or less, a share's count above its denominator,
        a count of zero on the log scale, a `winsorise` outside 0 to 0.5, or another kind or scale.

    Notes
    -----
    Spiegelhalter, *Quality and Safety in Health Care* 14 (2005), and Spiegelhalter and others,
    *Journal of the Royal Statistical Society* A 175 (2012). Limits are stopped at 0 and 1 before
    they are turned back; FunnelPlotR lets them turn round there.

    Examples
    --------
    >>> found = overdispersed([200, 300, 250, 400, 240], [1000] * 5)
    >>> print(f"{found.phi:.1f} {found.tau2:.4f}")
    13.1 0.0038
    >>> funnel_proportion([200, 300, 250, 400, 240], [1000] * 5).status.tolist()
    ['low 99.8%', 'within', 'low 95%', 'high 99.8%', 'low 95%']
    >>> found.status.tolist()
    ['within', 'within', 'within', 'high 95%', 'within']
    """
    if kind not in ("proportion", "ratio"):
        raise ValueError(f"kind: expected 'proportion' or 'ratio', not {kind!r}")
    if scale not in ("square root", "log"):
        raise ValueError(f"scale: expected 'square root' or 'log', not {scale!r}")
    if not 0 <= winsorise < 0.5:
        raise ValueError(f"winsorise: expected from 0 to below 0.5, not {winsorise}")
    part, whole = _pairs(count, denominator, "count", "denominator")
    if kind == "proportion":
        no_more_than(part, whole)
        average, stable = _average(part, whole), _ARCSINE
    else:
        average = np.ones((*part.shape[:-1], 1))
        stable = _SQUARE_ROOT if scale == "square root" else _LOG
        if stable is _LOG and (part == 0).any():
            raise ValueError("count: expected more than zero on the log scale, not 0")
    value = part / whole
    error = stable.error(whole)
    z = (stable.to(value) - stable.to(average)) / error
    phi, tau2 = _dispersion(*_trimmed(z, error, winsorise, truncate))
    lines = partial(_adjusted_lines, stable, average, tau2)
    limits = lines(whole)
    return OverdispersedFunnel(
        value,
        average[..., 0][()],
        *limits,
        _status(value, *_beyond(value, limits)),
        lines,
        phi[..., 0][()],
        tau2[..., 0][()],
    )


def _trimmed(z: Array, error: Array, part: float, truncate: bool) -> tuple[Array, Array]:
    """Pull in, or leave out, the z-scores in both tails; with their standard errors."""
    if truncate:
        share = places(z, "average") / (np.sum(~np.isnan(z), axis=-1, keepdims=True) + 1)
        z = np.where((share >= part) & (share < 1 - part), z, np.nan)
    else:
        tails = quantiles(z, [part, 1 - part])
        z = np.clip(z, tails[..., :1], tails[..., 1:])
    return z, np.where(np.isnan(z), np.nan, error)


def _dispersion(z: Array, error: Array) -> tuple[Array, Array]:
    """Give φ and τ², keeping the axis."""
    number = np.sum(~np.isnan(z), axis=-1, keepdims=True)
    squares = np.nansum(z**2, axis=-1, keepdims=True)
    weights = error**-2
    total = np.nansum(weights, axis=-1, keepdims=True)
    nothing = np.full(squares.shape, np.nan)
    phi = np.divide(squares, number, out=nothing.copy(), where=number > 0)
    uneven = np.divide(
        np.nansum(weights**2, axis=-1, keepdims=True), total, out=nothing, where=number > 0
    )
    # One area alone does not differ from others.
    tau2 = np.divide(
        squares - (number - 1), total - uneven, out=np.zeros_like(phi), where=number > 1
    )
    return phi, np.where(number > 0, np.maximum(tau2, 0), np.nan)


class _Stable(NamedTuple):
    """A scale on which an area's standard error depends on its size alone."""

    to: Callable[[Array], Array]
    back: Callable[[Array], Array]
    error: Callable[[Array], Array]


_ARCSINE: Final = _Stable(
    to=lambda value: np.arcsin(np.sqrt(value)),
    back=lambda angle: np.sin(np.clip(angle, 0, np.pi / 2)) ** 2,
    error=lambda size: 0.5 / np.sqrt(size),
)
_SQUARE_ROOT: Final = _Stable(
    to=np.sqrt,
    back=lambda root: np.maximum(root, 0) ** 2,
    error=lambda size: 0.5 / np.sqrt(size),
)


def _exp(logarithm: Array) -> Array:
    """Turn a logarithm back; what is too large for a number has no upper limit."""
    with np.errstate(over="ignore"):
        return np.exp(logarithm)


_LOG: Final = _Stable(to=np.log, back=_exp, error=lambda size: 1 / np.sqrt(size))


def _adjusted_lines(stable: _Stable, average: Array, tau2: Array, size: Array) -> _Lines:
    middle = stable.to(average)
    error = np.sqrt(stable.error(size) ** 2 + tau2)
    return (
        stable.back(middle - _Z_95 * error),
        stable.back(middle + _Z_95 * error),
        stable.back(middle - _Z_998 * error),
        stable.back(middle + _Z_998 * error),
    )


def _proportion_lines(average: Array, size: Array) -> _Lines:
    error = np.sqrt(average * (1 - average) / size)
    return (
        np.clip(average - _Z_95 * error, 0, 1),
        np.clip(average + _Z_95 * error, 0, 1),
        np.clip(average - _Z_998 * error, 0, 1),
        np.clip(average + _Z_998 * error, 0, 1),
    )


def _ratio_lines(size: Array) -> _Lines:
    # The k below which, and from which, a Poisson count of that mean falls with the tail's chance;
    # between whole numbers as the exact limits have it.
    return (
        special.pdtrik(0.025, size) / size,
        (special.pdtrik(0.975, size) + 1) / size,
        special.pdtrik(0.001, size) / size,
        (special.pdtrik(0.999, size) + 1) / size,
    )


def _pairs(
    count: npt.ArrayLike, denominator: npt.ArrayLike, count_name: str, denominator_name: str
) -> tuple[Array, Array]:
    """Take counts and denominators, both missing where either is."""
    counts, denominators = np.broadcast_arrays(
        np.atleast_1d(non_negative(count, count_name)),
        np.atleast_1d(positive(denominator, denominator_name)),
    )
    missing = np.isnan(counts) | np.isnan(denominators)
    return np.where(missing, np.nan, counts), np.where(missing, np.nan, denominators)


def _average(part: Array, whole: Array) -> Array:
    """Give the share of all areas together, keeping the axis."""
    parts, wholes = (np.nansum(a, axis=-1, keepdims=True) for a in (part, whole))
    nothing = np.full(wholes.shape, np.nan)
    return np.asarray(np.divide(parts, wholes, out=nothing, where=wholes > 0))


def _beyond(value: Array, lines: _Lines) -> tuple[_Truths, _Truths, _Truths, _Truths]:
    """Say which lines a value is beyond; on a line is within it."""
    lower_95, upper_95, lower_998, upper_998 = lines
    return value > upper_998, value > upper_95, value < lower_95, value < lower_998


def _status(
    value: Array, high_998: _Truths, high_95: _Truths, low_95: _Truths, low_998: _Truths
) -> npt.NDArray[np.str_]:
    """Say what is true of each area."""
    return np.select(
        [np.isnan(value), high_998, high_95, low_998, low_95],
        [NOT_COMPARED, "high 99.8%", "high 95%", "low 99.8%", "low 95%"],
        default="within",
    )
