"""Explore Local Statistics: the real files, and copies of them that must be refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from goldenthread import areas, catalogue, observations
from goldenthread.catalogue import Measure
from goldenthread.sources import ons_local
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError

SOURCE = "ons-explore-local-statistics"
HEADER = (
    "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"
)
RATE = "Employment rate,2023-01-01/P1Y,{},Percentage,%,{},{},{},{}"
ENGLAND = "E92000001,England,Nation," + RATE
DURHAM = "E06000047,County Durham,Local Authority District," + RATE


def measure(identifier: str) -> Measure:
    return catalogue.catalogue()[identifier]


def asking(identifier: str, **query: object) -> Measure:
    """A measure that asks something else of its file."""
    known = measure(identifier)
    origin = known.origin.model_copy(update={"query": {**known.origin.query, **query}})
    return known.model_copy(update={"origin": origin})


def made(*lines: str, header: str = HEADER, identifier: str = "employment-rate") -> Document:
    text = "\n".join([header, *lines]) + "\n"
    entry = measure(identifier).origin.document
    return Document(SOURCE, entry, f"{entry}.csv", text.encode("utf-8-sig"), date(2026, 11, 1))


def read(document: Document, *measures: Measure):
    return observations.validate(
        ons_local.read([document], measures or [measure("employment-rate")])
    )


def good() -> Document:
    return made(
        ENGLAND.format("75.6", "75.3", "75.9", "", ""),
        DURHAM.format("71.2", "67.0", "75.4", "", ""),
    )


# --- what must be read ----------------------------------------------------------------------------


def test_columns_are_found_by_name_wherever_they_stand():
    header = HEADER.replace("observation,measure", "measure,observation")
    line = ENGLAND.format("Percentage", "75.3", "75.9", "", "").replace(
        "Percentage,Percentage", "Percentage,75.6"
    )
    row = read(made(line, header=header)).iloc[0]
    assert (row["value"], row["lower"], row["upper"]) == (75.6, 75.3, 75.9)
    assert row["period_label"] == "2023"


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("x", "not available"),
        ("u", "unreliable"),
        ("z", "not applicable"),
        ("c", "suppressed"),
        ("", "not available"),
    ],
)
def test_an_empty_cell_keeps_the_kind_of_its_status(mark, kind):
    row = read(made(ENGLAND.format("", "", "", mark, ""))).iloc[0]
    assert row["status"] == kind


def test_a_nought_is_a_nought_and_a_flag_a_flag():
    table = read(made(ENGLAND.format("0.0", "", "", "p", ""))).iloc[0]
    assert (table["value"], table["status"]) == (0.0, "provisional")


def test_a_remark_among_the_statuses_becomes_a_note():
    said = "Value for Cornwall and Isles of Scilly combined"
    row = read(made(DURHAM.format("70", "", "", said, ""))).iloc[0]
    assert (row["status"], row["note"]) == ("published", said)


def test_a_note_on_the_sample_stays_and_one_on_codes_does_not():
    table = read(
        made(
            ENGLAND.format("75.6", "", "", "", "Unreliable since the sample is small"),
            DURHAM.format("71.2", "", "", "", "Obsolete code since 2023 (replaced by X)"),
        )
    )
    assert sorted(table["note"]) == ["", "Unreliable since the sample is small"]


def test_areas_that_are_not_councils_are_left_out():
    table = read(
        made(
            ENGLAND.format("75.6", "", "", "", ""),
            ENGLAND.replace("E92000001", "W92000004").format("72", "", "", "", ""),
            ENGLAND.replace("E92000001,England,Nation", "TLC3,Tees Valley,ITL Level 2").format(
                "72", "", "", "", ""
            ),
        )
    )
    assert table["area"].tolist() == ["E92000001"]


def test_the_query_may_scale_and_name_the_measure():
    ask = asking("employment-rate", scale=1000, measure="Percentage")
    row = read(good(), ask).set_index("area").loc["E92000001"]
    assert row[["value", "lower", "upper"]].tolist() == [75600.0, 75300.0, 75900.0]


# --- what must be refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("observation,", "obs_value,", "'observation'.*nearest"),
        ("Employment rate", "Rate of employment", "'Employment rate'; nearest: 'Rate of employ"),
        ("Percentage,%,67.0", "Percentage,per cent,67.0", "row 3.*another unit.*per cent"),
        ("71.2,Percentage", "71.2,Share", "several measures.*Percentage; Share"),
        ("E06000047", "E06999999", "row 3.*not in the register.*E06999999"),
        ("71.2", "71.2?", "row 3.*neither a number.*71.2?"),
        ("75.4,,", "75.4,q,", "row 3.*status that is not known.*'q'"),
        ("2023-01-01/P1Y,71", "FYE 2023,71", "row 3.*FYE 2023"),
        ("71.2,Percentage,%,67.0,75.4,,", ",Percentage,%,,,7,", "row 3.*status that is not"),
        ("71.2,Percentage,%,67.0,75.4,,", ",Percentage,%,,,wow,", "row 3.*neither a number.*wow"),
        ("67.0", "many", "row 3.*lci_95.*many"),
    ],
)
def test_spoilt_lines_are_refused_by_name(old, new, said):
    document = good()
    spoilt = document.content.decode().replace(old, new)
    assert spoilt.encode() != document.content
    with pytest.raises(SourceError, match=said):
        read(replace(document, content=spoilt.encode()))


def test_a_line_that_stands_twice_is_refused():
    line = ENGLAND.format("75.6", "", "", "", "")
    with pytest.raises(observations.ObservationError, match="repeat"):
        read(made(line, line))


def test_a_file_that_breaks_off_is_refused():
    document = good()
    with pytest.raises(SourceError, match="do not fit the header"):
        read(replace(document, content=document.content[:-30]))


def test_a_header_alone_is_refused():
    with pytest.raises(SourceError, match="no rows below the header"):
        read(made())


def test_a_sign_in_page_is_refused():
    page = b"<!DOCTYPE html><html><body>Sign in</body></html>"
    with pytest.raises(SourceError, match="web page"):
        replace(good(), content=page).check()


def test_limits_beside_the_value_are_refused():
    with pytest.raises(observations.ObservationError, match="confidence limits"):
        read(made(ENGLAND.format("75.6", "80.0", "85.0", "", "")))


def test_a_month_that_is_no_longer_a_day_is_refused():
    ask = asking("employment-rate", period="month")
    with pytest.raises(SourceError, match="a month is no longer written as one day"):
        read(good(), ask)


def test_a_query_with_a_wrong_field_is_refused():
    with pytest.raises(SourceError, match="employment-rate: peroid"):
        read(good(), asking("employment-rate", peroid="month"))


# --- the real files -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(publisher_files):
    source = catalogue.catalogue().sources[SOURCE]
    measures = catalogue.catalogue().of_source(SOURCE)
    wanted = {m.origin.document for m in measures}
    documents = in_folder(source, publisher_files, only=wanted)
    return observations.validate(ons_local.read(documents, measures))


def one(table, identifier, area, label):
    rows = table[(table["measure"] == identifier) & (table["area"] == area)]
    (row,) = rows[rows["period_label"] == label].to_dict("records")
    return row


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("identifier", "area", "label", "value"),
    [
        ("housing-affordability-ratio", "E92000001", "Year ending September 2025", 7.64),
        ("housing-affordability-ratio", "E09000020", "Year ending September 2025", 21.87),
        ("value-added-per-hour", "E92000001", "2023", 42.39),
        ("value-added-per-hour", "E12000001", "2023", 35.82),
        ("median-weekly-pay", "E06000001", "April 2024", 567.3),
        ("air-pollution-removal-by-nature", "E06000001", "2024", 2_973_085.0),
        ("engaged-with-arts", "E47000001", "2023/24", 88.0),
        ("railway-station-within-30-minute-walk", "E07000088", "June 2024", 0.0),
    ],
)
def test_figures_are_those_printed(table, identifier, area, label, value):
    assert one(table, identifier, area, label)["value"] == pytest.approx(value, rel=1e-12)


@pytest.mark.publisher_files
def test_limits_are_those_printed(table):
    row = one(table, "employment-rate", "E07000223", "2018")
    assert (row["value"], row["lower"], row["upper"]) == (80.1, 69.6, 90.6)


@pytest.mark.publisher_files
def test_missing_figures_keep_their_kind(table):
    assert one(table, "domestic-gas-consumption", "E06000053", "15 May 2024 to 14 May 2025")[
        "status"
    ] == ("not applicable")
    durham = one(table, "housing-affordability-ratio", "E06000047", "Year ending September 2002")
    assert durham["status"] == "not available"


@pytest.mark.publisher_files
def test_every_figure_is_possible_and_every_tier_is_there(table):
    for identifier, rows in table.groupby("measure"):
        known = measure(identifier)
        if known.theme == "health":  # has tests of its own
            continue
        assert known.minimum is None or rows["value"].min() >= known.minimum, identifier
        assert known.maximum is None or rows["value"].max() <= known.maximum, identifier
        latest = rows[rows["period_end"] == rows["period_end"].max()]
        tiers = ("upper", "lower") if known.tier == "both" else (known.tier,)
        for tier in tiers:
            councils = areas.tier_codes(tier)
            # Surveys leave some out, and series that have ended stand on the councils of their time.
            share = len(councils & set(latest["area"])) / len(councils)
            assert share > 0.85, (identifier, tier)
