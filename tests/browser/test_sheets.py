"""The sheets for a meeting: each is one side of A4, whoever prints it."""

from __future__ import annotations

import re

import pytest

FOLDER = "book/councillor/sheets"
SHEETS = (
    "first-scrutiny-meeting",
    "new-portfolio-holder-first-month",
    "budget-season",
    "quarter-end-report",
)
#: Nobody's, a county, one of its districts, a council that is new and has the longest reasons for a
#: figure that is lacking, a London borough, and the longest name.
READERS = (
    "",
    "kent",
    "ashford",
    "north-yorkshire",
    "hackney",
    "bournemouth-christchurch-and-poole",
)
FIRE = "nottinghamshire-and-city-of-nottingham-fire-and-rescue-authority"
#: A4 within the margins of one-side.css, in CSS pixels.
WIDTH, HEIGHT = 680, 1039
#: No sentence speaks of England any more.
OWN = "() => [...document.querySelectorAll('[data-inline]')].every(e => !/^(England|In )/.test(e.textContent))"


def _open(someone, sheet: str, council: str):
    page = someone.open(f"{FOLDER}/{sheet}.html" + (f"?council={council}" if council else ""))
    page.locator("[data-bar] strong" if council else "[data-bar] button").first.wait_for()
    if council in READERS[1:]:
        page.wait_for_function(OWN)
    return page


def _prints_on_one_side(page) -> None:
    page.emulate_media(media="print")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, page.url
    # As text that can be searched and read aloud, and with room for another computer's letters.
    assert b"/Font" in printed
    tall = page.evaluate("document.body.getBoundingClientRect().height")
    assert tall <= 0.95 * HEIGHT, (page.url, tall)
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, page.url
    page.emulate_media(media="null")


def test_every_sheet_of_the_book_is_held_to_its_side(site):
    assert {path.stem for path in (site / FOLDER).glob("*.html")} == set(SHEETS)


@pytest.mark.parametrize("sheet", SHEETS)
def test_it_prints_on_one_side_for_every_kind_of_reader(reader, sheet):
    someone = reader(viewport={"width": WIDTH, "height": HEIGHT})
    for council in READERS:
        _prints_on_one_side(_open(someone, sheet, council))
    assert someone.faults == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_on_paper_there_are_boxes_to_tick_and_nothing_to_press(reader, sheet):
    page = _open(reader(), sheet, "kent")
    box = "e => getComputedStyle(e, '::before').borderTopStyle"
    first = page.locator("main li").first
    assert first.evaluate(box) == "none"
    page.emulate_media(media="print")
    assert first.evaluate(box) == "solid"
    assert page.locator("main li:visible").count() >= 15
    for gone in (".contents", ".bar-button", ".top .find", ".steps"):
        assert page.locator(f"{gone}:visible").count() == 0, gone


def test_a_sheet_speaks_of_the_readers_own_council(reader):
    someone = reader(viewport={"width": WIDTH, "height": HEIGHT})
    # A district is shown its county's figure, for what the county provides.
    page = _open(someone, "quarter-end-report", "ashford")
    assert page.get_by_text("Kent’s persistent absence rate was").is_visible()
    page = _open(someone, "budget-season", FIRE)
    page.get_by_text("Nottingham’s fire and rescue spending per resident was").wait_for()
    _prints_on_one_side(page)
