"""What an analyst calls in a notebook: `import goldenthread as gt`, and a line for each question."""

from __future__ import annotations

import html
import keyword
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, cast

import numpy as np
import pandas as pd
from pandas.api.types import is_string_dtype
from rapidfuzz import fuzz, process

from goldenthread import (
    areas,
    authorities,
    charts,
    findings,
    kept,
    peers,
    questions,
    spread,
    words,
    writing,
)
from goldenthread import live as fetching
from goldenthread.analysis import comparison, control, intervals
from goldenthread.analysis import funnel as funnels
from goldenthread.areas import Area, AreaError
from goldenthread.authorities import citizens
from goldenthread.catalogue import CatalogueError, Measure, Question, catalogue
from goldenthread.charts import Chart
from goldenthread.cube import cubes
from goldenthread.peers import OwnList, Similar
from goldenthread.snapshot import snapshot

#: Whom a council is compared with, if nothing else is said.
USUALLY: Final = "similar"
#: How many rows of a table are shown.
_ROWS: Final = 40
_IMPROVEMENT: Final[dict[str | None, control.Improvement]] = {
    "high": "increase",
    "low": "decrease",
    None: None,
}


class Table(pd.DataFrame):
    """A table that shows its sentences whole; otherwise a pandas DataFrame like any other."""

    @property
    def _constructor(self) -> type[Table]:
        return Table

    def _repr_html_(self) -> str:
        # Sentences are read from the left; the site knows such tables by their class.
        kinds = "figures words" if any(map(is_string_dtype, self.dtypes)) else "figures"
        with pd.option_context("display.max_colwidth", None, "display.precision", 2):
            page = self.to_html(
                max_rows=_ROWS, na_rep="–", border=0, classes=kinds, index_names=False
            )
        more = f"<p>{len(self):,} rows, of which {_ROWS} are shown</p>" if len(self) > _ROWS else ""
        return f"{page}{more}"


@dataclass(frozen=True)
class Finding:
    """What is found of one measure for one council, said in words.

    Attributes
    ----------
    found : dict
        The row of `findings.table`.
    text : str
        Level and change.
    beside : tuple of str
        Whose figure it is, the rank, England's figure.
    cautions : tuple of str
    questions : tuple of Question
    source : str
    """

    found: dict[str, Any]
    text: str
    beside: tuple[str, ...]
    cautions: tuple[str, ...]
    questions: tuple[Question, ...]
    source: str

    def __str__(self) -> str:
        asks = [f"- {question.ask} (Ask {question.who}.)" for question in self.questions]
        return "\n".join([self.text, *self.beside, *self.cautions, *asks, f"Source: {self.source}"])

    def _repr_html_(self) -> str:
        def paragraphs(texts: Iterable[str]) -> str:
            return "".join(f"<p>{html.escape(text)}</p>" for text in texts)

        asks = "".join(
            f"<li>{html.escape(question.ask)} <em>Ask {html.escape(question.who)}.</em></li>"
            for question in self.questions
        )
        return (
            f"<p><strong>{html.escape(self.text)}</strong></p>{paragraphs(self.beside)}"
            f"{paragraphs(self.cautions)}<ul>{asks}</ul><p><small>{html.escape(self.source)}</small></p>"
        )


@dataclass(frozen=True)
class Used:
    """Which figures a notebook uses, of what date, and from whom.

    Attributes
    ----------
    origins : tuple of goldenthread.live.Origin
    sources : tuple of str
    """

    origins: tuple[fetching.Origin, ...]
    sources: tuple[str, ...]

    def __str__(self) -> str:
        lines = [
            f"{origin.measure.name}: {origin.said}. Source: {source}."
            for origin, source in zip(self.origins, self.sources, strict=True)
        ]
        return "\n".join([*(f"NOTE: {text}" for text in self._notices), *lines])

    def _repr_html_(self) -> str:
        notices = "".join(
            f"<p><strong>Not live.</strong> {html.escape(text)}</p>" for text in self._notices
        )
        items = "".join(
            f"<li><strong>{html.escape(origin.measure.name)}</strong>: {html.escape(origin.said)}."
            f"<br><small>Source: {html.escape(source)}.</small></li>"
            for origin, source in zip(self.origins, self.sources, strict=True)
        )
        return f"{notices}<ul>{items}</ul>"

    @property
    def _notices(self) -> list[str]:
        return [origin.notice for origin in self.origins if origin.notice]


