"""The client against a server that misbehaves in every way that publishers' servers do."""

from __future__ import annotations

import io
import itertools
import logging
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.sources.client import Client, redact, user_agent
from goldenthread.sources.error import SourceError
from tests.sources.server import (
    Publisher,
    Reply,
    drip,
    endless,
    reset_after,
    silent,
)

TABLE = b"area,value\nE06000010,31.5\n" * 200
ADDRESS = "https://files.example.org/data/table.csv"
CSV = Reply(TABLE, kind="text/csv; charset=utf-8", etag='"one"')


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


def client_for(server: Publisher, **options: Any) -> Client:
    """A client with short times, so that patience is tested in a moment."""
    quick = {
        "hosts": server.hosts,
        "cache": False,
        "connect": 1,
        "read": 0.3,
        "total": 5,
        "wait": 0.01,
        "longest_wait": 0.05,
        "interval": 0,
    }
    return Client(**(quick | options))


def zipped() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("content.xml", "<table/>" * 500)
    return whole.getvalue()


# --- What is asked -----------------------------------------------------------------------------


def test_says_who_asks_and_nothing_of_the_machine(server: Publisher) -> None:
    server.at(ADDRESS, CSV)
    with client_for(server, address="https://example.org/golden-thread") as client:
        client.get(ADDRESS)
    (seen,) = server.seen
    assert seen.headers["User-Agent"].startswith("golden-thread/0")
    assert (
        "(open workbook for council performance; +https://example.org/golden-thread)"
        in (seen.headers["User-Agent"])
    )
    assert "python" not in str(seen.headers).lower()


def test_user_agent_needs_no_address() -> None:
    assert user_agent().endswith("(open workbook for council performance)")


def test_gets_the_whole_body_and_tells_how_far(server: Publisher) -> None:
    server.at(ADDRESS, CSV)
    told: list[tuple[int, int | None]] = []
    with client_for(server) as client:
        answer = client.get(ADDRESS, on_bytes=lambda done, total: told.append((done, total)))
    assert (answer.status, answer.content) == (200, TABLE)
    assert answer.content_type == "text/csv"
    assert told[-1] == (len(TABLE), len(TABLE))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_compressed_answers_are_read_and_their_size_is_not_guessed(server: Publisher) -> None:
    server.at(ADDRESS, Reply(TABLE, kind="text/csv", squeeze=True))
    told: list[tuple[int, int | None]] = []
    with client_for(server) as client:
        answer = client.get(ADDRESS, on_bytes=lambda *now: told.append(now))
    assert answer.content == TABLE
    assert told[-1] == (len(TABLE), None)


def test_requests_to_one_host_keep_their_distance(server: Publisher) -> None:
    server.at(ADDRESS, CSV)
    server.at("https://other.example.org/x.csv", CSV)
    with client_for(server, interval=0.15) as client:
        started = time.monotonic()
        client.get("https://other.example.org/x.csv")
        for _ in range(3):
            client.get(ADDRESS)
        assert time.monotonic() - started >= 0.3
    times = [seen.at for seen in server.asked(ADDRESS)]
    assert all(later - earlier > 0.1 for earlier, later in itertools.pairwise(times))


