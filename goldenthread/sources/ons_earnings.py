"""ASHE table 8: pay of residents by local authority, as workbooks or as one sheet saved as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.sources import cells, text
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, covered, each, parse_periods, query
from goldenthread.sources.workbook import Sheet, Workbook

#: What the table's own key says of its marks: an estimate whose coefficient of variation is above
#: 20 per cent is not shown.
_MARKS: Final = {"x": "unreliable", "..": "suppressed", ":": "not applicable"}
_TITLE: Final = re.compile(r"Table 8\.7a\s+Annual pay - Gross .*: United Kingdom, (\d{4})")
#: The last part of each column's header; the parts above it spread over several columns.
_AREA: Final = "description"
_CODE: Final = "code"


class EarningsQuery(Query):
    """Which estimate of the table is wanted.

    Attributes
    ----------
    sheet : str
        Pattern of the sheet's name; a CSV is one sheet.
    column : str
        The last line of the column's header: "median", "mean", or a percentile such as "20".
    """

    sheet: str = "all"
    column: str


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the pay measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    return pd.concat(
        [_measure(document, measure, query(measure, EarningsQuery)) for measure in measures],
        ignore_index=True,
    )


def _sheet(document: Document, pattern: str) -> Sheet:
    if document.name.lower().endswith(".csv"):
        rows = list(csv.reader(io.StringIO(text.decode(document))))
        return Sheet(document, "", rows)
    return Workbook(document).sheet(pattern)


def _measure(document: Document, measure: Measure, ask: EarningsQuery) -> pd.DataFrame:
    sheet = _sheet(document, ask.sheet)
    year = _year(sheet)
    table = sheet.table(_AREA, _CODE, ask.column, depth=1)
    rows = table.frame({"code": _CODE, "value": ask.column})
    # Jobs that could not be placed, and the notes below the table, have no code.
    rows = rows[rows["code"].astype(str).str.strip() != ""]
    rows = rows[covered(rows["code"], document, sheet=sheet.name, column="Code")]
    value, status = cells.numbers(
        rows["value"], document, marks=_MARKS, sheet=sheet.name, column=ask.column
    )
    return assemble(
        measure,
        area=rows["code"],
        period=parse_periods(
            pd.Series(year, rows.index), document, measure.years, sheet=sheet.name, column="title"
        ),
        value=value,
        status=status,
    )


def _year(sheet: Sheet) -> str:
    title = next((str(cell) for row in sheet.rows[:3] for cell in row if str(cell).strip()), "")
    found = _TITLE.fullmatch(title.strip())
    if not found:
        raise sheet.document.error(
            "the title is not that of the table of gross annual pay by place of residence",
            sheet=sheet.name,
            row=1,
            expected="Table 8.7a   Annual pay - Gross (£) - …: United Kingdom, 2025",
            found=title,
        )
    # An edition that is still to be revised says so in the publisher's name for it.
    provisional = "provisional" in sheet.document.name.lower()
    return f"{found[1]} (provisional)" if provisional else found[1]
