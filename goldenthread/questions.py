"""What a finding makes one ask, and of whom."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import pandas as pd
import yaml

from goldenthread import catalogue
from goldenthread.catalogue import Measure, Question

#: How many questions stand beside a figure.
MOST: Final = 3
#: How many figures a recent trend needs.
FIVE: Final = 5
#: How many of them the finding itself may raise; the measure's own fill the rest.
RAISED: Final = 2


@cache
def bank() -> dict[str, Question]:
    """Give the questions that findings raise, by situation and in order of weight.

    Returns
    -------
    dict of str to Question

    Examples
    --------
    >>> bank()["missing"].who
    'the performance lead'
    """
    path = catalogue.FOLDER / "questions" / "findings.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {key: Question.model_validate(entry) for key, entry in entries.items()}


def situations(found: Mapping[str, Any]) -> list[str]:
    """Tell what about a finding is worth a question.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`, with its `area`.

    Returns
    -------
    list of str
        Keys of `bank`, what matters most first; nothing where there is nothing to ask.
    """
    if pd.isna(found["shown"]):
        return []
    if pd.isna(found["value"]):
        if found["exempt"]:
            return ["elsewhere"]
        return ["new" if found["is_new"] else "missing"]
    true = _true(found)
    return [key for key in bank() if true.get(key)]


def _true(found: Mapping[str, Any]) -> dict[str, bool]:
    """Tell which situations hold for a figure that there is."""
    signal = found["change_by"] == "signal" and found["change"] != "steady"
    better, worse = found["change_is"] == "better", found["change_is"] == "worse"
    best, worst = found["quartile"] == 1, found["quartile"] == 4
    chance = found["against_median"] == "similar"
    slipping = best and worse and not chance
    return {
        "elsewhere": bool(found["exempt"]),
        "county": found["shown"] != found["area"] and found["kind"] == "county",
        "signal-worse": signal and worse,
        "signal-better": signal and better,
        "signal": signal and not (better or worse),
        "slipping": slipping,
        "recovering": worst and better and not chance,
        "worse": worse and not signal and not slipping,
        "weak": worst and not chance,
        "unmoved": worst and not chance and found["change"] == "steady",
        "noise": chance and pd.notna(found["rank"]),
        "strong": best and not worse and not chance,
        "different": pd.isna(found["rank"])
        and found["quarter"] in (1, 4)
        and found["against_median"] in ("higher", "lower"),
        "gap": _gap(found),
        "few": bool(found["small"]) and found["numerator"] > 0,
        "basis": bool(found["basis"]),
        "old": found["currency"] == "out of date",
        "provisional": bool(found["provisional"]),
    }


def _gap(found: Mapping[str, Any]) -> bool:
    """Tell whether a year is missing among the last five of a series that is published every year.

    With five figures or more since the last break, and that break not among the last five years,
    only a missing year keeps a trend from being calculated.
    """
    return bool(
        found["trend"] == "cannot be calculated"
        and found["points"] >= FIVE
        and not found["broken"]
        and found["currency"]
    )


def questions(found: Mapping[str, Any], measure: Measure) -> list[Question]:
    """Choose two or three questions: what the finding raises, then the measure's own.

    Parameters
    ----------
    found : mapping
        A row of `findings.table`, with its `area`.
    measure : Measure

    Returns
    -------
    list of Question
        Each says which officer or committee it suits.
    """
    raised = [bank()[key] for key in situations(found)[:RAISED]]
    # Without a figure there is nothing to ask of it but why, and who knows.
    own = () if pd.isna(found["value"]) else measure.questions
    return [*raised, *own][:MOST]
