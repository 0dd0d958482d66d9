"""What the weekly report of a clinic counts; nothing of it says who a patient is."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Alert, Entry, Patient
from db.stores.people import TEST_PATIENTS


def raised(session: Session, viewer: Viewer, since: datetime, until: datetime) -> list[Alert]:
    """Return the alerts raised from an instant until before another, oldest first."""
    viewer.require("report.read")
    return list(
        session.exec(
            select(Alert)
            .where(
                col(Alert.clinic_id) == viewer.clinic_id,
                col(Alert.raised_at) >= since,
                col(Alert.raised_at) < until,
                col(Alert.patient_id).not_in(TEST_PATIENTS),
            )
            .order_by(col(Alert.raised_at), col(Alert.id))
        )
    )


def wrote(
    session: Session, viewer: Viewer, last_on: date
) -> list[tuple[datetime, str, date | None]]:
    """Return of each patient in follow-up: joined at, time zone, last day written up to a day."""
    viewer.require("report.read")
    newest = (  # as in ``diary.last_entry_days``
        select(col(Entry.diary_on))
        .where(
            col(Entry.clinic_id) == viewer.clinic_id,
            col(Entry.patient_id) == col(Patient.id),
            col(Entry.diary_on) <= last_on,
        )
        .order_by(col(Entry.diary_on).desc())
        .limit(1)
        .scalar_subquery()
    )
    return [
        (joined_at, zone, on)
        for joined_at, zone, on in session.exec(
            select(Patient.created_at, Patient.time_zone, newest).where(
                col(Patient.clinic_id) == viewer.clinic_id,
                col(Patient.active).is_(True),
                col(Patient.is_test).is_(False),
            )
        )
    ]
