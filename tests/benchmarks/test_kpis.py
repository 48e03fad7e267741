"""Reading and checking 200,000 rows of a council's own figures, against the same done row by row."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from goldenthread import kpis
from goldenthread.kpis import numbers, times

pytestmark = pytest.mark.benchmark
ROWS = 200_000
SAMPLE = 2_000
HEADER = (
    "KPI",
    "Period",
    "Value",
    "Numerator",
    "Denominator",
    "Target",
    "Polarity",
    "Owner",
    "Comment",
)
_ALONE = """
import resource, sys, time
from goldenthread import kpis
begun = time.perf_counter()
found = kpis.read(sys.argv[1])
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, len(found.frame), len(found.problems))
"""


def _rows():
    """Make the figures of 2,000 KPIs for 100 months, a few of each hundred as people mistype them."""
    drawn = random.Random(7)
    odd = ["n/a", "..", "4O", "1,25", "-", "45 %"]
    for kpi in range(ROWS // 100):
        for month in range(100):
            year, number = divmod(month + 3, 12)
            base = drawn.randint(50, 5000)
            count = int(base * drawn.uniform(0.6, 0.9))
            value = drawn.choice(odd) if drawn.random() < 0.03 else f"{100 * count / base:.1f}%"
            yield (
                f"KPI {kpi:04d}: cases answered in time",
                f"{2016 + year}-{number + 1:02d}",
                value, count, base, "≥ 80%", "high", f"Head of service {kpi % 40}",
                f"Comment {drawn.randint(0, 10**6)}" if drawn.random() < 0.5 else "",
            )  # fmt: skip


def _written(folder: Path, kind: str) -> Path:
    path = folder / f"kpis.{kind}"
    if kind == "csv":
        pd.DataFrame(_rows(), columns=HEADER).to_csv(path, index=False, encoding="utf-8-sig")
        return path
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Figures")
        for number, row in enumerate([HEADER, *_rows()]):
            for at, value in enumerate(row):
                sheet.write(number, at, value)
    return path


def _row_by_row(path: Path) -> float:
    """Read a sample of rows one at a time, and give the seconds that each takes."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, nrows=SAMPLE)
    begun = time.perf_counter()
    for row in table.to_dict("records"):
        times.read.__wrapped__(row["Period"])
        for name in ("Value", "Numerator", "Denominator", "Target"):
            numbers.read([row[name]])
    return (time.perf_counter() - begun) / SAMPLE


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_two_hundred_thousand_rows(tmp_path, kind):
    path = _written(tmp_path, kind)
    # A process of its own, so that the memory is that of reading alone.
    run = subprocess.run(
        [sys.executable, "-c", _ALONE, str(path)], capture_output=True, text=True, check=True
    )
    seconds, memory, rows, problems = map(float, run.stdout.split())
    assert rows == ROWS
    assert problems >= 2
    slow = _row_by_row(_written(tmp_path, "csv")) * ROWS
    print(
        f"\n{kind}: {ROWS:,} rows read and validated in {seconds:.1f} s at {memory:.2f} GB"
        f" ({problems:.0f} problems); row by row {slow:,.0f} s: ratio {slow / seconds:,.0f}"
    )


def test_a_scorecard_of_forty_kpis(tmp_path):
    path = tmp_path / "forty.csv"
    table = pd.DataFrame(_rows(), columns=HEADER)
    table.head(40 * 100).to_csv(path, index=False)
    own = kpis.read(path)
    begun = time.perf_counter()
    card = kpis.scorecard(own)
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    for name in own.names:
        kpis.finding(own, name)
    print(
        f"\na scorecard of {len(card)} KPIs of 100 months in {seconds:.2f} s,"
        f" their findings in {time.perf_counter() - begun:.2f} s"
    )
