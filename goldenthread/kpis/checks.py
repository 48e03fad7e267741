"""Whether figures that can be read can also be right: within a row, between rows, over time."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from goldenthread.kpis.layout import FIGURES
from goldenthread.kpis.report import Report

#: From how many KPIs on names are no longer compared with one another.
MANY: Final = 600
ALIKE: Final = 92
#: So many times the usual figure, or so small a part of it, is worth a second look.
TIMES: Final = 10
#: A figure of up to 1 beside others of more than this is hardly a percentage.
FRACTION: Final = 20
#: Of so many figures the usual one can be told.
USUAL: Final = 6
#: By how much a value may differ from its own numerator over denominator, as a share of it.
OFF: Final = 0.01
#: How many KPIs a sentence names.
NAMED: Final = 5


def twice(rows: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Find rows for the same KPI, area and period: the same again is dropped, a contradiction refused.

    Parameters
    ----------
    rows : pandas.DataFrame
        Figures with `kpi`, `area`, `start`, `end`.
    report : Report

    Returns
    -------
    pandas.DataFrame
        One row for each; where they contradict each other the figure is missing and `status` is
        "conflicting".
    """
    keys = ["kpi", "area", "start", "end"]
    many = rows.duplicated(keys, keep=False).to_numpy()
    if not many.any():
        return rows
    doubles = rows[many]
    places = np.flatnonzero(many)
    drop: list[int] = []
    rows = rows.copy()
    for _, members in pd.Series(places).groupby(
        doubles.groupby(keys, sort=False).ngroup().to_numpy(), sort=False
    ):
        group = members.to_numpy()
        first = int(group[0])
        named = report.cell(rows, first, "value")
        held = rows.iloc[group]
        what = f"{held['name'].iloc[0] or held['kpi'].iloc[0]}, {held['period'].iloc[0]}"
        different = [name for name in FIGURES if len(set(held[name].dropna())) > 1]
        if different:
            shown = " and ".join(
                f"{value:,.10g} in {report.cell(rows, int(at), different[0])}"
                for at, value in list(zip(group, held[different[0]]))[:4]
                if value == value
            )
            field = "figure" if different[0] == "value" else different[0]
            text = f"two rows contradict each other ({what}): the {field} is {shown}. Keep the right one"
            report.add("error", text, rows, group, different[0])
            rows.loc[rows.index[first], different] = np.nan
            if set(different) & {"value", "numerator", "denominator"}:
                rows.loc[rows.index[first], "value"] = np.nan
                rows.loc[rows.index[first], "status"] = "conflicting"
        else:
            text = f"the row says again what {named} says ({what}); it was left out"
            report.add("warning", text, rows, group[1:], "value")
            best = held["value"].first_valid_index()
            for name in FIGURES:
                known = held[name].dropna()
                if len(known):
                    rows.loc[rows.index[first], name] = known.iloc[0]
            if best is not None:
                rows.loc[rows.index[first], "status"] = str(held["status"].loc[best])
        drop += group[1:].tolist()
    return rows.drop(rows.index[drop]).reset_index(drop=True)


