"""Worked examples run beside each other give what they give one after the other."""

from __future__ import annotations

import os

import pytest
from jupyter_cache import get_cache
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

from goldenthread.site import executing

HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# A page

```{code-cell} ipython3
%s
```
"""


def _pages(folder, *codes):
    paths = [folder / f"page-{place}.md" for place in range(len(codes))]
    for path, code in zip(paths, codes, strict=True):
        path.write_text(HEAD % code, encoding="utf-8")
    return paths


def _found(path, cache):
    """Look for a page's results as the reader of pages does."""
    reader = create_nb_reader(
        str(path), MdParserConfig(), NbParserConfig(), path.read_text(encoding="utf-8")
    )
    try:
        _, made = get_cache(cache).merge_match_into_notebook(reader.read(path.read_text("utf-8")))
    except KeyError:
        return None
    (cell,) = [cell for cell in made.cells if cell.cell_type == "code"]
    return "".join(output.get("text", "") for output in cell.outputs)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor runs one at a time")
def test_what_was_run_is_found_by_whoever_reads_the_page_and_what_failed_is_not(tmp_path):
    pages = _pages(
        tmp_path, "print(6 * 7)", "1 / 0", "import pathlib; print(pathlib.Path.cwd().name)"
    )
    cache = tmp_path / "cache"
    executing.execute(pages, cache, timeout=60)
    assert [_found(page, cache) for page in pages] == ["42\n", None, f"{tmp_path.name}\n"]
    # What is there is not run again, and a page that changed is no longer found.
    records = {record.pk for record in get_cache(cache).list_cache_records()}
    executing.execute(pages[::2], cache, timeout=60)
    assert {record.pk for record in get_cache(cache).list_cache_records()} == records
    _pages(tmp_path, "print(6 * 8)")
    assert _found(pages[0], cache) is None


def test_one_page_alone_is_left_to_its_reader(tmp_path):
    cache = tmp_path / "cache"
    executing.execute(_pages(tmp_path, "print(1)"), cache, timeout=60)
    assert not cache.exists()


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (HEAD % "1", True),
        ("---\ndescription: Prose.\n---\n\n# Prose\n\nkernelspec: no\n", False),
        ("# Prose\n\n---\nkernelspec: no\n---\n", False),
        ("", False),
    ],
)
def test_a_worked_example_is_known_by_its_kernel(tmp_path, text, is_one):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert executing.is_notebook(page) is is_one
