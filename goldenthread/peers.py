"""Who is compared with whom: similar councils, the official lists, the same kind, the same region."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

from goldenthread import areas, catalogue

FOLDER: Final = catalogue.FOLDER / "neighbours"
#: How many neighbours a list of similar councils has.
NEIGHBOURS: Final = 15
#: A rank and a median are always of a group that the council itself belongs to, so that both rest on
#: the same councils: a list of fifteen neighbours is ranked and has its middle as sixteen.
RANKED_WITH_SELF: Final = True


class PeersError(LookupError):
    """A comparison that there is not, or a list that cannot be read; the message says what there is."""


@dataclass(frozen=True, kw_only=True)
class Comparator:
    """A way to choose whom a council is compared with.

    Attributes
    ----------
    id : str
        What `sets` is asked with.
    name : str
        Fills "compared with …".
    meaning : str
        What the group is and what it is good for, in plain sentences.
    publisher, release, licence, page : str
        Whose list it is, where somebody published it.
    """

    id: str
    name: str
    meaning: str
    publisher: str = ""
    release: str = ""
    licence: str = ""
    page: str = ""

    @property
    def with_self(self) -> bool:
        """Whether the group includes the council itself, as kinds and regions do and lists do not."""
        return self.id in _GROUPS


@dataclass(frozen=True)
class PeerSets:
    """For many authorities at once, who each is compared with.

    Attributes
    ----------
    members : numpy.ndarray of int, shape (u, k)
        u different groups; each row holds positions in the codes asked about, -1 after the last.
        A list of neighbours begins with the most alike.
    of : numpy.ndarray of int, shape (n,)
        Which row is each code's group; -1 where it has none.
    with_self : bool
        Whether a group includes the authority it is for. Where it does not, rank and median are
        taken over the group and the authority together (`RANKED_WITH_SELF`).
    """

    members: npt.NDArray[np.intp]
    of: npt.NDArray[np.intp]
    with_self: bool


@cache
def comparators() -> dict[str, Comparator]:
    """Give the comparisons a reader can choose between, by id.

    Returns
    -------
    dict of str to Comparator
        "similar", "mhclg", "dfe", "kind", "region", "england", "governance" (fire and rescue
        authorities) and "own" (a list from a file, see `own_list`).

    Examples
    --------
    >>> comparators()["kind"].with_self
    True
    """
    entries = yaml.safe_load((FOLDER / "comparators.yaml").read_text(encoding="utf-8"))
    return {entry["id"]: Comparator(**entry) for entry in entries}


def available(comparator: str) -> bool:
    """Tell whether the workbook holds what a comparison needs.

    Parameters
    ----------
    comparator : str
        An id of `comparators`.

    Returns
    -------
    bool
        False for an official list that has not been read yet.

    Raises
    ------
    PeersError
        When there is no such comparison.

    Examples
    --------
    >>> available("kind")
    True
    """
    raise NotImplementedError


def sets(comparator: str, codes: Sequence[str]) -> PeerSets:
    """Give everybody's group at once, as positions in a list of codes.

    Parameters
    ----------
    comparator : str
        An id of `comparators`.
    codes : sequence of str
        n GSS codes of councils or fire and rescue authorities: those that have figures of their
        own. Whoever is not among them is in nobody's group.

    Returns
    -------
    PeerSets
        Groups that are the same for many are held once.

    Raises
    ------
    PeersError
        When there is no such comparison, or its lists are not in the workbook yet.

    Examples
    --------
    >>> found = sets("kind", ["E06000001", "E07000223", "E06000002"])
    >>> found.of.tolist(), found.members.tolist()
    ([1, 0, 1], [[1, -1], [0, 2]])
    """
    listed = [areas.register()[code] for code in codes]
    return _grouped([_GROUPS[comparator](area) for area in listed])


_GROUPS: Final[Mapping[str, Callable[[areas.Area], Hashable]]] = {
    "kind": lambda area: area.kind,
    "region": lambda area: area.region,
    "england": lambda area: "England",
    "governance": lambda area: area.governance or None,
}


def _grouped(labels: Iterable[Hashable]) -> PeerSets:
    """Put together those with the same label; None is in no group."""
    of, _ = pd.factorize(np.array(list(labels), dtype=object), sort=True)
    order = np.argsort(of, kind="stable")
    order = order[of[order] >= 0]
    sizes = np.bincount(of[order]) if len(order) else np.zeros(0, dtype=np.intp)
    members = np.full((len(sizes), int(sizes.max(initial=0))), -1, dtype=np.intp)
    members[np.arange(members.shape[1]) < sizes[:, None]] = order
    return PeerSets(members, of.astype(np.intp), True)


def lists(name: str) -> pd.DataFrame:
    """Give the official lists of a publisher, "mhclg" or "dfe".

    Returns
    -------
    pandas.DataFrame
        `area`, `place` (1 is the most alike), `neighbour`, `closeness` (the publisher's word, or
        empty).
    """
    raise NotImplementedError


def own_list(path: Path | str) -> list[str]:
    """Read a council's own list from a CSV, Excel or text file: names or codes."""
    raise NotImplementedError
