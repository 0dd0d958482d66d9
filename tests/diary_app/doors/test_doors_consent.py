"""A clinic writes a new consent text; patients are asked again, say yes, no or later."""

import re

import pytest
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from db.errors import AccessDeniedError
from db.models import Consent, ConsentWording, Entry
from db.stores import consents, diary
from diary_app.api.entrance import door, lookup
from diary_app.services.consents import ConsentDesk
from tests.diary_app.doors.house import Doors

TEXT = "# Who sees it\nThe team of {clinic} and the university of the north.\nCall {phone}."
CHANGE = "The university may now see your entries too."


def write(doors: Doors, **typed: str) -> int:
    desk = doors.signed_in(doors.house.admin)
    form = {"after": "0", "text-en": TEXT, "changes-en": CHANGE} | typed
    return desk.post("/consent-texts", **form).status_code


def state(page: str) -> str:
    return re.search(r'name="state" value="([^"]+)"', page).group(1)


def agree_to_standard(doors: Doors) -> None:
    """As every patient does who joined by an invitation."""
    with doors.kit.database.writing() as session:
        row = Consent(
            clinic_id=doors.house.clinic_id,
            patient_id=doors.house.ana.actor_id,
            version="2026-11",
            text_sha256="0" * 64,
            language="en",
            agreed_at=doors.clock(),
        )
        consents.give(session, doors.house.ana, row, doors.clock())
    doors.clock.pass_(hours=1)


def led_to(doors: Doors, browser) -> str | None:
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    scope = {"type": "http", "path": "/", "headers": [(b"cookie", cookie.encode())]}
    return door(doors.kit)(Request(scope))


def test_a_new_text_is_asked_at_the_next_opening_and_a_yes_is_kept(doors: Doors) -> None:
    agree_to_standard(doors)
    phone = doors.signed_in(doors.house.ana)
    assert led_to(doors, phone) is None

    assert write(doors) == 303
    assert led_to(doors, phone) == "/consent"
    page = phone.get("/consent").text
    assert "Your clinic changed what you agree to" in page
    assert CHANGE in page
    assert "The team of North clinic and the university of the north." in page
    # What the diary is not for stands first, whatever the clinic wrote.
    assert page.index("This diary is not for emergencies") < page.index("the university of the")

    doors.clock.pass_(minutes=1)
    assert phone.post("/consent", act="yes", state=state(page)).status_code == 400
    assert phone.post("/consent", act="yes", agree="yes", state=state(page)).status_code == 303
    assert led_to(doors, phone) is None
    old, new = sorted(doors.rows(Consent), key=lambda row: row.agreed_at)
    assert (old.version, new.version, new.answer) == ("2026-11", "2026-03-1", "agreed")
    page = phone.get("/consent").text
    assert "you agreed to version 2026-11" in page
    assert "you agreed to version 2026-03-1" in page
    assert re.search(r"2 Mar 2026, 21:05: you agreed", page)  # Berlin


def test_later_lets_somebody_report_now_and_asks_again_next_time(doors: Doors) -> None:
    agree_to_standard(doors)
    write(doors)
    phone = doors.signed_in(doors.house.ana)
    answer = phone.post("/consent", act="later")
    assert answer.headers["location"] == "/"
    assert led_to(doors, phone) is None
    assert phone.get("/now").status_code == 200
    assert led_to(doors, doors.signed_in(doors.house.ana)) == "/consent"


def test_a_no_says_what_it_means_and_closes_the_diary_until_a_yes(doors: Doors) -> None:
    agree_to_standard(doors)
    write(doors)
    phone = doors.signed_in(doors.house.ana)
    shown = state(phone.get("/consent").text)
    sure = phone.post("/consent", act="no").text
    assert "Your treatment goes on as before" in sure
    assert "+49 30 555 0100" in sure
    assert len(doors.rows(Consent)) == 1  # asked, not answered yet

    doors.clock.pass_(minutes=1)
    assert phone.post("/consent", act="refuse", state=shown).headers["location"] == "/consent"
    page = phone.get("/consent").text
    assert "The diary takes no new entries from you" in page
    assert led_to(doors, phone) == "/consent"
    assert lookup(doors.kit)(dict(phone.cookies)) is None
    assert phone.get("/now").headers["location"] == "/consent"
    assert phone.get("/my-diary").status_code == 200
    assert len(doors.audit("consent.refuse")) == 1

    nurse = doors.signed_in(doors.house.ben).get("/consents").text
    assert re.search(r"P-001 Ana Quiet</td><td><strong>said no", nurse)

    doors.clock.pass_(minutes=1)
    phone.post("/consent", act="yes", agree="yes", state=state(page))
    assert led_to(doors, phone) is None


