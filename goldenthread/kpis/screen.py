"""A council's own KPIs in JupyterLab, without code: read, put right, look, save."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets
from IPython.display import display

from goldenthread.kpis import cards, own, pictures, saving
from goldenthread.kpis.own import Kpis
from goldenthread.kpis.problems import KpiError, Problem

#: How many problems of a kind are listed before it is said that there are more.
LISTED: Final = 100
_HEADINGS: Final = {
    "error": "To put right",
    "warning": "To look at",
    "note": "To know",
}
_COLUMNS: Final = {
    "name": "KPI",
    "period": "Period",
    "shown": "Figure",
    "aim": "Target",
    "status": "Against the target",
    "variation": "Over time",
    "assurance": "What to expect",
}
#: JupyterLab sets tables to the right; texts are read from the left.
_LEFT: Final = "text-align: left; vertical-align: top"
_PRIVATE: Final = "Your file is read on this computer. Nothing is sent anywhere."


class App:
    """The parts of the app, so that a program can use it as a person does.

    Attributes
    ----------
    path : ipywidgets.Text
        Where the file is; several names are separated by semicolons.
    upload : ipywidgets.FileUpload
    read : ipywidgets.Button
    message : ipywidgets.HTML
        What happened last, read aloud by screen readers.
    problems : ipywidgets.HTML
    area, kpi, period : ipywidgets.Dropdown
    words : ipywidgets.HTML
        The finding of the chosen KPI, with its questions.
    chart : ipywidgets.Output
    scorecard : ipywidgets.HTML
    target : ipywidgets.Text
        The name of the file to save to.
    save, save_card : ipywidgets.Button
    kpis : Kpis or None
        What was read last.
    view : ipywidgets.VBox
        All of it.
    """

    def __init__(self) -> None:
        wide = widgets.Layout(width="auto")
        label = {"description_width": "initial"}
        self.kpis: Kpis | None = None
        self.path = widgets.Text(
            description="File, or files separated by ;",
            placeholder="kpis.xlsx",
            style=label,
            layout=wide,
        )
        self.upload = widgets.FileUpload(
            accept=".xlsx,.xlsm,.ods,.csv,.tsv", multiple=True, description="Choose files"
        )
        self.read = widgets.Button(description="Read", tooltip="Read the file named here")
        self.message = widgets.HTML()
        self.problems = widgets.HTML()
        self.area = widgets.Dropdown(description="Area", style=label)
        self.kpi = widgets.Dropdown(description="KPI", style=label, layout=wide)
        self.period = widgets.Dropdown(description="Up to", style=label)
        self.words = widgets.HTML()
        self.chart = widgets.Output()
        self.scorecard = widgets.HTML()
        self.target = widgets.Text(
            value="kpis-cleaned.xlsx", description="Save as", style=label, layout=wide
        )
        self.save = widgets.Button(
            description="Save cleaned copy", layout=wide, tooltip="Figures and definitions"
        )
        self.save_card = widgets.Button(
            description="Save scorecard", layout=wide, tooltip="As .xlsx, .csv or .html"
        )
        self._results = widgets.VBox(
            [
                _heading("What to put right or to look at"),
                self.problems,
                widgets.HBox([self.area, self.period]),
                _heading("One KPI"),
                self.kpi,
                self.words,
                self.chart,
                _heading("All KPIs"),
                self.scorecard,
                _heading("Save"),
                self.target,
                widgets.HBox([self.save, self.save_card]),
            ]
        )
        self._results.layout.display = "none"
        self.view = widgets.VBox(
            [
                _heading("Your own KPIs"),
                widgets.HTML(f"<p>{_PRIVATE}</p>"),
                self.path,
                widgets.HBox([self.read, self.upload]),
                self.message,
                self._results,
            ]
        )
        self._quiet = False
        self.read.on_click(lambda _: self._named())
        self.upload.observe(self._uploaded, "value")
        self.area.observe(self._chosen_area, "value")
        self.period.observe(self._changed, "value")
        self.kpi.observe(lambda _: self._one(), "value")
        self.save.on_click(lambda _: self._save())
        self.save_card.on_click(lambda _: self._save_card())

    def _ipython_display_(self) -> None:
        display(self.view)  # type: ignore[no-untyped-call]

    # --- reading ---------------------------------------------------------------------------------

    def _named(self) -> None:
        names = [name.strip().strip('"') for name in self.path.value.split(";")]
        paths = [Path(name).expanduser() for name in names if name]
        if not paths:
            self._say("Write the name of your file first, or choose it.", alarm=True)
            return
        self._open(paths)

    def _uploaded(self, change: Any) -> None:
        files = change["new"]
        if not files:
            return
        # The reader takes files by their names; copies are gone as soon as they are read.
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for file in files:
                path = Path(folder) / Path(file["name"]).name
                path.write_bytes(bytes(file["content"]))
                paths.append(path)
            self._open(paths)

    def _open(self, paths: list[Path]) -> None:
        try:
            self.kpis = own.read(paths)
        except KpiError as error:
            self.kpis = None
            self._results.layout.display = "none"
            self._say(str(error), alarm=True)
            return
        self._say(f"Read: {self.kpis.summary}.")
        self.problems.value = _listed(self.kpis.problems)
        self._results.layout.display = ""
        self._quiet = True
        self.area.options = self.kpis.areas
        self.area.value = self.kpis.area if self.kpis.areas else None
        self.area.layout.display = "" if len(self.kpis.areas) > 1 else "none"
        self._quiet = False
        self._offer()

    def _chosen_area(self, change: Any) -> None:
        if not self._quiet and self.kpis is not None and change["new"] is not None:
            self.kpis = self.kpis.of(change["new"])
            self._offer()

    def _offer(self) -> None:
        """Offer the KPIs and periods of the chosen area, and show the first."""
        assert self.kpis is not None
        frame = self.kpis.frame
        rows = frame[(frame["area"] == self.kpis.area) & frame["main"]]
        ends = rows.sort_values("end", ascending=False)["period"].drop_duplicates()
        self._quiet = True
        self.period.options = [("the latest", None), *((one, one) for one in ends)]
        self.period.value = None
        named = rows.drop_duplicates("kpi")
        self.kpi.options = list(zip(named["name"], named["kpi"]))
        self.kpi.value = None if named.empty else named["kpi"].iloc[0]
        self._quiet = False
        self._changed()

    # --- showing ---------------------------------------------------------------------------------

    def _changed(self, change: Any = None) -> None:
        if self._quiet or self.kpis is None:
            return
        self._one()
        try:
            self.scorecard.value = _card(cards.scorecard(self.kpis, self.period.value))
        except KpiError as error:
            self.scorecard.value = f"<p>{html.escape(str(error))}</p>"

    def _one(self) -> None:
        if self._quiet or self.kpis is None or self.kpi.value is None:
            return
        self.chart.outputs = ()
        try:
            found = cards.finding(self.kpis, self.kpi.value, self.period.value)
            self.words.value = found._repr_html_()
            drawn = pictures.control_chart(self.kpis, self.kpi.value, self.period.value)
        except KpiError as error:
            self.words.value = f"<p>{html.escape(str(error))}</p>"
            return
        self.chart.append_display_data(drawn)

    def _say(self, text: str, *, alarm: bool = False) -> None:
        role = "alert" if alarm else "status"
        self.message.value = f'<p role="{role}"><strong>{html.escape(text)}</strong></p>'

    # --- saving ----------------------------------------------------------------------------------

    def _save(self) -> None:
        if (read := self.kpis) is not None:
            self._write(lambda path: saving.save(read, path))

    def _save_card(self) -> None:
        if self.kpis is not None:
            card = cards.scorecard(self.kpis, self.period.value)
            self._write(lambda path: saving.save_scorecard(card, path))

    def _write(self, write: Callable[[Path], Path]) -> None:
        try:
            made = write(Path(self.target.value.strip()).expanduser())
        except (KpiError, OSError) as error:
            self._say(str(error), alarm=True)
            return
        self._say(f"Saved: {made.resolve()}")


def app() -> App:
    """Open the app for a council's own KPIs in a notebook: a line, and no more code.

    It works by keyboard: Tab goes from one part to the next, Enter or the space bar presses a button.

    Returns
    -------
    App

    Examples
    --------
    >>> app().read.description
    'Read'
    """
    return App()


def _heading(text: str) -> widgets.HTML:
    return widgets.HTML(f"<h3>{text}</h3>")


def _listed(problems: tuple[Problem, ...]) -> str:
    """List problems under a heading for each kind; notes are folded."""
    if not problems:
        return "<p>Nothing.</p>"
    made = []
    for level, heading in _HEADINGS.items():
        held = [one for one in problems if one.level == level]
        if not held:
            continue
        lines = "".join(f"<li>{html.escape(str(one))}</li>" for one in held[:LISTED])
        more = f"<li>and {len(held) - LISTED:,} more</li>" if len(held) > LISTED else ""
        wide = " open" if level == "error" else ""
        made.append(
            f"<details{wide}><summary>{heading} ({len(held):,})</summary>"
            f"<ul>{lines}{more}</ul></details>"
        )
    return "".join(made)


def _card(card: Any) -> str:
    """Write a scorecard as a table, verdicts as signs and words."""
    heads = "".join(f'<th scope="col" style="{_LEFT}">{text}</th>' for text in _COLUMNS.values())
    lines = []
    for row in card.to_dict("records"):
        cells = [html.escape(str(row[name])) for name in ("period", "shown", "aim")]
        for kind in ("status", "variation", "assurance"):
            said = f"{row[f'{kind}_sign']} {row[f'{kind}_words']}".strip()
            cells.append(html.escape(said))
        cells = [f'<td style="{_LEFT}">{cell}</td>' for cell in cells]
        first = f'<th scope="row" style="{_LEFT}">{html.escape(str(row["name"]))}</th>'
        lines.append(f"<tr>{first}{''.join(cells)}</tr>")
    return (
        f'<table class="figures words"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
