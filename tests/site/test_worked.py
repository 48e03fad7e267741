"""A worked example's page: its solution folded and not lost, its notebook there to take, without answers."""

from __future__ import annotations

import json

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from goldenthread import addresses, notebooks
from goldenthread.site import tag, worked

PROSE = "# Prose\n\nNo kernel here.\n"


@pytest.fixture
def make(tmp_path):
    """Make a book of the template and a page of prose, without running any cell."""

    def build() -> tuple[str, dict, list[str]]:
        source, out = tmp_path / "source", tmp_path / "out"
        source.mkdir(exist_ok=True)
        text = (notebooks.FOLDER / "_template.md").read_text(encoding="utf-8")
        text = text.replace("who-is-like-us.md", "prose.md")
        text = text.replace("../book/reports/household-waste-and-recycling.md", "prose.md")
        # A second cell belongs to the same solution.
        more = "```{code-cell} ipython3\n:tags: [solution]\nprint(6 * 7)\n```\n\n## Pitfalls"
        (source / "index.md").write_text(text.replace("## Pitfalls", more), encoding="utf-8")
        (source / "prose.md").write_text(PROSE, encoding="utf-8")
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                source,
                None,
                out,
                tmp_path / "doctrees",
                "html",
                confoverrides={
                    "extensions": ["myst_nb"],
                    # Said here: what other books of this process were made of must not matter.
                    "source_suffix": {".md": "myst-nb"},
                    "nb_execution_mode": "off",
                    "html_theme": "basic",
                },
                status=None,
                warning=None,
                freshenv=True,
            )
            tag.register(app)
            worked.register(app)
            app.build()
        html = (out / "index.html").read_text(encoding="utf-8")
        taken = json.loads((out / "index.ipynb").read_text(encoding="utf-8"))
        return html, taken, sorted(path.name for path in out.glob("*.ipynb"))

    return build


def test_the_solution_is_folded_and_the_notebook_is_without_it(make):
    html, taken, files = make()
    assert files == ["index.ipynb"]
    assert html.count('<details class="solution">') == html.count("Show a solution") == 1
    folded = html.split('<details class="solution">')[1].split("</details>")[0]
    assert "residual-waste-per-household" in folded
    assert folded.count("cell_input") == 2
    assert "residual-waste-per-household" not in html.replace(folded, "")
    assert "residual-waste-per-household" not in json.dumps(taken)
    assert '<a download="index.ipynb" href="index.ipynb">Download index.ipynb</a>' in html
    # Below the words that open the page, above its first part.
    assert html.index("You need") < html.index("Run it yourself") < html.index("<h2>The data")


def test_binder_is_offered_where_the_repository_is_known_and_only_there(make, monkeypatch):
    assert "Binder" not in make()[0]
    known = addresses.Addresses(repository="https://github.com/example/golden-thread")
    monkeypatch.setattr(worked, "addresses", lambda: known)
    html = make()[0]
    assert "mybinder.org/v2/gh/example/golden-thread/HEAD?urlpath=lab/tree/lab/index.ipynb" in html
