"""The state of the data: late is late, a revision is counted, and nothing is told that was not recorded."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from goldenthread import snapshot as keeping
from goldenthread.catalogue import catalogue
from goldenthread.changes import Change, MeasureChange, Revised
from goldenthread.site import news, status
from goldenthread.site.updates import updates
from goldenthread.snapshot import snapshot
from tests.site.small_book import fault, page

RATE, LANDFILL = "household-recycling-rate", "municipal-waste-landfilled"
DAY = date(2026, 11, 25)
ABOUT = {"source": "defra-waste", "title": "Waste", "publisher": "Defra"}


# --- every measure -----------------------------------------------------------------------------------


def test_every_measure_of_the_catalogue_has_one_row_in_one_state():
    groups = status.groups(snapshot(), DAY)
    rows = [row for group in groups for row in group.rows]
    assert Counter(row.measure.id for row in rows) == Counter(list(catalogue()))
    assert {row.state for row in rows} <= set(status.STATES)
    assert sum(status.count(rows).values()) == len(catalogue())
    for row in rows:
        assert (row.state == "awaited") == (row.measure.id not in snapshot())
        assert row.expected


def test_a_day_makes_a_measure_late_and_no_day_makes_an_ended_one_so():
    measure = catalogue()[RATE]
    assert status.row(measure, snapshot(), date(2015, 1, 1)).state == "on time"
    late = status.row(measure, snapshot(), date(2040, 1, 1))
    assert late.state == "late"
    ended = status.row(catalogue()["covid-19-cases"], snapshot(), date(2040, 1, 1))
    assert (ended.state, ended.expected) == ("ended", "none: ended 12 December 2023")


def test_a_measure_without_figures_is_awaited(monkeypatch):
    held = snapshot()
    homes = {name: home for name, home in held._home.items() if name != RATE}
    monkeypatch.setattr(held, "_home", homes)
    row = status.row(catalogue()[RATE], held, DAY)
    assert (row.state, row.release, row.expected) == ("awaited", "", "at the next refresh")


@pytest.mark.parametrize("part", status.PARTS)
def test_each_part_stands_on_a_page(tmp_path, part):
    made = page(tmp_path, f"```{{data-status}} {part}\n```")
    assert made.faults == []
    text = re.sub(r"<[^>]+>", " ", made.html)
    if part == "measures":
        assert made.html.count("<tbody>") == len(status.groups(snapshot(), DAY))
        assert made.html.count('<tr><th scope="row">') == len(catalogue())
        for source in snapshot().sources:
            assert f'id="source-{source}"' in made.html
    if part == "changes":
        assert "On " in text
        assert 'href="updates.xml"' in made.html
    if part == "ended":
        assert "Recorded COVID-19 cases in the month: ended, 12 December 2023" in text


def test_a_part_that_does_not_exist_stops_the_build(tmp_path):
    made = page(tmp_path, "```{data-status} everything\n```")
    assert "3: ERROR: data-status: expected one of summary, changes, revisions" in fault(made)


# --- what changed ------------------------------------------------------------------------------------


def change(day: int, measures: dict[str, MeasureChange], **more: object) -> Change:
    return Change(at=date(2026, 11, day), measures=measures, **{**ABOUT, **more})  # type: ignore[arg-type]


FIRST = change(1, {RATE: MeasureChange(new=True), LANDFILL: MeasureChange(new=True)}, first=True)
SECOND = change(
    2,
    {
        RATE: MeasureChange(
            periods=("2023/24",),
            compared=4000,
            revised=12,
            middle=0.31,
            largest=Revised(area="E06000010", period="2021/22", before=31.46, now=33.04),
            withdrawn=1,
            release_before="Spring",
            release="Autumn",
        ),
        LANDFILL: MeasureChange(
            periods=("2023/24",), compared=4000, gone=2, release_before="Spring", release="Autumn"
        ),
    },
)


def test_a_revision_is_told_with_its_number_and_its_size():
    latest, first = updates([FIRST, SECOND])
    assert first.title == "Waste: first figures"
    assert first.revisions == ()
    assert latest.title == "Waste: new periods and revised figures"
    assert latest.lines[:2] == (
        "New figures for 2023/24: Household recycling rate and Share of waste sent to landfill.",
        "Read from “Autumn”, before that from “Spring”.",
    )
    assert latest.revisions == (
        "Household recycling rate: 12 of 4,000 figures that stood here already are other numbers now. "
        "Half of these moved by 0.3 percentage points or less. The largest: Hull, 2021/22, from 31.5% to 33.0%.",
        "Household recycling rate: 1 figure was withdrawn and is missing now.",
        "Share of waste sent to landfill: 2 figures were left out by the publisher altogether.",
    )


def test_whose_the_change_is_and_what_nobody_knows_is_said():
    one = MeasureChange(
        revised=1,
        compared=9,
        middle=2.0,
        largest=Revised(area="E06000010", period="2021/22", before=31.0, now=33.0),
    )
    (ours,) = updates([change(3, {RATE: one}, ours=True)])
    assert "need not be a revision of the publisher’s" in " ".join(ours.lines)
    assert (
        "1 of 9 figures that stood here already is another number now. It is: Hull"
        in ours.revisions[0]
    )
    (unread,) = updates([change(3, {}, unread=True)])
    assert "nobody can tell which were revised" in " ".join(unread.lines)
    (gone,) = updates([change(3, {}, removed=("a-measure-that-was",))])
    assert gone.title == "Waste: no longer held"
    assert gone.lines == ("No longer held: a-measure-that-was.",)


def test_ids_stay_when_more_happens_and_the_newest_stands_first():
    before = {one.id for one in updates([FIRST, SECOND])}
    third = change(2, {RATE: MeasureChange(periods=("2024/25",))})
    after = updates([FIRST, SECOND, third])
    assert before < {one.id for one in after}
    assert len({one.id for one in after}) == 3
    assert [one.at.day for one in after] == [2, 2, 1]


def test_a_page_with_revisions_lists_them_and_one_without_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "history", lambda manifest: [FIRST])
    made = page(tmp_path / "a", "```{data-status} revisions\n```")
    assert "every source has been read once" in made.html
    monkeypatch.setattr(keeping, "history", lambda manifest: [FIRST, SECOND])
    made = page(tmp_path / "b", "```{data-status} revisions\n```")
    assert "12 of 4,000 figures" in made.html
    quiet = change(2, {RATE: MeasureChange(periods=("2023/24",))})
    monkeypatch.setattr(keeping, "history", lambda manifest: [FIRST, quiet])
    made = page(tmp_path / "c", "```{data-status} revisions\n```")
    assert "No refresh so far has found another number" in made.html


# --- what is new for a council -----------------------------------------------------------------------

REPORT = """\
---
description: How much of what households throw away is recycled, what is left over, and how that compares with councils alike.
report:
  group: Environment
  measures:
    outcome: [household-recycling-rate, residual-waste-per-household, household-waste-per-person]
  lead: household-recycling-rate
  related: []
