"""Many measures in one score: how it is done, and how little of a rank is left when it is done openly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from goldenthread.analysis.series import Numbers

Direction = Literal["high", "low"]
Given = npt.ArrayLike | Mapping[Any, Any]
Flags = npt.NDArray[np.bool_]

#: Share of the draws between the two ranks of an interval.
LEVEL: Final = 0.95

#: Scores are compared to so many decimals: the order in which measures are added up makes no rank.
DECIMALS: Final = 9

#: No weight that is drawn is less than this, so that an area with that measure alone keeps its score.
LEAST: Final = 1e-290


def composite(
    values: pd.DataFrame | npt.ArrayLike,
    polarity: Given,
    weights: Given | None = None,
    *,
    groups: Given | None = None,
    minimum_share: float = 2 / 3,
    provided: pd.DataFrame | npt.ArrayLike | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Put several measures into one score, with ranks that are never without their interval.

    This is here to be taught, and to show what a league table hides. **No page of this workbook
    publishes an overall score of a council**, and nobody ought to use one where

    - the weights are somebody's choice, and another choice gives another order: look how wide the
      intervals are before you look at any rank;
    - good figures in one service would make up for bad ones in another that is a duty;
    - areas with different services are set side by side: a district and a county have hardly a
      measure in common, and the same score says different things of them (`groups`);
    - the figures themselves are uncertain: the interval is of the weights alone, and holds
      nothing of chance, revisions or how councils count;
    - something is to be improved. A score can be raised only through what is in it: read that.

    Every measure is turned so that more is better, and standardised over the areas that provide
    the service and have a figure: z = (x - mean)/SD, with the SD of the population. An area's
    score is the weighted mean of its z over the measures it has. So

    - a service an area does not provide (`provided`) is neither good nor average there: it gets no
      score for it, it takes no part in the mean and SD, and its weight goes to the services that
      the area does provide;
    - a figure that is missing of a service that is provided counts against `minimum_share`. Above
      it the score is of the figures there are; below there is no score, and a reason;
    - a measure that is the same for all tells nobody apart: it adds nothing and has no weight.

    The interval of a rank is what other weights would make of it: the middle 95% of the ranks under
    weights drawn at random round the given ones, and always the rank itself. The draws are
    Dirichlet's with the given weights, times their number, as parameters: with equal weights every
    way of weighting is as likely as another.

    Parameters
    ----------
    values : pandas.DataFrame or array_like, shape (areas, measures)
        In any units; NaN for missing. A true 0 is a figure.
    polarity : {"high", "low"}, or one for each measure
        Which direction is better: a sequence in the order of the measures, or a mapping or Series
        by their names.
    weights : array_like or mapping, shape (measures,), optional
        Not negative, to any total; equal otherwise. By name as `polarity`.
    groups : array_like, shape (areas,), optional
        Each area's group, such as its kind of council. Areas are standardised and ranked within it.
    minimum_share : float
        The share of the weight of what an area provides for which it must have figures.
    provided : pandas.DataFrame or array_like of bool, shape (areas, measures), optional
        Whether the area provides the service that a measure is of; all do otherwise. What is in
        `values` where it does not is somebody else's, and left out.
    draws : int
        How many weightings are drawn.
    seed : int
        Of the generator: the same seed, the same intervals.

    Returns
    -------
    pandas.DataFrame
        One row per area, with the index of `values`: `score`, in standard deviations, more is
        better; `rank`, 1 for the best and shared by equals; `rank_lower` and `rank_upper`, the best
        and the worst rank of the interval; `share`, of the weight of what it provides, with
        figures; `reason`, why there is no score, or "". NaN where there is none.

    Raises
    ------
    ValueError
        For an infinite figure, shapes or names that do not fit, a measure without a direction,
        a negative or missing weight or none above 0, a share outside (0, 1], or no draws.

    References
    ----------
    OECD and Joint Research Centre, *Handbook on Constructing Composite Indicators* (2008):
    standardising, weighting, and uncertainty by Monte Carlo over weights. H. Goldstein and D. J.
    Spiegelhalter, "League tables and their limitations", *Journal of the Royal Statistical Society
    A* 159 (1996): ranks with intervals.

    Examples
    --------
    >>> values = pd.DataFrame(
    ...     {"recycled": [50.0, 40.0, 30.0, 45.0], "complaints": [5.0, 9.0, 2.0, None]},
    ...     index=["Ayton", "Beeford", "Cowlam", "Deira"],
    ... )
    >>> found = composite(values, {"recycled": "high", "complaints": "low"})
    >>> found["rank"].tolist(), found["rank_lower"].tolist(), found["rank_upper"].tolist()
    ([1.0, 3.0, 2.0, nan], [1.0, 2.0, 1.0, nan], [2.0, 3.0, 3.0, nan])
    >>> found.loc["Deira", "reason"]
    'figures for only 50% of the weight'
    """
    table = (
        values
        if isinstance(values, pd.DataFrame)
        else pd.DataFrame(np.asarray(values, dtype=np.float64))
    )
    figures = table.to_numpy(dtype=np.float64, na_value=np.nan)
    if not figures.size:
        raise ValueError(f"values: expected areas and measures, not shape {figures.shape}")
    if np.isinf(figures).any():
        raise ValueError(f"values: expected finite figures, not {figures[np.isinf(figures)][0]}")
    if not 0 < minimum_share <= 1:
        raise ValueError(f"minimum_share: expected more than 0, up to 1, not {minimum_share}")
    if draws < 1:
        raise ValueError(f"draws: expected 1 or more, not {draws}")
    upward = figures * _signs(polarity, table.columns)
    service = _services(provided, table)
    weight = _weights(weights, table.columns)
    group = _groups(groups, table.index)

    counts = weight > 0
    weight = weight[counts] / weight.sum()
    drawn = np.random.default_rng(seed).dirichlet(weight * weight.size, size=draws)
    drawn = np.maximum(drawn, LEAST)
    parts = []
    for code in range(group.max() + 1):
        rows = np.flatnonzero(group == code)
        part = np.ix_(rows, counts)
        found = _scored(upward[part], service[part], weight, drawn, minimum_share)
        parts.append(found.set_axis(rows))
    return pd.concat(parts).sort_index().set_axis(table.index)


