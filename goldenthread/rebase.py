"""Bring figures published for former areas onto the areas of today, where that can be done.

A county and its districts publish figures of two sorts. Some describe the place, so that the
districts add up to the county: either may stand for the unitary council that replaced both. Some
describe what each council does, so that neither alone is the new council's. Where both published
and the two do not agree, nothing is put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pandas as pd

from goldenthread import areas

if TYPE_CHECKING:
    from pandas.api.typing import DataFrameGroupBy

#: One row per area, measure and period.
_PERIOD: Final = ["measure", "period_start", "period_end"]
_KEY: Final = ["area", *_PERIOD]
#: Single-tier areas count in both layers of councils, as their figures do.
_LAYERS: Final = {
    "lower": ("lower", "single"),
    "upper": ("upper", "single"),
    "fire": ("fire",),
    "combined": ("combined",),
}


class Rebasable(Protocol):
    """What re-basing must know of a measure."""

    @property
    def rebase(self) -> str | None:
        """`sum`, `ratio`, or None where parts cannot be put together."""

    @property
    def per(self) -> float | None:
        """The multiplier of a ratio: 100 for a percentage, 100000 for a rate."""


@dataclass(frozen=True)
class _Way:
    """One complete set of former areas that together are one area of today."""

    new: str
    parts: tuple[str, ...]
    recode: bool

    @property
    def rank(self) -> tuple[bool, int, tuple[str, ...]]:
        """Sort the surest first: a mere re-coding, then as few parts as possible."""
        return (not self.recode, len(self.parts), self.parts)


def rebase(
    observations: pd.DataFrame, measure: Rebasable, *, keep_old: bool = True
) -> pd.DataFrame:
    """Bring observations of former areas onto the areas of today.

    A mere re-coding carries every row over under the new code. Areas that merged are put
    together only where each of them has a present value for the period: added up for a "sum"
    measure, as multiplier × Σ numerator / Σ denominator for a "ratio" measure, never otherwise.
    An area's own published row, present or missing, always stands.

    Parameters
    ----------
    observations : pandas.DataFrame
        n rows × the project's twelve columns, of one measure.
    measure : Rebasable
        Its `rebase` ("sum", "ratio" or None) and, for a ratio, `per`.
    keep_old : bool
        Whether rows of former areas that could not be re-based are returned as they came.

    Returns
    -------
    pandas.DataFrame
        The same columns; sorted by measure, area and period. Combined rows have the status
        "rebased" and a note that names their parts; their confidence limits are empty.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from goldenthread import observations
    >>> table = observations.frame({
    ...     "area": ["E07000205", "E07000206"], "measure": "dwellings",
    ...     "period_start": pd.Timestamp("2017-04-01"), "period_end": pd.Timestamp("2018-03-31"),
    ...     "period_label": "2017/18", "value": [60.0, 55.0], "status": "published"})
    >>> row = rebase(table, SimpleNamespace(rebase="sum", per=None)).iloc[0]
    >>> row["area"], float(row["value"]), row["note"]
    ('E07000244', 115.0, 'sum of Suffolk Coastal (E07000205) and Waveney (E07000206)')
    """
    names = observations["measure"].drop_duplicates().to_list()
    rule = _rule(dict.fromkeys(names or [""], measure))
    return _tidy(_rebased(observations, rule), keep_old)


def rebase_all(
    observations: pd.DataFrame, measures: Mapping[str, Rebasable], *, keep_old: bool = True
) -> pd.DataFrame:
    """Bring observations of many measures onto the areas of today, in one pass for each rule.

    Parameters
    ----------
    observations : pandas.DataFrame
        n rows × the project's twelve columns, of any number of measures.
    measures : mapping of str to Rebasable
        Every measure in them, by its id.
    keep_old : bool
        As for `rebase`.

    Returns
    -------
    pandas.DataFrame
        What `rebase` gives for each measure, together.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from goldenthread import observations
    >>> table = observations.frame({
    ...     "area": ["E07000205", "E07000206"], "measure": "dwellings",
    ...     "period_start": pd.Timestamp("2017-04-01"), "period_end": pd.Timestamp("2018-03-31"),
    ...     "period_label": "2017/18", "value": [60.0, 55.0], "status": "published"})
    >>> made = rebase_all(table, {"dwellings": SimpleNamespace(rebase="sum", per=None)})
    >>> made["area"].tolist(), made["value"].tolist()
    (['E07000244'], [115.0])
    """
    by_rule: dict[str | None, dict[str, Rebasable]] = {}
    for name, measure in measures.items():
        by_rule.setdefault(measure.rebase, {})[name] = measure
    codes, names = pd.factorize(observations["measure"])
    made = []
    for those in by_rule.values():
        rows = observations[names.isin(list(those))[codes]]
        if len(rows):
            made.append(_rebased(rows, _rule(those)))
    return _tidy(pd.concat(made) if made else observations, keep_old)


@dataclass(frozen=True)
class _Rule:
    """How parts are put together, the same for all measures at hand; and each one's multiplier."""

    rebase: str | None
    per: Mapping[str, float]


