"""How far a figure stands out among a council's others, so that a report can say first what is remarkable.

Two weights are added up: of a change, whoever is compared, and of the distance from the middle of
those it is compared with. They order sentences and are never shown; without either a figure is
unremarkable.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.site import overview
from goldenthread.site.overview import EVIDENCE, Found

#: How many sentences are open at first.
OPEN: Final = 3
#: A gap beyond this says no more: some middle halves are narrow.
_WIDEST: Final = 3.0
#: What a figure at an end weighs where the width of the middle half cannot be told.
_AT_AN_END: Final = 0.5


def of_change(found: Found, measure: Measure) -> float:
    """Weigh what changed by more than chance: the stronger the evidence, the more.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`.
    measure : Measure

    Returns
    -------
    float
        0 without a change, and where a figure's own movement says nothing: totals, and sums of
        money, which rise with prices.

    Examples
    --------
    >>> from goldenthread.site.panels import panel
    >>> made = panel("household-recycling-rate")
    >>> of_change({"value": 40.0, "change": "risen", "change_by": "signal"}, made.measure)
    1.0
    """
    if measure.size or measure.unit == "pounds" or pd.isna(found["value"]):
        return 0.0
    if found["change"] not in ("risen", "fallen"):
        return 0.0
    return 1.0 - 0.2 * EVIDENCE.index(found["change_by"])


def of_place(found: Found, measure: Measure) -> float:
    """Weigh where a figure stands: in the lowest or highest quarter, by its distance from the middle.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`.
    measure : Measure

    Returns
    -------
    float
        In widths of the middle half; 0 within it, within the play of chance, and for totals.

    Examples
    --------
    >>> from goldenthread.site.panels import panel
    >>> made = panel("household-recycling-rate")
    >>> row = {"value": 20.0, "median": 14.0, "low": 10.0, "high": 14.0, "quarter": 4.0}
    >>> of_place({**row, "against_median": "higher"}, made.measure)
    1.5
    >>> of_place({**row, "against_median": "similar"}, made.measure)
    0.0
    """
    if measure.size or pd.isna(found["value"]) or pd.isna(found["median"]):
        return 0.0
    if found["quarter"] not in (1, 4) or found["against_median"] == "similar":
        return 0.0
    return round(min(overview.gap(found), _WIDEST), 2) or _AT_AN_END
