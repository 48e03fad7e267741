"""How a notebook's plotly figures reach the page: drawn by the site's own plotly.js, never blank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes

from goldenthread.charts import picture

if TYPE_CHECKING:
    from myst_nb.core.render import MimeData, NbElementRenderer

PLOTLY: Final = "application/vnd.plotly.v1+json"


class Plotly:
    """Renders plotly's own kind of output; an entry point of `myst_nb.mime_renderers`.

    A chart of ours brings its HTML with it, which comes first. This is for all other figures: the
    page carries the figure and the site's script draws it.
    """

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [
        ("html", PLOTLY, 35),
    ]

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Give the nodes of a figure; None for what is not one."""
        if data.mime_type != PLOTLY:
            return None
        figure: dict[str, Any] = data.content
        drawn = [trace for trace in figure.get("data", ()) if trace]
        title = (figure.get("layout", {}).get("title") or {}).get("text", "")
        if not drawn or not title:
            # A chart without data or without words would be a blank to somebody.
            renderer.logger.warning(
                "a plotly figure needs data, and a title that says what it shows",
                line=data.line,
                subtype="plotly",
            )
            return []
        words = re.sub(r"<[^>]*>", " ", title)
        figure = {key: picture.plain(figure[key]) for key in ("data", "layout")}
        html = (
            f'<figure class="chart" data-chart="free"><div class="plot plot-free" role="img" '
            f'aria-label="{escape(words)}"><noscript>{escape(words)}</noscript></div>'
            f'<script type="application/json">{picture.block(figure)}</script></figure>'
        )
        return [nodes.raw("", html, format="html")]
