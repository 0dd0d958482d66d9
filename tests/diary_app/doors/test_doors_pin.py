"""The PIN of a patient's device."""

import pytest
from sqlmodel import col

from db.models import Patient, SignIn
from diary_app.services.doors import SignInDesk


@pytest.fixture
def device(doors):
    """Ana's device with the PIN 2580."""
    browser = doors.signed_in(doors.house.ana)
    browser.post("/pin/choose", pin="2580", again="2580")
    return browser


def pin_hash(doors):
    return doors.rows(Patient, col(Patient.id) == doors.house.ana.actor_id)[0].pin_hash


def test_no_pin_is_needed(doors):
    browser = doors.signed_in(doors.house.ana)
    asked = browser.get("/pin/choose")
    doors.clock.pass_(days=30)

    assert "Skip" in asked.text
    assert browser.get("/devices").status_code == 200


def test_keeps_the_pin_as_argon2id(doors, device):
    assert pin_hash(doors).startswith("$argon2id$")
    assert len(doors.audit("pin.set")) == 1


@pytest.mark.parametrize("weak", ["", "123", "123456789", "12a4", "1111", "1234", "9876", "١٢٣٤"])
def test_refuses_a_pin_that_cannot_be_used(doors, weak):
    answer = doors.signed_in(doors.house.ana).post("/pin/choose", pin=weak, again=weak)

    assert answer.status_code == 400
    assert "PIN" in answer.text
    assert pin_hash(doors) is None


def test_refuses_two_different_pins(doors):
    answer = doors.signed_in(doors.house.ana).post("/pin/choose", pin="2580", again="2581")

    assert "The two PINs differ" in answer.text
    assert pin_hash(doors) is None


def test_locks_after_fifteen_minutes_without_use(doors, device):
    doors.clock.pass_(minutes=14)
    busy = device.get("/devices")
    doors.clock.pass_(minutes=15)
    locked = device.get("/devices")

    assert busy.status_code == 200
    assert (locked.status_code, locked.headers["location"]) == (303, "/pin")


def test_a_mere_look_does_not_keep_it_open(doors, device):
    desk = SignInDesk(doors.kit)
    cookies = {"diary": device.cookies["diary"]}
    locked = []
    for _ in range(4):
        doors.clock.pass_(minutes=5)
        locked.append(desk.who(cookies, doors.clock(), active=False).locked)

    assert locked == [False, False, True, True]


def test_a_locked_diary_shows_nothing_but_whom_to_call(doors, device):
    doors.clock.pass_(minutes=16)

    page = device.get("/pin")

    assert "tel:112" in page.text
    assert "tel:+49305550100" in page.text
    assert "Ana" not in page.text
    assert device.get("/api/v1/entries").status_code == 401
    assert device.get("/photos/add").headers["location"] == "/pin"
    assert device.post("/pin/change", act="remove", current="2580").headers["location"] == "/pin"
    assert pin_hash(doors) is not None


def test_unlocks_with_the_pin_and_renews_the_cookie(doors, device):
    doors.clock.pass_(minutes=16)

    answer = device.post("/pin", pin="2580")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=34560000" in answer.headers["set-cookie"]
    assert device.get("/devices").status_code == 200


def test_five_wrong_pins_mean_waiting_or_a_new_link(doors, device):
    doors.clock.pass_(minutes=16)
    answers = [device.post("/pin", pin="0000") for _ in range(5)]
    limited = device.post("/pin", pin="2580")
    doors.clock.pass_(minutes=15)
    after = device.post("/pin", pin="2580")

    assert "You have 4 tries left in the next 15 minutes." in answers[0].text
    assert "You have no tries left; please wait 15 minutes." in answers[4].text
    assert "ask your clinic for a new link" in answers[4].text
    assert (limited.status_code, after.status_code) == (429, 303)


def test_a_second_device_asks_for_the_pin_too(doors):
    first, second = doors.signed_in(doors.house.ana), doors.signed_in(doors.house.ana)
    first.post("/pin/choose", pin="2580", again="2580")
    doors.clock.pass_(minutes=16)

    assert second.get("/devices").headers["location"] == "/pin"


def test_changes_and_removes_the_pin_only_with_the_one_so_far(doors, device):
    before = pin_hash(doors)
    refused = device.post("/pin/change", current="1357", pin="8642", again="8642")
    kept = pin_hash(doors)
    device.post("/pin/change", current="2580", pin="8642", again="8642")
    changed = pin_hash(doors)
    device.post("/pin/change", act="remove", current="8642")

    assert refused.status_code == 400
    assert kept == before != changed
    assert pin_hash(doors) is None
    assert doors.rows(SignIn)[0].unlocked_until is None
    assert len(doors.audit("pin.remove")) == 1


def test_staff_have_no_pin(doors):
    browser = doors.signed_in(doors.house.ben)

    assert browser.post("/pin/choose", pin="2580", again="2580").status_code == 403
    assert browser.get("/pin").headers["location"] == "/"
