"""A wrong entry of the catalogue fails with its file, its name, the field and what was expected."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldenthread import areas, catalogue, snapshot
from goldenthread.catalogue import CatalogueError, load
from goldenthread.sources import reading

MEASURE: dict[str, Any] = {
    "id": "library-visits",
    "name": "Visits to libraries",
    "definition": "How many visits were counted in the year.",
    "unit": "count",
    "polarity": "high",
    "tier": "both",
    "control": "influences",
    "frequency": "annual",
    "origin": {"source": "libraries", "document": "visits"},
    "caveats": ["It counts visits and not visitors."],
}
SOURCE: dict[str, Any] = {
    "name": "libraries",
    "title": "Libraries",
    "publisher": "Nobody",
    "page": "https://example.org/libraries",
    "reader": "ons_local",
    "documents": [{"id": "visits", "files": ["*.csv"], "route": None}],
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a catalogue of one source and some measures; each can be another than it should."""
    for folder in ("catalogue", "sources"):
        (tmp_path / folder).mkdir()

    def entries(
        measures: object = (MEASURE,), source: object = SOURCE, *, name: str = "libraries"
    ) -> Path:
        measures = list(measures) if isinstance(measures, tuple) else measures
        (tmp_path / "catalogue" / "culture.yaml").write_text(yaml.safe_dump(measures))
        (tmp_path / "sources" / f"{name}.yaml").write_text(yaml.safe_dump(source))
        return tmp_path

    return entries


