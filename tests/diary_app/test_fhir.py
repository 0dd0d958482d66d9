"""A period as FHIR R4: valid by two validators, honest codes, and the same diary read back."""

import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fhir.resources.R4B.bundle import Bundle
from PIL import Image
from sqlmodel import Session

from db.engine import Database
from db.errors import AccessDeniedError
from db.models import (
    Alert,
    AlertEvent,
    Assessment,
    DoseRecord,
    Draft,
    LabResult,
    OtherMedicine,
    Patient,
    Photo,
    PlanStep,
    WeeklyReport,
)
from db.photos import clean_photo
from db.stores import audit, facts, questions, treatment, visits
from db.types import new_id
from diary_app.exports.bundle import VisitBundle
from diary_app.exports.fhir import fhir_json
from diary_app.imports.errors import UnreadableError
from diary_app.imports.fhir import read_bundle
from diary_app.services.importing import Imported, import_diary
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.services.visit import Visits
from tests.diary_app.care_house import HOT, keep_entry, kit_for
from tests.people import NOW, ZONE, House, build_house, clinic_row, user_row

TODAY = NOW.date()
PERIOD = (TODAY - timedelta(days=120), TODAY)
SCHEMA = Path(__file__).with_name("fhir_r4_schema.json.gz")
STEP_UP = {
    "code": "R8_RECURRENCE_AFTER_STEP_UP_MAJOR",
    "level": "urgent",
    "sentence": "The reaction came back 3 days after the step up.",
    "patient_sentence": "Phone your care team now.",
    "source": "clinic rules",
    "values": {"days": 3},
}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: Any) -> Iterator[tuple[House, Kit]]:
    """Ana's diary with something of everything; nobody changes it."""
    folder = tmp_path_factory.mktemp("lived")
    house = build_house(folder)
    kit = kit_for(house, folder)
    live(house, kit)
    yield house, kit
    house.database.close()


@pytest.fixture(scope="module")
def told(lived: tuple[House, Kit]) -> VisitBundle:
    house, kit = lived
    return Visits(kit, house.dora).whole(house.ana.actor_id, *PERIOD)


@pytest.fixture(scope="module")
def made(told: VisitBundle) -> dict[str, Any]:
    return json.loads(fhir_json(told))