def test_hosts_come_from_the_environment(
    server: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.at(ADDRESS, CSV)
    monkeypatch.setenv(
        "GOLDENTHREAD_HOSTS", f'{{"files.example.org": "{server.hosts["files.example.org"]}"}}'
    )
    with client_for(server, hosts=None) as client:
        assert client.get(ADDRESS).content == TABLE


@pytest.mark.parametrize("text", ["{", "[]", '{"www.gov.uk": 8001}'])
def test_hosts_in_the_environment_that_cannot_be_read(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOLDENTHREAD_HOSTS", text)
    with pytest.raises(SourceError, match="GOLDENTHREAD_HOSTS is not a JSON object"):
        Client(cache=False)


def test_a_stand_in_over_plain_http_must_be_on_this_machine() -> None:
    with pytest.raises(SourceError, match=r"www\.gov\.uk.*only addresses over https"):
        Client(cache=False, hosts={"www.gov.uk": "http://mirror.example.org"})


@pytest.mark.parametrize(
    "url",
    [
        "http://www.gov.uk/x",
        "ftp://www.gov.uk/x",
        "file:///etc/passwd",
        "/x",
        "",
        "https://",
        "https://\x00",
    ],
)
def test_addresses_that_are_not_asked_for(server: Publisher, url: str) -> None:
    with client_for(server) as client, pytest.raises(SourceError):
        client.get(url, source="a-source")
    assert not server.seen


# --- Faults that pass --------------------------------------------------------------------------


def test_429_is_retried_after_the_seconds_asked_for(server: Publisher) -> None:
    server.at(ADDRESS, Reply(status=429, headers={"Retry-After": "1"}), CSV)
    with client_for(server) as client:
        assert client.get(ADDRESS).content == TABLE
    first, second = server.seen
    assert 0.95 < second.at - first.at < 2


def test_retry_after_may_be_a_date(server: Publisher) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    server.at(ADDRESS, Reply(status=503, headers={"Retry-After": soon}), CSV)
    with client_for(server) as client:
        assert client.get(ADDRESS).content == TABLE
    first, second = server.seen
    assert 0.5 < second.at - first.at < 2.5


@pytest.mark.parametrize("text", ["soon", "", "-1", "Thu, 99 Foo 2026", "1e9"])
def test_retry_after_in_no_known_form_is_as_good_as_none(server: Publisher, text: str) -> None:
    server.at(ADDRESS, Reply(status=429, headers={"Retry-After": text}), CSV)
    with client_for(server) as client:
        assert client.get(ADDRESS).content == TABLE


def test_a_server_that_asks_for_too_long_a_pause_is_left_alone(server: Publisher) -> None:
    server.at(ADDRESS, Reply(status=429, headers={"Retry-After": "86400"}))
    started = time.monotonic()
    with (
        client_for(server) as client,
        pytest.raises(SourceError, match=r"429.*asks to come back after 86,400 seconds"),
    ):
        client.get(ADDRESS)
    assert time.monotonic() - started < 1
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 599])
def test_a_passing_fault_passes(server: Publisher, status: int) -> None:
    server.at(ADDRESS, Reply(status=status), Reply(status=status), CSV)
    with client_for(server) as client:
        assert client.get(ADDRESS).content == TABLE
    assert len(server.seen) == 3


def test_500_for_ever_is_refused_after_a_handful(server: Publisher) -> None:
    server.at(ADDRESS, Reply(status=500))
    with client_for(server) as client, pytest.raises(SourceError) as caught:
        client.get(f"{ADDRESS}?uid=0xSECRET", source="a-source")
    said = str(caught.value)
    assert said.startswith("a-source: https://files.example.org/data/table.csv?uid=...: ")
    assert "500 Internal Server Error" in said
    assert "tried 4 times" in said
    assert len(server.seen) == 4


def test_pauses_grow(server: Publisher) -> None:
    server.at(ADDRESS, Reply(status=500))
    with client_for(server, wait=0.1, longest_wait=1) as client, pytest.raises(SourceError):
        client.get(ADDRESS)
    times = [seen.at for seen in server.seen]
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert pauses[0] >= 0.09
    assert pauses[1] >= 0.19
    assert pauses[2] >= 0.39


def test_a_connection_that_breaks_is_tried_again(server: Publisher) -> None:
    server.at(ADDRESS, reset_after(TABLE[:900], len(TABLE)), CSV)
    with client_for(server) as client:
        assert client.get(ADDRESS).content == TABLE


def test_a_connection_that_always_breaks_is_refused(server: Publisher) -> None:
    server.at(ADDRESS, reset_after(TABLE[:900], len(TABLE)))
    with client_for(server) as client, pytest.raises(SourceError, match="the connection broke"):
        client.get(ADDRESS)
    assert len(server.seen) == 4


