"""Things to try, as readers meet them: by keyboard, without scripts, printed, and right at any position."""

from __future__ import annotations

import re
import shutil
import sys
import threading
from dataclasses import asdict
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from goldenthread.site import build, pages
from goldenthread.site.try_it import things

sys.path.insert(0, str(Path(__file__).parent.parent / "site"))
from small_book import page as made_page

PAGE = "index.html"
KINDS = list(things())
HEAD = """<!DOCTYPE html><html lang="en-GB" data-root=""><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Things to try</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:">
<link rel="icon" href="_static/icon.svg"><link rel="stylesheet" href="_static/site.css">
<link rel="stylesheet" href="_static/try-it.css"><script type="module" src="_static/try-it.js"></script></head>
<body><div class="columns"><main id="content"><article>"""
#: What a picture is made of, as a browser has understood it.
DRAWN = """(kind) => [...document.querySelectorAll(`[data-kind="${kind}"] .picture :is(path, span)`)].map((part) => {
    const { left, top, transform } = part.style;
    return [part.getAttribute("d"), part.getAttribute("class"), part.getAttribute("stroke-width"), part.textContent, left, top, transform];
})"""
NUMBER = r"\d+(?:\.\d+)?"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A page of all kinds by itself, with the site's own styles, scripts and rules of safety."""
    folder = tmp_path_factory.mktemp("try-it")
    text = "\n\n".join(f"## {kind}\n\n```{{try-it}} {kind}\n```" for kind in KINDS)
    made = made_page(folder / "book", text)
    assert made.faults == []
    site = folder / "site"
    shutil.copytree(pages.STATIC, site / "_static")
    (site / PAGE).write_text(
        f"{HEAD}{made.html}</article></main></div></body></html>", encoding="utf-8"
    )
    with build.server(site, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/"
        running.shutdown()


def _open(reader, **context):
    someone = reader(**context)
    page = someone.open(PAGE)
    if context.get("java_script_enabled", True):
        page.locator(".try-it.ready").nth(len(KINDS) - 1).wait_for()
    return someone, page


def _parted(drawn):
    """Part what is drawn into its words and its numbers."""
    text = str(drawn)
    return re.sub(NUMBER, "#", text), [float(number) for number in re.findall(NUMBER, text)]


def _box(page, kind):
    return page.locator(f'.try-it[data-kind="{kind}"]')


def test_the_scripts_see_what_python_sees_at_every_position(reader):
    someone, page = _open(reader)
    for kind, thing in things().items():
        states = list(thing.positions)
        found = page.evaluate(
            """async ([kind, data, states, says]) => {
                const { scenes } = await import("./_static/try-scenes.js");
                const { fill } = await import("./_static/try-it.js");
                return states.map((state) => {
                    const scene = scenes[kind](data, state);
                    return { ...scene, sentence: fill(says[scene.says], scene.values) };
                });
            }""",
            [kind, {**thing.data, "columns": thing.columns}, states, thing.says],
        )
        for state, seen in zip(states, found, strict=True):
            scene = thing.scene(kind, state)
            assert seen["sentence"] == thing.sentence(scene), state
            assert seen["rows"] == scene.rows, state
            assert len(seen["marks"]) == len(scene.marks)
            for drawn, mark in zip(seen["marks"], scene.marks, strict=True):
                assert (drawn["shape"], drawn["part"]) == (mark.shape, mark.part), (kind, state)
                assert drawn["width"] == mark.width
                flat = [number for point in drawn["points"] for number in point]
                assert flat == pytest.approx([number for point in mark.points for number in point])
            for drawn, label in zip(seen["labels"], scene.labels, strict=True):
                expected = asdict(label)
                assert (drawn.pop("x"), drawn.pop("y")) == pytest.approx(
                    (expected.pop("x"), expected.pop("y"))
                )
                assert drawn == expected
    assert someone.faults == []


def test_what_is_drawn_first_is_drawn_the_same_again(reader):
    _, page = _open(reader)
    for kind in KINDS:
        box = _box(page, kind)
        before = _parted(page.evaluate(DRAWN, kind))
        box.get_by_role("button", name="Start again").click()
        words, numbers = _parted(page.evaluate(DRAWN, kind))
        assert words == before[0], kind
        # Halves are rounded up here and to the even number there.
        assert numbers == pytest.approx(before[1], abs=0.011)


def test_by_keyboard_the_picture_the_sentence_and_the_table_follow_and_start_again(reader):
    someone, page = _open(reader)
    box = _box(page, "target")
    thing = things()["target"]
    seen, told = box.locator(".seen"), box.locator(".told")
    first = seen.inner_text()
    picture = box.locator(".picture").inner_html()
    assert not told.is_visible()
    slider = box.get_by_role("slider", name="Target in per cent")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert slider.input_value() == "83"
    assert (
        box.get_by_role("spinbutton", name="Target in per cent, as a number").input_value() == "83"
    )
    state = {**thing.start, "target": 83}
    assert seen.inner_text() == thing.sentence(thing.scene("target", state))
    assert box.locator(".picture").inner_html() != picture
    assert told.is_visible()
    assert "A colour says where somebody drew a line." in told.inner_text()
    assert not box.locator(".waits").is_visible()
    # The slider is where the focus was, and the field beside it comes next.
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("95")
    assert slider.input_value() == "95"
    assert "in green: 0," in seen.inner_text()
    box.get_by_role("button", name="Start again").press("Enter")
    assert seen.inner_text() == first
    assert slider.input_value() == "80"
    assert someone.faults == []
    assert someone.elsewhere == []


def test_a_number_that_is_no_position_becomes_the_nearest(reader):
    _, page = _open(reader)
    box = _box(page, "small-numbers")
    field = box.get_by_role("spinbutton")
    for typed, taken in (("5000", "1000"), ("-4", "10"), ("47", "50"), ("", "50")):
        field.fill(typed)
        field.press("Tab")
        assert field.input_value() == taken
        assert box.get_by_role("slider").input_value() == taken
        assert f"With {int(taken):,} young people" in box.locator(".seen").inner_text()
    before = box.locator(".seen").inner_text()
    box.get_by_role("button", name="Draw ten more years").click()
    assert box.locator(".seen").inner_text() != before


def test_a_choice_from_a_list_changes_the_rank(reader):
    _, page = _open(reader)
    box = _box(page, "denominator")
    box.get_by_label("Divide the count by").select_option("daytime")
    assert "1st of 5" in box.locator(".seen").inner_text()
    box.locator("summary").click()
    assert box.locator("tbody tr").first.inner_text().split("\t")[0] == "Northmere"
    # The picture's name is the sentence.
    assert box.get_by_role("img", name="Northmere has 96 people hurt").count() == 1


def test_without_scripts_it_is_a_worked_picture(reader):
    _, page = _open(reader, java_script_enabled=False)
    for kind, thing in things().items():
        box = _box(page, kind)
        assert box.locator(":is(input, select, button):visible").count() == 0
        assert box.locator("svg").is_visible()
        assert box.locator(".seen").inner_text() == thing.sentence(thing.scene(kind, thing.start))
        assert box.locator(".told").is_visible()
        assert not box.locator(".waits").is_visible()
        box.locator("summary").click()
        assert box.locator("td").first.is_visible()


def test_printed_it_is_the_picture_with_its_words(reader):
    _, page = _open(reader)
    page.emulate_media(media="print")
    box = _box(page, "rank")
    assert box.locator(":is(input, select, button):visible").count() == 0
    assert box.locator("svg").is_visible()
    assert box.locator(".told").is_visible()
    assert not box.locator(".waits").is_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_moves_or_runs_over_at_any_width(reader, width):
    _, page = _open(reader, viewport={"width": width, "height": 800})
    faults = page.evaluate(
        """() => {
            const faults = [];
            if (document.documentElement.scrollWidth > innerWidth) faults.push("scrolls");
            for (const box of document.querySelectorAll(".try-it")) {
                const tall = box.offsetHeight;
                const same = (what) => box.offsetHeight === tall || faults.push(`${box.dataset.kind}: ${what} moves it`);
                const inside = box.getBoundingClientRect();
                const check = (what) => {
                    same(what);
                    for (const label of box.querySelectorAll(".label")) {
                        const { left, right } = label.getBoundingClientRect();
                        if (left < inside.left + 5 || right > inside.right) faults.push(`${box.dataset.kind}: ${what}: ${label.textContent}`);
                    }
                };
                check("start");
                for (const control of box.querySelectorAll("[data-control]")) {
                    const was = control.value;
                    const set = (value) => {
                        control.value = value;
                        control.dispatchEvent(new Event("input"));
                        control.dispatchEvent(new Event("change"));
                        check(`${control.dataset.control} ${value}`);
                    };
                    if (control.matches("button")) control.click();
                    else if (control.matches("select")) [...control.options].forEach((option) => set(option.value));
                    else [control.min, control.max].forEach(set);
                    if (!control.matches("button")) set(was);
                }
                for (const control of box.querySelectorAll(":is(input, select, button)")) {
                    const { width, height } = control.getBoundingClientRect();
                    if (width < 24 || height < 24) faults.push(`${box.dataset.kind}: small ${control.outerHTML.slice(0, 60)}`);
                }
            }
            return faults;
        }"""
    )
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(reader, scheme):
    _, page = _open(reader, color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found] == []


def test_in_forced_colours_what_is_moved_still_stands_out(reader):
    _, page = _open(reader, forced_colors="active")
    stroke = "(part) => getComputedStyle(document.querySelector(`[data-kind=rank] ${part}`)).stroke"
    assert page.evaluate(stroke, ".dots.t-council") != page.evaluate(stroke, ".dots.t-other")
