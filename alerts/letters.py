"""Rows of the ledger as messages ready to leave: addressed, worded, bundled."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from alerts.delivery import watch_message
from alerts.delivery.digest_message import digest_message
from alerts.delivery.message import (
    BundledAlert,
    alert_message,
    bundle_message,
    clinic_time,
    reminder_message,
    task_message,
    test_message,
)
from alerts.delivery.transport import Message
from alerts.errors import DeliveryError
from db import sealed_ways
from db.access import Viewer
from db.errors import StorageError
from db.keys import MasterKey
from db.models import Alert, Clinic, ContactWay, Notification, User
from db.stores import alerting, people, ways

logger = logging.getLogger(__name__)

_LOST = "This message is about no alert."


@dataclass(frozen=True)
class Address:
    """Where a way out leads. ``secret`` signs webhooks; empty for all else."""

    to: str
    secret: str = ""


def seal_address(key: MasterKey, way_id: UUID, address: Address) -> bytes:
    """Return an address sealed for its row: as it is, or as JSON when a secret belongs to it."""
    content = address.to
    if address.secret:
        content = json.dumps({"to": address.to, "secret": address.secret})
    return sealed_ways.seal_address(key, way_id, content)


def open_address(key: MasterKey, way: ContactWay) -> Address:
    """Return the address of a way; raises TamperedError when it was not sealed for this row."""
    content = sealed_ways.open_address(key, way.id, way.address_sealed)
    return Address(**json.loads(content)) if content.startswith("{") else Address(content)


@dataclass(frozen=True)
class Parcel:
    """One message that leaves, and the rows that it settles.

    Attributes:
        rows: One, or all of a bundle.
        message: Ready to be sent, or why it cannot be.
    """

    rows: tuple[Notification, ...]
    message: Message | DeliveryError

    @property
    def lead(self) -> Notification:
        """The row that stands for all."""
        return self.rows[0]


@dataclass(frozen=True)
class _Known:
    """What messages are made of, read once for many."""

    clinic: Clinic
    staff: Mapping[UUID, User]
    ways: Mapping[UUID, ContactWay]
    alerts: Mapping[UUID, Alert]
    languages: Mapping[UUID | None, str]
    now: datetime


def in_english(_language: str, sentence: str) -> str:
    """Return the sentence as it is."""
    return sentence


@dataclass(frozen=True)
class Letters:
    """Writes messages.

    Attributes:
        link_for: Notification id -> the link that lets its reader take the alert.
        inbox_url: Where the links of all else lead.
        key: Opens the addresses of ways; None where no way is kept.
        say: (language, sentence) -> the sentence in that language, for patients.
    """

    link_for: Callable[[UUID], str]
    inbox_url: str
    key: MasterKey | None
    say: Callable[[str, str], str] = in_english

    def write(
        self, session: Session, viewer: Viewer, rows: Sequence[Notification], now: datetime
    ) -> list[Parcel]:
        """Return the messages of these rows, those of one bundle as one."""
        known = _Known(
            clinic=people.own_clinic(session, viewer),
            staff={user.id: user for user in people.staff(session, viewer)},
            ways=ways.ways_by_id(
                session, viewer, {row.way_id for row in rows if row.way_id is not None}
            ),
            alerts=alerting.alerts_by_id(
                session, viewer, {row.alert_id for row in rows if row.alert_id is not None}
            ),
            languages={
                patient_id: people.patient(session, viewer, patient_id).language
                for patient_id in {row.patient_id for row in rows if row.kind == "reminder"}
                if patient_id is not None
            },
            now=now,
        )
        together: dict[UUID, list[Notification]] = {}
        for row in rows:
            together.setdefault(row.bundle_id or row.id, []).append(row)
        return [self._parcel(tuple(bundle), known) for bundle in together.values()]

    def _parcel(self, rows: tuple[Notification, ...], known: _Known) -> Parcel:
        try:
            address = self._address(rows[0], known)
            message = replace(self._message(rows, address.to, known), secret=address.secret)
        except DeliveryError as error:
            return Parcel(rows, error)
        except Exception as error:
            logger.error("notification %s: %s", rows[0].id, type(error).__name__)  # noqa: TRY400
            return Parcel(rows, DeliveryError(f"It could not be written ({type(error).__name__})."))
        return Parcel(rows, message)

    def _address(self, row: Notification, known: _Known) -> Address:
        if row.user_id is not None and row.user_id not in known.staff:
            raise DeliveryError("This person no longer works here.", permanent=True)
        if row.way_id is None:
            if row.user_id is None:
                raise DeliveryError("This message has no address.", permanent=True)
            return Address(known.staff[row.user_id].email)
        way = known.ways.get(row.way_id)
        if way is None or way.disabled_at is not None:
            raise DeliveryError("This way out was switched off.", permanent=True)
        if self.key is None:
            raise DeliveryError("The key that opens addresses is not at hand.")
        try:
            return open_address(self.key, way)
        except (StorageError, ValueError, TypeError) as error:
            raise DeliveryError(
                "The address cannot be opened; enter it again.", permanent=True
            ) from error

    def _message(self, rows: tuple[Notification, ...], to: str, known: _Known) -> Message:
        row = rows[0]
        match row.kind:
            case "alert" if len(rows) > 1:
                return self._bundle(rows, to, known)
            case "alert":
                return self._alert(row, to, known)
            case "digest":
                return self._digest(row, to, known)
            case "reminder":
                return reminder_message(
                    to=to,
                    message_id=row.message_id,
                    text=str(row.content.get("text", "")),
                    link=self.inbox_url,
                    light_link=f"{self.inbox_url.rstrip('/')}/now",
                    now=row.created_at,
                    language=(spoken := known.languages.get(row.patient_id, "en")),
                    say=lambda sentence: self.say(spoken, sentence),
                )
            case "task":
                return task_message(
                    to=to,
                    message_id=row.message_id,
                    sentence=row.content["sentence"],
                    link=self.inbox_url,
                    now=row.created_at,
                )
            case "report" | "probe":
                return watch_message.message_of(
                    row.kind,
                    to=to,
                    message_id=row.message_id,
                    clinic_name=known.clinic.name,
                    content=row.content,
                    link=self.inbox_url,
                    now=row.created_at,
                )
            case "test":
                return test_message(
                    to=to, message_id=row.message_id, link=self.inbox_url, now=row.created_at
                )
        raise DeliveryError("There are no words for this kind of message.", permanent=True)

    def _alert(self, row: Notification, to: str, known: _Known) -> Message:
        alert = _alert_of(row, known)
        return alert_message(
            to=to,
            message_id=_message_id(row),
            level=alert.level,
            code=alert.code,
            raised_at=clinic_time(alert.raised_at, known.clinic.time_zone),
            # The clinic's own system is nobody who could take an alert.
            link=self.inbox_url if row.user_id is None else self.link_for(row.id),
            step=row.step or 0,
            round=row.round or 1,
            now=row.created_at,
            to_holder=row.content.get("to_holder") is True,
        )

    def _bundle(self, rows: tuple[Notification, ...], to: str, known: _Known) -> Message:
        alerts = [_alert_of(row, known) for row in rows]
        return bundle_message(
            to=to,
            message_id=_message_id(rows[0]),
            alerts=[
                BundledAlert(
                    code=alert.code,
                    raised_at=clinic_time(alert.raised_at, known.clinic.time_zone),
                    link=self.link_for(row.id),
                )
                for row, alert in zip(rows, alerts, strict=True)
            ],
            now=min(row.created_at for row in rows),
        )

    def _digest(self, row: Notification, to: str, known: _Known) -> Message:
        return digest_message(
            to=to,
            message_id=row.message_id,
            clinic_name=known.clinic.name,
            content=row.content,
            as_of=clinic_time(row.created_at, known.clinic.time_zone),
            worker_last_ran_at=clinic_time(known.now, known.clinic.time_zone),
            link=self.inbox_url,
            now=row.created_at,
        )


def _message_id(row: Notification) -> str:
    """Return what a message is called; what is left of a bundle repeats it, under its name."""
    return row.message_id if row.bundle_id is None else f"<{row.bundle_id}@diary>"


def _alert_of(row: Notification, known: _Known) -> Alert:
    alert = None if row.alert_id is None else known.alerts.get(row.alert_id)
    if alert is None:
        raise DeliveryError(_LOST, permanent=True)
    return alert
