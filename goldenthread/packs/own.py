"""The part of a pack that the council's own KPIs make."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pandas as pd

from goldenthread import kpis as own
from goldenthread import writing
from goldenthread.kpis import Kpis, judging, sentences
from goldenthread.kpis.cards import SIGNS, STATUS, source
from goldenthread.packs import drawing
from goldenthread.packs.content import Case, PackError, Part, Picture, Row, Scorecard, clean

HEADERS: Final = (
    "KPI", "Service", "Owner", "Period", "Figure", "Before", "Target", "Against the target",
    "Over time", "What to expect",
)  # fmt: skip
#: Why a KPI is an exception, the weightiest first; `kpis.scorecard` says it in these words.
_WEIGHT: Final = (
    "getting worse by more than chance",
    "not able to meet its target as it works now",
    "target missed",
    "no figure",
    "no newer figure",
)
_NONE: Final = "none"
#: How many figures make a picture.
_DRAWN: Final = 2


def part(kpis: Kpis, period: str | None = None, *, council: str = "") -> Part:
    """Judge all KPIs, and say what a committee is to hear of them.

    Parameters
    ----------
    kpis : Kpis
    period : str, optional
        As for `goldenthread.kpis.scorecard`.
    council : str, optional
        What to call it below pictures, where the file knows it by a code.

    Returns
    -------
    Part

    Raises
    ------
    PackError
        Where the file has errors: a committee's figures are put right first.
    KpiError
        For a period that cannot be read, or before all figures.

    Examples
    --------
    >>> from goldenthread.teaching.frames import FOLDER
    >>> made = part(own.read([FOLDER / f"{n}.csv" for n in ("kpis", "definitions", "targets")]))
    >>> len(made.scorecard.rows)
    44
    """
    if not kpis.ok:
        first = kpis.errors[0]
        raise PackError(
            f"{', '.join(kpis.files)}: {len(kpis.errors):,} to put right before a pack is made. "
            f"The first: {first} Run goldenthread kpis check to see all."
        )
    card = own.scorecard(kpis, period)
    rows: list[dict[str, Any]] = [
        {"key": str(key), **{str(name): held for name, held in row.items()}}
        for key, row in zip(card.index, card.to_dict("records"))
    ]
    found = sorted((row for row in rows if row["exception"]), key=_weight)
    better = [row for row in rows if row["variation"] == "improving"]
    # A code tells a committee nothing; a ward or a service does.
    whose = council if kpis.area.isupper() else ""
    return Part(
        several="KPIs",
        count=_count(rows),
        stands_out=tuple(map(_stands_out, found)),
        changed=_changed(kpis, rows, period),
        decisions=tuple(filter(None, map(_decision, found))),
        cases=tuple(_case(kpis, row, period, whose) for row in found),
        scorecard=_scorecard(kpis, rows, better),
        notes=_notes(kpis),
    )


def _weight(row: dict[str, Any]) -> int:
    return min(at for at, why in enumerate(_WEIGHT) if why in row["why"].split("; "))


def _count(rows: list[dict[str, Any]]) -> str:
    held = Counter(row["status"] for row in rows)
    said = {
        "met": "meet their target",
        "near": "are within tolerance of it",
        "missed": "miss it",
        "no target": "have no target",
        "cannot tell": "have a target without an agreed direction",
        "no figure": "have no figure",
    }
    parts = [f"{held[status]} {words}" for status, words in said.items() if held[status]]
    return f"Of {writing.counted(len(rows), 'KPI', 'KPIs')}, {writing.listed(parts)}."


def _stands_out(row: dict[str, Any]) -> str:
    if row["status"] == "no figure":
        return f"{_name(row)}: no figure {writing.when(row['period'])}."
    aim = f", target {row['aim']}" if row["aim"] else ""
    value = f"{row['shown']} {writing.when(row['period'])}{aim}"
    return f"{_name(row)}: {value}. {writing.opening(row['why'])}."


def _changed(kpis: Kpis, rows: list[dict[str, Any]], period: str | None) -> tuple[str, ...]:
    order = ("concerning", "neutral change", "improving")
    said = []
    for verdict in order:
        for row in rows:
            if row["variation"] == verdict and row["status"] != "no figure":
                change = sentences.change(judging.judge(kpis, row["key"], period))
                said.append(f"{_name(row)}: {row['shown']}. {change}")
    return tuple(said)


def _decision(row: dict[str, Any]) -> str:
    """Say what a committee is to decide, where the figures ask for it; one miss alone does not."""
    why = row["why"].split("; ")
    if "getting worse by more than chance" in why:
        return f"{_name(row)}: what is to be done, who does it, and by when."
    if "not able to meet its target as it works now" in why:
        return f"{_name(row)}: whether the way it works is to change, or its target."
    if "no figure" in why or "no newer figure" in why:
        return f"{_name(row)}: who brings the missing figure, and by when."
    return ""


def _name(row: dict[str, Any]) -> str:
    return writing.curly(row["name"])


def _signed(row: dict[str, Any], kind: str, none: str) -> str:
    words = row[f"{kind}_words"]
    return f"{row[f'{kind}_sign']} {words}" if words else f"{_QUIET} {none}"


#: The sign where nothing can be said.
_QUIET: Final = "?"


def _texts(row: dict[str, Any]) -> tuple[str, ...]:
    before = (
        f"{row['previous_shown']} ({row['previous_period']})" if row["previous_shown"] else _NONE
    )
    return (
        _name(row),
        row["service"] or _NONE,
        row["owner"] or "no owner named",
        row["period"],
        row["shown"],
        before,
        row["aim"] or _NONE,
        _signed(row, "status", "cannot tell"),
        _signed(row, "variation", "too few figures to tell"),
        _signed(row, "assurance", _why_not_assured(row)),
    )


def _why_not_assured(row: dict[str, Any]) -> str:
    if row["status"] == "no figure":
        return "no figure"
    return "no target to expect" if row["status"] == "no target" else "cannot be told"


def _case(kpis: Kpis, row: dict[str, Any], period: str | None, whose: str) -> Case:
    found = own.finding(kpis, row["key"], period)
    facts = tuple(zip(HEADERS[1:], _texts(row)[1:], strict=True))
    return Case(
        name=clean(_name(row)),
        why=writing.opening(row["why"]),
        text=clean(found.text),
        facts=tuple((what, clean(said)) for what, said in facts),
        cautions=tuple(map(clean, found.cautions)),
        questions=tuple((clean(one.ask), clean(one.who)) for one in found.questions),
        owner=clean(row["owner"]),
        comment=clean(row["comment"]),
        source=clean(found.source),
        picture=_picture(kpis, row, period, whose),
    )


def _picture(kpis: Kpis, row: dict[str, Any], period: str | None, whose: str) -> Picture | None:
    """Draw what there is to see: one figure, or none, is said as well in words."""
    if sum(not pd.isna(value) for value in row["history"]) < _DRAWN:
        return None
    drawn = drawing.draw(own.control_chart(kpis, row["key"], period, whose=whose))
    return Picture(drawn.png, drawn.size, *map(clean, (drawn.title, drawn.subtitle, drawn.alt)))


def _scorecard(kpis: Kpis, rows: list[dict[str, Any]], better: list[dict[str, Any]]) -> Scorecard:
    used = {
        (row[f"{kind}_sign"], STATUS[row["status"]] if kind == "status" else row[f"{kind}_words"])
        for row in rows
        for kind in ("status", "variation", "assurance")
        if row[f"{kind}_words"]
    }
    order = list(SIGNS.values())
    return Scorecard(
        title="All KPIs",
        intro=f"{writing.counted(len(rows), 'KPI', 'KPIs')}, in the order of the council’s file. "
        f"{writing.counted(len(better), 'shows', 'show')} a signal for the better.",
        headers=HEADERS,
        rows=tuple(
            Row(tuple(map(clean, _texts(row))), float(row["value"]), _unit(kpis, row["key"]))
            for row in rows
        ),
        key=tuple(sorted(used, key=lambda one: (order.index(one[0]), one[1]))),
    )


def _unit(kpis: Kpis, key: str) -> str:
    about = kpis.definitions.loc[key]
    per = about["per"]
    if about["unit"] == "rate" and pd.notna(per):
        return f"per {per:,.0f}"
    return clean(str(about["unit"] or "number"))


def _notes(kpis: Kpis) -> tuple[str, ...]:
    whose = f" The figures are those of {clean(kpis.area)}." if kpis.area else ""
    return (
        f"The KPIs are {clean(source(kpis))}. They were read on the council’s own machine.{whose}",
        "A KPI is judged by its target and by its own past. A control chart shows how far its figures "
        "usually vary; only what goes beyond that is called a change.",
        "An exception is a KPI that misses its target, gets worse by more than chance, cannot be "
        "expected to meet its target as it works now, or has no figure.",
        "A missing figure is never a nought. “No figure” says that there is none.",
    )
