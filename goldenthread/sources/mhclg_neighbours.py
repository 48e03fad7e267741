"""MHCLG's statistical neighbours: fifteen for every council, in one long table or a wide one."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from goldenthread import areas, official_lists
from goldenthread.sources import text
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError
from goldenthread.sources.workbook import SEARCH_ROWS, Sheet, Workbook, is_blank, plain

#: How many neighbours the model gives to each council.
EACH: Final = 15

_ABOUT_NEIGHBOUR: Final = re.compile(
    r"neighbou?r|comparator|similar|nearest|closest|\b[ns]n ?\d*\b"
)
_ORDER: Final = re.compile(r"\b(?:rank\w*|order|position|place)\b")
_DISTANCE: Final = re.compile(r"\b(?:distance|score|similarity)\b")
_ASIDE: Final = re.compile(r"\b(?:region|tier|type|class|category|group|year)\b")
_AREA: Final = re.compile(r"authority|council|district|area|\bla\b|\blad|\bltla|\bcode\b|\bname\b")
_CODE: Final = re.compile(r"code|\bons\b|\bgss\b|\bid\b|\w+cd\b")
_NUMBER: Final = re.compile(r"(?<![\d.])(\d{1,2})(?![\d.])")


@dataclass(frozen=True)
class _Column:
    """What a header says its column holds: whose list, whom, or in which order."""

    role: str
    by: str = ""
    place: int = 0


@dataclass(frozen=True)
class _Entry:
    """One neighbour of one council, and the row it stands in."""

    sheet: Sheet
    row: int
    area: areas.Area
    neighbour: areas.Area
    order: float


def read_lists(documents: Sequence[Document]) -> tuple[Document, pd.DataFrame]:
    """Read the lists of the newest edition; see `reading.ListReader`.

    The layout is recognised by its headers. Long: a row for each council and neighbour, with a
    rank or a distance. Wide: a row for each council, with fifteen numbered columns. Codes are
    preferred to names. Sheets that hold neither are notes; several that do, such as one to a tier,
    are read together.
    """
    newest = max(documents, key=lambda d: (str(d.published or ""), d.name))
    entries = [entry for sheet in _sheets(newest) for entry in _entries(sheet)]
    if not entries:
        raise newest.error(
            "no sheet has lists of neighbours",
            expected=f"columns of council, neighbour and rank, or of council and 1 to {EACH}",
        )
    lists: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        lists[entry.area.code].append(entry)
    rows = [row for listed in lists.values() for row in _ordered(listed, newest)]
    _all_there(set(lists), newest)
    return newest, pd.DataFrame(rows, columns=list(official_lists.COLUMNS))


def _sheets(document: Document) -> Iterator[Sheet]:
    if document.name.lower().endswith(".csv"):
        yield Sheet(document, "", list(csv.reader(io.StringIO(text.decode(document)))))
    else:
        yield from Workbook(document).sheets(".*")


# --- the header ------------------------------------------------------------------------------------


def _column(cell: object) -> _Column:
    header = plain(cell).replace("_", " ")
    if _ASIDE.search(header):
        return _Column("")
    by = "code" if _CODE.search(header) else "name"
    # "1 = most similar" and "1 to 15" explain a rank; "neighbour 1" numbers a column.
    numbers = [] if "=" in header else _NUMBER.findall(header)
    place = int(numbers[0]) if len(numbers) == 1 else 0
    about = _ABOUT_NEIGHBOUR.search(header)
    if 1 <= place <= EACH and (about or _ORDER.search(header) or header == numbers[0]):
        return _Column("" if _DISTANCE.search(header) else "numbered", by, place)
    if _ORDER.search(header):
        return _Column("order")
    if _DISTANCE.search(header):
        return _Column("distance")
    if about:
        return _Column("neighbour", by)
    return _Column("area", by) if _AREA.search(header) else _Column("")


def _header(sheet: Sheet) -> tuple[int, str, Mapping[int, _Column]] | None:
    """Find the header: its row, the layout it begins, and what its columns hold."""
    for start, cells in enumerate(sheet.rows[:SEARCH_ROWS]):
        columns = {at: column for at, cell in enumerate(cells) if (column := _column(cell)).role}
        roles = {column.role for column in columns.values()}
        places = {column.place for column in columns.values() if column.role == "numbered"}
        if {"area", "neighbour"} <= roles and roles & {"order", "distance"}:
            return start, "long", columns
        if "area" in roles and places == set(range(1, EACH + 1)):
            return start, "wide", columns
    return None


def _pick(columns: Mapping[int, _Column], role: str, place: int = 0) -> int | None:
    """Give the number of the one column of a role, of codes rather than of names."""
    for by in ("code", "name", ""):
        found = [at for at, c in columns.items() if (c.role, c.by, c.place) == (role, by, place)]
        if found:
            return found[0] if len(found) == 1 else -1
    return None


# --- the rows --------------------------------------------------------------------------------------


def _entries(sheet: Sheet) -> Iterator[_Entry]:
    header = _header(sheet)
    if header is None:
        return
    start, layout, columns = header
    whose = _one(sheet, start, columns, "area")
    if layout == "wide":
        wanted = {_one(sheet, start, columns, "numbered", n): float(n) for n in range(1, EACH + 1)}
        order = None
    else:
        wanted = {_one(sheet, start, columns, "neighbour"): 0.0}
        ranked = any(column.role == "order" for column in columns.values())
        order = _one(sheet, start, columns, "order" if ranked else "distance")
    for row, cells in enumerate(sheet.rows[start + 1 :], start=start + 2):
        if is_blank(cells) or len([c for c in cells if str(c or "").strip()]) == 1:
            # A note below the table stands in one cell.
            continue
        area = _area(sheet, row, cells, whose)
        for at, place in wanted.items():
            near = _area(sheet, row, cells, at)
            found = place if order is None else _number(sheet, row, cells, order)
            yield _Entry(sheet, row, area, near, found)


def _one(
    sheet: Sheet, start: int, columns: Mapping[int, _Column], role: str, place: int = 0
) -> int:
    found = _pick(columns, role, place)
    if found is None or found < 0:
        raise sheet.document.error(
            "several columns answer one description",
            sheet=sheet.name,
            row=start + 1,
            expected=f"one column of {role}{f' {place}' if place else ''}",
        )
    return found


def _cell(cells: Sequence[Any], at: int) -> str:
    return str(cells[at] if at < len(cells) and cells[at] is not None else "").strip()


def _area(sheet: Sheet, row: int, cells: Sequence[Any], at: int) -> areas.Area:
    """Find the council a cell means, by today's code where it was only re-coded."""
    given = _cell(cells, at)
    code = areas.codes_for([given], kinds=areas.COUNCIL_KINDS)[0]
    area = areas.register()[code] if code else None
    if area is not None and not area.is_current and len(area.replaced_by) == 1:
        successor = areas.register()[area.replaced_by[0]]
        area = successor if successor.replaced == (area.code,) else area
    if area is None or not area.is_current:
        raise sheet.document.error(
            "not a council of today" if area else "not a council's code or name",
            sheet=sheet.name,
            row=row,
            found=given,
        )
    return area


