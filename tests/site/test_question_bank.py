"""The question bank: what it holds, what is drawn from it, and what stops the build."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml
from rapidfuzz import fuzz, process

from goldenthread import catalogue
from goldenthread.site import question_bank, question_blocks
from goldenthread.site.boxes import ROLES
from goldenthread.site.question_bank import MOMENTS, BankError, draw, load
from goldenthread.site.themes import themes

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

BANK = question_bank.bank()
QUESTIONS = list(BANK.values())
ASKED = [one.ask for one in QUESTIONS]
GOOD = {
    "id": "one",
    "ask": "What did this change?",
    "why": "Actions are reported and forgotten.",
    "good": "What moved, and by how much.",
    "roles": ["scrutiny"],
    "themes": ["any"],
    "moments": ["budget"],
    "to": "the cabinet member",
}


# --- what it holds ---------------------------------------------------------------------------------


def test_it_is_large_and_spread_over_themes_roles_and_moments():
    assert len(QUESTIONS) >= 220
    for field, known, least in (
        ("roles", ROLES, 15),
        ("themes", themes(), 3),
        ("moments", MOMENTS, 8),
    ):
        counted = Counter(name for one in QUESTIONS for name in getattr(one, field))
        assert {name: counted[name] for name in known if counted[name] < least} == {}


def test_no_question_is_a_variant_of_another_or_of_a_measures_own():
    alike = np.triu(process.cdist(ASKED, ASKED, scorer=fuzz.token_sort_ratio), k=1)
    assert [(ASKED[a], ASKED[b]) for a, b in np.argwhere(alike > 72)] == []
    own = [one.ask for measure in catalogue.catalogue().values() for one in measure.questions]
    alike = process.cdist(ASKED, own, scorer=fuzz.token_sort_ratio)
    assert [(ASKED[a], own[b]) for a, b in np.argwhere(alike > 78)] == []


@pytest.mark.parametrize("field", ["why", "good"])
def test_every_reason_and_every_good_answer_is_its_own(field):
    said = [getattr(one, field) for one in QUESTIONS]
    alike = np.triu(process.cdist(said, said, scorer=fuzz.token_sort_ratio), k=1)
    assert [(said[a], said[b]) for a, b in np.argwhere(alike > 75)] == []
    assert [one for one in said if not 4 <= len(one.split()) <= 36] == []


def test_the_words_are_plain_and_typed_as_prose_is():
    for one in QUESTIONS:
        words = f"{one.ask} {one.why} {one.good} {one.to}"
        assert not re.search(r"[\"']|--|  |;", words), words
        assert not re.search(r"\b\w+iz(?:e|ed|es|ing|ation)\b(?<!size)(?<!sizes)", words), words
        assert not re.search(
            r"\b(stakeholder|robust|leverage|holistic|deliverable|going forward)", words, re.I
        ), words
        # Figures belong to sources with a date; a question has none.
        assert not re.search(r"\d{3,}|%|£", words.replace("section 151", "")), words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ask": "What did this change."}, "one: ask: "),
        ({"ask": " ".join(["What"] * 31) + "?"}, "one: ask: expected at most 30 words, found 31"),
        ({"roles": ["scrutinee"]}, "one: roles: there is no role 'scrutinee'; the nearest are scr"),
        ({"themes": ["wast"]}, "one: themes: there is no theme 'wast'; the nearest are waste"),
        ({"themes": ["any", "waste"]}, "one: themes: expected 'any' alone"),
        ({"moments": ["budgets"]}, "one: moments: there is no moment 'budgets'; the nearest are b"),
        ({"moments": ["budget", "budget"]}, "one: moments: a moment stands there twice"),
        ({"to": "the head."}, "one: to: "),
        ({"mine": 1}, "one: mine: "),
        ({"good": None}, "one: good: "),
        ({"id": None}, "entry 1: id: "),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_field(tmp_path, change, said):
    path = tmp_path / "asks.yaml"
    path.write_text(yaml.safe_dump([{**GOOD, **change}]), encoding="utf-8")
    with pytest.raises(BankError, match=re.escape(f"asks.yaml: {said}")):
        load(path)


def test_an_id_stands_there_once(tmp_path):
    path = tmp_path / "asks.yaml"
    path.write_text(yaml.safe_dump([GOOD, GOOD]), encoding="utf-8")
    with pytest.raises(BankError, match="one: id: stands there twice"):
        load(path)


# --- what is drawn ---------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", themes())
def test_what_is_drawn_for_a_theme_is_about_it_first(theme):
    found = draw(QUESTIONS, theme=theme)
    general = [one.is_general for one in found]
    assert general == sorted(general)
    assert all(one.is_general or theme in one.themes for one in found)
    assert general.count(False) >= 3


def test_what_is_drawn_suits_all_that_was_asked_and_the_narrowest_comes_first():
    found = draw(QUESTIONS, role="audit", moment="new contract")
    assert found
    assert all("audit" in one.roles and "new contract" in one.moments for one in found)
    breadths = [(len(one.roles), len(one.moments)) for one in found]
    assert breadths == sorted(breadths)


# --- what a page makes of it -----------------------------------------------------------------------


def test_a_page_draws_as_many_as_it_wants_with_a_way_to_the_rest(tmp_path):
    made = page(
        tmp_path,
        "```{question-bank}\n:role: ward councillor\n:moment: complaint or case\n:count: 3\n```",
        name="book/reading",
        others={"index": "# Home\n", question_blocks.PAGE: "# Bank\n"},
    )
    assert made.faults == []
    found = draw(QUESTIONS, role="ward councillor", moment="complaint or case")
    assert re.findall(r"<summary>(.*?)</summary>", made.html) == [one.ask for one in found[:3]]
    assert made.html.count("<details>") == 3
    assert found[0].why in made.html
    assert (
        'href="../book/councillor/question-bank.html'
        '?role=ward-councillor&amp;moment=complaint-or-case"' in made.html
    )
    assert f"{len(found) - 3} more questions like these" in made.html


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (":role: scrutinee", "there is no role 'scrutinee'; the nearest are scrutiny"),
        (":theme: wast", "there is no theme 'wast'; the nearest are waste"),
        (":moment: budgets", "there is no moment 'budgets'; the nearest are budget"),
        (":count: 2", "expected a role, a theme or a moment"),
        (":role: audit\n:count: 999", "999 questions are asked for, and "),
        (":role: audit\n:rule: audit", "rule"),
    ],
)
def test_a_wrong_option_stops_the_build_with_file_and_line(tmp_path, options, said):
    made = page(tmp_path, f"Words.\n\n```{{question-bank}}\n{options}\n```")
    where, _, words = fault(made).partition(": ")
    assert where.isdigit()
    assert said in words


def test_the_list_has_every_question_once_in_groups(tmp_path):
    made = page(tmp_path, "```{question-list}\n```")
    assert made.faults == []
    assert made.metadata["goldenthread-made-from"] == str(question_bank.PATH)
    ids = re.findall(r'class="bank-question" id="question-([^"]+)"', made.html)
    assert sorted(ids) == sorted(BANK)
    titles = re.findall(r'<h2 id="questions-[^"]+">(.*?)</h2>', made.html)
    assert titles[0] == question_blocks.GENERAL
    assert titles[1:] == list(dict.fromkeys(theme.group for theme in themes().values()))
    assert f"{len(QUESTIONS)} questions." in made.html
    for one in QUESTIONS:
        assert one.ask in made.html
        assert one.good in made.html
