"""Files as councils have them: every layout, every slip named by its cell, nothing lost or made up."""

from __future__ import annotations

import csv
import datetime as dt
import math

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import numbers as formats

from goldenthread import kpis
from goldenthread.teaching.frames import FOLDER, northmere
from tests.kpis import made

TODAY = dt.date(2026, 11, 1)


def _read(path, **options):
    return kpis.read(path, today=TODAY, **options)


def _values(own, name=None):
    rows = own.frame if name is None else own.frame[own.frame["kpi"] == own.key(name)]
    return dict(zip(rows["period"], rows["value"]))


def _said(own, level):
    return [str(one) for one in own.problems if one.level == level]


def _book(path, fill):
    book = openpyxl.Workbook()
    fill(book)
    book.save(path)
    return path


# --- layouts ---------------------------------------------------------------------------------------


def test_a_row_for_each_kpi_and_period(tmp_path):
    own = _read(made.workbook(tmp_path / "kpis.xlsx"))
    assert own.names == ["Missed bins", "Calls answered"]
    assert list(_values(own, "Missed bins").values()) == [41, 44, 39]
    assert own.definitions["polarity"].tolist() == ["low", "high"]
    assert own.definitions.loc["Missed bins", "owner"] == "Head of waste"
    assert own.problems == ()


def test_a_column_for_each_quarter_below_a_merged_year_and_titles(tmp_path):
    def fill(book):
        sheet = book.active
        sheet.title = "Board"
        rows = [
            ["Quarterly performance report", None],
            [],
            ["Ref", "Indicator", "Owner", "2024/25", None, None, None, "2025/26"],
            [None, None, None, "Q1", "Q2", "Q3", "Q4", "Q1"],
            ["Waste and recycling"],
            ["W1", "Missed bins", "Head of waste", 41, 44, "n/a", "45", 0],
            ["C1", "Calls answered", "Head of contact", "81%", "84 %", "86.5 %", "..", "88%"],
            ["Source: returns of the services"],
        ]
        for row in rows:
            sheet.append(row)
        sheet.merge_cells("A1:H1")
        sheet.merge_cells("D3:G3")

    own = _read(_book(tmp_path / "kpis.xlsx", fill))
    bins, calls = _values(own, "W1"), _values(own, "calls ANSWERED")
    assert list(bins) == [
        "April to June 2024",
        "July to September 2024",
        "October to December 2024",
        "January to March 2025",
        "April to June 2025",
    ]
    # A missing figure is no zero, and a zero is not missing.
    assert math.isnan(bins["October to December 2024"])
    assert bins["April to June 2025"] == 0
    assert calls["October to December 2024"] == 86.5
    assert own.definitions["unit"].tolist() == ["count", "per cent"]
    assert own.ok
    heading = "Sheet ‘Board’, cells A5 and A8: there is nothing else in this row"
    assert any(heading in one for one in _said(own, "note")), _said(own, "note")


def test_figure_and_target_side_by_side_in_each_quarter(tmp_path):
    rows = [
        ["KPI", "Q1 2024/25 Actual", "Q1 2024/25 Target", "Q1 RAG", "Q2 2024/25 Actual", "Q2 2024/25 Target"],
        ["Bins", 41, "≤50", "Green", 44, "<= 45"],
        ["Calls", "80%", "at least 85%", "Red", "90%", "≥85%"],
    ]  # fmt: skip
    own = _read(made.workbook(tmp_path / "kpis.xlsx", Q=rows))
    assert own.frame["target"].tolist() == [50, 45, 85, 85]
    assert own.definitions["polarity"].tolist() == ["low", "high"]
    assert any("‘Q1 RAG’: colours and arrows are not read" in one for one in _said(own, "note"))


def test_figure_and_target_below_each_quarter(tmp_path):
    rows = [
        ["Indicator", "Q1 24/25", None, None, "Q2 24/25", None, None],
        [None, "Actual", "Target", "RAG", "Actual", "Target", "RAG"],
        ["Bins", 41, 50, "G", 44, 45, "G"],
        ["Calls", "80%", "85%", "R", "n/a", "85%", ""],
    ]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", Q=rows))
    assert own.frame["target"].tolist() == [50, 45, 85, 85]
    assert own.frame["cell"].tolist() == ["B3", "E3", "B4", "E4"]
    assert list(_values(own, "Bins").values()) == [41, 44]


