"""Every operation of the JSON API against every scope, every role, and the other clinic."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from alerts.intake import record_entry
from diary_app.services.programs import SCOPES
from diary_app.services.visit import Visits
from tests.diary_app.doors import api
from tests.diary_app.doors.house import Doors, build_doors
from tests.people import NOW

# Operation, the scope it needs, and who of patient, nurse, clinician and administrator may read it
# when they are signed in. A person sends nothing here: they use the app.
TABLE = """
    GET  /me                       -              x x x x
    GET  /entries?patient_id=ANA   entries:read   x x x .
    GET  /entries/ENTRY            entries:read   x x x .
    POST /entries                  entries:write  . . . .
    GET  /patients                 patients:read  . x x x
    GET  /patients/ANA             patients:read  x x x x
    GET  /plans?patient_id=ANA     plans:read     x x x .
    GET  /alerts                   alerts:read    . x x .
    GET  /alerts?patient_id=ANA    alerts:read    . x x .
    GET  /alerts/ALERT             alerts:read    . x x .
    GET  /exports/ANA              exports:read   . x x .
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
PEOPLE = ("ana", "ben", "dora", "admin")
# What may never be told to the other clinic.
HERS = ("Ana", "38.6", "P-001")


@dataclass(frozen=True)
class Clinic:
    """The doors, and the ids of what lies in the north clinic."""

    doors: Doors
    ids: dict[str, str]

    def path(self, pattern: str) -> str:
        for word, known in self.ids.items():
            pattern = pattern.replace(word, known)
        return pattern

    def by_token(self, token: str, method: str, pattern: str, key: str = ""):
        body = {"patient_id": self.ids["ANA"], "answers": {"itch_nrs": 2}}
        more = {"json": body, "headers": {"Idempotency-Key": key}} if method == "POST" else {}
        return api.ask(self.doors, token, method, self.path(pattern), **more)

    def by_person(self, who: str, method: str, pattern: str):
        browser = self.doors.signed_in(getattr(self.doors.house, who))
        body = {"patient_id": self.ids["ANA"], "answers": {"itch_nrs": 2}}
        more = {"json": body, "headers": {"Idempotency-Key": "f" * 20}} if method == "POST" else {}
        answer = browser.ask(method, f"/api/v1{self.path(pattern)}", **more)
        browser.close()
        self.doors.browsers.remove(browser)
        return answer


@pytest.fixture(scope="module")
def clinic(pattern, tmp_path_factory):
    """Nobody takes anything away in this module, so one house serves all rows."""
    from tests.diary_app.doors.conftest import copied

    folder = tmp_path_factory.mktemp("api")
    house = copied(pattern, folder)
    doors = build_doors(house, folder, visits=Visits, calls_a_minute=10_000)
    with house.database.writing() as session:
        entry = house.entry(
            at=NOW - timedelta(hours=1), temperature_value=38.6, temperature_unit="C"
        )
        made = record_entry(session, house.ana, entry, NOW)
    ids = {"ANA": str(house.ana.actor_id), "ENTRY": str(entry.id), "ALERT": str(made.alert_id)}
    yield Clinic(doors, ids)
    doors.close()
    house.database.close()


@pytest.mark.parametrize(("method", "path", "scope"), [row[:3] for row in ROWS])
def test_a_token_opens_what_its_scope_names_and_nothing_else(clinic, method, path, scope):
    with_it = api.token_of(clinic.doors, SCOPES if scope == "-" else [scope])
    answer = clinic.by_token(with_it, method, path, key="r" * 20)
    assert answer.status_code == (201 if method == "POST" else 200)

    for other in SCOPES if scope != "-" else ():
        if other == scope:
            continue
        answer = clinic.by_token(api.token_of(clinic.doors, [other]), method, path, "w" * 20)
        assert (other, answer.status_code) == (other, 403)
        assert answer.headers["content-type"] == api.PROBLEM
        assert answer.json()["detail"] == f"This token lacks the scope {scope}."


@pytest.mark.parametrize(("method", "path"), [row[:2] for row in ROWS])
def test_the_other_clinics_token_finds_nothing_of_this_one(clinic, method, path):
    answer = clinic.by_token(api.southern_token(clinic.doors), method, path, key="s" * 20)

    named = any(word in path for word in clinic.ids) or method == "POST"
    assert answer.status_code == (404 if named else 200)
    if path not in {"/me", "/patients"}:
        assert not any(word in answer.text for word in HERS)
    if path == "/patients":  # their own P-001 is another person
        assert [each["name"] for each in answer.json()["items"]] == ["Otto Other"]


@pytest.mark.parametrize(("method", "path", "marks"), [(r[0], r[1], r[3:]) for r in ROWS])
def test_people_read_what_their_role_reads_and_send_nothing(clinic, method, path, marks):
    told = {who: clinic.by_person(who, method, path).status_code for who in PEOPLE}

    assert told == {
        who: 200 if mark == "x" else 403 for who, mark in zip(PEOPLE, marks, strict=True)
    }
    assert clinic.by_person("cleo", method, path).status_code in (
        {403} if method == "POST" else {404} if any(w in path for w in clinic.ids) else {200}
    )


@pytest.mark.parametrize(("method", "path"), [row[:2] for row in ROWS])
def test_without_a_token_that_holds_nothing_is_told(clinic, method, path):
    nobody = clinic.doors.browser()
    more = {"json": {}, "headers": {"Idempotency-Key": "n" * 20}} if method == "POST" else {}
    bare = nobody.ask(method, f"/api/v1{clinic.path(path)}", **more)
    wrong = clinic.by_token("diary_" + "x" * 43, method, path, key="x" * 20)

    for answer in (bare, wrong):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert not any(word in answer.text for word in HERS)


def test_the_table_has_every_operation(clinic):
    document = clinic.doors.browser().get("/api/v1/openapi.json").json()
    described = {
        (method.upper(), path.removeprefix("/api/v1").split("{")[0])
        for path, methods in document["paths"].items()
        for method in methods
    }

    def bare(row: str) -> str:
        path = row.split("?", maxsplit=1)[0]
        head, _slash, last = path.rpartition("/")
        return f"{head}/" if last.isupper() else path

    assert {(row[0], bare(row[1])) for row in ROWS} == described


def test_every_scope_opens_something():
    assert {row[2] for row in ROWS} - {"-"} == set(SCOPES)
