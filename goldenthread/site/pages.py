"""How pages are put together: the theme, what each page loads, and the data files beside them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from goldenthread import areas, writing
from goldenthread.charts import template
from goldenthread.site import panels
from goldenthread.site.directives import MEASURES
from goldenthread.snapshot import snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

HERE: Final = Path(__file__).parent
THEME: Final = HERE / "theme"
STATIC: Final = HERE / "static"
PACKAGE: Final = HERE.parent
#: Where a page's metadata names the file, beside its own, that its words come from.
MADE_FROM: Final = "goldenthread-made-from"
#: Set by Jupyter Book for extensions that this book does not load.
_UNUSED: Final = ("comments_config",)
#: What the theme this one inherits from would write, and no page uses.
_NOT_OURS: Final = (
    "basic.css",
    "pygments.css",
    "alabaster.css",
    "file.png",
    "minus.png",
    "plus.png",
    "_sphinx_javascript_frameworks_compat.js",
    "jquery.js",
    "underscore.js",
)


def register(app: Sphinx) -> None:
    """Register the theme and what happens when pages are made."""
    app.add_html_theme("goldenthread", str(THEME))
    for name in _UNUSED:
        app.add_config_value(name, None, "")
    app.connect("config-inited", _keep_notebooks_by_figures)
    app.connect("html-page-context", _context, priority=900)
    app.connect("build-finished", _finish)


def figures_digest() -> str:
    """Give a digest of all that a notebook's results come from: the figures and this package.

    Returns
    -------
    str
        Twelve characters.
    """
    found = hashlib.sha256(snapshot().hash.encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        found.update(path.relative_to(PACKAGE).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _keep_notebooks_by_figures(app: Sphinx, config: Config) -> None:
    # The cache of notebooks knows their code only: a figure that changed would never show.
    folder = Path(app.outdir).parent / ".notebooks" / figures_digest()
    config["nb_execution_cache_path"] = str(folder)


def _context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    root = "../" * pagename.count("/")
    context["root"] = root
    # Written out here, because the theme shows only these and none of what extensions ask for.
    context["script_files"] = []
    context["css_files"] = []
    context["asset"] = lambda name: f"{root}_static/{name}?v={_stamp(name)}"
    context["updated"] = writing.date(_last_changed(app, pagename))
    context["figures_updated"] = writing.date(snapshot().generated)
    meta = context.get("meta") or {}
    context["description"] = meta.get("description") or ""
    if doctree is not None and not context["description"]:
        from sphinx.util import logging

        logging.getLogger(__name__).warning(
            "the page has no description: add one to its front matter", location=pagename
        )


def _stamp(name: str) -> str:
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else ""


def _last_changed(app: Sphinx, pagename: str) -> date:
    """Tell when a page was last changed: by the history of what it is made from, else by its file."""
    import subprocess

    if pagename not in app.env.found_docs:
        # Put together from the figures and the lists of this book, like the page of the search.
        return snapshot().generated
    path = Path(app.env.doc2path(pagename))
    other = app.env.metadata[pagename].get(MADE_FROM)
    paths = [path, Path(other)] if other else [path]
    git = shutil.which("git")
    if git:
        done = subprocess.run(  # noqa: S603 (a fixed command on a page of the book)
            [git, "log", "-1", "--format=%cs", "--", *map(str, paths)],
            cwd=path.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0 and re.fullmatch(r"\d{4}-\d\d-\d\d", done.stdout.strip()):
            return date.fromisoformat(done.stdout.strip())
    return date.fromtimestamp(max(path.stat().st_mtime for path in paths))


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    shutil.copytree(STATIC, static, dirs_exist_ok=True)
    for name in _NOT_OURS:
        (static / name).unlink(missing_ok=True)
    _write_plotly(static)
    shown = {
        identifier
        for page in app.env.metadata.values()
        for identifier in str(page.get(MEASURES, "")).split()
    }
    write_data(out, sorted(shown))


def _write_plotly(static: Path) -> None:
    """Put plotly.js into the site: the one copy, from the package that makes the figures."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise RuntimeError("plotly is not installed")
    name = f"plotly-{version('plotly')}.min.js"
    shutil.copyfile(Path(found.origin).parent / "package_data" / "plotly.min.js", static / name)
    settings = {"plotly": name, "dark": template.DARK, "template": _template()}
    (static / "settings.js").write_text(
        f"export default {json.dumps(settings, separators=(',', ':'))};\n", encoding="utf-8"
    )


def _template() -> Any:
    made = template.template().to_plotly_json()
    layout = made["layout"]
    # The parts a chart of lines and strokes does not use are half of it.
    for unused in ("colorscale", "coloraxis", "legend", "uniformtext"):
        layout.pop(unused, None)
    return json.loads(json.dumps({"layout": layout}, default=str))


def write_data(out: Path, measures: Iterable[str]) -> None:
    """Write what the scripts and the readers fetch: who is who, every council, every measure.

    Parameters
    ----------
    out : pathlib.Path
        The folder of the built site.
    measures : iterable of str
        The measures that pages show.
    """
    made = {identifier: panels.panel(identifier) for identifier in measures}
    listed = areas.councils()
    _write_json(out / "_static" / "areas.json", [_who(area) for area in listed])
    folder = out / "_static" / "councils"
    folder.mkdir(parents=True, exist_ok=True)
    for area in listed:
        measures = {identifier: panel.council(area.code) for identifier, panel in made.items()}
        _write_json(folder / f"{area.code}.json", {"code": area.code, "measures": measures})
    downloads = out / "data" / "measures"
    downloads.mkdir(parents=True, exist_ok=True)
    for identifier, panel in made.items():
        # A mark at the beginning tells spreadsheets that the text is UTF-8.
        (downloads / f"{identifier}.csv").write_text(panel.csv(), encoding="utf-8-sig", newline="")


def _write_json(path: Path, data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.write_text(text, encoding="utf-8")


def slug(name: str) -> str:
    """Give the name of a council as it stands in an address.

    Examples
    --------
    >>> slug("Bournemouth, Christchurch and Poole")
    'bournemouth-christchurch-and-poole'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "").replace("’", "")).strip("-")


def _who(area: areas.Area) -> dict[str, Any]:
    known = areas.register()
    former = [known[code].name for code in _ancestors(area.code)]
    county = known[area.county].name if area.county else ""
    also = [area.official, *area.variants]
    return {
        "code": area.code,
        "name": area.name,
        "slug": slug(area.name),
        "kind": area.kind,
        "county": county,
        "also": [name for name in dict.fromkeys(also) if name and name != area.name],
        "former": [name for name in dict.fromkeys(former) if name != area.name],
    }


def _ancestors(code: str) -> list[str]:
    """List the areas that a code replaced, and those that they had replaced."""
    found: list[str] = []
    for old in areas.register()[code].replaced:
        found += [old, *_ancestors(old)]
    return found
