"""New figures for the snapshot: read, checked, compared with the last good ones, taken or not."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from traceback import extract_tb
from typing import IO, TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from goldenthread import areas, catalogue, changes, kept, observations, official_lists, snapshot
from goldenthread.catalogue import Catalogue, Measure, SourceEntry
from goldenthread.changes import Change
from goldenthread.observations import KEY, NUMBERS, ObservationError
from goldenthread.snapshot import DocumentRecord, Manifest, Snapshot, SnapshotError, SourceRecord
from goldenthread.sources import reading
from goldenthread.sources.document import Document, in_folder
from goldenthread.sources.error import SourceError

if TYPE_CHECKING:
    from goldenthread.sources.client import Client

#: A median ratio this near to a power of ten, in powers, is a change of unit and not of the world.
_NEAR_POWER: Final = 0.02
#: Between one period and the next, figures of most areas never grow or shrink so many times.
_LEAP: Final = 50
#: So many cells must speak before they are believed about units, or about figures going missing.
_ENOUGH: Final = 5
_LOCK: Final = ".refresh.lock"
_PERIOD: Final = ["measure", "period_start", "period_end"]
_SORTED: Final = ["measure", "area", "period_start", "period_end"]


class UnknownNameError(ValueError):
    """A name given to the refresh that is neither a source nor a measure."""


class BusyError(RuntimeError):
    """Another refresh is writing to the same snapshot."""


@dataclass(frozen=True)
class Outcome:
    """What became of one source.

    Attributes
    ----------
    source : str
    result : {"updated", "unchanged", "refused", "absent", "removed"}
        "absent": nothing to read it from was at hand and it was not asked for by name.
        "removed": it is no longer in the catalogue.
    measures, rows : int
        How many the snapshot holds of it now.
    latest : str
        Its latest period, in the publisher's words.
    reasons : tuple of str
        Why it was refused, or what else is worth knowing.
    seconds : float
    """

    source: str
    result: Literal["updated", "unchanged", "refused", "absent", "removed"]
    measures: int = 0
    rows: int = 0
    latest: str = ""
    reasons: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class _Wish:
    """What a refresh was asked to do."""

    data: Path
    folder: Path | None
    named: bool
    accept_revisions: bool
    afresh: bool
    dry_run: bool
    client: Client | None = None


def select(names: Sequence[str], known: Catalogue) -> list[SourceEntry]:
    """Give the sources that names stand for: their own, or those of measures.

    Parameters
    ----------
    names : sequence of str
        Sources and measures; none means all sources.
    known : Catalogue

    Returns
    -------
    list of SourceEntry
        Each once, in order of name.

    Raises
    ------
    UnknownNameError
        Naming the three nearest for every wrong name.
    """
    sources = {**known.sources, **known.lists}
    wrong = [name for name in names if name not in sources and name not in known]
    if wrong:
        choices = [*sources, *known]
        lines = [kept.unknown("source or measure", name, choices) for name in wrong]
        raise UnknownNameError("\n".join(lines))
    chosen = {n if n in sources else known[n].origin.source for n in names}
    return [sources[name] for name in sorted(chosen or sources)]


def refresh(
    names: Sequence[str] = (),
    *,
    folder: Path | None = None,
    data: Path = catalogue.FOLDER,
    dry_run: bool = False,
    accept_revisions: bool = False,
    afresh: bool = False,
    client: Client | None = None,
    tell: Callable[[str, str], None] = lambda source, step: None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Bring sources of the snapshot up to date, each wholly or not at all.

    Parameters
    ----------
    names : sequence of str
        Sources, or measures whose sources are meant; none means all.
    folder : pathlib.Path, optional
        Read the publishers' files below it instead of asking the publishers.
    data : pathlib.Path
        The folder that holds `catalogue/`, `sources/` and `snapshot/`.
    dry_run : bool
        Do all but write.
    accept_revisions : bool
        Take changes of figures already published although no revision was announced.
    afresh : bool
        Do not compare with the last good snapshot, as after a change of the catalogue.
    client : Client, optional
        Asks the publishers; by default a new one.
    tell : callable
        Told a source and the step at which it is.
    done : callable
        Told each outcome.

    Returns
    -------
    list of Outcome
        In order of the sources' names.

    Raises
    ------
    UnknownNameError, CatalogueError, BusyError, SnapshotError
        When nothing can be begun. A fault in one source is its outcome, and the others go on.
    """
    known = catalogue.load(data)
    sources = select(names, known)
    target = data / "snapshot"
    wish = _Wish(data, folder, bool(names), accept_revisions, afresh, dry_run, client)
    outcomes = []
    with _lock(target) if not dry_run else nullcontext(), _asking(wish) as asking:
        manifest = snapshot.current_manifest(target)
        for source in sources:
            began = time.monotonic()
            outcome, manifest = _one(source, known.of_source(source.name), manifest, asking, tell)
            outcomes.append(replace(outcome, seconds=time.monotonic() - began))
            done(outcomes[-1])
        if not names:
            gone = [s for s in manifest.sources if s not in known.sources]
            outcomes += [Outcome(name, "removed") for name in gone]
            if gone and not dry_run:
                kept = {s: r for s, r in manifest.sources.items() if s not in gone}
                told = [
                    change
                    for name in gone
                    for change in _told(name, manifest, _left(name, manifest))
                ]
                manifest = snapshot.commit(target, manifest, kept, told)
        if not dry_run:
            snapshot.tidy(target, manifest)
    return outcomes


