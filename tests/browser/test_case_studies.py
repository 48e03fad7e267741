"""The list of case studies: filters, councils like the reader's, an address to send, and the map."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from goldenthread import areas, peers
from goldenthread.site import authorities, case_studies

PAGE = "casestudies/index.html"
STUDY = "casestudies/south-cambridgeshire.html"
STUDIES = [case_studies.load(path) for path in case_studies.paths()]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
#: What each field of the list offers, and which studies suit a value of it.
FIELDS = {
    "Type": ("type", lambda study: map(authorities.slug, study.kinds)),
    "Region": ("region", lambda study: map(authorities.slug, study.regions)),
    "What it is about": ("theme", lambda study: study.themes),
    "How it went": ("went", lambda study: ["wrong"] if study.went_wrong else []),
}


def _open(someone, search: str = ""):
    page = someone.open(PAGE + search)
    page.locator(".case-filter").wait_for()
    return page


def _shown(page) -> set[str]:
    return set(page.locator(".case:visible .case-title").all_inner_texts())


def _titles(studies) -> set[str]:
    return {study.title.replace("'", "’") for study in studies}


def _near(code: str) -> list:
    """Give the studies of a council and of those on its list of similar ones."""
    alike = {code, *peers.group("similar", code)}
    return [study for study in STUDIES if alike & {area.code for area in study.today}]


def _without_any() -> areas.Area:
    """Find a council of a type that is told of, with no study from itself or one like it."""
    return next(
        area
        for area in areas.councils()
        if not _near(area.code) and any(area.kind in study.kinds for study in STUDIES)
    )


def test_each_filter_shows_what_suits_it_and_stands_in_the_address(reader):
    page = _open(reader())
    assert _shown(page) == _titles(STUDIES)
    for label, (name, values) in FIELDS.items():
        field = page.get_by_label(label, exact=True)
        offered = {value for study in STUDIES for value in values(study)}
        for value in offered:
            field.select_option(value)
            assert _shown(page) == _titles(one for one in STUDIES if value in set(values(one)))
            assert page.url.endswith(f"?{name}={value}")
        field.select_option("")
    assert page.url.endswith(PAGE)


def test_choices_add_up_are_the_same_for_whoever_gets_the_address_and_are_taken_back(reader):
    study = case_studies.load(case_studies.FOLDER / "south-cambridgeshire.md")
    page = _open(reader())
    page.get_by_label("What it is about").select_option(study.themes[0])
    page.get_by_label("Region", exact=True).select_option("east-of-england")
    wanted = [s for s in STUDIES if study.themes[0] in s.themes and "East of England" in s.regions]
    assert _shown(page) == _titles(wanted)
    search = "?" + page.url.partition("?")[2]
    assert _shown(_open(reader(), search)) == _shown(page)
    page.get_by_role("button", name="Show all case studies").click()
    page.wait_for_url(f"**/{PAGE}")
    assert _shown(page) == _titles(STUDIES)


def test_an_address_that_makes_no_sense_shows_everything(reader):
    page = _open(reader(), "?type=kingdom&theme=%3Cscript%3E&like=perhaps")
    assert _shown(page) == _titles(STUDIES)
    assert page.url.endswith(PAGE)


def test_councils_like_mine_are_the_readers_own_list_of_similar_ones(reader):
    page = _open(reader())
    mine = page.get_by_label("Only from councils like mine")
    assert mine.is_disabled()
    page = _open(reader(), "?council=south-cambridgeshire")
    mine = page.get_by_label("Only from councils like mine")
    page.get_by_text("South Cambridgeshire and its list of similar councils.").wait_for()
    mine.focus()
    page.keyboard.press("Space")
    assert _shown(page) == _titles(_near("E07000012"))
    assert "like=yes" in page.url
    page.get_by_text("from South Cambridgeshire or councils like it.").wait_for()


def test_where_there_is_none_like_mine_those_of_its_type_are_shown_and_that_is_said(reader):
    area = _without_any()
    page = _open(reader(), f"?like=yes&council={authorities.addresses()[area.code]}")
    page.get_by_text(f"None of these is from {area.name}").wait_for()
    assert _shown(page) == _titles(study for study in STUDIES if area.kind in study.kinds)


def test_without_javascript_every_study_and_the_map_are_there(reader):
    page = reader(java_script_enabled=False).open(PAGE)
    assert _shown(page) == _titles(STUDIES)
    assert not page.locator(".case-filter").is_visible()
    picture = page.get_by_role("img", name="Map of England in hexagons")
    assert picture.is_visible()
    marked = sum(len(study.today) for study in STUDIES)
    assert page.locator(".case-map .told").count() == marked


def test_a_study_leads_to_others_on_its_theme_and_its_council_is_linked(reader):
    someone = reader()
    page = someone.open(STUDY)
    assert page.locator(".figures-since tbody tr").count() >= 1
    assert page.locator(".case-sources li").count() == 3
    page.locator(".case-facts").get_by_role("link", name="Analysis").click()
    page.wait_for_url("**theme=analysis")
    page.locator(".case-filter").wait_for()
    assert _shown(page) == _titles(study for study in STUDIES if "analysis" in study.themes)
    assert someone.faults == []
    assert someone.elsewhere == []


@pytest.mark.parametrize("path", [PAGE + "?council=hull&like=yes", STUDY])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_and_is_accessible(reader, path, width):
    page = reader(viewport={"width": width, "height": 700}).open(path)
    page.locator(".case-list, .figures-since").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page, options=RULES).response["violations"] == []
