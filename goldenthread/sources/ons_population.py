"""ONS mid-year population estimates: workbooks whose sheets and layouts change every year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from goldenthread.catalogue import Measure
from goldenthread.sources import cells, text
from goldenthread.sources.document import Document
from goldenthread.sources.reading import (
    Query,
    assemble,
    covered,
    each,
    parse_periods,
    query_by_table,
    quotient,
)
from goldenthread.sources.workbook import Sheet, Table, Workbook

_AGES: Final = re.compile(r"(?P<first>\d+)(?:(?P<open>\+)|-(?P<last>\d+))")
#: What the workbooks write where a flow is not worked out for an area.
_MARKS: Final = {"no data": "not available"}
#: The sheets' names by year: "Persons UK", "MYE2 - All", "MYE2-All", "MYE2 - Persons".
_PERSONS: Final = r"persons uk|mye2 ?- ?(all|persons)"

Ages = Annotated[str, Field(pattern=r"^\d+(\+|-\d+)$")]


class AgesQuery(Query):
    """People of some ages: their number, or their share of people of other ages.

    Attributes
    ----------
    ages, over : tuple of str
        Spans of whole years, such as "0-15" and "65+". Without `over` the people are counted.
    """

    table: Literal["ages"]
    ages: tuple[Ages, ...]
    over: tuple[Ages, ...] = ()


class SeriesQuery(Query):
    """A sheet with one column to a year.

    Attributes
    ----------
    sheet : str
        Pattern of its name.
    value, numerator : str
        Patterns of the columns' headers; their one group is the year.
    denominator : str, optional
        Pattern of a column that is the same for all years.
    """

    table: Literal["series"]
    sheet: str
    value: str
    numerator: str | None = None
    denominator: str | None = None


class ComponentsQuery(Query):
    """A component of the change over the year, per the people at its end."""

    table: Literal["components"]
    value: str


class GroupsQuery(Query):
    """A CSV with one line to an area and group of people.

    Attributes
    ----------
    area, group, value : str
        The names of its columns.
    years : str
        The name of its column of years, or the one year of the file.
    groups : tuple of str
        The groups that are counted.
    outside : tuple of str
        Groups that are neither counted nor part of the whole.
    share : bool
        Whether the count is over all groups.
    """

    table: Literal["groups"]
    area: tuple[str, ...]
    group: str
    value: str
    years: str
    groups: tuple[str, ...]
    outside: tuple[str, ...] = ()
    share: bool = False


_KINDS: Final[dict[str, type[AgesQuery | SeriesQuery | ComponentsQuery | GroupsQuery]]] = {
    "ages": AgesQuery,
    "series": SeriesQuery,
    "components": ComponentsQuery,
    "groups": GroupsQuery,
}


def read(documents: Sequence[Document], measures: Sequence[Measure]) -> pd.DataFrame:
    """Read the population measures; see `reading.Reader`."""
    return each(documents, measures, _one)


def _one(document: Document, measures: Sequence[Measure]) -> pd.DataFrame:
    asked = [(measure, query_by_table(measure, _KINDS)) for measure in measures]
    tables = []
    if document.name.lower().endswith(".csv"):
        for measure, ask in asked:
            if not isinstance(ask, GroupsQuery):
                raise document.error(f"a CSV where {measure.id} asks for a workbook")
            tables.append(_groups(document, measure, ask))
        return pd.concat(tables, ignore_index=True)
    book = Workbook(document)
    ages = _Ages(book) if any(isinstance(ask, AgesQuery) for _, ask in asked) else None
    for measure, ask in asked:
        if isinstance(ask, AgesQuery) and ages is not None:
            tables.append(_of_ages(document, measure, ask, ages))
        elif isinstance(ask, SeriesQuery):
            tables.append(_series(document, measure, ask, book))
        elif isinstance(ask, ComponentsQuery):
            tables.append(_components(document, measure, ask, book))
        else:
            raise document.error(f"a workbook where {measure.id} asks for a CSV")
    return pd.concat(tables, ignore_index=True)


def _title_year(sheet: Sheet) -> str:
    """Give the year of the sheet's title, the last one where it names a span."""
    title = next(
        (str(row[0]) for row in sheet.rows[:6] if row and str(row[0]).startswith("MYE")), ""
    )
    years = re.findall(r"mid-(\d{4})", title, re.IGNORECASE)
    if not years:
        raise sheet.document.error(
            "the title does not say of which year the figures are",
            sheet=sheet.name,
            expected="MYE2: … mid-2023",
            found=title,
        )
    return f"mid-{years[-1]}"


