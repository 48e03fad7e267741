"""Yearly pay, dwellings by tenure and private rents: the real workbooks, and spoilt ones."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from goldenthread import catalogue, observations
from goldenthread.catalogue import Measure
from goldenthread.sources import ons_earnings, ons_housing
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError

READERS = {
    "ons-earnings": ons_earnings,
    "ons-dwellings-by-tenure": ons_housing,
    "ons-private-rents": ons_housing,
}


def measure(identifier: str) -> Measure:
    return catalogue.catalogue()[identifier]


def read(document: Document, *identifiers: str):
    reader = READERS[document.source]
    return observations.validate(reader.read([document], [measure(name) for name in identifiers]))


def workbook(source: str, entry: str, name: str, tables: dict[str, list[list[object]]]) -> Document:
    book = openpyxl.Workbook(write_only=True)
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return Document(source, entry, name, stream.getvalue(), date(2026, 11, 1))


# --- yearly pay -----------------------------------------------------------------------------------


def pay(**changes: str) -> Document:
    """One sheet saved as CSV in Windows-1252, two areas, jobs not placed, and notes."""
    lines: list[list[str]] = [
        ["Table 8.7a   Annual pay - Gross (£) - For all employee jobsa: United Kingdom, 2025"],
        [],
        ["", "", "Number", "", "Annual", "", "Annual"],
        ["", "", "of jobsb", "", "percentage", "", "percentage", "Percentiles"],
        ["Description", "Code", "(thousand)", "Median", "change", "Mean", "change", "10", "20"],
        ["England", "E92000001", "20,472", "33,080", "3.9", "41,038", "5.3", "11,440", "18,624"],
        ["Hartlepool UA", "E06000001", "30", "28,830", "4.8", "30,428", "0", "9,413", "x"],
        ["Not Classified", "", "136", "31,284", "0.6", "40,154", "6.3", "8,640", "15,512"],
        ["b  Figures for Number of Jobs are for indicative purposes only."],
    ]
    stream = io.StringIO()
    csv.writer(stream).writerows(lines)
    text = stream.getvalue()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    name = "ashe-table-8.7a-annual-pay-gross-2025-provisional.csv"
    content = text.encode("cp1252")
    return Document("ons-earnings", "annual-pay", name, content, date(2026, 11, 1))


def test_a_sheet_saved_as_csv_is_read():
    table = read(pay(), "median-annual-pay", "annual-pay-of-lowest-fifth")
    table = table.set_index(["measure", "area"])
    assert table.loc[("median-annual-pay", "E06000001"), "value"] == 28_830
    assert table.loc[("median-annual-pay", "E06000001"), "status"] == "provisional"
    assert table.loc[("annual-pay-of-lowest-fifth", "E06000001"), "status"] == "unreliable"
    assert set(table["period_label"]) == {"Year ending March 2025"}


def test_an_edition_that_is_not_provisional_is_published():
    document = replace(pay(), name="ashe-table-8.7a-annual-pay-gross-2025.csv")
    assert set(read(document, "median-annual-pay")["status"]) == {"published"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Median", "Middle", "no table here.*expected 'median'"),
        ("Kingdom, 2025", "Kingdom", "the title is not that of"),
        ("Table 8.7a", "Table 7.7a", "the title is not that of"),
        ("E06000001", "E06999999", "row 7.*not in the register"),
        ("28,830", "28,830*", r"row 7.*neither a number.*28,830\*"),
    ],
)
def test_spoilt_pay_is_refused_by_name(old, new, said):
    with pytest.raises(SourceError, match=said):
        read(pay(**{old: new}), "median-annual-pay")


def test_disclosive_pay_is_suppressed():
    table = read(pay(**{"28,830": ".."}), "median-annual-pay").set_index("area")
    assert table.loc["E06000001", "status"] == "suppressed"


@pytest.mark.publisher_files
def test_all_three_editions_of_pay(publisher_files):
    source = catalogue.catalogue().sources["ons-earnings"]
    documents = in_folder(source, publisher_files)
    table = observations.validate(
        ons_earnings.read(documents, catalogue.catalogue().of_source(source.name))
    )
    median = table[table["measure"] == "median-annual-pay"]
    england = median[median["area"] == "E92000001"].set_index("period_label")["value"]
    assert england.to_dict() == {
        "Year ending March 2019": 25_150,
        "Year ending March 2021": 26_192,
        "Year ending March 2025": 33_080,
    }
    assert (median.groupby("period_label")["area"].nunique() > 320).all()
    assert set(median.loc[median["value"].isna(), "status"]) <= {"unreliable", "not available"}


# --- dwellings by tenure --------------------------------------------------------------------------


def homes() -> dict[str, list[list[object]]]:
    """A year of one tenure that is modelled and one that is counted."""
    place = ["Region code", "Region name", "Local authority code\xa0", "Local authority name"]
    first = ["E12000001", "North East", "E06000001", "Hartlepool"]
    second = ["E12000001", "North East", "E06000002", "Middlesbrough"]
    own, rent = "2021 Owned Outright\xa0", "2021 Social Rent\xa0"
    return {
        "1a": [
            ["Table 1a: Counts of dwelling stock"],
            [*place, own, own + "LCI", own + "UCI", own + "CV (%)", rent, "2021 Total Dwellings"],
            [*first, 300, 200, 400, 26.8, 250, 1000],
            [*second, 600, 500, 700, 5.0, 0, 2000],
        ],
        "2a": [
            ["Table 2a: Percentage breakdown of dwelling stock"],
            # The limits printed here are of other rows, as they are in one year of the real file.
            [*place, own + "(%)", own + "LCI (%)", own + "UCI (%)", rent + "(%)"],
            [*first, 30.0, 99.0, 99.5, 25.0],
            [*second, 30.0, 1.0, 2.0, 0.0],
        ],
    }


def tenure(tables: dict[str, list[list[object]]]) -> Document:
    name = "subnationaldwellingstockbytenure2021.xlsx"
    return workbook("ons-dwellings-by-tenure", "tenure", name, tables)


def test_limits_are_worked_out_from_the_counts():
    row = read(tenure(homes()), "homes-owned-outright").set_index("area").loc["E06000001"]
    assert (row["value"], row["lower"], row["upper"]) == (30.0, 20.0, 40.0)
    assert (row["numerator"], row["denominator"]) == (300, 1000)


def test_an_unsure_estimate_says_so():
    notes = read(tenure(homes()), "homes-owned-outright").set_index("area")["note"]
    assert "unreliable" in notes["E06000001"]
    assert notes["E06000002"] == ""


def test_what_is_counted_has_no_limits_and_a_nought_stays():
    table = read(tenure(homes()), "homes-social-rented").set_index("area")
    assert table["lower"].isna().all()
    assert table.loc["E06000002", "value"] == 0.0


def spoil_order(tables):
    tables["1a"][2:4] = tables["1a"][3:1:-1]


def spoil_tenure(tables):
    tables["2a"][1][4] = "2021 Owned\xa0(%)"


def spoil_total(tables):
    tables["1a"][1][9] = "2021 Dwellings"


def spoil_limit(tables):
    tables["1a"][1][5] = "2021 Owned Outright lower"


def spoil_code(tables):
    tables["2a"][2][2] = tables["1a"][2][2] = "E06999999"


def spoil_cell(tables):
    tables["2a"][2][4] = "about 30"


def spoil_sheet(tables):
    tables["2"] = tables.pop("2a")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_order, "not of the same areas in the same order"),
        (spoil_tenure, "sheet 2a.*a column is missing.*2021 owned.*nearest"),
        (spoil_total, "sheet 1a.*a column is missing.*total dwellings"),
        (spoil_limit, "sheet 1a.*a column is missing.*lci"),
        (spoil_code, "row 3.*not in the register"),
        (spoil_cell, "row 3.*neither a number.*about 30"),
        (spoil_sheet, "'2a'"),
    ],
)
def test_spoilt_homes_are_refused_by_name(spoil, said):
    tables = homes()
    spoil(tables)
    with pytest.raises(SourceError, match=said):
        read(tenure(tables), "homes-owned-outright")


@pytest.mark.publisher_files
def test_ten_years_of_tenure(publisher_files):
    source = catalogue.catalogue().sources["ons-dwellings-by-tenure"]
    (document,) = in_folder(source, publisher_files)
    table = read(document, *(m.id for m in catalogue.catalogue().of_source(source.name)))
    assert (table.groupby(["measure", "period_label"])["area"].nunique() == 308).all()
    hartlepool = table[(table["area"] == "E06000001") & (table["period_label"] == "2012")]
    shares = hartlepool.set_index("measure")["value"]
    assert shares.to_dict() == {
        "homes-owned-outright": 28.1,
        "homes-owned-with-mortgage": 31.28,
        "homes-private-rented": 17.3,
        "homes-social-rented": 23.33,
    }
    together = table.groupby(["area", "period_label"])["value"].sum()
    # In 2020 the publisher's own four tenures do not quite add up in a few places.
    usual = together.index.get_level_values("period_label") != "2020"
    assert together[usual].between(99.9, 100.1).all(), "the four tenures make up all homes"
    assert together.between(99, 103).all()
    modelled = table[table["lower"].notna()]
    assert (modelled["lower"] <= modelled["value"] + 0.01).all()
    assert (modelled["upper"] >= modelled["value"] - 0.01).all()


# --- private rents --------------------------------------------------------------------------------

SPAN = "recorded between 1 October 2021 to 30 September 2022 by administrative area for England"


def rents() -> dict[str, list[list[object]]]:
    header = ["", "LA Code1", "Area Code1", "Area", "Count of rents", "Mean", "Lower quartile"]
    return {
        f"Table2.{number}": [
            ["", "", "", "Private Rental Market Statistics"],
            ["", "", "", f"Table 2.{number}: Summary of monthly rents {SPAN}"],
            ["", "", "", "", kind],
            [*header, "Median", "Upper quartile"],
            ["", "NA", "E92000001", "ENGLAND", 509390, 946, 610, middle, 1100],
            ["", "NA", "E06000053", "Isles of Scilly UA", 0, ".", ".", ".", "."],
            ["", "", "", "Source: administrative database"],
        ]
        for number, kind, middle in ((4, "Two Bedrooms", 793), (7, "All categories", 800))
    }


def rented(tables: dict[str, list[list[object]]]) -> Document:
    name = "privaterentalmarketstatistics221214.xlsx"
    return workbook("ons-private-rents", "rents", name, tables)


def test_the_sheet_is_found_by_what_it_says_of_itself():
    table = read(rented(rents()), "private-rent-median", "private-rent-two-bedrooms")
    england = table[table["area"] == "E92000001"].set_index("measure")["value"]
    assert england.to_dict() == {"private-rent-median": 800, "private-rent-two-bedrooms": 793}
    assert set(table["period_label"]) == {"Year ending September 2022"}
    assert set(table.loc[table["area"] == "E06000053", "status"]) == {"not applicable"}


def spoil_kind(tables):
    tables["Table2.7"][2][4] = "All homes"


def spoil_twin(tables):
    tables["Table2.8"] = tables["Table2.7"]


def spoil_span(tables):
    tables["Table2.7"][1][3] = "Table 2.7: Summary of monthly rents by administrative area"


def spoil_column(tables):
    tables["Table2.7"][3][7] = "Middle"


def spoil_rent(tables):
    tables["Table2.7"][4][7] = "a lot"


def spoil_area(tables):
    tables["Table2.7"][4][2] = "England"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_kind, "no sheet is of this kind.*'All categories'; nearest: 'All homes'"),
        (spoil_twin, "several sheets are of one kind"),
        (spoil_span, "does not say between which days"),
        (spoil_column, "expected 'median'"),
        (spoil_rent, "row 5.*neither a number.*a lot"),
        (spoil_area, "row 5.*not in the register.*England"),
    ],
)
def test_spoilt_rents_are_refused_by_name(spoil, said):
    tables = rents()
    spoil(tables)
    with pytest.raises(SourceError, match=said):
        read(rented(tables), "private-rent-median")


@pytest.mark.publisher_files
def test_a_year_of_rents(publisher_files):
    source = catalogue.catalogue().sources["ons-private-rents"]
    (document,) = in_folder(source, publisher_files)
    table = read(document, *(m.id for m in catalogue.catalogue().of_source(source.name)))
    assert (table.groupby("measure")["area"].nunique() == 349).all()
    exeter = table[table["area"] == "E07000041"].set_index("measure")["value"]
    assert exeter.to_dict() == {
        "private-rent-median": 875,
        "private-rent-lower-quartile": 695,
        "private-rent-two-bedrooms": 875,
    }


@pytest.mark.parametrize("identifier", ["private-rent-median", "homes-owned-outright"])
def test_a_query_of_no_known_table_is_refused(identifier):
    known = measure(identifier)
    origin = known.origin.model_copy(update={"query": {"table": "mortgages"}})
    with pytest.raises(SourceError, match="expected one of tenure, rents"):
        ons_housing.read(
            [rented(rents()), tenure(homes())], [known.model_copy(update={"origin": origin})]
        )
