"""Packs for many councils, shared out among the processors."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from goldenthread.areas import AreaError
from goldenthread.kpis import KpiError, Kpis
from goldenthread.packs.assembling import pack
from goldenthread.packs.content import PackError
from goldenthread.packs.writing_out import write

#: What stops one council's pack and not the others'.
_EXPECTED: Final = (AreaError, KpiError, PackError, OSError)


@dataclass(frozen=True)
class Order:
    """What every council's pack is to hold.

    Attributes
    ----------
    measures : tuple of str
        Published measures, by their ids.
    folder : pathlib.Path
    formats : tuple of str
    own : Kpis or None
    period : str or None
    template : pathlib.Path or None
    """

    measures: tuple[str, ...]
    folder: Path
    formats: tuple[str, ...]
    own: Kpis | None = None
    period: str | None = None
    template: Path | None = None


@dataclass(frozen=True)
class Made:
    """What became of a council's pack.

    Attributes
    ----------
    council : str
    files : tuple of pathlib.Path
    fault : str
        Why there is none; "" where there is one.
    """

    council: str
    files: tuple[Path, ...]
    fault: str = ""


def make(council: str, order: Order) -> Made:
    """Make one council's pack, or say why it cannot be made.

    Parameters
    ----------
    council : str
    order : Order

    Returns
    -------
    Made
    """
    try:
        made = pack(council, own=order.own, measures=order.measures, period=order.period)
        return Made(council, tuple(write(made, order.folder, order.formats, order.template)))
    except _EXPECTED as error:
        return Made(council, (), str(error.args[0]) if error.args else str(error))


def many(councils: Sequence[str], order: Order, processors: int | None = None) -> Iterator[Made]:
    """Make a pack for each of many councils, each given as soon as it is there.

    Parameters
    ----------
    councils : sequence of str
    order : Order
    processors : int, optional
        How many to use; all that there are, if not given.

    Yields
    ------
    Made
        One for each council, in the order in which they are finished.
    """
    # The first is made here: a process that is divided afterwards has read already what all share.
    yield from (make(council, order) for council in councils[:1])
    rest = councils[1:]
    workers = min(processors or os.cpu_count() or 1, len(rest))
    if workers < 2:
        yield from (make(council, order) for council in rest)
        return
    # What is collected as garbage is written to, and what is written to is copied.
    gc.freeze()
    try:
        with warnings.catch_warnings(), _pool(workers, order) as pool:
            # Threads that stand still meanwhile hold nothing that a pack needs.
            warnings.filterwarnings("ignore", ".*multi-threaded.*fork", DeprecationWarning)
            waiting: set[Future[Made]] = {pool.submit(_make, council) for council in rest}
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
    finally:
        gc.unfreeze()


def _pool(workers: int, order: Order) -> ProcessPoolExecutor:
    # Only Linux divides a process safely; elsewhere each begins anew, and reads for itself.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    return ProcessPoolExecutor(workers, context, _begin, (order,))


#: What this process makes; it is handed over once, and not with each council.
_order: dict[str, Any] = {}


def _begin(order: Order) -> None:
    _order["order"] = order


def _make(council: str) -> Made:
    return make(council, _order["order"])