def _rows(table: Table, document: Document) -> pd.Series:
    """Give the codes of the register's areas in a table; notes below it have no code."""
    sheet = table.sheet.name
    codes = table.cells(table.index("code")).astype(str).str.strip()
    codes = codes[codes.str.fullmatch(r"[A-Z]\d{8}")]
    codes = codes[covered(codes, document, sheet=sheet, column="Code")]
    if codes.empty:
        raise document.error("no areas of the register in this table", sheet=sheet)
    return codes


class _Ages:
    """The number of people at each single year of age, checked against all ages."""

    def __init__(self, book: Workbook) -> None:
        document = book.document
        self.sheet = book.sheet(_PERSONS)
        self.year = _title_year(self.sheet)
        table = self.sheet.table("code", "name", "all ages", "0", depth=1)
        self.codes = _rows(table, document)
        columns = table.indices(r"\d+\+?")
        years = [int(header.rstrip("+")) for header in columns.values()]
        if years != list(range(len(years))):
            raise document.error(
                "the single years of age do not follow each other",
                sheet=self.sheet.name,
                row=table.first,
                found=", ".join(columns.values()),
            )
        self.oldest = years[-1]
        block = pd.DataFrame({age: table.cells(at) for age, at in zip(years, columns, strict=True)})
        block = block.loc[self.codes.index]
        # All ages are read at once: there are ninety columns to a sheet.
        read, _ = cells.numbers(
            pd.Series(
                block.to_numpy().ravel(), np.repeat(block.index, block.shape[1]), dtype=object
            ),
            document,
            sheet=self.sheet.name,
            column="single years of age",
        )
        self.counts = pd.DataFrame(
            read.to_numpy().reshape(block.shape), index=block.index, columns=block.columns
        )
        self.all, _ = cells.numbers(
            table.cells(table.index("all ages"))[self.codes.index],
            document,
            sheet=self.sheet.name,
            column="All ages",
        )
        # The oldest column holds everybody of that age and older, whether or not it says so: the
        # ages add up to all.
        wrong = self.codes[(self.counts.sum(axis=1, skipna=False) - self.all).abs().gt(0.5)]
        if len(wrong) or self.counts.isna().to_numpy().any():
            row = int((wrong if len(wrong) else self.codes).index.to_numpy()[0])
            raise document.error(
                "the single years of age do not add up to all ages", sheet=self.sheet.name, row=row
            )

    def people(self, spans: Sequence[str], document: Document) -> pd.Series:
        """Add up the people of some spans of ages."""
        wanted: list[int] = []
        for span in spans:
            found = _AGES.fullmatch(span)
            assert found is not None
            first = int(found["first"])
            last = self.oldest if found["open"] else int(found["last"])
            closed_beyond = not found["open"] and last >= self.oldest
            if first > last or closed_beyond:
                raise document.error(
                    "these ages cannot be told apart in this table",
                    sheet=self.sheet.name,
                    expected=span,
                    found=f"{self.oldest} and over together",
                )
            wanted += range(first, last + 1)
        return self.counts[wanted].sum(axis=1)


