"""Every route against every kind of visitor: the patient's people, and everybody who is not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from alerts.intake import record_entry
from db.access import Viewer, viewer_for
from db.models import METADATA, AuditEvent, Clinic, Notification, SignIn
from db.types import new_id
from diary_app.services import passwords
from diary_app.services.acknowledge_links import link_url
from diary_app.services.doors import open_sign_in
from diary_app.services.inviting import Inviting
from diary_app.services.people import invite_patient, invite_staff
from diary_app.services.photos import issue_ticket, keep_photo
from diary_app.services.reminding import PatientReminders
from diary_app.services.visit import Visits
from tests.diary_app.doors.conftest import copied
from tests.diary_app.doors.every_door import DOORS, VISITORS, Door
from tests.diary_app.doors.house import ORIGIN, QUICK, Browser, Doors, build_doors
from tests.diary_app.doors.test_doors_now import FEVER, opened_and_sent
from tests.diary_app.visit_bundles import picture
from tests.people import NOW, patient_row, user_row

# What only ana and her care team may read: her name, her temperature, her words.
HERS = re.compile(r"\b(Ana|38[.,]6|my arm burns)\b")
# Seen, tried and written down on the way; no row of these is somebody's diary.
BESIDE = {"audit_event", "sign_in", "heartbeat", "sign_in_attempt", "upload_ticket"}
# What a stranger's visit may write: drafts of their own, and when a calendar was last asked for.
WRITES = {
    "/photos/add": {"draft"},
    "/calendar/CALENDAR.ics": {"calendar_feed"},
    "/recovery-codes": {"recovery_code"},
}
ENDING = ("/sign-out", "/devices/end-all")
DOORWAYS = ("/welcome", "/sign-in", "/pin")


@dataclass(frozen=True)
class Ward:
    """The doors, a browser of everybody, and the words of the table."""

    doors: Doors
    people: dict[str, Viewer]
    browsers: dict[str, Browser]
    words: dict[str, str]

    def ask(self, door: Door, who: str) -> httpx.Response:
        path = re.sub(r"[A-Z]{3,}", lambda word: self.words[word[0]], door.path)
        more: dict[str, Any] = {}
        if door.method != "GET":
            more = {"headers": {"Origin": ORIGIN}, "data": {"nothing": "here"}}
        if door.path == "/api/v1/entries":
            more = {
                "headers": {"Idempotency-Key": "k" * 20},
                "json": {"patient_id": self.words["ANA"], "answers": {"itch_nrs": 2}},
            }
        if door.method == "PUT":
            more = {"headers": {"Origin": ORIGIN}, "content": picture()}
        return self.browsers[who].ask(door.method, path, **more)

    def rows(self) -> dict[str, list[Any]]:
        found = {}
        with self.doors.kit.database.reading() as session:
            for table in METADATA.sorted_tables:
                if table.name not in BESIDE:
                    query = table.select().order_by(table.c.id)
                    found[table.name] = list(session.connection().execute(query))
        return found

    def sign_in(self, who: str) -> None:
        """Sign somebody in again, after what ended it."""
        with self.doors.kit.database.writing() as session:
            opened = open_sign_in(session, self.people[who], "test", self.doors.clock())
        self.browsers[who].cookies.set("diary", opened.token, domain="diary.test", path="/")


@pytest.fixture(scope="module")
def ward(pattern, tmp_path_factory) -> Iterator[Ward]:
    folder = tmp_path_factory.mktemp("ward")
    house = copied(pattern, folder)
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(passwords, "_hasher", QUICK)
        doors = build_doors(house, folder, visits=Visits, calls_a_minute=10_000)
        built = furnished(doors, folder)
        yield built
        doors.close()
    house.database.close()


def furnished(doors: Doors, folder: Any) -> Ward:
    """Something of everything that an address can name, all of it ana's."""
    house, kit = doors.house, doors.kit
    south_id = house.cleo.clinic_id
    with kit.database.writing() as session:
        south = session.get_one(Clinic, south_id)
        bea = patient_row(house.clinic_id, "P-002", "Bea Beside")
        staff = {
            "carl": user_row(south, "Carl", "clinician"),
            "abe": user_row(south, "Abe", "administrator"),
        }
        session.add_all([bea, *staff.values()])
        session.flush()
        people = {name: getattr(house, name) for name in VISITORS if hasattr(house, name)}
        people["bea"] = replace(house.ana, actor_id=bea.id, patient_id=bea.id, name=bea.name)
        for name, user in staff.items():
            people[name] = viewer_for(
                user.role, clinic_id=south_id, actor_id=user.id, name=user.name
            )
    (folder / "skin.jpg").write_bytes(picture())
    sent = doors.draft(house.ana)
    photo = keep_photo(kit, house.ana, sent, folder / "skin.jpg", NOW)
    doors.send(house.ana, sent)
    open_ = doors.draft(house.ana)
    (folder / "other.jpg").write_bytes(picture(tint=9))
    draft_photo = keep_photo(kit, house.ana, open_, folder / "other.jpg", NOW)
    with kit.database.writing() as session:
        entry = house.entry(
            at=NOW - timedelta(hours=1),
            temperature_text="38,6",
            temperature_value=38.6,
            temperature_unit="C",
            words="my arm burns",
        )
        made = record_entry(session, house.ana, entry, NOW)
        assert made.alert_id is not None
        message = Notification(
            clinic_id=house.clinic_id,
            alert_id=made.alert_id,
            user_id=house.ben.actor_id,
            message_id=f"<{new_id()}@diary>",
            created_at=NOW,
            next_attempt_at=NOW,
        )
        device = open_sign_in(session, house.ana, "an old phone", NOW)
        session.add(message)
        session.flush()
        message_id = message.id
    devices = [row.id for row in doors.rows(SignIn) if row.device == "an old phone"]
    assert device.token
    sheets = Inviting(kit, house.ben).sheets([house.ana.actor_id])
    words = {
        "ANA": str(house.ana.actor_id),
        "ENTRY": str(entry.id),
        "ALERT": str(made.alert_id),
        "PHOTO": str(photo),
        "DRAFTPHOTO": str(draft_photo),
        "DEVICE": str(devices[0]),
        "TICKET": issue_ticket(kit, house.ana, open_, NOW),
        "LINK": tail(link_url(kit.key, kit.origin, message_id)),
        "JOIN": tail(invite_patient(kit, house.ben, house.ana.actor_id, NOW).url),
        "STAFF": tail(invite_staff(kit, house.admin, "n@north.example", "Nora", "nurse", NOW).url),
        "CALENDAR": tail(
            PatientReminders(kit, house.ana).open_calendar(discreet=True).url
        ).removesuffix(".ics"),
        "SHEETS": sheets,
        "NOBODYS": str(new_id()),
        "PERIOD": "from=2026-01-01&to=2026-03-02",
    }
    ward = Ward(doors, people, {name: doors.browser() for name in VISITORS}, words)
    for name in people:
        ward.sign_in(name)
    doors.heartbeat(NOW)
    sent_to = opened_and_sent(ward.browsers["ana"], **FEVER).headers["location"]
    words["REPORT"] = tail(sent_to)
    return ward


