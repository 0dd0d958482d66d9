"""What became of everything: the promises and the letters, held against the rows."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import select

from bench.faults.programs import ANSWERS, QUIET, TODAY, URGENT
from db.engine import Database
from db.models import Alert, AlertEvent, Entry, Notification, Task, User

ENDED = ("sent", "delivered", "failed_permanent", "superseded")
# A worker that died, or whose clock jumped, may still have been sending this long before.
SHADOW_SECONDS = 30.0


@dataclass(frozen=True)
class Reckoning:
    """The books of a run, in numbers of entries, messages and letters.

    Attributes:
        alarming: Kept entries that somebody must be told of, by their answers.
        alerts: Of entries and of silence, and the diary's own tests of the alarm.
        repeats_in_flight: Further copies of a letter whose first answer was lost on purpose.
        repeats_after_fault: Further copies around a kill, a clock jump or a full disk.
        repeats_unexplained: Further copies with the same Message-ID and no fault near.
        repeats_not_recognisable: Further copies under another Message-ID.
        lost_*: Each one is an alert that nobody may ever hear of, or a message said to be sent
            that never was.
        never_ended: Messages that were still waiting when the run gave up waiting.
    """

    promised: int
    kept: int
    alarming: int
    quiet_but_alerted: int
    alerts: int
    messages: int
    sent: int
    withdrawn: int
    refused_for_good: int
    tasks: int
    letters: int
    repeats_in_flight: int
    repeats_after_fault: int
    repeats_unexplained: int
    repeats_not_recognisable: int
    lost_entries: int
    lost_alerts: int
    lost_before_any_person: int
    lost_messages: int
    lost_without_task: int
    never_ended: int

    @property
    def lost(self) -> int:
        return sum(value for name, value in asdict(self).items() if name.startswith("lost_"))

    @property
    def sound(self) -> bool:
        return not (self.lost or self.never_ended or self.repeats_not_recognisable)


def reckon(
    database: Database,
    truth: list[dict[str, Any]],
    peer: list[dict[str, Any]],
    disturbed_at: list[float],
) -> Reckoning:
    """Hold everything against everything.

    Args:
        truth: The writer's lines.
        peer: The mail server's lines.
        disturbed_at: When processes were killed, clocks set, disks filled; seconds of the epoch.
    """
    with database.reading() as session:
        alerts = {row.id: row for row in session.exec(select(Alert))}
        # The diary's own test of the alarm is nobody's entry.
        tests = {row.patient_id for row in alerts.values() if row.is_test}
        entries = [row for row in session.exec(select(Entry)) if row.patient_id not in tests]
        events = session.exec(select(AlertEvent)).all()
        rows = session.exec(select(Notification)).all()
        tasks = session.exec(select(Task)).all()
        address = {user.id: user.email for user in session.exec(select(User))}
    promised = {line["entry"] for line in truth if line["kind"] == "promised"}
    kept_ids = {str(entry.id) for entry in entries}
    alarming = {str(entry.id) for entry in entries if _said(entry) != QUIET}
    holder = {
        event.detail["entry"]: alerts[event.alert_id]
        for event in events
        if event.kind in ("raised", "updated", "level_raised") and "entry" in event.detail
    }
    letters = [line for line in peer if line["kind"] == "kept"]
    known = _by_id(letters)
    told = {code for letter in letters for code in letter["codes"]}
    states = Counter(row.state for row in rows)
    asked = {task.alert_id for task in tasks}
    given_up = [row for row in rows if row.state == "failed_permanent" and row.kind == "alert"]
    return Reckoning(
        promised=len(promised),
        kept=len(kept_ids),
        alarming=len(alarming),
        quiet_but_alerted=len((kept_ids - alarming) & holder.keys()),
        alerts=len(alerts),
        messages=len(rows),
        sent=states["sent"] + states["delivered"],
        withdrawn=states["superseded"],
        refused_for_good=states["failed_permanent"],
        tasks=len(tasks),
        letters=len(letters),
        **_repeats(letters, peer, disturbed_at),
        repeats_not_recognisable=_strangers(letters, rows, alerts, address),
        lost_entries=len(promised - kept_ids),
        lost_alerts=len(alarming - holder.keys()),
        lost_before_any_person=sum(
            alert.code not in told for alert in alerts.values() if not alert.is_test
        ),
        lost_messages=sum(
            not _arrived_as(row, known, alerts, address)
            for row in rows
            if row.state in ("sent", "delivered")
        ),
        lost_without_task=sum(row.alert_id not in asked for row in given_up),
        never_ended=sum(row.state not in ENDED for row in rows),
    )


def _said(entry: Entry) -> str:
    for what in (URGENT, TODAY):
        if all(getattr(entry, name) == value for name, value in ANSWERS[what].items()):
            return what
    return QUIET


def _by_id(letters: list[dict[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """Message-ID and address -> the codes in it."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for letter in letters:
        for to in letter["to"]:
            found[letter["id"], to] |= set(letter["codes"])
    return found


def _arrived_as(row: Notification, known: Any, alerts: Any, address: Any) -> set[str]:
    """The Message-IDs under which a message arrived; it may have come in a bundle."""
    to = address.get(row.user_id, "")
    found = {row.message_id} if (row.message_id, to) in known else set()
    bundle = f"<{row.bundle_id}@diary>"
    if row.alert_id is not None and alerts[row.alert_id].code in known.get((bundle, to), ()):
        found.add(bundle)
    return found


def _strangers(letters: Any, rows: Any, alerts: Any, address: Any) -> int:
    """How many letters repeat what came under another Message-ID, or belong to no message."""
    known = _by_id(letters)
    ours = {row.message_id for row in rows} | {f"<{row.bundle_id}@diary>" for row in rows}
    twice = sum(max(0, len(_arrived_as(row, known, alerts, address)) - 1) for row in rows)
    return twice + sum(letter["id"] not in ours for letter in letters)


def _repeats(letters: Any, peer: Any, disturbed_at: list[float]) -> dict[str, int]:
    """Sort the further copies of letters by why they were sent again."""
    unanswered = Counter(
        line["id"] for line in peer if line["kind"] == "fault" and "was kept" in line["what"]
    )
    copies: dict[str, list[float]] = defaultdict(list)
    for letter in letters:
        copies[letter["id"]].append(letter["at"])
    found = {"repeats_in_flight": 0, "repeats_after_fault": 0, "repeats_unexplained": 0}
    for name, times in copies.items():
        further = len(times) - 1
        in_flight = min(further, unanswered[name])
        found["repeats_in_flight"] += in_flight
        near = any(times[0] - SHADOW_SECONDS <= at <= times[-1] for at in disturbed_at)
        why = "repeats_after_fault" if near else "repeats_unexplained"
        found[why] += further - in_flight
    return found
