"""Cells: a number is a number, a mark keeps its kind, and nothing is taken for the other."""

from __future__ import annotations

import math
from datetime import date, datetime, time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.observations import MISSING
from goldenthread.sources.cells import MARKS, numbers
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError

HERE = Document("a-source", "a-table", "table.ods", b"x", date(2026, 1, 1))


def one(cell: object, **options: object) -> tuple[float, str]:
    values, statuses = numbers(pd.Series([cell], dtype=object), HERE, **options)  # type: ignore[arg-type]
    return values.iloc[0].item(), statuses.iloc[0]


@pytest.mark.parametrize(
    ("cell", "value", "status"),
    [
        ("0", 0, "published"),
        (0, 0, "published"),
        ("0.0", 0, "published"),
        ("15,974 ", 15974, "published"),
        ("1,234,567.5", 1234567.5, "published"),
        ("-1,234", -1234, "published"),
        ("£1,250", 1250, "published"),
        ("-£5", -5, "published"),
        ("£-5", -5, "published"),
        ("£ 5", 5, "published"),
        ("31.5%", 31.5, "published"),
        ("31.5 %", 31.5, "published"),
        (".5", 0.5, "published"),
        ("5.", 5, "published"),
        ("5e3", 5000, "published"),
        ("1.5E+05", 150000, "published"),
        ("2E-3", 0.002, "published"),
        ("17 [r]", 17, "revised"),
        ("17r", 17, "revised"),
        ("17 (p)", 17, "provisional"),
        ("17 [r2]", 17, "revised"),
        ("17e", 17, "estimated"),
        ("1,250 [e]", 1250, "estimated"),
        ("\u00a017\u00a0", 17, "published"),
        (np.int64(3), 3, "published"),
        (np.float32(0.5), 0.5, "published"),
    ],
)
def test_numbers(cell: object, value: float, status: str) -> None:
    assert one(cell) == (value, status)


@pytest.mark.parametrize("mark", MARKS)
def test_marks_keep_their_kind_in_any_dress(mark: str) -> None:
    for cell in (mark, mark.upper(), f" {mark}\u00a0"):
        value, status = one(cell)
        assert math.isnan(value)
        assert status == MARKS[mark]
    assert MARKS[mark] in MISSING


@pytest.mark.parametrize("cell", [None, float("nan"), pd.NA, pd.NaT, "", "  "])
def test_an_empty_cell_is_not_a_zero(cell: object) -> None:
    value, status = one(cell)
    assert math.isnan(value)
    assert status == "not available"


def test_a_publisher_may_mean_something_else_by_a_mark() -> None:
    assert one("-", marks={"-": "negligible"})[1] == "negligible"
    assert one("", marks={"": "not provided"})[1] == "not provided"
    plain = numbers(pd.Series([1.0, None]), HERE, marks={"": "not provided"})
    assert plain[1].tolist() == ["published", "not provided"]


@pytest.mark.parametrize(
    "cell",
    [
        "1,25",
        "1,2,3",
        "10,00",
        "1,,234",
        ",5",
        "5,",
        "1,234.5,6",
        "1234,567",
        "1.2.3",
        "--5",
        "+5",
        "$5",
        "£",
        "%",
        ",",
        ".5.",
        "1 234",
        "(5)",
        "[5]",
        "<5",
        "5+",
        "5*",
        "5 [p] [r]",
        "£1.5m",
        "1e400",
        "inf",
        "Infinity",
        "nan",
        "NaN",
        "٣",
        "0x10",
        "1_000",
        "[c]1",
        "Total",
        "-.",
        True,
        float("inf"),
        date(2020, 1, 1),
        datetime(2020, 1, 1),
        time(8, 4),
    ],
)
def test_what_is_neither_is_refused_where_it_stands(cell: object) -> None:
    cells = pd.Series(["1", "[x]", cell, "2"], index=[5, 6, 9, 10], dtype=object)
    with pytest.raises(SourceError) as caught:
        numbers(cells, HERE, sheet="Table_3", column="rate")
    error = caught.value
    assert (error.file, error.sheet, error.row, error.column) == (
        "table.ods",
        "Table_3",
        9,
        "rate",
    )
    assert error.found == str(cell)


def test_the_first_wrong_cell_is_named() -> None:
    with pytest.raises(SourceError, match=r"row 2.*found 'a'"):
        numbers(pd.Series(["1", "a", "b", "a"], index=[1, 2, 3, 4]), HERE)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (pd.Series([1, 2]), [1.0, 2.0]),
        (pd.Series([1, None], dtype="Int64"), [1.0, None]),
        (pd.Series(["1", None], dtype="string"), [1.0, None]),
        (pd.Series([], dtype=object), []),
        (pd.Series(["1", "1", "2"], dtype="category"), [1.0, 1.0, 2.0]),
    ],
)
def test_columns_of_any_type(cells: pd.Series, values: list[float | None]) -> None:
    read, statuses = numbers(cells, HERE)
    assert [None if math.isnan(v) else v for v in read] == values
    assert statuses.tolist() == ["published" if v is not None else "not available" for v in values]
    assert read.dtype == float


def test_a_column_of_numbers_may_not_hold_infinity() -> None:
    with pytest.raises(SourceError, match="without end"):
        numbers(pd.Series([1.0, np.inf]), HERE)


def test_a_column_of_truths_is_no_column_of_numbers() -> None:
    with pytest.raises(SourceError):
        numbers(pd.Series([True, False]), HERE)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_number_comes_through_however_it_is_written(number: float) -> None:
    assert one(number)[0] == number
    assert one(repr(number))[0] == number
    assert one(f"{number:.15e}")[0] == pytest.approx(number)
    assert one(f"{number:,.3f}")[0] == pytest.approx(number, abs=0.001)
    assert one(f"{number:,.3f} [p]") == (pytest.approx(number, abs=0.001), "provisional")


@given(st.text(max_size=12))
def test_any_text_is_a_number_a_mark_or_refused(text: str) -> None:
    try:
        value, status = one(text)
    except SourceError:
        return
    assert math.isnan(value) == (status in MISSING)
    assert not math.isinf(value)


@given(st.lists(st.sampled_from(["1", "0", "[c]", ":", "2.5", "", "1,000", "3 r"]), max_size=40))
def test_a_column_is_read_as_its_cells_are(cells: list[str]) -> None:
    index = range(7, 7 + len(cells))
    values, statuses = numbers(pd.Series(cells, index=index, dtype=object), HERE)
    assert list(values.index) == list(index)
    for cell, value, status in zip(cells, values, statuses, strict=True):
        alone = one(cell)
        assert status == alone[1]
        assert value == alone[0] or (math.isnan(value) and math.isnan(alone[0]))
