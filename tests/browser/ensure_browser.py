"""Make sure that there is a browser for the tests, or say in one sentence how to get one."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import chromium
import debian


def main() -> int:
    """Find a browser; on Debian, as root, install Chromium."""
    if not chromium.find():
        debian.install("chromium")
    if chromium.find():
        return 0
    print(chromium.HOW, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
