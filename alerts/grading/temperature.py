"""Fever and chills: grade from the reading as typed, level from what it counts as (R4)."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.grading.assessment import Assessment
from alerts.grading.case import Case
from alerts.grading.course import Entry
from alerts.grading.reasons import Reason, Wording, days_ago, degrees, plain
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
    "{typed} cannot be right; in the other unit it is {celsius} °C, a fever: treated as fever "
    "until "
    "corrected.",
    "You entered a temperature of {typed}, which cannot be right. In the other unit it is a fever.",
    CAUTION,
)
SITE = Wording(
    "R4_SITE_ADJUSTED_PLUS_0_5",
    "{celsius} °C measured {site} counts as {effective} °C for the level; the value is kept.",
    "Readings {site} are often too low, so yours counts a little higher: {told}.",
    "Public thermometer guidance (0.3-0.6 degrees low); 0.5 is a design choice",
)
HIGH = Wording(
    "R4_TEMP_GE_38_3",
    "Temperature {celsius} °C{counted}: a single reading of {limit_celsius} °C or more.",
    "You have a fever: {told}.",
    IDSA,
)
SUSTAINED = Wording(
    "R4_TEMP_GE_38_0_SUSTAINED_1H",
    "Temperature {celsius} °C{counted}, and {limit_celsius} °C or more already {minutes} "
    "minutes earlier: "
    "sustained fever.",
    "Your fever has lasted for more than an hour: now {told}.",
    IDSA,
)
LOW_RISK = Wording(
    "R4_TEMP_38_0_TO_38_2_LOW_RISK_RECHECK_1H",
    "Temperature {celsius} °C{counted} with neutrophils {anc} x 10^9/L {anc_age} and no other "
    "risk: second reading asked for after {recheck}.",
    "You have a fever: {told}. Measure again in {recheck}. Phone at once if you shiver or feel "
    "worse.",
    IDSA,
)
NOT_EXCLUDED = Wording(
    "R4_TEMP_GE_38_0_NEUTROPENIA_NOT_EXCLUDED",
    "Temperature {celsius} °C{counted}, and not low risk: {risks}.",
    "You have a fever: {told}.",
    IDSA,
)
RECHECK_MISSING = Wording(
    "R4_RECHECK_NOT_ENTERED_90MIN",
    "No second temperature within {minutes} minutes after a fever of {before}.",
    "You had a fever, and the second temperature that we asked for has not come.",
    CAUTION,
)
RAISED_RISK = Wording(
    "R4_TEMP_37_5_TO_37_9_WITH_RISK",
    "Temperature {celsius} °C{counted} with {risks}.",
    "Your temperature is raised: {told}. It matters more because of {risks_told}.",
    "Design choice: steroids and painkillers hide fever",
)
RAISED = Wording(
    "R4_TEMP_37_5_TO_37_9_RECHECK_4H",
    "Temperature {celsius} °C{counted}: second reading asked for in {recheck}.",
    "Your temperature is a little raised: {told}. Measure again in {recheck}.",
    CAUTION,
)
LOW_UNWELL = Wording(
    "R4_TEMP_LT_36_UNWELL",
    "Temperature {celsius} °C{counted}, below {limit_celsius} °C, and the patient feels unwell.",
    "Your temperature is low, {told}, and you feel unwell.",
    "UK oncology nursing practice (unconfirmed); design choice",
)
CHILLS = Wording(
    "R4_CHILLS_MILD",
    "Mild chills without a raised temperature.",
    "You told us about chills. Please measure your temperature.",
    "CTCAE 5.0 chills",
)
RECHECK_AWAITED_MINUTES = 90
SITE_WORDS = {
    "oral": "in the mouth",
    "axillary": "under the arm",
    "tympanic": "in the ear",
    "forehead": "on the forehead",
    "rectal": "in the rectum",
}
RISKS_TOLD = {
    "a systemic steroid": "your steroid, which can hide a fever",
    "low neutrophils": "a low blood count",
    "a painkiller or fever medicine within 6 hours": (
        "the painkiller or fever medicine you took, which can hide a fever"
    ),
}
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
        if celsius is None or past.minute > entry.minute:
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
        before = _fever_waited_for(case)
        reasons.append(
            RECHECK_MISSING.reason(Level.URGENT, minutes=RECHECK_AWAITED_MINUTES, before=before)
        )
    reading = case.reading
    if reading.corrected:
        reasons.append(SITE.reason(Level.NONE, **_values(case)))
    fever = _fever(case)
    if fever is not None:
        reasons.append(fever)
    unwell = case.entry.flagged("feels_unwell")
    if reading.celsius is not None and below(reading.celsius, case.rules.low_celsius) and unwell:
        low = case.rules.low_celsius
        reasons.append(LOW_UNWELL.reason(Level.URGENT, **_values(case), limit_celsius=low))
    if case.entry.chills == "mild" and not any(reason.level for reason in reasons):
        reasons.append(CHILLS.reason(Level.DIGEST, told="mild chills"))
    return reasons


def recheck_minutes(reasons: Sequence[Reason], rules: RuleSet) -> int | None:
    """Return after how many minutes a second reading is asked for; None when it is not."""
    for reason in reasons:
        if reason.words is LOW_RISK:
            return rules.recheck_low_risk_minutes
        if reason.words is RAISED:
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
    if not reading.reaches(min(rules.raised_celsius, rules.fever_celsius)):
        return None
    values = _values(case)
    if reading.reaches(rules.high_fever_celsius):
        return HIGH.reason(Level.URGENT, **values, limit_celsius=rules.high_fever_celsius)
    if reading.reaches(rules.fever_celsius):
        lasting = [ago for ago in case.fever_before() if _sustained(ago, rules)]
        if lasting:
            return SUSTAINED.reason(
                Level.URGENT, **values, limit_celsius=rules.fever_celsius, minutes=max(lasting)
            )
        against = _not_low_risk(case)
        if against:
            return NOT_EXCLUDED.reason(Level.URGENT, **values, risks=", ".join(against))
        count = case.neutrophils(rules.anc_safe_days)[-1]
        return LOW_RISK.reason(
            Level.PROMPT,
            **values,
            anc=count.value,
            anc_age=days_ago(case.entry.day - count.day),
            recheck=_time(rules.recheck_low_risk_minutes),
        )
    if reading.reaches(rules.raised_celsius):
        risks = _risks(case)
        if risks:
            told = ", ".join(RISKS_TOLD.get(risk, risk) for risk in risks)
            return RAISED_RISK.reason(
                Level.PROMPT, **values, risks=", ".join(risks), risks_told=told
            )
        return RAISED.reason(Level.DIGEST, **values, recheck=_time(rules.recheck_raised_minutes))
    return None


def _sustained(minutes_ago: int, rules: RuleSet) -> bool:
    return rules.sustained_after_minutes <= minutes_ago <= rules.sustained_within_minutes


def _not_low_risk(case: Case) -> list[str]:
    """Return what speaks against a low risk; empty when it is low and all of it is known."""
    entry, rules = case.entry, case.rules
    counts = case.neutrophils(rules.anc_safe_days)
    low = bool(counts) and not at_least(counts[-1].value, rules.anc_safe)
    rash = case.grades.get("rash")
    found = {
        f"no neutrophil count in the last {rules.anc_safe_days} days": not counts,
        f"neutrophils {plain(counts[-1].value) if counts else ''}": low,
        "a rash": rash is not None and rash > 0,
        "a rash was not asked about": rash is None,
        "a systemic steroid": case.on_steroid(),
        # The red flags hold shaking and feeling unwell; once asked, chills need no second question.
        "danger signs were not asked about": entry.red_flags is None,
        "chills": entry.chills not in (None, "none") or entry.flagged("rigors"),
        "feeling unwell": entry.flagged("feels_unwell"),
        "a severe reaction in the past": case.context.has_prior_severe_reaction,
    }
    return [words for words, present in found.items() if present]


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


def _fever_waited_for(case: Case) -> str:
    for past, _ in reversed(case.earlier):
        celsius = read(past.temperature_input, case.rules).celsius
        if celsius is not None:
            return f"{degrees(celsius)} °C"
    return "38.0 to 38.2 °C"


def _time(minutes: int) -> str:
    if minutes % 60:
        return f"{minutes} minutes"
    return "1 hour" if minutes == 60 else f"{minutes // 60} hours"


def _values(case: Case) -> dict[str, object]:
    reading, typed = case.reading, case.entry.temperature_input
    if typed is None or reading.celsius is None or reading.effective is None:
        return {}
    in_fahrenheit = typed.unit == "F"
    told = f"{typed.value:.1f} °F" if in_fahrenheit else f"{degrees(reading.celsius)} °C"
    counted = f", {typed.value:.1f} °F" if in_fahrenheit else ""
    site = SITE_WORDS.get(typed.site, "")
    if reading.corrected:
        effective = f"{degrees(reading.effective)} °C"
        counted += f" {site} (counts as {effective})"
        if in_fahrenheit:
            effective = f"{reading.effective * 1.8 + 32:.1f} °F"
        told += f" {site}, which counts as {effective}"
    return {
        "celsius": reading.celsius,
        "effective": reading.effective,
        "typed": reading.typed,
        "site": site or "at a site that was not told",
        "counted": counted,
        "told": told,
    }
