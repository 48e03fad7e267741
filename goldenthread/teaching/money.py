"""Budgets, spending and forecasts of every service, quarter by quarter."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from goldenthread.teaching.chance import Chance, Numbers, calm, quantities
from goldenthread.teaching.council import Council, year_label, year_of
from goldenthread.teaching.lessons import Merge, MovedCost, effect

#: By how much a quarter's spending varies, and a forecast is off with a whole year still to come.
_SPREAD: Final = 0.015
_FORECAST: Final = 0.02


def finances(council: Council) -> pd.DataFrame:
    """Make the finances.

    Returns
    -------
    pandas.DataFrame
        A row per service, line and quarter, in thousands of pounds: `year`, `quarter`, `service`,
        `line`, `budget` (of the year), `spent` (since April), `forecast` (of the year's spending),
        `outturn` (what was spent in the year; known in the last quarter).
    """
    starts = council.periods(3)
    year = np.array([year_of(start) - council.first_year for start in starts])
    quarter = np.tile(np.arange(1, 5), council.years)
    rows: list[pd.DataFrame] = []
    for name, service in council.services.items():
        for line, usual in service.lines.items():
            budget, true = _planted(council, name, line, usual)
            chance = Chance(council.seed, f"spending on {line}")

            def draw(chance: Chance = chance) -> Numbers:
                return quantities(chance.even(len(starts)), np.ones(len(starts)), _SPREAD)

            varies = calm(draw, lambda drawn: [drawn])
            each = np.round(true / 4 * varies)
            spent = each.reshape(-1, 4).cumsum(axis=1).ravel()
            off = quantities(chance.even(len(starts)), np.ones(len(starts)), _FORECAST)
            # What is to come is thought to go on as it did so far in the year.
            so_far = spent / quarter
            forecast = np.round(spent + so_far * (4 - quarter) * off)
            rows.append(
                pd.DataFrame(
                    {
                        "year": [year_label(council.first_year + at) for at in year.tolist()],
                        "quarter": quarter,
                        "service": name,
                        "line": line,
                        "budget": budget[year].astype(int),
                        "spent": spent.astype(int),
                        "forecast": forecast.astype(int),
                        "outturn": pd.array(np.where(quarter == 4, spent, np.nan), dtype="Int64"),
                    }
                )
            )
    return pd.concat(rows).sort_values(["year", "quarter", "service", "line"], ignore_index=True)


def _planted(council: Council, service: str, line: str, usual: float) -> tuple[Numbers, Numbers]:
    """Give a line's budget of each year, and what a year truly costs in each quarter."""
    starts = np.array(council.periods(3))
    budget = np.full(council.years, usual)
    true = np.full(len(starts), usual)
    moved, merged = effect(MovedCost), effect(Merge)
    first = year_of(moved.since) - council.first_year
    if (service, line) == (moved.saves.service, moved.saves.line):
        budget[first:] -= moved.saves.each_year
        true[first * 4 :] -= moved.saves.each_year
    if (service, line) == (moved.costs.service, moved.costs.line):
        budget[first:] += np.array(moved.costs.budget)
        true[first * 4 :] += np.repeat(np.array(moved.costs.more), 4)
    direction = {merged.line_from: -1, merged.line_into: 1}.get(line, 0)
    since = year_of(merged.since) - council.first_year
    budget[since:] += direction * merged.money
    true[since * 4 :] += direction * merged.money
    return budget, true
