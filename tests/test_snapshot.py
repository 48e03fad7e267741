"""The figures are whole or said not to be, the same bytes for the same figures, and quickly had."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread import observations, snapshot
from goldenthread.snapshot import Manifest, Snapshot, SnapshotError
from tests.made_up import COUNCILS, Project


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("kept"))
    project.refresh()
    return project


@pytest.fixture
def project(kept: Project, tmp_path: Path) -> Project:
    """A copy to spoil."""
    shutil.copytree(kept.data, tmp_path / "data")
    copy = object.__new__(Project)
    copy.data, copy.files = tmp_path / "data", kept.files
    return copy


def parquet(project: Project, source: str) -> Path:
    return next(project.snapshot.glob(f"{source}.*.parquet"))


# --- what is read ---------------------------------------------------------------------------------


def test_a_measure_is_read_as_it_was_published(kept):
    table = Snapshot(kept.snapshot).measure("library-visits")
    observations.validate(table)
    assert len(table) == 100
    assert set(table["area"]) == set(COUNCILS)
    first = table[(table["area"] == "E06000002") & (table["period_label"] == "2019")]
    assert first["value"].tolist() == [23700.0]


def test_measures_and_sources_are_listed(kept):
    held = Snapshot(kept.snapshot)
    assert held.measures == ["fibre-coverage", "library-members", "library-visits"]
    assert list(held.sources) == ["broadband", "libraries"]
    assert "library-visits" in held
    assert "library-visit" not in held
    assert len(held.source("libraries")) == 200


def test_the_manifest_says_where_a_measure_comes_from(kept):
    record = Snapshot(kept.snapshot).manifest("library-visits")
    content = (kept.files / "library-visits.csv").read_bytes()
    assert (record.publisher, record.page) == ("Nobody", "https://example.org/libraries")
    assert (record.rows, record.areas, record.missing) == (100, 20, {})
    assert (record.periods.first, record.periods.last, record.periods.count) == ("2018", "2022", 5)
    assert [d.name for d in record.documents] == ["library-visits.csv"]
    assert record.documents[0].sha256 == hashlib.sha256(content).hexdigest()
    assert record.retrieved == record.documents[0].retrieved
    assert record.published is None
    assert record.licence_name == "Open Government Licence v3.0"
    assert record.licence_url.startswith("https://www.nationalarchives.gov.uk/")
    assert "Open Government Licence" in record.attribution


def test_the_latest_period_of_a_measure(kept):
    latest = Snapshot(kept.snapshot).latest("fibre-coverage")
    assert latest["period_label"].unique().tolist() == ["2022"]
    assert latest["area"].tolist() == COUNCILS


def test_today_s_areas_are_a_choice(kept):
    held = Snapshot(kept.snapshot)
    published = held.measure("fibre-coverage")
    current = held.measure("fibre-coverage", areas="current")
    assert list(current) == list(published)
    # Bristol and Hartlepool are what they were.
    assert set(COUNCILS) <= set(current["area"])


def test_what_is_done_to_one_table_does_not_reach_the_next(kept):
    held = Snapshot(kept.snapshot)
    table = held.measure("fibre-coverage")
    table["value"] = 0.0
    assert (held.measure("fibre-coverage")["value"] > 0).all()


def test_one_measure_is_one_row_group(kept):
    file = pq.ParquetFile(parquet(kept, "libraries"))
    assert file.metadata.num_row_groups == 2
    groups = [file.read_row_group(n)["measure"].unique().to_pylist() for n in range(2)]
    assert groups == [["library-members"], ["library-visits"]]
    # Nothing empty takes room.
    assert not {"lower", "upper", "numerator", "denominator", "note"} & set(file.schema_arrow.names)


def test_the_hash_changes_with_the_figures(project):
    before = Snapshot(project.snapshot).hash
    assert Snapshot(project.snapshot).hash == before
    manifest = json.loads((project.snapshot / "manifest.json").read_text())
    manifest["sources"]["libraries"]["title"] = "Another title"
    (project.snapshot / "manifest.json").write_text(json.dumps(manifest))
    assert Snapshot(project.snapshot).hash != before


# --- what is not whole ----------------------------------------------------------------------------


def spoilt(problem: str, project: Project) -> None:
    path = parquet(project, "libraries")
    content = path.read_bytes()
    if problem == "missing":
        path.unlink()
    elif problem == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif problem == "empty":
        path.write_bytes(b"")
    elif problem == "flipped":
        path.write_bytes(content[:200] + bytes([content[200] ^ 1]) + content[201:])
    elif problem == "folder":
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize("problem", ["missing", "cut", "empty", "flipped", "folder"])
def test_a_file_that_is_not_whole_is_named_with_what_restores_it(project, problem):
    spoilt(problem, project)
    held = Snapshot(project.snapshot)
    with pytest.raises(SnapshotError) as caught:
        held.measure("library-visits")
    said = str(caught.value)
    assert "libraries." in said
    assert "`goldenthread refresh libraries` restores it" in said
    assert "\n" not in said
    # The others are as they were.
    assert len(held.measure("fibre-coverage")) == 100


def test_under_version_control_the_committed_figures_are_what_restores_it(project):
    (project.data.parent / ".git").mkdir()
    parquet(project, "libraries").unlink()
    with pytest.raises(SnapshotError, match=r"`git checkout -- .*snapshot` restores it"):
        Snapshot(project.snapshot).measure("library-visits")


def test_a_file_of_other_figures_under_the_right_name_is_refused(project):
    path = parquet(project, "libraries")
    path.write_bytes(parquet(project, "broadband").read_bytes())
    with pytest.raises(SnapshotError, match="is damaged"):
        Snapshot(project.snapshot).measure("library-visits")


def test_a_manifest_that_vouches_for_other_figures_is_refused(project):
    other = parquet(project, "broadband")
    manifest = json.loads((project.snapshot / "manifest.json").read_text())
    stolen = manifest["sources"]["broadband"]
    manifest["sources"]["libraries"] |= {"file": other.name, "sha256": stolen["sha256"]}
    (project.snapshot / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match="does not hold what the manifest says"):
        Snapshot(project.snapshot).measure("library-visits")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"schema_version": 2, "generated": "2026-01-01"}', "{}", "\ufffd\0"],
)
def test_a_manifest_that_is_not_one_is_refused(project, text):
    (project.snapshot / "manifest.json").write_text(text)
    with pytest.raises(SnapshotError, match=r"manifest\.json is damaged .*restores it") as caught:
        Snapshot(project.snapshot)
    assert "\n" not in str(caught.value)


def test_a_manifest_of_one_measure_in_two_sources_is_refused(project):
    manifest = json.loads((project.snapshot / "manifest.json").read_text())
    manifest["sources"]["broadband"]["measures"] = manifest["sources"]["libraries"]["measures"]
    (project.snapshot / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match="library-members is in both"):
        Snapshot(project.snapshot)


def test_no_snapshot_at_all(tmp_path):
    with pytest.raises(SnapshotError, match=r"manifest\.json is missing: `goldenthread refresh`"):
        Snapshot(tmp_path)


def test_a_measure_that_is_not_there(project):
    held = Snapshot(project.snapshot)
    with pytest.raises(SnapshotError, match="the nearest are library-visits"):
        held.measure("library-visit")
    with pytest.raises(SnapshotError, match="the nearest are libraries"):
        held.source("library")


def test_a_measure_that_is_in_the_catalogue_but_not_read_yet(project):
    path = project.data / "catalogue" / "made-up.yaml"
    path.write_text(
        path.read_text()
        + path.read_text()
        .replace("library-visits", "library-loans")
        .split("- id: library-members")[0]
        .replace("document: library-loans", "document: library-visits")
    )
    held = Snapshot(project.snapshot)
    with pytest.raises(SnapshotError, match="`goldenthread refresh libraries` reads them"):
        held.measure("library-loans")
    with pytest.raises(SnapshotError, match=r"Nobody publishes them at https://"):
        held.manifest("library-loans")
    assert held.awaits("library-loans")
    assert held.awaited == ["library-loans"]
    assert "library-loans" not in held.measures
    # What is held is not awaited, and nobody waits for what nobody knows.
    assert not held.awaits("library-visits")
    assert not held.awaits("library-loan")
    assert "library-loans" not in set(held.everything()["measure"])


# --- what is written ------------------------------------------------------------------------------

numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 0.1 + 0.2, 1e-308, 31.5]),
)
cells = st.tuples(
    st.sampled_from(COUNCILS),
    st.sampled_from(["a-b", "a", "z9"]),
    st.integers(1900, 2100),
    numbers,
    st.sampled_from(observations.PRESENT),
    st.sampled_from(["", "a note — with £ and 'quotes'"]),
)


def made(rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["area", "measure", "year", "value", "status", "note"])
    table = table.drop_duplicates(["area", "measure", "year"])
    starts = pd.to_datetime(table.pop("year").astype(str) + "-01-01")
    ends = starts + pd.DateOffset(years=1) - pd.DateOffset(days=1)
    more = {"period_start": starts, "period_end": ends, "period_label": starts.dt.strftime("%Y")}
    return observations.frame(dict(table) | more)


@settings(max_examples=40, deadline=None)
@given(st.lists(cells, min_size=1, max_size=30), st.randoms())
def test_figures_come_back_as_they_went_in_whatever_their_order(tmp_path_factory, rows, random):
    table = made(rows)
    shuffled = table.sample(frac=1, random_state=random.randrange(1000))
    content = snapshot.encode(table)
    assert snapshot.encode(shuffled) == content
    folder = tmp_path_factory.mktemp("snapshot")
    names = {measure: (f"Made-up {measure}", "d") for measure in table["measure"]}
    document = snapshot.DocumentRecord(
        id="d", name="d.csv", sha256="0" * 64, retrieved="2026-01-01"
    )
    record = {
        "title": "t", "publisher": "p", "licence": "OGL-UK-3.0", "attribution": "a", "page": "https://example.org",
        "documents": (document,), "measures": snapshot.summarise(table, names),
    }  # fmt: skip
    snapshot.write(folder, Manifest(generated="2026-01-01"), "made-up", record, table)
    back = Snapshot(folder).source("made-up")
    order = ["measure", "area", "period_start", "period_end"]
    pd.testing.assert_frame_equal(
        back, table.sort_values(order, ignore_index=True), check_exact=True
    )
    for measure, part in back.groupby("measure"):
        alone = Snapshot(folder).measure(measure)
        pd.testing.assert_frame_equal(alone, part.reset_index(drop=True), check_exact=True)


def test_every_kind_of_missing_is_kept(tmp_path):
    kinds = observations.MISSING
    table = observations.frame(
        {
            "area": COUNCILS[: len(kinds)],
            "measure": "m",
            "period_start": pd.Timestamp(2020, 1, 1),
            "period_end": pd.Timestamp(2020, 12, 31),
            "period_label": "2020",
            "value": np.nan,
            "status": list(kinds),
        }
    )
    back = snapshot._decode(pq.read_table(io.BytesIO(snapshot.encode(table))))
    assert back["status"].tolist() == list(kinds)
    assert back["value"].isna().all()
    record = snapshot.summarise(table, {"m": ("Made up", "d")})["m"]
    assert record.missing == dict.fromkeys(sorted(kinds), 1)


def test_the_page_of_attributions_names_licence_publisher_and_release(kept):
    page = (kept.snapshot / "ATTRIBUTION.md").read_text()
    assert "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/" in page
    assert "Crown copyright" in page
    for wanted in (
        "Publisher: Nobody",
        "<https://example.org/libraries>",
        "| Made-up library-visits | library-visits.csv |",
    ):
        assert wanted in page


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "file"
    snapshot.replace(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        snapshot.replace(path, b"new")
    assert path.read_bytes() == b"old"
