"""What a report is: the front matter of its page, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from rapidfuzz import process

from goldenthread import catalogue
from goldenthread.catalogue import Identifier, Measure
from goldenthread.kept import unknown
from goldenthread.site import anatomy
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
#: How many letters a description has: less says nothing, and search engines cut what is longer.
DESCRIPTION: Final = range(90, 171)
_FRONT_MATTER: Final = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


class ReportError(ValueError):
    """Front matter that is wrong; the message names file, line, field and what was expected.

    Attributes
    ----------
    line : int
        Where in the file.
    reason : str
        The message without file and line.
    """

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path.name}:{line}: {reason}")
        self.line = line
        self.reason = reason


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
        if len(self.description) not in DESCRIPTION:
            raise _FieldError(
                "description",
                f"expected {DESCRIPTION.start} to {DESCRIPTION.stop - 1} letters, "
                f"not {len(self.description)}",
            )
        if self.kind == "framework":
            if self.measures or self.lead:
                raise _FieldError("report.measures", "expected none in a framework")
            return self
        if self.measures is None:
            raise _FieldError(
                "report.measures", "expected outcome, and where there are any output and cost"
            )
        self._check_measures(list(self.measures))
        return self

    def _check_measures(self, shown: list[str]) -> None:
        known = catalogue.catalogue()
        for role in ("outcome", "output", "cost"):
            for identifier in getattr(self.measures, role):
                if identifier not in known:
                    raise _FieldError(
                        f"report.measures.{role}", unknown("measure", identifier, known)
                    )
        twice = {one for one in shown if shown.count(one) > 1}
        if twice:
            raise _FieldError("report.measures", f"{', '.join(sorted(twice))} stands there twice")
        if len(shown) not in MEASURES:
            raise _FieldError(
                "report.measures",
                f"expected {MEASURES.start} to {MEASURES.stop - 1} in all, not {len(shown)}",
            )
        directed = [one for one in shown if is_held(one) and known[one].polarity]
        if self.lead is None and directed:
            raise _FieldError(
                "report.lead", f"expected a measure with an agreed direction: {', '.join(directed)}"
            )
        if self.lead is None:
            return
        if self.lead not in shown:
            raise _FieldError("report.lead", unknown("measure", self.lead, shown))
        if self.lead not in directed:
            why = "has no agreed direction" if is_held(self.lead) else "has no figures yet"
            raise _FieldError(
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


class _FieldError(ValueError):
    """What is wrong with a field that only the whole can tell."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field


def is_held(identifier: str) -> bool:
    """Tell whether there are figures of a measure of the catalogue."""
    return not snapshot().awaits(identifier)


def held(report: Report) -> list[Measure]:
    """Give the measures of a report that there are figures of, in the order of the page."""
    return [catalogue.catalogue()[one] for one in report.shown if is_held(one)]


# --- reading ---------------------------------------------------------------------------------------


def split(text: str) -> tuple[str, str]:
    r"""Part a page into its front matter and the Markdown below it.

    Examples
    --------
    >>> split("---\ndescription: Short.\n---\n# A page\n")
    ('description: Short.\n', '# A page\n')
    """
    found = _FRONT_MATTER.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


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
    ReportError
        Naming the file, the line, the field and what was expected.
    """
    return _load(path, path.read_text(encoding="utf-8").replace("\r\n", "\n"))


@lru_cache(maxsize=256)
def _load(path: Path, text: str) -> Report:
    """Read a page; once, since each report names the others of its group."""
    front, body = split(text)
    try:
        tree = yaml.compose(front, Loader=yaml.SafeLoader)
        entry = yaml.safe_load(front)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ReportError(path, line, f"front matter: {error.problem}") from None
    if not isinstance(entry, Mapping) or not isinstance(entry.get("report"), Mapping):
        raise ReportError(
            path, 1, "front matter: expected `report:` with group, measures and related"
        )
    values = {
        **entry["report"],
        "slug": path.stem,
        "title": anatomy.title(body),
        "description": entry.get("description") or "",
    }
    # What is wrong with the catalogue is no fault of the page.
    catalogue.catalogue()
    try:
        return Report.model_validate(values)
    except ValidationError as error:
        field, said = _first(error)
        raise ReportError(path, _line(tree, field), f"{field}: {said}") from None


def _first(error: ValidationError) -> tuple[str, str]:
    """Give the first fault: its field as it is called in the file, and what is said of it."""
    fault = error.errors()[0]
    inner = fault.get("ctx", {}).get("error")
    if isinstance(inner, _FieldError):
        return inner.field, str(inner)
    parts = [str(part) for part in fault["loc"]]
    if parts[0] not in ("slug", "title", "description"):
        parts.insert(0, "report")
    field = ".".join(part for part in parts if not part.isdigit())
    if fault["type"] == "extra_forbidden":
        known = [*Report.model_fields, *Measures.model_fields]
        return (
            field,
            f"there is no such field; the nearest is {process.extractOne(parts[-1], known)[0]}",
        )
    return field, f"{fault['msg']}, found {fault['input']!r}"


def _line(tree: yaml.Node | None, field: str) -> int:
    """Find the line of a field in the file, or of what it should stand in."""
    line, node = 1, tree
    for part in field.split("."):
        pairs: list[Any] = node.value if isinstance(node, yaml.MappingNode) else []
        found = next((pair for pair in pairs if pair[0].value == part), None)
        if found is None:
            break
        # The first line of the file is a row of hyphens, and yaml counts from 0.
        line, node = found[0].start_mark.line + 2, found[1]
    return line


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
    ReportError
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
    except ReportError as error:
        return [(error.line, error.reason)]
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    body = split(text)[1]
    before = text.count("\n") - body.count("\n")
    shape = anatomy.Shape(
        panels=report.shown, better_placed=report.lead is not None, free=report.kind == "framework"
    )
    return [(before + line, said) for line, said in anatomy.faults(body, shape)]
