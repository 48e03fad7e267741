"""The Word form, read back."""

from __future__ import annotations

from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn

from goldenthread.packs import PackError, word
from tests.packs import made


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    path = tmp_path_factory.mktemp("word") / "pack.docx"
    word.write(made.pack(), path)
    return docx.Document(path)


def _headings(document):
    return [
        (int(paragraph.style.name[-1]), paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]


def test_headings_step_down_one_at_a_time_and_the_overview_comes_first(document):
    headings = _headings(document)
    levels = [level for level, _ in headings]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [text for level, text in headings if level == 1] == [
        "Overview", "Exceptions", "All KPIs", "How to read this report",
    ]  # fmt: skip
    assert [text for level, text in headings if level == 2][:3] == [
        "What stands out", "What changed by more than chance", "What needs a decision",
    ]  # fmt: skip


def test_title_and_language_are_set(document):
    assert document.core_properties.title == "Northmere: performance in Q4 2025/26"
    assert document.core_properties.language == "en-GB"
    languages = document.styles.element.findall(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert [one.get(qn("w:val")) for one in languages] == ["en-GB"]


def test_every_picture_has_words(document):
    pictures = document.element.body.findall(f".//{qn('wp:docPr')}")
    assert len(pictures) == sum(case.picture is not None for case in made.pack().cases) > 5
    assert [one.get("descr") for one in pictures] == [
        case.picture.alt for case in made.pack().cases if case.picture
    ]
    assert len({one.get("id") for one in pictures}) == len(pictures)


def test_every_table_repeats_its_header_and_says_what_it_is(document):
    for table in document.tables:
        first = table.rows[0]._tr.trPr
        assert first is not None
        assert first.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert all(cell.text for cell in table.rows[0].cells)


def test_every_figure_is_the_scorecards(document):
    table = next(one for one in document.tables if len(one.columns) == 10)
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][4] == "Figure"
    read = {row[0]: (row[3], row[4], row[6]) for row in rows[1:]}
    card = made.card()
    assert read == {
        row.name_.replace("'", "’"): (row.period, row.shown, row.aim or "none")
        for row in card.rename(columns={"name": "name_"}).itertuples()
    }
    assert not [text for row in rows for text in row if not text]


def test_each_exception_has_fields_for_commentary_and_actions(document):
    fields = document.element.body.findall(f".//{qn('w:sdt')}")
    titles = [one.find(f".//{qn('w:alias')}").get(qn("w:val")) for one in fields]
    count = len(made.pack().cases)
    assert sum(title.startswith("Commentary: ") for title in titles) == count
    assert len(fields) == count * (1 + 4 * word.ACTIONS)
    owners = {one.find(f".//{qn('w:t')}").text for one in fields}
    assert "Head of waste" in owners


def test_a_councils_template_keeps_its_styles_and_loses_its_text(tmp_path):
    own = docx.Document()
    own.add_paragraph("Old words")
    own.sections[0].header.paragraphs[0].text = "Northmere Council"
    own.styles["Heading 1"].font.name = "Georgia"
    own.save(tmp_path / "own.docx")
    word.write(made.pack(), tmp_path / "pack.docx", tmp_path / "own.docx")
    read = docx.Document(tmp_path / "pack.docx")
    assert read.styles["Heading 1"].font.name == "Georgia"
    assert read.sections[0].header.paragraphs[0].text == "Northmere Council"
    assert "Old words" not in [paragraph.text for paragraph in read.paragraphs]


def test_what_is_no_word_document_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(PackError, match="save it as a Word document"):
        word.write(made.pack(), tmp_path / "pack.docx", tmp_path / "old.doc")
