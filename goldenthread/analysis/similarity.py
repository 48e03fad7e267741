"""Which areas are alike: distances between them over open features, and what the distances are made of."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

#: A pair of areas is compared when both have features that make up this much of all, by weight.
AT_LEAST: Final = 0.5
#: Distances nearer to one another than this are the same: the area's name decides, not the rounding.
_PLACES: Final = 12

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
#: Weights by feature (1 where none is given), or one for every feature in order.
Weights = Mapping[str, float] | Sequence[float] | None


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The areas most like each area, nearest first.

    Attributes
    ----------
    areas : pandas.Index, shape (n,)
        The areas that were compared.
    features : tuple of str
        The p features they were compared on.
    positions : numpy.ndarray of int, shape (n, k)
        For each area the positions in `areas` of its neighbours; -1 where there are no more.
    distances : numpy.ndarray of float, shape (n, k)
        In standard deviations; NaN where there is no neighbour.
    shares : numpy.ndarray of float, shape (n, k, p)
        Each feature's share in the squared distance. NaN for a feature that one of the two lacks,
        and everywhere where the distance is 0, which has no parts.
    """

    areas: pd.Index[Any]
    features: tuple[str, ...]
    positions: Positions
    distances: Floats
    shares: Floats

    def of(self, area: Hashable) -> pd.DataFrame:
        """Give one area's list as a table, as `neighbours` does."""
        return self._table(_row(area, self.areas))

    def _table(self, row: int) -> pd.DataFrame:
        there = self.positions[row] >= 0
        table = pd.DataFrame(
            self.shares[row][there],
            index=self.areas[self.positions[row][there]].rename("neighbour"),
            columns=list(self.features),
        )
        table.insert(0, "distance", self.distances[row][there])
        return table


class Agreement(NamedTuple):
    """How far two lists agree: `shared` areas are in both, of the `of` that could be."""

    shared: Any
    of: Any


def neighbours(
    area: Hashable,
    features: pd.DataFrame | npt.ArrayLike,
    k: int = 15,
    *,
    weights: Weights = None,
    at_least: float = AT_LEAST,
) -> pd.DataFrame:
    """List the areas most like one area, and say what each distance is made of.

    Every feature is standardised over the areas given: its mean is taken off, and it is divided by
    its standard deviation (of these areas, not of a sample). The distance is Euclidean. A feature
    that is the same everywhere tells nothing and counts for nothing. A pair is compared on the
    features that both have, scaled up to all of them, as Gower does; with less than `at_least` of
    the features, by weight, a pair is not compared at all.

    Parameters
    ----------
    area : hashable
        One of the index of `features`.
    features : pandas.DataFrame, shape (n, p)
        One row per area, indexed by its code; one column per feature, in any unit. NaN where a
        figure is missing. Of an array the areas are its row numbers.
    k : int
        How many neighbours; all there are where they are fewer.
    weights : mapping or sequence of float, optional
        What each feature's squared difference counts for; 1 where nothing is said.
    at_least : float
        From 0 (exclusive) to 1.

    Returns
    -------
    pandas.DataFrame, shape (k, 1 + p)
        Indexed by `neighbour`, the nearest first and equals in order of their codes: `distance`,
        in standard deviations, then each feature's share in the squared distance. The shares sum
        to 1; NaN for a feature that one of the two lacks, and for all when the distance is 0.

    Raises
    ------
    ValueError
        An area that is not there or there twice, a feature that is not finite or called
        "distance", `k` below 1, weights that are negative, all zero or of an unknown feature,
        `at_least` outside (0, 1].

    Notes
    -----
    The distance over shared features is that of Gower, "A general coefficient of similarity and
    some of its properties", Biometrics 27 (1971), 857-871, and Dixon, "Pattern recognition with
    partly missing data", IEEE Transactions on Systems, Man and Cybernetics 9 (1979), 617-621.

    Examples
    --------
    >>> features = pd.DataFrame(
    ...     {"people": [1.0, 2.0, 3.0, 6.0], "pay": [500.0, 500.0, 700.0, 500.0]},
    ...     index=["A", "B", "C", "D"],
    ... )
    >>> found = neighbours("B", features, k=2)
    >>> found.index.tolist(), found["distance"].round(3).tolist(), found["people"].tolist()
    (['A', 'D'], [0.535, 2.138], [1.0, 1.0])
    """
    frame = _frame(features)
    rows = np.array([_row(area, frame.index)], dtype=np.intp)
    groups = np.zeros(len(frame), dtype=np.intp)
    found = _nearest(frame, groups, rows, k, _weights(weights, frame), at_least)
    return found._table(0)


