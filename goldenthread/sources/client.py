"""Asking publishers' servers politely: patient, bounded, and careful about what comes back."""

from __future__ import annotations

import functools
import hashlib
import ipaddress
import json
import logging
import os
import re
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import unquote

import httpx
import platformdirs
import stamina

from goldenthread.addresses import addresses
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError

#: The hosts of GOV.UK, which every source may be sent on to.
GOVUK_HOSTS: Final = frozenset({"www.gov.uk", "assets.publishing.service.gov.uk"})
#: Names of environment variables: other addresses for publishers' hosts (a JSON object), and the
#: folder of the cache.
HOSTS_VARIABLE: Final = "GOLDENTHREAD_HOSTS"
CACHE_VARIABLE: Final = "GOLDENTHREAD_CACHE"
MEGABYTE: Final = 1024 * 1024
_REDIRECTS: Final = 5
_CHUNK: Final = 64 * 1024
#: What is asked of a copy's freshness, by the header field that came with it.
_CONDITIONS: Final = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_KEPT_HEADERS: Final = ("content-type", "content-disposition", *_CONDITIONS)
_SECRET: Final = re.compile(
    r"(?i)(?P<name>[?&;](?:[^=&;#\s'\"]*(?:key|token|secret|sig|passw|pwd|auth)[^=&;#\s'\"]*|uid)=)"
    r"[^&;#\s'\"]*"
)
_USER: Final = re.compile(r"(?<=://)[^/?#@\s]*@")
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
#: Kinds of content that are never a table; what else a server calls its files is too various to
#: tell by, so that their first bytes decide.
_NEVER_A_TABLE: Final = re.compile(r"(image|audio|video|font)/.*|application/pdf")
_SUFFIXES: Final = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/gzip": ".gz",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_log: Final = logging.getLogger(__name__)


def redact(text: str) -> str:
    """Take keys, tokens and passwords out of addresses in a text.

    Examples
    --------
    >>> redact("GET https://example.org/data.csv?geography=E06000010&uid=0x1234 failed")
    'GET https://example.org/data.csv?geography=E06000010&uid=... failed'
    """
    return _USER.sub("", _SECRET.sub(r"\g<name>...", text))


class _Redacting(logging.Filter):
    """Redacts what the HTTP libraries log by themselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


_REDACTING: Final = _Redacting()
#: Where nobody has set up logging, a retry is not shouted at the terminal.
_SILENT: Final = logging.NullHandler()


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes
    ----------
    url : str
        The address that answered in the end, without keys.
    status : int
    content : bytes
        The whole body, decompressed.
    headers : mapping of str to str
        The few header fields that matter here, names in lower case.
    cached : bool
        The server said that the copy on disk is still good.
    """

    url: str
    status: int
    content: bytes = field(repr=False)
    headers: Mapping[str, str]
    cached: bool = False

    @property
    def content_type(self) -> str:
        """The declared kind of content, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def filename(self) -> str:
        """The file name the server proposes; empty where it proposes none."""
        message = Message()
        message["content-disposition"] = self.headers.get("content-disposition", "")
        return PurePosixPath((message.get_filename() or "").replace("\\", "/")).name

    @property
    def name(self) -> str:
        """The file's name: as the server proposes, or the last part of the address."""
        return self.filename or unquote(PurePosixPath(httpx.URL(self.url).path).name)


class _TroubleError(Exception):
    """A fault that may pass by itself."""

    def __init__(self, what: str, *, wait: float | None = None) -> None:
        super().__init__(redact(what))
        self.wait = wait


