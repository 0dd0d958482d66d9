"""What all pages have in common: headers, origins, sentences instead of errors."""

import logging
from types import SimpleNamespace

import httpx
import pytest
from sqlmodel import col

from db.models import Photo, SignIn
from diary_app.api.entrance import door, lookup
from diary_app.services import sign_in
from diary_app.services.moves import Moves
from diary_app.services.photos import issue_ticket
from tests.diary_app.doors.house import ORIGIN, build_doors, served

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def test_every_page_is_protected_and_never_kept(doors):
    browser = doors.browser()

    for path in (
        "/welcome",
        "/sign-in",
        "/sign-out",
        "/devices",
        "/join/x",
        "/a/x",
        "/no",
        "/pin",
        "/now",
    ):
        headers = browser.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        # Nothing goes to other sites; `no-referrer` would send `Origin: null` with our own forms.
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://diary.test.evil.example"},
        {"Origin": "http://[broken"},
        {"Referer": "https://evil.example/http://diary.test/"},
    ],
)
def test_forms_from_elsewhere_are_refused(doors, headers):
    browser = doors.signed_in(doors.house.ben)

    for path in ("/sign-in", "/sign-out", "/pin", "/join/x", "/a/x", "/photos/add", "/now"):
        answer = browser.ask("POST", path, data=doors.sign_in_form(), headers=headers)
        assert answer.status_code == 403
        assert "was not sent from a page of the diary" in answer.text
    assert doors.rows(SignIn, col(SignIn.ended_at).is_not(None)) == []


@pytest.mark.parametrize(
    "headers",
    [{"Origin": ORIGIN}, {"Origin": "HTTP://Diary.TEST"}, {"Referer": f"{ORIGIN}/sign-in"}],
)
def test_our_own_forms_are_accepted(doors, headers):
    answer = doors.browser().ask("POST", "/sign-in", data=doors.sign_in_form(), headers=headers)

    assert answer.status_code == 303


def test_forms_are_accepted_from_the_public_address_behind_a_proxy(house, tmp_path):
    doors = build_doors(house, tmp_path, origin="https://diary.example.org")
    browser = doors.browser()

    answer = browser.ask(
        "POST",
        "/sign-in",
        data=doors.sign_in_form(),
        headers={"Origin": "https://diary.example.org", "Host": "10.0.0.5:8550"},
    )

    doors.close()
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", "/sign-in", 405), ("POST", "/welcome", 405)],
)
def test_what_is_not_there_gets_a_sentence(doors, method, path, status):
    answer = doors.browser().ask(method, path, headers={"Origin": ORIGIN})

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "Please" in answer.text


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"x" * 70_000, 413), (b"&".join([b"a=1"] * 60), 400), (b"\xff\xfe%zz=%00", 401)],
)
def test_odd_forms_get_a_sentence(doors, content, status):
    headers = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}

    answer = doors.browser().ask("POST", "/sign-in", content=content, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_what_nobody_foresaw_gets_a_sentence_and_logs_no_words(doors, monkeypatch, caplog):
    def breaks(*_, **__):
        raise RuntimeError("Ana Quiet has a rash")

    monkeypatch.setattr(sign_in.passwords, "matches", breaks)

    with caplog.at_level(logging.ERROR):
        answer = doors.browser().post("/sign-in", **doors.sign_in_form())

    assert answer.status_code == 503
    assert "Something did not work just now. Please try again in a minute." in answer.text
    assert "RuntimeError" in caplog.text
    assert "Ana" not in caplog.text + answer.text


def test_typed_words_are_shown_as_words(doors):
    answer = doors.browser().post("/sign-in", email='"><script>alert(1)</script>', password="x")

    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_app_learns_who_comes_in(doors):
    find, first_page = lookup(doors.kit), door(doors.kit)
    ben, ana = doors.signed_in(doors.house.ben), doors.signed_in(doors.house.ana)
    ana.post("/pin/choose", pin="2580", again="2580")

    def cookies(browser):
        return {"diary": browser.cookies["diary"]}

    class Asking:
        def __init__(self, cookies, path="/"):
            self.cookies = cookies
            self.url = SimpleNamespace(path=path)

    bens = find(cookies(ben))
    anas = find(cookies(ana))
    open_pages = [first_page(Asking(cookies(b))) for b in (ben, ana)]
    doors.clock.pass_(minutes=16)

    assert (bens.kind, bens.viewer, bens.time_zone) == ("staff", doors.house.ben, "Europe/Berlin")
    assert (anas.kind, anas.viewer.patient_id) == ("patient", doors.house.ana.actor_id)
    assert open_pages == [None, None]
    assert find(cookies(ana)) is None
    assert first_page(Asking(cookies(ana))) == "/pin"
    assert find({}) is None
    assert find({"diary": "guess"}) is None
    assert first_page(Asking({})) == "/welcome"
    # A link from a mail leads to its page, after the sign-in.
    assert first_page(Asking({}, "/alerts/7")) == "/sign-in?next=/alerts/7"


def zeros(megabytes):
    block = bytes(1024 * 1024)
    for _ in range(megabytes):
        yield block


@pytest.mark.parametrize("announced", [True, False])
def test_a_photo_of_forty_megabytes_is_refused_with_its_sentence(doors, announced):
    draft_id = doors.draft(doors.house.ana)
    token = issue_ticket(doors.kit, doors.house.ana, draft_id, doors.clock())
    cookie = doors.signed_in(doors.house.ana).cookies["diary"]
    with served(doors) as address:
        headers = {"Origin": address, "Cookie": f"diary={cookie}"}
        if announced:
            headers["Content-Length"] = str(40 * 1024 * 1024)
        answer = httpx.put(
            f"{address}/api/photos/{token}", content=zeros(40), headers=headers, timeout=30
        )

    assert answer.status_code == 413
    assert answer.json()["sentence"].startswith("This photo is 40 MB.")
    assert doors.rows(Photo) == []


def test_a_patient_whose_follow_up_ended_is_told_that_nobody_reads(doors):
    browser = doors.signed_in(doors.house.ana)
    Moves(doors.kit, doors.house.ben).end(doors.house.ana.actor_id, "finished")

    shown = browser.get("/welcome").text

    assert "North clinic no longer reads this diary: nobody sees what you would write." in shown
    assert "If you feel ill, call +49 30 555 0100. In an emergency call 112." in shown
    assert "no longer reads" not in doors.browser().get("/welcome").text
