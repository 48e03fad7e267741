"""A council's own KPIs, read from its own files on its own machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import process

from goldenthread.kpis import checks, definitions, layout, problems, rows, sheets
from goldenthread.kpis.layout import Block
from goldenthread.kpis.problems import KpiError, Problem
from goldenthread.kpis.report import Report
from goldenthread.kpis.sheets import Grid

#: The columns of the table of figures.
COLUMNS: Final = (
    "kpi", "name", "area", "period", "start", "end", "value", "numerator", "denominator", "target",
    "tolerance", "status", "comment", "main", "sheet", "cell",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Kpis:
    """A council's own KPIs: figures, definitions, and what is wrong with them.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per KPI, area and period, in order of time: `kpi` (its code, or its name where it has
        none), `name`, `area` ("" where there are no areas), `period` (in words), `start`, `end`,
        `value`, `numerator`, `denominator`, `target`, `tolerance` (NaN where there is none), `status`
        ("given", "provisional", "revised", "estimated"; or why there is no value: "not available",
        "not applicable", "suppressed", "unreliable", "negligible", "unreadable", "conflicting"),
        `comment`, `main` (whether the row belongs to the series that is analysed), `sheet`, `cell`.
    definitions : pandas.DataFrame
        By `kpi`: see `definitions.COLUMNS`.
    problems : tuple of Problem
        Errors first, then warnings, then notes.
    area : str
        Whose figures the functions here take, where there are several areas.
    files : tuple of str
        The names of the files.
    """

    frame: pd.DataFrame
    definitions: pd.DataFrame
    problems: tuple[Problem, ...]
    area: str
    files: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        return f"<{len(self.definitions)} KPIs of {', '.join(self.files)}: {self.summary}>"

    @property
    def names(self) -> list[str]:
        """The KPIs' names, in the order of the file."""
        return list(self.definitions["name"])

    @property
    def areas(self) -> list[str]:
        """The areas that have figures."""
        return list(dict.fromkeys(self.frame["area"]))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What must be put right: each leaves a figure out."""
        return tuple(one for one in self.problems if one.level == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What may be wrong."""
        return tuple(one for one in self.problems if one.level == "warning")

    @property
    def ok(self) -> bool:
        """Whether nothing must be put right before the figures are used."""
        return not self.errors

    @property
    def summary(self) -> str:
        """How many figures there are, and how many problems, in a sentence."""
        errors, warnings = len(self.errors), len(self.warnings)
        known = int(self.frame["value"].notna().sum())
        said = f"{len(self.definitions):,} KPIs, {known:,} figures"
        said += f", {errors:,} to put right" if errors else ", nothing to put right"
        return said + (f", {warnings:,} to look at" if warnings else "")

    def of(self, area: str) -> Kpis:
        """Give the same KPIs for another of their areas.

        Raises
        ------
        KpiError
            For an area that has no figures.
        """
        if area not in self.areas:
            raise KpiError(f"there is no area ‘{area}’; there are {', '.join(self.areas)}")
        return replace(self, area=area)

    def key(self, name: str) -> str:
        """Find a KPI by its code or its name, in any case.

        Raises
        ------
        KpiError
            For one that there is not; the message names the nearest.
        """
        wanted = name.casefold().strip()
        for key, known in zip(self.definitions.index, self.definitions["name"]):
            if wanted in (str(key).casefold(), str(known).casefold()):
                return str(key)
        near = process.extract(name, self.names, limit=3)
        raise KpiError(
            f"there is no KPI ‘{name}’; the nearest are {', '.join(f'‘{one[0]}’' for one in near)}"
        )

    def problems_table(self) -> pd.DataFrame:
        """Give the problems as a table, with every cell: `level`, `sheet`, `cells`, `message`."""
        return problems.table(self.problems)


