"""The link in an alert message: made from the notification's id, never stored."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.acknowledge import take
from db.access import Viewer, viewer_for
from db.keys import MasterKey
from db.models import Alert
from db.stores import alerting, doors, people
from diary_app.services.kit import Kit
from diary_app.services.refusals import LinkError, RefusedError
from diary_app.text import _

_PURPOSE = b"acknowledge"
_MAC_BYTES = 16
_PART = 22  # characters of base64 for 16 bytes, without padding


@dataclass(frozen=True)
class LinkedAlert:
    """What may be seen of an alert without signing in: nothing about the patient.

    Attributes:
        code: Such as K7Q-4T.
        state: open, acknowledged or closed.
        raised_at: In the clinic's time zone.
        taken_by: Name of the colleague; empty while nobody took it.
        taken_at: In the clinic's time zone; None while nobody took it.
        taken_by_reader: The reader took it.
        reader_may_take: Whether the reader's role may take alerts.
    """

    alert_id: UUID
    code: str
    level: str
    state: str
    raised_at: datetime
    taken_by: str
    taken_at: datetime | None
    taken_by_reader: bool
    reader_may_take: bool


def link_token(key: MasterKey, notification_id: UUID) -> str:
    """Return the token of one notification's link: its id and a 128-bit MAC."""
    raw = notification_id.bytes
    return f"{_text(raw)}-{_text(key.mac(_PURPOSE, raw)[:_MAC_BYTES])}"


def link_url(key: MasterKey, origin: str, notification_id: UUID) -> str:
    """Return the address that goes into an alert message."""
    return f"{origin}/a/{link_token(key, notification_id)}"


def read_token(key: MasterKey, token: str) -> UUID | None:
    """Return the notification's id; None when the token was not made with this key."""
    if len(token) != 2 * _PART + 1 or token[_PART] != "-" or not token.isascii():
        return None
    notification_id = UUID(bytes=base64.urlsafe_b64decode(token[:_PART] + "=="))
    right = hmac.compare_digest(link_token(key, notification_id), token)
    return notification_id if right else None


def look(kit: Kit, token: str) -> LinkedAlert:
    """Return what the link shows; changes nothing.

    Raises:
        LinkError: If the link is not one of ours or belongs to no alert.
        RefusedError: If the recipient's account is no longer active.
    """
    with kit.database.reading() as session:
        viewer, alert = _behind(kit, session, token)
        return _shown(session, viewer, alert)


def take_by_link(kit: Kit, token: str, now: datetime) -> tuple[bool, LinkedAlert]:
    """Take the alert as the recipient of the message.

    Returns:
        Whether the reader holds it now because of this act or an earlier one, and how it is.

    Raises:
        LinkError: If the link is not one of ours or belongs to no alert.
        RefusedError: If the recipient's account is no longer active or may not take alerts.
    """
    with kit.database.writing() as session:
        viewer, alert = _behind(kit, session, token)
        if not viewer.may("alert.acknowledge"):
            raise RefusedError(
                _("Your role cannot take alerts. Please phone a nurse or clinician of your team.")
            )
        taken = alert.state == "open" and take(session, viewer, alert.id, now)
        shown = _shown(session, viewer, alerting.alert(session, viewer, alert.id))
    if taken:
        kit.changed(viewer.clinic_id, alert.patient_id)
    return taken or shown.taken_by_reader, shown


def _behind(kit: Kit, session: Session, token: str) -> tuple[Viewer, Alert]:
    notification_id = read_token(kit.key, token)
    row = None if notification_id is None else doors.notification(session, notification_id)
    if row is None or row.alert_id is None:
        raise LinkError(
            "unknown",
            _(
                "This link belongs to no alert. Please open it again exactly as you received it; "
                "if it came before the diary's key was changed, open the inbox instead."
            ),
        )
    user = doors.recipient_of(session, row)
    if not user.active:
        raise RefusedError(_("Your account is no longer active. Please phone your team."))
    viewer = viewer_for(user.role, clinic_id=user.clinic_id, actor_id=user.id, name=user.name)
    alert = doors.alert_of(session, row)
    if alert is None:
        raise LinkError("unknown", _("This link belongs to no alert of your clinic."))
    return viewer, alert


def _shown(session: Session, viewer: Viewer, alert: Alert) -> LinkedAlert:
    zone = ZoneInfo(people.own_clinic(session, viewer).time_zone)
    holder, taken_at = alert.acknowledged_by, alert.acknowledged_at
    return LinkedAlert(
        alert_id=alert.id,
        code=alert.code,
        level=alert.level,
        state=alert.state,
        raised_at=alert.raised_at.astimezone(zone),
        taken_by="" if holder is None else people.staff_names(session, viewer).get(holder, ""),
        taken_at=None if taken_at is None else taken_at.astimezone(zone),
        taken_by_reader=holder == viewer.actor_id,
        reader_may_take=viewer.may("alert.acknowledge"),
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
