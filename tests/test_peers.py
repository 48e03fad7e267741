"""Who is compared with whom: groups by plain definition, likeness by a second path, own lists by file."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance

from goldenthread import areas, catalogue, features, likeness, official_lists, peers
from goldenthread.analysis import similarity
from goldenthread.areas import AreaError
from goldenthread.authorities import citizens
from goldenthread.own_list import OwnList, OwnListError, own_list
from goldenthread.peers import PeersError
from goldenthread.snapshot import DocumentRecord, snapshot
from tests.sources import specimen

PLACES = list(citizens().index)
AREAS = {code: areas.register()[code] for code in PLACES}
SUBSETS = st.lists(st.sampled_from(PLACES), unique=True, max_size=60)
GROUPS = ("kind", "region", "family", "england", "governance")


def named(*names: str) -> list[str]:
    return [areas.find(name).code for name in names]


def groups(found: peers.PeerSets, codes: list[str]) -> dict[str, list[str]]:
    """Lay sets out as everybody's list."""
    return {
        code: [codes[at] for at in found.members[row] if at >= 0]
        for code, row in zip(codes, found.of)
        if row >= 0
    }


# --- Groups, by plain definition ------------------------------------------------------------------


def together(comparator: str, one: areas.Area, other: areas.Area) -> bool:
    overlap = {one.tier, other.tier} == {"upper", "lower"}
    if (one.tier == "fire") != (other.tier == "fire") or overlap:
        return False
    if comparator == "family":
        of = features.families()
        return of[one.code] is not None and of[one.code] == of[other.code]
    if comparator == "governance":
        return one.governance != "" and one.governance == other.governance
    return comparator == "england" or getattr(one, comparator) == getattr(other, comparator)


@settings(max_examples=15)
@given(SUBSETS)
@pytest.mark.parametrize("comparator", GROUPS)
def test_groups_are_those_that_have_it_in_common(comparator, codes):
    found = peers.sets(comparator, codes)
    expected = {
        code: [near for near in codes if together(comparator, AREAS[code], AREAS[near])]
        for code in codes
        if together(comparator, AREAS[code], AREAS[code])
    }
    assert groups(found, codes) == expected
    assert found.with_self
    assert len({tuple(row) for row in found.members}) <= len(found.members)


def test_groups_are_held_once():
    sizes = {name: len(peers.sets(name, PLACES).members) for name in GROUPS}
    # Six kinds; ten other tiers' views in each region that has them; four views of England.
    assert sizes["kind"] == 6
    assert sizes["england"] == 4
    assert sizes["governance"] == 5
    assert sizes["region"] == len({(a.region, a.tier) for a in AREAS.values()})


def test_families_are_thirds_by_deprivation_and_density():
    of = features.families().dropna()
    assert of.nunique() == 9
    held = features.table().loc[of.index]
    poorest = held["deprivation"].nlargest(100).index
    assert of[poorest].str.startswith("more deprived").all()
    assert of[held["density"].nsmallest(100).index].str.endswith("sparse").all()
    sizes = groups(peers.sets("family", PLACES), PLACES)
    assert min(len(sizes[code]) for code in of.index) >= 5


def test_nobody_is_beside_a_council_whose_area_overlaps_its_own():
    kent, ashford, medway = named("Kent", "Ashford", "Medway")
    found = groups(peers.sets("england", PLACES), PLACES)
    assert ashford not in found[kent]
    assert kent not in found[ashford]
    assert {kent, ashford} <= set(found[medway])
    assert Counter(AREAS[code].tier for code in found[kent]) == {"upper": 21, "single": 132}


def test_what_is_no_council_is_in_no_group():
    codes = ["E12000007", "E47000001", *named("Hull", "Leeds")]
    for comparator in (*GROUPS, "similar", "dfe"):
        assert (peers.sets(comparator, codes).of[:2] == -1).all()


def test_no_codes_have_no_groups():
    for comparator in (*GROUPS, "similar", "dfe"):
        found = peers.sets(comparator, [])
        assert found.members.shape[0] == 0
        assert found.of.shape == (0,)


def test_sets_are_kept_and_cannot_be_spoilt():
    found = peers.sets("kind", PLACES)
    assert peers.sets("kind", PLACES) is found
    with pytest.raises(ValueError, match="read-only"):
        found.members[0, 0] = 5


def test_an_unknown_comparison_or_code_is_refused():
    with pytest.raises(PeersError, match="no comparison 'friends': expected one of similar, mhclg"):
        peers.sets("friends", PLACES)
    with pytest.raises(PeersError, match="no comparison 'friends'"):
        peers.available("friends")
    with pytest.raises(AreaError, match="E99999999"):
        peers.sets("kind", ["E99999999"])


