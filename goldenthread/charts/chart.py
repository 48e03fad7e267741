"""What every chart carries: its figure, the words around it, and its data as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from goldenthread.charts import picture


@dataclass(frozen=True)
class Chart:
    """A chart that can be read without being seen.

    Attributes
    ----------
    kind : str
        "trend" or "strip".
    figure : plotly.graph_objects.Figure
    title : str
        The finding, in about ten words.
    subtitle : str
        Measure, place and period.
    alt : str
        The finding and what is drawn, for those who do not see it.
    source : str
        Publisher, release and date.
    table : pandas.DataFrame
        The data, ready to print.
    """

    kind: str
    figure: go.Figure
    title: str
    subtitle: str
    alt: str
    source: str
    table: pd.DataFrame

    @property
    def data(self) -> dict[str, Any]:
        """The figure as plain data, without the template that every chart shares."""
        figure = json.loads(self.figure.to_json())
        figure["layout"].pop("template", None)
        return dict(figure)

    def html(self, *, lean: bool = False) -> str:
        """Draw the chart as a page shows it before plotly.js has come, or without it.

        Parameters
        ----------
        lean : bool
            Leave out the names at the points, where the page's script knows them.
        """
        data = self.data
        if lean:
            for trace in data["data"]:
                trace.pop("text", None)
        head = (
            f"<figcaption><strong>{escape(self.title)}</strong>"
            f"<span>{escape(self.subtitle)}</span></figcaption>"
        )
        return (
            f'<figure class="chart" data-chart="{self.kind}">{head}'
            f"{picture.plot(self.kind, data, self.alt)}</figure>"
        )

    def html_with_table(self) -> str:
        """Draw the chart with its table in a disclosure and its source, as a notebook's page does."""
        table = self.table.to_html(index=False, border=0, classes="figures", na_rep="–")
        return (
            f'{self.html()}<details class="data"><summary>The figures as a table</summary>'
            f'<div class="scroll" tabindex="0" role="region" aria-label="The figures as a table">'
            f'{table}</div></details><p class="source">{escape(self.source)}</p>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Show the chart: drawn by plotly in JupyterLab, by the site's own copy in the book."""
        figure = go.Figure(self.figure).update_layout(
            title={"text": self.title}, margin={"t": 70}, height=380
        )
        return {
            "application/vnd.plotly.v1+json": json.loads(figure.to_json()),
            "text/html": self.html_with_table(),
        }
