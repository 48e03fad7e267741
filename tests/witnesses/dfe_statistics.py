"""The education department's CSVs, looked up by column number with the csv module."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

NEED = "dfe/childrens-social-care/b1_children_in_need_2013_to_2025.csv"
NEED_2024 = "dfe/childrens-social-care/b1_children_in_need_2013_to_2024.csv"
REFERRALS = (
    "dfe/childrens-social-care/c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv"
)
FACTORS = "dfe/childrens-social-care/c3_factors_identified_at_end_of_assessment_2018_to_2025.csv"
ENQUIRIES = "dfe/childrens-social-care/c4_children_in_need_section_47s_and_icpcs_2013_to_2025.csv"
REPEATED = "dfe/childrens-social-care/d3_cpps_subsequent_plan_2013_to_2025.csv"
DURATION = "dfe/childrens-social-care/d5_cpps_at31march_by_duration_2013_to_2025.csv"
CARE = "dfe/childrens-social-care/cla_number_and_rate_per_10k_children.csv"
STABILITY = "dfe/childrens-social-care/la_cla_placement_stability.csv"
SOCIAL_WORKERS = "dfe/childrens-social-care/la_cla_swcount.csv"
LEAVERS_HOMES = "dfe/childrens-social-care/la_care_leavers_accommodation_suitability.csv"
LEAVERS_WORK = "dfe/childrens-social-care/la_care_leavers_activity.csv"
WORKFORCE = "dfe/childrens-social-care/csww_indicators_2017_to_2025.csv"
HEALTH = "dfe/education/la_conviction_health_outcome_cla.csv"
KS2 = "dfe/education/ks2_la.csv"
KS4 = "dfe/education/ks4_la.csv"
ABSENCE = "dfe/education/absence_la.csv"
SEN = "dfe/send/sen_la.csv"
CASELOAD = "dfe/send/sen2_age_caseload.csv"
NEW_PLANS = "dfe/send/sen2_age_new_plans.csv"
SEN2 = "dfe/send/sen2_mi.csv"
PROFILE = "dfe/send/1_eyfsp_headline_measures_2022.csv"

#: The column of a council's nine-character code; England's is 3 and a region's 5 in every file.
COUNCIL = dict.fromkeys(
    (CARE, STABILITY, SOCIAL_WORKERS, LEAVERS_HOMES, LEAVERS_WORK, HEALTH, KS2, KS4, ABSENCE, SEN),
    9,
) | {SEN2: 7}
ACADEMIC = frozenset({KS2, KS4, ABSENCE, SEN, PROFILE})
MARKS = frozenset({"c", "x", "u", "z", "k", "low"})

HEALTH_ALL = "Health assessments: Children looked after all ages"
SDQ = "Ages 5 to 16 years with SDQ score"
CONVICTIONS = "Convictions: Children looked after Ages 10 to 17 years"
CONVICTED = "Convicted or subject to youth cautions, or youth conditional cautions during the year"
LONG = "Children looked after continuously for at least 2.5 years on 31 March aged under 16 years"
LOOKED_AFTER, IN_NEED, ON_PLAN = "CLA 12 months at 31 March", "CINO at 31 March", "CPPO at 31 March"
OLDER, YOUNGER = "19 to 21 years", "17 to 18 years"
TOTAL = {12: "Total", 13: "Total", 14: "Total"}

#: File, column of the value (or of numerator and denominator), words in other columns.
CELLS: dict[str, tuple[str, int | tuple[int, int], dict[int, str]]] = {
    "children-in-need": (NEED, 17, {}),
    "new-children-in-need-rate": (NEED_2024, 16, {}),
    "children-awaiting-assessment": (NEED, 18, {}),
    "children-services-referrals": (REFERRALS, 11, {}),
    "re-referrals": (REFERRALS, 13, {}),
    "referrals-no-further-action": (REFERRALS, 15, {}),
    "referrals-not-in-need": (REFERRALS, 17, {}),
    "domestic-abuse-in-assessments": (FACTORS, (19, 11), {}),
    "parental-mental-health-in-assessments": (FACTORS, (22, 11), {}),
    "neglect-in-assessments": (FACTORS, (39, 11), {}),
    "section-47-enquiries": (ENQUIRIES, 11, {}),
    "child-protection-plans": (DURATION, 11, {}),
    "repeat-child-protection-plans": (REPEATED, 13, {}),
    "long-child-protection-plans": (DURATION, 21, {}),
    "children-looked-after": (CARE, 12, {10: "Children looked after on 31 March each year"}),
    "children-looked-after-rate": (CARE, 13, {10: "Children looked after on 31 March each year"}),
    "children-starting-care-rate": (
        CARE, 13, {10: "Children starting to be looked after each year"}
    ),
    "children-ceasing-care-rate": (
        CARE, 13, {10: "Children ceasing to be looked after each year"}
    ),
    "placement-moves": (
        STABILITY, 13, {10: "CLA on 31 March", 11: "With 3 or more placements during the year"}
    ),
    "long-term-placement-stability": (
        STABILITY, 13, {10: LONG, 11: "Living with the same carer for at least 2 years"}
    ),
    "social-worker-changes": (
        SOCIAL_WORKERS, 13, {11: "3 or more social workers during the year"}
    ),
    "looked-after-health-assessments": (
        HEALTH, 13, {10: HEALTH_ALL, 11: "Had their annual health assessment"}
    ),
    "looked-after-dental-checks": (
        HEALTH, 13, {10: HEALTH_ALL, 11: "Had their teeth checked by a dentist"}
    ),
    "looked-after-immunisations": (
        HEALTH, 13, {10: HEALTH_ALL, 11: "Had their immunisations up to date"}
    ),
    "looked-after-emotional-health": (HEALTH, 12, {10: SDQ, 11: "SDQ average score"}),
    "looked-after-convictions": (HEALTH, 13, {10: CONVICTIONS, 11: CONVICTED}),
    "care-leavers-suitable-accommodation": (
        LEAVERS_HOMES, 13, {10: OLDER, 11: "Accommodation considered suitable"}
    ),
    "care-leavers-suitable-accommodation-17-18": (
        LEAVERS_HOMES, 13, {10: YOUNGER, 11: "Accommodation considered suitable"}
    ),
    "care-leavers-in-education-or-work": (
        LEAVERS_WORK, 13, {10: OLDER, 11: "Total in education, employment or training"}
    ),
    "care-leavers-in-education-or-work-17-18": (
        LEAVERS_WORK, 13, {10: YOUNGER, 11: "Total in education, employment or training"}
    ),
    "care-leavers-not-in-education-or-work": (
        LEAVERS_WORK, 13, {10: OLDER, 11: "Total not in education, employment or training"}
    ),
    "care-leavers-in-higher-education": (
        LEAVERS_WORK, 13, {10: OLDER, 11: "Higher education i.e. studies beyond A level"}
    ),
    "childrens-social-workers": (WORKFORCE, 10, {}),
    "social-worker-vacancies": (WORKFORCE, 25, {}),
    "agency-social-workers": (WORKFORCE, 20, {}),
    "social-worker-turnover": (WORKFORCE, 16, {}),
    "social-worker-caseload": (WORKFORCE, 29, {}),
    "social-worker-absence": (WORKFORCE, 31, {}),
    "ehc-plans-and-statements": (CASELOAD, 15, {10: "Total"}),
    "new-plans-and-statements": (NEW_PLANS, 15, {10: "Total"}),
    "ehc-assessments-without-plan": (SEN2, 14, {}),
    "send-mediation-cases": (SEN2, 80, {}),
    "looked-after-children-with-ehc-plans": (SEN, 32, {10: LOOKED_AFTER}),
    "all-early-learning-goals": (PROFILE, 18, TOTAL),
    "early-language-and-literacy": (PROFILE, 20, TOTAL),
    "looked-after-key-stage-2": (KS2, 23, {10: LOOKED_AFTER}),
    "children-in-need-key-stage-2": (KS2, 23, {10: IN_NEED}),
    "looked-after-attainment-8": (KS4, 14, {10: LOOKED_AFTER}),
    "children-in-need-attainment-8": (KS4, 14, {10: IN_NEED}),
    "looked-after-persistent-absence": (ABSENCE, 22, {11: LOOKED_AFTER, 12: "Total"}),
    "child-protection-persistent-absence": (ABSENCE, 22, {11: ON_PLAN, 12: "Total"}),
    "children-in-need-persistent-absence": (ABSENCE, 22, {11: IN_NEED, 12: "Total"}),
}  # fmt: skip
MEASURES = frozenset(CELLS)


@cache
def lines(path: Path, council: int) -> dict[tuple[str, str], list[list[str]]]:
    """The lines of a file by time period and area."""
    found: dict[tuple[str, str], list[list[str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.reader(file):
            column = {"National": 3, "Regional": 5, "Local authority": council}.get(line[2])
            if column is not None:
                found.setdefault((line[0], line[column]), []).append(line)
    return found


def value(
    folder: Path, measure_id: str, area: str, period_start: str, period_end: str
) -> float | None:
    """What the publisher printed, or None where a mark stands in the cell."""
    file, column, words = CELLS[measure_id]
    year = int(period_end[:4])
    time = f"{year - 1}{year % 100:02d}" if file in ACADEMIC else str(year)
    matching = [
        line
        for line in lines(folder / file, COUNCIL.get(file, 8))[time, area]
        if all(line[at] == word for at, word in words.items())
    ]
    (line,) = matching
    cells = [line[at] for at in (column if isinstance(column, tuple) else (column,))]
    if MARKS.intersection(cells):
        return None
    if len(cells) == 2:
        return 100 * float(cells[0]) / float(cells[1])
    return float(cells[0])
