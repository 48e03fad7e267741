"""Who is compared with whom: similar councils, the official lists, the same kind, the same region."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

from goldenthread import areas, catalogue, features, likeness, official_lists
from goldenthread.areas import Area
from goldenthread.authorities import citizens
from goldenthread.likeness import NEIGHBOURS, Similar, similar
from goldenthread.own_list import OwnList, OwnListError, own_list
from goldenthread.snapshot import LICENCES

__all__ = [
    "NEIGHBOURS",
    "RANKED_WITH_SELF",
    "Comparator",
    "OwnList",
    "OwnListError",
    "PeerSets",
    "PeersError",
    "Similar",
    "Wording",
    "available",
    "comparators",
    "group",
    "lists",
    "own_list",
    "sets",
    "similar",
    "why_not",
]

FOLDER: Final = catalogue.FOLDER / "neighbours"
#: A rank and a median are always of a group that the council itself belongs to, so that both rest on
#: the same councils: a list of fifteen neighbours is ranked and has its middle as sixteen.
RANKED_WITH_SELF: Final = True

#: The groups that a council belongs to itself, as against lists of others.
_GROUPS: Final = ("kind", "region", "family", "england", "governance")
#: Beside whom each tier is compared: nobody stands beside a council whose area overlaps its own.
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "lower": ("lower", "single"),
    "upper": ("upper", "single"),
    "single": ("lower", "upper", "single"),
    "fire": ("fire",),
}


class PeersError(LookupError):
    """A comparison that there is not, or whose lists are not there; the message says what there is."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How a comparison is spoken of among fire and rescue authorities.

    Attributes
    ----------
    name, meaning : str
        As those of `Comparator`.
    """

    name: str
    meaning: str


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
        Whose list it is, which edition, under which licence, and where to read of it; empty for a
        council's own.
    lists : str
        The source of its official lists, where it has any.
    fire : Wording or None
        Its name and meaning for a fire and rescue authority, where they are others than a council's.
    """

    id: str
    name: str
    meaning: str
    publisher: str = ""
    release: str = ""
    licence: str = ""
    page: str = ""
    lists: str = ""
    fire: Wording | None = None

    @property
    def with_self(self) -> bool:
        """Whether the group includes the council itself, as kinds and regions do and lists do not."""
        return self.id in _GROUPS

    @property
    def source(self) -> str:
        """Publisher, release and licence in one line."""
        licence = LICENCES[self.licence][0] if self.licence else ""
        return ", ".join(part for part in (self.publisher, self.release, licence) if part)


