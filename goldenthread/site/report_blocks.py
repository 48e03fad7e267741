"""What stands on the page of a report beside its prose and its panels, by its front matter alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from goldenthread import catalogue, words, writing
from goldenthread.kept import unknown
from goldenthread.site import context, panels, question_blocks, reports, stands_out
from goldenthread.site.directives import MeasureDirective, render
from goldenthread.site.front_matter import FrontMatterError
from goldenthread.site.reports import Report
from goldenthread.site.themes import themes
from goldenthread.snapshot import snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: The pages of reports in the book.
_PAGES: Final = "book/reports/"


class _ReportDirective(MeasureDirective):
    """What these share: the report is that of the page, or on another page the one that is named."""

    optional_arguments = 1

    def report(self) -> Report | None:
        """Give the report; None where its front matter is wrong, which is said of the page itself."""
        named = self.arguments[0] if self.arguments else ""
        path = (
            reports.FOLDER / f"{named}.md" if named else Path(self.env.doc2path(self.env.docname))
        )
        if named and path not in reports.paths():
            known = [path.stem for path in reports.paths()]
            raise self.error(f"{self.name}: {unknown('report', named, known)}")
        if not named and not is_report(self.env.docname):
            raise self.error(
                f"{self.name}: expected on the page of a report, or with the name of one: "
                f"`{{{self.name}}} household-waste-and-recycling`"
            )
        self.env.note_dependency(str(path))
        try:
            return reports.load(path)
        except FrontMatterError as error:
            if named:
                raise self.error(f"{self.name}: {error}") from None
            return None


class StandsOut(_ReportDirective):
    """What stands out among a report's measures for the chosen council; England's without one.

    ```{stands-out}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the list: the first few open, the rest folded."""
        report = self.report()
        if report is None:
            return []
        made = [self.panel(measure.id) for measure in reports.held(report)]
        if not made:
            return []
        # Whichever come first: the longest there are find room.
        rooms = [sorted(lines, reverse=True) for lines in zip(*(p.room["finding"] for p in made))]
        room = [sum(lines[: stands_out.OPEN]) for lines in rooms]
        return [render("stands-out", panels=made, open=stands_out.OPEN, room=room)]


class BetterPlaced(_ReportDirective):
    """In what those with better figures on the leading measure differ from the chosen council.

    ```{better-placed}
    ```

    Without a choice: the best-placed quarter of each kind of council, and the others.
    """

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        report = self.report()
        if report is None:
            return []
        if report.lead is None:
            raise self.error(f"{self.name}: the report has no lead: {report.slug}")
        made = self.panel(report.lead)
        data = {
            "measure": report.lead,
            "shown": [one.feature for one in context.beside(made.measure)],
            "better": made.measure.polarity,
            "texts": context.texts(made.measure),
        }
        return [
            render(
                "better-placed",
                measure=made.measure,
                direction=words.direction(made.measure),
                quarters=context.quarters(made),
                circumstances=context.beside(made.measure),
                caution=context.CAUTION,
                block=data,
            )
        ]


class _Pending(nodes.General, nodes.Element):  # type: ignore[misc]
    """Stands where links to other pages will: their titles are known when all have been read."""


class ReportEnd(_ReportDirective):
    """The end of a report: when its next figures are due, its files, and what to read next.

    ```{report-end}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Hold the place."""
        report = self.report()
        return [] if report is None else [_Pending("", make=_end, report=report)]


class ReportList(SphinxDirective):
    """All reports, group by group, with a field to filter them.

    ```{report-list}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Hold the place."""
        return [_Pending("", make=_list)]


# --- what is known when all pages have been read ---------------------------------------------------


def is_report(docname: str) -> bool:
    """Tell whether a page of the book is a report."""
    name = docname.removeprefix(_PAGES)
    return docname != name and name != reports.INDEX and not name.startswith(reports.DRAFT)


def in_book(env: BuildEnvironment) -> dict[str, Report]:
    """Give the reports of this book that are as they should be, in the order of their list.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment

    Returns
    -------
    dict of str to Report
        By page. What is wrong with the others is said when they are read.
    """
    found = []
    for name in sorted(filter(is_report, env.found_docs)):
        try:
            found.append(reports.load(Path(env.doc2path(name))))
        except FrontMatterError:
            continue
    return {f"{_PAGES}{report.slug}": report for report in reports.in_order(found)}


@dataclass(frozen=True)
class _Link:
    """A page, as it is linked."""

    url: str
    title: str


@dataclass(frozen=True)
class _Due:
    """A measure of a report, and when its next figures are due."""

    id: str
    name: str
    period: str
    due: str
    source: str
    page: str


def _end(app: Sphinx, docname: str, node: _Pending) -> nodes.Node:
    report: Report = node["report"]
    listed = in_book(app.env)
    others = [
        page
        for page, other in listed.items()
        if other.group == report.group and other.slug != report.slug
    ]
    return render(
        "report-end",
        report=report,
        root="../" * docname.count("/"),
        panels="" if docname == report.page else app.builder.get_relative_uri(docname, report.page),
        measures=[_due(identifier) for identifier in report.shown],
        held=bool(reports.held(report)),
        related=[_link(app, docname, page) for page in report.related if page in app.env.titles],
        others=[_link(app, docname, page) for page in others],
        index=_link(app, docname, _PAGES + reports.INDEX),
        asks=_asks(app, docname, report),
    )


def _asks(app: Sphinx, docname: str, report: Report) -> list[_Link]:
    """Link to the questions of the bank on each theme of a report's measures."""
    if question_blocks.PAGE not in app.env.found_docs:
        return []
    bank = app.builder.get_relative_uri(docname, question_blocks.PAGE)
    found = dict.fromkeys(catalogue.catalogue()[one].theme for one in report.shown)
    return [
        _Link(f"{bank}{question_blocks.address(theme=theme)}", themes()[theme].title)
        for theme in found
    ]


def _due(identifier: str) -> _Due:
    measure = catalogue.catalogue()[identifier]
    source = catalogue.catalogue().source_of(identifier)
    if not reports.is_held(identifier):
        period, due = "", "Not held yet; at the next refresh."
    else:
        manifest = snapshot().manifest(identifier)
        period = manifest.periods.last
        due = panels.next_due(measure, manifest, dt.date.today())
    return _Due(
        identifier, writing.curly(measure.short), period, due, source.publisher, source.page
    )


def _link(app: Sphinx, docname: str, page: str) -> _Link | None:
    if page not in app.env.titles:
        return None
    return _Link(app.builder.get_relative_uri(docname, page), app.env.titles[page].astext())


def _list(app: Sphinx, docname: str, _: _Pending) -> nodes.Node:
    known = catalogue.catalogue()
    groups: dict[str, list[dict[str, Any]]] = {}
    listed = in_book(app.env)
    for page, report in listed.items():
        names = [known[identifier].short for identifier in report.shown]
        groups.setdefault(report.group, []).append(
            {
                "link": _link(app, docname, page),
                "report": report,
                "words": " ".join([report.title, report.description, *names]),
            }
        )
    return render("report-list", groups=groups, count=len(listed))


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(_Pending)):
        node.replace_self(node["make"](app, docname, node))


def _check(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say of each page of a report, as it is read, all that is wrong with it."""
    if not is_report(docname):
        return
    path = Path(app.env.doc2path(docname))
    logger = logging.getLogger(__name__)
    for line, said in reports.wrong(path):
        logger.warning("report: %s", said, location=(docname, line))
    try:
        related = reports.load(path).related
    except FrontMatterError:
        return
    pages = sorted(app.env.found_docs)
    for page in related:
        if page not in pages:
            logger.warning(
                "report: report.related: %s",
                unknown("page", page, pages),
                location=(docname, 1),
            )


def register(app: Sphinx) -> None:
    """Register the directives, and have every report checked."""
    app.add_directive("stands-out", StandsOut)
    app.add_directive("better-placed", BetterPlaced)
    app.add_directive("report-end", ReportEnd)
    app.add_directive("report-list", ReportList)
    app.add_node(_Pending)
    app.connect("source-read", _check)
    app.connect("doctree-resolved", _resolve)