def completed(rows: pd.DataFrame, unit: npt.NDArray[Any], per: Any, report: Report) -> pd.DataFrame:
    """Work out values from their numerators and denominators, and compare the two where both stand.

    Parameters
    ----------
    rows : pandas.DataFrame
    unit, per : array_like
        Of each row's KPI.
    report : Report
    """
    value, count, base = (
        rows[name].to_numpy(float, copy=True) for name in ("value", "numerator", "denominator")
    )
    status = rows["status"].to_numpy(object).copy()
    many = np.asarray(per, dtype=float)
    zero = base == 0
    if zero.any():
        text = "the denominator is 0, so that there is no figure for this period"
        report.add("warning", text, rows, zero, "denominator")
    share = np.isin(unit, ["per cent", "rate"])
    with np.errstate(divide="ignore", invalid="ignore"):
        worked = np.where(base > 0, many * count / base, np.nan)
    empty = np.isnan(value) & (status == "") & share & np.isfinite(worked)
    if empty.any():
        value[empty], status[empty] = worked[empty], "given"
        text = "the value is empty and was worked out from numerator and denominator"
        report.add("note", text, rows, empty, "value")
    off = share & (np.abs(value - worked) > np.maximum(OFF * np.abs(worked), 0.051))
    off &= (count > 0) & (many > 1) & ~empty
    if off.any():
        text = "the value is not numerator over denominator. Check which of the three is right"
        report.add("warning", text, rows, off, "value")
    more = (unit == "per cent") & (count > base) & (base > 0)
    if more.any():
        report.add(
            "warning", "the numerator is larger than the denominator", rows, more, "numerator"
        )
    status[np.isnan(value) & ((status == "") | (status == "given"))] = "not available"
    return rows.assign(value=value, status=status)


def plausible(
    rows: pd.DataFrame, unit: npt.NDArray[Any], today: np.datetime64, report: Report
) -> None:
    """Look for figures that are possible and hardly right.

    Parameters
    ----------
    rows : pandas.DataFrame
    unit : numpy.ndarray of str
        Of each row's KPI.
    today : numpy.datetime64
    report : Report
    """
    value, target = rows["value"].to_numpy(float), rows["target"].to_numpy(float)
    share = unit == "per cent"
    _warn(share & (value > 100), "this is more than 100%", rows, "value", report)
    negative = np.isin(unit, ["per cent", "rate", "days", "minutes", "tonnes"]) & (value < 0)
    _warn(negative, "this is less than nothing", rows, "value", report)
    future = (rows["start"].to_numpy() > today) & np.isfinite(value)
    _warn(
        future,
        "there is a figure for a period that has not begun. Check the year",
        rows,
        "period",
        report,
    )
    room = rows["tolerance"].to_numpy(float)
    _warn(
        room < 0,
        "a tolerance is never less than 0; its sign was taken off",
        rows,
        "tolerance",
        report,
    )
    fraction = share & (target > 0) & (target <= 1) & (_by_kpi(rows, np.abs(value)) > FRACTION)
    text = "the target looks like a fraction beside figures in per cent. Write it as 95%, not 0.95"
    _warn(fraction, text, rows, "target", report)
    usual = _by_kpi(rows, np.abs(value))
    size = np.abs(value)
    counts = rows.groupby(["kpi", "area"], sort=False)["value"].transform("count").to_numpy()
    with np.errstate(invalid="ignore"):
        far = (counts >= USUAL) & (usual > 0) & (size > 0)
        far &= (size >= TIMES * usual) | (size * TIMES <= usual)
        # Of small counts ten times is nothing out of the ordinary.
        far &= np.maximum(size, usual) >= TIMES
        shares = share & (size > 0) & (size <= 1) & (usual > FRACTION) & (counts >= 3)
    text = (
        "this looks like a fraction beside figures in per cent: should it be a hundred times that?"
    )
    _warn(shares, text, rows, "value", report)
    text = (
        f"this is {TIMES} times the KPI’s usual figure, or a tenth of it. Check the decimal point"
    )
    _warn(far & ~shares, text, rows, "value", report)


