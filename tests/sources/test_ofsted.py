"""Ofsted's lists of judgements: real words, and lists that must be refused."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from goldenthread import areas, catalogue, observations
from goldenthread.sources import ofsted
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError

TITLE = "Local authority inspection judgements as at 31 March 2025"
HEADER = [
    "Web link",
    "Local authority area code",
    "Local authority name",
    "Inspection date",
    "Overall effectiveness",
    "The impact of leaders on social work practice",
    "The experiences and progress of children who need help and protection",
    "The experiences and progress of children in care",
    "The experiences and progress of care leavers",
]
INSPECTED = datetime(2023, 7, 10)
HULL = ["link", "E06000010", "Hull", INSPECTED, "Good", "Outstanding", "Inadequate", "Good", ""]
BY_NAME = [name for name in HEADER if "code" not in name]


def document(
    *rows: list, title: str = TITLE, header: list[str] = HEADER, sheet: str = ""
) -> Document:
    book = openpyxl.Workbook()
    book.active.title = sheet or "Inspections_as_at_31_March"
    for row in ([title], ["This worksheet contains one table."], header, *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    source = "ofsted-childrens-services"
    return Document(source, "inspection-outcomes", "LA.xlsx", content.getvalue(), date(2026, 1, 1))


def read(document: Document) -> pd.DataFrame:
    measures = catalogue.catalogue().of_source(document.source)
    return observations.validate(ofsted.read([document], measures)).set_index("measure")


# --- made-up lists -------------------------------------------------------------------------------


def test_words_become_places_in_an_order_and_stand_in_the_note():
    table = read(document(HULL))
    assert table["value"].drop("ofsted-care-leavers").to_dict() == {
        "ofsted-overall": 3, "ofsted-leaders": 4, "ofsted-help-and-protection": 1,
        "ofsted-children-in-care": 3,
    }  # fmt: skip
    assert table.loc["ofsted-leaders", "note"] == "Outstanding; inspected 10 July 2023"
    assert set(table["period_label"]) == {"31 March 2025"}


def test_judgement_not_yet_made_is_not_applicable():
    row = read(document(HULL)).loc["ofsted-care-leavers"]
    assert (row["status"], row["note"]) == ("not applicable", "inspected 10 July 2023")


def test_names_are_those_of_the_day():
    rows = [["link", name, *HULL[3:]] for name in ("Somerset", "Bedford Borough")]
    title = "Children's social care data - LA level at 31 March 2023"
    table = read(document(*rows, title=title, header=BY_NAME))
    assert set(table["area"]) == {"E10000027", "E06000055"}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (document(["link", "E06000010", "Hull", INSPECTED, "Goodish", *HULL[5:]]),
         r"row 4.*not on the scale; expected 'Outstanding or Good.*found 'Goodish'"),
        (document(["link", "E06000999", *HULL[2:]]), r"row 4.*not in the register.*E06000999"),
        (document([*HULL[:3], "soon", *HULL[4:]]), r"row 4.*an inspection without a date; found 'soon'"),
        (document(HULL, title="Inspection judgements"), r"row 1: the title of the list does not say"),
        (document(HULL, sheet="Judgements"), r"there is no such sheet.*nearest: 'Judgements'"),
        (document(HULL, header=[*HEADER[:4], "Overall", *HEADER[5:]]),
         r"row 3: no table here has the columns expected; expected 'overall effectiveness'"),
        (document(["link", "Atlantis", *HULL[3:]], header=BY_NAME), r"row 4: a council that is not.*'Atlantis'"),
    ],
)  # fmt: skip
def test_refused_by_name(bad, said):
    with pytest.raises(SourceError, match=f"ofsted-childrens-services: LA.xlsx.*{said}"):
        read(bad)


def test_council_that_stands_twice_is_refused_by_validation():
    with pytest.raises(observations.ObservationError, match="rows repeat"):
        read(document(HULL, HULL))


# --- Ofsted's lists ------------------------------------------------------------------------------


def real(folder: Path, name: str) -> pd.DataFrame:
    project = catalogue.catalogue()
    documents = in_folder(project.sources[name], folder)
    return observations.validate(ofsted.read(documents, project.of_source(name)))


@pytest.mark.publisher_files
def test_both_editions_of_childrens_services(publisher_files):
    table = real(publisher_files, "ofsted-childrens-services")
    counts = table.groupby(["period_label", "measure"]).size()
    assert set(counts["31 March 2025"]) == {153}
    assert set(counts["31 March 2023"]) == {152}
    overall = table[
        (table["measure"] == "ofsted-overall") & (table["period_label"] == "31 March 2025")
    ]
    assert overall["value"].value_counts().to_dict() == {3: 67, 4: 36, 2: 31, 1: 19}
    leavers = table[table["measure"] == "ofsted-care-leavers"]
    missing = leavers[leavers["value"].isna()]
    assert missing["period_label"].value_counts().to_dict() == {
        "31 March 2023": 143,
        "31 March 2025": 50,
    }
    assert set(missing["status"]) == {"not applicable"}


@pytest.mark.publisher_files
def test_councils_are_those_of_the_day(publisher_files):
    table = real(publisher_files, "ofsted-childrens-services")
    of_2023 = set(table.loc[table["period_label"] == "31 March 2023", "area"])
    of_2025 = set(table.loc[table["period_label"] == "31 March 2025", "area"])
    assert {"E10000006", "E10000023", "E10000027"} <= of_2023
    assert of_2023 == {a.code for a in areas.councils(tier="upper", on=date(2023, 3, 31))}
    assert {"E06000063", "E06000064", "E06000065", "E06000066"} <= of_2025
    assert "E06000055" in of_2023 & of_2025


@pytest.mark.publisher_files
def test_area_inspections_until_august_2022(publisher_files):
    table = real(publisher_files, "ofsted-area-send").set_index("area")
    assert set(table["period_label"]) == {"31 August 2022"}
    assert table["value"].value_counts().to_dict() == {0: 82, 1: 67}
    assert table.loc["E06000055", "note"] == (
        "Written statement of action required; inspected 5 February 2018"
    )
