"""How observations are laid out for methods: areas × years for each measure, counted back from its latest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread import observations

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: How many cells one cube may have, so that memory does not grow with the number of measures.
CELLS: Final = 3_000_000
_YEAR: Final = 365.25


@dataclass(frozen=True)
class Cube:
    """Some measures' figures as arrays: M measures × A areas × Y years, the latest year last.

    A cube holds the same part of each year as the latest period (the fourth quarter beside fourth
    quarters), so that a season is never taken for a change. Periods longer than a year are taken
    without overlap. A year without a figure is NaN.

    Attributes
    ----------
    measures : numpy.ndarray of int, shape (M,)
        Positions in the list of measures.
    numbers : dict of str to numpy.ndarray, each (M, A, Y)
        `value`, `lower`, `upper`, `numerator`, `denominator`.
    status : numpy.ndarray of int, shape (M, A, Y)
        Positions in `observations.STATUSES`; -1 where the publisher has no row.
    step : numpy.ndarray of int, shape (M,)
        How many years lie between one column and the next: 1, or the length of long periods.
    start, end : numpy.ndarray of datetime64[D], shape (M, Y)
        The columns' first and last days; NaT where no area has a figure.
    label : numpy.ndarray of object, shape (M, Y)
        What the publisher calls the periods; "" where no area has a figure.
    note : numpy.ndarray of object, shape (M, A)
        What the publisher says of the latest figure.
    last : numpy.ndarray of float, shape (M, A)
        Each area's own last figure, whatever its period; `last_label` is that period.
    """

    measures: Integers
    numbers: dict[str, Floats]
    status: npt.NDArray[np.int8]
    step: Integers
    start: npt.NDArray[np.datetime64]
    end: npt.NDArray[np.datetime64]
    label: npt.NDArray[np.object_]
    note: npt.NDArray[np.object_]
    last: Floats
    last_label: npt.NDArray[np.object_]

    @property
    def value(self) -> Floats:
        """The values, (M, A, Y)."""
        return self.numbers["value"]


@dataclass(frozen=True)
class _Rows:
    """The rows of a table that have a place in a cube, in order of measure."""

    table: pd.DataFrame
    #: Where each row is in the table; its measure, its area, its period, and how many years back.
    at: Integers
    measure: Integers
    area: Integers
    period: Integers
    back: Integers
    #: Of each measure: how many years lie between its figures.
    step: Integers
    #: Of each period: its first and last day, and what it is called.
    starts: npt.NDArray[np.datetime64]
    ends: npt.NDArray[np.datetime64]
    labels: npt.NDArray[np.object_]

    def of(self, measures: Integers) -> Integers:
        """Give the positions of some measures' rows."""
        first = np.searchsorted(self.measure, measures, side="left")
        last = np.searchsorted(self.measure, measures, side="right")
        return np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)])


def cubes(
    table: pd.DataFrame, measures: Sequence[str], areas: Sequence[str], *, cells: int = CELLS
) -> Iterator[Cube]:
    """Lay observations out as cubes, measures of like length together.

    Parameters
    ----------
    table : pandas.DataFrame
        Observations of any number of measures. Areas and measures that are not asked for are left out.
    measures : sequence of str
        The ids wanted; one without any present value is in no cube.
    areas : sequence of str, length A
        GSS codes, in the order of the cube.
    cells : int
        How many cells a cube may have; at least one measure is in each.

    Yields
    ------
    Cube

    Examples
    --------
    >>> import pandas as pd
    >>> from goldenthread import observations
    >>> made = observations.frame({
    ...     "area": "E06000010", "measure": "some-rate", "status": "published",
    ...     "period_start": pd.to_datetime(["2020-04-01", "2022-04-01"]),
    ...     "period_end": pd.to_datetime(["2021-03-31", "2023-03-31"]),
    ...     "period_label": ["2020/21", "2022/23"], "value": [30.0, 31.0]})
    >>> cube = next(cubes(made, ["some-rate"], ["E06000010"]))
    >>> cube.value.tolist(), cube.label.tolist()
    ([[[30.0, nan, 31.0]]], [['2020/21', '', '2022/23']])
    """
    rows = _placed(table, measures, areas)
    if rows is None:
        return
    length = np.zeros(len(measures), dtype=np.int64)
    np.maximum.at(length, rows.measure, rows.back + 1)
    present = np.flatnonzero(length)
    order = present[np.argsort(length[present], kind="stable")]
    begin = 0
    while begin < len(order):
        # Sorted by length, so that the last of a chunk decides how wide its cube is.
        most = np.arange(1, len(order) - begin + 1) * length[order[begin:]] * len(areas)
        count = max(int(np.searchsorted(most, cells, side="right")), 1)
        chosen = order[begin : begin + count]
        yield _cube(rows, chosen, len(measures), len(areas), int(length[chosen[-1]]))
        begin += count


