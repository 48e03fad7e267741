"""What is found: every measure for every council, with all that a sentence or a chart needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from goldenthread import areas, observations, peers
from goldenthread.analysis import comparison, control, intervals, trends
from goldenthread.authorities import citizens as citizens
from goldenthread.authorities import councils as councils
from goldenthread.catalogue import Measure
from goldenthread.cube import Cube, Floats, Integers, cubes
from goldenthread.peers import OwnList, PeerSets

ENGLAND: Final = "E92000001"
#: How many years the earlier figure lies back.
YEARS_BACK: Final = 5
#: With fewer councils than this there is no middle to speak of, and nobody is ranked.
ENOUGH: Final = 5
#: With fewer points than this a control chart says nothing; with fewer than `SETTLED` its limits are
#: on trial.
ENOUGH_POINTS: Final = 10
SETTLED: Final = 13
#: With fewer years than this nothing is said of all years together.
MANY_YEARS: Final = 6
#: A rate on fewer cases than this changes a good deal with each one.
SMALL: Final = 20
#: How a note says on what basis a council reports, whatever else it says.
BASIS: Final = r"(Reporting basis: [^.]*)"
#: Months between one edition and the next, and of grace, before a figure counts as late.
RHYTHM: Final = {"annual": (12, 9), "quarterly": (3, 3), "monthly": (1, 3), "daily": (1, 3)}

#: What each council's figure is warned of, and where the warning is true.
WARNINGS: Final = ("provisional", "estimated", "rebased", "small", "broken", "basis")
AGAINST: Final = ("higher", "similar", "lower", "not compared")
CURRENCY: Final = ("up to date", "ageing", "out of date", "")
TRENDS: Final = ("increasing", "decreasing", "no significant change", "cannot be calculated")
#: How many comparisons of one authority with another are made at once.
_COMPARED: Final = 20_000_000
CHANGES: Final = ("", "risen", "fallen", "steady")
CHANGED_BY: Final = ("", "signal", "trend", "long trend")
CHANGE_IS: Final = ("", "better", "worse")
VARIATION: Final = ("", "common cause", "improving", "concerning", "neutral change")

Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


def figures_of(tier: str) -> pd.Series:
    """Tell whose figure each authority is shown: its own, its county's, or nobody's.

    Parameters
    ----------
    tier : {"upper", "lower", "both", "fire"}
        A measure's tier.

    Returns
    -------
    pandas.Series of str
        By GSS code, the code of the authority whose figure is shown; None where there is none: a
        district's service has no figure for the county, and a council's none for a fire authority.

    Examples
    --------
    >>> figures_of("upper")["E07000223"]  # Adur is shown West Sussex
    'E10000032'
    """
    table = citizens()
    own = pd.Series(table.index, index=table.index, dtype=object)
    fire = table["tier"] == "fire"
    if tier == "fire":
        return own.where(fire, table["fire"])
    if tier == "upper":
        own = own.where(table["tier"] != "lower", table["county"])
    elif tier == "lower":
        own = own.where(table["tier"] != "upper", None)
    return own.where(~fire, None)


@cache
def provision(service: str) -> pd.DataFrame:
    """Tell who provides a service, for every authority.

    Parameters
    ----------
    service : str
        An id of the register's services.

    Returns
    -------
    pandas.DataFrame
        By GSS code: `provided` (by itself), `exempt` (its kind does, and here somebody else does it)
        and `provider` (the name of who does; "" where that is itself or each of its districts).

    Examples
    --------
    >>> provision("libraries").loc["E07000223", "provider"]
    'West Sussex'
    """
    rows = []
    for code, kind in citizens()["kind"].items():
        provided = areas.provides(str(code), service)
        try:
            body = areas.provider(str(code), service)
            provider = "" if body.code == code else body.name
        except areas.AreaError:
            provider = ""
        exempt = kind in areas.services()[service].kinds and not provided
        rows.append((provided, exempt, provider))
    return pd.DataFrame(rows, columns=["provided", "exempt", "provider"], index=citizens().index)


# --- one pass over everything ----------------------------------------------------------------------


def table(
    observed: pd.DataFrame,
    measures: Iterable[Measure],
    comparator: str | OwnList | PeerSets = "kind",
    *,
    as_of: dt.date | None = None,
) -> pd.DataFrame:
    """Find everything: all measures × all authorities × one comparator, in one pass.

    Comparisons are with authorities that have a figure of their own in the same period and do the
    same job (see `_like`). Only who provides a service is ranked for it. Questions about time are
    asked of the same part of each year, after the last break in the series.

    Parameters
    ----------
    observed : pandas.DataFrame
        Observations of any number of measures, on today's areas, England with them where it is
        published.
    measures : iterable of Measure
    comparator : str, OwnList or PeerSets
        An id of `peers.comparators`, one council's own list, or groups made elsewhere, over the
        codes of `citizens`.
    as_of : datetime.date, optional
        The day on which the figures' age is counted; today, if not given.

    Returns
    -------
    pandas.DataFrame
        One row per measure and authority (fire and rescue authorities for their own measures only),
        indexed by `measure` and `area`:

        - `shown`: whose figure it is (see `figures_of`); its `name`, `kind`, `region` and `start`;
        - `comparator`: whom it is compared with ("own" for groups made elsewhere);
        - `period`, `period_start`, `period_end`: the measure's latest; `age` in months; `currency`;
        - `value`, `lower`, `upper` (95%), `interval` ("published", "computed" or ""), `numerator`,
          `denominator`, `status` ("not available" where the publisher has no row), `note`;
        - `last_value`, `last_period`: the authority's own latest figure, where that is older;
        - `provided`, `exempt`, `provider`: see `provision`, of the authority shown; `control`: how
          much of the figure a council decides;
        - `rank` (best is 1), `rank_last` (the end of a block of equals), `of`, `quartile` (1 is
          best): where it provides the service and a polarity is agreed; `quarter` (1 holds the
          lowest values) in any case, none where equals straddle two;
        - `peers`, `low`, `median`, `high`: how many are compared, and their quartiles;
        - `against_median`, `against_england`: "higher", "lower" or "similar" by the figure's own
          interval, "not compared" without one; `england`: its figure;
        - `trend` over the last five figures and `trend_by` ("weighted" by their intervals, or
          "rank"); `long_trend`, `slope` per year, `since` (its first period) and `points` over all;
        - `signal`, `signal_rule`, `signal_since`, `signal_high`: the control chart's verdict on the
          last figure, "" where there are not enough points;
        - `change`: what all this says of it ("risen", "fallen", "steady" or "", which is that nobody
          can tell), `change_by` ("signal", "trend" or "long trend") and, where a polarity is
          agreed, `change_is` ("better" or "worse"); `step`: the years between one figure and the next;
        - `before`, `before_period`: the figure five years earlier;
        - `is_new`: the authority was formed after the period, in place of others;
        - the `WARNINGS`, each true or false.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> from goldenthread.snapshot import snapshot
    >>> rate = catalogue()["household-recycling-rate"]
    >>> made = table(snapshot().measure(rate.id, areas="current"), [rate])
    >>> made.loc[(rate.id, "E06000010"), "kind"]
    'unitary'
    """
    listed = list(measures)
    codes = list(citizens().index)
    groups = comparator if isinstance(comparator, PeerSets) else peers.sets(comparator, codes)
    members = _with_self(groups, len(codes))
    today = as_of or dt.date.today()
    parts = [
        _found(_Chunk(cube, [listed[at] for at in cube.measures]), members, today)
        for cube in cubes(observed, [measure.id for measure in listed], [*codes, ENGLAND])
    ]
    if not parts:
        return _nothing()
    said = comparator if isinstance(comparator, str) else "own"
    return _joined(parts).assign(comparator=said)


def findings(
    measure: Measure,
    observed: pd.DataFrame,
    comparator: str | OwnList | PeerSets = "kind",
    *,
    as_of: dt.date | None = None,
) -> pd.DataFrame:
    """Find one measure for every authority.

    Parameters
    ----------
    measure : Measure
    observed : pandas.DataFrame
        The measure's observations, on today's areas.
    comparator, as_of
        As for `table`.

    Returns
    -------
    pandas.DataFrame
        One row per authority, indexed by GSS code; the columns of `table`.
    """
    return table(observed, [measure], comparator, as_of=as_of).droplevel("measure")


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the parts below each other, and keep texts as categories."""
    if len(parts) == 1:
        return parts[0]
    texts = [name for name, kind in parts[0].dtypes.items() if kind == "category"]
    whole = pd.concat([part.drop(columns=texts) for part in parts])
    for name in texts:
        whole[name] = union_categoricals([part[name] for part in parts])
    return whole[parts[0].columns]


