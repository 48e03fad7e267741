"""What the site says of one measure: for England and the spread of councils, and what any council adds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Final, cast

import pandas as pd
import plotly.graph_objects as go

from goldenthread import areas, catalogue, due, findings, questions, spread, words, writing
from goldenthread.authorities import citizens, councils
from goldenthread.catalogue import Measure
from goldenthread.charts import Chart, strip, template, trend
from goldenthread.charts.axis import axis
from goldenthread.charts.strip import anchor
from goldenthread.charts.strip import label_text as strip_label
from goldenthread.charts.trend import label_places, tick_texts, ticks_for
from goldenthread.charts.trend import label_text as trend_label
from goldenthread.cube import Floats, Integers
from goldenthread.site import groups
from goldenthread.snapshot import MeasureManifest, snapshot

PLACES: Final = ("lower", "median", "upper")
#: The groups that stand in a panel without a choice: all councils together, and each kind of council.
KINDS: Final = (spread.ALL, *areas.COUNCIL_KINDS)
#: How many letters fit on a line of a phone, and of a wide screen: of a finding, of what stands beside
#: it, and of a question.
_LETTERS: Final = (29, 55)
_SMALL_LETTERS: Final = (38, 68)
_ASK_LETTERS: Final = (33, 74)
#: Which share of all councils has so much room; a few sentences are much longer than the others.
_USUAL: Final = 0.95


@dataclass(frozen=True)
class Panel:
    """One measure, ready to be shown.

    Attributes
    ----------
    measure : Measure
    manifest : MeasureManifest
        Where its figures come from.
    observations : pandas.DataFrame
        All its figures, on today's areas.
    """

    measure: Measure
    manifest: MeasureManifest
    observations: pd.DataFrame

    @cached_property
    def found(self) -> pd.DataFrame:
        """The finding for every authority among its kind; see `findings.findings`."""
        return findings.findings(self.measure, self.observations)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every area's values in every period, as published; see `spread.wide`."""
        return spread.wide(self.observations)

    @cached_property
    def _spread(self) -> pd.DataFrame:
        table = spread.of_kinds(self.measure, self.observations)
        for place in PLACES:
            table[place] = [self.rounded(value) for value in table[place]]
        return table

    @cached_property
    def periods(self) -> pd.DataFrame:
        """The periods in order: `time` (in years, as a number) and `period` (the label)."""
        labels = self.table.columns.get_level_values("period_label")
        return pd.DataFrame({"time": spread.times(self.table), "period": labels})

    @property
    def period(self) -> str:
        """The latest period."""
        return str(self.periods["period"].iloc[-1])

    @property
    def source(self) -> str:
        """Publisher, release and date in one line."""
        return writing.citation(self.manifest)

    @property
    def compares(self) -> bool:
        """Whether a middle can be told: a total says how large a place is, a judgement has no distances."""
        return not self.measure.size and self.measure.unit != "judgement"

    @property
    def has_strip(self) -> bool:
        """Whether councils can be laid out on a line; judgements lie on a few points of it."""
        return self.measure.unit != "judgement"

    def rounded(self, value: float) -> float:
        """Round a value as it is written."""
        return writing.rounded(value, self.measure.decimals)

    def write(self, value: float) -> str:
        """Write a value with its unit; a dash where there is none."""
        return "–" if pd.isna(value) else writing.figure(value, self.measure)

    # --- lines and places --------------------------------------------------------------------------

    @cached_property
    def _lines(self) -> dict[str, list[float]]:
        """Every area's values over time, by GSS code."""
        return {
            str(area): [self.rounded(value) for value in row]
            for area, row in zip(self.table.index, self.table.to_numpy(float).tolist())
        }

    def line(self, area: str) -> list[float]:
        """Give an area's values over time; all missing where it has none."""
        return self._lines.get(area, [math.nan] * len(self.periods))

    @property
    def nation_line(self) -> list[float]:
        """England's line beside a council's; a total of England would press all others flat."""
        if self.measure.size:
            return [math.nan] * len(self.periods)
        return self.line(findings.ENGLAND)

    @cached_property
    def members(self) -> pd.DataFrame:
        """Those that have such figures: the councils, or the fire and rescue authorities."""
        people = citizens()
        return people[people["tier"] == "fire"] if self.measure.tier == "fire" else councils()

    @cached_property
    def figures(self) -> Floats:
        """Everybody's own figures; see `groups.figures`."""
        return groups.figures(self.measure, self.table)

    @cached_property
    def alike(self) -> Integers:
        """Who does the same job; see `groups.like`."""
        return groups.like(self.measure)

    @cached_property
    def values(self) -> pd.Series:
        """The latest own value of each member, rounded as it is shown, by GSS code."""
        own = pd.Series(self.figures[:, -1], index=citizens().index).reindex(self.members.index)
        return own.map(self.rounded)

    @cached_property
    def strip_ticks(self) -> list[float]:
        """The axis that all strips of the measure share."""
        return axis(self.values, zero=False)

    @cached_property
    def breaks(self) -> list[tuple[float, str]]:
        """The breaks that lie between two periods: when, in years, and how they are called."""
        times = self.periods["time"]
        return [
            (time, f"Break, {entry.at:%B %Y}")
            for entry in self.measure.breaks
            for time in [round(entry.at.year + (entry.at.month - 1) / 12, 3)]
            if times.iloc[0] < time <= times.iloc[-1]
        ]

    @cached_property
    def broken(self) -> list[tuple[str, str]]:
        """What the breaks are for: their month, and why."""
        shown = {name for _, name in self.breaks}
        return [
            (f"{entry.at:%B %Y}", entry.why)
            for entry in self.measure.breaks
            if f"Break, {entry.at:%B %Y}" in shown
        ]

    # --- without a choice --------------------------------------------------------------------------

    @cached_property
    def _middle(self) -> dict[str, float]:
        """The spread of all councils in the latest period."""
        return cast(dict[str, float], self._spread.loc[spread.ALL].loc[self.period].to_dict())

    def kinds(self) -> dict[str, dict[str, Any]]:
        """Give, for every kind of council, its spread over time and how it is spoken of."""
        result = {}
        for kind in KINDS:
            one, several = words.KINDS[kind] if kind != spread.ALL else self._bodies
            band = self._spread.loc[kind].reindex(self.periods["period"])
            latest = band.iloc[-1]
            result[kind] = {
                **{place: listed(band[place]) for place in PLACES},
                "several": several,
                "middle": self.write(latest["median"]),
                "middleOf": f"the middle {one}",
                "half": self._half(latest),
                "count": 0 if pd.isna(latest["councils"]) else int(latest["councils"]),
            }
        return result

    def _half(self, latest: Mapping[str, float] | pd.Series) -> str:
        if pd.isna(latest["lower"]):
            return "–"
        return f"{self.write(latest['lower'])} to {self.write(latest['upper'])}"

    @property
    def half(self) -> list[str]:
        """Name the middle half of all members: a label, and from where to where."""
        return [f"Half of all {self.bodies}", self._half(self._middle)]

    @cached_property
    def nation(self) -> dict[str, Any]:
        """What is said without a choice: England, and the spread of all councils."""
        line = self.line(findings.ENGLAND)
        value = line[-1]
        nobody = [math.nan] * len(self.periods)
        all_ = self._spread.loc[spread.ALL].reindex(self.periods["period"])
        band = [all_[place].tolist() if self.compares else nobody for place in PLACES]
        return {
            "name": "England",
            "sentence": words.nation(value, self._middle, self.period, self.measure),
            "value": self.write(value),
            "before": self._five_years_ago(line),
            "title": f"England: {self.write(value)} {writing.when(self.period)}",
            "rank": f" among {self.count} {self.bodies}",
            "middle": self.write(self._middle["median"]) if self.compares else "–",
            "middleOf": f"middle of all {self.bodies}",
            "several": f"all {self.bodies}",
            "asks": list(range(len(self.measure.questions)))[: questions.MOST],
            "line": listed(line),
            "labels": labels("England"),
            **self.side(value),
            **self.drawn("England", line, nobody, *band),
        }

    def _five_years_ago(self, line: list[float]) -> str:
        period = next((text for text in self.found["before_period"] if text), "")
        if not period:
            return ""
        then = line[self.periods["period"].tolist().index(period)]
        return words.before(
            {"value": line[-1], "before": then, "before_period": period}, self.measure
        )

    @property
    def count(self) -> int:
        """How many have a figure in the latest period."""
        return int(self.values.notna().sum())

    @property
    def bodies(self) -> str:
        """What the members are called."""
        return self._bodies[1]

    @property
    def _bodies(self) -> tuple[str, str]:
        """What one of the members is called, and several."""
        return words.KINDS["fire and rescue authority" if self.measure.tier == "fire" else "all"]

    # --- drawn -------------------------------------------------------------------------------------

    def side(self, value: float) -> dict[str, str]:
        """Tell on which side of its mark a name stands, so that it stays on the page."""
        return {} if pd.isna(value) else {"side": anchor(value, self.strip_ticks)}

    def drawn(
        self,
        name: str,
        line: list[float],
        nation: list[float],
        lower: list[float],
        median: list[float],
        upper: list[float],
    ) -> dict[str, Any]:
        """Give what a trend is redrawn with: the band, the axis, and where the lines' names stand."""
        ticks = ticks_for(self.measure, [*line, *nation, *lower, *upper])
        places = label_places([line, median, nation], ticks, name)
        band = {"lower": listed(lower), "median": listed(median), "upper": listed(upper)}
        return {
            **{
                place: values
                for place, values in band.items()
                if any(v is not None for v in values)
            },
            "ticks": [plain_number(tick) for tick in ticks],
            "texts": tick_texts(self.measure, ticks),
            "at": [None if math.isnan(place) else round(place, 4) for place in places],
        }

    def trend(self) -> Chart:
        """Draw England's trend among all councils, as the page shows it without a choice."""
        nation = self.nation
        nobody = [math.nan] * len(self.periods)
        band = {place: nation.get(place, nobody) for place in PLACES}
        chart = trend(
            self.measure,
            self.periods.assign(
                value=self.line(findings.ENGLAND),
                england=nobody,
                **pd.DataFrame(band).astype(float),
            ),
            name="England",
            several=nation["several"],
            title=nation["title"],
            alt=alt(nation),
            source=self.source,
            breaks=self.breaks,
        )
        plain, with_band = self.subtitles
        said = with_band.replace("{}", nation["several"]) if "upper" in nation else plain
        return replace(chart, subtitle=said)

    @property
    def subtitles(self) -> tuple[str, str]:
        """Say what a trend shows, without a band and with one; `{}` stands for whose it is."""
        first = self.periods["period"].iloc[0]
        span = self.period if first == self.period else f"{first} to {self.period}"
        plain = f"{self.measure.short}, {span}."
        return plain, f"{plain} The grey band holds the middle half of {{}}."

    @cached_property
    def pictures(self) -> tuple[str, str]:
        """The trend and the strip as they stand on pages.

        No strip where councils have no place on a line; no trend of a single period, where there is
        a strip.
        """
        strip = self.strip().html(lean=True) if self.has_strip else ""
        return self.trend().html() if len(self.periods) > 1 or not strip else "", strip

    def strip(self) -> Chart:
        """Draw every council in the latest period, as the page shows it without a choice."""
        nation = self.nation
        chart = strip(
            self.measure,
            self.values.set_axis(self.members["name"]),
            chosen="England",
            # The total of England stands far from any council's.
            value=math.nan if self.measure.size else self.line(findings.ENGLAND)[-1],
            several=self.bodies,
            period=self.period,
            title=f"England{nation['rank']}",
            alt=alt(nation),
            source=self.source,
            ticks=self.strip_ticks,
        )
        everybody, chosen = chart.figure.data
        compared = go.Scatter(
            x=[],
            y=[],
            mode="markers",
            meta="ink",
            hoverinfo="skip",
            marker={
                "symbol": "line-ns",
                "size": 20,
                "line": {"width": 2, "color": template.TEXT},
            },
        )
        figure = go.Figure(data=[everybody, compared, chosen], layout=chart.figure.layout)
        return replace(chart, figure=figure, subtitle=self.strip_subtitles[0])

    @property
    def strip_subtitles(self) -> tuple[str, str]:
        """Say what a strip shows, without and with those compared; `{}` stands for who they are."""
        each = f"Each stroke is one of {self.count} {self.bodies}"
        head = f"{self.measure.short}, {self.period}. {each}"
        return f"{head}.", f"{head}; the dark ones are {{}}."

    # --- for the page ------------------------------------------------------------------------------

    def block(self) -> dict[str, Any]:
        """Give what the page's script needs to show any council: all but that council's own."""
        measure = self.measure
        zero = writing.number(0, measure.decimals)
        before_sign, _, after_sign = writing.figure(0, measure).partition(zero)
        one = writing.figure(1, measure).partition(writing.number(1, measure.decimals))[2]
        alike = self.alike[citizens().index.get_indexer(self.members.index)]
        shown: dict[str, Any] = {
            "id": measure.id,
            "short": measure.short,
            "periods": list(self.periods["period"]),
            "values": listed(self.values),
            "write": [before_sign, measure.decimals, after_sign, one],
            "trend": self.subtitles,
            "strip": self.strip_subtitles,
            "england": self.nation["value"],
            "half": self.half,
            "nation": self.nation,
        }
        if not measure.size:
            shown["line"] = listed(self.line(findings.ENGLAND))
        if measure.unit == "judgement":
            shown["scale"] = writing.scale(measure)
        if len(set(alike.tolist())) > 1:
            shown["alike"] = "".join(map(str, alike.tolist()))
        if measure.tier == "fire":
            shown["first"] = len(councils())
            shown["names"] = list(self.members["name"])
        return shown

    @cached_property
    def room(self) -> dict[str, list[int]]:
        """Tell how many lines the finding, what stands beside it and the questions may need.

        On a phone, and on a wide screen. So much room is kept from the start, so that nothing moves
        when another council is chosen.
        """
        measure, direction = self.measure, words.direction(self.measure)
        finding = [[str(self.nation["sentence"])]]
        beside = [[str(self.nation["before"]), direction]]
        asks: list[list[str]] = []
        for row in self._rows():
            finding.append([words.finding(row, measure)])
            beside.append([words.before(row, measure), words.england(row, measure), direction])
            asks.append([f"{q.ask} Ask {q.who}." for q in questions.questions(row, measure)])
        return {
            "finding": [_lines(finding, letters) for letters in _LETTERS],
            "beside": [_lines(beside, letters) for letters in _SMALL_LETTERS],
            "asks": [_lines(asks, letters, apart=True) for letters in _ASK_LETTERS],
        }

    def _rows(self) -> list[dict[str, Any]]:
        shown = self.found[self.found["shown"].astype(object) == self.found.index]
        return cast(list[dict[str, Any]], shown.reset_index().to_dict("records"))


