"""Reports in a browser: every one of them once, and the parts that follow the reader's council."""

from __future__ import annotations

import gzip
import json
import re
import statistics

import pytest
from axe_playwright_python.sync_playwright import Axe
from kinds import KINDS, REPORT_LIST

from goldenthread import features
from goldenthread.authorities import citizens
from goldenthread.site import context, groups, stands_out
from goldenthread.site.authorities import addresses
from goldenthread.site.panels import panel
from goldenthread.writing import rounded

REPORT = KINDS["report"]
LEAD = "residual-waste-per-household"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
#: The heaviest page of a report, with the council's files and all scripts but plotly's, compressed.
MOST = 150_000
#: Scripts of other pages, or of what a reader asks for first: no report loads them by itself.
ELSEWHERE = {
    "compare-councils",
    "own-report",
    "workshop",
    "lines",
    "spreadsheet",
    "try-it",
    "try-scenes",
    "question-bank",
    "selfcheck",
    "search",
    "councils",
    # The self-assessment, the thirty-minute route and the list of case studies have their own.
    "assess",
    "assess-file",
    "assess-plan",
    "assess-results",
    "assess-sums",
    "assess-together",
    "guided",
    "course",
    "cases",
    "days",
    "try-methods",
    "try-picture",
}


def _until_chosen(page, name: str) -> None:
    page.wait_for_function(
        "name => document.querySelector('[data-bar]').textContent.includes(name)", arg=name
    )


def _own(page):
    return page.locator('.better-placed [data-slot="council"]:not(.waiting)')


