"""Text from a stranger's file, made so that no program runs, follows or hides it."""

from __future__ import annotations

import re
from typing import Final

#: How much of a cell is kept: as much as a spreadsheet holds in one.
LONGEST: Final = 32_767
#: What makes a spreadsheet take a text for a formula or a command; the wide forms are East Asian.
_LIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: A line that begins with a dash and a space is a list, as commentary often has it.
_BULLET: Final = re.compile(r"^-\s+(?=\w)")
#: Controls that have no place in a text, and marks that turn the direction of reading.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_WIDE: Final = re.compile("[\u00a0\u2000-\u200b\u202f\u3000\ufeff]")


def text(value: object) -> str:
    r"""Give a cell's text with nothing live or hidden in it.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, as one types it
    to keep a text a text. It is done when a file is read, so that nothing written later, be it CSV,
    Excel, Word or a web page copied into a spreadsheet, can carry it on.

    Parameters
    ----------
    value : object
        A cell; None is "".

    Returns
    -------
    str

    Examples
    --------
    >>> text("=HYPERLINK(\"http://x\")"), text("  @SUM(A1)"), text("Missed bins")
    ('\'=HYPERLINK("http://x")', "'@SUM(A1)", 'Missed bins')
    >>> text("- bins were late"), text("-2+3"), text("a\x00b")
    ('• bins were late', "'-2+3", 'ab')
    """
    if value is None:
        return ""
    # Most cells hold plain words, and have nothing to be taken off.
    if type(value) is str and value.isascii() and value.isprintable() and len(value) <= LONGEST:
        plain = value.strip()
        if not plain.startswith(_LIVE):
            return plain
    cleaned = _WIDE.sub(" ", _HIDDEN.sub("", str(value))).strip()[:LONGEST]
    cleaned = _BULLET.sub("• ", cleaned)
    return f"'{cleaned}" if cleaned.startswith(_LIVE) else cleaned


def line(value: object) -> str:
    r"""Give a cell's text on one line, as a name or a header is written.

    Examples
    --------
    >>> line(" Missed\n bins ")
    'Missed bins'
    """
    return text(" ".join(str("" if value is None else value).split()))


def quoted(value: object, most: int = 40) -> str:
    """Give a cell's text as a message shows it: short, and between quotation marks.

    Examples
    --------
    >>> quoted("4O")
    '‘4O’'
    """
    shown = _HIDDEN.sub("", " ".join(str(value).split()))
    return f"‘{shown if len(shown) <= most else shown[: most - 1] + '…'}’"
