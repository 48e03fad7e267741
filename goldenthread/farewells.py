"""Measures that ended, were retired or were replaced: kept by hand in `data/catalogue-changes.yaml`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from goldenthread import catalogue, kept
from goldenthread.catalogue import Catalogue, Identifier, Sentence

PATH: Final = catalogue.FOLDER / "catalogue-changes.yaml"


class FarewellError(ValueError):
    """An entry that is wrong; the message names the file, the measure, the field and what was expected."""


class Farewell(BaseModel):
    """What became of a measure.

    Attributes
    ----------
    measure : str
        Its id.
    what : {"ended", "retired", "replaced"}
        "ended": still held, but its publisher publishes no more of it. "retired": no longer held.
        "replaced": no longer held, and `by` stands for it.
    at : datetime.date
    name : str
        What it was called, where the catalogue no longer says.
    by : str or None
    why : str
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    measure: Identifier
    what: Literal["ended", "retired", "replaced"]
    at: date
    name: str = ""
    by: Identifier | None = None
    why: Sentence

    @model_validator(mode="after")
    def _agree(self) -> Farewell:
        if (self.what == "replaced") != (self.by is not None):
            raise ValueError("by: expected for a measure that was replaced, and for no other")
        if (self.what == "ended") == bool(self.name):
            raise ValueError(
                "name: expected for a measure that left the catalogue, and for no other"
            )
        return self


def load(path: Path = PATH, known: Catalogue | None = None) -> dict[str, Farewell]:
    """Read what became of measures.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.
    known : Catalogue, optional
        The measures there are; by default the project's.

    Returns
    -------
    dict of str to Farewell
        By measure, in the order of the file.

    Raises
    ------
    FarewellError
        Naming the file, the measure, the field and what was expected.

    Examples
    --------
    >>> load()["covid-19-cases"].what
    'ended'
    """
    measures = known if known is not None else catalogue.catalogue()
    found: dict[str, Farewell] = {}
    for who, one in kept.entries(path, Farewell, FarewellError, by="measure"):
        if (one.what == "ended") != (one.measure in measures):
            where = "expected in" if one.what == "ended" else "stands still in"
            raise FarewellError(f"{who}: measure: {where} the catalogue")
        if one.by and one.by not in measures:
            raise FarewellError(f"{who}: by: {one.by!r} is not in the catalogue")
        found[one.measure] = one
    return found


@cache
def farewells() -> dict[str, Farewell]:
    """Give the project's own, read once."""
    return load()
