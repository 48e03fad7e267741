"""The autumn snapshot of rough sleeping: real figures, and tables that must be refused."""

from __future__ import annotations

import pandas as pd
import pytest

from goldenthread.sources.error import SourceError
from tests.sources.specimen import cell, read, read_real, workbook

SOURCE = "mhclg-rough-sleeping"
WHO = ["Local authority ONS code", "Local authority", "Region", "Region ONS code"]


def _tables() -> dict[str, list[list]]:
    """Small tables as the publisher lays them out, right in every respect."""
    england = ["---", "---", "England", "E92000001"]
    rest = ["---", "---", "Rest of England", "-"]
    hull = ["E06000010", "Hull", "Yorkshire and The Humber", "E12000003"]
    scilly = ["E06000053", "Isles of Scilly", "South West", "E12000009"]
    return {
        "Export Summary": [["exported"]],
        "Table 1 Total": [
            ["Table 1"],
            [*WHO, "2021", "2022"],
            [*england, 100, 120],
            [*rest, 90, 110],
            [*hull, 5, 6],
            [*scilly, 0, 0],
            [],
            ["Contact:", "someone@example.org"],
        ],
        "Table 2a Gender": [
            ["Table 2a"],
            [*WHO, "Female 2022", "Male 2022", "Not known 2022", "Total 2022"],
            [*england, 30, 80, 10, 120],
            [*hull, 0, 6, 0, 6],
            [*scilly, 0, 0, 0, 0],
        ],
        "Table 5 Rates": [
            ["Table 5"],
            [*WHO, 2021, 2022, "Mid-2021 population"],
            [*england, 10, 12, 1_000_000],
            [*hull, 5, 6.5, 100_000],
            [*scilly, 0, 0, 2_000],
        ],
    }


def _read(tables: dict[str, list[list]], query: dict | None = None) -> pd.DataFrame:
    return read(SOURCE, workbook(tables), "r.xlsx", query=query)


@pytest.fixture(scope="module")
def real(publisher_files) -> pd.DataFrame:
    return read_real(SOURCE, publisher_files)


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("measure", "area", "year", "expected"),
    [
        ("rough-sleeping", "E92000001", 2010, 1768),
        ("rough-sleeping", "E12000007", 2022, 858),
        ("rough-sleeping-rate", "E92000001", 2022, 5.42835937309719),
        ("rough-sleeping-rate", "E12000006", 2010, 3.54719718042595),
        ("rough-sleeping-women", "E92000001", 2017, 100 * 653 / 4751),
        ("rough-sleeping-women", "E12000007", 2022, 100 * 141 / 858),
    ],
)
def test_figures_are_the_publishers(real, measure, area, year, expected):
    assert cell(real, measure, area, f"Autumn {year}")["value"] == pytest.approx(expected)


@pytest.mark.publisher_files
def test_the_rate_follows_from_count_and_population(real):
    rate = real[real["measure"] == "rough-sleeping-rate"]
    assert rate["numerator"].notna().all()
    again = 100_000 * rate["numerator"] / rate["denominator"]
    assert (again - rate["value"]).abs().max() < 1e-6


@pytest.mark.publisher_files
def test_nobody_is_a_number_and_a_share_of_nobody_is_not(real):
    counts = real[real["measure"] == "rough-sleeping"]
    assert (counts["value"] == 0).sum() == 431
    women = real[real["measure"] == "rough-sleeping-women"]
    assert (women["status"] == "not applicable").sum() == 178


@pytest.mark.publisher_files
def test_the_open_data_file_of_gender_says_the_same(real, publisher_files):
    path = publisher_files / "mhclg" / "homelessness"
    name = "gender-of-people-sleeping-rough-by-local-authority-district-and-region.csv"
    table = pd.read_csv(path / name)
    women = table[table["Period"] == "female-2022"]
    # The totals of England and the regions all bear this code.
    women = women[women["Local authority ONS code"] != "E00000000"]
    women = women.set_index("Local authority ONS code")
    ours = real[
        (real["measure"] == "rough-sleeping-women") & (real["period_label"] == "Autumn 2022")
    ].set_index("area")["numerator"]
    both = ours[ours.index.isin(women.index)]
    assert len(both) == 309
    assert (both == women["Numerical"].reindex(both.index)).all()


def test_small_tables_are_read():
    table = _read(_tables())
    later = cell(table, "rough-sleeping-rate", "E92000001", "Autumn 2022")
    assert (later["numerator"], later["denominator"]) == (120, 1_000_000)
    other = cell(table, "rough-sleeping-rate", "E06000010", "Autumn 2022")
    assert other["value"] == 6.5
    assert pd.isna(other["numerator"]), "6 of 100,000 are not 6.5"
    assert cell(table, "rough-sleeping-women", "E92000001", "Autumn 2022")["value"] == 25
    assert cell(table, "rough-sleeping-women", "E06000010", "Autumn 2022")["value"] == 0
    scilly = cell(table, "rough-sleeping-women", "E06000053", "Autumn 2022")
    assert scilly["status"] == "not applicable"


def _change(sheet, row, column, text):
    def spoil(tables):
        tables[sheet][row - 1][column] = text

    return spoil


def _rename(tables):
    tables["Table 6"] = tables.pop("Table 5 Rates")


def _repeat(tables):
    tables["Table 1 Total"].insert(5, tables["Table 1 Total"][4])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_rename, ["'table 5 rates'"]),
        (_change("Table 1 Total", 2, 0, "Code"), ["Table 1 Total", "local authority ons code"]),
        (_change("Table 2a Gender", 2, 4, "Women 2022"), ["Table 2a Gender", "female"]),
        (_change("Table 5 Rates", 2, 6, "Population"), ["Table 5 Rates", "mid-"]),
        (_change("Table 1 Total", 5, 4, "few"), ["Table 1 Total", "row 5", "few"]),
        (_change("Table 1 Total", 5, 0, "Hull"), ["Table 1 Total", "row 5", "figures of no area"]),
        (_change("Table 1 Total", 5, 0, "E06000999"), ["Table 1 Total", "row 5", "E06000999"]),
        (_repeat, ["Table 1 Total", "row 6", "E06000010, 2021"]),
    ],
)
def test_what_is_not_recognised_is_refused_by_name(spoil, said):
    tables = _tables()
    spoil(tables)
    with pytest.raises(SourceError) as refused:
        _read(tables)
    message = str(refused.value)
    assert [part for part in [SOURCE, "r.xlsx", *said] if part not in message] == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sheet": "t", "column": r"\d{4}"}, "group named year"),
        ({"sheet": "t", "column": "(?P<year>.)", "count": "(?P<year>.)"}, "count_sheet"),
        (
            {
                "sheet": "t",
                "column": "(?P<year>.)",
                "count": "(?P<year>.)",
                "count_sheet": "u",
            },
            "denominator",
        ),
    ],
)
def test_a_wrong_query_is_refused(query, said):
    with pytest.raises(SourceError, match=said):
        _read(_tables(), query)
