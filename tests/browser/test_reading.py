"""Pages as different people read them: enlarged, spaced out, still, in their own colours, on paper."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from kinds import FIXED, KINDS, address

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
REPORT = KINDS["report"]
#: WCAG 2.2, 1.4.12.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
#: What holds text that is cut off at its edge; a chart's words lie on it, and a region may scroll.
CUT = """() => [...document.querySelectorAll('body *')].filter((e) => {
    if (e.closest('.plot, .unseen, svg') || !e.clientWidth || !e.textContent.trim()) return false;
    const { overflowX, overflowY, clipPath, position } = getComputedStyle(e);
    if (clipPath !== 'none') return false;
    const hides = (how) => how === 'hidden' || how === 'clip';
    return (hides(overflowX) && e.scrollWidth > e.clientWidth + 1)
        || (hides(overflowY) && e.scrollHeight > e.clientHeight + 1);
}).map((e) => e.outerHTML.slice(0, 120))"""


def _chosen(page, kind: str) -> None:
    """Wait until the page speaks of the council that the address names."""
    if kind not in FIXED and page.locator("[data-bar]").count():
        page.locator("[data-bar] strong").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_on_any_kind_of_page_on_the_smallest_screen(reader, scheme):
    someone = reader(color_scheme=scheme, viewport={"width": 320, "height": 640}, bypass_csp=True)
    found = {}
    for kind in KINDS:
        if kind in FIXED:
            continue  # test_councils.py reads some of each of these
        page = someone.open(address(kind))
        _chosen(page, kind)
        if kind == "search":
            page.locator(".search-form input").fill("bins")
            page.locator(".found-measure").wait_for()
        results = Axe().run(page, options=RULES).response
        # Room for a finger is a rule that older versions leave out without a word.
        looked = {rule["id"] for name in ("passes", "inapplicable") for rule in results[name]}
        assert "target-size" in looked | {fault["id"] for fault in results["violations"]}
        for fault in results["violations"]:
            node = fault["nodes"][0]
            found.setdefault(fault["id"], []).append((kind, node["html"][:200]))
    assert found == {}


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_with_more_room_between_letters_and_lines_nothing_is_cut_or_pushed_out(reader, width):
    # 640 by 450 is a window of 1280 by 900, enlarged twice.
    size = {"width": width, "height": 450}
    someone = reader(viewport=size, bypass_csp=True)
    for kind in KINDS:
        page = someone.open(address(kind))
        _chosen(page, kind)
        page.evaluate(
            "() => [...document.querySelectorAll('details')].slice(0, 12).forEach((e) => { e.open = true; })"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, kind
        assert page.evaluate(CUT) == [], kind
        page.add_style_tag(content=SPACED)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (kind, "spaced")
        assert page.evaluate(CUT) == [], (kind, "spaced")


def test_enlarged_four_times_the_bar_leaves_room_and_all_of_the_choice_can_be_reached(reader):
    someone = reader(viewport={"width": 320, "height": 256})
    page = someone.open(f"{REPORT}?council=bournemouth-christchurch-and-poole")
    _chosen(page, "report")
    assert page.locator(".bar").bounding_box()["height"] <= 256 / 2
    page.get_by_role("button", name="Change").click()
    last = page.locator(".sheet .choice input").last
    last.focus()
    box = last.bounding_box()
    assert 0 <= box["y"] <= 256 - box["height"]


def test_nothing_moves_by_itself_and_nothing_fades(reader):
    """For everybody, not only for who asks for reduced motion."""
    for motion in ("reduce", "no-preference"):
        someone = reader(reduced_motion=motion)
        page = someone.open(f"{REPORT}?council=hull")
        _chosen(page, "report")
        someone.see_all()
        page.locator(".live .nsewdrag").first.hover(force=True)
        page.get_by_role("button", name="Change").click()
        page.keyboard.type("Leeds")
        page.locator('.sheet [role="option"]').first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url("**?council=leeds")
        assert page.evaluate("document.getAnimations().length") == 0
        moving = page.evaluate(
            """() => [...document.querySelectorAll('body *')].filter((e) => {
                const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(e);
                return /[1-9]/.test(transitionDuration) || animationName !== 'none' || scrollBehavior === 'smooth';
            }).map((e) => e.className.baseVal ?? e.className)"""
        )
        assert moving == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_readers_own_colours_charts_are_still_drawn(reader, scheme):
    someone = reader(forced_colors="active", color_scheme=scheme)
    page = someone.open(f"{REPORT}?council=hull")
    _chosen(page, "report")

    def contrast(selector: str, name: str) -> float:
        return page.locator(selector).first.evaluate(
            """(e, name) => {
                const light = (colour) => {
                    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3)
                        .map((one) => one / 255)
                        .map((one) => (one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4));
                    return .2126 * r + .7152 * g + .0722 * b;
                };
                const paper = Object.assign(document.createElement('p'), { style: 'background: Canvas' });
                document.body.append(paper);
                const both = [getComputedStyle(e)[name], getComputedStyle(paper).backgroundColor].map(light);
                paper.remove();
                return (Math.max(...both) + .05) / (Math.min(...both) + .05);
            }""",
            name,
        )

    assert contrast(".picture path.line.t-value", "stroke") >= 3
    assert contrast(".picture path.line.t-median", "stroke") >= 3
    assert contrast(".picture .tick-y", "color") >= 4.5
    someone.see_all()
    assert contrast(".live path.js-line", "stroke") >= 3
    assert contrast(".live .ytick text", "fill") >= 4.5


@pytest.mark.parametrize("kind", ["report", "notebook", "for contributors", "case study"])
def test_a_chart_is_a_picture_with_the_finding_as_its_words_and_a_table_beside_it(reader, kind):
    someone = reader()
    page = someone.open(address(kind))
    _chosen(page, kind)
    someone.see_all()
    for plot in page.locator(".plot[role]").all():
        assert plot.get_attribute("role") == "img"
        assert len(plot.get_attribute("aria-label").split()) >= 5
        # Whoever hears the label hears none of the marks as well: an image has no parts.
        assert page.locator("figure.chart").count() > 0
    for panel in page.locator(".panel").all():
        finding = panel.locator('[data-slot="sentence"]').inner_text()
        for label in panel.locator(".plot").all():
            assert label.get_attribute("aria-label").startswith(finding)
        panel.locator("[data-table] summary").click()
        assert panel.locator('[data-slot="periods"] tbody tr').count() >= 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "panel for other sites"])
def test_without_javascript_every_kind_of_page_is_whole(reader, kind):
    someone = reader(java_script_enabled=False)
    page = someone.open(address(kind))
    still = page.locator("main")
    assert still.locator("h1").is_visible()
    # A browser without scripts shows what is meant for it.
    words = re.sub(r"\s+", " ", still.inner_text())
    assert len(words) > 400
    assert not re.search(r"undefined|NaN|\[object", words)
    assert still.locator("button:visible").count() == 0
    for picture in still.locator(".plot > .picture").all():
        assert picture.locator("svg path").count() > 0
    # Whatever is folded away unfolds.
    folded = still.locator("details:not([open], details details)").element_handles()
    for details in folded[:3]:
        before = details.evaluate("e => e.offsetHeight")
        details.query_selector("summary").click()
        assert details.evaluate("e => e.open && e.offsetHeight") > before
    assert someone.faults == []
    assert page.locator("nav.contents a, footer a").count() > 10


def test_a_report_prints_whole_on_paper(reader):
    # A4 less its margins, in CSS pixels.
    someone = reader(viewport={"width": 673, "height": 986})
    page = someone.open(f"{REPORT}?council=hull")
    _chosen(page, "report")
    someone.see_all()
    page.emulate_media(media="print")
    for gone in (".contents", ".bar-button", ".top .find", ".tools", ".steps", ".live"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    assert page.evaluate(CUT) == []
    assert page.locator(".picture:visible").count() == page.locator(".panel .plot").count() > 2
    # No picture is cut by the end of a sheet.
    assert page.evaluate(
        "() => [...document.querySelectorAll('figure.chart, .numbers, .ask')].every(e => getComputedStyle(e).breakInside === 'avoid' && e.offsetHeight < 986)"
    )
    panels = page.locator(".panel").count()
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
    print(f"{panels} panels on {sheets} sheets")
    assert panels <= sheets <= 2 * panels + 2
    # As text that can be searched and read aloud, not as a picture of it.
    assert b"/Font" in printed
