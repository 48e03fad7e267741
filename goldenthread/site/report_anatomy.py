"""The anatomy of a report: which parts its page has, in which order, and how much it says itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from goldenthread.site.anatomy import (
    Landmark,
    Part,
    asks,
    count,
    order,
    parts,
    prose,
    without_links,
)

#: The least number of a report's own words: without front matter, headings, blocks and numbers.
WORDS: Final = 250
#: The least number of questions.
QUESTIONS: Final = 4
ASKED: Final = "**What residents want to know:**"
STANDS_OUT: Final = "What stands out"
GOOD: Final = "What good looks like"
#: Headings that every report has, in this order.
HEADINGS: Final = (
    STANDS_OUT,
    "How much of this is in the council's hands?",
    "What the figures do not tell",
    "What councils with better figures may differ in",
    GOOD,
    "How old these figures are, and what comes next",
)
#: Headings that may be worded otherwise: what is compared has no better where no direction is agreed.
_OTHERWISE: Final = {
    "What councils with better figures may differ in": (
        r"What councils with \w+ figures may differ in"
    ),
    "How much of this is in the council's hands?": (
        r"How much of this is in the (council|authority|service)'s hands\?"
    ),
}
_LANDMARKS: Final = tuple(
    Landmark(f"a heading '{wanted}'", re.compile(_OTHERWISE.get(wanted, re.escape(wanted))))
    for wanted in HEADINGS
)
_ABROAD: Final = re.compile(r"\]\(https?://")
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")


@dataclass(frozen=True)
class Shape:
    """What a report has to have.

    Attributes
    ----------
    panels : tuple of str
        The measures in order.
    better_placed : bool
        Whether better-placed councils are looked at.
    free : bool
        Whether it has other parts than those of `HEADINGS`.
    """

    panels: tuple[str, ...]
    better_placed: bool
    free: bool = False


def faults(body: str, shape: Shape) -> list[tuple[int, str]]:
    """Say what a report lacks, or has in the wrong place.

    Parameters
    ----------
    body : str
        The Markdown below the front matter.
    shape : Shape

    Returns
    -------
    list of (int, str)
        The line, counted from the first of `body`, and what is wrong.
    """
    made = parts(body)
    found = list(_words(body, made))
    if not shape.free:
        found += [
            *_question(made),
            *order(made, _LANDMARKS),
            *_blocks(made, shape),
            *_panels(made, shape.panels),
            *_good(made),
            *asks(made, QUESTIONS),
        ]
    return sorted(found)


def _words(body: str, made: list[Part]) -> Iterator[tuple[int, str]]:
    found = count(prose(body))
    if found < WORDS:
        line = next((part.line for part in made if part.heading), 1)
        yield line, f"expected {WORDS} words of its own or more, found {found}"


def _question(made: list[Part]) -> Iterator[tuple[int, str]]:
    head = made[1] if len(made) > 1 else made[0]
    asked = next((line for line in head.prose if line.startswith(ASKED)), None)
    if asked is None or "?" not in asked:
        yield (
            head.line,
            f"expected below the title a line that begins with {ASKED} and asks something",
        )


def _find(made: list[Part], wanted: str) -> Part | None:
    pattern = _LANDMARKS[HEADINGS.index(wanted)].pattern
    return next((part for part in made if pattern.fullmatch(part.heading)), None)


def _blocks(made: list[Part], shape: Shape) -> Iterator[tuple[int, str]]:
    """Look for the directives that have their place."""
    *_, better, _, last = HEADINGS
    places = {"stands-out": STANDS_OUT, "report-end": last}
    if shape.better_placed:
        places["better-placed"] = better
    for name, heading in places.items():
        part = _find(made, heading)
        if part and not any(block.name == name for block in part.blocks):
            yield part.line, f"expected {{{name}}} below '{heading}'"


def _panels(made: list[Part], wanted: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    blocks = [block for part in made for block in part.blocks if block.name == "measure-panel"]
    shown = [block.argument for block in blocks]
    for block in blocks:
        if block.argument not in wanted:
            yield block.line, f"{block.argument!r} has a panel and is not in the front matter"
    for identifier in wanted:
        if identifier not in shown:
            yield made[-1].line, f"{identifier!r} is in the front matter and has no panel"
    both = [identifier for identifier in shown if identifier in wanted]
    if both != [identifier for identifier in wanted if identifier in shown]:
        yield (
            blocks[0].line,
            f"expected the panels in the order of the front matter: {', '.join(wanted)}",
        )


def _good(made: list[Part]) -> Iterator[tuple[int, str]]:
    part = _find(made, GOOD)
    if part is None:
        return
    if not _ABROAD.search(part.text):
        yield part.line, f"expected a link to a named public source below '{GOOD}'"
    elif not _YEAR.search(without_links(part.text)):
        yield part.line, f"expected the date of the source below '{GOOD}'"