def live(house: House, kit: Kit) -> None:
    first = house.entry(
        at=NOW - timedelta(days=1),
        itch_nrs=0,
        rash_present=True,
        regions={"trunk_front": "quarter"},
        morphology=["macules_papules"],
        red_flags=[],
        adl="instrumental",
        handprints=4.5,
        words='Ärger = sehr\n"itchy"',
        author="carer",
    )
    keep_entry(house, first, "none")
    second = house.entry(
        at=NOW - timedelta(hours=20),
        itch_nrs=7,
        first_id=first.id,
        version=2,
        replaces_id=first.id,
        diary_on=first.diary_on,
        temperature_text="38,5",
        temperature_value=38.5,
        temperature_unit="C",
        temperature_site="oral",
        wants_contact=False,
        regions={},
        imatinib_mg_taken=400.0,
    )
    keep_entry(house, second, "urgent", HOT, STEP_UP)
    ungraded = house.entry(at=NOW - timedelta(hours=1), itch_nrs=3)
    keep_entry(house, ungraded, None)
    about = {"clinic_id": house.clinic_id, "patient_id": house.ana.actor_id}
    typed = {"entered_by": house.ben.actor_id, "entered_at": NOW}
    with house.database.writing() as session:
        ana = session.get_one(Patient, house.ana.actor_id)
        ana.prior_severe_reaction, ana.prior_reaction_type = True, "exfoliative"
        ana.baseline_grades = {"periorbital_edema": 1}
        ana.phone = "+49 30 555 0199"
        session.add(ana)
        planned = [
            PlanStep(
                **about,
                starts_on=TODAY - timedelta(days=days),
                imatinib_mg=mg,
                every_n_days=every,
                prednisolone_mg=steroid,
                reason=reason,
                author_id=house.dora.actor_id,
                approved_at=NOW - timedelta(days=days),
            )
            for days, mg, every, steroid, reason in (
                (30, 0, 1, 30.0, "rash"),
                (4, 100, 2, 20.0, "begun again"),
            )
        ]
        treatment.change_plan(session, house.dora, ana.id, planned[:1], NOW - timedelta(days=30))
        treatment.change_plan(session, house.dora, ana.id, planned[1:], NOW - timedelta(days=4))
        again = PlanStep(
            **about,
            starts_on=TODAY - timedelta(days=4),
            imatinib_mg=100,
            every_n_days=1,
            reason="daily after all",
            author_id=house.dora.actor_id,
            approved_at=NOW - timedelta(days=3),
        )
        treatment.change_plan(session, house.dora, ana.id, [again], NOW - timedelta(days=3))
        for name, value, unit, low, high in (
            ("alt", 89.0, "U/L", None, 43.0),
            ("bilirubin", 20.5, "umol/L", None, 21.0),
            ("imatinib_trough", 1100.0, "ng/mL", None, None),
        ):
            lab = LabResult(
                **about,
                **typed,
                taken_on=TODAY,
                name=name,
                value=value,
                unit=unit,
                lower_limit=low,
                upper_limit=high,
            )
            if name == "imatinib_trough":
                lab.sampled_at, lab.last_dose_at = NOW, NOW - timedelta(hours=24)
            treatment.add_lab(session, house.ben, lab, NOW)
        for minutes, how, mg, clock, vomited, entry_id in (
            (50, "missed", 0.0, None, None, None),
            (40, "late", 100.0, "21:30", None, second.id),
            (30, "taken_back", None, None, None, None),
            (20, "vomited", None, None, "within_30", None),
        ):
            session.add(
                DoseRecord(
                    **about,
                    diary_on=TODAY,
                    drug="imatinib",
                    planned_mg=100.0,
                    how=how,
                    taken_mg=mg,
                    taken_clock=clock,
                    vomited_after=vomited,
                    entry_id=entry_id,
                    time_zone=ZONE,
                    recorded_at=NOW - timedelta(minutes=minutes),
                )
            )
        closed = Alert(
            **about,
            entry_id=second.id,
            code="K7Q-4T",
            level="urgent",
            state="closed",
            reason_codes=["R4_TEMP_GE_38_3"],
            raised_at=NOW - timedelta(hours=20),
            level_since=NOW - timedelta(hours=20),
            policy={},
            acknowledged_by=house.ben.actor_id,
            acknowledged_at=NOW - timedelta(hours=19),
            closed_by=house.ben.actor_id,
            closed_at=NOW - timedelta(hours=18),
            outcome="seen_same_day",
        )
        waiting = Alert(
            **about,
            code="M3N-5P",
            level="prompt",
            reason_codes=["R11_NO_ENTRY"],
            raised_at=NOW,
            level_since=NOW,
            policy={},
            next_look_at=NOW,
        )
        session.add_all([closed, waiting])
        session.flush()
        session.add(
            AlertEvent(
                clinic_id=house.clinic_id,
                alert_id=closed.id,
                at=NOW - timedelta(hours=18),
                kind="noted",
                actor_id=house.ben.actor_id,
                actor_name="Ben",
                detail={"text": "Phoned her, comes in."},
            )
        )
        session.add(
            Assessment(
                **about,
                silent_on=TODAY - timedelta(days=5),
                assessed_at=NOW - timedelta(days=4),
                outcome="graded",
                level="prompt",
                reasons=[STEP_UP | {"code": "R11_NO_ENTRY"}],
                inputs={"days": 2},
                rules_version="1.0.0",
            )
        )
        session.add(
            WeeklyReport(
                **about,
                author="patient",
                period_ends_on=TODAY,
                time_zone=ZONE,
                instrument="PRO-CTCAE 1.0 en",
                answers={"PROCTCAE_8A_SCL": 2, "PROCTCAE_9A_SCL": None},
                written_at=NOW,
                received_at=NOW,
            )
        )
        live_facts(session, house)
        clean = clean_photo(picture())
        photo_id = new_id()
        kit.vault.put(photo_id, clean)
        session.add(Draft(id=first.id, **about, created_at=NOW, updated_at=NOW, sent_at=NOW))
        session.flush()
        session.add(
            Photo(
                id=photo_id,
                **about,
                draft_id=first.id,
                region="trunk_front",
                description="three spots",
                width=clean.width,
                height=clean.height,
                sha256_received=clean.sha256_received,
                sha256_kept=clean.sha256_kept,
                received_bytes=clean.received_bytes,
                received_at=NOW,
            )
        )


