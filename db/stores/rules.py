"""The rule sets of a clinic: proposed by one person, replayed, approved by another."""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import AuditEvent, RuleSetRow
from db.stores import audit

logger = logging.getLogger(__name__)


def in_force(session: Session, viewer: Viewer, now: datetime) -> RuleSetRow | None:
    """Return the rule set that grades at this instant; None = the reviewed rules.

    One whose content is not what the audit chain says was approved is not used: somebody wrote
    it into the database.
    """
    viewer.require("rules.read")
    found = session.exec(
        select(RuleSetRow)
        .where(
            col(RuleSetRow.clinic_id) == viewer.clinic_id,
            col(RuleSetRow.approved_by).is_not(None),
            col(RuleSetRow.in_force_from) <= now,
        )
        .order_by(col(RuleSetRow.in_force_from).desc(), col(RuleSetRow.approved_at).desc())
        .limit(1)
    ).first()
    if found is None or _as_approved(session, found):
        return found
    logger.error("rule set %s is not what was approved; the reviewed rules hold", found.id)
    return None


def unlike_approved(session: Session) -> list[RuleSetRow]:
    """Return the approved rule sets of all clinics that are not what was approved.

    Asked by `diary verify` on the machine itself, where there is no viewer.
    """
    approved = session.exec(select(RuleSetRow).where(col(RuleSetRow.approved_by).is_not(None)))
    return [row for row in approved if not _as_approved(session, row)]


def rule_sets(session: Session, viewer: Viewer) -> list[RuleSetRow]:
    """Return every rule set of the clinic, newest first."""
    viewer.require("rules.read")
    return list(
        session.exec(
            select(RuleSetRow)
            .where(col(RuleSetRow.clinic_id) == viewer.clinic_id)
            .order_by(col(RuleSetRow.proposed_at).desc(), col(RuleSetRow.id).desc())
        )
    )


