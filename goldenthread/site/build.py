"""The book built strictly and from clean when it is out of date, and served on this computer."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import webbrowser
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
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")


class BuildError(Exception):
    """A book that could not be built; the message holds the warnings that stopped it."""


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
    found = hashlib.sha256()
    for name in SOURCES:
        start = root / name
        paths = [start] if start.is_file() else sorted(p for p in start.rglob("*") if p.is_file())
        for path in paths:
            if "__pycache__" in path.parts or ".ipynb_checkpoints" in path.parts:
                continue
            found.update(path.relative_to(root).as_posix().encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def is_current(root: Path = ROOT) -> bool:
    """Tell whether the built site is of these very sources."""
    stamp = root / "_build" / "html" / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == digest(root)


def build(force: bool = False, *, root: Path = ROOT) -> Path:
    """Build the book if it is out of date: strictly, and from clean.

    Parameters
    ----------
    force : bool
        Build it in any case, and run every notebook again.
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
    before = digest(root)
    # A strict build over an earlier one exits 0 whatever is broken: pages that did not change are
    # not read again, and their warnings not given again.
    for folder in (output, root / "_build" / ".doctrees", root / "_build" / "jupyter_execute"):
        shutil.rmtree(folder, ignore_errors=True)
    if force:
        shutil.rmtree(root / "_build" / ".notebooks", ignore_errors=True)
    started = time.monotonic()
    print("Building the book (strictly, from clean)", flush=True)
    faults = _jupyter_book(root)
    if faults:
        shutil.rmtree(output, ignore_errors=True)
        raise BuildError("the book was not built:\n" + "\n".join(faults))
    (output / "index.html").write_text(_FRONT_DOOR, encoding="utf-8")
    (output / _STAMP).write_text(before, encoding="utf-8")
    pages = sum(1 for _ in output.rglob("*.html"))
    print(f"Built {pages} pages in {time.monotonic() - started:.0f} seconds", flush=True)
    return output


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
