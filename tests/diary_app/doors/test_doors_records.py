"""JSON for programs, downloads for the visit, health for monitors."""

from datetime import timedelta
from uuid import uuid4

import pytest

from db.models import Entry
from db.stores import diary
from db.types import new_id
from diary_app.services.visit import Visits
from tests.diary_app.doors.house import build_doors
from tests.people import NOW

PROBLEM = "application/problem+json"
TODAY = NOW.date()


def keep_entry(doors, *, on=TODAY, **answers):
    entry_id = new_id()
    with doors.kit.database.writing() as session:
        entry = Entry(
            id=entry_id,
            clinic_id=doors.house.clinic_id,
            patient_id=doors.house.ana.actor_id,
            first_id=entry_id,
            diary_on=on,
            time_zone="Europe/Berlin",
            written_at=NOW,
            received_at=NOW,
            **answers,
        )
        diary.add_entry(session, doors.house.ana, entry, NOW)
    return entry_id


def test_lists_a_patients_own_entries_with_what_was_answered(doors):
    keep_entry(doors, on=TODAY - timedelta(days=9), itch_nrs=3)
    entry_id = keep_entry(doors, itch_nrs=0, rash_present=False)

    answer = doors.signed_in(doors.house.ana).get("/api/v1/entries?from=2026-03-01&to=2026-03-02")

    [entry] = answer.json()["items"]
    assert (entry["id"], entry["diary_on"]) == (str(entry_id), "2026-03-02")
    assert entry["answers"] == {"itch_nrs": 0, "rash_present": False}
    assert entry["assessment"] is None
    assert answer.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert doors.audit("diary.read") == []


def test_staff_read_one_patient_of_their_clinic_and_that_is_written_down(doors):
    keep_entry(doors, itch_nrs=4)
    path = f"/api/v1/entries?patient_id={doors.house.ana.actor_id}"

    answer = doors.signed_in(doors.house.ben).get(path)

    assert len(answer.json()["items"]) == 1
    [event] = doors.audit("diary.read")
    assert (event.actor_id, event.patient_id) == (
        doors.house.ben.actor_id,
        doors.house.ana.actor_id,
    )


