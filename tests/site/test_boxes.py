"""Boxes, key points, self-checks and role tags: what they become, and what stops the build."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from goldenthread.site import boxes

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

SITE = Path(boxes.__file__).parent
GUIDE = SITE.parent.parent / "book" / "about" / "writing-for-this-book.md"

CHECK = """```{self-check}
A rate has gone from 41% to 43%. What do you *know*?

- [ ] The service is better.

  Two figures cannot tell.
- [x] Nothing yet.

  Look at more years.

  And at how many cases there are.
```"""


@pytest.mark.parametrize("name", boxes.BOXES)
def test_a_box_is_a_note_that_begins_with_what_it_is(tmp_path, name):
    made = page(tmp_path, f"```{{{name}}}\nSome **words**.\n```")
    assert made.faults == []
    assert (
        f'<div class="box {name}" role="note"><p class="box-title">{boxes.BOXES[name]}</p>'
        in made.html
    )
    assert "<p>Some <strong>words</strong>.</p>" in made.html


def test_a_box_has_a_title_of_any_length_and_shows_it_as_text(tmp_path):
    long = "Bournemouth, Christchurch and Poole: " * 5
    made = page(
        tmp_path,
        f"```{{case-study}} {long}\nWords.\n```\n\n:::{{challenge}} <script>alert(1)</script> & more\nWords.\n:::",
    )
    assert made.faults == []
    assert f"Case study: {long.strip()}</p>" in made.html
    assert "Challenge: &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in made.html
    assert "<script>" not in made.html


def test_key_points_are_a_list_with_their_own_title_or_the_usual_one(tmp_path):
    made = page(
        tmp_path, "```{key-points}\n- One.\n- Two.\n```\n\n```{key-points} Remember\n- Three.\n```"
    )
    assert made.faults == []
    assert re.findall(r'<p class="box-title">(.*?)</p>', made.html) == ["Key points", "Remember"]
    assert made.html.count("<li>") == 3


def test_a_self_check_asks_and_explains_every_answer(tmp_path):
    made = page(tmp_path, f"{CHECK}\n\n{CHECK}")
    assert made.faults == []
    asked = re.search(
        r'<div class="self-check-question" id="(.*?)">(.*?)</div>', made.html, re.DOTALL
    )
    assert "What do you <em>know</em>?" in asked[2]
    assert f'<div aria-labelledby="{asked[1]}" role="radiogroup">' in made.html
    # One of each group can be chosen, and the groups of two checks are not one.
    names = re.findall(
        r'<input autocomplete="off" name="(.*?)" type="radio" value="([AB])"', made.html
    )
    assert [value for _, value in names] == ["A", "B", "A", "B"]
    assert len({name for name, _ in names}) == 2
    first = made.html.split("</details>")[0]
    assert "[x]" not in first
    assert "[ ]" not in first
    wrong, right = re.findall(r"<li(.*?)</li>", first, re.DOTALL)
    assert "right" not in wrong
    assert "Not this one." in wrong
    assert "Two figures cannot tell." in wrong
    assert 'class="right"' in right
    assert "<strong>Right.</strong>" in right
    assert "Look at more years." in right
    assert "how many cases" in right
    assert re.search(r'<div class="self-check-verdict" role="status"></div>', first)


def test_role_tags_name_whom_a_part_is_for(tmp_path):
    made = page(tmp_path, "{for-roles}`scrutiny, Ward councillor`")
    assert made.faults == []
    text = re.sub(r"<.*?>", "", made.html.split('class="for-roles"')[1].split("</p>")[0])
    assert text == ">For scrutiny members, ward councillors"


def test_every_role_can_be_a_tag(tmp_path):
    assert page(tmp_path, "{for-roles}`" + ", ".join(boxes.ROLES) + "`").faults == []


def test_an_example_shows_its_source_and_what_it_becomes(tmp_path):
    made = page(tmp_path, "````{example}\n```{hints-and-tips}\nAsk <b>again</b>.\n```\n````")
    assert made.faults == []
    assert "```{hints-and-tips}\nAsk &lt;b&gt;again&lt;/b&gt;.\n```" in re.sub(
        r"</?span.*?>", "", made.html
    )
    assert '<div class="box hints-and-tips" role="note">' in made.html


def _check(*answers: str, question: str = "What do you know?\n\n", after: str = "") -> str:
    return f"```{{self-check}}\n{question}" + "\n".join(answers) + f"\n{after}```"


YES, NO = "- [x] Yes.\n\n  It is so.", "- [ ] No.\n\n  It is not."

WRONG = [
    ("```{guidance}\n```", "Content block expected"),
    ("```{guidance}\n:colour: red\nWords.\n```", "takes no options, found :colour: red"),
    ("```{key-points}\nNo list.\n```", "expected a list"),
    (_check(YES, NO, question=""), "expected a question, then a list of answers"),
    (_check(question="Words.\n\nMore words.\n"), "expected a question, then a list of answers"),
    (_check(YES, NO, after="\nAnd more.\n"), "a list of answers that ends the box"),
    (_check(YES), "expected 2 to 6 answers, found 1"),
    (_check(YES, *[NO] * 6), "expected 2 to 6 answers, found 7"),
    (_check(NO, NO), "expected one answer marked [x], found 0"),
    (_check(YES, YES, NO), "expected one answer marked [x], found 2"),
    (_check(YES, "- No.\n\n  It is not."), "expected [x] or [ ] before the answer “No."),
    (_check(YES, NO, "-"), "expected [x] or [ ] before the answer “”"),
    (_check(YES, "- [ ] No."), "expected an explanation of “No.”, below it after an empty line"),
    (
        "{for-roles}`scrutinee`",
        "there is no role 'scrutinee'; the nearest is 'scrutiny': expected leader",
    ),
    ("{for-roles}`audit, `", "there is no role ''"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_line_and_what_was_expected(tmp_path, text, said):
    found = fault(page(tmp_path, f"Words before.\n\n{text}"))
    assert found.startswith("5: ERROR: ")
    assert said in found


def test_the_contributors_page_shows_every_directive_and_role():
    written = "".join(path.read_text(encoding="utf-8") for path in SITE.glob("*.py"))
    names = {*re.findall(r'add_(?:directive|role)\(\s*"([\w-]+)"', written), *boxes.BOXES}
    assert {"measure-panel", "self-check", "value", "for-roles"} <= names
    guide = GUIDE.read_text(encoding="utf-8")
    missing = {name for name in names if f"{{{name}}}" not in guide and f"`{name}`" not in guide}
    assert missing == set()


def test_the_contributors_page_names_every_role():
    guide = GUIDE.read_text(encoding="utf-8")
    assert [role for role in boxes.ROLES if f"`{role}`" not in guide] == []