def _present(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    return values, pd.Series("published", values.index)


def _of_ages(document: Document, measure: Measure, ask: AgesQuery, ages: _Ages) -> pd.DataFrame:
    people = _present(ages.people(ask.ages, document))
    period = parse_periods(
        pd.Series(ages.year, ages.codes.index), document, measure.years, sheet=ages.sheet.name
    )
    if not ask.over:
        return assemble(measure, area=ages.codes, period=period, value=people[0], status=people[1])
    whole = _present(ages.people(ask.over, document))
    value, status = quotient(people, whole, measure.per)
    return assemble(
        measure,
        area=ages.codes,
        period=period,
        value=value,
        status=status,
        numerator=people[0],
        denominator=whole[0],
    )


def _by_year(table: Table, pattern: str) -> dict[str, int]:
    """Give the columns of a series by the year in their header."""
    found = {}
    for at, header in table.indices(pattern).items():
        matched = re.fullmatch(pattern, header)
        assert matched is not None
        year = matched[1]
        if year in found:
            raise table.sheet.document.error(
                "two columns of one year",
                sheet=table.sheet.name,
                row=table.first,
                column=header,
            )
        found[year] = at
    return found


def _series(document: Document, measure: Measure, ask: SeriesQuery, book: Workbook) -> pd.DataFrame:
    sheet = book.sheet(ask.sheet)
    table = sheet.table("code", "name", ask.value, depth=1)
    codes = _rows(table, document)
    values = _by_year(table, ask.value)
    numerators = _by_year(table, ask.numerator) if ask.numerator else {}
    if numerators and set(numerators) != set(values):
        raise document.error(
            "the years of two kinds of column differ",
            sheet=sheet.name,
            row=table.first,
            expected=", ".join(values),
            found=", ".join(numerators),
        )

    def column(at: int) -> tuple[pd.Series, pd.Series]:
        taken = table.cells(at)[codes.index]
        return cells.numbers(
            taken, document, marks=_MARKS, sheet=sheet.name, column=table.headers[at]
        )

    below = column(table.index(ask.denominator))[0] if ask.denominator else None
    parts = []
    for year, at in values.items():
        value, status = column(at)
        period = pd.Series(f"mid-{year}", codes.index)
        parts.append(
            assemble(
                measure,
                area=codes,
                period=parse_periods(period, document, measure.years, sheet=sheet.name),
                value=value,
                status=status,
                numerator=column(numerators[year])[0] if numerators else None,
                denominator=below,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _components(
    document: Document, measure: Measure, ask: ComponentsQuery, book: Workbook
) -> pd.DataFrame:
    sheet = book.sheet("mye3")
    year = _title_year(sheet)
    after = rf"estimated population {year}"
    table = sheet.table("code", "name", ask.value, after, depth=1)
    codes = _rows(table, document)
    change, people = (
        cells.numbers(
            table.cells(table.index(pattern))[codes.index],
            document,
            marks=_MARKS,
            sheet=sheet.name,
            column=pattern,
        )
        for pattern in (ask.value, after)
    )
    value, status = quotient(change, people, measure.per)
    # The year of change ends with the day of the estimate.
    texts = pd.Series(f"Year ending June {year.removeprefix('mid-')}", codes.index)
    return assemble(
        measure,
        area=codes,
        period=parse_periods(texts, document, measure.years, sheet=sheet.name),
        value=value,
        status=status,
        numerator=change[0],
        denominator=people[0],
    )


def _groups(document: Document, measure: Measure, ask: GroupsQuery) -> pd.DataFrame:
    one_year = bool(re.fullmatch(r"\d{4}", ask.years))
    names = [*ask.area, ask.group, ask.value, *([] if one_year else [ask.years])]
    rows = text.frame(document, names)
    there = rows[ask.group].unique()
    for name in (*ask.groups, *ask.outside):
        if name not in there:
            raise document.error(
                "a group is missing", column=ask.group, expected=name, candidates=there
            )
    # A region's lines have no code of a council, and England's none of a region.
    area = rows[ask.area[0]]
    for name in ask.area[1:]:
        area = area.where(area != "", rows[name])
    rows = rows.assign(area=area, years=ask.years if one_year else rows[ask.years])
    rows = rows[covered(rows["area"], document, column=ask.area[0])]
    value, status = cells.numbers(rows[ask.value], document, column=ask.value)
    counted = rows.assign(value=value, status=status)[~rows[ask.group].isin(ask.outside)]
    repeated = counted.index[counted.duplicated(["area", "years", ask.group])]
    if len(repeated):
        raise document.error(
            "two lines for one area, year and group", row=int(repeated.to_numpy()[0])
        )
    part = _added(counted[counted[ask.group].isin(ask.groups)])
    period = parse_periods(part["years"], document, measure.years, column=ask.years)
    if not ask.share:
        return assemble(
            measure, area=part["area"], period=period, value=part["value"], status=part["status"]
        )
    whole = _added(counted)
    share, why = quotient(
        (part["value"], part["status"]), (whole["value"], whole["status"]), measure.per
    )
    return assemble(
        measure,
        area=part["area"],
        period=period,
        value=share,
        status=why,
        numerator=part["value"],
        denominator=whole["value"],
    )


def _added(rows: pd.DataFrame) -> pd.DataFrame:
    """Add groups up by area and year; where one is missing the sum is, for the same reason."""
    missing = rows["value"].isna()
    whole = rows.groupby(["area", "years"], sort=True)["value"].agg(
        lambda values: values.sum(skipna=False)
    )
    why = rows[missing].drop_duplicates(["area", "years"]).set_index(["area", "years"])["status"]
    return (
        whole.to_frame().assign(status=why.reindex(whole.index).fillna("published")).reset_index()
    )
