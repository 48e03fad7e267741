"""UKHSA's daily COVID-19 cases by district, added up to whole months."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from goldenthread.catalogue import Measure
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query

_COLUMNS: Final = ("code", "date", "count", "population")


class CovidQuery(Query):
    """Whether cases are given per population, or as their number."""

    give: Literal["rate", "count"]


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read measures of COVID-19 cases; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    months = _months(document, _days(document))
    return pd.concat(
        [_measure(document, months, measure, query(measure, CovidQuery)) for measure in measures],
        ignore_index=True,
    )


def _days(document: Document) -> pd.DataFrame:
    try:
        schema = pq.read_schema(io.BytesIO(document.content)).names
        for name in _COLUMNS:
            if name not in schema:
                raise document.error("a column is missing", expected=name, candidates=schema)
        table = pq.read_table(io.BytesIO(document.content), columns=list(_COLUMNS))
    except pa.ArrowException as error:
        raise document.error(f"not readable as Parquet ({error})") from None
    days: pd.DataFrame = table.to_pandas()
    days = days[covered(days["code"], document, column="code")]
    if (days["count"] < 0).any():
        raise document.error("a negative number of cases", column="count")
    if days.duplicated(["code", "date"]).any():
        raise document.error("a day stands there twice for one area", column="date")
    # Days are counted from 1 January 1970.
    return days.assign(day=pd.to_datetime(days["date"], unit="D"))


def _months(document: Document, days: pd.DataFrame) -> pd.DataFrame:
    """Add days up to the months of which every day is there.

    A series begins with an area's first case and ends when publication ended: a month only partly
    covered is no month's figure, and is left out.
    """
    month = days["day"].dt.to_period("M")
    whole: pd.DataFrame = days.groupby(["code", month], as_index=False).agg(
        count=("count", "sum"), days=("count", "count"), population=("population", "first")
    )
    whole = whole[whole["days"] == whole["day"].dt.days_in_month].reset_index(drop=True)
    if whole.empty:
        raise document.error("there is no whole month in it")
    return whole


def _measure(
    document: Document, months: pd.DataFrame, measure: Measure, ask: CovidQuery
) -> pd.DataFrame:
    rate = ask.give == "rate"
    value = measure.per * months["count"] / months["population"] if rate else months["count"]
    return assemble(
        measure,
        area=months["code"],
        period=parse_periods(months["day"].astype(str), document, measure.years),
        value=value,
        status=pd.Series("published", months.index),
        numerator=months["count"] if rate else None,
        denominator=months["population"] if rate else None,
        note=months["code"].map({"E06000052": "with the Isles of Scilly"}).fillna(""),
    )