class Names:
    """Names that the Tab key completes: each attribute is the text that the functions here take."""

    def __init__(self, what: str, names: Iterable[str]) -> None:
        self._what = what
        self._names = {_attribute(name): name for name in names}

    def __dir__(self) -> list[str]:
        return sorted(self._names)

    def __getattr__(self, name: str) -> str:
        try:
            return self._names[name]
        except KeyError:
            raise AttributeError(kept.unknown(self._what, name, self._names)) from None

    def __repr__(self) -> str:
        return f"<{len(self._names)} {self._what} names: press Tab after the dot>"


def _attribute(name: str) -> str:
    """Write a name as an attribute.

    Examples
    --------
    >>> _attribute("St Albans"), _attribute("household-recycling-rate")
    ('st_albans', 'household_recycling_rate')
    """
    text = "".join(sign if sign.isalnum() else "_" for sign in name.casefold().replace("'", ""))
    return f"{text}_" if keyword.iskeyword(text) or text[:1].isdigit() else text


# --- who and what ----------------------------------------------------------------------------------


def _authority(name: str) -> Area:
    """Find an authority of today, or say what became of it."""
    area = areas.find(name)
    if area.code in citizens().index:
        return area
    if area.replaced_by:
        now = writing.listed([areas.register()[code].name for code in area.replaced_by])
        raise AreaError(f"{area.official or area.name} is no longer a council: ask for {now}")
    raise AreaError(
        f"{area.name} is a {area.kind}: expected a council or a fire and rescue authority"
    )


def _measure(name: str) -> Measure:
    """Find a measure by its id, its name or a synonym, or name the nearest."""
    known = catalogue()
    if name in known:
        return known[name]
    wanted = name.casefold().strip()
    for one in known.values():
        if wanted in (text.casefold() for text in (one.name, one.short, *one.synonyms)):
            return one
    texts = {one.id: f"{one.short} {' '.join(one.synonyms)}".casefold() for one in known.values()}
    found = process.extract(wanted, texts, scorer=fuzz.token_set_ratio, limit=3)
    near = [str(match[2]) for match in found]
    raise CatalogueError(f"there is no measure {name!r}; the nearest are {', '.join(near)}")


@cache
def _figures(identifier: str) -> pd.DataFrame:
    return fetching.held(identifier).measure(identifier, areas="current")


def _source(identifier: str) -> str:
    return writing.citation(fetching.held(identifier).manifest(identifier))


@cache
def _everything() -> pd.DataFrame:
    return fetching.instead(snapshot().everything(), _figures)


@cache
def _found(comparator: str | OwnList) -> pd.DataFrame:
    held = snapshot()
    return findings.table(
        _everything(), [held.catalogue[name] for name in held.measures], comparator
    )


@cache
def _found_one(identifier: str, comparator: str | OwnList) -> pd.DataFrame:
    return findings.findings(catalogue()[identifier], _figures(identifier), comparator)


def _row(measure: Measure, area: Area, compared_with: str | OwnList) -> dict[str, Any]:
    found = _found_one(measure.id, compared_with)
    if area.code not in found.index:
        raise AreaError(
            f"{measure.short} is a measure of councils, and {area.name} is a {area.kind}"
        )
    return {"area": area.code, **cast(dict[str, Any], found.loc[area.code].to_dict())}


