"""Finding things as a reader does: the search, the field at the head of a page, words explained, ways in."""

from __future__ import annotations

import gzip
import json
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe

from goldenthread.site import search
from goldenthread.site.glossary import glossary

SEARCH = "search.html"
HOME = "book/index.html"
CHAPTER = "book/councillor/why-performance-is-your-business.html"
GLOSSARY = "book/about/glossary.html"
START = "book/about/where-to-start.html"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def _search(someone, words: str):
    """Search for words, and wait until that is said."""
    page = someone.open(SEARCH)
    page.locator(".search-form input").fill(words)
    page.wait_for_function(
        "words => document.getElementById('search-said').textContent.includes(`“${words}”`)",
        arg=words,
    )
    return page


def _faults(someone) -> list[str]:
    """What went wrong, but for what a page had not yet fetched when it was left."""
    return [fault for fault in someone.faults if "ERR_ABORTED" not in fault]


def _titles(page, kind: str) -> list[str]:
    return page.locator(f".found-{kind} > ul > li > :is(a, strong)").all_inner_texts()


def _kinds(page) -> list[str]:
    return [
        name.split("found-")[1]
        for name in page.locator(".found").evaluate_all("all => all.map(one => one.className)")
    ]


# --- what is found ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind", "first"),
    [
        ("bins", "report", "Household waste and recycling"),
        ("potholes", "answer", "Road condition and potholes"),
        ("Humberside", "council", "Humberside Fire and Rescue Authority"),
        ("Allerdale", "council", "Cumberland"),
        ("kingston upon hull", "council", "Hull"),
        ("Kent", "council", "Kent"),
        ("denominater", "term", "Denominator"),
        ("denomniator", "term", "Denominator"),
        ("SEND", "term", "SEND"),
        ("social worker shortage", "measure", "Social worker vacancy rate"),
        ("section 114", "term", "Section 114 notice"),
        ("household recycling rate", "measure", "Household recycling rate"),
        ("recycl", "report", "Household waste and recycling"),
        ("Northamptonshire", "council", "North Northamptonshire"),
        ("who is like us", "page", "Who is like your council, and how firm is the list?"),
        ("where to start", "page", "Where to start"),
    ],
)
def test_what_people_type_leads_where_they_mean(reader, words, kind, first):
    someone = reader()
    page = _search(someone, words)
    titles = _titles(page, kind)
    if words == "Northamptonshire":
        # The county is gone: the fire authority has its name, and two councils took it in.
        assert {first, "West Northamptonshire"} <= set(titles)
    elif words == "social worker shortage":
        # It means four measures, none more than the others.
        assert first in titles[:4]
        assert _kinds(page)[0] == kind
    else:
        assert titles[0] == first
        if kind not in ("page", "report") or words in ("where to start", "bins"):
            assert _kinds(page)[0] == kind
    assert someone.faults == []


def test_care_leavers_are_found_as_measures_and_as_a_word(reader):
    page = _search(reader(), "care leavers")
    assert all("care leavers" in title for title in _titles(page, "measure"))
    assert _titles(page, "term")[0] == "Care leaver"
    shown = page.locator(".found-measure > ul > li").count()
    page.locator(".found-measure").get_by_role("button", name="Show all").click()
    assert page.locator(".found-measure > ul > li").count() > shown
    focused = page.evaluate("document.activeElement.closest('li').parentElement.children.length")
    assert focused == page.locator(".found-measure > ul > li").count()


def test_a_former_council_is_explained(reader):
    page = _search(reader(), "Allerdale")
    assert "took in what was Allerdale" in page.locator(".found-council li").first.inner_text()


def test_a_measure_without_a_report_leads_to_the_readers_council(reader):
    someone = reader()
    words = "theft offences"
    link = ".found-measure a"
    page = _search(someone, words)
    where = page.locator(link).first.get_attribute("href")
    assert "data-sources-and-licence.html#measure-" in where
    page = someone.open(f"{HOME}?council=hull")
    page.wait_for_function("() => localStorage.getItem('council') === 'hull'")
    page = _search(someone, words)
    where = page.locator(link).first.get_attribute("href")
    assert where.startswith("councils/hull/#")
    page.locator(link).first.click()
    page.wait_for_url("**/councils/hull/#*")
    assert page.locator(f"[id='{where.partition('#')[2]}']").count() == 1


