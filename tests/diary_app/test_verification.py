"""`diary verify` against what the morning mails said: a chain cut off at its end is not whole."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from alerts import reckoning
from db.stores import audit
from diary_app.services.verification import verify_installation
from tests.db.test_audit import LIFT, three_rows
from tests.diary_app.care_house import kit_for
from tests.people import ENGINE, NOW, House


def mailed(house: House) -> tuple[int, str]:
    """Make the books of a day; return the receipt that its mail carries."""
    day = date(2026, 3, 1)
    with house.database.writing() as session:
        from db.stores import people

        clinic = people.own_clinic(session, house.worker)
        book = reckoning.count(session, house.worker, clinic, day)
        reckoning.keep(session, house.worker, day, book, NOW)
        return audit.last_link(session, house.clinic_id)


def test_a_chain_that_was_cut_off_at_its_end_is_found(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    three_rows(house)
    receipt = mailed(house)
    assert verify_installation(kit, [receipt]).faults == []

    with house.database.writing() as session:
        for lift in LIFT[ENGINE]:
            session.connection().execute(text(lift))
        session.connection().execute(text("DELETE FROM audit_event WHERE number > 2"))

    with house.database.reading() as session:
        assert audit.first_broken_link(session, house.clinic_id) is None
    assert verify_installation(kit).faults == [
        f"North clinic: the audit chain has lost row {receipt[0]}, of which a receipt was mailed."
    ]


def test_a_chain_written_anew_does_not_hold_the_receipt_of_a_mail(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    three_rows(house)
    receipt = mailed(house)
    with house.database.writing() as session:
        for lift in LIFT[ENGINE]:
            session.connection().execute(text(lift))
        session.connection().execute(text("DELETE FROM audit_event"))
        session.connection().execute(text("DELETE FROM heartbeat"))
        for number in range(9):
            audit.note(
                session, house.ben, "patient.list", "patient", NOW + timedelta(seconds=number)
            )

    assert verify_installation(kit).faults == []
    assert verify_installation(kit, [receipt]).faults == [
        f"No audit chain holds row {receipt[0]} with the hash of this receipt."
    ]
