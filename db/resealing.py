"""Seal what is kept with the newest data key of its clinic: the first time, or after a rotation.

Small transactions, each whole: whoever writes meanwhile waits a moment, and after a kill the next
run goes on where the last one ended, since what is done can be seen in the rows themselves.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    cast,
    func,
    not_,
    select,
    type_coerce,
    update,
)

from db.engine import Database
from db.errors import KeyMissingError, NotFoundError, TamperedError
from db.keyring import Keyring, place_in, sealed_columns
from db.models import METADATA, DataKey
from db.photos.vault import PhotoVault
from db.sealing import SEALED_BEGINNING, SealedJson, SealedText, Unreadable, sealed_beginning

ROWS_AT_ONCE = 200
PHOTOS_AT_ONCE = 5
_CLINICS = METADATA.tables["clinic"]
_KEYS = METADATA.tables["data_key"]
_PHOTOS = METADATA.tables["photo"]


@dataclass(frozen=True)
class Standing:
    """How the sealed values of one clinic are kept.

    Attributes:
        opens: Version of the data key -> whether the master key opens it.
        values: Version -> how many values of rows it seals; 0 = kept unsealed.
        photos: Version -> how many photos it seals; 0 = sealed with the master key alone.
        is_cut_off: The newest key was made by a rotation that did not reach its end.
    """

    clinic_id: UUID
    name: str
    opens: dict[int, bool]
    values: dict[int, int]
    photos: dict[int, int]
    is_cut_off: bool

    @property
    def newest(self) -> int:
        """The version that seals now; 0 = there is no key yet."""
        return max(self.opens, default=0)

    @property
    def left(self) -> int:
        """How many values and photos the newest version does not seal."""
        kept = (*self.values.items(), *self.photos.items())
        return sum(count for version, count in kept if version != self.newest)


@dataclass(frozen=True)
class Resealed:
    """What a run did: how many values and photos it sealed, and how many do not open."""

    values: int
    photos: int
    unreadable: int


def standing(database: Database, ring: Keyring, vault: PhotoVault) -> list[Standing]:
    """Return how each clinic's values are kept."""
    found = []
    with database.reading() as session:
        connection = session.connection()
        for clinic_id, name in connection.execute(select(_CLINICS.c.id, _CLINICS.c.name)).all():
            keys = connection.execute(
                select(_KEYS.c.version, _KEYS.c.settled_at)
                .where(_KEYS.c.clinic_id == clinic_id)
                .order_by(_KEYS.c.version)
            ).all()
            versions = [key.version for key in keys]
            found.append(
                Standing(
                    clinic_id,
                    name,
                    {version: ring.opens(clinic_id, version) for version in versions},
                    _values(connection, clinic_id, versions),
                    _photos(connection, vault, clinic_id),
                    len(keys) > 1 and keys[-1].settled_at is None,
                )
            )
    return found


def without_data_key(connection: Connection, vault: PhotoVault) -> tuple[int, int]:
    """Return how many texts and how many photos of all clinics no data key seals."""
    clinics = list(connection.scalars(select(_CLINICS.c.id)))
    texts = (_values(connection, clinic_id, [])[0] for clinic_id in clinics)
    photos = (_photos(connection, vault, clinic_id).get(0, 0) for clinic_id in clinics)
    return sum(texts), sum(photos)


def renew_key(database: Database, ring: Keyring, clinic_id: UUID) -> int:
    """Make the next data key of a clinic; whoever writes after this uses it. Return its version."""
    with database.writing(clinic_id) as session:
        return ring.renew(session.connection(), clinic_id)


