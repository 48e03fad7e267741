"""External addresses: the one list of all that the book links to, and when each was last seen to answer."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urldefrag

import yaml
from pydantic import BaseModel, ConfigDict, Field

from goldenthread import catalogue, kept
from goldenthread.prose.error import ProseError

#: The list, in the folder of data.
ADDRESSES: Final = "external-addresses.yaml"
_HEAD: Final = """\
# Every address outside this book that a page or a file of data links to, in the order of the alphabet.
# `checked` is the day on which somebody or something last saw that it leads where it should, null where
# nobody has yet; `how` says in what way. `goldenthread check links` asks the publishers and writes the
# days; with --record it takes up new addresses and drops those that nothing links to any more.

"""


class External(BaseModel):
    """An address of somebody else's.

    Attributes
    ----------
    url : str
        Without the part after #, which names a place in its page.
    checked : datetime.date or None
        When it was last seen to lead where it should.
    how : str
        In what way.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, Field(pattern=r"^https?://[^\s#]+$")]
    checked: datetime.date | None = None
    how: str = "not yet checked"


def bare(address: str) -> str:
    """Give an address as the list has it.

    Examples
    --------
    >>> bare("https://law.example/2000/22#section-9")
    'https://law.example/2000/22'
    """
    return urldefrag(address).url


def load(data: Path = catalogue.FOLDER) -> dict[str, External]:
    """Read the list, by address.

    Raises
    ------
    ProseError
        Naming the file, the address, the field and what was expected; also for one that stands twice.
    """
    found = kept.entries(data / ADDRESSES, External, ProseError, by="url")
    return {each.url: each for _, each in found}


def record(listed: Mapping[str, External], used: Iterable[str]) -> dict[str, External]:
    """Take up addresses that are used and not listed, and drop those that are not used.

    Examples
    --------
    >>> old = {"https://a.example": External(url="https://a.example")}
    >>> list(record(old, ["https://b.example"]))
    ['https://b.example']
    """
    return {url: listed.get(url) or External(url=url) for url in sorted(set(used))}


def save(listed: Mapping[str, External], data: Path = catalogue.FOLDER) -> None:
    """Write the list."""
    entries = [listed[url].model_dump() for url in sorted(listed)]
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000)
    (data / ADDRESSES).write_text(_HEAD + text, encoding="utf-8")