def _rule(measures: Mapping[str, Rebasable]) -> _Rule:
    """Take the rule that measures share, or say what is wrong with it."""
    for measure in measures.values():
        if measure.rebase not in ("sum", "ratio", None):
            raise ValueError(f"rebase: expected 'sum', 'ratio' or None, not {measure.rebase!r}")
        if measure.rebase == "ratio" and measure.per is None:
            raise ValueError("a ratio needs the multiplier `per`")
    rule = next((measure.rebase for measure in measures.values()), None)
    return _Rule(rule, {name: float(measure.per or 0) for name, measure in measures.items()})


def _rebased(observations: pd.DataFrame, rule: _Rule) -> pd.DataFrame:
    table = observations.reset_index(drop=True)
    parts = _followed(table[table["area"].isin(_concerned())], rule)
    if parts.empty:
        return table
    made = [
        rows.astype(table.dtypes.to_dict())
        for rows in (
            table[~table.index.isin(parts["row"])],
            _recoded(table, parts),
            _combined(table, parts, rule),
        )
        if len(rows)
    ]
    return pd.concat(made)


def _tidy(table: pd.DataFrame, keep_old: bool) -> pd.DataFrame:
    if not keep_old:
        former = [area.code for area in areas.register().values() if not area.is_current]
        table = table[~table["area"].isin(former)]
    order = ["measure", "area", "period_start", "period_end"]
    return table.sort_values(order, kind="stable", ignore_index=True)


# --- which former areas make which of today's ----------------------------------------------------


@cache
def _ways() -> tuple[_Way, ...]:
    """List every complete way to make an area of today from former ones, surest first."""
    found: dict[tuple[str, tuple[str, ...]], _Way] = {}
    for area in areas.register().values():
        if area.is_current and area.replaced:
            for layer in _LAYERS:
                for parts, recode in _cuts(area.code, layer):
                    if parts != (area.code,):
                        found.setdefault((area.code, parts), _Way(area.code, parts, recode))
    return tuple(sorted(found.values(), key=lambda way: (way.new, way.rank)))