def test_a_measure_leads_to_its_row_among_the_sources_and_opens_it(reader):
    page = _search(reader(), "theft offences")
    page.locator(".found-measure a").first.click()
    page.wait_for_url("**/data-sources-and-licence.html#measure-*")
    assert page.locator(":target").is_visible()


def test_a_section_leads_to_its_heading(reader):
    page = _search(reader(), "entitled to the papers")
    link = page.locator(".found-page ul ul a").first
    assert link.inner_text() == "You are entitled to the papers"
    link.click()
    page.wait_for_url(f"**/{CHAPTER}#*")
    assert page.locator(":target h2").inner_text() == "You are entitled to the papers"


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_is_typed_is_shown_as_text(reader, words):
    someone = reader()
    page = _search(someone, words)
    assert page.locator("main script, main img").count() == 0
    assert words in page.locator("#search-said").inner_text()
    assert someone.faults == []


def test_nothing_found_is_said_and_the_list_stays(reader):
    page = _search(reader(), "xylophone zebras")
    assert "Nothing found" in page.locator("#search-said").inner_text()
    assert page.locator(".a-to-z").is_visible()
    assert page.locator(".found").count() == 0


def test_where_nothing_has_all_words_what_has_some_is_shown_and_said(reader):
    page = _search(reader(), "recycling xylophone")
    assert "nothing has all of these words" in page.locator("#search-said").inner_text()
    assert "Household recycling rate" in _titles(page, "measure")


def test_words_are_folded_by_the_script_as_by_the_build(reader):
    words = ["King’s Lynn & West Norfolk", "Éclair", "  B&B  ", "IN-WORK—poverty", "½ £3"]
    page = reader().open(SEARCH)
    folded = page.evaluate(
        "async words => { const { plain } = await import('./_static/words.js'); return words.map(plain); }",
        words,
    )
    assert folded == [search.fold(one) for one in words]


def test_every_page_of_the_index_is_there(site):
    index = json.loads((site / search.FILE).read_text(encoding="utf-8"))
    local = {
        entry["url"] for entry in index["entries"] if not entry.get("url", "h").startswith("h")
    }
    assert len(local) > 800
    texts: dict[str, str] = {}
    for url in local:
        path, _, anchor = url.partition("#")
        path = f"{path}index.html" if path.endswith("/") else path
        assert (site / path).is_file()
        if anchor:
            if path not in texts:
                texts[path] = (site / path).read_text(encoding="utf-8")
            text = texts[path]
            assert f'id="{anchor}"' in text, url


def test_a_search_asks_for_little_and_nobody_else_for_anything(site, reader):
    def weight(name: str) -> int:
        return len(gzip.compress((site / name).read_bytes(), 6))

    of_words = sorted((weight(search.WORDS.format(one)) for one in search.INITIALS), reverse=True)
    names = weight(search.FILE)
    print(f"the names: {names:,} bytes compressed; words by initial: {of_words[0]:,} at most")
    # No heavier than a page may be, even with the five heaviest initials.
    assert names + sum(of_words[:5]) < 150_000
    someone = reader()
    asked = []
    someone.page.on("request", lambda request: asked.append(unquote(request.url)))
    page = someone.open(CHAPTER)
    page.wait_for_timeout(300)
    assert not any("search.js" in url for url in asked)
    page.locator(".find input").fill("bins")
    page.locator(".find [role=option]").first.wait_for()
    page.locator(".find input").fill("the bins in Braintree")
    page.locator(".find [role=option]", has_text="Braintree").wait_for()
    files = [url.rpartition("/")[2] for url in asked if "_static/search" in url]
    assert [name for name in files if name.endswith(".json")] == ["search.json", "search-b.json"]


