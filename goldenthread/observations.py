"""The one table every part of the workbook speaks: one row per area, measure and period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa

COLUMNS: Final = (
    "area",
    "measure",
    "period_start",
    "period_end",
    "period_label",
    "value",
    "lower",
    "upper",
    "numerator",
    "denominator",
    "status",
    "note",
)
KEY: Final = ("area", "measure", "period_start", "period_end")
TEXT: Final = ("area", "measure", "period_label", "status", "note")
NUMBERS: Final = ("value", "lower", "upper", "numerator", "denominator")
DATES: Final = ("period_start", "period_end")

#: What a present value can be.
PRESENT: Final = ("published", "provisional", "revised", "estimated", "rebased")
#: Why a value is missing. A missing value keeps its kind and is never a zero:
#: "negligible" is more than nothing but too small for the publisher to show.
MISSING: Final = (
    "suppressed",
    "unreliable",
    "negligible",
    "not available",
    "not applicable",
    "not provided",
)
STATUSES: Final = PRESENT + MISSING


class ObservationError(ValueError):
    """A table that breaks the rules of observations; the message gives the first five examples."""


def _value_agrees_with_status(table: pd.DataFrame) -> pd.Series:
    return table["value"].notna() == table["status"].isin(PRESENT)


def _limits_hold_the_value(table: pd.DataFrame) -> pd.Series:
    # A published limit may equal the value after rounding, so the comparison has the slack of it.
    slack = 1e-6 + table["value"].abs() * 0.02
    low = ~(table["lower"] > table["value"] + slack)
    high = ~(table["upper"] < table["value"] - slack)
    return low & high


SCHEMA: Final = pa.DataFrameSchema(
    {
        "area": pa.Column(str, pa.Check.str_matches(r"^[A-Z]\d{8}$")),
        "measure": pa.Column(str, pa.Check.str_matches(r"^[a-z0-9]+(-[a-z0-9]+)*$")),
        "period_start": pa.Column("datetime64[s]"),
        "period_end": pa.Column("datetime64[s]"),
        "period_label": pa.Column(str, pa.Check.str_length(min_value=4)),
        **{name: pa.Column(float, nullable=True) for name in NUMBERS},
        "status": pa.Column(str, pa.Check.isin(STATUSES)),
        "note": pa.Column(str),
    },
    checks=[
        pa.Check(
            lambda t: t["period_start"] <= t["period_end"], error="a period ends before it starts"
        ),
        pa.Check(_value_agrees_with_status, error="the value and its status disagree"),
        pa.Check(
            _limits_hold_the_value, error="the value lies outside its own confidence limits"
        ),
    ],
    strict=True,
    ordered=True,
)


def frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Make a table of observations from columns; what is not given is empty.

    Parameters
    ----------
    columns : mapping of str to array-like or scalar
        Any of `COLUMNS`; all arrays of one length n. Scalars are repeated.

    Returns
    -------
    pandas.DataFrame
        n rows × the twelve `COLUMNS`, in order and with their types. Not yet validated.

    Examples
    --------
    >>> import pandas as pd
    >>> table = frame({"area": ["E06000010"], "measure": "household-recycling-rate",
    ...                "period_start": [pd.Timestamp("2022-04-01")],
    ...                "period_end": [pd.Timestamp("2023-03-31")],
    ...                "period_label": "2022/23", "value": [31.5], "status": "published"})
    >>> table.loc[0, "value"].item(), table.loc[0, "note"]
    (31.5, '')
    """
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown:
        raise ObservationError(f"not columns of observations: {', '.join(unknown)}")
    table = pd.DataFrame(dict(columns))
    for name in COLUMNS:
        if name in NUMBERS:
            table[name] = (table[name] if name in table else pd.Series(float("nan"), table.index)).astype(float)
        elif name in DATES:
            table[name] = pd.Series(table[name]).astype("datetime64[s]")
        else:
            table[name] = (
                table[name].fillna("") if name in table else pd.Series("", table.index, dtype=str)
            ).astype(str)
    return table.loc[:, list(COLUMNS)].reset_index(drop=True)


def empty() -> pd.DataFrame:
    """Make a table of observations with no rows.

    Returns
    -------
    pandas.DataFrame
        0 rows × the twelve `COLUMNS`, typed.
    """
    return frame({name: [] for name in COLUMNS})


def validate(table: pd.DataFrame) -> pd.DataFrame:
    """Check a table against the rules every figure keeps, and return it.

    Parameters
    ----------
    table : pandas.DataFrame
        n rows × `COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        The same table.

    Raises
    ------
    ObservationError
        Columns missing or of another type; an unknown status; a present value without a number or
        a missing one with; limits that do not hold the value; a duplicate area × measure ×
        period. The message gives the first five examples.
    """
    try:
        SCHEMA.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        rows = cases["index"].dropna().unique()[:5]
        checks = "; ".join(
            f"{column or 'table'}: {check}"
            for column, check in cases[["column", "check"]].drop_duplicates().head(5).to_numpy()
        )
        shown = table.loc[[r for r in rows if r in table.index]].to_string() if len(rows) else ""
        raise ObservationError(f"{checks}\nfirst examples:\n{shown}".strip()) from None
    repeated = table.duplicated(list(KEY), keep=False)
    if repeated.any():
        shown = table.loc[repeated, [*KEY[:2], "period_label", "value"]].head(5).to_string()
        raise ObservationError(
            f"{int(repeated.sum())} rows repeat an area × measure × period; first examples:\n{shown}"
        )
    return table


def combine(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Join tables of observations into one, in a stable order.

    Parameters
    ----------
    tables : list of pandas.DataFrame
        Each with the twelve `COLUMNS`; may be empty.

    Returns
    -------
    pandas.DataFrame
        All rows, sorted by measure, area and period.
    """
    tables = [table for table in tables if len(table)]
    if not tables:
        return empty()
    joined = pd.concat(tables, ignore_index=True)
    order = ["measure", "area", "period_start", "period_end"]
    return joined.sort_values(order, kind="stable", ignore_index=True)
