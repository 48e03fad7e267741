"""The Local Authority Interactive Tool's table: real figures, and tables that must be refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from goldenthread import areas, catalogue, observations, periods
from goldenthread.catalogue import Measure
from goldenthread.sources import dfe_lait
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError

#: How the tool's dictionary calls the years of its measures, and how this catalogue may read them.
YEAR_TYPES = {
    "Academic Year": {"academic ending", "January"},
    "Annual": {"31 March"},
    "Annual - January": {"January"},
    "Calendar Year": {"calendar"},
    "Financial Year": {"year ending March", "31 March", "March", "winter"},
}


def measure(years: str = "academic ending", **query: object) -> Measure:
    """A measure of a made-up table."""
    return Measure.model_validate(
        {
            "id": "some-share",
            "theme": "made-up",
            "name": "Some share",
            "short": "Some share",
            "definition": "A share made up for tests.",
            "unit": "per cent",
            "per": 100,
            "polarity": None,
            "tier": "upper",
            "control": "context",
            "frequency": "annual",
            "years": years,
            "caveats": ["It is not a real figure."],
            "origin": {
                "source": "made-up",
                "document": "table",
                "query": {"measure": "Share", **query},
            },
        }
    )


def document(*rows: tuple[object, ...], names: Mapping[str, str] | None = None) -> Document:
    """A small table of the tool: rows of year, name, number and value."""
    frame = pd.DataFrame(rows, columns=["Years", "LA and Regions", "LA Number", "Values"])
    frame = frame.assign(**{"Short Desc": "Share", "Region": "NA"}).astype({"LA Number": float})
    content = io.BytesIO()
    frame.rename(columns=dict(names or {})).to_parquet(content)
    return Document("made-up", "table", "table.parquet", content.getvalue(), date(2026, 1, 1))


def read(document: Document, years: str = "academic ending", **query: object) -> pd.DataFrame:
    return observations.validate(dfe_lait.read([document], [measure(years, **query)]))


# --- made-up tables ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "years", "label", "status"),
    [
        ("2025", "academic ending", "2024/25 school year", "published"),
        ("2025 (prov)", "academic ending", "2024/25 school year", "provisional"),
        ("2024 (Rev)", "academic ending", "2023/24 school year", "revised"),
        ("2021 (Final)", "academic ending", "2020/21 school year", "published"),
        ("2023/24", "academic ending", "2023/24 school year", "published"),
        ("2023-24", "academic ending", "2023/24 school year", "published"),
        ("2016-17 (OT)", "financial", "2016/17", "published"),
        ("2013/14-15/16", "financial", "2013/14 to 2015/16", "published"),
        ("2014-16", "calendar", "2014 to 2016", "published"),
        ("2025", "winter", "December 2024 to February 2025", "published"),
        ("2025", "March", "March 2025", "published"),
        ("2025", "31 March", "31 March 2025", "published"),
    ],
)
def test_every_style_of_year(text, years, label, status):
    row = read(document((text, "Barnet", 302, "12.5")), years).iloc[0]
    assert (row["period_label"], row["status"], row["value"]) == (label, status, 12.5)


def test_areas_by_number_and_the_halves_of_london_left_out():
    rows = [
        ("2025", name, number, "1")
        for name, number in (
            ("Bedford Borough", 822), ("Bournemouth (Pre LG)", 837), ("England", 970),
            ("Yorkshire and the Humber", 982), ("London (Inner)", 987), ("London (Outer)", 988),
        )
    ]  # fmt: skip
    assert read(document(*rows))["area"].tolist() == [
        "E06000028", "E06000055", "E12000003", "E92000001",
    ]  # fmt: skip


def test_zero_stays_zero_and_a_dash_is_missing():
    table = read(document(("2024", "Barnet", 302, "0"), ("2025", "Barnet", 302, "-")))
    assert table["value"].tolist()[0] == 0
    assert table["status"].tolist() == ["published", "not available"]


def test_row_of_england_left_out_where_it_is_of_another_kind():
    table = read(
        document(("2025", "Barnet", 302, "1"), ("2025", "England", 970, "9")), england=False
    )
    assert table["area"].tolist() == ["E09000003"]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (document(("0", "Barnet", 302, "1")), r"row 2, column 'Years': '0' is not a period"),
        (document(("2014/15 Q1", "Barnet", 302, "1")), r"column 'Years'.*not a period"),
        (document(("2025", "Barnet", 302, "c.5")), r"row 2, column 'Values'.*found 'c.5'"),
        (document(("2025", "Atlantis", 399, "1")), r"column 'LA Number'.*found '399.0 Atlantis'"),
        (document(("2025", "Atlantis", 982, "1")), r"column 'LA Number'.*found '982.0 Atlantis'"),
        (
            document(("2025", "Barnet", 302, "1"), names={"Years": "Year"}),
            r"a column is missing; expected 'Years'; nearest: 'Year'",
        ),
    ],
)
def test_refused_by_name(bad, said):
    with pytest.raises(SourceError, match=f"made-up: table.parquet.*{said}"):
        read(bad)


def test_unknown_measure_is_refused_with_the_nearest():
    with pytest.raises(SourceError, match="expected 'Shares'; nearest: 'Share'"):
        read(document(("2025", "Barnet", 302, "1")), measure="Shares")


def test_row_that_stands_twice_is_refused_by_validation():
    with pytest.raises(observations.ObservationError, match="2 rows repeat"):
        read(document(("2025", "Barnet", 302, "1"), ("2025", "Barnet", 302, "2")))


def test_table_cut_short_is_refused():
    whole = document(("2025", "Barnet", 302, "1"))
    for short in (whole.content[:-30], whole.content[:40] + b"PAR1"):
        with pytest.raises(SourceError, match="Parquet"):
            read(replace(whole, content=short).check())


# --- the department's table ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(publisher_files: Path) -> pd.DataFrame:
    project = catalogue.catalogue()
    documents = in_folder(project.sources["dfe-lait"], publisher_files)
    return observations.validate(dfe_lait.read(documents, project.of_source("dfe-lait")))


@pytest.mark.publisher_files
def test_every_measure_is_read_within_its_range(table):
    today = areas.tier_codes("upper")
    for entry in catalogue.catalogue().of_source("dfe-lait"):
        rows = table[table["measure"] == entry.id]
        latest = rows[rows["period_end"] == rows["period_end"].max()]
        assert set(latest["area"]) >= today, entry.id
        assert latest["area"].str.startswith("E12").sum() == 9, entry.id
        assert not (rows["value"] < entry.minimum).any(), entry.id
        if entry.maximum is not None:
            assert not (rows["value"] > entry.maximum).any(), entry.id


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("measure_id", "area", "label", "value", "status"),
    [
        ("children-in-need-rate", "E92000001", "31 March 2025", 330.3, "published"),
        ("phonics-standard", "E92000001", "2024/25 school year", 80, "provisional"),
        ("suspensions", "E92000001", "2023/24 school year", 11.30744, "published"),
        ("ehc-plans", "E92000001", "January 2025", 638745, "published"),
        ("first-time-entrants-to-youth-justice", "E10000006", "2016", 417, "published"),
        ("first-time-entrants-to-youth-justice", "E12000003", "2024", 152, "published"),
        ("progress-8", "E92000001", "2023/24 school year", -0.03, "published"),
        ("neet-or-not-known", "E92000001", "December 2024 to February 2025", 5.6, "published"),
    ],
)
def test_hand_checked_values(table, measure_id, area, label, value, status):
    row = table[
        (table["measure"] == measure_id)
        & (table["area"] == area)
        & (table["period_label"] == label)
    ]
    assert (row["value"].item(), row["status"].item()) == (value, status)


@pytest.mark.publisher_files
def test_sum_of_regional_rates_is_not_shown_as_england(table):
    """England's row of first-time entrants adds the nine regional rates up."""
    rows = table[table["measure"] == "first-time-entrants-to-youth-justice"]
    assert "E92000001" not in set(rows["area"])
    assert rows["value"].max() < 1000


