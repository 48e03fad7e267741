"""Chapters in the book: whom each matters to and how long it takes, below its title; and their check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util import logging

from goldenthread.site import boxes, chapters
from goldenthread.site.front_matter import FrontMatterError
from goldenthread.site.tag import element, tag

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: By the folder of its pages.
_GUIDES: Final = {guide.folder.name: guide for guide in chapters.GUIDES}


def head(chapter: chapters.Chapter) -> tag:
    """Say how long a chapter takes, and whom it matters to.

    Parameters
    ----------
    chapter : Chapter

    Returns
    -------
    tag

    Examples
    --------
    >>> path = chapters.COUNCILLOR.folder / "reading-a-number.md"
    >>> " ".join(head(chapters.load(path)).astext().split())
    '8 minutes For everyone'
    """
    everyone = chapter.roles == (chapters.EVERYONE,)
    roles = [chapters.EVERYONE] if everyone else [boxes.ROLES[role] for role in chapter.roles]
    minutes = element("span", nodes.Text(f"{chapter.minutes} minutes "), classes="minutes")
    return element("p", minutes, boxes.for_roles(roles), classes="chapter-head")


def _guide(app: Sphinx, name: str) -> tuple[Path, chapters.Guide] | None:
    """Tell whether a page is a chapter, and of which guide."""
    path = Path(app.env.doc2path(name))
    book, _, folder = name.rpartition("/")[0].rpartition("/")
    guide = _GUIDES.get(folder) if book == "book" else None
    return (path, guide) if guide and chapters.is_chapter(path) else None


def _check(app: Sphinx, name: str, source: list[str]) -> None:
    """Say of each chapter, as it is read, all that is wrong with it."""
    found = _guide(app, name)
    if found:
        path, guide = found
        for line, said in chapters.wrong(path, guide.words):
            logging.getLogger(__name__).warning("chapter: %s", said, location=(name, line))


def _head(app: Sphinx, doctree: nodes.document) -> None:
    found = _guide(app, app.env.docname)
    title = next(doctree.findall(nodes.title), None)
    if not found or title is None:
        return
    try:
        made = head(chapters.load(found[0]))
    except FrontMatterError:
        return  # said by `_check`
    title.parent.insert(title.parent.index(title) + 1, made)


def register(app: Sphinx) -> None:
    """Have chapters checked as they are read, and say below each title what the page says of itself."""
    app.connect("source-read", _check)
    app.connect("doctree-read", _head)