@contextmanager
def _asking(wish: _Wish) -> Iterator[_Wish]:
    if wish.folder is not None or wish.client is not None:
        yield wish
        return
    from goldenthread.sources.client import Client

    with Client() as client:
        yield replace(wish, client=client)


def _one(
    source: SourceEntry,
    measures: list[Measure],
    manifest: Manifest,
    wish: _Wish,
    tell: Callable[[str, str], None],
) -> tuple[Outcome, Manifest]:
    """Refresh one source; whatever is wrong with it is said in its outcome."""
    try:
        if source.gives == "neighbours":
            return _listed(source, wish, tell), manifest
        return _judged(source, measures, manifest, wish, tell)
    except (SourceError, ObservationError, SnapshotError) as error:
        reasons = tuple(str(error).removeprefix(f"{source.name}: ").split("\n\n"))
    except Exception as error:
        # Whatever a reader's fault is, it must not stop the other sources.
        at = extract_tb(error.__traceback__)[-1]
        where = f"{Path(at.filename).name}, line {at.lineno}"
        reasons = (
            f"an unforeseen fault in the reading: {type(error).__name__}: {error} ({where})",
        )
    standing = _standing_of(source, manifest, wish)
    return replace(standing, result="refused", reasons=reasons), manifest


def _standing_of(source: SourceEntry, manifest: Manifest, wish: _Wish) -> Outcome:
    if source.gives == "figures":
        return _standing(source.name, manifest.sources.get(source.name))
    try:
        return _lists_standing(source.name, wish.data / "neighbours")
    except SnapshotError:
        return Outcome(source.name, "unchanged")


def _standing(name: str, record: SourceRecord | None) -> Outcome:
    if record is None:
        return Outcome(name, "unchanged")
    newest = max(record.measures.values(), key=lambda m: m.periods.end)
    return Outcome(name, "unchanged", len(record.measures), record.rows, newest.periods.last)


