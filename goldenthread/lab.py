"""A folder of one's own: copies of the worked examples that nobody overwrites, open in JupyterLab."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from goldenthread import exercises, notebooks

#: Where a folder remembers what was written into it, and how JupyterLab is to be.
OURS: Final = ".golden-thread"
RECORD: Final = f"{OURS}/copies.json"
#: JupyterLab would ask at its start whether it may fetch news. It may not, and need not ask.
_SETTINGS: Final = f"{OURS}/labconfig/default_setting_overrides.json"
_QUIET: Final = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
#: The first page: which worked examples there are.
START: Final = "start-here"
_ENDING: Final = ".ipynb"

Result = Literal["new", "unchanged", "updated", "yours", "beside"]


class LabError(Exception):
    """A folder that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Copy:
    """What became of one copy.

    Attributes
    ----------
    name : str
        Of the file that was written, or left alone.
    result : {"new", "unchanged", "updated", "yours", "beside"}
        "yours": it was changed by its owner, and there is no newer version. "beside": it was
        changed by its owner, and the newer version is in a file of its own, of this name.
    """

    name: str
    result: Result


def home(*, solutions: bool = False) -> Path:
    """Give the folder that is meant if none is named: in the user's own, and another for solutions."""
    return Path.home() / ("golden-thread-solutions" if solutions else "golden-thread")


def copies(*, solutions: bool = False, folder: Path = notebooks.FOLDER) -> dict[str, str]:
    """Make the copies of all worked examples, and a page that lists them.

    Parameters
    ----------
    solutions : bool
        Whether exercises come with their solutions, for whoever teaches.
    folder : pathlib.Path
        Where the worked examples are.

    Returns
    -------
    dict of str to str
        The text of each file, by its name.

    Examples
    --------
    >>> "recycling-in-your-council.ipynb" in copies()
    True
    """
    make = exercises.solved if solutions else exercises.learner
    read = {path.stem: notebooks.read(path) for path in notebooks.paths(folder)}
    made = {f"{name}{_ENDING}": exercises.write(make(one)) for name, one in read.items()}
    return {f"{START}{_ENDING}": exercises.write(_start(read)), **made}


def _start(read: Mapping[str, Any]) -> Any:
    lines = [
        f"- [{notebooks.title(one)}]({name}{_ENDING}) ({notebooks.minutes(one)} minutes)"
        for name, one in read.items()
    ]
    return exercises.page(
        "# Where do you want to start?\n\n"
        "Each of these notebooks answers one question on real figures. Open one with a double "
        "click. Press Shift and Enter to run a cell and go on to the next.\n\n"
        "To see another council, change the name behind `council =` in the first cell, then "
        "choose *Run*, *Run All Cells*. To ask publishers for their newest figures, write "
        "`live = True` below it.\n\n"
        "These copies are yours. Change them as you like: nothing here is ever overwritten once "
        "you have changed it. To begin again with one, delete it. The next time you open this "
        "folder with `goldenthread lab`, it is made anew.\n\n" + "\n".join(lines)
    )


