"""The built site, read by a browser as a person would read it."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from goldenthread import areas
from goldenthread.snapshot import snapshot

REPORT = "book/reports/household-waste-and-recycling.html"
NOTEBOOK = "notebooks/recycling-in-your-council.html"
HOME = "book/index.html"
RATE = '.panel[data-measure="household-recycling-rate"]'
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def _value(code: str, measure: str = "household-recycling-rate") -> float:
    table = snapshot().measure(measure, areas="current")
    return float(table[table["area"] == code].sort_values("period_end")["value"].iloc[-1])


def _slot(page, name: str, panel: str = RATE):
    return page.locator(f'{panel} [data-slot="{name}"]').first


def _until_chosen(page, name: str) -> None:
    page.wait_for_function(
        "name => document.querySelector('[data-bar]').textContent.includes(name)", arg=name
    )


def test_every_page_loads_without_a_fault_and_asks_nobody_else(reader, pages):
    assert {HOME, REPORT, NOTEBOOK} <= set(pages)
    someone = reader()
    for path in pages:
        someone.open(path)
        someone.see_all()
        assert someone.faults == [], path
        assert someone.elsewhere == [], path


def test_every_page_has_a_language_a_title_and_a_description(site, pages):
    titles, descriptions = [], []
    for path in pages:
        text = (site / path).read_text(encoding="utf-8")
        assert '<html lang="en-GB"' in text
        titles.append(text.split("<title>")[1].split("</title>")[0])
        if path != "search.html":
            descriptions.append(text.split('<meta name="description" content="')[1].split('"')[0])
    assert len(set(titles)) == len(titles)
    assert len(set(descriptions)) == len(descriptions)
    assert all(len(words) > 40 for words in descriptions)


@pytest.mark.parametrize("path", [REPORT, NOTEBOOK])
def test_charts_are_really_drawn_by_plotly(reader, path):
    someone = reader()
    page = someone.open(path)
    someone.see_all()
    charts = page.locator("figure.chart")
    assert charts.count() >= 3
    for number in range(charts.count()):
        chart = charts.nth(number)
        assert chart.locator("svg.main-svg").count() > 0
        assert chart.locator(".scatterlayer .trace, .boxlayer .trace").count() > 0
    lines = page.locator('figure[data-chart="trend"]').first.locator(
        ".scatterlayer .trace path.js-line"
    )
    assert lines.count() >= 2


def test_plotly_comes_only_when_a_chart_is_about_to_be_seen(reader):
    someone = reader(viewport={"width": 1280, "height": 500})
    asked = []
    someone.page.on("request", lambda request: asked.append(request.url))
    page = someone.open(REPORT)
    page.wait_for_timeout(500)
    assert not any("plotly" in url for url in asked)
    assert page.locator(f"{RATE} .picture svg path").count() > 3
    someone.see_all()
    assert sum("plotly" in url for url in asked) == 1


def test_a_council_is_chosen_with_the_keyboard_alone(reader):
    someone = reader()
    page = someone.open(REPORT)
    assert "England" in _slot(page, "sentence").inner_text()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "bar-button":
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.type("Hull")
    page.locator('[role="option"]').first.wait_for()
    page.keyboard.press("ArrowDown")
    active = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    assert page.locator(f"#{active}").inner_text().startswith("Hull")
    page.keyboard.press("Enter")
    page.wait_for_url("**?council=hull")

    written = f"{_value('E06000010'):.1f}%"
    assert (
        _slot(page, "sentence")
        .inner_text()
        .startswith("Hull’s household recycling rate was " + written)
    )
    assert _slot(page, "value").inner_text() == written
    assert page.evaluate("document.activeElement.className") == "bar-button"
    someone.see_all()
    assert (
        "Hull" in page.locator(f'{RATE} figure[data-chart="trend"] .annotation').all_text_contents()
    )
    drawn = page.evaluate(
        f"""() => document.querySelector('{RATE} figure[data-chart="trend"] .live')
            .data.find(trace => trace.meta === "value").y.at(-1)"""
    )
    assert drawn == round(_value("E06000010"), 1)

    page.reload()
    _until_chosen(page, "Hull")
    assert _slot(page, "value").inner_text() == written
    assert someone.faults == []


def test_the_choice_is_remembered_on_the_next_page_and_can_be_taken_back(reader):
    someone = reader()
    page = someone.open(f"{REPORT}?council=ashford")
    _until_chosen(page, "Ashford")
    page.goto(someone.base + HOME)
    page.wait_for_url("**?council=ashford")
    assert page.locator(".headline").first.inner_text().startswith("Ashford’s")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Show England instead").click()
    page.wait_for_url("**/book/index.html")
    assert page.locator(".headline").first.inner_text().startswith("England’s")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_district_is_shown_its_countys_figures_where_they_belong(reader):
    page = reader().open(f"{REPORT}?council=ashford")
    _until_chosen(page, "Kent")
    landfill = '.panel[data-measure="municipal-waste-landfilled"]'
    assert _slot(page, "sentence", landfill).inner_text().startswith("Kent’s")
    assert "Kent provides this in Ashford" in _slot(page, "note", landfill).inner_text()
    assert _slot(page, "sentence").inner_text().startswith("Ashford’s")
    assert not _slot(page, "note").is_visible()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("kingston upon hull", "Hull"),
        ("BCP", "Bournemouth, Christchurch and Poole"),
        ("Allerdale", "Cumberland"),
        ("Kent", "Kent"),
        ("st albans", "St Albans"),
    ],
)
def test_councils_are_found_by_any_of_their_names(reader, typed, first):
    page = reader().open(HOME)
    field = page.locator("[data-picker] input")
    field.fill(typed)
    option = page.locator('[data-picker] [role="option"]').first
    option.wait_for()
    assert option.locator("span").inner_text() == first


def test_a_name_that_is_no_council_is_answered_in_words(reader):
    page = reader().open(HOME)
    page.locator("[data-picker] input").fill("Atlantis")
    page.get_by_text("No English council is called that").first.wait_for()
    page = reader().open(f"{REPORT}?council=atlantis")
    page.get_by_text("There is no council called “atlantis”").wait_for()
    assert _slot(page, "sentence").inner_text().startswith("England’s")


def test_a_council_without_a_figure_keeps_the_panel_and_says_why(reader):
    page = reader().open(f"{REPORT}?council=cumberland")
    _until_chosen(page, "Cumberland")
    assert _slot(page, "value").inner_text() == "–"
    assert "it was formed on 1 April 2023" in _slot(page, "sentence").inner_text()
    assert "Allerdale" in _slot(page, "sentence").inner_text()
    assert "NaN" not in page.locator("main").inner_text()
    assert "undefined" not in page.locator("main").inner_text()


def test_a_broken_data_file_is_said_in_one_sentence_and_england_stays(reader):
    someone = reader()
    someone.page.route(
        "**/councils/*.json", lambda route: route.fulfill(status=200, body="{broken")
    )
    page = someone.open(f"{REPORT}?council=hull")
    page.get_by_text("The figures of Hull could not be loaded; the page shows England.").wait_for()
    assert _slot(page, "sentence").inner_text().startswith("England’s")


def test_changing_council_moves_nothing_and_keeps_the_place(reader):
    page = reader().open(f"{REPORT}?council=hull")
    _until_chosen(page, "Hull")
    numbers = page.locator(f"{RATE} .numbers")
    numbers.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    page.evaluate(
        """() => { window.shift = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shift += e.value; }))
            .observe({type: "layout-shift"}); }"""
    )
    before = numbers.bounding_box()["y"]
    # With the mouse itself: the browser's driver scrolls to what it is told to click.
    button = page.locator(".bar-button").bounding_box()
    page.mouse.click(button["x"] + 8, button["y"] + 8)
    page.keyboard.type("Leeds")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**?council=leeds")
    page.wait_for_timeout(700)
    assert _slot(page, "sentence").inner_text().startswith("Leeds’")
    assert abs(numbers.bounding_box()["y"] - before) <= 2
    assert page.evaluate("window.shift") <= 0.02


def test_without_javascript_the_report_is_whole(reader):
    page = reader(java_script_enabled=False).open(REPORT)
    assert _slot(page, "value").inner_text() == f"{_value('E92000001'):.1f}%"
    assert "Half of all councils" in page.locator(f"{RATE} .numbers").inner_text()
    assert page.locator(f"{RATE} .picture svg path.t-value").count() == 1
    assert page.locator(f"{RATE} .picture svg path.t-councils").get_attribute("d").count("M") > 250
    page.locator(f"{RATE} details.data summary").click()
    rows = page.locator(f"{RATE} table.figures tbody tr")
    assert rows.count() == 13
    assert rows.first.is_visible()
    assert "Choosing a council needs JavaScript" in page.locator(".bar-text").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_barrier(reader, pages, scheme, width):
    found = {}
    someone = reader(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    for path in pages:
        page = someone.open(f"{path}?council=hull")
        someone.see_all()
        for details in page.locator("details").all():
            details.evaluate("e => { e.open = true; }")
        results = Axe().run(page, options=RULES).response
        assert results["testEngine"]["name"] == "axe-core"
        for fault in results["violations"]:
            found.setdefault(fault["id"], []).append(
                (path, fault["nodes"][0]["html"][:200], fault["nodes"][0]["failureSummary"][:300])
            )
    assert found == {}


def test_axe_finds_no_barrier_in_the_open_picker(reader):
    someone = reader(bypass_csp=True)
    page = someone.open(HOME)
    page.get_by_role("button", name="Choose your council").click()
    page.locator(".sheet input").fill("york")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("ArrowDown")
    assert Axe().run(page, options=RULES).response["violations"] == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_scrolls_sideways(reader, pages, width):
    someone = reader(viewport={"width": width, "height": 800})
    for path in pages:
        someone.open(f"{path}?council=bournemouth-christchurch-and-poole")
        someone.see_all()
        assert someone.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_nothing_is_lost_when_the_text_is_spaced_out(reader):
    someone = reader(viewport={"width": 360, "height": 800}, bypass_csp=True)
    page = someone.open(f"{REPORT}?council=hull")
    someone.see_all()
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
        " p { margin-bottom: 2em !important; }"
    )
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(
        "() => [...document.querySelectorAll('.finding, .numbers dd, .ask li')].every(e => e.scrollWidth <= e.clientWidth + 1)"
    )


def test_a_page_is_light_before_any_chart(site, reader):
    someone = reader(viewport={"width": 360, "height": 640})
    asked = []
    someone.page.on("response", lambda answer: asked.append(answer.url))
    someone.open(REPORT).wait_for_timeout(500)
    files = [site / url.removeprefix(someone.base).split("?")[0] for url in asked]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 6)) for path in files}
    assert "plotly" not in " ".join(sizes)
    print(sizes, sum(sizes.values()))
    assert sum(sizes.values()) < 150_000


def test_every_council_has_its_file_and_it_is_small(site):
    listed = json.loads((site / "_static" / "areas.json").read_text(encoding="utf-8"))
    assert [area["code"] for area in listed] == [area.code for area in areas.councils()]
    assert len({area["slug"] for area in listed}) == len(listed) == 317
    for area in listed:
        content = (site / "_static" / "councils" / f"{area['code']}.json").read_bytes()
        assert len(gzip.compress(content)) < 40_000
        for entry in json.loads(content)["measures"].values():
            assert entry["sentence"].endswith(".")
            assert "nan" not in json.dumps(entry).lower().replace("finan", "")


def test_the_download_holds_the_published_figures(site):
    text = (site / "data" / "measures" / "household-recycling-rate.csv").read_text(
        encoding="utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    hull = [row for row in rows if row["area"] == "E06000010"]
    assert float(hull[-1]["value"]) == _value("E06000010")
    assert {row["period"] for row in hull} >= {"2010/11", "2022/23"}


def test_the_figure_on_the_built_page_is_the_snapshots(site):
    text = (site / REPORT).read_text(encoding="utf-8")
    panel = text.split('data-measure="household-recycling-rate"')[-1]
    assert f'data-slot="value">{_value("E92000001"):.1f}%<' in panel
    block = json.loads(
        panel.split('class="panel-data">')[1].split("</script>")[0].replace("\\u003c", "<")
    )
    assert block["values"][[a.code for a in areas.councils()].index("E06000010")] == round(
        _value("E06000010"), 1
    )
