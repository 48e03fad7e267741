"""The forms that contributors fill in ask for what the workbook needs, in the words that it knows."""

from __future__ import annotations

import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import yaml

from goldenthread import self_assessment
from goldenthread.catalogue import FOLDER
from goldenthread.site import boxes, case_anatomy, gatherings

ROOT = FOLDER.parent
FORMS = [
    path
    for path in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    if path.name != "config.yml"
]


def _fields(name: str) -> dict[str, dict]:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text("utf-8"))
    return {one["id"]: one for one in form["body"] if "id" in one}


def test_there_is_a_form_for_each_thing_that_people_bring():
    assert {path.stem for path in FORMS} == {
        *("case-study", "resource", "idea", "error-in-a-figure", "page"),
    }


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("vendor.github-issue-forms", [str(path) for path in FORMS]),
        ("vendor.github-issue-config", [str(ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml")]),
    ],
)
def test_forms_are_of_the_form_that_github_asks_for(schema, names):
    run = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_ids_and_labels_stand_once(path):
    body = yaml.safe_load(path.read_text("utf-8"))["body"]
    for key in ("id", "label"):
        found = [one[key] if key == "id" else one["attributes"][key] for one in body if "id" in one]
        assert len(set(found)) == len(found)
    assert any(one.get("validations", {}).get("required") for one in body)


def test_a_case_study_is_asked_in_the_words_of_its_page():
    fields = _fields("case-study")
    assert tuple(fields["themes"]["attributes"]["options"]) == self_assessment.THEMES
    assert tuple(fields["roles"]["attributes"]["options"]) == tuple(boxes.ROLES)
    labels = {one["attributes"]["label"] for one in fields.values()}
    asked = {"The situation", "What they did", "Who was involved", "What changed"}
    assert asked | {"What they would tell others", "Sources"} <= labels
    template = (ROOT / "casestudies" / "_template.md").read_text("utf-8")
    headings = set(re.findall(r"^## (.+)$", template, re.MULTILINE))
    assert asked <= headings
    assert case_anatomy.SINCE.pattern.fullmatch("The figures since")


def test_a_resource_is_of_a_kind_that_the_page_has_or_a_community():
    options = _fields("resource")["kind"]["attributes"]["options"]
    assert sorted(options) == sorted([*gatherings.KINDS, "community"])


def test_what_a_page_fills_in_is_asked_by_its_form():
    fields = _fields("page")
    assert list(fields) == ["page", "kind", "what"]


def test_code_owners_tell_content_from_code_and_name_what_is_there():
    text = (ROOT / "CODEOWNERS").read_text("utf-8")
    lines = [
        line.removeprefix("#").split()
        for line in text.splitlines()
        if re.match(r"#?\s*/", line.removeprefix("# "))
    ]
    named = {line[0]: line[1] for line in lines}
    assert len(named) > 15
    for path in named:
        assert list(ROOT.glob(path.strip("/"))), path
    assert named["/book/"].endswith("content-editors")
    assert named["/goldenthread/"].endswith("code-maintainers")
    # The last line that fits decides: what is narrower stands below what is wider.
    order = list(named)
    for at, path in enumerate(order):
        assert not [wider for wider in order[at + 1 :] if path.startswith(wider)], path
    # Nobody is invented: an owner is written in by whoever owns the project.
    assert not [line for line in text.splitlines() if "@" in line and not line.startswith("#")]


def test_the_code_of_conduct_names_no_address():
    text = (ROOT / "CODE_OF_CONDUCT.md").read_text("utf-8")
    assert "@" not in text
    assert not [word for word in text.split() if urlsplit(word).scheme.startswith("http")]
