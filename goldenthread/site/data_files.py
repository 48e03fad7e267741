"""The small files that a page fetches: who is who, and for every council its figures and comparisons.

A council has one file of its own figures (`councils/<code>.json`) and one for each comparison
(`councils/<code>.<comparator>.json`), so that choosing another comparison fetches little. All words
in them are made here; the page's script puts them where they belong. `Panel.block` holds what all
councils share.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from goldenthread import areas, findings, peers, words, writing
from goldenthread.areas import Area
from goldenthread.authorities import citizens
from goldenthread.catalogue import catalogue
from goldenthread.site import comparison, context, groups, inline, panels, processors, stands_out
from goldenthread.site.authorities import addresses, title
from goldenthread.site.groups import Groups
from goldenthread.site.panels import PLACES, Panel, labels, listed

#: The folder of the councils' files, in the built site.
FOLDER: Final = "_static/councils"

Row = dict[str, Any]
#: An entry of a file.
Entry = dict[str, Any]


def write(out: Path, shown: Iterable[Panel]) -> None:
    """Write what the scripts and the readers fetch: who is who, and every council.

    Parameters
    ----------
    out : pathlib.Path
        The folder of the built site.
    shown : iterable of Panel
        The measures that pages show.
    """
    listed_ = list(shown)
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    # In this order: the pages know a place in the list by its number.
    everybody = [who(areas.register()[code]) for code in citizens().index]
    write_json(out / "_static" / "areas.json", everybody)
    write_json(out / "_static" / "features.json", context.shared())
    making = Making(listed_)

    def write_one(code: str) -> None:
        for name, content in making.files(code):
            write_json(out / FOLDER / name, content)

    for _ in processors.each(write_one, list(citizens().index)):
        pass


def write_json(path: Path, data: Any) -> None:
    """Write data without a byte that is not needed."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.write_text(text, encoding="utf-8")


