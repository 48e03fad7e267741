"""The pages of councils and fire and rescue authorities, `/councils/<name>/`, made in one pass."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import jinja2
import pandas as pd

from goldenthread import areas, findings, peers, words, writing
from goldenthread.areas import Area
from goldenthread.site import authorities, entries, overview, processors, report_blocks
from goldenthread.site.authorities import addresses, distinct, link, title
from goldenthread.site.gathered import Gathered
from goldenthread.site.overview import Fact
from goldenthread.site.reports import Report
from goldenthread.site.small_panels import Panels, Section, how_old, sections
from goldenthread.site.themes import themes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The page that tells how entries are chosen. A book without it has no pages of councils: a choice
#: that cannot be looked up is not shown.
RULE: Final = "book/about/how-a-councils-page-is-chosen"
INDEX: Final = "councils/index"
#: The file of figures beside each page.
FIGURES: Final = "figures.csv"
#: The file that says what the pages were made from.
MADE_FROM: Final = ".made-from"
TEMPLATES: Final = Path(__file__).parent / "templates"
#: With fewer figures than this they all lie open.
_FEW: Final = 10


# --- pages -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A page, ready for the theme's frame.

    Attributes
    ----------
    name : str
        Its place in the site, without ".html".
    title, description : str
    body : str
        HTML.
    bar : dict
        What the bar says: `name`, `kind` and the council's `slug`, empty where it cannot be chosen.
    figures : str
        What stands beside it as a file, see `figures`; nothing beside the list of all.
    """

    name: str
    title: str
    description: str
    body: str
    bar: dict[str, str]
    figures: str = ""


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(code: str, gathered: Gathered, panels: Panels) -> Page:
    """Make the page of one authority.

    Parameters
    ----------
    code : str
        A GSS code.
    gathered : Gathered
    panels : Panels

    Returns
    -------
    Page
    """
    area = areas.register()[code]
    facts = gathered.facts(code)
    made = overview.overview(facts)
    fire = area.tier == "fire"
    county = areas.register()[area.county] if area.county else None
    count = sum(bool(pd.notna(fact.found["value"])) for fact in facts)
    similar = peers.similar(code)
    by_group: dict[str, list[Section]] = defaultdict(list)
    for section in sections(facts, panels):
        by_group[section.theme.group].append(section)
    body = (
        _environment()
        .get_template("council.html.jinja")
        .render(
            area=area,
            title=title(area),
            name=writing.placed(area.name),
            kind=writing.opening(words.KINDS[area.kind][0]),
            region=areas.register()[area.region].name if area.region else "",
            county=link(county.code, whole=True) if county else None,
            formed=authorities.formed(area),
            fire=fire,
            governance=authorities.GOVERNANCE[area.governance] if fire else "",
            run_by=link(area.run_by, whole=True) if area.run_by else None,
            others="other fire authorities" if fire else "similar councils",
            count=count,
            few=count < _FEW,
            changed=[entries.changed(entry, panels) for entry in made.changed],
            differs=[entries.differs(entry, panels) for entry in made.differs],
            asked=[entries.asked(entry) for entry in made.ask],
            runs=authorities.runs(code),
            others_run=authorities.others_run(code),
            members=authorities.members(code),
            same_governance=_same_governance(code, gathered) if fire else [],
            neighbours=[link(str(other), note) for other, note in similar.table["why"].items()],
            why=similar.why,
            how_old=how_old(facts, gathered.as_of),
            groups=by_group,
            rule=f"../../{RULE}.html",
            chosen=f"?council={addresses()[code]}",
            file=f"{addresses()[code]}-figures.csv",
        )
    )
    return Page(
        f"councils/{addresses()[code]}/index",
        f"{title(area)}: figures and questions for councillors",
        authorities.description(area),
        body,
        {
            "name": distinct(area),
            "kind": words.KINDS[area.kind][0],
            "slug": addresses()[code],
        },
        figures(facts),
    )


def _same_governance(code: str, gathered: Gathered) -> list[str]:
    """Say how a fire authority's figures stand among those that are run in the same way."""
    rows = gathered.by_governance.xs(code, level="area").reset_index()
    said = []
    for row in cast(list[dict[str, Any]], rows.to_dict("records")):
        measure = gathered.measures[row["measure"]]
        if pd.notna(row["value"]) and words.position(row, measure):
            said.append(words.sentence({**row, "area": code}, measure))
    return said


def index_page() -> Page:
    """Make the list of all authorities: by region, and from A to Z."""
    table = findings.citizens()
    known = areas.register()
    rows = sorted(
        ((_row(known[code]), known[code]) for code in table.index), key=lambda row: row[0]["sort"]
    )
    regions: dict[str, list[dict[str, str]]] = defaultdict(list)
    letters: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row, area in rows:
        group = (
            "Fire and rescue authorities" if area.tier == "fire" else known[str(area.region)].name
        )
        regions[group].append(row)
        letters[row["name"][0].upper()].append(row)
    fire = regions.pop("Fire and rescue authorities")
    listed = {name: regions[name] for name in sorted(regions)}
    body = (
        _environment()
        .get_template("councils.html.jinja")
        .render(
            regions=listed | {"Fire and rescue authorities": fire},
            letters=letters,
            councils=len(rows) - len(fire),
            fire=len(fire),
        )
    )
    return Page(
        INDEX,
        "All councils and fire authorities",
        (
            "Every council and fire and rescue authority in England, by region and from A to Z, each "
            "with a page of figures and questions for its councillors."
        ),
        body,
        {"name": "", "kind": "", "slug": ""},
    )


