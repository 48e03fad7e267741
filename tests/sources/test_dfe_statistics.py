"""The education department's CSVs: real figures, and tables that must be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from goldenthread import areas, catalogue, observations
from goldenthread.catalogue import Measure
from goldenthread.sources import dfe_statistics
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError

SOURCES = sorted(
    name for name, s in catalogue.catalogue().sources.items() if s.reader == "dfe_statistics"
)
HEADER = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,new_la_code,la_name"
)
#: The publisher's own slip: 1,660 of 7,490 plans, printed as 23.6 per cent.
PRINTED_APART = {("repeat-child-protection-plans", "E12000003", "Year ending March 2022")}
ENGLAND = "National,E92000001,England,,,,,"
REGION = "Regional,E92000001,England,E12000003,Yorkshire and The Humber,,,"
HULL = 'Local authority,E92000001,England,E12000003,Yorkshire and The Humber,810,E06000010,"Hull"'


def measure(**query: object) -> Measure:
    """A measure of a made-up document in this layout."""
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
            "years": "31 March",
            "caveats": ["It is not a real figure."],
            "origin": {"source": "made-up", "document": "table", "query": query},
        }
    )


def document(*lines: str, columns: str = "kind,count,percent", name: str = "table.csv") -> Document:
    text = "\n".join((f"{HEADER},{columns}", *lines))
    return Document("made-up", "table", name, text.encode(), date(2026, 1, 1))


def line(area: str, *cells: object, year: str = "2024", kind: str = "Reporting year") -> str:
    return ",".join((year, kind, area, *map(str, cells)))


def read(*documents: Document, **query: object) -> pd.DataFrame:
    query = query or {"value": "percent", "filters": {"kind": "part"}}
    return observations.validate(dfe_statistics.read(documents, [measure(**query)]))


# --- made-up tables ------------------------------------------------------------------------------


def test_rows_of_three_levels_and_no_others():
    inner = "Regional,E92000001,England,E13000001,Inner London,,,"
    district = "Local authority district,E92000001,England,E12000003,York,815,E10000023,North York"
    trust = (
        "Local authority,E92000001,England,E12000004,East Midlands,,"
        "E06000061 / E06000062,North Northamptonshire / West Northamptonshire"
    )
    table = read(
        *[
            document(
                *(
                    line(area, "part", 5, 50)
                    for area in (ENGLAND, REGION, HULL, inner, district, trust)
                )
            )
        ]
    )
    assert table["area"].tolist() == ["E06000010", "E12000003", "E92000001"]
    assert set(table["period_label"]) == {"31 March 2024"}


def test_true_zero_stays_zero_and_marks_keep_their_kind():
    years = {
        "2018": "0",
        "2019": "c",
        "2020": "x",
        "2021": "z",
        "2022": "u",
        "2023": "k",
        "2024": "low",
    }
    table = read(document(*(line(HULL, "part", 5, cell, year=y) for y, cell in years.items())))
    assert table["value"].iloc[0] == 0
    assert table["value"].iloc[1:].isna().all()
    assert table["status"].tolist() == [
        "published", "suppressed", "not available", "not applicable", "unreliable", "negligible",
        "negligible",
    ]  # fmt: skip


def test_denominator_from_the_row_of_the_total():
    query = {
        "value": "percent", "numerator": "count", "denominator": "count",
        "filters": {"kind": "part"}, "total": {"kind": "all"},
    }  # fmt: skip
    rows = [line(HULL, "part", 5, 50), line(HULL, "all", 10, 100), line(ENGLAND, "part", 7, "c")]
    table = read(document(*rows), **query)
    assert table["numerator"].tolist() == [5, 7]
    assert table["denominator"].iloc[0] == 10
    assert pd.isna(table["denominator"].iloc[1])


def test_share_of_two_columns_where_none_is_printed():
    query = {"numerator": "count", "denominator": "percent", "filters": {"kind": "part"}}
    rows = [
        line(HULL, "part", 5, 20), line(ENGLAND, "part", "c", 20), line(REGION, "part", 0, 0)
    ]  # fmt: skip
    table = read(document(*rows), **query).set_index("area")
    assert table.loc["E06000010", "value"] == 25
    assert table["status"].to_dict() == {
        "E06000010": "published", "E12000003": "not applicable", "E92000001": "suppressed",
    }  # fmt: skip


def test_later_edition_without_the_column_leaves_the_earlier_figures():
    old = document(line(HULL, "part", 5, 50), name="to_2024.csv")
    new = document(line(HULL, "part", 6, year="2025"), columns="kind,count", name="to_2025.csv")
    query = {"value": "percent", "filters": {"kind": "part"}, "dropped": True}
    assert read(old, new, **query)["period_label"].tolist() == ["31 March 2024"]
    with pytest.raises(SourceError, match=r"no edition has a figure of some-share.*'percent'"):
        read(new, **query)


def test_column_by_whichever_of_its_names_is_there():
    new = document(line(HULL, "part", 6, 60), columns="kind,count,PerCent")
    assert read(new, value=["percent", "PerCent"], filters={"kind": "part"})["value"].item() == 60


def test_version_column_marks_the_figures():
    rows = [
        line(HULL, word, 5, 50, year=year)
        for year, word in (("2022", "Final"), ("2023", "Revised"), ("2024", "Provisional"))
    ]
    table = read(document(*rows), value="percent", version="kind")
    assert table["status"].tolist() == ["published", "revised", "provisional"]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (document(line(HULL, "part", 5, 50), columns="kind,count,per_cent"),
         r"row 1: a column is missing; expected 'percent'; nearest: 'per_cent'"),
        (document(line(HULL, "part", 5, 50), columns="sort,count,percent"),
         r"a column is missing; expected 'kind'"),
        (document(line(HULL, "parts", 5, 50)),
         r"column 'kind': no row has this value of a filter; expected 'part'; nearest: 'parts'"),
        (document(line(HULL, "part", 5, "n/k")),
         r"row 2, column 'percent': neither a number nor a known mark.*found 'n/k'"),
        (document(line(HULL, "part", 5, 50, year="FY24")), r"row 2, column 'time_period'.*FY24"),
        (document(line(HULL, "part", 5, 50, kind="Autumn term")),
         r"column 'time_identifier': a word that is not known in this layout; found 'Autumn term'"),
        (document(line(HULL.replace("Local authority", "Planet"), "part", 5, 50)),
         r"column 'geographic_level': .*found 'Planet'"),
        (document(line(HULL.replace("E06000010", "E06000999"), "part", 5, 50)),
         r"row 2, column 'new_la_code': an area code that is not in the register.*E06000999"),
        (document(line(HULL, "part", 5, 50), line(HULL, "part", 5)), r"do not fit the header"),
        (document(), r"there are no rows below the header"),
    ],
)  # fmt: skip
def test_refused_by_name(bad, said):
    with pytest.raises(SourceError, match=f"made-up: table.csv.*{said}"):
        read(bad)


def test_unknown_version_is_refused():
    with pytest.raises(SourceError, match=r"column 'kind': a word that is not known.*'Draft'"):
        read(document(line(HULL, "Draft", 5, 50)), value="percent", version="kind")


def test_total_that_stands_twice_is_refused():
    query = {
        "value": "percent", "denominator": "count",
        "filters": {"kind": "part"}, "total": {"kind": "all"},
    }  # fmt: skip
    rows = [line(HULL, "part", 5, 50), line(HULL, "all", 10, 100), line(HULL, "all", 11, 100)]
    with pytest.raises(SourceError, match="row 4: a total stands here twice"):
        read(document(*rows), **query)


def test_row_that_stands_twice_is_refused_by_validation():
    with pytest.raises(observations.ObservationError, match="2 rows repeat"):
        read(document(line(HULL, "part", 5, 50), line(HULL, "part", 6, 60)))


def test_filter_that_is_left_out_is_noticed():
    with pytest.raises(observations.ObservationError, match="rows repeat"):
        read(document(line(HULL, "part", 5, 50), line(HULL, "all", 6, 60)), value="percent")


def test_query_without_a_figure_is_refused():
    with pytest.raises(SourceError, match="expected a value, or a numerator and a denominator"):
        read(document(line(HULL, "part", 5, 50)), numerator="count")


# --- the publisher's files -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables(publisher_files: Path) -> Callable[[str], pd.DataFrame]:
    """Every source's observations, read once."""
    known: dict[str, pd.DataFrame] = {}

    def of(name: str) -> pd.DataFrame:
        if name not in known:
            project = catalogue.catalogue()
            documents = in_folder(project.sources[name], publisher_files)
            known[name] = dfe_statistics.read(documents, project.of_source(name))
        return known[name]

    return of


