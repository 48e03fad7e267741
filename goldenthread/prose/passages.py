"""Prose as it is read: the passages of a page or of a file of data, without code, options and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from goldenthread.prose.error import ProseError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: Stands where code is, or what the build writes.
HOLE: Final = "\ufffc"
#: Directives that hold Markdown; what others hold is names, tables or code.
HOLDING: Final = frozenset(
    {
        "case-study",
        "challenge",
        "example",
        "guidance",
        "hints-and-tips",
        "key-points",
        "questions",
        "self-check",
    }
)
#: Directives whose first line is a title of the writer's.
TITLED: Final = HOLDING | {"compare-measures"}
#: The extensions of `_config.yml`.
_EXTENSIONS: Final = ("colon_fence", "deflist", "substitution")
#: Fields of the front matter that readers see.
_SHOWN: Final = frozenset({"description", "question", "title"})
_DIRECTIVE: Final = re.compile(r"\{([\w-]+)\}\s*(.*)")
_OPTION: Final = re.compile(r":[\w-]+:(\s|$)")
_CHOICE: Final = re.compile(r"^\[[ xX]\] ")
_EXPLAINED: Final = re.compile(r"(.*\S)\s*<[^<>]+>", re.DOTALL)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`]+")
_SENTENCE: Final = re.compile(r"[\"“‘(]?[A-Z].*\s.*[.?!…][\"”’)]?", re.DOTALL)
_FILLED_IN: Final = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Passage:
    """A paragraph, a heading, a cell of a table or a sentence of data.

    Attributes
    ----------
    text : str
        What is read, with `HOLE` for code and for what the build writes.
    line : int
        Where it begins in its file.
    kind : str
        "paragraph", "heading", "cell", "description" (of the front matter) or "data".
    inside : tuple of str
        The directives that it stands in, the outermost first.
    quoted : bool
        Whether it is a quotation set apart.
    addresses : tuple of (str, int)
        The external addresses that it links to, with their lines.
    """

    text: str
    line: int
    kind: str = "paragraph"
    inside: tuple[str, ...] = ()
    quoted: bool = False
    addresses: tuple[tuple[str, int], ...] = ()

    def line_of(self, position: int) -> int:
        """Give the line of a position in the text."""
        return self.line + self.text.count("\n", 0, position)


def of_page(text: str) -> list[Passage]:
    r"""Read the passages of a page in MyST Markdown, in their order.

    Examples
    --------
    >>> for passage in of_page("# Bins\n\nSee `code` and [law](https://law.example/1)."):
    ...     print(passage.line, passage.kind, passage.text.replace(HOLE, "…"), passage.addresses)
    1 heading Bins ()
    3 paragraph See … and law. (('https://law.example/1', 3),)
    """
    return list(_passages(_Place(text)))


def of_data(text: str) -> list[Passage]:
    r"""Read the passages of a YAML file: every text that is a sentence, and every address.

    A comment is none; neither is a key.

    Examples
    --------
    >>> [passage.text for passage in of_data("- id: bins\n  why: They are full. # Always.")]
    ['They are full.']
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [passage for passage in map(_datum, _scalars(yaml.compose(text, loader))) if passage]


def of_file(path: Path) -> list[Passage]:
    """Read the passages of a page or of a file of data, by its ending.

    Raises
    ------
    ProseError
        For YAML that cannot be read, with the file and the place.
    """
    text = path.read_text(encoding="utf-8")
    try:
        return of_page(text) if path.suffix == ".md" else of_data(text)
    except yaml.YAMLError as error:
        raise ProseError(f"{path}: {error}") from None


@dataclass(frozen=True)
class _Place:
    """A piece of Markdown, and where it stands."""

    text: str
    before: int = 0
    inside: tuple[str, ...] = ()
    quoted: bool = False


@dataclass
class _Words:
    """What is read of a paragraph's tokens."""

    text: str = ""
    addresses: list[tuple[str, int]] = field(default_factory=list)


