"""What a chapter of a guide is: what its page says of itself, and the parts that all chapters have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from goldenthread import catalogue
from goldenthread.catalogue import Identifier
from goldenthread.kept import unknown
from goldenthread.site import anatomy, front_matter
from goldenthread.site.anatomy import Block, Landmark, Part
from goldenthread.site.boxes import BOXES, ROLES
from goldenthread.site.front_matter import FieldError, FrontMatterError

#: Where the guides are.
BOOK: Final = catalogue.FOLDER.parent / "book"
#: The key of the front matter that makes a page a chapter, and the one role that stands for all.
KEY: Final = "chapter"
EVERYONE: Final = "everyone"
#: How many minutes a chapter takes to read.
MINUTES: Final = range(6, 11)
#: How many questions to ask it has at least, and how many pitfalls, self-checks, answers and key points.
QUESTIONS: Final = 5
PITFALLS: Final = range(3, 6)
CHECKS: Final = range(3, 6)
ANSWERS: Final = range(2, 7)
POINTS: Final = range(3, 6)
#: The least number of links to go further, and of words of an exercise without a picture.
LINKS: Final = 2
EXERCISE: Final = 40
#: In how many chapters of a guide one kind of thing to try may stand.
TRIED: Final = 2
IN_COUNCIL: Final = Landmark("a heading 'In your council'", re.compile("In your council"))
TRY: Final = Landmark("a heading 'Try it'", re.compile("Try it(: .+)?"))
ASK: Final = Landmark("{questions} Questions to ask", re.compile(r"\{questions\} Questions to ask"))
TRAPS: Final = Landmark("a heading 'Pitfalls'", re.compile("Pitfalls"))
CHECK: Final = Landmark("a heading 'Check yourself'", re.compile("Check yourself"))
REMEMBER: Final = Landmark("{key-points}", re.compile(r"\{key-points\}.*"))
FURTHER: Final = Landmark("a heading 'Go further'", re.compile("Go further"))
#: What every chapter has, in this order.
LANDMARKS: Final = (IN_COUNCIL, TRY, ASK, TRAPS, CHECK, REMEMBER, FURTHER)
#: Directives whose content is read; that of others are names and options.
_READ: Final = frozenset({*BOXES, "questions", "key-points", "self-check"})
#: What speaks about the reader's own council.
_LIVE: Final = frozenset({"measure-panel", "compare-measures", "headlines", "stands-out"})
_LIVE_ROLE: Final = re.compile(r"\{(finding|value)\}`")
_ANSWER: Final = re.compile(r"- \[( |x|X)\] ")


class Chapter(BaseModel):
    """A chapter as its page describes itself.

    Attributes
    ----------
    slug, title, description : str
        The name of its file; its heading; a sentence for search engines.
    minutes : int
        How long it takes to read.
    roles : tuple of str
        Whom it matters to: some of `boxes.ROLES`, or `EVERYONE` alone.
    question : str
        What it answers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    slug: Identifier
    title: str
    description: str
    minutes: int
    roles: tuple[str, ...] = Field(min_length=1)
    question: str

    @model_validator(mode="after")
    def _agree(self) -> Chapter:
        front_matter.check_description(self.description)
        if self.minutes not in MINUTES:
            raise FieldError(f"{KEY}.minutes", f"expected {_several(MINUTES)}, not {self.minutes}")
        for role in self.roles:
            if role not in ROLES and self.roles != (EVERYONE,):
                raise FieldError(f"{KEY}.roles", unknown("role", role, [*ROLES, EVERYONE]))
        if not self.question.endswith("?"):
            raise FieldError(
                f"{KEY}.question", "expected a question that ends with a question mark"
            )
        return self


@dataclass(frozen=True)
class Guide:
    """A folder of chapters.

    Attributes
    ----------
    folder : pathlib.Path
    words : range
        How many words a chapter has, boxes, questions and self-checks included.
    """

    folder: Path
    words: range


COUNCILLOR: Final = Guide(BOOK / "councillor", range(900, 1601))
OFFICER: Final = Guide(BOOK / "officer", range(900, 1801))
GUIDES: Final = (COUNCILLOR, OFFICER)