def _row(area: Area) -> dict[str, str]:
    known = areas.register()
    kind, _ = words.KINDS[area.kind]
    where = f" in {known[area.county].name}" if area.county else ""
    also = [area.name, area.official, *area.variants, *(known[code].name for code in area.replaced)]
    return {
        "name": distinct(area),
        "sort": distinct(area).casefold(),
        "slug": addresses()[area.code],
        "kind": f"{kind}{where}",
        "also": " | ".join(dict.fromkeys(filter(None, also))),
    }


def pages(
    gathered: Gathered | None = None, listed: Mapping[str, Report] | None = None
) -> Iterator[Page]:
    """Make all pages, the list of them first.

    Parameters
    ----------
    gathered : Gathered, optional
        Made here, if not given.
    listed : mapping of str to Report, optional
        The reports that figures lead to.

    Yields
    ------
    Page
    """
    held = gathered or Gathered()
    panels = Panels(held, listed)
    yield index_page()
    yield from processors.each(lambda code: page(code, held, panels), held.codes)


# --- the file beside a page -----------------------------------------------------------------------

#: The columns of an authority's file, and what each holds.
_COLUMNS: Final = (
    "measure",
    "name",
    "theme",
    "whose",
    "period",
    "value",
    "unit",
    "lower 95%",
    "upper 95%",
    "status",
    "compared with",
    "lowest quarter up to",
    "middle",
    "highest quarter from",
    "England",
    "change",
)


def figures(facts: Iterable[Fact]) -> str:
    """Give the figures of a page as a table for a spreadsheet, those that are missing too.

    Parameters
    ----------
    facts : iterable of Fact

    Returns
    -------
    str
        CSV, lines ended as RFC 4180 has it.
    """
    held = io.StringIO()
    table = csv.writer(held)
    table.writerow(_COLUMNS)
    for fact in facts:
        found, measure = fact.found, fact.measure
        unit = f"per {measure.per:,.0f}" if measure.unit == "rate" else measure.unit
        nobody = pd.isna(found["shown"])
        table.writerow(
            [
                measure.id,
                measure.name,
                themes()[measure.theme].title,
                "" if nobody else title(areas.register()[found["shown"]]),
                found["period"],
                _number(found["value"]),
                unit,
                _number(found["lower"]),
                _number(found["upper"]),
                "" if nobody else found["status"],
                "" if pd.isna(found["median"]) else words.group(found, measure),
                *(_number(found[name]) for name in ("low", "median", "high", "england")),
                "" if nobody else found["change"],
            ]
        )
    return held.getvalue()


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.12g}"


# --- in the book -----------------------------------------------------------------------------------


def register(app: Sphinx) -> None:
    """Have the pages made when the book's own are written."""
    app.connect("html-collect-pages", _collect)
    # After the theme's own, which it adds to.
    app.connect("html-page-context", _frame, priority=950)


def _collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if RULE not in app.env.found_docs:
        return
    folder = Path(app.outdir, INDEX).parent
    listed = report_blocks.in_book(app.env)
    mark, key = folder / MADE_FROM, _made_from(app, listed)
    if mark.is_file() and mark.read_text(encoding="utf-8") == key:
        return
    # What was made from something else would stay, if the new pages were fewer.
    shutil.rmtree(folder, ignore_errors=True)
    for made in pages(listed=listed):
        if made.figures:
            path = Path(app.outdir, made.name).with_name(FIGURES)
            path.parent.mkdir(parents=True, exist_ok=True)
            # A mark at the beginning tells spreadsheets that the text is UTF-8.
            path.write_text(made.figures, encoding="utf-8-sig", newline="")
        context = {
            # The theme takes titles for HTML.
            "title": escape(made.title),
            "meta": {"description": made.description},
            "body": made.body,
            "council": made.bar,
        }
        yield made.name, context, "council.html"
    mark.write_text(key, encoding="utf-8")


def _made_from(app: Sphinx, listed: Mapping[str, Report]) -> str:
    """Give a digest of all that these pages are made from: reports that they lead to, contents in each."""
    from sphinx.environment.adapters.toctree import global_toctree_for_doc

    from goldenthread.site import pages as frame

    found = hashlib.sha256(f"{frame.figures_digest()} {dt.date.today()} {listed}".encode())
    for path in sorted(frame.HERE.rglob("*")):
        if path.suffix in (".css", ".html", ".jinja", ".js"):
            found.update(path.read_bytes())
    contents = global_toctree_for_doc(app.env, RULE, app.builder, titles_only=True)
    found.update(str(contents).encode())
    return found.hexdigest()


def _frame(app: Sphinx, pagename: str, _: str, context: dict[str, Any], doctree: object) -> None:
    context["councils_page"] = INDEX if RULE in app.env.found_docs else ""
    if pagename.startswith("councils/"):
        # All of them are equally deep in the site, so that one list of contents does for all.
        context["toctree"] = _contents(app, pagename, context["toctree"])


def _contents(app: Sphinx, pagename: str, made: Callable[..., str]) -> Callable[..., str]:
    kept: dict[tuple[int, str], str] = app.env.temp_data.setdefault("goldenthread-contents", {})

    def contents(**options: Any) -> str:
        key = pagename.count("/"), repr(sorted(options.items()))
        if key not in kept:
            kept[key] = made(**options)
        return kept[key]

    return contents
