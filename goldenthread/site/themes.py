"""How the catalogue's themes are shown to a reader: in groups, each with a title and a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from goldenthread import catalogue

PATH: Final = catalogue.FOLDER / "themes.yaml"


class ThemesError(ValueError):
    """A theme of the catalogue that the file does not show, or shows twice; the message names it."""


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A theme as a reader meets it.

    Attributes
    ----------
    id : str
        The theme's name in the catalogue.
    title : str
        What it is about, in plain words.
    question : str
        What its figures help to answer.
    group : str
        The heading that it stands under.
    """

    id: str
    title: str
    question: str
    group: str


@cache
def themes(path: Path = PATH) -> dict[str, Theme]:
    """Give the themes in the order of a council's page.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    dict of str to Theme

    Raises
    ------
    ThemesError
        When the file and the catalogue do not hold the same themes.

    Examples
    --------
    >>> themes()["waste"].title
    'Waste and recycling'
    """
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    listed = [
        Theme(group=entry["group"], **theme) for entry in entries for theme in entry["themes"]
    ]
    made = {theme.id: theme for theme in listed}
    if len(made) < len(listed):
        raise ThemesError(f"{path.name}: a theme stands there twice")
    used = catalogue.catalogue().themes()
    _require(f"{path.name} has no entry for", set(used) - set(made))
    _require("the catalogue has no theme", set(made) - set(used))
    return made


def _require(what: str, names: Iterable[str]) -> None:
    if names := sorted(names):
        raise ThemesError(f"{what} {', '.join(names)}")
