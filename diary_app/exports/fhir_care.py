"""The patient, plan, doses, laboratory values, alerts, warnings and photos in FHIR."""

import base64
from itertools import pairwise

from diary_app.exports import fhir_codes as codes
from diary_app.exports.bundle import (
    AlertLine,
    DoseLine,
    LabLine,
    PersonLine,
    PhotoLine,
    PlanStepLine,
    VisitBundle,
)
from diary_app.exports.fhir_codes import BASE, coding, concept, own
from diary_app.exports.fhir_parts import (
    Resource,
    as_json,
    ext,
    instant,
    made_id,
    named,
    ref,
    without_none,
)

WRONG = "entered-in-error"
_PRIORITY = {"urgent": "asap", "prompt": "urgent"}


def organization(bundle: VisitBundle) -> Resource:
    """Return the clinic."""
    return without_none(
        {
            "resourceType": "Organization",
            "id": made_id("clinic", bundle.clinic_name),
            "name": bundle.clinic_name,
            "telecom": [{"system": "phone", "value": bundle.clinic_phone}]
            if bundle.clinic_phone
            else [],
        }
    )


def patient(bundle: VisitBundle, patient_id: str) -> Resource:
    """Return the patient with what the rules must know; unknown stays absent."""
    person = bundle.person
    known = (
        []
        if person is None
        else [
            *ext("temperature-unit", "Code", person.temperature_unit),
            *ext("prior-severe-reaction", "Boolean", person.prior_severe_reaction),
            *ext("prior-reaction-type", "Code", person.prior_reaction_type),
            *ext("on-systemic-steroid", "Boolean", person.on_systemic_steroid),
        ]
    )
    return without_none(
        {
            "resourceType": "Patient",
            "id": patient_id,
            "extension": [*ext("time-zone", "String", bundle.time_zone), *known],
            "identifier": [{"system": f"{BASE}/patient-code", "value": bundle.patient_code}],
            "name": [{"text": bundle.patient_name}],
            "telecom": [{"system": "phone", "value": person.phone}]
            if person is not None and person.phone
            else [],
            "birthDate": bundle.born_on.isoformat(),
            "communication": [
                {"language": concept(coding("urn:ietf:bcp:47", person.language)), "preferred": True}
            ]
            if person is not None
            else [],
            "managingOrganization": ref("Organization", made_id("clinic", bundle.clinic_name)),
        }
    )


def baselines(person: PersonLine, subject: Resource, on: str) -> list[Resource]:
    """Return grades that were known before the diary."""
    return [
        {
            "resourceType": "Observation",
            "id": made_id("baseline", name, subject["reference"]),
            "status": "final",
            "code": concept(own("diary", "baseline-grade"), text="Grade known before the diary"),
            "subject": subject,
            "effectiveDateTime": on,
            "valueCodeableConcept": codes.grade(number),
            "component": [{"code": codes.symptom(name), "valueInteger": number}],
        }
        for name, number in person.baseline_grades.items()
    ]


def flags(bundle: VisitBundle, subject: Resource) -> list[Resource]:
    """Return lasting warnings: an earlier severe reaction, a medicine that is being tried again."""
    found: list[tuple[str, Resource, str | None]] = []
    person = bundle.person
    if person is not None and person.prior_severe_reaction:
        kind = person.prior_reaction_type
        code = (
            codes.reaction(kind)
            if kind
            else concept(own("flag", "prior-severe-reaction"), text="Earlier severe reaction")
        )
        found.append(("prior-severe-reaction", code, None))
    steps = sorted(bundle.plan, key=lambda step: step.starts_on)
    again = [new for old, new in pairwise(steps) if old.imatinib_mg == 0 < new.imatinib_mg]
    if again and steps[-1].imatinib_mg > 0:
        code = concept(own("flag", "re-challenge"), text="Imatinib was stopped and begun again")
        found.append(("re-challenge", code, again[-1].starts_on.isoformat()))
    return [
        without_none(
            {
                "resourceType": "Flag",
                "id": made_id("flag", name, subject["reference"]),
                "status": "active",
                "category": [concept(own("flag", "clinical"), text="Clinical warning")],
                "code": code,
                "subject": subject,
                "period": {"start": since} if since else None,
            }
        )
        for name, code, since in found
    ]


