"""The backup of every night: made, brought back, compared, and the result told in the summary."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from db.access import worker_viewer
from db.backup import back_up, check, kept_backups, made_at, prune
from db.engine import Database
from db.errors import StorageError
from db.keys import MasterKey
from db.stores import beats

logger = logging.getLogger(__name__)

DUTY, BEGUN = "backup", "backup_begun"
FIRST_HOUR = 1  # UTC
AGAIN_AFTER = timedelta(hours=1)
LATE_AFTER = timedelta(hours=30)


@dataclass
class NightBackup:
    """The nightly backup of one installation; it runs in a thread, for alerts do not wait.

    Attributes:
        folder: Where backups are kept, best on another disk.
        photos: The folder of the sealed photos.
        changed: Called when the result is kept.
    """

    database: Database
    key: MasterKey
    photos: Path
    folder: Path
    changed: Callable[[], None] = lambda: None
    _tried_at: datetime | None = field(default=None, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def is_due(self, now: datetime) -> bool:
        """Return whether this night's backup is still to be made."""
        if self._thread is not None and self._thread.is_alive():
            return False
        if self._tried_at is not None and now - self._tried_at < AGAIN_AFTER:
            return False
        utc = now.astimezone(UTC)
        files = kept_backups(self.folder) if self.folder.is_dir() else []
        newest = made_at(files[-1]) if files else None
        tonight = utc.hour >= FIRST_HOUR and (newest is None or newest.date() < utc.date())
        return tonight or (newest is not None and utc - newest > LATE_AFTER)

    def look(self, clinic_id: UUID, now: datetime) -> None:
        """Begin the backup if it is due and no other worker has begun it.

        Args:
            clinic_id: Any clinic of the installation, to all workers the same one; the result is
                of all of them.
        """
        if not self.is_due(now):
            return
        self._tried_at = now
        if not self._is_mine(clinic_id, now):
            return
        self._thread = threading.Thread(
            target=self.run, args=(clinic_id, now), name="diary-backup", daemon=True
        )
        self._thread.start()

    def _is_mine(self, clinic_id: UUID, now: datetime) -> bool:
        viewer = worker_viewer(clinic_id)
        with self.database.writing(clinic_id) as session:
            begun = beats.beats(session, viewer).get(BEGUN)
            if begun is not None and timedelta(0) <= now - begun.at < AGAIN_AFTER:
                return False
            beats.note(session, viewer, BEGUN, now, {})
        return True

    def run(self, clinic_id: UUID, now: datetime) -> dict[str, Any]:
        """Make the backup, check it, delete what the policy does not keep; return the result."""
        began = time.monotonic()
        try:
            file = back_up(self.database, self.photos, self.key, self.folder, now)
            contents = check(file, self.key, self.database, self.photos.parent)
            prune(self.folder)
            detail: dict[str, Any] = {
                "whole": True,
                "rows": sum(contents.counts.values()),
                "photos": contents.photos,
                "bytes": file.stat().st_size,
                "seconds": round(time.monotonic() - began, 1),
            }
        except (StorageError, OSError) as error:
            logger.error("backup: %s", type(error).__name__)  # noqa: TRY400
            sentence = str(error) if isinstance(error, StorageError) else "The disk refused."
            detail = {"whole": False, "sentence": sentence}
        with self.database.writing(clinic_id) as session:
            beats.note(session, worker_viewer(clinic_id), DUTY, now, detail)
        self.changed()
        return detail

    def wait(self, seconds: float) -> None:
        """Wait for a backup under way."""
        if self._thread is not None:
            self._thread.join(timeout=seconds)
