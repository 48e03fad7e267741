"""Findings: of made-up figures whose answers are known, and of every council in the snapshot."""

from __future__ import annotations

import datetime as dt
import math
import random

import numpy as np
import pandas as pd
import pytest

from goldenthread import areas, findings, observations, peers, spread
from goldenthread.analysis import intervals
from goldenthread.catalogue import Break, catalogue
from goldenthread.snapshot import snapshot
from tests import plain_findings

RATE = catalogue()["household-recycling-rate"]
LANDFILL = catalogue()["municipal-waste-landfilled"]


def _made(values: dict[tuple[str, int], float], measure: str = RATE.id) -> pd.DataFrame:
    rows = [
        {
            "area": area,
            "period_start": pd.Timestamp(year, 4, 1),
            "period_end": pd.Timestamp(year + 1, 3, 31),
            "period_label": f"{year}/{(year + 1) % 100}",
            "value": value,
            "status": "suppressed" if np.isnan(value) else "published",
        }
        for (area, year), value in values.items()
    ]
    table = pd.DataFrame(rows).assign(measure=measure, note="")
    for name in ("lower", "upper", "numerator", "denominator"):
        table[name] = np.nan
    return observations.frame(table)


UNITARIES = [area.code for area in areas.councils(kind="unitary")][:8]


def test_rank_quarter_and_middle_are_of_the_same_kind_and_period():
    values = dict(zip([(code, 2022) for code in UNITARIES], [10, 20, 30, 40, 40, 60, 70, 80.0]))
    values[("E10000016", 2022)] = 99.0  # a county, which must not count among unitaries
    found = findings.findings(RATE, _made(values)).loc[UNITARIES]
    assert found["rank"].tolist() == [8, 7, 6, 4, 4, 3, 2, 1]
    assert found["rank_last"].tolist() == [8, 7, 6, 5, 5, 3, 2, 1]
    # The two that are equal would straddle the second and the third quarter.
    assert found["quarter"].fillna(0).tolist() == [1, 1, 2, 0, 0, 3, 4, 4]
    assert set(found["median"]) == {40.0}
    assert set(found["of"]) == {8}
    assert set(found["peers"]) == {8}


def test_below_five_councils_nothing_is_compared():
    values = {(code, 2022): 10.0 for code in UNITARIES[:4]}
    row = findings.findings(RATE, _made(values)).loc[UNITARIES[0]]
    assert np.isnan(row["rank"])
    assert np.isnan(row["quarter"])
    assert np.isnan(row["median"])
    assert row["value"] == 10.0


def test_a_missing_value_keeps_its_kind_and_the_last_figure():
    values = {(code, year): 10.0 for code in UNITARIES for year in (2020, 2021, 2022)}
    values[(UNITARIES[0], 2022)] = np.nan
    del values[(UNITARIES[1], 2022)]
    found = findings.findings(RATE, _made(values))
    first, second = found.loc[UNITARIES[0]], found.loc[UNITARIES[1]]
    assert (first["status"], first["last_value"], first["last_period"]) == (
        "suppressed",
        10.0,
        "2021/22",
    )
    assert (second["status"], second["last_period"]) == ("not available", "2021/22")
    assert np.isnan(first["rank"])
    assert found.loc[UNITARIES[2], "last_period"] == ""


def test_a_true_zero_is_a_value():
    values = {(code, 2022): float(number) for number, code in enumerate(UNITARIES)}
    row = findings.findings(RATE, _made(values)).loc[UNITARIES[0]]
    assert row["value"] == 0
    assert row["rank"] == 8


def test_the_earlier_figure_is_five_years_back_and_no_other():
    values = {(code, year): float(year) for code in UNITARIES for year in (2016, 2017, 2022)}
    row = findings.findings(RATE, _made(values)).loc[UNITARIES[0]]
    assert (row["before"], row["before_period"]) == (2017.0, "2017/18")
    values = {(code, year): float(year) for code in UNITARIES for year in (2016, 2022)}
    row = findings.findings(RATE, _made(values)).loc[UNITARIES[0]]
    assert np.isnan(row["before"])


def test_a_district_is_shown_its_countys_figure_for_a_county_service():
    shown = findings.figures_of("upper")
    assert shown["E07000105"] == "E10000016"
    assert shown["E10000016"] == "E10000016"
    assert findings.figures_of("both")["E07000105"] == "E07000105"


def test_a_county_has_no_figure_for_a_district_service():
    shown = findings.figures_of("lower")
    assert pd.isna(shown["E10000016"])
    assert shown["E06000010"] == "E06000010"


def test_a_districts_copy_of_its_countys_figure_is_not_counted_again():
    table = snapshot().measure(LANDFILL.id, areas="current")
    found = findings.findings(LANDFILL, table)
    assert found.loc["E07000105", "rank"] == found.loc["E10000016", "rank"]
    middle = spread.of_kinds(LANDFILL, table)
    assert middle.loc[("district", "2022/23"), "councils"] == 0
    assert middle.loc[("county", "2022/23"), "councils"] == 21


