"""Every worked example has all its parts, keeps its answers to itself, and runs for any council."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread import exercises, notebooks
from goldenthread.areas import AreaError
from tests.notebook_runner import NotebookError, run

PAGES = notebooks.paths()
TEMPLATE = notebooks.FOLDER / "_template.md"
#: A county, and a district for what counties do not do.
OTHERS = ("Kent", "Mansfield")


def named(path: Path) -> str:
    return path.stem


def faults(text: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "one.md"
    path.write_text(text, encoding="utf-8")
    return notebooks.faults(notebooks.read(path))


@pytest.mark.parametrize("path", [*PAGES, TEMPLATE], ids=named)
def test_it_has_every_part(path):
    missing = notebooks.faults(notebooks.read(path))
    assert not missing, f"{path.name}: " + "; ".join(missing)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_the_learners_version_holds_no_answer_and_no_result(path):
    read = notebooks.read(path)
    made = exercises.learner(read)
    answers = notebooks.solutions(read)
    assert answers
    assert not notebooks.given_away(answers, exercises.write(made))
    assert not notebooks.given_away(answers, "\n".join(cell.source for cell in made.cells))
    assert all(not cell.get("outputs") and not cell.metadata for cell in made.cells)
    assert exercises.YOUR_ANSWER in [cell.source for cell in made.cells]
    # Nothing but the answer is lost.
    kept = [c.source for c in read.cells if c.cell_type == "code" and not notebooks.is_solution(c)]
    assert [c.source for c in made.cells if c.cell_type == "code" and c.source in kept] == kept


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_the_version_with_solutions_holds_all_of_them(path):
    read = notebooks.read(path)
    made = [cell.source for cell in exercises.solved(read).cells]
    assert all(f"# A solution\n{answer}" in made for answer in notebooks.solutions(read))
    assert len(made) == len(read.cells)


@pytest.mark.parametrize("path", [*PAGES, TEMPLATE], ids=named)
def test_it_runs_for_its_council_and_for_another(path):
    read = notebooks.read(path)
    mine = run(read)
    for other in OTHERS:
        try:
            theirs = run(read, council=other)
        except NotebookError as error:
            # Who has no figure of a measure is told so; a council of another kind has one.
            if not isinstance(error.__cause__, AreaError):
                raise
        else:
            break
    assert mine != theirs
    assert not [text for text in theirs if "nan%" in text or "None%" in text]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda t: t.replace("## Pitfalls\n", "## Traps\n"), "no part '## Pitfalls'"),
        (lambda t: t.replace("question mark?", "question mark"), "'# …?'"),
        (lambda t: t.replace("**Time:** 15 minutes", "Time: not long"), "**Time:**"),
        (lambda t: t.replace("**You need:**", "You need"), "**You need:**"),
        (lambda t: t.replace("description: What", "description: W\nx: What"), "description"),
        (lambda t: t.replace("live = False", "live = True"), "'live = False'"),
        (lambda t: t.replace('council = "Hull"', 'place = "Hull"'), "'council = "),
        (lambda t: t.replace("gt.use(rate, live=live)", "rate"), "gt.use"),
        (lambda t: t.replace('council, "kind"', '"Hull", "kind"'), "more than once"),
        (lambda t: t.replace("What would stand", "What would Hull say"), "words name Hull"),
        (lambda t: t.replace("## Compare it with", "## The data\n\n### Compare"), "two parts"),
        (
            lambda t: t.replace("## Pitfalls", "## Exercise").replace(
                "## Exercise", "## Pitfalls", 1
            ),
            "not in order",
        ),
        (lambda t: t.replace("## Compare it with", "### Compare it with"), "2 steps"),
        (
            lambda t: t.replace(
                "A step begins with its reason", "\n```{code-cell} ipython3\n1\n```\n"
            ),
            "say why",
        ),
        (lambda t: t.replace(":tags: [solution]\n", ""), "lacks ':tags: [solution]'"),
        (
            lambda t: t.replace(
                "gt.compare(rate, council)", 'print(gt.finding(name, council, "kind").text)'
            ),
            "stands in the notebook already",
        ),
        (lambda t: t.replace("What would stand", "It is 46.6%. What would stand"), "46.6%"),
        (lambda t: t.replace("What would stand", "{finding}`x` What would stand"), "finding"),
        (lambda t: t.replace("What would stand", "```{note}\nx\n```\nWhat"), "note"),
        (lambda t: t.replace("- **The third.**", "**The third.**"), "a list of 3"),
        (lambda t: t.replace("- [Household waste and recycling]", "- Household waste"), "2 links"),
    ],
)
def test_what_is_missing_is_named(spoil, said, tmp_path):
    text = TEMPLATE.read_text(encoding="utf-8")
    spoilt = spoil(text)
    assert spoilt != text
    found = faults(spoilt, tmp_path)
    assert [fault for fault in found if said in fault], found


def test_they_come_in_the_order_of_the_contents_and_drafts_are_left_out(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("a", "b", "c", "_draft"):
        (folder / f"{name}.md").write_text("", encoding="utf-8")
    assert [path.stem for path in notebooks.paths(folder)] == ["a", "b", "c"]
    toc = "chapters:\n  - file: notebooks/c\n  - file: notebooks/a\n  - file: book/b\n"
    (tmp_path / "_toc.yml").write_text(toc, encoding="utf-8")
    assert [path.stem for path in notebooks.paths(folder)] == ["c", "a", "b"]


def test_a_cell_that_fails_is_named(tmp_path):
    text = TEMPLATE.read_text(encoding="utf-8")
    path = tmp_path / "one.md"
    path.write_text(text.replace("gt.compare(rate, council)", "gt.compare(rate, 7)"), "utf-8")
    with pytest.raises(NotebookError, match="cell 6"):
        run(notebooks.read(path))


def test_a_solution_of_several_cells_leaves_one_to_fill(tmp_path):
    path = tmp_path / "one.md"
    cell = "```{code-cell} ipython3\n:tags: [solution]\nanswer = 42\n```\n\n"
    path.write_text(f"# Why?\n\n{cell}{cell}", encoding="utf-8")
    made = exercises.learner(notebooks.read(path))
    assert [c.source for c in made.cells] == ["# Why?", exercises.YOUR_ANSWER]
    assert "42" not in exercises.write(made)


def test_the_same_notebook_is_the_same_file():
    assert exercises.learners_file(TEMPLATE) == exercises.learners_file(TEMPLATE)


def test_links_lead_to_what_a_copy_can_reach():
    from goldenthread.addresses import Addresses

    read = notebooks.read(TEMPLATE)
    near = exercises.write(exercises.learner(read, Addresses()))
    assert "(who-is-like-us.ipynb)" in near
    assert "../book" not in near
    far = exercises.write(exercises.learner(read, Addresses(book="https://book.example")))
    assert "(https://book.example/book/reports/household-waste-and-recycling.html)" in far
