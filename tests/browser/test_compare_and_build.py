"""Councils side by side, and a report of one's own: chosen, shared, taken away and printed."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise

import openpyxl
import pytest
import python_calamine
from axe_playwright_python.sync_playwright import Axe

COMPARE = "book/compare.html"
BUILD = "book/build.html"
RATE, WASTE, FIRE = "household-recycling-rate", "residual-waste-per-household", "fire-band-d"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def _open(reader, path: str, **context):
    someone = reader(**context)
    page = someone.open(path)
    page.locator(".workshop.ready").wait_for()
    return someone, page


def _figures(site, measure: str) -> dict:
    path = site / "_static" / "measures" / f"{measure}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def _table(page) -> list[list[str]]:
    rows = page.locator(".side-by-side tr").all()
    return [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows]


# --- side by side ---------------------------------------------------------------------------------


def test_an_address_gives_the_figures_that_the_files_hold(reader, site):
    someone, page = _open(reader, f"{COMPARE}?measures={RATE},{FIRE}&areas=hull,ashford,england")
    page.locator(".side-by-side").wait_for()
    head, rate, fire = _table(page)
    assert head == ["Measure", "Hull", "Ashford", "England"]
    held = _figures(site, RATE)
    for cell, code in zip(rate[1:], ("E06000010", "E07000105", "E92000001")):
        value, period = cell.split("\n")
        assert value == f"{held['areas'][code][-1]:.1f}%"
        assert period == held["periods"][-1]
    assert fire[1] == fire[2] == "a figure of fire and rescue authorities"
    assert "Not like with like" in page.locator(".cautions").inner_text()
    assert page.locator(".plot-lines .line").count() == 3
    assert someone.faults == []
    assert someone.elsewhere == []


def test_what_an_address_gets_wrong_is_named_and_never_run(reader):
    wrong = "%3Cimg%20src%3Dx%20onerror%3D%22window.ran%3D1%22%3E"
    someone, page = _open(reader, f"{COMPARE}?measures={RATE},{wrong}&areas=hull,atlantis,{wrong}")
    said = page.locator(".workshop > .note").inner_text()
    assert "there are no such measures here: “<img src=x" in said
    assert "there are no such places here: “atlantis” and “<img" in said
    assert page.locator(".workshop img").count() == 0
    assert page.evaluate("window.ran") is None
    assert someone.faults == []


def test_more_than_there_is_room_for_is_cut_and_said(reader, site):
    index = json.loads((site / "_static/measures/index.json").read_text(encoding="utf-8"))
    many = ",".join(one["id"] for one in index["measures"][:14])
    _, page = _open(reader, f"{COMPARE}?measures={many}&areas=hull")
    assert page.locator(".workshop > .note").inner_text() == (
        "Only the first 10 measures of the address are shown."
    )
    page.locator(".side-by-side").wait_for()
    assert len(_table(page)) == 11


def test_measures_and_places_are_added_moved_removed_and_put_back_by_keyboard(reader):
    someone, page = _open(reader, f"{COMPARE}?measures={RATE}&areas=england")
    page.locator("#find-measure").fill("bins")
    page.get_by_role("button", name="Add Residual waste per household").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**measures={RATE},{WASTE}**")
    measures = page.locator(".chosen").first
    assert "was added" in measures.get_by_role("status").inner_text()
    page.get_by_label("Add a place").fill("York")
    page.locator('.controls [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**areas=england,york**")
    up = page.get_by_role("button", name="Move up Residual waste per household")
    up.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**measures={WASTE},{RATE}**")
    assert measures.get_by_role("status").inner_text().endswith("is now 1 of 2.")
    page.get_by_role("button", name="Remove Household recycling rate").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: RATE not in url)
    # Whoever uses the keyboard is not thrown back to the top of the page.
    assert page.evaluate("document.activeElement.closest('.chosen') !== null")
    measures.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**measures={WASTE},{RATE}**")
    page.go_back()
    page.wait_for_url(lambda url: RATE not in url)
    page.wait_for_function("document.querySelectorAll('.side-by-side tbody tr').length === 1")
    assert someone.faults == []


def test_the_last_place_can_be_removed(reader):
    _, page = _open(reader, f"{COMPARE}?measures={RATE}&areas=england")
    page.get_by_role("button", name="Remove England").click()
    page.get_by_text("Add a place to see its figures.").wait_for()


def test_a_comparison_begins_with_the_readers_council(reader):
    someone = reader()
    page = someone.open("book/index.html?council=hull")
    page.wait_for_function(
        "() => document.querySelector('[data-bar]').textContent.includes('Hull')"
    )
    someone.open(COMPARE)
    page.locator(".workshop.ready").wait_for()
    names = page.locator(".chosen").last.locator(".what").all_inner_texts()
    assert names == ["Hull", "England"]


def test_the_files_open_elsewhere_and_hold_numbers(reader, site, tmp_path):
    _, page = _open(reader, f"{COMPARE}?measures={RATE}&areas=hull,kent-fire-and-rescue-authority")
    page.locator(".side-by-side").wait_for()
    with page.expect_download() as got:
        page.get_by_role("button", name="Excel").click()
    path = tmp_path / "made.xlsx"
    got.value.save_as(path)
    held = _figures(site, RATE)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["All periods", "Side by side", "Sources"]
    rows = list(book["All periods"].iter_rows(values_only=True))
    hull = [row[4] for row in rows if row[1] == "E06000010"]
    assert hull == held["areas"]["E06000010"]
    assert [row[4:] for row in rows if row[2].startswith("Kent Fire")] == [
        (None, "a figure of councils")
    ]
    again = python_calamine.load_workbook(str(path))
    assert again.sheet_names == book.sheetnames
    assert len(again.get_sheet_by_index(0).to_python()) == len(rows)
    with page.expect_download() as got:
        page.get_by_role("button", name="CSV").click()
    text = got.value.path().read_bytes().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == len(rows)


HOSTILE = [
    ["Name", "Value"],
    ["=1+1", 0],
    ["+cmd|' /C calc'!A0", None],
    ["-2", -2.5],
    ["@SUM(A1)", 1e21],
    ['a "quote", and\na line', 3],
    ["<b>&amp;</b> \u0000\u0007 \ud800 😀", 4],
]


def test_no_text_of_a_spreadsheet_is_a_formula(reader, tmp_path):
    _, page = _open(reader, COMPARE)
    made = page.evaluate(
        """async (rows) => {
            const { csv, xlsx } = await import('../_static/spreadsheet.js');
            const sheets = [{ name: "a/b:c[" + "x".repeat(40), rows }, { name: "a/b:c[" + "x".repeat(40), rows }];
            return { csv: csv(rows), xlsx: [...xlsx(sheets)] };
        }""",
        json.loads(json.dumps(HOSTILE)),
    )
    path = tmp_path / "made.xlsx"
    path.write_bytes(bytes(made["xlsx"]))
    book = openpyxl.load_workbook(path)
    first, second = book.sheetnames
    assert first != second
    cells = list(book[first].iter_rows(min_row=2))
    assert {cell.data_type for row in cells for cell in row if cell.value is not None} <= {
        "s",
        "n",
        "inlineStr",
    }
    assert [row[1].value for row in cells] == [0, None, -2.5, 1e21, 3, 4]
    assert cells[0][0].value == "=1+1"
    assert cells[4][0].value == 'a "quote", and\na line'
    assert cells[5][0].value.startswith("<b>&amp;</b>")
    assert cells[5][0].value.endswith("😀")
    assert len(python_calamine.load_workbook(str(path)).get_sheet_by_index(1).to_python()) == 7
    rows = list(csv.reader(io.StringIO(made["csv"].removeprefix("\ufeff"), newline="")))
    assert [row[0][0] for row in rows[1:5]] == ["'"] * 4
    assert [row[1] for row in rows[1:4]] == ["0", "", "-2.5"]


VALUES = [[0, 0], [5], [-3, 12], [81.2, 84.9], [0.001, 0.0042], [1e6, 3.2e9], [-9, -2]]


def test_an_axis_holds_every_value_at_equal_steps(reader):
    _, page = _open(reader, COMPARE)
    axes = page.evaluate(
        "async (all) => all.map((await import('../_static/lines.js')).axis)", VALUES
    )
    for values, ticks in zip(VALUES, axes, strict=True):
        assert ticks[0] <= min(values)
        assert ticks[-1] >= max(values)
        steps = [after - before for before, after in pairwise(ticks)]
        assert steps == pytest.approx([steps[0]] * len(steps))
        assert steps[0] > 0


# --- a report of one's own ------------------------------------------------------------------------


def test_a_report_is_in_its_address(reader):
    asked = f"{BUILD}?council=hull&measures={FIRE},{RATE}&title=Bins%20%26%20fire&note=One%0ATwo&head={RATE}:What%20we%20throw%20away"
    someone, page = _open(reader, asked)
    page.locator(".own-report .panel").nth(1).wait_for()
    report = page.locator(".own-report")
    assert report.locator("h2").all_inner_texts() == [
        "Bins & fire",
        "Band D charge for the fire service",
        "What we throw away",
        "Household recycling rate",
    ]
    assert report.locator(".own-note p").all_inner_texts() == ["One", "Two"]
    page.wait_for_function(
        "() => [...document.querySelectorAll('.own-report .finding')].at(-1)?.textContent.startsWith('Hull')"
    )
    someone.see_all()
    assert someone.faults == []
    assert someone.elsewhere == []


def test_a_title_is_a_text_and_nothing_else(reader):
    markup = "%3Cimg%20src%3Dx%20onerror%3D%22window.ran%3D1%22%3E%3Cscript%3Ewindow.ran%3D2%3C/script%3E"
    someone, page = _open(
        reader,
        f"{BUILD}?measures={RATE},{markup}&title={markup}&note={markup}&head={RATE}:{markup}",
    )
    page.locator(".own-report .panel").wait_for()
    assert page.locator(".own-title").inner_text().startswith("<img src=x")
    assert page.locator(".own-head").inner_text().startswith("<img src=x")
    assert page.locator(".workshop img").count() == 0
    assert page.evaluate("window.ran") is None
    assert someone.faults == []


def test_any_report_is_a_beginning_and_what_stood_there_comes_back(reader):
    someone, page = _open(reader, f"{BUILD}?measures={FIRE}")
    page.get_by_label("Begin from").select_option("household-waste-and-recycling")
    page.wait_for_url(f"**{WASTE}**")
    assert page.get_by_label("Title").input_value() != ""
    page.locator(f'.own-report .panel[data-measure="{WASTE}"]').wait_for()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(lambda url: f"measures={FIRE}" in url and WASTE not in url)
    page.locator(f'.own-report .panel[data-measure="{FIRE}"]').wait_for()
    assert page.locator(".own-report .panel").count() == 1
    assert someone.faults == []


def test_another_council_is_shown_in_every_panel_and_stays_in_the_address(reader):
    _, page = _open(reader, f"{BUILD}?council=hull&measures={RATE}")
    page.locator(".own-report .panel").wait_for()
    page.get_by_role("button", name="Change").click()
    page.locator('.sheet [role="combobox"]').fill("Leeds")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "council=leeds" in url and f"measures={RATE}" in url)
    page.wait_for_function(
        "() => document.querySelector('.own-report .finding').textContent.startsWith('Leeds')"
    )
    page.get_by_label("Title").fill("Bins")
    page.get_by_label("Title").press("Tab")
    page.wait_for_url(lambda url: "title=Bins" in url and "council=leeds" in url)


def test_its_spreadsheet_says_what_the_report_says(reader, tmp_path):
    _, page = _open(reader, f"{BUILD}?council=hull&measures={RATE}&title==Bins")
    page.wait_for_function(
        "() => document.querySelector('.own-report .finding')?.textContent.startsWith('Hull')"
    )
    with page.expect_download() as got:
        page.get_by_role("button", name="Excel").click()
    path = tmp_path / "made.xlsx"
    got.value.save_as(path)
    book = openpyxl.load_workbook(path)
    finding = page.locator(".own-report .finding").inner_text()
    assert finding in [cell.value for cell in book["Summary"][2]]
    assert book["About"]["B2"].value == "=Bins"
    assert book["About"]["B2"].data_type != "f"
    values = [row[3] for row in book["All periods"].iter_rows(min_row=2, values_only=True)]
    assert all(isinstance(value, int | float) for value in values)


def test_on_paper_there_is_the_report_alone(reader):
    _, page = _open(reader, f"{BUILD}?measures={RATE}&title=Bins")
    page.locator(".own-report .panel").wait_for()
    page.emulate_media(media="print")
    for hidden in (".controls", ".take-away", ".contents", "main h1", "main .questions"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in (".own-title", ".finding", ".numbers", ".ask", "p.source"):
        assert page.locator(f".own-report {shown}").first.is_visible(), shown


# --- for everybody --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [COMPARE, BUILD])
def test_without_a_script_the_page_leads_to_all_reports_and_files(reader, path):
    page = reader(java_script_enabled=False).open(path)
    assert "needs JavaScript" in page.locator(".without-script").inner_text()
    links = page.locator(".without-script tbody th a")
    assert links.count() >= 1
    assert page.locator('.without-script a[href$=".csv"]').count() >= 1


@pytest.mark.parametrize("path", [COMPARE, BUILD])
def test_it_keeps_nothing_on_the_device(reader, path):
    _, page = _open(reader, f"{path}?measures={RATE}&title=Bins")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (360, "dark"), (1280, "light")])
def test_there_is_no_barrier_and_the_page_scrolls_down_only(reader, width, scheme):
    areas = "hull,bournemouth-christchurch-and-poole,ashford,england,kent-fire-and-rescue-authority"
    for path in (
        f"{COMPARE}?measures={RATE},{FIRE},nothing&areas={areas}",
        f"{BUILD}?measures={RATE},{FIRE}&title=Bins&head={RATE}:Waste",
    ):
        _, page = _open(
            reader,
            path,
            bypass_csp=True,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
        )
        page.locator(".side-by-side, .own-report .panel").first.wait_for()
        page.locator("#find-measure").fill("waste")
        faults = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in faults] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_lost_on_the_way_figures_are_said_to_be_missing(reader):
    _, page = _open(reader, COMPARE)
    page.route(re.compile("_static/measures/"), lambda route: route.abort())
    page.locator("#find-measure").fill("bins")
    page.get_by_role("button", name="Add Household recycling rate").click()
    page.get_by_text("The figures could not be loaded. Try again in a while.").wait_for()
    page.unroute(re.compile("_static/measures/"))
    page.get_by_role("button", name="Add Residual waste per household").click()
    page.locator(".side-by-side").wait_for()
