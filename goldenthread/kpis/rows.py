"""Rows of recognised tables as figures: whose, when, how much; what cannot be read is reported."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread.kpis import fields, numbers, safe, times
from goldenthread.kpis.layout import FIGURES, Block, written
from goldenthread.kpis.report import Report
from goldenthread.periods import Period, PeriodError

Words = npt.NDArray[np.object_]
#: Between the words of a period and those of its year.
_JOIN: Final = "\x1f"
_SIGNED: Final = re.compile(
    r"^\s*(?:(>=|=>|≥|>|at least|over|min(?:imum)?)"
    r"|(<=|=<|≤|<|at most|no more than|under|max(?:imum)?))\s*(?=[£\d.])",
    re.IGNORECASE,
)
_NO_TARGET: Final = frozenset(
    {
        "no target", "not set", "baseline", "baseline year", "monitor", "monitor only", "monitoring only",
        "monitored", "contextual", "context", "for information", "info only", "none set", "trend only",
    }
)  # fmt: skip
_TEXT_FIELDS: Final = (
    *("id", "name", "area", "comment", *fields.TEXTS),
    *("numerator in words", "denominator in words"),
)


def table(blocks: Sequence[Block], kind: str) -> pd.DataFrame:
    """Put the rows of all blocks of a kind below one another, blank ones left out.

    Returns
    -------
    pandas.DataFrame
        Cells by field, `_block` and `_row`; text of KPIs is cleaned already.
    """
    frames = [block.frame(at) for at, block in enumerate(blocks) if block.kind == kind]
    if not frames:
        empty = pd.DataFrame({name: [] for name in ("id", "name", "area")}, dtype=object)
        return empty.assign(_block=np.array([], int), _row=np.array([], int))
    rows = frames[0]
    if len(frames) > 1:
        # What one sheet has no column for is empty in its rows.
        rows = pd.concat(frames, ignore_index=True)
        for name in rows.columns.difference(["_block", "_row"]):
            rows[name] = rows[name].where(rows[name].notna(), "")
    for name in _TEXT_FIELDS:
        if name in rows:
            rows[name] = pd.Series(texts(rows[name], lines=name == "comment"), dtype=object)
    if "id" in rows:
        # A code that is a number has no point, whichever program wrote it.
        rows["id"] = rows["id"].map(lambda text: text.removesuffix(".0"))
    for name in ("id", "name", "area"):
        if name not in rows:
            rows[name] = pd.Series([""] * len(rows), dtype=object)
    return rows


def texts(cells: pd.Series, *, lines: bool = False) -> Words:
    """Write cells as safe text; each distinct one is cleaned once."""
    held = cells.to_numpy(object)
    if set(map(type, held)) != {str}:
        held = np.array([written(cell) for cell in held], dtype=object)
    codes, distinct = pd.factorize(held)
    clean = safe.text if lines else safe.line
    cleaned = np.array([clean(one) for one in distinct], dtype=object)
    result: Words = cleaned[codes]
    return result


def figures(rows: pd.DataFrame, blocks: Sequence[Block], report: Report) -> pd.DataFrame:
    """Read the figures, periods and KPIs of rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        As `table` gives them.
    blocks : sequence of Block
    report : Report

    Returns
    -------
    pandas.DataFrame
        `id`, `name`, `area`, `start`, `end` (datetime64), `period`, the figures as numbers, `status`,
        `percent`, `pounds`, `toward` ("high" or "low" where the target says so), what else the rows
        have as text, `_block`, `_row`. Rows without KPI or period are reported and left out.
    """
    filled = _filled(rows)
    named = (rows["id"] != "") | (rows["name"] != "")
    wide = np.array([block.told is not None for block in blocks])[rows["_block"].to_numpy(int)]
    when = _period_texts(rows)
    alone = (named & ~filled & ~wide & (when == _JOIN)).to_numpy()
    repeated = _repeats_header(rows)
    attributes = [
        one for one in ("owner", "service", "target", "unit", "definition") if one in rows
    ]
    bare = wide & ~filled.to_numpy()
    bare = bare & ~_any(rows, attributes) if bare.any() else bare
    heading = bare & ~_any_filled(rows, filled) if bare.any() else bare
    headings = alone | (heading & named.to_numpy())
    if headings.any():
        text = "there is nothing else in this row, and it was taken for a heading or a note"
        for field, mask in (("id", rows["id"] != ""), ("name", rows["id"] == "")):
            if (headings & mask.to_numpy()).any():
                report.add("note", text, rows, headings & mask.to_numpy(), field)
    keep = ~alone & ~repeated & ~heading & (named | filled).to_numpy()
    rows, when = rows[keep].reset_index(drop=True), when[keep].reset_index(drop=True)
    nameless = ((rows["id"] == "") & (rows["name"] == "")).to_numpy()
    if nameless.any():
        text = "there is no KPI named here. Write its name in every row that has a figure"
        report.add("error", text, rows, nameless, "name")
    start, end, label, readable = _periods(rows, when, blocks, report, nameless)
    made = rows.assign(start=start, end=end, period=label)
    made = made[readable & ~nameless].reset_index(drop=True)
    return _numbers(made, report)


def _any(rows: pd.DataFrame, names: list[str]) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(rows), dtype=bool)
    for name in names:
        found |= rows[name].map(lambda c: c != "").to_numpy(bool)
    return found


def _filled(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows have anything in a column of figures."""
    found = np.zeros(len(rows), dtype=bool)
    for name in ("value", "numerator", "denominator"):
        if name in rows:
            cells = rows[name].tolist()
            texts_ = {cell for cell in cells if type(cell) is str}
            blank = {cell for cell in texts_ if not cell.strip()}
            found |= np.array([type(cell) is not str or cell not in blank for cell in cells], bool)
    return pd.Series(found, index=rows.index)


