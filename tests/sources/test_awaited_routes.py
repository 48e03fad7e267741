"""Sources of which no file is at hand: made-up documents in their publishers' shape, asked for live."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pandas as pd
import pytest

from goldenthread import observations
from goldenthread.catalogue import catalogue
from goldenthread.refresh import check
from goldenthread.snapshot import snapshot
from goldenthread.sources import reading
from goldenthread.sources.error import SourceError
from goldenthread.sources.route import fetch
from tests.sources.server import Publisher, Reply, link
from tests.sources.specimen import cell, workbook
from tests.sources.test_client import client_for

HULL, ASHFORD, KENT, ENGLAND = "E06000010", "E07000105", "E10000016", "E92000001"
#: What stands beside the tables on every page.
OTHERS = ("Technical notes", "Map of the country")

Serve = Callable[[Publisher], None]


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


def live(source: str, server: Publisher) -> pd.DataFrame:
    """Fetch and read a source as a refresh does, and hold it to the refresh's own checks."""
    entry = catalogue().sources[source]
    measures = catalogue().of_source(source)
    with client_for(server, read=5, total=30) as client:
        documents = fetch(entry, client)
    table = observations.validate(reading.reader(entry).read(documents, measures))
    assert check(table, measures) == []
    return table


def page(source: str, *files: tuple[str, str, bytes]) -> Serve:
    """Put up a page of the source's with attachments by title, name and content, among others."""

    def serve(server: Publisher) -> None:
        (path,) = {str(entry.path) for entry in catalogue().sources[source].documents}
        attached = [
            server.attachment(title, "notes.ods", workbook({"a": [[1]]})) for title in OTHERS
        ]
        attached += [server.attachment(*file) for file in files]
        server.page(path, attached)

    return serve


def csv(rows: list[list[object]]) -> bytes:
    lines = [",".join(f'"{one}"' if "," in str(one) else str(one) for one in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode()


# --- energy certificates --------------------------------------------------------------------------


def certificates(*rows: list[object], head: list[object] | None = None) -> bytes:
    header = [
        "Local Authority Code",
        "Local Authority",
        "Quarter",
        "Number Lodgements",
        "A",
        "B",
        "C",
        "D",
    ]
    return workbook(
        {
            "Cover": [["Energy certificates"]],
            "D1_England": [["Quarter", "A"], ["2023/2", 1]],
            "D1_by_LA": [["Table D1"], ["Notes"], [], head or header, *rows],
        }
    )


QUARTERS = ["2023/2", "2023/3", "2023/4", "2024/1"]


def test_certificates_of_four_quarters_are_one_financial_year(server):
    rows = [
        [HULL, "Hull", q, 100, 1, 9, n, 5] for q, n in zip(QUARTERS, (10, 20, 30, 40), strict=True)
    ]
    rows += [[HULL, "Hull", "2024/2", 100, 1, 1, 1, 1]]  # the year that is not over
    rows += [["", "Footnote", "", "", "", "", "", ""]]
    content = certificates(*rows)
    page("mhclg-energy-certificates", ("Table D1: domestic certificates", "D1.xlsx", content))(
        server
    )
    table = live("mhclg-energy-certificates", server)
    made = cell(table, "homes-epc-c-or-above", HULL)
    assert made["period_label"] == "2023/24"
    assert (made["numerator"], made["denominator"], made["value"]) == (140, 400, 35)


def test_a_year_with_a_quarter_that_is_missing_is_missing_and_not_less(server):
    rows = [[HULL, "Hull", q, 100, 1, 9, 10, 5] for q in QUARTERS]
    rows += [
        [ASHFORD, "Ashford", q, 100, 1, 9, "[x]" if q == "2023/4" else 10, 5] for q in QUARTERS
    ]
    page("mhclg-energy-certificates", ("D1", "D1.xlsx", certificates(*rows)))(server)
    made = cell(live("mhclg-energy-certificates", server), "homes-epc-c-or-above", ASHFORD)
    assert pd.isna(made["value"])
    assert made["status"] == "not available"


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        ([[HULL, "Hull", "2023/2", 9, 1, 1, 1, 1]], ["Code", "Name", "Quarter", "Number Lodgements", "A", "B", "C", "D"], "local authority code"),
        ([[HULL, "Hull", "Spring", 9, 1, 1, 1, 1]], None, "'spring' is not a period"),
        ([[HULL, "Hull", "2023/2", 9, "many", 1, 1, 1]], None, "neither a number nor a known mark"),
        ([["E06999999", "Atlantis", "2023/2", 9, 1, 1, 1, 1]], None, "not in the register"),
        ([[HULL, "Hull", "2023/2", 9, 1, 1, 1, 1]] * 2, None, "two lines for one period"),
        ([["Total", "", "2023/2", 9, 1, 1, 1, 1]], None, "no line of any council"),
    ],
)  # fmt: skip
def test_certificates_in_another_shape_are_refused(server, rows, head, said):
    content = certificates(*rows, head=head)
    page("mhclg-energy-certificates", ("D1", "D1.xlsx", content))(server)
    with pytest.raises(SourceError, match=said):
        live("mhclg-energy-certificates", server)


