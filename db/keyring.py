"""The data keys of an installation: one for each clinic and version, opened with the master key.

`attach` gives them to an open database; from then on what is written to a sealed column is sealed
with the newest key of its clinic, and what is read is opened.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import RLock
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, Table, bindparam, event, func, insert, select
from sqlalchemy import inspect as inspected
from sqlmodel import Session

from db.engine import Database
from db.errors import KeyMissingError, TamperedError
from db.keys import KEY_BYTES, NONCE_BYTES, MasterKey
from db.models import METADATA, Clinic, DataKey, Row
from db.models.base import ClinicRow
from db.sealing import (
    Place,
    Placed,
    PlacedJson,
    SealedJson,
    SealedText,
    ring_of,
    use_ring,
)
from db.types import new_id

PURPOSE = b"data key"
_KEYS: Table = METADATA.tables["data_key"]
# Made once: it is asked in every transaction that writes words.
_NEWEST = (
    select(_KEYS.c.version, _KEYS.c.wrapped)
    .where(_KEYS.c.clinic_id == bindparam("clinic_id"))
    .order_by(_KEYS.c.version.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A data key as it is kept, empty when it is not, and what it opens to."""

    wrapped: bytes
    cipher: AESGCM | None


class Keyring:
    """Opens, makes and remembers the data keys of a database.

    Args:
        engine: Of the database that keeps them, wrapped.
        master: What opens them; None = it is lost, and none does.
    """

    def __init__(self, engine: Engine, master: MasterKey | None) -> None:
        self._engine = engine
        self._master = master
        self._kept: dict[tuple[str, int], _Kept] = {}
        self._newest: WeakKeyDictionary[Any, dict[str, int | None]] = WeakKeyDictionary()
        self._turn = RLock()

    def seal(self, place: Place, version: int, words: bytes) -> str:
        """Return the words sealed for a place, in base64.

        Raises:
            KeyMissingError: If this data key is not there or does not open.
        """
        return base64.b64encode(
            self.seal_bytes(place.clinic, version, words, _bound(place, version))
        ).decode()

    def open(self, place: Place, version: int, sealed: str) -> bytes | None:
        """Return the words; None when their key does not open, or they belong elsewhere."""
        return self.open_bytes(
            place.clinic, version, base64.b64decode(sealed), _bound(place, version)
        )

    def seal_bytes(self, clinic: str, version: int, content: bytes, bound: bytes) -> bytes:
        """Return a random nonce of 12 bytes, the ciphertext and its tag of 16 bytes.

        Source:
            NIST SP 800-38D, AES-256-GCM.
        """
        cipher = self._cipher(clinic, version)
        if cipher is None:
            raise KeyMissingError("The key of this clinic's data does not open; put it back.")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, content, bound)

    def open_bytes(self, clinic: str, version: int, sealed: bytes, bound: bytes) -> bytes | None:
        """Return what `seal_bytes` was given; None when it does not open."""
        cipher = self._cipher(clinic, version)
        if cipher is None:
            return None
        try:
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            return None

    def opens(self, clinic: UUID, version: int) -> bool:
        """Return whether a data key opens with the master key."""
        return self._cipher(clinic.hex, version) is not None

    def newest(self, connection: Connection, clinic: str) -> int | None:
        """Return the version that seals in this transaction; the first one is made now.

        None = a key of the clinic is there and does not open: the master key is lost or another.
        """
        began = connection.get_nested_transaction() or connection.get_transaction()
        known = self._newest.setdefault(began, {})
        if clinic not in known:
            known[clinic] = self._ask_newest(connection, clinic)
        return known[clinic]

    def newest_kept(self, clinic_id: UUID) -> int | None:
        """Return the version that seals outside any transaction; None = no key, or it is lost."""
        with self._engine.connect() as connection:
            version = _newest_version(connection, clinic_id)
        if version is None:  # made in a transaction that is still open
            version = max((at for whose, at in self._kept if whose == clinic_id.hex), default=None)
        return version if version is not None and self.opens(clinic_id, version) else None

    def is_lost(self) -> bool:
        """Return whether a data key that is kept does not open with the master key."""
        with self._engine.connect() as connection:
            self._take_up(connection)
        return any(kept.wrapped and kept.cipher is None for kept in self._kept.values())

    def opens_nothing(self) -> bool:
        """Return whether there are data keys and the master key opens none: it is another one."""
        with self._engine.connect() as connection:
            self._take_up(connection)
        kept = [kept for kept in self._kept.values() if kept.wrapped]
        return bool(kept) and all(each.cipher is None for each in kept)

    def renew(self, connection: Connection, clinic_id: UUID) -> int:
        """Make the next version of a clinic's data key in this transaction and return its number.

        Raises:
            KeyMissingError: If the master key is lost.
        """
        if self._master is None:
            raise KeyMissingError("The master key is missing; put it back first.")
        version = (_newest_version(connection, clinic_id) or 0) + 1
        secret = secrets.token_bytes(KEY_BYTES)
        wrapped = self._master.seal(PURPOSE, secret, bound_to(clinic_id, version))
        connection.execute(
            insert(DataKey).values(
                id=new_id(),
                clinic_id=clinic_id,
                version=version,
                wrapped=wrapped,
                created_at=datetime.now(UTC),  # noqa: TID251 - for people; nothing depends on it
                resealing=False,
            )
        )
        with self._turn:
            self._kept[clinic_id.hex, version] = _Kept(wrapped, AESGCM(secret))
        began = connection.get_nested_transaction() or connection.get_transaction()
        self._newest.setdefault(began, {})[clinic_id.hex] = version
        return version

    def _ask_newest(self, connection: Connection, clinic: str) -> int | None:
        clinic_id = UUID(clinic)
        newest = connection.execute(_NEWEST, {"clinic_id": clinic_id}).first()
        if newest is not None:
            # Once a transaction: what was made in one that was rolled back must not seal.
            self._open(clinic_id, newest.version, newest.wrapped)
            return int(newest.version) if self.opens(clinic_id, newest.version) else None
        lost = any(kept.wrapped and kept.cipher is None for kept in self._kept.values())
        return None if self._master is None or lost else self.renew(connection, clinic_id)

    def _cipher(self, clinic: str, version: int) -> AESGCM | None:
        found = self._kept.get((clinic, version))
        if found is None:
            with self._engine.connect() as connection:
                self._take_up(connection)
            with self._turn:
                found = self._kept.setdefault((clinic, version), _Kept(b"", None))
        return found.cipher

    def _take_up(self, connection: Connection) -> None:
        """Open the data keys that are kept, unless they are open already."""
        query = select(_KEYS.c.clinic_id, _KEYS.c.version, _KEYS.c.wrapped)
        for clinic_id, version, wrapped in connection.execute(query).all():
            self._open(clinic_id, version, wrapped)

    def _open(self, clinic_id: UUID, version: int, wrapped: bytes) -> None:
        with self._turn:
            known = self._kept.get((clinic_id.hex, version))
            if known is None or known.wrapped != wrapped:
                self._kept[clinic_id.hex, version] = _Kept(
                    wrapped, self._unwrapped(clinic_id, version, wrapped)
                )

    def _unwrapped(self, clinic_id: UUID, version: int, wrapped: bytes) -> AESGCM | None:
        if self._master is None:
            return None
        try:
            return AESGCM(self._master.open(PURPOSE, wrapped, bound_to(clinic_id, version)))
        except (TamperedError, ValueError):
            return None


