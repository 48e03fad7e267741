"""The pages of councils and fire and rescue authorities, `/councils/<name>/`, made in one pass."""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import jinja2
import pandas as pd

from goldenthread import areas, findings, peers, questions, words, writing
from goldenthread.areas import Area
from goldenthread.catalogue import Question
from goldenthread.charts.axis import short as short_figure
from goldenthread.charts.axis import year
from goldenthread.site import overview, sketches
from goldenthread.site.gathered import Gathered
from goldenthread.site.overview import Entry, Fact
from goldenthread.site.pages import slug
from goldenthread.site.themes import Theme, themes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The page that tells how entries are chosen. A book without it has no pages of councils: a choice
#: that cannot be looked up is not shown.
RULE: Final = "book/about/how-a-councils-page-is-chosen"
INDEX: Final = "councils/index"
TEMPLATES: Final = Path(__file__).parent / "templates"
#: Who decides in a fire and rescue authority.
_GOVERNANCE: Final = {
    "council": "A council is itself the fire and rescue authority: its members decide.",
    "combined": "A board of councillors decides, sent by the councils of its area.",
    "metropolitan": "A board of councillors decides, sent by the metropolitan councils of its area.",
    "commissioner": (
        "The police, fire and crime commissioner decides, and a panel of councillors asks questions."
    ),
    "mayor": "The mayor decides, and members of the combined or London authority ask questions.",
}
#: With fewer figures than this they all lie open.
_FEW: Final = 10
_CODE: Final = re.compile(r" \(E\d{8}\)")


# --- who has a page, and where ---------------------------------------------------------------------


@cache
def addresses() -> dict[str, str]:
    """Give the last part of every page's address, by GSS code.

    A fire and rescue authority may have the name of a county, so that its address says what it is.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> addresses()["E10000016"], addresses()["E31000022"]
    ('kent', 'kent-fire-and-rescue-authority')
    """
    return {code: slug(_distinct(areas.register()[code])) for code in findings.citizens().index}


def _distinct(area: Area) -> str:
    return title(area) if area.tier == "fire" else writing.curly(area.name)


def title(area: Area) -> str:
    """Give the whole name of an authority, as a page's title has it.

    Examples
    --------
    >>> title(areas.find("Hull")), title(areas.find("Humberside", kind="fire and rescue authority"))
    ('Hull City Council', 'Humberside Fire and Rescue Authority')
    """
    if area.tier != "fire":
        return writing.curly(area.official or area.name)
    name = writing.curly(area.name)
    return name if "Fire" in name else f"{name} Fire and Rescue Authority"


def description(area: Area) -> str:
    """Say in a sentence what a page holds, as a search engine shows it."""
    kind, _ = words.KINDS[area.kind]
    others = "other fire authorities" if area.tier == "fire" else "similar councils"
    where = f" in {_the(area.region)}" if area.region else ""
    return (
        f"{title(area)}, {_an(kind)}{where}: what changed by more than chance, how it differs from "
        f"{others}, and what councillors can ask, from official figures."
    )


