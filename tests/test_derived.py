"""Figures made of two published ones."""

from __future__ import annotations

import math
import shutil

import pandas as pd
import pytest

from goldenthread import catalogue, derived, findings, observations, snapshot, words
from goldenthread.areas import ENGLAND
from goldenthread.authorities import councils
from goldenthread.catalogue import CatalogueError

HULL, LEEDS = "E06000010", "E08000035"


def _table(measure, rows):
    areas, starts, ends, values, statuses = zip(*rows, strict=True)
    return observations.frame(
        {
            "area": list(areas),
            "measure": measure,
            "period_start": pd.to_datetime(list(starts)).astype("datetime64[s]"),
            "period_end": pd.to_datetime(list(ends)).astype("datetime64[s]"),
            "period_label": [f"to {end}" for end in ends],
            "value": list(values),
            "status": list(statuses),
        }
    )


def _spent(*rows):
    return _table(
        "total-service-spending",
        [(a, f"{y}-04-01", f"{y + 1}-03-31", v, s) for a, y, v, s in rows],
    )


def _people(*rows):
    return _table(
        "population", [(a, f"{y}-06-30", f"{y}-06-30", v, "published") for a, y, v in rows]
    )


@pytest.fixture
def per_resident():
    return catalogue.catalogue()["total-service-spending-per-resident"]


def test_a_year_takes_the_newest_residents_not_after_it_and_the_same_summer_for_all(per_resident):
    made = derived.derive(
        per_resident,
        _spent(
            (HULL, 2022, 900.0, "published"),
            (HULL, 2023, 900.0, "provisional"),
            (LEEDS, 2023, 700.0, "published"),
        ),
        _people((HULL, 2022, 100.0), (HULL, 2023, 90.0), (HULL, 2024, 1.0), (LEEDS, 2022, 70.0)),
    ).set_index(["area", "period_label"])
    assert made.loc[(HULL, "to 2023-03-31"), "value"] == 9
    newest = made.loc[(HULL, "to 2024-03-31")]
    assert (newest["value"], newest["status"]) == (10, "provisional")
    assert (newest["numerator"], newest["denominator"]) == (900, 90)
    assert newest["note"] == "Over the estimate of to 2023-06-30."
    # Leeds has no estimate of that summer: no figure, rather than one over another year's residents.
    late = made.loc[(LEEDS, "to 2024-03-31")]
    assert math.isnan(late["value"])
    assert late["status"] == "not available"


def test_an_old_estimate_is_none_and_missing_is_never_nought(per_resident):
    spent = _spent((HULL, 2024, 900.0, "published"))
    assert derived.derive(per_resident, spent, _people((HULL, 2022, 100.0))).empty
    (row,) = derived.derive(per_resident, spent, _people((HULL, 2023, 0.0))).itertuples()
    assert (math.isnan(row.value), row.status) == (True, "not available")
    gone = _spent((HULL, 2024, math.nan, "not provided"))
    (row,) = derived.derive(per_resident, gone, _people((HULL, 2023, 10.0))).itertuples()
    assert (math.isnan(row.value), row.status) == (True, "not provided")
    nothing = _spent((HULL, 2024, 0.0, "published"))
    (row,) = derived.derive(per_resident, nothing, _people((HULL, 2023, 10.0))).itertuples()
    assert (row.value, row.status) == (0, "published")
    # An area that never has an estimate is left out.
    assert derived.derive(per_resident, spent, _people((LEEDS, 2023, 10.0))).empty


def test_adults_are_residents_less_children():
    adults = catalogue.catalogue()["adult-social-care-spending-per-adult"]
    less = _people((HULL, 2023, 20.0)).assign(measure="children-aged-0-to-17")
    (row,) = derived.derive(
        adults, _spent((HULL, 2023, 800.0, "published")), _people((HULL, 2023, 100.0)), less
    ).itertuples()
    assert (row.value, row.denominator) == (10, 80)