def all_neighbours(
    features: pd.DataFrame | npt.ArrayLike,
    k: int = 15,
    within: pd.Series[Any] | Sequence[Hashable] | npt.NDArray[Any] | None = None,
    *,
    weights: Weights = None,
    at_least: float = AT_LEAST,
) -> Neighbours:
    """List the areas most like every area, all at once.

    Parameters
    ----------
    features : pandas.DataFrame, shape (n, p)
        As for `neighbours`.
    k : int
        How many neighbours each.
    within : pandas.Series or sequence, shape (n,), optional
        The group of each area, such as its kind of council; a Series by area, in any order. Only
        areas of one group are neighbours, and features are standardised in each group by itself,
        so that each list is the one `neighbours` makes of that group alone. An area without a group
        (None or NaN) has no neighbours.
    weights : mapping or sequence of float, optional
    at_least : float

    Returns
    -------
    Neighbours

    Raises
    ------
    ValueError
        As `neighbours`, and for `within` of another length.

    Examples
    --------
    >>> features = pd.DataFrame({"people": [1.0, 2.0, 3.0, 6.0]}, index=["A", "B", "C", "D"])
    >>> found = all_neighbours(features, k=2, within=["town", "town", "shire", "shire"])
    >>> found.positions.tolist()
    [[1, -1], [0, -1], [3, -1], [2, -1]]
    """
    frame = _frame(features)
    rows = np.arange(len(frame))
    weighing = _weights(weights, frame)
    return _nearest(frame, _groups(within, frame), rows, k, weighing, at_least)


def agreement(
    list_a: Sequence[Any] | npt.ArrayLike, list_b: Sequence[Any] | npt.ArrayLike
) -> Agreement:
    """Count what two lists of neighbours have in common, in whatever order.

    Parameters
    ----------
    list_a, list_b : array_like, shape (k,) or (..., k)
        Codes or positions, each once; the last axis is the list. None, NaN and -1 fill up a list
        that is shorter. The two need not be equally long.

    Returns
    -------
    Agreement
        `shared`: how many are in both; `of`: how many the shorter list has. int, or arrays of
        shape (...).

    Raises
    ------
    ValueError
        When a list names one twice.

    Examples
    --------
    >>> agreement(["A", "B", "C"], ["C", "D", "A", "E"])
    Agreement(shared=2, of=3)
    """
    arrays = [np.asarray(a, dtype=object) for a in (list_a, list_b)]
    codes, _ = pd.factorize(np.concatenate([a.ravel() for a in arrays]))
    filler = np.concatenate([pd.isna(a.ravel()) | (a.ravel() == -1) for a in arrays]).astype(bool)
    codes = np.where(filler, -1, codes)
    a = codes[: arrays[0].size].reshape(arrays[0].shape)
    b = codes[arrays[0].size :].reshape(arrays[1].shape)
    for name, one in (("list_a", a), ("list_b", b)):
        ordered = np.sort(one, axis=-1)
        if ((ordered[..., 1:] == ordered[..., :-1]) & (ordered[..., 1:] >= 0)).any():
            raise ValueError(f"{name}: names one neighbour twice")
    same = (a[..., :, None] == b[..., None, :]) & (a >= 0)[..., None]
    shared = same.any(axis=-1).sum(axis=-1)
    of = np.minimum((a >= 0).sum(axis=-1), (b >= 0).sum(axis=-1))
    if shared.ndim == 0:
        return Agreement(int(shared), int(of))
    return Agreement(shared, of)


