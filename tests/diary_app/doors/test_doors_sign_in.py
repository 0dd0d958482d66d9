"""Staff sign in, stay, and leave."""

import pytest
from argon2 import extract_parameters
from sqlmodel import col

from db.models import SignIn, SignInAttempt, User
from db.stores import doors as tries_store
from diary_app.api.sign_in import DemoHint
from diary_app.services import passwords
from diary_app.services.attempts import Limit
from diary_app.services.doors import hash_of
from diary_app.services.sign_in import next_code
from tests.diary_app.doors.house import HOST, ORIGIN, build_doors

WRONG = "E-mail, password or code is not right. You have {} tries left in the next 15 minutes."
REAL_HASHER = passwords._hasher  # before the fixture makes it cheap


def test_signs_in_with_everything_right_and_keeps_only_the_hash(doors):
    browser = doors.browser()

    answer = browser.post("/sign-in", **doors.sign_in_form(email=" Ben@North.example "))

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("diary=")
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"))
    assert "Secure" not in cookie
    token = browser.cookies["diary"]
    [row] = doors.rows(SignIn)
    assert token not in repr(row)
    assert row.user_id == doors.house.ben.actor_id
    assert row.device == "Chrome on Android"
    assert [event.actor_id for event in doors.audit("sign_in.start")] == [row.user_id]
    assert browser.get("/api/v1/me").json()["role"] == "nurse"


def test_marks_the_cookie_secure_behind_https(house, tmp_path):
    doors = build_doors(house, tmp_path, origin="https://diary.test")
    browser = doors.browser()

    answer = browser.post("/sign-in", **doors.sign_in_form())

    doors.close()
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody@north.example"},
        {"email": ""},
        {"password": "seven quiet otter"},
        {"password": ""},
        {"code": "000000"},
        {"code": ""},
        {"code": "\uff11\uff12\uff13\uff14\uff15\uff16"},
        {"email": "ben@north.example' OR 1=1 --"},
    ],
)
def test_says_the_same_whatever_is_wrong(doors, wrong):
    browser = doors.browser()

    answer = browser.post("/sign-in", **doors.sign_in_form(**wrong))

    assert answer.status_code == 401
    assert WRONG.format(4) in answer.text
    assert "set-cookie" not in answer.headers
    assert doors.rows(SignIn) == []


def test_refuses_an_inactive_account_like_a_wrong_one(doors):
    with doors.kit.database.writing() as session:
        session.get(User, doors.house.ben.actor_id).active = False

    answer = doors.browser().post("/sign-in", **doors.sign_in_form())

    assert WRONG.format(4) in answer.text


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 303), (0, 303), (1, 303), (2, 401)])
def test_accepts_a_code_of_the_step_before_and_after(doors, steps, status):
    answer = doors.browser().post("/sign-in", **doors.sign_in_form(code=doors.code(steps=steps)))

    assert answer.status_code == status


def test_accepts_each_code_once_and_no_older_one(doors):
    first = doors.browser().post("/sign-in", **doors.sign_in_form())
    again = doors.browser().post("/sign-in", **doors.sign_in_form())
    older = doors.browser().post("/sign-in", **doors.sign_in_form(code=doors.code(steps=-1)))
    later = doors.browser().post("/sign-in", **doors.sign_in_form(code=doors.code(steps=1)))

    assert [a.status_code for a in (first, again, older, later)] == [303, 401, 401, 303]


def test_stops_after_five_wrong_tries_and_says_when_to_try_again(doors):
    browser = doors.browser()
    for _ in range(5):
        browser.post("/sign-in", **doors.sign_in_form(password="wrong"))
    doors.clock.pass_(minutes=4)

    limited = browser.post("/sign-in", **doors.sign_in_form())
    doors.clock.pass_(minutes=11, seconds=1)
    after = browser.post("/sign-in", **doors.sign_in_form())

    assert limited.status_code == 429
    assert "Too many wrong tries. Please try again in 11 minutes." in limited.text
    assert after.status_code == 303


def test_counts_unknown_accounts_just_the_same(doors):
    browser = doors.browser()
    form = doors.sign_in_form(email="nobody@north.example")
    answers = [browser.post("/sign-in", **form) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]


