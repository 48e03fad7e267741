"""How the circumstances of better-placed councils differ from those of others: context beside rank.

Circumstances explain much of a spread and excuse nothing, so that both are shown: who is better
placed, and in what these places differ. What is shown without a choice is made here; for a chosen
council the page's script looks up the same figures in one small file (`shared`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from goldenthread import areas, catalogue, features, words, writing
from goldenthread.authorities import citizens
from goldenthread.catalogue import Measure
from goldenthread.site.panels import Panel, listed

PATH: Final = catalogue.FOLDER / "neighbours" / "circumstances.yaml"
#: With fewer there is no middle to speak of.
ENOUGH: Final = 3
#: A difference is told when it is more than this share of the middle half of all councils.
NOTABLE: Final = 0.25
#: How many differences a sentence tells.
TOLD: Final = 3
#: With fewer of a kind a quarter of them is nobody's company.
_KIND: Final = 4 * ENOUGH


class CircumstancesError(ValueError):
    """A circumstance that is no feature of places; the message names it and the features."""


class Circumstance(BaseModel):
    """Something that describes a place and that its council can hardly change.

    Attributes
    ----------
    feature : str
        A feature of `features.features`.
    name : str
        In plain words.
    lower, higher : str
        How a group is spoken of whose middle is lower, or higher, than what it is set beside.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    feature: str
    name: str
    lower: str
    higher: str

    @property
    def measure(self) -> Measure:
        """The measure that it is."""
        return catalogue.catalogue()[features.features()[self.feature].measure]

    def value(self, value: float) -> float:
        """Give a value as it is compared: ratios as logarithms."""
        ratio = features.features()[self.feature].scale == "log"
        return math.log(value) if ratio and value > 0 else value

    def write(self, value: float) -> str:
        """Write a value; a dash where there is none."""
        return "–" if math.isnan(value) else writing.figure(value, self.measure)


@cache
def circumstances() -> tuple[Circumstance, ...]:
    """Give the circumstances in the order in which they are shown.

    Raises
    ------
    CircumstancesError
        For one that is no feature.

    Examples
    --------
    >>> circumstances()[0].name
    'Residents'
    """
    entries = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    made = tuple(Circumstance.model_validate(entry) for entry in entries)
    known = features.features()
    for one in made:
        if one.feature not in known:
            raise CircumstancesError(
                f"{PATH.name}: {one.feature!r} is no feature; expected one of {', '.join(known)}"
            )
    return made


def beside(measure: Measure) -> list[Circumstance]:
    """Give what is shown beside a measure: everything but the measure itself."""
    return [one for one in circumstances() if one.measure.id != measure.id]


@cache
def widths() -> dict[str, float]:
    """Give the width of the middle half of all councils in each circumstance, as it is compared."""
    table = features.scaled()[citizens()["tier"] != "fire"]
    half = table.quantile(0.75) - table.quantile(0.25)
    return {one.feature: float(half[one.feature]) for one in circumstances()}


def told(differences: Mapping[str, tuple[float, float]]) -> str:
    """Say in what a group differs most from what it is set beside.

    Parameters
    ----------
    differences : mapping of str to (float, float)
        By feature, the middle of the group and what it is set beside.

    Returns
    -------
    str
        As it follows "they tend to"; empty where nothing differs by more than `NOTABLE`.

    Examples
    --------
    >>> told({"deprivation": (12.0, 30.0), "children": (18.0, 18.1)})
    'be less deprived'
    """
    found: list[tuple[float, str]] = []
    for one in circumstances():
        group, other = differences.get(one.feature, (math.nan, math.nan))
        gap = (one.value(group) - one.value(other)) / widths()[one.feature]
        if abs(gap) > NOTABLE:
            found.append((-abs(gap), one.lower if gap < 0 else one.higher))
    phrases = [phrase for _, phrase in sorted(found)[:TOLD]]
    return writing.listed(phrases) if phrases else ""


@dataclass(frozen=True)
class Quarter:
    """The best-placed quarter of the councils of a kind, beside the others.

    Attributes
    ----------
    several : str
        What councils of the kind are called.
    count, others : int
        How many are in it, with those that are equal, and how many are not.
    sentence : str
        In what they differ.
    rows : list of (str, str, str)
        Each circumstance: its name, the middle of the quarter, the middle of the others.
    """

    several: str
    count: int
    others: int
    sentence: str
    rows: list[tuple[str, str, str]]


