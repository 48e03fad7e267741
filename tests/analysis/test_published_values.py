"""Every method held against figures that others have printed.

The figures are facts carried over, each with where it stands; no table of anybody's is whole here.
Longer ones are beside this module, in `published/`, and name their source in their first line.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from goldenthread.analysis import (
    comparison,
    composite,
    control,
    forecast,
    funnel,
    intervals,
    rules,
    similarity,
    targets,
    trends,
)

NAN = float("nan")


def published(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parent / "published" / f"{name}.csv", comment="#")


POISSON = published("poisson_limits")
SHARES = published("funnel_proportion")
STATUSES = published("funnel_status")
DECILES = published("deciles")

#: The share of all primary care trusts together in OHID's test figures of funnels.
ENGLAND = 0.80642448


# Limits of counts, shares and means


@pytest.mark.parametrize(("level", "of"), [(0.95, "95"), (0.998, "998")])
def test_exact_limits_of_counts(level: float, of: str) -> None:
    lower, upper = intervals.exact_poisson(POISSON["observed"], level)
    # The printed 99.8% limits are of 3.0902 standard errors; to the eighth digit it shows.
    assert lower == pytest.approx(POISSON[f"lower_{of}"], rel=1e-4)
    assert upper == pytest.approx(POISSON[f"upper_{of}"], rel=1e-6)


@pytest.mark.parametrize(
    ("level", "lower", "upper"), [(0.9, 17.38, 34.92), (0.95, 16.18, 36.90), (0.99, 14.00, 41.00)]
)
def test_exact_limits_of_twenty_five(level: float, lower: float, upper: float) -> None:
    # GraphPad, "How QuickCalcs computes the confidence interval of a count".
    assert intervals.exact_poisson(25, level) == pytest.approx((lower, upper), abs=0.005)


@pytest.mark.parametrize(
    ("observed", "expected", "upper"),
    # OHID, test figures of PHStatsMethods: ratios of few events, and of many.
    [(5, 10.0, 1.17), (25, 20.0, 1.85)],
)
def test_upper_limits_of_ratios(observed: int, expected: float, upper: float) -> None:
    assert funnel.funnel_ratio(observed, expected).upper_95[0] == pytest.approx(upper, abs=0.005)


@pytest.mark.parametrize(
    ("count", "of", "lower", "upper"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_limits_of_shares(count: int, of: int, lower: float, upper: float) -> None:
    assert intervals.wilson(count, of) == pytest.approx((lower, upper), abs=5e-5)
    assert intervals.proportion(count, of)[1:] == pytest.approx(
        (100 * lower, 100 * upper), abs=0.005
    )


@pytest.mark.parametrize(
    ("values", "mean", "lower", "upper"),
    [
        # Darwin's maize, in eighths of an inch: R. A. Fisher, The design of experiments (1935), §17.
        (
            [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48],
            (20.93, 0.005),
            (0.03, 0.005),
            (41.84, 0.005),
        ),
        # Student's sleep data, as R prints their paired t test.
        (
            [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4],
            (1.58, 1e-9),
            (0.7001142, 5e-8),
            (2.4598858, 5e-8),
        ),
    ],
)
def test_limits_of_means(values, mean, lower, upper) -> None:
    for found, (printed, within) in zip(intervals.mean(values), (mean, lower, upper)):
        assert found == pytest.approx(printed, abs=within)


# Funnels


@pytest.mark.parametrize(
    "row", list(POISSON.itertuples(index=False)), ids=lambda row: str(row.observed)
)
def test_areas_on_the_lines_of_a_funnel_of_ratios(row) -> None:
    # Observed events are on the lower line where the expected ones are the upper exact limit.
    expected = [row.upper_95, row.lower_95, row.upper_998, row.lower_998]
    lines = funnel.funnel_ratio(row.observed, row.observed).curve(expected)
    ratio = row.observed / np.array(expected)
    assert lines.lower_95[0] == pytest.approx(ratio[0], rel=1e-6)
    assert lines.upper_95[1] == pytest.approx(ratio[1], rel=1e-6)
    assert lines.lower_998[2] == pytest.approx(ratio[2], rel=1e-5)
    assert lines.upper_998[3] == pytest.approx(ratio[3], rel=1e-4)


@pytest.mark.parametrize(
    "row", list(POISSON.itertuples(index=False)), ids=lambda row: str(row.observed)
)
def test_areas_just_inside_and_outside_a_funnel_of_ratios(row) -> None:
    # Byar's limits, which judge from ten events on: OHID's guide to confidence intervals has them
    # within 0.2% of the exact ones at 95%; at 99.8% they are within 1.5%.
    def status(expected: float, off: float) -> list[str]:
        around = expected * np.array([1 - off, 1 + off])
        return funnel.funnel_ratio(row.observed, around).status.tolist()

    assert status(row.upper_95, 0.002) == ["within", "low 95%"]
    assert status(row.lower_95, 0.002) == ["high 95%", "within"]
    assert status(row.upper_998, 0.015) == ["low 95%", "low 99.8%"]
    assert status(row.lower_998, 0.015) == ["high 99.8%", "high 95%"]


def test_lines_of_a_funnel_of_shares() -> None:
    lines = funnel.funnel_proportion([ENGLAND * 1e9], [1e9]).curve(SHARES["population"])
    for found, name in zip(lines, ("lower_95", "upper_95", "lower_998", "upper_998")):
        assert 100 * found == pytest.approx(SHARES[name], abs=2e-6)


def test_areas_in_a_funnel_of_shares() -> None:
    # All others together are one area, so large that the share of all is the printed one.
    others = 1e15
    found = funnel.funnel_proportion(
        [*STATUSES["count"], ENGLAND * others], [*STATUSES["denominator"], others]
    )
    assert found.status[:-1].tolist() == STATUSES["status"].tolist()


def test_poisson_limits_of_funnelplotr() -> None:
    # FunnelPlotR draws its lines elsewhere, at the exact limits of what is expected.
    lower, upper = (limit / [15, 20, 30] for limit in intervals.exact_poisson([15, 20, 30], 0.95))
    assert lower == pytest.approx([0.5596924, 0.6108260, 0.6746958], abs=5e-8)
    assert upper == pytest.approx([1.649348, 1.544419, 1.427562], abs=5e-7)
    lower, upper = (limit / [15, 20, 30] for limit in intervals.exact_poisson([15, 20, 30], 0.998))
    assert lower == pytest.approx([0.3862650, 0.4479107, 0.5289724], abs=5e-8)
    assert upper == pytest.approx([2.082907, 1.902094, 1.702771], abs=5e-7)


# Groups


@pytest.mark.parametrize("region", DECILES["region"].unique())
def test_deciles_of_areas(region: str) -> None:
    areas = DECILES[DECILES["region"] == region]
    found = comparison.quantile_group(areas["value"], groups=10, polarity="high")
    assert found.tolist() == areas["decile"].tolist()


# Control charts

#: The first twenty figures of R's normal distribution after set.seed(123), as R prints them.
RNORM = [-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621]
RNORM += [-1.26506123, -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272]
RNORM += [-0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141]


@pytest.mark.parametrize(
    ("fifteenth", "preset", "centre", "lower", "upper"),
    # NHSRplotthedots, snapshots of its tests, to as many digits as they print.
    [
        (RNORM[14], "nhsrplotthedots", 0.1416238, -3.01138, 3.294627),
        (10, "nhsrplotthedots", 0.6694159, -2.383666, 3.722497),
        (10, "mdc", 0.6694159, -4.596625, 5.935457),
    ],
)
def test_limits_of_nhsrplotthedots(fifteenth, preset, centre, lower, upper) -> None:
    chart = control.xmr([*RNORM[:14], fifteenth, *RNORM[15:]], preset=preset)
    assert chart.centre == pytest.approx(centre, abs=5e-8)
    assert (chart.lower, chart.upper) == pytest.approx((lower, upper), abs=1e-6)


@pytest.mark.parametrize(("screen", "lower", "upper"), [(True, -0.72, 4.60), (False, -3.06, 6.95)])
def test_the_workbook_does_not_screen(screen: bool, lower: float, upper: float) -> None:
    # NHSRplotthedots, "Deviations from Excel defaults": one point is special cause either way.
    chart = control.xmr([1, 2, 1, 2, 10, *[1, 2] * 6, 1], screen=screen, improvement="increase")
    assert chart.centre == pytest.approx(1.94, abs=0.005)
    assert (chart.lower, chart.upper) == pytest.approx((lower, upper), abs=0.005)
    assert np.flatnonzero(chart.table["point_type"] != "common cause").tolist() == [4]
    assert chart.table["point_type"].iloc[4] == "improving"


@pytest.mark.parametrize("preset", ["mdc", "nhsrplotthedots"])
def test_two_near_opposite_limits_are_no_signal(preset) -> None:
    # NHSRplotthedots, test of two of three on the same side of the mean.
    chart = control.xmr([*[1, -1] * 7, 5.5, -5.5], preset=preset, improvement="increase")
    assert chart.table["point_type"].iloc[-2:].tolist() == ["common cause"] * 2


@pytest.mark.parametrize(
    ("values", "marked"),
    # NHSRplotthedots, tests of seven points that rise or fall; every point of a run is marked.
    [
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0, *[1] * 7, 0]),
        ([7, 6, 5, 4, 3, 2, 1], [-1] * 7),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0, *[-1] * 7, 0]),
    ],
)
def test_seven_points_that_rise_or_fall(values, marked) -> None:
    assert rules.trend(np.array(values, dtype=float), 7).direction.tolist() == marked


@pytest.mark.parametrize(
    ("side", "marked"),
    # The same for seven points on one side.
    [
        ([1] * 6, [0] * 6),
        ([*[1] * 6, -1], [0] * 7),
        ([*[1] * 8, -1], [*[1] * 8, 0]),
        ([*[-1] * 8, 1], [*[-1] * 8, 0]),
        ([-1, *[1] * 8, -1], [0, *[1] * 8, 0]),
        ([1, *[-1] * 8, 1], [0, *[-1] * 8, 0]),
    ],
)
def test_seven_points_on_one_side(side, marked) -> None:
    assert rules.shift(np.array(side), 7).direction.tolist() == marked


@pytest.mark.parametrize(
    ("near", "marked"),
    # The same for two of three near a limit, of which only those near it are marked.
    [
        ([0, 0, 0], [0, 0, 0]),
        ([1, 0, 1], [1, 0, 1]),
        ([0, 1, 1], [0, 1, 1]),
        ([1, 1, 0], [1, 1, 0]),
        ([0, 0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0]),
        ([1, 0, 0, 1], [0, 0, 0, 0]),
        ([1, 0, 0, 1, 1], [0, 0, 0, 1, 1]),
    ],
)
def test_two_of_three_near_a_limit(near, marked) -> None:
    assert rules.two_of_three(np.ones_like(near), np.array(near)).direction.tolist() == marked


@pytest.mark.parametrize(
    ("limits", "increase", "decrease"),
    # NHSRplotthedots, tests of assurance about a target of 4.
    [
        ((1, 3), "consistently failing", "consistently passing"),
        ((5, 7), "consistently passing", "consistently failing"),
        ((1, 5), "hit and miss", "hit and miss"),
    ],
)
def test_assurance_about_a_target(limits, increase, decrease) -> None:
    # Four figures about the middle, so far apart that the limits come out as printed.
    middle, half = sum(limits) / 2, (limits[1] - limits[0]) / 2 / 2.66 / 2
    values = middle + half * np.array([1, -1, 1, -1])
    chart = control.xmr(values, target=4, improvement="increase")
    assert (chart.lower, chart.upper) == pytest.approx(limits)
    assert chart.assurance == increase
    assert control.xmr(values, target=4, improvement="decrease").assurance == decrease
    assert control.xmr(values, target=4).assurance is None


@pytest.mark.parametrize(
    ("values", "centre", "lower", "upper", "digits"),
    [
        # NIST/SEMATECH e-handbook, 6.3.2.2: flow rates.
        (
            [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1],
            *(50.8100, 45.8159, 55.8041, 4),
        ),
        # D. C. Montgomery, Introduction to statistical quality control, 3rd edition: the viscosity
        # of aircraft primer paint.
        (
            [
                *(33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27),
                *(33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84),
            ],
            *(33.52, 32.24, 34.80, 2),
        ),
    ],
)
def test_individuals(values, centre, lower, upper, digits) -> None:
    table = control.individuals(values)
    found = table[["centre", "lower", "upper"]].iloc[-1].tolist()
    assert found == pytest.approx([centre, lower, upper], abs=0.6 * 10**-digits)


def test_p_chart_of_equal_samples() -> None:
    # Montgomery, example 7.1: cans of orange juice, thirty samples of fifty.
    counts = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22]
    counts += [8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
    table = control.p_chart(counts, 50)
    found = table[["centre", "lower", "upper"]].iloc[0].tolist()
    assert found == pytest.approx([0.2313, 0.0524, 0.4102], abs=6e-5)
    assert (np.flatnonzero(table["outside"]) + 1).tolist() == [15, 23]


def test_p_chart_of_unequal_samples() -> None:
    # Montgomery, table 7.4: purchase orders.
    sizes = [100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120]
    sizes += [120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90]
    counts = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
    table = control.p_chart(counts, sizes)
    assert table["centre"].iloc[0] == pytest.approx(0.096, abs=0.0005)
    upper = {80: 0.194, 90: 0.189, 100: 0.184, 110: 0.180, 120: 0.176}
    assert table["upper"].tolist() == pytest.approx([upper[n] for n in sizes], abs=0.0011)
    assert (np.flatnonzero(table["outside"]) + 1).tolist() == [11]


def test_u_chart() -> None:
    # Montgomery, example 7.4: errors in twenty weeks of fifty shipments.
    counts = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
    found = control.u_chart(counts, 50)[["centre", "lower", "upper"]].iloc[0].tolist()
    assert found == pytest.approx([0.0740, 0, 0.1894], abs=6e-5)


#: J. Anhøj, qicharts2, "Critical values for longest run and number of crossings": the longest run
#: from this many useful points on, and the fewest crossings of 10, 11, 12, … 100 of them.
LONGEST = {10: 6, 12: 7, 23: 8, 46: 9, 91: 10}
FEWEST = """2 2 3 3 4 4 4 5 5 6 6 6 7 7 8 8 8 9 9 10 10 11 11 11 12 12 13 13 14 14 14 15 15 16 16 17 17
17 18 18 19 19 20 20 21 21 21 22 22 23 23 24 24 25 25 25 26 26 27 27 28 28 29 29 29 30 30 31 31 32 32
33 33 34 34 34 35 35 36 36 37 37 38 38 39 39 39 40 40 41 41"""


@pytest.mark.parametrize(
    ("points", "fewest"), [(n, int(each)) for n, each in enumerate(FEWEST.split(), start=10)]
)
def test_critical_values_of_run_charts(points: int, fewest: int) -> None:
    # Two on the median, which are left out, keep it between the others, be their number odd or even.
    half = points // 2
    found = control.run_chart([*range(half), 50, 50, *range(100, 100 + points - half)])
    assert found.useful == points
    assert found.longest_run_limit == LONGEST[max(n for n in LONGEST if n <= points)]
    assert found.crossings_limit == fewest


# Trends


@pytest.mark.parametrize(
    ("counts", "of", "direction"),
    # Fingertips, tests of its trend marker for proportions: the directions it has to find.
    [
        ([621, 599, 556, 535, 447], [3454, 3195, 3256, 3227, 3121], "decreasing"),
        ([2157, 2090, 2194, 2134.81, 2094], [3454, 3195, 3256, 3152, 3062], "increasing"),
        ([8116, 8145, 8222, 8506, 8728], [91530, 91773, 92088, 92238, 92665.89], "increasing"),
        ([5, 7, 6, 8, 8, 9], [22, 35, 42, 50, 100, 200], "decreasing"),
        (
            [5405, 5500, 5435, 5480, 5315],
            [18095, 18170, 18005, 17890, 17860],
            "no significant change",
        ),
        (
            [5645, 5405, 5500, 5435, 5480, 5315],
            [18285, 18095, 18170, 18005, 17890, 17860],
            "no significant change",
        ),
        (
            [5455, 5645, 5405, 5500, 5435, 5480, 5315],
            [18590, 18285, 18095, 18170, 18005, 17890, 17860],
            "no significant change",
        ),
        ([22435, 22445, 21365, 20955, 19055], [65880, 67900, 68705, 69835, 70910], "decreasing"),
        (
            [22460, 23490, 22435, 22445, 21365, 20955, 19055],
            [64600, 64830, 65880, 67900, 68705, 69835, 70910],
            "decreasing",
        ),
        ([621, 599, 556, 535], [3454, 3195, 3256, 3227], "cannot be calculated"),
        (
            [NAN, NAN, 11024.38, 11681.04, 11738.96],
            [NAN, NAN, 2315677, 2330591, 2349351],
            "cannot be calculated",
        ),
    ],
)
def test_recent_trends_of_fingertips(counts, of, direction) -> None:
    assert trends.recent_trend(*intervals.proportion(counts, of)).direction == direction


@pytest.mark.parametrize(
    ("values", "direction", "s", "variance", "z", "p", "slope", "intercept"),
    [
        # A run of pymannkendall that its author printed beside it.
        (
            [
                *(202.175842, 222.266602, 250.772827, 300.741455, 350.643982, 369.749268),
                *(400.998474, 479.279663, 486.617310, 487.517456, 491.321625),
            ],
            *("increasing", 55, 165, 4.203894298472224, 2.623614939456509e-05),
            *(33.419006333333336, 202.6542363333333),
        ),
        # MannKS, "Basic non-seasonal trend test": fifty points of numpy's generator, seed 42.
        (
            0.1 * np.arange(50) + np.random.RandomState(42).normal(0, 0.5, 50),
            *("increasing", 983, 14291.666666666666, 8.21429032830394, 2.220446049250313e-16),
            *(0.09382043613738501, 0.0681216933263471),
        ),
    ],
)
def test_mann_kendall_and_sen(values, direction, s, variance, z, p, slope, intercept) -> None:
    found = trends.mann_kendall(values)
    assert found.direction == direction
    assert (found.s, found.variance, found.z) == pytest.approx((s, variance, z), rel=1e-12)
    assert found.p == pytest.approx(p, rel=1e-9, abs=1e-17)
    line = trends.theil_sen(values)
    assert (line.slope, line.intercept) == pytest.approx((slope, intercept), rel=1e-9)


def test_mann_kendall_of_thirty() -> None:
    # MannKS, "Interpreting alpha": a straight line and numpy's noise, seed 42.
    found = trends.mann_kendall(
        np.linspace(10, 20, 30) + np.random.RandomState(42).normal(0, 2, 30)
    )
    assert (found.s, found.variance) == pytest.approx((267, 3141.6666666666665))
    assert (found.z, found.p) == pytest.approx((4.74571424693142, 2.0777186033882344e-06))


# Whatever is asked: no warning gets out (the project's tests make one an error)

ONES = {"low": 0, "high": 1e9, "missing": NAN, "share": 0.25, "whole": 7}
MANY = {
    "one": [3.0],
    "whole numbers": np.arange(1, 9),
    "none twice": [1, None, 2.0, None],
    "zeros": [0] * 6,
    "very many": [1e9, 2e9, 3e9, 1e9],
    "very few": [1e-9, 2e-9, 5e-9],
    "with gaps": [1, NAN, 3, NAN, 5, 7, 2, 2],
    "all missing": [NAN] * 5,
    "series": pd.Series([3.0, 1, 4, 1, 5, 9, 2, 6], index=list("abcdefgh")),
    "nullable": pd.Series([1, 2, None, 4], dtype="Int64"),
    "three rows": np.where(
        np.arange(24).reshape(3, 8) % 7 == 0, NAN, np.arange(24.0).reshape(3, 8)
    ),
    "no rows": np.empty((0, 4)),
}
EITHER = {**ONES, **MANY}


def numbers(given) -> np.ndarray:
    return np.asarray(given, dtype=np.float64)


def missing_stays_missing(found, given) -> None:
    """Where what was given is missing, so is every number of what was found."""
    gap = np.isnan(numbers(given))
    for number in found:
        assert np.shape(number) == gap.shape
        assert np.isnan(numbers(number)[gap]).all()


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize("given", EITHER.values(), ids=EITHER)
def test_limits_of_anything(given, level: float) -> None:
    for found in (
        intervals.byars(count=given, level=level),
        intervals.exact_poisson(given, level),
        intervals.exact_poisson(count=given, level=level),
        intervals.rate(count=given, denominator=1000, per=100_000, level=level),
        intervals.rate(3, numbers(given) + 1, 100, level),
        intervals.wilson(count=given, denominator=numbers(given) + 1e-12, level=level),
        intervals.proportion(given, 1e10, per=100, level=level),
    ):
        missing_stays_missing(found, given)
    value, lower, upper = intervals.mean(given, level)
    assert np.shape(value) == np.shape(lower) == np.shape(upper) == numbers(given).shape[:-1]


@pytest.mark.parametrize("polarity", ["high", "low", None])
@pytest.mark.parametrize("given", EITHER.values(), ids=EITHER)
def test_comparisons_of_anything(given, polarity) -> None:
    gap = np.atleast_1d(np.isnan(numbers(given)))
    ranks = comparison.rank(values=given, polarity=polarity)
    assert np.isnan(ranks[gap]).all()
    assert np.isnan(ranks[~gap]).all() == (polarity is None or gap.all())
    groups = comparison.quantile_group(values=given, groups=4, polarity=polarity)
    assert np.isnan(groups[gap]).all()
    said = comparison.against_benchmark(
        value=given, lower=given, upper=numbers(given) + 1, benchmark=2, polarity=polarity
    )
    assert (np.asarray(said) == "not compared").tolist() == np.isnan(numbers(given)).tolist()
    spine = comparison.spine(values=given, value=NAN, polarity=polarity)
    assert np.isnan(numbers(spine.position)).all()


@pytest.mark.parametrize("given", EITHER.values(), ids=EITHER)
def test_funnels_of_anything(given) -> None:
    gap = np.atleast_1d(np.isnan(numbers(given)))
    funnels = [
        funnel.funnel_proportion(count=given, denominator=1e10),
        funnel.funnel_ratio(observed=given, expected=3),
        funnel.overdispersed(given, 1e10),
        funnel.overdispersed(given, 3.0, "ratio"),
    ]
    if not (numbers(given) == 0).any():
        funnels.append(funnel.overdispersed(given, given, "ratio", scale="log", truncate=True))
    for found in funnels:
        assert ((found.status == "not compared") == gap).all()
        assert np.isnan(found.value[gap]).all()


@pytest.mark.parametrize("preset", [None, "mdc", "nhsrplotthedots"])
@pytest.mark.parametrize("name", [name for name in MANY if np.ndim(MANY[name]) == 1])
def test_charts_of_anything(name: str, preset) -> None:
    given = MANY[name]
    gap = np.isnan(numbers(given))
    chart = control.xmr(given, improvement="decrease", target=3, preset=preset)
    assert list(chart.table) == [
        *("value", "centre", "lower", "upper", "lower_warning", "upper_warning"),
        *("moving_range", "point_type", "rule"),
    ]
    assert (chart.table["point_type"].isna() == gap).all()
    assert chart.variation in ("", *control.VARIATION)
    assert chart.assurance in (None, *control.ASSURANCE)
    assert (
        control.signals(given, improvement="decrease", preset=preset).variation == chart.variation
    )
    for table in (
        control.individuals(given),
        control.p_chart(given, 1e10),
        control.u_chart(given, 4),
        control.p_prime(given, 1e10),
    ):
        assert (table["value"].isna() == gap).all()
    assert control.run_chart(given).useful <= (~gap).sum()


@pytest.mark.parametrize("name", MANY)
def test_trends_of_anything(name: str) -> None:
    given = MANY[name]
    shape = numbers(given).shape[:-1]
    recent = trends.recent_trend(values=given, lower=numbers(given) - 1, upper=numbers(given) + 1)
    for found in (recent, trends.theil_sen(given), trends.mann_kendall(values=given)):
        for each in found:
            assert np.shape(each) == shape


def test_the_named_options_are_those_of_the_workbook() -> None:
    series = [3, 5, 4, 9, 5, 4, 6, 5, 20, 4, 5, 6, 7, 8, 9]
    named = control.xmr(
        series,
        baseline=None,
        rebase_at=(),
        screen=False,
        run_length=7,
        two_of_three="beyond-2-sigma",
        improvement="increase",
        target=5,
    )
    for other in ({}, {"preset": "mdc"}):
        chart = control.xmr(series, improvement="increase", target=5, **other)
        pd.testing.assert_frame_equal(chart.table, named.table)
        assert (chart.variation, chart.assurance) == (named.variation, named.assurance)
    # What is named goes before what the preset says.
    screened = control.xmr(series, preset="nhsrplotthedots")
    assert screened.upper < named.upper
    assert control.xmr(series, preset="nhsrplotthedots", screen=False).upper == named.upper


def test_the_other_names_as_the_methods_have_them() -> None:
    steady = [50.0, 52, 51, 54, 53, 55, 56, 57]
    assert list(trends.deseasonalise(values=steady, period=2)["value"]) == steady
    assert len(forecast.forecast(values=steady, horizon=3).table) == 3
    assert targets.target_check(history=steady, target=60, by=3).category in targets.CATEGORIES
    features = pd.DataFrame({"a": [1.0, 2, 3, 9], "b": [2.0, 4, 5, 1]}, index=list("wxyz"))
    assert len(similarity.neighbours(area="x", features=features, k=2)) == 2
    assert composite.composite(features, "high")["rank"].notna().all()


@pytest.mark.parametrize(
    "call",
    [
        lambda bad: intervals.mean([1.0, bad]),
        lambda bad: comparison.quantiles([1.0, bad], 0.5),
        lambda bad: comparison.spine([1.0, 2.0, bad], 1, "high"),
        lambda bad: comparison.spine([1.0, 2.0], bad, "high"),
    ],
)
@pytest.mark.parametrize("bad", [np.inf, -np.inf])
def test_the_infinite_is_refused_by_name(call, bad: float) -> None:
    with pytest.raises(ValueError, match=rf"values?: expected finite figures, not {bad}"):
        call(bad)


def test_a_limit_too_large_for_a_number_is_none() -> None:
    found = funnel.overdispersed([1e-9, 2e-9, 5e-9], 1e-9, "ratio", scale="log")
    assert np.isposinf(found.upper_998).all()
    assert (found.lower_998 == 0).all()
