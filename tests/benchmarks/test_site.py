"""How soon a reader sees a page on a phone, and how soon a writer sees a change; beside plain Jupyter Book.

Nothing is asserted by time: the figures are printed, and ratios are of one run.
"""

from __future__ import annotations

import gzip
import http.server
import io
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from functools import cache, partial
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from goldenthread.site import build

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "browser"))
import chromium
from conftest import ARGUMENTS

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).resolve().parent.parent.parent
NOTEBOOKS = ("recycling-in-your-council", "who-is-like-us")
TEN = (
    "household-recycling-rate",
    "residual-waste-per-household",
    "municipal-waste-landfilled",
    "fly-tipping-incidents-per-1000",
    "council-band-d",
    "temporary-accommodation-rate",
    "homelessness-relief-duty-rate",
    "children-looked-after-rate",
    "ehc-plans-within-20-weeks",
    "persistent-absence",
)
#: A mid-range phone on 4G.
PHONE = {"width": 360, "height": 640}
SLOWER = 4
NETWORK = {
    "offline": False,
    "latency": 85,
    "downloadThroughput": 9e6 / 8,
    "uploadThroughput": 3e6 / 8,
}
HEAD = "---\ndescription: A page that measures how soon a page of ten charts is there for its reader.\n---\n\n"
_ABOUT = ("data-sources-and-licence", "accessibility", "privacy", "how-to-cite")
OBSERVE = """window.seen = { lcp: 0, moved: 0, plotly: null };
new PerformanceObserver((list) => { for (const e of list.getEntries()) window.seen.lcp = e.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver((list) => { for (const e of list.getEntries()) window.seen.moved += e.value; })
    .observe({ type: 'layout-shift', buffered: true });
new PerformanceObserver((list) => { for (const e of list.getEntries())
    if (e.name.includes('plotly-')) window.seen.plotly = e.responseEnd; })
    .observe({ type: 'resource', buffered: true });"""


# --- books to compare --------------------------------------------------------------------------------


def _book(folder: Path, pages: dict[str, str], config: str) -> Path:
    """Write a book of some pages, the first of which is its root."""
    for name, text in pages.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    root, *others = pages
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    chapters = "".join(f"  - file: {name}\n" for name in others)
    (folder / "_toc.yml").write_text(
        f"format: jb-book\nroot: {root}\nchapters:\n{chapters}", encoding="utf-8"
    )
    return folder


def _ours(folder: Path, pages: dict[str, str]) -> Path:
    about = {f"book/about/{name}": f"{HEAD}# {name}\n\nWords.\n" for name in _ABOUT}
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    return _book(folder, {"book/index": f"{HEAD}# Home\n\nWords.\n", **pages, **about}, config)


def _plain(folder: Path, pages: dict[str, str]) -> Path:
    """The same in Jupyter Book as it comes."""
    config = "title: Plain\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: force\n  timeout: 120\n"
    return _book(folder, {"index": "# Home\n\nWords.\n", **pages}, config)


def _jupyter_book(folder: Path) -> None:
    run = "from jupyter_book.cli.main import main; main()"
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    subprocess.run(
        [sys.executable, "-c", run, "build", str(folder), "-q"],
        check=True,
        capture_output=True,
        env=environment,
    )


def _notebook(name: str) -> str:
    text = (ROOT / "notebooks" / f"{name}.md").read_text(encoding="utf-8")
    # Links to pages that a small book does not have.
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)\s]+\.md\)", r"\1", text)


def _front(text: str) -> str:
    return text.partition("\n---\n")[0] + "\n---\n"


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """A page of ten panels, and a notebook of the same ten trends, in both kinds of book."""
    ours, plain = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("plain")
    panels = "\n\n".join(
        f"## Number {place}\n\n```{{measure-panel}} {name}\n```"
        for place, name in enumerate(TEN, start=1)
    )
    cells = "\n\n".join(
        f'```{{code-cell}} ipython3\ngt.trend("{name}", "Hull").figure\n```' for name in TEN
    )
    begin = "```{code-cell} ipython3\nimport goldenthread as gt\nimport plotly.io\n%s\n```"
    front = _front(_notebook(NOTEBOOKS[0]))

    def charts(renderer: str) -> str:
        return f"{front}\n# Ten charts\n\nThe same ten.\n\n{begin % renderer}\n\n{cells}\n"

    titled = cells.replace(".figure", "")
    _ours(
        ours,
        {
            "book/ten": f"{HEAD}# Ten panels\n\n{panels}\n",
            "notebooks/charts": f"{front}\n# Ten charts\n\nThe same ten.\n\n{begin % ''}\n\n{titled}\n",
        },
    )
    _plain(plain, {"charts": charts('plotly.io.renderers.default = "notebook"')})
    build.build(force=True, root=ours)
    _jupyter_book(plain)
    return {"ours": ours / "_build" / "html", "plain": plain / "_build" / "html"}


