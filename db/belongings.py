"""What belongs to one clinic, or to the whole diary: its rows in order, counted and hashed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, false, func, select, true

from db.models import METADATA
from db.walls import clinic_columns

AT_ONCE = 1000
# Without a clinic's column: kept under a name that ends with its id; counted for nobody; and what
# works once and was used, which goes along with every clinic so that it never works again.
_NAMED, _NOBODYS, _USED = "heartbeat", "sign_in_attempt", "used_once"
WITHOUT_CLINIC = {_NAMED, _NOBODYS, _USED}
_OFFERS = "handover"


@dataclass(frozen=True)
class Counted:
    """The rows of one table: how many, and one SHA-256 over all of them in the order of ids."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Place:
    """Behind which row of a table one stands: its version (1 where there are none) and its id."""

    version: int = 1
    id: UUID | None = None


def tables() -> list[Table]:
    """Return every table, what others point to first."""
    return list(METADATA.sorted_tables)


def own(table: Table, clinic: UUID | None) -> ColumnElement[bool]:
    """Return the condition that a row belongs to a clinic; to any when there is None.

    A patient's offer to another clinic points to that clinic, so it belongs to both or neither.
    """
    if clinic is None or table.name == _USED:
        return true()
    if table.name == _NAMED:
        return table.c.name.endswith(f":{clinic}")
    if table.name == _NOBODYS:
        return false()
    mine: ColumnElement[bool] = table.c[clinic_columns()[table.name]] == clinic
    return mine & (table.c.to_clinic_id == clinic) if table.name == _OFFERS else mine


def left_behind(connection: Connection, clinic: UUID | None) -> int:
    """Return how many offers to other clinics are the clinic's and do not go with it."""
    offers = METADATA.tables[_OFFERS]
    if clinic is None:
        return 0
    query = select(func.count()).where(
        offers.c.clinic_id == clinic, offers.c.to_clinic_id != clinic
    )
    return int(connection.scalar(query) or 0)


def count(connection: Connection, table: Table, clinic: UUID | None) -> Counted:
    """Return the number and the hash of a table's rows; the same on every engine."""
    digest, rows = hashlib.sha256(), 0
    query = select(table).where(own(table, clinic)).order_by(table.c.id)
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}).mappings():
        digest.update(_line(row))
        rows += 1
    return Counted(rows, digest.hexdigest())


def behind(
    connection: Connection, table: Table, clinic: UUID | None, place: Place
) -> Iterator[tuple[Place, list[dict[str, Any]]]]:
    """Yield the rows behind a place in batches, each with the place it ends at.

    A corrected entry points to the version before it, so the first versions of all come first.
    """
    versions = [1]
    corrected = any(key.column.table is table for key in table.foreign_keys)
    if corrected:
        known = select(table.c.version).where(own(table, clinic)).distinct()
        versions = sorted(connection.scalars(known))
    for version in versions:
        if version < place.version:
            continue
        query = select(table).where(own(table, clinic)).order_by(table.c.id)
        if corrected:
            query = query.where(table.c.version == version)
        if version == place.version and place.id is not None:
            query = query.where(table.c.id > place.id)
        found = connection.execute(query, execution_options={"yield_per": AT_ONCE}).mappings()
        for part in found.partitions(AT_ONCE):
            yield Place(version, part[-1]["id"]), [dict(row) for row in part]


def _line(row: RowMapping) -> bytes:
    plain = {str(name): value for name, value in row.items()}
    return json.dumps(plain, sort_keys=True, default=_plain).encode() + b"\n"


def _plain(value: Any) -> str:
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
