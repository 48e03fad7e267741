"""What a refresh changed: new periods, and revisions of figures that stood in the snapshot already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from goldenthread.observations import KEY

_PERIOD = ["period_start", "period_end", "period_label"]
#: What is nearer than this share is the same figure, written with other digits.
_SAME = 1e-9


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Revised(_Record):
    """The figure that a revision changed most.

    Attributes
    ----------
    area, period : str
        A GSS code, and the publisher's label.
    before, now : float
        In the unit of the measure.
    """

    area: str
    period: str
    before: float
    now: float


class MeasureChange(_Record):
    """What became of one measure.

    Attributes
    ----------
    new : bool
        Whether the snapshot held no figures of it before.
    periods : tuple of str
        The labels of periods that it had no figures for, in order; empty for a new measure.
    compared : int
        How many figures stood there before for the same area and period, present or missing.
    revised : int
        How many of them are another number now.
    appeared, withdrawn : int
        How many of them were missing and are there now, and the other way round.
    gone : int
        How many rows of before are no longer there at all.
    middle : float or None
        The middle of the revisions' sizes, in the unit of the measure.
    largest : Revised or None
    release_before, release : str
        The newest edition it was read from, before and now; empty where its name is not known.
    published : datetime.date or None
        When the newest edition was published.
    """

    new: bool = False
    periods: tuple[str, ...] = ()
    compared: int = 0
    revised: int = 0
    appeared: int = 0
    withdrawn: int = 0
    gone: int = 0
    middle: float | None = None
    largest: Revised | None = None
    release_before: str = ""
    release: str = ""
    published: date | None = None

    @property
    def is_one(self) -> bool:
        """Whether anything a reader could notice is different."""
        figures = self.revised or self.appeared or self.withdrawn or self.gone
        return bool(self.new or self.periods or figures or self.release != self.release_before)


class Change(_Record):
    """What one refresh changed in one source.

    Attributes
    ----------
    at : datetime.date
        The day of the refresh.
    source, title, publisher : str
    first : bool
        Whether nothing of the source was held before.
    ours : bool
        Whether the figures were read afresh because the reading of them was corrected here, so that
        a revision need not be the publisher's.
    unread : bool
        Whether the figures of before could not be read, so that nobody knows what was revised.
    measures : dict of str to MeasureChange
        Only those with a change.
    removed : tuple of str
        Measures that are no longer held.
    """

    at: date
    source: str
    title: str
    publisher: str
    first: bool = False
    ours: bool = False
    unread: bool = False
    measures: dict[str, MeasureChange] = Field(default_factory=dict)
    removed: tuple[str, ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.measures or self.removed or self.unread)


def between(new: pd.DataFrame, old: pd.DataFrame | None) -> dict[str, MeasureChange]:
    """Compare the figures of a source with those that stood there before.

    Parameters
    ----------
    new, old : pandas.DataFrame
        Observations; `old` None where there were none.

    Returns
    -------
    dict of str to MeasureChange
        Every measure of `new`, changed or not, without its editions; in order of id.

    Examples
    --------
    >>> from goldenthread.observations import frame
    >>> def made(year, value):
    ...     return frame({"area": ["E06000010"], "measure": "visits", "value": [value],
    ...                   "period_start": pd.Timestamp(f"{year}-01-01"),
    ...                   "period_end": pd.Timestamp(f"{year}-12-31"),
    ...                   "period_label": str(year), "status": "published"})
    >>> both = pd.concat([made(2021, 12.0), made(2022, 13.0)], ignore_index=True)
    >>> found = between(both, made(2021, 10.0))["visits"]
    >>> found.periods, found.revised, found.largest.before, found.largest.now
    (('2022',), 1, 10.0, 12.0)
    """
    names = sorted(new["measure"].unique())
    if old is None:
        return {name: MeasureChange(new=True) for name in names}
    held = set(old["measure"].unique())
    before, after = dict(list(old.groupby("measure"))), dict(list(new.groupby("measure")))
    return {
        name: _between(after[name], before[name]) if name in held else MeasureChange(new=True)
        for name in names
    }


def _between(new: pd.DataFrame, old: pd.DataFrame) -> MeasureChange:
    key = list(KEY)
    both = new.merge(old[[*key, "value"]], on=key, suffixes=("", "_old"))
    now, then = both["value"], both["value_old"]
    both["size"] = size = (now - then).abs()
    revised = size > _SAME * (now.abs() + then.abs())
    spans = new[_PERIOD].drop_duplicates(_PERIOD[:2])
    known = pd.MultiIndex.from_frame(old[_PERIOD[:2]].drop_duplicates())
    fresh = spans[~pd.MultiIndex.from_frame(spans[_PERIOD[:2]]).isin(known)]
    largest = None
    if revised.any():
        row = both.loc[revised].nlargest(1, "size").iloc[0]
        largest = Revised(
            area=row["area"],
            period=row["period_label"],
            before=row["value_old"],
            now=row["value"],
        )
    return MeasureChange(
        periods=tuple(fresh.sort_values(_PERIOD[:2])["period_label"]),
        compared=len(both),
        revised=int(revised.sum()),
        appeared=int((now.notna() & then.isna()).sum()),
        withdrawn=int((now.isna() & then.notna()).sum()),
        gone=len(old) - len(both),
        middle=float(size[revised].median()) if revised.any() else None,
        largest=largest,
    )


def record(
    found: Mapping[str, MeasureChange],
    editions: Mapping[str, tuple[str, str, date | None]],
    removed: Sequence[str] = (),
    **about: Any,
) -> Change:
    """Write down what was found, with the editions it was found in.

    Parameters
    ----------
    found : mapping of str to MeasureChange
        As `between` gives it.
    editions : mapping of str to tuple
        For each measure its newest edition before and now, and when that was published.
    removed : sequence of str
        Measures that are no longer held.
    **about
        The other fields of `Change`.

    Returns
    -------
    Change
        Perhaps of nothing: ask `is_one`.
    """
    whole = {
        name: change.model_copy(
            update=dict(zip(("release_before", "release", "published"), editions[name]))
        )
        for name, change in found.items()
    }
    return Change(
        measures={name: change for name, change in whole.items() if change.is_one},
        removed=tuple(removed),
        **about,
    )
