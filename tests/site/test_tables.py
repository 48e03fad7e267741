"""Which tables of a page are of words."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.docutils_ import Parser

from goldenthread.site import tables


def _table(*rows: str) -> nodes.table:
    first, *rest = rows
    rule = "|".join("---" for _ in first.split("|"))
    text = "\n".join(f"| {row} |" for row in (first, rule, *rest))
    return next(publish_doctree(text, parser=Parser()).findall(nodes.table))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("Role | Every week", "Editor | Answers readers"), True),
        (("What | Kept | Until", "A name | nowhere | ", "A list | here | you empty it"), True),
        (("Year | Rate", "2023 | 43.2%", "2024 | 44.0%"), False),
        (("Place | Cases | Rate", "North | 1,204 | 3.1", "South | – | –"), False),
        (("Cost | Each", "A pack | £3.20", "A room | −4"), False),
        (("Alone", "Words"), False),
        (("When | What", "A | 2 councils joined and nobody said so for months"), False),
        (("When | What", "A | 2 councils joined", "B | Nobody said", "C | So it stayed"), True),
    ],
)
def test_a_table_is_of_words_where_figures_are_few(rows, words):
    assert tables.is_of_words(_table(*rows)) is words