class Making:
    """What everybody's files are made from: every measure in every comparison, found in one pass.

    Parameters
    ----------
    shown : sequence of Panel
    """

    def __init__(self, shown: Sequence[Panel]) -> None:
        self._shown = {
            False: shown,
            True: [panel for panel in shown if panel.measure.tier == "fire"],
        }
        self._comparisons = {
            choice.id: _Comparison(choice.id, self._shown[fire])
            for fire in (True, False)
            for choice in groups.choices(fire=fire)
        }
        for comparison_ in self._comparisons.values():
            comparison_.find()

    def files(self, code: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Make the files of a council or a fire and rescue authority.

        Parameters
        ----------
        code : str
            A GSS code.

        Yields
        ------
        tuple of str and dict
            The name of the file, and what it holds.
        """
        fire = _is_fire(code)
        shown = self._shown[fire]
        yield f"{code}.json", _own_file(code, shown, self._comparisons[groups.USUALLY])
        for choice in groups.choices(fire=fire):
            yield (
                f"{code}.{choice.id}.json",
                _compared_file(code, choice.id, shown, self._comparisons),
            )


# --- one comparison, for all measures ---------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Comparison:
    """What is found of all measures in one comparison; entries are made once for those who share them."""

    id: str
    panels: Sequence[Panel]

    @cached_property
    def groups(self) -> Groups:
        return groups.groups(self.id)

    @cached_property
    def rows(self) -> dict[tuple[str, str], Row]:
        """The findings of each measure and whoever has a figure of its own."""
        if not self.panels:
            return {}
        observed = pd.concat([panel.observations for panel in self.panels], ignore_index=True)
        table = findings.table(observed, [panel.measure for panel in self.panels], self.id)
        table = table.reset_index().astype({"area": object, "shown": object, "measure": object})
        own = table[table["area"] == table["shown"]]
        return {
            (row["measure"], row["area"]): row for row in cast(list[Row], own.to_dict("records"))
        }

    @cached_property
    def bands(self) -> dict[str, Any]:
        """By measure, the quartiles of everybody's group over time: (authorities, periods, 3)."""
        return {
            panel.measure.id: groups.bands(panel.figures, panel.alike, self.groups)
            for panel in self.panels
            if panel.compares
        }

    def find(self) -> None:
        """Find all of it now: those who share the work would each find it for themselves."""
        _ = self.rows, self.bands

    @cached_property
    def entries(self) -> dict[tuple[str, str], Entry]:
        """The entries made so far: a county's are those of each of its districts."""
        return {}

    def entry(self, panel: Panel, shown: str) -> Entry:
        """Give what the comparison says of an authority's figure, whoever is shown it."""
        key = (panel.measure.id, shown)
        if key not in self.entries:
            self.entries[key] = self._entry(panel, self.rows[key])
        return self.entries[key]

    def _entry(self, panel: Panel, row: Row) -> Entry:
        measure, shown = panel.measure, str(row["area"])
        band = self._band(panel, shown)
        entry: Entry = panel.drawn(row["name"], panel.line(shown), panel.nation_line, *band)
        if panel.compares:
            several = words.group(row, measure)
            entry |= {
                "middle": panel.write(row["median"]),
                "middleOf": f"middle of {several}",
                "several": several,
            }
        if pd.isna(row["value"]):
            return entry
        plain = {**row, "median": math.nan, "rank": math.nan}
        head = words.sentence(plain, measure).removesuffix(".")
        title = words.title(plain, measure)
        entry["where"] = words.sentence(row, measure).removeprefix(head)
        entry["short"] = words.title(row, measure).removeprefix(title)
        standing = words.standing(row, measure)
        if standing:
            entry["rank"] = f": {standing}"
        elif entry.get("several"):
            entry["rank"] = f" among {int(row['peers'])} {entry['several'].removeprefix('all ')}"
        return {key: value for key, value in entry.items() if value != ""}

    def _band(self, panel: Panel, shown: str) -> list[list[float]]:
        if panel.measure.id not in self.bands:
            return [[math.nan] * len(panel.periods)] * len(PLACES)
        band = self.bands[panel.measure.id][_places()[shown]]
        return [[panel.rounded(value) for value in band[:, at]] for at in range(len(PLACES))]


@cache
def _places() -> dict[str, int]:
    return {str(code): place for place, code in enumerate(citizens().index)}


# --- a council's own file --------------------------------------------------------------------------


def _own_file(code: str, shown: Sequence[Panel], usual: _Comparison) -> dict[str, Any]:
    names = {code: _called(code)}
    measures: dict[str, Entry] = {}
    for panel in shown:
        measures[panel.measure.id] = _own_entry(panel, code, usual, names)
    made = {
        "code": code,
        # Beside its line an authority goes by its everyday name: the whole one has no room there.
        "labels": {name: labels(areas.register()[one].name) for one, name in names.items()},
        "without": _without(code),
        "measures": measures,
    }
    if _is_fire(code):
        made["elsewhere"] = (
            f"This is a figure of councils, and {writing.placed(names[code])} has none: the page "
            "shows England’s."
        )
    return made


def _is_fire(code: str) -> bool:
    return areas.register()[code].tier == "fire"


def _called(code: str) -> str:
    """Name an authority as the page does: a fire authority in full, since a council may be called so."""
    area = areas.register()[code]
    return title(area) if area.tier == "fire" else area.name


def _own_entry(panel: Panel, code: str, usual: _Comparison, names: dict[str, str]) -> Entry:
    measure, name = panel.measure, names[code]
    whose = _whose(measure.tier)[code]
    if whose is None:
        nobody: Row = {"shown": None}
        return {
            "sentence": words.sentence(nobody, measure),
            "title": words.title(nobody, measure),
            inline.FIGURE: inline.value(nobody, measure, name),
            "compared": comparison.said(nobody, measure, name),
        }
    row = usual.rows[(measure.id, whose)]
    names[whose] = _called(whose)
    # What is said of a figure by itself; a comparison adds where it stands.
    plain = {**row, "median": math.nan, "rank": math.nan, "quartile": math.nan, "quarter": math.nan}
    missing = pd.isna(row["value"])
    said = words.sentence(plain, measure)
    entry = {
        "name": names[whose] if whose != code else "",
        "sentence": said if missing else said.removesuffix("."),
        "change": words.change(row, measure),
        "value": "" if missing else panel.write(row["value"]),
        "before": words.before(row, measure),
        "beside": words.england(row, measure),
        "note": words.whose({**row, "area": code}, name),
        "cautions": words.cautions(row, measure),
        "title": words.title(plain, measure),
        inline.FIGURE: inline.value(row, measure, name),
        "asks": panels.asked({**plain, "area": code}, measure),
        "weight": stands_out.of_change(row, measure) or "",
        "line": listed(panel.line(whose)),
        **panel.side(panel.rounded(row["value"])),
    }
    return {key: value for key, value in entry.items() if value != "" and value != []}


@cache
def _whose(tier: str) -> Mapping[str, str | None]:
    """Tell whose figure each authority is shown, as far as anybody has one."""
    return cast(dict[str, "str | None"], findings.figures_of(tier).to_dict())


def _without(code: str) -> dict[str, str]:
    """Say which comparisons hold nobody for an authority itself, and why."""
    place = _places()[code]
    offered = groups.choices(fire=_is_fire(code))
    lacking = [c.id for c in offered if groups.groups(c.id).of[place] < 0]
    return {comparator: peers.why_not(comparator, code) for comparator in lacking}


# --- a comparison's file ---------------------------------------------------------------------------


def _compared_file(
    code: str, chosen: str, shown: Sequence[Panel], by_comparator: Mapping[str, _Comparison]
) -> dict[str, Any]:
    name = _called(code)
    members: dict[str, list[int]] = {}
    measures: dict[str, Entry] = {}
    for panel in shown:
        measure = panel.measure
        whose = _whose(measure.tier)[code]
        if whose is None:
            continue
        place = _places()[whose]
        used = groups.used(chosen, measure, place)
        made = by_comparator[used]
        row = made.rows[(measure.id, whose)]
        group = whose if used == chosen else f"{whose} {used}"
        if group not in members:
            members[group] = [place, *made.groups.others(place)]
        entry = {**made.entry(panel, whose), "group": group}
        entry["asks"] = panels.asked({**row, "area": code}, measure)
        if weight := stands_out.of_place(row, measure):
            entry["weight"] = weight
        entry["compared"] = comparison.said(row, measure, name)
        if used != chosen:
            entry["note"] = groups.why_used(chosen, measure, row["name"])
        measures[measure.id] = entry
    return {"phrase": phrase(chosen, code), "groups": members, "measures": measures}


def phrase(comparator: str, code: str) -> str:
    """Say whom an authority is compared with, as it stands after "compared with".

    Parameters
    ----------
    comparator : str
        An id of `groups.choices`.
    code : str

    Examples
    --------
    >>> phrase("similar", "E06000010"), phrase("region", "E06000010")
    ('15 similar councils', '14 other councils in Yorkshire and the Humber')
    >>> phrase("governance", "E31000022")
    '19 other fire authorities of its type'
    """
    area, among = areas.register()[code], groups.groups(comparator)
    others = len(among.others(_places()[code]))
    if not others and area.county:
        county = areas.register()[area.county]
        theirs = len(among.others(_places()[county.code]))
        if theirs:
            return f"{theirs} statistical neighbours of {county.name}, for county services"
    if not others:
        return phrase(groups.USUALLY, code)
    if comparator == "england":
        several = words.KINDS[area.kind if _is_fire(code) else "all"][1]
        return f"{others} other {several} in England"
    region = areas.register()[area.region or findings.ENGLAND].name
    asked = {"comparator": comparator, "kind": area.kind, "region": region}
    # Words that name a group whatever is measured, as they are for a measure of any council's.
    named = words.group(asked, next(m for m in catalogue().values() if m.tier == "upper"))
    other = "other " if peers.comparators()[comparator].with_self else ""
    return f"{others} {other}{named.removeprefix('its ')}"


# --- who is who ------------------------------------------------------------------------------------


def who(area: Area) -> dict[str, Any]:
    """Give what the picker knows of an authority: its names, its kind, its county, whom it replaced."""
    known = areas.register()
    former = [known[code].name for code in _ancestors(area.code)]
    county = known[area.county].name if area.county else ""
    name = _called(area.code)
    also = [area.official, *area.variants]
    made = {
        "code": area.code,
        "name": name,
        "slug": addresses()[area.code],
        "kind": area.kind,
        "county": county,
        "also": [other for other in dict.fromkeys(also) if other and other != name],
        "former": [old for old in dict.fromkeys(former) if old != name],
    }
    if area.fire:
        # A place's name finds the fire authority that serves it, too.
        made["fire"] = area.fire
    return made


def _ancestors(code: str) -> list[str]:
    """List the areas that a code replaced, and those that they had replaced."""
    found: list[str] = []
    for old in areas.register()[code].replaced:
        found += [old, *_ancestors(old)]
    return found
