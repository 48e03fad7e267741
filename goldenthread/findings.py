"""What is found: one measure for every council, with all that a sentence or a chart needs."""

from __future__ import annotations

from functools import cache
from typing import Final, cast

import numpy as np
import pandas as pd

from goldenthread import areas
from goldenthread.analysis import comparison
from goldenthread.catalogue import Measure

ENGLAND: Final = "E92000001"
#: The group of all councils that have a figure, whatever their kind.
ALL: Final = "all"
#: How many years the earlier figure lies back.
YEARS_BACK: Final = 5
#: With fewer councils than this there is no middle to speak of.
ENOUGH: Final = 5


@cache
def councils() -> pd.DataFrame:
    """List today's councils as a table.

    Returns
    -------
    pandas.DataFrame
        One row per council, indexed by its GSS code: `name`, `kind`, `tier`, `county` (a code),
        `start` (the first day of its code, where the register knows it).

    Examples
    --------
    >>> councils().loc["E06000010", "name"]
    'Hull'
    """
    listed = areas.councils()
    return pd.DataFrame(
        {
            "name": [area.name for area in listed],
            "kind": [area.kind for area in listed],
            "tier": [area.tier for area in listed],
            "county": [area.county for area in listed],
            "start": pd.to_datetime(
                pd.Series([area.start for area in listed], dtype=object)
            ).to_numpy(),
        },
        index=pd.Index([area.code for area in listed], name="area"),
    )


#: A column of a wide table: the period's first and last day, and its name.
_Column = tuple[pd.Timestamp, pd.Timestamp, str]


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


def figures_of(measure: Measure, table: pd.DataFrame | None = None) -> pd.Series:
    """Tell whose figure each council is shown: its own, its county's, or nobody's.

    Parameters
    ----------
    measure : Measure
    table : pandas.DataFrame, optional
        The councils, as `councils` gives them.

    Returns
    -------
    pandas.Series of str
        By GSS code, the code of the council whose figure is shown; missing where the service is
        each district's and not the county's.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> figures_of(catalogue()["household-recycling-rate"])["E07000223"]
    'E07000223'
    """
    table = councils() if table is None else table
    own = pd.Series(table.index, index=table.index, dtype=object)
    if measure.tier == "upper":
        return own.where(table["tier"] != "lower", table["county"])
    if measure.tier == "lower":
        return own.where(table["tier"] != "upper")
    return own


