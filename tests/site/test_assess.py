"""The self-assessment on a page: the whole of it, one theme of it, and what stops the build."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path

from goldenthread import self_assessment
from goldenthread.site import assess, pages

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

MADE = self_assessment.assessment()
STATIC = pages.STATIC


def test_the_whole_of_it_stands_on_the_page_for_paper(tmp_path):
    made = page(tmp_path, "```{self-assessment}\n```")
    assert made.faults == []
    words = html.unescape(re.sub(r"<script.*?</script>", "", made.html, flags=re.DOTALL))
    assert re.findall(r'data-statement="([^"]+)"', words) == [one.id for one in MADE.statements]
    for one in MADE.statements:
        assert all(f"<td>{text}</td>" in words for text in one.levels)
        assert f">{one.says}</th>" in words
        assert one.look in words
    # What needs the script waits for it; what leads there does too.
    for part in ("results", "file", "together"):
        assert re.search(rf'<section class="guided-part" id="assess-{part}"[^>]* hidden>', words)
        assert f'<li hidden><a href="#assess-{part}">' in words
    assert made.metadata[pages.MADE_FROM] == str(self_assessment.PATH)
    assert made.metadata[assess.GUIDED] == "yes"


def test_the_script_is_given_the_next_steps_and_the_limits(tmp_path):
    made = page(tmp_path, "```{self-assessment}\n```")
    given = json.loads(re.search(r'<script type="application/json">(.*?)</script>', made.html)[1])
    assert given["next"] == {one.id: list(one.next) for one in MADE.statements}
    assert given["limits"] == self_assessment.limits()
    assert (given["format"], given["version"]) == ("golden-thread-self-assessment", 1)


def test_one_theme_is_a_table_with_the_way_to_the_rest(tmp_path):
    text = "```{self-assessment} learning\n```"
    made = page(
        tmp_path, text, name="book/page", others={"index": "# Home\n", assess.PAGE: "# All\n"}
    )
    assert made.faults == []
    ids = re.findall(r'data-statement="([^"]+)"', made.html)
    assert ids == [one.id for one in MADE.statements if one.id.startswith("learning-")]
    assert '<a href="../book/councillor/self-assessment.html#assess-learning">' in made.html
    assert "<script" not in made.html
    assert pages.MADE_FROM not in made.metadata
    alone = page(tmp_path / "alone", text)
    assert "<a href" not in alone.html.split("</h1>")[1]


def test_a_wrong_theme_stops_the_build_with_the_nearest(tmp_path):
    made = page(tmp_path, "Words.\n\n```{self-assessment} resident\n```")
    where, _, words = fault(made).partition(": ")
    assert where.isdigit()
    assert "there is no theme 'resident'; the nearest are residents" in words


def test_scripts_of_the_page_bring_no_markup_of_others_into_it():
    """A file of somebody else's holds texts, and they stay texts."""
    for path in (*STATIC.glob("assess*.js"), STATIC / "guided.js", STATIC / "course.js"):
        found = path.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", found
        )
