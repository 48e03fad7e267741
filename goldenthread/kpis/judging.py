"""One KPI over time, judged as published figures are: by its limits, its target and its own past."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from goldenthread.analysis import control, targets
from goldenthread.analysis.control import ControlChart
from goldenthread.analysis.forecast import FEWEST
from goldenthread.analysis.trends import deseasonalise
from goldenthread.catalogue import Measure
from goldenthread.kpis import measures, times
from goldenthread.kpis.own import Kpis
from goldenthread.kpis.problems import KpiError
from goldenthread.periods import Period, PeriodError

#: How many whole years show that a season comes back, and how strong it must be to be taken out: the
#: share of what is not trend that the season explains.
CYCLES: Final = 3
SEASONAL: Final = 0.64
YEAR: Final = 12
_IMPROVEMENT: Final[dict[str | None, control.Improvement]] = {
    "high": "increase", "low": "decrease", None: None
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Judged:
    """A KPI up to a period.

    Attributes
    ----------
    key : str
    about : dict
        Its row of the definitions.
    measure : Measure
    table : pandas.DataFrame
        One row per period from its first to the one that is judged, none left out: `period`,
        `start`, `end`, `time` (in years), `value`, `target`, `tolerance`, `numerator`, `status`,
        `comment`.
    months : int
        The length of its periods; 0 for days.
    late : bool
        Whether its latest figure is for a period before the one that others have reached.
    newest : pandas.Timestamp
        The last day that the report is about.
    """

    key: str
    about: dict[str, Any]
    measure: Measure
    table: pd.DataFrame
    months: int
    late: bool
    newest: pd.Timestamp

    @property
    def name(self) -> str:
        """The KPI's name."""
        return str(self.about["name"])

    @property
    def last(self) -> pd.Series:
        """The row of the period that is judged."""
        return self.table.iloc[-1]

    @property
    def value(self) -> float:
        """The figure of that period; NaN where there is none."""
        return float(self.last["value"])

    @property
    def target(self) -> float:
        """Its target; NaN where there is none."""
        return float(self.last["target"])

    @property
    def known(self) -> pd.DataFrame:
        """The periods that have a figure."""
        return self.table[self.table["value"].notna()]

    @property
    def before(self) -> pd.Series | None:
        """The row of the latest figure before the period that is judged."""
        held = self.table.iloc[:-1]
        held = held[held["value"].notna()]
        return None if held.empty else held.iloc[-1]

    @property
    def status(self) -> str:
        """Give "met", "near" or "missed"; "no figure", "no target" or "cannot tell"."""
        if np.isnan(self.value):
            return "no figure"
        if np.isnan(self.target):
            return "no target"
        if self.measure.polarity is None:
            return "cannot tell"
        room = float(self.last["tolerance"])
        said = targets.rag(
            self.value, self.target, 0.0 if np.isnan(room) else abs(room), self.measure.polarity
        )
        return str(said)

    @cached_property
    def breaks(self) -> list[int]:
        """The positions at which the KPI began to be counted in another way."""
        starts = self.table["start"].dt.date
        found = {int((starts < at).sum()) for at in self.about["breaks"]}
        return sorted(at for at in found if 0 < at < len(self.table))

    @cached_property
    def seasonal(self) -> bool:
        """Whether a season is taken out before the limits are set."""
        return self._adjusted is not None

    @cached_property
    def _adjusted(self) -> pd.Series | None:
        """The figures without their season, where it is plain that they have one."""
        if self.months not in (1, 3) or self.breaks or self.table["value"].isna().any():
            return None
        cycle = 12 // self.months
        if len(self.table) < CYCLES * cycle:
            return None
        parts = deseasonalise(self.table["value"].to_numpy(float), cycle)
        moving = float((parts["seasonal"] + parts["remainder"]).var())
        if moving <= 0 or 1 - float(parts["remainder"].var()) / moving < SEASONAL:
            return None
        return parts["adjusted"]

    @cached_property
    def chart(self) -> ControlChart:
        """The control chart up to the period that is judged."""
        adjusted = self._adjusted
        values = self.table["value"] if adjusted is None else adjusted
        return control.xmr(
            values.to_numpy(float),
            rebase_at=self.breaks,
            improvement=_IMPROVEMENT[self.measure.polarity],
            target=None if np.isnan(self.target) else self.target,
        )

    @property
    def enough(self) -> bool:
        """Whether there are figures enough since the last break to say what is usual."""
        return self.chart.points >= FEWEST and not np.isnan(self.chart.upper)

    @property
    def signal(self) -> bool:
        """Whether the latest figure is more than usual variation, in the period that is judged."""
        return self.enough and bool(self.chart.rule) and not np.isnan(self.value)

    @property
    def variation(self) -> str:
        """One of `control.VARIATION`; "" without a figure, or with too few."""
        return self.chart.variation if self.enough and not np.isnan(self.value) else ""

    @property
    def assurance(self) -> str:
        """One of `control.ASSURANCE`; "" without a target, a direction or figures enough."""
        return (self.chart.assurance or "") if self.enough else ""

    @property
    def reach(self) -> targets.TargetCheck | None:
        """What the history says of the target by the end of the financial year; None without one."""
        if np.isnan(self.target) or self.measure.polarity is None or not self.months:
            return None
        end = pd.Timestamp(self.last["end"])
        left = (3 - end.month) % 12 or 12
        history = self.table["value"].to_numpy(float)[self.breaks[-1] if self.breaks else 0 :]
        low, high = self.measure.minimum, self.measure.maximum
        bounds = (
            -np.inf if low is None else min(low, self.target),
            np.inf if high is None else max(high, self.target),
        )
        return targets.target_check(
            history,
            self.target,
            max(1, left // self.months),
            polarity=self.measure.polarity,
            bounds=bounds,
            season=YEAR // self.months if self.seasonal else None,
        )


def judge(kpis: Kpis, name: str, period: str | None = None) -> Judged:
    """Judge one KPI.

    Parameters
    ----------
    kpis : Kpis
    name : str
        Its code or name.
    period : str, optional
        Up to when: "Q1 2024/25", "June 2024", …; a monthly KPI is judged at a quarter's last month.
        The latest, if not given.

    Returns
    -------
    Judged

    Raises
    ------
    KpiError
        For a KPI or a period that there is not.
    """
    return _judged(kpis, kpis.key(name), span(period), measures.latest(kpis))


def judged(kpis: Kpis, period: str | None = None) -> list[Judged]:
    """Judge every KPI that has a row for the chosen area, in the order of the file."""
    wanted, newest = span(period), measures.latest(kpis)
    rows = kpis.frame[(kpis.frame["area"] == kpis.area) & kpis.frame["main"]]
    if wanted is not None:
        rows = rows[rows["end"] <= pd.Timestamp(wanted.end)]
    held = set(rows["kpi"])
    if not held:
        raise KpiError("there is no figure up to the period asked for")
    return [
        _judged(kpis, str(key), wanted, newest) for key in kpis.definitions.index if key in held
    ]


def span(period: str | None) -> Period | None:
    """Read the period that a report is for, or say how one is written."""
    if period is None:
        return None
    try:
        return times.read(period).period
    except PeriodError as error:
        raise KpiError(str(error)) from None


def _judged(kpis: Kpis, key: str, wanted: Period | None, newest: pd.Timestamp) -> Judged:
    frame = kpis.frame
    rows = frame[(frame["kpi"] == key) & (frame["area"] == kpis.area) & frame["main"]]
    if rows.empty:
        raise KpiError(f"‘{key}’ has no figures for ‘{kpis.area}’")
    months = _months(rows.iloc[0])
    if wanted is not None:
        rows = rows[rows["end"] <= pd.Timestamp(wanted.end)]
    about = {str(k): v for k, v in kpis.definitions.loc[key].items()}
    table = _filled(rows, months, wanted)
    last = newest if wanted is None else pd.Timestamp(wanted.end)
    behind = (
        (last.year - table["end"].iloc[-1].year) * 12 + last.month - table["end"].iloc[-1].month
    )
    late = behind >= max(months, 1)
    return Judged(key, about, measures.measure(kpis, key), table, months, late, last)


def _months(row: pd.Series) -> int:
    start, end = pd.Timestamp(row["start"]), pd.Timestamp(row["end"])
    return 0 if start == end else (end.year - start.year) * 12 + end.month - start.month + 1


_KEPT: Final = (
    "period", "start", "end", "value", "numerator", "denominator", "target", "tolerance", "status",
    "comment",
)  # fmt: skip


def _filled(rows: pd.DataFrame, months: int, wanted: Period | None) -> pd.DataFrame:
    """Lay a series out without gaps, up to its last row or to the period that is asked for."""
    table = rows[list(_KEPT)].reset_index(drop=True)
    if months and len(table):
        at = table["start"].dt.year * 12 + table["start"].dt.month - 1
        first, end = int(at.iloc[0]), int(at.iloc[-1])
        if wanted is not None:
            # The last of its periods that ends by then; a year's figure may come long after.
            asked = wanted.end.year * 12 + wanted.end.month - months
            asked -= (asked - first) % months
            end = max(end, asked) if months < YEAR or _is_year(wanted) else end
        places = list(range(first, end + 1, months))
        table = table.set_index(at)
        table = table[~table.index.duplicated()].reindex(places)
        gap = table["start"].isna().to_numpy()
        starts = pd.to_datetime([f"{place // 12}-{place % 12 + 1:02d}-01" for place in places])
        table["start"] = starts
        table["end"] = starts + pd.DateOffset(months=months) - pd.Timedelta(days=1)
        table.loc[gap, "status"], table.loc[gap, "comment"] = "no row", ""
        table["period"] = [
            str(label) if isinstance(label, str) else _label(start, months)
            for label, start in zip(table["period"], table["start"])
        ]
        table["target"] = table["target"].where(~gap, table["target"].ffill())
        table["tolerance"] = table["tolerance"].where(~gap, table["tolerance"].ffill())
    if table.empty:
        raise KpiError("there is no figure up to the period asked for")
    table["time"] = table["start"].dt.year + (table["start"].dt.day_of_year - 1) / 366
    return table.reset_index(drop=True)


def _is_year(wanted: Period) -> bool:
    return (wanted.end - wanted.start).days >= 364


def _label(start: pd.Timestamp, months: int) -> str:
    day = start.date()
    if months in (1, 3, 12):
        return times.maker(months)(day.year, day.month).label
    end = start + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    return f"{start:%B %Y} to {end:%B %Y}"