@pytest.mark.publisher_files
def test_years_are_read_as_the_dictionary_means_them(publisher_files):
    with (publisher_files / "dfe/lait/lait_data_dictionary.csv").open(encoding="utf-8-sig") as file:
        kinds = {row["Measure_short"]: row["Year_Type"] for row in csv.DictReader(file)}
    for entry in catalogue.catalogue().of_source("dfe-lait"):
        kind = kinds[entry.origin.query["measure"]]
        assert entry.years in YEAR_TYPES[kind], (entry.id, kind)


@pytest.mark.publisher_files
def test_every_year_text_of_the_table_but_the_slip_is_read(publisher_files):
    years = pd.read_parquet(publisher_files / dfe_lait_file(publisher_files), columns=["Years"])
    refused = []
    for text in years["Years"].unique():
        bare, _ = periods.mark(dfe_lait.plain_year(text))
        try:
            periods.parse(bare, "financial")
        except periods.PeriodError:
            refused.append(text)
    assert refused == ["0"]


def dfe_lait_file(folder: Path) -> Path:
    (path,) = folder.rglob("bds_long_*.parquet")
    return path.relative_to(folder)


@pytest.mark.publisher_files
def test_slip_in_the_table_is_refused_where_it_is_asked_for(publisher_files):
    """One measure of the table has the year "0": asked for, it is refused rather than guessed."""
    (whole,) = in_folder(catalogue.catalogue().sources["dfe-lait"], publisher_files)
    asked = measure(measure="CINPermExclusion")
    asked = asked.model_copy(
        update={"origin": asked.origin.model_copy(update={"document": "measures"})}
    )
    with pytest.raises(SourceError, match="column 'Years': '0' is not a period"):
        dfe_lait.read([whole], [asked])


@pytest.mark.publisher_files
def test_new_plans_are_what_the_departments_own_release_calls_them(table, publisher_files):
    """The dictionary describes another figure; the table holds the new plans of the SEN2 release."""
    with (publisher_files / "dfe/send/sen2_age_new_plans.csv").open(encoding="utf-8-sig") as file:
        england = {
            row["time_period"]: float(row["Total_new_all"])
            for row in csv.DictReader(file)
            if row["geographic_level"] == "National" and row["characteristic_age"] == "Total"
        }
    rows = table[(table["measure"] == "new-ehc-plans") & (table["area"] == "E92000001")]
    ours = rows.set_index("period_label")["value"]
    assert [ours[year] for year in ("2019", "2020", "2021")] == [
        england[year] for year in ("2019", "2020", "2021")
    ]
