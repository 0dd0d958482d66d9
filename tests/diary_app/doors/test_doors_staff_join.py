"""A member of staff joins by link; clinics are set up."""

import re

import pytest
from sqlmodel import col

from alerts.escalation.policy import DEFAULT_POLICY, policy_from_json
from db.errors import AccessDeniedError, NotFoundError
from db.models import Clinic, Invitation, SignIn, User
from db.stores import audit
from diary_app.services import totp
from diary_app.services.people import (
    create_clinic,
    invite_patient,
    invite_staff,
    invite_staff_again,
)
from diary_app.services.refusals import RefusedError

GOOD = "green lamps hum softly"


@pytest.fixture
def link(doors):
    """The path of nora's invitation."""
    made = invite_staff(
        doors.kit, doors.house.admin, "Nora@North.example", "Nora", "nurse", doors.clock()
    )
    return made.url.removeprefix(doors.kit.origin)


def shown(page):
    """The state and the secret of a page, as a browser and an authenticator app read them."""
    state = re.search(r'name="state" value="([^"]+)"', page.text)[1]
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    return state, secret


def fill(doors, browser, link, **other):
    state, secret = shown(browser.get(link))
    code = totp.code_of(secret, totp.step_at(doors.clock()))
    typed = {"state": state, "password": GOOD, "again": GOOD, "code": code}
    return browser.post(link, **typed | other)


def nora(doors):
    return doors.rows(User, col(User.email) == "nora@north.example")[0]


def test_opening_the_link_changes_nothing(doors, link):
    before = doors.content()

    page = doors.browser().get(link)

    assert page.status_code == 200
    assert "data:image/png;base64," in page.text
    assert "Nora" in page.text
    assert doors.content() == before


def test_joins_and_can_sign_in_elsewhere_with_the_next_code(doors, link):
    browser = doors.browser()
    state, secret = shown(browser.get(link))
    step = totp.step_at(doors.clock())
    typed = {"state": state, "password": GOOD, "again": GOOD}

    joined = browser.post(link, **typed, code=totp.code_of(secret, step))
    elsewhere = doors.browser()
    same_code = elsewhere.post(
        "/sign-in", email="nora@north.example", password=GOOD, code=totp.code_of(secret, step)
    )
    next_code = elsewhere.post(
        "/sign-in", email="nora@north.example", password=GOOD, code=totp.code_of(secret, step + 1)
    )

    assert (joined.status_code, joined.headers["location"]) == (303, "/")
    assert browser.get("/api/v1/me").json()["role"] == "nurse"
    assert (same_code.status_code, next_code.status_code) == (401, 303)
    user = nora(doors)
    assert user.password_hash.startswith("$argon2id$")
    assert secret.encode() not in user.totp_sealed
    assert len(doors.audit("password.set")) == 1


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "This password has 5 characters; please use at least 12."),
        ("nora@north.example", "contains your e-mail address"),
        ("my name is nora today", "contains your e-mail address"),
        ("aaaaaaaaaaaa", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("Password1234", "easy to guess"),
        ("x" * 201, "longer than 200 characters"),
    ],
)
def test_refuses_a_weak_password_with_its_reason(doors, link, password, sentence):
    answer = fill(doors, doors.browser(), link, password=password, again=password)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert nora(doors).password_hash is None


def test_refuses_two_different_passwords(doors, link):
    answer = fill(doors, doors.browser(), link, again=GOOD + "!")

    assert "The two passwords differ" in answer.text
    assert nora(doors).password_hash is None


def test_keeps_the_same_secret_on_the_page_after_a_mistake(doors, link):
    browser = doors.browser()
    state, secret = shown(browser.get(link))

    answer = browser.post(link, state=state, password=GOOD, again=GOOD, code="000000")

    assert "The 6-digit code is not right" in answer.text
    assert shown(answer)[1] == secret
    assert GOOD not in answer.text
    assert doors.rows(Invitation)[0].used_at is None


def test_a_forged_state_starts_over_with_a_new_secret(doors, link):
    answer = fill(doors, doors.browser(), link, state="00ff")

    assert "please scan the new code" in answer.text
    assert nora(doors).totp_sealed is None


