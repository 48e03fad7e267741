"""Work on many like things, shared among the processors of this computer."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Fewer things are done sooner by one.
_ENOUGH: Final = 8
#: The work of the moment, which those who do it inherit: it need not be something that can be sent.
_work: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []


def count() -> int:
    """Tell how many processors there are to use: one, where a process cannot be divided.

    Examples
    --------
    >>> count() >= 1
    True
    """
    # Elsewhere a new process would have to read all figures again, or may not be divided safely.
    if sys.platform != "linux" or multiprocessing.parent_process():
        return 1
    return len(os.sched_getaffinity(0))


def each(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """Do one work on each of many things, and give what comes of them in their order.

    Whoever does the work has all that was in memory when it began; what it leaves there is lost, and
    only its result comes back. So make what all need before.

    Parameters
    ----------
    work : callable
        Of one thing; what it gives must be something that can be pickled.
    items : sequence

    Yields
    ------
    object

    Raises
    ------
    Exception
        What the work raises, as it raised it.

    Examples
    --------
    >>> list(each(lambda number: number**2, range(10)))
    [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]
    """
    workers = min(count(), len(items))
    if workers < 2 or len(items) < _ENOUGH:
        yield from map(work, items)
        return
    _work.append((work, items))
    # What is collected as garbage is written to, and what is written to is copied.
    gc.freeze()
    try:
        with (
            warnings.catch_warnings(),
            ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool,
        ):
            # Threads that stand still meanwhile hold nothing that the work needs.
            warnings.filterwarnings("ignore", ".*multi-threaded.*fork", DeprecationWarning)
            # In some dozen portions: few enough to hand over, and nobody waits long for the last.
            yield from pool.map(_done, range(len(items)), chunksize=-(-len(items) // (workers * 8)))
    finally:
        gc.unfreeze()
        _work.pop()


def _done(place: int) -> Any:
    work, items = _work[-1]
    return work(items[place])
