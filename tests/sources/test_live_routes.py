"""Every source by its live route: its real files, from a server that serves them as GOV.UK would."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pandas as pd
import pytest
from hypothesis import strategies as st

from goldenthread.catalogue import DocumentEntry, SourceEntry, catalogue
from goldenthread.sources import reading
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.route import Attachment, edition, fetch
from tests.sources.server import Publisher, Reply
from tests.sources.test_client import client_for, zipped

SOURCES = [s for s in catalogue().sources.values() if any(e.route for e in s.documents)]
PUBLISHED = "2026-03-26T09:30:00.000+00:00"
#: What stands on the same page beside the tables.
OTHERS = ("Quality and methodology information", "Map of the area", "Pre-release access list")
OLDER, NEWER = "2009 to 2010", "2031 to 2032"

pytestmark = pytest.mark.publisher_files


def newest(documents: Iterable[Document]) -> dict[str, Document]:
    """Of the files that a folder has for each entry, the one a live route would give."""
    best: dict[str, Document] = {}
    for document in documents:
        other = best.get(document.id)
        if other is None or rank(document) > rank(other):
            best[document.id] = document
    return best


def rank(document: Document) -> tuple[object, ...]:
    return (
        str(document.published or ""),
        edition(Attachment("", document.name, "")),
        document.name,
    )


def title_for(entry: DocumentEntry, name: str, others: list[re.Pattern[str]]) -> str:
    """Find a title by which the entry is known, and no other on its page."""
    pattern = re.compile(str(entry.title))
    mine = [r.release for r in entry.releases]
    for title in (name, entry.id.replace("-", " "), *mine):
        if pattern.search(title) and not any(o.search(f"{title} {name}") for o in others):
            return title
    letters = string.ascii_letters + string.digits + " ()-,_.:/'&"
    return hypothesis.find(
        st.from_regex(pattern, alphabet=st.characters(categories=(), include_characters=letters)),
        lambda title: not any(o.search(title) for o in others),
        settings=hypothesis.settings(database=None, max_examples=5000, derandomize=True),
    )


def put_up(server: Publisher, path: str, entries: dict[DocumentEntry, Document]) -> None:
    """Put up a page with the real files among others that must not be chosen."""
    attachments = []
    patterns = {entry.id: re.compile(str(entry.title)) for entry in entries}
    for entry, document in entries.items():
        pattern = patterns[entry.id]
        title = title_for(entry, document.name, [p for i, p in patterns.items() if i != entry.id])
        older, real = (decoy(pattern, title, years) for years in (OLDER, NEWER))
        attachments.append({"attachment_type": "html", "title": title, "url": f"{path}/{entry.id}"})
        if older and real:
            suffix = Path(document.name).suffix
            attachments.append(server.attachment(older, f"{entry.id}{suffix}", b"old"))
        attachments.append(server.attachment(real or title, document.name, document.content))
    for other in OTHERS:
        known = [i for i, p in patterns.items() if p.search(other) or p.search("other.ods")]
        assert not known, f"the title of {known} matches everything"
        attachments.insert(0, server.attachment(other, "other.ods", zipped()))
    server.page(path, attachments, updated=PUBLISHED)


def decoy(pattern: re.Pattern[str], title: str, years: str) -> str:
    """Give an edition's title that is still known; none where the pattern pins another period."""
    if edition(Attachment(title, "", ""))[0].year > 1:
        return ""
    for with_years in (f"{title}, {years}", f"{years}: {title}"):
        if pattern.search(with_years):
            return with_years
    return ""


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


def one_of_each(documents: list[Document], chosen: dict[str, Document]) -> list[Document]:
    """Leave out what a live route does not bring: older files of an entry that has one."""
    return [d for d in documents if d.id not in chosen or d is chosen[d.id]]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_live_route_brings_what_the_folder_holds(
    source: SourceEntry, server: Publisher, publisher_files: Path
) -> None:
    there = in_folder(source, publisher_files)
    live = {entry.id: entry for entry in source.documents if entry.route}
    chosen = {i: d for i, d in newest(there).items() if i in live}
    if not chosen:
        pytest.skip("no file of these documents is at hand")
    pages: dict[str, dict[DocumentEntry, Document]] = {}
    for id_, document in chosen.items():
        if live[id_].route == "govuk":
            pages.setdefault(str(live[id_].path), {})[live[id_]] = document
        else:
            server.at(str(live[id_].url), Reply(document.content, kind="text/plain"))
    for path, entries in pages.items():
        put_up(server, path, entries)

    with client_for(server, read=5, total=60) as client:
        fetched = fetch(source, client, only=set(chosen))

    assert [d.id for d in fetched] == [e.id for e in source.documents if e.id in chosen]
    for document in fetched:
        assert document.sha256 == chosen[document.id].sha256, document.id
        assert document.url.startswith("https://")
        assert Path(document.name).suffix == Path(chosen[document.id].name).suffix
        if live[document.id].route == "govuk":
            assert document.name == chosen[document.id].name
            assert str(document.published) == PUBLISHED[:10]
            assert document.release

    folder = one_of_each(there, chosen)
    brought = {d.id: d for d in fetched}
    # The dates of publication are the page's own; which edition is later must not depend on them.
    mixed = [
        replace(brought[d.id], published=d.published) if d.id in brought else d for d in folder
    ]
    at_hand = {d.id for d in folder}
    measures = [m for m in catalogue().of_source(source.name) if m.origin.document in at_hand]
    reader = reading.reader(source)
    table = reader.read(mixed, measures)
    pd.testing.assert_frame_equal(table, reader.read(folder, measures))
    assert len(table) or not measures
