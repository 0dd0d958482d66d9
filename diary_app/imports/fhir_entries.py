"""QuestionnaireResponses and Observations of a Bundle become entries, weeks and findings again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from diary_app.exports import fhir_codes as codes
from diary_app.exports.bundle import EntryLine, FindingLine, ReasonLine, WeekLine
from diary_app.exports.fhir_entries import DIARY
from diary_app.exports.fhir_parts import Resource
from diary_app.exports.table_columns import ANSWER_COLUMNS
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

_READ = {
    **dict.fromkeys(codes.BOOLEANS, ("valueBoolean", truth)),
    **dict.fromkeys(codes.INTEGERS, ("valueInteger", whole)),
    **dict.fromkeys(codes.DECIMALS, ("valueDecimal", number)),
    **dict.fromkeys(codes.TEXTS, ("valueString", text)),
}


@dataclass(frozen=True)
class Made:
    """What the rules made of something, as one Observation and its members tell."""

    about: UUID | None
    level: str | None
    grades: Mapping[str, int]
    v6: int | None
    reasons: tuple[ReasonLine, ...]
    rules_version: str | None
    resource: Resource


def is_diary(resource: Resource) -> bool:
    """Return whether a QuestionnaireResponse is an entry; others are weekly answers."""
    return bool(resource.get("questionnaire") == DIARY)


def entry(resource: Resource) -> EntryLine:
    """Return one version of an entry, not graded yet."""
    known = extensions(resource)
    said: dict[str, object] = {}
    for item in resource.get("item", ()):
        name = text(item["linkId"])
        if name not in ANSWER_COLUMNS:
            raise ValueError("unknown question")
        said[name] = _answer(name, item["answer"])
    return EntryLine(
        id=UUID(text(resource["id"])),
        version=whole(known["version"]),
        kind=text(known["kind"]),
        author=text(known["author"]),
        diary_on=day(known["diary-day"]),
        local_time=text(known["local-time"]) if "local-time" in known else None,
        received_at=moment(known["received-at"]),
        answers=said,
        temperature_celsius=None,
        extent_percent=None,
        level=None,
        grades={},
        v6_rash_maculopapular=None,
        reasons=(),
        rules_version=None,
        day_since_step=None,
        first_id=UUID(text(resource["identifier"]["value"])),
        time_zone=text(known["time-zone"]),
        written_at=moment(resource["authored"]),
        said=said,
    )


def graded(
    line: EntryLine, made: Made | None, celsius: float | None, extent: float | None
) -> EntryLine:
    """Return the entry with what the rules made of it; None = it was never graded."""
    if made is None:
        return line
    known, issued = extensions(made.resource), made.resource.get("issued")
    return replace(
        line,
        temperature_celsius=celsius,
        extent_percent=extent,
        level=made.level,
        grades=made.grades,
        v6_rash_maculopapular=made.v6,
        reasons=made.reasons,
        rules_version=made.rules_version,
        assessed_at=None if issued is None else moment(issued),
        recheck_minutes=whole(known["recheck-minutes"]) if "recheck-minutes" in known else None,
    )


def finding(made: Made) -> FindingLine:
    """Return what was found without an entry."""
    known = extensions(made.resource)
    return FindingLine(
        about=text(known["about"]),
        on=day(known["about-day"]) if "about-day" in known else None,
        entry_id=UUID(text(known["about-entry"])) if "about-entry" in known else None,
        assessed_at=moment(made.resource["issued"]),
        level=made.level,
        grades=made.grades,
        reasons=made.reasons,
        rules_version=made.rules_version or "",
        inputs=plain(known["inputs"]),
    )


def week(resource: Resource) -> WeekLine:
    """Return the answers of one week."""
    known = extensions(resource)
    return WeekLine(
        ends_on=day(known["period-ends-on"]),
        received_at=moment(known["received-at"]),
        author=text(known["author"]),
        instrument=text(known["instrument"]),
        answers={
            text(item["linkId"]): whole(item["answer"][0]["valueInteger"])
            if item.get("answer")
            else None
            for item in resource.get("item", ())
        },
        id=UUID(text(resource["id"])),
        time_zone=text(known["time-zone"]),
        written_at=moment(resource["authored"]),
    )


def whole_entries(versions: Sequence[EntryLine]) -> tuple[EntryLine, ...]:
    """Return the newest version of each entry with those that it replaced, oldest day first."""
    by_first: dict[UUID | None, list[EntryLine]] = defaultdict(list)
    for line in versions:
        by_first[line.first_id].append(line)
    found = []
    for lines in by_first.values():
        lines.sort(key=lambda line: line.version)
        if len({line.version for line in lines}) < len(lines):
            raise ValueError("a version twice")
        found.append(replace(lines[-1], earlier=tuple(lines[:-1])))
    return tuple(
        sorted(found, key=lambda line: (line.diary_on, line.written_at or line.received_at))
    )


def made_of(resource: Resource, members: Mapping[str, Resource]) -> Made:
    """Return the level, reasons and grades that an Observation and its members tell.

    Args:
        members: Every Observation of the Bundle by id.
    """
    grades: dict[str, int] = {}
    v6 = None
    for reference in resource.get("hasMember", ()):
        one = members[str(target(reference))]
        component = one["component"][0]
        symptom = own_code(component["code"], "symptom")
        score = whole(component["valueInteger"])
        if own_code(one["code"], "diary").endswith("6.0"):
            v6 = score
        else:
            grades[symptom] = score
    method = resource.get("method")
    about = resource.get("derivedFrom")
    return Made(
        about=target(about[0]) if about else None,
        level=own_code(resource["valueCodeableConcept"], "level")
        if "valueCodeableConcept" in resource
        else None,
        grades=grades,
        v6=v6,
        reasons=tuple(_reason(one) for one in resource.get("component", ())),
        rules_version=own_code(method, "rules") if method else None,
        resource=resource,
    )


def _reason(component: Mapping[str, Any]) -> ReasonLine:
    known = extensions(dict(component))
    return ReasonLine(
        code=own_code(component["code"], "reason"),
        level=own_code(component["valueCodeableConcept"], "level"),
        sentence=text(known.get("sentence", "")),
        source=text(known.get("source", "")),
        values=plain(known["values"]),
        patient_sentence=text(known.get("patient-sentence", "")),
    )


def _answer(name: str, answers: Sequence[Mapping[str, Any]]) -> object:
    if name in _READ:
        (one,) = answers
        key, read = _READ[name]
        return read(one[key])
    words = [text(one["valueCoding"]["code"]) for one in answers]
    if name in codes.LISTS:
        return [] if words == [codes.NONE_TICKED] else words
    if name in codes.MAPS:
        if words == [codes.NONE_TICKED]:
            return {}
        return {
            word: text(one["item"][0]["answer"][0]["valueCoding"]["code"])
            for word, one in zip(words, answers, strict=True)
        }
    (word,) = words
    return word
