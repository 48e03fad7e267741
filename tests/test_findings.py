"""Findings: of made-up figures whose answers are known, and of every council in the snapshot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from goldenthread import areas, findings, observations
from goldenthread.catalogue import catalogue
from goldenthread.snapshot import snapshot

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
    assert found["quarter"].tolist() == [1, 1, 2, 2, 2, 3, 4, 4]
    assert set(found["median"]) == {40.0}
    assert set(found["councils"]) == {8}


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
    assert found.loc[UNITARIES[2], "last_period"] is None


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
    shown = findings.figures_of(LANDFILL)
    assert shown["E07000105"] == "E10000016"
    assert shown["E10000016"] == "E10000016"
    assert findings.figures_of(RATE)["E07000105"] == "E07000105"


def test_a_county_has_no_figure_for_a_district_service():
    measure = RATE.model_copy(update={"tier": "lower"})
    shown = findings.figures_of(measure)
    assert pd.isna(shown["E10000016"])
    assert shown["E06000010"] == "E06000010"


def test_a_districts_copy_of_its_countys_figure_is_not_counted_again():
    table = snapshot().measure(LANDFILL.id, areas="current")
    found = findings.findings(LANDFILL, table)
    assert found.loc["E07000105", "rank"] == found.loc["E10000016", "rank"]
    spread = findings.spread(LANDFILL, table)
    assert spread.loc[("district", "2022/23"), "councils"] == 0
    assert spread.loc[("county", "2022/23"), "councils"] == 21


@pytest.mark.parametrize("identifier", sorted(catalogue().of_theme("waste"), key=lambda m: m.id))
def test_every_council_has_a_row_that_agrees_with_itself(identifier):
    measure = identifier
    table = snapshot().measure(measure.id, areas="current")
    found = findings.findings(measure, table)
    assert len(found) == 317
    present = found["value"].notna()
    assert (found.loc[present, "status"].isin(observations.PRESENT)).all()
    assert (~found.loc[~present, "status"].isin(observations.PRESENT)).all()
    assert found.loc[~present, "rank"].isna().all()
    compared = found[found["quarter"].notna()]
    assert (compared["lower"] <= compared["median"]).all()
    assert (compared["median"] <= compared["upper"]).all()
    if measure.polarity is None:
        assert found["rank"].isna().all()
    else:
        own = found[(found["shown"] == found.index) & found["rank"].notna()]
        for _, part in own.groupby("kind"):
            best = part["value"].max() if measure.polarity == "high" else part["value"].min()
            assert (part.loc[part["value"] == best, "rank"] == 1).all()
            assert part["rank"].max() <= len(part)