def _nothing() -> pd.DataFrame:
    index = pd.MultiIndex.from_arrays([[], []], names=["measure", "area"])
    return pd.DataFrame(columns=["shown", "value"], index=index)


def _with_self(groups: PeerSets, count: int) -> tuple[Integers, Integers]:
    """Give the groups with their own council in each: rank and median rest on the same councils."""
    members, of = groups.members.astype(np.int64), groups.of.astype(np.int64)
    if groups.with_self:
        return members, of
    own = np.flatnonzero(of >= 0)
    theirs = members[of[own]]
    # A list of a council's own may name it: it counts once.
    theirs = np.where(theirs == own[:, None], -1, theirs)
    of = np.full(count, -1, dtype=np.int64)
    of[own] = np.arange(len(own))
    return np.concatenate([own[:, None], theirs], axis=1), of


@dataclass(frozen=True)
class _Chunk:
    """A cube and what its measures are, as arrays along its first axis."""

    cube: Cube
    measures: Sequence[Measure]

    def each(self, field: str) -> Texts:
        """Give a field of each measure."""
        return np.array([getattr(measure, field) for measure in self.measures], dtype=object)

    def provision(self, column: str) -> Texts:
        """Give a column of who provides each measure's service, (M, A); the place's own is everybody's."""
        nobody = {"provided": True, "exempt": False, "provider": ""}[column]
        everybody = np.full(len(citizens()), nobody, dtype=object)
        return np.array(
            [
                provision(measure.service)[column].to_numpy(dtype=object)
                if measure.service
                else everybody
                for measure in self.measures
            ]
        )


