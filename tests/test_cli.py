"""The commands say what happened, and what went wrong in a sentence and an exit code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from goldenthread import cli, snapshot
from goldenthread.site import build as book
from tests.made_up import MEASURES, Project, figures


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("kept"))
    project.refresh()
    return project


@pytest.fixture
def project(kept: Project, tmp_path: Path) -> Project:
    for folder in ("data", "files"):
        shutil.copytree(kept.data.parent / folder, tmp_path / folder)
    copy = object.__new__(Project)
    copy.data, copy.files = tmp_path / "data", tmp_path / "files"
    return copy


@pytest.fixture
def run(project: Project, capsys: pytest.CaptureFixture[str]):
    """Run a command in the made-up project; gives exit code, output and errors."""

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([*arguments, "--data", str(project.data)])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return left.value.code or 0, said.out, said.err

    return command


def row(output: str, source: str) -> str:
    """The row of a source in the table of outcomes."""
    return next(line for line in output.splitlines() if f"│ {source} " in line)


def test_a_refresh_shows_a_table_and_leaves_with_nought(project, run):
    for measure in ("library-visits", "library-members"):
        project.publish(measure, figures(measure, range(2018, 2024)))
    code, out, err = run("refresh", "--from", str(project.files))
    assert code == 0
    for word in ("updated", " 2 ", " 240 ", "2023"):
        assert word in row(out, "libraries")
    assert "unchanged" in row(out, "broadband")
    # Without a terminal there is no bar, but a line as each is done.
    assert err.splitlines() == ["broadband: unchanged", "libraries: updated"]


def test_a_refusal_is_in_the_table_and_in_the_exit_code(project, run):
    table = figures("library-visits").rename(columns={"period": "perioed"})
    project.publish("library-visits", table)
    code, out, _ = run("refresh", "--from", str(project.files))
    assert code == 1
    assert "refused" in row(out, "libraries")
    assert "library-visits.csv" in out
    assert "'perioed'" in out
    assert "unchanged" in row(out, "broadband")


def test_many_reasons_are_cut_to_three(project, run):
    project.describe("libraries", more="fall: 0\n")
    few = figures("library-visits", range(2019, 2020)).iloc[2:]
    for measure in ("library-visits", "library-members"):
        project.publish(measure, few.assign(indicator=measure, unit=MEASURES[measure][1]))
    project.publish("library-members", figures("library-members").iloc[50:])
    code, out, _ = run("refresh", "libraries", "--from", str(project.files))
    assert code == 1
    assert "more" in out


def test_a_dry_run_says_that_nothing_was_written(project, run):
    project.publish("fibre-coverage", figures("fibre-coverage", range(2018, 2024)))
    before = sorted((p.name, p.read_bytes()) for p in project.snapshot.iterdir())
    code, out, _ = run("refresh", "broadband", "--from", str(project.files), "--dry-run")
    assert code == 0
    assert "nothing was written" in out
    assert "updated" in row(out, "broadband")
    assert sorted((p.name, p.read_bytes()) for p in project.snapshot.iterdir()) == before


def test_wrong_names_are_exit_code_two_with_the_nearest(run):
    code, out, err = run("refresh", "library-visit", "brodband")
    assert code == 2
    assert not out
    first, second = err.splitlines()
    assert first.startswith(
        "there is no source or measure 'library-visit'; the nearest are library-visits, "
    )
    assert second.startswith(
        "there is no source or measure 'brodband'; the nearest are broadband, "
    )


def test_a_folder_that_is_not_there_is_a_wrong_use(project, run):
    code, _, err = run("refresh", "--from", str(project.files / "nowhere"))
    assert code == 2
    assert "there is no folder" in " ".join(err.split())


def test_a_fresh_start_is_for_named_sources_only(project, run):
    code, _, err = run("refresh", "--afresh", "--from", str(project.files))
    assert code == 2
    assert "name the sources" in " ".join(err.split())
    new = figures("fibre-coverage").assign(observation="1.5")
    project.publish("fibre-coverage", new)
    assert run("refresh", "broadband", "--from", str(project.files))[0] == 1
    assert run("refresh", "broadband", "--afresh", "--from", str(project.files))[0] == 0


def test_revisions_are_accepted_when_asked(project, run):
    new = figures("fibre-coverage")
    new["observation"] = (new["observation"].astype(float) + 1).astype(str)
    project.publish("fibre-coverage", new)
    files = ("--from", str(project.files))
    code, out, _ = run("refresh", "broadband", *files)
    assert code == 1
    assert "--accept-revisions" in out
    assert run("refresh", "broadband", *files, "--accept-revisions")[0] == 0


def test_a_refresh_writes_down_for_a_reviewer_what_it_changed(project, run, tmp_path):
    new = figures("fibre-coverage")
    new["observation"] = (new["observation"].astype(float) + 1).astype(str)
    project.publish("fibre-coverage", new)
    files = ("--from", str(project.files), "--report", str(tmp_path / "report.md"))
    assert run("refresh", *files)[0] == 1
    refused = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "## Refused" in refused
    assert "**broadband**: " in refused
    assert run("refresh", *files, "--accept-revisions")[0] == 0
    taken = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "1 source has changed." in taken
    assert "revised figures" in taken
    assert "figures that stood here already are other numbers now" in taken
    assert run("refresh", *files)[0] == 0
    assert (tmp_path / "report.md").read_text(encoding="utf-8").startswith("No figure changed.")


def test_the_figures_of_a_council(run):
    code, out, _ = run("figures", "library-visits", "--council", "Hartlepool")
    assert code == 0
    assert "Made-up library-visits: Hartlepool" in out
    assert "21,700.0" in out
    assert [line.split()[1] for line in out.splitlines() if line.startswith("│")] == [
        "2018", "2019", "2020", "2021", "2022",
    ]  # fmt: skip
    assert "Source: Nobody, Made-up figures about libraries, library-visits.csv" in out
    assert "Open Government Licence v3.0" in out


def test_the_latest_figures_of_all_councils(run):
    code, out, _ = run("figures", "fibre-coverage")
    assert code == 0
    rows = [line for line in out.splitlines() if line.startswith("│")]
    assert len(rows) == 20
    names = [line.split("│")[1].strip() for line in rows]
    assert names == sorted(names)
    assert "Hartlepool" in names


def test_a_missing_figure_is_shown_with_its_kind(project, run):
    table = figures("fibre-coverage")
    table.loc[4, ["observation", "status"]] = ["", "c"]
    project.publish("fibre-coverage", table)
    assert run("refresh", "broadband", "--from", str(project.files))[0] == 0
    _, out, _ = run("figures", "fibre-coverage", "--council", "E06000001")
    last = [line for line in out.splitlines() if line.startswith("│")][-1]
    assert [cell.strip() for cell in last.split("│")[1:4]] == ["2022", "–", "suppressed"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("figures", "library-visit"), "there is no measure 'library-visit'; the nearest are library-visits"),
        (("figures", "library-visits", "--council", "Hartlepol"), "Hartlepool"),
        (("figures", "library-visits", "--council", "Surrey"), "there are no figures of library-visits for Surrey"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_in_a_sentence(run, arguments, said):
    code, out, err = run(*arguments)
    assert code == 1
    assert not out
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("fault", ["missing", "damaged", "no manifest", "bad manifest"])
def test_a_snapshot_that_is_not_whole_is_one_sentence(project, run, fault):
    path = next(project.snapshot.glob("libraries.*"))
    match fault:
        case "missing":
            path.unlink()
        case "damaged":
            path.write_bytes(path.read_bytes()[:-10])
        case "no manifest":
            (project.snapshot / snapshot.MANIFEST).unlink()
        case "bad manifest":
            (project.snapshot / snapshot.MANIFEST).write_text('{"sources": 3}')
    code, _, err = run("figures", "library-visits")
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "restores it" in err
    assert ("manifest.json" if "manifest" in fault else path.name) in err


def test_a_wrong_catalogue_names_file_measure_and_field(project, run):
    path = project.data / "catalogue" / "made-up.yaml"
    path.write_text(path.read_text().replace("tier: both", "tier: middle", 1))
    for command in (("refresh",), ("figures", "library-visits")):
        code, _, err = run(*command)
        assert code == 1
        assert err.startswith("made-up.yaml: library-visits: tier: ")


def test_a_folder_that_cannot_be_written_is_one_sentence(project, run, monkeypatch):
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "snapshot")

    monkeypatch.setattr("goldenthread.refresh._lock", forbidden)
    code, _, err = run("refresh", "--from", str(project.files))
    assert code == 1
    assert err == "snapshot: Permission denied\n"


def test_building_and_serving_are_handed_on(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(book, "build", lambda force: asked.append(force) or Path("_build/html"))
    monkeypatch.setattr(
        book, "serve", lambda port, open_browser: asked.append((port, open_browser))
    )
    for arguments in (["build"], ["build", "--force"], ["serve", "--port", "0", "--open"]):
        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        assert not left.value.code
    assert asked == [False, True, (0, True)]
    assert capsys.readouterr().out == f"{Path('_build/html')}\n" * 2


@pytest.mark.parametrize(
    "error", [book.BuildError("a warning stopped it"), OSError(28, "No space left")]
)
def test_a_build_that_fails_says_why(monkeypatch, capsys, error):
    def fails(**_: object) -> None:
        raise error

    monkeypatch.setattr(book, "build", fails)
    monkeypatch.setattr(book, "serve", fails)
    for command in ("build", "serve"):
        with pytest.raises(SystemExit) as left:
            cli.main([command])
        assert left.value.code == 1
        assert capsys.readouterr().err in ("a warning stopped it\n", "No space left\n")


def test_the_bar_is_shown_in_a_terminal_only(monkeypatch, capsys):

    class Terminal(cli.Console):
        def __init__(self, **options: object) -> None:
            super().__init__(**options, force_terminal=True, width=100)

    monkeypatch.setattr(cli, "Console", Terminal)
    with cli._progress(2) as (tell, done):
        tell("libraries", "reading [brackets]")
        done(cli.Outcome("libraries", "updated"))
    shown = capsys.readouterr().err
    assert "libraries: reading [brackets]" in shown
    assert "1/2" in shown
    assert "libraries: updated" not in shown


def test_the_command_is_there_by_both_its_names():
    said = f"goldenthread {metadata.version('goldenthread')}\n"
    module = subprocess.run(
        [sys.executable, "-m", "goldenthread", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert module.stdout == said
    (script,) = metadata.entry_points(group="console_scripts", name="goldenthread")
    assert script.load() is cli.main
