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
#: How many of them the finding itself may raise; the measure's own fill the rest.
RAISED: Final = 2
#: Situations in which the figure says nothing about the service here, so that only who does is asked.
_INSTEAD: Final = ("missing", "new", "elsewhere")


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
    return {
        "elsewhere": bool(found["exempt"]),
        "signal-worse": signal and worse,
        "signal-better": signal and better,
        "signal": signal and not (better or worse),
        "slipping": best and worse,
        "recovering": worst and better and not chance,
        "worse": worse and not signal and not best,
        "weak": worst and not chance,
        "unmoved": worst and not chance and found["change"] == "steady",
        "noise": chance and pd.notna(found["rank"]),
        "strong": best and not worse and not chance,
        "different": pd.isna(found["rank"])
        and found["quarter"] in (1, 4)
        and found["against_median"] in ("higher", "lower"),
        "few": bool(found["small"]),
        "basis": bool(found["basis"]),
        "old": found["currency"] == "out of date",
        "provisional": bool(found["provisional"]),
        "county": found["shown"] != found["area"] and found["kind"] == "county",
    }


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
    keys = situations(found)
    raised = [bank()[key] for key in keys[:RAISED]]
    if not keys and pd.isna(found["shown"]):
        return []
    if keys and keys[0] in _INSTEAD:
        return raised
    return [*raised, *measure.questions][:MOST]
