"""What is seen in each thing to try, at any position of its controls.

Methods are those of `goldenthread.analysis`. `static/try-scenes.js` has a function of the same name
for each kind, and a test in a browser compares what both give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from statistics import fmean
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from goldenthread.analysis import comparison, control, intervals, targets
from goldenthread.site.try_chance import Chance
from goldenthread.site.try_picture import Label, Mark, Point, Scene
from goldenthread.writing import number, ordinal, rounded

Data = Mapping[str, Any]
State = Mapping[str, Any]
#: From where to where a horizontal bar can reach, beside its name and before its value.
_BARS: Final = (36.0, 84.0)


def denominator(data: Data, state: State) -> Scene:
    """Divide the same counts by what is chosen: bars from the lowest."""
    chosen = data["alternatives"][state["by"]]

    def rate(row: Data) -> float:
        divisor = 1 if state["by"] == "count" else row[state["by"]]
        return float(row["count"] / divisor * chosen["per"])

    rows = sorted(data["councils"], key=rate)
    texts = [number(rate(row), chosen["decimals"]) for row in rows]
    owns = [row["name"] == data["own"] for row in rows]
    own = owns.index(True)
    places = comparison.rank([rate(row) for row in rows], "low")
    return Scene(
        *_bars([row["name"] for row in rows], [rate(row) for row in rows], texts, owns),
        says="count" if state["by"] == "count" else "rate",
        values={
            "count": number(rows[own]["count"], 0),
            "value": texts[own],
            "unit": chosen["unit"],
            "place": ordinal(int(places[own])),
            "of": str(len(rows)),
        },
        rows=[
            [row["name"], number(row["count"], 0), text]
            for row, text in zip(rows, texts, strict=True)
        ],
    )


def small_numbers(data: Data, state: State) -> Scene:
    """Draw the same share of so many people again and again, with Wilson's limits."""
    people, share = int(state["people"]), data["share"] / 100
    chance = Chance(data["seed"] + 7919 * int(state["draw"]))
    counts = [chance.count(people, share) for _ in range(data["years"])]
    found = intervals.proportion(counts, people)
    across = [_between(year, 0, data["years"] - 1, 12, 96) for year in range(data["years"])]
    values = _plain(found.value)
    ranges = list(zip(_plain(found.lower), _plain(found.upper), strict=True))
    reach: list[Point] = [
        (x, _up(limit)) for x, limits in zip(across, ranges, strict=True) for limit in limits
    ]
    dots = [(x, _up(value)) for x, value in zip(across, values, strict=True)]
    return Scene(
        marks=[
            Mark("strokes", "limit", reach),
            Mark("dashes", "target", [(10, _up(data["share"])), (98, _up(data["share"]))]),
            Mark("dots", "other", dots[:-1], 10),
            Mark("dots", "council", dots[-1:], 13),
        ],
        labels=[
            *(Label(8, _up(at), f"{at}%", "right") for at in (0, data["share"], 100)),
            Label(across[-1], 97, ordinal(data["years"]), "middle", own=True),
            *(Label(across[year], 97, ordinal(year + 1), "middle") for year in (0, 4)),
        ],
        says="drawn",
        values={
            "people": number(people, 0),
            "lowest": _per_cent(min(values)),
            "highest": _per_cent(max(values)),
            "value": _per_cent(values[-1]),
            "lower": _per_cent(ranges[-1][0]),
            "upper": _per_cent(ranges[-1][1]),
        },
        rows=[
            [str(year), number(count, 0), _per_cent(value), _range(*limits)]
            for year, (count, value, limits) in enumerate(
                zip(counts, values, ranges, strict=True), start=1
            )
        ],
    )


