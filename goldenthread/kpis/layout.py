"""Tables in a sheet, recognised by the words above their columns, whichever way they are laid out.

Five ways are known: a row for each KPI and period; a column for each period; a column for each KPI; a
sheet for each period; a sheet for each KPI. And a sheet that defines the KPIs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

import pandas as pd

from goldenthread.kpis import fields, safe, times
from goldenthread.kpis.problems import Problem, cell, column
from goldenthread.kpis.sheets import Grid
from goldenthread.kpis.times import Told
from goldenthread.periods import PeriodError
from goldenthread.sources.workbook import plain

#: How far down a header is looked for, and over how many rows it may stretch.
WITHIN: Final = 40
DEPTH: Final = 3
#: A quarter's number alone, as a column headed "Quarter" has it.
_QUARTERS: Final = {str(number): f"Q{number}" for number in (1, 2, 3, 4)}
#: What a column is that another one is already.
AGAIN: Final = "again"
FIGURES: Final = ("value", "numerator", "denominator", "target", "tolerance")


@dataclass(frozen=True)
class Block:
    """Rows of a sheet whose columns are known.

    Attributes
    ----------
    grid : Grid
    kind : str
        "figures", "targets" or "definitions".
    first : int
        The index in the grid's rows of the first row.
    columns : dict of str to int
        By field, the number of its column from 0.
    fixed : dict of str to str
        Fields that hold for all rows: the KPI of a sheet, the period of a column.
    told : Told or None
        The period of a column or sheet.
    quarters : bool
        Whether a bare 1 to 4 in the column of periods is a quarter.
    """

    grid: Grid
    kind: str
    first: int
    columns: dict[str, int]
    fixed: dict[str, str] = field(default_factory=dict)
    told: Told | None = None
    quarters: bool = False

    def frame(self, number: int) -> pd.DataFrame:
        """Give the rows as a table of cells, with the number of the block and of the row (from 1)."""
        body = self.grid.rows[self.first :]
        count, wide = len(body), min(map(len, body), default=0)
        held = {
            name: [row[at] for row in body]
            if at < wide
            else [row[at] if at < len(row) else "" for row in body]
            for name, at in self.columns.items()
        }
        if self.quarters:
            held["period"] = [_QUARTERS.get(written(one), one) for one in held["period"]]
        table = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in held.items()})
        for name, text in self.fixed.items():
            table[name] = pd.Series([text] * count, dtype=object)
        table["_block"] = number
        table["_row"] = range(self.first + 1, self.first + 1 + count)
        return table


class _Header(NamedTuple):
    """A candidate: where it starts, how deep it is, and what its columns are."""

    start: int
    depth: int
    texts: list[str]
    fields: list[str]
    told: list[Told | None]
    kind: str

    @property
    def score(self) -> tuple[int, int, int]:
        known = sum(bool(one) for one in self.fields)
        return known, -self.depth, -self.start


def blocks(grid: Grid) -> tuple[list[Block], list[Problem]]:
    """Recognise the table of a sheet.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    list of Block
        Empty where there is no table of KPIs.
    list of Problem
        What could not be placed, and what was taken how.
    """
    _fill(grid)
    context = _context(grid, len(grid.rows))
    found = [
        header
        for start in range(min(WITHIN, len(grid.rows)))
        for depth in range(1, DEPTH + 1)
        if (header := _header(grid, start, depth, context)) is not None
    ]
    if not found:
        return [], []
    best = max(found, key=lambda one: one.score)
    return _laid_out(grid, best), _unused(grid, best)


def _fill(grid: Grid) -> None:
    """Give cells that are merged downwards the text of the first, which stands for all of them."""
    for (top, left), (bottom, right) in grid.merged:
        if top == bottom or top >= len(grid.rows) or left >= len(grid.rows[top]):
            continue
        value = grid.rows[top][left]
        if isinstance(value, str) and value.strip() and right - left < 4:
            for row in grid.rows[top + 1 : bottom + 1]:
                if left < len(row) and row[left] == "":
                    row[left] = value


def _context(grid: Grid, before: int) -> str:
    """Find the financial year that stands above a table or in the sheet's name."""
    texts = [str(c) for row in grid.rows[: min(before, 12)] for c in row if isinstance(c, str)]
    for text in [grid.name.removesuffix(".csv"), *texts]:
        if found := times.financial(text):
            return found
    return ""