def _any_filled(rows: pd.DataFrame, filled: pd.Series) -> npt.NDArray[np.bool_]:
    """Tell which rows of a sheet have a figure in any of its periods."""
    keys = rows["_row"].astype(str) + " " + rows["id"] + _JOIN + rows["name"]
    found: npt.NDArray[np.bool_] = filled.groupby(keys).transform("any").to_numpy(bool)
    return found


def _repeats_header(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which rows are the header once more, as long tables have it on every page."""
    if "value" not in rows:
        return np.zeros(len(rows), dtype=bool)
    words = {text for text in set(filter(_is_text, rows["value"])) if not text[-1:].isdigit()}
    heads = {text for text in words if fields.field(text) == "value"}
    if not heads:
        return np.zeros(len(rows), dtype=bool)
    named = np.array([fields.field(text) in ("name", "id") for text in rows["name"]])
    found: npt.NDArray[np.bool_] = rows["value"].isin(heads).to_numpy(bool) & named
    return found


def _is_text(cell: Any) -> bool:
    return type(cell) is str


# --- when ----------------------------------------------------------------------------------------


def _period_texts(rows: pd.DataFrame) -> pd.Series:
    """Join what a row says of its period and of its year."""

    def column(name: str) -> pd.Series:
        if name not in rows:
            return pd.Series([""] * len(rows), dtype=object)
        shown = np.array([written(cell) for cell in rows[name]], dtype=object)
        codes, distinct = pd.factorize(shown)
        return pd.Series(np.array([" ".join(one.split()) for one in distinct], object)[codes])

    period, year = column("period"), column("year")
    return period + _JOIN + year


def _periods(
    rows: pd.DataFrame,
    when: pd.Series,
    blocks: Sequence[Block],
    report: Report,
    nameless: npt.NDArray[np.bool_],
) -> tuple[Any, Any, Words, npt.NDArray[np.bool_]]:
    """Read each distinct period once, and then tell what single days stand for."""
    count = len(rows)
    number = rows["_block"].to_numpy(int)
    fixed = np.array([block.told is not None for block in blocks])[number]
    texts_ = when.to_numpy(object).copy()
    texts_[fixed] = np.array([f"\0{at}" for at in range(len(blocks))], dtype=object)[number[fixed]]
    codes, distinct = pd.factorize(texts_)
    read: list[Period | None] = []
    for code, text in enumerate(distinct):
        period, level, said = _one_period(str(text), blocks)
        read.append(period)
        if said:
            where = codes == code
            where &= ~nameless
            report.add(level, said, rows, where, "year" if text.startswith(_JOIN) else "period")  # type: ignore[arg-type]
    spans = _days(rows, codes, read, report)
    none = np.datetime64("NaT", "D")
    start = np.array([np.datetime64(p.start) if p else none for p in read], "datetime64[D]")[codes]
    end = np.array([np.datetime64(p.end) if p else none for p in read], "datetime64[D]")[codes]
    label = np.array([p.label if p else "" for p in read], dtype=object)[codes]
    for place, period in spans.items():
        start[place], end[place] = np.datetime64(period.start), np.datetime64(period.end)
        label[place] = period.label
    readable = np.array([p is not None for p in read], dtype=bool)[codes] if count else codes == 0
    return start.astype("datetime64[s]"), end.astype("datetime64[s]"), label, readable


def _one_period(text: str, blocks: Sequence[Block]) -> tuple[Period | None, str, str]:
    if text.startswith("\0"):
        told = blocks[int(text[1:])].told
        assert told is not None
        return told.period, "warning", told.note
    period, _, year = text.partition(_JOIN)
    if not period and not year:
        return (
            None,
            "error",
            "there is no period here. Write it as Q1 2024/25, April 2024 or 2024/25",
        )
    try:
        told = times.read(period, year) if period else times.read(year)
    except PeriodError as error:
        return None, "error", str(error)
    return told.period, "warning", told.note


def _days(
    rows: pd.DataFrame, codes: npt.NDArray[np.intp], read: list[Period | None], report: Report
) -> dict[int, Period]:
    """Tell for each KPI what its single days stand for."""
    single = np.array([p is not None and p.start == p.end for p in read], dtype=bool)
    places = np.flatnonzero(single[codes]) if len(read) else np.array([], dtype=int)
    if not len(places):
        return {}
    keys = (rows["id"] + _JOIN + rows["name"].str.casefold() + _JOIN + rows["area"]).to_numpy()[
        places
    ]
    found: dict[int, Period] = {}
    lengths: dict[str, list[int]] = {}
    for _, members in pd.Series(places).groupby(keys, sort=False):
        days = [p.start for at in members if (p := read[codes[at]]) is not None]
        told = times.spans(days)
        for at, day in zip(members, days):
            period = told[day]
            if period.start != period.end:
                found[int(at)] = period
                months = (
                    (period.end.year - period.start.year) * 12
                    + period.end.month
                    - period.start.month
                )
                edge = "end" if day == period.end else "begin"
                what = {0: "month", 2: "quarter", 11: "year"}[months]
                lengths.setdefault(f"{what}s that {edge} on them", []).append(int(at))
    for words, where in lengths.items():
        report.add("note", f"dates here were read as the {words}", rows, where, "period")
    return found


# --- how much --------------------------------------------------------------------------------------


def _numbers(rows: pd.DataFrame, report: Report) -> pd.DataFrame:
    made = rows.drop(columns=[name for name in FIGURES if name in rows])
    count = len(rows)
    percent, pounds = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    toward = np.full(count, "", dtype=object)
    status = np.full(count, "", dtype=object)
    for name in FIGURES:
        if name not in rows:
            made[name] = np.nan
            continue
        cells = rows[name].tolist()
        if name == "target":
            cells, toward = targets(cells)
        found = numbers.read(cells)
        for message, where in found.wrong.values():
            report.add("error", message, rows, where, name)
        made[name] = found.values
        if name == "value":
            status, percent, pounds = found.statuses, found.percent, found.pounds
        elif name == "target":
            # A figure with a sign of its own tells what the bare ones beside it are in.
            made["target_percent"] = found.percent
        elif name == "tolerance":
            made["tolerance_percent"] = found.percent
    for name in ("target_percent", "tolerance_percent"):
        if name not in made:
            made[name] = False
    return made.assign(status=status, percent=percent, pounds=pounds, toward=toward)


def targets(cells: list[Any]) -> tuple[list[Any], Words]:
    """Take signs such as ≥ from targets: they say which way is better.

    Parameters
    ----------
    cells : list

    Returns
    -------
    list
        The cells without them.
    numpy.ndarray of str
        "high", "low" or "".

    Examples
    --------
    >>> read, toward = targets(["≥ 95%", "at most 5", 80])
    >>> read, toward.tolist()
    (['95%', '5', 80], ['high', 'low', ''])
    """
    toward = np.full(len(cells), "", dtype=object)
    known: dict[str, tuple[Any, str]] = {}
    read = []
    for at, cell in enumerate(cells):
        if type(cell) is not str:
            read.append(cell)
            continue
        if cell not in known:
            known[cell] = _target(cell)
        text, toward[at] = known[cell]
        read.append(text)
    return read, toward


def _target(text: str) -> tuple[str, str]:
    plain = " ".join(text.split())
    if plain.lower() in _NO_TARGET:
        return "", ""
    if found := _SIGNED.match(plain):
        return plain[found.end() :], "high" if found[1] else "low"
    if found := re.fullmatch(
        r"(.*\d\s*%?)\s*(?:\+|or (more|less|fewer|above|below|over|under))", plain
    ):
        return found[1], "low" if found[2] in ("less", "fewer", "below", "under") else "high"
    return text, ""


def day(cell: Any) -> dt.date | None:
    """Read a day, as a definition has it."""
    try:
        return times.read(written(cell)).period.start
    except PeriodError:
        return None
