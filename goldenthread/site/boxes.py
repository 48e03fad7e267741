"""What a writer can put into a page besides figures: boxes, key points, self-checks, role tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from docutils import nodes
from rapidfuzz import process
from sphinx.util.docutils import SphinxDirective, SphinxRole

from goldenthread import writing
from goldenthread.site.tag import element, tag

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The boxes, as councils' own workbooks have them: the directive's name, and its heading.
BOXES: Final[Mapping[str, str]] = {
    "guidance": "Guidance",
    "challenge": "Challenge",
    "case-study": "Case study",
    "hints-and-tips": "Hints and tips",
}
#: The roles a reader can have, and as they stand after "for".
ROLES: Final[Mapping[str, str]] = {
    "leader or cabinet member": "leaders and cabinet members",
    "scrutiny": "scrutiny members",
    "ward councillor": "ward councillors",
    "audit": "audit committees",
    "fire authority member": "fire authority members",
    "officer": "officers",
    "trainer": "trainers",
}
#: How many answers a self-check can have.
_ANSWERS: Final = range(2, 7)
_OPTION: Final = re.compile(r":[\w-]+:(\s|$)")
_MARK: Final = re.compile(r"\[( |x|X)\]\s+")


class _Box(SphinxDirective):
    """What boxes share: Markdown inside, a title that may be given, and no options."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def inside(self) -> list[nodes.Node]:
        """Read the Markdown."""
        self.assert_has_content()
        if _OPTION.match(self.content[0].strip()):
            # Without a list of options the line would be printed as it stands.
            raise self.error(f"{self.name}: it takes no options, found {self.content[0].strip()}")
        held = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, held)
        return list(held.children)

    def box(self, title: str, inside: list[nodes.Node]) -> tag:
        """Make the box: a note with its title."""
        return element(
            "div",
            element("p", nodes.Text(title), classes="box-title"),
            *inside,
            classes=f"box {self.name}",
            role="note",
        )


class Box(_Box):
    """One of `BOXES`, with what it is about as its title.

    ```{challenge} Is a fall of two points news?
    The report calls it a decline. Draw the last twelve figures before you agree.
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the box."""
        title = ": ".join([BOXES[self.name], *self.arguments])
        return [self.box(title, self.inside())]


class KeyPoints(_Box):
    """What a reader takes away, as a list.

    ```{key-points}
    - Improvement is the duty. Reporting is a means to it.
    ```
    """

    def run(self) -> list[nodes.Node]:
        """Make the box."""
        inside = self.inside()
        if not any(isinstance(child, nodes.bullet_list) for child in inside):
            raise self.error("key-points: expected a list, each point on a line that starts with -")
        return [self.box(self.arguments[0] if self.arguments else "Key points", inside)]


class SelfCheck(_Box):
    """A question with answers to choose from, and an explanation of each.

    The question comes first, then the answers as a list. The right one is marked [x], the others
    [ ]; below each, after an empty line and indented, stands its explanation.

    ```{self-check}
    A rate has gone from 41% to 43%. What do you know?

    - [ ] The service is better.

      Perhaps. Two figures cannot tell a change from chance.
    - [x] Nothing yet.

      Look at more years first, and at how many cases there are.
    ```
    """

    optional_arguments = 0

    def run(self) -> list[nodes.Node]:
        """Make question, answers and explanations."""
        *question, answers = self.inside()
        if not question or not isinstance(answers, nodes.bullet_list):
            raise self.error(
                "self-check: expected a question, then a list of answers that ends the box"
            )
        items = [self._answer(item) for item in answers.children]
        if len(items) not in _ANSWERS:
            expected = f"{_ANSWERS[0]} to {_ANSWERS[-1]} answers"
            raise self.error(f"self-check: expected {expected}, found {len(items)}")
        right = [is_right for is_right, _, _ in items]
        if sum(right) != 1:
            raise self.error(f"self-check: expected one answer marked [x], found {sum(right)}")
        name = f"self-check-{self.env.new_serialno('self-check') + 1}"
        return [self_check(name, question, items)]

    def _answer(self, item: nodes.Node) -> tuple[bool, list[nodes.Node], list[nodes.Node]]:
        """Take an item apart: whether it is right, its words, and its explanation."""
        first, *why = item.children or [nodes.comment()]
        start = first.children[0].astext() if isinstance(first, nodes.paragraph) else ""
        mark = _MARK.match(start)
        if mark is None:
            raise self.error(
                f"self-check: expected [x] or [ ] before the answer “{item.astext()[:60]}”"
            )
        words = [nodes.Text(start[mark.end() :]), *first.children[1:]]
        if not why:
            said = "".join(part.astext() for part in words)
            raise self.error(
                f"self-check: expected an explanation of “{said[:60]}”, below it "
                "after an empty line, and indented"
            )
        return mark[1] != " ", words, why


