"""The alert rows: raise, update and advance them, in the caller's transaction.

The rules of escalation are pure (`alerts.escalation`); this module carries out what they decide
and writes every step into the alert's history.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from alerts.escalation.codes import alert_code
from alerts.escalation.decide import (
    AlertFacts,
    Notify,
    RaiseLevel,
    Rest,
    Wait,
    decide,
    decide_when_nobody,
)
from alerts.escalation.dedup import Absorb, OpenAlert, OpenNew, RaiseOpen, place
from alerts.escalation.policy import DEFAULT_POLICY, Policy, PolicyError, policy_from_json
from alerts.posting import post
from db.access import Viewer
from db.models import Alert, User
from db.stores import alerting, outbox, people

# A ladder has at most 20 steps; more rounds than that in one go would be a fault of ours.
MOST_ROUNDS_AT_ONCE = 50


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
) -> UUID:
    """Open an alert, or let an open one of the patient take this in, and queue who must know.

    Args:
        entry_id: The entry that asks for it; None when laboratory values do.
        lab_on: The day of those values.

    Returns:
        The id of the alert that holds the entry or the values.
    """
    evidence = {"entry": str(entry_id)} if entry_id is not None else {"labs": f"{lab_on}"}
    held = alerting.open_alerts_of(session, viewer, patient_id)
    index, placement = place([_open_alert(alert) for alert in held], level, reason_codes, now)
    if index is not None:
        taking = held[index]
        match placement:
            case Absorb(added_codes=added):
                _take_in(session, viewer, taking, "updated", evidence, added, now)
            case RaiseOpen(level=higher, added_codes=added):
                _take_in(
                    session, viewer, taking, "level_raised", evidence, added, now, level=higher
                )
                advance(session, viewer, taking, now)
            case OpenNew():
                raise AssertionError("place() names no alert when a new one is to be opened")
        return taking.id
    clinic = people.own_clinic(session, viewer)
    new = Alert(
        clinic_id=viewer.clinic_id,
        patient_id=patient_id,
        entry_id=entry_id,
        code=_free_code(session, viewer),
        level=level,
        reason_codes=list(reason_codes),
        raised_at=now,
        level_since=now,
        policy=clinic.policy,
        next_look_at=now,
    )
    alerting.add_alert(session, viewer, new)
    alerting.add_event(session, viewer, new.id, "raised", now, {"level": level, **evidence})
    advance(session, viewer, new, now)
    return new.id


def _free_code(session: Session, viewer: Viewer) -> str:
    while alerting.code_taken(session, viewer, code := alert_code(secrets.token_bytes(8))):
        pass
    return code


def advance(session: Session, viewer: Viewer, alert: Alert, now: datetime) -> None:
    """Carry out everything that is to be done about one alert by now.

    A decision made on a row that somebody changed meanwhile is dropped; the row is due again.
    """
    policy = _policy(session, viewer, alert, now)
    also: list[UUID] = []
    for _ in range(MOST_ROUNDS_AT_ONCE):
        facts = _facts(alert)
        decision = decide(facts, policy, now)
        if isinstance(decision, RaiseLevel):
            if decision.tell_holder and alert.acknowledged_by is not None:
                also.append(alert.acknowledged_by)
            _raise_level(session, viewer, alert, decision, now)
            continue
        people_told: list[User] = []
        while isinstance(decision, Notify):
            people_told = _people(session, viewer, decision.recipients, also)
            if people_told:
                break
            alerting.add_event(
                session, viewer, alert.id, "nobody_to_notify", now, {"step": decision.step}
            )
            decision = decide_when_nobody(decision, facts, policy, now)
        match decision:
            case Notify():
                _tell(session, viewer, alert, decision, people_told, now)
            case Wait(until=until):
                _change(session, viewer, alert, {"next_look_at": until})
            case Rest():
                _change(session, viewer, alert, {"next_look_at": None})
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
    _change(session, viewer, alert, values)
    alerting.add_event(session, viewer, alert.id, kind, now, {**evidence, "added": list(added)})


def _raise_level(
    session: Session, viewer: Viewer, alert: Alert, decision: RaiseLevel, now: datetime
) -> None:
    values: dict[str, object] = {
        "reason_codes": [*alert.reason_codes, decision.because],
        "acknowledged_by": None,
        "acknowledged_at": None,
    }
    _change(session, viewer, alert, values | _restart(decision.to, now))
    alerting.add_event(
        session,
        viewer,
        alert.id,
        "level_raised",
        now,
        {"level": decision.to, "because": decision.because},
    )


def _restart(level: str, now: datetime) -> dict[str, object]:
    return {
        "level": level,
        "level_since": now,
        "state": "open",
        "step": -1,
        "step_entered_at": None,
        "next_look_at": now,
    }


def _tell(
    session: Session,
    viewer: Viewer,
    alert: Alert,
    decision: Notify,
    people_told: Iterable[User],
    now: datetime,
) -> None:
    post(
        session,
        viewer,
        [user.id for user in people_told],
        now,
        kind="alert",
        clinic_too=True,
        alert_id=alert.id,
        step=decision.step,
        round=decision.round,
        level=alert.level,
    )
    alerting.add_event(
        session,
        viewer,
        alert.id,
        "step_reached",
        now,
        {"step": decision.step, "round": decision.round, "skipped": list(decision.skipped)},
    )
    _change(
        session,
        viewer,
        alert,
        {
            "step": decision.step,
            "round": decision.round,
            "step_entered_at": decision.entered_at,
            "next_look_at": decision.next_look_at,
        },
    )


def _people(
    session: Session, viewer: Viewer, words: Sequence[str], also: Iterable[UUID]
) -> list[User]:
    """Return the active people behind the words of a policy, each once."""
    found: dict[UUID, User] = {}
    for word in words:
        kind, _, which = word.partition(":")
        if kind == "role":
            for user in people.staff(session, viewer, role=which):
                found[user.id] = user
        else:
            also = [*also, UUID(which)]
    for user_id in also:
        user_or_none = outbox.recipient(session, viewer, user_id)
        if user_or_none is not None:
            found[user_or_none.id] = user_or_none
    return list(found.values())


def _policy(session: Session, viewer: Viewer, alert: Alert, now: datetime) -> Policy:
    """Return the alert's frozen policy; a damaged one is said so and the standard one holds."""
    try:
        return policy_from_json(alert.policy)
    except PolicyError:
        alerting.add_event(session, viewer, alert.id, "decision_failed", now, {"because": "policy"})
        return DEFAULT_POLICY


def _change(session: Session, viewer: Viewer, alert: Alert, values: dict[str, object]) -> None:
    alerting.change_alert(session, viewer, alert.id, alert.revision, values)
    alerting.alert(session, viewer, alert.id)  # reads the columns of `alert` again


def _open_alert(alert: Alert) -> OpenAlert:
    return OpenAlert(alert.level, alert.state, tuple(alert.reason_codes), alert.level_since)


def _facts(alert: Alert) -> AlertFacts:
    return AlertFacts(
        level=alert.level,
        state=alert.state,
        step=alert.step,
        round=alert.round,
        step_entered_at=alert.step_entered_at,
        raised_at=alert.raised_at,
        level_since=alert.level_since,
        acknowledged_at=alert.acknowledged_at,
    )