def prepare(folder: Path, files: Mapping[str, str]) -> list[Copy]:
    """Bring a folder up to date, and leave alone whatever its owner has changed.

    A notebook is somebody's own as soon as one of its cells is not what was last written here; that
    it was run is no change, for it can be run again. Of a notebook that is somebody's own a newer
    version goes into a file beside it, once.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there.
    files : mapping of str to str
        Texts by name, as `copies` makes them.

    Returns
    -------
    list of Copy
        In the order of `files`.

    Raises
    ------
    LabError
        When the folder cannot be used.
    """
    if folder.resolve().is_relative_to(notebooks.FOLDER):
        raise LabError(
            f"{folder} is where the worked examples are kept: name another folder for your copies"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = _record(folder)
        done = [_copy(folder, name, text, written) for name, text in files.items()]
        _write(folder / RECORD, json.dumps(written, indent=1, sort_keys=True))
        _write(folder / _SETTINGS, json.dumps(_QUIET))
    except FileExistsError:
        raise LabError(f"{folder} is a file: name a folder for your copies") from None
    except OSError as error:
        raise LabError(
            f"{error.filename or folder} cannot be used ({error.strerror or error}): "
            "name a folder that you may write into, as in `goldenthread lab my-folder`"
        ) from None
    return done


def _copy(folder: Path, name: str, text: str, written: dict[str, str]) -> Copy:
    """Write one copy, if that takes nothing from anybody; `written` is brought up to date."""
    path, new = folder / name, _digest(text.encode())
    before = written.get(name)
    if not path.exists():
        _write(path, text)
        written[name] = new
        return Copy(name, "new")
    there = _digest(path.read_bytes())
    if there == new:
        written[name] = new
        return Copy(name, "unchanged")
    if there == before:
        _write(path, text)
        written[name] = new
        return Copy(name, "updated")
    if before == new:
        return Copy(name, "yours")
    beside = _beside(folder, name, new)
    _write(folder / beside, text)
    # The newest version that its owner has been given.
    written[name] = new
    return Copy(beside, "beside")


def _beside(folder: Path, name: str, new: str) -> str:
    """Find a name for a newer version: one that is free, or that holds it already."""
    stem, number = name.removesuffix(_ENDING), 1
    while True:
        number += 1
        path = folder / f"{stem}-version-{number}{_ENDING}"
        if not path.exists() or _digest(path.read_bytes()) == new:
            return path.name


def _record(folder: Path) -> dict[str, str]:
    """Read what was written here; where nobody knows, every file is its owner's."""
    with suppress(OSError, ValueError):
        read = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if isinstance(read, dict):
            return {str(name): str(digest) for name, digest in read.items()}
    return {}


def _digest(content: bytes) -> str:
    """Give a digest of what somebody may have written: JupyterLab saves results and more beside it."""
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        cells = [
            (cell["cell_type"], "".join(cell["source"]), cell.get("attachments"))
            for cell in json.loads(content)["cells"]
        ]
        content = json.dumps(cells, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, text: str) -> None:
    # Bytes, so that Windows writes the same line ends; whole, or not at all.
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(text.encode())
    part.replace(path)


def said(done: list[Copy], folder: Path) -> list[str]:
    """Say what became of the copies, in a few lines.

    Parameters
    ----------
    done : list of Copy
    folder : pathlib.Path

    Returns
    -------
    list of str

    Examples
    --------
    >>> said([Copy("a.ipynb", "new"), Copy("b.ipynb", "yours")], Path("mine"))
    ['Your worked examples are in mine.', 'New: 1.', 'Left as you have changed them: 1.']
    """
    lines = [f"Your worked examples are in {folder}."]
    for result, words in (
        ("new", "New"),
        ("updated", "Brought up to date"),
        ("yours", "Left as you have changed them"),
    ):
        count = sum(copy.result == result for copy in done)
        lines += [f"{words}: {count}."] if count else []
    lines += [
        f"There is a newer version of one that you have changed: {copy.name} is beside yours."
        for copy in done
        if copy.result == "beside"
    ]
    return lines


def command(folder: Path) -> list[str]:
    """Give the command that opens JupyterLab on a folder, with the Python that runs here.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    list of str
    """
    first = f"{START}{_ENDING}"
    opened = [f"--LabApp.default_url=/lab/tree/{first}"] if (folder / first).is_file() else []
    return [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *opened]


def environment(folder: Path) -> dict[str, str]:
    """Give the environment in which JupyterLab runs on a folder.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    dict of str to str
    """
    name = "JUPYTER_CONFIG_PATH"
    configured = [str(folder / OURS), *filter(None, [os.environ.get(name)])]
    # On Windows Python writes to a pipe in the machine's own letters, which are too few.
    return {**os.environ, name: os.pathsep.join(configured), "PYTHONUTF8": "1"}


def start(folder: Path) -> int:
    """Open JupyterLab on a folder, and wait until it is closed.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    int
        The exit code.
    """
    where = folder.resolve()
    with suppress(KeyboardInterrupt):
        return subprocess.run(  # noqa: S603 (our own interpreter)
            command(where), check=False, env=environment(where)
        ).returncode
    return 0
