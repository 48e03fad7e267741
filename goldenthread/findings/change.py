"""What each figure has done over time, as far as it is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from goldenthread.analysis import control, trends
from goldenthread.cube import Cube, Floats
from goldenthread.findings.chunk import Chunk
from goldenthread.findings.terms import (
    CHANGED_BY,
    CHANGES,
    ENOUGH_POINTS,
    MANY_YEARS,
    TRENDS,
    VARIATION,
    YEARS_BACK,
    Bools,
)


def last(cube: Cube) -> dict[str, Any]:
    """Give each authority's own latest figure, for those that have none in the latest period."""
    older = np.isnan(cube.value[..., -1]) & np.isfinite(cube.last)
    return {
        "last_value": np.where(older, cube.last, np.nan),
        "last_period": np.where(older, cube.last_label, ""),
    }


def earlier(chunk: Chunk) -> dict[str, Any]:
    """Give the figure for the same part of the year, five years before."""
    cube = chunk.cube
    back, rest = np.divmod(YEARS_BACK, cube.step)
    place = cube.value.shape[-1] - 1 - back
    there = (rest == 0) & (place >= 0)
    rows = np.arange(len(place))
    before = np.where(there[:, None], cube.value[rows, :, np.maximum(place, 0)], np.nan)
    label = np.where(there, cube.label[rows, np.maximum(place, 0)], "")
    return {
        "before": before,
        "before_period": np.where(np.isfinite(before), label[:, None], ""),
    }


def _broken(chunk: Chunk) -> Bools:
    """Tell which years lie before the last break of their series, (M, Y)."""
    cube = chunk.cube
    final = np.where(np.isnat(cube.end[:, -1]), np.datetime64("NaT"), cube.end[:, -1])
    last = np.array(
        [
            max(
                (np.datetime64(b.at, "D") for b in measure.breaks if np.datetime64(b.at) <= end),
                default=np.datetime64("NaT"),
            )
            for measure, end in zip(chunk.measures, final, strict=True)
        ],
        dtype="datetime64[D]",
    )
    # A comparison with "not a time" is false: no break, nothing before it.
    return np.asarray(cube.start < last[:, None])


def over_time(chunk: Chunk, lower: Floats, upper: Floats, ordinal: Bools) -> dict[str, Any]:
    """Give trends and signals, of the years after the last break."""
    cube = chunk.cube
    hidden = _broken(chunk)[:, None, :] | ordinal[:, None, None]
    value, low, high = (np.where(hidden, np.nan, field) for field in (cube.value, lower, upper))
    return {
        **_recent(value, low, high),
        **_long(cube, value),
        **_signals(chunk, value),
        "broken": np.broadcast_to(
            hidden[:, :, -1 - YEARS_BACK :].any(axis=-1) & ~ordinal[:, None], value.shape[:2]
        ),
    }


def _recent(value: Floats, lower: Floats, upper: Floats) -> dict[str, Any]:
    """Find the trend over the last five figures: weighted by their intervals, else by rank."""
    five = [_last_columns(field, YEARS_BACK) for field in (value, lower, upper)]
    weighted = np.isfinite(five[1]).all(axis=-1) & np.isfinite(five[2]).all(axis=-1)
    whole = np.isfinite(five[0]).all(axis=-1)
    direction = np.full(whole.shape, TRENDS.index("cannot be calculated"), dtype=np.int8)
    by = np.zeros(whole.shape, dtype=np.int8)
    if (whole & weighted).any():
        rows = whole & weighted
        found = trends.recent_trend(*(field[rows] for field in five))
        direction[rows] = _codes(found.direction, TRENDS)
        by[rows] = 1
    if (whole & ~weighted).any():
        rows = whole & ~weighted
        direction[rows] = _codes(trends.mann_kendall(five[0][rows]).direction, TRENDS)
        by[rows] = 2
    return {"trend": direction, "trend_by": by}


def _last_columns(field: Floats, count: int) -> Floats:
    """Give the last columns, with missing ones before the first where there are fewer."""
    short = count - field.shape[-1]
    if short <= 0:
        return field[..., -count:]
    return np.pad(field, [(0, 0), (0, 0), (short, 0)], constant_values=np.nan)