def read(
    path: str | PathLike[str] | Sequence[str | PathLike[str]],
    *,
    area: str | None = None,
    today: dt.date | None = None,
) -> Kpis:
    """Read a council's own KPIs. Nothing leaves the machine, and nothing in the files is run.

    Parameters
    ----------
    path : path or sequence of paths
        A workbook (.xlsx, .xlsm, .ods) or text file (.csv, .tsv), or several that belong together: one
        with figures, one with definitions, one with targets.
    area : str, optional
        Whose figures to take, where a column says for which area each is. Otherwise the one with most
        KPIs, and it is said which.
    today : datetime.date, optional
        After which a figure is of the future; today's date.

    Returns
    -------
    Kpis
        Also where there are errors: figures that cannot be read, or contradict each other, are
        missing in it, and its `problems` say why.

    Raises
    ------
    KpiError
        For a file that cannot be read at all, or has no table of KPIs.

    Examples
    --------
    >>> from goldenthread.teaching.frames import FOLDER
    >>> kpis = read([FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")])
    >>> len(kpis.names), kpis.area, kpis.ok
    (44, 'NM0', True)
    """
    paths = [path] if isinstance(path, (str, PathLike)) else list(path)
    grids: list[Grid] = []
    said: list[Problem] = []
    for one in paths:
        found, told = sheets.load(Path(one))
        grids += found
        said += told
    blocks: list[Block] = []
    for grid in grids:
        found_blocks, told = layout.blocks(grid)
        blocks += found_blocks
        said += told
        if not found_blocks:
            text = "no table of KPIs was found here, and nothing of it was read"
            said.append(Problem("note", text, grid.name, (), grid.sheeted))
    if not any(block.kind == "figures" for block in blocks):
        raise KpiError(_no_table(paths, grids, blocks))
    report = Report(blocks)
    report.problems += said
    frame, defined = _table(blocks, report, np.datetime64(today or dt.date.today()))
    chosen = _area(frame, area, report)
    return Kpis(
        frame,
        defined,
        problems.ordered(report.problems),
        chosen,
        tuple(Path(p).name for p in paths),
    )


def check(path: str | PathLike[str] | Sequence[str | PathLike[str]]) -> list[Problem]:
    """Read a file for what is wrong with it alone.

    Parameters
    ----------
    path : path or sequence of paths
        As for `read`.

    Returns
    -------
    list of Problem
        Errors first, then warnings, then notes. A file that cannot be read at all is one error.
    """
    try:
        return list(read(path).problems)
    except KpiError as error:
        return [Problem("error", str(error))]


def _no_table(paths: Iterable[object], grids: list[Grid], blocks: list[Block]) -> str:
    names = ", ".join(Path(str(path)).name for path in paths)
    looked = ", ".join(f"‘{grid.name}’" for grid in grids if grid.sheeted)
    where = f" (sheets {looked})" if looked else ""
    if blocks:
        return (
            f"{names}: there are definitions or targets{where}, and no table of figures. Read it "
            "together with the file that holds them."
        )
    return (
        f"{names}: no table of KPIs was found{where}. A header is needed that names the KPI, the "
        "period and the value, such as ‘KPI’, ‘Period’, ‘Value’. "
        "Try the template: goldenthread kpis template."
    )


