"""Live figures are fetched, checked and said to be so; whatever goes wrong, the workbook's own serve."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import goldenthread as gt
from goldenthread import live, notebooks, workbench
from goldenthread.catalogue import catalogue
from goldenthread.snapshot import Snapshot, snapshot
from goldenthread.sources.document import in_folder
from tests.notebook_runner import run
from tests.sources.server import (
    Publisher,
    Reply,
    drip,
    endless,
    reset_after,
    silent,
)
from tests.sources.test_client import client_for

WASTE, RATE = catalogue().sources["defra-waste"], "household-recycling-rate"
(ENTRY,) = WASTE.documents
TITLE = "Local authority and regional data"


@pytest.fixture
def server():
    with Publisher() as publisher:
        yield publisher


@pytest.fixture(autouse=True)
def as_it_was():
    before = (snapshot().folder / "manifest.json").read_bytes()
    yield
    gt.use(RATE)
    live._live.clear()
    # Whatever happened, the project's own figures are what they were.
    assert (snapshot().folder / "manifest.json").read_bytes() == before


@pytest.fixture(scope="module")
def file(publisher_files):
    return in_folder(WASTE, publisher_files)[-1]


def ask(server: Publisher, folder: Path, *names: str, patience: float = 30, **options):
    said: list[str] = []
    measures = [catalogue()[name] for name in names or (RATE,)]
    with client_for(server, **{"read": 5, "total": 30, **options}) as client:
        origins = live.fetched(
            measures, client=client, folder=folder, patience=patience, tell=said.append
        )
    return origins, said


def put_up(server: Publisher, content: bytes, name: str = "LA_collection.ods", **reply) -> None:
    attachment = server.attachment(TITLE, name, content, **reply)
    server.page(str(ENTRY.path), [attachment])


def assert_falls_back(origin: live.Origin, said: str) -> None:
    assert re.search(said, origin.notice), origin.notice
    assert "You see the figures that came with this workbook" in origin.notice
    assert "as they came with this workbook" in origin.said
    assert live.held(RATE) is snapshot()


@pytest.mark.publisher_files
def test_what_the_publisher_has_is_fetched_and_said_with_its_day(server, file, tmp_path):
    put_up(server, file.content)
    (origin,), said = ask(server, tmp_path)
    assert not origin.notice
    assert f"{date.today():%B %Y} at " in origin.said
    assert "nothing newer is published" in origin.said
    assert said == [f"Asking {WASTE.publisher} for “{WASTE.title}” …"]
    fresh = live.held(RATE)
    assert fresh is not snapshot()
    assert fresh.folder.is_relative_to(tmp_path)
    assert [d.url for d in fresh.manifest(RATE).documents][-1].startswith("https://")


class Raised(Snapshot):
    """Figures as a publisher might have them by now: each one higher."""

    def measure(self, identifier, *, areas="published"):
        table = super().measure(identifier, areas=areas)
        return table.assign(value=table["value"] + 1)


def test_a_notebook_shows_live_figures_everywhere_or_nowhere(monkeypatch):
    """A figure that the publisher has changed is in the finding, the tables and the charts."""
    other = "household-waste-per-person"

    def fetched(chosen):
        live._live[RATE] = Raised()
        return [live.Origin(one, "raised") for one in chosen]

    monkeypatch.setattr(live, "fetched", fetched)
    own, beside = gt.finding(RATE, "Hull").found, gt.council("Hull", theme="waste").loc[other]
    assert "raised" in str(gt.use(RATE, live=True))
    found, table = gt.finding(RATE, "Hull").found, gt.council("Hull", theme="waste")
    raised = pytest.approx(own["value"] + 1)
    assert [found[name] - own[name] for name in ("value", "median", "england")] == [
        pytest.approx(1)
    ] * 3
    assert gt.measure(RATE, "Hull")["value"].iloc[-1] == raised
    assert table.loc[RATE, "value"] == raised
    for chart in (gt.compare(RATE, "Hull"), gt.control_chart(RATE, "Hull"), gt.trend(RATE, "Hull")):
        assert f"{own['value'] + 1:.1f}" in chart.table.to_csv()
    # Only the measure that was asked for; and the switch goes back.
    assert table.loc[other].equals(beside)
    gt.use(RATE)
    assert gt.finding(RATE, "Hull").found["value"] == own["value"]
    assert gt.council("Hull", theme="waste").loc[RATE, "value"] == own["value"]


def test_what_is_newer_is_said_to_be():
    said = live._said_of_live(catalogue()[RATE], Raised())
    assert said.startswith("to 2022/23, fetched live on ")
    assert said.endswith("; some figures are revised")


def test_everything_with_live_figures_in_it_is_as_everything_was(monkeypatch):
    whole = workbench._everything()
    monkeypatch.setitem(live._live, RATE, snapshot())
    pd.testing.assert_frame_equal(live.instead(whole, workbench._figures), whole)


SPOILT = {
    "the page is gone": (Reply(b"", 410), "410|gone"),
    "an error": (Reply(b"", 503), "503"),
    "nothing comes": (silent(1.5), "nothing came|broke"),
    "it breaks off": (reset_after(b"abc", 9000), "broke"),
    "drop by drop": (drip(3, head=False), "too long|not finished|nothing came|broke"),
    "far too much": (endless(3_000_000), "MB that a file may have"),
    "a page in its place": (Reply(b"<html>Sorry</html>", kind="text/html"), "."),
    "not a spreadsheet": (Reply(b"PK\x03\x04 and then nothing"), "."),
    "empty": (Reply(b""), "."),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_server_that_misbehaves_ends_in_the_workbooks_own_figures(server, fault, tmp_path):
    behaviour, said = SPOILT[fault]
    url = server.at("https://assets.publishing.service.gov.uk/media/1/LA_collection.ods", behaviour)
    attachment = {
        "attachment_type": "file",
        "title": TITLE,
        "filename": "LA_collection.ods",
        "content_type": "application/vnd.oasis.opendocument.spreadsheet",
        "url": url,
    }
    server.page(str(ENTRY.path), [attachment])
    (origin,), _ = ask(server, tmp_path, read=0.5, total=2, attempts=2, cap=1_000_000, patience=10)
    assert_falls_back(origin, said)


def test_no_network_ends_in_the_workbooks_own_figures(tmp_path):
    from goldenthread.sources.client import Client

    # A port that nobody listens to.
    nobody = {"www.gov.uk": "http://127.0.0.1:9"}
    with Client(hosts=nobody, cache=False, connect=1, total=2, attempts=1) as client:
        (origin,) = live.fetched([catalogue()[RATE]], client=client, folder=tmp_path, tell=len)
    assert_falls_back(origin, "no connection")


@pytest.mark.publisher_files
def test_another_layout_is_refused_and_said(server, publisher_files, tmp_path):
    other = in_folder(catalogue().sources["defra-flytipping"], publisher_files)[-1]
    put_up(server, other.content)
    (origin,), _ = ask(server, tmp_path)
    assert_falls_back(origin, "sheet|table|expected|found")


@pytest.mark.publisher_files
def test_patience_ends_however_much_comes(server, file, tmp_path):
    put_up(server, file.content)
    (origin,), _ = ask(server, tmp_path, patience=-1)
    assert_falls_back(origin, "it took too long")


def test_one_source_failing_leaves_another_and_is_asked_once(server, tmp_path):
    origins, said = ask(
        server, tmp_path, RATE, "residual-waste-per-household", "asc-direct-payments"
    )
    assert len(said) == 1
    assert [bool(origin.notice) for origin in origins] == [True] * 3
    assert "no address for them that stays the same" in origins[2].notice
    assert "https://" in origins[2].notice


def test_a_cache_that_cannot_be_written_is_no_fault_of_the_readers(server, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    (origin,), _ = ask(server, blocked)
    assert_falls_back(origin, "cannot be kept or read")


@pytest.mark.publisher_files
def test_a_damaged_copy_is_made_anew(server, file, tmp_path):
    put_up(server, file.content)
    ask(server, tmp_path)
    (place,) = tmp_path.iterdir()
    for path in (place / "snapshot").glob("defra-waste.*"):
        path.write_bytes(b"spoilt")
    (origin,), _ = ask(server, tmp_path)
    assert not origin.notice
    # The copy is mended, and no second one made.
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.publisher_files
def test_while_another_notebook_fetches_the_workbooks_own_serve(server, file, tmp_path):
    from goldenthread.refresh import _lock

    put_up(server, file.content)
    with _lock(live._workspace(tmp_path) / "snapshot"):
        (origin,), _ = ask(server, tmp_path)
    assert_falls_back(origin, "another notebook is fetching")


def test_copies_of_older_editions_make_room(server, tmp_path):
    (tmp_path / "older").mkdir()
    ask(server, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [live._edition()]


def test_the_cache_is_the_users_and_never_the_projects(monkeypatch):
    monkeypatch.delenv("GOLDENTHREAD_CACHE", raising=False)
    assert live._place().parent.name == "live"
    assert not live._place().is_relative_to(notebooks.FOLDER.parent)


@pytest.mark.publisher_files
def test_the_switch_of_a_notebook_is_all_it_takes(server, file, tmp_path, monkeypatch):
    put_up(server, file.content)
    monkeypatch.setenv("GOLDENTHREAD_HOSTS", json.dumps(server.hosts))
    monkeypatch.setenv("GOLDENTHREAD_CACHE", str(tmp_path))
    shown = run(notebooks.read(notebooks.FOLDER / "_template.md"), live=True)
    assert any("asked for on" in text for text in shown)
    assert any("Asking Department for Environment" in text for text in shown)
    assert (tmp_path / "live").is_dir()
    shutil.rmtree(tmp_path / "live")
    monkeypatch.setenv("GOLDENTHREAD_HOSTS", '{"www.gov.uk": "http://127.0.0.1:9"}')
    shown = run(notebooks.read(notebooks.FOLDER / "_template.md"), live=True)
    assert any("<strong>Not live.</strong>" in text for text in shown)
