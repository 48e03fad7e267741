"""Periods: every style the publishers write, and nothing that is only like one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread import periods
from goldenthread.periods import MONTHS, YEARS, Period, PeriodError, mark, parse

years = st.integers(min_value=1950, max_value=2090)
months = st.integers(min_value=1, max_value=12)


def span(period: Period) -> tuple[str, str, str]:
    return str(period.start), str(period.end), period.label


@pytest.mark.parametrize(
    ("text", "habit", "start", "end", "label"),
    [
        ("2023", "calendar", "2023-01-01", "2023-12-31", "2023"),
        ("2023.0", "calendar", "2023-01-01", "2023-12-31", "2023"),
        ("2023", "financial", "2023-04-01", "2024-03-31", "2023/24"),
        ("2023", "academic", "2023-09-01", "2024-08-31", "2023/24 school year"),
        ("2023", "mid", "2023-06-30", "2023-06-30", "mid-2023"),
        ("2023", "31 March", "2023-03-31", "2023-03-31", "31 March 2023"),
        ("2023", "year ending March", "2022-04-01", "2023-03-31", "Year ending March 2023"),
        ("2022-23", "financial", "2022-04-01", "2023-03-31", "2022/23"),
        ("2022/23", "financial", "2022-04-01", "2023-03-31", "2022/23"),
        ("2022–23", "financial", "2022-04-01", "2023-03-31", "2022/23"),
        ("2022_23", "financial", "2022-04-01", "2023-03-31", "2022/23"),
        ("2022 / 2023", "financial", "2022-04-01", "2023-03-31", "2022/23"),
        ("2022-2023", "financial", "2022-04-01", "2023-03-31", "2022/23"),
        ("2022 to 2023", "financial", "2022-04-01", "2023-03-31", "2022/23"),
        ("202223", "financial", "2022-04-01", "2023-03-31", "2022/23"),
        ("202223", "academic", "2022-09-01", "2023-08-31", "2022/23 school year"),
        ("202223", "31 March", "2023-03-31", "2023-03-31", "31 March 2023"),
        ("1999-00", "financial", "1999-04-01", "2000-03-31", "1999/00"),
        ("199900", "financial", "1999-04-01", "2000-03-31", "1999/00"),
        ("2001 - 03", "calendar", "2001-01-01", "2003-12-31", "2001 to 2003"),
        ("2017/18", "calendar", "2017-01-01", "2018-12-31", "2017 to 2018"),
        ("1999 - 01", "calendar", "1999-01-01", "2001-12-31", "1999 to 2001"),
        ("2025-06", "calendar", "2025-06-01", "2025-06-30", "June 2025"),
        ("2024-02", "financial", "2024-02-01", "2024-02-29", "February 2024"),
        ("2022-12", "calendar", "2022-12-01", "2022-12-31", "December 2022"),
        ("2023-02-28", "calendar", "2023-02-28", "2023-02-28", "28 February 2023"),
        ("2023-02-28T00:00:00", "calendar", "2023-02-28", "2023-02-28", "28 February 2023"),
        ("2001-01-01/P1Y", "calendar", "2001-01-01", "2001-12-31", "2001"),
        ("2022-01-01/P3Y", "calendar", "2022-01-01", "2024-12-31", "2022 to 2024"),
        ("2002-04-01/P1Y", "calendar", "2002-04-01", "2003-03-31", "2002/03"),
        ("2002-09-01/P12M", "calendar", "2002-09-01", "2003-08-31", "2002/03 school year"),
        ("2022-10-01/P3M", "calendar", "2022-10-01", "2022-12-31", "October to December 2022"),
        ("31 March 2025", "calendar", "2025-03-31", "2025-03-31", "31 March 2025"),
        ("1st Apr 2025", "calendar", "2025-04-01", "2025-04-01", "1 April 2025"),
        ("Sept 2025", "calendar", "2025-09-01", "2025-09-30", "September 2025"),
        ("Sep-2025", "calendar", "2025-09-01", "2025-09-30", "September 2025"),
        ("Oct-Dec 2022", "calendar", "2022-10-01", "2022-12-31", "October to December 2022"),
        ("Oct 2021 - Sep 2022", "calendar", "2021-10-01", "2022-09-30", "Year ending September 2022"),
        ("Dec-Feb 2022", "calendar", "2021-12-01", "2022-02-28", "December 2021 to February 2022"),
        ("Year ending June 2025", "mid", "2024-07-01", "2025-06-30", "Year ending June 2025"),
        ("12 months ended March 2025", "mid", "2024-04-01", "2025-03-31", "Year ending March 2025"),
        ("mid-2023", "calendar", "2023-06-30", "2023-06-30", "mid-2023"),
        ("Q4 2022", "financial", "2022-10-01", "2022-12-31", "October to December 2022"),
        ("2022 Q1", "calendar", "2022-01-01", "2022-03-31", "January to March 2022"),
        ("Autumn 2022", "calendar", "2022-10-01", "2022-11-30", "Autumn 2022"),
        ("  2022 - 23 ", "financial", "2022-04-01", "2023-03-31", "2022/23"),
    ],
)  # fmt: skip
def test_styles(text: str, habit: str, start: str, end: str, label: str) -> None:
    assert span(parse(text, habit)) == (start, end, label)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        "Total",
        "23",
        "22/23",
        "0225",
        "1023",
        "3023",
        "20234",
        "202225",
        "2023-2021",
        "2023 - 12",
        "2022-23-24",
        "2022/2",
        "2023-13",
        "2023-00",
        "2023-02-30",
        "0000-01-01",
        "0225-03-31",
        "2022-01-01/P0Y",
        "2022-01-01/P0D",
        "2022-01-01/P99999Y",
        "2022-01-01/P999999999D",
        "9999-12-01/P1M",
        "2022-01-01/P1W",
        "31 February 2023",
        "31 March 0225",
        "May 0000",
        "Mid 0000",
        "Year ending May 0000",
        "M 2022",
        "Ma 2022",
        "Octember 2022",
        "Q5 2022",
        "Q0 2022",
        "spring 2022",
        "2022 provisional",
        "２０２２",
        "2022\u00a0?",
        "Dec 2022 to Feb 2022",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    for habit in YEARS:
        with pytest.raises(PeriodError):
            parse(text, habit)


def test_a_span_that_its_habit_cannot_be() -> None:
    with pytest.raises(PeriodError, match="spans several years"):
        parse("2020-23", "academic")


def test_a_habit_that_is_not_known() -> None:
    with pytest.raises(PeriodError, match=r"no such way.*'fiscal'.*calendar"):
        parse("2023", "fiscal")


@given(st.text(max_size=30), st.sampled_from(sorted(YEARS)))
def test_any_text_is_read_or_refused(text: str, habit: str) -> None:
    try:
        period = parse(text, habit)
    except PeriodError:
        return
    assert period.start <= period.end


@given(
    st.from_regex(
        r"(Q?\d{1,4}|[A-Z][a-z]{2,8}|Year ending|mid)([-/ ]| to )(\d{1,6}|[A-Z][a-z]{2})"
        r"([-/ ]\d{1,4})?(/P\d{1,9}[YMD])?",
        fullmatch=True,
    ),
    st.sampled_from(sorted(YEARS)),
)
def test_what_looks_like_a_period_is_read_or_refused(text: str, habit: str) -> None:
    try:
        period = parse(text, habit)
    except PeriodError:
        return
    assert date(1801, 1, 1) <= period.start <= period.end < date(2101, 1, 1)


@given(years, months)
def test_a_month_ends_on_the_day_before_the_next(year: int, number: int) -> None:
    end = periods.month_end(year, number)
    assert (end.year, end.month) == (year, number)
    assert (end + timedelta(days=1)).day == 1


@given(years, months)
def test_months_and_days_are_read_as_they_are_labelled(year: int, number: int) -> None:
    for period in (
        periods.month(year, number),
        periods.year_ending(year, number),
        periods.day(periods.month_end(year, number)),
        periods.quarter(year, number),
    ):
        again = parse(period.label)
        assert (again.start, again.end) == (period.start, period.end)


@given(years)
def test_years_are_read_as_they_are_labelled(year: int) -> None:
    assert parse(periods.financial_year(year).label, "financial") == periods.financial_year(year)
    assert parse(periods.calendar_year(year).label) == periods.calendar_year(year)
    assert parse(periods.mid_year(year).label) == periods.mid_year(year)
    spread = periods.calendar_years(year, year + 2)
    assert parse(spread.label) == spread


@given(years, st.sampled_from([h for h in YEARS if h != "calendar"]))
def test_every_way_of_writing_two_years_is_the_same(year: int, habit: str) -> None:
    short = f"{(year + 1) % 100:02d}"
    ways = [f"{year}-{short}", f"{year}/{short}", f"{year}-{year + 1}", f"{year}{short}",
            f"{year} to {year + 1}", f"{year}–{short}"]  # fmt: skip
    assert len({parse(way, habit) for way in ways}) == 1


@given(years, st.sampled_from(["financial", "academic"]))
def test_years_follow_one_another_without_a_gap(year: int, habit: str) -> None:
    assert parse(str(year), habit).end + timedelta(days=1) == parse(str(year + 1), habit).start


@given(years, months, st.integers(min_value=1, max_value=40))
def test_iso_spans_are_as_long_as_they_say(year: int, number: int, length: int) -> None:
    period = parse(f"{year}-{number:02d}-01/P{length}M")
    covered = (period.end.year - year) * 12 + period.end.month - number + 1
    assert (period.start, covered) == (date(year, number, 1), length)
    days = parse(f"{year}-{number:02d}-01/P{length}D")
    assert (days.end - days.start).days + 1 == length


@pytest.mark.parametrize(
    ("text", "bare", "status"),
    [
        ("2024", "2024", "published"),
        ("2024 (Rev)", "2024", "revised"),
        ("2024 (prov)", "2024", "provisional"),
        ("2024 prov.", "2024", "provisional"),
        ("2022-23 [provisional]", "2022-23", "provisional"),
        ("2022-23 [r]", "2022-23", "revised"),
        ("2022-23 r", "2022-23", "revised"),
        ("2022-23 P", "2022-23", "provisional"),
        ("2022-23 (final)", "2022-23", "published"),
        ("  2022-23   Revised ", "2022-23", "revised"),
        ("September", "September", "published"),
        ("Sep", "Sep", "published"),
        ("April", "April", "published"),
        ("", "", "published"),
    ],
)
def test_marks_are_split_off(text: str, bare: str, status: str) -> None:
    assert mark(text) == (bare, status)


@given(years, months)
def test_no_mark_is_found_where_there_is_none(year: int, number: int) -> None:
    for text in (f"{year}", f"{year}/{year % 100:02d}", f"{MONTHS[number - 1]} {year}"):
        assert mark(text) == (text, "published")
