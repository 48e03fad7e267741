"""A random sample of the shipped figures, read again from the publishers' files by a second path.

The modules of `tests/witnesses` import nothing of the package: each finds a cell where a person
would, by sheet, row and column, with another library than the package's own readers use.
"""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from goldenthread.snapshot import snapshot

WITNESSES = sorted(
    p for p in (Path(__file__).parent / "witnesses").glob("*.py") if p.stem != "__init__"
)
#: Every measure is drawn from, and at least this many cells in all.
PER_MEASURE, IN_ALL = 8, 1_500


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"witness_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def drawn() -> pd.DataFrame:
    """A sample that is new with every snapshot and the same for one snapshot."""
    shipped = snapshot()
    rng = np.random.default_rng(int(shipped.hash[:8], 16))
    per = max(PER_MEASURE, math.ceil(IN_ALL / len(shipped.measures)))
    parts = []
    for measure in shipped.measures:
        table = shipped.measure(measure)
        # Missing cells are drawn as well as present ones: each kind must be there in the file.
        take = rng.choice(len(table), size=min(per, len(table)), replace=False)
        missing = np.flatnonzero(table["value"].isna())
        if len(missing):
            take = np.union1d(take, rng.choice(missing, size=1))
        parts.append(table.iloc[take])
    return pd.concat(parts, ignore_index=True)


def test_no_witness_imports_the_package():
    for path in WITNESSES:
        assert "goldenthread" not in path.read_text(encoding="utf-8"), path.name


def test_every_measure_has_a_witness():
    witnessed = {m for path in WITNESSES for m in _load(path).MEASURES}
    assert set(snapshot().measures) - witnessed == set()


@pytest.mark.publisher_files
def test_sample_is_large_enough(drawn, publisher_files):
    assert len(drawn) >= 1_000


@pytest.mark.publisher_files
@pytest.mark.parametrize("path", WITNESSES, ids=lambda p: p.stem)
def test_cells_stand_in_the_publishers_files(path, drawn, publisher_files):
    witness = _load(path)
    differences = []
    rows = drawn[drawn["measure"].isin(witness.MEASURES)]
    assert len(rows), "a witness of no measure in the snapshot"
    for row in rows.itertuples():
        start, end = f"{row.period_start:%Y-%m-%d}", f"{row.period_end:%Y-%m-%d}"
        raw = witness.value(publisher_files, row.measure, row.area, start, end)
        read = math.nan if raw is None else float(raw)
        same = (math.isnan(read) and math.isnan(row.value)) or math.isclose(
            read, row.value, rel_tol=1e-9, abs_tol=1e-9
        )
        if not same:
            differences.append((row.measure, row.area, row.period_label, row.value, raw))
    assert not differences, differences[:20]
