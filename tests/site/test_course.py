"""The guide in thirty minutes: what it holds, what a page makes of it, and what stops the build."""

from __future__ import annotations

import html
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from goldenthread.site import course, pages
from goldenthread.site.course import CourseError, load

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

STEPS = list(course.steps().values())
BOOK = Path(course.__file__).parent.parent.parent / course.CHAPTERS


def test_it_leads_through_every_chapter_of_the_guide_once():
    chapters = {
        path.stem
        for path in BOOK.glob("[!_]*.md")
        if re.search(r"^chapter:", path.read_text(encoding="utf-8").split("\n---")[0], re.MULTILINE)
    }
    named = Counter(chapter for step in STEPS for chapter in step.chapters)
    assert {name: count for name, count in named.items() if count > 1} == {}
    assert chapters - set(named) == set()
    assert [name for name in named if not (BOOK / f"{name}.md").is_file()] == []


def test_a_step_can_be_read_and_done_in_its_minutes():
    for step in STEPS:
        words = " ".join([*step.text, *step.points, step.now, step.question.ask])
        answers = " ".join(f"{answer.says} {answer.why}" for answer in step.question.answers)
        # At 200 words a minute there is a minute left to do something.
        count = len(f"{words} {answers}".split())
        assert 150 <= count <= 200 * (course.MINUTES - 1), (step.id, count)


def test_the_right_answer_is_not_to_be_guessed():
    """Neither by its place, nor because it is always the longest."""
    places = Counter(
        next(at for at, answer in enumerate(step.question.answers) if answer.right)
        for step in STEPS
    )
    assert set(places) == {0, 1, 2}
    assert max(places.values()) <= 4
    longest = [
        max(step.question.answers, key=lambda answer: len(answer.says)).right for step in STEPS
    ]
    assert sum(longest) <= 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop(), ": expected 10 steps, found 9"),
        (lambda d: d[1].update(id="business"), ": business: id: stands there twice"),
        (lambda d: d[2].pop("now"), ": measures: now: "),
        (
            lambda d: d[2]["question"]["answers"][0].update(right=True),
            ": measures: question: answers: expected one that is right, found 2",
        ),
        (lambda d: d[2]["question"]["answers"].pop(), ": measures: question.answers: "),
        (
            lambda d: d[2]["question"]["answers"][0].pop("why"),
            ": measures: question.answers.0.why: ",
        ),
    ],
)
def test_what_is_wrong_is_named_with_file_and_step(tmp_path, change, said):
    steps = yaml.safe_load(course.PATH.read_text(encoding="utf-8"))
    change(steps)
    path = tmp_path / "steps.yaml"
    path.write_text(yaml.safe_dump(steps), encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(f"steps.yaml{said}")):
        load(path)


def test_the_whole_route_is_on_the_page_with_every_answer_explained(tmp_path):
    chapters = {
        f"{course.CHAPTERS}/{name}": f"# Title of {name}\n"
        for step in STEPS
        for name in step.chapters
    }
    made = page(
        tmp_path, "```{course}\n```", name="book/route", others={"index": "# Home\n", **chapters}
    )
    assert made.faults == []
    words = html.unescape(made.html)
    for step in STEPS:
        assert f'href="#step-{step.id}">{step.title}</a>' in words
        assert all(f"<p>{answer.why}</p>" in words for answer in step.question.answers)
        for name in step.chapters:
            assert (
                f'href="councillor/{name}.html"><span class="doc">Title of {name}</span></a>'
                in words
            )
    assert words.count('<div class="self-check"') == len(STEPS)
    assert words.count('<li class="right">') == len(STEPS)
    assert "no certificate" in words
    assert made.metadata[pages.MADE_FROM] == str(course.PATH)


def test_one_step_stands_by_itself(tmp_path):
    made = page(tmp_path, "```{course} change\n```")
    assert made.faults == []
    assert made.html.count('<div class="self-check"') == 1
    assert "guided-nav" not in made.html
    assert pages.MADE_FROM not in made.metadata


def test_a_wrong_step_stops_the_build_with_the_nearest(tmp_path):
    made = page(tmp_path, "Words.\n\n```{course} changes\n```")
    assert "there is no step 'changes'; the nearest are change" in fault(made)
