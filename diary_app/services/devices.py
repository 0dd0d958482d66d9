"""Where somebody is signed in, and ending it from elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.errors import NotFoundError
from db.stores import audit, doors, factors, people
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
# Order matters: Edge also says Chrome, Chrome also says Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


@dataclass(frozen=True)
class Device:
    """One signed-in browser of the visitor.

    Attributes:
        name: Such as "Chrome on Android"; empty when not known.
        is_this: The browser that asks.
    """

    sign_in_id: UUID
    name: str
    since: datetime
    last_seen_at: datetime
    is_this: bool


def device_name(user_agent: str) -> str:
    """Return a browser in plain words, without versions; empty when it is none we know."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    return f"{browser} on {system}" if browser and system else browser or system


def devices(kit: Kit, visitor: Visitor, now: datetime) -> list[Device]:
    """Return the visitor's own sign-ins, this one first, then the last used."""
    with kit.database.reading() as session:
        rows = people.own_sign_ins(session, visitor.viewer, now)
    found = [
        Device(
            row.id, row.device, row.created_at, row.last_seen_at, str(row.id) == visitor.sign_in_id
        )
        for row in rows
    ]
    return sorted(found, key=lambda d: (not d.is_this, -d.last_seen_at.timestamp()))


def end_device(kit: Kit, visitor: Visitor, sign_in_id: UUID, now: datetime) -> None:
    """End one of the visitor's own sign-ins.

    Raises:
        NotFoundError: If it is not one of theirs, or ended already.
    """
    with kit.database.writing() as session:
        if all(row.id != sign_in_id for row in people.own_sign_ins(session, visitor.viewer, now)):
            raise NotFoundError("This device is not signed in any more.")
        doors.end_sign_in(session, sign_in_id, now)
        audit.note(session, visitor.viewer, "sign_in.end", "sign_in", now, subject_id=sign_in_id)


def end_all_devices(kit: Kit, visitor: Visitor, now: datetime) -> tuple[str, ...]:
    """End every sign-in of the visitor, this one too; returns which."""
    with kit.database.writing(visitor.viewer.clinic_id) as session:
        ended = factors.end_own_sign_ins(session, visitor.viewer, now)
    return tuple(str(each) for each in ended)
