"""Police recorded crime by community safety partnership (Table C2), brought to councils."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from goldenthread import areas
from goldenthread.catalogue import Measure
from goldenthread.sources import cells, text
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query
from goldenthread.sources.workbook import Sheet

PARTNERSHIP: Final = "community safety partnership code"
COUNCIL: Final = "local authority code"
#: What stands for the council's code where a partnership covers several councils: its figure
#: belongs to none of them alone.
COMBINED: Final = "combined local authorities"
#: A partnership that the table gives to one council although it reaches into another: Dorset's
#: covers Christchurch, which is in Bournemouth, Christchurch and Poole (ONS lookup of April 2024).
#: Neither council is the sum of its partnerships.
ACROSS: Final[Mapping[str, tuple[str, ...]]] = {"E22000367": ("E06000058", "E06000059")}
_PERIOD: Final = re.compile(r"(?i)\byear ending [a-z]+ \d{4}")


class CrimeQuery(Query):
    """Where a crime measure stands.

    Attributes
    ----------
    column : str
        Pattern of the header of an offence.
    """

    column: str


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the crime measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    asked = [(measure, query(measure, CrimeQuery)) for measure in measures]
    # The header's cells hold line breaks, so that the file is read as cells and not by lines.
    lines = [list(row) for row in csv.reader(io.StringIO(text.decode(document)))]
    sheet = Sheet(document, "", lines)
    table = sheet.table(PARTNERSHIP, COUNCIL, *(ask.column for _, ask in asked))
    columns = {measure.id: ask.column for measure, ask in asked}
    rows = table.frame({"partnership": PARTNERSHIP, "area": COUNCIL} | columns)
    period = parse_periods(pd.Series([_period(document, sheet)]), document, "calendar").iloc[0]
    rows = _councils(document, rows.apply(lambda c: c.astype(str).str.strip()), period)
    return pd.concat(
        [_measure(document, rows, period, measure, ask) for measure, ask in asked],
        ignore_index=True,
    )


def _period(document: Document, sheet: Sheet) -> str:
    for row in sheet.rows:
        for cell in row:
            if found := _PERIOD.search(str(cell)):
                return found[0]
    raise document.error("no title says which year this is", expected="year ending June 2025")


def _councils(document: Document, rows: pd.DataFrame, period: pd.Series) -> pd.DataFrame:
    """Give the rows of partnerships that make up a council, by the code it had then."""
    # Rows without a partnership are a force's total, and what it could place nowhere.
    rows = rows[(rows["partnership"] != "") & (rows["area"].str.casefold() != COMBINED)]
    odd = rows[~rows["area"].str.fullmatch(r"[A-Z]\d{8}")]
    if len(odd):
        raise document.error(
            "a partnership of no known council",
            column=COUNCIL,
            row=int(odd.index[0]),
            expected="a code such as E06000010",
            found=odd["area"].iloc[0],
        )
    twice = rows[rows.duplicated("partnership")]
    if len(twice):
        raise document.error(
            "a partnership has two rows",
            row=int(twice.index[0]),
            found=twice["partnership"].iloc[0],
        )
    rows = rows[covered(rows["area"], document, column=COUNCIL)]
    across = {
        code for p, codes in ACROSS.items() if (rows["partnership"] == p).any() for code in codes
    }
    rows = rows[~rows["area"].isin(across)]
    return _followed(document, rows, period)


def _followed(document: Document, rows: pd.DataFrame, period: pd.Series) -> pd.DataFrame:
    """Give the partnerships of councils that had ended to the one council that followed them.

    All its predecessors' partnerships must be there: a part of a council is not the council.
    """
    known = areas.register()
    ended = {c: known[c] for c in rows["area"].unique() if _had_ended(known[c], period)}
    given = set(rows["area"])
    for code, area in ended.items():
        follows = area.replaced_by
        lacking = [
            old
            for new in follows
            for old in known[new].replaced
            if known[old].kind == area.kind and old not in given
        ]
        if len(follows) != 1 or lacking:
            raise document.error(
                "the council had ended before this year, and its partnerships do not make up "
                "the one that followed",
                column=COUNCIL,
                row=int(rows.index[rows["area"] == code][0]),
                expected=", ".join(lacking) or "one council that followed",
                found=code,
            )
    return rows.assign(
        area=rows["area"].replace({code: area.replaced_by[0] for code, area in ended.items()})
    )


def _had_ended(area: areas.Area, period: pd.Series) -> bool:
    return area.end is not None and pd.Timestamp(area.end) < period["period_start"]


def _measure(
    document: Document, rows: pd.DataFrame, period: pd.Series, measure: Measure, ask: CrimeQuery
) -> pd.DataFrame:
    values, statuses = cells.numbers(rows[measure.id], document, column=ask.column)
    parts = pd.DataFrame({"area": rows["area"], "value": values, "status": statuses})
    # Where a part is missing the council's figure is, for the same reason.
    lacking = parts[parts["value"].isna()].groupby("area")["status"].first()
    whole = parts.groupby("area").agg(
        value=("value", "sum"), status=("status", "first"), partnerships=("value", "size")
    )
    whole["value"] = whole["value"].mask(whole.index.isin(lacking.index))
    whole["status"] = lacking.reindex(whole.index).fillna(whole["status"])
    whole = whole.reset_index()
    note = "The sum of " + whole["partnerships"].astype(str) + " community safety partnerships."
    return assemble(
        measure,
        area=whole["area"],
        period=pd.DataFrame([period] * len(whole), index=whole.index),
        value=whole["value"],
        status=whole["status"],
        note=note.where(whole["partnerships"] > 1, ""),
    )
