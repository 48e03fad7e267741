"""Every chapter of both guides, for each kind of reader, on a phone and without JavaScript."""

from __future__ import annotations

import re

import pytest

from goldenthread.site import chapters

CHAPTERS = [
    f"book/{guide.folder.name}/{path.stem}.html"
    for guide in chapters.GUIDES
    for path in chapters.paths(guide)
]
#: A county, a district, a unitary council, a London borough, a fire authority; one formed lately,
#: which lacks many figures; and nobody's.
READERS = {
    "": "England",
    "kent": "Kent",
    "ashford": "Ashford",
    "hull": "Hull",
    "camden": "Camden",
    "westmorland-and-furness": "Westmorland and Furness",
    "avon-fire-and-rescue-authority": "Avon",
}
#: What no sentence about a council holds, whoever reads it.
_BROKEN = re.compile(r"\b(undefined|null|NaN|nan)\b|\{\}|\[object|  , |\.\.(?!\.)")


@pytest.mark.parametrize("council", list(READERS))
def test_every_chapter_for_councillors_speaks_to_its_reader(reader, council):
    _read(reader, [path for path in CHAPTERS if "/councillor/" in path], council)


def test_every_chapter_for_officers_speaks_to_its_reader(reader):
    _read(reader, [path for path in CHAPTERS if "/officer/" in path], "ashford")


def _read(reader, paths, council):
    someone = reader(viewport={"width": 320, "height": 800})
    for path in paths:
        page = someone.open(f"{path}?council={council}" if council else path)
        if council:
            page.wait_for_function(
                "name => document.querySelector('[data-bar]').textContent.includes(name)",
                arg=READERS[council],
            )
        said = "\n".join(page.locator(".panel, .headlines, [data-inline]").all_inner_texts())
        assert not _BROKEN.search(said), (path, _BROKEN.search(said))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        for slot in page.locator('.panel [data-slot="sentence"], [data-inline="sentence"]').all():
            assert slot.inner_text().strip() or not slot.is_visible(), (path, slot.inner_html())
        assert someone.faults == [], path
        someone.faults.clear()


def test_every_chapter_is_whole_without_javascript(reader):
    someone = reader(java_script_enabled=False)
    for path in CHAPTERS:
        page = someone.open(path)
        said = page.locator("main").inner_text()
        assert page.locator(".chapter-head .minutes").is_visible(), path
        assert "Check yourself" in said, path
        assert page.locator(".self-check").count() >= 3, path
        for try_it in page.locator(".try-it").all():
            assert try_it.locator(".picture").first.is_visible(), path
