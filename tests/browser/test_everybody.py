"""What every report says to every council and every fire and rescue authority, in the files that its pages fetch."""

from __future__ import annotations

import json
import math
import re
from collections import Counter

import pytest

from goldenthread import areas
from goldenthread.authorities import citizens
from goldenthread.catalogue import catalogue
from goldenthread.snapshot import snapshot

_MEASURES = re.compile(r'<section class="panel"[^>]* data-measure="([^"]+)"')
#: What no sentence holds.
_BROKEN = re.compile(r"\b(undefined|null|NaN|None|nan)\b|[{}]|\[object|  | [.,;:]")
#: Who provides what, by the kinds of the register; anybody has figures that both tiers have.
PROVIDERS = {
    "upper": {"county", "unitary", "metropolitan district", "London borough"},
    "lower": {"district", "unitary", "metropolitan district", "London borough"},
    "fire": {"fire and rescue authority"},
}
KINDS = {code: areas.register()[code].kind for code in citizens().index}


@pytest.fixture(scope="module")
def own(site) -> dict[str, dict]:
    folder = site / "_static" / "councils"
    return {code: json.loads((folder / f"{code}.json").read_text("utf-8")) for code in KINDS}


@pytest.fixture(scope="module")
def measures_of(site, reports) -> dict[str, list[str]]:
    pages = {path: (site / path).read_text("utf-8") for path in reports}
    return {path: _MEASURES.findall(text) for path, text in pages.items()}


def _words(entry: dict) -> list[str]:
    said = [value for key, value in entry.items() if isinstance(value, str) and key != "side"]
    return said + entry.get("cautions", [])


def test_every_report_speaks_to_everybody_with_all_some_and_none_of_its_figures(own, measures_of):
    held = Counter()
    for code, content in own.items():
        # A fire authority is told of the figures of councils that they are theirs.
        fire = KINDS[code] == "fire and rescue authority"
        for measure, entry in content["measures"].items():
            broken = [words for words in _words(entry) if _BROKEN.search(words)]
            assert not broken, (code, measure, broken)
        for path, measures in measures_of.items():
            there = 0
            for measure in measures:
                if fire and catalogue()[measure].tier != "fire":
                    assert measure not in content["measures"]
                    assert content["elsewhere"]
                    continue
                entry = content["measures"][measure]
                assert entry["sentence"], (code, path, measure)
                there += bool(entry.get("value"))
            if measures:
                held[("none", "some", "all")[bool(there) + (there == len(measures))]] += 1
    assert min(held[how] for how in ("none", "some", "all")) > 100, held


def test_nobody_is_ranked_for_a_service_that_they_do_not_provide(site, own):
    ranked = Counter()
    for path in sorted((site / "_static" / "councils").glob("*.*.json")):
        code = path.name.split(".")[0]
        for name, entry in json.loads(path.read_text("utf-8"))["measures"].items():
            measure = catalogue()[name]
            whose = entry["group"].split()[0]
            providers = PROVIDERS.get(measure.tier)
            assert providers is None or KINDS[whose] in providers, (path.name, name)
            if whose != code:
                # Another's figure stands under that one's name, and it is said why.
                said = own[code]["measures"][name]
                assert said["name"], (path.name, name)
                assert said["note"], (path.name, name)
            if not own[code]["measures"][name].get("value"):
                assert not {"rank", "short"} & set(entry), (path.name, name)
            if measure.size:
                assert "quarter" not in entry.get("where", ""), (path.name, name)
            ranked[measure.tier] += "rank" in entry
    assert min(ranked[tier] for tier in ("upper", "lower", "both", "fire")) > 100, ranked


def test_totals_of_a_tier_hold_nobody_twice():
    """A county's figure holds that of its districts, and the total of England everybody's once."""
    counted = 0
    for name in snapshot().measures:
        measure = catalogue()[name]
        figures = snapshot().measure(name, areas="current")
        figures = figures[figures["period_end"] == figures["period_end"].max()]
        values = figures.set_index("area")["value"].dropna()
        people = values[values.index.isin(KINDS)]
        if measure.tier in PROVIDERS:
            wrong = {KINDS[code] for code in people.index} - PROVIDERS[measure.tier]
            assert not wrong, (name, wrong)
            assert not {areas.register()[code].county for code in people.index} & set(
                people.index
            ), name
            assert not people.index.duplicated().any(), name
            england = values.get("E92000001", math.nan)
            if measure.size and measure.unit == "count" and not math.isnan(england):
                # Published totals are rounded, each by itself.
                assert people.sum() <= england * 1.01 + 500, name
                counted += people.sum() > england * 0.5
    assert counted > 10
