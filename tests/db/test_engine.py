"""The database file: durable, strict about time and ranges, and equal to its migrations."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select

from db.engine import MIGRATIONS, Database, migrate, open_database
from db.errors import NaiveTimeError
from db.models import METADATA, Assessment, Entry, Heartbeat
from tests.db.full_house import build_full_house
from tests.people import NOW, House, empty_database


def test_sqlite_is_set_to_survive_a_power_cut(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.reading() as session:
        answers = {
            name: session.connection().execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert answers == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
    }
    database.close()


def test_a_clinic_in_use_is_brought_to_the_newest_tables_and_keeps_every_row(tmp_path: Path):
    database = build_full_house(tmp_path).house.database
    tables = ("patient", "draft", "photo", "upload_ticket", "entry", "alert", "user", "assessment")

    def counts() -> dict[str, int]:
        with database.reading() as session:
            return {
                table: session.connection()
                .execute(text(f'SELECT count(*) FROM "{table}"'))
                .scalar()
                for table in tables
            }

    before = counts()
    go_back(database, "b7a40d5c913e")
    gone = counts()
    migrate(database)

    assert min(before.values()) > 0
    assert gone == before | {"assessment": gone["assessment"]}
    assert counts() == gone
    database.close()


def go_back(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_migrations_from_empty_give_the_tables_of_the_models(tmp_path: Path):
    database = open_database(empty_database(tmp_path))
    migrate(database)
    migrate(database)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    database.close()


def kept_by_the_first_program(folder: Path) -> Database:
    """A file of the first revision with one assessed entry in it."""
    database = open_database(f"sqlite:///{folder / 'old.db'}")
    migrate(database, "a7cd92a6ffd1")
    with database.engine.begin() as connection:
        for table, columns in (
            (
                "clinic",
                "id, name, time_zone, phone, emergency_number, hours, digest_hour, policy, "
                "temperature_unit, language, is_demo, created_at",
            ),
            (
                "patient",
                "id, clinic_id, code, name, born_on, phone, time_zone, language, "
                "temperature_unit, baseline_grades, active, created_at",
            ),
            (
                "entry",
                "id, clinic_id, patient_id, first_id, version, kind, author, diary_on, time_zone, "
                "written_at, received_at, words",
            ),
            (
                "assessment",
                "id, clinic_id, patient_id, entry_id, assessed_at, outcome, attempt, level, "
                "grades, reasons, inputs, rules_version, ctcae_version",
            ),
        ):
            names = columns.split(", ")
            values = ", ".join(f"'{OLD_VALUES.get(name, '')}'" for name in names)
            connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({values})")
    return database


OLD_ID = "0" * 31 + "1"
OLD_VALUES = {
    **dict.fromkeys(("id", "clinic_id", "patient_id", "first_id", "entry_id"), OLD_ID),
    **dict.fromkeys(("created_at", "written_at", "received_at", "assessed_at"), "2026-03-02 20:04"),
    **dict.fromkeys(("policy", "baseline_grades", "grades", "inputs"), "{}"),
    **dict.fromkeys(("born_on", "diary_on"), "2026-03-02"),
    **dict.fromkeys(("digest_hour", "is_demo", "version", "active", "attempt"), "1"),
    "temperature_unit": "C",
    "kind": "full",
    "author": "patient",
    "outcome": "graded",
    "level": "urgent",
    "reasons": "[]",
    "rules_version": "1.0.0",
}


def triggers(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .scalars()
            .all()
        )


def test_an_old_file_keeps_its_assessments_its_checks_and_its_triggers(tmp_path: Path):
    database = kept_by_the_first_program(tmp_path)
    before = triggers(database)
    migrate(database)

    assert before <= triggers(database)
    assert {"assessment_no_update", "assessment_no_delete"} <= before
    with database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT entry_id, level, lab_on FROM assessment").all()
        made = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = 'assessment'"
        ).scalar_one()
    assert kept == [(OLD_ID, "urgent", None)]
    for check in ("level", "outcome", "v6_rash_maculopapular", "about"):
        assert made.count(f"CONSTRAINT ck_assessment_{check} CHECK") == 1
    database.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE assessment SET level = 'none'", "DELETE FROM assessment"]
)
def test_assessments_cannot_be_changed_after_the_migration(tmp_path: Path, statement):
    database = kept_by_the_first_program(tmp_path)
    migrate(database)

    with pytest.raises(IntegrityError, match="append-only"), database.writing() as session:
        session.connection().execute(text(statement))
    database.close()


@pytest.mark.parametrize("about", [{}, {"entry": True, "lab_on": NOW.date()}])
def test_an_assessment_is_of_an_entry_or_of_laboratory_values(house: House, about):
    entry = house.entry()
    new = Assessment(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        entry_id=entry.id if "entry" in about else None,
        lab_on=about.get("lab_on"),
        assessed_at=NOW,
        outcome="graded",
        rules_version="1",
    )

    with house.database.writing() as session:
        session.add(entry)
    with (
        pytest.raises(IntegrityError, match="ck_assessment_about"),
        house.database.writing() as session,
    ):
        session.add(new)


def test_an_instant_keeps_its_meaning_through_the_file(house: House):
    seoul = datetime(2026, 3, 2, 21, 0, tzinfo=timezone(timedelta(hours=9)))
    with house.database.writing() as session:
        session.add(Heartbeat(name="test", at=seoul))
    with house.database.reading() as session:
        kept = session.exec(select(Heartbeat)).one().at

    assert kept == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert kept.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(house: House):
    with pytest.raises(StatementError) as caught, house.database.writing() as session:
        session.add(Heartbeat(name="test", at=datetime(2026, 3, 2, 12, 0)))  # noqa: DTZ001

    assert isinstance(caught.value.orig, NaiveTimeError)


@pytest.mark.parametrize(
    "answers",
    [
        {"itch_nrs": 11},
        {"itch_nrs": -1},
        {"bsa_percent": 100.1},
        {"skin_pain_nrs": 11},
        {"imatinib_mg_prescribed": 801},
        {"temperature_unit": "K"},
        {"adl": "all"},
        {"chills": "terrible"},
        {"version": 0},
    ],
)
def test_the_table_refuses_what_cannot_be(house: House, answers):
    with pytest.raises(IntegrityError), house.database.writing() as session:
        session.add(house.entry(**answers))


def test_not_asked_is_null_and_asked_without_any_is_an_empty_list(house: House):
    with house.database.writing() as session:
        session.add_all([house.entry(red_flags=None), house.entry(red_flags=[])])
    with house.database.reading() as session:
        nulls = session.connection().execute(
            text("SELECT red_flags IS NULL FROM entry ORDER BY id")
        )
        assert [row[0] for row in nulls] == [1, 0]


@pytest.mark.parametrize("statement", ["UPDATE entry SET itch_nrs = 0", "DELETE FROM entry"])
def test_what_was_said_cannot_be_changed_or_deleted(house: House, statement):
    with house.database.writing() as session:
        session.add(house.entry(itch_nrs=7))

    with pytest.raises(IntegrityError, match="append-only"), house.database.writing() as session:
        session.connection().execute(text(statement))


def test_a_writer_holds_the_lock_from_its_first_line(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    migrate(database)
    with database.writing() as session:
        other = open_database(f"sqlite:///{tmp_path / 'new.db'}")
        with other.engine.connect() as raw:
            raw.exec_driver_sql("PRAGMA busy_timeout=0")
            raw.rollback()
            with pytest.raises(Exception, match="locked"):
                raw.execution_options(diary_immediate=True).exec_driver_sql(
                    "UPDATE heartbeat SET name = name"
                )
        other.close()
        assert session.exec(select(Entry)).all() == []
    database.close()
