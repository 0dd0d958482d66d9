"""The people of most tests: ana is a patient, ben her nurse, dora her clinician, cleo a nurse of
another clinic. Everything lies in a real SQLite file."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlmodel import Session

from alerts.escalation.policy import DEFAULT_POLICY, policy_to_json
from db.access import Viewer, viewer_for, worker_viewer
from db.engine import Database, migrate, open_database
from db.models import Clinic, Entry, Patient, PlanStep, User
from db.types import new_id
from tests import postgres

NOW = datetime(2026, 3, 2, 19, 4, tzinfo=UTC)
ZONE = "Europe/Berlin"


def clinic_row(name: str, **more: object) -> Clinic:
    values: dict[str, object] = {
        "name": name,
        "time_zone": ZONE,
        "phone": "+49 30 555 0100",
        "emergency_number": "112",
        "policy": policy_to_json(DEFAULT_POLICY),
        "created_at": NOW - timedelta(days=400),
        "digest_sent_on": NOW.date(),
    }
    return Clinic(**(values | more))


def user_row(clinic: Clinic, name: str, role: str) -> User:
    return User(
        clinic_id=clinic.id,
        email=f"{name.lower()}@{clinic.name.split()[0].lower()}.example",
        name=name,
        role=role,
        created_at=NOW - timedelta(days=400),
    )


# Which engine the whole suite runs on: sqlite or postgresql.
ENGINE = os.environ.get("DIARY_TEST_ENGINE", "sqlite")


@dataclass(frozen=True)
class House:
    """A database with two clinics and the viewers of everybody in it."""

    database: Database
    clinic_id: UUID
    ana: Viewer
    ben: Viewer
    dora: Viewer
    admin: Viewer
    worker: Viewer
    cleo: Viewer
    otto: Viewer

    @property
    def url(self) -> str:
        """The database's address, for another process."""
        return self.database.engine.url.render_as_string(hide_password=False)

    def entry(self, *, at: datetime = NOW, **answers: object) -> Entry:
        """An entry of ana's, not stored yet."""
        entry_id = new_id()
        values: dict[str, object] = {
            "id": entry_id,
            "clinic_id": self.clinic_id,
            "patient_id": self.ana.actor_id,
            "first_id": entry_id,
            "diary_on": at.date(),
            "local_time": f"{at:%H:%M}",
            "time_zone": ZONE,
            "written_at": at,
            "received_at": at,
        }
        return Entry(**(values | answers))


def build_house(folder: Path) -> House:
    """Two clinics in a database of their own; ana takes 400 mg daily since 100 days."""
    database = open_database(new_database(folder))
    with database.writing() as session:
        viewers = fill(session)
    return House(database=database, **viewers)


def new_database(folder: Path) -> str:
    """Return the URL of a new database with all tables: of SQLite, or of the server asked for."""
    if ENGINE == "postgresql":
        return postgres.server().new_database(postgres_template())
    (folder / "diary.db").write_bytes(_empty())
    return f"sqlite:///{folder / 'diary.db'}"


def empty_database(folder: Path) -> str:
    """Return the URL of a new database without tables."""
    if ENGINE == "postgresql":
        return postgres.server().new_database()
    return f"sqlite:///{folder / 'new.db'}"


@cache
def postgres_template() -> str:
    """Return the name of a database with all tables and no rows; the migrations run once."""
    url = postgres.server().new_database()
    database = open_database(url)
    migrate(database)
    database.close()
    return url.rpartition("/")[2]


@cache
def _empty() -> bytes:
    """A file with all tables and no rows; the migrations run once, not for every test."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "diary.db"
        database = open_database(f"sqlite:///{path}")
        migrate(database)
        database.close()
        return path.read_bytes()


def fill(session: Session) -> dict[str, object]:
    north, south = clinic_row("North clinic"), clinic_row("South clinic")
    session.add_all([north, south])
    session.flush()
    staff = {
        "ben": user_row(north, "Ben", "nurse"),
        "dora": user_row(north, "Dora", "clinician"),
        "admin": user_row(north, "Ada", "administrator"),
        "cleo": user_row(south, "Cleo", "nurse"),
    }
    patients = {
        "ana": patient_row(north.id, "P-001", "Ana Quiet"),
        "otto": patient_row(south.id, "P-001", "Otto Other"),
    }
    session.add_all([*staff.values(), *patients.values()])
    session.flush()
    session.add(
        PlanStep(
            clinic_id=north.id,
            patient_id=patients["ana"].id,
            starts_on=NOW.date() - timedelta(days=100),
            imatinib_mg=400,
            author_id=staff["dora"].id,
            approved_at=NOW - timedelta(days=100),
        )
    )
    viewers: dict[str, object] = {
        name: viewer_for(user.role, clinic_id=user.clinic_id, actor_id=user.id, name=user.name)
        for name, user in staff.items()
    }
    for name, patient in patients.items():
        viewers[name] = viewer_for(
            "patient",
            clinic_id=patient.clinic_id,
            actor_id=patient.id,
            name=patient.name,
            patient_id=patient.id,
        )
    return viewers | {"clinic_id": north.id, "worker": worker_viewer(north.id)}


def patient_row(clinic_id: UUID, code: str, name: str) -> Patient:
    return Patient(
        clinic_id=clinic_id,
        code=code,
        name=name,
        born_on=date(1955, 6, 1),
        time_zone=ZONE,
        created_at=NOW - timedelta(days=200),
    )
