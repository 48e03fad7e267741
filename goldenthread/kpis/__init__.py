"""A council's own KPIs: read from its own files, judged as published figures are.

Nothing leaves the machine: no function here opens a connection, and nothing in a file is run.

>>> from goldenthread import kpis
>>> from goldenthread.teaching.frames import FOLDER
>>> own = kpis.read([FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")])
>>> own.ok, len(own.names)
(True, 44)

Reading
-------
`read(path, *, area=None, today=None) -> Kpis`
    One workbook or text file, or several that belong together. `Kpis` has `frame` (a row per KPI, area
    and period), `definitions` (by KPI), `problems`, `errors`, `warnings`, `ok`, `summary`, `names`,
    `areas`, `area`, `files`; `of(area)`, `key(name)`, `problems_table()`. A figure that cannot be read
    is missing in it, never 0, and a problem says where and why.
`check(path) -> list[Problem]`
    All that is wrong, errors first. A `Problem` has `level`, `message`, `sheet`, `cells`, `where`;
    `str(problem)` is the sentence.
`KpiError`
    A file that cannot be read at all; a KPI, area or period that there is not.

Judging
-------
`scorecard(kpis, period=None) -> DataFrame`
    A row per KPI, with verdicts as words and as signs, exceptions and why, and sentences: its columns
    are listed there. `period` is what a report is for: "Q1 2024/25", "June 2024", "2024/25".
`finding(kpis, name, period=None, *, reach=False) -> workbench.Finding`
    `text`, `beside`, `cautions`, `questions` (each with `ask` and `who`), `source`.
`control_chart(kpis, name, period=None)`, `trend(kpis, name, period=None) -> charts.Chart`
    With title, subtitle, alternative text, source and table.

Writing
-------
`template(path)` makes the workbook to fill in; `save(kpis, path)` a cleaned copy in its form (.xlsx or
.csv); `save_scorecard(scorecard, path)` a scorecard (.xlsx, .csv or .html). No text of an input is ever
written so that a program would run it: `safe.text` is applied to all of them when they are read.

`app()` is all of this in JupyterLab, without code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from goldenthread.kpis.problems import KpiError, Problem

if TYPE_CHECKING:
    from goldenthread.kpis.blank import template
    from goldenthread.kpis.cards import finding, scorecard
    from goldenthread.kpis.own import Kpis, check, read
    from goldenthread.kpis.pictures import control_chart, trend
    from goldenthread.kpis.saving import save, save_scorecard
    from goldenthread.kpis.screen import app

_HOMES: Final = {
    "Kpis": "own",
    "app": "screen",
    "check": "own",
    "control_chart": "pictures",
    "finding": "cards",
    "read": "own",
    "save": "saving",
    "save_scorecard": "saving",
    "scorecard": "cards",
    "template": "blank",
    "trend": "pictures",
}
__all__ = [
    "KpiError",
    "Kpis",
    "Problem",
    "app",
    "check",
    "control_chart",
    "finding",
    "read",
    "save",
    "save_scorecard",
    "scorecard",
    "template",
    "trend",
]


def __getattr__(name: str) -> Any:
    # Loaded when it is asked for: a check needs no charts, and a scorecard no widgets.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"goldenthread.kpis.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