---

# Waste and recycling

""" + "\n".join(
    f"```{{measure-panel}} {name}\n```\n"
    for name in (
        "household-recycling-rate",
        "residual-waste-per-household",
        "household-waste-per-person",
    )
)


def test_the_newest_figures_stand_with_their_day_their_sentence_and_their_report(tmp_path):
    made = page(
        tmp_path,
        "```{what-is-new}\n:each: 2\n```",
        name="book/about/what-is-new",
        others={"book/reports/waste": REPORT, "index": "# Home\n"},
    )
    held = snapshot().manifest(RATE)
    assert f": {held.title}</h3>" in made.html
    assert 'href="../../book/reports/waste.html#measure-household-recycling-rate"' in made.html
    assert made.html.count('class="headline"') == 2
    assert "1 more measure of this publication stands in the reports." in made.html
    assert re.search(
        r'data-measure="household-recycling-rate">.*?data-slot="sentence">England', made.html
    )
    # The site makes the files of councils for the measures that this page speaks of.
    assert set(made.metadata["goldenthread-measures"].split()) == {
        RATE,
        "residual-waste-per-household",
    }


def test_a_book_without_reports_has_nothing_to_list(tmp_path):
    made = page(tmp_path, "```{what-is-new}\n```")
    assert made.faults == []
    assert "No report shows a figure whose day of publication is known." in made.html


def test_publications_are_by_day_and_source_and_the_newest_comes_first():
    names = [RATE, "fly-tipping-incidents", LANDFILL]
    manifests = {name: snapshot().manifest(name) for name in names}
    found = news.publications(list(manifests), manifests)
    assert [(one.published, one.measures) for one in found] == [
        (date(2024, 3, 13), ("fly-tipping-incidents",)),
        (date(2024, 1, 31), (RATE, LANDFILL)),
    ]
