"""DfE's statistical neighbours: a sheet of the Local Authority Interactive Tool, one row a council."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from goldenthread import areas, official_lists, periods
from goldenthread.sources.document import Document
from goldenthread.sources.workbook import Table, Workbook, plain

#: How close the department calls a neighbour, nearest first.
CLOSENESS: Final = ("Extremely close", "Very close", "Close", "Somewhat close", "Not close")
#: What stands instead of a neighbour for a council too new to have any.
_NONE: Final = ("", "-")
_EDITION: Final = re.compile(r"(?P<month>[a-z]{3,9})[_ -](?P<year>20\d\d)", re.IGNORECASE)


def read_lists(documents: Sequence[Document]) -> tuple[Document, pd.DataFrame]:
    """Read the lists of the newest edition; see `reading.ListReader`."""
    newest = max(documents, key=_edition)
    table = Workbook(newest).sheet(r"la sn groups").table("la num", "la name", "sn1", depth=1)
    rows = list(_rows(table))
    return newest, pd.DataFrame(rows, columns=list(official_lists.COLUMNS))


def _edition(document: Document) -> date:
    found = _EDITION.search(document.name)
    if found is None:
        raise document.error("the file's name does not say its edition", expected="…_may_2025")
    return periods.parse(f"{found['month']} {found['year']}").end


def _rows(table: Table) -> Iterator[tuple[str, int, str, str]]:
    document, sheet = table.sheet.document, table.sheet.name
    number, name = table.index("la num"), table.index("la name")
    places = {int(header[2:]): at for at, header in table.indices(r"sn\d+").items()}
    for place, at in places.items():
        if table.headers[at + 1 : at + 2] != ("snp",):
            raise document.error(
                "no column of closeness follows", sheet=sheet, column=f"SN{place}", expected="SNP"
            )
    for row, cells in enumerate(table.sheet.rows[table.first :], start=table.first + 1):
        # Between the lists stand blank lines, and headings without a number.
        if cells[number] == "":
            continue
        area = _area(cells[number], table, row, "LA num")
        _agree(area, str(cells[name]), table, row)
        found = {place: cells[at] for place, at in places.items() if cells[at] not in _NONE}
        if found and len(found) < len(places):
            raise document.error("the list has gaps", sheet=sheet, row=row, found=str(cells[name]))
        for place, cell in sorted(found.items()):
            neighbour = _area(cell, table, row, f"SN{place}")
            word = str(cells[places[place] + 1]).strip().capitalize()
            if word not in CLOSENESS:
                raise document.error(
                    "not a known word for closeness",
                    sheet=sheet,
                    row=row,
                    column=f"SN{place}",
                    expected=CLOSENESS[1],
                    found=word,
                )
            yield area.code, place, neighbour.code, word


def _area(cell: Any, table: Table, row: int, column: str) -> areas.Area:
    try:
        return areas.by_dfe(cell)
    except areas.AreaError:
        raise table.sheet.document.error(
            "a number that no council has",
            sheet=table.sheet.name,
            row=row,
            column=column,
            found=plain(cell),
        ) from None


def _agree(area: areas.Area, name: str, table: Table, row: int) -> None:
    """Refuse a number beside another council's name: a column may have slipped by a row."""
    bare = name.split("(")[0]
    try:
        named = areas.find(bare)
    except areas.AreaError:
        named = None
    # A former council and its successor may share a name, as the Dorsets do.
    if named is None or named.name != area.name:
        raise table.sheet.document.error(
            "the number and the name are not one council's",
            sheet=table.sheet.name,
            row=row,
            expected=area.name,
            found=name,
        )
