"""What a report is: the front matter of its page, read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from goldenthread import catalogue
from goldenthread.catalogue import Identifier, Measure
from goldenthread.kept import unknown
from goldenthread.site import front_matter, report_anatomy
from goldenthread.site.front_matter import FieldError, FrontMatterError
from goldenthread.snapshot import snapshot

#: Where the pages of reports are.
FOLDER: Final = catalogue.FOLDER.parent / "book" / "reports"
#: Pages of the folder that are no report: the list of all, and what begins with this is no page at all.
INDEX: Final = "index"
DRAFT: Final = "_"
Group = Literal[
    "The whole council",
    "Homes",
    "Environment",
    "People",
    "Work and economy",
    "Children",
    "Schools and learning",
    "Adults and health",
    "Money",
    "Places and safety",
    "Fire and rescue",
]
#: The headings that reports stand under, in order.
GROUPS: Final[tuple[str, ...]] = get_args(Group)
#: How many measures a report has.
MEASURES: Final = range(3, 11)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Measures(_Entry):
    """The measures of a report by what they tell: what became of it, what was done, what it cost."""

    outcome: tuple[Identifier, ...] = Field(min_length=1)
    output: tuple[Identifier, ...] = ()
    cost: tuple[Identifier, ...] = ()

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        """Give them in the order of the page."""
        return chain(self.outcome, self.output, self.cost)


class Report(_Entry):
    """A report as its page describes itself.

    Attributes
    ----------
    slug, title, description : str
        The name of its file and in its address; its heading; a sentence for search engines.
    group : str
        One of `GROUPS`.
    kind : {"measures", "framework"}
        "framework" shows another list than the measures of the catalogue, and has no panels.
    measures : Measures or None
        None for a framework.
    lead : str or None
        The measure whose better-placed councils are looked at; None where no measure has an agreed
        direction.
    related : tuple of str
        Pages of the book, without their ending.
    """

    slug: Identifier
    title: str = Field(min_length=4)
    description: str
    group: Group
    kind: Literal["measures", "framework"] = "measures"
    measures: Measures | None = None
    lead: Identifier | None = None
    related: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Report:
        front_matter.check_description(self.description)
        if self.kind == "framework":
            if self.measures or self.lead:
                raise FieldError("report.measures", "expected none in a framework")
            return self
        if self.measures is None:
            raise FieldError(
                "report.measures", "expected outcome, and where there are any output and cost"
            )
        self._check_measures(list(self.measures))
        return self

    def _check_measures(self, shown: list[str]) -> None:
        known = catalogue.catalogue()
        for role in ("outcome", "output", "cost"):
            for identifier in getattr(self.measures, role):
                if identifier not in known:
                    raise FieldError(
                        f"report.measures.{role}", unknown("measure", identifier, known)
                    )
        twice = {one for one in shown if shown.count(one) > 1}
        if twice:
            raise FieldError("report.measures", f"{', '.join(sorted(twice))} stands there twice")
        if len(shown) not in MEASURES:
            raise FieldError(
                "report.measures",
                f"expected {MEASURES.start} to {MEASURES.stop - 1} in all, not {len(shown)}",
            )
        directed = [one for one in shown if is_held(one) and known[one].polarity]
        if self.lead is None and directed:
            raise FieldError(
                "report.lead", f"expected a measure with an agreed direction: {', '.join(directed)}"
            )
        if self.lead is None:
            return
        if self.lead not in shown:
            raise FieldError("report.lead", unknown("measure", self.lead, shown))
        if self.lead not in directed:
            why = "has no agreed direction" if is_held(self.lead) else "has no figures yet"
            raise FieldError(
                "report.lead",
                f"{self.lead!r} {why}; expected one of {', '.join(directed) or 'none'}",
            )

    @property
    def shown(self) -> tuple[str, ...]:
        """The measures in the order of the page."""
        return tuple(self.measures or ())

    @property
    def page(self) -> str:
        """The page in the book, without its ending."""
        return f"book/reports/{self.slug}"


def is_held(identifier: str) -> bool:
    """Tell whether there are figures of a measure of the catalogue."""
    return not snapshot().awaits(identifier)


def held(report: Report) -> list[Measure]:
    """Give the measures of a report that there are figures of, in the order of the page."""
    return [catalogue.catalogue()[one] for one in report.shown if is_held(one)]


# --- reading ---------------------------------------------------------------------------------------


def load(path: Path) -> Report:
    """Read the front matter of one report.

    Parameters
    ----------
    path : pathlib.Path
        The page.

    Returns
    -------
    Report

    Raises
    ------
    FrontMatterError
        Naming the file, the line, the field and what was expected.
    """
    return _load(path, front_matter.text_of(path))


@lru_cache(maxsize=256)
def _load(path: Path, text: str) -> Report:
    """Read a page; once, since each report names the others of its group."""
    # What is wrong with the catalogue is no fault of the page.
    catalogue.catalogue()
    return front_matter.load(path, text, "report", Report, "group, measures and related")


def paths(folder: Path = FOLDER) -> list[Path]:
    """List the pages of reports."""
    return sorted(
        path
        for path in folder.glob("*.md")
        if path.stem != INDEX and not path.stem.startswith(DRAFT)
    )


@cache
def reports(folder: Path = FOLDER) -> dict[str, Report]:
    """Give all reports by slug: group by group, and within a group by title.

    Parameters
    ----------
    folder : pathlib.Path
        By default the project's own.

    Returns
    -------
    dict of str to Report

    Raises
    ------
    FrontMatterError
        For the first page that is wrong.

    Examples
    --------
    >>> reports()["household-waste-and-recycling"].group
    'Environment'
    """
    return {report.slug: report for report in in_order(map(load, paths(folder)))}


def in_order(listed: Iterable[Report]) -> list[Report]:
    """Put reports in the order in which they are listed."""
    return sorted(listed, key=lambda report: (GROUPS.index(report.group), report.title.casefold()))


def of_measures(listed: Mapping[str, Report]) -> dict[str, Report]:
    """Tell which report holds a measure: the one that it leads, else the one where it stands first.

    One about everything a council does comes last: what is about the subject says more.

    Parameters
    ----------
    listed : mapping of str to Report
        As `reports` gives them.

    Returns
    -------
    dict of str to Report
        By measure.

    Examples
    --------
    >>> of_measures(reports())["household-recycling-rate"].slug
    'household-waste-and-recycling'
    """
    found: dict[str, tuple[bool, bool, int, Report]] = {}
    for report in listed.values():
        for place, identifier in enumerate(report.shown):
            key = (report.group == GROUPS[0], identifier != report.lead, place, report)
            if identifier not in found or key[:3] < found[identifier][:3]:
                found[identifier] = key
    return {identifier: report for identifier, (*_, report) in found.items()}


def faults(path: Path) -> list[str]:
    """Say all that is wrong with the page of a report, each with its line.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of str
        As `name.md:12: what is wrong`; empty for a page that is as it should be.

    Examples
    --------
    >>> faults(FOLDER / "household-waste-and-recycling.md")
    []
    """
    return [f"{path.name}:{line}: {said}" for line, said in wrong(path)]


def wrong(path: Path) -> list[tuple[int, str]]:
    """Give what `faults` says, with the line apart."""
    try:
        report = load(path)
    except FrontMatterError as error:
        return [(error.line, error.reason)]
    text = front_matter.text_of(path)
    body, before = front_matter.split(text)[1], front_matter.lines_before(text)
    shape = report_anatomy.Shape(
        panels=report.shown, better_placed=report.lead is not None, free=report.kind == "framework"
    )
    return [(before + line, said) for line, said in report_anatomy.faults(body, shape)]
