"""The Local Outcomes Framework: its outcomes and metrics, and the block that shows a council's figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import yaml
from docutils import nodes
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from goldenthread import catalogue, writing
from goldenthread.catalogue import Identifier, Sentence
from goldenthread.kept import unknown
from goldenthread.site import comparison
from goldenthread.site.directives import MeasureDirective, render
from goldenthread.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PATH: Final = catalogue.FOLDER / "outcomes-framework.yaml"
#: What can be said of a metric, in the order in which it is counted up.
Status = Literal["shown", "nearly", "awaited", "not in the workbook", "not published"]


class FrameworkError(ValueError):
    """An entry that is wrong; the message names file, entry, field and what was expected."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Collection(_Entry):
    """Where a publisher puts figures: what it is called, and its address."""

    title: str
    page: Annotated[str, Field(pattern=r"^https://")]


class Metric(_Entry):
    """A metric of the framework.

    Attributes
    ----------
    number, name : str
        Its place, such as "7.10", and what it counts, in our words.
    kind : {"outcome", "output"}
        What becomes of residents, or what is done.
    publisher, found : str
        Keys of the framework's publishers and collections.
    unit, every : str
        What the figure is in; how often there is a new one.
    better : {"high", "low", None}
        The framework's direction; None where none is agreed.
    measures, near : tuple of str
        Measures of the catalogue that are the same figure, or one close to it.
    note : str or None
        What a reader must know; of `near`, in what it differs.
    placeholder, published : bool
        Whether the framework names it without a figure; whether anybody publishes it for councils.
    """

    number: Annotated[str, Field(pattern=r"^\d{1,2}\.\d{1,2}$")]
    name: Annotated[str, Field(min_length=5, max_length=110)]
    kind: Literal["outcome", "output"]
    publisher: str
    found: Identifier
    unit: str
    better: Literal["high", "low"] | None
    every: str
    measures: tuple[Identifier, ...] = ()
    near: tuple[Identifier, ...] = ()
    note: Sentence | None = None
    placeholder: bool = False
    published: bool = True

    @model_validator(mode="after")
    def _agree(self) -> Metric:
        if self.measures and self.near:
            raise ValueError("near: expected none beside measures")
        if self.near and not self.note:
            raise ValueError("note: expected in what `near` differs")
        if not self.published and (self.measures or self.near):
            raise ValueError("published: expected true where the catalogue has a measure")
        if (self.placeholder or not self.published) and not self.note:
            raise ValueError("note: expected why there is no figure")
        return self

    def status(self, held: Snapshot) -> Status:
        """Tell whether there are figures of it here, and why not.

        Parameters
        ----------
        held : Snapshot

        Returns
        -------
        str
            "shown"; "nearly", where only a figure close to it is; "awaited", where the catalogue
            has it and the next refresh brings it; "not in the workbook"; "not published".
        """
        if any(one in held for one in self.measures):
            return "shown"
        if any(one in held for one in self.near):
            return "nearly"
        if self.measures or self.near:
            return "awaited"
        return "not in the workbook" if self.published else "not published"


class Outcome(_Entry):
    """A priority outcome: what is to become of residents.

    Attributes
    ----------
    number : int
    name, ambition : str
    contextual : bool
        Whether a council moves it so little that it is background, and never judged.
    note : str or None
    metrics : tuple of Metric
        None where the framework has not chosen any.
    """

    number: Annotated[int, Field(ge=1)]
    name: str
    ambition: Sentence
    contextual: bool = False
    note: Sentence | None = None
    metrics: tuple[Metric, ...]

    @model_validator(mode="after")
    def _agree(self) -> Outcome:
        expected = [f"{self.number}.{place}" for place in range(1, len(self.metrics) + 1)]
        found = [metric.number for metric in self.metrics]
        if found != expected:
            wrong = next(pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1])
            raise ValueError(f"metrics: expected {wrong[1]}, found {wrong[0]}")
        if not self.metrics and not self.note:
            raise ValueError("note: expected why there is no metric")
        return self


