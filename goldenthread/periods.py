"""When a figure is for: the styles in which publishers write a period, read or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH: Final = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}


class PeriodError(ValueError):
    """Text that is not a period in any style known here."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days with the words readers know it by."""

    start: date
    end: date
    label: str


def month_end(year: int, month: int) -> date:
    """Give the last day of a month.

    Examples
    --------
    >>> month_end(2024, 2)
    datetime.date(2024, 2, 29)
    """
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _twelve_months(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), month_end(year + (month > 1), (month - 2) % 12 + 1)


def _span(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def financial_year(year: int) -> Period:
    """Give the financial year that starts in April of `year`.

    Examples
    --------
    >>> financial_year(2022).label
    '2022/23'
    """
    return Period(*_twelve_months(year, 4), _span(year))


def academic_year(year: int) -> Period:
    """Give the school year that starts in September of `year`.

    Examples
    --------
    >>> academic_year(2022).end
    datetime.date(2023, 8, 31)
    """
    return Period(*_twelve_months(year, 9), f"{_span(year)} school year")


def calendar_year(year: int) -> Period:
    """Give the calendar year.

    Examples
    --------
    >>> calendar_year(2023).label
    '2023'
    """
    return Period(*_twelve_months(year, 1), str(year))


def calendar_years(first: int, last: int) -> Period:
    """Give several calendar years taken together.

    Examples
    --------
    >>> calendar_years(2021, 2023).label
    '2021 to 2023'
    """
    if first == last:
        return calendar_year(first)
    return Period(date(first, 1, 1), date(last, 12, 31), f"{first} to {last}")


def financial_years(first: int, last: int) -> Period:
    """Give several financial years taken together, by the years in which they start.

    Examples
    --------
    >>> financial_years(2017, 2019).label
    '2017/18 to 2019/20'
    """
    if first == last:
        return financial_year(first)
    start, end = financial_year(first), financial_year(last)
    return Period(start.start, end.end, f"{start.label} to {end.label}")


def month(year: int, number: int) -> Period:
    """Give a calendar month.

    Examples
    --------
    >>> month(2023, 2).label
    'February 2023'
    """
    return Period(date(year, number, 1), month_end(year, number), f"{MONTHS[number - 1]} {year}")


def quarter(year: int, first_month: int) -> Period:
    """Give the three months that start with `first_month`.

    Examples
    --------
    >>> quarter(2022, 10).label
    'October to December 2022'
    """
    end = month_end(year + (first_month > 10), (first_month + 1) % 12 + 1)
    label = f"{MONTHS[first_month - 1]} to {MONTHS[end.month - 1]} {end.year}"
    if end.year != year:
        label = f"{MONTHS[first_month - 1]} {year} to {MONTHS[end.month - 1]} {end.year}"
    return Period(date(year, first_month, 1), end, label)


def day(on: date) -> Period:
    """Give a single day, as in a count taken on 31 March.

    Examples
    --------
    >>> day(date(2025, 3, 31)).label
    '31 March 2025'
    """
    return Period(on, on, f"{on.day} {MONTHS[on.month - 1]} {on.year}")


def year_ending(year: int, number: int) -> Period:
    """Give the twelve months that end with a month.

    Examples
    --------
    >>> year_ending(2025, 6).start
    datetime.date(2024, 7, 1)
    """
    start = date(year, 1, 1) if number == 12 else date(year - 1, number + 1, 1)
    return Period(start, month_end(year, number), f"Year ending {MONTHS[number - 1]} {year}")


def mid_year(year: int) -> Period:
    """Give the day of the mid-year population estimates.

    Examples
    --------
    >>> mid_year(2023).label
    'mid-2023'
    """
    return Period(date(year, 6, 30), date(year, 6, 30), f"mid-{year}")


#: How a bare year, or a pair of years, is understood: the publisher's habit, from the catalogue.
YEARS: Final[dict[str, Callable[[int], Period]]] = {
    "calendar": calendar_year,
    "financial": financial_year,
    "academic": academic_year,
    "academic ending": lambda year: academic_year(year - 1),
    "mid": mid_year,
    "31 March": lambda year: day(date(year, 3, 31)),
    "31 August": lambda year: day(date(year, 8, 31)),
    "30 September": lambda year: day(date(year, 9, 30)),
    "January": lambda year: month(year, 1),
    "March": lambda year: month(year, 3),
    "winter": lambda year: quarter(year - 1, 12),
    "autumn": lambda year: Period(date(year, 10, 1), date(year, 11, 30), f"Autumn {year}"),
    "year ending March": lambda year: year_ending(year, 3),
    "year ending June": lambda year: year_ending(year, 6),
    "year ending July": lambda year: year_ending(year, 7),
    "year ending September": lambda year: year_ending(year, 9),
}
#: Which of the two years a pair such as 2022-23 names when the period is a single day or month.
_NAMED_BY_LAST: Final = {
    "31 March",
    "31 August",
    "January",
    "March",
    "winter",
    "academic ending",
    "year ending March",
    "year ending June",
    "year ending July",
    "mid",
}

_MARKS: Final = re.compile(
    r"[\[(]?\b(?P<mark>prov(?:isional)?|rev(?:ised)?|r|p|final)\b[\])]?\.?\s*$", re.IGNORECASE
)
_PAIR: Final = re.compile(
    r"^(?P<a>(?:19|20)\d\d)\s*(?:[-/–_]|\s+to\s+)\s*(?P<b>(?:(?:19|20)\d\d|\d\d))$"
)
_ISO_SPAN: Final = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:T00:00:00)?(?:/P(\d+)(Y|M|D))?$")


