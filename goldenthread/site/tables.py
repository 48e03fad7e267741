"""Tables that a writer makes of words: read from the left, where figures stand from the right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The class of the style sheet for tables of words.
WORDS: Final = "words"
_FIGURE: Final = re.compile(r"^[£$≈~<>≤≥+−–-]?\s*\d[\d,.]*\s*(%|[a-z]{1,3}\b)?")
_MISSING: Final = frozenset({"", "–", "-", "..", "n/a", "[x]"})


def is_of_words(table: nodes.table) -> bool:
    """Tell whether a table has more words than figures beside its first column.

    Parameters
    ----------
    table : docutils.nodes.table

    Returns
    -------
    bool
        False for a table of one column, which needs no telling.
    """
    texts = [
        entry.astext().strip()
        for body in table.findall(nodes.tbody)
        for row in body.findall(nodes.row)
        for entry in row.children[1:]
    ]
    said = [text for text in texts if text not in _MISSING]
    figures = sum(bool(_FIGURE.match(text)) for text in said)
    return figures * 2 < len(said)


def register(app: Sphinx) -> None:
    """Have tables looked at as pages are read."""
    app.connect("doctree-read", _mark)


def _mark(app: Sphinx, doctree: nodes.document) -> None:
    for table in doctree.findall(nodes.table):
        if WORDS not in table["classes"] and is_of_words(table):
            table["classes"].append(WORDS)