def _many(values, **more):
    """Observations of the recycling rate, `values` by year, for some councils."""
    return _made(
        {(code, year): value for code, by_year in values.items() for year, value in by_year.items()}
    ).assign(**more)


def _row(values, code, measure=RATE, **more):
    return findings.findings(measure, _many(values), **more).loc[code]


FIRST = UNITARIES[0]


def test_two_figures_are_never_a_trend():
    row = _row({code: {2021: 10.0, 2022: 40.0} for code in UNITARIES}, FIRST)
    assert row["change"] == ""
    assert row["trend"] == "cannot be calculated"
    assert row["long_trend"] == "cannot be calculated"


def test_five_figures_that_rise_are_a_trend_and_for_the_better():
    rising = {year: 30.0 + year - 2018 for year in range(2018, 2023)}
    row = _row({FIRST: rising}, FIRST)
    assert (row["trend"], row["trend_by"]) == ("increasing", "rank")
    assert (row["change"], row["change_by"], row["change_is"]) == ("risen", "trend", "better")
    low_is_good = RATE.model_copy(update={"polarity": "low"})
    assert _row({FIRST: rising}, FIRST, low_is_good)["change_is"] == "worse"
    neither = RATE.model_copy(update={"polarity": None})
    assert _row({FIRST: rising}, FIRST, neither)["change_is"] == ""


def test_a_missing_year_is_not_closed_up():
    rising = {year: float(year) for year in (2016, 2017, 2018, 2019, 2021, 2022)}
    row = _row({FIRST: rising, UNITARIES[1]: {2020: 1.0}}, FIRST)
    assert row["trend"] == "cannot be calculated"


def test_a_point_outside_its_own_range_is_a_signal():
    wobbling = {2008 + at: 40.0 + (at % 2) for at in range(14)}
    row = _row({FIRST: {**wobbling, 2022: 60.0}}, FIRST)
    assert (row["signal"], row["signal_rule"], row["signal_high"]) == (
        "improving",
        "outside limits",
        1,
    )
    assert (row["change"], row["change_by"], row["change_is"]) == ("risen", "signal", "better")
    steady = _row({FIRST: {**wobbling, 2022: 40.0}}, FIRST)
    assert (steady["signal"], steady["change"]) == ("common cause", "steady")


def test_nothing_is_said_across_a_break():
    broken = RATE.model_copy(
        update={"breaks": (Break(at="2020-04-01", why="The definition changed then."),)}
    )
    rising = {year: float(year) for year in range(2008, 2023)}
    row = _row({FIRST: rising}, FIRST, broken)
    assert (row["points"], row["change"], row["broken"]) == (3, "", True)
    assert _row({FIRST: rising}, FIRST)["broken"] == False  # noqa: E712 (a numpy truth)


def test_a_figures_own_interval_decides_if_a_gap_could_be_chance():
    measure = RATE.model_copy(update={"chance": "proportion"})
    cases = {code: (30 + 5 * at, 100) for at, code in enumerate(UNITARIES)}
    table = _made({(code, 2022): float(count) for code, (count, _) in cases.items()})
    table["numerator"] = [float(count) for count, _ in cases.values()]
    table["denominator"] = 100.0
    found = findings.findings(measure, table).loc[UNITARIES]
    low, high = intervals.wilson(table["numerator"], table["denominator"])
    np.testing.assert_allclose(found["lower"], np.asarray(low) * 100)
    np.testing.assert_allclose(found["upper"], np.asarray(high) * 100)
    assert set(found["interval"]) == {"computed"}
    assert found["median"].iloc[0] == 47.5
    # Only intervals that leave 47.5 out are judged: up to 35 of 100, and from 60 of 100.
    said = ["lower", "lower", "similar", "similar", "similar", "similar", "higher", "higher"]
    assert found["against_median"].tolist() == said


def test_without_an_interval_no_gap_is_judged():
    values = {code: {2022: 10.0 * at} for at, code in enumerate(UNITARIES)}
    assert _row(values, FIRST)["against_median"] == "not compared"


def test_published_limits_stand_before_computed_ones():
    measure = RATE.model_copy(update={"chance": "proportion"})
    table = _made({(FIRST, 2022): 30.0})
    table[["lower", "upper", "numerator", "denominator"]] = [20.0, 45.0, 30.0, 100.0]
    row = findings.findings(measure, table).loc[FIRST]
    assert (row["lower"], row["upper"], row["interval"]) == (20.0, 45.0, "published")


