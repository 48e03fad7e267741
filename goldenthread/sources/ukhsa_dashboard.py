"""UKHSA's data dashboard: the answers of its service for many places, put together in one JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query

_CODE: Final = "geography_code"
_FIELDS: Final = (_CODE, "metric", "date", "metric_value", "age", "sex", "stratum")
#: Those that are of everybody; the service may divide a metric by age or sex.
_EVERYBODY: Final = {"all", "default", ""}
#: A year is whole with so many weeks in it.
_WEEKS: Final = 52


class DashboardQuery(Query):
    """Which metric is added up over the weeks of each year."""

    metric: str


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read yearly totals of weekly counts; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    rows = _rows(document)
    return pd.concat(
        [_measure(document, rows, measure, query(measure, DashboardQuery)) for measure in measures],
        ignore_index=True,
    )


def _rows(document: Document) -> pd.DataFrame:
    try:
        content = json.loads(document.content)
        results = content["results"]
        rows = pd.DataFrame.from_records(results)
    except (ValueError, KeyError, TypeError):
        raise document.error(
            "not an answer of the dashboard's service", expected="a JSON object with results"
        ) from None
    missing = [name for name in _FIELDS if name not in rows.columns]
    if missing:
        raise document.error(
            "a field is missing", expected=missing[0], candidates=[str(c) for c in rows.columns]
        )
    return rows


def _measure(
    document: Document, rows: pd.DataFrame, measure: Measure, ask: DashboardQuery
) -> pd.DataFrame:
    wanted = rows[rows["metric"] == ask.metric]
    if wanted.empty:
        raise document.error(
            "there is no such metric",
            column="metric",
            expected=ask.metric,
            candidates=rows["metric"].astype(str).unique(),
        )
    for name in ("age", "sex", "stratum"):
        wanted = wanted[wanted[name].fillna("").astype(str).str.casefold().isin(_EVERYBODY)]
    wanted = wanted[covered(wanted[_CODE].astype(str), document, column=_CODE)]
    twice = wanted[wanted.duplicated([_CODE, "date"])]
    if len(twice):
        raise document.error(
            "an area has two counts for one week",
            column="date",
            found=f"{twice[_CODE].iloc[0]}, {twice['date'].iloc[0]}",
        )
    value, status = cells.numbers(wanted["metric_value"], document, column="metric_value")
    years = wanted["date"].astype(str).str[:4]
    table = wanted.assign(value=value, status=status, year=years)
    groups = table.groupby([_CODE, "year"])
    made = pd.DataFrame(
        {
            "value": groups["value"].agg(lambda part: part.sum(skipna=False)),
            "weeks": groups.size(),
            "status": groups["status"].agg(_worst),
        }
    ).reset_index()
    made = made[made["weeks"] >= _WEEKS]
    if made.empty:
        raise document.error("there is no whole year", column="date")
    return assemble(
        measure,
        area=made[_CODE],
        period=parse_periods(made["year"], document, measure.years, column="date"),
        value=made["value"],
        status=made["status"],
    )


def _worst(statuses: pd.Series) -> str:
    """Give the reason of the first week that has no count; a sum of all is as published."""
    other = statuses[statuses != "published"]
    return str(other.iloc[0]) if len(other) else "published"