def test_nothing_is_written_for_somebody_who_said_no_by_any_way(doors: Doors) -> None:
    house = doors.house
    with doors.kit.database.writing() as session:
        row = Consent(
            clinic_id=house.clinic_id,
            patient_id=house.ana.actor_id,
            version="2026-11",
            text_sha256="0" * 64,
            language="en",
            answer="refused",
            agreed_at=doors.clock(),
        )
        consents.give(session, house.ana, row, doors.clock())
    browser = doors.signed_in(house.ana)
    answer = browser.post("/now", act="send")
    assert (answer.status_code, answer.headers["location"]) == (303, "/consent")
    from diary_app.services.doors import SignInDesk

    visitor = SignInDesk(doors.kit).who(dict(browser.cookies), doors.clock())
    with doors.kit.database.writing() as session, pytest.raises(AccessDeniedError):
        diary.add_entry(session, visitor.viewer, house.entry(), doors.clock())
    assert doors.rows(Entry) == []


def test_the_nurse_sees_who_has_not_answered(doors: Doors) -> None:
    agree_to_standard(doors)
    write(doors)
    page = doors.signed_in(doors.house.ben).get("/consents").text
    assert "1 patient has not answered the present text." in page
    assert re.search(r"P-001 Ana Quiet</td><td>agreed to an older text", page)
    assert "Otto" not in page
    # A nurse reads the texts and writes none.
    nurse = doors.signed_in(doors.house.ben)
    assert CHANGE in nurse.get("/consent-texts").text
    assert nurse.post("/consent-texts", after="1", **{"text-en": TEXT}).status_code == 403
    assert doors.signed_in(doors.house.ana).get("/consents").status_code == 403


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text-en": ""}, "Write the text in English"),
        ({"text-en": "No heading."}, "must begin with a heading"),
        ({"text-en": "# A\nCall {fone}."}, "{fone} in the text in English stands for nothing."),
        ({"changes-en": ""}, "in plain words what is new"),
        ({"text-es": "# Quien\nTodos."}, "Say in Español"),
    ],
)
def test_a_text_that_cannot_be_used_is_not_lost(doors: Doors, typed, said: str) -> None:
    desk = doors.signed_in(doors.house.admin)
    form = {"after": "0", "text-en": TEXT, "changes-en": CHANGE} | typed
    answer = desk.post("/consent-texts", **form)
    assert answer.status_code == 400
    assert said in answer.text
    assert "Who sees it" in answer.text or typed.get("text-en") is not None
    assert doors.rows(ConsentWording) == []


def test_two_administrators_do_not_overwrite_each_other_and_old_texts_stay(doors: Doors) -> None:
    assert write(doors) == 303
    assert write(doors) == 409
    assert write(doors, after="1") == 303
    page = doors.signed_in(doors.house.admin).get("/consent-texts").text
    assert "Version 2026-03-1, written by Ada" in page
    assert "Version 2026-03-2, written by Ada" in page
    [first] = doors.rows(ConsentWording, col(ConsentWording.number) == 1)
    for act in ("UPDATE consent_text SET version = 'x'", "DELETE FROM consent_text"):
        with pytest.raises(DBAPIError), doors.kit.database.writing() as session:
            session.connection().execute(text(act))
    assert first.texts == {"en": TEXT}


def test_the_form_begins_with_the_standard_text_in_every_language(doors: Doors) -> None:
    begun = ConsentDesk(doors.kit, doors.house.admin).begin()
    assert set(begun) == {"en", "es", "ko"}
    assert begun["en"].startswith("# What is recorded")
    assert "{clinic}" in begun["en"]
    assert "{phone}" in begun["en"]