# --- vehicles and chargers ------------------------------------------------------------------------


def vehicles(*rows: list[object]) -> bytes:
    head = ["Units", "BodyType", "Fuel [note 2]", "Keepership [note 3]", "ONS Sort [note 6]", "ONS Code [note 6]", "ONS Geography [note 6]", "2024 Q4", "2024 Q3"]  # fmt: skip
    return csv([head, *rows])


def vehicle(code: str, *values: object, fuel: str = "Total", body: str = "Total", units: str = "") -> list[object]:  # fmt: skip
    return [units, body, fuel, "Total", "1", code, "Somewhere", *values]


PLUG_IN = (
    "df_VEH0142",
    "df_VEH0142.csv",
    vehicles(vehicle(HULL, 1500, 1200), vehicle(HULL, 9, 9, fuel="Battery electric"), vehicle(KENT, "[x]", 40)),
)  # fmt: skip
ALL = (
    "df_VEH0105",
    "df_VEH0105.csv",
    vehicles(vehicle(HULL, "30", "30"), vehicle(HULL, 7, 7, body="Cars"), vehicle(KENT, 20, 20)),
)


def test_plug_in_vehicles_are_divided_by_all_of_another_file_in_thousands(server):
    page("dft-vehicle-licensing", PLUG_IN, ALL)(server)
    table = live("dft-vehicle-licensing", server)
    made = cell(table, "electric-vehicles-share", HULL, "October to December 2024")
    assert made["value"] == pytest.approx(5)
    assert made["denominator"] == 30
    gone = cell(table, "electric-vehicles-share", KENT, "October to December 2024")
    assert pd.isna(gone["value"])
    assert gone["status"] == "not available"
    assert len(table) == 4


def test_vehicles_without_the_file_of_all_are_refused(server):
    page("dft-vehicle-licensing", PLUG_IN)(server)
    with pytest.raises(SourceError, match="no attachment matches"):
        live("dft-vehicle-licensing", server)


def test_a_fuel_that_is_called_otherwise_is_refused(server):
    other = ("df_VEH0142", "df_VEH0142.csv", vehicles(vehicle(HULL, 1, 1, fuel="Everything")))
    page("dft-vehicle-licensing", other, ALL)(server)
    with pytest.raises(SourceError, match="no line has this text"):
        live("dft-vehicle-licensing", server)