def _scored(
    upward: Numbers, service: Flags, weight: Numbers, drawn: Numbers, minimum_share: float
) -> pd.DataFrame:
    """Score and rank the areas of one group."""
    known = service & np.isfinite(upward)
    z, alike = _standard(upward, known)
    known &= ~alike
    here, due = known @ weight, (service & ~alike) @ weight
    share = np.divide(here, due, out=np.full(len(z), np.nan), where=due > 0)
    # Two measures of three are two thirds, whatever floating point makes of it.
    enough = share >= minimum_share - 10.0**-DECIMALS

    score = z[enough] @ weight / here[enough]
    rank = _ranks(score)
    places = _ranks(drawn @ z[enough].T / (drawn @ known[enough].T))
    tail = (1 - LEVEL) / 2
    ranked = pd.DataFrame(
        {
            "score": score,
            "rank": rank,
            "rank_lower": np.minimum(rank, np.quantile(places, tail, axis=0, method="lower")),
            "rank_upper": np.maximum(rank, np.quantile(places, 1 - tail, axis=0, method="higher")),
        },
        index=np.flatnonzero(enough),
    )
    return ranked.reindex(range(len(z))).assign(
        share=share, reason=_reasons(service, share, enough)
    )


def _standard(upward: Numbers, known: Flags) -> tuple[Numbers, Flags]:
    """Standardise each measure by what is known of it; 0 elsewhere, and where all are alike."""
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, upward, 0.0).sum(axis=0) / count
    off = np.where(known, upward - mean, 0.0)
    deviation = np.sqrt((off**2).sum(axis=0) / count)
    # By the figures themselves: the mean of three times 0.1 is not 0.1 in floating point.
    highest = np.where(known, upward, -np.inf).max(axis=0)
    alike = highest == np.where(known, upward, np.inf).min(axis=0)
    return np.divide(off, deviation, out=np.zeros_like(off), where=~alike & (deviation > 0)), alike


