"""The self-assessment: answered by keyboard, kept on the device, taken away, put together, printed."""

from __future__ import annotations

import json
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from kinds import KINDS

from goldenthread import self_assessment
from goldenthread.self_assessment import AssessmentError

PAGE = KINDS["self-assessment"]
MADE = self_assessment.assessment()
NAMES = [one.id for one in MADE.statements]
SAYS = {one.id: one.says for one in MADE.statements}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def _file(levels=None, **changes):
    """A file of answers, each a level by the statement's name."""
    return {
        "format": "golden-thread-self-assessment",
        "version": 1,
        "id": str(uuid.uuid4()),
        "saved": "2026-10-01",
        "label": "",
        "answers": {name: {"level": level, "note": ""} for name, level in (levels or {}).items()},
        "plan": {},
        **changes,
    }


def _upload(name, content):
    text = content if isinstance(content, str) else json.dumps(content)
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def _open(someone, answers=None, part=""):
    """The page, with answers from a file where some are given."""
    page = someone.open(PAGE + part)
    page.locator(".self-assessment.ready").wait_for()
    if answers is not None:
        page.locator("#assess-open").set_input_files(_upload("mine.json", answers))
        page.locator("#assess-file .guided-said:not(:empty)").wait_for(state="attached")
    return page


def _go(page, part):
    page.locator(f'.guided-nav a[href="#assess-{part}"]').click()
    page.locator(f"#assess-{part}").wait_for()


def _kept(page):
    return json.loads(page.evaluate("localStorage.getItem('self-assessment')") or "null")


def _answered(levels):
    """Levels to all statements, over and over."""
    return {name: levels[at % len(levels)] for at, name in enumerate(NAMES)}


