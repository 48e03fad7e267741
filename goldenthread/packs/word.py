"""A pack as a Word document: headings, real tables and fields to write in."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from itertools import count
from os import PathLike
from pathlib import Path
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from goldenthread.packs.content import Case, Pack, PackError, Picture, Scorecard

LANGUAGE: Final = "en-GB"
#: How many empty lines a table of actions has.
ACTIONS: Final = 2
_TABLE: Final = "Table Grid"
_LIST: Final = "List Bullet"
_CAPTION: Final = "Caption"
#: As wide as lets an exception end on the page on which it begins.
_PICTURE: Final = Cm(12.6)
#: The space for commentary, where the file holds none.
WRITE: Final = "Write here what happened, why, and what was learned."


def write(pack: Pack, path: Path, template: str | PathLike[str] | None = None) -> None:
    """Write a pack as a Word document.

    Parameters
    ----------
    pack : Pack
    path : pathlib.Path
    template : path, optional
        The council's own document, .docx or .dotx made into .docx. Its styles, header and footer are
        kept; its text is left out.

    Raises
    ------
    PackError
        For a template that is no Word document, or holds macros.
    """
    document = _opened(template)
    if template is None:
        _dress(document)
    numbers = count(1)
    _properties(document, pack)
    document.add_heading(pack.title, level=0 if _has(document, "Title") else 1)
    _overview(document, pack)
    _exceptions(document, pack, numbers)
    _turn(document)
    for part in pack.parts:
        _scorecard(document, part.scorecard)
    _heading(document, "How to read this report", 1)
    for note in pack.notes:
        document.add_paragraph(note)
    document.save(str(path))


def _opened(template: str | PathLike[str] | None) -> Document:
    if template is None:
        return docx.Document()
    try:
        document = docx.Document(str(template))
    except Exception as error:
        # python-docx lets through whatever a broken archive makes it meet.
        raise PackError(
            f"{Path(template).name}: this is no Word document (.docx). Open it in Word and save it as "
            "a Word document; a .dotx or .docm must be saved as .docx"
        ) from error
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return document


def _has(document: Document, style: str) -> bool:
    return any(one.name == style for one in document.styles)


def _dress(document: Document) -> None:
    """Give Word's own styles the look of a council's paper: dark on white, and large enough."""
    styles = document.styles
    normal = styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.name, normal.font.size = "Arial", Pt(11)
    for name, size in (("Title", 22), ("Heading 1", 16), ("Heading 2", 13), ("Heading 3", 11)):
        style = styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0x12, 0x43, 0x6D)
        _all_letters(style)
    caption = styles[_CAPTION]
    assert isinstance(caption, ParagraphStyle)
    caption.font.size, caption.font.color.rgb = Pt(9), RGBColor(0x1A, 0x1F, 0x24)
    caption.font.bold = False
    caption.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.space_after = Pt(6)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.8)


def _all_letters(style: ParagraphStyle) -> None:
    """Name the font for all letters: headings of the default template take the theme's."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _properties(document: Document, pack: Pack) -> None:
    about = document.core_properties
    about.title, about.author, about.language = pack.title, pack.council, LANGUAGE
    about.subject, about.comments, about.keywords = "Performance report", "", ""
    about.last_modified_by = ""
    about.created = about.modified = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    # What Word reads aloud in, unless a text says otherwise.
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        language = OxmlElement("w:lang")
        for kind in ("val", "eastAsia"):
            language.set(qn(f"w:{kind}"), LANGUAGE)
        defaults.append(language)


def _heading(document: Document, text: str, level: int) -> Paragraph:
    name = f"Heading {level}"
    if _has(document, name):
        return document.add_paragraph(text, style=name)
    # A template without the style: its rank in the outline still makes it a heading.
    paragraph = document.add_paragraph(text)
    paragraph.runs[0].bold = True
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level - 1))
    paragraph._p.get_or_add_pPr().append(outline)
    return paragraph


def _items(document: Document, texts: Sequence[str]) -> None:
    style = _LIST if _has(document, _LIST) else None
    for text in texts:
        paragraph = document.add_paragraph(text if style else f"• {text}", style=style)
        paragraph.paragraph_format.space_after = Pt(2)


def _overview(document: Document, pack: Pack) -> None:
    _heading(document, "Overview", 1)
    for part in pack.parts:
        document.add_paragraph(part.count)
    for heading, texts in pack.overview:
        _heading(document, heading, 2)
        _items(document, texts)


def _exceptions(document: Document, pack: Pack, numbers: Any) -> None:
    heading = _heading(document, "Exceptions", 1)
    heading.paragraph_format.page_break_before = bool(pack.cases)
    if not pack.cases:
        document.add_paragraph("No measure is an exception.")
    for number, case in enumerate(pack.cases):
        # Each on a page of its own, to be handed to whoever answers for it.
        _case(document, case, numbers).paragraph_format.page_break_before = number > 0


