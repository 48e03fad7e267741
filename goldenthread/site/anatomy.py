"""How a page's Markdown is taken apart, and what the anatomies of different kinds of page have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

#: A sentence of so many words is somebody's own, and stands on one page only.
OWN: Final = 8
_FENCE: Final = re.compile(r"^(`{3,}|:{3,})\{?([\w-]*)\}?\s*(.*)$")
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.+?)\s*$")
_ROLE: Final = re.compile(r"\{[\w-]+\}`[^`]*`")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_OPTION: Final = re.compile(r"^:[\w-]+:(\s|$)")
_QUESTION: Final = re.compile(r"\?\s+[^?]*\*[^*]+\*\s*$")
_ITEM: Final = re.compile(r"^[-*]\s+")
_WORD: Final = re.compile(r"\w")


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
    return without_links(_ROLE.sub("…", text)).strip()


def without_links(text: str) -> str:
    """Give the words of links without their addresses.

    Examples
    --------
    >>> without_links("See [the Act](https://example.org/2010).")
    'See the Act.'
    """
    return _LINK.sub(r"\1", text)


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


def count(text: str) -> int:
    """Count words as a reader does: what stands between spaces and holds a letter or a digit.

    Examples
    --------
    >>> count("- [x] Of 1,866 homes, 12% … | no")
    5
    """
    plain = text.replace("[x]", "").replace("[X]", "")
    return sum(bool(_WORD.search(word)) for word in plain.split())


def read(part: Part, boxes: Iterable[str]) -> str:
    """Give all that is read in a part: its prose, and the Markdown in directives of these names.

    Parameters
    ----------
    part : Part
    boxes : iterable of str
        Directives that hold Markdown; what others hold are names and options.
    """
    held = [
        line
        for block in part.blocks
        if block.name in boxes
        for line in block.content
        if not _OPTION.match(line)
    ]
    return without_links(_ROLE.sub("0", "\n".join([*part.prose, *held])))


@dataclass(frozen=True)
class Landmark:
    """Something that every page of a kind has, at its place among the others.

    Attributes
    ----------
    called : str
        As a writer is told of it.
    pattern : re.Pattern
        The whole of its heading; for a directive its name in braces, a space and what follows.
    """

    called: str
    pattern: re.Pattern[str]

    def stands(self, made: Sequence[Part]) -> int | None:
        """Give the first line where it stands; None where it does not."""
        found = (line for line, said in _signs(made) if self.pattern.fullmatch(said))
        return next(found, None)


def _signs(made: Iterable[Part]) -> Iterator[tuple[int, str]]:
    """Give all headings and directives, with their lines."""
    for part in made:
        yield part.line, part.heading
        for block in part.blocks:
            yield block.line, f"{{{block.name}}} {block.argument}".strip()


def order(made: Sequence[Part], wanted: Sequence[Landmark]) -> Iterator[tuple[int, str]]:
    """Say which landmarks a page lacks, and which stand too early.

    Parameters
    ----------
    made : sequence of Part
        As `parts` gives them.
    wanted : sequence of Landmark
        In order.

    Yields
    ------
    (int, str)
        The line, and what is wrong.
    """
    before = 0
    for landmark in wanted:
        line = landmark.stands(made)
        if line is None:
            yield made[-1].line, f"expected {landmark.called}"
        elif line < before:
            said = "; ".join(one.called for one in wanted)
            yield line, f"{landmark.called} stands too early; expected the order {said}"
        else:
            before = line


def asks(made: Sequence[Part], least: int) -> Iterator[tuple[int, str]]:
    """Say what is wrong with the questions to ask: too few, or one that says not whom to ask.

    Parameters
    ----------
    made : sequence of Part
    least : int
        How many there are to be.

    Yields
    ------
    (int, str)
        The line, and what is wrong.
    """
    blocks = [block for part in made for block in part.blocks if block.name == "questions"]
    found = [item for block in blocks for item in items(block.content)]
    line = blocks[0].line if blocks else made[-1].line
    if len(found) < least:
        yield line, f"expected {least} questions or more, found {len(found)}"
    for item in found:
        if not _QUESTION.search(item):
            yield line, f"expected a question and a role, as in 'Why? *Scrutiny.*', found {item!r}"


def items(lines: Iterable[str]) -> Iterator[str]:
    """Give the points of a list, each in one line.

    Examples
    --------
    >>> list(items(["Above.", "- One", "  goes on.", "- Two."]))
    ['One goes on.', 'Two.']
    """
    held: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            if held:
                yield " ".join(held)
            held = [_ITEM.sub("", line)]
        elif held and line.strip():
            held.append(line.strip())
    if held:
        yield " ".join(held)
