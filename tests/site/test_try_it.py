"""Things to try: every kind at every position, the worked picture, and what stops the build."""

from __future__ import annotations

import json
import re
import sys
from html import unescape
from pathlib import Path

import pytest
import yaml

from goldenthread.analysis import control, intervals
from goldenthread.areas import read
from goldenthread.site import try_it
from goldenthread.site.try_chance import Chance
from goldenthread.site.try_it import Slider, TryItError, load, things
from goldenthread.site.try_picture import Label, Mark, Scene, draw

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

KINDS = list(things())


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@pytest.mark.parametrize("kind", KINDS)
def test_every_position_has_a_sentence_a_picture_inside_its_frame_and_a_table_of_one_size(kind):
    thing = things()[kind]
    size = len(thing.scene(kind, thing.start).rows)
    said = set()
    for state in thing.positions:
        scene = thing.scene(kind, state)
        sentence = thing.sentence(scene)
        said.add(sentence)
        assert not re.search(r"[{}]|nan|None|\d\.\d{4}", sentence), state
        assert len(sentence) <= 260
        places = [*(p for mark in scene.marks for p in mark.points)]
        places += [(label.x, label.y) for label in scene.labels]
        assert all(-0.01 <= x <= 100.01 and -0.01 <= y <= 100.01 for x, y in places), state
        assert len(scene.rows) == size
        assert {len(row) for row in scene.rows} == {len(thing.columns)}
    # Moving something says something else.
    assert len(said) >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_is_read_somewhere(kind):
    thing = things()[kind]
    states = list(thing.positions)
    for moved in thing.controls:
        if isinstance(moved, Slider):
            steps = range(moved.low, moved.high + 1, moved.step)
            states += [{**thing.start, moved.name: value} for value in steps]
    assert {thing.scene(kind, state).says for state in states} == set(thing.says)


def test_one_page_holds_all_of_them_and_each_is_whole_without_scripts(tmp_path):
    text = "\n\n".join(f"```{{try-it}} {kind}\n```" for kind in [*KINDS, KINDS[0]])
    made = page(tmp_path, text)
    assert made.faults == []
    assert made.metadata[try_it.TRIES] == "yes"
    ids = re.findall(r' id="(try-[^"]*)"', made.html)
    assert len(ids) == len(set(ids))
    for label in re.findall(r'<label for="([^"]*)"', made.html):
        assert label in ids
    parts = made.html.split('<div class="try-it"')[1:]
    assert len(parts) == len(KINDS) + 1
    for kind, part in zip(KINDS, parts):
        thing = things()[kind]
        text = _text(part)
        scene = thing.scene(kind, thing.start)
        for words in (thing.title, thing.instruction, thing.sentence(scene), thing.shows):
            assert " ".join(words.split()) in text
        assert "are made up" in text
        assert '<div class="picture" role="img" aria-labelledby=' in part
        assert part.count("<tr>") == 1 + len(scene.rows)
        block = json.loads(re.search(r'json">(.*?)</script>', part, re.DOTALL)[1])
        assert block["start"] == thing.start


def test_a_title_asks_and_a_picture_has_no_place_that_exists():
    names = {area.name for area in read().values()}
    written = yaml.safe_dump(yaml.safe_load(try_it.PATH.read_text(encoding="utf-8")))
    assert all(thing.title.endswith("?") for thing in things().values())
    made_up = {"Northmere", *re.findall(r"name: ([A-Z]\w+)", written)}
    assert len(made_up) >= 12
    assert made_up & names == set()


# --- the methods are those of the analysis ------------------------------------------------------------


def _scene(kind, **state):
    return things()[kind].scene(kind, {**things()[kind].start, **state})


def test_a_month_is_a_signal_just_where_its_movedchart_says_so():
    thing = things()["control-limits"]
    for series in ("steady", "uneven"):
        before = thing.data[series]
        # The months before hold no signal, so that the last one is all there is to see.
        assert set(control.xmr(before).table["rule"]) == {""}
        for value in range(61):
            chart = control.xmr([*before, value], baseline=len(before))
            signal = _scene("control-limits", series=series, value=value).says != "inside"
            assert signal == (chart.rule != "")
    # The very same figure is a signal in one series and none in the other.
    assert _scene("control-limits", series="steady").says == "above"
    assert _scene("control-limits", series="uneven").says == "inside"


def test_the_place_of_a_rate_follows_its_denominator():
    places = [
        _scene("denominator", by=by).values["place"]
        for by in ("count", "residents", "daytime", "miles")
    ]
    assert places == ["4th", "5th", "1st", "3rd"]


