"""How it is said: findings as plain English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from goldenthread import areas, findings
from goldenthread.catalogue import Measure
from goldenthread.writing import (
    bare,
    counted,
    curly,
    figure,
    inside,
    listed,
    number,
    ordinal,
    period,
    possessive,
    same,
    scale,
    when,
)

#: Comparators that are a list of neighbours, with which a council is ranked as one more.
_LISTS: Final = ("similar", "mhclg", "dfe", "own")
#: Regions that are spoken of without an article.
_BARE_REGIONS: Final = ("London", "Yorkshire and the Humber")

#: A row of `findings.table`.
Found = Mapping[str, Any]

#: Kinds of authority as a reader says them: one, several.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "county": ("county council", "county councils"),
    "district": ("district council", "district councils"),
    "unitary": ("unitary council", "unitary councils"),
    "metropolitan district": ("metropolitan council", "metropolitan councils"),
    "London borough": ("London borough", "London boroughs"),
    "fire and rescue authority": ("fire authority", "fire authorities"),
    "all": ("council", "councils"),
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


# --- the level -------------------------------------------------------------------------------------


def sentence(found: Found, measure: Measure) -> str:
    """Say a finding in a sentence: the figure, where it stands, and what changes its meaning.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`.
    measure : Measure

    Returns
    -------
    str
        One sentence; two or three where there is no figure.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> from goldenthread.snapshot import snapshot
    >>> rate = catalogue()["household-recycling-rate"]
    >>> found = findings.findings(rate, snapshot().measure(rate.id, areas="current"))
    >>> sentence(found.loc["E06000010"], rate)
    'Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils.'
    """
    if pd.isna(found["shown"]):
        return _nobodys(measure)
    if pd.isna(found["value"]):
        return _no_figure(found, measure)
    where = position(found, measure)
    return f"{_stated(found, measure)}{f', {where}' if where else ''}.{_judged(found, measure)}"


def finding(found: Found, measure: Measure) -> str:
    """Say level and change together, as a panel's first words do.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`.
    measure : Measure
    """
    return f"{sentence(found, measure)} {change(found, measure)}".strip()


def _stated(found: Found, measure: Measure) -> str:
    """State the figure: whose, what, how much, when, and with which reservation."""
    time = when(found["period"]) + _reservation(found)
    name, value = found["name"], bare(found["value"], measure)
    label = curly(measure.short)
    if measure.unit == "judgement":
        visit = found["note"].partition("; ")[2]
        return f"{label} in {name}: {inside(value)}{f', {visit}' if visit else f' {time}'}"
    if measure.size:
        return f"{label} in {name}: {value} {time}"
    was = "were" if measure.plural else "was"
    return f"{possessive(name)} {inside(label)} {was} {value} {time}"


def _reservation(found: Found) -> str:
    """Say, within the sentence, what changes what the figure means."""
    said = []
    if found["provisional"]:
        said.append("provisional")
    if found["estimated"]:
        said.append("estimated")
    if found["rebased"]:
        said.append("worked out from the councils before it")
    if found["small"]:
        cases = int(found["numerator"])
        said.append(f"from {counted(cases, 'case', 'cases')}" if cases else "no case")
    if found["currency"] == "out of date":
        said.append("an old figure")
    return f" ({', '.join(said)})" if said else ""


def position(found: Found, measure: Measure) -> str:
    """Say where a figure stands in its group, and if the gap could be chance.

    Parameters
    ----------
    found : mapping
    measure : Measure

    Returns
    -------
    str
        Part of a sentence. Nothing for a total, which says how large a place is, for a judgement,
        and where too few can be compared.
    """
    if pd.isna(found["median"]):
        return ""
    several = group(found, measure)
    if same(found["value"], found["median"], measure):
        return f"the same as the middle of {several}"
    low = found["value"] < found["median"]
    quarter = found["quarter"]
    chance = found["against_median"] == "similar"
    if quarter in (1, 4):
        where = f"in the {'lowest' if quarter == 1 else 'highest'} quarter of {several}"
        if chance:
            return f"{where}, though the gap to the middle could be chance"
    elif chance:
        return f"about the same as the middle of {several}"
    else:
        where = f"{'lower' if low else 'higher'} than {_most(found, measure)}"
    if found["against_median"] == ("lower" if low else "higher"):
        return f"{where}, and the gap to the middle is larger than chance would explain"
    return where


def _judged(found: Found, measure: Measure) -> str:
    """Say how many of a group have a better judgement, and how many the same."""
    if measure.unit != "judgement" or pd.isna(found["rank"]):
        return ""
    better, others = int(found["rank"]) - 1, int(found["of"]) - 1
    alike = int(found["rank_last"]) - int(found["rank"])
    ends = {max(scale(measure)): "best", min(scale(measure)): "lowest"}
    if found["value"] in ends:
        return (
            f" That is the {ends[found['value']]} judgement there is; "
            f"{_have(alike)} it too, of {others} other {_among(found, measure)}."
        )
    return (
        f" Of {others} other {_among(found, measure)}, {_have(better)} a better judgement "
        f"and {alike or 'none'} the same."
    )


def _have(count: int) -> str:
    return "none has" if count == 0 else "1 has" if count == 1 else f"{count} have"


def group(found: Found, measure: Measure) -> str:
    """Name the group a figure is compared with, as it stands after "the middle of".

    Parameters
    ----------
    found : mapping
        `comparator`, `kind` and `region` of a row of `findings.table`.
    measure : Measure

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> tests = catalogue()["attainment-8"]
    >>> group({"comparator": "kind", "kind": "unitary"}, tests)
    'unitary councils'
    >>> group({"comparator": "region", "kind": "unitary", "region": "South East"}, tests)
    'councils in the South East'
    """
    comparator, councils = found["comparator"], _bodies(found, measure)
    if comparator in ("mhclg", "dfe"):
        return "its statistical neighbours"
    return {"england": f"all {councils}", "own": f"the {councils} on your list"}.get(
        comparator, _among(found, measure)
    )


def _most(found: Found, measure: Measure) -> str:
    """Name the greater part of a group."""
    if found["comparator"] == "england":
        return f"most {_bodies(found, measure)}"
    definite = found["comparator"] in ("mhclg", "dfe", "own")
    return f"most {'of ' if definite else ''}{group(found, measure)}"


def _among(found: Found, measure: Measure) -> str:
    """Name the members of a group, as they stand after a number."""
    comparator, councils = found["comparator"], _bodies(found, measure)
    if comparator == "region":
        the = "" if found["region"] in _BARE_REGIONS else "the "
        return f"{councils} in {the}{found['region']}"
    return {
        "kind": KINDS[found["kind"]][1],
        "similar": f"similar {councils}",
        "mhclg": "statistical neighbours",
        "dfe": "statistical neighbours",
        "governance": "fire authorities of its type",
        "own": f"{councils} on your list",
    }.get(comparator, councils)


def _bodies(found: Found, measure: Measure) -> str:
    """Name the authorities of a group: by tier where both tiers have such a figure."""
    kind = found["kind"]
    if kind == "fire and rescue authority":
        return KINDS[kind][1]
    if measure.tier != "both" or found["comparator"] == "similar":
        return KINDS["all"][1]
    return KINDS[kind][1] if kind in ("county", "district") else "single-tier councils"


# --- where there is none ---------------------------------------------------------------------------


def _nobodys(measure: Measure) -> str:
    if measure.tier == "fire":
        return "This figure is a fire and rescue authority’s, and none covers this area."
    return (
        "This service is each district council’s own: there is one figure for each district, "
        "and none for the county."
    )


def _no_figure(found: Found, measure: Measure) -> str:
    name, time = found["name"], when(found["period"])
    if found["is_new"]:
        start = found["start"]
        former = [_former(areas.register()[code], name) for code in _replaced(found["shown"])]
        return (
            f"There is no figure for {name}: it was formed on {start.day} {start:%B %Y}, and the "
            f"latest figures ({period(found['period'])}) are still those of {listed(former)}."
        )
    why = _exemption(found["shown"], measure) or _MISSING[found["status"]]
    text = f"There is no figure for {name} {time}: {why}."
    if pd.notna(found["last_value"]):
        last = figure(found["last_value"], measure)
        text += f" The latest before it is {last} {when(found['last_period'])}."
    return text


def _replaced(code: str) -> tuple[str, ...]:
    return areas.register()[code].replaced


def _former(area: areas.Area, successor: str) -> str:
    """Name a former council so that it is not taken for its successor."""
    return area.official if area.name == successor and area.official else area.name


def _exemption(code: str, measure: Measure) -> str:
    """Say who does the work instead, where the register knows; nothing where the council does."""
    area = areas.register()[code]
    service = areas.services().get(measure.service or "")
    for exemption in service.exemptions if service else ():
        if code in exemption.areas or area.combined in exemption.members_of:
            return exemption.reason
    return ""


# --- over time -------------------------------------------------------------------------------------


def change(found: Found, measure: Measure) -> str:
    """Say what the figure has done over time, as far as it is more than chance.

    Parameters
    ----------
    found : mapping
    measure : Measure

    Returns
    -------
    str
        A sentence or two; nothing where there are too few figures. Two figures are never a trend.
    """
    if pd.isna(found["value"]) or not found["change"]:
        return ""
    it = "They have" if measure.plural else "It has"
    up = found["change"] == "risen"
    moved, by = found["change"], found["change_by"]
    five = "the last five years" if found["step"] == 1 else "the last five figures"
    if moved == "steady":
        if by == "signal":
            its = "their" if measure.plural else "its"
            return f"{it} stayed within {its} usual range since {period(found['since'])}."
        if found["trend_by"] == "weighted":
            return f"{it} not changed by more than chance would explain over {five}."
        return f"{it} gone up and down over {five}, with no clear direction."
    if by == "signal":
        return f"{_signal(found, it, up)} {_meaning(found)}"
    if by == "trend":
        over = (
            ", by more than chance would explain"
            if found["trend_by"] == "weighted"
            else " steadily"
        )
        return f"Over {five} {it[:1].lower()}{it[1:]} {moved}{over}.{_for(found)}"
    slope = _slope(found["slope"], measure)
    return f"Since {period(found['since'])} {it[:1].lower()}{it[1:]} {moved}{slope}.{_for(found)}"


def _signal(found: Found, it: str, up: bool) -> str:
    """Say which rule of the control chart the latest figures break."""
    since, each = period(found["signal_since"]), "year" if found["step"] == 1 else "time"
    return {
        "outside limits": (
            f"The latest figure is {'higher' if up else 'lower'} than its own past would lead one to expect."
        ),
        "trend": f"{it} {'risen' if up else 'fallen'} every {each} since {since}.",
        "shift": f"{it} been {'above' if up else 'below'} the long-run average every {each} since {since}.",
        "two of three": f"The last few figures are unusually {'high' if up else 'low'} for this place.",
    }[found["signal_rule"]]


def _meaning(found: Found) -> str:
    ways = {"better": "a signal, and for the better", "worse": "a signal, and for the worse"}
    trial = ", though on few figures" if found["points"] < findings.SETTLED else ""
    return f"That is {ways.get(found['change_is'], 'a signal that something changed')}{trial}."


def _for(found: Found) -> str:
    return {
        "better": " That is for the better.",
        "worse": " That is for the worse.",
    }.get(found["change_is"], "")


def _slope(slope: float, measure: Measure) -> str:
    """Say by how much a year, where that is not nothing as it is written."""
    if pd.isna(slope) or same(slope, 0.0, measure):
        return ""
    text = number(abs(slope), measure.decimals)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if measure.unit == "per cent":
        return f", by about {text} percentage {'point' if text == '1' else 'points'} a year"
    if measure.unit == "rate":
        return f", by about {text} a year"
    return f", by about {figure(abs(slope), measure)} a year"


def before(found: Found, measure: Measure) -> str:
    """Say the figure of five years ago. Two figures are not a trend, and it does not say one."""
    if pd.isna(found["before"]) or pd.isna(found["value"]):
        return ""
    was, now = figure(found["before"], measure), figure(found["value"], measure)
    if was == now:
        return f"It was the same five years before, {when(found['before_period'])}."
    return f"Five years before, {when(found['before_period'])}, it was {was}."


# --- beside it -------------------------------------------------------------------------------------


def standing(found: Found, measure: Measure) -> str:
    """Say the rank, with its whole block where it is shared; nothing where there is none."""
    if pd.isna(found["rank"]) or measure.unit == "judgement":
        return ""
    first, last = int(found["rank"]), int(found["rank_last"])
    place = ordinal(first) if first == last else f"joint {ordinal(first)}"
    if last > first + 1:
        place += f" to {ordinal(last)}"
    best = "highest" if measure.polarity == "high" else "lowest"
    itself = ", itself among them" if found["comparator"] in _LISTS else ""
    return (
        f"{place} of {int(found['of'])} {_among(found, measure)}{itself}, where 1st is the {best}"
    )


def england(found: Found, measure: Measure) -> str:
    """Say how the figure stands to England's, which is of people and not of councils."""
    if pd.isna(found["value"]) or pd.isna(found["england"]):
        return ""
    if measure.size or measure.unit == "judgement":
        return ""
    whole = figure(found["england"], measure)
    if same(found["value"], found["england"], measure):
        return f"England as a whole had the same, {whole}."
    if found["against_england"] == "similar":
        return f"England as a whole had {whole}: about the same, for the gap could be chance."
    than = "higher" if found["value"] > found["england"] else "lower"
    surely = ", by more than chance would explain" if found["against_england"] == than else ""
    return f"England as a whole had {whole}; {possessive(found['name'])} figure is {than}{surely}."


