"""Whether this installation works: the database answers, the worker ran, nothing waits too long."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from alerts import auditor, night_backup, probe
from db.errors import UnreachableError
from db.stores import doors
from diary_app.services.kit import Kit
from diary_app.services.watch import LATE_AFTER, WORKER

__all__ = ["LATE_AFTER", "Health", "health"]

OVERDUE_AFTER = timedelta(seconds=60)
AUDIT_LASTS = timedelta(minutes=5)
_DUE = {"alert": "An alert", "message": "A message"}

Beats = Mapping[str, tuple[datetime, Mapping[str, Any]]]


@dataclass(frozen=True)
class Health:
    """What `/healthz` tells; whoever asks is not signed in, so it holds times and words alone.

    Attributes:
        database: Whether the database answers.
        worker_last_run: None = never, or not known because the database does not answer.
        last_audit: Of the clinic whose audit is the oldest; None = one was never audited.
        reasons: Why it is red, a sentence each; empty = nothing needs a person.
    """

    database: bool
    worker_last_run: datetime | None
    last_audit: datetime | None
    reasons: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing needs a person."""
        return self.database and not self.reasons


def health(kit: Kit, now: datetime, *, worker_expected: bool) -> Health:
    """Return how this installation is; never raises. A handful of looks into indexes."""
    try:
        with kit.database.reading() as session:
            last = doors.last_beat(session, WORKER)
            beats = doors.beats(session)
            clinics = [clinic.id for clinic in doors.clinics(session)]
            due = doors.longest_due(session)
    except (UnreachableError, OSError):
        return Health(False, None, None, ("The database does not answer.",))
    if not worker_expected:
        return Health(True, last, None, _key(kit))
    audits = [beats.get(f"{auditor.DUTY}:{clinic}") for clinic in clinics]
    oldest = min((at for at, _found in filter(None, audits)), default=None)
    return Health(
        database=True,
        worker_last_run=last,
        last_audit=None if None in audits else oldest,
        reasons=(
            *_key(kit),
            *_worker(last, beats, now),
            *_due_words(due, now),
            *_audit(audits, now),
            *_probes(beats, clinics),
            *_backup(beats.get(night_backup.DUTY), now),
        ),
    )


def _key(kit: Kit) -> tuple[str, ...]:
    # Whoever asks is not signed in: where the key should be is told at the start alone.
    lost = "The key is missing or another one: free text and photos cannot be read."
    return (lost,) if kit.key_trouble else ()


def _worker(last: datetime | None, beats: Beats, now: datetime) -> list[str]:
    if last is None:
        return ["The worker has never run."]
    if last - now > LATE_AFTER:
        return [f"The clock went back by {_minutes(last - now)}, or was ahead."]
    if now - last > LATE_AFTER:
        return [f"The worker has not run for {_minutes(now - last)}."]
    if beats[WORKER][1].get("failed"):
        return ["The worker could not do all of its duties; its log says which."]
    return []


def _due_words(due: Mapping[str, datetime | None], now: datetime) -> list[str]:
    return [
        f"{_DUE[what]} has been due for {_minutes(now - since)}."
        for what, since in due.items()
        if since is not None and now - since > OVERDUE_AFTER
    ]


def _audit(
    audits: Collection[tuple[datetime, Mapping[str, Any]] | None], now: datetime
) -> list[str]:
    if None in audits:
        return ["The alarm was never audited."]
    known = [audit for audit in audits if audit is not None]
    reasons = []
    late = [now - at for at, _found in known if now - at > AUDIT_LASTS]
    if late:
        reasons.append(f"The alarm was not audited for {_minutes(max(late))}.")
    left = sum(found["left"] for _at, found in known)
    if left:
        reasons.append(f"The last audit found {left} that a person must see to.")
    return reasons


def _probes(beats: Beats, clinics: Collection[UUID]) -> list[str]:
    kept = [beats.get(f"{probe.DUTY}:{clinic}") for clinic in clinics]
    lost = any(beat is not None and beat[1]["state"] == "lost" for beat in kept)
    return ["The last test of the alarm did not arrive."] if lost else []


def _backup(beat: tuple[datetime, Mapping[str, Any]] | None, now: datetime) -> list[str]:
    if beat is None:
        return []  # none is made here
    at, found = beat
    if not found["whole"]:
        return ["The last backup was not whole."]
    late = now - at > night_backup.LATE_AFTER
    return [f"There was no backup for {_minutes(now - at)}."] if late else []


def _minutes(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