def test_every_comparison_says_what_it_is():
    known = peers.comparators()
    assert set(known) == {"similar", "mhclg", "dfe", "own", *GROUPS}
    for comparator in known.values():
        assert comparator.name[0].islower() or comparator.lists
        assert re.fullmatch(r"[A-Z].{40,}[.]", comparator.meaning)
        assert comparator.source or comparator.id == "own"
    for name in ("similar", "mhclg"):
        # The ministry's own advice, which holds for ours as well.
        assert "context and not judgement: look at all fifteen, not at one" in known[name].meaning


# --- Lists ----------------------------------------------------------------------------------------


def test_every_council_of_every_kind_has_fifteen_of_its_own_kind():
    found = groups(peers.sets("similar", PLACES), PLACES)
    assert set(found) == set(PLACES)
    for code, near in found.items():
        assert len(near) == len(set(near)) == peers.NEIGHBOURS
        assert code not in near
        assert {AREAS[other].kind for other in near} == {AREAS[code].kind}
    assert not peers.sets("similar", PLACES).with_self


def test_councils_that_are_not_asked_about_are_left_out_of_lists_and_the_order_stays():
    whole = groups(peers.sets("similar", PLACES), PLACES)
    codes = PLACES[::-2]
    part = groups(peers.sets("similar", codes), codes)
    there = set(codes)
    assert part == {code: [n for n in whole[code] if n in there] for code in codes}
    found = peers.sets("similar", codes)
    assert (np.sort(found.members < 0, axis=1) == (found.members < 0)).all()


def test_the_departments_lists_are_for_those_that_run_childrens_services():
    found = groups(peers.sets("dfe", PLACES), PLACES)
    assert {AREAS[code].tier for code in found} == {"single", "upper"}
    assert len(found) == 153
    shipped = peers.lists("dfe")
    for code, near in found.items():
        assert near == shipped.loc[shipped["area"] == code, "neighbour"].tolist()
    assert peers.group("dfe", "Adur") == []
    assert peers.why_not("dfe", "Adur").endswith("look at those of West Sussex.")
    assert peers.why_not("dfe", "Avon Fire").endswith("run children's services.")
    assert peers.why_not("dfe", "Hull") == ""


def test_reasons_for_having_no_group():
    assert peers.why_not("governance", "Avon Fire") == ""
    assert "only for fire and rescue authorities" in peers.why_not("governance", "Hull")
    assert peers.why_not("own", "Hull") == (
        "A council's own list comes from a file: own_list(path, council) reads it."
    )
    assert not peers.available("own")


def test_groups_and_lists_by_name():
    assert peers.group("similar", "Hull") == list(peers.similar("Hull").table.index)
    london = peers.group("kind", "Camden")
    assert len(london) == 32
    assert areas.find("Camden").code not in london


def test_only_publishers_have_official_lists():
    with pytest.raises(PeersError, match="kind has no official lists: expected one of mhclg, dfe"):
        peers.lists("kind")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The project's lists and comparisons in a folder that a test may change."""
    copied = tmp_path / "neighbours"
    shutil.copytree(peers.FOLDER, copied)
    monkeypatch.setattr(peers, "FOLDER", copied)
    caches = (peers.comparators, peers._sets)
    for cached in caches:
        cached.cache_clear()
    yield copied
    for cached in caches:
        cached.cache_clear()


def test_the_ministrys_lists_are_there_once_they_have_been_read(folder):
    for path in folder.glob("mhclg-*.csv"):
        path.unlink()
    held = official_lists.manifest(folder).sources
    kept = {name: record for name, record in held.items() if name != "mhclg-neighbours"}
    text = official_lists.ListsManifest(sources=kept).text()
    (folder / official_lists.MANIFEST).write_text(text)

    said = (
        "MHCLG's list is not in the workbook yet: `goldenthread refresh mhclg-neighbours` reads it."
    )
    assert not peers.available("mhclg")
    assert peers.why_not("mhclg", "Hull") == said
    for ask in (lambda: peers.sets("mhclg", PLACES), lambda: peers.lists("mhclg")):
        with pytest.raises(PeersError) as caught:
            ask()
        assert str(caught.value) == said
    assert peers.comparators()["mhclg"].release == "July 2026"

    hull, leeds = named("Hull", "Leeds")
    lists = pd.DataFrame(
        {"area": [hull], "place": [1], "neighbour": [leeds], "closeness": [""]},
    )
    document = DocumentRecord(
        id="neighbours",
        name="sn.ods",
        sha256="0" * 64,
        release="Autumn 2027",
        retrieved=date(2027, 9, 1),
    )
    source = catalogue.catalogue().lists["mhclg-neighbours"]
    record = official_lists.describe(source, lists, [document])
    official_lists.write(folder, record, lists)
    peers.comparators.cache_clear()
    assert peers.available("mhclg")
    assert peers.comparators()["mhclg"].release == "Autumn 2027"
    assert groups(peers.sets("mhclg", PLACES), PLACES) == {hull: [leeds]}
    assert (
        peers.why_not("mhclg", "Leeds") == "Leeds has no list among MHCLG's statistical neighbours."
    )
    assert len(peers.sets("dfe", PLACES).members) == 153


