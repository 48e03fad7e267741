"""How every chart looks: the Government Analysis Function's template, tamed for a narrow page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import plotly.graph_objects as go
import plotly.io as pio
from afcharts import pio_template  # noqa: F401 (registers the template "afcharts")

#: What is drawn in which colour on a light page. Contrast with the page is noted beside each;
#: graphics need 3:1, text 4.5:1. The categories are the palette's, in its order; the comparators are
#: always lighter than the council.
COUNCIL: Final = "#12436D"  # 10.2:1
NATION: Final = "#28A197"  # 3.2:1, and dashed
TARGET: Final = "#801650"  # 9.8:1, and dashed
CONCERNING: Final = "#F46A25"  # 3.0:1, and pointing down
NEUTRAL: Final = "#A285D1"  # 3.1:1, and square
MIDDLE: Final = "#6F777B"  # 4.6:1
PALE: Final = "#8E969B"  # 3.0:1: the bars of others, which cover much of the page
BAND: Final = "#DFE3E6"
LINES: Final = "#C9CED2"
TEXT: Final = "#1A1F24"
PAGE: Final = "#FFFFFF"

#: The same on a dark page. No colour may be missing here that a figure uses.
DARK: Final = {
    COUNCIL: "#8AC0F0",  # 9.2:1 on #14181C
    NATION: "#45C4B9",  # 8.4:1
    TARGET: "#E9A0C0",  # 8.7:1
    CONCERNING: "#FF9A5C",  # 8.5:1
    NEUTRAL: "#C3AEE6",  # 8.9:1
    MIDDLE: "#A3ABB1",  # 7.7:1
    PALE: "#6E777E",  # 3.9:1
    BAND: "#2E363D",
    LINES: "#464F57",
    TEXT: "#E9ECEF",
    PAGE: "#14181C",
    "white": "#242B31",
}

#: The part that something plays in a chart, and its colour. A trace's `meta` and a shape's `name`
#: say the part; the stylesheet gives `.t-<part>` the same colours for the picture.
ROLES: Final[Mapping[str, str]] = {
    "council": COUNCIL,
    "value": COUNCIL,
    "chosen": COUNCIL,
    "comparator": MIDDLE,
    "median": MIDDLE,
    "councils": MIDDLE,
    "other": PALE,
    "nation": NATION,
    "england": NATION,
    "target": TARGET,
    "limit": MIDDLE,
    "break": MIDDLE,
    "improving": NATION,
    "concerning": CONCERNING,
    "neutral": NEUTRAL,
    "ink": TEXT,
    "band": BAND,
    "leader": LINES,
    "none": PAGE,
}

#: The page's own type; a chart is text too.
FONT: Final = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
FONT_SIZE: Final = 15
#: What is written beside lines and marks.
LABEL_SIZE: Final = 14
HEIGHT: Final = 300
#: Room for the numbers at the left and for the lines' names at the right.
MARGIN: Final = {"l": 60, "r": 124, "t": 12, "b": 32, "pad": 0}


@cache
def template() -> go.layout.Template:
    """Give the template: afcharts, with the page's type and colours; made once, figures take copies.

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
