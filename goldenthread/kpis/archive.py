"""Workbook files opened with suspicion: how large they would become is known before they are parsed.

A workbook is a zip archive of XML. A few hundred bytes can unpack to gigabytes, and a sheet with two
cells far apart is laid out as all the cells between them. So every part is unpacked here once, within
bounds, and every reference is looked at; the reader of spreadsheets is given a new archive of just
those bytes, without macros, links and pictures.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from goldenthread.kpis.problems import KpiError

#: A workbook of 200,000 rows and a dozen columns unpacks to about 100 megabytes.
UNPACKED: Final = 256 * 2**20
#: Tables of figures pack to a tenth or a fiftieth of their size; bombs to a thousandth.
RATIO: Final = 250
#: Under this size a high ratio harms nobody: an empty sheet packs very well.
HARMLESS: Final = 8 * 2**20
PARTS: Final = 2_000
ROWS: Final = 400_000
#: So many ends of lines stand before the first tag.
LINES: Final = 2
#: Row numbers below this are not looked at one by one.
LONG: Final = 9_999
#: How many cells a sheet may hold between its first and its last.
CELLS: Final = 8_000_000
#: How many bytes of text all cells together may hold, texts that stand in several counted each time.
TEXT: Final = 512 * 2**20

#: A reference beyond column T or row 399,999, written as every program writes it: without one a sheet
#: has no more cells than `CELLS`. The search is quick, as the pattern begins with what never varies.
_FAR: Final = re.compile(rb' r="(?:[U-Zu-z]\d|[A-Za-z]{2,}\d|[A-Za-z]?0*(?:[4-9]\d{5}|[1-9]\d{6}))')
_REFERENCE: Final = re.compile(rb"""[\s]r\s*=\s*["']\$?([A-Za-z]{1,4})\$?\d""")
_LONG_ROW: Final = re.compile(rb"""[\s]r\s*=\s*["']\$?[A-Za-z]{0,4}\$?0*([1-9]\d{4,})["']""")
_HELD: Final = re.compile(rb"""<c\b[^>]*?\sr\s*=\s*["']([A-Za-z]{1,4})(\d+)["'][^>]*(?<!/)>""")
_SHARED: Final = re.compile(rb"""<c\b[^>]*\bt\s*=\s*["']s["'][^>]*>\s*<v>(\d+)</v>""")
_STRING: Final = re.compile(rb"<si\b[^>]*?(?:/>|>(.*?)</si>)", re.DOTALL)

#: What tables are made of. Macros, links to other files, pictures and the like are left out.
_WANTED: Final = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|xl/(?:workbook|styles|sharedstrings)[^/]*\.xml"
    r"|xl/_rels/[^/]+\.rels|xl/worksheets/[^/]+\.xml|content\.xml|meta-inf/manifest\.xml|mimetype",
    re.IGNORECASE,
)

TOO_MUCH: Final = (
    "it unpacks to far more than a workbook of KPIs holds, as files made to harm do. It was not "
    "opened. Copy the figures alone into a new workbook, or into the template, and try again"
)


