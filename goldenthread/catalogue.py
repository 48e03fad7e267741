"""What is measured and who publishes it: the typed catalogue read from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from goldenthread import kept
from goldenthread.periods import YEARS

FOLDER: Final = Path(__file__).resolve().parent.parent / "data"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads YAML and refuses a field that stands twice in an entry, where the last would win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for number, key in enumerate(keys):
            if key in keys[:number] and key != "<<":
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key} stands there twice", node.value[number][0].start_mark
                )
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Sentence = Annotated[str, Field(min_length=12, pattern=r"[.?]$")]


class CatalogueError(ValueError):
    """A catalogue entry that is wrong; the message names file, entry, field and what was expected."""


class _Entry(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False
    )


class Question(_Entry):
    """A question worth asking of a figure, and whom to ask."""

    ask: Annotated[str, Field(pattern=r"\?$")]
    who: str


class Origin(_Entry):
    """Where in a source's documents a measure is found."""

    source: Identifier
    document: Identifier
    query: dict[str, Any] = Field(default_factory=dict)


class Derived(_Entry):
    """Of which measures another is made: one over another, less a third.

    Attributes
    ----------
    numerator, denominator, less : str
        Ids of measures whose figures are held as published. `less` is taken from the denominator.
    nation : bool
        Whether a council's figure can be set beside England's: not where England's total holds what
        both tiers spend, or what combined authorities spend instead of councils.
    """

    numerator: Identifier
    denominator: Identifier
    less: Identifier | None = None
    nation: bool = True

    @property
    def parts(self) -> tuple[str, ...]:
        """The measures it is made of."""
        return tuple(one for one in (self.numerator, self.denominator, self.less) if one)


class Break(_Entry):
    """A point in a series before and after which figures are not comparable."""

    at: date
    why: Sentence


