"""Who has figures: today's councils and fire and rescue authorities, as one table."""

from __future__ import annotations

from functools import cache

import pandas as pd

from goldenthread import areas


@cache
def citizens() -> pd.DataFrame:
    """List all that have findings: today's councils, then the fire and rescue authorities.

    Returns
    -------
    pandas.DataFrame
        One row each, indexed by GSS code: `name`, `kind`, `tier`, `county`, `fire` and `region`
        (codes; None where there is none), `start` (the first day of its code, where the register
        knows it) and `successor` (whether it replaced others).

    Examples
    --------
    >>> citizens().loc["E06000010", "name"]
    'Hull'
    >>> citizens()["kind"].value_counts()["fire and rescue authority"].item()
    44
    """
    fire = (a for a in areas.register().values() if a.tier == "fire" and a.is_current)
    listed = [*areas.councils(), *sorted(fire, key=lambda area: area.code)]
    return pd.DataFrame(
        {
            **{
                field: [getattr(area, field) for area in listed]
                for field in ("name", "kind", "tier", "county", "fire", "region")
            },
            "start": pd.to_datetime(
                pd.Series([area.start for area in listed], dtype=object)
            ).to_numpy(),
            "successor": [bool(area.replaced) for area in listed],
        },
        index=pd.Index([area.code for area in listed], name="area"),
    )


@cache
def councils() -> pd.DataFrame:
    """List today's councils as a table: the first rows of `citizens`.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> len(councils())
    317
    """
    table = citizens()
    return table[table["kind"].isin(areas.COUNCIL_KINDS)]
