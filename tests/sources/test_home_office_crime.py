"""Recorded crime by community safety partnership: real figures, and a table that must be refused."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from goldenthread.sources.error import SourceError
from tests.sources.specimen import read, read_real

SOURCE = "home-office-crime"
WHO = [
    "Police Force\nArea code",
    "Police Force\nArea name",
    "Community Safety\nPartnership code",
    "Community Safety\nPartnership name",
    "Local Authority code",
    "Local Authority name",
]
OFFENCES = [
    "Total recorded crime\n (excluding fraud)",
    "Violence against the person",
    "Sexual offences",
    "Robbery",
    "Theft offences",
    "Residential burglary",
    "Vehicle offences",
    "Shoplifting",
    "Criminal damage and arson",
    "Public order offences",
]


def _row(force: str, partnership: str, code: str, total: str) -> list[str]:
    return [force, "Force", partnership, "Partnership", code, "Council", total, *["1 "] * 9]


def _table() -> list[list[str]]:
    """Table C2 as the publisher lays it out, right in every respect."""
    force, wales = "E23000012", "W15000002"
    return [
        ["Table C2: Number of police recorded crimes, year ending June 2025 [note 1]"],
        ["Source: Police recorded crime from the Home Office"],
        [*WHO, *OFFENCES],
        _row(force, "", "", "31,000 "),
        _row(force, "E22000074", "E06000010", "15,974 "),
        _row(force, "", "", "27 "),
        _row(force, "E22000362", "Combined Local Authorities", "10,997 "),
        _row(force, "E22000303", "E06000060", "100"),
        _row(force, "E22000306", "E06000060", "20"),
        _row(force, "E22000031", "E07000026", "7"),
        _row(force, "E22000033", "E07000028", "8"),
        _row(force, "E22000034", "E07000029", "9"),
        _row(force, "E22000367", "E06000059", "50"),
        _row(force, "E22000063", "E06000058", "60"),
        _row(force, "E22000332", "E06000053", "0"),
        _row(force, "E22000333", "E06000011", "[x]"),
        _row(wales, "W14000001", "W06000001", "5"),
    ]


def _read(rows: list[list[str]]) -> pd.DataFrame:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return read(SOURCE, out.getvalue().encode("utf-8-sig"), "c2.csv")


def _totals(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["measure"] == "recorded-crime"].set_index("area")


@pytest.fixture(scope="module")
def real(publisher_files) -> pd.DataFrame:
    return read_real(SOURCE, publisher_files)


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("measure", "area", "expected"),
    [
        ("recorded-crime", "E06000030", 15993),
        ("violence-against-the-person", "E06000054", 10250),
        ("residential-burglary", "E08000036", 1241),
        ("vehicle-offences", "E08000036", 2345),
        ("shoplifting", "E06000054", 2147),
        ("public-order-offences", "E06000030", 1514),
        ("recorded-crime", "E06000060", 11654 + 3972 + 4519 + 11416),
        ("recorded-crime", "E07000244", 5152 + 7245),
    ],
)
def test_figures_are_the_publishers(real, measure, area, expected):
    (value,) = real.loc[(real["measure"] == measure) & (real["area"] == area), "value"]
    assert value == expected


@pytest.mark.publisher_files
def test_only_councils_made_up_of_whole_partnerships_have_a_figure(real):
    held = set(real["area"])
    assert len(held) == 268
    shared = {"E07000040", "E07000084", "E07000107", "E07000172", "E07000221", "E07000245"}
    assert not held & (shared | {"E06000058", "E06000059"})
    assert {"E06000063", "E06000064"} <= held, "put together from the districts they replaced"
    assert not any(code.startswith("W") for code in held)


@pytest.mark.publisher_files
def test_the_year_is_that_of_the_title(real):
    assert set(real["period_label"]) == {"Year ending June 2025"}


def test_a_small_table_is_read():
    totals = _totals(_read(_table()))
    assert totals["value"].dropna().to_dict() == {
        "E06000010": 15974,
        "E06000053": 0,
        "E06000060": 120,
        "E06000063": 24,
    }
    assert totals.loc["E06000011", "status"] == "not available"
    assert totals.loc["E06000060", "note"] == "The sum of 2 community safety partnerships."
    assert totals.loc["E06000010", "note"] == ""


def test_a_sum_lacks_what_a_part_lacks():
    rows = _table()
    rows[8][6] = "[c]"
    totals = _totals(_read(rows))
    assert totals.loc["E06000060", "status"] == "suppressed"
    assert pd.isna(totals.loc["E06000060", "value"])


def _change(row, column, text):
    def spoil(rows):
        rows[row - 1][column] = text

    return spoil


def _part(rows):
    del rows[10]


def _twice(rows):
    rows.append(rows[4])


def _cut(rows):
    del rows[2:]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_change(3, 4, "Council code"), ["row 3", "local authority code"]),
        (_change(3, 6, "All crime"), ["row 3", "total recorded crime"]),
        (_change(1, 0, "Table C2: crimes last year"), ["which year"]),
        (_change(5, 4, "Hull"), ["row 5", "Hull", "E06000010"]),
        (_change(5, 4, "E06000999"), ["row 5", "E06000999"]),
        (_change(5, 6, "many"), ["row 5", "many"]),
        (_change(5, 4, "E10000009"), ["row 5", "E10000009", "one council that followed"]),
        (_part, ["E07000026", "E07000028"]),
        (_twice, ["row 18", "E22000074"]),
        (_cut, ["no table here"]),
    ],
)
def test_what_is_not_recognised_is_refused_by_name(spoil, said):
    rows = _table()
    spoil(rows)
    with pytest.raises(SourceError) as refused:
        _read(rows)
    message = str(refused.value)
    assert [part for part in [SOURCE, "c2.csv", *said] if part not in message] == []
