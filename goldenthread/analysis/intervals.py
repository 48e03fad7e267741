"""How far chance alone could move a figure: confidence limits of counts, rates and shares.

The methods are those of OHID's technical guidance on public health intelligence methods, so that a
limit computed here is the limit that Fingertips would print.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

Array: TypeAlias = npt.NDArray[np.float64]

#: One number where numbers were given, an array where arrays were.
Figures: TypeAlias = float | Array

#: Standard people in each age group of five years, the last one 90 and over (Eurostat, 2013).
EUROPEAN_STANDARD_POPULATION_2013: Final = (
    *(5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000),
    *(7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000),
)

#: From this many events on, Byar's approximation stands in for the exact limits, and a
#: standardised rate is worth computing.
ENOUGH_EVENTS: Final = 10


class Limits(NamedTuple):
    """The lower and the upper limit of a figure."""

    lower: Figures
    upper: Figures


class Estimate(NamedTuple):
    """A figure with its lower and its upper limit."""

    value: Figures
    lower: Figures
    upper: Figures


def z_score(level: float) -> float:
    """Give the number of standard errors on either side that hold a share of a normal distribution.

    Parameters
    ----------
    level : float
        Between 0 and 1, such as 0.95 or 0.998.

    Returns
    -------
    float
        Φ⁻¹(level + (1 - level)/2).

    Raises
    ------
    ValueError
        For a level outside (0, 1).

    Examples
    --------
    >>> round(z_score(0.95), 4), round(z_score(0.998), 4)
    (1.96, 3.0902)
    """
    return float(special.ndtri(1 - _tail(level)))


def _tail(level: float) -> float:
    """Give the probability beyond each limit."""
    if not 0 < level < 1:
        raise ValueError(f"level: expected a number between 0 and 1, such as 0.95, not {level}")
    return (1 - level) / 2


def non_negative(values: npt.ArrayLike, name: str) -> Array:
    """Take values as an array, refusing any below zero; NaN passes.

    Parameters
    ----------
    values : array_like
    name : str
        What they are called where they came in, for the message.

    Returns
    -------
    numpy.ndarray of float

    Raises
    ------
    ValueError
        For a negative or an infinite value, which it names.

    Examples
    --------
    >>> non_negative([0, 3], "count").tolist()
    [0.0, 3.0]
    """
    array = np.asarray(values, dtype=np.float64)
    bad = array[(array < 0) | np.isinf(array)]
    if bad.size:
        raise ValueError(f"{name}: expected zero or more, not {bad[0]:g}")
    return array


def positive(values: npt.ArrayLike, name: str) -> Array:
    """Take values as an array, refusing zero and any below it; NaN passes.

    Parameters
    ----------
    values : array_like
    name : str
        What they are called where they came in, for the message.

    Returns
    -------
    numpy.ndarray of float

    Raises
    ------
    ValueError
        For a zero, a negative or an infinite value, which it names.

    Examples
    --------
    >>> positive(100_000, "denominator").item()
    100000.0
    """
    array = np.asarray(values, dtype=np.float64)
    bad = array[(array <= 0) | np.isinf(array)]
    if bad.size:
        raise ValueError(f"{name}: expected more than zero, not {bad[0]:g}")
    return array


def finite(values: npt.ArrayLike, name: str) -> Array:
    """Take values as an array, refusing an infinite one; NaN passes.

    Parameters
    ----------
    values : array_like
    name : str
        What they are called where they came in, for the message.

    Returns
    -------
    numpy.ndarray of float

    Raises
    ------
    ValueError
        For an infinite value, which it names.

    Examples
    --------
    >>> finite([-1, float("nan")], "values").tolist()
    [-1.0, nan]
    """
    array = np.asarray(values, dtype=np.float64)
    bad = array[np.isinf(array)]
    if bad.size:
        raise ValueError(f"{name}: expected finite figures, not {bad[0]:g}")
    return array


def no_more_than(counts: Array, denominators: Array) -> None:
    """Refuse a count that is larger than what it is a part of.

    Parameters
    ----------
    counts, denominators : numpy.ndarray of float
        Of shapes that broadcast.

    Raises
    ------
    ValueError
        For such a count, which it names with its denominator.

    Examples
    --------
    >>> no_more_than(np.array(3.0), np.array([3.0, 4.0]))
    """
    bad = counts > denominators
    if bad.any():
        count, denominator = (np.broadcast_to(a, bad.shape)[bad][0] for a in (counts, denominators))
        raise ValueError(
            f"count: expected no more than its denominator, not {count:g} of {denominator:g}"
        )


def byars(count: npt.ArrayLike, level: float = 0.95) -> Limits:
    """Give Byar's limits of a count of events.

    L = x(1 - 1/(9x) - z/(3√x))³ and U = (x + 1)(1 - 1/(9(x + 1)) + z/(3√(x + 1)))³. Where the lower
    limit comes out negative the approximation has failed, and there is none: always for a count of
    0, and at 99.8% for a count of 1.

    Parameters
    ----------
    count : array_like
        Events, zero or more; they need not be whole.
    level : float
        Share of such intervals that hold the true value.

    Returns
    -------
    Limits
        `lower` and `upper`, in events, of the shape of `count`. NaN for a missing count, and for a
        lower limit that would be negative.

    Raises
    ------
    ValueError
        For a negative count, or a level outside (0, 1).

    Notes
    -----
    Breslow and Day, *Statistical methods in cancer research*, volume II (1987), as OHID's technical
    guidance has it.

    Examples
    --------
    >>> lower, upper = byars(100)
    >>> print(f"{lower:.2f} to {upper:.2f}")
    81.36 to 121.63
    """
    lower, upper = _byars(non_negative(count, "count"), level)
    return Limits(lower[()], upper[()])


def _byars(count: Array, level: float) -> tuple[Array, Array]:
    z = z_score(level)
    # A count of 0 divides by zero on its way to a lower limit of minus infinity, which is none.
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = count * (1 - 1 / (9 * count) - z / (3 * np.sqrt(count))) ** 3
    more = count + 1
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(lower < 0, np.nan, lower), upper


def exact_poisson(count: npt.ArrayLike, level: float = 0.95) -> Limits:
    """Give the exact limits of a count of events, from the Poisson distribution.

    L = χ²⁻¹(a/2; 2x)/2, which is 0 at x = 0, and U = χ²⁻¹(1 - a/2; 2x + 2)/2, with a = 1 - level.

    Parameters
    ----------
    count : array_like
        Events, zero or more.
    level : float
        At least this share of such intervals hold the true value.

    Returns
    -------
    Limits
        `lower` and `upper`, in events, of the shape of `count`. NaN for a missing count.

    Raises
    ------
    ValueError
        For a negative count, or a level outside (0, 1).

    Notes
    -----
    Garwood, *Biometrika* 28 (1936), as OHID's technical guidance has it.

    Examples
    --------
    >>> lower, upper = exact_poisson(5)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    1.623 to 11.668
    """
    lower, upper = _exact_poisson(non_negative(count, "count"), level)
    return Limits(lower[()], upper[()])


def _exact_poisson(count: Array, level: float) -> tuple[Array, Array]:
    tail = _tail(level)
    # Half a χ² on 2k degrees of freedom is a gamma of shape k.
    lower = np.where(count == 0, 0.0, special.gammaincinv(count, tail))
    upper = np.asarray(special.gammainccinv(count + 1, tail), dtype=np.float64)
    return lower, upper


def count_limits(count: Array, level: float) -> tuple[Array, Array]:
    """Give a count's limits as OHID does: exact below ten events, Byar's from ten.

    Parameters
    ----------
    count : numpy.ndarray of float
        Events, zero or more.
    level : float

    Returns
    -------
    tuple of numpy.ndarray of float
        Lower and upper, in events.

    Examples
    --------
    >>> lower, upper = count_limits(np.array([9.0, 10.0]), 0.95)
    >>> lower.round(3).tolist()
    [4.115, 4.787]
    """
    few = count < ENOUGH_EVENTS
    lower, upper = _byars(count, level)
    # A large count has no use for its exact limits, which are dear; so they are not asked for.
    exact_lower, exact_upper = _exact_poisson(np.where(few, count, np.nan), level)
    return np.where(few, exact_lower, lower), np.where(few, exact_upper, upper)


def rate(
    count: npt.ArrayLike,
    denominator: npt.ArrayLike,
    per: float = 100_000,
    level: float = 0.95,
) -> Estimate:
    """Give a crude rate with its limits: exact below ten events, Byar's from ten.

    Parameters
    ----------
    count : array_like
        Events, zero or more.
    denominator : array_like
        People (or whatever the events happen to), more than zero; of a shape that broadcasts.
    per : float
        How many of them the rate is for.
    level : float
        Share of such intervals that hold the true value.

    Returns
    -------
    Estimate
        `value`, `lower` and `upper`, per `per`. NaN where either number is missing.

    Raises
    ------
    ValueError
        For a negative count, a denominator or `per` of zero or less, or a level outside (0, 1).

    Notes
    -----
    OHID's technical guidance, crude rates.

    Examples
    --------
    >>> value, lower, upper = rate(65, 100_000)
    >>> print(f"{value:.1f} ({lower:.1f} to {upper:.1f})")
    65.0 (50.2 to 82.8)
    """
    counts = non_negative(count, "count")
    scale = positive(per, "per") / positive(denominator, "denominator")
    lower, upper = count_limits(counts, level)
    return Estimate((counts * scale)[()], (lower * scale)[()], (upper * scale)[()])


def wilson(count: npt.ArrayLike, denominator: npt.ArrayLike, level: float = 0.95) -> Limits:
    """Give Wilson's score limits of a share.

    (2x + z² ∓ z√(z² + 4x(1 - x/n))) / (2(n + z²)). Unlike limits from the share's standard error,
    these are of use at 0% and at 100% too, and never leave that range.

    Parameters
    ----------
    count : array_like
        How many, zero or more.
    denominator : array_like
        Of how many; more than zero, no less than the count, of a shape that broadcasts.
    level : float
        Share of such intervals that hold the true value.

    Returns
    -------
    Limits
        `lower` and `upper`, as shares of 1. NaN where either number is missing.

    Raises
    ------
    ValueError
        For a negative count, a denominator of zero or less, a count above its denominator, or a
        level outside (0, 1).

    Notes
    -----
    Wilson, *Journal of the American Statistical Association* 22 (1927), as OHID's technical
    guidance has it.

    Examples
    --------
    >>> lower, upper = wilson(0, 20)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    0.000 to 0.161
    """
    lower, upper = _wilson(*_parts(count, denominator), level)
    return Limits(lower[()], upper[()])


def _parts(count: npt.ArrayLike, denominator: npt.ArrayLike) -> tuple[Array, Array]:
    """Take counts and what they are parts of."""
    parts, wholes = non_negative(count, "count"), positive(denominator, "denominator")
    no_more_than(parts, wholes)
    return parts, wholes


def _wilson(count: Array, denominator: Array, level: float) -> tuple[Array, Array]:
    z, share = z_score(level), count / denominator
    middle = 2 * count + z**2
    width = z * np.sqrt(z**2 + 4 * count * (1 - share))
    scale = 2 * (denominator + z**2)
    # Clipped, because at 0% and 100% rounding may leave a limit on the wrong side of the share.
    return np.clip((middle - width) / scale, 0, share), np.clip((middle + width) / scale, share, 1)


def proportion(
    count: npt.ArrayLike, denominator: npt.ArrayLike, per: float = 100, level: float = 0.95
) -> Estimate:
    """Give a share with Wilson's limits.

    Parameters
    ----------
    count : array_like
        How many, zero or more.
    denominator : array_like
        Of how many; more than zero, no less than the count, of a shape that broadcasts.
    per : float
        100 for per cent.
    level : float
        Share of such intervals that hold the true value.

    Returns
    -------
    Estimate
        `value`, `lower` and `upper`, per `per`. NaN where either number is missing.

    Raises
    ------
    ValueError
        For a negative count, a denominator or `per` of zero or less, a count above its denominator,
        or a level outside (0, 1).

    Notes
    -----
    See `wilson`.

    Examples
    --------
    >>> value, lower, upper = proportion(65, 100)
    >>> print(f"{value:.1f}% ({lower:.1f}% to {upper:.1f}%)")
    65.0% (55.3% to 73.6%)
    """
    parts, wholes = _parts(count, denominator)
    scale = positive(per, "per")
    lower, upper = _wilson(parts, wholes, level)
    return Estimate((parts / wholes * scale)[()], (lower * scale)[()], (upper * scale)[()])


def standardised_rate(
    counts: npt.ArrayLike,
    populations: npt.ArrayLike,
    weights: npt.ArrayLike = EUROPEAN_STANDARD_POPULATION_2013,
    per: float = 100_000,
    level: float = 0.95,
) -> Estimate:
    """Give a directly standardised rate: what it would be if every area had the same ages.

    The value is Σ(w·r)/Σw. Its limits are Dobson's: with var = Σ(w²·O/n²)/(Σw)² and O the total
    count, DSR + √(var/O)·(Byar's limit of O - O).

    Parameters
    ----------
    counts : array_like, shape (…, g)
        Events in each age group, the last axis.
    populations : array_like, shape (…, g)
        People in each age group, more than zero.
    weights : array_like, shape (g,)
        Standard people in each age group; by default the European Standard Population of 2013, in
        nineteen groups of five years, the last one 90 and over.
    per : float
        How many people the rate is for.
    level : float
        Share of such intervals that hold the true value.

    Returns
    -------
    Estimate
        `value`, `lower` and `upper`, per `per`, of shape (…). NaN with fewer than ten events in
        all, and where a number is missing in any age group: `phe_dsr` of the R package
        PHEindicatormethods takes a missing count for zero, but a missing value is not one.

    Raises
    ------
    ValueError
        For a negative count or weight, a population or `per` of zero or less, another number of age
        groups than of weights, or a level outside (0, 1).

    Notes
    -----
    Dobson and others, *Statistics in Medicine* 10 (1991), as OHID's technical guidance has it.

    Examples
    --------
    >>> value, lower, upper = standardised_rate([10, 90], [1000, 2000], weights=[50, 50], per=1000)
    >>> print(f"{value:.1f} ({lower:.1f} to {upper:.1f})")
    27.5 (22.2 to 33.7)
    """
    events = np.atleast_1d(non_negative(counts, "counts"))
    people = np.atleast_1d(positive(populations, "populations"))
    standard = np.atleast_1d(non_negative(weights, "weights"))
    events, people = np.broadcast_arrays(events, people)
    if standard.shape != events.shape[-1:]:
        raise ValueError(
            f"weights: expected one for each of {events.shape[-1]} age groups, not {standard.size}"
        )
    scale = positive(per, "per") / positive(standard.sum(), "sum of weights")
    total = events.sum(axis=-1)
    enough = total >= ENOUGH_EVENTS
    value = np.where(enough, (standard * events / people).sum(axis=-1) * scale, np.nan)
    variance = (standard**2 * events / people**2).sum(axis=-1) * scale**2
    lower, upper = _byars(total, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(variance / total)
        below, above = spread * (lower - total), spread * (upper - total)
    return Estimate(value[()], (value + below)[()], (value + above)[()])


def mean(values: npt.ArrayLike, level: float = 0.95) -> Estimate:
    """Give the mean of values with the limits of Student's t distribution.

    Parameters
    ----------
    values : array_like, shape (…, n)
        The values to average, on the last axis.
    level : float
        Share of such intervals that hold the true value.

    Returns
    -------
    Estimate
        `value`, `lower` and `upper`, in the unit of the values, of shape (…). NaN where a value is
        missing (leave it out first if the others are meant to stand for it); one value alone has a
        mean, but no limits.

    Raises
    ------
    ValueError
        For an infinite value, or a level outside (0, 1).

    Notes
    -----
    OHID's technical guidance, means.

    Examples
    --------
    >>> value, lower, upper = mean([30, 40, 50, 60])
    >>> print(f"{value:.1f} ({lower:.1f} to {upper:.1f})")
    45.0 (24.5 to 65.5)
    """
    array = np.atleast_1d(finite(values, "values"))
    number, tail = array.shape[-1], _tail(level)
    if number == 0:
        nothing = np.full(array.shape[:-1], np.nan)[()]
        return Estimate(nothing, nothing, nothing)
    value = array.mean(axis=-1)
    if number == 1:
        nothing = np.full_like(value, np.nan)[()]
        return Estimate(value[()], nothing, nothing)
    half = special.stdtrit(number - 1, 1 - tail) * array.std(axis=-1, ddof=1) / np.sqrt(number)
    return Estimate(value[()], (value - half)[()], (value + half)[()])
