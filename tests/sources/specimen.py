"""What tests of readers share: small files made or spoilt in the test, read as the real ones are."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from goldenthread import catalogue, observations
from goldenthread.sources import reading
from goldenthread.sources.document import Document, in_folder


def workbook(tables: dict[str, list[list]]) -> bytes:
    """Write sheets, by name, of rows of cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(
    source: str,
    content: bytes,
    name: str,
    *,
    query: dict[str, Any] | None = None,
    only: str | None = None,
) -> pd.DataFrame:
    """Read a file's content as a source's first document.

    With `query`, its first measure alone is read, and asks that; with `only`, the measures whose
    query names that sheet.
    """
    known = catalogue.catalogue()
    entry = known.sources[source]
    document = Document(source, entry.documents[0].id, name, content, date(2026, 1, 1))
    measures = known.of_source(source)
    if only is not None:
        measures = [m for m in measures if m.origin.query["sheet"] == only]
    if query is not None:
        origin = measures[0].origin.model_copy(update={"query": query})
        measures = [measures[0].model_copy(update={"origin": origin})]
    return observations.validate(reading.reader(entry).read([document.check()], measures))


def read_real(source: str, folder: Path) -> pd.DataFrame:
    """Read all of a source's measures from the publisher's files."""
    known = catalogue.catalogue()
    entry = known.sources[source]
    documents = in_folder(entry, folder)
    return observations.validate(reading.reader(entry).read(documents, known.of_source(source)))


def cell(table: pd.DataFrame, measure: str, area: str, label: str | None = None) -> dict:
    """Give the one observation of a measure and an area, in a period where there are several."""
    rows = table[(table["measure"] == measure) & (table["area"] == area)]
    if label is not None:
        rows = rows[rows["period_label"] == label]
    (row,) = rows.to_dict("records")
    return row