def stability(
    features: pd.DataFrame | npt.ArrayLike,
    k: int = 15,
    within: pd.Series[Any] | Sequence[Hashable] | npt.NDArray[Any] | None = None,
    *,
    weights: Weights = None,
    at_least: float = AT_LEAST,
) -> pd.DataFrame:
    """Tell how much of every list stays when the features are left out one by one.

    Parameters
    ----------
    features, k, within, weights, at_least
        As for `all_neighbours`; at least two features.

    Returns
    -------
    pandas.DataFrame, shape (n, p)
        For each area and each feature left out, the share of the area's neighbours that it keeps,
        0 to 1; NaN for an area without neighbours.

    Raises
    ------
    ValueError
        As `all_neighbours`, and for a single feature: nothing is left without it.

    Examples
    --------
    >>> features = pd.DataFrame(
    ...     {"people": [1.0, 2.0, 3.0, 6.0], "pay": [7.0, 5.0, 5.0, 7.0]},
    ...     index=["A", "B", "C", "D"],
    ... )
    >>> stability(features, k=1).loc["A"].tolist()
    [0.0, 1.0]
    """
    frame = _frame(features)
    if frame.shape[1] < 2:
        raise ValueError("features: expected two or more, so that one can be left out")
    groups, rows = _groups(within, frame), np.arange(len(frame))
    weighing = _weights(weights, frame)
    whole = _nearest(frame, groups, rows, k, weighing, at_least).positions
    count = (whole >= 0).sum(axis=1)
    kept = np.full(frame.shape, np.nan)
    for at in range(frame.shape[1]):
        without = np.where(np.arange(frame.shape[1]) == at, 0.0, weighing)
        fewer = _nearest(frame, groups, rows, k, without, at_least).positions
        shared = agreement(whole, fewer).shared
        kept[:, at] = np.divide(shared, count, out=kept[:, at].copy(), where=count > 0)
    return pd.DataFrame(kept, index=frame.index, columns=frame.columns)


# --- what was given --------------------------------------------------------------------------------


def _frame(features: pd.DataFrame | npt.ArrayLike) -> pd.DataFrame:
    given = features if isinstance(features, pd.DataFrame) else pd.DataFrame(np.asarray(features))
    frame = given.astype(float)
    frame.columns = pd.Index([str(name) for name in frame.columns])
    twice = frame.index[frame.index.duplicated()]
    if len(twice):
        raise ValueError(f"features: {twice[0]!r} stands there twice")
    if not frame.columns.is_unique or "distance" in frame.columns:
        raise ValueError("features: every one needs a name of its own, other than 'distance'")
    endless = np.isinf(frame.to_numpy())
    if endless.any():
        row, column = np.argwhere(endless)[0]
        raise ValueError(
            f"features: {frame.columns[column]} of {frame.index[row]!r} is not a finite number"
        )
    return frame


def _row(area: Hashable, index: pd.Index[Any]) -> int:
    found = np.flatnonzero(index == area)
    if not len(found):
        raise ValueError(f"area: {area!r} is not among the areas given")
    return int(found[0])


def _weights(weights: Weights, frame: pd.DataFrame) -> Floats:
    names = list(frame.columns)
    if isinstance(weights, Mapping):
        unknown = [name for name in weights if name not in names]
        if unknown:
            raise ValueError(f"weights: there is no feature {unknown[0]!r}")
        values = np.array([weights.get(name, 1.0) for name in names], dtype=float)
    else:
        values = np.ones(len(names)) if weights is None else np.asarray(weights, dtype=float)
    if values.shape != (len(names),):
        raise ValueError(f"weights: expected {len(names)}, one for each feature, not {values.size}")
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        raise ValueError(f"weights: expected 0 or more, not {values[wrong][0]:g}")
    if not values.any():
        raise ValueError("weights: all are 0, so that nothing is compared")
    return values


