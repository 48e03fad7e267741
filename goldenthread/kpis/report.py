"""Problems gathered while figures are read, each with the cells that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from goldenthread.kpis.layout import Block
from goldenthread.kpis.problems import Level, Problem, cell, column


class Report:
    """A growing list of problems about rows of blocks.

    Parameters
    ----------
    blocks : sequence of Block
        Those that the numbers in a table's column `_block` refer to.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self.problems: list[Problem] = []

    def say(self, level: Level, message: str) -> None:
        """Report something about the file as a whole."""
        self.problems.append(Problem(level, message))

    def add(self, level: Level, message: str, table: pd.DataFrame, rows: Any, field: str) -> None:
        """Report something about a field of some rows, sheet by sheet.

        Parameters
        ----------
        level : {"error", "warning", "note"}
        message : str
        table : pandas.DataFrame
            With the columns `_block` and `_row`.
        rows : array_like of int or bool
            Positions in the table, or a mask.
        field : str
            Whose cells are named; the first of the row where the block has no such column.
        """
        places = np.asarray(rows)
        if places.dtype == bool:
            places = np.flatnonzero(places)
        numbers = table["_block"].to_numpy()[places]
        lines = table["_row"].to_numpy()[places]
        by_sheet: dict[tuple[str, bool], list[str]] = {}
        for number in pd.unique(numbers):
            block = self._blocks[int(number)]
            at = column(self._at(block, field))
            names = [f"{at}{line}" for line in lines[numbers == number].tolist()]
            by_sheet.setdefault((block.grid.name, block.grid.sheeted), []).extend(names)
        for (sheet, sheeted), names in by_sheet.items():
            # A column that several blocks share has each of its cells once.
            cells = tuple(dict.fromkeys(names))
            self.problems.append(Problem(level, message, sheet, cells, sheeted))

    def cell(self, table: pd.DataFrame, row: int, field: str) -> str:
        """Name one cell as it stands in a sentence about another.

        Returns
        -------
        str
            "D14", with its sheet where there are several.
        """
        block = self._blocks[int(table["_block"].to_numpy()[row])]
        name = cell(int(table["_row"].to_numpy()[row]), self._at(block, field))
        several = len({id(one.grid) for one in self._blocks}) > 1
        return f"{name} of ‘{block.grid.name}’" if several else name

    @staticmethod
    def _at(block: Block, field: str) -> int:
        if field in block.columns:
            return block.columns[field]
        order = ("numerator", "name", "id") if field == "value" else ("name", "id", "period")
        named = [block.columns[one] for one in order if one in block.columns]
        return named[0] if named else 0
