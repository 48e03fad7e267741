"""Building again after a change: as strict as from clean, the same site, and never an old figure."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sphinx.environment.adapters import toctree

from goldenthread import snapshot
from goldenthread.site import build, councils, pages
from goldenthread.site.build import Sources

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD = "---\ndescription: A page to try what a second build of a book does, and no more.\n---\n\n"
ABOUT = ("data-sources-and-licence", "accessibility", "privacy", "how-to-cite")
PAGE, OTHER = "book/index.md", "book/about/privacy.md"


def _write(book: Path, page: str, title: str, text: str) -> None:
    path = book / page
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEAD}# {title}\n\n{text}\n", encoding="utf-8")


@pytest.fixture
def book(tmp_path):
    """A small book of one panel, in which one page leads to a place in another."""
    for name in ABOUT:
        _write(tmp_path, f"book/about/{name}.md", name.capitalize(), "Words.")
    _write(tmp_path, PAGE, "Home", "```{measure-panel} household-recycling-rate\n```")
    _write(tmp_path, OTHER, "Privacy", "(kept)=\n## What is kept\n\nNothing.")
    _write(tmp_path, "book/about/how-to-cite.md", "Citing", "See {ref}`what is kept <kept>`.")
    shutil.copyfile(ROOT / "_config.yml", tmp_path / "_config.yml")
    chapters = "".join(f"  - file: book/about/{name}\n" for name in ABOUT)
    (tmp_path / "_toc.yml").write_text(
        f"format: jb-book\nroot: book/index\nchapters:\n{chapters}", encoding="utf-8"
    )
    return tmp_path


def _site(folder: Path) -> dict[str, str]:
    """Every file of a site, but for the marks that builds leave for themselves."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "replace")
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".buildinfo"
    }


def test_a_changed_page_is_read_again_alone_and_the_build_is_as_strict_as_from_clean(book, capsys):
    build.build(root=book)
    assert "from clean" in capsys.readouterr().out
    # Another title, which stands in the contents of every page; no panel, so that its files go.
    _write(book, PAGE, "Home again", "Other words.")
    _write(book, OTHER, "Kept private", "(kept)=\n## What is kept\n\nNothing at all.")
    # An older time than that of what was built: Sphinx would not look at it.
    for page in (PAGE, OTHER):
        os.utime(book / page, (1e9, 1e9))
    (book / "_build" / "html" / "stray.html").write_text("from nowhere", encoding="utf-8")
    unread = book / "_build" / ".doctrees" / "book" / "about" / "accessibility.doctree"
    read_at = unread.stat().st_mtime_ns
    out = build.build(root=book)
    assert f"changed: {OTHER}, {PAGE}" in capsys.readouterr().out
    assert unread.stat().st_mtime_ns == read_at
    again = _site(out)
    assert "Other words." in again["book/index.html"]
    assert "Kept private" in again["book/about/accessibility.html"]

    build.build(force=True, root=book)
    assert "from clean" in capsys.readouterr().out
    assert unread.stat().st_mtime_ns > read_at
    clean = _site(out)
    assert again.keys() == clean.keys()
    assert [name for name in clean if clean[name] != again[name]] == []

    # A fault of its own, and one that it makes in a page that did not change.
    _write(book, OTHER, "Privacy", "```{measure-panel} none-such\n```")
    with pytest.raises(build.BuildError) as caught:
        build.build(root=book)
    assert f"changed: {OTHER}" in capsys.readouterr().out
    assert re.search(r"privacy\.md:7: .*none-such", str(caught.value))
    assert re.search(r"how-to-cite\.md.*kept", str(caught.value))
    assert not out.exists()
    assert build._changed(book, Sources.of(book)) is None


def test_a_build_that_was_broken_off_proves_nothing(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "_build").mkdir()
    (tmp_path / PAGE).write_text("one", encoding="utf-8")
    mark = tmp_path / "_build" / build._SOUND
    mark.write_text(json.dumps(asdict(Sources.of(tmp_path))), encoding="utf-8")
    (tmp_path / PAGE).write_text("two", encoding="utf-8")
    assert build._changed(tmp_path, Sources.of(tmp_path)) == {PAGE}

    def broken_off(root):
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "_jupyter_book", broken_off)
    with pytest.raises(KeyboardInterrupt):
        build.build(root=tmp_path)
    assert build._changed(tmp_path, Sources.of(tmp_path)) is None


