"""What the search can find, and the list from A to Z: councils, measures, pages, the glossary."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder

from goldenthread import areas, catalogue, words, writing
from goldenthread.site import (
    authorities,
    councils,
    gloss,
    question_blocks,
    report_blocks,
    reports,
)
from goldenthread.site.glossary import glossary
from goldenthread.site.question_bank import bank
from goldenthread.site.reports import Report
from goldenthread.site.synonyms import synonyms
from goldenthread.site.themes import themes
from goldenthread.snapshot import snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: What can be found, and by which names: asked for when somebody begins to type.
FILE: Final = "_static/search.json"
#: The words of texts that begin with one letter, or with any digit: asked for with a word that does.
WORDS: Final = "_static/search-{}.json"
INITIALS: Final = f"0{string.ascii_lowercase}"
SOURCES_PAGE: Final = "book/about/data-sources-and-licence"
#: Words that are in every text and tell none apart.
_STOP: Final = """
a about all an and are as at be been but by can did do does for from had has have
how i if in is it its many me more most much my no not of on or our out so than that
the their them then there these they this to was we were what when where which who
why will with you your
"""
STOP: Final = frozenset(_STOP.split())
#: On how many pages a heading may stand and still say what is below it.
_FEW: Final = 4
#: The longest hint, in characters.
_HINT: Final = 120
#: Beginnings that would put a third of all measures under one letter of an index.
_QUANTITY: Final = re.compile(r"(Share|Rate|Number|Score|Value) (?:of|for) (.+)")
#: What an own search replaces; see `sphinx.search`.
_SPHINX: Final = (
    "doctools.js",
    "documentation_options.js",
    "language_data.js",
    "searchtools.js",
    "sphinx_highlight.js",
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that can be found.

    Attributes
    ----------
    kind : str
        "answer" (what is not held), "council", "measure", "page", "question", "report",
        "section" or "term".
    title, url, hint : str
        What it is called, where it is (from the root of the site), and what it is about.
    also, former : tuple of str
        Other names of it, and names of what it replaced.
    own : str
        Where it is on the page of a council, whose address takes the place of the star.
    under : int or None
        For a section, the place of its page among the entries.
    text : str
        What else it is found by, beside the hint.
    """

    kind: str
    title: str
    url: str
    hint: str = ""
    also: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    own: str = ""
    under: int | None = None
    text: str = ""


def fold(text: str) -> str:
    """Fold a text to what is compared: small letters and digits. `search.js` does the same.

    Examples
    --------
    >>> fold("King’s Lynn & West Norfolk")
    'kings lynn and west norfolk'
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = re.sub(r"[\u0300-\u036f'’]", "", plain).lower().replace("&", " and ")
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


# --- what there is ---------------------------------------------------------------------------------


def of_councils(root: str | None) -> list[Entry]:
    """Give the councils and the fire and rescue authorities, by any of their names.

    Parameters
    ----------
    root : str or None
        The landing page, where a council is chosen in a book without pages of councils.

    Returns
    -------
    list of Entry
    """
    known = areas.register()
    made = []
    for code, address in authorities.addresses().items():
        area = known[code]
        fire = area.tier == "fire"
        title = authorities.title(area) if fire else area.name
        kind, _ = words.KINDS[area.kind]
        names = dict.fromkeys([area.name, area.official, *area.variants])
        former = dict.fromkeys(known[old].name for old in _replaced(code))
        made.append(
            Entry(
                kind="council",
                title=title,
                url=f"{root}.html?council={address}" if root else f"councils/{address}/",
                hint=f"{kind} in {known[area.county].name}" if area.county else kind,
                also=tuple(name for name in names if name and name != title),
                former=tuple(name for name in former if name not in (title, *names)),
            )
        )
    return made


def _replaced(code: str) -> Iterator[str]:
    """Give the areas that one replaced, and those that they had replaced."""
    for old in areas.register()[code].replaced:
        yield old
        yield from _replaced(old)


def of_measures(places: Mapping[str, str]) -> list[Entry]:
    """Give the measures, each with the report that shows it.

    Parameters
    ----------
    places : mapping of str to str
        The addresses of panels, by measure. Any other measure is found on the page of the chosen
        council, and without a choice, or while its figures are not held yet, in the list of sources.

    Returns
    -------
    list of Entry
    """
    called = _called("measures")
    made = []
    held = snapshot()
    for identifier in [*held.measures, *held.awaited]:
        measure = catalogue.catalogue()[identifier]
        shown = places.get(measure.id)
        awaited = held.awaits(identifier)
        of_council = not shown and not awaited and measure.tier != "fire"
        made.append(
            Entry(
                kind="measure",
                title=writing.curly(measure.short),
                url=shown or f"{SOURCES_PAGE}.html#measure-{measure.id}",
                hint=_cut(
                    f"Not held here. {measure.definition}" if awaited else measure.definition
                ),
                also=tuple(dict.fromkeys([measure.name, *measure.synonyms, *called[measure.id]])),
                own=f"councils/*/#{measure.id}" if of_council else "",
                text=f"{measure.definition} {themes()[measure.theme].title}",
            )
        )
    return made


def of_terms() -> list[Entry]:
    """Give the terms of the glossary."""
    called = _called("terms")
    return [
        Entry(
            kind="term",
            title=term.term,
            url=f"{gloss.PAGE}.html#{gloss.anchor(term)}",
            hint=term.definition,
            also=(*term.also, *called[term.id]),
        )
        for term in glossary().values()
    ]


def of_answers() -> list[Entry]:
    """Give what is asked for and not held, with who has it."""
    return [
        Entry(kind="answer", title=one.title, url=one.page or "", hint=one.answer, also=one.words)
        for one in synonyms()
        if one.title and one.answer
    ]


def of_questions() -> list[Entry]:
    """Give the questions of the bank, by their own words and whom to ask."""
    return [
        Entry(
            kind="question",
            title=question.ask,
            url=f"{question_blocks.PAGE}.html#{question_blocks.anchor(question)}",
            hint=f"Ask {question.to}.",
        )
        for question in bank().values()
    ]


def _called(what: str) -> Mapping[str, list[str]]:
    """Give what people call measures or terms, by id."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in synonyms():
        led = list(getattr(one, what))
        if what == "measures" and one.theme:
            led += [measure.id for measure in catalogue.catalogue().of_theme(one.theme)]
        for identifier in led:
            found[identifier] += one.words
    return found


