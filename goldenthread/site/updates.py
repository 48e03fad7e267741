"""What refreshes changed, in words: for the page about the state of the data, and for the feed."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from goldenthread import areas, catalogue, writing
from goldenthread.changes import Change, MeasureChange
from goldenthread.farewells import farewells

#: How many names are listed before the others are counted.
_NAMED = 6


@dataclass(frozen=True)
class Update:
    """One refresh of one source, as it is told.

    Attributes
    ----------
    id : str
        The same for ever: it comes from the source and from how many changes it had before.
    at : datetime.date
    source, title : str
        The source's name here, and what happened in a few words.
    lines : tuple of str
        What happened, a sentence or two each.
    revisions : tuple of str
        Those of the lines that tell of revised figures.
    """

    id: str
    at: date
    source: str
    title: str
    lines: tuple[str, ...]
    revisions: tuple[str, ...]


def updates(history: Iterable[Change]) -> list[Update]:
    """Put changes into words, the newest first.

    Parameters
    ----------
    history : iterable of Change
        As `snapshot.history` gives it.

    Returns
    -------
    list of Update
    """
    counted: Counter[str] = Counter()
    made = []
    for change in history:
        made.append(_update(change, counted[change.source]))
        counted[change.source] += 1
    return sorted(made, key=lambda update: update.at, reverse=True)


def identify(*parts: object) -> str:
    """Give an address-like name that is the same for ever, and wherever the site is put."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join(["golden-thread", *map(str, parts)])).urn


def _update(change: Change, number: int) -> Update:
    revisions = tuple(line for name, one in change.measures.items() for line in _revised(name, one))
    return Update(
        id=identify(change.source, number),
        at=change.at,
        source=change.source,
        title=writing.curly(f"{change.title}: {_gist(change)}"),
        lines=(*_lines(change), *revisions),
        revisions=revisions,
    )


def _gist(change: Change) -> str:
    if change.first:
        return "first figures"
    if not change.measures:
        return "no longer held" if change.removed else "read again"
    told = []
    if any(one.periods for one in change.measures.values()):
        told.append("new periods")
    if any(one.new for one in change.measures.values()):
        told.append("new measures")
    if any(one.revised for one in change.measures.values()):
        told.append("revised figures")
    return writing.listed(told) if told else "another edition"


def _lines(change: Change) -> list[str]:
    lines = []
    fresh = [name for name, one in change.measures.items() if one.new]
    if change.first:
        lines.append(
            f"Read for the first time, from {change.publisher}: "
            f"{writing.counted(len(fresh), 'measure', 'measures')}. {_names(fresh)}."
        )
    elif fresh:
        lines.append(f"Held for the first time: {_names(fresh)}.")
    by_periods: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, one in change.measures.items():
        if one.periods:
            by_periods[one.periods].append(name)
    for periods, names in by_periods.items():
        span = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
        lines.append(f"New figures for {span}: {_names(names)}.")
    lines += _editions(change)
    if change.removed:
        lines.append(f"No longer held: {_names(change.removed)}.")
    if change.ours:
        lines.append(
            "The publisher’s files were read afresh after a correction here, so what changed need not "
            "be a revision of the publisher’s."
        )
    if change.unread:
        lines.append(
            "The figures that stood here before could not be read, so nobody can tell which were revised."
        )
    return lines


def _editions(change: Change) -> list[str]:
    """Say which edition took the place of which."""
    pairs = {
        (one.release_before, one.release): None
        for one in change.measures.values()
        if not one.new and one.release != one.release_before
    }
    return [f"Read from “{now}”, before that from “{then}”." for then, now in pairs]


def _revised(name: str, one: MeasureChange) -> list[str]:
    lines = []
    if one.revised and one.largest and one.middle is not None:
        text = (
            f"{_name(name)}: {one.revised:,} of {one.compared:,} figures that stood here already "
            f"{'is another number' if one.revised == 1 else 'are other numbers'} now. "
        )
        if one.revised > 1:
            text += f"Half of these moved by {_size(name, one.middle)} or less. "
        place = areas.register().get(one.largest.area)
        lines.append(
            f"{text}{'The largest' if one.revised > 1 else 'It is'}: "
            f"{place.name if place else one.largest.area}, {one.largest.period}, "
            f"from {_written(name, one.largest.before)} to {_written(name, one.largest.now)}."
        )
    told = [
        (one.appeared, "that {was} missing {has} come"),
        (one.withdrawn, "{was} withdrawn and {is} missing now"),
        (one.gone, "{was} left out by the publisher altogether"),
    ]
    for count, text in told:
        if count:
            verbs = ("was", "has", "is") if count == 1 else ("were", "have", "are")
            said = text.format(**dict(zip(("was", "has", "is"), verbs)))
            lines.append(f"{_name(name)}: {writing.counted(count, 'figure', 'figures')} {said}.")
    return lines


def _written(name: str, value: float) -> str:
    known = catalogue.catalogue()
    return writing.figure(value, known[name]) if name in known else f"{value:,.6g}"


def _size(name: str, value: float) -> str:
    known = catalogue.catalogue()
    return writing.about(value, known[name]) if name in known else f"{value:,.6g}"


def _name(name: str) -> str:
    known, gone = catalogue.catalogue(), farewells().get(name)
    if name in known:
        return writing.curly(known[name].short)
    return gone.name if gone else name


def _names(names: Iterable[str]) -> str:
    listed = [_name(name) for name in names]
    if len(listed) > _NAMED + 1:
        listed = [*listed[:_NAMED], f"{len(listed) - _NAMED} more"]
    return writing.listed(listed)
