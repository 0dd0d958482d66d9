"""Clinics, patients and years of entries for `bench.scale`, written with COPY.

A few rows are made by the diary itself (an entry that is graded, one that raises an alert); all
others are copies of these with ids, clinics, patients and days of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import psycopg
from sqlmodel import select

from alerts.intake import record_entry
from db import models
from db.engine import Database
from db.models import Alert, Assessment, AuditEvent, Consent, DoseRecord, Entry, Notification
from tests.people import NOW, House, fill

ALERT_EVERY = 100  # entries
LISTED_EVERY = 50  # entries; of the last seven days nobody reviewed the weekly list
STILL_OPEN = 20  # alerts of a clinic that nobody closed
COPIED = ("clinic", "user", "patient", "consent", "plan_step", "entry", "assessment", "alert",
          "alert_event", "notification", "dose_record", "digest_review")  # fmt: skip
_ENTRY_IDS = ["id", "clinic_id", "patient_id", "first_id"]
_ASSESSMENT_IDS = ["id", "clinic_id", "patient_id", "entry_id"]
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


@dataclass(frozen=True)
class Seeds:
    """Lines of COPY, as lists of fields, by what they stand for; the columns of each table."""

    lines: dict[str, list[str]]
    columns: dict[str, list[str]]

    def form(self, seed: str, table: str, *changed: str) -> str:
        """Return a line with a %s in the place of each changed column, which are in order."""
        names = self.columns[table]
        assert [name for name in names if name in changed] == list(changed), (names, changed)
        fields = (
            "%s" if name in changed else field.replace("%", "%%")
            for name, field in zip(names, self.lines[seed], strict=True)
        )
        return "\t".join(fields) + "\n"


def seed(database: Database) -> House:
    """Make two small clinics by the diary's own code: what all else is copied from."""
    with database.writing() as session:
        house = House(database=database, **fill(session))
    with database.writing(house.clinic_id) as session:
        about = {"clinic_id": house.clinic_id, "patient_id": house.ana.actor_id}
        session.add(
            Consent(**about, version="1", text_sha256="0" * 64, language="en", agreed_at=NOW)
        )
        session.add(
            DoseRecord(
                **about, diary_on=NOW.date(), drug="imatinib", how="planned", planned_mg=400,
                taken_mg=400, time_zone="UTC", recorded_at=NOW,
            )
        )  # fmt: skip
        mild = house.entry(
            at=NOW - timedelta(days=2), itch_nrs=2, temperature_value=36.8,
            temperature_unit="C", temperature_site="oral", red_flags=[], rash_present=False,
            imatinib_mg_taken=400.0, imatinib_mg_prescribed=400.0,
            words="A little tired in the evening, otherwise as on most days.",
        )  # fmt: skip
        ill = house.entry(at=NOW - timedelta(days=1), temperature_value=39.4, temperature_unit="C")
        for entry in (mild, ill):
            record_entry(session, house.ana, entry, entry.received_at)
        made = session.exec(select(Assessment.id).where(Assessment.entry_id == mild.id)).one()
        seen = {"assessment_id": made, "reviewed_by": house.ben.actor_id, "reviewed_at": NOW}
        session.add(models.DigestReview(**about, **seen))
    return house


def seeds(house: House, url: str) -> Seeds:
    """Read the rows to copy as lines of COPY."""
    with house.database.reading(house.clinic_id) as session:
        entries = session.exec(select(Entry).order_by(Entry.received_at)).all()  # type: ignore[arg-type]
        found = {
            "clinic": ("clinic", house.clinic_id),
            "user": ("user", house.ben.actor_id),
            "patient": ("patient", house.ana.actor_id),
            "entry": ("entry", entries[0].id),
            "ill": ("entry", entries[1].id),
        }
        for table, model in (("alert", Alert), ("notification", Notification)):
            found[table] = (table, session.exec(select(model.id)).first())
        for table, entry in (("assessment", entries[0]), ("assessed_ill", entries[1])):
            row = session.exec(select(Assessment.id).where(Assessment.entry_id == entry.id)).first()
            found[table] = ("assessment", row)
        assert session.exec(select(AuditEvent.id)).first() is not None
    lines, columns = {}, {}
    with psycopg.connect(url) as connection:
        for table in COPIED:
            rows = connection.execute(f'SELECT * FROM "{table}" LIMIT 0')
            columns[table] = [each.name for each in rows.description or ()]
        found |= {
            table: (table, connection.execute(f'SELECT id FROM "{table}"').fetchone()[0])  # type: ignore[index]
            for table in ("consent", "plan_step", "dose_record", "alert_event", "digest_review")
        }
        for name, (table, row_id) in found.items():
            with connection.cursor().copy(
                f"COPY (SELECT * FROM \"{table}\" WHERE id = '{row_id}') TO STDOUT"
            ) as copy:
                whole = b"".join(bytes(block) for block in copy).decode()
            lines[name] = whole.rstrip("\n").split("\t")
    return Seeds(lines, columns)


