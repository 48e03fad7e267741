"""The state of the data: of every measure how new it is, whether it is late, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from goldenthread import catalogue, due, writing
from goldenthread.catalogue import Measure
from goldenthread.farewells import Farewell, farewells
from goldenthread.site.directives import render
from goldenthread.site.updates import updates
from goldenthread.snapshot import MeasureManifest, Snapshot, snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The page this stands on.
PAGE: Final = "book/about/status"
#: The parts a page can show.
PARTS: Final = ("summary", "changes", "revisions", "ended", "measures")
#: The states of a measure, in the order in which they are counted, and what each means.
STATES: Final = {
    "on time": "the next figures are not due yet",
    "late": "newer figures should stand here by now",
    "not known": "it is not known when the next are due",
    "ended": "the publisher publishes no more of them",
    "awaited": "in the catalogue, and not held yet",
}


@dataclass(frozen=True)
class Row:
    """What is told of one measure.

    Attributes
    ----------
    measure : Measure
    state : str
        One of `STATES`.
    manifest : MeasureManifest or None
        None for one that is awaited.
    due : due.Due or None
    farewell : Farewell or None
        For one that ended.
    """

    measure: Measure
    state: str
    manifest: MeasureManifest | None = None
    due: due.Due | None = None
    farewell: Farewell | None = None

    @property
    def release(self) -> str:
        """The newest edition, or how its file is called."""
        if self.manifest is None:
            return ""
        return self.manifest.releases[-1] if self.manifest.releases else "not stated"

    @property
    def expected(self) -> str:
        """When the next figures are expected."""
        if self.farewell:
            return f"none: ended {writing.date(self.farewell.at)}"
        if self.manifest is None:
            return "at the next refresh"
        if self.due is None:
            return "not known"
        return f"{'about ' if self.due.about else ''}{self.due.month:%B %Y}"


@dataclass(frozen=True)
class Group:
    """The measures of one source."""

    name: str
    title: str
    publisher: str
    page: str
    rows: Sequence[Row]

    @property
    def gist(self) -> str:
        """Count the measures, and those in each state."""
        counts = count(self.rows)
        told = [f"{number} {state}" for state, number in counts.items() if number]
        return f"{writing.counted(len(self.rows), 'measure', 'measures')}: {', '.join(told)}"


def row(measure: Measure, held: Snapshot, today: date) -> Row:
    """Tell of one measure how it stands.

    Parameters
    ----------
    measure : Measure
        Of the catalogue, held or not.
    held : Snapshot
    today : datetime.date

    Returns
    -------
    Row
    """
    if measure.id not in held:
        return Row(measure, "awaited")
    manifest = held.manifest(measure.id)
    farewell = farewells().get(measure.id)
    if farewell:
        return Row(measure, "ended", manifest, farewell=farewell)
    next_one = due.expected(measure, manifest)
    state = "not known" if next_one is None else next_one.state(today)
    return Row(measure, state, manifest, next_one)


def groups(held: Snapshot, today: date) -> list[Group]:
    """Tell of every measure of the catalogue how it stands, source by source.

    Parameters
    ----------
    held : Snapshot
    today : datetime.date

    Returns
    -------
    list of Group
        In order of their titles.
    """
    known = held.catalogue
    made = []
    for source in known.sources.values():
        listed = [*known.of_source(source.name), *known.derived_from(source.name)]
        rows = [row(measure, held, today) for measure in listed]
        if rows:
            made.append(
                Group(source.name, writing.curly(source.title), source.publisher, source.page, rows)
            )
    return sorted(made, key=lambda group: group.title.casefold())


def count(rows: Sequence[Row]) -> dict[str, int]:
    """Count measures by their state, in the order of `STATES`."""
    counted = Counter(one.state for one in rows)
    return {state: counted[state] for state in STATES}


class DataStatus(SphinxDirective):
    """One part of the state of the data: `summary`, `changes`, `revisions`, `ended` or `measures`.

    ```{data-status} summary
    ```
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the list or the tables."""
        part = self.arguments[0]
        if part not in PARTS:
            raise self.error(f"data-status: expected one of {', '.join(PARTS)}, not {part!r}")
        held, today = snapshot(), date.today()
        made = groups(held, today)
        told = updates(held.changes)
        last = max((update.at for update in told), default=None)
        return [
            render(
                "status",
                part=part,
                root="../" * self.env.docname.count("/"),
                groups=made,
                counts=count([one for group in made for one in group.rows]),
                states=STATES,
                today=today,
                generated=held.generated,
                last=last,
                latest=[update for update in told if update.at == last],
                earlier=[update for update in told if update.at != last],
                revisions=[update for update in told if update.revisions],
                again=any(not change.first for change in held.changes),
                farewells=farewells().values(),
                catalogue=catalogue.catalogue(),
            )
        ]


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("data-status", DataStatus)