@pytest.mark.parametrize(
    ("who", "query", "status", "field"),
    [
        ("ben", "", 422, "patient_id"),
        ("ben", "?patient_id=x", 422, "patient_id"),
        ("ana", "?from=yesterday", 422, "from"),
        ("ana", "?from=2026-03-02&to=2026-03-01", 422, "to"),
    ],
)
def test_names_the_field_and_the_reason(doors, who, query, status, field):
    answer = doors.signed_in(getattr(doors.house, who)).get(f"/api/v1/entries{query}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    [error] = problem["errors"]
    assert error["field"] == field
    assert error["reason"]


def test_other_clinics_and_other_people_get_nothing(doors):
    keep_entry(doors)
    doors.alert_for(doors.house.ben)
    ana = doors.house.ana.actor_id
    cases = [
        ("cleo", f"/api/v1/entries?patient_id={ana}", 404),
        ("cleo", f"/api/v1/entries?patient_id={uuid4()}", 404),
        ("otto", f"/api/v1/entries?patient_id={ana}", 403),
        ("admin", f"/api/v1/entries?patient_id={ana}", 403),
        ("ana", "/api/v1/alerts", 403),
        ("admin", "/api/v1/alerts", 403),
    ]

    for who, path, status in cases:
        answer = doors.signed_in(getattr(doors.house, who)).get(path)
        assert (who, path, answer.status_code) == (who, path, status)
        assert answer.headers["content-type"] == PROBLEM
    assert doors.signed_in(doors.house.cleo).get("/api/v1/alerts").json()["items"] == []
    for path in ("/api/v1/me", "/api/v1/entries", "/api/v1/alerts"):
        assert doors.browser().get(path).status_code == 401


def test_a_fault_of_ours_is_a_problem_without_details(doors):
    keep_entry(doors, words="it itches")
    with doors.kit.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE assessment")

    answer = doors.signed_in(doors.house.ana).get("/api/v1/entries")

    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
    assert answer.json()["detail"].startswith("Something did not work just now.")
    assert "assessment" not in answer.text


def test_lists_the_alerts_of_the_clinic(doors):
    doors.alert_for(doors.house.ben, code="K7Q-4T", level="prompt")
    doors.alert_for(doors.house.ben, code="M2R-9X", level="urgent")

    listed = doors.signed_in(doors.house.dora).get("/api/v1/alerts").json()["items"]

    assert [(alert["code"], alert["state"]) for alert in listed] == [
        ("K7Q-4T", "open"),
        ("M2R-9X", "open"),
    ]
    assert len(doors.audit("alert.read")) == 1


def test_describes_itself_with_openapi(doors):
    document = doors.browser().get("/api/v1/openapi.json").json()

    assert document["openapi"].startswith("3.")
    assert {path.split("/")[3] for path in document["paths"]} == {
        "me",
        "entries",
        "patients",
        "plans",
        "alerts",
        "exports",
    }
    for path in document["paths"].values():
        for operation in path.values():
            assert PROBLEM in operation["responses"]["401"]["content"]
            assert operation["security"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_has_no_other_description(doors, path):
    assert doors.browser().get(path).status_code == 404


def test_an_unknown_address_of_the_api_is_a_problem(doors):
    answer = doors.browser().get("/api/v1/nothing")

    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize(
    ("kind", "media_type", "name"),
    [
        ("report", "application/pdf", "visit-report-2026-03-02.pdf"),
        ("archive", "application/zip", "visit-archive-2026-03-02.zip"),
        ("calendar", "text/calendar; charset=utf-8", "plan-and-visits.ics"),
    ],
)
def test_downloads_have_names_without_patient_data(doors, kind, media_type, name):
    path = f"/exports/{doors.house.ana.actor_id}/{kind}?from=2026-02-01&to=2026-03-02"

    answer = doors.signed_in(doors.house.ben).get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("who", "patient", "query", "status"),
    [
        ("ben", None, "from=2026-02-01", 400),
        ("ben", None, "from=1.2.2026&to=2026-03-02", 400),
        ("ben", None, "from=2026-03-03&to=2026-03-02", 400),
        ("ben", "nonsense", "from=2026-02-01&to=2026-03-02", 404),
        ("admin", None, "from=2026-02-01&to=2026-03-02", 403),
        ("ana", None, "from=2026-02-01&to=2026-03-02", 403),
        (None, None, "from=2026-02-01&to=2026-03-02", 303),
    ],
)
def test_downloads_are_refused_with_a_page(doors, who, patient, query, status):
    browser = doors.browser() if who is None else doors.signed_in(getattr(doors.house, who))
    patient = patient or doors.house.ana.actor_id

    answer = browser.get(f"/exports/{patient}/report?{query}")

    assert answer.status_code == status
    assert "attachment" not in answer.headers.get("content-disposition", "")


def test_another_clinics_nurse_downloads_nothing(house, tmp_path):
    doors = build_doors(house, tmp_path, visits=Visits)
    period = "from=2026-02-01&to=2026-03-02"

    for kind in ("report", "archive", "workbook", "fhir", "calendar"):
        answer = doors.signed_in(house.cleo).get(f"/exports/{house.ana.actor_id}/{kind}?{period}")
        assert answer.status_code == 404
        assert "not in your clinic" in answer.text
    doors.close()
    assert doors.audit("patient.export") == []


def test_a_download_without_a_sign_in_comes_back_to_it_afterwards(doors):
    path = f"/exports/{doors.house.ana.actor_id}/report?from=2026-02-01&to=2026-03-02"
    browser = doors.browser()

    form = browser.get(browser.get(path).headers["location"]).text
    answer = browser.post("/sign-in", **doors.sign_in_form(next=path))

    assert f'name="next" value="{path.replace("&", "&amp;")}"' in form
    assert answer.headers["location"] == path


def test_health_is_red_without_a_worker_that_ran_within_a_minute(doors):
    browser = doors.browser()
    never = browser.get("/healthz")
    doors.heartbeat(doors.clock())
    doors.clock.pass_(seconds=60)
    fresh, bare = browser.get("/healthz"), browser.ask("HEAD", "/healthz")
    doors.clock.pass_(seconds=1)
    late = browser.get("/healthz")

    assert [a.status_code for a in (never, fresh, bare, late)] == [503, 200, 200, 503]
    assert never.json() == {
        "status": "failing",
        "worker_last_run": None,
        "database": "ok",
        "last_audit": None,
        "reasons": ["The worker has never run.", "The alarm was never audited."],
    }
    assert fresh.json()["reasons"] == []
    assert late.json()["reasons"] == ["The worker has not run for a minute."]
    assert fresh.json()["worker_last_run"] == NOW.isoformat()
    assert fresh.headers["cache-control"] == "no-store"


def test_health_is_red_when_the_clock_went_back_so_that_a_dead_worker_is_seen(doors):
    doors.heartbeat(doors.clock())
    doors.clock.pass_(hours=-2)

    answer = doors.browser().get("/healthz")

    assert answer.status_code == 503
    assert "The clock went back by 120 minutes, or was ahead." in answer.json()["reasons"]


def test_health_is_red_when_the_database_does_not_answer(doors):
    with doors.kit.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE heartbeat")

    answer = doors.browser().get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "not answering"
