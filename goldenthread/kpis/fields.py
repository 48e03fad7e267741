"""What a column is, by the words people put above it."""

from __future__ import annotations

import re
from typing import Final

from goldenthread.sources.workbook import plain

#: The words above a column, by what it is. Those of the template come first.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "id": (
        "id", "kpi id", "kpi ref", "kpi reference", "kpi no", "kpi number", "kpi code", "ref", "ref no",
        "ref.", "reference", "code", "pi ref", "pi no", "pi code", "indicator id", "indicator ref",
        "indicator code", "indicator no", "measure id", "measure ref", "measure code", "no", "no.",
    ),
    "name": (
        "kpi", "kpis", "name", "kpi name", "title", "kpi title", "short name", "indicator",
        "indicator name", "indicator title", "measure", "measures", "measure name", "performance indicator",
        "performance indicators", "performance measure", "key performance indicator",
        "key performance indicators", "pi", "pi name", "metric", "metric name", "what we measure",
        "kpi description", "indicator description", "name of kpi", "name of indicator", "name of measure",
    ),
    "area": ("area", "place", "town", "ward", "locality", "neighbourhood", "district"),
    "period": (
        "period", "quarter", "qtr", "month", "date", "reporting period", "time period", "period ending",
        "period end", "quarter ending", "quarter ended", "month ending", "starts", "period start",
        "quarter/month", "month/quarter", "reporting date", "week",
    ),
    "year": ("year", "financial year", "fin year", "fy", "fiscal year", "yr", "reporting year"),
    "value": (
        "value", "actual", "result", "results", "performance", "outturn", "figure", "actual value",
        "actual performance", "current", "current value", "current performance", "latest", "score",
        "this quarter", "this month", "this period", "actuals", "achieved", "performance this quarter",
    ),
    "numerator": ("numerator", "num", "num.", "top number", "number of cases"),
    "denominator": ("denominator", "denom", "den", "den.", "out of", "base", "bottom number"),
    "target": ("target", "targets", "target value", "goal", "aim", "plan", "planned", "quarter target"),
    "tolerance": (
        "tolerance", "tolerances", "tolerance (+/-)", "amber tolerance", "variance allowed",
        "allowed variance", "amber within",
    ),
    "polarity": (
        "polarity", "better", "which way is better", "good is", "what is good", "better is",
        "direction of improvement", "desired direction", "good to be", "aim to", "high or low is good",
        "better when", "preferred direction", "good performance is",
    ),
    "unit": ("unit", "units", "unit of measure", "unit of measurement", "measured in", "format"),
    "per": ("per", "per how many"),
    "decimals": ("decimals", "decimal places", "dp"),
    "owner": (
        "owner", "kpi owner", "responsible officer", "lead officer", "lead", "responsible", "accountable",
        "measure owner", "indicator owner", "accountable officer", "head of service", "officer",
        "data owner", "service lead",
    ),
    "service": (
        "service", "service area", "directorate", "department", "team", "portfolio", "division", "theme",
        "priority",
    ),
    "comment": (
        "comment", "comments", "commentary", "note", "notes", "narrative", "explanation", "remarks",
        "latest comment", "officer comment", "performance comment", "analysis",
    ),
    "definition": (
        "definition", "description", "what it counts", "what is counted", "how it is calculated",
        "calculation", "methodology", "measure definition", "kpi definition",
    ),
    "frequency": ("frequency", "reported", "how often", "reporting frequency", "collection frequency"),
    "why": ("why it matters", "why", "purpose", "rationale"),
    "source": ("source", "data source", "where the figure comes from"),
    "quality": ("quality notes", "quality note", "data quality", "quality", "caveat", "caveats"),
    "since": ("since", "definition from", "valid from", "in use since"),
    "breaks": ("breaks", "break", "break in series", "breaks in the series", "definition changed"),
}  # fmt: skip
#: Columns that hold a verdict of somebody's own. It is worked out anew, so that all are judged alike.
VERDICTS: Final = frozenset(
    """rag|rag status|rag rating|status|traffic light|trend|direction of travel|dot|variance|
    difference|change|on target|on target?|performance status|short term trend|long term trend|
    previous|previous quarter|last quarter|last period|previous value|red threshold|amber threshold|
    red amber green""".replace("\n    ", "").split("|")
)
#: Those that are text of a KPI and not of one of its figures.
TEXTS: Final = (
    "polarity", "unit", "owner", "service", "definition", "frequency", "why", "source", "quality"
)  # fmt: skip
#: No header is longer, once its spaces are single.
LONGEST: Final = 200
_BY_WORD: Final = {word: field for field, words in WORDS.items() for word in words}
_TAIL: Final = re.compile(r"\s*(?:\([^)]*\)|\[[^\]]*\]|[:*†])\s*$")
#: The words within a header that say which of a period's figures it is.
PARTS: Final[dict[str, re.Pattern[str]]] = {
    "numerator": re.compile(r"\bnumerator\b"),
    "denominator": re.compile(r"\bdenominator\b"),
    "tolerance": re.compile(r"\btolerance\b"),
    "target": re.compile(r"\b(?:target|goal|plan)\b"),
    "comment": re.compile(r"\b(?:comments?|commentary|notes?|narrative)\b"),
    "value": re.compile(r"\b(?:actuals?|results?|outturn|value|performance|figure|achieved)\b"),
}
_VERDICT: Final = re.compile(
    r"\b(?:rag|status|variance|trend|direction of travel|dot|traffic light|change|difference)\b"
)


def field(header: str) -> str:
    """Tell what a column is.

    Parameters
    ----------
    header : str
        The text above it.

    Returns
    -------
    str
        A key of `WORDS`; "verdict" for a colour or an arrow; "" where it cannot be told.

    Examples
    --------
    >>> field("Responsible Officer"), field("Actual (%)"), field("RAG"), field("Weather")
    ('owner', 'value', 'verdict', '')
    """
    if len(header) > LONGEST:
        return ""
    text = plain(header).strip(" '")
    for tried in (text, _TAIL.sub("", text), text.replace("_", " "), text.rstrip("s.")):
        if tried in _BY_WORD:
            return _BY_WORD[tried]
        if tried in VERDICTS:
            return "verdict"
    return ""


def part(header: str) -> tuple[str, str]:
    """Split a header such as "Q1 2024/25 Actual" into which figure it is, and the rest.

    Examples
    --------
    >>> part("Q1 2024/25 Actual"), part("Q1 2024/25"), part("Q1 RAG")
    (('value', 'q1 2024/25'), ('value', 'q1 2024/25'), ('verdict', 'q1'))
    """
    text = plain(header)
    if _VERDICT.search(text):
        return "verdict", " ".join(_VERDICT.sub(" ", text).split())
    for name, pattern in PARTS.items():
        if pattern.search(text):
            rest = pattern.sub(" ", text)
            return name, " ".join(re.sub(r"\s*\|\s*", " ", rest).split()).strip(" -:")
    return "value", " ".join(text.replace("|", " ").split())
