"""Send what is queued: lease, send, record. At least once, with the same Message-ID every time.

One thread talks to the database: it leases what is due and records what was sent. The sending
itself runs in lanes, one per way out, so that a slow one holds up no other. Leases are short and
renewed while this process lives; those of a process that died are due again within seconds.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from alerts.books import Tried, keep
from alerts.delivery.lanes import Lanes
from alerts.delivery.transport import Connected, Transport
from alerts.errors import DeliveryError
from alerts.letters import Letters, Parcel, in_english
from db.access import worker_viewer
from db.engine import Database
from db.keys import MasterKey
from db.stores import doors, ledger, outbox
from db.types import new_id

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
RENEW_EVERY = 4.0  # seconds; three renewals may fail before a lease is lost
BATCH = 100
GATHER_SECONDS = 0.02  # outcomes of this time are recorded in one transaction
AGAIN_SECONDS = 0.2  # until what somebody else held at that moment is asked for again
IDLE_SECONDS = 30.0  # a connection nobody used for this long is closed
LONGEST_GOODBYE = 25.0  # seconds to finish what is being sent when stopping; a try takes 20
MAIL_LANE = "email"
# Threads of a lane, and how many messages may wait in it before no more are leased for it.
MAIL_WIDTH, MAIL_ROOM = 6, 200
OTHER_WIDTH, OTHER_ROOM = 1, 20


def _nobody(_clinic_id: UUID) -> None:
    """Tell nobody that something changed."""


@dataclass
class Dispatch:
    """The way from a queued row to a person.

    Attributes:
        transport_for: Way word (``email``, ``apprise``, ``webhook``) -> its transport, asked once
            per word; may raise DeliveryError.
        link_for: Notification id -> the link in the mail, which lets its reader take the alert.
        inbox_url: Where the link of all other messages leads.
        clock: The present instant; asked around each message, because sending takes time.
        key: Opens the addresses of ways out; None where none is kept.
        say: As of ``Letters``.
    """

    database: Database
    transport_for: Callable[[str], Transport]
    link_for: Callable[[UUID], str]
    inbox_url: str
    clock: Callable[[], datetime]
    key: MasterKey | None = None
    say: Callable[[str, str], str] = in_english
    _owner: str = field(default_factory=lambda: str(new_id()), init=False)
    _transports: dict[str, Transport] = field(default_factory=dict, init=False)
    _lanes: Lanes = field(init=False)
    # What came back from the lanes; None wakes the thread.
    _back: "queue.SimpleQueue[Tried | None]" = field(default_factory=queue.SimpleQueue, init=False)
    _wanted: threading.Event = field(default_factory=threading.Event, init=False)
    _held: dict[UUID, Parcel] = field(default_factory=dict, init=False)
    _ended: list[Tried] = field(default_factory=list, init=False)
    # Whether a full lane kept something that may be due from being leased.
    _left_out: bool = field(default=False, init=False)
    # Whether something was due and another transaction held it.
    _passed_over: bool = field(default=False, init=False)
    _renewed: float = field(default=0.0, init=False)
    _changed: Callable[[UUID], None] = field(default_factory=lambda: _nobody, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)

    def __post_init__(self) -> None:
        """Build the lanes."""
        self._lanes = Lanes(lambda lane: MAIL_WIDTH if lane == MAIL_LANE else OTHER_WIDTH)

    def start(self, changed: Callable[[UUID], None]) -> None:
        """Send in a thread of its own from now on, whenever woken.

        Args:
            changed: Called with a clinic's id after messages of it were recorded.
        """
        self._changed = changed
        self._thread = threading.Thread(target=self._serve, name="diary-dispatch", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at what is due now; safe from any thread."""
        if not self._wanted.is_set():
            self._wanted.set()
            self._back.put(None)

    def stop(self) -> None:
        """Finish what is being sent, give back what was not begun, then stop."""
        self._stopping.set()
        self._back.put(None)
        if self._thread is not None:
            self._thread.join(timeout=LONGEST_GOODBYE + 5)

    def send_due(self, clinic_id: UUID) -> int:
        """Send everything that is due for one clinic; returns how many messages were tried.

        While the thread runs it is woken instead, and the answer is 0.
        """
        if self._thread is not None:
            self.wake()
            return 0
        tried = 0
        while self._lease(clinic_id) or self._held:
            self._gather(RENEW_EVERY)
            tried += len(self._ended)
            self._record()
            self._renew()
        self._let_go(0)
        return tried

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception as error:
                logger.error("dispatch: %s", type(error).__name__)  # noqa: TRY400
                self._stopping.wait(1)
        self._say_goodbye()

    def _turn(self) -> None:
        """Lease, wait for what comes back, record."""
        if self._wanted.is_set():
            self._wanted.clear()
            self._left_out = self._passed_over = False
            with self.database.reading() as session:
                clinics = [clinic.id for clinic in doors.clinics(session)]
            for clinic_id in clinics:
                while self._lease(clinic_id) >= BATCH:
                    pass
        if not self._held:
            self._let_go(IDLE_SECONDS)
        longest = RENEW_EVERY if self._held else None
        self._gather(0 if self._ended else AGAIN_SECONDS if self._passed_over else longest)
        if self._left_out or self._passed_over:
            self._wanted.set()  # there is room again, or it is free, and more may be due
        self._renew()
        self._record()

    def _lease(self, clinic_id: UUID) -> int:
        """Lease a batch of what is due for one clinic, hand it to the lanes, and count it."""
        viewer, now = worker_viewer(clinic_id), self.clock()
        with self.database.reading(clinic_id) as session:
            if not outbox.anything_due(session, viewer, now):
                return 0  # the usual case takes no write lock
        full = self._full_lanes()
        self._left_out = self._left_out or bool(full)
        with self.database.claiming(clinic_id) as session:
            rows = outbox.lease(
                session,
                viewer,
                now,
                now + LEASE,
                owner=self._owner,
                limit=BATCH,
                without=full,
            )
            parcels = self._letters.write(session, viewer, rows, now)
        self._passed_over = self._passed_over or not (rows or full)
        if not self._held:
            self._renewed = time.monotonic()
        for parcel in parcels:
            if parcel.lead.id not in self._held:
                self._held[parcel.lead.id] = parcel
                self._hand_out(parcel)
        return len(rows)

    @property
    def _letters(self) -> Letters:
        return Letters(self.link_for, self.inbox_url, self.key, self.say)

    def _full_lanes(self) -> list[str]:
        """Return the lanes with as much waiting in them as may."""
        return [
            lane
            for lane, waiting in self._lanes.waiting().items()
            if waiting >= (MAIL_ROOM if lane == MAIL_LANE else OTHER_ROOM)
        ]

    def _hand_out(self, parcel: Parcel) -> None:
        if isinstance(parcel.message, DeliveryError):
            self._back.put(Tried(parcel, parcel.message))
            return
        self._lanes.put(
            _lane(parcel.lead.way),
            lambda: self._back.put(self._try(parcel)),
            urgent=parcel.lead.level == "urgent",
        )

    def _try(self, parcel: Parcel) -> Tried:
        """Send one message and return what came of it; runs in a lane and never raises."""
        try:
            if isinstance(parcel.message, DeliveryError):
                return Tried(parcel, parcel.message)
            message = replace(parcel.message, tried_at=self.clock())
            return Tried(parcel, self._transport(parcel.lead.way.partition(":")[0]).send(message))
        except DeliveryError as error:
            return Tried(parcel, error)
        except Exception as error:
            logger.error("notification %s: %s", parcel.lead.id, type(error).__name__)  # noqa: TRY400
            return Tried(parcel, DeliveryError(type(error).__name__))

    def _transport(self, word: str) -> Transport:
        found = self._transports.get(word)
        if found is None:
            # Two lanes may both make one; the first that is kept counts.
            found = self._transports.setdefault(word, self.transport_for(word))
        return found

    def _gather(self, seconds: float | None) -> None:
        """Wait until something comes back, then a moment for what comes right after.

        Args:
            seconds: Longest wait for the first; None waits until called.
        """
        try:
            tried = self._back.get(timeout=seconds)
            until = time.monotonic() + GATHER_SECONDS
            while tried is not None:
                self._ended.append(tried)
                if len(self._ended) >= len(self._held):
                    return
                tried = self._back.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return

    def _record(self) -> None:
        """Write what ended into the ledger; when that fails it is tried again, never forgotten."""
        by_clinic: dict[UUID, list[Tried]] = {}
        for one in self._ended:
            by_clinic.setdefault(one.parcel.lead.clinic_id, []).append(one)
        self._ended = []
        for clinic_id, ended in by_clinic.items():
            try:
                self._keep(clinic_id, ended)
            except Exception as error:
                logger.error("ledger: %s", type(error).__name__)  # noqa: TRY400
                self._keep_one_by_one(clinic_id, ended)
            self._changed(clinic_id)

    def _keep_one_by_one(self, clinic_id: UUID, ended: list[Tried]) -> None:
        """Let one that cannot be recorded hold up no other; it stays leased and is tried again."""
        for one in ended:
            try:
                self._keep(clinic_id, [one])
            except Exception as error:
                logger.error("ledger, %s: %s", one.parcel.lead.id, type(error).__name__)  # noqa: TRY400
                self._ended.append(one)
        if self._ended:
            self._stopping.wait(1)

    def _keep(self, clinic_id: UUID, ended: list[Tried]) -> None:
        with self.database.writing(clinic_id) as session:
            keep(session, worker_viewer(clinic_id), self._owner, ended, self.clock())
        for one in ended:
            self._held.pop(one.parcel.lead.id, None)

    def _renew(self) -> None:
        if not self._held or time.monotonic() - self._renewed < RENEW_EVERY:
            return
        self._renewed = time.monotonic()
        for clinic_id, ids in self._held_by_clinic().items():
            with self.database.claiming(clinic_id) as session:
                until = self.clock() + LEASE
                ledger.renew(session, worker_viewer(clinic_id), self._owner, ids, until)

    def _held_by_clinic(self) -> dict[UUID, list[UUID]]:
        found: dict[UUID, list[UUID]] = {}
        for parcel in self._held.values():
            found.setdefault(parcel.lead.clinic_id, []).extend(row.id for row in parcel.rows)
        return found

    def _say_goodbye(self) -> None:
        """Give back what was not begun, wait for what was, and record it."""
        self._lanes.drop()
        until = time.monotonic() + LONGEST_GOODBYE
        try:
            while time.monotonic() < until:
                running = self._lanes.running
                self._gather(0.1 if running else 0)
                self._record()
                self._renew()
                if not running:
                    break
            for clinic_id, ids in self._held_by_clinic().items():
                with self.database.claiming(clinic_id) as session:
                    ledger.release(session, worker_viewer(clinic_id), self._owner, ids)
        except Exception as error:
            logger.error("dispatch: %s", type(error).__name__)  # noqa: TRY400
        self._let_go(0)

    def _let_go(self, idle_seconds: float) -> None:
        for transport in list(self._transports.values()):
            if isinstance(transport, Connected):
                transport.let_go(idle_seconds)


def _lane(way: str) -> str:
    """Return the lane of a way: all mail leaves by one server, every other way is its own."""
    return MAIL_LANE if way.partition(":")[0] == "email" else way
