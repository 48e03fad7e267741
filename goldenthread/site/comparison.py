"""Several measures beside each other: the chosen council, the middle of its group, and England."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from docutils import nodes

from goldenthread import spread, words, writing
from goldenthread.catalogue import Measure
from goldenthread.site.directives import MeasureDirective, render
from goldenthread.site.panels import Panel

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def said(found: words.Found, measure: Measure, name: str) -> str:
    """Say in a few words where a council's figure stands, or why there is none.

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
        One or two sentences; the last says whose figure it is, if it is not the council's own.

    Examples
    --------
    >>> from goldenthread.site.panels import panel
    >>> made = panel("household-recycling-rate")
    >>> said(made.found.loc["E06000010"], made.measure, "Hull")
    'Higher than most unitary councils.'
    """
    if pd.isna(found["shown"]):
        return words.sentence(found, measure)
    if pd.isna(found["value"]):
        where = f"No figure: {words.why_none(found, measure)}."
    else:
        where = _standing(found, measure)
    return f"{writing.opening(where)} {words.whose(found, name)}".strip()


def _standing(found: words.Found, measure: Measure) -> str:
    """Say where a figure stands: what a sentence adds to the figure itself."""
    alone = words.sentence({**found, "median": math.nan, "rank": math.nan}, measure)
    where = words.sentence(found, measure).removeprefix(alone.removesuffix(".")).lstrip("., ")
    if where:
        return where
    if measure.size:
        return "A total, which says how large a place is."
    return "Too few others have a figure to compare it with."


class CompareMeasures(MeasureDirective):
    """A table of several measures for the chosen council; England's without one.

    ```{compare-measures} Waste at a glance
    household-recycling-rate
    residual-waste-per-household
    ```
    """

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        identifiers = [line.strip() for line in self.content if line.strip()]
        if len(identifiers) < 2:
            raise self.error(
                "compare-measures: expected two measures or more, each on a line of its own"
            )
        again = {one for one in identifiers if identifiers.count(one) > 1}
        if again:
            raise self.error(f"compare-measures: {writing.listed(sorted(again))} is there twice")
        rows = [row(self.panel(identifier)) for identifier in identifiers]
        sources = {one["panel"].manifest.title: one["panel"].manifest for one in rows}
        return [
            render(
                "comparison",
                title=self.arguments[0],
                rows=rows,
                sources=sources.values(),
                judged=True,
            )
        ]


def row(made: Panel) -> dict[str, Any]:
    """Give what the template says of one measure.

    Parameters
    ----------
    made : Panel

    Returns
    -------
    dict of str to object
        `label`, `note` and `near` are for whoever shows the measure under another name.
    """
    measure = made.measure
    return {
        "label": "",
        "note": "",
        "near": False,
        "panel": made,
        "middle": made.kinds()[spread.ALL]["middle"],
        "better": words.direction(measure) if measure.polarity else "",
    }


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("compare-measures", CompareMeasures)
