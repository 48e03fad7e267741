"""Defra's fly-tipping statistics: incidents and actions that local authorities report."""

from __future__ import annotations

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
    named,
    parse_periods,
    query,
    quotient,
    summed,
)
from goldenthread.sources.workbook import Table, Workbook

TOTAL: Final = "*Total"
BASIS: Final = "reporting basis"
KEYS: Final = ["area", "period_start"]
#: England's total of 2018-19 stands there twice. The one on the older basis is left out, so that
#: the years that follow can be compared with it; the note of the other says which it is.
OLDER_TOTAL: Final = r"total england \(original\)"
COMPARABLE: Final = r"total england \(comparable with .*\)"
COMPARABLE_NOTE: Final = "On the basis of 2019/20; the totals of earlier years are on another."


class FlyTippingQuery(Query):
    """Where a fly-tipping measure stands.

    Attributes
    ----------
    sheet : str
        Pattern of the sheet's name.
    columns : tuple of str
        Patterns of headers; several are added.
    over : tuple of str
        Headers of the denominator, added; without them the measure is a count.
    over_sheet : str, optional
        The sheet these stand in, when it is another.
    published : str, optional
        Header of the share as published; without it the share is worked out.
    basis : str, optional
        The sheet whose reporting basis goes into the note.
    """

    sheet: str
    columns: tuple[str, ...]
    over: tuple[str, ...] = ()
    over_sheet: str | None = None
    published: str | None = None
    basis: str | None = None

    @model_validator(mode="after")
    def _agree(self) -> FlyTippingQuery:
        if not self.over and (self.published or self.over_sheet):
            raise ValueError("expected columns of a denominator: over")
        return self


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the fly-tipping measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    asked = [(measure, query(measure, FlyTippingQuery)) for measure in measures]
    names = {n for _, ask in asked for n in (ask.sheet, ask.over_sheet, ask.basis) if n}
    tables = {
        n: book.sheet(n).table("year", "ons code", "la name", "region") for n in sorted(names)
    }
    sheets = {n: _Sheet(document, table) for n, table in tables.items()}
    return pd.concat([_measure(sheets, *pair) for pair in asked], ignore_index=True)


class _Sheet:
    """One sheet's rows of areas, and its columns read when asked for."""

    def __init__(self, document: Document, table: Table) -> None:
        self.document = document
        self.table = table
        self.name = table.sheet.name
        self.rows = self._rows()

    def _rows(self) -> pd.DataFrame:
        names = {"year": "year", "area": "ons code", "region": "region"}
        rows = self.table.frame(names).astype(str).apply(lambda c: c.str.strip())
        rows = rows[(rows["year"] != "") | (rows["area"] != "")]
        total = rows["area"] == TOTAL
        bare = rows["region"].str.removeprefix("*").str.casefold()
        rows = rows[~(total & bare.str.fullmatch(OLDER_TOTAL))]
        bare, total = bare[rows.index], total[rows.index]
        comparable = total & bare.str.fullmatch(COMPARABLE)
        rows["note"] = comparable.map({True: COMPARABLE_NOTE, False: ""})
        where = {"sheet": self.name, "column": "region"}
        place = bare.mask(comparable, "england").str.removeprefix("total ")
        rows.loc[total, "area"] = named(
            place[total], self.document, kinds=("region", "country"), **where
        )
        where = {"sheet": self.name, "column": "ONS Code"}
        rows = rows[covered(rows["area"], self.document, **where)]
        where = {"sheet": self.name, "column": "Year"}
        joined: pd.DataFrame = rows.join(
            parse_periods(rows["year"], self.document, "financial", **where)
        )
        return joined

    def numbers(self, columns: Sequence[str]) -> tuple[pd.Series, pd.Series]:
        """Give the columns' sum for every row."""
        return summed(
            [
                cells.numbers(
                    self.table.cells(self.table.index(column)).loc[self.rows.index],
                    self.document,
                    sheet=self.name,
                    column=column,
                )
                for column in columns
            ]
        )

    def basis(self) -> pd.Series:
        """Give the reporting basis as a note, by area and year."""
        text = self.table.cells(self.table.index(BASIS)).loc[self.rows.index].astype(str)
        text = text.str.strip()
        known = ~text.str.lower().isin(cells.MARKS)
        note = ("Reporting basis: " + text.str[:1].str.lower() + text.str[1:] + ".").where(
            known, ""
        )
        return self.by_area(note)

    def by_area(self, column: pd.Series) -> pd.Series:
        """Give a column by area and year, refusing an area that has two rows for one year."""
        twice = self.rows[self.rows.duplicated(KEYS)]
        if len(twice):
            raise self.document.error(
                "an area has two rows for one year",
                sheet=self.name,
                row=int(twice.index[0]),
                found=f"{twice['area'].iloc[0]}, {twice['year'].iloc[0]}",
            )
        return pd.Series(column.to_numpy(), pd.MultiIndex.from_frame(self.rows[KEYS]))


def _measure(sheets: dict[str, _Sheet], measure: Measure, ask: FlyTippingQuery) -> pd.DataFrame:
    sheet = sheets[ask.sheet]
    rows = sheet.rows
    value, status = numerator = sheet.numbers(ask.columns)
    denominator = None
    if ask.over:
        denominator = _elsewhere(sheets[ask.over_sheet or ask.sheet], ask.over, rows)
        value, status = quotient(numerator, denominator, measure.per)
    if ask.published:
        value, status = sheet.numbers([ask.published])
    note = rows["note"]
    if ask.basis:
        basis = sheets[ask.basis].basis().reindex(pd.MultiIndex.from_frame(rows[KEYS])).fillna("")
        note = note.where(note != "", pd.Series(basis.to_numpy(), rows.index))
    # A year for which the publisher gives the figure of no area at all is not of the series.
    given = value.notna().groupby(rows["period_start"]).transform("any")
    rows = rows[given]
    return assemble(
        measure,
        area=rows["area"],
        period=rows,
        value=value[given],
        status=status[given],
        numerator=numerator[0][given] if denominator else None,
        denominator=denominator[0][given] if denominator else None,
        note=note[given],
    )


def _elsewhere(
    sheet: _Sheet, columns: Sequence[str], rows: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """Bring columns of one sheet to the rows of another, by area and year."""
    wanted = pd.MultiIndex.from_frame(rows[KEYS])
    values, statuses = (sheet.by_area(part).reindex(wanted) for part in sheet.numbers(columns))
    return (
        pd.Series(values.to_numpy(), rows.index),
        pd.Series(statuses.fillna("not available").to_numpy(), rows.index),
    )