def whose(found: Found, name: str) -> str:
    """Say that a district is shown its county's figure, or who provides the service.

    Parameters
    ----------
    found : mapping
    name : str
        The council that was chosen.
    """
    if pd.isna(found["shown"]):
        return ""
    if found["name"] != name:
        theirs = possessive(found["name"])
        return f"{found['name']} provides this in {name}, so that these are {theirs} figures."
    if not found["provided"] and found["provider"]:
        return (
            f"{found['provider']} provides this service in {name}; the figure is for {name} alone."
        )
    return ""


def cautions(found: Found, measure: Measure) -> list[str]:
    """List what must be borne in mind with this very figure, beyond the measure's own caveats."""
    if pd.isna(found["value"]):
        return []
    said = []
    if found["provisional"]:
        said.append("The figure is provisional and may be revised.")
    if found["estimated"]:
        said.append("The publisher estimated this figure.")
    if found["rebased"]:
        said.append("It was put together from the figures of the councils that were there before.")
    if found["small"]:
        said.append("It rests on few cases, so that each one moves it.")
    if found["broken"]:
        last = max(measure.breaks, key=lambda entry: entry.at)
        said.append(f"Earlier years cannot be compared with this one. {last.why}")
    if measure.reporting:
        said.append(measure.reporting)
    if found["note"] and measure.unit != "judgement":
        said.append(f"The publisher’s note: {found['note'].rstrip('.')}.")
    if found["currency"] in ("ageing", "out of date"):
        said.append(
            f"The latest figure here is {counted(int(found['age']), 'month', 'months')} old; "
            "a newer one may have been published since."
        )
    return said