def _judged(
    source: SourceEntry,
    measures: list[Measure],
    manifest: Manifest,
    wish: _Wish,
    tell: Callable[[str, str], None],
) -> tuple[Outcome, Manifest]:
    target = wish.data / "snapshot"
    earlier = manifest.sources.get(source.name)
    standing = _standing(source.name, earlier)

    def absent(reason: str) -> tuple[Outcome, Manifest]:
        result: Literal["refused", "absent"] = "refused" if wish.named else "absent"
        return replace(standing, result=result, reasons=(reason,)), manifest

    if not measures:
        return absent("no measure of the catalogue stands in it")
    if not source.may_be_carried:
        return absent("no licence lets its figures be carried over")
    tell(source.name, "finding its documents")
    documents, asked = _documents(source, measures, wish, tell)
    if not documents:
        where = "in the folder" if wish.folder is not None else "to be asked for live"
        return absent(f"none of its documents is {where}")
    tell(source.name, "reading")
    table = reading.reader(source).read(documents, asked)
    tell(source.name, "checking")
    problems = check(table, asked)
    if problems:
        return replace(standing, result="refused", reasons=tuple(problems)), manifest
    tell(source.name, "comparing")
    old, notes = _last_good(source, measures, target, earlier, wish)
    table = _with_earlier(table, old, source, asked)
    same = old is not None and _sorted(table).equals(_sorted(old))
    announced = wish.accept_revisions or _announces(documents, earlier)
    problems = [] if same else compare(table, old, source, announced=announced)
    if problems:
        return replace(standing, result="refused", reasons=tuple(problems)), manifest
    record = _describe(source, measures, table, documents, earlier if old is not None else None)
    if same and earlier is not None and _says_the_same(record, earlier):
        return replace(standing, reasons=notes), manifest
    tell(source.name, "writing")
    if same:
        notes = (*notes, "the figures are the same")
    if wish.dry_run:
        written = {"file": "none", "sha256": "0" * 64, "rows": len(table)}
        full = SourceRecord.model_validate({**record, **written})
    else:
        before, unread = (
            (old, False) if old is not None else _standing_figures(source, manifest, wish)
        )
        change = _change(record, table, before, source, manifest, ours=wish.afresh, unread=unread)
        told = _told(source.name, manifest, change)
        manifest = snapshot.write(target, manifest, source.name, record, table, told)
        full = manifest.sources[source.name]
    return replace(_standing(source.name, full), result="updated", reasons=notes), manifest


# --- what is written down of the change -----------------------------------------------------------


def _standing_figures(
    source: SourceEntry, manifest: Manifest, wish: _Wish
) -> tuple[pd.DataFrame | None, bool]:
    """Give the figures that new ones are not held against, and whether they could not be read."""
    if source.name not in manifest.sources:
        return None, False
    try:
        return Snapshot(wish.data / "snapshot").source(source.name), False
    except SnapshotError:
        return None, True


def _change(
    record: dict[str, object],
    table: pd.DataFrame,
    old: pd.DataFrame | None,
    source: SourceEntry,
    manifest: Manifest,
    *,
    ours: bool,
    unread: bool,
) -> Change:
    """Say what new figures change, measure by measure."""
    earlier = manifest.sources.get(source.name)
    full = SourceRecord.model_validate({**record, "file": "none", "sha256": "0" * 64, "rows": 0})
    held = set(earlier.measures) if earlier else set()
    editions = {}
    for name in full.measures:
        before = snapshot.edition(earlier, name)[0] if earlier and name in held else ""
        editions[name] = (before, *snapshot.edition(full, name))
    if unread and earlier is not None:
        # What is mended is no change.
        unread = hashlib.sha256(snapshot.encode(table)).hexdigest() != earlier.sha256
        old = table
    return changes.record(
        changes.between(table, old),
        editions,
        removed=sorted(held - set(full.measures)),
        at=date.today(),
        source=source.name,
        title=source.title,
        publisher=source.publisher,
        first=earlier is None,
        ours=ours and earlier is not None,
        unread=unread,
    )


def _left(name: str, manifest: Manifest) -> Change:
    """Say that a source is no longer held."""
    source = manifest.sources[name]
    return Change(
        at=date.today(),
        source=name,
        title=source.title,
        publisher=source.publisher,
        removed=tuple(sorted(source.measures)),
    )


