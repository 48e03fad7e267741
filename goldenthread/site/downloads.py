"""Figures to take away: a stable address for every measure and every report, with what they mean.

    data/measures/<id>.csv, <id>.json, <id>.csv-metadata.json      one measure
    data/measures/index.csv, index.json                            what there is
    data/reports/<slug>.csv, <slug>.csv-metadata.json, <slug>.xlsx one report's measures
    data/schema.json                                               the columns of all of them

A CSV file holds the table and nothing else, so that Excel and Power BI read it as it is; where it is
from and under what licence stands in the file beside it, as "CSV on the Web" has it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import yaml
from docutils import nodes
from pydantic import BaseModel, ConfigDict
from sphinx.util.docutils import SphinxDirective

from goldenthread import areas, catalogue, observations
from goldenthread.catalogue import Measure
from goldenthread.site import pages, processors, report_blocks, spreadsheets
from goldenthread.site.directives import render
from goldenthread.site.reports import Report
from goldenthread.site.themes import themes
from goldenthread.snapshot import LICENCES, MeasureManifest, snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The page that says what the files hold. A book without it has only the files of what it shows.
PAGE: Final = "book/about/downloads"
FOLDER: Final = "data"
PATH: Final = catalogue.FOLDER / "downloads.yaml"
#: A spreadsheet takes a text that begins so for a formula, and would run it.
_FORMULA: Final = r"^[=+\-@\t\r]"
#: Tells spreadsheets that a text is UTF-8.
_MARK: Final = b"\xef\xbb\xbf"
#: What a missing figure is in a file: nothing.
_MISSING: Final = [""]
_XSD: Final = {"string": "string", "number": "double", "boolean": "boolean", "date": "date"}

Kind = Literal["measure", "report", "index"]


class Field(BaseModel):
    """A column, as Table Schema describes one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: Literal["string", "number", "boolean", "date"]
    description: str
    format: str | None = None
    pattern: str | None = None
    required: bool = False

    def table_schema(self) -> dict[str, Any]:
        """Give it as Table Schema has it."""
        rules = {"required": self.required or None, "pattern": self.pattern}
        if self.name == "status":
            rules["enum"] = list(observations.STATUSES)  # type: ignore[assignment]
        kept = {name: rule for name, rule in rules.items() if rule is not None}
        made = {"name": self.name, "type": self.type, "description": self.description}
        if self.format:
            made["format"] = self.format
        return made | ({"constraints": kept} if kept else {})

    def csvw(self) -> dict[str, Any]:
        """Give it as CSV on the Web has it."""
        return {
            "name": self.name,
            "titles": self.name,
            "datatype": _XSD[self.type],
            "dc:description": self.description,
            "required": self.required,
        }


@cache
def fields(kind: Kind) -> tuple[Field, ...]:
    """Give the columns of a kind of file, in order."""
    known = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    entries = known[kind] + (known["measure"] if kind == "report" else [])
    return tuple(Field.model_validate(entry) for entry in entries)


def schema() -> dict[str, Any]:
    """Describe the columns of all files.

    Returns
    -------
    dict
        For each kind of file a Table Schema.
    """
    return {
        kind: {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": [field.table_schema() for field in fields(kind)],
            "missingValues": _MISSING,
            **({"primaryKey": ["measure"]} if kind == "index" else {}),
        }
        for kind in ("measure", "report", "index")
    }


# --- tables ----------------------------------------------------------------------------------------


def unit(measure: Measure) -> str:
    """Say what the values of a measure are in.

    Examples
    --------
    >>> unit(catalogue.catalogue()["fly-tipping-incidents-per-1000"])
    'per 1,000'
    """
    return f"per {measure.per:,.0f}" if measure.unit == "rate" else measure.unit