def rule_set(session: Session, viewer: Viewer, rule_set_id: UUID) -> RuleSetRow:
    """Return one rule set of the clinic."""
    viewer.require("rules.read")
    found = session.exec(
        select(RuleSetRow)
        .where(col(RuleSetRow.id) == rule_set_id, col(RuleSetRow.clinic_id) == viewer.clinic_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFoundError("This rule set is not in your clinic's list.")
    return found


def propose(
    session: Session, viewer: Viewer, content: Mapping[str, Any], reason: str, now: datetime
) -> UUID:
    """Keep a proposed rule set, which grades nothing yet, and return its id.

    Args:
        content: As `rule_set_to_json` writes it, checked against the hard limits.

    Raises:
        ConflictError: The clinic has a rule set of this version.
    """
    viewer.require("rules.propose")
    version = str(content["version"])
    if any(row.version == version for row in rule_sets(session, viewer)):
        raise ConflictError(f"The clinic has a rule set {version} already; choose another version.")
    new = RuleSetRow(
        clinic_id=viewer.clinic_id,
        name=str(content["name"]),
        version=version,
        content=dict(content),
        reason=reason,
        proposed_by=viewer.actor_id,
        proposed_at=now,
    )
    session.add(new)
    session.flush()
    audit.note(
        session,
        viewer,
        "rules.propose",
        "rule_set",
        now,
        subject_id=new.id,
        detail={"version": version, "sha256": _digest(content)},
    )
    return new.id


def keep_what_if(
    session: Session, viewer: Viewer, rule_set_id: UUID, counts: Mapping[str, Any], now: datetime
) -> None:
    """Note what a replay of a proposal's content found: counts, nobody's name."""
    viewer.require("rules.propose")
    row = _proposal(session, viewer, rule_set_id)
    row.what_if, row.what_if_of, row.what_if_at = dict(counts), _digest(row.content), now
    session.add(row)
    session.flush()
    audit.note(
        session,
        viewer,
        "rules.what_if",
        "rule_set",
        now,
        subject_id=row.id,
        detail={"version": row.version, "sha256": row.what_if_of},
    )


def approve(
    session: Session, viewer: Viewer, rule_set_id: UUID, decision: str, now: datetime
) -> None:
    """Put a proposal in force from now on.

    Args:
        decision: Why, in the approver's words.

    Raises:
        AccessDeniedError: The person who proposed it approves it.
        ConflictError: This very content was never replayed, or it is no proposal any more.
    """
    viewer.require("rules.approve")
    row = _proposal(session, viewer, rule_set_id)
    if row.proposed_by == viewer.actor_id:
        raise AccessDeniedError("Whoever proposed these rules cannot approve them.")
    if row.what_if_at is None or row.what_if_of != _digest(row.content):
        raise ConflictError("Run the what-if of these rules before approving them.")
    claim = (
        update(RuleSetRow)
        .where(col(RuleSetRow.id) == row.id, col(RuleSetRow.clinic_id) == viewer.clinic_id)
        .where(col(RuleSetRow.approved_by).is_(None), col(RuleSetRow.withdrawn_at).is_(None))
        .where(col(RuleSetRow.proposed_by) != viewer.actor_id)
        .values(approved_by=viewer.actor_id, approved_at=now, in_force_from=now, decision=decision)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise ConflictError("This proposal was approved or withdrawn meanwhile.")
    audit.note(
        session,
        viewer,
        "rules.approve",
        "rule_set",
        now,
        subject_id=row.id,
        detail={"version": row.version, "sha256": _digest(row.content)},
    )
    rule_set(session, viewer, row.id)  # reads the columns again


def turn_down(
    session: Session, viewer: Viewer, rule_set_id: UUID, decision: str, now: datetime
) -> None:
    """Refuse somebody else's proposal.

    Args:
        decision: Why, in the words of who refuses.

    Raises:
        AccessDeniedError: The person who proposed it takes it back instead.
        ConflictError: It is no proposal any more.
    """
    viewer.require("rules.approve")
    row = _proposal(session, viewer, rule_set_id)
    if row.proposed_by == viewer.actor_id:
        raise AccessDeniedError("Whoever proposed these rules takes them back instead.")
    _end(session, viewer, row, "rules.turn_down", decision, now)


def withdraw(session: Session, viewer: Viewer, rule_set_id: UUID, now: datetime) -> None:
    """Take one's own proposal back.

    What is in force is replaced by approving another, never taken back.

    Raises:
        AccessDeniedError: Somebody else proposed it.
        ConflictError: It is no proposal any more.
    """
    viewer.require("rules.propose")
    row = _proposal(session, viewer, rule_set_id)
    if row.proposed_by != viewer.actor_id:
        raise AccessDeniedError("Only whoever proposed these rules can take them back.")
    _end(session, viewer, row, "rules.withdraw", "", now)


def _end(
    session: Session, viewer: Viewer, row: RuleSetRow, verb: str, decision: str, now: datetime
) -> None:
    claim = (
        update(RuleSetRow)
        .where(col(RuleSetRow.id) == row.id, col(RuleSetRow.clinic_id) == viewer.clinic_id)
        .where(col(RuleSetRow.approved_by).is_(None), col(RuleSetRow.withdrawn_at).is_(None))
        .values(withdrawn_at=now, withdrawn_by=viewer.actor_id, decision=decision)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise ConflictError("This proposal was approved or withdrawn meanwhile.")
    audit.note(
        session,
        viewer,
        verb,
        "rule_set",
        now,
        subject_id=row.id,
        detail={"version": row.version, "sha256": _digest(row.content)},
    )
    rule_set(session, viewer, row.id)  # reads the columns again


# The audit is only added to, so what it once confirmed stays confirmed.
_confirmed: set[tuple[UUID, str]] = set()


def _as_approved(session: Session, row: RuleSetRow) -> bool:
    seen = (row.id, _digest(row.content))
    if seen in _confirmed:
        return True
    approvals = session.exec(
        select(AuditEvent).where(
            col(AuditEvent.clinic_id) == row.clinic_id,
            col(AuditEvent.verb) == "rules.approve",
            col(AuditEvent.subject_id) == row.id,
        )
    )
    if any(event.detail.get("sha256") == seen[1] for event in approvals):
        _confirmed.add(seen)
        return True
    return False


def _digest(content: Mapping[str, Any]) -> str:
    """Return the hex digest that names a content, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _proposal(session: Session, viewer: Viewer, rule_set_id: UUID) -> RuleSetRow:
    row = rule_set(session, viewer, rule_set_id)
    if row.approved_by is not None or row.withdrawn_at is not None:
        raise ConflictError("This rule set is no proposal any more.")
    return row