def paths(guide: Guide) -> list[Path]:
    """List the chapters of a guide; its tools, and what begins with an underscore, are none.

    Examples
    --------
    >>> names = [path.stem for path in paths(COUNCILLOR)]
    >>> "reading-a-number" in names, "question-bank" in names, "_template" in names
    (True, False, False)
    """
    pages = sorted(path for path in guide.folder.glob("*.md") if not path.name.startswith("_"))
    return [path for path in pages if is_chapter(path)]


def is_chapter(path: Path) -> bool:
    """Tell a chapter by what it says of itself; one that forgot to say so, by how it ends.

    Examples
    --------
    >>> is_chapter(COUNCILLOR.folder / "question-bank.md")
    False
    """
    front, body = front_matter.split(front_matter.text_of(path))
    made = anatomy.parts(body)
    return f"\n{KEY}:" in f"\n{front}" or all(one.stands(made) for one in (TRAPS, FURTHER))


def load(path: Path) -> Chapter:
    """Read the front matter of a chapter.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Chapter

    Raises
    ------
    FrontMatterError
        Naming the file, the line, the field and what was expected.

    Examples
    --------
    >>> load(COUNCILLOR.folder / "reading-a-number.md").roles
    ('everyone',)
    """
    text = front_matter.text_of(path)
    return front_matter.load(path, text, KEY, Chapter, "minutes, roles and question")


def faults(path: Path, words: range = COUNCILLOR.words) -> list[str]:
    """Say all that is wrong with a chapter by itself.

    Parameters
    ----------
    path : pathlib.Path
    words : range
        How many words it has.

    Returns
    -------
    list of str
        As `name.md:12: what is wrong`; empty for a chapter that is as it should be.

    Examples
    --------
    >>> faults(COUNCILLOR.folder / "reading-a-number.md")
    []
    """
    return [f"{path.name}:{line}: {said}" for line, said in wrong(path, words)]


def wrong(path: Path, words: range = COUNCILLOR.words) -> list[tuple[int, str]]:
    """Say all that is wrong with a chapter by itself, with the line of each.

    Examples
    --------
    >>> wrong(COUNCILLOR.folder / "reading-a-number.md")
    []
    """
    text = front_matter.text_of(path)
    made = anatomy.parts(front_matter.split(text)[1])
    before = front_matter.lines_before(text)
    found = [(before + line, said) for line, said in _wrong(made, words)]
    try:
        load(path)
    except FrontMatterError as error:
        found.append((error.line, error.reason))
    return sorted(found)


def guide_faults(guide: Guide) -> list[str]:
    """Say all that is wrong with the chapters of a guide, by themselves and beside each other.

    Parameters
    ----------
    guide : Guide

    Returns
    -------
    list of str
        As `faults` gives them.
    """
    chapters = paths(guide)
    found = [fault for path in chapters for fault in faults(path, guide.words)]
    return found + list(_tried_too_often(chapters))


def words(path: Path) -> int:
    """Count all that is read in a chapter: its prose, boxes, questions and self-checks.

    Headings, the names and options of directives, and addresses are not counted.

    Parameters
    ----------
    path : pathlib.Path

    Examples
    --------
    >>> words(COUNCILLOR.folder / "reading-a-number.md") in COUNCILLOR.words
    True
    """
    return _words(anatomy.parts(front_matter.split(front_matter.text_of(path))[1]))


def _words(made: Sequence[Part]) -> int:
    return sum(anatomy.count(anatomy.read(part, _READ)) for part in made)


def _tried_too_often(chapters: Sequence[Path]) -> Iterator[str]:
    places = defaultdict(list)
    for path in chapters:
        text = front_matter.text_of(path)
        for block in _blocks(anatomy.parts(front_matter.split(text)[1]), "try-it"):
            where = f"{path.name}:{front_matter.lines_before(text) + block.line}"
            places[block.argument].append((path.name, where))
    for kind, stands in places.items():
        for _, where in stands[TRIED:]:
            others = ", ".join(name for name, _ in stands[:TRIED])
            yield f"{where}: {{try-it}} {kind} stands in {others} already; expected another kind"


