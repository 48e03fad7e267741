"""The official lists of neighbours: a CSV file per publisher, and a manifest that vouches for it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goldenthread import areas, catalogue, snapshot
from goldenthread.catalogue import SourceEntry
from goldenthread.snapshot import DocumentRecord, SnapshotError

FOLDER: Final = catalogue.FOLDER / "neighbours"
MANIFEST: Final = "manifest.json"
#: One row per area and neighbour; place 1 is the most alike, `closeness` the publisher's word.
COLUMNS: Final = ("area", "place", "neighbour", "closeness")


class ListRecord(BaseModel):
    """Whose lists a file holds, and what they were read from.

    Attributes
    ----------
    title, publisher, licence, attribution, page : str
        As in a source's record of the snapshot.
    file, sha256 : str
        The CSV file, and the digest of its content.
    areas, rows : int
        How many areas have a list; how many rows the file has.
    documents : tuple of DocumentRecord
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    publisher: str
    licence: str
    attribution: str
    page: str
    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    areas: int
    rows: int
    documents: tuple[DocumentRecord, ...]

    @property
    def release(self) -> str:
        """What the publisher calls this edition; else the file's name."""
        return "; ".join(d.release or d.name for d in self.documents)


class ListsManifest(BaseModel):
    """The lists that are held, by source: what `manifest.json` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    sources: dict[str, ListRecord] = Field(default_factory=dict)

    def text(self) -> str:
        """Give the manifest as it is written: the same text for the same lists."""
        ordered = self.model_copy(update={"sources": dict(sorted(self.sources.items()))})
        return ordered.model_dump_json(indent=1) + "\n"


def manifest(folder: Path = FOLDER) -> ListsManifest:
    """Tell which lists a folder holds; none where there is no manifest yet.

    Raises
    ------
    SnapshotError
        When the manifest cannot be read.

    Examples
    --------
    >>> manifest().sources["dfe-neighbours"].publisher
    'Department for Education'
    """
    path = folder / MANIFEST
    if not path.is_file():
        return ListsManifest()
    try:
        return ListsManifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise SnapshotError(f"{path} is damaged ({error.errors()[0]['msg']})") from None


def read(name: str, folder: Path = FOLDER) -> pd.DataFrame:
    """Give the lists of one source.

    Parameters
    ----------
    name : str
        The source, such as "dfe-neighbours".
    folder : pathlib.Path

    Returns
    -------
    pandas.DataFrame
        The `COLUMNS`, in order of area and place.

    Raises
    ------
    SnapshotError
        When the lists have not been read yet, or their file is not the one the manifest names.

    Examples
    --------
    >>> read("dfe-neighbours").loc[0, ["area", "neighbour", "closeness"]].tolist()
    ['E06000001', 'E06000003', 'Very close']
    """
    record = manifest(folder).sources.get(name)
    if record is None:
        raise SnapshotError(
            f"the lists of {name} are not in the workbook yet: `goldenthread refresh {name}` reads them"
        )
    path = folder / record.file
    if not is_whole(folder, record):
        raise SnapshotError(
            f"{path} is not the file its manifest names: `goldenthread refresh {name}` reads it again"
        )
    lists = pd.read_csv(path, dtype=str, keep_default_na=False)
    return lists[list(COLUMNS)].astype({"place": int})


def is_whole(folder: Path, record: ListRecord) -> bool:
    """Tell whether the file of some lists is there and is the one that was written."""
    path = folder / record.file
    content = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(content).hexdigest() == record.sha256


def check(lists: pd.DataFrame) -> list[str]:
    """Say what is wrong with lists in themselves, whoever published them.

    Parameters
    ----------
    lists : pandas.DataFrame
        The `COLUMNS`.

    Returns
    -------
    list of str
        Problems; empty when all is well.
    """
    if lists.empty:
        return ["no lists were found"]
    codes = pd.concat([lists["area"], lists["neighbour"]])
    strange = sorted(code for code in codes.unique() if not areas.is_known(code))
    own = lists.loc[lists["area"] == lists["neighbour"], "area"]
    twice = lists.loc[lists.duplicated(["area", "neighbour"]), "area"]
    ordered = lists.sort_values(["area", "place"])
    expected = ordered.groupby("area").cumcount() + 1
    gaps = ordered.loc[ordered["place"] != expected, "area"]
    faults = {
        "area codes that are not in the register": strange,
        "areas that are their own neighbours": own.tolist(),
        "areas that have one neighbour twice": twice.tolist(),
        "areas whose places are not 1, 2, 3 and so on": gaps.tolist(),
    }
    return [
        f"{what}: {', '.join(list(dict.fromkeys(which))[:5])}"
        for what, which in faults.items()
        if which
    ]


def write(folder: Path, record: ListRecord, lists: pd.DataFrame) -> None:
    """Put lists into a folder: the file first, and then the manifest that names it.

    Parameters
    ----------
    folder : pathlib.Path
    record : ListRecord
        What `describe` says of them.
    lists : pandas.DataFrame
        The `COLUMNS`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = {**manifest(folder).sources, Path(record.file).stem: record}
    snapshot.replace(folder / record.file, encode(lists))
    snapshot.replace(folder / MANIFEST, ListsManifest(sources=sources).text().encode())


def describe(
    source: SourceEntry, lists: pd.DataFrame, documents: Sequence[DocumentRecord]
) -> ListRecord:
    """Say whose lists these are, and what they were read from."""
    words = snapshot.LICENCES[source.licence][2]
    return ListRecord(
        title=source.title,
        publisher=source.publisher,
        licence=source.licence,
        attribution=source.attribution or f"Source: {source.publisher}. © Crown copyright. {words}",
        page=source.page,
        file=f"{source.name}.csv",
        sha256=hashlib.sha256(encode(lists)).hexdigest(),
        areas=lists["area"].nunique(),
        rows=len(lists),
        documents=tuple(documents),
    )


def encode(lists: pd.DataFrame) -> bytes:
    """Write lists as CSV: the same bytes for the same lists."""
    ordered = lists[list(COLUMNS)].sort_values(["area", "place"], kind="stable")
    return ordered.to_csv(index=False, lineterminator="\n").encode()
