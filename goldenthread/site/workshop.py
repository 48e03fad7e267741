"""The pages where a reader puts measures of councils side by side, or makes a report of their own."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from goldenthread.site import downloads, measure_files, pages, report_blocks
from goldenthread.site.directives import fill
from goldenthread.snapshot import snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: What can be done on such a page: the scripts of the site know both.
TOOLS: Final = ("compare", "build")
#: Where a page's metadata says that it has such a tool.
_KEY: Final = "goldenthread-workshop"


class _Place(nodes.General, nodes.Element):  # type: ignore[misc]
    """Stands where the tool will: what it lists without a script is known when all pages have been read."""


class Workshop(SphinxDirective):
    """A tool for the reader: `compare` councils, or `build` a report.

    ```{workshop} compare
    ```
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Hold the place."""
        tool = self.arguments[0]
        if tool not in TOOLS:
            raise self.error(f"workshop: expected one of {', '.join(TOOLS)}, not {tool!r}")
        self.env.metadata[self.env.docname][_KEY] = tool
        return [_Place("", tool=tool)]


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(_Place)):
        reports = report_blocks.in_book(app.env)
        links = [
            {
                "report": report,
                "url": app.builder.get_relative_uri(docname, page),
            }
            for page, report in reports.items()
        ]
        downloads_url = (
            app.builder.get_relative_uri(docname, downloads.PAGE)
            if downloads.PAGE in app.env.found_docs
            else ""
        )
        text = fill(
            "workshop",
            tool=node["tool"],
            links=links,
            root="../" * docname.count("/"),
            downloads=downloads_url,
        )
        node.replace_self(nodes.raw("", text, format="html"))


def register(app: Sphinx) -> None:
    """Register the directive, and have the files written that its tools fetch."""
    app.add_directive("workshop", Workshop)
    app.add_node(_Place)
    app.connect("doctree-resolved", _resolve)
    app.connect("build-finished", _finish)


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    metadata: dict[str, dict[str, Any]] = app.env.metadata
    if not any(_KEY in page for page in metadata.values()):
        return
    out = Path(app.outdir)
    known = hashlib.sha256(pages.figures_digest().encode()).hexdigest()[:12]
    kept = out.parent / ".measures" / known
    if not kept.is_dir():
        shutil.rmtree(kept.parent, ignore_errors=True)
        unfinished = kept.with_suffix(".part")
        measure_files.write(unfinished, snapshot().measures)
        unfinished.rename(kept)
    shutil.copytree(kept, out, dirs_exist_ok=True)
    listed = report_blocks.in_book(app.env).values()
    measure_files.write_index(out, frozenset(pages.shown(app.env)), listed)
