"""Pages without a mouse: whatever can be used is reached, seen when it is, and left again."""

from __future__ import annotations

import pytest
from kinds import FIXED, KINDS, address

#: Where the focus is, whether it is marked, and whether any of it can be seen.
FOCUS = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const { outlineStyle, outlineColor, boxShadow, clipPath } = getComputedStyle(e);
    const marked = boxShadow !== 'none' || (outlineStyle !== 'none' && !/, 0\\)$/.test(outlineColor));
    const seen = [...e.getClientRects()].some(({ left, top, width, height }) =>
        [.1, .5, .9].some((x) => [.1, .5, .9].some((y) => {
            const found = document.elementFromPoint(left + x * width, top + y * height);
            return found && (e === found || e.contains(found) || found.contains(e) && !found.matches('html, body'));
        })));
    window.stops ??= 0;
    e.dataset.stop ??= String(window.stops++);
    // The explanation of a word is one box, which holds another link each time.
    const stop = `${e.dataset.stop} ${e.closest('.gloss-box') ? e.href : ''}`.trim();
    return { stop, marked, seen, what: e.outerHTML.slice(0, 100) };
}"""


@pytest.mark.parametrize(
    ("kind", "size"),
    [*((kind, (360, 640)) for kind in KINDS), ("report", (1280, 720)), ("council", (1280, 720))],
)
def test_the_focus_goes_through_the_page_and_is_always_seen(reader, kind, size):
    someone = reader(viewport={"width": size[0], "height": size[1]})
    page = someone.open(address(kind))
    if kind not in FIXED and page.locator("[data-bar]").count():
        page.locator("[data-bar] strong").wait_for()
    stops, most = [], 140
    for key in ("Tab", "Shift+Tab"):
        for _ in range(most):
            page.keyboard.press(key)
            at = page.evaluate(FOCUS)
            if at is None:
                break
            assert at["marked"], at["what"]
            assert at["seen"], at["what"]
            stops.append(at["stop"])
            if key == "Shift+Tab" and at["stop"] == "0":
                break
        if key == "Tab":
            forth = list(stops)
            # Every stop is another one: nothing holds the focus.
            assert len(set(forth)) == len(forth) > 5
            assert at is None or len(forth) == most
            stops.clear()
    # And the same way back.
    assert stops[-1] == "0"
    assert someone.faults == []


def test_the_first_stop_skips_to_the_content(reader):
    page = reader().open(KINDS["report"])
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("e => e === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_disclosure_and_a_table_are_opened_and_scrolled(reader):
    page = reader(viewport={"width": 320, "height": 640}).open(f"{KINDS['report']}?council=hull")
    page.locator("[data-bar] strong").wait_for()
    table = page.locator(".panel [data-table]").first
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    region = table.locator(".scroll")
    region.wait_for()
    page.keyboard.press("Tab")
    assert region.evaluate("e => e === document.activeElement")
    wider = region.evaluate("e => e.scrollWidth - e.clientWidth")
    if wider > 1:
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.activeElement.scrollLeft > 0")
    table.locator("summary").focus()
    page.keyboard.press("Space")
    assert not region.is_visible()
