"""The commands that a release is made with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from goldenthread import catalogue

_ROOT: Final = catalogue.FOLDER.parent
_Tag = Annotated[str, typer.Argument(help="The release's tag, such as v1.2.0.", show_default=False)]
_Root = Annotated[
    Path, typer.Option("--root", help="The project's folder.", file_okay=False, show_default=False)
]

app = typer.Typer(
    help="What a release is made with.",
    no_args_is_help=True,
)


@contextmanager
def _said() -> Iterator[None]:
    # Imported here because other commands need none of it.
    from goldenthread.upkeep.release import ReleaseError

    try:
        yield
    except ReleaseError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


@app.command()
def check(tag: _Tag, root: _Root = _ROOT) -> None:
    """Say whether tag, version, changelog and citation agree."""
    from goldenthread.upkeep import release

    with _said():
        wrong = release.faults(tag, root)
    for fault in wrong:
        print(fault, file=sys.stderr)
    if wrong:
        raise typer.Exit(1)
    print(f"{tag} can be released.")


@app.command()
def notes(tag: _Tag, root: _Root = _ROOT) -> None:
    """Print what the changelog says of a release."""
    from goldenthread.upkeep import release

    with _said():
        print(release.notes(tag, root))
