"""Mid-year population and Nomis: the real workbooks of six years, and spoilt ones."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from goldenthread import catalogue, observations
from goldenthread.catalogue import Measure
from goldenthread.sources import nomis, ons_population
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError

SOURCE = "ons-mid-year-population"
TITLE = "MYE2: Persons by single year of age and sex for local authorities, mid-2023"
AGES = [str(age) for age in range(90)] + ["90+"]


def measure(identifier: str) -> Measure:
    return catalogue.catalogue()[identifier]


def asking(identifier: str, **query: object) -> Measure:
    known = measure(identifier)
    origin = known.origin.model_copy(update={"query": {**known.origin.query, **query}})
    return known.model_copy(update={"origin": origin})


def sheets() -> dict[str, list[list[object]]]:
    """The tables of a workbook of two areas, ten people at each age, laid out as in mid-2023."""
    people = [10] * 91
    head = [["This worksheet contains one table."], []]
    areas = [["E92000001", "ENGLAND", "Country"], ["E06000047", "County Durham", "Unitary"]]
    named = ["Code", "Name", "Geography"]
    density = [
        "Estimated Population mid-2023",
        "2023 people per sq. km",
        "Estimated Population mid-2022",
        "2022 people per sq. km2",
    ]
    flows = ["Births", "Internal Migration Net", "International Migration Net"]
    return {
        "MYE2 - Persons": [
            [TITLE],
            *head,
            [*named, "All ages", *AGES],
            *([*area, 910, *people] for area in areas),
            ["1. A note below the table."],
        ],
        "MYE3": [
            ["MYE3: Components of population change, mid-2023"],
            *head,
            [*named, "Estimated Population mid-2022", *flows, "Estimated Population  mid-2023"],
            [*areas[0], 900, 10, "No data", 5, 910],
            [*areas[1], 900, 10, -3, 0, 1000],
        ],
        "MYE 5": [
            ["MYE5: Population density"],
            *head,
            [*named, "Area (sq km)", *density],
            [*areas[1], 91, 910, 10, 900, 9.9],
        ],
    }


def workbook(tables: dict[str, list[list[object]]], entry: str = "ages") -> Document:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return Document(SOURCE, entry, "mye23tablesew.xlsx", stream.getvalue(), date(2026, 11, 1))


def read(document: Document, *identifiers: str):
    measures = [measure(name) for name in identifiers or ["residents-aged-0-to-15"]]
    return observations.validate(ons_population.read([document], measures))


# --- what must be read ----------------------------------------------------------------------------


def test_spans_of_ages_are_added_and_both_parts_kept():
    row = read(workbook(sheets()), "dependency-ratio").set_index("area").loc["E06000047"]
    assert (row["numerator"], row["denominator"]) == (160 + 260, 490)
    assert row["value"] == pytest.approx(100 * 420 / 490)
    assert row["period_label"] == "mid-2023"


def test_people_can_be_counted():
    known = measure("residents-aged-85-and-over")
    origin = known.origin.model_copy(update={"query": {"table": "ages", "ages": ["85+"]}})
    table = ons_population.read([workbook(sheets())], [known.model_copy(update={"origin": origin})])
    assert table["value"].tolist() == [60.0, 60.0]


def test_components_are_per_the_people_at_the_end_of_the_year():
    table = read(workbook(sheets(), "tables"), "birth-rate", "net-internal-migration").set_index(
        ["measure", "area"]
    )
    assert table.loc[("birth-rate", "E06000047"), "value"] == 10.0
    assert table.loc[("net-internal-migration", "E06000047"), "value"] == -3.0
    assert table.loc[("net-internal-migration", "E92000001"), "status"] == "not available"
    assert set(table["period_label"]) == {"Year ending June 2023"}


def test_series_have_a_row_to_each_year_in_spite_of_a_slip_in_a_header():
    table = read(workbook(sheets(), "tables"), "population-density").set_index("period_label")
    assert table["value"].to_dict() == {"mid-2022": 9.9, "mid-2023": 10.0}
    assert table.loc["mid-2022", ["numerator", "denominator"]].tolist() == [900, 91]


# --- what must be refused -------------------------------------------------------------------------


def spoil_title(tables):
    tables["MYE2 - Persons"][0] = ["MYE2: Persons by single year of age"]


def spoil_sum(tables):
    tables["MYE2 - Persons"][4][10] = 11


def spoil_age(tables):
    tables["MYE2 - Persons"][3][10] = "6 years"


def spoil_code(tables):
    tables["MYE2 - Persons"][5][0] = "E06999999"


def spoil_cell(tables):
    tables["MYE2 - Persons"][5][20] = "many"


def spoil_header(tables):
    tables["MYE2 - Persons"][3][3] = "Total"


def spoil_sheet(tables):
    tables["Persons by age"] = tables.pop("MYE2 - Persons")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_title, "MYE2 - Persons.*does not say of which year"),
        (spoil_sum, "row 5: the single years of age do not add up"),
        (spoil_age, "do not follow each other"),
        (spoil_code, "row 6.*not in the register.*E06999999"),
        (spoil_cell, "row 6.*neither a number.*many"),
        (spoil_header, "expected 'all ages'"),
        (spoil_sheet, "nearest"),
    ],
)
def test_spoilt_workbooks_are_refused_by_name(spoil, said):
    tables = sheets()
    spoil(tables)
    with pytest.raises(SourceError, match=said):
        read(workbook(tables))


def test_a_renamed_component_is_refused_with_the_nearest():
    tables = sheets()
    tables["MYE3"][3][4] = "Live births"
    with pytest.raises(SourceError, match=r"MYE3.*'births'; nearest: 'live births'"):
        read(workbook(tables, "tables"), "birth-rate")


def test_a_year_without_its_people_is_refused():
    tables = sheets()
    tables["MYE 5"][3][6] = "Estimated people mid-2022"
    with pytest.raises(SourceError, match="the years of two kinds of column differ"):
        read(workbook(tables, "tables"), "population-density")


def test_two_columns_of_one_year_are_refused():
    tables = sheets()
    tables["MYE 5"][3][7] = "2023 people per sq. km2"
    with pytest.raises(SourceError, match="two columns of one year"):
        read(workbook(tables, "tables"), "population-density")


def test_ages_that_the_table_holds_together_are_refused():
    with pytest.raises(SourceError, match="cannot be told apart"):
        ons_population.read(
            [workbook(sheets())], [asking("residents-aged-85-and-over", ages=["85-94"])]
        )


def test_an_area_that_stands_twice_is_refused():
    tables = sheets()
    tables["MYE2 - Persons"].insert(5, tables["MYE2 - Persons"][5])
    with pytest.raises(observations.ObservationError, match="repeat"):
        read(workbook(tables))


def test_a_truncated_workbook_is_refused():
    document = workbook(sheets())
    with pytest.raises(SourceError, match="cut short"):
        replace(document, content=document.content[:-200]).check()


@pytest.mark.parametrize("query", [{"table": "agse"}, {}])
def test_a_query_of_no_known_table_is_refused(query):
    known = measure("population")
    origin = known.origin.model_copy(update={"query": query})
    with pytest.raises(SourceError, match="population: table: expected one of ages"):
        ons_population.read(
            [workbook(sheets(), "tables")], [known.model_copy(update={"origin": origin})]
        )


# --- the real files -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(publisher_files):
    source = catalogue.catalogue().sources[SOURCE]
    documents = in_folder(source, publisher_files)
    measures = catalogue.catalogue().of_source(SOURCE)
    return observations.validate(ons_population.read(documents, measures))


def one(table, identifier, area, label):
    rows = table[(table["measure"] == identifier) & (table["area"] == area)]
    (row,) = rows[rows["period_label"] == label].to_dict("records")
    return row


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("identifier", "area", "label", "value"),
    [
        ("population", "E92000001", "mid-2023", 57_690_323),
        ("children-aged-0-to-17", "E92000001", "mid-2024", 12_183_016),
        ("birth-rate", "E92000001", "Year ending June 2023", 1000 * 570_747 / 57_690_323),
    ],
)
def test_figures_are_those_printed(table, identifier, area, label, value):
    assert one(table, identifier, area, label)["value"] == pytest.approx(value, rel=1e-12)


@pytest.mark.publisher_files
def test_all_six_years_of_ages_are_read(table):
    rows = table[table["measure"] == "residents-aged-65-and-over"]
    years = rows.groupby("period_label")["area"].nunique()
    assert sorted(years.index) == [f"mid-{y}" for y in (2015, 2016, 2018, 2019, 2020, 2023)]
    assert years.min() > 300
    durham = rows[rows["area"] == "E06000047"].set_index("period_label")
    assert durham.loc["mid-2015", "denominator"] == 519_695


@pytest.mark.publisher_files
def test_a_later_edition_stands_over_an_earlier_one(table):
    # The estimate of mid-2016 was revised after the census of 2021.
    assert one(table, "population", "E92000001", "mid-2016")["value"] != 55_268_067
    assert one(table, "population", "E92000001", "mid-2001")["value"] == 49_449_746


@pytest.mark.publisher_files
def test_counties_and_districts_are_both_there(table):
    areas = set(table.loc[table["measure"] == "population", "area"])
    assert {"E10000016", "E07000105", "E12000001"} <= areas
    assert not {"E11000001", "E13000001", "K02000001"} & areas


@pytest.mark.publisher_files
def test_councils_about_to_be_replaced_have_no_figure(table):
    row = one(table, "children-aged-0-to-17", "E06000028", "mid-2018")
    assert row["status"] == "not available"


@pytest.mark.publisher_files
def test_ethnic_groups_leave_out_whom_the_question_does_not_concern(publisher_files, table):
    path = publisher_files / "ons" / "population" / "ons-ethnic-population-la.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        counts = {row[2]: int(row[4]) for row in csv.reader(lines) if row[0] == "E06000001"}
    row = one(table, "residents-from-minority-ethnic-groups", "E06000001", "2021")
    assert row["denominator"] == sum(counts.values()) - counts["-8"]
    assert row["numerator"] == row["denominator"] - counts["13"]


@pytest.mark.publisher_files
def test_a_group_that_is_gone_is_refused(publisher_files):
    source = catalogue.catalogue().sources[SOURCE]
    (document,) = in_folder(source, publisher_files, only={"ethnic-groups"})
    spoilt = document.content.replace(b"White: Roma", b"White: Romani")
    with pytest.raises(SourceError, match=r"a group is missing.*'White: Roma'; nearest"):
        read(replace(document, content=spoilt), "residents-from-minority-ethnic-groups")


@pytest.mark.publisher_files
def test_a_group_that_stands_twice_is_refused(publisher_files):
    source = catalogue.catalogue().sources[SOURCE]
    (document,) = in_folder(source, publisher_files, only={"children"})
    lines = document.content.split(b"\n")
    spoilt = b"\n".join([*lines[:3], lines[2], *lines[3:]])
    with pytest.raises(SourceError, match="two lines for one area, year and group"):
        read(replace(document, content=spoilt), "children-aged-0-to-17")


# --- Nomis ----------------------------------------------------------------------------------------


@pytest.fixture
def answer(publisher_files):
    source = catalogue.catalogue().sources["nomis-population"]
    (document,) = in_folder(source, publisher_files)
    return document


def ask(document: Document):
    measures = [measure("residents-aged-16-to-24")]
    return observations.validate(nomis.read([document], measures))


@pytest.mark.publisher_files
def test_a_whole_answer_is_read_and_single_tiers_once(answer):
    table = ask(answer).set_index("area")
    assert len(table) == 352
    assert table.loc["E12000001", "denominator"] == 2_646_772
    assert set(table["period_label"]) == {"mid-2021"}


@pytest.mark.publisher_files
def test_an_answer_that_was_cut_is_refused(answer):
    lines = answer.content.split(b"\n")
    with pytest.raises(SourceError, match=r"the answer is cut.*expected '11178'; found '10999'"):
        ask(replace(answer, content=b"\n".join(lines[:11000])))


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"Aged 16 to 24"', b'"16-24"', "'Aged 16 to 24'; nearest"),
        (b',"A","Normal Value"', b',"E","Estimated"', "status that is not known here.*found 'E'"),
        (b"RECORD_COUNT", b"RECORDS", "'RECORD_COUNT'"),
        (b",0,11178", b",0,many", "does not tell how many records"),
        (b'"E12000001"', b'"E12999999"', "not in the register"),
    ],
)
def test_a_spoilt_answer_is_refused_by_name(answer, old, new, said):
    assert old in answer.content
    with pytest.raises(SourceError, match=said):
        ask(replace(answer, content=answer.content.replace(old, new)))


@pytest.mark.publisher_files
def test_two_figures_for_one_council_are_refused(answer):
    lines = answer.content.split(b"\n")
    at = max(n for n, x in enumerate(lines) if b'"E06000001"' in x and b'"Aged 16 to 24"' in x)
    parts = lines[at].split(b'"20100","Value",')
    lines[at] = parts[0] + b'"20100","Value",1' + parts[1]
    with pytest.raises(observations.ObservationError, match="repeat"):
        ask(replace(answer, content=b"\n".join(lines)))
