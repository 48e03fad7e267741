"""Spreadsheets (ODS, xlsx, xls) as plain grids of cells, tables in them recognised by content."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from goldenthread.sources.document import Document

#: How far down a sheet a table's header is looked for, and over how many rows it may stretch.
SEARCH_ROWS: Final = 60
HEADER_DEPTH: Final = 7
_NOTE: Final = re.compile(r"\s*[\[(]\s*(?:see )?notes?\b[^\])]*[\])]", re.IGNORECASE)


def plain(cell: object) -> str:
    r"""Give a header cell's text on one line, in lower case, without note references.

    Examples
    --------
    >>> plain("Total  number\nof incidents [note 3]")
    'total number of incidents'
    """
    text = "" if cell is None else str(cell)
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]
    return " ".join(_NOTE.sub("", text).split()).casefold()


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name and its cells, row by row from A1."""

    document: Document
    name: str
    rows: Sequence[Sequence[Any]]

    def table(
        self, *patterns: str, depth: int | None = None, within: int = SEARCH_ROWS, join: str = " | "
    ) -> Table:
        """Recognise the table whose header has a column for every pattern.

        Parameters
        ----------
        *patterns : str
            Regular expressions, each matching the whole of one header text in `plain` form. Where
            a header has several rows, their texts are joined from top to bottom by `join`, the
            upper ones carried to the right over the cells merged with them.
        depth : int, optional
            How many rows the header has; by default the fewest (up to 7) that answer.
        within : int
            How many rows down the header may start.

        Returns
        -------
        Table

        Raises
        ------
        SourceError
            When no rows answer: the pattern missing in the best candidate is named with the
            nearest text there.
        """
        compiled = [re.compile(pattern) for pattern in patterns]
        best: tuple[int, int, list[str]] = (-1, 0, [])
        for rows in range(1, HEADER_DEPTH + 1) if depth is None else (depth,):
            for start in range(min(within, len(self.rows))):
                # A header's first row is never blank, nor its last.
                if not any(self.rows[start]) or start + rows > len(self.rows):
                    continue
                if not any(self.rows[start + rows - 1]):
                    continue
                headers = self._headers(start, rows, join)
                matched = sum(any(c.fullmatch(h) for h in headers) for c in compiled)
                if matched == len(compiled):
                    return Table(self, tuple(headers), start + rows)
                if matched > best[0]:
                    best = (matched, start, headers)
        missing = next(
            (
                p
                for p, c in zip(patterns, compiled, strict=True)
                if not any(map(c.fullmatch, best[2]))
            ),
            patterns[0] if patterns else "",
        )
        raise self.document.error(
            "no table here has the columns expected",
            sheet=self.name,
            row=best[1] + 1,
            expected=missing,
            candidates=[h for h in best[2] if h],
        )

    def _headers(self, start: int, rows: int, join: str) -> list[str]:
        width = max(len(row) for row in self.rows[start : start + rows])
        parts: list[list[str]] = [[] for _ in range(width)]
        for level in range(rows):
            last = level == rows - 1
            carried = ""
            for at, cell in enumerate(self.rows[start + level]):
                text = plain(cell)
                carried = text if last else text or carried
                if carried and (not parts[at] or parts[at][-1] != carried):
                    parts[at].append(carried)
        return [join.join(part) for part in parts]


@dataclass(frozen=True)
class Table:
    """A table recognised in a sheet.

    Attributes
    ----------
    headers : tuple of str
        The header of every column, in `plain` form; empty for a spacer.
    first : int
        The index in `sheet.rows` of the first row below the header.
    """

    sheet: Sheet
    headers: tuple[str, ...]
    first: int

    def index(self, pattern: str) -> int:
        """Give the number of the one column whose header matches; refuse none, or several."""
        found = self.indices(pattern)
        if len(found) != 1:
            raise self.sheet.document.error(
                "a column is missing" if not found else "several columns answer one description",
                sheet=self.sheet.name,
                row=self.first,
                expected=pattern,
                found="; ".join(found.values()),
                candidates=[h for h in self.headers if h],
            )
        return next(iter(found))

    def indices(self, pattern: str) -> dict[int, str]:
        """Give the numbers and headers of all columns whose header matches."""
        compiled = re.compile(pattern)
        return {at: h for at, h in enumerate(self.headers) if compiled.fullmatch(h)}

    def cells(self, at: int) -> pd.Series:
        """Give the cells of a column below the header, indexed by spreadsheet row number."""
        body = self.sheet.rows[self.first :]
        return pd.Series(
            [row[at] if at < len(row) else "" for row in body],
            index=range(self.first + 1, self.first + 1 + len(body)),
            dtype=object,
        )

    def frame(self, columns: Mapping[str, str]) -> pd.DataFrame:
        """Give several columns, by our name and the pattern of their header.

        Parameters
        ----------
        columns : mapping of str to str
            Our name of a column to the pattern its header matches.

        Returns
        -------
        pandas.DataFrame
            One row per row below the header, of objects, indexed by spreadsheet row number.
        """
        return pd.DataFrame({name: self.cells(self.index(p)) for name, p in columns.items()})


class Workbook:
    """A spreadsheet file of a document.

    Parameters
    ----------
    document : Document
        An ODS, xlsx or xls file.

    Raises
    ------
    SourceError
        When it cannot be opened as what its name says.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._book = _open(document)

    @cached_property
    def names(self) -> list[str]:
        """The sheets' names, without the copies of linked files that some programs leave behind."""
        return [name for name in self._book.sheet_names if not name.startswith(("'file:", "file:"))]

    def sheet(self, pattern: str) -> Sheet:
        """Give the one sheet whose name matches a regular expression (whole, any case)."""
        found = self._matching(pattern)
        if len(found) != 1:
            raise self.document.error(
                "there is no such sheet" if not found else "several sheets answer one description",
                expected=pattern,
                found="; ".join(found[:5]),
                candidates=self.names,
            )
        return self._read(found[0])

    def sheets(self, pattern: str) -> Iterator[Sheet]:
        """Give every sheet whose name matches, in the workbook's order."""
        return (self._read(name) for name in self._matching(pattern))

    def _matching(self, pattern: str) -> list[str]:
        compiled = re.compile(pattern, re.IGNORECASE)
        return [name for name in self.names if compiled.fullmatch(name.strip())]

    def _read(self, name: str) -> Sheet:
        try:
            rows = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, ValueError) as error:
            raise self.document.error(f"not readable as a sheet ({error})", sheet=name) from None
        return Sheet(self.document, name, rows)


def _open(document: Document) -> CalamineWorkbook:
    content = document.content
    try:
        if document.name.lower().endswith(".ods"):
            content = _with_mimetype(content)
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, ValueError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise document.error(f"not readable as a workbook ({error})") from None


def _with_mimetype(content: bytes) -> bytes:
    """Add the mimetype entry that an ODS must start with, where its writer left it out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "mimetype" in archive.namelist():
            return content
        mended = io.BytesIO()
        with zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED) as copy:
            copy.writestr(
                zipfile.ZipInfo("mimetype"),
                "application/vnd.oasis.opendocument.spreadsheet",
                zipfile.ZIP_STORED,
            )
            for item in archive.infolist():
                copy.writestr(item, archive.read(item))
    return mended.getvalue()


def is_blank(row: Iterable[object]) -> bool:
    """Tell whether a row of cells has nothing in it."""
    return all(cell is None or str(cell).strip() == "" for cell in row)
