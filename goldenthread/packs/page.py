"""A pack as one page of HTML that needs nothing else, runs nothing and asks nobody."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup

from goldenthread.packs.content import Pack

_TEMPLATES: Final = Path(__file__).with_name("templates")


def write(pack: Pack, path: Path) -> None:
    """Write a pack as a page.

    Parameters
    ----------
    pack : Pack
    path : pathlib.Path
    """
    style = (_TEMPLATES / "pack.css").read_text(encoding="utf-8")
    # The page's own style, by its digest, is all that a browser may apply.
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    said = _template().render(pack=pack, style=Markup(style), digest=Markup(f"sha256-{digest}"))  # noqa: S704
    path.write_text(said, encoding="utf-8", newline="\n")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["base64"] = lambda held: base64.b64encode(held).decode()
    return environment.get_template("pack.html.jinja")