def test_fewer_bytes_than_announced_are_never_taken_for_all(server: Publisher) -> None:
    server.at(ADDRESS, Reply(TABLE, kind="text/csv", length=len(TABLE) + 500))
    with client_for(server) as client, pytest.raises(SourceError, match="the connection broke"):
        client.get(ADDRESS)


def test_more_bytes_than_announced_do_not_pass_for_a_workbook(server: Publisher) -> None:
    url = "https://files.example.org/table.ods"
    server.at(url, Reply(zipped(), length=200))
    with client_for(server) as client, pytest.raises(SourceError, match="cut short"):
        client.document(url, source="a-source", id="a-table")


def test_a_body_that_is_not_gzip_as_announced(server: Publisher) -> None:
    server.at(ADDRESS, Reply(TABLE, headers={"Content-Encoding": "gzip"}))
    with client_for(server) as client, pytest.raises(SourceError, match="cannot be decompressed"):
        client.get(ADDRESS)


def test_a_silent_server_is_not_waited_for(server: Publisher) -> None:
    server.at(ADDRESS, silent(1))
    started = time.monotonic()
    with (
        client_for(server, attempts=2) as client,
        pytest.raises(SourceError, match=r"nothing came for 0\.3 seconds \(tried 2 times\)"),
    ):
        client.get(ADDRESS)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("head", [True, False])
def test_a_server_that_drips_is_cut_off_when_time_is_up(server: Publisher, head: bool) -> None:
    server.at(ADDRESS, drip(4, head=head))
    started = time.monotonic()
    with (
        client_for(server, total=0.6) as client,
        pytest.raises(SourceError, match=r"not finished within 0\.6 seconds"),
    ):
        client.get(ADDRESS)
    assert time.monotonic() - started < 1.5


def test_no_server_at_all(server: Publisher) -> None:
    with Publisher() as gone:
        nowhere = gone.base
    with (
        client_for(server, hosts={"files.example.org": nowhere}) as client,
        pytest.raises(SourceError, match=r"no connection.*tried 4 times"),
    ):
        client.get(ADDRESS, source="a-source")


def test_retries_end_when_time_is_up(server: Publisher) -> None:
    server.at(ADDRESS, Reply(status=500))
    started = time.monotonic()
    with (
        client_for(server, attempts=1000, total=0.7, wait=0.1, longest_wait=0.2) as client,
        pytest.raises(SourceError, match="500"),
    ):
        client.get(ADDRESS)
    assert time.monotonic() - started < 1.2


# --- Answers that are no answers ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (204, "answered 204"),
        (401, "key or a sign-in"),
        (403, "refuses access"),
        (404, "nothing at this address"),
        (410, "taken this address away"),
        (418, "answered 418"),
        (422, "does not accept the question"),
    ],
)
def test_other_statuses_are_refused_at_once(server: Publisher, status: int, words: str) -> None:
    server.at(ADDRESS, Reply(status=status))
    with client_for(server) as client, pytest.raises(SourceError, match=words):
        client.get(ADDRESS)
    assert len(server.seen) == 1


def test_what_the_server_says_of_a_bad_question_is_passed_on(server: Publisher) -> None:
    server.at(
        ADDRESS,
        Reply(b'{"error": "Unexpected parameters: colour"}', 422, "application/json"),
    )
    with client_for(server) as client, pytest.raises(SourceError, match="parameters: colour"):
        client.get(ADDRESS)


def test_a_body_beyond_the_cap_is_stopped_while_it_comes(server: Publisher) -> None:
    server.at(ADDRESS, endless(64 * 1024 * 1024))
    told: list[int] = []
    with (
        client_for(server, cap=1_000_000) as client,
        pytest.raises(SourceError, match=r"more than the 0\.953674 MB"),
    ):
        client.get(ADDRESS, on_bytes=lambda done, _: told.append(done))
    assert max(told) <= 1_000_000


