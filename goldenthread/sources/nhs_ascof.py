"""NHS England's adult social care outcomes (ASCOF): one row per council, measure and part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from goldenthread.catalogue import Measure
from goldenthread.sources import cells
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    chosen,
    covered,
    each,
    parse_periods,
    query,
)
from goldenthread.sources.workbook import Workbook

_COLUMNS: Final = {
    "area": "ons code",
    "level": "geographical level",
    "code": "ascof measure code",
    "group": "disaggregation level",
    "part": "measure type",
    "value": "measure value",
}
#: Types of council are groups of councils, under a code that is none of theirs.
_LEVELS: Final = ("Council", "Region", "England")
#: The file does not say its year but in its name: "…asc-of-eng-2021-…" holds 2020-21.
_YEAR: Final = re.compile(r"asc-?of-eng-(?P<first>\d\d)(?P<last>\d\d)\b")


class AscofQuery(Query):
    """The framework's own code of a measure, such as "2A2"."""

    code: str


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read measures of the framework; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    year = _YEAR.search(document.name)
    if year is None or int(year["last"]) != (int(year["first"]) + 1) % 100:
        raise document.error(
            "the file's name does not say its year", expected="meas-from-asc-of-eng-2021-…"
        )
    sheets = list(Workbook(document).sheets(".*"))
    table = sheets[0].table(*_COLUMNS.values())
    rows = table.frame(_COLUMNS)
    rows = rows[rows["level"].isin(_LEVELS)]
    rows = rows[covered(rows["area"], document, sheet=table.sheet.name, column="ONS Code")]
    rows["code"] = rows["code"].astype(str)
    label = f"20{year['first']}-{year['last']}"
    return pd.concat(
        [
            _measure(document, rows, measure, query(measure, AscofQuery), label)
            for measure in measures
        ],
        ignore_index=True,
    )


def _measure(
    document: Document, rows: pd.DataFrame, measure: Measure, ask: AscofQuery, year: str
) -> pd.DataFrame:
    asked = chosen(rows, {"code": ask.code, "group": "Total"}, document)
    outcome = asked[asked["part"] == "Outcome"].set_index("area", drop=False)
    # A council may stand in the file once only: which of two rows is meant is not ours to say.
    if not outcome.index.is_unique:
        raise document.error("a council stands there twice", expected=ask.code)
    value, status = cells.numbers(outcome["value"], document, column="Measure Value")
    parts = {
        name: cells.numbers(
            asked[asked["part"] == name].set_index("area")["value"], document, column=name
        )[0].reindex(outcome.index)
        for name in ("Numerator", "Denominator")
        if (asked["part"] == name).any()
    }
    return assemble(
        measure,
        area=outcome["area"],
        period=parse_periods(pd.Series(year, outcome.index), document, measure.years),
        value=value,
        status=status,
        numerator=parts.get("Numerator"),
        denominator=parts.get("Denominator"),
    )
