"""What stands on the pages of case studies beside their prose, by their front matter, and the list of all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from goldenthread import catalogue, snapshot, words, writing
from goldenthread.areas import Area
from goldenthread.self_assessment import assessment
from goldenthread.site import authorities, boxes, case_map, case_since, case_studies, reports
from goldenthread.site.case_since import Since
from goldenthread.site.case_studies import CaseStudy
from goldenthread.site.councils import RULE
from goldenthread.site.directives import MeasureDirective, render
from goldenthread.site.front_matter import FrontMatterError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: The pages of case studies in the book.
PAGES: Final = "casestudies/"
#: Where a page's metadata says that it needs the style of case studies.
STYLED: Final = "goldenthread-cases"
_DAY: Final = re.compile(r"^([ \t-]+\w+: )(\d{4}-\d\d-\d\d)[ \t]*$", re.MULTILINE)


def is_study(docname: str) -> bool:
    """Tell whether a page of the book is a case study.

    Examples
    --------
    >>> is_study("casestudies/south-cambridgeshire"), is_study("casestudies/index")
    (True, False)
    """
    name = docname.removeprefix(PAGES)
    return docname != name and case_studies.is_study(name)


def in_book(env: BuildEnvironment) -> list[CaseStudy]:
    """Give the case studies of this book that are as they should be, in the order of their list.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment

    Returns
    -------
    list of CaseStudy
        What is wrong with the others is said when they are read.
    """
    found = []
    for name in sorted(filter(is_study, env.found_docs)):
        try:
            found.append(case_studies.load(Path(env.doc2path(name))))
        except FrontMatterError:
            continue
    return case_studies.in_order(found)


class _CaseDirective(MeasureDirective):
    """What these share: the case study is that of the page."""

    def study(self) -> CaseStudy | None:
        """Give the case study; None where its front matter is wrong, which is said of the page itself."""
        if not is_study(self.env.docname):
            raise self.error(f"{self.name}: expected on the page of a case study")
        self.env.metadata[self.env.docname][STYLED] = "yes"
        try:
            return case_studies.load(Path(self.env.doc2path(self.env.docname)))
        except FrontMatterError:
            return None

    @property
    def root(self) -> str:
        """The way from the page to the site's folder."""
        return "../" * self.env.docname.count("/")


class CaseFacts(_CaseDirective):
    """Whose story it is: council, type, region, year, themes, and whom it is useful to.

    ```{case-facts}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        study = self.study()
        if study is None:
            return []
        whole = RULE in self.env.found_docs
        listed = PAGES + case_studies.INDEX in self.env.found_docs
        return [
            render(
                "case-facts",
                study=study,
                councils=[
                    (name, self._page(area) if whole else "") for name, area in _named(study)
                ],
                themes=themes(study),
                index=f"{case_studies.INDEX}.html" if listed else "",
                roles=writing.opening(writing.listed([boxes.ROLES[role] for role in study.roles])),
            )
        ]

    def _page(self, area: Area) -> str:
        if not area.is_current:
            return ""
        return f"{self.root}councils/{authorities.addresses()[area.code]}/index.html"


def _named(study: CaseStudy) -> list[tuple[str, Area]]:
    return list(zip(study.names, study.areas, strict=True))


def themes(study: CaseStudy) -> dict[str, str]:
    """Give the titles of a study's themes."""
    titles = {theme.id: theme.title for theme in assessment().themes}
    return {theme: titles[theme] for theme in study.themes}


class FiguresSince(_CaseDirective):
    """What has become of some measures in the council of the story, and in England, since it began.

    ```{figures-since}
    household-recycling-rate
    council-tax-collection-rate
    ```
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        study = self.study()
        if study is None:
            return []
        identifiers = [line.strip() for line in self.content if line.strip()]
        if not identifiers:
            raise self.error(f"{self.name}: expected measures, each on a line of its own")
        for identifier in identifiers:
            for area in study.today:
                if said := case_studies.misfit(identifier, area):
                    raise self.error(f"{self.name}: {said}")
        known = catalogue.catalogue()
        held = [one for one in identifiers if not snapshot.snapshot().awaits(one)]
        rows = [
            case_since.since(self.panel(identifier), area, study.year)
            for area in study.today
            for identifier in held
        ]
        # A measure of the county is the same for each of its districts.
        told = list({(one.area.code, one.panel.measure.id): one for one in rows}.values())
        return [
            render(
                "figures-since",
                study=study,
                rows=[(one, self._report(one)) for one in told],
                sources={one.panel.manifest.title: one.panel.manifest for one in told}.values(),
                awaited=[known[one] for one in identifiers if one not in held],
                former=[area for area in study.areas if not area.is_current],
                names={area.code: name for name, area in _named(study)},
            )
        ]

    def _report(self, row: Since) -> str:
        """Lead to the report that holds the measure, for the council of the story."""
        measure = row.panel.measure.id
        report = reports.of_measures(reports.reports()).get(measure)
        if report is None or report.page not in self.env.found_docs:
            return ""
        chosen = authorities.addresses()[row.area.code]
        return f"{self.root}{report.page}.html?council={chosen}#measure-{measure}"


class CaseSources(_CaseDirective):
    """The sources of the front matter, with their dates, and when each was last read.

    ```{case-sources}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        study = self.study()
        return [] if study is None else [render("case-sources", study=study, curly=writing.curly)]


class CaseList(SphinxDirective):
    """All case studies, with a map and with fields to filter them.

    ```{case-list}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        self.env.metadata[self.env.docname][STYLED] = "yes"
        for name in filter(is_study, self.env.found_docs):
            self.env.note_dependency(self.env.doc2path(name))
        listed = in_book(self.env)
        titles = {theme.id: theme.title for theme in assessment().themes}
        used = {theme for study in listed for theme in study.themes}
        kinds = {kind for study in listed for kind in study.kinds}
        return [
            render(
                "case-list",
                studies=[(study, self._address(study), _data(study)) for study in listed],
                themes={name: title for name, title in titles.items() if name in used},
                kinds={
                    authorities.slug(kind): words.KINDS[kind][1]
                    for kind in case_studies.KINDS
                    if kind in kinds
                },
                map=case_map.picture(listed),
                slug=authorities.slug,
                curly=writing.curly,
            )
        ]

    def _address(self, study: CaseStudy) -> str:
        root = "../" * self.env.docname.count("/")
        return f"{root}{PAGES}{study.slug}.html"


def _data(study: CaseStudy) -> dict[str, Any]:
    """Give what the script filters a study by, and its themes in words."""
    return {
        "kinds": " ".join(map(authorities.slug, study.kinds)),
        "regions": " ".join(map(authorities.slug, study.regions)),
        "themes": " ".join(study.themes),
        "codes": " ".join(area.code for area in study.today),
        "about": writing.listed([title.lower() for title in themes(study).values()]),
    }


def _check(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say of each case study, as it is read, all that is wrong with it."""
    if not is_study(docname):
        return
    # The parser of pages knows texts and numbers: a day is a text to it.
    source[0] = _DAY.sub(r'\1"\2"', source[0])
    logger = logging.getLogger(__name__)
    for line, said in case_studies.wrong(Path(app.env.doc2path(docname))):
        logger.warning("case study: %s", said, location=(docname, line))


def register(app: Sphinx) -> None:
    """Register the directives, and have every case study checked."""
    app.add_directive("case-facts", CaseFacts)
    app.add_directive("figures-since", FiguresSince)
    app.add_directive("case-sources", CaseSources)
    app.add_directive("case-list", CaseList)
    app.connect("source-read", _check)
