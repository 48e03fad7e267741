"""A council that does not exist, for stories, exercises and workshops.

>>> from goldenthread.teaching import northmere
>>> northmere().finances["service"].nunique()
12
"""

from __future__ import annotations

from goldenthread.teaching.frames import WHOLE, Northmere, northmere

__all__ = ["WHOLE", "Northmere", "northmere"]
