"""A council's own KPIs written to files that hold nothing live."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter

from goldenthread.kpis import forms, safe
from goldenthread.kpis.own import Kpis
from goldenthread.kpis.problems import KpiError

#: Nothing in a cell is ever run or followed.
PLAIN: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
#: The columns of a scorecard that a reader is shown, with their headers.
SHOWN: Final[Mapping[str, str]] = {
    "name": "KPI",
    "service": "Service",
    "period": "Period",
    "shown": "Figure",
    "aim": "Target",
    "status_words": "Against the target",
    "variation_words": "Over time",
    "assurance_words": "What to expect",
    "owner": "Owner",
    "finding": "In words",
    "comment": "Comment",
}


def cell(value: Any) -> Any:
    """Make a value fit to be written: text without anything live, None where there is none.

    Examples
    --------
    >>> cell("=1+1"), cell(2.5), cell(float("nan"))
    ("'=1+1", 2.5, None)
    """
    if isinstance(value, str):
        return safe.text(value)
    if value is None or (not isinstance(value, (list, tuple)) and pd.isna(value)):
        return None
    if isinstance(value, (bool, int, float)):
        return value
    return safe.text(value)


def save(kpis: Kpis, path: str | PathLike[str]) -> Path:
    """Save a cleaned copy: figures as numbers, periods in one style, in the form of the template.

    Parameters
    ----------
    kpis : Kpis
    path : path
        An .xlsx file, with a sheet of definitions and one of figures, or a .csv file of the figures.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    KpiError
        For another kind of file, or one that is there already: it may be the only original.
    """
    goal = new(path, (".xlsx", ".csv"))
    figures = _figures(kpis)
    if goal.suffix.lower() == ".csv":
        _csv(goal, list(figures.columns), figures.itertuples(index=False))
        return goal
    with xlsxwriter.Workbook(str(goal), PLAIN) as workbook:
        forms.definitions(workbook, _definitions(kpis))
        forms.figures(
            workbook,
            [tuple(map(cell, row)) for row in figures.itertuples(index=False)],
            list(figures.columns),
        )
    return goal


def _figures(kpis: Kpis) -> pd.DataFrame:
    frame = kpis.frame.copy()
    # Why there is no figure is kept: "n/a" and an empty cell are not the same.
    frame["value"] = (
        frame["value"]
        .astype(object)
        .where(frame["value"].notna(), frame["status"].map(forms.MARKS))
    )
    frame["name"] = frame["kpi"]
    chosen = {name: header for name, header in forms.FIGURES.items() if name in frame}
    if frame["area"].eq("").all():
        chosen.pop("area")
    return frame[list(chosen)].rename(columns=chosen)


def _definitions(kpis: Kpis) -> list[dict[str, Any]]:
    rows = []
    for key, row in kpis.definitions.iterrows():
        said = {str(name): cell(value) for name, value in row.items() if name != "breaks"}
        said["breaks"] = "; ".join(day.isoformat() for day in row["breaks"])
        if said["unit"] == "rate":
            said["unit"] = f"per {row['per']:,.0f}"
        rows.append({"id": cell(str(key)), **said})
    return rows


def save_scorecard(scorecard: pd.DataFrame, path: str | PathLike[str]) -> Path:
    """Save a scorecard as people read it.

    Parameters
    ----------
    scorecard : pandas.DataFrame
        From `goldenthread.kpis.scorecard`.
    path : path
        An .xlsx, .csv or .html file.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    KpiError
        For another kind of file, or one that is there already.
    """
    goal = new(path, (".xlsx", ".csv", ".html"))
    table = scorecard[list(SHOWN)].rename(columns=dict(SHOWN))
    rows = [tuple(map(cell, row)) for row in table.itertuples(index=False)]
    headers = list(table.columns)
    if goal.suffix.lower() == ".csv":
        _csv(goal, headers, rows)
    elif goal.suffix.lower() == ".html":
        goal.write_text(_page(headers, rows), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(str(goal), PLAIN) as workbook:
            forms.sheet(workbook, "Scorecard", "Scorecard", headers, rows)
    return goal


def new(path: str | PathLike[str], kinds: Sequence[str]) -> Path:
    """Give the path of a file that is to be written, or say why it cannot be.

    Raises
    ------
    KpiError
        For another kind of file, or one that is there already.
    """
    goal = Path(path)
    if goal.suffix.lower() not in kinds:
        raise KpiError(f"{goal.name}: expected a file that ends in {' or '.join(kinds)}")
    if goal.exists():
        raise KpiError(
            f"{goal.name} is there already, and nothing is written over. Choose another name"
        )
    return goal


def _csv(goal: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    made = pd.DataFrame(
        [tuple(map(cell, row)) for row in rows], columns=list(headers), dtype=object
    )
    # With its mark, Excel reads letters beyond ASCII as they are.
    made.to_csv(goal, index=False, lineterminator="\r\n", encoding="utf-8-sig")


def _page(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    def line(cells: Sequence[Any], tag: str) -> str:
        first = '<th scope="row">{}</th>' if tag == "td" else '<th scope="col">{}</th>'
        other = "<td>{}</td>" if tag == "td" else '<th scope="col">{}</th>'
        texts = [html.escape("" if one is None else str(one)) for one in cells]
        return "".join((first if at == 0 else other).format(text) for at, text in enumerate(texts))

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Scorecard</title>'
        "<style>body{font-family:system-ui,sans-serif}table{border-collapse:collapse}"
        "th,td{border:1px solid #6F777B;padding:.3em .5em;text-align:left;vertical-align:top}"
        "</style></head><body><h1>Scorecard</h1><table><thead>"
        f"<tr>{line(headers, 'th')}</tr></thead><tbody>{body}</tbody></table></body></html>\n"
    )
