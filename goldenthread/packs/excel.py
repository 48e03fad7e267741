"""A pack as an accessible workbook, by the government's own recipe."""

from __future__ import annotations

import datetime as dt
import math
import warnings
from pathlib import Path
from typing import Any, Final

import pandas as pd

from goldenthread.packs.content import Pack, Scorecard
from goldenthread.sheets import PLAIN, gptables, plain, quiet

#: The mark of official statistics for what is not there; an empty cell may be an oversight.
NONE: Final = "[x]"
#: What stands where somebody has to write.
WRITE: Final = "to be written"
#: Columns of sentences are so wide, in letters; others half of it.
_WIDE: Final = 44
_LONG: Final = 24


def write(pack: Pack, path: Path) -> None:
    """Write a pack as a workbook: cover, contents, overview, exceptions, scorecards.

    Parameters
    ----------
    pack : Pack
    path : pathlib.Path
    """
    tables = {"Overview": _overview(pack)}
    if pack.cases:
        tables["Exceptions"] = _exceptions(pack)
    legends: dict[str, list[str]] = {}
    for part in pack.parts:
        card = part.scorecard
        tables[card.title] = _scorecard(card)
        legends[card.title] = [f"Signs: {'; '.join(f'{sign} {said}' for sign, said in card.key)}."]
    recipe = gptables()
    sheets = {
        name: recipe.GPTable(
            table.map(lambda cell: plain(cell) if isinstance(cell, str) else cell),
            table_name=name.casefold().replace(" ", "_"),
            title=plain(f"{pack.title}. {name}"),
            instructions="This worksheet contains one table.",
            legend=[*legends.get(name, []), *_marks(table)] or None,
            index_columns={},
        )
        for name, table in tables.items()
    }
    with quiet(), warnings.catch_warnings():
        # A pack has no notes to its cells, and the recipe warns of that.
        warnings.filterwarnings("ignore", "No note text provided", UserWarning)
        workbook = recipe.produce_workbook(
            path,
            sheets,
            cover=recipe.Cover(
                plain(pack.title),
                intro=[plain(part.count) for part in pack.parts],
                about=[plain(note) for note in pack.notes],
                width=95,
            ),
            contentsheet_options={"column_names": ["Worksheet", "What it holds"]},
            auto_width=False,
            workbook_options=PLAIN,
        )
    _widths(workbook, tables)
    workbook.set_properties(
        {"title": pack.title, "author": pack.council, "created": dt.datetime.now(dt.UTC)}
    )
    workbook.close()


def _overview(pack: Pack) -> pd.DataFrame:
    rows = [(heading, text) for heading, texts in pack.overview for text in texts]
    return pd.DataFrame(rows, columns=["List", "What"])


def _exceptions(pack: Pack) -> pd.DataFrame:
    rows = [
        {
            "Measure": case.name,
            "Why": case.why,
            "Finding": case.text,
            "Owner": case.owner or "no owner named",
            "Commentary": case.comment or WRITE,
            "Action": WRITE,
            "By when": WRITE,
        }
        for case in pack.cases
    ]
    return pd.DataFrame(rows)


def _scorecard(card: Scorecard) -> pd.DataFrame:
    table = pd.DataFrame([row.texts for row in card.rows], columns=list(card.headers))
    at = card.headers.index("Figure") + 1
    numbers: list[float | str] = [NONE if math.isnan(row.value) else row.value for row in card.rows]
    table.insert(at, "Figure as a number", pd.Series(numbers, dtype=object))
    table.insert(at + 1, "Unit", [row.unit for row in card.rows])
    return table


def _marks(table: pd.DataFrame) -> list[str]:
    there = table.isin([NONE]).to_numpy().any()
    return [f"{NONE} means that there is no figure."] if there else []


def _widths(workbook: Any, tables: dict[str, pd.DataFrame]) -> None:
    """Make room for sentences; measuring every text would take most of the time."""
    for sheet in workbook.worksheets():
        if sheet.name == "Contents":
            sheet.set_column(0, 0, 22)
            sheet.set_column(1, 1, 80)
        for at, column in enumerate(tables.get(sheet.name, pd.DataFrame())):
            longest = int(tables[sheet.name][column].astype(str).str.len().max())
            sheet.set_column(at, at, _WIDE if longest > _LONG else _WIDE // 2)
