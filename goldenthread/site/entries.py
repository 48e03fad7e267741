"""The entries of a council's three lists, in words: what changed, what differs, what to ask."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from goldenthread import questions, words, writing
from goldenthread.catalogue import Question
from goldenthread.site import overview
from goldenthread.site.overview import Entry
from goldenthread.site.small_panels import Panel, Panels, several


@dataclass(frozen=True)
class Item:
    """An entry of one of the three lists.

    Attributes
    ----------
    place, name : str
        Where on the page the figure stands, and what it is called.
    value, when : str
        The figure and its period; empty where there is none.
    text : str
    panel : Panel, optional
        Its drawings, for a list that shows them.
    question : Question, optional
    """

    place: str
    name: str
    value: str
    when: str
    text: str
    panel: Panel | None = None
    question: Question | None = None


def _item(
    entry: Entry, text: str, *, panel: Panel | None = None, question: Question | None = None
) -> Item:
    fact = entry.fact
    found, measure = fact.found, fact.measure
    there = bool(pd.notna(found["value"]))
    # A judgement's words are in its sentence.
    stated = there and measure.unit != "judgement"
    old = " (an old figure)" if found["currency"] == "out of date" else ""
    return Item(
        measure.id if there else f"theme-{measure.theme}",
        writing.curly(measure.short),
        writing.bare(found["value"], measure) if stated else "",
        f"{writing.when(found['period'])}{old}" if stated else "",
        text,
        panel,
        question,
    )


def changed(entry: Entry, panels: Panels) -> Item:
    """Say a change: what it is, the figure of five years before, and how many others did the same."""
    fact = entry.fact
    found, measure = fact.found, fact.measure
    said = [words.change(found, measure), words.before(found, measure)]
    if fact.moved >= overview.OTHERS:
        others = several(fact, fact.moved)
        said.append(f"Of {others}, {fact.alike or 'none'} moved the same way.")
    return _item(entry, " ".join(filter(None, said)), panel=panels.panel(fact))


def differs(entry: Entry, panels: Panels) -> Item:
    """Say a difference: where the figure stands, what the middle is, and which way is better."""
    found, measure = entry.fact.found, entry.fact.measure
    said = [
        f"{writing.opening(words.position(found, measure))}.",
        f"The middle is {writing.bare(found['median'], measure)}.",
    ]
    if measure.polarity:
        said.append(words.direction(measure))
    return _item(entry, " ".join(said), panel=panels.panel(entry.fact))


def asked(entry: Entry) -> Item:
    """Say what raises a question, and the question."""
    fact = entry.fact
    found, measure = fact.found, fact.measure
    question = questions.bank()[entry.situation]
    if pd.isna(found["value"]) or measure.unit == "judgement":
        return _item(entry, words.sentence(found, measure), question=question)
    where = words.position(found, measure)
    said = [f"{writing.opening(where)}." if where else ""]
    if found["change"] in ("risen", "fallen", "steady"):
        said.append(words.change(found, measure))
    return _item(entry, " ".join(filter(None, said)), question=question)
