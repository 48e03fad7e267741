"""What a page of the site allows the browser to do: what the site itself brings, and nothing else."""

from __future__ import annotations

from typing import Final

#: Who serves the talk below pages, where it is switched on.
TALK: Final = "https://giscus.app"
_PAGE: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


def page(*, talk: bool = False) -> str:
    """Write the policy of a page.

    Parameters
    ----------
    talk : bool
        Whether there is talk below it, which comes from another site.

    Examples
    --------
    >>> page().startswith("default-src 'none'; script-src 'self'; ")
    True
    >>> page(talk=True).split("; ")[-1]
    'frame-src https://giscus.app'
    """
    rules = dict(_PAGE)
    if talk:
        rules["script-src"] += f" {TALK}"
        rules["style-src"] += f" {TALK}"
        rules["frame-src"] = TALK
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())