def control_limits(data: Data, state: State) -> Scene:
    """Set the last month's figure beside the limits of the months before it."""
    usual: Sequence[float] = data[state["series"]]
    value, top = float(state["value"]), data["top"]
    chart = control.xmr([*usual, value], baseline=len(usual))
    last = len(usual)

    def at(month: int, days: float) -> Point:
        return _between(month, 0, last, 10, 97), _between(days, 0, top, 88, 4)

    points = [at(month, days) for month, days in enumerate([*usual, value])]
    outside = chart.rule == "outside limits"
    says = ("above" if value > chart.upper else "below") if outside else "inside"
    lower, centre, upper = (
        number(line, 1) for line in (max(chart.lower, 0), chart.centre, chart.upper)
    )
    return Scene(
        marks=[
            *(
                Mark("dashes", "limit", [at(0, line), at(last, line)])
                for line in (chart.upper, max(chart.lower, 0))
            ),
            Mark("line", "limit", [at(0, chart.centre), at(last, chart.centre)], 1),
            Mark("line", "other", points),
            Mark("dots", "other", points[:-1], 7),
            Mark("dots", "concerning" if outside else "council", points[-1:], 15),
        ],
        labels=[
            *(Label(8, at(0, days)[1], str(days), "right") for days in (0, 30, 60)),
            Label(10, at(0, chart.upper)[1] - 5, upper),
            Label(10, at(0, max(chart.lower, 0))[1] + 5, lower),
            *(Label(at(month - 1, 0)[0], 97, str(month), "middle") for month in (1, 12)),
            Label(at(last, 0)[0], 97, str(last + 1), "middle", own=True),
        ],
        says=says,
        values={"value": number(value, 0), "lower": lower, "upper": upper},
        rows=[[state["series"], centre, lower, upper, number(value, 0)]],
    )


def two_points(data: Data, state: State) -> Scene:
    """Join two of the years, whichever stands first."""
    values: Sequence[float] = data["values"]
    first, second = sorted(int(state[name]) - 1 for name in ("first", "second"))

    def at(year: int) -> Point:
        x = _between(year, 0, len(values) - 1, 11, 96)
        return x, _between(values[year], data["low"], data["high"], 86, 6)

    points = [at(year) for year in range(len(values))]
    changes = [after - before for before, after in combinations(values, 2)]
    before, after = values[first], values[second]
    says = "rise" if after > before else "fall" if after < before else "same"
    rises, falls = (sum(sign * change > 0 for change in changes) for sign in (1, -1))
    return Scene(
        marks=[
            Mark("line", "other", points),
            Mark("dots", "other", points, 8),
            Mark("line", "council", [points[first], points[second]], 4),
            Mark("dots", "council", [points[first], points[second]], 14),
        ],
        labels=[
            *(
                Label(9, _between(value, data["low"], data["high"], 86, 6), f"{value}%", "right")
                for value in (data["low"], data["high"])
            ),
            *(
                Label(points[year][0], 96, str(year + 1), "middle", own=year in (first, second))
                for year in range(len(values))
            ),
        ],
        says="one" if first == second else says,
        values={
            "first": str(first + 1),
            "second": str(second + 1),
            "before": _per_cent(before),
            "after": _per_cent(after),
            "pairs": str(len(changes)),
            "rises": str(rises),
            "falls": str(falls),
        },
        rows=[
            [str(first + 1), str(second + 1), _change(after - before, 0), str(rises), str(falls)]
        ],
    )


def target(data: Data, state: State) -> Scene:
    """Colour the same twelve months by a target and its tolerance."""
    values: Sequence[float] = data["values"]
    wanted, tolerance = float(state["target"]), float(state["tolerance"])
    verdicts = [str(verdict) for verdict in targets.rag(values, wanted, tolerance, "high")]
    parts = {"met": "england", "near": "amber", "missed": "target"}

    def high(value: float) -> float:
        return _between(value, data["low"], data["high"], 86, 4)

    points = [
        (_between(month, 0, len(values) - 1, 13, 96), high(value))
        for month, value in enumerate(values)
    ]
    edge, line = high(max(wanted - tolerance, data["low"])), high(wanted)
    return Scene(
        marks=[
            Mark("area", "band", [(10, line), (98, line), (98, edge), (10, edge)], 0),
            Mark("dashes", "ink", [(10, line), (98, line)]),
            *(
                Mark("dots", part, [p for p, v in zip(points, verdicts) if v == verdict], 14)
                for verdict, part in parts.items()
            ),
        ],
        labels=[
            *(Label(9, high(value), f"{value}%", "right") for value in (60, 80, 100)),
            *(
                Label(x, 96, data["colours"][verdict][0], "middle")
                for (x, _), verdict in zip(points, verdicts, strict=True)
            ),
        ],
        says="colours",
        values={
            "target": _per_cent(wanted),
            "tolerance": number(tolerance, 0),
            "mean": _per_cent(fmean(values), 1),
            **{data["colours"][verdict].lower(): str(verdicts.count(verdict)) for verdict in parts},
        },
        rows=[
            [str(month), _per_cent(value), data["colours"][verdict]]
            for month, (value, verdict) in enumerate(zip(values, verdicts, strict=True), start=1)
        ],
    )


