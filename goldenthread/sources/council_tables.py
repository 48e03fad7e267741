"""Tables with a line for each council, in a CSV or a sheet, columns recognised by their headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal

import pandas as pd
from pydantic import model_validator

from goldenthread import periods
from goldenthread.catalogue import Measure
from goldenthread.sources import cells, text
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    covered,
    each,
    parse_periods,
    pick,
    query,
    quotient,
    summed,
)
from goldenthread.sources.workbook import Workbook, plain

#: What a line's code looks like; totals, footnotes and the councils of before 2009 have no such code.
_CODE: Final = re.compile(r"[EWSNK]\d{8}")
#: A quarter of a year as some tables write it, and a month with two digits for its year.
_QUARTER: Final = re.compile(r"^(\d{4})/([1-4])$")
_SHORT_MONTH: Final = re.compile(r"^([a-z]{3,9})[ -](\d\d)$")
_KEYS: Final = ["area", "period_start", "period_end", "period_label", "mark"]

Cells = tuple[pd.Series, pd.Series]


class TableQuery(Query):
    """Where a measure stands. Headers are regular expressions that match the whole of a plain text.

    Attributes
    ----------
    sheet : str
        The name of the sheet, as a regular expression; for workbooks.
    area, period : str
        The columns of codes and of periods.
    across : str
        In the place of `period` and `columns`: the headers that are each a period, the period's
        text in the first group.
    columns : tuple of str
        The columns of the figures, which are added together.
    where, without : mapping of str to str
        Columns, each with the text (a regular expression, any case) that the lines wanted have, or
        that lines to be left out have.
    scale : float
        What a published number is multiplied by.
    of : str
        A column in whose lines of nought there is nothing for the figure to be of.
    over : mapping
        What differs for the denominator, which may stand in another `document` of the source;
        without it the published number is the value.
    add : {"lines", "quarters"}
        Whether several lines of a council and period are parts of one figure, or four quarters are
        a financial year. A year with a quarter that is missing is missing.
    """

    document: str = ""
    sheet: str = ""
    area: str
    period: str = ""
    across: str = ""
    columns: tuple[str, ...] = ()
    where: Mapping[str, str] = {}
    without: Mapping[str, str] = {}
    scale: float = 1
    of: str = ""
    over: Mapping[str, Any] = {}
    add: Literal["lines", "quarters"] | None = None

    @model_validator(mode="after")
    def _agree(self) -> TableQuery:
        if bool(self.across) == bool(self.period and self.columns):
            raise ValueError("expected either across, or period and columns")
        return self

    @property
    def lower(self) -> TableQuery:
        """The query of the denominator."""
        own = self.model_dump(exclude_unset=True, exclude={"over"})
        return TableQuery.model_validate({**own, **self.over})

    @property
    def headers(self) -> list[str]:
        """All columns that there must be, beside those across."""
        named = (self.area, self.period, *self.columns, *self.where, *self.without, self.of)
        return list(dict.fromkeys(filter(None, named)))


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read measures from tables of councils; see `reading.Reader`."""
    opened = cache(Workbook)

    def one(document: Document, inside: Sequence[Measure]) -> pd.DataFrame:
        made = []
        for measure in inside:
            ask = query(measure, TableQuery)
            upper = _figures(document, ask, measure, opened)
            if not ask.over:
                made.append(_whole(measure, upper))
                continue
            other = ask.lower.document
            beside = document if not other else _newest(documents, measure, other)
            made.append(_share(measure, upper, _figures(beside, ask.lower, measure, opened)))
        return pd.concat(made, ignore_index=True)

    return each(documents, measures, one)


def _newest(documents: Sequence[Document], measure: Measure, name: str) -> Document:
    origin = measure.origin.model_copy(update={"document": name})
    found = pick(documents, measure.model_copy(update={"origin": origin}))
    return max(found, key=lambda d: (str(d.published or ""), d.name))


def _whole(measure: Measure, rows: pd.DataFrame) -> pd.DataFrame:
    return assemble(
        measure, area=rows["area"], period=rows, value=rows["value"], status=rows["status"]
    )


def _share(measure: Measure, upper: pd.DataFrame, lower: pd.DataFrame) -> pd.DataFrame:
    """Divide one by the other, for the areas and periods of the first."""
    keys = ["area", "period_start", "period_end"]
    under = lower.set_index(keys)[["value", "status"]].reindex(
        pd.MultiIndex.from_frame(upper[keys])
    )
    over = under["value"].set_axis(upper.index)
    why = under["status"].set_axis(upper.index).fillna("not available")
    value, status = quotient((upper["value"], upper["status"]), (over, why), measure.per)
    return assemble(
        measure,
        area=upper["area"],
        period=upper,
        value=value,
        status=status,
        numerator=upper["value"],
        denominator=over,
    )


# --- the lines of one part ------------------------------------------------------------------------


def _figures(document: Document, ask: TableQuery, measure: Measure, opened: Any) -> pd.DataFrame:
    """Give area, period, value and status, one line to an area and period."""
    frame, across = _table(document, ask, opened)
    frame = _wanted(document, frame, ask)
    if ask.across:
        rows = _long(document, frame, across, ask)
    else:
        parts = [_numbers(document, frame[name], name, ask) for name in ask.columns]
        value, status = summed(parts)
        rows = frame.assign(value=value, status=status)
    if ask.of:
        base, _ = _numbers(document, rows[ask.of], ask.of, ask)
        nothing = base == 0
        rows = rows.assign(
            value=rows["value"].mask(nothing), status=rows["status"].mask(nothing, "not applicable")
        )
    period = ask.period or "period"
    when = parse_periods(
        rows[period].map(_plain_period), document, measure.years, sheet=ask.sheet, column=period
    )
    rows = rows[[ask.area, "value", "status"]].rename(columns={ask.area: "area"}).join(when)
    rows["value"] *= ask.scale
    if ask.add == "lines":
        rows = _added(rows)
    _one_each(document, rows, ask)
    return _years(rows) if ask.add == "quarters" else rows


