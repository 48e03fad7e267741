"""The book built strictly when it is out of date, and served on this computer."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
OUTPUT: Final = ROOT / "_build" / "html"
#: What the site is made from.
SOURCES: Final = (
    "_config.yml",
    "_toc.yml",
    "requirements.txt",
    "book",
    "notebooks",
    "casestudies",
    "goldenthread",
    "data",
)
#: Where writers' pages are: a change of some of these and of nothing else need not begin from clean.
PAGES: Final = ("book/", "notebooks/", "casestudies/")
#: What of the site outlasts a build that is not from clean. It knows by itself what it is made from.
_LASTING: Final = "councils"
#: The address without a page leads to the landing page.
_FRONT_DOOR: Final = """<!DOCTYPE html>
<html lang="en-GB">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta http-equiv="refresh" content="0; url=book/index.html">
<title>Golden Thread</title>
<p><a href="book/index.html">Golden Thread: performance management in English councils</a></p>
</html>
"""
_STAMP: Final = ".built-from"
#: What the last strict build without a warning was made from; without it a build begins from clean.
_SOUND: Final = ".sound.json"
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")


class BuildError(Exception):
    """A book that could not be built; the message holds the warnings that stopped it."""


@dataclass(frozen=True)
class Sources:
    """What a site is made from, as digests.

    Attributes
    ----------
    pages : dict of str
        Writers' pages, by path.
    rest : str
        All else: figures, package, configuration, contents, pictures.
    day : str
        Which figures are old depends on the day.
    """

    pages: dict[str, str]
    rest: str
    day: str

    @classmethod
    def of(cls, root: Path) -> Sources:
        """Read them."""
        pages: dict[str, str] = {}
        rest = hashlib.sha256()
        for name in SOURCES:
            start = root / name
            paths = (
                [start] if start.is_file() else sorted(p for p in start.rglob("*") if p.is_file())
            )
            for path in paths:
                if "__pycache__" in path.parts or ".ipynb_checkpoints" in path.parts:
                    continue
                where = path.relative_to(root).as_posix()
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                if where.startswith(PAGES) and path.suffix in (".md", ".ipynb"):
                    pages[where] = content
                else:
                    rest.update(f"{where} {content}\n".encode())
        return cls(pages, rest.hexdigest(), date.today().isoformat())

    def changed_since(self, before: Sources) -> set[str] | None:
        """Tell which pages are different, or None where anything else is."""
        same = (self.rest, self.day) == (before.rest, before.day)
        if not same or self.pages.keys() != before.pages.keys():
            return None
        return {page for page, content in self.pages.items() if content != before.pages[page]}

    @property
    def digest(self) -> str:
        """One digest of all, whatever the day."""
        return hashlib.sha256(json.dumps([self.pages, self.rest]).encode()).hexdigest()


def digest(root: Path = ROOT) -> str:
    """Give a digest of all that the site is made from.

    Parameters
    ----------
    root : pathlib.Path
        The project.

    Returns
    -------
    str
        The same for the same sources, prose, package and figures.
    """
    return Sources.of(root).digest


def is_current(root: Path = ROOT) -> bool:
    """Tell whether the built site is of these very sources."""
    stamp = root / "_build" / "html" / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == digest(root)


def build(force: bool = False, *, root: Path = ROOT) -> Path:
    """Build the book strictly, if it is out of date.

    Where nothing changed since a sound build but some pages, only these are read again, and every
    page is written again: a link may have lost its end, and each page lists the titles of all. The
    warnings of reading the others were looked for then. In all other cases it begins from clean.

    Parameters
    ----------
    force : bool
        Build it in any case, from clean, and run every notebook again.
    root : pathlib.Path
        The project.

    Returns
    -------
    pathlib.Path
        The folder of the site.

    Raises
    ------
    BuildError
        For any warning or error; the message quotes them. The site of before is gone then, so that
        nobody takes it for the new one.
    """
    output = root / "_build" / "html"
    if not force and is_current(root):
        return output
    sources = Sources.of(root)
    changed = None if force else _changed(root, sources)
    # What is read or written from here on proves nothing until it has ended well.
    (root / "_build" / _SOUND).unlink(missing_ok=True)
    if changed is None:
        _clear(root)
        if force:
            shutil.rmtree(root / "_build" / ".notebooks", ignore_errors=True)
        print("Building the book (strictly, from clean)", flush=True)
    else:
        _clear_pages(root, changed)
        print(f"Building the book (strictly; changed: {', '.join(sorted(changed))})", flush=True)
    started = time.monotonic()
    faults = _jupyter_book(root)
    if faults:
        shutil.rmtree(output, ignore_errors=True)
        raise BuildError("the book was not built:\n" + "\n".join(faults))
    (output / "index.html").write_text(_FRONT_DOOR, encoding="utf-8")
    (output / _STAMP).write_text(sources.digest, encoding="utf-8")
    (root / "_build" / _SOUND).write_text(json.dumps(asdict(sources)), encoding="utf-8")
    pages = sum(1 for _ in output.rglob("*.html"))
    print(f"Built {pages} pages in {time.monotonic() - started:.0f} seconds", flush=True)
    return output


def _changed(root: Path, sources: Sources) -> set[str] | None:
    """Tell which pages changed since the last sound build; None where that is not enough to know."""
    kept = root / "_build" / _SOUND
    try:
        before = Sources(**json.loads(kept.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return sources.changed_since(before)


def _clear(root: Path) -> None:
    # A strict build over an earlier one exits 0 whatever is broken: pages that did not change are
    # not read again, and their warnings not given again.
    for name in ("html", ".doctrees", "jupyter_execute"):
        shutil.rmtree(root / "_build" / name, ignore_errors=True)


def _clear_pages(root: Path, changed: Collection[str]) -> None:
    """Have these pages read again, and all written: whatever of the site is not made anew is gone."""
    for page in changed:
        # By what they hold: Sphinx itself looks at times, and an older copy has an older time.
        doctree = (root / "_build" / ".doctrees" / page).with_suffix(".doctree")
        doctree.unlink(missing_ok=True)
    output = root / "_build" / "html"
    for path in output.iterdir() if output.is_dir() else ():
        if path.is_file():
            path.unlink()
        elif path.name != _LASTING:
            shutil.rmtree(path)


def _jupyter_book(root: Path) -> list[str]:
    """Run Jupyter Book, show how far it is, and give what stopped it."""
    # Jupyter Book cannot be run with -m, and its script is not on the path of an unactivated venv.
    run = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", run, "build", str(root)]
    command += ["-W", "--keep-going", "-n", "--path-output", str(root)]
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
    with subprocess.Popen(  # noqa: S603 (our own interpreter, fixed arguments)
        command,
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        said: list[str] = []
        assert process.stderr is not None
        reader = threading.Thread(target=lambda lines: said.extend(lines), args=(process.stderr,))
        reader.start()
        _show_progress(process.stdout)
        reader.join()
    # The kernel's own remarks about its sockets are not about the book.
    faults = [
        _COLOURS.sub("", line.rstrip())
        for line in said
        if line.strip() and "[IPKernelApp]" not in line
    ]
    if process.returncode == 0 and not any("WARNING" in f or "ERROR" in f for f in faults):
        return []
    named = [line for line in faults if "WARNING" in line or "ERROR" in line]
    return (
        named or faults or [f"jupyter-book ended with exit code {process.returncode} and no word"]
    )


def _show_progress(lines: IO[str] | None) -> None:
    steps = ("reading sources", "writing output", "Executing notebook")
    last = ""
    for line in lines or ():
        step = next((step for step in steps if step in line), "")
        if step and step != last:
            print(f"  {step} …", flush=True)
            last = step


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site without a line for every file, and with the types that modules need."""

    extensions_map = {  # noqa: RUF012 (the base class has it so)
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        # On Windows the registry may say otherwise, and a browser refuses a module that is text.
        ".js": "text/javascript",
        ".css": "text/css",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".csv": "text/csv; charset=utf-8",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Say nothing."""

    def end_headers(self) -> None:
        """Let the browser ask again each time: the site may have been built anew."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # Elsewhere this only skips the wait after an earlier run; on Windows it would share a taken port.
    allow_reuse_address = os.name != "nt"

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a browser close a connection without a traceback."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def server(folder: Path, port: int = 8000, *, tries: int = 20) -> http.server.ThreadingHTTPServer:
    """Make a server of a folder on this computer alone, on the first free port from `port`.

    Parameters
    ----------
    folder : pathlib.Path
    port : int
        0 for any.
    tries : int

    Returns
    -------
    http.server.ThreadingHTTPServer
        Ready to `serve_forever`.

    Raises
    ------
    OSError
        When none of the ports is free.
    """
    handler = partial(_Handler, directory=str(folder))
    for candidate in range(port, port + max(tries, 1)):
        with contextlib.suppress(OSError):
            return _Server(("127.0.0.1", candidate), handler)
    raise OSError(f"none of the ports {port} to {port + tries - 1} is free")


def serve(port: int = 8000, open_browser: bool = False) -> None:
    """Build the book if it is out of date, and serve it until Ctrl-C.

    Parameters
    ----------
    port : int
        The first port to try.
    open_browser : bool
        Open it in the browser too.

    Raises
    ------
    BuildError
        When the book cannot be built.
    OSError
        When no port is free.
    """
    folder = build()
    with server(folder, port) as running:
        address = f"http://localhost:{running.server_address[1]}/"
        if open_browser:
            webbrowser.open(address)
        print(f"Serving the book until you press Ctrl-C: {address}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            running.serve_forever()
