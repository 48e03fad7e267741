"""How far off a figure may be by chance, where that is published or can be computed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from goldenthread.analysis import intervals
from goldenthread.cube import Floats
from goldenthread.findings.chunk import Chunk


def limits(chunk: Chunk) -> tuple[Floats, Floats, npt.NDArray[np.int8]]:
    """Give 95% limits: the publisher's, else those of counted cases, else none.

    The third array says which: 0 none, 1 published, 2 computed.
    """
    numbers = chunk.cube.numbers
    lower, upper = numbers["lower"].copy(), numbers["upper"].copy()
    published = np.isfinite(lower) & np.isfinite(upper)
    lower[~published], upper[~published] = np.nan, np.nan
    source = published.astype(np.int8)
    kinds, per = chunk.each("chance"), chunk.each("per").astype(float)
    for kind, method in (("proportion", intervals.proportion), ("rate", intervals.rate)):
        rows = np.flatnonzero(kinds == kind)
        if not len(rows):
            continue
        count, total = numbers["numerator"][rows], numbers["denominator"][rows]
        present = np.isfinite(numbers["value"][rows]) & (count >= 0) & (total > 0)
        if kind == "proportion":
            present &= count <= total
        present &= ~published[rows]
        made = method(count[present], total[present], per=1.0)
        scale = np.broadcast_to(per[rows, None, None], count.shape)[present]
        places = np.zeros(published.shape, dtype=bool)
        places[rows] = present
        # A value that the publisher rounded may lie a little outside the limits of its own counts.
        value = numbers["value"][places]
        lower[places] = np.minimum(np.asarray(made.lower) * scale, value)
        upper[places] = np.maximum(np.asarray(made.upper) * scale, value)
        source[places] = 2
    return lower, upper, source
