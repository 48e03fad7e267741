"""Chapters of a guide: what their front matter may say, and the parts that all of them have."""

from __future__ import annotations

import re

import pytest

from goldenthread.site import anatomy, chapters, front_matter
from goldenthread.site.chapters import COUNCILLOR, GUIDES, Guide

PAGE = COUNCILLOR.folder / "reading-a-number.md"
TEMPLATE = COUNCILLOR.folder / "_template.md"
TEXT = PAGE.read_text(encoding="utf-8")
TRY = "```{try-it} denominator\n```\n"


def _spoilt(tmp_path, *changes: tuple[str, str]) -> list[str]:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = tmp_path / PAGE.name
    path.write_text(text, encoding="utf-8")
    return chapters.faults(path)


def _section(heading: str) -> str:
    """Give a section of the chapter, from its heading to the next."""
    found = re.search(rf"(?ms)^## {heading}\n.*?(?=^## )", TEXT)
    assert found, heading
    return found[0]


# --- the chapters there are --------------------------------------------------------------------------


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.folder.name)
def test_every_chapter_is_as_it_should_be(guide):
    assert chapters.paths(guide)
    assert chapters.guide_faults(guide) == []


def test_no_two_chapters_share_a_sentence():
    said: dict[str, str] = {}
    for path in chapters.paths(COUNCILLOR):
        for sentence in anatomy.sentences(front_matter.split(front_matter.text_of(path))[1]):
            other = said.setdefault(sentence, path.name)
            assert other == path.name, f"{path.name} and {other}: {sentence}"


def test_the_template_is_a_chapter_but_for_its_words_and_no_page_of_the_book(tmp_path):
    copy = tmp_path / "a-chapter.md"
    copy.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    (only,) = chapters.faults(copy)
    assert re.search(r":\d+: expected 900 to 1,600 words, found [\d,]+$", only)
    assert TEMPLATE not in chapters.paths(COUNCILLOR)
    root = COUNCILLOR.folder.parents[1]
    assert "only_build_toc_files: true" in (root / "_config.yml").read_text(encoding="utf-8")
    assert "_template" not in (root / "_toc.yml").read_text(encoding="utf-8")


def test_a_tool_is_no_chapter_and_a_chapter_that_does_not_say_so_is_found(tmp_path):
    assert COUNCILLOR.folder / "question-bank.md" not in chapters.paths(COUNCILLOR)
    front, body = front_matter.split(TEXT)
    path = tmp_path / "forgot.md"
    path.write_text(f"---\n{front.split('chapter:')[0]}---\n{body}", encoding="utf-8")
    (tmp_path / "tool.md").write_text("# What should you ask?\n\nWords.\n", encoding="utf-8")
    guide = Guide(tmp_path, COUNCILLOR.words)
    assert chapters.paths(guide) == [path]
    assert chapters.guide_faults(guide) == [
        "forgot.md:1: front matter: expected `chapter:` with minutes, roles and question"
    ]


# --- the front matter --------------------------------------------------------------------------------

FRONT = [
    ("description: How to", "description: Short. #", 2, "description: expected 90 to 170 letters"),
    ("minutes: 8", "minutes: 25", 4, "chapter.minutes: expected 6 to 10, not 25"),
    ("minutes: 8", "minutes: soon", 4, "chapter.minutes: Input should be a valid integer"),
    (
        "minutes: 8",
        "minuts: 8",
        4,
        "chapter.minuts: there is no such field; the nearest is minutes",
    ),
    ("roles: [everyone]", "roles: []", 5, "chapter.roles: "),
    ("roles: [everyone]", "roles: [scrutinee]", 5, "there is no role 'scrutinee'; the nearest are"),
    ("roles: [everyone]", "roles: [audit, everyone]", 5, "there is no role 'everyone'"),
    ("it not say?", "it not say.", 6, "chapter.question: expected a question"),
    ("roles: [everyone]", "roles: [everyone", 6, "front matter: "),
    (
        "  question:",
        "  level: 3\n  question:",
        6,
        "chapter.level: there is no such field; the nearest is",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), FRONT)
