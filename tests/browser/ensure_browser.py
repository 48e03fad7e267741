"""Make sure that there is a browser for the tests, or say in one sentence how to get one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import chromium


def main() -> int:
    """Find a browser; on Debian, as root, install Chromium."""
    if chromium.find():
        return 0
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and Path("/etc/debian_version").is_file() and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ):
            if subprocess.run(
                ["apt-get", *command], env=quiet, check=False, stdout=subprocess.DEVNULL
            ).returncode:
                break
        if chromium.find():
            return 0
    print(chromium.HOW, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
