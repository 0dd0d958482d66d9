"""Desk addresses: they ask for the sign-in first, and the office's files go to whom they may."""

import io
import zipfile

from diary_app.services.staff import Staff
from tests.diary_app.care_house import hot_evening


def test_everything_about_a_patient_is_downloaded_by_a_clinician_and_written_down(doors):
    hot_evening(doors.house)
    path = f"/exports/{doors.house.ana.actor_id}/everything"

    answer = doors.signed_in(doors.house.dora).get(path)

    assert answer.status_code == 200
    assert "Ana" not in answer.headers["content-disposition"]
    assert "everything.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    [event] = doors.audit("data.export")
    assert event.actor_id == doors.house.dora.actor_id
    assert doors.signed_in(doors.house.admin).get(path).status_code == 403
    assert doors.signed_in(doors.house.ben).get(path).status_code == 403  # no data requests
    assert doors.signed_in(doors.house.ana).get(path).status_code == 403
    assert len(doors.audit("data.export")) == 1


def test_whoever_is_shut_out_is_out_at_the_next_request(doors):
    ben = doors.signed_in(doors.house.ben)
    assert ben.get("/clinic-week.csv").status_code == 200

    Staff(doors.kit, doors.house.admin).end(doors.house.ben.actor_id)

    assert ben.get("/clinic-week.csv").headers["location"].startswith("/sign-in")
    refused = doors.browser().post("/sign-in", **doors.sign_in_form())
    assert refused.status_code == 401
    assert "not right" in refused.text


def test_the_week_as_csv_goes_to_staff_and_an_odd_week_is_the_last_one(doors):
    staff = doors.signed_in(doors.house.ben)

    assert "alerts_closed_without_outcome" in staff.get("/clinic-week.csv?back=0").text
    assert staff.get("/clinic-week.csv?back=x").status_code == 200
    assert staff.get("/clinic-week.csv?back=" + "9" * 5000).status_code == 200