def rank(data: Data, state: State) -> Scene:
    """Put councils in order of a survey's result, with Wilson's limits and shared places."""
    rows = [*data["others"], {"name": data["own"], "share": float(state["share"])}]
    rows.sort(key=lambda row: -row["share"])
    asked = data["asked"]
    shares = [row["share"] for row in rows]
    found = intervals.proportion([share / 100 * asked for share in shares], asked)
    ranges = list(zip(_plain(found.lower), _plain(found.upper), strict=True))
    standing = [_plain(part) for part in comparison.standing(shares, "high")]
    own = next(place for place, row in enumerate(rows) if row["name"] == data["own"])
    lower, upper = ranges[own]
    overlap = sum(low <= upper and high >= lower for low, high in ranges) - 1
    firsts, lasts = (list(map(int, part)) for part in standing[:2])
    first, last = firsts[own], lasts[own]

    def across(value: float) -> float:
        return _between(value, data["low"], data["high"], 40, 98)

    downs = [_between(place + 0.5, 0, len(rows), 0, 100) for place in range(len(rows))]
    dots = [(across(share), y) for share, y in zip(shares, downs, strict=True)]
    reach: list[Point] = [
        (across(limit), y) for limits, y in zip(ranges, downs, strict=True) for limit in limits
    ]
    band = [
        (across(lower), 0.0),
        (across(upper), 0.0),
        (across(upper), 100.0),
        (across(lower), 100.0),
    ]
    places = [f"{one}{'=' if end > one else ''}" for one, end in zip(firsts, lasts, strict=True)]
    return Scene(
        marks=[
            Mark("area", "band", band, 0),
            Mark("strokes", "limit", reach),
            Mark("dots", "other", dots[:own] + dots[own + 1 :], 9),
            Mark("dots", "council", [dots[own]], 13),
        ],
        labels=[
            label
            for place, row in enumerate(rows)
            for label in (
                Label(8, downs[place], places[place], "right", own=place == own),
                Label(11, downs[place], row["name"], own=place == own),
            )
        ],
        says="joint" if last > first else "alone",
        values={
            "value": _per_cent(shares[own]),
            "first": ordinal(first),
            "last": ordinal(last),
            "of": str(len(rows)),
            "lower": _per_cent(lower),
            "upper": _per_cent(upper),
            "overlap": str(overlap),
            "others": str(len(rows) - 1),
        },
        rows=[
            [places[place], row["name"], _per_cent(row["share"]), _range(*ranges[place])]
            for place, row in enumerate(rows)
        ],
    )


def average(data: Data, state: State) -> Scene:
    """Set one town beside the others and the average of all, weighted by homes."""
    own, homes = float(state["share"]), float(state["homes"])
    rows = [*data["towns"], {"name": data["own"], "homes": homes, "share": own}]
    all_homes = sum(row["homes"] for row in rows)
    mean = sum(row["homes"] * row["share"] for row in rows) / all_homes
    rows.append({"name": data["whole"], "homes": all_homes, "share": mean})
    gap = rounded(abs(own - mean), 1)
    owns = [row["name"] == data["own"] for row in rows]
    texts = [_per_cent(row["share"], int(row["name"] == data["whole"])) for row in rows]
    marks, labels = _bars(
        [row["name"] for row in rows], [row["share"] for row in rows], texts, owns, most=100
    )
    at = _between(mean, 0, 100, *_BARS)
    return Scene(
        marks=[*marks, Mark("dashes", "target", [(at, 0), (at, 100)])],
        labels=labels,
        says="same" if gap == 0 else "below" if own < mean else "above",
        values={
            "share": _per_cent(own),
            "gap": number(gap, 1),
            "mean": _per_cent(mean, 1),
            "step": number(10 * homes / all_homes, 1),
        },
        rows=[
            [row["name"], number(row["homes"], 0), text]
            for row, text in zip(rows, texts, strict=True)
        ],
    )


