"""The real site, built once, served on this computer and opened in a real browser."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from goldenthread.site import build

_spec = importlib.util.spec_from_file_location("chromium", Path(__file__).with_name("chromium.py"))
chromium = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(chromium)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the site, built strictly and from clean when it is out of date."""
    folder = build.build()
    with build.server(folder, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium.find()
    assert program is not None, "no browser: run python tests/browser/ensure_browser.py"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(program), args=list(chromium.ARGUMENTS)
        )
        yield running
        running.close()