def _cuts(code: str, layer: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the sets of areas of a layer that together are this area, and if only re-coded."""
    yield (code,), True
    table = areas.lineage()
    tiers = _LAYERS[layer]
    known = areas.register()
    into = table[(table["new"] == code) & (table["kind"] != "boundary")]
    into = into[[known[old].tier in tiers for old in into["old"]]]
    if into.empty or not into["whole"].all():
        return
    recoded = bool((into["kind"] == "recode").all())
    for choice in product(*(list(_cuts(old, layer)) for old in sorted(into["old"]))):
        parts = tuple(sorted(part for cut, _ in choice for part in cut))
        yield parts, recoded and all(recode for _, recode in choice)


@cache
def _parts() -> pd.DataFrame:
    """Get the ways as a table: one row per way and former area."""
    rows = [
        (number, way.new, part, _county_of().get(part, ""), len(way.parts), way.recode)
        for number, way in enumerate(_ways())
        for part in way.parts
    ]
    return pd.DataFrame(rows, columns=["way", "new", "area", "county", "size", "recode"])


@cache
def _concerned() -> frozenset[str]:
    """Get every area whose rows can decide what is re-based."""
    known = _parts()
    return frozenset({*known["area"], *known["new"], *_county_of()})


# --- which of them can be followed ---------------------------------------------------------------


def _followed(table: pd.DataFrame, rule: _Rule) -> pd.DataFrame:
    """Get the rows to re-base: one per way and part, of the surest way that is complete."""
    rows = table[_KEY].assign(row=table.index, usable=_usable(table, rule))
    parts = rows.merge(_parts(), on="area")
    if parts.empty:
        return parts
    parts = parts[parts["recode"] | parts["usable"]]
    own = table[_KEY].drop_duplicates().rename(columns={"area": "new"})
    parts = _without(parts, own, ["new", *_PERIOD])
    parts = _without(parts, _disputed(table, rule), ["county", *_PERIOD])
    group = parts.groupby(["way", *_PERIOD], observed=True)["area"]
    complete = group.transform("nunique") == parts["size"]
    repeated = group.transform("count") > parts["size"]
    parts = parts[complete & ~repeated]
    surest = parts.groupby(["new", *_PERIOD], observed=True)["way"].transform("min")
    return parts[parts["way"] == surest]


def _usable(table: pd.DataFrame, rule: _Rule) -> pd.Series[bool]:
    """Tell which rows can be part of a combination."""
    present = table["value"].notna()
    if rule.rebase == "ratio":
        return present & table["numerator"].notna() & (table["denominator"] > 0)
    return present & (rule.rebase == "sum")


def _without(parts: pd.DataFrame, those: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    marked = parts.merge(those[key], on=key, how="left", indicator="found")
    return marked[marked["found"] == "left_only"].drop(columns="found")


def _disputed(table: pd.DataFrame, rule: _Rule) -> pd.DataFrame:
    """Find the former counties and periods whose districts do not add up to the county.

    A figure of zero, or one that does not apply, says that a tier has no part in the measure.
    """
    amount = "numerator" if rule.rebase == "ratio" else "value"
    speaking = table[(table["status"] != "not applicable") & (table["value"] != 0)]
    counties = speaking[speaking["area"].isin(set(_county_of().values()))]
    districts = speaking.assign(county=speaking["area"].map(_county_of()))
    districts = districts[districts["county"].notna() & (districts["county"] != districts["area"])]
    total = districts.groupby(["county", *_PERIOD], observed=True)[amount].sum(skipna=False)
    both = counties.rename(columns={"area": "county"}).merge(
        total.rename("total").reset_index(), on=["county", *_PERIOD]
    )
    agree = np.isclose(both["total"], both[amount], rtol=0.1, atol=0)
    return both.loc[~agree, ["county", *_PERIOD]]


@cache
def _county_of() -> dict[str, str]:
    """Map former counties, and the areas that were their districts, to the county."""
    known = areas.register()
    counties = {a.code for a in known.values() if a.kind == "county" and not a.is_current}
    districts = {a.code: a.county for a in known.values() if a.county in counties}
    return {code: county for code, county in districts.items() if county} | {
        code: code for code in counties
    }


# --- making the new rows -------------------------------------------------------------------------


def _recoded(table: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    chosen = parts[parts["recode"]]
    rows = table.loc[chosen["row"]].reset_index(drop=True)
    published = "published under " + rows["area"].astype(str)
    rows["note"] = (rows["note"].fillna("") + "; " + published).str.removeprefix("; ")
    rows["area"] = chosen["new"].to_numpy()
    return rows


def _combined(table: pd.DataFrame, parts: pd.DataFrame, rule: _Rule) -> pd.DataFrame:
    # In order of area, so that the order of rows cannot change a sum in its last digit.
    chosen = parts[~parts["recode"]].sort_values(["way", "area"])
    if chosen.empty:
        return table.iloc[:0]
    rows = table.loc[chosen["row"]].drop(columns="area").reset_index(drop=True)
    rows["way"], rows["area"] = chosen["way"].to_numpy(), chosen["new"].to_numpy()
    rows["provisional"] = rows["status"] == "provisional"
    rows["estimated"] = rows["status"] == "estimated"
    group = rows.groupby(["way", *_KEY], observed=True)
    whole = {name: _whole_sum(group, name) for name in ("value", "numerator", "denominator")}
    made = group.agg(
        period_label=("period_label", "first"),
        provisional=("provisional", "any"),
        estimated=("estimated", "any"),
    ).assign(**whole, lower=np.nan, upper=np.nan, status="rebased")
    made = made.reset_index()
    if rule.rebase == "ratio":
        per = made["measure"].map(rule.per)
        made["value"] = per * made["numerator"] / made["denominator"]
    made["note"] = (
        made["way"].map({way: _note(_ways()[way], rule) for way in made["way"].unique()})
        + np.where(made["provisional"], "; includes provisional figures", "")
        + np.where(made["estimated"], "; includes estimated figures", "")
    )
    return made[table.columns.to_list()]


def _whole_sum(group: DataFrameGroupBy[Any, Any], column: str) -> pd.Series[float]:
    """Add a column up within each group, where no part of it is missing."""
    return group[column].sum().where(group[column].count() == group.size())


def _note(way: _Way, rule: _Rule) -> str:
    *first, last = (f"{areas.register()[part].name} ({part})" for part in way.parts)
    if not first:
        return f"published for {last}, the same area"
    verb = "sum of" if rule.rebase == "sum" else "combined from"
    return f"{verb} {', '.join(first)} and {last}"
