"""What the site says of one measure: for England and the spread of councils, and for every council."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, cast

import pandas as pd

from goldenthread import areas, catalogue, findings, questions, spread, words, writing
from goldenthread.catalogue import Measure
from goldenthread.charts import Chart, strip, trend
from goldenthread.charts.axis import axis
from goldenthread.charts.strip import anchor
from goldenthread.charts.strip import label_text as strip_label
from goldenthread.charts.trend import label_places, tick_texts, ticks_for
from goldenthread.charts.trend import label_text as trend_label
from goldenthread.snapshot import MeasureManifest, snapshot

#: The columns of a measure's file for downloading, in order.
DOWNLOAD: Final = (
    "area",
    "name",
    "kind",
    "period",
    "period_start",
    "period_end",
    "value",
    "unit",
    "status",
    "note",
)
_PLACES: Final = ("lower", "median", "upper")
#: The groups a panel can show: all councils together, and each kind of council.
KINDS: Final = (spread.ALL, *areas.COUNCIL_KINDS)


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
        """The finding for every council; see `findings.findings`."""
        return findings.findings(self.measure, self.observations)

    @cached_property
    def _wide(self) -> pd.DataFrame:
        table = spread.wide(self.observations)
        return table.map(lambda value: writing.rounded(value, self.measure.decimals))

    @cached_property
    def _spread(self) -> pd.DataFrame:
        table = spread.of_kinds(self.measure, self.observations)
        for place in _PLACES:
            table[place] = [writing.rounded(value, self.measure.decimals) for value in table[place]]
        return table

    @cached_property
    def periods(self) -> pd.DataFrame:
        """The periods in order: `time` (in years, as a number) and `period` (the label)."""
        labels = self._wide.columns.get_level_values("period_label")
        return pd.DataFrame({"time": spread.times(self._wide), "period": labels})

    @property
    def period(self) -> str:
        """The latest period."""
        return str(self.periods["period"].iloc[-1])

    @property
    def source(self) -> str:
        """Publisher, release and date in one line."""
        return writing.citation(self.manifest)

    @cached_property
    def _lines(self) -> dict[str, list[float]]:
        """Every area's values over time, by GSS code."""
        return {
            str(area): row.tolist() for area, row in zip(self._wide.index, self._wide.to_numpy())
        }

    @cached_property
    def _bands(self) -> dict[str, dict[str, list[float]]]:
        """The middle half of every kind over time."""
        return {
            kind: {
                place: self._spread.loc[kind][place].reindex(self.periods["period"]).tolist()
                for place in _PLACES
            }
            for kind in KINDS
        }

    def line(self, area: str) -> list[float]:
        """Give an area's values over time; all missing where it has none."""
        return self._lines.get(area, [math.nan] * len(self.periods))

    @cached_property
    def values(self) -> pd.Series:
        """The latest own value of every council, rounded as it is shown, by GSS code."""
        shown = self.found["shown"].astype(object)
        own = self.found["value"].where(shown == self.found.index)
        return own.reindex(findings.councils().index).map(
            lambda value: writing.rounded(value, self.measure.decimals)
        )

    @cached_property
    def strip_ticks(self) -> list[float]:
        """The axis that all strips of the measure share."""
        return axis(self.values, zero=False)

    def kinds(self) -> dict[str, dict[str, Any]]:
        """Give, for every kind of council, the band over time and how it is spoken of."""
        result = {}
        for kind in KINDS:
            one, several = words.KINDS[kind]
            latest = cast(pd.Series, self._spread.loc[(kind, self.period)])
            result[kind] = {
                **{place: listed(self._bands[kind][place]) for place in _PLACES},
                "several": several,
                "middle": "–" if pd.isna(latest["median"]) else self.write(latest["median"]),
                "middleOf": f"the middle {one}",
                "count": 0 if pd.isna(latest["councils"]) else int(latest["councils"]),
            }
        return result

    def write(self, value: float) -> str:
        """Write a value with its unit; a dash where there is none."""
        return "–" if pd.isna(value) else writing.figure(value, self.measure)

    @cached_property
    def nation(self) -> dict[str, Any]:
        """What is said without a choice: England, and the spread of all councils."""
        line = self.line(findings.ENGLAND)
        value = line[-1]
        middle = cast(pd.Series, self._spread.loc[(spread.ALL, self.period)])
        sentence = words.nation(
            value, cast(dict[str, float], middle.to_dict()), self.period, self.measure
        )
        return {
            "name": "England",
            "kind": spread.ALL,
            "sentence": sentence,
            "value": self.write(value),
            "of": f"England, {self.period}",
            "rank": "",
            "before": self._five_years_ago(line),
            "title": f"England: {self.write(value)} in {self.period}",
            "q": [],
            "note": "",
            **self._drawn("England", line, spread.ALL, value),
        }

    def _five_years_ago(self, line: list[float]) -> str:
        period = next((text for text in self.found["before_period"] if text), "")
        if not period:
            return ""
        then = line[self.periods["period"].tolist().index(period)]
        return words.before(
            {"value": line[-1], "before": then, "before_period": period}, self.measure
        )

    @cached_property
    def _rows(self) -> dict[str, dict[str, Any]]:
        rows = self.found.reset_index().set_index("area", drop=False)
        return cast(dict[str, dict[str, Any]], rows.to_dict("index"))

    @cached_property
    def _own(self) -> dict[str, dict[str, Any]]:
        return cast(dict[str, dict[str, Any]], findings.councils().to_dict("index"))

    def council(self, code: str) -> dict[str, Any]:
        """Give what is said of one council: words, numbers and the lines of its charts."""
        row, own, measure = self._rows[code], self._own[code], self.measure
        nobody = pd.isna(row["shown"])
        name, kind = (own if nobody else row)["name"], (own if nobody else row)["kind"]
        return {
            "name": name,
            "kind": kind,
            "sentence": words.finding(row, measure),
            "value": self.write(row["value"]),
            "of": f"{name}, {self.period}",
            "rank": words.standing(row, measure),
            "before": words.before(row, measure),
            "title": f"No figure for {name}" if nobody else words.title(row, measure),
            "q": questions.situations(row)[: questions.RAISED],
            "note": words.whose(row, own["name"]),
            **self._drawn(
                name,
                self.line("" if nobody else row["shown"]),
                kind,
                writing.rounded(row["value"], measure.decimals),
            ),
        }

    def _drawn(self, name: str, line: list[float], kind: str, value: float) -> dict[str, Any]:
        nation = [math.nan] if kind == spread.ALL else self.line(findings.ENGLAND)
        band = self._bands[kind]
        ticks = ticks_for(self.measure, [*line, *nation, *band["lower"], *band["upper"]])
        places = label_places((line, band["median"], nation), ticks, name)
        return {
            "line": listed(line),
            "ticks": [plain_number(tick) for tick in ticks],
            "tickTexts": tick_texts(self.measure, ticks),
            "labels": listed([round(place, 3) for place in places]),
            "names": [trend_label(name), strip_label(name)],
            "mark": None if pd.isna(value) else plain_number(value),
            "side": "center" if pd.isna(value) else anchor(value, self.strip_ticks),
        }

    def trend_of(self, code: str | None = None) -> Chart:
        """Draw a council's trend; without one, England's among all councils.

        Parameters
        ----------
        code : str, optional
            A GSS code.
        """
        entry = self.nation if code is None else self.council(code)
        shown = findings.ENGLAND if code is None else self._rows[code]["shown"]
        nation = [math.nan] * len(self.periods) if code is None else self.line(findings.ENGLAND)
        return trend(
            self.measure,
            self.periods.assign(
                value=self.line(shown), england=nation, **self._bands[entry["kind"]]
            ),
            name=entry["name"],
            several=words.KINDS[entry["kind"]][1],
            title=entry["title"],
            alt=alt(entry),
            source=self.source,
        )

    def strip_of(self, code: str | None = None) -> Chart:
        """Draw all councils of a council's kind in the latest period; without one, all councils."""
        entry = self.nation if code is None else self.council(code)
        listed_ = findings.councils()
        among = listed_ if code is None else listed_[listed_["kind"] == entry["kind"]]
        values = self.values.reindex(among.index).set_axis(among["name"])
        value = math.nan if entry["mark"] is None else float(entry["mark"])
        return strip(
            self.measure,
            values,
            chosen=entry["name"],
            value=value,
            several=words.KINDS[entry["kind"]][1],
            period=self.period,
            title=strip_title(entry, self.kinds()[entry["kind"]]),
            alt=alt(entry),
            source=self.source,
            ticks=self.strip_ticks,
        )

    def block(self) -> dict[str, Any]:
        """Give what the page's script needs to show any council: all but that council's own lines."""
        after = writing.figure(0, self.measure).replace(
            writing.number(0, self.measure.decimals), "0"
        )
        before_sign, _, after_sign = after.partition("0")
        return {
            "id": self.measure.id,
            "periods": list(self.periods["period"]),
            "short": self.measure.short,
            "england": listed(self.line(findings.ENGLAND)),
            "values": listed(self.values),
            "kinds": self.kinds(),
            "write": [before_sign, self.measure.decimals, after_sign],
            "asks": {key: [q.ask, q.who] for key, q in questions.bank().items()},
            "nation": self.nation,
            "third": {"nation": self.half, "council": ["England", self.nation["value"]]},
        }

    @cached_property
    def half(self) -> list[str]:
        """Name the middle half of all councils: a label, and from where to where."""
        middle = cast(pd.Series, self._spread.loc[(spread.ALL, self.period)])
        if pd.isna(middle["lower"]):
            return ["Half of all councils", "–"]
        low, high = self.write(middle["lower"]), self.write(middle["upper"])
        return ["Half of all councils", f"{low} to {high}"]

    def csv(self) -> str:
        """Give every figure as a table for downloading, with the missing ones and why."""
        table = self.observations.rename(columns={"period_label": "period"})
        named = areas.register()
        table = table[table["area"].isin(list(named))].assign(
            name=lambda t: t["area"].map(lambda code: named[code].name),
            kind=lambda t: t["area"].map(lambda code: named[code].kind),
            unit=self.measure.unit,
        )
        held = io.StringIO()
        table.to_csv(held, columns=list(DOWNLOAD), index=False, lineterminator="\r\n")
        return held.getvalue()


def alt(entry: dict[str, Any]) -> str:
    """Describe a chart in words: the finding, and what it was before."""
    return f"{entry['sentence']} {entry['before']}".strip()


def strip_title(entry: dict[str, Any], kind: dict[str, Any]) -> str:
    """Give the strip's own title: the rank where there is one, else what is spread out."""
    if entry["rank"]:
        return f"{entry['name']}: {entry['rank']}"
    return f"{entry['name']} among {kind['count']} {kind['several']}"


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
    held = snapshot()
    return Panel(measure, held.manifest(identifier), held.measure(identifier, areas="current"))
