"""The page of a committee pack, in a browser: on a screen, on a phone and on paper."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from goldenthread import kpis, packs
from goldenthread.teaching.frames import FOLDER

#: What fits on A4 within the page's margins, in the browser's pixels.
PAPER = {"width": 688, "height": 1017}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    own = kpis.read([FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")])
    pack = packs.pack("Birmingham", own=own, measures=packs.choose(["waste"]), period="Q4 2025/26")
    (path,) = packs.write(pack, tmp_path_factory.mktemp("pack"), ["html"])
    return path.as_uri()


@pytest.fixture
def opened(browser, address):
    contexts = []

    def open_(**context):
        contexts.append(browser.new_context(**context))
        page = contexts[-1].new_page()
        faults = []
        page.on("console", lambda message: faults.append(message.text))
        page.goto(address)
        assert faults == []
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_barrier_and_nothing_scrolls_sideways(opened, width):
    page = opened(viewport={"width": width, "height": 900}, bypass_csp=True)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_its_own_rules_let_its_style_and_pictures_through(opened):
    page = opened()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(18, 67, 109)"
    )
    assert page.evaluate("[...document.images].every((one) => one.naturalWidth > 0)")


def test_the_overview_is_one_printed_page(opened):
    page = opened(viewport=PAPER)
    page.emulate_media(media="print")
    assert page.locator(".overview").bounding_box()["y"] < 60
    box = page.locator(".overview").bounding_box()
    assert box["y"] + box["height"] <= PAPER["height"]
    page.set_viewport_size({"width": PAPER["height"], "height": PAPER["width"]})
    for card in page.locator(".card").all():
        inside = card.evaluate("(one) => [one.scrollWidth, one.clientWidth]")
        assert inside[0] <= inside[1]
