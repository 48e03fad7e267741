"""Authorities in local government finance returns, known by their E-code."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from goldenthread import areas
from goldenthread.sources.document import Document

ENGLAND: Final = "E92000001"
#: How the finance tables mark the row of England, in place of an E-code.
_ENGLAND_MARKS: Final = frozenset({"Eng", "ENG", "TE", "E92000001"})
_ECODE: Final = re.compile(r"E\d{4}")
#: Bodies that send finance returns and are no part of the register: police (E70), waste
#: authorities (E62), national and regional parks (E64, E68), and the two parts into which the
#: Greater London Authority's precept is split (E5101, E5102).
_LEFT_OUT: Final = re.compile(r"E(70|62|64|68)\d\d|E510[12]")


def codes(
    rows: pd.DataFrame, document: Document, on: date, *, sheet: str = "", later: bool = False
) -> pd.Series:
    """Give the GSS code of the body that had each row's E-code on a day.

    The E-code comes first because it is on every row of every edition: the GSS code beside it is
    missing in the older ones, is sometimes another council's, and for the Greater London Authority
    is that of London as a region.

    Parameters
    ----------
    rows : pandas.DataFrame
        n rows with a column "ecode" and perhaps "gss", indexed by spreadsheet row number.
    document : Document
        Where they stand, for the error.
    on : datetime.date
        The day: a council that was re-coded has several GSS codes under one E-code.
    sheet : str
        Where they stand, for the error.
    later : bool
        Whether a body that only began after the day is expected, and left out.

    Returns
    -------
    pandas.Series of str
        n codes; "" for a row that is left out: a body outside the register, or one that was not
        there on the day.

    Raises
    ------
    SourceError
        For an E-code that nobody knows.
    """
    ecodes = rows["ecode"].astype(str).str.strip()
    found = pd.Series(areas.codes_for(ecodes, on=on), rows.index, dtype=object)
    if "gss" in rows:
        # Some combined authorities have an E-code that the register does not hold.
        unknown = found.isna() & ~ecodes.map(_is_registered)
        gss = rows["gss"].astype(str).str.strip()
        found = found.mask(unknown & gss.map(areas.is_known), gss)
    found = found.mask(ecodes.isin(_ENGLAND_MARKS), ENGLAND)
    absent = ecodes.map(_is_registered) & (later | ecodes.str.startswith("E63"))
    left_out = found.isna() & (ecodes.str.fullmatch(_LEFT_OUT) | absent)
    strange = found.isna() & ~left_out
    if strange.any():
        row = int(strange[strange].index[0])
        raise document.error(
            "an E-code that is not in the register",
            sheet=sheet,
            column="E-code",
            row=row,
            found=str(ecodes[row]),
        )
    return found.fillna("").astype(str)


def _is_registered(ecode: str) -> bool:
    return ecode in areas.register().numbers


def is_ecode(cells: pd.Series) -> pd.Series:
    """Tell which cells hold an E-code, or the mark of England's row.

    Totals of classes ("SD", "[Y]"), notes and blank rows have neither, and are told apart so.
    """
    texts = cells.astype(str).str.strip()
    return texts.str.fullmatch(_ECODE) | texts.isin(_ENGLAND_MARKS - {"E92000001"})


def of_tier(found: pd.Series, tier: str) -> pd.Series:
    """Tell which codes are of areas that have a measure of a tier; England and regions always do.

    Finance tables have a row and mostly a zero for everybody, whether or not they provide the
    service.

    Parameters
    ----------
    found : pandas.Series of str
        n GSS codes of the register, or "".
    tier : {"upper", "lower", "both", "fire"}
        As in `catalogue.Measure`.

    Returns
    -------
    pandas.Series of bool
        n answers.
    """
    return found.map(
        lambda code: code in areas.register() and areas.register()[code].tier in _tiers(tier)
    )


def _tiers(tier: str) -> Collection[str]:
    own = {"upper": ("upper", "single"), "lower": ("lower", "single"), "fire": ("fire",)}
    return (*own.get(tier, ("upper", "lower", "single")), "region", "country")


def fire_services(found: pd.Series, on: date) -> pd.Series:
    """Give the fire authority in place of the council or mayor that runs its service.

    A county that is its own fire authority reports the service in its own return: its figure is
    that of the fire authority, as it is where the authority is a body of its own.

    Parameters
    ----------
    found : pandas.Series of str
        n GSS codes.
    on : datetime.date
        The day on which the fire authority must have been one.

    Returns
    -------
    pandas.Series of str
        n GSS codes.
    """
    own = set(found)
    runs = {
        area.run_by: area.code
        for area in areas.register().values()
        # An authority that a mayor runs today sent returns of its own before: those count.
        if area.tier == "fire" and area.run_by and area.existed(on) and area.code not in own
    }
    return found.map(runs).fillna(found)


def share(over: pd.Series, under: pd.Series, per: float) -> pd.Series:
    """Give one amount per another; nothing where the other is zero or below."""
    return (over / under.where(under > 0, np.nan)) * per
