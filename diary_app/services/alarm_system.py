"""The administrator's view of the alarm: who watches it, what it found, what people must do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alerts import auditor, probe, reckoning
from db.access import Viewer, worker_viewer
from db.stores import beats, people
from db.stores.beats import Beat
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.watch import WORKER

PING = "ping"


@dataclass(frozen=True)
class AuditLine:
    """The last audit.

    Attributes:
        found: What did not get on.
        left: Of that, what the diary could not put right by itself.
    """

    at: datetime
    found: int
    left: int


@dataclass(frozen=True)
class BooksLine:
    """The last day's books.

    Attributes:
        counts: By the names of ``alerts.escalation.daybook.DayBook``.
        differences: A sentence each; empty = they balance.
        receipt: Number of the row of the audit chain, and its hash.
    """

    day: date
    counts: Mapping[str, int]
    differences: tuple[str, ...]
    receipt: tuple[int, str]


@dataclass(frozen=True)
class ProbeLine:
    """The last test of the alarm; see ``alerts.probe.Probe``."""

    at: datetime
    state: str
    seconds: float | None
    because: str


@dataclass(frozen=True)
class PingLine:
    """The last sign of life to the monitor outside."""

    at: datetime
    failed_in_a_row: int
    error: str


@dataclass(frozen=True)
class AlarmPage:
    """The alarm at one instant; None = never.

    Attributes:
        failed: Duties that the worker could not do in its last round.
        probe_hour: None = the alarm does not try itself.
        probe_to: None = all administrators.
        staff: Id and name of whom a test may be sent to.
    """

    worker_at: datetime | None
    failed: tuple[str, ...]
    audit: AuditLine | None
    books: BooksLine | None
    probe: ProbeLine | None
    ping: PingLine | None
    probe_hour: int | None
    probe_to: UUID | None
    staff: tuple[tuple[UUID, str], ...]


class AlarmSystem:
    """The watch over the alarm of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def page(self) -> AlarmPage:
        """Return what watches the alarm, and what it found."""
        viewer = self._viewer
        viewer.require("clinic.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            known = beats.beats(session, viewer)
            clinic = people.own_clinic(session, viewer)
            worker = known.get(WORKER)
            return AlarmPage(
                worker_at=None if worker is None else worker.at,
                failed=() if worker is None else tuple(worker.detail.get("failed", ())),
                audit=_audit(known.get(auditor.DUTY)),
                books=_books(known.get(reckoning.DUTY)),
                probe=_probe(known.get(probe.DUTY)),
                ping=_ping(known.get(PING)),
                probe_hour=clinic.probe_hour,
                probe_to=clinic.probe_to,
                staff=tuple((row.id, row.name) for row in people.staff(session, viewer)),
            )

    def choose_probe(self, hour: int | None, user_id: UUID | None) -> None:
        """Set when the alarm tries itself each day (None = never) and whom that must reach."""
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            people.choose_probe(session, self._viewer, hour, user_id, self._kit.clock())
        self._changed()

    def try_now(self) -> None:
        """Send a test of the alarm on its way."""
        self._viewer.require("clinic.write")
        worker = worker_viewer(self._viewer.clinic_id)
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            clinic = people.own_clinic(session, worker)
            probe.start(session, worker, clinic, self._kit.clock())
        self._changed()

    def _changed(self) -> None:
        self._kit.wake_worker()
        self._kit.publish(clinic_topic(self._viewer.clinic_id))


def _audit(beat: Beat | None) -> AuditLine | None:
    return None if beat is None else AuditLine(beat.at, beat.detail["found"], beat.detail["left"])


def _books(beat: Beat | None) -> BooksLine | None:
    if beat is None:
        return None
    told: Mapping[str, Any] = beat.detail
    return BooksLine(
        day=date.fromisoformat(told["day"]),
        counts={name: n for name, n in told.items() if isinstance(n, int)},
        differences=tuple(told["differences"]),
        receipt=(told["receipt"]["number"], told["receipt"]["hash"]),
    )


def _probe(beat: Beat | None) -> ProbeLine | None:
    if beat is None:
        return None
    last = probe.probe_of(beat.detail)
    return ProbeLine(last.started_at, last.state, last.seconds, last.because)


def _ping(beat: Beat | None) -> PingLine | None:
    if beat is None:
        return None
    return PingLine(beat.at, beat.detail["failed_in_a_row"], beat.detail["error"])
