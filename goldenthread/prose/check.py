"""The check: every page and every file of data, by every rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from goldenthread import catalogue
from goldenthread.prose import exceptions, external, passages, reading_age, spelling, style
from goldenthread.prose.exceptions import Allowed
from goldenthread.prose.external import External
from goldenthread.prose.passages import Passage
from goldenthread.prose.spelling import Fault, Lexicon
from goldenthread.prose.style import HouseStyle
from goldenthread.site import glossary

#: The project.
ROOT: Final = catalogue.FOLDER.parent
#: Where pages and data are.
_FOLDERS: Final = {"book": "*.md", "casestudies": "*.md", "notebooks": "*.md", "data": "*.yaml"}
#: Files of data that are lists of words, or nothing but addresses.
_NO_PROSE: Final = frozenset({style.STYLE, exceptions.EXCEPTIONS, external.ADDRESSES})
#: What is worth a look and stops nothing.
WARNED: Final = frozenset({"statistic"})
#: Where a short form is looked for: a heading has no room to explain one.
_RUNNING: Final = frozenset({"paragraph", "cell"})


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong, and where."""

    path: str
    line: int
    rule: str
    words: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


@dataclass(frozen=True)
class Rules:
    """All that a page is held to.

    Attributes
    ----------
    lexicon, style
        Spelling and words that are not written.
    short_forms : frozenset of str
        Those that need no explanation on the page.
    allowed : list of Allowed
        The exceptions.
    addresses : dict of str to External
        The list of external addresses.
    """

    lexicon: Lexicon = field(default_factory=Lexicon)
    style: HouseStyle = field(default_factory=HouseStyle)
    short_forms: frozenset[str] = frozenset()
    allowed: list[Allowed] = field(default_factory=list)
    addresses: dict[str, External] = field(default_factory=dict)


def rules(data: Path = catalogue.FOLDER) -> Rules:
    """Read what is kept in the folder of data.

    Raises
    ------
    ProseError
        For an entry that is wrong, and where the dictionaries are not installed.
    """
    own = spelling.own_words(data / spelling.WORDS)
    terms = glossary.load(data / glossary.PATH.name).values()
    # "EHCPs" is known by "EHCP", and "section 114 notice" by none of its words.
    named = {name.removesuffix("s") for term in terms for name in term.names}
    return Rules(
        lexicon=spelling.load(data),
        style=style.load(data),
        # "CC BY" is known as a whole, and so is each half.
        short_forms=frozenset(named.union(*(re.findall(r"\w+", word) for word in own))),
        allowed=exceptions.load(data),
        addresses=external.load(data),
    )


def files(root: Path = ROOT) -> list[Path]:
    """List the pages and the files of data; what begins with an underscore or a dot is neither."""
    return [
        path
        for folder, kind in _FOLDERS.items()
        for path in sorted((root / folder).rglob(kind))
        if not any(part.startswith(("_", ".")) for part in path.relative_to(root).parts)
    ]


def addresses(root: Path = ROOT) -> set[str]:
    """List the external addresses that are linked to, as the list has them."""
    return {
        external.bare(address)
        for path in files(root)
        if path.name != external.ADDRESSES
        for passage in passages.of_file(path)
        for address, _ in passage.addresses
    }


def ages(root: Path = ROOT) -> dict[str, float]:
    """Give the reading age of every page that is long enough to have one, in years."""
    pages = [path for path in files(root) if path.suffix == ".md"]
    measured = {
        _name(path, root): reading_age.reading_age(passages.of_file(path)) for path in pages
    }
    return {page: age for page, age in measured.items() if age is not None}


def check(
    root: Path = ROOT, only: Iterable[Path] | None = None, by: Rules | None = None
) -> list[Finding]:
    """Hold pages and data to the rules.

    Parameters
    ----------
    root : pathlib.Path
        The folder that holds `book`, `notebooks`, `casestudies` and `data`.
    only : iterable of pathlib.Path, optional
        The files to check; all, if not given.
    by : Rules, optional
        Those of the data in `root`, if not given.

    Returns
    -------
    list of Finding
        In the order of files and lines. Where all is checked, an exception that is not needed any
        more is one of them.
    """
    by = by or rules(root / "data")
    paths = files(root) if only is None else list(only)
    found = [finding for path in paths for finding in _of_file(path, root, by)]
    kept = [
        finding
        for finding in found
        if not any(each.holds(finding.path, finding.rule, finding.words) for each in by.allowed)
    ]
    if only is None:
        kept += _needless(by.allowed, found)
    return sorted(kept)


def _of_file(path: Path, root: Path, by: Rules) -> Iterator[Finding]:
    if path.name in _NO_PROSE:
        return
    name = _name(path, root)
    read = passages.of_file(path)
    for passage in read:
        for fault in _faults(passage, by):
            line = passage.line_of(fault.start)
            yield Finding(name, line, fault.rule, fault.word, fault.advice)
        for address, line in passage.addresses:
            if external.bare(address) not in by.addresses:
                advice = (
                    f"{external.bare(address)} is not in data/{external.ADDRESSES}: "
                    "`goldenthread check links --record` adds it"
                )
                yield Finding(name, line, "address", external.bare(address), advice)
    if path.suffix == ".md":
        running = [each for each in read if each.kind in _RUNNING]
        for passage, fault in style.short_forms(running, by.short_forms):
            line = passage.line_of(fault.start)
            yield Finding(name, line, fault.rule, fault.word, fault.advice)
        age = reading_age.reading_age(read)
        if age is not None and age > reading_age.HIGHEST:
            advice = (
                f"the reading age of the page is {age:.1f} ({reading_age.HIGHEST} is the highest): "
                "shorten its sentences and its words"
            )
            yield Finding(name, 1, "reading-age", "", advice)


def _faults(passage: Passage, by: Rules) -> Iterator[Fault]:
    # What is quoted was spelt and worded by somebody else.
    if passage.quoted:
        return
    yield from by.lexicon.faults(passage.text)
    yield from by.style.faults(passage.text)
    if passage.kind in ("paragraph", "data"):
        yield from style.long_sentences(passage.text)
    if passage.kind == "paragraph":
        yield from style.statistics(passage)


def _needless(allowed: Iterable[Allowed], found: Iterable[Finding]) -> Iterator[Finding]:
    found = list(found)
    for each in allowed:
        for words in each.words or ("",):
            one = each.model_copy(update={"words": (words,) if words else ()})
            if not any(one.holds(f.path, f.rule, f.words) for f in found):
                advice = f"{each.page} needs no exception from “{each.rule}” {words}".rstrip()
                yield Finding(f"data/{exceptions.EXCEPTIONS}", 1, "exception", words, advice)


def _name(path: Path, root: Path) -> str:
    path = path.resolve()
    return (
        path.relative_to(root.resolve()).as_posix()
        if path.is_relative_to(root.resolve())
        else str(path)
    )
