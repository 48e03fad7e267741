"""Defra's local authority collected waste: rates from Table 3, tonnes from Tables 1 and 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import pandas as pd
from pydantic import model_validator

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
    summed,
)
from goldenthread.sources.workbook import Table, Workbook

Kind = Literal["Collection", "Disposal", "Unitary", "Total"]
KINDS: Final = ("Collection", "Disposal", "Unitary", "Total")
#: A code of waste authorities whose area is exactly that of a county: its figures are the county's.
PARTNERSHIPS: Final[Mapping[str, str]] = {"E50000009": "E10000027"}
#: Codes under which two districts report as one, and from when: their figures belong to neither
#: alone. Mid Suffolk stands for Babergh too, in all years; Wycombe for Chiltern (the files' notes).
JOINT: Final[Mapping[str, pd.Timestamp]] = {
    "E07000203": pd.Timestamp.min,
    "E07000007": pd.Timestamp(2015, 4, 1),
}
#: Rates are printed to a tenth of a point: tonnes that give another rate are not its parts.
AGREEMENT: Final = 0.06


class WasteQuery(Query):
    """Where a waste measure stands.

    Attributes
    ----------
    sheet : str
        Pattern of the sheet's name.
    column : str, optional
        Pattern of the header of the published figure; without it the share is worked out from
        `numerator` and `denominator`.
    fraction : bool
        The publisher prints per cents as fractions of one.
    numerator, denominator : tuple of str
        Columns of tonnes; several are added.
    tonnes : str, optional
        The sheet these stand in, when it is another.
    authorities : tuple of str
        The kinds of authority that have this figure; "Total" are the regions and England.
        Collection, disposal and unitary authorities report the same waste twice, so that they are
        never added together.
    """

    sheet: str
    column: str | None = None
    fraction: bool = False
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    tonnes: str | None = None
    authorities: tuple[Kind, ...]

    @model_validator(mode="after")
    def _agree(self) -> WasteQuery:
        if bool(self.numerator) != bool(self.denominator):
            raise ValueError("expected numerator and denominator together")
        if not self.column and not self.numerator:
            raise ValueError("expected a column, or a numerator and a denominator")
        return self


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the waste measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    book = Workbook(document)
    asked = [(measure, query(measure, WasteQuery)) for measure in measures]
    sheets = {name for _, ask in asked for name in (ask.sheet, ask.tonnes) if name}
    tables = {
        name: book.sheet(name).table("(financial )?year", "ons code", "authority type")
        for name in sorted(sheets)
    }
    rows = {name: _rows(document, table) for name, table in tables.items()}
    return pd.concat(
        [_measure(document, tables, rows, measure, ask) for measure, ask in asked],
        ignore_index=True,
    )


def _rows(document: Document, table: Table) -> pd.DataFrame:
    """Give the rows that are figures of an area in the register: its code, the year, a note."""
    sheet = table.sheet.name
    names = {"year": "(financial )?year", "area": "ons code", "kind": "authority type"}
    rows = table.frame(names | {"region": "region"}).astype(str).apply(lambda c: c.str.strip())
    # Footnotes stand below and between the figures: they have neither a code nor a kind.
    rows = rows[(rows["area"] != "") | (rows["kind"] != "")]
    rows["kind"] = rows["kind"].str.removeprefix("*")
    strange = rows[~rows["kind"].isin(KINDS)]
    if len(strange):
        raise document.error(
            "a kind of authority that is not known",
            sheet=sheet,
            column="authority type",
            row=int(strange.index[0]),
            expected=", ".join(KINDS),
            found=strange["kind"].iloc[0],
        )
    total = rows["kind"] == "Total"
    rows.loc[total, "area"] = named(
        rows.loc[total, "region"].str.replace(r"^\*|^Total ", "", regex=True),
        document,
        kinds=("region", "country"),
        sheet=sheet,
        column="region",
    )
    # Some neighbours report as one, under both codes: the figure belongs to neither alone.
    rows = rows[~rows["area"].str.contains("/", regex=False)]
    rows["note"] = (
        rows["area"]
        .isin(PARTNERSHIPS)
        .map({True: "Reported by a waste partnership that covers the whole county.", False: ""})
    )
    rows["area"] = rows["area"].replace(dict(PARTNERSHIPS))
    rows = rows[covered(rows["area"], document, sheet=sheet, column="ONS code")]
    rows = rows.join(parse_periods(rows["year"], document, "financial", sheet=sheet, column="Year"))
    joint_since = rows["area"].map(JOINT)
    rows = rows[~(rows["period_start"] >= joint_since)]
    rows = _in_use(document, rows, sheet)
    twice = rows[rows.duplicated(["area", "period_start"])]
    if len(twice):
        raise document.error(
            "an authority has two rows for one year",
            sheet=sheet,
            row=int(twice.index[0]),
            found=f"{twice['area'].iloc[0]}, {twice['year'].iloc[0]}",
        )
    return rows


def _in_use(document: Document, rows: pd.DataFrame, sheet: str) -> pd.DataFrame:
    """Put right the code of an area that had ended before the year began.

    Some returns still bear the code from before a boundary change or a reorganisation; it is
    replaced where exactly one area followed.
    """
    known = {code: areas.register()[code] for code in rows["area"].unique()}
    ended = pd.to_datetime(rows["area"].map({c: a.end for c, a in known.items()}))
    late = ended < rows["period_start"]
    if not late.any():
        return rows
    old = rows.loc[late, "area"]
    following = old.map({code: area.replaced_by for code, area in known.items()})
    unclear = following[following.map(len) != 1]
    if len(unclear):
        raise document.error(
            "the area had ended before this year, and not exactly one followed it",
            sheet=sheet,
            column="ONS code",
            row=int(unclear.index[0]),
            found=str(old.loc[unclear.index[0]]),
        )
    rows.loc[late, "note"] = "Published under " + old + ", the code of the area it replaced."
    rows.loc[late, "area"] = following.str[0]
    return rows


def _measure(
    document: Document,
    tables: Mapping[str, Table],
    frames: Mapping[str, pd.DataFrame],
    measure: Measure,
    ask: WasteQuery,
) -> pd.DataFrame:
    rows = frames[ask.sheet]
    rows = rows[rows["kind"].isin(ask.authorities)]
    if ask.column:
        value, status = _numbers(document, tables[ask.sheet], ask.column, rows.index)
        value = (value * 100).round(9) if ask.fraction else value
        top, bottom = _parts(document, tables, frames, measure, ask, rows, value)
    else:
        upper, lower = (
            summed([_numbers(document, tables[ask.sheet], column, rows.index) for column in part])
            for part in (ask.numerator, ask.denominator)
        )
        value, status = quotient(upper, lower, measure.per)
        top, bottom = upper[0], lower[0]
    return assemble(
        measure,
        area=rows["area"],
        period=rows,
        value=value,
        status=status,
        numerator=top,
        denominator=bottom,
        note=rows["note"],
    )


def _parts(
    document: Document,
    tables: Mapping[str, Table],
    frames: Mapping[str, pd.DataFrame],
    measure: Measure,
    ask: WasteQuery,
    rows: pd.DataFrame,
    value: pd.Series,
) -> tuple[pd.Series | None, pd.Series | None]:
    """Give the tonnes behind a published rate, by area and year, where they do give that rate."""
    if not ask.numerator:
        return None, None
    sheet = ask.tonnes or ask.sheet
    keys = ["area", "period_start"]
    source = frames[sheet]
    tonnes = pd.DataFrame(
        {
            name: summed([_numbers(document, tables[sheet], c, source.index) for c in columns])[0]
            for name, columns in (("top", ask.numerator), ("bottom", ask.denominator))
        }
    ).set_index(pd.MultiIndex.from_frame(source[keys]))
    tonnes = tonnes.reindex(pd.MultiIndex.from_frame(rows[keys])).set_index(rows.index)
    again = measure.per * tonnes["top"] / tonnes["bottom"]
    tonnes = tonnes.where((again - value).abs() <= AGREEMENT)
    return tonnes["top"], tonnes["bottom"]


def _numbers(
    document: Document, table: Table, column: str, index: pd.Index
) -> tuple[pd.Series, pd.Series]:
    texts = table.cells(table.index(column)).loc[index]
    return cells.numbers(texts, document, sheet=table.sheet.name, column=column)
