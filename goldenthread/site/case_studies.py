"""What a case study is: the front matter of its page, read and checked, and whose story it tells."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from goldenthread import areas, catalogue, findings, snapshot, words
from goldenthread.areas import Area, AreaError
from goldenthread.catalogue import Identifier
from goldenthread.kept import unknown
from goldenthread.self_assessment import THEMES
from goldenthread.site import anatomy, authorities, case_anatomy, front_matter
from goldenthread.site.anatomy import Part
from goldenthread.site.boxes import ROLES
from goldenthread.site.front_matter import FieldError, FrontMatterError
from goldenthread.snapshot import Snapshot

#: Where the pages of case studies are.
FOLDER: Final = catalogue.FOLDER.parent / "casestudies"
#: Pages of the folder that are no case study: the list of all, and what begins with an underscore.
INDEX: Final = "index"
DRAFT: Final = "_"
#: The key of the front matter that makes a page a case study.
KEY: Final = "case"
#: Years that a story can begin in: before the register there are no areas, and so no figures.
FIRST_YEAR: Final = 2009
#: How many themes a study has at most: with more, a filter by theme finds everything.
MOST_THEMES: Final = 3
#: How many measures stand below "The figures since".
SINCE: Final = range(1, 6)
#: Whose stories are told.
KINDS: Final = (*areas.COUNCIL_KINDS, "fire and rescue authority")


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _day(value: Any) -> Any:
    # A year alone is a number, of which pydantic would make a moment of 1970.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(_Entry):
    """Where facts come from.

    Attributes
    ----------
    title : str
        What it is, in a few words.
    url : str
    publisher : str
    published : datetime.date, str or None
        The day, or the year alone; None for a page without a date.
    checked : datetime.date
        When somebody last read it there.
    """

    title: Annotated[str, Field(min_length=4)]
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    publisher: Annotated[str, Field(min_length=2)]
    published: Annotated[
        dt.date | Annotated[str, Field(pattern=r"^(19|20)\d\d$")] | None, BeforeValidator(_day)
    ] = None
    checked: dt.date


class CaseStudy(_Entry):
    """A case study as its page describes itself; type and region are those of the register.

    Attributes
    ----------
    slug, title, description : str
        The name of its file; its heading; a sentence for search engines and for the list.
    council : tuple of str
        The GSS codes of those whose story it is, also of former ones.
    themes : tuple of str
        What it is about: some of the themes of the self-assessment.
    year : int
        When the story begins; "the figures since" are those from there on.
    roles : tuple of str
        Whom it is useful to: some of `boxes.ROLES`.
    went_wrong : bool
        Whether something failed; `went-wrong` in the file.
    sources : tuple of Source
    """

    slug: Identifier
    title: str = Field(min_length=4)
    description: str
    council: Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
    themes: Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST_THEMES)]
    year: Annotated[int, Field(ge=FIRST_YEAR, le=2100)]
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    went_wrong: bool = Field(alias="went-wrong")
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _agree(self) -> CaseStudy:
        front_matter.check_description(self.description)
        for code in self.council:
            _check_code(code)
        for field, what, chosen, known in (
            ("themes", "theme", self.themes, THEMES),
            ("roles", "role", self.roles, tuple(ROLES)),
        ):
            for name in chosen:
                if name not in known:
                    raise FieldError(f"{KEY}.{field}", unknown(what, name, known))
        for field, listed in (
            ("council", self.council),
            ("themes", self.themes),
            ("roles", self.roles),
            ("sources", tuple(source.url for source in self.sources)),
        ):
            twice = [name for name, count in Counter(listed).items() if count > 1]
            if twice:
                raise FieldError(f"{KEY}.{field}", f"{', '.join(twice)} stands there twice")
        return self

    @property
    def areas(self) -> tuple[Area, ...]:
        """Those whose story it is, as they were then."""
        return tuple(areas.register()[code] for code in self.council)

    @property
    def today(self) -> tuple[Area, ...]:
        """Those that are there today: of a former council, the councils that followed it."""
        followed = (one for area in self.areas for one in _followers(area))
        return tuple({area.code: area for area in followed}.values())

    @property
    def kinds(self) -> tuple[str, ...]:
        """Their types, each once."""
        return tuple(dict.fromkeys(area.kind for area in self.areas))

    @property
    def regions(self) -> tuple[str, ...]:
        """Their regions, by name, each once."""
        known = areas.register()
        return tuple(dict.fromkeys(known[area.region].name for area in self.areas if area.region))

    @property
    def names(self) -> tuple[str, ...]:
        """Their whole names."""
        return tuple(authorities.title(area) for area in self.areas)

    @property
    def type(self) -> str:
        """Their types in words: "district council", "county council, now abolished"."""
        said = " and ".join(words.KINDS[kind][0] for kind in self.kinds)
        return said if all(area.is_current for area in self.areas) else f"{said}, now abolished"


def _check_code(code: str) -> None:
    known = areas.register()
    if code in known and known[code].kind in KINDS:
        return
    try:
        found = areas.find(code)
    except AreaError:
        raise FieldError(
            f"{KEY}.council", f"expected a GSS code such as E07000012, found {code!r}"
        ) from None
    raise FieldError(f"{KEY}.council", f"expected a GSS code: {found.name} is {found.code}")


def _followers(area: Area) -> Iterator[Area]:
    if area.is_current:
        yield area
    for code in area.replaced_by:
        yield from _followers(areas.register()[code])


# --- reading ---------------------------------------------------------------------------------------


def load(path: Path) -> CaseStudy:
    """Read the front matter of one case study.

    Parameters
    ----------
    path : pathlib.Path
        The page.

    Returns
    -------
    CaseStudy

    Raises
    ------
    FrontMatterError
        Naming the file, the line, the field and what was expected.

    Examples
    --------
    >>> study = load(FOLDER / "south-cambridgeshire.md")
    >>> study.type, study.regions
    ('district council', ('East of England',))
    """
    return _load(path, front_matter.text_of(path))


@lru_cache(maxsize=256)
def _load(path: Path, text: str) -> CaseStudy:
    expected = "council, themes, year, roles, went-wrong and sources"
    return front_matter.load(path, text, KEY, CaseStudy, expected)


def paths(folder: Path = FOLDER) -> list[Path]:
    """List the pages of case studies.

    Examples
    --------
    >>> names = [path.stem for path in paths()]
    >>> "south-cambridgeshire" in names, "index" in names, "_template" in names
    (True, False, False)
    """
    return [path for path in sorted(folder.glob("*.md")) if is_study(path.stem)]


def is_study(name: str) -> bool:
    """Tell whether a page of the folder is a case study, by its name."""
    return name != INDEX and not name.startswith(DRAFT)


def in_order(listed: Iterable[CaseStudy]) -> list[CaseStudy]:
    """Put case studies in the order in which they are listed: by their titles."""
    return sorted(listed, key=lambda study: study.title.casefold())


# --- checking --------------------------------------------------------------------------------------


def misfit(identifier: str, area: Area) -> str:
    """Say why a measure cannot stand below "The figures since"; empty where it can.

    Parameters
    ----------
    identifier : str
    area : Area
        One of today whose figures they would be.

    Returns
    -------
    str

    Examples
    --------
    >>> misfit("household-recycling-rate", areas.find("Hull"))
    ''
    >>> misfit("fly-tipping-incidents", areas.find("Kent"))
    'fly-tipping-incidents has no figures of county councils such as Kent; take another measure'
    """
    known = catalogue.catalogue()
    if identifier not in known:
        return unknown("measure", identifier, known)
    if findings.figures_of(known[identifier].tier)[area.code] is None:
        several = words.KINDS[area.kind][1]
        return f"{identifier} has no figures of {several} such as {area.name}; take another measure"
    return ""


def _since(study: CaseStudy, part: Part) -> Iterator[tuple[int, str]]:
    """Look for measures that have no figures of those whose story it is, or only older ones."""
    listed = [
        (block.line + number, name.strip())
        for block in part.blocks
        if block.name == "figures-since"
        for number, name in enumerate(block.content, start=1)
        if name.strip()
    ]
    if len(listed) not in SINCE:
        yield (
            part.line,
            f"expected {SINCE.start} to {SINCE.stop - 1} measures in {{figures-since}}, found {len(listed)}",
        )
    unfit = False
    for line, name in listed:
        said = next(filter(None, (misfit(name, area) for area in study.today)), "")
        if said:
            unfit = True
            yield line, said
    held = snapshot.snapshot()
    if listed and not unfit and not any(_reaches(held, name, study.year) for _, name in listed):
        yield (
            part.line,
            f"expected in {{figures-since}} a measure with figures of {study.year + 1} or later",
        )


def _reaches(held: Snapshot, name: str, year: int) -> bool:
    return not held.awaits(name) and held.manifest(name).periods.end.year > year


def wrong(path: Path) -> list[tuple[int, str]]:
    """Give all that is wrong with the page of a case study, each with its line.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of (int, str)
        Empty for a page that is as it should be.
    """
    text = front_matter.text_of(path)
    before, body = front_matter.lines_before(text), front_matter.split(text)[1]
    try:
        study = load(path)
    except FrontMatterError as error:
        found = [(error.line, error.reason)]
        within = case_anatomy.faults(body, None)
    else:
        found = []
        within = case_anatomy.faults(body, [source.url for source in study.sources])
        for part in anatomy.parts(body):
            if case_anatomy.SINCE.pattern.fullmatch(part.heading):
                within += _since(study, part)
    return sorted([*found, *((before + line, said) for line, said in within)])


def faults(path: Path) -> list[str]:
    """Say all that is wrong with the page of a case study.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of str
        As `name.md:12: what is wrong`; empty for a page that is as it should be.

    Examples
    --------
    >>> faults(FOLDER / "south-cambridgeshire.md")
    []
    """
    return [f"{path.name}:{line}: {said}" for line, said in wrong(path)]


def shared(listed: Iterable[Path]) -> list[str]:
    """Say which sentences stand in more than one case study.

    Parameters
    ----------
    listed : iterable of pathlib.Path

    Returns
    -------
    list of str
        As `faults` gives them.
    """
    said: dict[str, Path] = {}
    found = []
    for path in listed:
        for sentence in sorted(
            anatomy.sentences(front_matter.split(front_matter.text_of(path))[1])
        ):
            other = said.setdefault(sentence, path)
            if other != path:
                found.append(f"{path.name}:1: the same sentence stands in {other.name}: {sentence}")
    return found


def lacking(listed: Iterable[CaseStudy]) -> list[str]:
    """Name the types of council and the regions that no case study is from.

    Parameters
    ----------
    listed : iterable of CaseStudy

    Returns
    -------
    list of str
        Types as they are said of several, then regions.

    Examples
    --------
    >>> lacking([load(FOLDER / "south-cambridgeshire.md")])[:2]
    ['county councils', 'unitary councils']
    """
    held = list(listed)
    kinds = {kind for study in held for kind in study.kinds}
    regions = {region for study in held for region in study.regions}
    known = [area.name for area in areas.register().values() if area.kind == "region"]
    return [
        *(words.KINDS[kind][1] for kind in KINDS if kind not in kinds),
        *(name for name in known if name not in regions),
    ]