def _told(name: str, manifest: Manifest, change: Change) -> list[Change]:
    """Give what is to be written down: before a source's first change, that it had been read."""
    if not change.is_one:
        return []
    untold = not any(earlier.source == name for earlier in manifest.changes)
    held = manifest.sources.get(name)
    return [snapshot.first_reading(name, held), change] if held and untold else [change]


def _documents(
    source: SourceEntry,
    measures: list[Measure],
    wish: _Wish,
    tell: Callable[[str, str], None],
) -> tuple[list[Document], list[Measure]]:
    """Give a source's documents, and the measures that can be read from them."""
    if wish.folder is not None:
        return in_folder(source, wish.folder), measures
    live = {entry.id for entry in source.documents if entry.route}
    asked = [measure for measure in measures if measure.origin.document in live]
    return (_fetched(source, live, wish, tell), asked) if asked else ([], [])


def _fetched(
    source: SourceEntry, live: set[str], wish: _Wish, tell: Callable[[str, str], None]
) -> list[Document]:
    """Ask the publisher for a source's documents."""
    if wish.client is None:
        return []
    from goldenthread.sources.route import fetch

    def progress(document: str, received: int, total: int | None) -> None:
        of = f" of {total / 1e6:,.1f}" if total else ""
        tell(source.name, f"fetching {document}: {received / 1e6:,.1f}{of} MB")

    return fetch(source, wish.client, only=live, progress=progress)


