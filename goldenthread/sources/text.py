"""CSV files as tables of text, whatever their encoding and preamble."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from goldenthread.sources.document import Document
from goldenthread.sources.workbook import plain

#: How far down a file its header is looked for.
SEARCH_LINES = 30
#: Letters of UTF-8 that Windows-1252 would hardly ever write beside one another.
_SEVERAL_BYTES: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


def decode(document: Document) -> str:
    """Give the text of a document written as UTF-8 (with or without a mark) or cp1252."""
    content = document.content
    if document.name.endswith(".gz"):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError):
            raise document.error("not readable as gzip, or cut short") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if _SEVERAL_BYTES.search(content):
        # One broken letter must not turn all others into "Â£".
        raise document.error("the text is UTF-8, but broken in places")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise document.error("text in neither UTF-8 nor Windows-1252") from None


def frame(
    document: Document, required: Iterable[str], *, optional: Iterable[str] = ()
) -> pd.DataFrame:
    """Read a CSV document's columns as text.

    Parameters
    ----------
    document : Document
    required, optional : iterable of str
        Column names as the publisher writes them, white space aside.

    Returns
    -------
    pandas.DataFrame
        One row per line of data, all text, empty cells "" — indexed by line number in the file
        (where no cell holds a line break). Optional columns that are not there are left out.

    Raises
    ------
    SourceError
        When no line among the first thirty is a header with the required columns: the missing one
        is named with the nearest that is there; when one of them stands there twice; or when the
        lines do not fit the header.
    """
    wanted = list(required)
    text = decode(document)
    lines = text.split("\n", SEARCH_LINES)[:SEARCH_LINES]
    best: tuple[int, int, list[str]] = (-1, 0, [])
    for number, line in enumerate(lines):
        names = _names(line)
        matched = sum(name in names for name in wanted)
        if matched > best[0]:
            best = (matched, number, names)
        if matched == len(wanted):
            break
    matched, number, names = best
    if matched < len(wanted):
        raise document.error(
            "a column is missing",
            row=number + 1,
            expected=next(name for name in wanted if name not in names),
            candidates=names,
        )
    if repeated := next((name for name in wanted if names.count(name) > 1), ""):
        raise document.error("several columns have the same name", row=number + 1, column=repeated)
    keep = [*wanted, *(name for name in optional if name in names)]
    # Names that repeat or are empty are told apart by position, so that pyarrow can pick.
    unique = [
        name if name in keep and names.index(name) == at else f"\0{at}"
        for at, name in enumerate(names)
    ]
    body = text.split("\n", number + 1)[number + 1] if "\n" in text else ""
    if not body.strip():
        raise document.error("there are no rows below the header")
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(body.encode("utf-8")),
            read_options=pyarrow.csv.ReadOptions(column_names=unique),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=keep,
                column_types=dict.fromkeys(keep, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise document.error(f"the lines do not fit the header ({error})") from None
    result: pd.DataFrame = table.to_pandas()
    result.index = _line_numbers(body, number + 2, len(result))
    return result


def header(document: Document, patterns: Iterable[str]) -> list[str]:
    """Give the names of a CSV document's columns, whatever stands before them.

    Parameters
    ----------
    document : Document
    patterns : iterable of str
        Regular expressions, each matching the whole of a column's name in lower case, without notes
        (see `workbook.plain`).

    Returns
    -------
    list of str
        The names as the publisher writes them, white space aside.

    Raises
    ------
    SourceError
        When no line among the first thirty has a name for each pattern: the missing one is named
        with the nearest that is there.
    """
    compiled = [re.compile(pattern) for pattern in patterns]
    best: tuple[int, int, list[str]] = (-1, 0, [])
    for number, line in enumerate(decode(document).split("\n", SEARCH_LINES)[:SEARCH_LINES]):
        names = _names(line)
        matched = sum(any(one.fullmatch(plain(name)) for name in names) for one in compiled)
        if matched == len(compiled):
            return names
        if matched > best[0]:
            best = (matched, number, names)
    _, number, names = best
    raise document.error(
        "a column is missing",
        row=number + 1,
        expected=next(
            one.pattern for one in compiled if not any(one.fullmatch(plain(name)) for name in names)
        ),
        candidates=names,
    )


def _names(line: str) -> list[str]:
    try:
        cells = next(csv.reader([line.strip("\r\n")]), [])
    except csv.Error:
        return []
    return [" ".join(cell.split()) for cell in cells]


def _line_numbers(body: str, first: int, rows: int) -> pd.Index:
    """Give the rows the numbers of their lines in the file, past blank ones between them."""
    if "\n\n" in body or "\n\r\n" in body or body[:1] in ("\n", "\r"):
        lines = [at for at, line in enumerate(body.split("\n"), start=first) if line.strip("\r")]
        # A cell with a line break in it makes more lines than rows: then they are only counted.
        if len(lines) == rows:
            return pd.Index(lines)
    return pd.RangeIndex(first, first + rows)
