"""The real site, built once and served on loopback, and a real browser to read it with."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from goldenthread.site import build

sys.path.insert(0, str(Path(__file__).resolve().parent))
import chromium
from kinds import KINDS, REPORT_LIST

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site: as it stands if it is of these sources, else built strictly from clean."""
    return build.build()


@pytest.fixture(scope="session")
def pages(site) -> list[str]:
    """Every page, as a path in the site; but for those of councils, which are all made alike.

    `test_councils.py` reads some of each kind of these.
    """
    found = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
    # A template to download is a document of its own, and no page.
    return [
        p for p in found if p != "index.html" and not p.startswith(("councils/", "_downloads/"))
    ]


@pytest.fixture(scope="session")
def reports(pages) -> list[str]:
    """The pages of reports."""
    return [p for p in pages if p.startswith("book/reports/") and p != REPORT_LIST]


#: Folders of pages that are made alike, and how many of each are looked at closely.
ALIKE = {
    "book/reports/": 4,
    "book/councillor/": 4,
    "book/councillor/sheets/": 2,
    "book/officer/": 3,
    "book/officer/templates/": 2,
    "notebooks/": 4,
    "casestudies/": 3,
    "embed/": 3,
}


@pytest.fixture(scope="session")
def various(site, pages) -> list[str]:
    """Every page that is like no other, and some of those that are made alike.

    Of these the shortest, the longest and some between them, and whatever is named in `KINDS`.
    `test_reports.py` and `test_chapters.py` read every report and every chapter once.
    """

    def length(path: str) -> tuple[int, str]:
        return (site / path).stat().st_size, path

    chosen = {path for path in pages if _folder(path) not in ALIKE} | set(KINDS.values())
    for folder, count in ALIKE.items():
        chosen |= set(_spaced(sorted(filter(_inside(folder), pages), key=length), count))
    return [path for path in pages if path in chosen]


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/"


def _inside(folder: str):
    return lambda path: _folder(path) == folder


def _spaced(listed: list[str], count: int) -> list[str]:
    """Take the first, the last and others at equal steps between them."""
    last = len(listed) - 1
    return [listed[round(last * at / (count - 1))] for at in range(count)] if listed else []


@pytest.fixture(scope="session")
def base(site):
    with build.server(site, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/"
        running.shutdown()


@pytest.fixture(scope="session")
def browser():
    program = chromium.find()
    if program is None:
        pytest.fail(chromium.HOW)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(program), args=ARGUMENTS)
        yield started
        started.close()


class Reader:
    """Somebody who opens pages, and all that went wrong meanwhile."""

    def __init__(self, browser, base, **context):
        self.base = base
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, **context}
        )
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on(
            "console", lambda m: m.type in ("error", "warning") and self.faults.append(m.text)
        )
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on(
            "response", lambda r: r.status >= 400 and self.faults.append(f"{r.url}: {r.status}")
        )
        self.page.on("request", self._request)

    def _failed(self, request):
        # What the browser itself gives up, because the page is being left, is no fault of the page.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.url}: {request.failure}")

    def _request(self, request):
        if (
            request.url.startswith("http")
            and urlsplit(request.url).netloc != urlsplit(self.base).netloc
        ):
            self.elsewhere.append(request.url)

    def open(self, path: str):
        self.page.goto(self.base + path, wait_until="load")
        return self.page

    def see_all(self):
        """Scroll through the page, so that everything that waits to be seen is drawn."""
        self.page.evaluate(
            """async () => {
                for (let y = 0; y < document.body.scrollHeight; y += 500) {
                    scrollTo(0, y);
                    await new Promise((go) => setTimeout(go, 40));
                }
            }"""
        )
        # A slow machine may pass a chart between two frames, and never see it: go back to it.
        self.page.wait_for_function(
            """() => {
                const waiting = document.querySelector('figure.chart:not(.drawn)');
                waiting?.scrollIntoView({ block: 'center', behavior: 'instant' });
                return !waiting;
            }""",
            polling=50,
        )


@pytest.fixture
def reader(browser, base):
    made = []

    def open_reader(**context):
        made.append(Reader(browser, base, **context))
        return made[-1]

    yield open_reader
    for one in made:
        one.context.close()