def mix(data: Data, state: State) -> Scene:
    """Let both kinds of case improve while their mix changes."""
    better, share = float(state["better"]), float(state["complex"])
    before = {kind: float(data[kind]) for kind in ("simple", "complex")}
    after = {kind: value + better for kind, value in before.items()}
    before["all"], after["all"] = (
        (kinds["simple"] * (100 - part) + kinds["complex"] * part) / 100
        for kinds, part in ((before, data["share"]), (after, share))
    )
    change = rounded(after["all"] - before["all"], 1)
    parts = {"simple": "england", "complex": "neutral", "all": "council"}

    def high(value: float) -> float:
        return _between(value, data["low"], data["high"], 98, 8)

    return Scene(
        marks=[
            mark
            for kind, part in parts.items()
            for points in [[(14.0, high(before[kind])), (54.0, high(after[kind]))]]
            for mark in (
                Mark("line", part, points, 4 if kind == "all" else 2),
                Mark("dots", part, points, 12 if kind == "all" else 9),
            )
        ],
        labels=[
            Label(14, 3, data["columns"][1], "middle"),
            Label(54, 3, data["columns"][2], "middle"),
            *(
                label
                for kind in parts
                for label in (
                    Label(11, high(before[kind]), _whole(before[kind]), "right", own=kind == "all"),
                    Label(
                        57,
                        high(after[kind]),
                        f"{_whole(after[kind])} {data['short'][kind]}",
                        own=kind == "all",
                    ),
                )
            ),
        ],
        says="same" if change == 0 else "better" if change > 0 else "worse",
        values={
            "better": number(better, 0),
            "change": _whole(abs(change), unit=""),
            "before": _whole(before["all"]),
            "after": _whole(after["all"]),
            "was": _per_cent(data["share"]),
            "share": _per_cent(share),
        },
        rows=[
            [
                data["names"][kind],
                _whole(before[kind]),
                _whole(after[kind]),
                _change(after[kind] - before[kind]),
            ]
            for kind in parts
        ],
    )


def regression(data: Data, state: State) -> Scene:
    """Follow the worst of one year into the next, when part of every figure is chance."""
    chance = Chance(data["seed"] + 7919 * int(state["draw"]))
    part, spread, worst = state["chance"] / 100, data["spread"], int(state["worst"])
    pairs = []
    for _ in range(data["councils"]):
        lasting = data["middle"] + spread * (1 - part) ** 0.5 * chance.normal()
        pairs.append(tuple(lasting + spread * part**0.5 * chance.normal() for _ in range(2)))
    pairs.sort()

    def means(some: Sequence[Sequence[float]]) -> tuple[float, float]:
        return fmean(pair[0] for pair in some), fmean(pair[1] for pair in some)

    def lines(some: Sequence[Sequence[float]]) -> list[Point]:
        return [point for pair in some for point in line(pair)]

    def line(pair: Sequence[float]) -> list[Point]:
        return [
            (x, _between(value, data["low"], data["high"], 98, 10))
            for x, value in zip((22.0, 80.0), pair, strict=True)
        ]

    picked, others = means(pairs[:worst]), means(pairs[worst:])
    ends = line(picked)
    return Scene(
        marks=[
            Mark("strokes", "band", lines(pairs[worst:]), 1.5),
            Mark("dots", "other", lines(pairs[worst:]), 6),
            Mark("strokes", "concerning", lines(pairs[:worst]), 1.5),
            Mark("dots", "concerning", lines(pairs[:worst]), 8),
            Mark("line", "council", ends, 5),
            Mark("dots", "council", ends, 13),
        ],
        labels=[
            Label(22, 3, data["columns"][1], "middle"),
            Label(80, 3, data["columns"][2], "middle"),
            Label(18, ends[0][1], number(picked[0], 1), "right", own=True),
            Label(84, ends[1][1], number(picked[1], 1), own=True),
        ],
        says="moved",
        values={
            "worst": str(worst),
            "before": number(picked[0], 1),
            "after": number(picked[1], 1),
            "change": _change(picked[1] - picked[0]),
            "others_before": number(others[0], 1),
            "others_after": number(others[1], 1),
        },
        rows=[
            [data["names"][name], *(number(mean, 1) for mean in pair), _change(pair[1] - pair[0])]
            for name, pair in (("worst", picked), ("others", others))
        ],
    )