def _ranks(scores: Numbers) -> Numbers:
    """Rank along the last axis, the highest first; equals share the best place."""
    ranks = stats.rankdata(-scores.round(DECIMALS), method="min", axis=-1)
    return np.asarray(ranks, dtype=np.float64)


def _reasons(service: Flags, share: Numbers, enough: Flags) -> npt.NDArray[np.str_]:
    percent = np.floor(np.nan_to_num(share) * 100 + 10.0**-DECIMALS).astype(np.int64).astype(str)
    few = np.char.add(np.char.add("figures for only ", percent), "% of the weight")
    return np.select(
        [enough, ~service.any(axis=1), np.isnan(share)],
        ["", "provides none of these services", "the same as all others in every measure"],
        few,
    )


def _lined_up(given: Given, names: pd.Index, what: str) -> npt.NDArray[Any]:
    """Bring what is given by name, or in order, into the order of the names."""
    if isinstance(given, Mapping) or (
        isinstance(given, pd.Series) and not isinstance(given.index, pd.RangeIndex)
    ):
        named = pd.Series(given)
        absent = names.difference(named.index, sort=False)
        if len(absent):
            raise ValueError(f"{what}: nothing for {absent[0]!r}")
        return named.reindex(names).to_numpy()
    array = np.asarray(given)
    if array.shape != names.shape:
        raise ValueError(f"{what}: expected {len(names)}, not shape {array.shape}")
    return array


def _signs(polarity: Given, measures: pd.Index) -> Numbers:
    if isinstance(polarity, str):
        polarity = [polarity] * len(measures)
    toward = _lined_up(polarity, measures, "polarity")
    wrong = ~np.isin(toward, get_args(Direction))
    if wrong.any():
        raise ValueError(
            f"polarity: {measures[wrong][0]!r} needs 'high' or 'low' to be scored, "
            f"not {toward[wrong].tolist()[0]!r}"
        )
    return np.where(toward == "high", 1.0, -1.0)


def _weights(weights: Given | None, measures: pd.Index) -> Numbers:
    if weights is None:
        return np.ones(len(measures))
    given = _lined_up(weights, measures, "weights").astype(np.float64)
    wrong = ~((given >= 0) & (given < np.inf))
    if wrong.any():
        raise ValueError(
            f"weights: expected 0 or more for {measures[wrong][0]!r}, not {given[wrong][0]}"
        )
    if not given.any():
        raise ValueError("weights: expected one above 0, and all are 0")
    return given


def _services(provided: pd.DataFrame | npt.ArrayLike | None, table: pd.DataFrame) -> Flags:
    if provided is None:
        return np.ones(table.shape, dtype=np.bool_)
    if isinstance(provided, pd.DataFrame):
        absent = [
            *table.index.difference(provided.index),
            *table.columns.difference(provided.columns),
        ]
        if absent:
            raise ValueError(f"provided: nothing for {absent[0]!r}")
        provided = provided.reindex(index=table.index, columns=table.columns)
    flags = np.asarray(provided)
    if flags.shape != table.shape:
        raise ValueError(f"provided: expected shape {table.shape}, not {flags.shape}")
    if flags.dtype != np.bool_:
        raise ValueError(f"provided: expected true or false, not {flags.dtype}")
    return flags


def _groups(groups: Given | None, areas: pd.Index) -> npt.NDArray[np.int64]:
    if groups is None:
        return np.zeros(len(areas), dtype=np.int64)
    codes, _ = pd.factorize(_lined_up(groups, areas, "groups"))
    if (codes < 0).any():
        raise ValueError(f"groups: {areas[int(codes.argmin())]!r} has none")
    return np.asarray(codes, dtype=np.int64)
