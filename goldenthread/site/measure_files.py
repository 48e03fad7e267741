"""A small file for every measure with figures: what the pages to compare and to build fetch, one by one.

`_static/measures/<id>.json` holds everybody's figures over time, and in words why somebody has none;
`_static/measures/index.json` what can be chosen. All words about a figure are made here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from goldenthread import areas, catalogue, findings, words, writing
from goldenthread.areas import Area
from goldenthread.authorities import citizens
from goldenthread.catalogue import Measure
from goldenthread.site import data_files, processors
from goldenthread.site.panels import Panel, listed, panel
from goldenthread.site.reports import Report
from goldenthread.site.synonyms import synonyms
from goldenthread.site.themes import themes
from goldenthread.snapshot import snapshot

#: The folder of the files, in the built site.
FOLDER: Final = "_static/measures"
#: The areas above councils that have figures of their own.
_ABOVE: Final = ("country", "region")


def write(out: Path, measures: Iterable[str]) -> None:
    """Write the files of measures.

    Parameters
    ----------
    out : pathlib.Path
        The folder of the built site.
    measures : iterable of str
        Measures that there are figures of.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)

    def write_one(identifier: str) -> None:
        data_files.write_json(folder / f"{identifier}.json", figures(panel(identifier)))

    for _ in processors.each(write_one, list(measures)):
        pass


def write_index(out: Path, shown: Collection[str], reports: Iterable[Report]) -> None:
    """Write what can be chosen: see `index`."""
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    data_files.write_json(folder / "index.json", index(shown, reports))


# --- one measure ----------------------------------------------------------------------------------


def figures(made: Panel) -> dict[str, Any]:
    """Give everybody's figures of a measure, and why somebody has none in the latest period.

    Parameters
    ----------
    made : Panel

    Returns
    -------
    dict
        `areas` holds values by GSS code, a list by period; `why` the reasons, and `lacking` by code
        which of them holds.
    """
    measure, block = made.measure, made.block()
    values = {area.code: made.line(area.code) for area in people()}
    own = {
        code: listed(line)
        for code, line in values.items()
        if _is_own(code, measure) and not all(map(math.isnan, line))
    }
    latest = made.observations[made.observations["period_label"] == made.period]
    statuses = dict(zip(latest["area"].astype(str), latest["status"].astype(str)))
    reasons: list[str] = []
    lacking: dict[str, int] = {}
    for area in people():
        if area.code in own and own[area.code][-1] is not None:
            continue
        why = _why(area, measure, statuses)
        if why not in reasons:
            reasons.append(why)
        lacking[area.code] = reasons.index(why)
    kept: dict[str, Any] = {
        name: block[name] for name in ("id", "short", "periods", "write", "scale") if name in block
    }
    jobs = made.alike.tolist()
    return {
        **kept,
        "name": measure.name,
        "definition": measure.definition,
        "direction": words.direction(measure),
        "times": list(made.periods["time"]),
        "areas": own,
        "why": reasons,
        "lacking": lacking,
        # Who does another job than whom: nothing where all do the same.
        "jobs": dict(zip(citizens().index, jobs)) if len(set(jobs)) > 1 else {},
        "size": measure.size,
        "breaks": made.broken,
        "source": made.source,
        "page": made.manifest.page,
        "caveat": measure.caveats[0] if measure.caveats else "",
    }


def people() -> list[Area]:
    """List everybody that can be put side by side: England, its regions, and all that have findings."""
    known = areas.register()
    above = [a for kind in _ABOVE for a in known.values() if a.kind == kind and a.is_current]
    return [*above, *(known[code] for code in citizens().index)]


def _is_own(code: str, measure: Measure) -> bool:
    """Tell whether a figure is an area's own: a district is not given its county's."""
    if code not in citizens().index:
        return True
    return _whose(measure.tier).get(code) == code


@cache
def _whose(tier: str) -> dict[str, str | None]:
    return {str(code): whose for code, whose in findings.figures_of(tier).items()}


def _why(area: Area, measure: Measure, statuses: Mapping[str, str]) -> str:
    """Say why an area has no figure in the latest period, of which the statuses are given."""
    if area.code in citizens().index and not _is_own(area.code, measure):
        whose = _whose(measure.tier).get(area.code)
        if measure.tier == "fire":
            return "a figure of fire and rescue authorities"
        if area.tier == "fire":
            return "a figure of councils"
        if isinstance(whose, str):
            return f"provided by {areas.register()[whose].name}, its county council"
        return "provided by the district councils"
    if area.code not in statuses:
        return "not published for it"
    row = {"shown": area.code, "status": statuses[area.code], "is_new": False}
    return words.why_none(row, measure)


# --- what can be chosen ---------------------------------------------------------------------------


def index(shown: Collection[str], reports: Iterable[Report]) -> dict[str, Any]:
    """Give what can be chosen: measures by theme, areas above councils, and reports to begin from.

    Parameters
    ----------
    shown : collection of str
        The measures that have a panel.
    reports : iterable of Report

    Returns
    -------
    dict
        `measures` (in the order of themes), `areas` and `reports`.
    """
    known, called = catalogue.catalogue(), _called()
    order = {theme: place for place, theme in enumerate(themes())}
    held = sorted(
        snapshot().measures, key=lambda one: (order[known[one].theme], known[one].short.casefold())
    )
    return {
        "measures": [
            {
                "id": one,
                "short": writing.curly(known[one].short),
                "theme": themes()[known[one].theme].title,
                "words": " ".join([known[one].name, *known[one].synonyms, *called.get(one, [])]),
                "panel": one in shown,
            }
            for one in held
        ],
        "areas": [_above(area) for area in people() if area.kind in _ABOVE],
        "reports": [
            {"slug": report.slug, "title": report.title, "group": report.group, "measures": kept}
            for report in reports
            for kept in [[one for one in report.shown if one in shown]]
            if kept
        ],
    }


def _above(area: Area) -> dict[str, Any]:
    slug = area.name.lower().replace(" ", "-")
    # A district is called so, too: an address must not lead to either by chance.
    return {
        "code": area.code,
        "name": area.name if area.kind == "country" else f"{area.name} (region)",
        "slug": slug if area.kind == "country" else f"region-{slug}",
        "kind": area.kind,
        "county": "",
        "also": [],
        "former": [],
    }


def _called() -> Mapping[str, list[str]]:
    """Give what people call measures, by id."""
    found: dict[str, list[str]] = {}
    for one in synonyms():
        led = list(one.measures)
        if one.theme:
            led += [measure.id for measure in catalogue.catalogue().of_theme(one.theme)]
        for identifier in led:
            found.setdefault(identifier, []).extend(one.words)
    return found