def _long(cube: Cube, value: Floats) -> dict[str, Any]:
    """Find the trend over all years: by rank, and as a slope per year."""
    present = np.isfinite(value)
    points = present.sum(axis=-1)
    first = np.where(points > 0, present.argmax(axis=-1), 0)
    direction = np.full(points.shape, TRENDS.index("cannot be calculated"), dtype=np.int8)
    slope = np.full(points.shape, np.nan)
    # A figure for the latest period belongs to any trend that is spoken of today.
    rows = present[..., -1] & (points >= MANY_YEARS)
    if rows.any():
        found = trends.mann_kendall(value[rows])
        direction[rows] = _codes(found.direction, TRENDS)
        slope[rows] = trends.theil_sen(value[rows]).slope
    labels = cube.label[np.arange(len(value))[:, None], first]
    return {
        "long_trend": direction,
        "slope": slope / cube.step[:, None],
        "since": np.where(points > 0, labels, ""),
        "points": points,
    }


def _signals(chunk: Chunk, value: Floats) -> dict[str, Any]:
    """Read the control chart of each series at its last figure."""
    cube = chunk.cube
    points = np.isfinite(value).sum(axis=-1)
    rows = np.isfinite(value[..., -1]) & (points >= ENOUGH_POINTS)
    variation = np.zeros(points.shape, dtype=np.int8)
    rule, since = (np.full(points.shape, "", dtype=object) for _ in range(2))
    high = np.zeros(points.shape, dtype=np.int8)
    if rows.any():
        improvement = {"high": "increase", "low": "decrease", None: ""}
        wanted = np.array([improvement[p] for p in chunk.each("polarity")], dtype=object)
        wanted = np.broadcast_to(wanted[:, None], points.shape)[rows]
        found = control.signals(value[rows], improvement=wanted)
        variation[rows] = _codes(found.variation, VARIATION)
        rule[rows], high[rows] = found.rule, found.direction
        measure = np.nonzero(rows)[0]
        since[rows] = np.where(
            found.began >= 0, cube.label[measure, np.maximum(found.began, 0)], ""
        )
    return {"signal": variation, "signal_rule": rule, "signal_since": since, "signal_high": high}


def change(chunk: Chunk, columns: dict[str, Any]) -> dict[str, Any]:
    """Say what signal and trends come to together; where they disagree, the latest years decide."""
    signal, recent, long = columns["signal"], columns["trend"], columns["long_trend"]
    way = np.array([1, -1, 0, 0])  # of TRENDS
    moved_lately, moved = way[recent], way[long]
    special = signal >= VARIATION.index("improving")
    signalled = np.where(special, columns["signal_high"], 0)
    signalled = np.where(signalled * moved_lately < 0, 0, signalled)
    # Five figures without intervals can hardly ever be a trend by rank: then all years may speak.
    weighted = columns["trend_by"] == 1
    moved = np.where(weighted & (recent == TRENDS.index("no significant change")), 0, moved)
    steady = TRENDS.index("no significant change")
    options = [
        (signalled != 0, signalled, "signal"),
        (moved_lately != 0, moved_lately, "trend"),
        (moved != 0, moved, "long trend"),
        (signal == VARIATION.index("common cause"), 0 * moved, "signal"),
        ((recent == steady) | (long == steady), 0 * moved, "trend"),
    ]
    holds = [condition for condition, _, _ in options]
    by = np.select(holds, [CHANGED_BY.index(word) for _, _, word in options], 0)
    towards = np.select(holds, [sign for _, sign, _ in options], 0)
    change = np.select(
        [by == 0, towards > 0, towards < 0], [CHANGES.index(w) for w in ("", "risen", "fallen")], 3
    )
    polarity = chunk.each("polarity")[:, None]
    sign = np.where(polarity == "high", 1, 0) - np.where(polarity == "low", 1, 0)
    verdict = np.array([0, 1, 2])[np.sign(towards * sign)]
    step = np.broadcast_to(chunk.cube.step[:, None], change.shape)
    return {"change": change, "change_by": by, "change_is": verdict, "step": step}


def _codes(said: npt.ArrayLike, words: Sequence[str]) -> npt.NDArray[np.int8]:
    """Give each text's place among the words it can be."""
    text = np.asarray(said)
    codes = np.zeros(text.shape, dtype=np.int8)
    for code, word in enumerate(words):
        codes[text == word] = code
    return codes
