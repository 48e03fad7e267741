"""When newer figures should stand here, counted in months; and what became of measures that have no more."""

from __future__ import annotations

from datetime import date

import pytest

from goldenthread import due, farewells
from goldenthread.catalogue import Measure, catalogue
from goldenthread.due import Due
from goldenthread.farewells import FarewellError
from goldenthread.snapshot import MeasureManifest, snapshot

RATE = "household-recycling-rate"


def measured(**given: object) -> Measure:
    return catalogue()[RATE].model_copy(update=given)


def held(published: date | None, end: date = date(2023, 3, 31)) -> MeasureManifest:
    of = snapshot().manifest(RATE)
    document = of.documents[0].model_copy(update={"published": published})
    periods = of.periods.model_copy(update={"end": end})
    return of.model_copy(update={"documents": (document,), "periods": periods})


@pytest.mark.parametrize(
    ("month", "published", "end", "expected"),
    [
        # The next year ends in March 2024, and is published in the December after that.
        (12, date(2023, 12, 10), date(2023, 3, 31), date(2024, 12, 1)),
        # An edition that came a month early, or a month late, is still that year's.
        (12, date(2023, 11, 30), date(2023, 3, 31), date(2024, 12, 1)),
        (12, date(2024, 1, 15), date(2023, 3, 31), date(2024, 12, 1)),
        # Published years after the figures' own end: the next comes after the last edition.
        (12, date(2026, 1, 15), date(2023, 3, 31), date(2026, 12, 1)),
        # A month that lies before the end of the year is next year's.
        (2, None, date(2023, 3, 31), date(2025, 2, 1)),
        (3, None, date(2023, 3, 31), date(2025, 3, 1)),
        (4, None, date(2023, 3, 31), date(2024, 4, 1)),
    ],
)
def test_a_publisher_who_keeps_to_a_month_is_expected_in_it(month, published, end, expected):
    found = due.expected(measured(release_month=month), held(published, end))
    assert found == Due(expected, about=False)


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("annual", Due(date(2025, 1, 1), about=True)),
        ("quarterly", Due(date(2024, 4, 1), about=True)),
        ("monthly", Due(date(2024, 2, 1), about=True)),
        ("census", Due(date(2034, 1, 1), about=True)),
        ("irregular", None),
        ("daily", None),
    ],
)
def test_without_a_month_it_is_about_so_long_after_the_last_edition(frequency, expected):
    of = measured(release_month=None, frequency=frequency)
    assert due.expected(of, held(date(2024, 1, 31))) == expected
    # Nobody can count from a day that is not known.
    assert due.expected(of, held(None)) is None


def test_a_month_is_over_before_anything_is_late():
    exact, about = Due(date(2025, 12, 1)), Due(date(2025, 12, 1), about=True)
    assert [exact.state(date(2025, 12, 31)), exact.state(date(2026, 1, 1))] == ["on time", "late"]
    assert [about.state(date(2026, 3, 31)), about.state(date(2026, 4, 1))] == ["on time", "late"]


# --- what became of measures ------------------------------------------------------------------------

ENDED = "- {measure: household-recycling-rate, what: ended, at: 2026-01-01, why: There is no more of it.}\n"
GONE = (
    "- {measure: old-rate, what: replaced, by: household-recycling-rate, name: Old rate, "
    "at: 2026-01-01, why: The publisher counts otherwise now.}\n"
)


def test_what_ended_and_what_was_replaced_is_read(tmp_path):
    path = tmp_path / "changes.yaml"
    path.write_text(ENDED + GONE)
    found = farewells.load(path)
    assert [(one.measure, one.what, one.by) for one in found.values()] == [
        (RATE, "ended", None),
        ("old-rate", "replaced", RATE),
    ]
    path.write_text("# nothing yet\n")
    assert farewells.load(path) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENDED.replace(RATE, "recycling-rat"), "recycling-rat: measure: expected in the catalogue"),
        (GONE.replace("old-rate", RATE), "measure: stands still in the catalogue"),
        (GONE.replace("by: household-recycling-rate", "by: nothing"), "by: 'nothing' is not in"),
        (GONE.replace("by: household-recycling-rate, ", ""), "by: expected for a measure that was"),
        (
            ENDED.replace("what: ended", "what: ended, by: other"),
            "by: expected for a measure that was",
        ),
        (GONE.replace("name: Old rate, ", ""), "name: expected for a measure that left"),
        (ENDED.replace("ended", "forgotten"), "what: Input should be 'ended', 'retired'"),
        (ENDED.replace("2026-01-01", "some day"), "at: Input should be a valid date"),
        (ENDED + ENDED, "measure: stands there twice"),
        ("- nothing\n", "entry 1"),
    ],
)
def test_a_wrong_entry_is_named_with_its_field(tmp_path, text, said):
    path = tmp_path / "changes.yaml"
    path.write_text(text)
    with pytest.raises(FarewellError) as caught:
        farewells.load(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith("changes.yaml: ")


def test_the_project_s_own_are_in_order():
    assert all(
        one.what != "ended" or one.measure in catalogue() for one in farewells.farewells().values()
    )
