"""The fictional council's files as tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from goldenthread.catalogue import FOLDER as DATA

FOLDER: Final = DATA / "teaching"
#: The council as a whole; its towns are NM1 to NM5.
WHOLE: Final = "NM0"

_DAYS: Final = {
    "kpis": ["starts"],
    "definitions": ["since"],
    "actions": ["due", "done"],
    "decisions": ["received", "decided"],
}
_TYPES: Final[dict[str, dict[str, Any]]] = {
    "kpis": {"numerator": "Int64", "denominator": "Int64"},
    "finances": {"outturn": "Int64"},
}


@dataclass(frozen=True, eq=False)
class Northmere:
    """Five years of a council that does not exist, from April 2021 to March 2026.

    Attributes
    ----------
    kpis : pandas.DataFrame
        Monthly and quarterly figures: `area` (the council, or a town), `measure`, `period`,
        `starts`, `value`, `numerator`, `denominator`, `status`.
    definitions : pandas.DataFrame
        What each measure counts, with the day from which that holds: `measure`, `name`, `service`,
        `since`, `definition`, `numerator`, `denominator`, `unit`, `per`, `decimals`, `polarity`,
        `frequency`, `control`, `owner`, `caveat`.
    targets : pandas.DataFrame
        `measure`, `year`, `target`, `tolerance`.
    finances : pandas.DataFrame
        In thousands of pounds at 2025/26 prices: `year`, `quarter`, `service`, `line`, `budget`,
        `spent` (since April), `forecast` (of the year), `outturn` (in the fourth quarter).
    complaints : pandas.DataFrame
        `month`, `service`, `stage`, `received`, `upheld`, `on_time`.
    survey : pandas.DataFrame
        `year`, `town`, `age`, `question`, `asked`, `agree`.
    questions : pandas.DataFrame
        The survey's: `question`, `text`.
    actions : pandas.DataFrame
        `action`, `outcome`, `what`, `owner`, `due`, `done`, `status`.
    outcomes : pandas.DataFrame
        `outcome`, `what`, `measure`, `first`, `target`, `last`, `met`.
    towns : pandas.DataFrame
        `town`, `name`, `residents`, `homes` (the council's), `deprivation` (1 is the most deprived).
    services : pandas.DataFrame
        `service`, `name`.
    decisions : pandas.DataFrame
        Small planning applications: `case`, `town`, `received`, `decided`, `days`, `decision`.
    junctions : pandas.DataFrame
        `junction`, `town`, `year`, `collisions`, `signs` (the month in which signs were put up).
    """

    kpis: pd.DataFrame
    definitions: pd.DataFrame
    targets: pd.DataFrame
    finances: pd.DataFrame
    complaints: pd.DataFrame
    survey: pd.DataFrame
    questions: pd.DataFrame
    actions: pd.DataFrame
    outcomes: pd.DataFrame
    towns: pd.DataFrame
    services: pd.DataFrame
    decisions: pd.DataFrame
    junctions: pd.DataFrame

    def series(self, measure: str, area: str = WHOLE, column: str = "value") -> pd.Series:
        """Give one measure over time, as the methods of `goldenthread.analysis` take it.

        Parameters
        ----------
        measure : str
        area : str
            The council, or a town.
        column : str
            "value", "numerator" or "denominator".

        Returns
        -------
        pandas.Series
            One figure per period, by its first day; NaN where there is none.

        Raises
        ------
        KeyError
            When there is no such measure, or none for that area.

        Examples
        --------
        >>> northmere().series("nm-potholes-on-time").round().tail(2).tolist()
        [94.0, 94.0]
        """
        rows = self.kpis[(self.kpis["measure"] == measure) & (self.kpis["area"] == area)]
        if rows.empty:
            raise KeyError(f"no figures of {measure!r} for {area!r}")
        return rows.set_index("starts")[column].astype(float)


def northmere(folder: Path = FOLDER) -> Northmere:
    """Read the fictional council's files.

    Its codes and measures are none of the register's and the catalogue's: nothing of it can be
    taken for a real council's figures, or compared with them.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    Northmere
        Tables of one's own, to be changed at will.

    Examples
    --------
    >>> council = northmere()
    >>> council.towns["name"].tolist()
    ['Riverside', 'Old Town', 'Hilltop', 'Harbour', 'The Villages']
    >>> council.kpis["measure"].nunique(), len(council.outcomes)
    (44, 12)
    >>> council.actions["status"].value_counts().to_dict()
    {'done': 64, 'open': 2}
    """
    tables = {
        name: pd.read_csv(
            folder / f"{name}.csv",
            encoding="utf-8-sig",
            dtype=_TYPES.get(name),
            parse_dates=_DAYS.get(name, False),
        )
        for name in Northmere.__dataclass_fields__
    }
    return Northmere(**tables)
