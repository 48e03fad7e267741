"""Who: every English council, fire authority, combined authority and region, and what they were."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args

import pandas as pd
import yaml
from rapidfuzz import fuzz, process

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "register"
#: The files that hold areas; reorganisations and services have a file each.
AREA_FILES: Final = ("councils", "former", "fire", "combined", "regions")
ENGLAND: Final = "E92000001"

Kind = Literal[
    "county",
    "district",
    "unitary",
    "metropolitan district",
    "London borough",
    "fire and rescue authority",
    "combined authority",
    "region",
    "country",
]
Change = Literal["recode", "merge", "split", "boundary"]

COUNCIL_KINDS: Final[tuple[Kind, ...]] = (
    "county",
    "district",
    "unitary",
    "metropolitan district",
    "London borough",
)
#: Counties are upper tier, districts lower; the other councils do both jobs.
TIERS: Final[Mapping[str, str]] = {
    "county": "upper",
    "district": "lower",
    "unitary": "single",
    "metropolitan district": "single",
    "London borough": "single",
    "fire and rescue authority": "fire",
    "combined authority": "combined",
    "region": "region",
    "country": "country",
}
#: Families of GSS code the register holds: an unknown code in one of them is an error.
FAMILIES: Final = frozenset({"E06", "E07", "E08", "E09", "E10", "E12", "E31", "E47", "E61", "E92"})

_CODE: Final = re.compile(r"[A-Z]\d{8}")
_ELSEWHERE: Final = re.compile(r"[WSNKLMJ]\d{8}|E[0-6]\d{7}")
#: The City's short name must not become the region's when "City of" is dropped.
_CITY: Final = "E09000001"


class AreaError(LookupError):
    """An area that cannot be found, or an entry of the register that cannot be read."""


# --- what the register holds ---------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Area:
    """One authority or region, as `data/register/` describes it.

    `start` and `end` are the first and last day of the *code*; no `start` means that it was in
    use when the register begins, on 1 April 2009. `region`, `county`, `fire`, `combined`,
    `run_by`, `replaced` and `replaced_by` are GSS codes of other areas.
    """

    code: str
    name: str
    kind: Kind
    official: str = ""
    variants: tuple[str, ...] = ()
    region: str | None = None
    county: str | None = None
    fire: str | None = None
    combined: str | None = None
    dfe: int | None = None
    ecode: str | None = None
    register: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    replaced: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    governance: str = ""
    run_by: str | None = None
    note: str = ""

    @property
    def tier(self) -> str:
        """`upper`, `lower`, `single`; or `fire`, `combined`, `region`, `country`."""
        return TIERS[self.kind]

    @property
    def is_council(self) -> bool:
        """Whether this is a principal council (the City of London and Scilly count)."""
        return self.kind in COUNCIL_KINDS

    @property
    def is_current(self) -> bool:
        """Whether the code is in use today."""
        return self.end is None

    def existed(self, on: dt.date) -> bool:
        """Whether the code was in use on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, kw_only=True)
class Reorganisation:
    """One change of areas: the old ones, the new ones, and the day it took effect."""

    effective: dt.date
    kind: Change
    old: tuple[str, ...]
    new: tuple[str, ...]
    instrument: str = ""


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """Areas where somebody else than the tier says provides a service."""

    reason: str
    areas: tuple[str, ...] = ()
    members_of: tuple[str, ...] = ()
    provider: str | None = None


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Real codes in the families we hold that the register leaves out, and why."""

    reason: str
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service, the kinds of authority that provide it, and where that is not so."""

    id: str
    name: str
    kinds: tuple[Kind, ...]
    exemptions: tuple[Exemption, ...] = ()
    note: str = ""


