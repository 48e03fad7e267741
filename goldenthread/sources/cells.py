"""The text of a cell: a number, or one of the publishers' marks for a missing one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

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
    read = [_number(text, known) for text in texts]
    wrong = [code for code, answer in enumerate(read) if answer is None]
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
    values = np.array([answer[0] for answer in read if answer], dtype=float)[codes]
    statuses = np.array([answer[1] for answer in read if answer], dtype=object)[codes]
    return pd.Series(values, cells.index), pd.Series(statuses, cells.index, dtype=str)


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
