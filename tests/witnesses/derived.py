"""Spending for each resident, from the two publishers' own files by the other witnesses."""

from __future__ import annotations

import csv
import functools
import importlib.util
from pathlib import Path

SPENDING = {
    "total-service-spending-per-resident": "total-service-spending",
    "adult-social-care-spending-per-adult": "adult-social-care-spending",
    "childrens-social-care-spending-per-child": "childrens-social-care-spending",
    "highways-and-transport-spending-per-resident": "highways-and-transport-spending",
    "environmental-services-spending-per-resident": "environmental-services-spending",
    "cultural-services-spending-per-resident": "cultural-services-spending",
    "housing-services-spending-per-resident": "housing-services-spending",
    "planning-and-development-spending-per-resident": "planning-and-development-spending",
    "public-health-spending-per-resident": "public-health-spending",
    "central-services-spending-per-resident": "central-services-spending",
    "fire-and-rescue-spending-per-resident": "fire-and-rescue-spending",
}
MEASURES = frozenset(SPENDING)
#: The summer whose residents a year's spending is divided by: of all ages, and of children.
SUMMERS = {"2023-03-31": ("2022-06-30", "2022-06-30"), "2025-03-31": ("2023-06-30", "2024-06-30")}


@functools.cache
def _witness(name: str):
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"derived_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def _covered(folder: Path) -> dict[str, list[str]]:
    """The districts and single-tier councils of each fire and rescue authority."""
    path = folder / "register" / "lookup_ltla24_fra24.csv"
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["fra24_code"], []).append(row["ltla24_code"])
    return found


def _everybody(folder: Path, area: str, day: str):
    people = _witness("ons_population").value
    return sum(
        people(folder, "population", one, day, day) for one in _covered(folder).get(area, [area])
    )


def value(folder: Path, measure_id: str, area: str, period_start: str, period_end: str):
    money = _witness("mhclg_revenue").value
    people = _witness("ons_population").value
    spent = money(folder, SPENDING[measure_id], area, period_start, period_end)
    everybody, young = SUMMERS[period_end]
    day = young if measure_id.endswith("-child") else everybody
    try:
        residents = 0 if measure_id.endswith("-child") else _everybody(folder, area, day)
        children = (
            0
            if measure_id.endswith("-resident")
            else people(folder, "children-aged-0-to-17", area, day, day)
        )
    except KeyError:
        return None
    if spent is None or residents is None or children is None:
        return None
    return spent / abs(residents - children)