@dataclass(frozen=True)
class Archive:
    """The parts of a workbook, unpacked within bounds.

    Attributes
    ----------
    parts : dict of str to bytes
        By path inside the archive; only those that hold tables.
    names : tuple of str
        The paths of all.
    """

    parts: dict[str, bytes] = field(repr=False)
    names: tuple[str, ...]

    def has(self, *words: str) -> bool:
        """Tell whether a part's path holds one of these, whatever the case."""
        return any(word in name.lower() for name in self.names for word in words)

    def packed(self) -> bytes:
        """Make an archive of exactly these parts."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
            for name, part in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name), part)
        return made.getvalue()


def unpack(content: bytes) -> Archive:
    """Unpack a workbook's parts, or refuse it.

    Parameters
    ----------
    content : bytes
        A zip archive.

    Returns
    -------
    Archive

    Raises
    ------
    KpiError
        For an archive that is cut short, locked, packed in an unusual way, or larger inside than a
        workbook of KPIs can be; and for XML that declares entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _bounded(entries, len(content))
            parts = {
                entry.filename: archive.read(entry)
                for entry in entries
                if _WANTED.fullmatch(entry.filename)
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        if isinstance(error, KpiError):
            raise
        raise KpiError(
            "it is damaged or cut short. Open it in Excel or LibreOffice and save it anew"
        ) from None
    for name, part in parts.items():
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise KpiError(f"its part {name} declares entities, as no spreadsheet program does")
        if part[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise KpiError(f"its part {name} is not in UTF-8; save it anew in Excel or LibreOffice")
    return Archive(parts, tuple(entry.filename for entry in entries))


def _bounded(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse an archive by what it says of itself; what it says is checked when it is unpacked."""
    if len(entries) > PARTS or len({entry.filename for entry in entries}) < len(entries):
        raise KpiError("it is not put together as a spreadsheet program does it; save it anew")
    if sum(entry.compress_size for entry in entries) > size:
        raise KpiError(TOO_MUCH)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise KpiError("it is locked with a password; save a copy without one")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise KpiError("it is packed in an unusual way; save it anew in Excel or LibreOffice")
        if entry.file_size > max(HARMLESS, RATIO * entry.compress_size):
            raise KpiError(TOO_MUCH)
    if sum(entry.file_size for entry in entries) > UNPACKED:
        raise KpiError(TOO_MUCH)


def extent(part: bytes, sheet: str) -> None:
    """Refuse a sheet of a workbook that would be laid out as more cells than one of KPIs holds.

    Parameters
    ----------
    part : bytes
        The sheet's XML.
    sheet : str
        Its name.

    Raises
    ------
    KpiError
    """
    if part.count(b"<c") > CELLS:
        raise KpiError(too_large(sheet))
    if not _unusual(part) and not _FAR.search(part):
        return
    # Letters and long numbers are looked for apart: rows are many, and most have short numbers.
    columns = max(map(number, set(_REFERENCE.findall(part))), default=1)
    rows = max(map(int, _LONG_ROW.findall(part)), default=LONG)
    if rows <= ROWS and rows * columns <= CELLS:
        return
    # Cells that have a format and nothing in them take no room: those with something are looked at.
    held = [(int(row), number(letters)) for letters, row in _HELD.findall(part)]
    rows, columns = (max(ends, default=0) for ends in (zip(*held) if held else ((), ())))
    if rows > ROWS or rows * columns > CELLS:
        raise KpiError(too_large(sheet))


def _unusual(part: bytes) -> bool:
    """Tell whether a reference could be written as no spreadsheet program writes it."""
    # Looking for single signs first takes next to no time.
    spaced = b"\t" in part or part.count(b"\n") > LINES or part.count(b"\r") > LINES
    return spaced or b"'" in part or b" =" in part or b"= " in part


def number(letters: bytes) -> int:
    """Give the number of a column, from 1.

    Examples
    --------
    >>> number(b"A"), number(b"AA")
    (1, 27)
    """
    value = 0
    for letter in letters.upper():
        value = value * 26 + letter - 64
    return value


def too_large(sheet: str) -> str:
    """Say that a sheet reaches too far, and what to do."""
    return (
        f"sheet ‘{sheet}’ reaches over more than {ROWS:,} rows, or {CELLS:,} cells. Delete the empty "
        "rows below and the empty columns beside the figures (in Excel select them, Ctrl and minus), "
        "save, and try again"
    )


def texts(strings: bytes, sheets: Mapping[str, bytes]) -> None:
    """Refuse a workbook whose shared texts stand in so many cells that they fill the memory.

    Raises
    ------
    KpiError
    """
    lengths = np.array([len(found) for found in _STRING.findall(strings)], dtype=np.int64)
    if not len(lengths):
        return
    most = sum(part.count(b'"s"') + part.count(b"'s'") for part in sheets.values())
    if int(lengths.max()) * most <= TEXT:
        return
    total = 0
    for part in sheets.values():
        used = np.array([int(at) for at in _SHARED.findall(part)], dtype=np.int64)
        total += int(lengths[used[used < len(lengths)]].sum())
    if total > TEXT:
        raise KpiError(TOO_MUCH)