@pytest.mark.parametrize(("written", "label"), [("Apr-24", "April 2024"), ("April 2024", "April 2024"), ("2024-04-01 00:00:00", "1 April 2024")])  # fmt: skip
def test_rapid_chargers_stand_under_their_months_in_the_newest_edition(server, written, label):
    sheets = {
        "2a": [["Devices"], ["Local authority / region code [note 5]", "Name", written], [HULL, "Hull", 99]],
        "2b": [["Rapid"], ["Local authority / region code [note 5]", "Name", written], [HULL, "Hull", 12.5]],
    }  # fmt: skip
    path = "/government/statistics/electric-vehicle-public-charging-infrastructure-statistics-april-2024"
    old = "/government/statistics/electric-vehicle-public-charging-infrastructure-statistics-january-2024"
    name = "electric-vehicle-public-charging-infrastructure-statistics-april-2024.xlsx"
    server.page(path, [server.attachment("Tables", name, workbook(sheets))])
    server.page(old, [server.attachment("Tables", name.replace("april", "january"), b"old")])
    entry = catalogue().sources["dft-ev-chargers"].documents[0]
    documents = [link(old, "Statistics: January 2024", "2024-01-30T09:30:00Z"), link(path, "Statistics: April 2024", "2024-04-30T09:30:00Z")]  # fmt: skip
    server.page(
        str(entry.path), links={"documents": documents}, document_type="document_collection"
    )
    assert cell(live("dft-ev-chargers", server), "rapid-ev-chargers", HULL, label)["value"] == 12.5


# --- homes ----------------------------------------------------------------------------------------


def test_affordable_homes_of_every_kind_are_added_up(server):
    head = ["Year", "LA code 202425", "LA name", "Tenure", "LT1000", "Type", "Completions", "Units"]
    rows = [
        ["2024-25", HULL, "Hull", "Social Rent", "s106 nil grant", "NB", "Completion", 10],
        ["2024-25", HULL, "Hull", "Shared Ownership", "s106 nil grant", "NB", "Completion", 5],
        ["2024-25", HULL, "Hull", "Social Rent", "s106 nil grant", "NB", "Start on Site", 90],
        ["2024-25", ASHFORD, "Ashford", "Social Rent", "s106 nil grant", "NB", "Completion", 0],
    ]
    file = ("Affordable housing supply: open data", "AHS_open_data.csv", csv([head, *rows]))
    page("mhclg-affordable-housing", file)(server)
    table = live("mhclg-affordable-housing", server)
    assert cell(table, "affordable-homes-completed", HULL, "2024/25")["value"] == 15
    assert cell(table, "affordable-homes-completed", ASHFORD)["value"] == 0


def housing(*rows: list[object]) -> tuple[str, str, bytes]:
    head = ["LA_CODE", "LA_NAME", "Year", "a1a", "a2ia", "cc1a", "f17a"]
    return ("LAHS open data, 2011-12 to 2024-25", "LAHS_open_data.csv", csv([head, *rows]))


def test_a_council_without_homes_has_no_share_of_them(server):
    file = housing(
        [HULL, "Hull", "2024-25", 1, 20000, 6000, 1.5],
        [ASHFORD, "Ashford", "2024-25", 1, 0, "", 0],
    )
    page("mhclg-housing-statistics", file)(server)
    table = live("mhclg-housing-statistics", server)
    assert cell(table, "council-homes-not-decent", HULL)["value"] == 1.5
    none = cell(table, "council-homes-not-decent", ASHFORD)
    assert pd.isna(none["value"])
    assert none["status"] == "not applicable"
    assert cell(table, "council-homes", ASHFORD)["value"] == 0
    gone = cell(table, "households-on-housing-register", ASHFORD)
    assert pd.isna(gone["value"])
    assert cell(table, "households-on-housing-register", HULL)["period_label"] == "31 March 2025"


# --- planning -------------------------------------------------------------------------------------

GROUPS = ("grand total", "major total", "minor total", "(other) total")


