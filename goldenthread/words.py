"""How it is said: findings as plain English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from goldenthread import areas, findings
from goldenthread.catalogue import Measure
from goldenthread.writing import (
    about,
    bare,
    counted,
    curly,
    figure,
    fire_authority,
    inside,
    listed,
    opening,
    ordinal,
    period,
    placed,
    possessive,
    same,
    scale,
    since,
    spoken,
    when,
)

#: Comparators that are a list of neighbours, with which a council is ranked as one more.
_LISTS: Final = ("similar", "mhclg", "dfe", "own")
#: Regions that are spoken of without an article.
_BARE_REGIONS: Final = ("London", "Yorkshire and the Humber")

#: From this many months on a figure is called old where it stands; its period says the rest.
OLD: Final = 60
#: How figures are put together from those of former councils, as `rebase` notes it.
_TOGETHER: Final = re.compile(r"^(?:sum of|combined from) (?P<parts>.*)|^published for ")
#: Notes on the codes of areas, and those that `_is` has read.
_UNSAID: Final = re.compile(r"^(?:published under [A-Z]\d|includes \w+ figures)", re.IGNORECASE)
_BASIS: Final = "Reporting basis: "
#: What `findings.TRENDS` says where a figure is missing among the last five.
_UNKNOWN: Final = "cannot be calculated"
_CODE: Final = re.compile(r" \([A-Z]\d{8}\)")

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
    name, value = placed(found["name"]), bare(found["value"], measure)
    label = curly(measure.short)
    if measure.unit == "judgement":
        return f"{label} in {name}: {_judgement(found, measure)}"
    if measure.size:
        return f"{label} in {name}: {value} {time}"
    was = "were" if measure.plural else "was"
    return opening(f"{possessive(name)} {inside(label)} {was} {value} {time}")


def _judgement(found: Found, measure: Measure) -> str:
    """Say a judgement in the inspectors' words, and when they came."""
    words, *visit = _notes(found)[:2] or [""]
    if visit:
        return f"{inside(words)}, {visit[0]}"
    return f"{inside(figure(found['value'], measure))} {when(found['period'])}"


def _reservation(found: Found) -> str:
    """Say, within the sentence, what changes what the figure means."""
    said = [status for status in ("provisional", "estimated") if _is(found, status)]
    if found["rebased"]:
        same_area = found["note"].startswith("published for ")
        said.append(
            "published for the council before it"
            if same_area
            else "worked out from the councils before it"
        )
    if found["small"]:
        cases = int(found["numerator"])
        said.append(f"from {counted(cases, 'case', 'cases')}" if cases else "no case")
    if "unreliable" in found["note"]:
        said.append("unreliable, the publisher says")
    if found["currency"] == "out of date" and found["age"] >= OLD:
        said.append("an old figure")
    return f" ({', '.join(said)})" if said else ""


def _is(found: Found, status: str) -> bool:
    """Tell whether a figure is provisional or estimated, or put together from such figures."""
    return bool(found[status]) or f"includes {status} figures" in found["note"]


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
        return f"{where}, and the gap to the middle is more than chance"
    return where


