"""The self-assessment: its statements, what each looks like at each level, and a reader's answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from goldenthread import catalogue, kept
from goldenthread.catalogue import Identifier, Sentence

PATH: Final = catalogue.FOLDER / "self-assessment.yaml"
#: The themes, in the order in which they are asked about.
THEMES: Final = (
    "leadership",
    "planning",
    "measures",
    "data",
    "analysis",
    "challenge",
    "residents",
    "learning",
    "value",
)
#: How many levels each statement has.
LEVELS: Final = 4
#: How many bytes a file of answers may have, and how many files are put together.
BYTES: Final = 200_000
FILES: Final = 50


class AssessmentError(ValueError):
    """A self-assessment or a file of answers that is wrong; the message says where and what was expected."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


_OnePerLevel = Annotated[tuple[Sentence, ...], Field(min_length=LEVELS, max_length=LEVELS)]


class Statement(_Entry):
    """Something that is more or less true of a council.

    Attributes
    ----------
    id : str
        Its name in files of answers: the theme's first.
    says : str
    look : str
        Where evidence of it is found.
    levels : tuple of str
        What it looks like at each level, the lowest first.
    next : tuple of str
        What to do next at each level; at the highest, how to stay there.
    """

    id: Identifier
    says: Sentence
    look: Sentence
    levels: _OnePerLevel
    next: _OnePerLevel


class Theme(_Entry):
    """Some statements on one subject.

    Attributes
    ----------
    id, title : str
    question : str
        What the theme asks.
    statements : tuple of Statement
    """

    id: Identifier
    title: str
    question: Sentence
    statements: tuple[Statement, ...] = Field(min_length=4, max_length=5)

    @model_validator(mode="after")
    def _own(self) -> Self:
        for one in self.statements:
            if not one.id.startswith(f"{self.id}-"):
                raise ValueError(f"{one.id}: expected a name that begins with {self.id}-")
        return self


class Assessment(_Entry):
    """The whole questionnaire.

    Attributes
    ----------
    levels : tuple of str
        What the levels are called, the lowest first.
    themes : tuple of Theme
        Those of `THEMES`, in their order.
    """

    levels: tuple[str, ...] = Field(min_length=LEVELS, max_length=LEVELS)
    themes: tuple[Theme, ...]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        found = tuple(theme.id for theme in self.themes)
        if found != THEMES:
            raise ValueError(f"themes: expected {', '.join(THEMES)}, found {', '.join(found)}")
        names = [one.id for one in self.statements]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"{name}: stands there twice")
        return self

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, in order."""
        return tuple(one for theme in self.themes for one in theme.statements)


def load(path: Path = PATH) -> Assessment:
    """Read a self-assessment.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    Assessment

    Raises
    ------
    AssessmentError
        Naming the file, the field and what was expected.
    """
    try:
        return Assessment.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        said = kept.fault(error)
        raise AssessmentError(f"{path.name}: {said}") from None


@cache
def assessment() -> Assessment:
    """Give the project's own, read once.

    Examples
    --------
    >>> assessment().levels
    ('Not yet', 'In places', 'Mostly', 'As a habit')
    """
    return load()


# --- a reader's answers -------------------------------------------------------------------------------
# The page's script writes and reads these files on the reader's device; `assess-file.js` holds them to
# the same rules, and takes the limits from here.


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Answer(_Kept):
    """What a reader says of one statement."""

    level: Literal[1, 2, 3, 4, "unsure"] | None = Field(
        description="1 to 4, the lowest first; “unsure”; or null where there is only a note"
    )
    note: str = Field(max_length=500, description="the evidence, in the reader’s words")


class Step(_Kept):
    """What a reader means to do about one statement."""

    action: str = Field(max_length=300, description="what will be done")
    who: str = Field(max_length=80, description="who does it, as a role")
    by: str = Field(max_length=40, description="by when")


class Answers(_Kept):
    """One person's answers, as they are kept on the device and saved to a file."""

    format: Literal["golden-thread-self-assessment"] = Field(description="what the file is")
    version: Literal[1] = Field(description="1; another number is another form of the file")
    id: str = Field(
        pattern=r"^[0-9a-f-]{36}$",
        description="a random name, so that nobody’s answers are counted twice",
    )
    saved: date = Field(description="the day of the last change, such as 2026-11-25")
    label: str = Field(max_length=60, description="what the answers are called in a group")
    answers: dict[Identifier, Answer] = Field(max_length=100, description="by statement")
    plan: dict[Identifier, Step] = Field(max_length=100, description="by statement")


def read(text: str) -> Answers:
    """Read a file of answers, and refuse whatever else it may be.

    Parameters
    ----------
    text : str
        What the file holds.

    Returns
    -------
    Answers

    Raises
    ------
    AssessmentError
        Naming the field and what was expected.

    Examples
    --------
    >>> read("[]")
    Traceback (most recent call last):
    ...
    goldenthread.self_assessment.AssessmentError: entry: Input should be an object
    """
    if len(text.encode()) > BYTES:
        raise AssessmentError(f"expected at most {BYTES} bytes")
    try:
        return Answers.model_validate_json(text)
    except ValidationError as error:
        raise AssessmentError(kept.fault(error)) from None


def limits() -> dict[str, int]:
    """Give the limits of a file of answers: how long its texts, how many its entries.

    Examples
    --------
    >>> limits()["note"]
    500
    """
    made = {"bytes": BYTES, "files": FILES}
    for model in (Answer, Step, Answers):
        for name, field in model.model_fields.items():
            for rule in field.metadata:
                if hasattr(rule, "max_length"):
                    made[name] = rule.max_length
    return made


def described() -> Iterator[tuple[str, str]]:
    """Say what each field of a file of answers holds.

    Yields
    ------
    str, str
        Its place in the file, and its meaning.

    Examples
    --------
    >>> dict(described())["answers.<statement>.note"]
    'the evidence, in the reader’s words; at most 500 characters'
    """
    inside: Mapping[str, type[BaseModel]] = {"answers": Answer, "plan": Step}
    known: dict[str, int] = limits()

    def meaning(name: str, field: Any) -> str:
        many = "entries" if name in inside else "characters"
        return (
            f"{field.description}; at most {known[name]} {many}"
            if name in known
            else field.description
        )

    for name, field in Answers.model_fields.items():
        yield name, meaning(name, field)
        for below, one in getattr(inside.get(name), "model_fields", {}).items():
            yield f"{name}.<statement>.{below}", meaning(below, one)