def use(*names: str, live: bool = False) -> Used:
    """Choose the figures that a notebook reads, and say of what date they are and from whom.

    Without the switch they are those that came with the workbook, and nothing is fetched. With it
    the publishers are asked for their newest; where that fails, within two minutes at most, a notice
    says why, and the figures that came with the workbook serve. Whom a council is compared with
    rests on the workbook's own figures in either case.

    Parameters
    ----------
    *names : str
        Measures.
    live : bool
        Whether to ask the publishers.

    Returns
    -------
    Used
        Shows for each measure how far its figures go, from when they are and from whom.

    Raises
    ------
    CatalogueError, SnapshotError
        For a name that there is not, or a measure that has no figures.

    Examples
    --------
    >>> print(use("household-recycling-rate"))
    Household waste sent for reuse, recycling or composting: to 2022/23, as they came with this ...
    """
    chosen = [_measure(name) for name in names]
    origins = fetching.fetched(chosen) if live else fetching.shipped(chosen)
    for known in (_figures, _everything, _found, _found_one):
        known.cache_clear()
    return Used(tuple(origins), tuple(_source(one.id) for one in chosen))


def councils() -> Table:
    """List today's councils and fire and rescue authorities.

    Returns
    -------
    Table
        By GSS code: `name`, `kind`, `region`.

    Examples
    --------
    >>> councils().loc["E06000010", "name"]
    'Hull'
    """
    table = citizens()
    regions = [areas.register()[code].name if code else "" for code in table["region"]]
    return Table(table[["name", "kind"]].assign(region=regions))


def measures(theme: str | None = None) -> Table:
    """List what is measured.

    Parameters
    ----------
    theme : str, optional
        One of the catalogue's themes; all, if not given.

    Returns
    -------
    Table
        By measure id: `name`, `theme`, `unit`, `better` ("high", "low" or ""), the latest `period`
        ("" while its figures are not held yet) and the `publisher`.

    Raises
    ------
    CatalogueError
        For a theme that there is not; the message names the nearest.

    Examples
    --------
    >>> measures("waste").loc["household-recycling-rate", "better"]
    'high'
    """
    known, held = catalogue(), snapshot()
    if theme is not None and theme not in known.themes():
        raise CatalogueError(kept.unknown("theme", theme, known.themes()))
    chosen = list(known.values()) if theme is None else known.of_theme(theme)
    periods = [held.manifest(one.id).periods.last if one.id in held else "" for one in chosen]
    return Table(
        {
            "name": [one.name for one in chosen],
            "theme": [one.theme for one in chosen],
            "unit": [one.unit for one in chosen],
            "better": [one.polarity or "" for one in chosen],
            "period": periods,
            "publisher": [known.source_of(one.id).publisher for one in chosen],
        },
        index=pd.Index([one.id for one in chosen], name="measure"),
    )


def measure(name: str, council: str | Sequence[str] | None = None) -> Table:
    """Give a measure's figures, tidy: one row per area and period.

    Parameters
    ----------
    name : str
        A measure's id, its name, or another word for it ("recycling rate").
    council : str or sequence of str, optional
        Only these; all areas, regions and England too, if not given.

    Returns
    -------
    Table
        `name`, `area`, `kind`, `period`, `period_start`, `period_end`, `value`, `lower`, `upper`,
        `numerator`, `denominator`, `status`, `note`, on today's areas. Its `attrs` hold the measure's
        definition, unit and source.

    Raises
    ------
    CatalogueError, AreaError
        For a name that there is not; the message names the nearest.

    Examples
    --------
    >>> hull = measure("household-recycling-rate", "Hull")
    >>> hull["name"].unique().tolist(), len(hull)
    (['Hull'], 13)
    """
    chosen = _measure(name)
    table = _figures(chosen.id)
    known = areas.register()
    if council is not None:
        asked = [council] if isinstance(council, str) else list(council)
        table = table[table["area"].isin([areas.find(one).code for one in asked])]
    table = table[table["area"].isin(list(known))].rename(columns={"period_label": "period"})
    table.insert(0, "name", table["area"].map(lambda code: known[code].name))
    table.insert(2, "kind", table["area"].map(lambda code: known[code].kind))
    tidy = Table(table.drop(columns="measure").reset_index(drop=True))
    tidy.attrs = {
        "definition": chosen.definition,
        "unit": chosen.unit,
        "source": _source(chosen.id),
    }
    return tidy


