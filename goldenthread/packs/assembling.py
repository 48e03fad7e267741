"""A pack put together: the council's own KPIs first, then published measures."""

from __future__ import annotations

from collections.abc import Sequence

from goldenthread.kpis import Kpis, safe
from goldenthread.packs.content import Pack, PackError, clean


def pack(
    council: str,
    *,
    own: Kpis | None = None,
    measures: Sequence[str] = (),
    period: str | None = None,
) -> Pack:
    """Put a pack together.

    Parameters
    ----------
    council : str
        Its name. With published measures it must be one of England's councils.
    own : Kpis, optional
        Its own KPIs.
    measures : sequence of str, optional
        Published measures, by their ids. Each is shown at its latest period.
    period : str, optional
        What the report is for: "Q2 2025/26". Own KPIs are judged up to the end of it.

    Returns
    -------
    Pack

    Raises
    ------
    PackError
        With neither own KPIs nor measures, or with errors in the file of KPIs.
    KpiError, AreaError, CatalogueError
        For a period, council or measure that there is not.

    Examples
    --------
    >>> pack("Hull", measures=["household-recycling-rate"]).parts[0].scorecard.rows[0].texts[2]
    '46.6%'
    """
    # Imported here because each is slow to load, and a pack may need only one of them.
    parts = []
    if own is not None:
        from goldenthread.packs.own import part as own_part

        parts.append(own_part(own, period, council=council))
    if measures:
        from goldenthread.packs.published import part as published_part

        parts.append(published_part(council, measures))
    if not parts:
        raise PackError("nothing to report: name a file of KPIs, published measures, or both")
    return Pack(clean(safe.line(council)), clean(safe.line(period or "")), tuple(parts))
