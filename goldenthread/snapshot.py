"""The figures the workbook ships: a Parquet file per source, and a manifest that vouches for it."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
    model_validator,
)

from goldenthread import catalogue, derived, kept, observations
from goldenthread.catalogue import Catalogue, Measure
from goldenthread.changes import Change, MeasureChange

FOLDER: Final = catalogue.FOLDER / "snapshot"
MANIFEST: Final = "manifest.json"
ATTRIBUTION: Final = "ATTRIBUTION.md"
#: The version of the layout. Another version is refused rather than half understood.
SCHEMA_VERSION: Final = 1

#: The licences: what they are called, where they are, and what they ask to be said.
LICENCES: Final[Mapping[str, tuple[str, str, str]]] = {
    "OGL-UK-3.0": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "Contains public sector information licensed under the Open Government Licence v3.0.",
    ),
    "OPL-UK-3.0": (
        "Open Parliament Licence v3.0",
        "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/",
        "Contains Parliamentary information licensed under the Open Parliament Licence v3.0.",
    ),
    # Of sources that are only pointed to: no snapshot holds a figure of them.
    "none": (
        "No open licence",
        "https://www.gov.uk/copyright",
        "Its publisher gives no licence to carry these figures over.",
    ),
}

_TYPES: Final = {
    **dict.fromkeys(observations.TEXT, pa.string()),
    **dict.fromkeys(observations.DATES, pa.date32()),
    **dict.fromkeys(observations.NUMBERS, pa.float64()),
}
_ORDER: Final = ["measure", "area", "period_start", "period_end"]


class SnapshotError(Exception):
    """Figures that are not there or not whole; the message names the file and what restores it."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentRecord(_Record):
    """A publisher's document that figures were read from.

    Attributes
    ----------
    id : str
        The source's own entry for it.
    name, sha256 : str
        The file's name, and the digest of its content.
    release : str
        What the publisher calls this edition; empty where it is not known.
    published : datetime.date or None
        When it was published, where that is known.
    retrieved : datetime.date
        When it was read.
    url : str
        Where it was read from; empty for a file from a folder.
    """

    id: str
    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    release: str = ""
    published: date | None = None
    retrieved: date
    url: str = ""


class PeriodsRecord(_Record):
    """The periods a measure has figures for.

    Attributes
    ----------
    first, last : str
        The labels of the earliest and of the latest period.
    start, end : datetime.date
        The first day of the earliest and the last day of the latest.
    count : int
    """

    first: str
    last: str
    start: date
    end: date
    count: int


class MeasureRecord(_Record):
    """What one measure holds.

    Attributes
    ----------
    name : str
        In plain English.
    document : str
        The entry of the document it stands in.
    rows, areas : int
    periods : PeriodsRecord
    missing : dict of str to int
        How many rows have no value, by the reason.
    """

    name: str
    document: str
    rows: int
    areas: int
    periods: PeriodsRecord
    missing: dict[str, int]


class SourceRecord(_Record):
    """What one source holds, and the file its figures are in."""

    title: str
    publisher: str
    licence: str
    attribution: str
    page: str
    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int
    documents: tuple[DocumentRecord, ...]
    measures: dict[str, MeasureRecord]