class Register(Mapping[str, Area]):
    """Areas by GSS code, with indexes by name and by the numbers other publishers use."""

    def __init__(self, areas: Iterable[Area], changes: Iterable[Reorganisation] = ()) -> None:
        self._areas = {area.code: area for area in areas}
        self.changes = tuple(changes)

    def __getitem__(self, code: str) -> Area:
        try:
            return self._areas[code]
        except KeyError:
            raise AreaError(f"the register has no area with the code {code!r}") from None

    def __contains__(self, code: object) -> bool:
        return code in self._areas

    def __iter__(self) -> Iterator[str]:
        return iter(self._areas)

    def __len__(self) -> int:
        return len(self._areas)

    def get(self, code: str, default: Any = None) -> Any:
        """Get the area with a code, or the default."""
        return self._areas.get(code, default)

    @cached_property
    def plain_names(self) -> dict[str, tuple[Area, ...]]:
        """Areas by every name they go by, case and punctuation folded."""
        return self._by_name(_plain)

    @cached_property
    def bare_names(self) -> dict[str, tuple[Area, ...]]:
        """Areas by name without "council", "borough of" and the like."""
        index = self._by_name(lambda name: _bare(_plain(name)))
        index["london"] = tuple(area for area in index.get("london", ()) if area.code != _CITY)
        return index

    @cached_property
    def numbers(self) -> dict[str, tuple[Area, ...]]:
        """Areas by GSS code, DfE number, E-code and old register code."""
        found: dict[str, list[Area]] = defaultdict(list)
        for area in self.values():
            for number in (area.code, area.ecode, area.register, area.dfe):
                if number is not None:
                    found[str(number)].append(area)
        return {number: tuple(areas) for number, areas in found.items()}

    def _by_name(self, key: Callable[[str], str]) -> dict[str, tuple[Area, ...]]:
        found: dict[str, dict[str, Area]] = defaultdict(dict)
        for area in self.values():
            for name in (area.name, area.official, *area.variants):
                if name:
                    found[key(name)][area.code] = area
        return {name: tuple(areas.values()) for name, areas in found.items()}


# --- reading it ----------------------------------------------------------------------------------

_T = TypeVar("_T")


def read(folder: Path = FOLDER) -> Register:
    """Read and check a register from a folder of YAML files.

    Parameters
    ----------
    folder : pathlib.Path
        Holds the `AREA_FILES` and `changes.yaml`.

    Returns
    -------
    Register
        Every area, by GSS code.

    Raises
    ------
    AreaError
        Names the file, the entry, the field and what was expected.
    """
    changes = _entries(folder / "changes.yaml", Reorganisation)
    replaced, replaced_by = _successions(changes)
    areas: dict[str, Area] = {}
    files: dict[str, str] = {}
    for path in (folder / f"{stem}.yaml" for stem in AREA_FILES):
        for area in _entries(path, Area, _with_successions(replaced, replaced_by)):
            if not _CODE.fullmatch(area.code):
                raise AreaError(f"{path.name}, {area.code}: code: expected a letter and 8 digits")
            if area.code in areas:
                raise AreaError(f"{path.name}, {area.code}: code: is in the register twice")
            areas[area.code] = area
            files[area.code] = path.name
    made = Register(areas.values(), changes)
    _check_references(made, files)
    return made


