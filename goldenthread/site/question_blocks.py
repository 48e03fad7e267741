"""The question bank on the pages: some questions drawn for a page, and the page that has them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import urlencode

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from goldenthread.site import question_bank
from goldenthread.site.boxes import ROLES
from goldenthread.site.directives import render
from goldenthread.site.pages import MADE_FROM
from goldenthread.site.question_bank import MOMENTS, BankError, BankQuestion
from goldenthread.site.themes import Theme, themes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The page that has all questions.
PAGE: Final = "book/councillor/question-bank"
#: Where a page's metadata says that it needs the style of questions.
ASKS: Final = "goldenthread-asks"
#: How many questions are drawn where nobody says.
USUAL: Final = 5
#: The heading above the questions for any service.
GENERAL: Final = "Any service"


def slug(name: str) -> str:
    """Write a role, a theme or a moment as it stands in an address.

    Examples
    --------
    >>> slug("leader or cabinet member")
    'leader-or-cabinet-member'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def anchor(question: BankQuestion) -> str:
    """Give a question's place on the page that has them all."""
    return f"question-{question.id}"


def address(**chosen: str | None) -> str:
    """Give what follows the page's address for a choice; `question-bank.js` reads it.

    Examples
    --------
    >>> address(role="ward councillor", theme=None, moment="budget")
    '?role=ward-councillor&moment=budget'
    """
    given = {key: slug(name) for key, name in chosen.items() if name}
    return f"?{urlencode(given)}" if given else ""


class QuestionBank(SphinxDirective):
    """Questions from the bank that suit a role, a theme or a moment, the most fitting first.

    ```{question-bank}
    :role: scrutiny
    :theme: waste
    :moment: budget
    :count: 3
    ```

    One of the first three is needed. `draw` says which question comes first.
    """

    option_spec: ClassVar = {
        "role": directives.unchanged_required,
        "theme": directives.unchanged_required,
        "moment": directives.unchanged_required,
        "count": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """Draw and make the list."""
        self.env.note_dependency(str(question_bank.PATH))
        chosen = {key: self.options.get(key) for key in ("role", "theme", "moment")}
        if not any(chosen.values()):
            raise self.error("question-bank: expected a role, a theme or a moment")
        count = self.options.get("count", USUAL)
        try:
            found = question_bank.draw(question_bank.bank().values(), **chosen)
        except BankError as error:
            raise self.error(f"question-bank: {error}") from None
        if len(found) < count:
            raise self.error(
                f"question-bank: {count} questions are asked for, and {len(found)} suit this choice"
            )
        self.env.metadata[self.env.docname][ASKS] = "yes"
        more = None
        if PAGE in self.env.found_docs:
            root = "../" * self.env.docname.count("/")
            more = f"{root}{PAGE}.html{address(**chosen)}"
        return [
            render("questions-drawn", questions=found[:count], more=more, of=len(found) - count)
        ]


@dataclass(frozen=True)
class _Part:
    """The questions that stand under one heading."""

    title: str
    questions: list[BankQuestion]


@dataclass(frozen=True)
class _Group:
    """Some of the parts, under a heading of their own."""

    title: str
    parts: list[_Part]


class QuestionList(SphinxDirective):
    """All questions by theme, which the page's script can filter and pick from.

    ```{question-list}
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        metadata = self.env.metadata[self.env.docname]
        metadata[MADE_FROM] = str(question_bank.PATH)
        metadata[ASKS] = "yes"
        self.env.note_dependency(str(question_bank.PATH))
        try:
            questions = question_bank.bank()
        except BankError as error:
            raise self.error(f"question-list: {error}") from None
        return [
            render(
                "question-list",
                groups=grouped(questions.values(), themes()),
                count=len(questions),
                roles={slug(role): role for role in ROLES},
                themes=themes(),
                moments={slug(moment): moment for moment in MOMENTS},
                offered=list(dict.fromkeys(theme.group for theme in themes().values())),
                slug=slug,
                slugs=lambda names: " ".join(map(slug, names)),
                anchor=anchor,
            )
        ]


def grouped(questions: Iterable[BankQuestion], known: Mapping[str, Theme]) -> list[_Group]:
    """Put every question under one heading.

    Those for any service come first, by the first moment that each suits. The others stand under
    the first of their themes, and the themes in the groups of a council's page.

    Parameters
    ----------
    questions : iterable of BankQuestion
    known : mapping of str to Theme

    Returns
    -------
    list of _Group
    """
    listed = list(questions)
    general = [
        _Part(
            f"{moment[0].upper()}{moment[1:]}",
            [one for one in listed if one.is_general and one.moments[0] == moment],
        )
        for moment in MOMENTS
    ]
    made = [_Group(GENERAL, general)]
    for name in dict.fromkeys(theme.group for theme in known.values()):
        parts = [
            _Part(theme.title, [one for one in listed if one.themes[0] == theme.id])
            for theme in known.values()
            if theme.group == name
        ]
        made.append(_Group(name, parts))
    filled = [_Group(group.title, [p for p in group.parts if p.questions]) for group in made]
    return [group for group in filled if group.parts]


def register(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("question-bank", QuestionBank)
    app.add_directive("question-list", QuestionList)
