"""The reader's site: a Sphinx extension with its theme, directives, data files and small scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension; see `_config.yml`."""
    # Sphinx is heavy, and whoever only wants to serve the site need not load it.
    from goldenthread.site import (
        boxes,
        comparison,
        councils,
        directives,
        downloads,
        executing,
        feed,
        framework,
        gloss,
        inline,
        news,
        pages,
        pathways,
        question_blocks,
        report_blocks,
        search,
        status,
        tag,
        try_it,
        workshop,
    )

    for part in (
        tag,
        directives,
        boxes,
        try_it,
        inline,
        comparison,
        framework,
        gloss,
        pathways,
        question_blocks,
        report_blocks,
        status,
        news,
        pages,
        downloads,
        feed,
        workshop,
        executing,
        councils,
        search,
    ):
        part.register(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
