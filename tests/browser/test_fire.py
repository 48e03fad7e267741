"""A fire and rescue authority, chosen like a council: its own figures, its own company, its own words."""

from __future__ import annotations

import pytest

HOME = "book/index.html"
REPORT = "book/reports/fire-and-rescue.html"
WASTE = "book/reports/household-waste-and-recycling.html"
KENT = "kent-fire-and-rescue-authority"
NAME = "Kent Fire and Rescue Authority"
CHARGE, RATE = "#measure-fire-band-d", "#measure-household-recycling-rate"


def _slot(page, panel: str, name: str):
    return page.locator(f'{panel} [data-slot="{name}"]')


def _until(page, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('[data-bar]').textContent.includes(words)", arg=words
    )


def _found(page, typed: str) -> list[str]:
    page.locator("[data-picker] input").fill(typed)
    page.locator('[data-picker] [role="option"]').first.wait_for()
    return page.locator('[data-picker] [role="option"] span').all_inner_texts()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Kent", "Kent"),
        ("West Yorkshire", "West Yorkshire Fire and Rescue Authority"),
        ("kent fire", NAME),
        ("Kent fire and rescue service", NAME),
        ("london fire brigade", "London Fire Commissioner"),
        ("Leeds fire", "West Yorkshire Fire and Rescue Authority"),
    ],
)
def test_it_is_found_by_its_name_and_by_a_place_it_serves(reader, typed, first):
    page = reader().open(HOME)
    assert _found(page, typed)[0] == first


def test_a_council_stands_before_the_authority_of_its_name(reader):
    page = reader().open(HOME)
    for council in ("Kent", "Cornwall", "Norfolk", "North Yorkshire", "Lancashire"):
        found = _found(page, council)
        assert found[0] == council
        assert f"{council} Fire and Rescue Authority" in found[1:]
    found = _found(page, "fire")
    assert len(found) == 10
    assert all("Fire" in name for name in found)


def test_it_is_compared_with_its_own_and_never_with_councils(reader):
    someone = reader()
    page = someone.open(f"{REPORT}?council={KENT}")
    _until(page, f"{NAME} compared with 15 similar fire authorities")
    assert _slot(page, CHARGE, "sentence").inner_text().startswith("Kent’s Band D charge")
    assert _slot(page, CHARGE, "of").inner_text().startswith(f"{NAME}, ")
    assert not _slot(page, CHARGE, "note").is_visible()
    page.get_by_role("button", name="Change").click()
    offered = page.locator(".comparators .choice").all_inner_texts()
    assert [words.strip() for words in offered] == [
        "The most similar fire and rescue authorities",
        "Fire and rescue authorities run in the same way",
        "All fire and rescue authorities of England",
        "Your own list of fire authorities",
    ]
    page.get_by_label("Fire and rescue authorities run in the same way").check()
    _until(page, "19 other fire authorities of its type")
    page.wait_for_url(f"**?council={KENT}&with=governance**")
    page.get_by_label("All fire and rescue authorities of England").check()
    _until(page, "43 other fire authorities in England")
    assert someone.faults == []


def test_its_own_list_holds_fire_authorities_and_is_kept_apart(reader):
    someone = reader()
    page = someone.open(f"{REPORT}?council={KENT}")
    _until(page, NAME)
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Your own list of fire authorities").check()
    field = page.get_by_label("Add a fire authority to your list")
    for name in ("Essex", "Surrey", "Avon"):
        field.fill(name)
        options = page.locator('.own-list [role="option"]')
        options.first.wait_for()
        assert all("Fire" in words for words in options.locator("span").all_inner_texts())
        options.first.click()
    _until(page, "3 fire authorities on your own list")
    # A council's reader has another list, which is empty.
    page = someone.open(f"{REPORT}?council=hull&with=own")
    _until(page, "Hull compared with 15 similar councils")
    page = someone.open(f"{REPORT}?council={KENT}&with=own")
    _until(page, "3 fire authorities on your own list")
    assert someone.faults == []


def test_what_it_has_no_figure_of_says_so_and_shows_england(reader):
    someone = reader()
    page = someone.open(WASTE)
    england = _slot(page, RATE, "sentence").inner_text()
    page = someone.open(f"{WASTE}?council={KENT}")
    _until(page, NAME)
    note = _slot(page, RATE, "note").inner_text()
    assert note == f"This is a figure of councils, and {NAME} has none: the page shows England’s."
    assert _slot(page, RATE, "sentence").inner_text() == england
    assert _slot(page, RATE, "of").inner_text().startswith("England, ")
    # Of what it has no figure of nobody can say that it does not stand out.
    assert not page.locator(".stands-out .quiet").is_visible()
    assert page.locator(".stands-out .headline").first.inner_text().startswith("England’s")
    text = page.locator("main").inner_text()
    assert "undefined" not in text
    assert "NaN" not in text
    # Back to a council, nothing of it is left.
    page = someone.open(f"{WASTE}?council=hull")
    _until(page, "Hull")
    assert not _slot(page, RATE, "note").is_visible()
    assert someone.faults == []


@pytest.mark.parametrize("council", ["kent", "medway", "ashford"])
def test_a_council_is_told_whose_figure_it_sees(reader, council):
    page = reader().open(f"{REPORT}?council={council}")
    _until(page, "compared with")
    _slot(page, CHARGE, "note").wait_for()
    note = _slot(page, CHARGE, "note").inner_text()
    assert note.endswith(f"is the work of {NAME}: these are its figures.")
    assert _slot(page, CHARGE, "of").inner_text().startswith(f"{NAME}, ")
    assert page.locator(f"{CHARGE} figcaption strong").last.inner_text().startswith(NAME)


def test_a_comparison_that_only_councils_have_gives_way(reader):
    page = reader().open(f"{REPORT}?council=hull&with=dfe")
    _until(page, "statistical neighbours")
    page = reader().open(f"{REPORT}?council={KENT}&with=dfe")
    _until(page, "15 similar fire authorities")
    page = reader().open(f"{REPORT}?council={KENT}&with=kind")
    _until(page, "43 other fire authorities in England")
    page = reader().open(f"{REPORT}?council=hull&with=governance")
    _until(page, "15 similar councils")


def test_its_own_page_leads_to_the_reports(reader):
    page = reader().open(f"councils/{KENT}/index.html")
    page.get_by_role("link", name="Use on every page").click()
    _until(page, f"{NAME} compared with 15 similar fire authorities")
