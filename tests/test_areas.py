"""The register of areas: who exists, what they are called, what they became and what they do."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from goldenthread import areas
from goldenthread.areas import AreaError

# --- what is in it -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("county", 21),
        ("district", 164),
        ("unitary", 63),
        ("metropolitan district", 36),
        ("London borough", 33),
    ],
)
def test_every_council_of_today_is_there(kind: str, count: int) -> None:
    assert len(areas.councils(kind=kind)) == count


def test_there_are_317_councils_and_every_one_is_complete() -> None:
    today = areas.councils()
    assert len(today) == 317
    for area in today:
        assert area.region in areas.register()
        assert area.fire in areas.register()
        assert area.ecode
        assert area.register
        assert area.official
        assert (area.dfe is not None) == (area.tier != "lower")
        assert (area.county is not None) == (area.tier == "lower")


def test_tiers_have_their_councils() -> None:
    assert len(areas.tier_codes("upper")) == 153
    assert len(areas.tier_codes("lower")) == 296
    assert areas.tier_codes("upper") & areas.tier_codes("lower") == areas.tier_codes("single")
    with pytest.raises(AreaError, match="expected upper, lower, single"):
        areas.tier_codes("middle")


def test_numbers_of_other_areas() -> None:
    everything = areas.register().values()
    current = [area for area in everything if area.is_current]
    assert sum(area.kind == "fire and rescue authority" for area in current) == 44
    assert sum(area.kind == "region" for area in current) == 9
    assert sum(area.kind == "combined authority" for area in current) == 16
    assert areas.register()["E92000001"].kind == "country"


def test_numbers_and_codes_of_current_areas_are_their_own() -> None:
    current = [area for area in areas.register().values() if area.is_current]
    for field in ("dfe", "ecode", "register"):
        values = [getattr(area, field) for area in current if getattr(area, field) is not None]
        assert len(values) == len(set(values)), field


def test_no_two_current_councils_share_a_name() -> None:
    for index in (areas.register().plain_names, areas.register().bare_names):
        for name, found in index.items():
            today = [area for area in found if area.is_council and area.is_current]
            assert len(today) <= 1, name


def test_the_register_loads_quickly_and_once() -> None:
    def seconds() -> float:
        # Of this process alone: a busy machine must not fail the test.
        start = time.process_time()
        areas.read()
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) < 0.3
    assert areas.register() is areas.register()


def test_it_imports_nothing_of_ours() -> None:
    code = (
        "import sys, goldenthread.areas;"
        "print([m for m in sys.modules if m.startswith('goldenthread.') "
        "and m != 'goldenthread.areas'])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


# --- finding -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("E06000010", "E06000010"),
        ("301", "E09000002"),
        ("E0101", "E06000022"),
        ("KHL", "E06000010"),
        ("Hull", "E06000010"),
        ("Kingston upon Hull, City of", "E06000010"),
        ("kingston-upon-hull UA", "E06000010"),
        ("Bedford", "E06000055"),
        ("Bedford Borough", "E06000055"),
        ("BCP", "E06000058"),
        ("Bournemouth, Christchurch & Poole Council", "E06000058"),
        ("Durham", "E06000047"),
        ("County Durham", "E06000047"),
        ("Durham County Council", "E06000047"),
        ("Telford & Wrekin", "E06000020"),
        ("St. Helens", "E08000013"),
        ("St Helens", "E08000013"),
        ("Herefordshire, County of", "E06000019"),
        ("Bristol, City of", "E06000023"),
        ("Southend-on-Sea", "E06000033"),
        ("Southend on Sea UA", "E06000033"),
        ("King's Lynn & West Norfolk", "E07000146"),
        ("Kings Lynn and West Norfolk", "E07000146"),
        ("Shepway", "E07000112"),
        ("City of London", "E09000001"),
        ("London", "E12000007"),
        ("Greater London", "E61000001"),
        ("North East", "E12000001"),
        ("Yorkshire and The Humber", "E12000003"),
        ("Northamptonshire", "E10000021"),
        ("Cumbria", "E10000006"),
        ("Barnsley", "E08000038"),
        ("Cornwall", "E06000052"),
        ("Cornwall Fire and Rescue Authority", "E31000008"),
        ("North East Combined Authority", "E47000014"),
        ("Liverpool City Region", "E47000004"),
        ("South West region", "E12000009"),
        ("England", "E92000001"),
    ],
)
def test_it_finds_what_is_meant(text: str, code: str) -> None:
    assert areas.find(text).code == code


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        ("Somerset", None, "E06000066"),
        ("Somerset", dt.date(2023, 3, 31), "E10000027"),
        ("Somerset", dt.date(2023, 4, 1), "E06000066"),
        ("Gateshead", dt.date(2012, 1, 1), "E08000020"),
        ("Buckinghamshire", dt.date(2010, 1, 1), "E10000002"),
    ],
)
def test_a_date_tells_old_from_new(text: str, on: dt.date | None, code: str) -> None:
    assert areas.find(text, on=on).code == code


def test_a_kind_tells_areas_of_one_name_apart() -> None:
    found = {
        kind: areas.find("Greater Manchester", kind=kind).code
        for kind in ("combined authority", "fire and rescue authority")
    }
    assert found == {"combined authority": "E47000001", "fire and rescue authority": "E31000040"}
    assert areas.find("Somerset", kind="county").code == "E10000027"
    assert areas.find("Cornwall Council", kind="fire and rescue authority").code == "E31000008"


def test_an_unknown_name_gets_three_suggestions() -> None:
    with pytest.raises(AreaError, match=r"'Birmingam'; the nearest are Birmingham, \w+.*, \w+"):
        areas.find("Birmingam")
    with pytest.raises(AreaError, match="among: county on 1 May 2020"):
        areas.find("Atlantis", kind="county", on=dt.date(2020, 5, 1))


def test_a_name_of_two_councils_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twins = areas.Register(
        [
            areas.Area(
                code="E07000901", name="Twin", kind="district", official="Twin Borough Council"
            ),
            areas.Area(
                code="E07000902", name="Twin", kind="district", official="Twin Town Council"
            ),
        ]
    )
    monkeypatch.setattr(areas, "register", lambda: twins)
    with pytest.raises(AreaError, match=r"Twin Borough Council \(E07000901\) or Twin Town"):
        areas.find("Twin")
    assert areas.codes_for(["Twin"]) == [None]


@pytest.mark.parametrize("suffix", ["", " Council", "  ", "."])
def test_every_council_is_found_by_each_of_its_names(suffix: str) -> None:
    for area in areas.councils():
        for name in (area.name, area.official, *area.variants):
            found = areas.find(name + suffix, kind=areas.COUNCIL_KINDS)
            assert found.code == area.code, name + suffix


@given(st.sampled_from([area.official for area in areas.councils()]))
def test_case_and_punctuation_make_no_difference(official: str) -> None:
    shouted = official.upper().replace(" and ", " & ").replace("-", " ")
    assert areas.find(shouted).code == areas.find(official).code
    assert areas.find(official.lower().replace("'", "")).code == areas.find(official).code


@given(st.text(max_size=30))
def test_any_text_is_found_or_refused(text: str) -> None:
    code = areas.codes_for([text])[0]
    try:
        assert areas.find(text).code == code
    except AreaError:
        assert code is None


def test_codes_for_keeps_order_and_gaps() -> None:
    names = pd.Series(["Leeds", None, "Nowhere", "Leeds", "Bradford"])
    assert areas.codes_for(names) == ["E08000035", None, None, "E08000035", "E08000032"]
    assert areas.codes_for(["Kent"], kinds="fire and rescue authority") == ["E31000022"]
    assert areas.codes_for([]) == []


def test_other_publishers_numbers_mean_the_area_of_today() -> None:
    assert areas.by_dfe(370).code == "E08000038"
    assert areas.by_dfe("835").code == "E10000009"
    assert areas.by_ecode("E3336").name == "Somerset West and Taunton"
    with pytest.raises(AreaError, match="DfE number '999'"):
        areas.by_dfe(999)
    with pytest.raises(AreaError, match="E-code"):
        areas.by_ecode("E9999")


# --- codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["E08000016", "E10000006", "E12000001", "E31000012", "E47000005"])
def test_former_codes_and_larger_areas_are_known(code: str) -> None:
    assert areas.is_known(code)
    assert code in areas.known_codes()
    assert not areas.not_covered(code)


@pytest.mark.parametrize(
    "code",
    [
        "W06000001",
        "S12000005",
        "N09000001",
        "K02000001",
        "L93000001",
        "M83000003",
        "J01000001",
        "E01000001",
        "E05000001",
        "E11000001",
        "E13000001",
        "E14000530",
        "E22000001",
        "E23000001",
        "E26000001",
        "E29000001",
        "E30000001",
        "E38000001",
        "E40000001",
        "E50000001",
        "E54000001",
        "E07000013",
        "E10000001",
    ],
)
def test_other_peoples_codes_are_not_covered(code: str) -> None:
    assert areas.not_covered(code)
    assert not areas.is_known(code)


@pytest.mark.parametrize("code", ["E06999999", "E10999999", "E07", "X01000001", "", "Total"])
def test_a_mistaken_code_is_neither(code: str) -> None:
    assert not areas.is_known(code)
    assert not areas.not_covered(code)


def test_an_unknown_code_is_an_error_that_names_it() -> None:
    with pytest.raises(AreaError, match="E06999999"):
        areas.register()["E06999999"]
    assert areas.register().get("E06999999") is None


# --- history -------------------------------------------------------------------------------------


def test_an_area_ends_the_day_before_its_successor_starts() -> None:
    known = areas.register()
    for change in known.changes:
        if change.kind == "boundary":
            continue
        for old in change.old:
            assert known[old].end == change.effective - dt.timedelta(days=1)
            assert set(change.new) <= set(known[old].replaced_by)
        for new in change.new:
            assert known[new].start == change.effective
            assert set(change.old) <= set(known[new].replaced)


def test_every_former_area_says_what_became_of_it() -> None:
    for area in areas.register().values():
        assert (area.end is not None) == bool(area.replaced_by), area.code


def test_whole_means_recoded_or_merged() -> None:
    table = areas.lineage()
    assert (table["whole"] == table["kind"].isin(["recode", "merge"])).all()
    whole = table[table["whole"]]
    assert not whole["old"].duplicated().any()
    assert not table.duplicated(["old", "new"]).any()
    recodes = table[table["kind"] == "recode"].set_index("old")["new"].to_dict()
    assert recodes == {
        "E08000016": "E08000038",
        "E08000019": "E08000039",
        "E08000020": "E08000037",
        "E06000048": "E06000057",
        "E07000097": "E07000242",
        "E07000100": "E07000240",
        "E07000101": "E07000243",
        "E07000104": "E07000241",
    }


@pytest.mark.parametrize(
    ("on", "count"),
    [
        (dt.date(2009, 4, 1), 353),
        (dt.date(2013, 4, 1), 353),
        (dt.date(2019, 3, 31), 353),
        (dt.date(2019, 4, 1), 343),
        (dt.date(2020, 4, 1), 339),
        (dt.date(2021, 4, 1), 333),
        (dt.date(2023, 4, 1), 317),
        (dt.date(2025, 4, 1), 317),
    ],
)
def test_the_number_of_councils_through_the_years(on: dt.date, count: int) -> None:
    assert len(areas.councils(on=on)) == count


# --- services ------------------------------------------------------------------------------------


def test_services_have_plain_names_and_providers() -> None:
    assert {"waste-collection", "libraries", "fire-and-rescue", "culture"} <= set(areas.services())
    for identity, service in areas.services().items():
        assert identity == service.id
        assert service.name
        assert service.kinds


@pytest.mark.parametrize(
    ("code", "service", "provider"),
    [
        ("E07000223", "waste-collection", "E07000223"),
        ("E07000223", "adult-social-care", "E10000032"),
        ("E07000223", "fire-and-rescue", "E31000037"),
        ("E06000010", "adult-social-care", "E06000010"),
        ("E06000053", "fire-and-rescue", "E31000039"),
        ("E09000001", "education", "E09000001"),
        ("E08000003", "waste-disposal", "E47000001"),
        ("E08000010", "waste-disposal", "E08000010"),
        ("E08000003", "public-transport", "E47000001"),
        ("E09000007", "public-transport", "E61000001"),
        ("E07000008", "public-transport", "E47000008"),
        ("E10000032", "public-transport", "E10000032"),
    ],
)
def test_who_provides_what(code: str, service: str, provider: str) -> None:
    assert areas.provider(code, service).code == provider
    if provider == code:
        assert areas.provides(code, service)


def test_a_council_that_is_its_own_fire_authority_provides_it() -> None:
    assert areas.provides("E10000032", "fire-and-rescue")
    assert areas.provides("E06000052", "fire-and-rescue")
    assert areas.provides("E31000037", "fire-and-rescue")
    assert not areas.provides("E10000012", "fire-and-rescue")
    assert not areas.provides("E92000001", "fire-and-rescue")


def test_who_provides_it_may_be_outside_the_register() -> None:
    assert not areas.provides("E09000007", "waste-disposal")
    with pytest.raises(AreaError, match="North London Waste Authority"):
        areas.provider("E09000007", "waste-disposal")
    with pytest.raises(AreaError, match="each of its districts"):
        areas.provider("E10000032", "waste-collection")
    with pytest.raises(AreaError, match="does not say"):
        areas.provider("E12000001", "libraries")
    with pytest.raises(AreaError, match="no service is called 'libary'; the nearest are libraries"):
        areas.provides("E06000010", "libary")


def test_every_council_has_a_provider_for_every_service() -> None:
    outside = {"waste-disposal"}
    for area in areas.councils():
        for service in areas.services():
            if service in outside or (area.kind == "county"):
                continue
            assert areas.provider(area.code, service).is_current


def test_councils_by_region_and_mistaken_arguments() -> None:
    assert {a.region for a in areas.councils(region="North East")} == {"E12000001"}
    assert len(areas.councils(region="E12000007", kind="London borough")) == 33
    with pytest.raises(AreaError, match="not a kind of council"):
        areas.councils(kind="parish")
    with pytest.raises(AreaError, match="no area is called"):
        areas.councils(region="Mercia")


# --- errors in the files -------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the register in which one entry can be spoilt."""
    for stem in (*areas.AREA_FILES, "changes"):
        (tmp_path / f"{stem}.yaml").write_bytes((areas.FOLDER / f"{stem}.yaml").read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "parish"}, r"regions.yaml, E12000001: kind: expected one of county, .* not 'par"),
        (
            {"colour": "red"},
            r"regions.yaml, E12000001: colour: is not a field; expected code, name",
        ),
        ({"dfe": "301"}, r"regions.yaml, E12000001: dfe: expected a whole number, not '301'"),
        ({"dfe": True}, r"dfe: expected a whole number"),
        ({"start": "soon"}, r"start: expected a date \(2023-04-01\), not 'soon'"),
        ({"variants": "East"}, r"variants: expected a list of texts"),
        ({"name": None}, r"name: expected text, not None"),
        ({"code": "E12"}, r"E12: code: expected a letter and 8 digits"),
        ({"code": "E12000002"}, r"regions.yaml, E12000002: code: is in the register twice"),
        (
            {"county": "E12000002"},
            r"regions.yaml, E12000001: county: expected the code of a county",
        ),
    ],
)
def test_a_spoilt_entry_is_named(folder: Path, change: dict[str, object], message: str) -> None:
    path = folder / "regions.yaml"
    entries = yaml.safe_load(path.read_text())
    entries[0] |= change
    path.write_text(yaml.safe_dump(entries))
    with pytest.raises(AreaError, match=message):
        areas.read(folder)


def test_a_missing_field_is_named(folder: Path) -> None:
    path = folder / "regions.yaml"
    entries = yaml.safe_load(path.read_text())
    del entries[0]["name"]
    path.write_text(yaml.safe_dump(entries))
    with pytest.raises(AreaError, match=r"regions.yaml, E12000001: name: is missing"):
        areas.read(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {code: [}", "regions.yaml cannot be read"),
        ("code: E12000001", "regions.yaml: expected a list"),
        ("- E12000001", "regions.yaml, entry 1: expected fields"),
    ],
)
def test_a_spoilt_file_is_named(folder: Path, text: str, message: str) -> None:
    (folder / "regions.yaml").write_text(text)
    with pytest.raises(AreaError, match=message):
        areas.read(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "fire.yaml").unlink()
    with pytest.raises(AreaError, match=r"fire\.yaml cannot be read"):
        areas.read(folder)


def test_a_change_of_an_unknown_area_is_named(folder: Path) -> None:
    with (folder / "changes.yaml").open("a") as file:
        file.write("- {effective: 2027-04-01, kind: merge, old: [E10000030], new: [E06000099]}\n")
    with pytest.raises(AreaError, match="E06000099 is not in the register"):
        areas.read(folder)
