"""The calendar of a maintainer's year: in which month each source's next figures are expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from docutils import nodes

from goldenthread import due, writing
from goldenthread.catalogue import Measure, SourceEntry
from goldenthread.farewells import farewells
from goldenthread.site.directives import MeasureDirective, render
from goldenthread.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Sources that publish more often than once a year, and what their turn is called.
_OFTEN: Final = {"quarterly": "Every quarter", "monthly": "Every month", "daily": "Every month"}
_SELDOM: Final = "At no fixed time"


@dataclass(frozen=True)
class Turn:
    """What is expected of a source in one part of the year.

    Attributes
    ----------
    source, publisher, page : str
        Its title, who publishes it, and where.
    measures : int
        How many measures are read from it then.
    about : bool
        Whether the month was worked out from the last release, and may be a few months off.
    """

    source: str
    publisher: str
    page: str
    measures: int
    about: bool

    @property
    def gist(self) -> str:
        """Count the measures."""
        return writing.counted(self.measures, "measure", "measures")


def when(measure: Measure, held: Snapshot) -> tuple[str, bool]:
    """Say in which part of the year the next figures of a measure are to be looked for.

    Parameters
    ----------
    measure : Measure
        That the snapshot holds.
    held : Snapshot

    Returns
    -------
    str
        The name of a month, "Every quarter", "Every month" or "At no fixed time".
    bool
        Whether the month is only about right.
    """
    if measure.frequency in _OFTEN:
        return _OFTEN[measure.frequency], False
    expected = due.expected(measure, held.manifest(measure.id))
    if measure.frequency != "annual" or expected is None:
        return _SELDOM, False
    return f"{expected.month:%B}", expected.about


def calendar(held: Snapshot) -> dict[str, list[Turn]]:
    """Lay the sources out over the year.

    A source that publishes some measures in one month and some in another has a turn in each. Measures
    that ended, and those that are worked out here, have none.

    Parameters
    ----------
    held : Snapshot

    Returns
    -------
    dict of str to list of Turn
        By part of the year, January first, then those without a month; parts without a turn are left
        out.
    """
    sources = held.catalogue.sources
    found: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for name in sources:
        for measure in held.catalogue.of_source(name):
            if measure.id in held and measure.id not in farewells():
                part, about = when(measure, held)
                found[part][name].append(about)
    months = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]
    order = [*months, *dict.fromkeys(_OFTEN.values()), _SELDOM]
    return {part: _turns(found[part], sources) for part in order if part in found}


def _turns(found: Mapping[str, Iterable[bool]], sources: Mapping[str, SourceEntry]) -> list[Turn]:
    turns = []
    for name, told in found.items():
        flags = list(told)
        one = sources[name]
        turns.append(Turn(one.title, one.publisher, str(one.page), len(flags), all(flags)))
    return sorted(turns, key=lambda turn: turn.source)


class ReleaseCalendar(MeasureDirective):
    """The sources by the month in which they publish.

    ```{release-calendar}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        return [render("release-calendar", parts=calendar(snapshot()))]


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("release-calendar", ReleaseCalendar)
