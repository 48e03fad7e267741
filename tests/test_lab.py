"""A folder of one's own: what its owner changed is never touched, whatever else happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread import cli, lab, notebooks
from goldenthread.addresses import Addresses
from goldenthread.lab import Copy, LabError

ROOT = notebooks.FOLDER.parent
ONE, TWO = {"a.ipynb": "first\n"}, {"a.ipynb": "second\n"}


def results(done: list[Copy]) -> list[tuple[str, str]]:
    return [(copy.name, copy.result) for copy in done]


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.ipynb")}


def test_an_unchanged_copy_is_brought_up_to_date(tmp_path):
    assert results(lab.prepare(tmp_path, ONE)) == [("a.ipynb", "new")]
    assert results(lab.prepare(tmp_path, ONE)) == [("a.ipynb", "unchanged")]
    assert results(lab.prepare(tmp_path, TWO)) == [("a.ipynb", "updated")]
    assert contents(tmp_path) == TWO


def test_a_changed_copy_is_left_alone_and_a_newer_version_lies_beside_it_once(tmp_path):
    lab.prepare(tmp_path, ONE)
    mine = tmp_path / "a.ipynb"
    mine.write_text("mine", encoding="utf-8")
    assert results(lab.prepare(tmp_path, ONE)) == [("a.ipynb", "yours")]
    assert results(lab.prepare(tmp_path, TWO)) == [("a-version-2.ipynb", "beside")]
    assert results(lab.prepare(tmp_path, TWO)) == [("a.ipynb", "yours")]
    assert contents(tmp_path) == {"a.ipynb": "mine", "a-version-2.ipynb": "second\n"}
    # The copy beside it becomes somebody's own too.
    (tmp_path / "a-version-2.ipynb").write_text("mine as well", encoding="utf-8")
    assert results(lab.prepare(tmp_path, {"a.ipynb": "third\n"})) == [
        ("a-version-3.ipynb", "beside")
    ]
    assert contents(tmp_path) == {
        "a.ipynb": "mine",
        "a-version-2.ipynb": "mine as well",
        "a-version-3.ipynb": "third\n",
    }


def _saved(path: Path, *, code: str = "", image: bool = False) -> None:
    """Save a notebook as JupyterLab does when it was run, and perhaps changed."""
    read = nbformat.read(path, as_version=4)
    read.metadata["language_info"] = {"name": "python", "version": "3.11"}
    cell = next(cell for cell in read.cells if cell.cell_type == "code")
    cell.execution_count = 1
    cell.outputs = [nbformat.v4.new_output("stream", text="42")]
    cell.source = code or cell.source
    if image:
        read.cells[0]["attachments"] = {"photo.png": {"image/png": "iVBORw0KGgo="}}
    nbformat.write(read, path)


def test_a_copy_that_was_only_run_is_brought_up_to_date_and_one_that_was_changed_is_not(tmp_path):
    name = "trends.ipynb"
    old = lab.copies()
    new = {name: old[name].replace("how sure can you be", "how can you be sure")}
    for change, result in (
        ({}, "updated"),
        ({"code": "my_own = 1"}, "beside"),
        ({"image": True}, "beside"),
    ):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        lab.prepare(folder, old)
        _saved(folder / name, **change)
        assert results(lab.prepare(folder, {name: old[name]}))[0][1] in ("unchanged", "yours")
        ((_, found),) = results(lab.prepare(folder, new))
        assert found == result
        assert (folder / name).read_text("utf-8").count("how can you be sure") == (not change)


def test_a_file_that_was_there_before_is_its_owners(tmp_path):
    (tmp_path / "a.ipynb").write_text("mine", encoding="utf-8")
    assert results(lab.prepare(tmp_path, ONE)) == [("a-version-2.ipynb", "beside")]
    assert contents(tmp_path)["a.ipynb"] == "mine"


def test_a_deleted_copy_is_made_again(tmp_path):
    lab.prepare(tmp_path, ONE)
    (tmp_path / "a.ipynb").unlink()
    assert results(lab.prepare(tmp_path, ONE)) == [("a.ipynb", "new")]


@pytest.mark.parametrize("record", ["", "{", "[]", '{"a.ipynb": 7}', "\x00\xff"])
def test_without_a_record_every_changed_file_is_its_owners(tmp_path, record):
    lab.prepare(tmp_path, ONE)
    (tmp_path / lab.RECORD).write_text(record, encoding="latin-1")
    assert results(lab.prepare(tmp_path, ONE)) == [("a.ipynb", "unchanged")]
    (tmp_path / lab.RECORD).write_text(record, encoding="latin-1")
    assert results(lab.prepare(tmp_path, TWO)) == [("a-version-2.ipynb", "beside")]
    assert contents(tmp_path) == {**ONE, "a-version-2.ipynb": "second\n"}


@given(
    st.lists(
        st.tuples(st.sampled_from(["edit", "delete", "version"]), st.integers(0, 3)), max_size=12
    )
)
def test_whatever_happens_nothing_of_its_owners_is_lost(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("lab")
    mine: dict[str, str] = {}
    for number, (step, which) in enumerate(steps):
        there = sorted(folder.glob("*.ipynb"))
        path = there[which % len(there)] if there else None
        if step == "version":
            lab.prepare(folder, {"a.ipynb": f"version {which}"})
        elif path and step == "edit":
            mine[path.name] = f"mine {number}"
            path.write_text(mine[path.name], encoding="utf-8")
        elif path:
            mine.pop(path.name, None)
            path.unlink()
        found = contents(folder)
        assert {name: found.get(name) for name in mine} == mine


def test_every_worked_example_is_a_notebook_without_results(tmp_path):
    files = lab.copies()
    assert set(files) == {"start-here.ipynb", *(f"{p.stem}.ipynb" for p in notebooks.paths())}
    for text in files.values():
        read = nbformat.reads(text, as_version=4)
        nbformat.validate(read)
        assert all(not cell.get("outputs") for cell in read.cells)
    start = files["start-here.ipynb"]
    assert all(f"({name})" in start for name in files if name != "start-here.ipynb")
    assert "(0 minutes)" not in start
    assert any("# A solution" in text for text in lab.copies(solutions=True).values())


def test_the_command_makes_the_folder_and_says_what_it_did(tmp_path, capsys):
    # A space and a letter beyond ASCII, as in many a folder on Windows.
    where = tmp_path / "my work" / "für mich"
    with pytest.raises(SystemExit) as ended:
        cli.main(["lab", str(where), "--no-open"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert f"Your worked examples are in {where}." in said
    assert f"New: {len(notebooks.paths()) + 1}." in said
    mine = where / "who-is-like-us.ipynb"
    mine.write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit):
        cli.main(["lab", str(where), "--no-open"])
    assert "Left as you have changed them: 1." in capsys.readouterr().out
    assert mine.read_text(encoding="utf-8") == "{}"


def test_without_a_folder_it_is_in_the_users_own(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for option in ([], ["--solutions"]):
        with pytest.raises(SystemExit):
            cli.main(["lab", "--no-open", *option])
    assert (tmp_path / "golden-thread" / "start-here.ipynb").is_file()
    assert (tmp_path / "golden-thread-solutions" / "start-here.ipynb").is_file()


@pytest.mark.parametrize("name", [".", "mine"])
def test_the_projects_own_notebooks_are_no_place_for_copies(name):
    with pytest.raises(LabError, match="name another folder"):
        lab.prepare(notebooks.FOLDER / name, ONE)
    assert not list(notebooks.FOLDER.glob("*.ipynb"))


def test_a_file_is_no_folder_and_that_is_said(tmp_path, capsys):
    path = tmp_path / "file"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(["lab", str(path), "--no-open"])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "name a folder" in said
    assert "Traceback" not in said
    assert path.read_text(encoding="utf-8") == "x"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LabError, match="cannot be used"):
        lab.prepare(tmp_path / "mine", ONE)


def test_a_write_that_fails_leaves_the_copy_as_it_was(tmp_path, monkeypatch):
    lab.prepare(tmp_path, ONE)

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(LabError, match="No space left"):
        lab.prepare(tmp_path, TWO)
    assert contents(tmp_path) == ONE


def test_jupyterlab_opens_on_the_folder_with_this_python_and_asks_for_no_news(tmp_path):
    folder = tmp_path / "my work"
    lab.prepare(folder, lab.copies())
    command, environment = lab.command(folder), lab.environment(folder)
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    # JupyterLab knows these words; it answers with its settings instead of starting.
    shown = subprocess.run(
        [*command, "--show-config-json"], capture_output=True, text=True, check=True
    )
    settings = json.loads(shown.stdout[shown.stdout.index("{") :])
    assert settings["ServerApp"]["root_dir"] == str(folder)
    assert settings["LabApp"]["default_url"] == "/lab/tree/start-here.ipynb"
    # And it finds, with this environment, how it is to be.
    code = "from jupyter_core.paths import jupyter_config_path as path; print(path()[0])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    overrides = Path(found.stdout.strip()) / "labconfig" / "default_setting_overrides.json"
    (asked,) = json.loads(overrides.read_text(encoding="utf-8")).values()
    assert asked == {"fetchNews": "false", "checkForUpdates": False}


def test_leaving_jupyterlab_by_ctrl_c_is_no_fault(tmp_path, monkeypatch):
    def stopped(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", stopped)
    assert lab.start(tmp_path) == 0


def test_names_of_copies_are_names_on_windows_too():
    for name in lab.copies():
        assert not set(name) & set('<>:"/\\|?*')
        assert PureWindowsPath(name).name == name
        assert len(name) < 80


def test_binder_installs_what_is_locked_and_opens_what_the_book_links():
    folder = ROOT / "binder"
    (line,) = [
        line
        for line in (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert (folder / line.removeprefix("-r ")).resolve() == ROOT / "requirements.txt"
    assert (folder / "runtime.txt").read_text(encoding="utf-8").strip() == "python-3.11"
    script = (folder / "postBuild").read_text(encoding="utf-8")
    assert os.name != "posix" or os.access(folder / "postBuild", os.X_OK)
    made = [line for line in script.splitlines() if " goldenthread lab " in line]
    assert [line.split()[-2:] for line in made] == [["lab", "--no-open"]]
    known = Addresses(repository="https://github.com/a/b.git")
    assert known.binder("lab/who-is-like-us.ipynb").endswith("=lab/tree/lab/who-is-like-us.ipynb")
    assert Addresses().binder("lab/x.ipynb") == ""
