"""Whose figure each authority is shown, and who provides a service."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from goldenthread import areas
from goldenthread.authorities import citizens
from goldenthread.cube import Integers


def figures_of(tier: str) -> pd.Series:
    """Tell whose figure each authority is shown: its own, its county's, or nobody's.

    Parameters
    ----------
    tier : {"upper", "lower", "both", "fire"}
        A measure's tier.

    Returns
    -------
    pandas.Series of str
        By GSS code, the code of the authority whose figure is shown; None where there is none: a
        district's service has no figure for the county, and a council's none for a fire authority.

    Examples
    --------
    >>> figures_of("upper")["E07000223"]  # Adur is shown West Sussex
    'E10000032'
    """
    table = citizens()
    own = pd.Series(table.index, index=table.index, dtype=object)
    fire = table["tier"] == "fire"
    if tier == "fire":
        return own.where(fire, table["fire"])
    if tier == "upper":
        own = own.where(table["tier"] != "lower", table["county"])
    elif tier == "lower":
        own = own.where(table["tier"] != "upper", None)
    return own.where(~fire, None)


@cache
def provision(service: str) -> pd.DataFrame:
    """Tell who provides a service, for every authority.

    Parameters
    ----------
    service : str
        An id of the register's services.

    Returns
    -------
    pandas.DataFrame
        By GSS code: `provided` (by itself), `exempt` (its kind does, and here somebody else does it)
        and `provider` (the name of who does; "" where that is itself or each of its districts).

    Examples
    --------
    >>> provision("libraries").loc["E07000223", "provider"]
    'West Sussex'
    """
    rows = []
    for code, kind in citizens()["kind"].items():
        provided = areas.provides(str(code), service)
        try:
            body = areas.provider(str(code), service)
            provider = "" if body.code == code else body.name
        except areas.AreaError:
            provider = ""
        exempt = kind in areas.services()[service].kinds and not provided
        rows.append((provided, exempt, provider))
    return pd.DataFrame(rows, columns=["provided", "exempt", "provider"], index=citizens().index)


def whose() -> dict[str, Integers]:
    """Give for each tier the position of whose figure each authority is shown; -1 for nobody's."""
    index = citizens().index
    return {
        tier: np.asarray(index.get_indexer(pd.Index(figures_of(tier))), dtype=np.int64)
        for tier in ("upper", "lower", "both", "fire")
    }