def _placed(table: pd.DataFrame, measures: Sequence[str], areas: Sequence[str]) -> _Rows | None:
    measure, area = _positions(table["measure"], measures), _positions(table["area"], areas)
    at = np.flatnonzero((measure >= 0) & (area >= 0))
    present = table["value"].notna().to_numpy()[at]
    if not present.any():
        return None
    # Observations come sorted by measure, and then this costs next to nothing.
    order = np.argsort(measure[at], kind="stable")
    at, present = at[order], present[order]
    measure, area = measure[at], area[at]
    start, end = (_days(table[name])[at] for name in ("period_start", "period_end"))
    # One number for each measure and period, in order of measure, end and start.
    base = min(start.min(), end.min())
    span = int(max(start.max(), end.max()) - base) + 1
    key = (measure * span + (end - base)) * span + (start - base)
    held = np.unique(key[present])
    period = np.minimum(np.searchsorted(held, key), len(held) - 1)
    known = held[period] == key
    at, measure, area, period = at[known], measure[known], area[known], period[known]

    of = held // (span * span)
    ends = (held // span) % span + base
    starts = held % span + base
    latest = np.full(len(measures), -1, dtype=np.int64)
    latest[of] = np.arange(len(held))  # in order, so that the last of each stays
    step = np.ones(len(measures), dtype=np.int64)
    years = np.round((ends - starts + 1) / _YEAR)
    step[of] = np.maximum(1, years[latest[of]])
    back, same = _years_back(starts, ends, latest[of])
    same &= back % step[of] == 0
    back = np.where(same, back // step[of], -1)
    _, first = np.unique(period, return_index=True)
    return _Rows(
        table=table,
        at=at,
        measure=measure,
        area=area,
        period=period,
        back=back[period],
        step=step,
        starts=starts.astype("datetime64[D]"),
        ends=ends.astype("datetime64[D]"),
        labels=table["period_label"].iloc[at[first]].to_numpy(dtype=object),
    )


def _positions(values: pd.Series, known: Sequence[str]) -> Integers:
    """Find each value's place in a list; -1 where it is not there."""
    codes, distinct = pd.factorize(values)
    places = pd.Index(list(known)).get_indexer(pd.Index(distinct))
    return np.asarray(places, dtype=np.int64)[codes]


def _days(dates: pd.Series) -> Integers:
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def _years_back(
    starts: Integers, ends: Integers, latest: Integers
) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Count the years from each period to its measure's latest, and tell if it is the same part."""
    months = starts.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    apart = months[latest] - months
    length = ends - starts
    # A leap day may be in one and not in the other.
    alike = np.abs(length[latest] - length) <= np.maximum(2, length // 200)
    return apart // 12, (apart % 12 == 0) & alike


def _cube(rows: _Rows, chosen: Integers, measures: int, areas: int, width: int) -> Cube:
    place = np.full(measures, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    mine = rows.of(chosen)
    here = place[rows.measure[mine]]
    area, period, back = rows.area[mine], rows.period[mine], rows.back[mine]
    table = rows.table.iloc[rows.at[mine]]

    inside = back >= 0
    at = (here[inside], area[inside], width - 1 - back[inside])
    shape = (len(chosen), areas, width)
    numbers = {}
    for name in observations.NUMBERS:
        numbers[name] = np.full(shape, np.nan)
        numbers[name][at] = table[name].to_numpy()[inside]
    status = np.full(shape, -1, dtype=np.int8)
    status[at] = pd.Categorical(table["status"], categories=observations.STATUSES).codes[inside]

    start = np.full((len(chosen), width), np.datetime64("NaT"), dtype="datetime64[D]")
    end, label = start.copy(), np.full(start.shape, "", dtype=object)
    column = (here[inside], width - 1 - back[inside])
    start[column], end[column] = rows.starts[period[inside]], rows.ends[period[inside]]
    label[column] = rows.labels[period[inside]]

    latest = back == 0
    note = np.full(shape[:2], "", dtype=object)
    note[here[latest], area[latest]] = table["note"].to_numpy(dtype=object)[latest]

    present = np.flatnonzero(table["value"].notna().to_numpy())
    present = present[np.argsort(period[present], kind="stable")]
    last = np.full(shape[:2], np.nan)
    last_label = np.full(shape[:2], "", dtype=object)
    last[here[present], area[present]] = table["value"].to_numpy()[present]
    last_label[here[present], area[present]] = rows.labels[period[present]]
    return Cube(
        measures=chosen,
        numbers=numbers,
        status=status,
        step=rows.step[chosen],
        start=start,
        end=end,
        label=label,
        note=note,
        last=last,
        last_label=last_label,
    )
