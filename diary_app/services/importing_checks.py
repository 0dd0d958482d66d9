"""What no screen could show or no rule could read does not come into a diary."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.grading.body_surface import AMOUNTS, PERCENT_BY_REGION
from alerts.grading.pro_ctcae_wording import QUESTIONS
from alerts.grading.terms import MORPHOLOGY, RED_FLAGS, Level
from diary_app.exports.bundle import (
    EntryLine,
    FindingLine,
    MedicineLine,
    QuestionLine,
    VisitBundle,
    VisitLine,
)
from diary_app.imports.errors import MOST_ROWS
from diary_app.services.appointments import LONGEST, SHORTEST
from diary_app.services.enrolling import LONGEST_CODE, LONGEST_NAME
from diary_app.services.facts import LONGEST_DOSE, LONGEST_REASON
from diary_app.services.facts import LONGEST_NAME as LONGEST_MEDICINE
from diary_app.services.refusals import RefusedError
from diary_app.state.visit_questions import LONGEST_WORDS
from diary_app.text import _

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WORD = re.compile(r"[a-z_]{1,40}")
_CODE = re.compile(r"[A-Z0-9-]{1,20}")
_LONGEST_TEXT = 20_000
_LEVELS = {level.word for level in Level}
_AHEAD = timedelta(days=1)
_VISITS_AHEAD = timedelta(days=3700)


def check(bundle: VisitBundle, now: datetime) -> None:
    """Pass, or raise RefusedError with what is wrong with a bundle from elsewhere."""
    versions = [one for entry in bundle.entries for one in (*entry.earlier, entry)]
    rows = (
        *versions,
        *(bundle.dose_words or bundle.doses),
        *bundle.labs,
        *bundle.plan,
        *bundle.former_plan,
        *bundle.alerts,
        *(event for alert in bundle.alerts for event in alert.events),
        *bundle.photos,
        *bundle.weeks,
        *bundle.findings,
        *bundle.medicines,
        *bundle.questions,
    )
    if len(rows) + len(bundle.visits) > MOST_ROWS:
        raise RefusedError(_("This file holds more than any diary; nothing was imported."))
    if not (0 < len(bundle.patient_name.strip()) <= LONGEST_NAME) or not (
        0 < len(bundle.patient_code.strip()) <= LONGEST_CODE
    ):
        raise _wrong(_("name or code of the patient"))
    zones = {bundle.time_zone, *(row.time_zone for row in versions if row.time_zone)}
    zones |= {dose.time_zone for dose in bundle.dose_words if dose.time_zone}
    zones |= {week.time_zone for week in bundle.weeks if week.time_zone}
    if not all(map(_is_zone, zones)):
        raise _wrong(_("time zone"))
    if any(_ahead(value, now) for row in rows for value in vars(row).values()):
        raise _wrong(_("a day or time that lies ahead"))
    for line in versions:
        _check_entry(line)
    for medicine in bundle.medicines:
        _check_medicine(medicine)
    for visit in bundle.visits:
        _check_visit(visit, now)
    for question in bundle.questions:
        _check_question(question)
    made: list[EntryLine | FindingLine] = [*versions, *bundle.findings]
    for row in made:
        _check_meaning(row)
    clocks = [dose.taken_clock for dose in bundle.dose_words or bundle.doses]
    if not all(_CLOCK.fullmatch(clock) for clock in clocks if clock is not None):
        raise _wrong(_("time of a dose"))
    for alert in bundle.alerts:
        if not _CODE.fullmatch(alert.code) or not all(
            _WORD.fullmatch(event.kind) for event in alert.events
        ):
            raise _wrong(_("alert"))
    for week in bundle.weeks:
        if not QUESTIONS.keys() >= week.answers.keys() or not all(
            score is None or 0 <= score <= 4 for score in week.answers.values()
        ):
            raise _wrong(_("weekly answer"))
    if any(row.about == "timer" and row.entry_id is None for row in bundle.findings):
        raise _wrong(_("finding"))


def _check_medicine(line: MedicineLine) -> None:
    lengths = (
        (line.name, LONGEST_MEDICINE),
        (line.dose, LONGEST_DOSE),
        (line.taken_for, LONGEST_REASON),
        (line.end_reason, LONGEST_REASON),
    )
    if not line.name.strip() or any(len(words) > most for words, most in lengths):
        raise _wrong(_("other medicine"))
    if line.since is not None and line.until is not None and line.until < line.since:
        raise _wrong(_("other medicine"))


def _check_visit(line: VisitLine, now: datetime) -> None:
    changed = (line.changed_at, line.cancelled_at)
    if line.starts_at > now + _VISITS_AHEAD or any(_ahead(at, now) for at in changed):
        raise _wrong(_("a day or time that lies ahead"))
    if not SHORTEST <= line.minutes <= LONGEST or line.sequence < 0:
        raise _wrong(_("visit"))


def _check_question(line: QuestionLine) -> None:
    if not 0 < len(line.words.strip()) <= LONGEST_WORDS:
        raise _wrong(_("question for the visit"))
    if line.ended_how not in {None, "answered", "taken_back"} or (
        (line.ended_how is None) != (line.ended_at is None)
    ):
        raise _wrong(_("question for the visit"))


def _check_entry(line: EntryLine) -> None:
    answers = line.answers if line.said is None else line.said
    if line.local_time is not None and not _CLOCK.fullmatch(line.local_time):
        raise _wrong(_("time of an entry"))
    regions = answers.get("regions") or {}
    if not isinstance(regions, dict) or not all(
        region in PERCENT_BY_REGION and amount in AMOUNTS for region, amount in regions.items()
    ):
        raise _wrong(_("body map"))
    for name, known in (("morphology", MORPHOLOGY), ("red_flags", RED_FLAGS)):
        ticked = answers.get(name) or []
        if not isinstance(ticked, list) or not known.issuperset(ticked):
            raise _wrong(name)
    if any(isinstance(said, str) and len(said) > _LONGEST_TEXT for said in answers.values()):
        raise _wrong(_("words of an entry"))


def _check_meaning(line: EntryLine | FindingLine) -> None:
    if any(reason.level not in _LEVELS for reason in line.reasons):
        raise _wrong(_("level of a reason"))
    if not all(0 <= grade <= 4 for grade in line.grades.values()):
        raise _wrong(_("grade"))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _ahead(value: object, now: datetime) -> bool:
    return isinstance(value, datetime) and value > now + _AHEAD


def _wrong(what: str) -> RefusedError:
    return RefusedError(
        _("A value of this file cannot be kept ({name}); nothing was imported.").format(name=what)
    )
