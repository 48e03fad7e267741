"""The page of all questions: filters, an address to send, and a list that is kept nowhere else."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from goldenthread.site.question_bank import bank, draw

PAGE = "book/councillor/question-bank.html"
QUESTIONS = list(bank().values())
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def _shown(page) -> set[str]:
    return set(
        page.locator(".bank-question:visible").evaluate_all(
            "rows => rows.map((row) => row.dataset.id)"
        )
    )


def _open(someone, search: str = ""):
    page = someone.open(PAGE + search)
    page.locator(".questions-filter").wait_for()
    return page


def test_filters_show_what_is_drawn_for_the_same_choice_and_stand_in_the_address(reader):
    someone = reader()
    page = _open(someone)
    assert _shown(page) == set(bank())
    page.get_by_label("Your role").select_option("scrutiny")
    page.get_by_label("The moment").select_option("budget")
    page.get_by_label("The subject").select_option("waste")
    found = draw(QUESTIONS, role="scrutiny", moment="budget", theme="waste")
    assert _shown(page) == {one.id for one in found}
    assert page.url.endswith("?role=scrutiny&moment=budget&theme=waste")
    own = sum(not one.is_general for one in found)
    said = page.locator(".questions-said")
    said.get_by_text(f"and {len(found) - own} for any service.").wait_for()
    # The same address shows the same to somebody else.
    other = _open(reader(), "?role=scrutiny&moment=budget&theme=waste")
    assert _shown(other) == _shown(page)
    page.get_by_role("button", name="Show all questions").click()
    said.get_by_text(f"{len(QUESTIONS)} questions.", exact=True).wait_for()
    assert page.url.endswith(PAGE)


def test_words_find_questions_and_nothing_found_is_said(reader):
    page = _open(reader())
    page.get_by_label("With these words").fill("potholes FILLED")
    page.get_by_text(f"1 of {len(QUESTIONS)} questions.").wait_for()
    assert _shown(page) == {"travel-road-repairs-last"}
    page.get_by_label("With these words").fill("xylophone")
    page.get_by_text("No question suits all of that.").wait_for()
    assert _shown(page) == set()


def test_an_address_that_makes_no_sense_shows_everything(reader):
    page = _open(reader(), "?role=king&theme=%3Cscript%3E&list=nobody,,worst-true-thing")
    assert _shown(page) == set(bank())
    assert page.locator(".my-questions li").count() == 1
    assert "king" not in page.url
    assert page.url.endswith("?list=worst-true-thing")


def test_a_list_is_made_with_the_keyboard_kept_in_the_address_and_copied(reader):
    someone = reader()
    page = _open(someone)
    for name in ("worst-true-thing", "waste-missed-streets"):
        page.locator(f"#question-{name} .pick").focus()
        page.keyboard.press("Enter")
    assert page.url.endswith("?list=worst-true-thing,waste-missed-streets")
    assert "2 questions on my list." in page.locator(".to-my-questions").inner_text()
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert kept == '[{},{},""]'
    page.reload()
    page.locator(".my-questions li").first.wait_for()
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', "
        "{ value: { writeText: async (text) => { window.copied = text; } } })"
    )
    page.get_by_role("button", name="Copy the list").click()
    page.get_by_text("Copied.").wait_for()
    copied = page.evaluate("window.copied")
    assert copied.startswith(f"1. {bank()['worst-true-thing'].ask}\n")
    assert bank()["waste-missed-streets"].good in copied
    page.get_by_role("button", name="Empty the list").click()
    assert page.locator(".my-questions li").count() == 0
    page.keyboard.press("Enter")  # the way back has the focus
    assert page.locator(".my-questions li").count() == 2
    page.get_by_role("button", name=f"Take off: {bank()['worst-true-thing'].ask}").click()
    assert page.url.endswith("?list=waste-missed-streets")


def test_where_copying_is_forbidden_the_words_are_there_to_be_copied(reader):
    page = _open(reader(), "?list=worst-true-thing")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', "
        "{ value: { writeText: () => Promise.reject(new Error('no')) } })"
    )
    page.get_by_role("button", name="Copy the list").click()
    field = page.get_by_label("The list, to be copied")
    field.wait_for()
    assert bank()["worst-true-thing"].ask in field.input_value()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_only_the_list_is_printed_where_that_is_asked_for(reader):
    page = _open(reader(), "?list=worst-true-thing")
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print the list").click()
    page.emulate_media(media="print")
    assert page.locator(".questions-group:visible").count() == 0
    assert page.locator(".my-questions li .asked").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".questions-group:visible").count() > 1


def test_without_javascript_all_questions_are_there_by_theme(reader):
    page = reader(java_script_enabled=False).open(PAGE)
    assert _shown(page) == set(bank())
    assert not page.locator(".questions-filter").is_visible()
    assert not page.locator(".my-questions").is_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_and_is_accessible(reader, width):
    someone = reader(viewport={"width": width, "height": 700})
    page = _open(someone, "?list=worst-true-thing&theme=waste")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".to-my-questions").is_visible()
    found = Axe().run(page, options=RULES)
    assert found.response["violations"] == []


def test_the_search_and_a_report_lead_to_questions(reader):
    someone = reader()
    page = someone.open("search.html?q=potholes+filled+again")
    page.locator(".found-question a").first.click()
    page.wait_for_url("**#question-travel-road-repairs-last")
    page = someone.open("book/reports/household-waste-and-recycling.html")
    page.get_by_role("link", name="Waste and recycling", exact=True).last.click()
    page.wait_for_url("**theme=waste")
    page.locator(".questions-filter").wait_for()
    assert page.get_by_label("The subject").input_value() == "waste"
