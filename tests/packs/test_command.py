"""The command, as a terminal shows it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from goldenthread import cli
from goldenthread.packs import commands, councils, writing_out
from goldenthread.packs.content import Pack, PackError
from tests.kpis.made import LONG, workbook
from tests.packs import made


def _run(*arguments):
    return CliRunner().invoke(cli.app, ["pack", *map(str, arguments)])


@pytest.fixture
def ours(tmp_path):
    return workbook(tmp_path / "kpis.xlsx", Figures=LONG)


def test_one_command_a_quarter(tmp_path, ours):
    done = _run(
        "--kpis", ours, "--council", "Northmere", "--period", "Q3 2024/25", "--to", tmp_path / "out",
        "--format", "word, html",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    made_ = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert made_ == ["northmere-q3-2024-25.docx", "northmere-q3-2024-25.html"]
    again = _run(
        "--kpis", ours, "--council", "Northmere", "--period", "Q3 2024/25", "--to", tmp_path / "out"
    )
    assert again.exit_code == 1
    assert "is there already" in again.output


def test_a_file_with_errors_is_refused_by_cell(tmp_path):
    rows = [*LONG, ("Calls answered", "Q4 2024/25", "4O", 85, "high", "Head of contact")]
    path = workbook(tmp_path / "kpis.xlsx", Figures=rows)
    done = _run("--kpis", path, "--council", "Northmere", "--to", tmp_path / "out")
    assert done.exit_code == 1
    assert "C8" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name the council with --council"),
        (("--council", "Hull", "--councils", "all"), "not both"),
        (("--council", "Hull"), "nothing to report"),
        (("--council", "Hull", "--measures", "wate"), "waste"),
        (("--council", "Hull", "--measures", "waste", "--format", "pdf"), "there is no form"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(capsys, tmp_path, arguments, said):
    with pytest.raises(SystemExit):
        cli.main(["pack", *arguments, "--to", str(tmp_path / "out")])
    assert said in capsys.readouterr().err


def test_a_report_stands_for_its_measures():
    assert "household-recycling-rate" in cli._report("household-waste-and-recycling")
    assert cli._report("no-such-report") == ()


def test_one_councils_fault_leaves_the_others_theirs(tmp_path):
    order = councils.Order(made.MEASURES, tmp_path, ("html",))
    done = list(councils.many(["Hull", "Atlantis", "Leeds"], order, processors=2))
    by = {one.council: one for one in done}
    assert [path.name for path in by["Hull"].files] == ["hull.html"]
    assert by["Leeds"].files[0].is_file()
    assert not by["Atlantis"].files
    assert "Atlantis" in by["Atlantis"].fault


def test_a_name_cannot_lead_out_of_the_folder(tmp_path):
    files = writing_out.write(Pack("../../etc/x", "Q1/../..", ()), tmp_path / "out", ["html"])
    assert [path.parent for path in files] == [tmp_path / "out"]


def test_a_form_is_checked_before_anything_is_written(tmp_path):
    with pytest.raises(PackError, match="there is no form"):
        writing_out.write(made.pack(), tmp_path / "out", ["html", "pdf"])
    assert not (tmp_path / "out").exists()


def test_naming_the_command_loads_no_charts():
    code = "import sys, goldenthread.packs.commands; sys.exit('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_list_of_councils_may_be_saved_by_an_old_program(tmp_path):
    path = tmp_path / "councils.txt"
    path.write_bytes("Hull\r\n\r\nHull\r\nTownd\xe9\r\n".encode("cp1252"))
    assert commands._whose(None, str(path)) == ["Hull", "Towndé"]


def test_ones_own_file_is_for_one_council(tmp_path, ours):
    path = tmp_path / "councils.txt"
    path.write_text("Hull\nLeeds\n", encoding="utf-8")
    done = _run("--kpis", ours, "--councils", path, "--to", tmp_path / "out")
    assert done.exit_code == 1
    assert "one council's own file" in str(done.exception)
