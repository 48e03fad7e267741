"""How numbers, units, names, places and periods are written in a sentence."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from goldenthread.catalogue import Measure
from goldenthread.snapshot import MeasureManifest

# The unit stays on the line of its number.
_AFTER: Final[Mapping[str, str]] = {
    "per cent": "%",
    "years": "\u00a0years",
    "days": "\u00a0days",
    "minutes": "\u00a0minutes",
    "tonnes": "\u00a0tonnes",
    "kilograms": "\u00a0kg",
    "kilowatt-hours": "\u00a0kWh",
}
_ONE: Final[Mapping[str, str]] = {
    "years": "year",
    "days": "day",
    "minutes": "minute",
    "tonnes": "tonne",
}
_DAY: Final = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")
_PER: Final = re.compile(r"\bper [\d,]+")
#: What is written "1.2 million": amounts, and numbers of things.
_COUNTED: Final = frozenset({"count", "pounds", "tonnes"})
#: Places that are spoken of with an article.
_THE: Final = re.compile(
    r"(?:City|Isles?|Forest|Vale) of |New Forest$|East Riding|London Fire Commissioner"
)


def number(value: float, decimals: int) -> str:
    """Write a number with thousands separated; halves are rounded away from zero.

    Parameters
    ----------
    value : float
    decimals : int

    Returns
    -------
    str
        With a true minus sign; never "−0".

    Examples
    --------
    >>> number(1234.5, 0), number(0.05, 1), number(-2.0, 1), number(-0.04, 1)
    ('1,235', '0.1', '−2.0', '0.0')
    """
    text = _round(value, decimals)
    return f"{abs(text):,.{decimals}f}" if text >= 0 else f"−{abs(text):,.{decimals}f}"


def figure(value: float, measure: Measure) -> str:
    """Write a value with its unit; a judgement as its word.

    Parameters
    ----------
    value : float
    measure : Measure

    Returns
    -------
    str

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> figure(41.66, catalogue()["household-recycling-rate"])
    '41.7%'
    >>> figure(3, catalogue()["ofsted-overall"])
    'Good'
    """
    if measure.unit == "judgement":
        return scale(measure).get(round(value), number(value, 0))
    return _with_unit(number(value, measure.decimals), measure)


def spoken(value: float, measure: Measure) -> str:
    r"""Write a value as it is said: as `figure`, but millions of pounds or things as such.

    Parameters
    ----------
    value : float
    measure : Measure

    Returns
    -------
    str

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> spoken(268178123, catalogue()["adult-social-care-spending"])
    '£268.2\xa0million'
    >>> spoken(999999, catalogue()["adult-social-care-spending"])
    '£999,999'
    """
    if measure.unit not in _COUNTED or not abs(value) >= 1e6:
        return figure(value, measure)
    return _with_unit(_in_millions(value), measure)


def _in_millions(value: float) -> str:
    """Write a million or more to one decimal, or none where it is nought."""
    size, word = (1e9, "billion") if abs(rounded(value / 1e6, 1)) >= 1000 else (1e6, "million")
    return f"{number(value / size, 1).removesuffix('.0')}\u00a0{word}"


def about(value: float, measure: Measure) -> str:
    """Write a yearly change as it stands after "about": to two figures, and in points for a share.

    Parameters
    ----------
    value : float
        Of either sign, which is not written.
    measure : Measure

    Returns
    -------
    str
        Without the "per 1,000" of a rate, which its sentence has said.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> about(64.68, catalogue()["council-band-d"])
    '£65'
    >>> about(-1.02, catalogue()["household-recycling-rate"])
    '1 percentage point'
    """
    size = abs(value)
    places = min(measure.decimals, 1 - math.floor(math.log10(size)))
    size = rounded(size, places)
    text = number(size, max(places, 0))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if measure.unit == "per cent":
        return f"{text} percentage {'point' if text == '1' else 'points'}"
    if measure.unit == "rate":
        return text
    if measure.unit in _COUNTED and size >= 1e6:
        text = _in_millions(size)
    elif measure.unit == "pounds" and "." in text:
        text = number(size, 2)
    return _with_unit(text, measure)


def _with_unit(text: str, measure: Measure) -> str:
    if measure.unit == "pounds":
        return f"−£{text[1:]}" if text.startswith("−") else f"£{text}"
    if measure.unit == "rate":
        return f"{text} per {measure.per:,.0f}"
    if text == "1" and measure.unit in _ONE:
        return f"1\u00a0{_ONE[measure.unit]}"
    return text + _AFTER.get(measure.unit, "")


def scale(measure: Measure) -> dict[int, str]:
    """Give the words of a judgement by the number they are kept as.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> scale(catalogue()["ofsted-overall"])[1]
    'Inadequate'
    """
    return {place: word for word, place in measure.origin.query.get("scale", {}).items()}


def bare(value: float, measure: Measure) -> str:
    """Write a value as it follows the measure's short name, which may say "per 1,000" already.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> measure = catalogue()["homelessness-relief-duty-rate"]
    >>> bare(3.456, measure.model_copy(update={"short": "Relief duties per 1,000 households"}))
    '3.46'
    """
    if measure.unit == "rate" and _PER.search(measure.short):
        return number(value, measure.decimals)
    return spoken(value, measure)


def rounded(value: float, decimals: int) -> float:
    """Round as figures are written: halves away from zero, of the decimal number one sees.

    Examples
    --------
    >>> rounded(0.15, 1), rounded(-2.5, 0)
    (0.2, -3.0)
    """
    return value if math.isnan(value) else float(_round(value, decimals))


def _round(value: float, decimals: int) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def same(one: float, other: float, measure: Measure) -> bool:
    """Tell whether two values are written alike."""
    return number(one, measure.decimals) == number(other, measure.decimals)


def ordinal(place: int) -> str:
    """Write a place.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th']
    """
    teens = 10 <= place % 100 <= 20
    return f"{place}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"


def counted(count: int, one: str, several: str) -> str:
    """Write how many there are of something.

    Examples
    --------
    >>> counted(1, "council", "councils"), counted(0, "council", "councils")
    ('1 council', '0 councils')
    """
    return f"{count:,} {one if count == 1 else several}"


def possessive(name: str) -> str:
    """Write whose something is.

    Examples
    --------
    >>> possessive("Hull"), possessive("Leeds")
    ('Hull’s', 'Leeds’')
    """
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def placed(name: str) -> str:
    """Write a place as it stands inside a sentence, with the article it is spoken of with.

    Examples
    --------
    >>> placed("Hull"), placed("Isle of Wight"), placed("King's Lynn and West Norfolk")
    ('Hull', 'the Isle of Wight', 'King’s Lynn and West Norfolk')
    """
    return curly(f"the {name}" if _THE.match(name) else name)


def fire_authority(name: str) -> str:
    """Write the whole name of a fire and rescue authority, which may have the name of a county.

    Parameters
    ----------
    name : str
        Its everyday name.

    Examples
    --------
    >>> fire_authority("Kent"), fire_authority("London Fire Commissioner")
    ('Kent Fire and Rescue Authority', 'London Fire Commissioner')
    """
    return curly(name if "Fire" in name else f"{name} Fire and Rescue Authority")


def opening(text: str) -> str:
    """Write the first letter of a sentence.

    Examples
    --------
    >>> opening("the Isle of Wight’s rate")
    'The Isle of Wight’s rate'
    """
    return text[:1].upper() + text[1:]


def curly(text: str) -> str:
    """Write apostrophes as a printer does.

    Examples
    --------
    >>> curly("Children's social care")
    'Children’s social care'
    """
    return text.replace("'", "’")


def inside(label: str) -> str:
    """Write a heading as it stands inside a sentence: small, unless it is an abbreviation.

    Examples
    --------
    >>> inside("Household recycling rate"), inside("GCSE results"), inside("Band D council tax")
    ('household recycling rate', 'GCSE results', 'Band D council tax')
    """
    first = label.partition(" ")[0]
    kept = first[1:2].isupper() or len(first) == 1 or first.rstrip(":") in _PROPER
    return label if kept else label[:1].lower() + label[1:]


#: First words of headings that keep their capital.
_PROPER: Final = frozenset({"Attainment", "Band", "Ofsted", "Progress", "English", "England"})


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> listed(["Allerdale", "Carlisle", "Copeland"])
    'Allerdale, Carlisle and Copeland'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def when(label: str) -> str:
    """Write a period as it stands after a verb.

    Examples
    --------
    >>> [when(label) for label in ("2022/23", "31 March 2025", "Year ending March 2025")]
    ['in 2022/23', 'on 31 March 2025', 'in the year ending March 2025']
    >>> when("2021/22 school year"), when("Autumn 2022"), when("October to December 2022")
    ('in the 2021/22 school year', 'in autumn 2022', 'from October to December 2022')
    """
    if _DAY.fullmatch(label):
        return f"on {label}"
    return f"{'from' if ' to ' in label else 'in'} {period(label)}"


def period(label: str) -> str:
    """Write a period as it stands inside a sentence, without a preposition.

    Examples
    --------
    >>> period("Year ending March 2025"), period("2021/22 school year"), period("mid-2023")
    ('the year ending March 2025', 'the 2021/22 school year', 'mid-2023')
    """
    if label.startswith("Year ending"):
        return f"the {label[:1].lower()}{label[1:]}"
    if label.endswith("school year"):
        return f"the {label}"
    if label.startswith(("Autumn", "Spring", "Summer", "Winter")):
        return f"{label[:1].lower()}{label[1:]}"
    return label


def since(label: str) -> str:
    """Write a period as it stands after "since": of one from … to …, its beginning.

    Examples
    --------
    >>> since("2010/11"), since("2022 to 2024"), since("October to December 2018")
    ('2010/11', '2022', 'October 2018')
    >>> since("16 November 2015 to 15 November 2016")
    '16 November 2015'
    """
    first, _, last = label.partition(" to ")
    if last and not first[-1:].isdigit():
        first = f"{first} {last.rpartition(' ')[2]}"
    return period(first)


def date(day: dt.date) -> str:
    """Write a date in full.

    Examples
    --------
    >>> date(dt.date(2025, 3, 31))
    '31 March 2025'
    """
    return f"{day.day} {day:%B %Y}"


def citation(manifest: MeasureManifest) -> str:
    """Write in one line whose figures these are: publisher, title, release and date.

    Examples
    --------
    >>> from goldenthread.snapshot import snapshot
    >>> citation(snapshot().manifest("household-recycling-rate")).partition(",")[0]
    'Department for Environment'
    """
    parts = [manifest.publisher, manifest.title, *manifest.releases[-1:]]
    if manifest.published:
        parts.append(f"published {date(manifest.published)}")
    return ", ".join(parts)
