"""CSV files as tables of text, whatever their encoding and preamble."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from goldenthread.sources.document import Document

#: How far down a file its header is looked for.
SEARCH_LINES = 30


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
        is named with the nearest that is there; or when the lines do not fit the header.
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
    keep = [*wanted, *(name for name in optional if name in names)]
    # Names that repeat or are empty are told apart by position, so that pyarrow can pick.
    unique = [name if name in keep and names.index(name) == at else f"\0{at}" for at, name in enumerate(names)]
    body = text.split("\n", number + 1)[number + 1] if "\n" in text else ""
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
        if not body.strip():
            raise document.error("there are no rows below the header") from None
        raise document.error(f"the lines do not fit the header ({error})") from None
    result = table.to_pandas()
    result.index = pd.RangeIndex(number + 2, number + 2 + len(result))
    return result


def _names(line: str) -> list[str]:
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(line.strip("\r\n").encode("utf-8") + b"\n"),
            read_options=pyarrow.csv.ReadOptions(autogenerate_column_names=True),
            convert_options=pyarrow.csv.ConvertOptions(strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return []
    return [" ".join(str(column[0].as_py()).split()) for column in table.columns]
