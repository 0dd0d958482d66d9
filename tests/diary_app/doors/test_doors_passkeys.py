"""Passkeys: added after the code, used instead of password and code, refused when forged."""

import html
import json
import re
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn
from playwright.sync_api import expect

from db.models import Passkey, SignIn
from tests.authenticator import Authenticator
from tests.browser import PHONE, browsing
from tests.diary_app.doors.house import Browser, build_doors

SITE = "https://diary.test"
FORM = re.compile(
    r'data-passkey="(\w+)" data-options="([^"]*)".*?name="state" value="([^"]*)"', re.DOTALL
)


@pytest.fixture
def doors(house, tmp_path):
    built = build_doors(house, tmp_path, origin=SITE)
    yield built
    built.close()


def asked(browser: Browser, path: str):
    """What a page asks of the authenticator, and its state."""
    _act, options, state = FORM.search(browser.get(path).text).groups()
    return json.loads(html.unescape(options)), state


def post(browser, path, **typed):
    return browser.ask("POST", path, data=typed, headers={"Origin": SITE})


def with_passkey(doors, viewer, **wrong):
    """A member of staff with a new passkey."""
    browser, key = doors.signed_in(viewer), Authenticator(SITE, "diary.test", **wrong)
    options, state = asked(browser, "/devices")
    answer = post(browser, "/passkeys", state=state, answer=key.create(options), name="My phone")
    return browser, key, answer


def come_in(doors, key, **more):
    browser = doors.browser()
    options, state = asked(browser, "/sign-in")
    return post(browser, "/sign-in/passkey", state=state, answer=key.get(options), **more)


def test_a_passkey_is_added_and_signs_in_without_password(doors):
    browser, key, added = with_passkey(doors, doors.house.ben)

    answer = come_in(doors, key, next="/alerts/1")

    [kept] = doors.rows(Passkey)
    assert (added.status_code, kept.name, kept.sign_count) == (303, "My phone", 1)
    assert "My phone" in browser.get("/devices").text
    assert (answer.status_code, answer.headers["location"]) == (303, "/alerts/1")
    assert doors.audit("sign_in.start")[-1].detail == {"by": "passkey"}
    assert doors.audit("sign_in.start")[-1].actor_id == doors.house.ben.actor_id


def test_an_open_screen_is_not_enough_to_add_one(doors):
    browser = doors.signed_in(doors.house.ben)
    options, state = asked(browser, "/devices")
    doors.clock.pass_(minutes=6)

    made = Authenticator(SITE, "diary.test").create(options)
    answer = post(browser, "/passkeys", state=state, answer=made, name="x")

    assert answer.headers["location"] == "/verify?next=/devices"
    assert doors.rows(Passkey) == []


def test_an_answer_that_was_overheard_works_for_nobody_else(doors):
    _browser, key, _added = with_passkey(doors, doors.house.ben)
    browser, other = doors.browser(), doors.browser()
    options, state = asked(browser, "/sign-in")
    answer = key.get(options)
    first = post(browser, "/sign-in/passkey", state=state, answer=answer)

    replayed = post(other, "/sign-in/passkey", state=state, answer=answer)
    _options, fresh_state = asked(other, "/sign-in")
    elsewhere = post(other, "/sign-in/passkey", state=fresh_state, answer=answer)
    doors.clock.pass_(minutes=16)
    late = post(other, "/sign-in/passkey", state=fresh_state, answer=answer)

    assert first.status_code == 303
    assert [each.status_code for each in (replayed, elsewhere, late)] == [401] * 3
    assert "used already" in replayed.text


def test_a_passkey_that_is_not_quite_right_is_refused(doors):
    _browser, key, _added = with_passkey(doors, doors.house.ben)
    key.counter = 4
    assert come_in(doors, key).status_code == 303
    before = len(doors.rows(SignIn))
    for wrong in (
        {"origin": "https://diary.test.evil.example"},
        {"site": "evil.example"},
        {"verifies": False},
        {"counter": 0},  # copied: it counts from the beginning again
        {"key": Authenticator(SITE, "x").key},
        {"user": b"somebody else...."},
    ):
        assert come_in(doors, replace(key, **wrong)).status_code == 401, wrong

    assert len(doors.rows(SignIn)) == before
    assert come_in(doors, key).status_code == 303


