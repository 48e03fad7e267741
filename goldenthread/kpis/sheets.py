"""A council's own file as grids of cells: each cell as it is shown, with what was found on the way."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from goldenthread.kpis import archive, delimited, opendocument, safe
from goldenthread.kpis.archive import Archive
from goldenthread.kpis.problems import KpiError, Problem

#: The largest file that is opened at all.
LARGEST: Final = 100 * 2**20
#: What stands in a grid for a formula that no program has worked out.
NEVER: Final = "#NEVER WORKED OUT"
_SUFFIXES: Final = {".xlsx", ".xlsm", ".ods", ".csv", ".tsv", ".txt"}
#: The formats of a percentage that need not be written out.
_PERCENT_FORMATS: Final = {9, 10}

_REF: Final = re.compile(rb'\br\s*=\s*"([A-Z]+)(\d+)"')
_STYLED: Final = re.compile(rb'<c\b([^>]*\bs\s*=\s*"(\d+)"[^>]*)>')
_ERROR: Final = re.compile(rb'<c\b([^>]*\bt\s*=\s*"e"[^>]*)>.*?<v>([^<]*)</v>', re.DOTALL)
_EMPTY_FORMULA: Final = re.compile(
    rb"<c\b([^>]*)>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)


@dataclass(frozen=True)
class Grid:
    """One sheet or text file: its cells from A1, row by row.

    Attributes
    ----------
    name : str
        Of the sheet, or of the text file.
    rows : list of list
        Text, float, bool, date, datetime or time; "" for an empty cell. A percentage is the text
        that is shown, "45%".
    sheeted : bool
        Whether it is a sheet of a workbook.
    file : str
        The name of the file.
    merged : tuple
        First and last cell of each range of merged cells: ((row, column), (row, column)), from 0.
    """

    name: str
    rows: list[list[Any]] = field(repr=False)
    sheeted: bool
    file: str
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


def load(path: Path) -> tuple[list[Grid], list[Problem]]:
    """Read a file's sheets.

    Nothing in it is run, worked out or fetched: formulas count by the result that was saved with
    them, macros and links to other files are left where they are, and it is said that they were.

    Parameters
    ----------
    path : pathlib.Path
        An .xlsx, .xlsm, .ods, .csv, .tsv or .txt file.

    Returns
    -------
    list of Grid
        The visible sheets that have anything in them.
    list of Problem
        What the reader is to know.

    Raises
    ------
    KpiError
        For a file that is none of these, or is made to harm; its name stands first.
    """
    if not path.is_file():
        raise KpiError(f"There is no file {str(path)!r}. Check its name and folder.")
    suffix = path.suffix.lower()
    try:
        if suffix not in _SUFFIXES:
            raise KpiError(
                "it is not a kind of file that is read here. Save it as .xlsx, .ods or .csv "
                "(in Excel: File, Save As)"
            )
        if path.stat().st_size > LARGEST:
            raise KpiError(f"it is larger than {LARGEST // 2**20} MB; keep the figures alone")
        content = path.read_bytes()
        if suffix in (".csv", ".tsv", ".txt"):
            return [Grid(safe.line(path.name), delimited.rows(content), False, path.name)], []
        return _workbook(content, path.name)
    except KpiError as error:
        raise KpiError(f"{path.name}: {error}.") from None
    except OSError:
        raise KpiError(
            f"{path.name}: it cannot be opened. Close it in Excel or any other program, and try again."
        ) from None


def _workbook(content: bytes, name: str) -> tuple[list[Grid], list[Problem]]:
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise KpiError(
            "it is an old Excel 97 workbook, or one that is locked with a password. Save a copy as "
            ".xlsx without a password"
        )
    if content[:2] != b"PK":
        raise KpiError("it is not a workbook, whatever its name says. Save it anew as .xlsx")
    held = archive.unpack(content)
    ods = "content.xml" in held.parts
    sheets = {} if ods else _sheet_parts(held)
    if ods:
        opendocument.extent(held.parts["content.xml"])
    else:
        titles = {id(part): title for title, part in sheets.items()}
        for path, part in held.parts.items():
            # All of them: a workbook may call any of its parts a sheet, and two by one name.
            archive.extent(part, titles.get(id(part), path))
        archive.texts(_shared(held), sheets)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(held.packed()))
        said = _carried(held)
        grids = []
        for meta in book.sheets_metadata:
            if meta.visible != SheetVisibleEnum.Visible:
                text = "it is hidden and was not read. Unhide it if its figures belong here"
                said.append(Problem("warning", text, safe.line(meta.name)))
                continue
            try:
                sheet = book.get_sheet_by_name(meta.name)
            except CalamineError:
                # A sheet that is a chart has no cells.
                continue
            rows = sheet.to_python(skip_empty_area=False)
            marks = _ods_marks(held, meta.name) if ods else _marks(held, sheets.get(meta.name, b""))
            for (row, column), shown in marks:
                _mark(rows, row, column, shown)
            if any(cell != "" for line in rows for cell in line):
                merged = tuple(sheet.merged_cell_ranges or ())
                grids.append(Grid(safe.line(meta.name), rows, True, name, merged))
    except (CalamineError, ValueError, OSError, ElementTree.ParseError) as error:
        if isinstance(error, KpiError):
            raise
        raise KpiError(
            "it cannot be read as a workbook. Open it in Excel or LibreOffice and save it anew"
        ) from None
    return grids, said


def _carried(held: Archive) -> list[Problem]:
    """Say what the file carries that was left alone."""
    said = []
    if held.has("vbaproject", "macrosheets", "basic/"):
        said.append("the workbook has macros. They were neither run nor read")
    if held.has("externallinks/"):
        said.append(
            "the workbook has links to other files or programs. They were not followed; linked cells "
            "count as they were last saved"
        )
    if held.has("embeddings/", "activex/", "connections.xml", "querytables/"):
        said.append("the workbook has embedded objects or data connections. They were left alone")
    return [Problem("warning", text) for text in said]


def _shared(held: Archive) -> bytes:
    return next(
        (p for name, p in held.parts.items() if name.lower() == "xl/sharedstrings.xml"), b""
    )


def _sheet_parts(held: Archive) -> dict[str, bytes]:
    """Give each sheet's XML by the sheet's name."""
    try:
        book = ElementTree.fromstring(held.parts["xl/workbook.xml"])  # noqa: S314 (no entities)
        links = ElementTree.fromstring(held.parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        raise KpiError("it is not a workbook of Excel; save it anew as .xlsx") from None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    parts = {}
    for sheet in _named(book, "sheet"):
        link = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        target = targets.get(link, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in held.parts:
            parts[sheet.get("name", "")] = held.parts[path]
    return parts


def _marks(held: Archive, part: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Give the cells that the reader of spreadsheets does not tell as they are shown."""
    if b'"e"' in part:
        for attributes, text in _ERROR.findall(part):
            yield _place(attributes), text.decode("utf-8", "replace")
    if b"<f" in part:
        for attributes in _EMPTY_FORMULA.findall(part):
            # A formula may well have worked out an empty text.
            if b't="str"' not in attributes:
                yield _place(attributes), NEVER
    percent = _percent_styles(held)
    if percent:
        wanted = {str(style).encode() for style in percent}
        for attributes, style in _STYLED.findall(part):
            if style in wanted and not attributes.endswith(b"/"):
                yield _place(attributes), "%"