def plan_resources(bundle: VisitBundle, subject: Resource) -> list[Resource]:
    """Return each step as an order per medicine; replaced steps are cancelled."""
    steps = sorted(bundle.plan, key=lambda step: step.starts_on)
    ends = [step.starts_on.isoformat() for step in steps[1:]]
    made = []
    for number, step in enumerate(steps):
        last = ends[number] if number < len(ends) else None
        made += _step(number, step, last, subject, "active" if last is None else "completed")
    for number, step in enumerate(bundle.former_plan):
        made += _step(f"former-{number}", step, None, subject, "cancelled")
    return made


def _step(
    number: object, step: PlanStepLine, next_on: str | None, subject: Resource, status: str
) -> list[Resource]:
    key = made_id("step", number, step.starts_on, step.approved_at, subject["reference"])
    amounts = {"imatinib": (step.imatinib_mg, step.every_n_days)}
    if step.prednisolone_mg is not None:
        amounts["prednisolone"] = (step.prednisolone_mg, 1)
    return [
        without_none(
            {
                "resourceType": "MedicationRequest",
                "id": made_id(key, drug),
                "extension": [
                    *ext("starts-on", "Date", step.starts_on),
                    *ext("amount-mg", "Decimal", mg),
                    *ext("every-n-days", "PositiveInt", days),
                    *ext("approved-at", "Instant", step.approved_at),
                    *ext("superseded-at", "Instant", step.superseded_at),
                ],
                "groupIdentifier": {"system": f"{BASE}/plan-step", "value": key},
                "status": status,
                "intent": "order",
                "doNotPerform": True if mg == 0 else None,
                "medicationCodeableConcept": codes.medicine(drug),
                "subject": subject,
                "authoredOn": None if step.approved_at is None else instant(step.approved_at),
                "requester": named(step.author) if step.author else None,
                "note": [{"text": step.reason}] if step.reason else [],
                "dosageInstruction": [_dosage(step, mg, days, next_on)],
            }
        )
        for drug, (mg, days) in amounts.items()
    ]


def _dosage(step: PlanStepLine, mg: float, days: int, next_on: str | None) -> Resource:
    period = {"start": step.starts_on.isoformat()} | ({"end": next_on} if next_on else {})
    often = "daily" if days == 1 else f"every {days} days"
    return {
        "text": f"{mg:g} mg {often}" if mg else "none",
        "timing": {
            "repeat": {"boundsPeriod": period, "frequency": 1, "period": days, "periodUnit": "d"}
        },
        "doseAndRate": [{"doseQuantity": codes.quantity(mg, "mg")}],
    }


def dose_resources(bundle: VisitBundle, subject: Resource) -> list[Resource]:
    """Return what was said of each dose; what a later word replaced is marked, not counted."""
    words = bundle.dose_words or bundle.doses
    counts = {(dose.on, dose.drug, dose.recorded_at, dose.id) for dose in bundle.doses}
    entries = {one.id for entry in bundle.entries for one in (*entry.earlier, entry)}
    return [
        _dose(
            number,
            dose,
            subject,
            counted=(dose.on, dose.drug, dose.recorded_at, dose.id) in counts,
            said_in=dose.entry_id is not None and dose.entry_id in entries,
        )
        for number, dose in enumerate(words)
    ]


def _dose(
    number: int, dose: DoseLine, subject: Resource, *, counted: bool, said_in: bool
) -> Resource:
    status = "completed" if dose.taken_mg != 0 else "not-done"
    if not counted:
        status = WRONG
    entry = ref("QuestionnaireResponse", dose.entry_id) if said_in and dose.entry_id else None
    return without_none(
        {
            "resourceType": "MedicationAdministration",
            "id": str(dose.id or made_id("dose", number, dose.on, dose.drug)),
            "extension": [
                *ext("how", "Code", dose.how),
                *ext("planned-mg", "Decimal", dose.planned_mg),
                *ext("taken-mg", "Decimal", dose.taken_mg),
                *ext("taken-clock", "String", dose.taken_clock),
                *ext("vomited-after", "Code", dose.vomited_after),
                *ext("time-zone", "String", dose.time_zone),
                *ext("recorded-at", "Instant", dose.recorded_at),
            ],
            "status": status,
            "medicationCodeableConcept": codes.medicine(dose.drug),
            "subject": subject,
            "supportingInformation": [entry] if entry else [],
            "effectiveDateTime": dose.on.isoformat(),
            "performer": [{"actor": subject}],
            "dosage": {
                "text": f"said: {dose.how.replace('_', ' ')}",
                "dose": codes.quantity(dose.taken_mg, "mg"),
            }
            if dose.taken_mg
            else None,
        }
    )


