"""What stands at the foot of a page, and what a page allows when there is talk below it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from goldenthread.addresses import Addresses
from goldenthread.catalogue import FOLDER
from goldenthread.site import policy, take_part

HOSTILE = 'A & B "quoted" <script>alert(1)</script> ?x=1#y\nBcc: b@example.org'
FORM = yaml.safe_load(
    (FOLDER.parent / ".github" / "ISSUE_TEMPLATE" / "page.yml").read_text("utf-8")
)


def test_on_github_the_form_of_pages_is_opened_and_filled_in():
    known = Addresses(repository="https://github.com/a/b", book="https://book.example")
    made = take_part.links("book/compare", HOSTILE, known)
    assert [link.said for link in made] == list(take_part.KINDS)
    fields = {one["id"]: one for one in FORM["body"]}
    for link in made:
        parts = urlsplit(link.url)
        assert (parts.scheme, parts.netloc, parts.path) == (
            "https",
            "github.com",
            "/a/b/issues/new",
        )
        assert parts.fragment == ""
        asked = parse_qs(parts.query)
        assert asked["template"] == ["page.yml"]
        assert asked["title"] == [f"Page: {HOSTILE}"]
        assert asked["page"] == ["https://book.example/book/compare.html"]
        assert asked["kind"][0] in fields["kind"]["attributes"]["options"]
        assert set(asked) - {"template", "title"} <= fields.keys()


def test_by_e_mail_the_page_is_filled_in_and_nobody_else_is_written_to():
    (first, *_) = take_part.links("book/compare", HOSTILE, Addresses(email="a@example.org"))
    assert first.url.startswith("mailto:a@example.org?subject=")
    assert "\n" not in first.url
    asked = parse_qs(first.url.partition("?")[2])
    assert set(asked) == {"subject", "body"}
    assert asked["body"] == ["It was useful\n\nbook/compare\n\n"]


def test_without_an_address_the_reader_gets_the_words():
    made = take_part.links("councils/hull/index", "Hull", Addresses(), root="../../")
    assert made[3].url == "../../book/about/take-part.html?page=councils/hull/index&kind=4#by-copy"
    assert len(made) == len(take_part.KINDS)


def test_talk_is_allowed_its_one_host_and_nothing_else():
    off, on = policy.page(), policy.page(talk=True)
    assert off == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'"
    )
    assert "giscus" not in off
    rules = {name: values for name, *values in (rule.split() for rule in on.split("; "))}
    assert {name for name, values in rules.items() if policy.TALK in values} == {
        *("script-src", "style-src", "frame-src"),
    }
    assert "'unsafe-inline'" not in rules["script-src"]
    assert on.count("https://") == 3


@pytest.mark.parametrize("name", ["councils/hull/index", "search", "genindex"])
def test_talk_stands_below_no_page_that_is_put_together(name):
    assert not name.startswith(take_part.TALKED)
