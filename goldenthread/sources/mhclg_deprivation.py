"""MHCLG's English Indices of Deprivation: summaries by district, one row each."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.sources import cells, text
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query

#: The file does not say its edition but in its name.
_EDITION: Final = re.compile(r"(?:imd|iod)_?(?P<year>20\d\d)", re.IGNORECASE)
_AREA: Final = re.compile(r"ltla\d\d_code|local_authority_district_code_\d+")


class DeprivationQuery(Query):
    """Where a measure stands.

    Attributes
    ----------
    columns : tuple of str
        The names a column has had, in lower case with underscores between words.
    scale : float
        What a published number is multiplied by: proportions are fractions of one.
    """

    columns: tuple[str, ...]
    scale: float = 1


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read measures of deprivation; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    edition = _EDITION.search(document.name)
    if edition is None:
        raise document.error("the file's name does not say its edition", expected="imd2025…")
    rows = pd.read_csv(io.StringIO(text.decode(document)), dtype=str, keep_default_na=False)
    rows.columns = [re.sub(r"\W+", "_", name.strip().lower()).strip("_") for name in rows.columns]
    rows.index = pd.RangeIndex(2, 2 + len(rows))
    area = [name for name in rows.columns if _AREA.fullmatch(name)]
    if len(area) != 1:
        raise document.error(
            "a column is missing",
            row=1,
            expected="local authority district code",
            candidates=rows.columns,
        )
    rows = rows[covered(rows[area[0]], document, column=area[0])]
    period = parse_periods(pd.Series(edition["year"], rows.index), document, "calendar")
    return pd.concat(
        [_measure(document, rows, rows[area[0]], period, measure) for measure in measures],
        ignore_index=True,
    )


def _measure(
    document: Document, rows: pd.DataFrame, area: pd.Series, period: pd.DataFrame, measure: Measure
) -> pd.DataFrame:
    ask = query(measure, DeprivationQuery)
    column = next((name for name in ask.columns if name in rows), None)
    if column is None:
        raise document.error(
            "a column is missing", row=1, expected=ask.columns[0], candidates=rows.columns
        )
    value, status = cells.numbers(rows[column], document, column=column)
    return assemble(measure, area=area, period=period, value=value * ask.scale, status=status)
