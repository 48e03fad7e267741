"""In which part of the year each source is looked for."""

from __future__ import annotations

from goldenthread import due
from goldenthread.catalogue import catalogue
from goldenthread.farewells import farewells
from goldenthread.site import release_calendar
from goldenthread.snapshot import snapshot

MADE = release_calendar.calendar(snapshot())
MONTHS = [
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
]


def test_every_measure_that_is_read_has_one_turn():
    held = snapshot()
    read = [
        measure
        for source in catalogue().sources
        for measure in catalogue().of_source(source)
        if measure.id in held and measure.id not in farewells()
    ]
    assert sum(turn.measures for turns in MADE.values() for turn in turns) == len(read)
    assert len(read) > 200


def test_parts_are_in_the_order_of_the_year():
    named = [part for part in MADE if part in MONTHS]
    assert named == sorted(named, key=MONTHS.index)
    assert [part for part in MADE if part not in MONTHS] == list(MADE)[len(named) :]
    assert all(MADE.values())


def test_a_known_month_is_the_publishers():
    held = snapshot()
    for measure in held.catalogue.values():
        if measure.id in held and measure.release_month and measure.frequency == "annual":
            part, about = release_calendar.when(measure, held)
            assert (MONTHS.index(part) + 1, about) == (measure.release_month, False)


def test_what_is_only_about_right_says_so():
    held = snapshot()
    about = [
        measure
        for measure in held.catalogue.values()
        if measure.id in held
        and measure.frequency == "annual"
        and (expected := due.expected(measure, held.manifest(measure.id)))
        and expected.about
    ]
    assert about
    assert all(release_calendar.when(measure, held)[1] for measure in about)
