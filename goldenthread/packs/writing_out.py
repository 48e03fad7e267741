"""A pack written to files: one for each form, none over another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Final

from goldenthread.packs.content import Pack, PackError

#: Each form, and how its files end.
FORMATS: Final = {"word": ".docx", "slides": ".pptx", "excel": ".xlsx", "html": ".html"}


def write(
    pack: Pack,
    folder: str | PathLike[str],
    formats: Sequence[str] = tuple(FORMATS),
    template: str | PathLike[str] | None = None,
) -> list[Path]:
    """Write a pack in several forms.

    Parameters
    ----------
    pack : Pack
    folder : path
        Made if it is not there.
    formats : sequence of str
        Of `FORMATS`.
    template : path, optional
        The council's own Word document, for the Word form.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    PackError
        For a form that there is not, a template that cannot be read, or a file that is there already.
    """
    unknown = [one for one in formats if one not in FORMATS]
    if unknown:
        raise PackError(f"there is no form ‘{unknown[0]}’; there are {', '.join(FORMATS)}")
    where = Path(folder)
    goals = {form: where / f"{name(pack)}{FORMATS[form]}" for form in dict.fromkeys(formats)}
    for goal in goals.values():
        if goal.exists():
            raise PackError(
                f"{goal} is there already, and somebody may have written in it. Name another folder "
                "with --to, or move the file"
            )
    where.mkdir(parents=True, exist_ok=True)
    for form, goal in goals.items():
        _one(pack, form, goal, template)
    return list(goals.values())


def _one(pack: Pack, form: str, goal: Path, template: str | PathLike[str] | None) -> None:
    # Each is imported when it is asked for: their libraries take long to load.
    if form == "word":
        from goldenthread.packs import word

        word.write(pack, goal, template)
    elif form == "slides":
        from goldenthread.packs import slides

        slides.write(pack, goal)
    elif form == "excel":
        from goldenthread.packs import excel

        excel.write(pack, goal)
    else:
        from goldenthread.packs import page

        page.write(pack, goal)


def name(pack: Pack) -> str:
    """Name a pack's files: letters that every system takes.

    Examples
    --------
    >>> name(Pack("Kingston upon Hull", "Q2 2025/26", ()))
    'kingston-upon-hull-q2-2025-26'
    >>> name(Pack("../..", "", ()))
    'pack'
    """
    said = re.sub(r"[^a-z0-9]+", "-", f"{pack.council} {pack.period}".casefold()).strip("-")
    return said[:80].rstrip("-") or "pack"