def of_pages(env: BuildEnvironment) -> list[Entry]:
    """Give the pages in the order of the contents, each followed by its sections; `under` counts from 0.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        After all pages have been read.

    Returns
    -------
    list of Entry
    """
    read = {
        name: list(_sections(env.get_doctree(name), f"{name}.html"))
        for name in env.collect_relations()
    }
    titles = Counter(section.title for _, *sections in read.values() for section in sections)
    made: list[Entry] = []
    for name, (page, *sections) in read.items():
        # What stands on many pages tells none apart, and what it says is said of the page's subject.
        usual = [section for section in sections if titles[section.title] > _FEW]
        sections = [section for section in sections if section not in usual]
        page = replace(page, text=" ".join([page.text, *(section.text for section in usual)]))
        place = len(made)
        hint = env.metadata[name].get("description") or page.hint
        made.append(replace(page, hint=hint, text=f"{page.text} {hint}"))
        made += [replace(section, under=place) for section in sections]
    return made


def _sections(doctree: nodes.document, url: str) -> Iterator[Entry]:
    """Read the sections of a page in order, the first of which is the page itself."""
    for number, section in enumerate(doctree.findall(nodes.section)):
        text = " ".join(_prose(section))
        yield Entry(
            kind="section" if number else "page",
            title=section[0].astext(),
            url=f"{url}#{section['ids'][0]}" if number else url,
            # Of a section only the title is shown, below its page.
            hint="" if number else _cut(text),
            text=text,
        )


def _prose(section: nodes.section) -> Iterator[str]:
    """Read what a section says itself: no code, no panel, nothing of the sections in it."""
    for child in section.children[1:]:
        if not isinstance(child, nodes.section):
            for part in child.findall(nodes.TextElement):
                if isinstance(part, (nodes.paragraph, nodes.title, nodes.term)):
                    yield " ".join(part.astext().split())


def _cut(text: str) -> str:
    if len(text) <= _HINT:
        return text
    return f"{text[:_HINT].rpartition(' ')[0].rstrip(',;:')} …"


def places(env: BuildEnvironment) -> dict[str, str]:
    """Find the panels of the book: the address of each measure's first, in the order of the contents."""
    found: dict[str, str] = {}
    for name in env.collect_relations():
        for raw in env.get_doctree(name).findall(nodes.raw):
            for measure in re.findall(
                r'<section class="(?:panel|awaited)"[^>]*data-measure="([^"]+)"', raw.astext()
            ):
                found.setdefault(measure, f"{name}.html#measure-{measure}")
    return found


