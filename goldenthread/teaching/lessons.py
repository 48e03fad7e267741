"""What is planted in the fictional council's figures: for trainers, and for those who make them."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Literal, TypeVar

import yaml
from pydantic import Field

from goldenthread.catalogue import Identifier, Sentence
from goldenthread.teaching.council import FOLDER, Code, MeasureId, Month, Part, Share

PATH: Final = FOLDER / "planted.yaml"


class Season(Part):
    """What each calendar month adds, from January."""

    kind: Literal["season"]
    measure: MeasureId
    adds: tuple[float, ...] = Field(min_length=12, max_length=12)


class Step(Part):
    """From one month, and to another if it ends, what is usual is multiplied."""

    kind: Literal["step"]
    measure: MeasureId
    since: Month
    until: Month | None = None
    times: float


class Drift(Part):
    """A share moves evenly from its first to its last."""

    kind: Literal["drift"]
    measure: MeasureId
    first: Share
    last: Share


class Few(Part):
    """There are only so many cases."""

    kind: Literal["few"]
    measure: MeasureId
    cases: int


class InTown(Part):
    """A town has a share of its own; so have its answers to the survey."""

    kind: Literal["town"]
    measure: MeasureId
    town: Code
    share: Share
    survey: dict[str, Share]


class Gap(Part):
    """Periods have no figure."""

    kind: Literal["gap"]
    measure: MeasureId
    periods: tuple[Month, ...]


class Merge(Part):
    """A measure ends and is counted in another, with its complaints (a month) and money (a year)."""

    kind: Literal["merge"]
    from_: Annotated[MeasureId, Field(alias="from")]
    into: MeasureId
    since: Month
    complaints: float
    line_from: str
    line_into: str
    money: float


class Bunching(Part):
    """Cases that would have missed the limit by little are made to fit; the others wait longer."""

    kind: Literal["bunching"]
    since: Month
    reach: int
    fits: Share
    within: int
    refused: Share
    later: int
    much_later: int


class Worst(Part):
    """The junctions that were worst in a year are given signs, which do nothing."""

    kind: Literal["worst"]
    year: int
    junctions: int
    signs: Month


class Saves(Part):
    """The line that costs less."""

    service: str
    line: str
    each_year: float


class Costs(Part):
    """The line that costs more, and what its budget was raised by, in each year."""

    service: str
    line: str
    more: tuple[float, ...]
    budget: tuple[float, ...]


class MovedCost(Part):
    """What one line saves another pays."""

    kind: Literal["moved-cost"]
    since: Month
    saves: Saves
    costs: Costs


class Plan(Part):
    """Nothing is added: it is what the plan in the description comes to."""

    kind: Literal["plan"]


Effect = Season | Step | Drift | Few | InTown | Gap | Merge | Bunching | Worst | MovedCost | Plan
_Effect = TypeVar("_Effect", bound=Part)


class Lesson(Part):
    """What can be learnt, where it is, what a hasty reader takes it for, and how to see it."""

    id: Identifier
    lesson: Sentence
    where: str
    trap: Sentence
    see: Sentence
    effect: Annotated[Effect, Field(discriminator="kind")]


@cache
def lessons() -> tuple[Lesson, ...]:
    """Read what is planted.

    Examples
    --------
    >>> [lesson.id for lesson in lessons() if lesson.effect.kind == "gap"]
    ['missing-quarter']
    """
    entries = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return tuple(Lesson.model_validate(entry) for entry in entries)


def effects(kind: type[_Effect], measure: str = "") -> list[_Effect]:
    """Give the effects of a kind, of one measure if it is named.

    Examples
    --------
    >>> effects(Few, "nm-care-leavers-active")[0].cases
    21
    """
    found = [one.effect for one in lessons() if isinstance(one.effect, kind)]
    return [one for one in found if not measure or getattr(one, "measure", "") == measure]


def effect(kind: type[_Effect]) -> _Effect:
    """Give the only effect of a kind."""
    (only,) = effects(kind)
    return only
