"""Whether figures that can be read can also be right: within a row, between rows, over time."""

from __future__ import annotations

import re
from itertools import islice
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
#: So many rows that stand twice are reported one by one, the others together.
APART: Final = 500
#: So many letters of two names are compared.
COMPARED: Final = 120
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
    group = rows.groupby(keys, sort=False).ngroup().to_numpy()
    doubles = rows[many].assign(_group=group[many], _place=np.flatnonzero(many))
    held = doubles.groupby("_group", sort=False)
    least, most = held[list(FIGURES)].min(), held[list(FIGURES)].max()
    different = least < most
    wrong = different.any(axis=1)
    first = held["_place"].first().to_numpy(int)
    # What one of them leaves open another may say.
    kept = held[list(FIGURES)].first().mask(different)
    known = doubles["value"].notna()
    given = doubles["status"].where(known).groupby(doubles["_group"], sort=False).first()
    made = rows.copy()
    for name in FIGURES:
        column = made[name].to_numpy(float, copy=True)
        column[first] = kept[name]
        made[name] = column
    status = made["status"].to_numpy(object).copy()
    status[first] = np.where(given.notna(), given, status[first])
    figure = different[["value", "numerator", "denominator"]].any(axis=1).to_numpy()
    status[first[figure]] = "conflicting"
    made["status"] = status
    made.loc[made.index[first[figure]], "value"] = np.nan
    _say_twice(rows, doubles, different, wrong, report)
    again = many & ~rows.index.isin(rows.index[first])
    return made[~again].reset_index(drop=True)


def _say_twice(
    rows: pd.DataFrame,
    doubles: pd.DataFrame,
    different: pd.DataFrame,
    wrong: pd.Series,
    report: Report,
) -> None:
    """Report rows for the same period: each by itself, or all together where they are many."""
    contradict = doubles["_group"].isin(wrong.index[wrong]).to_numpy()
    later = doubles["_group"].duplicated().to_numpy()
    places = doubles["_place"].to_numpy()
    for number, members in islice(doubles.groupby("_group", sort=False)["_place"], APART):
        group = members.to_numpy()
        what = f"{rows['name'].iloc[group[0]]}, {rows['period'].iloc[group[0]]}"
        if wrong[number]:
            name = str(different.columns[different.loc[number].to_numpy()][0])
            shown = " and ".join(
                f"{value:,.10g} in {report.cell(rows, int(at), name)}"
                for at, value in list(zip(group, rows[name].iloc[group]))[:4]
                if value == value
            )
            field = "figure" if name == "value" else name
            text = f"two rows contradict each other ({what}): the {field} is {shown}. Keep the right one"
            report.add("error", text, rows, group, name)
        else:
            named = report.cell(rows, int(group[0]), "value")
            text = f"the row says again what {named} says ({what}); it was left out"
            report.add("warning", text, rows, group[1:], "value")
    rest = ~doubles["_group"].isin(pd.unique(doubles["_group"])[:APART]).to_numpy()
    if (rest & contradict).any():
        text = "these rows contradict others for the same KPI and period. Keep the right ones"
        report.add("error", text, rows, places[rest & contradict], "value")
    if (rest & ~contradict & later).any():
        text = "these rows say again what rows above them say; they were left out"
        report.add("warning", text, rows, places[rest & ~contradict & later], "value")


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
    _fractions(rows, share, report)
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


def _fractions(rows: pd.DataFrame, share: npt.NDArray[np.bool_], report: Report) -> None:
    """Ask of KPIs in per cent whose figures are all 1 or less, and not whole, what they are."""
    value = rows["value"].to_numpy(float)
    with np.errstate(invalid="ignore"):
        small = (value <= 1) | np.isnan(value)
        broken = (value > 0.2) & (value < 1)
    named = rows["name"].to_numpy(object)
    held = pd.DataFrame({"name": named, "small": small, "broken": broken, "share": share})
    told = held.groupby("name", sort=False).agg({"small": "all", "broken": "mean", "share": "all"})
    asked = told.index[told["small"] & told["share"] & (told["broken"] > 0.5)].tolist()
    if asked:
        text = (
            f"all figures of {_named(asked)} are 1 or less, and the unit is per cent. If they are "
            "fractions, write 81% and not 0.81"
        )
        mask = np.isin(named.astype(str), asked) & np.isfinite(value)
        report.add("warning", text, rows, mask, "value")


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
    lost = pd.Series(missing)
    by_name = pd.Series(after).groupby(named, sort=False)
    rest = by_name.ngroup().to_numpy() >= APART
    if rest.any():
        text = "periods before these have no row. They count as missing, not as 0"
        report.add("warning", text, rows, after[rest], "period")
    for name, places in islice(by_name, APART):
        times = int(lost[places.index].sum())
        says = f"{times:,} periods have no row" if times > 1 else "one period has no row"
        what = "They count" if times > 1 else "It counts"
        text = f"‘{name}’: {says} before this one. {what} as missing, not as 0"
        report.add("warning", text, rows, places.to_numpy(), "period")


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    shown = ", ".join(f"‘{name}’" for name in names[:NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def names(names_: list[str], report: Report) -> None:
    """Ask of names that are written almost alike whether they are one."""
    if len(names_) > MANY:
        return
    short = [name[:COMPARED] for name in names_]
    scores = process.cdist(short, short, scorer=fuzz.ratio, score_cutoff=ALIKE)
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
