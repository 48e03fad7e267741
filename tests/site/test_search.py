"""The index of the search, the list from A to Z, and the synonyms behind them."""

from __future__ import annotations

import gzip
import itertools
import json
import re
from types import SimpleNamespace

import pytest
import yaml
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st

from goldenthread import areas
from goldenthread.catalogue import catalogue
from goldenthread.site import authorities, search, synonyms
from goldenthread.site.glossary import glossary
from goldenthread.site.search import Entry, fold
from goldenthread.site.synonyms import SynonymsError, load
from goldenthread.snapshot import snapshot

COUNCILS = search.of_councils(None)
MEASURES = search.of_measures({"household-recycling-rate": "book/waste.html#rate"})
TERMS = search.of_terms()


def _named(entries, title):
    (found,) = [entry for entry in entries if entry.title == title]
    return found


# --- what there is ---------------------------------------------------------------------------------


def test_every_council_and_fire_authority_is_there_with_its_own_page():
    urls = [entry.url for entry in COUNCILS]
    assert urls == [f"councils/{address}/" for address in authorities.addresses().values()]
    assert len(set(urls)) == len(urls) == 317 + 44
    # Two that are called alike are told apart.
    assert len({entry.title for entry in COUNCILS}) == len(COUNCILS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Allerdale", {"Cumberland"}),
        ("Cumbria", {"Cumberland", "Westmorland and Furness"}),
        ("Poole", {"Bournemouth, Christchurch and Poole"}),
        ("Taunton Deane", {"Somerset"}),  # replaced by one that was replaced itself
    ],
)
def test_a_former_council_leads_to_those_that_took_it_in(old, new):
    assert {entry.title for entry in COUNCILS if old in entry.former} == new


def test_every_name_of_the_register_finds_its_council():
    names = {
        name: {entry.title for entry in COUNCILS if name in (entry.title, *entry.also)}
        for area in areas.councils()
        for name in (area.name, area.official, *area.variants)
        if name
    }
    for area in areas.councils():
        for name in filter(None, (area.name, area.official, *area.variants)):
            assert area.name in names[name]
    assert "Humberside" in _named(COUNCILS, "Humberside Fire and Rescue Authority").also


def test_a_book_without_pages_of_councils_leads_to_the_choice_of_one():
    made = search.of_councils("book/index")
    assert len(made) == 361
    assert _named(made, "Hull").url == "book/index.html?council=hull"


def test_every_measure_with_figures_leads_somewhere():
    held = snapshot().measures
    assert len(MEASURES) == len(catalogue())
    rate = _named(MEASURES, "Household recycling rate")
    assert (rate.url, rate.own) == ("book/waste.html#rate", "")
    assert "bins" in rate.also
    for entry, identifier in zip(MEASURES, held):
        if entry is not rate:
            assert entry.url == f"{search.SOURCES_PAGE}.html#measure-{identifier}"
            fire = catalogue()[identifier].tier == "fire"
            assert entry.own == ("" if fire else f"councils/*/#{identifier}")


def test_what_people_call_things_leads_to_them():
    leavers = [entry for entry in MEASURES if "care leavers" in entry.also]
    assert len(leavers) == len(catalogue().of_theme("care-leavers"))
    assert {"EHCPs", "special needs"} <= set(_named(TERMS, "SEND").also)
    answers = {word: entry for entry in search.of_answers() for word in entry.also}
    assert "Department for Transport" in answers["potholes"].hint
    assert answers["potholes"].url.startswith("https://www.gov.uk/")
    assert "potholes" in _named(MEASURES, "Highways and transport spending").also


def test_an_answer_does_not_deny_a_figure_that_is_held():
    shorts = {fold(measure.short) for measure in catalogue().values()}
    for entry in search.of_answers():
        assert fold(entry.title) not in shorts
        assert entry.hint.startswith("No ")


def _section(title, *children, identifier="x"):
    return nodes.section("", nodes.title("", title), *children, ids=[identifier])


def _book(**doctrees):
    made = {}
    for name, section in doctrees.items():
        made[name] = nodes.document(SimpleNamespace(), SimpleNamespace(), "", section)
    return SimpleNamespace(
        collect_relations=lambda: dict.fromkeys(made),
        get_doctree=made.__getitem__,
        metadata={name: {"description": f"About {name}."} for name in made},
    )


def test_pages_are_found_by_their_sections():
    inner = _section(
        "Why <now>?", nodes.paragraph("", "Since the bins overflow."), identifier="why-now"
    )
    code = nodes.literal_block("", "secret = 1")
    table = nodes.raw("", "<table>hidden</table>", format="html")
    page = _section("Bins", nodes.paragraph("", "Wheels and lids."), code, table, inner)
    home = _section("Home", nodes.paragraph("", "Come in."))
    made = search.of_pages(_book(home=home, waste=page))
    assert [(one.kind, one.title, one.url, one.under) for one in made] == [
        ("page", "Home", "home.html", None),
        ("page", "Bins", "waste.html", None),
        ("section", "Why <now>?", "waste.html#why-now", 1),
    ]
    assert made[1].hint == "About waste."
    assert made[1].text == "Wheels and lids. About waste."
    assert made[2].text == "Since the bins overflow."


