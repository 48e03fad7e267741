"""ONS Explore Local Statistics: a CSV holds a few indicators for all areas and periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import pandas as pd

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
)

COLUMNS: Final = (
    "areacd",
    "geography",
    "indicator",
    "period",
    "observation",
    "measure",
    "unit",
    "lci_95",
    "uci_95",
    "status",
    "notes",
)
#: The first level of the international territorial levels is England and its regions under another
#: code. The lower levels are groups of districts for which no council answers.
ITL_REGIONS: Final = {
    "TLB": "E92000001",
    "TLC": "E12000001",
    "TLD": "E12000002",
    "TLE": "E12000003",
    "TLF": "E12000004",
    "TLG": "E12000005",
    "TLH": "E12000006",
    "TLI": "E12000007",
    "TLJ": "E12000008",
    "TLK": "E12000009",
}
_FLAGS: Final = {"": "published", "p": "provisional", "r": "revised", "e": "estimated"}


class LocalQuery(Query):
    """Where a measure stands in its CSV.

    Attributes
    ----------
    indicator, unit : str
        The texts of those columns. The unit is named so that a change of it is refused; it is the
        publisher's label even where that is wrong (ratios are labelled "%").
    measure : str, optional
        The text of the column of that name, where an indicator has several.
    scale : float
        What a published number is multiplied by to be in the measure's unit.
    period : {"as published", "year", "month"}
        Some files write a year or a month as one day in it.
    itl_regions : bool
        Take England and the regions from the rows with their territorial-level codes, in files that
        do not have them under their usual codes.
    """

    indicator: str
    unit: str
    measure: str | None = None
    scale: float = 1
    period: Literal["as published", "year", "month"] = "as published"
    itl_regions: bool = False


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read measures of Explore Local Statistics; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    rows = text.frame(document, COLUMNS)
    return pd.concat(
        [_measure(document, rows, measure, query(measure, LocalQuery)) for measure in measures],
        ignore_index=True,
    )


def _measure(
    document: Document, rows: pd.DataFrame, measure: Measure, ask: LocalQuery
) -> pd.DataFrame:
    wanted = {"indicator": ask.indicator} | ({"measure": ask.measure} if ask.measure else {})
    rows = chosen(rows, wanted, document)
    _only_unit(document, rows, ask.unit)
    rows = _areas(document, rows, itl_regions=ask.itl_regions)
    value, status, note = _values(document, rows)
    lower, _ = cells.numbers(rows["lci_95"], document, column="lci_95")
    upper, _ = cells.numbers(rows["uci_95"], document, column="uci_95")
    return assemble(
        measure,
        area=rows["areacd"],
        period=_periods(document, rows["period"], measure, ask),
        value=value * ask.scale,
        status=status,
        lower=lower * ask.scale,
        upper=upper * ask.scale,
        note=note,
    )


def _only_unit(document: Document, rows: pd.DataFrame, wanted: str) -> None:
    other = rows.loc[rows["unit"] != wanted, "unit"]
    if len(other):
        raise document.error(
            "figures in another unit",
            column="unit",
            row=_first(other),
            expected=wanted,
            found=str(other.iloc[0]),
        )
    measures = rows["measure"].unique()
    if len(measures) > 1:
        raise document.error(
            "one indicator has figures of several measures: the query is to name one",
            column="measure",
            found="; ".join(measures),
        )


def _first(rows: pd.Series) -> int:
    """Give the number of the first of some rows, as a text editor shows it."""
    return int(rows.index.to_numpy()[0])


def _areas(document: Document, rows: pd.DataFrame, *, itl_regions: bool) -> pd.DataFrame:
    # Some combined authorities stand a second time as territorial levels, under the same code.
    level = rows["geography"].str.extract(r"^ITL Level (\d)$", expand=False)
    if itl_regions:
        renamed = rows["areacd"].where(level != "1", rows["areacd"].map(ITL_REGIONS))
        rows = rows.assign(areacd=renamed)[level.isna() | renamed.isin(ITL_REGIONS.values())]
    else:
        rows = rows[level.isna()]
    return rows[covered(rows["areacd"], document, column="areacd")]


def _values(document: Document, rows: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Read values, statuses and notes; an empty cell's status says which kind of missing it is."""
    empty = rows["observation"] == ""
    value, status = cells.numbers(
        rows["observation"].where(~empty, rows["status"]), document, column="observation"
    )
    short = rows["status"].str.len() < 4
    unknown = rows["status"][
        (empty & value.notna()) | (~empty & short & ~rows["status"].isin(_FLAGS))
    ]
    if len(unknown):
        raise document.error(
            "a status that is not known here",
            column="status",
            row=_first(unknown),
            found=str(unknown.iloc[0]),
        )
    flagged = ~empty & rows["status"].isin(_FLAGS)
    status = status.where(~flagged, rows["status"].map(_FLAGS))
    # A few files write a remark in the column of statuses.
    remark = rows["status"].where(~empty & ~rows["status"].isin(_FLAGS), "")
    # Which code came after which is the register's business.
    notes = rows["notes"].where(~rows["notes"].str.startswith("Obsolete code"), "")
    return value, status, (remark + " " + notes).str.strip()


def _periods(
    document: Document, periods: pd.Series, measure: Measure, ask: LocalQuery
) -> pd.DataFrame:
    if ask.period != "as published":
        unlike = periods[~periods.str.fullmatch(r"\d{4}-\d\d-\d\d")]
        if len(unlike):
            raise document.error(
                f"a {ask.period} is no longer written as one day in it",
                column="period",
                row=_first(unlike),
                expected="2025-04-01",
                found=str(unlike.iloc[0]),
            )
        periods = periods.str[:4] if ask.period == "year" else periods.str[:7] + "-01/P1M"
    return parse_periods(periods, document, measure.years, column="period")
