"""The fictional council as it is described: places, services, measures, and how their figures arise."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from goldenthread.catalogue import FOLDER as DATA
from goldenthread.catalogue import Sentence
from goldenthread.periods import month_end

FOLDER: Final = DATA / "teaching"
PATH: Final = FOLDER / "northmere.yaml"

#: Never in the form of the register's codes, which are a letter and eight digits.
Code = Annotated[str, Field(pattern=r"^NM\d$")]
#: Never the name of a measure of the catalogue.
MeasureId = Annotated[str, Field(pattern=r"^nm(-[a-z0-9]+)+$")]
Share = Annotated[float, Field(ge=0, le=1)]


def _month(text: object) -> object:
    """Read "2023-04" as its first day."""
    return f"{text}-01" if isinstance(text, str) and len(text) == 7 else text


Month = Annotated[date, BeforeValidator(_month)]


class Part(BaseModel):
    """A part of the description: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Town(Part):
    """A place in the council's area; of `deprivation`, 1 is the most deprived."""

    code: Code
    name: str
    residents: int
    homes: int
    deprivation: int


class Service(Part):
    """A service: complaints in a month on average, and budgets of its lines in thousands of pounds."""

    name: str
    complaints: float
    lines: dict[str, float]


class Shares(Part):
    """Cases of which a share comes out so; with `towns`, spread over them by homes or residents."""

    kind: Literal["share"]
    cases: int
    share: Share
    by: Literal["homes", "residents"] = "residents"
    towns: dict[Code, Share] = Field(default_factory=dict)


class Rate(Part):
    """Events among so many, at so many for every `per` of the measure."""

    kind: Literal["rate"]
    of: int
    rate: float


class Count(Part):
    """Events by themselves."""

    kind: Literal["count"]
    mean: float


class Measured(Part):
    """A quantity around a mean."""

    kind: Literal["measured"]
    mean: float
    spread: float


class Taken(Part):
    """Worked out from another file."""

    kind: Literal["complaints", "decisions-in-time", "decision-days"]


Arises = Annotated[Shares | Rate | Count | Measured | Taken, Field(discriminator="kind")]


class Measure(Part):
    """The definition of a measure, its target, and how its figures arise.

    Attributes
    ----------
    versions : dict of date to str
        Later definitions, by the month from which they hold.
    stock : bool
        Whether it is a count of a day, so that a year is an average and not a sum.
    target : float or tuple of float or None
        One for all years, or one for each; None where there is none.
    tolerance : float
        By how much a target may be missed and still be nearly met.
    """

    id: MeasureId
    name: str
    service: str
    definition: Sentence
    versions: dict[Month, Sentence] = Field(default_factory=dict)
    numerator: str
    denominator: str | None = None
    unit: Literal["per cent", "rate", "count", "days", "kilograms"]
    per: float = 1
    decimals: int = 1
    stock: bool = False
    polarity: Literal["high", "low"] | None
    frequency: Literal["monthly", "quarterly"]
    control: Literal["controls", "influences"]
    owner: str
    caveat: Sentence
    arises: Arises
    target: float | tuple[float | None, ...] | None = None
    tolerance: float | None = None

    @model_validator(mode="after")
    def _agree(self) -> Measure:
        if (self.target is None) != (self.tolerance is None):
            raise ValueError(f"{self.id}: expected a target and its tolerance, or neither")
        if self.target is not None and self.polarity is None:
            raise ValueError(f"{self.id}: a target expected a polarity")
        return self

    @property
    def multiplier(self) -> float:
        """What the numerator over the denominator is multiplied by."""
        return 100.0 if self.unit == "per cent" else self.per

    @property
    def months(self) -> int:
        """How many months a period has."""
        return 1 if self.frequency == "monthly" else 3


class Complaints(Part):
    """What becomes of complaints at the first stage and at the second."""

    upheld: Share
    on_time: Share
    second_stage: Share
    second_upheld: Share
    second_on_time: Share


class Age(Part):
    """A group of residents, and how much more of them agree."""

    name: str
    of_residents: Share
    adds: float


class Question(Part):
    """What the survey asks, and the share that agrees."""

    id: str
    share: Share
    text: str


class Survey(Part):
    """The yearly survey of residents."""

    asked: int
    ages: tuple[Age, ...]
    questions: tuple[Question, ...]


class Decisions(Part):
    """Decisions on small planning applications; `limit` days are in time."""

    each_quarter: int
    middle: float
    spread: float
    limit: int
    refused: Share


class Junctions(Part):
    """Junctions at which collisions are counted; `spread` is the part by which they truly differ."""

    number: int
    mean: float
    spread: float


class Action(Part):
    """Something to be done by the end of a month."""

    due: Month
    action: str
    still_open: bool = False

    @property
    def by(self) -> date:
        """The last day of its month."""
        return month_end(self.due.year, self.due.month)


class Aim(Part):
    """What is to be different for residents, by which measure, and what is done for it."""

    outcome: str
    measure: MeasureId
    target: float
    owner: str
    actions: tuple[Action, ...]

    @model_validator(mode="before")
    @classmethod
    def _spelt_out(cls, entry: Any) -> Any:
        """Take an action written as [month, what] for what it is."""
        actions = [
            {"due": one[0], "action": one[1]} if isinstance(one, list) else one
            for one in entry["actions"]
        ]
        return {**entry, "actions": actions}


class Council(Part):
    """All of it."""

    name: str
    code: Code
    kind: Literal["unitary"]
    first_year: int
    years: int
    seed: int
    towns: tuple[Town, ...]
    services: dict[str, Service]
    complaints: Complaints
    survey: Survey
    decisions: Decisions
    junctions: Junctions
    measures: tuple[Measure, ...]
    plan: tuple[Aim, ...]

    def measure(self, identifier: str) -> Measure:
        """Give a measure."""
        return next(one for one in self.measures if one.id == identifier)

    def periods(self, months: int) -> list[date]:
        """Give the first days of all periods of so many months, in order of time.

        Examples
        --------
        >>> quarters = council().periods(3)
        >>> len(quarters), quarters[0].isoformat(), quarters[-1].isoformat()
        (20, '2021-04-01', '2026-01-01')
        """
        number = self.years * 12 // months
        since = [3 + place * months for place in range(number)]
        return [date(self.first_year + at // 12, at % 12 + 1, 1) for at in since]


def year_of(day: date) -> int:
    """Give the year in which the financial year of a day begins.

    Examples
    --------
    >>> year_of(date(2026, 3, 31))
    2025
    """
    return day.year - (day.month < 4)


def year_label(year: int) -> str:
    """Name a financial year.

    Examples
    --------
    >>> year_label(2021)
    '2021/22'
    """
    return f"{year}/{(year + 1) % 100:02}"


def period_label(start: date, months: int) -> str:
    """Name a month, or a quarter of the financial year.

    Examples
    --------
    >>> period_label(date(2024, 1, 1), 3), period_label(date(2024, 1, 1), 1)
    ('2023/24 Q4', '2024-01')
    """
    if months == 1:
        return f"{start:%Y-%m}"
    return f"{year_label(year_of(start))} Q{(start.month - 4) % 12 // 3 + 1}"


@cache
def council() -> Council:
    """Read the description.

    Examples
    --------
    >>> council().name, len(council().towns)
    ('Northmere', 5)
    """
    return Council.model_validate(yaml.safe_load(PATH.read_text(encoding="utf-8")))