def _table(
    document: Document, ask: TableQuery, opened: Any
) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Give the columns asked for, by pattern, and those that are each a period, by its text."""
    every = [*ask.headers, *([ask.across] if ask.across else [])]
    if document.name.lower().endswith((".csv", ".csv.gz")):
        names = text.header(document, every)
        found = {pattern: _matching(names, pattern) for pattern in every}
        several = {p: m for p, m in found.items() if p != ask.across and len(m) > 1}
        for pattern, matches in several.items():
            raise document.error(
                "several columns answer one description",
                expected=pattern,
                found="; ".join(matches),
            )
        table = text.frame(document, dict.fromkeys(name for m in found.values() for name in m))
        frame = pd.DataFrame({p: table[found[p][0]] for p in ask.headers})
        wide = {name: table[name] for name in found.get(ask.across, [])} if ask.across else {}
    else:
        sheet = opened(document).sheet(ask.sheet or ".*").table(*every)
        frame = sheet.frame({p: p for p in ask.headers})
        at = sheet.indices(ask.across) if ask.across else {}
        wide = {header: sheet.cells(place) for place, header in at.items()}
        if len(wide) < len(at):
            raise document.error(
                "several columns have the same name", sheet=ask.sheet, expected=ask.across
            )
    return frame, wide


def _matching(names: Sequence[str], pattern: str) -> list[str]:
    compiled = re.compile(pattern)
    return [name for name in names if compiled.fullmatch(plain(name))]


def _wanted(document: Document, frame: pd.DataFrame, ask: TableQuery) -> pd.DataFrame:
    """Keep the lines of areas in the register that have the texts wanted."""
    codes = frame[ask.area].astype(str).str.strip()
    frame = frame.assign(**{ask.area: codes})[codes.str.fullmatch(_CODE)]
    for column, wanted in ask.without.items():
        frame = frame[~_texts(frame[column]).str.fullmatch(wanted)]
    for column, wanted in ask.where.items():
        texts = _texts(frame[column])
        kept = frame[texts.str.fullmatch(wanted)]
        if kept.empty:
            raise document.error(
                "no line has this text",
                sheet=ask.sheet,
                column=column,
                expected=wanted,
                candidates=texts.unique()[:50],
            )
        frame = kept
    frame = frame[covered(frame[ask.area], document, sheet=ask.sheet, column=ask.area)]
    if frame.empty:
        raise document.error("there is no line of any council", sheet=ask.sheet, column=ask.area)
    return frame


def _texts(column: pd.Series) -> pd.Series:
    return column.map(plain)


def _long(
    document: Document, frame: pd.DataFrame, across: Mapping[str, pd.Series], ask: TableQuery
) -> pd.DataFrame:
    """Put the columns that are each a period below one another."""
    parts = []
    for header, column in across.items():
        found = re.fullmatch(ask.across, plain(header))
        value, status = _numbers(document, column.loc[frame.index], header, ask)
        when = found[1] if found else ""
        parts.append(frame.assign(period=when, value=value, status=status))
    rows = pd.concat(parts)
    # A line stands there once for each period: its number is that of the sheet still.
    return rows.set_axis(range(len(rows)))


def _numbers(document: Document, column: pd.Series, name: str, ask: TableQuery) -> Cells:
    return cells.numbers(column, document, sheet=ask.sheet, column=name)


def _plain_period(written: object) -> str:
    """Give a period's text in a style that `periods` reads.

    Examples
    --------
    >>> _plain_period("2024/3"), _plain_period("apr-24"), _plain_period("2022-23")
    ('2024 Q3', 'apr 2024', '2022-23')
    """
    words = plain(written)
    words = _QUARTER.sub(r"\1 Q\2", words)
    return _SHORT_MONTH.sub(r"\1 20\2", words)


def _added(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the lines of an area and period; where one is missing the sum is, for its reason."""
    groups = rows.groupby(_KEYS, sort=False)
    value = groups["value"].agg(lambda part: part.sum(skipna=False))
    reason = (
        rows["status"].where(rows["value"].isna()).groupby([rows[key] for key in _KEYS]).first()
    )
    status = groups["status"].first()
    table = pd.DataFrame({"value": value, "status": reason.reindex(value.index).fillna(status)})
    return table.reset_index()


def _one_each(document: Document, rows: pd.DataFrame, ask: TableQuery) -> None:
    twice = rows[rows.duplicated(["area", "period_start", "period_end"])]
    if len(twice):
        raise document.error(
            "an area has two lines for one period",
            sheet=ask.sheet,
            found=f"{twice['area'].iloc[0]}, {twice['period_label'].iloc[0]}",
        )


def _years(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the four quarters of each financial year together; a year that has fewer is left out."""
    start = rows["period_start"].dt
    first = start.year - (start.month < 4)
    rows = rows.assign(year=first)
    whole = rows.groupby(["area", "year"])["value"].transform("size") == 4
    rows = rows[whole]
    named = {year: periods.financial_year(int(year)) for year in rows["year"].unique()}
    spans = {
        "period_start": rows["year"].map({y: p.start for y, p in named.items()}),
        "period_end": rows["year"].map({y: p.end for y, p in named.items()}),
        "period_label": rows["year"].map({y: p.label for y, p in named.items()}),
    }
    rows = rows.assign(**spans, mark="published")
    made = _added(rows)
    for column in ("period_start", "period_end"):
        made[column] = pd.to_datetime(made[column]).astype("datetime64[s]")
    return made
