"""Fire and rescue statistics: tables of one row for each authority, year and kind of thing counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from goldenthread import areas
from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    covered,
    each,
    named,
    parse_periods,
    query,
    quotient,
)
from goldenthread.sources.workbook import Workbook, plain

ENGLAND: Final = "E92000001"
FIRE: Final = "fire and rescue authority"
#: Groups of authorities that stand among them in tables of names.
GROUPS: Final = frozenset(
    {
        "metropolitan",
        "non-metropolitan",
        "predominantly rural",
        "predominantly urban",
        "significantly rural",
    }
)


class FireQuery(Query):
    """Where a measure stands, and which rows count.

    Attributes
    ----------
    sheet : str
        Pattern of the sheet with the rows.
    year, area, column, value : str
        Patterns of the headers: of the year, of whose row it is, of what it counts, and of the figure.
    names : bool
        Whether the rows name the authorities; if not, they have their GSS codes.
    kinds : tuple of str
        The texts of `column` whose figures are added up.
    among : tuple of str
        The other texts of a whole: the measure is then the share of `kinds` in all of them.
    beside : tuple of str
        Texts that are known and not wanted, such as totals. Any further text is refused, so that a
        new kind is not left out, nor a total counted twice, without notice.
    quarters : str, optional
        Pattern of a column that numbers the parts of a year: a year then needs all four.
    residents : str, optional
        Pattern of a column with the people of the area: the measure is then a rate.
    time : bool
        The figures are times, as minutes and seconds.
    """

    sheet: str
    area: str
    column: str
    value: str
    kinds: tuple[str, ...]
    year: str = "financial_?year"
    names: bool = False
    among: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    quarters: str | None = None
    residents: str | None = None
    time: bool = False


@dataclass(frozen=True)
class _Rows:
    """The rows of a table that count.

    Attributes
    ----------
    table : pandas.DataFrame
        `year` (the text), `area`, `kind`, `value`, `status`, and `quarter` or `residents`.
    ends : mapping of str to datetime.date
        The last day of each year.
    """

    document: Document
    sheet: str
    ask: FireQuery
    table: pd.DataFrame
    ends: Mapping[str, dt.date]


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read fire and rescue statistics; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    return pd.concat([_measure(document, measure) for measure in measures], ignore_index=True)


def _measure(document: Document, measure: Measure) -> pd.DataFrame:
    rows = _rows(document, query(measure, FireQuery), measure.years)
    ask = rows.ask
    numerator = _added(rows, ask.kinds)
    made = numerator
    denominator = None
    if ask.among:
        denominator = _added(rows, (*ask.kinds, *ask.among)).reindex(numerator.index)
    elif ask.residents:
        denominator = _residents(rows).reindex(numerator.index)
    if denominator is not None:
        value, status = quotient(
            (numerator["value"], numerator["status"]),
            (denominator["value"], denominator["status"]),
            measure.per,
        )
        made = pd.DataFrame({"value": value, "status": status})
    summed = not ask.names and not rows.table["area"].eq(ENGLAND).any()
    area, year = (made.index.get_level_values(name).to_series() for name in ("area", "year"))
    period = parse_periods(
        year.reset_index(drop=True), document, measure.years, sheet=rows.sheet, column=ask.year
    )
    return assemble(
        measure,
        area=area,
        period=period,
        value=made["value"],
        status=made["status"],
        numerator=None if denominator is None else numerator["value"],
        denominator=None if denominator is None else denominator["value"],
        note=pd.Series(
            np.where(area.eq(ENGLAND) & summed, "The sum of the authorities’ figures.", "")
        ),
    )


# --- the rows ---------------------------------------------------------------------------------------


def _rows(document: Document, ask: FireQuery, years: str) -> _Rows:
    optional = {"quarter": ask.quarters, "residents": ask.residents}
    columns = {
        "year": ask.year,
        "area": ask.area,
        "kind": ask.column,
        "value": ask.value,
        **{name: pattern for name, pattern in optional.items() if pattern},
    }
    sheet = Workbook(document).sheet(ask.sheet)
    table = sheet.table(*columns.values()).frame(columns)
    table["kind"] = table["kind"].map(plain)
    for name in ("year", "area"):
        table[name] = table[name].astype(str).str.strip()
    table = table[table["area"] != ""]
    if ask.names:
        table = table[~table["area"].str.casefold().isin(GROUPS)]
    _check_kinds(document, sheet.name, ask, table)
    wanted = table["kind"].isin([*map(str.casefold, (*ask.kinds, *ask.among))])
    table = table[wanted]
    if ask.names:
        table = table.assign(area=_codes(document, sheet.name, ask, table))
    else:
        table = table[covered(table["area"], document, sheet=sheet.name, column=ask.area)]
    read = _minutes if ask.time else cells.numbers
    values, statuses = read(table["value"], document, sheet=sheet.name, column=ask.value)
    ends = parse_periods(table["year"], document, years, sheet=sheet.name, column=ask.year)
    days = dict(zip(table["year"], ends["period_end"].dt.date, strict=True))
    rows = _Rows(document, sheet.name, ask, table.assign(value=values, status=statuses), days)
    return _whole_years(rows) if ask.quarters else rows


def _check_kinds(document: Document, sheet: str, ask: FireQuery, table: pd.DataFrame) -> None:
    known = {text.casefold() for text in (*ask.kinds, *ask.among, *ask.beside)}
    strange = table[~table["kind"].isin(known)]
    if len(strange):
        raise document.error(
            "something is counted here that is not known",
            sheet=sheet,
            column=ask.column,
            row=int(strange.index[0]),
            found=str(strange["kind"].iloc[0]),
            candidates=sorted(known),
        )
    lacking = {text.casefold() for text in (*ask.kinds, *ask.among)} - set(table["kind"])
    if lacking:
        raise document.error(
            "nothing of this kind is counted here",
            sheet=sheet,
            column=ask.column,
            expected=min(lacking),
            candidates=table["kind"].unique(),
        )


def _codes(document: Document, sheet: str, ask: FireQuery, table: pd.DataFrame) -> pd.Series:
    return named(table["area"], document, kinds=(FIRE, "country"), sheet=sheet, column=ask.area)


def _minutes(
    times: pd.Series, document: Document, *, sheet: str, column: str
) -> tuple[pd.Series, pd.Series]:
    """Read times as minutes; what is no time is a mark for a missing one, or refused."""
    # A spreadsheet keeps a time as one of the day, or as a length.
    lengths = times.map(_length)
    marks = times.where(lengths.isna(), "0")
    # A bare number could be seconds, minutes or a part of a day: it is none of the marks.
    numbers = marks[lengths.isna()].map(lambda cell: isinstance(cell, (int, float)))
    if numbers.any():
        row = int(numbers.index[int(np.argmax(numbers.to_numpy()))])
        raise document.error(
            "a number where a time was expected",
            sheet=sheet,
            column=column,
            row=row,
            expected="minutes and seconds",
            found=str(times[row]),
        )
    _, statuses = cells.numbers(marks, document, sheet=sheet, column=column)
    return lengths.astype(float), statuses


def _length(cell: object) -> float:
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds() / 60
    if isinstance(cell, dt.datetime):
        cell = cell.time()
    if isinstance(cell, dt.time):
        return cell.hour * 60 + cell.minute + cell.second / 60
    return float("nan")


def _whole_years(rows: _Rows) -> _Rows:
    """Leave out the years of which not all four quarters are there yet."""
    table = rows.table
    parts = table.assign(quarter=table["quarter"].map(plain)).groupby("year")["quarter"].nunique()
    return replace(rows, table=table[table["year"].map(parts) == 4])


# --- added up ---------------------------------------------------------------------------------------


def _added(rows: _Rows, kinds: Sequence[str]) -> pd.DataFrame:
    """Add up some kinds by authority and year; England's where every authority's is there."""
    table = rows.table[rows.table["kind"].isin([*map(str.casefold, kinds)])]
    by = table.groupby(["area", "year"])
    if rows.ask.time or rows.ask.names:
        _refuse_repeats(rows, table)
    missing = table[table["value"].isna()].groupby(["area", "year"])["status"].first()
    made = pd.DataFrame({"value": by["value"].sum(), "status": by["status"].first()})
    made.loc[missing.index, "value"] = np.nan
    made.loc[missing.index, "status"] = missing
    return made if rows.ask.names else _with_england(rows, made)


def _refuse_repeats(rows: _Rows, table: pd.DataFrame) -> None:
    """Refuse two times for one authority and year: they have no sum."""
    twice = table[table.duplicated(["area", "year"])]
    if len(twice):
        raise rows.document.error(
            "an authority has two figures for a year",
            sheet=rows.sheet,
            row=int(twice.index[0]),
            found=f"{twice['area'].iloc[0]}, {twice['year'].iloc[0]}",
        )


def _residents(rows: _Rows) -> pd.DataFrame:
    """Give the people of each area and year, which every row of them repeats."""
    ask, table = rows.ask, rows.table
    values, statuses = cells.numbers(
        table["residents"], rows.document, sheet=rows.sheet, column=str(ask.residents)
    )
    by = pd.DataFrame({"area": table["area"], "year": table["year"], "value": values})
    several = by.groupby(["area", "year"])["value"].nunique()
    if (several > 1).any():
        area, year = several.index[int(np.argmax((several > 1).to_numpy()))]
        raise rows.document.error(
            "one area has two numbers of residents in a year",
            sheet=rows.sheet,
            column=str(ask.residents),
            found=f"{area}, {year}",
        )
    made = by.assign(status=statuses).groupby(["area", "year"]).first()
    # `first` takes the first value there is: where there is none, nothing is known.
    return _with_england(rows, made)


def _with_england(rows: _Rows, made: pd.DataFrame) -> pd.DataFrame:
    """Add England as the sum, for the years in which every authority has a figure.

    Where one is missing there is none: a sum of some would be taken for that of all.
    """
    given = made.reset_index()
    if (given["area"] == ENGLAND).any():
        return made
    sums = []
    for year, here in given.groupby("year"):
        if here["value"].notna().all() and _everybody(set(here["area"]), rows.ends[str(year)]):
            sums.append((ENGLAND, year, here["value"].sum(), "published"))
    england = pd.DataFrame(sums, columns=["area", "year", "value", "status"])
    return pd.concat([given, england], ignore_index=True).set_index(["area", "year"])


def _everybody(given: set[str], day: dt.date) -> bool:
    """Tell whether these are all authorities of a day, be it under the codes of their successors."""
    fire = [area for area in areas.register().values() if area.kind == FIRE]
    there = [
        area
        for area in fire
        if (area.start is None or area.start <= day) and (area.end is None or day <= area.end)
    ]
    expected = {
        code
        for area in there
        for code in ([area.code] if area.code in given else list(area.replaced_by) or [area.code])
    }
    return given == expected