class Manifest(_Record):
    """The root of a snapshot: what `manifest.json` holds.

    Attributes
    ----------
    schema_version : int
    generated : datetime.date
        When the figures last changed.
    sources : dict of str to SourceRecord
    changes : tuple of Change
        What refreshes changed, the first one first; see `history`.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    generated: date
    sources: dict[str, SourceRecord] = Field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @field_serializer("changes")
    def _briefly(self, changes: tuple[Change, ...]) -> list[dict[str, object]]:
        # What did not happen is most of it, and need not be written for every measure.
        return [change.model_dump(mode="json", exclude_defaults=True) for change in changes]

    @model_validator(mode="after")
    def _one_home(self) -> Manifest:
        seen: dict[str, str] = {}
        for name, source in self.sources.items():
            for measure in source.measures:
                if measure in seen:
                    raise ValueError(f"{measure} is in both {seen[measure]} and {name}")
                seen[measure] = name
        return self

    def text(self) -> str:
        """Give the manifest as it is written: the same text for the same figures."""
        ordered = self.model_copy(update={"sources": dict(sorted(self.sources.items()))})
        return ordered.model_dump_json(indent=1) + "\n"


class MeasureManifest(_Record):
    """Where the figures of one measure come from: all that a reader may ask.

    Attributes
    ----------
    id, name, source, title, publisher, licence, attribution, page : str
        The measure; the source, its title, its publisher, licence, the words of attribution and
        the address of its page.
    documents : tuple of DocumentRecord
    rows, areas : int
    periods : PeriodsRecord
    missing : dict of str to int
    """

    id: str
    name: str
    source: str
    title: str
    publisher: str
    licence: str
    attribution: str
    page: str
    documents: tuple[DocumentRecord, ...]
    rows: int
    areas: int
    periods: PeriodsRecord
    missing: dict[str, int]

    @property
    def releases(self) -> tuple[str, ...]:
        """The editions the figures were read from, as far as they are known."""
        return tuple(dict.fromkeys(d.release for d in self.documents if d.release))

    @property
    def published(self) -> date | None:
        """When the newest of the documents was published, where that is known."""
        return max((d.published for d in self.documents if d.published), default=None)

    @property
    def retrieved(self) -> date:
        """When the newest of the documents was read."""
        return max(d.retrieved for d in self.documents)

    @property
    def licence_name(self) -> str:
        """The licence's full name."""
        return LICENCES[self.licence][0]

    @property
    def licence_url(self) -> str:
        """The licence's address."""
        return LICENCES[self.licence][1]


