"""MHCLG's autumn snapshot of people sleeping rough: tables with a column for every year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd
from pydantic import model_validator

from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    covered,
    each,
    parse_periods,
    query,
    quotient,
)
from goldenthread.sources.workbook import Table, Workbook

HEADER: Final = ("local authority ons code", "region", "region ons code")
#: A subtotal beside London's that is of no area in itself.
REST: Final = "rest of england"
#: The rate is printed in full: a count and a population that give another are not its parts.
AGREEMENT: Final = 1e-6


class RoughSleepingQuery(Query):
    """Where a rough sleeping measure stands.

    Every pattern of a header holds a group `year`.

    Attributes
    ----------
    sheet, column : str
        Pattern of the sheet's name, and of the headers of the figure.
    over : str, optional
        Headers of the denominator in the same sheet. Without `count` the share is worked out.
    count_sheet, count : str, optional
        Where the count stands that the published rate in `column` is of.
    """

    sheet: str
    column: str
    over: str | None = None
    count_sheet: str | None = None
    count: str | None = None

    @model_validator(mode="after")
    def _agree(self) -> RoughSleepingQuery:
        if bool(self.count) != bool(self.count_sheet):
            raise ValueError("expected count and count_sheet together")
        if self.count and not self.over:
            raise ValueError("expected the denominator of the rate: over")
        for pattern in (self.column, self.over, self.count):
            if pattern and "(?P<year>" not in pattern:
                raise ValueError(f"expected a group named year in {pattern!r}")
        return self


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the rough sleeping measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    asked = [(measure, query(measure, RoughSleepingQuery)) for measure in measures]
    names = {name for _, ask in asked for name in (ask.sheet, ask.count_sheet) if name}
    tables = {name: book.sheet(name).table(*HEADER) for name in sorted(names)}
    return pd.concat(
        [_measure(document, tables, measure, ask) for measure, ask in asked], ignore_index=True
    )


def _measure(
    document: Document, tables: dict[str, Table], measure: Measure, ask: RoughSleepingQuery
) -> pd.DataFrame:
    figures = _long(document, tables[ask.sheet], ask.column)
    value, status = figures["value"], figures["status"]
    top = bottom = None
    if ask.over:
        over = _long(document, tables[ask.sheet], ask.over)
        if ask.count and ask.count_sheet:
            top = _long(document, tables[ask.count_sheet], ask.count)["value"].reindex(value.index)
            bottom = _latest(over["value"], value.index)
            agree = (measure.per * top / bottom - value).abs() <= AGREEMENT
            top, bottom = top.where(agree), bottom.where(agree)
        else:
            over = over.reindex(value.index)
            top, bottom = value, over["value"]
            over["status"] = over["status"].fillna("not available")
            value, status = quotient((value, status), (bottom, over["status"]), measure.per)
    years = pd.Series(value.index.get_level_values("year"))
    return assemble(
        measure,
        area=pd.Series(value.index.get_level_values("area")),
        period=parse_periods(years, document, measure.years, sheet=ask.sheet),
        value=value.reset_index(drop=True),
        status=status.reset_index(drop=True),
        numerator=None if top is None else top,
        denominator=None if bottom is None else bottom,
    )


def _long(document: Document, table: Table, pattern: str) -> pd.DataFrame:
    """Give the figures of all years, one row per area and year."""
    columns = table.indices(pattern)
    sheet = table.sheet.name
    if not columns:
        table.index(pattern)
    area = _areas(document, table, list(columns))
    parts = []
    for at, header in columns.items():
        found = re.fullmatch(pattern, header)
        assert found is not None
        values, statuses = cells.numbers(
            table.cells(at).loc[area.index], document, sheet=sheet, column=header
        )
        part = {"area": area, "year": found["year"], "value": values, "status": statuses}
        parts.append(pd.DataFrame(part))
    long = pd.concat(parts)
    twice = long[long.duplicated(["area", "year"])]
    if len(twice):
        raise document.error(
            "an area has two rows, or a year two columns",
            sheet=sheet,
            row=int(twice.index[0]),
            found=f"{twice['area'].iloc[0]}, {twice['year'].iloc[0]}",
        )
    return long.set_index(["area", "year"])


def _areas(document: Document, table: Table, columns: Sequence[int]) -> pd.Series:
    """Give the code of every row of figures: the council's, or in a total the region's."""
    sheet = table.sheet.name
    names = {"council": HEADER[0], "region": HEADER[1], "code": HEADER[2]}
    rows = table.frame(names).astype(str).apply(lambda c: c.str.strip())
    # Contacts and notes stand below, without figures.
    held = [table.cells(at).astype(str).str.strip() != "" for at in columns]
    rows = rows[pd.concat(held, axis=1).any(axis=1)]
    rows = rows[rows["region"].str.casefold() != REST]
    area = rows["council"].mask(rows["council"].str.fullmatch(r"-+"), rows["code"])
    strange = rows[~area.str.fullmatch(r"[A-Z]\d{8}")]
    if len(strange):
        raise document.error(
            "figures of no area",
            sheet=sheet,
            column=HEADER[0],
            row=int(strange.index[0]),
            expected="a code such as E92000001",
            found=" ".join(strange.iloc[0]),
        )
    known: pd.Series = area[covered(area, document, sheet=sheet, column=HEADER[0])]
    return known


def _latest(population: pd.Series, wanted: pd.Index) -> pd.Series:
    """Give each year's population, or for a year without one that of the year before."""
    before = [(area, str(int(year) - 1)) for area, year in wanted]
    earlier = population.reindex(pd.MultiIndex.from_tuples(before, names=wanted.names))
    return population.reindex(wanted).fillna(earlier.set_axis(wanted))