def spread(measure: Measure, observations: pd.DataFrame) -> pd.DataFrame:
    """Give the middle council and the middle half of each kind of council, for every period.

    Quartiles are of councils, each counting once, by linear interpolation.

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
    listed = councils()
    own = figures_of(measure, listed)
    listed = listed[own == listed.index]
    table = wide(observations).droplevel([0, 1], axis=1)
    table = table.reindex(listed.index)
    parts: dict[str, pd.DataFrame] = {ALL: table}
    parts |= {kind: table[listed["kind"] == kind] for kind in areas.COUNCIL_KINDS}
    return pd.concat({kind: _quartiles(part) for kind, part in parts.items()}, names=["kind"])


def _quartiles(table: pd.DataFrame) -> pd.DataFrame:
    result = table.quantile([0.25, 0.5, 0.75]).T.set_axis(["lower", "median", "upper"], axis=1)
    count = table.notna().sum()
    result = result.where(count >= ENOUGH, axis=0)
    return result.assign(councils=count).rename_axis("period_label")


def findings(measure: Measure, observations: pd.DataFrame) -> pd.DataFrame:
    """Find, for every council, where its latest figure stands among councils of its kind.

    Parameters
    ----------
    measure : Measure
    observations : pandas.DataFrame
        The measure's observations, on today's areas, England with them where it is published.

    Returns
    -------
    pandas.DataFrame
        One row per council of today, indexed by GSS code:

        - `shown`: whose figure it is (see `figures_of`), `name`, `kind` and `start` of that council;
        - `period`, `period_end`: the measure's latest period;
        - `value` and `status` in it ("not available" where the publisher has no row);
        - `last_value`, `last_period`: the council's own latest figure, where that is older;
        - `rank` (best is 1; missing without a polarity), `quarter` (1 holds the lowest values) and
          `councils`: among councils of that kind in that period;
        - `lower`, `median`, `upper`: the middle half of that kind; `england`;
        - `before`, `before_period`: the figure five years earlier.

    Examples
    --------
    >>> import pandas as pd
    >>> from goldenthread import observations as table
    >>> from goldenthread.catalogue import catalogue
    >>> codes = ["E06000010", "E06000011", "E06000012", "E06000013", "E06000014"]
    >>> made = table.frame({
    ...     "area": codes, "measure": "household-recycling-rate",
    ...     "period_start": pd.Timestamp("2022-04-01"), "period_end": pd.Timestamp("2023-03-31"),
    ...     "period_label": "2022/23", "value": [30.0, 40.0, 50.0, 50.0, 60.0],
    ...     "lower": float("nan"), "upper": float("nan"), "numerator": float("nan"),
    ...     "denominator": float("nan"), "status": "published", "note": "",
    ... })
    >>> found = findings(catalogue()["household-recycling-rate"], made)
    >>> found.loc["E06000012", ["rank", "median"]].tolist()
    [2.0, 50.0]
    >>> int(found.loc["E06000012", "councils"])
    5
    """
    listed = councils()
    shown = figures_of(measure, listed)
    table = wide(observations)
    start, end, label = cast(_Column, table.columns[-1])
    own = listed.index[shown == listed.index]
    values = table.iloc[:, -1].reindex(own)
    kind = listed.loc[own, "kind"]

    by_kind = values.groupby(kind)
    ranks = by_kind.transform(lambda part: comparison.rank(part, measure.polarity))
    quarters = by_kind.transform(lambda part: comparison.quantile_group(part, 4))
    enough = by_kind.transform("count") >= ENOUGH
    latest = observations[
        (observations["period_start"] == start) & (observations["period_end"] == end)
    ]
    status = latest.drop_duplicates("area").set_index("area")["status"]

    series = table.reindex(own)
    result = pd.DataFrame(
        {
            "value": values,
            "status": status.reindex(own).fillna("not available"),
            "rank": ranks.where(enough),
            "quarter": quarters.where(enough),
            **_last(series),
            **_earlier(series, start, end),
        }
    )
    result = result.reindex(shown.to_numpy()).set_index(shown.index)
    result.insert(0, "shown", shown)
    described = listed[["name", "kind", "start"]].reindex(shown.to_numpy()).set_index(shown.index)
    result = result.join(described)
    result["period"], result["period_end"] = label, end
    middle = spread(measure, observations).xs(label, level="period_label")
    result = result.join(middle, on="kind")
    result["councils"] = result["councils"].fillna(0).astype(int)
    england = table.iloc[:, -1].get(ENGLAND, np.nan)
    return result.assign(england=england)


def _last(series: pd.DataFrame) -> dict[str, pd.Series]:
    """Give each area's own latest figure, for those that have none in the latest period."""
    labels = pd.Series(series.columns.get_level_values("period_label"))
    present = series.notna().to_numpy()
    position = np.where(present.any(axis=1), present.shape[1] - 1 - present[:, ::-1].argmax(1), -1)
    values = np.where(position >= 0, series.to_numpy()[np.arange(len(series)), position], np.nan)
    periods = labels.reindex(position).to_numpy()
    older = (position >= 0) & (position < present.shape[1] - 1)
    return {
        "last_value": pd.Series(np.where(older, values, np.nan), index=series.index),
        "last_period": pd.Series(periods, index=series.index, dtype=object).where(older, None),
    }


def _earlier(series: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> dict[str, pd.Series]:
    """Give the figure for the same part of the year, five years before."""
    wanted = (start - pd.DateOffset(years=YEARS_BACK), end - pd.DateOffset(years=YEARS_BACK))
    for column in cast(list[_Column], list(series.columns)):
        # The end may differ by a day, in a leap year.
        if column[0] == wanted[0] and abs((column[1] - wanted[1]).days) <= 1:
            return {"before": series[column], "before_period": pd.Series(column[2], series.index)}
    nothing = pd.Series(np.nan, series.index)
    return {"before": nothing, "before_period": pd.Series(None, series.index, dtype=object)}
