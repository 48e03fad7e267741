"""The Local Authority Interactive Tool's table, looked up by short name, number and year text."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pandas as pd

TABLE = "dfe/lait/bds_long_0.parquet"
#: Files in which the department prints its own number of a council beside the nine-character code.
NUMBERS = (
    ("dfe/childrens-social-care/b1_children_in_need_2013_to_2025.csv", 7, 8),
    ("dfe/childrens-social-care/csww_indicators_2017_to_2025.csv", 7, 8),
)
WHOLE = {
    "E92000001": 970,
    "E12000001": 980,
    "E12000002": 981,
    "E12000003": 982,
    "E12000004": 983,
    "E12000005": 984,
    "E12000006": 985,
    "E12000007": 986,
    "E12000008": 989,
    "E12000009": 990,
}
SHORT_NAMES = {
    "children-in-need-rate": "CIN",
    "children-services-referral-rate": "CPP_Total_Rateper10,000",
    "assessments-within-45-days": "Continue_Assess_Comp",
    "first-time-entrants-to-youth-justice": "FirstYJS",
    "youth-reoffending": "ReoffYO15-17",
    "section-47-rate": "Section_47",
    "child-protection-conference-rate": "ISCP_Conf",
    "child-protection-conferences-within-15-days": "CP_conf_15days",
    "child-protection-plan-rate": "CPP_rate",
    "new-child-protection-plan-rate": "CPP_Abuse_Rate",
    "child-protection-reviews-on-time": "RevCP",
    "care-applications": "CareApplications",
    "placed-over-20-miles-away": "LACDistance",
    "looked-after-children-missing": "Children_missing",
    "unaccompanied-asylum-seeking-children": "Unacc_Asylmn_Seek_Childn%",
    "children-adopted": "%_of LAC Adopted",
    "children-in-foster-care": "LAC_Foster_Placements",
    "care-leavers-staying-put": "StayingPut",
    "care-leavers-not-in-touch": "CareLeavers_LA_NotInTouch",
    "ehc-plans": "SEN_CASES_JAN",
    "new-ehc-plans": "SEN_CASES_DUR_YEAR",
    "ehc-plans-within-20-weeks": "SEN_EHC_Excpt_20wks",
    "ehc-plans-within-20-weeks-all": "SEN_EHC_All_20wks",
    "ehc-assessment-requests": "SEN_INIT_REQ",
    "ehc-assessment-requests-refused": "EHCP_Initial_req_refused",
    "pupils-with-ehc-plans": "SEN_TotStat",
    "pupils-with-sen-support": "SEN_TotSENSuP",
    "new-plans-in-mainstream-schools": "SEN_State-Plans_sch",
    "young-people-with-send-in-education": "16-17YroldSEN_ET",
    "good-level-of-development": "FSP_NEW_GOODDEV",
    "good-level-of-development-free-meals": "FSP_Gooddev_FSM",
    "two-year-olds-in-funded-places": "%_2yr_olds",
    "three-and-four-year-olds-in-funded-places": "%_3&4yr_olds",
    "phonics-standard": "KS1P_all",
    "key-stage-2-expected-standard": "KS2RWM_Expected_STD",
    "key-stage-2-higher-standard": "KS2RWM_Higher_STD",
    "key-stage-2-disadvantaged": "DAP_NEW_KS2_RWM",
    "key-stage-2-ehc-plans": "NEW_KS2_RWM_Sen_Withsta",
    "attainment-8": "AVG_Attain8_Score",
    "attainment-8-disadvantaged": "DAP_KS4_ATT8",
    "progress-8": "AVG_Prog8_Score",
    "english-and-maths-grade-5": "EngMaths9-5",
    "level-3-at-19": "Level3Age19",
    "neet-or-not-known": "16-17_not known_NEET",
    "school-absence": "TotAbs",
    "persistent-absence": "TotPerAbNew",
    "severe-absence": "TotSevPerAbNew",
    "secondary-persistent-absence": "SFSecPerAbNew",
    "suspensions": "TotFixedEx",
    "permanent-exclusions": "TotPermEx",
}
MEASURES = frozenset(SHORT_NAMES)


@cache
def numbers(folder: Path) -> dict[str, int]:
    """The department's number of every area."""
    found = dict(WHOLE)
    for name, number, code in NUMBERS:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            for line in csv.reader(file):
                if line[number].isdigit():
                    found[line[code]] = int(line[number])
    return found


@cache
def table(folder: Path) -> dict[tuple[str, int, str], str]:
    """All values by short name, number and year text."""
    rows = pd.read_parquet(folder / TABLE)
    keys = zip(rows.iloc[:, 0], rows.iloc[:, 5].astype(int), rows.iloc[:, 2], strict=True)
    return dict(zip(keys, rows.iloc[:, 4], strict=True))


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> float | None:
    """What the tool shows, or None for a dash. Every period is known by the year in which it ends."""
    short, number, year = SHORT_NAMES[measure_id], numbers(folder)[area], int(period_end[:4])
    texts = [f"{year}{mark}" for mark in ("", " (Rev)", " (prov)", " (Final)")]
    texts.append(f"{year - 1}/{year % 100:02d}")
    (cell,) = [
        table(folder)[short, number, text]
        for text in texts
        if (short, number, text) in table(folder)
    ]
    return None if cell == "-" else float(cell)
