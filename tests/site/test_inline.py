"""Words that follow the chosen council: in prose, and in a table of several measures."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

from goldenthread import findings, words, writing
from goldenthread.authorities import councils
from goldenthread.catalogue import catalogue
from goldenthread.site import comparison, inline
from goldenthread.site.directives import MEASURES
from goldenthread.site.panels import panel
from goldenthread.snapshot import snapshot

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

RATE, LANDFILL = "household-recycling-rate", "municipal-waste-landfilled"
#: What may stand after "was" in a writer's sentence.
SHAPES = re.compile(
    r"not known for .+ \(.+\)"
    r"|not known for .+, which no fire authority covers"
    r"|not one figure for .+ but one for each of its districts"
    r"|(?P<fire>.+) for .+ Fire and Rescue Authority|(?P<london>.+) for the London Fire Commissioner"
    r"|(?P<figure>.+) in (?P<place>.+?)(?P<whole> as a whole)?"
)


@pytest.fixture(scope="module")
def rows() -> list[tuple[dict[str, Any], str]]:
    """Everything that is found for every council, with the council's name."""
    held = snapshot()
    measures = [held.catalogue[name] for name in held.measures]
    table = findings.table(held.everything(), measures, "similar")
    table = table.reset_index().astype({"measure": object, "area": object, "shown": object})
    names = councils()["name"]
    chosen = table[table["area"].isin(names.index)]
    return [
        (row, names[row["area"]]) for row in cast(list[dict[str, Any]], chosen.to_dict("records"))
    ]


def _row(measure: str, council: str, comparator: str = "kind") -> dict[str, Any]:
    observed = snapshot().measure(measure, areas="current")
    found = findings.findings(catalogue()[measure], observed, comparator)
    code = councils().index[councils()["name"] == council][0]
    return {"area": code, **found.loc[code].to_dict()}


def _value(measure: str, council: str) -> str:
    return inline.value(_row(measure, council), catalogue()[measure], council)


def _said(measure: str, council: str) -> str:
    return comparison.said(_row(measure, council), catalogue()[measure], council)


# --- the words -------------------------------------------------------------------------------------


def test_a_figure_stands_with_its_place():
    assert _value(RATE, "Hull") == "46.6% in Hull"
    assert _value(RATE, "Isle of Wight").endswith("% in the Isle of Wight")


def test_a_district_is_told_its_countys_figure_as_the_countys():
    assert _value(LANDFILL, "Adur") == "4.0% in West Sussex as a whole"
    assert _said(LANDFILL, "Adur").endswith("so these are West Sussex’s figures.")


def test_a_fire_authority_is_named_in_full_beside_its_figure():
    """A county, and whoever else it serves, must not take it for their own or for the county's."""
    for council in ("Kent", "Medway", "Ashford"):
        assert _value("fire-and-rescue-spending", council).endswith(
            " for Kent Fire and Rescue Authority"
        )
        assert _said("fire-and-rescue-spending", council).endswith(
            f"Fire and rescue in {council} is the work of Kent Fire and Rescue Authority: "
            "these are its figures."
        )


def test_a_county_is_told_that_its_districts_have_the_figures():
    lower = next(m for m in catalogue().values() if m.tier == "lower" and m.id in snapshot())
    kent = "not one figure for Kent but one for each of its districts"
    assert _value(lower.id, "Kent") == kent


def test_a_missing_figure_says_why():
    new = "formed on 1 April 2023, after these figures"
    assert _value(RATE, "Cumberland") == f"not known for Cumberland ({new})"
    assert _said(RATE, "Cumberland") == f"No figure: {new}."


def test_a_judgement_stands_in_the_inspectors_words():
    assert _value("ofsted-overall", "Kent") == "outstanding in Kent"
    assert _said("ofsted-overall", "Kent").startswith("That is the best judgement there is; ")


def test_a_total_is_not_compared():
    assert _said("population", "Hull") == "A total, which says how large a place is."


def test_every_figure_of_every_council_makes_a_sentence(rows):
    known, seen = catalogue(), set()
    for row, name in rows:
        said = inline.value(row, known[row["measure"]], name)
        shape = SHAPES.fullmatch(said)
        assert shape, said
        fire = shape["fire"] or shape["london"]
        assert bool(shape["figure"] or fire) == pd.notna(row["value"]), said
        assert bool(fire) == (known[row["measure"]].tier == "fire" and pd.notna(row["value"])), said
        other = pd.notna(row["value"]) and row["name"] != name and not fire
        assert bool(shape["whole"]) == other, said
        assert not re.search(r"\bnan\b|None|NaT|  |\(\)", said), said
        seen.add(bool(shape["figure"]))
    assert seen == {True, False}
    assert len(rows) > 50_000


