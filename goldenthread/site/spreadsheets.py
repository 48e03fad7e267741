"""A report's figures as a spreadsheet that everybody can read, made by the government's own recipe.

A cover, a list of contents, notes, and one table a measure: a line for each area, a column for each of
the latest periods. What is missing is marked by a letter in brackets and never by an empty cell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from goldenthread import catalogue, writing
from goldenthread.catalogue import Measure
from goldenthread.sheets import PLAIN, gptables, plain, quiet
from goldenthread.site.reports import Report
from goldenthread.snapshot import MeasureManifest, snapshot

#: How many periods a table holds, the latest ones; the CSV beside it holds all.
PERIODS: Final = 4
#: The marks that government statistics use, as far as there is one for what is missing here.
MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "suppressed": (
        "[c]",
        "suppressed by the publisher, mostly because it would tell of few people",
    ),
    "unreliable": ("[u]", "too unreliable to be published"),
    "negligible": ("[low]", "more than nothing, but too small to be shown"),
    "not available": ("[x]", "not available"),
    "not applicable": ("[z]", "not applicable"),
    "not provided": ("[np]", "not provided by the council to the publisher"),
}
#: Who has no line for a period has nothing published for it.
_ABSENT: Final = MARKS["not available"][0]


def write(path: Path, report: Report, held: Mapping[str, pa.Table]) -> None:
    """Write the spreadsheet of a report.

    Parameters
    ----------
    path : pathlib.Path
    report : Report
    held : mapping of str to pyarrow.Table
        For each measure its figures, as `downloads.table` lays them out.
    """
    recipe = gptables()
    sheets, notes = {}, []
    for number, (identifier, rows) in enumerate(held.items(), start=1):
        measure = catalogue.catalogue()[identifier]
        said = [(f"{identifier}-{place}", text) for place, text in enumerate(measure.caveats)]
        notes += [(key, plain(text)) for key, text in said]
        sheets[f"Table {number}"] = _sheet(number, measure, rows, [key for key, _ in said])
    with quiet():
        workbook = recipe.produce_workbook(
            path,
            sheets,
            cover=_cover(report, held),
            notes_table=pd.DataFrame(notes, columns=["Note", "Note text"]),
            contentsheet_options={"column_names": ["Worksheet", "What it holds"]},
            auto_width=False,
            workbook_options=PLAIN,
        )
    _widths(workbook)
    workbook.set_properties(
        {
            "title": report.title,
            "subject": report.description,
            "author": "Golden Thread",
            # The same figures make the same file.
            "created": datetime.combine(snapshot().generated, datetime.min.time()),
        }
    )
    workbook.close()


def _cover(report: Report, held: Mapping[str, pa.Table]) -> Any:
    manifests = [snapshot().manifest(identifier) for identifier in held]
    licences = sorted({f"{m.licence_name}: {m.licence_url}" for m in manifests})
    about = [
        f"Each table holds the latest {PERIODS} periods at most. Earlier ones stand in the CSV file "
        f"beside this one, {report.slug}.csv, with confidence intervals, numerators and notes.",
        "Figures stand on today's areas: where councils have merged, earlier figures are put together "
        "if the measure allows it, and the CSV file says which ones were.",
        "A missing figure is never an empty cell and never a zero: a mark in square brackets says why "
        "it is missing. Each worksheet explains the marks it uses.",
        *dict.fromkeys(plain(m.attribution) for m in manifests),
        *(f"Licence of the figures: {licence}" for licence in licences),
        f"Figures last updated {writing.date(snapshot().generated)}.",
        "Golden Thread is independent: neither made nor endorsed by any publisher named here.",
    ]
    return gptables().Cover(
        plain(report.title), intro=[plain(report.description)], about=about, width=95
    )


def _sheet(number: int, measure: Measure, rows: pa.Table, notes: list[str]) -> Any:
    wide, periods, used = layout(measure, rows)
    held = snapshot().manifest(measure.id)
    references = "".join(f"$${key}$$" for key in notes)
    unit = f"per {measure.per:,.0f}" if measure.unit == "rate" else measure.unit
    form = "#,##0" + (f".{'0' * measure.decimals}" if measure.decimals else "")
    legend = [f"{mark} means {said}." for mark, said in MARKS.values() if mark in used]
    return gptables().GPTable(
        wide,
        table_name=f"table_{number}",
        title=f"{plain(measure.name)}, {periods[0]} to {periods[-1]}{references}"
        if len(periods) > 1
        else f"{plain(measure.name)}, {periods[0]}{references}",
        subtitles=[plain(measure.definition)],
        instructions="This worksheet contains one table. Note markers refer to the worksheet Notes.",
        scope=f"Unit: {unit}. {_direction(measure)}",
        source=source(held),
        legend=legend,
        index_columns={2: 1},
        additional_formatting=[
            {"column": {"columns": list(wide.columns[3:]), "format": {"num_format": form}}}
        ],
    )


def _direction(measure: Measure) -> str:
    if measure.polarity is None:
        return "Neither a high nor a low figure is agreed to be better."
    return f"A {measure.polarity} figure is better."


def source(held: MeasureManifest) -> str:
    """Name publisher, publication, edition, date and licence in a line."""
    edition = f", {held.releases[-1]}" if held.releases else ""
    day = f", published {writing.date(held.published)}" if held.published else ""
    return plain(f"Source: {held.publisher}, {held.title}{edition}{day}. {held.licence_name}.")


def layout(measure: Measure, rows: pa.Table) -> tuple[pd.DataFrame, list[str], set[str]]:
    """Lay a measure out: a line for each of today's areas, a column for each of the latest periods.

    Parameters
    ----------
    measure : Measure
    rows : pyarrow.Table
        Its figures, as `downloads.table` lays them out.

    Returns
    -------
    tuple of pandas.DataFrame, list of str and set of str
        The table; the labels of its periods, the earliest first; and the marks in it.
    """
    table = rows.filter(rows["area_current"]).to_pandas()
    order = ["period_end", "period_start", "period"]
    spans = table[order].drop_duplicates().sort_values(order).tail(PERIODS)
    periods = list(spans["period"])
    table = table[table["period"].isin(periods)]
    table["shown"] = [
        _shown(value, status, measure) for value, status in zip(table["value"], table["status"])
    ]
    wide = (
        table.pivot_table(
            index=["area_code", "area_name", "area_kind"],
            columns="period",
            values="shown",
            aggfunc="last",
        )
        .reindex(columns=periods)
        .astype(object)
    )
    wide = wide.where(wide.notna(), _ABSENT)
    marks = {mark for mark, _ in MARKS.values()}
    used = marks & {cell for column in wide for cell in wide[column] if isinstance(cell, str)}
    wide = wide.reset_index().rename(
        columns={"area_code": "Area code", "area_name": "Area", "area_kind": "Kind"}
    )
    for column in ("Area", "Kind"):
        wide[column] = wide[column].map(plain)
    wide.columns.name = None
    return wide, periods, used


def _shown(value: float, status: str, measure: Measure) -> float | str:
    if value is None or math.isnan(value):
        return MARKS[status][0]
    if measure.unit == "judgement":
        return writing.figure(value, measure)
    return float(value)


def _widths(workbook: Any) -> None:
    """Make room for codes, names and figures; measuring every text would take most of the time."""
    for sheet in workbook.worksheets():
        if sheet.name.startswith("Table"):
            sheet.set_column(0, 0, 12)
            sheet.set_column(1, 1, 36)
            sheet.set_column(2, 2, 26)
            sheet.set_column(3, 2 + PERIODS, 16)
        elif sheet.name == "Notes":
            sheet.set_column(0, 0, 14)
            sheet.set_column(1, 1, 110)
        elif sheet.name == "Contents":
            sheet.set_column(0, 0, 14)
            sheet.set_column(1, 1, 100)
