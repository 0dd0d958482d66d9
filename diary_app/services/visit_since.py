"""Since when a visit asks: the end of the report that was made for the one before."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.access import Viewer
from db.stores import audit

WITHOUT_VISIT = timedelta(days=89)


def last_visit_on(
    session: Session, viewer: Viewer, patient_id: UUID, today: date, zone: str
) -> date | None:
    """Return the last day of the newest visit report of an earlier day; None = none was made.

    A report made today does not count: made twice, it is about the same period.

    Args:
        today: The patient's.
        zone: The patient's time zone.

    Raises:
        AccessDeniedError: The viewer may not export.
    """
    begin = datetime.combine(today, time(), ZoneInfo(zone))
    made = audit.last_export(session, viewer, patient_id, "report", begin)
    if made is None:
        return None
    made_on = made.at.astimezone(ZoneInfo(zone)).date()
    try:
        return min(date.fromisoformat(str(made.detail["to"])), made_on)
    except (KeyError, ValueError):
        return made_on


def first_day(visit_on: date | None, today: date) -> date:
    """Return the first day of a report: the last visit's day, or 90 days when there was none."""
    return today - WITHOUT_VISIT if visit_on is None else visit_on
