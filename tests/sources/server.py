"""A publisher's server on this machine: one that behaves like GOV.UK, and one that misbehaves."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import Any, Self
from urllib.parse import quote, urlsplit

WWW = "www.gov.uk"
ASSETS = "assets.publishing.service.gov.uk"
KINDS = {
    ".csv": "text/csv",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".parquet": "application/octet-stream",
}


@dataclass(frozen=True)
class Seen:
    """A request as it came: for which of the publishers' hosts, and what for."""

    host: str
    path: str
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True)
class Reply:
    """What to answer, honestly; with an etag, 304 to who has it already."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/octet-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    modified: str = ""
    squeeze: bool = False
    length: int | None = None  # a Content-Length that lies; -1: none at all

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        known = (self.etag and handler.headers.get("If-None-Match") == self.etag) or (
            self.modified and handler.headers.get("If-Modified-Since") == self.modified
        )
        body = gzip.compress(self.body) if self.squeeze else self.body
        handler.send_response(304 if known else self.status)
        if self.etag:
            handler.send_header("ETag", self.etag)
        if self.modified:
            handler.send_header("Last-Modified", self.modified)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        if not known:
            handler.send_header("Content-Type", self.kind)
            if self.squeeze:
                handler.send_header("Content-Encoding", "gzip")
            if self.length != -1:
                handler.send_header(
                    "Content-Length", str(len(body) if self.length is None else self.length)
                )
        handler.end_headers()
        if not known:
            handler.wfile.write(body)


Misbehaviour = Callable[[BaseHTTPRequestHandler], None]
Behaviour = Reply | Misbehaviour


class Publisher:
    """Serves any number of publishers' hosts, each below a path of its own.

    Use as a context manager; `hosts` is what the client is to be told.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._behaviours: dict[tuple[str, str], list[Behaviour]] = {}
        self._known: set[str] = {WWW, ASSETS}
        self._assets = 0
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher._answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def hosts(self) -> dict[str, str]:
        return {host: f"{self.base}/{host}" for host in sorted(self._known)}

    def at(self, url: str, *behaviours: Behaviour) -> str:
        """Set what stands at a publisher's address: one after another, the last for good.

        It stands there for any query; two that differ in their query alone are told apart by it.
        """
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._known.add(parts.hostname)
        for place in {parts.path, f"{parts.path}?{parts.query}" if parts.query else parts.path}:
            self._behaviours[parts.hostname, place] = list(behaviours)
        return url

    def asked(self, url: str) -> list[Seen]:
        """Give the requests that came for an address, whatever their query."""
        parts = urlsplit(url)
        return [
            s for s in self.seen if (s.host, urlsplit(s.path).path) == (parts.hostname, parts.path)
        ]

    def asset(self, filename: str, content: bytes, **reply: Any) -> str:
        """Put up a file under a hash of its own, as each release is."""
        self._assets += 1
        hash_ = hashlib.sha256(f"{self._assets}/{filename}".encode()).hexdigest()[:24]
        suffix = PurePosixPath(filename).suffix.lower()
        kind = KINDS.get(suffix) or mimetypes.guess_type(filename)[0] or "application/octet-stream"
        return self.at(
            f"https://{ASSETS}/media/{hash_}/{quote(filename)}",
            Reply(content, **{"kind": kind, "etag": f'"{hash_}"', **reply}),
        )

    def attachment(self, title: str, filename: str, content: bytes, **reply: Any) -> dict[str, Any]:
        """Put up a file, and give what a page says of it."""
        url = self.asset(filename, content, **reply)
        return {
            "accessible": False,
            "attachment_type": "file",
            "content_type": KINDS.get(
                PurePosixPath(filename).suffix.lower(), "application/octet-stream"
            ),
            "file_size": len(content),
            "filename": filename,
            "id": filename,
            "title": title,
            "url": url,
        }

    def page(
        self,
        path: str,
        attachments: Sequence[Mapping[str, Any]] = (),
        *,
        title: str = "A statistical release",
        updated: str = "2025-03-27T09:30:00.000+00:00",
        **fields: Any,
    ) -> str:
        """Put up a page of the content API in its own shape."""
        content = {
            "base_path": path,
            "content_id": hashlib.md5(path.encode()).hexdigest(),
            "description": "Statistics.",
            "details": {"attachments": list(attachments), "body": '<div class="govspeak"></div>'},
            "document_type": "statistical_data_set",
            "first_published_at": "2015-05-21T08:30:36.000+00:00",
            "links": {},
            "locale": "en",
            "phase": "live",
            "public_updated_at": updated,
            "publishing_app": "whitehall",
            "schema_name": "statistical_data_set",
            "title": title,
            "updated_at": updated,
            "withdrawn_notice": {},
            **fields,
        }
        body = json.dumps(content).encode()
        etag = f'W/"{hashlib.md5(body).hexdigest()}"'
        return self.at(
            f"https://{WWW}/api/content{path}",
            Reply(body, kind="application/json; charset=utf-8", etag=etag, squeeze=True),
        )

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        _, host, path = handler.path.split("/", 2)
        self.seen.append(Seen(host, f"/{path}", dict(handler.headers), time.monotonic()))
        asked, plain = f"/{path}", f"/{urlsplit(path).path}"
        behaviours = self._behaviours.get((host, asked)) or self._behaviours.get((host, plain))
        if not behaviours:
            Reply(b"<html>Not found</html>", 404, "text/html").send(handler)
            return
        behaviour = behaviours[0] if len(behaviours) == 1 else behaviours.pop(0)
        if isinstance(behaviour, Reply):
            behaviour.send(handler)
        else:
            behaviour(handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        # A client that has given up is what these tests are about.
        pass


def link(path: str, title: str, updated: str, **fields: Any) -> dict[str, Any]:
    """Give what a collection says of one of its documents."""
    return {
        "api_path": f"/api/content{path}",
        "api_url": f"https://{WWW}/api/content{path}",
        "base_path": path,
        "document_type": "official_statistics",
        "links": {},
        "locale": "en",
        "public_updated_at": updated,
        "schema_name": "publication",
        "title": title,
        "withdrawn": False,
        **fields,
    }


def reset_after(body: bytes, declared: int) -> Misbehaviour:
    """Break the connection in the middle of the body."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.send_header("Content-Length", str(declared))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()
        # Closing with this option set sends a reset instead of an end.
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return send


def silent(seconds: float) -> Misbehaviour:
    """Say nothing for a while, then close."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)

    return send


def drip(seconds: float, *, head: bool) -> Misbehaviour:
    """Send one byte now and then, of the head or of the body, for a bounded time."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        if head:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        else:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/csv\r\n\r\n")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.05)

    return send


def endless(limit: int) -> Misbehaviour:
    """Send far more than was ever announced, up to a limit of the test's own."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.end_headers()
        for _ in range(limit // 65536):
            handler.wfile.write(b"a,b,c,d\n" * 8192)

    return send
