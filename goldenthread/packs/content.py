"""What a pack says, whatever the form: plain data, in the order in which a committee reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

#: What no document of the XML family may hold.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class PackError(ValueError):
    """A pack that cannot be made, with what to do instead."""


def clean(text: str) -> str:
    r"""Take out what a document cannot hold.

    Examples
    --------
    >>> clean("a\x00b\ufffe")
    'ab'
    """
    return _FORBIDDEN.sub("", text)


@dataclass(frozen=True)
class Picture:
    """A chart as a picture, and the words that stand for it.

    Attributes
    ----------
    png : bytes
    size : tuple of int
        Width and height, in pixels.
    title, subtitle, alt : str
    """

    png: bytes = field(repr=False)
    size: tuple[int, int]
    title: str
    subtitle: str
    alt: str


@dataclass(frozen=True)
class Case:
    """A measure that is an exception: what a committee is to hear an explanation of.

    Attributes
    ----------
    name : str
    why : str
        Why it is one.
    text : str
        The finding.
    facts : tuple of pairs
        What and how much, for a small table.
    cautions : tuple of str
    questions : tuple of pairs
        What to ask, and whom.
    owner : str
        Who answers for it; "" where nobody is named.
    comment : str
        What the file says about it; "" where it says nothing.
    source : str
    picture : Picture or None
    """

    name: str
    why: str
    text: str
    facts: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    owner: str
    comment: str
    source: str
    picture: Picture | None


@dataclass(frozen=True)
class Row:
    """A line of a scorecard.

    Attributes
    ----------
    texts : tuple of str
        A text for each header, none empty.
    value : float
        The figure as a number, for a spreadsheet; NaN where there is none.
    unit : str
    """

    texts: tuple[str, ...]
    value: float
    unit: str


@dataclass(frozen=True)
class Scorecard:
    """All measures of a kind, a line for each.

    Attributes
    ----------
    title, intro : str
    headers : tuple of str
    rows : tuple of Row
    key : tuple of pairs
        Each sign that is used, and what it means.
    """

    title: str
    intro: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    key: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """What comes from one kind of figures: the council's own, or published ones.

    Attributes
    ----------
    several : str
        What its measures are called: "KPIs", "published measures".
    count : str
        How many measures there are and how they stand, in a sentence.
    stands_out, changed, decisions : tuple of str
        A sentence each, the weightiest first.
    cases : tuple of Case
    scorecard : Scorecard
    notes : tuple of str
        Where figures come from and how they are judged.
    """

    several: str
    count: str
    stands_out: tuple[str, ...]
    changed: tuple[str, ...]
    decisions: tuple[str, ...]
    cases: tuple[Case, ...]
    scorecard: Scorecard
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """A pack for a committee.

    Attributes
    ----------
    council : str
    period : str
        What the report is for, as it was asked for; "" for the latest figures.
    parts : tuple of Part
    """

    council: str
    period: str
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """The title of the document."""
        return f"{self.council}: performance{f' in {self.period}' if self.period else ''}"

    @property
    def overview(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The three lists of the first page, each with its heading, cut to what a page holds."""
        return (
            ("What stands out", self._first("stands_out", "Nothing stands out.")),
            (
                "What changed by more than chance",
                self._first("changed", "Nothing changed by more than its usual variation."),
            ),
            (
                "What needs a decision",
                self._first("decisions", "Nothing here asks for a decision by itself."),
            ),
        )

    @property
    def cases(self) -> tuple[Case, ...]:
        """The exceptions of all parts."""
        return tuple(case for part in self.parts for case in part.cases)

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes of all parts, each once."""
        return tuple(dict.fromkeys(note for part in self.parts for note in part.notes))

    def _first(self, kind: str, none: str) -> tuple[str, ...]:
        several = len(self.parts) > 1
        shown: list[str] = []
        for part in self.parts:
            told: tuple[str, ...] = getattr(part, kind)
            room = MOST_OF_TWO if several else MOST
            # A line for the one that is left would take the room of that one.
            if len(told) <= room + 1:
                shown += told
                continue
            shown += told[:room]
            shown.append(f"And {len(told) - room} more {part.several}, in the pages that follow.")
        return tuple(shown) or (none,)


#: How many sentences of a list fit on the first page, with one kind of figures and with two.
MOST: Final = 5
MOST_OF_TWO: Final = 2
