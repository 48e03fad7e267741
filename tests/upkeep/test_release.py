"""What a release is made from agrees with itself, or says where it does not."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
import yaml

from goldenthread.catalogue import FOLDER
from goldenthread.upkeep import commands, release
from goldenthread.upkeep.release import ReleaseError

ROOT = FOLDER.parent


@pytest.fixture
def project(tmp_path):
    """A copy of the files that a release is made from, ready to be released as v9.1.0."""
    for name in ("pyproject.toml", release.CITATION, release.CHANGELOG):
        shutil.copy(ROOT / name, tmp_path / name)
    _change(tmp_path / "pyproject.toml", 'version = "0.1.0"', 'version = "9.1.0"')
    citation = yaml.safe_load((tmp_path / release.CITATION).read_text("utf-8"))
    citation |= {"version": "9.1.0", "date-released": "2027-01-02"}
    (tmp_path / release.CITATION).write_text(yaml.safe_dump(citation), "utf-8")
    log = (tmp_path / release.CHANGELOG).read_text("utf-8")
    part = "## [Unreleased]\n\n## [9.1.0] - 2027-01-02\n\n- Something new.\n\n## [9.0.0] - 2026-12-01\n"
    (tmp_path / release.CHANGELOG).write_text(log.replace("## [Unreleased]\n", part, 1), "utf-8")
    return tmp_path


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_release_that_agrees_can_be_made(project):
    assert release.faults("v9.1.0", project) == []
    assert release.notes("v9.1.0", project).startswith("- Something new.")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("pyproject.toml", 'version = "9.1.0"', 'version = "9.0.0"', "pyproject.toml: version is 9.0.0"),
        (release.CITATION, "version: 9.1.0", "version: 9.0.0", "CITATION.cff: version is 9.0.0"),
        (release.CITATION, "2027-01-02", "2027-01-03", "date-released is 2027-01-03"),
        (release.CHANGELOG, "[9.1.0]", "[9.2.0]", "there is no part “## [9.1.0]"),
        (release.CHANGELOG, "- Something new.\n", "", "nothing is said of 9.1.0"),
        (release.CHANGELOG, "2027-01-02", "soon", "9.1.0 has no day"),
        (release.CHANGELOG, "## [9.1.0]", "## [9.2.0] - 2027-03-01\n\n- x\n\n## [9.1.0]", "newest"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_named(project, name, old, new, said):
    _change(project / name, old, new)
    assert any(said in fault for fault in release.faults("v9.1.0", project))
    with pytest.raises(ReleaseError):
        release.notes("v9.1.0", project)


@pytest.mark.parametrize("tag", ["", "9.1.0", "v9.1", "v9.1.0; rm -rf /", "v9.1.0\n", "release"])
def test_a_tag_that_is_none_is_refused(project, tag):
    with pytest.raises(ReleaseError, match="no tag of a release"):
        release.faults(tag, project)


def test_the_projects_own_files_agree():
    held = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    citation = yaml.safe_load((ROOT / release.CITATION).read_text("utf-8"))
    assert citation["version"] == held
    listed = release.parts((ROOT / release.CHANGELOG).read_text("utf-8"))
    assert next(iter(listed)) == release.UNRELEASED
    # A version is being worked on, or has been released and is told of.
    assert listed[release.UNRELEASED][1] or held in listed


def test_the_commands_say_it_and_leave_with_one(project, capsys):
    from typer.testing import CliRunner

    run = CliRunner()
    good = run.invoke(commands.app, ["check", "v9.1.0", "--root", str(project)])
    assert (good.exit_code, good.stdout) == (0, "v9.1.0 can be released.\n")
    bad = run.invoke(commands.app, ["check", "v9.1.1", "--root", str(project)])
    assert bad.exit_code == 1
    assert "pyproject.toml: version is 9.1.0, and the tag says 9.1.1" in bad.stderr
    assert run.invoke(commands.app, ["notes", "nonsense", "--root", str(project)]).exit_code == 1
    told = run.invoke(commands.app, ["notes", "v9.1.0", "--root", str(project)])
    assert "Something new." in told.stdout
