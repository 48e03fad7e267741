"""One measure over time: areas × periods, and how councils of each kind are spread in each period."""

from __future__ import annotations

import pandas as pd

from goldenthread import areas
from goldenthread.catalogue import Measure
from goldenthread.findings import ENOUGH, citizens, councils, figures_of

#: The group of all councils that have a figure, whatever their kind.
ALL = "all"


def wide(observations: pd.DataFrame) -> pd.DataFrame:
    """Lay one measure's values out as areas × periods.

    Parameters
    ----------
    observations : pandas.DataFrame
        One measure's observations.

    Returns
    -------
    pandas.DataFrame
        Areas down, periods across in order of time; the columns are (period_start, period_end,
        period_label). NaN where there is no value.
    """
    return observations.pivot_table(
        index="area",
        columns=["period_start", "period_end", "period_label"],
        values="value",
        aggfunc="first",
        dropna=False,
        observed=True,
    ).pipe(lambda table: table.loc[:, table.notna().any()].sort_index(axis=1))


def times(table: pd.DataFrame) -> list[float]:
    """Give the time of each period of a wide table: the year it begins in, and the part of it.

    Parameters
    ----------
    table : pandas.DataFrame
        As `wide` gives it.

    Returns
    -------
    list of float
    """
    starts = pd.DatetimeIndex(table.columns.get_level_values("period_start"))
    return [round(start.year + (start.month - 1) / 12, 3) for start in starts]


def of_kinds(measure: Measure, observations: pd.DataFrame) -> pd.DataFrame:
    """Give the middle council and the middle half of each kind of council, for every period.

    Quartiles are of councils, each counting once, by linear interpolation. A judgement has none:
    its words have an order and no distance. For a fire service's figures "all" are the fire and
    rescue authorities.

    Parameters
    ----------
    measure : Measure
    observations : pandas.DataFrame
        The measure's observations, on today's areas.

    Returns
    -------
    pandas.DataFrame
        Indexed by kind (and "all") and period label, in order of time: `lower`, `median`, `upper`
        and `councils`, how many have a figure. NaN below five councils.
    """
    people = citizens()
    listed = people[people["tier"] == "fire"] if measure.tier == "fire" else councils()
    own = figures_of(measure.tier).reindex(listed.index)
    listed = listed[own == listed.index]
    table = wide(observations).droplevel([0, 1], axis=1)
    table = table.reindex(listed.index)
    parts: dict[str, pd.DataFrame] = {ALL: table}
    parts |= {kind: table[listed["kind"] == kind] for kind in areas.COUNCIL_KINDS}
    ordinal = measure.unit == "judgement"
    return pd.concat(
        {kind: quartiles(part, ordinal) for kind, part in parts.items()}, names=["kind"]
    )


def quartiles(table: pd.DataFrame, ordinal: bool = False) -> pd.DataFrame:
    """Give the quartiles of councils in each period.

    Parameters
    ----------
    table : pandas.DataFrame
        Councils down, periods across.
    ordinal : bool
        Whether the values are judgements, which have none.

    Returns
    -------
    pandas.DataFrame
        By period, `lower`, `median`, `upper` and `councils`. NaN below five councils.

    Examples
    --------
    >>> quartiles(pd.DataFrame({"2022/23": [1, 2, 3, 4, 5]})).loc["2022/23", "median"].item()
    3.0
    """
    result = table.quantile([0.25, 0.5, 0.75]).T.set_axis(["lower", "median", "upper"], axis=1)
    count = table.notna().sum()
    result = result.where((count >= ENOUGH) & (not ordinal), axis=0)
    return result.assign(councils=count).rename_axis("period_label")
