"""Talk below pages: built once without and once with it, with the theme and all that stands around a page."""

from __future__ import annotations

import io
import re

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from goldenthread.addresses import Addresses, Discussion
from goldenthread.site import pages, policy, take_part

#: A category that would break out of where it is written, if it were not escaped.
CATEGORY = '"><script>alert(1)</script>'
ON = Addresses(
    repository="https://github.com/a/b",
    discussion=Discussion.model_validate(
        {"repository-id": "R_1", "category": CATEGORY, "category-id": "C_1"}
    ),
)
_HEAD = "---\ndescription: A page that is made to look at what stands below it, and nothing else.\n---\n\n"
_PAGES = {
    "book/index": f"{_HEAD}# A *page* & a half\n\n```{{toctree}}\ncompare\n```\n",
    "book/compare": f"{_HEAD}# Another\n\nWords.\n",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The same two pages, made with talk switched off and on."""
    made = {}
    for name, known in {"off": Addresses(), "on": ON}.items():
        folder = tmp_path_factory.mktemp(name)
        for page, text in _PAGES.items():
            path = folder / "source" / f"{page}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        settings = {
            "extensions": ["myst_parser"],
            "html_short_title": "A book",
            "root_doc": "book/index",
            "suppress_warnings": ["myst"],
        }
        with (
            pytest.MonkeyPatch.context() as patch,
            patch_docutils(),
            docutils_namespace(),
        ):
            patch.setattr(take_part, "addresses", lambda known=known: known)
            source, out = folder / "source", folder / "out"
            app = Sphinx(
                source, None, out, folder / "doctrees", "html", settings,
                status=None, warning=io.StringIO(), freshenv=True,
            )  # fmt: skip
            # The theme and the foot of pages alone: files of figures would take a minute.
            app.add_html_theme("goldenthread", str(pages.THEME))
            app.config.html_theme = "goldenthread"
            app.builder.init_templates()
            app.connect("html-page-context", pages._context, priority=900)
            take_part.register(app)
            app.build()
        made[name] = out
    return made


def _policy(text: str) -> str:
    (found,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    return found


def test_off_no_page_has_a_word_of_it(books):
    for path in books["off"].rglob("*.html"):
        text = path.read_text("utf-8")
        if path.name != "index.html" or path.parent.name == "book":
            assert "giscus" not in text, path
            assert "data-talk" not in text
            assert "talk.js" not in text
    assert _policy((books["off"] / "book/compare.html").read_text("utf-8")) == policy.page()


def test_on_a_page_offers_it_and_allows_its_one_host(books):
    text = (books["on"] / "book/compare.html").read_text("utf-8")
    assert _policy(text) == policy.page(talk=True)
    assert text.count("data-talk ") == 1
    assert "Show the discussion" in text
    assert f'data-host="{policy.TALK}"' in text
    # Nothing is loaded from there until somebody asks for it.
    assert not re.search(r'(?:src|href)="https://giscus', text)


def test_what_stands_in_the_settings_is_escaped(books):
    text = (books["on"] / "book/compare.html").read_text("utf-8")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_title_is_written_into_the_link_as_it_is_read(books):
    text = (books["on"] / "book/index.html").read_text("utf-8")
    assert "title=Page%3A+A+page+%26+a+half&amp;page=book%2Findex" in text
