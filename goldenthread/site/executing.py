"""Worked examples run beside each other, before their pages are read one after the other."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: How the pages' reader reads them: what is executed must be what it looks for.
_READER: Final = {"type": "plugin", "name": "myst_nb_md"}


def register(app: Sphinx) -> None:
    """Have the worked examples run when it is known which pages are to be read."""
    app.connect("env-before-read-docs", _execute)


def _execute(app: Sphinx, env: BuildEnvironment, names: Iterable[str]) -> None:
    if app.config["nb_execution_mode"] != "cache":
        return
    paths = [Path(env.doc2path(name)) for name in names]
    execute(
        [path for path in paths if path.is_file() and is_notebook(path)],
        Path(app.config["nb_execution_cache_path"]),
        timeout=int(app.config["nb_execution_timeout"]),
    )


def is_notebook(path: Path) -> bool:
    """Tell whether a page of Markdown is a worked example, which has a kernel."""
    if path.suffix != ".md":
        return False
    opening, _, rest = path.read_text(encoding="utf-8").partition("---\n")
    return not opening and "\nkernelspec:" in rest.partition("\n---\n")[0]


def execute(paths: list[Path], cache: Path, *, timeout: int) -> None:
    """Run those of some worked examples that a cache has no results of, several at once.

    One that fails is left alone: whoever reads its page runs it again, and says what is wrong.

    Parameters
    ----------
    paths : list of pathlib.Path
        Notebooks as MyST Markdown.
    cache : pathlib.Path
        A folder of jupyter-cache.
    timeout : int
        Seconds that a cell may take.
    """
    from jupyter_cache import get_cache
    from jupyter_cache.executors import load_executor

    # Elsewhere a process begins with importing everything, which takes what is to be won.
    if len(paths) < 2 or (os.cpu_count() or 1) < 2 or multiprocessing.get_start_method() != "fork":
        return
    held = get_cache(cache)
    waiting = [held.add_nb_to_project(str(path), read_data=_READER).uri for path in paths]
    quiet = logging.getLogger("goldenthread.executing")
    quiet.setLevel(logging.CRITICAL)
    load_executor("local-parallel", held, logger=quiet).run_and_cache(
        filter_uris=waiting, timeout=timeout
    )