# --- a host that compresses, and a phone -------------------------------------------------------------


@cache
def _squeezed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class _Host(http.server.SimpleHTTPRequestHandler):
    """Compresses as any host does."""

    extensions_map = build._Handler.extensions_map

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return None
        content = _squeezed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def log_message(self, *_):
        pass


class _Phone:
    """A phone that has never been here, and what came over its network."""

    def __init__(self, browser):
        self.context = browser.new_context(viewport=PHONE, device_scale_factor=2)
        self.page = self.context.new_page()
        self.page.add_init_script(OBSERVE)
        self.devtools = self.context.new_cdp_session(self.page)
        self.devtools.send("Network.enable")
        self.devtools.send("Network.emulateNetworkConditions", NETWORK)
        self.devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        self.names: dict[str, str] = {}
        self.came: dict[str, float] = {}
        self.devtools.on(
            "Network.responseReceived",
            lambda e: self.names.update({e["requestId"]: e["response"]["url"]}),
        )
        self.devtools.on("Network.loadingFinished", self._finished)

    def _finished(self, event):
        name = self.names.get(event["requestId"], "").split("?")[0]
        self.came[name] = self.came.get(name, 0) + event["encodedDataLength"] / 1000

    def weight(self, *, plotly: bool) -> float:
        return sum(
            size for name, size in self.came.items() if plotly or "plotly-" not in Path(name).name
        )


@pytest.fixture(scope="module")
def browser():
    program = chromium.find()
    if program is None:
        pytest.fail(chromium.HOW)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(program), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def hosts():
    running = []

    def host(folder: Path) -> str:
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(_Host, directory=str(folder))
        )
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield host
    for server in running:
        server.shutdown()
        server.server_close()


def _visit(browser, address: str) -> tuple[dict, _Phone]:
    phone = _Phone(browser)
    phone.page.goto(address, wait_until="load", timeout=120_000)
    phone.page.wait_for_timeout(3000)
    return phone.page.evaluate("window.seen"), phone


def _middle(browser, address: str, times: int = 3) -> tuple[float, float, float, float]:
    """Largest contentful paint in seconds, bytes in KB with and without plotly.js, layout shift."""
    found = []
    for _ in range(times):
        seen, phone = _visit(browser, address)
        found.append(
            (
                seen["lcp"] / 1000,
                phone.weight(plotly=True),
                phone.weight(plotly=False),
                seen["moved"],
            )
        )
        phone.context.close()
    return tuple(statistics.median(column) for column in zip(*found, strict=True))


# --- for the reader ----------------------------------------------------------------------------------


def test_a_page_on_a_phone(browser, hosts):
    address = hosts(build.build())
    pages = (
        "book/index.html",
        "book/councillor/why-performance-is-your-business.html",
        "book/reports/household-waste-and-recycling.html",
        "notebooks/recycling-in-your-council.html",
        "councils/hull/index.html",
    )
    print(f"\nPhone, processor {SLOWER} times slower, 9 Mbit/s, 85 ms:")
    for page in pages:
        lcp, all_of_it, light, moved = _middle(browser, address + page)
        print(
            f"  {page}: largest paint {lcp:.2f} s; {light:.0f} KB without plotly.js"
            f" ({all_of_it:.0f} KB with what was seen); layout shift {moved:.3f}"
        )


def test_the_first_picture_is_painted_before_plotly_has_come(browser, hosts):
    address = hosts(build.build())
    phone = _Phone(browser)
    page = phone.page
    page.goto(f"{address}book/reports/household-waste-and-recycling.html", wait_until="load")
    page.locator("figure.chart").first.scroll_into_view_if_needed()
    page.wait_for_function("() => window.seen.plotly", timeout=60_000)
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    plotly = page.evaluate("window.seen.plotly")
    print(
        f"\nfirst paint {first / 1000:.2f} s; plotly.js, asked for on scrolling, {plotly / 1000:.2f} s"
    )
    phone.context.close()


