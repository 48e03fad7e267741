"""Chance that can be repeated: the same seed gives the same figures in Python and in a browser."""

from __future__ import annotations

from typing import Final

_WHOLE: Final = 0xFFFF_FFFF


class Chance:
    """Numbers by chance from a seed; `static/try-methods.js` gives the very same.

    Examples
    --------
    >>> one, again = Chance(7), Chance(7)
    >>> [one.number() for _ in range(3)] == [again.number() for _ in range(3)]
    True
    """

    def __init__(self, seed: int) -> None:
        self._state = seed & _WHOLE

    def number(self) -> float:
        """Give a number from 0 up to 1, by the generator known as Mulberry32."""
        self._state = (self._state + 0x6D2B_79F5) & _WHOLE
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 15)) * (mixed | 1)) & _WHOLE
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61))) & _WHOLE
        return (mixed ^ (mixed >> 14)) / 2**32

    def count(self, of: int, share: float) -> int:
        """Count those of so many to whom something happens that happens to this share."""
        return sum(self.number() < share for _ in range(of))

    def normal(self) -> float:
        """Give a number around 0 with a standard deviation of 1: twelve numbers, less their mean."""
        return sum(self.number() for _ in range(12)) - 6
