"""Health, adult social care and COVID-19: the real files, and spoilt copies of them."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from goldenthread import catalogue, observations
from goldenthread.sources import document, reading
from goldenthread.sources.error import SourceError

pytestmark = pytest.mark.publisher_files
NAMES = ("nhs-ascof", "ukhsa-covid-19", "ohid-fingertips")


def _read(name, folder, spoil=None, only=None):
    source = catalogue.catalogue().sources[name]
    measures = catalogue.catalogue().of_source(name)
    if only:
        measures = [measure for measure in measures if measure.id in only]
    documents = document.in_folder(source, folder)
    if spoil:
        documents = [spoil(d) for d in documents]
    return reading.reader(source).read(documents, measures)


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_is_read_and_in_its_range(name, publisher_files):
    table = observations.validate(_read(name, publisher_files))
    for measure in catalogue.catalogue().of_source(name):
        values = table.loc[table["measure"] == measure.id, "value"]
        assert values.notna().sum() > 100
        assert values.min() >= measure.minimum
        assert measure.maximum is None or values.max() <= measure.maximum


def test_adult_social_care_keeps_numerators_and_kinds_of_missing(publisher_files):
    table = _read("nhs-ascof", publisher_files).set_index(["measure", "area"])
    row = table.loc[("asc-admissions-65-over", "E08000009")]
    assert (row["value"], row["numerator"], row["denominator"]) == (639.4, 265, 41443)
    missing = table[table["value"].isna()]
    assert len(missing) == 16
    assert set(missing["status"]) == {"not available"}
    assert (table["value"] == 0).any(), "a true zero stays zero"
    assert "E92000001" in table.loc["asc-admissions-65-over"].index


def test_months_are_whole(publisher_files):
    table = _read("ukhsa-covid-19", publisher_files, only={"covid-19-cases"})
    assert ((table["period_end"] - table["period_start"]).dt.days >= 27).all()
    assert "December 2023" not in set(table["period_label"])
    assert (table["value"] == 0).any()


def test_fingertips_takes_headline_rows_only(publisher_files):
    table = _read("ohid-fingertips", publisher_files, only={"diagnosed-hypertension"})
    england = table[table["area"] == "E92000001"]
    assert england["value"].tolist() == [20.7794109446012]


def _csv(change):
    return lambda d: replace(d, content=change(d.content.decode("utf-8-sig")).encode())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("Area Code", "Area code ONS", 1), "a column is missing"),
        (lambda t: t.replace("92659,", "99999,"), "no row has this value"),
        (lambda t: t.replace(",2015,", ",about 2015,"), "not a period"),
        (lambda t: t.replace("20.7794109446012", "twenty", 1), "neither a number"),
        (lambda t: t.replace("E07000008", "E07999999"), "not in the register"),
        (
            lambda t: t.replace("Aggregated from all known lower geography values", "Because"),
            "a reason for a missing value",
        ),
    ],
)
def test_spoilt_fingertips_is_refused_by_name(publisher_files, change, said):
    with pytest.raises(SourceError, match=said):
        _read("ohid-fingertips", publisher_files, _csv(change))


def _workbook(change):
    """Spoil a copy of the file that has its whole measures only: the rest takes a minute to write."""

    def spoil(d):
        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(d.content)).get_sheet_by_index(0).to_python()
        )
        book = openpyxl.Workbook()
        book.active.title = "in"
        for row in [rows[0], *(row for row in rows if row[5] == "Total" and row[6] == "Outcome")]:
            book.active.append(row)
        change(book["in"])
        out = io.BytesIO()
        book.save(out)
        return replace(d, content=out.getvalue())

    return spoil


def _rename(sheet):
    sheet["D1"] = "Area"


def _word(sheet):
    for row in sheet.iter_rows(min_row=2):
        if row[4].value == "2A2" and row[5].value == "Total" and row[6].value == "Outcome":
            row[7].value = "many"
            return


@pytest.mark.parametrize(
    ("change", "said"), [(_rename, "no table here has the columns"), (_word, "neither a number")]
)
def test_spoilt_adult_social_care_is_refused_by_name(publisher_files, change, said):
    with pytest.raises(SourceError, match=said):
        _read("nhs-ascof", publisher_files, _workbook(change))


def test_a_year_that_the_name_does_not_say_is_not_guessed(publisher_files):
    with pytest.raises(SourceError, match="does not say its year"):
        _read("nhs-ascof", publisher_files, lambda d: replace(d, name="open-data.xlsx"))


def _parquet(change):
    def spoil(d):
        out = io.BytesIO()
        change(pd.read_parquet(io.BytesIO(d.content))).to_parquet(out)
        return replace(d, content=out.getvalue())

    return spoil


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.rename(columns={"count": "cases"}), "a column is missing"),
        (lambda t: t.assign(count=-t["count"]), "a negative number"),
        (lambda t: pd.concat([t, t[t["code"] == "E07000008"]]), "twice"),
        (lambda t: t[t["date"] % 7 != 0], "no whole month"),
    ],
)
def test_spoilt_cases_are_refused_by_name(publisher_files, change, said):
    with pytest.raises(SourceError, match=said):
        _read("ukhsa-covid-19", publisher_files, _parquet(change))
