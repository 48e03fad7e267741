"""A worked example on the page: its answer is folded until it is asked for, and never taken along."""

from __future__ import annotations

import json

import pytest

from goldenthread import notebooks


def test_every_worked_example_offers_its_notebook_without_the_answer(site, pages):
    shown = [path for path in pages if path.startswith("notebooks/")]
    assert shown
    for path in shown:
        page = (site / path).read_text(encoding="utf-8")
        name = path.removeprefix("notebooks/").removesuffix(".html")
        assert f'href="{name}.ipynb"' in page
        assert page.count('<details class="solution">') == 1
        taken = json.loads((site / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        answers = notebooks.solutions(notebooks.read(notebooks.FOLDER / f"{name}.md"))
        text = "\n".join("".join(cell["source"]) for cell in taken["cells"])
        assert not notebooks.given_away(answers, text)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_solution_opens_by_keyboard_also_without_javascript(reader, javascript):
    someone = reader(java_script_enabled=javascript, viewport={"width": 320, "height": 800})
    page = someone.open("notebooks/who-is-like-us.html")
    solution = page.locator("details.solution")
    code = solution.locator(".cell_input").first
    assert not code.is_visible()
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    code.wait_for(state="visible")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert someone.faults == []


def test_a_notebook_is_downloaded_under_its_name(reader):
    page = reader().open("notebooks/who-is-like-us.html")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download who-is-like-us.ipynb").click()
    assert started.value.suggested_filename == "who-is-like-us.ipynb"