def written(value: Any) -> str:
    """Write a cell as text: a date as ISO has it, a whole number without its point.

    Examples
    --------
    >>> written(2024.0), written(dt.datetime(2024, 4, 1)), written(" a ")
    ('2024', '2024-04-01', 'a')
    """
    if type(value) is str:
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _header(grid: Grid, start: int, depth: int, context: str) -> _Header | None:
    rows = grid.rows[start : start + depth]
    if len(rows) < depth or not any(written(c) for c in rows[0]) or not any(map(written, rows[-1])):
        return None
    texts = _texts(rows)
    known, told = [], []
    for text in texts:
        name, period = _column(text, context)
        known.append(name)
        told.append(period)
    known = _settled(known, texts, told)
    if "name" not in known and "id" not in known and sum(one is not None for one in told) > 1:
        known = _unnamed(grid, known, told, start + depth)
    # What is counted, in words, has the same headers as the counts themselves. Where nothing is
    # filled in, and neither a period nor a value has a column, the sheet is about words.
    about = not {"value", "period", "year"} & set(known) and not any(told)
    for name in ("numerator", "denominator"):
        if name in known and not _counts(grid, known.index(name), start + depth, blank=not about):
            known = [f"{name} in words" if one == name else one for one in known]
    kind = _kind(known, told, texts)
    return _Header(start, depth, texts, known, told, kind) if kind else None


def _texts(rows: list[list[Any]]) -> list[str]:
    """Join the rows of a header, the upper ones carried to the right over empty cells."""
    parts: list[list[str]] = [[] for _ in range(max(map(len, rows)))]
    for level, row in enumerate(rows):
        carried = ""
        for at, value in enumerate(row):
            text = " ".join(written(value).split())
            carried = text if level == len(rows) - 1 else text or carried
            if carried and carried not in parts[at][-1:]:
                parts[at].append(carried)
    return [" | ".join(part) for part in parts]


@cache
def _column(text: str, context: str) -> tuple[str, Told | None]:
    """Tell what a column is: a field, or a figure of a period."""
    if not text or len(text) > fields.LONGEST:
        return "", None
    if name := fields.field(text):
        return name, None
    which, rest = fields.part(text)
    if rest:
        try:
            return which, times.read(rest, context)
        except PeriodError:
            pass
    # Of a header of several rows the lowest says what a column is.
    last = text.rpartition(" | ")[2]
    return (fields.field(last), None) if last != text else ("", None)


def _settled(known: list[str], texts: list[str], told: list[Told | None]) -> list[str]:
    """Let no field stand twice: beside a "Name" the column "Measure" or "KPI" is its code."""
    names = [at for at, one in enumerate(known) if one == "name"]
    if len(names) > 1 and "id" not in known:
        exact = [at for at in names if plain(texts[at]) in ("name", "title", "short name")]
        exact = exact or [
            at for at in names if "name" in texts[at].lower() or "title" in texts[at].lower()
        ]
        keep = exact[0] if exact else names[0]
        for at in names:
            known[at] = "name" if at == keep else "id" if "id" not in known else ""
    seen: set[str] = set()
    for at, one in enumerate(known):
        # Figures of several periods have one header each; a period may be told by two columns.
        if one and told[at] is None and one not in ("period", "verdict"):
            known[at] = AGAIN if one in seen else one
            seen.add(one)
    return known


def _unnamed(grid: Grid, known: list[str], told: list[Told | None], first: int) -> list[str]:
    """Take the one column of texts without a header, left of the periods, for the KPIs' names."""
    begins = next(at for at, one in enumerate(told) if one is not None)
    body = grid.rows[first : first + 30]
    texts = [
        at
        for at in range(begins)
        if not known[at]
        and sum(isinstance(row[at], str) and bool(row[at].strip()) for row in body if at < len(row))
        > len(body) // 2
    ]
    return [("name" if [at] == texts[:1] else one) for at, one in enumerate(known)]


def _counts(grid: Grid, at: int, first: int, *, blank: bool) -> bool:
    """Tell whether a column begins with numbers; `blank` says what one without a cell is."""
    body = [row[at] for row in grid.rows[first : first + 200] if at < len(row) and row[at] != ""]
    numbers = sum(any(sign.isdigit() for sign in str(one)[:6]) for one in body)
    return numbers * 2 > len(body) if body else blank


