"""Text files of figures, whatever program wrote them: encoding and separator are found out."""

from __future__ import annotations

import codecs
import csv
import io
from typing import Any, Final

from goldenthread.kpis.problems import KpiError

ROWS: Final = 400_000
COLUMNS: Final = 2_000
CELLS: Final = 8_000_000
_SEPARATORS: Final = (",", ";", "\t", "|")
_SAMPLE: Final = 40
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def rows(content: bytes) -> list[list[Any]]:
    r"""Read a text file's rows of cells.

    Parameters
    ----------
    content : bytes
        UTF-8 or UTF-16 with their mark, UTF-8 without, or Windows-1252 as Excel's "CSV" is.

    Returns
    -------
    list of list of str

    Raises
    ------
    KpiError
        For something that is no text, too many rows or columns, or a quotation mark left open.

    Examples
    --------
    >>> rows("KPI;Period;Value\nBins;Apr 2024;1,5\n".encode("cp1252"))[1]
    ['Bins', 'Apr 2024', '1,5']
    """
    text = _decode(content)
    if not text.strip():
        raise KpiError("there is nothing in it")
    separator = _separator(text)
    first, _, rest = text.partition("\n")
    # Excel's own way to say which separator a file has.
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text = first.strip()[4], rest
    if text.count(separator) > CELLS:
        raise KpiError(f"it has more than {CELLS:,} cells; keep the figures alone")
    read: list[list[Any]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if len(read) >= ROWS or len(line) > COLUMNS:
                raise KpiError(
                    f"it has more than {ROWS:,} rows or {COLUMNS:,} columns; keep the figures alone, or "
                    "divide it by year"
                )
            read.append(line)
    except csv.Error:
        raise KpiError(
            "a quotation mark opens in it that never closes, or a cell is far too long. Open it in "
            "Excel or LibreOffice, look for it, and save it anew"
        ) from None
    return read


def _decode(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                raise KpiError("its text is broken; save it anew as CSV UTF-8") from None
    if b"\0" in content[:4096]:
        raise KpiError("it is not a text file, whatever its name says; save it as .xlsx or .csv")
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KpiError("its text is in an encoding not known here; save it as CSV UTF-8")


def _separator(text: str) -> str:
    """Find the separator that most of the first lines agree on."""
    lines = [line for line in text[:65536].splitlines()[:_SAMPLE] if line.strip()]
    counts = {
        sign: [len(next(csv.reader([line], delimiter=sign), [])) for line in lines]
        for sign in _SEPARATORS
    }

    def agreed(sign: str) -> tuple[int, int]:
        several = [count for count in counts[sign] if count > 1]
        width = max(set(several), key=several.count) if several else 1
        return several.count(width), width

    return max(_SEPARATORS, key=agreed)
