"""The feed of updates, `updates.xml`: what refreshes changed, for whoever wants to be told.

Atom (RFC 4287). Its ids are names and no addresses, so that they stay the same wherever the site is
put. Links are relative to the feed itself, unless the book's configuration says where the site is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from goldenthread.site import status
from goldenthread.site.updates import Update, identify, updates
from goldenthread.snapshot import snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FILE: Final = "updates.xml"
ATOM: Final = "http://www.w3.org/2005/Atom"
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A feed tells what is new; the page about the state of the data has all of it.
MOST: Final = 100


def feed(told: Sequence[Update], *, title: str, author: str, base: str, generated: date) -> bytes:
    """Write the feed.

    Parameters
    ----------
    told : sequence of Update
        The newest first.
    title, author : str
        The book's.
    base : str
        The address of the site's folder, with a slash at its end; empty where it is not known.
    generated : datetime.date
        When the figures last changed, for a feed with nothing in it.

    Returns
    -------
    bytes
        XML in UTF-8.
    """
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"})

    def add(parent: ET.Element, name: str, text: str = "", **given: str) -> ET.Element:
        made = ET.SubElement(parent, f"{{{ATOM}}}{name}", given)
        made.text = _clean(text) or None
        return made

    add(root, "id", identify("feed"))
    add(root, "title", f"{title}: updates of the figures")
    add(root, "updated", _moment(max((one.at for one in told), default=generated)))
    add(add(root, "author"), "name", author)
    add(root, "link", rel="self", type="application/atom+xml", href=f"{base}{FILE}")
    page = f"{base}{status.PAGE}.html"
    add(root, "link", rel="alternate", type="text/html", href=page)
    for one in told[:MOST]:
        entry = add(root, "entry")
        add(entry, "id", one.id)
        add(entry, "title", one.title)
        add(entry, "updated", _moment(one.at))
        add(entry, "link", rel="alternate", type="text/html", href=f"{page}#source-{one.source}")
        lines = "".join(f"<li>{escape(line)}</li>" for line in one.lines)
        add(entry, "content", f"<ul>{lines}</ul>", type="html")
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _clean(text: str) -> str:
    """Leave out what no XML may hold, whatever a publisher's file is called."""
    return _NO_XML.sub("", text)


def register(app: Sphinx) -> None:
    """Have the feed written when the pages are, and named in the head of each."""
    app.connect("html-page-context", _link, priority=950)
    app.connect("build-finished", _finish)


def _link(app: Sphinx, pagename: str, _: str, context: dict[str, object], doctree: object) -> None:
    # A feed of a page that is not there would lead nowhere.
    context["feed"] = FILE if status.PAGE in app.env.found_docs else ""


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if (
        exception is not None
        or app.builder.format != "html"
        or status.PAGE not in app.env.found_docs
    ):
        return
    base = app.config.html_baseurl
    held = snapshot()
    written = feed(
        updates(held.changes),
        title=app.config.html_title,
        author=app.config.author,
        base=f"{base.rstrip('/')}/" if base else "",
        generated=held.generated,
    )
    (Path(app.outdir) / FILE).write_bytes(written)