def test_every_report_has_no_barrier_and_scrolls_down_only(reader, reports):
    """With its pictures: how plotly draws over them is looked at on some (`test_site.py`)."""
    someone = reader(color_scheme="dark", viewport={"width": 360, "height": 900}, bypass_csp=True)
    someone.page.route("**/plotly-*.js", lambda route: route.abort())
    axe, barriers, wide = Axe(), {}, []
    for path in reports:
        page = someone.open(f"{path}?council=bournemouth-christchurch-and-poole")
        _until_chosen(page, "Bournemouth")
        page.evaluate(
            "document.querySelectorAll('main details').forEach((e) => { e.open = true; })"
        )
        for fault in axe.run(page, options=RULES).response["violations"]:
            barriers.setdefault(fault["id"], []).append((path, fault["nodes"][0]["html"][:200]))
        page.set_viewport_size({"width": 320, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)
        page.set_viewport_size({"width": 360, "height": 900})
    assert barriers == {}
    assert wide == []


def test_every_report_is_light(site, reports):
    """Counted from the files: the page, and what every page loads for a reader with a council."""
    static = site / "_static"
    scripts = [p for p in static.glob("*.js") if p.stem not in ELSEWHERE and "plotly" not in p.name]
    shared = [*scripts, static / "site.css", static / "areas.json", static / "features.json"]
    council = [static / "councils" / name for name in ("E06000010.json", "E06000010.similar.json")]

    def weight(path) -> int:
        return len(gzip.compress(path.read_bytes(), 6))

    always = sum(map(weight, [*shared, *council]))
    heaviest = max((always + weight(site / path), path) for path in reports)
    print(
        f"shared {always / 1000:.0f} KB; the heaviest: {heaviest[1]}, {heaviest[0] / 1000:.0f} KB"
    )
    assert heaviest[0] < MOST


@pytest.mark.parametrize("council", ["hull", "ashford", "kent"])
def test_what_stands_out_comes_first_by_the_weights_of_the_files(site, reader, council):
    page = reader().open(f"{REPORT}?council={council}")
    page.locator("[data-bar] strong").wait_for()
    page.wait_for_function(
        "() => !document.querySelector('.stands-out .headline').textContent.startsWith('England')"
    )
    (code,) = [
        a["code"]
        for a in json.loads((site / "_static/areas.json").read_text())
        if a["slug"] == council
    ]
    own, beside = (
        json.loads((site / f"_static/councils/{code}{kind}.json").read_text(encoding="utf-8"))[
            "measures"
        ]
        for kind in ("", ".similar")
    )
    page.wait_for_timeout(100)
    open_ = page.locator(".stands-out .shown .headline")
    folded = page.locator(".stands-out .rest .headline")

    def weight(line) -> float:
        measure = line.get_attribute("data-measure")
        return own[measure].get("weight", 0) + beside.get(measure, {}).get("weight", 0)

    shown, rest = ([weight(line) for line in lines.all()] for lines in (open_, folded))
    assert shown == sorted(shown, reverse=True)
    assert len(shown) <= stands_out.OPEN
    assert all(shown)
    assert not any(rest) or len(shown) == stands_out.OPEN
    assert len(shown) + len(rest) == page.locator(".panel").count()
    assert page.locator(".stands-out .quiet").is_visible() == (not shown)
    # The sentences are those of the panels below.
    for line in [*open_.all(), *folded.all()]:
        below = page.locator(
            f'#measure-{line.get_attribute("data-measure")} [data-slot="sentence"]'
        )
        assert line.text_content() == below.text_content()


def test_better_placed_councils_are_counted_and_their_circumstances_are_right(reader):
    people, names = list(citizens().index), citizens()["name"]
    values = [round(float(v), 6) for v in panel(LEAD).values.reindex(people)]

    def placed(own: int) -> tuple[list[int], list[int]]:
        known = [at for at in groups.groups("similar").others(own) if values[at] == values[at]]
        return known, [at for at in known if values[at] < values[own]]

    own = next(
        at
        for at in range(len(people))
        if citizens()["kind"].iloc[at] == "unitary" and 4 <= len(placed(at)[1]) <= 10
    )
    known, ahead = placed(own)
    rest = [at for at in known if at not in ahead]
    name = names.iloc[own]
    someone = reader()
    page = someone.open(f"{REPORT}?council={addresses()[people[own]]}")
    _own(page).wait_for()
    said = page.locator('[data-slot="who"]').inner_text()
    assert said.startswith(
        f"Of the {len(known)} others with a figure that {name} is compared with, {len(ahead)} have a lower one."
    )
    page.get_by_text("Who they are").click()
    listed = page.locator('[data-slot="names"] p').inner_text()
    assert sorted(re.split(", | and ", listed)) == sorted(
        part for at in ahead for part in re.split(", | and ", names.iloc[at])
    )
    table = features.table()
    for one in context.circumstances():
        cells = page.locator(f'[data-feature="{one.feature}"] td').all_inner_texts()
        column = [rounded(value, one.measure.decimals) for value in table[one.feature]]
        expected = [
            column[own],
            statistics.median(column[at] for at in ahead),
            statistics.median(column[at] for at in rest),
        ]
        numbers = [float(re.sub(r"[^\d.]", "", cell)) for cell in cells]
        assert numbers == pytest.approx(expected, abs=0.6 if one.measure.decimals == 0 else 0.06)
    told = page.locator('.better-placed [data-slot="said"]').inner_text()
    assert told.startswith(("These tend to ", "These differ little "))
    assert someone.faults == []


def test_without_a_choice_or_a_script_each_kind_is_told(reader):
    for script in (True, False):
        page = reader(java_script_enabled=script).open(REPORT)
        kinds = page.locator(".better-placed .kinds li")
        assert kinds.count() == 5
        assert kinds.first.is_visible()
        assert _own(page).count() == 0
        assert page.locator(".stands-out .shown .headline").count() == stands_out.OPEN


def test_a_council_without_a_figure_has_nobody_better_placed(reader):
    page = reader().open(f"{REPORT}?council=cumberland")
    _own(page).wait_for()
    assert page.locator('[data-slot="who"]').inner_text() == (
        "Cumberland has no figure here, so that nobody is better placed."
    )
    assert not page.locator('.better-placed [data-slot="council"] table').is_visible()
    assert "NaN" not in page.locator("main").inner_text()
    assert "undefined" not in page.locator("main").inner_text()


def test_circumstances_that_do_not_come_leave_englands(reader):
    someone = reader()
    someone.page.route("**/features.json", lambda route: route.abort())
    page = someone.open(f"{REPORT}?council=hull")
    _until_chosen(page, "Hull")
    page.wait_for_timeout(300)
    assert page.locator(".better-placed .kinds").is_visible()
    assert _own(page).count() == 0


def test_another_council_moves_nothing_below(reader):
    page = reader(viewport={"width": 360, "height": 800}).open(REPORT)
    heading = page.locator("h2", has_text="What good looks like")
    block = page.locator(".better-placed")
    height = block.bounding_box()["height"]
    first = page.locator(".stands-out").bounding_box()["height"]
    page.get_by_role("button", name="Choose your council").click()
    page.keyboard.type("Hull")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    _own(page).wait_for()
    assert heading.is_visible()
    assert abs(block.bounding_box()["height"] - height) < 2
    assert abs(page.locator(".stands-out").bounding_box()["height"] - first) < 2


def test_the_list_of_reports_is_filtered_by_what_they_are_about(reader, reports):
    someone = reader()
    page = someone.open(REPORT_LIST)
    rows = page.locator(".report-list li")
    assert rows.count() == len(reports)
    page.get_by_label("Show only reports about").fill("recycl")
    shown = page.locator(".report-list li:visible")
    assert 1 <= shown.count() < len(reports)
    assert "Household waste and recycling" in shown.all_inner_texts()[0]
    assert (
        f"{shown.count()} of {len(reports)} reports." in page.locator(".report-filter").inner_text()
    )
    page.get_by_label("Show only reports about").fill("zzz")
    assert page.locator(".report-list section:visible").count() == 0
    assert "No report is about that" in page.locator(".report-filter").inner_text()
    assert someone.faults == []


def test_a_councils_figure_leads_to_its_report_with_the_council_chosen(reader):
    page = reader().open("councils/hull/index.html")
    link = page.locator(f"#{LEAD} > a")
    assert link.get_attribute("href") == f"../../{REPORT}?council=hull#measure-{LEAD}"
