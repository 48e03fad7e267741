"""The register of areas against the publishers' own lookups, and the names in their real files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from goldenthread import areas

pytestmark = pytest.mark.publisher_files

#: Codes given out since the lookups of 2024.
RECODED = {"E08000016": "E08000038", "E08000019": "E08000039"}


def lookup(folder: Path, name: str) -> pd.DataFrame:
    """A lookup of the register folder, English rows, on the codes of today."""
    table = pd.read_csv(folder / "register" / name, dtype=str, encoding="utf-8-sig")
    table.columns = table.columns.str.lower()
    code = next(column for column in table if column in ("ltla24_code", "ltla23_code", "ltla23cd"))
    english = table[table[code].str.startswith("E")]
    return english.replace(RECODED).set_index(code, drop=False)


# --- against the lookups -------------------------------------------------------------------------


def test_the_lowest_tier_is_exactly_the_lookups(publisher_files: Path) -> None:
    table = lookup(publisher_files, "lookup_ltla24_region24.csv")
    assert set(table.index) == areas.tier_codes("lower")


def test_the_upper_tier_is_exactly_the_lookups(publisher_files: Path) -> None:
    table = lookup(publisher_files, "LTLA-UTLA_Apr23_Lookup_England-Wales.csv")
    assert set(table["utla23cd"]) == areas.tier_codes("upper")


def test_every_region_is_the_lookups(publisher_files: Path) -> None:
    table = lookup(publisher_files, "lookup_ltla24_region24.csv")
    ours = {area.code: area.region for area in areas.councils(tier="lower")}
    assert ours == table["region24_code"].to_dict()
    for code, name in table.set_index("region24_code")["region24_name"].items():
        assert areas.register()[str(code)].name == name


def test_every_county_is_the_lookups(publisher_files: Path) -> None:
    table = lookup(publisher_files, "LTLA-UTLA_Apr23_Lookup_England-Wales.csv")
    theirs = {code: upper for code, upper in table["utla23cd"].to_dict().items() if upper != code}
    assert {area.code: area.county for area in areas.councils(kind="district")} == theirs


def test_every_fire_authority_is_the_lookups(publisher_files: Path) -> None:
    table = lookup(publisher_files, "lookup_ltla24_fra24.csv")
    ours = {area.code: area.fire for area in areas.councils(tier="lower")}
    assert ours == table["fra24_code"].to_dict()
    current = [a.code for a in areas.register().values() if a.is_current]
    assert set(table["fra24_code"]) == {code for code in current if code.startswith("E31")}


@pytest.mark.parametrize(
    ("name", "code", "label"),
    [
        ("lookup_ltla24_region24.csv", "ltla24_code", "ltla24_name"),
        ("LTLA-UTLA_Apr23_Lookup_England-Wales.csv", "utla23cd", "utla23nm"),
        ("lookup_ltla24_fra24.csv", "fra24_code", "fra24_name"),
    ],
)
def test_official_statistics_names_lead_to_the_code(
    publisher_files: Path, name: str, code: str, label: str
) -> None:
    table = lookup(publisher_files, name)
    for gss, called in table.set_index(code)[label].items():
        assert areas.find(called, kind=areas.register()[str(gss)].kind).code == gss


def test_mergers_are_those_of_the_change_history(publisher_files: Path) -> None:
    table = pd.read_csv(
        publisher_files / "register" / "ons_uk-topojson_changes.csv", encoding="utf-8-sig"
    )
    table = table[table["oldcd"].str.startswith("E") & table["type"].isin(["merger", "new_code"])]
    theirs = set(zip(table["oldcd"], table["newcd"], table["start"], strict=True))
    history = areas.lineage()
    ours = {
        (old, new, effective.year)
        for old, new, effective in zip(
            history["old"], history["new"], history["effective"], strict=True
        )
    }
    assert theirs <= ours


def test_codes_through_the_years_are_those_of_the_lookup(publisher_files: Path) -> None:
    table = pd.read_csv(publisher_files / "register" / "lookup_ltla_ltla.csv", dtype=str)
    pairs = table[["ltla16_code", "ltla24_code"]].drop_duplicates()
    for old, new in pairs[pairs["ltla16_code"].str.startswith("E")].itertuples(index=False):
        assert new in descendants(old)


def descendants(code: str) -> set[str]:
    """The areas of 2024 that an area became."""
    area = areas.register()[code]
    if area.is_current or code in RECODED:
        return {code}
    return set().union(*(descendants(later) for later in area.replaced_by))


def test_mysociety_agrees_on_councils_and_when_they_ended(publisher_files: Path) -> None:
    table = pd.read_csv(publisher_files / "register" / "uk_local_authorities.csv", dtype=str)
    table = table[(table["nation"] == "England") & ~table["gss-code"].str.startswith("E47")]
    for row in table.to_dict("records"):
        area = areas.register()[RECODED.get(row["gss-code"], row["gss-code"])]
        assert area.register == row["local-authority-code"]
        assert area.is_current == (row["current-authority"] == "True")


def test_department_for_education_numbers_are_theirs(publisher_files: Path) -> None:
    path = (
        publisher_files / "dfe" / "childrens-social-care" / "b1_children_in_need_2013_to_2025.csv"
    )
    table = pd.read_csv(path, dtype=str, usecols=["old_la_code", "new_la_code", "la_name"])
    table = table.dropna().drop_duplicates()
    councils = table[table["new_la_code"].str.match(r"E(06|08|09|10)\d{6}$")]
    assert len(councils) >= 153
    for number, code, name in councils[["old_la_code", "new_la_code", "la_name"]].to_numpy():
        area = areas.register()[code]
        assert area.dfe == int(number)
        assert areas.find(name, kind=area.kind).dfe == int(number)


def test_e_codes_are_the_ministrys(publisher_files: Path) -> None:
    path = publisher_files / "mhclg" / "revenue-outturn" / "RSX_LA_Data_2024-25_data_by_LA.ods"
    found = set()
    for row in sheet(path, "RSX_LA_Data_202425"):
        if re.fullmatch(r"E(06|07|08|09|10|31|47)\d{6}", str(row[1])):
            code = RECODED.get(str(row[1]), str(row[1]))
            assert areas.by_ecode(str(row[0])).code == code
            assert areas.find(str(row[2]), kind=areas.register()[code].kind).code == code
            found.add(code)
    assert {area.code for area in areas.councils()} <= found


# --- every council's name in the real files ------------------------------------------------------


def sheet(path: Path, name: str) -> list[list[object]]:
    """All rows of one sheet."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    return [list(row) for row in rows]