def money_and_result(data: Data, state: State) -> Scene:
    """Set spending on each case beside how many of them end well."""
    rows = [
        {"name": data["own"], "cost": float(state["cost"]), "share": float(state["share"])},
        *data["others"],
    ]
    results = [row["cost"] / row["share"] * 100 for row in rows]
    cost_place = comparison.rank([row["cost"] for row in rows], "low")[0]
    result_place = comparison.rank(results, "low")[0]
    points = [
        (
            _between(row["cost"], data["left"], data["right"], 12, 98),
            _between(row["share"], data["low"], data["high"], 86, 8),
        )
        for row in rows
    ]
    return Scene(
        marks=[
            Mark("line", "limit", [(12, 8), (12, 86), (98, 86)], 1),
            Mark("dots", "other", points[1:], 11),
            Mark("dots", "council", points[:1], 15),
        ],
        labels=[
            Label(0, 2, data["up"]),
            Label(98, 98, data["across"], "right"),
            *(
                Label(x, y + (-7 if place else 7), row["name"], "middle", own=not place)
                for place, (row, (x, y)) in enumerate(zip(rows, points, strict=True))
            ),
        ],
        says="value",
        values={
            "cost": _pounds(rows[0]["cost"]),
            "cost_place": ordinal(int(cost_place)),
            "share": _per_cent(rows[0]["share"]),
            "per_result": _pounds(results[0]),
            "result_place": ordinal(int(result_place)),
            "of": str(len(rows)),
        },
        rows=[
            [row["name"], _pounds(row["cost"]), _per_cent(row["share"]), _pounds(result)]
            for row, result in zip(rows, results, strict=True)
        ],
    )


def _bars(
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    owns: Sequence[bool],
    most: float | None = None,
) -> tuple[list[Mark], list[Label]]:
    """Lay out bars below each other, each with its name and its value."""
    start, end = _BARS
    most = max(values) if most is None else most
    downs = [_between(place + 0.5, 0, len(names), 0, 100) for place in range(len(names))]
    ends = [_between(value, 0, most, start, end) for value in values]
    marks = [
        Mark("strokes", "council" if own else "other", [(start, y), (x, y)], 18)
        for x, y, own in zip(ends, downs, owns, strict=True)
    ]
    labels = [
        label
        for name, text, x, y, own in zip(names, texts, ends, downs, owns, strict=True)
        for label in (Label(0, y, name, own=own), Label(x + 2, y, text, own=own))
    ]
    return marks, labels


def _plain(values: npt.ArrayLike) -> list[float]:
    return [float(value) for value in np.atleast_1d(values)]


def _between(value: float, low: float, high: float, first: float, last: float) -> float:
    """Place a value that lies between two others between two places."""
    return first + (value - low) / (high - low) * (last - first)


def _up(per_cent: float) -> float:
    return _between(per_cent, 0, 100, 88, 5)


def _per_cent(value: float, decimals: int = 0) -> str:
    return f"{number(value, decimals)}%"


def _whole(value: float, unit: str = "%") -> str:
    """Write to one decimal, which is left out where it is nought."""
    return number(value, 1).removesuffix(".0") + unit


def _range(lower: float, upper: float) -> str:
    return f"{_per_cent(lower)} to {_per_cent(upper)}"


def _change(value: float, decimals: int = 1) -> str:
    change = rounded(value, decimals)
    return f"{'+' if change > 0 else ''}{number(change, decimals)}"


def _pounds(value: float) -> str:
    return f"£{number(value, 0)}"


#: The scene of each kind.
SCENES: Final[Mapping[str, Callable[[Data, State], Scene]]] = {
    "denominator": denominator,
    "small-numbers": small_numbers,
    "control-limits": control_limits,
    "two-points": two_points,
    "target": target,
    "rank": rank,
    "average": average,
    "mix": mix,
    "regression": regression,
    "money-and-result": money_and_result,
}