def fails(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load(folder)
    return str(caught.value)


# --- good entries ---------------------------------------------------------------------------------


def test_a_good_entry_is_read_with_what_goes_without_saying(write):
    measure = load(write())["library-visits"]
    assert (measure.theme, measure.short) == ("culture", "Visits to libraries")
    assert (measure.minimum, measure.maximum, measure.per) == (0, None, 1)
    assert (measure.chance, measure.reporting, measure.plural) == (None, None, False)


def test_a_share_is_out_of_a_hundred_unless_it_says_otherwise(write):
    share = MEASURE | {"unit": "per cent"}
    measure = load(write((share,)))["library-visits"]
    assert (measure.per, measure.minimum, measure.maximum) == (100, 0, 100)
    growth = share | {"maximum": None, "minimum": None}
    assert load(write((growth,)))["library-visits"].maximum is None


def test_measures_are_found_by_source_and_theme(write):
    known = load(write((MEASURE, MEASURE | {"id": "library-loans"})))
    assert [m.id for m in known.of_source("libraries")] == ["library-visits", "library-loans"]
    assert [m.id for m in known.of_theme("culture")] == ["library-visits", "library-loans"]
    assert known.themes() == ["culture"]
    assert known.of_source("nobody") == []


def test_an_unknown_measure_is_met_with_the_nearest(write):
    known = load(write((MEASURE, MEASURE | {"id": "library-loans"})))
    with pytest.raises(
        CatalogueError,
        match="no measure 'libary-visit'; the nearest are library-visits, library-loans",
    ):
        known["libary-visit"]
    # Asking whether it is there is not an error.
    assert "libary-visit" not in known
    assert "library-visits" in known
    assert 3 not in known


def test_an_entry_cannot_be_changed(write):
    measure = load(write())["library-visits"]
    with pytest.raises(ValueError, match="frozen"):
        measure.name = "Another"


def test_an_empty_folder_is_an_empty_catalogue(tmp_path):
    assert len(load(tmp_path)) == 0


# --- bad measures ---------------------------------------------------------------------------------

FIELDS = {
    "id in capitals": ({"id": "Library visits"}, "Library visits: id: ", "should match pattern"),
    "short name": ({"name": "A"}, "name: ", "at least 5 characters"),
    "no sentence": ({"definition": "visits counted in the year"}, "definition: ", "should match pattern"),
    "unit": ({"unit": "percent"}, "unit: ", "not 'percent'"),
    "polarity": ({"polarity": "good"}, "polarity: ", "'high' or 'low'"),
    "tier": ({"tier": "county"}, "tier: ", "'upper', 'lower', 'both' or 'fire'"),
    "control": ({"control": "some"}, "control: ", "not 'some'"),
    "frequency": ({"frequency": "yearly"}, "frequency: ", "not 'yearly'"),
    "month": ({"release_month": 13}, "release_month: ", "less than or equal to 12"),
    "decimals": ({"decimals": -1}, "decimals: ", "greater than or equal to 0"),
    "years": ({"years": "fiscal"}, "years: expected one of calendar, financial", ""),
    "no caveat": ({"caveats": []}, "caveats: ", "at least 1 item"),
    "a caveat that is text": ({"caveats": "It counts."}, "caveats: ", "valid tuple"),
    "a question without a mark": ({"questions": [{"ask": "Why.", "who": "the head"}]}, "questions.0.ask: ", "'Why.'"),
    "a question to nobody": ({"questions": [{"ask": "Why?"}]}, "questions.0.who: ", "required"),
    "synonyms that are text": ({"synonyms": "books"}, "synonyms: ", "valid tuple"),
    "a field nobody knows": ({"colour": "red"}, "colour: ", "not permitted"),
    "a break without a reason": ({"breaks": [{"at": "2020-04-01"}]}, "breaks.0.why: ", "required"),
    "a break on no day": ({"breaks": [{"at": "2020-13-01", "why": "It was counted anew."}]}, "breaks.0.at: ", "date"),
    "limits crossed": ({"minimum": 5, "maximum": 5}, "maximum: expected more than the minimum", ""),
    "no limit at all": ({"maximum": float("nan")}, "maximum: ", "finite number"),
    "an endless limit": ({"maximum": float("inf")}, "maximum: ", "finite number"),
    "a share of a thousand": ({"unit": "per cent", "per": 1000}, "per: expected 100", ""),
    "a share of one": ({"unit": "per cent", "per": 1}, "per: expected 100", ""),
    "a rate of one": ({"unit": "rate"}, "per: expected the multiplier of the rate", ""),
    "a ratio of nothing": ({"rebase": "ratio"}, "rebase: 'ratio' expected a numerator", ""),
    "a rule nobody knows": ({"rebase": "mean"}, "rebase: ", "'sum' or 'ratio'"),
    "a chance nobody knows": ({"chance": "normal"}, "chance: ", "'proportion' or 'rate'"),
    "a chance of nothing": ({"unit": "per cent", "chance": "proportion"}, "chance: expected a numerator, a denominator", ""),
    "a chance in a mean": ({"numerator": "Visits", "denominator": "Libraries", "chance": "rate"}, "chance: expected a numerator, a denominator", "multiplier"),
    "a basis that is no sentence": ({"reporting": "in several ways"}, "reporting: ", "should match pattern"),
    "a number that is no yes or no": ({"plural": "several"}, "plural: ", "boolean"),
    "an unknown source": ({"origin": {"source": "museums", "document": "visits"}}, "origin.source: expected one of libraries", "museums"),
    "an unknown document": ({"origin": {"source": "libraries", "document": "loans"}}, "origin.document: expected one of visits", "loans"),
    "no origin": ({"origin": None}, "origin: ", "valid dictionary"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FIELDS)
def test_a_wrong_field_is_named(write, fault):
    fields, where, what = FIELDS[fault]
    said = fails(write((MEASURE | fields,)))
    assert said.startswith("culture.yaml: ")
    assert str(fields.get("id", "library-visits")) in said
    assert where in said
    assert what in said


@pytest.mark.parametrize("field", ["id", "name", "definition", "unit", "polarity", "tier", "control", "frequency", "origin", "caveats"])  # fmt: skip
def test_a_missing_field_is_named(write, field):
    said = fails(write(({name: value for name, value in MEASURE.items() if name != field},)))
    assert f": {field}: Field required" in said
    assert ("entry 1" if field == "id" else "library-visits") in said


def test_every_wrong_field_of_an_entry_is_named_at_once(write):
    said = fails(write((MEASURE | {"tier": "county", "unit": "percent"},)))
    assert len(said.splitlines()) == 2


def test_a_measure_that_stands_there_twice(write):
    assert (
        fails(write((MEASURE, MEASURE)))
        == "culture.yaml: library-visits: id: stands in the catalogue twice"
    )


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ({"library-visits": MEASURE}, "expected a list of measures"),
        (None, "expected a list of measures"),
        (["library-visits"], "entry 1: expected a mapping of fields"),
        ((MEASURE, None), "entry 2: expected a mapping of fields"),
    ],
)
def test_a_file_of_another_shape(write, measures, said):
    assert fails(write(measures)) == f"culture.yaml: {said}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"- id: [unclosed", "not readable as YAML"),
        (b"- id: caf\xe9", "not readable as YAML"),
        (b"- id: a\n\tname: b", "not readable as YAML"),
        (b"- !!python/object/apply:os.getcwd []", "not readable as YAML"),
        (
            b"- id: library-visits\n  polarity: high\n  polarity: low\n",
            "polarity stands there twice",
        ),
    ],
)
def test_a_file_that_is_not_sound_yaml(write, content, said):
    folder = write()
    (folder / "catalogue" / "culture.yaml").write_bytes(content)
    message = fails(folder)
    assert message.startswith("culture.yaml: ")
    assert said in message