def council(
    name: str, compared_with: str | OwnList = USUALLY, *, theme: str | None = None
) -> Table:
    """Give all that is found for a council: a sentence and the figures behind it for each measure.

    Parameters
    ----------
    name : str
        A council or fire and rescue authority, by any of its names or codes.
    compared_with : str or OwnList
        An id of `goldenthread.peers.comparators`: "similar", "kind", "region", "england", "dfe", …
    theme : str, optional
        Only the measures of this theme.

    Returns
    -------
    Table
        By measure id: `theme`, `finding` (in words), `value`, `unit`, `period`, `median` (of those
        compared with), `england`, `rank`, `of`, `change` ("risen", "fallen", "steady" or "" where
        nobody can tell) and `change_is` ("better", "worse" or "").

    Raises
    ------
    AreaError, CatalogueError, PeersError
        For a name that there is not; the message names the nearest.

    Examples
    --------
    >>> hull = council("Hull", theme="waste")
    >>> hull.loc["household-recycling-rate", "period"]
    '2022/23'
    """
    area = _authority(name)
    chosen = measures(theme).index
    rows = cast(pd.DataFrame, _found(compared_with).xs(area.code, level="area"))
    rows = rows.loc[[one for one in chosen if one in rows.index]]
    known = catalogue()
    said = [
        words.finding({**row, "area": area.code}, known[str(one)])
        for one, row in cast(dict[str, dict[str, Any]], rows.to_dict("index")).items()
    ]
    kept = ["value", "period", "median", "england", "rank", "of", "change", "change_is"]
    table = rows[kept].assign(
        theme=[known[one].theme for one in rows.index],
        finding=said,
        unit=[known[one].unit for one in rows.index],
    )
    order = ["theme", "finding", "value", "unit", *kept[1:]]
    for column in ("period", "change", "change_is"):
        table[column] = table[column].astype(str)
    return Table(table[order].rename_axis("measure"))


def finding(name: str, council: str, compared_with: str | OwnList = USUALLY) -> Finding:
    """Say what is found of one measure for one council, with cautions and questions.

    Parameters
    ----------
    name : str
        A measure.
    council : str
    compared_with : str or OwnList
        As for `council`.

    Returns
    -------
    Finding

    Examples
    --------
    >>> finding("household-recycling-rate", "Hull", "kind").text.partition(",")[0]
    'Hull’s household recycling rate was 46.6% in 2022/23'
    """
    chosen, area = _measure(name), _authority(council)
    found = _row(chosen, area, compared_with)
    standing = words.standing(found, chosen)
    beside = (
        words.whose(found, writing.fire_authority(area.name) if area.tier == "fire" else area.name),
        f"{found['name']} is {standing}." if standing else "",
        words.england(found, chosen),
    )
    return Finding(
        found=found,
        text=words.finding(found, chosen),
        beside=tuple(filter(None, beside)),
        cautions=tuple(words.cautions(found, chosen)),
        questions=tuple(questions.questions(found, chosen)),
        source=_source(chosen.id),
    )


def whose(name: str, council: str) -> str:
    """Name the council whose figure stands for a council: its own, or its county's.

    Parameters
    ----------
    name : str
        A measure.
    council : str

    Returns
    -------
    str
        A name that `measure` and the charts take.

    Raises
    ------
    AreaError, CatalogueError
        For a name that there is not, or where there is no figure of the latest period; the message
        says why.

    Examples
    --------
    >>> whose("children-looked-after-rate", "Mansfield"), whose("children-looked-after-rate", "Hull")
    ('Nottinghamshire', 'Hull')
    """
    asked = _asked(name, council, "kind")
    shown = asked.shown.name
    if pd.isna(asked.found["value"]):
        raise AreaError(words.sentence(asked.found, asked.measure))
    return shown


