"""The figures since: what the snapshot holds for those whose story a case study tells, then and now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import pandas as pd

from goldenthread import areas, findings
from goldenthread.areas import Area
from goldenthread.findings import ENGLAND
from goldenthread.site import authorities
from goldenthread.site.panels import Panel

#: How many years before a story a figure may be from, to say where it began.
BEFORE: Final = 2


@dataclass(frozen=True)
class Figure:
    """A figure as it is written, with its period, and England's for the same.

    England's is empty where the publisher has none, and for a total, which says how large a place is.
    """

    value: str
    period: str
    england: str


@dataclass(frozen=True)
class Since:
    """How a measure went on for one authority since a story began.

    Attributes
    ----------
    panel : Panel
    area : Area
        Whose figures they are; of what a county provides, not the district but its county.
    whose : str
        Its whole name.
    then : Figure or None
        The last figure of a period that ended in the story's year or shortly before; where there is
        none, the first one after. None where neither is there, or only the newest.
    now : Figure or None
        The newest; None where none is newer than the story's year.
    broken : tuple of (str, str)
        Between the two, when and why figures stopped being comparable.
    """

    panel: Panel
    area: Area
    whose: str
    then: Figure | None
    now: Figure | None
    broken: tuple[tuple[str, str], ...]


def since(made: Panel, area: Area, year: int) -> Since:
    """Look up how a measure went on.

    Parameters
    ----------
    made : Panel
    area : Area
        One of today that the measure has figures of; see `case_studies.misfit`.
    year : int
        When the story begins.

    Returns
    -------
    Since

    Examples
    --------
    >>> from goldenthread.site.panels import panel
    >>> found = since(panel("household-recycling-rate"), areas.find("Hull"), 2015)
    >>> found.then.period, found.then.value
    ('2014/15', '45.0%')
    >>> found.now.period, found.now.england
    ('2022/23', '41.7%')
    """
    whose = findings.figures_of(made.measure.tier)[area.code]
    known = made.observations.dropna(subset="value")
    own = known[known["area"] == whose].sort_values(["period_end", "period_start"])
    ended = own["period_end"].dt.year
    # A figure that is much older than the story tells nothing about where it began.
    before, after = own[ended.between(year - BEFORE, year)], own[ended > year]
    shown = pd.concat(
        [before.tail(1), after.tail(1)] if len(before) else [after.head(1), after[1:].tail(1)]
    )
    nation = known[known["area"] == ENGLAND].set_index("period_label")["value"]
    figures = [
        Figure(
            value=made.write(row.value),
            period=str(row.period_label),
            england=""
            if made.measure.size or row.period_label not in nation
            else made.write(nation[row.period_label]),
        )
        for row in shown.itertuples()
    ]
    then = figures[0] if len(before) or len(figures) > 1 else None
    register = areas.register()
    return Since(
        panel=made,
        area=register[whose],
        whose=authorities.title(register[whose]),
        then=then,
        now=figures[-1] if len(after) else None,
        broken=tuple(
            (f"{entry.at:%B %Y}", entry.why)
            for entry in made.measure.breaks
            if len(figures) > 1 and _between(shown["period_end"], entry.at)
        ),
    )


def _between(ends: pd.Series, at: dt.date) -> bool:
    return bool(ends.min() < pd.Timestamp(at) <= ends.max())
