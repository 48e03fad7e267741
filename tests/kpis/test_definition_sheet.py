"""The officer guide's files to fill in: what the chapters promise of them holds."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from goldenthread import kpis
from goldenthread.kpis.fields import field
from goldenthread.teaching.frames import FOLDER

TEMPLATES = Path(__file__).parents[2] / "book/officer/templates"
EMPTY, FILLED = (TEMPLATES / f"measure-definitions{end}.csv" for end in ("", "-northmere"))
#: What a spreadsheet would take for a formula.
STARTS = ("=", "+", "-", "@", "\t")


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.csv")), ids=lambda path: path.stem)
def test_each_opens_in_excel_as_a_table_without_formulas(path):
    # Excel takes a file without this mark for another alphabet.
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    header, *rows = _rows(path)
    assert len(set(header)) == len(header)
    assert {len(row) for row in rows} <= {len(header)}
    assert not [cell for row in rows for cell in row if cell.startswith(STARTS)]


def test_the_sheets_columns_are_all_known_and_each_is_another():
    (header,) = _rows(EMPTY)
    known = [field(name) for name in header]
    assert not {"", "verdict"} & set(known)
    assert len(set(known)) == len(known) == 15
    assert _rows(FILLED)[0] == header


def test_the_filled_sheet_is_read_whole_and_says_what_the_fictional_councils_own_files_say(
    tmp_path,
):
    figures = pd.read_csv(FOLDER / "kpis.csv").query("area == 'NM0'")
    _, *rows = _rows(FILLED)
    names = [row[0] for row in rows]
    own = tmp_path / "figures.csv"
    figures[figures["measure"].isin(names)].rename(columns={"measure": "id"})[
        ["id", "period", "value", "numerator", "denominator"]
    ].to_csv(own, index=False)

    read = kpis.read([own, FILLED])

    assert not read.errors
    defined = read.definitions.loc[names]
    for name in ("definition", "owner", "source", "why", "quality"):
        assert defined[name].astype(bool).all(), name
    described = pd.read_csv(FOLDER / "definitions.csv").groupby("measure").last().loc[names]
    assert defined["definition"].tolist() == described["definition"].tolist()
    assert defined["owner"].tolist() == described["owner"].tolist()
    targets = pd.read_csv(FOLDER / "targets.csv").groupby("measure").last().reindex(names)
    for name in ("target", "tolerance"):
        assert defined[name].fillna(-1).tolist() == targets[name].fillna(-1).tolist()
    since = pd.to_datetime(described["since"]).dt.date
    first = pd.read_csv(FOLDER / "definitions.csv").groupby("measure").first()["since"]
    for name in names:
        changed = str(since[name]) != first[name]
        assert defined.loc[name, "breaks"] == ((since[name],) if changed else ())
