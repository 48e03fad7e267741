"""House style: words that this book does not write, long sentences, short forms and typed figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from goldenthread import catalogue, kept
from goldenthread.prose.error import ProseError
from goldenthread.prose.passages import HOLE, Passage
from goldenthread.prose.spelling import Fault

#: The words that are not written, in the folder of data.
STYLE: Final = "house-style.yaml"
#: The most words that a sentence has.
LONGEST: Final = 40
#: Boxes of exercises, whose figures are made up to be thought about.
EXERCISES: Final = frozenset({"challenge", "self-check"})

_QUOTED: Final = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d,.]*")
_STOP: Final = re.compile(r"(?<=[.?!…])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9£])")
_ABBREVIATED: Final = re.compile(r"\b(?:e\.g|i\.e|etc|cf|vs|para|No|St|s|reg|art|p|pp)\.$", re.I)
_SHORT_FORM: Final = re.compile(r"(?<![\w/.-])[A-Z][A-Z&]*[A-Z](?=s?(?![\w/]))")
#: What a rate is counted for ("per 1,000 residents") is no figure of anybody.
_PER: Final = re.compile(r"\b(?:per|for every|for each|out of(?: every)?|in every) \d[\d,.]*", re.I)
#: Shares that a method speaks of.
_OF_METHOD: Final = frozenset({"0%", "1%", "95%", "99%", "99.8%", "100%"})
#: Says that a figure is made up.
_MADE_UP: Final = re.compile(r"\b(?:Northmere|fictional|invented|made[- ]up|suppose|imagine)", re.I)
#: A share, a sum of money or a count that is long enough to be somebody's statistic.
_STATISTIC: Final = re.compile(
    r"\d[\d,.]*\s?(?:%|per cent\b)|£\d[\d,.]*(?:\s?(?:m|bn|million|billion)\b)?"
    r"|\b\d{1,3}(?:,\d{3})+\b|\b\d[\d.]*\s(?:million|billion)\b"
)


class Avoided(BaseModel):
    """Words that are not written.

    Attributes
    ----------
    rule : str
        The kind of fault.
    words : tuple of str
        What is looked for; a star stands for any ending, a capital letter for itself.
    instead : str
        What the writer is told.
    but : tuple of str
        Phrases in which the words are right.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Annotated[str, Field(pattern=r"^[a-z]+$")]
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    instead: str
    but: tuple[str, ...] = ()


class HouseStyle:
    """What is not written, ready to be looked for.

    Parameters
    ----------
    avoided : iterable of Avoided

    Examples
    --------
    >>> style = HouseStyle([Avoided(rule="filler", words=["leverag*"], instead="Write “use”.")])
    >>> [fault.advice for fault in style.faults("Leveraging a “lever to leverage”.")]
    ['“Leveraging”: Write “use”.']
    """

    def __init__(self, avoided: Iterable[Avoided] = ()) -> None:
        self._patterns = [(each, _pattern(each.words), _pattern(each.but)) for each in avoided]

    def faults(self, text: str) -> Iterator[Fault]:
        """Find what is not written in a text, outside quotation marks."""
        text = _QUOTED.sub(_blank, text)
        for each, words, but in self._patterns:
            searched = but.sub(_blank, text) if each.but else text
            for match in words.finditer(searched):
                yield Fault(match.start(), match[0], each.rule, f"“{match[0]}”: {each.instead}")


def load(data: Path = catalogue.FOLDER) -> HouseStyle:
    """Read the house style.

    Raises
    ------
    ProseError
        Naming the file, the entry, the field and what was expected.
    """
    return HouseStyle([each for _, each in kept.entries(data / STYLE, Avoided, ProseError)])


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text into sentences, each with where it begins.

    Examples
    --------
    >>> [sentence for _, sentence in sentences("Ask first, e.g. Why? Then act. See s. 5.")]
    ['Ask first, e.g. Why?', 'Then act.', 'See s. 5.']
    """
    start = 0
    for stop in _STOP.finditer(text):
        if not _ABBREVIATED.search(text, start, stop.start()):
            yield start, text[start : stop.start()]
            start = stop.end()
    if text[start:].strip():
        yield start, text[start:]


def long_sentences(text: str) -> Iterator[Fault]:
    """Find sentences of more words than `LONGEST`, without those of quotations."""
    for start, sentence in sentences(text):
        words = len(_WORD.findall(_QUOTED.sub("", sentence)))
        if words > LONGEST:
            begins = " ".join(sentence.split()[:5])
            advice = f"“{begins} …” has {words} words: cut it in two ({LONGEST} are the most)"
            yield Fault(start, begins, "sentence", advice)


def short_forms(
    passages: Iterable[Passage], known: frozenset[str]
) -> Iterator[tuple[Passage, Fault]]:
    """Find short forms that a page neither explains where it first uses them, nor the glossary.

    Parameters
    ----------
    passages : iterable of Passage
        Those of a page, in order.
    known : frozenset of str
        Short forms of the glossary and of the list of our own words.

    Examples
    --------
    >>> page = [Passage("The Borrowing Review Unit (BRU) met. The BRU and the QQC agreed.", 3)]
    >>> [fault.word for _, fault in short_forms(page, frozenset())]
    ['QQC']
    """
    met: set[str] = set()
    for passage in passages:
        for match in _SHORT_FORM.finditer(passage.text):
            form = match[0]
            if form in met or form in known:
                continue
            met.add(form)
            if not _explained(passage.text, match.start(), match.end()):
                advice = (
                    f"“{form}” is not explained: write it out at its first use, "
                    f"“in full ({form})”, or give it an entry in the glossary"
                )
                yield passage, Fault(match.start(), form, "acronym", advice)


def statistics(passage: Passage) -> Iterator[Fault]:
    """Find the figures that were typed, in a paragraph that shows no source.

    Figures in quotation marks, those of exercises and those said to be made up need none.

    Examples
    --------
    >>> [fault.word for fault in statistics(Passage("In 2024 only 12% of 1,300 homes were let.", 1))]
    ['12%, 1,300']
    >>> list(statistics(Passage("Suppose that 12% were let.", 1)))
    []
    """
    if passage.addresses or EXERCISES.intersection(passage.inside) or _MADE_UP.search(passage.text):
        return
    text = _PER.sub(_blank, _QUOTED.sub(_blank, passage.text))
    typed = [match for match in _STATISTIC.finditer(text) if match[0] not in _OF_METHOD]
    if typed:
        figures = ", ".join(match[0].strip(" .,") for match in typed)
        advice = f"typed, with no source in the paragraph: {figures}"
        yield Fault(typed[0].start(), figures, "statistic", advice)


def _explained(text: str, start: int, end: int) -> bool:
    end += text[end : end + 1] == "s"
    in_brackets = text[:start].endswith("(") and text[end : end + 1] in (")", ",", ";")
    return in_brackets or text[end:].lstrip().startswith("(")


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    forms = "|".join(_form(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])")


def _form(word: str) -> str:
    form = re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]").replace(r"\*", r"\w*")
    return form if any(letter.isupper() for letter in word) else f"(?i:{form})"


def _blank(match: re.Match[str]) -> str:
    return HOLE * len(match[0])
