"""Entries in FHIR: what was said (QuestionnaireResponse), what it means (Observation)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from diary_app.exports import fhir_codes as codes
from diary_app.exports.bundle import EntryLine, FindingLine, ReasonLine, VisitBundle, WeekLine
from diary_app.exports.fhir_codes import BASE, coding, concept, own
from diary_app.exports.fhir_parts import (
    Resource,
    as_json,
    ext,
    instant,
    made_id,
    ref,
    without_none,
    zoned,
)
from diary_app.exports.table_columns import ANSWER_COLUMNS
from diary_app.exports.table_meanings import meaning_of

DIARY = f"{BASE}/Questionnaire/diary"
WEEKLY = f"{BASE}/Questionnaire/weekly"
WRONG = "entered-in-error"
_ISSUES = ("R8_", "R10_")
_SEVERITY = {"urgent": "high", "prompt": "moderate"}


def questionnaire() -> Resource:
    """Return the questions of the diary, so that the answers explain themselves."""
    kinds = {
        **dict.fromkeys(codes.BOOLEANS, "boolean"),
        **dict.fromkeys(codes.INTEGERS, "integer"),
        **dict.fromkeys(codes.DECIMALS, "decimal"),
        **dict.fromkeys(codes.TEXTS, "text"),
        **dict.fromkeys(codes.MAPS, "choice"),
    }
    items = [
        {
            "linkId": name,
            "text": meaning_of(name).words,
            "type": kinds.get(name, "choice"),
            **({"repeats": True} if name in codes.LISTS | codes.MAPS else {}),
        }
        for name in ANSWER_COLUMNS
    ]
    return {
        "resourceType": "Questionnaire",
        "id": made_id("questionnaire"),
        "url": DIARY,
        "status": "active",
        "title": "Symptom diary",
        "item": items,
    }


def entry_resources(
    line: EntryLine, bundle: VisitBundle, subject: Resource, *, newest: bool
) -> list[Resource]:
    """Return one version of an entry and what the rules made of it.

    A version that was corrected is marked as entered in error, so that nobody counts it.
    """
    status = "final" if newest else WRONG
    said = _response(line, bundle, subject, newest=newest)
    source = ref("QuestionnaireResponse", line.id)
    frame = {"subject": subject, "effectiveDateTime": line.diary_on.isoformat()}
    measured = _measured(line, frame, source, status)
    made = assessment(
        line.id,
        line,
        frame | {"derivedFrom": [source]},
        status,
        kind="assessment",
        assessed_at=line.assessed_at,
        more=ext("recheck-minutes", "Integer", line.recheck_minutes),
    )
    issues = _issues(line.id, line.reasons, line.diary_on, subject, source) if newest else []
    return [said, *measured, *made, *issues]


def finding_resources(line: FindingLine, subject: Resource) -> list[Resource]:
    """Return what the rules made of laboratory values, doses, a silence, a missing reading."""
    about = (line.about, line.on, line.entry_id, line.assessed_at)
    on = line.on or line.assessed_at.date()
    source = [] if line.entry_id is None else [ref("QuestionnaireResponse", line.entry_id)]
    made = assessment(
        made_id("finding", *about),
        line,
        without_none(
            {"subject": subject, "effectiveDateTime": on.isoformat(), "derivedFrom": source}
        ),
        "final",
        kind="finding",
        assessed_at=line.assessed_at,
        more=[
            *ext("about", "Code", line.about),
            *ext("about-day", "Date", line.on),
            *ext("about-entry", "Id", None if line.entry_id is None else str(line.entry_id)),
            *ext("inputs", "String", as_json(line.inputs)),
        ],
    )
    evidence = ref("Observation", made[0]["id"])
    return [*made, *_issues(made[0]["id"], line.reasons, on, subject, evidence)]


def assessment(
    about: object,
    line: EntryLine | FindingLine,
    frame: Resource,
    status: str,
    *,
    kind: str,
    assessed_at: datetime | None,
    more: Sequence[Resource] = (),
) -> list[Resource]:
    """Return the level with its reasons, and each estimated grade as an Observation of its own."""
    method = (
        concept(own("rules", line.rules_version), text=f"Rules {line.rules_version}")
        if (line.rules_version)
        else None
    )
    grades = [
        _grade(about, name, number, frame, status, method, "5.0")
        for name, number in line.grades.items()
    ]
    v6 = line.v6_rash_maculopapular if isinstance(line, EntryLine) else None
    if v6 is not None:
        grades.append(_grade(about, "rash_maculopapular", v6, frame, status, method, "6.0"))
    level = (
        {"valueCodeableConcept": concept(own("level", line.level), text=line.level)}
        if line.level is not None
        else {"dataAbsentReason": concept(coding(codes.ABSENT, "error"), text="Not graded")}
    )
    whole = without_none(
        {
            "resourceType": "Observation",
            "id": made_id(kind, about),
            "extension": list(more),
            "status": status,
            "code": concept(own("diary", kind), text="How soon a person must know (estimated)"),
            **frame,
            "issued": None if assessed_at is None else instant(assessed_at),
            **level,
            "method": method,
            "hasMember": [ref("Observation", grade["id"]) for grade in grades],
            "component": [_reason(reason) for reason in line.reasons],
        }
    )
    return [whole, *grades]


def week_resource(line: WeekLine, bundle: VisitBundle, subject: Resource) -> Resource:
    """Return the weekly answers; a question without an answer has an item without one."""
    zone = line.time_zone or bundle.time_zone
    return {
        "resourceType": "QuestionnaireResponse",
        "id": str(line.id or made_id("week", line.ends_on)),
        "extension": [
            *ext("author", "Code", line.author),
            *ext("period-ends-on", "Date", line.ends_on),
            *ext("instrument", "String", line.instrument),
            *ext("received-at", "Instant", line.received_at),
            *ext("time-zone", "String", zone),
        ],
        "questionnaire": WEEKLY,
        "status": "completed",
        "subject": subject,
        "authored": zoned(line.written_at or line.received_at, zone),
        "source": _source(line.author, subject),
        "item": [
            {"linkId": name} | ({} if score is None else {"answer": [{"valueInteger": score}]})
            for name, score in line.answers.items()
        ],
    }


def carer(subject: Resource) -> Resource:
    """Return whoever helped the patient write; nobody knows their name."""
    return {
        "resourceType": "RelatedPerson",
        "id": made_id("carer"),
        "patient": subject,
        "relationship": [concept(own("author", "carer"), text="carer")],
    }


def _source(author: str, subject: Resource) -> Resource:
    if author == "patient":
        return subject
    if author == "carer":
        return ref("RelatedPerson", made_id("carer"))
    return {"display": "Care team"}


def _response(line: EntryLine, bundle: VisitBundle, subject: Resource, *, newest: bool) -> Resource:
    zone = line.time_zone or bundle.time_zone
    answers = line.answers if line.said is None else line.said
    status = WRONG if not newest else "amended" if line.version > 1 else "completed"
    return without_none(
        {
            "resourceType": "QuestionnaireResponse",
            "id": str(line.id),
            "extension": [
                *ext("kind", "Code", line.kind),
                *ext("author", "Code", line.author),
                *ext("diary-day", "Date", line.diary_on),
                *ext("local-time", "String", line.local_time),
                *ext("time-zone", "String", zone),
                *ext("received-at", "Instant", line.received_at),
                *ext("version", "PositiveInt", line.version),
            ],
            "identifier": {
                "system": f"{BASE}/entry",
                "value": str(line.first_id or line.id),
            },
            "questionnaire": DIARY,
            "status": status,
            "subject": subject,
            "authored": zoned(line.written_at or line.received_at, zone),
            "source": _source(line.author, subject),
            "item": [
                {"linkId": name, "answer": _answers(name, answers[name])}
                for name in ANSWER_COLUMNS
                if answers.get(name) is not None and answers[name] != ""
            ],
        }
    )


def _answers(name: str, value: Any) -> list[Resource]:
    if name in codes.BOOLEANS:
        return [{"valueBoolean": value}]
    if name in codes.INTEGERS:
        return [{"valueInteger": value}]
    if name in codes.DECIMALS:
        return [{"valueDecimal": value}]
    if name in codes.TEXTS:
        return [{"valueString": value}]
    if name in codes.LISTS:
        ticked = list(value) or [codes.NONE_TICKED]
        return [{"valueCoding": own(name, word)} for word in ticked]
    if name in codes.MAPS:
        return _regions(value)
    return [{"valueCoding": own(name, str(value))}]


def _regions(regions: Mapping[str, str]) -> list[Resource]:
    """Return a region of the body map per answer, with the amount below it."""
    return [
        {
            "valueCoding": own("region", region),
            "item": [{"linkId": "amount", "answer": [{"valueCoding": own("amount", amount)}]}],
        }
        for region, amount in regions.items()
    ] or [{"valueCoding": own("region", codes.NONE_TICKED)}]


def _measured(
    line: EntryLine, frame: Resource, source: Resource, status: str
) -> Iterable[Resource]:
    answers = line.answers
    common = frame | {"status": status, "derivedFrom": [source], "performer": [frame["subject"]]}
    if line.author != "patient":
        common.pop("performer")
    survey = [concept(coding(codes.CATEGORY, "survey"))]

    def made(name: str, category: list[Resource], **values: object) -> Resource:
        return {
            "resourceType": "Observation",
            "id": made_id(name, line.id),
            "category": category,
            **common,
            **values,
        }

    if line.temperature_celsius is not None:
        typed, site = answers.get("temperature_text"), answers.get("temperature_site")
        raw = own("diary", "temperature-as-typed")
        extra: Resource = {}
        if typed:
            extra["component"] = [{"code": concept(raw), "valueString": str(typed)}]
        if site:
            extra["method"] = concept(own("temperature_site", str(site)), text=str(site))
        yield made(
            "temperature",
            [concept(coding(codes.CATEGORY, "vital-signs"))],
            code=concept(coding(codes.LOINC, "8310-5", "Body temperature")),
            valueQuantity=codes.quantity(line.temperature_celsius, "Cel"),
            **extra,
        )
    for name, words in (("itch_nrs", "Worst itch, 0 to 10"), ("skin_pain_nrs", "Skin pain")):
        value = answers.get(name)
        if value is not None:
            yield made(
                name, survey, code=concept(own("diary", name), text=words), valueInteger=value
            )
    if line.extent_percent is not None:
        yield made(
            "extent",
            survey,
            code=concept(own("diary", "extent"), text="Share of the skin with a rash"),
            valueQuantity=codes.quantity(line.extent_percent, "%"),
        )


def _grade(
    about: object,
    name: str,
    number: int,
    frame: Resource,
    status: str,
    method: Resource | None,
    version: str,
) -> Resource:
    return without_none(
        {
            "resourceType": "Observation",
            "id": made_id("grade", version, name, about),
            "status": status,
            "code": concept(
                own("diary", f"estimated-ctcae-{version}"),
                text=f"Estimated CTCAE {version} grade: {name.replace('_', ' ')}",
            ),
            **frame,
            "valueCodeableConcept": codes.grade(number),
            "method": method,
            "component": [{"code": codes.symptom(name), "valueInteger": number}],
        }
    )


def _reason(reason: ReasonLine) -> Resource:
    return {
        "extension": [
            *ext("source", "String", reason.source),
            *ext("patient-sentence", "String", reason.patient_sentence),
            *ext("values", "String", as_json(reason.values)),
            *ext("sentence", "String", reason.sentence),
        ],
        "code": concept(own("reason", reason.code), text=reason.sentence),
        "valueCodeableConcept": concept(own("level", reason.level), text=reason.level),
    }


def _issues(
    about: object,
    reasons: Sequence[ReasonLine],
    on: date,
    subject: Resource,
    evidence: Resource,
) -> list[Resource]:
    """Return what the rules found about doses: too much, missed, a reaction after a step up."""
    return [
        without_none(
            {
                "resourceType": "DetectedIssue",
                "id": made_id("issue", reason.code, about),
                "status": "final",
                "code": concept(own("reason", reason.code), text=reason.sentence),
                "severity": _SEVERITY.get(reason.level, "low"),
                "patient": subject,
                "identifiedDateTime": on.isoformat(),
                "evidence": [{"detail": [evidence]}],
                "detail": reason.sentence,
            }
        )
        for reason in reasons
        if reason.code.startswith(_ISSUES)
    ]
