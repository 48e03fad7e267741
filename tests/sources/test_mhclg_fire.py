"""Fire statistics: tables made in the publisher's shape, by the route they will come, and spoilt ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd
import pytest

from goldenthread import areas, observations
from goldenthread.catalogue import catalogue
from goldenthread.sources import reading
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError
from goldenthread.sources.route import fetch
from tests.sources.server import Publisher
from tests.sources.specimen import cell, workbook
from tests.sources.test_client import client_for

SOURCE = "mhclg-fire"
PAGE = "/government/statistical-data-sets/fire-statistics-data-tables"
AVON, KENT, LONDON, HAMPSHIRE = "E31000001", "E31000022", "E31000046", "E31000048"
ENGLAND = "E92000001"
FIRE = [a for a in areas.register().values() if a.kind == "fire and rescue authority"]
TODAY = sorted(area.code for area in FIRE if area.is_current)
#: How many of each kind of incident everybody has in each quarter.
KINDS = {
    "Dwellings": 10,
    "Other buildings": 4,
    "Road vehicles": 3,
    "Other outdoors": 2,
    "Secondary fires": 9,
    "Chimney fires": 1,
    "Due to apparatus": 30,
    "Good intent": 8,
    "Malicious": 2,
    "Non-fire incidents": 31,
}
HEAD = ["FINANCIAL_YEAR", "QUARTER", "FRS_NAME", "E_CODE", "INCIDENT_TYPE", "TOTAL_INCIDENTS"]


def incidents(codes=TODAY, year="2024/25", quarters=4, **changed) -> list[list]:
    """Rows of the table of incidents; `changed` sets another figure of a kind, by its first word."""
    return [
        [year, f"Q{quarter}", "A name", code, kind, changed.get(kind.split()[0], number)]
        for code in codes
        for quarter in range(1, quarters + 1)
        for kind, number in KINDS.items()
    ]


def read(document: str, rows: list[list], *, sheet: str = "Data") -> pd.DataFrame:
    made = Document(
        SOURCE, document, f"{document}.xlsx", workbook({sheet: rows}), dt.date(2026, 1, 1)
    )
    known = catalogue()
    measures = [m for m in known.of_source(SOURCE) if m.origin.document == document]
    reader = reading.reader(known.sources[SOURCE])
    return observations.validate(reader.read([made.check()], measures))


def test_quarters_add_up_and_england_is_everybody():
    table = read("incidents", [HEAD, *incidents()])
    assert cell(table, "primary-fires", KENT)["value"] == 4 * (10 + 4 + 3 + 2)
    assert cell(table, "fire-incidents-attended", KENT)["value"] == 400
    assert cell(table, "fire-incidents-attended", ENGLAND)["value"] == 400 * 44
    share = cell(table, "fire-false-alarms-share", KENT)
    assert (share["value"], share["numerator"], share["denominator"]) == (40.0, 160, 400)
    assert cell(table, "fire-false-alarms-share", ENGLAND)["value"] == 40.0
    assert share["period_label"] == "2024/25"
    assert "sum of the authorities" in cell(table, "primary-fires", ENGLAND)["note"]


def test_a_part_of_a_year_is_no_year():
    table = read("incidents", [HEAD, *incidents(), *incidents(year="2025/26", quarters=3)])
    assert set(table["period_label"]) == {"2024/25"}


def test_the_sum_of_some_is_not_england():
    table = read("incidents", [HEAD, *incidents(TODAY[1:])])
    assert ENGLAND not in set(table["area"])


def test_years_before_a_merger_add_up_under_either_code():
    before = [a.code for a in FIRE if a.end is None and a.code != HAMPSHIRE]
    former = [*before, "E31000017", "E31000021"]
    table = read("incidents", [HEAD, *incidents(former, "2018/19"), *incidents(TODAY, "2019/20")])
    england = table[(table["area"] == ENGLAND) & (table["measure"] == "primary-fires")]
    assert england.set_index("period_label")["value"].to_dict() == {
        "2018/19": 76 * 45,
        "2019/20": 76 * 44,
    }


def test_zero_is_none_and_a_mark_is_unknown():
    rows = incidents([AVON], **dict.fromkeys(("Dwellings", "Other", "Road"), 0))
    rows += incidents([KENT], Dwellings="..")
    table = read("incidents", [HEAD, *rows])
    assert cell(table, "primary-fires", AVON)["value"] == 0
    lost = cell(table, "primary-fires", KENT)
    assert pd.isna(lost["value"])
    assert lost["status"] == "not available"
    # What is left of a sum is not the sum, and a share of an unknown whole is unknown.
    assert pd.isna(cell(table, "fire-incidents-attended", KENT)["value"])
    assert pd.isna(cell(table, "fire-false-alarms-share", KENT)["value"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [HEAD, *incidents(), ["2024/25", "Q1", "Kent", KENT, "All incidents", 100]],
            "something is counted here that is not known.*'all incidents'",
        ),
        (
            [HEAD, *(row for row in incidents() if row[4] != "Malicious")],
            "nothing of this kind is counted here.*expected 'malicious'",
        ),
        (
            [HEAD, *incidents(["E31000999"])],
            "an area code that is not in the register.*E31000999",
        ),
        (
            [HEAD, *incidents([KENT], Dwellings="many")],
            "row 2.*found 'many'",
        ),
        (
            [[*HEAD[:3], "CODE", *HEAD[4:]], *incidents()],
            "no table here has the columns expected.*e_code",
        ),
        ([HEAD, *incidents([KENT], year="last year")], "last year"),
    ],
)
def test_refused_by_name(rows, said):
    with pytest.raises(SourceError, match=f"{SOURCE}: incidents.xlsx.*{said}"):
        read("incidents", rows)


# --- times ------------------------------------------------------------------------------------------

TIMES = ["FINANCIAL_YEAR", "FIRE_TYPE", "LOCATION_CATEGORY", "INCIDENTS", "TOTAL_RESPONSE_TIME"]


def times(*rows: tuple[str, object]) -> list[list]:
    return [TIMES, *(["2023/24", "Dwellings", name, 5, time] for name, time in rows)]


def test_times_are_minutes_whoever_is_named():
    rows = times(
        ("Kent", dt.time(0, 7, 30)),
        ("Greater London", dt.timedelta(minutes=5, seconds=15)),
        ("Isles Of Scilly", "z"),
        ("Predominantly Rural", dt.time(0, 10)),
        ("England", dt.time(0, 8)),
    )
    table = read("response-times", rows, sheet="Data - annual")
    assert cell(table, "fire-response-time", KENT)["value"] == 7.5
    assert cell(table, "fire-response-time", LONDON)["value"] == 5.25
    assert cell(table, "fire-response-time", ENGLAND)["value"] == 8
    scilly = cell(table, "fire-response-time", "E31000039")
    assert pd.isna(scilly["value"])
    assert scilly["status"] == "not applicable"
    assert len(table) == 4


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (times(("Kent", 7.5)), "row 2.*a number where a time was expected.*'7.5'"),
        (times(("Kent", dt.time(0, 7)), ("Kent", dt.time(0, 8))), "row 3.*two figures for a year"),
        (times(("Kent", "soon")), "row 2.*'soon'"),
        (times(("Atlantis", dt.time(0, 7))), "no fire and rescue authority or country.*'Atlantis'"),
    ],
)
def test_times_refused_by_name(rows, said):
    with pytest.raises(SourceError, match=f"{SOURCE}: response-times.xlsx.*{said}"):
        read("response-times", rows, sheet="Data - annual")


# --- rates ------------------------------------------------------------------------------------------

FIRES = ["FINANCIAL_YEAR", "FRS_NAME", "E_CODE", "MOTIVE", "POPULATION", "FIRES"]


def fires(code: str, people: object, accidental: object = 40) -> list[list]:
    return [
        ["2023/24", "A name", code, motive, people, number]
        for motive, number in (("Accidental", accidental), ("Deliberate", 5))
    ]


def test_a_rate_is_of_the_people_on_the_same_rows():
    rows = [FIRES, *(row for code in TODAY for row in fires(code, 200_000))]
    table = read("dwelling-fires", rows)
    kent = cell(table, "accidental-dwelling-fires-rate", KENT)
    assert (kent["value"], kent["numerator"], kent["denominator"]) == (20.0, 40, 200_000)
    assert cell(table, "accidental-dwelling-fires-rate", ENGLAND)["value"] == pytest.approx(20.0)


def test_a_rate_of_nobody_is_unknown_and_two_populations_are_refused():
    table = read("dwelling-fires", [FIRES, *fires(KENT, 0), *fires(AVON, "..")])
    assert cell(table, "accidental-dwelling-fires-rate", KENT)["status"] == "not applicable"
    assert pd.isna(cell(table, "accidental-dwelling-fires-rate", AVON)["value"])
    with pytest.raises(
        SourceError, match=r"two numbers of residents in a year.*E31000022, 2023/24"
    ):
        read("dwelling-fires", [FIRES, *fires(KENT, 100), *fires(KENT, 200)])


# --- by the live route -------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


def test_the_page_gives_each_table_and_none_of_its_neighbours(server):
    entries = catalogue().sources[SOURCE].documents
    titles = {
        "incidents": "FIRE0102: Incidents attended by fire and rescue services in England, by incident type and fire and rescue authority",
        "dwelling-fires": "FIRE0202: Dwelling fires attended, by motive, population and fire and rescue authority",
        "casualties": "FIRE0502: Fatalities and non-fatal casualties by population and fire and rescue authority",
        "response-times": "FIRE1001: Average response times by location and fire and rescue authority",
        "staff": "FIRE1101: Staff headcount and full-time equivalent by fire and rescue authority",
        "home-visits": "FIRE1201: Home fire safety checks carried out by fire and rescue authority",
    }
    assert set(titles) == {entry.id for entry in entries}
    attachments = [
        server.attachment(f"FIRE{number}: Another table", f"fire{number}.xlsx", b"not asked for")
        for number in ("0101", "0104", "0201", "0503", "1002", "1102", "1202", "10010", "01020")
    ]
    content = {name: workbook({"Data": [[title]]}) for name, title in titles.items()}
    for name, title in titles.items():
        code = title[:8].lower()
        attachments.append(
            server.attachment(
                title, f"fire-statistics-data-tables-{code}-020725.xlsx", content[name]
            )
        )
    server.page(PAGE, attachments, updated="2025-07-10T09:30:00.000+00:00")
    with client_for(server, read=5, total=60) as client:
        documents = fetch(catalogue().sources[SOURCE], client)
    assert {d.id: d.content for d in documents} == content
    assert {str(d.published) for d in documents} == {"2025-07-10"}