def test_a_body_announced_beyond_the_cap_is_not_begun(server: Publisher) -> None:
    server.at(ADDRESS, CSV)
    told: list[int] = []
    with client_for(server, cap=1000) as client, pytest.raises(SourceError, match="more than"):
        client.get(ADDRESS, on_bytes=lambda done, _: told.append(done))
    assert not told


def test_a_small_body_that_swells_beyond_the_cap(server: Publisher) -> None:
    server.at(ADDRESS, Reply(b"0" * 5_000_000, squeeze=True))
    with client_for(server, cap=1_000_000) as client, pytest.raises(SourceError, match="more than"):
        client.get(ADDRESS)


# --- Being sent on -----------------------------------------------------------------------------


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_is_sent_on_within_the_publishers_hosts(server: Publisher, status: int) -> None:
    server.at("https://www.gov.uk/old", redirect("/new", status))
    server.at("https://www.gov.uk/new", redirect(server.asset("table.csv", TABLE), status))
    with client_for(server) as client:
        answer = client.get("https://www.gov.uk/old")
    assert answer.content == TABLE
    assert answer.url.startswith("https://assets.publishing.service.gov.uk/media/")


def test_a_stand_in_may_name_its_own_address(server: Publisher) -> None:
    server.at("https://www.gov.uk/old", redirect(f"{server.base}/www.gov.uk/new?page=2"))
    server.at("https://www.gov.uk/new", CSV)
    with client_for(server) as client:
        assert client.get("https://www.gov.uk/old").url == "https://www.gov.uk/new?page=2"


@pytest.mark.parametrize(
    "to",
    [
        "https://elsewhere.example.net/table.csv",
        "https://www.gov.uk.example.net/table.csv",
        "https://www.gov.uk@example.net/table.csv",
        "//example.net/table.csv",
        "http://127.0.0.1:9/table.csv",
    ],
)
def test_is_never_sent_on_to_a_foreign_host(server: Publisher, to: str) -> None:
    server.at(ADDRESS, redirect(to))
    server.at("https://elsewhere.example.net/table.csv", CSV)
    with (
        client_for(server) as client,
        pytest.raises(SourceError, match="a host that is not the publisher's"),
    ):
        client.get(ADDRESS)
    assert len(server.seen) == 1


def test_other_hosts_can_be_allowed(server: Publisher) -> None:
    server.at(ADDRESS, redirect("https://elsewhere.example.net/table.csv"))
    server.at("https://elsewhere.example.net/table.csv", CSV)
    with client_for(server) as client:
        assert client.get(ADDRESS, allow=["elsewhere.example.net"]).content == TABLE
    with client_for(server, allow=["elsewhere.example.net"]) as client:
        assert client.get(ADDRESS).content == TABLE


def test_is_never_sent_on_from_https_to_http(server: Publisher) -> None:
    server.at(ADDRESS, redirect("http://files.example.org/data/table.csv"))
    with client_for(server) as client, pytest.raises(SourceError, match="over https"):
        client.get(ADDRESS)


def test_circles_end(server: Publisher) -> None:
    server.at(ADDRESS, redirect(ADDRESS))
    with client_for(server) as client, pytest.raises(SourceError, match="in circles"):
        client.get(ADDRESS)
    assert len(server.seen) == 6


# --- The cache ---------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(server: Publisher, tmp_path: Path) -> None:
    server.at(ADDRESS, CSV)
    for cached in (False, True):
        with client_for(server, cache=tmp_path) as client:
            answer = client.get(ADDRESS)
        assert (answer.content, answer.cached) == (TABLE, cached)
        assert answer.content_type == "text/csv"
    assert "If-None-Match" not in server.seen[0].headers
    assert server.seen[1].headers["If-None-Match"] == '"one"'


def test_last_modified_serves_where_there_is_no_etag(server: Publisher, tmp_path: Path) -> None:
    server.at(ADDRESS, Reply(TABLE, modified="Thu, 27 Mar 2025 09:30:00 GMT"))
    with client_for(server, cache=tmp_path) as client:
        assert not client.get(ADDRESS).cached
        assert client.get(ADDRESS).cached
    assert server.seen[1].headers["If-Modified-Since"] == "Thu, 27 Mar 2025 09:30:00 GMT"


