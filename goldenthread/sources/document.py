"""A publisher's file in hand: what it is called, where it came from, and what it really is."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from goldenthread.catalogue import DocumentEntry, SourceEntry
from goldenthread.sources.error import SourceError

_POINTERS: Final = (
    b"version https://git-lfs",
    b"../",
    b".git/annex/",
    b"/annex/objects/",
    b"# Please fetch",
)
#: What some first bytes are the beginning of.
_SIGNATURES: Final = {
    b"PK\x03\x04": "a zip archive or a workbook",
    b"\xd0\xcf\x11\xe0": "an Excel 97 workbook (or a newer one locked with a password)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "a word processor's document",
}
_TEXT_KINDS: Final = {".csv", ".json", ".tsv"}
_ZIP_KINDS: Final = {".xlsx", ".ods", ".xlsm"}
#: Kinds told by their first and last bytes.
_MAGIC: Final = {
    ".xls": ("Excel 97", b"\xd0\xcf\x11\xe0", b""),
    ".parquet": ("Parquet", b"PAR1", b"PAR1"),
    ".gz": ("gzip", b"\x1f\x8b", b""),
}


@dataclass(frozen=True)
class Document:
    """One file of a source, whole.

    Attributes
    ----------
    source, id : str
        The source and the entry of its document that this file answers.
    name : str
        The file's name as the publisher gives it.
    content : bytes
        All of it.
    release : str
        What the publisher calls this edition, as far as it is known.
    published : datetime.date or None
        When it was published; None where neither the publisher's service nor the file says so.
    retrieved : datetime.date
        When it was read.
    url : str
        Where it was read from; empty for a file from a folder.
    """

    source: str
    id: str
    name: str
    content: bytes = field(repr=False)
    retrieved: date
    release: str = ""
    published: date | None = None
    url: str = ""

    @cached_property
    def sha256(self) -> str:
        """The content's digest, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def error(self, problem: str, **where: object) -> SourceError:
        """Make the error that says what is wrong in this document, and where."""
        return SourceError(problem, source=self.source, file=self.name, **where)  # type: ignore[arg-type]

    def check(self) -> Document:
        """Refuse content that is not what its name says, naming what it is.

        Raises
        ------
        SourceError
            An empty body, an HTML page, a pointer text instead of data, a truncated archive.
        """
        suffix = Path(self.name).suffix.lower()
        head = self.content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head:
            raise self.error("the file is empty")
        if suffix not in (".html", ".htm") and _is_page(self.content):
            raise self.error("a web page (perhaps a sign-in page) came instead of the file")
        if len(self.content) < 1024 and any(head.startswith(pointer) for pointer in _POINTERS):
            raise self.error("a pointer to a file came instead of the file itself")
        really = next((kind for start, kind in _SIGNATURES.items() if head.startswith(start)), "")
        if suffix in _TEXT_KINDS and really:
            raise self.error(f"{really} came where text was expected")
        if suffix in _TEXT_KINDS and head[:1] == b"<":
            raise self.error("markup came where a table was expected", found=_shown(head))
        if suffix in _ZIP_KINDS:
            self._check_archive(really)
        elif suffix in _MAGIC:
            kind, first, last = _MAGIC[suffix]
            if not self.content.startswith(first) or not self.content.endswith(last):
                raise self.error(f"not a whole {kind} file", found=really or _shown(head))
        elif suffix in _TEXT_KINDS and b"\0" in self.content[:4096]:
            raise self.error("binary content where text was expected")
        return self

    def _check_archive(self, really: str) -> None:
        if self.content[:2] != b"PK":
            raise self.error(
                "not a workbook: its first bytes are not those of a zip archive",
                found=really or _shown(self.content),
            )
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
                names = archive.namelist()
        except zipfile.BadZipFile:
            raise self.error("the workbook is cut short: its archive has no end") from None
        if not names:
            raise self.error("the workbook is an archive with nothing in it")


def _is_page(content: bytes) -> bool:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<!doctype html") or (start[:1] == b"<" and b"<html" in start)


def _shown(content: bytes) -> str:
    return content[:24].decode("latin-1")


def in_folder(source: SourceEntry, folder: Path, *, only: set[str] | None = None) -> list[Document]:
    """Find a source's documents among the files below a folder.

    Parameters
    ----------
    source : SourceEntry
    folder : pathlib.Path
    only : set of str, optional
        The ids of the documents wanted; by default all.

    Returns
    -------
    list of Document
        In the order of the source's entries, then of file names. Documents not there are left out.

    Raises
    ------
    SourceError
        When the folder does not exist or a file in it is not what its name says.
    """
    if not folder.is_dir():
        raise SourceError("there is no such folder", source=source.name, found=str(folder))
    found = []
    for entry in source.documents:
        if only is not None and entry.id not in only:
            continue
        paths = {path for pattern in entry.files for path in folder.rglob(pattern)}
        found += [_from_path(source, entry, path) for path in sorted(paths)]
    return found


def _from_path(source: SourceEntry, entry: DocumentEntry, path: Path) -> Document:
    known = next((r for r in entry.releases if r.file == path.name), None)
    return Document(
        source=source.name,
        id=entry.id,
        name=path.name,
        content=path.read_bytes(),
        retrieved=date.today(),
        release=known.release if known else "",
        published=known.published if known else None,
    ).check()
