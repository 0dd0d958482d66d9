"""Doses taken beside doses planned: too much, missed, too little (R10)."""

from __future__ import annotations

from alerts.grading.case import Case
from alerts.grading.course import Entry
from alerts.grading.reasons import Reason, Wording, plain
from alerts.grading.terms import Level, above, below

LABEL = "Imatinib label and EU leaflet: 800 mg a day is the highest dose, never a double dose"
TAPER = "Design choice: a steroid must not be stopped at once"

ABOVE = Wording(
    "R10_DOSE_ABOVE_PLAN",
    "Imatinib {taken} mg taken, {planned} mg planned{because}.",
    "You took {taken} mg of imatinib, more than the {planned} mg planned. Ask your care team "
    "before "
    "the next dose.",
    LABEL,
)
MISSED = Wording(
    "R10_MISSED_DOSE",
    "Imatinib dose of {planned} mg missed.",
    "You told us that you did not take your {planned} mg of imatinib.",
    LABEL,
)
MISSED_RUN = Wording(
    "R10_MISSED_3_CONSECUTIVE",
    "Imatinib missed {run} planned doses in a row.",
    "You have missed {run} doses of imatinib in a row. Do not take extra to catch up.",
    LABEL,
)
LESS = Wording(
    "R10_DOSE_BELOW_PLAN",
    "Imatinib {taken} mg taken, {planned} mg planned.",
    "You took {taken} mg of imatinib, less than the {planned} mg planned.",
    LABEL,
)
STEROID_MISSED = Wording(
    "R10_STEROID_MISSED",
    "Steroid dose of {planned} mg missed.",
    "You told us that you did not take your {planned} mg of steroid.",
    TAPER,
)
STEROID_STOPPED = Wording(
    "R10_STEROID_STOPPED_ABRUPTLY",
    "Steroid missed {run} planned doses in a row: stopped abruptly.",
    "You have missed your steroid {run} times in a row. Do not stop it on your own: ask your care "
    "team.",
    TAPER,
)
WORDINGS = (ABOVE, MISSED, MISSED_RUN, LESS, STEROID_MISSED, STEROID_STOPPED)


def dose_reasons(case: Case) -> list[Reason]:
    """Return what the care team should know about the doses of this entry."""
    return _imatinib(case) + _steroid(case)


def missed_in_a_row(case: Case, drug: str) -> int:
    """Return how many planned doses in a row were missed, this entry's included.

    Days without a planned dose, and days without an answer, neither count nor end the run; a
    day on which some of the drug was taken ends it. Each day counts once.

    Args:
        case: The entry must itself report a missed dose.
        drug: ``imatinib`` or ``prednisolone``.
    """
    days = {case.entry.day}
    for entry, _ in reversed(case.earlier):
        taken, planned = _dose(entry, drug)
        if taken is None or planned is None or not above(planned, 0):
            continue
        if above(taken, 0):
            break
        days.add(entry.day)
    return len(days)


def _imatinib(case: Case) -> list[Reason]:
    taken, planned = _dose(case.entry, "imatinib")
    if taken is None or planned is None:
        return []
    if above(taken, planned):
        highest = case.rules.highest_daily_mg
        because = ""
        if above(taken, highest):
            because = f", over {plain(highest)} mg a day"
        elif _anything_else(case):
            because = ", with a symptom or a raised laboratory value in the same entry"
        level = Level.URGENT if because else Level.PROMPT
        return [ABOVE.reason(level, taken=taken, planned=planned, because=because)]
    if not below(taken, planned):
        return []
    if above(taken, 0):
        return [LESS.reason(Level.DIGEST, taken=taken, planned=planned)]
    run = missed_in_a_row(case, "imatinib")
    if run >= case.rules.missed_doses:
        return [MISSED_RUN.reason(Level.PROMPT, run=run, planned=planned)]
    return [MISSED.reason(Level.DIGEST, planned=planned)]


def _steroid(case: Case) -> list[Reason]:
    taken, planned = _dose(case.entry, "prednisolone")
    if taken is None or planned is None or above(taken, 0) or not above(planned, 0):
        return []
    run = missed_in_a_row(case, "prednisolone")
    if run >= case.rules.missed_steroid_doses:
        return [STEROID_STOPPED.reason(Level.PROMPT, run=run, planned=planned)]
    return [STEROID_MISSED.reason(Level.DIGEST, planned=planned)]


def _anything_else(case: Case) -> bool:
    return (
        any(grade > 0 for grade in case.grades.values())
        or bool(case.entry.red_flags)
        or case.entry.chills == "rigors"
    )


def _dose(entry: Entry, drug: str) -> tuple[float | None, float | None]:
    if drug == "imatinib":
        return entry.imatinib_mg_taken, entry.imatinib_mg_prescribed
    return entry.prednisolone_mg_taken, entry.prednisolone_mg_prescribed
