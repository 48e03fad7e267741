"""Asking whether external addresses still lead where they should: politely, and within bounds."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final
from urllib.parse import urlsplit

import httpx

from goldenthread.prose.external import External, bare
from goldenthread.sources.client import user_agent

#: How many publishers are asked at once; each of them is asked for one page at a time.
PUBLISHERS: Final = 4
#: Seconds between two questions to one publisher, and those that an answer may take.
PAUSE: Final = 1.0
PATIENCE: Final = 20.0
#: The most of a page that is read.
_BYTES: Final = 256 * 1024
_REDIRECTS: Final = 5
_FOR_GOOD: Final = frozenset({301, 308})
_GONE: Final = frozenset({404, 410})
_SIGN_IN: Final = re.compile(
    r"(?:^|[./_-])(?:log-?in|sign-?in|log-?on|sign-?on|sso|adfs|oauth2?|saml2?)(?:$|[./_?-])", re.I
)
_PASSWORD: Final = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.I)


@dataclass(frozen=True)
class Answer:
    """What became of one question.

    Attributes
    ----------
    url : str
        The address that was asked.
    outcome : str
        "answers"; "moved", for good, to `to`; "gone"; "sign-in", where a stranger reads nothing; or
        "unclear", where the server was busy, refused or did not answer in time.
    detail : str
        The status, or what went wrong.
    to : str
        The address that answered in the end.
    """

    url: str
    outcome: str
    detail: str
    to: str = ""

    @property
    def alive(self) -> bool:
        """Whether a reader who follows the address reads what is there."""
        return self.outcome in ("answers", "moved")

    def __str__(self) -> str:
        return f"{self.url}: {self.outcome} ({self.detail})" + (
            f", now {self.to}" if self.to else ""
        )


def ask(
    addresses: Iterable[str],
    *,
    pause: float = PAUSE,
    patience: float = PATIENCE,
    tell: Callable[[Answer], None] = lambda answer: None,
) -> list[Answer]:
    """Ask whether addresses lead where they should.

    Parameters
    ----------
    addresses : iterable of str
    pause : float
        Seconds between two questions to one publisher.
    patience : float
        Seconds that connecting, or waiting for the next bytes, may take.
    tell : callable
        Is given every answer as it comes.

    Returns
    -------
    list of Answer
        In the order of publishers and addresses.
    """
    by_publisher = [
        list(urls)
        for _, urls in groupby(sorted(sorted(set(addresses)), key=_publisher), key=_publisher)
    ]
    with (
        httpx.Client(
            headers={"user-agent": user_agent()},
            timeout=patience,
            follow_redirects=True,
            max_redirects=_REDIRECTS,
        ) as client,
        ThreadPoolExecutor(PUBLISHERS) as publishers,
    ):

        def in_turn(urls: list[str]) -> list[Answer]:
            return list(_in_turn(client, urls, pause, patience, tell))

        return list(chain.from_iterable(publishers.map(in_turn, by_publisher)))


def dated(external: External, answer: Answer, day: datetime.date) -> External:
    """Give an entry of the list after its address was asked; what is not alive keeps its day.

    Examples
    --------
    >>> entry = External(url="https://a.example")
    >>> dated(entry, Answer(entry.url, "answers", "200"), datetime.date(2026, 12, 1)).how
    'it answered'
    """
    if not answer.alive:
        return external
    how = f"it answered from {answer.to}" if answer.outcome == "moved" else "it answered"
    return external.model_copy(update={"checked": day, "how": how})


def _publisher(url: str) -> str:
    return urlsplit(url).netloc


def _in_turn(
    client: httpx.Client,
    urls: list[str],
    pause: float,
    patience: float,
    tell: Callable[[Answer], None],
) -> Iterator[Answer]:
    for number, url in enumerate(urls):
        if number:
            time.sleep(pause)
        answer = _one(client, url, patience)
        tell(answer)
        yield answer


def _one(client: httpx.Client, url: str, patience: float) -> Answer:
    until = time.monotonic() + patience
    try:
        with client.stream("GET", url) as response:
            page = b""
            for chunk in response.iter_bytes():
                page += chunk
                if len(page) > _BYTES:
                    break
                if time.monotonic() > until:
                    return Answer(url, "unclear", f"not finished within {patience:g} seconds")
    except httpx.TooManyRedirects:
        return Answer(url, "unclear", f"more than {_REDIRECTS} redirects")
    except httpx.TimeoutException:
        return Answer(url, "unclear", f"no answer within {patience:g} seconds")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(url, "unclear", str(error) or type(error).__name__)
    return _judged(url, response, page)


def _judged(url: str, response: httpx.Response, page: bytes) -> Answer:
    status, to = str(response.status_code), str(response.url)
    if response.status_code in _GONE:
        return Answer(url, "gone", status)
    if response.status_code == 401 or (response.history and _SIGN_IN.search(to)):
        return Answer(url, "sign-in", status, to if response.history else "")
    if not response.is_success:
        return Answer(url, "unclear", status)
    if _PASSWORD.search(page):
        return Answer(
            url, "sign-in", "the page asks for a password", to if response.history else ""
        )
    for_good = response.history and all(r.status_code in _FOR_GOOD for r in response.history)
    if for_good and bare(to) != bare(url):
        return Answer(url, "moved", str(response.history[0].status_code), to)
    return Answer(url, "answers", status)
