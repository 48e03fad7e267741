"""What a pack says, and what it refuses to say."""

from __future__ import annotations

import csv

import pytest

from goldenthread import kpis, packs
from goldenthread.packs import PackError, published
from goldenthread.packs.content import MOST
from tests.kpis.made import LONG, workbook
from tests.packs import made

HOSTILE = [
    ("KPI", "Period", "Value", "Target", "Polarity", "Owner", "Comment"),
    ('=HYPERLINK("http://x","y")', "Q1 2024/25", 41, 30, "low", "<script>1</script>", "@SUM(A1)"),
    ('=HYPERLINK("http://x","y")', "Q2 2024/25", 42, 30, "low", "<script>1</script>", "@SUM(A1)"),
    ("<img src=x onerror=alert(1)>", "Q1 2024/25", None, 50, "low", "+1", "](http://x) $$a$$"),
]


def hostile(folder):
    with (folder / "kpis.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(HOSTILE)
    own = kpis.read(folder / "kpis.csv")
    return packs.pack("<b>Town</b>", own=own)


def test_exceptions_are_the_scorecards_own():
    card = made.card()
    expected = {name.replace("'", "’") for name in card.loc[card["exception"], "name"]}
    assert {case.name for case in made.pack().cases} == expected


def test_the_overview_fits_a_page_and_says_what_it_leaves_out():
    for _, texts in made.pack().overview:
        assert len(texts) <= MOST + 1
    stands_out = made.pack().overview[0][1]
    left = len(made.pack().parts[0].stands_out) - MOST
    assert stands_out[-1] == f"And {left} more KPIs, in the pages that follow."


def test_one_miss_alone_asks_for_no_decision():
    card = made.card()
    alone = card[card["why"] == "target missed"]
    assert len(alone)
    said = " ".join(made.pack().parts[0].decisions)
    assert not [name for name in alone["name"] if f"{name}:" in said]


def test_missing_is_said_and_never_nought():
    card = made.card()
    missing = card[card["status"] == "no figure"]
    assert len(missing)
    rows = {row.texts[0]: row for row in made.pack().parts[0].scorecard.rows}
    for name in missing["name"]:
        assert rows[name].texts[4] == "no figure"
        assert rows[name].value != rows[name].value


def test_every_verdict_has_a_sign_and_words_that_the_key_explains():
    card = made.pack().parts[0].scorecard
    signs = {sign for sign, _ in card.key} | {"?"}
    for row in card.rows:
        for text in row.texts[7:]:
            sign, _, words = text.partition(" ")
            assert sign in signs
            assert words


def test_a_file_with_errors_makes_no_pack(tmp_path):
    rows = [*LONG, ("Calls answered", "Q4 2024/25", "4O", 85, "high", "Head of contact")]
    own = kpis.read(workbook(tmp_path / "kpis.xlsx", Figures=rows))
    with pytest.raises(PackError, match=r"1 to put right before a pack is made.*goldenthread kpis"):
        packs.pack("Northmere", own=own)


def test_nothing_to_report_is_refused():
    with pytest.raises(PackError, match="nothing to report"):
        packs.pack("Northmere")


def test_published_figures_are_the_findings_own():
    from goldenthread import workbench, writing
    from goldenthread.catalogue import catalogue

    part = published.part("Hull", made.MEASURES)
    for identifier, row in zip(made.MEASURES, part.scorecard.rows, strict=True):
        found = workbench.finding(identifier, "Hull").found
        assert row.value == found["value"]
        assert row.texts[2] == writing.spoken(found["value"], catalogue()[identifier])


def test_an_exception_of_published_figures_stands_worst_or_gets_worse():
    part = published.part("Birmingham", published.choose(["waste"]))
    names = {case.name: case for case in part.cases}
    rows = {row.texts[0]: row for row in part.scorecard.rows}
    assert names
    for name, row in rows.items():
        worse = row.texts[5].startswith("▼") or row.texts[6].startswith("▼")
        assert (name in names) == worse


@pytest.mark.parametrize(
    ("council", "measure", "said"),
    [
        ("Essex", "homelessness-assessments", "district"),
        ("Camden", "municipal-waste-landfilled", "North London Waste Authority"),
    ],
)
def test_who_has_no_figure_is_told_why(council, measure, said):
    (row,) = published.part(council, [measure]).scorecard.rows
    assert row.texts[2] == "no figure"
    assert said in row.texts[5]
    assert all(row.texts)


def test_what_is_not_measured_for_a_place_is_named_and_left_out():
    with pytest.raises(PackError, match="Avon is a fire and rescue authority"):
        published.part("Avon", made.MEASURES)
    with pytest.raises(PackError, match="Leeds"):
        published.part("Leedz", made.MEASURES)