def attach(database: Database, master: MasterKey | None) -> Keyring:
    """Let a database seal and open with the data keys that it keeps; return them.

    Clinics that have none yet get one.

    Args:
        database: With all tables.
        master: None = it is lost: what is sealed does not open, what is new is kept unsealed.
    """
    ring = Keyring(database.engine, master)
    use_ring(database.engine.dialect, ring)
    if master is not None and not ring.is_lost():
        clinics, keyed = METADATA.tables["clinic"].c.id, select(_KEYS.c.clinic_id)
        lacking = select(clinics).where(clinics.not_in(keyed))
        with database.engine.connect() as connection:
            any_lacks = connection.execute(lacking).first() is not None
        if any_lacks:
            with database.writing() as session:
                for clinic_id in list(session.connection().scalars(lacking)):
                    ring.renew(session.connection(), clinic_id)
    return ring


def sealed_columns(table: Table) -> dict[str, SealedText | SealedJson]:
    """Return the sealed columns of a table by their names."""
    return {
        column.name: column.type
        for column in table.c
        if isinstance(column.type, SealedText | SealedJson)
    }


def placed(
    session: Session, table: type[Row], clinic_id: UUID, row_id: UUID, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of a row with their place, for statements that know no rows.

    Args:
        table: Whose row is written.
        values: Columns and values of an INSERT or UPDATE of this row alone.
    """
    return _with_places(session.connection(), _table_of(table), clinic_id, row_id, values)


def place_in(
    connection: Connection, table: Table, clinic_id: UUID, row_id: UUID, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Do what `placed` does, for a table."""
    return _with_places(connection, table, clinic_id, row_id, values)


def _table_of(table: type[Row]) -> Table:
    return METADATA.tables[str(table.__tablename__)]


def _with_places(
    connection: Connection, table: Table, clinic_id: UUID, row_id: UUID, values: Mapping[str, Any]
) -> dict[str, Any]:
    ring = ring_of(connection.engine.dialect)
    if not isinstance(ring, Keyring):
        return dict(values)
    given = dict(values)
    for name, kind in sealed_columns(table).items():
        value = given.get(name)
        if value:
            place = Place(clinic_id.hex, kind.place, row_id.hex)
            given[name] = _put(value, place, ring.newest(connection, clinic_id.hex))
    return given


def _put(value: Any, place: Place, version: int | None) -> Placed | PlacedJson | Any:
    if isinstance(value, dict):
        found = PlacedJson(value)
        found.place, found.version = place, version
        return found
    if hasattr(value, "sealed"):  # does not open: it goes back as it is, or nowhere
        return value
    words = Placed(value)
    words.place, words.version = place, version
    return words


def _bound(place: Place, version: int) -> bytes:
    return b"%d\0" % version + place.bytes()


def bound_to(clinic_id: UUID, version: int) -> bytes:
    """Return what binds a wrapped data key to its clinic and version."""
    return clinic_id.bytes + version.to_bytes(4, "big")


def _newest_version(connection: Connection, clinic_id: UUID) -> int | None:
    found: int | None = connection.scalar(
        select(func.max(_KEYS.c.version)).where(_KEYS.c.clinic_id == clinic_id)
    )
    return found


def _place_row(_mapper: Any, connection: Connection, row: Any) -> None:
    """Give a row's words their place just before they are written."""
    table = METADATA.tables[row.__tablename__]
    state = inspected(row)
    changed = {
        name: getattr(row, name)
        for name in sealed_columns(table)
        if not state.persistent or state.attrs[name].history.has_changes()
    }
    for name, value in _with_places(connection, table, row.clinic_id, row.id, changed).items():
        if value is not changed[name]:
            setattr(row, name, value)


def _give_key(_mapper: Any, connection: Connection, clinic: Clinic) -> None:
    """Make a new clinic's first data key together with the clinic."""
    ring = ring_of(connection.engine.dialect)
    if isinstance(ring, Keyring):
        ring.newest(connection, clinic.id.hex)


event.listen(Clinic, "after_insert", _give_key)
for _row in ClinicRow.__subclasses__():
    if sealed_columns(_table_of(_row)):
        event.listen(_row, "before_insert", _place_row)
        event.listen(_row, "before_update", _place_row)
