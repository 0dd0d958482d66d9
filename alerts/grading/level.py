"""How soon a person must know: the worst reason, and two ambers as one red (R7, R9A)."""

from __future__ import annotations

from collections.abc import Container, Iterable

from alerts.grading.case import Case
from alerts.grading.reasons import Reason, Wording
from alerts.grading.silence import REMINDER
from alerts.grading.symptoms import DOMAINS
from alerts.grading.temperature import RAISED_RISK, SITE
from alerts.grading.terms import Level

TWO_AMBERS = Wording(
    "R7_TWO_OR_MORE_FRESH_AMBERS",
    "New or worse in several domains at once ({domains}): raised by one level.",
    "You told us about several new or worse symptoms at once: {domains}.",
    "UKONS triage principle: two ambers count as one red",
)
NOTHING = Wording(
    "NO_CRITERIA_MET",
    "No criterion for an alert is met by this entry.",
    "Your entry has been saved.",
    "Rules of this diary",
)
WORDINGS = (TWO_AMBERS, NOTHING)

# How a reading is counted, or a word to the patient: nothing the care team is told.
REMARKS = frozenset({SITE.code, REMINDER.code})


def worst(reasons: Iterable[Reason]) -> Level:
    """Return the highest level of the reasons, ``none`` when there are none."""
    return max([reason.level for reason in reasons], default=Level.NONE)


def amber_domains(case: Case, codes: Container[str]) -> list[str]:
    """Return the domains with a fresh grade of exactly 2, and fever when raised with risk."""
    grades, amber = case.grades, case.rules.amber_grades
    domains = []
    if not amber.isdisjoint(grades.values()):
        domains = [
            domain
            for symptom, domain in DOMAINS.items()
            if grades.get(symptom, 0) in amber and case.fresh(symptom)
        ]
    if RAISED_RISK.code in codes:
        domains.append("fever")
    return list(dict.fromkeys(domains))


def settle(case: Case, reasons: list[Reason]) -> tuple[Level, tuple[Reason, ...]]:
    """Return the level of the entry and its reasons, most urgent first, in rule order.

    Two or more amber domains raise the level by one step, after all other rules.
    """
    level = worst(reasons)
    codes = {reason.code for reason in reasons}
    if level < Level.URGENT:
        domains = amber_domains(case, codes)
        if len(domains) >= case.rules.amber_domains:
            level = level.raised()
            reasons = [*reasons, TWO_AMBERS.reason(level, domains=", ".join(domains))]
            codes.add(TWO_AMBERS.code)
    if codes <= REMARKS:
        reasons = [*reasons, NOTHING.reason(Level.NONE)]
    return level, tuple(sorted(reasons, key=lambda reason: -reason.level))
