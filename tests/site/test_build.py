"""The strict build, and what stops it."""

from __future__ import annotations

import shutil
import socket
import threading
import urllib.request
from pathlib import Path

import pytest

from goldenthread.site import build

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIG = (ROOT / "_config.yml").read_text(encoding="utf-8")
HEAD = "---\ndescription: A page to try what stops the build, and nothing else.\n---\n\n"


@pytest.fixture
def book(tmp_path):
    """A small book with the project's own configuration."""
    for name in (
        "book/index",
        "book/about/data-sources-and-licence",
        "book/about/accessibility",
        "book/about/privacy",
        "book/about/how-to-cite",
    ):
        page = tmp_path / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"{HEAD}# {name}\n\nWords.\n", encoding="utf-8")
    (tmp_path / "_config.yml").write_text(CONFIG, encoding="utf-8")
    chapters = "".join(
        f"  - file: book/about/{n}\n"
        for n in ("data-sources-and-licence", "accessibility", "privacy", "how-to-cite")
    )
    (tmp_path / "_toc.yml").write_text(
        f"format: jb-book\nroot: book/index\nchapters:\n{chapters}", encoding="utf-8"
    )
    return tmp_path


def _page(book: Path, text: str) -> None:
    (book / "book" / "index.md").write_text(f"{HEAD}# A page\n\n{text}\n", encoding="utf-8")


def test_a_sound_book_builds_and_is_not_built_twice(book, capsys):
    _page(book, "```{measure-panel} household-recycling-rate\n```")
    out = build.build(root=book)
    assert "Built" in capsys.readouterr().out
    assert 'data-measure="household-recycling-rate"' in (out / "book" / "index.html").read_text(
        encoding="utf-8"
    )
    assert (out / "_static" / "councils" / "E06000010.json").is_file()
    made = (out / "book" / "index.html").stat().st_mtime_ns
    build.build(root=book)
    assert (out / "book" / "index.html").stat().st_mtime_ns == made
    assert build.is_current(book)
    _page(book, "Other words.")
    assert not build.is_current(book)


WRONG = [
    ("```{measure-panel} household-recycling-rat\n```", "household-recycling-rate"),
    ("```{measure-panel}\n```", "1 argument"),
    ("Words {figure}`household-recycling-rate england 1999/00` words.", "no figure"),
    ("Words {figure}`household-recycling-rate median borough` words.", "not a kind of council"),
    ("```{questions} Ask\nNo list.\n```", "expected a list"),
    ("```{headlines}\nresidual-waste\n```", "residual-waste-per-household"),
]


def test_a_wrong_measure_or_option_stops_the_build_with_file_and_line(book):
    # All in one page, since a build that keeps going names every fault.
    _page(book, "\n\n".join(text for text, _ in WRONG))
    with pytest.raises(build.BuildError) as caught:
        build.build(root=book)
    lines = (book / "book" / "index.md").read_text(encoding="utf-8").splitlines()
    message = str(caught.value)
    for text, said in WRONG:
        number = lines.index(text.splitlines()[0]) + 1
        (fault,) = [line for line in message.splitlines() if f"index.md:{number}:" in line]
        assert said in message[message.index(fault) :].split("index.md:", 2)[1]
    assert not (book / "_build" / "html").exists()


def test_a_blank_chart_in_a_notebook_stops_the_build(book):
    front = (
        "---\njupytext:\n  text_representation: {extension: .md, format_name: myst}\n"
        "kernelspec: {display_name: Python 3, language: python, name: python3}\n"
        "description: A notebook with a chart that shows nothing to anybody.\n---\n\n"
    )
    cell = "# A notebook\n\n```{code-cell} ipython3\nimport plotly.graph_objects as go\ngo.Figure()\n```\n"
    (book / "book" / "index.md").write_text(front + cell, encoding="utf-8")
    with pytest.raises(build.BuildError, match="a plotly figure needs data, and a title"):
        build.build(root=book)


def test_a_notebook_that_fails_stops_the_build(book):
    front = (
        "---\njupytext:\n  text_representation: {extension: .md, format_name: myst}\n"
        "kernelspec: {display_name: Python 3, language: python, name: python3}\n"
        "description: A notebook with a cell that raises an error when it is run.\n---\n\n"
    )
    (book / "book" / "index.md").write_text(
        front + "# A notebook\n\n```{code-cell} ipython3\n1 / 0\n```\n", encoding="utf-8"
    )
    with pytest.raises(build.BuildError, match=r"ZeroDivisionError|Executing notebook failed"):
        build.build(root=book)


def test_a_page_without_a_description_stops_the_build(book):
    (book / "book" / "index.md").write_text("# A page\n\nWords.\n", encoding="utf-8")
    with pytest.raises(build.BuildError, match="no description"):
        build.build(root=book)


def test_the_digest_follows_sources_prose_and_figures(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "data" / "snapshot").mkdir(parents=True)
    (tmp_path / "book" / "a.md").write_text("one", encoding="utf-8")
    first = build.digest(tmp_path)
    (tmp_path / "data" / "snapshot" / "manifest.json").write_text("{}", encoding="utf-8")
    second = build.digest(tmp_path)
    shutil.move(tmp_path / "book" / "a.md", tmp_path / "book" / "b.md")
    assert len({first, second, build.digest(tmp_path)}) == 3


def test_the_server_takes_the_next_free_port_and_sends_modules_as_scripts(tmp_path):
    (tmp_path / "a.js").write_text("export default 1;", encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with build.server(tmp_path, port) as running:
            assert running.server_address[1] != port
            threading.Thread(target=running.serve_forever, daemon=True).start()
            with urllib.request.urlopen(
                f"http://127.0.0.1:{running.server_address[1]}/a.js"
            ) as answer:
                assert answer.headers["Content-Type"] == "text/javascript"
            running.shutdown()
        with pytest.raises(OSError, match="is free"):
            build.server(tmp_path, port, tries=1)
