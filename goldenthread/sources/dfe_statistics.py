"""Explore Education Statistics: the one layout of the Department for Education's CSVs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pandas as pd
from pydantic import Field, model_validator

from goldenthread import observations
from goldenthread.catalogue import Measure
from goldenthread.sources import cells, text
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    chosen,
    covered,
    each,
    parse_periods,
    query,
    quotient,
)

#: The column that holds the code of a row's own area, by the row's geographic level.
LEVELS: Final[Mapping[str, str]] = {
    "National": "country_code",
    "Regional": "region_code",
    "Local authority": "new_la_code",
}
#: Levels that the layout knows and this workbook has no areas for.
OTHER_LEVELS: Final = frozenset(
    {
        "Local authority district",
        "English devolved area",
        "Institution",
        "Local enterprise partnership",
        "Local skills improvement plan area",
        "MAT",
        "Opportunity area",
        "Parliamentary constituency",
        "Planning area",
        "Provider",
        "RSC region",
        "School",
        "Sponsor",
        "Ward",
    }
)
#: What a `time_period` may be; terms, months and weeks would need more than the year to be read.
YEAR_IDENTIFIERS: Final = frozenset(
    {"Academic year", "Calendar year", "Financial year", "Reporting year", "Tax year"}
)
#: What the layout's version column says of the figures beside it. Final figures bear no mark.
VERSIONS: Final[Mapping[str, str]] = {
    "Final": "published",
    "Provisional": "provisional",
    "Revised": "revised",
}
_KEYS: Final = ("time_period", "time_identifier", "geographic_level", *LEVELS.values())


class StatisticsQuery(Query):
    """Where a measure stands in a CSV of this layout.

    Attributes
    ----------
    value : str or tuple of str, optional
        The column of figures; several names where editions call it differently. Without one, the
        measure is its numerator over its denominator, which the publisher gives apart.
    filters : dict of str to str
        The value that each filter column has in the measure's rows.
    numerator, denominator : str or tuple of str, optional
        Columns of the same rows.
    total : dict of str to str, optional
        Filters that are otherwise in the rows where the denominator stands, for tables that give
        parts and their total below one another.
    version : str, optional
        The column that says whether figures are provisional, revised or final.
    dropped : bool
        Later editions no longer have the column: an edition without it adds nothing.
    """

    value: str | tuple[str, ...] | None = None
    filters: dict[str, str] = Field(default_factory=dict)
    numerator: str | tuple[str, ...] | None = None
    denominator: str | tuple[str, ...] | None = None
    total: dict[str, str] | None = None
    version: str | None = None
    dropped: bool = False

    @model_validator(mode="after")
    def _agree(self) -> StatisticsQuery:
        if self.value is None and (self.numerator is None or self.denominator is None):
            raise ValueError("expected a value, or a numerator and a denominator")
        return self

    def figures(self) -> Iterator[tuple[str, ...]]:
        """Give the columns of figures, each as the names that it may have."""
        for names in (self.value, self.numerator, self.denominator):
            if names is not None:
                yield _names(names)

    def labels(self) -> set[str]:
        """Give the columns that say which figures these are."""
        return {*self.filters, *(self.total or {}), *([self.version] if self.version else [])}


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read measures from CSVs of this layout; see `reading.Reader`."""
    table = each(documents, measures, _one)
    there = set(table["measure"].unique())
    absent = [m for m in measures if m.id not in there]
    if absent:
        ask = query(absent[0], StatisticsQuery)
        known = [d for d in documents if d.id == absent[0].origin.document]
        raise known[-1].error(
            f"no edition has a figure of {absent[0].id}", expected=next(ask.figures())[0]
        )
    return table


