"""The workflows: of the form that they must have, harmless, and calling what there is. Their scripts run dry."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
import yaml

from goldenthread import cli
from goldenthread.catalogue import FOLDER

ROOT = FOLDER.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
#: What a workflow may do, and nothing else.
PERMISSIONS = {
    "test": {"contents": "read"},
    "refresh": {"contents": "write", "pull-requests": "write"},
    "links": {"contents": "read", "issues": "write"},
    "release": {"contents": "write"},
    "deploy": {"contents": "read"},
}
ACTION = re.compile(r"actions/[a-z-]+@v\d+")
SHELL = shutil.which("bash") if sys.platform != "win32" else None
needs_shell = pytest.mark.skipif(not SHELL or not shutil.which("git"), reason="needs bash and git")


def _read(path: Path) -> dict:
    # YAML 1.1 takes the key "on" for a truth.
    held = yaml.safe_load(path.read_text("utf-8"))
    held["on"] = held.pop(True, held.get("on"))
    return held


def _steps(path: Path) -> list[dict]:
    return [step for job in _read(path)["jobs"].values() for step in job["steps"]]


def _commands() -> list[tuple[str, str]]:
    return [
        (path.stem, line)
        for path in WORKFLOWS
        for step in _steps(path)
        for line in step.get("run", "").splitlines()
        if line.strip()
    ]


# --- their form ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
    ],
)
def test_what_others_read_is_of_the_form_that_they_ask_for(schema, files):
    run = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_no_more_than_it_needs(path):
    held = _read(path)
    assert held["permissions"] == PERMISSIONS[path.stem]
    text = path.read_text("utf-8")
    # What comes from outside never runs with our rights, nor as a part of a command.
    assert "pull_request_target" not in text
    assert "secrets." not in text
    for step in _steps(path):
        assert "${{" not in step.get("run", "")
        assert ACTION.fullmatch(step.get("uses", "actions/checkout@v4"))


def test_what_writes_runs_one_after_the_other():
    for path in WORKFLOWS:
        held = _read(path)
        assert held["concurrency"]["group"], path.name
        assert (held["concurrency"].get("cancel-in-progress", False)) == (path.stem == "test")


# --- what they call --------------------------------------------------------------------------------


def _command(words: list[str]):
    """Follow the words of a command line into the project's commands."""
    found = typer.main.get_command(cli.app)
    while words and hasattr(found, "commands"):
        found = found.commands[words.pop(0)]
    return found, words


def test_every_command_that_they_call_exists():
    called = set()
    for name, line in _commands():
        line = re.sub(r"\s>>?\s.*$", "", line)
        first, *words = shlex.split(line)
        if first == "bash":
            assert (ROOT / words[0]).is_file(), line
            called.add(words[0])
        elif first == "python" and words[:2] == ["-m", "goldenthread"]:
            found, rest = _command(words[2:])
            options = {option for one in found.params for option in one.opts}
            assert {word for word in rest if word.startswith("--")} <= options, line
            called.add(found.name)
        elif first == "python" and words[0] != "-m":
            assert (ROOT / words[0]).is_file(), line
        elif first == "python":
            assert words[1] in ("pip", "pytest", "zipfile"), line
            for word in words:
                assert not word.endswith(".txt") or (ROOT / word).is_file(), line
        else:
            assert first in ("cat", "gh"), (name, line)
    assert called >= {"refresh", "links", "build", "check", "notes", ".github/scripts/offer.sh"}


# --- their scripts, with a repository of their own and a made-up gh --------------------------------


