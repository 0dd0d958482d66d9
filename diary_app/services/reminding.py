"""A patient's reminders: when, by which way, by which calendar; and whether any can arrive."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

from sqlmodel import Session

from alerts import reach, reminders
from alerts.local_time import time_of
from db.access import Viewer, worker_viewer
from db.errors import StorageError
from db.models import ContactWay, Notification
from db.sealed_ways import open_address, seal_address
from db.stores import patient_ways, people, reminding
from db.types import new_id
from diary_app.services.doors import hash_of
from diary_app.services.kit import Kit
from diary_app.services.totp import qr_png
from diary_app.state.faults import AnswerRefusedError, NotInDiaryError
from diary_app.state.reminders import CalendarLink, RemindersView, RuleView, WayView
from diary_app.text import _

MOST_WAYS = 5
TEST_PAUSE = timedelta(minutes=1)
# A calendar program that is in use asks more often than this.
CALENDAR_LIVES = timedelta(days=7)
_EMAIL = re.compile(r"[^\s@<>,;:()\[\]\\\"]+@[^\s@<>,;:()\[\]\\\"]+\.[^\s@<>,;:()\[\]\\\".]+")
# Services of the open internet alone: another address could make this server knock at a machine
# inside the hospital.
_PUSH = re.compile(r"ntfys?://[A-Za-z0-9_\-]{8,64}|pover://[A-Za-z0-9]{10,40}@[A-Za-z0-9]{10,40}/?")


def problem_of(session: Session, viewer: Viewer, patient_id: UUID, now: datetime) -> str:
    """Return why no reminder to write reaches a patient, in a word of ours; empty when one does.

    Returns:
        ``off`` (switched off), ``no_way``, ``failed`` (the last message could not be delivered), or
        an empty text.
    """
    if not reminders.rules_of(session, viewer, patient_id)["entry"].is_on:
        return "off"
    feed = reminding.feed_of(session, viewer, patient_id)
    fetched_on = None if feed is None else feed.fetched_on
    if fetched_on is not None and now.date() - fetched_on <= CALENDAR_LIVES:
        return ""
    if not patient_ways.ways_of_patient(session, viewer, patient_id):
        return "no_way"
    last = reminding.messages_to(session, viewer, patient_id, limit=1)
    return "failed" if last and last[0].state == "failed_permanent" else ""


class PatientReminders:
    """The reminders of the patient who is signed in; every method is one look or one act."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        viewer.require("reminder.write", viewer.patient_id)
        self._kit = kit
        self._viewer = viewer
        self._patient_id = viewer.actor_id

    def view(self) -> RemindersView:
        """Return how reminders are set now."""
        viewer, now = self._viewer, self._kit.clock()
        with self._kit.database.reading(viewer.clinic_id) as session:
            rules = reminders.rules_of(session, viewer, self._patient_id)
            feed = reminding.feed_of(session, viewer, self._patient_id)
            last = reminding.messages_to(session, viewer, self._patient_id, limit=1)
            zone = people.patient(session, viewer, self._patient_id).time_zone
            return RemindersView(
                entry=RuleView(rules["entry"].local_time, rules["entry"].is_on),
                dose=RuleView(rules["dose"].local_time, rules["dose"].is_on),
                ways=tuple(self._way_view(way) for way in self._ways(session)),
                last=_last_words(last),
                problem=_problem_words(problem_of(session, viewer, self._patient_id, now)),
                calendar_discreet=None if feed is None else feed.discreet,
                calendar_used=feed is not None and feed.fetched_on is not None,
                zone=zone,
            )

    def set_rule(self, kind: str, local_time: str, is_on: bool) -> None:
        """Set a reminder; what waits is moved in the same transaction."""
        if kind not in reminders.STANDARD:
            raise AnswerRefusedError(_("There is no such reminder."))
        try:
            time_of(local_time)
        except ValueError:
            raise AnswerRefusedError(_("Please give the time as 19:00.")) from None
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            reminding.set_rule(session, self._viewer, kind, local_time, is_on, now)
            self._move(session, now)

    def set_zone(self, typed: str) -> None:
        """Set the time zone by its name or its city; what waits is moved with it."""
        zone, now = _zone_of(typed), self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            reminding.set_time_zone(session, self._viewer, zone, now)
            self._move(session, now)
        self._kit.changed(self._viewer.clinic_id, self._patient_id)

    def add_email(self, address: str) -> None:
        """Add an e-mail address.

        Raises:
            AnswerRefusedError: It is no address, or there are five ways already.
        """
        address = address.strip()
        if len(address) > 254 or not _EMAIL.fullmatch(address):
            raise AnswerRefusedError(_("This is not an e-mail address. Please check it."))
        self._add("email", _("E-mail"), address)

    def add_push(self, address: str) -> None:
        """Add the address of a push service, as Apprise writes it.

        Raises:
            AnswerRefusedError: It is none of those that are allowed.
        """
        address = address.strip()
        if not _PUSH.fullmatch(address):
            raise AnswerRefusedError(
                _("Please write ntfys://your-topic (8 letters or more) or pover://user@token.")
            )
        self._add("apprise", _("Push"), address)

    def end_way(self, way_id: UUID) -> None:
        """Stop using a way."""
        try:
            with self._kit.database.writing(self._viewer.clinic_id) as session:
                patient_ways.end_patient_way(session, self._viewer, way_id, self._kit.clock())
        except StorageError as error:
            raise NotInDiaryError(_("This way is not in use any more.")) from error

    def test(self) -> None:
        """Queue a test message by every way.

        Raises:
            AnswerRefusedError: There is no way yet, or the last test is less than a minute ago.
        """
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            ways = self._ways(session)
            if not ways:
                raise AnswerRefusedError(_("Please add an e-mail address first."))
            last = reminding.messages_to(session, self._viewer, self._patient_id, limit=1)
            tested = bool(last) and last[0].content.get("text") == "test"
            if tested and now - last[0].created_at < TEST_PAUSE:
                raise AnswerRefusedError(
                    _("A test is on its way. Please wait a minute before the next one.")
                )
            reach.queue(
                session, worker_viewer(self._viewer.clinic_id), self._patient_id, ways, "test", now
            )
        self._kit.wake_worker()

    def open_calendar(self, *, discreet: bool) -> CalendarLink:
        """Make a new private calendar address; an older one ends."""
        token = secrets.token_urlsafe(32)
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            reminding.open_feed(session, self._viewer, hash_of(token), discreet, self._kit.clock())
        url = f"{self._kit.origin}/calendar/{token}.ics"
        return CalendarLink(url, qr_png(url))

    def set_discreet(self, discreet: bool) -> None:
        """Choose whether the calendar may name the medicine."""
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            reminding.set_discreet(session, self._viewer, discreet, self._kit.clock())

    def end_calendar(self) -> None:
        """End the calendar address."""
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            reminding.end_feed(session, self._viewer, self._kit.clock())

    def _move(self, session: Session, now: datetime) -> None:
        worker = worker_viewer(self._viewer.clinic_id)
        patient = people.patient(session, self._viewer, self._patient_id)
        reminders.move(session, worker, patient, now)

    def _ways(self, session: Session) -> list[ContactWay]:
        return patient_ways.ways_of_patient(session, self._viewer, self._patient_id)

    def _add(self, kind: str, label: str, address: str) -> None:
        if self._kit.cannot_seal:
            raise AnswerRefusedError(self._kit.cannot_seal)
        way_id, now = new_id(), self._kit.clock()
        new = ContactWay(
            id=way_id,
            clinic_id=self._viewer.clinic_id,
            patient_id=self._patient_id,
            kind=kind,
            label=label,
            address_sealed=seal_address(self._kit.key, way_id, address),
            created_by=self._patient_id,
            created_at=now,
        )
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            ways = self._ways(session)
            if any(self._address(way) == address for way in ways):
                raise AnswerRefusedError(_("This one is in your list already."))
            if len(ways) >= MOST_WAYS:
                raise AnswerRefusedError(_("Five are enough. Please remove one first."))
            patient_ways.add_patient_way(session, self._viewer, new, now)

    def _address(self, way: ContactWay) -> str:
        return open_address(self._kit.key, way.id, way.address_sealed)

    def _way_view(self, way: ContactWay) -> WayView:
        address = self._address(way)
        if way.kind == "email":
            name, _at, host = address.partition("@")
            return WayView(way.id, way.label, f"{name[:2]}...@{host}")
        scheme, _sep, rest = address.partition("://")
        return WayView(way.id, way.label, f"{scheme}://{rest[:3]}...")


