"""The official lists of neighbours: MHCLG's in several layouts, DfE's as it is, and both refreshed."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from goldenthread import areas, catalogue, official_lists
from goldenthread import refresh as refreshing
from goldenthread.snapshot import SnapshotError
from goldenthread.sources import dfe_neighbours, mhclg_neighbours
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError
from tests.sources import specimen
from tests.sources.server import Publisher
from tests.sources.test_client import client_for

MHCLG, DFE = "mhclg-neighbours", "dfe-neighbours"
#: Every council with the next fifteen of its tier: a model nobody would publish, but a whole one.
TIERS = {tier: [a for a in areas.councils() if a.tier == tier] for tier in areas.TIERS.values()}
MODEL = {
    area.code: [listed[(at + n) % len(listed)].code for n in range(1, 16)]
    for listed in TIERS.values()
    for at, area in enumerate(listed)
}
LONG = ["Authority code", "Authority name", "Neighbour code", "Neighbour name", "Rank"]


def name(code: str) -> str:
    return areas.register()[code].name


def long(change: Callable[[list[list]], object] = lambda rows: None) -> bytes:
    rows = [
        [code, name(code), near, name(near), place]
        for code, listed in MODEL.items()
        for place, near in enumerate(listed, start=1)
    ]
    change(rows)
    return specimen.workbook({"Cover": [["Statistical neighbours"]], "Data": [LONG, *rows]})


def text(rows: list[list]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def read(content: bytes, file: str = "statistical_neighbours.xlsx") -> pd.DataFrame:
    document = Document(MHCLG, "neighbours", file, content, date(2026, 7, 1)).check()
    used, lists = mhclg_neighbours.read_lists([document])
    assert used is document
    assert official_lists.check(lists) == []
    return lists


def model(lists: pd.DataFrame) -> dict[str, list[str]]:
    assert lists.groupby("area")["place"].apply(list).map(lambda p: p == [*range(1, 16)]).all()
    return lists.groupby("area")["neighbour"].apply(list).to_dict()


# --- MHCLG's in every layout it may have ----------------------------------------------------------


def test_a_long_table_is_read():
    lists = read(long())
    assert len(lists) == 317 * 15
    assert model(lists) == MODEL


def test_a_long_table_is_read_whatever_the_order_of_its_rows():
    assert model(read(long(list.reverse))) == MODEL


def test_a_long_table_by_name_and_distance_is_read_from_text_below_a_title():
    rows = [
        [name(code), "England", name(near), 0.25 * place]
        for code, listed in MODEL.items()
        for place, near in enumerate(listed, start=1)
    ]
    header = ["Local authority", "Region", "Statistical neighbour", "Distance"]
    content = text([["Table 1: statistical neighbours, July 2026"], [], header, *rows])
    assert model(read(content, "statistical-neighbours.csv")) == MODEL


def test_a_rank_that_is_explained_in_its_header_is_still_a_rank():
    for title in ("Similarity rank (1 = most similar)", "Rank (1 to 15)", "Order"):
        header = ["LAD code", "LAD name", "Nearest neighbour code", "Nearest neighbour", title]
        rows = [
            [code, "", near, "", place]
            for code, listed in MODEL.items()
            for place, near in enumerate(listed, start=1)
        ]
        assert model(read(text([header, *rows]), "statistical_neighbours.csv")) == MODEL


def test_a_wide_table_is_read_with_codes_before_names():
    header = ["ONS code", "Local authority", "Type of authority"]
    for place in range(1, 16):
        header += [f"Neighbour {place} name", f"Neighbour {place} code", f"Distance {place}"]
    rows = [
        [code, name(code), areas.register()[code].kind]
        + [cell for near in listed for cell in (name(near).upper(), near, 1.5)]
        for code, listed in MODEL.items()
    ]
    note = ["Source: the ministry's model"]
    content = specimen.workbook({"Notes": [["About"]], "Table": [[], header, *rows, [], note]})
    assert model(read(content)) == MODEL


def test_a_sheet_for_each_tier_is_read_with_numbers_alone_for_headers():
    sheets = {
        tier: [
            ["Authority", *range(1, 16)],
            *[[name(a.code), *map(name, MODEL[a.code])] for a in listed],
        ]
        for tier, listed in TIERS.items()
        if listed
    }
    assert model(read(specimen.workbook(sheets))) == MODEL


def test_a_former_code_of_a_council_that_was_only_re_coded_is_todays():
    def former(rows: list[list]) -> None:
        for row in rows:
            row[0] = "E08000016" if row[0] == "E08000038" else row[0]
            row[2] = "E08000016" if row[2] == "E08000038" else row[2]

    assert model(read(long(former))) == MODEL


# --- MHCLG's spoilt -------------------------------------------------------------------------------


def put(row: int, column: int, value: object) -> Callable[[list[list]], object]:
    return lambda rows: rows[row].__setitem__(column, value)


FIRST = name(next(iter(MODEL)))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (put(0, 2, "E06999999"), ("sheet Data, row 2", "not a council's code or name")),
        (put(1, 0, "Atlantis"), ("row 3", "not a council's code or name", "Atlantis")),
        # Somerset's former county and the district that went into Somerset West and Taunton.
        (put(1, 2, "E07000190"), ("row 3", "not a council of today", "E07000190")),
        (put(2, 4, "third"), ("row 4", "not a rank or a distance", "third")),
        (put(2, 4, 2), ("two neighbours in one place", FIRST)),
        (put(2, 2, next(iter(MODEL))), ("row 4", f"{FIRST} is its own neighbour")),
        (put(2, 2, MODEL[next(iter(MODEL))][0]), ("row 4", "twice", FIRST)),
        (put(0, 2, "E07000008"), ("row 2", "different tiers", "Cambridge")),
        (lambda rows: rows.pop(3), (f"{FIRST} has 14 neighbours instead of 15",)),
        (lambda rows: rows.__delitem__(slice(0, 15)), ("1 of today's councils", FIRST)),
    ],
)
def test_a_spoilt_model_is_refused_where_it_is_spoilt(spoil, words):
    with pytest.raises(SourceError) as caught:
        read(long(spoil))
    for word in ("statistical_neighbours.xlsx", *words):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "sheet",
    [
        [["Authority code", "Neighbour code"], ["E06000001", "E06000002"]],
        [["Authority", *range(1, 15)], ["Hartlepool", *["Stockton"] * 14]],
        [["Statistical neighbours of councils"], ["See the note"]],
    ],
)
def test_a_workbook_without_lists_is_refused(sheet):
    with pytest.raises(SourceError, match="no sheet has lists of neighbours"):
        read(specimen.workbook({"Sheet": sheet}))


def test_two_columns_that_could_be_the_neighbour_are_refused():
    header = ["Authority code", "Neighbour code", "Comparator code", "Rank"]
    content = specimen.workbook({"Sheet": [header, ["E06000001", "E06000002", "E06000003", 1]]})
    with pytest.raises(
        SourceError, match=r"row 1: several columns answer .*'one column of neighbour"
    ):
        read(content)


# --- DfE's ----------------------------------------------------------------------------------------


def header() -> list:
    return ["LA num", "LA Name", *[h for n in range(1, 11) for h in (f"SN{n}", "SNP")]]


def department(change: Callable[[list[list]], object] = lambda rows: None) -> bytes:
    numbers = (805, 806, 301, 808, 810, 811, 812, 813, 815, 816)
    near = [cell for number in numbers for cell in (number, "Very Close")]
    rows = [
        [],
        header(),
        [840, "Durham", *near],
        [],
        [None, "Old SNs:"],
        [835, "Dorset (Pre LG)", *near],
        [942, "Cumberland", *["-", "-"] * 10],
    ]
    change(rows)
    return specimen.workbook({"LA SN Groups": rows})


def read_department(content: bytes, file: str = "sn_may_2025.xlsx") -> pd.DataFrame:
    document = Document(DFE, "neighbours", file, content, date(2026, 1, 1)).check()
    return dfe_neighbours.read_lists([document])[1]


def test_the_departments_lists_are_read_with_its_words_and_former_councils():
    lists = read_department(department())
    assert lists["area"].unique().tolist() == ["E06000047", "E10000009"]
    assert lists.iloc[2].tolist() == ["E06000047", 3, "E09000002", "Very close"]
    assert official_lists.check(lists) == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (put(2, 1, "Hartlepool"), ("row 3", "not one council's", "County Durham", "Hartlepool")),
        (put(2, 0, 999), ("row 3", "column 'LA num'", "no council has", "999")),
        (put(2, 6, 999), ("row 3", "column 'SN3'", "no council has")),
        (put(2, 7, "Nearby"), ("row 3", "column 'SN3'", "closeness", "Nearby")),
        (put(2, 6, "-"), ("row 3", "the list has gaps", "Durham")),
        (put(1, 5, "Distance"), ("column 'SN2'", "no column of closeness follows")),
        (put(1, 2, "First"), ("no table here has the columns expected", "sn1")),
    ],
)
def test_the_departments_lists_spoilt_are_refused_where_they_are_spoilt(spoil, words):
    with pytest.raises(SourceError) as caught:
        read_department(department(spoil))
    for word in ("sn_may_2025.xlsx", *words):
        assert word in str(caught.value)


def test_of_two_editions_the_newer_is_read():
    new, old = department(), department(lambda rows: rows.__delitem__(slice(3, 7)))
    documents = [
        Document(DFE, "neighbours", file, content, date(2026, 1, 1))
        for file, content in (("sn_may_2025.xlsx", new), ("sn_november_2021.xlsx", old))
    ]
    for ordered in (documents, documents[::-1]):
        used, lists = dfe_neighbours.read_lists(ordered)
        assert used.name == "sn_may_2025.xlsx"
        assert len(lists) == 20


def test_a_file_that_does_not_say_its_edition_is_refused():
    with pytest.raises(SourceError, match="does not say its edition"):
        read_department(department(), "neighbours.xlsx")


@pytest.mark.publisher_files
def test_the_shipped_lists_are_the_departments_by_a_second_path(publisher_files):
    """Find each council's row by number in openpyxl, which the package's reader does not use."""
    path = publisher_files / "dfe" / "lait" / "sn_may_2025.xlsx"
    rows = openpyxl.load_workbook(path)["LA SN Groups"].iter_rows(values_only=True)
    theirs = {int(row[0]): row for row in rows if isinstance(row[0], (int, float)) and row[0] > 99}
    shipped = official_lists.read(DFE)
    number = {code: area.dfe for code, area in areas.register().items()}
    ours = shipped.assign(number=shipped["neighbour"].map(number)).groupby("area")
    assert len(ours) == len(theirs) == 158
    for area, listed in ours:
        row = theirs[number[area]]
        assert listed["number"].tolist() == [int(cell) for cell in row[5:25:2]]
        words = [cell.lower() for cell in row[6:25:2]]
        assert listed["closeness"].str.lower().tolist() == words
    current = {area.code for area in areas.councils(tier="upper")}
    assert current <= set(shipped["area"])


# --- Refreshed ------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path) -> Path:
    data = tmp_path / "data"
    (data / "sources").mkdir(parents=True)
    for source in (MHCLG, DFE):
        shutil.copy(catalogue.FOLDER / "sources" / f"{source}.yaml", data / "sources")
    (tmp_path / "files").mkdir()
    return data


def from_folder(data: Path, *names: str, **options) -> dict[str, refreshing.Outcome]:
    folder = data.parent / "files"
    return {o.source: o for o in refreshing.refresh(names, folder=folder, data=data, **options)}


def publish(data: Path, file: str, content: bytes) -> None:
    (data.parent / "files" / file).write_bytes(content)


def test_the_projects_lists_are_sources_of_their_own():
    known = catalogue.catalogue()
    assert list(known.lists) == [DFE, MHCLG]
    assert not {DFE, MHCLG} & set(known.sources)
    assert [s.name for s in refreshing.select([MHCLG], known)] == [MHCLG]
    assert {DFE, MHCLG} <= {s.name for s in refreshing.select([], known)}


def test_lists_come_from_a_folder_and_stay(project):
    publish(project, "sn_may_2025.xlsx", department())
    outcomes = from_folder(project)
    assert outcomes[MHCLG].result == "absent"
    assert (outcomes[DFE].result, outcomes[DFE].rows) == ("updated", 20)
    assert outcomes[DFE].latest == "May 2025"
    held = official_lists.manifest(project / "neighbours").sources[DFE]
    assert (held.publisher, held.licence, held.areas) == (
        "Department for Education",
        "OGL-UK-3.0",
        2,
    )
    assert len(official_lists.read(DFE, project / "neighbours")) == 20
    before = {p.name: p.stat().st_mtime_ns for p in (project / "neighbours").iterdir()}
    assert from_folder(project)[DFE].result == "unchanged"
    assert {p.name: p.stat().st_mtime_ns for p in (project / "neighbours").iterdir()} == before


def test_a_dry_run_writes_no_lists(project):
    publish(project, "sn_may_2025.xlsx", department())
    assert from_folder(project, dry_run=True)[DFE].result == "updated"
    assert not (project / "neighbours").exists()


def test_lists_that_shrink_or_are_spoilt_are_refused_and_the_last_good_stay(project):
    publish(project, "sn_may_2025.xlsx", department())
    from_folder(project)
    shipped = official_lists.read(DFE, project / "neighbours")
    publish(project, "sn_may_2025.xlsx", department(lambda rows: rows.pop(5)))
    outcome = from_folder(project, DFE)[DFE]
    assert outcome.result == "refused"
    assert outcome.reasons == ("its rows fall from 20 to 10, by more than 5%",)
    publish(project, "sn_may_2025.xlsx", department(put(2, 2, 840)))
    (reason,) = from_folder(project, DFE)[DFE].reasons
    assert reason == "areas that are their own neighbours: E06000047"
    publish(project, "sn_may_2025.xlsx", department(put(2, 0, 999)))
    assert "no council has" in from_folder(project, DFE)[DFE].reasons[0]
    pd.testing.assert_frame_equal(official_lists.read(DFE, project / "neighbours"), shipped)
    publish(project, "sn_may_2025.xlsx", department(lambda rows: rows.pop(5)))
    assert from_folder(project, DFE, afresh=True)[DFE].rows == 10


def test_a_list_without_a_live_route_is_refused_when_it_is_asked_for_live(project):
    with Publisher() as server, client_for(server) as client:
        (outcome,) = refreshing.refresh([DFE], data=project, client=client)
    assert outcome.result == "refused"
    assert outcome.reasons == ("none of its documents is to be asked for live",)


def test_the_models_lists_come_by_their_live_route(project):
    path = "/government/publications/local-outcomes-framework"
    content = long()
    with Publisher() as server:
        server.page(
            path,
            [
                server.attachment("Local Outcomes Framework: metrics", "metrics.xlsx", b"x"),
                server.attachment("Statistical neighbours, July 2026", "sn.xlsx", content),
                {
                    "attachment_type": "html",
                    "title": "Local government outcomes: statistical neighbours model",
                    "url": f"{path}/local-government-outcomes-statistical-neighbours-model",
                },
            ],
            updated="2026-07-01T09:30:00.000+00:00",
        )
        with client_for(server) as client:
            (outcome,) = refreshing.refresh([MHCLG], data=project, client=client)
    assert (outcome.result, outcome.rows, outcome.reasons) == ("updated", 4755, ())
    (document,) = official_lists.manifest(project / "neighbours").sources[MHCLG].documents
    assert document.release == "Statistical neighbours, July 2026"
    assert document.published == date(2026, 7, 1)
    assert document.url.startswith("https://assets.publishing.service.gov.uk/")
    assert model(official_lists.read(MHCLG, project / "neighbours")) == MODEL


def test_lists_that_are_not_there_or_not_whole_say_what_brings_them(project):
    folder = project / "neighbours"
    with pytest.raises(
        SnapshotError, match=f"not in the workbook yet: `goldenthread refresh {MHCLG}`"
    ):
        official_lists.read(MHCLG, folder)
    publish(project, "sn_may_2025.xlsx", department())
    from_folder(project)
    (folder / f"{DFE}.csv").write_text("area\n")
    with pytest.raises(SnapshotError, match=f"not the file .* `goldenthread refresh {DFE}`"):
        official_lists.read(DFE, folder)
    assert from_folder(project)[DFE].result == "updated"
    (folder / official_lists.MANIFEST).write_text("{")
    with pytest.raises(SnapshotError, match=r"manifest\.json is damaged"):
        official_lists.manifest(folder)
    assert from_folder(project)[DFE].result == "refused"


def test_what_no_lists_can_be_is_said():
    def lists(*rows: tuple) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=list(official_lists.COLUMNS))

    good = ("E06000001", 1, "E06000002", "")
    assert official_lists.check(lists(good)) == []
    assert official_lists.check(lists()) == ["no lists were found"]
    (said,) = official_lists.check(lists(good, ("E06000001", 2, "E06000002", "")))
    assert said == "areas that have one neighbour twice: E06000001"
    (said,) = official_lists.check(lists(good, ("E06000001", 3, "E06000003", "")))
    assert said == "areas whose places are not 1, 2, 3 and so on: E06000001"
    (said,) = official_lists.check(lists(("E06000001", 1, "E99999999", "")))
    assert said == "area codes that are not in the register: E99999999"
