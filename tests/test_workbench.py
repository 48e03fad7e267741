"""What a notebook calls: three lines, frames and charts that show themselves, errors that help."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

import goldenthread as gt
from goldenthread import findings, peers, workbench
from goldenthread.areas import AreaError
from goldenthread.catalogue import CatalogueError, catalogue
from goldenthread.charts import Chart
from goldenthread.peers import PeersError
from goldenthread.snapshot import snapshot

RATE = "household-recycling-rate"


def test_every_promised_name_is_there_and_completes():
    for name in gt.__all__:
        assert getattr(gt, name) is getattr(workbench, name)
        assert name in dir(gt)
    with pytest.raises(AttributeError, match="no attribute 'countcil'"):
        _ = gt.countcil


def test_importing_the_package_loads_no_chart():
    code = "import sys, goldenthread; print('plotly' in sys.modules, 'pandas' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]


def test_a_council_has_a_sentence_for_every_measure():
    table = gt.council("Hull")
    held = snapshot()
    known = [
        one.id
        for one in catalogue().values()
        if one.tier in ("upper", "lower", "both") and one.id in held
    ]
    assert set(known) <= set(table.index)
    # Of what is not held yet nothing is said.
    assert not set(held.awaited) & set(table.index)
    assert table["finding"].str.endswith(".").all()
    assert table["period"].str.len().gt(0).all()
    only = gt.council("Hull", theme="waste")
    assert set(only["theme"]) == {"waste"}
    pd.testing.assert_frame_equal(pd.DataFrame(only), pd.DataFrame(table.loc[only.index]))


def test_whom_a_council_is_compared_with_changes_its_rank_and_not_its_figure():
    ranks = {
        by: gt.council("Hull", by, theme="waste").loc[RATE] for by in ("similar", "kind", "region")
    }
    assert {row["value"] for row in ranks.values()} == {46.6}
    assert ranks["similar"]["of"] == 16
    assert ranks["kind"]["of"] == 59
    assert ranks["region"]["of"] < 16


def test_figures_are_tidy_and_know_their_source():
    table = gt.measure(RATE)
    assert not table.duplicated(["area", "period_start", "period_end"]).any()
    assert {"name", "area", "period", "value", "status"} <= set(table.columns)
    assert "Environment" in table.attrs["source"]
    assert table.attrs["unit"] == "per cent"
    two = gt.measure("Household recycling rate", ["Hull", "York"])
    assert set(two["name"]) == {"Hull", "York"}


@pytest.mark.parametrize("named", ["household-recycling-rate", "Household recycling rate"])
def test_a_measure_goes_by_its_id_and_by_its_name(named):
    assert gt.finding(named, "Hull").found["value"] == 46.6


def test_a_finding_reads_well_as_text_and_as_html():
    found = gt.finding("municipal-waste-landfilled", "Mansfield")
    text, page = str(found), found._repr_html_()
    assert "Nottinghamshire provides this in Mansfield" in text
    assert text.count("(Ask ") == len(found.questions) >= 2
    assert "<li>" in page
    assert "Source: " in text


def test_neighbours_say_why():
    table = gt.neighbours("Hull")
    assert len(table) == 15
    assert table["distance"].is_monotonic_increasing
    assert table["why"].str.contains("alike").all()
    assert table.attrs["why"]
    assert set(findings.citizens().loc[table.index, "kind"]) == {"unitary"}
    assert len(gt.neighbours("Hull", "dfe")) == 10
    assert "Hull" not in gt.neighbours("Hull", "region")["name"].tolist()


@pytest.mark.parametrize("draw", [gt.compare, gt.trend, gt.control_chart])
@pytest.mark.parametrize(
    ("name", "council"),
    [
        (RATE, "Hull"),
        ("municipal-waste-landfilled", "Adur"),
        ("median-weekly-pay", "Isles of Scilly"),
        ("ofsted-overall", "Somerset"),
        ("fire-band-d", "Hull"),
        ("fire-band-d", "Humberside Fire and Rescue"),
        ("working-age-support-claimants", "Cumberland"),
        ("healthy-life-expectancy-female", "Kent"),
    ],
)
def test_charts_of_every_kind_of_council(draw, name, council):
    chart = draw(name, council)
    assert isinstance(chart, Chart)
    assert chart.title
    assert chart.source
    assert len(chart.table)
    assert "nan" not in f"{chart.title} {chart.subtitle} {chart.alt}".casefold().split()
    shown = chart._repr_mimebundle_()
    assert "<table" in shown["text/html"]


def test_a_control_chart_and_the_finding_agree():
    found = findings.findings(catalogue()[RATE], workbench._figures(RATE))
    for code in found.index[::40]:
        row = found.loc[code]
        title = gt.control_chart(RATE, code).title
        assert ("signal" in title) == (row["signal"] in ("improving", "concerning"))


def test_a_target_is_drawn_and_judged():
    chart = gt.control_chart(RATE, "Hull", target=90)
    assert "90" in chart.figure.to_json()


def test_a_councils_own_list_is_a_comparison(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("council\nYork\nDerby\nStoke-on-Trent\nMiddlesbrough\nPlymouth\n", "utf-8")
    own = peers.own_list(path, "Hull")
    found = gt.finding(RATE, "Hull", own)
    assert found.found["of"] == 6
    assert "on your list" in found.text
    assert len(gt.compare(RATE, "Hull", own).table) == 6


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda: gt.finding("recycling rate", "Hull"), CatalogueError, RATE),
        (lambda: gt.finding(RATE, "Hul"), AreaError, "Hull"),
        (lambda: gt.council("Allerdale"), AreaError, "ask for Cumberland"),
        (lambda: gt.council("South East"), AreaError, "is a region"),
        (
            lambda: gt.finding(RATE, "Humberside Fire and Rescue"),
            AreaError,
            "a measure of councils",
        ),
        (lambda: gt.measures("wast"), CatalogueError, "waste"),
        (lambda: gt.compare(RATE, "Hull", "nearest"), PeersError, "similar"),
        (lambda: gt.neighbours("Adur", "dfe"), PeersError, "West Sussex"),
        (lambda: gt.neighbours("Hull", "mhclg"), PeersError, "goldenthread refresh"),
        (lambda: gt.MEASURES.recyc, AttributeError, "household_recycling_rate"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(ask, error, said):
    with pytest.raises(error) as caught:
        ask()
    assert said in str(caught.value)


def test_names_complete_with_the_tab_key():
    assert gt.MEASURES.household_recycling_rate == RATE
    assert gt.COUNCILS.st_albans == "St Albans"
    assert len(dir(gt.COUNCILS)) == 317
    assert "press Tab" in repr(gt.MEASURES)
    assert all(name.isidentifier() for name in [*dir(gt.MEASURES), *dir(gt.COUNCILS)])


def test_help_helps():
    for name in gt.__all__:
        if name.islower():
            assert "Examples\n    --------" in getattr(gt, name).__doc__, name


def test_a_funnel_is_of_counted_cases_and_says_how_wide_it_is():
    name = "children-looked-after-rate"
    adjusted, plain = gt.funnel(name, "Blackpool"), gt.funnel(name, "Blackpool", adjusted=False)
    assert "widened" in adjusted.subtitle
    assert "widened" not in plain.subtitle
    outside = [chart.table.iloc[:, -1].str.contains("outside").sum() for chart in (adjusted, plain)]
    assert 0 < outside[0] < outside[1]
    assert gt.funnel("asc-direct-payments", "Kent").kind == "funnel"
    with pytest.raises(ValueError, match="not of counted cases"):
        gt.funnel(RATE, "Hull")


def test_a_trend_shows_how_far_off_its_figures_may_be():
    published, counted, neither = (
        gt.trend(name, "Leeds") for name in ("employment-rate", "children-looked-after-rate", RATE)
    )
    assert len(published.figure.data) == len(counted.figure.data) == len(neither.figure.data) + 1
    assert "chance" in published.subtitle + counted.subtitle
    assert "chance" not in neither.subtitle
