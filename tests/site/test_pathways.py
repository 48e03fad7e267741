"""Where to start, by role: what the file holds, what a page makes of it, and what stops the build."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml

from goldenthread.site import boxes, case_blocks, councils, pathways, report_blocks
from goldenthread.site.pathways import PathwayError, load

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

ROOT = Path(pathways.__file__).parent.parent.parent
PATHWAYS = pathways.pathways()
STEPS = {step.page for pathway in PATHWAYS.values() for step in pathway.steps}
#: A book that has every page the pathways lead to.
BOOK = {
    **{name: f"# Title of {name}\n" for name in STEPS - {pathways.COUNCILS}},
    councils.RULE: "# The rule\n",
    pathways.PAGE: "# Where to start\n",
    "index": "# Home\n",
}


@pytest.fixture(autouse=True)
def _pages_are_only_titles(monkeypatch):
    """A made-up page of a report or a case study has a title alone, and is not held to its anatomy."""
    monkeypatch.setattr(report_blocks, "is_report", lambda _: False)
    monkeypatch.setattr(case_blocks, "is_study", lambda _: False)


def _step(**changes):
    return {"page": "a", "why": "For a good reason.", "minutes": 3, **changes}


def _write(tmp_path, *entries):
    path = tmp_path / "ways.yaml"
    path.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return path


# --- the file --------------------------------------------------------------------------------------


def test_every_role_has_its_own_way():
    assert set(PATHWAYS) == set(boxes.ROLES)
    ways = [tuple(step.why for step in pathway.steps) for pathway in PATHWAYS.values()]
    assert len(set(ways)) == len(ways)
    assert len({pathway.purpose for pathway in PATHWAYS.values()}) == len(ways)


@pytest.mark.parametrize("name", sorted(STEPS - {pathways.COUNCILS}))
def test_every_step_is_a_page_that_is_there(name):
    assert (ROOT / f"{name}.md").is_file()


def test_the_page_shows_every_way_under_its_own_heading():
    text = (ROOT / f"{pathways.PAGE}.md").read_text(encoding="utf-8")
    shown = re.findall(r"^## (.*)\n\n```\{pathway\} (.*)$", text, re.MULTILINE)
    assert [(role, title.casefold()) for title, role in shown] == list(boxes.ROLES.items())


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"purpose": "To see how it goes.", "steps": []}, "entry 1: role: Field required"),
        (
            {"role": "audit", "purpose": "To see how it goes.", "steps": [_step()]},
            "audit: steps: Tuple should have at least 3 items",
        ),
        (
            {"role": "mayor", "purpose": "To see how it goes.", "steps": [_step()] * 3},
            "mayor: role: expected one of leader or cabinet member",
        ),
        (
            {"role": "audit", "purpose": "To see it.", "steps": [_step(minutes=0)] * 3},
            "audit: purpose",
        ),
        (
            {
                "role": "audit",
                "purpose": "To see how it goes.",
                "steps": [_step(), _step(), _step(page="councils")],
            },
            "audit: steps.2: title: expected one",
        ),
        ("audit", "entry 1: "),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_field(tmp_path, entry, said):
    with pytest.raises(PathwayError, match=re.escape(said)) as caught:
        load(_write(tmp_path, entry))
    assert str(caught.value).startswith("ways.yaml: ")


def test_a_role_stands_there_once(tmp_path):
    entry = {"role": "audit", "purpose": "To see how it goes.", "steps": [_step()] * 3}
    with pytest.raises(PathwayError, match="audit: role: stands there twice"):
        load(_write(tmp_path, entry, entry))


# --- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", PATHWAYS)
def test_a_way_says_what_for_where_to_and_how_long(tmp_path, role):
    made = page(tmp_path, f"```{{pathway}} {role}\n```", name="start", others=BOOK)
    pathway = PATHWAYS[role]
    assert made.faults == []
    assert pathway.purpose in made.html
    found = re.findall(
        r'<li><p>.*?href="(.*?)".*?</p>\s*<p>(.*?) <span class="minutes">(\d+) minutes?</span>',
        made.html,
        re.DOTALL,
    )
    expected = [
        (
            "councils/index.html" if step.page == "councils" else f"{step.page}.html",
            step.why,
            str(step.minutes),
        )
        for step in pathway.steps
    ]
    assert found == expected
    assert f"{len(pathway.steps)} steps, {pathway.minutes} minutes of reading." in made.html
    assert made.metadata["goldenthread-made-from"] == str(pathways.PATH)
    for step in pathway.steps:
        assert (step.title or f"Title of {step.page}") in made.html


def test_a_landing_page_shows_the_first_steps_and_the_way_to_the_rest(tmp_path):
    made = page(tmp_path, "```{pathway} officer\n:steps: 2\n```", name="book/home", others={**BOOK})
    officer = PATHWAYS["officer"]
    assert made.faults == []
    assert made.html.count("<li>") == 2
    assert officer.purpose not in made.html
    link = f"All {len(officer.steps)} steps, {officer.minutes} minutes"
    assert re.search(rf'href="../{pathways.PAGE}.html#pathway-officer">{link}</a>', made.html)
    assert "goldenthread-made-from" not in made.metadata


def test_the_link_to_the_rest_leads_to_the_way_itself(tmp_path):
    made = page(tmp_path, "```{pathway} fire authority member\n```", name="start", others=BOOK)
    assert 'id="pathway-fire-authority-member"' in made.html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```{pathway} mayor\n```", "expected one of leader or cabinet member, scrutiny"),
        ("```{pathway}\n```", "1 argument"),
        ("```{pathway} audit\n:steps: none\n```", "steps"),
        ("```{pathway} audit\n:step: 3\n```", "step"),
    ],
)
def test_a_wrong_role_or_option_stops_the_build_with_file_and_line(tmp_path, text, said):
    made = page(tmp_path, f"Words.\n\n{text}", name="start", others=BOOK)
    assert fault(made).startswith("5: ")
    assert said in "\n".join(made.faults)


def test_a_step_that_is_not_there_stops_the_build_with_file_and_line(tmp_path):
    others = {name: text for name, text in BOOK.items() if "case" not in name}
    made = page(tmp_path, "Words.\n\n```{pathway} officer\n```", name="start", others=others)
    assert fault(made).startswith("5: ")
    assert "pathways.yaml: officer: the book has no page 'casestudies/south-cam" in fault(made)


def test_a_book_without_pages_of_councils_has_no_step_to_them(tmp_path):
    others = {name: text for name, text in BOOK.items() if name != councils.RULE}
    made = page(tmp_path, "Words.\n\n```{pathway} audit\n```", name="start", others=others)
    assert "the book has no page 'councils'" in fault(made)