def neighbours(council: str, by: str = USUALLY) -> Table:
    """List whom a council is compared with, and why.

    Parameters
    ----------
    council : str
    by : str
        "similar" (worked out here, with each feature's share in the distance), "dfe" or "mhclg"
        (official lists), or another id of `goldenthread.peers.comparators`.

    Returns
    -------
    Table
        By GSS code, the most alike first: `name`; for "similar" `distance`, `why` and the shares.
        Its `attrs` hold what the list is (`meaning`) and, for "similar", why as a whole (`why`).

    Raises
    ------
    AreaError, PeersError
        For a name that there is not, or a council that has no such list.

    Examples
    --------
    >>> neighbours("Somerset")["name"].tolist()[:3]
    ['Shropshire', 'Cornwall', 'North Yorkshire']
    """
    area = _authority(council)
    known = peers.comparators()
    about: dict[Any, Any] = {"meaning": known[by].meaning} if by in known else {}
    if by == "similar":
        alike: Similar = peers.similar(area.code)
        first = ["name", "distance", "why"]
        rest = [column for column in alike.table.columns if column not in first]
        table = Table(alike.table[[*first, *rest]])
        table.attrs = {**about, "why": alike.why}
        return table
    codes = peers.group(by, area.code)
    if not codes:
        raise peers.PeersError(peers.why_not(by, area.code))
    table = Table(councils().loc[codes])
    table.attrs = about
    return table


# --- charts ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Question:
    """One measure of one council among others: what every chart of it needs."""

    measure: Measure
    area: Area
    compared_with: str | OwnList

    @cached_property
    def found(self) -> dict[str, Any]:
        """The finding."""
        return _row(self.measure, self.area, self.compared_with)

    @property
    def shown(self) -> Area:
        """The council whose figures these are."""
        if pd.isna(self.found["shown"]):
            raise AreaError(words.sentence(self.found, self.measure))
        return areas.register()[str(self.found["shown"])]

    @cached_property
    def group(self) -> list[str]:
        """The codes of those it is compared with, itself first."""
        others = peers.group(self.compared_with, self.shown.code)
        own = findings.figures_of(self.measure.tier)
        return [self.shown.code, *(code for code in others if own.get(code) == code)]

    @property
    def several(self) -> str:
        """The group in words."""
        return words.group(self.found, self.measure)

    @property
    def title(self) -> str:
        """The finding in about ten words."""
        return words.title(self.found, self.measure)

    @property
    def alt(self) -> str:
        """What a chart says to those who do not see it."""
        said = [words.finding(self.found, self.measure), words.england(self.found, self.measure)]
        return " ".join(filter(None, said))

    @property
    def source(self) -> str:
        """Whose figures they are."""
        return _source(self.measure.id)

    def latest(self, column: str) -> pd.Series:
        """Give a column of the group's findings, by name, rounded as figures are written."""
        table = _found_one(self.measure.id, self.compared_with).reindex(self.group)
        decimals = self.measure.decimals
        values = [writing.rounded(value, decimals) for value in table[column].astype(float)]
        return pd.Series(values, index=[areas.register()[code].name for code in self.group])

    def limits(self, column: str) -> pd.Series | None:
        """Give the group's intervals, where there are any."""
        found = self.latest(column)
        return found if found.notna().any() else None


def _asked(name: str, council: str, compared_with: str | OwnList) -> _Question:
    return _Question(_measure(name), _authority(council), compared_with)


def compare(name: str, council: str, compared_with: str | OwnList = USUALLY) -> Chart:
    """Draw a council's latest figure beside those it is compared with.

    Parameters
    ----------
    name : str
        A measure.
    council : str
    compared_with : str or OwnList
        As for `council`.

    Returns
    -------
    Chart
        Bars in order, intervals where there are any; `.table` holds the figures.

    Raises
    ------
    AreaError, CatalogueError, PeersError
        For a name that there is not, or a measure that the council has no figure of.

    Examples
    --------
    >>> chart = compare("household-recycling-rate", "Hull")
    >>> chart.title
    'Hull: 46.6%, in the highest quarter of similar councils'
    """
    asked = _asked(name, council, compared_with)
    found, measure = asked.found, asked.measure
    return charts.bars(
        measure,
        asked.latest("value"),
        chosen=asked.shown.name,
        several=f"{asked.shown.name} and {asked.several}",
        period=str(found["period"]),
        england=writing.rounded(float(found["england"]), measure.decimals),
        middle=writing.rounded(float(found["median"]), measure.decimals),
        lower=asked.limits("lower"),
        upper=asked.limits("upper"),
        title=asked.title,
        alt=asked.alt,
        source=asked.source,
    )