def test_where_the_words_of_pages_cannot_be_loaded_names_are_found_and_that_is_said(reader):
    someone = reader()
    someone.page.route("**/search-*.json", lambda route: route.fulfill(status=404))
    page = _search(someone, "Braintree")
    assert _titles(page, "council") == ["Braintree"]
    assert "Only names were searched" in page.locator("#search-said").inner_text()
    someone.page.unroute("**/search-*.json")
    page = _search(someone, "Braintree landfill")
    assert "Only names" not in page.locator("#search-said").inner_text()


def test_nothing_of_sphinxs_own_search_is_left(site):
    left = [path.name for path in site.rglob("*.js") if path.name in search._SPHINX]
    assert left == []
    assert not (site / "searchindex.js").exists()


# --- the page of the search ------------------------------------------------------------------------


def test_a_search_is_an_address(reader):
    someone = reader()
    page = _search(someone, "bins")
    assert page.url.endswith("?q=bins")
    page.reload()
    page.locator(".found-measure a").first.wait_for()
    assert page.locator(".search-form input").input_value() == "bins"
    assert not page.locator(".a-to-z").is_visible()
    page.locator(".search-form input").fill("")
    page.locator(".a-to-z").wait_for()
    assert page.url.endswith("search.html")
    assert page.locator(".found").count() == 0


def test_the_search_is_used_with_the_keyboard_alone(reader):
    someone = reader()
    page = someone.open(SEARCH)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "search-words":
            break
    page.keyboard.type("allerdale")
    page.locator(".found-council a").first.wait_for()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "search-words"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Cumberland"
    page.keyboard.press("Enter")
    page.wait_for_url("**/councils/cumberland/")
    assert _faults(someone) == []


def test_a_search_that_cannot_be_loaded_is_said_and_the_list_stays(reader):
    someone = reader()
    someone.page.route("**/search.json", lambda route: route.fulfill(status=404))
    page = someone.open(SEARCH)
    page.locator(".search-form input").fill("bins")
    page.get_by_text("The search could not be loaded.").wait_for()
    assert page.locator(".a-to-z").is_visible()


def test_without_javascript_the_search_is_a_list_from_a_to_z(reader):
    page = reader(java_script_enabled=False).open(f"{SEARCH}?q=bins")
    assert "needs JavaScript" in page.locator("noscript p").inner_text()
    page.get_by_role("link", name="Household recycling rate", exact=True).click()
    assert "household-waste-and-recycling.html" in page.url


def test_the_field_leads_to_the_search_without_javascript(reader):
    page = reader(java_script_enabled=False).open(CHAPTER)
    page.locator(".find input").fill("bins")
    page.locator(".find input").press("Enter")
    page.wait_for_url("**/search.html?q=bins")


# --- the field at the head of a page ---------------------------------------------------------------


def test_the_field_suggests_and_is_used_with_the_keyboard_alone(reader):
    someone = reader()
    page = someone.open(CHAPTER)
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "find":
            break
    page.keyboard.type("hull")
    page.locator('.find [role="option"]').first.wait_for()
    field = page.locator("#find")
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert active.locator("span").inner_text() == "Hull"
    assert active.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "hull"
    page.keyboard.type(" ")
    page.keyboard.press("Backspace")
    page.locator('.find [role="option"]').first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/councils/hull/")
    assert _faults(someone) == []


def test_enter_without_a_choice_leads_to_the_search(reader):
    page = reader().open(CHAPTER)
    page.locator(".find input").fill("bins")
    page.locator('.find [role="option"]').first.wait_for()
    page.locator(".find input").press("Enter")
    page.wait_for_url("**/search.html?q=bins")
    page.locator(".found-measure a").first.wait_for()


def test_on_a_phone_a_link_leads_to_the_search(reader):
    page = reader(viewport={"width": 360, "height": 740}).open(CHAPTER)
    assert not page.locator(".find").is_visible()
    page.locator(".to-search").click()
    page.wait_for_url("**/search.html")


# --- words explained -------------------------------------------------------------------------------


def _term(page, name: str = "peer challenge"):
    return page.locator(".gloss", has_text=name).first


