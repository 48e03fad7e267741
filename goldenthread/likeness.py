"""The councils most like each council, and why, in a sentence."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from goldenthread import areas, features
from goldenthread.analysis import similarity
from goldenthread.areas import Area, AreaError
from goldenthread.authorities import citizens

#: How many neighbours a list of similar councils has.
NEIGHBOURS: Final = 15


@dataclass(frozen=True, eq=False)
class Similar:
    """The councils most like one council, and why.

    Attributes
    ----------
    code, name : str
        The council.
    table : pandas.DataFrame
        One row per neighbour, indexed by its code, the most alike first: `name`, `distance` (in
        standard deviations), each feature's share in the squared distance, and `why` in a sentence.
    why : str
        In what they are alike and unlike as a whole, and what weakens the list.
    """

    code: str
    name: str
    table: pd.DataFrame
    why: str


@cache
def _neighbours() -> similarity.Neighbours:
    return similarity.all_neighbours(
        features.scaled(), NEIGHBOURS, citizens()["kind"], weights=features.weights()
    )


@cache
def pairs() -> pd.DataFrame:
    """List every place with each of its neighbours, the most alike first.

    Returns
    -------
    pandas.DataFrame
        `area` and `neighbour`, GSS codes.
    """
    found = _neighbours()
    row, place = np.nonzero(found.positions >= 0)
    return pd.DataFrame(
        {"area": found.areas[row], "neighbour": found.areas[found.positions[row, place]]}
    )


@cache
def _typical() -> dict[str, float]:
    """Give for each kind the distance that half of its pairs do not reach."""
    kinds = citizens()["kind"]
    everybody = similarity.all_neighbours(
        features.scaled(), len(kinds), kinds, weights=features.weights()
    )
    return {
        kind: float(np.nanmedian(everybody.distances[kinds == kind])) for kind in kinds.unique()
    }


def similar(council: str) -> Similar:
    """Show the councils most like one council, and why.

    They are of the same kind, and compared on the features of `data/neighbours/features.yaml`,
    each standardised among councils of that kind (see `similarity.neighbours`).

    Parameters
    ----------
    council : str
        A council or fire and rescue authority of today, by name or code.

    Returns
    -------
    Similar

    Raises
    ------
    AreaError
        When there is no such authority today.

    Examples
    --------
    >>> found = similar("Somerset")
    >>> found.table["name"].tolist()[:3]
    ['Shropshire', 'Cornwall', 'North Yorkshire']
    >>> found.table["why"].iloc[0]
    'Most alike in nearness of a railway and deprivation; least alike in size.'
    """
    area = areas.find(council)
    if area.code not in citizens().index:
        raise AreaError(f"{area.name} is not a council or fire and rescue authority of today")
    found = _neighbours()
    table = found.of(area.code)
    shares = table[list(found.features)]
    table.insert(0, "name", citizens()["name"][table.index])
    lacking = {code: _subjects_missing(code) for code in table.index}
    own = _subjects_missing(area.code)
    table["why"] = [
        _sentence(parts) + _not_compared([*own, *lacking[code]])
        for code, parts in zip(table.index, _by_subject(shares).to_dict("records"), strict=True)
    ]
    # As a whole: the squares added up, so that the far neighbours tell more than the near.
    weights = table["distance"] ** 2
    parts = _by_subject(shares.mul(weights, axis=0).sum(min_count=1).to_frame().T)
    why = " ".join([f"As a whole {_lower(_sentence(parts.to_dict('records')[0]))}", *_weak(area)])
    return Similar(area.code, area.name, table, why)


def _by_subject(shares: pd.DataFrame) -> pd.DataFrame:
    """Add up the features of one subject, over what the subject counts for."""
    subjects = [feature.subject for feature in features.features().values()]
    weights = pd.Series(features.weights()).groupby(subjects, sort=False).sum()
    summed: pd.DataFrame = shares.T.groupby(subjects, sort=False).sum(min_count=1).T
    return summed / weights


def _sentence(parts: Mapping[Hashable, Any]) -> str:
    """Say in which two subjects a pair differs least, and in which one most."""
    known = sorted((share, str(name)) for name, share in parts.items() if not np.isnan(share))
    if len(known) < 3:
        return "Alike in everything they are compared on."
    (_, first), (_, second), *_, (_, last) = known
    return f"Most alike in {first} and {second}; least alike in {last}."


def _subjects_missing(code: str) -> list[str]:
    return [feature.subject for feature in features.missing(code)]


def _not_compared(subjects: Sequence[str]) -> str:
    if not subjects:
        return ""
    return f" Not compared in {_and(list(dict.fromkeys(subjects)))}, for want of a figure."


def _weak(area: Area) -> Iterator[str]:
    """Say what weakens a list as a whole."""
    found = _neighbours()
    row = found.areas.get_loc(area.code)
    distances = found.distances[row][found.positions[row] >= 0]
    typical = _typical()[area.kind]
    others = int((citizens()["kind"] == area.kind).sum()) - 1
    subjects = _subjects_missing(area.code)
    if subjects:
        yield (
            f"Not compared in {_and(subjects)}: no figure of the last {features.MOST_YEARS} years "
            "is published."
        )
    if distances[0] > typical:
        yield (
            "None is really like it: even the nearest is further away than two of the kind mostly "
            "are from each other."
        )
    elif distances.mean() > typical:
        yield "It stands apart: take care with the later places of the list."
    if others < 2 * NEIGHBOURS:
        yield f"There are only {others} others of its kind, so that the list holds most of them."


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
