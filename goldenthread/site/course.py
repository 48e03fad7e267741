"""The guide in thirty minutes: short steps, each with a question, and a statement at the end."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from docutils import nodes
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from goldenthread import catalogue, kept
from goldenthread.catalogue import Identifier, Sentence
from goldenthread.site.assess import GUIDED
from goldenthread.site.boxes import self_check
from goldenthread.site.directives import render
from goldenthread.site.pages import MADE_FROM
from goldenthread.site.tag import element, tag

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PATH: Final = catalogue.FOLDER / "thirty-minutes.yaml"
#: Where the chapters are.
CHAPTERS: Final = "book/councillor"
#: How many steps there are, each with one question, and how long each takes.
STEPS: Final = 10
MINUTES: Final = 3


class CourseError(ValueError):
    """A step that is wrong; the message says which, and what was expected."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CourseAnswer(_Entry):
    """An answer to choose from, and why it is right or not."""

    says: Sentence
    why: Sentence
    right: bool = False


class CourseQuestion(_Entry):
    """A question with its answers, of which one is right."""

    ask: Sentence
    answers: tuple[CourseAnswer, ...] = Field(min_length=3, max_length=4)

    @model_validator(mode="after")
    def _one(self) -> Self:
        found = sum(answer.right for answer in self.answers)
        if found != 1:
            raise ValueError(f"answers: expected one that is right, found {found}")
        return self


class Step(_Entry):
    """A step of the course.

    Attributes
    ----------
    id, title : str
    text, points : tuple of str
        Paragraphs, and what to take away.
    now : str
        What to do at once, with the reader's own papers.
    chapters : tuple of str
        The chapters that it is made from.
    question : CourseQuestion
    """

    id: Identifier
    title: str
    text: tuple[Sentence, ...] = Field(min_length=1)
    points: tuple[Sentence, ...] = Field(min_length=2, max_length=4)
    now: Sentence
    chapters: tuple[Identifier, ...] = Field(min_length=1)
    question: CourseQuestion


def load(path: Path = PATH) -> dict[str, Step]:
    """Read the steps of a file.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    dict of str to Step
        By id, in order.

    Raises
    ------
    CourseError
        Naming the file, the step, the field and what was expected.
    """
    made = {step.id: step for _, step in kept.entries(path, Step, CourseError, by="id")}
    if len(made) != STEPS:
        raise CourseError(f"{path.name}: expected {STEPS} steps, found {len(made)}")
    return made


@cache
def steps() -> dict[str, Step]:
    """Give the project's own steps, read once.

    Examples
    --------
    >>> steps()["change"].title
    'Is it news, or is it noise?'
    """
    return load()


class Course(SphinxDirective):
    """The whole course; with the name of a step, that step by itself.

    ```{course} change
    ```
    """

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the steps, and the statement that ends them."""
        metadata = self.env.metadata[self.env.docname]
        metadata[GUIDED] = "yes"
        self.env.note_dependency(str(PATH))
        try:
            known = steps()
        except CourseError as error:
            raise self.error(f"course: {error}") from None
        if self.arguments:
            name = self.arguments[0]
            if name not in known:
                raise self.error(f"course: {kept.unknown('step', name, known)}")
            return [element("div", *self._inside(known[name]), classes="course-one")]
        metadata[MADE_FROM] = str(PATH)
        parts = [self._part(number, step) for number, step in enumerate(known.values(), start=1)]
        begin = render("course-begin", steps=known.values())
        end = render("course-end", count=len(known))
        return [element("div", begin, *parts, end, classes="course guided")]

    def _part(self, number: int, step: Step) -> tag:
        name = f"step-{step.id}"
        title = element(
            "h2",
            element("span", nodes.Text(f"Step {number} of {STEPS} "), classes="course-number"),
            nodes.Text(step.title),
            ids=f"{name}-title",
            tabindex="-1",
        )
        return element(
            "section",
            title,
            *self._inside(step),
            classes="guided-part course-step",
            ids=name,
            aria_labelledby=f"{name}-title",
        )

    def _inside(self, step: Step) -> list[nodes.Node]:
        points = [nodes.list_item("", nodes.paragraph("", point)) for point in step.points]
        question = step.question
        answers: list[tuple[bool, list[nodes.Node], list[nodes.Node]]] = [
            (answer.right, [nodes.Text(answer.says)], [nodes.paragraph("", answer.why)])
            for answer in question.answers
        ]
        now = nodes.paragraph("", "", nodes.strong("", "Do it now."), nodes.Text(f" {step.now}"))
        now["classes"].append("course-now")
        return [
            *(nodes.paragraph("", text) for text in step.text),
            nodes.bullet_list("", *points),
            now,
            self_check(f"ask-{step.id}", [nodes.paragraph("", question.ask)], answers),
            *self._more(step),
        ]

    def _more(self, step: Step) -> list[nodes.Node]:
        """Lead to the chapters that the book has; their titles are known when all have been read."""
        pages = [f"{CHAPTERS}/{chapter}" for chapter in step.chapters]
        links = [
            addnodes.pending_xref(
                "",
                nodes.inline("", "", classes=["doc"]),
                refdomain="std",
                reftype="doc",
                reftarget=f"/{page}",
                refdoc=self.env.docname,
                refexplicit=False,
                refwarn=True,
            )
            for page in pages
            if page in self.env.found_docs
        ]
        if not links:
            return []
        items = [nodes.list_item("", nodes.paragraph("", "", link)) for link in links]
        read = nodes.paragraph("", "", nodes.strong("", "More on this"), classes=["course-more"])
        return [read, nodes.bullet_list("", *items)]


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("course", Course)
