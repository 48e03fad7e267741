"""What a reader can say of a page: links that open a filled-in form or e-mail; nothing sends by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from goldenthread.addresses import Addresses, addresses
from goldenthread.site import policy
from goldenthread.site.assess import GUIDED
from goldenthread.site.directives import render

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE: Final = "book/about/take-part"
#: What is said, as `.github/ISSUE_TEMPLATE/page.yml` has it, by what the link is called.
KINDS: Final[Mapping[str, str]] = {
    "Yes": "It was useful",
    "No": "It was not useful",
    "Suggest an improvement": "It could be better",
    "Report a problem": "Something is wrong",
}
#: Below which pages there may be talk: not below the pages of councils, or of the search.
TALKED: Final = ("book/", "casestudies/", "notebooks/")


@dataclass(frozen=True)
class Link:
    """A link of the foot of a page.

    Attributes
    ----------
    said, url : str
    """

    said: str
    url: str


def links(name: str, title: str, known: Addresses, *, root: str = "") -> list[Link]:
    """Give a page's links.

    Parameters
    ----------
    name : str
        The page's, without its ending.
    title : str
        As its reader sees it.
    known : Addresses
    root : str
        The way from the page to the root of the site, for a link within it.

    Returns
    -------
    list of Link
        To a form on GitHub; else to an e-mail; else, where neither address is known, to the page that
        gives the reader the words to send.

    Examples
    --------
    >>> links("book/compare", "Compare", Addresses(), root="../")[2].url
    '../book/about/take-part.html?page=book/compare&kind=3#by-copy'
    >>> links("book/compare", "Compare", Addresses(email="a@example.org"))[0].url[:31]
    'mailto:a@example.org?subject=Pa'
    """
    where = known.page(name) or name
    return [
        Link(said, _url(number, kind, where, name, title, known, root))
        for number, (said, kind) in enumerate(KINDS.items(), start=1)
    ]


def _url(
    number: int, kind: str, where: str, name: str, title: str, known: Addresses, root: str
) -> str:
    if known.on_github:
        values = {"template": "page.yml", "title": f"Page: {title}", "page": where, "kind": kind}
        return f"https://github.com/{known.on_github}/issues/new?{urlencode(values)}"
    if known.email:
        values = {"subject": f"Page: {title}", "body": f"{kind}\n\n{where}\n\n"}
        return f"mailto:{known.email}?{urlencode(values, quote_via=quote)}"
    return f"{root}{PAGE}.html?page={quote(name)}&kind={number}#by-copy"


class TakePart(SphinxDirective):
    """The words for whoever writes to those who look after a copy of this workbook.

    ```{take-part}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the field."""
        self.env.metadata[self.env.docname][GUIDED] = "yes"
        return [render("take-part", kinds=list(KINDS.values()), known=addresses())]


def register(app: Sphinx) -> None:
    """Register the directive, and what stands at the foot of every page."""
    app.add_directive("take-part", TakePart)
    app.connect("html-page-context", _context, priority=950)


def _context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    known = addresses()
    there = known.on_github or known.email or PAGE in app.env.found_docs
    # The theme's titles are HTML already, and those of the book's own pages are known as text.
    titles = app.env.titles
    title = (
        titles[pagename].astext() if pagename in titles else unescape(str(context.get("title", "")))
    )
    context["take_part"] = links(pagename, title, known, root=context["root"]) if there else ()
    talk = known.discussion if pagename.startswith(TALKED) and doctree is not None else None
    context["talk"] = talk
    context["talk_on"] = known.on_github
    context["talk_host"] = policy.TALK
    context["policy"] = policy.page(talk=talk is not None)