def one(table: pd.DataFrame, measure_id: str, area: str, label: str) -> pd.Series:
    found = table[
        (table["measure"] == measure_id)
        & (table["area"] == area)
        & (table["period_label"] == label)
    ]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.publisher_files
@pytest.mark.parametrize("name", SOURCES)
def test_every_measure_is_read_within_its_range(name, tables):
    table = observations.validate(tables(name))
    project = catalogue.catalogue()
    today = areas.tier_codes("upper")
    for entry in project.of_source(name):
        rows = table[table["measure"] == entry.id]
        assert rows["area"].isin({"E92000001"}).any(), entry.id
        assert rows["area"].str.startswith("E12").sum() % 9 == 0, entry.id
        latest = rows[rows["period_end"] == rows["period_end"].max()]
        assert latest["area"].isin(today).sum() >= 146, entry.id
        if entry.minimum is not None:
            assert not (rows["value"] < entry.minimum).any(), entry.id
        if entry.maximum is not None:
            assert not (rows["value"] > entry.maximum).any(), entry.id


@pytest.mark.publisher_files
@pytest.mark.parametrize("name", SOURCES)
def test_printed_shares_agree_with_their_parts(name, tables):
    """Where the catalogue lets a share be worked out again, it comes out as it was printed."""
    table, project = tables(name), catalogue.catalogue()
    entries = [entry for entry in project.of_source(name) if entry.rebase == "ratio"]
    wrong = set()
    for entry in entries:
        rows = table[(table["measure"] == entry.id) & (table["denominator"] > 100)]
        worked_out = entry.per * rows["numerator"] / rows["denominator"]
        # Shares are rounded to whole numbers at worst, and the counts to tens.
        slack = 0.55 + 5 * (entry.per + rows["value"]) / rows["denominator"]
        apart = rows[(worked_out - rows["value"]).abs() > slack]
        wrong |= set(zip(apart["measure"], apart["area"], apart["period_label"], strict=True))
    assert wrong - PRINTED_APART == set()


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("name", "measure_id", "area", "label", "value"),
    [
        ("dfe-children-in-need", "children-in-need", "E92000001", "31 March 2025", 402400),
        ("dfe-children-in-need", "children-in-need", "E92000001", "31 March 2024", 399460),
        ("dfe-children-in-need", "new-children-in-need-rate", "E12000001", "Year ending March 2024", 412.4),
        ("dfe-children-in-need", "re-referrals", "E92000001", "Year ending March 2025", 22.6),
        ("dfe-children-looked-after", "children-looked-after-rate", "E06000010", "31 March 2025", 119),
        ("dfe-children-looked-after", "looked-after-emotional-health", "E92000001", "Year ending March 2025", 14.9),
        ("dfe-children-looked-after", "care-leavers-in-education-or-work", "E92000001", "Year ending March 2025", 54),
        ("dfe-social-work-workforce", "childrens-social-workers", "E12000001", "30 September 2025", 2299.3),
        ("dfe-sen2", "ehc-plans-and-statements", "E92000001", "January 2018", 319819),
        ("dfe-early-years", "all-early-learning-goals", "E92000001", "2021/22 school year", 63.4),
        ("dfe-outcomes-children-in-need", "looked-after-key-stage-2", "E92000001", "2024/25 school year", 35),
        ("dfe-outcomes-children-in-need", "children-in-need-persistent-absence", "E92000001", "2024/25 school year", 46),
    ],
)  # fmt: skip
def test_hand_checked_values(tables, name, measure_id, area, label, value):
    assert one(tables(name), measure_id, area, label)["value"] == value


