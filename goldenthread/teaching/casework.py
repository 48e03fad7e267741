"""Cases one by one: decisions on planning applications, and collisions at junctions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from goldenthread.teaching.chance import Chance, Numbers, calm, events
from goldenthread.teaching.council import Council, year_label, year_of
from goldenthread.teaching.lessons import Bunching, Worst, effect

#: How many days of a quarter decisions are spread over, and the least that one takes.
_QUARTER: Final = 90
_LEAST: Final = 12


def decisions(council: Council) -> pd.DataFrame:
    """Make the decisions on small planning applications.

    Returns
    -------
    pandas.DataFrame
        A row per decision, in order of the day: `case`, `town`, `received`, `decided`, `days`,
        `decision` ("granted" or "refused").
    """
    planted = effect(Bunching)
    about = council.decisions
    quarters = np.repeat(np.array(council.periods(3)), about.each_quarter)
    chance = Chance(council.seed, "decisions")
    number = len(quarters)

    def draw() -> Numbers:
        middle = np.log(about.middle)
        days = np.exp(stats.norm.ppf(chance.even(number), middle, about.spread))
        return np.maximum(np.round(days), _LEAST)

    def seen(days: Numbers) -> list[Numbers]:
        of_quarter = days.reshape(-1, about.each_quarter)
        return [(of_quarter <= about.limit).mean(axis=1), of_quarter.mean(axis=1)]

    natural = calm(draw, seen)
    gamed = quarters >= planted.since
    close = gamed & (natural > about.limit) & (natural <= planted.reach)
    fits = close & (chance.even(number) < planted.fits)
    in_time = about.limit - np.floor(chance.even(number) * planted.within)
    later = np.where(natural > planted.reach, planted.much_later, planted.later)
    missed = gamed & (natural > about.limit) & ~fits
    days = np.where(fits, in_time, natural + np.where(missed, later, 0)).astype(int)
    refused = chance.even(number) < np.where(fits, planted.refused, about.refused)
    places = np.searchsorted(_shares(council), chance.even(number), side="right")
    into = np.floor(chance.even(number) * _QUARTER).astype(int)
    decided = [start + timedelta(days=int(day)) for start, day in zip(quarters, into, strict=True)]
    table = pd.DataFrame(
        {
            "town": [council.towns[place].code for place in places],
            "received": [
                day - timedelta(days=int(taken)) for day, taken in zip(decided, days, strict=True)
            ],
            "decided": decided,
            "days": days,
            "decision": np.where(refused, "refused", "granted"),
        }
    ).sort_values(["decided", "received", "town", "days"], ignore_index=True)
    table.insert(0, "case", [f"P{place:04}" for place in range(1, len(table) + 1)])
    return table


def _shares(council: Council) -> Numbers:
    """Give the towns' cumulative shares of residents, but for the last."""
    residents = np.array([town.residents for town in council.towns], dtype=np.float64)
    return np.asarray(np.cumsum(residents / residents.sum())[:-1])


def by_quarter(council: Council, table: pd.DataFrame) -> pd.DataFrame:
    """Add up decisions by the quarter they were taken in.

    Returns
    -------
    pandas.DataFrame
        A row per quarter: `decided`, `in_time`, `days` in all.
    """
    starts = np.array(council.periods(3))
    quarter = starts[np.searchsorted(starts, table["decided"].to_numpy(), side="right") - 1]
    in_time = (table["days"] <= council.decisions.limit).astype(int)
    return pd.DataFrame(
        {
            "decided": table["days"].groupby(quarter).size(),
            "in_time": in_time.groupby(quarter).sum(),
            "days": table["days"].groupby(quarter).sum(),
        }
    )


def junctions(council: Council) -> pd.DataFrame:
    """Make the collisions at junctions: chance around what each truly has, signs or no signs.

    Returns
    -------
    pandas.DataFrame
        A row per junction and year: `junction`, `town`, `year`, `collisions`, and `signs`, the month
        in which warning signs were put up there (missing for none).
    """
    about, planted = council.junctions, effect(Worst)
    chance = Chance(council.seed, "junctions")
    places = np.searchsorted(_shares(council), chance.even(about.number), side="right")
    true = about.mean * np.exp(stats.norm.ppf(chance.even(about.number), 0, about.spread))
    years = np.arange(council.first_year, council.first_year + council.years)
    counts = np.array([events(chance.even(about.number), true) for _ in years]).astype(int)
    # Of equals, the first in the list.
    order = np.argsort(-counts[planted.year - council.first_year], kind="stable")
    signs: list[date | None] = [None] * about.number
    for place in order[: planted.junctions].tolist():
        signs[place] = planted.signs
    assert year_of(planted.signs) == planted.year + 1
    rows = [
        {
            "junction": f"J{place + 1:02}",
            "town": council.towns[places[place]].code,
            "year": year_label(int(year)),
            "collisions": int(counts[at, place]),
            "signs": f"{signs[place]:%Y-%m}" if signs[place] else None,
        }
        for place in range(about.number)
        for at, year in enumerate(years)
    ]
    return pd.DataFrame(rows)
