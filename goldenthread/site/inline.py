"""Words inside prose that speak of the chosen council: a measure's figure, or its finding.

Whatever carries `data-inline` is swapped by `static/inline.js` when a council is chosen. The
attribute names an entry of that council's file, of the measure in `data-measure`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from goldenthread import words, writing
from goldenthread.catalogue import CatalogueError, Measure
from goldenthread.findings import ENGLAND
from goldenthread.site.directives import MEASURES
from goldenthread.site.panels import Panel, panel
from goldenthread.site.tag import element
from goldenthread.snapshot import SnapshotError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The entry of a council's file that holds its figure as `value` writes it.
FIGURE: Final = "inline"


def value(found: words.Found, measure: Measure, name: str) -> str:
    """Write a figure with its place, as it stands after "was" in any sentence.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`.
    measure : Measure
    name : str
        The council that was chosen.

    Returns
    -------
    str
        The place is always named, since a reader may not have chosen it a moment ago. Without a
        figure, why there is none.

    Examples
    --------
    >>> made = panel("household-recycling-rate")
    >>> value(made.found.loc["E06000010"], made.measure, "Hull")
    '46.6% in Hull'
    """
    if pd.isna(found["shown"]):
        if measure.tier == "fire":
            return f"not known for {writing.placed(name)}, which no fire authority covers"
        return f"not one figure for {writing.placed(name)} but one for each of its districts"
    place = writing.placed(found["name"])
    if measure.tier == "fire":
        # A council may have the everyday name of a fire authority that works in several.
        place = writing.placed(writing.fire_authority(found["name"]))
    if pd.isna(found["value"]):
        return f"not known for {place} ({words.why_none(found, measure)})"
    written = writing.inside(writing.spoken(found["value"], measure))
    if measure.tier == "fire":
        return f"{written} for {place}"
    return f"{written} in {place}{'' if found['name'] == name else ' as a whole'}"


def nation(made: Panel) -> str:
    """Write England's figure, for a reader who has chosen no council.

    Parameters
    ----------
    made : Panel

    Returns
    -------
    str

    Examples
    --------
    >>> nation(panel("household-recycling-rate"))
    '41.7% in England'
    """
    figure = made.line(ENGLAND)[-1]
    if pd.isna(figure):
        return "not known for England (the publisher has none)"
    return f"{writing.inside(writing.spoken(figure, made.measure))} in England"


class Chosen(SphinxRole):
    """Words of the chosen council about the measure that the role names; England's without one.

    `{value}` writes the figure and its place, as in "The rate was {value}`…`.": 46.6% in Hull.
    `{finding}` writes a whole sentence, or two, and stands by itself.

    Parameters
    ----------
    entry : str
        The entry of a council's file.
    """

    def __init__(self, entry: str) -> None:
        super().__init__()
        self.entry = entry

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write England's words, and say what to put in their place."""
        identifier = self.text.strip()
        try:
            made = panel(identifier)
        except (CatalogueError, SnapshotError) as error:
            inliner = self.inliner
            message = inliner.reporter.error(f"{self.name}: {error}", line=self.lineno)
            return [inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        show(self.env, identifier)
        said = nation(made) if self.entry == FIGURE else str(made.nation[self.entry])
        place = element("span", nodes.Text(said), data_measure=identifier, data_inline=self.entry)
        return [place], []


def show(env: BuildEnvironment, identifier: str) -> None:
    """Remember that the page shows a measure, so that the councils' files hold it.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
    identifier : str
    """
    page = env.metadata[env.docname]
    page[MEASURES] = " ".join(sorted({*page.get(MEASURES, "").split(), identifier}))


def register(app: Sphinx) -> None:
    """Register the roles."""
    app.add_role("value", Chosen(FIGURE))
    app.add_role("finding", Chosen("sentence"))
