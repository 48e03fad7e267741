"""Health, adult social care and COVID-19, looked up a second time with other libraries."""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from pathlib import Path

import openpyxl
import pyarrow.parquet

_LOCAL = {
    "healthy-life-expectancy-female": ("healthy-life-expectancy", "Female healthy life expectancy"),
    "healthy-life-expectancy-male": ("healthy-life-expectancy", "Male healthy life expectancy"),
    "adult-obesity": ("adult-obesity-prevalence", "Adult obesity prevalence"),
    "smoking-adults": ("cigarette-smokers", "Cigarette smokers"),
    "early-cancer-diagnosis": (
        "cancer-diagnosis-at-stage-1-and-2",
        "Cancer diagnosis at stage 1 and 2",
    ),
    "preventable-cardiovascular-mortality": (
        "preventable-cardiovascular-mortality-england",
        "Preventable cardiovascular mortality (England)",
    ),
}
_FINGERTIPS = {
    "diagnosed-hypertension": "92659",
    "undiagnosed-hypertension": "92660",
    "copd-prevalence": "92658",
    "heart-disease-prevalence": "92662",
}
_ASCOF = {
    "asc-self-directed-support": "1C1A",
    "asc-carers-self-directed-support": "1C1B",
    "asc-direct-payments": "1C2A",
    "asc-learning-disability-employment": "1E",
    "asc-learning-disability-settled-home": "1G",
    "asc-admissions-18-64": "2A1",
    "asc-admissions-65-over": "2A2",
    "asc-reablement-at-home": "2B1",
    "asc-reablement-offered": "2B2",
    "asc-short-term-service-outcome": "2D",
}
#: The tidied file, its indicator, the column of the sex and the sex.
_TIDIED = {
    "life-expectancy-female": ("life_expectancy", "Life expectancy at birth", 9, "Female"),
    "life-expectancy-male": ("life_expectancy", "Life expectancy at birth", 9, "Male"),
    "adults-physically-active": (
        "active_adults",
        "Percentage of physically active adults",
        6,
        "Persons",
    ),
    "year-6-obesity": (
        "obese_year6",
        "Year 6 prevalence of obesity (including severe obesity)",
        6,
        "Persons",
    ),
    "preventable-mortality-under-75": (
        "mortality_rate",
        "Under 75 mortality rate from causes considered preventable (per 100,000 population)",
        6,
        "Persons",
    ),
    "depression-prevalence": ("adults_depression", "Depression: QOF prevalence", 6, "Persons"),
}
_COVID = {"covid-19-cases", "covid-19-case-rate"}
MEASURES = frozenset({*_LOCAL, *_FINGERTIPS, *_ASCOF, *_COVID, *_TIDIED})


def value(folder: Path, measure_id: str, area: str, period_start: str, period_end: str):
    if measure_id in _LOCAL:
        stem, indicator = _LOCAL[measure_id]
        first, last = dt.date.fromisoformat(period_start), dt.date.fromisoformat(period_end)
        years = round(((last - first).days + 1) / 365.25)
        cell = _local(folder, stem)[(area, indicator, f"{period_start}/P{years}Y")]
    elif measure_id in _FINGERTIPS:
        cell = _fingertips(folder)[(_FINGERTIPS[measure_id], area, period_start[:4])]
    elif measure_id in _ASCOF:
        assert (period_start, period_end) == ("2020-04-01", "2021-03-31")
        cell = _ascof(folder)[(area, _ASCOF[measure_id])]
    elif measure_id in _TIDIED:
        stem, indicator, at, sex = _TIDIED[measure_id]
        first, last = period_start[:4], period_end[:4]
        written = {
            "life_expectancy": f"{first} - {last[2:]}",
            "mortality_rate": first,
        }.get(stem, f"{first}/{last[2:]}")
        cell = _tidied(folder, stem, at)[(area, written, indicator, sex)]
    else:
        return _covid(folder, measure_id, area, period_start, period_end)
    return None if cell in ("", "x", "[x]", "[c]", "NA") else cell


@cache
def _local(folder: Path, stem: str) -> dict:
    path = folder / "ons" / "explore-local-statistics" / f"{stem}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            (row[0], row[3], row[4]): row[5]
            for row in csv.reader(file)
            if not row[2].startswith("ITL")
        }


@cache
def _fingertips(folder: Path) -> dict:
    path = folder / "ohid" / "fingertips" / "indicators-DistrictUApre419.data.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {(r[0], r[4], r[11]): r[12] for r in csv.reader(file) if not r[9]}


@cache
def _tidied(folder: Path, stem: str, at: int) -> dict:
    path = folder / "ohid" / "fingertips-reshaped" / f"{stem}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            (row[0], row[3], row[4], row[at]): row[7]
            for row in csv.reader(file)
            if at == 9 or row[9] == "NA"
        }


@cache
def _ascof(folder: Path) -> dict:
    book = openpyxl.load_workbook(
        folder / "nhs-england" / "meas-from-asc-of-eng-2021-open-data-csv_v2.xlsx", read_only=True
    )
    return {
        (row[3], str(row[4])): row[7]
        for row in book["in"].iter_rows(min_row=2, values_only=True)
        if row[5] == "Total" and row[6] == "Outcome"
    }


@cache
def _covid_days(folder: Path) -> dict:
    path = folder / "ukhsa" / "covid-19-daily-cases-by-district-2020-2023.parquet"
    table = pyarrow.parquet.read_table(path).to_pydict()
    days: dict = {}
    for code, day, count, people in zip(
        table["code"], table["date"], table["count"], table["population"], strict=True
    ):
        if day is not None and code.startswith("E"):
            days.setdefault(code, {})[int(day)] = (count, people)
    return days


def _covid(folder: Path, measure_id: str, area: str, start: str, end: str) -> float:
    origin = dt.date(1970, 1, 1)
    span = range(
        (dt.date.fromisoformat(start) - origin).days, (dt.date.fromisoformat(end) - origin).days + 1
    )
    days = _covid_days(folder)[area]
    cases = sum(days[day][0] for day in span)
    return cases if measure_id == "covid-19-cases" else cases * 100_000 / days[span[0]][1]
