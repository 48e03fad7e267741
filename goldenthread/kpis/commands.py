"""The commands for a council's own KPIs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from goldenthread import kpis as own
from goldenthread.kpis.problems import Problem

app = typer.Typer(
    help="Your council's own KPIs, read on this machine. Nothing is sent anywhere.",
    no_args_is_help=True,
)
#: How many problems are printed before it is said that there are more.
PRINTED = 200
_HEADINGS = {"error": "To put right", "warning": "To look at", "note": "To know"}
_COLOURS = {"error": "bold red", "warning": "yellow", "note": ""}
_Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="A workbook or CSV file; several, if figures, definitions and targets are apart.",
        show_default=False,
    ),
]


@app.command()
def template(
    file: Annotated[
        Path, typer.Argument(help="The workbook to make; it must not be there yet.")
    ] = Path("kpis.xlsx"),
) -> None:
    """Make a workbook to fill in with your KPIs."""
    print(
        f"{own.template(file)}: open it in Excel or LibreOffice; its first sheet says how to fill it in."
    )


@app.command()
def check(files: _Files) -> None:
    """Say all that is wrong in a file of KPIs, by sheet and cell."""
    found = own.check(files)
    _print(found)
    errors = sum(one.level == "error" for one in found)
    if errors:
        print(f"{errors:,} to put right. Mend them in the file, save it, and check again.")
        raise typer.Exit(1)
    print("Nothing must be put right.")


@app.command()
def scorecard(
    files: _Files,
    period: Annotated[
        str | None,
        typer.Option(
            "--period", help="What the report is for: “Q1 2024/25”, “June 2024”, “2024/25”."
        ),
    ] = None,
    area: Annotated[
        str | None, typer.Option("--area", help="Whose figures, where the file has several areas.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="Write it to this .xlsx, .csv or .html file.", show_default=False
        ),
    ] = None,
) -> None:
    """Judge every KPI against its target and its own past."""
    read = own.read(files, area=area)
    card = own.scorecard(read, period)
    if to is not None:
        print(own.save_scorecard(card, to))
    else:
        _show(card)
    if not read.ok:
        print(
            f"{len(read.errors):,} to put right: those figures are left out. "
            "Run goldenthread kpis check to see which."
        )


def _print(found: list[Problem]) -> None:
    console = _console()
    for level, heading in _HEADINGS.items():
        held = [one for one in found if one.level == level]
        if held:
            console.print(heading, style=f"{_COLOURS[level]} underline".strip())
        for one in held[:PRINTED]:
            console.print(f"- {escape(str(one))}", soft_wrap=True, highlight=False)
        if len(held) > PRINTED:
            console.print(f"- and {len(held) - PRINTED:,} more like these")


def _show(card: pd.DataFrame) -> None:
    table = Table()
    columns = {
        "name": "KPI", "period": "Period", "shown": "Figure", "aim": "Target",
        "status_words": "Against the target", "variation_words": "Over time",
        "assurance_words": "What to expect",
    }  # fmt: skip
    for header in columns.values():
        table.add_column(header, overflow="fold")
    for row in card.to_dict("records"):
        signed = {
            **row,
            "status_words": f"{row['status_sign']} {row['status_words']}",
            "variation_words": f"{row['variation_sign']} {row['variation_words']}",
            "assurance_words": f"{row['assurance_sign']} {row['assurance_words']}",
        }
        table.add_row(*(escape(str(signed[name])) for name in columns))
    _console().print(table)


def _console() -> Console:
    # A file or a pipe has no width of its own.
    console = Console()
    return console if console.is_terminal else Console(width=160)
