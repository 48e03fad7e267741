"""A pack as PowerPoint slides: a title on each, words for pictures, and what to say in the notes."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pptx
from pptx.dml.color import RGBColor
from pptx.presentation import Presentation
from pptx.util import Cm, Length, Pt

from goldenthread.packs.content import Case, Pack, Picture, Scorecard

LANGUAGE: Final = "en-GB"
#: Which columns of a scorecard a slide has room for.
COLUMNS: Final = {
    "KPI", "Measure", "Period", "Figure", "Target", "Against the target", "Over time", "Where it stands",
}  # fmt: skip
#: What of an exception stands beside its chart; the rest is in the notes.
FACTS: Final = ("Figure", "Before", "Target", "Middle of those compared with", "Owner")
_WIDE, _HIGH = Cm(33.867), Cm(19.05)
_EDGE: Final = Cm(1.6)
_TOP: Final = Cm(3.6)
_BLUE: Final = RGBColor.from_string("12436D")  # type: ignore[no-untyped-call]
_BODY: Final = Pt(20)
_SMALL: Final = Pt(13)
#: How many letters of the small size fit in a centimetre, and from how many on a text is a sentence.
_LETTERS: Final = 3.6
_LONG: Final = 40
#: The layouts of the library's own template that are used.
_TITLE, _LIST, _FREE = 0, 1, 5


def write(pack: Pack, path: Path) -> None:
    """Write a pack as slides.

    Parameters
    ----------
    pack : Pack
    path : pathlib.Path
    """
    deck = pptx.Presentation()
    _wide(deck)
    first: Any = _slide(deck, _TITLE, pack.title)
    first.placeholders[1].text_frame.text = "\n".join(part.count for part in pack.parts)
    for heading, texts in pack.overview:
        _list(deck, heading, texts)
    for case in pack.cases:
        _case(deck, case)
    for part in pack.parts:
        _scorecard(deck, part.scorecard)
    last = _list(
        deck, "How to read these slides", [note for note in pack.notes if len(note) < _NOTE]
    )
    last.notes_slide.notes_text_frame.text = "\n".join(pack.notes)
    for slide in deck.slides:
        _language(slide)
    about = deck.core_properties
    about.title, about.author, about.language = pack.title, pack.council, LANGUAGE
    about.subject, about.keywords, about.last_modified_by = "Performance report", "", ""
    about.created = about.modified = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    deck.save(str(path))


#: A note that is longer stands in the notes alone.
_NOTE: Final = 260


def _wide(deck: Presentation) -> None:
    """Make the library's own template as wide as today's screens."""
    deck.slide_width, deck.slide_height = _WIDE, _HIGH
    inside = Length(_WIDE - 2 * _EDGE)
    layouts: list[Any] = [deck.slide_layouts[at] for at in (_TITLE, _LIST, _FREE)]
    for layout in [layouts[0].slide_master, *layouts]:
        for shape in layout.placeholders:
            kind = shape.placeholder_format.type
            shape.left, shape.width = _EDGE, inside
            if "TITLE" in str(kind) and "SUB" not in str(kind):
                shape.top, shape.height = Cm(0.9), Cm(2.4)
            else:
                shape.top, shape.height = _TOP, Length(_HIGH - _TOP - Cm(1))


def _slide(deck: Presentation, layout: int, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    head: Any = slide.shapes.title
    head.text_frame.text = title
    _style(head.text_frame, Pt(30 if len(title) < 60 else 24), colour=_BLUE, bold=True)
    return slide


def _style(frame: Any, size: Length, *, colour: RGBColor | None = None, bold: bool = False) -> None:
    frame.word_wrap = True
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold = size, bold or None
            if colour is not None:
                run.font.color.rgb = colour


def _list(deck: Presentation, heading: str, texts: Sequence[str]) -> Any:
    slide: Any = _slide(deck, _LIST, heading)
    frame = slide.placeholders[1].text_frame
    frame.text = "\n".join(texts)
    _style(frame, _BODY)
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(8)
    return slide


def _case(deck: Presentation, case: Case) -> None:
    slide = _slide(deck, _FREE, case.name)
    beside = Cm(24)
    if case.picture:
        width = Length(beside - _EDGE - Cm(0.6))
        below = Length(_picture(slide, case.picture, width) + Cm(0.4))
        said_box = slide.shapes.add_textbox(_EDGE, below, width, Length(_HIGH - below - Cm(0.6)))
        said_box.name = "Finding"
        said_box.text_frame.text = case.text
        _style(said_box.text_frame, Pt(16))
    left = beside if case.picture else _EDGE
    box = slide.shapes.add_textbox(left, _TOP, Length(_WIDE - left - _EDGE), Cm(13))
    box.name = "Facts"
    facts = dict(case.facts)
    said = [f"{what}: {facts[what]}" for what in FACTS if what in facts]
    box.text_frame.text = "\n".join([f"{case.why}.", *said])
    _style(box.text_frame, Pt(18))
    for paragraph in box.text_frame.paragraphs:
        paragraph.space_after = Pt(8)
    asks = [f"{ask} Ask {who}." for ask, who in case.questions]
    comment = [f"Commentary: {case.comment}"] if case.comment else []
    subtitle = [case.picture.subtitle] if case.picture else []
    slide.notes_slide.notes_text_frame.text = "\n".join(
        [case.text, *case.cautions, *comment, *asks, *subtitle, f"Source: {case.source}."]
    )


def _picture(slide: Any, picture: Picture, width: Length) -> int:
    """Place a picture, and tell where it ends."""
    shape = slide.shapes.add_picture(io.BytesIO(picture.png), _EDGE, _TOP, width=width)
    shape.name = "Chart"
    about = shape._element.nvPicPr.cNvPr
    about.set("descr", picture.alt)
    about.set("title", picture.title)
    return int(shape.top + shape.height)


def _scorecard(deck: Presentation, card: Scorecard) -> None:
    chosen = [at for at, header in enumerate(card.headers) if header in COLUMNS]
    header, *lines = (
        [texts[at] for at in chosen] for texts in (card.headers, *(row.texts for row in card.rows))
    )
    widths = _widths(lines)
    pages = _pages(header, lines, widths)
    for number, page in enumerate(pages, start=1):
        title = card.title if len(pages) == 1 else f"{card.title}, {number} of {len(pages)}"
        slide = _slide(deck, _FREE, title)
        rows = [header, *page]
        heights = [_height(row, widths) for row in rows]
        size = (len(rows), len(header), _EDGE, _TOP, sum(widths), sum(heights))
        frame: Any = slide.shapes.add_table(*size)
        frame.name = "Scorecard"
        frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{title}: a line for each measure.")
        table = frame.table
        table.first_row = table.first_col = True
        for at, row in enumerate(rows):
            table.rows[at].height = heights[at]
            for across, text in enumerate(row):
                cell = table.cell(at, across)
                cell.text_frame.text = text
                _style(cell.text_frame, _SMALL, bold=at == 0)
        for across, width in enumerate(widths):
            table.columns[across].width = width
        slide.notes_slide.notes_text_frame.text = "\n".join(
            [card.intro, *(f"{sign} {words}" for sign, words in card.key)]
        )


def _widths(lines: Sequence[Sequence[str]]) -> list[Length]:
    """Give twice the room to names and to columns of sentences."""
    longest = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shares = [2 if at == 0 or long > _LONG else 1 for at, long in enumerate(longest)]
    inside = _WIDE - 2 * _EDGE
    return [Length(inside * share // sum(shares)) for share in shares]


def _height(texts: Sequence[str], widths: Sequence[Length]) -> Length:
    """Reckon how high a row becomes; PowerPoint makes it higher, but never says so to a file."""
    most = max(
        math.ceil(len(text) / (width.cm * _LETTERS))
        for text, width in zip(texts, widths, strict=True)
    )
    return Cm(0.3 + 0.58 * most)


def _pages(
    header: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[Length]
) -> list[list[Sequence[str]]]:
    """Share rows out, so that each slide's table ends above its foot."""
    room = _HIGH - _TOP - Cm(0.8) - _height(header, widths)
    pages: list[list[Sequence[str]]] = [[]]
    left = room
    for line in lines:
        high = _height(line, widths)
        if high > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1].append(line)
        left -= high
    return pages


def _language(slide: Any) -> None:
    """Say the language of every text, by which a screen reader chooses its voice."""
    for tree in (slide._element, slide.notes_slide._element):
        for run in tree.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}r"):
            run.get_or_add_rPr().set("lang", LANGUAGE)
