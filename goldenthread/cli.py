"""The commands: bring the figures up to date, look at them, build the book and serve it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from goldenthread import areas, catalogue
from goldenthread import refresh as refreshing
from goldenthread.addresses import AddressError
from goldenthread.areas import AreaError
from goldenthread.catalogue import CatalogueError
from goldenthread.changes import Change
from goldenthread.kpis import KpiError, commands
from goldenthread.observations import ObservationError
from goldenthread.packs import PackError
from goldenthread.packs import commands as packing
from goldenthread.prose import commands as checks
from goldenthread.refresh import BusyError, Outcome, UnknownNameError
from goldenthread.snapshot import Snapshot, SnapshotError
from goldenthread.sources.error import SourceError
from goldenthread.upkeep import commands as upkeep

#: What a command may meet that its reader can do something about.
_EXPECTED = (
    SourceError,
    SnapshotError,
    CatalogueError,
    AreaError,
    ObservationError,
    BusyError,
    KpiError,
    PackError,
    AddressError,
    OSError,
)
_COLOURS = {
    "updated": "green",
    "unchanged": "",
    "refused": "bold red",
    "absent": "yellow",
    "removed": "yellow",
}
_MANY = 3

app = typer.Typer(
    help="Golden Thread: an open workbook for performance management in English councils.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(checks.app, name="check")
app.add_typer(commands.app, name="kpis")
app.add_typer(upkeep.app, name="release")

_Data = Annotated[
    Path,
    typer.Option(
        "--data",
        help="The folder that holds catalogue, sources and snapshot.",
        exists=True,
        file_okay=False,
        show_default=False,
    ),
]


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what is wrong is said in a sentence, and the exit code is 1."""
    try:
        app(arguments, standalone_mode=True)
    except UnknownNameError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except _EXPECTED as error:
        print(_sentence(error), file=sys.stderr)
        sys.exit(1)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, _EXPECTED[:-1]):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}"
    # A LookupError shows its message in quotation marks.
    return str(error.args[0]) if isinstance(error, LookupError) and error.args else str(error)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"goldenthread {metadata.version('goldenthread')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


@app.command()
def refresh(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE|MEASURE]...",
            help="What to refresh; a measure stands for its whole source. All, if none is named.",
            show_default=False,
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Read the publishers' files below this folder instead of asking them."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    accept_revisions: Annotated[
        bool,
        typer.Option(
            "--accept-revisions",
            help="Take changes of published figures although no revision was announced.",
        ),
    ] = False,
    afresh: Annotated[
        bool,
        typer.Option(
            "--afresh",
            help="Do not compare with the last good figures nor keep their earlier periods.",
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            dir_okay=False,
            help="Write what changed in the figures into this file, as Markdown.",
            show_default=False,
        ),
    ] = None,
    data: _Data = catalogue.FOLDER,
) -> None:
    """Bring the figures up to date: each source wholly, or not at all."""
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"there is no folder {folder}", param_hint="--from")
    if afresh and not names:
        raise typer.BadParameter("name the sources that it is meant for", param_hint="--afresh")
    total = len(refreshing.select(names or [], catalogue.load(data)))
    before = _changes(data) if report else []
    with _progress(total) as (tell, done):
        outcomes = refreshing.refresh(
            names or [],
            folder=folder,
            data=data,
            dry_run=dry_run,
            accept_revisions=accept_revisions,
            afresh=afresh,
            tell=tell,
            done=done,
        )
    _show(outcomes, dry_run=dry_run)
    if report:
        # Imported here because the words of the site's pages take long to load.
        from goldenthread.upkeep.told import told

        fresh = [change for change in _changes(data) if change not in before]
        report.write_text(told(outcomes, fresh), encoding="utf-8")
    if any(outcome.result == "refused" for outcome in outcomes):
        raise typer.Exit(1)


def _changes(data: Path) -> list[Change]:
    """Give the changes that are written down in the snapshot, none where there is no snapshot yet."""
    folder = data / "snapshot"
    return list(Snapshot(folder).changes) if folder.is_dir() else []