class Client:
    """Asks publishers' servers for pages and files.

    Parameters
    ----------
    hosts : mapping of str to str, optional
        Other addresses for publishers' hosts, as in ``{"www.gov.uk": "http://127.0.0.1:8001"}``;
        by default the JSON object in the environment variable `GOLDENTHREAD_HOSTS`.
    allow : collection of str
        Hosts to which any request may be sent on, beside GOV.UK's and its own.
    cache : pathlib.Path or False, optional
        The folder of copies for conditional requests; by default `GOLDENTHREAD_CACHE`, or the
        user's own cache folder. False: none is kept.
    connect, read : float
        How many seconds to wait for a connection, and for the next bytes.
    total : float
        How many seconds one `get` may take, with all its retries and redirects.
    attempts : int
        How often to try in all.
    wait, longest_wait : float
        The pause before the first retry, which doubles each time, and its limit, in seconds; up to
        `wait` seconds of chance are added.
    longest_retry_after : float
        A server that asks for a longer pause than this is not waited for.
    interval : float
        The least number of seconds between two requests to one host.
    cap : int
        The largest download, in bytes.
    cache_cap : int
        The size of the cache, in bytes: what was used longest ago makes room.
    address : str, optional
        The project's address for the User-Agent; by default the one in its metadata, if any.
    """

    def __init__(
        self,
        *,
        hosts: Mapping[str, str] | None = None,
        allow: Collection[str] = (),
        cache: Path | bool | None = None,
        connect: float = 10,
        read: float = 30,
        total: float = 300,
        attempts: int = 4,
        wait: float = 1,
        longest_wait: float = 20,
        longest_retry_after: float = 120,
        interval: float = 0.2,
        cap: int = 256 * MEGABYTE,
        cache_cap: int = 1024 * MEGABYTE,
        address: str | None = None,
    ) -> None:
        self.hosts = {
            h: _base(h, to) for h, to in (_configured() if hosts is None else hosts).items()
        }
        self.allow = frozenset(allow)
        self.total, self.attempts, self.cap = total, attempts, cap
        self._connect, self._read = connect, read
        self._wait, self._longest_wait = wait, longest_wait
        self._longest_retry_after = longest_retry_after
        self._interval = interval
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()
        self._cache = _Cache(_cache_folder(cache), cache_cap)
        # No connection outlives its answer, so that every one can be cut when time is up. A proxy
        # of the organisation's is used where the environment names one, but never for this machine.
        self._http = httpx.Client(
            verify=_authorities(),
            headers={"User-Agent": user_agent(address)},
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            mounts={"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None},
        )
        for name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy"):
            logging.getLogger(name).addFilter(_REDACTING)
        logging.getLogger("stamina").addHandler(_SILENT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._http.close()

    def get(
        self,
        url: str,
        *,
        source: str = "",
        allow: Collection[str] = (),
        accept: str = "*/*",
        answers: Collection[int] = (),
        check: Callable[[Answer], object] | None = None,
        on_bytes: Callable[[int, int | None], object] | None = None,
    ) -> Answer:
        """Get what stands at an address.

        Parameters
        ----------
        url : str
            The publisher's own address, over https (or on this machine).
        source : str
            Who asks, for the error.
        allow : collection of str
            Hosts to which the request may be sent on, beside the client's and its own.
        accept : str
            The kinds of content wanted.
        answers : collection of int
            Statuses other than 200 that are answers too.
        check : callable, optional
            Raises when an answer with status 200 is not what it should be; what fails is not kept.
        on_bytes : callable, optional
            Told the number of bytes received so far, and of all (None where it is not known). It
            starts again from zero after a retry.

        Returns
        -------
        Answer

        Raises
        ------
        SourceError
            When the server cannot be reached, fails again and again, answers with another status,
            sends more than the cap, or sends the request on to a host that is not the publisher's.
        """
        asked = _url(url, source)
        allowed = {asked.host} | GOVUK_HOSTS | self.allow | set(allow)
        deadline = time.monotonic() + self.total
        tried = 0

        def again(error: Exception) -> bool | float:
            if not isinstance(error, _TroubleError):
                return False
            wait = self._longest_wait if error.wait is None else error.wait
            if error.wait is not None and wait > self._longest_retry_after:
                return False
            if time.monotonic() + wait >= deadline:
                return False
            return True if error.wait is None else error.wait

        try:
            for attempt in stamina.retry_context(
                on=again,
                attempts=self.attempts,
                timeout=self.total,
                wait_initial=self._wait,
                wait_max=self._longest_wait,
                wait_jitter=self._wait,
            ):
                with attempt:
                    tried += 1
                    answer = self._follow(asked, source, allowed, accept, deadline, on_bytes)
        except _TroubleError as trouble:
            times = "once" if tried == 1 else f"{tried} times"
            raise SourceError(
                f"{trouble} (tried {times})", source=source, file=redact(url)
            ) from None
        if answer.status != 200 and answer.status not in answers:
            raise SourceError(_meaning(answer), source=source, file=answer.url)
        if answer.status == 200:
            try:
                if check is not None:
                    check(answer)
            except Exception:
                self._cache.drop(answer.url)
                raise
            self._cache.keep(answer)
        return answer

    def document(
        self,
        url: str,
        *,
        source: str,
        id: str,  # noqa: A002 (the document's own word)
        name: str = "",
        suffix: str = "",
        release: str = "",
        published: date | None = None,
        allow: Collection[str] = (),
        on_bytes: Callable[[int, int | None], object] | None = None,
    ) -> Document:
        """Get a file as a document, checked to be what its name says.

        Parameters
        ----------
        url, source, allow, on_bytes
            As for `get`.
        id, name, release, published
            As for `Document`; without a name it is the one that the server proposes, or the last
            part of the address.
        suffix : str
            What the name ends in where neither it nor the kind of content says.

        Returns
        -------
        Document

        Raises
        ------
        SourceError
            As for `get`, and when the content is not what its name says.
        """

        def read(answer: Answer) -> Document:
            document = Document(
                source=source,
                id=id,
                name=name or _with_suffix(answer, suffix),
                content=answer.content,
                retrieved=date.today(),
                release=release,
                published=published,
                url=answer.url,
            )
            _check_kind(document, answer.content_type)
            return document.check()

        return read(self.get(url, source=source, allow=allow, check=read, on_bytes=on_bytes))

    def _follow(
        self,
        url: httpx.URL,
        source: str,
        allowed: set[str],
        accept: str,
        deadline: float,
        on_bytes: Callable[[int, int | None], object] | None,
    ) -> Answer:
        """Ask, and ask again where the server sends the request on to."""
        for _ in range(_REDIRECTS + 1):
            if url.host not in allowed:
                raise SourceError(
                    "the request was sent on to a host that is not the publisher's",
                    source=source,
                    file=redact(str(url)),
                    expected=" or ".join(sorted(allowed)),
                )
            answer, location = self._once(url, source, accept, deadline, on_bytes)
            if location is None:
                return answer
            url = self._published(_url(str(url.join(location)), source))
        raise SourceError(
            "the server sends the request round in circles", source=source, file=redact(str(url))
        )

    def _once(
        self,
        url: httpx.URL,
        source: str,
        accept: str,
        deadline: float,
        on_bytes: Callable[[int, int | None], object] | None,
    ) -> tuple[Answer, str | None]:
        shown = redact(str(url))
        kept = self._cache.find(shown)
        headers = {"Accept": accept}
        if kept is not None:
            headers |= {_CONDITIONS[n]: v for n, v in kept.headers.items() if n in _CONDITIONS}
        self._take_turn(url.host)
        left = max(deadline - time.monotonic(), 0.01)
        timeout = httpx.Timeout(
            min(self._read, left), connect=min(self._connect, left), pool=min(self._connect, left)
        )
        try:
            with (
                _cut_off(left) as trace,
                self._http.stream(
                    "GET",
                    self._served(url),
                    headers=headers,
                    timeout=timeout,
                    extensions={"trace": trace},
                ) as response,
            ):
                location = response.headers["location"] if response.has_redirect_location else None
                if response.status_code == 304 and kept is not None:
                    self._cache.touch(shown)
                    return kept, None
                if response.status_code in (408, 429) or response.status_code >= 500:
                    raise self._busy(response)
                content = (
                    b"" if location else self._body(response, shown, source, deadline, on_bytes)
                )
        except (httpx.TransportError, httpx.DecodingError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise SourceError(
                    "the server's certificate is not signed by an authority known here; where a "
                    "network inspects its traffic, SSL_CERT_FILE names the file of its authority",
                    source=source,
                    file=shown,
                ) from None
            raise _TroubleError(self._fault(error, deadline)) from None
        except httpx.InvalidURL as error:
            raise SourceError(
                redact(f"not an address ({error})"), source=source, file=shown
            ) from None
        kept_headers = {n: response.headers[n] for n in _KEPT_HEADERS if n in response.headers}
        if "no-store" in response.headers.get("cache-control", "").lower():
            kept_headers = {n: v for n, v in kept_headers.items() if n not in _CONDITIONS}
        return Answer(shown, response.status_code, content, kept_headers), location

    def _body(
        self,
        response: httpx.Response,
        shown: str,
        source: str,
        deadline: float,
        on_bytes: Callable[[int, int | None], object] | None,
    ) -> bytes:
        declared = response.headers.get("content-length", "")
        encoded = "content-encoding" in response.headers
        total = int(declared) if declared.isdigit() and not encoded else None
        too_large = SourceError(
            f"more than the {self.cap / MEGABYTE:,.6g} MB that a file may have",
            source=source,
            file=shown,
        )
        if declared.isdigit() and int(declared) > self.cap:
            raise too_large
        body = bytearray()
        for chunk in response.iter_bytes(_CHUNK):
            body += chunk
            if len(body) > self.cap:
                raise too_large
            if time.monotonic() > deadline:
                raise _TroubleError(f"not finished within {self.total:g} seconds")
            if on_bytes is not None:
                on_bytes(len(body), total)
        return bytes(body)

    def _fault(self, error: Exception, deadline: float) -> str:
        if time.monotonic() >= deadline:
            return f"not finished within {self.total:g} seconds"
        if isinstance(error, httpx.ConnectTimeout):
            return f"no connection within {self._connect:g} seconds"
        if isinstance(error, httpx.TimeoutException):
            return f"nothing came for {self._read:g} seconds"
        if isinstance(error, httpx.ConnectError):
            return f"no connection ({error})"
        if isinstance(error, httpx.DecodingError):
            return f"the answer cannot be decompressed ({error})"
        return f"the connection broke ({error or type(error).__name__})"

    def _busy(self, response: httpx.Response) -> _TroubleError:
        what = f"the server answered {response.status_code} {response.reason_phrase}".rstrip()
        wait = _retry_after(response.headers.get("retry-after"))
        if wait is not None and wait > self._longest_retry_after:
            what += f" and asks to come back after {wait:,.0f} seconds"
        return _TroubleError(what, wait=wait)

    def _take_turn(self, host: str) -> None:
        """Wait until this host may be asked again."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free.get(host, 0))
            self._free[host] = turn + self._interval
        time.sleep(turn - now)

    def _served(self, url: httpx.URL) -> httpx.URL:
        """Give the address that is really asked for a publisher's."""
        base = self.hosts.get(url.host)
        if base is None:
            return url
        path = (base.raw_path.rstrip(b"/") + url.raw_path) or b"/"
        return base.copy_with(raw_path=path)

    def _published(self, url: httpx.URL) -> httpx.URL:
        """Give the publisher's address for one that a server standing in for it gave."""
        for host, base in self.hosts.items():
            prefix = base.raw_path.rstrip(b"/")
            same = (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)
            if same and url.raw_path.startswith(prefix + b"/"):
                return httpx.URL(f"https://{host}").copy_with(
                    raw_path=url.raw_path.removeprefix(prefix)
                )
        return url


class _Cache:
    """Copies of answers, each in a file whose name tells nothing: a line of JSON, then the body."""

    def __init__(self, folder: Path | None, cap: int) -> None:
        self._folder, self._cap = folder, cap

    def _path(self, shown: str) -> Path | None:
        name = hashlib.sha256(shown.encode()).hexdigest()
        return self._folder and self._folder / f"{name}.answer"

    def find(self, shown: str) -> Answer | None:
        path = self._path(shown)
        if path is None:
            return None
        try:
            head, _, content = path.read_bytes().partition(b"\n")
            about = json.loads(head)
            if about["sha256"] != hashlib.sha256(content).hexdigest() or about["url"] != shown:
                return None
            return Answer(shown, 200, content, about["headers"], cached=True)
        except (OSError, ValueError, KeyError, TypeError):
            # A damaged copy is as good as none: the file is asked for afresh.
            return None

    def keep(self, answer: Answer) -> None:
        path = self._path(answer.url)
        if path is None or answer.cached or not _CONDITIONS.keys() & answer.headers.keys():
            return
        about = {
            "url": answer.url,
            "headers": dict(answer.headers),
            "sha256": hashlib.sha256(answer.content).hexdigest(),
        }
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
                part.write(json.dumps(about).encode() + b"\n" + answer.content)
            Path(part.name).replace(path)
            self._make_room(path.parent)
        except OSError as error:
            _log.warning("the cache cannot be written (%s)", error.strerror)

    def drop(self, shown: str) -> None:
        path = self._path(shown)
        if path is not None:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def touch(self, shown: str) -> None:
        path = self._path(shown)
        if path is not None:
            with suppress(OSError):
                path.touch()

    def _make_room(self, folder: Path) -> None:
        copies = [(path.stat(), path) for path in folder.glob("*.answer")]
        size = sum(stat.st_size for stat, _ in copies)
        for stat, path in sorted(copies, key=lambda copy: copy[0].st_mtime):
            if size <= self._cap:
                break
            path.unlink(missing_ok=True)
            size -= stat.st_size


@functools.cache
def _authorities() -> ssl.SSLContext:
    """Read the certificate authorities once: it takes longer than all else a client does."""
    return httpx.create_ssl_context()


def user_agent(address: str | None = None) -> str:
    """Say who asks: the project, its version and, where it is known, its address."""
    address = address or addresses().book or addresses().repository
    contact = f"; +{address}" if address else ""
    version = metadata.version("goldenthread")
    return f"golden-thread/{version} (open workbook for council performance{contact})"


@contextmanager
def _cut_off(seconds: float) -> Iterator[Callable[[str, Mapping[str, Any]], None]]:
    """Cut the connection when time is up, also under a server that sends a byte now and then.

    The time limit of a read begins anew with every byte; only this one is of the whole.
    """
    sockets: list[socket.socket] = []

    def trace(event: str, details: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            sockets.append(details["return_value"].get_extra_info("socket"))

    def cut() -> None:
        for each in sockets:
            with suppress(OSError):
                # Not the TLS socket's own method, which would wait for the other side.
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield trace
    finally:
        timer.cancel()


def _configured() -> dict[str, str]:
    text = os.environ.get(HOSTS_VARIABLE, "").strip() or "{}"
    try:
        hosts = json.loads(text)
    except ValueError:
        hosts = None
    if not isinstance(hosts, dict) or not all(isinstance(to, str) for to in hosts.values()):
        raise SourceError(
            f"{HOSTS_VARIABLE} is not a JSON object of hosts and addresses", found=redact(text)
        )
    return hosts


def _cache_folder(cache: Path | bool | None) -> Path | None:
    if cache is False:
        return None
    if isinstance(cache, Path):
        return cache
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    return platformdirs.user_cache_path("goldenthread", appauthor=False) / "http"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url(text: str, source: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise SourceError(f"not an address ({error})", source=source, file=redact(text)) from None
    if not url.host or not (
        url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host))
    ):
        raise SourceError(
            "only addresses over https are asked for", source=source, file=redact(text)
        )
    return url


def _base(host: str, to: str) -> httpx.URL:
    return _url(to, f"the address that stands in for {host}")


def _retry_after(text: str | None) -> float | None:
    """Read a Retry-After field: seconds, or a date."""
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - datetime.now(UTC)).total_seconds(), 0.0)


def _meaning(answer: Answer) -> str:
    known = {
        401: "the server asks for a key or a sign-in (401)",
        403: "the server refuses access (403)",
        404: "there is nothing at this address (404)",
        410: "the publisher has taken this address away (410)",
        422: "the server does not accept the question (422)",
    }
    what = known.get(answer.status, f"the server answered {answer.status}")
    if answer.content_type in ("application/json", "text/plain"):
        said = " ".join(redact(answer.content[:300].decode("utf-8", "replace")).split())
        return f"{what}: {said}" if said else what
    return what


def _with_suffix(answer: Answer, suffix: str) -> str:
    if not answer.name:
        return httpx.URL(answer.url).host + _SUFFIXES.get(answer.content_type, suffix)
    name = answer.name
    if re.fullmatch(r"\.[A-Za-z]\w{1,7}", PurePosixPath(name).suffix):
        return name
    return name + _SUFFIXES.get(answer.content_type, suffix)


def _check_kind(document: Document, content_type: str) -> None:
    suffix = PurePosixPath(document.name).suffix.lower()
    if content_type in _PAGES and suffix not in (".html", ".htm"):
        # Its bytes say more clearly what it is, if they can.
        document.check()
        raise document.error("the server says that this is a web page", found=content_type)
    if _NEVER_A_TABLE.fullmatch(content_type):
        raise document.error(
            "the server says that this is no table", expected=suffix, found=content_type
        )
