"""One page of each kind that the site has, for tests that hold for all of them."""

from __future__ import annotations

COUNCIL = "councils/hull/index.html"
REPORT_LIST = "book/reports/index.html"
FIRE = "councils/humberside-fire-and-rescue-authority/index.html"
KINDS = {
    "home": "book/index.html",
    "chapter": "book/councillor/why-performance-is-your-business.html",
    "report": "book/reports/household-waste-and-recycling.html",
    "list of reports": REPORT_LIST,
    "notebook": "notebooks/recycling-in-your-council.html",
    "self-assessment": "book/councillor/self-assessment.html",
    "thirty minutes": "book/councillor/in-thirty-minutes.html",
    "case study": "casestudies/south-cambridgeshire.html",
    "list of case studies": "casestudies/index.html",
    "pathways": "book/about/where-to-start.html",
    "glossary": "book/about/glossary.html",
    "for contributors": "book/about/writing-for-this-book.html",
    "about": "book/about/privacy.html",
    "search": "search.html",
    "list of councils": "councils/index.html",
    "council": COUNCIL,
    "fire authority": FIRE,
    "panel for other sites": "embed/household-recycling-rate.html",
}
#: The pages of councils belong to one council; on the others one is chosen.
FIXED = ("list of councils", "council", "fire authority")


def address(kind: str, council: str = "hull") -> str:
    """The page of a kind, with a council chosen where one can be."""
    return KINDS[kind] if kind in FIXED or not council else f"{KINDS[kind]}?council={council}"
