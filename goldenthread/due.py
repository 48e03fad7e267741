"""When the next figures of a measure are expected, and whether they are late here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from goldenthread.catalogue import Measure
from goldenthread.snapshot import MeasureManifest

#: After how many months a publisher who keeps to no named month publishes again.
_EVERY: Final[Mapping[str, int]] = {"annual": 12, "quarterly": 3, "monthly": 1, "census": 120}
#: How many months such a publisher is given beyond that before figures count as late.
GRACE: Final = 3


@dataclass(frozen=True)
class Due:
    """The month in which the next figures are expected.

    Attributes
    ----------
    month : datetime.date
        Its first day.
    about : bool
        Whether it was worked out from how often the publisher publishes, so that it may be a few
        months off.
    """

    month: date
    about: bool = False

    def state(self, today: date) -> Literal["on time", "late"]:
        """Tell whether newer figures should stand here by now.

        Late are figures from the end of the month on in which newer ones were expected; where that
        month is only about right, three months later.

        Examples
        --------
        >>> due = Due(date(2026, 3, 1))
        >>> due.state(date(2026, 3, 31)), due.state(date(2026, 4, 1))
        ('on time', 'late')
        """
        last = months(self.month) + (GRACE if self.about else 0)
        return "on time" if months(today) <= last else "late"


def months(day: date) -> int:
    """Count the months up to a day, so that they can be added and compared."""
    return day.year * 12 + day.month - 1


def expected(measure: Measure, manifest: MeasureManifest) -> Due | None:
    """Say in which month the figures after these are expected.

    Parameters
    ----------
    measure : Measure
    manifest : MeasureManifest

    Returns
    -------
    Due or None
        None where neither the month is known in which the publisher publishes, nor how often and
        when last.

    Examples
    --------
    >>> from goldenthread.catalogue import catalogue
    >>> from goldenthread.snapshot import snapshot
    >>> held = snapshot().manifest("household-recycling-rate")
    >>> measure = catalogue()[held.id].model_copy(update={"release_month": 12})
    >>> expected(measure, held).month
    datetime.date(2024, 12, 1)
    >>> expected(measure.model_copy(update={"release_month": None}), held)
    Due(month=datetime.date(2025, 1, 1), about=True)
    """
    if measure.release_month is not None and measure.frequency == "annual":
        return Due(_month(_annual(measure.release_month, manifest)))
    every = _EVERY.get(measure.frequency)
    if every is None or manifest.published is None:
        return None
    return Due(_month(months(manifest.published) + every), about=True)


def _annual(month: int, manifest: MeasureManifest) -> int:
    # The edition after this one is a year later, in the first such month after its own end.
    due = months(manifest.periods.end) + 12
    due += (month - 1 - due - 1) % 12 + 1
    # An edition may come a month before or after its usual one, and years after its figures' end.
    while manifest.published and due <= months(manifest.published) + 1:
        due += 12
    return due


def _month(count: int) -> date:
    return date(count // 12, count % 12 + 1, 1)
