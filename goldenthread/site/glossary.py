"""The glossary: what a term means in plain words, and where a text uses one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from goldenthread import catalogue, kept
from goldenthread.catalogue import Sentence

PATH: Final = catalogue.FOLDER / "glossary.yaml"


class GlossaryError(LookupError):
    """A term that is not in the glossary, or an entry that is wrong; the message names it."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(_Entry):
    """The law or the official text that a term comes from."""

    name: str
    url: Annotated[str, Field(pattern=r"^https?://")]


class Term(_Entry):
    """A term in plain words.

    Attributes
    ----------
    term : str
        As the glossary lists it.
    also : tuple of str
        Other names and forms of it, plurals among them.
    definition : str
        One or two sentences.
    source : Source or None
        Where a legal or official term comes from.
    see : tuple of str
        The ids of other terms.
    mark : bool
        Whether a page marks its first use by itself. An everyday word ("target") would be marked
        where it is nothing special.
    """

    term: str
    also: tuple[str, ...] = ()
    definition: Sentence
    source: Source | None = None
    see: tuple[str, ...] = ()
    mark: bool = True

    @property
    def id(self) -> str:
        """The term as it stands in an address."""
        return re.sub(r"[^a-z0-9]+", "-", _fold(self.term).replace("'", "")).strip("-")

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.term, *self.also)


class Glossary(Mapping[str, Term]):
    """All terms by id, in the order of the alphabet.

    Parameters
    ----------
    terms : iterable of Term

    Raises
    ------
    GlossaryError
        For a name that stands for two terms, and for a `see` that leads nowhere.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {term.id: term for term in sorted(terms, key=lambda term: _fold(term.term))}
        self._named: dict[str, Term] = {}
        for term in self._terms.values():
            for name in map(_fold, term.names):
                if self._named.setdefault(name, term) is not term:
                    first = self._named[name].term
                    raise GlossaryError(f"{name!r} is a name of {first!r} and of {term.term!r}")
        for term in self._terms.values():
            for other in term.see:
                if other not in self._terms:
                    raise GlossaryError(f"{term.term}: see: {self._unknown(other, self._terms)}")

    def __getitem__(self, identifier: str) -> Term:
        return self._terms[identifier]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, name: str) -> Term:
        """Give a term by any of its names.

        Raises
        ------
        GlossaryError
            With the nearest names there are.

        Examples
        --------
        >>> glossary().find("confidence  intervals").id
        'confidence-interval'
        """
        found = self._named.get(_fold(name))
        if found is None:
            raise GlossaryError(self._unknown(name, self._named))
        return found

    @staticmethod
    def _unknown(name: str, known: Iterable[str]) -> str:
        return f"there is no term {name!r}; the nearest are {kept.nearest(_fold(name), known)}"

    def used(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Find the terms that a text uses and a page marks.

        Parameters
        ----------
        text : str

        Yields
        ------
        int, int, Term
            Where it begins, where it ends, and the term. The longest name wins.

        Examples
        --------
        >>> text = "Red on a rag? Ask what the RAG rating and the denominators are."
        >>> [text[start:end] for start, end, _ in glossary().used(text)]
        ['RAG rating', 'denominators']
        """
        for match in self._pattern.finditer(text):
            yield match.start(), match.end(), self._named[_fold(match[0])]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = [name for term in self.values() if term.mark for name in term.names]
        forms = "|".join(_form(name) for name in sorted(names, key=len, reverse=True))
        return re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])")


def _fold(name: str) -> str:
    return re.sub(r"\s+", " ", name.replace("’", "'")).strip().casefold()


def _form(name: str) -> str:
    """Write the pattern of a name: as the glossary has it, or at the beginning of a sentence.

    Other capitals make another word of it: a rag is no RAG, and this book's name no golden thread.
    """
    first = f"[{name[0].upper()}{name[0].lower()}]" if name[0].isalpha() else re.escape(name[0])
    return first + re.escape(name[1:]).replace(r"\ ", r"\s+").replace("'", "['’]")


def load(path: Path = PATH) -> Glossary:
    """Read a glossary.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    Glossary

    Raises
    ------
    GlossaryError
        Naming the file, the term, the field and what was expected.
    """
    terms = [term for _, term in kept.entries(path, Term, GlossaryError, by="term")]
    try:
        return Glossary(terms)
    except GlossaryError as error:
        raise GlossaryError(f"{path.name}: {error}") from None


@cache
def glossary() -> Glossary:
    """Give the project's own glossary, read once.

    Examples
    --------
    >>> glossary()["denominator"].see
    ('numerator', 'rate')
    """
    return load()
