"""What a refresh did, as the text of a pull request that a person reads before the figures are taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from goldenthread.changes import Change
from goldenthread.refresh import Outcome
from goldenthread.site.updates import updates

_HEADINGS: Final = {
    "refused": "Refused: the figures of before stand",
    "absent": "Nothing to read it from",
    "removed": "No longer held",
}
#: How many of a source's revisions are told one by one; the rest are in the snapshot.
_MANY: Final = 20
_LONGEST: Final = 60_000


def told(outcomes: Sequence[Outcome], changes: Iterable[Change]) -> str:
    """Write what a refresh changed, and what it refused.

    Parameters
    ----------
    outcomes : sequence of Outcome
        As `goldenthread.refresh.refresh` gives them.
    changes : iterable of Change
        Those that this refresh wrote down.

    Returns
    -------
    str
        Markdown, no longer than a pull request may be.

    Examples
    --------
    >>> print(told([Outcome("waste", "unchanged", 3, 100, "2024/25")], []))
    No figure changed. 1 source was read and is unchanged.
    <BLANKLINE>
    """
    made = updates(changes)
    parts = [_summary(outcomes, len(made))]
    for one in made:
        lines = [line for line in one.lines if line not in one.revisions]
        listed = [*lines, *one.revisions[:_MANY]]
        more = len(one.revisions) - _MANY
        if more > 0:
            listed.append(f"And {more} more measures with revisions.")
        parts += [f"## {_safe(one.title)}", "\n".join(f"- {_safe(line)}" for line in listed)]
    for result, heading in _HEADINGS.items():
        named = [one for one in outcomes if one.result == result]
        if named:
            parts.append(f"## {heading}")
            parts.append(
                "\n".join(
                    f"- **{_safe(one.source)}**{': ' if one.reasons else ''}"
                    f"{'; '.join(map(_safe, one.reasons))}"
                    for one in named
                )
            )
    text = "\n\n".join(parts) + "\n"
    if len(text) > _LONGEST:
        text = (
            text[:_LONGEST].rpartition("\n")[0] + "\n\nThe rest is in the snapshot's own record.\n"
        )
    return text


def _summary(outcomes: Sequence[Outcome], changed: int) -> str:
    same = sum(one.result == "unchanged" for one in outcomes)
    first = (
        f"{changed} {'source has' if changed == 1 else 'sources have'} changed."
        if changed
        else "No figure changed."
    )
    if not same:
        return first
    return (
        f"{first} {same} {'source was read and is' if same == 1 else 'sources were read and are'}"
        " unchanged."
    )


def _safe(text: str) -> str:
    """Keep a publisher's words from being read as HTML, or as calls to somebody by name."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace("@", "@\u200b")
    return " ".join(plain.split())
