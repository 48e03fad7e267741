"""From what a document says to observations: the steps every reader shares."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Mapping, Sequence
from types import ModuleType
from typing import Protocol, TypeVar, cast

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from goldenthread import areas, observations, periods
from goldenthread.catalogue import Measure, SourceEntry
from goldenthread.sources.document import Document
from goldenthread.sources.error import SourceError


class Reader(Protocol):
    """A module of this package that reads one publisher service."""

    def read(self, documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
        """Give the observations of the measures that the documents hold."""
        ...  # pragma: no cover


class ListReader(Protocol):
    """A module of this package that reads one publisher's lists of neighbours."""

    def read_lists(self, documents: Sequence[Document]) -> tuple[Document, pd.DataFrame]:
        """Give the newest edition, and its lists with the columns of `official_lists`."""
        ...  # pragma: no cover


def reader(source: SourceEntry) -> Reader:
    """Give the module that reads a source of figures.

    Raises
    ------
    SourceError
        When the catalogue names a reader that is not there.
    """
    return cast(Reader, _module(source))


def list_reader(source: SourceEntry) -> ListReader:
    """Give the module that reads a source of lists of neighbours.

    Raises
    ------
    SourceError
        When the catalogue names a reader that is not there.
    """
    return cast(ListReader, _module(source))


def _module(source: SourceEntry) -> ModuleType:
    try:
        return importlib.import_module(f"goldenthread.sources.{source.reader}")
    except ModuleNotFoundError:
        raise SourceError(
            "there is no such reader", source=source.name, expected=source.reader
        ) from None