@pytest.fixture
def place(tmp_path):
    """A checkout with its origin, and a `gh` that writes down what it is asked and answers from a file."""
    here = tmp_path / "work"
    for command in (
        ["git", "init", "--quiet", "--bare", str(tmp_path / "origin")],
        ["git", "clone", "--quiet", str(tmp_path / "origin"), str(here)],
    ):
        subprocess.run(command, check=True, capture_output=True)
    (here / "data" / "snapshot").mkdir(parents=True)
    (here / "data" / "snapshot" / "manifest.json").write_text("{}", "utf-8")
    _git(here, "add", ".")
    _git(here, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "First")
    _git(here, "push", "--quiet", "origin", "HEAD:main")
    tools = tmp_path / "tools"
    tools.mkdir()
    gh = tools / "gh"
    gh.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$*" >> "$GH_SAID"\n'
        'for word in "$@"; do [ -f "$word" ] && cat "$word" >> "$GH_SAID"; done\n'
        'case "$2" in list) cat "$GH_FINDS" ;; esac\n',
        "utf-8",
    )
    gh.chmod(0o755)
    (tmp_path / "said").write_text("", "utf-8")
    return here


def _git(here: Path, *words: str) -> str:
    run = subprocess.run(["git", *words], cwd=here, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def _run(here: Path, script: str, *words: str, finds: str) -> tuple[str, str]:
    (here.parent / "finds").write_text(finds, "utf-8")
    run = subprocess.run(
        [str(SHELL), str(GITHUB / "scripts" / script), *words],
        cwd=here,
        check=True,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PATH": f"{here.parent / 'tools'}{os.pathsep}{os.environ['PATH']}",
            "GH_SAID": str(here.parent / "said"),
            "GH_FINDS": str(here.parent / "finds"),
        },
    )
    return run.stdout, (here.parent / "said").read_text("utf-8")


@needs_shell
def test_where_no_figure_changed_nothing_is_offered(place):
    text = place.parent / "changes.md"
    text.write_text("No figure changed.\n", "utf-8")
    out, said = _run(place, "offer.sh", "refresh/figures", str(text), finds="0")
    assert "nothing to offer" in out
    assert said == ""
    assert _git(place, "ls-remote", "origin", "refs/heads/refresh/figures") == ""


@needs_shell
def test_changed_figures_are_offered_once_and_then_brought_up_to_date(place):
    text = place.parent / "changes.md"
    text.write_text("1 source has changed.\n", "utf-8")
    held = place / "data" / "snapshot" / "manifest.json"
    held.write_text('{"figures": 1}', "utf-8")
    (place / "notes.txt").write_text("not a figure", "utf-8")
    _, said = _run(place, "offer.sh", "refresh/figures", str(text), finds="0")
    assert "pr create --head refresh/figures --title New figures" in said
    assert "1 source has changed." in said
    assert _git(place, "show", "--name-only", "--format=", "origin/refresh/figures") == (
        "data/snapshot/manifest.json"
    )
    assert "1 source has changed." in _git(place, "log", "-1", "--format=%B")
    main = _git(place, "rev-parse", "origin/main")
    _git(place, "checkout", "--quiet", "--detach", "origin/main")
    held.write_text('{"figures": 2}', "utf-8")
    _, said = _run(place, "offer.sh", "refresh/figures", str(text), finds="1")
    assert said.count("pr create") == 1
    assert "pr edit refresh/figures" in said
    assert _git(place, "rev-parse", "origin/main") == main
    assert _git(place, "rev-parse", "origin/refresh/figures^") == main


@needs_shell
@pytest.mark.parametrize(
    ("outcome", "finds", "expected", "never"),
    [
        ("failure", "", "issue create --title Addresses", "issue edit"),
        ("failure", "7", "issue edit 7", "issue create"),
        ("success", "7", "issue close 7", "issue create"),
        ("success", "", "issue list", "issue c"),
    ],
)
def test_one_issue_is_kept_about_addresses(place, outcome, finds, expected, never):
    listed = place.parent / "links.txt"
    listed.write_text("https://example.org/a?b=$(touch hacked)`touch hacked`: 404\n", "utf-8")
    _, said = _run(place, "tell.sh", outcome, str(listed), finds=finds)
    assert expected in said
    assert never not in said
    assert ("$(touch hacked)" in said) == (outcome == "failure")
    assert not (place / "hacked").exists()
