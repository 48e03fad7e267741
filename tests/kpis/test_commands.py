"""The commands, as a terminal shows them."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from goldenthread import cli
from goldenthread.teaching.frames import FOLDER
from tests.kpis import made

FILES = [str(FOLDER / f"{name}.csv") for name in ("kpis", "definitions", "targets")]


def _run(*arguments):
    return CliRunner().invoke(cli.app, ["kpis", *map(str, arguments)])


def test_a_template_is_made_once(tmp_path):
    path = tmp_path / "ours.xlsx"
    assert _run("template", path).exit_code == 0
    assert path.is_file()
    again = _run("template", path)
    assert again.exit_code == 1
    assert "nothing is written over" in str(again.exception)


def test_a_good_file_is_said_to_be_good():
    done = _run("check", *FILES)
    assert done.exit_code == 0
    assert "Nothing must be put right." in done.output


def test_a_bad_file_is_listed_by_cell_and_fails(tmp_path):
    rows = [
        ("KPI", "Period", "Value"),
        ("Bins [red]", "Q1 2024/25", "4O"),
        ("Calls", "Q1 2024/25", 1),
    ]
    done = _run("check", made.workbook(tmp_path / "kpis.xlsx", Q2=rows))
    assert done.exit_code == 1
    assert "- Sheet ‘Q2’, cell C2: ‘4O’ is not a number; did you mean 40?" in done.output
    assert "1 to put right" in done.output


def test_a_scorecard_is_printed_for_a_period():
    done = _run("scorecard", *FILES, "--period", "Q3 2025/26")
    assert done.exit_code == 0
    assert "December 2025" in done.output
    assert "✗ target missed" in done.output
    assert "March 2026" not in done.output


def test_a_scorecard_of_a_town_is_written(tmp_path):
    path = tmp_path / "card.csv"
    done = _run("scorecard", *FILES, "--area", "NM4", "--to", path)
    assert done.exit_code == 0
    assert len(path.read_text("utf-8-sig").splitlines()) == 4


def test_figures_left_out_are_said(tmp_path):
    rows = [("KPI", "Period", "Value"), ("Bins", "Q1 2024/25", "4O"), ("Calls", "Q1 2024/25", 1)]
    done = _run("scorecard", made.workbook(tmp_path / "kpis.xlsx", Q2=rows))
    assert done.exit_code == 0
    assert "those figures are left out" in done.output


def test_what_is_wrong_is_a_sentence_and_no_traceback(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["kpis", "scorecard", str(tmp_path / "nowhere.xlsx")])
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("There is no file")
    assert "Traceback" not in said
