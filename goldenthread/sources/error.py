"""What is said when a publisher's document is not what it should be."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process


class SourceError(Exception):
    """A document that cannot be read as what it should be.

    Parameters
    ----------
    problem : str
        What is wrong, as a short clause.
    source, file, sheet, column : str, optional
        Where.
    row : int, optional
        Where: the number of the row as a spreadsheet shows it, from 1.
    expected : str, optional
        What was expected there.
    found : str, optional
        What stands there instead.
    candidates : iterable of str, optional
        What there is: the nearest to `expected` is named.

    Examples
    --------
    >>> print(SourceError("a column is missing", source="defra-waste", file="LA.ods",
    ...                   sheet="Table_3", row=4, expected="ONS code",
    ...                   candidates=["ONS Codes", "Region"]))
    defra-waste: LA.ods, sheet Table_3, row 4: a column is missing; expected 'ONS code'; nearest: 'ONS Codes'
    """

    def __init__(
        self,
        problem: str,
        *,
        source: str = "",
        file: str = "",
        sheet: str = "",
        row: int | None = None,
        column: str = "",
        expected: str = "",
        found: str = "",
        candidates: Iterable[str] = (),
    ) -> None:
        self.problem = problem
        self.source = source
        self.file = file
        self.sheet = sheet
        self.row = row
        self.column = column
        self.expected = expected
        self.found = found
        near = process.extractOne(expected, [str(c) for c in candidates]) if expected else None
        self.nearest: str = str(near[0]) if near else ""
        super().__init__(str(self))

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                self.file,
                self.sheet and f"sheet {self.sheet}",
                f"row {self.row}" if self.row is not None else "",
                self.column and f"column {self.column!r}",
            )
            if part
        )
        what = "; ".join(
            part
            for part in (
                self.problem,
                self.expected and f"expected {self.expected!r}",
                self.found and f"found {self.found!r}",
                self.nearest and f"nearest: {self.nearest!r}",
            )
            if part
        )
        return ": ".join(part for part in (self.source, where, what) if part)
