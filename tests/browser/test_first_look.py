"""What a reader has at once, before the large things have come, and that nothing jumps meanwhile."""

from __future__ import annotations

import pytest
from kinds import FIXED, KINDS, address

MOVED = """window.moved = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


def test_text_numbers_and_picture_are_there_while_plotly_is_still_on_its_way(reader):
    someone = reader(viewport={"width": 360, "height": 640})
    held = []
    someone.page.route("**/plotly-*.js", lambda route: held.append(route))
    page = someone.open(f"{KINDS['report']}?council=hull")
    page.locator("[data-bar] strong").wait_for()
    panel = page.locator(".panel").first
    panel.locator("figure.chart").first.scroll_into_view_if_needed()
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    assert len(held) == 1
    assert panel.locator('[data-slot="sentence"]').inner_text().startswith("Hull’s")
    assert panel.locator('[data-slot="value"]').inner_text()[0].isdigit()
    picture = panel.locator('figure[data-chart="trend"] .picture')
    assert picture.is_visible()
    assert picture.locator("path.line.t-value").bounding_box()["width"] > 50
    assert picture.locator(".l-value").inner_text() == "Hull"
    # A choice made meanwhile is drawn too.
    page.get_by_role("button", name="Change").click()
    page.keyboard.type("Leeds")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**?council=leeds")
    assert picture.locator(".l-value").inner_text() == "Leeds"
    assert page.locator("figure.chart.drawn").count() == 0
    held[0].continue_()
    page.locator("figure.chart.drawn").first.wait_for()
    drawn = page.locator(".live .annotation").all_text_contents()
    assert "Leeds" in drawn
    assert "Hull" not in drawn
    assert someone.faults == []


def test_where_plotly_never_comes_the_pictures_stay(reader):
    someone = reader()
    someone.page.route("**/plotly-*.js", lambda route: route.abort())
    page = someone.open(f"{KINDS['report']}?council=hull")
    page.locator("[data-bar] strong").wait_for()
    page.locator("figure.chart").nth(1).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert page.locator("figure.chart.drawn").count() == 0
    pictures = page.locator(".panel .picture")
    assert pictures.count() > 2
    assert all(picture.is_visible() for picture in pictures.all())


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_while_a_page_comes_and_takes_the_chosen_council(reader, width):
    someone = reader(viewport={"width": width, "height": 640})
    someone.page.add_init_script(MOVED)
    for kind in KINDS:
        page = someone.open(address(kind))
        if kind not in FIXED and page.locator("[data-bar]").count():
            page.locator("[data-bar] strong").wait_for()
        page.wait_for_timeout(250)
        assert page.evaluate("window.moved") <= 0.02, kind
