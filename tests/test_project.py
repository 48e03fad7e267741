"""The project itself: what is declared, locked and committed."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-test.txt")


def _tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout, so that nothing tells what is committed")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def _locked(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_a_hash_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_declared_is_locked(lock):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = list(project["dependencies"])
    if lock == "requirements-test.txt":
        declared += project["optional-dependencies"]["test"]
    names = {re.match(r"[A-Za-z0-9_.-]+", line)[0].lower() for line in declared}
    assert names <= {name.lower() for name in _locked(lock)}


def test_jupyter_book_is_pinned_exactly_to_version_1():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (pin,) = [line for line in project["dependencies"] if line.startswith("jupyter-book")]
    assert pin == "jupyter-book==1.0.4.post1"
    assert _locked("requirements.txt")["jupyter-book"] == "1.0.4.post1"


def test_the_owners_choices_stand_at_the_top():
    for name in ("book", "notebooks", "casestudies", "data"):
        assert (ROOT / name).is_dir()
    for name in ("_config.yml", "_toc.yml", "requirements.txt"):
        assert (ROOT / name).is_file()
    locked = _locked("requirements.txt")
    assert {"jupyterlab", "jupyter-book", "pandas", "ipywidgets", "plotly"} <= set(locked)


def test_the_quick_start_is_short():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Quick start\n(.*?)(?=^## )", readme, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert len(section[1].strip().splitlines()) <= 20
    assert "make serve" in section[1]
    assert "make test" in section[1]
    assert "Windows" in section[1]


def test_ci_calls_the_readmes_test_command_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


def test_the_snapshot_is_small():
    files = list((ROOT / "data" / "snapshot").iterdir())
    assert sum(file.stat().st_size for file in files) < 12_000_000


@pytest.mark.publisher_files
def test_no_publishers_file_is_committed(publisher_files):
    theirs = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.name
        for path in publisher_files.rglob("*")
        if path.is_file() and path.stat().st_size > 200
    }
    ours = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in _tracked()}
    assert {str(path): theirs[d] for path, d in ours.items() if d in theirs} == {}


def test_no_stored_notebook_outputs():
    assert [path for path in _tracked() if path.suffix == ".ipynb"] == []