def _by_kpi(rows: pd.DataFrame, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give each row the median of its KPI's values."""
    found: npt.NDArray[np.float64] = (
        pd.Series(values).groupby([rows["kpi"].to_numpy(), rows["area"].to_numpy()], sort=False)
        .transform("median").to_numpy(float)
    )  # fmt: skip
    return found


def _warn(
    mask: npt.NDArray[np.bool_], text: str, rows: pd.DataFrame, field: str, report: Report
) -> None:
    if mask.any():
        report.add("warning", text, rows, mask, field)


def main(rows: pd.DataFrame, report: Report) -> npt.NDArray[np.bool_]:
    """Tell which rows make the series of their KPI: periods of the commonest length.

    Missing periods between them are reported, and never closed up.
    """
    start, end = (rows[name].to_numpy("datetime64[M]").astype(int) for name in ("start", "end"))
    days = (rows["end"].to_numpy("datetime64[D]") - rows["start"].to_numpy("datetime64[D]")).astype(
        int
    )
    months = np.where(days == 0, 0, end - start + 1)
    series = rows.groupby(["kpi", "area"], sort=False).ngroup().to_numpy()
    counted = pd.DataFrame({"series": series, "months": months}).value_counts().reset_index()
    # Of two lengths that are as common the shorter one has more to tell.
    counted = counted.sort_values(["count", "months"], ascending=[False, True], kind="stable")
    usual = counted.drop_duplicates("series").set_index("series")["months"]
    own: npt.NDArray[np.bool_] = months == usual.reindex(series).to_numpy()
    if not own.all():
        names = list(dict.fromkeys(rows["name"].to_numpy()[~own]))
        text = (
            f"{_named(names)}: figures for periods of several lengths. The commonest length is analysed, "
            "these are only kept"
        )
        report.add("warning", text, rows, ~own, "period")
    _gaps(rows[own], start[own], months[own], np.asarray(series[own], dtype=np.int64), report)
    return own


def _gaps(
    rows: pd.DataFrame,
    start: npt.NDArray[np.int64],
    months: npt.NDArray[np.int64],
    series: npt.NDArray[np.int64],
    report: Report,
) -> None:
    order = np.lexsort((start, series))
    step = np.diff(start[order])
    gap = (np.diff(series[order]) == 0) & (months[order][1:] > 0) & (step > months[order][1:])
    if not gap.any():
        return
    after = order[1:][gap]
    missing = (step[gap] // months[after]) - 1
    named = rows["name"].to_numpy()[after]
    for name in list(dict.fromkeys(named)):
        own = after[named == name]
        times = int(missing[named == name].sum())
        says = f"{times:,} periods have no row" if times > 1 else "one period has no row"
        text = f"‘{name}’: {says} before this one. They count as missing, not as 0"
        report.add(
            "warning",
            text if times > 1 else text.replace("They count", "It counts"),
            rows,
            own,
            "period",
        )


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    shown = ", ".join(f"‘{name}’" for name in names[:NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def names(names_: list[str], report: Report) -> None:
    """Ask of names that are written almost alike whether they are one."""
    if len(names_) > MANY:
        return
    scores = process.cdist(names_, names_, scorer=fuzz.ratio, score_cutoff=ALIKE)
    for one, other in zip(*np.nonzero(np.triu(scores, 1))):
        first, second = names_[int(one)], names_[int(other)]
        # "within 5 days" and "within 10 days" are two KPIs.
        if re.findall(r"\d+", first) == re.findall(r"\d+", second):
            report.say(
                "warning",
                f"‘{first}’ and ‘{second}’ are written almost alike. If they are one KPI, write it "
                "the same way everywhere",
            )


def defined(definitions: pd.DataFrame, targeted: set[str], report: Report) -> None:
    """Say which KPIs lack what a verdict or a question needs."""
    lacking = {
        "no owner is named for {}. Name a role, so that somebody can be asked": definitions["owner"]
        == "",
        "which way is better is not said for {}. Without it no figure is called better or worse": (
            definitions["polarity"] == ""
        )
        & ~definitions.index.isin(list(targeted)),
    }
    for text, mask in lacking.items():
        if mask.any():
            report.say("note", text.format(_named(definitions.loc[mask, "name"].tolist())))
    undirected = definitions.index[
        (definitions["polarity"] == "") & definitions.index.isin(list(targeted))
    ]
    if len(undirected):
        which = _named(definitions.loc[undirected, "name"].tolist())
        report.say(
            "warning",
            f"{which}: there is a target, and nothing says which way is better. Write high or low in "
            "‘Polarity’, or the target as ≥ 95 or ≤ 5; until then nobody can say whether it is met",
        )
