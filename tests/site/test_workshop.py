"""The pages to compare and to build: the files they fetch, and what stands there without a script."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from goldenthread import findings
from goldenthread.site import measure_files
from goldenthread.site.panels import panel
from goldenthread.snapshot import snapshot

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

RATE, FIRE, CHILDREN = "household-recycling-rate", "fire-band-d", "children-looked-after-rate"
HULL, KENT, ASHFORD = "E06000010", "E10000016", "E07000105"
OF_FIRE = "E31000022"


@pytest.mark.parametrize("measure", [RATE, FIRE, CHILDREN])
def test_everybody_has_a_figure_or_a_reason_and_a_figure_is_as_published(measure):
    made = measure_files.figures(panel(measure))
    held = snapshot().measure(measure, areas="current")
    latest = held[held["period_label"] == made["periods"][-1]].set_index("area")["value"]
    for area in measure_files.people():
        value = made["areas"].get(area.code, [None])[-1]
        assert (value is None) == (area.code in made["lacking"]), area.name
        if value is not None:
            assert value == pytest.approx(latest[area.code], abs=0.051)
    assert all(made["why"])


def test_nobody_is_given_the_figure_of_another():
    of_children = measure_files.figures(panel(CHILDREN))
    assert ASHFORD not in of_children["areas"]
    assert KENT in of_children["areas"]
    why = of_children["why"][of_children["lacking"][ASHFORD]]
    assert why == "provided by Kent, its county council"
    of_fire = measure_files.figures(panel(FIRE))
    assert KENT not in of_fire["areas"]
    assert OF_FIRE in of_fire["areas"]
    assert of_fire["why"][of_fire["lacking"][KENT]] == "a figure of fire and rescue authorities"
    assert of_children["why"][of_children["lacking"][OF_FIRE]] == "a figure of councils"


def test_a_district_is_told_apart_from_its_county_where_both_have_a_figure():
    jobs = measure_files.figures(panel(RATE))["jobs"]
    assert len({jobs[HULL], jobs[KENT], jobs[ASHFORD]}) > 1
    assert findings.ENGLAND not in jobs


def test_what_can_be_chosen_is_what_is_held_and_found_by_everyday_words():
    made = measure_files.index({RATE}, [])
    by_id = {one["id"]: one for one in made["measures"]}
    assert by_id.keys() == set(snapshot().measures)
    assert "bins" in by_id[RATE]["words"].split()
    assert [one["id"] for one in made["measures"] if one["panel"]] == [RATE]
    slugs = [one["slug"] for one in made["areas"]]
    assert slugs[0] == "england"
    assert len(set(slugs)) == len(slugs) == 10


def test_an_unknown_tool_is_an_error_of_its_line(tmp_path):
    found = fault(page(tmp_path, "Words.\n\n```{workshop} compose\n```"))
    assert found.startswith("5: ERROR: ")
    assert "expected one of compare, build, not 'compose'" in found


@pytest.mark.parametrize("tool", ["compare", "build"])
def test_without_a_script_it_says_what_it_needs(tmp_path, tool, monkeypatch):
    # The files of all measures take long, and are looked at above and in a browser.
    monkeypatch.setattr(measure_files, "write", lambda out, _: out.mkdir(parents=True))
    made = page(tmp_path, f"```{{workshop}} {tool}\n```")
    assert made.faults == []
    assert "needs JavaScript" in made.html
    assert f'data-workshop="{tool}"' in made.html