def mark(text: str) -> tuple[str, str]:
    """Split the publisher's mark from a period's text.

    Returns
    -------
    tuple of str
        The text without it, and "provisional", "revised" or "published".

    Examples
    --------
    >>> mark("2024 (Rev)")
    ('2024', 'revised')
    >>> mark("2022-23 [provisional]")
    ('2022-23', 'provisional')
    """
    stripped = " ".join(str(text).split())
    found = _MARKS.search(stripped)
    if not found:
        return stripped, "published"
    known = {"p": "provisional", "r": "revised"}
    status = known.get(found["mark"].lower()[0], "published")
    return stripped[: found.start()].strip(), status


@cache
def parse(text: str, years: str = "calendar") -> Period:
    """Read a period in any of the styles the publishers use.

    Parameters
    ----------
    text : str
        "2023", "2022/23", "2022-2023", "202223", "2001 - 03", "2001-01-01/P1Y", "2025-06",
        "31 March 2025", "Oct-Dec 2022", "October to December 2022", "Year ending June 2025",
        "mid-2023", "Q2 2022", …  Marks such as "(prov)" are to be split off first: see `mark`.
    years : str
        How a bare year or a pair of adjoining years is understood: a key of `YEARS`.

    Returns
    -------
    Period

    Raises
    ------
    PeriodError
        When the text is in none of these styles. Nothing is guessed.

    Examples
    --------
    >>> parse("2022-23", "financial").label
    '2022/23'
    >>> parse("202223", "31 March").label
    '31 March 2023'
    >>> parse("2021 - 23").label
    '2021 to 2023'
    """
    habit = YEARS.get(years)
    if habit is None:
        raise PeriodError(f"no such way to read a year: {years!r}; known: {', '.join(YEARS)}")
    text = " ".join(str(text).split()).removesuffix(".0")
    if re.fullmatch(r"(19|20)\d\d", text):
        return habit(int(text))
    if re.fullmatch(r"(19|20)\d{4}", text) and int(text[4:]) == (int(text[:4]) + 1) % 100:
        text = f"{text[:4]}-{text[4:]}"
    if pair := _pair(text):
        first, last = pair
        if last == first + 1 and years != "calendar":
            return habit(last if years in _NAMED_BY_LAST else first)
        if years in ("calendar", "mid") or last - first < 2:
            return calendar_years(first, last)
        if years == "financial":
            return financial_years(first, last - 1)
        raise PeriodError(f"{text!r} spans several years, which a {years} period cannot")
    for style in (_iso, _worded_day, _worded_quarter, _worded_year):
        try:
            period = style(text)
        except (ValueError, OverflowError):
            # A date that is in no calendar.
            continue
        if period is not None and _plausible(period):
            return period
    raise PeriodError(f"{text!r} is not a period in any style known here")


def _plausible(period: Period) -> bool:
    """Tell whether a span can be one that statistics are for: "31 March 0225" is a slip."""
    return date(1801, 1, 1) <= period.start <= period.end < date(2101, 1, 1)


