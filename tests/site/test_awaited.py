"""A measure whose figures are not held yet: what pages, the search and an analyst are told of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import goldenthread as gt
from goldenthread.catalogue import catalogue
from goldenthread.site import search
from goldenthread.site.panels import panel
from goldenthread.snapshot import SnapshotError, snapshot
from tests.site.small_book import fault, page

#: It has figures; these tests take them away.
AWAITED = "covid-19-case-rate"
SOURCE = catalogue().source_of(AWAITED)


@pytest.fixture(autouse=True)
def without_figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    panel.cache_clear()
    held = snapshot()
    record = held.sources[SOURCE.name]
    others = {name: one for name, one in record.measures.items() if name != AWAITED}
    sources = {**held.sources, SOURCE.name: record.model_copy(update={"measures": others})}
    monkeypatch.setattr(held, "_manifest", held._manifest.model_copy(update={"sources": sources}))
    homes = {name: source for name, source in held._home.items() if name != AWAITED}
    monkeypatch.setattr(held, "_home", homes)
    yield
    panel.cache_clear()


def test_a_panel_says_what_it_is_and_where_it_is_published(tmp_path):
    made = page(tmp_path, f"```{{measure-panel}} {AWAITED}\n```")
    assert made.faults == []
    measure = catalogue()[AWAITED]
    for words in (measure.name, measure.definition, measure.caveats[0], measure.questions[0].ask):
        assert words in made.html
    assert f"Published by {SOURCE.publisher} at" in made.html
    assert f'href="{SOURCE.page}"' in made.html
    assert "does not hold these figures yet; they will appear at the next refresh." in made.html
    assert f'id="measure-{AWAITED}"' in made.html
    # What belongs to figures is not there, and the site makes no files of it.
    assert 'class="panel' not in made.html
    assert "data-chart" not in made.html
    assert "goldenthread-measures" not in made.metadata


@pytest.mark.parametrize(
    "text",
    [
        "```{{headlines}}\n{0}\n```",
        "```{{compare-measures}} Two\nhousehold-recycling-rate\n{0}\n```",
        "The rate is {{figure}}`{0} england`.",
        "The rate is {{value}}`{0}`.",
        "{{finding}}`{0}`",
    ],
)
def test_words_that_need_its_figures_are_refused_with_file_and_line(tmp_path, text):
    said = fault(page(tmp_path, text.format(AWAITED)))
    assert said.startswith("3:")
    assert f"the figures of {AWAITED} are not held yet: {SOURCE.publisher}" in said
    assert SOURCE.page in said


def test_a_measure_that_nobody_knows_is_not_awaited(tmp_path):
    said = fault(page(tmp_path, "```{measure-panel} covid-19-case-rates\n```"))
    assert f"the nearest are {AWAITED}" in said


def test_the_list_of_sources_says_that_it_is_not_held(tmp_path):
    made = page(tmp_path, "```{data-sources}\n```")
    assert made.faults == []
    before, _, after = made.html.partition(f"<h3>{SOURCE.title}: not held yet</h3>")
    assert f'id="measure-{AWAITED}"' in after
    # Another measure of the same source is held, and stands where it stood.
    assert 'id="measure-covid-19-cases"' in before


def test_what_no_licence_lets_be_carried_over_is_pointed_to(tmp_path):
    (kept, *_) = [m for m in catalogue().values() if not catalogue().source_of(m.id).may_be_carried]
    made = page(tmp_path, f"```{{measure-panel}} {kept.id}\n```")
    assert made.faults == []
    assert f'href="{catalogue().source_of(kept.id).page}"' in made.html
    assert "No licence lets the workbook carry these figures over" in made.html
    assert "next refresh" not in made.html
    with pytest.raises(SnapshotError, match="no licence lets them be carried over"):
        panel(kept.id)


def test_it_is_found_where_it_is_explained():
    (entry,) = [
        entry for entry in search.of_measures({}) if entry.url.endswith(f"#measure-{AWAITED}")
    ]
    assert entry.url.startswith(f"{search.SOURCES_PAGE}.html")
    assert entry.own == "", "no council's page shows it"
    assert entry.hint.startswith("Not held here. ")


def test_an_analyst_is_told_where_it_is_published():
    listed = gt.measures("covid-19")
    assert listed.loc[AWAITED, "period"] == ""
    assert listed.loc[AWAITED, "publisher"] == SOURCE.publisher
    with pytest.raises(SnapshotError, match=SOURCE.page):
        gt.finding(AWAITED, "Ashford")
