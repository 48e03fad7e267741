"""Events and resources of others: what the file of them holds, and what still stands on a given day."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from docutils import nodes
from docutils.parsers.rst import directives
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sphinx.util.docutils import SphinxDirective

from goldenthread import catalogue, kept, writing
from goldenthread.catalogue import Sentence
from goldenthread.site.boxes import ROLES
from goldenthread.site.directives import render
from goldenthread.site.pages import MADE_FROM

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PATH: Final = catalogue.FOLDER / "events-and-resources.yaml"

Kind = Literal["event series", "training", "guide", "tool", "data"]
#: The kinds in the order of the page, and what its tables are called.
KINDS: Final[dict[Kind, str]] = {
    "event series": "Events and rounds",
    "training": "Training",
    "guide": "Guides",
    "tool": "Tools",
    "data": "Data",
}
#: What comes back says how often; a time of its own is a date.
Rule = Annotated[str, Field(pattern=r"^(each|every) [^.]+$")]
Name = Annotated[str, Field(min_length=3, pattern=r"[^.]$")]


class GatheringError(ValueError):
    """An entry that is wrong; the message names the file, the entry, the field and what was expected."""


class Gathering(BaseModel):
    """One event series, course, guide, tool or set of data that somebody else offers.

    Attributes
    ----------
    title, publisher : str
        What it is called, and who offers it.
    kind : str
        One of `KINDS`.
    roles : tuple of str
        Whom it is for, as role tags are written.
    what : str
        What a reader gets from it, in a sentence.
    url : str
        Where it is; only https, since a reader is sent there.
    checked : datetime.date or None
        When somebody last read what stands there; None, written out, where nobody has yet.
    when : datetime.date or str or None
        The last day it can be gone to, a rule such as "each October", or None for what is always there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    title: Name
    kind: Kind
    roles: tuple[str, ...] = Field(alias="for", min_length=1)
    what: Sentence
    publisher: Name
    url: Annotated[str, Field(pattern=r"^https://[^\s/#]+\.[^\s#]+$")]
    checked: date | None
    when: date | Rule | None = None

    @model_validator(mode="after")
    def _agree(self) -> Gathering:
        for role in self.roles:
            if role not in ROLES:
                raise ValueError(f"for: {kept.unknown('role', role, ROLES)}")
        if self.kind == "event series" and self.when is None:
            raise ValueError("when: expected a date or a rule for an event series")
        return self

    @property
    def readers(self) -> str:
        """Name whom it is for, as a page says it."""
        return writing.listed([ROLES[role] for role in self.roles])

    @property
    def time(self) -> str:
        """Say when it is, as a table has it.

        Examples
        --------
        >>> gatherings()[0].time
        'Every four months'
        """
        if self.when is None:
            return "No fixed time"
        return writing.opening(self.when) if isinstance(self.when, str) else writing.date(self.when)


def load(path: Path = PATH) -> tuple[Gathering, ...]:
    """Read the events and resources of a file.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    tuple of Gathering
        In the order of the file.

    Raises
    ------
    GatheringError
        Naming the file, the entry, the field and what was expected; also for a title that stands twice.
    """
    return tuple(one for _, one in kept.entries(path, Gathering, GatheringError, by="title"))


@cache
def gatherings() -> tuple[Gathering, ...]:
    """Give the project's own events and resources, read once."""
    return load()


def standing(listed: tuple[Gathering, ...], today: date) -> dict[Kind, list[Gathering]]:
    """Lay out what can still be gone to, by kind.

    Parameters
    ----------
    listed : tuple of Gathering
    today : datetime.date
        The day of the build. What was before it drops out; what is on that day still stands.

    Returns
    -------
    dict of str to list of Gathering
        By kind, in the order of `KINDS`, without kinds that have nothing. Dated ones come first, the
        next of them first; the rest keep the order of the file.
    """
    stand = [one for one in listed if not isinstance(one.when, date) or one.when >= today]
    stand.sort(key=lambda one: one.when if isinstance(one.when, date) else date.max)
    laid = {kind: [one for one in stand if one.kind == kind] for kind in KINDS}
    return {kind: some for kind, some in laid.items() if some}


class EventsAndResources(SphinxDirective):
    """What others offer, by kind; with `kind`, only one.

    ```{events-and-resources}
    :kind: training
    ```
    """

    option_spec: ClassVar = {"kind": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Make the tables, and remember that they change with the file."""
        self.env.note_dependency(str(PATH))
        kind = self.options.get("kind")
        if kind is None:
            self.env.metadata[self.env.docname][MADE_FROM] = str(PATH)
        elif kind not in KINDS:
            raise self.error(f"{self.name}: {kept.unknown('kind', kind, KINDS)}")
        laid = standing(gatherings(), date.today())
        chosen = [(KINDS[one], some) for one, some in laid.items() if kind in (None, one)]
        return [render("gatherings", kinds=chosen)]


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("events-and-resources", EventsAndResources)
