"""Who may what: every role against every verb, and every store function against strangers."""

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

import db.stores
from db.access import ROLE_VERBS, Viewer, viewer_for
from db.errors import AccessDeniedError, NotFoundError, StorageError
from db.models import METADATA, ApiToken, Invitation, Passkey, Patient, User
from db.stores import people
from db.types import new_id
from tests.db.full_house import LATER, FullHouse, build_full_house
from tests.people import NOW, patient_row

# Rows: verbs. Columns: patient, nurse, clinician, administrator, worker.
TABLE = """
    access.read         x . . . .
    alert.acknowledge   . x x . .
    alert.close         . x x . .
    alert.escalate      . . . . x
    alert.note          . x x . .
    alert.read          . x x . x
    alert.read_own      x . . . .
    audit.read          . . . x .
    clinic.read         . . . x x
    clinic.write        . . . x .
    consent.give        x . . . .
    consent.read        . x x x .
    consent.write       . . . x .
    digest.review       . x x . .
    data.erase          . . x x .
    data.request        . . x x .
    diary.export        x . . . .
    diary.grade         . . . . x
    diary.import        . . . x .
    diary.read          x x x . x
    diary.write         x . . . .
    dose.read           x x x . x
    dose.write          x . . . .
    fact.read           x x x . .
    fact.write          . x x . .
    factor.own          . x x x .
    lab.read            x x x . x
    lab.write           . x x . .
    leftover.sweep      . . . . x
    notification.send   . . . . x
    patient.end         . x x . .
    patient.enroll      . x x x .
    patient.export      . x x . .
    patient.invite      . x x x .
    patient.list        . x x x x
    patient.read        . x x . x
    photo.read          x x x . .
    photo.write         x . . . .
    plan.read           x x x . x
    plan.write          . . x . .
    policy.read         . x x x x
    policy.write        . . x x .
    question.answer     . x x . .
    question.read       x x x . .
    question.write      x . . . .
    reminder.plan       . . . . x
    reminder.read       x x x . x
    reminder.write      x . . . .
    report.read         . x x x x
    rules.approve       . . x . .
    rules.propose       . . x x .
    rules.read          . . x x x
    staff.invite        . . . x .
    staff.list          . x x x x
    staff.write         . . . x .
    task.finish         . x x x .
    task.read           . x x x .
    visit.read          x x x . .
    visit.write         . x x . .
    weekly.read         x x x . .
    weekly.write        x . . . .
    task.finish         . x x x .
    task.read           . x x x .
    token.read          . . . x .
    token.write         . . . x .
    way.own             . x x x .
"""
ROLES = ("patient", "nurse", "clinician", "administrator", "worker")
GRANTED = {
    (role, verb): mark == "x"
    for verb, *marks in (line.split() for line in TABLE.strip().splitlines())
    for role, mark in zip(ROLES, marks, strict=True)
}

# What the arguments that name no row are, by their name.
PLAIN: dict[str, Any] = {
    "now": LATER,
    "until": LATER,
    "since": NOW.date(),
    "day": LATER.date() + timedelta(days=1),
    "code": "K7Q-4T",
    "kind": "noted",
    "outcome": "advice",
    "reason": "Wrong unit.",
    "decision": "Two late calls.",
    "values": {"step": 3},
    "content": {"itch_nrs": 9},
    "region": "chest",
    "language": "ko",
    "description": "a spot",
    "sentence": "This file is too big.",
    "owner": "diary-1",
    "note": "Phoned her.",
    "words": "May I drive?",
    "name": "worker",
    "duty": "audit",
    "detail": {"left": 0},
    "hour": 9,
    "counts": {"entries": 3},
    "is_on": False,
    "items": [28],
    "ends_after": NOW,
    "from_day": NOW.date(),
    "spent_seconds": 900,
    "word": "role:nurse",
    "verb": "patient.read",
    "subject_kind": "patient",
    "pin_hash": "hash",
    "password_hash": "hash",
    "totp_sealed": b"sealed",
    "local_time": "18:00",
    "time_zone": "Asia/Tokyo",
    "due_at": LATER,
    "discreet": False,
    "new_hash": "new calendar",
    "code_hashes": ["new code"],
    "on": LATER.date(),
    "limit": 10,
    "most": 10,
}
# New people of the viewer's own clinic: nothing in them belongs to another one.
OWN_NEW_ROWS = {ApiToken, Passkey, Patient, User}
CHANGES_NO_ROW = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
# It writes down, in the viewer's own chain, what its caller has checked.
UNNAMED = {"audit.note"}