def test_chance_moves_a_small_number_more_and_is_repeatable():
    def width(people, draw):
        shares = [
            float(row[2].rstrip("%"))
            for row in _scene("small-numbers", people=people, draw=draw).rows
        ]
        return max(shares) - min(shares)

    assert _scene("small-numbers", draw=3) == _scene("small-numbers", draw=3)
    assert _scene("small-numbers", draw=3) != _scene("small-numbers", draw=4)
    draws = range(8)
    assert sum(width(20, d) for d in draws) > 4 * sum(width(1000, d) for d in draws)
    row = _scene("small-numbers").rows[0]
    lower, upper = intervals.wilson(int(row[1]), 30)
    assert row[3] == f"{100 * lower:.0f}% to {100 * upper:.0f}%"


def test_a_target_changes_colours_and_nothing_else():
    strict, kind = _scene("target", target=95, tolerance=0), _scene("target", target=60)
    assert [row[2] for row in strict.rows] == ["Red"] * 12
    assert [row[2] for row in kind.rows] == ["Green"] * 12
    assert [row[:2] for row in strict.rows] == [row[:2] for row in kind.rows]
    assert strict.values["mean"] == kind.values["mean"]


def test_both_kinds_improve_and_the_total_gets_worse_by_the_mix_alone():
    scene = _scene("mix")
    assert [row[3][0] for row in scene.rows] == ["+", "+", "−"]
    assert _scene("mix", complex=20).says == "better"
    # 80% of 88 and 20% of 50; then 55% of 91 and 45% of 53.
    assert (scene.values["before"], scene.values["after"]) == ("80.4%", "73.9%")
    assert scene.values["change"] == "6.5"


def test_the_worst_improve_by_chance_and_stay_where_nothing_is_chance():
    def change(**state):
        return float(_scene("regression", **state).rows[0][3].replace("−", "-"))

    draws = range(30)
    mean = {
        chance: sum(change(chance=chance, draw=d) for d in draws) / 30 for chance in (0, 50, 100)
    }
    assert mean[0] == 0
    assert 3 < mean[50] < mean[100]


def test_shared_places_and_overlaps_are_counted():
    assert _scene("rank", share=65).values["first"] == "5th"
    assert _scene("rank", share=65).values["last"] == "7th"
    assert _scene("rank", share=80).says == "alone"
    assert _scene("rank", share=80).values["first"] == "1st"
    assert int(_scene("rank", share=61).values["overlap"]) == sum(
        low <= upper and high >= lower
        for lower, upper in [intervals.wilson(305, 500)]
        for low, high in (
            intervals.wilson(5 * row["share"], 500) for row in things()["rank"].data["others"]
        )
    )


def test_the_cheapest_case_is_the_dearest_result():
    values = _scene("money-and-result").values
    assert (values["cost_place"], values["result_place"]) == ("1st", "6th")
    assert values["per_result"] == "£2,400"


def test_an_average_hides_the_smallest_town():
    assert _scene("average").values["mean"] == "79.1%"
    assert _scene("average", share=34).values["mean"] == "78.3%"
    assert _scene("average").values["step"] == "0.8"


def test_numbers_by_chance_are_spread_as_they_should_be():
    chance = Chance(1)
    numbers = [chance.number() for _ in range(5000)]
    assert all(0 <= number < 1 for number in numbers)
    assert abs(sum(numbers) / 5000 - 0.5) < 0.02
    normals = [chance.normal() for _ in range(5000)]
    assert abs(sum(normals) / 5000) < 0.06
    assert abs(sum(n * n for n in normals) / 5000 - 1) < 0.08


def test_a_picture_shows_a_name_as_text():
    drawn = draw(Scene(marks=[Mark("area", "band", [(0, 0), (1, 1)])], labels=[Label(1, 2, "<b>")]))
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn


# --- what is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```{try-it} denominators\n```", "no kind 'denominators'; the nearest is 'denominator'"),
        ("```{try-it} xyz\n```", "no kind 'xyz': expected one of denominator, small-numbers"),
        ("```{try-it}\n```", "1 argument(s) required"),
    ],
)
def test_a_wrong_kind_is_an_error_of_its_line(tmp_path, text, said):
    found = fault(page(tmp_path, f"Words before.\n\n{text}"))
    assert found.startswith("5: ERROR: ")
    assert said in found


def test_a_wrong_file_names_kind_and_field(tmp_path):
    entries = yaml.safe_load(try_it.PATH.read_text(encoding="utf-8"))
    path = tmp_path / "try-it.yaml"

    def said(changed):
        path.write_text(yaml.safe_dump(changed), encoding="utf-8")
        with pytest.raises(TryItError) as error:
            load(path)
        return str(error.value)

    assert said({**entries, "mix": {**entries["mix"], "title": "no question"}}).startswith(
        "try-it.yaml: mix: title"
    )
    assert said({**entries, "more": entries["mix"]}).endswith("and no other: more")
