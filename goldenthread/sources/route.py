"""Live routes: where each document of a source stands today, and the newest edition of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

import httpx

from goldenthread import periods
from goldenthread.catalogue import DocumentEntry, SourceEntry
from goldenthread.sources.client import GOVUK_HOSTS, Answer, Client, redact
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError

GOVUK: Final = "https://www.gov.uk"
#: Told the document's id, the bytes received so far and of all (None where that is not known).
Progress = Callable[[str, int, int | None], object]

#: How many editions of a collection are looked into for an attachment that matches.
_EDITIONS: Final = 20
#: Kinds of file in families: a reader of one of a family reads the others.
_FAMILIES: Final = (
    frozenset({".ods", ".xlsx", ".xlsm", ".xls"}),
    frozenset({".csv", ".tsv", ".gz"}),
    frozenset({".parquet"}),
    frozenset({".json"}),
    frozenset({".zip"}),
)
_DATA: Final = frozenset().union(*_FAMILIES)
#: What is said of the edition, not of the period its figures are for.
_ASIDE: Final = re.compile(
    r"\([^)]*\)|\[[^\]]*\]"
    r"|\b(?:published|updated|revised|released|amended|corrected|as (?:at|of)|release of)\b.*",
    re.IGNORECASE,
)
_YEAR: Final = r"(?:19|20)\d\d"
_MONTH_WORD: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
#: Where a period may stand in a title, longest style first.
_PERIODS: Final = re.compile(
    rf"(?P<months>\b{_MONTH_WORD}(?: {_YEAR})? ?(?:-|–|to) ?{_MONTH_WORD} {_YEAR}\b)"
    rf"|(?P<day>\b\d{{1,2}}(?:st|nd|rd|th)? {_MONTH_WORD} {_YEAR}\b)"
    rf"|(?P<month>\b{_MONTH_WORD} {_YEAR}\b)"
    rf"|(?P<quarter>\bQ[1-4][ ,]*{_YEAR}\b|\b{_YEAR}[ -]?Q[1-4]\b)"
    rf"|(?P<pair>(?<!\d){_YEAR}(?: ?[-/–] ?| to )(?:{_YEAR}|\d\d)(?!\d))"
    rf"|(?P<run>(?<!\d){_YEAR}\d\d(?!\d))"
    rf"|(?P<year>(?<!\d){_YEAR}(?!\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Attachment:
    """A file on a GOV.UK page."""

    title: str
    filename: str
    url: str

    @property
    def suffix(self) -> str:
        """What its name ends in, in lower case."""
        return PurePosixPath(self.filename).suffix.lower()

    def __str__(self) -> str:
        return f"{self.title} [{self.filename}]"


def fetch(
    source: SourceEntry,
    client: Client,
    *,
    only: set[str] | None = None,
    progress: Progress | None = None,
) -> list[Document]:
    """Get a source's documents from its publisher, the newest edition of each.

    Parameters
    ----------
    source : SourceEntry
    client : Client
    only : set of str, optional
        The ids of the documents wanted; by default all that have a live route.
    progress : callable, optional
        Told the document's id, the bytes received so far, and of all where that is known.

    Returns
    -------
    list of Document
        In the order of the source's entries; those without a live route are left out.

    Raises
    ------
    SourceError
        When a page has gone or been withdrawn, when it has no attachment that matches or several
        equally new, or when a file does not come or is not what it should be.
    """
    pages: dict[str, dict[str, Any]] = {}
    return [
        _fetch_one(source, entry, client, pages, progress)
        for entry in source.documents
        if entry.route is not None and (only is None or entry.id in only)
    ]


def _fetch_one(
    source: SourceEntry,
    entry: DocumentEntry,
    client: Client,
    pages: dict[str, dict[str, Any]],
    progress: Progress | None,
) -> Document:
    def on_bytes(done: int, total: int | None) -> None:
        if progress is not None:
            progress(entry.id, done, total)

    suffix = next(iter(_suffixes(entry)), "")
    if entry.route == "direct":
        return client.document(
            str(entry.url), source=source.name, id=entry.id, suffix=suffix, on_bytes=on_bytes
        )

    if entry.route == "places":
        return _of_places(source, entry, client, on_bytes)

    def page(path: str) -> dict[str, Any]:
        if path not in pages:
            pages[path] = _page(path, source, client)
        return pages[path]

    found, attachment = _newest_edition(source, entry, page)
    if httpx.URL(attachment.url).host not in GOVUK_HOSTS | client.allow:
        raise SourceError(
            "the page's file stands on a host that is not the publisher's",
            source=source.name,
            file=redact(attachment.url),
        )
    return client.document(
        attachment.url,
        source=source.name,
        id=entry.id,
        name=attachment.filename,
        suffix=suffix,
        release=attachment.title,
        published=_public_date(found),
        on_bytes=on_bytes,
    )


def _of_places(
    source: SourceEntry,
    entry: DocumentEntry,
    client: Client,
    on_bytes: Callable[[int, int | None], object],
) -> Document:
    """Ask a service about each of its places, and put the answers together in one document."""

    def ask(url: str) -> Any:
        read: list[Any] = []

        def check(answer: Answer) -> None:
            try:
                read[:] = [json.loads(answer.content)]
            except ValueError:
                raise SourceError(
                    "the answer is not JSON",
                    source=source.name,
                    file=answer.url,
                    found=answer.content_type,
                ) from None

        client.get(url, source=source.name, accept="application/json", check=check)
        return read[0]

    listed = ask(str(entry.url))
    names = [str(one["name"]) for one in _items(listed) if one.get("name")]
    if not names:
        raise SourceError(
            "the service lists no places", source=source.name, file=redact(str(entry.url))
        )
    results: list[Any] = []
    for at, name in enumerate(names, start=1):
        url: str | None = f"{entry.url}/{quote(name, safe='')}{entry.then}"
        own: list[Any] = []
        while url:
            answer = ask(url)
            if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
                raise SourceError(
                    "the answer has no list of results", source=source.name, file=redact(url)
                )
            own += answer["results"]
            following = answer.get("next")
            if not following and answer.get("count") != len(own):
                raise SourceError(
                    "the answer is cut: it does not have the records that it tells of",
                    source=source.name,
                    file=redact(url),
                    expected=str(answer.get("count")),
                    found=str(len(own)),
                )
            if following and not answer["results"]:
                raise SourceError(
                    "an empty page leads to another", source=source.name, file=redact(url)
                )
            url = str(following) if following else None
        results += own
        on_bytes(at, len(names))
    return Document(
        source=source.name,
        id=entry.id,
        name=f"{source.name}.json",
        content=json.dumps({"results": results}).encode(),
        retrieved=date.today(),
        url=str(entry.url),
    ).check()


def _items(listed: Any) -> list[dict[str, Any]]:
    """Give the objects of a list, which a service may wrap as its results."""
    inside = listed.get("results") if isinstance(listed, dict) else listed
    return [one for one in inside if isinstance(one, dict)] if isinstance(inside, list) else []


def _page(path: str, source: SourceEntry, client: Client) -> dict[str, Any]:
    """Get what the content API says of a page, unless it is gone or withdrawn."""
    read: dict[str, Any] = {}

    def check(answer: Answer) -> None:
        read.clear()
        read.update(_content(answer, source))

    answer = client.get(
        f"{GOVUK}/api/content{path}",
        source=source.name,
        accept="application/json",
        answers={410},
        check=check,
    )
    if answer.status == 410:
        details = _mapping(_json(answer), "details")
        instead = details.get("alternative_path") or _words(details.get("explanation"))
        raise SourceError(
            "the publisher has taken this page away"
            + (f"; instead: {redact(str(instead))}" if instead else ""),
            source=source.name,
            file=answer.url,
        )
    notice = _mapping(read, "withdrawn_notice")
    if notice:
        why = _words(notice.get("explanation"))
        raise SourceError(
            "the publisher has withdrawn this page"
            + (f" on {str(notice['withdrawn_at'])[:10]}" if notice.get("withdrawn_at") else "")
            + (f": {why}" if why else ""),
            source=source.name,
            file=answer.url,
        )
    return read


def _json(answer: Answer) -> dict[str, Any]:
    try:
        content = json.loads(answer.content)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _content(answer: Answer, source: SourceEntry) -> dict[str, Any]:
    content = _json(answer)
    if "document_type" not in content or "title" not in content:
        is_page = answer.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
        raise SourceError(
            "a web page (perhaps a sign-in page) came instead of the page's content"
            if is_page
            else "the answer is not the content of a page",
            source=source.name,
            file=answer.url,
            expected="a JSON object with document_type and title",
            found=answer.content_type,
        )
    return content


def _newest_edition(
    source: SourceEntry, entry: DocumentEntry, page: Callable[[str], dict[str, Any]]
) -> tuple[dict[str, Any], Attachment]:
    """Find the attachment on the entry's page, or in the newest edition that the page leads to."""
    pattern = re.compile(str(entry.title))
    first = page(str(entry.path))
    looked_at = []
    for content in _with_editions(first, page):
        matching = [a for a in _attachments(content) if _matches(pattern, a)]
        if matching:
            return content, choose(matching, entry, source=source.name, page=_path(content, entry))
        looked_at.append(content)
    there = [a for content in looked_at for a in _attachments(content)]
    titles = [a.title for a in there]
    beside = len(looked_at) - 1
    raise SourceError(
        "no attachment matches"
        + (f", neither on the page nor in its {beside} newest editions" if beside else "")
        + ("" if there else " (there is none at all)"),
        source=source.name,
        file=f"{GOVUK}{_path(first, entry)}",
        expected=pattern.pattern,
        candidates=titles,
    )


