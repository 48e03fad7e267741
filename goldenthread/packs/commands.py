"""The command that makes committee packs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from goldenthread import kpis as own_kpis
from goldenthread.packs.content import PackError

if TYPE_CHECKING:
    from goldenthread.kpis import Kpis
    from goldenthread.packs.councils import Made

#: Gives the measures of a report, or nothing where there is no such report.
Reports = Callable[[str], Sequence[str]]
_ALL: Final = "all"


def add(app: typer.Typer, reports: Reports) -> None:
    """Add the command to an application.

    Parameters
    ----------
    app : typer.Typer
    reports : callable
        Gives the measures of a report by its name; none where there is no such report.
    """

    @app.command()
    def pack(
        kpis: Annotated[
            list[Path] | None,
            typer.Option(
                "--kpis",
                help="Your file of KPIs; again for definitions and targets that are apart.",
                show_default=False,
            ),
        ] = None,
        measures: Annotated[
            list[str] | None,
            typer.Option(
                "--measures",
                help="Published measures: a theme, a report or a measure; again for more.",
                show_default=False,
            ),
        ] = None,
        council: Annotated[
            str | None, typer.Option("--council", help="Whose pack it is.", show_default=False)
        ] = None,
        councils: Annotated[
            str | None,
            typer.Option(
                "--councils",
                help="A text file with a council on each line, or “all”: a pack for each.",
                show_default=False,
            ),
        ] = None,
        period: Annotated[
            str | None,
            typer.Option("--period", help="What the report is for: “Q2 2025/26”, “June 2025”."),
        ] = None,
        area: Annotated[
            str | None,
            typer.Option("--area", help="Whose figures, where the file of KPIs has several areas."),
        ] = None,
        to: Annotated[
            Path, typer.Option("--to", file_okay=False, help="The folder to write into.")
        ] = Path("packs"),
        forms: Annotated[
            str, typer.Option("--format", help="Which forms, with commas between.")
        ] = "word,html",
        template: Annotated[
            Path | None,
            typer.Option(
                "--template",
                exists=True,
                dir_okay=False,
                help="Your council's Word document (.docx), for its styles, header and footer.",
                show_default=False,
            ),
        ] = None,
        processors: Annotated[
            int | None,
            typer.Option("--processors", min=1, help="How many to use for many councils."),
        ] = None,
    ) -> None:
        """Make a pack for a committee: overview, exceptions, full scorecard."""
        # Imported here because charts take long to load, and other commands need none.
        from goldenthread.packs.councils import Order, many

        names = _whose(council, councils)
        read = own_kpis.read(kpis, area=area) if kpis else None
        if read is not None and len(names) > 1:
            raise PackError(
                "--kpis is one council's own file: name one council with --council, or leave it out"
            )
        if read is not None and not read.ok:
            _refuse(read)
        order = Order(
            measures=_measures(measures or [], reports),
            folder=to,
            formats=tuple(form.strip() for form in forms.split(",") if form.strip()),
            own=read,
            period=period,
            template=template,
        )
        faults = _tell(many(names, order, processors), len(names))
        if faults:
            raise typer.Exit(1)


def _whose(council: str | None, councils: str | None) -> list[str]:
    if council and councils:
        raise PackError("name --council or --councils, not both")
    if council:
        return [council]
    if not councils:
        raise PackError("name the council with --council, or several with --councils")
    if councils == _ALL:
        from goldenthread import authorities

        return list(authorities.councils()["name"])
    held = Path(councils).read_bytes()
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        # As older programs on Windows save a text.
        text = held.decode("cp1252", errors="replace")
    names = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not names:
        raise PackError(f"{councils}: no council is named in it. Write one on each line")
    return names


def _measures(names: Sequence[str], reports: Reports) -> tuple[str, ...]:
    if not names:
        return ()
    from goldenthread.packs.published import choose

    chosen: list[str] = []
    for name in names:
        chosen += reports(name) or choose([name])
    return tuple(dict.fromkeys(chosen))


def _refuse(read: Kpis) -> None:
    for problem in read.errors[:10]:
        print(f"- {problem}", file=sys.stderr)
    raise PackError(
        f"{len(read.errors):,} to put right before a pack is made. Mend them in the file, save it, and "
        "run this again. goldenthread kpis check lists all of them"
    )


def _tell(made: Iterator[Made], total: int) -> int:
    """Name each file as it is made, with a bar where there are several, and count what went wrong."""
    faults = 0
    with _bar(total) as step:
        for one in made:
            for file in one.files:
                print(file)
            if one.fault:
                faults += 1
                print(f"{one.council}: {one.fault}", file=sys.stderr)
            step(one.council)
    if total > 1:
        print(f"{total - faults:,} of {total:,} packs made.")
    return faults


@contextmanager
def _bar(total: int) -> Iterator[Callable[[str], None]]:
    console = Console(stderr=True)
    if total < 2 or not console.is_terminal:
        yield lambda council: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Packs", total=total)
        yield lambda council: bar.update(task, advance=1, description=escape(council))