# --- Features -------------------------------------------------------------------------------------


def test_features_are_measures_of_the_place_and_not_of_the_councils_work():
    known = catalogue.catalogue()
    subjects = Counter()
    for feature in features.features().values():
        measure = known[feature.measure]
        assert measure.control != "controls"
        subjects[feature.subject] += feature.weight
    # Age is told in three parts, and still counts for no more than one and a half.
    assert subjects.pop("age") == 1.5
    assert set(subjects.values()) == {1}


def test_a_countys_deprivation_is_its_districts_weighted_by_their_people():
    shipped = snapshot()
    scores = shipped.measure("deprivation-score", areas="current").query("period_label == '2025'")
    people = shipped.measure("population", areas="current")
    people = people[people["period_end"] == people["period_end"].max()].set_index("area")["value"]
    scores = scores.set_index("area")["value"]
    for county in areas.councils(kind="county"):
        districts = [a.code for a in areas.councils() if a.county == county.code]
        expected = np.average(scores[districts], weights=people[districts])
        value, period, how = features.figures().loc[(county.code, "deprivation")]
        assert value == pytest.approx(expected)
        assert (period, how) == ("2025", "put together")


def test_sums_and_shares_put_together_are_those_published_where_both_are_there():
    """A county's own figures against its districts', by the way fire authorities are made."""
    people = features._latest("population")["value"]
    counties = [area.code for area in areas.councils(kind="county")]
    for name in ("population", "children", "older-people", "density"):
        measure = catalogue.catalogue()[features.features()[name].measure]
        made = features._put_together(measure, features._latest(measure.id), people)["value"]
        own = features.table()[name]
        np.testing.assert_allclose(made[counties], own[counties], rtol=5e-3)


def test_a_fire_authority_is_made_of_its_councils():
    cleveland = areas.find("Cleveland Fire").code
    parts = [a.code for a in areas.councils() if a.fire == cleveland]
    table = features.table()
    assert sorted(AREAS[code].name for code in parts) == [
        "Hartlepool",
        "Middlesbrough",
        "Redcar and Cleveland",
        "Stockton-on-Tees",
    ]
    assert table.loc[cleveland, "population"] == table.loc[parts, "population"].sum()
    pay = np.average(table.loc[parts, "pay"], weights=table.loc[parts, "population"])
    assert table.loc[cleveland, "pay"] == pytest.approx(pay)


def test_a_mean_may_do_without_a_very_small_part_and_a_sum_may_not():
    measure = catalogue.catalogue()["median-weekly-pay"]
    parts = features._parts()
    london = parts.loc[parts["whole"] == areas.find("London Fire Commissioner").code]
    latest = pd.DataFrame({"value": 700.0}, index=london["part"].iloc[1:])
    latest = latest.assign(
        numerator=np.nan, denominator=np.nan, period_end=pd.Timestamp(2025, 4, 30), period_label="x"
    )
    people = pd.Series(300_000.0, index=london["part"])
    people.iloc[0] = 10_000
    whole = london["whole"].iloc[0]
    assert features._put_together(measure, latest, people).loc[whole, "value"] == 700
    people.iloc[0] = 300_000
    assert np.isnan(features._put_together(measure, latest, people).loc[whole, "value"])
    total = measure.model_copy(update={"rebase": "sum"})
    people.iloc[0] = 10_000
    assert np.isnan(features._put_together(total, latest, people).loc[whole, "value"])


def test_what_is_missing_is_known_and_nothing_old_stands_in_for_it():
    lacking = {code: [f.id for f in features.missing(code)] for code in PLACES}
    lacking = {AREAS[code].name: which for code, which in lacking.items() if which}
    assert set(lacking) <= {"City of London", "Isles of Scilly"}
    how = features.figures()["how"]
    assert set(how) <= {"published", "put together", "missing"}
    assert (how.eq("missing") == features.figures()["value"].isna()).all()
    # So that everybody can be compared with everybody.
    assert features.table().notna().mean(axis=1).min() > similarity.AT_LEAST


