"""Periods in the styles in which people write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.kpis import times
from goldenthread.periods import PeriodError, quarter

QUARTER = [
    "Q1 2024/25", "2024-25 Q1", "Apr–Jun 2024", "2024 Q2", "Q1 24/25", "Q1 2024-2025", "2024/25 Q1", "q1 2024/25",
    "Quarter 1 2024/25", "Qtr 1 2024/25", "2024/25 Quarter 1", "Q1 FY24/25", "Q1 FY 2024/25",
    "1st quarter 2024/25", "First quarter 2024/25", "Q1 (Apr-Jun) 2024/25", "Q1 2024/25 (Apr-Jun)",
    "April to June 2024", "Apr - Jun 2024", "April–June 2024/25", "Apr-Jun 24", "Q2 2024",
    "Quarter ending June 2024", "Q1, 2024/25", "Q1: 2024/25", "2024–25 Q1", "Q1  2024/25 ",
]  # fmt: skip
MONTH = [
    "April 2024", "Apr 2024", "Apr-24", "Apr 24", "Apr '24", "Apr’24", "APR-2024", "2024-04", "April 2024/25",
    "Month ending April 2024", "Apr. 2024",
]  # fmt: skip


@pytest.mark.parametrize("text", QUARTER)
def test_quarters(text):
    assert times.read(text).period == quarter(2024, 4)


@pytest.mark.parametrize("text", MONTH)
def test_months(text):
    period = times.read(text).period
    assert (period.start, period.end) == (dt.date(2024, 4, 1), dt.date(2024, 4, 30))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2024/25", "2024/25"),
        ("2024-25", "2024/25"),
        ("FY 2024/25", "2024/25"),
        ("24/25", "2024/25"),
        ("2024", "2024"),
        ("Year ending March 2025", "Year ending March 2025"),
        ("Q4 2024/25", "January to March 2025"),
        ("Jan 2024/25", "January 2025"),
        ("H1 2024/25", "April to September 2024"),
        ("H2 2024/25", "October 2024 to March 2025"),
        ("01/04/2024", "1 April 2024"),
        ("1.4.24", "1 April 2024"),
        ("2024-04-01", "1 April 2024"),
        ("31 March 2025", "31 March 2025"),
        ("mid-2023", "mid-2023"),
    ],
)
def test_other_periods(text, label):
    assert times.read(text).period.label == label


@pytest.mark.parametrize(
    ("text", "year", "label"),
    [
        ("Q1", "2024/25", "April to June 2024"),
        ("Q4", "2024-25", "January to March 2025"),
        ("Apr", "2024/25", "April 2024"),
        ("March", "2024–25", "March 2025"),
        ("Apr-Jun", "2024", "April to June 2024"),
        # What says its own year keeps it.
        ("Q1 2023/24", "2024/25", "April to June 2023"),
    ],
)
def test_the_year_may_stand_elsewhere(text, year, label):
    assert times.read(text, year).period.label == label


def test_one_year_alone_is_said_to_be_the_calendars():
    told = times.read("2024 Q2")
    assert "write it as Q2 2024/25" in told.note
    assert times.read("Q1 2024/25").note == ""


def test_months_beside_a_quarter_say_which_one_it_is():
    assert times.read("Q1 (Apr-Jun) 2024").period.label == "April to June 2024"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "there is no period here"),
        ("Q5 2024/25", "there is no quarter 5"),
        ("Q1 2024/26", "did you mean 2024/25?"),
        ("Q1", "it has no year"),
        ("April", "it has no year"),
        ("Agust 2024", "did you mean August 2024?"),
        ("Setpember 2024", "did you mean September 2024?"),
        ("soon", "Write it as Q1 2024/25"),
        ("1", "Write it as Q1 2024/25"),
        ("31/02/2024", "is not a period"),
        ("13/13/2024", "is not a period"),
        ("Q1 (Jul-Sep) 2024/25", "is not a period"),
        ("Q1 target 2024/25 revised", "is not a period"),
        ("0225", "is not a period"),
        ("-", "is not a period"),
    ],
)
def test_what_is_no_period_is_refused_with_what_to_write(text, part):
    with pytest.raises(PeriodError, match=part.replace("?", r"\?")):
        times.read(text)


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_a_refusal(text):
    try:
        period = times.read(text).period
    except PeriodError:
        return
    assert period.start <= period.end


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (["2024-04-01", "2024-05-01"], ["April 2024", "May 2024"]),
        (["2024-04-01", "2024-07-01"], ["April to June 2024", "July to September 2024"]),
        (["2024-06-30", "2024-09-30"], ["April to June 2024", "July to September 2024"]),
        (["2023-04-01", "2024-04-01"], ["2023/24", "2024/25"]),
        (["2024-03-31", "2025-03-31"], ["2023/24", "2024/25"]),
        (["2024-01-01", "2025-01-01"], ["2024", "2025"]),
        (["2024-04-01"], ["April 2024"]),
        (["2024-04-03", "2024-04-10"], ["3 April 2024", "10 April 2024"]),
    ],
)
def test_what_days_stand_for(days, labels):
    found = times.spans([dt.date.fromisoformat(day) for day in days])
    assert [period.label for period in found.values()] == labels