def test_months_as_days_beside_a_year_that_is_kept_and_not_analysed(tmp_path):
    days = [dt.date(2024, month, 1) for month in (4, 5, 6)]
    rows = [["KPI", "Unit", *days, "2024/25 Outturn"], ["Bins", "no.", 41, 44, 45, 500]]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", M=rows))
    assert own.frame.loc[own.frame["main"], "value"].tolist() == [41, 44, 45]
    assert own.frame.loc[~own.frame["main"], "period"].tolist() == ["2024/25"]
    assert kpis.scorecard(own).loc["Bins", "period"] == "June 2024"


def test_a_second_column_for_the_same_is_not_read_in_silence(tmp_path):
    rows = [["KPI", "Period", "Actual", "Actual"], ["Bins", "Q1 2024/25", 41, 44]]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", Q=rows))
    assert own.frame["value"].tolist() == [41]
    assert "cell D1: another column before it is headed as ‘Actual’ is" in _said(own, "warning")[0]


def test_two_definitions_of_one_kpi_are_named(tmp_path):
    sheets = {
        "K": [["KPI", "Owner", "Target"], ["Bins", "A", 50], ["Bins", "B", 60], ["Idle", "B", 5]],
        "F": [["KPI", "Period", "Value"], ["Bins", "Q1 2024/25", 4]],
    }
    own = _read(made.workbook(tmp_path / "kpis.xlsx", **sheets))
    assert own.definitions.loc["Bins", ["owner", "target"]].tolist() == ["B", 60]
    said = "\n".join(map(str, own.problems))
    assert "Sheet ‘K’, cells A2 and A3: a KPI is defined more than once" in said
    assert "Sheet ‘K’, cell A4: this KPI is defined and has no figures" in said


def test_fractions_without_a_sign_are_asked_about(tmp_path):
    rows = [["KPI", "Unit", "Period", "Value"]]
    rows += [["Calls", "%", f"Q{n} 2024/25", 0.8 + n / 100] for n in (1, 2, 3)]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", F=rows))
    assert own.frame["value"].round(9).tolist() == [0.81, 0.82, 0.83]
    assert "cells D2, D3 and D4: all figures of ‘Calls’ are 1 or less" in _said(own, "warning")[0]


def test_a_code_that_is_a_number_is_one_code(tmp_path):
    text = "Ref,Indicator,Month,Year,Actual\n1,Bins,April,2024/25,41\n1.0,Bins,Jan,2024/25,44\n"
    own = _read(made.csv(tmp_path / "kpis.csv", text))
    assert own.definitions.index.tolist() == ["1"]
    assert list(_values(own)) == ["April 2024", "January 2025"]


def test_a_sheet_for_each_quarter_with_the_year_above_or_in_its_name(tmp_path):
    sheets = {
        "Q1 2024-25": [["KPI", "Actual"], ["Bins", 41]],
        "Q2": [["Performance report 2024/25"], ["KPI", "Actual"], ["Bins", "4O"]],
        "Third": [["Quarter 3 2024/25"], [], ["KPI", "Actual"], ["Bins", 39]],
    }
    own = _read(made.workbook(tmp_path / "kpis.xlsx", **sheets))
    assert _values(own)["April to June 2024"] == 41
    assert _values(own)["October to December 2024"] == 39
    assert _said(own, "error") == ["Sheet ‘Q2’, cell B3: ‘4O’ is not a number; did you mean 40?"]


def test_a_sheet_whose_period_is_nowhere_is_an_error_and_not_a_guess(tmp_path):
    rows = [["KPI", "Actual"], ["Bins", 41], ["Calls", 81]]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", Latest=rows))
    assert own.frame.empty
    assert "there is no period here" in _said(own, "error")[0]