def test_every_row_of_a_comparison_has_words(rows):
    known = catalogue()
    for row, name in rows[::7]:
        said = comparison.said(row, known[row["measure"]], name)
        assert re.fullmatch(r"[A-Z0-9].*\.", said), said
        assert not re.search(r"\bnan\b|None|NaT|  |\.\.|, \.", said), said


def test_the_numbers_are_the_snapshots():
    for measure in (RATE, "council-band-d", "weekly-pay-workplace"):
        if measure not in snapshot():
            continue
        table = snapshot().measure(measure, areas="current").sort_values("period_end")
        for code, name in councils()["name"].iloc[::40].items():
            own = table[table["area"] == code]["value"]
            if len(own) and pd.notna(own.iloc[-1]) and name in _value(measure, name):
                written = writing.inside(writing.spoken(own.iloc[-1], catalogue()[measure]))
                assert _value(measure, name).startswith(f"{written} in ")


# --- on a page -------------------------------------------------------------------------------------


def test_without_a_choice_the_page_speaks_of_england(tmp_path):
    made = page(tmp_path, f"The rate was {{value}}`{RATE}`.\n\n{{finding}}`{RATE}`")
    assert made.faults == []
    value, finding = re.findall(
        rf'<span data-inline="(\w+)" data-measure="{RATE}">(.*?)</span>', made.html
    )
    assert value == ("inline", inline.nation(panel(RATE)))
    assert value[1].endswith("% in England")
    assert finding == ("sentence", panel(RATE).nation["sentence"])
    assert "The rate was <span" in made.html


def test_a_measure_without_a_figure_for_england_says_so():
    assert (
        inline.nation(panel("ofsted-overall")) == "not known for England (the publisher has none)"
    )


def test_the_page_remembers_what_its_councils_files_must_hold(tmp_path):
    text = f"{{value}}`{RATE}`\n\n```{{compare-measures}} Waste\n{LANDFILL}\npopulation\n```"
    made = page(tmp_path, text)
    assert made.faults == []
    assert set(made.metadata[MEASURES].split()) == {RATE, LANDFILL, "population"}


def test_a_comparison_is_a_table_with_england_until_a_council_is_chosen(tmp_path):
    made = page(tmp_path, f"```{{compare-measures}} Waste & <more>\n{RATE}\nofsted-overall\n```")
    assert made.faults == []
    table = made.html[made.html.index("<table") : made.html.index("</table>")]
    assert "<caption>Waste &amp; &lt;more&gt;</caption>" in table
    assert table.count('scope="col"') == 5
    rows = table.split("<tr")[2:]
    assert len(rows) == 2
    assert panel(RATE).nation["value"] in rows[0]
    assert panel(RATE).half[1] in rows[0]
    assert "Higher is better." in rows[0]
    # A judgement has no middle and no half, and says so with a dash.
    assert rows[1].count(">–<") == 3
    for entry in ("name", "value", "middle", "middleOf", "compared"):
        assert f'data-inline="{entry}"' in table
    # On a narrow screen the rows are laid out as blocks, and are a table still.
    assert table.count("<tr") == table.count('role="row"')
    assert table.count("<td") == table.count('role="cell"')
    source = made.html[made.html.index("</table>") :]
    assert "Department for Environment" in source
    assert "Ofsted" in source


WRONG = [
    ("The rate was {value}`household-recycling-rat`.", "value: ", RATE),
    ("{finding}`recycling`", "finding: ", RATE),
    (
        "```{compare-measures} Waste\nresidual-waste\npopulation\n```",
        "",
        "residual-waste-per-household",
    ),
    (f"```{{compare-measures}} Waste\n{RATE}\n```", "compare-measures: ", "two measures or more"),
    (f"```{{compare-measures}} Waste\n{RATE}\n{RATE}\n```", "compare-measures: ", "is there twice"),
    (f"```{{compare-measures}}\n{RATE}\npopulation\n```", "", "1 argument(s) required"),
]


@pytest.mark.parametrize(("text", "whose", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_line_and_the_nearest(tmp_path, text, whose, said):
    found = fault(page(tmp_path, f"Words before.\n\n{text}"))
    assert found.startswith("5: ERROR: ")
    assert whose in found
    assert said in found


def test_why_there_is_none_is_said_alike_in_a_panel_and_in_prose(rows):
    known = catalogue()
    missing = [
        (row, name)
        for row, name in rows
        if pd.notna(row["shown"]) and pd.isna(row["value"]) and not row["is_new"]
    ]
    assert missing
    for row, name in missing[::50]:
        why = words.why_none(row, known[row["measure"]])
        assert f": {why}." in words.sentence(row, known[row["measure"]])
        assert f"({why})" in inline.value(row, known[row["measure"]], name)
