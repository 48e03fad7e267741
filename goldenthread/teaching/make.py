"""The fictional council's files, made from its description: the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from goldenthread.teaching import casework, money, plan, residents
from goldenthread.teaching.council import FOLDER, Council, council
from goldenthread.teaching.kpis import kpis


def tables(about: Council) -> dict[str, pd.DataFrame]:
    """Make every table.

    Parameters
    ----------
    about : Council

    Returns
    -------
    dict of str to pandas.DataFrame
        By the name of the file that holds it.
    """
    decided = casework.decisions(about)
    complained = residents.complaints(about)
    figures = kpis(about, decided, complained)
    return {
        "kpis": figures,
        "definitions": _definitions(about),
        "targets": plan.targets(about),
        "finances": money.finances(about),
        "complaints": complained,
        "survey": residents.survey(about),
        "questions": pd.DataFrame(
            [{"question": one.id, "text": one.text} for one in about.survey.questions]
        ),
        "actions": plan.actions(about),
        "outcomes": plan.outcomes(about, figures),
        "towns": pd.DataFrame([town.model_dump() for town in about.towns]).rename(
            columns={"code": "town"}
        ),
        "services": pd.DataFrame(
            [{"service": id_, "name": one.name} for id_, one in about.services.items()]
        ),
        "decisions": decided,
        "junctions": casework.junctions(about),
    }


def _definitions(about: Council) -> pd.DataFrame:
    """List the definitions; one that changed has a row for each, with the day it holds from."""
    first = f"{about.first_year}-04-01"
    rows = []
    for measure in about.measures:
        later = {day.isoformat(): text for day, text in measure.versions.items()}
        for since, text in {first: measure.definition, **later}.items():
            rows.append(
                {
                    "measure": measure.id,
                    "name": measure.name,
                    "service": measure.service,
                    "since": since,
                    "definition": text,
                    "numerator": measure.numerator,
                    "denominator": measure.denominator,
                    "unit": measure.unit,
                    "per": int(measure.multiplier),
                    "decimals": measure.decimals,
                    "polarity": measure.polarity,
                    "frequency": measure.frequency,
                    "control": measure.control,
                    "owner": measure.owner,
                    "caveat": measure.caveat,
                }
            )
    return pd.DataFrame(rows)


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the files.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there.

    Returns
    -------
    list of pathlib.Path
        What was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in tables(council()).items():
        path = folder / f"{name}.csv"
        # With the mark that lets a spreadsheet see that it is UTF-8.
        table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")
        paths.append(path)
    return paths