# --- Likeness -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["district", "metropolitan district", "county"])
def test_likeness_is_scipys_distance_between_z_scores(kind):
    codes = [area.code for area in areas.councils(kind=kind)]
    scores = stats.zscore(features.scaled().loc[codes].to_numpy())
    weights = list(features.weights().values())
    apart = distance.cdist(scores, scores, "minkowski", p=2, w=weights)
    np.fill_diagonal(apart, np.inf)
    for at in range(0, len(codes), 7):
        table = peers.similar(codes[at]).table
        order = np.argsort(apart[at])[: peers.NEIGHBOURS]
        assert table.index.tolist() == [codes[near] for near in order]
        np.testing.assert_allclose(table["distance"], apart[at][order], atol=1e-9)


def test_every_list_can_be_read_and_says_why():
    whole = re.compile(
        r"As a whole most alike in [^;{}]+ and [^;{}]+; least alike in [^;{}]+\.( .+)?"
    )
    each = re.compile(
        r"Most alike in [^;{}]+ and [^;{}]+; least alike in [^;{}]+\.( Not compared .+)?"
    )
    for code in PLACES:
        found = peers.similar(code)
        assert whole.fullmatch(found.why), found.why
        assert all(each.fullmatch(why) for why in found.table["why"])
        assert "nan" not in found.why
        assert (found.name, found.code) == (AREAS[code].name, code)
        shares = found.table[list(features.features())].sum(axis=1)
        np.testing.assert_allclose(shares, 1)


def test_the_sentence_names_the_smallest_and_the_largest_parts():
    found = peers.similar("Leeds")
    row = found.table.iloc[4]
    parts = Counter()
    for feature in features.features().values():
        parts[feature.subject] += row[feature.id]
    # Age counts for one and a half, so that its part is weighed against that.
    parts["age"] /= 1.5
    ordered = sorted(parts, key=lambda subject: parts[subject])
    assert row["why"] == (
        f"Most alike in {ordered[0]} and {ordered[1]}; least alike in {ordered[-1]}."
    )


def test_equals_and_those_with_few_figures_still_have_a_sentence():
    assert likeness._sentence({"size": np.nan, "pay": np.nan}) == (
        "Alike in everything they are compared on."
    )
    assert likeness._sentence({"size": 0.5, "pay": 0.2, "age": 0.3}) == (
        "Most alike in pay and age; least alike in size."
    )


def test_what_weakens_a_list_is_said():
    assert (
        "Not compared in pay: no figure of the last 3 years" in peers.similar("City of London").why
    )
    assert "None is really like it" in peers.similar("Isles of Scilly").why
    assert "stands apart" in peers.similar("Oxford").why
    assert "only 20 others of its kind" in peers.similar("Kent").why
    assert peers.similar("Derby").why.count(".") == 1


def test_whoever_is_not_there_today_has_no_list():
    with pytest.raises(AreaError, match="North East is not a council or fire and rescue authority"):
        peers.similar("North East region")
    with pytest.raises(AreaError, match="no area is called 'Atlantis'"):
        peers.similar("Atlantis")


# --- A council's own list -------------------------------------------------------------------------

EXPECTED = ("Bristol", "Leeds", "Camden")


def read(tmp_path, file: str, content: bytes | str, council: str = "Hull") -> list[str]:
    path = tmp_path / file
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = own_list(path, council)
    assert found.council == areas.find(council).code
    return [areas.register()[code].name for code in found.neighbours]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("own.txt", "Bristol, City of\nLEEDS\n\n camden \n"),
        ("own.txt", "\ufeffCouncils\r\nBristol\r\nE08000035\r\nCamden London Borough Council"),
        ("own.csv", "Bristol\nLeeds\nCamden\n"),
        ("own.csv", "Council\nBristol\nLeeds\nCamden\n"),
        (
            "own.csv",
            '\ufeffregion,Authority name\nSouth West,"Bristol, City of"\n,Leeds\n,Camden\n',
        ),
        ("own.csv", "Area code,Area name,note\nE06000023,,x\nE08000035,Leeds,\nE09000007,,y\n"),
        ("own.csv", "E06000023,Bristol\nE08000035,Leeds\nE09000007,Camden\n"),
        ("own.csv", "1,Bristol,first\n2,Leeds,second\n3,Camden,third\n"),
        ("own.csv", "name\nBristol\nLeeds\n\n,\nCamden\n"),
        (
            "own.xlsx",
            specimen.workbook({"List": [[], ["Council"], ["Bristol"], ["Leeds"], ["Camden"]]}),
        ),
        ("own.xlsx", specimen.workbook({"L": [["Bristol", 1], ["Leeds", 2], ["Camden", 3]]})),
    ],
)
def test_a_list_is_read_whichever_way_it_is_written(tmp_path, file, content):
    assert tuple(read(tmp_path, file, content)) == EXPECTED


