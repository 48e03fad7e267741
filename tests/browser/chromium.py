"""Where a browser of the Chromium family is on this computer."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

#: Commands on the path, the free ones first.
COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
    "msedge",
)
_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
)
HOW = (
    "The browser tests need Chromium, Chrome or Edge and found none: install one of them, or name "
    "its program in the variable GOLDENTHREAD_BROWSER."
)


def find() -> Path | None:
    """The browser's program: what GOLDENTHREAD_BROWSER names, else the first in the usual places."""
    named = os.environ.get("GOLDENTHREAD_BROWSER")
    if named:
        return Path(named) if Path(named).is_file() else None
    for command in COMMANDS:
        found = shutil.which(command)
        if found:
            return Path(found)
    return next((path for path in _places() if path.is_file()), None)


def _places() -> list[Path]:
    if sys.platform == "darwin":
        return [
            folder / app
            for folder in (Path("/Applications"), Path.home() / "Applications")
            for app in _MAC
        ]
    if sys.platform == "win32":
        folders = [
            os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        ]
        return [Path(folder) / program for folder in folders if folder for program in _WINDOWS]
    return [Path("/snap/bin/chromium"), Path("/opt/google/chrome/chrome")]