def row_id(kind: int, at_ms: int, number: int) -> str:
    """Return an id that sorts by time, as the diary's do: a kind of row, and its number."""
    return f"{at_ms:012x}7{kind:03x}8000{number:012x}"


def patient_id(number: int) -> str:
    return row_id(2, 0, number)


def clinic_id(number: int) -> UUID:
    return UUID(row_id(1, 0, number))


def nurse_id(number: int) -> UUID:
    return UUID(row_id(3, 0, number))


def add(url: str, made: Seeds, first: int, last: int, clinic_size: int, days: int) -> None:
    """Add patients ``first`` to ``last - 1`` with an entry on each of the last days.

    Foreign keys and guards are not asked; indexes are built afterwards.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        indexes = connection.execute(_INDEXES, [list(COPIED)]).fetchall()
        for name, _definition in indexes:
            connection.execute(f'DROP INDEX "{name}"'.encode())
        connection.execute("SET session_replication_role = replica")
        clinics = range(first // clinic_size, -(-last // clinic_size))
        for table, lines in (
            ("clinic", _clinics(made, clinics)),
            ("user", _nurses(made, clinics)),
            ("patient", _patients(made, first, last, clinic_size)),
            ("consent", _of_patients(made, "consent", 4, first, last, clinic_size)),
            ("plan_step", _of_patients(made, "plan_step", 5, first, last, clinic_size)),
            ("entry", _entries(made, first, last, clinic_size, days)),
            ("assessment", _assessments(made, first, last, clinic_size, days)),
            ("digest_review", _reviews(made, first, last, clinic_size, days)),
            ("dose_record", _doses(made, first, last, clinic_size, days)),
            ("alert", _alerts(made, first, last, clinic_size, days)),
            ("alert_event", _events(made, first, last, clinic_size, days)),
            ("notification", _messages(made, first, last, clinic_size, days)),
        ):
            with connection.cursor().copy(f'COPY "{table}" FROM STDIN'.encode()) as copy:
                for block in _blocks(lines):
                    copy.write(block)
        connection.execute("SET maintenance_work_mem = '1GB'")
        for _name, definition in indexes:
            connection.execute(definition.encode())
        connection.execute("VACUUM ANALYZE")


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == 2000:
            yield "".join(block)
            block.clear()
    yield "".join(block)


def _clinics(made: Seeds, numbers: Sequence[int]) -> Iterator[str]:
    form = made.form("clinic", "clinic", *_in_order(made, "clinic", "id", "name"))
    for number in numbers:
        yield form % _put(made, "clinic", id=clinic_id(number), name=f"Clinic {number}")


def _nurses(made: Seeds, numbers: Sequence[int]) -> Iterator[str]:
    form = made.form("user", "user", *_in_order(made, "user", "id", "clinic_id", "email"))
    for number in numbers:
        yield form % _put(
            made, "user", id=nurse_id(number), clinic_id=clinic_id(number),
            email=f"nurse{number}@clinic.example",
        )  # fmt: skip


def _patients(made: Seeds, first: int, last: int, size: int) -> Iterator[str]:
    names = _in_order(made, "patient", "id", "clinic_id", "code", "planned_until")
    form = made.form("patient", "patient", *names)
    until = NOW + timedelta(days=3)
    for number in range(first, last):
        yield form % _put(
            made, "patient", id=patient_id(number), clinic_id=clinic_id(number // size),
            code=f"S-{number:06d}", planned_until=until.isoformat(),
        )  # fmt: skip


def _of_patients(
    made: Seeds, table: str, kind: int, first: int, last: int, size: int
) -> Iterator[str]:
    form = made.form(table, table, *_in_order(made, table, "id", "clinic_id", "patient_id"))
    for number in range(first, last):
        yield form % _put(
            made, table, id=row_id(kind, 0, number), clinic_id=clinic_id(number // size),
            patient_id=patient_id(number),
        )  # fmt: skip


@dataclass(frozen=True)
class _Day:
    """One day of the diary, ``ago`` days before the end of it."""

    ago: int
    at: str
    on: str
    ms: int


def _days(days: int) -> Iterator[_Day]:
    """Yield the days in the order in which entries come in: all patients on each."""
    for ago in range(days, 0, -1):
        moment = NOW - timedelta(days=ago, hours=2)
        ms = int(moment.timestamp() * 1000)
        yield _Day(ago, moment.isoformat(), moment.date().isoformat(), ms)


def _ill(first: int, last: int, ago: int) -> range:
    """Return the patients whose entry of a day is severe."""
    return range(first + -(first + ago) % ALERT_EVERY, last, ALERT_EVERY)


def _numbered(kind: int, at_ms: int) -> str:
    """Return what the ids of one kind and instant begin with; 12 hex digits of a number follow."""
    return row_id(kind, at_ms, 0)[:-12]


def _entries(made: Seeds, first: int, last: int, size: int, days: int) -> Iterator[str]:
    names = _in_order(
        made, "entry", "id", "clinic_id", "patient_id", "first_id", "diary_on", "written_at",
        "received_at",
    )  # fmt: skip
    mild, severe = made.form("entry", "entry", *names), made.form("ill", "entry", *names)
    clinics = [clinic_id(number) for number in range(-(-last // size))]
    patients = {number: patient_id(number) for number in range(first, last)}
    for day in _days(days):
        begin, ill = _numbered(6, day.ms), set(_ill(first, last, day.ago))
        known = {"diary_on": day.on, "written_at": day.at, "received_at": day.at}
        forms = [form % tuple([known.get(name, "%s") for name in names]) for form in (mild, severe)]
        assert [name for name in names if name not in known] == _ENTRY_IDS
        for patient in range(first, last):
            new = f"{begin}{patient * days + days - day.ago:012x}"
            yield forms[patient in ill] % (new, clinics[patient // size], patients[patient], new)


def _assessments(made: Seeds, first: int, last: int, size: int, days: int) -> Iterator[str]:
    names = _in_order(
        made, "assessment", "id", "clinic_id", "patient_id", "entry_id", "assessed_at"
    )
    mild = made.form("assessment", "assessment", *names)
    severe = made.form("assessed_ill", "assessment", *names)
    level = made.columns["assessment"].index("level")
    clinics = [clinic_id(number) for number in range(-(-last // size))]
    patients = {number: patient_id(number) for number in range(first, last)}
    for day in _days(days):
        begin, of, ill = _numbered(7, day.ms), _numbered(6, day.ms), set(_ill(first, last, day.ago))
        known = {"assessed_at": day.at}
        forms = [form % tuple([known.get(name, "%s") for name in names]) for form in (mild, severe)]
        fields = forms[0].split("\t")
        forms[0], listed = (
            "\t".join([*fields[:level], word, *fields[level + 1 :]]) for word in ("none", "digest")
        )
        assert [name for name in names if name not in known] == _ASSESSMENT_IDS
        for patient in range(first, last):
            number = f"{patient * days + days - day.ago:012x}"
            form = listed if (patient + day.ago) % LISTED_EVERY == 1 else forms[patient in ill]
            yield form % (
                begin + number, clinics[patient // size], patients[patient], of + number
            )  # fmt: skip


def _reviews(made: Seeds, first: int, last: int, size: int, days: int) -> Iterator[str]:
    names = _in_order(made, "digest_review", "id", "clinic_id", "patient_id", "assessment_id")
    form = made.form("digest_review", "digest_review", *names)
    for each in _each(first, last, days, days):
        if each.ago > 7 and (each.patient + each.ago) % LISTED_EVERY == 1:
            yield form % _put(
                made, "digest_review", id=row_id(30, each.at_ms, each.number),
                clinic_id=clinic_id(each.patient // size), patient_id=patient_id(each.patient),
                assessment_id=row_id(7, each.at_ms, each.number),
            )  # fmt: skip


class _Said(NamedTuple):
    """One entry: its number among all, its patient's, and its day."""

    number: int
    patient: int
    ago: int
    at: str
    day: str
    at_ms: int


