"""What served its purpose: drafts, links, tickets, sign-ins and sent messages, swept by age.

Nothing of a diary is among it: entries, photos, alerts and their messages, answers to consent and
the audit stay until two people erase a patient.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlmodel import Session, col

from db.access import Viewer
from db.models import (
    Draft,
    Invitation,
    Notification,
    Photo,
    SignIn,
    SignInAttempt,
    Task,
    UploadTicket,
)
from db.stores import audit

# How long each is kept after it ended, was used, ran out or was last touched.
KEPT = {
    "upload_ticket": timedelta(days=30),
    "draft": timedelta(days=90),
    "invitation": timedelta(days=90),
    "sign_in": timedelta(days=90),
    "sign_in_attempt": timedelta(days=30),
    "notification": timedelta(days=400),
}
# Messages about alerts stay with their alert: they show that the clinic did its duty.
_PASSING = ("digest", "reminder", "report", "probe", "test", "task")
_LEFT = ("sent", "delivered", "superseded")


def sweep(session: Session, viewer: Viewer, now: datetime) -> dict[str, int]:
    """Delete what is older than its time; one audit row says how many of what.

    Returns:
        Table -> how many rows; empty when there were none.
    """
    viewer.require("leftover.sweep")
    since = {name: now - span for name, span in KEPT.items()}
    own = viewer.clinic_id
    with_photo = select(col(Photo.draft_id)).where(col(Photo.clinic_id) == own)
    with_ticket = select(col(UploadTicket.draft_id)).where(col(UploadTicket.clinic_id) == own)
    asked_about = select(col(Task.notification_id)).where(col(Task.notification_id).is_not(None))
    old = {
        "upload_ticket": delete(UploadTicket).where(
            col(UploadTicket.clinic_id) == own,
            col(UploadTicket.expires_at) < since["upload_ticket"],
        ),
        "draft": delete(Draft).where(
            col(Draft.clinic_id) == own,
            col(Draft.updated_at) < since["draft"],
            col(Draft.id).not_in(with_photo),
            col(Draft.id).not_in(with_ticket),
        ),
        "invitation": delete(Invitation).where(
            col(Invitation.clinic_id) == own, col(Invitation.expires_at) < since["invitation"]
        ),
        "sign_in": delete(SignIn).where(
            col(SignIn.clinic_id) == own,
            or_(col(SignIn.ended_at) < since["sign_in"], col(SignIn.expires_at) < since["sign_in"]),
        ),
        "sign_in_attempt": delete(SignInAttempt).where(
            col(SignInAttempt.at) < since["sign_in_attempt"]
        ),
        "notification": delete(Notification).where(
            col(Notification.clinic_id) == own,
            col(Notification.kind).in_(_PASSING),
            col(Notification.alert_id).is_(None),
            col(Notification.state).in_(_LEFT),
            col(Notification.created_at) < since["notification"],
            col(Notification.id).not_in(asked_about),
        ),
    }
    connection = session.connection()
    counts = {name: connection.execute(statement).rowcount for name, statement in old.items()}
    swept = {name: count for name, count in counts.items() if count}
    if swept:
        audit.note(session, viewer, "leftover.sweep", "clinic", now, detail=swept)
    session.expire_all()
    return swept