def _judged(found: Found, measure: Measure) -> str:
    """Say how many of a group have a better judgement, and how many the same."""
    if measure.unit != "judgement" or pd.isna(found["rank"]):
        return ""
    better, others = int(found["rank"]) - 1, int(found["of"]) - 1
    alike = int(found["rank_last"]) - int(found["rank"])
    other = "" if found["comparator"] in _LISTS else "other "
    those = f"{others} {other}{_among(found, measure)}"
    places = scale(measure)
    if len(places) == 2:
        return f" {alike or 'None'} of {those} had the same result."
    ends = {max(places): "best", min(places): "lowest"}
    if found["value"] in ends:
        end = ends[found["value"]]
        return f" That is the {end} judgement there is; {alike or 'none'} of {those} had it too."
    return f" Of {those}, {better or 'none'} had a better judgement and {alike or 'none'} the same."


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
        region = found["region"].replace(" The ", " the ")
        return f"{councils} in {'' if region in _BARE_REGIONS else 'the '}{region}"
    return {
        "kind": KINDS[found["kind"]][1],
        "similar": f"similar {councils}",
        "mhclg": "statistical neighbours",
        "dfe": "statistical neighbours",
        "family": f"{councils} of its family",
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
    name, time = placed(found["name"]), when(found["period"])
    if found["is_new"]:
        start = found["start"]
        former = [
            _former(areas.register()[code], found["name"]) for code in _replaced(found["shown"])
        ]
        return (
            f"There is no figure for {name}: it was formed on {start.day} {start:%B %Y}, and the "
            f"latest figures ({period(found['period'])}) are still those of {listed(former)}."
        )
    text = f"There is no figure for {name} {time}: {why_none(found, measure)}."
    if pd.notna(found["last_value"]):
        last = inside(spoken(found["last_value"], measure))
        text += f" The latest before it was {last} {when(found['last_period'])}."
    return text


def why_none(found: Found, measure: Measure) -> str:
    """Say why there is no figure, as it stands in brackets.

    Parameters
    ----------
    found : mapping
        A row of `findings.table` that has no value.
    measure : Measure

    Examples
    --------
    >>> rate = {"is_new": False, "shown": "E06000010", "status": "not provided"}
    >>> from goldenthread.catalogue import catalogue
    >>> why_none(rate, catalogue()["household-recycling-rate"])
    'the council did not send it'
    """
    if found["is_new"]:
        start = found["start"]
        return f"formed on {start.day} {start:%B %Y}, after these figures"
    return _exemption(found["shown"], measure) or _MISSING[found["status"]]


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
            return _CODE.sub("", exemption.reason)
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
    it = "they have" if measure.plural else "it has"
    moved, by = found["change"], found["change_by"]
    start = f"Since {since(found['since'])}"
    if by == "signal":
        if moved != "steady":
            return f"{_signal(found, opening(it))} {_meaning(found)}"
        its = "their" if measure.plural else "its"
        return f"{opening(it)} stayed within {its} usual range {inside(start)}."
    if by == "trend":
        weighted = found["trend_by"] == "weighted"
        if moved != "steady":
            surely = "by more than chance" if weighted else "steadily"
            return f"{_five(measure)} have {moved} {surely}.{_for(found)}"
        if weighted:
            return f"{_five(measure)} show no change beyond chance."
        if found["trend"] == _UNKNOWN:
            return f"{start} {it} gone up and down, with no clear direction."
        return f"{_five(measure)} go up and down, with no clear direction."
    return f"{start} {it} {moved} overall{_slope(found['slope'], measure)}.{_for(found)}"


def _five(measure: Measure) -> str:
    """Name the five figures that a recent trend is about: the same part of each year."""
    within = {"quarterly": "quarter", "monthly": "month"}.get(measure.frequency)
    return "The last five figures" + (f" for this {within}" if within else "")


def _signal(found: Found, it: str) -> str:
    """Say which rule of the control chart the latest figures break."""
    up, since_then = found["change"] == "risen", since(found["signal_since"])
    each, high = "year" if found["step"] == 1 else "time", "high" if up else "low"
    return {
        "outside limits": f"The latest figure is unusually {high} compared with its own past.",
        "trend": f"{it} {found['change']} every {each} since {since_then}.",
        "shift": (
            f"{it} been {'above' if up else 'below'} the long-run average every {each} "
            f"since {since_then}."
        ),
        "two of three": f"The last few figures are unusually {high} compared with those before.",
    }[found["signal_rule"]]


def _meaning(found: Found) -> str:
    ways = {"better": "a signal, and for the better", "worse": "a signal, and for the worse"}
    few = found["points"] < findings.SETTLED
    trial = f", though from only {found['points']} figures" if few else ""
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
    return f", by about {about(slope, measure)} a year"


def before(found: Found, measure: Measure) -> str:
    """Say the figure of five years ago. Two figures are not a trend, and it does not say one.

    Parameters
    ----------
    found : mapping
        `value`, `before` and `before_period` of a row of `findings.table`; and `broken`, if the
        series may have a break between them.
    measure : Measure
    """
    if pd.isna(found["before"]) or pd.isna(found["value"]):
        return ""
    was, now = (spoken(found[which], measure) for which in ("before", "value"))
    if same(found["before"], found["value"], measure):
        was = "the same"
    elif was == now:
        was = "about the same"
    apart = ", but the two cannot be compared" if found.get("broken", False) else ""
    return f"Five years before, {when(found['before_period'])}, the figure was {was}{apart}."


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
    count, those = int(found["of"]), _among(found, measure)
    among = f"{count} {those}"
    if found["comparator"] in _LISTS:
        among = f"{count} (itself and {count - 1} {those})"
    return f"{place} of {among}, where 1st is the {best}"


def england(found: Found, measure: Measure) -> str:
    """Say how the figure stands to England's, which is of people and not of councils."""
    if pd.isna(found["value"]) or pd.isna(found["england"]):
        return ""
    if measure.size or measure.unit == "judgement":
        return ""
    whole = spoken(found["england"], measure)
    start = "For England as a whole the figure was"
    if same(found["value"], found["england"], measure):
        return f"{start} the same, {whole}."
    if found["against_england"] == "similar":
        return f"{start} {whole}: about the same, as the gap could be chance."
    than = "higher" if found["value"] > found["england"] else "lower"
    surely = ", by more than chance" if found["against_england"] == than else ""
    return f"{start} {whole}; {possessive(placed(found['name']))} is {than}{surely}."


def whose(found: Found, name: str) -> str:
    """Say that a district is shown its county's figure, or who provides the service.

    Parameters
    ----------
    found : mapping
    name : str
        The council that was chosen; a fire and rescue authority by its whole name
        (`writing.fire_authority`), since a council may have its everyday name.
    """
    if pd.isna(found["shown"]):
        return ""
    place = placed(name)
    if found["kind"] == "fire and rescue authority":
        body = fire_authority(found["name"])
        if body == name:
            return ""
        return f"Fire and rescue in {place} is the work of {placed(body)}: these are its figures."
    if found["name"] != name:
        theirs = possessive(placed(found["name"]))
        return f"{placed(found['name'])} provides this in {place}, so these are {theirs} figures."
    if found["provided"] or not found["provider"]:
        return ""
    provider = _combined(found["provider"]) if found["exempt"] else found["provider"]
    return f"{provider} runs the service behind this in {place}; the figure is for {place} alone."


def _combined(name: str) -> str:
    """Name a combined authority in full, so that it is not taken for a county or a region."""
    known = (area for area in areas.register().values() if area.kind == "combined authority")
    return next((f"The {area.official}" for area in known if area.name == name), name)


def cautions(found: Found, measure: Measure) -> list[str]:
    """List what must be borne in mind with this very figure, beyond the measure's own caveats."""
    if pd.isna(found["value"]):
        return []
    said = []
    if _is(found, "provisional"):
        said.append("The figure is provisional and may be revised.")
    if _is(found, "estimated"):
        said.append("The publisher estimated this figure.")
    if found["small"]:
        said.append(
            "It rests on few cases, so each one moves it."
            if found["numerator"]
            else "There was no case; a single one would move it."
        )
    if found["broken"]:
        last = max(measure.breaks, key=lambda entry: entry.at)
        said.append(f"Earlier years cannot be compared with this one. {curly(last.why)}")
    notes = [] if measure.unit == "judgement" else _notes(found)
    basis = [note.removeprefix(_BASIS) for note in notes if note.startswith(_BASIS)]
    if measure.reporting:
        said.append(" ".join([curly(measure.reporting), *(f"Here: {one}." for one in basis)]))
    said += [_noted(note) for note in notes if not note.startswith(_BASIS)]
    if found["currency"] in ("ageing", "out of date"):
        said.append(
            f"The latest figure here is {_age(int(found['age']))} old; "
            "a newer one may have been published since."
        )
    return said


def _notes(found: Found) -> list[str]:
    """Give the notes on a figure, without those that say nothing to a reader, or again."""
    notes = (note.strip().rstrip(".") for note in found["note"].split("; "))
    return [curly(note) for note in notes if note and not _UNSAID.match(note)]


def _noted(note: str) -> str:
    """Say a note; one on former councils without their codes."""
    together = _TOGETHER.match(note)
    if not together:
        return f"A note on this figure: {inside(note)}."
    if together["parts"]:
        return f"It was put together from the figures of {_CODE.sub('', together['parts'])}."
    return "It was published for the council that was here before, of the same area."


def _age(months: int) -> str:
    """Say an age: in months up to two years, then in whole years."""
    if months < 24:
        return counted(months, "month", "months")
    return f"{'more than ' if months % 12 else ''}{months // 12} years"


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
        return f"No figure for {placed(found['name'])} {when(found['period'])}"
    name = curly(found["name"])
    if measure.unit == "judgement":
        return f"{name}: {_judgement(found, measure)}"
    where, _, hedge = position(found, measure).partition(", ")
    said = [spoken(found["value"], measure), where, "perhaps by chance" if "could" in hedge else ""]
    return f"{name}: {', '.join(filter(None, said))}"


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
        low, high = spoken(spread["lower"], measure), spoken(spread["upper"], measure)
        half = f"half of {int(spread['councils'])} councils were between {low} and {high}"
    time = when(label)
    if pd.isna(value):
        # The sentence may stand without its panel: it names the measure.
        said = f"{time}: {half}" if half else f"there is no figure for England {time}"
        return f"{curly(measure.short)}{' ' if half else ': '}{said}."
    if measure.size:
        start = f"{curly(measure.short)} in England: {spoken(value, measure)} {time}"
    else:
        was = "were" if measure.plural else "was"
        start = f"England’s {inside(curly(measure.short))} {was} {bare(value, measure)} {time}"
    return f"{start}; {half}." if half else f"{start}."
