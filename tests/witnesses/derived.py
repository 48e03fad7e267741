"""Spending for each resident, from the two publishers' own files by the other witnesses."""

from __future__ import annotations

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


def value(folder: Path, measure_id: str, area: str, period_start: str, period_end: str):
    money = _witness("mhclg_revenue").value
    people = _witness("ons_population").value
    spent = money(folder, SPENDING[measure_id], area, period_start, period_end)
    everybody, young = SUMMERS[period_end]
    day = young if measure_id.endswith("-child") else everybody
    try:
        residents = (
            0 if measure_id.endswith("-child") else people(folder, "population", area, day, day)
        )
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
