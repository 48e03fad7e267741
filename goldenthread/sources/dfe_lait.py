"""The Local Authority Interactive Tool: one long table of many measures, under DfE's numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from goldenthread import areas
from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, each, parse_periods, query

#: The table's columns, by what they are here.
COLUMNS: Final = {
    "Short Desc": "measure",
    "Years": "year",
    "LA and Regions": "name",
    "Values": "value",
    "LA Number": "number",
}
#: The numbers that the tool gives to England and its regions, beyond DfE's own of councils.
ENGLAND: Final = 970
REGIONS: Final = range(980, 991)
#: Inner and outer London are parts of a region, which the register does not hold.
LONDON_PARTS: Final = frozenset({987, 988})

# The tool's own shorthand: "(OT)" for outturn, and "2013/14-15/16" for three years together.
_OUTTURN: Final = re.compile(r"\s*\(OT\)$")
_SEVERAL: Final = re.compile(r"^((?:19|20)\d\d)/\d\d\s*-\s*\d\d/(\d\d)$")


class LaitQuery(Query):
    """Which of the tool's measures is wanted.

    Attributes
    ----------
    measure : str
        Its short name, as in the table's first column and in the data dictionary.
    england : bool
        Whether the row of England is a figure of the same kind as the councils' own.
    """

    measure: str
    england: bool = True


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read measures from the long table; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    asked = [(measure, query(measure, LaitQuery)) for measure in measures]
    table = _table(document)
    wanted = table["measure"].isin({ask.measure for _, ask in asked})
    groups = dict(iter(_with_areas(table[wanted], document).groupby("measure", sort=False)))
    for _, ask in asked:
        if ask.measure not in groups:
            raise document.error(
                "there is no such measure in the table",
                column="Short Desc",
                expected=ask.measure,
                candidates=table["measure"].unique(),
            )
    return pd.concat(
        [_measure(document, groups[ask.measure], measure, ask) for measure, ask in asked],
        ignore_index=True,
    )


def _table(document: Document) -> pd.DataFrame:
    """Read the columns that matter, indexed by row number as if the table were a sheet."""
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(document.content))
        missing = [name for name in COLUMNS if name not in file.schema_arrow.names]
        if missing:
            raise document.error(
                "a column is missing", expected=missing[0], candidates=file.schema_arrow.names
            )
        table = file.read(columns=list(COLUMNS)).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise document.error(f"not readable as Parquet ({error})") from None
    rows: pd.DataFrame = table.rename(columns=COLUMNS)
    return rows.set_axis(range(2, len(rows) + 2))


def _with_areas(rows: pd.DataFrame, document: Document) -> pd.DataFrame:
    """Add each row's area from its number, leaving out the halves of London."""
    rows = rows[~rows["number"].isin(LONDON_PARTS)]
    distinct = rows.drop_duplicates("number")
    codes = {
        number: _area(number, name, document, row)
        for row, number, name in zip(
            distinct.index, distinct["number"], distinct["name"], strict=True
        )
    }
    return rows.assign(area=rows["number"].map(codes))


def _area(number: float, name: str, document: Document, row: int) -> str:
    try:
        if number == ENGLAND:
            return areas.find(name, kind="country").code
        if number in REGIONS:
            return areas.find(name, kind="region").code
        return areas.by_dfe(f"{number:.0f}").code
    except areas.AreaError as error:
        raise document.error(
            f"an area that is not in the register ({error})",
            row=row,
            column="LA Number",
            found=f"{number} {name}",
        ) from None


def plain_year(year: str) -> str:
    """Give a year text of the tool in a style that `periods` reads.

    Examples
    --------
    >>> plain_year("2016-17 (OT)"), plain_year("2013/14-15/16"), plain_year("2025 (prov)")
    ('2016-17', '2013-16', '2025 (prov)')
    """
    return _SEVERAL.sub(r"\1-\2", _OUTTURN.sub("", year.strip()))


def _measure(
    document: Document, rows: pd.DataFrame, measure: Measure, ask: LaitQuery
) -> pd.DataFrame:
    if not ask.england:
        rows = rows[rows["number"] != ENGLAND]
    value, status = cells.numbers(rows["value"], document, column="Values")
    years = rows["year"].map(plain_year)
    return assemble(
        measure,
        area=rows["area"],
        period=parse_periods(years, document, measure.years, column="Years"),
        value=value,
        status=status,
    )
