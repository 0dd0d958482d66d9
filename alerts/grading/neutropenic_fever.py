"""Fever with too few neutrophils (R9)."""

from __future__ import annotations

from alerts.grading.case import Case
from alerts.grading.reasons import Reason, Wording, days_ago, degrees
from alerts.grading.terms import Level, above, below

SYMPTOM = "febrile_neutropenia"
WORDING = Wording(
    "R9_FEBRILE_NEUTROPENIA",
    "Fever of {celsius} °C{counted} with neutrophils {anc} x 10^9/L {anc_age}: febrile "
    "neutropenia, estimated grade 3 (CTCAE 5.0).",
    "You have a fever, and your last blood count was low: your body may fight infection less well.",
    "CTCAE 5.0 and 6.0 febrile neutropenia: below 1.0 and over 38.3 C, or 38 C for over an hour",
)
WORDINGS = (WORDING,)


def neutropenic_fever_reasons(case: Case) -> list[Reason]:
    """Return the reason when the latest count is low and the fever high or lasting."""
    rules = case.rules
    effective = case.reading.effective
    if effective is None or not (above(effective, rules.high_fever_celsius) or _lasting(case)):
        return []
    counts = case.neutrophils(rules.anc_low_days)
    if not counts or not below(counts[-1].value, rules.anc_low):
        return []
    count = counts[-1]
    return [
        WORDING.reason(
            Level.URGENT,
            celsius=case.reading.celsius,
            effective=effective,
            counted=f" (counts as {degrees(effective)} °C)" if case.reading.corrected else "",
            anc=count.value,
            anc_age=days_ago(case.entry.day - count.day),
        )
    ]


def _lasting(case: Case) -> bool:
    rules = case.rules
    return case.reading.reaches(rules.fever_celsius) and any(
        rules.sustained_after_minutes < ago <= rules.sustained_within_minutes
        for ago in case.fever_before()
    )