def decisions(rows: list[tuple[str, str, str, int, int]]) -> tuple[str, str, bytes]:
    """Make PS2 of code, name, quarter, and for all kinds alike decisions and those in time."""
    kinds = ("(all)", "(excluding PAs)", "(PAs only)")
    head = ["Region", "LPANM", "LPACD", "Quarter"]
    head += [f"Total decisions; {g} {k}" for g in GROUPS for k in kinds]
    head += [f"Total decisions in time; {g} {k}" for g in GROUPS for k in kinds[1:]]
    lines: list[list[object]] = [["District statistics (PS2)"], ["England, 1979 to 2026"], ["A note, with a comma"], head]  # fmt: skip
    for code, name, quarter, made, timely in rows:
        one = [made, made - 4 if made else 0, 4 if made else 0] * len(GROUPS)
        two = [timely - 1 if timely else 0, 1 if timely else 0] * len(GROUPS)
        lines.append(["Somewhere", name, code, quarter, *one, *two])
    title = "District planning application statistics (PS2) - full dataset"
    return title, "PS2_data_-_open_data_table__202603_.csv", csv(lines)


DECIDED = ["2024 Q2", "2024 Q3", "2024 Q4", "2025 Q1"]


def test_decisions_in_time_with_and_without_agreements_are_added(server):
    rows = [(HULL, "Hull", quarter, 10, 8) for quarter in DECIDED]
    rows += [("A1234", "A council of long ago", "2024 Q2", 9, 9)]
    rows += [(HULL, "Hull within National Park", "2024 Q2", 5, 5)]
    rows += [(ASHFORD, "Ashford", quarter, 0, 0) for quarter in DECIDED]
    extract = ("District planning application statistics (PS2) - last 4 quarters", "PS2_last_4.csv", b"a,b\r\n1,2\r\n")  # fmt: skip
    page("mhclg-planning-decisions", extract, decisions(rows))(server)
    table = live("mhclg-planning-decisions", server)
    for kind in ("major", "minor", "other"):
        made = cell(table, f"planning-{kind}-in-time", HULL)
        assert (made["period_label"], made["numerator"], made["denominator"]) == ("2024/25", 32, 40)
        assert made["value"] == 80
        nothing = cell(table, f"planning-{kind}-in-time", ASHFORD)
        assert pd.isna(nothing["value"])
        assert nothing["status"] == "not applicable"
    assert cell(table, "planning-applications-decided", HULL)["value"] == 40
    assert cell(table, "planning-applications-decided", ASHFORD)["value"] == 0


def test_a_column_that_has_gone_is_named_with_the_nearest(server):
    title, name, content = decisions([(HULL, "Hull", "2024 Q2", 10, 8)])
    content = content.replace(b"decisions in time; minor total", b"decisions on time; minor total")
    page("mhclg-planning-decisions", (title, name, content))(server)
    with pytest.raises(SourceError, match="in time; minor total"):
        live("mhclg-planning-decisions", server)


def test_appeals_are_lost_out_of_those_decided(server):
    head = ["LADNM", "LADCD", "Quarter", "Total major application decisions", "Major applications not determined", "Total major appeal decisions", "Major decisions overturned at appeal"]  # fmt: skip
    rows = [["Hull", HULL, quarter, 10, 0, 2, lost] for quarter, lost in zip(DECIDED, (1, 0, 1, 0), strict=True)]  # fmt: skip
    rows += [["Ashford", ASHFORD, quarter, 10, 0, 0, 0] for quarter in DECIDED]
    book = workbook({"P152a": [["Quality"], [], head, *rows], "P154": [["Other"]]})
    page("mhclg-planning-appeals", ("Planning quality open data", "planning_quality.xlsx", book))(
        server
    )
    table = live("mhclg-planning-appeals", server)
    assert cell(table, "planning-appeals-allowed-share", HULL)["value"] == 25
    assert cell(table, "planning-appeals-allowed-share", ASHFORD)["status"] == "not applicable"


# --- council tax ----------------------------------------------------------------------------------