def direction(measure: Measure) -> str:
    """Say which way is better, where that is agreed."""
    if measure.polarity is None:
        why = measure.polarity_why or ""
        return f"Neither a high nor a low figure is better in itself. {why}".strip()
    return "Higher is better." if measure.polarity == "high" else "Lower is better."


def title(found: Found, measure: Measure) -> str:
    """Give a chart's active title, of about ten words."""
    if pd.isna(found["shown"]):
        return "No figure here"
    if pd.isna(found["value"]):
        return f"No figure for {found['name']} {when(found['period'])}"
    value = figure(found["value"], measure)
    where = position(found, measure).partition(", ")[0]
    return f"{found['name']}: {value}, {where}" if where else f"{found['name']}: {value}"


def nation(value: float, spread: Mapping[str, float], label: str, measure: Measure) -> str:
    """Say England's figure and the spread of councils, for a reader who has chosen none.

    Parameters
    ----------
    value : float
        England's figure, NaN where it is not published.
    spread : mapping
        `lower`, `upper` and `councils` of all councils in that period.
    label : str
        The period.
    measure : Measure
    """
    half = ""
    if pd.notna(spread["lower"]):
        low, high = figure(spread["lower"], measure), figure(spread["upper"], measure)
        half = f"half of {int(spread['councils'])} councils were between {low} and {high}"
    time = when(label)
    if pd.isna(value):
        start = f"{time[:1].upper()}{time[1:]}"
        return f"{start}, {half}." if half else f"There is no figure for England {time}."
    if measure.size:
        start = f"{curly(measure.short)} in England: {figure(value, measure)} {time}"
    else:
        was = "were" if measure.plural else "was"
        start = f"England’s {inside(curly(measure.short))} {was} {bare(value, measure)} {time}"
    return f"{start}; {half}." if half else f"{start}."
