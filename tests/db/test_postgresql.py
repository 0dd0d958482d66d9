"""What only PostgreSQL has: many writers, walls between clinics, news across processes."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlmodel import Session

from db.backup import back_up, check, restore
from db.bulletin import EVERYTHING, Bulletin
from db.engine import Database, migrate, open_database
from db.keys import MasterKey
from db.stores import alerting, audit, diary, people, requests
from db.walls import APPEND_ONLY, clinic_columns, walls_hold
from tests import postgres
from tests.db.full_house import FullHouse, filled
from tests.people import NOW, House, fill


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    opened = open_database(postgres.server().new_database())
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def house(database: Database) -> House:
    with database.writing() as session:
        return House(database=database, **fill(session))


@pytest.fixture
def full() -> Iterator[FullHouse]:
    """A row of everything, in a database of its own."""
    opened = open_database(postgres.server().new_database())
    migrate(opened)
    with opened.writing() as session:
        people_of = fill(session)
    yield filled(House(database=opened, **people_of))
    opened.close()


def count(session: Session, table: str) -> int:
    return int(session.connection().scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)


def test_whoever_works_for_one_clinic_sees_no_row_of_another(house: House) -> None:
    other = house.cleo.clinic_id
    with house.database.reading(other) as session:
        names = session.connection().scalars(text('SELECT name FROM "user"')).all()
        patients, clinics = count(session, "patient"), count(session, "clinic")

    assert "Cleo" in " ".join(names)
    assert not any("Ben" in name for name in names)
    assert (patients, clinics) == (1, 1)  # Otto alone, who is of South


def test_whoever_works_for_one_clinic_writes_no_row_of_another(house: House) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        house.database.writing(house.cleo.clinic_id) as session,
    ):
        audit.note(session, house.ben, "patient.read", "patient", NOW)


def test_a_login_that_says_for_whom_it_works_is_shown_nothing_without(house: House) -> None:
    with house.database.engine.connect() as connection:
        connection.execute(text("SELECT set_config('diary.clinic', '', true)"))
        seen = connection.scalar(text("SELECT count(*) FROM patient"))

    assert seen == 0


def test_every_table_with_rows_of_a_clinic_has_its_wall(house: House) -> None:
    with house.database.engine.connect() as connection:
        assert walls_hold(connection)
        walled = set(
            connection.scalars(
                text(
                    "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
                    " WHERE relrowsecurity AND relforcerowsecurity"
                )
            )
        )

    assert walled == set(clinic_columns())


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_said_is_only_added_to(house: House, table: str) -> None:
    with house.database.engine.connect() as connection:
        found = connection.scalars(
            text("SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass)"),
            {"table": table},
        ).all()

    assert f"{table}_append_only" in found
    with house.database.writing() as session:
        audit.note(session, house.ben, "patient.read", "patient", NOW)
    with (
        pytest.raises(IntegrityError, match="audit_event is append-only"),
        house.database.writing() as session,
    ):
        session.connection().execute(text("UPDATE audit_event SET verb = 'nothing'"))


def test_an_erasure_passes_the_walls_of_its_patient_alone_and_a_backup_of_it_comes_back(
    full: FullHouse, tmp_path: Path
) -> None:
    house, ana, clinic = full.house, full.house.ana.actor_id, full.house.clinic_id
    with house.database.writing(clinic) as session:
        for alert in alerting.open_alerts_of(session, house.ben, ana):
            alerting.close(session, house.ben, alert.id, "advice", NOW)
        asked = requests.ask_erasure(session, house.admin, ana, "Her letter.", NOW)
    for table in ("entry", "assessment", "dose_record", "weekly_report", "alert_event"):
        refused_to_delete(house.database, table)

    with house.database.writing(clinic) as session:
        gone = requests.erase(session, house.dora, asked, NOW)

    assert {"entry", "assessment", "dose_record", "weekly_report", "api_write"} <= set(gone)
    refused_to_delete(house.database, "alert_event")
    with house.database.writing() as session:  # the photo of somebody else has no file here
        session.connection().execute(text("UPDATE photo SET removed_at = now()"))
    key, url = MasterKey(bytes(range(32))), postgres.server().new_database()
    file = back_up(house.database, tmp_path / "photos", key, tmp_path / "safe", NOW)
    assert restore(file, key, tmp_path / "new", url=url) == check(
        file, key, house.database, tmp_path
    )
    restored = open_database(url)
    with restored.reading(clinic) as session:
        assert people.patient(session, house.dora, ana).name == "-"
        assert diary.entries(session, house.dora, ana) == []
        assert audit.first_broken_link(session, clinic) is None
    refused_to_delete(restored, "audit_event")
    restored.close()


def refused_to_delete(database: Database, table: str) -> None:
    with (
        pytest.raises(IntegrityError, match=f"{table} is append-only"),
        database.writing() as session,
    ):
        assert count(session, table) > 0
        session.connection().execute(text(f"DELETE FROM {table}"))


def test_eight_writers_of_one_clinic_leave_one_whole_chain(house: House) -> None:
    def write(_number: int) -> None:
        for _ in range(5):
            with house.database.writing(house.dora.clinic_id) as session:
                audit.note(session, house.dora, "patient.list", "clinic", NOW)

    with house.database.reading() as session:
        before = len(audit.events(session, house.admin, limit=1000))
    with ThreadPoolExecutor(8) as people:
        list(people.map(write, range(8)))

    with house.database.reading() as session:
        assert len(audit.events(session, house.admin, limit=1000)) == before + 40
        assert audit.first_broken_link(session, house.clinic_id) is None


def test_one_clinics_writer_waits_for_no_other_clinic(house: House) -> None:
    with house.database.writing(house.ben.clinic_id) as session:
        audit.note(session, house.ben, "patient.list", "clinic", NOW)

        with house.database.writing(house.cleo.clinic_id) as other:
            other.connection().execute(text("SET LOCAL lock_timeout = '2s'"))
            audit.note(other, house.cleo, "patient.list", "clinic", NOW)


def test_a_second_writer_of_a_clinic_waits_for_the_first(house: House) -> None:
    order: list[str] = []
    began = threading.Event()

    def second() -> None:
        began.set()
        with house.database.writing(house.ben.clinic_id):
            order.append("second")

    with house.database.writing(house.ben.clinic_id):
        thread = threading.Thread(target=second)
        thread.start()
        began.wait(5)
        thread.join(0.3)
        order.append("first")
    thread.join(5)

    assert order == ["first", "second"]


def test_who_writes_in_all_clinics_waits_for_who_writes_in_one(house: House) -> None:
    with house.database.writing(house.ben.clinic_id), house.database.engine.connect() as other:
        other.execute(text("SET lock_timeout = '200ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            other.execute(text("SELECT pg_advisory_xact_lock(1146046293, 0)"))


def test_news_reach_the_other_process_and_not_the_one_that_told_them(database: Database) -> None:
    one, other = Bulletin(database), Bulletin(database)
    heard: Queue[str] = Queue()
    own: list[str] = []
    other.listen(heard.put)
    one.listen(own.append)
    assert other.listening.wait(5)
    assert one.listening.wait(5)

    one.tell("clinic:7")
    one.tell("patient:8")

    assert [heard.get(timeout=30), heard.get(timeout=30)] == ["clinic:7", "patient:8"]
    assert own == []
    one.stop()
    other.stop()


def test_after_a_broken_line_everything_may_have_changed(database: Database) -> None:
    one, other = Bulletin(database), Bulletin(database)
    heard: Queue[str] = Queue()
    other.listen(heard.put)
    assert other.listening.wait(5)
    one.tell("clinic:7")
    assert heard.get(timeout=30) == "clinic:7"

    with database.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND (query LIKE 'LISTEN%' OR query LIKE '%pg_notify%')"
            )
        )

    assert heard.get(timeout=30) == EVERYTHING
    one.tell("clinic:9")
    assert heard.get(timeout=30) == "clinic:9"
    one.stop()
    other.stop()
