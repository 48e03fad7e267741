"""The glossary on the pages: its list, a word that a writer wants explained, and the first use of a term."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxDirective

from goldenthread.site import glossary
from goldenthread.site.directives import render
from goldenthread.site.glossary import GlossaryError, Term
from goldenthread.site.pages import MADE_FROM

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

#: The page that lists the terms.
PAGE: Final = "book/about/glossary"
#: Where running text stands; a term in a table, a box or a quotation is left alone.
_PLAIN: Final = (nodes.document, nodes.section, nodes.bullet_list, nodes.enumerated_list)

_log = logging.getLogger(__name__)


def anchor(term: Term) -> str:
    """Give a term's place on the page of the glossary.

    Examples
    --------
    >>> anchor(glossary.glossary().find("S114"))
    'term-section-114-notice'
    """
    return f"term-{term.id}"


class gloss(nodes.General, nodes.Inline, nodes.TextElement):  # type: ignore[misc]  # noqa: N801
    """A word that is explained where it stands; without JavaScript, a link to the glossary."""


def _marked(term: Term, text: str) -> gloss:
    return gloss(text, text, term=term.id, anchor=anchor(term), definition=term.definition)


def _visit(self: HTML5Translator, node: gloss) -> None:
    page = self.builder.get_relative_uri(self.builder.current_docname, PAGE)
    self.body.append(
        f'<a class="gloss" href="{page}#{node["anchor"]}"'
        f' data-definition="{escape(node["definition"])}">'
    )


def _depart(self: HTML5Translator, node: gloss) -> None:
    self.body.append("</a>")


class Gloss(ReferenceRole):
    """A term that a reader can have explained: `denominator`, or `what it is over <denominator>`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Mark the word."""
        try:
            term = glossary.glossary().find(self.target)
        except GlossaryError as error:
            message = self.inliner.reporter.error(f"gloss: {error}", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [_marked(term, self.title)], []


class MarkTerms(SphinxTransform):
    """Marks the first use of a term in the running text of a page."""

    # After straight quotation marks have become curly ones, which needs whole texts.
    default_priority = 800

    def apply(self, **_: Any) -> None:
        """Mark what the page uses."""
        # Another glossary makes another page.
        self.env.note_dependency(str(glossary.PATH))
        for node in self.document.findall(gloss):
            if isinstance(node.parent, nodes.title):
                # It would be a link in the lists of contents, which are links already.
                _log.warning("gloss: a term cannot be explained in a heading", location=node.parent)
        # The landing page is to be taken in at a glance; a small book may have no glossary.
        if self.env.docname in (self.config.root_doc, PAGE) or PAGE not in self.env.found_docs:
            return
        seen = {node["term"] for node in self.document.findall(gloss)}
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if _is_plain(paragraph):
                for text in [child for child in paragraph if isinstance(child, nodes.Text)]:
                    paragraph.replace(text, list(_split(text, seen)))


def _is_plain(paragraph: nodes.paragraph) -> bool:
    node = paragraph.parent
    while isinstance(node, (*_PLAIN, nodes.list_item)):
        if isinstance(node, nodes.document):
            return True
        node = node.parent
    return False


def _split(text: nodes.Text, seen: set[str]) -> list[nodes.Node]:
    """Cut a text at the terms that were not met before, which are added to `seen`."""
    words, done = str(text), 0
    parts: list[nodes.Node] = []
    for start, end, term in glossary.glossary().used(words):
        if term.id not in seen:
            seen.add(term.id)
            parts += [nodes.Text(words[done:start]), _marked(term, words[start:end])]
            done = end
    return [*parts, nodes.Text(words[done:])]


class GlossaryTerms(SphinxDirective):
    """All terms, by letter.

    ```{glossary-terms}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        self.env.metadata[self.env.docname][MADE_FROM] = str(glossary.PATH)
        terms = glossary.glossary()
        letters = [
            (letter, list(listed))
            for letter, listed in groupby(terms.values(), key=lambda term: term.term[0].upper())
        ]
        return [render("glossary", letters=letters, terms=terms, anchor=anchor)]


def register(app: Sphinx) -> None:
    """Register the list, the role and the marking."""
    app.add_node(gloss, html=(_visit, _depart))
    app.add_role("gloss", Gloss())
    app.add_directive("glossary-terms", GlossaryTerms)
    app.add_transform(MarkTerms)
    app.connect("html-page-context", _context)


def _context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    context["glossed"] = doctree is not None and next(doctree.findall(gloss), None) is not None
