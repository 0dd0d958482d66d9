"""Why alerts were raised: their reasons with the sentences that the rules kept."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from alerts.grading.terms import Level
from db.access import Viewer
from db.models import Alert, AlertEvent, Assessment
from db.stores import assessments, inbox
from diary_app.exports.bundle import ReasonLine
from diary_app.services.visit_lines import reason_lines

_EVIDENCE = ("labs", "silent", "doses")


def reasons_of(
    session: Session, viewer: Viewer, alert: Alert, history: Sequence[AlertEvent]
) -> tuple[ReasonLine, ...]:
    """Return one alert's reasons, as `reasons_of_all` does."""
    return reasons_of_all(session, viewer, [alert], {alert.id: history})[alert.id]


def reasons_of_all(
    session: Session,
    viewer: Viewer,
    alerts: Sequence[Alert],
    histories: Mapping[UUID, Sequence[AlertEvent]],
) -> dict[UUID, tuple[ReasonLine, ...]]:
    """Return the reasons of each alert, most urgent first, each code once.

    Asks as much for many alerts as for one.

    Args:
        histories: Of each alert, oldest first.

    Returns:
        By the alert's id; a code without a kept sentence stands for itself.
    """
    behind = {alert.id: entry_ids(alert, histories[alert.id]) for alert in alerts}
    every = {entry_id for ids in behind.values() for entry_id in ids}
    days = {
        day
        for alert in alerts
        for evidence in _EVIDENCE
        for day in days_behind(histories[alert.id], evidence)
    }
    made = assessments.of_entries(session, viewer, every)
    beside = inbox.beside_entries(
        session, viewer, {alert.patient_id for alert in alerts}, every, days
    )
    return {
        alert.id: _reasons(
            alert,
            histories[alert.id],
            behind[alert.id],
            made,
            [row for row in beside if row.patient_id == alert.patient_id],
        )
        for alert in alerts
    }


def _reasons(
    alert: Alert,
    history: Sequence[AlertEvent],
    ids: Sequence[UUID],
    made: Mapping[UUID, Assessment],
    beside: Sequence[Assessment],
) -> tuple[ReasonLine, ...]:
    """Return the reasons of one alert.

    Args:
        ids: The entries behind it, newest first.
        made: The newest assessment of each entry.
        beside: What was made of the patient's days and timers, oldest first.
    """
    kept = {
        line.code: line for entry_id in reversed(ids) for line in reason_lines(made.get(entry_id))
    }
    by_labs = {row.lab_on: row for row in beside}
    for day in sorted(days_behind(history, "labs")):
        for line in reason_lines(by_labs.get(day)):
            kept.setdefault(line.code, line)
    by_silence = {row.silent_on: row for row in beside}
    for day in sorted(days_behind(history, "silent")):
        for line in reason_lines(by_silence.get(day)):
            kept[line.code] = line
    by_doses = {row.dose_on: row for row in beside}
    for day in sorted(days_behind(history, "doses")):
        for line in reason_lines(by_doses.get(day)):
            kept.setdefault(line.code, line)
    for entry_id, by_timer in {row.timer_of: row for row in beside}.items():
        for line in reason_lines(by_timer) if entry_id in ids else ():
            kept.setdefault(line.code, line)
    lines = [
        kept.get(code, ReasonLine(code=code, level=alert.level, sentence="", source=""))
        for code in alert.reason_codes
    ]
    # Python's sort is stable: within a level the order of the rules stays.
    return tuple(sorted(lines, key=lambda line: -_rank(line.level)))


def _rank(level: str) -> int:
    try:
        return Level.from_word(level)
    except ValueError:
        return Level.URGENT


def entry_ids(alert: Alert, history: Sequence[AlertEvent]) -> list[UUID]:
    """Return the entries behind an alert, newest first; what is no id is passed over."""
    found = [] if alert.entry_id is None else [alert.entry_id]
    for event in history:
        try:
            entry_id = UUID(str(event.detail.get("entry", "")))
        except ValueError:
            continue
        if entry_id not in found:
            found.append(entry_id)
    return found[::-1]


def days_behind(history: Sequence[AlertEvent], evidence: str) -> frozenset[date]:
    """Return the days behind an alert: of ``labs``, of ``doses`` alone, or ``silent``."""
    found = set()
    for event in history:
        try:
            found.add(date.fromisoformat(str(event.detail.get(evidence, ""))))
        except ValueError:
            continue
    return frozenset(found)