def _zone_of(typed: str) -> str:
    """Return the one zone of this name or city.

    Raises:
        AnswerRefusedError: There is none, or there are several.
    """
    wanted = "_".join(typed.strip().casefold().split())
    named = [name for name in available_timezones() if name.casefold() == wanted and "/" in name]
    cities = [name for name in available_timezones() if name.casefold().endswith(f"/{wanted}")]
    found = named or [name for name in cities if not name.startswith(("Etc/", "posix/", "right/"))]
    # Some cities have two names, such as America/Argentina/Buenos_Aires and an older one.
    if not wanted or len({name.partition("/")[0] for name in found}) != 1:
        raise AnswerRefusedError(
            _("This place is not known here. Please write a large city nearby, such as Madrid.")
        )
    return max(found, key=len)


def _last_words(last: Sequence[Notification]) -> str:
    if not last:
        return ""
    return {
        "pending": _("The last message is on its way."),
        "sending": _("The last message is on its way."),
        "sent": _("The last message was sent. Did it arrive?"),
        "delivered": _("The last message arrived."),
        "failed_temporary": _("The last message did not get through yet. It is tried again."),
        "failed_permanent": _("The last message could not be delivered. Please check the address."),
    }.get(last[0].state, "")


def _problem_words(problem: str) -> str:
    return {
        "off": _("Reminders are off. Your team sees that."),
        "no_way": _("No reminder can reach you yet. Add an e-mail address or the calendar below."),
        "failed": _("The last reminder did not reach you. Please check the address below."),
    }.get(problem, "")
