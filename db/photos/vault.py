"""The folder of sealed photos; its file names carry a random id and nothing else."""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from db.errors import ConflictError, KeyMissingError, NotFoundError, TamperedError
from db.keyring import Keyring
from db.keys import MasterKey, sync_folder, write_durably
from db.photos.photo import CleanPhoto

PURPOSE = b"photo"
# One byte, the clinic's id, 4 bytes of version; then nonce, ciphertext and tag.
DATA_KEY_FORMAT = b"\x02"
_HEAD_BYTES = 1 + 16 + 4
LOST = "This photo cannot be read without the key; put the key back."
_PICTURE = "photo"
_THUMBNAIL = "thumb"


class PhotoVault:
    """Photos on disk, each sealed for its own id, so that none can be read or exchanged.

    Args:
        directory: Where the photos are; made at the first `put`.
        key: The master key: what is put without a clinic is sealed with it; None = it is lost.
        ring: The clinics' data keys; None = there are none, and the master key seals everything.
    """

    def __init__(self, directory: Path, key: MasterKey | None, ring: Keyring | None = None) -> None:
        self._directory = directory
        self._key = key
        self._ring = ring

    def put(self, photo_id: UUID, clean: CleanPhoto, clinic_id: UUID | None = None) -> None:
        """Keep a photo; on return it is on the disk. Once more with the same photo does no harm.

        Args:
            photo_id: A new random id, which is to stand in the database afterwards.
            clean: What `clean_photo` returned.
            clinic_id: Whose data key seals it.

        Raises:
            ConflictError: If another photo is kept under this id.
            KeyMissingError: If the key is lost; nothing is kept then.
            OSError: If the disk refuses.
        """
        if self._file(photo_id, _PICTURE).exists() and not self.verify(photo_id, clean.sha256_kept):
            raise ConflictError("Another photo is kept under this id; send it with a new one.")
        # The picture last: where it is, the thumbnail is too.
        for kind, content in ((_THUMBNAIL, clean.thumbnail), (_PICTURE, clean.picture)):
            self._write(photo_id, kind, self._sealed(photo_id, kind, content, clinic_id))

    def picture(self, photo_id: UUID) -> bytes:
        """Return the JPEG picture.

        Raises:
            NotFoundError: If no photo is kept under this id.
            KeyMissingError: If its key is lost.
            TamperedError: If its file was changed or exchanged, or the master key is another.
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
        except (NotFoundError, TamperedError, KeyMissingError):
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
        return self._opened(photo_id, kind, sealed)

    def sealed_by(self, photo_id: UUID) -> tuple[UUID | None, int] | None:
        """Return the clinic and the version of the data key that sealed a picture.

        Returns:
            (None, 0) for the master key alone; None when no photo is kept under this id.
        """
        try:
            with self._file(photo_id, _PICTURE).open("rb") as file:
                head = file.read(_HEAD_BYTES)
        except FileNotFoundError:
            return None
        if head[:1] != DATA_KEY_FORMAT or len(head) < _HEAD_BYTES:
            return None, 0
        return UUID(bytes=head[1:17]), int.from_bytes(head[17:], "big")

    def seal_anew(self, photo_id: UUID, clinic_id: UUID) -> None:
        """Seal a photo with the newest data key of its clinic; each file changes at one instant.

        Raises:
            NotFoundError, KeyMissingError, TamperedError: As `picture`; it stays as it is then.
        """
        for kind in (_THUMBNAIL, _PICTURE):
            content = self._read(photo_id, kind)
            self._write(photo_id, kind, self._sealed(photo_id, kind, content, clinic_id))

    def _sealed(self, photo_id: UUID, kind: str, content: bytes, clinic_id: UUID | None) -> bytes:
        if self._key is None:
            raise KeyMissingError("Photos cannot be kept while the master key is missing.")
        if clinic_id is None or self._ring is None:
            return self._key.seal(PURPOSE, content, _place(photo_id, kind))
        version = self._ring.newest_kept(clinic_id)
        if version is None:
            raise KeyMissingError("Photos cannot be kept while the key of their clinic is missing.")
        head = DATA_KEY_FORMAT + clinic_id.bytes + version.to_bytes(4, "big")
        bound = head + _place(photo_id, kind)
        return head + self._ring.seal_bytes(clinic_id.hex, version, content, bound)

    def _opened(self, photo_id: UUID, kind: str, sealed: bytes) -> bytes:
        if sealed[:1] != DATA_KEY_FORMAT:
            if self._key is None:
                raise KeyMissingError(LOST)
            return self._key.open(PURPOSE, sealed, _place(photo_id, kind))
        head, rest = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES:]
        clinic_id, version = (
            UUID(bytes=head[1:17].ljust(16, b"\0")),
            int.from_bytes(head[17:], "big"),
        )
        if self._ring is None or not self._ring.opens(clinic_id, version):
            raise KeyMissingError(LOST)
        content = self._ring.open_bytes(clinic_id.hex, version, rest, head + _place(photo_id, kind))
        if content is None:
            raise TamperedError("This photo was changed or exchanged; restore it from a backup.")
        return content

    def _write(self, photo_id: UUID, kind: str, sealed: bytes) -> None:
        target = self._file(photo_id, kind)
        self._make(target.parent)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            write_durably(draft, sealed)
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
