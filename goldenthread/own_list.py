"""A council's own list of councils to be compared with, from a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from rapidfuzz import process

from goldenthread import areas
from goldenthread.areas import Area, AreaError
from goldenthread.authorities import citizens
from goldenthread.sources import text
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError
from goldenthread.sources.workbook import Workbook, is_blank, plain

_TABLES: Final = frozenset({".csv", ".txt", ".xlsx", ".ods", ".xls"})
_COMPARED: Final = frozenset({"lower", "upper", "single", "fire"})
_CODE_HEADER: Final = re.compile(r".*\bcode\b.*|\w+cd")
_NAME_HEADER: Final = re.compile(
    r".*\b(councils?|authority|authorities|names?|areas?|neighbours?|comparators?)\b.*|\w+nm"
)


class OwnListError(LookupError):
    """A list that cannot be read; the message names file and line, and the nearest there is."""


@dataclass(frozen=True)
class OwnList:
    """The councils that one council chose to be compared with.

    Attributes
    ----------
    council : str
        Its GSS code.
    neighbours : tuple of str
        Theirs, in the order of the file.
    """

    council: str
    neighbours: tuple[str, ...]


def own_list(path: Path | str, council: str) -> OwnList:
    """Read a council's own list of councils to be compared with.

    One council to a line, by name or code, with or without a header. In a table of several columns
    the header says which column it is ("code", "council", "authority", "name", …), or one column
    alone begins with a council. In a .txt file every line is a name. Nothing is guessed: whatever
    is wrong is said, all of it at once.

    Parameters
    ----------
    path : pathlib.Path or str
        A .csv, .txt, .xlsx, .xls or .ods file.
    council : str
        Whose list it is, by name or code.

    Returns
    -------
    OwnList

    Raises
    ------
    OwnListError
        Naming file and line: a name that is nobody's (with the nearest there are), a former
        council, the council itself, one twice; or a file that cannot be read.
    AreaError
        When `council` is nobody's name.
    """
    path, owner = Path(path), areas.find(council)
    rows = _lines(path)
    rows = {line: cells for line, cells in rows.items() if not is_blank(cells)}
    if not rows:
        raise OwnListError(f"{path.name}: there is no council in it")
    at, first = _which_column(rows, path)
    problems, found = [], dict[str, int]()
    for line, cells in rows.items():
        given = _cell(cells, at)
        if line < first or not given:
            continue
        try:
            code = _member(given, owner)
            if code in found:
                raise OwnListError(f"{given!r} stands in line {found[code]} already")
            found[code] = line
        except LookupError as error:
            problems.append(f"{path.name}, line {line}: {error}")
    if problems:
        raise OwnListError("\n".join(problems))
    if not found:
        raise OwnListError(f"{path.name}: there is no council in it")
    return OwnList(owner.code, tuple(found))


def _lines(path: Path) -> dict[int, list[str]]:
    """Give the cells of each line of a file, by the line's number."""
    suffix = path.suffix.lower()
    if suffix not in _TABLES:
        expected = ", ".join(sorted(_TABLES))
        raise OwnListError(f"{path.name}: not a kind of file that is read: expected {expected}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OwnListError(f"{path}: {error.strerror}") from None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise OwnListError(f"{path.name}: its text is in UTF-16: save it as UTF-8")
    document = Document("", "own-list", path.name, content, date.today())
    try:
        document.check()
        if suffix == ".txt":
            return {n: [line] for n, line in enumerate(text.decode(document).splitlines(), 1)}
        if suffix == ".csv":
            reader = csv.reader(io.StringIO(text.decode(document), newline=""))
            lines = {}
            for cells in reader:
                lines[reader.line_num] = cells
            return lines
        book = Workbook(document)
        if len(book.names) > 1:
            raise OwnListError(f"{path.name}: it has {len(book.names)} sheets: leave only the list")
        sheet = next(book.sheets(".*"))
    except SourceError as error:
        raise OwnListError(str(error)) from None
    return {n: list(map(str, cells)) for n, cells in enumerate(sheet.rows, start=1)}


def _which_column(rows: Mapping[int, Sequence[str]], path: Path) -> tuple[int, int]:
    """Find the column that holds the councils, and the first line below a header."""
    first, cells = next(iter(rows.items()))
    codes = areas.codes_for([_cell(cells, at) for at in range(len(cells))])
    known = [at for at, code in enumerate(codes) if code is not None]
    if not known:
        headers = [plain(cell) for cell in cells]
        for pattern in (_CODE_HEADER, _NAME_HEADER):
            found = [at for at, header in enumerate(headers) if pattern.fullmatch(header)]
            if len(found) == 1:
                return found[0], first + 1
            if found:
                break
        else:
            if len(cells) == 1:
                # No header and no council: the line is a name with a mistake in it, and is said.
                return 0, first
    if known and len({codes[at] for at in known}) == 1:
        # One column, or the code and the name of the same council side by side.
        return known[0], first
    raise OwnListError(
        f"{path.name}, line {first}: it does not say which column holds the councils: "
        "give that one the header 'council', and no other one like it"
    )


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _member(given: str, owner: Area) -> str:
    """Find the authority a cell means, and refuse what cannot be compared with the owner."""
    try:
        area = areas.find(given)
    except AreaError as error:
        if "could mean" in str(error):
            raise
        raise OwnListError(
            f"no council is called {given!r}; the nearest are {', '.join(_nearest(given))}"
        ) from None
    if area.code == owner.code:
        raise OwnListError(f"{given!r} is the council whose list it is")
    if area.tier not in _COMPARED:
        raise OwnListError(f"{area.name} is not a council but a {area.kind}")
    if not area.is_current:
        heirs = [areas.register()[code].name for code in area.replaced_by]
        now = f"; look at {' and '.join(heirs)}" if heirs else ""
        raise OwnListError(f"{area.name} ({area.code}) is no longer a council{now}")
    return area.code


def _nearest(given: str) -> list[str]:
    names = citizens()["name"].unique().tolist()
    return [str(match[0]) for match in process.extract(given, names, limit=3)]
