"""What every chart carries: its figure, the words around it, and its data as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from goldenthread.charts import picture, template
from goldenthread.charts.axis import broken, literal

#: How many letters of the title, and of what is smaller, fit on a line in a notebook.
_TITLE: Final = 60
_SMALL: Final = 84
#: How high such a line is.
_TITLE_LINE: Final = 24
_SMALL_LINE: Final = 20


@dataclass(frozen=True, repr=False)
class Chart:
    """A chart that can be read without being seen.

    Attributes
    ----------
    kind : str
        The name of the function that drew it: "trend", "strip", "bars".
    figure : plotly.graph_objects.Figure
    title : str
        The finding, in about ten words.
    subtitle : str
        Measure, place and period, and what is drawn how.
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

    def __repr__(self) -> str:
        return f"<{self.kind} chart: {self.title}>"

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
        panes = picture.panes(data)
        if len(panes) > 1:
            drawn = picture.grid(self.kind, panes, self.alt)
            return f'<figure class="many">{head}{drawn}</figure>'
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

    def csv(self) -> str:
        """Give the table as a file for a spreadsheet: as it is printed, lines ended as RFC 4180 has it."""
        return self.table.to_csv(index=False, lineterminator="\r\n")

    def notebook_figure(self) -> go.Figure:
        """Give the figure as a notebook shows it: with title, subtitle and source in the picture.

        Returns
        -------
        plotly.graph_objects.Figure
            A copy, on a white ground: JupyterLab's own may be dark.
        """
        figure = go.Figure(self.figure)
        for trace in figure.data:
            _mark_lone_points(trace)
        layout = figure.layout
        margin = {**template.MARGIN, **layout.margin.to_plotly_json()}
        title, subtitle = broken(self.title, _TITLE), broken(self.subtitle, _SMALL)
        source = broken(self.source, _SMALL)
        above = len(title) * _TITLE_LINE + len(subtitle) * _SMALL_LINE + 16
        below = len(source) * _SMALL_LINE + 12
        small = f'<span style="font-size:{template.LABEL_SIZE}px">{_lines(subtitle)}</span>'
        figure.update_layout(
            height=(layout.height or template.HEIGHT) + above + below,
            margin={**margin, "t": margin["t"] + above, "b": margin["b"] + below},
            paper_bgcolor=template.PAGE,
            plot_bgcolor=template.PAGE,
            title={
                "text": f"<b>{_lines(title)}</b><br>{small}",
                **{"xref": "container", "x": 0, "xanchor": "left"},
                **{"yref": "container", "y": 1, "yanchor": "top", "pad": {"t": 12, "l": 12}},
            },
        )
        figure.add_annotation(
            text=_lines(source),
            **{"xref": "paper", "x": 0, "xanchor": "left", "xshift": 12 - margin["l"]},
            **{"yref": "paper", "y": 0, "yanchor": "top", "yshift": -margin["b"]},
            align="left",
            showarrow=False,
            font={"size": 13},
        )
        return figure

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Show the chart: drawn by plotly in JupyterLab, by the site's own copy in the book."""
        return {
            "application/vnd.plotly.v1+json": json.loads(self.notebook_figure().to_json()),
            "text/html": self.html_with_table(),
        }


def _lines(lines: list[str]) -> str:
    return "<br>".join(map(literal, lines))


def _mark_lone_points(trace: Any) -> None:
    """Have plotly draw a point between gaps, for which a line alone draws nothing."""
    if trace.type != "scatter" or trace.mode != "lines" or trace.fill or not trace.line.width:
        return
    there = [False, *(value is not None and value == value for value in trace.y), False]
    alone = [
        here and not before and not after
        for before, here, after in zip(there, there[1:], there[2:], strict=False)
    ]
    if any(alone):
        size = [picture.DOT * trace.line.width if lone else 0 for lone in alone]
        trace.update(
            mode="lines+markers", marker={"size": size, "opacity": 1, "color": trace.line.color}
        )
