"""Case studies: what their front matter may say, the parts that all have, and what pages make of them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from goldenthread import areas, cli
from goldenthread.charts.hexmap import layout
from goldenthread.prose import passages
from goldenthread.site import anatomy, case_map, case_since, case_studies, councils, front_matter
from goldenthread.site.case_studies import FOLDER
from goldenthread.site.panels import panel

sys.path.insert(0, str(Path(__file__).parent))
from small_book import page

PAGE = FOLDER / "south-cambridgeshire.md"
TEMPLATE = FOLDER / "_template.md"
TEXT = PAGE.read_text(encoding="utf-8")
CODE = "council: E07000012"


def _write(folder: Path, *changes: tuple[str, str], name: str = PAGE.name) -> Path:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _spoilt(folder: Path, *changes: tuple[str, str]) -> list[str]:
    return case_studies.faults(_write(folder, *changes))


def _section(heading: str) -> str:
    """Give a section of the page, from its heading to the next."""
    found = re.search(rf"(?ms)^## {heading}\n.*?(?=^## |\Z)", TEXT)
    assert found, heading
    return found[0]


def _with_code(code: str, measure: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Make the story another council's, with a measure that it has."""
    since = re.search(r"```\{figures-since\}\n(.*?)```", TEXT, re.DOTALL)
    return (CODE, f"council: {code}"), (since[1], f"{measure}\n")


# --- those there are -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", case_studies.paths(), ids=lambda path: path.stem)
def test_every_case_study_is_as_it_should_be(path):
    assert case_studies.faults(path) == []


def test_no_two_case_studies_share_a_sentence():
    assert case_studies.shared(case_studies.paths()) == []


def test_the_template_is_a_case_study_but_for_its_words_and_says_which_one_is_finished(tmp_path):
    text = TEMPLATE.read_text(encoding="utf-8")
    copy = tmp_path / "a-council.md"
    copy.write_text(text, encoding="utf-8")
    (only,) = case_studies.faults(copy)
    assert re.search(r":\d+: expected 350 to 700 words, found \d+$", only)
    assert TEMPLATE not in case_studies.paths()
    named = re.search(r"casestudies/([\w-]+\.md) shows a finished", "\n".join(text.split("\n")[:3]))
    assert FOLDER / named[1] in case_studies.paths()


# --- the front matter ----------------------------------------------------------------------------------

FRONT = [
    (CODE, "council: Hull", 4, "case.council: expected a GSS code: Hull is E06000010"),
    (CODE, "council: E99999999", 4, "expected a GSS code such as E07000012, found 'E99999999'"),
    (CODE, "council: E12000006", 4, "case.council: expected a GSS code"),
    (CODE, "council: [E07000012, E07000012]", 4, "E07000012 stands there twice"),
    (CODE, "councils: E07000012", 4, "there is no such field; the nearest is council"),
    ("[analysis, measures, leadership]", "[waste]", 5, "there is no theme 'waste'"),
    ("[analysis, measures, leadership]", "[data, value, learning, planning]", 5, "at most 3"),
    ("year: 2023", "year: 1998", 6, "greater than or equal to 2009"),
    ("roles: [leader or", "roles: [leder or", 7, "nearest are leader or cabinet member"),
    ("went-wrong: false", "went-wrong: perhaps", 8, "case.went-wrong"),
    ("  went-wrong: false\n", "", 3, "case.went-wrong: this field is missing"),
    ("url: https://scambs", "url: scambs", 9, "case.sources.url: String should match"),
    ("published: 2024-07-08", "published: July 2024", 9, "case.sources.published"),
    ("checked: 2026-11-23", "checked: recently", 9, "case.sources.checked"),
    ("description: How South", "description: Short. #", 2, "expected 90 to 170 letters"),
    ("case:\n", "story:\n", 1, "expected `case:` with council, themes, year"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), FRONT, ids=[case[3] for case in FRONT])
def test_wrong_front_matter_is_named_by_file_line_and_field(tmp_path, old, new, line, said):
    found = _spoilt(tmp_path, (old, new))
    assert any(fault.startswith(f"{PAGE.name}:{line}: ") and said in fault for fault in found), (
        found
    )