def _lines(texts: list[list[str]], letters: int, *, apart: bool = False) -> int:
    """Tell how many lines nearly all of some texts need; `apart`, where each part begins a new one."""
    counts = [
        sum(math.ceil(len(part) / letters) for part in parts)
        if apart
        else math.ceil(len(" ".join(filter(None, parts))) / letters)
        for parts in texts
    ]
    return sorted(counts)[int(_USUAL * (len(counts) - 1))] if counts else 0


def labels(name: str) -> list[str]:
    """Write a name as it stands at the end of its line, and above its stroke."""
    return [trend_label(name), strip_label(name)]


def asked(found: Mapping[str, Any], measure: Measure) -> list[str | int]:
    """Name the questions beside a figure: one that it raises by its situation, the measure's own by place.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`, with its `area`.
    measure : Measure

    Returns
    -------
    list of str or int
        Keys of `questions.bank`, and positions in the measure's questions.
    """
    own = {question.ask: at for at, question in enumerate(measure.questions)}
    return [
        own[question.ask] if question.ask in own else _keys()[question.ask]
        for question in questions.questions(found, measure)
    ]


@cache
def _keys() -> dict[str, str]:
    """Give the situation of each question of the bank."""
    return {question.ask: key for key, question in questions.bank().items()}


def next_due(measure: Measure, manifest: MeasureManifest, today: dt.date) -> str:
    """Say when the next figures are due.

    Parameters
    ----------
    measure : Measure
    manifest : MeasureManifest
    today : datetime.date

    Returns
    -------
    str
        "Next due: not known." where the publisher keeps to no month.

    Examples
    --------
    >>> held = snapshot().manifest("household-recycling-rate")
    >>> measure = catalogue.catalogue()[held.id].model_copy(update={"release_month": 12})
    >>> next_due(measure, held, dt.date(2024, 6, 1))
    'Next due: December 2024.'
    >>> next_due(measure, held, dt.date(2026, 6, 1))
    'A newer edition was due in December 2024 and is not in these figures yet.'
    """
    expected = due.expected(measure, manifest)
    if expected is None or expected.about:
        return "Next due: not known."
    if expected.state(today) == "on time":
        return f"Next due: {expected.month:%B %Y}."
    return f"A newer edition was due in {expected.month:%B %Y} and is not in these figures yet."


def alt(entry: Mapping[str, Any]) -> str:
    """Describe a chart in words: the finding, and what it was before."""
    return f"{entry['sentence']} {entry['before']}".strip()


def plain_number(value: float) -> float | int:
    """Write a whole number without its point, which saves a byte in every file."""
    return int(value) if float(value).is_integer() else float(value)


def listed(values: Iterable[float]) -> list[float | int | None]:
    """List values for JSON: a missing one is null."""
    return [None if value != value else plain_number(value) for value in values]


@cache
def panel(identifier: str) -> Panel:
    """Give a measure's panel, made once.

    Parameters
    ----------
    identifier : str

    Returns
    -------
    Panel

    Raises
    ------
    CatalogueError, SnapshotError
        For a measure that is not in the catalogue, or has no figures.
    """
    measure = catalogue.catalogue()[identifier]
    manifest = snapshot().manifest(identifier)
    return Panel(measure, manifest, _figures()[identifier])


@cache
def _figures() -> dict[str, pd.DataFrame]:
    """Give every measure's figures on today's areas: all at once they take what twenty take singly."""
    whole = snapshot().everything().groupby("measure", observed=True)
    return {str(name): figures.reset_index(drop=True) for name, figures in whole}
