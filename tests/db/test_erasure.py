"""A patient's data are erased: gone from every table and file, and the duty still proven."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db.errors import ConflictError
from db.models import METADATA
from db.stores import alerting, audit, requests
from tests.db.full_house import LATER, FullHouse, build_full_house
from tests.people import NOW


@pytest.fixture
def full(tmp_path: Path) -> Iterator[FullHouse]:
    built = build_full_house(tmp_path)
    yield built
    built.house.database.close()


def close_all(full: FullHouse) -> None:
    house = full.house
    with house.database.writing() as session:
        for alert in alerting.open_alerts_of(session, house.ben, house.ana.actor_id):
            alerting.close(session, house.ben, alert.id, "advice", NOW)


def ask(full: FullHouse) -> UUID:
    house = full.house
    with house.database.writing() as session:
        return requests.ask_erasure(session, house.admin, house.ana.actor_id, "Her letter.", NOW)


def test_nothing_of_her_is_left_but_what_proves_that_the_clinic_did_its_duty(full, tmp_path):
    close_all(full)
    house, asked, ana = full.house, ask(full), full.house.ana.actor_id
    with house.database.writing() as session:
        gone = requests.erase(session, house.dora, asked, LATER)
    house.database.forget()

    assert gone["entry"] > 0
    assert gone["assessment"] > 0
    assert gone["photo"] > 0
    assert gone["api_write"] == 1
    with house.database.reading() as session:
        left = {
            table.name
            for table in METADATA.sorted_tables
            if "patient_id" in table.c
            and session.connection()
            .execute(table.select().where(table.c.patient_id == ana))
            .first()
        }
        kept = str(list(session.connection().execute(text("SELECT * FROM patient"))))
        alert = alerting.alert(session, house.ben, full.ids["alert_id"])
        assert audit.first_broken_link(session, house.clinic_id) is None
    assert left == {"alert", "audit_event", "consent", "data_request"}
    assert "Ana Quiet" not in kept
    assert "P-001" in kept
    assert (alert.outcome, alert.reason_codes, alert.entry_id) == ("advice", [], None)
    if house.database.turn is not None:
        for file in tmp_path.glob("diary.db*"):
            assert b"Ana Quiet" not in file.read_bytes()


def test_who_asked_does_not_confirm(full):
    close_all(full)
    asked = ask(full)
    with full.house.database.writing() as session, pytest.raises(ConflictError, match="else"):
        requests.erase(session, full.house.admin, asked, LATER)


def test_an_alert_that_nobody_closed_is_not_erased_away(full):
    with pytest.raises(ConflictError, match="nobody closed"):
        ask(full)


@pytest.mark.parametrize("table", ["entry", "alert_event", "consent", "audit_event"])
def test_the_walls_stand_for_everybody_who_asked_for_nothing(full, table):
    close_all(full)
    ask(full)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        full.house.database.writing() as session,
    ):
        session.connection().execute(text(f"DELETE FROM {table}"))


def test_everything_about_her_is_one_document_without_secrets(full):
    house = full.house
    with house.database.writing() as session:
        found = requests.everything(session, house.dora, house.ana.actor_id, NOW)

    assert found["patient"][0]["name"] == "Ana Quiet"
    assert {"entry", "photo", "dose_record", "lab_result", "alert", "consent", "audit_event"} <= {
        name for name, rows in found.items() if rows
    }
    assert "_hash" not in json.dumps(found)