def test_type_and_region_come_from_the_register(tmp_path):
    former = case_studies.load(
        _write(tmp_path, (CODE, "council: E10000021"), name="northamptonshire.md")
    )
    assert former.type == "county council, now abolished"
    assert [area.name for area in former.today] == [
        "North Northamptonshire",
        "West Northamptonshire",
    ]
    two = case_studies.load(
        _write(tmp_path, (CODE, "council: [E07000037, E07000198]"), name="two.md")
    )
    assert two.regions == ("East Midlands", "West Midlands")
    assert two.type == "district council"
    fire = case_studies.load(_write(tmp_path, (CODE, "council: E31000002"), name="fire.md"))
    assert (fire.type, fire.names) == (
        "fire authority",
        ("Bedfordshire Fire and Rescue Authority",),
    )


def test_a_source_has_a_day_a_year_or_no_date(tmp_path):
    assert [source.published for source in case_studies.load(PAGE).sources].count(None) == 2
    study = case_studies.load(_write(tmp_path, ("published: 2024-07-08", "published: 2014")))
    assert study.sources[0].published == "2014"


def test_what_no_study_is_from_is_named(tmp_path):
    found = case_studies.lacking([case_studies.load(PAGE)])
    assert "district councils" not in found
    assert "East of England" not in found
    # The other five types and the other eight regions.
    assert len(found) == 13
    assert {"fire authorities", "London", "North East"} <= set(found)


# --- the anatomy ---------------------------------------------------------------------------------------

PARTS = [
    (("```{case-facts}\n```\n", ""), "expected {case-facts}"),
    (("## The situation\n", ""), "expected a heading 'The situation'"),
    (("## Who was involved", "## The people"), "expected a heading 'Who was involved'"),
    (("# South Cambridgeshire: an", "# An"), "expected a title that names the council"),
    (
        ("{questions} Questions to take", "{questions} What to take"),
        "expected {questions} Questions",
    ),
    (("*Ask the head of service.*", ""), "expected a question and a role"),
    (("```{case-sources}\n```", "A list."), "expected {case-sources} below 'Sources'"),
    (("](../book/councillor/change-over-time.md)", "](#)"), None),
    (("(https://scambs.gov.uk/", "(https://other.example/"), "is not among the sources"),
    (
        ("total-service-spending-per-resident", "total-spending"),
        "there is no measure 'total-spending'",
    ),
    (
        ("total-service-spending-per-resident", "fire-false-alarms-share"),
        "expected in {figures-since} a measure with figures of 2024 or later",
    ),
]


@pytest.mark.parametrize(("change", "said"), PARTS, ids=[str(case[1]) for case in PARTS])
def test_what_is_missing_is_said_in_plain_words(tmp_path, change, said):
    found = _spoilt(tmp_path, change)
    if said is None:
        # The section still leads to a template.
        assert found == []
        return
    assert any(said in fault for fault in found), found
    assert all(re.match(rf"{PAGE.name}:\d+: ", fault) for fault in found)


def test_a_measure_has_figures_of_such_a_council(tmp_path):
    found = _spoilt(tmp_path, *_with_code("E10000016", "fly-tipping-incidents"))
    assert any("no figures of county councils such as Kent; take another" in one for one in found)


def test_parts_keep_their_order_and_are_filled(tmp_path):
    who, did = _section("Who was involved"), _section("What they did")
    found = _spoilt(tmp_path, (who, ""), (did, who + did))
    assert any("stands too early" in fault for fault in found)
    emptied = _spoilt(tmp_path, (who, "## Who was involved\n\n"))
    assert any("expected some words below 'Who was involved'" in fault for fault in emptied)


def test_what_changed_is_told_in_figures_or_it_is_said_that_there_are_none(tmp_path):
    changed = _section("What changed")
    silent = (changed, "## What changed\n\nCalls were answered sooner.\n\n")
    assert any("a sentence that says that the sources" in one for one in _spoilt(tmp_path, silent))
    honest = (changed, "## What changed\n\nThe sources give no figures of what changed.\n\n")
    assert not any("sentence that says" in one for one in _spoilt(tmp_path, honest))


def test_something_is_linked_to_try(tmp_path):
    section = _section("Try it")
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", section)
    assert any("expected something to try" in one for one in _spoilt(tmp_path, (section, plain)))


@pytest.mark.parametrize("repeated", [0, 9])
def test_it_is_neither_too_short_nor_too_long(tmp_path, repeated):
    words = "".join(
        map(_section, ("Who was involved", "What changed", "What others can take from it"))
    )
    found = _spoilt(tmp_path, (words, words * repeated))
    assert any("expected 350 to 700 words" in fault for fault in found)


