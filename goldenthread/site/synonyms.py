"""What people type where the book says something else, and what it answers where it has no figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from goldenthread import catalogue, kept
from goldenthread.catalogue import Catalogue, Sentence
from goldenthread.site.glossary import Glossary, glossary

PATH: Final = catalogue.FOLDER / "synonyms.yaml"


class SynonymsError(ValueError):
    """An entry that is wrong or leads nowhere; the message names it and what was expected."""


class Synonym(BaseModel):
    """Words, and what they lead to.

    Attributes
    ----------
    words : tuple of str
        What people type.
    measures, terms : tuple of str
        Ids of the catalogue and of the glossary.
    theme : str or None
        A theme of the catalogue, for all of its measures.
    title, answer : str or None
        What is asked for, and what is to be said, where no figure is held.
    page : str or None
        The address of whoever has it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    words: tuple[str, ...] = Field(min_length=1)
    measures: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    theme: str | None = None
    title: str | None = None
    answer: Sentence | None = None
    page: Annotated[str, Field(pattern=r"^https?://")] | None = None

    @model_validator(mode="after")
    def _agree(self) -> Synonym:
        if bool(self.title) != bool(self.answer):
            raise ValueError("title and answer: expected both or neither")
        if not (self.measures or self.terms or self.theme or self.answer):
            raise ValueError("expected measures, terms, a theme or an answer")
        return self


def load(
    path: Path = PATH, measures: Catalogue | None = None, terms: Glossary | None = None
) -> tuple[Synonym, ...]:
    """Read the synonyms of a file.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.
    measures : Catalogue, optional
    terms : Glossary, optional
        What may be led to; the project's own, if not given.

    Returns
    -------
    tuple of Synonym

    Raises
    ------
    SynonymsError
        Naming the file, the first word of the entry and what was expected.
    """
    known = measures if measures is not None else catalogue.catalogue()
    words = terms if terms is not None else glossary()
    made = []
    for _, synonym in kept.entries(path, Synonym, SynonymsError):
        where = f"{path.name}: {synonym.words[0]}"
        _check(f"{where}: measures", synonym.measures, known)
        _check(f"{where}: terms", synonym.terms, words)
        _check(f"{where}: theme", filter(None, [synonym.theme]), dict.fromkeys(known.themes()))
        made.append(synonym)
    return tuple(made)


def _check(where: str, names: Iterable[str], known: Mapping[str, object]) -> None:
    for name in names:
        if name not in known:
            raise SynonymsError(
                f"{where}: {name!r} is not there; the nearest are {kept.nearest(name, known)}"
            )


@cache
def synonyms() -> tuple[Synonym, ...]:
    """Give the project's own synonyms, read once.

    Examples
    --------
    >>> next(one.measures[0] for one in synonyms() if "bins" in one.words)
    'household-recycling-rate'
    """
    return load()
