"""The commands for those who write: what is wrong with pages, how they read, and whether links hold."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from goldenthread import catalogue, writing
from goldenthread.prose.error import ProseError

app = typer.Typer(help="Check what is written.", no_args_is_help=True)

_Root = Annotated[
    Path,
    typer.Option(
        "--root",
        help="The folder that holds book, notebooks, casestudies and data.",
        exists=True,
        file_okay=False,
        show_default=False,
    ),
]
_ROOT = catalogue.FOLDER.parent


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except ProseError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


@app.command()
def prose(
    pages: Annotated[
        list[Path] | None,
        typer.Argument(
            help="The files to check; all, if none is named.", exists=True, dir_okay=False
        ),
    ] = None,
    warnings: Annotated[
        bool,
        typer.Option("--warnings", help="Show also what is only worth a look, as for named files."),
    ] = False,
    root: _Root = _ROOT,
) -> None:
    """Find faults of spelling, style, reading age and addresses, by file and line."""
    # Imported here, as in the other commands, because the parser and the dictionaries take long to load.
    from goldenthread.prose import check

    with _said():
        found = check.check(root, pages or None)
    faults = [finding for finding in found if finding.rule not in check.WARNED]
    for finding in found if pages or warnings else faults:
        print(finding if finding.rule not in check.WARNED else f"{finding} (a look is enough)")
    unseen = 0 if pages or warnings else len(found) - len(faults)
    if unseen:
        more = writing.counted(unseen, "more is", "more are")
        print(f"{more} only worth a look; --warnings lists them", file=sys.stderr)
    if faults:
        print(f"{len(faults)} to mend", file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def casestudies(
    pages: Annotated[
        list[Path] | None,
        typer.Argument(
            help="The case studies to check; all, if none is named.", exists=True, dir_okay=False
        ),
    ] = None,
    root: _Root = _ROOT,
) -> None:
    """Say what is missing in case studies, by file and line."""
    from goldenthread.site import case_studies

    listed = pages or case_studies.paths(root / "casestudies")
    faults = [fault for path in listed for fault in case_studies.faults(path)]
    faults += case_studies.shared(listed)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} to mend", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{writing.counted(len(listed), 'case study', 'case studies')}: nothing is missing")
    lacking = case_studies.lacking(map(case_studies.load, listed))
    if lacking and not pages:
        print(f"None yet from {writing.listed(lacking)}")


@app.command("reading-age")
def reading_age(root: _Root = _ROOT) -> None:
    """List the reading age of every page, the highest first."""
    from goldenthread.prose import check

    with _said():
        ages = check.ages(root)
    for page, age in sorted(ages.items(), key=lambda each: (-each[1], each[0])):
        print(f"{age:5.1f}  {page}")


@app.command()
def links(
    record: Annotated[
        bool,
        typer.Option("--record", help="Only bring the list up to date with the pages; ask nobody."),
    ] = False,
    days: Annotated[
        int, typer.Option(min=0, help="Leave out what was checked within so many days.")
    ] = 90,
    most: Annotated[int, typer.Option(min=1, help="Ask for so many addresses at most.")] = 500,
    pause: Annotated[
        float, typer.Option(min=0, help="Seconds between two questions to one publisher.")
    ] = 1.0,
    patience: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for an answer.")] = 20.0,
    root: _Root = _ROOT,
) -> None:
    """Ask whether the external addresses still answer, and write down when they did."""
    from goldenthread.prose import check, external
    from goldenthread.prose import links as asking

    data = root / "data"
    with _said():
        listed = external.record(external.load(data), check.addresses(root))
    if record:
        external.save(listed, data)
        return
    today = datetime.datetime.now(datetime.UTC).date()
    oldest = sorted(listed.values(), key=lambda each: (each.checked or datetime.date.min, each.url))
    due = [each.url for each in oldest if not each.checked or (today - each.checked).days >= days]
    answers = []

    def take(answer: asking.Answer) -> None:
        answers.append(answer)
        if answer.outcome != "answers":
            print(answer)

    try:
        asking.ask(due[:most], pause=pause, patience=patience, tell=take)
    finally:
        # What was asked before somebody lost patience is not asked again.
        for answer in answers:
            listed[answer.url] = asking.dated(listed[answer.url], answer, today)
        external.save(listed, data)
    bad = sum(not answer.alive for answer in answers)
    print(f"{len(answers)} asked, {bad} to look at")
    if bad:
        raise typer.Exit(1)
