"""What a writer can use in Markdown: panels, numbers, questions, headlines and the data's sources."""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import jinja2
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import Inliner
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective, SphinxRole

from goldenthread import official_lists, spread, words, writing
from goldenthread.catalogue import CatalogueError, Measure, SourceEntry
from goldenthread.charts import picture
from goldenthread.findings import ENGLAND
from goldenthread.site import panels
from goldenthread.site.panels import Panel, panel
from goldenthread.snapshot import LICENCES, SnapshotError, snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Where a page's metadata names the measures that it shows.
MEASURES: Final = "goldenthread-measures"
TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = writing.date
    made.filters["block"] = lambda data: Markup(  # noqa: S704 (it is escaped for a page)
        picture.block(data)
    )
    made.filters["number"] = writing.number
    # How many lines of room a text is given on a phone and on a wide screen.
    made.filters["room"] = lambda lines: Markup('style="--phone:{};--wide:{}"').format(*lines)
    return made


def fill(template: str, **values: Any) -> str:
    """Fill one of the templates."""
    return _environment().get_template(f"{template}.html.jinja").render(**values)


def render(template: str, **values: Any) -> nodes.raw:
    """Fill one of the templates, as a node of the page."""
    return nodes.raw("", fill(template, **values), format="html")


class MeasureDirective(SphinxDirective):
    """What directives about measures share: a wrong measure is an error of that line."""

    def panel(self, identifier: str) -> Panel:
        """Give a measure's panel, and remember that this page depends on the figures."""
        try:
            made = panel(identifier)
        except (CatalogueError, SnapshotError) as error:
            raise self.error(f"{self.name}: {error}") from None
        # Kept with the page, so that the site holds the files of the measures that it shows.
        shown = self.env.metadata[self.env.docname].setdefault(MEASURES, "").split()
        self.env.metadata[self.env.docname][MEASURES] = " ".join({*shown, identifier})
        return made


class MeasurePanel(MeasureDirective):
    """A measure: sentence, figures, charts, questions, caveats, table and source.

    ```{measure-panel} household-recycling-rate
    ```

    While the figures are not held yet: what it is, and where it is published.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the panel."""
        identifier = self.arguments[0]
        if snapshot().awaits(identifier):
            return [render("awaited", **awaited_values(identifier))]
        made = self.panel(identifier)
        root = "../" * self.env.docname.count("/")
        return [render("panel", **panel_values(made, root=root))]


def panel_values(made: Panel, *, root: str) -> dict[str, Any]:
    """Give what the template of a panel is filled with.

    Parameters
    ----------
    made : Panel
    root : str
        The way from the page to the site's folder.
    """
    measure = made.measure
    trend, strip = made.pictures
    return {
        "panel": made,
        "measure": measure,
        "entry": made.nation,
        "kinds": [kind for kind in made.kinds().values() if kind["count"]],
        "root": root,
        "trend": trend,
        "strip": strip,
        "direction": words.direction(measure),
        "rows": _rows(made),
        "block": made.block(),
        "control": CONTROL[measure.control],
        "due": panels.next_due(measure, made.manifest, date.today()),
    }


def awaited_values(identifier: str) -> dict[str, Any]:
    """Give what stands in the place of a panel while a measure's figures are not held yet.

    Parameters
    ----------
    identifier : str
        A measure of the catalogue.
    """
    known = snapshot().catalogue
    measure = known[identifier]
    return {
        "measure": measure,
        "source": known.source_of(identifier),
        "direction": words.direction(measure),
        "control": CONTROL[measure.control],
    }


#: How far a council can change a figure, as a reader is told.
CONTROL: Final = {
    "controls": "The council decides most of what moves this figure.",
    "influences": "The council influences this figure; residents and others move it too.",
    "context": "This describes the place. The council can do little about it directly.",
}


def _rows(made: Panel) -> list[tuple[str, str, str]]:
    nobody: list[None] = [None] * len(made.periods)
    middle = made.nation.get("median", nobody)
    rows = [
        (period, made.write(value), made.write(math.nan if median is None else median))
        for period, value, median in zip(
            made.periods["period"], made.line(ENGLAND), middle, strict=True
        )
    ]
    return rows[::-1]


class Questions(SphinxDirective):
    """Questions to ask, as a list in Markdown.

    ```{questions} Questions to ask
    - What did last quarter's actions change? *The cabinet member.*
    ```
    """

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Make the box."""
        self.assert_has_content()
        title = self.arguments[0] if self.arguments else "Questions to ask"
        box = nodes.container(classes=["questions"])
        box += nodes.paragraph("", title, classes=["questions-title"])
        self.state.nested_parse(self.content, self.content_offset, box)
        if not any(isinstance(child, nodes.bullet_list) for child in box.children):
            raise self.error(
                "questions: expected a list, each question on a line that starts with -"
            )
        return [box]


class CouncilPicker(SphinxDirective):
    """The large picker of the landing page."""

    def run(self) -> list[nodes.Node]:
        """Make the picker."""
        return [render("picker")]


class Headlines(MeasureDirective):
    """One sentence for each of several measures, of the chosen council; England's without one.

    ```{headlines}
    household-recycling-rate
    residual-waste-per-household
    ```
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        self.assert_has_content()
        made = [self.panel(line.strip()) for line in self.content if line.strip()]
        return [render("headlines", panels=made)]


