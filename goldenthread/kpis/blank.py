"""The workbook that a council fills in."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Final

import xlsxwriter

from goldenthread.kpis import forms, saving

NAME: Final = "kpis.xlsx"
_READ_ME: Final = (
    "1. On the sheet ‘KPIs’ write one row for each KPI. Only the name is needed. With a direction "
    "(polarity), an owner and a target you get more.",
    "2. On the sheet ‘Figures’ write one row for each KPI and month, quarter or year.",
    "3. Write periods as you are used to: Q1 2024/25, 2024-25 Q1, Apr–Jun 2024, April 2024 or 2024/25.",
    "4. Write figures as numbers: 45%, 1,234 or £3.2m are understood.",
    "5. Where there is no figure, leave the cell empty or write n/a. Never write 0 for a missing figure: a "
    "0 is a figure.",
    "6. Write a numerator and a denominator where you have them, and leave the value empty: it is "
    "worked out.",
    "7. You may add columns and sheets of your own. What is not known here is left alone, and you are told.",
    "8. Save, and run: goldenthread kpis check kpis.xlsx. Or open the KPI app in JupyterLab.",
    "Your figures stay on your computer. Nothing is sent anywhere.",
)


def template(path: str | PathLike[str] = NAME) -> Path:
    """Make the workbook to fill in.

    Parameters
    ----------
    path : path
        An .xlsx file that is not there yet.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    KpiError
        For another kind of file, or one that is there already.
    """
    goal = saving.new(path, (".xlsx",))
    with xlsxwriter.Workbook(str(goal), saving.PLAIN) as workbook:
        workbook.set_properties({"title": "KPIs", "author": "Golden Thread"})
        page = workbook.add_worksheet("Read me")
        page.set_column(0, 0, 110)
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "font_size": 12})
        heading = workbook.add_format({"bold": True, "font_size": 16})
        page.write_string(0, 0, "Your KPIs: how to fill in this workbook", heading)
        for number, text in enumerate(_READ_ME, start=2):
            page.write_string(number, 0, text, wrapped)
        forms.definitions(workbook, [])
        headers = [header for name, header in forms.FIGURES.items() if name != "area"]
        forms.figures(workbook, [], headers)
    return goal
