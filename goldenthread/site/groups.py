"""Whom the site compares a council with, and how they are spread in every period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from goldenthread import findings, peers, writing
from goldenthread.analysis import comparison
from goldenthread.authorities import citizens
from goldenthread.catalogue import Measure
from goldenthread.cube import Floats, Integers
from goldenthread.peers import Comparator

#: Whom a council is compared with until a reader chooses otherwise, and where a list is not made for it.
USUALLY: Final = "similar"
#: What is chosen for whom: a council's own list is made on the reader's device.
_NOT_OFFERED: Final = ("own",)
#: Among fire and rescue authorities all of the same kind are all of England: one of the two is enough.
_OF_FIRE: Final = ("similar", "governance", "england")
#: The department's neighbours are alike in the lives of children and families, and in nothing else.
_CHILDREN: Final = ("childrens-services", "education", "send")


@cache
def choices(*, fire: bool = False) -> tuple[Comparator, ...]:
    """Give the comparisons that a reader of the site can choose, the usual one first.

    Parameters
    ----------
    fire : bool
        Whether the reader chose a fire and rescue authority.

    Returns
    -------
    tuple of Comparator
        A council's own list is not among them: it never leaves the reader's device.

    Examples
    --------
    >>> [choice.id for choice in choices()][:2]
    ['similar', 'dfe']
    >>> [choice.id for choice in choices(fire=True)]
    ['similar', 'governance', 'england']
    """
    known = peers.comparators()
    if fire:
        return tuple(known[one] for one in _OF_FIRE)
    offered = (c for c in known.values() if c.id not in (*_NOT_OFFERED, "governance"))
    return tuple(c for c in offered if peers.available(c.id))


@dataclass(frozen=True, eq=False)
class Groups:
    """Everybody's group in one comparison; it always holds the one it is for.

    Attributes
    ----------
    members : numpy.ndarray of int, shape (u, k)
        Positions in `authorities.citizens`; -1 after the last.
    of : numpy.ndarray of int, shape (n,)
        Which row is each authority's group; -1 where it has none.
    """

    members: Integers
    of: Integers

    def others(self, place: int) -> list[int]:
        """List whom an authority is compared with; nobody, where it has no group."""
        if self.of[place] < 0:
            return []
        return [int(at) for at in self.members[self.of[place]] if at not in (-1, place)]


@cache
def groups(comparator: str) -> Groups:
    """Give everybody's group in a comparison.

    Parameters
    ----------
    comparator : str
        An id of `peers.comparators`.

    Returns
    -------
    Groups

    Examples
    --------
    >>> len(groups("similar").others(0))
    15
    """
    found = peers.sets(comparator, list(citizens().index))
    members, of = found.members.astype(np.int64), found.of.astype(np.int64)
    if found.with_self:
        return Groups(members, of)
    # A rank and a median are of the list and of the council together (`peers.RANKED_WITH_SELF`).
    own = np.flatnonzero(of >= 0)
    with_self = np.full(len(of), -1, dtype=np.int64)
    with_self[own] = np.arange(len(own))
    return Groups(np.concatenate([own[:, None], members[of[own]]], axis=1), with_self)


def used(comparator: str, measure: Measure, place: int) -> str:
    """Tell which comparison a figure is shown in, where another was chosen.

    Parameters
    ----------
    comparator : str
        The reader's choice.
    measure : Measure
    place : int
        Whose figure it is, as a position in `authorities.citizens`.

    Returns
    -------
    str
        The choice itself; `USUALLY` where it is not made for such a measure, or has no group for
        this authority.
    """
    if comparator == "dfe" and measure.service not in _CHILDREN:
        return USUALLY
    return comparator if groups(comparator).of[place] >= 0 else USUALLY


def why_used(comparator: str, measure: Measure, name: str) -> str:
    """Say why a figure is not shown in the comparison that was chosen.

    Parameters
    ----------
    comparator : str
        The reader's choice.
    measure : Measure
    name : str
        Whose figure it is.
    """
    chosen = peers.comparators()[comparator].name
    if comparator == "dfe" and measure.service not in _CHILDREN:
        reason = "are made for children’s services and schools"
    else:
        reason = f"have no list for {name}"
    chosen = writing.curly(f"{chosen[:1].upper()}{chosen[1:]}")
    others = "fire authorities" if measure.tier == "fire" else "councils"
    return f"{chosen} {reason}: here it is compared with similar {others}."


def figures(measure: Measure, table: pd.DataFrame) -> Floats:
    """Give everybody's figures that stand beside others, (authorities, periods).

    Parameters
    ----------
    measure : Measure
    table : pandas.DataFrame
        As `spread.wide` gives it.

    Returns
    -------
    numpy.ndarray of float
        NaN where an authority has none of its own, or somebody else does the work for it.
    """
    people = citizens().index
    own = (findings.figures_of(measure.tier) == people).to_numpy()
    if measure.service:
        own = own & ~findings.provision(measure.service)["exempt"].to_numpy(dtype=bool)
    values = table.reindex(people).to_numpy(dtype=np.float64)
    return np.where(own[:, None], values, np.nan)


def like(measure: Measure) -> Integers:
    """Give the same number to those who do the same job, and so can be compared.

    The rule of `findings.table`: who provides a service stands beside who does, and where both
    tiers have a figure, counties, districts and single-tier councils stand apart.

    Parameters
    ----------
    measure : Measure

    Returns
    -------
    numpy.ndarray of int, shape (n,)
    """
    people = citizens()
    tier = np.asarray(pd.factorize(people["tier"])[0], dtype=np.int64)
    provided = np.ones(len(people), dtype=np.int64)
    if measure.service:
        provided = findings.provision(measure.service)["provided"].to_numpy(dtype=np.int64)
    return 2 * tier * (measure.tier == "both") + provided


def bands(values: Floats, alike: Integers, among: Groups) -> Floats:
    """Give the quartiles of everybody's group in every period.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n, p)
    alike : numpy.ndarray of int, shape (n,)
        As `like` gives it.
    among : Groups

    Returns
    -------
    numpy.ndarray of float, shape (n, p, 3)
        The lower quartile, the median and the upper; NaN below `findings.ENOUGH`.
    """
    result = np.full((*values.shape, 3), np.nan)
    present = among.members >= 0
    for kind in np.unique(alike):
        here = np.flatnonzero((alike == kind) & (among.of >= 0))
        held = np.where((alike == kind)[:, None], values, np.nan)
        members = np.where(present[..., None], held[among.members], np.nan)
        middle = comparison.quantiles(np.moveaxis(members, 1, -1), (0.25, 0.5, 0.75))
        middle[np.isfinite(members).sum(axis=1) < findings.ENOUGH] = np.nan
        result[here] = middle[among.of[here]]
    return result
