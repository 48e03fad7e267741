"""Numbers as people type them: read for certain, or refused with what was probably meant."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread.kpis import safe
from goldenthread.sources.cells import MARKS

#: What stands for a figure that there is not, beside the marks of statistics.
_MISSING: Final[dict[str, str]] = {
    **MARKS,
    **dict.fromkeys(
        (
            "—", "−", "--", "?", "tbc", "tba", "nil return", "none", "no data", "not available",
            "not known", "unknown", "awaited", "awaiting data", "data not available", "pending",
            "not due", "not yet available", "blank", "missing", "nan", "#n/a",
        ),
        "not available",
    ),
    **dict.fromkeys(("not applicable", "not measured"), "not applicable"),
    **dict.fromkeys(("suppressed", "withheld", "redacted"), "suppressed"),
}  # fmt: skip
_SCALES: Final = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9
}  # fmt: skip
#: Words that may follow a number and change nothing about it.
_UNITS: Final = (
    r"days?|working days?|hours?|hrs?|minutes?|mins?|weeks?|months?|years?|tonnes?|kg|kilograms?|"
    r"people|households|cases|homes|fte|points?|visits|per ?cent|percent|pct"
)
_DIGITS: Final = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)?(?:\.\d*)?"
_NUMBER: Final = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+])?\s*(?P<pound>£)?\s*(?P<sign2>[-+])?(?P<digits>{_DIGITS})"
    r"(?:e(?P<power>[-+]?\d{1,2}))?\s*"
    rf"(?P<scale>k|thousand|mn|m|million|bn|b|billion)?\s*(?P<after>%|{_UNITS})?\s*"
    r"(?P<close>\))?\s*(?P<flag>[\[(]?[pre][\])]?|[*†‡])?",
    re.ASCII,
)
_FEW: Final = re.compile(r"(?:<|under|fewer than|less than)\s*\d+|\d+\s*or fewer")
_PLAIN: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
#: Letters that are typed, or read by a scanner, for figures.
_LOOKALIKES: Final = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "s": "5", "b": "8"})
_FLAGS: Final = {"p": "provisional", "r": "revised", "e": "estimated"}
_NUMBERS: Final = frozenset({float, int, np.float64})
#: No number is written with more letters.
LONGEST: Final = 80
NEVER: Final = "#never worked out"


class Read(NamedTuple):
    """Cells read as numbers, all in the order of the cells.

    Attributes
    ----------
    values : numpy.ndarray of float
        NaN where there is none.
    statuses : numpy.ndarray of str
        "given", "provisional", "revised" or "estimated"; where there is no number the kind of
        missing ("" for an empty cell), or "unreadable".
    percent, pounds : numpy.ndarray of bool
        Which cells say so themselves.
    wrong : dict of str to (message, positions)
        What cannot be read, by what stands there: the message, and where.
    """

    values: npt.NDArray[np.float64]
    statuses: npt.NDArray[np.object_]
    percent: npt.NDArray[np.bool_]
    pounds: npt.NDArray[np.bool_]
    wrong: dict[str, tuple[str, npt.NDArray[np.int64]]]


class _One(NamedTuple):
    value: float
    status: str
    percent: bool = False
    pounds: bool = False
    message: str = ""


def read(cells: list[Any]) -> Read:
    """Read cells as numbers; each distinct text is read once.

    Parameters
    ----------
    cells : list
        Text, numbers, dates or None.

    Returns
    -------
    Read

    Examples
    --------
    >>> found = read(["45%", "1,234", "£3.2m", "n/a", "", "0", "4O"])
    >>> found.values.tolist()
    [45.0, 1234.0, 3200000.0, nan, nan, 0.0, nan]
    >>> found.statuses.tolist()
    ['given', 'given', 'given', 'not available', '', 'given', 'unreadable']
    >>> found.wrong["4O"][0]
    '‘4O’ is not a number; did you mean 40?'
    """
    count = len(cells)
    values = np.full(count, np.nan)
    statuses = np.full(count, "given", dtype=object)
    percent, pounds = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    wrong: dict[str, tuple[str, npt.NDArray[np.int64]]] = {}
    numbers = np.array([type(cell) in _NUMBERS for cell in cells], dtype=bool)
    values[numbers] = [cell for cell in cells if type(cell) in _NUMBERS]
    other = np.flatnonzero(~numbers)
    texts = np.array([_shown(cells[at]) for at in other.tolist()], dtype=object)
    codes, distinct = pd.factorize(texts)
    answers = _all(distinct)
    values[other] = np.array([one.value for one in answers])[codes] if len(other) else []
    for name, array in (("status", statuses), ("percent", percent), ("pounds", pounds)):
        told = np.array([getattr(one, name) for one in answers], dtype=array.dtype)
        array[other] = told[codes] if len(other) else []
    infinite = ~np.isfinite(values) & numbers
    values[infinite], statuses[infinite] = np.nan, "not available"
    bad = [at for at, one in enumerate(answers) if one.message]
    if bad:
        order = np.argsort(codes, kind="stable")
        edges = np.searchsorted(codes[order], np.array([bad, np.array(bad) + 1]))
        for place, at in enumerate(bad):
            where = other[order[edges[0][place] : edges[1][place]]]
            wrong[str(distinct[at])] = (answers[at].message, where)
    return Read(values, statuses, percent, pounds, wrong)


def _shown(cell: Any) -> str:
    if type(cell) is str:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, (dt.date, dt.time)):
        return f"\0{cell}"
    return str(cell)


def _all(texts: npt.NDArray[np.object_]) -> list[_One]:
    return [
        _One(float(text), "given") if _PLAIN.fullmatch(text) else _one(text)
        for text in texts.tolist()
    ]


def _one(cell: str) -> _One:
    if cell.startswith("\0"):
        return _wrong(
            f"there is a date here ({cell[1:11]}) where a number is expected; "
            "give the cell the format ‘Number’ and type the figure again"
        )
    text = " ".join(cell.replace("−", "-").replace("–", "-").split()).strip("'").lower()
    if len(text) > LONGEST:
        return _wrong(f"{safe.quoted(cell)} is not a number")
    if text == "":
        return _One(np.nan, "")
    if text in _MISSING:
        return _One(np.nan, _MISSING[text])
    if _FEW.fullmatch(text):
        return _One(np.nan, "suppressed")
    if text.startswith("#"):
        return _wrong(_formula(cell))
    if found := _number(text):
        return found
    return _wrong(f"{safe.quoted(cell)} is not a number{_meant(text)}")


def _number(text: str) -> _One | None:
    found = _NUMBER.fullmatch(text)
    if not found or not any(sign.isdigit() for sign in found["digits"]):
        return None
    if bool(found["open"]) != bool(found["close"]):
        return None
    value = float(re.sub(r"[, ]", "", found["digits"]))
    value *= 10.0 ** int(found["power"] or 0) * _SCALES.get(found["scale"] or "", 1.0)
    if "-" in (found["sign"], found["sign2"]) or found["open"]:
        value = -value
    after = found["after"] or ""
    flag = (found["flag"] or "").strip("[]()")
    return _One(
        # 3.2 × 1,000,000 is not quite 3,200,000 in floating point.
        float(f"{value:.15g}"),
        _FLAGS.get(flag, "given"),
        percent=after == "%" or after.startswith(("per", "pct")),
        pounds=bool(found["pound"]),
    )


def _wrong(message: str) -> _One:
    return _One(np.nan, "unreadable", message=message)


def _formula(cell: str) -> str:
    shown = safe.quoted(cell)
    if cell.lower() == NEVER:
        return (
            "a formula here has never been worked out. Open the file in Excel or LibreOffice, save it, "
            "and read it again"
        )
    why = {
        "#div/0!": "it divides by zero or by an empty cell",
        "#ref!": "what it refers to is gone",
        "#name?": "a name in it is not known",
        "#value!": "something in it is not a number",
        "#num!": "its number is impossible",
    }.get(cell.strip().lower(), "")
    return f"the formula here shows {shown}{f': {why}' if why else ''}. Put it right, or write n/a"


def _meant(text: str) -> str:
    """Say what was probably meant, where one can tell."""
    if found := re.fullmatch(r"(\d[\d,]*)\s*(?:of|out of|/)\s*(\d[\d,]*)", text):
        return (
            f"; if it is {found[1]} out of {found[2]}, put {found[1]} in a column ‘Numerator’ and "
            f"{found[2]} in ‘Denominator’"
        )
    if found := re.fullmatch(r"(\d+),(\d{1,2}|\d{4,})(%?)", text):
        return f"; did you mean {found[1]}.{found[2]}{found[3]} or {found[1]}{found[2]}{found[3]}?"
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", text):
        return f"; did you mean {text.replace('.', '').replace(',', '.')}?"
    if re.fullmatch(r"(?:c\.?|ca\.?|approx\.?|about|around|over|>|~|circa)\s*[£\d,.]+%?", text):
        return f"; give one figure, such as {re.search(r'£?[0-9][0-9,.]*%?', text)[0]}"  # type: ignore[index]
    if re.search(r"\d", text):
        tried = re.sub(r"\s+", "", text.translate(_LOOKALIKES)).replace("..", ".").strip(".,;:")
        if (found_number := _number(tried)) and found_number.status == "given":
            return f"; did you mean {tried}?"
    return ". If there is no figure, leave the cell empty or write n/a"
