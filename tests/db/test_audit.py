"""The audit chain shows every change made behind its back."""

import pytest
from sqlalchemy import text

from db.errors import AccessDeniedError
from db.stores import audit
from tests.people import ENGINE, NOW, House


def three_rows(house: House) -> None:
    with house.database.writing() as session:
        for verb in ("patient.read", "alert.acknowledge", "patient.export"):
            audit.note(
                session, house.ben, verb, "patient", NOW, subject_id=house.ana.actor_id,
                patient_id=house.ana.actor_id, detail={"count": 3},
            )  # fmt: skip


def broken(house: House) -> int | None:
    with house.database.reading() as session:
        return audit.first_broken_link(session, house.clinic_id)


def test_an_untouched_chain_is_whole(house: House):
    three_rows(house)

    assert broken(house) is None


# What somebody with the database's own password does first.
LIFT = {
    "sqlite": ("DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_delete"),
    "postgresql": ("DROP TRIGGER audit_event_append_only ON audit_event",),
}


@pytest.mark.parametrize(
    ("tampering", "first_broken"),
    [
        ("UPDATE audit_event SET verb = 'patient.list' WHERE number = 2", 2),
        ("UPDATE audit_event SET detail = '{\"count\": 4}' WHERE number = 1", 1),
        ("DELETE FROM audit_event WHERE number = 1", 1),
        ("DELETE FROM audit_event WHERE number = 2", 2),
        ("UPDATE audit_event SET at = '2026-03-02 19:05:00' WHERE number = 3", 3),
    ],
)
def test_a_change_behind_its_back_is_found(house: House, tampering, first_broken):
    three_rows(house)
    with house.database.writing() as session:
        for lift in LIFT[ENGINE]:
            session.connection().execute(text(lift))
        session.connection().execute(text(tampering))

    assert broken(house) == first_broken


def test_each_clinic_has_its_own_chain(house: House):
    three_rows(house)
    with house.database.writing() as session:
        audit.note(session, house.cleo, "patient.read", "patient", NOW)

    with house.database.reading() as session:
        assert audit.first_broken_link(session, house.cleo.clinic_id) is None
        assert [row.number for row in audit.events(session, house.admin)] == [3, 2, 1]


def test_a_nurse_does_not_read_the_audit(house: House):
    with house.database.reading() as session, pytest.raises(AccessDeniedError):
        audit.events(session, house.ben)