def _shown() -> dict[str, Integers]:
    """Give for each tier the position of whose figure each authority is shown; -1 for nobody's."""
    index = citizens().index
    return {
        tier: np.asarray(index.get_indexer(pd.Index(figures_of(tier))), dtype=np.int64)
        for tier in ("upper", "lower", "both", "fire")
    }


def _found(chunk: _Chunk, members: tuple[Integers, Integers], today: dt.date) -> pd.DataFrame:
    """Find everything about the measures of one cube."""
    cube = chunk.cube
    tiers = _shown()
    shown = np.stack([tiers[tier] for tier in chunk.each("tier")])
    count = shown.shape[1]
    own = shown == np.arange(count)
    provided = chunk.provision("provided").astype(bool)
    exempt = chunk.provision("exempt").astype(bool)

    lower, upper, interval = _limits(chunk)
    value = cube.value[..., -1]
    # A total says how large a place is: set beside others it would rank their size.
    sizes = chunk.each("size").astype(bool)
    scored = np.where(own & ~exempt & ~sizes[:, None], value[:, :count], np.nan)
    # A judgement's words have an order and no distance.
    ordinal = chunk.each("unit") == "judgement"

    columns: dict[str, Any] = {
        **{
            name: field[..., -1]
            for name, field in cube.numbers.items()
            if name not in ("lower", "upper")
        },
        "lower": lower[..., -1],
        "upper": upper[..., -1],
        "interval": interval[..., -1],
        "status": cube.status[..., -1],
        "note": cube.note,
        **_last(cube),
        **_earlier(chunk),
        **_changes(chunk, lower, upper, ordinal),
    }
    columns = {name: field[:, :count] for name, field in columns.items()}
    columns |= _standing(chunk, scored, provided, members, ordinal)
    columns |= {
        "provided": provided,
        "exempt": exempt,
        "provider": chunk.provision("provider"),
    }
    columns |= _against(columns, value[:, -1], ordinal | sizes)
    columns |= _change(chunk, columns)
    columns |= _warnings(chunk, columns)
    return _frame(chunk, shown, columns, value[:, -1], today)


# --- uncertainty -----------------------------------------------------------------------------------


def _limits(chunk: _Chunk) -> tuple[Floats, Floats, npt.NDArray[np.int8]]:
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


# --- among others ----------------------------------------------------------------------------------


