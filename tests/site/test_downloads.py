"""Downloads: what a program reads is what the figures are, and no cell of a spreadsheet is ever run."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest

from goldenthread import observations
from goldenthread.catalogue import catalogue
from goldenthread.observations import MISSING, STATUSES
from goldenthread.site import downloads, reports, spreadsheets
from goldenthread.snapshot import snapshot
from tests.site.small_book import fault, page

RATE, LANDFILL = "household-recycling-rate", "municipal-waste-landfilled"
HULL, ASHFORD, ENGLAND = "E06000010", "E07000105", "E92000001"
FORMER = "E07000026"  # Allerdale, which is part of Cumberland today.
NASTY = '=cmd|"/c calc"!A1, and\na second line; £5 – ünïcode'


def made_up() -> pd.DataFrame:
    """Figures of all kinds: zeros, negatives, missing ones of every kind, former areas, nasty notes."""
    areas = [HULL, ASHFORD, ENGLAND, FORMER]
    rows = []
    for year in range(2015, 2023):
        for place, area in enumerate(areas):
            status = "published"
            value = 40 + place + (year - 2015) / 3
            if area == ASHFORD and year < 2015 + len(MISSING):
                status, value = MISSING[year - 2015], math.nan
            if area == HULL and year == 2016:
                value = 0.0
            rows.append((area, year, value, status))
    table = pd.DataFrame(rows, columns=["area", "year", "value", "status"])
    return pd.concat(
        [
            observations.frame(
                {
                    "area": table["area"],
                    "measure": measure,
                    "period_start": pd.to_datetime(table["year"].astype(str) + "-04-01"),
                    "period_end": pd.to_datetime((table["year"] + 1).astype(str) + "-03-31"),
                    "period_label": [f"{year}/{(year + 1) % 100}" for year in table["year"]],
                    "value": table["value"],
                    "denominator": [-5.5 if area == HULL else math.nan for area in table["area"]],
                    "status": table["status"],
                    "note": [NASTY if area == ENGLAND else "" for area in table["area"]],
                }
            )
            for measure in (RATE, LANDFILL)
        ],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def report() -> reports.Report:
    return reports.Report.model_validate(
        {
            "slug": "made-up",
            "title": "A report [that](https://example.org) is made up",
            "description": "Nothing in this report is true, and it is long enough to be described as it must be.".ljust(
                95, "."
            ),
            "group": "Environment",
            "measures": {"outcome": [RATE, LANDFILL, "household-waste-per-person"]},
            "lead": RATE,
        }
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, report: reports.Report) -> Path:
    out = tmp_path_factory.mktemp("site")
    downloads.write(out, made_up(), [report])
    return out / "data"


def rows_of(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") == 1
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


# --- tables ----------------------------------------------------------------------------------------


def broken(rows: list[dict[str, str]], described: dict) -> list[str]:
    """Hold rows against a Table Schema, reading it as a stranger would."""
    faults = []
    kinds = {
        "number": lambda text: math.isfinite(float(text)),
        "boolean": lambda text: text in ("true", "false"),
        "date": lambda text: (
            bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and date.fromisoformat(text)
        ),
        "string": lambda text: True,
    }
    for number, row in enumerate(rows):
        if list(row) != [field["name"] for field in described["fields"]]:
            faults.append(f"{number}: columns {list(row)}")
            continue
        for field in described["fields"]:
            text, rules = row[field["name"]], field.get("constraints", {})
            if text in described["missingValues"]:
                faults += [f"{number}: {field['name']} is empty"] if rules.get("required") else []
                continue
            try:
                sound = kinds[field["type"]](text)
            except ValueError:
                sound = False
            sound = sound and text in rules.get("enum", [text])
            sound = sound and re.fullmatch(rules.get("pattern", ".*"), text, re.DOTALL)
            faults += [] if sound else [f"{number}: {field['name']}: {text!r}"]
    return faults


def test_every_file_is_as_its_schema_says(site):
    described = json.loads((site / "schema.json").read_text(encoding="utf-8"))
    for path, kind in (
        (site / "measures" / f"{RATE}.csv", "measure"),
        (site / "reports" / "made-up.csv", "report"),
        (site / "measures" / "index.csv", "index"),
    ):
        rows = rows_of(path)
        assert rows
        assert broken(rows, described[kind]) == []
    # The reader of the schema is no fool.
    rows = rows_of(site / "measures" / f"{RATE}.csv")
    for column, text in (
        ("value", "n/a"),
        ("status", "lost"),
        ("area_code", ""),
        ("period_end", "31/03/2023"),
    ):
        assert broken([{**rows[0], column: text}], described["measure"]) != []


def test_a_missing_figure_is_empty_and_keeps_its_kind_and_a_zero_stays(site):
    rows = rows_of(site / "measures" / f"{RATE}.csv")
    assert len(rows) == 32
    missing = [row for row in rows if not row["value"]]
    assert [row["status"] for row in missing] == list(MISSING)
    assert {row["area_code"] for row in missing} == {ASHFORD}
    (zero,) = [row for row in rows if row["value"] and float(row["value"]) == 0]
    assert (zero["area_code"], zero["period"], zero["status"]) == (HULL, "2016/17", "published")
    hull = [row for row in rows if row["area_code"] == HULL]
    assert {row["denominator"] for row in hull} == {"-5.5"}
    assert {row["area_name"] for row in hull} == {"Hull"}
    assert hull[-1]["value"] == repr(40 + 7 / 3)


def test_a_former_area_says_that_it_is_one(site):
    rows = rows_of(site / "measures" / f"{RATE}.csv")
    assert {row["area_code"]: row["area_current"] for row in rows} == {
        HULL: "true",
        ASHFORD: "true",
        ENGLAND: "true",
        FORMER: "false",
    }
    assert FORMER not in {row["area_code"] for row in rows_of(site / "reports" / "made-up.csv")}


def test_a_text_that_looks_like_a_formula_is_kept_a_text_and_a_number_a_number(site):
    rows = rows_of(site / "measures" / f"{RATE}.csv")
    assert {row["note"] for row in rows} == {"", f"'{NASTY}"}
    for start in "=+-@\t\r":
        (only,) = downloads._as_text(pa.array([f"{start}1+1"])).to_pylist()
        assert only == f"'{start}1+1"
    assert downloads._as_text(pa.array(["a=1", "", None])).to_pylist() == ["a=1", None, None]


def test_what_was_published_under_another_code_says_so():
    table = made_up().iloc[:4].copy()
    table["note"] = [
        "published under E08000019",
        "",
        "Provisional; published for Somerset (E10000027), the same area",
        "It was published late",
    ]
    table.loc[1, "status"] = "rebased"
    assert downloads.table(table)["rebased"].to_pylist() == [True, True, True, False]


def test_the_json_holds_the_same_table_and_what_it_is(site):
    told = json.loads((site / "measures" / f"{RATE}.json").read_text(encoding="utf-8"))
    rows = rows_of(site / "measures" / f"{RATE}.csv")
    assert told["columns"] == list(rows[0])

    def written(value: object) -> str:
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    for row, line in zip(rows, told["rows"], strict=True):
        for name, value in zip(told["columns"], line, strict=True):
            if isinstance(value, float):
                assert float(row[name]) == value
            else:
                assert row[name] == written(value)
    measure = catalogue()[RATE]
    assert told["definition"] == measure.definition
    assert told["caveats"] == list(measure.caveats)
    assert told["licence"] == "Open Government Licence v3.0"
    assert told["publisher"] == snapshot().manifest(RATE).publisher


def test_each_table_has_its_source_and_licence_beside_it(site):
    for path in (site / "measures" / f"{RATE}.csv", site / "reports" / "made-up.csv"):
        told = json.loads(path.with_name(f"{path.name}-metadata.json").read_text(encoding="utf-8"))
        assert told["url"] == path.name
        assert [c["name"] for c in told["tableSchema"]["columns"]] == list(rows_of(path)[0])
        assert "open-government-licence/version/3" in told["dc:license"][0]["@id"]
        assert told["dc:publisher"] == [snapshot().manifest(RATE).publisher]
        assert told["notes"][0]["dc:description"] == catalogue()[RATE].caveats[0]
        assert {c["datatype"] for c in told["tableSchema"]["columns"]} <= {
            "string",
            "double",
            "boolean",
            "date",
        }


def test_the_index_names_every_measure_and_only_files_that_are_there(site):
    rows = rows_of(site / "measures" / "index.csv")
    assert [row["measure"] for row in rows] == sorted(catalogue())
    for row in rows:
        assert (row["held"] == "true") == (row["measure"] in snapshot())
        assert bool(row["csv"]) == (site / "measures" / f"{row['measure']}.csv").is_file()
    told = json.loads((site / "measures" / "index.json").read_text(encoding="utf-8"))["measures"]
    assert [one["measure"] for one in told] == sorted(catalogue())
    assert [row["measure"] for row in rows if row["csv"]] == sorted([RATE, LANDFILL])


def test_a_report_holds_its_measures_one_below_the_other(site):
    rows = rows_of(site / "reports" / "made-up.csv")
    assert list(dict.fromkeys(row["measure"] for row in rows)) == [RATE, LANDFILL]
    assert {row["unit"] for row in rows} == {"per cent"}
    assert {row["period"] for row in rows} >= {"2015/16", "2022/23"}


def test_real_figures_are_those_of_the_snapshot(tmp_path):
    held = snapshot().measure("fly-tipping-incidents", areas="current")
    downloads.write(tmp_path, held)
    rows = rows_of(tmp_path / "data" / "measures" / "fly-tipping-incidents.csv")
    assert len(rows) == len(held)
    assert [float(row["value"] or "nan") for row in rows] == pytest.approx(
        held["value"].tolist(), nan_ok=True, rel=0, abs=0
    )
    assert [row["status"] for row in rows] == held["status"].tolist()
    assert sum(row["rebased"] == "true" for row in rows) >= (held["status"] == "rebased").sum() > 0
    assert not (tmp_path / "data" / "reports" / "made-up.xlsx").exists()


# --- spreadsheets ----------------------------------------------------------------------------------


def cells(path: Path) -> list:
    return [cell for sheet in openpyxl.load_workbook(path) for row in sheet.rows for cell in row]


def test_a_spreadsheet_has_a_cover_contents_notes_and_a_table_for_each_measure(site):
    book = openpyxl.load_workbook(site / "reports" / "made-up.xlsx")
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table 1", "Table 2"]
    cover = " ".join(str(cell.value) for row in book["Cover"].rows for cell in row if cell.value)
    for said in (
        "Open Government Licence v3.0",
        "latest 4 periods",
        "made-up.csv",
        "never an empty cell",
    ):
        assert said in cover
    assert "[that] (https://example.org)" in cover
    sheet = book["Table 1"]
    text = " ".join(str(row[0].value) for row in sheet.iter_rows(max_row=10))
    assert "Source: Department for Environment, Food and Rural Affairs" in text
    assert "Unit: per cent. A high figure is better." in text
    notes = " ".join(str(cell.value) for row in book["Notes"].rows for cell in row)
    assert catalogue()[RATE].caveats[0] in notes


def test_a_table_has_no_merged_empty_or_unexplained_cell(site):
    book = openpyxl.load_workbook(site / "reports" / "made-up.xlsx")
    for sheet in book:
        assert not sheet.merged_cells.ranges
        for table in sheet.tables.values():
            head, *body = sheet[table.ref]
            assert all(cell.value for cell in head)
            assert len({cell.value for cell in head}) == len(head)
            assert all(cell.value not in (None, "") for row in body for cell in row)
    sheet = book["Table 1"]
    (table,) = sheet.tables.values()
    head, *body = sheet[table.ref]
    assert [cell.value for cell in head] == [
        "Area code",
        "Area",
        "Kind",
        "2019/20",
        "2020/21",
        "2021/22",
        "2022/23",
    ]
    shown = {row[0].value: [cell.value for cell in row[3:]] for row in body}
    assert set(shown) == {HULL, ASHFORD, ENGLAND}
    assert shown[ASHFORD][:2] == ["[z]", "[np]"]
    assert shown[HULL][-1] == pytest.approx(40 + 7 / 3)
    above = " ".join(
        str(cell.value) for row in sheet.iter_rows(max_row=head[0].row - 1) for cell in row
    )
    for mark, meaning in spreadsheets.MARKS.values():
        assert (f"{mark} means {meaning}." in above) == (mark in ("[z]", "[np]"))


def test_every_kind_of_missing_figure_has_a_mark_of_its_own():
    assert set(spreadsheets.MARKS) == set(MISSING)
    assert len({mark for mark, _ in spreadsheets.MARKS.values()}) == len(MISSING)
    assert set(STATUSES) > set(MISSING)


HOSTILE = [
    "=1+1",
    "+cmd",
    "-2+3",
    "@SUM(A1)",
    "{=A1}",
    "https://example.org",
    "[x](https://example.org)",
    "$$note$$",
    "12",
]


def test_nothing_in_a_spreadsheet_is_run_or_followed(tmp_path, report):
    rows = downloads.table(made_up().iloc[:32].reset_index(drop=True))
    for number, text in enumerate(HOSTILE):
        names = pa.repeat(pa.scalar(text), len(rows))
        hostile = rows.set_column(rows.column_names.index("area_name"), "area_name", names)
        path = tmp_path / f"{number}.xlsx"
        spreadsheets.write(path, report, {RATE: hostile.drop_columns(["measure"])})
        found = cells(path)
        assert not [cell for cell in found if cell.data_type == "f"]
        names = [
            cell.value
            for cell in found
            if cell.column == 2 and cell.value == spreadsheets.plain(text)
        ]
        assert len(names) == 3
        with zipfile.ZipFile(path) as archive:
            parts = {
                name: archive.read(name).decode()
                for name in archive.namelist()
                if name.endswith((".xml", ".rels"))
            }
        assert not [name for name, part in parts.items() if re.search(r"<f[ >]", part)]
        assert not [name for name, part in parts.items() if 'TargetMode="External"' in part]


def test_the_same_figures_make_the_same_spreadsheet(tmp_path, report):
    rows = downloads.table(made_up().iloc[:32]).drop_columns(["measure"])
    for name in ("a", "b"):
        spreadsheets.write(tmp_path / f"{name}.xlsx", report, {RATE: rows})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_judgement_is_written_as_its_word():
    held = snapshot().measure("ofsted-overall", areas="current")
    wide, periods, _ = spreadsheets.layout(catalogue()["ofsted-overall"], downloads.table(held))
    words = {cell for column in periods for cell in wide[column]}
    assert "Good" in words
    assert all(isinstance(word, str) for word in words)


# --- on pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["measure", "report", "index"])
def test_a_page_lists_the_columns(tmp_path, kind):
    made = page(tmp_path, f"```{{download-fields}} {kind}\n```")
    assert made.faults == []
    for field in downloads.fields(kind):
        assert f"<code>{field.name}</code>" in made.html


def test_a_kind_of_file_that_does_not_exist_stops_the_build(tmp_path):
    made = page(tmp_path, "```{download-fields} measures\n```")
    assert "3: ERROR: download-fields: expected one of measure, report, index" in fault(made)


def test_the_page_says_how_many_periods_a_spreadsheet_holds():
    said = (Path(downloads.__file__).parents[2] / f"{downloads.PAGE}.md").read_text(
        encoding="utf-8"
    )
    count = ("three", "four", "five", "six")[spreadsheets.PERIODS - 3]
    assert f"holds the latest {count} periods" in said
