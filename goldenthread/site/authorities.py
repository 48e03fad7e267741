"""Who has a page, where it is, and what it says of an authority itself: who runs what, and since when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from goldenthread import areas, findings, words, writing
from goldenthread.areas import Area

#: Who decides in a fire and rescue authority.
GOVERNANCE: Final = {
    "council": "A council is itself the fire and rescue authority: its members decide.",
    "combined": "A board of councillors decides, sent by the councils of its area.",
    "metropolitan": "A board of councillors decides, sent by the metropolitan councils of its area.",
    "commissioner": (
        "The police, fire and crime commissioner decides, and a panel of councillors asks questions."
    ),
    "mayor": "The mayor decides, and members of the combined or London authority ask questions.",
}
_CODE: Final = re.compile(r" \(E\d{8}\)")


def slug(name: str) -> str:
    """Give the name of a council as it stands in an address.

    Examples
    --------
    >>> slug("Bournemouth, Christchurch and Poole")
    'bournemouth-christchurch-and-poole'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "").replace("’", "")).strip("-")


@cache
def addresses() -> dict[str, str]:
    """Give the last part of every page's address, by GSS code.

    A fire and rescue authority may have the name of a county, so that its address says what it is.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> addresses()["E10000016"], addresses()["E31000022"]
    ('kent', 'kent-fire-and-rescue-authority')
    """
    return {code: slug(distinct(areas.register()[code])) for code in findings.citizens().index}


def distinct(area: Area) -> str:
    """Give the everyday name of an authority, as it stands in a list of all."""
    return title(area) if area.tier == "fire" else writing.curly(area.name)


def title(area: Area) -> str:
    """Give the whole name of an authority, as a page's title has it.

    Examples
    --------
    >>> title(areas.find("Hull")), title(areas.find("Humberside", kind="fire and rescue authority"))
    ('Hull City Council', 'Humberside Fire and Rescue Authority')
    """
    if area.tier != "fire":
        return writing.curly(area.official or area.name)
    return writing.fire_authority(area.name)


def description(area: Area) -> str:
    """Say in a sentence what a page holds, as a search engine shows it."""
    kind, _ = words.KINDS[area.kind]
    others = "other fire authorities" if area.tier == "fire" else "similar councils"
    where = f" in {_the(area.region)}" if area.region else ""
    return (
        f"{title(area)}, {_an(kind)}{where}: what changed by more than chance, how it differs from "
        f"{others}, and what councillors can ask, from official figures."
    )


def _an(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def _the(region: str) -> str:
    name = areas.register()[region].name
    return name if name.startswith(("London", "Yorkshire")) else f"the {name}"


@dataclass(frozen=True)
class Link:
    """An authority that is named, with its page where it has one.

    Attributes
    ----------
    name, slug : str
    note : str
        What is said of it.
    """

    name: str
    slug: str = ""
    note: str = ""


def link(code: str, note: str = "", *, whole: bool = False) -> Link:
    """Name an authority by its everyday or its whole name, with its page where it has one."""
    area = areas.register()[code]
    return Link(title(area) if whole else writing.curly(area.name), addresses().get(code, ""), note)


@dataclass
class Provider:
    """Who runs some services in an area.

    Attributes
    ----------
    who : Link
    services : list of str
        Names, as they stand inside a sentence.
    """

    who: Link
    services: list[str] = field(default_factory=list)


def runs(code: str) -> list[str]:
    """List the services that an authority runs itself.

    Parameters
    ----------
    code : str

    Returns
    -------
    list of str
        Names, as they stand inside a sentence.

    Examples
    --------
    >>> runs("E31000020")
    ['fire and rescue']
    """
    return [_service(one) for one in areas.services().values() if areas.provides(code, one.id)]


def others_run(code: str) -> list[Provider]:
    """List who runs the services that an authority of a two-tier area, or one without, does not run.

    Parameters
    ----------
    code : str

    Returns
    -------
    list of Provider
        In the order of the register's services; whoever the register does not hold is described.

    Examples
    --------
    >>> [provider.who.name for provider in others_run("E07000223")]
    ['West Sussex County Council', 'West Sussex Fire and Rescue Authority']
    """
    if areas.register()[code].tier == "fire":
        return []
    found: dict[str, Provider] = {}
    for service in areas.services().values():
        if not areas.provides(code, service.id):
            who = _who_runs(code, service)
            found.setdefault(who.name, Provider(who)).services.append(_service(service))
    return list(found.values())


def _service(service: areas.Service) -> str:
    return writing.inside(writing.curly(service.name))


def _who_runs(code: str, service: areas.Service) -> Link:
    try:
        return link(areas.provider(code, service.id).code, whole=True)
    except areas.AreaError:
        area = areas.register()[code]
        for exemption in service.exemptions:
            if code in exemption.areas or area.combined in exemption.members_of:
                return Link(_CODE.sub("", exemption.reason))
        return Link("Each district council" if area.kind == "county" else "Another body")


def formed(area: Area) -> str:
    """Say when a council was formed, and in place of which, if it was since 2009.

    Examples
    --------
    >>> formed(areas.find("West Suffolk"))
    'Formed on 1 April 2019, in place of Forest Heath and St Edmundsbury.'
    """
    known = areas.register()
    changes = [
        change
        for change in known.changes
        if area.code in change.new and change.kind in ("merge", "split")
    ]
    if not changes:
        return ""
    first = min(change.effective for change in changes)
    old = [known[code] for change in changes for code in change.old]
    # A county or a district of the same name is told apart by its whole name.
    names = [
        one.official if one.name == area.name or one.kind == "county" else one.name for one in old
    ]
    return f"Formed on {writing.date(first)}, in place of {writing.listed(list(dict.fromkeys(names)))}."


def members(code: str) -> list[Link]:
    """List whose area an authority's is made of: a county's districts, a fire authority's councils.

    Districts are left out of the latter: they have no part in the fire service.

    Examples
    --------
    >>> [link.name for link in members("E31000020")]
    ['Hull', 'East Riding of Yorkshire', 'North East Lincolnshire', 'North Lincolnshire']
    """
    table = findings.citizens()
    if areas.register()[code].tier == "fire":
        inside = table[(table["fire"] == code) & (table["kind"] != "district")]
    else:
        inside = table[table["county"] == code]
    return [link(str(one)) for one in inside.index]