def test_a_column_for_each_kpi(tmp_path):
    rows = [["Month", "Missed bins", "% of calls answered"], ["Apr-24", 41, 81], ["May-24", 44, 82]]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", Monthly=rows))
    assert _values(own, "Missed bins") == {"April 2024": 41, "May 2024": 44}
    assert own.definitions["unit"].tolist() == ["count", "per cent"]
    assert own.names == ["Missed bins", "% of calls answered"]


def test_a_sheet_for_each_kpi_with_days_for_quarters(tmp_path):
    sheets = {
        "Missed bins": [
            ["Date", "Actual"],
            [dt.date(2024, 4, 1), 41],
            [dt.date(2024, 7, 1), 44],
            [dt.date(2025, 1, 1), 45],
        ],
        "Cost of care": [
            ["Quarter ending", "Value"],
            ["30/06/2024", "£3.2m"],
            ["30/09/2024", "£3,150,000"],
        ],
    }
    own = _read(made.workbook(tmp_path / "kpis.xlsx", **sheets))
    assert list(_values(own, "Missed bins"))[-1] == "January to March 2025"
    assert _values(own, "Cost of care")["April to June 2024"] == 3_200_000
    assert own.definitions.loc["Cost of care", "unit"] == "pounds"
    assert any("quarters that end on them" in one for one in _said(own, "note"))
    assert any("one period has no row before this one" in one for one in _said(own, "warning"))


def test_kpis_merged_downwards_stand_for_all_their_rows(tmp_path):
    def fill(book):
        sheet = book.active
        for row in [["KPI", "Quarter", "Value"], ["Bins", "Q1 24/25", 41], [None, "Q2 24/25", 44]]:
            sheet.append(row)
        sheet.merge_cells("A2:A3")

    own = _read(_book(tmp_path / "kpis.xlsx", fill))
    assert list(_values(own, "Bins").values()) == [41, 44]


def test_a_figure_without_a_kpi_is_an_error_where_nothing_is_merged(tmp_path):
    rows = [["KPI", "Quarter", "Value"], ["Bins", "Q1 24/25", 41], [None, "Q2 24/25", 44]]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", F=rows))
    assert "cell A3: there is no KPI named here" in _said(own, "error")[0]
    assert len(own.frame) == 1


def test_year_and_quarter_in_columns_of_their_own(tmp_path):
    text = (
        "Measure,Financial Year,Quarter,Numerator,Denominator,Unit\n"
        "Calls,2024/25,1,80,100,%\nCalls,2024/25,Q2,45,50,%\nCalls,2024/25,Qtr 4,30,0,%\n"
    )
    own = _read(made.csv(tmp_path / "kpis.csv", text))
    assert _values(own) == pytest.approx(
        {
            "April to June 2024": 80,
            "July to September 2024": 90,
            "January to March 2025": math.nan,
        },
        nan_ok=True,
    )
    assert any("the denominator is 0" in one for one in _said(own, "warning"))


def test_a_header_that_comes_again_on_every_page_is_no_row(tmp_path):
    rows = [made.LONG[0], made.LONG[1], made.LONG[0], made.LONG[2]]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", F=rows))
    assert list(_values(own).values()) == [41, 44]
    assert own.ok


@pytest.mark.parametrize("rows", [1, 3])
def test_a_definition_without_numerator_and_denominator_is_one(tmp_path, rows):
    names = ["Bins", "Calls", "Potholes"][:rows]
    figures, about = tmp_path / "figures.csv", tmp_path / "about.csv"
    figures.write_text(
        "Measure,Period,Value\n" + "".join(f"{name},2025-04,97.2\n" for name in names), "utf-8"
    )
    about.write_text(
        "Measure,Definition,Numerator,Denominator,Good is,Owner\n"
        + "".join(f"{name},Done on the day,,,higher,Head of waste\n" for name in names),
        "utf-8",
    )
    own = _read([figures, about])
    assert own.definitions["definition"].tolist() == ["Done on the day"] * rows
    assert own.definitions["polarity"].tolist() == ["high"] * rows
    assert not any("heading" in str(problem) for problem in own.problems)


