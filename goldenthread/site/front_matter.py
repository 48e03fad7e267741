"""What a page says of itself between its first lines of hyphens: read, checked, and faults named by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from goldenthread.site import anatomy

#: How many letters a description has: less says nothing, and search engines cut what is longer.
DESCRIPTION: Final = range(90, 171)
_BETWEEN: Final = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
Model = TypeVar("Model", bound=BaseModel)


class FrontMatterError(ValueError):
    """Front matter that is wrong; the message names file, line, field and what was expected.

    Attributes
    ----------
    line : int
        Where in the file.
    reason : str
        The message without file and line.
    """

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path.name}:{line}: {reason}")
        self.line = line
        self.reason = reason


class FieldError(ValueError):
    """What is wrong with a field that only the whole can tell.

    Attributes
    ----------
    field : str
        As it is called in the file.
    """

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field


def text_of(path: Path) -> str:
    """Read a page, whatever its ends of lines."""
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def split(text: str) -> tuple[str, str]:
    r"""Part a page into its front matter and the Markdown below it.

    Examples
    --------
    >>> split("---\ndescription: Short.\n---\n# A page\n")
    ('description: Short.\n', '# A page\n')
    """
    found = _BETWEEN.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def lines_before(text: str) -> int:
    r"""Count the lines of a page above the Markdown that `split` gives.

    Examples
    --------
    >>> lines_before("---\ndescription: Short.\n---\n# A page\n")
    3
    """
    return text.count("\n") - split(text)[1].count("\n")


def check_description(description: str) -> None:
    """Refuse a description that is too short or too long.

    Raises
    ------
    FieldError
    """
    if len(description) not in DESCRIPTION:
        raise FieldError(
            "description",
            f"expected {DESCRIPTION.start} to {DESCRIPTION.stop - 1} letters, not {len(description)}",
        )


def load(path: Path, text: str, key: str, model: type[Model], expected: str) -> Model:
    """Read what a page says under one key, with its slug, title and description.

    Parameters
    ----------
    path : pathlib.Path
        What the page is called.
    text : str
        What it says.
    key : str
        Where in the front matter the fields stand.
    model : type
        What they are; it has `slug`, `title` and `description` besides.
    expected : str
        What is said where the key is missing.

    Returns
    -------
    Model

    Raises
    ------
    FrontMatterError
        Naming the file, the line, the field and what was expected.
    """
    front, body = split(text)
    try:
        tree = yaml.compose(front, Loader=yaml.SafeLoader)
        entry = yaml.safe_load(front)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise FrontMatterError(path, line, f"front matter: {error.problem}") from None
    if not isinstance(entry, Mapping) or not isinstance(entry.get(key), Mapping):
        raise FrontMatterError(path, 1, f"front matter: expected `{key}:` with {expected}")
    values = {
        **entry[key],
        "slug": path.stem,
        "title": anatomy.title(body),
        "description": entry.get("description") or "",
    }
    try:
        return model.model_validate(values)
    except ValidationError as error:
        field, said = _first(error, key, model)
        raise FrontMatterError(path, _line(tree, field), f"{field}: {said}") from None


def _first(error: ValidationError, key: str, model: type[BaseModel]) -> tuple[str, str]:
    """Give the first fault: its field as it is called in the file, and what is said of it."""
    # Who misspells the name of a field is told of that, and not that the right one is missing.
    fault = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    inner = fault.get("ctx", {}).get("error")
    if isinstance(inner, FieldError):
        return inner.field, str(inner)
    parts = [str(part) for part in fault["loc"]]
    if parts[0] not in ("slug", "title", "description"):
        parts.insert(0, key)
    field = ".".join(part for part in parts if not part.isdigit())
    if fault["type"] == "extra_forbidden":
        near = process.extractOne(parts[-1], list(_fields(model)))[0]
        return field, f"there is no such field; the nearest is {near}"
    if fault["type"] == "missing":
        return field, "this field is missing"
    return field, f"{fault['msg']}, found {fault['input']!r}"


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """Give the fields of a model and of the models in it."""
    found: dict[str, Any] = {}
    for name, held in model.model_fields.items():
        found[name] = held
        for inner in getattr(held.annotation, "__args__", (held.annotation,)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                found |= _fields(inner)
    return found


def _line(tree: yaml.Node | None, field: str) -> int:
    """Find the line of a field in the file, or of what it should stand in."""
    line, node = 1, tree
    for part in field.split("."):
        pairs: list[Any] = node.value if isinstance(node, yaml.MappingNode) else []
        found = next((pair for pair in pairs if pair[0].value == part), None)
        if found is None:
            break
        # The first line of the file is a row of hyphens, and yaml counts from 0.
        line, node = found[0].start_mark.line + 2, found[1]
    return line
