"""Diaries are kept for a time, then an erasure is proposed to two people; leftovers are swept."""

from datetime import timedelta

from sqlmodel import col

from alerts.sweeping import sweep_if_due
from db.models import AuditEvent, DataRequest, Draft, Notification, Patient, SignIn
from db.stores import drafts, moves
from db.types import new_id
from diary_app.services.data_requests import DataRequests
from tests.diary_app.doors.house import Doors


def end_follow_up(doors: Doors) -> None:
    with doors.kit.database.writing() as session:
        moves.end(session, doors.house.ben, doors.house.ana.actor_id, "finished", doors.clock())


def test_an_erasure_is_proposed_after_the_years_and_two_people_decide(doors: Doors) -> None:
    end_follow_up(doors)
    admin = doors.signed_in(doors.house.admin)
    assert admin.post("/retention", act="choose", years="10").status_code == 303
    doors.clock.pass_(days=365 * 10)  # three leap days short of ten years
    admin = doors.signed_in(doors.house.admin)
    assert "P-001" not in admin.get("/retention").text
    doors.clock.pass_(days=3)
    admin = doors.signed_in(doors.house.admin)
    page = admin.get("/retention").text
    assert "P-001" in page
    assert "follow-up ended on 2 Mar 2026." in page

    ana = str(doors.house.ana.actor_id)
    assert admin.post("/retention", act="propose", patient=ana).status_code == 303
    [request] = doors.rows(DataRequest)
    assert request.state == "open"
    assert request.reason == "Kept until 2036-03-02, as the clinic's policy says."
    [patient] = doors.rows(Patient, col(Patient.id) == doors.house.ana.actor_id)
    assert patient.name == "Ana Quiet"  # nothing is gone yet
    assert "Asked for; another person confirms it" in admin.get("/retention").text
    assert admin.post("/retention", act="propose", patient=ana).status_code == 400

    DataRequests(doors.kit, doors.house.dora).confirm(request.id, "P-001")
    [patient] = doors.rows(Patient, col(Patient.id) == doors.house.ana.actor_id)
    assert patient.erased_at is not None
    assert "P-001" not in doors.signed_in(doors.house.admin).get("/retention").text


def test_nobody_is_proposed_without_a_policy_or_before_the_end(doors: Doors) -> None:
    admin = doors.signed_in(doors.house.admin)
    for typed in ("0", "ten", "51", "-1", "1.5"):
        answer = admin.post("/retention", act="choose", years=typed)
        assert (answer.status_code, "whole years from 1 to 50" in answer.text) == (400, True)
    admin.post("/retention", act="choose", years="1")
    doors.clock.pass_(days=3000)
    admin = doors.signed_in(doors.house.admin)
    assert "P-001" not in admin.get("/retention").text  # still in follow-up
    ana = str(doors.house.ana.actor_id)
    assert admin.post("/retention", act="propose", patient=ana).status_code == 400
    end_follow_up(doors)
    admin.post("/retention", act="choose", years="")
    doors.clock.pass_(days=3000)
    assert "P-001" not in doors.signed_in(doors.house.admin).get("/retention").text
    doctor, nurse = doors.signed_in(doors.house.dora), doors.signed_in(doors.house.ben)
    assert doctor.post("/retention", act="choose", years="1").status_code == 403
    assert nurse.get("/retention").status_code == 403


def message(doors: Doors, kind: str, **more: object) -> Notification:
    return Notification(
        clinic_id=doors.house.clinic_id, user_id=doors.house.ben.actor_id, kind=kind,
        message_id=f"<{new_id()}@diary>", state="sent", created_at=doors.clock(),
        next_attempt_at=doors.clock(), **more,
    )  # fmt: skip


def test_leftovers_are_swept_once_a_day_and_the_audit_says_how_many(doors: Doors) -> None:
    house, database = doors.house, doors.kit.database
    doors.alert_for(house.ben)  # its message is pending
    doors.signed_in(house.ana)
    with database.writing() as session:
        drafts.begin_draft(session, house.ana, {"itch_nrs": 3}, doors.clock())
        session.add(message(doors, "digest"))
        alert_id = doors.rows(Notification)[0].alert_id
        session.add(message(doors, "alert", alert_id=alert_id, step=9, round=0))
    doors.clock.pass_(days=89)
    assert sweep_if_due(database, house.clinic_id, doors.clock())
    assert len(doors.rows(Draft)) == 1
    assert not sweep_if_due(database, house.clinic_id, doors.clock() + timedelta(hours=23))

    doors.clock.pass_(days=2)
    assert sweep_if_due(database, house.clinic_id, doors.clock())
    assert doors.rows(Draft) == []
    assert len(doors.rows(SignIn)) == 1  # a phone stays signed in for a year

    doors.clock.pass_(days=400)
    sweep_if_due(database, house.clinic_id, doors.clock())
    assert doors.rows(SignIn) == []
    left = doors.rows(Notification)
    assert [row.kind for row in left] == ["alert", "alert"]
    swept = doors.rows(AuditEvent, col(AuditEvent.verb) == "leftover.sweep")
    assert [row.detail for row in swept] == [{"draft": 1}, {"sign_in": 1, "notification": 1}]
