"""A worked example run in this process: quicker than a kernel, and as strict about what it shows."""

from __future__ import annotations

import ast
import contextlib
import io
from typing import Any

from goldenthread import notebooks
from goldenthread.charts import Chart


class NotebookError(AssertionError):
    """A cell that failed, with its number and its code."""


def run(notebook: Any, *, council: str = "", live: bool | None = None) -> list[str]:
    """Run all cells, and give what each shows, as text.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    council : str
        Another council than the one that it names.
    live : bool, optional
        Another place of the switch.
    """
    shown: list[str] = []
    names: dict[str, Any] = {"__name__": "__main__"}
    names["display"] = lambda *things: shown.extend(map(_show, things))
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        code = _changed(cell.source, council, live)
        said, wrong = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
                last = _run(code, names)
            if last is not None:
                shown.append(_show(last))
        except Exception as error:
            raise NotebookError(
                f"cell {number}: {type(error).__name__}: {error}\n{code}"
            ) from error
        assert not wrong.getvalue(), f"cell {number} writes an error: {wrong.getvalue()}"
        if said.getvalue():
            shown.append(said.getvalue())
    return shown


def _changed(code: str, council: str, live: bool | None) -> str:
    if council:
        code = notebooks.COUNCIL.sub(f'council = "{council}"', code)
    return code if live is None else code.replace("live = False", f"live = {live}")


def _run(code: str, names: dict[str, Any]) -> Any:
    """Run a cell, and give the value of its last line where that is an expression."""
    tree = ast.parse(code)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "<cell>", "exec"), names)
        return None
    tree.body.pop()
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def _show(thing: Any) -> str:
    """Give what a page would show, and refuse what the strict build would stop at."""
    if isinstance(thing, Chart):
        return str(thing._repr_mimebundle_()["text/html"])
    if type(thing).__module__.startswith("plotly"):
        assert thing.data, "a plotly figure without data"
        assert thing.layout.title.text, "a plotly figure without a title"
        return str(thing.layout.title.text)
    page = getattr(thing, "_repr_html_", None)
    return str(page() if page else thing)
