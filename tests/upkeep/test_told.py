"""The text of a pull request that brings new figures."""

from __future__ import annotations

import datetime as dt

from goldenthread.changes import Change, MeasureChange, Revised
from goldenthread.refresh import Outcome
from goldenthread.upkeep.told import told


def _change(**measures: MeasureChange) -> Change:
    return Change(
        at=dt.date(2026, 11, 25),
        source="waste",
        title="Waste",
        publisher="Publisher",
        measures={name.replace("_", "-"): one for name, one in measures.items()},
    )


def test_new_periods_and_revisions_are_told_with_the_largest():
    largest = Revised(area="E06000010", period="2022/23", before=30.0, now=33.5)
    one = MeasureChange(periods=("2023/24",), compared=317, revised=3, middle=0.4, largest=largest)
    text = told([Outcome("waste", "updated")], [_change(household_recycling_rate=one)])
    assert text.startswith("1 source has changed.")
    assert "## Waste: new periods and revised figures" in text
    assert "New figures for 2023/24" in text
    assert "Hull, 2022/23, from 30.0% to 33.5%" in text


def test_what_was_refused_is_told_with_its_reasons():
    outcomes = [
        Outcome("waste", "unchanged"),
        Outcome(
            "roads", "refused", reasons=("a third of the rows is gone", "page 2 has no header")
        ),
    ]
    text = told(outcomes, [])
    assert "No figure changed. 1 source was read and is unchanged." in text
    assert "- **roads**: a third of the rows is gone; page 2 has no header" in text


def test_a_publishers_words_stay_words():
    reason = "<script>alert(1)</script> @everybody\n## A heading"
    text = told([Outcome("roads", "refused", reasons=(reason,))], [])
    assert "<script>" not in text
    assert "@everybody" not in text
    assert "\n## A heading" not in text


def test_a_text_of_any_length_is_short_enough_for_a_pull_request():
    outcomes = [Outcome(f"source-{n}", "refused", reasons=("x" * 900,)) for n in range(200)]
    text = told(outcomes, [])
    assert len(text) < 65_536
    assert text.endswith("The rest is in the snapshot's own record.\n")