def quarters(made: Panel) -> list[Quarter]:
    """Set the best-placed quarter of each kind of council beside the others of the kind.

    Parameters
    ----------
    made : Panel
        Of a measure with an agreed direction.

    Returns
    -------
    list of Quarter
        Kinds with too few figures, or hardly a difference among them, are left out. Only councils
        that do the same job are in one.
    """
    measure = made.measure
    alike = pd.Series(made.alike, index=citizens().index).reindex(made.members.index)
    kinds = made.members["kind"]
    found = []
    for kind in dict.fromkeys([*areas.COUNCIL_KINDS, *kinds]):
        values = made.values[kinds == kind].dropna()
        if len(values) < _KIND:
            continue
        # A kind may hold a few that do less than the others: they stand aside.
        same = alike[values.index]
        values = values[same == same.mode().iloc[0]]
        better = _better_quarter(values, measure)
        if better.all():
            continue
        found.append(
            _quarter(measure, kind, list(values.index[better]), list(values.index[~better]))
        )
    return found


def _better_quarter(values: pd.Series[float], measure: Measure) -> pd.Series[bool]:
    if measure.polarity == "high":
        return values >= values.quantile(0.75)
    return values <= values.quantile(0.25)


def _quarter(measure: Measure, kind: str, better: list[str], others: list[str]) -> Quarter:
    table = features.table()
    middles = {
        one.feature: (
            float(table.loc[better, one.feature].median()),
            float(table.loc[others, one.feature].median()),
        )
        for one in beside(measure)
    }
    _, several = words.KINDS[kind]
    end = "highest" if measure.polarity == "high" else "lowest"
    differ = told(middles)
    said = f"tend to {differ} than the others" if differ else "differ little from the others"
    return Quarter(
        several=several,
        count=len(better),
        others=len(others),
        sentence=(
            f"{writing.opening(several)}: of {len(better) + len(others)}, the {len(better)} with "
            f"the {end} figures {said}."
        ),
        rows=[
            (one.name, one.write(middles[one.feature][0]), one.write(middles[one.feature][1]))
            for one in beside(measure)
        ],
    )


# --- for a chosen council --------------------------------------------------------------------------


def shared() -> dict[str, Any]:
    """Give what the page's script needs of everybody's circumstances, for all reports.

    Returns
    -------
    dict
        `notable`, `enough`, `told` and `circumstances`: each with its `id`, how it is written
        (`write`, as in a panel's block), whether ratios count (`ratio`), the `width` of the middle
        half, how a difference is told (`lower`, `higher`), and `values` in the order of
        `authorities.citizens`.
    """
    table = features.table()
    known = features.features()
    return {
        "notable": NOTABLE,
        "enough": ENOUGH,
        "told": TOLD,
        "circumstances": [
            {
                "id": one.feature,
                "write": pattern(one.measure),
                "ratio": known[one.feature].scale == "log",
                "width": round(widths()[one.feature], 4),
                "lower": one.lower,
                "higher": one.higher,
                "values": listed(
                    writing.rounded(value, one.measure.decimals)
                    for value in table[one.feature].astype(np.float64)
                ),
            }
            for one in circumstances()
        ],
    }


def pattern(measure: Measure) -> list[str | int]:
    """Give how a value is written: what stands before it, its decimals, what follows it and a one.

    Examples
    --------
    >>> pattern(catalogue.catalogue()["population-density"])
    ['', 0, '', '']
    """
    zero = writing.number(0, measure.decimals)
    before, _, after = writing.figure(0, measure).partition(zero)
    one = writing.figure(1, measure).partition(writing.number(1, measure.decimals))[2]
    return [before, measure.decimals, after, one]


def texts(measure: Measure) -> dict[str, str]:
    """Give the sentences about a chosen council, with places for names and counts.

    Parameters
    ----------
    measure : Measure
        With an agreed direction.
    """
    figure = "higher" if measure.polarity == "high" else "lower"
    others = "Of the {of} others with a figure that {name} is compared with"
    return {
        "none": f"{others}, none has a {figure} one.",
        "one": f"{others}, 1 has a {figure} one.",
        "several": f"{others}, {{count}} have a {figure} one.",
        "same": "{same} the same.",
        "and": " and ",
        "differ": "These tend to {phrases} than {name}.",
        "alike": "These differ little from {name} in what is looked at here.",
        "few": f"With fewer than {ENOUGH} there is no middle to speak of.",
        "missing": "{name} has no figure here, so that nobody is better placed.",
        "alone": "Nobody that {name} is compared with has such a figure.",
    }


#: What such a table is good for.
CAUTION: Final = (
    "What differs is told by the middle of each group, where that is more than a quarter of the "
    "middle half of all councils away. It is a reason to ask whom to learn from, no excuse for a "
    "figure and no proof of what made it."
)