def table(figures: pd.DataFrame) -> pa.Table:
    """Lay figures out as they are downloaded.

    Parameters
    ----------
    figures : pandas.DataFrame
        Observations on today's areas, of any number of measures, sorted by measure.

    Returns
    -------
    pyarrow.Table
        The columns of `fields("measure")`, after one with the measure.
    """
    known = areas.register()
    place, codes = pd.factorize(figures["area"])
    about = [known[code] for code in codes]
    given = {
        "measure": figures["measure"],
        "area_code": figures["area"],
        "area_name": pd.Series([area.name for area in about]).take(place),
        "area_kind": pd.Series([area.kind for area in about]).take(place),
        "area_current": pd.Series([area.is_current for area in about]).take(place),
        "period": figures["period_label"],
        **{name: figures[name] for name in ("period_start", "period_end")},
        **{name: figures[name] for name in observations.NUMBERS},
        "status": figures["status"],
        "rebased": figures["status"].eq("rebased")
        | figures["note"].str.contains(_ELSEWHERE, regex=True),
        "note": figures["note"],
    }
    kinds = {
        "string": pa.string(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    types = {"measure": pa.string(), **{f.name: kinds[f.type] for f in fields("measure")}}
    columns = {}
    for name, kind in types.items():
        column = pa.array(given[name].to_numpy(), from_pandas=True)
        column = column.cast(kind)
        columns[name] = _as_text(column) if kind == pa.string() else column
    return pa.table(columns)


#: How re-basing marks a figure that was published for the same area under another code.
_ELSEWHERE: Final = r"(?:^|; )published (?:under|for) "


def _as_text(column: pa.Array) -> pa.Array:
    """Keep a text a text in every spreadsheet, and what is empty empty."""
    safe = pc.replace_substring_regex(column, _FORMULA, r"'\0")
    return pc.if_else(pc.equal(safe, ""), pa.scalar(None, pa.string()), safe)


def _write_csv(path: Path, rows: pa.Table) -> None:
    with path.open("wb") as file:
        file.write(_MARK)
        arrow_csv.write_csv(rows, file, arrow_csv.WriteOptions(eol="\r\n"))


def _write_json(path: Path, data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.write_text(text, encoding="utf-8")


def _listed(rows: pa.Table) -> list[list[Any]]:
    columns = []
    for column in rows.columns:
        kept = pc.strftime(column, "%Y-%m-%d") if pa.types.is_date(column.type) else column
        columns.append(kept.to_pylist())
    return [list(row) for row in zip(*columns)]


# --- what is said beside them ----------------------------------------------------------------------


def entry(identifier: str) -> dict[str, Any]:
    """Give the line of a measure in the index.

    Parameters
    ----------
    identifier : str
        A measure of the catalogue, held or not.

    Returns
    -------
    dict
        By the names of `fields("index")`; None where nothing is known.
    """
    measure = catalogue.catalogue()[identifier]
    source = catalogue.catalogue().source_of(identifier)
    told: dict[str, Any] = dict.fromkeys(field.name for field in fields("index"))
    told |= {
        "measure": measure.id,
        "name": measure.name,
        "theme": themes()[measure.theme].title,
        "definition": measure.definition,
        "numerator": measure.numerator,
        "denominator": measure.denominator,
        "unit": unit(measure),
        "better": measure.polarity,
        "publisher": source.publisher,
        "source": source.title,
        "source_page": source.page,
        "held": identifier in snapshot(),
        "licence": LICENCES[source.licence][0],
        "licence_url": LICENCES[source.licence][1],
    }
    if not told["held"]:
        return told
    held = snapshot().manifest(identifier)
    return told | {
        "publisher": held.publisher,
        "source": held.title,
        "source_page": held.page,
        "release": newest(held),
        "published": held.published and held.published.isoformat(),
        "retrieved": held.retrieved.isoformat(),
        "first_period": held.periods.first,
        "last_period": held.periods.last,
        "licence": held.licence_name,
        "licence_url": held.licence_url,
        "attribution": held.attribution,
        "csv": f"{identifier}.csv",
        "json": f"{identifier}.json",
    }


def newest(held: MeasureManifest) -> str:
    """Name the newest edition of a measure: by its file, where the publisher's name is not known."""
    return held.releases[-1] if held.releases else held.documents[-1].name


def _about(identifier: str) -> dict[str, Any]:
    """Give all that is known of a measure, for a program."""
    measure = catalogue.catalogue()[identifier]
    told = entry(identifier)
    return {name: value for name, value in told.items() if value not in (None, "")} | {
        "caveats": list(measure.caveats),
        "breaks": [{"at": gap.at.isoformat(), "why": gap.why} for gap in measure.breaks],
        "editions": [
            {
                "release": document.release or document.name,
                "published": document.published and document.published.isoformat(),
                "retrieved": document.retrieved.isoformat(),
            }
            for document in snapshot().manifest(identifier).documents
        ],
    }


def csvw(
    file: str, kind: Kind, title: str, description: str, told: Sequence[Mapping[str, Any]]
) -> Any:
    """Describe a CSV file as "CSV on the Web" has it: columns, sources, licences and notes.

    Parameters
    ----------
    file : str
        Its name, beside the description.
    kind : {"measure", "report", "index"}
    title, description : str
    told : sequence of mapping
        What `entry` says of each measure in it.

    Returns
    -------
    dict
    """
    licences = sorted({one["licence_url"] for one in told})
    notes = [
        {"dc:title": one["name"], "dc:description": caveat}
        for one in told
        for caveat in catalogue.catalogue()[one["measure"]].caveats
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file,
        "dc:title": title,
        "dc:description": description,
        "dc:license": [{"@id": licence} for licence in licences],
        "dc:publisher": sorted({one["publisher"] for one in told}),
        "dc:source": [
            {"@id": one["source_page"], "dc:title": f"{one['source']}, {one['release']}"}
            for one in {(o["source"], o["release"]): o for o in told}.values()
        ],
        "dc:rights": sorted({one["attribution"] for one in told if one["attribution"]}),
        "notes": notes,
        "dialect": {
            "encoding": "utf-8",
            "header": True,
            "delimiter": ",",
            "lineTerminators": "\r\n",
        },
        "tableSchema": {
            "columns": [{**field.csvw(), "null": ""} for field in fields(kind)],
        },
    }


# --- files -----------------------------------------------------------------------------------------


def write(out: Path, figures: pd.DataFrame, listed: Iterable[Report] = ()) -> None:
    """Write the files of measures and of reports.

    Parameters
    ----------
    out : pathlib.Path
        The folder of the built site.
    figures : pandas.DataFrame
        Observations on today's areas, sorted by measure.
    listed : iterable of Report
        The reports; their measures are those that there are figures of.
    """
    rows = table(figures[figures["area"].isin(list(areas.register()))])
    starts = rows["measure"].to_pandas()
    spans = {
        str(name): (int(places[0]), len(places))
        for name, places in starts.groupby(starts, sort=False).indices.items()
    }
    folder = out / FOLDER / "measures"
    folder.mkdir(parents=True, exist_ok=True)
    of_measure = {}
    for name, (start, length) in spans.items():
        of_measure[name] = rows.slice(start, length)
        _write_measure(folder, name, of_measure[name].drop_columns(["measure"]))
    _write_index(folder, set(of_measure))
    _write_json(out / FOLDER / "schema.json", schema())
    (out / FOLDER / "reports").mkdir(exist_ok=True)

    def write_report(report: Report) -> None:
        held = [one for one in report.shown if one in of_measure]
        if held:
            _write_report(out / FOLDER / "reports", report, {one: of_measure[one] for one in held})

    for _ in processors.each(write_report, list(listed)):
        pass


def _write_measure(folder: Path, name: str, rows: pa.Table) -> None:
    _write_csv(folder / f"{name}.csv", rows)
    told = _about(name)
    _write_json(
        folder / f"{name}.json",
        {**told, "schema": "../schema.json", "columns": rows.column_names, "rows": _listed(rows)},
    )
    described = csvw(f"{name}.csv", "measure", told["name"], told["definition"], [entry(name)])
    _write_json(folder / f"{name}.csv-metadata.json", described)


def _write_index(folder: Path, written: Collection[str]) -> None:
    told = [entry(name) for name in sorted(catalogue.catalogue())]
    for one in told:
        if one["measure"] not in written:
            # A book without the page about downloads has the files of what it shows alone.
            one.update(csv=None, json=None)
    held = pa.table(
        {
            field.name: pa.array([one[field.name] for one in told])
            if field.type == "boolean"
            else _as_text(pa.array([one[field.name] for one in told], pa.string()))
            for field in fields("index")
        }
    )
    _write_csv(folder / "index.csv", held)
    _write_json(folder / "index.json", {"schema": "../schema.json", "measures": told})


def _write_report(folder: Path, report: Report, held: Mapping[str, pa.Table]) -> None:
    known = catalogue.catalogue()
    parts = []
    for name, rows in held.items():
        measure = known[name]
        for at, (column, text) in enumerate(
            [("measure_name", measure.name), ("unit", unit(measure))], start=1
        ):
            rows = rows.add_column(at, column, pa.repeat(pa.scalar(text), len(rows)))
        parts.append(rows)
    whole = pa.concat_tables(parts)
    # Former areas stand in the measures' own files.
    _write_csv(folder / f"{report.slug}.csv", whole.filter(whole["area_current"]))
    told = [entry(name) for name in held]
    described = csvw(f"{report.slug}.csv", "report", report.title, report.description, told)
    _write_json(folder / f"{report.slug}.csv-metadata.json", described)
    spreadsheets.write(folder / f"{report.slug}.xlsx", report, held)


# --- in the book -----------------------------------------------------------------------------------


class DownloadFields(SphinxDirective):
    """The columns of a kind of file, as a table.

    ```{download-fields} measure
    ```
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        kind = self.arguments[0]
        if kind not in schema():
            raise self.error(
                f"download-fields: expected one of {', '.join(schema())}, not {kind!r}"
            )
        return [render("fields", kind=kind, fields=fields(kind), statuses=observations.STATUSES)]


def register(app: Sphinx) -> None:
    """Register the directive, and have the files written when the pages are."""
    app.add_directive("download-fields", DownloadFields)
    app.connect("build-finished", _finish)


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    if PAGE not in app.env.found_docs:
        shown = pages.shown(app.env)
        held = [snapshot().measure(one, areas="current") for one in shown]
        if held:
            write(out, observations.combine(held))
        return
    listed = list(report_blocks.in_book(app.env).values())
    known = "\n".join([pages.figures_digest(), *(one.model_dump_json() for one in listed)])
    kept = out.parent / ".downloads" / hashlib.sha256(known.encode()).hexdigest()[:12]
    if not kept.is_dir():
        shutil.rmtree(kept.parent, ignore_errors=True)
        unfinished = kept.with_suffix(".part")
        write(unfinished, snapshot().everything(), listed)
        unfinished.rename(kept)
    shutil.copytree(kept, out, dirs_exist_ok=True, copy_function=_link)


def _link(source: str, target: str) -> None:
    """Give a file a second name: there are many, and nobody changes them."""
    Path(target).unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