def tail(url: str) -> str:
    """The token at the end of a link."""
    return url.rsplit("/", 1)[-1]


def outcome(answer: httpx.Response) -> str:
    """``x`` served, ``-`` turned away; nothing else may happen."""
    assert answer.status_code < 500, answer.text
    if answer.status_code in (401, 403, 404, 429):
        return "-"
    if answer.status_code == 303 and answer.request.url.path not in ENDING:
        return "-" if answer.headers["location"].startswith(DOORWAYS) else "x"
    if answer.status_code == 409 and answer.headers["content-type"] == "application/json":
        return "-"  # a ticket that is not theirs
    return "x"


STRANGERS = [who for who in VISITORS if who not in ("ana", "ben", "dora", "admin")]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door.method} {door.path}")
def test_a_door_opens_for_whom_the_table_says_and_tells_strangers_nothing(ward: Ward, door: Door):
    before, told = ward.rows(), {}
    for who in filter(STRANGERS.__contains__, door.visitors):
        answer = ward.ask(door, who)
        told[who] = outcome(answer)
        assert not HERS.search(answer.text), who
        if told[who] == "-" and door.path.startswith("/api/v1"):
            assert answer.headers["content-type"] == "application/problem+json"
        if door.path in ENDING and who in ward.people:
            ward.sign_in(who)
    if door.path != "/a/LINK" or door.method == "GET":
        changed = [name for name, kept in ward.rows().items() if kept != before[name]]
        assert set(changed) <= WRITES.get(door.path, set())

    reads = len(ward.doors.rows(AuditEvent))
    for who in filter(door.visitors.__contains__, ("admin", "ben", "dora", "ana")):
        answer = ward.ask(door, who)
        told[who] = outcome(answer)
        if told[who] == "-":
            assert not HERS.search(answer.text), who
        if door.method == "POST" and who in ward.people:
            ward.sign_in(who)
    staff_read = (told.get("ben"), told.get("dora")) == ("x", "x") and "ANA" in door.path
    if door.method == "GET":
        changed = [name for name, kept in ward.rows().items() if kept != before[name]]
        assert set(changed) <= WRITES.get(door.path, set())
        assert not staff_read or len(ward.doors.rows(AuditEvent)) > reads
    assert told == {
        who: "x" if mark == "=" else mark for who, mark in door.marks.items() if who in told
    }
    assert set(told) == set(door.visitors)


def test_the_table_has_every_route(ward: Ward):
    def walk(routes: Any) -> Iterator[tuple[str, str]]:
        for route in routes:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                yield from walk(inner.routes)
            else:
                yield from ((method, route.path) for method in route.methods - {"HEAD"})

    served = {
        (method, path) for method, path in walk(ward.doors.app.routes) if "{rest:path}" not in path
    }

    def fits(door: Door, path: str) -> bool:
        pattern = re.sub(r"\\\{[^}]+\\\}", r"[^/]+", re.escape(path))
        return re.fullmatch(pattern, door.path.split("?")[0]) is not None

    tried = {(m, p) for m, p in served for door in DOORS if m == door.method and fits(door, p)}
    assert served - tried == set()
