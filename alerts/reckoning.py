"""Each night: the books of the day before are made, sealed in the audit chain and sent."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.asking import ask, tell
from alerts.escalation.daybook import DayBook
from db.access import Viewer
from db.models import Clinic
from db.stores import audit, beats, people, watching
from db.stores.watching import DayEvidence

DUTY = "books"
HOUR = 1  # local; what came in at midnight is graded and sent by then
MOST_DAYS_LATE = 31
_ASKS = ("prompt", "urgent")


def days_due(clinic: Clinic, last: date | None, now: datetime) -> list[date]:
    """Return the days whose books are still to be made, oldest first.

    A worker that slept for a weekend makes each day's; a new clinic's first day is its own first.
    """
    zone = ZoneInfo(clinic.time_zone)
    local = now.astimezone(zone)
    newest = local.date() - timedelta(days=1 if local.hour >= HOUR else 2)
    first = newest if last is None else last + timedelta(days=1)
    first = max(
        first,
        clinic.created_at.astimezone(zone).date(),
        newest - timedelta(days=MOST_DAYS_LATE - 1),
    )
    return [first + timedelta(days=n) for n in range((newest - first).days + 1)]


def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return the first instant of a local day and the first that is not of it, in UTC."""
    midnights = (datetime.combine(d, time(), ZoneInfo(zone)) for d in (day, day + timedelta(1)))
    since, until = (midnight.astimezone(UTC) for midnight in midnights)
    return since, until


def book_of(evidence: DayEvidence) -> DayBook:
    """Return a day's counts."""
    asking = {str(entry) for entry, level in evidence.levels.items() if level in _ASKS}
    asking |= {str(entry) for entry in evidence.ungraded}
    for others in (evidence.labs, evidence.silences):
        asking |= {key for key, level in others.items() if level in (*_ASKS, "failed")}
    return DayBook(
        received=len(evidence.received),
        graded=len(evidence.levels),
        ungraded=len(evidence.ungraded),
        expected=len(asking),
        found=len(asking & evidence.held),
        raised=sum(evidence.alerts.values()),
        closed=evidence.alerts["closed"],
        held=evidence.alerts["held"],
        waiting=evidence.alerts["open"],
        messages=evidence.messages,
    )


def count(session: Session, viewer: Viewer, clinic: Clinic, day: date) -> DayBook:
    """Return one day's counts; takes no write lock, however long it reads."""
    return book_of(watching.day_evidence(session, viewer, *bounds(day, clinic.time_zone)))


def keep(session: Session, viewer: Viewer, day: date, book: DayBook, now: datetime) -> None:
    """Keep one day's books: sealed, sent to the administrators, a difference becomes a task.

    The caller commits.
    """
    differences = book.differences()
    counts = {"day": day.isoformat(), **asdict(book), "differences": list(differences)}
    seal = audit.note(session, viewer, "books.balance", "clinic", now, detail=counts)
    receipt = {"number": seal.number, "hash": seal.hash}
    content = counts | {"receipt": receipt}
    readers = [user.id for user in people.staff(session, viewer, role="administrator")]
    tell(session, viewer, readers, "report", content, now)
    if differences:
        sentence = f"The books of {day.isoformat()} do not balance. {' '.join(differences)}"
        ask(session, viewer, "books_differ", sentence, now)
    beats.note(session, viewer, DUTY, now, content)
