"""What residents say: their complaints, and their answers to the yearly survey."""

from __future__ import annotations

import numpy as np
import pandas as pd

from goldenthread.teaching.chance import Chance, Numbers, calm, cases, events
from goldenthread.teaching.council import Council, year_label
from goldenthread.teaching.lessons import InTown, Merge, effect


def complaints(council: Council) -> pd.DataFrame:
    """Make the complaints of every month.

    Returns
    -------
    pandas.DataFrame
        A row per month, service and stage: `month`, `service`, `stage`, `received`, `upheld`
        (in part or wholly), `on_time`.
    """
    about, merged = council.complaints, effect(Merge)
    months = council.periods(1)
    since = np.array(months) >= merged.since
    moves = {council.measure(merged.from_).service: -1, council.measure(merged.into).service: 1}
    received = np.array(
        [
            _received(
                Chance(council.seed, f"complaints of {name}"),
                np.full(len(months), service.complaints),
                np.where(since, moves.get(name, 0) * merged.complaints, 0.0),
            )
            for name, service in council.services.items()
        ]
    )
    chance = Chance(council.seed, "complaints")

    def come_out(of: Numbers, share: float) -> Numbers:
        return chance.cases(of.ravel(), np.full(of.size, share)).reshape(of.shape)

    def seen(on_time: Numbers) -> list[Numbers]:
        return [(on_time.sum(axis=0) / received.sum(axis=0) * 100).round(1)]

    on_time = calm(lambda: come_out(received, about.on_time), seen)
    upheld = come_out(received, about.upheld)
    again = come_out(received, about.second_stage)
    stages = {
        1: (received, upheld, on_time),
        2: (again, come_out(again, about.second_upheld), come_out(again, about.second_on_time)),
    }
    tables = [
        pd.DataFrame(
            {
                "month": [f"{month:%Y-%m}" for month in months],
                "service": service,
                "stage": stage,
                **{
                    name: counts[at].astype(int)
                    for name, counts in zip(("received", "upheld", "on_time"), made, strict=True)
                },
            }
        )
        for at, service in enumerate(council.services)
        for stage, made in stages.items()
    ]
    return pd.concat(tables).sort_values(["month", "service", "stage"], ignore_index=True)


def _received(chance: Chance, usual: Numbers, more: Numbers) -> Numbers:
    """Draw how many complaints come, calm but for what is added."""
    drawn = calm(lambda: chance.even(len(usual)), lambda one: [events(one, usual)])
    return events(drawn, usual + more)


def survey(council: Council) -> pd.DataFrame:
    """Make the answers to the survey.

    Those asked are drawn so that towns and ages have their share of residents.

    Returns
    -------
    pandas.DataFrame
        A row per year, town, age and question: `year`, `town`, `age`, `question`, `asked`, `agree`.
    """
    planted = effect(InTown)
    residents = sum(town.residents for town in council.towns)
    years = [year_label(council.first_year + year) for year in range(council.years)]
    rows: list[pd.DataFrame] = []
    for question in council.survey.questions:
        chance = Chance(council.seed, f"survey of {question.id}")
        for town in council.towns:
            here = planted.survey if town.code == planted.town else {}
            share = here.get(question.id, question.share)
            for age in council.survey.ages:
                asked = round(council.survey.asked * town.residents / residents * age.of_residents)
                drawn = chance.even(len(years))
                agree = cases(
                    drawn, np.full(len(years), asked), np.full(len(years), share + age.adds)
                )
                rows.append(
                    pd.DataFrame(
                        {
                            "year": years,
                            "town": town.code,
                            "age": age.name,
                            "question": question.id,
                            "asked": asked,
                            "agree": agree.astype(int),
                        }
                    )
                )
    return pd.concat(rows).sort_values(["year", "question", "town", "age"], ignore_index=True)
