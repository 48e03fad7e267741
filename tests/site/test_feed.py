"""The feed of updates: a stranger's reader understands it, and RFC 4287's rules hold."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET

import feedparser
import pytest

from goldenthread.changes import Change, MeasureChange
from goldenthread.site import feed, updates
from goldenthread.snapshot import snapshot

A = f"{{{feed.ATOM}}}"
DAY = date(2026, 11, 24)


def made(told: list[updates.Update] | None = None, base: str = "") -> bytes:
    told = updates.updates(snapshot().changes) if told is None else told
    return feed.feed(told, title="Golden Thread", author="Contributors", base=base, generated=DAY)


def told(line: str, title: str = "Waste: new periods") -> updates.Update:
    return updates.Update("urn:uuid:1", DAY, "defra-waste", title, (line,), ())


def test_a_reader_of_feeds_understands_it():
    read = feedparser.parse(made())
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == "Golden Thread: updates of the figures"
    assert read.feed.author == "Contributors"
    history = snapshot().changes
    assert len(read.entries) == min(len(history), feed.MOST)
    newest = max(change.at for change in history)
    assert date(*read.feed.updated_parsed[:3]) == newest
    for entry in read.entries:
        assert entry.title
        assert entry.content[0].type == "text/html"
        assert "<li>" in entry.content[0].value


@pytest.mark.parametrize("base", ["", "https://example.org/thread/"])
def test_the_rules_of_the_standard_hold(base):
    root = ET.fromstring(made(base=base))
    assert root.tag == f"{A}feed"
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"{A}{name}")) == 1
    assert root.find(f"{A}author/{A}name").text
    entries = root.findall(f"{A}entry")
    ids = [entry.findtext(f"{A}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for one in [root.findtext(f"{A}id"), *ids]:
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one)
    for place in [root, *entries]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", place.findtext(f"{A}updated"))
        relations = [link.get("rel") for link in place.findall(f"{A}link")]
        assert relations.count("alternate") == 1
        assert all(link.get("href").startswith(base) for link in place.findall(f"{A}link"))
    assert root.find(f"{A}link[@rel='self']").get("href") == f"{base}updates.xml"
    allowed = {"feed", "id", "title", "updated", "author", "link", "entry", "content", "name"}
    assert {element.tag.removeprefix(A) for element in root.iter()} == allowed
    days = [entry.findtext(f"{A}updated") for entry in entries]
    assert days == sorted(days, reverse=True)


def test_where_the_site_stands_changes_no_id():
    near, far = (ET.fromstring(made(base=base)) for base in ("", "https://example.org/"))
    assert [e.text for e in near.iter(f"{A}id")] == [e.text for e in far.iter(f"{A}id")]


@pytest.mark.parametrize(
    "line",
    [
        "<script>alert(1)</script> & more",
        ']]> &amp; "quoted"',
        "a\x00b\x0b\ud800c\ufffe",
        "£5 – ünïcode 𝔾",
    ],
)
def test_nothing_a_publisher_writes_breaks_it_or_becomes_markup(line):
    content = made([told(line, title=line)])
    read = feedparser.parse(content, sanitize_html=False)
    assert not read.bozo
    (entry,) = read.entries
    assert "<script>" not in entry.content[0].value
    assert entry.content[0].value.count("<li>") == 1
    kept = re.sub("[\x00\x0b\ud800\ufffe]", "", line)
    assert ET.fromstring(content).findtext(f"{A}entry/{A}title") == kept


def test_a_feed_of_nothing_is_a_feed():
    read = feedparser.parse(made([]))
    assert not read.bozo
    assert read.entries == []
    assert date(*read.feed.updated_parsed[:3]) == DAY


def test_only_the_newest_are_told():
    history = [
        Change(
            at=date(2026, 1, 1 + number % 28),
            source="a",
            title="A",
            publisher="Nobody",
            measures={"x-y": MeasureChange(periods=(str(number),))},
        )
        for number in range(feed.MOST + 20)
    ]
    assert len(feedparser.parse(made(updates.updates(history))).entries) == feed.MOST
