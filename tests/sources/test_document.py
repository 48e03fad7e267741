"""Documents that are not what their names say."""

from __future__ import annotations

import gzip
import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.catalogue import SourceEntry
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError


def document(name: str, content: bytes) -> Document:
    return Document("a-source", "a-table", name, content, date(2026, 1, 1))


def archive(**members: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return whole.getvalue()


ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", content="<table/>" * 900)
PAGE = b"<!DOCTYPE html>\n<html lang='en'><head><title>Sign in</title></head></html>"
LFS = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.csv", b"", "the file is empty"),
        ("t.ods", b"", "the file is empty"),
        ("t.csv", b"\xef\xbb\xbf", "the file is empty"),
        ("t.csv", b" \r\n\t\n", "the file is empty"),
        ("t.csv", PAGE, "a web page"),
        ("t.ods", PAGE, "a web page"),
        ("t.parquet", PAGE, "a web page"),
        ("t.json", b"\xef\xbb\xbf\n" + PAGE.lower(), "a web page"),
        ("t.csv", b"<!doctype html><title>Sign in</title>", "a web page"),
        ("t.csv", b"<?xml version='1.0'?>\n<html xmlns='x'></html>", "a web page"),
        ("t.csv", b"<!-- " + b"x" * 900 + b" --><HTML></HTML>", "a web page"),
        ("t.csv", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "markup came"),
        ("t.csv", LFS, "a pointer to a file"),
        ("t.ods", LFS, "a pointer to a file"),
        ("t.xlsx", b"../../.git/annex/objects/0x/Vv/SHA256E-s1--4d.xlsx", "a pointer"),
        ("t.csv", b".git/annex/objects/0x/Vv/SHA256E-s1--4d.csv", "a pointer"),
        ("t.csv", b"/annex/objects/SHA256E-s1--4d.csv\n", "a pointer"),
        ("t.ods", ODS[: len(ODS) // 2], "cut short"),
        ("t.ods", ODS[:-1], "cut short"),
        ("t.ods", ODS[:2], "cut short"),
        ("t.xlsx", ODS[10:], "not a workbook"),
        ("t.xlsx", b"PK\x05\x06" + b"\0" * 18, "nothing in it"),
        ("t.ods", b"a,b,c\n1,2,3\n", "not a workbook.*found 'a,b,c"),
        ("t.ods", b"%PDF-1.7\n", "not a workbook.*found 'a PDF'"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not a workbook.*locked with a password"),
        ("t.xls", ODS, "not a whole Excel 97 file.*a zip archive"),
        ("t.parquet", b"PAR1" + b"\0" * 100, "not a whole Parquet file"),
        ("t.csv.gz", b"a,b\n", "not a whole gzip file"),
        ("t.csv", ODS, "a zip archive or a workbook came where text"),
        ("t.csv", b"%PDF-1.7\n", "a PDF came where text"),
        ("t.csv", gzip.compress(b"a,b\n1,2\n", mtime=0), "a gzip archive came where text"),
        ("t.tsv", b"a\tb\n1\t\x002\n", "binary content"),
        ("t.csv", "a,b\n1,2\n".encode("utf-16"), "binary content"),
    ],
)
def test_is_refused_and_named(name: str, content: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        document(name, content).check()
    assert str(caught.value).startswith(f"a-source: {name}: ")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", b"a,b\n1,2\n"),
        ("t.csv", b"\xef\xbb\xbfa,b\n1,2\n"),
        ("t.csv", "area,£\nHull,1\n".encode("cp1252")),
        ("t.csv", b"note: see <html> in the guidance\n"),
        ("t.csv", b"../ is one level up\n" + b"x" * 2000),
        ("t.ods", ODS),
        ("T.ODS", ODS),
        ("t.html", PAGE),
        ("t.json", b'{"a": 1}'),
        ("t.csv.gz", gzip.compress(b"a,b\n", mtime=0)),
        ("t.parquet", b"PAR1" + b"\0" * 100 + b"PAR1"),
    ],
)
def test_is_what_it_says(name: str, content: bytes) -> None:
    one = document(name, content)
    assert one.check() is one


@given(st.integers(min_value=0, max_value=len(ODS) - 1))
def test_no_cut_passes_for_a_whole_workbook(at: int) -> None:
    with pytest.raises(SourceError):
        document("t.ods", ODS[:at]).check()


@given(
    st.binary(max_size=2000),
    st.sampled_from(["t.csv", "t.ods", "t.xlsx", "t.xls", "t.parquet", "t.gz", "t.json", "t", ""]),
)
def test_any_bytes_are_either_passed_or_refused_and_nothing_else(content: bytes, name: str) -> None:
    with suppress(SourceError):
        assert document(name, content).check().content


def test_the_digest_is_of_the_content() -> None:
    assert document("t.csv", b"abc").sha256 == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


SOURCE = SourceEntry.model_validate(
    {
        "name": "a-source",
        "title": "A release",
        "publisher": "A department",
        "page": "https://www.gov.uk/x",
        "reader": "a_reader",
        "documents": [
            {
                "id": "second",
                "files": ["b*.csv"],
                "route": None,
                "releases": [{"file": "b2.csv", "release": "2024-25", "published": "2025-12-01"}],
            },
            {"id": "first", "files": ["a.csv", "a*.csv"], "route": None},
        ],
    }
)


def test_finds_documents_below_a_folder(tmp_path: Path) -> None:
    for name in ("deep/b2.csv", "b1.csv", "deep/er/a.csv", "c.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    found = in_folder(SOURCE, tmp_path)
    # In the order of the entries; a file that two patterns match is there once.
    assert [(d.id, d.name) for d in found] == [
        ("second", "b1.csv"),
        ("second", "b2.csv"),
        ("first", "a.csv"),
    ]
    assert (found[1].release, found[1].published) == ("2024-25", date(2025, 12, 1))
    assert (found[0].release, found[0].published) == ("", None)
    assert [d.name for d in in_folder(SOURCE, tmp_path, only={"first"})] == ["a.csv"]
    assert in_folder(SOURCE, tmp_path, only=set()) == []


def test_a_bad_file_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(PAGE)
    with pytest.raises(SourceError, match=r"a-source: b\.csv: a web page"):
        in_folder(SOURCE, tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        in_folder(SOURCE, tmp_path / "nowhere")
