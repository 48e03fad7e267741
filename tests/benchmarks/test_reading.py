"""Reading every publisher's file, against pandas' default readers on the same files."""

from __future__ import annotations

import resource
import time
import warnings
from pathlib import Path

import pandas as pd
import pytest

from goldenthread import catalogue, observations
from goldenthread.sources import document, reading

pytestmark = [pytest.mark.benchmark, pytest.mark.publisher_files]
_ENGINES = {".ods": "odf", ".xlsx": "openpyxl", ".xls": "xlrd"}


def _with_the_package(folder: Path) -> tuple[float, int, set[Path]]:
    known = catalogue.load()
    started = time.perf_counter()
    rows, names = 0, set()
    for source in known.sources.values():
        measures = known.of_source(source.name)
        documents = document.in_folder(source, folder)
        names |= {d.name for d in documents}
        table = reading.reader(source).read(documents, measures)
        rows += len(observations.validate(table))
    seconds = time.perf_counter() - started
    return seconds, rows, {path for name in names for path in folder.rglob(name)}


def _with_pandas(paths: set[Path]) -> dict[str, float]:
    seconds: dict[str, float] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in sorted(paths):
            started = time.perf_counter()
            try:
                if path.suffix in _ENGINES:
                    pd.read_excel(path, sheet_name=None, engine=_ENGINES[path.suffix])
                elif path.suffix == ".parquet":
                    pd.read_parquet(path)
                elif path.suffix in (".csv", ".gz"):
                    pd.read_csv(path, low_memory=False)
            except Exception as error:
                # pandas cannot read some of these files at all: its time to find out is counted.
                print(f"  pandas: {path.name}: {type(error).__name__}")
            seconds[path.name] = time.perf_counter() - started
    return seconds


def test_reading_every_file(publisher_files):
    ours, rows, paths = _with_the_package(publisher_files)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    theirs = _with_pandas(paths)
    for name, seconds in sorted(theirs.items(), key=lambda item: -item[1])[:12]:
        print(f"  pandas: {name}: {seconds:.1f} s")
    print(
        f"\n{len(paths)} files, {rows:,} observations read and validated in {ours:.1f} s at"
        f" {memory:.2f} GB; pandas' default readers, without any meaning: {sum(theirs.values()):.1f} s;"
        f" ratio {sum(theirs.values()) / ours:.1f}"
    )
