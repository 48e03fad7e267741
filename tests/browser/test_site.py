"""The built site, read by a browser as a person would read it."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from goldenthread import areas, findings
from goldenthread.site import groups
from goldenthread.site.panels import labels
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


def test_every_page_loads_without_a_fault_and_asks_nobody_else(reader, various):
    assert {HOME, REPORT, NOTEBOOK} <= set(various)
    someone = reader()
    for path in various:
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
        drawn = ".scatterlayer .trace, .boxlayer .trace, .barlayer .trace"
        assert chart.locator(drawn).count() > 0
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
    note = _slot(page, "note", landfill).inner_text()
    assert "Kent" in note
    assert "Ashford" in note
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


def test_a_comparison_that_cannot_be_loaded_leaves_the_page_as_it_was(reader):
    someone = reader()
    someone.page.route("**/councils/*.region.json", lambda route: route.abort())
    page = someone.open(f"{REPORT}?council=hull")
    _until_chosen(page, "Hull")
    before = _slot(page, "sentence").inner_text()
    page.get_by_role("button", name="Change").click()
    # Clicked and not checked: it may be put back before anyone could look.
    page.get_by_label("The councils of the same region").click()
    page.get_by_text("That comparison could not be loaded").wait_for()
    assert _slot(page, "sentence").inner_text() == before
    assert page.get_by_label("The most similar councils").is_checked()
    page.get_by_label("All councils of England").check()
    page.wait_for_url("**with=england")
    assert "other councils in England" in page.locator("[data-bar]").inner_text()


def _file(site, code: str, comparator: str) -> dict:
    path = site / "_static" / "councils" / f"{code}.{comparator}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_comparison_is_switched_with_the_keyboard_alone(reader, site):
    someone = reader()
    page = someone.open(f"{REPORT}?council=hull")
    _until_chosen(page, "15 similar councils")
    page.locator(".bar-button").focus()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert "context and not judgement" in page.locator(f"#{described}").inner_text()
    while page.evaluate("document.activeElement.value") != "region":
        page.keyboard.press("ArrowDown")
    page.wait_for_url("**?council=hull&with=region")
    _until_chosen(page, "14 other councils in Yorkshire and the Humber")
    entry = _file(site, "E06000010", "region")["measures"]["household-recycling-rate"]
    assert entry["where"] in _slot(page, "sentence").inner_text()
    assert _slot(page, "middle").inner_text() == entry["middle"]
    # The sheet stays open, with the focus where it was.
    assert page.evaluate("document.activeElement.value") == "region"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "bar-button"
    someone.see_all()
    figure = f"document.querySelector('{RATE} figure[data-chart=\"%s\"] .live').data"
    median = page.evaluate(f"() => {figure % 'trend'}.find(t => t.meta === 'median').y")
    assert median == entry["median"]
    strokes = page.evaluate(f"() => {figure % 'strip'}.find(t => t.meta === 'ink').x.length")
    assert 10 <= strokes <= 15
    assert someone.faults == []


def test_a_shared_link_shows_the_same_to_somebody_else(reader):
    first = reader().open(f"{REPORT}?council=allerdale")
    first.get_by_text("There is no council called “allerdale”").wait_for()
    first.get_by_role("button", name="Choose again").click()
    first.locator('.sheet [role="combobox"]').fill("Eden")
    option = first.locator('.sheet [role="option"]').filter(has_text="Westmorland")
    option.wait_for()
    assert "now holds what was Eden" in option.inner_text()
    option.click()
    _until_chosen(first, "Westmorland and Furness")
    first.get_by_role("button", name="Change").click()
    first.get_by_label("All of the same kind").check()
    first.wait_for_url("**with=kind")
    first.keyboard.press("Escape")
    first.locator(f'{RATE} [data-tool="link"]').click()
    link = first.locator(f"{RATE} .tool-box textarea").input_value()
    assert link.endswith(
        "?council=westmorland-and-furness&with=kind#measure-household-recycling-rate"
    )

    someone = reader()
    someone.page.goto(link)
    _until_chosen(someone.page, "Westmorland and Furness")
    assert "unitary councils" in someone.page.locator("[data-bar]").inner_text()
    for panel in first.locator(".panel").all():
        identifier = panel.get_attribute("data-measure")
        said = panel.locator('[data-slot="sentence"]').inner_text()
        assert (
            _slot(someone.page, "sentence", f'.panel[data-measure="{identifier}"]').inner_text()
            == said
        )


def test_back_leads_through_the_councils_that_were_chosen(reader):
    page = reader().open(REPORT)
    for name, slug in (("Leeds", "leeds"), ("York", "york")):
        page.locator(".bar-button").click()
        page.locator('.sheet [role="combobox"]').fill(name)
        page.locator('.sheet [role="option"]').first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**?council={slug}")
        _until_chosen(page, name)
    page.locator(".bar-button").click()
    page.get_by_label("The councils of the same region").check()
    page.wait_for_url("**with=region")
    # Another comparison is no step of its own, and a link within the page changes nothing.
    page.evaluate("location.hash = 'measure-household-recycling-rate'")
    page.go_back()
    assert page.url.endswith("?council=york&with=region")
    page.go_back()
    _until_chosen(page, "Leeds")
    assert _slot(page, "sentence").inner_text().startswith("Leeds’")
    page.go_back()
    _until_chosen(page, "Figures for England")
    assert _slot(page, "sentence").inner_text().startswith("England’s")
    page.go_forward()
    _until_chosen(page, "Leeds")
    page.reload()
    _until_chosen(page, "Leeds")


def test_a_list_of_ones_own_is_kept_on_the_device_and_its_middle_is_right(reader):
    someone = reader()
    asked = []
    someone.page.on("request", lambda request: asked.append(request.url))
    page = someone.open(f"{REPORT}?council=hull")
    _until_chosen(page, "Hull")
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Your own list of councils").check()
    names = {"Leeds": "E08000035", "York": "E06000014", "Derby": "E06000015", "Luton": "E06000032"}
    for count, name in enumerate(names, start=1):
        page.get_by_label("Add a council to your list").fill(name)
        page.locator('.own-list [role="option"]').first.wait_for()
        page.keyboard.press("Enter")
        _until_chosen(page, f"{count} councils on your own list")
        if count == 3:
            # Of four there is no middle to speak of.
            assert _slot(page, "middle").inner_text() == "–"
    assert page.url.endswith("?council=hull&with=own")
    values = sorted(round(_value(code), 1) for code in [*names.values(), "E06000010"])
    assert _slot(page, "middle").inner_text() == f"{values[2]:.1f}%"
    assert _slot(page, "middleOf").inner_text() == "Middle of the councils on your list"
    page.keyboard.press("Escape")
    page.locator(f"{RATE} [data-table] summary").click()
    # Until the names have come, the spread of the kinds of councils stands there.
    group = page.locator(f'{RATE} [data-slot="group"]', has_text="on your list")
    group.wait_for()
    shown = [row.split("\t") for row in group.locator("tbody tr").all_inner_texts()]
    assert sorted(float(value.rstrip("%")) for _, value in shown) == values
    assert {name for name, _ in shown} == {*names, "Hull"}
    band = page.locator(f'{RATE} [data-chart="trend"] figcaption span').inner_text()
    assert "middle half of similar councils" in band
    assert all(code not in " ".join(asked) for code in names.values())
    assert someone.faults == []

    page.reload()
    _until_chosen(page, "4 councils on your own list")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Remove Leeds").click()
    _until_chosen(page, "3 councils on your own list")
    # The list is not in the address: on another device the link falls back to similar councils.
    other = reader().open(f"{REPORT}?council=hull&with=own")
    _until_chosen(other, "15 similar councils")
    other.get_by_text("is on another device").wait_for()


def test_a_hostile_name_is_shown_as_words(reader, site):
    hostile = """<script>alert(1)</script>"><img src=x onerror=alert(2)> & 'sons'"""
    listed = json.loads((site / "_static" / "areas.json").read_text(encoding="utf-8"))
    for area in listed:
        if area["name"] == "Hull":
            area["name"] = hostile
    own = json.loads((site / "_static" / "councils" / "E06000010.json").read_text("utf-8"))
    own["labels"] = {hostile: labels(hostile)}
    text = json.dumps(own, ensure_ascii=False).replace("Hull", json.dumps(hostile)[1:-1])
    someone = reader()
    dialogs = []
    someone.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    someone.page.route("**/areas.json", lambda route: route.fulfill(json=listed))
    someone.page.route(
        "**/E06000010.json",
        lambda route: route.fulfill(body=text, content_type="application/json"),
    )
    page = someone.open(f"{REPORT}?council=hull")
    page.wait_for_function("() => document.querySelector('[data-bar] strong')")
    someone.see_all()
    page.locator(f"{RATE} [data-table] summary").click()
    page.locator(f'{RATE} [data-tool="embed"]').click()
    assert page.locator("[data-bar] strong").inner_text() == hostile
    assert hostile in _slot(page, "sentence").inner_text()
    assert page.locator('main img, main script:not([type="application/json"])').count() == 0
    assert dialogs == []
    assert someone.faults == []


