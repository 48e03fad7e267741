"""The two versions of a worked example, from one source: the learner's, and the one with solutions."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, Final

from goldenthread import notebooks
from goldenthread.addresses import Addresses, addresses

#: What a learner finds in the place of the solution.
YOUR_ANSWER: Final = "# Your answer. The page of the book shows a solution, folded away."
_LINK: Final = re.compile(r"\[([^\]]+)\]\((?!https?://|#|mailto:)([^)\s]+)\)")
_KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}


def learner(notebook: Any, known: Addresses | None = None) -> Any:
    """Make the learner's version: a cell to fill where the solution was, and no results.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        A worked example as it is written.
    known : Addresses, optional
        Where links to pages of the book lead; the project's own, if not given.

    Returns
    -------
    nbformat.NotebookNode
        The same every time.

    Examples
    --------
    >>> path = notebooks.paths()[0]
    >>> notebooks.solutions(learner(notebooks.read(path)))
    []
    """
    cells = []
    for cell in notebook.cells:
        if not notebooks.is_solution(cell):
            cells.append((cell.cell_type, cell.source))
        elif cells[-1] != ("code", YOUR_ANSWER):
            cells.append(("code", YOUR_ANSWER))
    return _notebook(cells, known)


def solved(notebook: Any, known: Addresses | None = None) -> Any:
    """Make the version with solutions, for whoever teaches.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    known : Addresses, optional

    Returns
    -------
    nbformat.NotebookNode
    """
    cells = [
        (c.cell_type, f"# A solution\n{c.source}" if notebooks.is_solution(c) else c.source)
        for c in notebook.cells
    ]
    return _notebook(cells, known)


def _notebook(cells: list[tuple[str, str]], known: Addresses | None) -> Any:
    # Typed as what it is to us: plain data.
    v4: Any = import_module("nbformat.v4")

    at = addresses() if known is None else known
    made = []
    for number, (kind, source) in enumerate(cells, start=1):
        # An id of chance would make every copy another file.
        name = f"cell-{number}"
        if kind == "code":
            made.append(v4.new_code_cell(source, id=name))
        else:
            made.append(v4.new_markdown_cell(_reachable(source, at), id=name))
    return v4.new_notebook(cells=made, metadata={"kernelspec": _KERNEL})


def _reachable(text: str, known: Addresses) -> str:
    """Lead links to where the copy can reach: a notebook beside it, or the published book.

    Where the book is published is not always known. Then a page of it is named without a link.

    Examples
    --------
    >>> _reachable("[Who?](who-is-like-us.md), [waste](../book/reports/waste.md)", Addresses())
    '[Who?](who-is-like-us.ipynb), waste (a page of the book)'
    """

    def lead(found: re.Match[str]) -> str:
        words, target = found[1], found[2].partition("#")[0]
        path = PurePosixPath(target)
        if path.suffix in (".md", ".ipynb") and len(path.parts) == 1:
            return f"[{words}]({path.with_suffix('.ipynb')})"
        page = known.page(str(path.with_suffix("")).removeprefix("../"))
        return f"[{words}]({page})" if page else f"{words} (a page of the book)"

    return _LINK.sub(lead, text)


def page(text: str) -> Any:
    """Make a notebook that is one page of words."""
    return _notebook([("markdown", text)], None)


def write(notebook: Any) -> str:
    """Give a notebook as the text of an .ipynb file: the same text for the same notebook."""
    nbformat: Any = import_module("nbformat")
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def learners_file(path: Path) -> str:
    """Give the .ipynb file of a worked example for learners.

    Parameters
    ----------
    path : pathlib.Path
        The worked example as it is written.

    Returns
    -------
    str
    """
    return write(learner(notebooks.read(path)))
