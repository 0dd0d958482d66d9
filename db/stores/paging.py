"""Long lists for other programs, a page at a time, each in an order that new rows do not disturb.

A page goes on after the last row of the one before, named by its id: nothing else of a patient
need stand in an address.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Alert, Entry, Patient
from db.stores import alerting, diary, people


def some_patients(
    session: Session, viewer: Viewer, most: int, after_id: UUID | None = None
) -> list[Patient]:
    """Return up to so many patients of the clinic in the order they joined, also former ones.

    Raises:
        NotFoundError: If the patient to go on after is not the clinic's.
    """
    viewer.require("patient.list")
    query = select(Patient).where(
        col(Patient.clinic_id) == viewer.clinic_id, col(Patient.is_test).is_(False)
    )
    if after_id is not None:
        last = people.patient(session, viewer, after_id)
        place = tuple_(col(Patient.created_at), col(Patient.id))
        query = query.where(place > tuple_(last.created_at, last.id))
    return list(session.exec(query.order_by(col(Patient.created_at), col(Patient.id)).limit(most)))


def some_entries(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    most: int,
    after_id: UUID | None = None,
    first_on: date | None = None,
    last_on: date | None = None,
) -> list[Entry]:
    """Return the newest version of up to so many entries of a period, oldest day first.

    Raises:
        NotFoundError: If the entry to go on after is not in this diary.
    """
    viewer.require("diary.read", patient_id)
    later = aliased(Entry)
    query = select(Entry).where(
        col(Entry.clinic_id) == viewer.clinic_id,
        col(Entry.patient_id) == patient_id,
        ~select(later.id).where(later.replaces_id == Entry.id).exists(),
    )
    if first_on is not None:
        query = query.where(col(Entry.diary_on) >= first_on)
    if last_on is not None:
        query = query.where(col(Entry.diary_on) <= last_on)
    if after_id is not None:
        last = diary.entry(session, viewer, after_id)
        place = tuple_(col(Entry.diary_on), col(Entry.written_at), col(Entry.id))
        query = query.where(place > tuple_(last.diary_on, last.written_at, last.id))
    order = (col(Entry.diary_on), col(Entry.written_at), col(Entry.id))
    return list(session.exec(query.order_by(*order).limit(most)))


def some_alerts(
    session: Session,
    viewer: Viewer,
    most: int,
    after_id: UUID | None = None,
    states: Collection[str] = (),
    patient_id: UUID | None = None,
) -> list[Alert]:
    """Return up to so many alerts of the clinic in the order they were raised; none of the test's.

    Args:
        most: At most so many.
        after_id: The last alert of the page before.
        states: Only alerts in one of these; none given = all.
        patient_id: Only alerts about this patient.

    Raises:
        NotFoundError: If the alert to go on after, or the patient, is not the clinic's.
    """
    viewer.require("alert.read")
    query = select(Alert).where(
        col(Alert.clinic_id) == viewer.clinic_id, col(Alert.is_test).is_(False)
    )
    if states:
        query = query.where(col(Alert.state).in_(states))
    if patient_id is not None:
        people.patient(session, viewer, patient_id)
        query = query.where(col(Alert.patient_id) == patient_id)
    if after_id is not None:
        last = alerting.alert(session, viewer, after_id)
        place = tuple_(col(Alert.raised_at), col(Alert.id))
        query = query.where(place > tuple_(last.raised_at, last.id))
    return list(session.exec(query.order_by(col(Alert.raised_at), col(Alert.id)).limit(most)))