@pytest.mark.publisher_files
def test_numerators_and_denominators_are_kept(tables):
    row = one(tables("dfe-children-in-need"), "re-referrals", "E92000001", "Year ending March 2025")
    assert (row["numerator"], row["denominator"]) == (142900, 632830)
    row = one(
        tables("dfe-children-looked-after"),
        "placement-moves",
        "E92000001",
        "Year ending March 2025",
    )
    assert (row["value"], row["numerator"], row["denominator"]) == (10, 8500, 81770)


@pytest.mark.publisher_files
def test_missing_values_keep_their_kind_and_zeros_stay(tables):
    table = tables("dfe-children-in-need")
    plans = table[table["measure"] == "long-child-protection-plans"]
    assert plans["status"].value_counts()["suppressed"] == 705
    assert (plans["value"] == 0).sum() > 100
    agency = tables("dfe-social-work-workforce").query("measure == 'agency-social-workers'")
    assert {"negligible", "unreliable", "not available"} <= set(agency["status"])


@pytest.mark.publisher_files
def test_former_councils_stand_under_their_own_codes(tables):
    table = tables("dfe-children-in-need").query("measure == 'children-in-need'")
    years = {
        code: table.loc[table["area"] == code, "period_end"].dt.year.agg(["min", "max"]).tolist()
        for code in ("E10000006", "E06000063", "E10000021", "E06000061", "E06000028", "E06000058")
    }
    assert years == {
        "E10000006": [2013, 2023], "E06000063": [2024, 2025],
        "E10000021": [2013, 2021], "E06000061": [2022, 2025],
        "E06000028": [2013, 2019], "E06000058": [2020, 2025],
    }  # fmt: skip


