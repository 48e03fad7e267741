"""England in hexagons, with the areas of those whose stories are told: a picture for the list of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np

from goldenthread import areas, writing
from goldenthread.areas import Area
from goldenthread.charts.hexmap import Cell, Points, councils, layout, outline
from goldenthread.site.case_studies import CaseStudy

#: How many units of the picture a hexagon is wide.
_SCALE: Final = 20
#: How far shapes keep from each other, in widths of a hexagon.
_GAP: Final = 0.08


def cells(area: Area) -> list[Cell]:
    """Give the hexagons of an authority of today.

    Parameters
    ----------
    area : Area
        A county has those of its districts, a fire authority those of the councils it serves.

    Returns
    -------
    list of tuple of int

    Examples
    --------
    >>> from goldenthread import areas
    >>> len(cells(areas.find("Kent"))), len(cells(areas.register()["E31000002"]))
    (12, 3)
    """
    if area.tier == "fire":
        known = areas.register()
        return [cell for code, cell in layout().items() if known[code].fire == area.code]
    return councils("upper" if area.tier == "upper" else "lower")[area.code]


def path(lines: Iterable[Points], top: float) -> str:
    """Write closed lines as the path of a picture, whose rows count downwards.

    Parameters
    ----------
    lines : iterable of numpy.ndarray of float, shape (n, 2)
    top : float
        The height that is the picture's upper edge, in widths of a hexagon.

    Returns
    -------
    str

    Examples
    --------
    >>> path(outline([(0, 0)]), 1)
    'M-10 25.8L0 31.5L10 25.8L10 14.2L0 8.5L-10 14.2Z'
    """
    written = []
    for line in lines:
        points = (f"{x * _SCALE:.1f} {(top - y) * _SCALE:.1f}" for x, y in line.tolist())
        written.append(f"M{'L'.join(point.replace('.0', '') for point in points)}Z")
    return "".join(written)


def picture(studies: Iterable[CaseStudy]) -> dict[str, object]:
    """Give what the picture is drawn from.

    Parameters
    ----------
    studies : iterable of CaseStudy

    Returns
    -------
    dict of str to object
        `box`, the picture's edges; `land`, a path of all regions; `told`, a path for each study, the
        largest first, so that a district stands out from its county; `counts`, how many studies
        there are from each region, and `said`, the same in words.
    """
    listed = list(studies)
    regions: dict[str, list[Cell]] = {}
    for code, cell in layout().items():
        regions.setdefault(areas.register()[code].region or "", []).append(cell)
    land = [line for shape in regions.values() for line in outline(shape, _GAP)]
    left, bottom = np.vstack(land).min(axis=0).tolist()
    right, top = np.vstack(land).max(axis=0).tolist()
    shapes = sorted((cells(area) for study in listed for area in study.today), key=len)[::-1]
    counts = counted(listed)
    return {
        "box": " ".join(
            f"{edge * _SCALE:.0f}"
            for edge in (left - 0.1, -0.1, right - left + 0.2, top - bottom + 0.2)
        ),
        "land": path(land, top),
        "told": [path(outline(shape, _GAP), top) for shape in shapes],
        "counts": counts,
        "said": writing.listed([f"{name} {count}" for name, count in counts.items()]),
    }


def counted(studies: Iterable[CaseStudy]) -> dict[str, int]:
    """Count the studies from each region, in the order of the register; one of two regions counts in both.

    Parameters
    ----------
    studies : iterable of CaseStudy

    Returns
    -------
    dict of str to int
    """
    found = Counter(region for study in studies for region in study.regions)
    known = (area.name for area in areas.register().values() if area.kind == "region")
    return {name: found[name] for name in known}
