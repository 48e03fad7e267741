"""Things to try: a reader moves something and sees what a number does; without scripts, a worked picture.

Words, controls and figures are in `data/teaching/try-it.yaml`, what follows from them in
`try_scenes`, how it is drawn in `try_picture`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml
from docutils import nodes
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process
from sphinx.util.docutils import SphinxDirective

from goldenthread import catalogue, kept
from goldenthread.catalogue import Sentence
from goldenthread.site import try_picture
from goldenthread.site.directives import render
from goldenthread.site.try_picture import Scene
from goldenthread.site.try_scenes import SCENES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PATH: Final = catalogue.FOLDER / "teaching" / "try-it.yaml"
#: Where a page's metadata says that it has something to try, and so needs its stylesheet.
TRIES: Final = "goldenthread-tries"
_SLOT: Final = re.compile(r"\{(\w+)(?:\|(\w+)\|(\w+))?\}")
#: How many positions of a control are looked at to know how long a sentence can become.
_LOOKS: Final = 6
#: How many letters a line holds at least, on a phone and on a wide screen.
_LINES: Final = (22, 52)


class TryItError(ValueError):
    """Something to try that is not there or is wrong; the message names it and what was expected."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Slider(_Entry):
    """A number that is moved."""

    name: str
    label: str
    low: int
    high: int
    step: int = Field(ge=1)
    start: int

    @property
    def kind(self) -> Literal["slider"]:
        """What it is."""
        return "slider"

    @property
    def positions(self) -> list[int | str]:
        """Some of its values, the first and the last among them."""
        last = (self.high - self.low) // self.step
        places = {round(last * look / (_LOOKS - 1)) for look in range(_LOOKS)}
        return [self.low + self.step * place for place in sorted(places)]


class Choice(_Entry):
    """One of several, by name."""

    name: str
    label: str
    choices: dict[str, str] = Field(min_length=2)
    start: str

    @property
    def kind(self) -> Literal["choice"]:
        """What it is."""
        return "choice"

    @property
    def positions(self) -> list[int | str]:
        """All its values."""
        return list(self.choices)


class Again(_Entry):
    """A button that lets chance draw again."""

    name: str
    label: str

    @property
    def kind(self) -> Literal["again"]:
        """What it is."""
        return "again"

    @property
    def start(self) -> int:
        """Which draw is seen first."""
        return 0

    @property
    def positions(self) -> list[int | str]:
        """The first draws."""
        return [0, 1, 2]


class Thing(_Entry):
    """Something to try.

    Attributes
    ----------
    title : str
        The question that it answers.
    instruction : str
        What to do.
    controls : tuple of Slider, Choice or Again
        One to three.
    tall : int
        How high the picture is, in pixels.
    columns : tuple of str
        The heads of its table.
    data : dict
        The made-up figures, as its scene reads them.
    says : dict of str
        The sentences that tell what is seen, by the name that a scene gives.
    shows : str
        What a reader takes away.
    """

    title: Sentence
    instruction: Sentence
    controls: tuple[Slider | Choice | Again, ...] = Field(min_length=1, max_length=3)
    tall: int = Field(ge=160, le=420)
    columns: tuple[str, ...] = Field(min_length=2)
    data: dict[str, Any]
    says: dict[str, Sentence] = Field(min_length=1)
    shows: Sentence

    @property
    def start(self) -> dict[str, int | str]:
        """Where the controls stand first."""
        return {control.name: control.start for control in self.controls}

    @property
    def positions(self) -> Iterator[dict[str, int | str]]:
        """Positions of all controls together: some of each."""
        names = [control.name for control in self.controls]
        for values in product(*(control.positions for control in self.controls)):
            yield dict(zip(names, values, strict=True))

    def scene(self, kind: str, state: Mapping[str, int | str]) -> Scene:
        """Give what is seen at a position of the controls."""
        return SCENES[kind]({**self.data, "columns": self.columns}, state)

    def sentence(self, scene: Scene) -> str:
        """Say what is seen."""
        return fill(self.says[scene.says], scene.values)


def fill(sentence: str, values: Mapping[str, str]) -> str:
    """Fill a sentence's slots; `{name|one|several}` adds the word that agrees with the number.

    Examples
    --------
    >>> fill("{a} to {b|point|points}, or {c|point|points}", {"a": "0", "b": "1", "c": "1.0"})
    '0 to 1 point, or 1.0 points'
    """

    def slot(found: re.Match[str]) -> str:
        name, one, several = found.groups()
        value = values[name]
        return f"{value} {one if value == '1' else several}" if one else value

    return _SLOT.sub(slot, sentence)


def load(path: Path = PATH) -> dict[str, Thing]:
    """Read the things to try of a file.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    dict of str to Thing
        By kind.

    Raises
    ------
    TryItError
        Naming the file, the kind, the field and what was expected.
    """
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    if entries.keys() != SCENES.keys():
        wrong = ", ".join(sorted(entries.keys() ^ SCENES.keys()))
        raise TryItError(f"{path.name}: expected an entry for each scene and no other: {wrong}")
    made: dict[str, Thing] = {}
    for kind, entry in entries.items():
        try:
            made[kind] = Thing.model_validate(entry)
        except ValidationError as error:
            raise TryItError(f"{path.name}: {kind}: {kept.fault(error)}") from None
    return made


@cache
def things() -> dict[str, Thing]:
    """Give the project's own, read once.

    Examples
    --------
    >>> things()["target"].start
    {'target': 80, 'tolerance': 3}
    """
    return load()


@cache
def _room(kind: str) -> tuple[int, int]:
    """Give the lines that a kind's longest sentence needs, so that nothing below it ever moves."""
    thing = things()[kind]
    longest = max(len(thing.sentence(thing.scene(kind, state))) for state in thing.positions)
    phone, wide = (math.ceil(longest / letters) for letters in _LINES)
    return phone, wide


class TryIt(SphinxDirective):
    """Something to try, by its kind in `data/teaching/try-it.yaml`.

    ```{try-it} target
    ```
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make title, controls, worked picture, sentence and table."""
        kind = self.arguments[0]
        if kind not in things():
            found = process.extractOne(kind, list(things()), score_cutoff=50)
            near = f"; the nearest is {found[0]!r}" if found else ""
            expected = ", ".join(things())
            raise self.error(f"try-it: there is no kind {kind!r}{near}: expected one of {expected}")
        self.env.metadata[self.env.docname][TRIES] = "yes"
        number = self.env.new_serialno("try-it") + 1
        return [render("try-it", **values(kind, f"try-{number}"))]


def values(kind: str, name: str) -> dict[str, Any]:
    """Give what the template of a thing to try is filled with.

    Parameters
    ----------
    kind : str
    name : str
        Its own on the page; its elements' begin with it.
    """
    thing = things()[kind]
    scene = thing.scene(kind, thing.start)
    return {
        "kind": kind,
        "name": name,
        "thing": thing,
        "scene": scene,
        "picture": try_picture.draw(scene),
        "said": thing.sentence(scene),
        "room": _room(kind),
        "block": {
            "start": thing.start,
            "says": thing.says,
            "data": {**thing.data, "columns": thing.columns},
        },
    }


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("try-it", TryIt)