def reseal(
    database: Database,
    ring: Keyring,
    vault: PhotoVault,
    clinic_id: UUID,
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Resealed:
    """Seal everything of a clinic that its newest data key does not seal yet.

    Args:
        now: Kept as the end of this run.
        progress: Told how many values and photos were done since it was told last.

    Raises:
        KeyMissingError: If the key is lost; nothing is changed.
    """
    version = ring.newest_kept(clinic_id)
    if version is None:
        raise KeyMissingError("The key of this clinic's data does not open; put it back first.")
    values = photos = unreadable = 0
    for table, name, kind in _sealed():
        for done, lost in _reseal_column(database, clinic_id, table, name, kind, version):
            values, unreadable = values + done, unreadable + lost
            progress(done + lost)
    for done, lost in _reseal_photos(database, vault, clinic_id, version):
        photos, unreadable = photos + done, unreadable + lost
        progress(done + lost)
    with database.writing(clinic_id) as session:
        session.connection().execute(
            update(DataKey)
            .where(_KEYS.c.clinic_id == clinic_id, _KEYS.c.version == version)
            .values(settled_at=now)
        )
    return Resealed(values, photos, unreadable)


def _sealed() -> Iterator[tuple[Table, str, SealedText | SealedJson]]:
    for table in METADATA.sorted_tables:
        for name, kind in sealed_columns(table).items():
            yield table, name, kind


def _reseal_column(
    database: Database,
    clinic_id: UUID,
    table: Table,
    name: str,
    kind: SealedText | SealedJson,
    version: int,
) -> Iterator[tuple[int, int]]:
    column, last = table.c[name], None
    while True:
        with database.writing(clinic_id) as session:
            connection = session.connection()
            query = select(table.c.id, column).where(
                table.c.clinic_id == clinic_id,
                _filled(column, kind),
                not_(_by(column, kind, version)),
            )
            if last is not None:
                query = query.where(table.c.id > last)
            rows = connection.execute(query.order_by(table.c.id).limit(ROWS_AT_ONCE)).all()
            if not rows:
                return
            last = rows[-1][0]
            good = [(row_id, value) for row_id, value in rows if not _has_unreadable(value)]
            _write(connection, clinic_id, table, name, good)
        yield len(good), len(rows) - len(good)


def _write(
    connection: Connection,
    clinic_id: UUID,
    table: Table,
    name: str,
    rows: list[tuple[UUID, object]],
) -> None:
    mine = update(DataKey).where(_KEYS.c.clinic_id == clinic_id)
    connection.execute(mine.values(resealing=True))
    for row_id, value in rows:
        kept = place_in(connection, table, clinic_id, row_id, {name: value})
        connection.execute(table.update().where(table.c.id == row_id).values(kept))
    connection.execute(mine.values(resealing=False))


def _reseal_photos(
    database: Database, vault: PhotoVault, clinic_id: UUID, version: int
) -> Iterator[tuple[int, int]]:
    with database.reading(clinic_id) as session:
        known = session.connection().scalars(
            select(_PHOTOS.c.id).where(_PHOTOS.c.clinic_id == clinic_id)
        )
        waiting = [
            photo_id
            for photo_id in known
            if vault.sealed_by(photo_id) not in {None, (clinic_id, version)}
        ]
    for at in range(0, len(waiting), PHOTOS_AT_ONCE):
        done = lost = 0
        # With the right to write, so that what is being erased is not written back.
        with database.writing(clinic_id) as session:
            for photo_id in waiting[at : at + PHOTOS_AT_ONCE]:
                there = select(_PHOTOS.c.id).where(_PHOTOS.c.id == photo_id)
                if session.connection().scalar(there) is None:
                    continue
                try:
                    vault.seal_anew(photo_id, clinic_id)
                    done += 1
                except NotFoundError:
                    continue
                except (KeyMissingError, TamperedError):
                    lost += 1
        yield done, lost


def _values(connection: Connection, clinic_id: UUID, versions: Sequence[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for table, name, kind in _sealed():
        column = table.c[name]
        mine = and_(table.c.clinic_id == clinic_id, _filled(column, kind))
        marks = {version: _by(column, kind, version) for version in versions}
        plain = not_(_begins(column, kind, SEALED_BEGINNING))
        for version, condition in {0: plain, **marks}.items():
            query = select(func.count()).select_from(table).where(mine, condition)
            counts[version] = counts.get(version, 0) + int(connection.scalar(query) or 0)
    return counts


def _photos(connection: Connection, vault: PhotoVault, clinic_id: UUID) -> dict[int, int]:
    counts: dict[int, int] = {}
    for photo_id in connection.scalars(
        select(_PHOTOS.c.id).where(_PHOTOS.c.clinic_id == clinic_id)
    ):
        by = vault.sealed_by(photo_id)
        if by is not None:
            version = by[1] if by[0] == clinic_id else 0
            counts[version] = counts.get(version, 0) + 1
    return counts


def _filled(column: ColumnElement[object], kind: SealedText | SealedJson) -> ColumnElement[bool]:
    """There are words."""
    if isinstance(kind, SealedText):
        return type_coerce(column, String) != ""
    text = cast(column, Text)
    return and_(
        text.contains(f'"{kind.name}": "', autoescape=True),
        not_(text.contains(f'"{kind.name}": ""', autoescape=True)),
    )


def _by(
    column: ColumnElement[object], kind: SealedText | SealedJson, version: int
) -> ColumnElement[bool]:
    """They are sealed with this version."""
    return _begins(column, kind, sealed_beginning(version))


def _begins(
    column: ColumnElement[object], kind: SealedText | SealedJson, beginning: str
) -> ColumnElement[bool]:
    if isinstance(kind, SealedText):
        return type_coerce(column, String).startswith(beginning, autoescape=True)
    return cast(column, Text).contains(f'"{kind.name}": "{beginning}', autoescape=True)


def _has_unreadable(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_unreadable(each) for each in value.values())
    if isinstance(value, list):
        return any(_has_unreadable(each) for each in value)
    return isinstance(value, Unreadable)
