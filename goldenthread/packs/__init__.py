"""A committee pack: what stands out, then the exceptions, then every measure, as people read it.

>>> from goldenthread import kpis, packs
>>> from goldenthread.teaching.frames import FOLDER
>>> own = kpis.read([FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")])
>>> pack = packs.pack("Northmere", own=own, period="Q4 2025/26")
>>> pack.title
'Northmere: performance in Q4 2025/26'

`pack(council, *, own=None, measures=(), period=None) -> Pack`
    The content of a pack, from the council's own KPIs, from published measures, or from both.
`choose(names) -> tuple[str, ...]`
    The published measures that themes and ids stand for.
`write(pack, folder, formats, template=None) -> list[Path]`
    The same content as Word, PowerPoint, Excel and HTML. Nothing is written over.
`many(councils, Order(...), processors=None) -> Iterator[Made]`
    A pack for each of many councils, shared out among the processors.

The content is plain data (`content`), so that no form can say another thing than the others do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from goldenthread.packs.content import PackError

if TYPE_CHECKING:
    from goldenthread.packs.assembling import pack
    from goldenthread.packs.content import Pack
    from goldenthread.packs.councils import Order, many
    from goldenthread.packs.published import choose
    from goldenthread.packs.writing_out import write

_HOMES: Final = {
    "Order": "councils",
    "Pack": "content",
    "choose": "published",
    "many": "councils",
    "pack": "assembling",
    "write": "writing_out",
}
__all__ = ["Order", "Pack", "PackError", "choose", "many", "pack", "write"]


def __getattr__(name: str) -> Any:
    # Loaded when it is asked for: the commands name packs, and most of them make none.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"goldenthread.packs.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