def test_a_staff_link_works_once_and_for_seven_days(doors, link):
    first = fill(doors, doors.browser(), link)
    used = doors.browser().get(link)
    again = invite_staff_again(doors.kit, doors.house.admin, nora(doors).id, doors.clock())
    doors.clock.pass_(days=7)
    late = doors.browser().get(again.url.removeprefix(doors.kit.origin))

    assert first.status_code == 303
    assert (used.status_code, late.status_code) == (410, 410)
    assert "used already" in used.text
    assert "run out" in late.text


def test_each_kind_of_link_opens_its_own_page_only(doors, link):
    patient = invite_patient(doors.kit, doors.house.ben, doors.house.ana.actor_id, doors.clock())
    token = patient.url.rpartition("/")[2]

    assert doors.browser().get(f"/staff/join/{token}").status_code == 404
    assert doors.browser().get(link.removeprefix("/staff")).status_code == 404


def test_a_new_password_ends_every_other_sign_in_and_its_sockets(doors):
    old = doors.signed_in(doors.house.ben)
    [before] = doors.rows(SignIn)
    again = invite_staff_again(
        doors.kit, doors.house.admin, doors.house.ben.actor_id, doors.clock()
    )
    still_in = old.get("/devices").status_code

    fill(doors, doors.browser(), again.url.removeprefix(doors.kit.origin))

    assert still_in == 200
    assert old.get("/devices").status_code == 303
    assert doors.ended == [str(before.id)]


def test_only_an_administrator_of_the_clinic_invites_staff(doors):
    now = doors.clock()

    for viewer in (doors.house.ben, doors.house.dora, doors.house.ana):
        with pytest.raises(AccessDeniedError):
            invite_staff(doors.kit, viewer, "x@north.example", "X", "nurse", now)
    with pytest.raises(NotFoundError):
        invite_staff_again(doors.kit, doors.house.admin, doors.house.cleo.actor_id, now)


@pytest.mark.parametrize(
    ("email", "name", "role", "sentence"),
    [
        ("ben@north.example", "Ben", "nurse", "already an account"),
        ("not an address", "X", "nurse", "not an e-mail address"),
        ("x@localhost", "X", "nurse", "not an e-mail address"),
        ("x@north.example", " ", "nurse", "give the person's name"),
        ("x@north.example", "X", "worker", "choose nurse, clinician or administrator"),
    ],
)
def test_refuses_to_invite_staff_that_cannot_be(doors, email, name, role, sentence):
    with pytest.raises(RefusedError, match=sentence):
        invite_staff(doors.kit, doors.house.admin, email, name, role, doors.clock())


def test_sets_up_a_clinic_with_its_administrator(doors):
    made = create_clinic(
        doors.kit,
        "West clinic",
        "Europe/Madrid",
        "+34 900 000 000",
        "112",
        "wim@west.example",
        "Wim",
        doors.clock(),
    )

    [clinic] = doors.rows(Clinic, col(Clinic.name) == "West clinic")
    [wim] = doors.rows(User, col(User.email) == "wim@west.example")
    assert (wim.clinic_id, wim.role) == (clinic.id, "administrator")
    assert policy_from_json(clinic.policy) == DEFAULT_POLICY
    [created] = doors.audit("clinic.create")
    assert (created.actor_id, created.clinic_id) == (wim.id, clinic.id)
    with doors.kit.database.reading() as session:
        assert audit.first_broken_link(session, clinic.id) is None
    answer = fill(doors, doors.browser(), made.url.removeprefix(doors.kit.origin))
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "needs a name"),
        ({"phone": " "}, "needs a name"),
        ({"time_zone": "Mars/Olympus"}, "time zone is not known"),
        ({"admin_email": "wim"}, "not an e-mail address"),
    ],
)
def test_refuses_a_clinic_that_cannot_be_and_keeps_nothing(doors, wrong, sentence):
    values = {
        "name": "West clinic",
        "time_zone": "Europe/Madrid",
        "phone": "+34 900 000 000",
        "emergency_number": "112",
        "admin_email": "wim@west.example",
        "admin_name": "Wim",
    }

    with pytest.raises(RefusedError, match=sentence):
        create_clinic(doors.kit, **values | wrong, now=doors.clock())
    assert len(doors.rows(Clinic)) == 2