def live_facts(session: Session, house: House) -> None:
    """One medicine that is taken, one that ended, one by mistake; a visit moved, one cancelled."""
    ana = house.ana.actor_id
    for name, since, until in (
        ("Ramipril", date(2024, 5, 1), None),
        ("=Itraconazole", None, None),
        ("Metformin", None, TODAY + timedelta(days=10)),
    ):
        row = OtherMedicine(
            clinic_id=house.clinic_id,
            patient_id=ana,
            name=name,
            dose="5 mg every morning" if name == "Ramipril" else "",
            since=since,
            until=until,
            reason="blood pressure" if name == "Ramipril" else "",
            added_by=house.ben.actor_id,
            added_at=NOW,
        )
        facts.add_medicine(session, house.ben, row, NOW)
        if name == "=Itraconazole":
            facts.end_medicine(session, house.dora, row.id, TODAY, "nails are fine", NOW)
        if name == "Metformin":
            facts.withdraw_medicine(session, house.ben, row.id, "another patient", NOW)
    ahead = visits.add_visit(session, house.ben, ana, NOW + timedelta(days=40), 30, NOW)
    visits.move_visit(session, house.dora, ahead.id, NOW + timedelta(days=41), 45, NOW)
    off = visits.add_visit(session, house.ben, ana, NOW + timedelta(days=3), 30, NOW)
    visits.cancel_visit(session, house.ben, off.id, NOW)
    for words in ("May I swim?", "Is the itch from the tablet?", "Never mind"):
        asked = questions.ask(session, house.ana, ana, words, NOW)
        if words.startswith("Is"):
            questions.answer(session, house.dora, asked.id, NOW + timedelta(hours=1))
        if words.startswith("Never"):
            questions.take_back(session, house.ana, asked.id, NOW)


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), "#c06050").save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def south(tmp_path: Path) -> Iterator[tuple[Kit, House]]:
    """Another installation: its only clinic has staff and no patients."""
    house = build_house(tmp_path)
    with house.database.writing() as session:
        empty = clinic_row("East clinic")
        session.add(empty)
        session.flush()
        staff = [user_row(empty, "Erin", "administrator"), user_row(empty, "Dora", "clinician")]
        session.add_all(staff)
        session.flush()
        from db.access import viewer_for

        erin, dora = (
            viewer_for(one.role, clinic_id=empty.id, actor_id=one.id, name=one.name)
            for one in staff
        )
    yield kit_for(house, tmp_path), replace(house, clinic_id=erin.clinic_id, admin=erin, dora=dora)
    house.database.close()


def taken_over(kit: Kit, house: House, content: bytes) -> tuple[Imported, VisitBundle]:
    done = import_diary(kit, house.admin, read_bundle(content), NOW, source="fhir")
    return done, Visits(kit, house.dora).whole(done.patient_id, *PERIOD)


def comparable(bundle: VisitBundle) -> VisitBundle:
    """Without what another clinic says differently: its name, a picture's bytes, rules' inputs."""
    return replace(
        bundle,
        clinic_name="",
        clinic_phone="",
        entries=tuple(
            replace(line, inputs={}, earlier=tuple(replace(old, inputs={}) for old in line.earlier))
            for line in bundle.entries
        ),
        photos=tuple(replace(photo, picture=b"", thumbnail=b"") for photo in bundle.photos),
    )


