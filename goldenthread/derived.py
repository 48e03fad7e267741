"""Figures made of two published ones: what was spent, over the residents it was spent for."""

from __future__ import annotations

from typing import Final

import pandas as pd

from goldenthread import observations
from goldenthread.areas import ENGLAND
from goldenthread.authorities import councils
from goldenthread.catalogue import Measure

#: How old an estimate of residents may be at the end of the year it stands for: the one of the year's
#: own summer, or of the summer before while that is not published.
OLDEST: Final = pd.Timedelta(days=22 * 31)
_PERIOD: Final = ["period_start", "period_end", "period_label"]


def derive(
    measure: Measure,
    numerator: pd.DataFrame,
    denominator: pd.DataFrame,
    less: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Divide one measure by another, area by area and period by period.

    A period takes the newest denominator that is not after its end and not older than `OLDEST`; all
    areas take the one of the same day, so that they are compared like with like. A fire and rescue
    authority takes the sum of its councils.

    Parameters
    ----------
    measure : Measure
        The derived one; its `per` multiplies.
    numerator, denominator : pandas.DataFrame
        Observations of one measure each, on the same areas.
    less : pandas.DataFrame, optional
        What is taken from the denominator: residents less children are adults.

    Returns
    -------
    pandas.DataFrame
        Observations, one for each of the numerator's whose period has a denominator. Where a part is
        missing the value is, with that part's reason.

    Examples
    --------
    >>> from goldenthread.snapshot import snapshot
    >>> made = snapshot().measure("total-service-spending-per-resident", areas="current")
    >>> bool((made["value"] == made["numerator"] / made["denominator"]).dropna().any())
    True
    """
    below = _below(denominator, less)
    if measure.tier == "fire":
        below = pd.concat([below, _of_fire_authorities(below)])
    days = {end: _day(end, below["period_end"]) for end in numerator["period_end"].unique()}
    # A combined authority, say, has no estimate of its own, and so no figure rather than a missing one.
    known = set(below["area"].unique())
    if measure.derived and not measure.derived.nation:
        known.discard(ENGLAND)
    counted = numerator[numerator["area"].isin(known)]
    day = pd.to_datetime(counted["period_end"].map(days)).astype("datetime64[s]")
    above = counted.assign(day=day).dropna(subset="day")
    below = below[below["period_end"].isin(list(days.values()))]
    joined = above.merge(
        below[["area", "period_end", "value", "period_label"]].rename(
            columns={"period_end": "day", "value": "over", "period_label": "of"}
        ),
        on=["area", "day"],
        how="left",
    )
    over = joined["over"].where(joined["over"] > 0)
    value = joined["value"] / over * measure.per
    kept = joined["status"].where(joined["value"].isna() | value.notna(), "not available")
    told = joined["of"].fillna("").map(lambda of: f"Over the estimate of {of}." if of else "")
    return observations.frame(
        {
            **{name: joined[name].to_numpy() for name in ("area", *_PERIOD)},
            "measure": measure.id,
            "value": value.to_numpy(),
            "numerator": joined["value"].to_numpy(),
            "denominator": over.to_numpy(),
            "status": kept.to_numpy(),
            "note": (joined["note"] + " " + told).str.strip().to_numpy(),
        }
    )


def _below(denominator: pd.DataFrame, less: pd.DataFrame | None) -> pd.DataFrame:
    if less is None:
        return denominator
    both = denominator.merge(less[["area", "period_end", "value"]], on=["area", "period_end"])
    return both.assign(value=both["value_x"] - both["value_y"])


def _of_fire_authorities(table: pd.DataFrame) -> pd.DataFrame:
    """Add up the councils of each fire and rescue authority; none where one of them is missing."""
    within = councils().loc[councils()["tier"] != "upper", "fire"].dropna()
    parts = table[table["area"].isin(list(within.index)) & table["value"].notna()]
    parts = parts.assign(area=parts["area"].map(within))
    period = parts.groupby(["area", *_PERIOD], as_index=False)["value"].agg(["sum", "count"])
    whole = period[period["count"] == period["area"].map(within.value_counts())]
    return whole.rename(columns={"sum": "value"})


def _day(end: pd.Timestamp, days: pd.Series) -> pd.Timestamp | None:
    fitting = days[(days <= end) & (days >= end - OLDEST)]
    return None if fitting.empty else fitting.max()
