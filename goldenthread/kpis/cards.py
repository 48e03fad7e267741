"""All KPIs at a glance: verdicts in words and shapes, the colour left to whoever draws them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from goldenthread import writing
from goldenthread.analysis.control import icon
from goldenthread.kpis import asking, judging, sentences
from goldenthread.kpis.judging import Judged
from goldenthread.kpis.own import Kpis
from goldenthread.workbench import Finding, Table

#: The sign of each verdict, for a page without colour. None begins a formula.
SIGNS: Final[dict[str, str]] = {
    "met": "✓",
    "near": "≈",
    "missed": "✗",
    "no target": "○",
    "no figure": "?",
    "cannot tell": "?",
    "common cause": "○",
    "improving": "▲",
    "concerning": "▼",
    "neutral change": "◆",
    "consistently passing": "■",
    "consistently failing": "☒",
    "hit and miss": "□",
    "": "",
}
#: What a status of the target means, in words.
STATUS: Final[dict[str, str]] = {
    "met": "target met",
    "near": "within tolerance of the target",
    "missed": "target missed",
    "no target": "no target",
    "no figure": "no figure",
    "cannot tell": "no agreed direction",
}


def scorecard(kpis: Kpis, period: str | None = None) -> pd.DataFrame:
    """Judge every KPI at a period: how it stands to its target, and what the limits say.

    Parameters
    ----------
    kpis : Kpis
    period : str, optional
        What the report is for: "Q1 2024/25", "June 2024", "2024/25". A KPI is judged at the last of its
        own periods up to the end of that, and has no figure if that is missing; one that begins later
        is left out. Without a period each is judged at its own latest, and it is said where others
        have newer ones.

    Returns
    -------
    pandas.DataFrame
        By `kpi`, in the order of the file:

        - `name`, `service`, `owner`, `period`;
        - `value`, `shown` (with its unit), `target`, `aim` ("at least 95%"), `tolerance`;
        - `status` ("met", "near", "missed", "no target", "no figure", "cannot tell"), `status_words`,
          `status_sign`;
        - `previous`, `previous_shown`, `previous_period`, `moved` ("up", "down", "the same" or "");
        - `variation` (one of `analysis.control.VARIATION`, or ""), `variation_words`,
          `variation_sign`;
        - `assurance` (one of `analysis.control.ASSURANCE`, or ""), `assurance_words`,
          `assurance_sign`;
        - `points` (how many figures set the limits), `trial` (whether they are fewer than 13),
          `seasonal`, `late`;
        - `exception`, and `why` it is one, in words;
        - `finding`, `comment` (the officer's, from the file), `history` (a tuple of the last
          24 values, NaN where there is none, for a small line).

    Raises
    ------
    KpiError
        For a period that cannot be read, or before all figures.

    Examples
    --------
    >>> from goldenthread.kpis.own import read
    >>> from goldenthread.teaching.frames import FOLDER
    >>> card = scorecard(read([FOLDER / f"{n}.csv" for n in ("kpis", "definitions", "targets")]))
    >>> card.loc["nm-missed-bins", ["shown", "aim", "status", "assurance"]].tolist()
    ['65.6 per 100,000', 'at most 80.0 per 100,000', 'met', 'hit and miss']
    """
    rows = [_row(found) for found in judging.judged(kpis, period)]
    return Table(pd.DataFrame(rows).set_index("kpi"))


def _row(found: Judged) -> dict[str, Any]:
    last, before, status = found.last, found.before, found.status
    known = not np.isnan(found.value)
    previous = np.nan if before is None else float(before["value"])
    why = _why(found)
    return {
        "kpi": found.key,
        "name": found.name,
        "service": found.about["service"],
        "owner": found.about["owner"],
        "period": last["period"],
        "value": found.value,
        "shown": writing.spoken(found.value, found.measure) if known else "no figure",
        "target": found.target,
        "aim": sentences.aimed(found),
        "tolerance": float(last["tolerance"]),
        "status": status,
        "status_words": STATUS[status],
        "status_sign": SIGNS[status],
        "previous": previous,
        "previous_shown": "" if np.isnan(previous) else writing.spoken(previous, found.measure),
        "previous_period": "" if before is None else before["period"],
        "moved": _moved(found, previous),
        **_verdict("variation", found.variation),
        **_verdict("assurance", found.assurance if known else ""),
        "points": found.chart.points,
        "trial": found.chart.trial,
        "seasonal": found.seasonal,
        "late": found.late,
        "exception": bool(why),
        "why": "; ".join(why),
        "finding": _text(found),
        "comment": last["comment"],
        "history": tuple(found.table["value"].tail(24)),
    }


def _verdict(kind: str, verdict: str) -> dict[str, str]:
    return {
        kind: verdict,
        f"{kind}_words": icon(verdict).word if verdict else "",
        f"{kind}_sign": SIGNS[verdict],
    }


def _moved(found: Judged, previous: float) -> str:
    if np.isnan(found.value) or np.isnan(previous):
        return ""
    if writing.same(found.value, previous, found.measure):
        return "the same"
    return "up" if found.value > previous else "down"


def _why(found: Judged) -> list[str]:
    """Say why a KPI is an exception: what a report is to explain, and chance is not."""
    said = []
    if found.status == "no figure":
        return ["no figure"]
    if found.late:
        said.append("no newer figure")
    if found.signal and found.variation == "concerning":
        said.append("getting worse by more than chance")
    if found.status == "missed":
        said.append("target missed")
    if found.assurance == "consistently failing":
        said.append("not able to meet its target as it works now")
    return said


def _text(found: Judged) -> str:
    parts = [sentences.level(found), sentences.change(found)]
    parts += [sentences.assurance(found)] if not np.isnan(found.value) else []
    return " ".join(filter(None, [*parts, sentences.late(found)]))


def finding(kpis: Kpis, name: str, period: str | None = None, *, reach: bool = False) -> Finding:
    """Say what is found of one KPI, with cautions and questions.

    Parameters
    ----------
    kpis : Kpis
    name : str
        Its code or name.
    period : str, optional
        As for `scorecard`.
    reach : bool
        Say also whether a target that is missed can be reached by the end of the financial year. It
        takes several forecasts, and so some seconds for a long series.

    Returns
    -------
    goldenthread.workbench.Finding
        `text`, `beside` (what `reach` asks for), `cautions`, `questions` (each with
        `ask` and `who`), `source` (the files); `found` is the row of `scorecard`.

    Raises
    ------
    KpiError
        For a KPI or period that there is not.

    Examples
    --------
    >>> from goldenthread.kpis.own import read
    >>> from goldenthread.teaching.frames import FOLDER
    >>> northmere = read([FOLDER / f"{n}.csv" for n in ("kpis", "definitions", "targets")])
    >>> finding(northmere, "Missed bins").text.partition(",")[0]
    'Missed bins: 65.6 per 100'
    """
    found = judging.judge(kpis, name, period)
    return Finding(
        found=_row(found),
        text=_text(found),
        beside=tuple(filter(None, [sentences.reach(found) if reach else ""])),
        cautions=sentences.cautions(found),
        questions=asking.ask(found),
        source=source(kpis),
    )


def source(kpis: Kpis) -> str:
    """Name the files that the figures come from."""
    return f"the council’s own figures ({', '.join(kpis.files)})"
