"""Where each figure stands among those it is compared with, and beside England's."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread.analysis import comparison
from goldenthread.authorities import citizens
from goldenthread.cube import Floats, Integers
from goldenthread.findings.chunk import Chunk
from goldenthread.findings.terms import AGAINST, COMPARED, ENOUGH, Bools


def standing(
    chunk: Chunk,
    scored: Floats,
    provided: Bools,
    groups: tuple[Integers, Integers],
    ordinal: Bools,
) -> dict[str, Any]:
    """Give place and middle of each authority in its group, like compared with like."""
    members, of = groups
    names = ("first", "last", "peers", "low", "median", "high")
    found = {name: np.full(scored.shape, np.nan) for name in names}
    like = _like(chunk, provided)
    # So many measures at a time that comparing everybody with everybody fits into little memory.
    many = max(1, COMPARED // (scored.shape[1] * max(members.shape[1], 1)))
    for kind in np.unique(like):
        # Measures that have figures of this kind.
        figures = np.where(like == kind, scored, np.nan)
        held = np.flatnonzero(np.isfinite(figures).any(axis=1))
        for begin in range(0, len(held), many):
            part = held[begin : begin + many]
            values = figures[part]
            among = np.where(members >= 0, values[:, members], np.nan)
            middle = comparison.quantiles(among, (0.25, 0.5, 0.75))
            # Whoever has a group, be it without a figure of its own.
            measure, area = np.nonzero((like[part] == kind) & (of >= 0))
            group, at = of[area], (part[measure], area)
            for place, name in enumerate(("low", "median", "high")):
                found[name][at] = middle[measure, group, place]
            found["peers"][at] = np.isfinite(among).sum(axis=-1)[measure, group]
            others = np.where(members[group] == area[:, None], np.nan, among[measure, group])
            standing = comparison.rank_among(values[measure, area], others, "low")
            found["first"][at], found["last"][at] = standing.rank, standing.last
    few = ~(found["peers"] >= ENOUGH)
    for name in ("first", "last", "low", "median", "high"):
        found[name][few] = np.nan
    for name in ("low", "median", "high"):
        found[name][ordinal] = np.nan
    return {
        **_ranks(chunk, found, provided),
        "peers": np.nan_to_num(found["peers"]),
        **{name: found[name] for name in ("low", "median", "high")},
    }


def _like(chunk: Chunk, provided: Bools) -> Integers:
    """Give the same number to those who do the same job, and so can be compared.

    Those that provide a service are compared with those that do. A figure that both tiers have is
    one thing for a county, another for a district and a third for a council that is both.
    """
    tier = np.asarray(pd.factorize(citizens()["tier"])[0], dtype=np.int64)
    both = (chunk.each("tier") == "both")[:, None]
    return np.where(both, 2 * tier, 0) + provided


def _ranks(chunk: Chunk, found: dict[str, Floats], provided: Bools) -> dict[str, Floats]:
    """Turn places from the lowest upwards into quarters of the values, and ranks of the best."""
    first, last, count = found["first"], found["last"], found["peers"]
    polarity = chunk.each("polarity")[:, None]
    # Where high is good, the best is the last of the ascending line.
    best = np.where(polarity == "high", count + 1 - last, first)
    worst = np.where(polarity == "high", count + 1 - first, last)
    scored = provided & (polarity != None)  # noqa: E711 (an array is compared)
    return {
        "quarter": _quarter(first, last, count),
        "quartile": np.where(scored, _quarter(best, worst, count), np.nan),
        "rank": np.where(scored, best, np.nan),
        "rank_last": np.where(scored, worst, np.nan),
        "of": np.where(scored & np.isfinite(best), count, np.nan),
    }


def _quarter(first: Floats, last: Floats, count: Floats) -> Floats:
    """Give the quarter of a block of equals; none where it straddles two."""
    one, other = (comparison.group_of_place(place, count, 4) for place in (first, last))
    return np.where(one == other, one, np.nan)


def against(columns: dict[str, Any], england: Floats, never: Bools) -> dict[str, Any]:
    """Compare each figure's own interval with the middle of its group, and with England's figure."""
    value, lower, upper = (columns[name] for name in ("value", "lower", "upper"))
    nation = np.broadcast_to(england[:, None], value.shape)
    against = {
        f"against_{name}": _beside(value, lower, upper, benchmark)
        for name, benchmark in (("median", columns["median"]), ("england", nation))
    }
    for codes in against.values():
        codes[never] = AGAINST.index("not compared")
    return against


def _beside(value: Floats, lower: Floats, upper: Floats, benchmark: Floats) -> npt.NDArray[np.int8]:
    """Give the place in `AGAINST` of each comparison."""
    said = comparison.against_benchmark(value, lower, upper, benchmark, None)
    codes = np.full(value.shape, AGAINST.index("not compared"), dtype=np.int8)
    for code, word in enumerate(AGAINST):
        codes[said == word] = code
    return codes