def test_a_success_forgets_the_failures_of_the_account(doors):
    browser = doors.browser()
    for _ in range(4):
        browser.post("/sign-in", **doors.sign_in_form(password="wrong"))
    browser.post("/sign-in", **doors.sign_in_form())

    answer = browser.post("/sign-in", **doors.sign_in_form(password="wrong"))

    assert WRONG.format(4) in answer.text


def use_up(doors, kind, subject, tries):
    """Write down that somebody tried that often, as the form would."""
    hashed = Limit(kind, subject, 1).hashed(doors.kit.key)
    with doors.kit.database.writing() as session:
        tries_store.add_tries(session, [hashed] * tries, doors.clock())


def test_stops_an_address_that_tries_hundreds_of_accounts(doors):
    use_up(doors, "address", "2001:db8::/64", 299)
    last = doors.browser("2001:db8::1").post("/sign-in", **doors.sign_in_form(email="x@y.example"))

    same_network = doors.browser("2001:db8::2").post("/sign-in", **doors.sign_in_form())
    elsewhere = doors.browser("2001:db9::1").post("/sign-in", **doors.sign_in_form())

    assert (last.status_code, same_network.status_code, elsewhere.status_code) == (401, 429, 303)


def test_a_ward_goes_on_working_while_one_of_its_accounts_is_attacked(doors):
    """Everybody of the ward, and the attacker, comes from one address."""
    before = doors.browser()
    before.post("/sign-in", **doors.sign_in_form())
    before.post("/sign-out")
    doors.clock.pass_(minutes=1)
    attacker = doors.browser()
    attack = [
        attacker.post("/sign-in", **doors.sign_in_form(password="guess")).status_code
        for _ in range(40)
    ]

    colleague = doors.browser().post("/sign-in", **doors.sign_in_form(email="dora@north.example"))
    strange_browser = doors.browser().post("/sign-in", **doors.sign_in_form())
    own_browser = before.post("/sign-in", **doors.sign_in_form())

    assert attack == [401] * 5 + [429] * 35
    assert colleague.status_code == 303
    assert own_browser.status_code == 303
    assert strange_browser.status_code == 429


def test_a_known_browser_guesses_no_more_often_than_any_other(doors):
    known = doors.browser()
    known.post("/sign-in", **doors.sign_in_form())
    doors.clock.pass_(minutes=1)

    guesses = [
        known.post("/sign-in", **doors.sign_in_form(password="guess")).status_code for _ in range(6)
    ]
    others = known.post("/sign-in", **doors.sign_in_form(email="dora@north.example"))

    assert guesses == [401] * 5 + [429]
    assert others.status_code == 303


def test_a_forged_mark_of_a_known_browser_counts_for_nothing(doors):
    use_up(doors, "account", "ben@north.example", 5)
    forger = doors.browser()
    forger.cookies.set("known", "A" * 44, domain=HOST, path="/sign-in")

    assert forger.post("/sign-in", **doors.sign_in_form()).status_code == 429


def test_keeps_no_address_with_the_tries(doors):
    doors.browser().post("/sign-in", **doors.sign_in_form(password="wrong"))

    kept = repr(doors.rows(SignInAttempt))

    assert "ben" not in kept
    assert "203.0.113.9" not in kept


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/alerts/0190", "/alerts/0190"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_goes_on_to_local_pages_only(doors, wanted, reached):
    answer = doors.browser().post("/sign-in", **doors.sign_in_form(next=wanted))

    assert answer.headers["location"] == reached


def test_staff_are_signed_out_after_an_hour_without_use(doors):
    browser = doors.signed_in(doors.house.ben)
    doors.clock.pass_(minutes=59)
    busy = browser.get("/devices").status_code
    doors.clock.pass_(minutes=61)
    idle = browser.get("/devices")

    assert busy == 200
    assert (idle.status_code, idle.headers["location"]) == (303, "/welcome")


def test_staff_are_signed_out_after_twelve_hours_however_busy(doors):
    browser = doors.signed_in(doors.house.ben)
    for _ in range(23):
        doors.clock.pass_(minutes=30)
        assert browser.get("/devices").status_code == 200
    doors.clock.pass_(minutes=31)

    assert browser.get("/devices").status_code == 303


