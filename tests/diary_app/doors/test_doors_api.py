"""A program of the clinic reads and sends through the JSON API under its token."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from alerts.grading import terms
from db.models import Alert, ApiToken, Assessment, AuditEvent, DoseRecord, Entry, Patient
from diary_app.api.v1.answers import Answers
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.programs import Programs
from diary_app.state.answers import COLUMNS
from tests.diary_app.doors.api import PROBLEM, ask, send, southern_token, token_of
from tests.diary_app.doors.house import build_doors, served
from tests.diary_app.doors.test_doors_records import keep_entry
from tests.people import NOW

KEY = "0190f3a2-aaaa-7bbb-8ccc-000000000001"


def fever(doors, value=38.6, **more):
    answers = {"temperature_value": value, "temperature_unit": "C"}
    return {"patient_id": str(doors.house.ana.actor_id), "answers": answers | more}


def test_a_token_is_shown_once_kept_as_a_hash_and_named_in_every_act(doors):
    token = token_of(doors, ["entries:read", "patients:read"], name="  Ward \t board ")

    [kept] = doors.rows(ApiToken)
    assert kept.name == "Ward board"
    assert token not in repr(kept)
    made = doors.audit("token.make")[0]
    assert (made.actor_id, made.detail["name"]) == (doors.house.admin.actor_id, "Ward board")
    assert token not in repr(doors.rows(AuditEvent))

    keep_entry(doors, itch_nrs=4)
    ask(doors, token, "GET", f"/entries?patient_id={doors.house.ana.actor_id}")
    ask(doors, token, "GET", "/patients")
    for verb in ("diary.read", "patient.list"):
        [event] = doors.audit(verb)
        assert (event.actor_id, event.actor_role) == (kept.id, "program")
        assert event.detail["token"] == "Ward board"
    assert doors.audit("diary.read")[0].patient_id == doors.house.ana.actor_id


def test_a_token_ends_when_it_is_withdrawn_or_runs_out_and_says_when_it_was_used(doors):
    programs = Programs(doors.kit, doors.house.admin)
    short, long = token_of(doors, name="Short", days=30), token_of(doors, name="Long", days=90)
    assert programs.page().lines[0].last_used_at is None
    assert ask(doors, short, "GET", "/me").json()["name"] == "Short"
    used = {line.name: line.last_used_at for line in programs.page().lines}
    assert used == {"Short": NOW, "Long": None}

    doors.clock.pass_(days=30)
    assert ask(doors, short, "GET", "/me").status_code == 401
    assert ask(doors, long, "GET", "/me").status_code == 200
    ids = {line.name: line.id for line in programs.page().lines}
    assert programs.end(ids["Long"]) is True
    assert programs.end(ids["Long"]) is False
    assert ask(doors, long, "GET", "/me").status_code == 401
    assert {line.name: line.state for line in programs.page().lines} == {
        "Short": "expired",
        "Long": "ended",
    }
    assert len(doors.audit("token.end")) == 1


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        (" ", ["alerts:read"], 30, "name"),
        ("x" * 61, ["alerts:read"], 30, "name"),
        ("Board", [], 30, "scopes"),
        ("Board", ["plans:write"], 30, "scopes"),
        ("Board", ["alerts:read"], 3650, "days"),
    ],
)
def test_a_token_needs_a_name_a_scope_and_an_end(doors, name, scopes, days, field):
    with pytest.raises(UnusableAnswerError) as refused:
        Programs(doors.kit, doors.house.admin).make(name, scopes, days)

    assert refused.value.field == field
    assert doors.rows(ApiToken) == []


def test_an_entry_sent_twice_is_one_entry_that_reaches_the_nurse_like_the_apps(doors):
    token = token_of(doors, ["entries:write"], name="Home hub")

    first = send(doors, token, KEY, fever(doors))
    again = send(doors, token, KEY, fever(doors))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.headers["location"] == f"/api/v1/entries/{first.json()['id']}"
    [entry] = doors.rows(Entry)
    assert str(entry.id) == first.json()["id"]
    # 38.3 and up is urgent by R4, of whichever way it came.
    assert first.json()["assessment"]["level"] == "urgent"
    assert "R4_TEMP_GE_38_3" in first.json()["assessment"]["reason_codes"]
    assert len(doors.rows(Assessment)) == 1
    [alert] = doors.rows(Alert)
    assert (alert.level, alert.entry_id) == ("urgent", entry.id)
    assert doors.published.count("worker") == 1
    [written] = doors.audit("diary.write")
    assert (written.actor_role, written.detail["token"]) == ("program", "Home hub")


def test_the_same_entry_sent_by_many_at_one_moment_is_one_entry(doors):
    headers = {"Authorization": f"Bearer {token_of(doors)}", "Idempotency-Key": KEY}

    with served(doors) as url, ThreadPoolExecutor(8) as many:
        told = [
            many.submit(
                httpx.post, f"{url}/api/v1/entries", headers=headers, json=fever(doors), timeout=30
            )
            for _ in range(8)
        ]
        answers = [each.result() for each in told]

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(doors.rows(Entry)) == len(doors.rows(Alert)) == 1


def test_the_same_key_for_something_else_is_refused_and_changes_nothing(doors):
    token = token_of(doors, ["entries:write"])
    send(doors, token, KEY, fever(doors))

    other = send(doors, token, KEY, fever(doors, 36.9))

    assert (other.status_code, other.headers["content-type"]) == (409, PROBLEM)
    assert other.json()["detail"] == "This key was used before, for another entry."
    assert [row.temperature_value for row in doors.rows(Entry)] == [38.6]


def test_what_was_not_sent_stays_unknown(doors):
    token = token_of(doors, ["entries:write"])

    made = send(doors, token, KEY, fever(doors, 36.9, red_flags=[], itch_nrs=0)).json()

    assert made["answers"] == {
        "temperature_value": 36.9,
        "temperature_unit": "C",
        "red_flags": [],
        "itch_nrs": 0,
        "imatinib_mg_prescribed": 400.0,
    }
    assert "rash" not in made["assessment"]["grades"]


def test_a_dose_that_a_program_tells_stands_in_the_dose_log_of_the_app(doors):
    token = token_of(doors, ["entries:write"])
    body = {"patient_id": str(doors.house.ana.actor_id), "answers": {"imatinib_mg_taken": 400}}

    made = send(doors, token, KEY, body).json()

    assert made["answers"]["imatinib_mg_taken"] == 400
    [row] = doors.rows(DoseRecord)
    assert (row.drug, row.taken_mg, row.how) == ("imatinib", 400, "planned")


def test_it_is_about_the_patients_own_day_and_clock(doors):
    token = token_of(doors, ["entries:write"])
    # 23:30 UTC on the first of March is half past midnight of the second in Berlin.
    body = fever(doors, 36.9) | {"said_at": "2026-03-01T23:30:00Z", "author": "carer"}

    made = send(doors, token, KEY, body).json()

    assert (made["diary_on"], made["local_time"], made["author"]) == (
        "2026-03-02",
        "00:30",
        "carer",
    )


def test_a_correction_is_a_new_version_and_only_the_newest_can_be_corrected(doors):
    token = token_of(doors)
    first = send(doors, token, KEY, fever(doors, 36.9)).json()

    body = fever(doors, 37.2) | {"corrects": first["id"]}
    second = send(doors, token, KEY + "-b", body).json()
    late = send(doors, token, KEY + "-c", body)

    assert (second["version"], second["first_id"]) == (2, first["id"])
    assert (late.status_code, late.headers["content-type"]) == (409, PROBLEM)
    path = f"/entries?patient_id={doors.house.ana.actor_id}"
    assert [e["id"] for e in ask(doors, token, "GET", path).json()["items"]] == [second["id"]]
    assert ask(doors, token, "GET", f"/entries/{first['id']}").json()["version"] == 1


REFUSED = [
    ({"answers": {}}, "answers"),
    ({"answers": {"itch_nrs": 11}}, "answers.itch_nrs"),
    ({"answers": {"itch_nrs": "4"}}, "answers.itch_nrs"),
    ({"answers": {"rash": True}}, "answers.rash"),
    ({"answers": {"red_flags": ["tired"]}}, "answers.red_flags"),
    ({"answers": {"regions": {"tail": "all"}, "rash_present": True}}, "answers.regions"),
    ({"answers": {"regions": {}}}, "answers.regions"),
    ({"answers": {"temperature_value": 38.5}}, "answers.temperature_unit"),
    ({"answers": {"temperature_unit": "C"}}, "answers.temperature_unit"),
    ({"answers": {"words": "a\0b"}}, "answers.words"),
    ({"kind": "reading", "answers": {"itch_nrs": 4}}, "answers.itch_nrs"),
    ({"kind": "note"}, "kind"),
    ({"said_at": "2026-03-03T12:00:00Z"}, "said_at"),
    ({"said_at": "2026-02-20T12:00:00Z"}, "said_at"),
    ({"said_at": "2026-03-02T12:00:00"}, "said_at"),
    ({"said_at": "0001-01-01T00:00:00+14:00"}, "said_at"),
    ({"said_at": "9999-12-31T23:59:59-14:00"}, "said_at"),
    ({"patient_id": "P-001"}, "patient_id"),
    ({"level": "none"}, "level"),
]


def test_what_cannot_be_kept_is_refused_by_its_name_and_nothing_is_kept(doors):
    token = token_of(doors)

    for change, field in REFUSED:
        answer = send(doors, token, KEY, fever(doors) | change)
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM), change
        assert [each["field"] for each in answer.json()["errors"]] == [field]
        assert answer.json()["detail"].endswith(".")
    assert doors.rows(Entry) == []


BODIES = [
    (b"{", 400),
    (b"[" * 60_000, 400),
    (b'"' + b"x" * 70_000 + b'"', 413),
    (b"null", 422),
    (b'{"patient_id": "\\ud800"}', 422),
    (b"\xff\xfe", 400),
]


def test_a_body_that_is_no_entry_is_refused_in_one_sentence(doors):
    headers = {"Idempotency-Key": KEY, "Content-Type": "application/json"}
    token = token_of(doors)

    for body, status in BODIES:
        answer = ask(doors, token, "POST", "/entries", headers=headers, content=body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), body[:40]


@pytest.mark.parametrize("key", ["", "short", "with space and more", "ü" * 20])
def test_an_entry_without_a_key_of_its_own_is_refused(doors, key):
    headers = {"Idempotency-Key": key.encode()} if key else {}

    answer = ask(doors, token_of(doors), "POST", "/entries", headers=headers, json=fever(doors))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_nothing_is_kept_for_whom_nobody_follows(doors):
    token = token_of(doors)
    with doors.kit.database.writing() as session:
        patient = session.get(Patient, doors.house.ana.actor_id)
        patient.active = False
        session.add(patient)

    answer = send(doors, token, KEY, fever(doors))

    assert answer.status_code == 409
    assert "no longer in follow-up" in answer.json()["detail"]
    assert doors.rows(Entry) == []


def test_the_other_clinics_program_sends_nothing_here_under_any_key(doors):
    token = token_of(doors)
    send(doors, token, KEY, fever(doors))

    answer = send(doors, southern_token(doors), KEY, fever(doors))

    assert answer.status_code == 404
    assert len(doors.rows(Entry)) == 1


def walked(doors, token, path, most):
    """Every item of a list, part by part."""
    found, after = [], ""
    while True:
        answer = ask(doors, token, "GET", f"{path}limit={most}{after}").json()
        assert 0 < len(answer["items"]) <= most
        found += [item["id"] for item in answer["items"]]
        if answer["next"] is None:
            return found
        after = f"&after={answer['next']}"


def test_long_lists_come_in_parts_without_a_gap_or_a_repeat(doors):
    token = token_of(doors)
    days = [3, 1, 4, 1, 5]
    made = [(date(2026, 2, day), str(keep_entry(doors, on=date(2026, 2, day)))) for day in days]
    for code in ("K7Q-4T", "M2R-9X", "P4S-2Z"):
        doors.alert_for(doors.house.ben, code=code)
    ana = doors.house.ana.actor_id

    listed = walked(doors, token, f"/entries?patient_id={ana}&", 2)
    alerts = walked(doors, token, "/alerts?", 2)

    assert listed == [entry_id for _day, entry_id in sorted(made)]
    assert sorted(alerts) == sorted(str(row.id) for row in doors.rows(Alert))
    assert walked(doors, token, "/patients?", 1) == [str(ana)]
    assert ask(doors, token, "GET", "/alerts?state=closed").json() == {"items": [], "next": None}
    unknown = ask(doors, token, "GET", f"/alerts?after={uuid4()}")
    assert unknown.status_code == 404


def test_a_plan_is_told_as_it_is_in_force(doors):
    path = f"/plans?patient_id={doors.house.ana.actor_id}"

    [step] = ask(doors, token_of(doors), "GET", path).json()

    assert (step["imatinib_mg"], step["every_n_days"]) == (400.0, 1)
    assert step["starts_on"] == (NOW.date() - timedelta(days=100)).isoformat()
    assert doors.audit("plan.read")[0].detail["token"] == "Ward board"


def test_too_many_requests_wait_as_long_as_they_are_told(house, tmp_path):
    doors = build_doors(house, tmp_path, calls_a_minute=3)
    token, other = token_of(doors, name="Busy"), token_of(doors, name="Calm")
    for _ in range(3):
        assert ask(doors, token, "GET", "/me").status_code == 200
        doors.clock.pass_(seconds=10)

    refused = ask(doors, token, "GET", "/me")

    assert (refused.status_code, refused.headers["content-type"]) == (429, PROBLEM)
    assert refused.headers["retry-after"] == "30"
    assert ask(doors, other, "GET", "/me").status_code == 200
    doors.clock.pass_(seconds=30)
    assert ask(doors, token, "GET", "/me").status_code == 200
    wrong = [ask(doors, "diary_" + "x" * 43, "GET", "/me").status_code for _ in range(4)]
    assert wrong == [401, 401, 401, 429]
    doors.close()


def test_pages_of_other_sites_read_nothing(doors):
    browser = doors.signed_in(doors.house.ben)
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}

    plain = browser.ask("GET", "/api/v1/alerts", headers=asked)
    before = browser.ask("OPTIONS", "/api/v1/entries", headers=asked)

    for answer in (plain, before):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert before.status_code == 405


def test_the_page_that_lists_the_operations_loads_nothing_from_elsewhere(doors):
    page = doors.browser().get("/api/v1/docs")

    for operation in ("POST /api/v1/entries", "GET /api/v1/exports/{patient_id}"):
        assert f"<code>{operation}</code>" in page.text
    assert "entries:write" in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    assert "script" not in page.text


def test_the_description_knows_every_answer_of_the_diary_and_its_words():
    derived = {"map_percent", "temperature_text"}
    schema = Answers.model_json_schema()["properties"]

    assert set(schema) == COLUMNS - derived
    assert set(schema["nausea"]["enum"]) == terms.NAUSEA | {None}
    assert set(schema["red_flags"]["anyOf"][0]["items"]["enum"]) == terms.RED_FLAGS


def test_times_go_out_with_their_zone(doors):
    token = token_of(doors)
    made = send(doors, token, KEY, fever(doors)).json()

    assert datetime.fromisoformat(made["received_at"]) == NOW