def _last_good(
    source: SourceEntry,
    measures: list[Measure],
    target: Path,
    earlier: SourceRecord | None,
    wish: _Wish,
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Give the last good figures of measures that are still in the catalogue, if there are any."""
    if earlier is None or wish.afresh:
        return None, ()
    try:
        table = Snapshot(target).source(source.name)
    except SnapshotError as error:
        if source.history == "accumulates":
            # Earlier periods are nowhere else: a new file without them would lose them for good.
            raise
        return None, (f"not compared with the last good figures: {error}",)
    return table[table["measure"].isin([m.id for m in measures])], ()


def _with_earlier(
    table: pd.DataFrame, old: pd.DataFrame | None, source: SourceEntry, asked: Sequence[Measure]
) -> pd.DataFrame:
    """Add what the new documents do not hold and are not expected to.

    Those are measures whose document has no live route and, where a release only adds a period,
    the earlier periods.
    """
    if old is None:
        return table
    unasked = ~old["measure"].isin([measure.id for measure in asked])
    if source.history == "accumulates":
        held = pd.MultiIndex.from_frame(table[_PERIOD].drop_duplicates())
        unasked |= ~pd.MultiIndex.from_frame(old[_PERIOD]).isin(held)
    return observations.combine([table, old[unasked]])


# --- lists of neighbours --------------------------------------------------------------------------


def _listed(source: SourceEntry, wish: _Wish, tell: Callable[[str, str], None]) -> Outcome:
    """Refresh the lists of one publisher: whole, or not at all."""
    target = wish.data / "neighbours"
    standing = _lists_standing(source.name, target)
    tell(source.name, "finding its documents")
    live = {entry.id for entry in source.documents if entry.route}
    if wish.folder is not None:
        documents = in_folder(source, wish.folder)
    else:
        documents = _fetched(source, live, wish, tell) if live else []
    if not documents:
        where = "in the folder" if wish.folder is not None else "to be asked for live"
        reason = f"none of its documents is {where}"
        return replace(standing, result="refused" if wish.named else "absent", reasons=(reason,))
    tell(source.name, "reading")
    used, lists = reading.list_reader(source).read_lists(documents)
    tell(source.name, "checking")
    problems = official_lists.check(lists) + (
        [] if wish.afresh else _shrunk(lists, standing, source)
    )
    if problems:
        return replace(standing, result="refused", reasons=tuple(problems))
    earlier = official_lists.manifest(target).sources.get(source.name)
    known = {(d.id, d.sha256): d for d in earlier.documents} if earlier else {}
    record = official_lists.describe(
        source, lists, [_document(used, known.get((used.id, used.sha256)))]
    )
    if record == earlier and official_lists.is_whole(target, record):
        return standing
    tell(source.name, "writing")
    if not wish.dry_run:
        official_lists.write(target, record, lists)
    return Outcome(source.name, "updated", 0, len(lists), record.release)


def _lists_standing(name: str, folder: Path) -> Outcome:
    record = official_lists.manifest(folder).sources.get(name)
    if record is None:
        return Outcome(name, "unchanged")
    return Outcome(name, "unchanged", 0, record.rows, record.release)


def _shrunk(lists: pd.DataFrame, standing: Outcome, source: SourceEntry) -> list[str]:
    if len(lists) >= standing.rows * (1 - source.fall):
        return []
    return [
        f"its rows fall from {standing.rows:,} to {len(lists):,}, by more than {source.fall:.0%}"
    ]


# --- what figures must be in themselves -----------------------------------------------------------


def check(table: pd.DataFrame, measures: Sequence[Measure]) -> list[str]:
    """Say what is wrong with figures in themselves.

    Parameters
    ----------
    table : pandas.DataFrame
        What a reader gave.
    measures : sequence of Measure
        What it was asked for.

    Returns
    -------
    list of str
        Problems, each with its first five examples; empty when all is well.

    Raises
    ------
    ObservationError
        When it is not a table of observations.
    """
    observations.validate(table)
    by_id = {measure.id: measure for measure in measures}
    found = table.groupby("measure")["value"].count()
    problems = [f"no figures of {name} were found" for name in by_id if name not in found.index]
    problems += [f"every value of {name} is missing" for name in found.index[found == 0]]
    problems += [f"{name} was not asked for" for name in found.index if name not in by_id]
    strange = [code for code in table["area"].unique() if not areas.is_known(code)]
    if strange:
        problems.append(f"area codes that are not in the register: {_list(strange)}")
    problems += _impossible_periods(table)
    if any(name not in by_id for name in found.index):
        return problems
    return problems + _outside(table, by_id) + _disagreeing(table, by_id)


def _impossible_periods(table: pd.DataFrame) -> list[str]:
    """Find periods that no publisher means: before there were statistics, or far ahead."""
    first, last = pd.Timestamp(1900, 1, 1), pd.Timestamp.today() + pd.DateOffset(years=50)
    spans = table[[*_PERIOD, "period_label"]].drop_duplicates(_PERIOD)
    wrong = spans[(spans["period_start"] < first) | (spans["period_end"] > last)]
    return [
        f"{name}: periods that cannot be: {_list(rows['period_label'].tolist())}"
        for name, rows in wrong.groupby("measure")
    ]


def _list(items: Sequence[object]) -> str:
    more = f" and {len(items) - 5} more" if len(items) > 5 else ""
    return ", ".join(map(str, items[:5])) + more


def _examples(rows: pd.DataFrame, column: str = "value") -> str:
    shown = rows.head(5)
    cells = zip(shown["area"], shown["period_label"], shown[column], strict=True)
    return "; ".join(f"{area} {label}: {number:,.6g}" for area, label, number in cells)


def _outside(table: pd.DataFrame, by_id: dict[str, Measure]) -> list[str]:
    low = table["measure"].map({m.id: m.minimum for m in by_id.values()}).astype(float)
    high = table["measure"].map({m.id: m.maximum for m in by_id.values()}).astype(float)
    # A share of 1 times 100 may come out a hair above 100.
    slack = 1e-9 * (1 + table["value"].abs())
    wrong = table[(table["value"] < low - slack) | (table["value"] > high + slack)]
    problems = []
    for name, rows in wrong.groupby("measure"):
        measure = by_id[str(name)]
        bounds = " to ".join(
            "any" if bound is None else f"{bound:,.6g}"
            for bound in (measure.minimum, measure.maximum)
        )
        values = "value lies" if len(rows) == 1 else "values lie"
        problems.append(
            f"{name}: {len(rows):,} {values} outside the possible range ({bounds}): "
            f"{_examples(rows)}"
        )
    # Net spending can be negative, but then it is under no figure.
    negative = table[(table["denominator"] < 0) & table["value"].notna()]
    problems += [
        f"{name}: a negative denominator in {len(rows):,}: {_examples(rows, 'denominator')}"
        for name, rows in negative.groupby("measure")
    ]
    return problems


def _disagreeing(table: pd.DataFrame, by_id: dict[str, Measure]) -> list[str]:
    """Find ratios whose parts do not make them: they would be re-based wrongly."""
    rebased = {m.id: m.per for m in by_id.values() if m.rebase == "ratio"}
    rows = table[table["measure"].isin(rebased) & (table["denominator"] > 0) & (table["value"] > 0)]
    per = rows["measure"].map(rebased).astype(float)
    ratio = rows["numerator"] / rows["denominator"] * per / rows["value"]
    median = ratio.groupby(rows["measure"]).median().dropna()
    return [
        f"{name}: its numerator over its denominator, times {rebased[str(name)]:g}, is mostly "
        f"{by:,.3g} times its value"
        for name, by in median[(median < 0.9) | (median > 1.1)].items()
    ]


# --- what figures must be beside the last good ones -----------------------------------------------


def compare(
    new: pd.DataFrame, old: pd.DataFrame | None, source: SourceEntry, *, announced: bool = False
) -> list[str]:
    """Say why new figures cannot follow the last good ones.

    Parameters
    ----------
    new, old : pandas.DataFrame
        Observations of one source; `old` None where there are none yet.
    source : SourceEntry
        Its `fall` and `revision` are the shares allowed.
    announced : bool
        A revision was announced.

    Returns
    -------
    list of str
        Problems; empty when the new figures can follow.
    """
    if old is None or not len(old):
        return []
    problems = _fallen(new, old, source.fall) + _vanished(new, old)
    both = new.merge(old, on=list(KEY), suffixes=("", "_old"), how="inner", sort=False)
    jumps = _jumped(both) or _leapt(new, old)
    if jumps:
        return problems + jumps
    return problems + ([] if announced else _changed(both, source.revision))


def _fallen(new: pd.DataFrame, old: pd.DataFrame, allowed: float) -> list[str]:
    def count(table: pd.DataFrame) -> pd.DataFrame:
        return table.groupby("measure").agg(
            rows=("area", "size"), areas=("area", "nunique"), figures=("value", "count")
        )

    before = count(old)
    after = count(new).reindex(before.index, fill_value=0)
    problems = []
    for what, least in (("rows", 0), ("areas", 0), ("figures", _ENOUGH)):
        lost = before[what] - after[what]
        low = lost[(lost > allowed * before[what]) & (lost > least)]
        problems += [
            f"{name}: its {what} fall from {before.loc[name, what]:,} to "
            f"{after.loc[name, what]:,}, by more than {allowed:.0%}"
            for name in low.index
        ]
    return problems or _thinned(new, old, allowed)


def _thinned(new: pd.DataFrame, old: pd.DataFrame, allowed: float) -> list[str]:
    """Find periods that lost figures although the measure as a whole lost few."""
    before = old.groupby(_PERIOD).agg(count=("value", "count"), label=("period_label", "first"))
    after = new.groupby(_PERIOD)["value"].count()
    both = before.join(after.rename("after"), how="inner")
    lost = both["count"] - both["after"]
    thin = both[(lost > allowed * both["count"]) & (lost > _ENOUGH)].reset_index()
    return [
        f"{row.measure}: its figures for {row.label} fall from {row.count_:,} to {row.after:,}, "
        f"by more than {allowed:.0%}"
        for row in thin.rename(columns={"count": "count_"}).itertuples()
    ]


def _vanished(new: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    before = old[[*_PERIOD, "period_label"]].drop_duplicates(_PERIOD)
    held = pd.MultiIndex.from_frame(new[_PERIOD].drop_duplicates())
    gone = before[~pd.MultiIndex.from_frame(before[_PERIOD]).isin(held)]
    # A measure that is gone altogether is said once, as a fall of its rows.
    gone = gone[gone["measure"].isin(new["measure"].unique())].sort_values(_PERIOD)
    return [
        f"{name}: {'a period disappears' if len(rows) == 1 else 'periods disappear'}: "
        f"{_list(rows['period_label'].tolist())}"
        for name, rows in gone.groupby("measure")
    ]


def _powers(new: pd.Series, old: pd.Series) -> pd.Series:
    """Give log10 of the ratios of cells where both are more than nothing."""
    speaking = (new * old > 0) & np.isfinite(new) & np.isfinite(old)
    powers: pd.Series = np.log10((new[speaking] / old[speaking]).astype(float))
    return powers


def _jumped(both: pd.DataFrame) -> list[str]:
    """Find units that jumped: in a measure, or in one period of it."""
    problems: dict[tuple[str, str], str] = {}
    for column in NUMBERS:
        powers = _powers(both[column], both[f"{column}_old"])
        if not len(powers):
            continue
        rows = both.loc[powers.index]
        for keys in (["measure"], _PERIOD):
            groups = powers.groupby([rows[key] for key in keys])
            by = groups.agg(["median", "size"])
            near = by["median"].round()
            odd = by[(near != 0) & ((by["median"] - near).abs() < _NEAR_POWER)]
            odd = odd[odd["size"] >= min(_ENOUGH, 3)]
            for key, power in odd["median"].items():
                name = str(key[0] if isinstance(key, tuple) else key)
                within = rows[rows["measure"] == name]
                if isinstance(key, tuple):
                    within = within[within["period_start"] == key[1]]
                first = within.iloc[0]
                problems.setdefault(
                    (name, column),
                    f"{name}: its unit jumps: {column}s are mostly {_times(power)} what they were, "
                    f"as in {first['area']} {first['period_label']}: "
                    f"{first[column + '_old']:,.6g} became {first[column]:,.6g}",
                )
    return list(problems.values())


def _times(power: float) -> str:
    return f"{10**power:,.4g} times"


def _leapt(new: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    """Find new periods whose figures are of another size than the last period's."""
    ends = old.groupby("measure")["period_end"].max()
    last = old[old["period_end"] == old["measure"].map(ends)]
    fresh = new[new["period_end"] > new["measure"].map(ends)]
    pairs = fresh.merge(last, on=["measure", "area"], suffixes=("", "_old"))
    powers = _powers(pairs["value"], pairs["value_old"])
    rows = pairs.loc[powers.index]
    by = powers.groupby([rows["measure"], rows["period_label"]]).agg(["median", "size"])
    odd = by[(by["median"].abs() > np.log10(_LEAP)) & (by["size"] >= _ENOUGH)]
    return [
        f"{name}: its unit jumps: values for {label} are mostly {_times(power)} those of the "
        "period before"
        for (name, label), power in odd["median"].items()
    ]


def _changed(both: pd.DataFrame, allowed: float) -> list[str]:
    new, old = both["value"], both["value_old"]
    close = (new - old).abs() <= 1e-9 * (new.abs() + old.abs())
    differs = ~(close | (new.isna() & old.isna()))
    # A provisional figure announces that it will change, and a period with figures marked as
    # revised announces that it did.
    revised = both["status"].eq("revised")
    said = revised.groupby([both[key] for key in _PERIOD]).transform("any")
    unsaid = both[differs & ~said & (both["status_old"] != "provisional")]
    shared = both.groupby("measure").size()
    share = (unsaid.groupby("measure").size() / shared).dropna()
    problems = []
    for name, part in share[share > allowed].items():
        rows = unsaid[unsaid["measure"] == name].head(5)
        cells = zip(
            rows["area"], rows["period_label"], rows["value_old"], rows["value"], strict=True
        )
        shown = "; ".join(
            f"{a} {label}: {was:,.6g} became {now:,.6g}" for a, label, was, now in cells
        )
        problems.append(
            f"{name}: {part:.0%} of the figures already published changed, more than "
            f"{allowed:.0%}, and no revision was announced (--accept-revisions takes them): {shown}"
        )
    return problems


def _announces(documents: Sequence[Document], earlier: SourceRecord | None) -> bool:
    seen = {d.sha256 for d in earlier.documents} if earlier else set()
    return any(
        re.search(r"(?i)\brevis|\bcorrect", f"{d.release} {d.name}") and d.sha256 not in seen
        for d in documents
    )


# --- what is written down about them --------------------------------------------------------------


def _describe(
    source: SourceEntry,
    measures: Sequence[Measure],
    table: pd.DataFrame,
    documents: Sequence[Document],
    earlier: SourceRecord | None,
) -> dict[str, object]:
    names = {m.id: (m.name, m.origin.document) for m in measures}
    known = {(d.id, d.sha256): d for d in earlier.documents} if earlier else {}
    used = {(d.id, d.sha256): _document(d, known.get((d.id, d.sha256))) for d in documents}
    read = {document.id for document in documents}
    # Figures that stay from before keep the documents they came from.
    kept = {
        key: record
        for key, record in known.items()
        if source.history == "accumulates" or record.id not in read
    }
    ordered = sorted(
        {**kept, **used}.values(), key=lambda d: (d.id, d.published or date.min, d.name, d.sha256)
    )
    licence = snapshot.LICENCES[source.licence]
    return {
        "title": source.title,
        "publisher": source.publisher,
        "licence": source.licence,
        "attribution": source.attribution
        or f"Source: {source.publisher}. © Crown copyright. {licence[2]}",
        "page": source.page,
        "documents": tuple(ordered),
        "measures": snapshot.summarise(table, names),
    }


def _document(document: Document, before: DocumentRecord | None) -> DocumentRecord:
    if before is None:
        return DocumentRecord(
            id=document.id,
            name=document.name,
            sha256=document.sha256,
            release=document.release,
            published=document.published,
            retrieved=document.retrieved,
            url=document.url,
        )
    # The same content read again is not news: it keeps its date, and what else was known of it.
    return before.model_copy(
        update={
            "release": document.release or before.release,
            "published": document.published or before.published,
            "url": document.url or before.url,
        }
    )


def _says_the_same(record: dict[str, object], earlier: SourceRecord) -> bool:
    return all(getattr(earlier, name) == value for name, value in record.items())


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(_SORTED, kind="stable", ignore_index=True)


# --- one refresh at a time ------------------------------------------------------------------------


@contextmanager
def _lock(target: Path) -> Iterator[None]:
    """Keep other refreshes of the same snapshot out.

    The operating system holds the lock and lets go of it when the process ends, however it ends,
    so that the file a killed refresh leaves behind holds nobody up.
    """
    target.mkdir(parents=True, exist_ok=True)
    path = target / _LOCK
    with path.open("a+b") as file:
        if not _taken(file):
            raise BusyError(f"another refresh is writing to {target}: wait until it has finished")
        try:
            yield
        finally:
            if os.name == "posix":
                path.unlink(missing_ok=True)


def _taken(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever had it may have removed the file meanwhile: then this is a lock on nothing.
        return os.fstat(file.fileno()).st_nlink > 0
    except OSError:
        return False
