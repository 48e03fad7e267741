"""How long the pages of all councils take, and what of it takes how long."""

from __future__ import annotations

import gzip
import statistics
import time

import pytest

from goldenthread.site import councils, overview
from goldenthread.site.gathered import Gathered

pytestmark = pytest.mark.benchmark


def test_all_pages_in_one_pass():
    started = time.perf_counter()
    gathered = Gathered()
    ready = time.perf_counter()
    made = list(councils.pages(gathered))
    done = time.perf_counter()
    chosen = [overview.overview(gathered.facts(code)) for code in gathered.codes]
    chose = time.perf_counter()
    weights = [len(gzip.compress(page.body.encode(), 6)) / 1000 for page in made]
    panels = sum(page.body.count("<h5>") for page in made)
    print(
        f"\n{len(made)} pages with {panels:,} small panels in {done - started:.1f} s on one core: all"
        f" findings gathered in {ready - started:.1f} s, pages written in {done - ready:.1f} s"
        f" ({1000 * (done - ready) / len(made):.0f} ms each; choosing alone for {len(chosen)}:"
        f" {chose - done:.1f} s). Compressed: middle {statistics.median(weights):.1f} KB, heaviest"
        f" {max(weights):.1f} KB"
    )