def _number(sheet: Sheet, row: int, cells: Sequence[Any], at: int) -> float:
    given = _cell(cells, at)
    try:
        return float(given)
    except ValueError:
        raise sheet.document.error(
            "not a rank or a distance", sheet=sheet.name, row=row, found=given
        ) from None


# --- what lists must be ----------------------------------------------------------------------------


def _ordered(entries: list[_Entry], document: Document) -> Iterator[tuple[str, int, str, str]]:
    """Give one council's list in order, or refuse it."""
    area = entries[0].area
    if len(entries) != EACH:
        raise _wrong(entries[-1], f"{area.name} has {len(entries)} neighbours instead of {EACH}")
    entries = sorted(entries, key=lambda entry: entry.order)
    seen = set()
    for before, entry in zip([None, *entries], entries, strict=False):
        if entry.neighbour.code == area.code:
            raise _wrong(entry, f"{area.name} is its own neighbour")
        if entry.neighbour.code in seen:
            raise _wrong(entry, f"{area.name} has {entry.neighbour.name} twice")
        if entry.neighbour.tier != area.tier:
            raise _wrong(entry, f"{area.name} and {entry.neighbour.name} are of different tiers")
        if before is not None and entry.order == before.order:
            raise _wrong(entry, f"{area.name} has two neighbours in one place")
        seen.add(entry.neighbour.code)
    return ((area.code, n, e.neighbour.code, "") for n, e in enumerate(entries, start=1))


def _wrong(entry: _Entry, problem: str) -> SourceError:
    return entry.sheet.document.error(problem, sheet=entry.sheet.name, row=entry.row)


def _all_there(codes: set[str], document: Document) -> None:
    missing = sorted(area.name for area in areas.councils() if area.code not in codes)
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise document.error(
            f"{len(missing)} of today's councils have no list", found=", ".join(missing[:5]) + more
        )
