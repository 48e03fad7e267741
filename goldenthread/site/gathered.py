"""All that the pages of councils show, gathered in one pass: findings, lines over time, neighbours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread import findings, peers
from goldenthread.catalogue import Measure
from goldenthread.cube import cubes
from goldenthread.peers import PeerSets
from goldenthread.site.overview import Fact
from goldenthread.snapshot import Snapshot, snapshot

Floats = npt.NDArray[np.float64]

#: Whom councils are compared with, and whom fire and rescue authorities: there are too few of these
#: to have fifteen that are alike.
COUNCILS: Final = "similar"
FIRE: Final = "kind"
_WAY: Final = {"": np.nan, "steady": 0.0, "risen": 1.0, "fallen": -1.0}


@dataclass(frozen=True, eq=False)
class Line:
    """One measure over time, for all authorities.

    Attributes
    ----------
    labels : list of str
        The periods, the latest last; "" for a year without any figure.
    values : numpy.ndarray of float, shape (a, y)
        Authorities down, in the order of `findings.citizens`.
    breaks : tuple of int
        Positions before which the series is interrupted.
    """

    labels: list[str]
    values: Floats
    breaks: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Beside:
    """Who stands beside whom in one measure.

    Attributes
    ----------
    scored : numpy.ndarray of float, shape (a,)
        The latest own figure of each authority that can be compared; NaN without one.
    like : numpy.ndarray of int, shape (a,)
        The same number for those that do the same job.
    way : numpy.ndarray of float, shape (a,)
        1 where the own figure rose by more than chance, -1 where it fell, 0 where it did neither, NaN
        where nobody can tell.
    """

    scored: Floats
    like: npt.NDArray[np.int64]
    way: Floats


class Gathered:
    """Everything about every authority, to be asked one authority at a time.

    Parameters
    ----------
    held : Snapshot, optional
        The project's own figures, if not given.
    as_of : datetime.date, optional
        The day on which the figures' age is counted; today, if not given.
    """

    def __init__(self, held: Snapshot | None = None, as_of: dt.date | None = None) -> None:
        held = held or snapshot()
        self.as_of: Final = as_of or dt.date.today()
        self.measures: Final = {name: held.catalogue[name] for name in held.measures}
        self.codes: Final = list(findings.citizens().index)
        observed = held.everything()
        fire = [measure for measure in self.measures.values() if measure.tier == "fire"]
        rest = [measure for measure in self.measures.values() if measure.tier != "fire"]
        self._tables = [
            findings.table(observed, rest, COUNCILS, as_of=self.as_of),
            findings.table(observed, fire, FIRE, as_of=self.as_of),
        ]
        self._sets = {name: peers.sets(name, self.codes) for name in (COUNCILS, FIRE)}
        self._columns, self._starts = _columns(self._tables, self.codes)
        self._place = {code: place for place, code in enumerate(self.codes)}
        self._lines = dict(_lines(observed, list(self.measures.values()), self.codes))
        self._beside = dict(self._who_is_beside_whom())
        self.by_governance: Final = findings.table(observed, fire, "governance", as_of=self.as_of)

    # --- what is asked of it -----------------------------------------------------------------------

    def facts(self, code: str) -> list[Fact]:
        """Give all findings of one authority, in the order of the catalogue."""
        made = []
        names = list(self._columns)
        for at in self._starts[code]:
            found = {name: self._columns[name][at] for name in names}
            measure = self.measures[found["measure"]]
            moved, alike = (0, 0)
            if found["change"] in ("risen", "fallen") and found["shown"] == code:
                moved, alike = self._moved(measure, code, _WAY[found["change"]])
            made.append(Fact(measure, found, moved, alike))
        return made

    def line(self, measure: str, shown: str) -> tuple[list[str], list[float], tuple[int, ...]]:
        """Give the periods, values and breaks of a measure for whoever's figure is shown."""
        line = self._lines.get(measure)
        if line is None:
            return [], [], ()
        return line.labels, line.values[self._place[shown]].tolist(), line.breaks

    def others(self, measure: Measure, shown: str) -> list[float]:
        """Give the figures of those an authority is compared with, without its own."""
        beside = self._beside[measure.id]
        members = self._members(measure, shown)
        members = members[beside.like[members] == beside.like[self._place[shown]]]
        values = beside.scored[members]
        return [float(value) for value in values[np.isfinite(values)]]

    # --- how it is put together --------------------------------------------------------------------

    def _members(self, measure: Measure, code: str) -> npt.NDArray[np.int64]:
        groups: PeerSets = self._sets[FIRE if measure.tier == "fire" else COUNCILS]
        place = self._place[code]
        if groups.of[place] < 0:
            return np.empty(0, dtype=np.int64)
        members = groups.members[groups.of[place]]
        return np.asarray(members[(members >= 0) & (members != place)], dtype=np.int64)

    def _moved(self, measure: Measure, code: str, way: float) -> tuple[int, int]:
        ways = self._beside[measure.id].way[self._members(measure, code)]
        return int(np.isfinite(ways).sum()), int((ways == way).sum())

    def _who_is_beside_whom(self) -> Iterator[tuple[str, Beside]]:
        tier = pd.factorize(findings.citizens()["tier"])[0]
        for table in self._tables:
            for name, rows in table.groupby(level="measure", observed=True, sort=False):
                measure = self.measures[str(name)]
                rows = rows.droplevel("measure")
                at = [self._place[code] for code in rows.index]
                own = rows["shown"].astype(object).to_numpy() == np.asarray(rows.index, object)
                scored = own & ~rows["exempt"].to_numpy() & (not measure.size)
                like = np.zeros(len(self.codes), dtype=np.int64)
                like[at] = rows["provided"].to_numpy()
                if measure.tier == "both":
                    like += 2 * tier
                values, way = (np.full(len(self.codes), np.nan) for _ in range(2))
                values[at] = np.where(scored, rows["value"].to_numpy(), np.nan)
                said = rows["change"].astype(object).map(_WAY).to_numpy(float)
                way[at] = np.where(own, said, np.nan)
                yield measure.id, Beside(values, like, way)


