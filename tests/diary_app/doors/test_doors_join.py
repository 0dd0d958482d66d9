"""A patient joins by link."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col

from db.errors import NotFoundError
from db.models import Clinic, Consent, Invitation, Patient, SignIn
from diary_app.services.people import invite_patient
from diary_app.text.consent import consent_text

BORN = {"day": "1", "month": "6", "year": "1955"}


@pytest.fixture
def link(doors):
    """The path of ana's invitation."""
    made = invite_patient(doors.kit, doors.house.ben, doors.house.ana.actor_id, doors.clock())
    return made.url.removeprefix(doors.kit.origin)


def state_in(answer):
    return re.search(r'name="state" value="([^"]+)"', answer.text)[1]


def agree(browser, link):
    confirmed = browser.post(link, **BORN)
    return browser.post(f"{link}/agree", state=state_in(confirmed), agree="yes")


def test_opening_the_link_changes_nothing_and_tells_nothing(doors, link):
    before = doors.content()
    browser = doors.browser()
    answers = [browser.get(link) for _ in range(3)]

    assert doors.content() == before
    assert all(answer.status_code == 200 for answer in answers)
    assert "Ana" not in answers[0].text
    assert "North" not in answers[0].text


def test_joins_with_birth_date_and_agreement(doors, link):
    browser = doors.browser()
    confirmed = browser.post(link, **BORN)
    answer = browser.post(f"{link}/agree", state=state_in(confirmed), agree="yes")

    assert "Welcome, Ana" in confirmed.text
    assert "Quiet" not in confirmed.text
    assert "North clinic" in confirmed.text
    assert (
        "This diary is not for emergencies and is not watched around the clock." in confirmed.text
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/pin/choose")
    assert browser.get("/api/v1/me").json()["patient_id"] == str(doors.house.ana.actor_id)
    [invitation] = doors.rows(Invitation)
    assert invitation.used_at == doors.clock.now
    text = consent_text(clinic="North clinic", phone="+49 30 555 0100", emergency_number="112")
    [consent] = doors.rows(Consent)
    assert (consent.version, consent.text_sha256) == (text.version, text.sha256)
    assert all(word in text.plain for word in ("112", "+49 30 555 0100", "North clinic"))
    assert len(doors.audit("consent.give")) == len(doors.audit("sign_in.start")) == 1


def test_keeps_the_clinics_time_zone_and_takes_the_browsers_when_there_is_none(doors, link):
    zones = []
    for set_by_clinic in ("Europe/Berlin", ""):
        with doors.kit.database.writing() as session:
            session.get(Patient, doors.house.ana.actor_id).time_zone = set_by_clinic
        made = invite_patient(doors.kit, doors.house.ben, doors.house.ana.actor_id, doors.clock())
        browser = doors.browser()
        browser.cookies.set("tz", "America%2FLima", domain="diary.test", path="/")
        agree(browser, made.url.removeprefix(doors.kit.origin))
        zones.append(doors.rows(Patient, col(Patient.id) == doors.house.ana.actor_id)[0].time_zone)

    assert zones == ["Europe/Berlin", "America/Lima"]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"day": "31", "month": "2", "year": "1955"},
        {"day": "x", "month": "6", "year": "1955"},
        {"day": "1", "month": "6", "year": "99999999999999999999"},
        {"day": "1", "month": "6", "year": "55"},
        {"day": "1", "month": "6", "year": "2999"},
        {"day": "-1", "month": "6", "year": "1955"},
    ],
)
def test_an_impossible_date_is_told_and_not_counted(doors, link, typed):
    answer = doors.browser().post(link, **typed)

    assert answer.status_code == 400
    assert "Please enter day, month and year of your birth" in answer.text
    assert doors.rows(Invitation)[0].wrong_answers == 0


def test_five_wrong_birth_dates_end_the_link(doors, link):
    browser = doors.browser()
    answers = [browser.post(link, **BORN | {"year": "1956"}) for _ in range(5)]
    right = browser.post(link, **BORN)

    assert "You have 4 tries left with this link." in answers[0].text
    assert "You have 1 try left with this link." in answers[3].text
    assert [answer.status_code for answer in answers] == [401] * 4 + [410]
    for refused in (answers[4], right, browser.get(link)):
        assert refused.status_code == 410
        assert "The birth date was wrong five times" in refused.text
        assert "ask your clinic for a new one" in refused.text


