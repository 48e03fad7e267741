"""Council taxbase: homes on the list, and those that are empty, second homes or discounted."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from goldenthread import periods
from goldenthread.catalogue import Measure
from goldenthread.sources import cells, ecodes
from goldenthread.sources.document import Document
from goldenthread.sources.reading import Query, assemble, each, parse_periods, query
from goldenthread.sources.workbook import SEARCH_ROWS, Sheet, Workbook, plain

REVISED: Final = "The publisher marks this council's return as revised."
#: What a line's title bears besides its description: numbers of table and line, and the day.
_BESIDES: Final = re.compile(
    r"^(?:tab(?:le|el) \d+\.\d+\.? )?(?:\d+[a-z]?\. *)?"
    r"|,? on \d{1,2} [a-z]+ \d{4}"
    r"| ?\(line \d+[a-z]?\)$"
    r"|\.$"
)
_DAY: Final = re.compile(r"exempt on \d{1,2} [a-z]+ (20\d\d)")
_SOURCE: Final = re.compile(r"source:- ctb \((20\d\d)\)")


class TaxbaseQuery(Query):
    """Where a taxbase measure stands.

    Attributes
    ----------
    line : tuple of str
        Patterns of the line's description, the newest wording last, without its number and the
        day: lines were renumbered over the years, and one number means several things.
    over : tuple of str
        The same of the line it is divided by.
    """

    line: tuple[str, ...]
    over: tuple[str, ...] = ()


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the taxbase measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    asked = [(measure, query(measure, TaxbaseQuery)) for measure in measures]
    sheet = Workbook(document).sheet(r"(council_taxbase_)?data")
    form = _recognise(sheet, [ask.line for _, ask in asked])
    return pd.concat([_measure(form, m, ask) for m, ask in asked], ignore_index=True)


@dataclass(frozen=True)
class Form:
    """The main form of all billing authorities, a row each.

    Attributes
    ----------
    titles : dict of int to str
        The description of each line, by the first of its columns.
    totals : dict of int to int
        Its column for all bands together, by the same.
    area, note : pandas.Series of str
        Of each row, by spreadsheet row number.
    """

    sheet: Sheet
    header: int
    year: str
    titles: dict[int, str]
    totals: dict[int, int]
    area: pd.Series
    note: pd.Series

    def line(self, wordings: tuple[str, ...]) -> tuple[pd.Series, pd.Series]:
        """Give a line's numbers for all bands together, and their statuses."""
        found = [at for at, text in self.titles.items() if _answers(wordings, text)]
        if len(found) != 1 or found[0] not in self.totals:
            problem = "a line is missing"
            if found:
                problem = "several lines answer one description"
            if len(found) == 1:
                problem = "a line has no total of all bands"
            raise self.sheet.document.error(
                problem,
                sheet=self.sheet.name,
                row=self.header + 1,
                expected=wordings[-1],
                candidates=self.titles.values(),
            )
        at = self.totals[found[0]]
        rows = [self.sheet.rows[row - 1] for row in self.area.index]
        column = pd.Series([row[at] for row in rows], self.area.index, dtype=object)
        return cells.numbers(
            column, self.sheet.document, sheet=self.sheet.name, column=self.titles[found[0]]
        )


def _recognise(sheet: Sheet, lines: list[tuple[str, ...]]) -> Form:
    """Find the row of titles: the first that answers more of the lines wanted than any other."""
    answers = []
    for row in sheet.rows[:SEARCH_ROWS]:
        texts = {_described(cell) for cell in row if isinstance(cell, str) and cell}
        answers.append(sum(any(_answers(line, text) for text in texts) for line in lines))
    if not any(answers):
        raise sheet.document.error(
            "no table here has the lines expected", sheet=sheet.name, expected=lines[0][-1]
        )
    header = answers.index(max(answers))
    titles = {at: _described(cell) for at, cell in enumerate(sheet.rows[header]) if plain(cell)}
    # The last column of a line is the total of its bands.
    totals: dict[int, int] = {}
    starts = [*sorted(titles), len(sheet.rows[header + 1])]
    for start, end in itertools.pairwise(starts):
        for at in range(start, end):
            if plain(sheet.rows[header + 1][at]) == "total":
                totals[start] = at
    year = _year(sheet, header)
    rows = _authorities(sheet, header + 2)
    # Councils are those of the autumn of the form.
    on = periods.parse(year, "autumn").start
    area = ecodes.codes(rows, sheet.document, on, sheet=sheet.name)
    return Form(sheet, header, year, titles, totals, area, rows["note"])


def _answers(wordings: tuple[str, ...], text: str) -> bool:
    return any(re.fullmatch(wording, text) for wording in wordings)


def _described(cell: object) -> str:
    return _BESIDES.sub("", plain(cell)).strip()


def _year(sheet: Sheet, header: int) -> str:
    # The form of 2013 has its year beside the title alone, that of 2022 in the titles alone.
    texts = [plain(cell) for row in sheet.rows[: header + 1] for cell in row if cell]
    found = {m[1] for text in texts for m in (_DAY.search(text), _SOURCE.search(text)) if m}
    if len(found) != 1:
        raise sheet.document.error(
            "the form does not say its year" if not found else "the form says several years",
            sheet=sheet.name,
            row=header + 1,
            expected="CTB (2019), or exempt on 7 October 2019",
            found=", ".join(sorted(found)),
        )
    return found.pop()


def _authorities(sheet: Sheet, first: int) -> pd.DataFrame:
    """Give the rows of the form: other forms of the same authorities stand below it."""
    texts = [[str(cell).strip() for cell in row[:5]] for row in sheet.rows[first:]]
    below = [at for at, row in enumerate(texts) if row and row[0].startswith("CTBS")]
    texts = texts[: below[0]] if below else texts
    rows = pd.DataFrame(
        {
            "ecode": [
                "Eng" if "england" in map(str.casefold, row) else row[0] if row else ""
                for row in texts
            ],
            "note": [REVISED if {"(R)", "[r]"} & set(row) else "" for row in texts],
        },
        index=range(first + 1, first + 1 + len(texts)),
    )
    return rows[ecodes.is_ecode(rows["ecode"])]


def _measure(form: Form, measure: Measure, ask: TaxbaseQuery) -> pd.DataFrame:
    value, status = form.line(ask.line)
    numerator = denominator = None
    if ask.over:
        numerator = value
        denominator, kind = form.line(ask.over)
        status = status.where(status != "published", kind)
        value = ecodes.share(value, denominator, measure.per)
        status = status.mask(denominator <= 0, "not applicable")
    period = parse_periods(
        pd.Series(form.year, value.index),
        form.sheet.document,
        measure.years,
        sheet=form.sheet.name,
        column="year",
    )
    keep = ecodes.of_tier(form.area, measure.tier)
    return assemble(
        measure,
        area=form.area[keep],
        period=period[keep],
        value=value[keep],
        status=status[keep],
        numerator=None if numerator is None else numerator[keep],
        denominator=None if denominator is None else denominator[keep],
        note=form.note[keep],
    )
