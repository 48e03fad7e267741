"""Words: read by eye in a table of cases, and by property for every council and waste measure."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from goldenthread import areas, findings, words
from goldenthread.catalogue import catalogue
from goldenthread.snapshot import snapshot

RATE = catalogue()["household-recycling-rate"]
RESIDUAL = catalogue()["residual-waste-per-household"]
TONNES = catalogue()["household-waste-collected"]
NBSP = "\u00a0"


def _found(**more):
    return {
        "shown": "E06000010",
        "name": "Hull",
        "kind": "unitary",
        "start": pd.NaT,
        "period": "2022/23",
        "period_end": pd.Timestamp(2023, 3, 31),
        "value": 46.6,
        "status": "published",
        "last_value": math.nan,
        "last_period": None,
        "rank": 21.0,
        "quarter": 3.0,
        "councils": 59,
        "lower": 33.5,
        "median": 40.1,
        "upper": 48.8,
        "england": 41.7,
        "before": 49.1,
        "before_period": "2017/18",
        **more,
    }


CASES = [
    (
        RATE,
        {},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils.",
    ),
    (
        RATE,
        {"quarter": 4.0},
        "Hull’s household recycling rate was 46.6% in 2022/23, in the highest quarter of unitary councils.",
    ),
    (
        RATE,
        {"value": 20.0, "quarter": 1.0},
        "Hull’s household recycling rate was 20.0% in 2022/23, in the lowest quarter of unitary councils.",
    ),
    (
        RATE,
        {"value": 38.0, "quarter": 2.0},
        "Hull’s household recycling rate was 38.0% in 2022/23, lower than most unitary councils.",
    ),
    (
        RATE,
        {"value": 40.14, "quarter": 3.0},
        "Hull’s household recycling rate was 40.1% in 2022/23, the same as the middle of unitary councils.",
    ),
    (RATE, {"quarter": math.nan}, "Hull’s household recycling rate was 46.6% in 2022/23."),
    (
        RATE,
        {"value": 0.0, "quarter": 1.0},
        "Hull’s household recycling rate was 0.0% in 2022/23, in the lowest quarter of unitary councils.",
    ),
    (
        RATE,
        {"name": "Leeds", "kind": "metropolitan district"},
        "Leeds’ household recycling rate was 46.6% in 2022/23, higher than most metropolitan councils.",
    ),
    (
        RATE,
        {"name": "Bexley", "kind": "London borough"},
        "Bexley’s household recycling rate was 46.6% in 2022/23, higher than most London boroughs.",
    ),
    (
        RESIDUAL,
        {"value": 444.4, "median": 529.0, "quarter": 1.0},
        f"Hull’s residual waste per household was 444{NBSP}kg in 2022/23, in the lowest quarter of unitary councils.",
    ),
    (
        TONNES,
        {"value": 103366.0},
        f"Household waste collected in Hull: 103,366{NBSP}tonnes in 2022/23.",
    ),
    (
        RATE,
        {"value": math.nan, "status": "suppressed"},
        "There is no figure for Hull in 2022/23: the publisher holds it back, so that nobody can be recognised in it.",
    ),
    (
        RATE,
        {"value": math.nan, "status": "not provided"},
        "There is no figure for Hull in 2022/23: the council did not send it.",
    ),
    (
        RATE,
        {"value": math.nan, "status": "negligible"},
        "There is no figure for Hull in 2022/23: it is more than nothing but too small for the publisher to show.",
    ),
    (
        RATE,
        {
            "value": math.nan,
            "status": "not available",
            "last_value": 30.0,
            "last_period": "2019/20",
        },
        "There is no figure for Hull in 2022/23: the publisher has none. The latest before it is 30.0% in 2019/20.",
    ),
    (
        RATE,
        {"shown": None, "value": math.nan},
        "This service is each district council’s own: there is one figure for each district, and none for the county.",
    ),
    (
        RATE,
        {
            "shown": "E06000063",
            "name": "Cumberland",
            "start": pd.Timestamp(2023, 4, 1),
            "value": math.nan,
            "status": "not available",
        },
        "There is no figure for Cumberland: it was formed on 1 April 2023, and the latest figures (2022/23) are still those of Allerdale, Carlisle, Copeland and Cumbria.",
    ),
]


@pytest.mark.parametrize(("measure", "found", "said"), CASES, ids=[case[2][:50] for case in CASES])
def test_sentences(measure, found, said):
    assert words.sentence(_found(**found), measure) == said


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, 0, "0"),
        (0.05, 1, "0.1"),
        (0.25, 1, "0.3"),
        (2.675, 2, "2.68"),
        (-0.04, 1, "0.0"),
        (-1234.5, 0, "−1,235"),
        (1e6, 0, "1,000,000"),
    ],
)
def test_numbers(value, decimals, written):
    assert words.number(value, decimals) == written


@pytest.mark.parametrize(
    ("unit", "per", "value", "written"),
    [
        ("pounds", 1, 1240.0, "£1,240"),
        ("pounds", 1, -12.0, "−£12"),
        ("rate", 1000, 3.0, "3 per 1,000"),
        ("rate", 100000, 3.0, "3 per 100,000"),
        ("years", 1, 81.0, f"81{NBSP}years"),
        ("minutes", 1, 8.0, f"8{NBSP}minutes"),
        ("count", 1, 12345.0, "12,345"),
        ("score", 1, 18.0, "18"),
    ],
)
def test_figures_with_their_units(unit, per, value, written):
    measure = RATE.model_copy(update={"unit": unit, "per": per, "decimals": 0})
    assert words.figure(value, measure) == written


def test_a_rank_is_joint_where_it_is_shared_and_says_which_end_is_first():
    ranks = pd.Series([20.0, 21.0, 21.0])
    assert (
        words.standing(_found(), RATE, ranks)
        == "joint 21st of 59 unitary councils, where 1st is the highest"
    )
    assert (
        words.standing(_found(rank=20.0), RESIDUAL, ranks)
        == "20th of 59 unitary councils, where 1st is the lowest"
    )
    assert words.standing(_found(rank=math.nan), RATE, ranks) == ""
    assert words.standing(_found(), TONNES, ranks) == ""


@pytest.mark.parametrize(
    ("more", "raised"),
    [
        ({"value": math.nan, "status": "suppressed"}, "missing"),
        ({"quarter": 1.0, "value": 20.0}, "weak"),
        ({"quarter": 4.0, "value": 55.0, "before": 50.0}, "strong"),
        ({"quarter": 4.0, "value": 49.0, "before": 56.0}, "slipping"),
        ({"quarter": 4.0, "value": 49.0, "before": 49.5}, "strong"),
        ({"quarter": 4.0, "value": 49.0, "before": math.nan}, "strong"),
        ({"quarter": 2.0}, ""),
        ({"quarter": math.nan}, ""),
        ({"shown": None, "value": math.nan}, ""),
    ],
)
def test_the_question_follows_from_the_finding(more, raised):
    assert words.question(_found(**more), RATE) == raised
    assert raised in {"", *words.QUESTIONS}


def test_low_is_good_turns_the_question_round():
    assert words.question(_found(quarter=1.0, before=46.6), RESIDUAL) == "strong"
    assert words.question(_found(quarter=4.0), RESIDUAL) == "weak"


def test_without_a_polarity_nothing_is_good_or_bad():
    measure = RATE.model_copy(update={"polarity": None, "polarity_why": "It depends."})
    assert words.question(_found(quarter=1.0), measure) == ""
    assert (
        words.direction(measure)
        == "Neither a high nor a low figure is better in itself. It depends."
    )


def test_boroughs_whose_waste_another_body_disposes_of_are_not_asked_for_it():
    measure = catalogue()["municipal-waste-landfilled"]
    row = _found(shown="E08000003", name="Manchester", value=math.nan, status="not available")
    assert "Greater Manchester Combined Authority" in words.sentence(row, measure)
    assert words.question(row, measure) == ""


@pytest.mark.parametrize("measure", catalogue().of_theme("waste"), ids=lambda m: m.id)
def test_every_sentence_of_the_snapshot_reads_well(measure):
    table = snapshot().measure(measure.id, areas="current")
    found = findings.findings(measure, table)
    names = {area.code: area.name for area in areas.councils()}
    for code, row in found.to_dict("index").items():
        said = words.sentence(row, measure)
        title = words.title({**row, "name": row["name"] or names[code]}, measure)
        all_said = " ".join(filter(None, [said, words.before(row, measure), title]))
        assert said.endswith(".")
        assert not re.search(
            r"\bnan\b|None|NaT|\{|\}|  |\b1 (unitary|county|district|metropolitan) councils",
            all_said,
        ), all_said
        assert not ("highest" in said and "lower than" in said)
        if not math.isnan(row["quarter"]) and measure.unit not in ("count", "tonnes"):
            low = "lower than" in said or "lowest quarter" in said
            high = "higher than" in said or "highest quarter" in said
            assert low + high <= 1
            if low:
                assert row["value"] <= row["median"]
            if high:
                assert row["value"] >= row["median"]