def test_a_theme_is_answered_with_the_keyboard_and_kept_on_the_device(reader):
    someone = reader()
    page = _open(someone)
    first, second = page.locator("#assess-leadership fieldset").all()[:2]
    first.locator("input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.get_by_text("1 of 39 statements answered. Kept on this device.").wait_for()
    page.keyboard.press("Tab")  # take the answer back
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # evidence
    page.keyboard.press("Tab")
    page.keyboard.type("The March report.")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")  # from the first answer to the last
    assert second.locator("input").last.is_checked()
    assert "2 of 4" in page.locator('.guided-nav a[href="#assess-leadership"]').inner_text()
    page.locator("#assess-leadership .guided-ways a").focus()
    page.keyboard.press("Enter")
    page.locator("#assess-planning").wait_for()
    assert page.evaluate("document.activeElement.id") == "assess-planning-title"
    assert not page.locator("#assess-leadership").is_visible()
    page.go_back()
    page.locator("#assess-leadership").wait_for()
    page.reload()
    page.get_by_text("2 of 39 statements answered.").wait_for()
    assert first.locator("input").nth(1).is_checked()
    assert first.locator("textarea").input_value() == "The March report."
    first.get_by_role("button", name="Take my answer back").click()
    assert [answer["level"] for answer in _kept(page)["answers"].values()] == [None, "unsure"]
    assert someone.faults == []


def test_results_say_what_the_answers_are(reader):
    levels = _answered([2])
    for theme, level in (("residents", 1), ("value", 4)):
        levels.update({name: level for name in NAMES if name.startswith(f"{theme}-")})
    levels["residents-open"] = 3
    levels["data-checked"] = "unsure"
    del levels["data-limits"]
    page = _open(reader(), _file(levels))
    _go(page, "results")
    said = page.locator(".assess-said").inner_text()
    assert said.startswith(
        "You chose a level for 37 statements, you are not sure of 1 and 1 is not answered."
    )
    assert "Lowest on average: Residents (1.5). Highest: Value (4.0)." in said
    assert "furthest apart in Residents: from “Not yet” to “Mostly”." in said
    bars = page.locator(".assess-bars > div")
    assert bars.count() == 9
    wide = page.locator(".assess-bars .track").first.bounding_box()["width"]
    drawn = {
        row.locator("dt").inner_text(): row.locator(".bar-of").bounding_box()["width"] / wide
        for row in bars.all()
    }
    assert drawn["Residents"] == pytest.approx(1.5 / 4, abs=0.01)
    assert drawn["Value"] == pytest.approx(1, abs=0.01)
    page.get_by_text("The same as a table").click()
    cells = page.locator("#assess-results tr", has_text="Residents").locator("td").all_inner_texts()
    assert cells == ["3", "0", "1", "0", "0", "0", "1.5"]
    cells = page.locator("#assess-results tr", has_text="Data").locator("td").all_inner_texts()
    assert cells == ["0", "2", "0", "0", "1", "1", "2.0"]


def test_the_plan_begins_with_the_lowest_and_keeps_what_is_written(reader):
    levels = {NAMES[0]: 4, NAMES[1]: 3, NAMES[2]: 2, NAMES[3]: "unsure", NAMES[4]: 1}
    someone = reader()
    page = _open(someone, _file(levels))
    _go(page, "plan")
    items = page.locator(".assess-steps > li")
    assert items.evaluate_all("rows => rows.map((row) => row.dataset.statement)") == [
        NAMES[at] for at in (4, 3, 2, 1)
    ]
    lowest = MADE.statements[4]
    first = items.first
    assert lowest.levels[0] in first.inner_text()
    first.get_by_role("button", name="Write it into my plan").click()
    assert first.get_by_label("What we will do").input_value() == lowest.next[0]
    page.keyboard.press("Tab")
    page.keyboard.type("Head of policy")
    page.keyboard.press("Tab")
    page.keyboard.type("the budget")
    page.reload()
    kept = _kept(page)["plan"]
    assert kept == {
        lowest.id: {"action": lowest.next[0], "who": "Head of policy", "by": "the budget"}
    }
    assert first.get_by_label("By when").input_value() == "the budget"
    # What was written stays in sight when the answer is taken back.
    _go(page, "planning")
    page.locator(f'[data-statement="{lowest.id}"] .plain:visible').click()
    _go(page, "plan")
    assert "You wrote this step earlier." in items.last.inner_text()
    assert someone.faults == []


def test_answers_are_taken_away_cleared_brought_back_and_opened_again(reader):
    someone = reader()
    page = _open(someone, _file(_answered([1, 2, 3, 4, "unsure"])))
    _go(page, "file")
    page.get_by_label("What your answers are called").fill("Scrutiny chair")
    before = _kept(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="Save my answers as a file").click()
    assert started.value.suggested_filename == f"self-assessment-{before['saved']}.json"
    text = started.value.path().read_text(encoding="utf-8")
    found = self_assessment.read(text)
    assert found.label == "Scrutiny chair"
    assert json.loads(text) == before
    page.get_by_role("button", name="Clear my answers").click()
    assert _kept(page) is None
    page.keyboard.press("Enter")  # the way back has the focus
    assert _kept(page) == before
    page.get_by_role("button", name="Clear my answers").click()
    page.locator("#assess-open").set_input_files(_upload("saved.json", text))
    page.get_by_text("“saved.json” was opened, with answers or notes to 39 statements").wait_for()
    assert _kept(page) == before
    page.get_by_role("button", name="Undo").click()
    assert _kept(page) is None
    assert someone.faults == []


HOSTILE = {
    "no json": "<script>alert(1)</script>",
    "a list": [],
    "nothing": "null",
    "another file": {"format": "other"},
    "another version": _file(version=2),
    "version as text": _file(version="1"),
    "a field too many": _file(mine=1),
    "a field too few": {key: value for key, value in _file().items() if key != "plan"},
    "a name that is none": _file(id="../../etc"),
    "no day": _file(saved="soon"),
    "a day that is none": _file(saved="2026-02-31"),
    "a long label": _file(label="x" * 61),
    "a level too high": _file({"data-checked": 5}),
    "a level as text": _file({"data-checked": "2"}),
    "a level between": _file({"data-checked": 2.5}),
    "a long note": _file(answers={"data-checked": {"level": 1, "note": "x" * 501}}),
    "a note that is none": _file(answers={"data-checked": {"level": 1, "note": {"a": 1}}}),
    "no note": _file(answers={"data-checked": {"level": 1}}),
    "a prototype": '{"__proto__": {"a": 1}, ' + json.dumps(_file())[1:],
    "an answer to a prototype": _file(answers={"__proto__": {"level": 1, "note": ""}}),
    "a statement of markup": _file({"<img src=x onerror=alert(1)>": 1}),
    "answers as a list": _file(answers=[]),
    "too many answers": _file({f"a-{at}": 1 for at in range(101)}),
    "a step of another kind": _file(plan={"data-checked": {"action": "", "who": ""}}),
    "a long step": _file(plan={"data-checked": {"action": "x" * 301, "who": "", "by": ""}}),
    "deep": "[" * 50_000,
    "large": json.dumps(_file()) + " " * self_assessment.BYTES,
}
GOOD = {
    "empty": _file(),
    "full": _file(_answered([1, 2, 3, 4, "unsure", None]), label="é" * 60),
    "a statement of another edition": _file({"data-once": 2, "constructor": 1}),
    "markup as a note": _file(answers={NAMES[0]: {"level": 1, "note": "<img src=x onerror=a()>"}}),
}


def test_whatever_is_no_file_of_answers_is_refused_in_one_sentence_and_nothing_is_lost(reader):
    someone = reader()
    page = _open(someone, _file(_answered([2])))
    _go(page, "file")
    before = _kept(page)
    said = page.locator("#assess-file .guided-said")
    for what, content in HOSTILE.items():
        text = content if isinstance(content, str) else json.dumps(content)
        with pytest.raises(AssessmentError):
            self_assessment.read(text)
        page.locator("#assess-open").set_input_files(_upload(f"{what}.json", text))
        said.get_by_text(
            f"“{what}.json” was not opened, and your answers are as they were: "
        ).wait_for()
        assert said.inner_text().count(".") == 2, what  # that of the name, and the end
        assert _kept(page) == before, what
        page.locator("#assess-add").set_input_files(_upload(f"{what}.json", text))
        page.locator("#assess-together .guided-said").get_by_text(
            f"“{what}.json” was left out: "
        ).wait_for(state="attached")
        assert page.locator(".assess-people li").count() == 0
    for what, content in GOOD.items():
        self_assessment.read(json.dumps(content))
        page.locator("#assess-open").set_input_files(_upload(f"{what}.json", content))
        said.get_by_text(f"“{what}.json” was opened").wait_for()
    assert page.locator("main img").count() == 0
    page.get_by_role("button", name="Undo").click()
    assert _kept(page) == {**GOOD["a statement of another edition"]}
    assert someone.faults == []


def test_several_peoples_answers_show_what_they_differ_on_first(reader):
    apart, near, low = NAMES[10], NAMES[20], NAMES[30]
    mine = _file({**_answered([2]), apart: 1, low: 1})
    others = [
        _file({**_answered([2]), apart: 4, near: 3, low: 1}, label="Audit chair"),
        _file({**_answered([2]), apart: 4, near: "unsure", low: 1}),
    ]
    others[0]["answers"][apart]["note"] = "<b>The plan</b> of May"
    someone = reader()
    page = _open(someone, mine)
    _go(page, "together")
    files = [_upload(f"{at}.json", one) for at, one in enumerate([*others, mine])]
    page.locator("#assess-add").set_input_files(files)
    page.get_by_text("3 files open.").wait_for()
    # Mine is counted once, although its file is among them.
    said = page.locator("#assess-together .assess-said").inner_text()
    assert said == f"3 people. You differ most on: “{SAYS[apart]}”"
    rows = page.locator("#assess-together ol.assess-rows").first.locator("> li")
    assert SAYS[apart] in rows.nth(0).inner_text()
    assert (
        "Not yet 1, As a habit 2. On average two of you are 2.0 levels apart."
        in rows.nth(0).inner_text()
    )
    assert SAYS[near] in rows.nth(1).inner_text()
    assert "In places 1, Mostly 1, not sure 1." in rows.nth(1).inner_text()
    # After what they differ on, the lowest of what they agree on.
    assert SAYS[low] in rows.nth(2).inner_text()
    assert "Not yet 3. You agree." in rows.nth(2).inner_text()
    assert rows.nth(0).locator(".assess-strip span").all_inner_texts() == ["1", "2"]
    rows.nth(0).get_by_text("What was noted as evidence (1)").click()
    assert "<b>The plan</b> of May" in rows.nth(0).inner_text()
    assert "Audit chair" in page.locator(".assess-people").inner_text()
    page.get_by_text("All statements as a table").click()
    table = page.locator("#assess-together table").last
    assert table.locator("tbody tr").count() == len(NAMES)
    assert table.locator("tbody td").nth(5).inner_text() == "2.0"
    # What is others' is nowhere but on the page.
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Audit chair" not in kept
    page.get_by_label("Count my own answers too").uncheck()
    page.get_by_role("button", name="Remove 2.json").click()
    assert page.locator("#assess-together .assess-said").inner_text().startswith("2 people.")
    page.get_by_role("button", name="Remove 1.json").click()
    assert page.get_by_text("Add those of others to see where you differ.").is_visible()
    assert someone.faults == []


def test_what_was_asked_for_is_printed_and_nothing_else(reader):
    someone = reader(viewport={"width": 673, "height": 986})
    page = _open(someone, _file(_answered([1, 2])))
    page.evaluate("window.print = () => {}")
    page.emulate_media(media="print")
    shown = "document.documentElement.scrollWidth <= 673"
    _seen = lambda selector: page.locator(f"{selector}:visible").count()  # noqa: E731

    def ask(part, name):
        page.emulate_media(media="screen")
        _go(page, part)
        page.get_by_role("button", name=name).click()
        page.emulate_media(media="print")
        assert page.evaluate(shown), name
        assert _seen("button") == _seen(".guided-nav") == _seen("input[type=file]") == 0

    ask("file", "Print my answers, results and plan")
    assert _seen(".assess-statement") == len(NAMES)
    assert _seen(".assess-level") == len(NAMES)  # of each the one that was chosen
    assert _seen(".assess-bars") == 1
    assert _seen(".assess-steps > li") == 5
    assert _seen(".assess-paper") == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    ask("file", "Print the empty questionnaire")
    assert _seen(".assess-paper") == 9
    assert _seen(".assess-statement") == _seen(".assess-steps") == _seen(".assess-bars") == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.locator("#assess-add").set_input_files(_upload("other.json", _file(_answered([3]))))
    page.locator(".assess-people li").wait_for(state="attached")
    ask("together", "Print what you see together")
    assert _seen("#assess-together .assess-strip") > 10
    assert _seen(".assess-statement") == _seen(".assess-steps") == 0


def test_without_javascript_it_is_a_questionnaire_on_paper(reader):
    page = reader(java_script_enabled=False).open(PAGE)
    assert page.locator(".assess-paper:visible").count() == 9
    assert page.locator(".assess-blank").is_visible()
    for gone in ("main input", "main textarea", "main button", "#assess-file", "#assess-together"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    page.emulate_media(media="print")
    assert page.locator(".assess-tick:visible").count() == len(NAMES)


def test_where_nothing_can_be_kept_it_is_said_and_works(reader):
    someone = reader()
    someone.page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"
    )
    page = _open(someone)
    page.locator("#assess-leadership input").first.check()
    page.get_by_text("Your browser keeps nothing here: save a file before you leave.").wait_for()
    _go(page, "results")
    assert page.get_by_text("You chose a level for 1 statement").is_visible()


def test_every_part_fits_and_is_accessible(reader):
    someone = reader(viewport={"width": 320, "height": 700}, color_scheme="dark")
    page = _open(someone, _file(_answered([1, 2, "unsure", 4])))
    page.locator("#assess-add").set_input_files(_upload("other.json", _file(_answered([3, 2, 1]))))
    page.locator(".assess-people li").wait_for(state="attached")
    for part in ("leadership", "results", "plan", "file", "together"):
        _go(page, part)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, part
    # All kinds of parts at once, which a reader never has.
    page.evaluate(
        """() => document.querySelectorAll(".guided-part:not(.assess-theme), #assess-value, "
            + "#assess-value details, #assess-results details, #assess-file details")
            .forEach((e) => { e.hidden = false; e.open = true; })"""
    )
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    colours = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
    assert Axe().run(page, options=colours).response["violations"] == []
