"""Fever and chills: grade from the reading as typed, level from what it counts as (R4)."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.grading.assessment import Assessment
from alerts.grading.case import Case
from alerts.grading.course import Entry
from alerts.grading.reasons import Reason, Wording, days_ago, degrees
from alerts.grading.rules import RuleSet
from alerts.grading.terms import MINUTES_PER_DAY, Level, above, at_least, below
from alerts.grading.thermometer import Reading, grade_fever, read

IDSA = "IDSA 2011 (Freifeld); CTCAE 5.0 febrile neutropenia"
CAUTION = "Design choice, cautious side"

_REJECTED_PATIENT = (
    "The temperature {typed} cannot be right. Please check the unit and enter it again."
)
REJECTED = {
    "F_ENTERED_AS_C": Wording(
        "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C",
        "Temperature {typed} rejected: probably Fahrenheit entered as Celsius.",
        _REJECTED_PATIENT,
        CAUTION,
    ),
    "C_ENTERED_AS_F": Wording(
        "R4_TEMP_REJECTED_UNIT_SUSPECT_C_ENTERED_AS_F",
        "Temperature {typed} rejected: probably Celsius entered as Fahrenheit.",
        _REJECTED_PATIENT,
        CAUTION,
    ),
    "IMPLAUSIBLE": Wording(
        "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE",
        "Temperature {typed} rejected: no body has this temperature in either unit.",
        _REJECTED_PATIENT,
        CAUTION,
    ),
}
FAILSAFE = Wording(
    "R4_FAILSAFE_FEVER_IF_OTHER_UNIT",
    "{typed} read in the other unit is {celsius} °C, a fever: treated as fever until corrected.",
    "The temperature you entered may be a fever.",
    CAUTION,
)
SITE = Wording(
    "R4_SITE_ADJUSTED_PLUS_0_5",
    "{celsius} °C measured {site} counts as {effective} °C for the level; the value is kept.",
    "Readings under the arm or on the forehead are often too low, so yours counts a little higher.",
    "Public thermometer guidance (0.3-0.6 degrees low); 0.5 is a design choice",
)
HIGH = Wording(
    "R4_TEMP_GE_38_3",
    "Temperature {celsius} °C{counted}: a single reading of {limit} °C or more.",
    "You have a fever of {celsius} °C.",
    IDSA,
)
SUSTAINED = Wording(
    "R4_TEMP_GE_38_0_SUSTAINED_1H",
    "Temperature {celsius} °C, and {limit} °C or more already {minutes} minutes earlier: "
    "sustained fever.",
    "Your temperature has stayed at 38 C or more.",
    IDSA,
)
LOW_RISK = Wording(
    "R4_TEMP_38_0_TO_38_2_LOW_RISK_RECHECK_1H",
    "Temperature {celsius} °C with neutrophils {anc} x 10^9/L {anc_age} and no other "
    "risk: second reading asked for after {recheck_minutes} minutes.",
    "You have a fever of {celsius} °C. Measure again in one hour. Phone at once if you shiver or "
    "feel worse.",
    IDSA,
)
NOT_EXCLUDED = Wording(
    "R4_TEMP_GE_38_0_NEUTROPENIA_NOT_EXCLUDED",
    "Temperature {celsius} °C{counted}, and low neutrophils are not excluded.",
    "You have a fever of {celsius} °C.",
    IDSA,
)
RECHECK_MISSING = Wording(
    "R4_RECHECK_NOT_ENTERED_90MIN",
    "No second temperature within 90 minutes after a fever of 38.0-38.2 °C.",
    "The second temperature reading is missing.",
    CAUTION,
)
RAISED_RISK = Wording(
    "R4_TEMP_37_5_TO_37_9_WITH_RISK",
    "Temperature {celsius} °C{counted} with {risks}.",
    "Your temperature of {celsius} °C is raised, and something else makes it matter more.",
    "Design choice: steroids and painkillers hide fever",
)
RAISED = Wording(
    "R4_TEMP_37_5_TO_37_9_RECHECK_4H",
    "Temperature {celsius} °C{counted}: second reading asked for in 4 hours.",
    "Your temperature of {celsius} °C is a little raised. Measure again in 4 hours.",
    CAUTION,
)
LOW_UNWELL = Wording(
    "R4_TEMP_LT_36_UNWELL",
    "Temperature {celsius} °C, below {limit} °C, and the patient feels unwell.",
    "Your temperature is low and you feel unwell.",
    "UK oncology nursing practice (unconfirmed); design choice",
)
CHILLS = Wording(
    "R4_CHILLS_MILD",
    "Mild chills without a raised temperature.",
    "You told us about chills. Please measure your temperature.",
    "CTCAE 5.0 chills",
)
WORDINGS = (
    *REJECTED.values(),
    FAILSAFE,
    SITE,
    HIGH,
    SUSTAINED,
    LOW_RISK,
    NOT_EXCLUDED,
    RECHECK_MISSING,
    RAISED_RISK,
    RAISED,
    LOW_UNWELL,
    CHILLS,
)


def fever_grades(
    reading: Reading,
    entry: Entry,
    earlier: Sequence[tuple[Entry, Assessment]],
    rules: RuleSet,
) -> dict[str, int]:
    """Return the fever grade, 0 to 4, of the reading as typed; empty without a valid reading.

    Source:
        CTCAE 5.0 "Fever"; grade 4 is over 40.0 C for more than 24 hours: readings more than
        24 hours apart and none at or below 40.0 C between them.
    """
    if reading.celsius is None:
        return {}
    grade = grade_fever(reading.celsius)
    if grade < 3:
        return {"fever": grade}
    for past, _ in sorted(earlier, key=lambda pair: pair[0].minute, reverse=True):
        celsius = read(past.temperature_input, rules).celsius
        if celsius is None:
            continue
        if not above(celsius, 40.0):
            break
        if entry.minute - past.minute > MINUTES_PER_DAY:
            return {"fever": 4}
    return {"fever": grade}


def temperature_reasons(case: Case) -> list[Reason]:
    """Return why the temperature, the chills or a missing second reading need a person."""
    reasons = _rejected(case.reading)
    if case.entry.timer_event == "recheck_not_entered":
        reasons.append(RECHECK_MISSING.reason(Level.URGENT))
    reading = case.reading
    if reading.corrected:
        site = case.entry.temperature_input.site if case.entry.temperature_input else "unknown"
        reasons.append(SITE.reason(Level.NONE, **_values(reading), site=site))
    fever = _fever(case)
    if fever is not None:
        reasons.append(fever)
    unwell = case.entry.flagged("feels_unwell")
    if reading.celsius is not None and below(reading.celsius, case.rules.low_celsius) and unwell:
        low = case.rules.low_celsius
        reasons.append(LOW_UNWELL.reason(Level.URGENT, **_values(reading), limit=low))
    if case.entry.chills == "mild" and not any(reason.level for reason in reasons):
        reasons.append(CHILLS.reason(Level.DIGEST))
    return reasons


def recheck_minutes(reasons: Sequence[Reason], rules: RuleSet) -> int | None:
    """Return after how many minutes a second reading is asked for; None when it is not."""
    for reason in reasons:
        if reason.code == LOW_RISK.code:
            return rules.recheck_low_risk_minutes
        if reason.code == RAISED.code:
            return rules.recheck_raised_minutes
    return None


def _rejected(reading: Reading) -> list[Reason]:
    if reading.rejected is None:
        return []
    reasons = [REJECTED[reading.rejected].reason(Level.NONE, typed=reading.typed)]
    other = reading.other_unit_celsius
    if other is not None and at_least(other, 38.0):
        reasons.append(FAILSAFE.reason(Level.URGENT, typed=reading.typed, celsius=other))
    return reasons


def _fever(case: Case) -> Reason | None:
    reading, rules = case.reading, case.rules
    values = _values(reading)
    if reading.reaches(rules.high_fever_celsius):
        return HIGH.reason(Level.URGENT, **values, limit=rules.high_fever_celsius)
    if reading.reaches(rules.fever_celsius):
        lasting = [ago for ago in case.fever_before() if _sustained(ago, rules)]
        if lasting:
            return SUSTAINED.reason(
                Level.URGENT, **values, limit=rules.fever_celsius, minutes=max(lasting)
            )
        if not _low_risk(case):
            return NOT_EXCLUDED.reason(Level.URGENT, **values)
        count = case.neutrophils(rules.anc_safe_days)[-1]
        return LOW_RISK.reason(
            Level.PROMPT,
            **values,
            anc=count.value,
            anc_age=days_ago(case.entry.day - count.day),
            recheck_minutes=rules.recheck_low_risk_minutes,
        )
    if reading.reaches(rules.raised_celsius):
        risks = _risks(case)
        if risks:
            return RAISED_RISK.reason(Level.PROMPT, **values, risks=", ".join(risks))
        return RAISED.reason(Level.DIGEST, **values)
    return None


def _sustained(minutes_ago: int, rules: RuleSet) -> bool:
    return rules.sustained_after_minutes <= minutes_ago <= rules.sustained_within_minutes


def _low_risk(case: Case) -> bool:
    entry, rules = case.entry, case.rules
    counts = case.neutrophils(rules.anc_safe_days)
    return (
        bool(counts)
        and at_least(counts[-1].value, rules.anc_safe)
        and case.grades.get("rash") == 0
        and not case.on_steroid()
        # The red flags hold shaking and feeling unwell; once asked, chills need no second question.
        and entry.red_flags is not None
        and entry.chills in (None, "none")
        and not entry.flagged("rigors", "feels_unwell")
        and not case.context.has_prior_severe_reaction
    )


def _risks(case: Case) -> list[str]:
    entry, rules = case.entry, case.rules
    low = any(below(count.value, rules.anc_low) for count in case.neutrophils(rules.anc_low_days))
    found = {
        "a systemic steroid": case.on_steroid(),
        "low neutrophils": low,
        "chills": entry.chills == "mild",
        "a painkiller or fever medicine within 6 hours": entry.antipyretic_within_6h is True,
        "feeling unwell": entry.flagged("feels_unwell"),
    }
    return [risk for risk, present in found.items() if present]


def _values(reading: Reading) -> dict[str, object]:
    counted = f" (counts as {degrees(reading.effective)} °C)" if reading.corrected else ""
    return {
        "celsius": reading.celsius,
        "effective": reading.effective,
        "typed": reading.typed,
        "counted": counted,
    }
