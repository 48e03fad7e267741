"""What is wrong with a council's own figures, and where: one report, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

Level = Literal["error", "warning", "note"]
LEVELS: Final = ("error", "warning", "note")
#: How many cells a sentence names before it says how many more there are.
NAMED: Final = 4


class KpiError(ValueError):
    """A file that cannot be read at all, or a KPI that there is not; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right or to know.

    Attributes
    ----------
    level : {"error", "warning", "note"}
        An error leaves a figure out until it is put right; a warning may be right as it is; a note
        says how something was read.
    message : str
        What it is, as the rest of a sentence that begins with the place.
    sheet : str
        The sheet, or the name of a text file; "" where it is about the whole file.
    cells : tuple of str
        "D14", …; all of them, in the order of the rows.
    sheeted : bool
        Whether `sheet` is a sheet of a workbook.
    """

    level: Level
    message: str
    sheet: str = ""
    cells: tuple[str, ...] = ()
    sheeted: bool = True

    @property
    def where(self) -> str:
        """The place in words: "Sheet ‘Q2’, cell D14"."""
        parts = [f"Sheet ‘{self.sheet}’" if self.sheeted else self.sheet] if self.sheet else []
        if self.cells:
            parts.append(_cells(self.cells))
        return ", ".join(parts)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else _opening(self.message)


def _opening(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cells(names: Sequence[str]) -> str:
    """Name cells, and how many more there are.

    Examples
    --------
    >>> _cells(["D14"]), _cells(["A1", "A2"])
    ('cell D14', 'cells A1 and A2')
    >>> _cells(["A1", "A2", "A3", "A4", "A5", "A6"])
    'cells A1, A2, A3, A4 and 2 more'
    """
    if len(names) == 1:
        return f"cell {names[0]}"
    named, more = list(names[:NAMED]), len(names) - NAMED
    last = f"{more:,} more" if more > 0 else named.pop()
    return f"cells {', '.join(named)} and {last}"


def column(number: int) -> str:
    """Give the letters of a column, from 0.

    Examples
    --------
    >>> column(0), column(25), column(26), column(701), column(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell(row: int, number: int) -> str:
    """Name a cell by its row as a spreadsheet shows it, from 1, and its column from 0.

    Examples
    --------
    >>> cell(14, 3)
    'D14'
    """
    return f"{column(number)}{row}"


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Put errors before warnings before notes, otherwise as they came."""
    return tuple(sorted(problems, key=lambda one: LEVELS.index(one.level)))


def table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Give problems as a table with every cell.

    Returns
    -------
    pandas.DataFrame
        `level`, `sheet`, `cells` (all of them, separated by spaces), `message`.
    """
    return pd.DataFrame(
        [(one.level, one.sheet, " ".join(one.cells), one.message) for one in problems],
        columns=["level", "sheet", "cells", "message"],
    )
