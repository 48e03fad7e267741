"""New figures are taken whole or refused with a reason, and a refresh may be killed at any moment."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread import catalogue, observations, snapshot
from goldenthread import refresh as refreshing
from goldenthread.catalogue import DocumentEntry, Measure, SourceEntry
from goldenthread.changes import Change
from goldenthread.refresh import BusyError, UnknownNameError, check, compare
from goldenthread.snapshot import Snapshot, SnapshotError
from goldenthread.sources import reading
from goldenthread.sources.client import Client
from tests.made_up import COUNCILS, MEASURES, Project, figures
from tests.sources.server import Publisher, Reply


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("first"))
    project.refresh()
    return project


@pytest.fixture
def project(first: Project, tmp_path: Path) -> Project:
    """A project with a good snapshot, to be put to the test."""
    for folder in ("data", "files"):
        shutil.copytree(first.data.parent / folder, tmp_path / folder)
    copy = object.__new__(Project)
    copy.data, copy.files = tmp_path / "data", tmp_path / "files"
    return copy


def state(project: Project) -> dict[str, str]:
    """Everything in the snapshot, byte for byte."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.snapshot.iterdir())
    }


# --- What comes of good files ---------------------------------------------------------------------


def test_the_first_refresh_takes_everything(tmp_path):
    project = Project(tmp_path)
    outcomes = project.refresh()
    assert {name: o.result for name, o in outcomes.items()} == {
        "broadband": "updated",
        "libraries": "updated",
    }
    assert (outcomes["libraries"].measures, outcomes["libraries"].rows) == (2, 200)
    assert outcomes["libraries"].latest == "2022"
    assert Snapshot(project.snapshot).measures == sorted(MEASURES)


def test_nothing_is_carried_over_without_a_licence(tmp_path):
    project = Project(tmp_path)
    project.describe("libraries", "licence: none\n")
    outcome = project.refresh()["libraries"]
    assert (outcome.result, outcome.rows) == ("absent", 0)
    assert outcome.reasons == ("no licence lets its figures be carried over",)
    assert project.refresh("libraries")["libraries"].result == "refused"
    held = Snapshot(project.snapshot)
    assert held.awaits("library-visits")
    assert "libraries" not in held.sources


def test_the_same_files_again_change_nothing(project):
    before = state(project)
    times = {path: path.stat().st_mtime_ns for path in project.snapshot.iterdir()}
    outcomes = project.refresh()
    assert {o.result for o in outcomes.values()} == {"unchanged"}
    assert state(project) == before
    assert {path: path.stat().st_mtime_ns for path in project.snapshot.iterdir()} == times


def test_the_same_figures_from_nothing_are_the_same_bytes(project, tmp_path):
    again = Project(tmp_path / "again")
    again.refresh()
    assert state(again) == state(project)


def test_a_new_year_is_taken_and_the_old_file_goes(project):
    for measure in ("library-visits", "library-members"):
        project.publish(measure, figures(measure, range(2018, 2024)))
    before = state(project)
    outcomes = project.refresh()
    assert outcomes["libraries"].result == "updated"
    assert outcomes["libraries"].latest == "2023"
    assert outcomes["broadband"].result == "unchanged"
    assert len(Snapshot(project.snapshot).measure("library-visits")) == 120
    gone = set(before) - set(state(project))
    assert len(gone) == 1
    assert gone.pop().startswith("libraries.")


