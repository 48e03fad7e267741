"""Elements of HTML that a page is given where docutils has no node for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

#: Elements that have nothing inside, and no end.
_VOID: Final = ("input",)


class tag(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801 (docutils names its nodes so)
    """An element with its attributes; what a writer wrote stands inside it as nodes."""


def element(
    name: str, /, *children: nodes.Node, classes: str = "", ids: str = "", **attributes: str
) -> tag:
    """Make an element.

    Parameters
    ----------
    name : str
        "div", "summary", …
    *children : docutils.nodes.Node
    classes, ids : str
        Separated by spaces.
    **attributes : str
        Written with a hyphen for each underscore; one in front of a Python word is left out.

    Returns
    -------
    tag

    Examples
    --------
    >>> made = element("input", ids="answer-1", _type="radio", aria_label="Yes")
    >>> made["ids"], made["html"]
    (['answer-1'], {'type': 'radio', 'aria-label': 'Yes'})
    """
    html = {key.removeprefix("_").replace("_", "-"): value for key, value in attributes.items()}
    return tag("", *children, tag=name, html=html, classes=classes.split(), ids=ids.split())


def _visit(self: HTML5Translator, node: tag) -> None:
    attributes: dict[str, Any] = node["html"]
    self.body.append(self.starttag(node, node["tag"], "", **attributes))


def _depart(self: HTML5Translator, node: tag) -> None:
    if node["tag"] not in _VOID:
        self.body.append(f"</{node['tag']}>")


def register(app: Sphinx) -> None:
    """Register the node."""
    app.add_node(tag, html=(_visit, _depart))
