"""What tests share: the publishers' real files, and nothing from the network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault of what is tested; and a failure comes again when asked again.
settings.register_profile("project", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def publisher_files() -> Path:
    """The folder of the publishers' real files (GOLDENTHREAD_DATA, or ../shared/data)."""
    folder = Path(os.environ.get("GOLDENTHREAD_DATA", ROOT.parent / "shared" / "data"))
    if (folder / "README.md").is_file():
        return folder
    reason = (
        f"the publishers' real files are not at {folder}; set GOLDENTHREAD_DATA to their folder"
    )
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