@dataclass(frozen=True)
class Store:
    """One public function of a store."""

    name: str
    function: Callable[..., Any]

    def arguments(self, full: FullHouse) -> dict[str, Any]:
        """All it needs, naming rows of the north clinic wherever rows are named."""
        special = full.special.get(self.name, {})
        hints = typing.get_type_hints(self.function)
        found: dict[str, Any] = {}
        for name, parameter in list(inspect.signature(self.function).parameters.items())[2:]:
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                continue
            if name in special:
                found[name] = special[name]
            elif inspect.isclass(hints[name]) and issubclass(hints[name], SQLModel):
                found[name] = full.new_row(hints[name])
            elif name == "steps":
                found[name] = [full.new_row(typing.get_args(hints[name])[0])]
            elif name in full.ids and self.name not in UNNAMED:
                found[name] = full.ids[name]
            elif parameter.default is inspect.Parameter.empty:
                received_since = self.name == "diary.received_since" and name == "since"
                found[name] = NOW.replace(year=2000) if received_since else PLAIN[name]
        return found

    def names_rows(self, full: FullHouse) -> bool:
        """Whether an argument names a row that somebody else could own."""
        return any(
            name in full.ids or (isinstance(value, SQLModel) and type(value) not in OWN_NEW_ROWS)
            for name, value in self.arguments(full).items()
        )

    def call(self, session: Session, viewer: Viewer, full: FullHouse) -> Any:
        result = self.function(session, viewer, **self.arguments(full))
        session.flush()
        return result


def stores() -> Iterator[Store]:
    for module in pkgutil.iter_modules(db.stores.__path__):
        loaded = importlib.import_module(f"db.stores.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if (
                function.__module__ == loaded.__name__
                and not name.startswith("_")
                and "viewer" in inspect.signature(function).parameters
            ):
                yield Store(f"{module.name}.{name}", function)


STORES = list(stores())


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Iterator[FullHouse]:
    """Nobody commits to it: every test reads, tries and lets go."""
    built = build_full_house(tmp_path_factory.mktemp("full"))
    yield built
    built.house.database.close()


def rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Everything kept, by table."""
    return {
        table.name: [
            tuple(row) for row in session.connection().execute(table.select().order_by(table.c.id))
        ]
        for table in METADATA.sorted_tables
    }


def of_clinic(
    kept: dict[str, list[tuple[Any, ...]]], clinic_id: UUID
) -> dict[str, list[tuple[Any, ...]]]:
    """What of it belongs to one clinic."""
    found = {}
    for table in METADATA.sorted_tables:
        names = list(table.c.keys())
        at = names.index("clinic_id" if "clinic_id" in names else "id")
        found[table.name] = [row for row in kept[table.name] if row[at] == clinic_id]
    return found


@contextmanager
def writes(full: FullHouse) -> Iterator[list[str]]:
    """Yield the statements that may change a row, as they are sent to the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(CHANGES_NO_ROW):
            sent.append(statement)

    event.listen(full.house.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(full.house.database.engine, "before_cursor_execute", note)


def is_nothing(result: Any) -> bool:
    if isinstance(result, dict):
        return not any(result.values())
    return not result


def ids_in(result: Any) -> set[UUID]:
    """The ids that a function handed out, those of rows and of their clinics among them."""
    if isinstance(result, UUID):
        return {result}
    if isinstance(result, SQLModel):
        return ids_in(list(result.model_dump().values()))
    if isinstance(result, dict):
        return ids_in([*result.keys(), *result.values()])
    if isinstance(result, list | tuple | set):
        return set().union(*map(ids_in, result))
    return set()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_holds_the_verbs_of_the_table_and_no_other(role):
    viewer = viewer_for(
        role,
        clinic_id=new_id(),
        actor_id=new_id(),
        name="",
        patient_id=new_id() if role == "patient" else None,
    )

    held = {verb for (of, verb), granted in GRANTED.items() if of == role and granted}
    assert {verb for _role, verb in GRANTED if viewer.may(verb)} == held
    assert {verb for _role, verb in GRANTED if passes(viewer, verb)} == held


def passes(viewer: Viewer, verb: str) -> bool:
    try:
        viewer.require(verb)
    except AccessDeniedError:
        return False
    return True


def test_the_table_has_every_role_and_every_verb():
    assert set(ROLE_VERBS) == set(ROLES)
    assert set().union(*ROLE_VERBS.values()) == {verb for _role, verb in GRANTED}


def test_a_patient_passes_for_themselves_alone(full):
    for verb in {verb for _role, verb in GRANTED}:
        with pytest.raises(AccessDeniedError):
            full.house.ana.require(verb, full.house.otto.patient_id)


@pytest.fixture(scope="module")
def bea(full) -> Viewer:
    """Another patient of ana's clinic, in the table of patients like everybody else."""
    row = patient_row(full.house.clinic_id, "P-777", "Bea Beside")
    with full.house.database.writing() as session:
        session.add(row)
        session.flush()
        return replace(full.house.ana, actor_id=row.id, patient_id=row.id, name=row.name)


@pytest.fixture(scope="module")
def everything(full, bea) -> dict[str, list[tuple[Any, ...]]]:
    """All that is kept, before and between the tests."""
    with full.house.database.reading() as session:
        return rows(session)


@pytest.fixture(scope="module")
def theirs(full, everything) -> dict[str, list[tuple[Any, ...]]]:
    """What of it belongs to the north clinic."""
    return of_clinic(everything, full.house.clinic_id)


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.name)
def test_somebody_of_the_clinic_gets_or_changes_something(full, everything, store):
    """Proves that the arguments fit, so that the refusals below are refusals."""
    worked = []
    for role, viewer in full.north.items():
        with full.house.database.reading() as session, writes(full) as written:
            try:
                result = store.call(session, viewer, full)
            except (StorageError, IntegrityError):  # the worker is nobody in the table of staff
                continue
            if not is_nothing(result) or (written and rows(session) != everything):
                worked.append(role)

    assert worked


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.name)
def test_the_other_clinic_gets_nothing_and_changes_nothing(full, everything, theirs, store):
    for role in ROLES:
        with full.house.database.reading() as session, writes(full) as written:
            try:
                result = store.call(session, full.south[role], full)
            except StorageError:
                result = None

            now = rows(session) if written else everything
            assert not written or of_clinic(now, full.house.clinic_id) == theirs, role
            if store.names_rows(full):
                assert is_nothing(result), role
                assert now == everything, role
            else:
                kept = {row[0] for table in theirs.values() for row in table}
                assert not ids_in(result) & kept, role


def about(session: Session, patient_id: UUID) -> set[UUID]:
    """The ids of everything that is kept about a patient."""
    found = {patient_id}
    for table in METADATA.sorted_tables:
        if "patient_id" in table.c and "id" in table.c:
            mine = table.select().where(table.c.patient_id == patient_id)
            found |= {row.id for row in session.connection().execute(mine)}
    return found


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.name)
def test_another_patient_of_the_clinic_gets_nothing_and_changes_nothing(
    full, bea, everything, store
):
    with full.house.database.reading() as session, writes(full) as written:
        hers = about(session, full.house.ana.actor_id)
        try:
            result = store.call(session, bea, full)
        except StorageError:
            result = None

        assert not ids_in(result) & hers
        now = rows(session) if written else everything
        lost = [row for name, kept in everything.items() for row in kept if row not in now[name]]
        assert not any(value in hers for row in lost for value in row if isinstance(value, UUID))


def lacking(store: Store) -> Iterator[str]:
    """The roles that lack a verb which everybody is asked for."""
    source = inspect.getsource(store.function)
    asked = re.findall(r'^    viewer\.require\("([a-z_.]+)"[,)]', source, re.MULTILINE)
    for role in ROLES:
        if not all(GRANTED[role, verb] for verb in asked):
            yield role


@pytest.mark.parametrize(
    "store", [each for each in STORES if any(lacking(each))], ids=lambda store: store.name
)
def test_a_role_without_the_verb_is_denied(full, store):
    for role in lacking(store):
        with full.house.database.reading() as session:
            try:
                store.call(session, full.north[role], full)
            except AccessDeniedError:
                continue
        raise AssertionError(f"{role} passes")


def test_the_other_clinics_administrator_invites_none_of_this_staff(full):
    """The generated table invites a patient; staff is asked for in another way."""
    new = Invitation(
        clinic_id=full.house.clinic_id,
        token_hash="staff",
        user_id=full.house.ben.actor_id,
        created_at=NOW,
        expires_at=LATER,
    )

    with full.house.database.reading() as session, pytest.raises(NotFoundError):
        people.invite(session, full.south["administrator"], new, NOW)