def _successions(
    changes: Iterable[Reorganisation],
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    replaced: dict[str, list[str]] = defaultdict(list)
    replaced_by: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.kind != "boundary":
            for old in change.old:
                replaced_by[old].extend(change.new)
            for new in change.new:
                replaced[new].extend(change.old)
    return replaced, replaced_by


def _with_successions(
    replaced: Mapping[str, list[str]], replaced_by: Mapping[str, list[str]]
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def add(entry: dict[str, Any]) -> dict[str, Any]:
        code = entry.get("code", "")
        return {
            **entry,
            "replaced": replaced.get(code, []),
            "replaced_by": replaced_by.get(code, []),
        }

    return add


def _entries(
    path: Path,
    model: type[_T],
    prepare: Callable[[dict[str, Any]], dict[str, Any]] = lambda entry: entry,
) -> list[_T]:
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        entries = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506
    except (OSError, yaml.YAMLError) as error:
        raise AreaError(f"{path.name} cannot be read: {error}") from None
    if not isinstance(entries, list):
        raise AreaError(f"{path.name}: expected a list of entries")
    made = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise AreaError(f"{path.name}, entry {number}: expected fields and values")
        label = entry.get("code") or entry.get("id") or f"entry {number}"
        made.append(_build(model, prepare(entry), f"{path.name}, {label}"))
    return made


def _build(model: Any, entry: Mapping[str, Any], where: str) -> Any:
    """Make a dataclass of an entry, or say which field is wrong and what was expected."""
    types, required = _shape(model)
    for name in required:
        if name not in entry:
            raise AreaError(f"{where}: {name}: is missing")
    values = {}
    for name, value in entry.items():
        if name not in types:
            raise AreaError(f"{where}: {name}: is not a field; expected {', '.join(types)}")
        expected, fits, convert = _TYPES[types[name]]
        if not fits(value):
            raise AreaError(f"{where}: {name}: expected {expected}, not {value!r}")
        values[name] = convert(value, f"{where}: {name}") if convert else value
    return model(**values)


@cache
def _shape(model: Any) -> tuple[dict[str, str], tuple[str, ...]]:
    """List a dataclass's fields with their annotations, and those that must be given."""
    types = {field.name: str(field.type) for field in fields(model)}
    return types, tuple(field.name for field in fields(model) if field.default is MISSING)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _all(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


def _as_tuple(value: list[Any], _: str) -> tuple[Any, ...]:
    return tuple(value)


def _as_exemptions(value: list[dict[str, Any]], where: str) -> tuple[Exemption, ...]:
    return tuple(_build(Exemption, entry, where) for entry in value)


_KINDS: Final = frozenset(get_args(Kind))
#: By annotation: what is expected in words, how to tell, and how to make the value.
_TYPES: Final[Mapping[str, tuple[str, Callable[[Any], bool], Callable[[Any, str], Any] | None]]] = {
    "str": ("text", _is_text, None),
    "str | None": ("text", _is_text, None),
    "int | None": ("a whole number", lambda value: type(value) is int, None),
    "dt.date": ("a date (2023-04-01)", lambda value: type(value) is dt.date, None),
    "dt.date | None": ("a date (2023-04-01)", lambda value: type(value) is dt.date, None),
    "Kind": (f"one of {', '.join(get_args(Kind))}", lambda value: value in _KINDS, None),
    "Change": (
        f"one of {', '.join(get_args(Change))}",
        lambda value: value in get_args(Change),
        None,
    ),
    "tuple[str, ...]": ("a list of texts", _all(_is_text), _as_tuple),
    "tuple[Kind, ...]": ("a list of kinds", _all(lambda value: value in _KINDS), _as_tuple),
    "tuple[Exemption, ...]": (
        "a list of exemptions",
        _all(lambda value: isinstance(value, dict)),
        _as_exemptions,
    ),
}


def _check_references(made: Register, files: Mapping[str, str]) -> None:
    expected = {
        "region": "region",
        "county": "county",
        "fire": "fire and rescue authority",
        "combined": "combined authority",
    }
    for area in made.values():
        for field, kind in expected.items():
            code = getattr(area, field)
            if code is not None and (code not in made or made[code].kind != kind):
                where = f"{files[area.code]}, {area.code}: {field}"
                raise AreaError(f"{where}: expected the code of a {kind}, not {code}")
    for change in made.changes:
        for code in (*change.old, *change.new):
            if code not in made:
                raise AreaError(f"changes.yaml, {change.effective}: {code} is not in the register")


@cache
def register() -> Register:
    """Get every area the project knows, by GSS code (read once).

    Returns
    -------
    Register
        A mapping from GSS code to `Area`; an unknown code raises `AreaError`.

    Examples
    --------
    >>> register()["E06000010"].official
    'Hull City Council'
    """
    return read()


@cache
def services() -> Mapping[str, Service]:
    """Get the services councils and fire authorities provide, by id (read once).

    Returns
    -------
    mapping of str to Service
        In the order of `data/register/services.yaml`.

    Examples
    --------
    >>> services()["waste-collection"].name
    'Waste collection'
    """
    return {service.id: service for service in _entries(FOLDER / "services.yaml", Service)}


# --- finding -------------------------------------------------------------------------------------

_WORDS = (
    "royal|london|metropolitan|metro|city|borough|boro|county|council|district|unitary|of|and|the"
)
_FRONT: Final = re.compile(rf"^(?:(?:{_WORDS}) )+")
_BACK: Final = re.compile(
    rf"(?: (?:{_WORDS}|corporation|authority|ua|lb|mb|mbc|mdc|cc|dc|bc|combined|mayoral"
    r"|fire|rescue|service|fra|frs|ca|cca|mca|region))+$"
)


def _plain(text: str) -> str:
    """Fold case, accents, punctuation and "&", and keep every word."""
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    text = re.sub(r"['`]", "", text.replace("&", " and "))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def _bare(plain: str) -> str:
    """Drop from both ends the words that say what kind of authority it is."""
    return _FRONT.sub("", _BACK.sub("", plain)) or plain


def _precedence(area: Area, on: dt.date | None) -> int:
    """Who is meant first when several areas share a name."""
    current = on is not None or area.is_current
    if area.is_council:
        return 0 if current else 2
    if area.kind in ("region", "country"):
        return 1
    if not current:
        return 5
    return 3 if area.kind == "combined authority" else 4


def _kinds(kind: str | Collection[str] | None, plain: str) -> Collection[str]:
    """Take the kinds asked for; failing that, the kind the text itself names."""
    if kind is not None:
        return (kind,) if isinstance(kind, str) else kind
    if re.search(r"\bfire\b", plain):
        return ("fire and rescue authority",)
    if re.search(r"\bcombined (?:county )?authority\b", plain):
        return ("combined authority",)
    if re.search(r"(?<!city )\bregion$", plain):
        return ("region",)
    return ()


def _candidates(text: str, kinds: Collection[str], on: dt.date | None) -> list[Area]:
    """List the areas a text may mean: several only if nothing tells them apart."""
    known, plain = register(), _plain(text)
    for index, key in (
        (known.numbers, text.strip()),
        (known.plain_names, plain),
        (known.bare_names, _bare(plain)),
    ):
        found = [
            area
            for area in index.get(key, ())
            if (not kinds or area.kind in kinds) and (on is None or area.existed(on))
        ]
        if found:
            first = min(_precedence(area, on) for area in found)
            found = [area for area in found if _precedence(area, on) == first]
            last = max(area.end or dt.date.max for area in found)
            return [area for area in found if (area.end or dt.date.max) == last]
    return []


def find(
    text: str, *, kind: str | Collection[str] | None = None, on: dt.date | None = None
) -> Area:
    """Find an area by any of its codes or names.

    Case, punctuation, "&" and words such as "council", "borough" and "city of" make no
    difference. A name shared by several areas means the council in being; failing one, the
    region, then a former council, then a combined or fire authority. `kind` and `on` choose
    otherwise.

    Parameters
    ----------
    text : str
        A GSS code, DfE number, E-code or old register code, or a name.
    kind : str or collection of str, optional
        Only areas of these kinds.
    on : datetime.date, optional
        Only areas whose code was in use on this day.

    Returns
    -------
    Area
        The one area meant.

    Raises
    ------
    AreaError
        Nothing matches (the message suggests the three nearest names), or more than one area
        could be meant (the message names them).

    Examples
    --------
    >>> find("Hull").code
    'E06000010'
    >>> find("Barking & Dagenham London Borough Council").dfe
    301
    >>> find("Somerset").code, find("Somerset", on=dt.date(2020, 1, 1)).code
    ('E06000066', 'E10000027')
    >>> find("Cornwall", kind="fire and rescue authority").code
    'E31000008'
    """
    kinds = _kinds(kind, _plain(text))
    found = _candidates(text, kinds, on)
    if len(found) == 1:
        return found[0]
    if found:
        meant = " or ".join(f"{area.official or area.name} ({area.code})" for area in found)
        raise AreaError(f"{text!r} could mean {meant}: say which")
    raise AreaError(_not_found(text, kinds, on))


def _not_found(text: str, kinds: Collection[str], on: dt.date | None) -> str:
    names = {
        name: area.name
        for area in register().values()
        if (not kinds or area.kind in kinds) and (on is None or area.existed(on))
        for name in map(_plain, (area.name, area.official, *area.variants))
        if name
    }
    near = process.extract(_plain(text), names.keys(), scorer=fuzz.WRatio, limit=12)
    suggestions = list(dict.fromkeys(names[match] for match, _, _ in near))[:3]
    where = f" among: {', '.join(sorted(kinds))}" if kinds else ""
    when = f" on {on:%-d %B %Y}" if on else ""
    return f"no area is called {text!r}{where}{when}; the nearest are {', '.join(suggestions)}"


def codes_for(
    names: pd.Series[str] | Iterable[str],
    *,
    kinds: str | Collection[str] | None = None,
    on: dt.date | None = None,
) -> list[str | None]:
    """Get the codes of many areas, for publishers that give names only.

    Parameters
    ----------
    names : pandas.Series or iterable of str
        Names (or codes), as published; n of them, repeats and missing values allowed.
    kinds : str or collection of str, optional
        Only areas of these kinds.
    on : datetime.date, optional
        Only areas whose code was in use on this day.

    Returns
    -------
    list of str or None
        n GSS codes in the same order; None where a name is unknown or could mean two areas.

    Examples
    --------
    >>> codes_for(["Bristol, City of", "Bedford Borough", "Atlantis"])
    ['E06000023', 'E06000055', None]
    """
    listed = list(names)
    codes: dict[str, str | None] = {}
    for name in {name for name in listed if isinstance(name, str)}:
        found = _candidates(name, _kinds(kinds, _plain(name)), on)
        codes[name] = found[0].code if len(found) == 1 else None
    return [codes.get(name) if isinstance(name, str) else None for name in listed]


def by_dfe(number: int | str) -> Area:
    """Find the area with a Department for Education number (the current one, after re-coding).

    Parameters
    ----------
    number : int or str
        Three digits, such as 301.

    Returns
    -------
    Area
        The council.

    Examples
    --------
    >>> by_dfe("301").name
    'Barking and Dagenham'
    """
    return _by_number(str(number).strip().removesuffix(".0"), "DfE number")


def by_ecode(code: str) -> Area:
    """Find the area with an E-code, as used in local government finance.

    Parameters
    ----------
    code : str
        Such as E0101.

    Returns
    -------
    Area
        The current area with it, or the last one that had it.

    Examples
    --------
    >>> by_ecode("E4401").code
    'E08000038'
    """
    return _by_number(code.strip(), "E-code")


def _by_number(number: str, what: str) -> Area:
    found = register().numbers.get(number, ())
    if not found:
        raise AreaError(f"no area has the {what} {number!r}")
    return max(found, key=lambda area: area.end or dt.date.max)


# --- asking --------------------------------------------------------------------------------------


def councils(
    *,
    on: dt.date | None = None,
    kind: str | None = None,
    tier: str | None = None,
    region: str | None = None,
) -> list[Area]:
    """List principal councils, by default all that exist today.

    Parameters
    ----------
    on : datetime.date, optional
        Those in being on this day instead.
    kind : str, optional
        One of `COUNCIL_KINDS`.
    tier : str, optional
        `single`; or `upper` or `lower`, which count single-tier councils too, as in
        `tier_codes`.
    region : str, optional
        A region's name or code.

    Returns
    -------
    list of Area
        In order of code.

    Examples
    --------
    >>> len(councils()), len(councils(kind="county")), len(councils(region="London"))
    (317, 21, 33)
    """
    if kind is not None and kind not in COUNCIL_KINDS:
        raise AreaError(f"{kind!r} is not a kind of council: expected {', '.join(COUNCIL_KINDS)}")
    place = find(region, kind="region").code if region is not None else None
    tiers = _tiers(tier) if tier is not None else None
    return sorted(
        (
            area
            for area in register().values()
            if area.is_council
            and (area.is_current if on is None else area.existed(on))
            and (kind is None or area.kind == kind)
            and (tiers is None or area.tier in tiers)
            and (place is None or area.region == place)
        ),
        key=lambda area: area.code,
    )


def _tiers(tier: str) -> tuple[str, ...]:
    expected = {"upper": ("upper", "single"), "lower": ("lower", "single"), "single": ("single",)}
    if tier not in expected:
        raise AreaError(f"{tier!r} is not a tier: expected {', '.join(expected)}")
    return expected[tier]


def tier_codes(tier: str) -> frozenset[str]:
    """Get the codes of all current councils that do the work of a tier.

    Parameters
    ----------
    tier : {"upper", "lower", "single"}
        Single-tier councils are in all three.

    Returns
    -------
    frozenset of str
        GSS codes.

    Examples
    --------
    >>> {tier: len(tier_codes(tier)) for tier in ("upper", "lower", "single")}
    {'upper': 153, 'lower': 296, 'single': 132}
    """
    return frozenset(area.code for area in councils(tier=tier))


def known_codes() -> frozenset[str]:
    """Get every code in the register, former ones, regions and England included.

    Returns
    -------
    frozenset of str
        GSS codes.
    """
    return frozenset(register())


def is_known(code: str) -> bool:
    """Tell whether a code is in the register.

    Parameters
    ----------
    code : str
        A GSS code.

    Returns
    -------
    bool
        True for current and former areas alike.

    Examples
    --------
    >>> is_known("E08000016"), is_known("E08999999")
    (True, False)
    """
    return code in register()


def not_covered(code: str) -> bool:
    """Tell whether a code is a real one of a kind the register deliberately leaves out.

    Wales, Scotland, Northern Ireland and the combinations of countries; and in England wards,
    police forces, health areas, waste authorities, national parks and the like, and councils that
    went on 1 April 2009. A code that is neither known nor not covered is a mistake.

    Parameters
    ----------
    code : str
        A GSS code.

    Returns
    -------
    bool
        Whether a source may leave its rows out without a word.

    Examples
    --------
    >>> not_covered("W06000015"), not_covered("E50000001"), not_covered("E06999999")
    (True, True, False)
    """
    if code[:3] in FAMILIES:
        return code in _left_out()
    return bool(_ELSEWHERE.fullmatch(code))


@cache
def _left_out() -> frozenset[str]:
    entries = _entries(FOLDER / "left_out.yaml", LeftOut)
    return frozenset(code for entry in entries for code in entry.codes)


# --- services ------------------------------------------------------------------------------------


def _service(service: str) -> Service:
    try:
        return services()[service]
    except KeyError:
        near = [match for match, _, _ in process.extract(service, services().keys(), limit=3)]
        raise AreaError(
            f"no service is called {service!r}; the nearest are {', '.join(near)}"
        ) from None


def _exemption(area: Area, service: Service) -> Exemption | None:
    for exemption in service.exemptions:
        if area.code in exemption.areas or area.combined in exemption.members_of:
            return exemption
    return None


def provides(code: str, service: str) -> bool:
    """Tell whether an authority itself provides a service.

    Parameters
    ----------
    code : str
        The authority's GSS code.
    service : str
        A service's id, from `services`.

    Returns
    -------
    bool
        True also for a council that is its own fire authority.

    Examples
    --------
    >>> provides("E07000223", "waste-collection"), provides("E07000223", "libraries")
    (True, False)
    """
    area, wanted = register()[code], _service(service)
    if area.kind in wanted.kinds:
        return _exemption(area, wanted) is None
    if "fire and rescue authority" in wanted.kinds and area.fire is not None:
        return register()[area.fire].run_by == code
    return False


def provider(code: str, service: str) -> Area:
    """Find the authority that provides a service in a council's area.

    Parameters
    ----------
    code : str
        The council's GSS code.
    service : str
        A service's id, from `services`.

    Returns
    -------
    Area
        The council itself, its county, its combined authority or its fire authority.

    Raises
    ------
    AreaError
        The service is provided there by a body the register does not hold, or not known.

    Examples
    --------
    >>> provider("E07000223", "libraries").name
    'West Sussex'
    >>> provider("E07000223", "fire-and-rescue").code
    'E31000037'
    """
    area, wanted = register()[code], _service(service)
    for body in (area.code, area.county, area.fire):
        if body is not None and register()[body].kind in wanted.kinds:
            exemption = _exemption(register()[body], wanted)
            if exemption is None:
                return register()[body]
            return _instead(area, wanted, exemption)
    if area.kind == "county" and "district" in wanted.kinds:
        raise AreaError(
            f"{wanted.name.lower()} in {area.name} is provided by each of its districts"
        )
    raise AreaError(f"the register does not say who provides {wanted.name.lower()} in {area.name}")


def _instead(area: Area, service: Service, exemption: Exemption) -> Area:
    other = exemption.provider
    if other is None and area.combined in exemption.members_of:
        other = area.combined
    if other is None:
        raise AreaError(f"{service.name} in {area.name}: {exemption.reason}")
    return register()[other]


# --- history -------------------------------------------------------------------------------------


def lineage() -> pd.DataFrame:
    """List how former areas became present ones.

    Returns
    -------
    pandas.DataFrame
        One row per old and new area: `old`, `new` (GSS codes), `whole` (the old area went wholly
        into the new one), `effective` (the new area's first day) and `kind`: `recode` (the same
        area under a new code), `merge`, `split` or `boundary` (a sliver that changed hands).

    Examples
    --------
    >>> rows = lineage()
    >>> rows.loc[rows["new"] == "E07000245", ["old", "kind"]].values.tolist()
    [['E07000201', 'merge'], ['E07000204', 'merge']]
    """
    rows = [
        (old, new, change.kind in ("recode", "merge"), change.effective, change.kind)
        for change in register().changes
        for old in change.old
        for new in change.new
    ]
    table = pd.DataFrame(rows, columns=["old", "new", "whole", "effective", "kind"])
    table["effective"] = table["effective"].astype("datetime64[s]")
    return table
