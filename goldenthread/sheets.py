"""What every accessible spreadsheet shares: the government's recipe, kept quiet, with nothing live in it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

#: Nothing in a cell is ever run or followed.
PLAIN: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@contextmanager
def quiet() -> Iterator[None]:
    """Keep gptables' own matters from the log: a file left open, and what pandas will change one day."""
    with warnings.catch_warnings():
        for category in (ResourceWarning, DeprecationWarning):
            warnings.simplefilter("ignore", category)
        yield


@cache
def gptables() -> Any:
    """Give the recipe's library; it is loaded late, as it takes long."""
    with quiet():
        import gptables

    return gptables


def plain(text: str) -> str:
    """Keep a text from being taken for a link or a note of the recipe.

    Examples
    --------
    >>> plain("[here](https://example.org) $$a$$")
    '[here] (https://example.org) $ $a$ $'
    """
    return text.replace("](", "] (").replace("$$", "$ $")
