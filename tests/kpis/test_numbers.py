"""Numbers as people type them, each read for certain or refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.kpis import numbers


def _one(text):
    found = numbers.read([text])
    return found.values[0], found.statuses[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (45, 45),
        (0, 0),
        (0.0, 0),
        ("0", 0),
        ("-0", 0),
        ("45", 45),
        ("45.50", 45.5),
        (".5", 0.5),
        ("1,234", 1234),
        ("12,345,678.9", 12345678.9),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("45%", 45),
        ("45 %", 45),
        ("45 per cent", 45),
        ("45 percent", 45),
        ("£1,200", 1200),
        ("£3.2m", 3_200_000),
        ("£3.2 million", 3_200_000),
        ("3.2bn", 3.2e9),
        ("£12k", 12_000),
        ("-£5", -5),
        ("£-5", -5),
        ("−5", -5),
        ("–5", -5),
        ("+5", 5),
        ("(12)", -12),
        ("(£1,200)", -1200),
        ("12 days", 12),
        ("3.4 working days", 3.4),
        ("1.5e3", 1500),
        ("'45", 45),
        ("  45  ", 45),
        ("45*", 45),
    ],
)
def test_read(text, value):
    found, status = _one(text)
    assert found == value
    assert status == "given"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", ""),
        ("   ", ""),
        (None, ""),
        ("n/a", "not available"),
        ("N/A", "not available"),
        ("-", "not available"),
        ("–", "not available"),
        ("..", "not available"),
        ("TBC", "not available"),
        ("No data", "not available"),
        ("#N/A", "not available"),
        ("[c]", "suppressed"),
        ("<5", "suppressed"),
        ("fewer than 5", "suppressed"),
        ("not applicable", "not applicable"),
        ("[z]", "not applicable"),
        ("~", "negligible"),
    ],
)
def test_a_missing_figure_is_never_a_number(text, status):
    value, said = _one(text)
    assert math.isnan(value)
    assert said == status


@pytest.mark.parametrize(
    ("text", "status"), [("45p", "provisional"), ("45 (r)", "revised"), ("1,234[e]", "estimated")]
)
def test_flags(text, status):
    value, said = _one(text)
    assert value in (45, 1234)
    assert said == status


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("4O", "‘4O’ is not a number; did you mean 40?"),
        ("l2", "did you mean 12?"),
        ("45..5", "did you mean 45.5?"),
        ("45.", None),
        ("1,25", "did you mean 1.25 or 125?"),
        ("1,2345", "did you mean 1.2345 or 12345?"),
        ("1.234,5", "did you mean 1234.5?"),
        ("c. 40", "give one figure, such as 40"),
        (">95%", "give one figure, such as 95%"),
        ("3 of 10", "put 3 in a column ‘Numerator’ and 10 in ‘Denominator’"),
        ("#VALUE!", "something in it is not a number"),
        (
            "lots",
            "‘lots’ is not a number. If there is no figure, leave the cell empty or write n/a",
        ),
        ("=1+1", "‘=1+1’ is not a number"),
        ("nan5", "is not a number"),
        ("inf", "is not a number"),
        ("0x1F", "is not a number"),
        ("1e999", "is not a number"),
        ("१२", "is not a number"),
        ("(12", "is not a number"),
        ("12)", "is not a number"),
        ("1,,234", "is not a number"),
        ("5-10", "is not a number"),
        (True, "‘True’ is not a number"),
    ],
)
def test_what_is_not_a_number_is_refused_with_what_was_meant(text, part):
    found = numbers.read([text])
    if part is None:
        assert found.values[0] == 45
        return
    ((message, where),) = found.wrong.values()
    assert part in message
    assert where.tolist() == [0]
    assert math.isnan(found.values[0])
    assert found.statuses[0] == "unreadable"


def test_a_number_without_end_is_missing():
    value, status = _one(float("inf"))
    assert math.isnan(value)
    assert status == "not available"


@given(st.lists(st.one_of(st.floats(allow_nan=False), st.text(max_size=12), st.none())))
def test_every_cell_has_a_value_or_a_reason(cells):
    found = numbers.read(cells)
    known = found.values == found.values
    assert not (set(found.statuses[known]) - {"given", "provisional", "revised", "estimated"})
    assert not (set(found.statuses[~known]) & {"given", "provisional", "revised", "estimated"})
    wrong = {int(at) for _, where in found.wrong.values() for at in where}
    assert wrong == {at for at, status in enumerate(found.statuses) if status == "unreadable"}


@given(st.floats(min_value=-1e12, max_value=1e12).map(lambda v: round(v, 3)))
def test_what_a_spreadsheet_writes_is_read_back(value):
    assert _one(f"{value:,.3f}")[0] == pytest.approx(value)
    assert _one(repr(value))[0] == value
