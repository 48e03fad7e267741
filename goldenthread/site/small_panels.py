"""Measures as small as they can be, by theme: name, figure, sentence, a line over time, a strip of others."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from goldenthread import areas, words, writing
from goldenthread.charts.axis import short as short_figure
from goldenthread.charts.axis import year
from goldenthread.site import reports, sketches
from goldenthread.site.authorities import title
from goldenthread.site.gathered import Gathered
from goldenthread.site.overview import Fact
from goldenthread.site.reports import Report
from goldenthread.site.themes import Theme, themes


@dataclass(frozen=True)
class Panel:
    """A measure as small as it can be: name, figure, sentence, a line over time, a strip of others.

    Attributes
    ----------
    id, name, value, sentence : str
    whose : str
        The name of the authority whose figure it is, where that is another.
    spark, strip : str
        Drawings; empty where there is nothing to draw.
    first, last : str
        The line's first and last period.
    low, high : str
        The figures at the strip's ends.
    among : str
        Whom the strip shows.
    report : Report or None
        The report that holds the measure.
    """

    id: str
    name: str
    value: str
    sentence: str
    whose: str
    spark: str
    first: str
    last: str
    strip: str
    low: str
    high: str
    among: str
    report: Report | None = None


class Panels:
    """Makes panels; that of a county is made once, and shown by all its districts.

    Each leads to its report, if one of those given holds its measure.
    """

    def __init__(self, gathered: Gathered, listed: Mapping[str, Report] | None = None) -> None:
        self._gathered = gathered
        self._reports = reports.of_measures(listed or {})
        self._shared: dict[tuple[str, str], Panel] = {}

    def panel(self, fact: Fact) -> Panel:
        """Give the panel of a figure that there is."""
        key = fact.measure.id, str(fact.found["shown"])
        if key[1] == fact.found["area"]:
            return self._made(fact, "")
        if key not in self._shared:
            self._shared[key] = self._made(fact, title(areas.register()[key[1]]))
        return self._shared[key]

    def _made(self, fact: Fact, whose: str) -> Panel:
        found, measure = fact.found, fact.measure
        shown = str(found["shown"])
        labels, values, breaks = self._gathered.line(measure.id, shown)
        known = [label for label, value in zip(labels, values, strict=True) if value == value]
        spark = sketches.spark(values, breaks)
        others = self._gathered.others(measure, shown)
        compared = bool(pd.notna(found["median"]) and others)
        ends = [*others, float(found["value"])]
        sentence = words.finding(found, measure)
        value = short_figure(measure, found["value"])
        # The scale of some judgements is not in the inspectors' words.
        said = measure.unit != "judgement" or value.casefold() in sentence.casefold()
        return Panel(
            id=measure.id,
            name=writing.curly(measure.short),
            value=value if said else "",
            sentence=sentence,
            whose=whose,
            spark=spark,
            first=year(known[0]) if spark else "",
            last=year(known[-1]) if spark else "",
            strip=sketches.strip(others, float(found["value"])) if compared else "",
            low=short_figure(measure, min(ends)) if compared else "",
            high=short_figure(measure, max(ends)) if compared else "",
            among=several(fact, len(others)) if compared else "",
            report=self._reports.get(measure.id),
        )


@dataclass(frozen=True)
class Section:
    """A theme on a page.

    Attributes
    ----------
    theme : Theme
    panels : list of Panel
    gist : str
        How many figures there are, and how many of them changed.
    lacking : list of tuple
        Names of measures without a figure, and why there is none.
    """

    theme: Theme
    panels: list[Panel]
    gist: str
    lacking: list[tuple[str, str]]


def sections(facts: list[Fact], panels: Panels) -> list[Section]:
    """Put all findings of an authority under their themes.

    Parameters
    ----------
    facts : list of Fact
    panels : Panels

    Returns
    -------
    list of Section
        Themes that the authority has no measure of are left out.
    """
    by_theme: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_theme[fact.measure.theme].append(fact)
    made = []
    for name, theme in themes().items():
        held = by_theme.get(name, [])
        present = [fact for fact in held if pd.notna(fact.found["value"])]
        if held:
            made.append(
                Section(
                    theme, [panels.panel(fact) for fact in present], _gist(present), _lacking(held)
                )
            )
    return made


def _gist(present: list[Fact]) -> str:
    if not present:
        return "no figure"
    text = writing.counted(len(present), "figure", "figures")
    moved = sum(fact.found["change"] in ("risen", "fallen") for fact in present)
    return f"{text}, {moved} changed" if moved else text


def _lacking(held: list[Fact]) -> list[tuple[str, str]]:
    """Name the measures without a figure, those with the same reason together."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for fact in held:
        if pd.isna(fact.found["value"]):
            reasons[_reason(fact)].append(writing.curly(fact.measure.short))
    return [
        (writing.listed([names[0], *map(writing.inside, names[1:])]), reason)
        for reason, names in reasons.items()
    ]


def _reason(fact: Fact) -> str:
    if pd.isna(fact.found["shown"]):
        return words.sentence(fact.found, fact.measure).rstrip(".")
    return words.why_none(fact.found, fact.measure)


def how_old(facts: Iterable[Fact], as_of: dt.date) -> str:
    """Say how old the figures of a page are: the newest, the oldest, and the middle of them.

    Parameters
    ----------
    facts : iterable of Fact
    as_of : datetime.date
        The day on which the age is counted.
    """
    rows = [fact.found for fact in facts if pd.notna(fact.found["value"])]
    if not rows:
        return "There is no figure yet."
    ends = sorted(row["period_end"] for row in rows)
    half = int(statistics.median_high(int(row["age"]) for row in rows))
    late = sum(row["currency"] == "out of date" for row in rows)
    text = (
        f"Of {writing.counted(len(rows), 'figure', 'figures')}, the newest is for a time that ended "
        f"in {ends[-1]:%B %Y} and the oldest for one that ended in {ends[0]:%B %Y}. Half are "
        f"{writing.counted(half, 'month', 'months')} old or older, counted on {writing.date(as_of)}."
    )
    if late:
        are = "is" if late == 1 else "are"
        text += f" {late} {are} so old that a newer one has probably been published."
    return text


def several(fact: Fact, count: int) -> str:
    """Count those that a figure is compared with."""
    fire = fact.measure.tier == "fire"
    one, several = (
        ("fire authority", "fire authorities") if fire else ("similar council", "similar councils")
    )
    return writing.counted(count, one, several)
