"""Several measures beside each other: the chosen council, the middle of its group, and England."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from docutils import nodes

from goldenthread import spread, words, writing
from goldenthread.catalogue import Measure
from goldenthread.site.directives import MeasureDirective, render
from goldenthread.site.panels import Panel

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def said(found: words.Found, measure: Measure, name: str) -> dict[str, str]:
    """Say what a row of the table says of one council.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`.
    measure : Measure
    name : str
        The council that was chosen.

    Returns
    -------
    dict of str to str
        `middle` of the group, `middleOf` (which group), and `compared`, in words: where the figure
        stands, whose it is if not the council's own, or why there is none.

    Examples
    --------
    >>> from goldenthread.site.panels import panel
    >>> made = panel("household-recycling-rate")
    >>> said(made.found.loc["E06000010"], made.measure, "Hull")["middleOf"]
    'middle of unitary councils'
    """
    middle = found["median"]
    compares = pd.notna(found["value"]) and pd.notna(middle)
    return {
        "middle": writing.spoken(middle, measure) if compares else "–",
        "middleOf": f"middle of {words.group(found, measure)}" if compares else "",
        "compared": _compared(found, measure, name),
    }


def _compared(found: words.Found, measure: Measure, name: str) -> str:
    if pd.isna(found["shown"]) or pd.isna(found["value"]):
        return words.sentence(found, measure)
    where = words.position(found, measure)
    if measure.unit == "judgement":
        where = words.sentence(found, measure).rstrip(".")
    elif not where:
        where = "a total, which says how large a place is" if measure.size else "too few to compare"
    return f"{writing.opening(where)}. {words.whose(found, name)}".strip()


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
        rows = [_row(self.panel(identifier)) for identifier in identifiers]
        sources = {row["panel"].manifest.title: row["panel"].manifest for row in rows}
        return [render("comparison", title=self.arguments[0], rows=rows, sources=sources.values())]


def _row(made: Panel) -> dict[str, Any]:
    measure = made.measure
    return {
        "panel": made,
        "middle": made.kinds()[spread.ALL]["middle"],
        "better": words.direction(measure) if measure.polarity else "",
    }


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("compare-measures", CompareMeasures)