def trend(name: str, council: str, compared_with: str | OwnList = USUALLY) -> Chart:
    """Draw a council's figures over time, with the middle half of those it is compared with.

    Parameters
    ----------
    name : str
        A measure.
    council : str
    compared_with : str or OwnList
        As for `council`.

    Returns
    -------
    Chart

    Examples
    --------
    >>> trend("household-recycling-rate", "Hull").table["Period"].tolist()[-1]
    '2022/23'
    """
    asked = _asked(name, council, compared_with)
    measure = asked.measure
    table = spread.wide(_figures(measure.id))
    group = table.droplevel([0, 1], axis=1).reindex(asked.group)
    middle = spread.quartiles(group, measure.unit == "judgement")

    def line(code: str) -> Any:
        return table.loc[code].to_numpy() if code in table.index else np.nan

    shown = pd.DataFrame(
        {
            "time": spread.times(table),
            "period": table.columns.get_level_values("period_label"),
            "value": line(asked.shown.code),
            "england": line(findings.ENGLAND),
            **{place: middle[place].to_numpy() for place in ("lower", "median", "upper")},
            **_own_limits(measure, asked.shown.code, table.columns),
        }
    )
    return charts.trend(
        measure,
        shown,
        name=asked.shown.name,
        several=asked.several,
        title=asked.title,
        alt=asked.alt,
        source=asked.source,
    )


def _own_limits(measure: Measure, code: str, periods: pd.Index) -> dict[str, Any]:
    """Give an authority's own limits in each period: published, or of its counted cases; else none."""
    rows = _figures(measure.id)
    rows = rows[rows["area"] == code].set_index(["period_start", "period_end", "period_label"])
    rows = rows.reindex(periods)
    lower, upper = (rows[name].to_numpy(float, copy=True) for name in ("lower", "upper"))
    count, size = rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float)
    if measure.chance and np.isnan(lower).all():
        known = np.isfinite(rows["value"].to_numpy(float)) & np.isfinite(count) & (size > 0)
        method = intervals.proportion if measure.chance == "proportion" else intervals.rate
        found = method(count[known], size[known], per=measure.per)
        lower[known], upper[known] = found.lower, found.upper
    if np.isnan(lower).all():
        return {}
    return {"own_lower": lower, "own_upper": upper}


def control_chart(name: str, council: str, *, target: float | None = None) -> Chart:
    """Draw a council's control chart: what in its figures is more than their usual variation.

    Figures of the same part of each year are taken, so that a season is no signal. Where the series
    breaks a new phase begins, with limits of its own.

    Parameters
    ----------
    name : str
        A measure.
    council : str
    target : float, optional
        A line to be met.

    Returns
    -------
    Chart

    Examples
    --------
    >>> control_chart("household-recycling-rate", "Hull").kind
    'xmr'
    """
    asked = _asked(name, council, "kind")
    measure = asked.measure
    years = _years(measure, asked.shown.code)
    if years.empty:
        raise AreaError(words.sentence(asked.found, measure))
    breaks = [entry.at.year + (entry.at.month - 1) / 12 for entry in measure.breaks]
    begun = {int((years["time"] < at).sum()) for at in breaks}
    chart = control.xmr(
        years["value"].to_numpy(),
        rebase_at=sorted(at for at in begun if 0 < at < len(years)),
        improvement=_IMPROVEMENT[measure.polarity],
        target=target,
    )
    return charts.xmr(
        measure,
        chart,
        periods=years["period"].tolist(),
        times=years["time"].tolist(),
        name=asked.shown.name,
        target=np.nan if target is None else target,
        title=_verdict(asked, chart),
        alt=f"{_verdict(asked, chart)}. {asked.alt}",
        source=asked.source,
    )


