"""Files that are kept by hand: their entries, checked one by one, and the names nearest to a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from rapidfuzz import process

Model = TypeVar("Model", bound=BaseModel)


def entries(
    path: Path,
    model: type[Model],
    error: Callable[[str], Exception],
    *,
    by: str = "",
    once: bool = True,
) -> Iterator[tuple[str, Model]]:
    """Read the entries of a list, each with where it stands.

    Parameters
    ----------
    path : pathlib.Path
        A list in YAML; an empty file is an empty list.
    model : type
        What an entry is.
    error : callable
        What makes an exception of what is wrong with one.
    by : str
        The field that names an entry; where there is none, an entry is named by its number.
    once : bool
        Whether no two entries may be named alike.

    Yields
    ------
    str, Model
        File and name, as an error of the caller's own begins; and the entry.

    Raises
    ------
    Exception
        What `error` makes, naming the file, the entry, the field and what was expected.
    """
    seen = set()
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or (), start=1):
        named = entry.get(by) if isinstance(entry, dict) else None
        where = f"{path.name}: {named or f'entry {number}'}"
        try:
            made = model.model_validate(entry)
        except ValidationError as wrong:
            raise error(f"{where}: {fault(wrong)}") from None
        if by and once and named in seen:
            raise error(f"{where}: {by}: stands there twice")
        seen.add(named)
        yield where, made


def fault(error: ValidationError) -> str:
    """Say what is wrong first: the field, and what was expected.

    Examples
    --------
    >>> class Entry(BaseModel):
    ...     minutes: int
    >>> try:
    ...     Entry.model_validate({})
    ... except ValidationError as error:
    ...     print(fault(error))
    minutes: Field required
    """
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "entry"
    # What a model's own check says needs no word before it.
    return f"{field}: {first['msg'].removeprefix('Value error, ')}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Name the three that are written most alike.

    Examples
    --------
    >>> nearest("wast", ["waste", "pay"])
    'waste, pay'
    """
    return ", ".join(str(match[0]) for match in process.extract(name, list(known), limit=3))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that something is not there, with the nearest there is.

    Examples
    --------
    >>> unknown("report", "wast", ["waste", "pay"])
    "there is no report 'wast'; the nearest are waste, pay"
    """
    return f"there is no {what} {name!r}; the nearest are {nearest(name, known)}"