def _groups(
    within: pd.Series[Any] | Sequence[Hashable] | npt.NDArray[Any] | None, frame: pd.DataFrame
) -> Positions:
    """Give each area the number of its group; -1 where it is in none."""
    if within is None:
        return np.zeros(len(frame), dtype=np.intp)
    if isinstance(within, pd.Series):
        within = within.reindex(frame.index)
    if len(within) != len(frame):
        raise ValueError(
            f"within: expected {len(frame)} groups, one for each area, not {len(within)}"
        )
    codes, _ = pd.factorize(np.asarray(within, dtype=object))
    return codes.astype(np.intp)


# --- distances -------------------------------------------------------------------------------------


def _nearest(
    frame: pd.DataFrame,
    groups: Positions,
    rows: Positions,
    k: int,
    weights: Floats,
    at_least: float,
) -> Neighbours:
    """Find the nearest of the areas at some rows, with the shares of the features."""
    if k < 1:
        raise ValueError(f"k: expected one neighbour or more, not {k}")
    if not 0 < at_least <= 1:
        raise ValueError(f"at_least: expected more than 0 and at most 1, not {at_least:g}")
    scores, tells = _standardised(frame, groups)
    counted = weights * tells
    distances = _distances(scores, counted, groups, rows, at_least)

    # In order of the areas' names first: of equals the stable sort then takes the first name.
    named = np.asarray(frame.index.argsort(), dtype=np.intp)
    first = np.argsort(distances[:, named], axis=1, kind="stable")[:, :k]
    positions = named[first]
    nearest = np.take_along_axis(distances, positions, axis=1)
    shares = _shares(scores, counted, rows, positions, nearest)
    return Neighbours(
        frame.index,
        tuple(frame.columns),
        np.where(np.isnan(nearest), -1, positions),
        nearest,
        shares,
    )


def _standardised(frame: pd.DataFrame, groups: Positions) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Standardise in each group; say where a feature tells its group's areas apart at all."""
    by = frame.groupby(groups)
    low, high = by.transform("min"), by.transform("max")
    # Brought to 0..1 first, so that neither very large nor very small units lose anything.
    unit = (frame - low) / (high - low).where(high > low)
    by = unit.groupby(groups)
    scores = (unit - by.transform("mean")) / by.transform("std", ddof=0)
    return scores.to_numpy(), (high > low).to_numpy()


def _distances(
    scores: Floats, counted: Floats, groups: Positions, rows: Positions, at_least: float
) -> Floats:
    """Give the distances of some rows to all; NaN to themselves, to other groups, to the unknown."""
    squares = np.zeros((len(rows), len(scores)))
    known = np.zeros_like(squares)
    for at in range(scores.shape[1]):
        gaps = scores[rows, at][:, None] - scores[:, at]
        both = ~np.isnan(gaps)
        weight = counted[rows, at][:, None]
        squares += np.where(both, weight * gaps**2, 0.0)
        known += np.where(both, weight, 0.0)
    total = counted[rows].sum(axis=1)[:, None]
    # With nothing that tells areas apart they are all alike: no distance, and not an unknown one.
    scale = np.divide(total, known, out=np.ones_like(squares), where=known > 0)
    distances = np.round(np.sqrt(squares * scale), _PLACES)
    apart = (groups[rows][:, None] != groups) | (groups[rows][:, None] < 0)
    apart |= rows[:, None] == np.arange(len(scores))
    apart |= known < at_least * total * (1 - 1e-12)
    return np.where(apart, np.nan, distances)


def _shares(
    scores: Floats, counted: Floats, rows: Positions, positions: Positions, distances: Floats
) -> Floats:
    """Give each feature's share in the squared distance of the pairs that were chosen."""
    gaps = scores[rows][:, None, :] - scores[positions]
    weights = np.broadcast_to(counted[rows][:, None, :], gaps.shape)
    # A feature without weight is known to count for nothing; a missing one is not known.
    parts = np.where(weights > 0, weights * gaps**2, 0.0)
    whole = np.nansum(parts, axis=-1, keepdims=True)
    there = (distances > 0)[..., None] & (whole > 0)
    shares: Floats = np.divide(parts, whole, out=np.full_like(parts, np.nan), where=there)
    return shares
