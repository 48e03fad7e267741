"""A pack of the fictional council, read and made once for all tests."""

from __future__ import annotations

from functools import cache

from goldenthread import kpis, packs
from goldenthread.teaching.frames import FOLDER

FILES = [FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")]
PERIOD = "Q4 2025/26"
MEASURES = ("household-recycling-rate", "municipal-waste-landfilled")


@cache
def northmere():
    return kpis.read(FILES)


@cache
def card():
    return kpis.scorecard(northmere(), PERIOD)


@cache
def pack():
    return packs.pack("Northmere", own=northmere(), period=PERIOD)
