"""Ways out: how staff and the clinic's own system are told, and whether it works."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session

from alerts.delivery import apprise_url, webhook
from alerts.delivery.letter import is_address
from alerts.letters import Address, open_address, seal_address
from alerts.posting import EMAIL, way_word
from db.access import Viewer
from db.errors import StorageError
from db.models import ContactWay, Notification
from db.stores import outbox, people, ways
from db.types import new_id
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.watch import Watch, watch
from diary_app.text import _

WayKind = Literal["email", "apprise", "webhook"]
LONGEST_LABEL = 40
LONGEST_ADDRESS = 2000
SECRET_BYTES = 32


@dataclass(frozen=True)
class LastMessage:
    """What became of the newest message by a way.

    Attributes:
        state: As in the ledger: pending, sending, sent and so on.
        at: When it was sent, or made when it was not sent yet.
        receipt: What the way out answered; empty when it did not.
        error: What went wrong; empty when nothing did.
        test: Whether it was a test message.
    """

    state: str
    at: datetime
    receipt: str
    error: str
    test: bool


@dataclass(frozen=True)
class WayLine:
    """One way out.

    Attributes:
        way_id: None for the address of the sign-in, which cannot be switched off.
        shown: What of the address may be shown: a mail address, else the service's name.
        on: False when it was switched off.
        confirmed_at: When its owner saw a test arrive; None = not yet.
        last: None when nothing was ever sent by it.
    """

    way_id: UUID | None
    kind: str
    label: str
    shown: str
    on: bool
    confirmed_at: datetime | None
    last: LastMessage | None


@dataclass(frozen=True)
class WaysPage:
    """Ways out at one instant; ``mail_by`` says how e-mail leaves this installation."""

    lines: tuple[WayLine, ...]
    mail_by: str
    now: datetime
    watch: Watch


class Ways:
    """The ways out of one member of staff and, for administrators, of the clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when a message was sent or failed."""
        return clinic_topic(self._viewer.clinic_id)

    def own(self) -> WaysPage:
        """Return the viewer's own ways, the sign-in address first."""
        viewer = self._viewer
        viewer.require("way.own")
        with self._kit.database.reading(viewer.clinic_id) as session:
            me = next(user for user in people.staff(session, viewer) if user.id == viewer.actor_id)
            rows = ways.own_ways(session, viewer)
            last = outbox.last_by_way(
                session, viewer, viewer.actor_id, [EMAIL, *map(way_word, rows)]
            )
            mail = WayLine(
                None, EMAIL, _("E-mail of your sign-in"), me.email, True, None, _last(last, EMAIL)
            )
            return self._page(session, [mail, *(self._line(row, last) for row in rows)])

    def of_clinic(self) -> WaysPage:
        """Return the ways to the clinic's own system, and how mail leaves."""
        viewer = self._viewer
        viewer.require("clinic.write")
        with self._kit.database.reading(viewer.clinic_id) as session:
            rows = ways.ways_of_clinic(session, viewer)
            last = outbox.last_by_way(session, viewer, None, [*map(way_word, rows)])
            mail = outbox.last_by_way(session, viewer, viewer.actor_id, [EMAIL])
            server = WayLine(
                None, EMAIL, _("Mail server"), self._kit.mail_by, True, None, _last(mail, EMAIL)
            )
            return self._page(session, [server, *(self._line(row, last) for row in rows)])

    def add_email(self, label: str, address: str) -> None:
        """Add another e-mail address of the viewer's own.

        Raises:
            UnusableAnswerError: If the label or the address cannot be used.
        """
        address = address.strip()
        if not is_address(address) or len(address) > LONGEST_ADDRESS:
            raise UnusableAnswerError(
                _("Please enter one e-mail address, such as name@clinic.example."), "address"
            )
        self._add("email", label, Address(address), own=True)

    def add_url(self, label: str, url: str) -> None:
        """Add a service of the viewer's own by its Apprise URL.

        Raises:
            UnusableAnswerError: If the label or the address cannot be used.
        """
        url = url.strip()
        if len(url) > LONGEST_ADDRESS or not apprise_url.can_be_used(url):
            raise UnusableAnswerError(
                _("Please enter the service's address as an Apprise URL, such as ntfy://topic."),
                "address",
            )
        self._add("apprise", label, Address(url), own=True)

    def add_webhook(self, label: str, url: str) -> str:
        """Add a webhook to the clinic's own system and return its signing key, shown only now.

        Raises:
            UnusableAnswerError: If the label or the address cannot be used.
        """
        url = url.strip()
        if len(url) > LONGEST_ADDRESS or not webhook.can_be_used(url):
            raise UnusableAnswerError(
                _("Please enter an address that begins with https://."), "address"
            )
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._add("webhook", label, Address(url, secret), own=False)
        return secret

    def test(self, way_id: UUID | None) -> None:
        """Send a test message by one way; None is the sign-in address."""
        viewer, now = self._viewer, self._kit.clock()
        notification_id = new_id()
        with self._kit.database.writing(viewer.clinic_id) as session:
            known: dict[UUID, ContactWay] = {}
            if way_id is not None:
                known = {row.id: row for row in ways.own_ways(session, viewer)}
                if viewer.may("clinic.write"):
                    known |= {row.id: row for row in ways.ways_of_clinic(session, viewer)}
            row = None if way_id is None else known.get(way_id)
            ways.queue_test(
                session,
                viewer,
                Notification(
                    id=notification_id,
                    clinic_id=viewer.clinic_id,
                    user_id=viewer.actor_id if row is None else row.user_id,
                    way=way_word(row),
                    way_id=way_id,
                    message_id=f"<{notification_id}@diary>",
                    created_at=now,
                    next_attempt_at=now,
                ),
                now,
            )
        self._kit.changed(viewer.clinic_id)

    def switch(self, way_id: UUID, *, on: bool) -> None:
        """Switch a way off, or on again."""
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            because = "" if on else _("by {name}").format(name=self._viewer.name)
            ways.switch_way(
                session, self._viewer, way_id, self._kit.clock(), on=on, because=because
            )
        self._kit.publish(self.topic)

    def confirm(self, way_id: UUID) -> None:
        """Note that the viewer saw a test message arrive."""
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            ways.confirm_way(session, self._viewer, way_id, self._kit.clock())
        self._kit.publish(self.topic)

    def _add(self, kind: WayKind, label: str, address: Address, *, own: bool) -> None:
        viewer, now = self._viewer, self._kit.clock()
        label = label.strip()
        if not 0 < len(label) <= LONGEST_LABEL:
            raise UnusableAnswerError(_("Please give it a name of 1 to 40 characters."), "label")
        if self._kit.cannot_seal:
            raise UnusableAnswerError(self._kit.cannot_seal, "label")
        way_id = new_id()
        with self._kit.database.writing(viewer.clinic_id) as session:
            ways.add_way(
                session,
                viewer,
                ContactWay(
                    id=way_id,
                    clinic_id=viewer.clinic_id,
                    user_id=viewer.actor_id if own else None,
                    kind=kind,
                    label=label,
                    address_sealed=seal_address(self._kit.key, way_id, address),
                    created_by=viewer.actor_id,
                    created_at=now,
                ),
                now,
            )
        self._kit.publish(self.topic)

    def _page(self, session: Session, lines: list[WayLine]) -> WaysPage:
        now = self._kit.clock()
        return WaysPage(tuple(lines), self._kit.mail_by, now, watch(session, self._viewer, now))

    def _line(self, row: ContactWay, last: dict[str, Notification]) -> WayLine:
        return WayLine(
            way_id=row.id,
            kind=row.kind,
            label=row.label,
            shown=self._shown(row),
            on=row.disabled_at is None,
            confirmed_at=row.confirmed_at,
            last=_last(last, way_word(row)),
        )

    def _shown(self, row: ContactWay) -> str:
        """Return the part of an address that holds no token or telephone number."""
        try:
            address = open_address(self._kit.key, row).to
        except (StorageError, ValueError, TypeError):
            return _("The address cannot be opened; switch this way off and enter it again.")
        if row.kind == "email":
            return address
        if row.kind == "webhook":
            return urlsplit(address).hostname or ""
        return f"{address.partition(':')[0].lower()}://..."


def _last(newest: dict[str, Notification], way: str) -> LastMessage | None:
    row = newest.get(way)
    if row is None:
        return None
    return LastMessage(
        row.state, row.sent_at or row.created_at, row.receipt, row.error, row.kind == "test"
    )
