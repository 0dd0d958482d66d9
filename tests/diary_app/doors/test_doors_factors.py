"""Recovery codes, devices ended from elsewhere, the question before exports, a lost phone."""

import re

import pytest
from sqlmodel import col

from db.models import ApiToken, AuditEvent, CalendarFeed, Patient, RecoveryCode, SignIn
from diary_app.services import totp
from diary_app.services.care_errors import REFUSALS
from diary_app.services.data_requests import DataRequests
from diary_app.services.doors import SignInDesk
from diary_app.services.inviting import Inviting
from diary_app.services.policy import Policies
from diary_app.services.programs import Programs
from diary_app.services.refusals import RefusedError, StepUpError
from diary_app.services.rule_sets import RuleSets
from diary_app.services.step_up import verify
from diary_app.services.visit import Visits
from tests.diary_app.doors.house import ORIGIN, build_doors

CODE = re.compile(r"<code>([0-9A-Z-]{19})</code>")


def codes_of(browser):
    return CODE.findall(browser.post("/recovery-codes").text)


def visitor_of(doors, browser):
    return SignInDesk(doors.kit).who({"diary": browser.cookies["diary"]}, doors.clock())


def with_recovery(doors, code, **other):
    return doors.sign_in_form(code=code, **{"with": "recovery"}, **other)


def test_ten_codes_are_shown_once_and_kept_as_hashes(doors):
    browser = doors.signed_in(doors.house.ben)

    codes = codes_of(browser)
    again = browser.get("/devices").text

    assert len(set(codes)) == 10
    kept = repr(doors.rows(RecoveryCode))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert not any(code in again for code in codes)
    assert "10 codes are left." in again


def test_a_recovery_code_signs_in_once_and_only_with_the_password(doors):
    code = codes_of(doors.signed_in(doors.house.ben))[3]

    guess = doors.browser().post("/sign-in", **with_recovery(doors, code, password="guess"))
    lower = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    first = doors.browser().post("/sign-in", **with_recovery(doors, lower))
    second = doors.browser().post("/sign-in", **with_recovery(doors, code))
    colleague = doors.browser().post(
        "/sign-in", **with_recovery(doors, code, email="dora@north.example")
    )

    assert (guess.status_code, second.status_code, colleague.status_code) == (401, 401, 401)
    assert (first.status_code, first.headers["location"]) == (303, "/devices")
    assert doors.audit("sign_in.start")[-1].detail == {"by": "recovery"}


def test_new_codes_end_the_older_ones(doors):
    browser = doors.signed_in(doors.house.ben)
    old, new = codes_of(browser)[0], codes_of(browser)[0]

    answers = [doors.browser().post("/sign-in", **with_recovery(doors, c)) for c in (old, new)]

    assert [answer.status_code for answer in answers] == [401, 303]


@pytest.mark.parametrize("person", ["ben", "ana"])
def test_signing_out_everywhere_ends_every_device_and_its_screens_at_once(doors, person):
    viewer = getattr(doors.house, person)
    here, there = doors.signed_in(viewer), doors.signed_in(viewer)
    other = doors.signed_in(doors.house.dora)
    ids = {str(row.id) for row in doors.rows(SignIn, col(SignIn.ended_at).is_(None))}

    answer = here.post("/devices/end-all")

    [left] = doors.rows(SignIn, col(SignIn.ended_at).is_(None))
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    assert set(doors.ended) == ids - {str(left.id)}
    assert {f"signed-out:{each}" for each in doors.ended} <= set(doors.published)
    assert there.get("/devices").status_code == 303
    assert other.get("/devices").status_code == 200


def test_an_export_asks_again_after_five_minutes_and_then_gives_the_file(doors):
    browser = doors.signed_in(doors.house.ben)
    path = f"/exports/{doors.house.ana.actor_id}/calendar?named=no"
    doors.clock.pass_(minutes=5)
    still = browser.get(path)
    doors.clock.pass_(seconds=1)

    asked = browser.get(path)
    wrong = browser.post("/verify", code="000000", next=path)
    right = browser.post("/verify", code=doors.code(), next=path)
    taken = browser.get(path)

    assert still.headers["content-type"].startswith("text/calendar")
    assert asked.status_code == 303
    assert asked.headers["location"].startswith("/verify?next=/exports/")
    assert browser.get(asked.headers["location"]).status_code == 200
    assert (wrong.status_code, "You have 4 tries left" in wrong.text) == (400, True)
    assert f'href="{path.replace("&", "&amp;")}"' in right.text
    assert taken.headers["content-type"].startswith("text/calendar")
    assert len(doors.audit("sign_in.verify")) == 1
    assert len(doors.audit("patient.export")) == 2


