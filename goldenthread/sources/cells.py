"""The text of a cell: a number, or one of the publishers' marks for a missing one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from goldenthread.sources.document import Document

#: The marks in general use (GSS harmonised symbols, their older forms, and an empty cell). A source
#: whose publisher means something else by one of them passes its own meaning beside these.
MARKS: Final[Mapping[str, str]] = {
    "": "not available",
    ":": "not available",
    "-": "not available",
    "–": "not available",
    "..": "not available",
    "...": "not available",
    "x": "not available",
    "[x]": "not available",
    "n/a": "not available",
    "na": "not available",
    "#n/a": "not available",
    "m": "not available",
    "[m]": "not available",
    "null": "not available",
    "z": "not applicable",
    "[z]": "not applicable",
    ".": "not applicable",
    "c": "suppressed",
    "[c]": "suppressed",
    "*": "suppressed",
    "s": "suppressed",
    "supp": "suppressed",
    "u": "unreliable",
    "[u]": "unreliable",
    "k": "negligible",
    "[k]": "negligible",
    "low": "negligible",
    "[low]": "negligible",
    "~": "negligible",
}
_FLAGS: Final = {"p": "provisional", "r": "revised", "e": "estimated"}
#: A comma stands before every three digits or nowhere: 1,25 is no number in English.
_NUMBER: Final = re.compile(
    r"(?:-?£?|£-)\s*(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:e[+-]?[0-9]+)?\s*%?"
)
_FLAGGED: Final = re.compile(r"^(?P<number>.*\d)\s*\[?\(?(?P<flag>[pre])\d?\)?\]?$", re.IGNORECASE)


def numbers(
    cells: pd.Series,
    document: Document,
    *,
    marks: Mapping[str, str] | None = None,
    sheet: str = "",
    column: str = "",
) -> tuple[pd.Series, pd.Series]:
    """Read cells as numbers and statuses; a mark stays the kind of missing that it is.

    Parameters
    ----------
    cells : pandas.Series
        n cells of any type, whose index is the row number a spreadsheet shows.
    document : Document
        Where they stand, for the error.
    marks : mapping of str to str, optional
        The publisher's own meaning of some marks (lower case), before `MARKS`.
    sheet, column : str, optional
        Where they stand, for the error.

    Returns
    -------
    values : pandas.Series of float
        n numbers, NaN where missing; thousands separators, £ and % signs are taken off (a per
        cent is not divided by a hundred).
    statuses : pandas.Series of str
        n statuses of `observations.STATUSES`; "published" unless the cell bears a flag of
        its own, as in "1,234 [r]".

    Raises
    ------
    SourceError
        When a cell is neither a number nor a known mark: its row and text are named.

    Examples
    --------
    >>> import pandas as pd
    >>> from datetime import date
    >>> here = Document("a-source", "a-table", "table.csv", b"x", date(2026, 1, 1))
    >>> values, statuses = numbers(pd.Series(["1,250", "0", "[c]", ":", "17 [r]"]), here)
    >>> values.tolist()
    [1250.0, 0.0, nan, nan, 17.0]
    >>> statuses.tolist()
    ['published', 'published', 'suppressed', 'not available', 'revised']
    """
    known = {**MARKS, **(marks or {})}
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        plain = cells.astype(float)
        if np.isinf(plain).any():
            raise document.error("a number without end", sheet=sheet, column=column)
        return plain, pd.Series(np.where(plain.isna(), known[""], "published"), cells.index)
    # Each distinct text is read once: columns of statistics repeat themselves a great deal.
    codes, texts = pd.factorize(cells.astype(object).where(cells.notna(), ""), sort=False)
    values, statuses, wrong = _distinct(np.asarray(texts, dtype=object), known)
    if wrong:
        at = int(np.flatnonzero(np.isin(codes, wrong))[0])
        row = cells.index[at]
        raise document.error(
            "neither a number nor a known mark for a missing one",
            sheet=sheet,
            column=column,
            row=int(row) if isinstance(row, (int, np.integer)) else None,
            found=str(texts[codes[at]]),
        )
    return pd.Series(values[codes], cells.index), pd.Series(statuses.take(codes), cells.index)


def _distinct(texts: np.ndarray, marks: Mapping[str, str]) -> tuple[np.ndarray, Any, list[int]]:
    """Read distinct cells: values, statuses, and which are neither a number nor a mark."""
    values = np.full(len(texts), np.nan)
    statuses = np.full(len(texts), "published", dtype=object)
    wrong = []
    plain = _plain_numbers(texts, values)
    # A publisher may mean something else by a number, such as 0 for a line left empty.
    plain &= ~np.isin(texts.astype(str), [mark for mark in marks if mark[:1].isdigit()])
    for at in np.flatnonzero(~plain):
        if (answer := _number(texts[at], marks)) is None:
            wrong.append(int(at))
        else:
            values[at], statuses[at] = answer
    return values, pd.array(statuses, dtype="str"), wrong


def _plain_numbers(texts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Fill in the values of cells that are digits and a point and nothing else, all at once."""
    plain = np.array([isinstance(text, str) for text in texts], dtype=bool)
    floats = np.array([isinstance(text, float) for text in texts], dtype=bool)
    if plain.any():
        strings = pa.array(texts[plain], pa.string())
        digits = pc.match_substring_regex(strings, r"^-?[0-9]{1,15}(\.[0-9]{1,20})?$")
        plain[plain] = digits.to_numpy(zero_copy_only=False)
        values[plain] = pc.cast(strings.filter(digits), pa.float64()).to_numpy()
    values[floats] = texts[floats].astype(float)
    # A number without end is for the slow path to refuse.
    found: np.ndarray = plain | (floats & np.isfinite(values))
    return found


def _number(cell: object, marks: Mapping[str, str]) -> tuple[float, str] | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float, np.number)):
        return (float(cell), "published") if np.isfinite(cell) else None
    text = str(cell).strip().lower()
    if text in marks:
        return float("nan"), marks[text]
    status = "published"
    # A number is tried first: the e of 5e3 is no flag.
    if not _NUMBER.fullmatch(text) and (flagged := _FLAGGED.match(text)):
        text, status = flagged["number"].strip(), _FLAGS[flagged["flag"]]
    if not _NUMBER.fullmatch(text):
        return None
    value = float(re.sub(r"[,£%\s]", "", text))
    return (value, status) if np.isfinite(value) else None