def cells(path: Path, name: str, column: int, skip: int) -> Iterator[str]:
    """The texts of one column of a sheet, or of a CSV file."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows: list[list[object]] = [list(row) for row in csv.reader(file)]
    else:
        rows = sheet(path, name)
    for row in rows[skip:]:
        if column < len(row) and isinstance(row[column], str) and str(row[column]).strip():
            yield str(row[column]).strip()


#: What is no council, fire or combined authority, region or England.
NOT_OURS = re.compile(
    r"^(Inner|Outer) London|London \((Inner|Outer)\)|Police(?!, Fire and Crime Commissioner (-|"
    r"Fire and Rescue))|Essex Police$|National Park|Broads Authority|Waste|WDA|Regional Park"
    r"|^(Metropolitan|Shire|Unitary) (Districts?|Counties|Authorit(y|ies))|^London Boroughs"
    r"|\(discontinued\)|Outside of England|^Rest of England|^\*?Total|^No relevant LA|- Police$"
    r"|Old SNs|Shared Service|^Cambridge City and South Cambs|^Mid Suffolk and Babergh"
    r"|^(Fire and Rescue|Combined|Waste) Authorit|^(Notes?|Source|Contact|Last|Next|Latest)\b"
    r"|^ZZZZ|^---|^Local authority$|^Class Breakdown|@|DLUHC|^\d+ \w+ \d{4}$|^Februrary 2024$|/",
    re.IGNORECASE,
)
#: Footnote marks that publishers hang on names; reading them off is the source's work.
MARK = re.compile(r"\s*(\((R|e|d|new)\)|\[.*\])$|(?<=[a-z]) ?\d(,\d)*$|(?<=il|of) a$")

DFE = "dfe/childrens-social-care/"
OFSTED = "ofsted/"
OFSTED_SHEET = "LA_level_at_31_Mar_2023"
OUTTURN = "mhclg/revenue-outturn/"
TAX = "mhclg/council-tax/"
FILES = [
    ("dfe/lait/la_code_list.xlsx", "Sheet1", 1, 1),
    ("dfe/lait/sn_may_2025.xlsx", "LA SN Groups", 1, 4),
    (DFE + "b1_children_in_need_2013_to_2025.csv", "", 9, 1),
    (DFE + "c3_factors_identified_at_end_of_assessment_2018_to_2025.csv", "", 9, 1),
    (DFE + "csww_indicators_2017_to_2025.csv", "", 9, 1),
    ("dfe/education/ks4_la.csv", "", 8, 1),
    ("dfe/send/1_eyfsp_headline_measures_2022.csv", "", 11, 1),
    (OFSTED + "Childrens_social_care_in_England_2023_underlying_data.ods", OFSTED_SHEET, 1, 4),
    (OFSTED + "LA_Inspection_Outcomes_as_at_31_March_2025.ods", "ILACS_inspection_history", 2, 4),
    ("nhs-england/adult-social-care-outcomes-2015-2022.csv", "", 2, 1),
    ("defra/flytipping_la.ods", "LA_incidents", 2, 3),
    (OUTTURN + "RSX_LA_Data_2024-25_data_by_LA.ods", "RSX_LA_Data_202425", 2, 7),
    (OUTTURN + "RSX_2022-23_data_by_LA.ods", "RSX_LA_Data_2022-23", 2, 12),
    (TAX + "CTR_Table_9_2023-24.ods", "Data_Billing", 2, 5),
    (TAX + "ctr_2223.xlsx", "ASC", 1, 0),
    ("mhclg/council-taxbase/LA_Drop_down_2017_web__rev_.xlsx", "LA list", 0, 0),
    ("mhclg/homelessness/Rough_sleeping.xlsx", "Table 1 Total", 1, 5),
    ("home-office/fire1001-average-response-times-spread-to-districts.csv", "", 1, 1),
    ("home-office/fire1001-average-response-times-spread-to-districts.csv", "", 3, 1),
    ("ohid/fingertips/indicators-DistrictUApre419.data.csv", "", 5, 1),
    ("ohid/fingertips-reshaped/life_expectancy.csv", "", 1, 1),
]


@pytest.mark.parametrize(("file", "name", "column", "skip"), FILES)
def test_every_name_in_the_file_is_known(
    publisher_files: Path, file: str, name: str, column: int, skip: int
) -> None:
    names = {
        MARK.sub("", text)
        for text in cells(publisher_files / file, name, column, skip)
        if not NOT_OURS.search(text)
    }
    assert len(names) > 40
    codes = dict(zip(names, areas.codes_for(names), strict=True))
    assert [called for called, code in codes.items() if code is None] == []


@pytest.mark.parametrize(
    ("file", "code", "name"),
    [
        ("ons/explore-local-statistics/claimant-count.csv", "areacd", "areanm"),
        ("ons/explore-local-statistics/housing-affordability-ratio.csv", "areacd", "areanm"),
        ("ons/explore-local-statistics/greenhouse-gas-emissions.csv", "areacd", "areanm"),
        ("ohid/fingertips-reshaped/adults_smoking.csv", "area_code", "area_name"),
        ("ohid/fingertips/indicators-DistrictUApre419.data.csv", "Area Code", "Area Name"),
        (DFE + "csww_indicators_2017_to_2025.csv", "new_la_code", "la_name"),
    ],
)
def test_every_code_is_known_or_not_covered_and_names_agree(
    publisher_files: Path, file: str, code: str, name: str
) -> None:
    table = pd.read_csv(publisher_files / file, dtype=str, encoding="utf-8-sig")
    pairs = table[[code, name]].dropna().drop_duplicates()
    pairs = pairs[pairs[code].str.fullmatch(r"[A-Z]\d{8}")]
    assert len(pairs) > 100
    for gss, called in pairs.itertuples(index=False):
        assert areas.is_known(gss) != areas.not_covered(gss), (gss, called)
        if areas.is_known(gss) and areas.register()[gss].is_council:
            found = areas.find(called, kind=areas.COUNCIL_KINDS)
            assert gss in {found.code, *found.replaced, *found.replaced_by}