def _standing(
    chunk: _Chunk,
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
    many = max(1, _COMPARED // (scored.shape[1] * max(members.shape[1], 1)))
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


def _like(chunk: _Chunk, provided: Bools) -> Integers:
    """Give the same number to those who do the same job, and so can be compared.

    Those that provide a service are compared with those that do. A figure that both tiers have is
    one thing for a county, another for a district and a third for a council that is both.
    """
    tier = np.asarray(pd.factorize(citizens()["tier"])[0], dtype=np.int64)
    both = (chunk.each("tier") == "both")[:, None]
    return np.where(both, 2 * tier, 0) + provided


def _ranks(chunk: _Chunk, found: dict[str, Floats], provided: Bools) -> dict[str, Floats]:
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


def _against(columns: dict[str, Any], england: Floats, never: Bools) -> dict[str, Any]:
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


# --- over time -------------------------------------------------------------------------------------


def _last(cube: Cube) -> dict[str, Any]:
    """Give each authority's own latest figure, for those that have none in the latest period."""
    older = np.isnan(cube.value[..., -1]) & np.isfinite(cube.last)
    return {
        "last_value": np.where(older, cube.last, np.nan),
        "last_period": np.where(older, cube.last_label, ""),
    }


def _earlier(chunk: _Chunk) -> dict[str, Any]:
    """Give the figure for the same part of the year, five years before."""
    cube = chunk.cube
    back, rest = np.divmod(YEARS_BACK, cube.step)
    place = cube.value.shape[-1] - 1 - back
    there = (rest == 0) & (place >= 0)
    rows = np.arange(len(place))
    before = np.where(there[:, None], cube.value[rows, :, np.maximum(place, 0)], np.nan)
    label = np.where(there, cube.label[rows, np.maximum(place, 0)], "")
    return {
        "before": before,
        "before_period": np.where(np.isfinite(before), label[:, None], ""),
    }


def _broken(chunk: _Chunk) -> Bools:
    """Tell which years lie before the last break of their series, (M, Y)."""
    cube = chunk.cube
    final = np.where(np.isnat(cube.end[:, -1]), np.datetime64("NaT"), cube.end[:, -1])
    last = np.array(
        [
            max(
                (np.datetime64(b.at, "D") for b in measure.breaks if np.datetime64(b.at) <= end),
                default=np.datetime64("NaT"),
            )
            for measure, end in zip(chunk.measures, final, strict=True)
        ],
        dtype="datetime64[D]",
    )
    # A comparison with "not a time" is false: no break, nothing before it.
    return np.asarray(cube.start < last[:, None])


def _changes(chunk: _Chunk, lower: Floats, upper: Floats, ordinal: Bools) -> dict[str, Any]:
    """Give trends and signals, of the years after the last break."""
    cube = chunk.cube
    hidden = _broken(chunk)[:, None, :] | ordinal[:, None, None]
    value, low, high = (np.where(hidden, np.nan, field) for field in (cube.value, lower, upper))
    return {
        **_recent(value, low, high),
        **_long(cube, value),
        **_signals(chunk, value),
        "broken": np.broadcast_to(
            hidden[:, :, -1 - YEARS_BACK :].any(axis=-1) & ~ordinal[:, None], value.shape[:2]
        ),
    }


def _recent(value: Floats, lower: Floats, upper: Floats) -> dict[str, Any]:
    """Find the trend over the last five figures: weighted by their intervals, else by rank."""
    five = [_last_columns(field, YEARS_BACK) for field in (value, lower, upper)]
    weighted = np.isfinite(five[1]).all(axis=-1) & np.isfinite(five[2]).all(axis=-1)
    whole = np.isfinite(five[0]).all(axis=-1)
    direction = np.full(whole.shape, TRENDS.index("cannot be calculated"), dtype=np.int8)
    by = np.zeros(whole.shape, dtype=np.int8)
    if (whole & weighted).any():
        rows = whole & weighted
        found = trends.recent_trend(*(field[rows] for field in five))
        direction[rows] = _codes(found.direction, TRENDS)
        by[rows] = 1
    if (whole & ~weighted).any():
        rows = whole & ~weighted
        direction[rows] = _codes(trends.mann_kendall(five[0][rows]).direction, TRENDS)
        by[rows] = 2
    return {"trend": direction, "trend_by": by}


def _last_columns(field: Floats, count: int) -> Floats:
    """Give the last columns, with missing ones before the first where there are fewer."""
    short = count - field.shape[-1]
    if short <= 0:
        return field[..., -count:]
    return np.pad(field, [(0, 0), (0, 0), (short, 0)], constant_values=np.nan)


def _long(cube: Cube, value: Floats) -> dict[str, Any]:
    """Find the trend over all years: by rank, and as a slope per year."""
    present = np.isfinite(value)
    points = present.sum(axis=-1)
    first = np.where(points > 0, present.argmax(axis=-1), 0)
    direction = np.full(points.shape, TRENDS.index("cannot be calculated"), dtype=np.int8)
    slope = np.full(points.shape, np.nan)
    # A figure for the latest period belongs to any trend that is spoken of today.
    rows = present[..., -1] & (points >= MANY_YEARS)
    if rows.any():
        found = trends.mann_kendall(value[rows])
        direction[rows] = _codes(found.direction, TRENDS)
        slope[rows] = trends.theil_sen(value[rows]).slope
    labels = cube.label[np.arange(len(value))[:, None], first]
    return {
        "long_trend": direction,
        "slope": slope / cube.step[:, None],
        "since": np.where(points > 0, labels, ""),
        "points": points,
    }


def _signals(chunk: _Chunk, value: Floats) -> dict[str, Any]:
    """Read the control chart of each series at its last figure."""
    cube = chunk.cube
    points = np.isfinite(value).sum(axis=-1)
    rows = np.isfinite(value[..., -1]) & (points >= ENOUGH_POINTS)
    variation = np.zeros(points.shape, dtype=np.int8)
    rule, since = (np.full(points.shape, "", dtype=object) for _ in range(2))
    high = np.zeros(points.shape, dtype=np.int8)
    if rows.any():
        improvement = {"high": "increase", "low": "decrease", None: ""}
        wanted = np.array([improvement[p] for p in chunk.each("polarity")], dtype=object)
        wanted = np.broadcast_to(wanted[:, None], points.shape)[rows]
        found = control.signals(value[rows], improvement=wanted)
        variation[rows] = _codes(found.variation, VARIATION)
        rule[rows], high[rows] = found.rule, found.direction
        measure = np.nonzero(rows)[0]
        since[rows] = np.where(
            found.began >= 0, cube.label[measure, np.maximum(found.began, 0)], ""
        )
    return {"signal": variation, "signal_rule": rule, "signal_since": since, "signal_high": high}


def _change(chunk: _Chunk, columns: dict[str, Any]) -> dict[str, Any]:
    """Say what signal and trends come to together; where they disagree, the latest years decide."""
    signal, recent, long = columns["signal"], columns["trend"], columns["long_trend"]
    way = np.array([1, -1, 0, 0])  # of TRENDS
    moved_lately, moved = way[recent], way[long]
    special = signal >= VARIATION.index("improving")
    signalled = np.where(special, columns["signal_high"], 0)
    signalled = np.where(signalled * moved_lately < 0, 0, signalled)
    # Five figures without intervals can hardly ever be a trend by rank: then all years may speak.
    weighted = columns["trend_by"] == 1
    moved = np.where(weighted & (recent == TRENDS.index("no significant change")), 0, moved)
    steady = TRENDS.index("no significant change")
    options = [
        (signalled != 0, signalled, "signal"),
        (moved_lately != 0, moved_lately, "trend"),
        (moved != 0, moved, "long trend"),
        (signal == VARIATION.index("common cause"), 0 * moved, "signal"),
        ((recent == steady) | (long == steady), 0 * moved, "trend"),
    ]
    holds = [condition for condition, _, _ in options]
    by = np.select(holds, [CHANGED_BY.index(word) for _, _, word in options], 0)
    towards = np.select(holds, [sign for _, sign, _ in options], 0)
    change = np.select(
        [by == 0, towards > 0, towards < 0], [CHANGES.index(w) for w in ("", "risen", "fallen")], 3
    )
    polarity = chunk.each("polarity")[:, None]
    sign = np.where(polarity == "high", 1, 0) - np.where(polarity == "low", 1, 0)
    verdict = np.array([0, 1, 2])[np.sign(towards * sign)]
    step = np.broadcast_to(chunk.cube.step[:, None], change.shape)
    return {"change": change, "change_by": by, "change_is": verdict, "step": step}


def _codes(said: npt.ArrayLike, words: Sequence[str]) -> npt.NDArray[np.int8]:
    """Give each text's place among the words it can be."""
    text = np.asarray(said)
    codes = np.zeros(text.shape, dtype=np.int8)
    for code, word in enumerate(words):
        codes[text == word] = code
    return codes


# --- what a reader must be told --------------------------------------------------------------------


def _warnings(chunk: _Chunk, columns: dict[str, Any]) -> dict[str, Bools]:
    """Tell which figures need a warning."""
    status = columns["status"]
    chance = (chunk.each("chance") != None)[:, None]  # noqa: E711 (an array is compared)
    return {
        **{
            name: status == observations.STATUSES.index(name)
            for name in ("provisional", "estimated", "rebased")
        },
        "small": chance & (columns["numerator"] < SMALL) & np.isfinite(columns["value"]),
        "basis": _otherwise(chunk, columns["note"]) & np.isfinite(columns["value"]),
    }


def _otherwise(chunk: _Chunk, note: Texts) -> Bools:
    """Tell who reports on another basis than most, for measures that are reported on several."""
    other = np.zeros(note.shape, dtype=bool)
    for row in np.flatnonzero(chunk.each("reporting") != None):  # noqa: E711 (an array is compared)
        said = pd.Series(note[row]).str.extract(BASIS, expand=False)
        usual = said.mode()
        if len(usual):
            other[row] = (said.notna() & (said != usual[0])).to_numpy()
    return other


def _currency(measure: Measure, end: np.datetime64, today: dt.date) -> tuple[int, str]:
    """Give the age of a measure's latest figure in months, and what that means for its rhythm."""
    last = end.astype("datetime64[D]").item()
    age = (today.year - last.year) * 12 + today.month - last.month - (today.day < last.day)
    if measure.frequency not in RHYTHM:
        return age, ""
    gap, grace = RHYTHM[measure.frequency]
    if age <= gap + grace:
        return age, "up to date"
    return age, "ageing" if age <= 3 * gap + grace else "out of date"


# --- as a table ------------------------------------------------------------------------------------


def _frame(
    chunk: _Chunk, shown: Integers, columns: dict[str, Any], england: Floats, today: dt.date
) -> pd.DataFrame:
    """Show each authority the figures it is shown: one row for each measure and authority."""
    people, cube = citizens(), chunk.cube
    fire = (people["tier"] == "fire").to_numpy()
    kept = ~fire | (chunk.each("tier") == "fire")[:, None]
    measure, area = np.nonzero(kept)
    whose = shown[measure, area]
    nobody = whose < 0
    at = (measure, np.maximum(whose, 0))

    data: dict[str, Any] = {"shown": _categories(people.index, whose)}
    for name in ("name", "kind"):
        data[name] = _categories(*_factorised(people[name], whose))
    regions = [areas.register()[code].name if code else "" for code in people["region"]]
    data["region"] = _categories(*_factorised(regions, whose))
    data["start"] = np.where(nobody, np.datetime64("NaT"), people["start"].to_numpy()[at[1]])
    ages = [_currency(m, end, today) for m, end in zip(chunk.measures, cube.end[:, -1])]
    data["period"] = _categories(*_factorised(cube.label[:, -1], measure))
    data["period_start"], data["period_end"] = (
        field[:, -1].astype("datetime64[s]")[measure] for field in (cube.start, cube.end)
    )
    data["age"] = np.array([age for age, _ in ages])[measure]
    data["currency"] = _categories(*_factorised([word for _, word in ages], measure))
    data["control"] = _categories(*_factorised(chunk.each("control"), measure))
    data["england"] = england[measure]
    begun = people["successor"].to_numpy()[at[1]] & (data["start"] > data["period_end"])
    data["is_new"] = begun & ~nobody & np.isnan(columns["value"][at])
    words = {
        "status": observations.STATUSES,
        "interval": ("", "published", "computed"),
        "against_median": AGAINST,
        "against_england": AGAINST,
        "trend": TRENDS,
        "trend_by": ("", "weighted", "rank"),
        "long_trend": TRENDS,
        "signal": VARIATION,
        "change": CHANGES,
        "change_by": CHANGED_BY,
        "change_is": CHANGE_IS,
    }
    for name, field in columns.items():
        values = field[at]
        if name in words:
            values = np.where(nobody, -1, values)
            if name == "status":
                missing = words[name].index("not available")
                values = np.where((values < 0) & ~nobody, missing, values)
            data[name] = _categories(pd.Index(words[name]), values)
        elif values.dtype == bool:
            data[name] = values & ~nobody
        elif values.dtype == object:
            data[name] = pd.Categorical(np.where(nobody, "", values))
        else:
            data[name] = np.where(nobody, np.nan if values.dtype == float else 0, values)
    index = pd.MultiIndex.from_arrays(
        [
            _categories(pd.Index([m.id for m in chunk.measures]), measure),
            pd.Categorical.from_codes(area, categories=people.index),
        ],
        names=["measure", "area"],
    )
    return pd.DataFrame(data, index=index)


def _factorised(values: Any, places: Integers) -> tuple[pd.Index, Integers]:
    """Give the distinct texts of a list, and which of them stands at each place; -1 stays."""
    codes, distinct = pd.factorize(np.asarray(values, dtype=object))
    return pd.Index(distinct), np.where(places < 0, -1, codes[np.maximum(places, 0)])


def _categories(categories: pd.Index, codes: Integers) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=categories)
