"""The anatomy of a report: which parts its page has, in which order, and how much it says itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

#: The least number of a report's own words: without front matter, headings, blocks and numbers.
WORDS: Final = 250
#: The least number of questions.
QUESTIONS: Final = 4
#: A sentence of so many words is somebody's own, and stands in one report only.
OWN: Final = 8
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
    "What councils with better figures may differ in": re.compile(
        r"What councils with \w+ figures may differ in"
    ),
    "How much of this is in the council's hands?": re.compile(
        r"How much of this is in the (council|authority|service)'s hands\?"
    ),
}
_FENCE: Final = re.compile(r"^(`{3,}|:{3,})\{?([\w-]*)\}?\s*(.*)$")
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.+?)\s*$")
_ROLE: Final = re.compile(r"\{[\w-]+\}`[^`]*`")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ABROAD: Final = re.compile(r"\]\(https?://")
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")
_QUESTION: Final = re.compile(r"\?\s+[^?]*\*[^*]+\*\s*$")
_ITEM: Final = re.compile(r"^[-*]\s+")


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


@dataclass(frozen=True)
class Block:
    """A directive: its name, what follows the name, what it holds, and its line."""

    name: str
    argument: str
    content: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Part:
    """A section: its heading and line, its own prose, and its directives."""

    heading: str
    line: int
    prose: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The prose in one."""
        return "\n".join(self.prose)


def title(body: str) -> str:
    r"""Give the title of a page, empty where it has none.

    Examples
    --------
    >>> title("\n# Rough sleeping\n")
    'Rough sleeping'
    """
    return next((part.heading for part in parts(body) if part.heading), "")


def parts(body: str) -> list[Part]:
    """Part the Markdown of a page at its headings.

    Parameters
    ----------
    body : str
        Without front matter.

    Returns
    -------
    list of Part
        The first holds what stands before the first heading.
    """
    made = [Part("", 1)]
    lines = iter(enumerate(body.split("\n"), start=1))
    for number, line in lines:
        heading, fence = _HEADING.match(line), _FENCE.match(line)
        if heading:
            made.append(Part(heading[2].replace("’", "'"), number))
        elif fence:
            content = tuple(_inside(lines, fence[1]))
            made[-1].blocks.append(Block(fence[2], fence[3].strip(), content, number))
        else:
            made[-1].prose.append(line)
    return made


def _inside(lines: Iterator[tuple[int, str]], fence: str) -> Iterator[str]:
    for _, line in lines:
        if line.strip() == fence:
            return
        yield line


def prose(body: str) -> str:
    r"""Give a page's own words: no headings, blocks, numbers from the build or addresses.

    Examples
    --------
    >>> prose("# Bins\n\nIt was {figure}`a england` of [all](https://example.org).\n")
    'It was … of all.'
    """
    text = "\n".join(part.text for part in parts(body))
    return _LINK.sub(r"\1", _ROLE.sub("…", text)).strip()


def sentences(body: str) -> set[str]:
    """Give the sentences that are long enough to be somebody's own, folded for comparing.

    Parameters
    ----------
    body : str

    Returns
    -------
    set of str
    """
    found = re.split(r"(?<=[.?!:])\s+|\n\s*\n|\n[-*]\s", prose(body))
    folded = (" ".join(re.findall(r"\w+", sentence.casefold())) for sentence in found)
    return {sentence for sentence in folded if len(sentence.split()) >= OWN}


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
            *_headings(made),
            *_blocks(made, shape),
            *_panels(made, shape.panels),
            *_good(made),
            *_asks(made),
        ]
    return sorted(found)


def _words(body: str, made: list[Part]) -> Iterator[tuple[int, str]]:
    count = len(re.findall(r"\w+(?:['’-]\w+)*", prose(body)))
    if count < WORDS:
        line = next((part.line for part in made if part.heading), 1)
        yield line, f"expected {WORDS} words of its own or more, found {count}"


def _question(made: list[Part]) -> Iterator[tuple[int, str]]:
    head = made[1] if len(made) > 1 else made[0]
    asked = next((line for line in head.prose if line.startswith(ASKED)), None)
    if asked is None or "?" not in asked:
        yield (
            head.line,
            f"expected below the title a line that begins with {ASKED} and asks something",
        )


def _is(heading: str, wanted: str) -> bool:
    pattern = _OTHERWISE.get(wanted)
    return heading == wanted or bool(pattern and pattern.fullmatch(heading))


def is_usual(heading: str) -> bool:
    """Tell whether a heading is one of those that every report has.

    Examples
    --------
    >>> is_usual("What stands out"), is_usual("Where does it go?")
    (True, False)
    """
    plain = heading.replace("’", "'")
    return any(_is(plain, wanted) for wanted in HEADINGS)


def _find(made: list[Part], wanted: str) -> Part | None:
    return next((part for part in made if _is(part.heading, wanted)), None)


def _headings(made: list[Part]) -> Iterator[tuple[int, str]]:
    before = 0
    for wanted in HEADINGS:
        part = _find(made, wanted)
        if part is None:
            yield made[-1].line, f"expected a heading '{wanted}'"
        elif part.line < before:
            yield (
                part.line,
                f"'{wanted}' stands too early; expected the order {'; '.join(HEADINGS)}",
            )
        else:
            before = part.line


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
    elif not _YEAR.search(_LINK.sub(r"\1", part.text)):
        yield part.line, f"expected the date of the source below '{GOOD}'"


def _asks(made: list[Part]) -> Iterator[tuple[int, str]]:
    blocks = [block for part in made for block in part.blocks if block.name == "questions"]
    items = [item for block in blocks for item in _items(block)]
    line = blocks[0].line if blocks else made[-1].line
    if len(items) < QUESTIONS:
        yield line, f"expected {QUESTIONS} questions or more, found {len(items)}"
    for item in items:
        if not _QUESTION.search(item):
            yield line, f"expected a question and a role, as in 'Why? *Scrutiny.*', found {item!r}"


def _items(block: Block) -> Iterator[str]:
    """Give the points of a list, each in one line."""
    held: list[str] = []
    for line in [*block.content, "- "]:
        if _ITEM.match(line) or line == "- ":
            if held:
                yield " ".join(held)
            held = [_ITEM.sub("", line)]
        elif line.strip():
            held.append(line.strip())