def _table(
    blocks: list[Block], report: Report, today: np.datetime64
) -> tuple[pd.DataFrame, pd.DataFrame]:
    found = rows.figures(rows.table(blocks, "figures"), blocks, report)
    aims = rows.table(blocks, "targets")
    aims = rows.figures(aims, blocks, report) if len(aims) else aims
    texts = rows.table(blocks, "definitions")
    keys = definitions.Keys([texts, found, aims])
    if found.empty:
        _nothing(report)
        return (
            pd.DataFrame(columns=list(COLUMNS)),
            pd.DataFrame(columns=list(definitions.COLUMNS)),
        )
    found = found.assign(kpi=keys.of(found))
    found["name"] = found["kpi"].map(keys.names)
    aims = aims.assign(kpi=keys.of(aims))
    if "comment" not in found:
        found["comment"] = ""
    found = checks.twice(found, report)
    defined = definitions.assemble(keys, found, texts, report)
    unit, per = (found["kpi"].map(defined[name]).to_numpy() for name in ("unit", "per"))
    found = checks.completed(found, unit, per, report)
    found = _aimed(found, aims, defined, unit)
    checks.plausible(found, unit, today, report)
    found["tolerance"] = found["tolerance"].abs()
    checks.names(list(defined["name"]), report)
    targeted = set(pd.unique(found["kpi"].to_numpy(object)[found["target"].notna().to_numpy()]))
    checks.defined(defined, targeted, report)
    found["main"] = checks.main(found, report)
    found["sheet"], found["cell"] = _places(found, blocks)
    order = pd.Categorical(found["kpi"], categories=list(defined.index))
    found = found.assign(_order=order).sort_values(
        ["_order", "area", "start", "end"], kind="stable"
    )
    return found[list(COLUMNS)].reset_index(drop=True), defined


def _nothing(report: Report) -> None:
    """Refuse a file without a figure, unless it has been said what is wrong with each."""
    if not any(one.level == "error" for one in report.problems):
        raise KpiError(
            "There are no figures in it yet. Write a row for each KPI and period below the header, save, "
            "and try again."
        )


def _aimed(
    found: pd.DataFrame, aims: pd.DataFrame, defined: pd.DataFrame, unit: object
) -> pd.DataFrame:
    """Give each figure its target: its row's, that of the year it falls into, or the definition's."""
    found = found.copy()
    if len(aims):
        pairs = found[["kpi", "area", "start", "end"]].reset_index().merge(
            aims[["kpi", "area", "start", "end", "target", "tolerance"]], on="kpi", suffixes=("", "_aim")
        )  # fmt: skip
        within = (pairs["start"] >= pairs["start_aim"]) & (pairs["end"] <= pairs["end_aim"])
        within &= (pairs["area_aim"] == "") | (pairs["area_aim"] == pairs["area"])
        pairs = pairs[within].drop_duplicates("index", keep="last").set_index("index")
        for name in ("target", "tolerance"):
            found[name] = found[name].fillna(pairs[name])
    for name in ("target", "tolerance"):
        found[name] = found[name].fillna(found["kpi"].map(defined[name]))
    # "5%" beside a target that is no share is five hundredths of the target.
    relative = found["tolerance_percent"].to_numpy(bool) & (np.asarray(unit) != "per cent")
    found.loc[relative, "tolerance"] = (found["tolerance"] / 100 * found["target"].abs())[relative]
    return found


def _places(
    found: pd.DataFrame, blocks: list[Block]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Name the sheet and the cell of each figure."""
    number = found["_block"].to_numpy(int)
    sheet = np.array([block.grid.name for block in blocks], dtype=object)
    letters = [
        problems.column(block.columns.get("value", block.columns.get("numerator", 0)))
        for block in blocks
    ]
    lines = found["_row"].astype(str).to_numpy(object)
    return sheet[number], np.array(letters, dtype=object)[number] + lines


def _area(frame: pd.DataFrame, wanted: str | None, report: Report) -> str:
    """Choose whose figures are taken: those asked for, or of the area that has most KPIs."""
    counts = frame.groupby("area", sort=False)["kpi"].nunique()
    if wanted is not None:
        if wanted not in counts.index:
            raise KpiError(
                f"there is no area ‘{wanted}’; there are {', '.join(map(str, counts.index))}"
            )
        return wanted
    chosen = str(counts.idxmax()) if len(counts) else ""
    if len(counts) > 1:
        others = ", ".join(f"‘{area}’" for area in counts.index if area != chosen)
        report.say(
            "note",
            f"there are figures for {len(counts)} areas. ‘{chosen}’ has the most KPIs and is taken for "
            f"the whole; the others are {others}",
        )
    return chosen
