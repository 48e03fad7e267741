"""The part of a pack that published measures make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from goldenthread import kept, words, workbench, writing
from goldenthread.areas import AreaError
from goldenthread.catalogue import CatalogueError, Measure, catalogue
from goldenthread.packs import drawing
from goldenthread.packs.content import Case, PackError, Part, Row, Scorecard
from goldenthread.snapshot import snapshot
from goldenthread.workbench import Finding

HEADERS: Final = (
    "Measure", "Period", "Figure", "Middle of those compared with", "England", "Where it stands",
    "Over time",
)  # fmt: skip
#: Signs of place and of change, for a page without colour. None begins a formula.
SIGNS: Final = {
    "▲": "better, or a change for the better",
    "▼": "worse, or a change for the worse",
    "◆": "high, low or changed, where neither direction is agreed to be better",
    "○": "near the middle, or within its usual range",
    "?": "cannot be told",
}
_WORSE: Final = "worse by more than chance"
_LAST: Final = "in the quarter that does worst"


def choose(names: Sequence[str]) -> tuple[str, ...]:
    """Give the measures that names stand for: a theme stands for all of its own.

    Parameters
    ----------
    names : sequence of str
        Themes and ids of measures.

    Raises
    ------
    CatalogueError
        For a name that is neither; the message names the nearest.

    Examples
    --------
    >>> choose(["household-recycling-rate"])
    ('household-recycling-rate',)
    """
    known, chosen = catalogue(), dict[str, None]()
    for name in names:
        if name in known.themes():
            chosen |= dict.fromkeys(one.id for one in known.of_theme(name))
        elif name in known:
            chosen[name] = None
        else:
            raise CatalogueError(
                kept.unknown("theme, report or measure", name, [*known.themes(), *known])
            )
    return tuple(chosen)


def part(council: str, measures: Sequence[str]) -> Part:
    """Say how a council stands in published measures.

    Parameters
    ----------
    council : str
        One of England's councils or fire and rescue authorities.
    measures : sequence of str
        Ids of the catalogue.

    Returns
    -------
    Part

    Raises
    ------
    CatalogueError
        For a measure that there is not; the message names the nearest.
    PackError
        Where there is nothing of any of them, or no such council; the message says why.

    Examples
    --------
    >>> part("Hull", ["household-recycling-rate"]).count
    'Of 1 published measure, 0 are exceptions.'
    """
    known, held = catalogue(), snapshot()
    found: list[tuple[Measure, Finding]] = []
    absent: list[str] = []
    for identifier in measures:
        measure = known[identifier]
        if identifier not in held:
            absent.append(f"{_name(measure)}: no figures are held yet.")
            continue
        try:
            found.append((measure, workbench.finding(identifier, council)))
        except AreaError as error:
            absent.append(f"{error}.")
    if not found:
        raise PackError(f"nothing can be shown of these measures. {absent[0]}")
    weighed = sorted(
        ((measure, one, _why(measure, one.found)) for measure, one in found),
        key=lambda entry: -len(entry[2]),
    )
    cases = [(measure, one, why) for measure, one, why in weighed if why]
    several = writing.counted(len(found), "published measure", "published measures")
    exceptions = writing.counted(len(cases), "is an exception", "are exceptions")
    return Part(
        several="published measures",
        count=f"Of {several}, {exceptions}.",
        stands_out=tuple(_stands_out(measure, one) for measure, one, _ in cases),
        changed=tuple(_changed(found)),
        decisions=tuple(
            f"{_name(measure)}: whether anything is to be done about it, and who finds out first why."
            for measure, _, why in cases
            if _WORSE in why
        ),
        cases=tuple(_case(measure, one, council, why) for measure, one, why in cases),
        scorecard=_scorecard([(measure, one.found) for measure, one in found]),
        notes=(*_NOTES, *absent, *_sources(found)),
    )


_NOTES: Final = (
    "Published measures are shown at their latest period, which is mostly earlier than that of a "
    "council’s own figures. They are compared with similar councils.",
    "A published measure is an exception if it got worse by more than chance, or stands in the quarter "
    "of those compared with that does worst, and the gap is not known to be chance. Where neither "
    "direction is agreed to be better, it is never one.",
    "A missing figure is never a nought. “No figure” says that there is none.",
)


def _why(measure: Measure, found: dict[str, Any]) -> list[str]:
    if measure.size or measure.polarity is None or pd.isna(found["value"]):
        return []
    said = [_WORSE] if found["change_is"] == "worse" else []
    return [*said, _LAST] if _place(measure, found) == "▼" else said


def _place(measure: Measure, found: dict[str, Any]) -> str:
    if measure.size or pd.isna(found["value"]) or pd.isna(found["median"]):
        return "?"
    if found["quarter"] not in (1, 4) or found["against_median"] == "similar":
        return "○"
    if measure.polarity is None:
        return "◆"
    return "▲" if (found["quarter"] == 4) == (measure.polarity == "high") else "▼"


def _change(found: dict[str, Any]) -> str:
    if pd.isna(found["value"]) or not found["change"]:
        return "?"
    moved = "◆" if found["change"] in ("risen", "fallen") else "○"
    return {"better": "▲", "worse": "▼"}.get(found["change_is"], moved)


def _stands_out(measure: Measure, one: Finding) -> str:
    found = one.found
    place = "" if measure.size else _position(found, measure)
    where = f", {place}" if place else ""
    return f"{_name(measure)}: {_figure(found, measure)} {writing.when(found['period'])}{where}."


def _changed(found: list[tuple[Measure, Finding]]) -> list[str]:
    order = "▼◆▲"
    moved = [(_change(one.found), measure, one.found) for measure, one in found]
    return [
        f"{_name(measure)}: {_figure(row, measure)}. {words.change(row, measure)}"
        for sign in order
        for at, measure, row in moved
        # A total moves with the size of a place, and money with prices.
        if at == sign and not measure.size and measure.unit != "pounds"
    ]


def _name(measure: Measure) -> str:
    return writing.curly(measure.name)


def _figure(found: dict[str, Any], measure: Measure) -> str:
    value = found["value"]
    return "no figure" if pd.isna(value) else writing.spoken(float(value), measure)


def _beside(value: Any, measure: Measure) -> str:
    return "none" if pd.isna(value) else writing.spoken(float(value), measure)


def _position(found: dict[str, Any], measure: Measure) -> str:
    return "" if pd.isna(found["value"]) else words.position(found, measure)


def _where(found: dict[str, Any], measure: Measure) -> str:
    if pd.isna(found["shown"]):
        # A figure of districts for a county, or of nobody here.
        return words.sentence(found, measure)
    if pd.isna(found["value"]):
        return words.why_none(found, measure)
    if measure.size:
        return "a total: it says how large a place is"
    if measure.unit == "judgement":
        return "a judgement, which has no middle"
    return _position(found, measure) or "too few can be compared"


def _texts(measure: Measure, found: dict[str, Any]) -> tuple[str, ...]:
    return (
        _name(measure),
        found["period"],
        _figure(found, measure),
        _beside(found["median"], measure),
        _beside(found["england"], measure),
        f"{_place(measure, found)} {_where(found, measure)}",
        f"{_change(found)} {words.change(found, measure) or 'too few figures to tell'}",
    )


def _case(measure: Measure, one: Finding, council: str, why: list[str]) -> Case:
    try:
        picture = drawing.draw(workbench.trend(measure.id, council))
    except AreaError:
        # No figure of the latest period; the text says why.
        picture = None
    return Case(
        name=_name(measure),
        why=writing.opening("; ".join(why)),
        text=" ".join([one.text, *one.beside]),
        facts=tuple(zip(HEADERS[1:], _texts(measure, one.found)[1:], strict=True)),
        cautions=one.cautions,
        questions=tuple((question.ask, question.who) for question in one.questions),
        owner="",
        comment="",
        source=one.source,
        picture=picture,
    )


def _scorecard(rows: list[tuple[Measure, dict[str, Any]]]) -> Scorecard:
    used = {_place(measure, found) for measure, found in rows}
    used |= {_change(found) for _, found in rows}
    return Scorecard(
        title="Published measures",
        intro=f"{writing.counted(len(rows), 'measure', 'measures')}, each at its latest period.",
        headers=HEADERS,
        rows=tuple(
            Row(_texts(measure, found), float(found["value"]), _unit(measure))
            for measure, found in rows
        ),
        key=tuple((sign, words_) for sign, words_ in SIGNS.items() if sign in used),
    )


def _unit(measure: Measure) -> str:
    return f"per {measure.per:,.0f}" if measure.unit == "rate" else measure.unit


def _sources(found: list[tuple[Measure, Finding]]) -> list[str]:
    return [f"{_name(measure)}: {one.source}." for measure, one in found]