def _with_editions(
    first: dict[str, Any], page: Callable[[str], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    yield first
    editions = _editions(first)
    for edition in editions[:_EDITIONS]:
        yield page(edition)


def _editions(content: dict[str, Any]) -> list[str]:
    """Give the paths of the editions a page leads to, newest first: one level, and no further."""
    links = _mapping(content, "links")
    listed = list(_links(links, "documents"))
    for collection in _links(links, "document_collections"):
        listed += _links(_mapping(collection, "links"), "documents")
    own = content.get("base_path")
    found = {
        str(item["base_path"]): (_newest_period(str(item.get("title", ""))), _stamp(item))
        for item in listed
        if item.get("base_path") and item["base_path"] != own and not item.get("withdrawn")
    }
    # A correction gives an old edition a late date, so that the period in the title comes first.
    return sorted(found, key=lambda path: found[path], reverse=True)


def _attachments(content: dict[str, Any]) -> list[Attachment]:
    """Give the files of data on a page: neither its web pages nor its reports."""
    found = []
    for item in _links(_mapping(content, "details"), "attachments"):
        url = str(item.get("url") or "")
        if not url or item.get("attachment_type", "file") != "file":
            continue
        url = str(httpx.URL(GOVUK).join(url))
        filename = str(item.get("filename") or PurePosixPath(httpx.URL(url).path).name)
        attachment = Attachment(" ".join(str(item.get("title") or "").split()), filename, url)
        if attachment.suffix in _DATA:
            found.append(attachment)
    return found


def choose(
    attachments: Sequence[Attachment], entry: DocumentEntry, *, source: str, page: str
) -> Attachment:
    """Choose the newest of several attachments, then the kind of file that the reader knows.

    Parameters
    ----------
    attachments : sequence of Attachment
        At least one.
    entry : DocumentEntry
        Its `files` say which kinds of file are read.
    source, page : str
        For the error.

    Returns
    -------
    Attachment

    Raises
    ------
    SourceError
        When two are equally good: their place on the page decides nothing.
    """
    dated = {a: edition(a) for a in attachments}
    newest = max(dated.values())
    undated = [a for a, when in dated.items() if when[0] == date.min]
    if undated and newest[0] != date.min:
        raise _undecided([*undated, *(a for a in dated if dated[a] == newest)], entry, source, page)
    best = [a for a, when in dated.items() if when == newest]
    known = _suffixes(entry)
    for kinds in (*({kind} for kind in known), *(f for f in _FAMILIES if f & set(known))):
        of_kind = [a for a in best if a.suffix in kinds]
        if of_kind:
            best = of_kind
            break
    if len({a.url for a in best}) > 1:
        raise _undecided(best, entry, source, page)
    return best[0]


def _undecided(
    attachments: Sequence[Attachment], entry: DocumentEntry, source: str, page: str
) -> SourceError:
    return SourceError(
        f"several attachments match {entry.title!r}, and none is the newest",
        source=source,
        file=f"{GOVUK}{page}",
        found="; ".join(str(a) for a in attachments[:4]),
    )


def edition(attachment: Attachment) -> tuple[date, date]:
    """Tell how new an attachment is, by what its title, or else its file name, says.

    Returns
    -------
    tuple of datetime.date
        The end of the newest period its figures are for, then the newest date of any kind, as in
        "2022-23 (revised March 2024)"; `date.min` where there is none.

    Examples
    --------
    >>> edition(Attachment("Waste 2022-23 (revised March 2024)", "waste.ods", ""))
    (datetime.date(2023, 3, 31), datetime.date(2024, 3, 31))
    """
    for text in (attachment.title, PurePosixPath(attachment.filename).stem):
        words = re.sub(r"[_+]|%20", " ", text)
        named = _newest_period(_ASIDE.sub(" ", words)), _newest_period(words)
        if named[1] != date.min:
            return (named[0], named[1]) if named[0] != date.min else (named[1], named[1])
    return date.min, date.min


def _newest_period(text: str) -> date:
    """Give the end of the newest period in a text; `date.min` where there is none."""
    return max((end for end in map(_period_end, _PERIODS.finditer(text)) if end), default=date.min)


def _period_end(found: re.Match[str]) -> date | None:
    text = found[0]
    if found["run"] and int(text[4:]) != (int(text[:4]) + 1) % 100:
        # 202324 are two years, 202312 is a year and a month.
        text = f"{text[:4]}-{text[4:]}"
    # A pair of years is a financial year in nearly all of what is published for councils.
    habit = "financial" if found["pair"] or found["run"] else "calendar"
    try:
        return periods.parse(text, habit).end
    except periods.PeriodError:
        return None


def _matches(pattern: re.Pattern[str], attachment: Attachment) -> bool:
    return bool(pattern.search(attachment.title) or pattern.search(attachment.filename))


def _suffixes(entry: DocumentEntry) -> list[str]:
    ends = (PurePosixPath(pattern).suffix.lower() for pattern in entry.files)
    return list(dict.fromkeys(end for end in ends if re.fullmatch(r"\.\w+", end)))


def _mapping(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def _links(content: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = content.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _path(content: Mapping[str, Any], entry: DocumentEntry) -> str:
    return str(content.get("base_path") or entry.path)


def _stamp(content: Mapping[str, Any]) -> str:
    return str(content.get("public_updated_at") or "")


def _public_date(content: Mapping[str, Any]) -> date | None:
    try:
        return datetime.fromisoformat(_stamp(content)).date()
    except ValueError:
        return None


def _words(markup: object) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", str(markup or "")).split())
