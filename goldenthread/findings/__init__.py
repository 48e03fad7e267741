"""What is found: every measure for every council, with all that a sentence or a chart needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from goldenthread import peers
from goldenthread.authorities import citizens, councils
from goldenthread.catalogue import Measure
from goldenthread.cube import Integers, cubes
from goldenthread.findings.cautions import warnings
from goldenthread.findings.change import change, earlier, last, over_time
from goldenthread.findings.chunk import Chunk
from goldenthread.findings.layout import frame
from goldenthread.findings.standing import against, standing
from goldenthread.findings.terms import (
    ENGLAND,
    ENOUGH,
    ENOUGH_POINTS,
    MANY_YEARS,
    SETTLED,
    YEARS_BACK,
)
from goldenthread.findings.uncertainty import limits
from goldenthread.findings.whose import figures_of, provision, whose
from goldenthread.peers import OwnList, PeerSets

__all__ = [
    "ENGLAND",
    "ENOUGH",
    "ENOUGH_POINTS",
    "MANY_YEARS",
    "SETTLED",
    "YEARS_BACK",
    "citizens",
    "councils",
    "figures_of",
    "findings",
    "provision",
    "table",
]


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
        _found(Chunk(cube, [listed[at] for at in cube.measures]), members, today)
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


def _found(chunk: Chunk, members: tuple[Integers, Integers], today: dt.date) -> pd.DataFrame:
    """Find everything about the measures of one cube."""
    cube = chunk.cube
    tiers = whose()
    shown = np.stack([tiers[tier] for tier in chunk.each("tier")])
    count = shown.shape[1]
    own = shown == np.arange(count)
    provided = chunk.provision("provided").astype(bool)
    exempt = chunk.provision("exempt").astype(bool)

    lower, upper, interval = limits(chunk)
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
        **last(cube),
        **earlier(chunk),
        **over_time(chunk, lower, upper, ordinal),
    }
    columns = {name: field[:, :count] for name, field in columns.items()}
    columns |= standing(chunk, scored, provided, members, ordinal)
    columns |= {
        "provided": provided,
        "exempt": exempt,
        "provider": chunk.provision("provider"),
    }
    columns |= against(columns, value[:, -1], ordinal | sizes)
    columns |= change(chunk, columns)
    columns |= warnings(chunk, columns)
    return frame(chunk, shown, columns, value[:, -1], today)