# --- bad sources ----------------------------------------------------------------------------------

SOURCES = {
    "no page": ({"page": "http://example.org"}, "page: "),
    "a forbidden licence": ({"licence": "CIPFA"}, "licence: "),
    "a path for a reader": ({"reader": "../ons_local"}, "reader: "),
    "a fall of more than all": ({"fall": 1.5}, "fall: "),
    "a negative revision": ({"revision": -0.1}, "revision: "),
    "a history nobody knows": ({"history": "grows"}, "history: "),
    "no document": ({"documents": []}, "documents: "),
    "no file": ({"documents": [{"id": "visits", "files": [], "route": None}]}, "documents.0.files: "),
    "a document twice": ({"documents": [*SOURCE["documents"]] * 2}, "documents: visits stands there twice"),
    "no address": ({"documents": [{"id": "visits", "files": ["*"], "route": "direct"}]}, "url: expected for the direct route"),
    "no title": ({"documents": [{"id": "visits", "files": ["*"], "route": "govuk", "path": "/a"}]}, "path and title: expected"),
    "no address of a place": (
        {"documents": [{"id": "visits", "files": ["*"], "route": "places", "url": "https://example.org/a"}]},
        "url and then: expected for the places route",
    ),
    "a title that is no pattern": (
        {"documents": [{"id": "visits", "files": ["*"], "route": "govuk", "path": "/a", "title": "(table"}]},
        "title: not a regular expression",
    ),
    "a route nobody knows": ({"documents": [{"id": "visits", "files": ["*"], "route": "post"}]}, "documents.0.route: "),
    "a date that is none": (
        {"documents": [{"id": "visits", "files": ["*"], "route": None, "releases": [{"file": "a", "release": "b", "published": "soon"}]}]},
        "documents.0.releases.0.published: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", SOURCES)
def test_a_wrong_field_of_a_source_is_named(write, fault):
    fields, where = SOURCES[fault]
    said = fails(write(source=SOURCE | fields))
    assert said.startswith("libraries.yaml: libraries: ")
    assert where in said


def test_a_source_under_another_name_than_its_file(write):
    said = fails(write(name="books"))
    assert said == "books.yaml: name: expected 'books', not 'libraries'"


def test_a_source_that_is_empty_or_a_list(write):
    for source in (None, [SOURCE]):
        assert fails(write(source=source)).startswith("libraries.yaml: libraries: entry: ")


# --- the project's own ----------------------------------------------------------------------------


def test_the_project_s_catalogue_holds_enough_measures_of_every_theme_asked_for():
    known = catalogue.catalogue()
    assert len(known) >= 150
    assert len({measure.name for measure in known.values()}) == len(known)
    assert all(known.of_theme(theme) for theme in known.themes())


def test_every_service_named_is_in_the_register():
    named = {m.service for m in catalogue.catalogue().values() if m.service}
    assert named <= set(areas.services())


def test_every_reader_named_is_there():
    for source in catalogue.catalogue().sources.values():
        assert callable(reading.reader(source).read), source.name


def test_every_source_has_a_measure():
    known = catalogue.catalogue()
    assert [name for name in known.sources if not known.of_source(name)] == []


def test_every_measure_has_two_or_three_questions_of_its_own():
    known = catalogue.catalogue()
    assert {len(measure.questions) for measure in known.values()} <= {2, 3}
    asked = Counter(question.ask for measure in known.values() for question in measure.questions)
    assert [ask for ask, times in asked.items() if times > 3] == []
    # One measure for which half of the questions were shared would have none of its own.
    shared = {ask for ask, times in asked.items() if times > 1}
    for measure in known.values():
        assert any(question.ask not in shared for question in measure.questions), measure.id


def test_every_question_is_one_that_somebody_can_be_asked():
    for measure in catalogue.catalogue().values():
        for question in measure.questions:
            assert question.who.startswith("the "), question
            assert question.ask[0].isupper(), question
            assert 5 <= len(question.ask.split()) <= 35, question


#: Where the first noun of a short name ends, so that what it is of does not count.
AFTER_NOUN = re.compile(
    r" (?:of|in|on|per|to|as|at|for|with|under|over|before|after) "
    r"| (?:owed|completed|added|under 18|awaiting assessment|looked after|sleeping rough)\b"
)


@pytest.mark.parametrize("measure", catalogue.catalogue().values(), ids=lambda measure: measure.id)
def test_a_short_name_stands_well_in_a_sentence(measure):
    short = measure.short
    assert short[0].isupper() or short[0].isdigit()
    # "Hull’s council’s", "Hull’s aged 65": what follows a possessive is a noun without another.
    assert not re.match(r"(The|Our|Council's|Aged|Visited|Took) ", short)
    # A sentence has no room for a second colon, nor for what is said in passing.
    assert not set(short) & set(":;()")
    listed = ("culture, sport and", "education, health and")
    assert ", " not in short or any(words in short.lower() for words in listed)


@pytest.mark.parametrize("measure", catalogue.catalogue().values(), ids=lambda measure: measure.id)
def test_a_short_name_is_plural_where_its_noun_is(measure):
    noun = AFTER_NOUN.split(measure.short, maxsplit=1)[0].split()[-1]
    several = noun in ("Children", "People") or noun.endswith("s")
    # "Children in need rate": the noun comes last.
    several &= not re.search(r" (?:rate|score|ratio)$", measure.short)
    assert measure.plural == several, (noun, measure.short)


def test_short_names_are_told_apart():
    shorts = Counter(measure.short for measure in catalogue.catalogue().values())
    assert [short for short, times in shorts.items() if times > 1] == []


def test_every_break_lies_within_its_series_and_in_order():
    known, figures = catalogue.catalogue(), snapshot.snapshot()
    for measure in known.values():
        if measure.breaks and measure.id in figures:
            periods = figures.manifest(measure.id).periods
            days = [entry.at for entry in measure.breaks]
            assert days == sorted(set(days)), measure.id
            assert periods.start <= days[0], measure.id
            assert days[-1] <= periods.end, measure.id


def test_figures_that_say_on_which_basis_they_are_reported_are_explained():
    known, figures = catalogue.catalogue(), snapshot.snapshot()
    told = {
        identifier
        for identifier in figures.measures
        if figures.measure(identifier)["note"].str.startswith("Reporting basis").any()
    }
    assert told
    assert [identifier for identifier in sorted(told) if not known[identifier].reporting] == []
