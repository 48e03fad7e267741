"""A page of the book, made by itself: what a writer's Markdown becomes, and what the build says of it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from goldenthread.site import boxes, comparison, directives, inline, tag

HEAD = "# A page\n\n"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Page:
    """A page as it was made.

    Attributes
    ----------
    html : str
        The page itself, without what the theme puts around it.
    faults : list of str
        What a strict build would stop at: file, line and message.
    metadata : dict
        What is remembered of it.
    """

    html: str
    faults: list[str]
    metadata: dict[str, Any] = field(default_factory=dict)


def page(folder: Path, text: str) -> Page:
    """Make a page of a Markdown text, which begins on its third line."""
    source, out = folder / "source", folder / "out"
    source.mkdir(exist_ok=True)
    (source / "index.md").write_text(HEAD + text + "\n", encoding="utf-8")
    said = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source,
            None,
            out,
            folder / "doctrees",
            "html",
            confoverrides={
                "extensions": ["myst_parser"],
                "myst_enable_extensions": ["colon_fence"],
                "html_theme": "basic",
            },
            status=None,
            warning=said,
            freshenv=True,
        )
        for part in (tag, directives, boxes, inline, comparison):
            part.register(app)
        app.build()
    html = (out / "index.html").read_text(encoding="utf-8")
    body = html.split('<div class="body" role="main">')[1].split('<div class="sphinxsidebar"')[0]
    faults = [_COLOURS.sub("", line) for line in said.getvalue().splitlines()]
    return Page(body, [line for line in faults if line.strip()], app.env.metadata["index"])


def fault(made: Page) -> str:
    """Give the one fault of a page, from the line's number on."""
    (only,) = [line for line in made.faults if "index.md:" in line]
    return only.partition("index.md:")[2]
