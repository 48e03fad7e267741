"""Events and resources of others: what the file may hold, what is over, and what a page makes of it."""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from html import escape
from pathlib import Path

import pytest
import yaml

from goldenthread.prose import external
from goldenthread.site import gatherings
from goldenthread.site.gatherings import KINDS, GatheringError, load, standing

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

ROOT = Path(gatherings.__file__).parent.parent.parent
KEPT = gatherings.gatherings()
TODAY = date(2026, 11, 25)


def _entry(**changes):
    whole = {
        "title": "A day of charts",
        "kind": "training",
        "for": ["officer"],
        "what": "It shows how to draw.",
        "publisher": "A publisher",
        "url": "https://charts.example/day",
        "checked": date(2026, 11, 1),
        **changes,
    }
    return {field: value for field, value in whole.items() if value != "left out"}


def _write(folder, *entries):
    path = folder / "gatherings.yaml"
    path.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return path


# --- the project's own -----------------------------------------------------------------------------


def test_nobody_is_said_to_have_read_an_address_that_nobody_has():
    listed = external.load()
    for one in KEPT:
        known = listed[external.bare(one.url)].checked
        assert one.checked is None or (known and one.checked <= known), one.title


def test_there_is_something_for_every_role_and_of_every_kind():
    assert {role for one in KEPT for role in one.roles} == set(gatherings.ROLES)
    assert {one.kind for one in KEPT} == set(KINDS)


def test_the_page_shows_all_of_it():
    text = (ROOT / "book/about/events-and-resources.md").read_text(encoding="utf-8")
    assert "```{events-and-resources}\n```" in text


def test_writers_are_shown_how():
    text = (ROOT / "book/about/writing-for-this-book.md").read_text(encoding="utf-8")
    assert "````{example}\n```{events-and-resources}\n:kind: training\n```\n````" in text
    named = re.search(r"The kinds are (.*?)\. What has a date", text)
    assert named
    assert re.findall(r"`(.*?)`", named[1]) == list(KINDS)


# --- what is wrong with an entry -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "left out"}, "entry 1: title: Field required"),
        ({"kind": "party"}, "A day of charts: kind: Input should be"),
        ({"for": []}, "A day of charts: for: Tuple should have at least 1 item"),
        ({"for": ["scrutinee"]}, "for: there is no role 'scrutinee'; the nearest are scrutiny"),
        ({"what": "Charts"}, "A day of charts: what: String should have at least 12"),
        ({"url": "http://charts.example/day"}, "A day of charts: url: String should match"),
        ({"url": "javascript:alert(1)"}, "A day of charts: url: String should match"),
        ({"url": "https://charts.example/a day"}, "A day of charts: url: String should match"),
        ({"checked": "left out"}, "A day of charts: checked: Field required"),
        ({"checked": "last week"}, "A day of charts: checked: Input should be a valid date"),
        ({"when": "soon"}, "A day of charts: when"),
        ({"kind": "event series"}, "when: expected a date or a rule for an event series"),
        ({"where": "here"}, "A day of charts: where: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_field(tmp_path, changes, said):
    with pytest.raises(GatheringError, match=re.escape(said)) as caught:
        load(_write(tmp_path, _entry(**changes)))
    assert str(caught.value).startswith("gatherings.yaml: ")


def test_a_title_stands_there_once(tmp_path):
    with pytest.raises(GatheringError, match="A day of charts: title: stands there twice"):
        load(_write(tmp_path, _entry(), _entry(publisher="Another")))


# --- what is over ----------------------------------------------------------------------------------


def _titles(tmp_path, today, *entries):
    laid = standing(load(_write(tmp_path, *entries)), today)
    return {kind: [one.title for one in some] for kind, some in laid.items()}


def test_what_has_a_date_stands_until_that_day_is_over(tmp_path):
    one = _entry(when=TODAY)
    for day, stands in [(-1, True), (0, True), (1, False)]:
        made = _titles(tmp_path, TODAY + timedelta(days=day), one)
        assert made == ({"training": ["A day of charts"]} if stands else {})


def test_a_rule_and_what_is_always_there_never_end(tmp_path):
    entries = [_entry(title="Autumn", when="each October"), _entry(title="Any day")]
    made = _titles(tmp_path, date(2099, 1, 1), *entries)
    assert made == {"training": ["Autumn", "Any day"]}


def test_the_next_comes_first_and_kinds_keep_their_order(tmp_path):
    made = _titles(
        tmp_path,
        TODAY,
        _entry(title="A table", kind="data"),
        _entry(title="Any day"),
        _entry(title="Later", when=TODAY + timedelta(days=9)),
        _entry(title="Sooner", when=TODAY + timedelta(days=2)),
        _entry(title="A meeting", kind="event series", when="each May"),
    )
    assert list(made.items()) == [
        ("event series", ["A meeting"]),
        ("training", ["Sooner", "Later", "Any day"]),
        ("data", ["A table"]),
    ]


# --- the page --------------------------------------------------------------------------------------


@pytest.fixture
def kept_here(tmp_path, monkeypatch):
    """Let the project's own be these."""

    def keep(*entries):
        made = load(_write(tmp_path, *entries))
        monkeypatch.setattr(gatherings, "gatherings", lambda: made)

    return keep


def test_a_page_says_of_each_what_when_for_whom_and_by_whom(tmp_path):
    made = page(tmp_path, "```{events-and-resources}\n```")
    assert made.faults == []
    stand = [one for some in standing(KEPT, date.today()).values() for one in some]
    rows = re.findall(r'<tr><td><a href="(.*?)">(.*?)</a>(.*?)</tr>', made.html)
    assert [(url, title) for url, title, _ in rows] == [
        (escape(one.url), escape(one.title)) for one in stand
    ]
    for one, (_, _, rest) in zip(stand, rows, strict=True):
        assert f"<td>{one.time}</td>" in rest
        assert f"For {one.readers}." in rest
        assert ("Address not read yet." in rest) == (one.checked is None)
    assert made.metadata["goldenthread-made-from"] == str(gatherings.PATH)


def test_a_page_leaves_out_what_is_over_and_escapes_what_it_says(tmp_path, kept_here):
    day = date.today()
    kept_here(
        _entry(title="Gone by", when=day - timedelta(days=1)),
        _entry(title="Q & A <live>", when=day + timedelta(days=30)),
    )
    made = page(tmp_path, "```{events-and-resources}\n```")
    assert "Gone by" not in made.html
    assert "Q &amp; A &lt;live&gt;</a>" in made.html
    assert "Address read on 1 November 2026." in made.html


def test_one_kind_stands_by_itself(tmp_path):
    made = page(tmp_path, "```{events-and-resources}\n:kind: training\n```")
    assert made.faults == []
    assert re.findall("<caption>(.*?)</caption>", made.html) == ["Training"]
    assert "goldenthread-made-from" not in made.metadata


def test_a_wrong_kind_stops_the_build_with_the_nearest(tmp_path):
    made = page(tmp_path, "```{events-and-resources}\n:kind: trainings\n```")
    said = fault(made)
    assert said.startswith("3: ERROR: events-and-resources: there is no kind 'trainings'")
    assert "the nearest are training" in said