@dataclass(frozen=True, eq=False)
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
        "similar", "mhclg", "dfe", "kind", "region", "family", "england", "governance" (fire and rescue
        authorities) and "own" (a list from a file, see `own_list`).

    Examples
    --------
    >>> comparators()["kind"].with_self
    True
    >>> comparators()["dfe"].source
    'Department for Education, May 2025, Open Government Licence v3.0'
    """
    entries = yaml.safe_load((FOLDER / "comparators.yaml").read_text(encoding="utf-8"))
    held, known = official_lists.manifest(FOLDER).sources, catalogue.catalogue().lists
    made = {}
    for entry in entries:
        if "fire" in entry:
            entry |= {"fire": Wording(**entry["fire"])}
        if name := entry.get("lists"):
            source = known[name]
            entry |= {
                "publisher": source.publisher,
                "licence": source.licence,
                "page": source.page,
                "release": held[name].release if name in held else entry["release"],
            }
        made[entry["id"]] = Comparator(**entry)
    return made


def _comparator(name: str) -> Comparator:
    known = comparators()
    if name not in known:
        raise PeersError(f"there is no comparison {name!r}: expected one of {', '.join(known)}")
    return known[name]


def available(comparator: str) -> bool:
    """Tell whether the workbook holds what a comparison needs.

    Parameters
    ----------
    comparator : str
        An id of `comparators`.

    Returns
    -------
    bool
        False for an official list that has not been read yet, and for a council's own, which is in
        nobody's hands but its own.

    Raises
    ------
    PeersError
        When there is no such comparison.

    Examples
    --------
    >>> available("kind"), available("own")
    (True, False)
    """
    return not _why_not_at_all(_comparator(comparator))


def why_not(comparator: str, council: str) -> str:
    """Say why a council has no group in a comparison.

    Parameters
    ----------
    comparator : str
        An id of `comparators`.
    council : str
        A name or code.

    Returns
    -------
    str
        A sentence; empty when it has one.

    Raises
    ------
    PeersError, AreaError
        When there is no such comparison or authority.

    Examples
    --------
    >>> why_not("dfe", "Adur")
    "DfE's statistical neighbours are only for councils that run children's services. For county \
services, look at those of West Sussex."
    """
    chosen, area = _comparator(comparator), areas.find(council)
    reason = _why_not_at_all(chosen)
    if reason:
        return reason
    if sets(comparator, _with_lists(area)).of[0] >= 0:
        return ""
    if comparator == "governance":
        return f"{_capital(chosen.name)} are only for fire and rescue authorities."
    if comparator == "dfe":
        only = "DfE's statistical neighbours are only for councils that run children's services."
        county = areas.register()[area.county].name if area.county else ""
        return f"{only} For county services, look at those of {county}." if county else only
    return f"{area.name} has no list among {chosen.name}."


def _why_not_at_all(comparator: Comparator) -> str:
    if comparator.id == "own":
        return "A council's own list comes from a file: own_list(path, council) reads it."
    if comparator.lists and comparator.lists not in official_lists.manifest(FOLDER).sources:
        whose = comparator.name.split()[0]
        return (
            f"{whose} list is not in the workbook yet: "
            f"`goldenthread refresh {comparator.lists}` reads it."
        )
    return ""


def _with_lists(area: Area) -> list[str]:
    """Give an area's code, and all others after it."""
    return [area.code, *(code for code in citizens().index if code != area.code)]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- groups and lists as positions -----------------------------------------------------------------


def sets(comparator: str | OwnList, codes: Sequence[str]) -> PeerSets:
    """Give everybody's group at once, as positions in a list of codes.

    Parameters
    ----------
    comparator : str or OwnList
        An id of `comparators`; or a council's own list, which is a group for that council alone.
    codes : sequence of str
        n GSS codes of councils or fire and rescue authorities, each once. Whoever is not among
        them is in nobody's group.

    Returns
    -------
    PeerSets
        Groups that are the same for many are held once. The arrays cannot be written to.

    Raises
    ------
    PeersError
        When there is no such comparison, or its lists are not in the workbook yet.
    AreaError
        For a code that is not in the register.

    Examples
    --------
    >>> found = sets("kind", ["E06000001", "E07000223", "E06000002"])
    >>> found.of.tolist(), found.members.tolist()
    ([1, 0, 1], [[1, -1], [0, 2]])
    """
    return _sets(comparator, tuple(codes))


@cache
def _sets(comparator: str | OwnList, codes: tuple[str, ...]) -> PeerSets:
    if isinstance(comparator, OwnList):
        pairs = pd.DataFrame({"area": comparator.council, "neighbour": comparator.neighbours})
        return _of_lists(pairs, codes)
    chosen = _comparator(comparator)
    if reason := _why_not_at_all(chosen):
        raise PeersError(reason)
    if chosen.with_self:
        return _grouped(comparator, codes)
    return _of_lists(likeness.pairs() if comparator == "similar" else lists(comparator), codes)