def test_another_council_on_a_page_of_ten_charts(browser, hosts, books):
    address = hosts(books["ours"])
    phone = _Phone(browser)
    page = phone.page
    page.goto(f"{address}book/ten.html?council=hull", wait_until="load", timeout=120_000)
    page.locator("[data-bar] strong").wait_for()
    assert page.locator(".panel").count() == len(TEN)
    assert page.locator("figure.chart").count() >= 2 * len(TEN) - 2
    page.wait_for_timeout(3000)
    # From the moment the second of the two files is there to the next frame after all has changed.
    page.evaluate(
        """() => {
            window.changes = [];
            const given = window.fetch;
            const last = {};
            window.fetch = async (...asked) => {
                const answer = await given(...asked);
                const text = await answer.text();
                last.came = performance.now();
                return new Response(text, { status: answer.status });
            };
            new MutationObserver(() => {
                const came = last.came;
                if (!came) return;
                last.came = null;
                const changed = performance.now();
                requestAnimationFrame(() => setTimeout(() => window.changes.push([changed - came, performance.now() - came])));
            }).observe(document.querySelector('.panel:last-of-type [data-slot=sentence]') ?? document.body, { childList: true });
        }"""
    )
    names = ("Leeds", "York", "Derby", "Luton", "Kent")
    for place, name in enumerate(names, start=1):
        page.locator(".bar-button").click()
        page.locator('.sheet [role="combobox"]').fill(name)
        page.locator('.sheet [role="option"]').first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_function("n => window.changes.length >= n", arg=place, timeout=60_000)
        page.wait_for_timeout(1500)
    changes = page.evaluate("window.changes")
    moved = page.evaluate("window.seen.moved")
    files = sorted((books["ours"] / "_static" / "councils").glob("*.json"))
    heaviest = max(len(_squeezed(path)) for path in files) / 1000
    words, painted = (statistics.median(column) for column in zip(*changes, strict=True))
    print(
        f"\n{len(TEN)} panels, {page.locator('figure.chart').count()} charts: after their files arrive,"
        f" words and pictures of another council are changed in {words:.0f} ms and painted in"
        f" {painted:.0f} ms (slowed {SLOWER} times; each: {[round(p) for _, p in changes]});"
        f" heaviest file {heaviest:.1f} KB compressed; layout shift in all {moved:.3f}"
    )
    phone.context.close()


def test_the_same_ten_charts_beside_plain_jupyter_book(browser, hosts, books):
    ours = _middle(browser, hosts(books["ours"]) + "notebooks/charts.html")
    plain = _middle(browser, hosts(books["plain"]) + "charts.html")
    print("\nA notebook of ten charts, largest paint and all that came until three seconds after:")
    for name, (lcp, came, light, moved) in (("ours", ours), ("plain Jupyter Book", plain)):
        print(
            f"  {name}: {lcp:.2f} s, {came:.0f} KB ({light:.0f} without plotly.js), shift {moved:.3f}"
        )
    print(
        f"  plain is {plain[0] / ours[0]:.1f} times as late and {plain[1] / ours[1]:.1f} times as heavy"
    )


# --- for the writer ----------------------------------------------------------------------------------


def _seconds(act) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def test_a_strict_build_beside_plain_jupyter_book(tmp_path):
    pages = {f"notebooks/{name}": _notebook(name) for name in NOTEBOOKS}
    ours, plain = _ours(tmp_path / "ours", pages), _plain(tmp_path / "plain", pages)

    def clean() -> None:
        shutil.rmtree(plain / "_build", ignore_errors=True)
        _jupyter_book(plain)

    times = [
        (_seconds(lambda: build.build(force=True, root=ours)), _seconds(clean)) for _ in range(3)
    ]
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    print(
        f"\nThe two notebooks from clean: ours, strict, {mine:.1f} s; plain {theirs:.1f} s;"
        f" ratio {mine / theirs:.2f}"
    )


def test_a_rebuild_after_editing_one_page(tmp_path):
    project = tmp_path / "project"
    for name in build.SOURCES:
        start = ROOT / name
        copy = shutil.copytree if start.is_dir() else shutil.copyfile
        project.mkdir(exist_ok=True)
        copy(start, project / name)
    page = project / "book" / "about" / "privacy.md"
    environment = {**os.environ, "PYTHONPATH": str(project)}

    def run(force: bool) -> None:
        code = f"from goldenthread.site import build; build.build(force={force})"
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=project,
            env=environment,
            check=True,
            capture_output=True,
        )

    clean, again = [], []
    for number in range(3):
        clean.append(_seconds(lambda: run(True)))
        page.write_text(
            page.read_text(encoding="utf-8") + f"\nMore words, {number}.\n", encoding="utf-8"
        )
        again.append(_seconds(lambda: run(False)))
        text = (project / "_build/html/book/about/privacy.html").read_text(encoding="utf-8")
        assert re.search(rf"More words, {number}\.", text)
    whole, edited = statistics.median(clean), statistics.median(again)
    print(
        f"\nThe whole book, strictly and from clean, {whole:.1f} s; after editing one page"
        f" {edited:.1f} s; ratio {edited / whole:.2f}"
    )