class Framework(_Entry):
    """The framework as it stood in one edition.

    Attributes
    ----------
    title, edition, page : str
    published : datetime.date
    publishers : mapping of str to str
        Their full names.
    collections : mapping of str to Collection
    outcomes : tuple of Outcome
    """

    title: str
    edition: str
    published: dt.date
    page: Annotated[str, Field(pattern=r"^https://")]
    publishers: Mapping[str, str]
    collections: Mapping[Identifier, Collection]
    outcomes: tuple[Outcome, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _agree(self) -> Framework:
        numbers = [outcome.number for outcome in self.outcomes]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"outcomes: expected 1 to {len(numbers)} in order, found {numbers}")
        measures = list(catalogue.catalogue())
        for metric in self.metrics:
            known = {
                "publisher": (list(self.publishers), (metric.publisher,)),
                "found": (list(self.collections), (metric.found,)),
                "measures": (measures, metric.measures),
                "near": (measures, metric.near),
            }
            for field, (names, given) in known.items():
                for one in given:
                    if one not in names:
                        what = "measure" if names is measures else field
                        raise ValueError(f"{metric.number}: {field}: {unknown(what, one, names)}")
        return self

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics, in order."""
        return tuple(metric for outcome in self.outcomes for metric in outcome.metrics)


def load(path: Path = PATH) -> Framework:
    """Read the framework from its file.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    Framework

    Raises
    ------
    FrameworkError
        Naming the file, the entry, the field and what was expected.

    Examples
    --------
    >>> [outcome.name for outcome in load().outcomes if outcome.contextual]
    ['Economic prosperity and regeneration', 'Child poverty']
    """
    # What is wrong with the catalogue is no fault of this file.
    catalogue.catalogue()
    try:
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise FrameworkError(f"{path.name}: not readable as YAML: {error}") from None
    try:
        return Framework.model_validate(entry)
    except ValidationError as error:
        fault = error.errors()[0]
        where = _where(entry, fault["loc"])
        raise FrameworkError(": ".join(filter(None, [path.name, where, fault["msg"]]))) from None


def _where(entry: Any, place: tuple[int | str, ...]) -> str:
    """Name an entry as the file does: by its number, and by its field."""
    said: list[str] = []
    for part in place:
        entry = entry[part] if isinstance(part, int) or part in (entry or {}) else None
        if isinstance(part, int):
            said[-1] = f"{said[-1]} {(entry or {}).get('number', part + 1)}"
        else:
            said.append(part)
    return ": ".join(said)


@cache
def framework() -> Framework:
    """Give the project's own framework, read once."""
    return load()


def summary(known: Framework, held: Snapshot) -> str:
    """Say how many of the metrics there are figures of here, and why not of the others.

    Parameters
    ----------
    known : Framework
    held : Snapshot

    Returns
    -------
    str
        One paragraph; the numbers add up to all metrics.
    """
    count = Counter(metric.status(held) for metric in known.metrics)
    said: dict[Status, str] = {
        "shown": "are shown below",
        "nearly": "are shown by a figure close to them, each with what sets it apart",
        "awaited": "will appear with the next refresh of the figures",
        "not in the workbook": "are published and not yet in the workbook",
        "not published": "are not yet published for councils",
    }
    parts = [f"{count[status]} {words}" for status, words in said.items() if count[status]]
    return f"Of the {len(known.metrics)} metrics of the {known.edition}, {writing.listed(parts)}."


class OutcomesFramework(MeasureDirective):
    """Every outcome and every metric, with the chosen council's figures where there are any.

    ```{outcomes-framework}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make a section for each outcome."""
        known, held = framework(), snapshot()
        made: list[nodes.Node] = [nodes.paragraph("", summary(known, held))]
        for outcome in known.outcomes:
            section = nodes.section(ids=[f"outcome-{outcome.number}"])
            section += nodes.title("", f"{outcome.number}. {outcome.name}")
            section += self._told(outcome, known, held)
            made.append(section)
        return made

    def _told(self, outcome: Outcome, known: Framework, held: Snapshot) -> list[nodes.Node]:
        shown = [metric for metric in outcome.metrics if metric.status(held) in ("shown", "nearly")]
        rows = [row for metric in shown for row in self._rows(metric, held)]
        made: list[nodes.Node] = [render("outcome", outcome=outcome)]
        if rows:
            sources = {row["panel"].manifest.title: row["panel"].manifest for row in rows}
            made.append(
                render(
                    "comparison",
                    title=f"{outcome.number}. {outcome.name}: figures in the workbook",
                    rows=rows,
                    sources=sources.values(),
                    judged=not outcome.contextual,
                )
            )
        others = [
            {
                "metric": metric,
                "status": metric.status(held),
                "publisher": known.publishers[metric.publisher],
                "collection": known.collections[metric.found],
            }
            for metric in outcome.metrics
            if metric not in shown
        ]
        if others:
            made.append(render("elsewhere", others=others, all=not rows))
        return made

    def _rows(self, metric: Metric, held: Snapshot) -> list[dict[str, Any]]:
        """Make a row for each measure that is held; the note stands with the first."""
        made = [
            comparison.row(self.panel(one))
            for one in (*metric.measures, *metric.near)
            if one in held
        ]
        for place, row in enumerate(made):
            row["label"] = f"{metric.number} {metric.name}"
            row["note"] = "" if place else metric.note or ""
            row["near"] = bool(metric.near)
        return made


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("outcomes-framework", OutcomesFramework)
