"""How every chart looks: the Government Analysis Function's template, tamed for a narrow page."""

from __future__ import annotations

from typing import Final

import plotly.graph_objects as go
import plotly.io as pio
from afcharts import pio_template  # noqa: F401 (registers the template "afcharts")

#: What is drawn in which colour, on a light page and on a dark one. Contrast with the page is
#: noted beside each; graphics need 3:1, text 4.5:1. The comparators are always lighter.
COUNCIL: Final = "#12436D"  # 10.2:1
NATION: Final = "#28A197"  # 3.2:1, and dashed
MIDDLE: Final = "#6F777B"  # 4.6:1
BAND: Final = "#DFE3E6"
LINES: Final = "#C9CED2"
TEXT: Final = "#1A1F24"

DARK: Final = {
    COUNCIL: "#8AC0F0",  # 9.1:1 on #14181C
    NATION: "#45C4B9",  # 8.3:1
    MIDDLE: "#A3ABB1",  # 7.6:1
    BAND: "#2E363D",
    LINES: "#464F57",
    TEXT: "#E9ECEF",
    "white": "#242B31",
}

#: The page's own type; a chart is text too.
FONT: Final = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
FONT_SIZE: Final = 15
HEIGHT: Final = 300
#: Room for the numbers at the left and for the lines' names at the right, as in the page's CSS.
MARGIN: Final = {"l": 48, "r": 124, "t": 12, "b": 32, "pad": 0}


def template() -> go.layout.Template:
    """Give the template: afcharts, with the page's type and colours.

    Returns
    -------
    plotly.graph_objects.layout.Template
    """
    axis = {
        "automargin": False,
        "gridcolor": LINES,
        "linecolor": LINES,
        "tickcolor": LINES,
        "zerolinecolor": LINES,
        "tickfont": {"size": FONT_SIZE},
        "ticks": "",
        "ticklabelstandoff": 8,
    }
    own = go.layout.Template(
        layout={
            "font": {"family": FONT, "size": FONT_SIZE, "color": TEXT},
            "annotationdefaults": {"font": {"size": FONT_SIZE}, "showarrow": False},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "height": HEIGHT,
            "margin": MARGIN,
            "showlegend": False,
            "title": {"font": {"size": 17}, "x": 0, "xref": "paper"},
            "hoverlabel": {"font": {"size": FONT_SIZE}, "bgcolor": "white"},
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "linewidth": 0, "showline": False},
        }
    )
    merged = go.layout.Template(pio.templates["afcharts"])
    merged.update(own.to_plotly_json())
    return merged
