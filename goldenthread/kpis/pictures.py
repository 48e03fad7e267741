"""A council's own KPIs drawn, by the charts that published figures have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from goldenthread import charts
from goldenthread.charts import Chart
from goldenthread.kpis import cards, judging, sentences
from goldenthread.kpis.judging import Judged
from goldenthread.kpis.own import Kpis
from goldenthread.kpis.problems import KpiError


def control_chart(kpis: Kpis, name: str, period: str | None = None, *, whose: str = "") -> Chart:
    """Draw a KPI's control chart: what in its figures is more than their usual variation.

    Where the KPI has a plain season, the figures are drawn without it and the subtitle says so. A new
    phase begins where its definition says that it is counted in another way.

    Parameters
    ----------
    kpis : Kpis
    name : str
        Its code or name.
    period : str, optional
        Up to when; as for `scorecard`.
    whose : str, optional
        What to call the place; its area's name in the file, if not given.

    Returns
    -------
    Chart

    Raises
    ------
    KpiError
        For a KPI or period that there is not, or a KPI without any figure.
    """
    found = judging.judge(kpis, name, period)
    if found.known.empty:
        raise KpiError(f"‘{found.name}’ has no figure that could be drawn")
    drawn = charts.xmr(
        found.measure,
        found.chart,
        periods=found.table["period"].tolist(),
        times=found.table["time"].tolist(),
        name=whose or _whose(kpis),
        target=found.target,
        title=sentences.title(found),
        alt=_alt(found),
        source=cards.source(kpis),
    )
    if found.seasonal:
        drawn = replace(drawn, subtitle=f"{drawn.subtitle} The time of year is taken out.")
    return drawn


def trend(kpis: Kpis, name: str, period: str | None = None) -> Chart:
    """Draw a KPI over time, beside its target.

    Parameters
    ----------
    kpis : Kpis
    name : str
    period : str, optional
        As for `control_chart`.

    Returns
    -------
    Chart

    Raises
    ------
    KpiError
        As `control_chart`.
    """
    found = judging.judge(kpis, name, period)
    if found.known.empty:
        raise KpiError(f"‘{found.name}’ has no figure that could be drawn")
    table = found.table[["time", "period", "value", "target"]].assign(
        england=np.nan, lower=np.nan, median=np.nan, upper=np.nan
    )
    drawn = charts.trend(
        found.measure,
        table,
        name=_whose(kpis),
        several="others",
        title=sentences.headline(found),
        alt=_alt(found),
        source=cards.source(kpis),
        breaks=[
            (float(found.table["time"].iloc[at]) - 0.01, "Counted in another way")
            for at in found.breaks
        ],
    )
    first, last = table["period"].iloc[0], table["period"].iloc[-1]
    aim = " The dashed line is the target." if not table["target"].isna().all() else ""
    return replace(
        drawn,
        subtitle=f"{found.measure.short}, {first} to {last}.{aim}",
        table=drawn.table.dropna(axis="columns", how="all"),
    )


def _whose(kpis: Kpis) -> str:
    return kpis.area or "Our figure"


def _alt(found: Judged) -> str:
    parts = [sentences.level(found), sentences.change(found), sentences.assurance(found)]
    return " ".join(filter(None, parts))
