"""What each KPI is: its name, unit, direction, owner and target, from whichever sheet says so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from goldenthread.kpis import fields, numbers
from goldenthread.kpis.layout import written
from goldenthread.kpis.report import Report
from goldenthread.kpis.rows import day, targets

#: The columns of a table of definitions, but for the KPI itself.
COLUMNS: Final = (
    "name", "service", "owner", "definition", "counted", "out_of", "unit", "per", "decimals", "polarity",
    "target", "tolerance", "frequency", "why", "source", "quality", "breaks",
)  # fmt: skip
_HIGH: Final = re.compile(r"high|bigg|larg|great|increas|\bup\b|max|more|rise|↑|▲|^h$|^\+$|^'\+$")
_LOW: Final = re.compile(r"low|small|decreas|\bdown\b|min|less|fewer|reduc|fall|↓|▼|^l$")
_NEITHER: Final = re.compile(r"^(?:|neither|none|n/?a|neutral|context(?:ual)?|-|'-|no|not agreed)$")
_UNITS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "per cent",
        re.compile(r"^'?(?:%|per ?cent(?:age)?|percent(?:age)?|pct|proportion)\b.*|^'?%.*"),
    ),
    ("rate", re.compile(r"rate|.*\bper ([\d,]+).*")),
    ("pounds", re.compile(r"£|gbp|pounds?|money|currency|cost")),
    ("days", re.compile(r"(?:working |calendar )?days?")),
    ("years", re.compile(r"years?")),
    ("minutes", re.compile(r"min(?:ute)?s?")),
    ("tonnes", re.compile(r"tonnes?|tons?|t")),
    ("kilograms", re.compile(r"kg|kilograms?|kilos?")),
    ("ratio", re.compile(r"ratio")),
    ("score", re.compile(r"scores?|points?|rating|index")),
    ("average", re.compile(r"average|mean")),
    (
        "count",
        re.compile(r"#|no\.?|numbers?|counts?|cases|people|households|visits|total|volume|.*"),
    ),
)
_SHARE: Final = re.compile(r"%|\bper ?cent(?:age)?\b|\bproportion of\b", re.IGNORECASE)
_JOIN: Final = "\x1f"


class Keys:
    """Who is who: a KPI by its code, by its name, and by the spellings of it.

    Parameters
    ----------
    tables : iterable of pandas.DataFrame
        With `id` and `name`; a pair in one of them tells whose code is whose name.
    """

    def __init__(self, tables: Iterable[pd.DataFrame]) -> None:
        pairs: dict[tuple[str, str], None] = {}
        for table in tables:
            pairs.update(dict.fromkeys(zip(table["id"].tolist(), table["name"].tolist())))
        self.names: dict[str, str] = {}
        self._known: dict[str, str] = {}
        for identifier, name in pairs:
            if identifier:
                key = self._known.setdefault(identifier.casefold(), identifier)
                self.names[key] = self.names.get(key) or name
                if name:
                    self._known.setdefault(name.casefold(), key)
        for identifier, name in pairs:
            if not identifier and name:
                key = self._known.setdefault(name.casefold(), name)
                self.names.setdefault(key, name)
        self.names = {key: name or key for key, name in self.names.items()}
        self._pairs = {
            (identifier, name): self._known[(identifier or name).casefold()]
            for identifier, name in pairs
            if identifier or name
        }

    def of(self, table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.object_]]:
        """Give each row's key."""
        joined = table["id"] + _JOIN + table["name"]
        codes, distinct = pd.factorize(joined)
        keys = [self._pairs.get(tuple(one.split(_JOIN)), "") for one in distinct]
        return np.array(keys, dtype=object)[codes] if len(keys) else np.array([], dtype=object)


