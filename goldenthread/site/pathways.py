"""What to read first, by role: steps through the book, from a data file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from goldenthread import catalogue, kept
from goldenthread.catalogue import Sentence
from goldenthread.site.boxes import ROLES
from goldenthread.site.councils import RULE
from goldenthread.site.pages import MADE_FROM

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PATH: Final = catalogue.FOLDER / "pathways.yaml"
#: The page that shows every pathway.
PAGE: Final = "book/about/where-to-start"
#: The one step that is no page of the book: the pages of councils, which the build makes itself.
COUNCILS: Final = "councils"


class PathwayError(ValueError):
    """A pathway that is not there or is wrong; the message names it and what was expected."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Step(_Entry):
    """One page to read.

    Attributes
    ----------
    page : str
        Without its ending; or `COUNCILS`.
    title : str or None
        What the link says; the page's own title if None.
    why : str
        What this reader finds there.
    minutes : int
        How long the reading takes.
    """

    page: str
    title: str | None = None
    why: Sentence
    minutes: Annotated[int, Field(ge=1, le=90)]

    @model_validator(mode="after")
    def _agree(self) -> Step:
        if self.page == COUNCILS and not self.title:
            raise ValueError("title: expected one for a step that is no page of the book")
        return self


class Pathway(_Entry):
    """The steps of one role, and what they are for."""

    role: str
    purpose: Sentence
    steps: tuple[Step, ...] = Field(min_length=3, max_length=8)

    @property
    def minutes(self) -> int:
        """How long it takes to read all of it."""
        return sum(step.minutes for step in self.steps)


def load(path: Path = PATH) -> dict[str, Pathway]:
    """Read the pathways of a file.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    dict of str to Pathway
        By role, in the order of the file.

    Raises
    ------
    PathwayError
        Naming the file, the role, the field and what was expected.
    """
    made: dict[str, Pathway] = {}
    for where, pathway in kept.entries(path, Pathway, PathwayError, by="role"):
        if pathway.role not in ROLES:
            raise PathwayError(f"{where}: role: expected one of {', '.join(ROLES)}")
        made[pathway.role] = pathway
    return made


@cache
def pathways() -> dict[str, Pathway]:
    """Give the project's own pathways, read once.

    Examples
    --------
    >>> pathways()["trainer"].steps[0].minutes
    8
    """
    return load()


class PathwayDirective(SphinxDirective):
    """The steps of a role; with `steps`, the first of them and a link to the rest.

    ```{pathway} ward councillor
    :steps: 3
    ```
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"steps": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        self.env.note_dependency(str(PATH))
        try:
            pathway = pathways().get(self.arguments[0])
        except PathwayError as error:
            raise self.error(f"pathway: {error}") from None
        if pathway is None:
            known = ", ".join(pathways())
            raise self.error(f"pathway: expected one of {known}, not {self.arguments[0]!r}")
        few = self.options.get("steps")
        made = nodes.container(classes=["pathway"])
        if few is None:
            self.env.metadata[self.env.docname][MADE_FROM] = str(PATH)
            made["ids"] = [_anchor(pathway)]
            made += nodes.paragraph("", pathway.purpose)
        made += nodes.enumerated_list("", *map(self._item, pathway.steps[:few]), enumtype="arabic")
        made += self._end(pathway, few)
        return [made]

    def _item(self, step: Step) -> nodes.list_item:
        why = nodes.paragraph("", f"{step.why} ")
        why += nodes.inline("", _minutes(step.minutes), classes=["minutes"])
        return nodes.list_item("", nodes.paragraph("", "", self._link(step.page, step.title)), why)

    def _link(self, page: str, title: str | None) -> nodes.Element:
        if page == COUNCILS and RULE in self.env.found_docs:
            address = "../" * self.env.docname.count("/") + "councils/index.html"
            return nodes.reference("", title, refuri=address, internal=True)
        if page not in self.env.found_docs:
            raise self.error(
                f"pathway: {PATH.name}: {self.arguments[0]}: the book has no page {page!r};"
                f" the nearest are {kept.nearest(page, sorted(self.env.found_docs))}"
            )
        # The title of the page is known when all pages have been read.
        return addnodes.pending_xref(
            "",
            nodes.inline("", title or "", classes=["doc"]),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refdoc=self.env.docname,
            refexplicit=title is not None,
            refwarn=True,
        )

    def _end(self, pathway: Pathway, few: int | None) -> nodes.paragraph:
        """Say how long all of it takes, with the way to the rest."""
        total = f"{len(pathway.steps)} steps, {_minutes(pathway.minutes)}"
        if few is None or few >= len(pathway.steps) or PAGE not in self.env.found_docs:
            return nodes.paragraph("", f"{total} of reading.", classes=["minutes"])
        address = f"{'../' * self.env.docname.count('/')}{PAGE}.html#{_anchor(pathway)}"
        link = nodes.reference("", f"All {total}", refuri=address, internal=True)
        return nodes.paragraph("", "", link, classes=["minutes"])


def _anchor(pathway: Pathway) -> str:
    return f"pathway-{pathway.role.replace(' ', '-')}"


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("pathway", PathwayDirective)
