"""The play of chance is computed only where a figure is a count of separate things, and is that count."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import pandas as pd
import pytest

from goldenthread import catalogue, snapshot
from goldenthread.catalogue import Measure

KNOWN: Final = catalogue.catalogue()
WITH_CHANCE: Final = [m.id for m in KNOWN.values() if m.chance and m.id in snapshot.snapshot()]

#: Why a figure that has a numerator and a denominator is not left to chance all the same.
WITHOUT: Final[Mapping[str, frozenset[str]]] = {
    "pounds: one decision can move any number of them": frozenset(
        {
            "agency-share-of-childrens-staffing",
            "employee-share-of-spending",
            "fees-and-charges-share",
            "residential-share-of-looked-after-spending",
            "social-care-share-of-spending",
            "unallocated-reserves-share",
            "usable-reserves-share",
        }
    ),
    "tonnes: a weight has no number of cases": frozenset(
        {
            "dry-recycling-share",
            "garden-food-recycling-share",
            "household-recycling-rate",
            "recycling-rejected",
            "waste-to-energy",
        }
    ),
    "scores: the numerator is a sum of points": frozenset(
        {"children-in-need-attainment-8", "looked-after-attainment-8"}
    ),
    "full-time posts: two halves of a person are one": frozenset(
        {"social-worker-caseload", "social-worker-turnover"}
    ),
    "everybody: an estimate or a census of all residents": frozenset(
        {
            "dependency-ratio",
            "population-density",
            "residents-aged-0-to-15",
            "residents-aged-16-to-24",
            "residents-aged-16-to-64",
            "residents-aged-65-and-over",
            "residents-aged-85-and-over",
            "residents-from-minority-ethnic-groups",
            "residents-white-british",
        }
    ),
    "a difference: those who came less those who went": frozenset(
        {"net-internal-migration", "net-international-migration"}
    ),
    "a model: its counts are not counted": frozenset(
        {
            "fuel-poverty",
            "homes-owned-outright",
            "homes-owned-with-mortgage",
            "homes-private-rented",
        }
    ),
    "a register: landlords own what they own": frozenset({"homes-social-rented"}),
    "a choice: the council decides whether to charge": frozenset({"empty-homes-premium-share"}),
    "several for each: one incident can lead to many actions": frozenset(
        {"fly-tipping-actions-per-incident"}
    ),
}

#: Councils whose share is printed although the number it is of is held back, or is nobody.
UNCOUNTED: Final[Mapping[str, str]] = {
    "E06000053": "Isles of Scilly: a handful of children, or none",
    "E09000001": "City of London: a handful of children, or none",
    "E09000020": "Kensington and Chelsea: held back in one year",
}

#: The department rounds the counts of these to tens for the regions and England, and for no council.
ROUNDED: Final = frozenset({"dfe-children-in-need", "dfe-children-looked-after", "dfe-outcomes-children-in-need"})  # fmt: skip

#: Printed shares that do not follow from the counts beside them, in the publisher's own file: one
#: region's figure of one year, and England's with it.
ODD: Final = {
    ("repeat-child-protection-plans", "E12000003", "Year ending March 2022"),
    ("repeat-child-protection-plans", "E92000001", "Year ending March 2022"),
}


@cache
def present(identifier: str) -> pd.DataFrame:
    """Give the figures that have a value, for the areas as published."""
    table = snapshot.snapshot().measure(identifier)
    return table[table["value"].notna()]


def is_council(table: pd.DataFrame) -> pd.Series:
    return ~table["area"].str.startswith(("E12", "E92"))


def counted(table: pd.DataFrame) -> pd.Series:
    return table["numerator"].notna() & (table["denominator"] > 0)


def miss(measure: Measure, table: pd.DataFrame) -> pd.Series:
    """Tell how far a printed value is from its counts, beyond what its decimals hide."""
    worked_out = measure.per * table["numerator"] / table["denominator"]
    return (worked_out - table["value"]).abs() - 0.5 * 10.0**-measure.decimals


@pytest.mark.parametrize("identifier", WITH_CHANCE)
def test_nearly_every_figure_has_its_counts_and_it_is_known_which_have_not(identifier):
    table = present(identifier)
    assert counted(table).mean() >= 0.9
    without = table[~counted(table)]
    assert set(without["area"]) <= set(UNCOUNTED)


@pytest.mark.parametrize("identifier", WITH_CHANCE)
def test_every_council_s_figure_is_worked_out_from_its_counts(identifier):
    table = present(identifier)
    councils = table[is_council(table) & counted(table)]
    assert len(councils) > 100
    wrong = councils[miss(KNOWN[identifier], councils) > 1e-6]
    assert wrong.empty, wrong[["area", "period_label", "value", "numerator", "denominator"]]


@pytest.mark.parametrize("identifier", WITH_CHANCE)
def test_a_region_s_figure_is_worked_out_from_its_counts_as_far_as_they_are_rounded(identifier):
    measure, table = KNOWN[identifier], present(identifier)
    wider = table[~is_council(table) & counted(table)]
    slack = 0.0
    if measure.origin.source in ROUNDED:
        assert (wider["numerator"] % 10 == 0).all()
        # Either count may be five off.
        share = wider["numerator"] / wider["denominator"]
        slack = measure.per * 5 * (1 + share) / (wider["denominator"] - 5)
    wrong = wider[miss(measure, wider) > slack + 1e-6]
    named = {
        (identifier, area, label) for area, label in wrong[["area", "period_label"]].to_numpy()
    }
    assert named == {entry for entry in ODD if entry[0] == identifier}


@pytest.mark.parametrize("identifier", WITH_CHANCE)
def test_what_is_counted_are_whole_things(identifier):
    measure, table = KNOWN[identifier], present(identifier)
    cases = table.loc[is_council(table), "numerator"].dropna()
    assert (cases >= 0).all()
    assert (cases % 1 == 0).all()
    if measure.chance == "proportion":
        assert measure.unit == "per cent"
        assert not (table["numerator"] > table["denominator"]).any()
    else:
        assert measure.unit == "rate"


@pytest.mark.parametrize("identifier", WITH_CHANCE)
def test_the_publisher_s_own_limits_are_never_passed_over(identifier):
    assert present(identifier)[["lower", "upper"]].isna().all(axis=None)


def test_no_measure_with_counts_is_forgotten():
    found = {
        identifier
        for identifier, measure in KNOWN.items()
        if measure.chance is None
        # Money over people, worked out here: what is above the line is no count of cases.
        and measure.derived is None
        and identifier in snapshot.snapshot()
        and counted(present(identifier)).any()
    }
    explained = [identifier for group in WITHOUT.values() for identifier in group]
    assert len(explained) == len(set(explained))
    assert found == set(explained)