def _wrong(made: Sequence[Part], wanted: range) -> Iterator[tuple[int, str]]:
    head = next((part for part in made if part.heading), made[0])
    if head.heading.count("?") != 1 or not head.heading.endswith("?"):
        yield head.line, f"expected a title that is one question, found {head.heading!r}"
    if not head.text.strip():
        yield head.line, "expected an opening below the title"
    found = _words(made)
    if found not in wanted:
        yield head.line, f"expected {_several(wanted)} words, found {found:,}"
    yield from anatomy.order(made, LANDMARKS)
    yield from _live(made)
    yield from _story(made)
    yield from _exercise(made)
    yield from anatomy.asks(made, QUESTIONS)
    yield from _pitfalls(made)
    yield from _checks(made)
    yield from _points(made)
    yield from _further(made)


def _live(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    part = _part(made, IN_COUNCIL)
    if part is None or _LIVE_ROLE.search(part.text):
        return
    if not any(block.name in _LIVE for block in part.blocks):
        several = ", ".join(sorted(_LIVE))
        yield part.line, f"expected {{finding}}, {{value}} or one of {several} below it"


def _story(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    """Look for a case of its own between the reader's council and what to try."""
    start, end = IN_COUNCIL.stands(made), TRY.stands(made)
    if start is None or end is None:
        return
    if not any(start < part.line < end for part in made):
        yield end, "expected a story under a heading of its own between 'In your council' and it"


def _exercise(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    part = _part(made, TRY)
    if part is None:
        return
    kinds = [block.argument for block in _blocks([part], "try-it")]
    if len(kinds) > 1:
        yield part.line, f"expected one {{try-it}}, found {', '.join(kinds)}"
    elif not kinds and anatomy.count(part.text) < EXERCISE:
        yield part.line, f"expected a {{try-it}}, or an exercise of {EXERCISE} words or more"


def _pitfalls(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    part = _part(made, TRAPS)
    if part is not None:
        found = len(list(anatomy.items(part.prose)))
        if found not in PITFALLS:
            yield part.line, f"expected {_several(PITFALLS)} pitfalls, found {found}"


def _checks(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    part = _part(made, CHECK)
    if part is None:
        return
    checks = list(_blocks([part], "self-check"))
    if len(checks) not in CHECKS:
        yield part.line, f"expected {_several(CHECKS)} {{self-check}}, found {len(checks)}"
    for check in checks:
        answers = list(_answers(check))
        if len(answers) not in ANSWERS:
            yield check.line, f"expected {_several(ANSWERS)} answers, found {len(answers)}"
        right = sum(is_right for is_right, _, _ in answers)
        if right != 1:
            yield check.line, f"expected one answer marked [x], found {right}"
        for _, said, why in answers:
            if not why:
                yield check.line, f"expected an explanation below the answer {said!r}"


def _answers(check: Block) -> Iterator[tuple[bool, str, str]]:
    """Give the answers of a self-check: whether right, its words, and its explanation."""
    for held in re.split(r"\n(?=- \[)", "\n".join(check.content)):
        mark = _ANSWER.match(held)
        if mark:
            said, _, why = held[mark.end() :].partition("\n\n")
            yield mark[1] != " ", " ".join(said.split()), why.strip()


def _points(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    for block in _blocks(made, "key-points"):
        found = len(list(anatomy.items(block.content)))
        if found not in POINTS:
            yield block.line, f"expected {_several(POINTS)} key points, found {found}"


def _further(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    part = _part(made, FURTHER)
    if part is not None:
        found = part.text.count("](")
        if found < LINKS:
            yield part.line, f"expected {LINKS} links or more, found {found}"


def _part(made: Sequence[Part], landmark: Landmark) -> Part | None:
    return next((part for part in made if landmark.pattern.fullmatch(part.heading)), None)


def _blocks(made: Sequence[Part], name: str) -> Iterator[Block]:
    return (block for part in made for block in part.blocks if block.name == name)


def _several(many: range) -> str:
    return f"{many.start:,} to {many.stop - 1:,}"
