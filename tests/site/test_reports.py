"""Reports: what their front matter may say, the anatomy of their pages, and what stands on them."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from goldenthread import catalogue, features
from goldenthread.authorities import citizens
from goldenthread.site import (
    anatomy,
    context,
    front_matter,
    report_blocks,
    reports,
    search,
    stands_out,
)
from goldenthread.site.panels import panel
from goldenthread.snapshot import snapshot

sys.path.insert(0, str(Path(__file__).parent))
from small_book import page

WASTE = reports.FOLDER / "household-waste-and-recycling.md"
TEMPLATE = reports.FOLDER / "_template.md"
TEXT = WASTE.read_text(encoding="utf-8")
LEAD = "residual-waste-per-household"
#: The pages that the report leads to, empty.
AROUND = {
    "index": "# Home",
    **dict.fromkeys(reports.load(WASTE).related, "# Another page"),
    "book/about/data-sources-and-licence": "# Sources",
}


def _spoilt(tmp_path, *changes: tuple[str, str]) -> list[str]:
    text = TEXT
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    path = tmp_path / WASTE.name
    path.write_text(text, encoding="utf-8")
    return reports.faults(path)


# --- the front matter ------------------------------------------------------------------------------

MEASURES = "    outcome: [residual-waste-per-household, household-waste-per-person]"
FRONT = [
    ("report:\n", "rapport:\n", "1: front matter: expected `report:`"),
    ("  group: Environment", "  group: Environmental", "4: report.group: "),
    ("  group: Environment\n", "", "3: report.group: this field is missing"),
    ("  lead: ", "  leed: ", "9: report.leed: there is no such field; the nearest is lead"),
    (
        MEASURES,
        MEASURES.replace("waste-per-household", "waste-per-houshold"),
        "6: report.measures.outcome: there is no measure 'residual-waste-per-houshold'; the nearest are residual-waste-per-household",
    ),
    (MEASURES, "    outcome: []", "6: report.measures.outcome: "),
    (
        MEASURES,
        MEASURES.replace("household-waste-per-person", "household-recycling-rate"),
        "5: report.measures: household-recycling-rate stands there twice",
    ),
    (
        MEASURES + "\n    output: [household-recycling-rate, municipal-waste-landfilled]",
        "    outcome: [residual-waste-per-household, household-waste-per-person]",
        "5: report.measures: expected 3 to 10 in all, not 2",
    ),
    (
        "  lead: residual-waste-per-household",
        "  lead: fly-tipping-incidents",
        "8: report.lead: there is no measure 'fly-tipping-incidents'; the nearest are",
    ),
    (
        "  lead: residual-waste-per-household\n",
        "",
        "3: report.lead: expected a measure with an agreed direction: residual",
    ),
    (
        "description: How much",
        "description: Short. #",
        "2: description: expected 90 to 170 letters, not 6",
    ),
    (
        "[residual-waste-per-household, hou",
        "[residual-waste-per-household, : hou",
        "6: front matter: ",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), FRONT)
def test_wrong_front_matter_is_named_with_line_field_and_what_was_expected(
    tmp_path, old, new, said
):
    found = _spoilt(tmp_path, (old, new))
    line, _, reason = said.partition(":")
    assert len(found) == 1
    assert re.match(rf"{re.escape(WASTE.name)}:\d+: ", found[0])
    assert reason.strip() in found[0]
    if not old.startswith("  lead: residual-waste-per-household\n") and "leed" not in new:
        assert found[0].split(":")[1] == line


def test_lines_are_those_of_the_file(tmp_path):
    lines = TEXT.split("\n")
    (found,) = _spoilt(tmp_path, ("  lead: residual", "  lead: x-residual"))
    at = int(found.split(":")[1])
    assert lines[at - 1].startswith("  lead:")


def test_a_measure_without_a_direction_cannot_lead(tmp_path):
    (found,) = _spoilt(
        tmp_path,
        ("municipal-waste-landfilled]", "population]"),
        ("  lead: residual-waste-per-household", "  lead: population"),
    )
    assert "report.lead: 'population' has no agreed direction" in found


def test_a_measure_that_is_awaited_cannot_lead(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "is_held", lambda identifier: identifier != LEAD)
    (found,) = _spoilt(tmp_path)
    assert f"report.lead: '{LEAD}' has no figures yet" in found


def test_a_framework_has_no_measures_and_other_parts(tmp_path):
    path = tmp_path / "outcomes.md"
    front = TEXT.split("\n---\n")[0].split("  measures:")[0] + "  kind: framework\n---\n"
    path.write_text(f"{front}# Outcomes\n\n{'Words stand here. ' * 100}\n", encoding="utf-8")
    assert reports.faults(path) == []
    assert reports.load(path).shown == ()
    wrong = front.replace("  kind", f"  lead: {LEAD}\n  kind")
    path.write_text(f"{wrong}# Outcomes\n\nWords.\n", encoding="utf-8")
    assert "expected none in a framework" in reports.faults(path)[0]


def test_a_page_with_windows_line_ends_is_read_alike(tmp_path):
    path = tmp_path / WASTE.name
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert reports.faults(path) == []


# --- the anatomy -----------------------------------------------------------------------------------

PANEL = "```{measure-panel} household-waste-per-person\n```\n"
BODY = [
    ("**What residents want to know:** is", "Residents want to know: is", "expected below the title"),
    ("## What the figures do not tell", "## What is not told", "expected a heading 'What the figures do not tell'"),
    (PANEL, "", "'household-waste-per-person' is in the front matter and has no panel"),
    (PANEL, PANEL.replace("household-waste-per-person", "population"), "'population' has a panel and is not in the front matter"),
    ("```{stands-out}\n```\n", "", "expected {stands-out} below 'What stands out'"),
    ("```{better-placed}\n```\n", "", "expected {better-placed} below"),
    ("```{report-end}\n```\n", "", "expected {report-end} below"),
    ("(https://www.legislation.gov.uk/uksi/2023/92/made)", "", "expected a link to a named public source"),
    ("- Who checks the tonnages that our contractor reports? *Audit committee.*\n", "", "expected 4 questions or more, found 3"),
    ("contractor reports? *Audit committee.*", "contractor reports?", "expected a question and a role"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BODY)
def test_a_part_that_is_missing_is_named_with_its_line(tmp_path, old, new, said):
    found = _spoilt(tmp_path, (old, new))
    assert any(said in fault for fault in found), found
    assert all(re.match(rf"{re.escape(WASTE.name)}:\d+: ", fault) for fault in found)


def test_the_order_of_parts_and_panels_is_held_to(tmp_path):
    head, good, rest = re.split(r"(?=## What good looks like)|(?=## How old)", TEXT)
    path = tmp_path / WASTE.name
    path.write_text(
        head.replace("## How much of this", f"{good}## How much of this"), encoding="utf-8"
    )
    assert any("expected a heading 'How old these" in fault for fault in reports.faults(path))
    path.write_text(
        head.replace("## How much of this", f"{good}## How much of this") + rest, encoding="utf-8"
    )
    assert any("stands too early" in fault for fault in reports.faults(path))
    found = _spoilt(
        tmp_path,
        (PANEL, "@@"),
        ("```{measure-panel} household-recycling-rate\n```\n", PANEL),
        ("@@", "```{measure-panel} household-recycling-rate\n```\n"),
    )
    assert any("expected the panels in the order" in fault for fault in found)


def test_words_count_without_blocks_headings_numbers_and_addresses():
    body = "# One two three\n\nFour {figure}`a b c` [five six](https://seven.org/eight).\n\n```{key-points}\n- Nine ten.\n```\n"
    assert re.findall(r"\w+", anatomy.prose(body)) == ["Four", "five", "six"]


def test_too_few_words_of_its_own_are_counted(tmp_path):
    front, body = front_matter.split(TEXT)
    kept = [line for line in body.split("\n") if not line or line[0] in "#`*-"]
    path = tmp_path / WASTE.name
    path.write_text(f"---\n{front}---\n" + "\n".join(kept), encoding="utf-8")
    assert any("expected 250 words of its own or more, found" in f for f in reports.faults(path))


# --- the reports there are ---------------------------------------------------------------------------


def test_every_report_is_as_it_should_be():
    assert [fault for path in reports.paths() for fault in reports.faults(path)] == []


def test_the_template_is_a_report_but_for_its_words_and_no_page_of_the_book(tmp_path):
    copy = tmp_path / "a-report.md"
    copy.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    (only,) = reports.faults(copy)
    assert "words of its own or more" in only
    assert TEMPLATE not in reports.paths()
    assert not report_blocks.is_report("book/reports/_template")
    assert not report_blocks.is_report("book/reports/index")
    contents = (reports.FOLDER.parents[1] / "_toc.yml").read_text(encoding="utf-8")
    assert "_template" not in contents


def test_no_two_reports_share_a_sentence():
    said = defaultdict(set)
    for path in reports.paths():
        for sentence in anatomy.sentences(front_matter.split(path.read_text(encoding="utf-8"))[1]):
            said[sentence].add(path.stem)
    assert {sentence: names for sentence, names in said.items() if len(names) > 1} == {}


def test_a_sentence_that_two_pages_share_would_be_found():
    one = "# A\n\nWords. Nobody is ever told what the bins of the borough weigh."
    two = "# B\n\nNobody is ever told, what the *bins* of the\nborough weigh! More words."
    assert anatomy.sentences(one) & anatomy.sentences(two)


def test_reports_are_listed_by_group_and_title():
    listed = list(reports.reports().values())
    places = [(reports.GROUPS.index(r.group), r.title.casefold()) for r in listed]
    assert places == sorted(places)
    assert [report.slug for report in listed] == list(reports.reports())


def _report(slug: str, group: str, outcome: list[str], lead: str) -> reports.Report:
    return reports.Report.model_validate(
        {
            "slug": slug,
            "title": f"Title of {slug}",
            "description": "d" * 100,
            "group": group,
            "measures": {"outcome": outcome},
            "lead": lead,
        }
    )


def test_a_measure_belongs_to_the_report_that_it_leads_and_hardly_to_one_about_everything():
    three = [LEAD, "household-recycling-rate", "household-waste-per-person"]
    whole = _report("all", "The whole council", three, LEAD)
    other = _report("one", "Environment", three[::-1], three[2])
    third = _report("two", "Environment", three, three[1])
    found = reports.of_measures({"all": whole, "one": other, "two": third})
    assert {measure: report.slug for measure, report in found.items()} == {
        LEAD: "two",
        "household-recycling-rate": "two",
        "household-waste-per-person": "one",
    }


# --- what stands out ---------------------------------------------------------------------------------


def test_what_is_far_from_the_middle_or_changed_has_weight_and_nothing_else():
    made = panel("household-recycling-rate")
    table = made.found.reset_index()
    place = table.apply(lambda row: stands_out.of_place(row, made.measure), axis=1)
    change = table.apply(lambda row: stands_out.of_change(row, made.measure), axis=1)
    ends = table["quarter"].isin([1, 4]) & table["median"].notna() & table["value"].notna()
    assert (place > 0).equals(ends & (table["against_median"] != "similar"))
    assert (change > 0).equals(table["change"].isin(["risen", "fallen"]))
    assert place.max() <= 3
    assert set(change.unique()) <= {0.0, 0.6, 0.8, 1.0}
    assert (place > 0).sum() > 50
    assert (change > 0).sum() > 10


@pytest.mark.parametrize("identifier", ["population", "total-service-spending"])
def test_a_total_never_stands_out(identifier):
    made = panel(identifier)
    for row in made.found.reset_index().head(50).to_dict("records"):
        assert stands_out.of_place(row, made.measure) == 0
        assert stands_out.of_change(row, made.measure) == 0


def test_a_missing_figure_never_stands_out():
    made = panel("household-recycling-rate")
    row = made.found.reset_index().iloc[0].to_dict() | {"value": float("nan")}
    assert stands_out.of_place({**row, "quarter": 4.0}, made.measure) == 0
    assert (
        stands_out.of_change({**row, "change": "risen", "change_by": "signal"}, made.measure) == 0
    )


# --- better placed -----------------------------------------------------------------------------------


@pytest.mark.parametrize("identifier", [LEAD, "household-recycling-rate", "persistent-absence"])
def test_the_best_placed_quarters_middles_are_those_of_a_plain_count(identifier):
    made = panel(identifier)
    quarters = context.quarters(made)
    kinds = citizens()["kind"]
    table = features.table()
    assert len(quarters) >= 3
    for quarter in quarters:
        (kind,) = [k for k in kinds.unique() if context.words.KINDS[k][1] == quarter.several]
        values = made.values[kinds[made.values.index] == kind].dropna()
        if quarter.count + quarter.others != len(values):
            continue
        ordered = values.sort_values(ascending=made.measure.polarity == "low")
        best = ordered.index[: quarter.count]
        # Equals are in it together, and nobody outside is better.
        assert not set(values.drop(best)) & set(values[best])
        assert quarter.count >= len(values) / 4
        shown = {name: better for name, better, _ in quarter.rows}
        for one in context.beside(made.measure):
            assert shown[one.name] == one.write(float(np.nanmedian(table.loc[best, one.feature])))


def test_a_measure_is_not_set_beside_itself():
    deprivation = catalogue.catalogue()["deprivation-score"]
    assert "deprivation" not in [one.feature for one in context.beside(deprivation)]
    assert len(context.beside(deprivation)) == len(context.circumstances()) - 1


def test_only_what_differs_notably_is_told_the_most_telling_first():
    width = context.widths()["deprivation"]
    assert context.told({"deprivation": (20 * 1.001, 20.0)}) == ""
    assert context.told({}) == ""
    assert context.told({"deprivation": (float("nan"), 20.0)}) == ""
    told = context.told(
        {"deprivation": (20 * float(np.exp(width)), 20.0), "children": (10.0, 30.0)}
    )
    assert told == "have a smaller share of children and be more deprived"


def test_a_group_of_equals_has_no_better_quarter():
    made = panel(LEAD)
    same = pd.Series(5.0, index=made.values.index)
    assert context._better_quarter(same, made.measure).all()


def test_the_shared_file_is_small_and_holds_everybodys_figures_in_order():
    shared = context.shared()
    text = json.dumps(shared, separators=(",", ":"), allow_nan=False)
    assert len(gzip.compress(text.encode())) < 40_000
    people = list(citizens().index)
    table = features.table()
    for one in shared["circumstances"]:
        assert len(one["values"]) == len(people)
        hull = one["values"][people.index("E06000010")]
        assert hull == pytest.approx(table.loc["E06000010", one["id"]], abs=0.6)
    pay = next(one for one in shared["circumstances"] if one["id"] == "pay")
    assert pay["values"][people.index("E09000001")] is None


# --- on a page -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    listed = (reports.FOLDER / "index.md").read_text(encoding="utf-8")
    others = {
        **AROUND,
        "book/reports/index": listed,
        "book/about/how-a-councils-page-is-chosen": "# Rule",
    }
    return page(
        tmp_path_factory.mktemp("book"),
        TEXT,
        name="book/reports/household-waste-and-recycling",
        others=others,
        head="",
    )


def test_a_report_is_made_without_a_fault(made):
    assert [fault for fault in made.faults if "xref_missing" not in fault] == []


def test_what_stands_out_says_englands_figures_without_a_script(made):
    block = made.html.split('<div class="stands-out"')[1].split("</details>")[0]
    sentences = re.findall(r'data-slot="sentence">([^<]+)<', block)
    held = reports.held(reports.load(WASTE))
    assert sentences == [str(panel(measure.id).nation["sentence"]) for measure in held]
    first = block.split("<details")[0]
    assert first.count('class="headline"') == stands_out.OPEN


def test_better_placed_says_each_kind_without_a_script(made):
    block = made.html.split('<div class="better-placed"')[1]
    for quarter in context.quarters(panel(LEAD)):
        assert quarter.sentence in block
    data = json.loads(
        re.search(r'class="better-data">(.+?)</script>', block)[1].replace("\\u003c", "<")
    )
    assert data["measure"] == LEAD
    assert data["better"] == "low"


def test_the_end_links_files_related_pages_by_their_titles_and_publishers(made):
    end = made.html.split('<div class="report-end">')[1]
    for measure in reports.load(WASTE).shown:
        for kind in ("csv", "json"):
            assert f'href="../../data/measures/{measure}.{kind}"' in end
        assert f'href="#measure-{measure}"' in end
    for kind in ("csv", "xlsx"):
        assert f'href="../../data/reports/household-waste-and-recycling.{kind}"' in end
    assert end.count(">Another page</a>") == len(reports.load(WASTE).related)
    assert '<a href="index.html">All reports</a>' in end


def test_the_strict_build_says_what_is_wrong_with_file_and_line(tmp_path):
    text = TEXT.replace("## What the figures do not tell", "## Other").replace(
        "notebooks/who-is-like-us]", "notebooks/who-is-like-uss]"
    )
    made = page(
        tmp_path, text, name="book/reports/household-waste-and-recycling", others=AROUND, head=""
    )
    faults = "\n".join(made.faults)
    assert re.search(
        r"household-waste-and-recycling\.md:\d+: .*expected a heading 'What the fig", faults
    )
    assert (
        "there is no page 'notebooks/who-is-like-uss'; the nearest are notebooks/who-is-like-us"
        in faults
    )


def test_front_matter_that_is_wrong_is_said_once(tmp_path):
    text = TEXT.replace("group: Environment", "group: Nonsense")
    made = page(
        tmp_path, text, name="book/reports/household-waste-and-recycling", others=AROUND, head=""
    )
    assert len([fault for fault in made.faults if "report.group" in fault]) == 1
    assert not any("ERROR" in fault for fault in made.faults)


def test_the_blocks_stand_on_other_pages_only_with_a_reports_name(tmp_path):
    made = page(tmp_path, "```{stands-out}\n```\n\n```{better-placed} household-waste\n```")
    first, second = [fault for fault in made.faults if "ERROR" in fault]
    assert "stands-out: expected on the page of a report, or with the name of one" in first
    assert (
        "there is no report 'household-waste'; the nearest are household-waste-and-recycling"
        in second
    )


def test_the_list_names_every_report_of_the_book_under_its_group(tmp_path):
    listed = page(
        tmp_path,
        "```{report-list}\n```",
        name="book/reports/index",
        others={**AROUND, "book/reports/household-waste-and-recycling": TEXT},
    )
    block = listed.html.split('<div class="report-list"')[1]
    assert 'data-count="1"' in block
    assert '<h2 id="group-1">Environment</h2>' in block
    assert 'href="household-waste-and-recycling.html">Household waste and recycling</a>' in block
    assert "Household recycling rate" in re.search(r'data-words="([^"]+)"', block)[1]


def test_the_search_names_reports_as_such_and_finds_them_by_what_people_say():
    report = reports.load(WASTE)
    pages = [
        search.Entry(kind="page", title=report.title, url=f"{report.page}.html"),
        search.Entry(kind="section", title="How?", url=f"{report.page}.html#how", under=0),
        search.Entry(kind="page", title="Home", url="book/index.html"),
    ]
    made = search.as_reports(pages, {report.page: report})
    assert [entry.kind for entry in made] == ["report", "section", "page"]
    assert "bins" in made[0].also
    assert made[2].also == ()
    found = search.in_reports({report.page: report})
    assert found[LEAD] == f"{report.page}.html#measure-{LEAD}"


def test_every_measure_of_a_report_is_held_or_awaited():
    known = snapshot()
    for report in reports.reports().values():
        assert all(one in known or known.awaits(one) for one in report.shown)
