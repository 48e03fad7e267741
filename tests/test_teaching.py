"""The fictional council: what is planted in it can be seen, nothing else can, and nobody takes it for real."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from pydantic import ValidationError
from scipy import stats

from goldenthread import areas, catalogue, cli, observations
from goldenthread.analysis import comparison, control, funnel, intervals, targets, trends
from goldenthread.authorities import citizens
from goldenthread.teaching import WHOLE, chance, lessons, northmere
from goldenthread.teaching.council import PATH, Council, Measure, council
from goldenthread.teaching.frames import FOLDER

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "book" / "teaching" / "northmere.md"
README = FOLDER / "README.md"
FILES = sorted(FOLDER.glob("*.csv"))

NM = northmere()
SERIES = {
    (measure, area): NM.series(measure, area)
    for measure, area in NM.kpis[["measure", "area"]].drop_duplicates().itertuples(index=False)
}
#: Where something is planted that a chart of the series shows.
MARKED = {
    "nm-recycling-rate",
    "nm-missed-bins",
    "nm-fly-tipping",
    "nm-minor-decisions-in-time",
    "nm-adult-reviews-on-time",
    "nm-potholes-on-time",
    "nm-calls-answered",
}


def place(series: pd.Series, since: str) -> int:
    """The position of the first period from a day on."""
    return int(np.searchsorted(series.index, pd.Timestamp(since)))


def calm_on_both_sides(series: pd.Series, since: str) -> bool:
    at = place(series, since)
    chart = control.xmr(series, rebase_at=[at])
    return not chart.table["rule"].any()


def signal_at(series: pd.Series, since: str) -> bool:
    """Whether a chart with the limits of before marks the first period of after, and none before."""
    at = place(series, since)
    before = control.xmr(series[:at]).table["rule"]
    after = control.xmr(series, baseline=at).table["rule"].iloc[at]
    return not before.any() and after == "outside limits"


def two_shares(part: pd.Series, whole: pd.Series) -> float:
    """How often chance alone would give two shares that differ as much, or more."""
    table = [part.to_numpy(), (whole - part).to_numpy()]
    return float(stats.chi2_contingency(table).pvalue)


# --- the files ------------------------------------------------------------------------------------------


def test_the_files_are_made_from_the_description_byte_for_byte(tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["teaching", "--to", str(tmp_path / "new")])
    assert not left.value.code
    made = {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    assert len(capsys.readouterr().out.split()) == len(made)
    assert made == {path.name: path.read_bytes() for path in FILES}


def test_the_files_are_small():
    assert sum(path.stat().st_size for path in FILES) < 400_000


def test_there_are_five_years_of_about_forty_measures_of_every_service():
    assert 40 <= len(council().measures) <= 45
    assert set(NM.definitions["service"]) == set(NM.services["service"])
    assert len(NM.services) == 12
    frequency = NM.definitions.drop_duplicates("measure").set_index("measure")["frequency"]
    for (measure, _), series in SERIES.items():
        whole = 60 if frequency[measure] == "monthly" else 20
        assert len(series) == (36 if measure == "nm-repairs-calls-answered" else whole)
    assert NM.kpis["starts"].min() == pd.Timestamp("2021-04-01")


def test_the_tables_agree_with_each_other():
    kpis = NM.kpis
    assert not kpis.duplicated(["area", "measure", "starts"]).any()
    assert kpis["value"].isna().equals(kpis["status"].eq("not provided"))
    assert (kpis["numerator"].dropna() >= 0).all()
    definitions = NM.definitions.drop_duplicates("measure").set_index("measure")
    counted = kpis[kpis["denominator"].notna()]
    again = counted["numerator"].astype(float) / counted["denominator"].astype(float)
    again *= counted["measure"].map(definitions["per"])
    # Published figures are rounded, to a tenth at the most.
    assert (again - counted["value"]).abs().max() <= 0.051
    assert set(NM.targets["measure"]) <= set(definitions.index)
    assert definitions.loc[NM.targets["measure"], "polarity"].notna().all()
    for table in (NM.complaints, NM.finances):
        assert set(table["service"]) == set(NM.services["service"])
    complaints = NM.complaints
    assert (complaints["upheld"] <= complaints["received"]).all()
    assert (complaints["on_time"] <= complaints["received"]).all()
    assert (NM.survey["agree"] <= NM.survey["asked"]).all()
    first = complaints[complaints["stage"] == 1].groupby("month")["received"].sum()
    assert first.tolist() == NM.series("nm-complaints-on-time", column="denominator").tolist()
    towns = kpis[kpis["area"] != WHOLE].groupby(["measure", "starts"])["numerator"].sum()
    own = kpis[kpis["area"] == WHOLE].set_index(["measure", "starts"])["numerator"]
    assert towns.equals(own.loc[towns.index])


def test_spending_adds_up_over_the_year_to_the_outturn():
    finances = NM.finances
    last = finances[finances["quarter"] == 4]
    assert last["spent"].tolist() == last["outturn"].tolist() == last["forecast"].tolist()
    assert finances.loc[finances["quarter"] != 4, "outturn"].isna().all()
    spent = finances.pivot_table(
        index=["service", "line", "year"], columns="quarter", values="spent"
    )
    assert (spent.diff(axis=1).dropna(axis=1) > 0).all().all()
    early = finances[finances["quarter"] == 1]
    outturn = last.set_index(["service", "line", "year"])["outturn"].astype(float)
    off = early.set_index(["service", "line", "year"])["forecast"] / outturn - 1
    assert 0.005 < off.abs().mean() < 0.05


def test_nothing_is_done_before_it_could_be_or_after_the_last_day():
    actions = NM.actions
    late = (actions["done"] - actions["due"]).dt.days
    assert late.dropna().between(-31, 46).all()
    assert actions["done"].max() <= pd.Timestamp("2026-03-31")
    assert actions["done"].isna().equals(actions["status"].eq("open"))


# --- each thing that is planted can be seen --------------------------------------------------------------


def test_seasons_are_seasons_and_no_improvement():
    series = NM.series("nm-recycling-rate")
    january, june = (series[series.index.month == month] for month in (1, 6))
    # Every June stands well above the January before it, and the next January is back.
    assert (june.to_numpy()[1:] - january.to_numpy()[:-1]).min() > 8
    assert (june.to_numpy() - january.to_numpy()).min() > 8
    parts = trends.deseasonalise(series, 12)
    assert seasonal(series, 12) > 0.95
    assert trends.mann_kendall(parts["adjusted"]).direction == "no significant change"
    assert not (parts["adjusted"] - 41).abs().gt(3).any()


def seasonal(series: pd.Series, period: int) -> float:
    """How much of what is no trend is the seasons' (Wang, Smith and Hyndman's strength)."""
    parts = trends.deseasonalise(series, period)
    return 1 - parts["remainder"].var() / (parts["seasonal"] + parts["remainder"]).var()


def test_no_other_measure_has_seasons():
    for (measure, area), series in SERIES.items():
        if measure == "nm-recycling-rate" or series.isna().any():
            continue
        years = len(series) // (12 if len(series) > 20 else 4)
        by_year = series.to_numpy().reshape(years, -1)
        # Each month against the same month of other years, whatever the level of a year.
        found = stats.friedmanchisquare(*by_year.T)
        assert found.pvalue > 0.001, (measure, area)
    by_year = NM.series("nm-recycling-rate").to_numpy().reshape(5, 12)
    assert stats.friedmanchisquare(*by_year.T).pvalue < 1e-5


def test_the_new_rounds_truly_helped():
    series = NM.series("nm-missed-bins")
    assert signal_at(series, "2022-09-01")
    assert calm_on_both_sides(series, "2022-09-01")
    started = NM.actions[NM.actions["what"] == "Start the new rounds"]
    assert started["due"].tolist() == [pd.Timestamp("2022-09-30")]


def test_the_definition_changed_and_the_figure_with_it():
    series = NM.series("nm-fly-tipping")
    rows = NM.definitions[NM.definitions["measure"] == "nm-fly-tipping"]
    assert rows["since"].tolist() == [pd.Timestamp("2021-04-01"), pd.Timestamp("2023-04-01")]
    assert rows["definition"].nunique() == 2
    assert signal_at(series, "2023-04-01")
    assert calm_on_both_sides(series, "2023-04-01")
    cleaning = spending("environment", "Street cleaning")
    assert not control.xmr(cleaning).table["rule"].any()


def spending(service: str, line: str) -> pd.Series:
    """What a line cost in each quarter."""
    rows = NM.finances[(NM.finances["service"] == service) & (NM.finances["line"] == line)]
    rows = rows.sort_values(["year", "quarter"])
    spent = rows["spent"].astype(float)
    return spent.sub(spent.groupby(rows["year"]).shift(fill_value=0)).reset_index(drop=True)


def test_decisions_bunch_before_their_limit_once_there_is_a_target():
    since = pd.Timestamp("2023-04-01")
    after = NM.decisions["decided"] >= since
    days = NM.decisions["days"]

    def just(low: int, high: int) -> pd.Series:
        return days.between(low, high).groupby(after).mean()

    # Of all around the limit, a half and a bit are before it; then all are.
    assert 0.9 < just(50, 56)[False] / just(57, 63)[False] < 1.7
    assert just(57, 63)[True] < 0.01
    assert just(50, 56)[True] > 2 * just(50, 56)[False]
    assert days[~after].max() < days[after].max()
    series = NM.series("nm-minor-decisions-in-time")
    assert signal_at(series, "2023-04-01")
    assert calm_on_both_sides(series, "2023-04-01")
    # The service is no quicker.
    assert not control.xmr(NM.series("nm-minor-decision-days")).table["rule"].any()
    assert stats.ttest_ind(days[after], days[~after]).pvalue > 0.1
    late = days.between(50, 56)
    refused = NM.decisions["decision"].eq("refused")[late]
    table = pd.DataFrame(
        {"refused": refused.groupby(after[late]).sum(), "of": late.groupby(after).sum()}
    )
    assert (
        table["refused"][True] / table["of"][True]
        > 1.4 * table["refused"][False] / table["of"][False]
    )
    given = NM.targets[NM.targets["measure"] == "nm-minor-decisions-in-time"]
    assert given["year"].tolist() == ["2023/24", "2024/25", "2025/26"]


def test_the_average_hides_harbour():
    whole, harbour = NM.series("nm-repairs-on-time"), NM.series("nm-repairs-on-time", "NM4")
    goal = NM.targets[NM.targets["measure"] == "nm-repairs-on-time"].iloc[0]
    seen = targets.rag(whole, goal["target"], goal["tolerance"], "high")
    assert "missed" not in seen
    assert (seen == "met").mean() > 0.9
    assert set(targets.rag(harbour, goal["target"], goal["tolerance"], "high")) == {"missed"}
    low = intervals.proportion(
        NM.series("nm-repairs-on-time", "NM4", "numerator"),
        NM.series("nm-repairs-on-time", "NM4", "denominator"),
    )
    verdict = comparison.against_benchmark(low.value, low.lower, low.upper, whole, polarity="high")
    assert set(np.asarray(verdict)) == {"worse"}


def by_town(question: str) -> pd.DataFrame:
    asked = NM.survey[NM.survey["question"] == question]
    return asked.groupby("town")[["agree", "asked"]].sum()


def test_in_no_other_measure_or_question_does_a_town_stand_out():
    for measure in ("nm-clean-streets", "nm-noise-on-time"):
        rows = NM.kpis[(NM.kpis["measure"] == measure) & (NM.kpis["area"] != WHOLE)]
        sums = rows.groupby("area")[["numerator", "denominator"]].sum().astype(float)
        assert two_shares(sums["numerator"], sums["denominator"]) > 0.01
    found = {
        question: two_shares(table["agree"], table["asked"])
        for question in NM.questions["question"]
        for table in [by_town(question)]
    }
    assert found.pop("satisfied") < 1e-6
    assert min(found.values()) > 0.01
    places = by_town("satisfied")
    outside = funnel.funnel_proportion(places["agree"], places["asked"])
    low = places.index[np.asarray(outside.value) < 0.5].tolist()
    assert low == ["NM4"]


def test_a_quarter_is_missing_and_says_so():
    gaps = NM.kpis[NM.kpis["value"].isna()]
    assert gaps[["measure", "period", "status"]].values.tolist() == [
        ["nm-sickness-days", "2023/24 Q3", "not provided"]
    ]
    with pytest.raises(ValueError, match="missing"):
        trends.deseasonalise(NM.series("nm-sickness-days"), 4)


def test_one_month_is_a_special_cause():
    table = control.xmr(NM.series("nm-potholes-on-time"), improvement="increase").table
    marked = table[table["rule"] != ""]
    assert marked.index.tolist() == [pd.Timestamp("2025-01-01")]
    assert marked["rule"].tolist() == ["outside limits"]
    assert marked["point_type"].tolist() == ["concerning"]


def test_two_lines_became_one_and_neither_got_worse():
    own = NM.series("nm-calls-answered", column="denominator")
    assert signal_at(NM.series("nm-calls-answered"), "2024-04-01")
    assert calm_on_both_sides(NM.series("nm-calls-answered"), "2024-04-01")
    other = NM.kpis[NM.kpis["measure"] == "nm-repairs-calls-answered"].set_index("starts")
    assert other.index.max() == pd.Timestamp("2024-03-01")
    answered = NM.series("nm-calls-answered", column="numerator").add(
        other["numerator"].astype(float), fill_value=0
    )
    made = own.add(other["denominator"].astype(float), fill_value=0)
    together = control.xmr(answered / made).table
    assert (together["rule"] == "outside limits").sum() == 0
    before, after = (answered / made)[:36], (answered / made)[36:]
    assert abs(before.mean() - after.mean()) < 0.003
    assert own[36:].mean() / own[:36].mean() == pytest.approx(17600 / 12400, rel=0.02)
    contact, housing = spending("contact", "Contact centre"), spending("housing", "Housing advice")
    assert signal_in_quarter(contact, 12)
    assert signal_in_quarter(housing, 12)
    assert not control.xmr(contact + housing).table["rule"].eq("outside limits").any()


def signal_in_quarter(series: pd.Series, at: int) -> bool:
    return control.xmr(series, baseline=at).table["rule"].iloc[at] == "outside limits"


def test_almost_every_action_is_done_and_few_outcomes_are_met():
    assert f"{(NM.actions['status'] == 'done').mean():.0%}" == "97%"
    met = NM.outcomes[NM.outcomes["met"] == "yes"]
    assert len(met) / len(NM.outcomes) == 0.25
    assert met["measure"].tolist() == [
        "nm-missed-bins",
        "nm-fly-tipping",
        "nm-minor-decisions-in-time",
    ]
    assert set(NM.actions["outcome"]) == set(NM.outcomes["outcome"])


def test_the_worst_junctions_improve_with_signs_and_without():
    counts = NM.junctions.pivot_table(index="junction", columns="year", values="collisions")
    signs = NM.junctions.groupby("junction")["signs"].first().dropna()
    assert len(signs) == 10
    assert set(signs) == {"2024-04"}
    assert set(signs.index) == worst(counts, "2023/24")
    with_signs = counts.loc[signs.index].sum()
    assert fell_by_more_than_chance(with_signs["2023/24"], with_signs["2024/25"])
    assert abs(with_signs["2022/23"] - with_signs["2024/25"]) < 10
    without = counts.loc[list(worst(counts, "2021/22"))].sum()
    assert fell_by_more_than_chance(without["2021/22"], without["2022/23"])
    # All together did not change.
    total = counts.sum()
    assert stats.chisquare(total).pvalue > 0.1


def worst(counts: pd.DataFrame, year: str) -> set[str]:
    return set(counts[year].sort_values(ascending=False, kind="stable").index[:10])


def fell_by_more_than_chance(before: float, after: float) -> bool:
    found = stats.binomtest(int(after), int(before + after), 0.5, alternative="less")
    return bool(found.pvalue < 0.05)


def test_a_rate_of_few_people_swings_by_chance_alone():
    counts = {
        part: NM.series("nm-care-leavers-active", column=part)
        for part in ("numerator", "denominator")
    }
    value = NM.series("nm-care-leavers-active")
    assert counts["denominator"].max() < 35
    assert value.max() - value.min() > 25
    assert value.diff().abs().max() > 15
    overall = counts["numerator"].sum() / counts["denominator"].sum()
    limits = intervals.wilson(counts["numerator"], counts["denominator"])
    assert ((limits.lower <= overall) & (overall <= limits.upper)).mean() >= 0.95
    goal = NM.targets[NM.targets["measure"] == "nm-care-leavers-active"].iloc[0]
    seen = targets.rag(value, goal["target"], goal["tolerance"], "high")
    assert set(seen) == {"met", "near", "missed"}
    # No other share rests on so few.
    others = NM.kpis[(NM.kpis["measure"] != "nm-care-leavers-active") & (NM.kpis["area"] == WHOLE)]
    assert others["denominator"].min() > 60


def test_a_wide_tolerance_hides_a_decline():
    series = NM.series("nm-adult-reviews-on-time")
    goal = NM.targets[NM.targets["measure"] == "nm-adult-reviews-on-time"].iloc[0]
    assert "missed" not in targets.rag(series, goal["target"], goal["tolerance"], "high")
    found = trends.mann_kendall(series)
    assert found.direction == "decreasing"
    assert found.p < 1e-4
    assert series.iloc[0] - series.iloc[-1] > 8
    shares = NM.definitions[NM.definitions["unit"] == "per cent"]["measure"]
    given = NM.targets[NM.targets["measure"].isin(shares)]
    assert set(given[given["tolerance"] > 5]["measure"]) == {"nm-adult-reviews-on-time"}


def test_what_roads_saves_claims_cost():
    resurfacing = spending("highways", "Planned resurfacing")
    claims = spending("corporate", "Insurance and claims")
    assert signal_in_quarter(resurfacing, 8)
    assert signal_in_quarter(claims, 8)

    def year(series: pd.Series, at: int) -> float:
        return series[at * 4 : at * 4 + 4].sum()

    before = year(resurfacing + claims, 1)
    assert year(resurfacing + claims, 2) < before
    assert year(resurfacing + claims, 3) > before
    assert year(resurfacing + claims, 4) > before
    last = NM.finances[
        (NM.finances["line"] == "Insurance and claims") & (NM.finances["quarter"] == 4)
    ]
    over = (last["outturn"] - last["budget"]).astype(float).tolist()
    assert over[2] > 400
    assert abs(over[4]) < 100


# --- and nothing else ------------------------------------------------------------------------------------


def test_no_series_has_a_signal_that_was_not_planted():
    marked = set()
    for (measure, _), series in SERIES.items():
        if not chance.is_calm(series):
            marked.add(measure)
    assert marked == MARKED


def test_no_money_moves_that_was_not_planted():
    moved = {
        line
        for service, line in NM.finances[["service", "line"]].drop_duplicates().values
        if control.xmr(spending(service, line)).table["rule"].eq("outside limits").any()
    }
    assert moved == {
        "Planned resurfacing",
        "Insurance and claims",
        "Housing advice",
        "Contact centre",
    }


def test_complaints_only_move_with_the_calls():
    first = NM.complaints[NM.complaints["stage"] == 1]
    moved = {
        service
        for service, rows in first.groupby("service")
        if not chance.is_calm(rows.sort_values("month")["received"])
    }
    assert moved == {"contact", "housing"}


def test_chance_that_is_never_calm_is_refused(monkeypatch):
    monkeypatch.setattr(chance, "_TRIES", 5)
    with pytest.raises(ValueError, match="no calm series"):
        chance.calm(lambda: np.arange(20.0), lambda drawn: [drawn])


# --- what is planted is listed, and told to trainers alone -------------------------------------------------


def test_every_lesson_is_where_it_says():
    found = lessons.lessons()
    assert len(found) >= 12
    assert len({lesson.id for lesson in found}) == len(found)
    for lesson in found:
        files = re.findall(r"\w+\.csv", lesson.where)
        assert files, lesson.id
        assert {FOLDER / name for name in files} <= set(FILES)
        named = set(re.findall(r"nm-[a-z-]+", lesson.where + lesson.trap + lesson.see))
        assert named <= set(NM.definitions["measure"])


def learners_see() -> dict[str, str]:
    paths = [PAGE, README, *FILES]
    return {path.name: path.read_text(encoding="utf-8-sig") for path in paths}


def test_what_learners_see_does_not_tell():
    for name, text in learners_see().items():
        low = text.casefold()
        for word in ("planted", "northmere.yaml", "gaming", "gamed", "regression", "special cause"):
            assert word not in low, (name, word)
        for lesson in lessons.lessons():
            assert lesson.id not in low
            assert lesson.lesson.casefold() not in low


def test_the_page_offers_every_file_and_no_answer():
    text = PAGE.read_text(encoding="utf-8")
    offered = re.findall(r"\]\((\S+?\.csv)\)", text)
    assert {(PAGE.parent / path).resolve() for path in offered} == set(FILES)
    (explained,) = re.findall(r"^```\{include\} (\S+)$", text, flags=re.MULTILINE)
    assert (PAGE.parent / explained).resolve() == README


def test_the_page_and_the_note_say_what_the_files_hold():
    page, note = PAGE.read_text(encoding="utf-8"), README.read_text(encoding="utf-8")
    for town in NM.towns.itertuples():
        homes = f"{town.homes:,}" if town.homes else "none"
        row = f"| {town.name} | {town.residents:,} | {homes} | {town.deprivation} |"
        assert row in page
    assert f"{NM.towns['residents'].sum():,} residents" in page
    assert f"{NM.towns['residents'].sum():,} residents" in note
    for path in FILES:
        (line,) = [line for line in note.splitlines() if line.startswith(f"- `{path.name}`")]
        heading = path.read_text(encoding="utf-8-sig").splitlines()[0]
        assert re.findall(r"`([a-z_]+)`", line.partition("Its columns: ")[2]) == heading.split(",")
    for text in (page, note):
        assert "fictional" in text
        assert "does not exist" in text


def test_there_is_nobody_in_it():
    owners = {*NM.definitions["owner"], *NM.actions["owner"]}
    assert all(owner.startswith("Head of ") for owner in owners)


# --- it is no real council ---------------------------------------------------------------------------------


def test_no_area_has_its_name_or_code():
    register = areas.register()
    names = {
        name.casefold()
        for area in register.values()
        for name in (area.name, area.official or "", *area.variants)
    }
    ours = {council().name, *NM.towns["name"]}
    assert {name for name in ours if name.casefold() in names} == set()
    for code in (WHOLE, *NM.towns["town"]):
        assert code not in register
        assert code not in citizens().index
        assert not areas.is_known(code)
        assert not re.fullmatch(r"[A-Z]\d{8}", code)
    with pytest.raises(areas.AreaError):
        areas.find("Northmere")


def test_no_measure_of_the_catalogue_is_called_like_one_of_its():
    assert set(NM.definitions["measure"]) & set(catalogue.catalogue()) == set()


def test_its_figures_are_no_observations():
    row = NM.kpis.iloc[0]
    table = observations.frame(
        {
            "area": [row["area"]],
            "measure": row["measure"],
            "period_start": [row["starts"]],
            "period_end": [row["starts"] + pd.offsets.MonthEnd()],
            "period_label": "April 2021",
            "value": [row["value"]],
            "status": "published",
        }
    )
    with pytest.raises(observations.ObservationError, match="a letter and eight digits"):
        observations.validate(table)


def test_nothing_that_real_councils_are_shown_by_reads_it():
    package = ROOT / "goldenthread"
    readers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "teaching" not in path.parts
        # An example in a docstring, which is where the fictional council belongs, is no import.
        and re.search(
            r"(?m)^ *(from|import) goldenthread(\.| import.*\b)teaching\b",
            path.read_text(encoding="utf-8"),
        )
    }
    assert readers == {"cli.py"}


# --- the description ------------------------------------------------------------------------------------------


def test_a_wrong_description_is_refused():
    text = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    for spoilt in ({"code": "E06000001"}, {"kind": "county"}, {"region": "E12000001"}):
        with pytest.raises(ValidationError):
            Council.model_validate({**text, **spoilt})
    measure = text["measures"][0]
    for spoilt in ({"id": "household-recycling-rate"}, {"tolerance": None}, {"polarity": None}):
        with pytest.raises(ValidationError):
            Measure.model_validate({**measure, **spoilt})
