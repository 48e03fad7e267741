"""Every page of the built site, opened as a reader would."""

from __future__ import annotations

import pytest

from goldenthread.snapshot import snapshot

pytestmark = pytest.mark.browser
PAGES = (
    "book/index.html",
    "book/councillor/why-performance-is-your-business.html",
    "book/reports/household-waste-and-recycling.html",
    "notebooks/recycling-in-your-council.html",
    "book/about/data-sources-and-licence.html",
    "book/about/accessibility.html",
    "book/about/privacy.html",
    "book/about/how-to-cite.html",
)
REPORT = PAGES[2]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page_name", PAGES)
def test_every_page_opens_whole(site, browser, page_name, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    faults, foreign = [], []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith((site, "data:", "blob:")) else foreign.append(r.url),
    )
    answer = page.goto(f"{site}/{page_name}", wait_until="networkidle")
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    assert faults == []
    assert foreign == [], "no request leaves the site"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scroll"
    page.close()


@pytest.mark.parametrize("page_name", [REPORT, "notebooks/recycling-in-your-council.html"])
def test_charts_are_drawn_by_the_sites_own_plotly(site, browser, page_name):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/{page_name}", wait_until="networkidle")
    for _ in range(12):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(150)
    page.wait_for_selector("svg.main-svg", timeout=20_000)
    assert page.locator("svg.main-svg .trace").count() > 0
    page.close()


def test_without_javascript_the_report_has_englands_figures(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{REPORT}")
    table = snapshot().latest("household-recycling-rate")
    england = table.loc[table["area"] == "E92000001", "value"].item()
    assert f"{england:.1f}" in page.content()
    assert page.locator("main svg").count() > 0
    assert page.locator("main table").count() > 0
    context.close()


def test_a_shared_address_speaks_of_its_council(site, browser):
    page = browser.new_page()
    page.goto(f"{site}/{REPORT}?council=E06000010", wait_until="networkidle")
    table = snapshot().latest("household-recycling-rate")
    hull = table.loc[table["area"] == "E06000010", "value"].item()
    main = page.locator("main").inner_text()
    assert "Hull" in main
    assert f"{hull:.1f}" in main
    page.close()
