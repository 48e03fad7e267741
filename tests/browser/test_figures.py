"""Figures as a reader sees them in the browser, found again in the publishers' own files.

The modules of `tests/witnesses` read these by a second path, and import nothing of the package.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from goldenthread import areas
from goldenthread.authorities import citizens
from goldenthread.catalogue import catalogue
from goldenthread.site.authorities import addresses
from goldenthread.snapshot import snapshot

#: How many are read, each on another report.
COUNT = 20
WITNESSES = sorted((Path(__file__).parent.parent / "witnesses").glob("*.py"))
_MEASURES = re.compile(r'<section class="panel"[^>]* data-measure="([^"]+)"')
_WRITTEN = re.compile(r"([−-]?)£?([\d,]+)(?:\.(\d+))?(?:\s(million|billion))?")
_TIMES = {None: 1, "million": 1e6, "billion": 1e9}


def _witnesses() -> dict:
    found = {}
    for path in WITNESSES:
        spec = importlib.util.spec_from_file_location(f"witness_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= dict.fromkeys(module.MEASURES, module)
    return found


def _number(text: str) -> tuple[float, float]:
    """What is written, and by how much the figure it stands for may differ from it."""
    sign, whole, decimals, times = _WRITTEN.match(text).groups()
    size = float(f"{whole.replace(',', '')}.{decimals or 0}") * _TIMES[times]
    return (-size if sign else size), 0.5 * 10 ** -len(decimals or "") * _TIMES[times]


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1,234", (1234, 0.5)), ("−2.5%", (-2.5, 0.05)), ("£268.2\u00a0million", (268.2e6, 5e4))],
)
def test_numbers_are_read_as_they_are_written(text, meant):
    assert _number(text) == pytest.approx(meant)


@pytest.mark.publisher_files
def test_values_on_reports_stand_in_the_publishers_files(reader, site, reports, publisher_files):
    witnesses, shipped = _witnesses(), snapshot()
    # Others with every new snapshot, and the same for one.
    rng = np.random.default_rng(int(shipped.hash[:8], 16))
    someone, read = reader(), []
    for report in rng.permutation(reports):
        shown = _MEASURES.findall((site / report).read_text(encoding="utf-8"))
        shown = [one for one in shown if catalogue()[one].unit != "judgement" and one in witnesses]
        if len(read) == COUNT or not shown:
            continue
        measure = str(rng.choice(shown))
        figures = shipped.measure(measure)
        last = figures[
            figures["period_label"] == figures.loc[figures["period_end"].idxmax(), "period_label"]
        ]
        last = last[last["area"].isin(citizens().index) & last["value"].notna()]
        row = last.iloc[rng.integers(len(last))]
        page = someone.open(f"{report}?council={addresses()[row['area']]}")
        panel = page.locator(f'.panel[data-measure="{measure}"]')
        place = panel.locator('[data-slot="of"]')
        page.wait_for_function(
            "place => !place.textContent.startsWith('England')", arg=place.element_handle()
        )
        assert place.inner_text().endswith(f", {row['period_label']}"), (report, measure)
        assert areas.register()[row["area"]].name in place.inner_text()
        start, end = (f"{row[one]:%Y-%m-%d}" for one in ("period_start", "period_end"))
        raw = witnesses[measure].value(publisher_files, measure, row["area"], start, end)
        text = panel.locator('[data-slot="value"]').inner_text()
        value, slack = _number(text)
        read.append((report, measure, row["area"], text, raw))
        assert abs(float(raw) - value) <= slack * (1 + 1e-6), read[-1]
    assert len(read) == COUNT
    assert someone.faults == []