def test_a_list_in_windows_letters_is_read(tmp_path):
    content = "Note,Council\n£5,Leeds\n".encode("cp1252")
    assert read(tmp_path, "own.csv", content) == ["Leeds"]


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        (
            "own.txt",
            "Leeds\nBarnsly\n",
            ["own.txt, line 2: no council is called 'Barnsly'", "Barnsley"],
        ),
        ("own.csv", "Council\nLeeds\n\nHull\n", ["line 4: 'Hull' is the council whose list it is"]),
        (
            "own.csv",
            "Council\nLeeds\nE08000035\n",
            ["line 3: 'E08000035' stands in line 2 already"],
        ),
        (
            "own.csv",
            "Leeds\nMendip\n",
            ["line 2: Mendip (E07000187) is no longer a council; look at Somerset"],
        ),
        ("own.csv", "Leeds\nSouth West\n", ["line 2: South West is not a council but a region"]),
        (
            "own.csv",
            "a,b\nLeeds,Bristol\n",
            ["line 1: it does not say which column holds the councils"],
        ),
        ("own.csv", "council,neighbour\nHull,Leeds\n", ["line 1: it does not say which column"]),
        ("own.csv", "Leeds,Bristol\n", ["line 1: it does not say which column"]),
        ("own.csv", "Council\n", ["own.csv: there is no council in it"]),
        ("own.csv", " \n,\n", ["own.csv: there is no council in it"]),
        ("own.csv", "", ["own.csv", "the file is empty"]),
        ("own.docx", "Leeds", ["own.docx: not a kind of file that is read: expected .csv, "]),
        ("own.txt", "Leeds".encode("utf-16"), ["own.txt: its text is in UTF-16: save it as UTF-8"]),
        ("own.xlsx", b"PK\x03\x04cut", ["own.xlsx", "cut short"]),
        (
            "own.csv",
            specimen.workbook({"L": [["Leeds"]]}),
            ["own.csv", "came where text was expected"],
        ),
        ("own.xlsx", specimen.workbook({"A": [["Leeds"]], "B": []}), ["it has 2 sheets"]),
    ],
)
def test_a_list_with_a_fault_is_refused_and_the_fault_is_said(tmp_path, file, content, words):
    with pytest.raises(OwnListError) as caught:
        read(tmp_path, file, content)
    for word in words:
        assert word in str(caught.value)


def test_all_faults_are_said_at_once(tmp_path):
    with pytest.raises(OwnListError) as caught:
        read(tmp_path, "own.txt", "Leeds\nHull\nBarnsly\nLeeds\n")
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "own.txt, line 2",
        "own.txt, line 3",
        "own.txt, line 4",
    ]


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(OwnListError, match="No such file"):
        own_list(tmp_path / "own.csv", "Hull")


def test_an_own_list_is_a_group_for_that_council_alone():
    hull, leeds, bristol = named("Hull", "Leeds", "Bristol")
    own = OwnList(hull, (leeds, bristol))
    found = peers.sets(own, PLACES)
    assert groups(found, PLACES) == {hull: [leeds, bristol]}
    assert not found.with_self
    assert peers.group(own, "Hull") == [leeds, bristol]
    assert peers.group(own, "Leeds") == []
    with pytest.raises(PeersError, match=r"comes from a file: own_list"):
        peers.sets("own", PLACES)


# --- Once -----------------------------------------------------------------------------------------


def test_all_lists_of_all_councils_are_one_computation(monkeypatch):
    """However many are asked about, distances are worked out once."""
    calls = []
    real = likeness.similarity.all_neighbours
    monkeypatch.setattr(
        likeness.similarity, "all_neighbours", lambda *a, **k: calls.append(1) or real(*a, **k)
    )
    caches = (likeness._neighbours, likeness.pairs, peers._sets)
    for cached in caches:
        cached.cache_clear()
    peers.sets("similar", PLACES)
    peers.sets("similar", PLACES[:100])
    assert len(calls) == 1