def _grouped(comparator: str, codes: Sequence[str]) -> PeerSets:
    """Put together those with the same label, where their areas do not overlap."""
    listed = [areas.register()[code] for code in codes]
    labels = np.array([_label(comparator, area) for area in listed], dtype=object)
    tiers = np.array([area.tier for area in listed], dtype=object)
    keys = [None if label is None else f"{label}, {tier}" for label, tier in zip(labels, tiers)]
    of, distinct = pd.factorize(np.array(keys, dtype=object), sort=True)
    groups = []
    for number in range(len(distinct)):
        first = int(np.argmax(of == number))
        beside = np.isin(tiers, _BESIDE[tiers[first]])
        groups.append(np.flatnonzero((labels == labels[first]) & beside))
    return _frozen(_padded(groups), of.astype(np.intp), with_self=True)


def _label(comparator: str, area: Area) -> Hashable:
    if area.tier not in _BESIDE:
        return None
    labels = {
        "kind": area.kind,
        "region": area.region,
        "family": features.families().get(area.code),
        "england": "England",
        "governance": area.governance or None,
    }
    return labels[comparator]


def _padded(groups: Sequence[npt.NDArray[np.intp]]) -> npt.NDArray[np.intp]:
    members = np.full((len(groups), max(map(len, groups), default=0)), -1, dtype=np.intp)
    for row, group in zip(members, groups, strict=True):
        row[: len(group)] = group
    return members


def _of_lists(pairs: pd.DataFrame, codes: Sequence[str]) -> PeerSets:
    """Turn lists of neighbours, in order, into positions; those not among the codes are left out."""
    index = pd.Index(codes)
    whose, whom = (index.get_indexer(pd.Index(pairs[c])) for c in ("area", "neighbour"))
    both = (whose >= 0) & (whom >= 0)
    whose, whom = whose[both], whom[both]
    having, row = np.unique(whose, return_inverse=True)
    place = pd.Series(row).groupby(row).cumcount().to_numpy()
    members = np.full((len(having), int(place.max(initial=-1)) + 1), -1, dtype=np.intp)
    members[row, place] = whom
    of = np.full(len(codes), -1, dtype=np.intp)
    of[having] = np.arange(len(having))
    return _frozen(members, of, with_self=False)


def _frozen(
    members: npt.NDArray[np.intp], of: npt.NDArray[np.intp], *, with_self: bool
) -> PeerSets:
    # They are kept for whoever asks next, so that nobody may change them.
    members.setflags(write=False)
    of.setflags(write=False)
    return PeerSets(members, of, with_self)


def group(comparator: str | OwnList, council: str) -> list[str]:
    """List whom one council is compared with, without itself.

    Parameters
    ----------
    comparator : str or OwnList
        An id of `comparators`, or a council's own list.
    council : str
        A name or code.

    Returns
    -------
    list of str
        GSS codes; a list of neighbours in order of likeness. Empty where it has no group (`why_not`
        says why).

    Examples
    --------
    >>> [areas.register()[code].name for code in group("similar", "Somerset")[:3]]
    ['Shropshire', 'Cornwall', 'North Yorkshire']
    """
    codes = _with_lists(areas.find(council))
    found = sets(comparator, codes)
    if found.of[0] < 0:
        return []
    return [codes[at] for at in found.members[found.of[0]] if at > 0]


def lists(name: str) -> pd.DataFrame:
    """Give the official lists of a comparison, "mhclg" or "dfe".

    Parameters
    ----------
    name : str

    Returns
    -------
    pandas.DataFrame
        `area`, `place` (1 is the most alike), `neighbour`, `closeness` (the publisher's word, or
        empty).

    Raises
    ------
    PeersError
        For another name, or lists that are not in the workbook yet.

    Examples
    --------
    >>> len(lists("dfe").query("area == 'E06000010'"))
    10
    """
    chosen = _comparator(name)
    if not chosen.lists:
        official = ", ".join(c.id for c in comparators().values() if c.lists)
        raise PeersError(f"{name} has no official lists: expected one of {official}")
    if reason := _why_not_at_all(chosen):
        raise PeersError(reason)
    return official_lists.read(chosen.lists, FOLDER)