def test_a_word_is_explained_where_it_stands_and_closed_again(reader):
    someone = reader()
    page = someone.open(CHAPTER)
    word = _term(page)
    expected = glossary().find("peer challenge").definition
    assert word.get_attribute("role") == "button"
    assert word.get_attribute("aria-expanded") == "false"
    word.click()
    assert expected in page.locator(".gloss-box").inner_text()
    assert word.get_attribute("aria-expanded") == "true"
    assert page.locator("body > [role=status]").inner_text() == expected
    assert page.url.endswith(CHAPTER)
    word.click()
    assert page.locator(".gloss-box").count() == 0
    word.click()
    page.locator("h1").click()
    assert page.locator(".gloss-box").count() == 0
    assert someone.faults == []


def test_a_word_is_explained_with_the_keyboard_alone(reader):
    page = reader().open(CHAPTER)
    word = _term(page)
    before = page.locator(".gloss").all_inner_texts().index("peer challenge") - 1
    page.locator(".gloss").nth(before).focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "peer challenge":
            break
    assert page.locator(".gloss-box").is_visible()
    page.keyboard.press("Enter")
    assert page.locator(".gloss-box").count() == 0
    page.keyboard.press("Space")
    assert page.locator(".gloss-box").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "In the glossary"
    assert page.locator(".gloss-box").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".gloss-box").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "peer challenge"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{GLOSSARY}#term-corporate-peer-challenge")
    assert page.locator(":target").inner_text() == "Corporate peer challenge"
    assert word.count() == 0


def test_moving_on_closes_the_explanation(reader):
    page = reader().open(CHAPTER)
    _term(page).click()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator(".gloss-box").count() <= 1
    assert page.evaluate("document.activeElement.closest('.gloss-box')") is None
    assert (
        page.locator('.gloss[aria-expanded="true"]').count() == page.locator(".gloss-box").count()
    )


@pytest.mark.parametrize("width", [320, 768])
def test_an_explanation_stays_inside_the_window_and_moves_nothing(reader, width):
    page = reader(viewport={"width": width, "height": 700}, has_touch=True).open(CHAPTER)
    for number in range(page.locator(".gloss").count()):
        word = page.locator(".gloss").nth(number)
        word.scroll_into_view_if_needed()
        before = page.locator("main").bounding_box()["height"]
        word.tap()
        box = page.locator(".gloss-box").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("main").bounding_box()["height"] == before
        page.keyboard.press("Escape")


def test_without_javascript_a_word_is_a_link_to_the_glossary(reader):
    page = reader(java_script_enabled=False).open(CHAPTER)
    word = _term(page)
    assert word.get_attribute("role") is None
    word.click()
    page.wait_for_url(f"**/{GLOSSARY}#term-corporate-peer-challenge")


# --- for everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_barrier_where_things_are_found(reader, scheme, width):
    someone = reader(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    found = {}

    def check(page, where):
        for fault in Axe().run(page, options=RULES).response["violations"]:
            found[where, fault["id"]] = fault["nodes"][0]["html"][:200]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where

    check(_search(someone, "potholes"), "an answer")
    check(_search(someone, "care"), "results")
    check(someone.open(SEARCH), "the list from A to Z")
    check(someone.open(GLOSSARY), "the glossary")
    check(someone.open(START), "where to start")
    page = someone.open(CHAPTER)
    _term(page).click()
    check(page, "a word explained")
    if width > 768:
        page.locator(".find input").fill("care")
        page.locator('.find [role="option"]').first.wait_for()
        page.keyboard.press("ArrowDown")
        check(page, "suggestions")
    assert found == {}
    assert someone.faults == []


def test_pages_lead_on_and_say_when_they_changed(reader):
    page = reader().open(CHAPTER)
    assert page.locator(".steps a[rel=next]").get_attribute("href")
    for path in (CHAPTER, GLOSSARY, START, SEARCH):
        page = reader().open(path)
        assert page.get_by_text("Page last updated").count() == 1


def test_the_glossary_prints_without_its_letters(reader):
    page = reader().open(GLOSSARY)
    page.emulate_media(media="print")
    assert not page.locator(".letters").is_visible()
    assert not page.locator(".find").is_visible()
    assert page.locator("#term-denominator").is_visible()
