"""The workbook, read back; and what a hostile file leaves in any form."""

from __future__ import annotations

import zipfile

import docx
import openpyxl
import pptx
import pytest

from goldenthread import packs
from goldenthread.packs import excel
from tests.packs import made
from tests.packs.test_content import hostile


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("excel") / "pack.xlsx"
    excel.write(made.pack(), path)
    return openpyxl.load_workbook(path)


def _table(sheet):
    """Give the rows of a sheet's table by its headers."""
    held = sheet[next(iter(sheet.tables.values())).ref]
    header, *rows = [[cell.value for cell in row] for row in held]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_overview_first_then_exceptions_then_all(book):
    assert book.sheetnames == ["Cover", "Contents", "Overview", "Exceptions", "All KPIs"]
    assert book.properties.title == made.pack().title


def test_every_figure_is_the_scorecards_as_a_number_and_in_words(book):
    rows = {row["KPI"]: row for row in _table(book["All KPIs"])}
    card = made.card()
    assert len(rows) == len(card)
    for one in card.itertuples(index=False):
        row = rows[one.name.replace("'", "’")]
        assert row["Figure"] == one.shown
        if one.status == "no figure":
            assert row["Figure as a number"] == "[x]"
        else:
            assert row["Figure as a number"] == pytest.approx(one.value)


def test_no_cell_of_a_table_is_empty(book):
    for name in ("Overview", "Exceptions", "All KPIs"):
        assert all(value not in (None, "") for row in _table(book[name]) for value in row.values())


def test_no_form_carries_anything_live_from_a_hostile_file(tmp_path):
    files = packs.write(hostile(tmp_path), tmp_path / "out")
    assert {one.suffix for one in files} == {".docx", ".pptx", ".xlsx", ".html"}
    by = {one.suffix: one for one in files}
    book = openpyxl.load_workbook(by[".xlsx"])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    # The contents lead to sheets, and nothing leads out of the file.
    assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "{"))]
    assert any("’=HYPERLINK" in text for text in texts)
    page = by[".html"].read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "<b>Town" not in page
    for one in (by[".docx"], by[".pptx"]):
        with zipfile.ZipFile(one) as archive:
            names = archive.namelist()
            assert not [name for name in names if "vba" in name.lower() or "embed" in name.lower()]
            joined = b"".join(
                archive.read(name) for name in names if name.endswith((".rels", ".xml"))
            )
        assert b'TargetMode="External"' not in joined
        assert b"fldSimple" not in joined
        assert b"instrText" not in joined
    assert any(
        "'=HYPERLINK" in paragraph.text for paragraph in docx.Document(by[".docx"]).paragraphs
    )
    assert (
        pptx.Presentation(by[".pptx"]).slides[0].shapes.title.text_frame.text.startswith("<b>Town")
    )
