"""What comes next if nothing changes: four plain methods, tried on the past, with their intervals."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.tools.sm_exceptions import (  # type: ignore[import-untyped]
    ConvergenceWarning,
)
from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # type: ignore[import-untyped]
from statsmodels.tsa.holtwinters import SimpleExpSmoothing  # type: ignore[import-untyped]
from statsmodels.tsa.seasonal import seasonal_decompose  # type: ignore[import-untyped]

from goldenthread.analysis.series import Numbers, slack
from goldenthread.analysis.shewhart import one

Method = Literal["naive", "drift", "theta", "ets"]

#: From the simplest on: the first of equals is taken.
METHODS: Final[tuple[Method, ...]] = get_args(Method)

#: Fewer figures than these say nothing about how far the next may be from the last.
FEWEST: Final = 4

UNSETTLED: Final = "its fit does not settle"

#: Errors in the trials closer than this, in ordinary steps of the series, are equal.
TIE: Final = 1e-6


@dataclass(frozen=True, eq=False)
class Forecast:
    """Forecasts with their intervals, and how the methods did when they were tried on the past.

    Attributes
    ----------
    method : {"naive", "drift", "theta", "ets"}
        Which method made `table`.
    table : pandas.DataFrame
        By `period` (1 for the first after the figures given, to the horizon): `value`, `lower_80`,
        `upper_80`, `lower_95` and `upper_95`, in the unit of the figures.
    backtest : pandas.DataFrame
        By `method`, the simplest first: `mae`, the mean absolute error in the unit of the figures;
        `mase`, the same in ordinary steps of the series; `trials`, from how many points in the past
        it was tried; `reason`, why it was not, or "".
    others : mapping of str to pandas.DataFrame
        The tables of the other methods that were tried, like `table`.
    distribution : pandas.DataFrame
        By `period`: `mean` and `standard_error` of the normal distribution that the intervals are
        of, before they were cut at the bounds.
    """

    method: Method
    table: pd.DataFrame
    backtest: pd.DataFrame
    others: Mapping[Method, pd.DataFrame]
    distribution: pd.DataFrame


def forecast(
    values: npt.ArrayLike,
    horizon: int,
    *,
    method: Method | None = None,
    bounds: tuple[float, float] | None = None,
    season: int | None = None,
) -> Forecast:
    """Forecast a series by the method that would have forecast its past best.

    Every forecast of the past is made from the figures before it alone (a rolling origin), by all
    methods from the same points, to the same horizon. The smallest mean absolute error wins; of
    equals, the simplest.

    ======  =================================  =====  =====  ======  ======================
    method  what comes next                    fits   tried  spends  standard error at h
    ======  =================================  =====  =====  ======  ======================
    naive   the last figure                    from   from   1       σ √h
                                               2      4
    drift   the last figure, and the mean      from   from   2       σ √(h (1 + h/(T - 1)))
            step from now on                   2      4
    theta   exponential smoothing, and half    from   from   3       σ √(1 + (h - 1) α²)
            the slope of the straight line     4      7
    ets     exponential smoothing with a       from   from   5       σ √(1 + Σ (α + βφⱼ)²),
            damped trend, ETS(A,Ad,N)          7      10             j < h, φⱼ = φ + … + φʲ
    ======  =================================  =====  =====  ======  ======================

    So with 4 to 6 figures the choice is between naive and drift, with 7 to 9 theta joins, and
    from 10 all four. A method spends a figure for each parameter and for each first one that it
    has no forecast of, and fits when one is left over for its error (ets: two, as in R's forecast
    package; drift: none, which does for a trial). It is tried when it can be tried three times
    (naive and drift: twice, so that there is a choice with 4). σ² is the sum of the squared
    one-step errors over the number of figures less what the method spends.

    Parameters
    ----------
    values : array_like, shape (n,)
        One series, evenly spaced in time, the latest last. NaN for a missing period. Missing
        periods at the start are left out. One inside is filled by a straight line for the fit, and
        counts neither as a figure nor in the trials; σ of naive then has the value that it has by
        maximum likelihood for a random walk with gaps. Missing periods at the end are forecast
        over, and make the interval wider: `horizon` is counted from the end of `values`.
    horizon : int
        How many periods ahead, from 1.
    method : {"naive", "drift", "theta", "ets"}, optional
        Take this one, whatever the trials say.
    bounds : (float, float), optional
        The least and the greatest value there can be: (0, 100) for a percentage. What is outside is
        moved to the bound, the limits too. That cuts the distribution; it does not bend it.
    season : int, optional
        Periods in a cycle (4 for quarters), for at least two cycles of figures. The cycle is taken
        out first (classical additive decomposition), and put back; it spends `season` - 1 figures,
        and its own uncertainty is not in the interval. A gap is filled before that.

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        For fewer than four figures (or than the method or the season asked for needs), more than
        one series, an infinite figure, a horizon under 1, bounds the wrong way round or with
        figures outside, a season under 2 or longer than half the series, an unknown method, or one
        that does not settle.

    Notes
    -----
    The intervals are the published ones, of the normal distribution, and take σ as known. With few
    figures it is not: of random walks, the 95% interval of naive one period ahead holds 86% with 4
    figures, 92% with 10 and 94% with 20 (Student's t with as many degrees of freedom as there are
    steps), and that of the method chosen by the same figures about 78%, 89% and 93%. The latest
    figures of 600 series of councils were inside it in 85% of cases. A series that never changed
    has an interval without width: nothing in it says how far it could go.

    No method knows of a decision, a new service or a changed definition. A forecast says where the
    figures would go if things went on as they did.

    References
    ----------
    R. J. Hyndman and G. Athanasopoulos, *Forecasting: Principles and Practice*, 3rd edition: §5.2
    and §5.5 (naive, drift, their intervals and σ), §5.7 (with a decomposition), §5.8 (the scaled
    error), §5.10 (rolling origin), §8.7 (the intervals of exponential smoothing). R. J. Hyndman and
    B. Billah, "Unmasking the Theta method", *International Journal of Forecasting* 19 (2003). R. J.
    Hyndman and A. V. Kostenko, "Minimum sample size requirements for seasonal forecasting models",
    *Foresight* 6 (2007). The smoothing is statsmodels'. Its own interval for theta grows by
    1 + (α - 1)² a period, which is not what the model gives; α² is, and is what R's forecast and
    fable packages take.

    Examples
    --------
    >>> found = forecast([40.0, 41.0, 43.0, 44.0, 46.0], 2)
    >>> found.method
    'drift'
    >>> found.table.round(1).to_dict("index")[2]
    {'value': 49.0, 'lower_80': 47.7, 'upper_80': 50.3, 'lower_95': 47.0, 'upper_95': 51.0}
    """
    ahead = int(horizon)
    if ahead != horizon or ahead < 1:
        raise ValueError(f"horizon: expected a whole number from 1, not {horizon}")
    if method is not None and method not in METHODS:
        raise ValueError(f"method: expected one of {', '.join(METHODS)}, not {method!r}")
    limits = (-np.inf, np.inf) if bounds is None else bounds
    if not limits[0] < limits[1]:
        raise ValueError(f"bounds: expected the lower first, not {bounds}")
    series, late = _series(values, limits)
    if season is not None and not 2 <= season <= series.size // 2:
        raise ValueError(
            f"season: expected two cycles of two periods or more, not {season} in {series.size} periods"
        )
    figures = int(np.isfinite(series).sum())
    needed = max(FEWEST, _fits_from(method or METHODS[0], season))
    if figures < needed:
        raise ValueError(f"values: a forecast needs {needed} figures or more; there are {figures}")

    reasons = {name: _too_few(name, figures, season) for name in METHODS}
    fits: dict[Method, pd.DataFrame] = {}
    for name in METHODS:
        if reasons[name] and name not in (method, METHODS[0]):
            continue
        try:
            fits[name] = _distribution(series, late, ahead, name, season)
        except ConvergenceWarning:
            reasons[name] = UNSETTLED
    trials = _trials(series, late + ahead, season, limits, reasons)
    chosen = method or _best(trials)
    if chosen not in fits:
        raise ValueError(f"method: {chosen} does not settle on these figures")
    return Forecast(
        method=chosen,
        table=_limits(fits[chosen], limits),
        backtest=trials,
        others={
            name: _limits(fit, limits)
            for name, fit in fits.items()
            if name != chosen and not trials.at[name, "reason"]
        },
        distribution=fits[chosen],
    )


def _series(values: npt.ArrayLike, limits: tuple[float, float]) -> tuple[Numbers, int]:
    """Check one series; return it from its first figure to its last, and the periods after that."""
    series = one(values)
    outside = series[(series < limits[0]) | (series > limits[1])]
    if outside.size:
        raise ValueError(f"values: {outside[0]} is outside the bounds {limits}")
    known = np.flatnonzero(np.isfinite(series))
    if not known.size:
        return series[:0], series.size
    return series[known[0] : known[-1] + 1], series.size - 1 - int(known[-1])


class _Fit(NamedTuple):
    """What a method says of the periods to come, and how far off it was in those it knew."""

    path: Numbers
    growth: Numbers  # the standard error, in one-step errors
    residuals: Numbers


def _naive(figures: Numbers, steps: Numbers) -> _Fit:
    return _Fit(np.full(steps.size, figures[-1]), np.sqrt(steps), np.diff(figures))


def _drift(figures: Numbers, steps: Numbers) -> _Fit:
    span = figures.size - 1
    slope = (figures[-1] - figures[0]) / span
    return _Fit(
        figures[-1] + slope * steps,
        np.sqrt(steps * (1 + steps / span)),
        np.diff(figures) - slope,
    )


def _theta(figures: Numbers, steps: Numbers) -> _Fit:
    smooth = SimpleExpSmoothing(figures, initialization_method="known", initial_level=figures[0])
    found = smooth.fit()
    alpha = float(found.params["smoothing_level"])
    slope = np.polyfit(np.arange(figures.size), figures, 1)[0]
    # (1 - (1 - α)ⁿ) / α as the sum that it is: right where α is nought, too.
    lag = np.cumsum((1 - alpha) ** np.arange(figures.size))
    return _Fit(
        found.forecast(1)[0] + slope / 2 * (steps - 1 + lag[-1]),
        np.sqrt(1 + (steps - 1) * alpha**2),
        (figures - found.fittedvalues)[1:] - slope / 2 * lag[:-1],
    )


def _ets(figures: Numbers, steps: Numbers) -> _Fit:
    found = ETSModel(figures, error="add", trend="add", damped_trend=True).fit(disp=False)
    # What is left of a one-step error, 1, 2, … periods after it.
    left = found.smoothing_level + found.smoothing_trend * np.cumsum(found.damping_trend**steps)
    return _Fit(
        np.asarray(found.forecast(steps.size)),
        np.sqrt(1 + np.concatenate([[0.0], np.cumsum(left**2)[:-1]])),
        np.asarray(found.resid),
    )


def _smoothing(fit: Callable[[Numbers, Numbers], _Fit]) -> Callable[[Numbers, Numbers], _Fit]:
    """Let a method that searches for its parameters search in figures of the size of one.

    The search stops at the same small step for pounds in millions and for a share of one: on
    either it stops far from the best, and a change of unit would change the forecast.
    """

    def fitted(figures: Numbers, steps: Numbers) -> _Fit:
        centre, spread = figures.mean(), figures.std()
        if np.ptp(figures) <= slack(figures)[0]:
            return _naive(figures, steps)  # to smooth what never changes is to repeat it
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", ConvergenceWarning)
            path, growth, residuals = fit((figures - centre) / spread, steps)
        if not np.isfinite(path).all():
            raise ConvergenceWarning
        return _Fit(centre + spread * path, growth, spread * residuals)

    return fitted


class _Rule(NamedTuple):
    """How a method is fitted, and what it needs."""

    fit: Callable[[Numbers, Numbers], _Fit]
    spends: int
    fits_from: int
    trials: int


_RULES: Final[Mapping[Method, _Rule]] = {
    "naive": _Rule(_naive, spends=1, fits_from=2, trials=2),
    "drift": _Rule(_drift, spends=2, fits_from=2, trials=2),
    "theta": _Rule(_smoothing(_theta), spends=3, fits_from=4, trials=3),
    "ets": _Rule(_smoothing(_ets), spends=5, fits_from=7, trials=3),
}


def _fits_from(name: Method, season: int | None) -> int:
    fewest = _RULES[name].fits_from
    return fewest if season is None else max(fewest + season - 1, 2 * season)


def _too_few(name: Method, figures: int, season: int | None) -> str:
    needed = _fits_from(name, season) + _RULES[name].trials
    return "" if figures >= needed else f"is tried from {needed} figures; there are {figures}"


def _filled(series: Numbers) -> Numbers:
    known = np.flatnonzero(np.isfinite(series))
    return np.interp(np.arange(series.size), known, series[known])


def _fit(series: Numbers, ahead: int, name: Method, season: int | None) -> _Fit:
    """Fit a method to a series that begins and ends with a figure."""
    figures = _filled(series)
    steps = np.arange(1.0, ahead + 1)
    if season is None:
        return _RULES[name].fit(figures, steps)
    cycle = seasonal_decompose(figures, model="additive", period=season).seasonal[:season]
    now = np.arange(figures.size) % season
    then = np.arange(figures.size, figures.size + ahead) % season
    found = _RULES[name].fit(figures - cycle[now], steps)
    return found._replace(path=found.path + cycle[then])


def _distribution(
    series: Numbers, late: int, ahead: int, name: Method, season: int | None
) -> pd.DataFrame:
    """Mean and standard error of each period ahead, when the last figure is late by so many."""
    found = _fit(series, late + ahead, name, season)
    spare = np.isfinite(series).sum() - _RULES[name].spends - (0 if season is None else season - 1)
    sigma = np.sqrt((found.residuals**2).sum() / spare)
    return pd.DataFrame(
        {"mean": found.path[late:], "standard_error": sigma * found.growth[late:]},
        index=pd.RangeIndex(1, ahead + 1, name="period"),
    )


def _limits(distribution: pd.DataFrame, bounds: tuple[float, float]) -> pd.DataFrame:
    """Write a distribution as its middle and its limits, within the bounds."""
    mean, error = distribution["mean"], distribution["standard_error"]
    table = {"value": mean}
    for level in (80, 95):
        z = stats.norm.ppf(0.5 + level / 200)
        table[f"lower_{level}"] = mean - z * error
        table[f"upper_{level}"] = mean + z * error
    return pd.DataFrame(table).clip(*bounds)


def _errors(
    series: Numbers,
    origin: int,
    ahead: int,
    name: Method,
    season: int | None,
    bounds: tuple[float, float],
) -> Numbers:
    """How far off a method is for the figures after a point in the past, from those up to it."""
    steps = np.flatnonzero(np.isfinite(series[origin + 1 :])) + 1
    # Always the next figure, however long it was in coming.
    steps = steps[steps <= max(ahead, steps[0])]
    path = _fit(series[: origin + 1], int(steps[-1]), name, season).path
    return np.asarray(np.abs(series[origin + steps] - path[steps - 1].clip(*bounds)))


def _trials(
    series: Numbers,
    ahead: int,
    season: int | None,
    bounds: tuple[float, float],
    reasons: Mapping[Method, str],
) -> pd.DataFrame:
    """Try every method that has no reason against it from the same points in the past."""
    tried = [name for name in METHODS if not reasons[name]]
    known = np.flatnonzero(np.isfinite(series))
    first = max((_fits_from(name, season) for name in tried), default=known.size)
    origins = known[first - 1 : -1].tolist()
    reasons = dict(reasons)
    errors: dict[Method, Numbers] = {}
    for name in tried:
        try:
            errors[name] = np.concatenate(
                [_errors(series, origin, ahead, name, season, bounds) for origin in origins]
            )
        except ConvergenceWarning:
            reasons[name] = f"{UNSETTLED} on some of the past"
    lag = season or 1
    step = np.abs(_filled(series)[lag:] - _filled(series)[:-lag]).mean()
    mae = pd.Series({name: found.mean() for name, found in errors.items()}, dtype=np.float64)
    table = pd.DataFrame({"mae": mae}, index=pd.Index(METHODS, name="method"))
    table["mase"] = table["mae"] / step if step > 0 else np.nan
    table["trials"] = np.where(table["mae"].notna(), len(origins), 0)
    table["reason"] = pd.Series(reasons)
    return table


def _best(trials: pd.DataFrame) -> Method:
    """Take the method with the smallest error, and of equals the simplest."""
    errors = trials["mase"].dropna()
    if errors.empty:  # nothing was tried, or nothing ever changed
        return METHODS[0]
    best: Method = errors.index[errors <= errors.min() + TIE][0]
    return best
