"""The HTML form, read back."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest

from goldenthread.packs import page
from tests.packs import made


class Read(HTMLParser):
    """Every element with its attributes, and the texts of headings and cells."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self._open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("h1", "h2", "h3", "h4", "th", "td", "caption"):
            self._open = [tag, ""]

    def handle_data(self, data):
        if self._open:
            self._open[1] += data

    def handle_endtag(self, tag):
        if self._open and self._open[0] == tag:
            self.texts.append(tuple(self._open))
            self._open = []

    def of(self, *tags):
        return [about for tag, about in self.elements if tag in tags]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "pack.html"
    page.write(made.pack(), path)
    return path.read_text(encoding="utf-8")


def test_headings_step_down_one_at_a_time(text):
    levels = [int(tag[1]) for tag, _ in Read(text).texts if tag[0] == "h"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_it_runs_nothing_and_asks_nobody(text):
    read = Read(text)
    assert not read.of("script", "iframe", "link", "object", "form")
    assert all(not name.startswith("on") for _, about in read.elements for name in about)
    policy = next(one["content"] for one in read.of("meta") if "http-equiv" in one)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert all(one["src"].startswith("data:image/png;") for one in read.of("img"))
    assert "http://" not in text
    assert "https://" not in text


def test_language_words_for_pictures_and_scopes_of_headers(text):
    read = Read(text)
    assert read.of("html") == [{"lang": "en-GB"}]
    assert len(read.of("img")) == sum(case.picture is not None for case in made.pack().cases)
    assert all(one["alt"] for one in read.of("img"))
    assert all(one.get("scope") in ("row", "col") for one in read.of("th"))
    assert len(read.of("caption")) == len(read.of("table"))


def test_every_figure_is_the_scorecards(text):
    cells = [said for tag, said in Read(text).texts if tag in ("th", "td")]
    for row in made.card().itertuples(index=False):
        at = [place for place, cell in enumerate(cells) if cell == row.name.replace("'", "’")]
        assert any(cells[place + 4] == row.shown for place in at), row.name