def test_whatever_is_sent_gets_a_sentence(doors):
    browser, stranger = doors.signed_in(doors.house.ben), doors.browser()
    rubbish = ("", "null", "[]", "{}", '{"rawId": 7}', '{"rawId": "AA", "response": {}}')
    for answer in (*rubbish, "[" * 20_000):
        for who, path, page in (
            (stranger, "/sign-in/passkey", "/sign-in"),
            (browser, "/passkeys", "/devices"),
        ):
            _options, state = asked(who, page)
            told = post(who, path, state=state, answer=answer, name="x")

            assert told.status_code in {400, 401}
            assert 'class="wrong"' in told.text


def test_only_ones_own_passkey_answers_for_oneself(doors):
    ben, bens, _added = with_passkey(doors, doors.house.ben)
    _dora, doras, _added = with_passkey(doors, doors.house.dora)
    doors.clock.pass_(minutes=6)
    statuses = []
    for key in (doras, bens):
        options, state = asked(ben, "/verify?next=/verify/done")
        said = post(ben, "/verify/passkey", state=state, answer=key.get(options), next="/devices")
        statuses.append(said.status_code)

    assert statuses == [400, 303]
    assert [event.detail for event in doors.audit("sign_in.verify")] == [{"by": "passkey"}]


def test_a_removed_passkey_and_one_of_somebody_who_left_do_not_come_in(doors):
    browser, key, _added = with_passkey(doors, doors.house.ben)
    colleague = doors.signed_in(doors.house.dora)
    [kept] = doors.rows(Passkey)

    hers = post(colleague, f"/passkeys/{kept.id}/remove")
    still = come_in(doors, key)
    post(browser, f"/passkeys/{kept.id}/remove")
    gone = come_in(doors, key)

    assert (hers.status_code, still.status_code, gone.status_code) == (404, 303, 401)
    assert "not known here any more" in gone.text


@contextmanager
def at_localhost(house, folder):
    """The app where Chromium allows passkeys without https."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        doors = build_doors(house, folder, origin=f"http://localhost:{port}")
        server = uvicorn.Server(uvicorn.Config(doors.app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield doors
        finally:
            server.should_exit = True
            thread.join()
            doors.close()


def test_chromium_adds_a_passkey_signs_in_with_it_and_answers_with_it(house, tmp_path):
    with at_localhost(house, tmp_path) as doors, browsing() as chromium:
        context = chromium.new_context(**PHONE)
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        token = doors.signed_in(house.ben).cookies["diary"]
        context.add_cookies([{"name": "diary", "value": token, "url": doors.kit.origin}])

        page.goto(f"{doors.kit.origin}/devices")
        page.get_by_label("Name of this passkey").fill("My phone")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("My phone", exact=True)).to_be_visible()

        page.get_by_role("button", name="Sign out everywhere").click()
        page.goto(f"{doors.kit.origin}/sign-in?next=/devices")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", name="Your signed-in devices")).to_be_visible()

        doors.clock.pass_(minutes=6)
        page.goto(f"{doors.kit.origin}/verify?next=/verify/done")
        unverified = {"authenticatorId": made["authenticatorId"], "isUserVerified": False}
        devtools.send("WebAuthn.setUserVerified", unverified)
        page.get_by_role("button", name="Confirm with a passkey").click()
        expect(page.get_by_role("alert")).to_have_text(
            "The passkey was not used. Please try again, or use a code."
        )
        devtools.send("WebAuthn.setUserVerified", unverified | {"isUserVerified": True})
        page.get_by_role("button", name="Confirm with a passkey").click()
        expect(page.get_by_role("heading", name="Confirmed")).to_be_visible()

    assert [event.detail for event in doors.audit("sign_in.start")][-1] == {"by": "passkey"}
    assert [event.detail for event in doors.audit("sign_in.verify")] == [{"by": "passkey"}]
