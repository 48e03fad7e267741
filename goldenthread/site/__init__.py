"""The reader's site: a Sphinx extension with its theme, directives, data files and small scripts."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Sphinx is heavy, and whoever only wants to serve the site need not load it: so these load it late.


def blocks() -> tuple[ModuleType, ...]:
    """Give the parts that make what a writer can put into a page."""
    from goldenthread.site import (
        assess,
        boxes,
        case_blocks,
        chapter_blocks,
        comparison,
        course,
        directives,
        framework,
        gatherings,
        gloss,
        inline,
        news,
        pathways,
        question_blocks,
        release_calendar,
        report_blocks,
        status,
        tables,
        tag,
        take_part,
        try_it,
    )

    return (
        tag,
        directives,
        boxes,
        assess,
        course,
        try_it,
        inline,
        comparison,
        framework,
        gatherings,
        gloss,
        pathways,
        question_blocks,
        report_blocks,
        case_blocks,
        chapter_blocks,
        status,
        news,
        release_calendar,
        take_part,
        tables,
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension; see `_config.yml`."""
    from goldenthread.site import (
        councils,
        downloads,
        executing,
        feed,
        pages,
        search,
        worked,
        workshop,
    )

    whole = (pages, downloads, feed, workshop, executing, worked, councils, search)
    for part in (*blocks(), *whole):
        part.register(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
