"""An open workbook for performance management in English councils.

In a notebook three lines are enough:

>>> import goldenthread as gt
>>> gt.finding("household-recycling-rate", "Hull").questions[0].who
'the head of the service'
>>> gt.neighbours("Hull")["name"].iloc[0] in gt.councils()["name"].tolist()
True

`gt.councils()` and `gt.measures()` list what there is. `gt.COUNCILS.` and `gt.MEASURES.` complete
names with the Tab key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from goldenthread.workbench import (
        COUNCILS,
        MEASURES,
        Table,
        compare,
        control_chart,
        council,
        councils,
        finding,
        funnel,
        hex_map,
        measure,
        measures,
        neighbours,
        spine,
        trend,
        use,
        whose,
    )

__all__ = [
    "COUNCILS",
    "MEASURES",
    "Table",
    "compare",
    "control_chart",
    "council",
    "councils",
    "finding",
    "funnel",
    "hex_map",
    "measure",
    "measures",
    "neighbours",
    "spine",
    "trend",
    "use",
    "whose",
]


def __getattr__(name: str) -> Any:
    # Loaded when it is asked for: a command that only reads a file needs no charts.
    if name in __all__:
        from goldenthread import workbench

        return getattr(workbench, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
