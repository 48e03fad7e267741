"""Appeals to the SEND Tribunal: real figures, and tables that must be refused."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from goldenthread import catalogue, observations
from goldenthread.sources import moj_tribunals
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError

SOURCE = "moj-send-tribunal"
UPPER = ["Local Authority", "2014", None, None, "2021", None, None]
LOWER = [
    None,
    *["Appeals registered4", "Total Appealable Decisions1", "SEND Tribunal Appeal Rate2"] * 2,
]
ROWS = [
    ["NORTH EAST"],
    ["Darlington", 0, 450, 0.0, 5, 885, 0.005],
    ["EAST MIDLANDS"],
    ["Northamptonshire7", 41, 4248, 0.01, 85, "..", ".."],
    ["North Northamptonshire7", "..", "..", "..", 50, 3000, 0.02],
    ["England Total4", 4108, 251096, 0.0164, 9184, 498416, 0.0184],
    ["Sources:", "Appeals - case management system"],
    ["- zero"],
]


def document(
    rows: list[list] = ROWS, upper: list = UPPER, lower: list = LOWER, sheet: str = "SEND_2"
) -> Document:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in (["Table SEND_2"], [None], upper, lower, *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return Document(SOURCE, "appeal-rates", "appeals.xlsx", content.getvalue(), date(2026, 1, 1))


def read(document: Document) -> pd.DataFrame:
    measures = catalogue.catalogue().of_source(SOURCE)
    table = observations.validate(moj_tribunals.read([document], measures))
    return table.set_index(["measure", "area", "period_label"])


def test_fractions_become_per_cents_and_parts_are_kept():
    row = read(document()).loc[("send-appeal-rate", "E92000001", "2014")]
    assert row["value"] == pytest.approx(1.64)
    assert (row["numerator"], row["denominator"]) == (4108, 251096)
    assert row["status"] == "provisional"


def test_true_zero_and_the_tables_own_dash_are_zero():
    dashed = [[cell if cell != 0 else "-" for cell in row] for row in ROWS]
    for table in (read(document()), read(document(dashed))):
        assert table.loc[("send-appeals", "E06000005", "2014"), "value"] == 0


def test_councils_have_rows_for_the_years_they_were_there():
    table = read(document()).xs("send-appeal-rate")
    assert set(table.index) >= {("E10000021", "2014"), ("E06000061", "2021")}
    assert ("E06000061", "2014") not in table.index
    left = table.loc[("E10000021", "2021")]
    assert (left["status"], left["numerator"]) == ("not available", 85)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (document([["Atlantis", 1, 2, 0.5, 1, 2, 0.5], *ROWS]), r"row 5: figures of 2014 for a council.*'Atlantis'"),
        (document([["North Northamptonshire", 1, 2, 0.5, 1, 2, 0.5], ROWS[-3]]), r"figures of 2014 for a council that was not there"),
        (document(ROWS[:4]), r"the table has no last row; expected 'England Total'"),
        (document([["Darlington", "n/k", 450, 0.0, 5, 885, 0.005], *ROWS[2:]]), r"row 5.*found 'n/k'"),
        (document(lower=[None, *["Appeals", "Decisions", "Rate"] * 2]), r"sheet SEND_2.*no table here has the columns"),
        (document(sheet="SEND_3"), r"there is no such sheet; expected 'send_2'; nearest: 'SEND_3'"),
        (document(upper=["Local Authority", "2014", None, None, "2014", None, None]), r"several columns answer one description"),
    ],
)  # fmt: skip
def test_refused_by_name(bad, said):
    with pytest.raises(SourceError, match=f"{SOURCE}: appeals.xlsx.*{said}"):
        read(bad)


def test_council_that_stands_twice_is_refused_by_validation():
    with pytest.raises(observations.ObservationError, match="rows repeat"):
        read(document([ROWS[1], *ROWS]))


@pytest.mark.publisher_files
def test_real_table(publisher_files):
    project = catalogue.catalogue()
    documents = in_folder(project.sources[SOURCE], publisher_files)
    measures = project.of_source(SOURCE)
    table = observations.validate(moj_tribunals.read(documents, measures))
    rates = table[table["measure"] == "send-appeal-rate"].set_index(["area", "period_label"])
    assert rates.loc[("E92000001", "2022"), "value"] == pytest.approx(2.3270235521116157)
    assert rates.loc[("E06000054", "2014"), "numerator"] == 28
    assert rates.loc[("E10000009", "2014"), "denominator"] == 1568
    assert rates.loc[("E06000059", "2019"), "numerator"] > 0
    assert ("E10000009", "2019") not in rates.index
    assert rates.groupby("period_label").size().between(152, 155).all()
    assert not rates.index.get_level_values("area").str.startswith("E12").any()
    # England's own count is that of the first table, and the councils add up to it.
    appeals = table[(table["measure"] == "send-appeals") & (table["period_label"] == "2022")]
    councils = appeals[appeals["area"] != "E92000001"]["value"].sum()
    assert councils <= 12796
    assert councils > 0.99 * 12796
    worked_out = 100 * rates["numerator"] / rates["denominator"]
    assert (worked_out - rates["value"]).abs().max() < 1e-9
