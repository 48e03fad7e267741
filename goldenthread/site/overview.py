"""What of a council's figures stands on its first page: three short lists, chosen by rule and never by hand.

The rule is told to readers in `book/about/how-a-councils-page-is-chosen.md`: whoever changes one
changes the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from goldenthread import findings, questions
from goldenthread.catalogue import Measure

#: How many entries a list has at most.
MOST: Final = 4
#: With fewer others than this nothing is said of how many moved the same way.
OTHERS: Final = 5
#: What the council decides comes before what it influences, and both before what describes the place.
CONTROL: Final = ("controls", "influences", "context")
#: Evidence of a change, the strongest first.
EVIDENCE: Final = ("signal", "trend", "long trend")
#: Situations that say something is well, and that something is not; the rest says neither.
_WELL: Final = frozenset({"signal-better", "recovering", "strong"})
_NOT_WELL: Final = frozenset({"signal-worse", "slipping", "worse", "weak", "unmoved"})
#: Situations that are about the service here. All others are about the figure, and asked after these.
_OF_THE_SERVICE: Final = _WELL | _NOT_WELL | {"signal", "different"}

#: A row of `findings.table`, with its `area` and `measure`.
Found = Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """One finding of one council, and what the similar councils did.

    Attributes
    ----------
    measure : Measure
    found : mapping
        The row of `findings.table`.
    moved : int
        How many of those it is compared with have a figure that can be said to have moved, or not.
    alike : int
        How many of these moved the same way.
    """

    measure: Measure
    found: Found
    moved: int = 0
    alike: int = 0

    @property
    def own(self) -> bool:
        """Whether it is of a service of the council's own, or of the place: only that is chosen."""
        found = self.found
        shown = found["shown"]
        return bool(shown == found["area"] and found["provided"] and not found["exempt"])

    @property
    def common(self) -> bool:
        """Whether at least half of those it is compared with moved the same way."""
        return self.moved >= OTHERS and 2 * self.alike >= self.moved

    @property
    def _last(self) -> tuple[bool, int]:
        """What every list is sorted by first: old figures last, then how much the council decides."""
        old = self.found["currency"] == "out of date"
        return bool(old), CONTROL.index(self.measure.control)


@dataclass(frozen=True)
class Entry:
    """A fact that may stand in a list.

    Attributes
    ----------
    fact : Fact
    weight : tuple
        The smallest comes first.
    direction : {"better", "worse", ""}
        What it says of the council, where that is agreed.
    subjects : frozenset of str
        What no other entry of the same list may be about.
    situation : str
        Why it is worth a question: a key of `questions.bank`.
    """

    fact: Fact
    weight: tuple[Any, ...]
    direction: str
    subjects: frozenset[str]
    situation: str = ""


@dataclass(frozen=True)
class Overview:
    """The three lists of a council's first page."""

    changed: list[Entry]
    differs: list[Entry]
    ask: list[Entry]


def overview(facts: Iterable[Fact]) -> Overview:
    """Choose what stands on a council's first page.

    Parameters
    ----------
    facts : iterable of Fact
        All findings of one authority.

    Returns
    -------
    Overview
        No figure stands in two of them, and what is asked is about themes that the other two leave
        out, so that the three together show as much as they can.
    """
    own = [fact for fact in facts if fact.own and not fact.measure.size]
    moved = chosen(changes(own))
    shown = {entry.fact.measure.id for entry in moved}
    apart = chosen(differences(fact for fact in own if fact.measure.id not in shown))
    themes = {entry.fact.measure.theme for entry in [*moved, *apart]}
    return Overview(moved, apart, chosen(asked(f for f in own if f.measure.theme not in themes)))


def chosen(entries: Iterable[Entry], most: int = MOST) -> list[Entry]:
    """Choose the first entries, no two about the same, good news and bad news both where there are.

    Parameters
    ----------
    entries : iterable of Entry
    most : int
        At least 2.

    Returns
    -------
    list of Entry
        In order of weight. Where there is something for the better and something for the worse, and
        not about one subject alone, both are among them.
    """
    ordered = sorted(entries, key=lambda entry: entry.weight)
    kept = _both_ways(ordered)
    for entry in ordered:
        if len(kept) == most:
            break
        if not any(entry.subjects & other.subjects for other in kept):
            kept.append(entry)
    return sorted(kept, key=lambda entry: entry.weight)


def _both_ways(ordered: Sequence[Entry]) -> list[Entry]:
    """Give the strongest entry that says better or worse, and the strongest that says the other.

    Where the strongest of all is about the only subject of the other way, it gives its place up.
    """
    ways = [entry for entry in ordered if entry.direction]
    first = [entry for entry in ways if entry.direction == ways[0].direction]
    other = [entry for entry in ways if entry.direction != ways[0].direction]
    pairs = ([one, two] for one in first for two in other if not one.subjects & two.subjects)
    return next(pairs, first[:1])


