"""Take back, within a minute, what one did to an alert. The history keeps both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from alerts import acknowledge
from alerts.alarm import facts_of
from alerts.escalation.machine import Act, may
from db.access import Viewer
from db.models import AlertEvent
from db.stores import alerting, audit, taking_back

WITHIN = timedelta(minutes=1)
# What changes who has the alert: only the last of these can be taken back.
_TURNS = frozenset(
    {"acknowledged", "handed_back", "snoozed", "holder_told", "returned", "closed", "reopened"}
)
_TURNS_BACK = frozenset({"acknowledged", "handed_back", "closed"})
_WORDS = frozenset({"noted", "called"})


@dataclass(frozen=True)
class Undo:
    """What can be taken back until when; ``kind`` is one of ``db.models.AlertEvent``."""

    event_id: UUID
    kind: str
    until: datetime


def offered(history: Sequence[AlertEvent], viewer: Viewer, now: datetime) -> Undo | None:
    """Return the last thing that this viewer did and may still take back; None = nothing.

    Args:
        history: All of one alert, oldest first.
        viewer: Who asks; what others did is theirs to take back.
        now: The present instant, aware.
    """
    found = _own(history, viewer, now)
    if not found:
        return None
    # A note kept with the closing has its instant; the closing goes first.
    last = max(found, key=lambda event: (event.at, event.kind in _TURNS_BACK))
    return Undo(last.id, last.kind, last.at + WITHIN)


def undo(session: Session, viewer: Viewer, alert_id: UUID, event_id: UUID, now: datetime) -> bool:
    """Take one thing back; False when a minute has passed or somebody did something since."""
    viewer.require("alert.note")
    alert = alerting.alert(session, viewer, alert_id)
    own = _own(alerting.events(session, viewer, alert_id), viewer, now)
    event = next((event for event in own if event.id == event_id), None)
    match None if event is None else event.kind:
        case "acknowledged":
            return acknowledge.hand_back(session, viewer, alert_id, now)
        case "handed_back":
            return acknowledge.take(session, viewer, alert_id, now)
        case "closed":
            return may(Act.REOPEN, facts_of(alert)) and taking_back.reopen(
                session, viewer, alert_id, now - WITHIN, now
            )
        case "noted" | "called":
            told = {"event": str(event_id)}
            alerting.add_event(session, viewer, alert_id, "withdrawn", now, told)
            audit.note(
                session,
                viewer,
                "alert.withdraw",
                "alert",
                now,
                subject_id=alert_id,
                patient_id=alert.patient_id,
                detail=told,
            )
            return True
    return False


def withdrawn(history: Sequence[AlertEvent]) -> frozenset[str]:
    """Return the ids of the notes and calls that were taken back."""
    return frozenset(
        str(event.detail.get("event", "")) for event in history if event.kind == "withdrawn"
    )


def _own(history: Sequence[AlertEvent], viewer: Viewer, now: datetime) -> list[AlertEvent]:
    turns = [event for event in history if event.kind in _TURNS]
    gone = withdrawn(history)
    return [
        event
        for event in history
        if event.actor_id == viewer.actor_id
        and now - event.at <= WITHIN
        and (
            (event.kind in _TURNS_BACK and event is turns[-1])
            or (event.kind in _WORDS and str(event.id) not in gone)
        )
    ]
