"""The council plan: what was to be done, what was done, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd

from goldenthread.teaching.chance import Chance
from goldenthread.teaching.council import Aim, Council, year_label

#: At most so many days before its due day an action is done, or after it.
_EARLY: Final = 30
_LATE: Final = 45


def actions(council: Council) -> pd.DataFrame:
    """Track the actions.

    Returns
    -------
    pandas.DataFrame
        A row per action: `action`, `outcome`, `what`, `owner` (a role), `due`, `done` (missing where
        it is open), `status` ("done" or "open").
    """
    chance = Chance(council.seed, "actions")
    # Nothing can be done after the last day that the figures are for.
    last = np.datetime64(f"{council.first_year + council.years}-03-31")
    rows = []
    for place, aim in enumerate(council.plan, start=1):
        off = chance.even(len(aim.actions))
        for number, (action, luck) in enumerate(zip(aim.actions, off, strict=True), start=1):
            day = action.by + timedelta(days=round(-_EARLY + luck * (_EARLY + _LATE)))
            done = None if action.still_open else min(np.datetime64(day), last)
            rows.append(
                {
                    "action": f"A{place}.{number}",
                    "outcome": f"O{place}",
                    "what": action.action,
                    "owner": aim.owner,
                    "due": action.by.isoformat(),
                    "done": None if done is None else str(done),
                    "status": "open" if action.still_open else "done",
                }
            )
    return pd.DataFrame(rows)


def outcomes(council: Council, kpis: pd.DataFrame) -> pd.DataFrame:
    """Say of each outcome where it began, where it was to be, and where it is.

    Returns
    -------
    pandas.DataFrame
        A row per outcome: `outcome`, `what`, `measure`, `first` (in the first year), `target` and
        `last` (in the last), `met`.
    """
    rows = []
    for place, aim in enumerate(council.plan, start=1):
        measure = council.measure(aim.measure)
        own = kpis[(kpis["area"] == council.code) & (kpis["measure"] == aim.measure)]
        first, last = (
            _year(own, aim, council, council.first_year + at) for at in (0, council.years - 1)
        )
        met = last <= aim.target if measure.polarity == "low" else last >= aim.target
        rows.append(
            {
                "outcome": f"O{place}",
                "what": aim.outcome,
                "measure": aim.measure,
                "first": first,
                "target": aim.target,
                "last": last,
                "met": "yes" if met else "no",
            }
        )
    return pd.DataFrame(rows)


def _year(own: pd.DataFrame, aim: Aim, council: Council, year: int) -> float:
    """Give a measure's figure of a whole financial year."""
    measure = council.measure(aim.measure)
    starts = own["starts"]
    figures = own[(starts >= f"{year}-04") & (starts < f"{year + 1}-04")]
    if figures["denominator"].notna().all():
        share = figures["numerator"].sum() / figures["denominator"].sum()
        return round(float(share) * measure.multiplier, measure.decimals)
    if measure.unit == "count" and not measure.stock:
        return float(figures["value"].sum())
    return round(float(figures["value"].mean()), measure.decimals)


def targets(council: Council) -> pd.DataFrame:
    """List the targets of every year.

    Returns
    -------
    pandas.DataFrame
        A row per measure and year: `measure`, `year`, `target`, `tolerance`.
    """
    rows = []
    for measure in council.measures:
        given = measure.target
        each = given if isinstance(given, tuple) else (given,) * council.years
        for at, target in enumerate(each):
            if target is not None:
                year = year_label(council.first_year + at)
                rows.append(
                    {
                        "measure": measure.id,
                        "year": year,
                        "target": target,
                        "tolerance": measure.tolerance,
                    }
                )
    return pd.DataFrame(rows)