def assemble(
    keys: Keys, figures: pd.DataFrame, defined: pd.DataFrame, report: Report
) -> pd.DataFrame:
    """Put together what is known of each KPI that has figures.

    What a sheet of definitions says goes before what stands beside the figures; of several
    definitions, and of several figures, the latest counts.

    Parameters
    ----------
    keys : Keys
    figures : pandas.DataFrame
        As `rows.figures` gives them, with `kpi`.
    defined : pandas.DataFrame
        The rows of the definitions' sheets.
    report : Report

    Returns
    -------
    pandas.DataFrame
        By `kpi`, in the order in which they appear: `COLUMNS`. `polarity` is "high", "low" or "";
        `unit` one of the catalogue's units; `breaks` a tuple of days.
    """
    order = pd.unique(figures["kpi"].to_numpy(object)).tolist()
    table = pd.DataFrame(index=pd.Index(order, name="kpi", dtype=object))
    table["name"] = [keys.names[key] for key in order]
    beside = _latest(figures, (*fields.TEXTS, "per", "decimals"))
    own = _own(keys, defined)
    _told(keys, order, defined, report)
    for name in COLUMNS[1:]:
        if name not in ("target", "tolerance", "breaks"):
            table[name] = _first(own, beside, name, order)
    # "% of calls answered" says its unit by its name.
    table["unit"] = [
        text or ("%" if _SHARE.search(name) else "")
        for text, name in zip(table["unit"], table["name"])
    ]
    table["polarity"] = _polarities(table["polarity"], figures, report)
    shares = figures.groupby("kpi")[["percent", "pounds"]].any().reindex(order)
    units = [_unit(text) for text in table["unit"]]
    table["unit"] = [
        unit if text else "per cent" if share else "pounds" if money else "count"
        for (unit, _), text, share, money in zip(
            units, table["unit"], shares["percent"], shares["pounds"]
        )
    ]
    per = pd.to_numeric(table["per"].map(lambda c: str(c).replace(",", "")), errors="coerce")
    table["per"] = [
        100.0 if unit == "per cent" else said if said == said and said > 0 else many
        for unit, said, (_, many) in zip(table["unit"], per, units)
    ]
    # A rate without "per how many" is written as the number it is.
    table.loc[(table["unit"] == "rate") & (table["per"] == 1), "unit"] = "ratio"
    table["decimals"] = _decimals(table["decimals"], figures, order)
    for name in ("target", "tolerance"):
        table[name] = _standing(own, name, order, report, defined, keys)
    table["breaks"] = _breaks(keys, defined, order)
    return table[list(COLUMNS)]


def _own(keys: Keys, defined: pd.DataFrame) -> pd.DataFrame:
    """Give the last definition of each KPI, by the day from which it holds."""
    if defined.empty:
        return pd.DataFrame()
    held = defined.assign(kpi=keys.of(defined)).rename(
        columns={"numerator in words": "counted", "denominator in words": "out_of"}
    )
    held = held[held["kpi"] != ""]
    if "since" in held:
        held = held.assign(_since=[day(cell) or dt.date.min for cell in held["since"]])
        held = held.sort_values("_since", kind="stable")
    return held.drop_duplicates("kpi", keep="last").set_index("kpi")


def _told(keys: Keys, order: list[str], defined: pd.DataFrame, report: Report) -> None:
    """Say which KPIs are defined twice for the same time, and which have no figures."""
    if defined.empty:
        return
    held = pd.DataFrame({"kpi": keys.of(defined), "_block": defined["_block"]})
    held["since"] = defined["since"].map(written) if "since" in defined else ""
    twice = (held["kpi"] != "") & held.duplicated(["kpi", "since"], keep=False)
    if twice.any():
        text = "a KPI is defined more than once. Its last definition was taken"
        report.add("warning", text, defined, twice.to_numpy(), "name")
    unused = ((held["kpi"] != "") & ~held["kpi"].isin(order)).to_numpy()
    if unused.any():
        report.add("note", "this KPI is defined and has no figures", defined, unused, "name")