def funnel(
    name: str, council: str, compared_with: str | OwnList = "kind", *, adjusted: bool = True
) -> Chart:
    """Draw councils by their size, within the limits that chance alone would set for that size.

    Parameters
    ----------
    name : str
        A measure of counted cases (its `chance` is in the catalogue).
    council : str
    compared_with : str or OwnList
        As for `council`; all of the same kind, if not given, because a funnel needs many.
    adjusted : bool
        Whether the limits are widened for what differs between councils beside chance. Without
        that, almost every large council lies outside them.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        For a measure whose chance cannot be computed.

    Examples
    --------
    >>> funnel("care-leavers-in-education-or-work", "Hull").kind
    'funnel'
    """
    asked = _asked(name, council, compared_with)
    one = asked.measure
    if one.chance is None:
        raise ValueError(
            f"{one.short}: it is not of counted cases, so that chance has no limits here"
        )
    table = _found_one(one.id, compared_with).reindex(asked.group)
    count, size = (table[part].to_numpy(dtype=float) for part in ("numerator", "denominator"))
    known = np.isfinite(count) & np.isfinite(size) & np.isfinite(table["value"].to_numpy(float))
    overall = float(count[known].sum() / size[known].sum())
    limits = _limits(one, count[known], size[known], overall, adjusted=adjusted)
    status = np.full(len(table), comparison.NOT_COMPARED, dtype=object)
    status[known] = limits.status
    sizes = np.geomspace(size[known].min(), size[known].max(), 80)
    rate = one.chance == "rate"
    lines = limits.curve(sizes * overall if rate else sizes)
    # A funnel of rates is one of ratios to what a council of that size would have.
    scale = one.per * (overall if rate else 1.0)
    return charts.funnel(
        one,
        pd.DataFrame(
            {"size": size, "value": table["value"].to_numpy(float), "status": status},
            index=[areas.register()[code].name for code in asked.group],
        ),
        pd.DataFrame({"size": sizes, **{f: getattr(lines, f) * scale for f in lines._fields}}),
        average=overall * one.per,
        chosen=asked.shown.name,
        several=asked.several,
        size=str(one.denominator)[:1].lower() + str(one.denominator)[1:],
        period=str(asked.found["period"]),
        title=asked.title,
        alt=asked.alt,
        source=asked.source,
        adjusted=adjusted,
    )


def _limits(
    measure: Measure, count: Any, size: Any, overall: float, *, adjusted: bool
) -> funnels.Funnel:
    if measure.chance == "proportion":
        if adjusted:
            return funnels.overdispersed(count, size, "proportion")
        return funnels.funnel_proportion(count, size)
    expected = size * overall
    if adjusted:
        return funnels.overdispersed(count, expected, "ratio")
    return funnels.funnel_ratio(count, expected)


def spine(
    council: str,
    measures: Sequence[str] | None = None,
    compared_with: str | OwnList = USUALLY,
    *,
    theme: str | None = None,
) -> Chart:
    """Draw where a council stands in several measures at once.

    Totals and judgements are left out: a total says how large a place is, and a judgement's words
    have no distance.

    Parameters
    ----------
    council : str
    measures : sequence of str, optional
        Which measures, in order; all of the theme, if not given.
    compared_with : str or OwnList
        As for `council`.
    theme : str, optional
        One of the catalogue's themes.

    Returns
    -------
    Chart
        A line for each measure, the better side at the right; `.table` has the words.

    Raises
    ------
    ValueError
        When neither measures nor a theme are given, or nothing of them can be compared.

    Examples
    --------
    >>> spine("Hull", theme="wellbeing").table.columns.tolist()[:2]
    ['Measure', 'Hull']
    """
    if measures is None and theme is None:
        raise ValueError("spine: expected measures or a theme")
    # A theme is checked, with its nearest, where it is listed.
    names = measures if measures is not None else _of_theme(str(theme))
    chosen = [one for one in map(_measure, names) if not one.size and one.unit != "judgement"]
    if not chosen:
        raise ValueError(
            "spine: none of these measures can be compared, as all are totals or judgements"
        )
    area = _authority(council)
    rows = [_spine_row(_Question(one, area, compared_with)) for one in chosen]
    first = _Question(chosen[0], area, compared_with)
    sources = dict.fromkeys(_Question(one, area, compared_with).source for one in chosen)
    several = words.group(first.found, chosen[0])
    said = [f"{row['measure']}: {row['said']}" for row in rows]
    return charts.spine(
        pd.DataFrame(rows),
        name=area.name,
        several=several,
        title=f"{area.name} among {several}",
        alt=" ".join(said),
        source="; ".join(sources),
    )