def test_definitions_on_a_sheet_of_their_own(tmp_path):
    sheets = {
        "KPIs": [
            ["ID", "Name", "Definition", "Numerator", "Denominator", "Unit", "Polarity", "Target", "Owner", "Breaks"],
            ["W1", "Missed bins", "Bins missed.", "bins missed", "collections", "per 100,000 collections", "Low is better", "≤ 50", "Head of waste", "2024-07-01"],
        ],
        "Figures": [["KPI", "Period", "Value"], ["W1", "Q1 2024/25", 41], ["missed bins", "Q2 2024/25", 44]],
    }  # fmt: skip
    own = _read(made.workbook(tmp_path / "kpis.xlsx", **sheets))
    about = own.definitions.loc["W1"]
    assert len(own.definitions) == 1
    assert (about["unit"], about["per"], about["polarity"]) == ("rate", 100_000, "low")
    assert about["counted"] == "bins missed"
    assert about["breaks"] == (dt.date(2024, 7, 1),)
    assert own.frame["target"].tolist() == [50, 50]


def test_the_fictional_council_is_read_as_it_is():
    own = _read([FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")])
    truth = northmere().kpis
    assert own.ok
    assert own.warnings == ()
    merged = own.frame.merge(
        truth, left_on=["kpi", "area", "start"], right_on=["measure", "area", "starts"], how="outer"
    )
    assert len(merged) == len(truth) == len(own.frame)
    assert merged["value_x"].equals(merged["value_y"])
    assert own.definitions.loc["nm-fly-tipping", "breaks"] == (dt.date(2023, 4, 1),)
    targets = own.frame[(own.frame["kpi"] == "nm-recycling-rate")]["target"]
    assert set(targets) == {43.0}


# --- encodings and separators ----------------------------------------------------------------------

LETTERS = "KPI{0}Period{0}Value{0}Comment\nZoë’s café – cost{0}Apr–Jun 2024{0}£1.2m{0}naïve\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_and_separator(tmp_path, encoding, separator):
    own = _read(made.csv(tmp_path / "kpis.csv", LETTERS.format(separator), encoding))
    assert own.names == ["Zoë’s café – cost"]
    assert own.frame["value"].tolist() == [1_200_000]
    assert own.frame["comment"].tolist() == ["naïve"]


def test_excels_own_line_for_the_separator(tmp_path):
    own = _read(made.csv(tmp_path / "kpis.csv", "sep=;\n" + LETTERS.format(";"), "cp1252"))
    assert len(own.frame) == 1


def test_big_endian_text(tmp_path):
    path = tmp_path / "kpis.csv"
    path.write_bytes(b"\xfe\xff" + LETTERS.format(",").encode("utf-16-be"))
    assert len(_read(path).frame) == 1


def test_cells_with_line_breaks_keep_the_rows_number(tmp_path):
    text = 'KPI,Period,Value,Comment\nBins,Q1 2024/25,1,"two\nlines"\nBins,Q2 2024/25,4O,\n'
    own = _read(made.csv(tmp_path / "kpis.csv", text))
    assert _said(own, "error") == ["kpis.csv, cell C3: ‘4O’ is not a number; did you mean 40?"]


# --- what a spreadsheet shows and holds --------------------------------------------------------------


def test_percentages_errors_and_formulas_as_excel_shows_them(tmp_path):
    def fill(book):
        sheet = book.active
        sheet.title = "F"
        sheet.append(["KPI", "Period", "Value"])
        for quarter, value in enumerate([0.455, 0.07, "#DIV/0!", "=B2/2", True], start=1):
            sheet.append(
                [
                    "Calls",
                    f"Q{(quarter - 1) % 4 + 1} {2024 + quarter // 5}/{25 + quarter // 5}",
                    value,
                ]
            )
        sheet["C2"].number_format = "0.0%"
        sheet["C3"].number_format = formats.FORMAT_PERCENTAGE

    own = _read(_book(tmp_path / "kpis.xlsx", fill))
    values = own.frame["value"].tolist()
    assert values[:2] == [45.5, 7.0]
    assert all(math.isnan(value) for value in values[2:])
    first, second, third = _said(own, "error")
    assert first.startswith(
        "Sheet ‘F’, cell C4: the formula here shows ‘#DIV/0!’: it divides by zero"
    )
    assert second.startswith("Sheet ‘F’, cell C5: a formula here has never been worked out")
    assert third.startswith("Sheet ‘F’, cell C6: ‘True’ is not a number")


def test_a_day_where_a_number_is_expected_is_named(tmp_path):
    rows = [["KPI", "Period", "Value"], ["Bins", "Q1 2024/25", dt.date(2024, 3, 1)]]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", F=rows))
    assert "there is a date here (2024-03-01) where a number is expected" in _said(own, "error")[0]


def test_a_sheet_that_is_a_chart_has_no_cells(tmp_path):
    def fill(book):
        for row in made.LONG:
            book.active.append(row)
        book.create_chartsheet("Chart")

    assert _read(_book(tmp_path / "kpis.xlsx", fill)).ok


def test_a_workbook_of_the_strict_standard_has_its_percentages(tmp_path):
    def fill(book):
        book.active.append(("KPI", "Period", "Value"))
        book.active.append(("Calls", "Q1 2024/25", 0.455))
        book.active["C2"].number_format = "0.0%"

    path = _book(tmp_path / "kpis.xlsx", fill)
    old = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    for part in ("xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"):
        made.changed(path, part, lambda content: content.replace(old, strict))
    assert _read(path).frame["value"].tolist() == [45.5]


def test_hidden_sheets_are_left_out_and_named(tmp_path):
    def fill(book):
        for row in made.LONG:
            book.active.append(row)
        old = book.create_sheet("Old")
        old.sheet_state = "hidden"
        for row in [("KPI", "Period", "Value"), ("Missed bins", "Q1 2024/25", 99)]:
            old.append(row)

    own = _read(_book(tmp_path / "kpis.xlsx", fill))
    assert _values(own, "Missed bins")["April to June 2024"] == 41
    assert _said(own, "warning") == [
        "Sheet ‘Old’: it is hidden and was not read. Unhide it if its figures belong here"
    ]


def test_an_opendocument_workbook(tmp_path):
    table = made.ods_table([("KPI", "Period", "Value"), ("Bins", "Q1 2024/25", 41)])
    share = (
        "<table:table-row>" + made.cells(["Calls", "Q1 2024/25"]) + "<table:table-cell "
        'office:value-type="percentage" office:value="0.455"><text:p>45.5%</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    own = _read(made.ods(tmp_path / "kpis.ods", table.replace("</table:table>", share)))
    assert own.frame["value"].tolist() == [41, 45.5]
    assert own.definitions.loc["Calls", "unit"] == "per cent"


def test_an_opendocument_formula_that_fails_is_named(tmp_path):
    table = made.ods_table([("KPI", "Period", "Value")])
    wrong = (
        "<table:table-row>" + made.cells(["Calls", "Q1 2024/25"]) + "<table:table-cell "
        'table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>'
        "</table:table>"
    )
    own = _read(made.ods(tmp_path / "kpis.ods", table.replace("</table:table>", wrong)))
    assert _said(own, "error")[0].startswith("Sheet ‘Figures’, cell C2: the formula here shows")


# --- slips -----------------------------------------------------------------------------------------


def test_the_same_row_again_is_left_out_and_said(tmp_path):
    own = _read(made.workbook(tmp_path / "kpis.xlsx", F=[*made.LONG, made.LONG[2]]))
    assert len(own.frame) == 6
    assert own.ok
    assert _said(own, "warning") == [
        "Sheet ‘F’, cell C8: the row says again what C3 says "
        "(Missed bins, July to September 2024); it was left out"
    ]


def test_a_contradiction_is_refused_with_both_cells(tmp_path):
    other = ("missed bins", "2024-25 Q2", 45, 50, "low", "Head of waste")
    own = _read(made.workbook(tmp_path / "kpis.xlsx", F=[*made.LONG, other]))
    row = own.frame.set_index("period").loc["July to September 2024"].iloc[0]
    assert math.isnan(row["value"])
    assert row["status"] == "conflicting"
    assert _said(own, "error") == [
        "Sheet ‘F’, cells C3 and C8: two rows contradict each other (Missed bins, July to September "
        "2024): the figure is 44 in C3 and 45 in C8. Keep the right one"
    ]


def test_a_contradiction_between_sheets_names_both_sheets(tmp_path):
    sheets = {
        "One": made.LONG,
        "Two": [made.LONG[0], ("Missed bins", "Q1 2024/25", 14, 50, "low", "")],
    }
    own = _read(made.workbook(tmp_path / "kpis.xlsx", **sheets))
    errors = _said(own, "error")
    assert [one.partition(":")[0] for one in errors] == [
        "Sheet ‘One’, cell C2",
        "Sheet ‘Two’, cell C2",
    ]
    assert "41 in C2 of ‘One’ and 14 in C2 of ‘Two’" in errors[0]


def test_all_slips_are_in_one_report(tmp_path):
    text = (
        "KPI;Period;Value;Target\nBins;Q1 2024/25;4O;1,5\nBins;Q5 2024/25;3;2\nBins;Agust 2024;3;2\n"
        "Bins;Q1 2024/26;3;2\nBins;;3;2\n;Q3 2025/26;3;2\nBins;Q2 2024/25;3 of 4;2\n"
        "Bins;Q3 2024/25;#REF!;2\nBins;Q1;3;2\n"
    )
    own = _read(made.csv(tmp_path / "kpis.csv", text, "cp1252"))
    report = "\n".join(_said(own, "error"))
    for part in (
        "cell C2: ‘4O’ is not a number; did you mean 40?",
        "cell D2: ‘1,5’ is not a number; did you mean 1.5 or 15?",
        "cell B3: ‘Q5 2024/25’ is not a period that can be read: there is no quarter 5",
        "cell B4: ‘Agust 2024’ is not a period that can be read: did you mean August 2024?",
        "cell B5: ‘Q1 2024/26’ is not a period that can be read: did you mean 2024/25?",
        "cell A6: there is no period here",
        "cell A7: there is no KPI named here",
        "cell C8: ‘3 of 4’ is not a number; if it is 3 out of 4, put 3 in a column ‘Numerator’",
        "cell C9: the formula here shows ‘#REF!’",
        "cell B10: ‘Q1’ is not a period that can be read: it has no year",
    ):
        assert part in report, report
    assert len(own.errors) == 10


def test_what_is_possible_and_hardly_right_is_a_warning(tmp_path):
    rows = [("KPI", "Period", "Value", "Unit", "Target", "Polarity")]
    rows += [
        ("Calls", f"Q{q} {y}/{y - 1999}", 80 + q, "%", 85, "high")
        for y in (2022, 2023)
        for q in (1, 2, 3, 4)
    ]
    rows += [
        ("Calls", "Q1 2024/25", 0.81, "%", 0.85, "high"),
        ("Calls", "Q2 2024/25", 812, "%", 85, "high"),
        ("Calls", "Q3 2031/32", 81, "%", 85, "high"),
        ("Cases closed", "Q1 2024/25", 10, "", "", ""),
        ("Casess closed", "Q1 2024/25", 10, "", 12, ""),
    ]
    own = _read(made.workbook(tmp_path / "kpis.xlsx", F=rows))
    assert own.ok
    report = "\n".join(_said(own, "warning"))
    for part in (
        "cell C10: this looks like a fraction beside figures in per cent",
        "cell E10: the target looks like a fraction",
        "cell C11: this is more than 100%",
        "a figure for a period that has not begun",
        "‘Cases closed’ and ‘Casess closed’ are written almost alike",
        "‘Casess closed’: there is a target, and nothing says which way is better",
    ):
        assert part in report, report


def test_a_value_beside_another_numerator_is_a_warning(tmp_path):
    text = "KPI,Period,Value,Numerator,Denominator\nCalls,Q1 2024/25,80%,81,100\nCalls,Q2 2024/25,80%,70,100\n"
    own = _read(made.csv(tmp_path / "kpis.csv", text))
    assert len([one for one in own.warnings if "numerator over denominator" in str(one)]) == 1


def test_an_unknown_column_is_named_and_not_read(tmp_path):
    rows = [(*row, "sunny") for row in made.LONG]
    rows[0] = (*made.LONG[0], "Weather")
    own = _read(made.workbook(tmp_path / "kpis.xlsx", F=rows))
    assert (
        "nothing is known of a column ‘Weather’, and column G was not read" in _said(own, "note")[0]
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Weather,Rain\nsunny,1\n", "no table of KPIs was found"),
        ("KPI,Period,Value\n", "no figures in it yet"),
        ("KPI,Owner,Polarity\nBins,Head,low\n", "no table of figures"),
        ("   \n\n", "there is nothing in it"),
    ],
)
def test_a_file_without_figures_says_what_is_needed(tmp_path, text, part):
    with pytest.raises(kpis.KpiError, match=part):
        _read(made.csv(tmp_path / "kpis.csv", text))


def test_check_gives_what_cannot_be_read_as_one_error(tmp_path):
    (one,) = kpis.check(tmp_path / "nowhere.csv")
    assert one.level == "error"
    assert "no file" in str(one)


def test_a_file_that_another_program_holds_is_said_to_be(tmp_path, monkeypatch):
    path = made.workbook(tmp_path / "kpis.xlsx")

    def held(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", held)
    with pytest.raises(kpis.KpiError, match="Close it in Excel"):
        _read(path)


def test_an_unknown_kpi_names_the_nearest(tmp_path):
    own = _read(made.workbook(tmp_path / "kpis.xlsx"))
    with pytest.raises(kpis.KpiError, match="the nearest are ‘Missed bins’"):
        own.key("mised bin")


def test_an_unknown_area_names_those_there_are():
    with pytest.raises(kpis.KpiError, match="there are NM0, NM1"):
        _read(FOLDER / "kpis.csv", area="NM9")


_CELLS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from(["", "n/a", "..", "45%", "1,234", "£3.2m", "4O", "<5", "=1+1", "0", "#REF!", "TBC", "1,25"]),
    st.text(max_size=8),
)  # fmt: skip
_PERIODS = st.sampled_from(
    [
        "Q1 2024/25",
        "2024-25 Q2",
        "Jul–Sep 2024",
        "2024 Q4",
        "April 2024",
        "2024/25",
        "",
        "Q9",
        "soon",
    ]
)


@given(st.lists(st.tuples(st.sampled_from(["Bins", "Calls", ""]), _PERIODS, _CELLS), max_size=12))
def test_nothing_is_lost_and_nothing_made_up(tmp_path_factory, rows):
    """Every figure that stands in the file is in the table, or its cell is in the report."""
    folder = tmp_path_factory.mktemp("made")
    path = folder / "kpis.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("KPI", "Period", "Value"), *rows])
    if "\0" in path.read_text(encoding="utf-8"):
        return
    if not any("".join(map(str, row)).strip() for row in rows):
        with pytest.raises(kpis.KpiError, match="no figures in it yet"):
            _read(path)
        return
    try:
        own = _read(path)
    except kpis.KpiError:
        # Nothing but headings.
        assert not any(str(period).strip() or str(value).strip() for _, period, value in rows)
        return
    told = {cell[1:] for one in own.problems for cell in one.cells}
    held = {cell[1:] for cell in own.frame["cell"]}
    for number, (_, _, value) in enumerate(rows, start=2):
        if str(value).strip() and str(number) not in told:
            assert str(number) in held
    numeric = own.frame["value"].notna()
    missing = own.frame.loc[~numeric, "status"]
    assert set(missing) <= {"not available", "not applicable", "suppressed", "unreliable", "negligible", "unreadable", "conflicting"}  # fmt: skip
    assert set(own.frame.loc[numeric, "status"]) <= {"given", "provisional", "revised", "estimated"}
