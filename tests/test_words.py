"""Words: read by eye in a table of cases, and by property for every council and every measure."""

from __future__ import annotations

import math
import re
import statistics

import pandas as pd
import pytest

from goldenthread import findings, questions, words, writing
from goldenthread.catalogue import catalogue
from goldenthread.prose.reading_age import grade
from goldenthread.snapshot import snapshot

NAN = math.nan
NBSP = "\u00a0"
KNOWN = catalogue()


def _as(identifier, **more):
    return KNOWN[identifier].model_copy(update=more)


RATE = KNOWN["household-recycling-rate"]
RESIDUAL = KNOWN["residual-waste-per-household"]
TONNES = _as("household-waste-collected", size=True)
OFSTED = _as("ofsted-leaders", short="Ofsted on the impact of leaders")
LANDFILL = KNOWN["municipal-waste-landfilled"]
PAY = _as("median-annual-pay", short="Median yearly pay of residents")
HLE = _as("healthy-life-expectancy-female", short="Healthy life expectancy of women")
CLA = _as("children-looked-after-rate", short="Children looked after per 10,000", plural=True)
BB = _as("bed-and-breakfast-households", short="Households in bed and breakfast")
RELIEF = _as(
    "homelessness-relief-duty-rate", short="Relief duties per 1,000 households", plural=True
)
LEAVERS = _as("care-leavers-not-in-touch", short="Share of care leavers not in touch")
BANDD = _as("council-band-d", short="Band D council tax")
FIRE = _as("fire-band-d", short="Band D charge for fire and rescue")
SEND = KNOWN["area-send-inspection"]
SPEND = _as("highways-and-transport-spending", short="Spending on highways and transport")
CLAIM = _as(
    "working-age-support-claimants",
    short="Working-age people with council tax support",
    plural=True,
)

#: Hull's recycling rate among unitary councils, with nothing said of time.
FOUND = {
    "area": "E06000010", "shown": "E06000010", "name": "Hull", "kind": "unitary",
    "region": "Yorkshire and The Humber", "start": pd.NaT, "comparator": "kind",
    "period": "2022/23", "period_start": pd.Timestamp("2022-04-01"),
    "period_end": pd.Timestamp("2023-03-31"), "age": 20, "currency": "up to date",
    "value": 46.6, "lower": NAN, "upper": NAN, "interval": "", "numerator": NAN,
    "denominator": NAN, "status": "published", "note": "", "last_value": NAN, "last_period": "",
    "provided": True, "exempt": False, "provider": "", "rank": 21.0, "rank_last": 21.0, "of": 59.0,
    "quartile": 2.0, "quarter": 3.0, "peers": 59.0, "low": 33.5, "median": 40.1, "high": 48.8,
    "against_median": "not compared", "against_england": "not compared", "england": 41.7,
    "trend": "no significant change", "trend_by": "rank", "long_trend": "no significant change",
    "slope": -0.1, "since": "2010/11", "points": 13, "signal": "common cause", "signal_rule": "",
    "signal_since": "", "signal_high": 0, "change": "", "change_by": "", "change_is": "",
    "step": 1, "before": 49.1, "before_period": "2017/18", "is_new": False, "provisional": False,
    "estimated": False, "rebased": False, "small": False, "broken": False, "basis": False,
}  # fmt: skip
NONE = dict.fromkeys(("value", "rank", "rank_last", "of", "quartile", "quarter"), NAN)


def _found(**more):
    return {**FOUND, **more}


