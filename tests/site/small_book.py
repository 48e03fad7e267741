"""A page of the book, made by itself: what a writer's Markdown becomes, and what the build says of it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from goldenthread.site import blocks, downloads, workshop

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


def page(
    folder: Path,
    text: str,
    *,
    name: str = "index",
    others: Mapping[str, str] | None = None,
    head: str = HEAD,
) -> Page:
    """Make a page of a Markdown text, which begins below `head`, in a book with others."""
    source, out = folder / "source", folder / "out"
    for where, words in {**(others or {}), name: head + text + "\n"}.items():
        path = source / f"{where}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
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
        for part in (*blocks(), workshop):
            part.register(app)
        app.add_directive("download-fields", downloads.DownloadFields)
        app.build()
    html = (out / f"{name}.html").read_text(encoding="utf-8")
    body = html.split('<div class="body" role="main">')[1].split('<div class="sphinxsidebar"')[0]
    lines = [_COLOURS.sub("", line) for line in said.getvalue().splitlines()]
    # The small book has no list of contents, which is no fault of its pages.
    faults = [line for line in lines if line.strip() and "in any toctree" not in line]
    return Page(body, faults, app.env.metadata[name])


def fault(made: Page) -> str:
    """Give the one fault of a page, from the line's number on."""
    (only,) = [line for line in made.faults if ".md:" in line]
    return only.partition(".md:")[2]
