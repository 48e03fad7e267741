"""How it is said: findings as plain English, and as the question to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import pandas as pd

from goldenthread import areas
from goldenthread.catalogue import Measure, Question

#: Kinds of council as a reader says them: one, several.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "county": ("county council", "county councils"),
    "district": ("district council", "district councils"),
    "unitary": ("unitary council", "unitary councils"),
    "metropolitan district": ("metropolitan council", "metropolitan councils"),
    "London borough": ("London borough", "London boroughs"),
    "all": ("council", "councils"),
}

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

#: Why there is no value, as a reader says it.
_MISSING: Final[Mapping[str, str]] = {
    "suppressed": "the publisher holds it back, so that nobody can be recognised in it",
    "unreliable": "the publisher judges it too unreliable to print",
    "negligible": "it is more than nothing but too small for the publisher to show",
    "not available": "the publisher has none",
    "not applicable": "it does not apply here",
    "not provided": "the council did not send it",
}

#: The share of the middle half's width that a difference must have to be worth a question.
MATTERS: Final = 0.1

#: Questions that a finding itself raises.
QUESTIONS: Final[Mapping[str, Question]] = {
    "missing": Question(
        ask="Why is there no figure for us in the latest release, and when will there be one?",
        who="the performance lead",
    ),
    "new": Question(
        ask="Which figures do we steer by until the first of our own are published?",
        who="the performance lead",
    ),
    "weak": Question(
        ask="Which councils like ours have a better figure, and what do they do that we do not?",
        who="the head of the service",
    ),
    "slipping": Question(
        ask="Our figure is still a good one, but worse than five years ago: what has changed?",
        who="the cabinet member",
    ),
    "strong": Question(
        ask="What keeps this figure good, and what could put it at risk?",
        who="the head of the service",
    ),
}


def number(value: float, decimals: int) -> str:
    """Write a number with thousands separated; halves are rounded away from zero.

    Examples
    --------
    >>> number(1234.5, 0), number(0.05, 1), number(-2.0, 1)
    ('1,235', '0.1', '−2.0')
    """
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{abs(rounded):,.{decimals}f}" if rounded >= 0 else f"−{abs(rounded):,.{decimals}f}"


def figure(value: float, measure: Measure) -> str:
    """Write a value with its unit.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> figure(41.66, catalogue()["household-recycling-rate"])
    '41.7%'
    """
    text = number(value, measure.decimals)
    if measure.unit == "pounds":
        return f"−£{text[1:]}" if text.startswith("−") else f"£{text}"
    if measure.unit == "rate":
        return f"{text} per {measure.per:,.0f}"
    return text + _AFTER.get(measure.unit, "")


def ordinal(place: int) -> str:
    """Write a place.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th']
    """
    teens = 10 <= place % 100 <= 20
    return f"{place}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"


def possessive(name: str) -> str:
    """Write whose something is.

    Examples
    --------
    >>> possessive("Hull"), possessive("Leeds")
    ('Hull’s', 'Leeds’')
    """
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def inside(label: str) -> str:
    """Write a heading as it stands inside a sentence: small, unless it is an abbreviation.

    Examples
    --------
    >>> inside("Household recycling rate"), inside("GCSE results")
    ('household recycling rate', 'GCSE results')
    """
    return label if label[1:2].isupper() or label[1:2] == " " else label[:1].lower() + label[1:]


def sentence(found: Mapping[str, Any], measure: Measure) -> str:
    """Say a council's finding in one sentence or two.

    Parameters
    ----------
    found : mapping
        A row of `findings.findings`.
    measure : Measure

    Returns
    -------
    str
    """
    if found["shown"] is None or pd.isna(found["shown"]):
        return (
            "This service is each district council’s own: there is one figure for each district, "
            "and none for the county."
        )
    if pd.isna(found["value"]):
        return _no_figure(found, measure)
    value, period = figure(found["value"], measure), found["period"]
    where = position(found, measure)
    where = f", {where}" if where else ""
    if measure.unit in ("count", "tonnes"):
        return f"{measure.short} in {found['name']}: {value} in {period}{where}."
    return f"{possessive(found['name'])} {inside(measure.short)} was {value} in {period}{where}."


def position(found: Mapping[str, Any], measure: Measure) -> str:
    """Say where a value stands among councils of its kind; nothing for a plain count.

    A count says how large a place is before it says anything else, so that it is not compared.
    """
    if pd.isna(found["quarter"]) or measure.unit in ("count", "tonnes"):
        return ""
    several = KINDS[found["kind"]][1]
    if number(found["value"], measure.decimals) == number(found["median"], measure.decimals):
        return f"the same as the middle of {several}"
    quarter = int(found["quarter"])
    if quarter == 1:
        return f"in the lowest quarter of {several}"
    if quarter == 4:
        return f"in the highest quarter of {several}"
    return f"{'lower' if found['value'] < found['median'] else 'higher'} than most {several}"


def _no_figure(found: Mapping[str, Any], measure: Measure) -> str:
    start = found["start"]
    former = [_former(areas.register()[code], found["name"]) for code in _replaced(found["shown"])]
    if _is_new(found):
        day = f"{start.day} {start:%B %Y}"
        return (
            f"There is no figure for {found['name']}: it was formed on {day}, and the latest figures "
            f"({found['period']}) are still those of {listed(former)}."
        )
    why = _elsewhere(found["shown"], measure) or _MISSING[found["status"]]
    text = f"There is no figure for {found['name']} in {found['period']}: {why}."
    if pd.notna(found["last_value"]):
        last = figure(found["last_value"], measure)
        text += f" The latest before it is {last} in {found['last_period']}."
    return text


def _replaced(code: str) -> tuple[str, ...]:
    return areas.register()[code].replaced


def _is_new(found: Mapping[str, Any]) -> bool:
    start = found["start"]
    return pd.notna(start) and start > found["period_end"] and bool(_replaced(found["shown"]))


def _former(area: areas.Area, successor: str) -> str:
    """Name a former council so that it is not taken for its successor."""
    return area.official if area.name == successor and area.official else area.name


def _elsewhere(code: str, measure: Measure) -> str:
    """Say who does the work instead, where the register knows; nothing where the council does."""
    area = areas.register()[code]
    service = areas.services().get(measure.service or "")
    for exemption in service.exemptions if service else ():
        if code in exemption.areas or area.combined in exemption.members_of:
            return exemption.reason
    return ""


def listed(names: list[str]) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> listed(["Allerdale", "Carlisle", "Copeland"])
    'Allerdale, Carlisle and Copeland'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def standing(found: Mapping[str, Any], measure: Measure, ranks: pd.Series) -> str:
    """Say the rank, joint where it is shared; nothing where there is none.

    Parameters
    ----------
    found : mapping
        A row of `findings.findings`.
    measure : Measure
    ranks : pandas.Series of float
        The ranks of all councils of that kind.
    """
    if pd.isna(found["rank"]) or measure.unit in ("count", "tonnes"):
        return ""
    joint = "joint " if int((ranks == found["rank"]).sum()) > 1 else ""
    best = "highest" if measure.polarity == "high" else "lowest"
    several = KINDS[found["kind"]][1]
    place = ordinal(int(found["rank"]))
    return f"{joint}{place} of {found['councils']} {several}, where 1st is the {best}"


def before(found: Mapping[str, Any], measure: Measure) -> str:
    """Say the figure of five years ago. Two figures are not a trend, and it does not say one."""
    if pd.isna(found["before"]) or pd.isna(found["value"]):
        return ""
    was, now = figure(found["before"], measure), figure(found["value"], measure)
    if was == now:
        return f"It was the same five years before, in {found['before_period']}."
    return f"Five years before, in {found['before_period']}, it was {was}."


def direction(measure: Measure) -> str:
    """Say which way is better, where that is agreed."""
    if measure.polarity is None:
        why = measure.polarity_why or ""
        return f"Neither a high nor a low figure is better in itself. {why}".strip()
    return "Higher is better." if measure.polarity == "high" else "Lower is better."


def question(found: Mapping[str, Any], measure: Measure) -> str:
    """Choose the question that a finding raises: a key of `QUESTIONS`, or nothing."""
    if found["shown"] is None or pd.isna(found["shown"]):
        return ""
    if pd.isna(found["value"]):
        elsewhere = _elsewhere(found["shown"], measure)
        return "new" if _is_new(found) else "" if elsewhere else "missing"
    if pd.isna(found["quarter"]) or measure.polarity is None:
        return ""
    best = 4 if measure.polarity == "high" else 1
    if int(found["quarter"]) == 5 - best:
        return "weak"
    if int(found["quarter"]) != best:
        return ""
    loss = (found["before"] - found["value"]) * (1 if best == 4 else -1)
    return "slipping" if loss > MATTERS * (found["upper"] - found["lower"]) else "strong"


def title(found: Mapping[str, Any], measure: Measure) -> str:
    """Give a chart's active title, of about ten words."""
    if pd.isna(found["value"]):
        return f"No figure for {found['name']} in {found['period']}"
    where = position(found, measure)
    value = figure(found["value"], measure)
    return f"{found['name']}: {value}, {where}" if where else f"{found['name']}: {value}"


def nation(value: float, spread: Mapping[str, float], period: str, measure: Measure) -> str:
    """Say England's figure and the spread of councils, for a reader who has chosen none.

    Parameters
    ----------
    value : float
        England's figure, NaN where it is not published.
    spread : mapping
        `lower`, `upper` and `councils` of all councils in that period.
    period : str
    measure : Measure
    """
    half = ""
    if pd.notna(spread["lower"]):
        low, high = figure(spread["lower"], measure), figure(spread["upper"], measure)
        half = f"half of {int(spread['councils'])} councils were between {low} and {high}"
    if pd.isna(value):
        return f"In {period}, {half}." if half else f"There is no figure for England in {period}."
    if measure.unit in ("count", "tonnes"):
        start = f"{measure.short} in England: {figure(value, measure)} in {period}"
    else:
        start = f"England’s {inside(measure.short)} was {figure(value, measure)} in {period}"
    return f"{start}; {half}." if half else f"{start}."
