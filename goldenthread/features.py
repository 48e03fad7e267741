"""What councils are compared on: the features of every place, put together from the snapshot."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Literal

import numpy as np
import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field

from goldenthread import catalogue
from goldenthread.authorities import citizens
from goldenthread.snapshot import snapshot

FILE: Final = catalogue.FOLDER / "neighbours" / "features.yaml"
#: The measure that weights the parts of a whole.
PEOPLE: Final = "population"
#: An area's latest figure counts when it is no more years older than the newest there is: pounds of
#: 2018 are not pounds of 2025.
MOST_YEARS: Final = 3
#: A mean of parts stands for the whole when the parts that have a figure hold so much of its people.
NEARLY_ALL: Final = 0.99
#: What families are told apart by, and what their thirds are called, the lowest first.
_FAMILIES: Final = {
    "deprivation": ("less deprived", "middling", "more deprived"),
    "density": ("sparse", "mixed", "dense"),
}


class Feature(BaseModel):
    """Something in which places are alike or not.

    Attributes
    ----------
    id, measure : str
        The feature, and the measure of the catalogue that it is.
    name, subject : str
        In plain English with its unit; and what it tells of, in a word or two ("most alike in …").
        Several features may tell of one subject.
    scale : {"plain", "log"}
        Whether differences or ratios count.
    weight : float
        What its squared difference counts for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    measure: str
    name: str
    subject: str
    scale: Literal["plain", "log"]
    weight: Annotated[float, Field(gt=0)] = 1


@cache
def features() -> dict[str, Feature]:
    """Give the features by id.

    Examples
    --------
    >>> features()["density"].scale
    'log'
    """
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {entry["id"]: Feature.model_validate(entry) for entry in entries}


@cache
def figures() -> pd.DataFrame:
    """Give every feature of every place, and where it comes from.

    A place has its own latest figure where one is published (or put together from the figures of
    the councils it replaced). Failing that, a county is put together from its districts and a fire
    authority from its councils, when (nearly) all of them have one: counts are added up, shares are worked
    out from their numerators and denominators, and anything else is the mean of the parts, each
    weighted by its people. That is exact for the deprivation score, which is itself such a mean;
    for medians it is near enough to tell who is alike, and is shown nowhere else.

    Returns
    -------
    pandas.DataFrame
        Indexed by area and feature: `value`, `period` (the latest of its parts) and `how`:
        "published", "put together" or "missing".

    Examples
    --------
    >>> figures().loc[("E10000016", "deprivation"), "how"]
    'put together'
    """
    people = _latest(PEOPLE)["value"]
    made = {feature.id: _of(feature, people) for feature in features().values()}
    every = pd.MultiIndex.from_product([citizens().index, list(made)], names=["area", "feature"])
    return pd.concat(made, names=["feature"]).swaplevel().reindex(every)


@cache
def table() -> pd.DataFrame:
    """Give the features as a table, in the units of their measures.

    Returns
    -------
    pandas.DataFrame
        Places down, features across; NaN where there is no figure.
    """
    values = figures().reset_index().pivot_table(index="area", columns="feature", values="value")
    return values.reindex(index=citizens().index, columns=list(features()))


@cache
def families() -> pd.Series:
    """Put councils into nine families, by deprivation and by how densely people live.

    Thirds of all councils by each, so that town and country, poorer and richer places are told
    apart, whatever kind of council they have.

    Returns
    -------
    pandas.Series of str
        By GSS code, such as "more deprived, dense"; None where a feature is missing, and for fire
        and rescue authorities.

    Examples
    --------
    >>> families()["E06000010"]
    'more deprived, dense'
    """
    values = table()[citizens()["tier"] != "fire"]
    poor, dense = (
        pd.qcut(values[feature], 3, labels=list(names)).astype(object)
        for feature, names in _FAMILIES.items()
    )
    both = poor.notna() & dense.notna()
    return (poor + ", " + dense).where(both, None).reindex(citizens().index).where(both, None)


def scaled() -> pd.DataFrame:
    """Give the features as they are compared: those on the log scale as logarithms."""
    ratios = [feature.id for feature in features().values() if feature.scale == "log"]
    values = table()
    return values.assign(**{name: np.log(values[name]) for name in ratios})


def weights() -> dict[str, float]:
    """Give what each feature's squared difference counts for."""
    return {feature.id: feature.weight for feature in features().values()}


def missing(code: str) -> list[Feature]:
    """Give the features that a place has no figure of.

    Parameters
    ----------
    code : str
        A GSS code of `places`.

    Examples
    --------
    >>> [feature.id for feature in missing("E09000001")]
    ['pay']
    """
    values = table().loc[code]
    return [feature for feature in features().values() if np.isnan(values[feature.id])]


def _latest(measure: str) -> pd.DataFrame:
    """Give each area's latest figure, unless it is much older than the newest of all."""
    rows = snapshot().measure(measure, areas="current").dropna(subset="value")
    oldest = rows["period_end"].max() - pd.DateOffset(years=MOST_YEARS)
    rows = rows[rows["period_end"] >= oldest].sort_values(["period_end", "period_start"])
    latest: pd.DataFrame = rows.drop_duplicates("area", keep="last").set_index("area")
    return latest


def _of(feature: Feature, people: pd.Series[float]) -> pd.DataFrame:
    latest = _latest(feature.measure)
    own = latest.reindex(citizens().index)
    made = _put_together(catalogue.catalogue()[feature.measure], latest, people)
    made = made.reindex(own.index)
    lacking = own["value"].isna()
    value = own["value"].where(~lacking, made["value"])
    return pd.DataFrame(
        {
            "value": value,
            "period": own["period_label"].where(~lacking, made["period"]),
            "how": np.select([~lacking, value.notna()], ["published", "put together"], "missing"),
        }
    )


def _put_together(
    measure: catalogue.Measure, latest: pd.DataFrame, people: pd.Series[float]
) -> pd.DataFrame:
    """Make the figures of counties and fire authorities out of those of their councils."""
    parts = _parts()
    rows = latest.reindex(parts["part"]).set_axis(parts["whole"].to_numpy())
    rows["people"] = people.reindex(parts["part"]).to_numpy()
    there = rows["value"].notna()
    rows["covered"] = rows["people"].where(there, 0)
    rows["weighted"] = rows["value"] * rows["people"]
    sums = rows.groupby(level=0)[
        ["value", "numerator", "denominator", "people", "covered", "weighted"]
    ].sum()
    whole = there.groupby(level=0).all()
    if measure.rebase == "sum":
        value = sums["value"]
    elif measure.rebase == "ratio":
        value = measure.per * sums["numerator"] / sums["denominator"]
        counted = rows[["numerator", "denominator"]].notna().all(axis=1)
        whole = counted.groupby(level=0).all()
    else:
        value = sums["weighted"] / sums["covered"]
        # A mean may do without a part as small as the City of London; a sum may not.
        whole = sums["covered"] >= NEARLY_ALL * sums["people"]
    newest = rows.sort_values("period_end").groupby(level=0)["period_label"].last()
    return pd.DataFrame({"value": value.where(whole), "period": newest})


@cache
def _parts() -> pd.DataFrame:
    """List which councils a county and a fire authority are made of."""
    listed = citizens()
    lowest = listed[listed["tier"].isin(["lower", "single"])]
    return pd.concat(
        [
            pd.DataFrame({"whole": lowest[kind], "part": lowest.index}).dropna()
            for kind in ("county", "fire")
        ],
        ignore_index=True,
    )
