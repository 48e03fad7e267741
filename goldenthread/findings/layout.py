"""Findings as a table: a row for each measure and authority, texts as categories."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from goldenthread import areas, observations
from goldenthread.authorities import citizens
from goldenthread.cube import Floats, Integers
from goldenthread.findings.cautions import currency
from goldenthread.findings.chunk import Chunk
from goldenthread.findings.terms import (
    AGAINST,
    CHANGE_IS,
    CHANGED_BY,
    CHANGES,
    TRENDS,
    VARIATION,
)


def frame(
    chunk: Chunk, shown: Integers, columns: dict[str, Any], england: Floats, today: dt.date
) -> pd.DataFrame:
    """Show each authority the figures it is shown: one row for each measure and authority."""
    people, cube = citizens(), chunk.cube
    fire = (people["tier"] == "fire").to_numpy()
    kept = ~fire | (chunk.each("tier") == "fire")[:, None]
    measure, area = np.nonzero(kept)
    whose = shown[measure, area]
    nobody = whose < 0
    at = (measure, np.maximum(whose, 0))

    data: dict[str, Any] = {"shown": _categories(people.index, whose)}
    for name in ("name", "kind"):
        data[name] = _categories(*_factorised(people[name], whose))
    regions = [areas.register()[code].name if code else "" for code in people["region"]]
    data["region"] = _categories(*_factorised(regions, whose))
    data["start"] = np.where(nobody, np.datetime64("NaT"), people["start"].to_numpy()[at[1]])
    ages = [currency(m, end, today) for m, end in zip(chunk.measures, cube.end[:, -1])]
    data["period"] = _categories(*_factorised(cube.label[:, -1], measure))
    data["period_start"], data["period_end"] = (
        field[:, -1].astype("datetime64[s]")[measure] for field in (cube.start, cube.end)
    )
    data["age"] = np.array([age for age, _ in ages])[measure]
    data["currency"] = _categories(*_factorised([word for _, word in ages], measure))
    data["control"] = _categories(*_factorised(chunk.each("control"), measure))
    data["england"] = england[measure]
    begun = people["successor"].to_numpy()[at[1]] & (data["start"] > data["period_end"])
    data["is_new"] = begun & ~nobody & np.isnan(columns["value"][at])
    words = {
        "status": observations.STATUSES,
        "interval": ("", "published", "computed"),
        "against_median": AGAINST,
        "against_england": AGAINST,
        "trend": TRENDS,
        "trend_by": ("", "weighted", "rank"),
        "long_trend": TRENDS,
        "signal": VARIATION,
        "change": CHANGES,
        "change_by": CHANGED_BY,
        "change_is": CHANGE_IS,
    }
    for name, field in columns.items():
        values = field[at]
        if name in words:
            values = np.where(nobody, -1, values)
            if name == "status":
                missing = words[name].index("not available")
                values = np.where((values < 0) & ~nobody, missing, values)
            data[name] = _categories(pd.Index(words[name]), values)
        elif values.dtype == bool:
            data[name] = values & ~nobody
        elif values.dtype == object:
            data[name] = pd.Categorical(np.where(nobody, "", values))
        else:
            data[name] = np.where(nobody, np.nan if values.dtype == float else 0, values)
    index = pd.MultiIndex.from_arrays(
        [
            _categories(pd.Index([m.id for m in chunk.measures]), measure),
            pd.Categorical.from_codes(area, categories=people.index),
        ],
        names=["measure", "area"],
    )
    return pd.DataFrame(data, index=index)


def _factorised(values: Any, places: Integers) -> tuple[pd.Index, Integers]:
    """Give the distinct texts of a list, and which of them stands at each place; -1 stays."""
    codes, distinct = pd.factorize(np.asarray(values, dtype=object))
    return pd.Index(distinct), np.where(places < 0, -1, codes[np.maximum(places, 0)])


def _categories(categories: pd.Index, codes: Integers) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=categories)
