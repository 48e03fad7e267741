"""Worked examples on the page: their solutions folded away, and the notebook to take with you."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from goldenthread import exercises, notebooks
from goldenthread.addresses import addresses
from goldenthread.site.executing import is_notebook
from goldenthread.site.tag import element

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def register(app: Sphinx) -> None:
    """Register what happens when a worked example is read, and when all pages are written."""
    app.connect("doctree-read", _read)
    app.connect("build-finished", _finish)


def _read(app: Sphinx, doctree: nodes.document) -> None:
    path = Path(doctree["source"])
    if is_notebook(path):
        fold(doctree)
        offer(doctree, path.stem)


def fold(doctree: nodes.document) -> None:
    """Fold the solutions away: a reader opens them, and needs no JavaScript for that.

    Parameters
    ----------
    doctree : docutils.nodes.document
        Cells of code bear their tags as classes.
    """
    marked = f"tag_{notebooks.SOLUTION}"
    cells = [node for node in doctree.findall(nodes.container) if marked in node["classes"]]
    for cell in cells:
        parent, place = cell.parent, cell.parent.index(cell)
        before = parent[place - 1] if place else None
        if isinstance(before, nodes.Element) and "solution" in before["classes"]:
            # A solution of several cells is one thing to open.
            parent.remove(cell)
            before += cell
            continue
        summary = element("summary", nodes.Text("Show a solution"))
        parent[place] = element("details", summary, cell.deepcopy(), classes="solution")


def offer(doctree: nodes.document, name: str) -> None:
    """Say, below the title's own words, how to run a worked example oneself.

    Parameters
    ----------
    doctree : docutils.nodes.document
    name : str
        The page's, which is the notebook's.
    """
    title = next(doctree.findall(nodes.title), None)
    if title is None:
        return
    file = f"{name}.ipynb"
    said: list[nodes.Node] = [
        nodes.strong("", "Run it yourself."),
        nodes.Text(" On a computer that has this workbook, "),
        nodes.literal("", "make lab"),
        nodes.Text(" (on Windows "),
        nodes.literal("", r".venv\Scripts\goldenthread lab"),
        nodes.Text(") opens all worked examples in JupyterLab, as copies of your own. "),
        element("a", nodes.Text(f"Download {file}"), href=file, download=file),
    ]
    online = addresses().binder(f"lab/{file}")
    if online:
        said += [nodes.Text(" or "), element("a", nodes.Text("open it on Binder"), href=online)]
    said.append(nodes.Text("."))
    section = title.parent
    parts = [place for place, node in enumerate(section) if isinstance(node, nodes.section)]
    cells = [
        place
        for place, node in enumerate(section)
        if isinstance(node, nodes.container) and "cell" in node["classes"]
    ]
    at = min([*parts, *cells], default=len(section))
    section.insert(at, element("p", *said, classes="take-away"))


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    for name in app.env.found_docs:
        path = Path(app.env.doc2path(name))
        if path.is_file() and is_notebook(path):
            write(path, Path(app.outdir) / f"{name}.ipynb")


def write(path: Path, file: Path) -> None:
    """Write the learner's notebook of a worked example.

    Parameters
    ----------
    path : pathlib.Path
        The worked example as it is written.
    file : pathlib.Path
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # Bytes, so that Windows writes the same line ends.
    file.write_bytes(exercises.learners_file(path).encode())
