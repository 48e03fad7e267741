"""Nomis: one line to an observation, cut without a word at 25,000 lines for those without a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
from pydantic import model_validator

from goldenthread.catalogue import Measure
from goldenthread.sources import cells, text
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    chosen,
    covered,
    each,
    parse_periods,
    query,
    quotient,
    summed,
)

_DATE: Final = "DATE_NAME"
_AREA: Final = "GEOGRAPHY_CODE"
_VALUE: Final = "OBS_VALUE"
_STATUS: Final = "OBS_STATUS"
_COUNT: Final = "RECORD_COUNT"
#: The letter of a normal value. What others mean is not known here, so that they are refused.
_NORMAL: Final = "A"


class NomisQuery(Query):
    """Which lines of an answer are wanted.

    Attributes
    ----------
    where : mapping of str to str
        Columns of the answer and the text that each must have.
    over : mapping of str to str
        What differs in the lines of the denominator; without it the value is the observation.
    sum : mapping of str to tuple of str
        Columns, each with the texts of the lines that make the numerator together.
    less : mapping of str to str
        What differs in the lines that are taken off the denominator to make the numerator.
    """

    where: Mapping[str, str]
    over: Mapping[str, str] = {}
    sum: Mapping[str, tuple[str, ...]] = {}
    less: Mapping[str, str] = {}

    @model_validator(mode="after")
    def _agree(self) -> NomisQuery:
        if (self.sum or self.less) and not self.over:
            raise ValueError("sum and less: expected with over")
        if len(self.sum) > 1 or (self.sum and self.less):
            raise ValueError("expected one column in sum, and either sum or less")
        return self


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read measures from Nomis's answers; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    asked = [(measure, query(measure, NomisQuery)) for measure in measures]
    dimensions = sorted(
        {n for _, ask in asked for n in (*ask.where, *ask.over, *ask.sum, *ask.less)}
    )
    rows = text.frame(document, [_DATE, _AREA, _VALUE, _STATUS, _COUNT, *dimensions])
    _complete(document, rows)
    return pd.concat(
        [_measure(document, rows, measure, ask) for measure, ask in asked], ignore_index=True
    )


def _complete(document: Document, rows: pd.DataFrame) -> None:
    """Refuse an answer that was cut: every line of it tells how many there should be."""
    counts = rows[_COUNT].unique()
    if len(counts) != 1 or not str(counts[0]).isdigit():
        raise document.error(
            "the answer does not tell how many records it should have",
            column=_COUNT,
            found=", ".join(map(str, counts[:3])),
        )
    if int(counts[0]) != len(rows):
        raise document.error(
            "the answer is cut: it does not have the records that it tells of",
            column=_COUNT,
            expected=str(counts[0]),
            found=str(len(rows)),
        )


def _measure(
    document: Document, rows: pd.DataFrame, measure: Measure, ask: NomisQuery
) -> pd.DataFrame:
    part = _part(document, rows, ask)
    if not ask.over:
        return _assembled(document, measure, part, part["value"], part["status"])
    over, why = _beside(part, _lines(document, rows, {**ask.where, **ask.over}))
    value, status = quotient((part["value"], part["status"]), (over, why), measure.per)
    return _assembled(document, measure, part, value, status, part["value"], over)


def _part(document: Document, rows: pd.DataFrame, ask: NomisQuery) -> pd.DataFrame:
    """Give the lines of the numerator, or of the measure where it has none."""
    if ask.less:
        whole = _lines(document, rows, {**ask.where, **ask.over})
        rest = _beside(whole, _lines(document, rows, {**ask.where, **ask.less}))
        # A part that is missing is not nothing: what is left is then missing too.
        value, status = summed([(whole["value"], whole["status"]), (-rest[0], rest[1])])
        return whole.assign(value=value, status=status)
    for column, texts in ask.sum.items():
        first, *others = [
            _lines(document, rows, {**ask.where, column: category}) for category in texts
        ]
        parts = [_beside(first, other) for other in others]
        value, status = summed([(first["value"], first["status"]), *parts])
        return first.assign(value=value, status=status)
    return _lines(document, rows, ask.where)


def _beside(rows: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give another's values and statuses for the areas and dates of some lines."""
    keys = pd.MultiIndex.from_frame(rows[[_AREA, _DATE]])
    found = other.set_index([_AREA, _DATE]).reindex(keys)
    status = found["status"].fillna("not available")
    return found["value"].set_axis(rows.index), status.set_axis(rows.index)


def _assembled(
    document: Document,
    measure: Measure,
    rows: pd.DataFrame,
    value: pd.Series,
    status: pd.Series,
    numerator: pd.Series | None = None,
    denominator: pd.Series | None = None,
) -> pd.DataFrame:
    return assemble(
        measure,
        area=rows[_AREA],
        period=parse_periods(rows[_DATE], document, measure.years, column=_DATE),
        value=value,
        status=status,
        numerator=numerator,
        denominator=denominator,
    )


def _lines(document: Document, rows: pd.DataFrame, where: Mapping[str, str]) -> pd.DataFrame:
    """Give the lines with the texts wanted, one to an area and date, with values and statuses."""
    rows = chosen(rows, where, document)
    rows = rows[covered(rows[_AREA], document, column=_AREA)]
    value, status = cells.numbers(rows[_VALUE], document, column=_VALUE)
    unknown = rows[_STATUS][rows[_STATUS] != _NORMAL]
    if len(unknown):
        raise document.error(
            "a status that is not known here",
            column=_STATUS,
            row=int(unknown.index.to_numpy()[0]),
            expected=_NORMAL,
            found=str(unknown.iloc[0]),
        )
    # A single-tier council stands among the districts and again among the counties; the same figure
    # is taken once, and two figures are refused when the observations are validated.
    kept = rows.assign(value=value, status=status)
    return kept.drop_duplicates([_AREA, _DATE, "value", "status"])
