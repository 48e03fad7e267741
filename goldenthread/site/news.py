"""What is new for a council: the newest figures by the day they were published, with their sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from goldenthread.site import report_blocks
from goldenthread.site.directives import MeasureDirective, render
from goldenthread.site.reports import Report
from goldenthread.snapshot import MeasureManifest, snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx


@dataclass(frozen=True)
class Publication:
    """What a publisher published on one day, as far as reports show it.

    Attributes
    ----------
    published : datetime.date
    title, publisher, page : str
    edition : str
        What the publisher calls it; empty where there are several, or none has a name.
    last : str
        The latest period.
    measures : tuple of str
        Ids; those that reports ask about first come first.
    """

    published: date
    title: str
    publisher: str
    page: str
    edition: str
    last: str
    measures: tuple[str, ...]


def publications(
    measures: Iterable[str], manifests: Mapping[str, MeasureManifest]
) -> list[Publication]:
    """Gather measures by the day and the source in which they were published, the newest first.

    Parameters
    ----------
    measures : iterable of str
        In the order in which they matter.
    manifests : mapping of str to MeasureManifest
        Those without a known day of publication are left out.

    Returns
    -------
    list of Publication
    """
    found: dict[tuple[date, str], list[str]] = defaultdict(list)
    for one in measures:
        held = manifests[one]
        if held.published:
            found[held.published, held.source].append(one)
    made = []
    for (day, _), ids in found.items():
        newest = max((manifests[one] for one in ids), key=lambda held: held.periods.end)
        editions = {manifests[one].releases[-1:] for one in ids}
        made.append(
            Publication(
                published=day,
                title=newest.title,
                publisher=newest.publisher,
                page=newest.page,
                edition="".join(editions.pop()) if len(editions) == 1 else "",
                last=newest.periods.last,
                measures=tuple(ids),
            )
        )
    return sorted(made, key=lambda one: (one.published, one.title), reverse=True)


class WhatIsNew(MeasureDirective):
    """The newest figures of the chosen council, by publication; England's without a choice.

    ```{what-is-new}
    :count: 10
    :each: 3
    ```
    """

    option_spec: ClassVar = {"count": directives.positive_int, "each": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        root = "../" * self.env.docname.count("/")
        listed = report_blocks.in_book(self.env)
        ordered = _ordered(listed.values())
        held = snapshot()
        manifests = {one: held.manifest(one) for one in ordered if one in held}
        made = publications(manifests, manifests)[: self.options.get("count", 10)]
        told: list[dict[str, Any]] = []
        for one in made:
            shown = one.measures[: self.options.get("each", 3)]
            told.append(
                {
                    "publication": one,
                    "lines": [(self.panel(name), _leads(name, listed, root)) for name in shown],
                    "more": len(one.measures) - len(shown),
                }
            )
        unknown = sum(1 for manifest in manifests.values() if manifest.published is None)
        return [render("what-is-new", told=told, unknown=unknown, root=root)]


def _ordered(listed: Iterable[Report]) -> list[str]:
    """List the measures of reports: those that lead one, then what became of it, then the others."""
    reports = list(listed)
    leads = [report.lead for report in reports if report.lead]
    outcomes = [one for report in reports if report.measures for one in report.measures.outcome]
    rest = [one for report in reports for one in report.shown]
    return list(dict.fromkeys([*leads, *outcomes, *rest]))


def _leads(name: str, listed: Mapping[str, Report], root: str) -> list[tuple[str, str]]:
    """Give two reports that show a measure, one that it leads first: where, and how each is called."""
    showing = [(page, report) for page, report in listed.items() if name in report.shown]
    showing.sort(key=lambda pair: pair[1].lead != name)
    return [(f"{root}{page}.html#measure-{name}", report.title) for page, report in showing[:2]]


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("what-is-new", WhatIsNew)
