"""Finding everything in one pass, against one council at a time; and on many times the snapshot."""

from __future__ import annotations

import random
import resource
import statistics
import time

import pandas as pd
import pytest

from goldenthread import findings
from goldenthread.snapshot import snapshot
from tests import plain_findings

pytestmark = pytest.mark.benchmark
#: How many pairs of measure and council the plain loop works out; all would take an hour.
SAMPLE = 400


def _timed(action, times=1):
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        result = action()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken), result


def test_one_pass_against_a_plain_loop():
    held = snapshot()
    observed = held.everything()
    measures = [held.catalogue[name] for name in held.measures]
    fast, found = _timed(lambda: findings.table(observed, measures), times=5)

    by_measure = dict(list(observed.groupby("measure", observed=True)))
    pairs = random.Random(3).sample(list(found.index), SAMPLE)
    known = {measure.id: measure for measure in measures}
    slow, rows = _timed(
        lambda: [plain_findings.finding(known[m], by_measure[m], area) for m, area in pairs]
    )
    for pair, row in zip(pairs, rows, strict=True):
        ranks = found.loc[pair, "rank"], row["rank"]
        assert ranks[0] == ranks[1] or all(map(pd.isna, ranks)), pair
    whole = slow / SAMPLE * len(found)
    print(
        f"\n{len(found):,} findings ({len(measures)} measures) in {fast:.2f} s; one at a time"
        f" {slow / SAMPLE * 1000:.1f} ms each ({SAMPLE} of them, drawn at random), so {whole:,.0f} s"
        f" for all: ratio {whole / fast:,.0f}"
    )


@pytest.mark.parametrize("comparator", ["kind", "similar", "region", "england"])
def test_every_comparator(comparator):
    held = snapshot()
    observed = held.everything()
    measures = [held.catalogue[name] for name in held.measures]
    taken, found = _timed(lambda: findings.table(observed, measures, comparator), times=3)
    print(f"\n{comparator}: {len(found):,} findings in {taken:.2f} s")


def test_many_times_the_snapshot():
    held = snapshot()
    observed = held.everything()
    measures = [held.catalogue[name] for name in held.measures]
    base = None
    for times in (1, 10, 50):
        more = [m.model_copy(update={"id": f"{m.id}-{n}"}) for n in range(times) for m in measures]
        codes, names = pd.factorize(observed["measure"])
        parts = [observed.assign(measure=(names + f"-{n}").take(codes)) for n in range(times)]
        table = pd.concat(parts, ignore_index=True)
        del parts
        taken, found = _timed(lambda t=table, m=more: findings.table(t, m))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        base = base or taken
        print(
            f"\n{times:>2} × the snapshot: {len(table):,} observations, {len(found):,} findings in"
            f" {taken:.1f} s ({taken / base / times:.2f} of linear), at most {memory:.1f} GB"
        )
        del table, found, more