@pytest.mark.parametrize(
    "path",
    [
        "_toc.yml",
        "_config.yml",
        "data/snapshot/manifest.json",
        "data/questions.yaml",
        "goldenthread/words.py",
        "book/picture.svg",
        "book/new.md",
    ],
)
def test_a_change_of_anything_but_a_page_begins_from_clean(tmp_path, path):
    for name in ("_toc.yml", "_config.yml", "data/a.yaml", "goldenthread/a.py", PAGE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before", encoding="utf-8")
    before = Sources.of(tmp_path)
    assert Sources.of(tmp_path).changed_since(before) == set()
    (tmp_path / PAGE).write_text("after", encoding="utf-8")
    assert Sources.of(tmp_path).changed_since(before) == {PAGE}
    changed = tmp_path / path
    changed.parent.mkdir(parents=True, exist_ok=True)
    changed.write_text("after", encoding="utf-8")
    assert Sources.of(tmp_path).changed_since(before) is None
    assert Sources.of(tmp_path).digest != before.digest


def test_what_was_built_another_day_is_built_from_clean(tmp_path):
    # Which figures are old depends on the day; a site of yesterday is no fault, but is not mixed.
    (tmp_path / "book").mkdir()
    (tmp_path / PAGE).write_text("one", encoding="utf-8")
    today = Sources.of(tmp_path)
    yesterday = replace(today, day=(date.today() - timedelta(1)).isoformat())
    assert today.changed_since(yesterday) is None
    assert today.digest == yesterday.digest


@pytest.mark.parametrize("text", ["", "{broken", "[]", '{"pages": {}}', '{"other": 1}'])
def test_a_mark_that_cannot_be_read_begins_from_clean(tmp_path, text):
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build" / build._SOUND).write_text(text, encoding="utf-8")
    assert build._changed(tmp_path, Sources.of(tmp_path)) is None


NOTEBOOK = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
description: A notebook that writes two figures, to see whether they are those of today.
---

# A notebook

```{code-cell} ipython3
import goldenthread as gt
rates = gt.measure("household-recycling-rate").set_index("area")
print(*rates.loc[["E06000010", "E92000001"]].groupby("area")["value"].last())
```
"""
RATE = "household-recycling-rate"
HULL, ENGLAND = "E06000010", "E92000001"


def _build_in(project: Path) -> dict[str, str]:
    """Build a project with its own package and figures, as its own command does."""
    run = "from goldenthread.site import build; build.build()"
    subprocess.run(
        [sys.executable, "-c", run],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        check=True,
        capture_output=True,
    )
    return _site(project / "_build" / "html")


def _change_figures(folder: Path, values: dict[str, float]) -> None:
    held = snapshot.Snapshot(folder)
    name = held.manifest(RATE).source
    table = held.source(name)
    for area, value in values.items():
        own = table[(table["measure"] == RATE) & (table["area"] == area)]
        table.loc[own["period_end"].idxmax(), "value"] = value
    record = held.sources[name].model_dump(exclude={"file", "sha256", "rows"})
    snapshot.write(folder, snapshot.current_manifest(folder), name, record, table)


def test_a_rebuild_after_the_figures_changed_shows_no_old_one(book):
    for name in ("goldenthread", "data"):
        shutil.copytree(ROOT / name, book / name, ignore=shutil.ignore_patterns("__pycache__"))
    _write(book, PAGE, "Home", f"```{{measure-panel}} {RATE}\n```\n\nIt was {{value}}`{RATE}`.")
    (book / "book" / "about" / "how-to-cite.md").write_text(NOTEBOOK, encoding="utf-8")
    folder = book / "data" / "snapshot"
    _change_figures(folder, {HULL: 61.6, ENGLAND: 43.4})
    before = _build_in(book)
    council = f"_static/councils/{HULL}.json"
    shows = {
        "book/index.html": ("43.4% in England", "34.3% in England"),
        "book/about/how-to-cite.html": ("61.6 43.4", "16.9 34.3"),
        council: ("61.6%", "16.9%"),
        f"embed/{RATE}.html": ("43.4%", "34.3%"),
        f"data/measures/{RATE}.csv": (",2023-03-31,61.6,", ",2023-03-31,16.9,"),
    }
    for page, (old, new) in shows.items():
        assert old in before[page], page
        # The download holds many councils, and another may have had the figure all the time.
        assert page.endswith(".csv") or new not in before[page], page
    # An edited page makes what a figure changed no less new.
    _change_figures(folder, {HULL: 16.9, ENGLAND: 34.3})
    _write(book, OTHER, "Privacy", "Nothing at all.")
    after = _build_in(book)
    for page, (old, new) in shows.items():
        assert new in after[page], page
        assert page.endswith(".csv") or old not in after[page], page


# --- the pages of councils, which outlast a build that is not from clean ---------------------------


def test_pages_of_councils_are_made_anew_when_anything_in_them_changes(tmp_path, monkeypatch):
    now = {"figures": "old", "contents": "Home"}
    monkeypatch.setattr(pages, "figures_digest", lambda: now["figures"])
    monkeypatch.setattr(toctree, "global_toctree_for_doc", lambda *_, **__: now["contents"])
    listed = [councils.Page(councils.INDEX, "All", "All of them", "<h1>All</h1>", {}, "")]
    monkeypatch.setattr(councils, "pages", lambda **_: iter(listed))
    app = SimpleNamespace(
        env=SimpleNamespace(found_docs={councils.RULE}), outdir=tmp_path, builder=None
    )

    def made() -> int:
        count = 0
        for name, _, _ in councils._collect(app):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / f"{name}.html").write_text("made", encoding="utf-8")
            count += 1
        return count

    assert (made(), made()) == (1, 0)
    for change in ({"figures": "new"}, {"contents": "Home again"}):
        stray = tmp_path / "councils" / "gone" / "index.html"
        stray.parent.mkdir()
        stray.write_text("of a council that is no more", encoding="utf-8")
        now.update(change)
        assert (made(), made()) == (1, 0)
        assert not stray.exists()
    # One that was broken off is no page to keep.
    now["figures"] = "newest"
    next(councils._collect(app))
    assert made() == 1