def test_where_something_went_wrong_the_parts_may_say_so(tmp_path):
    assert _spoilt(tmp_path, ("## What they did", "## What happened")) == []
    told = ("## What others can take from it", "## What they would tell others")
    assert _spoilt(tmp_path, told) == []


def test_a_sentence_that_stands_in_two_is_found(tmp_path):
    other = _write(tmp_path, name="other.md")
    found = case_studies.shared([PAGE, other])
    assert len(found) == len(anatomy.sentences(front_matter.split(TEXT)[1]))
    assert found[0].startswith(f"other.md:1: the same sentence stands in {PAGE.name}: ")


# --- the command ---------------------------------------------------------------------------------------


def _run(capsys, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main(["check", "casestudies", *map(str, arguments)])
    said = capsys.readouterr()
    return left.value.code or 0, said.out, said.err


def test_the_command_says_what_is_missing_and_leaves_with_one(tmp_path, capsys):
    path = _write(tmp_path, ("## The situation\n", ""))
    code, out, err = _run(capsys, path)
    assert code == 1
    assert re.search(rf"^{PAGE.name}:\d+: expected a heading 'The situation'$", out, re.MULTILINE)
    assert err == "1 to mend\n"


def test_the_command_says_that_nothing_is_missing_and_whom_nobody_has_told_of(tmp_path, capsys):
    (tmp_path / "casestudies").mkdir()
    _write(tmp_path / "casestudies")
    code, out, err = _run(capsys, "--root", tmp_path)
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    assert first == "1 case study: nothing is missing"
    assert second.startswith("None yet from county councils, ")
    assert _run(capsys, PAGE)[1] == f"{first}\n"


def test_sources_are_on_the_list_of_addresses_to_ask():
    linked = {address for passage in passages.of_page(TEXT) for address, _ in passage.addresses}
    assert {source.url for source in case_studies.load(PAGE).sources} <= linked
    front = TEXT.split("# South")[0]
    lines = [line for one in passages.of_page(front) for _, line in one.addresses]
    assert lines == [n for n, line in enumerate(front.split("\n"), 1) if "url: " in line]


# --- the figures since ---------------------------------------------------------------------------------


def test_then_is_the_last_figure_up_to_the_storys_year_and_now_the_newest():
    made, hull = panel("household-recycling-rate"), areas.find("Hull")
    own = made.observations[made.observations["area"] == hull.code].dropna(subset="value")
    ends = own.sort_values("period_end")
    found = case_since.since(made, hull, 2015)
    until = ends[ends["period_end"].dt.year <= 2015].iloc[-1]
    assert (found.then.period, found.then.value) == (
        until["period_label"],
        made.write(until["value"]),
    )
    assert found.now.period == ends.iloc[-1]["period_label"]
    assert found.whose == "Hull City Council"


def test_without_a_figure_of_before_the_first_since_is_then_and_without_a_newer_one_nothing_is_now():
    made, hull = panel("household-recycling-rate"), areas.find("Hull")
    years = made.observations["period_end"].dt.year
    # Further back than the figures go, they begin after the story.
    early = case_since.since(made, hull, int(years.min()) - 1)
    assert early.then.period == made.periods["period"].iloc[0]
    late = case_since.since(made, hull, int(years.max()))
    assert late.now is None
    assert late.then.period == made.period
    gone = case_since.since(made, hull, int(years.max()) + case_since.BEFORE + 1)
    assert (gone.then, gone.now) == (None, None)


def test_a_district_is_shown_its_countys_figure_of_what_the_county_provides():
    found = case_since.since(panel("ofsted-overall"), areas.find("South Cambridgeshire"), 2023)
    assert found.whose == "Cambridgeshire County Council"


# --- the map -------------------------------------------------------------------------------------------


def test_the_map_marks_counties_districts_and_fire_authorities_where_they_are(tmp_path):
    kent = case_map.cells(areas.find("Kent"))
    districts = [code for code in layout() if areas.register()[code].county == "E10000016"]
    assert sorted(kent) == sorted(layout()[code] for code in districts)
    listed = [
        case_studies.load(PAGE),
        case_studies.load(_write(tmp_path, (CODE, "council: E10000003"), name="county.md")),
        case_studies.load(_write(tmp_path, (CODE, "council: E10000021"), name="former.md")),
    ]
    made = case_map.picture(listed)
    # The former county is two unitary councils now; the district stands on top of its county.
    assert len(made["told"]) == 4
    assert made["told"][0].count("L") > made["told"][-1].count("L")
    assert made["counts"]["East of England"] == 2
    assert sum(made["counts"].values()) == 3
    assert next(iter(made["counts"])) == "North East"


# --- what a page makes of it ---------------------------------------------------------------------------

BOOK = {"index": "# Home\n", councils.RULE: "# The rule\n"}
LIST = "```{case-list}\n```\n"


def _faults(made) -> list[str]:
    # The small book has none of the pages that the case study leads to.
    return [line for line in made.faults if "cross-reference target" not in line]


def test_a_page_shows_whose_story_it_is_the_figures_since_and_its_sources(tmp_path):
    made = page(
        tmp_path,
        TEXT,
        name="casestudies/south-cambridgeshire",
        others={**BOOK, "casestudies/index": LIST},
        head="",
    )
    assert _faults(made) == []
    assert made.metadata["goldenthread-cases"] == "yes"
    assert 'href="../councils/south-cambridgeshire/index.html"' in made.html
    assert "<dd>District council, East of England</dd>" in made.html
    assert '<a href="index.html?theme=analysis">Analysis</a>' in made.html
    assert "Leaders and cabinet members, scrutiny members and officers" in made.html
    found = case_since.since(
        panel("total-service-spending-per-resident"), areas.find("South Cambridgeshire"), 2023
    )
    assert found.now.value in made.html.split('class="figures-since"')[1]
    assert "Figures beside a story do not prove the story." in made.html
    sources = made.html.split('<ul class="case-sources">')[1]
    for source in case_studies.load(PAGE).sources:
        assert f'<a href="{source.url}">' in sources
    assert "8 July 2024. Read there on 23 November 2026." in sources


def test_a_former_councils_page_says_when_it_ended_and_whose_figures_these_are(tmp_path):
    text = _write(
        tmp_path, *_with_code("E10000021", "total-service-spending-per-resident")
    ).read_text(encoding="utf-8")
    made = page(tmp_path, text, name="casestudies/northamptonshire", others=BOOK, head="")
    assert _faults(made) == []
    assert "<dd>Northamptonshire County Council</dd>" in made.html
    assert "Northamptonshire County Council ended on 31 March 2021." in made.html
    for name in ("North", "West"):
        assert f"<small>{name} Northamptonshire Council</small>" in made.html
    assert "Pounds are those of their time." in made.html


def test_the_list_has_every_study_with_what_it_is_filtered_by(tmp_path):
    wrong = _write(
        tmp_path,
        *_with_code("E31000002", "fire-and-rescue-spending-per-resident"),
        ("went-wrong: false", "went-wrong: true"),
        ("# South Cambridgeshire: an", "# Bedfordshire Fire and Rescue Authority: a service's"),
    ).read_text(encoding="utf-8")
    made = page(
        tmp_path,
        LIST,
        name="casestudies/index",
        others={
            **BOOK,
            "casestudies/bedfordshire-fire": wrong,
            "casestudies/south-cambridgeshire": TEXT,
        },
    )
    assert _faults(made) == []
    rows = re.findall(r'<li class="case" (.*?)>', made.html)
    assert len(rows) == 2
    assert "Authority: a service’s old series" in made.html
    assert 'data-kinds="fire-and-rescue-authority"' in rows[0]
    assert 'data-codes="E31000002" data-went="wrong"' in rows[0]
    assert 'data-kinds="district" data-regions="east-of-england"' in rows[1]
    assert 'data-went=""' in rows[1]
    assert made.html.count('class="told"') == 2
    assert "East of England 2" in re.search(r'aria-label="(Map of England[^"]*)"', made.html)[1]
    offered = re.search(r'<select id="case-type".*?</select>', made.html)[0]
    assert re.findall(r'value="([^"]+)"', offered) == ["district", "fire-and-rescue-authority"]


def test_a_wrong_case_study_stops_the_build_at_its_line(tmp_path):
    text = TEXT.replace("## The situation\n", "").replace(
        "total-service-spending-per-resident", "total-spending"
    )
    made = page(tmp_path, text, name="casestudies/wrong", others=BOOK, head="")
    said = "\n".join(_faults(made))
    assert "case study: expected a heading 'The situation'" in said
    assert re.search(r"wrong\.md:\d+: .*there is no measure 'total-spending'", said)


@pytest.mark.parametrize("name", ["case-facts", "figures-since", "case-sources"])
def test_a_block_of_case_studies_stands_on_their_pages_only(tmp_path, name):
    made = page(tmp_path, f"```{{{name}}}\n```")
    assert any("expected on the page of a case study" in line for line in made.faults)