def _names(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    asked = [(measure, query(measure, StatisticsQuery)) for measure in measures]
    rows = _with_areas(_rows(document, [ask for _, ask in asked]), document)
    tables = [_measure(document, rows, measure, ask) for measure, ask in asked]
    return pd.concat(tables, ignore_index=True)


def _rows(document: Document, asked: Sequence[StatisticsQuery]) -> pd.DataFrame:
    """Read the columns that are asked for; refuse when one is there under none of its names."""
    labels = {label for ask in asked for label in ask.labels()}
    figures = {names for ask in asked for names in ask.figures()}
    optional = {name for names in figures for name in names} - labels
    rows = text.frame(document, [*_KEYS, *sorted(labels)], optional=sorted(optional))
    for ask in asked:
        for names in ask.figures():
            if not ask.dropped and _present(names, rows) is None:
                text.frame(document, [*_KEYS, names[0]])  # refuses, naming the nearest column
    return rows


def _present(names: str | tuple[str, ...] | None, rows: pd.DataFrame) -> str | None:
    """Give the name under which a column of figures is here, if it is."""
    return next((name for name in _names(names or ()) if name in rows), None)


def _with_areas(rows: pd.DataFrame, document: Document) -> pd.DataFrame:
    """Add each row's area and keep the rows of areas that the register has."""
    _refuse_strange(rows["geographic_level"], {*LEVELS, *OTHER_LEVELS}, document)
    _refuse_strange(rows["time_identifier"], YEAR_IDENTIFIERS, document)
    area = pd.Series("", rows.index, dtype=object)
    for level, column in LEVELS.items():
        area = area.mask(rows["geographic_level"] == level, rows[column])
    rows = rows.assign(area=area)[rows["geographic_level"].isin(LEVELS)]
    # A children's trust that serves two councils has one row under both codes: it is neither's.
    rows = rows[~rows["area"].str.contains("/", regex=False)]
    return rows[covered(rows["area"], document, column="new_la_code")]


def _refuse_strange(texts: pd.Series, known: Iterable[str], document: Document) -> None:
    strange = texts[~texts.isin(list(known))]
    if len(strange):
        raise document.error(
            "a word that is not known in this layout",
            row=int(strange.index[0]),
            column=str(texts.name),
            found=str(strange.iloc[0]),
        )


def _measure(
    document: Document, rows: pd.DataFrame, measure: Measure, ask: StatisticsQuery
) -> pd.DataFrame:
    if any(_present(names, rows) is None for names in ask.figures()):
        return observations.empty()
    every, rows = rows, chosen(rows, ask.filters, document)
    over = None if ask.numerator is None else _figures(document, rows, ask.numerator)
    under = None if ask.denominator is None else _denominator(document, every, rows, ask)
    if over and under and ask.value is None:
        value, status = quotient(over, under, measure.per)
    else:
        value, status = _figures(document, rows, ask.value or ())
    return assemble(
        measure,
        area=rows["area"],
        period=_periods(rows, document, measure, ask),
        value=value,
        status=status,
        numerator=over[0] if over else None,
        denominator=under[0] if under else None,
    )


def _periods(
    rows: pd.DataFrame, document: Document, measure: Measure, ask: StatisticsQuery
) -> pd.DataFrame:
    period = parse_periods(rows["time_period"], document, measure.years, column="time_period")
    if ask.version is None:
        return period
    _refuse_strange(rows[ask.version], VERSIONS, document)
    return period.assign(mark=rows[ask.version].map(VERSIONS))


def _figures(
    document: Document, rows: pd.DataFrame, names: str | tuple[str, ...]
) -> tuple[pd.Series, pd.Series]:
    column = str(_present(names, rows))
    return cells.numbers(rows[column], document, column=column)


def _denominator(
    document: Document, every: pd.DataFrame, rows: pd.DataFrame, ask: StatisticsQuery
) -> tuple[pd.Series, pd.Series]:
    """Give the denominators: beside the figures, or in rows of their own."""
    names = ask.denominator or ()
    if ask.total is None:
        return _figures(document, rows, names)
    totals = chosen(every, {**ask.filters, **ask.total}, document)
    key = ["area", "time_period"]
    repeated = totals[totals.duplicated(key)]
    if len(repeated):
        raise document.error("a total stands here twice", row=int(repeated.index[0]))
    values, statuses = (
        figures.set_axis(pd.MultiIndex.from_frame(totals[key]))
        .reindex(pd.MultiIndex.from_frame(rows[key]))
        .set_axis(rows.index)
        for figures in _figures(document, totals, names)
    )
    return values, statuses.fillna("not available")
