"""LibreOffice, which opens documents as their readers do; run by itself, it makes sure that it is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOW = (
    "LibreOffice was not found, and no document was opened in it: install it (writer, calc and "
    "impress), with poppler's pdftotext."
)
_PACKAGES = (
    *(f"libreoffice-{part}" for part in ("writer", "calc", "impress")),
    *("poppler-utils", "fonts-liberation", "fonts-crosextra-carlito"),
)


def find() -> str | None:
    """The program, if pdftotext is there as well."""
    return shutil.which("soffice") if shutil.which("pdftotext") else None


def pages(document: Path, folder: Path) -> list[str]:
    """Open a document, print it, and give the words of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    # A profile of its own, so that several can run beside each other and none is a user's.
    profile = (folder / "profile").resolve().as_uri()
    subprocess.run(
        [str(find()), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), str(document)],
        check=True, capture_output=True, timeout=180, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    printed = folder / f"{document.stem}.pdf"
    text = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    return text.split("\f")[:-1]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import debian

    if not find():
        debian.install(*_PACKAGES)
    if not find():
        # Not needed to go on: the tests that want it say that they did not run.
        print(HOW, file=sys.stderr)
