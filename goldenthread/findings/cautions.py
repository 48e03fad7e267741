"""What a reader must be told with a figure: how it was made, how old it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from goldenthread import observations
from goldenthread.catalogue import Measure
from goldenthread.findings.chunk import Chunk
from goldenthread.findings.terms import BASIS, RHYTHM, SMALL, Bools, Texts


def warnings(chunk: Chunk, columns: dict[str, Any]) -> dict[str, Bools]:
    """Tell which figures need a warning."""
    status = columns["status"]
    chance = (chunk.each("chance") != None)[:, None]  # noqa: E711 (an array is compared)
    return {
        **{
            name: status == observations.STATUSES.index(name)
            for name in ("provisional", "estimated", "rebased")
        },
        "small": chance & (columns["numerator"] < SMALL) & np.isfinite(columns["value"]),
        "basis": _otherwise(chunk, columns["note"]) & np.isfinite(columns["value"]),
    }


def _otherwise(chunk: Chunk, note: Texts) -> Bools:
    """Tell who reports on another basis than most, for measures that are reported on several."""
    other = np.zeros(note.shape, dtype=bool)
    for row in np.flatnonzero(chunk.each("reporting") != None):  # noqa: E711 (an array is compared)
        said = pd.Series(note[row]).str.extract(BASIS, expand=False)
        usual = said.mode()
        if len(usual):
            other[row] = (said.notna() & (said != usual[0])).to_numpy()
    return other


def currency(measure: Measure, end: np.datetime64, today: dt.date) -> tuple[int, str]:
    """Give the age of a measure's latest figure in months, and what that means for its rhythm."""
    last = end.astype("datetime64[D]").item()
    age = (today.year - last.year) * 12 + today.month - last.month - (today.day < last.day)
    if measure.frequency not in RHYTHM:
        return age, ""
    gap, grace = RHYTHM[measure.frequency]
    if age <= gap + grace:
        return age, "up to date"
    return age, "ageing" if age <= 3 * gap + grace else "out of date"