def test_a_measure_leads_to_its_first_panel_and_not_to_a_headline():
    panel = '<section class="panel" id="measure-b" data-measure="b" aria-label="B">'
    headline = '<li class="headline" data-measure="a">'
    made = _book(
        one=_section(
            "One", nodes.raw("", headline, format="html"), nodes.raw("", panel, format="html")
        ),
        two=_section("Two", nodes.raw("", panel, format="html")),
    )
    assert search.places(made) == {"b": "one.html#measure-b"}


def test_a_long_hint_ends_at_a_word():
    for entry in MEASURES:
        assert len(entry.hint) <= 122
        assert entry.hint[-1] in ".…"
        # What is not held says so first.
        hint = entry.hint.removeprefix("Not held here. ")
        assert entry.text.startswith(hint.removesuffix(" …"))


# --- the file --------------------------------------------------------------------------------------


def test_the_words_of_a_text_lead_back_to_it():
    entries = [*COUNCILS, *MEASURES, *TERMS]
    made = search.texts(entries)
    assert not search.STOP & {word for words in made.values() for word in words}
    for word in ("contaminated", "landfill", "reuse"):
        places = list(itertools.accumulate(made[word[0]][word]))
        assert places == [
            place for place, entry in enumerate(entries) if word in fold(entry.text).split()
        ]
        assert places


@given(
    st.lists(
        st.text(alphabet="abc d19", max_size=12).map(
            lambda text: Entry(kind="page", title="T", url="u", text=text)
        ),
        max_size=6,
    )
)
def test_the_steps_add_up_to_the_places(entries):
    made = search.texts(entries)
    assert set(made) == set(search.INITIALS)
    for place, entry in enumerate(entries):
        for word in set(entry.text.split()) - search.STOP:
            initial = "0" if word[0] in "19" else word[0]
            assert place in itertools.accumulate(made[initial][word])
    assert sum(len(steps) for words in made.values() for steps in words.values()) == sum(
        len(set(entry.text.split()) - search.STOP) for entry in entries
    )


def test_the_file_is_small_without_the_pages():
    entries = [*search.of_answers(), *COUNCILS, *MEASURES, *TERMS]
    text = json.dumps(search.index(entries), ensure_ascii=False, separators=(",", ":"))
    size = len(gzip.compress(text.encode()))
    print(f"{len(entries)} entries: {len(text):,} characters, {size:,} bytes compressed")
    assert size < 75_000


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    once = fold(text)
    assert fold(once) == once
    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", once)


# --- from A to Z -----------------------------------------------------------------------------------


def test_the_list_has_every_measure_under_the_word_that_tells_it():
    page = Entry(kind="page", title="Éclairs & bins", url="a.html")
    listed = search.a_to_z([*MEASURES, *TERMS, page])
    letters = [letter for letter, _ in listed]
    assert letters == sorted(letters)
    assert letters[0] == "0–9"
    rows = {title: letter for letter, rows in listed for title, _ in rows}
    assert len(rows) == len(MEASURES) + 1
    assert rows["Éclairs & bins"] == "E"
    assert rows["Care leavers not in touch, share of"] == "C"
    assert rows["4G coverage"] == "0–9"
    for _, letter_rows in listed:
        titles = [fold(title) for title, _ in letter_rows]
        assert titles == sorted(titles)


# --- synonyms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            {"words": ["bins"], "measures": ["recycling-rat"]},
            "bins: measures: 'recycling-rat' is not there",
        ),
        ({"words": ["bins"], "terms": ["denominater"]}, "the nearest are denominator"),
        ({"words": ["bins"], "theme": "wast"}, "the nearest are waste"),
        ({"words": ["bins"]}, "expected measures, terms, a theme or an answer"),
        ({"words": ["bins"], "title": "Bins"}, "title and answer: expected both or neither"),
        ({"words": [], "theme": "waste"}, "entry 1: words"),
    ],
)
def test_a_synonym_that_leads_nowhere_is_named(tmp_path, entry, said):
    path = tmp_path / "words.yaml"
    path.write_text(yaml.safe_dump([entry]), encoding="utf-8")
    with pytest.raises(SynonymsError, match=re.escape(said)) as caught:
        load(path)
    assert str(caught.value).startswith("words.yaml: ")


def test_no_word_stands_twice_and_all_lead_to_something():
    words = [fold(word) for one in synonyms.synonyms() for word in one.words]
    assert sorted({word for word in words if words.count(word) > 1}) == []
    assert all(term in glossary() for one in synonyms.synonyms() for term in one.terms)