def test_few_cases_are_told():
    measure = RATE.model_copy(update={"chance": "proportion"})
    table = _made({(FIRST, 2022): 30.0, (UNITARIES[1], 2022): 30.0})
    table["numerator"], table["denominator"] = [3.0, 300.0], [10.0, 1000.0]
    found = findings.findings(measure, table)
    assert found.loc[UNITARIES[:2], "small"].tolist() == [True, False]


def test_a_total_is_never_ranked():
    total = RATE.model_copy(update={"size": True, "unit": "tonnes", "per": 1})
    row = _row({code: {2022: 10.0 * at} for at, code in enumerate(UNITARIES)}, FIRST, total)
    assert math.isnan(row["rank"])
    assert math.isnan(row["median"])
    assert row["value"] == 0.0


def test_judgements_have_an_order_and_no_middle():
    measure = catalogue()["ofsted-overall"]
    table = _made(
        {(code, 2022): float(1 + at % 4) for at, code in enumerate(UNITARIES)}, measure.id
    )
    row = findings.findings(measure, table).loc[UNITARIES[3]]
    assert (row["rank"], row["rank_last"], row["of"]) == (1, 2, 8)
    assert math.isnan(row["median"])
    assert row["against_median"] == "not compared"


def test_a_service_that_others_provide_is_not_scored():
    borough, unitary = "E08000003", UNITARIES[0]  # Manchester: its combined authority disposes
    boroughs = [area.code for area in areas.councils(kind="metropolitan district")][9:20]
    table = _made({(code, 2022): 10.0 for code in [borough, unitary, *boroughs]}, LANDFILL.id)
    found = findings.findings(LANDFILL, table)
    row = found.loc[borough]
    assert row["value"] == 10.0
    assert row["exempt"]
    assert not row["provided"]
    assert math.isnan(row["rank"])
    assert math.isnan(row["quarter"])


def test_a_county_is_compared_with_counties_but_not_ranked_for_its_districts_service():
    counties = [area.code for area in areas.councils(kind="county")][:8]
    recycling = RATE.model_copy(update={"service": "recycling"})
    table = _made({(code, 2022): 10.0 * at for at, code in enumerate([*counties, *UNITARIES])})
    row = findings.findings(recycling, table, "england").loc[counties[0]]
    assert row["peers"] == 8
    assert row["median"] == 35.0
    assert math.isnan(row["rank"])
    assert not row["provided"]


def test_age_is_judged_by_the_measures_own_rhythm():
    values = {FIRST: {2022: 10.0}}
    ages = {
        dt.date(2024, 12, 30): (20, "up to date"),
        dt.date(2024, 12, 31): (21, "up to date"),
        dt.date(2025, 1, 31): (22, "ageing"),
        dt.date(2027, 3, 31): (48, "out of date"),
    }
    for day, expected in ages.items():
        row = _row(values, FIRST, as_of=day)
        assert (row["age"], row["currency"]) == expected
    once = RATE.model_copy(update={"frequency": "irregular"})
    assert _row(values, FIRST, once)["currency"] == ""


def test_another_reporting_basis_than_most_is_told():
    measure = RATE.model_copy(update={"reporting": "Councils report this in two ways."})
    table = _made({(code, 2022): 10.0 for code in UNITARIES})
    table["note"] = ["Reporting basis: calls only.", "Published under another code."] + [
        "Reporting basis: all incidents."
    ] * 6
    found = findings.findings(measure, table)
    assert found.loc[UNITARIES, "basis"].tolist() == [True] + [False] * 7


def test_a_season_is_never_taken_for_a_change():
    rows = []
    for year in range(2017, 2023):
        for quarter in range(4):
            start = pd.Timestamp(year, 1 + 3 * quarter, 1)
            rows.append(
                {"period_start": start, "period_end": start + pd.offsets.QuarterEnd(), "value": 10.0 + 5 * quarter + year % 2,
                 "period_label": f"{year} Q{quarter + 1}"}
            )  # fmt: skip
    table = observations.frame(
        pd.DataFrame(rows).assign(area=FIRST, measure=RATE.id, status="published", note="")
    )
    row = findings.findings(RATE, table).loc[FIRST]
    assert row["points"] == 6
    assert row["change"] == "steady"


def test_long_periods_are_taken_without_overlap():
    rows = [
        {"period_start": pd.Timestamp(year, 1, 1), "period_end": pd.Timestamp(year + 2, 12, 31), "value": float(year),
         "period_label": f"{year} to {year + 2}"}
        for year in range(2005, 2021)
    ]  # fmt: skip
    table = observations.frame(
        pd.DataFrame(rows).assign(area=FIRST, measure=RATE.id, status="published", note="")
    )
    row = findings.findings(RATE, table).loc[FIRST]
    assert (row["step"], row["points"]) == (3, 6)
    assert row["slope"] == 1.0