def _each(first: int, last: int, days: int, newest: int) -> Iterator[_Said]:
    for day in _days(newest):
        for patient in range(first, last):
            number = patient * days + days - day.ago
            yield _Said(number, patient, day.ago, day.at, day.on, day.ms)


def _each_ill(first: int, last: int, days: int) -> Iterator[_Said]:
    for day in _days(days):
        for patient in _ill(first, last, day.ago):
            number = patient * days + days - day.ago
            yield _Said(number, patient, day.ago, day.at, day.on, day.ms)


def _doses(made: Seeds, first: int, last: int, size: int, days: int) -> Iterator[str]:
    """Yield one logged dose for each of the last ten days."""
    names = _in_order(
        made, "dose_record", "id", "clinic_id", "patient_id", "diary_on", "recorded_at"
    )
    form = made.form("dose_record", "dose_record", *names)
    for each in _each(first, last, days, min(days, 10)):
        values = {
            "id": row_id(8, each.at_ms, each.number), "clinic_id": clinic_id(each.patient // size),
            "patient_id": patient_id(each.patient), "diary_on": each.day, "recorded_at": each.at,
        }  # fmt: skip
        yield form % tuple([values[name] for name in names])


def _alerts(made: Seeds, first: int, last: int, size: int, days: int) -> Iterator[str]:
    """Yield an alert for each severe entry; all are closed but the newest of each clinic."""
    names = _in_order(
        made, "alert", "id", "clinic_id", "patient_id", "entry_id", "code", "state", "raised_at",
        "level_since", "step_entered_at", "next_look_at", "closed_at", "outcome",
    )  # fmt: skip
    form = made.form("alert", "alert", *names)
    for each in _each_ill(first, last, days):
        living = each.ago <= max(1, STILL_OPEN * ALERT_EVERY // size)
        later = (NOW + timedelta(hours=1)).isoformat()
        values = {
            "id": row_id(9, each.at_ms, each.number), "clinic_id": clinic_id(each.patient // size),
            "patient_id": patient_id(each.patient), "code": f"S{each.number}",
            "entry_id": row_id(6, each.at_ms, each.number),
            "state": "open" if living else "closed", "raised_at": each.at, "level_since": each.at,
            "step_entered_at": each.at, "next_look_at": later if living else "\\N",
            "closed_at": "\\N" if living else each.at, "outcome": "\\N" if living else "advice",
        }  # fmt: skip
        yield form % tuple([values[name] for name in names])


def _events(made: Seeds, first: int, last: int, size: int, days: int) -> Iterator[str]:
    """Yield three lines of history for each alert."""
    names = _in_order(made, "alert_event", "id", "clinic_id", "alert_id", "at")
    form = made.form("alert_event", "alert_event", *names)
    for each in _each_ill(first, last, days):
        for turn in range(3):
            values = {
                "id": row_id(10 + turn, each.at_ms, each.number), "at": each.at,
                "clinic_id": clinic_id(each.patient // size),
                "alert_id": row_id(9, each.at_ms, each.number),
            }  # fmt: skip
            yield form % tuple([values[name] for name in names])


def _messages(made: Seeds, first: int, last: int, size: int, days: int) -> Iterator[str]:
    """Yield two sent messages for each alert."""
    names = _in_order(
        made, "notification", "id", "clinic_id", "alert_id", "user_id", "step", "state",
        "message_id", "created_at", "next_attempt_at", "sent_at",
    )  # fmt: skip
    form = made.form("notification", "notification", *names)
    for each in _each_ill(first, last, days):
        for turn in range(2):
            clinic = each.patient // size
            new = row_id(20 + turn, each.at_ms, each.number)
            values = {
                "id": new, "clinic_id": clinic_id(clinic), "user_id": nurse_id(clinic),
                "alert_id": row_id(9, each.at_ms, each.number), "step": turn, "state": "sent",
                "message_id": f"<{new}@diary>", "created_at": each.at, "next_attempt_at": each.at,
                "sent_at": each.at,
            }  # fmt: skip
            yield form % tuple([values[name] for name in names])


def _in_order(made: Seeds, table: str, *names: str) -> list[str]:
    return [name for name in made.columns[table] if name in names]


def _put(made: Seeds, table: str, **values: object) -> tuple[object, ...]:
    return tuple(values[name] for name in made.columns[table] if name in values)
