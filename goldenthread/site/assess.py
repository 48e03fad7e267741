"""The self-assessment on the pages: the whole of it as a tool, or one theme as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from goldenthread import kept, self_assessment
from goldenthread.self_assessment import THEMES, Answers, Assessment, AssessmentError
from goldenthread.site.directives import render
from goldenthread.site.pages import MADE_FROM

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The page that has the whole of it.
PAGE: Final = "book/councillor/self-assessment"
#: Where a page's metadata says that it leads through something, and so needs its stylesheet.
GUIDED: Final = "goldenthread-guided"


class SelfAssessment(SphinxDirective):
    """The self-assessment; with the name of a theme, its statements as a table and a way to the rest.

    ```{self-assessment} residents
    ```
    """

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the questionnaire, and what the page's script makes a tool of."""
        metadata = self.env.metadata[self.env.docname]
        metadata[GUIDED] = "yes"
        self.env.note_dependency(str(self_assessment.PATH))
        try:
            made = self_assessment.assessment()
        except AssessmentError as error:
            raise self.error(f"self-assessment: {error}") from None
        if self.arguments:
            return [self._theme(made, self.arguments[0])]
        metadata[MADE_FROM] = str(self_assessment.PATH)
        return [
            render(
                "self-assessment",
                assessment=made,
                fields=list(self_assessment.described()),
                block=block(made),
            )
        ]

    def _theme(self, made: Assessment, name: str) -> nodes.raw:
        if name not in THEMES:
            raise self.error(f"self-assessment: {kept.unknown('theme', name, THEMES)}")
        theme = made.themes[THEMES.index(name)]
        rest = None
        if PAGE in self.env.found_docs:
            rest = f"{'../' * self.env.docname.count('/')}{PAGE}.html#assess-{name}"
        return render("self-assessment-theme", levels=made.levels, theme=theme, rest=rest)


def block(made: Assessment) -> dict[str, Any]:
    """Give what the page's script needs besides the words that stand on the page.

    Parameters
    ----------
    made : Assessment

    Returns
    -------
    dict
        The next step of each statement at each level, and what a file of answers must be.
    """
    (kind,) = get_args(Answers.model_fields["format"].annotation)
    (version,) = get_args(Answers.model_fields["version"].annotation)
    return {
        "next": {one.id: one.next for one in made.statements},
        "limits": self_assessment.limits(),
        "format": kind,
        "version": version,
    }


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("self-assessment", SelfAssessment)
