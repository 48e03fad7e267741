"""A release: its version, which stands in several files, and the part of the changelog that is about it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Final

import yaml

CHANGELOG: Final = "CHANGELOG.md"
CITATION: Final = "CITATION.cff"
_TAG: Final = re.compile(r"v(\d+\.\d+\.\d+)")
_PART: Final = re.compile(r"^## \[(?P<name>[^\]]+)\](?: - (?P<day>\S+))?\s*$", re.MULTILINE)
#: The part for what no release holds yet.
UNRELEASED: Final = "Unreleased"


class ReleaseError(ValueError):
    """A release that cannot be made as things stand; the message says what to change."""


def version(tag: str) -> str:
    """Give the version that a tag names.

    Parameters
    ----------
    tag : str
        Such as "v1.2.0".

    Raises
    ------
    ReleaseError
        For a tag that names none.

    Examples
    --------
    >>> version("v1.2.0")
    '1.2.0'
    """
    found = _TAG.fullmatch(tag)
    if not found:
        raise ReleaseError(f"{tag!r} is no tag of a release: expected one such as v1.2.0")
    return found[1]


def parts(changelog: str) -> dict[str, tuple[str, str]]:
    r"""Read a changelog.

    Parameters
    ----------
    changelog : str
        In Markdown, with a heading `## [1.2.0] - 2026-11-25` for each release.

    Returns
    -------
    dict of str to (str, str)
        By version, the newest first: the day as it is written, "" where none is, and what is said.

    Examples
    --------
    >>> parts("# Changelog\n\n## [0.1.0] - 2026-11-25\n\n- First.\n")
    {'0.1.0': ('2026-11-25', '- First.')}
    """
    heads = list(_PART.finditer(changelog))
    ends = [head.start() for head in heads[1:]] + [len(changelog)]
    return {
        head["name"]: (head["day"] or "", changelog[head.end() : end].strip())
        for head, end in zip(heads, ends, strict=True)
    }


def faults(tag: str, root: Path) -> list[str]:
    """Say what does not agree with a tag.

    Parameters
    ----------
    tag : str
    root : pathlib.Path
        The project's folder.

    Returns
    -------
    list of str
        A sentence for each; empty where the release can be made.
    """
    wanted = version(tag)
    found = []
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if project["version"] != wanted:
        found.append(f"pyproject.toml: version is {project['version']}, and the tag says {wanted}")
    citation = yaml.safe_load((root / CITATION).read_text(encoding="utf-8"))
    if str(citation.get("version")) != wanted:
        found.append(f"{CITATION}: version is {citation.get('version')}, and the tag says {wanted}")
    listed = parts((root / CHANGELOG).read_text(encoding="utf-8"))
    if wanted not in listed:
        return [*found, f"{CHANGELOG}: there is no part “## [{wanted}] - YEAR-MONTH-DAY”"]
    day, said = listed[wanted]
    if not said:
        found.append(f"{CHANGELOG}: nothing is said of {wanted}")
    try:
        released = dt.date.fromisoformat(day)
    except ValueError:
        found.append(f"{CHANGELOG}: {wanted} has no day such as 2026-11-25")
    else:
        if str(citation.get("date-released")) != released.isoformat():
            found.append(
                f"{CITATION}: date-released is {citation.get('date-released')}, and {CHANGELOG} says {day}"
            )
    first = next((name for name in listed if name != UNRELEASED), "")
    if first != wanted:
        found.append(f"{CHANGELOG}: the newest release there is {first}, not {wanted}")
    return found


def notes(tag: str, root: Path) -> str:
    """Give what the changelog says of a release.

    Parameters
    ----------
    tag : str
    root : pathlib.Path

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    ReleaseError
        Where something does not agree with the tag.
    """
    wrong = faults(tag, root)
    if wrong:
        raise ReleaseError("\n".join(wrong))
    return parts((root / CHANGELOG).read_text(encoding="utf-8"))[version(tag)][1]