def _of_theme(theme: str) -> list[str]:
    return [str(one) for one in measures(theme).index]


def _spine_row(asked: _Question) -> dict[str, Any]:
    """Give what a spine chart draws of one measure."""
    found, one = asked.found, asked.measure
    row = {
        "measure": one.short,
        "value": "" if pd.isna(found["value"]) else writing.figure(found["value"], one),
        "middle": "" if pd.isna(found["median"]) else writing.figure(found["median"], one),
        "england": "" if pd.isna(found["england"]) else writing.figure(found["england"], one),
        "agreed": one.polarity is not None,
        "said": words.sentence(found, one),
        "marks": (np.nan,) * 5,
        "position": np.nan,
    }
    if pd.notna(found["median"]):
        spread_ = comparison.spine(
            asked.latest("value").to_numpy(), float(found["value"]), one.polarity
        )
        row |= {"marks": tuple(spread_.marks), "position": float(spread_.position)}
    return row


def hex_map(name: str, council: str | None = None) -> Chart:
    """Draw a map of England on which every council has the same room.

    Parameters
    ----------
    name : str
        A measure.
    council : str, optional
        One to be marked.

    Returns
    -------
    Chart

    Examples
    --------
    >>> hex_map("household-recycling-rate").kind
    'hexmap'
    """
    measure = _measure(name)
    found = _found_one(measure.id, "kind")
    own = found["shown"].astype(object) == found.index
    row = None if council is None else _asked(name, council, "kind")
    period = str(found["period"].iloc[0])
    title = f"{measure.short}, {period}" if row is None else row.title
    return charts.hexmap(
        measure,
        found["value"].where(own),
        chosen=None if row is None else row.shown.code,
        period=period,
        title=title,
        alt=f"A map of England by council: {title}." if row is None else row.alt,
        source=_source(measure.id),
    )


def _years(measure: Measure, code: str) -> pd.DataFrame:
    """Give the same part of each year, from an authority's first figure on: time, period, value."""
    codes = list(citizens().index)
    cube = next(cubes(_figures(measure.id), [measure.id], codes))
    values = cube.value[0, codes.index(code)]
    end = cube.start[0, -1].astype("datetime64[M]").astype(int) / 12 + 1970
    times = end - cube.step[0] * np.arange(len(values))[::-1]
    named = [str(text) or f"{int(time)}" for text, time in zip(cube.label[0], times, strict=True)]
    table = pd.DataFrame({"time": times.round(3), "period": named, "value": values})
    held = table.index[table["value"].notna()]
    return table.loc[held[0] :] if len(held) else table.iloc[:0]


def _verdict(asked: _Question, chart: control.ControlChart) -> str:
    """Say what the chart shows, in a title's length."""
    name = asked.shown.name
    if not chart.rule:
        return f"{name}: nothing more than the usual variation"
    ways = {"improving": "a signal, for the better", "concerning": "a signal, for the worse"}
    return f"{name}: {ways.get(str(chart.variation), 'a signal of change')}"


#: For the Tab key: every measure's id, and every council's name.
MEASURES: Final = Names("measure", catalogue())
COUNCILS: Final = Names("council", authorities.councils()["name"])
