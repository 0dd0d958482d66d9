"""Since when a visit asks: the visit before, or the end of the report that was made for it."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.access import Viewer
from db.stores import audit, visits

WITHOUT_VISIT = timedelta(days=89)


def last_visit_on(
    session: Session, viewer: Viewer, patient_id: UUID, today: date, zone: str
) -> date | None:
    """Return the day of the last visit before today; None = there was none that is known.

    A visit is one that was agreed, or one for which a report was made. A report made today does
    not count: made twice, it is about the same period.

    Args:
        today: The patient's.
        zone: The patient's time zone.

    Raises:
        AccessDeniedError: The viewer may not export.
    """
    begin = datetime.combine(today, time(), ZoneInfo(zone))
    kept = visits.visits(session, viewer, patient_id)
    days = [
        visit.starts_at.astimezone(ZoneInfo(zone)).date()
        for visit in kept
        if visit.cancelled_at is None and visit.starts_at < begin
    ]
    made = audit.last_export(session, viewer, patient_id, "report", begin)
    if made is not None:
        made_on = made.at.astimezone(ZoneInfo(zone)).date()
        days.append(min(date.fromisoformat(str(made.detail["to"])), made_on))
    return max(days, default=None)


def first_day(visit_on: date | None, today: date) -> date:
    """Return the first day of a report: the last visit's day, or 90 days when there was none."""
    return today - WITHOUT_VISIT if visit_on is None else visit_on