def _latest(figures: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Give what stands beside each KPI's latest figure that has it."""
    held = [name for name in names if name in figures]
    ordered = figures[["kpi", "start", *held]].sort_values("start", kind="stable")
    made = {}
    for name in held:
        said = ordered.loc[ordered[name].to_numpy(object) != "", ["kpi", name]]
        made[name] = said.drop_duplicates("kpi", keep="last").set_index("kpi")[name]
    return pd.DataFrame(made)


def _first(own: pd.DataFrame, beside: pd.DataFrame, name: str, order: list[str]) -> list[str]:
    found = pd.Series("", index=order, dtype=object)
    for table in (beside, own):
        if name in table:
            said = (
                table[name].reindex(order).map(lambda c: "" if c is None or c != c else written(c))
            )
            found = said.where(said != "", found)
    return found.tolist()


def _polarities(said: pd.Series, figures: pd.DataFrame, report: Report) -> list[str]:
    hinted = figures[figures["toward"] != ""].drop_duplicates("kpi", keep="last")
    hints = dict(zip(hinted["kpi"], hinted["toward"]))
    found = []
    for key, text in said.items():
        plain = text.casefold().strip()
        high, low = bool(_HIGH.search(plain)), bool(_LOW.search(plain))
        if high == low and not _NEITHER.match(plain):
            report.say(
                "warning",
                f"‘{key}’: ‘{text}’ does not say which way is better, so that no verdict is given. "
                "Write high or low, or neither",
            )
        one = "high" if high and not low else "low" if low and not high else ""
        found.append(one or ("" if plain else hints.get(key, "")))
    return found


def _unit(text: str) -> tuple[str, float]:
    """Tell a unit, and per how many it is.

    Examples
    --------
    >>> _unit("%"), _unit("per 1,000 residents"), _unit("Working days"), _unit("")
    (('per cent', 100.0), ('rate', 1000.0), ('days', 1.0), ('count', 1.0))
    """
    plain = " ".join(text.casefold().split())
    for unit, pattern in _UNITS:
        if found := pattern.fullmatch(plain):
            if unit == "per cent":
                return unit, 100.0
            many = found[1] if unit == "rate" else None
            return unit, float(many.replace(",", "")) if many else 1.0
    return "count", 1.0


def _decimals(said: pd.Series, figures: pd.DataFrame, order: list[str]) -> list[int]:
    """Give how many decimals a KPI is written with: as said, or as its figures have, two at most."""
    values = figures["value"].to_numpy(float)
    need = np.zeros(len(figures), dtype=int)
    for places in (0, 1):
        off = np.abs(values - np.round(values, places)) > 1e-9 * np.maximum(1, np.abs(values))
        need[off] = places + 1
    held = pd.Series(need).groupby(figures["kpi"].to_numpy()).quantile(0.9).reindex(order)
    given = pd.to_numeric(said, errors="coerce")
    return [
        int(min(max(one, 0), 3)) if one == one else round(other) if other == other else 0
        for one, other in zip(given, held)
    ]


def _standing(
    own: pd.DataFrame,
    name: str,
    order: list[str],
    report: Report,
    defined: pd.DataFrame,
    keys: Keys,
) -> list[float]:
    """Read the targets and tolerances that hold for all periods of a KPI."""
    if name not in own:
        return [np.nan] * len(order)
    cells = defined[name].tolist()
    cells = targets(cells)[0] if name == "target" else cells
    found = numbers.read(cells)
    for message, where in found.wrong.values():
        report.add("error", message, defined, where, name)
    held = dict(zip(keys.of(defined), found.values))
    return [float(held.get(key, np.nan)) for key in order]


def _breaks(keys: Keys, defined: pd.DataFrame, order: list[str]) -> list[tuple[dt.date, ...]]:
    """Give the days from which a KPI was counted in another way."""
    days: dict[str, set[dt.date]] = {}
    if not defined.empty:
        for name in ("since", "breaks"):
            if name not in defined:
                continue
            for key, cell in zip(keys.of(defined), defined[name]):
                for text in re.split(r"[;\n]", written(cell)):
                    if found := day(text):
                        days.setdefault(key, set()).add(found)
            if name == "since":
                # The first definition is no break.
                days = {key: held - {min(held)} for key, held in days.items()}
    return [tuple(sorted(days.get(key, ()))) for key in order]
