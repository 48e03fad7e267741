"""The way to the newest edition, over HTTP, on pages in the shape that GOV.UK gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goldenthread.catalogue import SourceEntry
from goldenthread.sources.client import Client
from goldenthread.sources.error import SourceError
from goldenthread.sources.route import Attachment, edition, fetch
from tests.sources.server import WWW, Publisher, Reply, link
from tests.sources.test_client import client_for, zipped

PATH = "/government/statistical-data-sets/waste"
API = f"https://{WWW}/api/content"
TABLE = b"area,value\nE06000010,31.5\n"
TITLE = "Local authority data"


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
def client(server: Publisher) -> Iterator[Client]:
    with client_for(server) as client:
        yield client


def source(*documents: dict[str, Any], **fields: Any) -> SourceEntry:
    one = {"id": "a-table", "files": ["la*.csv"], "route": "govuk", "path": PATH, "title": TITLE}
    return SourceEntry.model_validate(
        {
            "name": "a-source",
            "title": "A release",
            "publisher": "A department",
            "page": "https://www.gov.uk/x",
            "reader": "a_reader",
            "documents": [{**one, **document} for document in (documents or ({},))],
            **fields,
        }
    )


def html(title: str) -> dict[str, Any]:
    return {
        "attachment_type": "html",
        "id": "1",
        "title": title,
        "url": f"{PATH}/report",
        "unique_reference": "X",
    }


# --- Choosing ----------------------------------------------------------------------------------


def test_the_newest_by_its_period_whatever_its_place(server: Publisher, client: Client) -> None:
    server.page(
        PATH,
        [
            html(f"{TITLE} 2025-26"),
            server.attachment(f"{TITLE} 2021-22", "la_21.csv", b"old,old\n1,2\n"),
            server.attachment(f"{TITLE}  2023 to 2024\n", "la_23.csv", TABLE),
            server.attachment(f"{TITLE} 2022/23", "la_22.csv", b"old,old\n1,2\n"),
            server.attachment("Regional data 2024-25", "regions.csv", b"other,other\n1,2\n"),
            server.attachment(f"{TITLE} 2024-25 report", "report.pdf", b"%PDF-1.7"),
        ],
        updated="2025-03-27T09:30:00.000+00:00",
    )
    (document,) = fetch(source(), client)
    assert document.content == TABLE
    assert document.name == "la_23.csv"
    assert document.release == f"{TITLE} 2023 to 2024"
    assert document.published == date(2025, 3, 27)
    assert document.url.startswith("https://assets.publishing.service.gov.uk/media/")
    assert (document.source, document.id) == ("a-source", "a-table")
    assert server.asked(f"{API}{PATH}")[0].headers["Accept"] == "application/json"


def test_the_file_name_serves_where_the_title_does_not(server: Publisher, client: Client) -> None:
    server.page(
        PATH,
        [
            server.attachment("Data (ODS)", "LA_collection_2022-23.csv", TABLE),
            server.attachment("Data (ODS)", "LA_collection_2021-22.csv", b"old,old\n1,2\n"),
        ],
    )
    (document,) = fetch(source({"title": "^LA_collection"}), client)
    assert document.content == TABLE


def test_the_kind_of_file_that_the_reader_knows(server: Publisher, client: Client) -> None:
    book = zipped()
    server.page(
        PATH,
        [
            server.attachment(f"{TITLE} 2023-24", "la.csv", TABLE),
            server.attachment(f"{TITLE} 2023-24", "la.xlsx", book + b""),
            server.attachment(f"{TITLE} 2023-24", "la.ods", book),
        ],
    )
    found = {
        pattern: fetch(source({"files": [pattern]}), client)[0].name
        for pattern in ("la*.csv", "la*.ods", "la*.xlsx", "la*.xls")
        if pattern != "la*.xls"
    }
    assert found == {"la*.csv": "la.csv", "la*.ods": "la.ods", "la*.xlsx": "la.xlsx"}


def test_another_spreadsheet_serves_a_reader_of_spreadsheets(
    server: Publisher, client: Client
) -> None:
    server.page(
        PATH,
        [
            server.attachment(f"{TITLE} 2023-24", "la.csv", TABLE),
            server.attachment(f"{TITLE} 2023-24", "la.xlsx", zipped()),
        ],
    )
    (document,) = fetch(source({"files": ["la*.ods"]}), client)
    assert document.name == "la.xlsx"


def test_a_newer_period_comes_before_the_kind_of_file(server: Publisher, client: Client) -> None:
    server.page(
        PATH,
        [
            server.attachment(f"{TITLE} 2022-23", "la.csv", b"old,old\n1,2\n"),
            server.attachment(f"{TITLE} 2023-24", "la.tsv", TABLE),
        ],
    )
    assert fetch(source(), client)[0].name == "la.tsv"


def test_two_equally_new_are_refused_and_both_named(server: Publisher, client: Client) -> None:
    server.page(
        PATH,
        [
            server.attachment(f"{TITLE} 2023-24: collection", "a.csv", TABLE),
            server.attachment(f"{TITLE} 2023-24: disposal", "b.csv", TABLE),
        ],
    )
    with pytest.raises(SourceError) as caught:
        fetch(source(), client)
    said = str(caught.value)
    assert "a-source: https://www.gov.uk/government/statistical-data-sets/waste: several" in said
    assert "a.csv" in said
    assert "b.csv" in said
    assert len(server.seen) == 1


def test_one_without_a_period_is_not_compared_with_one_that_has(
    server: Publisher, client: Client
) -> None:
    server.page(
        PATH,
        [
            server.attachment(f"{TITLE} (latest)", "a.csv", TABLE),
            server.attachment(f"{TITLE} 2019-20", "b.csv", TABLE),
        ],
    )
    with pytest.raises(SourceError, match=r"none is the newest.*latest.*2019-20"):
        fetch(source(), client)


def test_no_attachment_matches(server: Publisher, client: Client) -> None:
    server.page(
        PATH,
        [
            server.attachment("Local authorities data 2023-24", "a.csv", TABLE),
            server.attachment("Regions", "b.csv", TABLE),
        ],
    )
    with pytest.raises(SourceError) as caught:
        fetch(source(), client)
    assert str(caught.value) == (
        "a-source: https://www.gov.uk/government/statistical-data-sets/waste: no attachment "
        "matches; expected 'Local authority data'; nearest: 'Local authorities data 2023-24'"
    )


@pytest.mark.parametrize(
    "details",
    [{}, {"attachments": None}, {"attachments": [None, "x", {"title": TITLE}]}, {"body": "<p/>"}],
)
def test_a_page_without_attachments(
    server: Publisher, client: Client, details: dict[str, Any]
) -> None:
    server.page(PATH, details=details)
    with pytest.raises(SourceError, match=r"no attachment matches \(there is none at all"):
        fetch(source(), client)


@pytest.mark.parametrize(
    ("title", "filename", "period", "newest"),
    [
        ("Waste 2023-24", "", (2024, 3, 31), None),
        ("Waste 2023 to 2024", "", (2024, 3, 31), None),
        ("Waste 2023/24", "", (2024, 3, 31), None),
        ("Waste, 2023–2024", "", (2024, 3, 31), None),
        ("RSX 202324", "", (2024, 3, 31), None),
        ("Detailed_LA_202212.ods", "", (2022, 12, 31), None),
        ("Rough sleeping, autumn 2022", "", (2022, 12, 31), None),
        ("Fly-tipping 2012-13 to 2022-23", "", (2023, 3, 31), None),
        ("Homelessness: October to December 2022", "", (2022, 12, 31), None),
        ("Homelessness: Oct-Dec 2022", "", (2022, 12, 31), None),
        ("Planning, Q2 2025", "", (2025, 6, 30), None),
        ("Crime, year ending June 2025", "", (2025, 6, 30), None),
        ("Judgements as at 31 March 2025", "", (2025, 3, 31), None),
        ("Waste 2022-23 (revised March 2024)", "", (2023, 3, 31), (2024, 3, 31)),
        ("Waste 2022-23, updated 12 December 2024", "", (2023, 3, 31), (2024, 12, 12)),
        ("Waste 2022-23 [published 2024]", "", (2023, 3, 31), (2024, 12, 31)),
        ("Council taxbase 1999-00", "", (2000, 3, 31), None),
        ("Table 1234, 20235", "", None, None),
        ("Local authority data", "", None, None),
        ("Local authority data", "LA_2022-23_v2.ods", (2023, 3, 31), None),
        ("Local authority data", "201920_la.ods", (2020, 3, 31), None),
        ("Local authority data 2021-22", "LA_2022-23.ods", (2022, 3, 31), None),
    ],
)
def test_how_new_an_attachment_is(
    title: str, filename: str, period: tuple[int, ...] | None, newest: tuple[int, ...] | None
) -> None:
    expected = date(*period) if period else date.min
    assert edition(Attachment(title, filename or "la.ods", "")) == (
        expected,
        date(*newest) if newest else expected,
    )


# --- Pages -------------------------------------------------------------------------------------


def test_a_page_that_has_moved(server: Publisher, client: Client) -> None:
    server.at(
        f"{API}{PATH}", Reply(status=303, headers={"Location": "/api/content/government/new"})
    )
    server.page("/government/new", [server.attachment(TITLE, "la.csv", TABLE)])
    assert fetch(source(), client)[0].content == TABLE


def test_a_page_that_is_not_there(server: Publisher, client: Client) -> None:
    server.page("/elsewhere")
    with pytest.raises(SourceError, match=rf"a-source: {API}{PATH}: there is nothing .*404"):
        fetch(source(), client)


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"alternative_path": "/government/new"}, "taken this page away; instead: /government/new"),
        ({"explanation": "<p>Published in <b>error</b></p>"}, "instead: Published in error"),
        ({}, "taken this page away$"),
    ],
)
def test_a_page_that_is_gone(
    server: Publisher, client: Client, details: dict[str, Any], words: str
) -> None:
    gone = json.dumps({"document_type": "gone", "details": details}).encode()
    server.at(f"{API}{PATH}", Reply(gone, 410, "application/json"))
    with pytest.raises(SourceError, match=words):
        fetch(source(), client)


def test_a_page_that_is_gone_without_a_word(server: Publisher, client: Client) -> None:
    server.at(f"{API}{PATH}", Reply(b"", 410, "text/html"))
    with pytest.raises(SourceError, match="taken this page away"):
        fetch(source(), client)


@pytest.mark.publisher_files
def test_a_page_that_was_withdrawn(
    server: Publisher, client: Client, publisher_files: Path
) -> None:
    content = (publisher_files / "govuk" / "statistical_data_set_withdrawn.json").read_bytes()
    server.at(f"{API}{PATH}", Reply(content, kind="application/json"))
    with pytest.raises(
        SourceError, match="withdrawn this page on 2016-07-12: It has been superseded by Local area"
    ):
        fetch(source(), client)


@pytest.mark.publisher_files
def test_every_real_page_is_read_as_a_page(
    server: Publisher, client: Client, publisher_files: Path
) -> None:
    # None of these has a list of attachments, so that what is said is that nothing matches.
    pages = sorted((publisher_files / "govuk").glob("*.json"))
    assert len(pages) > 10
    for path in pages:
        content = json.loads(path.read_bytes())
        for listed in [content, *content["links"].get("document_collections", [])]:
            for linked in listed.get("links", {}).get("documents", []):
                server.page(linked["base_path"])
        if content.get("withdrawn_notice"):
            continue
        server.at(f"{API}{PATH}", Reply(path.read_bytes(), kind="application/json"))
        with pytest.raises(SourceError, match="no attachment matches"):
            fetch(source(), client)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"<!DOCTYPE html><html>Sign in</html>", kind="text/html"), "a web page"),
        (Reply(b"", kind="application/json"), "not the content of a page"),
        (Reply(b"[]", kind="application/json"), "not the content of a page"),
        (Reply(b'{"title": "x"', kind="application/json"), "not the content of a page"),
        (Reply(b'{"title": "x"}', kind="application/json"), "not the content of a page"),
        (Reply(b"\xff\xfe", kind="application/json"), "not the content of a page"),
    ],
)
def test_an_answer_that_is_no_page(
    server: Publisher, client: Client, reply: Reply, words: str
) -> None:
    server.at(f"{API}{PATH}", reply)
    with pytest.raises(SourceError, match=words):
        fetch(source(), client)


# --- Editions ----------------------------------------------------------------------------------


def collection(server: Publisher, *links_: dict[str, Any]) -> None:
    server.page(
        PATH,
        document_type="document_collection",
        schema_name="document_collection",
        details={"collection_groups": []},
        links={"documents": list(links_)},
    )


def edition_page(server: Publisher, path: str, filename: str, content: bytes) -> None:
    server.page(
        path,
        [server.attachment(TITLE, filename, content)],
        document_type="official_statistics",
        schema_name="publication",
        updated="2024-12-05T09:30:00Z",
    )


def test_the_newest_edition_of_a_collection(server: Publisher, client: Client) -> None:
    collection(
        server,
        link("/government/statistics/old", "Waste 2021-22", "2022-12-05T09:30:00Z"),
        link("/government/statistics/new", "Waste 2023-24", "2024-12-05T09:30:00Z"),
        link("/government/statistics/mid", "Waste 2022-23", "2023-12-05T09:30:00Z"),
    )
    edition_page(server, "/government/statistics/new", "la.csv", TABLE)
    (document,) = fetch(source(), client)
    assert document.content == TABLE
    assert document.published == date(2024, 12, 5)
    assert len(server.seen) == 3


def test_a_corrected_old_edition_is_not_the_newest(server: Publisher, client: Client) -> None:
    collection(
        server,
        link("/government/statistics/old", "Waste 2021-22", "2025-06-01T09:30:00Z"),
        link("/government/statistics/new", "Waste 2023-24", "2024-12-05T09:30:00Z"),
    )
    edition_page(server, "/government/statistics/old", "la.csv", b"old,old\n1,2\n")
    edition_page(server, "/government/statistics/new", "la.csv", TABLE)
    assert fetch(source(), client)[0].content == TABLE


def test_titles_without_a_period_go_by_their_public_date(server: Publisher, client: Client) -> None:
    collection(
        server,
        link("/government/statistics/old", "Waste", "2023-06-01T09:30:00Z"),
        link("/government/statistics/new", "Waste", "2024-12-05T09:30:00Z"),
        link("/government/statistics/gone", "Waste", "2025-12-05T09:30:00Z", withdrawn=True),
    )
    edition_page(server, "/government/statistics/old", "la.csv", b"old,old\n1,2\n")
    edition_page(server, "/government/statistics/new", "la.csv", TABLE)
    assert fetch(source(), client)[0].content == TABLE


def test_what_else_a_collection_holds_is_passed_over(server: Publisher, client: Client) -> None:
    collection(
        server,
        link("/government/statistics/method", "Quality report 2025", "2025-12-05T09:30:00Z"),
        link("/government/statistics/new", "Waste 2023-24", "2024-12-05T09:30:00Z"),
    )
    server.page(
        "/government/statistics/method", [server.attachment("Quality", "quality.csv", TABLE)]
    )
    edition_page(server, "/government/statistics/new", "la.csv", TABLE)
    assert fetch(source(), client)[0].name == "la.csv"


def test_an_edition_page_leads_to_its_sisters(server: Publisher, client: Client) -> None:
    sisters = [
        link(PATH, "Waste 2022-23", "2023-12-05T09:30:00Z"),
        link("/government/statistics/new", "Waste 2023-24", "2024-12-05T09:30:00Z"),
    ]
    server.page(
        PATH,
        document_type="official_statistics",
        links={"document_collections": [link("/c", "Waste", "2024", links={"documents": sisters})]},
    )
    edition_page(server, "/government/statistics/new", "la.csv", TABLE)
    assert fetch(source(), client)[0].content == TABLE


def test_the_search_goes_one_level_deep_and_ends(server: Publisher, client: Client) -> None:
    paths = [f"/government/statistics/{number}" for number in range(30)]
    many = [
        link(path, f"Waste {1990 + at}-{(91 + at) % 100:02d}", "2024-12-05T09:30:00Z")
        for at, path in enumerate(paths)
    ]
    collection(server, *many)
    for path in paths:
        server.page(path, links={"documents": [link("/deeper", "Waste 2024-25", "2025")]})
    with pytest.raises(SourceError, match="neither on the page nor in its 20 newest editions"):
        fetch(source(), client)
    assert len(server.seen) == 21
    assert not server.asked(f"{API}/deeper")


# --- Sources -----------------------------------------------------------------------------------


def test_direct_documents(server: Publisher) -> None:
    url = server.at("https://files.example.org/v1/la.csv", Reply(TABLE, kind="text/csv"))
    entry = source({"route": "direct", "url": url, "path": None, "title": None})
    with client_for(server) as client:
        (document,) = fetch(entry, client)
    assert (document.name, document.url, document.content) == ("la.csv", url, TABLE)
    assert document.published is None


def test_a_direct_document_without_a_suffix_takes_the_entrys(server: Publisher) -> None:
    url = server.at("https://files.example.org/v1/42", Reply(TABLE))
    with client_for(server) as client:
        assert fetch(source({"route": "direct", "url": url}), client)[0].name == "42.csv"


def test_only_what_is_wanted_and_has_a_route(server: Publisher, client: Client) -> None:
    server.page(PATH, [server.attachment(TITLE, "la.csv", TABLE)])
    entry = source({"id": "one"}, {"id": "two"}, {"id": "old", "route": None})
    assert [d.id for d in fetch(entry, client)] == ["one", "two"]
    assert [d.id for d in fetch(entry, client, only={"two", "old"})] == ["two"]
    assert fetch(entry, client, only=set()) == []
    # A page is asked for once per source.
    assert len(server.asked(f"{API}{PATH}")) == 2


def test_progress_is_told_of_each_document(server: Publisher, client: Client) -> None:
    server.page(PATH, [server.attachment(TITLE, "la.csv", TABLE)])
    told: list[tuple[str, int, int | None]] = []
    fetch(source(), client, progress=lambda *now: told.append(now))
    assert told == [("a-table", len(TABLE), len(TABLE))]


def test_an_attachment_that_stands_elsewhere_is_not_fetched(server: Publisher) -> None:
    url = server.at("https://example.net/la.csv", Reply(TABLE))
    elsewhere = {"attachment_type": "file", "title": TITLE, "filename": "la.csv", "url": url}
    server.page(PATH, [elsewhere])
    with (
        client_for(server) as client,
        pytest.raises(SourceError, match=r"example\.net/la\.csv: .*not the publisher's"),
    ):
        fetch(source(), client)
    assert not server.asked(url)
    with client_for(server, allow=["example.net"]) as client:
        assert fetch(source(), client)[0].content == TABLE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html>Sign in</html>", "a web page"),
        (zipped()[:-40], "cut short"),
    ],
)
def test_a_file_that_is_not_what_its_page_says(
    server: Publisher, client: Client, content: bytes, words: str
) -> None:
    server.page(PATH, [server.attachment(TITLE, "la.ods", content)])
    with pytest.raises(SourceError, match=rf"a-source: la\.ods: .*{words}"):
        fetch(source(), client)


def test_an_unchanged_release_is_not_sent_again(server: Publisher, tmp_path: Path) -> None:
    server.page(PATH, [server.attachment(TITLE, "la.csv", TABLE)])
    for _ in range(2):
        with client_for(server, cache=tmp_path) as client:
            assert fetch(source(), client)[0].content == TABLE
    assert all("If-None-Match" in seen.headers for seen in server.seen[2:])
    assert len(server.seen) == 4