def test_collection_rates_stand_under_their_years(server):
    head = ["Authority", "E-code", "ONS Code", "Class", "Region"]
    for year in ("2023-24", "2024-25"):
        head += [
            f"Net collectable debit {year}",
            f"Amount collected {year}",
            f"Collection rate {year} (%)",
        ]
    rows = [["Hull", "E2002", HULL, "UA", "YH", 100, 95, 95.0, 110, 104, 94.5]]
    book = workbook({"Table_6a": [["Table 6a"], ["Notes"], head, *rows], "Table_6b": [["Other"]]})
    path = "/government/statistics/collection-rates-2024-to-2025"
    title = "Table 6: Council Tax - collection amounts and rates, 2023-24 and 2024-25"
    server.page(path, [server.attachment(title, "Table_6_rates.xlsx", book)])
    entry = catalogue().sources["mhclg-collection-rates"].documents[0]
    documents = [link(path, "Collection rates 2024 to 2025", "2025-06-25T09:30:00Z")]
    server.page(
        str(entry.path), links={"documents": documents}, document_type="document_collection"
    )
    table = live("mhclg-collection-rates", server)
    assert cell(table, "council-tax-collection-rate", HULL, "2024/25")["value"] == 94.5
    assert cell(table, "council-tax-collection-rate", HULL, "2023/24")["value"] == 95


# --- Nomis ----------------------------------------------------------------------------------------


def nomis(rows: list[tuple[str, str, str, object]], column: str, *, count: int | None = None, **fixed: str) -> bytes:  # fmt: skip
    head = ["DATE_NAME", "GEOGRAPHY_CODE", column, "OBS_VALUE", "OBS_STATUS", "RECORD_COUNT", *fixed]  # fmt: skip
    lines: list[list[object]] = [head]
    lines += [
        [date, code, text, value, "A", len(rows) if count is None else count, *fixed.values()]
        for date, code, text, value in rows
    ]
    return csv(lines)


BORN, SPOKEN, FAITH = "C2021_COB_12_NAME", "C2021_ENGPRF_6_NAME", "C2021_RELIGION_10_NAME"
EVERYBODY = "Total: All usual residents"


def census(server: Publisher, **cut: int) -> None:
    answers = {
        "country-of-birth": (BORN, [(EVERYBODY, 1000), ("Europe: United Kingdom", 900)]),
        "proficiency-in-english": (
            SPOKEN,
            [
                ("Total: All usual residents aged 3 years and over", 800),
                ("Main language is English (English or Welsh in Wales)", 760),
            ],
        ),
        "religion": (FAITH, [(EVERYBODY, 1000), ("No religion", 400)]),
    }
    for entry in catalogue().sources["ons-census-2021"].documents:
        column, lines = answers[entry.id]
        rows = [("2021", code, text, number) for code in (HULL, ENGLAND) for text, number in lines]
        content = nomis(rows, column, MEASURES_NAME="Value", **cut)
        server.at(str(entry.url), Reply(content, kind="text/csv"))


def test_the_census_is_divided_by_all_or_by_what_is_left(server):
    census(server)
    table = live("ons-census-2021", server)
    for measure, value, number in (
        ("residents-born-outside-uk", 10, 100),
        ("main-language-not-english", 5, 40),
        ("residents-with-no-religion", 40, 400),
    ):
        made = cell(table, measure, HULL)
        assert (made["value"], made["numerator"], made["period_label"]) == (value, number, "2021")


def test_an_answer_that_was_cut_is_refused(server):
    census(server, count=9)
    with pytest.raises(SourceError, match="the answer is cut"):
        live("ons-census-2021", server)