def test_what_has_changed_is_sent_anew(server: Publisher, tmp_path: Path) -> None:
    server.at(ADDRESS, CSV, Reply(TABLE + b"E06000011,1\n", kind="text/csv", etag='"two"'))
    with client_for(server, cache=tmp_path) as client:
        assert client.get(ADDRESS).content == TABLE
        assert client.get(ADDRESS).content == TABLE + b"E06000011,1\n"
        assert client.get(ADDRESS).cached


def test_what_must_not_be_stored_is_not(server: Publisher, tmp_path: Path) -> None:
    server.at(ADDRESS, Reply(TABLE, etag='"one"', headers={"Cache-Control": "private, no-store"}))
    with client_for(server, cache=tmp_path) as client:
        client.get(ADDRESS)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "damage",
    [lambda b: b[:-7], lambda b: b"", lambda b: b"{}\n" + b, lambda b: b.replace(b"31.5", b"99.9")],
)
def test_a_damaged_copy_is_never_used(server: Publisher, tmp_path: Path, damage: Any) -> None:
    server.at(ADDRESS, CSV)
    with client_for(server, cache=tmp_path) as client:
        client.get(ADDRESS)
        (copy,) = tmp_path.iterdir()
        copy.write_bytes(damage(copy.read_bytes()))
        answer = client.get(ADDRESS)
    assert (answer.content, answer.cached) == (TABLE, False)


def test_what_fails_its_check_is_not_kept(server: Publisher, tmp_path: Path) -> None:
    page = Reply(b"<!DOCTYPE html><html>Sign in</html>", kind="text/html", etag='"signin"')
    server.at(ADDRESS, page, CSV)
    with client_for(server, cache=tmp_path) as client:
        with pytest.raises(SourceError, match="sign-in page"):
            client.document(ADDRESS, source="a-source", id="a-table")
        assert not list(tmp_path.iterdir())
        assert client.document(ADDRESS, source="a-source", id="a-table").content == TABLE


def test_the_cache_holds_no_key_and_its_names_say_nothing(
    server: Publisher, tmp_path: Path
) -> None:
    server.at(ADDRESS, CSV)
    with client_for(server, cache=tmp_path) as client:
        client.get(f"{ADDRESS}?geography=E06000010&uid=0xSECRET")
        assert client.get(f"{ADDRESS}?geography=E06000010&uid=0xOTHER").cached
        assert not client.get(f"{ADDRESS}?geography=E06000011&uid=0xSECRET").cached
    copies = list(tmp_path.iterdir())
    assert len(copies) == 2
    for copy in copies:
        assert len(copy.stem) == 64
        assert b"SECRET" not in copy.read_bytes()


def test_the_cache_makes_room_for_what_is_new(server: Publisher, tmp_path: Path) -> None:
    server.at(ADDRESS, CSV)
    with client_for(server, cache=tmp_path, cache_cap=3 * len(TABLE)) as client:
        for number in range(6):
            client.get(f"{ADDRESS}?page={number}")
        assert client.get(f"{ADDRESS}?page=5").cached
        assert not client.get(f"{ADDRESS}?page=0").cached
    assert sum(copy.stat().st_size for copy in tmp_path.iterdir()) <= 3 * len(TABLE)


