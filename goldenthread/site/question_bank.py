"""The question bank: good questions, why each is worth asking, and what a good answer contains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from goldenthread import catalogue, kept
from goldenthread.catalogue import Identifier, Sentence
from goldenthread.site.boxes import ROLES
from goldenthread.site.themes import themes

PATH: Final = catalogue.FOLDER / "questions" / "bank.yaml"
#: The theme of a question that suits any service.
ANY: Final = "any"
#: The moments at which a question is asked, in the order in which they are offered.
MOMENTS: Final[tuple[str, ...]] = (
    "quarterly report",
    "annual report",
    "target setting",
    "budget",
    "policy review",
    "new contract",
    "partnership review",
    "after an inspection",
    "complaint or case",
    "appointment to a committee",
    "reorganisation",
    "fire service review",
)
#: How many words a question may have: a longer one is not remembered until it can be put.
MOST_WORDS: Final = 30


class BankError(ValueError):
    """A question that is wrong, or a choice that leads nowhere; the message says what was expected."""


class BankQuestion(BaseModel):
    """A question that a member can put.

    Attributes
    ----------
    id : str
        Its name in an address.
    ask : str
        The question itself.
    why : str
        Why it is worth asking.
    good : str
        What a good answer contains.
    roles : tuple of str
        Who would ask it; of `ROLES`.
    themes : tuple of str
        What it is about: themes of the catalogue, or `ANY` alone.
    moments : tuple of str
        When it is asked; of `MOMENTS`.
    to : str
        Whom to ask.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: Identifier
    ask: Annotated[str, Field(min_length=12, pattern=r"^[A-Z].*\?$")]
    why: Sentence
    good: Sentence
    roles: tuple[str, ...] = Field(min_length=1)
    themes: tuple[str, ...] = Field(min_length=1)
    moments: tuple[str, ...] = Field(min_length=1)
    to: Annotated[str, Field(min_length=4, pattern=r"^[a-z].*[^.?]$")]

    @field_validator("ask")
    @classmethod
    def _short(cls, ask: str) -> str:
        count = len(ask.split())
        if count > MOST_WORDS:
            raise ValueError(f"expected at most {MOST_WORDS} words, found {count}")
        return ask

    @field_validator("roles")
    @classmethod
    def _know_roles(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, "role", ROLES)

    @field_validator("moments")
    @classmethod
    def _know_moments(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, "moment", MOMENTS)

    @field_validator("themes")
    @classmethod
    def _know_themes(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if ANY in names and len(names) > 1:
            raise ValueError(f"expected {ANY!r} alone, or themes without it")
        return names if names == (ANY,) else _known(names, "theme", themes())

    @property
    def is_general(self) -> bool:
        """Whether it suits any service."""
        return self.themes == (ANY,)


def _known(names: tuple[str, ...], what: str, known: Iterable[str]) -> tuple[str, ...]:
    known = list(known)
    for name in names:
        if name not in known:
            raise ValueError(kept.unknown(what, name, known))
    if len(set(names)) < len(names):
        raise ValueError(f"a {what} stands there twice")
    return names


def load(path: Path = PATH) -> dict[str, BankQuestion]:
    """Read the questions of a file.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    dict of str to BankQuestion
        By id, in the order of the file.

    Raises
    ------
    BankError
        Naming the file, the entry, the field and what was expected.
    """
    return {one.id: one for _, one in kept.entries(path, BankQuestion, BankError, by="id")}


@cache
def bank() -> Mapping[str, BankQuestion]:
    """Give the project's own questions, read once.

    Examples
    --------
    >>> bank()["worst-true-thing"].to
    'the cabinet member'
    """
    return load()


def draw(
    questions: Iterable[BankQuestion],
    *,
    role: str | None = None,
    theme: str | None = None,
    moment: str | None = None,
) -> list[BankQuestion]:
    """Give the questions that suit, the most fitting first.

    A question for any service suits every theme, but comes after those about the theme itself. Of
    the others the one comes first that is made for the fewest roles, then for the fewest moments,
    where these were asked for; then the order of the file decides.

    Parameters
    ----------
    questions : iterable of BankQuestion
    role, theme, moment : str, optional
        What they must suit.

    Returns
    -------
    list of BankQuestion

    Raises
    ------
    BankError
        For a role, theme or moment that there is not.

    Examples
    --------
    >>> found = draw(bank().values(), theme="waste", role="scrutiny")
    >>> found[0].themes, found[-1].is_general
    (('waste',), True)
    """
    for what, name, known in (
        ("role", role, ROLES),
        ("theme", theme, themes()),
        ("moment", moment, MOMENTS),
    ):
        if name is not None and name not in known:
            raise BankError(kept.unknown(what, name, known))
    suited = [
        one
        for one in questions
        if (role is None or role in one.roles)
        and (theme is None or one.is_general or theme in one.themes)
        and (moment is None or moment in one.moments)
    ]

    def breadth(one: BankQuestion) -> tuple[bool, int, int]:
        return (
            theme is not None and one.is_general,
            len(one.roles) if role else 0,
            len(one.moments) if moment else 0,
        )

    return sorted(suited, key=breadth)