def test_jobs_of_two_industries_are_added(server):
    sections = (
        "D : Electricity, gas, steam and air conditioning supply",
        "E : Water supply; sewerage, waste management and remediation activities",
    )
    rows = [("2024", HULL, name, n) for name, n in (("Total", 2000), (sections[0], 30), (sections[1], 50))]  # fmt: skip
    # A section that was left out is missing, not nothing.
    rows += [("2024", ASHFORD, "Total", 2000), ("2024", ASHFORD, sections[0], 30)]
    fixed = {"MEASURES_NAME": "Value", "EMPLOYMENT_STATUS_NAME": "Employees", "MEASURE_NAME": "Count"}  # fmt: skip
    (entry,) = catalogue().sources["ons-employment-by-industry"].documents
    server.at(str(entry.url), Reply(nomis(rows, "INDUSTRY_NAME", **fixed), kind="text/csv"))
    table = live("ons-employment-by-industry", server)
    assert cell(table, "jobs-in-energy-water-and-waste-share", HULL)["value"] == 4
    gone = cell(table, "jobs-in-energy-water-and-waste-share", ASHFORD)
    assert pd.isna(gone["value"])
    assert gone["status"] == "not available"


# --- Fingertips -----------------------------------------------------------------------------------


def fingertips(*rows: list[object]) -> bytes:
    head = "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,Compared to England value or percentiles,Compared to percentiles,Time period Sortable,New data,Compared to goal,Time period range"  # fmt: skip
    return csv([head.split(","), *rows])


def indicator(number: int, code: str, period: str, value: object, *, sex: str = "Persons", age: str) -> list[object]:  # fmt: skip
    return [number, "A name", "", "", code, "Somewhere", "District", sex, age, "", "", period, value, 1, 99, "", "", 5, 1000, "", "", "", "", "", "", "", "1y"]  # fmt: skip


def test_the_suicide_rate_is_read_of_everybody(server):
    (entry,) = catalogue().sources["ohid-suicide-prevention"].documents
    content = fingertips(
        indicator(41001, HULL, "2022 - 24", 12.5, age="10+ yrs"),
        indicator(41001, HULL, "2022 - 24", 20, sex="Male", age="10+ yrs"),
    )
    server.at(str(entry.url), Reply(content, kind="text/csv"))
    made = cell(live("ohid-suicide-prevention", server), "suicide-rate", HULL)
    assert (made["value"], made["lower"], made["upper"]) == (12.5, 1, 99)
    assert made["period_label"] == "2022 to 2024"


def test_health_is_read_from_the_service_as_from_tidied_files(server):
    answers = {
        "life-expectancy": [
            indicator(90366, HULL, "2022 - 24", 80, sex="Female", age="All ages"),
            indicator(90366, HULL, "2022 - 24", 76, sex="Male", age="All ages"),
        ],
        "active-adults": [indicator(93014, HULL, "2024/25", 60, age="19+ yrs")],
        "year-6-weight": [indicator(90323, HULL, "2024/25", 25, age="10-11 yrs")],
        "preventable-mortality": [indicator(93721, HULL, "2024", 90, age="<75 yrs")],
        "depression": [indicator(848, HULL, "2024/25", 14, age="18+ yrs")],
    }
    for entry in catalogue().sources["ohid-local-health"].documents:
        server.at(str(entry.url), Reply(fingertips(*answers[entry.id]), kind="text/csv"))
    table = live("ohid-local-health", server)
    assert cell(table, "life-expectancy-female", HULL)["value"] == 80
    assert cell(table, "year-6-obesity", HULL)["period_label"] == "2024/25 school year"
    assert cell(table, "adults-physically-active", HULL)["period_label"] == "2024/25"
    assert cell(table, "preventable-mortality-under-75", HULL)["denominator"] == 1000


# --- UKHSA's dashboard ----------------------------------------------------------------------------

METRIC = "COVID-19_deaths_ONSRegByWeek"