def test_the_same_figures_in_another_file_are_noted_and_not_rewritten(project):
    path = project.files / "library-visits.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    outcome = project.refresh()["libraries"]
    assert outcome.result == "updated"
    assert outcome.reasons == ("the figures are the same",)
    held = Snapshot(project.snapshot).manifest("library-visits").documents
    assert held[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_measure_stands_for_its_whole_source(project):
    for measure in MEASURES:
        project.publish(measure, figures(measure, range(2018, 2024)))
    outcomes = project.refresh("library-visits")
    assert list(outcomes) == ["libraries"]
    held = Snapshot(project.snapshot)
    assert held.manifest("library-members").periods.last == "2023"
    assert held.manifest("fibre-coverage").periods.last == "2022"


def test_a_dry_run_writes_nothing(project):
    project.publish("library-visits", figures("library-visits", range(2018, 2024)))
    before = state(project)
    assert project.refresh(dry_run=True)["libraries"].result == "updated"
    assert state(project) == before


def test_a_dry_run_of_a_first_refresh_makes_no_folder(tmp_path):
    project = Project(tmp_path)
    assert project.refresh(dry_run=True)["libraries"].rows == 200
    assert not project.snapshot.exists()


def test_a_source_that_left_the_catalogue_leaves_the_snapshot(project):
    (project.data / "sources" / "broadband.yaml").unlink()
    path = project.data / "catalogue" / "made-up.yaml"
    path.write_text(path.read_text().split("- id: fibre-coverage")[0])
    outcomes = project.refresh()
    assert outcomes["broadband"].result == "removed"
    assert Snapshot(project.snapshot).measures == ["library-members", "library-visits"]
    assert not any(name.startswith("broadband") for name in state(project))


def test_a_folder_without_a_source_leaves_it_alone_unless_it_was_named(project):
    (project.files / "fibre-coverage.csv").unlink()
    before = state(project)
    assert project.refresh()["broadband"].result == "absent"
    named = project.refresh("broadband")["broadband"]
    assert named.result == "refused"
    assert named.reasons == ("none of its documents is in the folder",)
    assert state(project) == before


def test_wrong_names_are_met_with_the_three_nearest():
    with pytest.raises(UnknownNameError) as caught:
        refreshing.select(["defra-wast", "household-recycling"], catalogue.catalogue())
    first, second = str(caught.value).splitlines()
    assert "'defra-wast'; the nearest are defra-waste, " in first
    assert "'household-recycling'; the nearest are household-recycling-rate, " in second
    assert first.count(",") == 2


# --- Releases that only add a period --------------------------------------------------------------


@pytest.fixture
def adding(tmp_path: Path) -> Project:
    project = Project(tmp_path, more="history: accumulates\n")
    project.refresh()
    return project


def test_earlier_periods_stay_when_a_release_only_adds_one(adding):
    old = Snapshot(adding.snapshot).manifest("library-visits").documents
    for measure in ("library-visits", "library-members"):
        adding.publish(measure, figures(measure, range(2022, 2024)))
    assert adding.refresh()["libraries"].result == "updated"
    held = Snapshot(adding.snapshot)
    assert held.manifest("library-visits").periods.count == 6
    assert len(held.measure("library-visits")) == 120
    # The documents of the figures that stay are still named.
    assert set(old) < set(held.manifest("library-visits").documents)
    before = state(adding)
    assert adding.refresh()["libraries"].result == "unchanged"
    assert state(adding) == before


def test_a_period_that_is_published_again_replaces_the_whole_earlier_one(adding):
    table = figures("library-visits", range(2022, 2023))
    table["observation"] = (table["observation"].astype(float) + 1).astype(str)
    adding.publish("library-visits", table.iloc[1:])
    assert adding.refresh(accept_revisions=True)["libraries"].result == "updated"
    rows = Snapshot(adding.snapshot).latest("library-visits")
    assert len(rows) == 19
    assert rows["value"].iloc[0] == float(table["observation"].iloc[1])


def test_earlier_periods_are_not_lost_with_a_damaged_file(adding):
    next(adding.snapshot.glob("libraries.*")).write_bytes(b"damage")
    before = state(adding)
    adding.publish("library-visits", figures("library-visits", range(2022, 2024)))
    outcome = adding.refresh()["libraries"]
    assert outcome.result == "refused"
    assert "is damaged" in outcome.reasons[0]
    assert state(adding) == before


def test_a_damaged_file_is_mended_where_releases_are_whole(project):
    good = state(project)
    next(project.snapshot.glob("libraries.*")).write_bytes(b"damage")
    outcome = project.refresh()["libraries"]
    assert outcome.result == "updated"
    assert "not compared with the last good figures" in outcome.reasons[0]
    assert state(project) == good


def test_a_damaged_manifest_stops_the_refresh_before_it_begins(project):
    (project.snapshot / "manifest.json").write_text("{")
    before = state(project)
    with pytest.raises(SnapshotError, match=r"manifest\.json is damaged"):
        project.refresh()
    assert state(project) == before


# --- What comes of bad files ----------------------------------------------------------------------


def rewritten(table: pd.DataFrame, column: str, old: str, new: str) -> pd.DataFrame:
    return table.assign(**{column: table[column].str.replace(old, new, regex=False)})


def with_value(table: pd.DataFrame, row: int, value: str) -> pd.DataFrame:
    table.loc[row, "observation"] = value
    return table


BAD_TABLES = {
    "renamed column": (lambda t: t.rename(columns={"observation": "obs_value"}), "observation"),
    "missing column": (lambda t: t.drop(columns="areacd"), "areacd"),
    "unknown year style": (lambda t: rewritten(t, "period", "2019-01-01/P1Y", "MMXIX"), "MMXIX"),
    "unknown mark": (lambda t: with_value(t, 4, "???"), "???"),
    "another unit": (lambda t: t.assign(unit="thousands"), "thousands"),
    "another indicator": (lambda t: t.assign(indicator="museum-visits"), "museum-visits"),
    "unknown area": (lambda t: t.assign(areacd=t["areacd"].replace("E06000007", "E06999999")), "E06999999"),
    "duplicate": (lambda t: pd.concat([t, t.iloc[[7]]]), "repeat an area"),
    "negative count": (lambda t: with_value(t, 3, "-5"), "outside the possible range (0 to any): E06000001 2021: -5"),
    "no rows": (lambda t: t.iloc[:0], "no rows"),
    "all missing": (lambda t: t.assign(observation="", status="x"), "every value of library-visits is missing"),
    "a year fewer": (lambda t: t[t["period"].str[:4] != "2018"], "a period disappears: 2018"),
    "two councils fewer": (lambda t: t[~t["areacd"].isin(COUNCILS[:2])], "its areas fall from 20 to 18"),
    "half a year missing": (
        lambda t: t.assign(observation=t["observation"].where(t.index % 10 != 4, "")),
        "its figures fall from 100 to 90",
    ),
    "thousands": (
        lambda t: t.assign(observation=(t["observation"].astype(float) / 1000).astype(str)),
        "its unit jumps: values are mostly 0.001 times what they were, as in E06000001 2018: 21,700 became 21.7",
    ),
    "revised without a word": (
        lambda t: t.assign(observation=(t["observation"].astype(float) * 1.1).round().astype(str)),
        "100% of the figures already published changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_TABLES)
def test_a_bad_table_is_refused_and_the_rest_of_its_source_with_it(project, fault):
    spoil, said = BAD_TABLES[fault]
    for measure in ("library-members", "fibre-coverage"):
        project.publish(measure, figures(measure, range(2018, 2024)))
    project.publish("library-visits", spoil(figures("library-visits")))
    before = state(project)
    outcomes = project.refresh()
    assert outcomes["libraries"].result == "refused"
    assert said in "\n".join(outcomes["libraries"].reasons)
    assert (outcomes["libraries"].rows, outcomes["libraries"].latest) == (200, "2022")
    # The other source went on; of this one not a byte is another.
    assert outcomes["broadband"].result == "updated"
    held = Snapshot(project.snapshot)
    assert held.manifest("fibre-coverage").periods.last == "2023"
    assert held.manifest("library-members").periods.last == "2022"
    kept = {name: digest for name, digest in before.items() if name.startswith("libraries")}
    assert kept.items() <= state(project).items()


BAD_CONTENT = {
    "web page": (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "a web page"),
    "empty": (b"", "the file is empty"),
    "pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "a pointer to a file",
    ),
    "zip": (b"PK\x03\x04" + b"\0" * 100, "a zip archive or a workbook came"),
}


@pytest.mark.parametrize("fault", BAD_CONTENT)
def test_content_that_is_no_table_is_named_as_what_it_is(project, fault):
    content, said = BAD_CONTENT[fault]
    (project.files / "library-visits.csv").write_bytes(content)
    before = state(project)
    outcomes = project.refresh()
    assert outcomes["libraries"].result == "refused"
    assert said in outcomes["libraries"].reasons[0]
    assert "library-visits.csv" in outcomes["libraries"].reasons[0]
    assert outcomes["broadband"].result == "unchanged"
    assert state(project) == before


def test_a_missing_document_refuses_the_whole_source(project):
    (project.files / "library-visits.csv").unlink()
    before = state(project)
    outcome = project.refresh()["libraries"]
    assert outcome.result == "refused"
    assert "no file for document 'library-visits'" in outcome.reasons[0]
    assert state(project) == before


def test_a_fault_that_nobody_foresaw_is_one_source_s_own(project, monkeypatch):
    sound = reading.reader

    def unsound(source: SourceEntry) -> object:
        if source.name == "broadband":
            raise KeyError("a column nobody thought of")
        return sound(source)

    monkeypatch.setattr(reading, "reader", unsound)
    outcomes = project.refresh()
    assert outcomes["libraries"].result == "unchanged"
    assert outcomes["broadband"].result == "refused"
    assert "an unforeseen fault in the reading: KeyError" in outcomes["broadband"].reasons[0]
    assert "test_refresh.py, line" in outcomes["broadband"].reasons[0]


def test_a_full_disk_leaves_the_figures_as_they_were(project, monkeypatch):
    project.publish("library-visits", figures("library-visits", range(2018, 2024)))
    project.publish("library-members", figures("library-members", range(2018, 2024)))
    before = state(project)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(snapshot, "replace", full)
    outcome = project.refresh()["libraries"]
    assert outcome.result == "refused"
    assert "No space left on device" in outcome.reasons[0]
    assert state(project) == before


# --- What the publishers' servers do --------------------------------------------------------------


def address(measure: str) -> str:
    return f"https://example.org/{measure}.csv"


@pytest.mark.parametrize("fault", ["503", "429", "sign-in page", "nothing there"])
def test_a_server_that_fails_is_one_source_s_own_trouble(project, fault):
    reply = {
        "503": Reply(status=503),
        "429": Reply(status=429),
        "sign-in page": Reply(b"<html>Sign in</html>", kind="text/html"),
        "nothing there": Reply(status=404),
    }[fault]
    table = figures("fibre-coverage", range(2018, 2024))
    with Publisher() as server:
        server.at(
            address("fibre-coverage"), Reply(table.to_csv(index=False).encode(), kind="text/csv")
        )
        for measure in ("library-visits", "library-members"):
            server.at(address(measure), reply)
        quick = {"cache": False, "wait": 0.01, "longest_wait": 0.02, "interval": 0, "total": 5}
        with Client(hosts=server.hosts, **quick) as client:
            outcomes = {o.source: o for o in refreshing.refresh(data=project.data, client=client)}
    assert outcomes["libraries"].result == "refused"
    assert outcomes["broadband"].result == "updated"
    held = Snapshot(project.snapshot)
    assert held.manifest("library-visits").periods.last == "2022"
    (document,) = held.manifest("fibre-coverage").documents
    assert document.url == address("fibre-coverage")


def test_a_measure_without_a_live_route_keeps_its_figures(project):
    project.describe(
        "libraries",
        documents="".join(
            f"  - {{id: {m}, files: ['{m}*.csv'], route: {route}}}\n"
            for m, route in (
                ("library-visits", f"direct, url: '{address('library-visits')}'"),
                ("library-members", "null"),
            )
        ),
    )
    table = figures("library-visits", range(2018, 2024))
    with Publisher() as server:
        server.at(
            address("library-visits"), Reply(table.to_csv(index=False).encode(), kind="text/csv")
        )
        with Client(hosts=server.hosts, cache=False, interval=0) as client:
            (outcome,) = refreshing.refresh(["libraries"], data=project.data, client=client)
    assert outcome.result == "updated"
    held = Snapshot(project.snapshot)
    assert held.manifest("library-visits").periods.last == "2023"
    assert len(held.measure("library-members")) == 100
    assert [d.name for d in held.manifest("library-members").documents] == ["library-members.csv"]


# --- What figures must be in themselves -----------------------------------------------------------


def measure(**fields: object) -> Measure:
    entry = {
        "id": "m", "theme": "t", "name": "Made up", "short": "Made up",
        "definition": "It exists for tests only.", "unit": "ratio", "polarity": None, "tier": "both",
        "control": "context", "frequency": "annual", "caveats": ["It is made up."],
        "origin": {"source": "s", "document": "d"},
    }  # fmt: skip
    return Measure.model_validate(entry | fields)


def table(
    value: object = 5.0, *, years: range = range(2018, 2023), **columns: object
) -> pd.DataFrame:
    rows = pd.MultiIndex.from_product([COUNCILS, years], names=["area", "year"]).to_frame(
        index=False
    )
    year = rows["year"].astype(str)
    values = np.broadcast_to(np.asarray(value, dtype=float), len(rows))
    return observations.frame(
        {
            "area": rows["area"],
            "measure": "m",
            "period_start": pd.to_datetime(year + "-01-01"),
            "period_end": pd.to_datetime(year + "-12-31"),
            "period_label": year,
            "value": values,
            "status": np.where(np.isnan(values), "not available", "published"),
        }
        | columns
    )


def test_good_figures_have_no_problems():
    assert check(table(), [measure(maximum=5)]) == []
    assert check(table(0.0), [measure()]) == []


def test_five_examples_are_enough():
    (problem,) = check(table(101.0), [measure(unit="per cent", per=100, maximum=100)])
    assert problem.startswith(
        "m: 100 values lie outside the possible range (0 to 100): E06000001 2018: 101; "
    )
    assert problem.count("E060000") == 5


def test_a_share_may_be_a_hair_above_the_whole():
    assert check(table(0.29 * 100 / 0.29 + 1e-13), [measure(maximum=100)]) == []
    assert check(table(100.001), [measure(maximum=100)])


def test_a_measure_may_fall_below_zero_where_the_catalogue_says_so():
    assert check(table(-5.0), [measure(minimum=None)]) == []
    assert check(table(-5.0), [measure(minimum=-4)])


def test_an_area_outside_the_register_is_refused_whatever_the_reader_says():
    strange = table().replace({"area": {"E06000003": "E06999999"}})
    assert check(strange, [measure()]) == ["area codes that are not in the register: E06999999"]


def test_a_measure_without_a_row_or_with_too_many():
    both = [measure(), measure(id="n")]
    assert check(table(), both) == ["no figures of n were found"]
    assert check(table(), [measure(id="n")]) == [
        "no figures of n were found",
        "m was not asked for",
    ]


def test_periods_that_cannot_be():
    far = table().assign(period_end=pd.Timestamp(2104, 12, 31), period_label="2025 to 2104")
    far["period_end"] = far["period_end"].astype("datetime64[s]")
    assert check(far, [measure()]) == [
        "m: periods that cannot be: " + ", ".join(["2025 to 2104"] * 5)
    ]


def test_a_ratio_whose_parts_do_not_make_it_is_refused():
    ratio = measure(unit="per cent", per=100, rebase="ratio", numerator="n", denominator="d")
    assert check(table(25.0, numerator=1.0, denominator=4.0), [ratio]) == []
    assert check(table(25.0, numerator=1.04, denominator=4.0), [ratio]) == []
    (problem,) = check(table(25.0, numerator=1.0, denominator=4000.0), [ratio])
    assert "is mostly 0.001 times its value" in problem


def test_a_negative_denominator_is_refused():
    (problem,) = check(table(5.0, numerator=1.0, denominator=-4.0), [measure()])
    assert problem.startswith("m: a negative denominator in 100: E06000001 2018: -4; ")


# --- What figures must be beside the last good ones -----------------------------------------------

ENTRY = SourceEntry(
    name="s", title="t", publisher="p", page="https://example.org", reader="r",
    documents=(DocumentEntry(id="d", files=("*",), route=None),),
)  # fmt: skip
LEVELS = np.repeat(np.arange(20) * 1.7 + 20, 5) + np.tile(np.arange(5) * 0.3, 20)


def test_nothing_to_compare_with_is_no_problem():
    assert compare(table(LEVELS), None, ENTRY) == []
    assert compare(table(LEVELS), observations.empty(), ENTRY) == []


@given(st.integers(-6, 6).filter(bool), st.sampled_from(observations.NUMBERS))
@settings(deadline=None, max_examples=12)
def test_a_unit_that_jumps_by_any_power_of_ten_is_refused(power, column):
    parts = dict.fromkeys(["lower", "upper", "numerator", "denominator"], 7.0)
    old = table(LEVELS, **parts)
    new = old.assign(**{column: old[column] * 10.0**power})
    problems = compare(new, old, ENTRY, announced=True)
    assert len(problems) == 1
    assert (
        f"its unit jumps: {column}s are mostly {10.0**power:,.4g} times what they were"
        in problems[0]
    )


def test_a_unit_that_jumps_in_one_year_only_is_refused():
    old = table(LEVELS)
    new = old.assign(value=old["value"].where(old["period_label"] != "2022", old["value"] / 100))
    (problem,) = compare(new, old, ENTRY)
    assert "mostly 0.01 times what they were, as in E06000001 2022: 21.2 became 0.212" in problem


def test_a_unit_that_jumps_in_a_year_never_seen_before_is_refused():
    old = table(LEVELS, years=range(2018, 2023))
    new = observations.combine([old, table(0.2, years=range(2023, 2024))])
    (problem,) = compare(new, old, ENTRY)
    assert problem.startswith("m: its unit jumps: values for 2023 are mostly ")
    assert (
        compare(observations.combine([old, table(2.0, years=range(2023, 2024))]), old, ENTRY) == []
    )


def test_zeros_and_gaps_say_nothing_about_units():
    old = table(np.where(np.arange(100) % 3, 0.0, np.nan))
    assert compare(old, old, ENTRY) == []


@given(st.floats(1.06, 9), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=12)
def test_growth_that_is_no_unit_is_left_to_the_check_of_revisions(factor, seed):
    noise = np.random.default_rng(seed).normal(1, 0.01, 100)
    old, new = table(LEVELS), table(LEVELS * factor * noise)
    assert compare(new, old, ENTRY, announced=True) == []
    (problem,) = compare(new, old, ENTRY)
    assert "no revision was announced" in problem


@given(st.integers(0, 100))
@settings(deadline=None, max_examples=12)
def test_as_many_changes_are_allowed_as_the_source_says(changed):
    old = table(LEVELS)
    new = old.assign(value=old["value"] + np.where(np.arange(100) < changed, 0.5, 0))
    refused = bool(compare(new, old, ENTRY))
    assert refused == (changed > 20)
    assert compare(new, old, ENTRY, announced=True) == []


def test_a_revision_is_announced_by_marked_figures_of_its_period():
    old, new = table(LEVELS), table(LEVELS * 1.1)
    marked = (new["period_label"] >= "2020") & (new["area"] == COUNCILS[0])
    partly = new.assign(status=new["status"].where(~marked, "revised"))
    # Two of five years are not marked: 40 per cent.
    (problem,) = compare(partly, old, ENTRY)
    assert problem.startswith("m: 40% of the figures already published changed")
    wholly = new.assign(status="revised")
    assert compare(wholly, old, ENTRY) == []


def test_a_provisional_figure_announced_that_it_would_change():
    old = table(LEVELS).assign(status="provisional")
    assert compare(table(LEVELS * 1.1), old, ENTRY) == []


def test_a_figure_that_goes_missing_is_a_change():
    old = table(LEVELS)
    new = table(np.where(np.arange(100) < 4, np.nan, LEVELS))
    tight = ENTRY.model_copy(update={"revision": 0.03})
    assert compare(new, old, ENTRY) == []
    (problem,) = compare(new, old, tight)
    assert "E06000001 2018: 20 became nan" in problem


@given(st.integers(0, 20))
@settings(deadline=None, max_examples=10)
def test_as_many_areas_may_go_as_the_source_says(gone):
    old = table(LEVELS)
    new = old[~old["area"].isin(COUNCILS[:gone])]
    problems = compare(new, old, ENTRY)
    assert bool(problems) == (gone > 1)
    if gone > 1:
        assert f"its areas fall from 20 to {20 - gone}" in "".join(problems)


def test_a_thin_last_year_is_seen_among_many_full_ones():
    old = table(5.0, years=range(1980, 2023))
    thin = (old["period_label"] == "2022") & old["area"].isin(COUNCILS[:10])
    assert compare(old[~thin], old, ENTRY) == [
        "m: its figures for 2022 fall from 20 to 10, by more than 5%"
    ]


def test_a_measure_that_is_gone_is_said_once():
    (rows, areas, *_) = compare(observations.empty(), table(LEVELS), ENTRY)
    assert "its rows fall from 100 to 0" in rows
    assert "its areas fall from 20 to 0" in areas


def announced(project: Project, release: str) -> str:
    project.describe(
        "broadband",
        documents="  - {id: fibre-coverage, files: ['fibre-coverage*.csv'], route: null, releases: "
        f"[{{file: fibre-coverage.csv, release: {release}}}]}}\n",
    )
    new = figures("fibre-coverage")
    new["observation"] = (new["observation"].astype(float) + 1).astype(str)
    project.publish("fibre-coverage", new)
    return project.refresh()["broadband"].result


def test_a_release_that_says_so_announces_a_revision(project):
    assert announced(project, "Coverage in 2022 (revised May 2023)") == "updated"


def test_a_release_that_says_nothing_announces_none(project):
    assert announced(project, "Coverage in 2022") == "refused"
    assert project.refresh(accept_revisions=True)["broadband"].result == "updated"


def test_an_old_announcement_does_not_cover_new_changes(project):
    assert announced(project, "Coverage (revised)") == "updated"
    # The same file, and yet other figures: the reading changed, and that is no revision.
    path = project.data / "catalogue" / "made-up.yaml"
    path.write_text(
        path.read_text().replace(
            'indicator: fibre-coverage, unit: "per cent"',
            'indicator: fibre-coverage, unit: "per cent", scale: 0.7',
        )
    )
    assert project.refresh()["broadband"].result == "refused"
    assert project.refresh("broadband", afresh=True)["broadband"].result == "updated"


# --- One at a time, and killed at any moment ------------------------------------------------------

FORKS = multiprocessing.get_context("forkserver") if hasattr(os, "fork") else None
needs_kill = pytest.mark.skipif(FORKS is None, reason="there is no kill -9 on this system")


def _refresh_and_die(data: Path, files: Path, step: int) -> None:
    """Refresh, and be killed at the step-th thing done to the disk, before it is done."""
    left = step

    def dying(real):
        def call(*args, **kwargs):
            nonlocal left
            if left == 0:
                if real is sync:
                    # What was not yet safe on the disk may be torn.
                    with contextlib.suppress(OSError):
                        os.ftruncate(args[0], os.fstat(args[0]).st_size // 2)
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return real(*args, **kwargs)

        return call

    sync = os.fsync
    os.fsync = dying(os.fsync)
    Path.replace = dying(Path.replace)
    Path.unlink = dying(Path.unlink)
    refreshing.refresh(folder=files, data=data)


def _hold(data: Path, ready: object) -> None:
    with refreshing._lock(data / "snapshot"):
        ready.set()  # type: ignore[attr-defined]
        time.sleep(60)


def run(target: object, *arguments: object) -> int | None:
    process = FORKS.Process(target=target, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode


@needs_kill
def test_killed_at_every_step_the_snapshot_is_the_old_or_the_new(project, tmp_path):
    FORKS.set_forkserver_preload(["goldenthread.refresh", "goldenthread.sources.ons_local"])
    for name in MEASURES:
        project.publish(name, figures(name, range(2018, 2024)))
    seen = set()
    for step in range(200):
        data = tmp_path / f"data-{step}"
        shutil.copytree(project.data, data)
        code = run(_refresh_and_die, data, project.files, step)
        held = Snapshot(data / "snapshot")
        years = {m: held.measure(m)["period_label"].max() for m in MEASURES}
        # A source is wholly old or wholly new, and the first is new before the second.
        assert years["library-visits"] == years["library-members"]
        assert len(held.measure("library-visits")) == 20 * (int(years["library-visits"]) - 2017)
        assert years["fibre-coverage"] >= years["library-visits"]
        seen.add((years["fibre-coverage"], years["library-visits"]))
        if step % 5 == 0 or code == 0:
            # What was left behind holds nobody up, and goes.
            after = refreshing.refresh(folder=project.files, data=data)
            assert {o.result for o in after} <= {"updated", "unchanged"}
            names = {path.name for path in (data / "snapshot").iterdir()}
            assert names == {"manifest.json", "ATTRIBUTION.md"} | {
                record.file for record in Snapshot(data / "snapshot").sources.values()
            }
        shutil.rmtree(data)
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert code == 0
    assert step > 15
    assert seen == {("2022", "2022"), ("2023", "2022"), ("2023", "2023")}


@needs_kill
def test_the_command_itself_killed_at_any_time(project, tmp_path):
    for name in MEASURES:
        project.publish(name, figures(name, range(2018, 2024)))
    command = [
        sys.executable,
        "-m",
        "goldenthread",
        "refresh",
        "--from",
        str(project.files),
        "--data",
    ]
    began = time.monotonic()
    subprocess.run([*command, str(project.data), "--dry-run"], check=True, capture_output=True)
    usual = time.monotonic() - began
    for attempt in range(3):
        data = tmp_path / f"data-{attempt}"
        shutil.copytree(project.data, data)
        process = subprocess.Popen(
            [*command, str(data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(usual * random.uniform(0.6, 1.05))
        process.kill()
        process.wait()
        held = Snapshot(data / "snapshot")
        for name in MEASURES:
            assert len(held.measure(name)) in (100, 120)


@needs_kill
def test_two_refreshes_do_not_run_into_each_other(project):
    ready = FORKS.Event()
    process = FORKS.Process(target=_hold, args=(project.data, ready))
    process.start()
    assert ready.wait(60)
    before = state(project)
    with pytest.raises(BusyError, match="another refresh is writing"):
        project.refresh()
    assert state(project) == before
    # Looking is allowed meanwhile.
    assert project.refresh(dry_run=True)["libraries"].result == "unchanged"
    process.kill()
    process.join()
    # The lock of a killed process is no lock.
    assert (project.snapshot / ".refresh.lock").exists()
    assert project.refresh()["libraries"].result == "unchanged"
    assert not (project.snapshot / ".refresh.lock").exists()


# --- The publishers' own files --------------------------------------------------------------------


@pytest.fixture(scope="module")
def waste(publisher_files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A project of one real source, refreshed, and the publisher's file."""
    data = tmp_path_factory.mktemp("waste") / "data"
    for folder in ("catalogue", "sources"):
        (data / folder).mkdir(parents=True)
    shutil.copy(catalogue.FOLDER / "sources" / "defra-waste.yaml", data / "sources")
    shutil.copy(catalogue.FOLDER / "catalogue" / "waste.yaml", data / "catalogue")
    text = (data / "catalogue" / "waste.yaml").read_text()
    parts = text.split("- id: ")
    kept = [part for part in parts[1:] if "source: defra-waste" in part]
    (data / "catalogue" / "waste.yaml").write_text("".join(f"- id: {part}" for part in kept))
    (outcome,) = refreshing.refresh(folder=publisher_files / "defra", data=data)
    assert outcome.result == "updated", outcome
    return data, (publisher_files / "defra" / "LA_collection.ods").read_bytes()


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """Give the workbook with other text in its sheets."""
    into = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            part = source.read(item)
            if item.filename == "content.xml":
                assert old in part, old
                part = part.replace(old, new)
            target.writestr(item, part)
    return into.getvalue()


@pytest.mark.publisher_files
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("cut short", "cut short"),
        ("sheet gone", "heet"),
        ("column renamed", "nearest"),
        ("unknown area", "E06999999"),
        ("year style", "2022 and a bit"),
    ],
)
def test_a_spoilt_real_workbook_is_refused_by_name(waste, tmp_path, fault, said):
    data, content = waste
    spoilt = {
        "cut short": lambda: content[: len(content) // 2],
        "sheet gone": lambda: changed(content, b'table:name="Table_3', b'table:name="Rates_of'),
        "column renamed": lambda: changed(content, b">ONS code", b">Place code"),
        "unknown area": lambda: changed(content, b">E06000034<", b">E06999999<"),
        "year style": lambda: changed(content, b">2022-23<", b">2022 and a bit<"),
    }[fault]()
    (tmp_path / "LA_collection.ods").write_bytes(spoilt)
    before = {p.name: p.read_bytes() for p in (data / "snapshot").iterdir()}
    (outcome,) = refreshing.refresh(folder=tmp_path, data=data)
    assert outcome.result == "refused"
    assert "LA_collection.ods" in outcome.reasons[0]
    assert said in outcome.reasons[0]
    assert {p.name: p.read_bytes() for p in (data / "snapshot").iterdir()} == before


# --- What is written down of a change -------------------------------------------------------------


def told(project: Project) -> list[Change]:
    return Snapshot(project.snapshot).changes


def test_a_first_refresh_says_that_it_was_the_first(first):
    both = told(first)
    assert [(change.source, change.first, list(change.measures)) for change in both] == [
        ("broadband", True, ["fibre-coverage"]),
        ("libraries", True, ["library-members", "library-visits"]),
    ]
    assert all(one.new and not one.revised for change in both for one in change.measures.values())


def test_new_periods_and_revisions_are_counted_and_the_largest_is_named(project):
    table = figures("library-visits", range(2018, 2025))
    rows = table.index[table["period"].str.startswith("2021")]
    # One figure is taken back, one comes for the first time further down, two are other numbers.
    values = table["observation"].astype(float)
    values[rows[0]] += 5
    values[rows[7]] += 700
    table["observation"] = values.astype(str)
    project.publish("library-visits", table)
    project.publish("library-members", figures("library-members", range(2018, 2025)))
    assert project.refresh()["libraries"].result == "updated"
    change = told(project)[-1]
    assert (change.source, change.first, change.ours, change.removed) == (
        "libraries",
        False,
        False,
        (),
    )
    visits = change.measures["library-visits"]
    assert visits.periods == ("2023", "2024")
    assert (visits.compared, visits.revised, visits.appeared, visits.withdrawn) == (100, 2, 0, 0)
    assert visits.middle == 352.5
    largest = visits.largest
    assert (largest.area, largest.period) == (COUNCILS[7], "2021")
    assert largest.now - largest.before == 700
    members = change.measures["library-members"]
    assert (members.periods, members.revised, members.largest) == (("2023", "2024"), 0, None)


def test_figures_that_go_or_come_are_no_revisions(project):
    table = figures("library-visits")
    table.loc[3, "observation"] = ""
    table.loc[3, "status"] = "x"
    project.publish("library-visits", table)
    assert project.refresh()["libraries"].result == "updated"
    gone = told(project)[-1].measures["library-visits"]
    assert (gone.withdrawn, gone.appeared, gone.revised, gone.middle) == (1, 0, 0, None)
    project.publish("library-visits", figures("library-visits"))
    assert project.refresh()["libraries"].result == "updated"
    back = told(project)[-1].measures["library-visits"]
    assert (back.withdrawn, back.appeared, back.revised) == (0, 1, 0)
    assert len(told(project)) == 4


def test_what_changes_nothing_is_not_written_down(project):
    before = told(project)
    path = project.files / "library-visits.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert project.refresh()["libraries"].result == "updated"
    assert told(project) == before
    project.publish("library-visits", figures("library-visits", range(2018, 2024)))
    project.refresh(dry_run=True)
    assert told(project) == before


def test_a_refused_release_is_no_change(project):
    before = told(project)
    table = figures("library-visits")
    table["observation"] = (table["observation"].astype(float) * 1.1).round().astype(str)
    project.publish("library-visits", table)
    assert project.refresh()["libraries"].result == "refused"
    assert told(project) == before
    assert project.refresh(accept_revisions=True)["libraries"].result == "updated"
    visits = told(project)[-1].measures["library-visits"]
    assert visits.revised == visits.compared == 100
    assert "library-members" not in told(project)[-1].measures


def test_a_correction_of_ours_is_not_called_the_publisher_s(project):
    table = figures("library-visits")
    table["observation"] = (table["observation"].astype(float) * 1000).astype(str)
    project.publish("library-visits", table)
    assert project.refresh(afresh=True)["libraries"].result == "updated"
    change = told(project)[-1]
    assert change.ours
    assert change.measures["library-visits"].revised == 100


def test_the_editions_before_and_after_are_named(project):
    def edition(name: str, day: str) -> None:
        project.describe(
            "broadband",
            documents="  - {id: fibre-coverage, files: ['fibre-coverage*.csv'], route: null, releases: "
            f"[{{file: fibre-coverage.csv, release: {name}, published: {day}}}]}}\n",
        )

    edition("Spring", "2023-03-01")
    project.refresh()
    edition("Autumn", "2023-09-01")
    project.publish("fibre-coverage", figures("fibre-coverage", range(2018, 2024)))
    project.refresh()
    one = told(project)[-1].measures["fibre-coverage"]
    assert (one.release_before, one.release, str(one.published)) == (
        "Spring",
        "Autumn",
        "2023-09-01",
    )


def test_figures_that_nobody_can_read_any_more_are_not_called_unrevised(project):
    next(project.snapshot.glob("libraries.*")).write_bytes(b"damage")
    project.publish("library-visits", figures("library-visits", range(2018, 2024)))
    project.publish("library-members", figures("library-members", range(2018, 2024)))
    assert project.refresh()["libraries"].result == "updated"
    assert told(project)[-1].unread


def test_what_was_held_before_changes_were_written_down_is_told_as_read_once(project):
    path = project.snapshot / "manifest.json"
    manifest = json.loads(path.read_text())
    whole = told(project)
    del manifest["changes"]
    path.write_text(json.dumps(manifest))
    assert told(project) == whole
    for measure in ("library-visits", "library-members"):
        project.publish(measure, figures(measure, range(2018, 2024)))
    project.refresh()
    # Now it is written down, before the first change.
    written = json.loads(path.read_text())["changes"]
    assert [change["source"] for change in written] == ["libraries", "libraries"]
    assert told(project)[:2] == whole


def test_a_measure_that_goes_is_told_with_its_source(project):
    (project.data / "sources" / "broadband.yaml").unlink()
    path = project.data / "catalogue" / "made-up.yaml"
    path.write_text(path.read_text().split("- id: fibre-coverage")[0])
    project.refresh()
    (last,) = [change for change in told(project) if change.removed]
    assert (last.source, last.removed, last.measures) == ("broadband", ("fibre-coverage",), {})