def _pair(text: str) -> tuple[int, int] | None:
    """Read two years: "1998-00" runs over the turn of the century, but "2025-06" is a month."""
    if not (found := _PAIR.match(text)):
        return None
    first = int(found["a"])
    last = int(found["b"]) if len(found["b"]) == 4 else first // 100 * 100 + int(found["b"])
    last += 100 if last < first and last + 100 - first <= 5 else 0
    return (first, last) if last >= first else None


def _iso(text: str) -> Period | None:
    if found := re.fullmatch(r"(\d{4})-(\d\d)", text):
        if 1 <= int(found[2]) <= 12:
            return month(int(found[1]), int(found[2]))
        return None
    found = _ISO_SPAN.match(text)
    if not found:
        return None
    try:
        start = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    if not found[4]:
        return day(start)
    length, unit = int(found[4]), found[5]
    if unit == "D":
        end = start + timedelta(days=length - 1)
        return day(start) if length == 1 else _days(start, end)
    months = start.month - 1 + length * (12 if unit == "Y" else 1)
    following = date(start.year + months // 12, months % 12 + 1, 1)
    if start.day == 1:
        return _named_span(start, following - timedelta(days=1))
    if start.day > 28:
        return None
    # Some surveys' years start in the middle of a month.
    end = following.replace(day=start.day) - timedelta(days=1)
    return _days(start, end)


def _days(start: date, end: date) -> Period:
    return Period(start, end, f"{day(start).label} to {day(end).label}")


def _named_span(start: date, end: date) -> Period:
    """Name a span of whole months the way readers know it."""
    length = (end.year - start.year) * 12 + end.month - start.month + 1
    if length == 1:
        return month(start.year, start.month)
    if start.month == 1 and length % 12 == 0:
        return calendar_years(start.year, end.year)
    if start.month == 4 and length % 12 == 0:
        return financial_years(start.year, end.year - 1)
    if length == 12 and start.month in (8, 9):
        year = academic_year(start.year)
        return year if start.month == 9 else Period(start, end, year.label)
    if length == 3:
        return quarter(start.year, start.month)
    if length == 12:
        return year_ending(end.year, end.month)
    return Period(
        start, end, f"{MONTHS[start.month - 1]} {start.year} to {MONTHS[end.month - 1]} {end.year}"
    )


def _month_number(word: str) -> int | None:
    number = _MONTH.get(word[:3].lower())
    full = MONTHS[number - 1].lower() if number else ""
    return number if number and (full.startswith(word.lower()) or word.lower() == "sept") else None


def _worded_day(text: str) -> Period | None:
    if found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]+) (\d{4})", text):
        number = _month_number(found[2])
        try:
            return day(date(int(found[3]), number, int(found[1]))) if number else None
        except ValueError:
            return None
    if found := re.fullmatch(r"([A-Za-z]+)[ -](\d{4})", text):
        number = _month_number(found[1])
        return month(int(found[2]), number) if number else None
    return None


def _worded_quarter(text: str) -> Period | None:
    pattern = r"([A-Za-z]+)(?: (\d{4}))? ?(?:-|–|to) ?([A-Za-z]+) (\d{4})"
    if not (found := re.fullmatch(pattern, text)):
        return None
    first, last = _month_number(found[1]), _month_number(found[3])
    if not first or not last:
        return None
    last_year = int(found[4])
    first_year = int(found[2]) if found[2] else last_year - (first > last)
    if (first_year, first) > (last_year, last):
        return None
    return _named_span(date(first_year, first, 1), month_end(last_year, last))


def _worded_year(text: str) -> Period | None:
    ending = r"(?i)(?:12 months |year )end(?:ing|ed)(?: in)?(?: \d+)? ([a-z]+) (\d{4})"
    if found := re.fullmatch(ending, text):
        number = _month_number(found[1])
        return year_ending(int(found[2]), number) if number else None
    if found := re.fullmatch(r"(?i)mid[- ]?(\d{4})", text):
        return mid_year(int(found[1]))
    if found := re.fullmatch(r"(?i)(?:Q([1-4])[ ,]*(\d{4})|(\d{4})[ -]?Q([1-4]))", text):
        return quarter(int(found[2] or found[3]), int(found[1] or found[4]) * 3 - 2)
    if found := re.fullmatch(r"(?i)autumn (\d{4})", text):
        return YEARS["autumn"](int(found[1]))
    return None
