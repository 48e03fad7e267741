"""The pages of councils, read by a browser: some of each kind, and what all of them weigh."""

from __future__ import annotations

import gzip
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from goldenthread import findings
from goldenthread.site.authorities import addresses

INDEX = "councils/index.html"
#: A unitary council, a district, a county, one that is new, one with few figures, a long name, and a
#: fire authority.
SLUGS = (
    "hull",
    "ashford",
    "kent",
    "cumberland",
    "isles-of-scilly",
    "bournemouth-christchurch-and-poole",
    "nottinghamshire-and-city-of-nottingham-fire-and-rescue-authority",
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def _page(slug: str) -> str:
    return f"councils/{slug}/index.html"


PAGES = (INDEX, *map(_page, SLUGS))


def _open_all(page, most: int = 99) -> None:
    page.evaluate(
        "most => [...document.querySelectorAll('details')].slice(0, most).forEach((e) => { e.open = true; })",
        most,
    )


def test_every_authority_has_a_page_and_none_is_heavy(site):
    weights = {
        slug: len(gzip.compress((site / _page(slug)).read_bytes(), 6))
        for slug in addresses().values()
    }
    heaviest = max(weights, key=weights.get)
    print(
        f"{len(weights)} pages; the heaviest, {heaviest}: {weights[heaviest] / 1000:.1f} KB compressed"
    )
    assert len(weights) == len(findings.citizens()) == 361
    assert weights[heaviest] < 60_000
    assert {path.parent.name for path in (site / "councils").glob("*/index.html")} == set(weights)


def test_a_page_has_title_description_and_its_own_address(site):
    for path in PAGES:
        text = (site / path).read_text(encoding="utf-8")
        assert re.search(r"<title>[^<]{20,} – Golden Thread</title>", text)
        assert re.search(r'<meta name="description" content="[^"]{80,}"', text)
        assert '<link rel="canonical" href="./">' in text
        assert text.count("<h1>") == 1
        # No script in the page, and no handler.
        assert re.findall(r"<script(?![^>]*src=)", text) == []
        assert not re.search(r"\son[a-z]+=", text)


def test_pages_load_without_a_fault_and_ask_nobody_else(reader):
    someone = reader()
    for path in PAGES:
        page = someone.open(path)
        page.wait_for_load_state("networkidle")
        _open_all(page)
        assert someone.faults == [], path
        assert someone.elsewhere == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_axe_finds_no_barrier(reader, scheme, width):
    found = {}
    someone = reader(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    for path in PAGES:
        page = someone.open(path)
        # Panels are all alike, and axe takes a second for a hundred of them.
        _open_all(page, 5)
        for fault in Axe().run(page, options=RULES).response["violations"]:
            found.setdefault(fault["id"], []).append(
                (path, fault["nodes"][0]["html"][:200], fault["nodes"][0]["failureSummary"][:300])
            )
    assert found == {}


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_scrolls_sideways_and_nothing_is_cut_off(reader, width):
    someone = reader(viewport={"width": width, "height": 800})
    for path in PAGES:
        page = someone.open(path)
        _open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        cut = page.evaluate(
            """() => [...document.querySelectorAll('main :is(p, b, h5, small, li)')]
                .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth)
                .map((e) => e.textContent.slice(0, 60))"""
        )
        assert cut == [], path


def test_without_javascript_the_page_is_whole(reader):
    someone = reader(java_script_enabled=False)
    page = someone.open(_page("hull"))
    assert page.locator(".lists .entries > li").count() == 12
    theme = page.locator("#theme-waste")
    panel = page.locator("#household-recycling-rate")
    assert not panel.is_visible()
    theme.locator("summary").click()
    assert panel.is_visible()
    assert panel.locator("svg.spark path, svg.strip path").count() == 4
    page.get_by_role("link", name="Change", exact=True).click()
    assert page.locator("h1").inner_text() == "All councils and fire authorities"
    assert page.locator(".by-region li:visible").count() == 361


def test_a_link_from_the_lists_opens_the_theme_that_its_figure_is_in(reader):
    page = reader().open(_page("hull"))
    link = page.locator(".lists .entry a").first
    target = link.get_attribute("href")
    assert not page.locator(target).is_visible()
    link.click()
    page.locator(target).wait_for(state="visible")
    assert 0 < page.locator(target).bounding_box()["y"] < 900


def test_a_theme_is_opened_with_the_keyboard(reader):
    page = reader().open(_page("hull"))
    page.locator("#theme-waste summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#household-recycling-rate").is_visible()


def test_another_council_is_chosen_with_the_keyboard_and_its_page_opens(reader):
    someone = reader()
    page = someone.open(_page("hull"))
    change = page.get_by_role("button", name="Change")
    change.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.press("Escape")
    assert change.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.type("Allerdale")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/councils/cumberland/")
    assert page.locator("h1").inner_text() == "Cumberland Council"
    # Looking at a page is not choosing: nothing is kept.
    assert page.evaluate("localStorage.length") == 0
    assert someone.faults == []


def test_a_page_leads_to_the_book_with_this_council_chosen(reader):
    page = reader().open(_page("hull"))
    page.get_by_role("link", name="Use on every page").click()
    page.locator("[data-bar]").get_by_text("Hull").first.wait_for()
    assert "council=hull" in page.url


@pytest.mark.parametrize(
    ("typed", "count", "first"),
    [
        ("hull", 1, "Hull"),
        ("kingston upon", None, "Hull"),
        ("Copeland", 1, "Cumberland"),
        ("St Helens", 1, "St Helens"),
        ("humberside", 1, "Humberside Fire and Rescue Authority"),
        ("Atlantis", 0, ""),
    ],
)
def test_the_list_is_narrowed_by_typing(reader, typed, count, first):
    page = reader().open(INDEX)
    page.get_by_label("Show only").fill(typed)
    shown = page.locator(".by-region li:visible")
    said = page.locator(".filter [role=status]")
    if count is not None:
        assert shown.count() == count
    if first:
        assert first in shown.locator("a").all_inner_texts()
        assert f"{shown.count()} of 361 shown." == said.inner_text()
    else:
        assert "None is called that" in said.inner_text()
    page.get_by_label("Show only").fill("")
    assert page.locator(".by-region li:visible").count() == 361


@pytest.mark.parametrize(
    "slug", [*SLUGS, "north-yorkshire", "wigan", "westminster", "newark-and-sherwood"]
)
def test_the_first_page_prints_on_two_sheets(reader, slug):
    page = reader().open(_page(slug))
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2


def test_print_leaves_out_what_is_not_the_first_page(reader):
    page = reader().open(_page("hull"))
    page.emulate_media(media="print")
    for gone in (".themes", ".bar", ".contents", "footer"):
        assert not page.locator(gone).first.is_visible()
    for kept in ("h1", "#changed", "#differs", "#ask", "#services", "#neighbours", "#age"):
        assert page.locator(kept).is_visible()
    assert page.locator(".sketch svg").first.is_visible()


def test_nothing_moves_while_the_page_loads(reader):
    someone = reader(viewport={"width": 360, "height": 640})
    someone.page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.moved += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    for path in PAGES:
        page = someone.open(path)
        page.wait_for_timeout(300)
        assert page.evaluate("window.moved") <= 0.02, path
