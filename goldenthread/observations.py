"""The one table every part of the workbook speaks: one row per area, measure and period."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pyarrow as arrow

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


#: The columns and their types. What stands in them is checked by `RULES`, which name the first
#: offenders without making a table of all of them: a column that slipped offends in every row.
SCHEMA: Final = pa.DataFrameSchema(
    {
        **{name: pa.Column(str) for name in TEXT},
        **{name: pa.Column("datetime64[s]") for name in DATES},
        **{name: pa.Column(float, nullable=True) for name in NUMBERS},
    },
    strict=True,
)


def _each(column: pd.Series, rule: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Apply a rule to the distinct values of a column: they are few, and the rows many."""
    codes, distinct = pd.factorize(column)
    holds = rule(pd.Series(distinct, dtype=column.dtype)).to_numpy(dtype=bool)
    return pd.Series(holds[codes], column.index)


def _limits_hold_the_value(table: pd.DataFrame) -> pd.Series:
    # A published limit may equal the value after rounding, so the comparison has the slack of it.
    slack = 1e-6 + table["value"].abs() * 0.02
    low = ~(table["lower"] > table["value"] + slack)
    high = ~(table["upper"] < table["value"] - slack)
    return low & high


#: What must hold for every row, each with what is said where it does not.
RULES: Final[Mapping[str, Callable[[pd.DataFrame], pd.Series]]] = {
    "a cell is empty that must not be": lambda t: t[[*TEXT, *DATES]].notna().all(axis=1),
    "area: expected a letter and eight digits": lambda t: _each(
        t["area"], lambda area: area.str.fullmatch(r"[A-Z]\d{8}")
    ),
    "measure: expected lower-case words joined by hyphens": lambda t: _each(
        t["measure"], lambda measure: measure.str.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*")
    ),
    "period_label: expected at least four characters": lambda t: _each(
        t["period_label"], lambda label: label.str.strip().str.len() >= 4
    ),
    f"status: expected one of {', '.join(STATUSES)}": lambda t: t["status"].isin(STATUSES),
    "a number is infinite": lambda t: ~t[list(NUMBERS)].isin([math.inf, -math.inf]).any(axis=1),
    "a period ends before it starts": lambda t: t["period_start"] <= t["period_end"],
    "the value and its status disagree": lambda t: t["value"].notna() == t["status"].isin(PRESENT),
    "the value lies outside its own confidence limits": _limits_hold_the_value,
}


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
    columns = dict(columns)
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown:
        raise ObservationError(f"not columns of observations: {', '.join(unknown)}")
    lengths = {len(given) for given in columns.values() if _is_array(given)}
    if len(lengths) > 1:
        raise ObservationError(f"columns of several lengths: {sorted(lengths)}")
    rows = lengths.pop() if lengths else 1
    return pd.DataFrame({name: _column(name, columns.get(name), rows) for name in COLUMNS})


def _is_array(given: object) -> bool:
    return hasattr(given, "__len__") and not isinstance(given, str)


def _column(name: str, given: Any, rows: int) -> Any:
    """Give one column in its type, a scalar repeated: the whole table is then made at once."""
    if name in NUMBERS:
        if given is None:
            return np.full(rows, np.nan)
        return np.asarray(given, float) if _is_array(given) else np.full(rows, given, float)
    if name in DATES:
        return (
            pd.Series(given if _is_array(given) else [given] * rows).astype("datetime64[s]").array
        )
    if _is_array(given):
        return pd.Series(given).fillna("").astype(str).array
    return pd.array(
        arrow.repeat(arrow.scalar(given or "", arrow.large_string()), rows), dtype="str"
    )


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
    if list(table.columns) != list(COLUMNS):
        raise ObservationError(
            f"expected the columns {', '.join(COLUMNS)}, not {', '.join(map(str, table.columns))}"
        )
    try:
        SCHEMA.validate(table.head(0), lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases[["column", "check", "failure_case"]].to_numpy()
        said = "; ".join(
            f"{column}: expected {check}, found {kind}" for column, check, kind in cases
        )
        raise ObservationError(said) from None
    for said, rule in RULES.items():
        broken = ~rule(table)
        if broken.any():
            raise ObservationError(
                _with_examples(f"{said} ({int(broken.sum()):,} rows)", table[broken])
            )
    repeated = table.duplicated(list(KEY), keep=False)
    if repeated.any():
        raise ObservationError(
            _with_examples(
                f"{int(repeated.sum()):,} rows repeat an area × measure × period",
                table[repeated].sort_values(list(KEY), kind="stable"),
            )
        )
    return table


def _with_examples(said: str, rows: pd.DataFrame) -> str:
    shown = [*KEY, "value", "status"]
    more = [name for name in NUMBERS[1:] if rows[name].notna().any()]
    return f"{said}; first examples:\n{rows[[*shown, *more]].head(5).to_string(index=False)}"


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