def _columns(
    tables: list[pd.DataFrame], codes: list[str]
) -> tuple[dict[str, npt.NDArray[np.object_]], dict[str, npt.NDArray[np.int64]]]:
    """Take tables apart into columns of plain values, and say which rows are whose."""
    whole = [table.reset_index() for table in tables if len(table)]
    columns = {
        str(name): np.concatenate([part[name].astype(object).to_numpy() for part in whole])
        for name in whole[0].columns
    }
    place = pd.Index(codes).get_indexer(pd.Index(columns["area"]))
    order = np.argsort(place, kind="stable")
    ends = np.searchsorted(place[order], np.arange(len(codes) + 1))
    rows = {code: order[ends[at] : ends[at + 1]] for at, code in enumerate(codes)}
    return columns, rows


def _lines(
    observed: pd.DataFrame, measures: list[Measure], codes: list[str]
) -> Iterator[tuple[str, Line]]:
    """Lay every measure out over time, in steps of a year or of its longer periods."""
    for cube in cubes(observed, [measure.id for measure in measures], codes):
        for row, at in enumerate(cube.measures):
            measure = measures[at]
            held = ~np.isnat(cube.start[row])
            first = int(np.argmax(held))
            starts = cube.start[row, first:]
            yield (
                measure.id,
                Line(
                    [str(label) for label in cube.label[row, first:]],
                    cube.value[row, :, first:],
                    _breaks(measure, starts),
                ),
            )


def _breaks(measure: Measure, starts: npt.NDArray[np.datetime64]) -> tuple[int, ...]:
    """Tell before which periods a series is interrupted: the first that begins on or after a break."""
    found = []
    for entry in measure.breaks:
        after = np.flatnonzero(starts >= np.datetime64(entry.at))
        if len(after) and after[0] > 0:
            found.append(int(after[0]))
    return tuple(sorted(set(found)))