class Measure(_Entry):
    """One thing that is measured for many areas and periods.

    Attributes
    ----------
    id, name, theme : str
        The stable name in addresses and files; the name in plain English; the catalogue file it
        stands in.
    definition, numerator, denominator : str
        What exactly is counted, over what.
    unit : str
        What `value` is in. "per cent" is 0 to 100, never a fraction; "rate" is per `per` of the
        denominator; "pounds" are pounds, not thousands.
    per : float
        The multiplier of numerator over denominator (100 for per cent).
    polarity : {"high", "low", None}
        Which direction is better, where that is agreed; otherwise None.
    tier : {"upper", "lower", "both", "fire"}
        The councils that have a figure: county and single tier; district and single tier; all.
    service : str
        The service of the register the figure is about, or None for a figure of the place.
    control : {"controls", "influences", "context"}
        How far a council can change it.
    minimum, maximum : float
        The possible range of `value`: outside it a figure is refused.
    rebase : {"sum", "ratio", None}
        The rule by which former areas add up to today's.
    years : str
        How the publisher's bare years are to be read: a key of `periods.YEARS`.
    size : bool
        Whether the figure says first of all how large a place is (a count, a total), so that it is
        never ranked; true of itself for counts and for what former areas add up to.
    chance : {"proportion", "rate", None}
        How the numerator arises, where the play of chance in it can be computed: separate people
        or cases out of a count of them, or events in a population. Money, weights and survey
        estimates have none.
    reporting : str
        The bases on which councils report, where they do so in several ways and a comparison of
        them can mislead.
    derived : Derived or None
        For a measure that nobody publishes: which published ones it is worked out from, whenever it
        is read. Its `origin` is that of its numerator.
    plural : bool
        Whether `short` is grammatically plural, so that a sentence says "were".
    """

    id: Identifier
    theme: Identifier
    name: Annotated[str, Field(min_length=5, max_length=110)]
    short: Annotated[str, Field(min_length=3, max_length=60)]
    definition: Sentence
    numerator: str | None = None
    denominator: str | None = None
    unit: Literal[
        "per cent",
        "rate",
        "count",
        "pounds",
        "ratio",
        "years",
        "days",
        "minutes",
        "score",
        "tonnes",
        "kilograms",
        "kilowatt-hours",
        "judgement",
        "average",
    ]
    per: float = 1
    decimals: Annotated[int, Field(ge=0, le=3)] = 1
    polarity: Literal["high", "low"] | None
    polarity_why: str | None = None
    tier: Literal["upper", "lower", "both", "fire"]
    service: Identifier | None = None
    control: Literal["controls", "influences", "context"]
    frequency: Literal["annual", "quarterly", "monthly", "daily", "census", "irregular"]
    release_month: Annotated[int, Field(ge=1, le=12)] | None = None
    years: str = "calendar"
    size: bool = False
    chance: Literal["proportion", "rate"] | None = None
    reporting: Sentence | None = None
    plural: bool = False
    minimum: float | None = 0
    maximum: float | None = None
    rebase: Literal["sum", "ratio"] | None = None
    origin: Origin
    derived: Derived | None = None
    caveats: tuple[Sentence, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = ()
    breaks: tuple[Break, ...] = ()
    synonyms: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Measure:
        if self.unit == "per cent" and self.per != 100:
            raise ValueError("per: expected 100 for a measure in per cent")
        if self.unit == "rate" and self.per == 1:
            raise ValueError("per: expected the multiplier of the rate, such as 1000 or 100000")
        if self.rebase == "ratio" and not (self.numerator and self.denominator):
            raise ValueError("rebase: 'ratio' expected a numerator and a denominator")
        if self.chance and (not (self.numerator and self.denominator) or self.per == 1):
            raise ValueError("chance: expected a numerator, a denominator and their multiplier")
        if self.years not in YEARS:
            raise ValueError(f"years: expected one of {', '.join(YEARS)}")
        low, high = self.minimum, self.maximum
        if low is not None and high is not None and not low < high:
            raise ValueError("maximum: expected more than the minimum")
        return self


class Release(_Entry):
    """An edition of a document, for files whose own cover does not say which they are."""

    file: str
    release: str
    published: date | None = None


class DocumentEntry(_Entry):
    """One document of a source: how it is known in a folder, and where it is asked for.

    Attributes
    ----------
    files : tuple of str
        Glob patterns of file names, tried against every file below a folder.
    route : {"govuk", "direct", "places", None}
        "govuk": the newest attachment of the page `path` whose title matches `title`.
        "direct": a stable address, `url`. "places": a service that lists its places at `url`, and
        answers for each at the address of the list, its name and `then`. None: this edition has no
        live route, and `history` says why it is still read.
    path, title, url : str
        The GOV.UK path, the regular expression an attachment's title (or file name) matches, the
        address.
    """

    id: Identifier
    files: tuple[str, ...] = Field(min_length=1)
    route: Literal["govuk", "direct", "places"] | None
    path: Annotated[str, Field(pattern=r"^/")] | None = None
    title: str | None = None
    url: Annotated[str, Field(pattern=r"^https://")] | None = None
    then: Annotated[str, Field(pattern=r"^/")] | None = None
    releases: tuple[Release, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> DocumentEntry:
        if self.route == "govuk" and not (self.path and self.title):
            raise ValueError("path and title: expected for the govuk route")
        if self.route == "direct" and not self.url:
            raise ValueError("url: expected for the direct route")
        if self.route == "places" and not (self.url and self.then):
            raise ValueError("url and then: expected for the places route")
        try:
            re.compile(self.title or "")
        except re.error as error:
            raise ValueError(f"title: not a regular expression: {error}") from None
        return self


class SourceEntry(_Entry):
    """A publisher's statistical release.

    Attributes
    ----------
    name, title, publisher, licence, page : str
        The stable name here, the release's own title, who publishes it, under what licence, and
        the address of its page for readers. Under the licence "none" nothing is carried over, and a
        reader is pointed to the publisher.
    reader : str
        The module of `goldenthread.sources` that reads it.
    gives : {"figures", "neighbours"}
        What its documents hold: figures of measures, or for every council the list of those it is
        compared with.
    history : {"whole", "accumulates"}
        Whether a release repeats all earlier periods, or only adds one; periods of releases that
        only add are kept when the next one comes.
    fall : float
        The share by which rows or areas may fall between releases before they are refused.
    revision : float
        The share of already published cells that may change without an announced revision.
    """

    name: Identifier
    title: str
    publisher: str
    licence: Literal["OGL-UK-3.0", "OPL-UK-3.0", "none"] = "OGL-UK-3.0"
    attribution: str | None = None
    page: Annotated[str, Field(pattern=r"^https://")]
    reader: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    gives: Literal["figures", "neighbours"] = "figures"
    history: Literal["whole", "accumulates"] = "whole"
    fall: Annotated[float, Field(ge=0, le=1)] = 0.05
    revision: Annotated[float, Field(ge=0, le=1)] = 0.2
    documents: tuple[DocumentEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _agree(self) -> SourceEntry:
        ids = [entry.id for entry in self.documents]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"documents: {', '.join(twice)} stands there twice")
        return self

    @property
    def may_be_carried(self) -> bool:
        """Whether its licence lets figures be carried over into the workbook."""
        return self.licence != "none"

    def document(self, identifier: str) -> DocumentEntry:
        """Give the entry of one of the source's documents."""
        for entry in self.documents:
            if entry.id == identifier:
                return entry
        raise KeyError(identifier)


class Catalogue(Mapping[str, Measure]):
    """All measures by id, with the sources they come from.

    Attributes
    ----------
    sources : dict of str to SourceEntry
        The sources of figures, by name.
    lists : dict of str to SourceEntry
        The sources of lists of neighbours, by name.
    """

    def __init__(self, measures: Iterable[Measure], sources: Iterable[SourceEntry]) -> None:
        self._measures = {measure.id: measure for measure in measures}
        listed = list(sources)
        self.sources: Final = {s.name: s for s in listed if s.gives == "figures"}
        self.lists: Final = {s.name: s for s in listed if s.gives == "neighbours"}

    def __getitem__(self, identifier: str) -> Measure:
        try:
            return self._measures[identifier]
        except KeyError:
            raise CatalogueError(kept.unknown("measure", identifier, self)) from None

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._measures

    def __iter__(self) -> Iterator[str]:
        return iter(self._measures)

    def __len__(self) -> int:
        return len(self._measures)

    def source_of(self, identifier: str) -> SourceEntry:
        """Give the source whose documents hold a measure.

        Raises
        ------
        CatalogueError
            For a measure that there is not; the message names the nearest.
        """
        return self.sources[self[identifier].origin.source]

    def of_source(self, name: str) -> list[Measure]:
        """Give the measures that a source's documents hold."""
        return [m for m in self._of(name) if m.derived is None]

    def derived_from(self, name: str) -> list[Measure]:
        """Give the measures that are worked out from figures of a source."""
        return [m for m in self._of(name) if m.derived is not None]

    def _of(self, name: str) -> list[Measure]:
        return [measure for measure in self._measures.values() if measure.origin.source == name]

    def of_theme(self, theme: str) -> list[Measure]:
        """Give the measures of one theme, in catalogue order."""
        return [measure for measure in self._measures.values() if measure.theme == theme]

    def themes(self) -> list[str]:
        """Give the themes, in catalogue order."""
        return list(dict.fromkeys(measure.theme for measure in self._measures.values()))


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (safe loader)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise CatalogueError(f"{path.name}: not readable as YAML: {error}") from None


def _explain(path: Path, who: str, error: ValidationError) -> CatalogueError:
    lines = []
    for fault in error.errors():
        field = ".".join(str(part) for part in fault["loc"]) or "entry"
        given = "" if fault["type"] in ("missing", "value_error") else f", not {fault['input']!r}"
        lines.append(f"{path.name}: {who}: {field}: {fault['msg']}{given}")
    return CatalogueError("\n".join(lines))


def _entries_of(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    entries = _read_yaml(path)
    if not isinstance(entries, list):
        raise CatalogueError(f"{path.name}: expected a list of measures")
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise CatalogueError(f"{path.name}: entry {number}: expected a mapping of fields")
        total = entry.get("unit") == "count" or entry.get("rebase") == "sum"
        entry = {"theme": path.stem, "short": entry.get("name"), "size": total, **entry}
        if entry.get("unit") == "per cent":
            entry.setdefault("per", 100)
            entry.setdefault("maximum", 100)
        yield str(entry.get("id", f"entry {number}")), entry


def _measure(
    path: Path, who: str, entry: dict[str, Any], entries: Mapping[str, Mapping[str, Any]]
) -> Measure:
    derived = entry.get("derived")
    if isinstance(derived, dict):
        if "origin" in entry:
            raise CatalogueError(f"{path.name}: {who}: origin: expected none beside derived")
        for field in ("numerator", "denominator", "less"):
            part = derived.get(field)
            if part is None:
                continue
            if part not in entries or "derived" in entries[part]:
                raise CatalogueError(
                    f"{path.name}: {who}: derived.{field}: expected a measure that is published, "
                    f"not {part!r}; the nearest are {kept.nearest(str(part), entries)}"
                )
        entry = {**entry, "origin": entries.get(str(derived.get("numerator")), {}).get("origin")}
    try:
        return Measure.model_validate(entry)
    except ValidationError as error:
        raise _explain(path, who, error) from None


def load(folder: Path = FOLDER) -> Catalogue:
    """Read the catalogue from a folder that holds `catalogue/` and `sources/`.

    Parameters
    ----------
    folder : pathlib.Path
        By default the project's `data/`.

    Returns
    -------
    Catalogue

    Raises
    ------
    CatalogueError
        Naming file, measure, field and what was expected.

    Examples
    --------
    >>> catalogue = load()
    >>> catalogue["household-recycling-rate"].polarity
    'high'
    """
    sources: dict[str, SourceEntry] = {}
    for path in sorted((folder / "sources").glob("*.yaml")):
        try:
            source = SourceEntry.model_validate(_read_yaml(path))
        except ValidationError as error:
            raise _explain(path, path.stem, error) from None
        if source.name != path.stem:
            raise CatalogueError(f"{path.name}: name: expected {path.stem!r}, not {source.name!r}")
        sources[source.name] = source
    figures = {name: source for name, source in sources.items() if source.gives == "figures"}
    read = [
        (path, who, entry)
        for path in sorted((folder / "catalogue").glob("*.yaml"))
        for who, entry in _entries_of(path)
    ]
    entries = {who: entry for _, who, entry in read}
    measures: dict[str, Measure] = {}
    for path, who, entry in read:
        if who in measures:
            raise CatalogueError(f"{path.name}: {who}: id: stands in the catalogue twice")
        measure = _measure(path, who, entry, entries)
        _check_origin(path, measure, figures)
        measures[measure.id] = measure
    return Catalogue(measures.values(), sources.values())


def _check_origin(path: Path, measure: Measure, sources: Mapping[str, SourceEntry]) -> None:
    where = f"{path.name}: {measure.id}: origin"
    source = sources.get(measure.origin.source)
    if source is None:
        raise CatalogueError(
            f"{where}.source: expected one of {', '.join(sources)}, not {measure.origin.source!r}"
        )
    known = [entry.id for entry in source.documents]
    if measure.origin.document not in known:
        raise CatalogueError(
            f"{where}.document: expected one of {', '.join(known)}, not {measure.origin.document!r}"
        )


@cache
def catalogue() -> Catalogue:
    """Give the project's own catalogue, read once."""
    return load()
