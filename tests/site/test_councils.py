"""The pages of councils: everybody has one, the lists obey their rule, and no figure is another than published."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import gzip
import io
import re
from collections import Counter
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread import areas, findings, questions
from goldenthread.catalogue import catalogue
from goldenthread.site import authorities, councils, overview, sketches, small_panels, themes
from goldenthread.site.gathered import Gathered
from goldenthread.site.overview import Entry, Fact
from goldenthread.snapshot import snapshot

HULL, ASHFORD, KENT = "E06000010", "E07000105", "E10000016"
CUMBERLAND, KENT_FIRE, LIVERPOOL = "E06000063", "E31000022", "E08000012"
DAY = dt.date(2026, 11, 1)
_SOURCES = "../../book/about/data-sources-and-licence.html"
NUMBER = re.compile(r"[−-]?£?[\d,]+(?:\.\d+)?")


@pytest.fixture(scope="module")
def gathered() -> Gathered:
    return Gathered(as_of=DAY)


@pytest.fixture(scope="module")
def pages(gathered) -> dict[str, councils.Page]:
    return {made.name: made for made in councils.pages(gathered)}


@pytest.fixture(scope="module")
def chosen(gathered) -> dict[str, tuple[list[Fact], overview.Overview]]:
    """All findings of everybody, and what was chosen of them."""
    made = {}
    for code in gathered.codes:
        facts = gathered.facts(code)
        made[code] = facts, overview.overview(facts)
    return made


@pytest.fixture(scope="module")
def panels(gathered) -> small_panels.Panels:
    return small_panels.Panels(gathered)


class Reader(HTMLParser):
    """Takes a page apart: its words, its links, and the figure in each small panel."""

    def __init__(self, text: str):
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: Counter = Counter()
        self.figures: dict[str, str] = {}
        self._panel = ""
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags[tag] += 1
        if tag not in ("path", "br"):
            self._open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag == "li":
            self._panel = given.get("id", "")

    def handle_endtag(self, tag):
        if tag != "path":
            assert self._open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags[tag] += 1

    def handle_data(self, data):
        self.words.append(data)
        if self._panel and self._open[-1] == "b":
            self.figures[self._panel] = data

    @property
    def text(self) -> str:
        return " ".join(self.words)


# --- who has a page ----------------------------------------------------------


def test_every_council_and_fire_authority_has_a_page_of_its_own(pages):
    expected = {area.code for area in areas.councils()} | {
        area.code
        for area in areas.register().values()
        if area.kind == "fire and rescue authority" and area.is_current
    }
    assert set(authorities.addresses()) == expected
    assert len(expected) == 361
    assert set(pages) == {f"councils/{slug}/index" for slug in authorities.addresses().values()} | {
        councils.INDEX
    }
    assert all(
        re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in authorities.addresses().values()
    )
    for field in ("title", "description"):
        assert len({getattr(made, field) for made in pages.values()}) == len(pages)
    assert all(80 < len(made.description) < 260 for made in pages.values())
    assert (
        pages["councils/hull/index"].title
        == "Hull City Council: figures and questions for councillors"
    )


def test_the_list_leads_to_every_page_twice_and_names_former_councils(pages):
    index = pages[councils.INDEX].body
    for slug in authorities.addresses().values():
        assert index.count(f'href="{slug}/"') == 2
    for region in areas.register().values():
        if region.kind == "region":
            assert f"<h3>{region.name}</h3>" in index
    assert "Allerdale" in index
    assert "Kingston upon Hull" in index


def test_no_page_shows_a_value_that_is_none_of_a_reader_s_words(pages):
    for name, made in pages.items():
        text = Reader(made.body).text
        assert not re.search(r"\b(nan|NaN|NaT|inf|null|undefined|True|False)\b|\{\{|\}\}", text), (
            name
        )
        assert not re.search(r"\bNone\b(?! is (really )?(like|called))", text), name
        assert "  ." not in text
        assert not re.search(r"\b1 (councils|figures|months|fire authorities)\b", text), name


def test_every_link_leads_somewhere_and_every_id_is_there_once(pages):
    slugs = set(authorities.addresses().values())
    for name, made in pages.items():
        read = Reader(made.body)
        assert len(read.ids) == len(set(read.ids)), name
        for link in read.links:
            if link.startswith("#"):
                assert link[1:] in read.ids, (name, link)
            elif name != councils.INDEX:
                fixed = {f"../../{councils.RULE}.html", _SOURCES, councils.FIGURES}
                assert link in fixed or link[3:-1] in slugs, (name, link)


def test_a_page_is_small_and_the_same_when_made_again(pages, gathered, panels):
    weights = {name: len(gzip.compress(made.body.encode(), 6)) for name, made in pages.items()}
    heaviest = max(weights, key=weights.get)
    print(f"heaviest page: {heaviest}, {weights[heaviest] / 1000:.1f} KB compressed")
    # The frame around it is 3 KB.
    assert weights[heaviest] < 50_000
    for code in (HULL, ASHFORD, KENT_FIRE):
        name = f"councils/{authorities.addresses()[code]}/index"
        assert councils.page(code, gathered, panels) == pages[name]


def test_the_file_beside_a_page_holds_every_finding_to_the_last_digit(pages, chosen):
    for code in (HULL, ASHFORD, KENT_FIRE):
        made = pages[f"councils/{authorities.addresses()[code]}/index"]
        rows = list(csv.DictReader(io.StringIO(made.figures, newline="")))
        facts = {fact.measure.id: fact.found for fact in chosen[code][0]}
        assert [row["measure"] for row in rows] == list(facts)
        for row in rows:
            found = facts[row["measure"]]
            for column, field in (("value", "value"), ("middle", "median"), ("England", "england")):
                if pd.isna(found[field]):
                    assert row[column] == ""
                else:
                    assert float(row[column]) == pytest.approx(found[field], rel=1e-11)
            assert bool(row["value"]) or row["status"] != "published"


def test_a_book_that_does_not_tell_the_rule_has_no_such_pages():
    app = SimpleNamespace(env=SimpleNamespace(found_docs={"book/index"}))
    assert list(councils._collect(app)) == []
    context = {}
    councils._frame(app, "book/index", "page.html", context, None)
    assert context["councils_page"] == ""


# --- the three lists ---------------------------------------------------------

_CONTROL = {"controls": 0, "influences": 1, "context": 2}


def _lists(made: overview.Overview) -> dict[str, list[Entry]]:
    return {"changed": made.changed, "differs": made.differs, "ask": made.ask}


def test_lists_are_short_varied_and_about_own_services_only(chosen):
    for code, (_, made) in chosen.items():
        seen: list[str] = []
        for name, entries in _lists(made).items():
            assert len(entries) <= 4
            found_themes = [entry.fact.measure.theme for entry in entries]
            assert len(set(found_themes)) == len(found_themes), (code, name)
            seen += [entry.fact.measure.id for entry in entries]
            for entry in entries:
                found, measure = entry.fact.found, entry.fact.measure
                assert found["shown"] == code
                assert not measure.size
                if measure.service:
                    assert areas.provides(code, measure.service)
        assert len(set(seen)) == len(seen), code
        others = {entry.fact.measure.theme for entry in [*made.changed, *made.differs]}
        assert not others & {entry.fact.measure.theme for entry in made.ask}


def test_each_list_holds_only_what_its_heading_says(chosen):
    for code, (_, made) in chosen.items():
        for entry in made.changed:
            found = entry.fact.found
            assert found["change"] in ("risen", "fallen")
            assert found["change_by"] in ("signal", "trend", "long trend")
            assert entry.fact.measure.unit != "pounds"
        for entry in made.differs:
            found = entry.fact.found
            beyond = found["value"] <= found["low"] or found["value"] >= found["high"]
            assert beyond, (code, entry.fact.measure.id)
            assert found["against_median"] != "similar"
        situations = [entry.situation for entry in made.ask]
        assert len(set(situations)) == len(situations)
        assert set(situations) <= set(questions.bank()) - {"elsewhere", "county"}


def test_lists_are_ordered_old_last_and_what_the_council_controls_first(chosen):
    for _, made in chosen.values():
        for entries in (made.changed, made.differs):
            keys = [
                (e.fact.found["currency"] == "out of date", _CONTROL[e.fact.measure.control])
                for e in entries
            ]
            assert keys == sorted(keys)


def test_neither_only_good_news_nor_only_bad_where_there_is_both(chosen):
    """Counted from the findings themselves, not from what the rule made of them."""
    both = 0
    for code, (facts, made) in chosen.items():
        own = pd.DataFrame(
            [
                {**fact.found, "theme": fact.measure.theme, "polarity": fact.measure.polarity}
                for fact in facts
                if fact.found["shown"] == code
                and fact.found["provided"]
                and not fact.found["exempt"]
                and not fact.measure.size
                and fact.measure.unit != "pounds"
                and fact.found["value"] == fact.found["value"]
            ]
        )
        if own.empty:
            continue
        moved = own[own["change"].isin(["risen", "fallen"])]
        by_way = {
            way: set(moved.loc[moved["change_is"] == way, "theme"]) for way in ("better", "worse")
        }
        if len(by_way["better"] | by_way["worse"]) < 2 or not all(by_way.values()):
            continue
        both += 1
        directions = {entry.direction for entry in made.changed}
        assert {"better", "worse"} <= directions, code
    assert both > 250


def test_the_strongest_of_each_list_is_never_left_out(chosen):
    for code, (facts, made) in chosen.items():
        own = [fact for fact in facts if fact.own and not fact.measure.size]
        candidates = sorted(overview.changes(own), key=lambda entry: entry.weight)
        assert bool(candidates) == bool(made.changed)
        if len(made.changed) < 4:
            themes_of = {entry.fact.measure.theme for entry in candidates}
            assert {entry.fact.measure.theme for entry in made.changed} == themes_of, code


def test_how_many_moved_the_same_way_is_counted_among_the_similar(gathered, chosen):
    from goldenthread import peers

    table = findings.table(
        snapshot().everything(), list(gathered.measures.values()), "similar", as_of=DAY
    )
    change = table["change"].astype(str)
    for code in (HULL, ASHFORD, KENT, LIVERPOOL):
        fifteen = list(peers.similar(code).table.index)
        assert len(fifteen) == 15
        for entry in chosen[code][1].changed:
            fact = entry.fact
            theirs = [
                change[(fact.measure.id, other)]
                for other in fifteen
                if table.loc[(fact.measure.id, other), "shown"] == other
            ]
            known = [one for one in theirs if one]
            assert (fact.moved, fact.alike) == (len(known), known.count(fact.found["change"]))


_entries = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from(["better", "worse", ""]),
        st.integers(0, 9),
    ),
    max_size=12,
).map(
    lambda rows: [
        Entry(None, (weight, number), way, frozenset({subject}))
        for number, (subject, way, weight) in enumerate(rows)
    ]
)


@given(_entries)
def test_the_choice_keeps_its_promises_whatever_there_is(entries):
    made = overview.chosen(entries)
    ordered = sorted(entries, key=lambda entry: entry.weight)
    subjects = [next(iter(entry.subjects)) for entry in made]
    assert len(made) == min(4, len({next(iter(e.subjects)) for e in entries}))
    assert len(set(subjects)) == len(subjects)
    assert [entry.weight for entry in made] == sorted(entry.weight for entry in made)
    ways = {entry.direction for entry in made}
    better, worse = ([e for e in ordered if e.direction == way] for way in ("better", "worse"))
    if any(one.subjects != two.subjects for one in better for two in worse):
        assert {"better", "worse"} <= ways
    elif ordered:
        assert ordered[0] in made or any(e.subjects == ordered[0].subjects for e in made)


# --- the figures -------------------------------------------------------------


def _twenty() -> list[str]:
    codes = list(findings.councils().index)
    return [*codes[::17][:17], HULL, ASHFORD, CUMBERLAND]


def test_figures_on_twenty_pages_are_the_snapshots(pages):
    held, known = snapshot(), catalogue()
    codes = _twenty()
    assert len(set(codes)) == 20
    read = {
        code: Reader(pages[f"councils/{authorities.addresses()[code]}/index"].body).figures
        for code in codes
    }
    compared = 0
    for name in held.measures:
        measure = known[name]
        if measure.unit == "judgement":
            continue
        table = held.measure(name, areas="current")
        newest = table[(table["period_end"] == table["period_end"].max()) & table["value"].notna()]
        newest = newest[newest["period_start"] == newest["period_start"].max()]
        values = newest.set_index("area")["value"]
        whose = findings.figures_of(measure.tier)
        for code in codes:
            shown = whose[code]
            assert (shown in values.index) == (name in read[code]), (code, name)
            if shown in values.index:
                (text,) = NUMBER.findall(read[code][name])
                written = float(text.replace("−", "-").replace("£", "").replace(",", ""))
                assert abs(written - values[shown]) <= 0.5000001 * 10.0**-measure.decimals, (
                    code,
                    name,
                )
                compared += 1
    assert compared > 5000


def test_those_beside_an_authority_have_the_median_that_its_sentence_rests_on(gathered, chosen):
    """The strips' strokes, against the findings' own median and count."""
    compared = 0
    for code in [*_twenty(), KENT, KENT_FIRE, LIVERPOOL]:
        for fact in chosen[code][0]:
            found = fact.found
            if pd.isna(found["median"]) or pd.isna(found["value"]):
                continue
            others = gathered.others(fact.measure, found["shown"])
            assert len(others) + 1 == found["peers"], (code, fact.measure.id)
            assert np.median([*others, found["value"]]) == pytest.approx(found["median"])
            compared += 1
    assert compared > 2000


def test_what_is_missing_is_named_with_its_reason(pages, chosen):
    for code in (CUMBERLAND, KENT, "E09000001"):
        made = Reader(pages[f"councils/{authorities.addresses()[code]}/index"].body)
        lacking = [f.measure for f in chosen[code][0] if pd.isna(f.found["value"])]
        assert lacking
        for measure in lacking:
            assert measure.id not in made.figures
        assert made.text.count("Without a figure:") == len({m.theme for m in lacking})
    assert "formed on 1 April 2023, after these figures" in pages["councils/cumberland/index"].body
    assert "one figure for each district" in pages["councils/kent/index"].body


def test_a_district_is_shown_its_countys_figures_marked(pages, chosen):
    body = pages["councils/ashford/index"].body
    theirs = [
        f
        for f in chosen[ASHFORD][0]
        if f.found["shown"] == KENT and f.found["value"] == f.found["value"]
    ]
    assert len(theirs) > 100
    assert body.count("<i>Kent County Council</i>") == len(theirs)
    assert '<a href="../kent/">Kent County Council</a> runs the county services here' in body
    assert "<i>" not in pages["councils/kent/index"].body.replace(
        "<i>Kent Fire and Rescue Authority</i>", ""
    )


def test_who_runs_what(pages):
    ours, theirs = authorities.runs(ASHFORD), authorities.others_run(ASHFORD)
    listed = [*ours, *(name for provider in theirs for name in provider.services)]
    assert sorted(listed) == sorted(
        authorities._service(service) for service in areas.services().values()
    )
    assert {provider.who.slug for provider in theirs} == {"kent", "kent-fire-and-rescue-authority"}
    (waste,) = [p for p in authorities.others_run(LIVERPOOL) if p.services == ["waste disposal"]]
    assert waste.who.name == "disposal is done by the Merseyside Waste Authority"
    assert "Each district council</b>: waste collection" in pages["councils/kent/index"].body


def test_a_new_council_says_what_it_replaced_and_a_recoded_one_does_not(pages):
    assert (
        "Formed on 1 April 2023, in place of Allerdale, Carlisle, Copeland and Cumbria County Council."
        in pages["councils/cumberland/index"].body
    )
    assert "Formed on" not in pages["councils/barnsley/index"].body
    assert "Formed on" not in pages["councils/hull/index"].body


def test_a_fire_authority_says_who_decides_and_for_whom(pages):
    kent = pages["councils/kent-fire-and-rescue-authority/index"].body
    assert "A board of councillors decides" in kent
    assert '<a href="../medway/">Medway</a>' in kent
    assert "fire authorities of its type" in kent
    norfolk = pages["councils/norfolk-fire-and-rescue-authority/index"].body
    assert 'Here that is <a href="../norfolk/">Norfolk County Council</a>' in norfolk


def test_the_age_of_figures_is_counted_from_the_day_it_says(chosen):
    facts = chosen[HULL][0]
    ends = sorted(f.found["period_end"] for f in facts if f.found["value"] == f.found["value"])
    text = small_panels.how_old(facts, DAY)
    assert f"the newest is for a time that ended in {ends[-1]:%B %Y}" in text
    assert f"the oldest for one that ended in {ends[0]:%B %Y}" in text
    assert "counted on 1 November 2026" in text
    assert small_panels.how_old([], DAY) == "There is no figure yet."


def test_names_from_data_are_words_and_never_markup(gathered, panels, monkeypatch, tmp_path):
    hostile = "<script>alert('Hull')</script> & \"Sons\""
    known = areas.register()
    named = dataclasses.replace(known[HULL], name=hostile, official=hostile)
    monkeypatch.setitem(known._areas, HULL, named)
    facts = [
        dataclasses.replace(fact, found={**fact.found, "name": hostile, "note": "<b>note</b>"})
        for fact in gathered.facts(HULL)
    ]
    monkeypatch.setattr(gathered, "facts", lambda code: facts)
    made = councils.page(HULL, gathered, panels)
    assert "<script" not in made.body
    assert "<b>note" not in made.body
    assert Reader(made.body).tags["script"] == 0
    assert hostile.replace("'", "’") in Reader(made.body).text
    ((_, context, _),) = [
        row for row in _collected(monkeypatch, tmp_path, made) if row[0] == made.name
    ]
    assert "<" not in context["title"]
    written = (tmp_path / made.name).with_name(councils.FIGURES).read_text(encoding="utf-8-sig")
    assert written.splitlines() == made.figures.splitlines()


def _collected(monkeypatch, folder, made):
    monkeypatch.setattr(councils, "pages", lambda **_: iter([made]))
    monkeypatch.setattr(councils, "_made_from", lambda *_: "as in the test")
    app = SimpleNamespace(env=SimpleNamespace(found_docs={councils.RULE}), outdir=folder)
    return list(councils._collect(app))


# --- small drawings ----------------------------------------------------------


def _commands(drawing: str) -> list[str]:
    path = re.search(r'<path d="([^"]*)"', drawing).group(1)
    return re.findall(r"[MLh][^MLh]*", path)


def test_a_gap_in_a_line_is_a_gap_and_a_break_is_one_too():
    nan = float("nan")
    assert [c[0] for c in _commands(sketches.spark([1.0, 2.0, nan, 3.0, 4.0]))] == list("MLML")
    assert [c[0] for c in _commands(sketches.spark([1.0, 2.0, 3.0, 4.0], [2]))] == list("MLML")
    # A value between gaps stays a dot.
    assert [c[0] for c in _commands(sketches.spark([1.0, nan, 3.0, nan, 4.0]))] == list("MhMhMh")
    assert sketches.spark([]) == sketches.spark([nan, nan]) == sketches.spark([3.0, nan, 4.0]) == ""


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(-1e9, 1e9)), max_size=20))
def test_a_line_stays_in_its_box_and_moves_the_way_its_values_do(values):
    drawing = sketches.spark(values)
    known = [value for value in values if value == value]
    assert bool(drawing) == (len(known) >= 3)
    if not drawing:
        return
    points = [tuple(map(int, c[1:].split())) for c in _commands(drawing) if c[0] != "h"]
    assert len(points) == len(known)
    assert all(0 <= x <= sketches.WIDE and 0 <= y <= sketches.HIGH for x, y in points)
    for (one, (_, y)), (other, (_, z)) in zip(
        list(zip(known, points))[:-1], list(zip(known, points))[1:]
    ):
        assert (one <= other) == (y >= z) or y == z


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30), st.floats(-1e9, 1e9))
def test_a_strip_has_a_stroke_for_each_inside_its_box(others, own):
    drawing = sketches.strip(others, own)
    strokes = [int(c[1:].split()[0]) for c in re.findall(r"M\d+", drawing) for c in [c]]
    assert len(strokes) == len(others) + 1
    assert all(0 <= x <= sketches.WIDE for x in strokes)


def test_a_series_is_interrupted_where_the_catalogue_says(gathered):
    broken = [m for m in gathered.measures.values() if m.breaks]
    drawn = 0
    for measure in broken:
        labels, _, breaks = gathered.line(measure.id, KENT if measure.tier == "upper" else HULL)
        assert all(0 < place < len(labels) for place in breaks)
        drawn += bool(breaks)
    assert drawn >= len(broken) / 2


# --- themes ------------------------------------------------------------------


def test_every_theme_has_a_title_and_a_question():
    made = themes.themes()
    assert set(made) == set(catalogue().themes())
    assert len({theme.title for theme in made.values()}) == len(made)
    assert all(theme.question.endswith("?") for theme in made.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("id: waste,", "id: rubbish,"), "has no entry for waste"),
        (lambda text: text + text, "stands there twice"),
    ],
)
def test_a_theme_that_does_not_fit_the_catalogue_is_refused(tmp_path, change, said):
    path = tmp_path / "themes.yaml"
    path.write_text(change(themes.PATH.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(themes.ThemesError, match=said):
        themes.themes(path)
