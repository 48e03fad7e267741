"""What stands below a chapter's title, and what a build says of one that is not as it should be."""

from __future__ import annotations

import sys
from pathlib import Path

from goldenthread.site.chapters import COUNCILLOR

sys.path.insert(0, str(Path(__file__).resolve().parent))
from small_book import page

NAME = "book/councillor/reading-a-number"
HOME = {"index": "# A book"}
TEXT = (COUNCILLOR.folder / "reading-a-number.md").read_text(encoding="utf-8")


def test_a_page_that_is_no_chapter_has_nothing_below_its_title(tmp_path):
    made = page(tmp_path, "Words.", name="book/councillor/tool", others=HOME)
    assert "chapter-head" not in made.html


def test_a_chapter_says_how_long_it_takes_and_whom_it_matters_to(tmp_path):
    made = page(
        tmp_path,
        "",
        head=TEXT.replace("roles: [everyone]", "roles: [audit, officer]"),
        name=NAME,
        others=HOME,
    )
    head = made.html.split("</h1>")[1].split("</p>")[0]
    assert "8 minutes" in head
    assert "audit committees" in head
    assert "officers" in head
    assert head.index("chapter-head") < head.index("minutes")


def test_a_chapter_that_is_not_as_it_should_be_stops_the_build(tmp_path):
    wrong = TEXT.replace("## Pitfalls", "## Traps")
    made = page(tmp_path, "", head=wrong, name=NAME, others=HOME)
    assert [
        fault for fault in made.faults if "reading-a-number.md" in fault and "chapter: " in fault
    ]
    whole = page(tmp_path / "whole", "", head=TEXT, name=NAME, others=HOME)
    assert not [fault for fault in whole.faults if "chapter: " in fault]
