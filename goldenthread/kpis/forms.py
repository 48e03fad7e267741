"""The sheets of the template and of cleaned copies: a form that people fill in and programs read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

#: The columns of the sheet of definitions, by what they are: header, what to write, width.
DEFINITIONS: Final[Mapping[str, tuple[str, str, int]]] = {
    "id": ("ID", "A short code that stays, such as W1. Optional.", 10),
    "name": ("Name", "What it is called, such as: Missed bins", 34),
    "service": ("Service", "Which service it belongs to", 18),
    "why": ("Why it matters", "What it tells residents or members", 34),
    "definition": ("Definition", "Exactly what is counted", 44),
    "counted": ("Numerator", "In words: what is counted, such as: bins missed", 26),
    "out_of": ("Denominator", "In words: out of what, such as: collections due", 26),
    "unit": ("Unit", "%, £, days, number, or: per 1,000 residents", 16),
    "decimals": ("Decimals", "How many decimals it is written with. Optional.", 10),
    "polarity": ("Polarity", "Which way is better: high, low, or neither", 12),
    "frequency": ("Frequency", "monthly, quarterly or yearly", 12),
    "source": ("Source", "Where the figure comes from", 22),
    "owner": ("Owner", "A role, not a person: Head of waste", 22),
    "target": ("Target", "Where it is the same for all periods", 10),
    "tolerance": ("Tolerance", "By how much it may be missed and still be near, in the same unit", 10),
    "quality": ("Quality notes", "What a reader must know of it", 30),
    "breaks": ("Breaks", "From when it is counted in another way: 2023-04-01", 14),
}  # fmt: skip
#: The columns of the sheet of figures.
FIGURES: Final[Mapping[str, str]] = {
    "name": "KPI",
    "area": "Area",
    "period": "Period",
    "value": "Value",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "target": "Target",
    "tolerance": "Tolerance",
    "comment": "Comment",
}
#: What is written where there is no figure, by why there is none.
MARKS: Final[Mapping[str, str]] = {
    "not available": "n/a",
    "not applicable": "[z]",
    "suppressed": "[c]",
    "unreliable": "[u]",
    "negligible": "[low]",
    "unreadable": "n/a",
    "conflicting": "n/a",
}
_WIDTHS: Final = {
    "KPI": 36, "Period": 26, "Comment": 50, "In words": 80, "Service": 18, "Area": 18, "Owner": 22,
    "Against the target": 30, "Over time": 32, "What to expect": 30, "Target": 24, "Figure": 18,
}  # fmt: skip
#: For so many rows a sheet of the template lists what may be chosen.
_CHOICES: Final = 1_000


def sheet(
    workbook: Any,
    name: str,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[str] = (),
) -> Any:
    """Write a sheet: a title, the header, the rows; the header stays in sight.

    Parameters
    ----------
    workbook : xlsxwriter.Workbook
        Made with `saving.PLAIN`, so that no text becomes a formula or a link.
    name, title : str
    headers : sequence of str
    rows : iterable of sequence
        Cells as `saving.cell` gives them.
    notes : sequence of str
        What to write below each header, as a message at the cell.
    """
    made = workbook.add_worksheet(name)
    bold = workbook.add_format({"bold": True, "font_size": 14})
    head = workbook.add_format(
        {
            "bold": True,
            "bg_color": "#12436D",
            "font_color": "#FFFFFF",
            "text_wrap": True,
            "valign": "top",
        }
    )
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    made.write_string(0, 0, title, bold)
    for at, header in enumerate(headers):
        made.write_string(2, at, header, head)
        made.set_column(at, at, _WIDTHS.get(header, 13), wrapped)
        if notes:
            made.write_comment(2, at, notes[at], {"x_scale": 2})
    for number, row in enumerate(rows, start=3):
        for at, value in enumerate(row):
            if isinstance(value, str):
                made.write_string(number, at, value)
            elif value is not None:
                made.write_number(number, at, float(value))
    made.freeze_panes(3, 1)
    return made


def definitions(workbook: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the sheet of definitions."""
    headers = [header for header, _, _ in DEFINITIONS.values()]
    notes = [note for _, note, _ in DEFINITIONS.values()]
    cells = [[row.get(name) for name in DEFINITIONS] for row in rows]
    made = sheet(workbook, "KPIs", "What each KPI is: one row for each", headers, cells, notes)
    for at, (name, (_, _, width)) in enumerate(DEFINITIONS.items()):
        made.set_column(at, at, width)
        choices = {
            "polarity": ["high", "low", "neither"],
            "frequency": ["monthly", "quarterly", "yearly"],
        }.get(name)
        if choices:
            made.data_validation(3, at, _CHOICES, at, {"validate": "list", "source": choices})


def figures(workbook: Any, rows: Sequence[Sequence[Any]], headers: Sequence[str]) -> None:
    """Write the sheet of figures."""
    sheet(workbook, "Figures", "Figures: one row for each KPI and period", headers, rows)
