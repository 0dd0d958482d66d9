"""What the reminders screen asks for, wherever reminders are kept, and what it gets back."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

FIRST_MINUTE, LAST_MINUTE, STEP = 5 * 60, 23 * 60, 30


@dataclass(frozen=True, slots=True)
class RuleView:
    """When the patient is reminded of one thing, by their own clock: "19:00"."""

    local_time: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class WayView:
    """One way to the patient.

    Attributes:
        label: "E-mail" or "Push".
        address: In short, such as "an...@home.example".
    """

    id: UUID
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """The private address of the calendar, shown once, and its QR code as PNG."""

    url: str
    qr_png: bytes


@dataclass(frozen=True, slots=True)
class RemindersView:
    """What the reminders screen shows.

    Attributes:
        ways: The first one is tried first.
        last: What became of the last message, one sentence; empty when there was none.
        problem: Why no reminder can arrive, one sentence; empty when one can.
        calendar_discreet: None when there is no calendar.
        calendar_used: A calendar program asked for it at least once.
        zone: IANA name of the patient's time zone.
    """

    entry: RuleView
    dose: RuleView
    ways: tuple[WayView, ...]
    last: str
    problem: str
    calendar_discreet: bool | None
    calendar_used: bool
    zone: str


class Reminders(Protocol):
    """One patient's reminders. Every method may wait for a disk: call it in a thread.

    Methods raise `DiaryError` with a sentence for the patient.
    """

    def view(self) -> RemindersView:
        """Return how reminders are set now."""
        ...

    def set_rule(self, kind: str, local_time: str, is_on: bool) -> None:
        """Set a reminder; kind is ``entry`` or ``dose``."""
        ...

    def add_email(self, address: str) -> None:
        """Add an e-mail address."""
        ...

    def add_push(self, address: str) -> None:
        """Add the address of a push service."""
        ...

    def end_way(self, way_id: UUID) -> None:
        """Stop using a way."""
        ...

    def test(self) -> None:
        """Send a test message by every way, now."""
        ...

    def open_calendar(self, *, discreet: bool) -> CalendarLink:
        """Make a new private calendar address; an older one ends."""
        ...

    def set_discreet(self, discreet: bool) -> None:
        """Choose whether the calendar may name the medicine."""
        ...

    def end_calendar(self) -> None:
        """End the calendar address."""
        ...

    def set_zone(self, typed: str) -> None:
        """Set the time zone by its name or its city."""
        ...


def moved(local_time: str, by_minutes: int) -> str:
    """Return a time of day half an hour earlier or later, from 05:00 to 23:00.

    Example:
        >>> moved("19:00", 30)
        '19:30'
    """
    hour, minute = local_time.split(":")
    wanted = int(hour) * 60 + int(minute) + by_minutes
    wanted = max(FIRST_MINUTE, min(LAST_MINUTE, wanted))
    return f"{wanted // 60:02}:{wanted % 60:02}"
