"""Spreadsheets: tables known by what their headers say, in whatever order and at whatever row."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError
from goldenthread.sources.workbook import Sheet, Workbook, is_blank, plain

KIND = "application/vnd.oasis.opendocument.spreadsheet"
ROWS: list[list[Any]] = [
    ["Waste by authority"],
    [],
    ["Year", "ONS code", "Recycling\nrate [note 1]", "", "Notes"],
    ["2022-23", "E06000010", 31.5, "", "a"],
    ["2022-23", "E06000011", ":", "", None],
]


def document(name: str, content: bytes) -> Document:
    return Document("a-source", "a-table", name, content, date(2026, 1, 1))


def xlsx(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(mimetype: bool = True, **sheets: list[list[Any]]) -> bytes:
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr(zipfile.ZipInfo("mimetype"), KIND, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def ods_row(cells: list[Any]) -> str:
    def cell(value: Any) -> str:
        if value is None or value == "":
            return "<table:table-cell/>"
        if isinstance(value, float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    return f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>"


FILES = {
    "table.xlsx": xlsx(Table_3=ROWS),
    "table.ods": ods(Table_3=ROWS),
    "no mimetype.ods": ods(False, Table_3=ROWS),
}


def sheet(*rows: list[Any]) -> Sheet:
    return Sheet(document("table.ods", b"x"), "Table_3", list(rows))


@pytest.mark.parametrize("name", FILES)
def test_a_table_is_read_by_its_headers(name: str) -> None:
    book = Workbook(document(name, FILES[name]).check())
    table = book.sheet("table_3").table("year", "ons code", "recycling rate")
    assert table.first == 3
    frame = table.frame({"area": "ons code", "rate": "recycling rate", "note": "notes"})
    # The index is the row that a spreadsheet shows.
    assert frame.index.tolist() == [4, 5]
    assert frame["area"].tolist() == ["E06000010", "E06000011"]
    assert frame["rate"].tolist() == [31.5, ":"]
    assert frame["note"].tolist() == ["a", ""]


# --- Finding the table -------------------------------------------------------------------------


@given(
    st.permutations(["Year", "ONS Code", "Authority", "Rate (%)", ""]),
    st.integers(min_value=0, max_value=12),
)
def test_neither_the_row_nor_the_order_matters(headers: list[str], preamble: int) -> None:
    body = [
        {"Year": "2022", "ONS Code": "E06000010", "Authority": "Hull", "Rate (%)": 5, "": ""}[h]
        for h in headers
    ]
    table = sheet(*([["A note on year"]] * preamble), headers, body).table(
        "year", "ons code", r"rate \(%\)"
    )
    frame = table.frame({"year": "year", "rate": r"rate \(%\)"})
    assert frame.to_numpy().tolist() == [["2022", 5]]
    assert frame.index.tolist() == [preamble + 2]


def test_a_renamed_column_is_named_with_what_is_nearest() -> None:
    rows = [[], ["Year", "ONS Codes", "Rate"], ["2022", "E06000010", 1]]
    with pytest.raises(SourceError) as caught:
        sheet(*rows).table("year", "ons code", "rate", depth=1)
    assert str(caught.value) == (
        "a-source: table.ods, sheet Table_3, row 2: no table here has the columns expected; "
        "expected 'ons code'; nearest: 'ons codes'"
    )


def test_the_closest_rows_are_the_ones_complained_of() -> None:
    rows = [["Year"], [], ["Year", "ONS code", "Rates"], ["2022", "E06000010", 1]]
    with pytest.raises(SourceError) as caught:
        sheet(*rows).table("year", "ons code", "rate")
    assert (caught.value.row, caught.value.expected) == (3, "rate")


@pytest.mark.parametrize("rows", [[], [[]], [["", None]], [[], [], []]])
def test_a_sheet_with_nothing_in_it(rows: list[list[Any]]) -> None:
    with pytest.raises(SourceError, match="no table here"):
        sheet(*rows).table("year")


def test_a_table_below_the_search_is_not_found() -> None:
    with pytest.raises(SourceError, match="no table here"):
        sheet(*([["text"]] * 10), ["Year"], ["2022"]).table("year", within=5)


def test_headers_of_several_rows_are_joined() -> None:
    rows = [
        ["Table 3: households"],
        ["", "Assessed", None, None, "Owed a duty", ""],
        ["Area", "Total", "", "Change", "Prevention", "Relief"],
        ["E06000010", 5, "", 1, 2, 3],
    ]
    table = sheet(*rows).table("area", r"assessed \| total", r"owed a duty \| relief")
    assert table.headers == (
        "area",
        "assessed | total",
        "assessed",
        "assessed | change",
        "owed a duty | prevention",
        "owed a duty | relief",
    )
    assert table.frame({"relief": r"owed a duty \| relief"}).to_numpy().tolist() == [[3]]


def test_the_fewest_rows_that_answer_are_the_header() -> None:
    table = sheet(["Area", "Rate"], ["E06000010", 5], ["Area", "Rate"]).table("area", "rate")
    assert table.first == 1


def test_two_columns_with_one_name_are_not_chosen_between() -> None:
    table = sheet(["Area", "Rate", "Rate"], ["E06000010", 5, 6]).table("area", "rate")
    with pytest.raises(SourceError, match=r"several columns answer.*expected 'rate'.*'rate; rate'"):
        table.frame({"rate": "rate"})
    assert list(table.indices("rate")) == [1, 2]


def test_a_column_that_is_not_there() -> None:
    table = sheet(["Area", "Rate"], ["E06000010", 5]).table("area")
    with pytest.raises(SourceError, match=r"row 1: a column is missing.*'rates'.*nearest: 'rate'"):
        table.index("rates")


def test_rows_may_be_shorter_than_the_header() -> None:
    table = sheet(["Area", "Rate", "Note"], ["E06000010"], ["E06000011", 5]).table("area", "rate")
    frame = table.frame({"area": "area", "rate": "rate", "note": "note"})
    assert frame["rate"].tolist() == ["", 5]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("", ""),
        ("Total  number\nof incidents [note 3]", "total number of incidents"),
        ("Rate (see note 2)", "rate"),
        ("Rate [Notes 1, 2]", "rate"),
        ("Rate (%)", "rate (%)"),
        ("Denoted (notable)", "denoted (notable)"),
        ("\u00a0Rate\u00a0", "rate"),
        (2022.0, "2022"),
        ("2022.0", "2022"),
        (2022, "2022"),
        ("3.0 miles", "3.0 miles"),
    ],
)
def test_plain_headers(cell: object, text: str) -> None:
    assert plain(cell) == text


@given(st.text(max_size=40))
def test_plain_is_plain(text: str) -> None:
    once = plain(text)
    assert once == once.strip()
    assert "\n" not in once


def test_blank_rows() -> None:
    assert is_blank(["", None, "  ", "\u00a0"])
    assert is_blank([])
    assert not is_blank(["", 0])


# --- Finding the sheet -------------------------------------------------------------------------


def test_sheets_are_known_by_name_in_any_case_and_without_blanks() -> None:
    book = Workbook(document("t.ods", ods(**{"Females UK ": ROWS, "Table_3": ROWS, "3b": ROWS})))
    assert book.sheet("females uk").name == "Females UK "
    assert [s.name for s in book.sheets("(table_)?3b?")] == ["Table_3", "3b"]
    assert list(book.sheets("nothing")) == []


def test_a_sheet_that_is_not_there_is_named_with_the_nearest() -> None:
    book = Workbook(document("table.ods", ods(Table_3a=ROWS, Cover=ROWS)))
    with pytest.raises(SourceError) as caught:
        book.sheet("Table_3")
    assert str(caught.value) == (
        "a-source: table.ods: there is no such sheet; expected 'Table_3'; nearest: 'Table_3a'"
    )


def test_two_sheets_are_not_chosen_between() -> None:
    book = Workbook(document("table.ods", ods(Table_3a=ROWS, Table_3b=ROWS)))
    with pytest.raises(SourceError, match=r"several sheets answer.*Table_3a; Table_3b"):
        book.sheet("Table_3.")


def test_copies_of_linked_files_are_no_sheets() -> None:
    book = Workbook(document("t.ods", ods(**{"'file:///C:/x.xls'#Data": ROWS, "Data": ROWS})))
    assert book.names == ["Data"]


# --- What cannot be opened ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["table.ods", "table.xlsx", "no mimetype.ods"])
def test_a_workbook_cut_anywhere_is_refused(name: str) -> None:
    content = FILES[name]
    for at in range(0, len(content), max(len(content) // 40, 1)):
        with pytest.raises(SourceError, match="not readable as a workbook"):
            Workbook(document(name, content[:at]))


@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_damaged_workbook_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    for _ in range(6):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        sheets = list(Workbook(document(name, bytes(content))).sheets(".*"))
    except SourceError as error:
        assert error.file == name  # noqa: PT017
    else:
        assert all(isinstance(sheet, Sheet) for sheet in sheets)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.ods", b"a,b\n"),
        ("t.xls", b"a,b\n"),
        ("t.ods", FILES["table.ods"].replace(b"content.xml", b"kontent.xml")),
        ("t.xlsx", FILES["table.ods"]),
        ("t.ods", ods(False)[:0]),
    ],
)
def test_what_is_no_workbook(name: str, content: bytes) -> None:
    if name == "t.xlsx":
        # It is an ODS by its content, and is read as what it is.
        assert Workbook(document(name, content)).names == ["Table_3"]
        return
    with pytest.raises(SourceError, match="not readable as a workbook"):
        Workbook(document(name, content))


# --- The publishers' own -----------------------------------------------------------------------


@pytest.mark.publisher_files
def test_every_real_workbook_opens_and_its_phantoms_are_left_out(publisher_files: Path) -> None:
    paths = [p for p in publisher_files.rglob("*") if p.suffix in (".ods", ".xlsx", ".xls")]
    assert len(paths) > 30
    opened = {}
    refused = []
    for path in paths:
        content = path.read_bytes()
        if len(content) >= 3_000_000:
            continue
        try:
            opened[path.name] = Workbook(document(path.name, content).check()).names
        except SourceError:
            refused.append(path.name)
    # One lookup was indented by its writer, with text where the format has only cells.
    assert refused in ([], ["la_region_lookup_raw.ods"])
    assert all(opened.values())
    homeless = opened["Detailed_LA_202212.ods"]
    assert 25 < len(homeless) < 45
    assert not any("file:" in name for name in homeless)