class LatestFigures(SphinxDirective):
    """What is newest in the figures: the sources by the date they were published."""

    option_spec: ClassVar = {"count": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        rows = sorted(_sources(), key=lambda row: row["published"] or _NEVER, reverse=True)
        return [render("latest", rows=rows[: self.options.get("count", 3)])]


class DataSources(SphinxDirective):
    """Every measure's publisher, release, date and licence; where those not held yet are published."""

    def run(self) -> list[nodes.Node]:
        """Make the tables."""
        lists = official_lists.manifest().sources.values()
        return [
            render(
                "sources", sources=_sources(), awaited=_awaited(), lists=lists, licences=LICENCES
            )
        ]


def _awaited() -> list[tuple[SourceEntry, list[Measure]]]:
    """Give the measures whose figures are not held yet, by the source that publishes them."""
    held = snapshot()
    waiting: dict[str, list[Measure]] = {}
    for identifier in held.awaited:
        name = held.catalogue.source_of(identifier).name
        waiting.setdefault(name, []).append(held.catalogue[identifier])
    sources = ((held.catalogue.sources[name], measures) for name, measures in waiting.items())
    return sorted(sources, key=lambda pair: pair[0].title)


def _sources() -> list[dict[str, Any]]:
    held = snapshot()
    rows = []
    for name, source in held.sources.items():
        worked_out = [m.id for m in held.catalogue.derived_from(name) if m.id in held]
        measures = [held.manifest(identifier) for identifier in (*source.measures, *worked_out)]
        rows.append(
            {
                "name": name,
                "source": source,
                "licence": measures[0].licence_name,
                "licence_url": measures[0].licence_url,
                "published": max((m.published for m in measures if m.published), default=None),
                "measures": measures,
            }
        )
    return sorted(rows, key=lambda row: row["source"].title)


_NEVER: Final = date.min


class Figure(SphinxRole):
    """A number from the build, so that no number in prose is typed.

    `{figure}` with `MEASURE WHAT`, where WHAT is `england`, `period`, `first-period`, `councils`,
    `lower KIND`, `median KIND`, `upper KIND` (KIND: all, county, district, …) or a GSS code; a
    period may follow, as in `household-recycling-rate england 2012/13`.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write the number."""
        try:
            return [nodes.inline("", figure(self.text), classes=["figure-inline"])], []
        except (CatalogueError, SnapshotError, FigureError) as error:
            inliner: Inliner = self.inliner
            message = inliner.reporter.error(f"figure: {error}", line=self.lineno)
            return [inliner.problematic(self.rawtext, self.rawtext, message)], [message]


class FigureError(ValueError):
    """A number asked for in prose that does not exist."""


def figure(text: str) -> str:
    """Give the number that a text asks for; see `Figure`.

    Raises
    ------
    FigureError, CatalogueError, SnapshotError
        For a measure, place, kind or period that is not there.
    """
    identifier, _, what = text.strip().partition(" ")
    made = panel(identifier)
    periods = made.periods["period"].tolist()
    asked, period = _period(what.strip(), periods)
    position = periods.index(period)
    word, _, kind = asked.partition(" ")
    if asked == "period":
        return str(periods[-1])
    if asked == "first-period":
        return str(periods[0])
    if asked == "councils":
        return str(made.kinds()[spread.ALL]["count"])
    if word in ("lower", "median", "upper"):
        kind = kind or spread.ALL
        if kind not in panels.KINDS:
            raise FigureError(f"{kind!r} is not a kind of council: {', '.join(panels.KINDS)}")
        value = made.kinds()[kind][word][position]
    else:
        value = made.line(ENGLAND if asked == "england" else asked)[position]
    if value is None or math.isnan(value):
        raise FigureError(f"{identifier} has no figure for {asked!r} in {period}")
    return writing.spoken(value, made.measure)


def _period(what: str, periods: list[str]) -> tuple[str, str]:
    """Part what is asked for from the period at its end, which may be several words; the newest without."""
    for period in sorted(periods, key=len, reverse=True):
        if what == period or what.endswith(f" {period}"):
            return what.removesuffix(period).strip(), period
    return what, periods[-1]


def register(app: Sphinx) -> None:
    """Register the directives and the role."""
    app.add_directive("measure-panel", MeasurePanel)
    app.add_directive("questions", Questions)
    app.add_directive("council-picker", CouncilPicker)
    app.add_directive("headlines", Headlines)
    app.add_directive("latest-figures", LatestFigures)
    app.add_directive("data-sources", DataSources)
    app.add_role("figure", Figure())
