"""The anatomy of a case study: which parts its page has, in which order, and what each must hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from goldenthread.site import anatomy
from goldenthread.site.anatomy import Landmark, Part
from goldenthread.site.boxes import BOXES

#: How many words a case study has: with its boxes and questions, without headings and addresses.
WORDS: Final = range(350, 701)
#: How many questions to ask it has at least.
QUESTIONS: Final = 3


def _heading(wanted: str, pattern: str = "") -> Landmark:
    return Landmark(f"a heading '{wanted}'", re.compile(pattern or re.escape(wanted)))


FACTS: Final = Landmark("{case-facts}", re.compile(r"\{case-facts\}"))
SITUATION: Final = _heading("The situation")
DID: Final = _heading("What they did", "What (they did|happened)")
WHO: Final = _heading("Who was involved")
CHANGED: Final = _heading("What changed")
# What a council says itself is told as its own; what follows from its story in our reading is not.
LESSON: Final = _heading(
    "What they would tell others", "What (they would tell others|others can take from it)"
)
SINCE: Final = _heading("The figures since")
ASK: Final = Landmark(
    "{questions} Questions to take to your own council",
    re.compile(r"\{questions\} Questions to take to your own (council|authority)"),
)
TRY: Final = _heading("Try it", "Try it(: .+)?")
SOURCES: Final = _heading("Sources")
#: What every case study has, in this order.
LANDMARKS: Final = (FACTS, SITUATION, DID, WHO, CHANGED, LESSON, SINCE, ASK, TRY, SOURCES)
#: Directives whose content is read; that of others are names.
_READ: Final = frozenset({*BOXES, "questions", "key-points"})
_ADDRESS: Final = re.compile(r"\]\((https?://[^\s)]+(?:\([^\s)]*\)[^\s)]*)*)\)")
_PAGE: Final = re.compile(r"\]\((?!https?://|#)[^)\s]+\)")
#: Where a figure was published there is a digit; where none was, the page says so.
_FIGURES: Final = re.compile(r"\d|\bfigures?\b", re.IGNORECASE)


def faults(body: str, sources: Collection[str] | None) -> list[tuple[int, str]]:
    """Say what a case study lacks, or has in the wrong place.

    Parameters
    ----------
    body : str
        The Markdown below the front matter.
    sources : collection of str or None
        The addresses in the front matter; None where it could not be read.

    Returns
    -------
    list of (int, str)
        The line, counted from the first of `body`, and what is wrong.
    """
    made = anatomy.parts(body)
    found = [
        *_head(made),
        *anatomy.order(made, LANDMARKS),
        *_filled(made),
        *_changed(made),
        *_blocks(made),
        *anatomy.asks(made, QUESTIONS),
        *_try(made),
    ]
    if sources is not None:
        found += _linked(body, sources)
    return sorted(found)


def _head(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    head = next((part for part in made if part.heading), made[0])
    name, colon, subject = head.heading.partition(": ")
    if not (name and colon and subject):
        yield (
            head.line,
            "expected a title that names the council and what its story is about, as in "
            f"'Oldham: a report on four pages', found {head.heading!r}",
        )
    if not head.text.strip():
        yield (
            head.line,
            "expected below the title one or two sentences that tell the story in short",
        )
    found = sum(anatomy.count(anatomy.read(part, _READ)) for part in made)
    if found not in WORDS:
        yield head.line, f"expected {WORDS.start} to {WORDS.stop - 1} words, found {found:,}"


def _part(made: Sequence[Part], landmark: Landmark) -> Part | None:
    return next((part for part in made if landmark.pattern.fullmatch(part.heading)), None)


def _filled(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    for landmark in (SITUATION, DID, WHO, CHANGED, LESSON):
        part = _part(made, landmark)
        if part and not anatomy.read(part, _READ).strip():
            yield part.line, f"expected some words below '{part.heading}'"


def _changed(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    part = _part(made, CHANGED)
    if part and part.text.strip() and not _FIGURES.search(anatomy.without_links(part.text)):
        yield (
            part.line,
            "expected the published figures of what changed, or a sentence that says that the "
            "sources give no figures",
        )


def _blocks(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    for name, landmark in (("figures-since", SINCE), ("case-sources", SOURCES)):
        part = _part(made, landmark)
        if part and not any(block.name == name for block in part.blocks):
            yield part.line, f"expected {{{name}}} below '{part.heading}'"


def _try(made: Sequence[Part]) -> Iterator[tuple[int, str]]:
    part = _part(made, TRY)
    if part is None:
        return
    if not _PAGE.search(part.text) and not any(block.name == "try-it" for block in part.blocks):
        yield (
            part.line,
            "expected something to try: a link to a notebook, a template or a chapter of this book, "
            "or a {try-it}",
        )


def _linked(body: str, sources: Collection[str]) -> Iterator[tuple[int, str]]:
    """Look for links to what is not among the sources: its date, and who checked it, would be unknown."""
    for number, line in enumerate(body.split("\n"), start=1):
        for address in _ADDRESS.findall(line):
            if address not in sources:
                yield number, f"{address} is not among the sources of the front matter"
