"""Explore Local Statistics, looked up line by line: file, indicator, code and the date as written."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

#: File, text of the indicator, and how the date stands in the file: a span of a year from its first
#: day, the day itself, any day of the month, or the first of April of the year in which it ends.
_AT = {
    "housing-affordability-ratio": (
        "housing-affordability-ratio",
        "Housing affordability ratio (residence-based)",
        "april",
    ),
    "net-additions-to-housing-stock": (
        "net-additions-to-the-housing-stock",
        "Net additions to the housing stock (England)",
        "span",
    ),
    "greenhouse-gas-emissions-per-head": (
        "greenhouse-gas-emissions",
        "Greenhouse gas emissions",
        "span",
    ),
    "public-ev-chargers": (
        "public-electric-vehicle-chargers",
        "Public electric vehicle chargers",
        "day",
    ),
    "domestic-electricity-consumption": (
        "domestic-electricity-consumption",
        "Electricity consumption",
        "span",
    ),
    "domestic-gas-consumption": ("domestic-gas-consumption", "Gas consumption", "span"),
    "air-pollution-removal-by-nature": (
        "environment-regulating",
        "Air pollution regulating",
        "span",
    ),
    "greenhouse-gas-removal-by-nature": (
        "environment-regulating",
        "Greenhouse gas regulating",
        "span",
    ),
    "urban-cooling-by-nature": ("environment-regulating", "Urban heat regulating", "span"),
    "median-weekly-pay": ("gross-median-weekly-pay", "Gross median weekly pay", "month"),
    "gross-disposable-household-income-per-head": (
        "gross-disposable-household-income-per-head",
        "Gross disposable household income",
        "span",
    ),
    "employment-rate": ("employment-rate", "Employment rate", "span"),
    "economic-inactivity-rate": ("employment-rate", "Economically inactive", "span"),
    "claimant-count": ("claimant-count", "Claimant Count", "span"),
    "modelled-unemployment-rate": (
        "modelled-unemployment",
        "Modelled unemployment rate",
        "span",
    ),
    "apprenticeship-starts": ("apprenticeships", "Apprenticeship starts (England)", "span"),
    "apprenticeship-achievements": (
        "apprenticeships",
        "Apprenticeship achievements (England)",
        "span",
    ),
    "value-added-per-hour": ("gross-value-added", "Gross value added per hour worked", "span"),
    "value-added-per-job": ("gross-value-added", "Gross value added per filled job", "span"),
    "active-businesses": ("business-demography", "Active businesses", "span"),
    "business-birth-rate": ("business-demography", "Business births", "span"),
    "business-death-rate": ("business-demography", "Business deaths", "span"),
    "high-growth-businesses": ("business-demography", "High growth businesses", "span"),
    "business-survival-one-year": ("business-demography", "One-year survival rate", "span"),
    "business-survival-three-years": ("business-demography", "Three-year survival rate", "span"),
    "business-survival-five-years": ("business-demography", "Five-year survival rate", "span"),
    "qualified-to-level-3": (
        "qualifications-level-3-or-above",
        "Level 3 or above qualifications (Great Britain)",
        "span",
    ),
    "no-qualifications": ("qualifications-none-gb", "No qualifications", "span"),
    "further-education-participation": (
        "further-education-and-skills-participation",
        "Further education and skills participation",
        "span",
    ),
    "further-education-achievements": (
        "further-education-and-skills-learner-achievements",
        "Further education and skills learner achievements",
        "span",
    ),
    "gigabit-broadband-coverage": (
        "gigabit-capable-broadband",
        "Gigabit capable broadband",
        "month",
    ),
    "premises-below-30-mbps": ("premises-below-30", "Premises below 30Mbps", "month"),
    "mobile-4g-coverage": ("network-coverage-4g", "4G coverage", "month"),
    "mobile-5g-coverage": ("network-coverage-5g", "5G coverage", "month"),
    "travel-time-to-jobs-by-car": ("average-travel-time", "Drive to work", "span"),
    "travel-time-to-jobs-by-public-transport": (
        "average-travel-time",
        "Public transport or walk to work",
        "span",
    ),
    "travel-time-to-jobs-by-bicycle": ("average-travel-time", "Cycle to work", "span"),
    "library-within-30-minute-walk": (
        "library-walk",
        "Residents within a 30 minute walk of their nearest library",
        "month",
    ),
    "railway-station-within-30-minute-walk": (
        "railway-station-walk",
        "Residents within a 30 minute walk of their nearest railway station",
        "month",
    ),
    "sports-facilities": ("sports-facilities", "Sports facilities", "day"),
    "supermarkets": ("supermarkets", "Supermarkets", "month"),
    "motor-vehicle-flow": ("motor-vehicle-flow", "Motor vehicle flow", "span"),
    "children-in-relative-poverty-before-housing-costs": (
        "children-in-relative-poverty",
        "Children in relative poverty before housing costs",
        "span",
    ),
    "children-in-relative-poverty-after-housing-costs": (
        "children-in-relative-poverty",
        "Children in relative poverty after housing costs",
        "span",
    ),
    "life-satisfaction": ("personal-wellbeing-estimates", "Satisfaction", "span"),
    "feeling-worthwhile": ("personal-wellbeing-estimates", "Worthwhile", "span"),
    "happiness": ("personal-wellbeing-estimates", "Happiness", "span"),
    "anxiety": ("personal-wellbeing-estimates", "Anxiety", "span"),
    "engaged-with-arts": (
        "engagement-with-culture-and-heritage",
        "Engaged with the arts",
        "span",
    ),
    "visited-heritage-site": (
        "engagement-with-culture-and-heritage",
        "Visited a heritage site",
        "span",
    ),
    "visited-museum-or-gallery": (
        "engagement-with-culture-and-heritage",
        "Visited a museum or gallery",
        "span",
    ),
    "visited-public-library": (
        "engagement-with-culture-and-heritage",
        "Visited a public library",
        "span",
    ),
    "museums": ("museums", "museums", "day"),
}
MEASURES = frozenset(_AT)

#: England and its regions as they stand in the file of value added.
_LEVELS = {
    "E92000001": "TLB",
    "E12000001": "TLC",
    "E12000002": "TLD",
    "E12000003": "TLE",
    "E12000004": "TLF",
    "E12000005": "TLG",
    "E12000006": "TLH",
    "E12000007": "TLI",
    "E12000008": "TLJ",
    "E12000009": "TLK",
}


def value(folder: Path, measure_id: str, area: str, period_start: str, period_end: str):
    file, indicator, style = _AT[measure_id]
    if file == "gross-value-added":
        area = _LEVELS.get(area, area)
    dates = _rows(folder, file)[(area, indicator)]
    if style == "span":
        cell = dates[f"{period_start}/P1Y"]
    elif style == "day":
        cell = dates[period_start]
    elif style == "april":
        cell = dates[f"{period_end[:4]}-04-01"]
    else:
        (cell,) = [found for date, found in dates.items() if date.startswith(period_start[:7])]
    if cell == "":
        return None
    return float(cell) * 1_000_000 if file == "environment-regulating" else float(cell)


@cache
def _rows(folder: Path, file: str) -> dict:
    path = folder / "ons" / "explore-local-statistics" / f"{file}.csv"
    found: dict = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            dates = found.setdefault((row["areacd"], row["indicator"]), {})
            dates.setdefault(row["period"], row["observation"])
    return found