def weeks(
    name: str, code: str, year: int, number: int, each: object = 2
) -> list[dict[str, object]]:
    days = pd.date_range(f"{year}-01-03", periods=number, freq="7D").strftime("%Y-%m-%d")
    row = {"geography": name, "geography_code": code, "metric": METRIC, "age": "all", "sex": "all", "stratum": "default"}  # fmt: skip
    return [{**row, "date": day, "metric_value": each} for day in days]


def dashboard(server: Publisher, places: dict[str, list[dict[str, object]]], *, size: int = 40, off: int = 0) -> str:  # fmt: skip
    """Serve the list of places, and each place's rows in pages."""
    (entry,) = catalogue().sources["ukhsa-covid-19-deaths"].documents
    base = str(entry.url)
    listed = [{"name": name, "link": f"{base}/{quote(name, safe='')}"} for name in places]
    server.at(base, Reply(json.dumps(listed).encode(), kind="application/json"))
    for name, rows in places.items():
        address = f"{base}/{quote(name, safe='')}{entry.then}"
        for start in range(0, max(len(rows), 1), size):
            at = address if not start else f"{address}&page={start // size + 1}"
            more = start + size < len(rows)
            following = f"{address}&page={start // size + 2}" if more else None
            answer = {"count": len(rows) + off, "next": following, "results": rows[start : start + size]}  # fmt: skip
            server.at(at, Reply(json.dumps(answer).encode(), kind="application/json"))
    return base


def test_weeks_of_every_place_and_page_are_added_up(server):
    hull = weeks("Kingston upon Hull, City of", HULL, 2023, 52) + weeks("Hull", HULL, 2024, 20)
    men = [{**row, "sex": "m", "metric_value": 1} for row in hull[:3]]
    dashboard(server, {"Kingston upon Hull, City of": hull + men, "Kent": weeks("Kent", KENT, 2023, 52, 0)})  # fmt: skip
    table = live("ukhsa-covid-19-deaths", server)
    made = cell(table, "covid-19-deaths", HULL)
    assert (made["value"], made["period_label"]) == (104, "2023")
    assert cell(table, "covid-19-deaths", KENT)["value"] == 0


def test_a_place_whose_pages_are_short_of_its_count_is_refused(server):
    dashboard(server, {"Kent": weeks("Kent", KENT, 2023, 52)}, off=1)
    with pytest.raises(SourceError, match="the answer is cut"):
        live("ukhsa-covid-19-deaths", server)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"<html>Sign in</html>", kind="text/html"), "not JSON"),
        (Reply(b"[]", kind="application/json"), "lists no places"),
        (Reply(b'{"detail": "Not found."}', kind="application/json"), "lists no places"),
    ],
)
def test_a_list_of_places_that_is_none_is_refused(server, reply, said):
    (entry,) = catalogue().sources["ukhsa-covid-19-deaths"].documents
    server.at(str(entry.url), reply)
    with pytest.raises(SourceError, match=said):
        live("ukhsa-covid-19-deaths", server)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda row: {**row, "metric": "COVID-19_cases"}, "no such metric"),
        (lambda row: {k: v for k, v in row.items() if k != "date"}, "a field is missing"),
        (lambda row: {**row, "date": "2023-01-03"}, "two counts for one week"),
        (lambda row: {**row, "metric_value": "a few"}, "neither a number nor a known mark"),
        (lambda row: {**row, "geography_code": "E10999999"}, "not in the register"),
    ],
)
def test_rows_in_another_shape_are_refused(server, spoil, said):
    dashboard(server, {"Kent": [spoil(row) for row in weeks("Kent", KENT, 2023, 52)]}, size=99)
    with pytest.raises(SourceError, match=said):
        live("ukhsa-covid-19-deaths", server)


# --- what nothing may be carried over from --------------------------------------------------------


def test_every_source_of_an_awaited_measure_has_a_route_or_no_licence():
    for identifier in snapshot().awaited:
        source = catalogue().source_of(identifier)
        assert source.may_be_carried == any(entry.route for entry in source.documents), identifier
