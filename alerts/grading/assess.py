"""The one way in: an entry and what came before, to its assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alerts.grading.assessment import Assessment
from alerts.grading.case import Case
from alerts.grading.course import Context, Entry
from alerts.grading.doses import dose_reasons
from alerts.grading.labs import lab_grades, lab_reasons
from alerts.grading.level import settle
from alerts.grading.neutropenic_fever import SYMPTOM, neutropenic_fever_reasons
from alerts.grading.pruritus import pruritus_grades, pruritus_reasons
from alerts.grading.rash import grade_rash
from alerts.grading.rash_alert import rash_reasons
from alerts.grading.recurrence import recurrence_reasons
from alerts.grading.red_flags import red_flag_reasons
from alerts.grading.rules import DEFAULT_RULES, RuleSet
from alerts.grading.silence import silence_reasons
from alerts.grading.symptoms import symptom_grades, symptom_reasons, unwell_reasons
from alerts.grading.temperature import fever_grades, recheck_minutes, temperature_reasons
from alerts.grading.thermometer import read
from alerts.grading.windows import Windows

__all__ = ["Assessment", "assess", "assess_course"]


def assess(
    entry: Entry,
    earlier: Sequence[tuple[Entry, Assessment]],
    context: Context,
    rules: RuleSet = DEFAULT_RULES,
) -> Assessment:
    """Return the estimated grades, the level and the reasons of one entry.

    Args:
        entry: What was told now.
        earlier: Shape ``(n,)``, oldest first: every earlier entry of the course with its
            outcome. A part of the course is allowed; what is left out counts as not said.
        context: The treatment: doses, steroids, laboratory limits, the past reaction.
        rules: Thresholds of the clinic.

    Returns:
        The assessment; never raises for values that ``Entry`` and ``Context`` accept.
    """
    reading = read(entry.temperature_input, rules)
    symptoms = symptom_grades(entry)
    sores = entry.flagged("mouth_sores") or symptoms.get("mucositis", 0) >= 1
    rash = grade_rash(entry, sores, rules)
    grades = {
        **pruritus_grades(entry, rules),
        **rash.grades,
        **fever_grades(reading, entry, earlier, rules),
        **symptoms,
        **lab_grades(entry, context, rules),
    }
    windows = Windows(context, entry.day, rules)
    case = Case(entry, earlier, context, rules, reading, rash, grades, windows)
    neutropenic = neutropenic_fever_reasons(case)
    if neutropenic:
        case = replace(case, grades={**grades, SYMPTOM: 3})
    reasons = [
        *red_flag_reasons(case),
        *temperature_reasons(case),
        *neutropenic,
        *rash_reasons(case),
        *pruritus_reasons(case),
        *symptom_reasons(case),
        *recurrence_reasons(case),
        *lab_reasons(case),
        *dose_reasons(case),
        *silence_reasons(case),
    ]
    reasons += unwell_reasons(case, reasons)
    level, ordered = settle(case, reasons)
    return Assessment(
        grades=case.grades,
        v6_rash_maculopapular=rash.v6_maculopapular,
        level=level,
        reasons=ordered,
        temperature_celsius=reading.celsius,
        extent_percent=rash.extent_percent,
        rules_version=rules.version,
        recheck_minutes=recheck_minutes(ordered, rules),
    )


def assess_course(
    context: Context, entries: Sequence[Entry], rules: RuleSet = DEFAULT_RULES
) -> list[Assessment]:
    """Return the assessment of every entry of a course.

    Args:
        context: The treatment.
        entries: Shape ``(n,)``, oldest first.
        rules: Thresholds of the clinic.

    Returns:
        Shape ``(n,)``, in the order of the entries.
    """
    told: list[tuple[Entry, Assessment]] = []
    for entry in entries:
        told.append((entry, assess(entry, told, context, rules)))
    return [assessment for _, assessment in told]
