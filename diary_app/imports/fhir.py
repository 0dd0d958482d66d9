"""A FHIR R4 Bundle of this diary becomes the visit bundle that it was made from."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from diary_app.exports.bundle import EntryLine, VisitBundle
from diary_app.exports.fhir_codes import BASE, CATEGORY
from diary_app.exports.fhir_parts import Resource
from diary_app.imports import fhir_care as care
from diary_app.imports import fhir_entries as entries
from diary_app.imports import fhir_facts as facts
from diary_app.imports.errors import MOST_ROWS, UnreadableError
from diary_app.imports.reading import (
    day,
    extensions,
    moment,
    number,
    own_code,
    parsed,
    target,
    text,
)
from diary_app.text import _

Line = TypeVar("Line")
_WRONG = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    StopIteration,
    RecursionError,
)
# An entry is some twenty resources.
_MOST_RESOURCES = 20 * MOST_ROWS


def read_bundle(content: bytes) -> VisitBundle:
    """Return the diary of a Bundle as `diary_app.exports.fhir` writes it.

    Raises:
        UnreadableError: It is no such Bundle; the sentence says what is wrong.
    """
    try:
        found = parsed(content)
    except _WRONG:
        raise UnreadableError(_("This file is no JSON that can be read.")) from None
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise UnreadableError(_("This file is no FHIR Bundle."))
    listed = found.get("entry")
    if not isinstance(listed, list) or len(listed) > _MOST_RESOURCES:
        raise UnreadableError(_("This FHIR Bundle holds no diary, or more than any diary."))
    return _Reader(listed).bundle(found)


class _Reader:
    """The resources of one Bundle by kind, each with its place for the sentence of an error."""

    def __init__(self, listed: Sequence[object]) -> None:
        self._by_kind: dict[str, list[tuple[int, Resource]]] = defaultdict(list)
        for place, one in enumerate(listed, start=1):
            resource = one.get("resource") if isinstance(one, dict) else None
            kind = resource.get("resourceType") if isinstance(resource, dict) else None
            if not isinstance(resource, dict) or not isinstance(kind, str):
                raise _unreadable(place, "")
            self._by_kind[kind].append((place, resource))

    def bundle(self, found: Resource) -> VisitBundle:
        """Return all of it together."""
        observations = self._by_code()
        versions = self._versions(observations)
        (cover,), (who,), (clinic,) = (
            self._only("Composition"),
            self._only("Patient"),
            self._only("Organization"),
        )
        plan, former = self._together("MedicationRequest", care.steps)
        words = self._each("MedicationAdministration", care.dose)
        counted = {
            str(resource["id"])
            for _place, resource in self._by_kind["MedicationAdministration"]
            if resource.get("status") != "entered-in-error"
        }
        try:
            period = cover["event"][0]["period"]
            made = VisitBundle(
                clinic_name=text(clinic["name"]),
                clinic_phone=text(clinic["telecom"][0]["value"]) if "telecom" in clinic else "",
                patient_code=text(who["identifier"][0]["value"]),
                patient_name=text(who["name"][0]["text"]),
                born_on=day(who["birthDate"]),
                time_zone=text(extensions(who)["time-zone"]),
                first_on=day(period["start"]),
                last_on=day(period["end"]),
                made_at=moment(found["timestamp"]),
                made_by=text(extensions(cover).get("made-by", "")),
                plan=tuple(plan),
                entries=entries.whole_entries(versions),
                labs=tuple(self._each_of(observations["laboratory"], "Observation", care.lab)),
                alerts=tuple(self._each("Communication", care.alert)),
                photos=tuple(self._each("Media", care.photo)),
                rules_version=text(extensions(cover).get("rules-version", "")),
                weeks=tuple(
                    self._each_of(
                        [
                            pair
                            for pair in self._by_kind["QuestionnaireResponse"]
                            if not entries.is_diary(pair[1])
                        ],
                        "QuestionnaireResponse",
                        entries.week,
                    )
                ),
                doses=tuple(
                    sorted(
                        (word for word in words if str(word.id) in counted),
                        key=lambda word: (word.on, word.drug),
                    )
                ),
                person=care.person(who, [one for _place, one in observations["baseline-grade"]]),
                former_plan=tuple(former),
                dose_words=tuple(words),
                medicines=tuple(self._each("MedicationStatement", facts.medicine)),
                visits=tuple(self._each("Appointment", facts.visit)),
                questions=tuple(self._each("CommunicationRequest", facts.question)),
                findings=tuple(
                    self._each_of(
                        observations["finding"],
                        "Observation",
                        lambda one: entries.finding(entries.made_of(one, self._members)),
                    )
                ),
            )
        except _WRONG:
            raise UnreadableError(
                _("The patient, the clinic or the period of this Bundle cannot be read.")
            ) from None
        return made

    def _by_code(self) -> dict[str, list[tuple[int, Resource]]]:
        """Return Observations by what they are in the diary's own words, and keep them by id."""
        found: dict[str, list[tuple[int, Resource]]] = defaultdict(list)
        self._members: dict[str, Resource] = {}
        for place, resource in self._by_kind["Observation"]:
            try:
                self._members[text(resource["id"])] = resource
                found[_kind_of(resource)].append((place, resource))
            except _WRONG:
                raise _unreadable(place, "Observation") from None
        return found

    def _versions(self, observations: dict[str, list[tuple[int, Resource]]]) -> list[EntryLine]:
        made = {
            one.about: one
            for one in self._each_of(
                observations["assessment"],
                "Observation",
                lambda resource: entries.made_of(resource, self._members),
            )
        }
        celsius = self._measured(observations["temperature"])
        extent = self._measured(observations["extent"])
        lines = self._each_of(
            [pair for pair in self._by_kind["QuestionnaireResponse"] if entries.is_diary(pair[1])],
            "QuestionnaireResponse",
            entries.entry,
        )
        try:
            return [
                entries.graded(line, made.get(line.id), celsius.get(line.id), extent.get(line.id))
                for line in lines
            ]
        except _WRONG:
            raise UnreadableError(
                _("What the rules made of an entry of this Bundle cannot be read.")
            ) from None

    def _measured(self, pairs: Sequence[tuple[int, Resource]]) -> dict[UUID, float]:
        return dict(
            self._each_of(
                pairs,
                "Observation",
                lambda one: (
                    target(one["derivedFrom"][0]),
                    number(one["valueQuantity"]["value"]),
                ),
            )
        )

    def _only(self, kind: str) -> list[Resource]:
        found = [resource for _place, resource in self._by_kind[kind]]
        if len(found) != 1:
            raise UnreadableError(
                _("This Bundle must hold one {kind}; it holds {count}.").format(
                    kind=kind, count=len(found)
                )
            )
        return found

    def _each(self, kind: str, read: Callable[[Resource], Line]) -> list[Line]:
        return self._each_of(self._by_kind[kind], kind, read)

    def _each_of(
        self,
        pairs: Sequence[tuple[int, Resource]],
        kind: str,
        read: Callable[[Resource], Line],
    ) -> list[Line]:
        found = []
        for place, resource in pairs:
            try:
                found.append(read(resource))
            except _WRONG:
                raise _unreadable(place, kind) from None
        return found

    def _together(self, kind: str, read: Callable[[list[Resource]], Line]) -> Line:
        try:
            return read([resource for _place, resource in self._by_kind[kind]])
        except _WRONG:
            raise UnreadableError(_("The plan of this Bundle cannot be read.")) from None


def _kind_of(resource: Resource) -> str:
    """Return the diary's own word for what an Observation is."""
    for coded in resource["code"]["coding"]:
        if coded["system"] == f"{BASE}/CodeSystem/diary":
            return text(coded["code"])
        if coded["system"] == f"{BASE}/CodeSystem/laboratory":
            return "laboratory"
    category = [one["system"] for part in resource["category"] for one in part["coding"]]
    return "temperature" if CATEGORY in category else own_code(resource["code"], "diary")


def _unreadable(place: int, kind: str) -> UnreadableError:
    return UnreadableError(
        _("Resource {place} of this Bundle ({kind}) cannot be read.").format(
            place=place, kind=kind or _("unknown")
        )
    )