def _case(document: Document, case: Case, numbers: Any) -> Paragraph:
    heading = _heading(document, case.name, 2)
    document.add_paragraph().add_run(f"{case.why}.").bold = True
    document.add_paragraph(case.text)
    _facts(document, case)
    if case.picture:
        _picture(document, case.picture, case.source, numbers)
    for caution in case.cautions:
        document.add_paragraph(caution)
    _heading(document, "Commentary", 3)
    _field(document.add_paragraph(), f"Commentary: {case.name}", case.comment or WRITE,
           empty=not case.comment)  # fmt: skip
    _heading(document, "Actions", 3)
    _actions(document, case)
    if case.questions:
        _heading(document, "Questions to ask", 3)
        _items(document, [f"{ask} Ask {who}." for ask, who in case.questions])
    return heading


def _table(document: Document, headers: Sequence[str], rows: int, about: str) -> Table:
    table: Table = document.add_table(rows=1 + rows, cols=len(headers))
    if _has(document, _TABLE):
        table.style = _TABLE
    for cell, header in zip(table.rows[0].cells, headers, strict=True):
        _say(cell, header, bold=True)
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    for row in table.rows:
        # A row that breaks over two pages is read twice.
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
    # What a screen reader says before the first cell; the order is the standard's.
    for name, text in (("w:tblCaption", about), ("w:tblDescription", about)):
        described = OxmlElement(name)
        described.set(qn("w:val"), text)
        table._tbl.tblPr.append(described)
    return table


def _say(cell: _Cell, text: str, *, bold: bool = False, size: float | None = None) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.bold = bold or None
    cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    if size:
        run.font.size = Pt(size)


def _facts(document: Document, case: Case) -> None:
    table = _table(document, ("What", "How it stands"), len(case.facts), f"Facts: {case.name}")
    for row, (what, said) in zip(table.rows[1:], case.facts, strict=True):
        _say(row.cells[0], what)
        _say(row.cells[1], said)
    _widths(table, (5.0, 12.0))


def _picture(document: Document, picture: Picture, source: str, numbers: Any) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    # A picture that touches the table above it hides the table's last line.
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.space_after = Pt(2)
    section = document.sections[-1]
    room = (section.page_width or Cm(21)) - (section.left_margin or 0) - (section.right_margin or 0)
    shape = paragraph.add_run().add_picture(io.BytesIO(picture.png), width=min(room, _PICTURE))
    about = shape._inline.docPr
    about.set("descr", picture.alt)
    about.set("title", picture.title)
    about.set("name", f"Chart {next(numbers)}")
    style = _CAPTION if _has(document, _CAPTION) else None
    document.add_paragraph(f"{picture.subtitle} Source: {source}.", style=style)


def _field(paragraph: Paragraph, title: str, text: str, *, empty: bool) -> None:
    """Add a field that one clicks and writes in; python-docx knows none, so it is written as XML."""
    field = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias/><w:tag/>"
        f"{'<w:showingPlcHdr/>' if empty else ''}<w:text w:multiLine='1'/></w:sdtPr>"
        "<w:sdtContent><w:r><w:rPr/><w:t xml:space='preserve'/></w:r></w:sdtContent></w:sdt>"
    )
    # Set as values, never as markup: the title comes from the file. Word takes 64 letters.
    for name, said in (("alias", title[:64]), ("tag", "golden-thread")):
        field.find(f".//{qn(f'w:{name}')}").set(qn("w:val"), said)
    field.find(f".//{qn('w:t')}").text = text
    paragraph._p.append(field)


def _actions(document: Document, case: Case) -> None:
    headers = ("Action", "Owner", "By when", "How we shall see that it worked")
    table = _table(document, headers, ACTIONS, f"Actions: {case.name}")
    for number, row in enumerate(table.rows[1:], start=1):
        for cell, ask in zip(row.cells, ("Action", "Owner", "Date", "Sign"), strict=True):
            given = case.owner if ask == "Owner" else ""
            title = f"{ask}, action {number}: {case.name}"
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            _field(cell.paragraphs[0], title, given or f"[{ask}]", empty=not given)
    _widths(table, (6.5, 3.5, 2.5, 4.5))


def _widths(table: Table, widths: Sequence[float]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _turn(document: Document) -> None:
    """Lay the pages that follow on their side: a scorecard has many columns."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    wide, high = section.page_height, section.page_width
    if section.orientation != WD_ORIENT.LANDSCAPE:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = wide, high


def _scorecard(document: Document, card: Scorecard) -> None:
    _heading(document, card.title, 1)
    document.add_paragraph(card.intro)
    table = _table(document, card.headers, len(card.rows), card.title)
    cells = table._cells
    across = len(card.headers)
    # Asking a table for its rows one by one takes a time that grows with their square.
    for at, row in enumerate(card.rows, start=1):
        for cell, text in zip(cells[at * across : (at + 1) * across], row.texts, strict=True):
            _say(cell, text, size=8.5)
    _heading(document, "What the signs mean", 2)
    _items(document, [f"{sign} {words}" for sign, words in card.key])