def changes(facts: Iterable[Fact]) -> list[Entry]:
    """List what changed by more than chance.

    Money is left out: sums rise with prices, and the figures are not corrected for that.

    Parameters
    ----------
    facts : iterable of Fact

    Returns
    -------
    list of Entry
        Each with its weight: old figures last; what the council controls, influences, and what is
        context; what most similar councils share after what they do not; the stronger evidence; the
        larger movement.
    """
    return [
        Entry(
            fact,
            (
                *fact._last,
                fact.common,
                EVIDENCE.index(fact.found["change_by"]),
                -movement(fact.found),
                fact.measure.id,
            ),
            str(fact.found["change_is"]),
            frozenset({fact.measure.theme}),
        )
        for fact in facts
        if fact.found["change"] in ("risen", "fallen")
        and pd.notna(fact.found["value"])
        and fact.measure.unit != "pounds"
    ]


def differences(facts: Iterable[Fact]) -> list[Entry]:
    """List what differs from the middle of the councils it is compared with.

    A figure differs when it is in their lowest or highest quarter, and its distance from the middle
    is not within the play of chance, where that is known.

    Parameters
    ----------
    facts : iterable of Fact

    Returns
    -------
    list of Entry
        Each with its weight: old figures last; what the council controls, influences, and what is
        context; the gaps that are surely more than chance; the larger gap.
    """
    return [
        Entry(
            fact,
            (
                *fact._last,
                fact.found["against_median"] == "not compared",
                -gap(fact.found),
                fact.measure.id,
            ),
            _side(fact),
            frozenset({fact.measure.theme}),
        )
        for fact in facts
        if fact.found["quarter"] in (1, 4)
        and pd.notna(fact.found["median"])
        and pd.notna(fact.found["value"])
        and fact.found["against_median"] != "similar"
    ]


def _side(fact: Fact) -> str:
    """Tell whether a figure at an end is at the better one."""
    if fact.measure.polarity is None:
        return ""
    high = fact.found["quarter"] == 4
    return "better" if high == (fact.measure.polarity == "high") else "worse"


def asked(facts: Iterable[Fact]) -> list[Entry]:
    """List what raises a question.

    Parameters
    ----------
    facts : iterable of Fact

    Returns
    -------
    list of Entry
        Each with its weight: old figures last; what the council controls, influences, and what is
        context; the situation, as `questions.bank` orders them; the larger gap. What is about the
        figure itself, and not about the service, comes after all that. No two of a list are of one
        theme, nor in one situation.
    """
    order = {key: place for place, key in enumerate(questions.bank())}
    entries = []
    for fact in facts:
        raised = questions.situations(fact.found)
        # What the service raises before what its figure does, if both do.
        key = next((one for one in raised if one in _OF_THE_SERVICE), next(iter(raised), ""))
        if not key or not _worth(key, fact):
            continue
        last = key not in _OF_THE_SERVICE
        weight = (last, *fact._last, order[key], -gap(fact.found), fact.measure.id)
        direction = "better" if key in _WELL else "worse" if key in _NOT_WELL else ""
        entries.append(Entry(fact, weight, direction, frozenset({fact.measure.theme, key}), key))
    return entries


def _worth(situation: str, fact: Fact) -> bool:
    """Leave out why a figure is missing where hardly anybody has one."""
    if situation != "missing":
        return True
    return bool(fact.found["peers"] >= findings.ENOUGH)


def gap(found: Found) -> float:
    """Give the distance of a figure from the middle of its group, in widths of the middle half.

    Parameters
    ----------
    found : mapping

    Returns
    -------
    float
        0 where there is no middle, or no middle half to measure with.

    Examples
    --------
    >>> gap({"value": 20.0, "median": 14.0, "low": 10.0, "high": 14.0})
    1.5
    """
    return _widths(found["value"] - found["median"], found)


def movement(found: Found) -> float:
    """Give how far a figure moved in five years, in widths of the middle half of its group.

    Without a figure of five years before, the slope over all years stands for it.

    Examples
    --------
    >>> row = {"value": 20.0, "before": 14.0, "slope": 1.0, "low": 10.0, "high": 14.0}
    >>> movement(row), movement({**row, "before": float("nan")})
    (1.5, 1.25)
    """
    moved = found["value"] - found["before"]
    if math.isnan(moved):
        moved = found["slope"] * findings.YEARS_BACK
    return _widths(moved, found)


def _widths(distance: float, found: Found) -> float:
    width = found["high"] - found["low"]
    if math.isnan(distance) or not width > 0:
        return 0.0
    return float(abs(distance) / width)


def same_way(changes: Sequence[str], own: str) -> tuple[int, int]:
    """Count how many of others can be said to have moved or not, and how many moved as one did.

    Parameters
    ----------
    changes : sequence of str
        `change` of each of the others; "" where nobody can tell.
    own : str

    Examples
    --------
    >>> same_way(["risen", "risen", "steady", ""], "risen")
    (3, 2)
    """
    known = [change for change in changes if change]
    return len(known), known.count(own)