def test_the_api_says_so_too(house, tmp_path):
    doors = build_doors(house, tmp_path, visits=Visits)
    browser = doors.signed_in(doors.house.ben)
    path = f"/api/v1/exports/{doors.house.ana.actor_id}?format=fhir"
    doors.clock.pass_(minutes=6)

    refused = browser.get(path)
    browser.post("/verify", code=doors.code())
    given = browser.get(path)
    doors.close()

    assert refused.status_code == 403
    assert "show again that it is you" in refused.json()["detail"]
    assert given.status_code == 200


def test_a_code_that_was_used_is_no_proof(doors):
    browser = doors.browser()
    browser.post("/sign-in", **doors.sign_in_form())
    doors.clock.pass_(minutes=6)
    browser.post("/verify", code=doors.code(), next="/devices")
    doors.clock.pass_(seconds=20)

    again = browser.post("/verify", code=doors.code(), next="/devices")

    assert again.status_code == 400


def acts(doors):
    """What must not happen from a screen that somebody left open, by whom."""
    kit, ana = doors.kit, doors.house.ana.actor_id
    return {
        "token": ("admin", lambda v: Programs(kit, v).make("token", ["alerts:read"], 30)),
        "rules": ("dora", lambda v: RuleSets(kit, v).propose("Earlier", "n-1", {}, "Late calls.")),
        "approve": ("dora", lambda v: RuleSets(kit, v).approve(ana, "Agreed.")),
        "policy": ("dora", lambda v: Policies(kit, v).keep(Policies(kit, v).page().form, {})),
        "erase": ("admin", lambda v: DataRequests(kit, v).ask_erasure("P-001", "P-001", "Letter")),
        "confirm": ("admin", lambda v: DataRequests(kit, v).confirm(ana, "P-001")),
        "everything": ("dora", lambda v: DataRequests(kit, v).everything(ana)),
    }


def test_an_open_screen_is_not_enough(doors):
    for name, (person, act) in acts(doors).items():
        browser = doors.signed_in(getattr(doors.house, person))
        doors.clock.pass_(minutes=6)
        viewer = visitor_of(doors, browser).viewer

        with pytest.raises(StepUpError):
            act(viewer)
        assert doors.rows(ApiToken, col(ApiToken.name) == name) == []
        verify(doors.kit, viewer, doors.code(), doors.clock())
        # The act itself may still be refused, for a reason of its own.
        try:
            act(viewer)
        except REFUSALS as refused:
            assert type(refused) is not StepUpError, name  # noqa: PT017

    assert len(doors.rows(ApiToken)) == 1


def test_guessing_codes_on_an_open_screen_ends_after_five(doors):
    viewer = visitor_of(doors, doors.signed_in(doors.house.ben)).viewer
    said = []
    for _ in range(6):
        with pytest.raises(RefusedError) as refused:
            verify(doors.kit, viewer, "000000", doors.clock())
        said.append(type(refused.value).__name__)

    assert said == ["RefusedError"] * 5 + ["TooManyTriesError"]


def test_a_lost_phone_is_out_at_once_and_the_new_one_comes_in(doors):
    ana, ben = doors.house.ana, doors.house.ben
    lost = doors.signed_in(ana)
    lost.post("/pin/choose", pin="4711", again="4711")
    with doors.kit.database.writing() as session:
        session.add(
            CalendarFeed(
                clinic_id=ana.clinic_id,
                patient_id=ana.actor_id,
                token_hash="feed",
                created_at=doors.clock(),
            )
        )
    [row] = doors.rows(SignIn)

    made = Inviting(doors.kit, ben).replace_phone(ana.actor_id)

    assert f"signed-out:{row.id}" in doors.published
    assert lost.get("/devices").headers["location"] == "/welcome"
    assert doors.rows(CalendarFeed)[0].ended_at == doors.clock()
    assert [p.pin_hash for p in doors.rows(Patient, col(Patient.id) == ana.actor_id)] == [None]
    [act] = doors.rows(AuditEvent, col(AuditEvent.verb) == "phone.out")
    assert (act.actor_id, act.patient_id) == (ben.actor_id, ana.actor_id)
    assert doors.browser().get(made.url.removeprefix(ORIGIN)).status_code == 200


def test_another_authenticator_replaces_the_old_one(doors):
    browser = doors.signed_in(doors.house.ben)
    shown = browser.get("/authenticator").text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
    state = re.search(r'name="state" value="([0-9a-f]+)"', shown)[1]
    code = totp.code_of(secret, totp.step_at(doors.clock()))
    wrong = browser.post("/authenticator", state=state, code="000000")
    done = browser.post("/authenticator", state=state, code=code)
    old = doors.browser().post("/sign-in", **doors.sign_in_form())
    next_code = totp.code_of(secret, totp.step_at(doors.clock()) + 1)
    new = doors.browser().post("/sign-in", **doors.sign_in_form(code=next_code))

    assert (wrong.status_code, done.status_code) == (400, 303)
    assert (old.status_code, new.status_code) == (401, 303)
