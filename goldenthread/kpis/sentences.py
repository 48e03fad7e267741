"""How a finding of a council's own figure is said."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from goldenthread import writing
from goldenthread.kpis.judging import Judged

#: The months in a period, as one says it.
_EACH: Final = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
#: Why there is no value, as a reader says it.
_MISSING: Final = {
    "not available": "the file has none",
    "no row": "the file has no row for it",
    "not applicable": "the file says that it does not apply",
    "suppressed": "the file holds it back, as few cases could be recognised",
    "unreliable": "the file calls it unreliable",
    "negligible": "the file calls it too small to show",
    "unreadable": "what stands in the file is not a number",
    "conflicting": "two rows of the file contradict each other",
}
_REACH: Final = {
    "within reach": "If it goes on as it has, it can reach the target by then.",
    "a stretch": "If it goes on as it has, reaching the target by then would be a stretch.",
    "out of reach without change": "It is out of reach by then unless something changes.",
}


def level(found: Judged) -> str:
    """Say the figure and how it stands to its target.

    Parameters
    ----------
    found : Judged

    Returns
    -------
    str
        One sentence; two where there is no figure.
    """
    name, time = writing.curly(found.name), writing.when(str(found.last["period"]))
    if np.isnan(found.value):
        why = _MISSING.get(str(found.last["status"]), "the file has none")
        said = f"{name}: no figure {time}, because {why}."
        before = found.before
        if before is not None:
            was = writing.spoken(float(before["value"]), found.measure)
            said += f" The latest before it was {was} {writing.when(str(before['period']))}."
        return said
    reservation = str(found.last["status"])
    marked = f" ({reservation})" if reservation in ("provisional", "estimated") else ""
    value = writing.spoken(found.value, found.measure)
    return f"{name}: {value} {time}{marked}{_against(found)}."


def headline(found: Judged) -> str:
    """Say the figure alone, in a title's length."""
    name, time = writing.curly(found.name), writing.when(str(found.last["period"]))
    if np.isnan(found.value):
        return f"{name}: no figure {time}"
    return f"{name}: {writing.spoken(found.value, found.measure)} {time}"


def _against(found: Judged) -> str:
    status = found.status
    if status in ("no target", "no figure"):
        return ""
    if status == "cannot tell":
        return f", beside a target of {writing.spoken(found.target, found.measure)}"
    aim = aimed(found)
    if status == "met":
        return f", which meets the target of {aim}"
    if status == "near":
        return f", which misses the target of {aim}, but by no more than its tolerance"
    return f", which misses the target of {aim}"


def aimed(found: Judged) -> str:
    """Write a target with its direction: "at least 95%"; "" where there is none."""
    if np.isnan(found.target):
        return ""
    target = writing.spoken(found.target, found.measure)
    return {"high": "at least ", "low": "at most "}.get(found.measure.polarity or "", "") + target


def change(found: Judged) -> str:
    """Say what the figure has done over time, as far as it is more than its usual variation.

    Two figures are never a trend: with fewer than four since the last break nothing is said of one.
    """
    chart = found.chart
    if np.isnan(found.value):
        return ""
    if not found.enough:
        return "There are too few figures to tell a change from chance."
    if not chart.rule:
        few = f", though only {chart.points} figures say what that is" if chart.trial else ""
        season = " for the time of year" if found.seasonal else ""
        return f"That is within its usual range{season}{few}."
    return f"{_signal(found)} {_meaning(found)}"


def _signal(found: Judged) -> str:
    chart, each = found.chart, _EACH.get(found.months, "time")
    up = chart.direction > 0
    began = writing.since(str(found.table["period"].iloc[chart.began or 0]))
    season = " for the time of year" if found.seasonal else ""
    high = "high" if up else "low"
    return {
        "outside limits": f"It is unusually {high}{season}, compared with its own past.",
        "trend": f"It has {'risen' if up else 'fallen'} every {each} since {began}{_adjusted(found)}.",
        "shift": (
            f"It has been {'above' if up else 'below'} its average{season} every {each} since {began}."
        ),
        "two of three": f"The last few figures are unusually {high}{season}.",
    }[chart.rule]


def _adjusted(found: Judged) -> str:
    return ", the time of year aside" if found.seasonal else ""


def _meaning(found: Judged) -> str:
    ways = {"improving": "a signal, for the better", "concerning": "a signal, for the worse"}
    few = f", though from only {found.chart.points} figures" if found.chart.trial else ""
    return f"That is {ways.get(found.variation, 'a signal that something changed')}{few}."


def assurance(found: Judged) -> str:
    """Say what the limits mean for the target; nothing without a target, a direction or limits."""
    now = "The time of year aside" if found.seasonal else "As it works now"
    said = {
        "consistently passing": "it can be expected to meet the target.",
        "consistently failing": "it can be expected to miss the target.",
        "hit and miss": "it may meet or miss the target by chance.",
    }.get(found.assurance)
    return f"{now}, {said}" if said else ""


def reach(found: Judged) -> str:
    """Say whether a target that is not met is within reach by the end of the financial year."""
    if found.status not in ("missed", "near") or not found.months:
        return ""
    check = found.reach
    if check is None or check.category not in _REACH:
        return ""
    end = pd.Timestamp(found.last["end"])
    last = end.month == 3
    year = end.year + (end.month >= 3)
    which = "next financial year" if last else "financial year"
    return f"The {which} ends in March {year}. {_REACH[check.category]}"


def cautions(found: Judged) -> tuple[str, ...]:
    """List what must be borne in mind with this figure."""
    said = []
    missing = int(found.table["value"].isna().sum()) - int(np.isnan(found.value))
    if found.seasonal:
        said.append(
            "It has a season. The limits are set for figures from which the time of year is taken out."
        )
    if missing:
        are = "is" if missing == 1 else "are"
        said.append(
            f"{writing.counted(missing, 'period', 'periods')} before it {are} missing. "
            "Nothing was put in their place."
        )
    if found.breaks:
        first = str(found.table["period"].iloc[found.breaks[-1]])
        said.append(
            f"It is counted in another way since {writing.since(first)}: earlier figures do not compare."
        )
    cases = float(found.last["numerator"])
    if 0 <= cases < 10 and found.measure.unit in ("per cent", "rate"):
        said.append(
            f"It rests on {writing.counted(int(cases), 'case', 'cases')}, so each one moves it."
        )
    if found.last["status"] in ("provisional", "estimated"):
        said.append(f"The figure is {found.last['status']} and may be revised.")
    return tuple(said)


def late(found: Judged) -> str:
    """Say that other KPIs have newer figures; nothing where this one is up to date."""
    if not found.late or np.isnan(found.value):
        return ""
    return f"Other measures have figures up to {found.newest:%B %Y}; this one has none since."


def title(found: Judged) -> str:
    """Say the finding in a title's length."""
    name = writing.curly(found.name)
    if np.isnan(found.value):
        return f"{name}: no figure {writing.when(str(found.last['period']))}"
    if not found.enough:
        return f"{name}: too few figures to tell a change from chance"
    if not found.signal:
        return f"{name}: nothing more than the usual variation"
    ways = {"improving": "a signal, for the better", "concerning": "a signal, for the worse"}
    return f"{name}: {ways.get(found.variation, 'a signal of change')}"
