"""How long a pack takes, and what a second processor is worth for the packs of fifty councils."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor

import pytest

from goldenthread import authorities, kpis, packs
from goldenthread.packs import published
from goldenthread.teaching.frames import FOLDER

pytestmark = pytest.mark.benchmark
KPIS = 40
COUNCILS = 50
FORMATS = ("word", "slides", "excel", "html")


def _count(most: int) -> int:
    return sum(number % 7 for number in range(most))


def _bare(processors: int) -> float:
    """Time mere counting, shared likewise: what this machine can give at this moment."""
    begun = time.perf_counter()
    with ProcessPoolExecutor(processors) as pool:
        list(pool.map(_count, [400_000] * COUNCILS))
    return time.perf_counter() - begun


def test_a_pack_of_forty_kpis(tmp_path):
    begun = time.perf_counter()
    own = kpis.read([FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")])
    read = time.perf_counter()
    pack = packs.pack("Northmere", own=own, period="Q4 2025/26")
    put = time.perf_counter()
    count = len(pack.parts[0].scorecard.rows)
    assert count >= KPIS
    said = []
    for form in FORMATS:
        start = time.perf_counter()
        packs.write(pack, tmp_path, [form])
        said.append(f"{form} {time.perf_counter() - start:.1f} s")
    whole = time.perf_counter() - begun
    print(
        f"\na pack of {count} KPIs, {len(pack.cases)} of them exceptions, in {whole:.1f} s:"
        f" read {read - begun:.1f} s, judged and drawn {put - read:.1f} s, {', '.join(said)};"
        f" {whole * KPIS / count:.1f} s for {KPIS}"
    )


def test_packs_for_fifty_councils(tmp_path):
    measures = published.choose(["waste"])
    names = list(authorities.councils()["name"])[::6][:COUNCILS]
    assert len(names) == COUNCILS
    taken, worked = {}, {}
    for processors in (1, 2):
        order = packs.Order(measures, tmp_path / str(processors), ("word", "html"))
        # What all councils share is read before, so that both begin alike.
        published.part(names[0], measures)
        begun, before = time.perf_counter(), os.times()
        made = list(packs.many(names, order, processors=processors))
        taken[processors] = time.perf_counter() - begun
        worked[processors] = sum(os.times()[:4]) - sum(before[:4])
        assert not [one.fault for one in made if one.fault]
    bare = _bare(1) / _bare(2)
    print(
        f"\n{COUNCILS} packs of {len(measures)} measures: {taken[1]:.1f} s with one processor,"
        f" {taken[2]:.1f} s with two: ratio {taken[1] / taken[2]:.2f}, of"
        f" {bare:.2f} that mere counting gains"
        f" (processor time in all {worked[1]:.1f} s and {worked[2]:.1f} s;"
        f" load beside it {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)"
    )
