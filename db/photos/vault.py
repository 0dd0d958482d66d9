"""The folder of sealed photos; its file names carry a random id and nothing else."""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from db.errors import ConflictError, NotFoundError, TamperedError
from db.keys import MasterKey, sync_folder, write_durably
from db.photos.photo import CleanPhoto

PURPOSE = b"photo"
_PICTURE = "photo"
_THUMBNAIL = "thumb"


class PhotoVault:
    """Photos on disk, each sealed for its own id, so that none can be read or exchanged.

    Args:
        directory: Where the photos are; made at the first `put`.
        key: The key they are sealed with.
    """

    def __init__(self, directory: Path, key: MasterKey) -> None:
        self._directory = directory
        self._key = key

    def put(self, photo_id: UUID, clean: CleanPhoto) -> None:
        """Keep a photo; on return it is on the disk. Once more with the same photo does no harm.

        Args:
            photo_id: A new random id, which is to stand in the database afterwards.
            clean: What `clean_photo` returned.

        Raises:
            ConflictError: If another photo is kept under this id.
            OSError: If the disk refuses.
        """
        if self._file(photo_id, _PICTURE).exists() and not self.verify(photo_id, clean.sha256_kept):
            raise ConflictError("Another photo is kept under this id; send it with a new one.")
        # The picture last: where it is, the thumbnail is too.
        self._write(photo_id, _THUMBNAIL, clean.thumbnail)
        self._write(photo_id, _PICTURE, clean.picture)

    def picture(self, photo_id: UUID) -> bytes:
        """Return the JPEG picture.

        Raises:
            NotFoundError: If no photo is kept under this id.
            TamperedError: If its file was changed or exchanged, or the key is another.
        """
        return self._read(photo_id, _PICTURE)

    def thumbnail(self, photo_id: UUID) -> bytes:
        """Return the small JPEG picture; raises what `picture` raises."""
        return self._read(photo_id, _THUMBNAIL)

    def verify(self, photo_id: UUID, sha256_kept: str) -> bool:
        """Return whether the picture is there, opens, and is the one that was put.

        Args:
            photo_id: The id it was put under.
            sha256_kept: `CleanPhoto.sha256_kept` as the database has it.
        """
        try:
            return sha256(self.picture(photo_id)).hexdigest() == sha256_kept
        except (NotFoundError, TamperedError):
            return False

    def remove(self, photo_id: UUID) -> None:
        """Delete a photo for good; where none is, nothing happens.

        Raises:
            OSError: If the disk refuses.
        """
        for kind in (_PICTURE, _THUMBNAIL):
            with suppress(FileNotFoundError):
                self._file(photo_id, kind).unlink()
        folder = self._file(photo_id, _PICTURE).parent
        if folder.exists():
            sync_folder(folder)

    def photo_ids(self) -> Iterator[UUID]:
        """Yield the id of every photo kept, in no order: for backups and to find strays."""
        for file in self._directory.glob(f"??/*.{_PICTURE}"):
            with suppress(ValueError):
                yield UUID(file.stem)

    def _file(self, photo_id: UUID, kind: str) -> Path:
        return self._directory / photo_id.hex[:2] / f"{photo_id}.{kind}"

    def _read(self, photo_id: UUID, kind: str) -> bytes:
        try:
            sealed = self._file(photo_id, kind).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(
                "This photo is not kept here; restore it from a backup if it should be."
            ) from None
        return self._key.open(PURPOSE, sealed, _place(photo_id, kind))

    def _write(self, photo_id: UUID, kind: str, content: bytes) -> None:
        target = self._file(photo_id, kind)
        self._make(target.parent)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            write_durably(draft, self._key.seal(PURPOSE, content, _place(photo_id, kind)))
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(target.parent)

    def _make(self, folder: Path) -> None:
        """Make the folder and its parent for this user alone, and their names durable."""
        if folder.is_dir():
            return
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(self._directory)


def _place(photo_id: UUID, kind: str) -> bytes:
    """Return what binds a sealed file to its id and kind, so that no other opens in its place."""
    return photo_id.bytes + kind.encode()
