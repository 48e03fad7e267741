"""The monthly and quarterly figures of every measure, with what is planted in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread.teaching import casework
from goldenthread.teaching.chance import Chance, Numbers, calm, cases, events, quantities
from goldenthread.teaching.council import (
    Council,
    Count,
    Measure,
    Measured,
    Rate,
    Shares,
    period_label,
)
from goldenthread.teaching.lessons import (
    Drift,
    Few,
    Gap,
    InTown,
    Merge,
    Season,
    Step,
    effect,
    effects,
)

COLUMNS: Final = (
    "area",
    "measure",
    "period",
    "starts",
    "value",
    "numerator",
    "denominator",
    "status",
)


class Figures(NamedTuple):
    """A measure's figures in one area; `of` is what the numerator is divided by, where anything is."""

    value: Numbers
    numerator: Numbers
    of: Numbers


def kpis(council: Council, decided: pd.DataFrame, complained: pd.DataFrame) -> pd.DataFrame:
    """Make the figures of all measures.

    Parameters
    ----------
    council : Council
    decided, complained : pandas.DataFrame
        What `casework.decisions` and `residents.complaints` gave: two measures rest on each.

    Returns
    -------
    pandas.DataFrame
        A row per area, measure and period, with the columns `COLUMNS`.
    """
    merged = effect(Merge)

    def figures(measure: Measure, chance: Chance) -> Mapping[str, Figures]:
        return _figures(council, measure, chance, decided, complained)

    made = {one.id: figures(one, Chance(council.seed, one.id)) for one in council.measures}
    into = council.measure(merged.into)
    since = np.array([start >= merged.since for start in council.periods(into.months)])
    chance = Chance(council.seed, into.id)
    joined = calm(
        lambda: _join(
            into, figures(into, chance)[council.code], made[merged.from_][council.code], since
        ),
        lambda one: [one.value[part].round(into.decimals) for part in (since, ~since)],
    )
    made[into.id] = {council.code: joined}
    tables = []
    for measure in council.measures:
        periods = council.periods(measure.months)
        gone = {period for gap in effects(Gap, measure.id) for period in gap.periods}
        for area, known in made[measure.id].items():
            there = np.array([period not in gone for period in periods])
            ended = since if measure.id == merged.from_ else np.zeros(len(periods), dtype=bool)
            table = pd.DataFrame(
                {
                    "area": area,
                    "measure": measure.id,
                    "period": [period_label(start, measure.months) for start in periods],
                    "starts": [start.isoformat() for start in periods],
                    "value": np.where(there, known.value.round(measure.decimals), np.nan),
                    "numerator": _whole(np.where(there, known.numerator, np.nan)),
                    "denominator": _whole(np.where(there, known.of, np.nan)),
                    "status": np.where(there, "published", "not provided"),
                }
            )
            tables.append(table[~ended])
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _whole(numbers: Numbers) -> pd.Series:
    return pd.Series(numbers).round().astype("Int64")


def _join(measure: Measure, own: Figures, other: Figures, since: npt.NDArray[np.bool_]) -> Figures:
    """Count another's cases with one's own, from a period on."""
    numerator = own.numerator + np.where(since, other.numerator, 0)
    of = own.of + np.where(since, other.of, 0)
    return Figures(numerator / of * measure.multiplier, numerator, of)


