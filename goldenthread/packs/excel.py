"""A pack as an accessible workbook, by the government's own recipe."""

from __future__ import annotations

import datetime as dt
import math
import textwrap
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from goldenthread.packs.content import Pack, Scorecard
from goldenthread.sheets import PLAIN, gptables, plain, quiet

#: The mark of official statistics for what is not there; an empty cell may be an oversight.
NONE: Final = "[x]"
#: What stands where somebody has to write.
WRITE: Final = "to be written"
#: How wide a column may be, in letters: of sentences, and of the shortest words.
_WIDE: Final = 44
_NARROW: Final = 8
_COVER: Final = 95
#: A line's height in points, and how many rows the recipe has above a table's legend.
_LINE: Final = 15.5
_ABOVE: Final = 2
#: As Excel numbers sizes of paper.
_A4: Final = 9


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
            additional_formatting=[
                {"column": {"columns": list(table.columns), "format": {"valign": "top"}}}
            ],
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
                width=_COVER,
            ),
            contentsheet_options={"column_names": ["Worksheet", "What it holds"]},
            auto_width=False,
            workbook_options=PLAIN,
        )
    _widths(workbook, tables)
    above = {
        name: len(legends.get(name, [])) + len(_marks(table)) for name, table in tables.items()
    }
    _heights(workbook, pack, tables, above)
    _paper(workbook, above)
    workbook.set_properties(
        {"title": pack.title, "author": pack.council, "created": dt.datetime.now(dt.UTC)}
    )
    workbook.close()
    _loosen(path)


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


def _widths(workbook: Any, tables: Mapping[str, pd.DataFrame]) -> None:
    """Make columns as wide as their texts, and wrap sentences."""
    contents = workbook.get_worksheet_by_name("Contents")
    contents.set_column(0, 0, 22)
    contents.set_column(1, 1, 80)
    for name, table in tables.items():
        sheet = workbook.get_worksheet_by_name(name)
        for at, width in enumerate(_columns(table)):
            sheet.set_column(at, at, width)


def _columns(table: pd.DataFrame) -> Iterator[int]:
    for column in table:
        longest = int(table[column].astype(str).str.len().max())
        yield min(_WIDE, max(longest, len(str(column)), _NARROW) + 2)


def _heights(
    workbook: Any, pack: Pack, tables: Mapping[str, pd.DataFrame], above: Mapping[str, int]
) -> None:
    """Make room for what is wrapped. Excel finds heights for itself when it opens a file; others do not."""
    cover = workbook.get_worksheet_by_name("Cover")
    texts = ["", "", *(part.count for part in pack.parts), "", *pack.notes]
    for at, text in enumerate(texts):
        if text:
            cover.set_row(at, _height([text], [_COVER]))
    for name, table in tables.items():
        sheet = workbook.get_worksheet_by_name(name)
        widths = list(_columns(table))
        first = _ABOVE + above[name]
        for at, row in enumerate([list(table.columns), *table.to_numpy(object).tolist()]):
            sheet.set_row(first + at, _height([str(cell) for cell in row], widths))


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    lines = max(len(textwrap.wrap(text, width)) for text, width in zip(texts, widths, strict=True))
    return _LINE * max(lines, 1)


def _paper(workbook: Any, above: Mapping[str, int]) -> None:
    """Print each sheet on its side, as wide as the paper, with its headers on every page."""
    for sheet in workbook.worksheets():
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        if sheet.name in above:
            sheet.set_landscape()
            sheet.repeat_rows(_ABOVE + above[sheet.name])


def _loosen(path: Path) -> None:
    """Let rows grow when somebody writes in them: a height that was reckoned is nobody's wish.

    xlsxwriter marks every height as wished for, after which Excel keeps it whatever is written.
    """
    with zipfile.ZipFile(path) as made:
        parts = [(one, made.read(one)) for one in made.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as loose:
        for one, part in parts:
            if one.filename.startswith("xl/worksheets/sheet"):
                part = part.replace(b' customHeight="1"', b"")
            loose.writestr(one, part, zipfile.ZIP_DEFLATED)