def lab_resource(number: int, lab: LabLine, subject: Resource) -> Resource:
    """Return one laboratory value with the limits of its laboratory."""
    limits = {
        key: codes.quantity(value, lab.unit)
        for key, value in (("low", lab.lower_limit), ("high", lab.upper_limit))
        if value is not None
    }
    return without_none(
        {
            "resourceType": "Observation",
            "id": str(lab.id or made_id("lab", number, lab.name, lab.taken_on)),
            "extension": [
                *ext("sampled-at", "Instant", lab.sampled_at),
                *ext("last-dose-at", "Instant", lab.last_dose_at),
                *ext("entered-by", "String", lab.entered_by),
            ],
            "status": "final",
            "category": [concept(coding(codes.CATEGORY, "laboratory"))],
            "code": codes.laboratory(lab.name, lab.unit),
            "subject": subject,
            "effectiveDateTime": lab.taken_on.isoformat(),
            "issued": None if lab.entered_at is None else instant(lab.entered_at),
            "valueQuantity": codes.quantity(lab.value, lab.unit),
            "referenceRange": [limits] if limits else [],
        }
    )


def alert_resource(alert: AlertLine, subject: Resource, entries: frozenset[object]) -> Resource:
    """Return one alert as the message to the team that it was, with all that happened to it."""
    about = (
        [ref("QuestionnaireResponse", alert.entry_id)]
        if alert.entry_id is not None and alert.entry_id in entries
        else []
    )
    return without_none(
        {
            "resourceType": "Communication",
            "id": str(alert.id or made_id("alert", alert.code)),
            "extension": [
                *ext("level", "Code", alert.level),
                *ext("state", "Code", alert.state),
                *ext("level-since", "Instant", alert.level_since),
                *ext("acknowledged-by", "String", alert.acknowledged_by),
                *ext("closed-at", "Instant", alert.closed_at),
                *ext("closed-by", "String", alert.closed_by),
                *ext("outcome", "Code", alert.outcome),
            ],
            "identifier": [{"system": f"{BASE}/alert", "value": alert.code}],
            "status": "completed" if alert.state == "closed" else "in-progress",
            "category": [concept(own("diary", "alert"), text="Alert to the care team")],
            "priority": _PRIORITY.get(alert.level),
            "subject": subject,
            "about": about,
            "sent": instant(alert.raised_at),
            "received": None if alert.acknowledged_at is None else instant(alert.acknowledged_at),
            "recipient": [named(alert.acknowledged_by)] if alert.acknowledged_by else [],
            "reasonCode": [concept(own("reason", code)) for code in alert.reason_codes],
            "reasonReference": about,
            "note": [
                without_none(
                    {
                        "extension": [
                            *ext("event", "Code", event.kind),
                            *ext("detail", "String", as_json(event.detail)),
                        ],
                        "authorString": event.actor or None,
                        "time": instant(event.at),
                        "text": event.kind.replace("_", " "),
                    }
                )
                for event in alert.events
            ],
        }
    )


def photo_resource(
    photo: PhotoLine, subject: Resource, entries: frozenset[object], *, pictures: bool
) -> Resource:
    """Return one photo.

    Args:
        pictures: Put the picture itself in; otherwise only what is known of it.
    """
    sent_with = photo.entry_id
    if photo.sent_with is not None and photo.sent_with in entries:
        sent_with = photo.sent_with
    content: Resource = {"contentType": "image/jpeg", "title": f"photo {photo.taken_on}"}
    if pictures and photo.is_kept and photo.picture:
        content["data"] = base64.b64encode(photo.picture).decode()
        content["size"] = len(photo.picture)
    return without_none(
        {
            "resourceType": "Media",
            "id": str(photo.id),
            "extension": [
                *ext("entry", "Id", str(photo.entry_id)),
                *ext("received-at", "Instant", photo.received_at),
                *ext("region", "Code", photo.region),
            ],
            "partOf": [ref("QuestionnaireResponse", sent_with)] if sent_with in entries else [],
            "status": "completed",
            "type": concept(own("diary", "photo"), text="Photo"),
            "subject": subject,
            "createdDateTime": photo.taken_on.isoformat(),
            "bodySite": concept(own("region", photo.region), text=photo.region.replace("_", " "))
            if photo.region
            else None,
            "content": content,
            "note": [{"text": photo.description}] if photo.description else [],
        }
    )
