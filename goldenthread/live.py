"""Figures straight from their publishers, for one notebook: fetched, checked, or done without."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

import pandas as pd
import platformdirs

from goldenthread import catalogue, observations, writing
from goldenthread.catalogue import Measure
from goldenthread.snapshot import Snapshot, SnapshotError, snapshot

if TYPE_CHECKING:
    from goldenthread.sources.client import Client

#: So many seconds may pass until figures are there; then the ones that came with the project serve.
PATIENCE: Final = 120
_WRITTEN: Final = ("catalogue", "sources", "snapshot")
_PART: Final = ".part-"
#: So many seconds old, a copy that was not finished never will be.
_LEFT: Final = 3600
#: The measures that are live in this process, and where.
_live: dict[str, Snapshot] = {}


@dataclass(frozen=True)
class Origin:
    """Where the figures of one measure are from.

    Attributes
    ----------
    measure : Measure
    said : str
        From where and when, in a sentence.
    notice : str
        Why they are not live although they were to be; empty otherwise.
    """

    measure: Measure
    said: str
    notice: str = ""


def held(identifier: str) -> Snapshot:
    """Give the figures to read a measure from: fetched ones where it is live, else the project's."""
    return _live.get(identifier, snapshot())


def instead(whole: pd.DataFrame, figures: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Put live figures in the place of the project's own in the table of everything.

    Parameters
    ----------
    whole : pandas.DataFrame
        Observations of all measures.
    figures : callable
        Gives those of one measure.

    Returns
    -------
    pandas.DataFrame
        Sorted as before.
    """
    if not _live:
        return whole
    kept = whole[~whole["measure"].isin(list(_live))]
    return observations.combine([kept, *map(figures, _live)])


def shipped(measures: Iterable[Measure]) -> list[Origin]:
    """Have measures read from the figures that come with the project.

    Parameters
    ----------
    measures : iterable of Measure

    Returns
    -------
    list of Origin
    """
    chosen = list(measures)
    for one in chosen:
        _live.pop(one.id, None)
    return [Origin(one, _said_of_shipped(one)) for one in chosen]


def fetched(
    measures: Iterable[Measure],
    *,
    client: Client | None = None,
    folder: Path | None = None,
    patience: float = PATIENCE,
    tell: Callable[[str], object] = print,
) -> list[Origin]:
    """Have measures read from their publishers' newest figures, where these can be had.

    What is fetched must pass all that a refresh asks of figures. It is kept in the user's cache;
    the project's own figures stay as they are. Whatever goes wrong ends in them, and in a notice.

    Parameters
    ----------
    measures : iterable of Measure
    client : Client, optional
        Asks the publishers; by default an impatient one.
    folder : pathlib.Path, optional
        Where fetched figures are kept; by default in the user's cache.
    patience : float
        How many seconds all may take.
    tell : callable
        Told, in a sentence, what is asked for.

    Returns
    -------
    list of Origin
        One for each measure, in order.
    """
    until = time.monotonic() + patience
    # What became of each source, so that none is asked twice.
    faults: dict[str, str] = {}
    origins = []
    for one in measures:
        try:
            where = _workspace(folder)
            for part in _parts(one):
                name = part.origin.source
                if name not in faults:
                    faults[name] = _ask(name, where, client, until, tell)
                if faults[name]:
                    raise _NotHadError(faults[name])
            fresh = Snapshot(where / "snapshot", catalogue.catalogue())
            said = _said_of_live(one, fresh)
            _live[one.id] = fresh
            origins.append(Origin(one, said))
        except (_NotHadError, OSError, SnapshotError) as error:
            (origin,) = shipped([one])
            origins.append(replace(origin, notice=_notice(one, _why(error))))
            if isinstance(error, SnapshotError):
                # A copy that cannot be read is made anew the next time.
                shutil.rmtree(_place(folder), ignore_errors=True)
    return origins


class _NotHadError(Exception):
    """Figures that could not be had from their publisher; the message says why."""


def _why(error: Exception) -> str:
    if isinstance(error, _NotHadError):
        return str(error)
    return f"what was fetched cannot be kept or read ({error})"


def _parts(measure: Measure) -> list[Measure]:
    """Give what a measure is worked out from, or itself; all of it can be asked for."""
    known = catalogue.catalogue()
    parts = [known[name] for name in measure.derived.parts] if measure.derived else [measure]
    for part in parts:
        source = known.source_of(part.id)
        if not any(d.route for d in source.documents if d.id == part.origin.document):
            raise _NotHadError(
                f"its publisher has no address for them that stays the same; look at {source.page}"
            )
    return parts


def _ask(
    name: str, where: Path, client: Client | None, until: float, tell: Callable[[str], object]
) -> str:
    """Ask one publisher, and say what went wrong, if so."""
    # Loaded late: a notebook that stays with the project's figures needs no network.
    from goldenthread.refresh import BusyError, refresh
    from goldenthread.sources.error import SourceError

    source = catalogue.catalogue().sources[name]
    tell(f"Asking {source.publisher} for “{source.title}” …")

    def in_time(source: str, step: str) -> None:
        if time.monotonic() > until:
            raise SourceError("it took too long")

    try:
        with _client(until) if client is None else nullcontext(client) as asking:
            (outcome,) = refresh([name], data=where, client=asking, tell=in_time)
    except BusyError:
        return "another notebook is fetching at this moment; run the cell again in a minute"
    except (SourceError, catalogue.CatalogueError) as error:
        return str(error)
    good = outcome.result in ("updated", "unchanged")
    return "" if good else "; ".join(outcome.reasons) or outcome.result


def _client(until: float) -> Client:
    """Make a client that does not keep a reader waiting as long as a refresh may."""
    from goldenthread.sources.client import Client

    left = max(until - time.monotonic(), 1)
    return Client(connect=5, read=15, total=left, attempts=2, longest_retry_after=5)


# --- what is said -----------------------------------------------------------------------------------


def _period(measure: Measure, where: Snapshot) -> str:
    return f"to {where.manifest(measure.id).periods.last}"


def _said_of_shipped(measure: Measure) -> str:
    read = writing.date(snapshot().manifest(measure.id).retrieved)
    return f"{_period(measure, snapshot())}, as they came with this workbook (read on {read})"


def _said_of_live(measure: Measure, fresh: Snapshot) -> str:
    now = datetime.now()
    when = f"{writing.date(now.date())} at {now:%H:%M}"
    if measure.id not in snapshot():
        return f"{_period(measure, fresh)}, fetched live on {when}"
    old, new = snapshot().measure(measure.id), fresh.measure(measure.id)
    if new.equals(old):
        return f"{_period(measure, fresh)}, asked for on {when}: nothing newer is published"
    before, after = (s.manifest(measure.id).periods.last for s in (snapshot(), fresh))
    differs = f"new since {before}" if after != before else "some figures are revised"
    return f"{_period(measure, fresh)}, fetched live on {when}; {differs}"


def _notice(measure: Measure, fault: str) -> str:
    return (
        f"The live figures of “{measure.short}” could not be had: {fault.rstrip('.')}. "
        "You see the figures that came with this workbook."
    )


# --- where it is kept -------------------------------------------------------------------------------


def _place(folder: Path | None = None) -> Path:
    """Give the folder of fetched figures; another one when the project's figures change."""
    return (folder or _cache_folder()) / _edition()


def _cache_folder() -> Path:
    from goldenthread.sources.client import CACHE_VARIABLE

    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named) / "live"
    return platformdirs.user_cache_path("goldenthread", appauthor=False) / "live"


@cache
def _edition() -> str:
    found = hashlib.sha256(snapshot().hash.encode())
    for name in ("catalogue", "sources"):
        for path in sorted((catalogue.FOLDER / name).glob("*.yaml")):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _workspace(folder: Path | None) -> Path:
    """Make a copy of the project's figures that may change, if there is none yet."""
    place = _place(folder)
    if place.is_dir():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    for other in place.parent.iterdir():
        # What another notebook is making at this moment stays.
        if not other.name.startswith(_PART) or time.time() - other.stat().st_mtime > _LEFT:
            shutil.rmtree(other, ignore_errors=True)
    unfinished = Path(mkdtemp(prefix=_PART, dir=place.parent))
    try:
        for name in _WRITTEN:
            shutil.copytree(catalogue.FOLDER / name, unfinished / name)
        unfinished.rename(place)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        # Another notebook may have been quicker.
        if not place.is_dir():
            raise
    return place
