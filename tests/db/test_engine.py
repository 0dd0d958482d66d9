"""The database file: durable, strict about time and ranges, and equal to its migrations."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select

from db.engine import migrate, open_database
from db.errors import NaiveTimeError
from db.models import METADATA, Entry, Heartbeat
from tests.people import House


def test_sqlite_is_set_to_survive_a_power_cut(house: House):
    with house.database.reading() as session:
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


def test_migrations_from_empty_give_the_tables_of_the_models(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    migrate(database)
    migrate(database)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    database.close()


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