def test_a_panel_can_be_taken_away(reader):
    someone = reader(accept_downloads=True)
    page = someone.open(f"{REPORT}?council=hull&with=kind")
    _until_chosen(page, "unitary councils")
    with page.expect_download() as table:
        page.locator(f'{RATE} [data-tool="csv"]').click()
    assert table.value.suggested_filename == "household-recycling-rate-hull.csv"
    rows = list(csv.DictReader(io.StringIO(table.value.path().read_text(encoding="utf-8-sig"))))
    assert rows[0]["Hull"] == f"{_value('E06000010'):.1f}%"
    assert list(rows[0]) == ["Period", "Hull", "Middle of unitary councils", "England"]
    for tool in ("trend", "strip"):
        with page.expect_download() as image:
            page.locator(f'{RATE} [data-tool="{tool}"]').click()
        content = image.value.path().read_bytes()
        assert content.startswith(b"\x89PNG")
        assert int.from_bytes(content[16:20]) == 1800
        assert len(content) > 20_000
    page.locator(f'{RATE} [data-tool="embed"]').click()
    snippet = page.locator(f"{RATE} .tool-box textarea").input_value()
    address = html.unescape(snippet.split('src="')[1].split('"')[0])
    assert address.endswith("embed/household-recycling-rate.html?council=hull&with=kind")
    assert someone.faults == []
    page.goto(address)
    page.wait_for_function(
        "name => document.querySelector('.finding').textContent.startsWith(name)", arg="Hull"
    )
    assert page.locator(".panel").count() == 1
    assert page.locator("header, nav, .bar").count() == 0
    # What is shown within another page is not the reader's choice.
    page.goto(address.replace("hull", "leeds"))
    page.wait_for_function(
        "name => document.querySelector('.finding').textContent.startsWith(name)", arg="Leeds"
    )
    assert page.evaluate("localStorage.getItem('council')") == "hull"


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
    rows = page.locator(f'{RATE} [data-slot="periods"] tbody tr')
    assert rows.count() == 13
    kinds = page.locator(f'{RATE} [data-slot="group"] tbody th').all_inner_texts()
    assert kinds[0] == "Councils"
    assert "Unitary councils" in kinds
    assert not page.locator(f"{RATE} [data-tool]").first.is_visible()
    assert rows.first.is_visible()
    assert "Choosing a council needs JavaScript" in page.locator(".bar-text").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_barrier(reader, various, scheme, width):
    found = {}
    someone = reader(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    for path in various:
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
    page.locator('.sheet [role="combobox"]').fill("york")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("ArrowDown")
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.keyboard.press("Enter")
    page.wait_for_url("**?council=york**")
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Your own list of councils").check()
    page.get_by_label("Add a council to your list").wait_for()
    assert Axe().run(page, options=RULES).response["violations"] == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_scrolls_sideways(reader, various, width):
    someone = reader(viewport={"width": width, "height": 800})
    for path in various:
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


def test_every_council_has_its_files_and_they_are_small(site):
    listed = json.loads((site / "_static" / "areas.json").read_text(encoding="utf-8"))
    assert [area["code"] for area in listed] == list(findings.citizens().index)
    assert len({area["slug"] for area in listed}) == len(listed) == 361
    for area in listed:
        fire = area["kind"] == "fire and rescue authority"
        for kind in ("json", *(f"{choice.id}.json" for choice in groups.choices(fire=fire))):
            content = (site / "_static" / "councils" / f"{area['code']}.{kind}").read_bytes()
            assert len(gzip.compress(content)) < 40_000
            for entry in json.loads(content)["measures"].values():
                assert "nan" not in json.dumps(entry).lower().replace("finan", "")


def test_the_download_holds_the_published_figures(site):
    text = (site / "data" / "measures" / "household-recycling-rate.csv").read_text(
        encoding="utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    hull = [row for row in rows if row["area_code"] == "E06000010"]
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
