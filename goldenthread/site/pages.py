"""How pages are put together: the theme, what each page loads, and the data files beside them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from goldenthread import findings, peers, questions, words, writing
from goldenthread.catalogue import FOLDER
from goldenthread.charts import template
from goldenthread.site import data_files, directives, groups
from goldenthread.site.directives import MEASURES
from goldenthread.site.panels import panel
from goldenthread.snapshot import snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

#: How the book wraps a notebook's result that is a page of its own.
_RESULT: Final = '<div class="output text_html">'
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


def figures_digest(data: Path = FOLDER) -> str:
    """Give a digest of all that a result comes from: the figures, what is known of them, this package.

    Parameters
    ----------
    data : pathlib.Path
        Where catalogue, questions, lists of neighbours and the register are.

    Returns
    -------
    str
        Twelve characters.
    """
    found = hashlib.sha256(snapshot().hash.encode())
    known = (
        p for p in data.rglob("*") if p.is_file() and p.relative_to(data).parts[0] != "snapshot"
    )
    for path in sorted([*PACKAGE.rglob("*.py"), *known]):
        found.update(path.name.encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _keep_notebooks_by_figures(app: Sphinx, config: Config) -> None:
    # The cache of notebooks knows their code only: a figure that changed would never show.
    folder = Path(app.outdir).parent / ".notebooks" / figures_digest()
    config["nb_execution_cache_path"] = str(folder)


def reachable(body: str) -> str:
    """Let the keyboard reach a notebook's results, which may be wider than a phone and then scroll.

    Parameters
    ----------
    body : str
        The HTML of a page.

    Returns
    -------
    str

    Examples
    --------
    >>> reachable('<div class="output text_html">')
    '<div class="output text_html" tabindex="0" role="region" aria-label="Result 1">'
    """
    parts = body.split(_RESULT)
    joined = [parts[0]]
    for number, part in enumerate(parts[1:], start=1):
        opening = _RESULT.removesuffix(">")
        joined += [f'{opening} tabindex="0" role="region" aria-label="Result {number}">', part]
    return "".join(joined)


def _context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    root = "../" * pagename.count("/")
    context["root"] = root
    # Written out here, because the theme shows only these and none of what extensions ask for.
    context["script_files"] = []
    context["css_files"] = []
    context["asset"] = _asset(root)
    context["updated"] = writing.date(_last_changed(app, pagename))
    context["figures_updated"] = writing.date(snapshot().generated)
    meta = context.get("meta") or {}
    context["description"] = meta.get("description") or ""
    if "body" in context:
        context["body"] = reachable(context["body"])
    if doctree is not None and not context["description"]:
        from sphinx.util import logging

        logging.getLogger(__name__).warning(
            "the page has no description: add one to its front matter", location=pagename
        )


def _asset(root: str) -> Callable[[str], str]:
    """Give addresses of the site's own files that change when the files do."""
    return lambda name: f"{root}_static/{name}?v={_stamp(name)}"


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
    write_data(app, shown(app.env))


def shown(env: BuildEnvironment) -> list[str]:
    """List the measures that pages of a book show."""
    return sorted(
        {
            identifier
            for page in env.metadata.values()
            for identifier in str(page.get(MEASURES, "")).split()
        }
    )


def _write_plotly(static: Path) -> None:
    """Put plotly.js into the site: the one copy, from the package that makes the figures."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise RuntimeError("plotly is not installed")
    name = f"plotly-{version('plotly')}.min.js"
    shutil.copyfile(Path(found.origin).parent / "package_data" / "plotly.min.js", static / name)
    settings = {
        "plotly": name,
        "dark": template.DARK,
        "template": _template(),
        "usually": groups.USUALLY,
        "asks": {key: [asked.ask, asked.who] for key, asked in questions.bank().items()},
        **_offered(fire=False),
        "fire": _offered(fire=True),
    }
    (static / "settings.js").write_text(
        f"export default {json.dumps(settings, separators=(',', ':'))};\n", encoding="utf-8"
    )


def _offered(*, fire: bool) -> dict[str, Any]:
    """Give the comparisons for readers of one kind, and how their own list is spoken of.

    Nobody but the reader's device knows that list; `{}` is how many are on it.
    """
    one, several = words.KINDS["fire and rescue authority" if fire else "all"]
    return {
        "comparators": [
            _choice(choice, fire=fire)
            for choice in (*groups.choices(fire=fire), peers.comparators()["own"])
        ],
        "own": {
            "add": f"Add a {one} to your list",
            "most": f"A list holds {{}} {several} at most.",
            "phrase": f"{{}} {several} on your own list",
            "several": f"the {several} on your list",
            "middleOf": f"middle of the {several} on your list",
            "rank": f" among {{}} {several} on your list",
            "enough": findings.ENOUGH,
        },
    }


def _choice(choice: peers.Comparator, *, fire: bool) -> dict[str, str]:
    """Name a comparison and say what it is good for, as the page's script shows it."""
    said = choice.fire if fire and choice.fire else choice
    name, meaning = said.name, said.meaning
    if choice.id == "own":
        several = words.KINDS["fire and rescue authority" if fire else "all"][1]
        name = f"your own list of {several}"
        meaning = re.sub("the (council|authority) itself", "you", meaning)
        meaning += " The list is kept on this device only."
    return {"id": choice.id, "name": writing.curly(name), "meaning": writing.curly(meaning)}


def _template() -> Any:
    made = template.template().to_plotly_json()
    layout = made["layout"]
    # The parts a chart of lines and strokes does not use are half of it.
    for unused in ("colorscale", "coloraxis", "legend", "uniformtext"):
        layout.pop(unused, None)
    return json.loads(json.dumps({"layout": layout}, default=str))


def write_data(app: Sphinx, measures: Iterable[str]) -> None:
    """Write what the scripts and the readers fetch, and a page for each panel that is embedded elsewhere.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    measures : iterable of str
        The measures that pages show.
    """
    out = Path(app.outdir)
    made = [panel(identifier) for identifier in measures]
    # Which figures are old depends on the day.
    frames = [*sorted(directives.TEMPLATES.iterdir()), *sorted(STATIC.iterdir())]
    names = [
        figures_digest(),
        *(hashlib.sha256(path.read_bytes()).hexdigest() for path in frames),
        date.today().isoformat(),
        *(one.measure.id for one in made),
    ]
    kept = out.parent / ".councils" / hashlib.sha256(" ".join(names).encode()).hexdigest()[:12]
    if not kept.is_dir():
        shutil.rmtree(kept.parent, ignore_errors=True)
        unfinished = kept.with_suffix(".part")
        data_files.write(unfinished, made)
        (unfinished / "embed").mkdir()
        for one in made:
            page = directives.fill(
                "embed", asset=_asset("../"), **directives.panel_values(one, root="../")
            )
            (unfinished / "embed" / f"{one.measure.id}.html").write_text(page, encoding="utf-8")
        unfinished.rename(kept)
    shutil.copytree(kept, out, dirs_exist_ok=True)
