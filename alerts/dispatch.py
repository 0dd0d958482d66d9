"""Send what is queued: lease, send, record. At least once, with the same Message-ID every time."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from alerts.delivery import watch_message
from alerts.delivery.backoff import next_attempt
from alerts.delivery.message import (
    DigestCounts,
    alert_message,
    clinic_time,
    digest_message,
    reminder_message,
)
from alerts.delivery.transport import Message, Transport
from alerts.errors import DeliveryError
from db.access import Viewer, worker_viewer
from db.engine import Database
from db.models import Clinic, ContactWay, Notification
from db.stores import alerting, outbox, patient_ways, people

logger = logging.getLogger(__name__)

# Three messages take at most a minute when every one runs into the 20 s time-out of a dead mail
# server; a lease twice as long is not lost to slowness, and one that died is due in 2 minutes.
LEASE = timedelta(minutes=2)
BATCH = 3


def _nowhere(_way: ContactWay) -> str:
    raise DeliveryError("This program cannot open the addresses of patients.", permanent=True)


@dataclass(frozen=True)
class Dispatch:
    """The way from a queued row to a person.

    Attributes:
        transport_for: Way word (``email``) -> its transport; may raise DeliveryError.
        link_for: Notification id -> the link in the mail, which lets its reader take the alert.
        inbox_url: Where the link of a summary leads.
        clock: The present instant; asked around each message, because sending takes time.
        address_of: Opens the address of a patient's way; may raise DeliveryError.
    """

    database: Database
    transport_for: Callable[[str], Transport]
    link_for: Callable[[UUID], str]
    inbox_url: str
    clock: Callable[[], datetime]
    address_of: Callable[[ContactWay], str] = _nowhere

    def send_due(self, clinic_id: UUID) -> int:
        """Send everything that is due for one clinic; returns how many were tried."""
        viewer = worker_viewer(clinic_id)
        tried = 0
        while batch := self._lease(viewer):
            for notification in batch:
                self._send(viewer, notification)
            tried += len(batch)
        return tried

    def _lease(self, viewer: Viewer) -> list[Notification]:
        now = self.clock()
        with self.database.reading() as session:
            if not outbox.anything_due(session, viewer, now):
                return []  # the usual case takes no write lock
        with self.database.writing() as session:
            return outbox.lease(session, viewer, now, now + LEASE, limit=BATCH)

    def _send(self, viewer: Viewer, notification: Notification) -> None:
        try:
            message = self._message(viewer, notification)
            self.transport_for(notification.way.partition(":")[0]).send(message)
        except DeliveryError as error:
            self._failed(viewer, notification, str(error), permanent=error.permanent)
        except Exception as error:
            logger.error("notification %s: %s", notification.id, type(error).__name__)  # noqa: TRY400
            self._failed(viewer, notification, type(error).__name__, permanent=False)
        else:
            with self.database.writing() as session:
                now = self.clock()
                outbox.sent(session, viewer, notification.id, now)
                if notification.alert_id is not None:
                    alerting.add_event(
                        session,
                        viewer,
                        notification.alert_id,
                        "notified",
                        now,
                        {"user": str(notification.user_id), "attempts": notification.attempts},
                    )

    def _failed(
        self, viewer: Viewer, notification: Notification, error: str, *, permanent: bool
    ) -> None:
        now = self.clock()
        again = None if permanent else next_attempt(notification.attempts, now, notification.level)
        with self.database.writing() as session:
            outbox.failed(session, viewer, notification.id, error, next_attempt_at=again)
            # The history holds the first failure and the final one, not every try.
            if notification.alert_id is not None and (permanent or notification.attempts == 1):
                alerting.add_event(
                    session,
                    viewer,
                    notification.alert_id,
                    "notification_failed",
                    now,
                    {"user": str(notification.user_id), "error": error, "permanent": permanent},
                )

    def _message(self, viewer: Viewer, notification: Notification) -> Message:
        if notification.patient_id is not None:
            return self._reminder(viewer, notification, notification.patient_id)
        now = self.clock()
        with self.database.reading() as session:
            user = outbox.recipient(session, viewer, notification.user_id)
            if user is None:
                raise DeliveryError("This person no longer works here.", permanent=True)
            clinic = people.own_clinic(session, viewer)
            if notification.kind == "digest":
                return self._digest(clinic, notification, user.email, now)
            if notification.kind in watch_message.KINDS:
                return watch_message.message_of(
                    notification.kind,
                    to=user.email,
                    message_id=notification.message_id,
                    clinic_name=clinic.name,
                    content=notification.content,
                    link=self.inbox_url,
                    now=notification.created_at,
                )
            if notification.alert_id is None:
                raise DeliveryError("This message is about no alert.", permanent=True)
            alert = alerting.alert(session, viewer, notification.alert_id)
        return alert_message(
            to=user.email,
            message_id=notification.message_id,
            level=alert.level,
            code=alert.code,
            raised_at=clinic_time(alert.raised_at, clinic.time_zone),
            link=self.link_for(notification.id),
            step=notification.step or 0,
            round=notification.round or 1,
            now=notification.created_at,
            to_holder=notification.content.get("to_holder") is True,
        )

    def _reminder(self, viewer: Viewer, notification: Notification, patient_id: UUID) -> Message:
        with self.database.reading() as session:
            ways = patient_ways.ways_of_patient(session, viewer, patient_id)
        way = next((way for way in ways if way.id == notification.way_id), None)
        if way is None:
            raise DeliveryError("The patient does not use this way any more.", permanent=True)
        return reminder_message(
            to=self.address_of(way),
            message_id=notification.message_id,
            text=str(notification.content.get("text", "")),
            link=self.inbox_url,
            now=notification.created_at,
        )

    def _digest(
        self, clinic: Clinic, notification: Notification, to: str, now: datetime
    ) -> Message:
        return digest_message(
            to=to,
            message_id=notification.message_id,
            clinic_name=clinic.name,
            counts=DigestCounts(**notification.content),
            worker_last_ran_at=clinic_time(now, clinic.time_zone),
            link=self.inbox_url,
            now=notification.created_at,
        )