def _figures(
    council: Council,
    measure: Measure,
    chance: Chance,
    decided: pd.DataFrame,
    complained: pd.DataFrame,
) -> Mapping[str, Figures]:
    """Give a measure's figures by area: the council's, and those of its towns where it has any."""
    arises = measure.arises
    number = len(council.periods(measure.months))
    none = np.full(number, np.nan)
    usual = _usual(council, measure)
    if isinstance(arises, Shares):
        return _shares(council, measure, arises, chance)
    if isinstance(arises, Rate | Count):
        mean, of = (
            (arises.mean, none)
            if isinstance(arises, Count)
            else (arises.rate * arises.of / measure.per, np.full(number, float(arises.of)))
        )
        ordinary = np.full(number, mean)
        scale = 1.0 if isinstance(arises, Count) else measure.per / arises.of

        def counts(one: Numbers) -> list[Numbers]:
            return [(events(one, ordinary) * scale).round(measure.decimals)]

        counted = events(calm(lambda: chance.even(number), counts), mean * usual)
        value = counted * scale
        return {council.code: Figures(value, counted, of)}
    if isinstance(arises, Measured):

        def seen(one: Numbers) -> list[Numbers]:
            made = quantities(one, np.full(number, arises.mean), arises.spread)
            return [made.round(measure.decimals)]

        drawn = calm(lambda: chance.even(number), seen)
        added = np.zeros(number)
        for season in effects(Season, measure.id):
            added += [season.adds[start.month - 1] for start in council.periods(measure.months)]
        mean_now = arises.mean * usual + added
        return {council.code: Figures(quantities(drawn, mean_now, arises.spread), none, none)}
    if arises.kind == "complaints":
        first = complained[complained["stage"] == 1].groupby("month")[["on_time", "received"]].sum()
        return {council.code: _share(first["on_time"], first["received"])}
    by_quarter = casework.by_quarter(council, decided)
    if arises.kind == "decisions-in-time":
        return {council.code: _share(by_quarter["in_time"], by_quarter["decided"])}
    days, of = _numbers(by_quarter["days"]), _numbers(by_quarter["decided"])
    return {council.code: Figures(days / of, days, of)}


def _numbers(column: pd.Series) -> Numbers:
    return column.to_numpy(dtype=np.float64)


def _share(part: pd.Series, whole: pd.Series) -> Figures:
    return Figures(_numbers(part) / _numbers(whole) * 100, _numbers(part), _numbers(whole))


def _usual(council: Council, measure: Measure) -> Numbers:
    """Give what the ordinary is multiplied by in each period."""
    starts = council.periods(measure.months)
    times = np.ones(len(starts))
    for step in effects(Step, measure.id):
        planted = [step.since <= start <= (step.until or start) for start in starts]
        times = np.where(planted, times * step.times, times)
    return times


def _shares(
    council: Council, measure: Measure, arises: Shares, chance: Chance
) -> Mapping[str, Figures]:
    """Draw cases and how many of them come out so, by town where there are towns."""
    number = len(council.periods(measure.months))
    towns = [town for town in council.towns if town.code in arises.towns]
    weights = np.array([getattr(town, arises.by) for town in towns] or [1], dtype=np.float64)
    few = effects(Few, measure.id)
    of_all = few[0].cases if few else arises.cases
    mean = np.repeat((of_all * weights / weights.sum())[:, None], number, axis=1)
    ordinary = np.repeat(
        np.array([arises.towns[town.code] for town in towns] or [arises.share])[:, None],
        number,
        axis=1,
    )
    areas = [town.code for town in towns] or [council.code]

    def calm_row(mean: Numbers, share: Numbers) -> tuple[Numbers, Numbers]:
        return calm(
            lambda: (chance.even(number), np.maximum(chance.events(mean), 1)),
            lambda drawn: [published(cases(drawn[0], drawn[1], share), drawn[1])],
        )

    def draw() -> tuple[Numbers, Numbers]:
        rows = [calm_row(*row) for row in zip(mean, ordinary, strict=True)]
        return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])

    def published(part: Numbers, whole: Numbers) -> Numbers:
        return (part / whole * measure.multiplier).round(measure.decimals)

    def seen(drawn: tuple[Numbers, Numbers]) -> list[Numbers]:
        luck, of = drawn
        counted = cases(luck, of, ordinary)
        total = published(counted.sum(axis=0), of.sum(axis=0))
        return [total]

    luck, of = calm(draw, seen)
    share = ordinary * _usual(council, measure)
    for drift in effects(Drift, measure.id):
        share = np.linspace(drift.first, drift.last, number)[None, :]
    for planted in effects(InTown, measure.id):
        share[areas.index(planted.town)] = planted.share
    counted = cases(luck, of, share)
    by_area = {
        area: Figures(counted[at] / of[at] * measure.multiplier, counted[at], of[at])
        for at, area in enumerate(areas)
    }
    if not towns:
        return by_area
    total, of_total = counted.sum(axis=0), of.sum(axis=0)
    whole = Figures(total / of_total * measure.multiplier, total, of_total)
    return {council.code: whole, **by_area}