def test_it_flows_through_the_snapshot_as_any_measure():
    held = snapshot.snapshot()
    name = "total-service-spending-per-resident"
    assert name in held
    assert not held.awaits(name)
    alone = held.measure(name, areas="current")
    whole = held.everything()
    same = whole[whole["measure"] == name].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, same, check_categorical=False)
    told = held.manifest(name)
    assert "Office for National Statistics" in told.publisher
    assert told.publisher.startswith("Ministry of Housing")
    assert told.periods.last == held.manifest("total-service-spending").periods.last


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"denominator": "populaton"},
            "derived.denominator: expected a measure that is published, not 'populaton'; the nearest are population",
        ),
        (
            {"numerator": "adult-social-care-spending-per-adult"},
            "derived.numerator: expected a measure that is published",
        ),
    ],
)
def test_a_wrong_part_is_an_error_of_the_entry(tmp_path, change, message):
    data = tmp_path / "data"
    for part in ("catalogue", "sources"):
        shutil.copytree(catalogue.FOLDER / part, data / part)
    path = data / "catalogue" / "council-spending.yaml"
    text = path.read_text(encoding="utf-8")
    ((field, wrong),) = change.items()
    right = (
        "denominator: population,"
        if field == "denominator"
        else "numerator: total-service-spending,"
    )
    spoilt = f"{field}: {wrong}" + right[-1]
    assert right in text
    path.write_text(text.replace(right, spoilt, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as error:
        catalogue.load(data)
    assert f"council-spending.yaml: total-service-spending-per-resident: {message}" in str(
        error.value
    )


def test_a_fire_authority_takes_all_its_councils_or_none():
    fire = catalogue.catalogue()["fire-and-rescue-spending-per-resident"]
    avon = "E31000001"
    covered = [code for code in councils().index if councils().loc[code, "fire"] == avon]
    assert len(covered) == 4
    spent = _spent((avon, 2023, 800.0, "published"))
    people = _people(*((code, 2023, 50.0) for code in covered), (HULL, 2023, 7.0))
    (row,) = derived.derive(fire, spent, people).itertuples()
    assert (row.value, row.denominator) == (4, 200)
    # Another year's estimate of one of the four does not stand in for it.
    short = _people(*((code, 2023, 50.0) for code in covered[1:]), (covered[0], 2022, 50.0))
    assert derived.derive(fire, spent, short).empty


def test_a_county_is_never_added_to_its_districts():
    """A fire authority's residents are those of one tier."""
    fire = catalogue.catalogue()["fire-and-rescue-spending-per-resident"]
    made = snapshot.snapshot().measure(fire.id, areas="current").dropna(subset="value")
    served = made[(made["period_label"] == "2022/23") & (made["area"] != ENGLAND)]
    (nation,) = made.loc[
        (made["period_label"] == "2022/23") & (made["area"] == ENGLAND), "denominator"
    ]
    assert len(served) > 40
    assert 0.95 * nation < served["denominator"].sum() <= nation


def test_englands_total_is_not_set_beside_a_council_that_spends_a_part():
    held = snapshot.snapshot()
    for name in held.derived:
        measure = held.catalogue[name]
        assert measure.derived is not None
        areas = set(held.measure(name, areas="current")["area"])
        assert (ENGLAND in areas) == measure.derived.nation, name
        # Both tiers' spending is in England's total.
        assert not (measure.tier == "both" and measure.derived.nation), name
    adur = findings.findings(
        held.catalogue["total-service-spending-per-resident"],
        held.measure("total-service-spending-per-resident", areas="current"),
    ).loc["E07000223"]
    assert adur["value"] > 0
    assert words.england(adur, held.catalogue["total-service-spending-per-resident"]) == ""


def test_every_figure_lies_within_what_the_catalogue_calls_possible():
    held = snapshot.snapshot()
    for name in held.derived:
        measure = held.catalogue[name]
        values = observations.validate(held.measure(name, areas="current"))["value"].dropna()
        assert len(values) > 50, name
        assert values.between(measure.minimum, measure.maximum).all(), name
