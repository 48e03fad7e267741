"""A small made-up project: two sources, three measures, twenty councils, five years."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from goldenthread.refresh import Outcome, refresh

COUNCILS = [f"E060000{number:02d}" for number in range(1, 21)]
YEARS = range(2018, 2023)
COLUMNS = (
    "areacd", "areanm", "geography", "indicator", "period", "observation", "measure", "unit",
    "lci_95", "uci_95", "status", "notes",
)  # fmt: skip
SOURCE = """\
name: {name}
title: Made-up figures about {name}
publisher: Nobody
page: https://example.org/{name}
reader: ons_local
{more}documents:
"""
DOCUMENT = """\
  - id: {id}
    files: ["{id}*.csv"]
    route: direct
    url: https://example.org/{id}.csv
"""
MEASURE = """\
- id: {id}
  name: Made-up {id}
  short: Made-up {id}
  definition: A measure that exists for tests only.
  unit: {unit}
  polarity: null
  tier: both
  control: influences
  frequency: annual
  origin: {{source: {source}, document: {id}, query: {{indicator: {id}, unit: "{unit}"}}}}
  caveats: [It is made up from beginning to end.]
"""
MEASURES = {
    "library-visits": ("libraries", "count"),
    "library-members": ("libraries", "per cent"),
    "fibre-coverage": ("broadband", "per cent"),
}


def figures(measure: str, years: range = YEARS, councils: list[str] = COUNCILS) -> pd.DataFrame:
    """Make what a publisher could publish: a row for each council and year."""
    rows = pd.MultiIndex.from_product([councils, years], names=["areacd", "year"]).to_frame(
        index=False
    )
    place = rows["areacd"].str[-2:].astype(int)
    value = 20 + place * 1.7 + (rows["year"] - 2018) * 0.3
    if MEASURES[measure][1] == "count":
        value = (value * 1000).round()
    return pd.DataFrame(
        {
            "areacd": rows["areacd"],
            "period": rows["year"].astype(str) + "-01-01/P1Y",
            "observation": value.round(2).astype(str),
            "indicator": measure,
            "unit": MEASURES[measure][1],
        }
    ).reindex(columns=list(COLUMNS), fill_value="")


class Project:
    """A folder with a catalogue, and another with publishers' files."""

    def __init__(self, root: Path, more: str = "") -> None:
        self.data, self.files = root / "data", root / "files"
        for folder in (self.data / "catalogue", self.data / "sources", self.files):
            folder.mkdir(parents=True)
        for source in ("broadband", "libraries"):
            self.describe(source, more)
        entries = [MEASURE.format(id=m, source=s, unit=u) for m, (s, u) in MEASURES.items()]
        (self.data / "catalogue" / "made-up.yaml").write_text("".join(entries))
        for measure in MEASURES:
            self.publish(measure)

    @property
    def snapshot(self) -> Path:
        """The folder of the figures."""
        return self.data / "snapshot"

    def describe(self, source: str, more: str = "", documents: str = "") -> None:
        """Write a source's entry, with more fields or other documents."""
        documents = documents or "".join(
            DOCUMENT.format(id=m) for m, (s, _) in MEASURES.items() if s == source
        )
        path = self.data / "sources" / f"{source}.yaml"
        path.write_text(SOURCE.format(name=source, more=more) + documents)

    def publish(self, measure: str, table: pd.DataFrame | None = None, name: str = "") -> Path:
        """Write a publisher's file."""
        path = self.files / (name or f"{measure}.csv")
        table = figures(measure) if table is None else table
        table.to_csv(path, index=False, encoding="utf-8-sig")
        return path

    def refresh(self, *names: str, **options: object) -> dict[str, Outcome]:
        """Refresh from the files."""
        outcomes = refresh(names, folder=self.files, data=self.data, **options)  # type: ignore[arg-type]
        return {outcome.source: outcome for outcome in outcomes}
