"""OHID Fingertips: the CSV of its API, one row per indicator, area, sex, age and period.

Also the same figures as others tidied them: fewer columns, rounded, without the service's numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

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
)

# The name of one column varies with the kind of parent area, and the live service has one more
# column than it used to: only these are relied upon.
_COLUMNS: Final = (
    "Indicator ID",
    "Area Code",
    "Sex",
    "Age",
    "Category Type",
    "Time period",
    "Value",
    "Lower CI 95.0 limit",
    "Upper CI 95.0 limit",
    "Count",
    "Denominator",
    "Value note",
)
#: An empty value is missing for the reason its note gives.
_NOTES: Final = {
    "": "not available",
    "Aggregated from all known lower geography values": "not available",
}


_TIDIED: Final = ("area_code", "area_type", "period", "indicator", "unit", "value", "inequality")
#: The tidied files have a few counties only, so that a county would stand beside others that have no
#: figure for want of a line; and their wards are of one council.
_TIDIED_KINDS: Final = ("Country", "UA", "District")


class FingertipsQuery(Query):
    """Which indicator, for whom.

    Attributes
    ----------
    indicator : int
        The service's own number.
    sex, age : str
    tidied : str
        The indicator's name in tidied files, where there are such.
    """

    indicator: int
    sex: str = "Persons"
    age: str
    tidied: str = ""


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read indicators of Fingertips; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    asked = [(measure, query(measure, FingertipsQuery)) for measure in measures]
    if all(ask.tidied for _, ask in asked) and _is_tidied(document):
        return _tidied(document, asked)
    rows = text.frame(document, _COLUMNS)
    # Rows of a category are of deciles and the like, within the area of their code.
    rows = rows[rows["Category Type"] == ""]
    rows = rows[covered(rows["Area Code"], document, column="Area Code")]
    return pd.concat(
        [_measure(document, rows, measure, ask) for measure, ask in asked], ignore_index=True
    )


def _is_tidied(document: Document) -> bool:
    first = text.decode(document).partition("\n")[0]
    return set(_TIDIED) <= set(first.strip().split(","))


def _tidied(document: Document, asked: Sequence[tuple[Measure, FingertipsQuery]]) -> pd.DataFrame:
    """Read a tidied file. The sex stands in one of two columns, beside what else divides people."""
    rows = text.frame(document, _TIDIED)
    rows = rows[rows["area_type"].isin(_TIDIED_KINDS)]
    rows = rows[covered(rows["area_code"], document, column="area_code")]
    plain = rows["inequality"].isin(["NA", ""])
    rows = rows.assign(sex=rows["unit"].where(plain, rows["inequality"]))
    made = []
    for measure, ask in asked:
        part = chosen(rows, {"indicator": ask.tidied, "sex": ask.sex}, document)
        value, status = cells.numbers(part["value"], document, column="value")
        period = parse_periods(part["period"], document, measure.years, column="period")
        made.append(
            assemble(measure, area=part["area_code"], period=period, value=value, status=status)
        )
    return pd.concat(made, ignore_index=True)


def _measure(
    document: Document, rows: pd.DataFrame, measure: Measure, ask: FingertipsQuery
) -> pd.DataFrame:
    wanted = {"Indicator ID": str(ask.indicator), "Sex": ask.sex, "Age": ask.age}
    rows = chosen(rows, wanted, document)
    # England stands there again for every parent area.
    rows = rows.drop_duplicates(["Area Code", "Time period", "Value"])
    read_ = {name: cells.numbers(rows[name], document, column=name) for name in _COLUMNS[6:11]}
    value, status = read_["Value"]
    missing = rows["Value note"].map(_NOTES)
    strange = rows[value.isna() & missing.isna()]
    if len(strange):
        raise document.error(
            "a reason for a missing value that is not known here",
            column="Value note",
            row=int(strange.index[0]),
            found=str(strange["Value note"].iloc[0]),
        )
    return assemble(
        measure,
        area=rows["Area Code"],
        period=parse_periods(rows["Time period"], document, measure.years, column="Time period"),
        value=value,
        status=status.where(value.notna(), missing),
        lower=read_["Lower CI 95.0 limit"][0],
        upper=read_["Upper CI 95.0 limit"][0],
        numerator=read_["Count"][0],
        denominator=read_["Denominator"][0],
    )
