"""Control charts: what in a series is more than its usual variation, and what is not.

`xmr` draws up the chart of one series; `signals` gives the verdict on many at once, by the same
rules. The other charts of this family are `individuals`, `p_chart`, `u_chart`, `p_prime` and
`run_chart`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from goldenthread.analysis import rules, series
from goldenthread.analysis.rules import TwoOfThree
from goldenthread.analysis.runs import RunChart, run_chart
from goldenthread.analysis.series import Numbers, Whole
from goldenthread.analysis.shewhart import index, individuals, one, p_chart, p_prime, u_chart
from goldenthread.analysis.verdicts import ASSURANCE, VARIATION, Icon, icon

__all__ = [
    "ASSURANCE",
    "ENOUGH",
    "PRESETS",
    "VARIATION",
    "ControlChart",
    "Icon",
    "RunChart",
    "Signals",
    "icon",
    "individuals",
    "p_chart",
    "p_prime",
    "run_chart",
    "signals",
    "u_chart",
    "xmr",
]

Improvement = Literal["increase", "decrease"] | None
Preset = Literal["mdc", "nhsrplotthedots"]

#: With fewer points than this the limits are on trial: the next points may move them.
ENOUGH: Final = 13


class _Options(NamedTuple):
    screen: bool
    run_length: int
    two_of_three: TwoOfThree


#: What public tools do: the Making Data Count workbook, and the R package NHSRplotthedots.
PRESETS: Final[dict[str, _Options]] = {
    "mdc": _Options(screen=False, run_length=7, two_of_three="beyond-2-sigma"),
    "nhsrplotthedots": _Options(screen=True, run_length=7, two_of_three="between-2-and-3-sigma"),
}


@dataclass(frozen=True, eq=False)
class ControlChart:
    """An XmR chart of one series.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per period, with the index of the figures where they came as a Series: `value`,
        `centre`, `lower`, `upper`, `lower_warning`, `upper_warning`, `moving_range`, `point_type`
        (one of `VARIATION`; missing where there is no figure) and `rule` (the first that marks the
        point; "" for none).
    variation : str
        The last point's type; "" where no period has a figure.
    assurance : str or None
        One of `ASSURANCE`; None without a target, a direction of improvement, or limits.
    rule : str
        What marks the last point: "outside limits", "trend", "two of three", "shift" or "".
    direction : int
        1 where that signal is high or rising, -1 where it is low or falling, 0 without one.
    began : int or None
        The position, from 0, of the first point of that signal.
    centre, lower, upper : float
        The lines of the last phase.
    points : int
        How many figures set them.
    """

    table: pd.DataFrame
    variation: str
    assurance: str | None
    rule: str
    direction: int
    began: int | None
    centre: float
    lower: float
    upper: float
    points: int

    @property
    def trial(self) -> bool:
        """Whether the limits are on trial: fewer than 13 figures set them."""
        return self.points < ENOUGH


class Signals(NamedTuple):
    """The verdict on the last figure of one series (plain values) or of many (shape (…)).

    Attributes
    ----------
    variation : str
        One of `VARIATION`; "" where no period has a figure.
    rule : str
        "outside limits", "trend", "two of three", "shift", or "" without a signal.
    direction : int
        1 where the signal is high or rising, -1 where it is low or falling, 0 without one.
    began : int
        The position, from 0, of the first point of the signal; -1 without one.
    centre, lower, upper : float
        NaN where they cannot be set.
    points : int
        How many figures set them; fewer than `ENOUGH` make trial limits.
    """

    variation: str | npt.NDArray[np.str_]
    rule: str | npt.NDArray[np.str_]
    direction: int | Whole
    began: int | Whole
    centre: float | Numbers
    lower: float | Numbers
    upper: float | Numbers
    points: int | Whole


def xmr(
    values: npt.ArrayLike,
    *,
    baseline: int | slice | None = None,
    rebase_at: Sequence[int] = (),
    screen: bool | None = None,
    run_length: int | None = None,
    two_of_three: TwoOfThree | None = None,
    improvement: Improvement = None,
    target: float | None = None,
    preset: Preset | None = None,
) -> ControlChart:
    """Draw up an XmR chart: the mean, limits at ± 2.66 mean moving ranges, and what breaks the rules.

    The rules, in the order in which they claim a point: outside a limit; `run_length` points that
    strictly rise or fall; two of three near a limit, all three on one side of the mean;
    `run_length` points on one side of the mean. Every point of a trend or a shift is marked; of
    two of three, those near the limit. A point on a line is neither outside nor on a side, and a
    tie breaks a trend.

    A missing period breaks every run, and no moving range reaches across it: what happened in
    between is not known. NHSRplotthedots asks for series without gaps; qicharts2 closes gaps up.

    A trend is judged by where it goes, the other rules by the side of the mean they are on, as
    NHSRplotthedots does since 0.2; before, it took a rise below the mean for a fall.

    Parameters
    ----------
    values : array_like, shape (n,)
        One series in order of time, in any unit; NaN where a period has no figure.
    baseline : int or slice, optional
        Whose figures set the limits: the first so many periods (of each phase), or a slice of
        positions. All, otherwise.
    rebase_at : sequence of int
        Positions where a new phase begins. Neither limits nor moving ranges nor rules cross.
    screen : bool, optional
        Drop moving ranges of 3.267 times their mean and more, once (default: False).
    run_length : int, optional
        How many points make a trend, and a shift (default: 7).
    two_of_three : {"beyond-2-sigma", "between-2-and-3-sigma"}, optional
        Whether a point beyond the limit counts as one of the two (default) or does not.
    improvement : {"increase", "decrease", None}
        The better direction. Without one, a signal is a "neutral change".
    target : float, optional
        What `assurance` is about.
    preset : {"mdc", "nhsrplotthedots"}, optional
        Whose choices hold for `screen`, `run_length` and `two_of_three` where they are not given:
        the Making Data Count workbook's (default), or those of NHSRplotthedots, which screens and
        counts only points between two and three sigma.

    Returns
    -------
    ControlChart

    Raises
    ------
    ValueError
        Naming what is wrong: no period, an infinite figure, a baseline of fewer than two periods
        or together with phases it cannot belong to, a phase beyond the series, an unknown option.

    References
    ----------
    Wheeler DJ (2000) Understanding variation, 2nd edition. NHS England, Making Data Count.
    Nelson LS (1982) Control charts for individual measurements. Journal of Quality Technology 14:
    172-173, for the screening.

    Examples
    --------
    >>> chart = xmr([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 5, 6, 7, 12], improvement="decrease", target=9)
    >>> chart.variation, chart.rule, chart.began, round(chart.upper, 2)
    ('concerning', 'outside limits', 13, 10.17)
    >>> chart.assurance, chart.trial
    ('hit and miss', False)
    """
    options = _options(preset, screen, run_length, two_of_three)
    figures = one(values)
    toward = _toward(improvement)
    phase = _phases(rebase_at, len(figures))
    # A phase is a row in which every other period is missing: so nothing crosses from one to another.
    rows = np.where(phase == np.arange(phase[-1] + 1)[:, None], figures, np.nan)
    setting = np.where(_sets(baseline, phase), rows, np.nan)
    lines, rule, marks = _judge(rows, setting, options)

    here = (phase, np.arange(len(figures)))
    code = _code(marks.direction[here], toward)
    point_type = pd.Series(np.array(VARIATION)[code], dtype="str").mask(np.isnan(figures))
    ranges = rules.moving_ranges(rows)
    table = pd.DataFrame(
        {
            "value": figures,
            **{name: line[phase, 0] for name, line in lines._asdict().items()},
            "moving_range": ranges[here],
            "point_type": point_type,
            "rule": np.array(rules.RULES)[rule[here]],
        }
    )
    if (labels := index(values)) is not None:
        table.index = labels

    end = int(series.last(rows[-1]))
    at = (-1, end)
    signal = end >= 0 and rule[at] > 0
    centre, lower, upper = (float(line[-1, 0]) for line in lines[:3])
    return ControlChart(
        table=table,
        variation=VARIATION[code[end]] if end >= 0 else "",
        assurance=_assurance(target, lower, upper, toward, float(series.slack(figures)[0])),
        rule=rules.RULES[rule[at]] if signal else "",
        direction=int(marks.direction[at]) if signal else 0,
        began=int(marks.began[at]) if signal else None,
        centre=centre,
        lower=lower,
        upper=upper,
        points=int((~np.isnan(setting[-1])).sum()),
    )


def signals(
    values: npt.ArrayLike,
    *,
    improvement: npt.ArrayLike | None = None,
    rebase_at: npt.ArrayLike = 0,
    screen: bool | None = None,
    run_length: int | None = None,
    two_of_three: TwoOfThree | None = None,
    preset: Preset | None = None,
) -> Signals:
    """Judge the last figure of many series at once, each as `xmr` would.

    Parameters
    ----------
    values : array_like, shape (…, n)
        Time along the last axis; NaN where a period has no figure.
    improvement : array_like of str or int, shape (…), optional
        The better direction of each series: "increase", "decrease" or "" (or None), or 1, -1, 0.
    rebase_at : array_like of int, shape (…)
        The position at which each series' last phase begins: what is before has no say. 0 where
        the series has no break.
    screen, run_length, two_of_three, preset
        As for `xmr`, the same for all.

    Returns
    -------
    Signals

    Raises
    ------
    ValueError
        As `xmr`.

    References
    ----------
    As for `xmr`.

    Examples
    --------
    >>> steady = [5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 5, 6, 7, 6]
    >>> found = signals([steady, [*steady[:-1], 12]], improvement=["", "decrease"])
    >>> found.variation.tolist(), found.began.tolist()
    (['common cause', 'concerning'], [-1, 13])
    """
    options = _options(preset, screen, run_length, two_of_three)
    figures = series.read(values)
    toward = np.broadcast_to(_toward(improvement), figures.shape[:-1])
    start = np.asarray(rebase_at)
    positions = np.arange(figures.shape[-1])
    if ((start < 0) | (start >= len(positions))).any():
        wrong = start[(start < 0) | (start >= len(positions))].flat[0]
        raise ValueError(
            f"rebase_at: expected a position of 0 to {len(positions) - 1}, not {wrong}"
        )
    figures = np.where(positions >= start[..., None], figures, np.nan)
    lines, rule, marks = _judge(figures, figures, options)

    end = series.last(figures)
    present = end >= 0
    rule = np.where(present, series.at(rule, end), 0)
    direction = np.where(present, series.at(marks.direction, end), 0)
    began = np.where(rule > 0, series.at(marks.began, end), -1)
    variation = np.where(present, np.array(VARIATION)[_code(direction, toward)], "")
    points = (~np.isnan(figures)).sum(axis=-1)
    verdict = (variation, np.array(rules.RULES)[rule], direction, began)
    told = (*verdict, *(line[..., 0] for line in lines[:3]), points)
    return Signals(*(series.plain(np.asarray(each)) for each in told))


def _judge(
    figures: Numbers, setting: Numbers, options: _Options
) -> tuple[rules.Limits, Whole, rules.Marks]:
    """Set the lines by some of the figures, and apply the rules to all of them."""
    lines = rules.limits(setting, screen=options.screen)
    rule, marks = rules.apply(
        figures, lines, run_length=options.run_length, two_of_three_by=options.two_of_three
    )
    return lines, rule, marks


def _code(direction: Whole, toward: Whole) -> Whole:
    """Turn a direction into a place in `VARIATION`, given the better direction."""
    better = direction * toward
    return np.select([direction == 0, better > 0, better < 0], [0, 1, 2], 3)


def _options(
    preset: Preset | None,
    screen: bool | None,
    run_length: int | None,
    two_of_three: TwoOfThree | None,
) -> _Options:
    """Complete the options that are given by those of the preset."""
    name = "mdc" if preset is None else preset
    if name not in PRESETS:
        raise ValueError(f"preset: expected one of {', '.join(PRESETS)}, not {preset!r}")
    if run_length is not None and run_length < 2:
        raise ValueError(f"run_length: expected two or more, not {run_length}")
    if two_of_three not in (None, *get_args(TwoOfThree)):
        expected = " or ".join(get_args(TwoOfThree))
        raise ValueError(f"two_of_three: expected {expected}, not {two_of_three!r}")
    chosen = PRESETS[name]
    return _Options(
        screen=chosen.screen if screen is None else screen,
        run_length=chosen.run_length if run_length is None else run_length,
        two_of_three=chosen.two_of_three if two_of_three is None else two_of_three,
    )


def _toward(improvement: npt.ArrayLike | None) -> Whole:
    """Read the better direction as 1 (more), -1 (less) or 0 (neither)."""
    given = np.asarray(improvement, dtype=object)
    asked = given.reshape(-1)
    more = (asked == "increase") | (asked == 1)
    less = (asked == "decrease") | (asked == -1)
    unknown = ~(more | less | (asked == "") | (asked == 0) | pd.isna(asked))
    if unknown.any():
        wrong = asked[unknown][0]
        raise ValueError(f"improvement: expected 'increase', 'decrease' or none, not {wrong!r}")
    return np.asarray(more.astype(np.int64) - less, dtype=np.int64).reshape(given.shape)


def _phases(rebase_at: Sequence[int], n: int) -> Whole:
    """Give each period its phase, the first being 0."""
    starts = np.zeros(n, dtype=np.int64)
    for position in rebase_at:
        if not 0 <= position < n:
            raise ValueError(f"rebase_at: expected a position of 0 to {n - 1}, not {position}")
        starts[position] = position > 0
    return starts.cumsum()


def _sets(baseline: int | slice | None, phase: Whole) -> npt.NDArray[np.bool_]:
    """Tell which periods set the limits of their phase."""
    if baseline is None:
        return np.ones(phase.shape, dtype=np.bool_)
    positions = np.arange(len(phase))
    if isinstance(baseline, slice):
        if phase[-1] > 0:
            raise ValueError(f"baseline: {baseline} cannot hold for each phase; give a number")
        sets = np.isin(positions, positions[baseline])
        periods = int(sets.sum())
    else:
        sets = positions - series.runs(phase).first < baseline
        periods = baseline
    if periods < 2:
        raise ValueError(f"baseline: expected two periods or more, not {baseline}")
    return sets


def _assurance(
    target: float | None, lower: float, upper: float, toward: Whole, slack: float
) -> str | None:
    """Say whether the limits lie on one side of the target."""
    if target is None or np.isnan([target, lower, upper]).any() or toward == 0:
        return None
    if upper - lower <= slack and abs(target - upper) <= slack:
        return "consistently passing"
    if target > upper + slack:
        return "consistently failing" if toward > 0 else "consistently passing"
    if target < lower - slack:
        return "consistently passing" if toward > 0 else "consistently failing"
    return "hit and miss"
