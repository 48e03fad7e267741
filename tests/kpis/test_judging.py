"""Own figures judged as published ones are: by the same methods, in words that hold."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from goldenthread import kpis
from goldenthread.analysis import control, targets
from goldenthread.analysis.trends import deseasonalise
from goldenthread.kpis import judging
from goldenthread.teaching.frames import FOLDER, northmere
from tests.kpis import made

STEADY = [5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 5, 6, 7, 6, 5, 6]


@pytest.fixture(scope="module")
def own():
    return kpis.read([FOLDER / f"{name}.csv" for name in ("kpis", "definitions", "targets")])


@pytest.fixture(scope="module")
def card(own):
    return kpis.scorecard(own)


def _months(values, *, first=dt.date(2023, 4, 1), **about):
    """Make the rows of one monthly KPI."""
    about = {"Target": "", "Tolerance": "", "Polarity": "low", **about}
    rows = []
    for at, value in enumerate(values):
        year, month = divmod(first.year * 12 + first.month - 1 + at, 12)
        shown = "n/a" if value is None else value
        rows.append({"KPI": "Bins", "Period": f"{year}-{month + 1:02d}", "Value": shown, **about})
    return pd.DataFrame(rows)


def _read(tmp_path, table):
    path = tmp_path / "kpis.csv"
    table.to_csv(path, index=False)
    return kpis.read(path)


def _text(tmp_path, values, period=None, **about):
    return kpis.finding(_read(tmp_path, _months(values, **about)), "Bins", period)


# --- the same as the methods themselves ------------------------------------------------------------


def test_every_verdict_is_that_of_the_control_chart(own, card):
    council = northmere()
    for key in (
        "nm-missed-bins",
        "nm-adult-reviews-on-time",
        "nm-invoices-on-time",
        "nm-relet-days",
    ):
        polarity = own.definitions.loc[key, "polarity"]
        chart = control.xmr(
            council.series(key).to_numpy(),
            improvement={"high": "increase", "low": "decrease"}[polarity],
            target=card.loc[key, "target"],
        )
        assert card.loc[key, "variation"] == chart.variation
        assert card.loc[key, "assurance"] == chart.assurance
        assert card.loc[key, "points"] == chart.points


def test_every_status_is_that_of_the_targets(own, card):
    aims = northmere().targets
    aims = aims[aims["year"] == "2025/26"].set_index("measure")
    shown = card[card["status"].isin(["met", "near", "missed"]) & ~card["late"]]
    assert len(shown) > 30
    for key, row in shown.iterrows():
        polarity = own.definitions.loc[key, "polarity"]
        said = targets.rag(
            row["value"], aims.loc[key, "target"], aims.loc[key, "tolerance"], polarity
        )
        assert row["status"] == said, key


def test_limits_begin_anew_where_the_definition_changes(own):
    values = northmere().series("nm-fly-tipping").to_numpy()
    found = judging.judge(own, "Fly-tipping incidents")
    assert found.breaks == [24]
    assert found.chart.centre == pytest.approx(values[24:].mean())
    assert "another way since April 2023" in kpis.finding(own, "nm-fly-tipping").cautions[0]


def test_a_season_is_no_signal(own, card):
    values = northmere().series("nm-recycling-rate").to_numpy()
    plain = control.xmr(values, improvement="increase")
    assert (plain.table["rule"] != "").sum() > 10
    row = card.loc["nm-recycling-rate"]
    assert row["seasonal"]
    assert row["variation"] == "common cause"
    found = judging.judge(own, "nm-recycling-rate")
    adjusted = deseasonalise(values, 12)["adjusted"].to_numpy()
    assert found.chart.table["value"].to_numpy() == pytest.approx(adjusted)
    # The figure that is said is the one in the file.
    assert found.value == values[-1]


def test_what_has_no_season_is_left_as_it_is(card):
    assert not card.loc[["nm-missed-bins", "nm-invoices-on-time"], "seasonal"].any()


# --- time ------------------------------------------------------------------------------------------


def test_a_report_sees_nothing_of_later_periods(own):
    early = kpis.scorecard(own, "Q1 2022/23")
    assert set(early["period"]) <= {"June 2022", "April to June 2022"}
    rows = own.frame[own.frame["end"] <= pd.Timestamp(2022, 6, 30)]
    rows = rows[(rows["kpi"] == "nm-missed-bins") & (rows["area"] == "NM0")]
    assert early.loc["nm-missed-bins", "points"] == len(rows)
    assert early.loc["nm-missed-bins", "value"] == rows["value"].iloc[-1]


def test_a_kpi_that_stopped_has_no_figure_for_a_later_report(own, card):
    row = kpis.scorecard(own, "Q4 2025/26").loc["nm-repairs-calls-answered"]
    assert row["status"] == "no figure"
    assert row["exception"]
    assert "no figure in March 2026, because the file has no row for it" in row["finding"]
    assert "The latest before it was 57.6% in March 2024" in row["finding"]
    latest = card.loc["nm-repairs-calls-answered"]
    assert latest["late"]
    assert "no newer figure" in latest["why"]


def test_missing_periods_are_not_closed_up(tmp_path):
    values = [5, 6, None, 7, 6]
    found = judging.judge(_read(tmp_path, _months(values)), "Bins")
    assert len(found.table) == 5
    assert math.isnan(found.chart.table["moving_range"].iloc[3])
    gap = _months(values).drop(index=[1])
    found = judging.judge(_read(tmp_path, gap), "Bins")
    assert found.table["status"].tolist() == [
        "given",
        "no row",
        "not available",
        "given",
        "given",
    ]
    assert found.table["period"].iloc[1] == "May 2023"


def test_a_period_before_all_figures_is_refused(own):
    with pytest.raises(kpis.KpiError, match="no figure up to the period"):
        kpis.scorecard(own, "2019/20")
    with pytest.raises(kpis.KpiError, match="Write it as"):
        kpis.scorecard(own, "soon")


def test_only_periods_of_the_commonest_length_are_analysed(tmp_path):
    table = _months([5, 6, 5, 7])
    year = pd.DataFrame([{**table.iloc[0].to_dict(), "Period": "2023/24", "Value": 70}])
    own = _read(tmp_path, pd.concat([table, year]))
    assert judging.judge(own, "Bins").table["value"].tolist() == [5, 6, 5, 7]
    assert any("several lengths" in str(one) for one in own.warnings)
    assert len(own.frame) == 5


# --- words -----------------------------------------------------------------------------------------

CASES = [
    ([*STEADY, 6], {}, "Bins: 6 in August 2024. That is within its usual range."),
    (
        [*STEADY, 15],
        {},
        "Bins: 15 in August 2024. It is unusually high, compared with its own past. That is a signal, for "
        "the worse.",
    ),
    (
        [*STEADY, 15],
        {"Polarity": "high"},
        "Bins: 15 in August 2024. It is unusually high, compared with its own past. That is a signal, for "
        "the better.",
    ),
    (
        [*STEADY, 15],
        {"Polarity": "neither"},
        "Bins: 15 in August 2024. It is unusually high, compared with its own past. That is a signal that "
        "something changed.",
    ),
    (
        [*STEADY, 6],
        {"Target": 10},
        "Bins: 6 in August 2024, which meets the target of at most 10. That is within its usual range. As it "
        "works now, it can be expected to meet the target.",
    ),
    (
        [*STEADY, 6],
        {"Target": 2},
        "Bins: 6 in August 2024, which misses the target of at most 2. That is within its usual range. As it "
        "works now, it can be expected to miss the target.",
    ),
    (
        [*STEADY, 6],
        {"Target": 5.5, "Tolerance": 1},
        "Bins: 6 in August 2024, which misses the target of at most 6, but by no more than its tolerance. That "
        "is within its usual range. As it works now, it may meet or miss the target by chance.",
    ),
    (
        [*STEADY, 6],
        {"Target": 5, "Polarity": "neither"},
        "Bins: 6 in August 2024, beside a target of 5. That is within its usual range.",
    ),
    (
        [*STEADY, None],
        {"Target": 5},
        "Bins: no figure in August 2024, because the file has none. The latest before it was 6 in July 2024.",
    ),
    ([5, 6], {}, "Bins: 6 in May 2023. There are too few figures to tell a change from chance."),
    (
        [5, 6, 5, 6],
        {},
        "Bins: 6 in July 2023. That is within its usual range, though only 4 figures say what that is.",
    ),
    (
        [20, 19, 21, 20, 19, 20, 21, 20, 19, 20, 14, 13, 12, 11, 10, 9, 8],
        {},
        "Bins: 8 in August 2024. It is unusually low, compared with its own past. That is a signal, for the "
        "better.",
    ),
]


@pytest.mark.parametrize(("values", "about", "text"), CASES)
def test_sentences(tmp_path, values, about, text):
    assert _text(tmp_path, values, **about).text == text


def test_two_figures_are_never_a_trend(tmp_path):
    for values in ([5, 50], [50, 5], [5], [5, None, 6]):
        text = _text(tmp_path, values).text
        assert not any(word in text for word in ("risen", "fallen", "better", "worse", "signal"))


def test_a_missing_figure_raises_its_own_questions(tmp_path):
    found = _text(tmp_path, [*STEADY, None], Owner="Head of waste")
    assert found.questions[0].ask.startswith("Why is there no figure for this period")
    assert found.questions[0].who == "the measure’s owner (Head of waste)"
    assert found.found["shown"] == "no figure"


def test_every_kpi_has_three_questions_that_say_whom(own, card):
    for key in card.index:
        asked = kpis.finding(own, key).questions
        assert len(asked) == 3
        assert len({one.ask for one in asked}) == 3
        assert all(one.who and one.ask.endswith("?") for one in asked)


def test_a_signal_for_the_worse_is_asked_about_first(own):
    found = kpis.finding(own, "nm-adult-reviews-on-time")
    assert found.questions[0].ask.startswith("This change for the worse is more than chance")


def test_reach_is_said_where_it_is_asked_for(tmp_path):
    own = _read(tmp_path, _months([*STEADY, 6], Target=2))
    assert kpis.finding(own, "Bins").beside == ()
    (said,) = kpis.finding(own, "Bins", reach=True).beside
    assert (
        said
        == "The financial year ends in March 2025. It is out of reach by then unless something changes."
    )


# --- scorecard -------------------------------------------------------------------------------------


def test_exceptions_are_what_a_report_is_to_explain(card):
    assert card.loc["nm-adult-reviews-on-time", "why"] == "getting worse by more than chance"
    assert not card.loc["nm-missed-bins", "exception"]
    near = card[card["status"] == "near"]
    assert len(near) > 5
    assert near["exception"].sum() < len(near)


def test_every_verdict_has_a_word_and_a_sign(card):
    for kind in ("status", "variation", "assurance"):
        said = card[card[kind] != ""]
        assert (said[f"{kind}_words"] != "").all()
        assert (said[f"{kind}_sign"] != "").all()
    signs = card.groupby("variation")["variation_sign"].nunique()
    assert (signs == 1).all()


def test_a_scorecard_of_a_town(own):
    town = kpis.scorecard(own.of("NM4"))
    assert len(town) == 3
    assert town.loc["nm-repairs-on-time", "value"] < 60


def test_history_is_the_last_two_years(card):
    history = card.loc["nm-missed-bins", "history"]
    assert len(history) == 24
    assert history[-1] == card.loc["nm-missed-bins", "value"]


# --- charts ----------------------------------------------------------------------------------------


def test_a_control_chart_holds_every_figure_and_its_words(own):
    chart = kpis.control_chart(own, "Missed bins")
    assert chart.kind == "xmr"
    assert len(chart.table) == 60
    assert chart.title == "Missed bins: a signal, for the better"
    assert "kpis.csv" in chart.source
    assert chart.alt.startswith("Missed bins: 65.6 per 100,000 in March 2026")


def test_a_season_that_is_taken_out_is_said_on_the_chart(own):
    assert "The time of year is taken out." in kpis.control_chart(own, "nm-recycling-rate").subtitle
    assert "time of year" not in kpis.control_chart(own, "nm-missed-bins").subtitle


def test_a_trend_is_drawn_beside_its_target_and_nobody_else(own):
    chart = kpis.trend(own, "Missed bins")
    assert chart.table.columns.tolist() == ["Period", "NM0", "Target"]
    assert "others" not in chart.subtitle
    assert chart.title == "Missed bins: 65.6 per 100,000 in March 2026"


def test_a_kpi_without_any_figure_is_not_drawn(tmp_path):
    own = _read(tmp_path, _months([None, None]))
    assert kpis.scorecard(own).loc["Bins", "status"] == "no figure"
    for draw in (kpis.control_chart, kpis.trend):
        with pytest.raises(kpis.KpiError, match="no figure that could be drawn"):
            draw(own, "Bins")


def test_one_figure_alone_is_drawn(tmp_path):
    own = _read(tmp_path, _months([5]))
    assert "too few figures" in kpis.control_chart(own, "Bins").subtitle
    assert len(kpis.trend(own, "Bins").table) == 1


def test_figures_of_single_days_are_judged_in_their_order(tmp_path):
    rows = [
        ("KPI", "Date", "Value"),
        *(("Bins", dt.date(2024, 4, 3 + 7 * n), 5 + n % 2) for n in range(3)),
    ]
    own = kpis.read(made.workbook(tmp_path / "kpis.xlsx", F=rows))
    found = judging.judge(own, "Bins")
    assert found.months == 0
    assert np.isfinite(found.chart.upper)
    assert kpis.scorecard(own).loc["Bins", "period"] == "17 April 2024"