def _an(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def _the(region: str) -> str:
    name = areas.register()[region].name
    return name if name.startswith(("London", "Yorkshire")) else f"the {name}"


@dataclass(frozen=True)
class Link:
    """An authority that is named, with its page where it has one.

    Attributes
    ----------
    name, slug : str
    note : str
        What is said of it.
    """

    name: str
    slug: str = ""
    note: str = ""


def _link(code: str, note: str = "", *, whole: bool = False) -> Link:
    area = areas.register()[code]
    return Link(title(area) if whole else writing.curly(area.name), addresses().get(code, ""), note)


# --- what a page says of an authority --------------------------------------------------------------


@dataclass
class Provider:
    """Who runs some services in an area.

    Attributes
    ----------
    who : Link
    services : list of str
        Names, as they stand inside a sentence.
    """

    who: Link
    services: list[str] = field(default_factory=list)


def runs(code: str) -> list[str]:
    """List the services that an authority runs itself.

    Parameters
    ----------
    code : str

    Returns
    -------
    list of str
        Names, as they stand inside a sentence.

    Examples
    --------
    >>> runs("E31000020")
    ['fire and rescue']
    """
    return [_service(one) for one in areas.services().values() if areas.provides(code, one.id)]


def others_run(code: str) -> list[Provider]:
    """List who runs the services that an authority of a two-tier area, or one without, does not run.

    Parameters
    ----------
    code : str

    Returns
    -------
    list of Provider
        In the order of the register's services; whoever the register does not hold is described.

    Examples
    --------
    >>> [provider.who.name for provider in others_run("E07000223")]
    ['West Sussex County Council', 'West Sussex Fire and Rescue Authority']
    """
    if areas.register()[code].tier == "fire":
        return []
    found: dict[str, Provider] = {}
    for service in areas.services().values():
        if not areas.provides(code, service.id):
            who = _who_runs(code, service)
            found.setdefault(who.name, Provider(who)).services.append(_service(service))
    return list(found.values())


def _service(service: areas.Service) -> str:
    return writing.inside(writing.curly(service.name))


def _who_runs(code: str, service: areas.Service) -> Link:
    try:
        return _link(areas.provider(code, service.id).code, whole=True)
    except areas.AreaError:
        area = areas.register()[code]
        for exemption in service.exemptions:
            if code in exemption.areas or area.combined in exemption.members_of:
                return Link(_CODE.sub("", exemption.reason))
        return Link("Each district council" if area.kind == "county" else "Another body")


def formed(area: Area) -> str:
    """Say when a council was formed, and in place of which, if it was since 2009.

    Examples
    --------
    >>> formed(areas.find("West Suffolk"))
    'Formed on 1 April 2019, in place of Forest Heath and St Edmundsbury.'
    """
    known = areas.register()
    changes = [
        change
        for change in known.changes
        if area.code in change.new and change.kind in ("merge", "split")
    ]
    if not changes:
        return ""
    first = min(change.effective for change in changes)
    old = [known[code] for change in changes for code in change.old]
    # A county or a district of the same name is told apart by its whole name.
    names = [
        one.official if one.name == area.name or one.kind == "county" else one.name for one in old
    ]
    return f"Formed on {writing.date(first)}, in place of {writing.listed(list(dict.fromkeys(names)))}."


def members(code: str) -> list[Link]:
    """List whose area an authority's is made of: a county's districts, a fire authority's councils.

    Districts are left out of the latter: they have no part in the fire service.

    Examples
    --------
    >>> [link.name for link in members("E31000020")]
    ['Hull', 'East Riding of Yorkshire', 'North East Lincolnshire', 'North Lincolnshire']
    """
    table = findings.citizens()
    if areas.register()[code].tier == "fire":
        inside = table[(table["fire"] == code) & (table["kind"] != "district")]
    else:
        inside = table[table["county"] == code]
    return [_link(str(one)) for one in inside.index]


def how_old(facts: Iterable[Fact], as_of: dt.date) -> str:
    """Say how old the figures of a page are: the newest, the oldest, and the middle of them.

    Parameters
    ----------
    facts : iterable of Fact
    as_of : datetime.date
        The day on which the age is counted.
    """
    rows = [fact.found for fact in facts if pd.notna(fact.found["value"])]
    if not rows:
        return "There is no figure yet."
    ends = sorted(row["period_end"] for row in rows)
    half = int(statistics.median_high(int(row["age"]) for row in rows))
    late = sum(row["currency"] == "out of date" for row in rows)
    text = (
        f"Of {writing.counted(len(rows), 'figure', 'figures')}, the newest is for a time that ended "
        f"in {ends[-1]:%B %Y} and the oldest for one that ended in {ends[0]:%B %Y}. Half are "
        f"{writing.counted(half, 'month', 'months')} old or older, counted on {writing.date(as_of)}."
    )
    if late:
        are = "is" if late == 1 else "are"
        text += f" {late} {are} so old that a newer one has probably been published."
    return text


# --- what a page says of a figure ------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """An entry of one of the three lists.

    Attributes
    ----------
    place, name : str
        Where on the page the figure stands, and what it is called.
    value, when : str
        The figure and its period; empty where there is none.
    text : str
    panel : Panel, optional
        Its drawings, for a list that shows them.
    question : Question, optional
    """

    place: str
    name: str
    value: str
    when: str
    text: str
    panel: Panel | None = None
    question: Question | None = None


def _item(
    entry: Entry, text: str, *, panel: Panel | None = None, question: Question | None = None
) -> Item:
    fact = entry.fact
    found, measure = fact.found, fact.measure
    there = bool(pd.notna(found["value"]))
    # A judgement's words are in its sentence.
    stated = there and measure.unit != "judgement"
    old = " (an old figure)" if found["currency"] == "out of date" else ""
    return Item(
        measure.id if there else f"theme-{measure.theme}",
        writing.curly(measure.short),
        writing.bare(found["value"], measure) if stated else "",
        f"{writing.when(found['period'])}{old}" if stated else "",
        text,
        panel,
        question,
    )


def changed(entry: Entry, panels: Panels) -> Item:
    """Say a change: what it is, the figure of five years before, and how many others did the same."""
    fact = entry.fact
    found, measure = fact.found, fact.measure
    said = [words.change(found, measure), words.before(found, measure)]
    if fact.moved >= overview.OTHERS:
        several = _several(fact, fact.moved)
        said.append(f"Of {several}, {fact.alike or 'none'} moved the same way.")
    return _item(entry, " ".join(filter(None, said)), panel=panels.panel(fact))


def differs(entry: Entry, panels: Panels) -> Item:
    """Say a difference: where the figure stands, what the middle is, and which way is better."""
    found, measure = entry.fact.found, entry.fact.measure
    said = [
        f"{writing.opening(words.position(found, measure))}.",
        f"The middle is {writing.bare(found['median'], measure)}.",
    ]
    if measure.polarity:
        said.append(words.direction(measure))
    return _item(entry, " ".join(said), panel=panels.panel(entry.fact))


def asked(entry: Entry) -> Item:
    """Say what raises a question, and the question."""
    fact = entry.fact
    found, measure = fact.found, fact.measure
    question = questions.bank()[entry.situation]
    if pd.isna(found["value"]) or measure.unit == "judgement":
        return _item(entry, words.sentence(found, measure), question=question)
    where = words.position(found, measure)
    said = [f"{writing.opening(where)}." if where else ""]
    if found["change"] in ("risen", "fallen", "steady"):
        said.append(words.change(found, measure))
    return _item(entry, " ".join(filter(None, said)), question=question)


def _several(fact: Fact, count: int) -> str:
    return _beside(fact.measure.tier == "fire", count)


def _beside(fire: bool, count: int) -> str:
    one, several = (
        ("fire authority", "fire authorities") if fire else ("similar council", "similar councils")
    )
    return writing.counted(count, one, several)


@dataclass(frozen=True)
class Panel:
    """A measure as small as it can be: name, figure, sentence, a line over time, a strip of others.

    Attributes
    ----------
    id, name, value, sentence : str
    whose : str
        The name of the authority whose figure it is, where that is another.
    spark, strip : str
        Drawings; empty where there is nothing to draw.
    first, last : str
        The line's first and last period.
    low, high : str
        The figures at the strip's ends.
    among : str
        Whom the strip shows.
    """

    id: str
    name: str
    value: str
    sentence: str
    whose: str
    spark: str
    first: str
    last: str
    strip: str
    low: str
    high: str
    among: str


class Panels:
    """Makes panels; that of a county is made once, and shown by all its districts."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._shared: dict[tuple[str, str], Panel] = {}

    def panel(self, fact: Fact) -> Panel:
        """Give the panel of a figure that there is."""
        key = fact.measure.id, str(fact.found["shown"])
        if key[1] == fact.found["area"]:
            return self._made(fact, "")
        if key not in self._shared:
            self._shared[key] = self._made(fact, _whose(key[1]))
        return self._shared[key]

    def _made(self, fact: Fact, whose: str) -> Panel:
        found, measure = fact.found, fact.measure
        shown = str(found["shown"])
        labels, values, breaks = self._gathered.line(measure.id, shown)
        known = [label for label, value in zip(labels, values, strict=True) if value == value]
        spark = sketches.spark(values, breaks)
        others = self._gathered.others(measure, shown)
        compared = bool(pd.notna(found["median"]) and others)
        ends = [*others, float(found["value"])]
        sentence = words.finding(found, measure)
        value = short_figure(measure, found["value"])
        # The scale of some judgements is not in the inspectors' words.
        said = measure.unit != "judgement" or value.casefold() in sentence.casefold()
        return Panel(
            id=measure.id,
            name=writing.curly(measure.short),
            value=value if said else "",
            sentence=sentence,
            whose=whose,
            spark=spark,
            first=year(known[0]) if spark else "",
            last=year(known[-1]) if spark else "",
            strip=sketches.strip(others, float(found["value"])) if compared else "",
            low=short_figure(measure, min(ends)) if compared else "",
            high=short_figure(measure, max(ends)) if compared else "",
            among=_several(fact, len(others)) if compared else "",
        )


def _whose(code: str) -> str:
    return title(areas.register()[code])


@dataclass(frozen=True)
class Section:
    """A theme on a page.

    Attributes
    ----------
    theme : Theme
    panels : list of Panel
    gist : str
        How many figures there are, and how many of them changed.
    lacking : list of tuple
        Names of measures without a figure, and why there is none.
    """

    theme: Theme
    panels: list[Panel]
    gist: str
    lacking: list[tuple[str, str]]


def sections(facts: list[Fact], panels: Panels) -> list[Section]:
    """Put all findings of an authority under their themes.

    Parameters
    ----------
    facts : list of Fact
    panels : Panels

    Returns
    -------
    list of Section
        Themes that the authority has no measure of are left out.
    """
    by_theme: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_theme[fact.measure.theme].append(fact)
    made = []
    for name, theme in themes().items():
        held = by_theme.get(name, [])
        present = [fact for fact in held if pd.notna(fact.found["value"])]
        if held:
            made.append(
                Section(
                    theme, [panels.panel(fact) for fact in present], _gist(present), _lacking(held)
                )
            )
    return made


def _gist(present: list[Fact]) -> str:
    if not present:
        return "no figure"
    text = writing.counted(len(present), "figure", "figures")
    moved = sum(fact.found["change"] in ("risen", "fallen") for fact in present)
    return f"{text}, {moved} changed" if moved else text


def _lacking(held: list[Fact]) -> list[tuple[str, str]]:
    """Name the measures without a figure, those with the same reason together."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for fact in held:
        if pd.isna(fact.found["value"]):
            reasons[_reason(fact)].append(writing.curly(fact.measure.short))
    return [
        (writing.listed([names[0], *map(writing.inside, names[1:])]), reason)
        for reason, names in reasons.items()
    ]


def _reason(fact: Fact) -> str:
    if pd.isna(fact.found["shown"]):
        return words.sentence(fact.found, fact.measure).rstrip(".")
    return words.why_none(fact.found, fact.measure)


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
    """

    name: str
    title: str
    description: str
    body: str
    bar: dict[str, str]


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
            county=_link(county.code, whole=True) if county else None,
            formed=formed(area),
            fire=fire,
            governance=_GOVERNANCE[area.governance] if fire else "",
            run_by=_link(area.run_by, whole=True) if area.run_by else None,
            others="other fire authorities" if fire else "similar councils",
            count=count,
            few=count < _FEW,
            changed=[changed(entry, panels) for entry in made.changed],
            differs=[differs(entry, panels) for entry in made.differs],
            asked=[asked(entry) for entry in made.ask],
            runs=runs(code),
            others_run=others_run(code),
            members=members(code),
            same_governance=_same_governance(code, gathered) if fire else [],
            neighbours=[_link(str(other), note) for other, note in similar.table["why"].items()],
            why=similar.why,
            how_old=how_old(facts, gathered.as_of),
            groups=by_group,
            rule=f"../../{RULE}.html",
        )
    )
    return Page(
        f"councils/{addresses()[code]}/index",
        f"{title(area)}: figures and questions for councillors",
        description(area),
        body,
        {
            "name": _distinct(area),
            "kind": words.KINDS[area.kind][0],
            "slug": "" if fire else addresses()[code],
        },
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
        "name": _distinct(area),
        "sort": _distinct(area).casefold(),
        "slug": addresses()[area.code],
        "kind": f"{kind}{where}",
        "also": " | ".join(dict.fromkeys(filter(None, also))),
    }


def pages(gathered: Gathered | None = None) -> Iterator[Page]:
    """Make all pages, the list of them first.

    Parameters
    ----------
    gathered : Gathered, optional
        Made here, if not given.

    Yields
    ------
    Page
    """
    held = gathered or Gathered()
    panels = Panels(held)
    yield index_page()
    for code in held.codes:
        yield page(code, held, panels)


# --- in the book -----------------------------------------------------------------------------------


def register(app: Sphinx) -> None:
    """Have the pages made when the book's own are written."""
    app.connect("html-collect-pages", _collect)
    # After the theme's own, which it adds to.
    app.connect("html-page-context", _frame, priority=950)


def _collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if RULE not in app.env.found_docs:
        return
    for made in pages():
        context = {
            # The theme takes titles for HTML.
            "title": escape(made.title),
            "meta": {"description": made.description},
            "body": made.body,
            "council": made.bar,
        }
        yield made.name, context, "council.html"


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
