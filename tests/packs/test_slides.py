"""The slides, read back."""

from __future__ import annotations

import pptx
import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE

from goldenthread import packs
from goldenthread.packs import published, slides
from tests.packs import made

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    path = tmp_path_factory.mktemp("slides") / "pack.pptx"
    slides.write(made.pack(), path)
    return pptx.Presentation(path)


def test_every_slide_has_a_title_of_its_own_and_the_overview_comes_first(deck):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[0] == "Northmere: performance in Q4 2025/26"
    assert titles[1:4] == [heading for heading, _ in made.pack().overview]
    assert titles[4 : 4 + len(made.pack().cases)] == [case.name for case in made.pack().cases]
    assert len(set(titles)) == len(titles)


def test_pictures_and_tables_have_words(deck):
    pictures = [
        shape
        for slide in deck.slides
        for shape in slide.shapes
        if shape.shape_type == MSO_SHAPE_TYPE.PICTURE
    ]
    assert [one._element.nvPicPr.cNvPr.get("descr") for one in pictures] == [
        case.picture.alt for case in made.pack().cases if case.picture
    ]
    tables = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert tables
    assert all(one._element.nvGraphicFramePr.cNvPr.get("descr") for one in tables)
    assert all(one.table.first_row for one in tables)


def test_title_language_and_notes(deck):
    assert deck.core_properties.language == "en-GB"
    assert deck.core_properties.title == made.pack().title
    runs = [run for slide in deck.slides for run in slide._element.iter(f"{DRAWING}r")]
    assert {run.find(f"{DRAWING}rPr").get("lang") for run in runs} == {"en-GB"}
    for slide, case in zip(list(deck.slides)[4:], made.pack().cases):
        assert slide.notes_slide.notes_text_frame.text.startswith(case.text)


def test_every_figure_is_the_scorecards(deck):
    read = {}
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                assert rows[0][:3] == ["KPI", "Period", "Figure"]
                read |= {row[0]: row[2] for row in rows[1:]}
    card = made.card()
    assert read == {name.replace("'", "’"): said for name, said in zip(card["name"], card["shown"])}


@pytest.mark.parametrize("kind", ["own", "published"])
def test_nothing_reaches_beyond_a_slide(tmp_path, deck, kind):
    if kind == "published":
        pack = packs.pack("Birmingham", measures=published.choose(["waste"]))
        slides.write(pack, tmp_path / "pack.pptx")
        deck = pptx.Presentation(tmp_path / "pack.pptx")
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width, shape.name
            assert shape.top + shape.height <= deck.slide_height, shape.name
            if shape.has_table:
                assert sum(row.height for row in shape.table.rows) == shape.height
