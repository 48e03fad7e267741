"""The self-assessment's words, and the rules of a file of answers."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter

import numpy as np
import pytest
import yaml
from rapidfuzz import fuzz, process

from goldenthread import self_assessment
from goldenthread.self_assessment import AssessmentError, load, read

MADE = self_assessment.assessment()
STATEMENTS = MADE.statements
TEXTS = [text for one in STATEMENTS for text in (one.says, one.look, *one.levels, *one.next)]
RAW = yaml.safe_load(self_assessment.PATH.read_text(encoding="utf-8"))
FILE = {
    "format": "golden-thread-self-assessment",
    "version": 1,
    "id": "0b8b0a52-9df1-4c0e-8b7e-2f4a1c1f7c11",
    "saved": "2026-11-25",
    "label": "",
    "answers": {"data-checked": {"level": 2, "note": "The list."}},
    "plan": {"data-checked": {"action": "Check.", "who": "", "by": "June"}},
}


# --- the words -----------------------------------------------------------------------------------------


def test_no_text_is_another_one_again():
    alike = np.triu(process.cdist(TEXTS, TEXTS, scorer=fuzz.token_sort_ratio), k=1)
    assert [(TEXTS[a], TEXTS[b]) for a, b in np.argwhere(alike > 80)] == []


def test_the_words_are_plain_and_typed_as_prose_is():
    for text in [*TEXTS, *(theme.question for theme in MADE.themes)]:
        assert not re.search(r"[\"']|--|  |;", text), text
        assert not re.search(r"\b\w+iz(?:e|ed|es|ing|ation)\b(?<!size)", text), text
        assert not re.search(r"\b(stakeholder|robust|leverage|holistic|deliverable)", text, re.I)
        assert max(len(said.split()) for said in re.split(r"[.?] ", text)) <= 22, text
        # Figures belong to sources with a date; a statement has none.
        assert not re.search(r"\d|%|£", text), text


def test_each_statement_is_one_sentence_and_its_levels_differ():
    for one in STATEMENTS:
        assert one.says.count(".") == 1, one.says
        assert len({*one.levels, *one.next}) == 8, one.id


def _spoilt(change):
    made = copy.deepcopy(RAW)
    change(made)
    return made


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["levels"].pop(), "levels: "),
        (lambda d: d["themes"].reverse(), "entry: themes: expected leadership, planning"),
        (lambda d: d["themes"].pop(), "entry: themes: expected leadership, planning"),
        (lambda d: d["themes"][0]["statements"].pop(), "themes.0.statements: "),
        (lambda d: d["themes"][0]["statements"][0]["next"].pop(), "themes.0.statements.0.next: "),
        (lambda d: d["themes"][0]["statements"][0].pop("look"), "themes.0.statements.0.look: "),
        (
            lambda d: d["themes"][1]["statements"][0].update(says="No end"),
            "themes.1.statements.0.says: ",
        ),
        (
            lambda d: d["themes"][1]["statements"][0].update(id="data-x"),
            "themes.1: data-x: expected a name that begins with planning-",
        ),
        (
            lambda d: d["themes"][1]["statements"][0].update(id="planning-thread"),
            "entry: planning-thread: stands there twice",
        ),
        (lambda d: d.update(mine=1), "mine: "),
    ],
)
def test_what_is_wrong_is_named_with_file_and_field(tmp_path, change, said):
    path = tmp_path / "levels.yaml"
    path.write_text(yaml.safe_dump(_spoilt(change)), encoding="utf-8")
    with pytest.raises(AssessmentError, match=re.escape(f"levels.yaml: {said}")):
        load(path)


# --- a file of answers -----------------------------------------------------------------------------------


def test_a_file_is_read_as_it_was_written():
    found = read(json.dumps(FILE))
    assert found.answers["data-checked"].level == 2
    assert json.loads(found.model_dump_json()) == FILE
    every = {
        one.id: {"level": level, "note": ""}
        for one, level in zip(STATEMENTS, [1, 2, 3, 4, "unsure", None] * 9)
    }
    counted = Counter(
        str(answer.level)
        for answer in read(json.dumps({**FILE, "answers": every})).answers.values()
    )
    assert sum(counted.values()) == len(STATEMENTS)
    assert len(counted) == 6


def test_every_field_is_described_with_its_limit():
    named = dict(self_assessment.described())
    assert set(FILE) <= set(named)
    for name, length in (
        ("answers.<statement>.note", 500),
        ("plan.<statement>.by", 40),
        ("label", 60),
    ):
        assert named[name].endswith(f"at most {length} characters")


def test_a_large_file_is_not_even_looked_into():
    with pytest.raises(AssessmentError, match="at most 200000 bytes"):
        read(json.dumps(FILE) + " " * self_assessment.BYTES)