def test_a_fire_authority_has_findings_of_its_own_and_councils_are_shown_theirs():
    measure = catalogue()["fire-band-d"]
    found = findings.findings(measure, snapshot().measure(measure.id, areas="current"))
    humberside = found.loc["E31000018"] if "E31000018" in found.index else None
    fire = found[found["kind"].astype(str) == "fire and rescue authority"]
    assert humberside is not None
    assert found.loc["E06000010", "shown"] in fire.index
    assert found.loc["E06000010", "value"] == found.loc[found.loc["E06000010", "shown"], "value"]
    rates = findings.findings(RATE, snapshot().measure(RATE.id, areas="current"))
    assert not rates.index.str.startswith("E31").any()


def test_groups_made_elsewhere_can_be_compared_with():
    codes = list(findings.citizens().index)
    members = np.array([[codes.index(code) for code in UNITARIES[1:7]]])
    own = peers.PeerSets(members, np.where(np.array(codes) == FIRST, 0, -1), False)
    values = {(code, 2022): 10.0 * at for at, code in enumerate(UNITARIES)}
    row = findings.findings(RATE, _made(values), own).loc[FIRST]
    assert (row["peers"], row["rank"], row["of"], row["median"]) == (7, 7, 7, 30.0)
    assert row["comparator"] == "own"


def test_nothing_is_found_in_nothing():
    empty = findings.table(observations.empty(), [RATE])
    assert len(empty) == 0
    assert "value" in empty


# --- the snapshot ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything():
    held = snapshot()
    return held.everything(), [held.catalogue[name] for name in held.measures]


@pytest.fixture(scope="module")
def found(everything):
    return findings.table(*everything, as_of=dt.date(2026, 11, 24))


def test_every_measure_has_a_row_for_every_council(everything, found):
    _, measures = everything
    sizes = found.groupby("measure", observed=True).size()
    assert len(sizes) == len(measures)
    for measure in measures:
        assert sizes[measure.id] == 317 + (44 if measure.tier == "fire" else 0)
    assert found.index.is_unique


def test_every_row_agrees_with_itself(found):
    present = found["value"].notna()
    assert found.loc[present, "status"].isin(observations.PRESENT).all()
    assert not found.loc[~present, "status"].isin(observations.PRESENT).any()
    for name in ("rank", "quarter", "quartile", "lower", "upper"):
        assert found.loc[~present, name].isna().all(), name
    middle = found[found["median"].notna()]
    assert (middle["low"] <= middle["median"]).all()
    assert (middle["median"] <= middle["high"]).all()
    assert (middle["peers"] >= findings.ENOUGH).all()
    ranked = found[found["rank"].notna()]
    assert (ranked["rank"] >= 1).all()
    assert (ranked["rank"] <= ranked["rank_last"]).all()
    assert (ranked["rank_last"] <= ranked["of"]).all()
    assert ranked["provided"].all()
    limited = found[found["lower"].notna()]
    slack = 1e-6 + limited["value"].abs() * 0.02
    assert (limited["lower"] <= limited["value"] + slack).all()
    assert (limited["upper"] >= limited["value"] - slack).all()
    judged = found["change_is"].isin(["better", "worse"])
    assert found.loc[judged, "change"].isin(["risen", "fallen"]).all()
    assert (found.loc[found["change_by"] == "signal", "points"] >= findings.ENOUGH_POINTS).all()


def test_the_best_is_first_for_every_measure_and_kind(everything, found):
    own = found[found["shown"].astype(object) == found.index.get_level_values("area")]
    own = own[own["rank"].notna()]
    for measure in everything[1]:
        if measure.polarity and measure.id in own.index.get_level_values(0):
            part = own.xs(measure.id)
            best = part.groupby("kind", observed=True)["value"].agg(
                "max" if measure.polarity == "high" else "min"
            )
            firsts = part[part["value"] == part["kind"].astype(object).map(best)]
            assert (firsts["rank"] == 1).all(), measure.id


def test_one_pass_gives_what_one_council_at_a_time_gives(everything, found):
    observed, measures = everything
    rng = random.Random(20261124)
    codes = list(findings.citizens().index)
    by_measure = dict(list(observed.groupby("measure", observed=True)))
    for measure in rng.sample(measures, 60):
        for code in rng.sample(codes[:317], 4) + (codes[-1:] if measure.tier == "fire" else []):
            slow = plain_findings.finding(measure, by_measure[measure.id], code)
            fast = found.loc[(measure.id, code)]
            for name in plain_findings.NUMBERS:
                np.testing.assert_allclose(
                    fast[name], slow[name], rtol=1e-9, err_msg=f"{measure.id} {code} {name}"
                )
            for name in plain_findings.TEXTS:
                one, other = (None if pd.isna(v) else v for v in (fast[name], slow[name]))
                if one is None and name != "shown":
                    other = None
                assert one == other, f"{measure.id} {code} {name}"
