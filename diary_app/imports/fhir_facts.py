"""Other medicines, visits and questions of a Bundle become lines again."""

from uuid import UUID

from diary_app.exports.bundle import MedicineLine, QuestionLine, VisitLine
from diary_app.exports.fhir_facts import QUESTION_STATUS
from diary_app.exports.fhir_parts import Resource
from diary_app.imports.reading import day, extensions, moment, text, whole

_ENDED_HOW = {status: how for how, status in QUESTION_STATUS.items()}


def medicine(resource: Resource) -> MedicineLine:
    """Return one other medicine."""
    known = extensions(resource)
    period = resource.get("effectivePeriod", {})
    reasons, dosage = resource.get("reasonCode"), resource.get("dosage")
    source = resource.get("informationSource")
    return MedicineLine(
        id=UUID(text(resource["id"])),
        name=text(resource["medicationCodeableConcept"]["text"]),
        dose=text(dosage[0]["text"]) if dosage else "",
        since=day(period["start"]) if "start" in period else None,
        until=day(period["end"]) if "end" in period else None,
        taken_for=text(reasons[0]["text"]) if reasons else "",
        added_by=text(source["display"]) if source else "",
        added_at=moment(known["added-at"]),
        ended_by=text(known.get("ended-by", "")),
        ended_at=moment(known["ended-at"]) if "ended-at" in known else None,
        end_reason=text(known.get("end-reason", "")),
        is_mistake=resource["status"] == "entered-in-error",
    )


def visit(resource: Resource) -> VisitLine:
    """Return one visit that was agreed."""
    known = extensions(resource)
    return VisitLine(
        id=UUID(text(resource["id"])),
        starts_at=moment(resource["start"]),
        minutes=whole(resource["minutesDuration"]),
        sequence=whole(known["sequence"]),
        changed_at=moment(known["changed-at"]),
        cancelled_at=moment(known["cancelled-at"]) if "cancelled-at" in known else None,
        changed_by=text(known.get("changed-by", "")),
    )


def question(resource: Resource) -> QuestionLine:
    """Return one question for a visit."""
    known = extensions(resource)
    return QuestionLine(
        id=UUID(text(resource["id"])),
        words=text(resource["payload"][0]["contentString"]),
        asked_at=moment(resource["authoredOn"]),
        ended_at=moment(known["ended-at"]) if "ended-at" in known else None,
        ended_how=_ENDED_HOW[resource["status"]],
        ended_by=text(known.get("ended-by", "")),
    )
