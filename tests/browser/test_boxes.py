"""What writers use, as readers meet it: self-checks, words that follow the council, comparisons."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGE = "book/about/writing-for-this-book.html"
CHECK = "#self-check-1"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
RATE, LANDFILL = "household-recycling-rate", "municipal-waste-landfilled"


def _value(page, measure: str = RATE) -> str:
    return page.locator(f'p [data-inline="inline"][data-measure="{measure}"]').first.inner_text()


def _cell(page, entry: str, measure: str = RATE):
    return page.locator(f'.comparison [data-inline="{entry}"][data-measure="{measure}"]')


def _until(page, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('p [data-inline=\"inline\"]').textContent.includes(words)",
        arg=words,
    )


# --- a self-check ----------------------------------------------------------------------------------


def test_a_self_check_is_answered_with_the_keyboard_alone_and_keeps_nothing(reader):
    someone = reader()
    page = someone.open(PAGE)
    page.locator(f"{CHECK}.ready").wait_for()
    kept = page.evaluate("JSON.stringify([localStorage, document.cookie])")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(f"{CHECK} input").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    page.keyboard.press("Enter")
    verdict = page.locator(f"{CHECK} [role=status]")
    assert verdict.inner_text() == "Choose an answer first."
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    first = page.evaluate("document.querySelector('.self-check input:checked').value")
    assert f"Your answer: {first}." in verdict.inner_text()
    assert "Not this one." in verdict.inner_text()
    # A new choice takes the verdict of the old one away.
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    assert verdict.inner_text() == ""
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert "Your answer: C." in verdict.inner_text()
    assert "Right." in verdict.inner_text()
    assert "A dozen figures show what is usual here." in verdict.inner_text()
    assert page.evaluate("JSON.stringify([localStorage, document.cookie])") == kept
    assert [url for url in asked if "plotly" not in url] == []
    page.reload()
    assert page.locator(f"{CHECK} input:checked").count() == 0
    assert someone.faults == []


def test_the_verdict_is_said_in_words_to_whoever_does_not_see_it(reader):
    page = reader().open(PAGE)
    page.locator(f"{CHECK}.ready").wait_for()
    group = page.get_by_role("radiogroup", name="What do you know?")
    assert group.get_by_role("radio").count() == 3
    group.get_by_role("radio", name="B More was recycled.").check()
    page.locator(CHECK).get_by_role("button", name="Check").click()
    assert page.get_by_role("status").filter(has_text="Not even that.").count() == 1


def test_without_javascript_the_answers_are_explained_on_request(reader):
    page = reader(java_script_enabled=False).open(PAGE)
    check = page.locator(CHECK)
    assert check.locator("label").count() == 3
    assert check.locator("input:visible, button:visible").count() == 0
    assert not check.get_by_text("A dozen figures").is_visible()
    check.locator("summary").click()
    for words in ("Two figures cannot tell", "Not even that.", "A dozen figures", "Right."):
        assert check.get_by_text(words).first.is_visible()


# --- words that follow the council -----------------------------------------------------------------


def test_words_in_prose_follow_the_council_and_come_back(reader):
    page = reader().open(f"{PAGE}?council=hull")
    _until(page, "in Hull")
    assert page.locator('p > [data-inline="sentence"]').first.inner_text().startswith("Hull’s")
    assert _cell(page, "name").count() == 0
    assert page.locator(".comparison thead th").all_inner_texts() == [
        "Measure",
        "Hull",
        "Middle",
        "England",
        "In words",
    ]
    page.get_by_role("button", name="Change").first.click()
    page.get_by_role("button", name="Show England instead").click()
    _until(page, "in England")
    assert page.locator('p > [data-inline="sentence"]').first.inner_text().startswith("England’s")
    assert page.locator(".comparison thead th").nth(3).inner_text() == "Half of all councils"


def test_a_district_reads_its_countys_figure_as_the_countys(reader):
    page = reader().open(f"{PAGE}?council=ashford")
    _until(page, "in Ashford")
    assert _value(page, LANDFILL).endswith(" in Kent as a whole")
    assert "Kent provides this in Ashford" in _cell(page, "compared", LANDFILL).inner_text()


def test_a_council_without_a_figure_reads_why(reader):
    page = reader().open(f"{PAGE}?council=cumberland")
    _until(page, "Cumberland")
    new = "formed on 1 April 2023, after these figures"
    assert _value(page) == f"not known for Cumberland ({new})"
    assert _cell(page, "compared").inner_text() == f"No figure: {new}."
    assert _cell(page, "value").inner_text() == "–"
    text = page.locator("main").inner_text()
    assert "undefined" not in text
    assert "NaN" not in text


def test_a_county_reads_that_its_districts_have_the_figures(reader, site):
    someone = reader()
    path = site / "_static" / "councils" / "E10000016.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    theirs = {"sentence": "Theirs.", "compared": "Each district’s.", "inline": "not one figure"}
    data["measures"][RATE] = theirs
    someone.page.route("**/councils/E10000016.json", lambda route: route.fulfill(json=data))
    someone.page.route(
        "**/councils/E10000016.*.json",
        lambda route: route.fulfill(json={"phrase": "nobody", "groups": {}, "measures": {}}),
    )
    page = someone.open(f"{PAGE}?council=kent")
    _until(page, "not one figure")
    assert _cell(page, "compared").inner_text() == "Each district’s."
    assert _cell(page, "value").inner_text() == "–"
    assert _cell(page, "middle").inner_text() == "–"


def test_beside_a_list_of_ones_own_the_table_goes_on_with_similar_councils(reader):
    page = reader().open(f"{PAGE}?council=hull")
    _until(page, "in Hull")
    middle = _cell(page, "middle").inner_text()
    page.evaluate("localStorage.setItem('own-list', JSON.stringify(['E06000001', 'E06000002']))")
    page.goto(page.url.partition("?")[0] + "?council=hull&with=own")
    _until(page, "in Hull")
    assert "on your own list" in page.locator("[data-bar]").inner_text()
    assert _cell(page, "middle").inner_text() == middle
    assert "similar councils" in _cell(page, "middleOf").inner_text()


def test_a_comparison_holds_the_panels_own_figures(reader):
    page = reader().open(f"{PAGE}?council=hull")
    _until(page, "in Hull")
    panel = page.locator(f'.panel[data-measure="{RATE}"]')
    assert _cell(page, "value").inner_text() == panel.locator('[data-slot="value"]').inner_text()
    assert _cell(page, "middle").inner_text() == panel.locator('[data-slot="middle"]').inner_text()
    assert "similar councils" in _cell(page, "middleOf").inner_text()


def test_a_hostile_name_is_shown_as_text(reader, site):
    someone = reader()
    name = '<img src=x onerror="document.title=1">'
    path = site / "_static" / "councils" / "E06000010.json"

    def spoil(route):
        data = json.loads(path.read_text(encoding="utf-8"))
        for entry in data["measures"].values():
            entry["inline"] = f"1% in {name}"
        route.fulfill(status=200, body=json.dumps(data), content_type="application/json")

    someone.page.route("**/councils/E06000010.json", spoil)
    page = someone.open(f"{PAGE}?council=hull")
    _until(page, "onerror")
    assert _value(page) == f"1% in {name}"
    assert page.locator("main img").count() == 0
    assert someone.faults == []


def test_a_change_of_council_moves_nothing_that_is_read(reader):
    page = reader().open(f"{PAGE}?council=hull")
    _until(page, "in Hull")
    table = page.locator(".comparison")
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    before = table.bounding_box()
    page.evaluate(
        """() => { window.shift = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shift += e.value; }))
            .observe({type: "layout-shift"}); }"""
    )
    button = page.locator(".bar-button").bounding_box()
    page.mouse.click(button["x"] + 8, button["y"] + 8)
    page.keyboard.type("Leeds")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    _until(page, "in Leeds")
    page.wait_for_timeout(500)
    after = table.bounding_box()
    assert abs(after["height"] - before["height"]) <= 2
    assert page.evaluate("window.shift") <= 0.02


# --- for everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_with_a_long_name_and_a_verdict(reader, scheme, width):
    someone = reader(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = someone.open(f"{PAGE}?council=bournemouth-christchurch-and-poole")
    _until(page, "Bournemouth")
    page.locator(f"{CHECK} input").first.check()
    page.locator(f"{CHECK} button").click()
    page.locator(f"{CHECK} summary").click()
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.comparison :is(th, td), .box, .self-check, .role')]
            .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"""
    )
    assert [words for words in cut if words.strip() not in ("Measure", "In words")] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_a_comparison_is_a_table_to_a_screen_reader_at_any_width(reader, width):
    page = reader(viewport={"width": width, "height": 900}).open(f"{PAGE}?council=hull")
    _until(page, "in Hull")
    table = page.get_by_role("table", name="Waste at a glance")
    assert table.get_by_role("columnheader").count() == 5
    assert table.get_by_role("rowheader").count() == 4
    assert table.get_by_role("row").count() == 5
    assert table.get_by_role("cell").count() == 16


def test_on_paper_boxes_keep_together_and_nothing_asks_to_be_pressed(reader):
    page = reader().open(PAGE)
    page.locator(f"{CHECK}.ready").wait_for()
    page.emulate_media(media="print")
    assert page.locator(f"{CHECK} :is(input, button):visible").count() == 0
    assert page.locator(f"{CHECK} label:visible").count() == 3
    for box in page.locator(".box, .self-check").all():
        assert box.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