@cache
def _parser() -> MarkdownIt:
    # The very parser that the book is built with.
    return create_md_parser(MdParserConfig(enable_extensions=set(_EXTENSIONS)), RendererHTML)


def _passages(place: _Place) -> Iterator[Passage]:
    quotes = 0
    cell = False
    heading = False
    for token in _parser().parse(place.text):
        begins = place.before + (token.map[0] if token.map else 0) + 1
        if token.type == "front_matter":
            yield from _front_matter(token.content)
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type in ("heading_open", "heading_close", "dt_open", "dt_close"):
            heading = token.nesting > 0
        elif token.type in ("td_open", "td_close", "th_open", "th_close"):
            cell = token.nesting > 0
        elif token.type == "inline":
            kind = "heading" if heading else "cell" if cell else "paragraph"
            words = _read(token.children or [], begins)
            yield Passage(
                text=_CHOICE.sub("", words.text),
                line=begins,
                kind=kind,
                inside=place.inside,
                quoted=place.quoted or quotes > 0,
                addresses=tuple(words.addresses),
            )
        elif token.type in ("fence", "colon_fence"):
            yield from _directive(
                token, replace(place, before=begins, quoted=place.quoted or quotes > 0)
            )


def _front_matter(text: str) -> Iterator[Passage]:
    for key, node in _scalars(yaml.compose(text, yaml.SafeLoader)):
        line = node.start_mark.line + 2
        addresses = tuple((address, line) for address in _ADDRESS.findall(node.value))
        if key in _SHOWN or addresses:
            words = node.value if key in _SHOWN else ""
            yield Passage(words, line, "description", addresses=addresses)


def _directive(token: Token, place: _Place) -> Iterator[Passage]:
    found = _DIRECTIVE.fullmatch(token.info.strip())
    if not found:
        return
    name, title = found.groups()
    inside = (*place.inside, name)
    if title and name in TITLED:
        for passage in _passages(_Place(title, place.before - 1, inside)):
            yield replace(passage, kind="heading")
    if name in HOLDING:
        lines = token.content.splitlines()
        options = 0
        while options < len(lines) and _OPTION.match(lines[options]):
            options += 1
        text = "\n".join(lines[options:])
        yield from _passages(_Place(text, place.before + options, inside, place.quoted))


def _read(tokens: list[Token], line: int) -> _Words:
    words = _Words()
    for token in tokens:
        here = line + words.text.count("\n")
        if token.type == "text":
            words.text += _ADDRESS.sub(HOLE, token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.text += "\n"
        elif token.type == "myst_role":
            words.text += _role(token)
        elif token.type == "link_open":
            href = str(token.attrs.get("href", ""))
            if href.startswith(("http://", "https://")):
                words.addresses.append((href, here))
        elif token.type == "image":
            words.text += token.content
        elif token.type in ("code_inline", "substitution_inline"):
            words.text += HOLE
    return words


def _role(token: Token) -> str:
    if token.meta.get("name") == "gloss":
        titled = _EXPLAINED.fullmatch(token.content)
        return titled[1] if titled else token.content
    return HOLE


def _scalars(node: yaml.Node | None, key: str = "") -> Iterator[tuple[str, yaml.ScalarNode]]:
    if isinstance(node, yaml.ScalarNode):
        yield key, node
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _scalars(each, key)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _scalars(value, str(name.value))


def _datum(scalar: tuple[str, yaml.ScalarNode]) -> Passage | None:
    node = scalar[1]
    line = node.start_mark.line + 1
    addresses = tuple((address.rstrip(".,;)"), line) for address in _ADDRESS.findall(node.value))
    words = _ADDRESS.sub(HOLE, _FILLED_IN.sub(HOLE, node.value)).strip()
    text = words if _SENTENCE.fullmatch(words) else ""
    return Passage(text, line, "data", addresses=addresses) if text or addresses else None