def _named(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Give the elements of a name, whichever edition of the standard they are of."""
    return (one for one in root.iter() if one.tag.rpartition("}")[2] == name)


def _percent_styles(held: Archive) -> set[int]:
    """Tell which of a workbook's cell styles show a percentage."""
    styles = held.parts.get("xl/styles.xml")
    if not styles or (b"%" not in styles and not re.search(rb'numFmtId="(?:9|10)"', styles)):
        return set()
    root = ElementTree.fromstring(styles)  # noqa: S314 (entities are refused)
    formats = set(_PERCENT_FORMATS)
    for one in _named(root, "numFmt"):
        # What stands between quotation marks is a word and no format.
        if "%" in re.sub(r'"[^"]*"', "", one.get("formatCode", "")):
            formats.add(int(one.get("numFmtId", "-1")))
    cells = next(_named(root, "cellXfs"), ())
    uses = [int(style.get("numFmtId", "0")) for style in cells]
    return {place for place, used in enumerate(uses) if used in formats}


def _place(attributes: bytes) -> tuple[int, int]:
    found = _REF.search(attributes)
    if not found:
        return -1, -1
    return int(found[2]) - 1, archive.number(found[1]) - 1


def _mark(rows: list[list[Any]], row: int, column: int, shown: str) -> None:
    """Put into a grid what a cell shows."""
    if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
        return
    if shown != "%":
        rows[row][column] = shown
    elif isinstance(value := rows[row][column], float):
        rows[row][column] = f"{round(value * 100, 10):.15g}%"


def _ods_marks(held: Archive, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    for cell in opendocument.cells(held.parts["content.xml"]):
        if cell.sheet == sheet and cell.mark:
            shown = NEVER if cell.mark == "never" else cell.mark
            for over in range(cell.rows):
                for beside in range(cell.columns):
                    yield (cell.row + over, cell.column + beside), shown
