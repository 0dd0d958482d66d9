"""Plan, doses, laboratory values, alerts and photos of a Bundle become lines again."""

import base64
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from diary_app.exports.bundle import (
    AlertEventLine,
    AlertLine,
    DoseLine,
    LabLine,
    PersonLine,
    PhotoLine,
    PlanStepLine,
)
from diary_app.exports.fhir_parts import Resource
from diary_app.imports.reading import (
    day,
    extensions,
    moment,
    number,
    own_code,
    plain,
    target,
    text,
    truth,
    whole,
)


def person(resource: Resource, baselines: Sequence[Resource]) -> PersonLine | None:
    """Return what is known of the patient; None when the Bundle does not tell."""
    known = extensions(resource)
    if "temperature-unit" not in known:
        return None
    telecom, spoken = resource.get("telecom"), resource["communication"][0]["language"]
    prior, kind = known.get("prior-severe-reaction"), known.get("prior-reaction-type")
    steroid = known.get("on-systemic-steroid")
    components = [one["component"][0] for one in baselines]
    return PersonLine(
        phone=text(telecom[0]["value"]) if telecom else "",
        language=text(spoken["coding"][0]["code"]),
        temperature_unit=text(known["temperature-unit"]),
        prior_severe_reaction=None if prior is None else truth(prior),
        prior_reaction_type=None if kind is None else text(kind),
        on_systemic_steroid=None if steroid is None else truth(steroid),
        baseline_grades={
            own_code(one["code"], "symptom"): whole(one["valueInteger"]) for one in components
        },
    )


def steps(resources: Sequence[Resource]) -> tuple[list[PlanStepLine], list[PlanStepLine]]:
    """Return the steps in force and those that a newer plan replaced, oldest first."""
    by_step: dict[str, dict[str, Resource]] = defaultdict(dict)
    for resource in resources:
        key = text(resource["groupIdentifier"]["value"])
        by_step[key][own_code(resource["medicationCodeableConcept"], "medicine")] = resource
    found = [_step(by_drug) for by_drug in by_step.values()]
    return (
        [step for step in found if step.superseded_at is None],
        [step for step in found if step.superseded_at is not None],
    )


def _step(by_drug: dict[str, Resource]) -> PlanStepLine:
    main, steroid = by_drug["imatinib"], by_drug.get("prednisolone")
    known = extensions(main)
    note = main.get("note")
    return PlanStepLine(
        starts_on=day(known["starts-on"]),
        imatinib_mg=number(known["amount-mg"]),
        every_n_days=whole(known["every-n-days"]),
        prednisolone_mg=None if steroid is None else number(extensions(steroid)["amount-mg"]),
        reason=text(note[0]["text"]) if note else "",
        author=text(main["requester"]["display"]) if "requester" in main else "",
        approved_at=moment(known["approved-at"]),
        superseded_at=moment(known["superseded-at"]) if "superseded-at" in known else None,
    )


def dose(resource: Resource) -> DoseLine:
    """Return one thing said of a dose."""
    known = extensions(resource)
    entry = resource.get("supportingInformation")
    planned, taken = known.get("planned-mg"), known.get("taken-mg")
    clock, vomited = known.get("taken-clock"), known.get("vomited-after")
    return DoseLine(
        on=day(resource["effectiveDateTime"]),
        drug=own_code(resource["medicationCodeableConcept"], "medicine"),
        planned_mg=None if planned is None else number(planned),
        how=text(known["how"]),
        taken_mg=None if taken is None else number(taken),
        taken_clock=None if clock is None else text(clock),
        vomited_after=None if vomited is None else text(vomited),
        recorded_at=moment(known["recorded-at"]),
        id=UUID(text(resource["id"])),
        entry_id=target(entry[0]) if entry else None,
        time_zone=text(known["time-zone"]) if "time-zone" in known else None,
    )


def lab(resource: Resource) -> LabLine:
    """Return one laboratory value; its grade is made anew."""
    known = extensions(resource)
    value = resource["valueQuantity"]
    limits = (resource.get("referenceRange") or [{}])[0]
    return LabLine(
        taken_on=day(resource["effectiveDateTime"]),
        name=own_code(resource["code"], "laboratory"),
        value=number(value["value"]),
        unit=text(value["unit"]),
        lower_limit=number(limits["low"]["value"]) if "low" in limits else None,
        upper_limit=number(limits["high"]["value"]) if "high" in limits else None,
        id=UUID(text(resource["id"])),
        sampled_at=moment(known["sampled-at"]) if "sampled-at" in known else None,
        last_dose_at=moment(known["last-dose-at"]) if "last-dose-at" in known else None,
        entered_at=moment(resource["issued"]) if "issued" in resource else None,
        entered_by=text(known.get("entered-by", "")),
    )


def alert(resource: Resource) -> AlertLine:
    """Return one alert with all that happened to it."""
    known = extensions(resource)
    about = resource.get("about")
    holder, closer = known.get("acknowledged-by"), known.get("closed-by")
    outcome = known.get("outcome")
    return AlertLine(
        code=text(resource["identifier"][0]["value"]),
        level=text(known["level"]),
        state=text(known["state"]),
        raised_at=moment(resource["sent"]),
        acknowledged_at=moment(resource["received"]) if "received" in resource else None,
        acknowledged_by=None if holder is None else text(holder),
        closed_at=moment(known["closed-at"]) if "closed-at" in known else None,
        outcome=None if outcome is None else text(outcome),
        reason_codes=tuple(own_code(one, "reason") for one in resource.get("reasonCode", ())),
        id=UUID(text(resource["id"])),
        entry_id=target(about[0]) if about else None,
        level_since=moment(known["level-since"]) if "level-since" in known else None,
        closed_by=None if closer is None else text(closer),
        events=tuple(_event(note) for note in resource.get("note", ())),
    )


def _event(note: Resource) -> AlertEventLine:
    known = extensions(note)
    return AlertEventLine(
        at=moment(note["time"]),
        kind=text(known["event"]),
        actor=text(note.get("authorString", "")),
        detail=plain(known["detail"]),
    )


def photo(resource: Resource) -> PhotoLine:
    """Return one photo; without its picture when the Bundle does not carry it."""
    known = extensions(resource)
    data, part_of, note = (
        resource["content"].get("data"),
        resource.get("partOf"),
        resource.get("note"),
    )
    picture = base64.b64decode(text(data), validate=True) if data is not None else b""
    return PhotoLine(
        id=UUID(text(resource["id"])),
        entry_id=UUID(text(known["entry"])),
        taken_on=day(resource["createdDateTime"]),
        region=text(known["region"]) if "region" in known else None,
        description=text(note[0]["text"]) if note else "",
        picture=picture,
        thumbnail=b"",
        sent_with=target(part_of[0]) if part_of else None,
        received_at=moment(known["received-at"]) if "received-at" in known else None,
        is_kept=bool(picture),
    )
