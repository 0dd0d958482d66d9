"""The plain pages speak the reader's language, and remember which one was chosen."""

import re

from sqlmodel import col

from db.models import Consent, Patient, User
from diary_app.services.people import invite_patient

BORN = {"day": "1", "month": "6", "year": "1955"}


def asking(doors, accepted):
    browser = doors.browser()
    return browser.get("/welcome", headers={"Accept-Language": accepted}).text


def test_a_stranger_is_spoken_to_as_the_browser_asks(doors):
    assert '<html lang="es">' in asking(doors, "fr, es-MX;q=0.8, en;q=0.5")
    assert "Soy paciente" in asking(doors, "es")
    assert "환자입니다" in asking(doors, "ko-KR,ko;q=0.9,en;q=0.8")
    assert "I am a patient" in asking(doors, "fr")
    assert "I am a patient" in asking(doors, "ko;q=none, ;;;")


def test_every_language_is_named_in_its_own_words(doors):
    page = asking(doors, "en")
    assert all(f">{name}</button>" in page for name in ("English", "한국어", "Español"))
    assert "not yet checked" not in page
    assert "todavía no lo ha revisado un profesional clínico" in asking(doors, "es")


def test_the_chosen_language_stays_until_another_is_chosen(doors):
    browser = doors.browser()
    answer = browser.post("/language", language="ko", next="/sign-in")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert '<html lang="ko">' in browser.get("/sign-in", headers={"Accept-Language": "es"}).text

    browser.post("/language", language="kl", next="/sign-in")
    assert '<html lang="ko">' in browser.get("/sign-in").text
    assert browser.post("/language", language="es", next="//evil.example").headers["location"] == (
        "/"
    )


def test_another_site_cannot_choose(doors):
    browser = doors.browser()
    answer = browser.ask("POST", "/language", data={"language": "ko"},
                         headers={"Origin": "https://evil.example"})  # fmt: skip
    assert answer.status_code == 403
    assert "lang" not in browser.cookies


def test_a_signed_in_person_is_spoken_to_in_their_own_language(doors):
    browser = doors.signed_in(doors.house.ana)
    browser.post("/language", language="es", next="/devices")

    [ana] = doors.rows(Patient, col(Patient.id) == doors.house.ana.actor_id)
    assert ana.language == "es"
    assert f"language:{ana.id}" in doors.published
    [row] = doors.audit("language.set")
    assert (row.actor_id, row.patient_id) == (ana.id, ana.id)
    other = doors.signed_in(doors.house.ana).get("/devices", headers={"Accept-Language": "ko"})
    assert "Sus dispositivos" in other.text
    assert "Your signed-in devices" in doors.signed_in(doors.house.ben).get("/devices").text


def test_a_patient_agrees_to_the_text_in_the_language_it_was_read_in(doors):
    made = invite_patient(doors.kit, doors.house.ben, doors.house.ana.actor_id, doors.clock())
    link = made.url.removeprefix(doors.kit.origin)
    browser = doors.browser()
    browser.post("/language", language="ko", next=link)
    shown = browser.post(link, **BORN)
    assert "이 일기는 응급 상황용이 아니며" in shown.text
    state = re.search(r'name="state" value="([^"]+)"', shown.text)[1]

    browser.post("/language", language="en", next=link)
    changed = browser.post(f"{link}/agree", state=state, agree="yes")
    assert changed.status_code == 409, "other words than those that were read"
    browser.post("/language", language="ko", next=link)
    browser.post(f"{link}/agree", state=state, agree="yes")

    [consent] = doors.rows(Consent)
    assert consent.language == "ko"
    [ana] = doors.rows(Patient, col(Patient.id) == doors.house.ana.actor_id)
    assert ana.language == "ko"


def test_staff_keep_what_they_chose_before_signing_in(doors):
    browser = doors.browser()
    browser.post("/language", language="es", next="/sign-in")
    assert browser.post("/sign-in", **doors.sign_in_form()).status_code == 303
    [ben] = doors.rows(User, col(User.id) == doors.house.ben.actor_id)
    assert ben.language == "es"


def test_korean_letters_come_from_here(doors):
    browser = doors.browser()
    sheet = browser.get("/static/korean.css").text
    file = re.search(r"url\((/static/letters/\d+\.woff2)\)", sheet)[1]
    assert browser.get(file).content.startswith(b"wOF2")
    assert browser.get("/static/letters/999.woff2").status_code == 404
    assert "font-src 'self'" in browser.get("/welcome").headers["content-security-policy"]
