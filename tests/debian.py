"""Programs that tests need, put on a machine that is Debian's and ours to change."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path


def install(*packages: str) -> None:
    """Install packages where that can be done; whoever asks looks again for the program."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not (root and Path("/etc/debian_version").is_file() and shutil.which("apt-get")):
        return
    print(f"Installing {', '.join(packages)} for the tests", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        if subprocess.run(
            ["apt-get", *command], env=quiet, check=False, stdout=subprocess.DEVNULL
        ).returncode:
            break