def test_unknown_run_out_and_used_links_have_their_own_sentences(doors, link):
    browser = doors.browser()
    unknown = browser.get("/join/" + "0" * 64)
    doors.clock.pass_(days=14)
    run_out = browser.get(link)
    doors.clock.pass_(days=-14)
    agree(browser, link)
    stranger = doors.browser()
    used = stranger.get(link)

    assert (unknown.status_code, run_out.status_code, used.status_code) == (404, 410, 410)
    assert "This link is not one of ours." in unknown.text
    assert "This link has run out." in run_out.text
    assert "This link was used already." in used.text


def test_the_used_link_opens_the_diary_on_the_device_that_used_it(doors, link):
    browser = doors.browser()
    agree(browser, link)

    answer = browser.get(link)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_link_is_used_once_even_when_two_confirmed(doors, link):
    one, other = doors.browser(), doors.browser()
    states = [state_in(browser.post(link, **BORN)) for browser in (one, other)]

    first = one.post(f"{link}/agree", state=states[0], agree="yes")
    second = other.post(f"{link}/agree", state=states[1], agree="yes")

    assert (first.status_code, second.status_code) == (303, 410)
    assert len(doors.rows(SignIn)) == len(doors.rows(Consent)) == 1


def test_a_new_invitation_ends_the_one_before(doors, link):
    invite_patient(doors.kit, doors.house.ben, doors.house.ana.actor_id, doors.clock())

    assert "This link has run out." in doors.browser().get(link).text


def test_needs_the_tick(doors, link):
    browser = doors.browser()
    state = state_in(browser.post(link, **BORN))

    answer = browser.post(f"{link}/agree", state=state)

    assert answer.status_code == 400
    assert "tick the box if you agree" in answer.text
    assert doors.rows(Consent) == []


@pytest.mark.parametrize("forged", ["", "AAAA", "x" * 200, "é", "eyJ4IjoxfQ=="])
def test_nobody_agrees_without_the_birth_date(doors, link, forged):
    answer = doors.browser().post(f"{link}/agree", state=forged, agree="yes")

    assert answer.status_code == 401
    assert "enter your birth date once more" in answer.text
    assert doors.rows(SignIn) == []


def test_a_confirmation_is_for_its_own_link_and_half_an_hour(doors, link):
    otto = invite_patient(doors.kit, doors.house.cleo, doors.house.otto.actor_id, doors.clock())
    browser = doors.browser()
    state = state_in(browser.post(link, **BORN))

    elsewhere = browser.post(
        otto.url.removeprefix(doors.kit.origin) + "/agree", state=state, agree="yes"
    )
    doors.clock.pass_(minutes=30)
    late = browser.post(f"{link}/agree", state=state, agree="yes")

    assert (elsewhere.status_code, late.status_code) == (401, 401)
    assert doors.rows(SignIn) == []


def test_shows_the_text_again_when_the_clinic_changed_it_meanwhile(doors, link):
    browser = doors.browser()
    state = state_in(browser.post(link, **BORN))
    with doors.kit.database.writing() as session:
        session.get(Clinic, doors.house.clinic_id).phone = "+49 30 555 0199"

    shown_again = browser.post(f"{link}/agree", state=state, agree="yes")
    agreed = browser.post(f"{link}/agree", state=state_in(shown_again), agree="yes")

    assert shown_again.status_code == 409
    assert "+49 30 555 0199" in shown_again.text
    assert agreed.status_code == 303
    assert len(doors.rows(Consent)) == 1


def test_nobody_joins_for_a_patient_who_left(doors, link):
    with doors.kit.database.writing() as session:
        session.get(Patient, doors.house.ana.actor_id).active = False

    assert doors.browser().post(link, **BORN).status_code == 410


def test_another_clinics_nurse_cannot_invite(doors):
    with pytest.raises(NotFoundError):
        invite_patient(doors.kit, doors.house.cleo, doors.house.ana.actor_id, doors.clock())


def test_a_link_lasts_fourteen_days_and_its_code_is_a_picture(doors):
    made = invite_patient(doors.kit, doors.house.ben, doors.house.ana.actor_id, doors.clock())

    assert made.expires_at == doors.clock.now + timedelta(days=14)
    assert made.qr_png.startswith(b"\x89PNG\r\n\x1a\n")
    assert doors.rows(Invitation)[0].token_hash not in made.url