def test_wrong_front_matter_is_named_with_line_field_and_what_was_expected(
    tmp_path, old, new, line, said
):
    (found,) = _spoilt(tmp_path, (old, new))
    assert found.startswith(f"{PAGE.name}:{line}: ")
    assert said in found


# --- the parts ---------------------------------------------------------------------------------------

QUESTIONS = re.findall(r"(?m)^- .*\?.*\*Ask .*\*\n", TEXT)
PITFALLS = re.findall(r"(?m)^- \*\*.*\n", _section("Pitfalls"))
CHECKS = re.findall(r"(?ms)^```\{self-check\}\n.*?^```\n", TEXT)
POINTS = re.findall(r"(?m)^- .*\n", TEXT.split("{key-points}")[1].split("```")[0])
PARTS = [
    ("# What does this number say?", "# This number", "expected a title that is one question"),
    ("# What does this number say?", "# What? Why?", "expected a title that is one question"),
    ("## In your council", "## In my council", "expected a heading 'In your council'"),
    ("## Try it\n", "## Try this\n", "expected a heading 'Try it'"),
    ("{questions} Questions to ask", "{questions} Ask", "expected {questions} Questions to ask"),
    ("## Pitfalls", "## Traps", "expected a heading 'Pitfalls'"),
    ("## Check yourself", "## Checks", "expected a heading 'Check yourself'"),
    ("```{key-points} What to remember", "```{guidance} Remember", "expected {key-points}"),
    ("## Go further", "## More", "expected a heading 'Go further'"),
    ("## A count that a council set beside others\n", "", "expected a story under a heading"),
    (TRY, "", "expected a {try-it}, or an exercise of 40 words or more"),
    (TRY, TRY + "\n```{try-it} rank\n```\n", "expected one {try-it}, found denominator, rank"),
    ("".join(QUESTIONS[-2:]), "", "expected 5 questions or more, found 4"),
    (" *Ask the cabinet member.*", "", "expected a question and a role"),
    ("".join(PITFALLS[:2]), "", "expected 3 to 5 pitfalls, found 2"),
    (PITFALLS[0], PITFALLS[0] * 3, "expected 3 to 5 pitfalls, found 6"),
    (CHECKS[0], "", "expected 3 to 5 {self-check}, found 2"),
    (CHECKS[0], CHECKS[0] * 4, "expected 3 to 5 {self-check}, found 6"),
    ("".join(POINTS[:2]), "", "expected 3 to 5 key points, found 2"),
    ("- [x] A collection", "- [ ] A collection", "expected one answer marked [x], found 0"),
    ("- [ ] Fewer bins", "- [x] Fewer bins", "expected one answer marked [x], found 2"),
    (
        "  Perhaps, but this figure asked nobody.\n",
        "",
        "expected an explanation below the answer 'Residents are happier with the service.'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), PARTS)
def test_a_part_that_is_missing_is_named_with_its_line(tmp_path, old, new, said):
    found = _spoilt(tmp_path, (old, new))
    assert any(said in fault for fault in found), found
    assert all(re.match(rf"{re.escape(PAGE.name)}:\d+: ", fault) for fault in found)


def test_a_line_is_that_of_the_file(tmp_path):
    (found,) = _spoilt(tmp_path, (CHECKS[1], CHECKS[1].replace("[x]", "[ ]")))
    line = int(found.split(":")[1])
    assert TEXT.split("\n")[line - 1] == "```{self-check}"
    assert TEXT.split("\n")[line].startswith("Four of the five care leavers")


def test_a_chapter_speaks_of_the_readers_council(tmp_path):
    changes = [(found, "") for found in re.findall(r"\{finding\}`[\w-]+`", TEXT)]
    (found,) = _spoilt(tmp_path, *changes)
    assert "expected {finding}, {value} or one of compare-measures, headlines" in found
    live = "## In your council\n\n```{measure-panel} household-recycling-rate\n```\n"
    assert _spoilt(tmp_path, *changes, ("## In your council\n", live)) == []


def test_something_live_elsewhere_does_not_count(tmp_path):
    changes = [(found, "") for found in re.findall(r"\{finding\}`[\w-]+`", TEXT)]
    elsewhere = ("## Go further\n", "## Go further\n\n{finding}`household-recycling-rate`\n")
    assert len(_spoilt(tmp_path, *changes, elsewhere)) == 1


def test_an_opening_stands_below_the_title(tmp_path):
    front, body = front_matter.split(TEXT)
    title, _, rest = body.strip().partition("\n")
    path = tmp_path / PAGE.name
    path.write_text(
        f"---\n{front}---\n\n{title}\n\n## Five{rest.split('## Five')[1]}", encoding="utf-8"
    )
    assert any("expected an opening below the title" in fault for fault in chapters.faults(path))


def test_two_links_lead_further(tmp_path):
    above = TEXT.split("## Go further\n")[0]
    path = tmp_path / PAGE.name
    path.write_text(f"{above}## Go further\n\n[One](glossary.md) link.\n", encoding="utf-8")
    assert chapters.faults(path)[0].endswith("expected 2 links or more, found 1")


def test_the_order_of_parts_is_held_to(tmp_path):
    traps, check = _section("Pitfalls"), _section("Check yourself")
    found = _spoilt(tmp_path, (traps + check, check + traps))
    assert "'Check yourself' stands too early; expected the order a heading 'In your" in found[0]
    assert "{key-points} stands too early" in found[1]
    assert len(found) == 2


def test_an_exercise_of_ones_own_papers_may_stand_in_place_of_a_picture(tmp_path):
    task = "Open the last report and write down what you see beside each figure. " * 4
    assert _spoilt(tmp_path, (TRY, f"{task}\n"), ("## Try it", "## Try it: ten minutes")) == []


def test_a_page_with_windows_line_ends_is_read_alike(tmp_path):
    path = tmp_path / PAGE.name
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert chapters.faults(path) == []


# --- words -------------------------------------------------------------------------------------------


def test_words_are_all_that_is_read_and_nothing_else(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(
        "---\ndescription: Not this.\n---\n# Nor the title\n\n"
        "One {figure}`a england` [three four](https://not.org/this).\n\n"
        "```{guidance} Nor its name\n:class: nor-this\nFive six.\n```\n\n"
        "```{compare-measures} Nor\nthis-measure\n```\n\n"
        "```{self-check}\nSeven?\n\n- [ ] Eight.\n\n  Nine.\n- [x] Ten.\n\n  Eleven.\n```\n\n"
        "| Twelve | 13.5% |\n|---|---|\n",
        encoding="utf-8",
    )
    assert chapters.words(path) == 13


FIVE = _section("Five things to read before the colour")
SHORT = [(FIVE, ""), *((check, "") for check in CHECKS)]
LONG = [(FIVE, FIVE + "word " * 500 + "\n\n")]


@pytest.mark.parametrize("changes", [SHORT, LONG], ids=["few", "many"])
def test_too_few_and_too_many_words_are_counted(tmp_path, changes):
    found = _spoilt(tmp_path, *changes)
    counted = chapters.words(tmp_path / PAGE.name)
    assert f"{PAGE.name}:9: expected 900 to 1,600 words, found {counted:,}" in found


def test_a_guide_has_its_own_length(tmp_path):
    (tmp_path / PAGE.name).write_text(TEXT, encoding="utf-8")
    (only,) = chapters.guide_faults(Guide(tmp_path, range(100, 201)))
    assert only.endswith(f"expected 100 to 200 words, found {chapters.words(PAGE):,}")
    assert chapters.guide_faults(Guide(tmp_path, range(900, 1801))) == []


def test_one_kind_of_thing_to_try_stands_in_two_chapters_at_most(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(TEXT, encoding="utf-8")
    line = TEXT.split("\n").index("```{try-it} denominator") + 1
    assert chapters.guide_faults(Guide(tmp_path, COUNCILLOR.words)) == [
        f"c.md:{line}: {{try-it}} denominator stands in a.md, b.md already; expected another kind"
    ]
    (tmp_path / "c.md").unlink()
    assert chapters.guide_faults(Guide(tmp_path, COUNCILLOR.words)) == []
