"""The Local Outcomes Framework: every metric once, what is held of it, and the page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from goldenthread.catalogue import catalogue
from goldenthread.site import reports
from goldenthread.site.framework import PATH, FrameworkError, Metric, framework, load
from goldenthread.snapshot import snapshot
from tests.site.small_book import page

PAGE = reports.FOLDER / "local-outcomes-framework.md"
#: Outcome and output metrics of each outcome, as the edition of July 2026 counts them.
COUNTS = {
    1: (0, 0),
    2: (2, 2),
    3: (5, 0),
    4: (0, 3),
    5: (3, 2),
    6: (12, 2),
    7: (13, 2),
    8: (9, 5),
    9: (5, 1),
    10: (6, 2),
    11: (2, 0),
    12: (8, 2),
    13: (4, 1),
    14: (5, 2),
    15: (6, 10),
    16: (1, 0),
}


def metrics() -> list[Metric]:
    return list(framework().metrics)


def metric(number: str) -> Metric:
    (found,) = [one for one in metrics() if one.number == number]
    return found


def test_every_metric_stands_there_once():
    made = {}
    for outcome in framework().outcomes:
        kinds = Counter(one.kind for one in outcome.metrics)
        made[outcome.number] = (kinds["outcome"], kinds["output"])
    assert made == COUNTS
    assert len({one.number for one in metrics()}) == 115


def test_publishers_and_directions_are_those_of_the_edition():
    assert Counter(one.better for one in metrics()) == {"high": 67, "low": 41, None: 7}
    publishers = Counter(one.publisher for one in metrics())
    named = {"DfE": 30, "DHSC": 18, "ASCOF": 13, "MHCLG": 12, "ONS": 12, "DCMS": 8, "DfT": 7}
    assert {name: publishers[name] for name in named} == named
    assert {one.number for one in metrics() if one.placeholder} == {"3.3", "12.3", "12.10"}
    assert {one.number for one in framework().outcomes if one.contextual} == {15, 16}


def test_what_is_the_same_has_no_other_direction_than_the_framework():
    differing = {
        (one.number, identifier)
        for one in metrics()
        for identifier in one.measures
        if catalogue()[identifier].polarity not in (None, one.better)
    }
    # The framework leaves it open whether businesses that close are bad news; outcome 15 judges nothing.
    assert differing == {("15.8", "business-death-rate")}


def test_every_publisher_and_collection_is_used():
    assert {one.publisher for one in metrics()} == set(framework().publishers)
    assert {one.found for one in metrics()} == set(framework().collections)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("13.2", "shown"),
        ("13.3", "nearly"),
        ("13.5", "not in the workbook"),
        ("12.3", "not published"),
    ],
)
def test_status_follows_from_the_figures(number, said):
    assert metric(number).status(snapshot()) == said


@pytest.mark.parametrize("number", ["13.2", "13.3"])
def test_what_is_awaited_is_never_called_held(monkeypatch, number):
    monkeypatch.setattr(type(snapshot()), "__contains__", lambda *_: False)
    assert metric(number).status(snapshot()) == "awaited"


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        ("13.2", {"measures": ["no-such-measure"]}, "there is no measure 'no-such-measure'"),
        ("13.3", {"note": None}, "note: expected in what `near` differs"),
        ("13.2", {"found": "nowhere"}, "13.2: found: there is no found 'nowhere'"),
        ("13.2", {"number": "13.3"}, "metrics: expected 13.2, found 13.3"),
        ("13.2", {"better": "up"}, "metrics 13.2: better"),
        ("13.2", {"target": 65}, "metrics 13.2: target"),
        ("13.2", {"published": False}, "published: expected true"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(tmp_path, number, change, said):
    entries = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    outcome, place = (int(part) - 1 for part in number.split("."))
    entries["outcomes"][outcome]["metrics"][place].update(change)
    path = tmp_path / "edition.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(FrameworkError, match=re.escape(said)) as caught:
        load(path)
    assert str(caught.value).startswith("edition.yaml: ")


def test_the_page_is_a_report_and_shows_every_metric(tmp_path: Path):
    assert reports.faults(PAGE) == []
    assert "```{outcomes-framework}\n```" in PAGE.read_text(encoding="utf-8")
    made = page(tmp_path, "## All\n\n```{outcomes-framework}\n```")
    assert made.faults == []
    assert len(re.findall(r"<h3>\d+\. ", made.html)) == len(COUNTS)
    for one in metrics():
        held = one.status(snapshot()) in ("shown", "nearly")
        assert (f'id="metric-{one.number}"' in made.html) is not held
    shown = {one for each in metrics() for one in (*each.measures, *each.near)}
    held_ids = {one for one in shown if one in snapshot()}
    assert set(made.metadata["goldenthread-measures"].split()) == held_ids
    assert all(f'data-measure="{one}" data-inline="value"' in made.html for one in held_ids)
    # Prosperity and child poverty are background: no words there that judge.
    background = made.html[made.html.index("<h3>15. ") :]
    assert 'class="comparison labelled unjudged"' in background
    assert 'data-inline="compared"' not in background
    assert 'data-inline="compared"' in made.html
