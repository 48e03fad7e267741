"""Saying what one thinks of a page, on the built site: where no address is known, as it is shipped."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe

from goldenthread.site import take_part

CHAPTER = "book/councillor/why-performance-is-your-business.html"
PAGE = f"{take_part.PAGE}.html"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def test_every_kind_of_page_asks_whether_it_was_useful(site):
    for name in (CHAPTER, "search.html", "councils/hull/index.html", "casestudies/index.html",
                 "notebooks/trends.html", "book/reports/child-poverty.html"):  # fmt: skip
        text = (site / name).read_text(encoding="utf-8")
        assert text.count("Was this page useful?") == 1, name
        for said in take_part.KINDS:
            assert f">{said}</a>" in text, name
        assert "giscus" not in text
        assert "talk.js" not in text


def test_a_report_of_a_problem_carries_the_page_and_is_the_readers_to_send(reader):
    someone = reader()
    page = someone.open(CHAPTER)
    page.get_by_role("link", name="Report a problem").click()
    page.wait_for_url(re.compile(r"/take-part\.html\?page="))
    words = page.get_by_label("The words to send")
    page.wait_for_function("document.querySelector('.take-part textarea').value.includes('http')")
    said = words.input_value()
    assert f"/{CHAPTER}" in said
    assert "I would like to say: Something is wrong" in said
    page.get_by_role("button", name="Copy the words").click()
    page.locator(".take-part [role=status]:not(:empty)").wait_for()


def test_an_address_that_somebody_made_up_fills_in_nothing(reader):
    for page_of in ("//evil.example/x", "javascript:alert(1)", "a%22%3E%3Cscript%3E", "../" * 9):
        someone = reader()
        page = someone.open(f"{PAGE}?page={page_of}&kind=99")
        page.get_by_role("button", name="Copy the words").wait_for()
        said = page.get_by_label("The words to send").input_value()
        assert said.startswith("Page:\n")
        assert "evil" not in said
        assert someone.faults == []


def test_the_page_is_whole_without_javascript_and_for_everybody(reader):
    someone = reader(java_script_enabled=False)
    page = someone.open(PAGE)
    assert "Page:" in page.get_by_label("The words to send").input_value()
    page = reader().open(PAGE)
    assert Axe().run(page, options=RULES).response["violations"] == []
