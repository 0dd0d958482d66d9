"""The escalation policy of a clinic. Alerts keep the copy they were raised with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError
from db.models import Alert
from db.stores import audit, people


def policy(session: Session, viewer: Viewer) -> dict[str, Any]:
    """Return the policy that the next alert gets, as plain JSON values."""
    viewer.require("policy.read")
    return dict(people.own_clinic(session, viewer).policy)


def tells(session: Session, viewer: Viewer, word: str) -> bool:
    """Return whether the policy, or that of an alert nobody closed, tells this word."""
    viewer.require("policy.read")
    kept = session.exec(
        select(Alert.policy).where(
            col(Alert.clinic_id) == viewer.clinic_id, col(Alert.state) != "closed"
        )
    )
    return any(word in str(each) for each in (policy(session, viewer), *kept))


def keep_policy(
    session: Session,
    viewer: Viewer,
    content: Mapping[str, Any],
    known: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep a policy for alerts that are raised from now on; the audit keeps every one.

    Args:
        content: As `policy_to_json` writes it, checked by `policy_from_json`.
        known: The policy that the editor began with.

    Raises:
        ConflictError: Somebody kept another policy since it was read.
    """
    viewer.require("policy.write")
    clinic = people.own_clinic(session, viewer)
    if clinic.policy != dict(known):
        raise ConflictError("A colleague changed the policy meanwhile. Look at it and try again.")
    clinic.policy = dict(content)
    session.add(clinic)
    session.flush()
    audit.note(
        session,
        viewer,
        "policy.change",
        "clinic",
        now,
        subject_id=clinic.id,
        detail={"policy": dict(content)},
    )
