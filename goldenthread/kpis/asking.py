"""What a council's own figure makes one ask, and of whom."""

from __future__ import annotations

from functools import cache
from typing import Final

import yaml

from goldenthread import catalogue, questions
from goldenthread.analysis.targets import FAILING
from goldenthread.catalogue import Question
from goldenthread.kpis.judging import Judged

#: How many questions stand beside a figure, and how many cases are few.
MOST: Final = 3
FEW: Final = 10
_OWNER: Final = "the owner"


@cache
def bank() -> dict[str, Question]:
    """Give the questions by situation, in order of weight.

    Examples
    --------
    >>> bank()["missing"].who
    'the owner'
    """
    path = catalogue.FOLDER / "questions" / "own-kpis.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {key: Question.model_validate(entry) for key, entry in entries.items()}


def ask(found: Judged) -> tuple[Question, ...]:
    """Choose three questions: what the finding raises, then what is always worth asking.

    Parameters
    ----------
    found : Judged

    Returns
    -------
    tuple of Question
        Each says whom it suits; the owner by what the definition says.
    """
    published = questions.bank()
    true = _true(found)
    order = [*bank()]
    # A signal comes before what the target says, as in published figures.
    order[order.index("failing") : order.index("failing")] = [
        "signal-worse",
        "signal-better",
        "signal",
    ]
    order[order.index("learn") : order.index("learn")] = ["few", "provisional"]
    raised = [(published | bank())[key] for key in order if true.get(key)]
    return tuple(_addressed(one, found) for one in raised[:MOST])


def _true(found: Judged) -> dict[str, bool]:
    status, variation = found.status, found.variation
    cases = float(found.last["numerator"])
    none = status == "no figure"
    return {
        "conflicting": found.last["status"] == "conflicting",
        "missing": none and found.last["status"] != "conflicting",
        "late": found.late and not none,
        "signal-worse": found.signal and variation == "concerning",
        "signal-better": found.signal and variation == "improving",
        "signal": found.signal and variation == "neutral change",
        "failing": found.assurance == FAILING and status in ("missed", "near"),
        "chance": found.assurance == "hit and miss"
        and status in ("missed", "near")
        and not found.signal,
        "missed": status == "missed" and found.assurance not in (FAILING, "hit and miss"),
        "passing": found.assurance == "consistently passing" and status == "met",
        "no-target": status == "no target",
        "undirected": found.measure.polarity is None,
        "trial": (found.chart.trial or not found.enough) and not none,
        "few": 0 < cases < FEW,
        "provisional": found.last["status"] == "provisional",
        "learn": True,
        "left-out": True,
        "early": True,
    }


def _addressed(question: Question, found: Judged) -> Question:
    """Name the owner of the KPI, where its definition does."""
    owner = str(found.about["owner"])
    if question.who not in (_OWNER, "the head of the service"):
        return question
    named = f"the measure’s owner ({owner})" if owner else "the measure’s owner"
    return question.model_copy(update={"who": named})
