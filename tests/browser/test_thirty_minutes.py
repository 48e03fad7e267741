"""The thirty-minute route: step by step, kept on the device, and a statement that claims no more than it can."""

from __future__ import annotations

import json
from datetime import date

from axe_playwright_python.sync_playwright import Axe
from kinds import KINDS

from goldenthread import writing
from goldenthread.site.course import steps

PAGE = KINDS["thirty minutes"]
STEPS = list(steps().values())
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def _right(step):
    return "ABCD"[[answer.right for answer in step.question.answers].index(True)]


def _open(someone):
    page = someone.open(PAGE)
    page.locator(".course.ready").wait_for()
    return page


def _kept(page):
    return json.loads(page.evaluate("localStorage.getItem('thirty-minutes')") or "null")


def _answer(page, step, letter):
    page.locator(f'.guided-nav a[href="#step-{step.id}"]').click()
    box = page.locator(f"#ask-{step.id}")
    box.locator(f'input[value="{letter}"]').check()
    box.get_by_role("button", name="Check").click()


def test_a_step_is_done_with_the_keyboard_and_the_first_answer_counts(reader):
    someone = reader()
    page = _open(someone)
    first, second = STEPS[:2]
    wrong = next(letter for letter in "ABC" if letter != _right(first))
    box = page.locator(f"#ask-{first.id}")
    box.locator("input").first.focus()
    page.keyboard.press("Space")
    for _ in range("ABC".index(wrong)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    box.get_by_text("Not this one.").first.wait_for()
    page.get_by_text("1 of 10 questions answered.").wait_for()
    # Another try is explained, and changes nothing.
    box.locator(f'input[value="{_right(first)}"]').check()
    box.get_by_role("button", name="Check").click()
    box.locator(".self-check-verdict.right").wait_for()
    assert _kept(page) == {"answers": {f"step-{first.id}": wrong}, "finished": None}
    page.locator(f"#step-{first.id} .guided-ways a").focus()
    page.keyboard.press("Enter")
    page.locator(f"#step-{second.id}").wait_for()
    assert page.evaluate("document.activeElement.id") == f"step-{second.id}-title"
    # Whoever comes back begins with what is left, and finds what was answered.
    someone.open("book/about/privacy.html")
    page = _open(someone)
    assert page.locator(f"#step-{second.id}").is_visible()
    page.locator(f'.guided-nav a[href="#step-{first.id}"]').click()
    assert box.locator(f'input[value="{wrong}"]').is_checked()
    assert box.locator(".self-check-verdict.wrong").is_visible()
    assert someone.faults == []


def test_the_statement_has_day_score_and_a_name_that_is_not_kept(reader):
    someone = reader()
    page = _open(someone)
    page.locator('.guided-nav a[href="#course-statement"]').click()
    assert page.get_by_text("These steps are left:").is_visible()
    assert page.locator("#course-statement li:visible").count() == len(STEPS)
    assert not page.locator(".course-statement").is_visible()
    for at, step in enumerate(STEPS):
        right = _right(step)
        _answer(page, step, right if at < 7 else next(x for x in "ABC" if x != right))
    page.locator('.guided-nav a[href="#course-statement"]').click()
    statement = page.locator(".course-statement")
    page.get_by_label("Your name").fill("<b>A. Member</b>")
    words = statement.inner_text()
    assert "7 of 10" in words
    assert "<b>A. Member</b>" in words
    assert "It is no certificate" in words
    kept = _kept(page)
    assert "Member" not in page.evaluate("JSON.stringify({...localStorage})") + page.url
    day = page.evaluate("new Date().toLocaleDateString('sv')")
    assert kept["finished"] == day
    assert writing.date(date.fromisoformat(day)) in words
    # On paper: the statement, and nothing but the page's title.
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print the statement").click()
    page.emulate_media(media="print")
    assert statement.is_visible()
    assert (
        page.locator(".self-check:visible, .guided-field:visible, main button:visible").count() == 0
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    # A day that is kept stays; a name does not.
    page.reload()
    page.locator(".course.ready").wait_for()
    assert page.get_by_label("Your name").input_value() == ""
    page.get_by_role("button", name="Start again").click()
    assert _kept(page) is None
    page.keyboard.press("Enter")  # the way back has the focus
    assert _kept(page) == kept
    assert statement.is_visible()
    page.get_by_role("button", name="Start again").click()
    _answer(page, STEPS[0], "A")
    assert _kept(page)["finished"] is None
    assert page.locator(".self-check-verdict:not(:empty)").count() == 1
    assert someone.faults == []


def test_what_the_device_kept_and_makes_no_sense_is_left_out(reader):
    someone = reader()
    page = someone.open("book/about/privacy.html")
    for kept in (
        "no json",
        "[]",
        "null",
        '{"answers": null}',
        '{"answers": {"step-business": "Z", "__proto__": "A", "x": "A"}, "finished": "<b>"}',
        '{"answers": {"step-business": 1}, "finished": "2026-99-99"}',
    ):
        page.evaluate("kept => localStorage.setItem('thirty-minutes', kept)", kept)
        page = _open(someone)
        assert page.get_by_text("0 of 10 questions answered.").is_visible(), kept
    assert someone.faults == []


def test_without_javascript_it_is_whole(reader):
    page = reader(java_script_enabled=False).open(PAGE)
    assert page.locator(".course-step:visible").count() == len(STEPS)
    page.locator(f"#ask-{STEPS[0].id} summary").click()
    assert page.get_by_text(STEPS[0].question.answers[0].why).is_visible()
    # A statement to fill in by hand.
    assert page.locator(".course-statement").is_visible()
    assert page.locator("main button:visible").count() == 0


def test_it_fits_and_is_accessible(reader):
    someone = reader(viewport={"width": 320, "height": 700}, color_scheme="dark")
    page = _open(someone)
    for step in STEPS:
        _answer(page, step, "A")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, step.id
    page.locator('.guided-nav a[href="#course-statement"]').click()
    page.locator("#course-statement").wait_for()
    page.locator(f"#step-{STEPS[0].id}").evaluate("e => { e.hidden = false; }")
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    colours = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
    assert Axe().run(page, options=colours).response["violations"] == []