@contextmanager
def _progress(
    total: int,
) -> Iterator[tuple[Callable[[str, str], None], Callable[[Outcome], None]]]:
    """Show how far a refresh is: a bar in a terminal, plain lines anywhere else."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield (
            lambda source, step: None,
            lambda outcome: print(f"{outcome.source}: {outcome.result}", file=sys.stderr),
        )
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield (
            lambda source, step: bar.update(task, description=escape(f"{source}: {step}")),
            lambda outcome: bar.advance(task),
        )


def _show(outcomes: list[Outcome], *, dry_run: bool) -> None:
    console = _console()
    table = Table()
    table.add_column("Source", overflow="fold")
    table.add_column("Measures", justify="right")
    table.add_column("Outcome")
    table.add_column("Rows", justify="right")
    table.add_column("Latest period")
    table.add_column("Reason", overflow="fold", ratio=1)
    for outcome in outcomes:
        colour = _COLOURS[outcome.result]
        table.add_row(
            outcome.source,
            f"{outcome.measures:,}",
            f"[{colour}]{outcome.result}[/]" if colour else outcome.result,
            f"{outcome.rows:,}",
            escape(outcome.latest),
            escape(_reason(outcome)),
        )
    console.print(table)
    if dry_run:
        console.print("A dry run: nothing was written.")


def _reason(outcome: Outcome) -> str:
    more = len(outcome.reasons) - _MANY
    shown = outcome.reasons[:_MANY]
    return "\n".join([*shown, f"and {more} more"] if more > 0 else shown)


def _console() -> Console:
    # A file or a pipe has no width of its own; 80 columns would break every reason into slivers.
    console = Console()
    return console if console.is_terminal else Console(width=160)


@app.command()
def figures(
    measure: Annotated[str, typer.Argument(help="The measure's id, as in the catalogue.")],
    council: Annotated[
        str | None, typer.Option("--council", help="All periods of one council, by name or code.")
    ] = None,
    published: Annotated[
        bool,
        typer.Option("--as-published", help="Former areas too, as the publisher named them."),
    ] = False,
    data: _Data = catalogue.FOLDER,
) -> None:
    """Show a measure's latest figures, or all those of one council."""
    held = Snapshot(data / "snapshot")
    known = held.catalogue[measure]
    rows = held.measure(measure, areas="published" if published else "current")
    origin = held.manifest(measure)
    if council is None:
        newest = rows["period_end"] == rows["period_end"].max()
        rows = rows[newest & (rows["period_start"] == rows.loc[newest, "period_start"].max())]
        heading = f"{known.name}: {origin.periods.last}"
    else:
        area = areas.find(council)
        rows = rows[rows["area"] == area.code]
        if rows.empty:
            raise SnapshotError(f"there are no figures of {measure} for {area.name}")
        heading = f"{known.name}: {area.name}"
    table = Table()
    table.add_column("Council" if council is None else "Period")
    table.add_column(known.unit.capitalize(), justify="right")
    table.add_column("Status")
    for line in _lines(rows, known.decimals, by_area=council is None):
        table.add_row(*map(escape, line))
    console = _console()
    console.print(escape(heading), style="bold")
    console.print(table)
    release = "; ".join(origin.releases) or "; ".join(d.name for d in origin.documents)
    when = f"published {origin.published}" if origin.published else f"read {origin.retrieved}"
    console.print(
        escape(
            f"Source: {origin.publisher}, {origin.title}, {release}, {when}. "
            f"{origin.licence_name}. {origin.page}"
        )
    )


def _lines(rows: pd.DataFrame, decimals: int, *, by_area: bool) -> list[tuple[str, str, str]]:
    register = areas.register()
    names = rows["area"].map(lambda code: register[code].name if code in register else code)
    first = names if by_area else rows["period_label"]
    values = rows["value"].map(lambda v: "–" if pd.isna(v) else f"{v:,.{decimals}f}")
    notes = rows["note"].where(rows["note"] == "", " (" + rows["note"] + ")")
    lines = pd.DataFrame({"first": first, "value": values, "status": rows["status"] + notes})
    lines = lines.sort_values("first") if by_area else lines
    return [tuple(line) for line in lines.itertuples(index=False)]


@contextmanager
def _book() -> Iterator[ModuleType]:
    # Imported here because it takes long, and the other commands do not need it.
    from goldenthread.site import build as book

    try:
        yield book
    except book.BuildError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


@app.command()
def build(
    force: Annotated[
        bool, typer.Option("--force", help="Build from clean, also when nothing has changed.")
    ] = False,
) -> None:
    """Build the book, if it is out of date."""
    with _book() as book:
        print(book.build(force=force))


@app.command()
def serve(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 means any that is free.")
    ] = 8000,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the book in a browser.")
    ] = False,
) -> None:
    """Serve the book on this machine."""
    with _book() as book:
        book.serve(port=port, open_browser=open_browser)


@app.command()
def lab(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="The folder for your copies; golden-thread in your home folder, if none is named.",
            show_default=False,
        ),
    ] = None,
    open_lab: Annotated[
        bool, typer.Option("--open/--no-open", help="Open JupyterLab on it.")
    ] = True,
    solutions: Annotated[
        bool, typer.Option("--solutions", help="With the solutions, for whoever teaches.")
    ] = False,
) -> None:
    """Make a folder of worked examples of your own, and open it in JupyterLab."""
    # Imported here because notebooks take long to load, and the other commands do not need them.
    from goldenthread import lab as working

    where = folder or working.home(solutions=solutions)
    try:
        done = working.prepare(where, working.copies(solutions=solutions))
    except working.LabError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    for line in working.said(done, where):
        print(line)
    if open_lab:
        print("JupyterLab opens in your browser. To close it, press Ctrl-C here.", flush=True)
        raise typer.Exit(working.start(where))


def _report(name: str) -> tuple[str, ...]:
    # Imported here because the site's pages take long to load, and the other commands do not need them.
    from goldenthread.site.reports import held, reports

    known = reports()
    return tuple(one.id for one in held(known[name])) if name in known else ()


packing.add(app, _report)


@app.command()
def teaching(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--to",
            file_okay=False,
            help="The folder to write them into, instead of data/teaching.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make the files of the fictional council anew, from its description."""
    # Imported here because the methods that it draws on take long to load.
    from goldenthread.teaching import make

    for path in make.write(folder) if folder else make.write():
        print(path)
