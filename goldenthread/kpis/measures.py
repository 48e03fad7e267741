"""A KPI as the charts and the writing of numbers take it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from goldenthread.catalogue import Measure, Origin
from goldenthread.kpis.own import Kpis


def measure(kpis: Kpis, key: str) -> Measure:
    """Give a KPI as a measure of the catalogue, without the catalogue's own rules.

    A council's KPI may be called "FOI", have no definition and be published by nobody: what the
    catalogue demands of its entries is not for a council's own.

    Parameters
    ----------
    kpis : Kpis
    key : str
        An entry of `kpis.definitions`.

    Returns
    -------
    Measure
    """
    about: dict[str, Any] = {str(k): v for k, v in kpis.definitions.loc[key].items()}
    values = kpis.frame.loc[kpis.frame["kpi"] == key, "value"].to_numpy(float)
    known = values[np.isfinite(values)]
    share = about["unit"] == "per cent"
    return Measure.model_construct(
        id=key,
        theme="own",
        name=about["name"],
        short=about["name"],
        definition=about["definition"] or about["name"],
        numerator=about["counted"] or None,
        denominator=about["out_of"] or None,
        unit=about["unit"],
        per=float(about["per"]),
        decimals=int(about["decimals"]),
        polarity=about["polarity"] or None,
        tier="both",
        control="influences",
        frequency="irregular",
        minimum=0.0 if not len(known) or known.min() >= 0 else None,
        maximum=100.0 if share and (not len(known) or known.max() <= 100) else None,
        origin=Origin(source="own", document="own"),
        caveats=tuple(filter(None, [about["quality"]])),
    )


def latest(kpis: Kpis) -> pd.Timestamp:
    """Give the end of the newest period that has a figure."""
    held = kpis.frame[kpis.frame["value"].notna() & (kpis.frame["area"] == kpis.area)]
    return pd.Timestamp(held["end"].max())
