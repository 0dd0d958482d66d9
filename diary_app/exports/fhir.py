"""A patient's period as a FHIR R4 document Bundle.

Everything that was said is in QuestionnaireResponses, everything that was made of it in
Observations and DetectedIssues: estimates, never AdverseEvents. `diary_app.imports.fhir` reads it
back. Codes: `fhir_codes`; what has no confirmed code has one of the diary's own systems.
"""

import json
from collections.abc import Iterable

from diary_app.exports import fhir_care as care
from diary_app.exports import fhir_entries as entries
from diary_app.exports import fhir_facts as facts
from diary_app.exports.bundle import VisitBundle
from diary_app.exports.fhir_codes import concept, own
from diary_app.exports.fhir_parts import Resource, ext, instant, made_id, named, ref, without_none


def fhir_json(bundle: VisitBundle, *, pictures: bool = True) -> bytes:
    """Return `fhir_bundle` as UTF-8 JSON, the same bytes for the same period.

    Control characters, which a FHIR string must not hold, are left out.
    """
    made = fhir_bundle(bundle, pictures=pictures)
    text = _dumped(made)
    # The escape of a control character; half a character cannot be written as UTF-8 at all.
    if "\\u00" in text:
        text = _dumped(_without_controls(made))
    return text.encode(errors="replace")


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _without_controls(value: object) -> object:
    if isinstance(value, str):
        return "".join(c for c in value if c >= " " or c in "\t\r\n")
    if isinstance(value, dict):
        return {key: _without_controls(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_controls(item) for item in value]
    return value


def fhir_bundle(bundle: VisitBundle, *, pictures: bool = True) -> Resource:
    """Return one patient's period as a document.

    Args:
        bundle: As `Visits.whole` gives it; with less in it, less can be imported again.
        pictures: Put the photos in; False = only what is known of them.
    """
    patient_id = made_id("patient", bundle.clinic_name, bundle.patient_code)
    subject = ref("Patient", patient_id)
    versions = [one for entry in bundle.entries for one in (*entry.earlier, entry)]
    known = frozenset(one.id for one in versions)
    person = bundle.person
    parts: dict[str, list[Resource]] = {
        "Warnings": care.flags(bundle, subject),
        "Known before the diary": []
        if person is None
        else care.baselines(person, subject, bundle.first_on.isoformat()),
        "Plan": care.plan_resources(bundle, subject),
        "Other medicines": [
            facts.medicine_resource(line, subject, bundle.last_on) for line in bundle.medicines
        ],
        "Entries": [
            made
            for entry in bundle.entries
            for line in (*entry.earlier, entry)
            for made in entries.entry_resources(line, bundle, subject, newest=line is entry)
        ],
        "Doses": care.dose_resources(bundle, subject),
        "Laboratory": [
            care.lab_resource(number, lab, subject) for number, lab in enumerate(bundle.labs)
        ],
        "Findings without an entry": [
            made for line in bundle.findings for made in entries.finding_resources(line, subject)
        ],
        "Alerts": [care.alert_resource(alert, subject, known) for alert in bundle.alerts],
        "Weekly questions": [entries.week_resource(line, bundle, subject) for line in bundle.weeks],
        "Visits": [facts.visit_resource(line, subject) for line in bundle.visits],
        "Questions for the visit": [
            facts.question_resource(line, subject) for line in bundle.questions
        ],
        "Photos": [
            care.photo_resource(photo, subject, known, pictures=pictures) for photo in bundle.photos
        ],
    }
    others = [entries.questionnaire()]
    authors = {line.author for line in versions} | {line.author for line in bundle.weeks}
    if "carer" in authors:
        others.append(entries.carer(subject))
    resources = [
        _composition(bundle, subject, parts),
        care.patient(bundle, patient_id),
        care.organization(bundle),
        *others,
        *(made for part in parts.values() for made in part),
    ]
    return {
        "resourceType": "Bundle",
        "id": made_id("bundle", patient_id, bundle.made_at),
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": f"urn:uuid:{made_id('bundle', patient_id, bundle.made_at)}",
        },
        "type": "document",
        "timestamp": instant(bundle.made_at),
        "entry": [{"fullUrl": f"urn:uuid:{made['id']}", "resource": made} for made in resources],
    }


def _composition(
    bundle: VisitBundle, subject: Resource, parts: dict[str, list[Resource]]
) -> Resource:
    return without_none(
        {
            "resourceType": "Composition",
            "id": made_id("composition", subject["reference"], bundle.made_at),
            "extension": [
                *ext("rules-version", "String", bundle.rules_version),
                *ext("made-by", "String", bundle.made_by),
            ],
            "status": "final",
            "type": concept(own("diary", "visit"), text="Symptom diary of one period"),
            "subject": subject,
            "date": instant(bundle.made_at),
            "author": [named(bundle.made_by or "Symptom diary")],
            "title": f"Symptom diary, {bundle.first_on} to {bundle.last_on}",
            "custodian": ref("Organization", made_id("clinic", bundle.clinic_name)),
            "event": [
                {
                    "period": {
                        "start": bundle.first_on.isoformat(),
                        "end": bundle.last_on.isoformat(),
                    }
                }
            ],
            "section": [_section(title, made) for title, made in parts.items() if made],
        }
    )


def _section(title: str, made: Iterable[Resource]) -> Resource:
    return {"title": title, "entry": [ref(one["resourceType"], one["id"]) for one in made]}