def test_a_cache_that_cannot_be_written_stops_nothing(
    server: Publisher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("in the way")
    server.at(ADDRESS, CSV)
    with client_for(server, cache=occupied / "cache") as client:
        assert client.get(ADDRESS).content == TABLE
    assert "the cache cannot be written" in caplog.text


# --- Content that is not what it should be -----------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reply", "words"),
    [
        ("t.csv", Reply(b"<html><form>Sign in</form></html>", kind="text/html"), "web page"),
        ("t.ods", Reply(b"<!doctype html><title>Sign in</title>", kind="text/csv"), "web page"),
        ("t.csv", Reply(b"Sign in to go on", kind="text/html"), "web page"),
        ("t.csv", Reply(b"", kind="text/csv"), "empty"),
        ("t.ods", Reply(zipped()[:-40]), "cut short"),
        ("t.ods", Reply(b"%PDF-1.7 ...", kind="application/pdf"), "no table"),
        ("t.csv", Reply(b"\x89PNG\r\n\x1a\n", kind="image/png"), "no table"),
        ("t.csv", Reply(b"version https://git-lfs.github.com/spec/v1\n"), "pointer"),
    ],
)
def test_wrong_content_is_named(server: Publisher, name: str, reply: Reply, words: str) -> None:
    url = server.at(f"https://files.example.org/{name}", reply)
    with client_for(server) as client, pytest.raises(SourceError, match=words) as caught:
        client.document(url, source="a-source", id="a-table")
    assert str(caught.value).startswith(f"a-source: {name}: ")
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("path", "reply", "suffix", "name"),
    [
        ("/a/table.ods", Reply(zipped()), "", "table.ods"),
        ("/a/table%20one.csv", Reply(TABLE), "", "table one.csv"),
        ("/a/42", Reply(TABLE, kind="text/csv"), ".ods", "42.csv"),
        ("/a/42", Reply(TABLE), ".csv", "42.csv"),
        ("/a/v1.2", Reply(TABLE), ".csv", "v1.2.csv"),
        (
            "/a/42",
            Reply(TABLE, headers={"Content-Disposition": 'attachment; filename="../t.csv"'}),
            "",
            "t.csv",
        ),
        (
            "/a/42",
            Reply(TABLE, headers={"Content-Disposition": "attachment; filename*=UTF-8''t%20t.csv"}),
            "",
            "t t.csv",
        ),
        ("/", Reply(TABLE, kind="text/csv"), "", "files.example.org.csv"),
    ],
)
def test_how_a_document_is_called(
    server: Publisher, path: str, reply: Reply, suffix: str, name: str
) -> None:
    url = f"https://files.example.org{path}"
    server.at(url, reply)
    with client_for(server) as client:
        document = client.document(url, source="a-source", id="a-table", suffix=suffix)
    assert document.name == name
    assert document.url == url


# --- Keys --------------------------------------------------------------------------------------


def test_no_key_in_any_log(server: Publisher, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.at(ADDRESS, Reply(status=500))
    url = f"{ADDRESS}?ApplicationKey=0xSECRET&RequestSignature=0xSECRET&area=E06000010"
    with client_for(server) as client, pytest.raises(SourceError) as caught:
        client.get(url)
    assert "area=E06000010" in caplog.text
    assert "SECRET" not in caplog.text
    assert all("SECRET" not in str(vars(record)) for record in caplog.records)
    assert "SECRET" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_no_key_in_a_document(server: Publisher) -> None:
    server.at(ADDRESS, CSV)
    with client_for(server) as client:
        document = client.document(f"{ADDRESS}?api_key=0xSECRET", source="s", id="d")
    assert document.url == f"{ADDRESS}?api_key=..."


@given(
    st.sampled_from(["key", "api_key", "ApplicationKey", "subscription-key", "uid", "access_token",
                     "sig", "Signature", "client_secret", "password", "auth"]),
    st.from_regex(r"[A-Za-z0-9%._~+/=-]{1,40}", fullmatch=True),
)  # fmt: skip
def test_redaction_leaves_nothing_of_a_key(name: str, key: str) -> None:
    url = f"https://user:pass@api.example.org/v1/data.csv?area=E06000010&{name}={key}&page=2#top"
    assert redact(f"GET {url} failed") == (
        f"GET https://api.example.org/v1/data.csv?area=E06000010&{name}=...&page=2#top failed"
    )


def test_the_proxy_of_the_organisation_is_not_asked_for_this_machine(
    server: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.at(ADDRESS, CSV)
    with client_for(server) as client:
        assert client.get(ADDRESS).content == TABLE
