"""The same findings worked out the plain way, one council and one measure at a time, with pandas."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from goldenthread import areas, findings
from goldenthread.analysis import comparison, control, intervals, trends

#: What is compared with the fast way.
NUMBERS = (
    "value", "lower", "upper", "median", "low", "high", "peers", "rank", "rank_last", "of",
    "quarter", "quartile", "england", "before", "slope", "points", "last_value",
)  # fmt: skip
TEXTS = (
    "shown", "status", "period", "against_median", "against_england", "trend", "long_trend",
    "signal", "before_period", "last_period",
)  # fmt: skip


def finding(measure, table, code):
    """One council's finding about one measure, compared with its kind."""
    people = findings.citizens()
    shown = findings.figures_of(measure.tier)[code]
    row = dict.fromkeys(NUMBERS, math.nan) | dict.fromkeys(TEXTS, "")
    row["shown"] = shown
    present = table[table["area"].isin([*people.index, findings.ENGLAND]) & table["value"].notna()]
    latest = present.sort_values(["period_end", "period_start"]).iloc[-1]
    row["period"] = latest["period_label"]
    now = table[
        (table["period_start"] == latest["period_start"])
        & (table["period_end"] == latest["period_end"])
    ]
    england = now.loc[now["area"] == findings.ENGLAND, "value"]
    row["england"] = england.iloc[0] if len(england) else math.nan
    if shown is None:
        row["points"] = 0
        return row
    own = now[now["area"] == shown]
    row["status"] = own["status"].iloc[0] if len(own) else "not available"
    value = own["value"].iloc[0] if len(own) else math.nan
    row["value"] = value

    history = _years(measure, table[table["area"] == shown], latest)
    row["lower"], row["upper"] = history["lower"].iloc[-1], history["upper"].iloc[-1]
    earlier = table[(table["area"] == shown) & table["value"].notna()]
    if math.isnan(value) and len(earlier):
        last = earlier.sort_values(["period_end", "period_start"]).iloc[-1]
        row["last_value"], row["last_period"] = last["value"], last["period_label"]

    _compare(row, measure, now, shown)
    _over_time(row, measure, history)
    return row