def test_the_same_diary_comes_out_of_the_bundle(told: VisitBundle, south: Any) -> None:
    kit, house = south
    done, again = taken_over(kit, house, fhir_json(told))
    assert comparable(again) == comparable(told)
    assert (done.counts["versions"], done.counts["photos"], done.open_alerts) == (3, 1, 1)
    (photo,) = again.photos
    assert Image.open(io.BytesIO(photo.picture)).size == (640, 480)


def test_the_bundle_is_valid_by_the_models_and_by_the_published_schema(made: Any) -> None:
    Bundle.model_validate(made)
    jsonschema.Draft6Validator(json.loads(gzip.decompress(SCHEMA.read_bytes()))).validate(made)


def resources(made: Any, kind: str) -> list[dict[str, Any]]:
    found = [one["resource"] for one in made["entry"]]
    return [one for one in found if one["resourceType"] == kind]


def test_the_schema_would_notice_a_wrong_bundle(made: Any) -> None:
    wrong = json.loads(json.dumps(made))
    resources(wrong, "Observation")[0]["status"] = "guessed"

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft6Validator(json.loads(gzip.decompress(SCHEMA.read_bytes()))).validate(wrong)


def test_no_code_is_used_that_the_clinical_reference_does_not_confirm(made: Any) -> None:
    codings = list(of_key(made, "coding"))
    used = {one["code"] for many in codings for one in many}

    # Unconfirmed or of another meaning by clinical.md 7 and 11, 8277-6 being body size in m2.
    refused = {"8331-1", "8328-7", "8333-7", "751-8", "752-6", "8277-6", "282388", "8638", "C75533"}
    assert not used & refused
    assert all(one["system"] for many in codings for one in many)
    assert not resources(made, "AdverseEvent")
    assert not resources(made, "AllergyIntolerance")


def test_every_reference_leads_to_a_resource_of_the_bundle(made: Any) -> None:
    here = {one["fullUrl"] for one in made["entry"]}

    assert set(of_key(made, "reference")) <= here
    assert made["entry"][0]["resource"]["resourceType"] == "Composition"