#: What is measured, what is found that differs from `FOUND`, and what is said. Read by eye.
CASES = [
    (
        RATE,
        {},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils.",
    ),
    (
        RATE,
        {"quarter": 4.0, "quartile": 1.0},
        "Hull’s household recycling rate was 46.6% in 2022/23, in the highest quarter of unitary councils.",
    ),
    (
        RATE,
        {"value": 20.0, "quarter": 1.0, "quartile": 4.0},
        "Hull’s household recycling rate was 20.0% in 2022/23, in the lowest quarter of unitary councils.",
    ),
    (
        RATE,
        {"value": 38.0, "quarter": 2.0},
        "Hull’s household recycling rate was 38.0% in 2022/23, lower than most unitary councils.",
    ),
    (
        RATE,
        {"value": 40.14},
        "Hull’s household recycling rate was 40.1% in 2022/23, the same as the middle of unitary councils.",
    ),
    (
        RATE,
        {"quarter": NAN},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils.",
    ),
    (
        RATE,
        {"quarter": NAN, "median": NAN, "peers": 4},
        "Hull’s household recycling rate was 46.6% in 2022/23.",
    ),
    (
        RATE,
        {"value": 0.0, "quarter": 1.0},
        "Hull’s household recycling rate was 0.0% in 2022/23, in the lowest quarter of unitary councils.",
    ),
    (
        RATE,
        {"name": "Leeds", "kind": "metropolitan district"},
        "Leeds’ household recycling rate was 46.6% in 2022/23, higher than most metropolitan councils.",
    ),
    (
        RATE,
        {"name": "City of London", "kind": "London borough"},
        "The City of London’s household recycling rate was 46.6% in 2022/23, higher than most London boroughs.",
    ),
    (
        RATE,
        {"name": "King's Lynn and West Norfolk", "kind": "district"},
        "King’s Lynn and West Norfolk’s household recycling rate was 46.6% in 2022/23, higher than most district councils.",
    ),
    (
        RATE,
        {"name": "Bournemouth, Christchurch and Poole"},
        "Bournemouth, Christchurch and Poole’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils.",
    ),
    (
        RATE,
        {"name": "Bexley", "kind": "London borough"},
        "Bexley’s household recycling rate was 46.6% in 2022/23, higher than most London boroughs.",
    ),
    (
        RATE,
        {"comparator": "similar"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most similar councils.",
    ),
    (
        RATE,
        {"comparator": "region"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most single-tier councils in Yorkshire and the Humber.",
    ),
    (
        RATE,
        {"comparator": "region", "region": "South East"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most single-tier councils in the South East.",
    ),
    (
        RATE,
        {"comparator": "england"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most single-tier councils.",
    ),
    (
        RATE,
        {"comparator": "mhclg"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most of its statistical neighbours.",
    ),
    (
        RATE,
        {"comparator": "own"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most of the single-tier councils on your list.",
    ),
    (
        RATE,
        {"against_median": "higher"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils, and the gap to the middle is more than chance.",
    ),
    (
        RATE,
        {"against_median": "similar"},
        "Hull’s household recycling rate was 46.6% in 2022/23, about the same as the middle of unitary councils.",
    ),
    (
        RATE,
        {"against_median": "similar", "quarter": 4.0, "quartile": 1.0},
        "Hull’s household recycling rate was 46.6% in 2022/23, in the highest quarter of unitary councils, though the gap to the middle could be chance.",
    ),
    (
        RATE,
        {"against_median": "lower", "value": 20.0, "quarter": 1.0, "quartile": 4.0},
        "Hull’s household recycling rate was 20.0% in 2022/23, in the lowest quarter of unitary councils, and the gap to the middle is more than chance.",
    ),
    (
        RATE,
        {"change": "steady", "change_by": "signal"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. It has stayed within its usual range since 2010/11.",
    ),
    (
        RATE,
        {"change": "steady", "change_by": "trend", "trend_by": "weighted"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. The last five figures show no change beyond chance.",
    ),
    (
        RATE,
        {"change": "steady", "change_by": "trend", "trend_by": "rank"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. The last five figures go up and down, with no clear direction.",
    ),
    (
        RATE,
        {
            "change": "steady",
            "change_by": "signal",
            "since": "16 November 2015 to 15 November 2016",
            "period": "16 November 2024 to 15 November 2025",
        },
        "Hull’s household recycling rate was 46.6% from 16 November 2024 to 15 November 2025, higher than most unitary councils. It has stayed within its usual range since 16 November 2015.",
    ),
    (
        RATE,
        {
            "change": "steady",
            "change_by": "trend",
            "trend": "cannot be calculated",
            "trend_by": "",
        },
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. Since 2010/11 it has gone up and down, with no clear direction.",
    ),
    (
        RATE,
        {"change": "risen", "change_by": "trend", "trend_by": "weighted", "change_is": "better"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. The last five figures have risen by more than chance. That is for the better.",
    ),
    (
        RATE,
        {"change": "fallen", "change_by": "trend", "trend_by": "rank", "change_is": "worse"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. The last five figures have fallen steadily. That is for the worse.",
    ),
    (
        RATE,
        {"change": "fallen", "change_by": "long trend", "slope": -0.62, "change_is": "worse"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. Since 2010/11 it has fallen overall, by about 0.6 percentage points a year. That is for the worse.",
    ),
    (
        RATE,
        {"change": "risen", "change_by": "long trend", "slope": 0.01, "change_is": "better"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. Since 2010/11 it has risen overall. That is for the better.",
    ),
    (
        RATE,
        {"change": "risen", "change_by": "long trend", "slope": 1.0, "change_is": "better"},
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. Since 2010/11 it has risen overall, by about 1 percentage point a year. That is for the better.",
    ),
    (
        RATE,
        {
            "change": "risen",
            "change_by": "signal",
            "signal_rule": "outside limits",
            "signal_since": "2022/23",
            "change_is": "better",
        },
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. The latest figure is unusually high compared with its own past. That is a signal, and for the better.",
    ),
    (
        RATE,
        {
            "change": "fallen",
            "change_by": "signal",
            "signal_rule": "outside limits",
            "signal_since": "2022/23",
            "change_is": "worse",
            "points": 11,
        },
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. The latest figure is unusually low compared with its own past. That is a signal, and for the worse, though from only 11 figures.",
    ),
    (
        RATE,
        {
            "change": "fallen",
            "change_by": "signal",
            "signal_rule": "trend",
            "signal_since": "2016/17",
            "change_is": "worse",
        },
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. It has fallen every year since 2016/17. That is a signal, and for the worse.",
    ),
    (
        RATE,
        {
            "change": "risen",
            "change_by": "signal",
            "signal_rule": "shift",
            "signal_since": "2016/17",
            "change_is": "better",
        },
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. It has been above the long-run average every year since 2016/17. That is a signal, and for the better.",
    ),
    (
        RATE,
        {
            "change": "fallen",
            "change_by": "signal",
            "signal_rule": "two of three",
            "signal_since": "2020/21",
            "change_is": "worse",
        },
        "Hull’s household recycling rate was 46.6% in 2022/23, higher than most unitary councils. The last few figures are unusually low compared with those before. That is a signal, and for the worse.",
    ),
    (
        RESIDUAL,
        {"value": 444.4, "median": 529.0, "quarter": 1.0, "quartile": 1.0},
        f"Hull’s residual waste per household was 444{NBSP}kg in 2022/23, in the lowest quarter of unitary councils.",
    ),
    (
        RESIDUAL,
        {
            "value": 444.4,
            "median": 529.0,
            "quarter": 1.0,
            "quartile": 1.0,
            "change": "fallen",
            "change_by": "long trend",
            "slope": -8.4,
            "change_is": "better",
        },
        f"Hull’s residual waste per household was 444{NBSP}kg in 2022/23, in the lowest quarter of unitary councils. Since 2010/11 it has fallen overall, by about 8{NBSP}kg a year. That is for the better.",
    ),
    (
        TONNES,
        {"value": 103366.0, "median": NAN, "rank": NAN},
        f"Household waste collected in Hull: 103,366{NBSP}tonnes in 2022/23.",
    ),
    (
        PAY,
        {
            "value": 31816.0,
            "median": 33000.0,
            "quarter": 2.0,
            "provisional": True,
            "period": "Year ending March 2025",
            "against_median": "similar",
        },
        "Hull’s median yearly pay of residents was £31,816 in the year ending March 2025 (provisional), about the same as the middle of unitary councils.",
    ),
    (
        HLE,
        {
            "value": 57.2,
            "median": 61.0,
            "quarter": 1.0,
            "quartile": 4.0,
            "period": "2022 to 2024",
            "against_median": "lower",
            "step": 3,
            "change": "steady",
            "change_by": "trend",
            "trend_by": "weighted",
        },
        f"Hull’s healthy life expectancy of women was 57.2{NBSP}years from 2022 to 2024, in the lowest quarter of unitary councils, and the gap to the middle is more than chance. The last five figures show no change beyond chance.",
    ),
    (
        CLA,
        {
            "value": 118.0,
            "median": 84.0,
            "quarter": 4.0,
            "period": "31 March 2025",
            "against_median": "higher",
            "change": "risen",
            "change_by": "trend",
            "trend_by": "weighted",
        },
        "Hull’s children looked after per 10,000 were 118 on 31 March 2025, in the highest quarter of unitary councils, and the gap to the middle is more than chance. The last five figures have risen by more than chance.",
    ),
    (
        BB,
        {
            "value": 1.0,
            "median": NAN,
            "period": "31 December 2022",
            "rank": NAN,
            "provisional": True,
            "currency": "out of date",
            "age": 46,
        },
        "Households in bed and breakfast in Hull: 1 on 31 December 2022 (provisional).",
    ),
    (
        BB,
        {"value": 0.0, "median": NAN, "period": "31 December 2022", "rank": NAN},
        "Households in bed and breakfast in Hull: 0 on 31 December 2022.",
    ),
    (
        RELIEF,
        {
            "value": 1.0,
            "median": 2.1,
            "quarter": 1.0,
            "quartile": 1.0,
            "period": "October to December 2022",
        },
        "Hull’s relief duties per 1,000 households were 1.00 from October to December 2022, in the lowest quarter of unitary councils.",
    ),
    (
        RELIEF,
        {
            "value": 1.2,
            "median": 2.1,
            "quarter": 2.0,
            "period": "October to December 2022",
            "change": "fallen",
            "change_by": "trend",
            "trend_by": "rank",
            "change_is": "better",
        },
        "Hull’s relief duties per 1,000 households were 1.20 from October to December 2022, lower than most unitary councils. The last five figures for this quarter have fallen steadily. That is for the better.",
    ),
    (
        RELIEF,
        {
            "value": 1.2,
            "median": 2.1,
            "quarter": 2.0,
            "period": "October to December 2022",
            "since": "October to December 2018",
            "change": "fallen",
            "change_by": "long trend",
            "slope": -0.126,
            "change_is": "better",
        },
        "Hull’s relief duties per 1,000 households were 1.20 from October to December 2022, lower than most unitary councils. Since October 2018 they have fallen overall, by about 0.13 a year. That is for the better.",
    ),
    (
        LEAVERS,
        {
            "value": 3.0,
            "median": 5.0,
            "numerator": 7.0,
            "small": True,
            "quarter": 2.0,
            "against_median": "similar",
            "period": "Year ending March 2025",
            "rank": 5.0,
            "rank_last": 7.0,
        },
        "Hull’s share of care leavers not in touch was 3% in the year ending March 2025 (from 7 cases), about the same as the middle of unitary councils.",
    ),
    (
        LEAVERS,
        {
            "value": 0.0,
            "median": 5.0,
            "numerator": 1.0,
            "small": True,
            "quarter": 1.0,
            "against_median": "lower",
            "period": "Year ending March 2025",
        },
        "Hull’s share of care leavers not in touch was 0% in the year ending March 2025 (from 1 case), in the lowest quarter of unitary councils, and the gap to the middle is more than chance.",
    ),
    (
        LEAVERS,
        {
            "value": 2.0,
            "median": 2.0,
            "numerator": 0.0,
            "small": True,
            "against_median": "similar",
            "period": "Year ending March 2025",
        },
        "Hull’s share of care leavers not in touch was 2% in the year ending March 2025 (no case), the same as the middle of unitary councils.",
    ),
    (
        RATE,
        {"rebased": True},
        "Hull’s household recycling rate was 46.6% in 2022/23 (worked out from the councils before it), higher than most unitary councils.",
    ),
    (
        RATE,
        {
            "rebased": True,
            "note": "combined from Allerdale (E07000026) and Carlisle (E07000028); includes provisional figures",
        },
        "Hull’s household recycling rate was 46.6% in 2022/23 (provisional, worked out from the councils before it), higher than most unitary councils.",
    ),
    (
        RATE,
        {
            "name": "Somerset",
            "rebased": True,
            "note": "published for Somerset (E10000027), the same area",
        },
        "Somerset’s household recycling rate was 46.6% in 2022/23 (published for the council before it), higher than most unitary councils.",
    ),
    (
        RATE,
        {"note": "The publisher calls this estimate unreliable for practical purposes."},
        "Hull’s household recycling rate was 46.6% in 2022/23 (unreliable, the publisher says), higher than most unitary councils.",
    ),
    (
        RATE,
        {"period": "2017/18", "currency": "out of date", "age": 67},
        "Hull’s household recycling rate was 46.6% in 2017/18 (an old figure), higher than most unitary councils.",
    ),
    (
        RATE,
        {"estimated": True, "provisional": True},
        "Hull’s household recycling rate was 46.6% in 2022/23 (provisional, estimated), higher than most unitary councils.",
    ),
    (
        OFSTED,
        {
            "value": 3.0,
            "rank": 13.0,
            "rank_last": 42.0,
            "median": NAN,
            "note": "Good; inspected 23 July 2018",
            "period": "31 March 2023",
        },
        "Ofsted on the impact of leaders in Hull: good, inspected 23 July 2018. Of 58 other unitary councils, 12 had a better judgement and 29 the same.",
    ),
    (
        OFSTED,
        {
            "value": 4.0,
            "rank": 1.0,
            "rank_last": 12.0,
            "median": NAN,
            "note": "Outstanding; inspected 2 March 2020",
            "period": "31 March 2023",
        },
        "Ofsted on the impact of leaders in Hull: outstanding, inspected 2 March 2020. That is the best judgement there is; 11 of 58 other unitary councils had it too.",
    ),
    (
        OFSTED,
        {
            "value": 1.0,
            "rank": 58.0,
            "rank_last": 59.0,
            "median": NAN,
            "note": "Inadequate; inspected 2 March 2020",
            "period": "31 March 2023",
        },
        "Ofsted on the impact of leaders in Hull: inadequate, inspected 2 March 2020. That is the lowest judgement there is; 1 of 58 other unitary councils had it too.",
    ),
    (
        OFSTED,
        {
            "value": 2.0,
            "rank": 2.0,
            "rank_last": 2.0,
            "of": 16.0,
            "median": NAN,
            "note": "Requires improvement to be good; inspected 2 March 2020",
            "comparator": "similar",
        },
        "Ofsted on the impact of leaders in Hull: requires improvement to be good, inspected 2 March 2020. Of 15 similar councils, 1 had a better judgement and none the same.",
    ),
    (
        OFSTED,
        {
            "value": 4.0,
            "rank": 1.0,
            "rank_last": 1.0,
            "of": 11.0,
            "median": NAN,
            "note": "Outstanding; inspected 2 March 2020",
            "comparator": "dfe",
        },
        "Ofsted on the impact of leaders in Hull: outstanding, inspected 2 March 2020. That is the best judgement there is; none of 10 statistical neighbours had it too.",
    ),
    (
        SEND,
        {
            "value": 0.0,
            "rank": 9.0,
            "rank_last": 16.0,
            "of": 16.0,
            "median": NAN,
            "note": "Written statement of action required; inspected 3 February 2020; published under E08000016",
            "comparator": "similar",
        },
        "Area SEND inspection 2016 to 2022 in Hull: written statement of action required, inspected 3 February 2020. 7 of 15 similar councils had the same result.",
    ),
    (
        BANDD,
        {
            "value": 1701.0,
            "median": 1650.0,
            "quarter": 3.0,
            "rank": NAN,
            "change": "risen",
            "change_by": "long trend",
            "slope": 64.68,
        },
        "Hull’s Band D council tax was £1,701.00 in 2022/23, higher than most unitary councils. Since 2010/11 it has risen overall, by about £65 a year.",
    ),
    (
        BANDD,
        {"value": 1701.0, "median": 1650.0, "quarter": 3.0, "rank": NAN, "quartile": NAN},
        "Hull’s Band D council tax was £1,701.00 in 2022/23, higher than most unitary councils.",
    ),
    (
        FIRE,
        {
            "shown": "E31000018",
            "name": "Humberside",
            "kind": "fire and rescue authority",
            "value": 92.0,
            "median": 85.0,
            "quarter": 4.0,
            "rank": NAN,
            "quartile": NAN,
        },
        "Humberside’s Band D charge for fire and rescue was £92.00 in 2022/23, in the highest quarter of fire authorities.",
    ),
    (
        SPEND,
        {"value": 12345000.0, "median": NAN, "rank": NAN, "quartile": NAN, "quarter": NAN},
        f"Spending on highways and transport in Hull: £12.3{NBSP}million in 2022/23.",
    ),
    (
        SPEND,
        {
            "name": "Isle of Wight",
            "value": 999960000.0,
            "median": NAN,
            "rank": NAN,
            "change": "risen",
            "change_by": "long trend",
            "slope": 1234567.0,
        },
        f"Spending on highways and transport in the Isle of Wight: £1{NBSP}billion in 2022/23. Since 2010/11 it has risen overall, by about £1.2{NBSP}million a year.",
    ),
    (
        CLAIM,
        {
            "value": 15000.0,
            "median": NAN,
            "rank": NAN,
            "period": "31 December 2022",
            "change": "fallen",
            "change_by": "long trend",
            "slope": -350.0,
        },
        "Working-age people with council tax support in Hull: 15,000 on 31 December 2022. Since 2010/11 they have fallen overall, by about 350 a year.",
    ),
    (
        RATE,
        {**NONE, "status": "suppressed"},
        "There is no figure for Hull in 2022/23: the publisher holds it back, so that nobody can be recognised in it.",
    ),
    (
        RATE,
        {**NONE, "status": "not provided"},
        "There is no figure for Hull in 2022/23: the council did not send it.",
    ),
    (
        RATE,
        {**NONE, "status": "negligible"},
        "There is no figure for Hull in 2022/23: it is more than nothing but too small for the publisher to show.",
    ),
    (
        RATE,
        {**NONE, "status": "unreliable"},
        "There is no figure for Hull in 2022/23: the publisher judges it too unreliable to print.",
    ),
    (
        RATE,
        {**NONE, "status": "not applicable"},
        "There is no figure for Hull in 2022/23: it does not apply here.",
    ),
    (
        RATE,
        {**NONE, "status": "not available", "last_value": 30.0, "last_period": "2019/20"},
        "There is no figure for Hull in 2022/23: the publisher has none. The latest before it was 30.0% in 2019/20.",
    ),
    (
        RATE,
        {**NONE, "shown": None},
        "This service is each district council’s own: there is one figure for each district, and none for the county.",
    ),
    (
        FIRE,
        {**NONE, "shown": None},
        "This figure is a fire and rescue authority’s, and none covers this area.",
    ),
    (
        RATE,
        {
            **NONE,
            "shown": "E06000063",
            "name": "Cumberland",
            "start": pd.Timestamp("2023-04-01"),
            "status": "not available",
            "is_new": True,
        },
        "There is no figure for Cumberland: it was formed on 1 April 2023, and the latest figures (2022/23) are still those of Allerdale, Carlisle, Copeland and Cumbria.",
    ),
    (
        LANDFILL,
        {
            **NONE,
            "shown": "E08000003",
            "name": "Manchester",
            "exempt": True,
            "provided": False,
            "status": "not available",
        },
        "There is no figure for Manchester in 2022/23: disposal is done by the Greater Manchester Combined Authority (not in Wigan).",
    ),
    (
        LANDFILL,
        {
            **NONE,
            "shown": "E09000019",
            "name": "Islington",
            "exempt": True,
            "provided": False,
            "status": "not available",
        },
        "There is no figure for Islington in 2022/23: disposal is done by the North London Waste Authority.",
    ),
    (
        FIRE,
        {
            **NONE,
            "shown": "E31000046",
            "name": "London Fire Commissioner",
            "kind": "fire and rescue authority",
            "status": "not available",
        },
        "There is no figure for the London Fire Commissioner in 2022/23: the publisher has none.",
    ),
    (
        LANDFILL,
        {
            "shown": "E10000024",
            "name": "Nottinghamshire",
            "kind": "county",
            "area": "E07000174",
            "value": 5.4,
            "median": 5.4,
        },
        "Nottinghamshire’s share of waste sent to landfill was 5.4% in 2022/23, the same as the middle of county councils.",
    ),
]


@pytest.mark.parametrize(("measure", "more", "said"), CASES, ids=[case[2][:60] for case in CASES])
def test_findings_said(measure, more, said):
    assert words.finding(_found(**more), measure) == said


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, 0, "0"),
        (0.05, 1, "0.1"),
        (0.25, 1, "0.3"),
        (2.675, 2, "2.68"),
        (-0.04, 1, "0.0"),
        (-1234.5, 0, "−1,235"),
        (1e6, 0, "1,000,000"),
    ],
)
def test_numbers(value, decimals, written):
    assert writing.number(value, decimals) == written


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        ("pounds", 999999.0, "£999,999"),
        ("pounds", 1e6, f"£1{NBSP}million"),
        ("pounds", 268178123.0, f"£268.2{NBSP}million"),
        ("pounds", -2340000.0, f"−£2.3{NBSP}million"),
        ("pounds", 999949999.0, f"£999.9{NBSP}million"),
        ("pounds", 999950000.0, f"£1{NBSP}billion"),
        ("count", 1234567.0, f"1.2{NBSP}million"),
        ("tonnes", 2e6, f"2{NBSP}million{NBSP}tonnes"),
        ("rate", 1234567.0, "1,234,567 per 1,000"),
    ],
)
def test_millions_are_said_as_such_where_things_are_counted(unit, value, written):
    measure = RATE.model_copy(update={"unit": unit, "per": 1000, "decimals": 0})
    assert writing.spoken(value, measure) == written


@pytest.mark.parametrize(
    ("unit", "decimals", "value", "written"),
    [
        ("per cent", 1, 0.06, "0.1 percentage points"),
        ("per cent", 0, 0.5, "1 percentage point"),
        ("per cent", 0, -0.5, "1 percentage point"),
        ("per cent", 1, 1.04, "1 percentage point"),
        ("rate", 2, 0.126, "0.13"),
        ("rate", 0, 12.6, "13"),
        ("pounds", 2, 7.451, "£7.50"),
        ("pounds", 2, 64.68, "£65"),
        ("pounds", 0, 107907.0, "£110,000"),
        ("pounds", 0, 1234567.0, f"£1.2{NBSP}million"),
        ("count", 1, 684.7, "680"),
        ("count", 0, 99.6, "100"),
        ("years", 1, 1.02, f"1{NBSP}year"),
        ("kilograms", 0, 8.4, f"8{NBSP}kg"),
    ],
)
def test_a_yearly_change_is_said_to_two_figures(unit, decimals, value, written):
    measure = RATE.model_copy(update={"unit": unit, "per": 1000, "decimals": decimals})
    assert writing.about(value, measure) == written


@pytest.mark.parametrize(
    ("unit", "per", "value", "written"),
    [
        ("pounds", 1, 1240.0, "£1,240"),
        ("pounds", 1, -12.0, "−£12"),
        ("rate", 1000, 3.0, "3 per 1,000"),
        ("rate", 100000, 3.0, "3 per 100,000"),
        ("years", 1, 81.0, f"81{NBSP}years"),
        ("years", 1, 1.0, f"1{NBSP}year"),
        ("minutes", 1, 8.0, f"8{NBSP}minutes"),
        ("count", 1, 12345.0, "12,345"),
        ("score", 1, 18.0, "18"),
    ],
)
def test_figures_with_their_units(unit, per, value, written):
    measure = RATE.model_copy(update={"unit": unit, "per": per, "decimals": 0})
    assert writing.figure(value, measure) == written


@pytest.mark.parametrize(
    ("more", "measure", "said"),
    [
        ({}, RATE, "21st of 59 unitary councils, where 1st is the highest"),
        ({"rank_last": 22.0}, RATE, "joint 21st of 59 unitary councils, where 1st is the highest"),
        ({"rank_last": 40.0}, RATE, "joint 21st to 40th of 59 unitary councils, where 1st is the highest"),
        ({"rank": 20.0, "rank_last": 20.0}, RESIDUAL, "20th of 59 unitary councils, where 1st is the lowest"),
        ({"comparator": "similar", "rank": 3.0, "rank_last": 3.0, "of": 16.0}, RATE, "3rd of 16 (itself and 15 similar councils), where 1st is the highest"),
        ({"comparator": "england", "of": 132.0}, RATE, "21st of 132 single-tier councils, where 1st is the highest"),
        ({"rank": NAN}, RATE, ""),
        ({"rank": 3.0}, OFSTED, ""),
    ],
)  # fmt: skip
def test_a_rank_is_a_block_where_it_is_shared_and_says_which_end_is_first(more, measure, said):
    assert words.standing(_found(**more), measure) == said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "For England as a whole the figure was 41.7%; Hull’s is higher."),
        ({"value": 30.0}, "For England as a whole the figure was 41.7%; Hull’s is lower."),
        ({"value": 41.74}, "For England as a whole the figure was the same, 41.7%."),
        ({"against_england": "similar"}, "For England as a whole the figure was 41.7%: about the same, as the gap could be chance."),
        ({"against_england": "higher"}, "For England as a whole the figure was 41.7%; Hull’s is higher, by more than chance."),
        ({"england": NAN}, ""),
        ({"value": NAN}, ""),
    ],
)  # fmt: skip
def test_england_is_not_the_middle_council(more, said):
    assert words.england(_found(**more), RATE) == said


@pytest.mark.parametrize(
    ("more", "measure", "said"),
    [
        ({}, RATE, "Five years before, in 2017/18, the figure was 49.1%."),
        ({"before": 46.61}, RATE, "Five years before, in 2017/18, the figure was the same."),
        ({"broken": True}, RATE, "Five years before, in 2017/18, the figure was 49.1%, but the two cannot be compared."),
        ({"value": 12340000.0, "before": 12310000.0}, SPEND, "Five years before, in 2017/18, the figure was about the same."),
        ({"value": 12340000.0, "before": 9.0}, SPEND, "Five years before, in 2017/18, the figure was £9."),
        ({"before": NAN}, RATE, ""),
        ({"value": NAN}, RATE, ""),
    ],
)  # fmt: skip
def test_five_years_before_is_a_figure_and_no_trend(more, measure, said):
    assert words.before(_found(**more), measure) == said


def test_five_years_before_is_said_of_england_too():
    found = {"value": 41.7, "before": 43.2, "before_period": "2017/18"}
    assert words.before(found, RATE) == "Five years before, in 2017/18, the figure was 43.2%."


@pytest.mark.parametrize(
    ("more", "measure", "said"),
    [
        ({}, RATE, "Hull: 46.6%, higher than most unitary councils"),
        ({"against_median": "similar"}, RATE, "Hull: 46.6%, about the same as the middle of unitary councils"),
        ({"against_median": "similar", "quarter": 4.0}, RATE, "Hull: 46.6%, in the highest quarter of unitary councils, perhaps by chance"),
        ({"against_median": "higher", "quarter": 4.0}, RATE, "Hull: 46.6%, in the highest quarter of unitary councils"),
        ({"value": 12345000.0, "median": NAN}, SPEND, f"Hull: £12.3{NBSP}million"),
        ({"value": 3.0, "median": NAN, "note": "Good; inspected 23 July 2018"}, OFSTED, "Hull: good, inspected 23 July 2018"),
        ({"value": 3.0, "median": NAN, "period": "31 March 2023"}, OFSTED, "Hull: good on 31 March 2023"),
        ({**NONE, "name": "City of London"}, RATE, "No figure for the City of London in 2022/23"),
        ({**NONE, "shown": None}, RATE, "No figure here"),
    ],
)  # fmt: skip
def test_a_title_says_the_finding_and_if_it_may_be_chance(more, measure, said):
    assert words.title(_found(**more), measure) == said


@pytest.mark.parametrize(
    ("more", "raised"),
    [
        ({}, []),
        ({**NONE, "status": "suppressed"}, ["missing"]),
        ({**NONE, "is_new": True}, ["new"]),
        ({**NONE, "exempt": True}, ["elsewhere"]),
        ({**NONE, "shown": None}, []),
        ({"quarter": 1.0, "quartile": 4.0}, ["weak"]),
        ({"quarter": 4.0, "quartile": 1.0}, ["strong"]),
        ({"quartile": 1.0, "change": "fallen", "change_by": "trend", "change_is": "worse"}, ["slipping"]),
        ({"quartile": 1.0, "change": "fallen", "change_by": "signal", "change_is": "worse"}, ["signal-worse", "slipping"]),
        ({"quartile": 4.0, "change": "risen", "change_by": "trend", "change_is": "better"}, ["recovering", "weak"]),
        ({"quartile": 4.0, "change": "steady", "change_by": "trend"}, ["weak", "unmoved"]),
        ({"quartile": 3.0, "change": "fallen", "change_by": "long trend", "change_is": "worse"}, ["worse"]),
        ({"change": "risen", "change_by": "signal"}, ["signal"]),
        ({"against_median": "similar"}, ["noise"]),
        ({"against_median": "similar", "quartile": 4.0}, ["noise"]),
        ({"rank": NAN, "quartile": NAN, "quarter": 4.0, "against_median": "higher"}, ["different"]),
        ({"quartile": 1.0, "change": "fallen", "change_by": "trend", "change_is": "worse", "against_median": "similar"}, ["worse", "noise"]),
        ({"trend": "cannot be calculated"}, ["gap"]),
        ({"trend": "cannot be calculated", "points": 4}, []),
        ({"trend": "cannot be calculated", "broken": True}, []),
        ({"trend": "cannot be calculated", "currency": ""}, []),
        ({"small": True, "numerator": 3.0}, ["few"]),
        ({"small": True, "numerator": 0.0}, []),
        ({"basis": True}, ["basis"]),
        ({"currency": "out of date"}, ["old"]),
        ({"provisional": True}, ["provisional"]),
        ({"shown": "E10000016", "kind": "county", "area": "E07000105"}, ["county"]),
        ({"shown": "E10000016", "kind": "county", "area": "E07000105", "quartile": 4.0}, ["county", "weak"]),
        ({"exempt": True, "provided": False, "rank": NAN, "quartile": NAN}, ["elsewhere"]),
    ],
)  # fmt: skip
def test_the_questions_follow_from_the_finding(more, raised):
    assert questions.situations(_found(**more)) == raised


def test_two_or_three_questions_each_saying_whom_to_ask():
    found = _found(quartile=4.0, change="steady", change_by="trend", currency="out of date")
    asked = questions.questions(found, RATE)
    assert len(asked) == questions.MOST
    assert asked[0] == questions.bank()["weak"]
    assert asked[2] in RATE.questions
    assert all(question.who for question in asked)
    elsewhere = questions.questions(_found(exempt=True, provided=False), RATE)
    assert elsewhere == [questions.bank()["elsewhere"], *RATE.questions[:2]]
    assert questions.questions(_found(**NONE), RATE) == [questions.bank()["missing"]]
    assert questions.questions(_found(**NONE, shown=None), RATE) == []


def test_without_a_polarity_nothing_is_good_or_bad():
    measure = RATE.model_copy(update={"polarity": None, "polarity_why": "It depends."})
    assert (
        words.direction(measure)
        == "Neither a high nor a low figure is better in itself. It depends."
    )
    moved = _found(change="risen", change_by="trend", trend_by="weighted", quartile=NAN, rank=NAN)
    assert "better" not in words.finding(moved, measure)


def test_a_county_is_named_where_a_district_sees_its_figures():
    found = _found(name="Nottinghamshire", kind="county", shown="E10000024", area="E07000174")
    assert words.whose(found, "Mansfield") == (
        "Nottinghamshire provides this in Mansfield, so these are Nottinghamshire’s figures."
    )
    assert words.whose(_found(), "Hull") == ""
    elsewhere = _found(name="Adur", provided=False, provider="West Sussex")
    assert words.whose(elsewhere, "Adur") == (
        "West Sussex runs the service behind this in Adur; the figure is for Adur alone."
    )
    transport = _found(name="Leeds", provided=False, exempt=True, provider="West Yorkshire")
    assert words.whose(transport, "Leeds") == (
        "The West Yorkshire Combined Authority runs the service behind this in Leeds; "
        "the figure is for Leeds alone."
    )
    fire = _found(name="London Fire Commissioner", kind="fire and rescue authority")
    assert words.whose(fire, "City of London") == (
        "Fire and rescue in the City of London is the work of the London Fire Commissioner: "
        "these are its figures."
    )
    # A county may have the name of the authority that serves it, which is not the county.
    kent = _found(name="Kent", kind="fire and rescue authority")
    assert words.whose(kent, "Kent") == (
        "Fire and rescue in Kent is the work of Kent Fire and Rescue Authority: these are its figures."
    )
    assert words.whose(kent, "Kent Fire and Rescue Authority") == ""


def test_cautions_are_of_this_very_figure():
    measure = RATE.model_copy(update={"reporting": "Councils report this in two ways."})
    found = _found(
        provisional=True, rebased=True, small=True, numerator=7.0, age=43, currency="ageing",
        note=(
            "sum of Barrow-in-Furness (E07000027), Eden (E07000030) and South Lakeland (E07000031); "
            "The return is partial.; Reporting basis: all incidents."
        ),
    )  # fmt: skip
    assert words.cautions(found, measure) == [
        "The figure is provisional and may be revised.",
        "It rests on few cases, so each one moves it.",
        "Councils report this in two ways. Here: all incidents.",
        "It was put together from the figures of Barrow-in-Furness, Eden and South Lakeland.",
        "A note on this figure: the return is partial.",
        "The latest figure here is more than 3 years old; a newer one may have been published since.",
    ]
    assert words.cautions(
        _found(
            small=True,
            numerator=0.0,
            age=22,
            currency="ageing",
            note=(
                "published for North Yorkshire (E10000023), the same area; includes provisional figures"
            ),
        ),
        RATE,
    ) == [
        "The figure is provisional and may be revised.",
        "There was no case; a single one would move it.",
        "It was published for the council that was here before, of the same area.",
        "The latest figure here is 22 months old; a newer one may have been published since.",
    ]
    assert words.cautions(_found(note="published under E08000019"), RATE) == []
    assert words.cautions(_found(), RATE) == []
    assert words.cautions(_found(**NONE), RATE) == []


@pytest.fixture(scope="module")
def everything():
    held = snapshot()
    measures = [held.catalogue[name] for name in held.measures]
    return held.everything(), measures


@pytest.mark.parametrize("comparator", ["kind", "similar", "region", "england"])
def test_no_sentence_of_the_snapshot_contradicts_itself_or_has_a_hole(everything, comparator):
    observed, measures = everything
    table = findings.table(observed, measures, comparator)
    people = findings.citizens()
    whole = people["name"].map(writing.fire_authority)
    names = people["name"].where(people["tier"] != "fire", whole).to_dict()
    known = {measure.id: measure for measure in measures}
    # All rows of the usual comparison; of the others, which differ in few words, one in five.
    rows = table.reset_index().iloc[:: 1 if comparator == "similar" else 5].to_dict("records")
    assert len(rows) > 20_000
    for row in rows:
        measure = known[row["measure"]]
        said = [
            words.finding(row, measure),
            words.standing(row, measure),
            words.england(row, measure),
            words.before(row, measure),
            words.title(row, measure),
            words.whose(row, names[row["area"]]),
            *words.cautions(row, measure),
        ]
        text = " ".join(filter(None, said))
        assert said[0].endswith("."), said[0]
        assert not _HOLES.search(text), text
        # "Duties per 1,000 households were 3.2 per 1,000": the unit is said once.
        assert len(re.findall(r"\bper \d", said[0])) <= 1, said[0]
        _check_agreement(row, measure, said[0])
        asked = questions.questions(row, measure)
        assert len(asked) in ((2, 3) if pd.notna(row["value"]) else (0, 1)), row


_HOLES = re.compile(
    r"\bnan\b|\bNaN\b|None|NaT|<NA>|\{|\}|  |\.\.|\(\)"
    r"|\b1 (unitary|county|district|metropolitan|similar) councils|\b1 (cases|years|months)\b"
    r"|\bmost (all|its|the)\b|’s’s|\bthe Yorkshire|[A-Z]\d{8}|'|\b(?:in|for|of) (?:City of|Isles? of)"
    r"|\d{3},\d{3},\d{3}|about £?0 "
)


def _check_agreement(row, measure, text):
    assert not ("highest quarter" in text and "lower than most" in text), text
    assert not ("lowest quarter" in text and "higher than most" in text), text
    assert not (" risen" in text and " fallen" in text), text
    assert not ("about the same" in text and "larger than chance" in text), text
    assert not ("for the better" in text and "for the worse" in text), text
    if measure.polarity is None:
        assert "for the better" not in text, text
        assert "for the worse" not in text, text
    if pd.isna(row["value"]):
        assert (
            "There is no figure" in text
            or "There is one" in text
            or "none covers" in text
            or "one figure for" in text
        ), text
        return
    if "lower than most" in text or "lowest quarter" in text:
        assert row["value"] <= row["median"], text
    if "higher than most" in text or "highest quarter" in text:
        assert row["value"] >= row["median"], text
    if row["points"] < 3:
        assert not re.search("risen|fallen|steadily|usual range", text), text
    if not row["provided"]:
        assert pd.isna(row["rank"]), text
        assert pd.isna(row["quartile"]), text


def test_what_is_said_can_be_read_at_about_thirteen():
    ages = [grade(case[2]) + 5 for case in CASES]
    print(f"reading age: median {statistics.median(ages):.1f}, highest {max(ages):.1f}")
    # Names of councils and measures are most of such a sentence.
    assert statistics.median(ages) <= 13.5
    asked = " ".join(question.ask for question in questions.bank().values())
    assert grade(asked) + 5 <= 12.5