def _years(measure, own, latest):
    """The same part of each year, oldest first, with empty rows for years without a figure."""
    length = (latest["period_end"] - latest["period_start"]).days + 1
    step = max(1, round(length / 365.25))
    rows = []
    start = latest["period_start"]
    for _ in range(60):
        here = own[
            (own["period_start"].dt.year == start.year)
            & (own["period_start"].dt.month == start.month)
            & (
                ((own["period_end"] - own["period_start"]).dt.days + 1 - length).abs()
                <= max(2, length // 200)
            )
        ]
        found = here.iloc[0].to_dict() if len(here) else {"value": math.nan, "period_label": ""}
        found |= dict(zip(("lower", "upper"), _limits(measure, found), strict=True))
        rows.append({**found, "begins": start})
        start = start - pd.DateOffset(years=step)
    return pd.DataFrame(rows[::-1]).assign(step=step)


def _limits(measure, found):
    value = found["value"]
    if math.isnan(value):
        return math.nan, math.nan
    if not (math.isnan(found["lower"]) or math.isnan(found["upper"])):
        return found["lower"], found["upper"]
    count, total = found["numerator"], found["denominator"]
    if measure.chance is None or math.isnan(count) or not total > 0:
        return math.nan, math.nan
    if measure.chance == "proportion":
        if count > total:
            return math.nan, math.nan
        lower, upper = intervals.wilson(count, total)
        lower, upper = lower * measure.per, upper * measure.per
    else:
        _, lower, upper = intervals.rate(count, total, per=measure.per)
    return min(lower, value), max(upper, value)


def _compare(row, measure, now, shown):
    people = findings.citizens()
    ordinal = measure.unit == "judgement"
    owner = findings.figures_of(measure.tier)

    def does(code):
        return measure.service is None or areas.provides(code, measure.service)

    def counts(code):
        kind = people.loc[code, "kind"]
        if measure.service is None:
            return True
        return does(code) or kind not in areas.services()[measure.service].kinds

    group = [
        code
        for code in people.index[people["kind"] == people.loc[shown, "kind"]]
        if owner[code] == code and counts(code) and does(code) == does(shown)
    ]
    values = now[now["area"].isin(group)].set_index("area")["value"].dropna()
    if measure.size or not counts(shown):
        values = values.iloc[:0]
    row["peers"] = len(values)
    enough = len(values) >= findings.ENOUGH
    if enough and not ordinal:
        row["low"], row["median"], row["high"] = values.quantile([0.25, 0.5, 0.75])
    never = ordinal or measure.size
    for name, benchmark in (("median", row["median"]), ("england", row["england"])):
        said = comparison.against_benchmark(
            row["value"], row["lower"], row["upper"], benchmark, None
        )
        row[f"against_{name}"] = "not compared" if never else str(said)
    if not enough or shown not in values.index:
        return
    place = list(values.index).index(shown)
    quarter = comparison.quantile_group(values, 4)[place]
    row["quarter"] = quarter if _whole(values, values[shown], None) else math.nan
    if measure.polarity and does(shown):
        ranks = comparison.rank(values, measure.polarity)
        row["rank"], row["of"] = ranks[place], len(values)
        row["rank_last"] = ranks[place] + (values == values[shown]).sum() - 1
        group = comparison.quantile_group(values, 4, measure.polarity)[place]
        whole = _whole(values, values[shown], measure.polarity)
        row["quartile"] = group if whole else math.nan


def _whole(values, value, polarity):
    """Whether all that equal a value would be in one quarter if they were told apart."""
    ranks = (-values if polarity == "high" else values).rank(method="min")
    first = ranks[values == value].iloc[0]
    last = first + (values == value).sum() - 1
    groups = [max(5 - math.ceil((len(values) + 1 - r) * 4 / len(values)), 1) for r in (first, last)]
    return groups[0] == groups[1]


def _over_time(row, measure, history):
    step = history["step"].iloc[0]
    back, rest = divmod(findings.YEARS_BACK, step)
    if not rest:
        earlier = history.iloc[-1 - back]
        row["before"] = earlier["value"]
        row["before_period"] = "" if math.isnan(earlier["value"]) else earlier["period_label"]
    broken = [
        pd.Timestamp(entry.at)
        for entry in measure.breaks
        if pd.Timestamp(entry.at) <= history["period_end"].dropna().max()
    ]
    kept = history["begins"] >= max(broken) if broken else np.full(len(history), True)
    if measure.unit == "judgement":
        kept = np.full(len(history), False)
    series = history["value"].where(kept).to_numpy()
    lower, upper = (history[name].where(kept).to_numpy() for name in ("lower", "upper"))
    row["trend"] = row["long_trend"] = "cannot be calculated"
    five = series[-5:]
    if not np.isnan(five).any():
        weighted = not (np.isnan(lower[-5:]) | np.isnan(upper[-5:])).any()
        found = (
            trends.recent_trend(five, lower[-5:], upper[-5:])
            if weighted
            else trends.mann_kendall(five)
        )
        row["trend"] = str(found.direction)
    row["points"] = int((~np.isnan(series)).sum())
    first = np.flatnonzero(~np.isnan(series))
    if math.isnan(series[-1]) or not len(first):
        return
    series = series[first[0] :]
    if row["points"] >= findings.MANY_YEARS:
        row["long_trend"] = str(trends.mann_kendall(series).direction)
        row["slope"] = float(trends.theil_sen(series).slope) / step
    if row["points"] >= findings.ENOUGH_POINTS:
        better = {"high": "increase", "low": "decrease", None: None}[measure.polarity]
        row["signal"] = control.xmr(series, improvement=better).variation