def of_key(value: Any, key: str) -> Iterator[Any]:
    """Every value below a key, however deep."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for each in value.values():
            yield from of_key(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from of_key(each, key)


def coded(made: Any, system: str, code: str) -> list[dict[str, Any]]:
    """Observations with this code that count."""
    return [
        one
        for one in resources(made, "Observation")
        if {"system": system, "code": code}
        in [{"system": each["system"], "code": each["code"]} for each in one["code"]["coding"]]
        and one["status"] == "final"
    ]


LOINC = "http://loinc.org"


def test_measurements_carry_loinc_where_the_code_fits_the_unit(made: Any) -> None:
    (fever,) = coded(made, LOINC, "8310-5")
    (alt,) = coded(made, LOINC, "1742-6")
    (trough,) = coded(made, LOINC, "57844-3")

    assert (fever["valueQuantity"]["value"], fever["valueQuantity"]["code"]) == (38.5, "Cel")
    assert fever["component"][0]["valueString"] == "38,5"
    assert (alt["valueQuantity"]["value"], alt["referenceRange"][0]["high"]["value"]) == (89, 43)
    assert trough["valueQuantity"]["unit"] == "ng/mL"
    # 1975-2 is a mass in a volume; 20.5 umol/L is an amount of substance.
    assert coded(made, LOINC, "1975-2") == []


def test_estimated_grades_are_observations_that_name_rules_and_source(
    made: Any,
) -> None:
    own = "https://symptom-diary.example/fhir/CodeSystem/diary"
    found = {
        one["component"][0]["code"]["text"]: one for one in coded(made, own, "estimated-ctcae-5.0")
    }

    assert sorted(found) == ["fever", "pruritus"]
    itch = found["pruritus"]
    codes = [each["code"] for each in itch["valueCodeableConcept"]["coding"]]
    assert codes == ["2", "C41339"]
    assert "Rules 1.0.0" in itch["method"]["text"]
    assert itch["derivedFrom"][0]["type"] == "QuestionnaireResponse"


def test_a_reader_counts_no_version_and_no_dose_twice(made: Any) -> None:
    status = [one["status"] for one in resources(made, "QuestionnaireResponse")]
    doses = [one["status"] for one in resources(made, "MedicationAdministration")]
    plans = [one["status"] for one in resources(made, "MedicationRequest")]

    assert sorted(status) == ["amended", "completed", "completed", "entered-in-error"]
    assert sorted(doses) == ["completed", *["entered-in-error"] * 3]
    assert plans.count("active") == 1
    assert "cancelled" in plans


def test_other_medicines_are_statements_without_codes_and_visits_are_appointments(
    made: Any,
) -> None:
    statements = {
        one["medicationCodeableConcept"]["text"]: one
        for one in resources(made, "MedicationStatement")
    }
    assert {name: one["status"] for name, one in statements.items()} == {
        "Ramipril": "active",
        "=Itraconazole": "active",  # its last day is the last of the period
        "Metformin": "entered-in-error",
    }
    ramipril = statements["Ramipril"]
    assert ramipril["medicationCodeableConcept"] == {"text": "Ramipril"}
    assert ramipril["effectivePeriod"] == {"start": "2024-05-01"}
    assert ramipril["dosage"] == [{"text": "5 mg every morning"}]
    assert ramipril["reasonCode"] == [{"text": "blood pressure"}]
    visits_made = resources(made, "Appointment")
    assert [one["status"] for one in visits_made] == ["cancelled", "booked"]
    assert visits_made[1]["minutesDuration"] == 45


def test_questions_for_the_visit_are_requests_to_talk_about_them(made: Any) -> None:
    asked = {
        one["payload"][0]["contentString"]: one["status"]
        for one in resources(made, "CommunicationRequest")
    }

    assert asked == {
        "May I swim?": "active",
        "Is the itch from the tablet?": "completed",
        "Never mind": "revoked",
    }


def test_questions_come_over_with_who_answered_them(
    told: VisitBundle, south: tuple[Kit, House]
) -> None:
    kit, house = south
    _done, there = taken_over(kit, house, fhir_json(told))
    ended = {line.words: (line.ended_how, line.ended_by) for line in there.questions}

    assert ended["May I swim?"] == (None, "")
    assert ended["Is the itch from the tablet?"] == ("answered", "Dora")
    assert ended["Never mind"] == ("taken_back", "")
    assert [line.words for line in there.open_questions] == ["May I swim?"]


@pytest.mark.parametrize(
    "value", [{"payload": [{"contentString": "x" * 5000}]}, {"status": "completed"}]
)
def test_a_question_that_no_screen_could_show_is_refused(
    made: Any, south: tuple[Kit, House], value: dict[str, Any]
) -> None:
    kit, house = south

    with pytest.raises(RefusedError, match="question for the visit"):
        taken_over(kit, house, changed(made, "CommunicationRequest", **value))


def test_warnings_findings_and_alerts_have_resources_of_their_own(made: Any) -> None:
    flags = {one["code"]["text"] for one in resources(made, "Flag")}
    (issue,) = resources(made, "DetectedIssue")
    alerts = {one["identifier"][0]["value"]: one for one in resources(made, "Communication")}

    assert flags == {
        "Earlier severe reaction: exfoliative",
        "Imatinib was stopped and begun again",
    }
    assert (issue["severity"], issue["detail"]) == ("high", STEP_UP["sentence"])
    assert [alerts["K7Q-4T"]["status"], alerts["M3N-5P"]["status"]] == ["completed", "in-progress"]
    assert alerts["K7Q-4T"]["note"][0]["authorString"] == "Ben"


def changed(made: Any, kind: str, **values: Any) -> bytes:
    """The bundle with values of the first resource of a kind changed."""
    wrong = json.loads(json.dumps(made))
    resources(wrong, kind)[0].update(values)
    return json.dumps(wrong).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"resourceType": "Bundle"}',
        b'{"resourceType": "Bundle", "entry": [7]}',
        b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]}',
        b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Media"}}]}',
        b'{"resourceType": "Patient"}',
        b'{"a": NaN}',
        b"[" * 100_000,
    ],
    ids=range(11),
)
def test_a_file_that_is_no_diary_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_bundle(content)

    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("QuestionnaireResponse", {"item": [{"linkId": "clinic_id", "answer": []}]}),
        ("Observation", {"valueQuantity": {"value": "much", "unit": "x"}, "component": 3}),
        ("MedicationAdministration", {"id": "not-an-id"}),
        ("MedicationRequest", {"extension": []}),
        ("Communication", {"sent": "2026-03-02T10:00:00"}),
        ("Media", {"content": {"data": "%%%"}}),
        ("Patient", {"birthDate": "soon"}),
    ],
)
def test_a_resource_that_cannot_be_read_is_named(made: Any, kind: str, values: Any) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_bundle(changed(made, kind, **values))

    assert "Ana" not in str(refused.value)


def ext(name: str, kind: str, value: Any) -> dict[str, Any]:
    url = f"https://symptom-diary.example/fhir/StructureDefinition/{name}"
    return {"url": url, f"value{kind}": value}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (
            "Communication",
            {"extension": [ext("level", "Code", "mild"), ext("state", "Code", "open")]},
        ),
        ("Communication", {"sent": "2031-01-01T10:00:00Z"}),
        ("Communication", {"identifier": [{"value": "<script>"}]}),
        ("Media", {"content": {"data": "aGVsbG8="}}),
        ("Patient", {"extension": [ext("time-zone", "String", "Nowhere/Land")]}),
        ("Patient", {"identifier": [{"value": "P" * 300}]}),
        ("MedicationStatement", {"medicationCodeableConcept": {"text": " "}}),
        ("MedicationStatement", {"effectivePeriod": {"start": "2026-02-02", "end": "2026-01-01"}}),
        ("Appointment", {"minutesDuration": 0}),
        ("Appointment", {"start": "2099-01-01T10:00:00Z"}),
    ],
    ids=[
        *("level", "future", "code", "picture", "zone", "long code"),
        *("no name", "ends early", "no time", "far visit"),
    ],
)
def test_with_one_wrong_value_nothing_is_kept(
    made: Any, south: Any, tmp_path: Path, kind: str, values: Any
) -> None:
    kit, house = south
    bundle = read_bundle(changed(made, kind, **values))

    with pytest.raises(RefusedError) as refused:
        import_diary(kit, house.admin, bundle, NOW, source="fhir")

    assert "othing was imported" in refused.value.sentence
    assert "Ana" not in refused.value.sentence
    assert patients(kit.database, house) == 0
    assert list(kit.vault.photo_ids()) == []


def patients(database: Database, house: House) -> int:
    from db.stores import people

    with database.reading() as session:
        return people.how_many(session, house.admin)


def test_a_diary_comes_once_into_an_empty_clinic_and_is_written_down(
    told: VisitBundle, south: Any
) -> None:
    kit, house = south
    taken_over(kit, house, fhir_json(told))
    with pytest.raises(RefusedError, match="empty clinic only"):
        import_diary(kit, house.admin, told, NOW, source="fhir")
    with kit.database.reading() as session:
        noted = [each for each in audit.events(session, house.admin) if each.verb == "diary.import"]

    assert [(each.actor_role, each.detail["source"]) for each in noted] == [
        ("administrator", "fhir")
    ]
    assert noted[0].detail["entries"] == 2


def test_nobody_but_an_administrator_imports(told: VisitBundle, south: Any) -> None:
    kit, house = south
    with pytest.raises(AccessDeniedError):
        import_diary(kit, house.dora, told, NOW, source="fhir")


def test_an_alert_whose_holder_is_not_here_is_open_again(told: VisitBundle, south: Any) -> None:
    kit, house = south
    held = replace(told.alerts[0], state="acknowledged", outcome=None, closed_at=None)
    done, again = taken_over(kit, house, fhir_json(replace(told, alerts=(held,))))

    assert (again.alerts[0].state, done.open_alerts) == ("open", 1)
    assert [event.kind for event in again.alerts[0].events] == ["noted", "returned"]
