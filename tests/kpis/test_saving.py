"""What is written: the template, cleaned copies, scorecards; each opened and read back."""

from __future__ import annotations

import html.parser
import typing

import openpyxl
import pandas as pd
import pytest

from goldenthread import kpis
from goldenthread.kpis import forms
from goldenthread.kpis.fields import field
from goldenthread.teaching.frames import FOLDER
from tests.kpis import made


@pytest.fixture(scope="module")
def own():
    return kpis.read([FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")])


def test_the_templates_columns_are_those_that_are_read(tmp_path):
    book = openpyxl.load_workbook(kpis.template(tmp_path / "kpis.xlsx"))
    assert book.sheetnames == ["Read me", "KPIs", "Figures"]
    for sheet in ("KPIs", "Figures"):
        headers = [cell.value for cell in book[sheet][3]]
        known = [field(header) for header in headers]
        assert "" not in known
        assert "verdict" not in known
        assert len(set(known)) == len(known)


def test_a_template_that_is_filled_in_is_read_without_a_word(tmp_path):
    path = kpis.template(tmp_path / "kpis.xlsx")
    book = openpyxl.load_workbook(path)
    defined = {cell.value: cell.column for cell in book["KPIs"][3]}
    for header, value in {
        "ID": "W1", "Name": "Missed bins", "Unit": "per 100,000 collections", "Polarity": "low",
        "Owner": "Head of waste", "Target": 80, "Tolerance": 5, "Numerator": "bins missed",
        "Denominator": "collections due", "Definition": "Bins missed.",
    }.items():  # fmt: skip
        book["KPIs"].cell(4, defined[header], value)
    columns = {cell.value: cell.column for cell in book["Figures"][3]}
    for row, (period, missed) in enumerate(
        [("Q1 2024/25", 700), ("Q2 2024/25", 900), ("Q3 2024/25", None)], start=4
    ):
        book["Figures"].cell(row, columns["KPI"], "W1")
        book["Figures"].cell(row, columns["Period"], period)
        book["Figures"].cell(row, columns["Numerator"], missed)
        book["Figures"].cell(row, columns["Denominator"], 1_000_000)
    book.save(path)
    own = kpis.read(path)
    assert own.frame["value"].tolist()[:2] == [70, 90]
    assert pd.isna(own.frame["value"].iloc[2])
    assert {one.level for one in own.problems} <= {"note"}
    card = kpis.scorecard(own, "Q2 2024/25")
    assert card.loc["W1", ["shown", "aim", "status"]].tolist() == [
        "90 per 100,000",
        "at most 80 per 100,000",
        "missed",
    ]


def test_an_empty_template_says_what_to_do(tmp_path):
    with pytest.raises(kpis.KpiError, match="Write a row for each KPI and period"):
        kpis.read(kpis.template(tmp_path / "kpis.xlsx"))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_cleaned_copy_reads_the_same(tmp_path, own, kind):
    again = kpis.read(kpis.save(own, tmp_path / f"clean.{kind}"))
    assert again.ok
    for name in (
        "kpi",
        "area",
        "period",
        "start",
        "end",
        "value",
        "numerator",
        "target",
        "tolerance",
    ):
        pd.testing.assert_series_equal(
            again.frame[name], own.frame[name], check_exact=False, check_dtype=False
        )
    if kind == "xlsx":
        for name in (
            "name",
            "unit",
            "per",
            "decimals",
            "polarity",
            "owner",
            "definition",
            "breaks",
        ):
            assert again.definitions[name].tolist() == own.definitions[name].tolist(), name
        pd.testing.assert_frame_equal(
            kpis.scorecard(again).drop(columns="history"),
            kpis.scorecard(own).drop(columns="history"),
        )


def test_why_a_figure_is_missing_is_kept_in_a_cleaned_copy(tmp_path):
    rows = [("KPI", "Period", "Value")]
    rows += [("Bins", f"Q{n} 2024/25", mark) for n, mark in enumerate(["[c]", "[z]", "n/a", 0], 1)]
    own = kpis.read(made.workbook(tmp_path / "kpis.xlsx", F=rows))
    again = kpis.read(kpis.save(own, tmp_path / "clean.csv"))
    assert again.frame["status"].tolist() == own.frame["status"].tolist()
    assert again.frame["status"].tolist() == [
        "suppressed",
        "not applicable",
        "not available",
        "given",
    ]


@pytest.mark.parametrize("name", ["kpis.doc", "kpis", "kpis.xlsm"])
def test_another_kind_of_file_is_not_written(tmp_path, own, name):
    with pytest.raises(kpis.KpiError, match="expected a file that ends in"):
        kpis.save(own, tmp_path / name)


def test_nothing_is_written_over(tmp_path, own):
    path = tmp_path / "kpis.csv"
    path.write_text("mine")
    for write in (
        lambda: kpis.save(own, path),
        lambda: kpis.save_scorecard(kpis.scorecard(own), path),
    ):
        with pytest.raises(kpis.KpiError, match="nothing is written over"):
            write()
    assert path.read_text() == "mine"


def test_a_scorecard_as_a_spreadsheet(tmp_path, own):
    card = kpis.scorecard(own)
    book = openpyxl.load_workbook(kpis.save_scorecard(card, tmp_path / "card.xlsx"))
    header, *rows = list(book["Scorecard"].iter_rows(min_row=3, values_only=True))
    assert header[0] == "KPI"
    assert len(rows) == len(card)
    assert rows[1][0] == "Missed bins"
    assert "target met" in rows[1]


def test_a_scorecard_as_a_page_has_real_headers(tmp_path, own):
    page = kpis.save_scorecard(kpis.scorecard(own), tmp_path / "card.html").read_text("utf-8")

    class Scopes(html.parser.HTMLParser):
        found: typing.ClassVar[list] = []

        def handle_starttag(self, tag, attributes):
            if tag == "th":
                self.found.append(dict(attributes)["scope"])

    Scopes().feed(page)
    assert Scopes.found.count("row") == 44
    assert 'lang="en-GB"' in page


def test_marks_of_missing_figures_are_read_as_what_they_are():
    from goldenthread.kpis import numbers

    for status, mark in forms.MARKS.items():
        read = numbers.read([mark]).statuses[0]
        assert read == (status if status not in ("unreadable", "conflicting") else "not available")
