"""When a council's figure is for, in the styles in which people write quarters, months and years."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz import process

from goldenthread import periods
from goldenthread.kpis import safe
from goldenthread.periods import MONTHS, Period, PeriodError

#: No period is written with more letters; a text without end would take without end to look through.
LONGEST: Final = 120
_PAIR: Final = re.compile(
    r"(?<!\d)(?:fy\s*)?((?:20|19)?\d\d)\s*[/-]\s*((?:20|19)?\d\d)(?!\d)", re.IGNORECASE
)
_YEAR: Final = re.compile(r"(?<!\d)((?:20|19)\d\d)(?!\d)")
_QUARTER: Final = re.compile(
    r"\b(?:q|qtr|qtr\.|quarter)\s*-?\s*([1-9])(?!\d)|\b([1-4])(?:st|nd|rd|th)\s+(?:quarter|qtr)\b"
    r"|\b(first|second|third|fourth)\s+quarter\b",
    re.IGNORECASE,
)
_HALF: Final = re.compile(r"\b(?:h|half[ -]year|half)\s*([12])\b", re.IGNORECASE)
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTH_WORD: Final = "|".join([*MONTHS, *(name[:3] for name in MONTHS), "Sept"])
_MONTH: Final = re.compile(rf"\b({_MONTH_WORD})\b\.?", re.IGNORECASE)
_RANGE: Final = re.compile(
    rf"\(?\b({_MONTH_WORD})\.?\s*(?:-|to)\s*({_MONTH_WORD})\b\.?\)?", re.IGNORECASE
)
_NUMERIC_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:20|19)?\d\d)")
_SHORT_MONTH: Final = re.compile(rf"({_MONTH_WORD})\.?[ -]?'?(\d\d)", re.IGNORECASE)
#: What may stand around the parts of a period and says nothing.
_FILLER: Final = re.compile(
    r"\b(?:of|for|in|fy|financial|year|the|quarter|month|period|ending|performance|results?|actual)\b|[-,.:;()\[\]/|]",
    re.IGNORECASE,
)
_ENDING: Final = re.compile(r"\b(quarter|month|period) end(?:ing|ed)?\b", re.IGNORECASE)


class Told(NamedTuple):
    """A period, and what is to be said of how it was read."""

    period: Period
    note: str = ""


@cache
def read(text: str, year: str = "") -> Told:
    """Read a period.

    Parameters
    ----------
    text : str
        "Q1 2024/25", "2024-25 Q1", "Apr–Jun 2024", "2024 Q2", "Apr-24", "01/04/2024", "2024/25", …
    year : str
        The year, where it stands elsewhere: in a column of its own, or above the table.

    Returns
    -------
    Told
        A day stays a day: what it begins or ends only its neighbours can tell (`spans`).

    Raises
    ------
    PeriodError
        When it cannot be told; the message says what was expected, or probably meant.

    Examples
    --------
    >>> [read(text).period.label for text in ("Q1 2024/25", "2024-25 Q1", "Apr–Jun 2024", "2024 Q2")]
    ['April to June 2024', 'April to June 2024', 'April to June 2024', 'April to June 2024']
    >>> read("Jan", "2024/25").period.label, read("Mar-25").period.label
    ('January 2025', 'March 2025')
    """
    shown = " ".join(text.split())
    if len(shown) > LONGEST:
        raise PeriodError(f"{safe.quoted(shown)} is too long for a period")
    plain = re.sub("[–—−‐‑]", "-", shown).replace("’", "'").strip("'")
    for style in (_day, _quarter, _half, _range, _month, _whole):
        if told := style(plain):
            return told
    if year and (joined := f"{plain} {re.sub('[–—−‐‑]', '-', year)}") != plain:
        try:
            return read(joined.strip())
        except PeriodError:
            pass
    raise PeriodError(_refusal(shown, plain))


def _refusal(shown: str, plain: str) -> str:
    if not plain:
        return "there is no period here"
    said = f"{safe.quoted(shown)} is not a period that can be read"
    if (quarter := _QUARTER.search(plain)) and int(quarter[1] or 1) > 4:
        return f"{said}: there is no quarter {quarter[1]}"
    if found := _PAIR.search(plain):
        first, last = _four(found[1]), _four(found[2])
        if last != first + 1:
            return f"{said}: did you mean {first}/{(first + 1) % 100:02d}?"
    if quarter or (_MONTH.search(plain) and not _YEAR.search(plain)):
        return f"{said}: it has no year. Write it as Q1 2024/25 or April 2024"
    if words := re.findall(r"[A-Za-z]{3,}", plain):
        near = process.extractOne(words[0].title(), MONTHS, score_cutoff=75)
        if near:
            return f"{said}: did you mean {plain.replace(words[0], near[0])}?"
    return f"{said}. Write it as Q1 2024/25, April 2024 or 2024/25"


def _four(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _financial(text: str) -> tuple[int, str] | None:
    """Find a pair of adjoining years: the first, and what is left of the text."""
    found = _PAIR.search(text)
    if not found or _four(found[2]) != _four(found[1]) + 1:
        return None
    return _four(found[1]), f"{text[: found.start()]} {text[found.end() :]}"


def financial(text: str) -> str:
    """Find the financial year that a text names; "" where it names none.

    Examples
    --------
    >>> financial("Performance report 2024–25"), financial("Report")
    ('2024/25', '')
    """
    found = _financial(text.replace("–", "-"))
    return f"{found[0]}/{(found[0] + 1) % 100:02d}" if found else ""


def _nothing(text: str) -> bool:
    return not _FILLER.sub(" ", text).strip()


def _day(text: str) -> Told | None:
    if found := _NUMERIC_DAY.fullmatch(text):
        try:
            return Told(periods.day(dt.date(_four(found[3]), int(found[2]), int(found[1]))))
        except ValueError:
            return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ]00:00:00)?", text):
        return _parsed(text[:10])
    return None


def _quarter(text: str) -> Told | None:
    found = _QUARTER.search(text)
    if not found:
        return None
    number = int(found[1] or found[2] or _ORDINALS[found[3].lower()])
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if number > 4:
        return None
    if pair := _financial(rest):
        year, rest = pair
        month = (number * 3) % 12 + 1
        period = periods.quarter(year + (number == 4), month)
        return Told(period) if _agrees(rest, period) else None
    if single := _YEAR.search(rest):
        rest = f"{rest[: single.start()]} {rest[single.end() :]}"
        period = periods.quarter(int(single[1]), number * 3 - 2)
        if months := _RANGE.search(rest):
            # The months that stand beside it say which quarter is meant.
            return _range(f"{months[1]}-{months[2]} {single[1]}")
        note = (
            f"{safe.quoted(text)} has one year alone and was read as a quarter of the calendar year, "
            f"{period.label}. If it is one of the financial year, write it as "
            f"Q{number} {single[1]}/{(int(single[1]) + 1) % 100:02d}"
        )
        return Told(period, note) if _nothing(rest) else None
    return None


def _agrees(rest: str, period: Period) -> bool:
    """Tell whether what is left says nothing, or names the same months."""
    if months := _RANGE.search(rest):
        if _number(months[1]) != period.start.month or _number(months[2]) != period.end.month:
            return False
        rest = f"{rest[: months.start()]} {rest[months.end() :]}"
        rest = _YEAR.sub(" ", rest)
    return _nothing(rest)


def _half(text: str) -> Told | None:
    found, pair = _HALF.search(text), _financial(text)
    if not found or not pair:
        return None
    year, rest = pair
    if not _nothing(_HALF.sub(" ", rest)):
        return None
    first = found[1] == "1"
    start = dt.date(year, 4 if first else 10, 1)
    end = dt.date(year, 9, 30) if first else dt.date(year + 1, 3, 31)
    label = f"{MONTHS[start.month - 1]} {year} to {MONTHS[end.month - 1]} {end.year}"
    return Told(Period(start, end, label if not first else f"April to September {year}"))


def _range(text: str) -> Told | None:
    found = _RANGE.search(text)
    if not found:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    first, last = _number(found[1]), _number(found[2])
    if pair := _financial(rest):
        year, rest = pair
        year += last < 4
    elif short := re.fullmatch(r"\s*'?(\d\d)\s*", rest):
        year, rest = _four(short[1]), ""
    elif single := _YEAR.search(rest):
        year, rest = int(single[1]), _YEAR.sub(" ", rest, count=1)
    else:
        return None
    if not _nothing(rest):
        return None
    return _parsed(f"{MONTHS[first - 1]} to {MONTHS[last - 1]} {year}")


def _number(word: str) -> int:
    return [name[:3].lower() for name in MONTHS].index(word[:3].lower()) + 1


def _month(text: str) -> Told | None:
    if found := _SHORT_MONTH.fullmatch(text):
        return Told(periods.month(_four(found[2]), _number(found[1])))
    found = _MONTH.search(text)
    if not found or re.search(r"(?i)year end|12 months", text):
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    number = _number(found[1])
    if pair := _financial(rest):
        year, rest = pair
        year += number < 4
    elif single := _YEAR.search(rest):
        year, rest = int(single[1]), _YEAR.sub(" ", rest, count=1)
    else:
        return None
    ending = _ENDING.search(rest)
    if not _nothing(rest):
        return None
    if ending and ending[1].lower() == "quarter":
        return Told(periods.quarter(year - (number < 3), (number - 3) % 12 + 1))
    return Told(periods.month(year, number))


def _whole(text: str) -> Told | None:
    if pair := _financial(text):
        return Told(periods.financial_year(pair[0])) if _nothing(pair[1]) else None
    if re.fullmatch(r"\d{1,4}(?:\.0)?", text) and not re.fullmatch(r"(?:19|20)\d\d(?:\.0)?", text):
        return None
    return _parsed(text)


def _parsed(text: str) -> Told | None:
    try:
        return Told(periods.parse(text, "calendar"))
    except PeriodError:
        return None


# --- days that stand for months, quarters and years ----------------------------------------------

#: Months in a period, and what makes one from the year and month that it begins with.
_MAKERS: Final[dict[int, Callable[[int, int], Period]]] = {
    1: periods.month,
    3: periods.quarter,
    12: lambda year, month: _twelve(year, month),
}


def _twelve(year: int, month: int) -> Period:
    if month == 4:
        return periods.financial_year(year)
    if month == 1:
        return periods.calendar_year(year)
    return periods.year_ending(year + 1, month - 1)


def spans(days: list[dt.date]) -> dict[dt.date, Period]:
    """Tell what days stand for, from how far apart they are.

    Parameters
    ----------
    days : list of datetime.date
        Of one KPI, in any order.

    Returns
    -------
    dict of datetime.date to Period
        Months, quarters or years that begin on them (where all are a first of a month) or end on
        them (where all are a last); the days themselves otherwise.

    Examples
    --------
    >>> found = spans([dt.date(2024, 4, 1), dt.date(2024, 7, 1), dt.date(2025, 1, 1)])
    >>> [period.label for period in found.values()]
    ['April to June 2024', 'July to September 2024', 'January to March 2025']
    >>> [period.label for period in spans([dt.date(2024, 4, 30), dt.date(2024, 5, 31)]).values()]
    ['April 2024', 'May 2024']
    """
    distinct = sorted(set(days))
    first = all(day.day == 1 for day in distinct)
    last = all((day + dt.timedelta(days=1)).day == 1 for day in distinct)
    if not (first or last):
        return {day: periods.day(day) for day in distinct}
    at = [day.year * 12 + day.month - 1 for day in distinct]
    steps = {later - earlier for earlier, later in pairwise(at)}
    length = next((n for n in (12, 3, 1) if steps and all(step % n == 0 for step in steps)), 1)
    back = length - 1 if last and not first else 0
    return {
        day: _MAKERS[length](*(divmod(place - back, 12)[0], divmod(place - back, 12)[1] + 1))
        for day, place in zip(distinct, at)
    }


def maker(months: int) -> Callable[[int, int], Period]:
    """Give what makes a period of 1, 3 or 12 months from the year and month that it begins with.

    Examples
    --------
    >>> maker(12)(2024, 4).label
    '2024/25'
    """
    return _MAKERS[months]