def _kind(known: list[str], told: list[Told | None], texts: list[str]) -> str:
    """Tell which of the layouts a header is of; "" where it is of none."""
    has = set(known)
    named = "name" in has or "id" in has
    periods = sum(one is not None for one in told)
    when = "period" in has or "year" in has
    figures = {"value", "numerator"} & {k for k, t in zip(known, told) if t is None}
    if named and periods >= (1 if len(has) > 2 or periods > 1 else 2) and not when:
        return "wide"
    if named and when and figures:
        return "long"
    if named and when and "target" in has:
        return "targets"
    if named and figures:
        return "period sheet"
    if when and figures and not named:
        return "kpi sheet"
    if named and has & {*fields.TEXTS, "target", "tolerance", "since"} and not when and not periods:
        return "definitions"
    others = [t for t, k, p in zip(texts, known, told) if t and not k and p is None]
    if not named and "period" in has and others and not periods:
        return "across"
    return ""


def _laid_out(grid: Grid, header: _Header) -> list[Block]:
    first = header.start + header.depth
    columns = {
        name: at
        for at, name in reversed(list(enumerate(header.fields)))
        if name not in ("", "verdict", AGAIN) and header.told[at] is None
    }
    if header.kind in ("long", "targets", "definitions"):
        kind = "figures" if header.kind == "long" else header.kind
        above = plain(header.texts[columns["period"]]) if "period" in columns else ""
        return [Block(grid, kind, first, columns, quarters=above in ("quarter", "qtr"))]
    if header.kind == "kpi sheet":
        return [Block(grid, "figures", first, columns, {"name": safe.line(_stem(grid))})]
    if header.kind == "period sheet":
        told = _named_period(grid, header.start)
        return [Block(grid, "figures", first, columns, {}, told)]
    if header.kind == "across":
        shared = {k: at for k, at in columns.items() if k in ("period", "year", "area")}
        return [
            Block(grid, "figures", first, {**shared, "value": at}, {"name": safe.line(text)})
            for at, text in enumerate(header.texts)
            if text and not header.fields[at] and header.told[at] is None
        ]
    return list(_wide(grid, header, columns, first))


def _wide(grid: Grid, header: _Header, columns: dict[str, int], first: int) -> Iterator[Block]:
    """Give a block for each period: its figures, and what all periods share."""
    by_period: dict[Told, dict[str, int]] = {}
    for at, (name, told) in enumerate(zip(header.fields, header.told)):
        if told is not None and name != "verdict":
            by_period.setdefault(told, {}).setdefault(name, at)
    shared = {name: at for name, at in columns.items() if name not in ("value", "numerator")}
    for told, own in by_period.items():
        kind = "figures" if {"value", "numerator"} & set(own) else "targets"
        yield Block(grid, kind, first, {**shared, **own}, {}, told)


def _stem(grid: Grid) -> str:
    return grid.name if grid.sheeted else grid.name.rpartition(".")[0]


def _named_period(grid: Grid, start: int) -> Told | None:
    """Find the period that a whole sheet is for: in its name, or in what stands above the table."""
    above = [written(c) for row in grid.rows[:start] for c in row if written(c)]
    year = _context(grid, start)
    for text in (_stem(grid), *above):
        tail = text.rpartition(":")[2]
        for tried in (text, tail, " ".join(text.split()[-3:]), " ".join(text.split()[-2:])):
            try:
                return times.read(tried.strip(), year)
            except PeriodError:
                continue
    return None


def _unused(grid: Grid, header: _Header) -> list[Problem]:
    """Say which columns were not read."""
    row = header.start + header.depth
    verdicts, others, again = [], [], []
    for at, (text, name) in enumerate(zip(header.texts, header.fields)):
        if name == "verdict":
            verdicts.append(at)
        elif name == AGAIN:
            again.append(at)
        elif text and not name and header.told[at] is None and header.kind != "across":
            others.append(at)
    said = []
    if verdicts:
        names = ", ".join(safe.quoted(header.texts[at]) for at in verdicts[:6])
        text = f"{names}: colours and arrows are not read; they are worked out anew, for all KPIs alike"
        cells = tuple(cell(row, at) for at in verdicts)
        said.append(Problem("note", text, grid.name, cells, grid.sheeted))
    for at in again:
        text = (
            f"another column before it is headed as {safe.quoted(header.texts[at])} is, and this one was "
            "not read. Write the period above each, such as Q1 2024/25 Actual"
        )
        said.append(Problem("warning", text, grid.name, (cell(row, at),), grid.sheeted))
    for at in others:
        text = (
            f"nothing is known of a column {safe.quoted(header.texts[at])}, and column {column(at)} was "
            "not read. If it holds one of the KPIs’ fields, give it the name that the template has"
        )
        said.append(Problem("note", text, grid.name, (cell(row, at),), grid.sheeted))
    return said
