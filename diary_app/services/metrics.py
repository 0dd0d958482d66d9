"""Figures for Prometheus, in its text format: times and counts of the installation alone."""

from collections.abc import Iterator
from datetime import datetime

from alerts import auditor, night_backup, probe
from db.errors import UnreachableError
from db.stores import doors
from diary_app.services.health import health
from diary_app.services.kit import Kit
from diary_app.services.watch import WORKER

# name -> what it says; each is one number of the whole installation.
HELP = {
    "diary_healthy": "1 = nothing needs a person; 0 = /healthz says why.",
    "diary_database_up": "1 = the database answers.",
    "diary_worker_last_run_timestamp_seconds": "When the worker last looked for what is due.",
    "diary_audit_last_run_timestamp_seconds": "When the alarm was last audited, oldest clinic.",
    "diary_audit_left": "What the last audits found that a person must see to.",
    "diary_alert_overdue_seconds": "How long the longest waiting alert has been due.",
    "diary_message_overdue_seconds": "How long the longest waiting message has been due.",
    "diary_probe_lost": "1 = a test of the alarm did not arrive.",
    "diary_backup_last_timestamp_seconds": "When the last backup was made.",
    "diary_backup_whole": "1 = the last backup was brought back and was whole.",
    "diary_backup_bytes": "Size of the last backup.",
}


def metrics(kit: Kit, now: datetime) -> str:
    """Return the figures; what is not known is left out. Never raises."""
    found = dict(_figures(kit, now))
    lines = []
    for name, words in HELP.items():
        if name in found:
            lines += [
                f"# HELP {name} {words}",
                f"# TYPE {name} gauge",
                f"{name} {found[name]:.15g}",
            ]
    return "\n".join(lines) + "\n"


def _figures(kit: Kit, now: datetime) -> Iterator[tuple[str, float]]:
    told = health(kit, now, worker_expected=True)
    yield "diary_healthy", float(told.healthy)
    yield "diary_database_up", float(told.database)
    try:
        with kit.database.reading() as session:
            beats = doors.beats(session)
            due = doors.longest_due(session)
    except (UnreachableError, OSError):
        return
    if WORKER in beats:
        yield "diary_worker_last_run_timestamp_seconds", beats[WORKER][0].timestamp()
    if told.last_audit is not None:
        yield "diary_audit_last_run_timestamp_seconds", told.last_audit.timestamp()
    audits = [found for name, (_at, found) in beats.items() if name.startswith(f"{auditor.DUTY}:")]
    yield "diary_audit_left", float(sum(found.get("left", 0) for found in audits))
    for what, since in due.items():
        late = 0.0 if since is None else max((now - since).total_seconds(), 0.0)
        yield f"diary_{what}_overdue_seconds", late
    lost = [
        found.get("state") == "lost"
        for name, (_at, found) in beats.items()
        if name.startswith(f"{probe.DUTY}:")
    ]
    yield "diary_probe_lost", float(any(lost))
    if night_backup.DUTY in beats:
        at, found = beats[night_backup.DUTY]
        yield "diary_backup_last_timestamp_seconds", at.timestamp()
        yield "diary_backup_whole", float(bool(found.get("whole")))
        yield "diary_backup_bytes", float(found.get("bytes", 0))
