"""Other medicines, visits and questions for them in FHIR: without codes, as they were typed."""

from datetime import date, timedelta

from diary_app.exports.bundle import MedicineLine, QuestionLine, VisitLine
from diary_app.exports.fhir_parts import Resource, ext, instant, named, without_none


def medicine_resource(line: MedicineLine, subject: Resource, on: date) -> Resource:
    """Return one other medicine as it stood on a day; no code is made of its name."""
    status = "active" if line.until is None or line.until >= on else "completed"
    period = {
        key: day.isoformat()
        for key, day in (("start", line.since), ("end", line.until))
        if day is not None
    }
    return without_none(
        {
            "resourceType": "MedicationStatement",
            "id": str(line.id),
            "extension": [
                *ext("added-at", "Instant", line.added_at),
                *ext("ended-at", "Instant", line.ended_at),
                *ext("ended-by", "String", line.ended_by),
                *ext("end-reason", "String", line.end_reason),
            ],
            "status": "entered-in-error" if line.is_mistake else status,
            "medicationCodeableConcept": {"text": line.name},
            "subject": subject,
            "effectivePeriod": period,
            "dateAsserted": instant(line.added_at),
            "informationSource": named(line.added_by) if line.added_by else None,
            "reasonCode": [{"text": line.taken_for}] if line.taken_for else [],
            "dosage": [{"text": line.dose}] if line.dose else [],
        }
    )


def visit_resource(line: VisitLine, subject: Resource) -> Resource:
    """Return one visit that was agreed; whether it took place is not known here."""
    return without_none(
        {
            "resourceType": "Appointment",
            "id": str(line.id),
            "extension": [
                *ext("sequence", "UnsignedInt", line.sequence),
                *ext("changed-at", "Instant", line.changed_at),
                *ext("changed-by", "String", line.changed_by),
                *ext("cancelled-at", "Instant", line.cancelled_at),
            ],
            "status": "booked" if line.cancelled_at is None else "cancelled",
            "start": instant(line.starts_at),
            "end": instant(line.starts_at + timedelta(minutes=line.minutes)),
            "minutesDuration": line.minutes,
            "participant": [{"actor": subject, "status": "accepted"}],
        }
    )


QUESTION_STATUS = {None: "active", "answered": "completed", "taken_back": "revoked"}


def question_resource(line: QuestionLine, subject: Resource) -> Resource:
    """Return what the patient wants to talk about at a visit."""
    return without_none(
        {
            "resourceType": "CommunicationRequest",
            "id": str(line.id),
            "extension": [
                *ext("ended-at", "Instant", line.ended_at),
                *ext("ended-by", "String", line.ended_by),
            ],
            "status": QUESTION_STATUS[line.ended_how],
            "subject": subject,
            "payload": [{"contentString": line.words}],
            "authoredOn": instant(line.asked_at),
            "requester": subject,
        }
    )