def test_a_patient_stays_for_a_year_from_the_last_use(doors):
    browser = doors.signed_in(doors.house.ana)
    doors.clock.pass_(days=300)
    assert browser.get("/devices").status_code == 200
    doors.clock.pass_(days=300)
    assert browser.get("/devices").status_code == 200
    doors.clock.pass_(days=366)

    assert browser.get("/devices").status_code == 303


def test_use_is_noted_at_most_once_a_minute(doors):
    browser = doors.signed_in(doors.house.ben)
    seen = []
    for seconds in (30, 31):
        doors.clock.pass_(seconds=seconds)
        browser.get("/devices")
        seen.append(doors.rows(SignIn)[0].last_seen_at)

    assert seen[0] < doors.clock.now
    assert seen[1] == doors.clock.now


def test_sign_out_ends_the_sign_in_its_sockets_and_its_cookie(doors):
    browser = doors.signed_in(doors.house.ben)
    token = browser.cookies["diary"]
    asked = browser.get("/sign-out")
    still_in = browser.get("/devices").status_code

    answer = browser.post("/sign-out")

    assert (asked.status_code, still_in) == (200, 200)
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    [row] = doors.rows(SignIn)
    assert row.ended_at == doors.clock.now
    assert doors.ended == [str(row.id)]
    assert len(doors.audit("sign_in.end")) == 1
    browser.cookies.set("diary", token, domain=HOST, path="/")
    assert browser.get("/devices").status_code == 303


def test_signing_in_over_another_sign_in_ends_that_one(doors):
    browser = doors.signed_in(doors.house.ana)
    before = str(doors.rows(SignIn)[0].id)

    browser.post("/sign-in", **doors.sign_in_form())

    assert doors.ended == [before]
    assert browser.get("/api/v1/me").json()["kind"] == "staff"
    assert {str(row.id) for row in doors.rows(SignIn) if row.ended_at is not None} == {before}


def test_a_device_ends_another_of_the_same_person_and_no_one_elses(doors):
    here, there = doors.signed_in(doors.house.ben), doors.signed_in(doors.house.ben)
    other = doors.signed_in(doors.house.dora)
    ids = {
        browser: doors.rows(SignIn, col(SignIn.token_hash) == hash_of(browser.cookies["diary"]))[
            0
        ].id
        for browser in (here, there, other)
    }

    listed = here.get("/devices").text
    refused = here.post(f"/devices/{ids[other]}/end")
    here.post(f"/devices/{ids[there]}/end")

    assert f"/devices/{ids[there]}/end" in listed
    assert str(ids[other]) not in listed
    assert refused.status_code == 404
    assert "not signed in any more" in refused.text
    assert doors.ended == [str(ids[there])]
    assert there.get("/devices").status_code == 303
    assert here.get("/devices").status_code == 200
    assert other.get("/devices").status_code == 200


def test_shows_the_demo_people_in_a_demo_alone(house, tmp_path):
    hint = DemoHint("Ben", "Nurse", "ben@north.example", "demo words", "123456")
    shown = []
    for demo in (False, True):
        doors = build_doors(house, tmp_path, demo=demo)
        doors.hints.append(hint)
        browser = doors.browser()
        shown.append(browser.get("/sign-in").text)
        doors.close()

    assert "demo words" not in shown[0]
    assert all(word in shown[1] for word in ("Demo data only", "demo words", "123456"))


def test_the_demos_next_code_works_even_right_after_a_sign_in(house, tmp_path):
    doors = build_doors(house, tmp_path, demo=True)
    browser = doors.browser()
    codes = []
    for _ in range(2):
        codes.append(next_code(doors.kit, "ben@north.example", doors.clock()))
        answer = browser.ask(
            "POST",
            "/sign-in",
            data=doors.sign_in_form(code=codes[-1]),
            headers={"Origin": ORIGIN},
        )
        assert answer.status_code == 303
    doors.close()

    assert codes[0] != codes[1]


def test_gives_no_code_outside_the_demo(doors):
    assert next_code(doors.kit, "ben@north.example", doors.clock()) is None


def test_a_password_costs_at_least_what_rfc_9106_asks_of_small_machines():
    found = extract_parameters(REAL_HASHER.hash("seven quiet otters"))

    # RFC 9106, section 4, second recommended option: 3 passes, 4 lanes, 64 MiB.
    assert (found.time_cost, found.parallelism, found.memory_cost) == (3, 4, 64 * 1024)
