"""Selecting one measure for all councils from the snapshot, warm."""

from __future__ import annotations

import statistics
import time

import pytest

from goldenthread.snapshot import Snapshot

pytestmark = pytest.mark.benchmark


def test_selecting_one_measure():
    taken = []
    for measure in ["household-recycling-rate"] * 12:
        started = time.perf_counter()
        table = Snapshot().measure(measure)
        taken.append((time.perf_counter() - started) * 1000)
    print(
        f"\nloading the snapshot and selecting {len(table):,} rows:"
        f" first {taken[0]:.1f} ms, then median {statistics.median(taken[2:]):.1f} ms"
    )
