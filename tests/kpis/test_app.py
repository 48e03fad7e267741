"""The app in JupyterLab, used as a person does: by its fields and buttons alone."""

from __future__ import annotations

import datetime as dt

import pytest

from goldenthread import kpis
from goldenthread.teaching.frames import FOLDER
from tests.kpis import made


@pytest.fixture
def app():
    return kpis.app()


def _shown(part) -> bool:
    return part.layout.display != "none"


def _upload(app, *paths):
    app.upload.value = tuple(
        {
            "name": path.name,
            "type": "",
            "size": path.stat().st_size,
            "content": memoryview(path.read_bytes()),
            "last_modified": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        }
        for path in paths
    )


def test_nothing_is_shown_before_a_file_is_read(app):
    assert not _shown(app.view.children[-1])
    assert "Nothing is sent anywhere" in app.view.children[1].value


def test_reading_without_a_name_says_what_to_do(app):
    app.read.click()
    assert "Write the name of your file first" in app.message.value
    assert 'role="alert"' in app.message.value


def test_a_file_that_is_not_there_is_an_alert_and_no_traceback(app):
    app.path.value = "nowhere.xlsx"
    app.read.click()
    assert "There is no file" in app.message.value


def test_a_path_is_read_and_everything_follows(app, tmp_path):
    path = made.workbook(tmp_path / "kpis.xlsx")
    # As Windows copies a path.
    app.path.value = f'"{path}"'
    app.read.click()
    assert _shown(app.view.children[-1])
    assert "2 KPIs, 6 figures, nothing to put right" in app.message.value
    assert [name for name, _ in app.kpi.options] == ["Missed bins", "Calls answered"]
    assert "Missed bins: 39 from October to December 2024" in app.words.value
    assert "✓ target met" in app.scorecard.value
    assert not _shown(app.area)
    drawn = app.chart.outputs[0]["data"]
    assert "application/vnd.plotly.v1+json" in drawn
    assert "The figures as a table" in drawn["text/html"]


def test_another_kpi_brings_its_own_words_and_chart(app, tmp_path):
    app.path.value = str(made.workbook(tmp_path / "kpis.xlsx"))
    app.read.click()
    app.kpi.value = "Calls answered"
    assert "Calls answered: 86" in app.words.value
    assert "Ask the measure’s owner (Head of contact)" in app.words.value
    assert len(app.chart.outputs) == 1
    assert "Calls answered" in app.chart.outputs[0]["data"]["text/html"]


def test_an_earlier_period_can_be_chosen(app, tmp_path):
    app.path.value = str(made.workbook(tmp_path / "kpis.xlsx"))
    app.read.click()
    app.period.value = "July to September 2024"
    assert "Missed bins: 44 from July to September 2024" in app.words.value
    assert "July to September 2024" in app.scorecard.value
    assert "October to December" not in app.scorecard.value


def test_problems_are_listed_with_their_cells_and_escaped(app, tmp_path):
    rows = [("KPI", "Period", "Value"), ("<b>Bins</b>", "Q1 2024/25", "4O"), ("Bins", "Q9", 1)]
    app.path.value = str(made.workbook(tmp_path / "kpis.xlsx", Q2=rows))
    app.read.click()
    assert "To put right (2)" in app.problems.value
    assert "Sheet ‘Q2’, cell C2: ‘4O’ is not a number; did you mean 40?" in app.problems.value
    assert "<b>Bins" not in app.problems.value + app.scorecard.value + app.words.value


def test_uploaded_files_are_read_together(app):
    _upload(app, *(FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")))
    assert "44 KPIs" in app.message.value
    assert app.area.value == "NM0"


def test_a_town_is_chosen_as_an_area(app):
    _upload(app, *(FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")))
    app.area.value = "NM4"
    assert len(app.kpi.options) == 3
    assert "Repairs to council homes done on time: 4" in app.words.value


def test_an_uploaded_name_leads_nowhere_else(app, tmp_path):
    path = made.workbook(tmp_path / "kpis.xlsx")
    app.upload.value = (
        {
            "name": "../../../escape.xlsx",
            "type": "",
            "size": 1,
            "content": memoryview(path.read_bytes()),
            "last_modified": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        },
    )
    assert app.kpis is not None
    assert app.kpis.files == ("escape.xlsx",)


def test_a_cleaned_copy_is_saved_once_and_never_written_over(app, tmp_path):
    app.path.value = str(made.workbook(tmp_path / "kpis.xlsx"))
    app.read.click()
    app.target.value = str(tmp_path / "clean.xlsx")
    app.save.click()
    assert "Saved" in app.message.value
    assert kpis.read(tmp_path / "clean.xlsx").frame["value"].sum() == 375
    app.save.click()
    assert "nothing is written over" in app.message.value


def test_a_scorecard_is_saved(app, tmp_path):
    app.path.value = str(made.workbook(tmp_path / "kpis.xlsx"))
    app.read.click()
    app.target.value = str(tmp_path / "card.html")
    app.save_card.click()
    assert "Missed bins" in (tmp_path / "card.html").read_text(encoding="utf-8")


def test_a_broken_file_takes_the_last_one_off_the_screen(app, tmp_path):
    app.path.value = str(made.workbook(tmp_path / "kpis.xlsx"))
    app.read.click()
    app.path.value = str(made.csv(tmp_path / "empty.csv", "KPI,Period,Value\n"))
    app.read.click()
    assert app.kpis is None
    assert not _shown(app.view.children[-1])
    assert "no figures in it yet" in app.message.value


def test_every_control_has_a_name_for_those_who_hear_it(app):
    for control in (app.path, app.area, app.kpi, app.period, app.target):
        assert control.description
    for button in (app.read, app.save, app.save_card, app.upload):
        assert button.description