def as_reports(pages: Iterable[Entry], listed: Mapping[str, Report]) -> list[Entry]:
    """Name the reports among the pages as what they are, and find them by what people call their subject.

    Parameters
    ----------
    pages : iterable of Entry
        As `of_pages` gives them.
    listed : mapping of str to Report
        By page.

    Returns
    -------
    list of Entry
    """
    holding = reports.of_measures(listed)
    called: dict[str, list[str]] = defaultdict(list)
    for measure, words_ in _called("measures").items():
        if measure in holding:
            called[holding[measure].page] += words_
    made = []
    for entry in pages:
        page = entry.url.removesuffix(".html")
        also = tuple(dict.fromkeys(called[page]))
        made.append(replace(entry, kind="report", also=also) if page in listed else entry)
    return made


def in_reports(listed: Mapping[str, Report]) -> dict[str, str]:
    """Give the address of each measure in the report that holds it."""
    return {
        measure: f"{report.page}.html#measure-{measure}"
        for measure, report in reports.of_measures(listed).items()
    }


# --- how it is written -----------------------------------------------------------------------------


def index(entries: Iterable[Entry]) -> dict[str, Any]:
    """Make what the script needs first: what can be found, and its names.

    Parameters
    ----------
    entries : iterable of Entry

    Returns
    -------
    dict
        `entries`, without their texts, and `stop`, the words that are not looked for.
    """
    return {"entries": [_written(entry) for entry in entries], "stop": sorted(STOP)}


def texts(entries: Iterable[Entry]) -> dict[str, dict[str, list[int]]]:
    """Tell in the texts of which entries a word is.

    Whoever searches needs the few words that begin as theirs do, so they are parted by initial.

    Parameters
    ----------
    entries : iterable of Entry

    Returns
    -------
    dict of str to dict of str to list of int
        By each of `INITIALS`, by word: the places of the entries that have it, each counted from
        the one before.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for word in sorted(set(fold(entry.text).split()) - STOP):
            found[word].append(place)
    parted: dict[str, dict[str, list[int]]] = {initial: {} for initial in INITIALS}
    for word, places in sorted(found.items()):
        parted["0" if word[0].isdigit() else word[0]][word] = _steps(places)
    return parted


def _written(entry: Entry) -> dict[str, Any]:
    fields = ("kind", "title", "url", "hint", "also", "former", "own", "under")
    values = {name: getattr(entry, name) for name in fields}
    return {name: value for name, value in values.items() if value not in ("", (), None)}


def _steps(places: list[int]) -> list[int]:
    return [place - before for before, place in zip([0, *places], places)]


def a_to_z(entries: Iterable[Entry]) -> list[tuple[str, list[tuple[str, str]]]]:
    """List the measures and the pages as the index of a book does, for reading without JavaScript.

    Parameters
    ----------
    entries : iterable of Entry

    Returns
    -------
    list of (str, list of (str, str))
        By letter: what it is called, and where it is.
    """
    listed = [
        (_turned(entry.title), entry.url)
        for entry in entries
        if entry.kind in ("measure", "page", "report")
    ]
    listed.sort(key=lambda row: fold(row[0]))

    def letter(row: tuple[str, str]) -> str:
        first = fold(row[0])[0].upper()
        return "0–9" if first.isdigit() else first

    return [(first, list(rows)) for first, rows in groupby(listed, letter)]


def _turned(title: str) -> str:
    found = _QUANTITY.fullmatch(title)
    if not found:
        return title
    return f"{found[2][0].upper()}{found[2][1:]}, {found[1].lower()} of"


# --- in the book -----------------------------------------------------------------------------------


def register(app: Sphinx) -> None:
    """Put this search in the place of Sphinx's."""
    app.connect("builder-inited", _switch_off)
    app.connect("html-collect-pages", _collect)
    app.connect("build-finished", _tidy)


def _switch_off(app: Sphinx) -> None:
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def _collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write the index, and give the page of the search."""
    env = app.env
    listed = report_blocks.in_book(env)
    root = None if councils.RULE in env.found_docs else app.config.root_doc
    entries = [
        *as_reports(of_pages(env), listed),
        *of_answers(),
        *of_councils(root),
        *of_measures(places(env) | in_reports(listed)),
        *of_terms(),
        *(of_questions() if question_blocks.PAGE in env.found_docs else ()),
    ]
    if root:
        entries = [replace(entry, own="") for entry in entries]
    _write(Path(app.outdir) / FILE, index(entries))
    for initial, words_ in texts(entries).items():
        _write(Path(app.outdir) / WORDS.format(initial), words_)
    yield "search", {"title": "Search", "letters": a_to_z(entries)}, "search.html"


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")


def _tidy(app: Sphinx, exception: Exception | None) -> None:
    for name in _SPHINX:
        (Path(app.outdir) / "_static" / name).unlink(missing_ok=True)
