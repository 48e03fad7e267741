"""Packs opened and printed by LibreOffice: what a committee holds in its hands."""

from __future__ import annotations

import os
import re

import pytest

from goldenthread import packs
from tests.packs import made, office

if not office.find():
    if os.environ.get("CI"):
        pytest.fail(office.HOW, pytrace=False)
    pytest.skip(office.HOW, allow_module_level=True)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    files = packs.write(made.pack(), folder, ["word", "slides", "excel"])
    return {one.suffix: office.pages(one, folder / one.suffix[1:]) for one in files}


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_word_begins_with_an_overview_of_one_page(printed):
    first = _plain(printed[".docx"][0])
    for heading in ("Overview", "What stands out", "What needs a decision"):
        assert heading in first
    assert "Exceptions" in printed[".docx"][1]


def test_each_exception_is_on_a_page_of_its_own(printed):
    cases = made.pack().cases
    for case, page in zip(cases, printed[".docx"][1:], strict=False):
        text = _plain(page)
        assert _plain(case.name) in text
        assert {"Commentary", "Actions"} <= set(re.findall(r"Commentary|Actions", text))
        assert _plain(case.questions[-1][0]) in text


def test_the_scorecard_has_its_headers_on_every_page(printed):
    pages = printed[".docx"][1 + len(made.pack().cases) :]
    of_table = [page for page in pages if "Head of" in page]
    assert len(of_table) > 1
    assert all("Against" in page and "What to" in page for page in of_table)


def test_no_text_of_the_workbook_is_cut(printed):
    text = _plain(" ".join(printed[".xlsx"]))
    for case in made.pack().cases:
        assert case.text.split()[-1] in text
    # As wide as the paper: a sheet is printed beside no other part of itself.
    assert len(printed[".xlsx"]) < 12


def test_each_slide_of_an_exception_says_what_was_found(printed):
    slides = [_plain(slide) for slide in printed[".pptx"]]
    for case in made.pack().cases:
        (slide,) = [one for one in slides if one.startswith(_plain(case.name))]
        assert f"{case.why}." in slide
