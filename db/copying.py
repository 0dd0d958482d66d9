"""Move a diary from SQLite to PostgreSQL: every row once, counted and hashed on both sides.

The copy keeps its place in a table of the target, `diary_copy`, in the same transaction as each
batch. Killed anywhere, it goes on behind its last whole batch. The table goes when all is compared;
while it is there, no diary starts on that database.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from db.belongings import Counted, Place, behind, count, left_behind, own, tables
from db.engine import Database, migrate
from db.errors import CopyError
from db.models import METADATA
from db.stores import audit
from db.walls import walls_hold

_PLACES = Table(
    "diary_copy",
    MetaData(),
    Column("source", Text),  # which diary, and whether all of it
    Column("plan", Text),  # rows and hash of each table, as JSON
    Column("places", Text),  # table -> rows done, and the version and id of the last, as JSON
)

# Called with count, copy or compare, a table, how many of its rows are done, and of how many.
Tell = Callable[[str, str, int, int], None]


@dataclass(frozen=True)
class Copied:
    """What was copied and compared.

    Attributes:
        tables: What each table holds, the same on both sides.
        chains: How many clinics' audit chains were followed to their ends in the copy.
        left_behind: Offers of patients to clinics that did not move.
        resumed: Whether an unfinished copy was gone on with.
    """

    tables: dict[str, Counted]
    chains: int
    left_behind: int
    resumed: bool


def copy(source: Database, target: Database, clinic: UUID | None, tell: Tell) -> Copied:
    """Copy all rows into an empty database of PostgreSQL and compare them.

    Args:
        source: Of SQLite; what is written there meanwhile ends the copy with an error.
        target: Empty, or with an unfinished copy of the same diary; its tables are made here.
        clinic: Whose rows; None = all.

    Raises:
        CopyError: The target holds something else, refuses a row, or differs in the end; run again
            after a broken line or a kill, and nothing is there twice.
    """
    _prepare(target)
    with source.engine.connect() as rows:
        before = _changes(rows)
        plan = {}
        for table in tables():
            tell("count", table.name, 0, 0)
            plan[table.name] = count(rows, table, clinic)
        resumed = _begin(target, _fingerprint(rows, clinic), plan)
        for table in tables():
            _fill(rows, target, table, clinic, plan[table.name], tell)
        chains = _compare(target, clinic, plan, tell)
        stay = left_behind(rows, clinic)
        rows.rollback()
        if _changes(rows) != before:
            raise CopyError(
                "The diary was written to while it was copied. Stop its server and its workers, "
                "then run this again."
            )
    with target.writing() as session:
        _PLACES.drop(session.connection())
    return Copied(plan, chains, stay, resumed)


def unfinished(database: Database) -> bool:
    """Return whether a copy into this database was begun and has not ended."""
    with database.engine.connect() as connection:
        return inspect(connection).has_table(_PLACES.name)


def _prepare(target: Database) -> None:
    if target.engine.dialect.name != "postgresql":
        raise CopyError("The copy goes to PostgreSQL: --to postgresql+psycopg://login@host/name.")
    try:
        with target.engine.connect() as connection:
            if not walls_hold(connection):
                raise CopyError(
                    "This login of PostgreSQL is bound by no walls between clinics; use one that is"
                    " neither superuser nor exempt from row-level security."
                )
        migrate(target)
    except OperationalError as error:
        raise CopyError(
            "The database to copy to does not answer, or does not let this login in; "
            "nothing was copied."
        ) from error


def _changes(rows: Connection) -> int:
    """Return a number that is another one after somebody else wrote to the SQLite file."""
    return int(rows.scalar(text("PRAGMA data_version")) or 0)


def _fingerprint(rows: Connection, clinic: UUID | None) -> str:
    """Return what tells one diary from another, whatever is added to either."""
    clinics = METADATA.tables["clinic"]
    ids = rows.scalars(select(clinics.c.id).where(own(clinics, clinic)).order_by(clinics.c.id))
    scope = "one" if clinic else "all"
    return hashlib.sha256(" ".join([scope, *map(str, ids)]).encode()).hexdigest()


def _begin(target: Database, source: str, plan: dict[str, Counted]) -> bool:
    """Make the table of places, or find it; returns whether there is something to go on with."""
    words = json.dumps({name: asdict(each) for name, each in plan.items()}, sort_keys=True)
    with target.writing() as session:
        there = session.connection()
        if inspect(there).has_table(_PLACES.name):
            known = there.execute(select(_PLACES)).one()
            if known.source != source:
                raise CopyError(
                    "The database to copy to holds the unfinished copy of another diary or clinic; "
                    "nothing was changed."
                )
            if known.plan == words:
                return True
            # Written to since: what was copied may be what has changed, so all of it goes.
            names = ", ".join(f'"{table.name}"' for table in tables())
            there.execute(text(f"TRUNCATE {names}"))
            _PLACES.drop(there)
        elif any(there.scalar(select(func.count()).select_from(table)) for table in tables()):
            raise CopyError(
                "The database to copy to is not empty and holds no unfinished copy; nothing was "
                "changed. Make a new database for the copy."
            )
        _PLACES.create(there)
        there.execute(insert(_PLACES).values(source=source, plan=words, places="{}"))
    return False


def _fill(
    rows: Connection,
    target: Database,
    table: Table,
    clinic: UUID | None,
    planned: Counted,
    tell: Tell,
) -> None:
    """Copy what is missing of one table, each batch and its place in one transaction."""
    with target.reading() as session:
        done, place = _place(session.connection(), table)
    tell("copy", table.name, done, planned.rows)
    for end, batch in behind(rows, table, clinic, place):
        try:
            with target.writing() as session:
                there = session.connection()
                if _place(there, table) != (done, place):
                    raise CopyError("Another copy into this database is at work; one is enough.")
                there.execute(insert(table), batch)
                _keep_place(there, table, done + len(batch), end)
        except (DataError, IntegrityError) as error:
            raise CopyError(
                f"PostgreSQL refuses a row of the table {table.name} after {done} others: "
                f"{type(error.orig).__name__}."
            ) from error
        except OperationalError as error:
            raise CopyError(
                f"The database to copy to broke off in the table {table.name}; run this again, it "
                "goes on where it stopped."
            ) from error
        done, place = done + len(batch), end
        tell("copy", table.name, done, planned.rows)


def _place(there: Connection, table: Table) -> tuple[int, Place]:
    places = json.loads(there.scalar(select(_PLACES.c.places)) or "{}")
    if table.name not in places:
        return 0, Place()
    done, version, row_id = places[table.name]
    return done, Place(version, UUID(row_id))


def _keep_place(there: Connection, table: Table, done: int, place: Place) -> None:
    places = json.loads(there.scalar(select(_PLACES.c.places)) or "{}")
    places[table.name] = [done, place.version, str(place.id)]
    there.execute(update(_PLACES).values(places=json.dumps(places)))


def _compare(target: Database, clinic: UUID | None, plan: dict[str, Counted], tell: Tell) -> int:
    """Count and hash the copy, follow its audit chains; returns how many chains there are."""
    with target.reading(clinic) as session:
        there = session.connection()
        for table in tables():
            planned = plan[table.name]
            tell("compare", table.name, planned.rows, planned.rows)
            found = count(there, table, clinic)
            if found != planned:
                raise CopyError(
                    f"The copy differs in the table {table.name}: {found.rows} rows where the diary"
                    f" has {planned.rows}, or one of them is another. Make a new database and copy "
                    "again."
                )
        chains = audit.chains(session)
        for each in chains:
            broken = audit.first_broken_link(session, each)
            if broken is not None:
                raise CopyError(f"In the copy an audit chain is broken at row {broken}.")
    with target.engine.connect() as connection:
        bare = connection.execution_options(isolation_level="AUTOCOMMIT")
        bare.exec_driver_sql("ANALYZE")
    return len(chains)