def self_check(
    name: str,
    question: list[nodes.Node],
    answers: list[tuple[bool, list[nodes.Node], list[nodes.Node]]],
) -> tag:
    """Make a question with answers to choose from; `selfcheck.js` says what became of a choice.

    Parameters
    ----------
    name : str
        Its own on the page; its elements' begin with it.
    question : list of docutils.nodes.Node
    answers : list of tuple
        Of each: whether it is right, its words, and its explanation.

    Returns
    -------
    tag

    Examples
    --------
    >>> yes, no = ([nodes.Text("Yes")], [nodes.Text("No")])
    >>> made = self_check("one", [nodes.Text("Is it?")], [(True, yes, yes), (False, no, no)])
    >>> made["ids"], len(list(made.findall(nodes.strong)))
    (['one'], 2)
    """
    asked = element("div", *question, classes="self-check-question", ids=f"{name}-question")
    choices = [
        _choice(f"{name}-answer", letter, words)
        for letter, (_, words, _) in zip(ascii_uppercase, answers, strict=False)
    ]
    group = element("div", *choices, role="radiogroup", aria_labelledby=f"{name}-question")
    reasons = [_explained(is_right, why) for is_right, _, why in answers]
    return element(
        "div",
        element("p", nodes.Text("Check yourself"), classes="box-title"),
        asked,
        group,
        element("button", nodes.Text("Check"), _type="button"),
        element("div", classes="self-check-verdict", role="status"),
        element(
            "details",
            element("summary", nodes.Text("The answers, explained")),
            element("ol", *reasons, _type="A"),
        ),
        classes="self-check",
        ids=name,
    )


def _choice(name: str, letter: str, words: list[nodes.Node]) -> tag:
    """Make an answer that can be chosen."""
    field = element("input", _type="radio", name=name, value=letter, autocomplete="off")
    return element(
        "label",
        field,
        element("span", nodes.Text(letter), classes="letter"),
        element("span", *words),
    )


def _explained(is_right: bool, why: list[nodes.Node]) -> tag:
    """Make an explanation, with the verdict in words before it."""
    verdict = "Right." if is_right else "Not this one."
    return element(
        "li", element("p", nodes.strong("", verdict)), *why, classes="right" if is_right else ""
    )


class Example(_Box):
    """What a writer writes, and below it what readers see; one source for both.

    ````{example}
    ```{key-points}
    - Improvement is the duty. Reporting is a means to it.
    ```
    ````
    """

    optional_arguments = 0

    def run(self) -> list[nodes.Node]:
        """Make source and result."""
        inside = self.inside()
        text = "\n".join(self.content)
        return [
            element(
                "div",
                element("p", nodes.Text("You write"), classes="example-title"),
                nodes.literal_block(text, text, language="text"),
                element("p", nodes.Text("Readers see"), classes="example-title"),
                *inside,
                classes="example",
            )
        ]


class ForRoles(SphinxRole):
    """Whom a part of a page is for: `{for-roles}` with names of `ROLES`, separated by commas."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write the tags."""
        names = [name.strip().casefold() for name in self.text.split(",")]
        for name in names:
            if name not in ROLES:
                return _wrong(self, f"for-roles: there is no role {name!r}{_nearest(name)}")
        return [for_roles([ROLES[name] for name in names])], []


def for_roles(names: Sequence[str]) -> tag:
    r"""Tag what is for some roles.

    Examples
    --------
    >>> "".join(for_roles(["scrutiny members", "officers"]).astext().split("\n\n"))
    'For scrutiny members, officers'
    """
    made = element("span", nodes.Text("For "), classes="for-roles")
    for position, name in enumerate(names):
        if position:
            # Read and copied, but not seen: the tags stand apart by their frames.
            made += element("span", nodes.Text(", "), classes="unseen")
        made += element("span", nodes.Text(name), classes="role")
    return made


def _nearest(name: str) -> str:
    found = process.extractOne(name, list(ROLES), score_cutoff=60)
    near = f"; the nearest is {found[0]!r}" if found else ""
    return f"{near}: expected {writing.listed(list(ROLES))}"


def _wrong(role: SphinxRole, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Report a fault of a role, with the line it stands in."""
    reported = role.inliner.reporter.error(message, line=role.lineno)
    return [role.inliner.problematic(role.rawtext, role.rawtext, reported)], [reported]


def register(app: Sphinx) -> None:
    """Register the directives and the role."""
    for name in BOXES:
        app.add_directive(name, Box)
    app.add_directive("key-points", KeyPoints)
    app.add_directive("self-check", SelfCheck)
    app.add_directive("example", Example)
    app.add_role("for-roles", ForRoles())