class Snapshot:
    """The last good figures, read from a folder.

    Parameters
    ----------
    folder : pathlib.Path
        By default the project's `data/snapshot`.
    measures : Catalogue, optional
        What the measures are; by default the catalogue beside the folder.

    Raises
    ------
    SnapshotError
        When the manifest is missing or is not one.
    """

    def __init__(self, folder: Path = FOLDER, measures: Catalogue | None = None) -> None:
        self.folder: Final = Path(folder)
        self._catalogue = measures
        self._manifest, self.hash = _read_manifest(self.folder)
        self._home = {
            measure: name
            for name, source in self._manifest.sources.items()
            for measure in source.measures
        }
        self._buffers: dict[str, tuple[pa.Buffer, pq.FileMetaData]] = {}

    @property
    def sources(self) -> dict[str, SourceRecord]:
        """The sources by name."""
        return dict(self._manifest.sources)

    @property
    def generated(self) -> date:
        """When the figures last changed."""
        return self._manifest.generated

    @property
    def changes(self) -> list[Change]:
        """What refreshes changed, the first one first; see `history`."""
        return history(self._manifest)

    @property
    def measures(self) -> list[str]:
        """The ids of the measures that have figures, published ones first."""
        return [*self._home, *self.derived]

    @cached_property
    def derived(self) -> list[str]:
        """The ids of the measures that are worked out from others, of which all parts are held."""
        return [
            identifier
            for identifier, measure in self.catalogue.items()
            if measure.derived and all(part in self._home for part in measure.derived.parts)
        ]

    @property
    def awaited(self) -> list[str]:
        """The ids of the measures in the catalogue that have no figures here yet."""
        return [identifier for identifier in self.catalogue if identifier not in self]

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._home or identifier in self.derived

    def awaits(self, identifier: str) -> bool:
        """Tell whether a measure stands in the catalogue and its figures are not held yet.

        Nothing says so but the figures themselves: it ends with the refresh that brings them.

        Parameters
        ----------
        identifier : str
            The measure's id; one that nobody knows is not awaited.

        Returns
        -------
        bool

        Examples
        --------
        >>> snapshot().awaits("household-recycling-rate")
        False
        """
        return identifier in self.catalogue and identifier not in self

    def manifest(self, identifier: str) -> MeasureManifest:
        """Tell where a measure's figures come from.

        Raises
        ------
        SnapshotError
            When the snapshot has no such measure.
        """
        if identifier in self.derived:
            return self._derived_manifest(self.catalogue[identifier])
        name = self._source_of(identifier)
        source = self._manifest.sources[name]
        record = source.measures[identifier]
        return MeasureManifest(
            id=identifier,
            source=name,
            documents=tuple(d for d in source.documents if d.id == record.document),
            **source.model_dump(include={"title", "publisher", "licence", "attribution", "page"}),
            **record.model_dump(exclude={"document"}),
        )

    def measure(
        self, identifier: str, *, areas: Literal["published", "current"] = "published"
    ) -> pd.DataFrame:
        """Give one measure's figures for every area and period.

        Parameters
        ----------
        identifier : str
            The measure's id.
        areas : {"published", "current"}
            The areas as the publisher named them, or today's councils: former areas are added up
            where a rule makes it right.

        Returns
        -------
        pandas.DataFrame
            Observations, sorted by area and period.

        Raises
        ------
        SnapshotError
            When there is no such measure, or its file is missing or not whole.
        """
        if identifier in self.derived:
            made = self.catalogue[identifier]
            return self._derive(made, lambda part: self.measure(part, areas=areas))
        name = self._source_of(identifier)
        group = sorted(self._manifest.sources[name].measures).index(identifier)
        table = self._read(name, [group])
        if not (table["measure"] == identifier).all():
            raise self._broken(name, "does not hold what the manifest says")
        if areas == "published":
            return table
        # Imported here because it reads the register, which most callers do not need.
        from goldenthread.rebase import rebase

        return rebase(table, self.catalogue[identifier])

    def latest(self, identifier: str) -> pd.DataFrame:
        """Give a measure's figures for its latest period.

        Returns
        -------
        pandas.DataFrame
            Observations of one period, sorted by area.
        """
        table = self.measure(identifier)
        newest = table["period_end"] == table["period_end"].max()
        start = table.loc[newest, "period_start"].max()
        rows: pd.DataFrame = table[newest & (table["period_start"] == start)]
        return rows.reset_index(drop=True)

    def source(self, name: str) -> pd.DataFrame:
        """Give all figures of one source.

        Returns
        -------
        pandas.DataFrame
            Observations, sorted by measure, area and period.

        Raises
        ------
        SnapshotError
            When there is no such source, or its file is missing or not whole.
        """
        if name not in self._manifest.sources:
            raise SnapshotError(
                f"the snapshot has no source {name!r}; {_nearest(name, self._manifest.sources)}"
            )
        return self._read(name, None)

    def everything(self) -> pd.DataFrame:
        """Give all figures of all measures, on today's areas.

        Returns
        -------
        pandas.DataFrame
            Observations, sorted by measure, area and period.

        Raises
        ------
        SnapshotError
            When a file is missing or not whole.
        """
        from goldenthread.rebase import rebase_all

        held = {identifier: self.catalogue[identifier] for identifier in self._home}
        read = [self._read(name, None) for name in self._manifest.sources]
        whole = rebase_all(observations.combine(read), held)
        if not self.derived:
            return whole
        # The table is sorted by measure, so that each is a slice of it.
        codes, names = pd.factorize(whole["measure"])
        ends = np.searchsorted(codes, np.arange(len(names)), side="right").tolist()
        spans = zip(names, [0, *ends[:-1]], ends, strict=True)
        tables = {str(name): whole.iloc[start:end] for name, start, end in spans}
        made = {
            name: self._derive(self.catalogue[name], tables.__getitem__) for name in self.derived
        }
        return pd.concat(
            [table for _, table in sorted({**tables, **made}.items())], ignore_index=True
        )

    @staticmethod
    def _parts(measure: Measure) -> tuple[str, ...]:
        return measure.derived.parts if measure.derived else ()

    def _derive(self, measure: Measure, table: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
        made = derived.derive(measure, *(table(part) for part in self._parts(measure)))
        return made.sort_values(["area", "period_start", "period_end"], ignore_index=True)

    def _derived_manifest(self, measure: Measure) -> MeasureManifest:
        """Name every source a measure is worked out from, the numerator's first."""
        parts = [self.manifest(part) for part in self._parts(measure)]
        table = self.measure(measure.id)
        (record,) = summarise(table, {measure.id: (measure.name, "")}).values()
        joined = {
            field: "; ".join(dict.fromkeys(getattr(part, field) for part in parts))
            for field in ("title", "publisher", "attribution")
        }
        documents = dict.fromkeys(document for part in parts for document in part.documents)
        first = parts[0]
        return MeasureManifest(
            id=measure.id,
            source=first.source,
            licence=first.licence,
            page=first.page,
            documents=tuple(documents),
            **joined,
            **record.model_dump(exclude={"document"}),
        )

    @property
    def catalogue(self) -> Catalogue:
        """What the measures are."""
        if self._catalogue is None:
            beside = self.folder.resolve().parent
            own = beside == catalogue.FOLDER.resolve()
            self._catalogue = catalogue.catalogue() if own else catalogue.load(beside)
        return self._catalogue

    def _source_of(self, identifier: str) -> str:
        try:
            return self._home[identifier]
        except KeyError:
            pass
        if self.awaits(identifier):
            source = self.catalogue.source_of(identifier)
            if not source.may_be_carried:
                raise SnapshotError(
                    f"the figures of {identifier} are not held: {source.publisher} publishes them "
                    f"at {source.page}, and no licence lets them be carried over"
                )
            raise SnapshotError(
                f"the figures of {identifier} are not held yet: {source.publisher} publishes them "
                f"at {source.page}, and `goldenthread refresh {source.name}` reads them"
            )
        raise SnapshotError(
            f"the snapshot has no measure {identifier!r}; {_nearest(identifier, self._home)}"
        )

    def _broken(self, name: str, problem: str) -> SnapshotError:
        path = self.folder / self._manifest.sources[name].file
        return SnapshotError(
            f"{_shown(path)} {problem}: {_remedy(self.folder, f'goldenthread refresh {name}')}"
        )

    def _open(self, name: str) -> tuple[pa.Buffer, pq.FileMetaData]:
        if name not in self._buffers:
            record = self._manifest.sources[name]
            try:
                content = (self.folder / record.file).read_bytes()
            except FileNotFoundError:
                raise self._broken(name, "is missing") from None
            except OSError as error:
                raise self._broken(name, f"cannot be read ({error.strerror})") from None
            if hashlib.sha256(content).hexdigest() != record.sha256:
                raise self._broken(name, "is damaged: it is not the file its manifest names")
            try:
                metadata = pq.ParquetFile(pa.BufferReader(content)).metadata
            except (pa.ArrowException, OSError):
                raise self._broken(name, "is not a Parquet file") from None
            if metadata.num_row_groups != len(record.measures) or metadata.num_rows != record.rows:
                raise self._broken(name, "does not hold what the manifest says")
            self._buffers[name] = pa.py_buffer(content), metadata
        return self._buffers[name]

    def _read(self, name: str, groups: list[int] | None) -> pd.DataFrame:
        content, metadata = self._open(name)
        file = pq.ParquetFile(pa.BufferReader(content), metadata=metadata)
        wanted = range(metadata.num_row_groups) if groups is None else groups
        return _decode(file.read_row_groups(list(wanted)))


@cache
def snapshot() -> Snapshot:
    """Give the project's own snapshot, opened once."""
    return Snapshot()


def encode(table: pd.DataFrame) -> bytes:
    """Write observations as Parquet: the same bytes for the same figures.

    One row group for each measure, in order of its id, so that one measure is read without the
    rest. Columns with nothing in them are left out. Text and dates are dictionary-encoded; numbers
    are plain, which zstandard makes smaller than a dictionary or split bytes do.

    Parameters
    ----------
    table : pandas.DataFrame
        Observations, in any order.

    Returns
    -------
    bytes
    """
    table = table.sort_values(_ORDER, kind="stable", ignore_index=True)
    names = [
        name
        for name in observations.COLUMNS
        if not (name in observations.NUMBERS and table[name].isna().all())
        and not (name == "note" and (table[name] == "").all())
    ]
    schema = pa.schema([(name, _TYPES[name]) for name in names])
    arrow = pa.Table.from_pandas(table[names], schema=schema, preserve_index=False)
    arrow = arrow.replace_schema_metadata(None)
    held = io.BytesIO()
    writer = pq.ParquetWriter(
        held,
        schema,
        compression="zstd",
        compression_level=9,
        use_dictionary=[name for name in names if name not in observations.NUMBERS],
        write_statistics=["measure"],
        store_schema=False,
    )
    with writer:
        for start, length in _runs(table["measure"]):
            writer.write_table(arrow.slice(start, length), row_group_size=max(length, 1))
    return held.getvalue()


def _runs(values: pd.Series) -> Iterable[tuple[int, int]]:
    starts = (values != values.shift()).to_numpy().nonzero()[0].tolist()
    return [(a, b - a) for a, b in zip(starts, [*starts[1:], len(values)], strict=True)]


def _decode(arrow: pa.Table) -> pd.DataFrame:
    held = set(arrow.column_names)
    columns = [
        arrow[name] if name in held else _empty(name, len(arrow)) for name in observations.COLUMNS
    ]
    fields = [
        (name, pa.timestamp("s") if name in observations.DATES else _TYPES[name])
        for name in observations.COLUMNS
    ]
    whole = pa.table(columns, names=list(observations.COLUMNS)).cast(pa.schema(fields))
    table: pd.DataFrame = whole.to_pandas()
    return table


def _empty(name: str, rows: int) -> pa.Array:
    if name in observations.TEXT:
        return pa.repeat(pa.scalar("", pa.string()), rows)
    return pa.nulls(rows, _TYPES[name])


def summarise(
    table: pd.DataFrame, names: Mapping[str, tuple[str, str]]
) -> dict[str, MeasureRecord]:
    """Say what each measure of a table holds.

    Parameters
    ----------
    table : pandas.DataFrame
        Observations.
    names : mapping of str to tuple of str
        For each measure its name in plain English and the document it stands in.

    Returns
    -------
    dict of str to MeasureRecord
        In order of the measures' ids.
    """
    spans = table[["measure", "period_end", "period_start", "period_label"]]
    spans = spans.drop_duplicates(["measure", "period_end", "period_start"])
    spans = spans.sort_values(["measure", "period_end", "period_start"], kind="stable")
    about = spans.groupby("measure").agg(
        first=("period_label", "first"),
        last=("period_label", "last"),
        start=("period_start", "min"),
        end=("period_end", "max"),
        count=("period_label", "size"),
    )
    counts = table.groupby("measure")["area"].agg(["size", "nunique"])
    missing: dict[str, dict[str, int]] = {str(measure): {} for measure in about.index}
    kinds = table[table["value"].isna()].groupby(["measure", "status"]).size()
    for measure, kind, number in kinds.reset_index(name="rows").itertuples(index=False):
        missing[measure][kind] = int(number)
    return {
        str(row.Index): MeasureRecord(
            name=names[str(row.Index)][0],
            document=names[str(row.Index)][1],
            rows=row.size,
            areas=row.nunique,
            periods=PeriodsRecord(
                first=row.first, last=row.last, start=row.start, end=row.end, count=row.count_
            ),
            missing=missing[str(row.Index)],
        )
        for row in about.rename(columns={"count": "count_"}).join(counts).itertuples()
    }


def edition(source: SourceRecord, identifier: str) -> tuple[str, date | None]:
    """Name the newest edition that a measure was read from, and say when it was published.

    Parameters
    ----------
    source : SourceRecord
    identifier : str
        One of its measures.

    Returns
    -------
    tuple of str and (datetime.date or None)
        The name of its file, where the publisher's name of the edition is not known.
    """
    of = source.measures[identifier].document
    documents = [document for document in source.documents if document.id == of]
    if not documents:
        return "", None
    newest = max(documents, key=lambda d: (d.published or date.min, d.retrieved, d.name))
    return newest.release or newest.name, newest.published


def first_reading(name: str, source: SourceRecord) -> Change:
    """Tell of a source that nothing is written down of yet: it was read, and that was the first time."""
    measures = {}
    for identifier in sorted(source.measures):
        release, published = edition(source, identifier)
        measures[identifier] = MeasureChange(new=True, release=release, published=published)
    return Change(
        at=min(document.retrieved for document in source.documents),
        source=name,
        title=source.title,
        publisher=source.publisher,
        first=True,
        measures=measures,
    )


def history(manifest: Manifest) -> list[Change]:
    """Tell what refreshes changed, the first one first.

    Figures that were held before refreshes were written down were read once, and that is told of them.

    Parameters
    ----------
    manifest : Manifest

    Returns
    -------
    list of Change
        In order of their days; those of one day in the order in which they were made.
    """
    told = {change.source for change in manifest.changes}
    untold = [
        first_reading(name, source)
        for name, source in sorted(manifest.sources.items())
        if name not in told and source.documents
    ]
    return sorted([*untold, *manifest.changes], key=lambda change: change.at)


def write(
    folder: Path,
    manifest: Manifest,
    name: str,
    record: Mapping[str, object],
    table: pd.DataFrame,
    changes: Sequence[Change] = (),
) -> Manifest:
    """Put one source's figures into a snapshot, or leave it as it was.

    The new file is whole and on the disk before the manifest names it, and the manifest is
    replaced in one step, so that a reader finds the old figures or the new and nothing between.

    Parameters
    ----------
    folder : pathlib.Path
    manifest : Manifest
        As it stands.
    name : str
        The source.
    record : mapping
        The fields of its `SourceRecord`, but for `file`, `sha256` and `rows`.
    table : pandas.DataFrame
        All its observations.
    changes : sequence of Change
        What to write down about it.

    Returns
    -------
    Manifest
        As it stands now.
    """
    content = encode(table)
    digest = hashlib.sha256(content).hexdigest()
    file = f"{name}.{digest[:12]}.parquet"
    if not (folder / file).is_file() or (folder / file).read_bytes() != content:
        replace(folder / file, content)
    full = SourceRecord.model_validate(
        {**record, "file": file, "sha256": digest, "rows": len(table)}
    )
    return commit(folder, manifest, {**manifest.sources, name: full}, changes)


def commit(
    folder: Path,
    manifest: Manifest,
    sources: Mapping[str, SourceRecord],
    changes: Sequence[Change] = (),
) -> Manifest:
    """Make the manifest name these sources, and give it.

    Parameters
    ----------
    folder : pathlib.Path
    manifest : Manifest
        As it stands.
    sources : mapping of str to SourceRecord
        As they shall be; their files are in the folder.
    changes : sequence of Change
        What to write down about them.
    """
    changed = Manifest(
        generated=date.today(), sources=dict(sources), changes=(*manifest.changes, *changes)
    )
    if changed.sources != manifest.sources or not (folder / MANIFEST).is_file():
        replace(folder / MANIFEST, changed.text().encode())
        return changed
    return manifest


def tidy(folder: Path, manifest: Manifest) -> None:
    """Remove what an earlier refresh left behind, and bring the page of attributions up to date."""
    kept = {source.file for source in manifest.sources.values()}
    for path in [*folder.glob("*.parquet"), *folder.glob("*.part")]:
        if path.name not in kept:
            path.unlink(missing_ok=True)
    page = attribution(manifest).encode()
    path = folder / ATTRIBUTION
    if not path.is_file() or path.read_bytes() != page:
        replace(path, page)


def replace(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was before, whatever happens meanwhile."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    if os.name == "posix":
        # The new name is only safe on the disk once the folder itself is.
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def attribution(manifest: Manifest) -> str:
    """Write the page that says whose figures these are and under which licence.

    Returns
    -------
    str
        Markdown: for every source its publisher, licence, page and releases, and its measures.
    """
    used = sorted({source.licence for source in manifest.sources.values()})
    lines = [
        "# Where the figures come from",
        "",
        "The figures in this folder were carried over from the official statistics named below. "
        "They are Crown copyright unless a source says otherwise. No publisher's file is kept "
        "here. This page is written by `goldenthread refresh`.",
        "",
        *(f"- {LICENCES[key][2]} [{LICENCES[key][0]}]({LICENCES[key][1]})" for key in used),
    ]
    for name, source in sorted(manifest.sources.items()):
        title, address, _ = LICENCES[source.licence]
        lines += ["", f"## {source.title}", "", f"- Publisher: {source.publisher}"]
        lines += [f"- Licence: [{title}]({address})", f"- Attribution: {source.attribution}"]
        lines += [
            f"- Source page: <{source.page}>",
            f"- In this folder: `{source.file}` (`{name}`)",
        ]
        lines += ["", "| Measure | Release | Published | Retrieved |", "|---|---|---|---|"]
        lines += [_attributed(source, measure) for measure in sorted(source.measures)]
    return "\n".join(lines) + "\n"


def _attributed(source: SourceRecord, identifier: str) -> str:
    measure = source.measures[identifier]
    documents = [d for d in source.documents if d.id == measure.document]
    releases = list(dict.fromkeys(d.release or d.name for d in documents))
    shown = releases if len(releases) <= 3 else [releases[0], "…", releases[-1]]
    published = max((d.published for d in documents if d.published), default=None)
    cells = [
        measure.name,
        "; ".join(shown),
        published.isoformat() if published else "not stated",
        max(d.retrieved for d in documents).isoformat(),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def current_manifest(folder: Path) -> Manifest:
    """Give the manifest of a folder; an empty one where there is none yet.

    Raises
    ------
    SnapshotError
        When there is one that cannot be read: what it vouches for would be lost.
    """
    if not (folder / MANIFEST).exists():
        return Manifest(generated=date.today())
    return _read_manifest(folder)[0]


def _read_manifest(folder: Path) -> tuple[Manifest, str]:
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
        return Manifest.model_validate_json(content), hashlib.sha256(content).hexdigest()[:16]
    except FileNotFoundError:
        problem, otherwise = "is missing", "goldenthread refresh"
    except OSError as error:
        problem, otherwise = f"cannot be read ({error.strerror})", "goldenthread refresh"
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        problem = f"is damaged ({': '.join(part for part in (field, fault['msg']) if part)})"
        otherwise = f"rm {_shown(path)} && goldenthread refresh"
    raise SnapshotError(f"{_shown(path)} {problem}: {_remedy(folder, otherwise)}")


def _remedy(folder: Path, otherwise: str) -> str:
    whole = folder.resolve()
    under_git = any((parent / ".git").exists() for parent in whole.parents)
    command = f"git checkout -- {_shown(folder)}" if under_git else otherwise
    return f"`{command}` restores it"


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _nearest(given: str, names: Iterable[str]) -> str:
    near = kept.nearest(given, names)
    return f"the nearest are {near}" if near else "it is empty"
