"""Reading age: how long somebody went to school who reads a text with ease."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Final

from goldenthread.prose.error import ProseError
from goldenthread.prose.passages import HOLE, Passage

if TYPE_CHECKING:
    from pyphen import Pyphen

#: A page above it is listed with its reason.
HIGHEST: Final = 14
#: What is shorter cannot be judged.
FEWEST_WORDS: Final = 100
_SCHOOL: Final = 5
_WORD: Final = re.compile(r"[A-Za-z’]+")
_VOWELS: Final = re.compile(r"[aeiouy]+")
#: An e that is not spoken, as in "place", "rule", "league", "changed" and "rules".
_SILENT: Final = re.compile(
    r"(?<=[aeiouy][^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouy][^aeiouyl])e$|(?<=[gq])ue$"
    r"|(?<=[^aeioudty])e(?=d$)|(?<=[^aeiouyscxzgh])e(?=s$)"
)
#: Two vowels that are spoken apart, as in "period", "idea", "being", "society" and "usual".
_PARTED: Final = re.compile(
    r"(?<=[^ctsgxl])i(?=[ao])|(?<=\w[^aeiouy]e)(?=a$)|(?<=e)(?=ing$)|(?<=i)(?=et)|(?<=[^q]u)(?=al)"
)
_STOP: Final = re.compile(r"[.?!](?:\s|$)")


def grade(text: str) -> float:
    """Give the Flesch–Kincaid grade of a text: years of school.

    Parameters
    ----------
    text : str
        With at least one word.

    Examples
    --------
    >>> round(grade("The cat sat on the mat. Then it ran."), 1)
    -2.0
    """
    sentences = max(len(_STOP.findall(text)), 1)
    spoken = _WORD.findall(text)
    syllables = sum(map(_syllables, spoken))
    return 0.39 * len(spoken) / sentences + 11.8 * syllables / len(spoken) - 15.59


def reading_age(passages: Iterable[Passage]) -> float | None:
    """Give the reading age of a page in years: the grade of its paragraphs, and five.

    Returns
    -------
    float or None
        None for a page of fewer words than `FEWEST_WORDS`.
    """
    read = [passage.text for passage in passages if passage.kind == "paragraph"]
    texts = [text.replace(HOLE, " ").strip() for text in read]
    # A point of a list ends a sentence, with a full stop or without.
    whole = " ".join(text if _STOP.search(text[-1:]) else f"{text}." for text in texts if text)
    if len(_WORD.findall(whole)) < FEWEST_WORDS:
        return None
    return grade(whole) + _SCHOOL


@cache
def _hyphens() -> Pyphen:
    try:
        from pyphen import Pyphen
    except ModuleNotFoundError:
        raise ProseError("pyphen is not installed: it comes with what the tests need") from None
    return Pyphen(lang="en_GB")


@cache
def _syllables(word: str) -> int:
    """Count syllables: groups of vowels that are spoken, or parts that may be hyphenated if those are more.

    Hyphenation alone leaves no single letter at either end ("o-pen", "ver-y") and so counts a fifth too few.
    """
    bare = re.sub(r"’s?$", "", word.lower())
    groups = len(_VOWELS.findall(bare)) - len(_SILENT.findall(bare)) + len(_PARTED.findall(bare))
    return max(int(_hyphens().inserted(bare).count("-")) + 1, groups)