@pytest.mark.publisher_files
def test_shared_services_have_no_figure_of_their_own(tables):
    table = tables("dfe-social-work-workforce")
    latest = table[table["period_end"] >= "2021-09-30"]
    shared = {"E06000061", "E06000062", "E09000021", "E09000027"}
    assert not shared & set(latest["area"])


@pytest.mark.publisher_files
def test_both_editions_of_children_in_need_are_read(publisher_files):
    project = catalogue.catalogue()
    source = project.sources["dfe-children-in-need"]
    documents = in_folder(source, publisher_files, only={"children-in-need"})
    assert len(documents) == 2
    measures = [
        m for m in project.of_source(source.name) if m.origin.document == "children-in-need"
    ]
    waiting = project["children-awaiting-assessment"]
    for edition, last in zip(documents, (2024, 2025), strict=True):
        table = dfe_statistics.read([edition], [waiting])
        assert table["period_end"].dt.year.max() == last
    both = dfe_statistics.read(documents, measures)
    alone = dfe_statistics.read(documents[1:], [waiting])
    pd.testing.assert_frame_equal(both[both["measure"] == waiting.id].reset_index(drop=True), alone)


@pytest.mark.publisher_files
def test_former_edition_of_the_workforce_is_readable(publisher_files):
    """The 2022 edition has other column names; the catalogue leaves it out for its joint rows."""
    path = publisher_files / "dfe/childrens-social-care/csww_headline_measures_2017_to_2022.csv"
    edition = Document(
        "dfe-social-work-workforce", "workforce", path.name, path.read_bytes(), date(2026, 1, 1)
    )
    project = catalogue.catalogue()
    measures = [m for m in project.of_source(edition.source) if m.id != "social-worker-turnover"]
    table = observations.validate(dfe_statistics.read([edition], measures))
    assert one(table, "social-worker-vacancies", "E92000001", "30 September 2022")["value"] == 20
    assert (
        one(table, "childrens-social-workers", "E92000001", "30 September 2022")["value"] == 31634.1
    )


@pytest.mark.publisher_files
def test_real_file_with_a_renamed_column_is_refused(publisher_files):
    source = catalogue.catalogue().sources["dfe-children-in-need"]
    (document_,) = in_folder(source, publisher_files, only={"referrals"})
    renamed = replace(
        document_, content=document_.content.replace(b"rereferral_percent", b"rereferral_pct", 1)
    )
    with pytest.raises(
        SourceError, match="expected 'rereferral_percent'; nearest: 'rereferral_pct'"
    ):
        dfe_statistics.read([renamed], [catalogue.catalogue()["re-referrals"]])
