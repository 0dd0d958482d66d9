"""The alert rows: raise, update and advance them, in the caller's transaction.

The rules of escalation are pure (`alerts.escalation`); this module carries out what they decide
and writes every step into the alert's history.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from alerts import telling
from alerts.escalation.codes import alert_code
from alerts.escalation.decide import (
    Notify,
    RaiseLevel,
    RemindHolder,
    Rest,
    ReturnToTeam,
    Wait,
    becomes_urgent_at,
    decide,
)
from alerts.escalation.dedup import Absorb, OpenAlert, OpenNew, RaiseOpen, place
from alerts.escalation.machine import AlertFacts
from alerts.escalation.policy import DEFAULT_POLICY, Policy, PolicyError, policy_from_json
from alerts.escalation.quiet_hours import deliver_at
from alerts.escalation.reach import reach
from alerts.escalation.staffing import Staffing
from alerts.recipients import staffing
from db.access import Viewer
from db.models import Alert
from db.stores import alerting, people, taking_back

# A ladder has at most 20 steps; more rounds than that in one go would be a fault of ours.
MOST_ROUNDS_AT_ONCE = 50

_NO_HOLDER: dict[str, object] = {
    "acknowledged_by": None,
    "acknowledged_at": None,
    "snoozed_until": None,
    "holder_told_at": None,
}


def raise_alert(
    session: Session,
    viewer: Viewer,
    *,
    patient_id: UUID,
    entry_id: UUID | None,
    level: str,
    reason_codes: Sequence[str],
    now: datetime,
    lab_on: date | None = None,
    silent_on: date | None = None,
    dose_on: date | None = None,
) -> UUID:
    """Open an alert, or let an open one of the patient take this in, and queue who must know.

    Args:
        entry_id: The entry that asks for it; None when something else does.
        lab_on: The day of the laboratory values that do.
        silent_on: The day without an entry that does.
        dose_on: The day whose dose log does.

    Returns:
        The id of the alert that holds the entry or the values.
    """
    told = {"entry": entry_id, "labs": lab_on, "silent": silent_on, "doses": dose_on}
    evidence = {name: str(value) for name, value in told.items() if value is not None}
    if people.patient(session, viewer, patient_id).is_test:
        new = _new_alert(session, viewer, patient_id, entry_id, level, reason_codes, now)
        return _keep(session, viewer, new, evidence, now)
    held = alerting.open_alerts_of(session, viewer, patient_id)
    index, placement = place([_open_alert(alert) for alert in held], level, reason_codes, now)
    if index is not None:
        taking = held[index]
        match placement:
            case Absorb(added_codes=added):
                _take_in(session, viewer, taking, "updated", evidence, added, now)
            case RaiseOpen(level=higher, added_codes=added):
                held_back = taking_back.withdraw_held(session, viewer, taking.id)
                _take_in(
                    session, viewer, taking, "level_raised", evidence, added, now, level=higher
                )
                advance(session, viewer, taking, now, held_back)
            case OpenNew():
                raise AssertionError("place() names no alert when a new one is to be opened")
        return taking.id
    new = _new_alert(session, viewer, patient_id, entry_id, level, reason_codes, now)
    new.policy, new.next_look_at = people.own_clinic(session, viewer).policy, now
    _keep(session, viewer, new, evidence, now)
    advance(session, viewer, new, now)
    return new.id


def _new_alert(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    entry_id: UUID | None,
    level: str,
    reason_codes: Sequence[str],
    now: datetime,
) -> Alert:
    """Return an alert without a ladder: that of the test patient stays so and wakes nobody."""
    return Alert(
        clinic_id=viewer.clinic_id,
        patient_id=patient_id,
        entry_id=entry_id,
        code=_free_code(session, viewer),
        level=level,
        reason_codes=list(reason_codes),
        raised_at=now,
        level_since=now,
        policy={},
    )


def _keep(
    session: Session, viewer: Viewer, new: Alert, evidence: Mapping[str, str], now: datetime
) -> UUID:
    alerting.add_alert(session, viewer, new)
    detail = {"level": new.level, **evidence}
    alerting.add_event(session, viewer, new.id, "raised", now, detail)
    return new.id


def _free_code(session: Session, viewer: Viewer) -> str:
    while alerting.code_taken(session, viewer, code := alert_code(secrets.token_bytes(8))):
        pass
    return code


def advance(
    session: Session, viewer: Viewer, alert: Alert, now: datetime, besides: Iterable[UUID] = ()
) -> None:
    """Carry out everything that is to be done about one alert by now.

    A decision made on a row that somebody changed meanwhile is dropped; the row is due again.

    Args:
        besides: People to be told in the first round besides those of the ladder.
    """
    if alert.is_test:
        return
    policy = _policy(session, viewer, alert, now)
    staff = staffing(session, viewer, now, _kinds(policy))
    also = list(besides)
    for _ in range(MOST_ROUNDS_AT_ONCE):
        facts = facts_of(alert)
        decision = decide(facts, policy, now)
        holder_left = alert.acknowledged_by not in staff.people
        if isinstance(decision, RemindHolder) and holder_left:
            decision = ReturnToTeam()
        if isinstance(decision, RaiseLevel | ReturnToTeam):
            if alert.acknowledged_by is not None:
                also.append(alert.acknowledged_by)
            if isinstance(decision, RaiseLevel):
                also += taking_back.withdraw_held(session, viewer, alert.id)
                _raise_level(session, viewer, alert, decision, now)
            else:
                _return(session, viewer, alert, now)
            continue
        if isinstance(decision, Notify):
            found = reach(decision, facts, policy, now, staff.behind)
            told = [*found.people, *(user for user in also if user in staff.people)]
            for step in found.passed:
                alerting.add_event(
                    session, viewer, alert.id, "nobody_to_notify", now, {"step": step}
                )
            decision = found.decision
        match decision:
            case Notify():
                leaves = _leaves(alert, policy, staff, now)
                telling.tell(
                    session,
                    viewer,
                    alert,
                    decision,
                    dict.fromkeys(told),
                    now,
                    leaves,
                    instead=found.resort,
                )
            case RemindHolder():
                leaves = now if decision.asked else _leaves(alert, policy, staff, now)
                telling.remind(session, viewer, alert, decision, now, leaves)
            case Wait(until=until):
                if alert.next_look_at != until:
                    telling.change(session, viewer, alert, {"next_look_at": until})
            case Rest():
                telling.change(session, viewer, alert, {"next_look_at": None})
        return


def _take_in(
    session: Session,
    viewer: Viewer,
    alert: Alert,
    kind: str,
    evidence: Mapping[str, str],
    added: Sequence[str],
    now: datetime,
    *,
    level: str | None = None,
) -> None:
    """Add new evidence to an open alert; nothing that was there is lost."""
    values: dict[str, object] = {"reason_codes": [*alert.reason_codes, *added]}
    if level is not None:
        values |= _restart(level, now)
    telling.change(session, viewer, alert, values)
    alerting.add_event(session, viewer, alert.id, kind, now, {**evidence, "added": list(added)})


def _raise_level(
    session: Session, viewer: Viewer, alert: Alert, decision: RaiseLevel, now: datetime
) -> None:
    values: dict[str, object] = {
        "reason_codes": [*alert.reason_codes, decision.because],
        **_NO_HOLDER,
    }
    telling.change(session, viewer, alert, values | _restart(decision.to, now))
    alerting.add_event(
        session,
        viewer,
        alert.id,
        "level_raised",
        now,
        {"level": decision.to, "because": decision.because},
    )


def _return(session: Session, viewer: Viewer, alert: Alert, now: datetime) -> None:
    """Open an alert again whose holder did not close it; its ladder goes on where it was."""
    holder = {"user": str(alert.acknowledged_by)}
    telling.change(session, viewer, alert, {"state": "open", "next_look_at": now, **_NO_HOLDER})
    alerting.add_event(session, viewer, alert.id, "returned", now, holder)


def _restart(level: str, now: datetime) -> dict[str, object]:
    return {
        "level": level,
        "level_since": now,
        "state": "open",
        "step": -1,
        "step_entered_at": None,
        "next_look_at": now,
    }


def _leaves(alert: Alert, policy: Policy, staff: Staffing, now: datetime) -> datetime:
    urgent_at = becomes_urgent_at(facts_of(alert))
    return deliver_at(alert.level, policy.quiet, staff.zone, now, urgent_at)


def _kinds(policy: Policy) -> set[str]:
    """Return which kinds of words a policy has."""
    steps = (*policy.urgent.steps, *policy.prompt.steps)
    return {word.partition(":")[0] for step in steps for word in step.notify}


def _policy(session: Session, viewer: Viewer, alert: Alert, now: datetime) -> Policy:
    """Return the alert's frozen policy; a damaged one is said so and the standard one holds."""
    try:
        return policy_from_json(alert.policy)
    except PolicyError:
        alerting.add_event(session, viewer, alert.id, "decision_failed", now, {"because": "policy"})
        return DEFAULT_POLICY


def _open_alert(alert: Alert) -> OpenAlert:
    return OpenAlert(alert.level, alert.state, tuple(alert.reason_codes), alert.level_since)


def facts_of(alert: Alert) -> AlertFacts:
    """Return what the rules of escalation need to know of an alert."""
    return AlertFacts(
        level=alert.level,
        state=alert.state,
        step=alert.step,
        round=alert.round,
        step_entered_at=alert.step_entered_at,
        raised_at=alert.raised_at,
        level_since=alert.level_since,
        acknowledged_at=alert.acknowledged_at,
        snoozed_until=alert.snoozed_until,
        holder_told_at=alert.holder_told_at,
    )
