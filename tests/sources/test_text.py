"""CSV files as publishers really write them, and as they should never be taken."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError
from goldenthread.sources.text import decode, frame


def document(content: bytes, name: str = "table.csv") -> Document:
    return Document("a-source", "a-table", name, content, date(2026, 1, 1))


def rows(content: bytes, *, name: str = "table.csv") -> dict[int, list[str]]:
    table = frame(document(content, name), ["area", "value"])
    return {int(at): [str(cell) for cell in row] for at, row in zip(table.index, table.to_numpy())}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"area,value\nx,1\n", {2: ["x", "1"]}),
        (b"area,value\nx,1", {2: ["x", "1"]}),
        (b"\xef\xbb\xbfarea,value\nx,1\n", {2: ["x", "1"]}),
        (b"area,value\r\nx,1\r\ny,2\r\n", {2: ["x", "1"], 3: ["y", "2"]}),
        (b"value,area\n1,x\n", {2: ["x", "1"]}),
        (b"  area , value\nx,1\n", {2: ["x", "1"]}),
        (b"area,other,value\nx,9,1\n", {2: ["x", "1"]}),
        (b"area,value,,\nx,1,,\n", {2: ["x", "1"]}),
        (b"area,note,value,note\nx,a,1,b\n", {2: ["x", "1"]}),
        (b"A table of things\n\narea,value\nx,1\n", {4: ["x", "1"]}),
        (b'"A table, ""of"" things"\narea,value\nx,1\n', {3: ["x", "1"]}),
        (b"area,value\nx,1\n\n\ny,2\n", {2: ["x", "1"], 5: ["y", "2"]}),
        (b"area,value\r\n\r\nx,1\r\n\r\n", {3: ["x", "1"]}),
        (b"area,value\nNA,null\nNaN,\n", {2: ["NA", "null"], 3: ["NaN", ""]}),
        (b"area,value\n007,1.50\n", {2: ["007", "1.50"]}),
        (b'area,value\n"a ""b"", c",1\n', {2: ['a "b", c', "1"]}),
        ("area,value\nCôte £,1\n".encode(), {2: ["Côte £", "1"]}),
        ("area,value\nCôte £,1\n".encode("cp1252"), {2: ["Côte £", "1"]}),
        ("area,value\n‘quoted’ – dash,1\n".encode("cp1252"), {2: ["‘quoted’ – dash", "1"]}),
    ],
)
def test_what_publishers_write(content: bytes, expected: dict[int, list[str]]) -> None:
    assert rows(content) == expected


def test_a_cell_may_hold_a_line_break() -> None:
    assert list(rows(b'area,value\n"a\nb",1\nc,2\n').values()) == [["a\nb", "1"], ["c", "2"]]


def test_a_header_may_be_a_number() -> None:
    table = frame(document(b"area,2021,2022.0,01\nx,1,2,3\n"), ["area", "2021", "2022.0", "01"])
    assert table.to_numpy().tolist() == [["x", "1", "2", "3"]]


def test_optional_columns_may_be_there_or_not() -> None:
    table = frame(document(b"area,value,note\nx,1,z\n"), ["area"], optional=["note", "flag"])
    assert list(table) == ["area", "note"]


def test_a_gzip_is_read_through() -> None:
    assert rows(gzip.compress(b"area,value\nx,1\n"), name="table.csv.gz") == {2: ["x", "1"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "a column is missing; expected 'area'"),
        (b"area,value", "no rows below the header"),
        (b"area,value\n", "no rows below the header"),
        (b"area,value\n\n\n", "no rows below the header"),
        (b"area,values\nx,1\n", "row 1: a column is missing; expected 'value'; nearest: 'values'"),
        (b"Area,value\nx,1\n", "expected 'area'; nearest: 'Area'"),
        (b"area;value\nx;1\n", "expected 'area'; nearest: 'area;value'"),
        (b"preamble\n\narea\nx\n", "row 3: a column is missing; expected 'value'"),
        (b"x\n" * 40 + b"area,value\nx,1\n", "a column is missing"),
        (b"area,value,value\nx,1,2\n", "row 1, column 'value': several columns have the same"),
        (b"area,value\nx,1,2\n", "the lines do not fit the header"),
        (b"area,value\nx\n", "the lines do not fit the header"),
        (b"area,value\nx,1\nSource: somebody\n", "the lines do not fit the header"),
        (b'area,value\n"x,1\ny,2\n', "the lines do not fit the header"),
        (b"area,value\nx\x81,1\n", "neither UTF-8 nor Windows-1252"),
        ("area,value\nCôte £,1\nDôme".encode()[:-3], "the lines|UTF-8, but broken"),
        ("area,value\nCôte £,1\ny,".encode() + b"\xa3\n", "UTF-8, but broken"),
        ("area,value\nCôte,1\ny,£".encode()[:-1], "UTF-8, but broken"),
    ],
)
def test_what_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        rows(content)
    assert str(caught.value).startswith("a-source: table.csv")


@pytest.mark.parametrize("at", [5, -4])
def test_a_gzip_that_is_cut_or_false(at: int) -> None:
    whole = gzip.compress(b"area,value\nx,1\n" * 50)
    with pytest.raises(SourceError, match="gzip"):
        decode(document(whole[:at], "table.csv.gz"))


cells = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\0\r\n", exclude_categories=("Cs",)),
    max_size=12,
)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=12))
def test_what_is_written_is_read(table: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([("area", "value"), *table])
    assert list(rows(out.getvalue().encode()).values()) == [list(row) for row in table]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        table = frame(document(b"area,value\n" + content), ["area", "value"])
    except SourceError:
        return
    assert len(table)
    assert list(table) == ["area", "value"]


@pytest.mark.publisher_files
def test_a_real_file_with_a_preamble_in_windows_1252(publisher_files: Path) -> None:
    path = publisher_files / "ons" / "subnational-indicators-2021.csv"
    text = decode(document(path.read_bytes(), path.name))
    assert "\ufffd" not in text
    assert "Â" not in text