class Query(BaseModel):
    """What a measure asks of a document: each reader has its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Q = TypeVar("_Q", bound=Query)


def query(measure: Measure, kind: type[_Q]) -> _Q:
    """Read a measure's query as a reader's own kind.

    Raises
    ------
    SourceError
        Naming measure, field and what was expected.
    """
    try:
        return kind.model_validate(measure.origin.query)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise SourceError(
            f"the query of {measure.id}: {field}: {fault['msg']}", source=measure.origin.source
        ) from None


def query_by_table(measure: Measure, kinds: Mapping[str, type[_Q]]) -> _Q:
    """Read a measure's query as the kind its `table` names, for readers of several tables.

    Raises
    ------
    SourceError
        Naming measure, field and what was expected.
    """
    table = str(measure.origin.query.get("table"))
    if table not in kinds:
        raise SourceError(
            f"the query of {measure.id}: table: expected one of {', '.join(kinds)}",
            source=measure.origin.source,
            found=table,
        )
    return query(measure, kinds[table])


def chosen(rows: pd.DataFrame, wanted: Mapping[str, str], document: Document) -> pd.DataFrame:
    """Keep the rows with the texts wanted; refuse a text that none has.

    Parameters
    ----------
    rows : pandas.DataFrame
    wanted : mapping of str to str
        Columns, each with the text its cell must be.
    document : Document

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    SourceError
        Naming the column, the text and the nearest there is.
    """
    for column, text in wanted.items():
        kept = rows[rows[column] == text]
        if kept.empty:
            raise document.error(
                "no row has this value of a filter",
                column=column,
                expected=text,
                candidates=rows[column].unique(),
            )
        rows = kept
    return rows


def pick(documents: Sequence[Document], measure: Measure) -> list[Document]:
    """Give the documents in which a measure stands.

    Raises
    ------
    SourceError
        When there is none.
    """
    found = [d for d in documents if d.id == measure.origin.document]
    if not found:
        raise SourceError(
            f"no file for document {measure.origin.document!r}, in which {measure.id} stands",
            source=measure.origin.source,
        )
    return found


def parse_periods(
    texts: pd.Series, document: Document, years: str, *, sheet: str = "", column: str = ""
) -> pd.DataFrame:
    """Read periods, each distinct text once.

    Parameters
    ----------
    texts : pandas.Series
        n texts (or whole numbers), indexed by row number.
    document : Document
    years : str
        How bare years are meant: a key of `periods.YEARS`, mostly `measure.years`.
    sheet, column : str, optional
        Where they stand, for the error.

    Returns
    -------
    pandas.DataFrame
        n rows: period_start, period_end (datetime64[s]), period_label, mark ("published",
        "provisional" or "revised", from the text's own mark), on the index of `texts`.

    Raises
    ------
    SourceError
        For a text in no known style: its row is named.
    """
    codes, distinct = pd.factorize(texts.astype(str), sort=False)
    rows = []
    for code, text in enumerate(distinct):
        bare, mark = periods.mark(text)
        try:
            period = periods.parse(bare, years)
        except periods.PeriodError as error:
            row = texts.index[int(np.argmax(codes == code))]
            raise document.error(
                str(error),
                sheet=sheet,
                column=column,
                row=int(row) if isinstance(row, (int, np.integer)) else None,
            ) from None
        rows.append((period.start, period.end, period.label, mark))
    starts, ends, labels, marks = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pd.DataFrame(
        {
            "period_start": np.array(starts, "datetime64[s]")[codes],
            "period_end": np.array(ends, "datetime64[s]")[codes],
            "period_label": pd.array(labels, dtype="str").take(codes),
            "mark": pd.array(marks, dtype="str").take(codes),
        },
        index=texts.index,
    )


def covered(
    codes: pd.Series, document: Document, *, sheet: str = "", column: str = ""
) -> pd.Series:
    """Tell which rows are of areas in the register; refuse a code that nobody knows.

    Parameters
    ----------
    codes : pandas.Series of str
        GSS codes.
    document : Document
    sheet, column : str, optional
        Where they stand, for the error.

    Returns
    -------
    pandas.Series of bool
        False for real codes that the register leaves out (other nations, wards, …).

    Raises
    ------
    SourceError
        For a code that is neither.
    """
    distinct = codes.unique()
    known = {code for code in distinct if areas.is_known(code)}
    strange = [c for c in distinct if c not in known and not areas.not_covered(c)]
    if strange:
        row = codes.index[int(np.argmax((codes == strange[0]).to_numpy()))]
        raise document.error(
            "an area code that is not in the register",
            sheet=sheet,
            column=column,
            row=int(row) if isinstance(row, (int, np.integer)) else None,
            found=", ".join(map(str, strange[:5])),
        )
    return codes.isin(known)


def assemble(
    measure: Measure,
    *,
    area: pd.Series,
    period: pd.DataFrame,
    value: pd.Series,
    status: pd.Series,
    lower: pd.Series | None = None,
    upper: pd.Series | None = None,
    numerator: pd.Series | None = None,
    denominator: pd.Series | None = None,
    note: pd.Series | str = "",
) -> pd.DataFrame:
    """Put a measure's columns together as observations.

    Parameters
    ----------
    measure : Measure
    area : pandas.Series of str
        n GSS codes of areas in the register (see `covered`).
    period : pandas.DataFrame
        n rows as `parse_periods` gives them; its mark becomes the status of present values that
        have none of their own.
    value, status : pandas.Series
        n values in the measure's unit, and their statuses, as `cells.numbers` gives them.
    lower, upper, numerator, denominator : pandas.Series of float, optional
    note : pandas.Series of str or str

    Returns
    -------
    pandas.DataFrame
        n observations.
    """
    if (period["mark"] != "published").any():
        status = status.where(status != "published", period["mark"])
    present = value.notna()
    parts = {
        "lower": None if lower is None else lower.where(present),
        "upper": None if upper is None else upper.where(present),
        "numerator": numerator,
        "denominator": denominator,
    }
    return observations.frame(
        {
            "area": area.array,
            "measure": measure.id,
            "period_start": period["period_start"].to_numpy(),
            "period_end": period["period_end"].to_numpy(),
            "period_label": period["period_label"].array,
            "value": value.to_numpy(dtype=float),
            **{
                name: part.to_numpy(dtype=float) for name, part in parts.items() if part is not None
            },
            "status": status.array,
            "note": note if isinstance(note, str) else note.array,
        }
    )


def named(
    names: pd.Series,
    document: Document,
    *,
    kinds: Collection[str],
    sheet: str = "",
    column: str = "",
) -> pd.Series:
    """Give the codes of areas that a document knows by name; refuse a name that nobody knows.

    Parameters
    ----------
    names : pandas.Series of str
        n names, indexed by row number.
    document : Document
    kinds : collection of str
        The kinds of area they can be, such as ("region", "country").
    sheet, column : str, optional
        Where they stand, for the error.

    Returns
    -------
    pandas.Series of str
        n GSS codes, on the index of `names`.

    Raises
    ------
    SourceError
        For a name of none of these, or of several: its row is named.
    """
    codes = pd.Series(areas.codes_for(names, kinds=kinds), names.index, dtype=object)
    if codes.isna().any():
        row = codes.index[int(np.argmax(codes.isna()))]
        raise document.error(
            f"no {' or '.join(kinds)} of this name",
            sheet=sheet,
            column=column,
            row=int(row) if isinstance(row, (int, np.integer)) else None,
            found=str(names[row]),
        )
    return codes


def summed(parts: Sequence[tuple[pd.Series, pd.Series]]) -> tuple[pd.Series, pd.Series]:
    """Add columns row by row; where one is missing the sum is, for the same reason.

    Parameters
    ----------
    parts : sequence of (values, statuses)
        At least one column of n cells, as `cells.numbers` gives it.

    Returns
    -------
    values, statuses : pandas.Series
        n sums. The first part's status stands where all are present.

    Examples
    --------
    >>> one = pd.Series([1.0, 2.0]), pd.Series(["published", "published"])
    >>> two = pd.Series([3.0, float("nan")]), pd.Series(["published", "suppressed"])
    >>> values, statuses = summed([one, two])
    >>> values.tolist(), statuses.tolist()
    ([4.0, nan], ['published', 'suppressed'])
    """
    values, statuses = parts[0]
    for more, why in parts[1:]:
        statuses = statuses.where(values.isna() | more.notna(), why)
        values = values + more
    return values, statuses


def quotient(
    numerator: tuple[pd.Series, pd.Series], denominator: tuple[pd.Series, pd.Series], per: float
) -> tuple[pd.Series, pd.Series]:
    """Work out `per` × numerator ÷ denominator where the publisher gives both and not the share.

    Parameters
    ----------
    numerator, denominator : (values, statuses)
        n cells each, as `cells.numbers` gives them.
    per : float
        100 for per cent.

    Returns
    -------
    values, statuses : pandas.Series
        n shares. A missing part keeps its kind; a share of nothing is "not applicable".

    Examples
    --------
    >>> top = pd.Series([1.0, 0.0]), pd.Series(["published", "published"])
    >>> bottom = pd.Series([4.0, 0.0]), pd.Series(["published", "published"])
    >>> values, statuses = quotient(top, bottom, 100)
    >>> values.tolist(), statuses.tolist()
    ([25.0, nan], ['published', 'not applicable'])
    """
    over, why = denominator
    values, statuses = numerator
    statuses = statuses.where(values.isna() | over.notna(), why)
    nothing = values.notna() & (over == 0)
    return per * values / over.where(over != 0), statuses.mask(nothing, "not applicable")


def each(
    documents: Sequence[Document],
    measures: Sequence[Measure],
    one: Callable[[Document, Sequence[Measure]], pd.DataFrame],
) -> pd.DataFrame:
    """Read every document once, for all the measures that stand in it.

    Parameters
    ----------
    documents, measures : sequences
    one : callable
        Reads one document for its measures.

    Returns
    -------
    pandas.DataFrame
        All observations together. Where several editions of a document hold the same area, measure
        and period, the later edition (by published date, then by file name) stands.

    Raises
    ------
    SourceError
        When a measure's document is not there.
    """
    for measure in measures:
        pick(documents, measure)
    tables = []
    ordered = sorted(documents, key=lambda d: (str(d.published or ""), d.name))
    for document in ordered:
        inside = [m for m in measures if m.origin.document == document.id]
        if inside:
            tables.append(one(document, inside))
    joined = pd.concat(tables, ignore_index=True) if tables else observations.empty()
    if len(ordered) > 1:
        edition = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
        # Only a later *edition* replaces a figure; a repetition inside one file is an error that
        # validation names.
        latest = joined.assign(edition=edition).groupby(list(observations.KEY))["edition"]
        joined = joined[edition == latest.transform("max")]
    return observations.combine([joined])
